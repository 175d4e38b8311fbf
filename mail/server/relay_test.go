package server_test

import (
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"hopthu/mail"
	"hopthu/mail/server"
	"hopthu/mail/server/servertest"
)

// outer is a relay that writes down who came with what.
type outer struct{ came chan string }

func (o outer) NewSession(*smtp.Conn) (smtp.Session, error) { return &outerSession{o: o}, nil }

type outerSession struct {
	o    outer
	said string
}

func (s *outerSession) AuthMechanisms() []string { return []string{sasl.Plain} }
func (s *outerSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		s.said = user + "/" + password
		return nil
	}), nil
}

func (s *outerSession) Mail(from string, _ *smtp.MailOptions) error { s.said += " " + from; return nil }

func (s *outerSession) Rcpt(to string, _ *smtp.RcptOptions) error { s.said += " " + to; return nil }
func (s *outerSession) Reset()                                    {}
func (s *outerSession) Logout() error                             { return nil }
func (s *outerSession) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	s.o.came <- s.said + "\n" + string(b)
	return err
}

// startOuter starts a relay with the certificate of another authority.
func startOuter(t *testing.T, startTLS bool) (came chan string, way server.Relay) {
	t.Helper()
	dir := t.TempDir()
	other, err := server.New(t.Context(), server.Config{Dir: dir, Domain: "relay.example", Host: "127.0.0.1", CheapPasswords: true})
	if err == nil {
		err = other.Close()
	}
	pair, perr := tls.LoadX509KeyPair(dir+"/tls/server.pem", dir+"/tls/server-key.pem")
	ln, lerr := net.Listen("tcp", "127.0.0.1:0")
	file := filepath.Join(dir, "password.txt")
	if err := errors.Join(err, perr, lerr, os.WriteFile(file, []byte("mật khẩu\nkhông đọc\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	o := outer{make(chan string, 10)}
	srv := smtp.NewServer(o)
	srv.EnableSMTPUTF8 = true
	srv.Domain, srv.ErrorLog = "relay.example", log.New(io.Discard, "", 0)
	srv.TLSConfig = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	l := ln
	if !startTLS {
		l = tls.NewListener(ln, srv.TLSConfig)
	}
	done := make(chan error, 1)
	mail.Go("relay", func() { done <- srv.Serve(l) })
	t.Cleanup(func() {
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
		if err := <-done; err != nil && !errors.Is(err, smtp.ErrServerClosed) {
			t.Error(err)
		}
	})
	return o.came, server.Relay{Addr: ln.Addr().String(), StartTLS: startTLS, User: "tinh", PasswordFile: file, CAFile: server.CAFile(dir)}
}

// A letter to the outside goes through the relay of the settings, logged in, over verified TLS.
func TestRelayOfTheSettings(t *testing.T) {
	for _, startTLS := range []bool{false, true} {
		came, way := startOuter(t, startTLS)
		s := servertest.Start(t, servertest.WithConfig(func(c *server.Config) { c.Relay = way }))
		p := s.Person("Trần Văn Hùng", "kh&đt")
		k := smtpLogin(t, s, p.Wire, p.Password)
		for i, secret := range []string{"mật khẩu", "mật khẩu mới"} { // changed without a restart
			if i == 1 {
				if err := os.WriteFile(way.PasswordFile, []byte(secret), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			k.want("250", "MAIL FROM:<%s>", p.Wire)
			k.want("250", "RCPT TO:<lan@elsewhere.example>")
			k.want("354", "DATA")
			k.want("250", "%s.", message(p.Wire, secret, "chào"))
			got := <-came
			if want := "tinh/" + secret + " " + p.Wire + " lan@elsewhere.example\n"; !strings.HasPrefix(got, want) || !strings.Contains(got, "\r\nchào\r\n") {
				t.Errorf("the relay got %q", got)
			}
		}
		s.Stop()
	}
}

// Whose certificate is not trusted gets neither letter nor password; settings that cannot work keep the server from
// running, not its administrator from working.
func TestRelayThatCannotBe(t *testing.T) {
	_, good := startOuter(t, false)
	open := func(r server.Relay) (err error) {
		s, err := server.New(t.Context(), server.Config{Dir: t.TempDir(), Domain: servertest.Domain, Relay: r, CheapPasswords: true})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Admin().Units(t.Context()); err != nil {
			t.Error(err)
		}
		return s.Run(t.Context())
	}
	for name, change := range map[string]func(*server.Relay){
		"no password file": func(r *server.Relay) { r.PasswordFile += "x" },
		"no authority":     func(r *server.Relay) { r.CAFile += "x" },
		"no certificate":   func(r *server.Relay) { r.CAFile = r.PasswordFile },
		"no port":          func(r *server.Relay) { r.Addr = "127.0.0.1" },
		"open to others": func(r *server.Relay) {
			if err := os.Chmod(r.PasswordFile, 0o640); err != nil {
				t.Fatal(err)
			}
		},
	} {
		bad := good
		change(&bad)
		if err := open(bad); mail.KindOf(err) != mail.BadSettings {
			t.Errorf("%s: %v", name, err)
		}
		if err := os.Chmod(good.PasswordFile, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
