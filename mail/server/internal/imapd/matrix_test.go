package imapd_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/server"
	"hopthu/mail/server/internal/imapd"
	"hopthu/mail/server/servertest"
)

// form is a command that would be done, with BOX for the name of a mailbox. A command that names none is tried in the
// open mailbox.
type form struct {
	text  string
	names bool // it names a mailbox
	last  bool // it leaves the state that the next needs
}

// forms has a row for every command of the table: a new one is in the matrix from its first day.
var forms = map[string]form{
	"CAPABILITY": {text: ""}, "NOOP": {text: ""}, "ID": {text: " NIL"}, "LOGOUT": {last: true}, "UNAUTHENTICATE": {last: true},
	"LOGIN": {text: ` "BOX" "x"`, names: true}, "AUTHENTICATE": {text: " PLAIN BOXSASL", names: true},
	"ENABLE": {text: " CONDSTORE"}, "NAMESPACE": {}, "CHECK": {}, "IDLE": {last: true}, "COMPRESS": {last: true}, "NOTIFY": {text: " NONE"},
	"SELECT": {text: ` "BOX"`, names: true, last: true}, "EXAMINE": {text: ` "BOX"`, names: true, last: true},
	"CREATE": {text: ` "BOX/mới"`, names: true}, "DELETE": {text: ` "BOX"`, names: true}, "RENAME": {text: ` "BOX" "BOX-2"`, names: true},
	"SUBSCRIBE": {text: ` "BOX"`, names: true}, "UNSUBSCRIBE": {text: ` "BOX"`, names: true},
	"LIST": {text: ` "" "BOX"`, names: true}, "LSUB": {text: ` "" "BOX"`, names: true}, "STATUS": {text: ` "BOX" (MESSAGES UIDNEXT)`, names: true},
	"APPEND": {text: " \"BOX\" {9+}\r\nA: b\r\n\r\nc", names: true}, "GETQUOTA": {text: ` ""`}, "SETQUOTA": {text: ` "" (STORAGE 1)`},
	"GETQUOTAROOT": {text: ` "BOX"`, names: true}, "GETMETADATA": {text: ` "BOX" /shared/comment`, names: true},
	"SETMETADATA": {text: ` "BOX" (/shared/comment "x")`, names: true},
	"SETACL":      {text: ` "BOX" "x" lr`, names: true}, "DELETEACL": {text: ` "BOX" "x"`, names: true}, "GETACL": {text: ` "BOX"`, names: true},
	"LISTRIGHTS": {text: ` "BOX" "x"`, names: true}, "MYRIGHTS": {text: ` "BOX"`, names: true},
	"CLOSE": {last: true}, "UNSELECT": {last: true}, "EXPUNGE": {}, "SEARCH": {text: " ALL"}, "SORT": {text: " (SUBJECT) UTF-8 ALL"},
	"THREAD": {text: " REFERENCES UTF-8 ALL"}, "FETCH": {text: " 1 (FLAGS)"}, "STORE": {text: ` 1 +FLAGS (\Flagged)`},
	"COPY": {text: ` 1 "BOX"`, names: true}, "MOVE": {text: ` 1 "BOX"`, names: true},
	"REPLACE": {text: " 1 \"BOX\" {9+}\r\nA: b\r\n\r\nc", names: true}, "UID": {text: " NOOP"},
	"UID EXPUNGE": {text: " 1"}, "UID SEARCH": {text: " ALL"}, "UID SORT": {text: " (SUBJECT) UTF-8 ALL"}, "UID THREAD": {text: " REFERENCES UTF-8 ALL"},
	"UID FETCH": {text: " 1 (FLAGS)"}, "UID STORE": {text: ` 1 +FLAGS (\Flagged)`}, "UID COPY": {text: ` 1 "BOX"`, names: true},
	"UID MOVE": {text: ` 1 "BOX"`, names: true}, "UID REPLACE": {text: " * \"BOX\" {9+}\r\nA: b\r\n\r\nc", names: true},
}

const shared = "Hộp thư công vụ/"

// matrix is a server with two agencies and people who stand to the first in every way there is.
type matrix struct {
	*servertest.Server
	agency server.Box
	people map[string]server.Box
}

// scopes are those that a delegation can have, and what their delegates are called.
var scopes = map[string]mail.Scope{"đọc": mail.ScopeRead, "trả lời": mail.ScopeAnswer, "phát hành": mail.ScopeIssue, "quản lý": mail.ScopeManage}

func newMatrix(t *testing.T) *matrix {
	t.Helper()
	s := servertest.Start(t)
	m := &matrix{Server: s, people: map[string]server.Box{}}
	m.agency, m.people["thủ trưởng"] = s.Agency("kh&đt", "Nguyễn Thị Mai")
	other, _ := s.Agency("nv", "Vũ Văn Nội")
	i := 0
	person := func(what string) server.Box {
		i++
		m.people[what] = s.Person("Lê Văn "+string(rune('A'+i))+"n", "kh&đt")
		return m.people[what]
	}
	for what, scope := range scopes {
		s.Delegate(m.agency, person(what), scope, nil)
	}
	person("người khác") // a colleague without a paper
	s.Delegate(other, person("của nơi khác"), mail.ScopeManage, nil)
	if _, err := s.Admin.EndDelegation(t.Context(), s.Delegate(m.agency, person("đã hết"), mail.ScopeManage, nil).ID, "xong việc"); err != nil {
		t.Fatal(err)
	}
	s.Delegate(m.agency, person("chưa đến"), mail.ScopeManage, func(d *mail.Delegation) { d.From = d.Dated.Add(48 * time.Hour) })
	for range 2 {
		s.Deliver(m.agency.Wire, "Subject: họp\n\nx\n")
	}
	return m
}

// enter logs somebody in, in UTF-8 mode; the state is one letter in his own open INBOX.
func (m *matrix) enter(t *testing.T, who server.Box) *line {
	t.Helper()
	k := dial(t, m.Server)
	k.login(who)
	for _, c := range []string{"ENABLE UTF8=ACCEPT", "APPEND INBOX {9+}\r\nA: b\r\n\r\nc", "SELECT INBOX"} {
		if _, answer := k.cmd(c); !strings.HasPrefix(answer, "OK") {
			t.Fatalf("%s: %s", c, answer)
		}
	}
	return k
}

func TestFormsAreWhole(t *testing.T) {
	for _, name := range imapd.Commands() {
		if _, ok := forms[name]; !ok {
			t.Errorf("%s is not in the matrix", name)
		}
	}
}

// Whoever has no right in an agency's box gets the same octets whether it is there or not, command by command.
func TestMatrixOfThoseWithoutRight(t *testing.T) {
	m := newMatrix(t)
	for _, who := range []string{"người khác", "của nơi khác", "đã hết", "chưa đến"} {
		k := m.enter(t, m.people[who])
		for _, name := range imapd.Commands() {
			f := forms[name]
			if !f.names || !imapd.Allowed(name)[2] {
				continue
			}
			var answers [3]string
			for i, mailbox := range [3]string{shared + "kh&đt/INBOX", shared + "kh&đt/Không có", shared + "không có/INBOX"} {
				said, answer := k.cmd(name + strings.ReplaceAll(f.text, "BOX", mailbox))
				answers[i] = strings.ReplaceAll(strings.Join(append(said, answer), "\n"), mailbox, "BOX")
				if strings.HasPrefix(answer, "OK") && name != "LIST" && name != "LSUB" && name != "UNSUBSCRIBE" {
					t.Errorf("%s: %s of %s: %s", who, name, mailbox, answers[i])
				}
				if f.last {
					k.cmd("SELECT INBOX")
				}
			}
			if answers[0] != answers[1] || answers[0] != answers[2] {
				t.Errorf("%s: %s: %q", who, name, answers)
			}
		}
		if _, answer := k.cmd("FETCH 1 (UID)"); !strings.HasPrefix(answer, "OK") {
			t.Errorf("%s: at the end it is elsewhere: %s", who, answer)
		}
	}
}

// Whoever has a right can do what it allows and is refused the rest, command by command, by both ways into the box:
// beside one's own, and as the box itself.
func TestMatrixOfScopes(t *testing.T) {
	m := newMatrix(t)
	for _, way := range []string{"shared", "as the agency"} {
		for _, who := range []string{"đọc", "trả lời", "phát hành", "quản lý", "thủ trưởng"} {
			scope, ok := scopes[who]
			if !ok {
				scope = mail.ScopeHead
			}
			prefix := shared + "kh&đt/"
			k := dial(t, m.Server)
			if way == "shared" {
				k.login(m.people[who])
			} else {
				prefix = ""
				k.must(t, "AUTHENTICATE PLAIN "+saslAs(m.agency.Wire, m.people[who].Wire, m.people[who].Password))
			}
			k.must(t, "ENABLE UTF8=ACCEPT")
			for _, name := range imapd.Commands() {
				if f := forms[name]; !f.last && imapd.Allowed(name)[2] {
					m.try(t, k, way+", "+who, prefix, name, scope)
				}
			}
		}
	}
}

func (k *line) must(t *testing.T, text string) {
	t.Helper()
	if _, answer := k.cmd(text); !strings.HasPrefix(answer, "OK") {
		t.Fatalf("%s: %s", text, answer)
	}
}

// ownWay are commands whose answer does not depend on a scope alone, or that are nobody's to do.
var ownWay = map[string]bool{
	"GETQUOTA": true, "SETQUOTA": true, "GETQUOTAROOT": true, "SUBSCRIBE": true, "UNSUBSCRIBE": true,
	"SETACL": true, "DELETEACL": true, "GETACL": true, "LISTRIGHTS": true, "MYRIGHTS": true,
}

func (m *matrix) try(t *testing.T, k *line, who, prefix, name string, scope mail.Scope) {
	t.Helper()
	f := forms[name]
	for _, folder := range []string{"", "Việc"} { // there is always a letter to do it to, and a mailbox
		err := m.Admin.Deliver(t.Context(), server.Delivery{To: []string{m.agency.Wire}, Folder: folder, Raw: []byte("A: b\r\n\r\nc\r\n")})
		if err != nil {
			t.Fatal(err)
		}
	}
	k.must(t, fmt.Sprintf("SELECT %q", prefix+"INBOX"))
	least := imapd.LeastScope(name, mail.RoleInbox)
	for _, folder := range []string{"Việc", "Không có"} {
		_, answer := k.cmd(name + strings.ReplaceAll(f.text, "BOX", prefix+folder))
		switch {
		case ownWay[name]:
		case folder == "Việc" && strings.HasPrefix(answer, "NO [NOPERM]") != (scope < least),
			scope < least && !strings.HasPrefix(answer, "NO ["):
			t.Errorf("%s: %s of %q needs %q: %s", who, name, folder, least.Code(), answer)
		}
		if !f.names {
			break
		}
	}
	if name == "CREATE" || name == "RENAME" { // as it was
		k.cmd(fmt.Sprintf("DELETE %q", prefix+"Việc/mới"))
		k.cmd(fmt.Sprintf("DELETE %q", prefix+"Việc-2"))
		k.cmd(fmt.Sprintf("DELETE %q", prefix+"Không có/mới"))
		k.cmd(fmt.Sprintf("DELETE %q", prefix+"Không có"))
	}
}

// saslAs is a PLAIN response of somebody who acts for another (RFC 4616).
func saslAs(as, login, password string) string {
	return base64.StdEncoding.EncodeToString([]byte(as + "\x00" + login + "\x00" + password))
}
