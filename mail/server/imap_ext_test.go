package server_test

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"hopthu/mail/server"
	"hopthu/mail/server/servertest"
)

// number finds the number behind a word in the lines.
func number(t *testing.T, lines []string, word string) uint64 {
	t.Helper()
	m := regexp.MustCompile(regexp.QuoteMeta(word) + `[ (]+(\d+)`).FindStringSubmatch(strings.Join(lines, "\n"))
	if m == nil {
		t.Fatalf("no %s in %q", word, lines)
	}
	n, err := strconv.ParseUint(m[1], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func mustNot(t *testing.T, lines []string, part string) {
	t.Helper()
	if has(lines, part) {
		t.Fatalf("%q in %q", part, lines)
	}
}

func seat(t *testing.T) (*servertest.Server, server.Box, *talk) {
	s := servertest.Start(t)
	p := s.Person("Trần Văn Hùng", "kh&đt")
	return s, p, imapLogin(t, s, p.Wire, p.Password)
}

// RFC 7162: CONDSTORE.
func TestIMAPCondstore(t *testing.T) {
	s, p, a := seat(t)
	b := imapLogin(t, s, p.Wire, p.Password)
	for range 3 {
		a.appendTo("INBOX", "", letter)
	}
	sel := a.ok("SELECT INBOX (CONDSTORE)")
	before := number(t, sel, "HIGHESTMODSEQ")
	b.ok("SELECT INBOX")
	b.ok(`STORE 2 +FLAGS (\Flagged)`)
	said := a.ok("NOOP")
	mustHave(t, said, "* 2 FETCH (UID 2 MODSEQ (")
	now := number(t, said, "MODSEQ")
	if now <= before {
		t.Fatalf("modseq %d after %d", now, before)
	}
	changed := a.ok("FETCH 1:* (FLAGS) (CHANGEDSINCE %d)", before)
	if len(changed) != 1 || !strings.Contains(changed[0], fmt.Sprintf(`* 2 FETCH (FLAGS (\Flagged) MODSEQ (%d))`, now)) {
		t.Errorf("%q", changed)
	}
	untagged, answer := a.cmd(`STORE 1:3 (UNCHANGEDSINCE %d) +FLAGS.SILENT (\Deleted)`, before)
	if !strings.HasPrefix(answer, "OK [MODIFIED 2]") || len(untagged) != 2 || has(untagged, "FLAGS") {
		t.Errorf("%q %q", untagged, answer)
	}
	mustHave(t, a.ok("SEARCH MODSEQ %d", now+1), fmt.Sprintf("* SEARCH 1 3 (MODSEQ %d)", number(t, untagged, "MODSEQ")))
	mustHave(t, a.ok(`UID SEARCH RETURN (MIN) MODSEQ "/flags/\\Seen" all 1`), " UID MIN 1 MODSEQ ")
	if n := number(t, a.ok("STATUS INBOX (HIGHESTMODSEQ)"), "HIGHESTMODSEQ"); n <= now {
		t.Errorf("status tells %d", n)
	}
	a.refuse("BAD", "FETCH 1 FLAGS (VANISHED)")
	a.refuse("BAD", "SELECT INBOX (QRESYNC (1 1))") // not enabled
}

// RFC 7162 3.2: QRESYNC.
func TestIMAPQresync(t *testing.T) {
	s, p, a := seat(t)
	for range 6 {
		a.appendTo("INBOX", "", letter)
	}
	mustHave(t, a.ok("ENABLE QRESYNC"), "* ENABLED QRESYNC")
	sel := a.ok("SELECT INBOX")
	validity, modseq := number(t, sel, "UIDVALIDITY"), number(t, sel, "HIGHESTMODSEQ")
	a.ok("UNSELECT")
	b := imapLogin(t, s, p.Wire, p.Password)
	b.ok("SELECT INBOX")
	b.ok(`STORE 2:3,5 +FLAGS.SILENT (\Deleted)`)
	b.ok("EXPUNGE")
	b.ok(`UID STORE 4 +FLAGS (\Seen)`)
	b.appendTo("INBOX", "", letter)
	again := a.ok("SELECT INBOX (QRESYNC (%d %d))", validity, modseq)
	mustHave(t, again, "* VANISHED (EARLIER) 2:3,5")
	mustHave(t, again, "* 2 FETCH (UID 4 MODSEQ (")
	mustHave(t, again, "* 4 FETCH (UID 7 MODSEQ (")
	mustNot(t, again, "UID 1 ")
	again = a.ok("SELECT INBOX (QRESYNC (%d %d 1:3 (1:2 1:2)))", validity, modseq)
	mustHave(t, again, "* OK [CLOSED]")
	mustHave(t, again, "* VANISHED (EARLIER) 2:3")
	mustNot(t, again, "UID 4")
	if again = a.ok("SELECT INBOX (QRESYNC (%d %d))", validity+1, modseq); has(again, "VANISHED") || has(again, "FETCH") {
		t.Errorf("another UIDVALIDITY: %q", again)
	}
	gone := a.ok("UID FETCH 1:6 (FLAGS) (CHANGEDSINCE %d VANISHED)", modseq)
	mustHave(t, gone, "* VANISHED (EARLIER) 2:3,5")
	b.ok(`UID STORE 1 +FLAGS (\Deleted)`)
	b.ok("UID EXPUNGE 1")
	mustHave(t, a.ok("NOOP"), "* VANISHED 1")
	a.ok(`UID STORE 4 +FLAGS.SILENT (\Deleted)`)
	untagged, answer := a.cmd("EXPUNGE")
	mustHave(t, untagged, "* VANISHED 4")
	if !strings.HasPrefix(answer, "OK [HIGHESTMODSEQ ") {
		t.Error(answer)
	}
	if _, answer = a.cmd("CLOSE"); !strings.HasPrefix(answer, "OK [HIGHESTMODSEQ ") {
		t.Error(answer)
	}
}

// RFC 9051: what IMAP4rev2 does differently once it is enabled.
func TestIMAPRev2(t *testing.T) {
	_, _, k := seat(t)
	k.appendTo("INBOX", "", letter)
	mustHave(t, k.ok("ENABLE IMAP4rev2"), "* ENABLED IMAP4rev2")
	sel := k.ok("SELECT INBOX")
	mustHave(t, sel, `* LIST (\HasNoChildren) "/" "INBOX"`)
	mustNot(t, sel, "RECENT")
	mustHave(t, k.ok("SEARCH ALL"), `* ESEARCH (TAG "`)
	mustHave(t, k.ok("SEARCH UNSEEN SEEN"), `* ESEARCH (TAG "`)
	mustHave(t, k.ok("SEARCH CHARSET UTF-8 ALL"), " ALL 1") // only RFC 6855 forbids it
	mustHave(t, k.ok(`SEARCH SUBJECT "hộp thư"`), " ALL 1")
	k.ok("CREATE \"Sở/Phòng\"")
	mustNot(t, k.ok(`LIST (SUBSCRIBED RECURSIVEMATCH) "" "S%%"`), "Sở")
	k.ok("SUBSCRIBE \"Sở/Phòng\"")
	mustHave(t, k.ok(`LIST (SUBSCRIBED RECURSIVEMATCH) "" "S%%"`), `"Sở" ("CHILDINFO" ("SUBSCRIBED"))`)
	k.ok("CLOSE")
	wide := "Subject: hộp thư\r\n\r\nx\r\n"
	k.send("u APPEND INBOX UTF8 (~{%d+}\r\n%s)\r\n", len(wide), wide)
	if _, answer := k.until("u"); !strings.HasPrefix(answer, "OK [APPENDUID") {
		t.Error(answer)
	}
	k.ok("SELECT INBOX")
	mustHave(t, k.ok("FETCH 2 ENVELOPE"), `"hộp thư"`)
}

// RFC 5182 and RFC 9394.
func TestIMAPSearchResults(t *testing.T) {
	_, _, k := seat(t)
	for i := range 6 {
		flags := ""
		if i%2 == 0 {
			flags = `\Flagged`
		}
		k.appendTo("INBOX", flags, letter)
	}
	k.ok("SELECT INBOX")
	k.ok("SEARCH RETURN (SAVE) FLAGGED")
	mustHave(t, k.ok("FETCH $ UID"), "* 5 FETCH (UID 5)")
	mustHave(t, k.ok("UID SEARCH RETURN (COUNT) UID $ NOT UID 1"), "UID COUNT 2")
	k.ok("SEARCH RETURN (SAVE MIN) UNFLAGGED")
	if got := k.ok("FETCH $ UID"); len(got) != 1 || got[0] != "* 2 FETCH (UID 2)" {
		t.Errorf("%q", got)
	}
	mustHave(t, k.ok("UID SEARCH RETURN (PARTIAL 2:3) ALL"), "UID PARTIAL (2:3 2:3)")
	mustHave(t, k.ok("UID SEARCH RETURN (PARTIAL -1:-2) ALL"), "UID PARTIAL (-1:-2 5:6)")
	mustHave(t, k.ok("UID SEARCH RETURN (PARTIAL 70:80) ALL"), "UID PARTIAL (70:80 NIL)")
	if got := k.ok("UID FETCH 1:* FLAGS (PARTIAL -1:-2)"); len(got) != 2 || !strings.HasPrefix(got[0], "* 5 FETCH (UID 5 ") {
		t.Errorf("%q", got)
	}
	k.refuse("BAD", "UID SEARCH RETURN (ALL PARTIAL 1:2) ALL")
	mustHave(t, k.ok("SEARCH YOUNGER 86400 NOT OLDER 86400"), "* SEARCH 1 2 3 4 5 6")
	k.ok("UNSELECT")
	k.ok("SELECT INBOX")
	if got := k.ok("FETCH $ UID"); len(got) != 0 {
		t.Errorf("kept over SELECT: %q", got)
	}
	for c, want := range map[string]string{
		"SEARCH 7": "* SEARCH", "SEARCH 7:*": "* SEARCH 6", "SEARCH 2,7": "* SEARCH 2", "SEARCH NOT 7": "* SEARCH 1 2 3 4 5 6", "SEARCH OR 9 3": "* SEARCH 3",
	} {
		if got := k.ok("%s", c); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q", c, got)
		}
	}
	k.refuse("BAD", "SEARCH 0")
	k.refuse("BAD", "SEARCH ()")
	k.refuse("BAD", "SEARCH RETURN (PARTIAL 1:2 PARTIAL 3:4) ALL") // RFC 9394 3.1
	k.refuse("BAD", "SEARCH %sALL%s", strings.Repeat("NOT ", 40), "")
	k.refuse("NO [BADCHARSET (UTF-8 US-ASCII)]", "SEARCH CHARSET KOI8-R ALL")
}

func dated(subject, from, day, extra string) string {
	return fmt.Sprintf("From: %s\r\nTo: lan@ninhbinh.example\r\nSubject: %s\r\nDate: %s Nov 2026 09:00:00 +0700\r\n%s\r\nx\r\n", from, subject, day, extra)
}

// RFC 5256, RFC 5957, RFC 5267.
func TestIMAPSortAndThread(t *testing.T) {
	_, _, k := seat(t)
	for _, raw := range []string{
		dated("Giao ban", "Bùi Văn An <an@x>", "20", "Message-ID: <1@x>\r\n"),
		dated("Re: [so] giao ban", "cuc@x", "22", "Message-ID: <2@x>\r\nIn-Reply-To: <1@x>\r\n"),
		dated("Ảnh hội nghị", "Đào Bình <binh@x>", "19", "Message-ID: <3@x>\r\n"),
		dated("Re: giao ban (fwd)", "Ân <zz@x>", "21", "Message-ID: <4@x>\r\nReferences: <1@x> <2@x>\r\n"),
		dated("Lạc mẹ", "zz@x", "23", "Message-ID: <5@x>\r\nReferences: <none@x>\r\n"),
		dated("Re: Lạc mẹ", "zz@x", "24", "Message-ID: <6@x>\r\nReferences: <none@x>\r\n"),
	} {
		k.appendTo("INBOX", "", raw)
	}
	k.ok("SELECT INBOX")
	for cmd, want := range map[string]string{
		"SORT (DATE) UTF-8 ALL":                                 "* SORT 3 1 4 2 5 6",
		"SORT (REVERSE DATE) UTF-8 NOT 1":                       "* SORT 6 5 2 4 3",
		"SORT (SUBJECT DATE) UTF-8 ALL":                         "* SORT 3 1 4 2 5 6",
		"SORT (FROM) US-ASCII 1:4":                              "* SORT 1 3 2 4",
		"SORT (DISPLAYFROM) UTF-8 1:4":                          "* SORT 4 1 2 3",
		"UID SORT (REVERSE ARRIVAL) UTF-8 UID 2:3":              "* SORT 2 3",
		"UID SORT RETURN (ALL COUNT MIN) (DATE) UTF-8 ALL":      "UID MIN 3 ALL 3,1,4,2,5:6 COUNT 6",
		"THREAD ORDEREDSUBJECT UTF-8 ALL":                       "* THREAD (3)(1 (4)(2))(5 6)",
		"THREAD REFERENCES UTF-8 ALL":                           "* THREAD (3)(1 2 4)((5)(6))",
		"UID THREAD REFERENCES UTF-8 SUBJECT {11+}\r\nhội nghị": "* THREAD (3)",
		"THREAD REFERENCES UTF-8 SUBJECT nowhere":               "* THREAD",
	} {
		cmd = strings.Replace(cmd, "{11+}", fmt.Sprintf("{%d+}", len("hội nghị")), 1)
		if got := k.ok("%s", cmd); len(got) != 1 || !strings.HasSuffix(got[0], want) {
			t.Errorf("%s: %q, want %q", cmd, got, want)
		}
	}
	for _, cmd := range []string{"SORT () UTF-8 ALL", "SORT (REVERSE) UTF-8 ALL", "SORT (DATE) UTF-8", "THREAD XYZZY UTF-8 ALL", "SORT (DATE)"} {
		k.refuse("BAD", cmd)
	}
}

// RFC 3516, RFC 8474, RFC 8514, RFC 8970, RFC 8508, RFC 9208, RFC 8437.
func TestIMAPSmallExtensions(t *testing.T) {
	_, p, k := seat(t)
	binary := "From: a@b\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\nContent-Type: text/plain; charset=utf-8\r\n" +
		"Content-Transfer-Encoding: quoted-printable\r\n\r\nK=C3=ADnh\r\n--q\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\nAAEC\r\n--q--\r\n"
	k.appendTo("INBOX", "", binary)
	sel := k.ok("SELECT INBOX")
	mustHave(t, sel, "* OK [MAILBOXID (F")
	got := k.ok("FETCH 1 (BINARY.SIZE[1] BINARY.PEEK[1] BINARY.PEEK[2] BINARY.PEEK[2]<1.1> BINARY.PEEK[9])")
	for _, want := range []string{"BINARY.SIZE[1] 5", "BINARY[1] {5}\r\nKính", "BINARY[2] ~{3}\r\n\x00\x01\x02", "BINARY[2]<1> {1}\r\n\x01", "BINARY[9] NIL"} {
		mustHave(t, got, want)
	}
	k.ok("CREATE Kho")
	k.ok("COPY 1 Kho")
	first := k.ok("FETCH 1 (EMAILID THREADID SAVEDATE PREVIEW)")
	mustHave(t, first, "THREADID NIL SAVEDATE \"")
	mustHave(t, first, "PREVIEW {")
	mustHave(t, first, "Kính")
	k.ok("SELECT Kho")
	id := regexp.MustCompile(`EMAILID \((M[0-9a-f]+)\)`)
	a, b := id.FindStringSubmatch(first[0]), id.FindStringSubmatch(k.ok("FETCH 1 EMAILID")[0])
	if a == nil || b == nil || a[1] != b[1] {
		t.Errorf("EMAILID of a copy: %q %q", a, b)
	}
	mustHave(t, k.ok("SEARCH EMAILID %s", a[1]), "* SEARCH 1")
	if got := k.ok("GETQUOTAROOT INBOX"); len(got) != 1 || got[0] != `* QUOTAROOT "INBOX"` {
		t.Errorf("no limit, no root: %q", got)
	}
	k.refuse("NO [NONEXISTENT]", `GETQUOTA ""`)
	k.refuse("NO [NOPERM]", `SETQUOTA "" (STORAGE 1)`)
	k.refuse("NO", `GETQUOTA x`)

	untagged, answer := k.cmd("REPLACE 1 Kho (\\Seen) {%d+}\r\n%s", len(letter), letter)
	if !strings.HasPrefix(answer, "OK") {
		t.Fatal(answer)
	}
	mustHave(t, untagged, "* OK [APPENDUID ")
	mustHave(t, untagged, "* 1 EXPUNGE")
	mustHave(t, untagged, "* 1 EXISTS")
	mustHave(t, k.ok("UID FETCH 1:* FLAGS"), "* 1 FETCH (UID 2 FLAGS (\\Seen))")
	k.refuse("NO [NONEXISTENT]", "UID REPLACE 77 Kho {3+}\r\nabc")
	k.refuse("NO [TRYCREATE]", "UID REPLACE 2 Nowhere {3+}\r\nabc")
	mustHave(t, k.ok("STATUS Kho (MESSAGES)"), "MESSAGES 1")
	k.ok("EXAMINE Kho")
	k.refuse("NO [CANNOT]", "REPLACE 1 Kho {3+}\r\nabc")

	k.ok("UNAUTHENTICATE")
	k.refuse("BAD", "SELECT INBOX")
	k.ok("LOGIN %q %q", p.Wire, p.Password)
	k.ok("SELECT INBOX")
}

func TestIMAPAuthorization(t *testing.T) {
	s, p, _ := seat(t)
	other := s.Person("Lê Thị Lan", "nv")
	try := func(authzid string) string {
		k := dial(t, s, s.IMAP)
		k.line()
		_, answer := k.cmd("AUTHENTICATE PLAIN %s", base64.StdEncoding.EncodeToString([]byte(authzid+"\x00"+p.Wire+"\x00"+p.Password)))
		return answer
	}
	if a := try(p.Address); !strings.HasPrefix(a, "OK [CAPABILITY") {
		t.Error(a)
	}
	for _, x := range []string{other.Wire, "nobody@ninhbinh.example"} {
		if a := try(x); !strings.HasPrefix(a, "NO [AUTHORIZATIONFAILED]") {
			t.Errorf("%s: %s", x, a)
		}
	}
}

// Limits: what a stranger or a careless client sends ends in one answer, and no byte of it is a command.
func TestIMAPLimits(t *testing.T) {
	s, p, k := seat(t)
	k.ok("CREATE Luu")
	evil := "zz DELETE Luu\r\n" + strings.Repeat("x", 90<<10)
	for _, c := range []string{"SEARCH SUBJECT", "CREATE", "LIST", "ID ("} {
		k.refuse("BAD [TOOBIG]", "%s {%d+}\r\n%s", c, len(evil), evil)
		k.refuse("BAD [TOOBIG]", "%s {%d}", c, len(evil))
	}
	k.refuse("BAD", "SELECT INBOX {3+}\r\nabc")
	k.refuse("BAD", "NOOP {3+}\r\nabc")
	k.refuse("BAD", "CREATE {18+}\r\nx\r\nzz DELETE Luu\r\n")
	mustHave(t, k.ok(`LIST "" Luu`), "Luu")
	k.send("q SEARCH SUBJECT {99999999999999999999+}\r\nzz DELETE Luu\r\n")
	if said := k.gone(); !strings.Contains(said, "* BYE") || strings.Contains(said, "zz ") {
		t.Error(said)
	}
	k = imapLogin(t, s, p.Wire, p.Password)
	mustHave(t, k.ok(`LIST "" Luu`), "Luu")
	k.send("q NOOP %s\r\n", strings.Repeat("x", 70<<10))
	if said := k.gone(); !strings.Contains(said, "* BYE Command line too long") {
		t.Error(said)
	}
	d := dial(t, s, s.IMAP)
	d.line()
	d.refuse("BAD [TOOBIG]", "LOGIN {5000+}\r\n%s x", strings.Repeat("x", 5000))
	d.refuse("BAD [TOOBIG]", "LOGIN {5000}")
	d.refuse("NO", "LOGIN x {1+}\r\nx")
}

func TestIMAPIdleEnds(t *testing.T) {
	_, _, k := seat(t)
	k.ok("SELECT INBOX")
	for _, end := range []string{"done\r\n", "DONE\r\nn NOOP\r\n"} {
		k.send("i IDLE\r\n")
		k.line()
		k.send("%s", end[:2])
		k.send("%s", end[2:])
		if _, answer := k.until("i"); !strings.HasPrefix(answer, "OK") {
			t.Error(answer)
		}
	}
	k.until("n")
	k.send("i IDLE\r\n")
	k.line()
	k.send("x NOOP\r\n")
	if _, answer := k.until("i"); !strings.HasPrefix(answer, "BAD") {
		t.Error(answer)
	}
	k.ok("NOOP")
}
