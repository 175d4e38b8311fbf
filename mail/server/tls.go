package server

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"hopthu/config"
)

// Files of our own authority, below the data folder.
const (
	rootFile    = "tls/root.pem" // 0644: what clients are given to trust
	rootKeyFile = "tls/root-key.pem"
	certFile    = "tls/server.pem"
	keyFile     = "tls/server-key.pem"

	rootYears  = 10
	leafDays   = 397
	renewDays  = 30
	clockSlack = 24 * time.Hour // clients' clocks may lag
)

// CAFile is where the root certificate of a data folder's own authority stands.
func CAFile(dir string) string { return filepath.Join(dir, filepath.FromSlash(rootFile)) }

// Authority is what ensureAuthority found or made.
type Authority struct {
	Made        bool   // a new root
	Fingerprint string // SHA-256 of the root, for comparing by telephone
}

// ensureAuthority makes a root and a server certificate for hosts where they are missing, and renews the server
// certificate when it ends soon or lacks a host. Keys are 0600.
func ensureAuthority(dir, domain string, hosts []string, now time.Time) (Authority, error) {
	if err := os.MkdirAll(filepath.Join(dir, "tls"), 0o755); err != nil {
		return Authority{}, fmt.Errorf("make tls folder: %w", err)
	}
	made := false
	root, key, err := loadPair(dir, rootFile, rootKeyFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		made = true
		if root, key, err = makeRoot(dir, domain, now); err != nil {
			return Authority{}, err
		}
	case err != nil:
		return Authority{}, fmt.Errorf("read own authority: %w", err)
	}
	sum := sha256.Sum256(root.Raw)
	a := Authority{Made: made, Fingerprint: strings.ToUpper(fmt.Sprintf("% x", sum))}
	leaf, _, err := loadPair(dir, certFile, keyFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return a, fmt.Errorf("read server certificate: %w", err)
	}
	if err == nil && !made && leaf.CheckSignatureFrom(root) == nil && covers(leaf, hosts) &&
		now.AddDate(0, 0, renewDays).Before(leaf.NotAfter) && now.After(leaf.NotBefore) {
		return a, nil
	}
	return a, makeLeaf(dir, hosts, root, key, now)
}

func covers(leaf *x509.Certificate, hosts []string) bool {
	return !slices.ContainsFunc(hosts, func(h string) bool { return leaf.VerifyHostname(h) != nil })
}

func makeRoot(dir, domain string, now time.Time) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	tpl := &x509.Certificate{
		Subject:   pkix.Name{CommonName: "hopthu " + domain, Organization: []string{domain}},
		NotBefore: now.Add(-clockSlack), NotAfter: now.AddDate(rootYears, 0, 0),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	return issue(dir, rootFile, rootKeyFile, tpl, nil, nil)
}

func makeLeaf(dir string, hosts []string, root *x509.Certificate, rootKey *ecdsa.PrivateKey, now time.Time) error {
	tpl := &x509.Certificate{
		Subject:   pkix.Name{CommonName: hosts[0]},
		NotBefore: now.Add(-clockSlack), NotAfter: now.AddDate(0, 0, leafDays),
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			tpl.IPAddresses = append(tpl.IPAddresses, ip)
		} else {
			tpl.DNSNames = append(tpl.DNSNames, h)
		}
	}
	_, _, err := issue(dir, certFile, keyFile, tpl, root, rootKey)
	return err
}

// issue makes a key and a certificate, signed by parent (or itself), and writes both; the key first, so that a
// certificate never stands without its key.
func issue(dir, cert, keyName string, tpl, parent *x509.Certificate, parentKey *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, fmt.Errorf("make key: %w", err)
	}
	if tpl.SerialNumber, err = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120)); err != nil {
		return nil, nil, fmt.Errorf("make serial number: %w", err)
	}
	chain := [][]byte{}
	if parent == nil {
		parent, parentKey = tpl, key
	} else {
		chain = append(chain, parent.Raw)
	}
	der, err := x509.CreateCertificate(rand.Reader, tpl, parent, key.Public(), parentKey)
	if err != nil {
		return nil, nil, fmt.Errorf("sign certificate: %w", err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, fmt.Errorf("encode key: %w", err)
	}
	if err := writePEM(filepath.Join(dir, keyName), 0o600, "PRIVATE KEY", keyDER); err != nil {
		return nil, nil, err
	}
	if err := writePEM(filepath.Join(dir, cert), 0o644, "CERTIFICATE", append([][]byte{der}, chain...)...); err != nil {
		return nil, nil, err
	}
	c, err := x509.ParseCertificate(der)
	return c, key, err
}

func writePEM(path string, mode fs.FileMode, kind string, blocks ...[]byte) error {
	var out []byte
	for _, b := range blocks {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: b})...)
	}
	if err := config.WriteFile(path, out); err != nil {
		return err
	}
	return os.Chmod(path, mode)
}

func loadPair(dir, cert, keyName string) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	pair, err := tls.LoadX509KeyPair(filepath.Join(dir, cert), filepath.Join(dir, keyName))
	if err != nil {
		return nil, nil, err
	}
	key, ok := pair.PrivateKey.(*ecdsa.PrivateKey)
	if !ok {
		return nil, nil, fmt.Errorf("%s: not an ECDSA key", keyName)
	}
	leaf, err := x509.ParseCertificate(pair.Certificate[0])
	return leaf, key, err
}

// certificate serves a certificate from two files and reads them again when they change, so that a renewal needs no
// restart. A pair that cannot be read leaves the old one in use.
type certificate struct {
	cert, key string
	log       *slog.Logger

	mu   sync.Mutex
	pair *tls.Certificate
	seen [2]fs.FileInfo
}

func newCertificate(cert, key string, log *slog.Logger) (*certificate, error) {
	c := &certificate{cert: cert, key: key, log: log}
	_, err := c.load()
	return c, err
}

func (c *certificate) load() (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var now [2]fs.FileInfo
	for i, p := range []string{c.cert, c.key} {
		info, err := os.Stat(p)
		if err != nil {
			return c.old(fmt.Errorf("read certificate: %w", err))
		}
		now[i] = info
	}
	if c.pair != nil && same(now[0], c.seen[0]) && same(now[1], c.seen[1]) {
		return c.pair, nil
	}
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return c.old(fmt.Errorf("read certificate: %w", err))
	}
	if c.pair != nil {
		c.log.Info("certificate read again", "file", c.cert)
	}
	c.pair, c.seen = &pair, now
	return c.pair, nil
}

// reload reads the pair whether it changed or not. When it cannot be read the old one stays in use.
func (c *certificate) reload() error {
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return fmt.Errorf("read certificate: %w", err)
	}
	if now := SystemClock(); now.After(pair.Leaf.NotAfter) {
		return fmt.Errorf("%s: ended %s", c.cert, pair.Leaf.NotAfter.Format(time.DateOnly))
	}
	_, err = c.load()
	return err
}

func (c *certificate) old(err error) (*tls.Certificate, error) {
	if c.pair == nil {
		return nil, err
	}
	c.log.Warn("certificate cannot be read; the old one stays in use", "err", err)
	return c.pair, nil
}

func same(a, b fs.FileInfo) bool { return a.ModTime().Equal(b.ModTime()) && a.Size() == b.Size() }

// config is the TLS of every door: 1.2 or later (RFC 8996). A session is resumed only under the certificate that it
// began with, so that the certificate in use is the one that a connection is bound to (RFC 5929 4).
func (c *certificate) config(protos ...string) *tls.Config {
	cfg := &tls.Config{
		MinVersion: tls.VersionTLS12,
		NextProtos: protos,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			return c.load()
		},
	}
	cfg.WrapSession = func(cs tls.ConnectionState, ss *tls.SessionState) ([]byte, error) {
		sum, err := c.sum()
		if err != nil {
			return nil, err
		}
		ss.Extra = append(ss.Extra, sum)
		return cfg.EncryptTicket(cs, ss)
	}
	cfg.UnwrapSession = func(ticket []byte, cs tls.ConnectionState) (*tls.SessionState, error) {
		ss, err := cfg.DecryptTicket(ticket, cs)
		if err != nil || ss == nil {
			return nil, err
		}
		sum, err := c.sum()
		if err != nil || !slices.ContainsFunc(ss.Extra, func(b []byte) bool { return bytes.Equal(b, sum) }) {
			return nil, err
		}
		return ss, nil
	}
	return cfg
}

// sum names the certificate in use.
func (c *certificate) sum() ([]byte, error) {
	pair, err := c.load()
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(pair.Leaf.Raw)
	return sum[:], nil
}
