package server_test

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/server"
	"hopthu/mail/server/servertest"
)

func plainAs(as, login, password string) string {
	return base64.StdEncoding.EncodeToString([]byte(as + "\x00" + login + "\x00" + password))
}

// imapAs logs a person in to act for an agency.
func imapAs(t *testing.T, s *servertest.Server, agency, p server.Box) *talk {
	t.Helper()
	k := dial(t, s, s.IMAP)
	k.line()
	k.ok("AUTHENTICATE PLAIN %s", plainAs(agency.Wire, p.Wire, p.Password))
	return k
}

// What each scope may do, command by command (QC 14.1): "+" is OK, "-" NO [NOPERM].
func TestScopesAtIMAP(t *testing.T) {
	commands := []struct {
		cmd  string
		want string // đọc, trả lời, phát hành, quản lý, thủ trưởng
	}{
		{`LIST "" "*"`, "+++++"},
		{`STATUS INBOX (MESSAGES UNSEEN)`, "+++++"},
		{`EXAMINE INBOX`, "+++++"},
		{`SELECT INBOX`, "+++++"},
		{`FETCH 1 (FLAGS BODY[])`, "+++++"},
		{`UID SEARCH SUBJECT họp`, "+++++"},
		{`STORE 1 +FLAGS (\Flagged)`, "-++++"},
		{`UID STORE 1 +FLAGS ($HopthuDoing)`, "-++++"},
		{`COPY 1 Archive`, "-++++"},
		{`UID MOVE 2 Archive`, "-++++"},
		{`UNSUBSCRIBE Junk`, "-++++"},
		{`SUBSCRIBE Junk`, "-++++"},
		{"APPEND Drafts (\\Draft) {9+}\r\nA: b\r\n\r\nc", "-++++"},
		{"APPEND Sent (\\Seen) {9+}\r\nA: b\r\n\r\nc", "-++++"},
		{"APPEND INBOX {9+}\r\nA: b\r\n\r\nc", "---++"},
		{"APPEND Archive {9+}\r\nA: b\r\n\r\nc", "---++"},
		{`UID EXPUNGE 1`, "---++"},
		{`EXPUNGE`, "---++"},
		{"UID REPLACE 1 INBOX {9+}\r\nA: b\r\n\r\nc", "---++"},
		{`CREATE "Việc %d"`, "---++"},
		{`RENAME "Việc %d" "Xong %d"`, "---++"},
		{`DELETE "Xong %d"`, "---++"},
		{`SELECT Drafts`, "+++++"},
		{`STORE 1 +FLAGS (\Deleted)`, "-++++"},
		{`EXPUNGE`, "-++++"}, // one's own drafts are no records
		{"APPEND Drafts (\\Draft) {9+}\r\nA: b\r\n\r\nc", "-++++"},
		{"REPLACE 1 Drafts (\\Draft) {9+}\r\nA: b\r\n\r\nd", "-++++"},
		{`SELECT Sent`, "+++++"},
		{`EXPUNGE`, "---++"},
		{`CLOSE`, "+++++"},
	}
	for i, scope := range []mail.Scope{mail.ScopeRead, mail.ScopeAnswer, mail.ScopeIssue, mail.ScopeManage, mail.ScopeHead} {
		t.Run(scope.Code(), func(t *testing.T) {
			s := servertest.Start(t)
			agency, who := s.Agency("kh&đt", "Nguyễn Thị Mai")
			if scope != mail.ScopeHead {
				who = s.Person("Trần Văn Hùng", "kh&đt")
				s.Delegate(agency, who, scope, nil)
			}
			for range 3 {
				s.Deliver(agency.Wire, "Subject: họp\n\nx\n")
			}
			for _, role := range []mail.Role{mail.RoleDrafts, mail.RoleSent} {
				if err := s.Admin.Deliver(t.Context(), server.Delivery{To: []string{agency.Wire}, Role: role, Raw: []byte("A: b\r\n\r\nc\r\n")}); err != nil {
					t.Fatal(err)
				}
			}
			k := imapAs(t, s, agency, who)
			for n, c := range commands {
				cmd := strings.ReplaceAll(c.cmd, "%d", fmt.Sprint(i))
				_, answer := k.cmd("%s", cmd)
				ok, refused := strings.HasPrefix(answer, "OK"), strings.HasPrefix(answer, "NO [NOPERM]")
				if c.want[i] == '+' && !ok || c.want[i] == '-' && !refused {
					t.Errorf("%d %s: %s", n, cmd, answer)
				}
				if strings.HasPrefix(cmd, "SELECT") && strings.HasPrefix(answer, "OK [READ-ONLY]") != (scope == mail.ScopeRead) {
					t.Errorf("%s: %s", cmd, answer)
				}
			}
		})
	}
}

// A reader leaves no trace: \Seen is not set, CLOSE removes nothing.
func TestReaderChangesNothing(t *testing.T) {
	s := servertest.Start(t)
	agency, head := s.Agency("kh&đt", "Nguyễn Thị Mai")
	hung := s.Person("Trần Văn Hùng", "kh&đt")
	s.Delegate(agency, hung, mail.ScopeRead, nil)
	s.Deliver(agency.Wire, "Subject: họp\n\nx\n")
	boss := imapAs(t, s, agency, head)
	boss.ok("SELECT INBOX")
	boss.ok(`STORE 1 +FLAGS.SILENT (\Deleted)`)
	k := imapAs(t, s, agency, hung)
	k.ok("SELECT INBOX")
	k.ok("FETCH 1 BODY[]")
	k.ok("CLOSE")
	f := boss.ok("FETCH 1 FLAGS")
	if has(f, `\Seen`) || !has(f, `\Deleted`) {
		t.Errorf("flags %q", f)
	}
}

// Ended, expired, suspended, a new password: whatever somebody has open in an agency's box dies.
func TestDelegationEndsSessions(t *testing.T) {
	for name, end := range map[string]func(*testing.T, *servertest.Server, server.Box, mail.Delegation){
		"ended": func(t *testing.T, s *servertest.Server, _ server.Box, d mail.Delegation) {
			if _, err := s.Admin.EndDelegation(t.Context(), d.ID, "xong việc"); err != nil {
				t.Error(err)
			}
		},
		"ended by another process": func(t *testing.T, s *servertest.Server, _ server.Box, d mail.Delegation) {
			if _, err := outside(t, s).EndDelegation(t.Context(), d.ID, "xong việc"); err != nil {
				t.Error(err)
			}
		},
		"another head by another process": func(t *testing.T, s *servertest.Server, p server.Box, _ mail.Delegation) {
			if _, err := outside(t, s).SetHead(t.Context(), "kh&đt", p.Wire); err != nil {
				t.Error(err)
			}
		},
		"expired": func(_ *testing.T, s *servertest.Server, _ server.Box, _ mail.Delegation) {
			s.Clock.Advance(24 * time.Hour)
		},
		"suspended": func(t *testing.T, s *servertest.Server, p server.Box, _ mail.Delegation) {
			if err := s.Admin.Suspend(t.Context(), p.Wire, "kỷ luật"); err != nil {
				t.Error(err)
			}
		},
		"password reset": func(t *testing.T, s *servertest.Server, p server.Box, _ mail.Delegation) {
			if _, err := s.Admin.ResetPassword(t.Context(), p.Wire); err != nil {
				t.Error(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := servertest.Start(t)
			agency, _ := s.Agency("kh&đt", "Nguyễn Thị Mai")
			hung := s.Person("Trần Văn Hùng", "kh&đt")
			d := s.Delegate(agency, hung, mail.ScopeIssue, func(d *mail.Delegation) { d.Until = d.Dated })
			idle := imapAs(t, s, agency, hung)
			idle.ok("SELECT INBOX")
			idle.send("i IDLE\r\n")
			idle.line()
			visit := imapLogin(t, s, hung.Wire, hung.Password)
			visit.ok("ENABLE UTF8=ACCEPT")
			visit.ok(`EXAMINE "Hộp thư công vụ/kh&đt/INBOX"`)
			out := dial(t, s, s.SMTP)
			out.want("220", "")
			out.want("250", "EHLO test.example")
			out.want("235", "AUTH PLAIN %s", plainAs(agency.Address, hung.Wire, hung.Password))
			web := at(t, s, hung)
			people := of(api.PathColleagues, "box", agency.Wire)
			if status := web.ask(http.MethodGet, people, nil, nil); status != http.StatusOK {
				t.Errorf("the office before: %d", status)
			}
			end(t, s, hung, d)
			idle.gone()
			visit.gone()
			out.gone()
			lost := map[string]int{"suspended": http.StatusUnauthorized, "password reset": http.StatusUnauthorized, "expired": http.StatusUnauthorized}
			want := cmp.Or(lost[name], http.StatusForbidden)
			if strings.HasPrefix(name, "another head") { // it is he
				want = http.StatusOK
			}
			if status := web.ask(http.MethodGet, people, nil, nil); status != want {
				t.Errorf("the office after: %d, want %d", status, want)
			}
		})
	}
}

// An agency's boxes beside one's own, for programs that know no authorization identity (RFC 2342).
func TestSharedNamespace(t *testing.T) {
	s := servertest.Start(t)
	agency, _ := s.Agency("kh&đt", "Nguyễn Thị Mai")
	hung, lan := s.Person("Trần Văn Hùng", "kh&đt"), s.Person("Lê Thị Lan", "kh&đt")
	s.Delegate(agency, hung, mail.ScopeAnswer, nil)
	s.Delegate(agency, lan, mail.ScopeRead, nil)
	s.Deliver(agency.Wire, "Subject: họp\n\nx\n")
	k := imapLogin(t, s, hung.Wire, hung.Password)
	k.ok("ENABLE UTF8=ACCEPT")
	mustHave(t, k.ok("NAMESPACE"), `* NAMESPACE (("" "/")) NIL (("Hộp thư công vụ/" "/"))`)
	if l := k.ok(`LIST "" "*"`); has(l, "công vụ") {
		t.Errorf("the person's own list: %q", l)
	}
	mustHave(t, k.ok(`LIST "" "%"`), `(\HasChildren \Noselect) "/" "Hộp thư công vụ"`)
	mustHave(t, k.ok(`LIST "" "Hộp thư công vụ/%"`), `(\HasChildren \Noselect) "/" "Hộp thư công vụ/kh&đt"`)
	l := k.ok(`LIST "" "Hộp thư công vụ/*" RETURN (STATUS (MESSAGES UNSEEN))`)
	mustHave(t, l, `"Hộp thư công vụ/kh&đt/INBOX"`)
	mustHave(t, l, `* STATUS "Hộp thư công vụ/kh&đt/INBOX" (MESSAGES 1 UNSEEN 1)`)
	if has(l, `\Sent`) {
		t.Errorf("a role of another box: %q", l)
	}
	k.ok(`SUBSCRIBE "Hộp thư công vụ/kh&đt/INBOX"`)
	mustHave(t, k.ok(`LIST (SUBSCRIBED) "" "*"`), `(\HasNoChildren \Subscribed) "/" "Hộp thư công vụ/kh&đt/INBOX"`)
	mustHave(t, k.ok(`LSUB "" "*"`), `"Hộp thư công vụ/kh&đt/INBOX"`)
	mustHave(t, k.ok(`STATUS "Hộp thư công vụ/kh&đt/INBOX" (MESSAGES)`), "MESSAGES 1")
	k.ok(`SELECT "Hộp thư công vụ/kh&đt/INBOX"`)
	k.ok(`STORE 1 +FLAGS (\Flagged)`)
	k.refuse("NO [NOPERM]", "EXPUNGE")
	k.refuse("NO [CANNOT]", "COPY 1 INBOX")
	k.refuse("NO [CANNOT]", "MOVE 1 Archive")
	k.ok(`COPY 1 "Hộp thư công vụ/kh&đt/Archive"`)
	k.send("i IDLE\r\n")
	k.line()
	s.Deliver(agency.Wire, "Subject: nữa\n\nx\n")
	wantLine(t, k, "* 2 EXISTS")
	k.send("DONE\r\n")
	k.until("i")
	k.refuse("NO [NOPERM]", `CREATE "Hộp thư công vụ/kh&đt/Mới"`)
	k.refuse("NO [NONEXISTENT]", `CREATE "Hộp thư công vụ/Mới"`)
	k.refuse("NO [NONEXISTENT]", `SELECT "Hộp thư công vụ/nv/INBOX"`)
	k.ok("SELECT INBOX")
	k.refuse("NO [NOPERM]", `RENAME Archive "Hộp thư công vụ/kh&đt/Archive2"`)

	r := imapLogin(t, s, lan.Wire, lan.Password)
	r.ok("ENABLE UTF8=ACCEPT")
	if _, answer := r.cmd(`SELECT "Hộp thư công vụ/kh&đt/INBOX"`); !strings.HasPrefix(answer, "OK [READ-ONLY]") {
		t.Errorf("a reader: %s", answer)
	}
	r.refuse("NO [NOPERM]", `STORE 1 +FLAGS (\Flagged)`)
	r.refuse("NO [NOPERM]", "APPEND %q {9+}\r\nA: b\r\n\r\nc", "Hộp thư công vụ/kh&đt/Drafts")

	stranger := imapLogin(t, s, s.Person("Vũ Văn Lạ", "nv").Wire, servertest.Password)
	stranger.ok("ENABLE UTF8=ACCEPT")
	mustHave(t, stranger.ok("NAMESPACE"), `* NAMESPACE (("" "/")) NIL NIL`)
	a := stranger.refuse("NO [NONEXISTENT]", `SELECT "Hộp thư công vụ/kh&đt/INBOX"`)
	if b := stranger.refuse("NO [NONEXISTENT]", `SELECT "Hộp thư công vụ/không có/INBOX"`); a != b {
		t.Errorf("a stranger learns which agencies there are: %q, %q", a, b)
	}
}
