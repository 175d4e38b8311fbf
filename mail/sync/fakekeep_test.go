package sync

import (
	"context"
	"slices"
	"strings"
	gosync "sync"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/store"
)

func (f *fakeRemote) FindMessageID(_ context.Context, id string) ([]mail.UID, error) {
	done, err := f.call("find")
	if err != nil {
		return nil, err
	}
	defer done()
	var out []mail.UID
	for u, m := range f.boxes[f.open].letters {
		if strings.Contains(m.raw, "Message-ID: <"+id+">") {
			out = append(out, u)
		}
	}
	slices.Sort(out)
	return out, nil
}

func (f *fakeRemote) Idle(ctx context.Context, _ string, changed func()) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-f.idleHint:
			changed()
		}
	}
}

// fakeClock moves only when told.
type fakeClock struct {
	mu    gosync.Mutex
	now   time.Time
	waits []wait
	added chan struct{}
}

type wait struct {
	at time.Time
	c  chan time.Time
}

func newClock() *fakeClock {
	return &fakeClock{now: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC), added: make(chan struct{}, 1000)}
}

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *fakeClock) After(d time.Duration) <-chan time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := wait{c.now.Add(d), make(chan time.Time, 1)}
	if d <= 0 {
		w.c <- c.now
	} else {
		c.waits = append(c.waits, w)
	}
	c.added <- struct{}{}
	return w.c
}

func (c *fakeClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.waits = slices.DeleteFunc(c.waits, func(w wait) bool {
		if w.at.After(c.now) {
			return false
		}
		w.c <- c.now
		return true
	})
}

// rig is an engine on a fake server, with a store in memory.
type rig struct {
	t       *testing.T
	remote  *fakeRemote
	store   *store.Store
	clock   *fakeClock
	e       *Engine
	status  chan mail.Status
	arrived []mail.LetterID
	fell    []*mail.Fault
}

var me = mail.Account{ID: "a", Address: "ha@ninhbinh.gov.vn", Name: "Hà"}

func newRig(t *testing.T, o Options) *rig {
	t.Helper()
	r := &rig{t: t, remote: newFake(), clock: newClock(), status: make(chan mail.Status, 1000)}
	s, err := store.Memory(t.Context(), store.Options{Now: r.clock.Now, Changed: func(ev mail.Event) {
		if ev.Kind == mail.NewMail {
			r.arrived = append(r.arrived, ev.Letter)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := s.PutAccount(t.Context(), me); err != nil {
		t.Fatal(err)
	}
	r.store = s
	o.Clock = r.clock
	o.Status = func(s mail.Status) { r.status <- s }
	o.Fell = func(f *mail.Fault) { r.fell = append(r.fell, f) }
	o.Jitter = func(d time.Duration) time.Duration { return d }
	r.e = New(me, r.remote, s, o)
	r.e.caps = Caps{CondStore: true, Move: true, UIDPlus: true} // for passes without a session
	return r
}

func (r *rig) pass() {
	r.t.Helper()
	if err := r.e.pass(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) folder(name string) mail.Folder {
	r.t.Helper()
	all, err := r.store.Folders(r.t.Context(), me.ID)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, f := range all {
		if f.Name == name {
			return f
		}
	}
	r.t.Fatalf("no folder %s", name)
	return mail.Folder{}
}

func (r *rig) list(name string) []mail.Head {
	r.t.Helper()
	l, err := r.store.List(r.t.Context(), mail.ListQuery{Account: me.ID, Folder: r.folder(name).ID})
	if err != nil {
		r.t.Fatal(err)
	}
	heads, err := r.store.Heads(r.t.Context(), l.IDs)
	if err != nil {
		r.t.Fatal(err)
	}
	return heads
}
