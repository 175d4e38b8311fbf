package sync

import (
	"context"
	"errors"
	"fmt"

	"hopthu/mail"
	"hopthu/mail/store"
)

// fill fetches the older letters of a folder in blocks, newest first, and lets other work in between.
func (e *Engine) fill(ctx context.Context, f mail.Folder) error {
	ss, err := e.store.SyncState(ctx, f.ID)
	if err != nil || ss.Complete || ss.UIDValidity == 0 {
		return err
	}
	if err := e.open(ctx, f); err != nil {
		return err
	}
	there, err := e.remote.UIDs(ctx)
	if err != nil {
		return fmt.Errorf("list letters: %w", err)
	}
	known, err := e.store.UIDs(ctx, f.ID)
	if err != nil {
		return err
	}
	todo := missing(there, known)
	for len(todo) > 0 && todo[len(todo)-1] >= ss.UIDNext {
		todo = todo[:len(todo)-1] // arrived after the last look: the next refresh takes it as news
	}
	total, resets := len(todo), e.resets
	if total > 0 {
		e.watching() // a fill takes its time: news must show meanwhile
	}
	nothing := func() error { return nil }
	stored := nothing // waits for the block that is on its way into the store
	for len(todo) > 0 {
		block := todo[max(0, len(todo)-e.o.Block):]
		if e.selected != f.Name { // opening may find the letters numbered anew: nothing of the old ones may be on its way
			err := stored()
			if stored = nothing; err == nil {
				err = e.open(ctx, f)
			}
			if err != nil || e.resets != resets {
				return err
			}
		}
		in, err := e.headers(ctx, block)
		if err := errors.Join(err, stored()); err != nil {
			return err
		}
		stored = nothing
		e.status.Done, e.status.Total = total-len(todo), total
		e.report(false)
		refreshes := e.refreshes
		looks := len(e.hint)+len(e.look) > 0
		if looks { // what was read before a refresh may be older than what it finds: it must be in the store before
			if err := e.storing(ctx, f, in)(); err != nil {
				return err
			}
		}
		if err := e.between(ctx); err != nil || e.resets != resets {
			return err
		}
		if e.refreshes != refreshes && !looks {
			continue // the wish came a moment later: read the block again
		}
		todo = todo[:len(todo)-len(block)]
		if !looks {
			stored = e.storing(ctx, f, in)
		}
	}
	if err := stored(); err != nil {
		return err
	}
	e.status.Done, e.status.Total = total, total
	e.report(false)
	if gone := missing(known, there); len(gone) > 0 {
		if err := e.store.RemoveUIDs(ctx, f.ID, gone); err != nil {
			return err
		}
	}
	if ss, err = e.store.SyncState(ctx, f.ID); err != nil {
		return err
	}
	ss.Complete = true
	if err := e.store.SetSyncState(ctx, f.ID, ss); err != nil {
		return err
	}
	if total > 0 {
		e.o.Filled()
	}
	return nil
}

// storing puts older letters into the store while the caller reads on from the server; the answer waits for the end.
func (e *Engine) storing(ctx context.Context, f mail.Folder, in []store.Incoming) (wait func() error) {
	done := make(chan error, 1)
	mail.Go("store "+string(e.account.ID), func() {
		_, err := e.store.PutLetters(ctx, e.account.ID, f.ID, in, true)
		done <- err
	})
	return func() error { return <-done }
}
