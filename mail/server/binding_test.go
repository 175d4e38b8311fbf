package server

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"testing"
)

// What a connection is bound to is the same at both its ends, in a resumed session too; a new certificate ends resuming,
// so that the binding is to the one in use (RFC 5929 4, RFC 9266).
func TestBindings(t *testing.T) {
	dir, log := t.TempDir(), slog.New(slog.DiscardHandler)
	if _, err := ensureAuthority(dir, "ninhbinh.example", []string{"127.0.0.1"}, SystemClock()); err != nil {
		t.Fatal(err)
	}
	cert, err := newCertificate(filepath.Join(dir, certFile), filepath.Join(dir, keyFile), log)
	if err != nil {
		t.Fatal(err)
	}
	l, err := listen("127.0.0.1:0", cert.config(), newCounters(), deadline, nil, log)
	if err != nil {
		t.Fatal(err)
	}
	l.start()
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	pem, err := os.ReadFile(CAFile(dir))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	visit := func(cfg *tls.Config) (serial *big.Int, resumed bool) {
		t.Helper()
		c, err := tls.Dial("tcp", l.Addr().String(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		in, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := in.Write([]byte("x")); err != nil { // the ticket comes before it
			t.Fatal(err)
		}
		if _, err := c.Read(make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
		here, ok := in.(*secured)
		if !ok {
			t.Fatal("not past its handshake")
		}
		cs := c.ConnectionState()
		key, err := cs.ExportKeyingMaterial("EXPORTER-Channel-Binding", nil, 32)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(cs.PeerCertificates[0].Raw)
		for name, want := range map[string][]byte{"tls-exporter": key, "tls-server-end-point": sum[:]} {
			if got := here.Bindings()[name]; !bytes.Equal(got, want) {
				t.Errorf("TLS %x, resumed %v: another %s", cs.Version, cs.DidResume, name)
			}
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		if err := in.Close(); err != nil {
			t.Log(err)
		}
		return cs.PeerCertificates[0].SerialNumber, cs.DidResume
	}
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		cfg := &tls.Config{RootCAs: roots, ServerName: "127.0.0.1", MinVersion: version, MaxVersion: version, ClientSessionCache: tls.NewLRUClientSessionCache(4)}
		first, _ := visit(cfg)
		if again, resumed := visit(cfg); !resumed || again.Cmp(first) != 0 {
			t.Errorf("TLS %x: not resumed", version)
		}
		root, key, err := loadPair(dir, rootFile, rootKeyFile)
		if err != nil {
			t.Fatal(err)
		}
		if err := makeLeaf(dir, []string{"127.0.0.1", "localhost"}, root, key, SystemClock()); err != nil {
			t.Fatal(err)
		}
		if next, resumed := visit(cfg); resumed || next.Cmp(first) == 0 {
			t.Errorf("TLS %x: resumed %v under another certificate", version, resumed)
		}
	}
}

// A certificate whose signature has no hash of its own binds nothing (RFC 5929 4.1).
func TestEndPointOfEd25519(t *testing.T) {
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tpl := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(rand.Reader, tpl, tpl, pub, key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	if endPoint(c) != nil {
		t.Error("bound")
	}
}
