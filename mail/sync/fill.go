package sync

import (
	"context"
	"errors"
	"fmt"
	"time"

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
	worked := false
	defer func() {
		if worked { // the pushes below did it; folders that it changed are looked at afterwards
			poke(e.work)
		}
	}()
	for len(todo) > 0 {
		if err := e.open(ctx, f); err != nil || e.resets != resets {
			return err
		}
		n, err := e.stream(ctx, f, todo, total)
		if err != nil {
			return err
		}
		todo = todo[:len(todo)-n]
		select {
		case <-e.work:
			worked = true
		default:
		}
		if err := e.between(ctx); err != nil || e.resets != resets {
			return err
		}
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

// streamFor is how long older letters are asked for without a look at what else there is to do.
const streamFor = 10 * time.Second

// stream reads the headers of the last ones of todo, block by block, and stores each block while the next ones are on
// their way; it goes on until all are read or somebody waits. It says how many it did: when it returns, they are in the
// store, so that what a refresh finds later is never older.
func (e *Engine) stream(ctx context.Context, f mail.Folder, todo []mail.UID, total int) (asked int, err error) {
	start := e.o.Clock.Now()
	next := func() []mail.UID {
		if asked > 0 && (e.wanted() || e.o.Clock.Now().Sub(start) > streamFor) {
			return nil
		}
		left := todo[:len(todo)-asked]
		block := left[max(0, len(left)-e.o.Block):]
		asked += len(block)
		return block
	}
	done := total - len(todo)
	nothing := func() error { return nil }
	stored := nothing // waits for the block that is on its way into the store
	var in []store.Incoming
	keep := func() error {
		err := stored()
		stored = nothing
		if err == nil && len(in) > 0 {
			done += len(in)
			e.status.Done, e.status.Total = done, total
			e.report(false)
			stored = e.storing(ctx, f, in)
			in = make([]store.Incoming, 0, e.o.Block)
		}
		return err
	}
	err = e.remote.Headers(ctx, next, func(h RemoteHeader) error {
		if in = append(in, e.incoming(h)); len(in) < e.o.Block {
			return nil
		}
		return keep()
	})
	if err != nil {
		err = fmt.Errorf("headers: %w", err)
	}
	err = errors.Join(err, keep()) // also what came before an error
	return asked, errors.Join(err, stored())
}

// wanted reports whether something waits that goes before older letters.
func (e *Engine) wanted() bool {
	return e.asking.Load() > 0 || len(e.hint)+len(e.look)+len(e.work) > 0
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
