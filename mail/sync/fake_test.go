package sync

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	gosync "sync"
	"time"

	"hopthu/mail"
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
