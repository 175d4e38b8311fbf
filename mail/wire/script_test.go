package wire

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	gosync "sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"hopthu/mail"
	"hopthu/mail/sync"
)

const testHost = "mail.example.test"

var testNow = time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)

// authority is a certificate authority of the tests' own.
type authority struct {
	t    testing.TB
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	file string
}

func newAuthority(t testing.TB) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test CA"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: testNow.AddDate(-5, 0, 0), NotAfter: testNow.AddDate(100, 0, 0), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	a := &authority{t: t, key: key, file: filepath.Join(t.TempDir(), "ca.pem")}
	if a.cert, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(a.file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return a
}

// leaf is a server certificate for host, valid for a year from begin.
func (a *authority) leaf(host string, begin time.Time) tls.Certificate {
	a.t.Helper()
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: host}, DNSNames: []string{host},
		NotBefore: begin, NotAfter: begin.AddDate(1, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, a.cert, a.key.Public(), a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: a.key}
}

func (a *authority) config() *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{a.leaf(testHost, testNow.AddDate(0, -6, 0))}, MinVersion: tls.VersionTLS12}
}

// script is the server's side of one scripted conversation.
type script struct {
	t    testing.TB
	conn net.Conn
	br   *bufio.Reader
}

// errOver ends a conversation whose client has gone or misbehaved.
var errOver = errors.New("conversation over")

// say writes lines, each with its CRLF.
func (s *script) say(lines ...string) { s.write(strings.Join(lines, "\r\n") + "\r\n") }

func (s *script) write(text string) {
	if _, err := io.WriteString(s.conn, text); err != nil {
		panic(errOver)
	}
}

// line reads one line of the client.
func (s *script) line() string {
	l, err := s.br.ReadString('\n')
	if err != nil {
		panic(errOver)
	}
	return strings.TrimRight(l, "\r\n")
}

// expect reads a command that begins, behind its tag, with want, and gives its tag.
func (s *script) expect(want string) string {
	s.t.Helper()
	l := s.line()
	tag, rest, _ := strings.Cut(l, " ")
	if !strings.HasPrefix(rest, want) {
		s.t.Errorf("client said %q, want %q", l, want)
		panic(errOver)
	}
	return tag
}

// ok expects a command, says lines, and completes it.
func (s *script) ok(want string, lines ...string) {
	s.t.Helper()
	tag := s.expect(want)
	s.say(append(lines, tag+" OK done")...)
}

const baseCaps = "IMAP4rev1 AUTH=PLAIN SASL-IR LITERAL+"

// login plays greeting and login.
func (s *script) login(caps string) {
	s.t.Helper()
	s.say("* OK [CAPABILITY " + baseCaps + "] ready")
	tag := s.expect("AUTHENTICATE PLAIN ")
	s.say(tag + " OK [CAPABILITY " + baseCaps + " " + caps + "] welcome")
}

// inbox plays the opening of a folder with three letters.
func (s *script) inbox(extra ...string) {
	s.t.Helper()
	s.ok("SELECT", append([]string{"* 3 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 4] x"}, extra...)...)
}

// gone reads until the client has closed.
func (s *script) gone() {
	if _, err := io.Copy(io.Discard, s.br); err != nil {
		return // a reset is as good an end as any
	}
}

func (s *script) startTLS(cfg *tls.Config) {
	c := tls.Server(s.conn, cfg)
	s.conn, s.br = c, bufio.NewReader(c)
}

// stage runs scripted servers; each connection gets the next act, the last act again and again.
type stage struct {
	t    testing.TB
	acts []func(*script)
	cfg  *tls.Config // nil: plain
	mu   gosync.Mutex
	n    int
	wg   gosync.WaitGroup
}

func (g *stage) play(c net.Conn) {
	g.mu.Lock()
	act := g.acts[min(g.n, len(g.acts)-1)]
	g.n++
	g.mu.Unlock()
	if g.cfg != nil {
		c = tls.Server(c, g.cfg)
	}
	g.wg.Add(1)
	mail.Go("script", func() {
		defer g.wg.Done()
		s := &script{t: g.t, conn: c, br: bufio.NewReader(c)}
		defer func() {
			if v := recover(); v != nil && v != errOver { //nolint:errorlint // the value itself was thrown
				panic(v)
			}
			if err := c.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
				g.t.Logf("close: %v", err)
			}
		}()
		act(s)
	})
}

// pipes is a Dial through net.Pipe, for tests in a bubble of fake time.
func (g *stage) pipes(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	g.play(server)
	return client, nil
}

// listen is a Dial to a real loopback listener, whatever the name.
func (g *stage) listen() func(context.Context, string, string) (net.Conn, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		g.t.Fatal(err)
	}
	done := make(chan struct{})
	mail.Go("listener", func() {
		defer close(done)
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			g.play(c)
		}
	})
	g.t.Cleanup(func() {
		if err := ln.Close(); err != nil {
			g.t.Error(err)
		}
		<-done
		g.wg.Wait()
	})
	return func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, ln.Addr().String())
	}
}

func password(context.Context) (string, error) { return "mật khẩu", nil }

func testAccount(ca *authority) mail.Account {
	return mail.Account{
		ID: "a", Address: "lan@example.test", Login: "lan@example.test", CAFile: ca.file,
		IMAP: mail.Endpoint{Host: testHost, Port: 993, Security: mail.TLS},
		SMTP: mail.Endpoint{Host: testHost, Port: 465, Security: mail.TLS},
	}
}

// leaks checks at the test's end, after every other cleanup, that no goroutine is left.
func leaks(t *testing.T) {
	t.Helper()
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
}

// client is an IMAP against acts over TLS on loopback.
func client(t *testing.T, acts ...func(*script)) *IMAP {
	t.Helper()
	leaks(t)
	ca := newAuthority(t)
	g := &stage{t: t, acts: acts, cfg: ca.config()}
	d := New(Options{Now: func() time.Time { return testNow }, Dial: g.listen()})
	m := d.Remote(testAccount(ca), password)
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return m
}

// connected is client, logged in, with INBOX open when the acts play it.
func connected(t *testing.T, acts ...func(*script)) *IMAP {
	t.Helper()
	m := client(t, acts...)
	if _, err := m.Connect(t.Context()); err != nil {
		t.Fatal(err)
	}
	return m
}

func wantKind(t *testing.T, err error, kind mail.FaultKind) {
	t.Helper()
	if faultOf(t, err, kind) == nil {
		t.Fatal("no fault")
	}
}

// faultOf is wantKind, and gives the fault.
func faultOf(t *testing.T, err error, kind mail.FaultKind) *mail.Fault {
	t.Helper()
	var f *mail.Fault
	if !errors.As(err, &f) || f.Kind != kind {
		t.Fatalf("got %v, want a fault of kind %s", err, kind)
	}
	for _, r := range f.Detail {
		if r < ' ' || r == 0x7f || (r >= 0x80 && r < 0xa0) {
			t.Fatalf("control character in detail %q", f.Detail)
		}
	}
	return f
}

// dialTo is a Dial that reaches addr, whatever the name.
func dialTo(addr string) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, addr)
	}
}

// newest are the UIDs of the n newest letters.
func newest(ctx context.Context, m *IMAP, n int) (uids []mail.UID, err error) {
	err = m.Newest(ctx, n, func(h sync.RemoteHeader) error { uids = append(uids, h.UID); return nil })
	slices.Sort(uids)
	return uids, err
}

func noHeader(sync.RemoteHeader) error { return nil }
func noFlags(sync.RemoteFlags) error   { return nil }
