package sync

import (
	"context"
	"fmt"
	"slices"
	"time"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/rule"
	"hopthu/mail/store"
)

const (
	flagAgain = 30 * time.Minute // without CONDSTORE: how often all flags are looked at
	flagBlock = 2000             // changes of flags stored at once
	flagNear  = 1000             // without CONDSTORE: flags of the newest letters are looked at in each pass
)

// refresh brings the known part of a folder in step and fetches what is new.
func (e *Engine) refresh(ctx context.Context, f mail.Folder) error {
	e.refreshes++
	st, changed, known, err := e.selectSince(ctx, f)
	if err != nil {
		return err
	}
	ss, err := e.store.SyncState(ctx, f.ID)
	if err != nil {
		return err
	}
	first := ss.UIDValidity == 0
	switch {
	case first:
		err = e.firstPage(ctx, f)
	case known:
		err = e.take(ctx, f, ss, st, changed)
	default:
		err = e.news(ctx, f, ss, st)
	}
	if err != nil {
		return err
	}
	next := st.UIDNext
	if next == 0 { // the server did not say: the highest known one tells
		uids, err := e.store.UIDs(ctx, f.ID)
		if err != nil {
			return err
		}
		if len(uids) > 0 {
			next = uids[len(uids)-1] + 1
		}
	}
	if f.Role == mail.RoleDrafts {
		if err := e.sweep(ctx); err != nil {
			return err
		}
	}
	e.looked[f.ID] = e.o.Clock.Now()
	delete(e.stale, f.ID)
	return e.store.SetSyncState(ctx, f.ID, store.SyncState{
		UIDValidity: st.UIDValidity, UIDNext: next, HighestModSeq: st.HighestModSeq, Remote: st.Messages,
		Complete: (ss.Complete && !first) || st.Messages == 0, Synced: e.o.Clock.Now(),
	})
}

// firstPage fetches the newest screenful of a folder never opened before.
func (e *Engine) firstPage(ctx context.Context, f mail.Folder) error {
	var in []store.Incoming
	err := e.remote.Newest(ctx, e.o.Page, func(h RemoteHeader) error {
		in = append(in, e.incoming(h))
		return nil
	})
	if err != nil {
		return fmt.Errorf("newest letters: %w", err)
	}
	_, err = e.store.PutLetters(ctx, e.account.ID, f.ID, in, true) // old mail is no news
	return err
}

// take is news where the server told of everything that changed since the last look (RFC 7162 3.1.4.1) while the folder
// was opened.
func (e *Engine) take(ctx context.Context, f mail.Folder, ss store.SyncState, st FolderStatus, changed []RemoteFlags) error {
	var marks []store.FlagChange
	var fresh []mail.UID
	for _, r := range changed {
		if r.UID >= ss.UIDNext {
			fresh = append(fresh, r.UID)
			continue
		}
		marks = append(marks, flagChange(r))
	}
	for block := range slices.Chunk(marks, flagBlock) {
		if err := e.store.ApplyFlags(ctx, f.ID, block); err != nil {
			return err
		}
	}
	slices.Sort(fresh)
	if err := e.fetch(ctx, f, slices.Compact(fresh)); err != nil {
		return err
	}
	return e.erased(ctx, f, ss, st)
}

// news fetches letters since the last look, flags that changed, and forgets what was erased.
func (e *Engine) news(ctx context.Context, f mail.Folder, ss store.SyncState, st FolderStatus) error {
	if err := e.flags(ctx, f, ss, st); err != nil {
		return err
	}
	var fresh []mail.UID
	if st.UIDNext == 0 || st.UIDNext > ss.UIDNext {
		err := e.remote.Flags(ctx, ss.UIDNext, 0, 0, func(r RemoteFlags) error {
			if r.UID >= ss.UIDNext { // n:* names the last letter even when it is older (RFC 9051 9, seq-range)
				fresh = append(fresh, r.UID)
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("new letters: %w", err)
		}
		slices.Sort(fresh)
		if err := e.fetch(ctx, f, fresh); err != nil {
			return err
		}
	}
	return e.erased(ctx, f, ss, st)
}

// flags takes over flags that changed elsewhere.
func (e *Engine) flags(ctx context.Context, f mail.Folder, ss store.SyncState, st FolderStatus) error {
	lo, since := mail.UID(1), uint64(0)
	switch now := e.o.Clock.Now(); {
	case st.HighestModSeq > 0 && ss.HighestModSeq > 0:
		if st.HighestModSeq == ss.HighestModSeq {
			return nil
		}
		since = ss.HighestModSeq // RFC 7162 3.1.4.1
	case now.Sub(e.lastFlags[f.ID]) < flagAgain && !now.Before(e.lastFlags[f.ID]):
		uids, err := e.store.UIDs(ctx, f.ID)
		if err != nil {
			return err
		}
		if n := len(uids); n > flagNear {
			lo = uids[n-flagNear]
		}
	default:
		e.lastFlags[f.ID] = now
	}
	if ss.UIDNext <= 1 {
		return nil
	}
	var block []store.FlagChange
	flush := func() error {
		if len(block) == 0 {
			return nil
		}
		err := e.store.ApplyFlags(ctx, f.ID, block)
		block = block[:0]
		return err
	}
	err := e.remote.Flags(ctx, lo, ss.UIDNext-1, since, func(r RemoteFlags) error {
		block = append(block, flagChange(r))
		if len(block) >= flagBlock {
			return flush()
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("flags: %w", err)
	}
	return flush()
}

// flagChange makes a store row of fetched flags.
func flagChange(r RemoteFlags) store.FlagChange {
	known, other := mail.ParseFlags(r.Flags)
	return store.FlagChange{UID: r.UID, Flags: known, Keywords: other, ModSeq: r.ModSeq}
}

// erased forgets letters that are no longer at the server, when the numbers say that there are any.
func (e *Engine) erased(ctx context.Context, f mail.Folder, ss store.SyncState, st FolderStatus) error {
	known, err := e.store.UIDs(ctx, f.ID)
	if err != nil {
		return err
	}
	if len(known) == 0 || (ss.Complete && len(known) == st.Messages) {
		return nil
	}
	if !ss.Complete && len(known) < st.Messages && st.HighestModSeq == ss.HighestModSeq && st.HighestModSeq != 0 {
		return nil // nothing happened since; fill looks at the whole folder anyway
	}
	there, err := e.remote.UIDs(ctx)
	if err != nil {
		return fmt.Errorf("list letters: %w", err)
	}
	gone := missing(known, there)
	if len(gone) == 0 {
		return nil
	}
	return e.store.RemoveUIDs(ctx, f.ID, gone)
}

// missing lists what stands in a and not in b; both ascend.
func missing(a, b []mail.UID) []mail.UID {
	var out []mail.UID
	i := 0
	for _, u := range a {
		for i < len(b) && b[i] < u {
			i++
		}
		if i == len(b) || b[i] != u {
			out = append(out, u)
		}
	}
	return out
}

// fetch reads the headers of new letters into the store.
func (e *Engine) fetch(ctx context.Context, f mail.Folder, uids []mail.UID) error {
	for block := range slices.Chunk(uids, e.o.Block) {
		in := make([]store.Incoming, 0, len(block))
		err := e.remote.Headers(ctx, These(block), func(h RemoteHeader) error {
			in = append(in, e.incoming(h))
			return nil
		})
		if err != nil {
			return fmt.Errorf("headers: %w", err)
		}
		if _, err := e.store.PutLetters(ctx, e.account.ID, f.ID, in, false); err != nil {
			return err
		}
	}
	return nil
}

// incoming makes a store row of a fetched header.
func (e *Engine) incoming(h RemoteHeader) store.Incoming {
	head := mail.Head{Account: e.account.ID, UID: h.UID, Received: h.Received, Size: h.Size, Attachments: -1}
	letter.ReadHeader(h.Header).FillKnown(&e.people, &head)
	var other []string
	head.Flags, other = mail.ParseFlags(h.Flags)
	head.Duty = rule.Duty(head, e.account)
	return store.Incoming{Head: head, Keywords: other, ModSeq: h.ModSeq}
}
