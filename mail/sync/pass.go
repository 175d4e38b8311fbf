package sync

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/rule"
	"hopthu/mail/store"
)

const (
	relist    = 10 * time.Minute // how often the folder list is asked for again
	flagAgain = 30 * time.Minute // without CONDSTORE: how often all flags are looked at
	flagBlock = 2000             // changes of flags stored at once
	flagNear  = 1000             // without CONDSTORE: flags of the newest letters are looked at in each pass
)

// pass brings the account in step: what was done here goes out, then each folder's news comes in, the one in view and
// the inbox first, then the older letters that are still missing, then the texts.
func (e *Engine) pass(ctx context.Context) error {
	// A draft may have been sent in a life that ended right after, and nothing at the server says so: a folder that the
	// list calls unchanged is not looked at.
	if err := e.sweep(ctx); err != nil {
		return err
	}
	if err := e.push(ctx); err != nil {
		return err
	}
	folders, err := e.store.Folders(ctx, e.account.ID)
	if err != nil {
		return err
	}
	// The inbox is looked at before the folder list is: its news is what the person waits for. Every server has one
	// (RFC 9051 5.1), so a new account need not ask for the list first.
	if len(folders) == 0 {
		if err := e.store.PutFolders(ctx, e.account.ID, []store.FolderSpec{{Name: "INBOX", Role: mail.RoleInbox, Selectable: true, Remote: -1}}); err != nil {
			return err
		}
		if folders, err = e.store.Folders(ctx, e.account.ID); err != nil {
			return err
		}
	}
	done := mail.FolderID(0)
	var failed error // the inbox: the others are looked at all the same, but the account is not in step
	for _, f := range folders {
		if f.Role == mail.RoleInbox && f.Selectable {
			failed = e.refresh(ctx, f)
			if err := e.skip(f, failed); err != nil {
				return err
			}
			done = f.ID
		}
	}
	// A server that tells how its folders stand (LIST-STATUS) is asked in each pass: it spares a SELECT for each of them.
	if now := e.o.Clock.Now(); e.listed.IsZero() || len(e.stand) > 0 || now.Sub(e.listed) >= relist || now.Before(e.listed) {
		if err := e.list(ctx); err != nil {
			return err
		}
		e.listed = now
		if folders, err = e.store.Folders(ctx, e.account.ID); err != nil {
			return err
		}
	}
	e.arrange(folders)
	for _, f := range folders {
		if f.ID == done || !f.Selectable {
			continue
		}
		if same, err := e.unchanged(ctx, f); err != nil || same {
			if err := e.skip(f, err); err != nil {
				return err
			}
			continue
		}
		if err := e.skip(f, e.refresh(ctx, f)); err != nil {
			return err
		}
		if err := e.between(ctx); err != nil {
			return err
		}
	}
	for _, f := range folders {
		if !f.Selectable {
			continue
		}
		if err := e.skip(f, e.fill(ctx, f)); err != nil {
			return err
		}
	}
	if err := e.texts(ctx); err != nil {
		return err
	}
	return failed
}

// between lets waiting work in: jobs of readers, acts to push, the folder that the person just opened.
func (e *Engine) between(ctx context.Context) error {
	if err := e.serveWaiting(ctx); err != nil {
		return err
	}
	if err := e.push(ctx); err != nil {
		return err
	}
	which := e.viewed
	select {
	case <-e.look:
	case <-e.hint:
		which = e.inbox
	default:
		return nil
	}
	f, ok, err := which(ctx)
	if err != nil || !ok {
		return err
	}
	return e.skip(f, e.refresh(ctx, f))
}

// arrange puts the folder in view first, then inbox and Sent (which says what was answered), then by name.
func (e *Engine) arrange(fs []mail.Folder) {
	opened := mail.FolderID(e.opened.Load())
	rank := func(f mail.Folder) int {
		switch {
		case f.ID == opened:
			return 0
		case f.Role == mail.RoleInbox:
			return 1
		case f.Role == mail.RoleSent:
			return 2
		case f.Role == mail.RoleDrafts:
			return 3
		case f.Role == mail.RoleTrash, f.Role == mail.RoleJunk:
			return 5
		default:
			return 4
		}
	}
	slices.SortStableFunc(fs, func(a, b mail.Folder) int { return rank(a) - rank(b) })
}

func (e *Engine) list(ctx context.Context) error {
	remote, err := e.remote.List(ctx)
	if err != nil {
		return fmt.Errorf("list folders: %w", err)
	}
	specs := make([]store.FolderSpec, 0, len(remote))
	clear(e.stand)
	for _, r := range remote {
		if r.UIDNext != 0 && r.HighestModSeq != 0 {
			e.stand[r.Name] = r
		}
		specs = append(specs, store.FolderSpec{
			Name: r.Name, Delim: r.Delim, Role: r.Role, Selectable: r.Selectable, Remote: r.Messages,
			UIDValidity: r.UIDValidity, UIDNext: r.UIDNext, ModSeq: r.HighestModSeq,
		})
	}
	return e.store.PutFolders(ctx, e.account.ID, specs)
}

// restAgain is how long a folder that does not change goes without a look all the same: what waits for a look to end
// (letters that were moved there and never showed) needs one.
const restAgain = 15 * time.Minute

// unchanged reports whether the server's list says that nothing happened in a folder since the last look: no new letter,
// none erased, no mark changed (RFC 5819, RFC 7162 3.1.8).
func (e *Engine) unchanged(ctx context.Context, f mail.Folder) (bool, error) {
	r, ok := e.stand[f.Name]
	if !ok || e.stale[f.ID] || int64(f.ID) == e.opened.Load() {
		return false, nil
	}
	ss, err := e.store.SyncState(ctx, f.ID)
	if err != nil {
		return false, err
	}
	age := e.o.Clock.Now().Sub(ss.Synced)
	return ss.Complete && ss.UIDValidity == r.UIDValidity && ss.UIDNext == r.UIDNext && ss.HighestModSeq == r.HighestModSeq &&
		f.Total == r.Messages && age >= 0 && age < restAgain, nil
}

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
	uids, err := e.remote.Newest(ctx, e.o.Page)
	if err != nil {
		return fmt.Errorf("newest letters: %w", err)
	}
	err = e.fetch(ctx, f, uids, true) // old mail is no news
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
		known, other := mail.ParseFlags(r.Flags)
		marks = append(marks, store.FlagChange{UID: r.UID, Flags: known, Keywords: other, ModSeq: r.ModSeq})
	}
	for block := range slices.Chunk(marks, flagBlock) {
		if err := e.store.ApplyFlags(ctx, f.ID, block); err != nil {
			return err
		}
	}
	slices.Sort(fresh)
	if err := e.fetch(ctx, f, slices.Compact(fresh), false); err != nil {
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
		if err := e.fetch(ctx, f, fresh, false); err != nil {
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
		known, other := mail.ParseFlags(r.Flags)
		block = append(block, store.FlagChange{UID: r.UID, Flags: known, Keywords: other, ModSeq: r.ModSeq})
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

// fetch reads the headers of uids into the store.
func (e *Engine) fetch(ctx context.Context, f mail.Folder, uids []mail.UID, older bool) error {
	for len(uids) > 0 {
		n := min(len(uids), e.o.Block)
		in, err := e.headers(ctx, uids[:n])
		if err != nil {
			return err
		}
		if _, err := e.store.PutLetters(ctx, e.account.ID, f.ID, in, older); err != nil {
			return err
		}
		uids = uids[n:]
	}
	return nil
}

// headers reads the headers of uids, ascending.
func (e *Engine) headers(ctx context.Context, uids []mail.UID) ([]store.Incoming, error) {
	in := make([]store.Incoming, 0, len(uids))
	err := e.remote.Headers(ctx, uids, func(h RemoteHeader) error {
		in = append(in, e.incoming(h))
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("headers: %w", err)
	}
	slices.SortFunc(in, func(a, b store.Incoming) int { return cmp.Compare(a.Head.UID, b.Head.UID) })
	return in, nil
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

// incoming makes a store row of a fetched header.
func (e *Engine) incoming(h RemoteHeader) store.Incoming {
	head := mail.Head{Account: e.account.ID, UID: h.UID, Received: h.Received, Size: h.Size, Attachments: -1}
	letter.ReadHeader(h.Header).FillKnown(&e.people, &head)
	var other []string
	head.Flags, other = mail.ParseFlags(h.Flags)
	head.Duty = rule.Duty(head, e.account)
	return store.Incoming{Head: head, Keywords: other, ModSeq: h.ModSeq}
}
