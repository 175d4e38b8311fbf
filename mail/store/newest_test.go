package store

import (
	"slices"
	"testing"

	"hopthu/mail"
)

func TestNewestIsTheHeadOfTheWholeList(t *testing.T) {
	b := openBox(t)
	f := fillInbox(t, b.Store, 120)
	for _, q := range []mail.ListQuery{
		{Folder: f}, {Folder: f, View: mail.Conversations}, {Folder: f, Filter: mail.Unread}, {Account: me},
	} {
		whole, err := b.List(b.ctx(), q)
		b.must(err)
		if whole.More {
			t.Errorf("%+v: the whole list says there is more", q)
		}
		for _, n := range []int{1, 5, 120, 200} {
			q.Newest = n
			some, err := b.List(b.ctx(), q)
			b.must(err)
			letters := len(some.IDs)
			if q.View == mail.Conversations {
				letters = 0
				for _, size := range some.Sizes {
					letters += int(size)
				}
			}
			all := len(whole.IDs)
			if q.View == mail.Conversations {
				all = whole.Total
			}
			if want := min(n, all); letters != want {
				t.Errorf("%+v: %d letters, want %d", q, letters, want)
			}
			if some.Total != whole.Total {
				t.Errorf("%+v: total %d, want %d", q, some.Total, whole.Total)
			}
			if !some.More && letters < all {
				t.Errorf("%+v: nothing says that there is more", q)
			}
			if q.View == mail.Flat && !slices.Equal(some.IDs, whole.IDs[:len(some.IDs)]) {
				t.Errorf("%+v: other letters than the newest", q)
			}
		}
		q.Newest = 0
	}
}

func TestALockIsTakenBeforeTheKeyIsKnown(t *testing.T) {
	b := openBox(t)
	b.must(b.Close())
	l, err := TakeLock(b.ctx(), b.path)
	b.must(err)
	if _, err := TakeLock(b.ctx(), b.path); mail.KindOf(err) != mail.StoreLocked {
		t.Errorf("a second lock: %v", err)
	}
	if _, err := l.Open(b.ctx(), [32]byte{9}, Options{}); mail.KindOf(err) != mail.StoreKey {
		t.Errorf("a wrong key: %v", err)
	}
	l, err = TakeLock(b.ctx(), b.path) // the wrong key gave it back
	b.must(err)
	b.must(l.Drop())
	b.open()
}
