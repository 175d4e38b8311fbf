package office

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/server/internal/register"
)

func wantWhy(t *testing.T, err error, why string) {
	t.Helper()
	if got := whyOf(err); err == nil || got != why {
		t.Errorf("%v, want %q", err, why)
	}
}

func wantKind(t *testing.T, err error, k mail.FaultKind) {
	t.Helper()
	if mail.KindOf(err) != k {
		t.Errorf("%v, want %q", err, k)
	}
}

// Lan gives Hùng a letter, he writes and answers it; every step is what the others see, with names.
func TestWork(t *testing.T) {
	g := newRig(t)
	g.deliver(g.agency, letterTo(g.agency, "1@dan", "Đề nghị trả lời"))
	key := mail.LetterKey(mail.Head{MessageID: "1@dan", From: []mail.Address{{Addr: "dan@example.org"}}})
	due := g.clock.now().AddDate(0, 0, 2)
	w, err := g.act(g.lan, key, api.ActAssign, to(g.hung), saying("Trả lời trước thứ Sáu"), func(a *api.Act) { a.Due = due })
	g.must(err)
	if w.Holder != g.hung.AsPerson() || w.AssignedBy != g.lan.AsPerson() || w.State != mail.WorkDoing || !w.Due.Equal(due) || w.Instruction == "" {
		t.Errorf("assigned: %+v", w)
	}
	_, err = g.act(g.hung, key, api.ActClaim, saw(w))
	g.must(err)
	_, err = g.act(g.lan, key, api.ActClaim)
	wantWhy(t, err, Claimed)
	if c := contradiction(err); c == nil || c.Who.Name != "Trần Văn Hùng" {
		t.Errorf("who writes: %+v", c)
	}
	_, err = g.act(g.minh, key, api.ActNote, saying("Số liệu ở phòng Tổng hợp"))
	g.must(err)
	before := g.works(0)
	g.clock.add(time.Minute)
	g.send(g.agency, g.hung, "1@dan")
	got := g.works(before.Version)
	if got.Reset || len(got.Works) != 1 {
		t.Fatalf("news %+v", got)
	}
	w = got.Works[0]
	if w.State != mail.WorkAnswered || w.AnsweredBy != g.hung.AsPerson() || !w.AnsweredAt.Equal(g.clock.now()) || w.Claim != (mail.Person{}) {
		t.Errorf("answered: %+v", w)
	}
	if len(w.Notes) != 1 || w.Notes[0].By != g.minh.AsPerson() || w.Notes[0].Text != "Số liệu ở phòng Tổng hợp" {
		t.Errorf("notes %+v", w.Notes)
	}
	_, err = g.act(g.lan, key, api.ActTake)
	wantWhy(t, err, Answered)
	if again := g.works(got.Version); len(again.Works) != 0 || again.Version != got.Version {
		t.Errorf("nothing new: %+v", again)
	}
	if all := g.works(got.Version + 9); !all.Reset || len(all.Works) != 1 {
		t.Errorf("a version that never was: %+v", all)
	}
	g.audited("work-assign", "work-claim", "work-note")
}

func contradiction(err error) *Contradiction {
	c := (*Contradiction)(nil)
	if !errors.As(err, &c) {
		return nil
	}
	return c
}

func (g *rig) audited(what ...string) {
	g.t.Helper()
	rows, err := g.reg.Audit(context.Background(), 0, 1000)
	g.must(err)
	for _, w := range what {
		n := 0
		for _, r := range rows {
			if r.What == w {
				n++
			}
		}
		if n != 1 {
			g.t.Errorf("%d rows of %s in the log", n, w)
		}
	}
}

func TestStrangers(t *testing.T) {
	g := newRig(t)
	ctx := context.Background()
	_, err := g.act(g.other, keyOf(1), api.ActNote, saying("x"))
	wantKind(t, err, mail.Refused)
	_, err = g.Works(ctx, g.other.Account, g.agency.Wire, 0, 0)
	wantKind(t, err, mail.Refused)
	_, none := g.Works(ctx, g.other.Account, "khong-co@"+domain, 0, 0)
	if none == nil || err == nil || none.Error() != err.Error() {
		t.Errorf("no such box: %v, another's: %v", none, err)
	}
	_, err = g.Works(ctx, g.head.Account, g.hung.Wire, 0, 0)
	wantKind(t, err, mail.Refused) // QC 13.4: nobody works in another's own box
	_, err = g.Days(ctx, g.lan.Account, g.hung.Wire, time.Time{}, time.Time{})
	wantKind(t, err, mail.Refused)
	_, err = g.Days(ctx, g.head.Account, g.other.Wire, time.Time{}, time.Time{})
	wantKind(t, err, mail.Refused)
	_, err = g.Days(ctx, g.head.Account, g.hung.Wire, time.Time{}, time.Time{})
	g.must(err) // D11: counts and times
	_, err = g.Staff(ctx, g.lan.Account, g.agency.Wire, time.Time{}, time.Time{})
	wantKind(t, err, mail.NoPermission)
	_, err = g.Staff(ctx, g.other.Account, g.agency.Wire, time.Time{}, time.Time{})
	wantKind(t, err, mail.Refused)
	_, err = g.act(g.lan, keyOf(1), api.ActAssign, to(g.other))
	wantKind(t, err, mail.BadAddress)
	_, err = g.act(g.agency, keyOf(1), api.ActTake)
	wantKind(t, err, mail.Refused) // a shared password is nobody
}

// A delegation that ends takes the right away with it, in the next transaction.
func TestDelegationEnds(t *testing.T) {
	g := newRig(t)
	w, err := g.act(g.hung, keyOf(1), api.ActTake)
	g.must(err)
	list, err := g.reg.Delegations(context.Background(), by(g.head), g.agency.Account)
	g.must(err)
	for _, d := range list {
		if d.Person.Addr == g.hung.Wire {
			_, err := g.reg.EndDelegation(context.Background(), by(g.head), d.ID, "chuyển công tác")
			g.must(err)
		}
	}
	_, err = g.act(g.hung, keyOf(1), api.ActReturn, saw(w))
	wantKind(t, err, mail.Refused)
	if _, err := g.act(g.lan, keyOf(1), api.ActReturn, saw(w)); err != nil {
		t.Errorf("the chief frees what he left: %v", err)
	}
}

func TestSameActTwice(t *testing.T) {
	g := newRig(t)
	a := api.Act{ID: "x", Box: g.agency.Wire, Key: keyOf(1), Do: api.ActNote, Text: "một lần"}
	for range 3 {
		w, err := g.Act(t.Context(), by(g.hung), a)
		g.must(err)
		if len(w.Notes) != 1 {
			t.Errorf("%d notes", len(w.Notes))
		}
	}
	a.Text = "hai lần"
	_, err := g.Act(t.Context(), by(g.hung), a)
	wantWhy(t, err, Repeated)
	if _, err := g.Act(t.Context(), by(g.lan), a); err != nil { // ids are each person's own
		t.Error(err)
	}
	g.clock.add(keepActs + time.Hour)
	g.must(g.Step(t.Context()))
	if w, err := g.Act(t.Context(), by(g.hung), a); err != nil || len(w.Notes) != 3 {
		t.Errorf("long after: %+v, %v", w.Notes, err)
	}
}

// Of many who begin to write at the same instant one has it, and all others are told who.
func TestClaimAtOnce(t *testing.T) {
	g := newRig(t)
	for n := range 20 {
		var wg sync.WaitGroup
		errs := make([]error, 2)
		for i, p := range []register.Box{g.lan, g.hung} {
			wg.Add(1)
			mail.Go("claim", func() {
				defer wg.Done()
				_, errs[i] = g.Act(context.Background(), by(p), api.Act{ID: keyOf(n) + p.Wire, Box: g.agency.Wire, Key: keyOf(n), Do: api.ActClaim})
			})
		}
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("%v and %v", errs[0], errs[1])
		}
		for i, name := range []string{"Trần Văn Hùng", "Phạm Thị Lan"} {
			if errs[i] != nil && (whyOf(errs[i]) != Claimed || contradiction(errs[i]).Who.Name != name) {
				t.Errorf("told %v", errs[i])
			}
		}
	}
}

// A claim that is renewed is nobody's news; one that is not ends, and everybody is told.
func TestClaimEnds(t *testing.T) {
	g := newRig(t)
	_, err := g.act(g.hung, keyOf(1), api.ActClaim)
	g.must(err)
	v := g.works(0).Version
	for range 3 {
		g.clock.add(time.Minute)
		w, err := g.act(g.hung, keyOf(1), api.ActClaim)
		g.must(err)
		if w.Version != v || g.works(v).Version != v {
			t.Errorf("a renewal is news: %+v", w)
		}
	}
	g.audited("work-claim")
	g.clock.add(ClaimLasts)
	got := g.works(v)
	if len(got.Works) != 1 || got.Works[0].Claim != (mail.Person{}) || got.Version == v {
		t.Errorf("after its end: %+v", got)
	}
}

// Who waits hears of a change at once, and loses his place with his delegation.
func TestWait(t *testing.T) {
	g := newRig(t)
	v := g.works(0).Version
	got := make(chan api.Works, 1)
	failed := make(chan error, 1)
	wait := func() {
		w, err := g.Works(context.Background(), g.minh.Account, g.agency.Wire, v, MaxWait)
		if err != nil {
			failed <- err
			return
		}
		got <- w
	}
	mail.Go("wait", wait)
	_, err := g.act(g.hung, keyOf(7), api.ActTake)
	g.must(err)
	w := <-got
	if len(w.Works) != 1 || w.Works[0].Key != keyOf(7) || w.Reset {
		t.Errorf("news %+v", w)
	}
	v = w.Version
	mail.Go("wait", wait)
	list, err := g.reg.Delegations(context.Background(), by(g.head), g.agency.Account)
	g.must(err)
	for _, d := range list {
		_, err := g.reg.EndDelegation(context.Background(), by(g.head), d.ID, "hết việc")
		g.must(err)
	}
	wantKind(t, <-failed, mail.Refused)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = g.Works(ctx, g.head.Account, g.agency.Wire, v, MaxWait)
	wantKind(t, err, mail.TryLater)
}

func TestColleagues(t *testing.T) {
	g := newRig(t)
	_, err := g.act(g.hung, keyOf(1), api.ActTake)
	g.must(err)
	_, err = g.TakeLeave(t.Context(), by(g.minh), mail.Leave{From: g.clock.now(), Until: g.clock.now().AddDate(0, 0, 2), Kind: OnLeave, Note: "việc nhà"})
	g.must(err)
	list, err := g.Colleagues(t.Context(), g.hung.Account, g.agency.Wire)
	g.must(err)
	var said []string
	for _, c := range list {
		s := c.Name + " " + c.Scope.Code()
		if c.Chief {
			s += " chief"
		}
		if c.Has > 0 {
			s += " has"
		}
		if c.Away.Kind != "" {
			s += " away"
		}
		if c.Away.Note != "" {
			s += " because"
		}
		said = append(said, s)
	}
	want := "Nguyễn Thị Mai thu-truong; Phạm Thị Lan phat-hanh chief; Trần Văn Hùng tra-loi has; Lê Quang Minh doc away"
	if got := strings.Join(said, "; "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// The office works in one's own box too: a letter there is excused, and the daily record counts that.
func TestOwnBox(t *testing.T) {
	g := newRig(t)
	g.deliver(g.hung, letterTo(g.hung, "2@dan", "Hỏi"))
	key := mail.LetterKey(mail.Head{MessageID: "2@dan", From: []mail.Address{{Addr: "dan@example.org"}}})
	own := func(a *api.Act) { a.Box = g.hung.Address } // either spelling
	if d := g.today(g.hung, g.hung); d.Received != 1 || d.Waiting != 1 {
		t.Errorf("%+v", d)
	}
	w, err := g.act(g.hung, key, api.ActExcuse, own, saying("trùng thư trước"))
	g.must(err)
	if d := g.today(g.hung, g.hung); d.Received != 1 || d.Waiting != 0 || d.Answered != 0 {
		t.Errorf("excused: %+v", d)
	}
	w, err = g.act(g.hung, key, api.ActReopen, own, saw(w))
	g.must(err)
	if d := g.today(g.hung, g.hung); d.Waiting != 1 || w.Reopened.IsZero() {
		t.Errorf("reopened: %+v %+v", d, w)
	}
	g.send(g.hung, g.hung, "2@dan")
	if d := g.today(g.hung, g.hung); d.Waiting != 0 || d.Answered != 1 || d.InTime != 1 {
		t.Errorf("answered: %+v", d)
	}
	_, err = g.act(g.head, key, api.ActNote, own, saying("x"))
	wantKind(t, err, mail.Refused)
}
