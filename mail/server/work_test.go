package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/rule"
	"hopthu/mail/server"
	"hopthu/mail/server/servertest"
)

// clerk is somebody at the office API.
type clerk struct {
	t     *testing.T
	s     *servertest.Server
	c     *http.Client
	token string
}

func at(t *testing.T, s *servertest.Server, p server.Box) *clerk {
	t.Helper()
	k := &clerk{t: t, s: s, c: office(t, s)}
	var out api.Session
	if status := k.ask(http.MethodPost, api.PathSession, api.Login{Login: p.Wire, Password: p.Password}, &out); status != http.StatusOK || len(out.Token) < 40 {
		t.Fatalf("log in: %d %+v", status, out)
	}
	k.token = out.Token
	return k
}

// ask does one request; in is JSON, nil for none; out takes the answer, which may be a Problem.
func (k *clerk) ask(method, path string, in, out any) int {
	k.t.Helper()
	status, body := k.raw(method, path, in)
	if out != nil {
		if err := json.Unmarshal(body, out); err != nil {
			k.t.Fatalf("%s %s: %d %q", method, path, status, body)
		}
	}
	return status
}

func (k *clerk) raw(method, path string, in any) (int, []byte) {
	k.t.Helper()
	var body io.Reader = http.NoBody
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			k.t.Fatal(err)
		}
		body = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(k.t.Context(), method, k.s.Office+path, body)
	if err != nil {
		k.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if k.token != "" {
		r.Header.Set("Authorization", "Bearer "+k.token)
	}
	status, _, answer := send(k.t, k.c, r)
	return status, []byte(answer)
}

func of(path string, args ...string) string {
	v := url.Values{}
	for i := 0; i < len(args); i += 2 {
		v.Set(args[i], args[i+1])
	}
	return path + "?" + v.Encode()
}

const (
	question    = "From: Dân <dan@example.org>\nTo: kh&dt@" + servertest.Domain + "\nSubject: Chuyện riêng của ông Tám\nMessage-ID: <q1@example.org>\n\nHỏi\n"
	questionKey = "q1@example.org"
)

func key(id string) string {
	return mail.LetterKey(mail.Head{MessageID: id, From: []mail.Address{{Addr: "dan@example.org"}}})
}

// The people of an agency work together over the office API; a stranger and a dead token get nothing.
func TestOfficeAPI(t *testing.T) {
	s := servertest.Start(t)
	agency, head := s.Agency("kh&đt", "Nguyễn Thị Mai")
	lan, hung, far := s.Person("Phạm Thị Lan", "kh&đt"), s.Person("Trần Văn Hùng", "kh&đt"), s.Person("Đỗ Văn Sơn", "tc")
	boss, l := at(t, s, head), at(t, s, lan)
	var given mail.Delegation
	paper := mail.Delegation{Box: agency.Wire, Person: mail.Person{Addr: hung.Address}, Document: "03/GUQ-SKHĐT", Dated: s.Clock.Now(), Scope: mail.ScopeAnswer, Chief: true}
	if status := boss.ask(http.MethodPost, api.PathDelegations, paper, &given); status != http.StatusOK || given.ID == 0 {
		t.Fatalf("delegate: %d %+v", status, given)
	}
	var problem api.Problem
	if status := l.ask(http.MethodPost, api.PathDelegations, paper, &problem); status != http.StatusForbidden || problem.Code != "refused" {
		t.Errorf("who is not the head delegates: %d %+v", status, problem)
	}
	s.Delegate(agency, lan, mail.ScopeRead, nil)
	h := at(t, s, hung)
	var me api.Me
	if h.ask(http.MethodGet, api.PathMe, nil, &me); len(me.Boxes) != 1 || me.Boxes[0].Wire != agency.Wire || me.Boxes[0].Scope != "tra-loi" || me.Boxes[0].Delegate.Document != "03/GUQ-SKHĐT" || me.Person.Name != hung.Name {
		t.Errorf("me: %+v", me)
	}
	s.Deliver(agency.Wire, question)
	var w mail.Work
	act := api.Act{ID: "1", Box: agency.Wire, Key: key(questionKey), Do: api.ActTake}
	if status := h.ask(http.MethodPost, api.PathWork, act, &w); status != http.StatusOK || w.Holder.Name != hung.Name {
		t.Fatalf("take: %d %+v", status, w)
	}
	s.Delegate(agency, far, mail.ScopeAnswer, nil)
	f := at(t, s, far)
	if status := f.ask(http.MethodPost, api.PathWork, act, &problem); status != http.StatusConflict || problem.Code != "conflict" || problem.Rule != "taken" || problem.Text != hung.Name {
		t.Errorf("second to take: %d %+v", status, problem)
	}
	if status := l.ask(http.MethodPost, api.PathWork, act, &problem); status != http.StatusForbidden || problem.Code != "no-permission" || problem.Text == "" || problem.TextEN == "" {
		t.Errorf("who only reads takes: %d %+v", status, problem)
	}
	days := of(api.PathDays, "box", agency.Wire)
	status, body := l.raw(http.MethodGet, days, nil)
	if status != http.StatusOK || !strings.Contains(string(body), `"received":1`) || strings.Contains(string(body), "Tám") || strings.Contains(string(body), "dan@") {
		t.Errorf("days: %d %s", status, body) // D11
	}
	if status := l.ask(http.MethodGet, of(api.PathStaff, "box", agency.Wire), nil, &problem); status != http.StatusForbidden || problem.Code != "no-permission" {
		t.Errorf("staff: %d %+v", status, problem)
	}
	var staff []api.StaffDays
	if boss.ask(http.MethodGet, of(api.PathStaff, "box", agency.Wire, "from", "2026-11-01", "until", "2026-11-30"), nil, &staff); len(staff) != 3 || len(staff[0].Days) != 30 {
		t.Errorf("staff: %+v", staff)
	}
	for _, p := range []string{api.PathMe, days, of(api.PathWork, "box", agency.Wire, "wait", "50"), api.PathHandovers} {
		k := &clerk{t: t, s: s, c: h.c, token: "khong-phai"}
		if status := k.ask(http.MethodGet, p, nil, &problem); status != http.StatusUnauthorized || problem.Rule != "token" {
			t.Errorf("%s without a session: %d %+v", p, status, problem)
		}
	}
}

// What the office refuses to read.
func TestOfficeAPILimits(t *testing.T) {
	s := servertest.Start(t)
	agency, head := s.Agency("kh&đt", "Nguyễn Thị Mai")
	k := at(t, s, head)
	for name, c := range map[string]struct {
		method, path string
		in           any
		status       int
	}{
		"a span too long":   {http.MethodGet, of(api.PathDays, "box", agency.Wire, "from", "2000-01-01", "until", "2026-01-01"), nil, http.StatusUnprocessableEntity},
		"no day":            {http.MethodGet, of(api.PathDays, "box", agency.Wire, "from", "mai"), nil, http.StatusUnprocessableEntity},
		"a version below 0": {http.MethodGet, of(api.PathWork, "box", agency.Wire, "since", "-1"), nil, http.StatusUnprocessableEntity},
		"a letter too long": {http.MethodPost, api.PathWork, api.Act{ID: "1", Box: agency.Wire, Key: key("x"), Do: api.ActNote, Text: strings.Repeat("a", 20<<10)}, http.StatusRequestEntityTooLarge},
		"an unknown act":    {http.MethodPost, api.PathWork, api.Act{ID: "1", Box: agency.Wire, Key: key("x"), Do: "erase"}, http.StatusUnprocessableEntity},
		"no reason":         {http.MethodPost, api.PathWork, api.Act{ID: "1", Box: agency.Wire, Key: key("x"), Do: api.ActExcuse}, http.StatusUnprocessableEntity},
		"no such box":       {http.MethodGet, of(api.PathWork, "box", "khong-co@"+servertest.Domain), nil, http.StatusForbidden},
		"no such leave":     {http.MethodDelete, of(api.PathLeave, "id", "77"), nil, http.StatusNotFound},
		"not JSON":          {http.MethodPost, api.PathWork, "x", http.StatusUnprocessableEntity},
	} {
		var p api.Problem
		if status := k.ask(c.method, c.path, c.in, &p); status != c.status || p.Text == "" || p.TextEN == "" {
			t.Errorf("%s: %d %+v", name, status, p)
		}
	}
}

// Of one session only so many requests may wait; a change wakes those at once, the end of the session ends them.
func TestOfficeWaiting(t *testing.T) {
	s := servertest.Start(t)
	agency, head := s.Agency("kh&đt", "Nguyễn Thị Mai")
	k := at(t, s, head)
	var w api.Works
	k.ask(http.MethodGet, of(api.PathWork, "box", agency.Wire), nil, &w)
	wait := of(api.PathWork, "box", agency.Wire, "since", fmt.Sprint(w.Version), "wait", "50")
	answers := make(chan int, 10)
	ask := func() {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.Office+wait, http.NoBody)
		if err != nil {
			answers <- 0
			return
		}
		r.Header.Set("Authorization", "Bearer "+k.token)
		resp, err := k.c.Do(r)
		if err != nil {
			answers <- 0
			return
		}
		if err := resp.Body.Close(); err != nil {
			answers <- 0
			return
		}
		answers <- resp.StatusCode
	}
	for range 5 {
		mail.Go("poll", ask)
	}
	if status := <-answers; status != http.StatusServiceUnavailable { // one of the five finds no place; the others wait
		t.Errorf("a fifth: %d", status)
	}
	if status := k.ask(http.MethodPost, api.PathWork, api.Act{ID: "1", Box: agency.Wire, Key: key("x"), Do: api.ActTake}, nil); status != http.StatusOK {
		t.Fatal(status)
	}
	for range 4 {
		if status := <-answers; status != http.StatusOK {
			t.Errorf("woken: %d", status)
		}
	}
	k.ask(http.MethodGet, of(api.PathWork, "box", agency.Wire), nil, &w)
	wait = of(api.PathWork, "box", agency.Wire, "since", fmt.Sprint(w.Version), "wait", "50")
	mail.Go("poll", ask)
	if err := s.Admin.SetPassword(t.Context(), head.Wire, "Kjq3-Wxpf-83Jr-Bvmz"); err != nil {
		t.Fatal(err)
	}
	if status := <-answers; status != http.StatusUnauthorized {
		t.Errorf("after the password was changed: %d", status)
	}
	if status := k.ask(http.MethodGet, api.PathMe, nil, nil); status != http.StatusUnauthorized {
		t.Errorf("after the password was changed: %d", status)
	}
}

// A token lives for its hours, not for ever; logging out ends it; a suspended person has none.
func TestOfficeSession(t *testing.T) {
	s := servertest.Start(t)
	p := s.Person("Trần Văn Hùng", "kh&đt")
	k, old, third := at(t, s, p), at(t, s, p), at(t, s, p)
	if status, _ := k.raw(http.MethodDelete, api.PathSession, nil); status != http.StatusNoContent {
		t.Errorf("log out: %d", status)
	}
	if status := k.ask(http.MethodGet, api.PathMe, nil, nil); status != http.StatusUnauthorized {
		t.Errorf("logged out: %d", status)
	}
	if status := third.ask(http.MethodGet, api.PathMe, nil, nil); status != http.StatusOK {
		t.Errorf("another session: %d", status)
	}
	s.Clock.Advance(13 * time.Hour)
	if status := old.ask(http.MethodGet, api.PathMe, nil, nil); status != http.StatusUnauthorized {
		t.Errorf("too old: %d", status)
	}
	k = at(t, s, p)
	if err := s.Admin.Suspend(t.Context(), p.Wire, "nghỉ việc"); err != nil {
		t.Fatal(err)
	}
	if status := k.ask(http.MethodGet, api.PathMe, nil, nil); status != http.StatusUnauthorized {
		t.Errorf("suspended: %d", status)
	}
	k.token = ""
	var problem api.Problem
	if status := k.ask(http.MethodPost, api.PathSession, api.Login{Login: p.Wire, Password: "sai"}, &problem); status != http.StatusForbidden && status != http.StatusUnauthorized || problem.Code != "bad-password" {
		t.Errorf("wrong password: %d %+v", status, problem)
	}
	fresh := s.Newcomer("Lê Quang Minh", "kh&đt")
	if status := k.ask(http.MethodPost, api.PathSession, api.Login{Login: fresh.Wire, Password: fresh.Password}, &problem); status != http.StatusForbidden || problem.Code != "must-change" || problem.TextEN == "" {
		t.Errorf("first password: %d %+v", status, problem)
	}
}

// An answer that a delegate sends from any client is seen at SMTP: the letter is answered, by whom, and the poll tells it.
func TestAnswerFromAnotherClient(t *testing.T) {
	s := servertest.Start(t)
	agency, head := s.Agency("kh&đt", "Nguyễn Thị Mai")
	hung := s.Person("Trần Văn Hùng", "kh&đt")
	s.Delegate(agency, hung, mail.ScopeAnswer, nil)
	s.Deliver(agency.Wire, question)
	k := at(t, s, head)
	var w api.Works
	k.ask(http.MethodGet, of(api.PathWork, "box", agency.Wire), nil, &w)
	send := "From: " + agency.Wire + "\r\nTo: " + head.Wire + "\r\nSubject: Re\r\nMessage-ID: <a1@x>\r\nIn-Reply-To: <" + questionKey + ">\r\n\r\nTrả lời\r\n"
	sendAs(t, s, agency, hung, agency.Wire, head.Wire, send)
	var news api.Works
	k.ask(http.MethodGet, of(api.PathWork, "box", agency.Wire, "since", fmt.Sprint(w.Version), "wait", "50"), nil, &news)
	if len(news.Works) != 1 || news.Works[0].State != mail.WorkAnswered || news.Works[0].AnsweredBy.Name != hung.Name {
		t.Errorf("%+v", news)
	}
	var days []mail.DayCount
	today := s.Clock.Now().In(rule.Zone).Format(time.DateOnly)
	k.ask(http.MethodGet, of(api.PathDays, "box", agency.Wire, "from", today, "until", today), nil, &days)
	if len(days) != 1 || days[0].Answered != 1 || days[0].InTime != 1 || days[0].Waiting != 0 {
		t.Errorf("%+v", days)
	}
}

// sendAs submits a letter in an agency's name under a person's own login.
func sendAs(t *testing.T, s *servertest.Server, agency, p server.Box, from, to, raw string) {
	t.Helper()
	k := smtpActing(t, s, agency.Wire, p)
	k.want("250", "MAIL FROM:<%s>", from)
	k.want("250", "RCPT TO:<%s>", to)
	k.want("354", "DATA")
	k.want("250", "%s.", raw)
	k.want("221", "QUIT")
}

// Opening the inbox from whatever program is the day's record, once a day; the check is finished when nothing is unread, and
// leave excuses a day (QC 9).
func TestDailyRecord(t *testing.T) {
	s := servertest.Start(t, servertest.WithConfig(func(c *server.Config) {
		c.Now = servertest.NewClock(time.Date(2026, 11, 23, 7, 30, 0, 0, rule.Zone)).Now
	}))
	_, head := s.Agency("kh&đt", "Nguyễn Thị Mai")
	hung := s.Person("Trần Văn Hùng", "kh&đt")
	k := at(t, s, hung)
	today := func() mail.DayCount {
		var days []mail.DayCount
		at(t, s, head).ask(http.MethodGet, of(api.PathDays, "box", hung.Wire, "from", "2026-11-23", "until", "2026-11-23"), nil, &days)
		return days[0]
	}
	if d := today(); !d.Opened.IsZero() || !d.Workday {
		t.Errorf("before: %+v", d)
	}
	s.Deliver(hung.Wire, "From: Dân <dan@example.org>\nTo: "+hung.Wire+"\nSubject: x\nMessage-ID: <1@x>\n\nb\n")
	mailer := imapLogin(t, s, hung.Wire, hung.Password)
	mailer.ok("SELECT Sent")
	if d := today(); !d.Opened.IsZero() {
		t.Errorf("Sent is not the inbox: %+v", d)
	}
	mailer.ok("SELECT INBOX")
	var problem api.Problem
	if status := k.ask(http.MethodPost, api.PathCheck, api.Check{Box: hung.Wire}, &problem); status != http.StatusConflict || problem.Rule != "unread" {
		t.Errorf("a letter is unread: %d %+v", status, problem)
	}
	mailer.ok(`STORE 1 +FLAGS (\Seen)`)
	var d mail.DayCount
	if status := k.ask(http.MethodPost, api.PathCheck, api.Check{Box: hung.Wire}, &d); status != http.StatusOK || d.Checked.IsZero() || d.Opened.IsZero() || d.Received != 1 || d.Waiting != 1 {
		t.Errorf("checked: %d %+v", status, d)
	}
	mailer.ok("STORE 1 +FLAGS (%s)", mail.KeywordNoReply)
	if d := today(); d.Waiting != 0 || d.Received != 1 || d.Answered != 0 {
		t.Errorf("marked as needing no answer: %+v", d)
	}
	leave := mail.Leave{From: time.Date(2026, 11, 23, 0, 0, 0, 0, rule.Zone), Until: time.Date(2026, 11, 24, 0, 0, 0, 0, rule.Zone), Kind: "trip"}
	if status := k.ask(http.MethodPost, api.PathLeave, leave, &leave); status != http.StatusOK || leave.ID == 0 {
		t.Errorf("leave: %d %+v", status, leave)
	}
	if d := today(); d.Excused != "trip" {
		t.Errorf("excused: %+v", d)
	}
	if status, _ := k.raw(http.MethodDelete, of(api.PathLeave, "id", fmt.Sprint(leave.ID)), nil); status != http.StatusNoContent {
		t.Errorf("drop leave: %d", status)
	}
	if d := today(); d.Excused != "" {
		t.Errorf("no longer excused: %+v", d)
	}
}

// A server that stops does not wait for those who wait for news.
func TestOfficeStops(t *testing.T) {
	s := servertest.Start(t)
	agency, head := s.Agency("kh&đt", "Nguyễn Thị Mai")
	k := at(t, s, head)
	var w api.Works
	k.ask(http.MethodGet, of(api.PathWork, "box", agency.Wire), nil, &w)
	answered := make(chan error, 1)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.Office+of(api.PathWork, "box", agency.Wire, "since", fmt.Sprint(w.Version), "wait", "50"), http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+k.token)
	sent := make(chan struct{})
	r = r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) { close(sent) }}))
	mail.Go("poll", func() {
		resp, err := k.c.Do(r)
		if err == nil {
			err = resp.Body.Close()
		}
		answered <- err
	})
	<-sent
	s.Stop()
	if err := <-answered; err != nil { // whatever it was told: it is not left hanging
		t.Log("told", err)
	}
	s.Restart()
	if status := k.ask(http.MethodGet, api.PathMe, nil, nil); status != http.StatusUnauthorized {
		t.Errorf("a token of the server that was: %d", status)
	}
}
