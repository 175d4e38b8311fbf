package server_test

import (
	"fmt"
	"strings"
	"testing"

	"hopthu/mail"
	"hopthu/mail/server/servertest"
)

// told reads what is told unasked: as many lines as there are wanted parts, each holding its own.
func (k *talk) told(want ...string) {
	k.t.Helper()
	for _, w := range want {
		if got := k.line(); !strings.HasPrefix(got, "* ") || !strings.Contains(got, w) {
			k.t.Fatalf("told %q, expected %q", got, w)
		}
	}
}

// silent proves that nothing was told before now: the next thing said answers the next command.
func (k *talk) silent() {
	k.t.Helper()
	if got := k.ok("CAPABILITY"); len(got) != 1 {
		k.t.Fatalf("told %q", got)
	}
}

// RFC 5465 5.1 to 5.3: what happens to letters of mailboxes that are not open, while no command is carried out.
func TestIMAPNotifyElsewhere(t *testing.T) {
	s, p, k := seat(t)
	other := imapLogin(t, s, p.Wire, p.Password)
	for _, name := range []string{"Kho", "Kho/A", "Kho/B", "Lưu"} {
		other.ok("CREATE \"%s\"", name)
	}
	k.ok("ENABLE UTF8=ACCEPT")
	got := k.ok("NOTIFY SET STATUS (mailboxes Kho/A NONE) (subtree Kho (MessageNew MessageExpunge FlagChange)) (inboxes (MessageNew MessageExpunge))")
	if len(got) != 3 || !has(got, `* STATUS "Kho" (MESSAGES 0 UIDNEXT 1 UIDVALIDITY `) || !has(got, `* STATUS "Kho/B" (MESSAGES 0 UIDNEXT 1 UIDVALIDITY `) ||
		!has(got, " HIGHESTMODSEQ 1)") || !has(got, `* STATUS "INBOX" (MESSAGES 0 UIDNEXT 1 UIDVALIDITY `) {
		t.Errorf("%q", got)
	}
	other.appendTo("Kho/A", "", letter)
	other.appendTo("Lưu", "", letter)
	other.appendTo("Kho/B", "", letter)
	k.told(`* STATUS "Kho/B" (MESSAGES 1 UIDNEXT 2 UIDVALIDITY `)
	s.Deliver(p.Wire, letter)
	k.told(`* STATUS "INBOX" (MESSAGES 1 UIDNEXT 2 UIDVALIDITY `)
	other.ok("SELECT Kho/B")
	other.ok(`STORE 1 +FLAGS (\Deleted)`)
	k.told(`* STATUS "Kho/B" (UIDVALIDITY `)
	other.ok("EXPUNGE")
	k.told(`* STATUS "Kho/B" (MESSAGES 0 UIDNEXT 2 UIDVALIDITY `)
	other.ok("SELECT INBOX")
	other.ok(`STORE 1 +FLAGS (\Seen)`) // not asked for
	k.silent()

	// With IDLE as without; and nothing after NONE.
	k.send("i IDLE\r\n")
	if got := k.line(); got != "+ idling" {
		t.Fatal(got)
	}
	other.appendTo("Kho", "", letter)
	k.told(`* STATUS "Kho" (MESSAGES 1 `)
	k.send("DONE\r\n")
	k.until("i")
	k.ok("NOTIFY NONE")
	other.appendTo("Kho", "", letter)
	k.silent()
	k.ok("SELECT INBOX")
	other.appendTo("INBOX", "", letter)
	k.silent()
	mustHave(t, k.ok("NOOP"), "* 2 EXISTS") // who asks is told
}

// RFC 5465 6.1: the open mailbox, at once or with expunges in their time.
func TestIMAPNotifySelected(t *testing.T) {
	s, p, k := seat(t)
	other := imapLogin(t, s, p.Wire, p.Password)
	k.appendTo("INBOX", "", letter)
	k.ok("SELECT INBOX")
	other.ok("SELECT INBOX")
	other.appendTo("INBOX", "", letter)
	got := k.ok("NOTIFY SET (selected (MessageNew (UID BODY[HEADER.FIELDS (SUBJECT)] FLAGS) MessageExpunge FlagChange)) (personal (MessageNew MessageExpunge))")
	if len(got) != 1 || got[0] != "* 2 EXISTS" { // RFC 5465 3.1: as after NOOP
		t.Errorf("%q", got)
	}
	s.Deliver(p.Wire, letter)
	k.told("* 3 EXISTS", "* 3 FETCH (UID 3 BODY[HEADER.FIELDS (SUBJECT)] {")
	mustHave(t, k.ok("FETCH 3 FLAGS"), "FLAGS ()") // nothing was marked as read
	other.ok(`UID STORE 1:2 +FLAGS (\Deleted)`)
	k.told(`* 1 FETCH (UID 1 FLAGS (\Deleted))`, `* 2 FETCH (UID 2 FLAGS (\Deleted))`)
	other.ok("UID EXPUNGE 1:2")
	k.told("* 2 EXPUNGE", "* 1 EXPUNGE")
	k.silent()

	k.ok("NOTIFY SET (selected-delayed (MessageNew MessageExpunge))")
	other.ok("UID STORE 3 +FLAGS (x)") // not asked for
	other.ok(`UID STORE 3 +FLAGS (\Deleted)`)
	other.ok("EXPUNGE")
	other.appendTo("INBOX", "", letter)
	k.told("* 2 EXISTS")
	if got := k.ok("FETCH 2 UID"); len(got) != 1 || got[0] != "* 2 FETCH (UID 4)" {
		t.Errorf("numbers moved: %q", got)
	}
	if got := k.ok("NOOP"); len(got) != 1 || got[0] != "* 1 EXPUNGE" {
		t.Errorf("%q", got)
	}
	// Another mailbox becomes the open one.
	k.ok("CREATE Kho")
	k.ok("SELECT Kho")
	other.appendTo("INBOX", "", letter)
	other.appendTo("Kho", "", letter)
	k.told("* 1 EXISTS")
	k.ok("UNSELECT")
	other.appendTo("Kho", "", letter)
	k.silent()
	// Of the open mailbox nothing, of the others something.
	k.ok("SELECT Kho")
	k.ok("NOTIFY SET (personal (MessageNew MessageExpunge))")
	other.appendTo("Kho", "", letter)
	other.appendTo("INBOX", "", letter)
	k.told(`* STATUS "INBOX" (MESSAGES 3 `)
	k.silent()
	k.ok("UNAUTHENTICATE")
	k.ok("LOGIN %q %q", p.Wire, p.Password)
	other.appendTo("INBOX", "", letter)
	k.silent()
}

// RFC 5465 5.4 to 5.7: names, subscriptions, and what is noted.
func TestIMAPNotifyNames(t *testing.T) {
	s, p, k := seat(t)
	other := imapLogin(t, s, p.Wire, p.Password)
	other.ok("CREATE Kho/A")
	other.ok("SUBSCRIBE Kho")
	k.ok("NOTIFY SET (subtree Riêng (MailboxMetadataChange)) (personal (MailboxName SubscriptionChange MailboxMetadataChange ServerMetadataChange))")
	other.ok("CREATE Nhà")
	k.told(`* LIST (\HasNoChildren) "/" "Nh&AOA-"`)
	other.ok("RENAME Kho Lưu")
	k.told(`* LIST (\HasChildren \Subscribed) "/" "L&AbA-u" ("OLDNAME" ("Kho"))`, `* LIST (\HasNoChildren) "/" "L&AbA-u/A" ("OLDNAME" ("Kho/A"))`)
	other.ok("UNSUBSCRIBE Lưu")
	k.told(`* LIST (\HasChildren) "/" "L&AbA-u"`)
	other.ok("SUBSCRIBE Lưu/A")
	k.told(`* LIST (\HasNoChildren \Subscribed) "/" "L&AbA-u/A"`)
	other.ok("DELETE Lưu/A")
	k.told(`* LIST (\NonExistent) "/" "L&AbA-u/A"`)
	other.ok(`SETMETADATA INBOX (/private/comment "x" /shared/comment "y")`)
	k.told("* METADATA \"INBOX\" /private/comment", "* METADATA \"INBOX\" /shared/comment")
	other.ok(`SETMETADATA "" (/private/comment NIL)`)
	k.told("* METADATA \"\" /private/comment")
	other.ok("CREATE Riêng/X") // its level above is not asked about, and it is not
	other.ok("CREATE Chung")
	k.told(`* LIST (\HasNoChildren) "/" "Chung"`)
	k.ok("NOTIFY SET (subscribed (SubscriptionChange))")
	other.ok("UNSUBSCRIBE Lưu/A")
	k.told(`* LIST (\NonExistent) "/" "L&AbA-u/A"`)
	other.ok("CREATE Nữa")
	k.silent()
}

// A client that does not come to read is told that it missed something, once, and then nothing more (RFC 5465 5.8).
func TestIMAPNotifyOverflow(t *testing.T) {
	s, p, k := seat(t)
	other := imapLogin(t, s, p.Wire, p.Password)
	k.ok("NOTIFY SET (personal (MailboxName SubscriptionChange MessageNew MessageExpunge))")
	k.send("a APPEND Trash {%d}\r\n", len(letter))
	if got := k.line(); got[0] != '+' {
		t.Fatal(got)
	}
	for range 300 {
		other.ok("SUBSCRIBE INBOX")
	}
	k.send("%s\r\n", letter)
	got, answer := k.until("a")
	if !strings.HasPrefix(answer, "OK") || len(got) != 1 || !strings.HasPrefix(got[0], "* OK [NOTIFICATIONOVERFLOW]") {
		t.Errorf("%q %q", got, answer)
	}
	other.ok("CREATE Kho")
	k.silent()

	var names strings.Builder
	for i := range 257 {
		fmt.Fprintf(&names, " A%d", i)
	}
	k.refuse("NO [NOTIFICATIONOVERFLOW]", "NOTIFY SET (mailboxes (%s) (MessageNew MessageExpunge))", names.String()[1:])
	k.refuse("NO [NOTIFICATIONOVERFLOW]", "NOTIFY SET%s", strings.Repeat(" (inboxes (MailboxName))", 65))
}

func TestIMAPNotifyForms(t *testing.T) {
	_, _, k := seat(t)
	for _, c := range []string{
		"", " ", " SET", " NONE x", " SET (personal)", " SET (personal ())", " SET personal (MailboxName)", " SET (nowhere (MailboxName))",
		" SET (personal (MessageNew))", " SET (personal (MessageExpunge))", " SET (personal (FlagChange))", " SET (selected (MailboxName))",
		" SET (personal (MessageNew (UID) MessageExpunge))", " SET (selected (MessageNew () MessageExpunge))", " SET (selected NONE) (selected-delayed NONE)",
		" SET (selected (MessageNew MessageExpunge)) (selected-delayed (MessageNew MessageExpunge))", " SET (mailboxes () (MailboxName)) x", " SET (subtree (MailboxName))",
		" SET STATUS", " SET  (personal NONE)", " STATUS (personal NONE)", " SET (selected (MessageNew (BODY[1.) MessageExpunge))",
	} {
		k.refuse("BAD", "NOTIFY%s", c)
	}
	got := k.refuse("NO [BADEVENT (MessageNew MessageExpunge FlagChange ", "NOTIFY SET (personal (MessageNew MessageExpunge AnnotationChange))")
	if !strings.Contains(got, "ServerMetadataChange)]") {
		t.Error(got)
	}
	k.ok(`NOTIFY SET (mailboxes ("nowhere" "" "a//b" {3+}` + "\r\nabc) (MailboxName)) (SELECTED-DELAYED (messagenew messageexpunge flagchange))")
	k.ok("NOTIFY NONE")
}

// What happens in the box of an agency that a person may open is told like what happens in his own, and no longer than
// he may.
func TestIMAPNotifyShared(t *testing.T) {
	s := servertest.Start(t)
	agency, chief := s.Agency("kh&đt", "Nguyễn Thị Mai")
	hung := s.Person("Trần Văn Hùng", "kh&đt")
	s.Delegate(agency, hung, mail.ScopeRead, nil)
	k := imapLogin(t, s, hung.Wire, hung.Password)
	k.ok("ENABLE UTF8=ACCEPT")
	const inbox = "Hộp thư công vụ/kh&đt/INBOX"
	mustHave(t, k.ok("NOTIFY SET STATUS (subtree \"Hộp thư công vụ\" (MessageNew MessageExpunge MailboxName)) (personal (MessageNew MessageExpunge))"), `* STATUS "`+inbox+`" (MESSAGES 0`)
	s.Deliver(agency.Wire, letter)
	k.told(`* STATUS "` + inbox + `" (MESSAGES 1 `)
	s.Deliver(hung.Wire, letter)
	k.told(`* STATUS "INBOX" (MESSAGES 1 `)
	c := imapAs(t, s, agency, chief)
	c.ok("CREATE Moi")
	k.told(`* LIST (\HasNoChildren) "/" "Hộp thư công vụ/kh&đt/Moi"`)
	c.ok("NOTIFY SET (inboxes (MessageNew MessageExpunge ServerMetadataChange MailboxMetadataChange))")
	c2 := imapLogin(t, s, chief.Wire, chief.Password)
	c2.ok(`SETMETADATA "" (/private/x "1")`)
	c.told(`* METADATA "" /private/x`)
	c2.ok("ENABLE UTF8=ACCEPT")
	c2.ok(`SETMETADATA "` + inbox + `" (/private/x "1" /shared/x "1")`)
	c.told(`* METADATA "INBOX" /private/x`, `* METADATA "INBOX" /shared/x`)
	k.refuse("NO [NOPERM]", `SETMETADATA "`+inbox+`" (/private/x "1" /shared/x "1")`)
	k.ok(`SETMETADATA "` + inbox + `" (/private/x "2")`)
	c.silent()
	mustHave(t, c.ok("GETMETADATA INBOX /private/x"), `/private/x "1"`)
	mustHave(t, k.ok(`GETMETADATA "`+inbox+`" /private/x`), `/private/x "2"`)
}
