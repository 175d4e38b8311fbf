package sync

import (
	"bytes"
	"context"
	"fmt"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/store"
)

// Fetch brings the whole letter into the store; it waits until that is done.
func (e *Engine) Fetch(ctx context.Context, id mail.LetterID) error {
	return e.ask(ctx, func(ctx context.Context) error { return e.body(ctx, id) })
}

// Create makes a folder at the server and lists the folders again.
func (e *Engine) Create(ctx context.Context, name string) error {
	return e.ask(ctx, func(ctx context.Context) error {
		if err := e.remote.Create(ctx, name); err != nil {
			return err
		}
		return e.list(ctx)
	})
}

// Ensure makes sure that the account has a folder of this role: it asks the server for its folders before it makes one.
func (e *Engine) Ensure(ctx context.Context, role mail.Role) error {
	return e.ask(ctx, func(ctx context.Context) error {
		_, err := e.target(ctx, role)
		return err
	})
}

func (e *Engine) body(ctx context.Context, id mail.LetterID) error {
	h, err := e.store.Head(ctx, id)
	if err != nil {
		return err
	}
	if h.Bodied {
		return nil
	}
	if h.UID == 0 {
		return &mail.Fault{Kind: mail.TryLater, Op: "open letter", Detail: "the letter is being moved"}
	}
	f, err := e.store.Folder(ctx, h.Folder)
	if err != nil {
		return err
	}
	if err := e.open(ctx, f); err != nil {
		return err
	}
	var buf bytes.Buffer
	buf.Grow(int(min(h.Size+1, 1<<20)))
	if err := e.remote.Body(ctx, h.UID, &buf); err != nil {
		return fmt.Errorf("fetch letter: %w", err)
	}
	return KeepBody(ctx, e.store, id, buf.Bytes())
}

// KeepBody stores a whole letter with what the index and the list need of it.
func KeepBody(ctx context.Context, s *store.Store, id mail.LetterID, raw []byte) error {
	if err := takeReport(ctx, s, id, raw); err != nil {
		return err
	}
	l := letter.Parse(raw)
	files := 0
	for _, p := range l.Parts {
		if !p.Inline || p.Name != "" {
			files++
		}
	}
	return s.PutBody(ctx, id, raw, store.Body{Text: letter.SearchText(l), Preview: letter.Preview(l), Attachments: files})
}

// texts fetches letters while nobody waits, newest first, so that they can be read offline and searched.
func (e *Engine) texts(ctx context.Context) error {
	heads, err := e.store.Bodyless(ctx, e.account.ID, e.o.Bodies, e.o.BodyMax)
	if err != nil {
		return err
	}
	for i, h := range heads {
		if e.spoiled[h.ID] {
			continue
		}
		switch err := e.body(ctx, h.ID); mail.KindOf(err) {
		case "":
		case mail.Gone, mail.TryLater, mail.Refused, mail.NoFolder, mail.TooBig: // whoever opens it is told
			e.spoiled[h.ID] = true
		default:
			return err
		}
		e.status.Done, e.status.Total = i+1, len(heads)
		e.report(false)
		if err := e.between(ctx); err != nil {
			return err
		}
		select {
		case <-e.hint: // news goes first; the rest of the texts comes with the next pass
			poke(e.hint)
			return nil
		case <-e.kick:
			poke(e.kick)
			return nil
		default:
		}
	}
	return nil
}
