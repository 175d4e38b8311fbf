package sync

import (
	"bytes"
	"context"
	"errors"
	"time"

	"hopthu/mail"
	"hopthu/mail/store"
)

// push sends what the person did to the server, in the order it was done. An act that the server refuses is turned
// back and told; one that it cannot do now is tried again later.
func (e *Engine) push(ctx context.Context) error {
	for {
		ops, err := e.store.PendingOps(ctx, e.account.ID)
		if err != nil {
			return err
		}
		now := e.o.Clock.Now()
		did := false
		e.retry = time.Time{}
		for _, op := range ops {
			if op.NotBefore.After(now) && op.NotBefore.Sub(now) < 24*time.Hour { // a wait of days is a clock set back
				if e.retry.IsZero() || op.NotBefore.Before(e.retry) {
					e.retry = op.NotBefore
				}
				continue
			}
			did = true
			resets := e.resets
			if err := e.settle(ctx, op, e.act(ctx, op)); err != nil {
				return err
			}
			if e.resets != resets {
				break // UIDs that are still in the list mean nothing any more
			}
		}
		if !did {
			return nil
		}
	}
}

// retryMost is the longest wait before an operation that the server put off is tried again.
const retryMost = time.Hour

// outcome is what became of one operation.
type outcome struct {
	pairs map[mail.UID]mail.UID
	err   error
}

// settle records the outcome; it returns only what must end the session.
func (e *Engine) settle(ctx context.Context, op store.Op, o outcome) error {
	switch kind := mail.KindOf(o.err); {
	case o.err == nil:
		return e.store.OpDone(ctx, op.ID, store.OpResult{UIDs: o.pairs})
	case errors.Is(o.err, errRenumbered):
		return nil // the store finds the letters again by their Message-IDs
	case lost(o.err) || needsPerson(kind) || ourOwn(kind):
		return o.err // still pending: done again after the next connect
	case kind == mail.TryLater || kind == mail.OverQuota && op.Kind == store.OpAppend:
		if kind == mail.OverQuota && op.Tries == 0 {
			e.o.Fell(mail.AsFault(opNames[op.Kind], o.err))
		}
		wait := e.o.Jitter(min(30*time.Second<<min(op.Tries, 7), retryMost))
		return e.store.OpFailed(ctx, op.ID, e.o.Clock.Now().Add(wait))
	default:
		e.o.Fell(mail.AsFault(opNames[op.Kind], o.err))
		return e.store.OpReverted(ctx, op.ID)
	}
}

// ourOwn reports whether the trouble is on this computer: the server has refused nothing.
func ourOwn(k mail.FaultKind) bool {
	switch k {
	case mail.DiskFull, mail.StoreLocked, mail.StoreKey, mail.NoPermission, mail.Unknown:
		return true
	default:
		return false
	}
}

var opNames = map[store.OpKind]string{
	store.OpFlags: "mark letters", store.OpMove: "move letters", store.OpErase: "erase letters", store.OpAppend: "file letter",
}

func (e *Engine) act(ctx context.Context, op store.Op) outcome {
	if op.Kind == store.OpAppend {
		return outcome{err: e.append(ctx, op)}
	}
	f, err := e.store.Folder(ctx, op.Folder)
	if err != nil {
		return outcome{err: err}
	}
	if err := e.open(ctx, f); err != nil {
		return outcome{err: err}
	}
	switch op.Kind {
	case store.OpFlags:
		return outcome{err: e.remote.Store(ctx, op.UIDs, op.Add.Names(), op.Remove.Names())}
	case store.OpMove:
		dest, err := e.store.Folder(ctx, op.Dest)
		if err != nil {
			return outcome{err: err}
		}
		pairs, err := e.remote.Move(ctx, op.UIDs, dest.Name)
		if len(pairs) < len(op.UIDs) {
			e.stale[dest.ID] = true
		}
		return outcome{pairs: pairs, err: err}
	default: // OpErase
		return outcome{err: e.remote.Expunge(ctx, op.UIDs)}
	}
}

// append files a letter: the copy in Sent, or a draft. The Message-ID is looked for first when an earlier try may have
// arrived, so that a lost answer does not make a second copy.
func (e *Engine) append(ctx context.Context, op store.Op) error {
	var dest mail.Folder
	var err error
	if op.Folder != 0 {
		dest, err = e.store.Folder(ctx, op.Folder)
	} else {
		dest, err = e.target(ctx, op.Role)
	}
	if err != nil {
		return err
	}
	var older []mail.UID
	var st FolderStatus
	if op.MessageID != "" {
		if st, _, err = e.selectFolder(ctx, dest); err != nil {
			return err
		}
		found, err := e.remote.FindMessageID(ctx, op.MessageID)
		if err != nil {
			return err
		}
		if len(found) > 0 && op.Add&mail.Draft == 0 { // by an earlier try, or by a server that files what leaves an agency's box
			e.stale[dest.ID] = true
			return nil
		}
		older = found // an earlier state of the same draft: erased once the new one is there
	}
	raw, err := e.store.OpBytes(ctx, op.ID)
	if err != nil {
		return err
	}
	e.stale[dest.ID] = true
	_, err = e.remote.Append(ctx, dest.Name, op.Add.Names(), e.o.Clock.Now(), int64(len(raw)), bytes.NewReader(raw))
	if err != nil || len(older) == 0 {
		return err
	}
	again, _, err := e.selectFolder(ctx, dest)
	if err != nil || again.UIDValidity != st.UIDValidity {
		return err
	}
	return e.remote.Expunge(ctx, older)
}
