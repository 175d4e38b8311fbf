// Package servertest starts a whole server on loopback for a test: people in it, a clock in the test's hand, and
// recipients whose names provoke faults.
//
// Laws: nothing of it outlives the test: at the end every invariant of the server is checked and no goroutine of it may
// be left; it needs no network but loopback and no file but the test's own folder.
package servertest

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"hopthu/mail"
	"hopthu/mail/server"
)

// Domain is the domain of every test server, unless Config says otherwise.
const Domain = "ninhbinh.example"

// Password is the password of everybody that Person makes; no syllable of it can be part of a name.
const Password = "Zxq7-Wkpf-83Jr-Bvmd"

// upLimit is how long a server may need to start or stop before the test fails.
const upLimit = 30 * time.Second

// Server is a running server.
type Server struct {
	server.Addrs // host:port of every door
	Admin        *server.Admin
	Clock        *Clock
	CAFile       string // PEM file of the root that signed the server's certificate
	Dir          string
	Office       string // base URL of the office API

	t    testing.TB
	cfg  server.Config
	srv  *server.Server
	stop context.CancelFunc
	done chan error
}

// Option changes the server before it starts.
type Option func(*server.Config)

// WithConfig lets a test set whatever it needs.
func WithConfig(f func(*server.Config)) Option { return f }

// Start starts a server and stops it when the test ends. Recipients whose local part ends in temperror, permerror,
// timeout or cutoff fail in that way (see mail/server Config.Faults).
func Start(t testing.TB, opts ...Option) *Server {
	t.Helper()
	leaks := goleak.IgnoreCurrent()
	clock := NewClock(server.SystemClock().Truncate(time.Second))
	log := slog.DiscardHandler
	if testing.Verbose() {
		log = slog.NewTextHandler(&lines{t: t}, &slog.HandlerOptions{Level: slog.LevelInfo})
	}
	any0 := "127.0.0.1:0"
	cfg := server.Config{
		Dir: t.TempDir(), Domain: Domain, Host: "127.0.0.1",
		IMAP: any0, IMAPStartTLS: any0, SMTP: any0, SMTPStartTLS: any0, Web: any0,
		Version: "test", Log: slog.New(log), Now: clock.Now, Faults: true, CheapPasswords: true, NoDelay: true,
	}
	for _, o := range opts {
		o(&cfg)
	}
	s := &Server{t: t, cfg: cfg, Clock: clock, Dir: cfg.Dir, CAFile: server.CAFile(cfg.Dir)}
	s.start()
	t.Cleanup(func() {
		s.Stop()
		if err := goleak.Find(leaks); err != nil {
			t.Errorf("goroutines left behind by the server: %v", err)
		}
	})
	return s
}

func (s *Server) start() {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	srv, err := server.New(ctx, s.cfg)
	if err != nil {
		cancel()
		s.t.Fatalf("open server: %v", err)
	}
	s.srv, s.stop, s.done, s.Admin = srv, cancel, make(chan error, 1), srv.Admin()
	done := s.done
	mail.Go("test server", func() { done <- srv.Run(ctx) })
	select {
	case <-srv.Ready():
	case err := <-done:
		s.stop = nil
		cancel()
		s.t.Fatalf("run server: %v", err)
	case <-time.After(upLimit):
		s.t.Fatal("server did not start in time")
	}
	s.Addrs = srv.Addrs()
	s.Office = "https://" + s.Web
}

// Stop checks every invariant and stops the server; Restart brings it back.
func (s *Server) Stop() {
	s.t.Helper()
	if s.stop == nil {
		return
	}
	if err := s.srv.Check(context.Background()); err != nil {
		s.t.Errorf("server is not sound: %v", err)
	}
	s.stop()
	s.stop = nil
	select {
	case err := <-s.done:
		if err != nil {
			s.t.Errorf("stop server: %v", err)
		}
	case <-time.After(upLimit):
		s.t.Error("server did not stop in time")
	}
}

// Restart stops the server and starts it again on the same folder and ports.
func (s *Server) Restart() {
	s.t.Helper()
	s.Stop()
	for _, p := range []struct{ cfg, now *string }{
		{&s.cfg.IMAP, &s.IMAP},
		{&s.cfg.IMAPStartTLS, &s.IMAPStartTLS},
		{&s.cfg.SMTP, &s.SMTP},
		{&s.cfg.SMTPStartTLS, &s.SMTPStartTLS},
		{&s.cfg.Web, &s.Web},
	} {
		if *p.now != "" {
			*p.cfg = *p.now
		}
	}
	s.start()
}

// TLS trusts the server's own authority.
func (s *Server) TLS() *tls.Config {
	s.t.Helper()
	pem, err := os.ReadFile(s.CAFile)
	if err != nil {
		s.t.Fatalf("read root: %v", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		s.t.Fatal("root is no PEM")
	}
	return &tls.Config{RootCAs: pool, ServerName: "127.0.0.1", MinVersion: tls.VersionTLS12}
}

// Dial opens a TLS connection to one of Addrs.
func (s *Server) Dial(addr string) *tls.Conn {
	s.t.Helper()
	d := tls.Dialer{Config: s.TLS(), NetDialer: &net.Dialer{Timeout: upLimit}}
	c, err := d.DialContext(context.Background(), "tcp", addr)
	if err != nil {
		s.t.Fatalf("dial %s: %v", addr, err)
	}
	t, ok := c.(*tls.Conn)
	if !ok {
		s.t.Fatal("not a TLS connection")
	}
	return t
}

// Newcomer makes a unit (unless it is there) and a person in it, whose one-time Password must be changed first.
func (s *Server) Newcomer(name, unit string) server.Box {
	s.t.Helper()
	ctx := context.Background()
	units, err := s.Admin.Units(ctx)
	if err != nil {
		s.t.Fatalf("list units: %v", err)
	}
	there := false
	for _, u := range units {
		there = there || u.Regulation == unit || u.Wire == unit || u.Name == unit
	}
	if !there {
		if _, err := s.Admin.AddUnit(ctx, "Sở "+unit, unit); err != nil {
			s.t.Fatalf("add unit: %v", err)
		}
	}
	b, err := s.Admin.AddPerson(ctx, name, unit, "Chuyên viên")
	if err != nil {
		s.t.Fatalf("add person: %v", err)
	}
	return b
}

// Person is a Newcomer whose password is Password and need not be changed.
func (s *Server) Person(name, unit string) server.Box {
	s.t.Helper()
	b := s.Newcomer(name, unit)
	if err := s.Admin.SetPassword(context.Background(), b.Wire, Password); err != nil {
		s.t.Fatalf("set password: %v", err)
	}
	b.Password, b.MustChange = Password, false
	return b
}

// Account is b as the client knows it.
func (s *Server) Account(b server.Box) mail.Account {
	s.t.Helper()
	end := func(addr string) mail.Endpoint {
		a, err := net.ResolveTCPAddr("tcp", addr)
		if err != nil {
			s.t.Fatalf("address %q: %v", addr, err)
		}
		return mail.Endpoint{Host: a.IP.String(), Port: a.Port, Security: mail.TLS}
	}
	return mail.Account{
		ID: mail.AccountID(b.Wire), Address: b.Wire, Login: b.Wire, Name: b.Name, Agency: b.Unit, Official: b.Official,
		Aliases: []string{b.Address}, IMAP: end(s.IMAP), SMTP: end(s.SMTP), Office: s.Office, CAFile: s.CAFile,
	}
}

// Deliver puts a letter into a person's inbox; line ends are made CRLF.
func (s *Server) Deliver(to, raw string) {
	s.t.Helper()
	b := bytes.ReplaceAll([]byte(raw), []byte("\r\n"), []byte("\n"))
	b = bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n"))
	if err := s.Admin.Deliver(context.Background(), server.Delivery{To: []string{to}, Raw: b}); err != nil {
		s.t.Fatalf("deliver: %v", err)
	}
}

// Clock is a clock that moves only when it is told to.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock makes a clock that stands at t.
func NewClock(t time.Time) *Clock { return &Clock{now: t} }

// Now is the time it shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves it on.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// lines writes the server's log into the test's, until the test ends.
type lines struct {
	mu sync.Mutex
	t  testing.TB
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.t.Log(string(bytes.TrimSpace(p)))
	return len(p), nil
}
