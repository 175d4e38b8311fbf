package server_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/server"
	"hopthu/mail/server/servertest"
)

func TestStopSaysBye(t *testing.T) {
	s := servertest.Start(t)
	p := s.Person("Trần Văn Hùng", "kh&đt")
	idle, quiet := imapLogin(t, s, p.Wire, p.Password), imapLogin(t, s, p.Wire, p.Password)
	idle.ok("SELECT INBOX")
	idle.send("i IDLE\r\n")
	idle.line()
	m := smtpLogin(t, s, p.Wire, p.Password)
	s.Deliver(p.Wire, "Subject: x\n\nx\n")
	s.Restart()
	for _, k := range []*talk{idle, quiet} {
		if said := k.gone(); !strings.Contains(said, "* BYE The server stops") {
			t.Errorf("%q", said)
		}
	}
	if said := m.gone(); !strings.HasPrefix(said, "421") {
		t.Errorf("%q", said)
	}
	mustHave(t, imapLogin(t, s, p.Wire, p.Password).ok("STATUS INBOX (MESSAGES)"), "MESSAGES 1")
}

// A password reset by another process on the same folder ends the sessions of this one.
func TestResetFromOutside(t *testing.T) {
	s := servertest.Start(t)
	p := s.Person("Trần Văn Hùng", "kh&đt")
	k := imapLogin(t, s, p.Wire, p.Password)
	s.Clock.Advance(time.Second)
	other, err := server.New(t.Context(), server.Config{Dir: s.Dir, Domain: servertest.Domain, Host: "127.0.0.1", CheapPasswords: true, Now: s.Clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := other.Close(); err != nil {
			t.Error(err)
		}
	}()
	b, err := other.Admin().ResetPassword(t.Context(), p.Address)
	if err != nil || b.Password == "" || !b.MustChange {
		t.Fatalf("%+v: %v", b.Wire, err)
	}
	k.gone()
	k = dial(t, s, s.IMAP)
	k.line()
	k.refuse("NO [EXPIRED]", "LOGIN %q %q", p.Wire, b.Password)
}

func TestAdmin(t *testing.T) {
	s := servertest.Start(t)
	ctx := t.Context()
	p := s.Person("Trần Văn Hùng", "kh&đt")
	agency, err := s.Admin.AddAgencyBox(ctx, "kh&dt")
	if err != nil || !agency.Official || agency.Password == "" {
		t.Fatalf("%+v %v", agency.Address, err)
	}
	when := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	if err := s.Admin.Deliver(ctx, server.Delivery{To: []string{p.Address, agency.Address}, Raw: []byte("Subject: a\r\n\r\nb\r\n"), Received: when, Flags: mail.Seen}); err != nil {
		t.Fatal(err)
	}
	if err := s.Admin.Deliver(ctx, server.Delivery{To: []string{p.Wire}, Role: mail.RoleSent, Raw: []byte("Subject: s\r\n\r\nb\r\n")}); err != nil {
		t.Fatal(err)
	}
	if err := s.Admin.Deliver(ctx, server.Delivery{To: []string{p.Wire}, Folder: "Văn bản đến/2026", Raw: []byte("Subject: f\r\n\r\nb\r\n")}); err != nil {
		t.Fatal(err)
	}
	if err := s.Admin.Deliver(ctx, server.Delivery{To: []string{"nobody@" + servertest.Domain}, Raw: []byte("x")}); mail.KindOf(err) != mail.BadAddress {
		t.Errorf("to nobody: %v", err)
	}
	k := imapLogin(t, s, p.Wire, p.Password)
	k.ok("SELECT INBOX")
	f := k.ok("FETCH 1 (INTERNALDATE FLAGS)")
	mustHave(t, f, `" 2-Jan-2026 10:04:05 +0700"`) // the same instant in mail.Zone
	mustHave(t, f, `\Seen`)
	mustHave(t, k.ok("STATUS Sent (MESSAGES)"), "MESSAGES 1")
	err = s.Admin.Seed(ctx, 500, func(i int) server.Delivery {
		return server.Delivery{To: []string{p.Wire}, Raw: fmt.Appendf(nil, "Subject: %d\r\n\r\nb\r\n", i), Received: when.Add(time.Duration(i) * time.Minute)}
	})
	if err != nil {
		t.Fatal(err)
	}
	mustHave(t, k.ok("NOOP"), "* 501 EXISTS")
	if err := s.Admin.Seed(ctx, 3, func(int) server.Delivery { return server.Delivery{To: []string{"nobody@x"}} }); err == nil {
		t.Error("seeding to nobody succeeds")
	}
	list, err := s.Admin.List(ctx)
	if err != nil || len(list) != 2 {
		t.Errorf("%d boxes, %v", len(list), err)
	}
}

// A certificate renewed on disk is served without a restart; a broken one leaves the old in use.
func TestCertificateReload(t *testing.T) {
	dir := t.TempDir()
	if s, err := server.New(t.Context(), server.Config{Dir: dir, Domain: servertest.Domain, Host: "127.0.0.1", CheapPasswords: true}); err != nil {
		t.Fatal(err)
	} else if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	cert, key := dir+"/tls/server.pem", dir+"/tls/server-key.pem"
	s := servertest.Start(t, servertest.WithConfig(func(c *server.Config) { c.CertFile, c.KeyFile = cert, key }))
	s.CAFile = server.CAFile(dir)
	serial := func() string {
		c := s.Dial(s.IMAP)
		n := c.ConnectionState().PeerCertificates[0].SerialNumber.String()
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		return n
	}
	first := serial()
	if err := os.WriteFile(cert, []byte("broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	if serial() != first {
		t.Error("another certificate out of nothing")
	}
	for _, f := range []string{cert, key} {
		if err := os.Remove(f); err != nil {
			t.Fatal(err)
		}
	}
	again, err := server.New(t.Context(), server.Config{Dir: dir, Domain: servertest.Domain, Host: "127.0.0.1", CheapPasswords: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	if serial() == first {
		t.Error("the renewed certificate is not served")
	}
	for name, mode := range map[string]os.FileMode{"root.pem": 0o644, "root-key.pem": 0o600, "server-key.pem": 0o600} {
		info, err := os.Stat(dir + "/tls/" + name)
		if err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v %v", name, info.Mode(), err)
		}
	}
}

func TestAddressInUse(t *testing.T) {
	var lc net.ListenConfig
	ln, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := ln.Close(); err != nil {
			t.Error(err)
		}
	}()
	s, err := server.New(t.Context(), server.Config{Dir: t.TempDir(), Domain: servertest.Domain, IMAP: "127.0.0.1:0", SMTP: ln.Addr().String(), CheapPasswords: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(context.Background()); err == nil || !strings.Contains(err.Error(), ln.Addr().String()) {
		t.Errorf("%v", err)
	}
}
