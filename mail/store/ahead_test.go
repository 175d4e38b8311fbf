package store

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"hopthu/mail"
)

// What is begun before the key is known neither keeps a store from being opened nor hurts it, whatever comes of it.
func TestStoreBegunAheadOfItsKey(t *testing.T) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "store.db")
	key := [32]byte{1}
	inbox := func(s *Store) {
		t.Helper()
		list, err := s.Folders(ctx, "a1")
		if err != nil || len(list) != 1 || list[0].Name != "INBOX" {
			t.Errorf("%v %v", list, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	begin := func() *Lock {
		t.Helper()
		l, err := TakeLock(ctx, path)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	if err := BeginReading(ctx, path).Drop(); err != nil {
		t.Error(err)
	}
	if _, err := BeginReading(ctx, path).Open(ctx, key, Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("opened what is not there: %v", err)
	}
	s, err := begin().Open(ctx, key, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.PutAccount(ctx, mail.Account{ID: "a1"}); err != nil {
		t.Fatal(err)
	}
	if err := s.PutFolders(ctx, "a1", []FolderSpec{{Name: "INBOX", Role: mail.RoleInbox, Selectable: true}}); err != nil {
		t.Fatal(err)
	}
	// Another program reads while this one writes; one begins and goes away.
	r, err := BeginReading(ctx, path).Open(ctx, key, Options{})
	if err != nil {
		t.Fatal(err)
	}
	inbox(r)
	if err := BeginReading(ctx, path).Drop(); err != nil {
		t.Error(err)
	}
	if cap(r.reads) < 1 || len(r.spare) != 0 {
		t.Errorf("%d readers were still to be opened", len(r.spare))
	}
	inbox(s)

	if _, err := begin().Open(ctx, [32]byte{2}, Options{}); mail.KindOf(err) != mail.StoreKey {
		t.Errorf("a wrong key: %v", err)
	}
	if err := begin().Drop(); err != nil {
		t.Error(err)
	}
	s, err = begin().Open(ctx, key, Options{})
	if err != nil {
		t.Fatal(err)
	}
	inbox(s)

	// The store is put aside between beginning and opening: what was begun belongs to the old one.
	for _, away := range []func(*Lock) error{(*Lock).MoveAway, func(*Lock) error { return nil }} {
		l := begin()
		if err := away(l); err != nil {
			t.Error(err)
		}
		if err := os.Rename(path, path+".aside"); err != nil {
			t.Fatal(err)
		}
		fresh, err := l.Open(ctx, [32]byte{3}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if list, err := fresh.Folders(ctx, "a1"); err == nil && len(list) != 0 {
			t.Errorf("folders of the old store: %v", list)
		}
		if err := fresh.Close(); err != nil {
			t.Error(err)
		}
		if err := os.Rename(path+".aside", path); err != nil {
			t.Fatal(err)
		}
	}
	s, err = begin().Open(ctx, key, Options{})
	if err != nil {
		t.Fatal(err)
	}
	inbox(s)
}

// A few questions one after the other open one reader, many at once open more.
func TestReadersAreOpenedWhereNoneIsFree(t *testing.T) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "store.db")
	s, err := Open(ctx, path, [32]byte{1}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	most := len(s.spare)
	for range 5 {
		if _, err := s.UnreadCount(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if open := len(s.reads); open != 1 || len(s.spare) != most-1 {
		t.Errorf("%d readers open, %d not", open, len(s.spare))
	}
	var nested func(n int) error
	nested = func(n int) error {
		return s.read(ctx, "test", func(*conn) error {
			if n == 0 {
				return nil
			}
			return nested(n - 1)
		})
	}
	if err := nested(most - 1); err != nil {
		t.Error(err)
	}
	if open := len(s.reads); open != most || len(s.spare) != 0 {
		t.Errorf("%d readers open, %d not", open, len(s.spare))
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := s.UnreadCount(ctx); err == nil {
		t.Error("a closed store answered")
	}
}
