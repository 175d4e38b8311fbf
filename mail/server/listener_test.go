package server

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func testListener(t *testing.T, limit time.Duration, count *counters) (*listener, *tls.Config) {
	t.Helper()
	dir := t.TempDir()
	if _, err := ensureAuthority(dir, "ninhbinh.example", []string{"127.0.0.1"}, SystemClock()); err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	cert, err := newCertificate(filepath.Join(dir, certFile), filepath.Join(dir, keyFile), log)
	if err != nil {
		t.Fatal(err)
	}
	l, err := listen("127.0.0.1:0", cert.config(), count, deadline, nil, log)
	if err != nil {
		t.Fatal(err)
	}
	l.limit = limit
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
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	return l, &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
}

func knock(t *testing.T, l *listener) net.Conn {
	t.Helper()
	var d net.Dialer
	c, err := d.DialContext(t.Context(), "tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	})
	return c
}

// A stranger that never begins its handshake is dropped (libraries-mail 1.6).
func TestSilentStrangerIsDropped(t *testing.T) {
	l, _ := testListener(t, 20*time.Millisecond, newCounters())
	c := knock(t, l)
	if n, err := c.Read(make([]byte, 1)); err == nil {
		t.Errorf("%d bytes from a server that should hang up", n)
	}
}

// Silent strangers hold nobody up, not even at their own address; one address may not have too many open.
func TestCounters(t *testing.T) {
	count := newCounters()
	count.perWait, count.perAddr = 4, 8
	l, cfg := testListener(t, time.Hour, count)
	for range 50 {
		knock(t, l)
	}
	enter := func() (net.Conn, error) {
		t.Helper()
		c := tls.Client(knock(t, l), withName(cfg))
		if err := c.HandshakeContext(t.Context()); err != nil {
			return nil, err
		}
		return l.Accept()
	}
	var inside []net.Conn
	for range 4 {
		c, err := enter()
		if err != nil {
			t.Fatalf("held up by silent strangers: %v", err)
		}
		inside = append(inside, c)
	}
	for i := range 4 { // the silent ones leave their places to those who are in earnest
		c, err := enter()
		if err != nil {
			t.Fatalf("place %d: %v", i, err)
		}
		inside = append(inside, c)
		knock(t, l)
	}
	for _, c := range inside {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
	for { // the counters follow as soon as the server has seen the ends
		if c, err := enter(); err == nil {
			if err := c.Close(); err != nil {
				t.Error(err)
			}
			break
		}
	}
}

func withName(c *tls.Config) *tls.Config {
	c = c.Clone()
	c.ServerName = "127.0.0.1"
	return c
}

func TestAuthority(t *testing.T) {
	dir := t.TempDir()
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	load := func() *x509.Certificate {
		t.Helper()
		c, _, err := loadPair(dir, certFile, keyFile)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	a, err := ensureAuthority(dir, "ninhbinh.example", []string{"mail.ninhbinh.example", "127.0.0.1"}, now)
	if err != nil || !a.Made {
		t.Fatalf("%+v %v", a, err)
	}
	first := load()
	for _, c := range []struct {
		name  string
		hosts []string
		when  time.Time
		renew bool
	}{
		{"the same day", []string{"mail.ninhbinh.example"}, now, false},
		{"much later", []string{"mail.ninhbinh.example"}, now.AddDate(1, 0, 10), true},
		{"another host", []string{"thu.ninhbinh.example"}, now, true},
	} {
		b, err := ensureAuthority(dir, "ninhbinh.example", c.hosts, c.when)
		if err != nil || b.Made || b.Fingerprint != a.Fingerprint {
			t.Fatalf("%s: %+v %v", c.name, b, err)
		}
		if next := load(); next.SerialNumber.Cmp(first.SerialNumber) != 0 != c.renew {
			t.Errorf("%s: renewed %v", c.name, !c.renew)
		} else {
			first = next
		}
	}
	if err := os.WriteFile(filepath.Join(dir, rootKeyFile), []byte("broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ensureAuthority(dir, "ninhbinh.example", []string{"x.example"}, now); err == nil {
		t.Error("a broken root key is taken")
	}
}
