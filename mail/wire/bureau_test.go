package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	gosync "sync"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/outbox"
)

// bureau is an office that gives out tokens and forgets them when told to.
type bureau struct {
	t *testing.T

	mu     gosync.Mutex
	logins int
	good   string
	seen   []string
}

func (b *bureau) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seen = append(b.seen, r.Method+" "+r.URL.RequestURI())
	if r.URL.Path == api.PathSession && r.Method == http.MethodPost {
		var l api.Login
		if err := json.NewDecoder(r.Body).Decode(&l); err != nil || l.Password != "mật khẩu" || l.Login != "lan@example.test" {
			answer(b.t, w, 401, api.Problem{Code: "bad-password"})
			return
		}
		b.logins++
		b.good = fmt.Sprintf("token%d", b.logins)
		answer(b.t, w, 200, api.Session{Token: b.good, Expires: testNow.Add(time.Hour)})
		return
	}
	if b.good == "" || r.Header.Get("Authorization") != "Bearer "+b.good {
		answer(b.t, w, 401, api.Problem{Code: "refused"})
		return
	}
	switch r.URL.Path {
	case api.PathMe:
		answer(b.t, w, 200, api.Me{Person: mail.Person{Addr: "lan@example.test"}, Boxes: []api.Shared{{Wire: "kh&dt@example.test", Scope: "phat-hanh"}}})
	case api.PathWork:
		if r.Method == http.MethodGet {
			answer(b.t, w, 200, api.Works{Version: 7, Works: []mail.Work{{Key: "k", State: mail.WorkDoing, Version: 7}}})
			return
		}
		answer(b.t, w, 409, api.Problem{Code: "conflict", Text: "Trần Văn Hùng"})
	case api.PathSession:
		b.good = ""
		w.WriteHeader(http.StatusNoContent)
	default:
		answer(b.t, w, 200, []mail.DayCount{{Received: 3}})
	}
}

func TestBureau(t *testing.T) {
	srv := &bureau{t: t}
	d, a := officed(t, srv.ServeHTTP)
	b := d.Bureau(a, password)
	ctx := t.Context()

	me, err := b.Me(ctx)
	if err != nil || len(me.Boxes) != 1 || me.Boxes[0].Scope != mail.ScopeIssue.Code() {
		t.Fatalf("%+v %v", me, err)
	}
	w, err := b.Works(ctx, "kh&dt@example.test", 3, 50*time.Second)
	if err != nil || w.Version != 7 || len(w.Works) != 1 {
		t.Fatalf("%+v %v", w, err)
	}
	if srv.logins != 1 {
		t.Errorf("logged in %d times", srv.logins)
	}
	// The server forgets the token: one more login, and the same request again.
	srv.mu.Lock()
	srv.good = ""
	srv.mu.Unlock()
	_, err = b.Act(ctx, api.Act{ID: "1", Box: "kh&dt@example.test", Key: "k", Do: api.ActTake})
	if f := faultOf(t, err, mail.Conflict); f.Detail != "Trần Văn Hùng" || f.Op != "take letter" {
		t.Errorf("%+v", f)
	}
	if srv.logins != 2 {
		t.Errorf("logged in %d times", srv.logins)
	}
	day := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	if days, err := b.Days(ctx, "kh&dt@example.test", day, day.AddDate(0, 0, 6)); err != nil || len(days) != 1 || days[0].Received != 3 {
		t.Errorf("%+v %v", days, err)
	}
	if err := b.Leave(ctx); err != nil {
		t.Error(err)
	}
	if err := b.Leave(ctx); err != nil {
		t.Error(err)
	}
	for _, want := range []string{
		"GET /api/v1/work?box=kh%26dt%40example.test&since=3&wait=50",
		"GET /api/v1/days?box=kh%26dt%40example.test&from=2026-11-24&until=2026-11-30",
		"DELETE /api/v1/session",
	} {
		if !slices.Contains(srv.seen, want) {
			t.Errorf("%s is not in %q", want, srv.seen)
		}
	}
}

// A password that is wrong is asked about once: an office that says 401 to the login is not asked again and again.
func TestBureauWrongPassword(t *testing.T) {
	srv := &bureau{t: t}
	d, a := officed(t, srv.ServeHTTP)
	a.Login = "minh@example.test"
	_, err := d.Bureau(a, password).Me(t.Context())
	wantKind(t, err, mail.BadPassword)
	if len(srv.seen) != 1 {
		t.Errorf("asked %q", srv.seen)
	}
}

// An account that acts for an agency names its box as authorization identity (RFC 4616), at both doors, and never logs in
// without it.
func TestActsFor(t *testing.T) {
	m := client(t, func(s *script) {
		s.say("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] ready")
		tag := s.expect("AUTHENTICATE PLAIN a2gmZHRAZXhhbXBsZS50ZXN0AGxhbkBleGFtcGxlLnRlc3QAbeG6rXQga2jhuql1")
		s.say(tag + " OK [CAPABILITY IMAP4rev1] in")
	})
	m.a.As = "kh&dt@example.test"
	if _, err := m.Connect(t.Context()); err != nil {
		t.Error(err)
	}
	m = client(t, func(s *script) { s.say("* OK [CAPABILITY IMAP4rev1] ready"); s.gone() })
	m.a.As = "kh&dt@example.test"
	_, err := m.Connect(t.Context())
	wantKind(t, err, mail.Refused)
	m = client(t, func(s *script) {
		s.say("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] ready")
		s.say(s.expect("AUTHENTICATE PLAIN") + " NO [AUTHORIZATIONFAILED] not yours")
		s.gone()
	})
	m.a.As = "kh&dt@example.test"
	_, err = m.Connect(t.Context())
	wantKind(t, err, mail.Refused)

	p := &post{}
	s := posted(t, p, nil)
	s.a.As = "kh&dt@example.test"
	e := outbox.Envelope{From: "kh&dt@example.test", To: []string{"minh@example.test"}}
	if _, err := sendText(t, s, e, plainLetter); err != nil {
		t.Error(err)
	}
	if p.as != "kh&dt@example.test" || p.from != "kh&dt@example.test" {
		t.Errorf("as %q, from %q", p.as, p.from)
	}
}

func TestOpsOfActs(t *testing.T) {
	seen := map[string]bool{}
	for _, do := range []string{api.ActTake, api.ActAssign, api.ActReturn, api.ActClaim, api.ActNote, api.ActExcuse, api.ActReopen, api.ActDefer, "other"} {
		if op := opOfAct(do); op == "" || seen[op] {
			t.Errorf("%s: %q", do, op)
		} else {
			seen[op] = true
		}
	}
	if !errors.Is(&mail.Fault{Err: errUnauthorized}, errUnauthorized) {
		t.Error("401 is not found in a fault")
	}
}

// RFC 7162 3.1.3: marks change only where nobody changed them since; the server's "no" is no error.
func TestStoreIf(t *testing.T) {
	m := connected(t, func(s *script) {
		s.login("IMAP4rev1 CONDSTORE")
		s.inbox("* OK [HIGHESTMODSEQ 9] x")
		s.ok("NOOP")
		s.ok("UID FETCH 7 (UID FLAGS MODSEQ)", `* 1 FETCH (UID 7 FLAGS (\Seen) MODSEQ (5))`)
		s.ok("UID STORE 7 (UNCHANGEDSINCE 5) +FLAGS.SILENT ($HopthuDoing $HopthuBy-lan)", "* 1 FETCH (UID 7 MODSEQ (6))")
		s.ok("UID STORE 7 -FLAGS.SILENT ($HopthuBy-minh)", "* 1 FETCH (UID 7 MODSEQ (7))")
		tag := s.expect("UID STORE 7 (UNCHANGEDSINCE 5) +FLAGS.SILENT ($HopthuWriting)")
		s.say(tag + " OK [MODIFIED 7] conditional store failed")
		tag = s.expect("UID STORE 7 (UNCHANGEDSINCE 5) -FLAGS.SILENT ($HopthuWriting)")
		s.say(tag + " NO [MODIFIED 7] conditional store failed")
	})
	ctx := t.Context()
	if _, err := m.Select(ctx, "INBOX"); err != nil {
		t.Fatal(err)
	}
	now, err := m.Marks(ctx, 7)
	if err != nil || now.ModSeq != 5 || !slices.Contains(now.Flags, `\Seen`) {
		t.Errorf("%+v %v", now, err)
	}
	if changed, err := m.StoreIf(ctx, 7, 5, []string{"$HopthuDoing", "$HopthuBy-lan"}, []string{"$HopthuBy-minh"}); err != nil || changed {
		t.Error(changed, err)
	}
	if changed, err := m.StoreIf(ctx, 7, 5, []string{"$HopthuWriting"}, []string{"$HopthuBy-minh"}); err != nil || !changed {
		t.Error(changed, err)
	}
	if changed, err := m.StoreIf(ctx, 7, 5, nil, []string{"$HopthuWriting"}); err != nil || !changed {
		t.Error(changed, err)
	}
	if _, err := m.StoreIf(ctx, 7, 5, []string{"a) b"}, nil); mail.KindOf(err) != mail.Refused {
		t.Error(err)
	}
}
