package sync

import (
	"context"
	"errors"
	"slices"
	"time"

	"hopthu/mail"
	"hopthu/mail/store"
)

// relist is how often the folder list is asked for again.
const relist = 10 * time.Minute

// restAgain is how long a folder that does not change goes without a look all the same: what waits for a look to end
// (letters that were moved there and never showed) needs one.
const restAgain = 15 * time.Minute

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
	// The inbox is looked at before the folder list is: its news is what the person waits for.
	folders, err := e.known(ctx)
	if err != nil {
		return err
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

// known lists the account's folders as the store has them. A new account has an inbox: every server has one (RFC 9051
// 5.1), so the list need not be asked for first.
func (e *Engine) known(ctx context.Context) ([]mail.Folder, error) {
	folders, err := e.store.Folders(ctx, e.account.ID)
	if err != nil || len(folders) > 0 {
		return folders, err
	}
	if err := e.store.PutFolders(ctx, e.account.ID, []store.FolderSpec{{Name: inboxName, Role: mail.RoleInbox, Selectable: true, Remote: -1}}); err != nil {
		return nil, err
	}
	return e.store.Folders(ctx, e.account.ID)
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

// pushed sends what waits and looks at the folders that got something of which the server did not tell the UID.
func (e *Engine) pushed(ctx context.Context) error {
	if err := e.push(ctx); err != nil {
		return err
	}
	for len(e.stale) > 0 {
		for id := range e.stale {
			delete(e.stale, id)
			err := e.glance(ctx, func(ctx context.Context) (mail.Folder, bool, error) { return e.folder(ctx, id) })
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// glance brings one folder in step, without a pass over all the others.
func (e *Engine) glance(ctx context.Context, which func(context.Context) (mail.Folder, bool, error)) error {
	if err := e.push(ctx); err != nil {
		return err
	}
	f, ok, err := which(ctx)
	if err != nil || !ok {
		return err
	}
	e.status.State = mail.Syncing
	err = e.skip(f, e.refresh(ctx, f))
	if err == nil {
		err = e.skip(f, e.fill(ctx, f))
	}
	if err == nil {
		err = e.texts(ctx)
	}
	if err == nil {
		e.inStep()
	}
	return err
}

// skip lets work go on when the server said no to one folder or letter: the others have nothing to do with it. The
// person is told once a session.
func (e *Engine) skip(f mail.Folder, err error) error {
	switch mail.KindOf(err) {
	case mail.NoFolder, mail.Gone:
		e.listed = time.Time{} // gone since the last list: ask again
		return nil
	case mail.Refused, mail.TryLater, mail.TooBig:
		if !e.told[f.ID] && !errors.Is(err, errRenumbered) {
			e.told[f.ID] = true
			e.o.Fell(mail.AsFault("open folder", err))
		}
		return nil
	default:
		return err
	}
}
