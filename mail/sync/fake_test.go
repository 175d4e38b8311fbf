package sync

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	gosync "sync"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/store"
)

// box is one folder of the fake server.
type box struct {
	validity uint32
	next     mail.UID
	modseq   uint64
	letters  map[mail.UID]*msg
}

type msg struct {
	flags  []string
	modseq uint64
	raw    string
	at     time.Time
}

// fakeRemote is a server in memory. fail, when set, is asked before each call and may return an error for it.
type fakeRemote struct {
	mu       gosync.Mutex
	boxes    map[string]*box
	order    []string
	open     string
	calls    []string
	fail     func(call string) error
	noCond   bool
	noPairs  bool
	tells    bool  // LIST-STATUS
	claim    int64 // RFC822.SIZE of all letters, 0 for the truth
	idleHint chan struct{}
	quicker  func(*msg) // acts on a letter right before a conditional STORE
}

func newFake() *fakeRemote {
	f := &fakeRemote{boxes: map[string]*box{}, idleHint: make(chan struct{})}
	for _, n := range []string{"INBOX", "Sent", "Drafts", "Trash"} {
		f.add(n)
	}
	return f
}

func (f *fakeRemote) add(name string) {
	b := &box{validity: 7, next: 1, modseq: 1, letters: map[mail.UID]*msg{}}
	f.boxes[name] = b
	f.order = append(f.order, name)
}

func (f *fakeRemote) put(name, raw string, flags ...string) mail.UID {
	f.mu.Lock()
	defer f.mu.Unlock()
	b := f.boxes[name]
	uid := b.next
	b.next++
	b.modseq++
	b.letters[uid] = &msg{flags: flags, modseq: b.modseq, raw: strings.ReplaceAll(raw, "\n", "\r\n"), at: time.Unix(1_700_000_000+int64(uid), 0)}
	return uid
}

// mark gives a letter a flag, as another client does.
func (f *fakeRemote) mark(name string, uid mail.UID, flag string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	b := f.boxes[name]
	m := b.letters[uid]
	if !slices.Contains(m.flags, flag) {
		b.modseq++
		m.flags, m.modseq = append(slices.Clone(m.flags), flag), b.modseq
	}
}

// letterText is a small letter with an id.
func letterText(id, extra string) string {
	return "From: Lan <lan@ngoai.example>\nTo: <ha@ninhbinh.gov.vn>\nSubject: Thu " + id + "\nMessage-ID: <" + id + "@x>\n" + extra + "\nNoi dung " + id + "\n"
}

func (f *fakeRemote) call(name string) (func(), error) {
	f.mu.Lock()
	f.calls = append(f.calls, name)
	if f.fail != nil {
		if err := f.fail(name); err != nil {
			f.mu.Unlock()
			return nil, err
		}
	}
	return f.mu.Unlock, nil
}

func (f *fakeRemote) count(prefix string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, c := range f.calls {
		if strings.HasPrefix(c, prefix) {
			n++
		}
	}
	return n
}

func (f *fakeRemote) Connect(context.Context) (Caps, error) {
	done, err := f.call("connect")
	if err != nil {
		return Caps{}, err
	}
	defer done()
	return Caps{CondStore: !f.noCond, Move: true, UIDPlus: true}, nil
}

// Expect implements Expecting.
func (f *fakeRemote) Expect(folder string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, "expect "+folder)
}

func (f *fakeRemote) Close() error { return nil }

func (f *fakeRemote) List(context.Context) ([]RemoteFolder, error) {
	done, err := f.call("list")
	if err != nil {
		return nil, err
	}
	defer done()
	roles := map[string]mail.Role{"INBOX": mail.RoleInbox, "Sent": mail.RoleSent, "Drafts": mail.RoleDrafts, "Trash": mail.RoleTrash}
	var out []RemoteFolder
	for _, n := range f.order {
		r := RemoteFolder{Name: n, Delim: "/", Role: roles[n], Selectable: true, Messages: len(f.boxes[n].letters), Unseen: -1}
		if b := f.boxes[n]; f.tells {
			r.UIDValidity, r.UIDNext = b.validity, b.next
			if !f.noCond {
				r.HighestModSeq = b.modseq
			}
		}
		out = append(out, r)
	}
	return out, nil
}

func (f *fakeRemote) Create(_ context.Context, name string) error {
	done, err := f.call("create " + name)
	if err != nil {
		return err
	}
	defer done()
	f.add(name)
	return nil
}

func (f *fakeRemote) Select(_ context.Context, name string) (FolderStatus, error) {
	done, err := f.call("select " + name)
	if err != nil {
		return FolderStatus{}, err
	}
	defer done()
	b, ok := f.boxes[name]
	if !ok {
		return FolderStatus{}, &mail.Fault{Kind: mail.NoFolder, Op: "select"}
	}
	f.open = name
	st := FolderStatus{UIDValidity: b.validity, UIDNext: b.next, HighestModSeq: b.modseq, Messages: len(b.letters)}
	if f.noCond {
		st.HighestModSeq = 0
	}
	return st, nil
}

func (f *fakeRemote) SelectSince(ctx context.Context, name string, since uint64, each func(RemoteFlags) error) (FolderStatus, error) {
	st, err := f.Select(ctx, name)
	if err != nil || st.HighestModSeq == 0 {
		return st, err
	}
	f.mu.Lock()
	out := f.boxes[name].changed(1, 0, since)
	f.mu.Unlock()
	for _, r := range out {
		if err := each(r); err != nil {
			return st, err
		}
	}
	return st, nil
}

// changed lists the flags of lo:hi that changed after a MODSEQ.
func (b *box) changed(lo, hi mail.UID, since uint64) (out []RemoteFlags) {
	for _, u := range b.uids() {
		if m := b.letters[u]; u >= lo && (hi == 0 || u <= hi) && m.modseq > since {
			out = append(out, RemoteFlags{UID: u, Flags: slices.Clone(m.flags), ModSeq: m.modseq})
		}
	}
	return out
}

func (b *box) uids() []mail.UID {
	var out []mail.UID
	for u := range b.letters {
		out = append(out, u)
	}
	slices.Sort(out)
	return out
}

func (f *fakeRemote) UIDs(context.Context) ([]mail.UID, error) {
	done, err := f.call("uids")
	if err != nil {
		return nil, err
	}
	defer done()
	return f.boxes[f.open].uids(), nil
}

func (f *fakeRemote) Newest(_ context.Context, n int, each func(RemoteHeader) error) error {
	done, err := f.call("newest")
	if err != nil {
		return err
	}
	u := f.boxes[f.open].uids()
	out := f.boxes[f.open].headers(u[max(0, len(u)-n):], f.claim)
	done()
	return give(out, each)
}

func give(list []RemoteHeader, each func(RemoteHeader) error) error {
	for _, h := range list {
		if err := each(h); err != nil {
			return err
		}
	}
	return nil
}

// headers are the header blocks of those of uids that are there.
func (b *box) headers(uids []mail.UID, claim int64) (out []RemoteHeader) {
	for _, u := range uids {
		if m, ok := b.letters[u]; ok {
			head, _, _ := strings.Cut(m.raw, "\r\n\r\n")
			out = append(out, RemoteHeader{RemoteFlags: RemoteFlags{UID: u, Flags: slices.Clone(m.flags), ModSeq: m.modseq}, Received: m.at, Size: cmp.Or(claim, int64(len(m.raw))), Header: []byte(head + "\r\n\r\n")})
		}
	}
	return out
}

func (f *fakeRemote) Flags(_ context.Context, lo, hi mail.UID, since uint64, each func(RemoteFlags) error) error {
	done, err := f.call(fmt.Sprintf("flags %d:%d since %d", lo, hi, since))
	if err != nil {
		return err
	}
	out := f.boxes[f.open].changed(lo, hi, since)
	done()
	for _, r := range out {
		if err := each(r); err != nil {
			return err
		}
	}
	return nil
}

func (f *fakeRemote) Headers(_ context.Context, next func() []mail.UID, each func(RemoteHeader) error) error {
	for uids := next(); len(uids) > 0; uids = next() {
		if err := f.headers(uids, each); err != nil {
			return err
		}
	}
	return nil
}

func (f *fakeRemote) headers(uids []mail.UID, each func(RemoteHeader) error) error {
	done, err := f.call(fmt.Sprintf("headers %d", len(uids)))
	if err != nil {
		return err
	}
	out := f.boxes[f.open].headers(uids, f.claim)
	done()
	return give(out, each)
}

func (f *fakeRemote) Body(_ context.Context, uid mail.UID, w io.Writer) error {
	done, err := f.call(fmt.Sprintf("body %d", uid))
	if err != nil {
		return err
	}
	defer done()
	m, ok := f.boxes[f.open].letters[uid]
	if !ok {
		return &mail.Fault{Kind: mail.Gone, Op: "body"}
	}
	_, err = io.WriteString(w, m.raw)
	return err
}

func (f *fakeRemote) Store(_ context.Context, uids []mail.UID, add, remove []string) error {
	done, err := f.call(fmt.Sprintf("store %v +%v -%v", uids, add, remove))
	if err != nil {
		return err
	}
	defer done()
	b := f.boxes[f.open]
	for _, u := range uids {
		m, ok := b.letters[u]
		if !ok {
			continue
		}
		for _, a := range add {
			if !slices.Contains(m.flags, a) {
				m.flags = append(m.flags, a)
			}
		}
		m.flags = slices.DeleteFunc(m.flags, func(s string) bool { return slices.Contains(remove, s) })
		b.modseq++
		m.modseq = b.modseq
	}
	return nil
}

func (f *fakeRemote) Move(_ context.Context, uids []mail.UID, dest string) (map[mail.UID]mail.UID, error) {
	done, err := f.call(fmt.Sprintf("move %v %s", uids, dest))
	if err != nil {
		return nil, err
	}
	defer done()
	from, to := f.boxes[f.open], f.boxes[dest]
	pairs := map[mail.UID]mail.UID{}
	for _, u := range uids {
		m, ok := from.letters[u]
		if !ok {
			continue
		}
		delete(from.letters, u)
		from.modseq++
		to.modseq++
		m.modseq = to.modseq
		to.letters[to.next] = m
		pairs[u] = to.next
		to.next++
	}
	if f.noPairs {
		return nil, nil
	}
	return pairs, nil
}

func (f *fakeRemote) Expunge(_ context.Context, uids []mail.UID) error {
	done, err := f.call(fmt.Sprintf("expunge %v", uids))
	if err != nil {
		return err
	}
	defer done()
	for _, u := range uids {
		delete(f.boxes[f.open].letters, u)
	}
	f.boxes[f.open].modseq++
	return nil
}

func (f *fakeRemote) Append(_ context.Context, folder string, flags []string, _ time.Time, _ int64, r io.Reader) (mail.UID, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return 0, err
	}
	done, err := f.call("append " + folder)
	if err != nil {
		return 0, err
	}
	done()
	return f.put(folder, strings.ReplaceAll(string(raw), "\r\n", "\n"), flags...), nil
}

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
