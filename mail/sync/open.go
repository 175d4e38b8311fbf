package sync

import (
	"context"
	"fmt"

	"hopthu/mail"
)

// errRenumbered says that UIDs known until now mean nothing any more (RFC 9051 2.3.1.1).
var errRenumbered = &mail.Fault{Kind: mail.TryLater, Op: "open folder", Detail: "the server numbered the letters anew"}

// open selects a folder unless it is the selected one. What follows uses UIDs from before: errRenumbered if they no
// longer count.
func (e *Engine) open(ctx context.Context, f mail.Folder) error {
	if e.selected == f.Name {
		return nil
	}
	_, same, err := e.selectFolder(ctx, f)
	if err == nil && !same {
		err = errRenumbered
	}
	return err
}

// selectFolder opens a folder anew; same says that its numbers still mean what they meant. Where they do not, all that is
// known of its letters is forgotten.
func (e *Engine) selectFolder(ctx context.Context, f mail.Folder) (st FolderStatus, same bool, err error) {
	e.selected = ""
	if st, err = e.remote.Select(ctx, f.Name); err != nil {
		return st, false, fmt.Errorf("open folder: %w", err)
	}
	same, err = e.stands(ctx, f, st)
	return st, same, err
}

// selectSince is selectFolder that brings along, in the same round trip, the flags of all letters that changed or came
// since the last look; known says that they may be used.
func (e *Engine) selectSince(ctx context.Context, f mail.Folder) (st FolderStatus, changed []RemoteFlags, known bool, err error) {
	before, err := e.store.SyncState(ctx, f.ID)
	if err != nil {
		return st, nil, false, err
	}
	if before.UIDValidity == 0 || before.HighestModSeq == 0 || !e.caps.CondStore {
		st, _, err = e.selectFolder(ctx, f)
		return st, nil, false, err
	}
	e.selected = ""
	st, err = e.remote.SelectSince(ctx, f.Name, before.HighestModSeq, func(r RemoteFlags) error {
		changed = append(changed, r)
		return nil
	})
	if err != nil {
		return st, nil, false, fmt.Errorf("open folder: %w", err)
	}
	same, err := e.stands(ctx, f, st)
	return st, changed, same && st.HighestModSeq != 0, err
}

// stands notes that a folder is open; same says that its numbers still mean what they meant.
func (e *Engine) stands(ctx context.Context, f mail.Folder, st FolderStatus) (same bool, err error) {
	ss, err := e.store.SyncState(ctx, f.ID)
	if err != nil {
		return false, err
	}
	same = ss.UIDValidity == 0 || ss.UIDValidity == st.UIDValidity
	if !same {
		e.resets++
		if err := e.store.ResetFolder(ctx, f.ID); err != nil {
			return false, err
		}
	}
	e.selected = f.Name
	return same, nil
}
