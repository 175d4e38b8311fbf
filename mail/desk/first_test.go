package desk_test

import (
	"crypto/rand"
	"log/slog"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/desk"
	"hopthu/mail/store"
)

// A draft is kept and put on its way to the server also when Run has not yet put its account into a new store.
func TestDraftBeforeRun(t *testing.T) {
	c := desk.NewCollector()
	s, err := store.Memory(t.Context(), store.Options{Now: time.Now, Changed: c.Changed})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	a := mail.Account{ID: "a1", Address: "ha@ninhbinh.example", Name: "Hà"}
	d := desk.New(desk.Options{
		Store: s, Clock: clock{}, Rand: rand.Reader, Log: slog.New(slog.DiscardHandler), Accounts: []mail.Account{a}, Private: t.TempDir(),
	}, c)
	dr, err := d.SaveDraft(t.Context(), mail.DraftLetter{Account: a.ID, To: "lan@ninhbinh.example", Body: "Chữ này không được mất.\n"}, true)
	if err != nil || dr.ID == 0 {
		t.Fatalf("%+v: %v", dr, err)
	}
	if ops, err := s.PendingOps(t.Context(), a.ID); err != nil || len(ops) != 1 {
		t.Errorf("%d acts for the server, want the upload: %v", len(ops), err)
	}
}
