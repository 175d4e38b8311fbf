package sync

import (
	"context"
	"fmt"
	"slices"
	"strings"
	gosync "sync"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
)

var (
	ha   = mail.Person{Name: "Nguyễn Thị Thu Hà", Addr: "hantt@ninhbinh.gov.vn"}
	hung = mail.Person{Name: "Trần Văn Hùng", Addr: "hungtv@ninhbinh.gov.vn"}
)

// fakeOffice is an office in memory: the first who takes a letter has it.
type fakeOffice struct {
	mu      gosync.Mutex
	version int64
	works   map[string]mail.Work
	acts    []api.Act
	down    error
	news    chan struct{}
	asked   chan int64 // since of each question
}

func newOffice() *fakeOffice {
	return &fakeOffice{works: map[string]mail.Work{}, news: make(chan struct{}, 1), asked: make(chan int64, 1000)}
}

// set is what another did.
func (o *fakeOffice) set(w mail.Work) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.version++
	w.Version = o.version
	o.works[w.Key] = w
	poke(o.news)
}

func (o *fakeOffice) fail(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.down = err
	poke(o.news)
}

func (o *fakeOffice) since(v int64) (api.Works, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	out := api.Works{Version: o.version}
	for _, w := range o.works {
		if w.Version > v {
			out.Works = append(out.Works, w)
		}
	}
	return out, o.down
}

func (o *fakeOffice) Works(ctx context.Context, _ string, since int64, _ time.Duration) (api.Works, error) {
	o.asked <- since
	for {
		w, err := o.since(since)
		if err != nil || len(w.Works) > 0 {
			return w, err
		}
		select {
		case <-ctx.Done():
			return w, &mail.Fault{Kind: mail.NoAnswer, Op: "follow work", Err: ctx.Err()}
		case <-o.news:
		}
	}
}

func (o *fakeOffice) Act(_ context.Context, a api.Act) (mail.Work, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.down != nil {
		return mail.Work{}, o.down
	}
	o.acts = append(o.acts, a)
	w := o.works[a.Key]
	if a.Do == api.ActTake && w.Holder.Addr != "" && w.Holder != ha {
		return w, &mail.Fault{Kind: mail.Conflict, Op: "take letter", Detail: w.Holder.Name}
	}
	w.Key, w.State, w.Holder = a.Key, mail.WorkDoing, ha
	if a.Do == api.ActNote {
		w.Notes = append(w.Notes, mail.WorkNote{By: ha, Text: a.Text})
	}
	o.version++
	w.Version = o.version
	o.works[a.Key] = w
	return w, nil
}

// crew is a follower of a box with letters in it.
type crew struct {
	*rig
	office *fakeOffice
	f      *Follower
	ids    []mail.LetterID
	heads  []mail.Head
	told   chan *mail.Fault
	lost   chan *mail.Fault
}

func newCrew(t *testing.T, shared bool) *crew {
	t.Helper()
	r := newRig(t, Options{})
	a := me
	a.Person, a.Scope = ha, mail.ScopeManage
	if a.Shared = shared; !shared {
		a.As = "kh&dt@ninhbinh.gov.vn"
	}
	r.e.account = a
	if err := r.store.PutAccount(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		r.remote.put("INBOX", letterText(fmt.Sprint(i), ""))
	}
	r.pass()
	c := &crew{rig: r, office: newOffice(), told: make(chan *mail.Fault, 100), lost: make(chan *mail.Fault, 100)}
	for _, h := range r.list("INBOX") {
		c.ids, c.heads = append(c.ids, h.ID), append(c.heads, h)
	}
	var office Office = c.office
	if shared {
		office = r.e.Keywords()
	}
	c.f = NewFollower(a, office, r.store, FollowOptions{
		Clock: r.clock, Fell: func(f *mail.Fault) { c.told <- f }, Lost: func(f *mail.Fault) { c.lost <- f },
	})
	return c
}

func (c *crew) follow() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	mail.Go("follower", func() { done <- c.f.Run(ctx) })
	return func() {
		cancel()
		if err := <-done; err != nil {
			c.t.Error(err)
		}
	}
}

func (c *crew) act(do, text string, ids ...mail.LetterID) {
	c.t.Helper()
	err := c.store.AddWork(c.t.Context(), ids, api.Act{Do: do, Text: text}, "", func() (string, error) { return do, nil })
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *crew) head(i int) mail.Head {
	c.t.Helper()
	h, err := c.store.Head(c.t.Context(), c.ids[i])
	if err != nil {
		c.t.Fatal(err)
	}
	return h
}

func (c *crew) key(i int) string { return mail.LetterKey(c.heads[i]) }

// until waits for the next question that begins at or behind a version: all before it is in the store.
func (c *crew) until(version int64) {
	c.t.Helper()
	for since := range c.office.asked {
		if since >= version {
			return
		}
	}
}

func TestFollowerTakesNewsAndSendsActs(t *testing.T) {
	c := newCrew(t, false)
	defer c.follow()()
	c.until(0)
	c.office.set(mail.Work{Key: c.key(0), State: mail.WorkDoing, Holder: hung})
	c.until(1)
	if h := c.head(0); h.With != hung.Name || h.Mine {
		t.Errorf("%+v", h)
	}
	// One's own acts end the open question and go at once, in their order.
	c.act(api.ActTake, "", c.ids[1])
	c.act(api.ActNote, "đã gọi", c.ids[1])
	c.f.Push()
	c.until(3)
	if h, w := c.head(1), c.office.works[c.key(1)]; !h.Mine || len(w.Notes) != 1 || c.office.acts[0].Do != api.ActTake {
		t.Errorf("%+v\n%+v", h, w)
	}
	// A contradiction is told with the other's name, and the truth comes back.
	c.act(api.ActTake, "", c.ids[0])
	c.f.Push()
	if f := <-c.told; f.Kind != mail.Conflict || f.Detail != hung.Name {
		t.Errorf("%+v", f)
	}
	c.until(3)
	if h := c.head(0); h.With != hung.Name || h.Mine {
		t.Errorf("%+v", h)
	}
	if left, err := c.store.PendingWorks(t.Context(), me.ID); err != nil || len(left) != 0 {
		t.Error(left, err)
	}
}

func TestFollowerOffline(t *testing.T) {
	c := newCrew(t, false)
	c.office.fail(&mail.Fault{Kind: mail.NoServer, Op: "follow work"})
	c.act(api.ActTake, "", c.ids[0])
	defer c.follow()()
	<-c.clock.added // it rests
	for len(c.office.asked) > 0 {
		<-c.office.asked
	}
	c.office.mu.Lock()
	c.office.down = nil
	c.office.mu.Unlock()
	c.clock.advance(time.Hour)
	c.until(1)
	if h := c.head(0); !h.Mine || len(c.told) != 0 {
		t.Errorf("%+v, told %d", h, len(c.told))
	}
}

func TestFollowerLosesItsBox(t *testing.T) {
	c := newCrew(t, false)
	defer c.follow()()
	c.until(0)
	c.office.fail(&mail.Fault{Kind: mail.Refused, Op: "follow work"})
	if f := <-c.lost; f.Kind != mail.Refused {
		t.Errorf("%+v", f)
	}
}

// serving serves the engine's jobs while f works.
func (c *crew) serving(f func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	mail.Go("engine", func() {
		defer close(done)
		for {
			select {
			case <-ctx.Done():
				return
			case j := <-c.e.jobs:
				if err := c.e.serve(j); err != nil {
					c.t.Error(err)
				}
			}
		}
	})
	f()
	cancel()
	<-done
}

// Marks and StoreIf make the fake know conditions.
func (f *fakeRemote) Marks(ctx context.Context, uid mail.UID) (got RemoteFlags, err error) {
	err = f.Flags(ctx, uid, uid, 0, func(r RemoteFlags) error {
		got = r
		return nil
	})
	return got, err
}

func (f *fakeRemote) StoreIf(ctx context.Context, uid mail.UID, since uint64, add, remove []string) (bool, error) {
	f.mu.Lock()
	m := f.boxes[f.open].letters[uid]
	if f.quicker != nil { // somebody acts between reading and storing
		f.quicker(m)
	}
	changed := m.modseq > since
	f.mu.Unlock()
	if changed {
		return true, nil
	}
	return false, f.Store(ctx, []mail.UID{uid}, add, remove)
}

func TestKeywordsAreTheOffice(t *testing.T) {
	c := newCrew(t, true)
	k := c.e.Keywords()
	flags := func(i int) []string {
		c.remote.mu.Lock()
		defer c.remote.mu.Unlock()
		return slices.Clone(c.remote.boxes["INBOX"].letters[c.heads[i].UID].flags)
	}
	act := func(do string, i int) (mail.Work, error) {
		return k.Act(t.Context(), api.Act{Do: do, Key: c.key(i), To: hung.Addr})
	}
	c.serving(func() {
		w, err := act(api.ActTake, 0)
		if err != nil || w.Holder != ha || w.State != mail.WorkDoing || !slices.Contains(flags(0), "$HopthuBy-hantt") {
			t.Errorf("%+v %v %v", w, err, flags(0))
		}
		if h := c.head(0); !h.Mine {
			t.Errorf("%+v", h)
		}
		if _, err := act(api.ActAssign, 0); err != nil || c.head(0).With != "hungtv" || slices.Contains(flags(0), "$HopthuBy-hantt") {
			t.Errorf("%v %v", err, flags(0))
		}
		if _, err := act(api.ActTake, 0); mail.AsFault("", err).Kind != mail.Conflict || mail.AsFault("", err).Detail != "hungtv" {
			t.Error(err)
		}
		if w, err := act(api.ActReturn, 0); err != nil || w.State != mail.WorkOpen || len(flags(0)) != 0 {
			t.Errorf("%+v %v %v", w, err, flags(0))
		}
		if _, err := act(api.ActNote, 0); mail.KindOf(err) != mail.Refused {
			t.Error(err)
		}

		// Of two at the same instant one wins and the other is told.
		c.remote.quicker = func(m *msg) {
			c.remote.quicker = nil
			b := c.remote.boxes["INBOX"]
			b.modseq++
			m.flags, m.modseq = append(m.flags, mail.KeywordDoing, mail.KeywordWriting, "$HopthuBy-hungtv"), b.modseq
		}
		_, err = act(api.ActClaim, 1)
		if f := mail.AsFault("", err); f.Kind != mail.Conflict || f.Detail != "hungtv" {
			t.Errorf("%+v", f)
		}
		if h := c.head(1); h.Writing != "hungtv" {
			t.Errorf("%+v", h)
		}
		// Also where the server lets both through: who sees the other's name behind his own steps back.
		for do, marks := range map[string][]string{
			api.ActClaim: {mail.KeywordDoing, mail.KeywordWriting, "$HopthuBy-hungtv"},
			api.ActTake:  {mail.KeywordDoing, "$HopthuBy-hungtv"},
		} {
			c.remote.quicker = func(m *msg) {
				c.remote.quicker = nil
				m.flags = append(m.flags, marks...) // and its MODSEQ is not seen to grow
			}
			_, err = act(do, 0)
			if f := mail.AsFault("", err); f.Kind != mail.Conflict || f.Detail != "hungtv" || !slices.Equal(flags(0), marks) {
				t.Errorf("%s: %+v, %v", do, f, flags(0))
			}
			if w, err := act(api.ActReturn, 0); err != nil || w.State != mail.WorkOpen {
				t.Errorf("%s: %+v, %v", do, w, err)
			}
		}
		// Nor does one win who has not seen the other's claim yet.
		c.remote.mu.Lock()
		b := c.remote.boxes["INBOX"]
		b.modseq++
		unseen := b.letters[c.heads[2].UID]
		unseen.flags, unseen.modseq = []string{mail.KeywordDoing, mail.KeywordWriting, "$HopthuBy-hungtv"}, b.modseq
		c.remote.mu.Unlock()
		if _, err := act(api.ActClaim, 2); mail.KindOf(err) != mail.Conflict {
			t.Error(err)
		}
		// A claim that nobody took away is not for ever.
		c.clock.advance(staleClaim + time.Minute)
		if err := c.store.LapseClaims(t.Context(), me.ID, c.clock.Now().Add(-c.f.o.Claim)); err != nil { // as the follower does all the time
			t.Error(err)
		}
		if _, err := act(api.ActClaim, 1); err != nil || !slices.Contains(flags(1), "$HopthuBy-hantt") || slices.Contains(flags(1), "$HopthuBy-hungtv") {
			t.Errorf("%v %v", err, flags(1))
		}
		if _, err := act(api.ActRelease, 1); err != nil || slices.Contains(flags(1), mail.KeywordWriting) {
			t.Errorf("%v %v", err, flags(1))
		}
		if _, err := act(api.ActExcuse, 1); err != nil || c.head(1).State != mail.WorkExcused {
			t.Errorf("%v %+v", err, c.head(1))
		}
		if _, err := act(api.ActReopen, 1); err != nil || strings.Contains(strings.Join(flags(1), " "), "Hopthu") {
			t.Errorf("%v %v", err, flags(1))
		}
		if _, err := k.Act(t.Context(), api.Act{Do: api.ActTake, Key: "none"}); mail.KindOf(err) != mail.Gone {
			t.Error(err)
		}
	})
}

// A follower of keywords sends what waits and asks nobody anything.
func TestFollowerByKeywords(t *testing.T) {
	c := newCrew(t, true)
	c.act(api.ActTake, "", c.ids[0])
	c.serving(func() {
		stop := c.follow()
		for {
			<-c.clock.added // Works waits: what was pending has gone
			left, err := c.store.PendingWorks(t.Context(), me.ID)
			if err != nil {
				t.Error(err)
			}
			if len(left) == 0 {
				break
			}
		}
		stop()
	})
	if h := c.head(0); !h.Mine {
		t.Errorf("%+v", h)
	}
}
