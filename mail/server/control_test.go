package server_test

import (
	"crypto/tls"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ncruces/go-sqlite3/driver"

	"hopthu/mail"
	"hopthu/mail/server"
	"hopthu/mail/server/servertest"
)

// outside opens the folder of a running server as a command does.
func outside(t *testing.T, s *servertest.Server) *server.Admin {
	t.Helper()
	other, err := server.New(t.Context(), server.Config{Dir: s.Dir, Domain: servertest.Domain, Host: "127.0.0.1", CheapPasswords: true, Now: s.Clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := other.Close(); err != nil {
			t.Error(err)
		}
	})
	return other.Admin()
}

// Sessions are listed and ended from another process, also one that waits in IDLE.
func TestSessionsListedAndEnded(t *testing.T) {
	s := servertest.Start(t)
	p, lan := s.Person("Trần Văn Hùng", "kh&đt"), s.Person("Lê Thị Lan", "nv")
	idle, mine := imapLogin(t, s, p.Wire, p.Password), imapLogin(t, s, p.Wire, p.Password)
	m, hers := smtpLogin(t, s, p.Wire, p.Password), imapLogin(t, s, lan.Wire, lan.Password)
	idle.ok("SELECT INBOX")
	idle.send("i IDLE\r\n")
	idle.line()
	a := outside(t, s)
	list, err := a.Sessions(t.Context())
	if err != nil || len(list) != 4 || list[0].Box != p.Address || list[0].Door != "imap" || list[2].Door != "smtp" || list[0].Remote != "127.0.0.1" || list[0].Started.IsZero() {
		t.Fatalf("%+v, %v", list, err)
	}
	if n, err := a.EndSession(t.Context(), list[1].ID); n != 1 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	mine.gone()
	if n, err := a.EndSession(t.Context(), list[1].ID); n != 0 || err != nil {
		t.Errorf("ended twice: %d, %v", n, err)
	}
	idle.send("DONE\r\n")
	idle.until("i")
	idle.send("i IDLE\r\n")
	idle.line()
	if n, err := a.EndSessions(t.Context(), p.Address); n != 2 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	idle.gone()
	m.gone()
	hers.ok("NOOP")
	if _, err := a.EndSessions(t.Context(), "nobody"); mail.KindOf(err) != mail.BadAddress {
		t.Errorf("nobody's sessions: %v", err)
	}
	end, err := a.LastAudit(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	rows, err := a.Audit(t.Context(), end-3, 3)
	if err != nil || len(rows) != 3 || rows[0].What != "session-ended" || rows[2].Subject != p.Wire {
		t.Errorf("the log says %+v, %v", rows, err)
	}
	s.Stop()
	if _, err := a.Sessions(t.Context()); mail.KindOf(err) != mail.NoServer {
		t.Errorf("without a server: %v", err)
	}
}

// What a killed server left behind does not keep the next from listening; what is no question ends its connection only.
func TestControlSocket(t *testing.T) {
	s := servertest.Start(t)
	path := filepath.Join(s.Dir, "data", "control.sock")
	for _, text := range []string{"", "{", "null\n", `{"do":"what"}`, strings.Repeat("x", 2<<20)} {
		c, err := (&net.Dialer{}).DialContext(t.Context(), "unix", path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Write([]byte(text)); err != nil && len(text) < 1<<20 {
			t.Error(err)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := s.Admin.Sessions(t.Context()); err != nil {
		t.Error(err)
	}
	s.Stop()
	ln, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	ln.SetUnlinkOnClose(false)
	if err := ln.Close(); err != nil {
		t.Fatal(err)
	}
	s.Restart()
	if _, err := s.Admin.Sessions(t.Context()); err != nil {
		t.Error(err)
	}
}

// RFC 8996: no door speaks TLS 1.1.
func TestOldTLSIsRefused(t *testing.T) {
	s := servertest.Start(t)
	begin := map[string]string{s.IMAP: "", s.SMTP: "", s.Web: "", s.IMAPStartTLS: "a STARTTLS\r\n", s.SMTPStartTLS: "EHLO x\r\nSTARTTLS\r\n"}
	for addr, preface := range begin {
		for version, good := range map[uint16]bool{tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true} {
			c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", addr)
			if err != nil {
				t.Fatal(err)
			}
			k := newTalk(t, c)
			for line := range strings.Lines(preface) { // one by one: what stands behind STARTTLS would break the handshake
				if k.n++; k.n == 1 {
					k.line()
				}
				if k.send("%s", line); strings.HasPrefix(line, "EHLO") {
					k.want("250", "")
				} else {
					k.line()
				}
			}
			cfg := s.TLS()
			cfg.MinVersion, cfg.MaxVersion = version, version
			err = tls.Client(c, cfg).HandshakeContext(t.Context())
			if good != (err == nil) {
				t.Errorf("%s, %s: %v", addr, tls.VersionName(version), err)
			}
		}
	}
}

// The audit log only grows, and a change below the program's feet is found.
func TestAuditIsAppendOnlyAndChained(t *testing.T) {
	s := servertest.Start(t)
	p := s.Person("Trần Văn Hùng", "kh&đt")
	k := imapLogin(t, s, p.Wire, p.Password)
	k.ok("LOGOUT")
	last, err := s.Admin.VerifyAudit(t.Context(), server.AuditRow{})
	if err != nil || last.Seq < 3 {
		t.Fatalf("%+v, %v", last, err)
	}
	imapLogin(t, s, p.Wire, p.Password)
	if _, err := s.Admin.VerifyAudit(t.Context(), last); err != nil {
		t.Errorf("the row noted before: %v", err)
	}
	other := last
	other.Hash[0] ^= 1
	if _, err := s.Admin.VerifyAudit(t.Context(), other); mail.KindOf(err) != mail.StoreDamaged {
		t.Errorf("a row that is not the one noted: %v", err)
	}
	if _, err := s.Admin.VerifyAudit(t.Context(), server.AuditRow{Seq: last.Seq + 1000}); mail.KindOf(err) != mail.StoreDamaged {
		t.Errorf("a row that is not there: %v", err)
	}
	sql, err := driver.Open("file:" + filepath.Join(s.Dir, "data", "hopthu.db") + "?_pragma=busy_timeout(20000)")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := sql.Close(); err != nil {
			t.Error(err)
		}
	}()
	for _, q := range []string{"UPDATE audit SET what = 'x' WHERE seq = 2", "DELETE FROM audit WHERE seq = 2"} {
		if _, err := sql.ExecContext(t.Context(), q); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v", q, err)
		}
	}
	// Whoever takes the triggers away is found by the chain; put back as it was it is whole again.
	for _, damage := range []struct{ do, undo string }{
		{"UPDATE audit SET detail = detail || 'x' WHERE seq = 2", "UPDATE audit SET detail = substr(detail, 1, length(detail)-1) WHERE seq = 2"},
		{"UPDATE audit SET seq = seq + 1000 WHERE seq = 2", "UPDATE audit SET seq = 2 WHERE seq = 1002"},
		{"UPDATE counter SET value = value + 1 WHERE name = 'audit'", "UPDATE counter SET value = value - 1 WHERE name = 'audit'"},
	} {
		for i, q := range []string{"DROP TRIGGER IF EXISTS audit_fixed", damage.do, damage.undo} {
			if _, err := sql.ExecContext(t.Context(), q); err != nil {
				t.Fatal(err)
			}
			if i == 0 {
				continue
			}
			if _, err := s.Admin.VerifyAudit(t.Context(), server.AuditRow{}); (mail.KindOf(err) == mail.StoreDamaged) != (i == 1) {
				t.Errorf("%s: %v", q, err)
			}
		}
	}
}
