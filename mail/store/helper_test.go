package store

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"hopthu/mail"
)

var testKey = [32]byte{1, 2, 3, 4, 5, 6, 7, 8}

// clock is a hand-set clock.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// box is a store with one account in it, and what the tests ask of it.
type box struct {
	*Store
	t      testing.TB
	clock  *clock
	path   string
	mu     sync.Mutex
	events []mail.Event

	nextUID mail.UID // of the make-believe server
}

const me mail.AccountID = "a1"

func openBox(t testing.TB) *box {
	t.Helper()
	b := &box{t: t, clock: newClock(), path: filepath.Join(t.TempDir(), "store", "mail.db")}
	b.open()
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	b.must(b.PutAccount(b.ctx(), mail.Account{ID: me, Address: "an.nguyen@ninhbinh.example"}))
	b.must(b.PutFolders(b.ctx(), me, standardFolders()))
	return b
}

func standardFolders() []FolderSpec {
	return []FolderSpec{
		{Name: "INBOX", Delim: "/", Role: mail.RoleInbox, Selectable: true, Remote: -1},
		{Name: "Thư đã gửi", Delim: "/", Role: mail.RoleSent, Selectable: true, Remote: -1},
		{Name: "Thùng rác", Delim: "/", Role: mail.RoleTrash, Selectable: true, Remote: -1},
		{Name: "Lưu trữ", Delim: "/", Role: mail.RoleArchive, Selectable: true, Remote: -1},
	}
}

func (b *box) open() {
	b.t.Helper()
	s, err := Open(b.ctx(), b.path, testKey, Options{Now: b.clock.Now, Changed: func(e mail.Event) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.events = append(b.events, e)
	}})
	b.must(err)
	b.Store = s
}

// took gives the events since the last call.
func (b *box) took() []mail.Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.events
	b.events = nil
	return e
}

func (b *box) ctx() context.Context { return context.Background() }

func (b *box) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *box) folder(r mail.Role) mail.Folder {
	b.t.Helper()
	f, ok, err := b.FolderByRole(b.ctx(), me, r)
	b.must(err)
	if !ok {
		b.t.Fatalf("no folder %q", r)
	}
	return f
}

func (b *box) put(r mail.Role, list ...Incoming) []mail.LetterID {
	b.t.Helper()
	ids, err := b.PutLetters(b.ctx(), me, b.folder(r).ID, list, false)
	b.must(err)
	return ids
}

// letter makes one letter; n is its UID, its hour and its Message-ID.
func letter(n int, subject string, change ...func(*mail.Head)) Incoming {
	h := mail.Head{
		UID: mail.UID(n), Received: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Hour),
		From: []mail.Address{{Name: "Trần Thị Bình", Addr: "binh.tran@ninhbinh.example"}}, Subject: subject,
		MessageID: fmt.Sprintf("m%d@ninhbinh.example", n), Size: 1000, Attachments: -1,
	}
	h.Date = h.Received
	for _, f := range change {
		f(&h)
	}
	return Incoming{Head: h}
}

func (b *box) head(id mail.LetterID) mail.Head {
	b.t.Helper()
	h, err := b.Head(b.ctx(), id)
	b.must(err)
	return h
}

func (b *box) list(q mail.ListQuery) mail.Listing {
	b.t.Helper()
	l, err := b.List(b.ctx(), q)
	b.must(err)
	return l
}

func (b *box) ops() []Op {
	b.t.Helper()
	o, err := b.PendingOps(b.ctx(), me)
	b.must(err)
	return o
}

// check proves the invariants that always hold.
func (b *box) check() {
	b.t.Helper()
	folders, err := b.Folders(b.ctx(), me)
	b.must(err)
	for _, f := range folders {
		l := b.list(mail.ListQuery{Account: me, Folder: f.ID, View: mail.Conversations})
		sum := 0
		for _, n := range l.Sizes {
			sum += int(n)
		}
		flat := b.list(mail.ListQuery{Account: me, Folder: f.ID})
		if sum != l.Total || len(flat.IDs) != flat.Total || f.Total != sum {
			b.t.Errorf("%s: sizes add up to %d, total %d, flat %d of %d, folder says %d", f.Name, sum, l.Total, len(flat.IDs), flat.Total, f.Total)
		}
		for _, x := range []struct {
			filter mail.Filter
			want   int
		}{{mail.Unread, f.Unread}, {mail.Awaiting, f.Awaiting}} {
			if n := len(b.list(mail.ListQuery{Account: me, Folder: f.ID, Filter: x.filter}).IDs); n != x.want {
				b.t.Errorf("%s: filter %d lists %d, folder says %d", f.Name, x.filter, n, x.want)
			}
		}
	}
}
