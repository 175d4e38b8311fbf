package server_test

import (
	"fmt"
	"strings"
	"testing"
)

// RFC 7162 3.2.11 and RFC 9051 7.1: whoever opens another mailbox hears first that the old one is closed, whatever is
// enabled, and though the other cannot be opened.
func TestIMAPClosed(t *testing.T) {
	_, _, k := seat(t)
	mustNot(t, k.ok("SELECT INBOX"), "[CLOSED]")
	for _, c := range []string{"SELECT Trash", "EXAMINE INBOX"} {
		if got := k.ok("%s", c); !strings.HasPrefix(got[0], "* OK [CLOSED] ") {
			t.Errorf("%s: %q", c, got)
		}
	}
	if got, answer := k.cmd("SELECT Nowhere"); len(got) != 1 || !strings.HasPrefix(got[0], "* OK [CLOSED] ") || !strings.HasPrefix(answer, "NO ") {
		t.Errorf("%q %s", got, answer)
	}
	mustNot(t, k.ok("SELECT INBOX"), "[CLOSED]")
}

// RFC 3501 6.3.1: a client of IMAP4rev1 hears where the first unread message stands, where there is one.
func TestIMAPFirstUnseen(t *testing.T) {
	s, p, k := seat(t)
	mustNot(t, k.ok("SELECT INBOX"), "[UNSEEN ")
	for _, flags := range []string{`\Seen`, `\Seen`, "", ""} {
		k.appendTo("INBOX", flags, letter)
	}
	mustHave(t, k.ok("SELECT INBOX"), "* OK [UNSEEN 3] ")
	k.ok(`STORE 1 +FLAGS (\Deleted)`)
	k.ok("EXPUNGE")
	mustHave(t, k.ok("EXAMINE INBOX"), "* OK [UNSEEN 2] ")
	k.ok("ENABLE IMAP4rev2")
	mustNot(t, k.ok("SELECT INBOX"), "[UNSEEN ")
	k.ok(`STORE 1:* +FLAGS (\Seen)`)
	mustNot(t, imapLogin(t, s, p.Wire, p.Password).ok("SELECT INBOX"), "[UNSEEN ")
}

// RFC 7162 3.1: the first command that shows that the client knows of CONDSTORE is told where the open mailbox stands; one
// that is wrong turns nothing on.
func TestIMAPEnablingCommands(t *testing.T) {
	s, p, first := seat(t)
	first.appendTo("INBOX", "", letter)
	for _, c := range []string{
		"FETCH 1 (MODSEQ)", "FETCH 1 FLAGS (CHANGEDSINCE 1)", "STORE 1 (UNCHANGEDSINCE 9) +FLAGS.SILENT (x)", "SEARCH MODSEQ 1", "SORT (DATE) UTF-8 MODSEQ 1",
		"STATUS INBOX (HIGHESTMODSEQ)", `LIST "" INBOX RETURN (STATUS (HIGHESTMODSEQ))`, "ENABLE CONDSTORE", "ENABLE QRESYNC",
	} {
		k := imapLogin(t, s, p.Wire, p.Password)
		k.refuse("BAD", "SELECT INBOX (CONDSTORE")
		k.ok("SELECT INBOX")
		k.refuse("BAD", "SEARCH MODSEQ 1 NOTHING")
		mustNot(t, k.ok("STORE 1 +FLAGS (one)"), "MODSEQ")
		mustHave(t, k.ok("%s", c), "* OK [HIGHESTMODSEQ ")
		mustNot(t, k.ok("FETCH 1 (MODSEQ)"), "* OK [HIGHESTMODSEQ ")
		mustHave(t, k.ok("STORE 1 -FLAGS (one)"), "MODSEQ (")
		k.ok("LOGOUT")
	}
}

// RFC 7162 7: what the parameter QRESYNC cannot hold.
func TestIMAPQresyncArguments(t *testing.T) {
	_, _, k := seat(t)
	k.ok("ENABLE QRESYNC")
	for _, q := range []string{"(0 1)", "(1 0)", "(1 1 1:*)", "(1 1 $)", "(1 1 0)", "(1)", "1 1", "(1 1 1:5 (1))", "(1 9223372036854775808)"} {
		k.refuse("BAD", "SELECT INBOX (QRESYNC %s)", q)
	}
	k.ok("SELECT INBOX (QRESYNC (1 1 1:5 (1,3 1,3)))")
}

// RFC 9051 section 9 and RFC 2971: lists that hold something, and pairs.
func TestIMAPEmptyLists(t *testing.T) {
	_, _, k := seat(t)
	k.ok("SELECT INBOX")
	for _, c := range []string{
		"STATUS INBOX ()", `LIST "" * RETURN (STATUS ())`, `LIST "" ()`, "SELECT INBOX ()", "CREATE Kho ()", "SEARCH ()", "SORT () UTF-8 ALL",
		"FETCH 1 ()", "FETCH 1 BODY[HEADER.FIELDS ()]", `ID ("name")`, `ID ("name" "x" "version")`,
	} {
		k.refuse("BAD", "%s", c)
	}
	for _, c := range []string{`LIST () "" %`, `LIST "" % RETURN ()`, "SEARCH RETURN () ALL", "ID ()", `ID ("name" NIL)`} {
		k.ok("%s", c)
	}
}

// RFC 3516 4.3: a part whose encoding nobody knows fails the request, without a mark on its letter; the others are
// answered for.
func TestIMAPUnknownEncoding(t *testing.T) {
	_, _, k := seat(t)
	part := "From: a@b\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\nContent-Type: message/rfc822\r\n\r\n" +
		"Content-Transfer-Encoding: %[1]s\r\n\r\nxyz\r\n--q\r\nContent-Transfer-Encoding: %[1]s\r\n\r\nxyz\r\n--q--\r\n"
	k.appendTo("INBOX", "", fmt.Sprintf(part, "x-own"))
	k.appendTo("INBOX", "", fmt.Sprintf(part, "8BIT"))
	k.ok("SELECT INBOX")
	for _, item := range []string{"BINARY[2]", "BINARY.PEEK[2]<0.1>", "BINARY.SIZE[2]", "BINARY[1.1]"} {
		got, answer := k.cmd("FETCH 1:2 (%s)", item)
		if !strings.HasPrefix(answer, "NO [UNKNOWN-CTE] ") || len(got) != 1 || !strings.HasPrefix(got[0], "* 2 FETCH (BINARY") {
			t.Errorf("%s: %q %s", item, got, answer)
		}
	}
	mustHave(t, k.ok("SEARCH SEEN"), "* SEARCH 2")
	mustHave(t, k.ok("FETCH 1 (BINARY.PEEK[] BINARY.PEEK[1] BINARY.SIZE[3] BODY.PEEK[2])"), "BODY[2] {3}\r\nxyz")
}

// RFC 9051 6.4.5: \Seen is set when one of two like items does not peek.
func TestIMAPPeekBeside(t *testing.T) {
	_, _, k := seat(t)
	k.appendTo("INBOX", "", letter)
	k.ok("SELECT INBOX")
	mustHave(t, k.ok("FETCH 1 (BODY.PEEK[] BODY[])"), `FLAGS (\Seen)`)
}

// RFC 5256 2.1 and 3 with RFC 5051: case makes no difference, not even for the next key; what is no letter stands where
// ASCII has it beside capitals; words that differ in their marks are two, and stand together.
func TestIMAPCollation(t *testing.T) {
	_, _, k := seat(t)
	for _, c := range []struct{ subject, body string }{
		{"b", "1"}, {"_", "22"}, {"[x]", "333"}, {"C", "4444"}, {"a", "55555"}, {"Re: B", "666666"}, {"c", "7777777"},
	} {
		k.appendTo("INBOX", "", "Subject: "+c.subject+"\r\n\r\n"+c.body)
	}
	k.ok("CREATE Kho")
	for _, s := range []string{"Bộ", "Bán", "Ban", "Re: BÁN", "Họp", "Hộp", "họp", "Bao"} {
		k.appendTo("Kho", "", "Subject: "+s+"\r\n\r\nx")
	}
	for c, want := range map[string]string{
		"SORT (SUBJECT) UTF-8 ALL":              "* SORT 5 1 6 4 7 3 2",
		"SORT (SUBJECT REVERSE SIZE) UTF-8 ALL": "* SORT 5 6 1 7 4 3 2",
		"SORT (REVERSE SUBJECT) UTF-8 ALL":      "* SORT 2 3 4 7 1 6 5",
	} {
		k.ok("SELECT INBOX")
		if got := k.ok("%s", c); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %q", c, got, want)
		}
	}
	k.ok("SELECT Kho")
	for c, want := range map[string]string{
		"SORT (SUBJECT) UTF-8 ALL":        "* SORT 3 2 4 8 1 5 7 6",
		"THREAD ORDEREDSUBJECT UTF-8 ALL": "* THREAD (1)(2 4)(3)(5 7)(6)(8)",
		"THREAD REFERENCES UTF-8 ALL":     "* THREAD (1)(2 4)(3)((5)(7))(6)(8)",
	} {
		if got := k.ok("%s", c); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %q", c, got, want)
		}
	}
}

// RFC 9051 6.3.2, 6.3.4, 6.3.6: a client of IMAP4rev2 hears by which name a mailbox goes when the server writes it
// otherwise.
func TestIMAPNamesWrittenOtherwise(t *testing.T) {
	s, p, k := seat(t)
	k.ok("ENABLE IMAP4rev2")
	const composed, decomposed = "Sở", "So\u031b\u0309"
	line := `* LIST (\HasNoChildren) "/" "%s" ("OLDNAME" ("%s"))`
	mustHave(t, k.ok("CREATE \"%s\"", decomposed), fmt.Sprintf(line, composed, decomposed))
	mustHave(t, k.ok("EXAMINE \"%s\"", decomposed), fmt.Sprintf(line, composed, decomposed))
	mustNot(t, k.ok("EXAMINE \"%s\"", composed), "OLDNAME")
	mustNot(t, k.ok("EXAMINE inbox"), "OLDNAME")
	mustHave(t, k.ok("RENAME \"%s\" \"%s 2\"", composed, decomposed), fmt.Sprintf(line, composed+" 2", composed))
	if got := k.ok("RENAME \"%s 2\" \"%s 3\"", composed, composed); len(got) != 0 {
		t.Errorf("%q", got)
	}
	old := imapLogin(t, s, p.Wire, p.Password)
	if got := old.ok("CREATE {%d+}\r\n%s", len(decomposed), decomposed); len(got) != 0 {
		t.Errorf("IMAP4rev1: %q", got)
	}
}

// RFC 9051 6.4.4: the day that a letter came is that of the agencies' zone, in which it is told.
func TestIMAPDaysOfTheZone(t *testing.T) {
	_, _, k := seat(t)
	for _, at := range []string{"24-Nov-2026 16:59:59 +0000", "24-Nov-2026 17:00:00 +0000", "25-Nov-2026 06:30:00 +0700"} {
		k.ok("APPEND INBOX \"%s\" {9+}\r\nA: b\r\n\r\nc", at)
	}
	k.ok("SELECT INBOX")
	for c, want := range map[string]string{
		"SEARCH ON 24-Nov-2026": "* SEARCH 1", "SEARCH SINCE 25-Nov-2026": "* SEARCH 2 3", "SEARCH BEFORE 25-Nov-2026": "* SEARCH 1", "SEARCH ON 26-Nov-2026": "* SEARCH",
	} {
		if got := k.ok("%s", c); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %q", c, got, want)
		}
	}
	mustHave(t, k.ok("FETCH 2 INTERNALDATE"), `INTERNALDATE "25-Nov-2026 00:00:00 +0700"`)
}
