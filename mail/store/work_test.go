package store

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
)

var (
	ha   = mail.Person{Name: "Nguyễn Thị Thu Hà", Addr: "hantt.kh&dt@ninhbinh.example"}
	hung = mail.Person{Name: "Trần Văn Hùng", Addr: "hungtv.kh&dt@ninhbinh.example"}
)

// agency makes the box one that several people work in, and Hà the one who sits here.
func (b *box) agency(shared bool) {
	b.t.Helper()
	a := mail.Account{ID: me, Address: "kh&đt@ninhbinh.example", Person: ha, Scope: mail.ScopeManage}
	if shared {
		a.Shared = true
	} else {
		a.As = "kh&dt@ninhbinh.example"
	}
	b.must(b.PutAccount(b.ctx(), a))
}

func (b *box) work(id mail.LetterID) mail.Work {
	b.t.Helper()
	w, err := b.Work(b.ctx(), id)
	b.must(err)
	return w
}

func (b *box) act(do string, to mail.Person, text string, ids ...mail.LetterID) {
	b.t.Helper()
	n := 0
	b.must(b.AddWork(b.ctx(), ids, api.Act{Do: do, To: to.Addr, Text: text}, to.Name, func() (string, error) {
		n++
		return fmt.Sprint("act", n), nil
	}))
}

func (b *box) said(works ...mail.Work) {
	b.t.Helper()
	b.must(b.PutWorks(b.ctx(), me, works, 100, false))
}

// Letters that were here before the box came to be shared have their key too.
func TestWorkOnLettersFromBefore(t *testing.T) {
	b := openBox(t)
	id := b.put(mail.RoleInbox, letter(1, "x", duty))[0]
	if w := b.work(id); w.Key != "" || w.State != "" || b.head(id).State != "" {
		t.Errorf("%+v", w)
	}
	b.act(api.ActTake, mail.Person{}, "", id)
	if list, err := b.PendingWorks(b.ctx(), me); err != nil || len(list) != 0 {
		t.Errorf("an act on a letter of one's own box: %v %v", list, err)
	}
	b.agency(false)
	if w := b.work(id); w.Key != mail.LetterKey(b.head(id)) || w.State != mail.WorkOpen {
		t.Errorf("%+v", w)
	}
}

func TestWorkIsDoneHereFirst(t *testing.T) {
	b := openBox(t)
	b.agency(false)
	ids := b.put(mail.RoleInbox, letter(1, "x", duty), letter(2, "y", duty), letter(3, "z"))
	b.took()
	b.act(api.ActTake, mail.Person{}, "", ids...)
	if !slices.ContainsFunc(b.took(), func(e mail.Event) bool { return e.Kind == mail.WorkChanged && e.Letter == ids[1] }) {
		t.Error("nobody was told")
	}
	if h := b.head(ids[0]); h.State != mail.WorkDoing || h.With != ha.Name || !h.Mine {
		t.Errorf("%+v", h)
	}
	b.act(api.ActAssign, hung, "xử lý trong ngày", ids[1])
	if h, w := b.head(ids[1]), b.work(ids[1]); h.With != hung.Name || h.Mine || w.Instruction != "xử lý trong ngày" || w.AssignedBy != ha || !w.Pending {
		t.Errorf("%+v\n%+v", h, w)
	}
	// They wait in their order, over a restart too.
	b.must(b.Close())
	b.open()
	list, err := b.PendingWorks(b.ctx(), me)
	b.must(err)
	if len(list) != 4 || list[0].Act.Do != api.ActTake || list[3].Act.Do != api.ActAssign || list[3].Act.To != hung.Addr ||
		list[3].Act.Box != "kh&dt@ninhbinh.example" || list[3].Act.ID == "" {
		t.Fatalf("%+v", list)
	}
	// The office says otherwise of the first: another has it. The second goes through.
	key := b.work(ids[0]).Key
	b.must(b.WorkRefused(b.ctx(), me, list[0].N))
	b.must(b.WorkRefused(b.ctx(), me, list[0].N))
	b.said(mail.Work{Key: key, State: mail.WorkDoing, Holder: hung, Version: 8})
	if h := b.head(ids[0]); h.With != hung.Name || h.Mine || b.work(ids[0]).Pending {
		t.Errorf("%+v", h)
	}
	for _, p := range list[1:] {
		w := mail.Work{Key: p.Act.Key, State: mail.WorkDoing, Holder: ha, Version: 9 + p.N}
		b.must(b.WorkDone(b.ctx(), me, p.N, w))
	}
	if w := b.work(ids[1]); w.Holder != ha || w.Version == 0 || w.Pending {
		t.Errorf("%+v", w)
	}
	// What was overtaken on its way is no news.
	b.said(mail.Work{Key: key, State: mail.WorkOpen, Version: 7})
	if h := b.head(ids[0]); h.With != hung.Name {
		t.Errorf("%+v", h)
	}
	if v, err := b.WorkVersion(b.ctx(), me); err != nil || v != 100 {
		t.Error(v, err)
	}
}

// What the people agreed on decides whether a letter awaits an answer; marks do where nothing was agreed.
func TestWorkSettlesDuty(t *testing.T) {
	b := openBox(t)
	b.agency(false)
	id := b.put(mail.RoleInbox, letter(1, "x", duty))[0]
	key := b.work(id).Key
	check := func(what string, awaits bool, state mail.WorkState) {
		t.Helper()
		if h := b.head(id); h.Awaits != awaits || h.State != state {
			t.Errorf("%s: %+v", what, h)
		}
		if f := b.folder(mail.RoleInbox); (f.Awaiting == 1) != awaits {
			t.Errorf("%s: %d of the folder", what, f.Awaiting)
		}
	}
	check("new", true, mail.WorkOpen)
	b.said(mail.Work{Key: key, State: mail.WorkDoing, Holder: hung, Version: 1})
	check("taken", true, mail.WorkDoing)
	b.said(mail.Work{Key: key, State: mail.WorkAnswered, AnsweredBy: hung, Version: 2})
	check("answered", false, mail.WorkAnswered)
	b.must(b.ApplyFlags(b.ctx(), b.folder(mail.RoleInbox).ID, []FlagChange{{UID: 1, Flags: mail.Answered}}))
	b.said(mail.Work{Key: key, State: mail.WorkOpen, Reopened: b.clock.Now(), Version: 3})
	check("reopened, the mark still there", true, mail.WorkOpen)
	b.said(mail.Work{Key: key, State: mail.WorkOpen, Version: 4})
	check("the mark alone", false, mail.WorkAnswered)
	b.must(b.ApplyFlags(b.ctx(), b.folder(mail.RoleInbox).ID, []FlagChange{{UID: 1}}))
	check("unmarked", true, mail.WorkOpen)
	b.act(api.ActExcuse, mail.Person{}, "để biết", id)
	check("excused here", false, mail.WorkExcused)
	b.act(api.ActReopen, mail.Person{}, "", id)
	check("reopened here", true, mail.WorkOpen)
}

// A letter that comes after what was agreed on it (by a client that was quicker) takes it at once.
func TestWorkBeforeLetter(t *testing.T) {
	b := openBox(t)
	b.agency(false)
	in := letter(1, "x", duty)
	b.said(mail.Work{Key: mail.LetterKey(in.Head), State: mail.WorkAnswered, AnsweredBy: hung, Version: 1})
	id := b.put(mail.RoleInbox, in)[0]
	if h := b.head(id); h.Awaits || h.State != mail.WorkAnswered || b.folder(mail.RoleInbox).Awaiting != 0 {
		t.Errorf("%+v", h)
	}
}

func TestWorkClaims(t *testing.T) {
	b := openBox(t)
	b.agency(false)
	ids := b.put(mail.RoleInbox, letter(1, "x", duty), letter(2, "y", duty))
	now := b.clock.Now()
	b.said(mail.Work{Key: b.work(ids[0]).Key, State: mail.WorkOpen, Claim: hung, ClaimSince: now, Version: 1},
		mail.Work{Key: b.work(ids[1]).Key, State: mail.WorkOpen, Claim: ha, ClaimSince: now, Version: 2})
	if b.head(ids[0]).Writing != hung.Name || b.head(ids[1]).Writing != "" {
		t.Error("who writes")
	}
	b.must(b.LapseClaims(b.ctx(), me, now))
	if b.head(ids[0]).Writing != hung.Name {
		t.Error("a young claim went")
	}
	b.must(b.LapseClaims(b.ctx(), me, now.Add(time.Second)))
	if b.head(ids[0]).Writing != "" || b.work(ids[1]).Claim != (mail.Person{}) {
		t.Error("an old claim stays")
	}
}

func TestWorkReset(t *testing.T) {
	b := openBox(t)
	b.agency(false)
	ids := b.put(mail.RoleInbox, letter(1, "x", duty), letter(2, "y", duty))
	b.said(mail.Work{Key: b.work(ids[0]).Key, State: mail.WorkDoing, Holder: hung, Version: 50},
		mail.Work{Key: b.work(ids[1]).Key, State: mail.WorkDoing, Holder: hung, Version: 51})
	b.act(api.ActNote, mail.Person{}, "đã gọi điện", ids[0])
	b.must(b.PutWorks(b.ctx(), me, []mail.Work{{Key: b.work(ids[1]).Key, State: mail.WorkDoing, Holder: ha, Version: 1}}, 1, true))
	if w := b.work(ids[0]); w.State != mail.WorkOpen || len(w.Notes) != 1 || w.Notes[0].By != ha {
		t.Errorf("%+v", w)
	}
	if h := b.head(ids[1]); !h.Mine {
		t.Errorf("%+v", h)
	}
}

func TestListWork(t *testing.T) {
	b := openBox(t)
	b.agency(false)
	ids := b.put(mail.RoleInbox, letter(1, "a", duty), letter(2, "b", duty), letter(3, "c", duty), letter(4, "d", duty), letter(5, "e"))
	b.put(mail.RoleTrash, letter(6, "f", duty))
	key := func(i int) string { return b.work(ids[i]).Key }
	b.said(mail.Work{Key: key(0), State: mail.WorkDoing, Holder: hung, Version: 1},
		mail.Work{Key: key(1), State: mail.WorkAnswered, Holder: ha, AnsweredBy: ha, Version: 2})
	b.act(api.ActTake, mail.Person{}, "", ids[4])
	for _, tt := range []struct {
		holder string
		state  mail.WorkState
		want   []mail.LetterID
	}{
		{"", "", []mail.LetterID{ids[4], ids[3], ids[2], ids[0]}},
		{"", mail.WorkOpen, []mail.LetterID{ids[3], ids[2]}},
		{"-", "", []mail.LetterID{ids[3], ids[2]}},
		{"HungTV.kh&dt@ninhbinh.example", "", []mail.LetterID{ids[0]}},
		{ha.Addr, mail.WorkDoing, []mail.LetterID{ids[4]}},
		{ha.Addr, mail.WorkAnswered, []mail.LetterID{ids[1]}},
	} {
		got, err := b.ListWork(b.ctx(), me, tt.holder, tt.state)
		b.must(err)
		if !slices.Equal(got, tt.want) {
			t.Errorf("%q %q: %v, not %v", tt.holder, tt.state, got, tt.want)
		}
	}
	states, holders, err := b.CountWork(b.ctx(), me)
	b.must(err)
	if states[mail.WorkOpen] != 2 || states[mail.WorkDoing] != 2 || states[mail.WorkAnswered] != 1 || len(states) != 3 {
		t.Errorf("%v", states)
	}
	if holders[""] != 2 || holders[hung.Addr] != 1 || holders[ha.Addr] != 1 || len(holders) != 3 {
		t.Errorf("%v", holders)
	}
}

// Without an office the marks of the letters say it.
func TestWorkByKeywords(t *testing.T) {
	b := openBox(t)
	b.agency(true)
	in := letter(1, "x", duty)
	in.Keywords = []string{"$hopthudoing", "$HopthuBy-hungtv.kh&dt"}
	id := b.put(mail.RoleInbox, in)[0]
	if h, w := b.head(id), b.work(id); h.State != mail.WorkDoing || h.Mine || w.Holder.Addr != hung.Addr {
		t.Errorf("%+v\n%+v", h, w)
	}
	if people, err := b.WorkPeople(b.ctx(), me); err != nil || len(people) != 1 || people[0].Addr != hung.Addr {
		t.Error(people, err)
	}
	flags := func(names ...string) {
		b.must(b.ApplyFlags(b.ctx(), b.folder(mail.RoleInbox).ID, []FlagChange{{UID: 1, Keywords: names}}))
	}
	flags("$HopthuDoing", "$HopthuWriting", "$HopthuBy-HANTT.kh&dt")
	if h, w := b.head(id), b.work(id); !h.Mine || h.With != ha.Name || h.Writing != "" || w.Claim != ha {
		t.Errorf("%+v\n%+v", h, w)
	}
	flags("$HopthuDoing", "$HopthuWriting", "$HopthuBy-hungtv.kh&dt")
	since := b.work(id).ClaimSince
	b.clock.Add(time.Minute)
	flags("$HopthuDoing", "$HopthuWriting", "$HopthuBy-hungtv.kh&dt", "khac")
	if h, w := b.head(id), b.work(id); h.Writing == "" || !w.ClaimSince.Equal(since) {
		t.Errorf("%+v\n%+v", h, w)
	}
	// A claim that has lapsed stays so at the next look; one that is made anew counts anew.
	b.must(b.LapseClaims(b.ctx(), me, b.clock.Now()))
	flags("$HopthuDoing", "$HopthuWriting", "$HopthuBy-hungtv.kh&dt")
	if h, w := b.head(id), b.work(id); h.Writing != "" || h.With == "" || !w.ClaimSince.Equal(since) {
		t.Errorf("%+v\n%+v", h, w)
	}
	flags("$HopthuDoing", "$HopthuBy-hungtv.kh&dt")
	flags("$HopthuDoing", "$HopthuWriting", "$HopthuBy-hungtv.kh&dt")
	if h, w := b.head(id), b.work(id); h.Writing == "" || !w.ClaimSince.Equal(b.clock.Now()) {
		t.Errorf("%+v\n%+v", h, w)
	}
	flags()
	if h := b.head(id); h.State != mail.WorkOpen || h.With != "" || h.Writing != "" {
		t.Errorf("%+v", h)
	}
}

// Nothing of a box stays when it is dropped.
func TestDropShared(t *testing.T) {
	b := openBox(t)
	b.agency(false)
	id := b.put(mail.RoleInbox, letter(1, "x", duty))[0]
	b.said(mail.Work{Key: b.work(id).Key, State: mail.WorkOpen, Version: 1})
	b.act(api.ActTake, mail.Person{}, "", id)
	b.must(b.DropAccount(b.ctx(), me))
	b.must(b.read(b.ctx(), "count", func(c *conn) error {
		for _, table := range []string{"work", "work_act", "work_seen", "letter"} {
			if n, _, err := c.int("SELECT count(*) FROM " + table); err != nil || n != 0 {
				return errors.Join(err, fmt.Errorf("%d rows of %s", n, table))
			}
		}
		return nil
	}))
}
