package server_test

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"hopthu/mail/server"
	"hopthu/mail/server/servertest"
)

const letter = "From: Lan <lan@ninhbinh.example>\r\nTo: hung@ninhbinh.example\r\nSubject: =?utf-8?q?H=E1=BB=99p_th=C6=B0?=\r\n" +
	"Date: Tue, 24 Nov 2026 09:00:00 +0700\r\nMessage-ID: <m1@ninhbinh.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nKính gửi đồng chí.\r\n"

// appendTo stores a message by APPEND with a literal that needs no leave.
func (k *talk) appendTo(box, flags, raw string) string {
	k.t.Helper()
	_, answer := k.cmd("APPEND %s (%s) {%d+}\r\n%s", box, flags, len(raw), raw)
	if !strings.HasPrefix(answer, "OK [APPENDUID ") {
		k.t.Fatalf("append: %s", answer)
	}
	return answer
}

func TestIMAPBasics(t *testing.T) {
	s := servertest.Start(t)
	p := s.Person("Trần Văn Hùng", "kh&đt")
	k := dial(t, s, s.IMAP)
	if g := k.line(); !strings.HasPrefix(g, "* OK [CAPABILITY IMAP4rev2 IMAP4rev1 LITERAL+ ") || strings.Contains(g, "UTF8=ACCEPT") {
		t.Fatalf("greeting %q", g)
	}
	mustHave(t, k.ok(`ID ("name" "test")`), `* ID ("name" "hopthu-server" "support-url" "`+s.Office+`")`)
	_, answer := k.cmd("LOGIN %q %q", p.Wire, p.Password)
	for _, c := range []string{"OK [CAPABILITY ", "IDLE", "UIDPLUS", "MOVE", "SPECIAL-USE", "LIST-STATUS", "ESEARCH", "NAMESPACE", "APPENDLIMIT=", "CHILDREN"} {
		if !strings.Contains(answer, c) {
			t.Errorf("no %s after login: %q", c, answer)
		}
	}
	mustHave(t, k.ok("NAMESPACE"), `* NAMESPACE (("" "/")) NIL NIL`)
	list := k.ok(`LIST "" "*" RETURN (SPECIAL-USE STATUS (MESSAGES UNSEEN SIZE UIDNEXT UIDVALIDITY))`)
	for _, a := range []string{`\Sent`, `\Drafts`, `\Trash`, `\Junk`, "* STATUS \"INBOX\" (", "MESSAGES 0"} {
		if !has(list, a) && !has(list, strings.ReplaceAll(a, `"`, "")) {
			t.Errorf("no %s in %q", a, list)
		}
	}
	mustHave(t, k.ok("STATUS INBOX (MESSAGES RECENT UIDNEXT UIDVALIDITY UNSEEN DELETED SIZE APPENDLIMIT DELETED-STORAGE)"), "DELETED-STORAGE 0")
	k.appendTo("INBOX", `\Flagged $HopthuNoReply Ghi`, letter)
	mustHave(t, k.ok("SELECT INBOX"), "* 1 EXISTS")
	f := k.ok("UID FETCH 1:* (UID FLAGS RFC822.SIZE INTERNALDATE ENVELOPE BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (Subject)] BODY.PEEK[])")
	for _, want := range []string{
		"* 1 FETCH (UID 1 FLAGS (", "$HopthuNoReply", "Ghi", fmt.Sprintf("RFC822.SIZE %d", len(letter)), `"=?utf-8?q?H=E1=BB=99p_th=C6=B0?="`,
		`("Lan" NIL "lan" "ninhbinh.example")`, `"<m1@ninhbinh.example>"`, `("text" "plain" ("charset" "utf-8")`, "Subject: =?utf-8?q?H=E1=BB=99p_th=C6=B0?=\r\n\r\n", letter,
	} {
		mustHave(t, f, want)
	}
	mustHave(t, f, "* FLAGS ("+`\Seen \Answered \Flagged \Deleted \Draft $Forwarded $Junk $NotJunk $HopthuNoReply $MDNSent Ghi)`)
	if has(f[len(f)-1:], `\Seen`) {
		t.Error("PEEK marked as read")
	}
	mustHave(t, k.ok("FETCH 1 BODY[TEXT]<0.5>"), `\Seen`)
	if said := k.ok("UID STORE 1 -FLAGS.SILENT (\\Flagged Ghi)"); len(said) > 0 {
		t.Errorf("silent store says %q", said)
	}
	mustHave(t, k.ok("FETCH 1 FLAGS"), `(\Seen $HopthuNoReply)`)
	k.refuse("NO [TRYCREATE]", "UID COPY 1 Nowhere")
	k.refuse("NO [TRYCREATE]", "APPEND Nowhere {3+}\r\nabc")
	k.ok("CREATE Kho/2026")
	_, answer = k.cmd("UID COPY 1 Kho/2026")
	if !strings.HasPrefix(answer, "OK [COPYUID ") {
		t.Fatalf("copy: %s", answer)
	}
	moved := k.ok("UID MOVE 1 Kho")
	mustHave(t, moved, "* OK [COPYUID ")
	mustHave(t, moved, "* 1 EXPUNGE")
	k.ok("SELECT Kho")
	k.ok(`STORE 1 +FLAGS (\Deleted)`)
	mustHave(t, k.ok("UID EXPUNGE 1"), "* 1 EXPUNGE")
	k.ok("UNSELECT")
	k.ok("LOGOUT")
	k.gone()
}

func TestIMAPSearch(t *testing.T) {
	s := servertest.Start(t)
	p := s.Person("Trần Văn Hùng", "kh&đt")
	k := imapLogin(t, s, p.Wire, p.Password)
	k.appendTo("INBOX", "", letter)
	k.appendTo("INBOX", `\Seen`, strings.NewReplacer("H=E1=BB=99p_th=C6=B0", "hop_thu", "m1@", "m2@").Replace(letter))
	k.ok("SELECT INBOX")
	for query, want := range map[string]string{
		"ALL":                                     "* SEARCH 1 2",
		"UNSEEN":                                  "* SEARCH 1",
		`SUBJECT "hop thu"`:                       "* SEARCH 1 2",
		"SUBJECT {10+}\r\nhộp thư":                "* SEARCH 1",
		"SUBJECT {10+}\r\nHỘP THƯ":                "* SEARCH 1",
		"SUBJECT {10+}\r\nhợp thư":                "* SEARCH",
		`TEXT "dong chi"`:                         "* SEARCH 1 2",
		`BODY "kinh gui" SEEN`:                    "* SEARCH 2",
		"HEADER Message-ID <m2@ninhbinh.example>": "* SEARCH 2",
		"OR SEEN SUBJECT {5+}\r\nhộp":             "* SEARCH 1 2",
		"NOT SEEN":                                "* SEARCH 1",
		"SENTON 24-Nov-2026":                      "* SEARCH 1 2",
		"SINCE 1-Jan-2100":                        "* SEARCH",
		"LARGER 1000000":                          "* SEARCH",
		"UID 2:*":                                 "* SEARCH 2",
	} {
		q := query
		if i := strings.Index(q, "+}\r\n"); i > 0 { // the size must be right in octets
			open := strings.LastIndexByte(q[:i], '{')
			q = q[:open] + fmt.Sprintf("{%d+}\r\n", len(q[i+4:])) + q[i+4:]
		}
		got := k.ok("SEARCH CHARSET UTF-8 " + strings.ReplaceAll(q, "%", "%%"))
		if len(got) != 1 || got[0] != want {
			t.Errorf("%q: %q, want %q", query, got, want)
		}
	}
	mustHave(t, k.ok("UID SEARCH RETURN (MIN MAX COUNT ALL) ALL"), "UID MIN 1 MAX 2 ALL 1:2 COUNT 2")
	k.refuse("BAD", "SEARCH XYZZY")
	k.refuse("BAD", "FETCH 9 FLAGS")
	k.refuse("BAD", "FETCH 1:x FLAGS")
}

// Regression 1: the body of an APPEND that is refused is never read as commands.
func TestIMAPOversizedAppend(t *testing.T) {
	s := servertest.Start(t, servertest.WithConfig(func(c *server.Config) { c.MaxMessage = 1 << 20 }))
	p := s.Person("Trần Văn Hùng", "kh&đt")
	k := imapLogin(t, s, p.Wire, p.Password)
	k.ok("CREATE Luu")
	evil := "From: a@b\r\nX: DELETE Luu\r\n\r\n" + strings.Repeat("X: DELETE Luu\r\n", 1<<20/15+10)
	k.refuse("NO [TOOBIG]", "APPEND INBOX {%d+}\r\n%s", len(evil), evil)
	mustHave(t, k.ok(`LIST "" Luu`), "Luu")
	exact := evil[:1<<20]
	k.appendTo("INBOX", "", exact)
	k.ok("EXAMINE INBOX")
	mustHave(t, k.ok("FETCH 1 RFC822.SIZE"), fmt.Sprintf("RFC822.SIZE %d", 1<<20))
}

// Regression 3: MULTIAPPEND (RFC 3502) is all or none, has one answer, and no byte of it is read as a command.
func TestIMAPMultiAppend(t *testing.T) {
	s := servertest.Start(t)
	p := s.Person("Trần Văn Hùng", "kh&đt")
	k := imapLogin(t, s, p.Wire, p.Password)
	k.ok("CREATE Luu")
	evil := "zz DELETE Luu\r\n"
	for _, c := range []struct{ rest, want string }{
		{"garbage", "BAD"},
		{fmt.Sprintf("(\\Unknown) {%d+}\r\n%s", len(evil), evil), "BAD"},
		{fmt.Sprintf("({%d+}\r\n%s", len(evil), evil), "BAD"},
		{"{0+}\r\n", "NO"},
	} {
		k.send("m APPEND INBOX {%d+}\r\n%s %s\r\nn NOOP\r\n", len(letter), letter, c.rest)
		untagged, answer := k.until("m")
		if len(untagged) != 0 || !strings.HasPrefix(answer, c.want) {
			t.Fatalf("%q: %q %q", c.rest, untagged, answer)
		}
		k.until("n")
	}
	mustHave(t, k.ok("STATUS INBOX (MESSAGES)"), "MESSAGES 0")
	mustHave(t, k.ok(`LIST "" Luu`), "Luu")
	k.send("m APPEND INBOX (\\Seen) {%d+}\r\n%s (Ghi) \"24-Nov-2026 08:00:00 +0700\" {%d+}\r\n%s\r\n", len(letter), letter, len(evil), evil)
	if _, answer := k.until("m"); !strings.HasPrefix(answer, "OK [APPENDUID ") || !strings.Contains(answer, " 1:2] ") {
		t.Fatal(answer)
	}
	mustHave(t, k.ok(`LIST "" Luu`), "Luu")
	k.ok("EXAMINE INBOX")
	f := k.ok("FETCH 1:2 (FLAGS INTERNALDATE)")
	mustHave(t, f, `FLAGS (\Seen)`)
	mustHave(t, f, `FLAGS (Ghi) INTERNALDATE "24-Nov-2026`)
	k.send("o APPEND INBOX {%d}\r\n", len(letter))
	if l := k.line(); !strings.HasPrefix(l, "+ ") {
		t.Fatalf("no leave: %q", l)
	}
	k.send("%s\r\n\r\n", letter) // and an empty line, as some clients send (B6)
	if _, answer := k.until("o"); !strings.HasPrefix(answer, "OK [APPENDUID") {
		t.Fatal(answer)
	}
	k.ok("NOOP")
}

// Regression 4, 8 and the rule that other sessions hear of everything at once.
func TestIMAPUpdates(t *testing.T) {
	s := servertest.Start(t)
	p := s.Person("Trần Văn Hùng", "kh&đt")
	a, b := imapLogin(t, s, p.Wire, p.Password), imapLogin(t, s, p.Address, p.Password)
	a.ok("SELECT INBOX")
	b.appendTo("INBOX", "", letter) // between SELECT and IDLE (B7)
	a.send("i IDLE\r\n")
	if l := a.line(); !strings.HasPrefix(l, "+ ") {
		t.Fatal(l)
	}
	wantLine(t, a, "* 1 EXISTS")
	s.Deliver(p.Address, letter)
	wantLine(t, a, "* 2 EXISTS")
	b.ok("SELECT INBOX")
	b.ok(`STORE 1 +FLAGS (\Deleted)`)
	wantLine(t, a, `* 1 FETCH (UID 1 FLAGS (\Deleted))`)
	mustHave(t, b.ok("EXPUNGE"), "* 1 EXPUNGE")
	wantLine(t, a, "* 1 EXPUNGE")
	a.send("DONE\r\n")
	a.until("i")
	b.appendTo("INBOX", "", letter)
	a.send("j IDLE\r\n")
	a.line()
	wantLine(t, a, "* 2 EXISTS")
	a.send("DONE\r\n")
	a.until("j")

	a.ok("EXAMINE INBOX")
	for _, c := range []string{`STORE 1 +FLAGS (\Seen)`, "EXPUNGE", "UID MOVE 1:* Trash"} {
		a.refuse("NO [CANNOT]", c)
	}
	a.ok("FETCH 1 BODY[]")
	mustHave(t, a.ok("FETCH 1 FLAGS"), "FLAGS ()")
	a.ok("CLOSE")
	// A letter removed by another session keeps its number until this one may be told.
	a.ok("SELECT INBOX")
	b.ok(`STORE 1 +FLAGS (\Deleted)`)
	b.ok("EXPUNGE")
	got := a.ok("FETCH 1:2 UID")
	if has(got, "EXPUNGE") || !has(got, "* 2 FETCH (UID 3)") {
		t.Errorf("during FETCH: %q", got)
	}
	mustHave(t, a.ok("NOOP"), "* 1 EXPUNGE")
	mustHave(t, a.ok("FETCH 1 UID"), "* 1 FETCH (UID 3)")
}

func wantLine(t *testing.T, k *talk, want string) {
	t.Helper()
	for {
		switch l := k.line(); {
		case l == want:
			return
		case !strings.HasPrefix(l, "* "):
			t.Fatalf("%q, want %q", l, want)
		}
	}
}

// Regression 5, 6: broken letters are told whole.
func TestIMAPBrokenLetters(t *testing.T) {
	s := servertest.Start(t)
	p := s.Person("Trần Văn Hùng", "kh&đt")
	k := imapLogin(t, s, p.Wire, p.Password)
	raws := []string{
		"From: a@b\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\nno parts\r\n",
		"From: a@b\r\nthis line has no colon\r\nSubject: s\r\n\r\nbody\r\n",
		"From a@b Tue Nov 24\r\nSubject: mbox\r\n\r\nbody\r\n",
		"Subject: LF only\nFrom: a@b\n\nbody\n",
		"\r\nno header\r\n",
		"Chủ-đề: x\r\nFrom: a@b\r\n\r\nbody without end",
	}
	for _, raw := range raws {
		k.appendTo("INBOX", "", raw)
	}
	k.ok("SELECT INBOX")
	for i, raw := range raws {
		got := k.ok("FETCH %d (RFC822.SIZE BODY.PEEK[] BODYSTRUCTURE ENVELOPE)", i+1)
		mustHave(t, got, fmt.Sprintf("RFC822.SIZE %d ", len(raw)))
		mustHave(t, got, fmt.Sprintf("BODY[] {%d}\r\n%s", len(raw), raw))
	}
}

// Regression 7: a name with & and đ travels as modified UTF-7, and as it is in UTF-8 mode (B9).
func TestIMAPNames(t *testing.T) {
	s := servertest.Start(t)
	p := s.Person("Trần Văn Hùng", "kh&đt")
	k, wide := imapLogin(t, s, p.Wire, p.Password), imapLogin(t, s, p.Wire, p.Password)
	mustHave(t, wide.ok("ENABLE UTF8=ACCEPT XYZZY"), "* ENABLED UTF8=ACCEPT")
	k.ok(`CREATE "kh&-&ARE-t"`)
	wide.ok(`CREATE "Văn bản đến"`)
	for _, n := range []struct{ seven, eight string }{{"kh&-&ARE-t", "kh&đt"}, {"V&AQM-n b&HqM-n &AREebw-n", "Văn bản đến"}} {
		seven, eight := k.ok(`LIST "" *`), wide.ok(`LIST "" *`)
		eighth := fmt.Sprintf("%q", n.eight)
		if !has(eight, eighth) {
			t.Errorf("no %s in %q", eighth, eight)
		}
		for _, l := range seven {
			if strings.ContainsFunc(l, func(r rune) bool { return r > 0x7f }) {
				t.Errorf("eight bits in %q", l)
			}
		}
		wide.ok("SELECT %s", eighth)
		k.ok("STATUS {%d+}\r\n%s (MESSAGES)", len(n.eight), n.eight) // careless clients send it raw
	}
	mustHave(t, k.ok(`LIST "" kh*`), `"kh&-&ARE-t"`)
	k.refuse("BAD", `SELECT "&x"`)
	wide.refuse("NO [NONEXISTENT]", `SELECT "&x"`)
	k.refuse("BAD", "SELECT {2+}\r\n\xff\xfe")
}

// Regression 9: silent strangers are dropped and hold nobody up.
func TestSilentConnections(t *testing.T) {
	s := servertest.Start(t)
	p := s.Person("Trần Văn Hùng", "kh&đt")
	var d net.Dialer
	for range 1000 {
		c, err := d.DialContext(t.Context(), "tcp", s.IMAP)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	k := imapLogin(t, s, p.Wire, p.Password)
	k.ok("NOOP")
}

// Regression 10, the part that there is: sessions end when the password is changed, also while idling.
func TestPasswordChangeEndsSessions(t *testing.T) {
	s := servertest.Start(t)
	p := s.Person("Trần Văn Hùng", "kh&đt")
	a, b := imapLogin(t, s, p.Wire, p.Password), imapLogin(t, s, p.Wire, p.Password)
	m := smtpLogin(t, s, p.Wire, p.Password)
	b.ok("SELECT INBOX")
	b.send("i IDLE\r\n")
	b.line()
	before := time.Now()
	if _, err := s.Admin.ResetPassword(t.Context(), p.Address); err != nil {
		t.Fatal(err)
	}
	a.gone()
	b.gone()
	m.gone()
	t.Logf("sessions ended after %v", time.Since(before))
}

func TestIMAPStartTLS(t *testing.T) {
	s := servertest.Start(t)
	p := s.Person("Trần Văn Hùng", "kh&đt")
	var d net.Dialer
	c, err := d.DialContext(t.Context(), "tcp", s.IMAPStartTLS)
	if err != nil {
		t.Fatal(err)
	}
	k := newTalk(t, c)
	if g := k.line(); !strings.Contains(g, "LOGINDISABLED") || !strings.Contains(g, "STARTTLS") {
		t.Fatal(g)
	}
	k.refuse("NO [PRIVACYREQUIRED]", "LOGIN x y")
	k.refuse("BAD", "SELECT INBOX")
	k.ok("STARTTLS")
	u := upgrade(t, s, c)
	mustHave(t, u.ok("CAPABILITY"), "AUTH=PLAIN") // no second greeting stands before it
	u.ok("LOGIN %q %q", p.Wire, p.Password)
	u.ok("SELECT INBOX")

	c, err = d.DialContext(t.Context(), "tcp", s.IMAPStartTLS)
	if err != nil {
		t.Fatal(err)
	}
	k = newTalk(t, c)
	k.line()
	k.send("a STARTTLS\r\nb LOGIN x y\r\n")
	if said := k.gone(); !strings.Contains(said, "* BYE") || strings.Contains(said, "b ") {
		t.Errorf("slipped in before the handshake: %q", said)
	}
}
