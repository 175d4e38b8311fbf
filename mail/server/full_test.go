package server_test

import (
	"fmt"
	"strings"
	"testing"

	"hopthu/mail"
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
