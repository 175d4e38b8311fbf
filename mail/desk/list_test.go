package desk_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/desk"
	"hopthu/mail/store"
	"hopthu/mail/wire"
)

// large puts n letters into the inbox of an account that has no engine.
func large(t *testing.T, p *person, n int) mail.Folder {
	t.Helper()
	ctx := t.Context()
	if err := p.store.PutAccount(ctx, mail.Account{ID: "big", Address: "big@ninhbinh.example"}); err != nil {
		t.Fatal(err)
	}
	if err := p.store.PutFolders(ctx, "big", []store.FolderSpec{{Name: "INBOX", Role: mail.RoleInbox, Selectable: true, Remote: n}}); err != nil {
		t.Fatal(err)
	}
	f, _, err := p.store.FolderByRole(ctx, "big", mail.RoleInbox)
	if err != nil {
		t.Fatal(err)
	}
	var in []store.Incoming
	for i := range n {
		in = append(in, store.Incoming{Head: mail.Head{
			Account: "big", UID: mail.UID(i + 1), Subject: "chung", MessageID: fmt.Sprintf("m%d@x", i), Received: time.Unix(int64(1_700_000_000+i), 0), //nolint:gosec // small
		}})
	}
	if _, err := p.store.PutLetters(ctx, "big", f.ID, in, true); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestTheFirstListIsTheNewestLettersTheNextTheWhole(t *testing.T) {
	p := newClient(t, mail.Account{})
	f := large(t, p, 700)
	q := mail.ListQuery{Account: "big", Folder: f.ID}
	if _, err := p.Next(t.Context()); err != nil { // what the filling told
		t.Fatal(err)
	}
	first, err := p.List(t.Context(), q)
	if err != nil || len(first.IDs) != 500 || !first.More || first.Total != 700 {
		t.Fatalf("first list: %d letters of %d, more %v, %v", len(first.IDs), first.Total, first.More, err)
	}
	told := false
	for !told { // whoever shows the folder is told to ask again
		events, err := p.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			told = told || e.Kind == mail.FolderChanged && e.Folder == f.ID
		}
	}
	whole, err := p.List(t.Context(), q)
	if err != nil || len(whole.IDs) != 700 || whole.More {
		t.Fatalf("second list: %d letters, more %v, %v", len(whole.IDs), whole.More, err)
	}
	for i, id := range first.IDs {
		if whole.IDs[i] != id {
			t.Fatalf("letter %d of the first list is %d, of the whole %d", i, id, whole.IDs[i])
		}
	}
}

func TestAFilterIsNeverCutShort(t *testing.T) {
	p := newClient(t, mail.Account{})
	f := large(t, p, 700)
	l, err := p.List(t.Context(), mail.ListQuery{Account: "big", Folder: f.ID, Filter: mail.Unread})
	if err != nil || len(l.IDs) != 700 || l.More {
		t.Fatalf("%d letters, more %v, %v", len(l.IDs), l.More, err)
	}
}

func TestTheNetworkWaitsForCalm(t *testing.T) {
	dialed := make(chan struct{}, 100)
	entered, release := make(chan struct{}, 100), make(chan struct{})
	c := desk.NewCollector()
	s, err := store.Memory(t.Context(), store.Options{Now: time.Now, Changed: c.Changed})
	if err != nil {
		t.Fatal(err)
	}
	a := mail.Account{ID: "a", Address: "a@x.example", IMAP: mail.Endpoint{Host: "x.example", Port: 993, Security: mail.TLS}}
	d := desk.New(desk.Options{
		Store: s, Secrets: &vault{m: map[string]string{}}, Clock: clock{}, Rand: rand.Reader, Log: slog.New(slog.DiscardHandler), Accounts: []mail.Account{a},
		Network: network{wire.New(wire.Options{Now: time.Now, Dial: func(context.Context, string, string) (net.Conn, error) {
			dialed <- struct{}{}
			return nil, io.ErrUnexpectedEOF
		}})},
		Calm: func(ctx context.Context) {
			entered <- struct{}{}
			select {
			case <-release:
			case <-ctx.Done():
			}
		},
	}, c)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	mail.Go("desk", func() { done <- d.Run(ctx) })
	<-entered // the engine
	<-entered // the outbox
	select {
	case <-dialed:
		t.Error("the network was asked before the screen was ready")
	default:
	}
	close(release)
	<-dialed
	stop()
	if err := errors.Join(<-done, s.Close()); err != nil {
		t.Error(err)
	}
}

func TestLettersLeftOutOfTheIndexAreFoundWithoutAServer(t *testing.T) {
	c := desk.NewCollector()
	s, err := store.Memory(t.Context(), store.Options{Now: time.Now, Changed: c.Changed})
	if err != nil {
		t.Fatal(err)
	}
	p := &person{t: t, store: s}
	p.Desk = desk.New(desk.Options{Store: s, Secrets: &vault{m: map[string]string{}}, Clock: clock{}, Rand: rand.Reader, Log: slog.New(slog.DiscardHandler)}, c)
	f := large(t, p, 700) // an earlier run was killed behind its fill
	q := mail.ListQuery{Account: "big", Folder: f.ID, Text: "chung"}
	if l, err := p.List(t.Context(), q); err != nil || len(l.IDs) != 0 || !l.More {
		t.Fatalf("%d found, more %v, %v", len(l.IDs), l.More, err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	mail.Go("desk", func() { done <- p.Run(ctx) })
	p.until("the index", func() bool {
		l, err := p.List(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		return !l.More || len(l.IDs) == 500
	})
	stop()
	if err := errors.Join(<-done, s.Close()); err != nil {
		t.Error(err)
	}
}
