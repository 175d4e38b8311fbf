package server_test

import (
	"strings"
	"testing"

	"hopthu/mail/server/servertest"
)

func TestIMAPFolders(t *testing.T) {
	s := servertest.Start(t)
	p := s.Person("Trần Văn Hùng", "kh&đt")
	a, b := imapLogin(t, s, p.Wire, p.Password), imapLogin(t, s, p.Wire, p.Password)
	mustHave(t, a.ok(`LIST "" ""`), `* LIST (\Noselect) "/" `)
	a.ok(`CREATE "Kho/2026/Thang 11/"`)
	list := a.ok(`LIST "" "Kho%"`)
	if len(list) != 1 || !strings.Contains(list[0], `\HasChildren`) {
		t.Errorf("%q", list)
	}
	mustHave(t, a.ok(`LIST "Kho/" "*" RETURN (CHILDREN)`), `\HasNoChildren) "/" "Kho/2026/Thang 11"`)
	a.refuse("NO [ALREADYEXISTS]", "CREATE Kho")
	a.refuse("NO [HASCHILDREN]", "DELETE Kho")
	a.refuse("NO", "DELETE INBOX")
	a.refuse("NO [NONEXISTENT]", "SELECT Nowhere")
	a.refuse("BAD", "FETCH 1 FLAGS") // the failed SELECT closed what was open
	a.refuse("NO [USEATTR]", `CREATE X (USE (\All))`)
	a.ok(`SUBSCRIBE "Kho/2026"`)
	mustHave(t, a.ok(`LSUB "" "*"`), `"Kho/2026"`)
	mustHave(t, a.ok(`LIST (SUBSCRIBED) "" "*"`), `\Subscribed`)
	a.ok(`UNSUBSCRIBE "Kho/2026"`)
	a.ok(`RENAME Kho Luu`)
	mustHave(t, a.ok(`LIST "" "*"`), `"Luu/2026/Thang 11"`)
	a.refuse("BAD", `LIST "" %s`, strings.Repeat("*", 17))

	a.ok(`SELECT "Luu/2026/Thang 11"`)
	b.ok(`DELETE "Luu/2026/Thang 11"`)
	a.send("n NOOP\r\n")
	if said := a.gone(); !strings.Contains(said, "* BYE The mailbox was deleted") {
		t.Errorf("%q", said)
	}

	b.appendTo("INBOX", `\Deleted`, letter)
	b.ok("EXAMINE INBOX")
	b.ok("CLOSE")
	mustHave(t, b.ok("STATUS INBOX (MESSAGES)"), "MESSAGES 1")
	b.ok("SELECT INBOX")
	if said := b.ok("CLOSE"); has(said, "EXPUNGE") {
		t.Errorf("CLOSE says %q", said)
	}
	mustHave(t, b.ok("STATUS INBOX (MESSAGES)"), "MESSAGES 0")
}

func TestIMAPConnectionsOfOneBox(t *testing.T) {
	s := servertest.Start(t)
	p, other := s.Person("Trần Văn Hùng", "kh&đt"), s.Person("Lê Thị Lan", "nv")
	var last *talk
	for range 64 {
		last = imapLogin(t, s, p.Wire, p.Password)
	}
	k := dial(t, s, s.IMAP)
	k.line()
	k.refuse("NO [LIMIT]", "LOGIN %q %q", p.Wire, p.Password)
	k.ok("LOGIN %q %q", other.Wire, other.Password)
	last.ok("LOGOUT")
	last.gone()
	k = dial(t, s, s.IMAP)
	k.line()
	for { // the place is free as soon as the server has closed the session
		if _, answer := k.cmd("LOGIN %q %q", p.Wire, p.Password); strings.HasPrefix(answer, "OK") {
			break
		}
	}
}
