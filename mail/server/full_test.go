package server_test

import (
	"fmt"
	"strings"
	"testing"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/server"
	"hopthu/mail/server/servertest"
)

// A full disk refuses for now, with a word that says so at every door; nothing half written stays, what was there can be
// read, and as soon as there is room all goes on by itself.
func TestDiskFull(t *testing.T) {
	s := servertest.Start(t)
	p := s.Person("Trần Văn Hùng", "kh&đt")
	s.Deliver(p.Wire, "Subject: before\n\nx\n")
	k := imapLogin(t, s, p.Wire, p.Password)
	k.ok("SELECT INBOX")
	m := smtpLogin(t, s, p.Wire, p.Password)
	body := strings.Repeat("0123456789abcdef0123456789abcdef0123456789abcdef\r\n", 40000)
	send := func(code string, n int, body string) {
		t.Helper()
		m.want("250", "MAIL FROM:<%s>", p.Wire)
		m.want("250", "RCPT TO:<%s>", p.Wire)
		m.want("354", "DATA")
		m.want(code, "From: <%s>\r\nMessage-ID: <%d@x>\r\nSubject: %d\r\n\r\n%s.", p.Wire, n, n, body)
	}
	if err := s.Admin.FillDisk(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	for n := range 3 {
		send("452 4.3.1", n, body)
	}
	raw := "Subject: draft\r\n\r\n" + body
	k.send("a APPEND Drafts {%d}\r\n", len(raw))
	k.line()
	k.send("%s\r\n", raw)
	if _, a := k.until("a"); !strings.HasPrefix(a, "NO [UNAVAILABLE]") {
		t.Errorf("append: %q", a)
	}
	if _, err := s.Admin.AddPerson(t.Context(), "Lê Hà", "kh&đt", strings.Repeat("x ", 200000)); mail.KindOf(err) != mail.DiskFull {
		t.Errorf("a person on a full disk: %v", err)
	}
	mustHave(t, k.ok("FETCH 1 BODY[]"), "Subject: before")
	if got := k.ok("STATUS INBOX (MESSAGES)"); !has(got, "MESSAGES 1") {
		t.Errorf("half a letter: %q", got)
	}
	if err := s.Admin.FillDisk(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	send("250", 0, body) // the very letter that was refused
	if got := k.ok("STATUS INBOX (MESSAGES)"); !has(got, "MESSAGES 2") {
		t.Errorf("after there is room again: %q", got)
	}
	other := servertest.Start(t, servertest.WithConfig(func(c *server.Config) { c.Faults = false }))
	if err := other.Admin.FillDisk(t.Context(), true); mail.KindOf(err) != mail.Refused {
		t.Errorf("anybody may fill the disk: %v", fmt.Sprint(err))
	}
}

// A disk that may only be read refuses every change for now, at every door and with a code that says so; what is there
// can be read; and as soon as it may be written all goes on by itself.
func TestDiskReadOnly(t *testing.T) {
	s := servertest.Start(t)
	p := s.Person("Trần Văn Hùng", "kh&đt")
	for range 3 {
		s.Deliver(p.Wire, "Subject: before\n\nx\n")
	}
	k, m := imapLogin(t, s, p.Wire, p.Password), smtpLogin(t, s, p.Wire, p.Password)
	k.ok("SELECT INBOX")
	changes := []string{
		`STORE 1 +FLAGS (\Deleted)`, "COPY 2 Trash", "UID MOVE 3 Archive", "APPEND INBOX {9+}\r\nA: b\r\n\r\nc", "REPLACE 2 INBOX {9+}\r\nA: b\r\n\r\nc",
		"EXPUNGE", `CREATE "Mới"`, `RENAME "Mới" "Khác"`, `SUBSCRIBE "Khác"`, `SETMETADATA "Khác" (/private/comment "x")`, `DELETE "Khác"`,
	}
	k.ok("ENABLE UTF8=ACCEPT")
	if err := s.Admin.ProtectDisk(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	for _, c := range changes {
		switch {
		case c == "EXPUNGE": // nothing is marked: there is nothing to do
		case strings.Contains(c, "Khác"): // what is not there is not there
			k.refuse("NO [", "%s", c)
		default:
			k.refuse("NO [UNAVAILABLE]", "%s", c)
		}
	}
	m.want("250", "MAIL FROM:<%s>", p.Wire)
	m.want("250", "RCPT TO:<%s>", p.Wire)
	m.want("354", "DATA")
	m.want("451 4.3", "%s.", message(p.Wire, "m1", "x"))
	if err := s.Admin.Deliver(t.Context(), server.Delivery{To: []string{p.Wire}, Raw: []byte("x")}); mail.KindOf(err) != mail.NoPermission {
		t.Errorf("a delivery: %v", err)
	}
	d := dial(t, s, s.IMAP)
	d.line()
	d.refuse("NO [UNAVAILABLE]", "LOGIN %q %q", p.Wire, p.Password) // it would have to be noted; it is not a wrong password
	if status, problem := change(t, s, office(t, s), api.PasswordChange{Login: p.Wire, Old: p.Password, New: fresh}); status != 503 {
		t.Errorf("a change of password: %d %+v", status, problem)
	}
	mustHave(t, k.ok("FETCH 1 BODY.PEEK[]"), "Subject: before")
	mustHave(t, k.ok("FETCH 1 BODY[]"), "Subject: before") // that it was read cannot be noted
	mustHave(t, k.ok("SEARCH SUBJECT before"), "* SEARCH 1 2 3")
	mustHave(t, k.ok("STATUS INBOX (MESSAGES)"), "MESSAGES 3")
	if err := s.Admin.ProtectDisk(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	for _, c := range changes {
		k.ok("%s", c)
	}
	m.want("250", "MAIL FROM:<%s>", p.Wire)
	m.want("250", "RCPT TO:<%s>", p.Wire)
	m.want("354", "DATA")
	m.want("250", "%s.", message(p.Wire, "m1", "x"))
	d.ok("LOGIN %q %q", p.Wire, p.Password)
}
