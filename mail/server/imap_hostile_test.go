package server_test

import (
	"fmt"
	"strings"
	"testing"

	"hopthu/mail/server"
	"hopthu/mail/server/servertest"
)

// A set names a letter once, however often a client does; in an empty mailbox there is no number (RFC 9051 section 9:
// seq-number).
func TestIMAPSets(t *testing.T) {
	_, _, k := seat(t)
	k.ok("SELECT INBOX")
	for _, c := range []string{"FETCH * FLAGS", "FETCH 1:* FLAGS", "STORE 1 FLAGS ()", "COPY 1 Trash"} {
		k.refuse("BAD", c)
	}
	for _, c := range []string{"SEARCH 1", "SEARCH NOT 1:*", "SEARCH *", "UID SEARCH 1:*"} { // a search finds nothing there, as in Dovecot
		if got := k.ok("%s", c); len(got) != 1 || got[0] != "* SEARCH" {
			t.Errorf("%s: %q", c, got)
		}
	}
	for _, c := range []string{"UID FETCH * FLAGS", "UID FETCH 1:* FLAGS", "UID STORE 1:* +FLAGS (x)", "UID EXPUNGE 1:*", "UID MOVE 1:* Trash", "FETCH $ FLAGS"} {
		if got := k.ok("%s", c); len(got) != 0 {
			t.Errorf("%s: %q", c, got)
		}
	}
	for range 3 {
		k.appendTo("INBOX", "", letter)
	}
	k.ok("NOOP")
	many := strings.Repeat("1:*,3,", 8000) + "2"
	for _, c := range []string{"FETCH %s UID", "UID FETCH %s UID"} {
		if got := k.ok(c, many); len(got) != 3 {
			t.Errorf("%d answers", len(got))
		}
	}
	mustHave(t, k.ok("UID SEARCH NOT UID %s", many), "* SEARCH")
	mustHave(t, k.ok("UID FETCH 99:* UID"), "* 3 FETCH (UID 3)")
	k.refuse("BAD", "FETCH 1:4 UID")
}

// What another session changed is told though this one set flags silently meanwhile.
func TestIMAPSilentStoreHidesNothing(t *testing.T) {
	s, p, a := seat(t)
	b := imapLogin(t, s, p.Wire, p.Password)
	a.appendTo("INBOX", "", letter)
	a.ok("SELECT INBOX")
	b.ok("SELECT INBOX")
	b.ok(`STORE 1 +FLAGS (\Flagged)`)
	mustHave(t, a.ok(`STORE 1 +FLAGS.SILENT (\Seen)`), `FLAGS (\Seen \Flagged)`)
	b.ok(`STORE 1 +FLAGS (\Answered)`)
	mustHave(t, a.ok(`STORE 1 +FLAGS.SILENT (\Answered)`), `FLAGS (\Seen \Answered \Flagged)`) // nothing to do, something to tell
	if got := a.ok(`STORE 1 -FLAGS.SILENT (\Seen)`); len(got) != 0 {
		t.Errorf("%q", got)
	}
	mustHave(t, b.ok("NOOP"), `FLAGS (\Answered \Flagged)`)
}

func TestIMAPDeleteOfTheOpenMailbox(t *testing.T) {
	_, _, k := seat(t)
	k.ok("CREATE Kho")
	k.ok("SELECT Kho")
	k.ok("DELETE Kho")
	k.refuse("BAD", "FETCH 1 FLAGS")
	k.ok("SELECT INBOX")
	k.refuse("NO [NONEXISTENT]", "SELECT Kho")
	k.refuse("NO [USEATTR]", `CREATE Kho (USE (\Sent))`)
}

// Literals that announce literals are read in one loop, not one inside the other.
func TestIMAPChainOfLiterals(t *testing.T) {
	_, _, k := seat(t)
	k.ok("CREATE Luu")
	k.send("a APPEND {5000+}\r\n%s%s\r\nb NOOP\r\n", strings.Repeat("x", 5000), strings.Repeat("{0+}\r\n", 200_000))
	if _, answer := k.until("a"); !strings.HasPrefix(answer, "BAD [TOOBIG]") {
		t.Error(answer)
	}
	k.until("b")
	k.refuse("BAD", "CREATE {3+}\r\na\x00b")
	mustHave(t, k.ok(`LIST "" Luu`), "Luu")
}

// RFC 5258: a name above is told with CHILDINFO only when what it stands for is not told itself.
func TestIMAPListAbove(t *testing.T) {
	s, p, k := seat(t)
	k.ok("CREATE Kho/A/B")
	k.ok("SUBSCRIBE Kho/A/B")
	k.ok("CREATE INBOX/Con")
	mustNot(t, k.ok(`LIST (SUBSCRIBED RECURSIVEMATCH) "" *`), "CHILDINFO")
	got := k.ok(`LIST (SUBSCRIBED RECURSIVEMATCH) "" (Kho Kho/%%)`)
	if len(got) != 2 || !has(got, `"Kho" ("CHILDINFO" ("SUBSCRIBED"))`) || !has(got, `"Kho/A" ("CHILDINFO" ("SUBSCRIBED"))`) {
		t.Errorf("%q", got)
	}
	mustHave(t, k.ok(`LIST () "" ("a" "inbox/Con" "inbox")`), `"INBOX/Con"`)
	mustHave(t, k.ok(`LIST "inbox/" "%%"`), `"INBOX/Con"`)
	mustHave(t, k.ok(`LIST "" "iNbOx"`), `"INBOX"`)
	k.refuse("BAD", `LIST "" ()`)
	k.refuse("BAD", `LIST (RECURSIVEMATCH) "" *`)
	other := imapLogin(t, s, p.Wire, p.Password)
	other.ok("DELETE Kho/A/B")
	other.ok("DELETE Kho/A")
	other.ok("DELETE Kho")
	mustHave(t, k.ok(`LIST (SUBSCRIBED) "" *`), `\NonExistent) "/" "Kho/A/B"`)
	mustHave(t, k.ok(`LIST (SUBSCRIBED RECURSIVEMATCH) "" "K%%"`), `\NonExistent) "/" "Kho" ("CHILDINFO" ("SUBSCRIBED"))`)
}

func TestIMAPFetchForms(t *testing.T) {
	_, _, k := seat(t)
	k.appendTo("INBOX", "", letter)
	k.appendTo("INBOX", "", "From: a@b\r\n\r\n")
	k.ok("SELECT INBOX")
	for _, c := range []string{"(FAST)", "(FLAGS ALL)", "BODY[1.]", "BODY.PEEK", "BODY[0]", "BODY[MIME]", "()", "BODY[]<0.0>", "BODY[HEADER.FIELDS ()]", "RFC822.PEEK", "FLAGS FLAGS"} {
		k.refuse("BAD", "FETCH 1 %s", c)
	}
	mustHave(t, k.ok("FETCH 1 FULL"), " ENVELOPE (")
	for c, want := range map[string]string{
		"(UID UID FLAGS uid)":                           "* 1 FETCH (UID 1 FLAGS ())",
		"PREVIEW (LAZY)":                                "PREVIEW {",
		"BODY.PEEK[]<0.4>":                              "* 1 FETCH (BODY[]<0> {4}\r\nFrom)",
		"BODY.PEEK[]<9999.4>":                           "* 1 FETCH (BODY[]<9999> {0}\r\n)",
		"BODY.PEEK[TEXT]<9999.4>":                       "* 1 FETCH (BODY[TEXT]<9999> {0}\r\n)",
		"BODY.PEEK[7]":                                  "* 1 FETCH (BODY[7] NIL)",
		`BODY.PEEK[header.fields (subject "x y" "\"")]`: `BODY[HEADER.FIELDS (subject "x y" "?")] {`,
		"BODY.PEEK[1.MIME]":                             "* 1 FETCH (BODY[1.MIME] {",
		"RFC822.HEADER":                                 "* 1 FETCH (RFC822.HEADER {",
	} {
		mustHave(t, k.ok("FETCH 1 %s", c), want)
	}
	mustHave(t, k.ok("FETCH 2 (BODY.PEEK[TEXT] BODY.PEEK[1])"), "* 2 FETCH (BODY[TEXT] {0}\r\n BODY[1] {0}\r\n)")
	mustHave(t, k.ok("UID FETCH 1:2 PREVIEW (PARTIAL 1:1)"), "* 1 FETCH (UID 1 PREVIEW ")
	mustHave(t, k.ok("FETCH 1 RFC822.TEXT"), `\Seen`)
}

// RFC 9051 6.4.4.1: what saving says, and what it leaves when it fails.
func TestIMAPSavedResults(t *testing.T) {
	_, _, k := seat(t)
	for range 3 {
		k.appendTo("INBOX", "", letter)
	}
	k.ok("SELECT INBOX")
	if got := k.ok("SEARCH RETURN (SAVE) ALL"); len(got) != 0 {
		t.Errorf("an answer nobody asked for: %q", got)
	}
	k.refuse("BAD", "SEARCH RETURN (SAVE) XYZZY")
	if got := k.ok("FETCH $ UID"); len(got) != 3 {
		t.Errorf("%q", got)
	}
	k.ok(`STORE 2 +FLAGS.SILENT (\Deleted)`)
	k.ok("EXPUNGE")
	if got := k.ok("UID FETCH $ FLAGS"); len(got) != 2 {
		t.Errorf("after an expunge: %q", got)
	}
	k.refuse("NO [BADCHARSET", "SEARCH RETURN (SAVE) CHARSET KOI8-R ALL")
	if got := k.ok("FETCH $ UID"); len(got) != 0 {
		t.Errorf("after a refusal: %q", got)
	}
	k.ok("SEARCH RETURN (SAVE) ALL")
	k.refuse("NO", "SELECT Nowhere")
	k.refuse("BAD", "FETCH $ UID")
	k.ok("SELECT INBOX")
	if got := k.ok("FETCH $ UID"); len(got) != 0 {
		t.Errorf("after another SELECT: %q", got)
	}
	untagged, answer := k.cmd("REPLACE * INBOX {%d+}\r\n%s", len(letter), letter)
	if mustHave(t, untagged, "* 2 EXPUNGE"); !strings.HasPrefix(answer, "OK") {
		t.Error(answer)
	}
}

// RFC 9208: limit and use in units of 1024 octets.
func TestIMAPQuota(t *testing.T) {
	s := servertest.Start(t, servertest.WithConfig(func(c *server.Config) { c.Quota = 8 << 10 }))
	p := s.Person("Trần Văn Hùng", "kh&đt")
	k := imapLogin(t, s, p.Wire, p.Password)
	k.appendTo("INBOX", "", letter+strings.Repeat("x", 1024))
	got := k.ok("GETQUOTAROOT inbox")
	mustHave(t, got, `* QUOTA "" (STORAGE 2 8)`)
	big := strings.Repeat("x", 7<<10)
	k.refuse("NO [OVERQUOTA]", "APPEND INBOX {%d+}\r\n%s", len(big), big)
	k.ok("SELECT INBOX")
	for range 5 {
		k.ok("COPY 1 Trash")
	}
	k.refuse("NO [OVERQUOTA]", "COPY 1 Trash")
	mustHave(t, k.ok("STATUS Trash (MESSAGES)"), "MESSAGES 5")
}

// A mailbox with more keywords than before tells them before they are used (RFC 9051 7.3.5).
func TestIMAPKeywords(t *testing.T) {
	s, p, a := seat(t)
	b := imapLogin(t, s, p.Wire, p.Password)
	a.appendTo("INBOX", "", letter)
	a.ok("SELECT INBOX")
	b.ok("SELECT INBOX")
	b.ok("STORE 1 +FLAGS (Ghi)")
	got := strings.Join(a.ok("NOOP"), "\n")
	flags, fetch := strings.Index(got, "* FLAGS ("), strings.Index(got, "* 1 FETCH")
	if flags < 0 || fetch < flags || !strings.Contains(got[:fetch], "Ghi") || !strings.Contains(got[:fetch], "PERMANENTFLAGS") {
		t.Errorf("%q", got)
	}
	mustNot(t, a.ok("FETCH 1 FLAGS"), "* FLAGS")
	mustHave(t, a.ok("SEARCH KEYWORD gHI"), "* SEARCH 1")
	a.refuse("NO [CANNOT]", "STORE 1 +FLAGS (%s)", strings.Repeat("k", 101))
	a.refuse("BAD", `STORE 1 +FLAGS (\Xyzzy)`)
	var many []string
	for i := range 70 {
		many = append(many, fmt.Sprintf("k%d", i))
	}
	a.refuse("NO", "STORE 1 +FLAGS (%s)", strings.Join(many, " "))
}
