package sync

import (
	"context"
	"slices"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/store"
)

// Conditional is what a Remote offers that can change marks only where nobody changed them since (RFC 7162 3.1.3).
type Conditional interface {
	// Marks reads flags and MODSEQ of one letter of the selected folder as they are now; UID 0 if it is gone.
	Marks(ctx context.Context, uid mail.UID) (RemoteFlags, error)
	// StoreIf adds and removes flags of one letter of the selected folder unless its MODSEQ has grown beyond since; changed is
	// then true and nothing was done.
	StoreIf(ctx context.Context, uid mail.UID, since uint64, add, remove []string) (changed bool, err error)
}

// Keywords is the office of a box on a plain IMAP server: what its people agree on stands in the keywords of the letters, and of
// two who act at the same instant the conditional STORE lets one through. It carries who has a letter and who is writing; notes,
// instructions and due dates it cannot carry. What others did comes with the marks of the letters, by the engine.
type Keywords struct {
	engine *Engine
	clock  Clock
}

// Keywords gives the office that stands in the marks of this engine's letters.
func (e *Engine) Keywords() *Keywords { return &Keywords{e, e.o.Clock} }

// staleClaim is how long a claim by keyword is believed: a program that was killed takes none away.
const staleClaim = 15 * time.Minute

// Works implements Office: there is nothing to ask for.
func (k *Keywords) Works(ctx context.Context, _ string, since int64, wait time.Duration) (api.Works, error) {
	select {
	case <-ctx.Done():
		return api.Works{}, &mail.Fault{Kind: mail.NoAnswer, Op: "follow work", Err: ctx.Err()}
	case <-k.clock.After(wait):
		return api.Works{Version: since}, nil
	}
}

// Act implements Office.
func (k *Keywords) Act(ctx context.Context, a api.Act) (w mail.Work, err error) {
	ids, err := k.engine.store.KeyedLetters(ctx, k.engine.account.ID, a.Key)
	if err != nil {
		return w, err
	}
	for _, id := range ids {
		if err := k.engine.ask(ctx, func(ctx context.Context) error { return k.engine.mark(ctx, id, a) }); err != nil {
			return w, err
		}
	}
	if len(ids) == 0 {
		return w, &mail.Fault{Kind: mail.Gone, Op: "work on letter"}
	}
	return k.engine.store.AgreedWork(ctx, ids[0])
}

// Look reads the marks of one letter and what stands in Sent, as they are now.
func (e *Engine) Look(ctx context.Context, id mail.LetterID) error {
	return e.ask(ctx, func(ctx context.Context) error {
		uid, err := e.reach(ctx, id)
		if err != nil {
			return err
		}
		h, err := e.store.Head(ctx, id)
		if err != nil {
			return err
		}
		now, err := e.marks(ctx, uid)
		if err != nil {
			return err
		}
		if err := e.store.ApplyFlags(ctx, h.Folder, []store.FlagChange{flagChange(now)}); err != nil {
			return err
		}
		sent, ok, err := e.store.FolderByRole(ctx, e.account.ID, mail.RoleSent)
		if err != nil || !ok {
			return err
		}
		return e.refresh(ctx, sent)
	})
}

// mark does one act on the keywords of one letter.
func (e *Engine) mark(ctx context.Context, id mail.LetterID, a api.Act) error {
	const op = "work on letter"
	uid, err := e.reach(ctx, id)
	if err != nil {
		return err
	}
	h, err := e.store.Head(ctx, id)
	if err != nil {
		return err
	}
	for range 5 { // each time somebody was quicker by a hair, with something that may have nothing to do with this
		now, err := e.marks(ctx, uid)
		if err != nil {
			return err
		}
		// First into the store: a claim counts from when it was seen, and this may be the first that is seen of it.
		if err := e.store.ApplyFlags(ctx, h.Folder, []store.FlagChange{flagChange(now)}); err != nil {
			return err
		}
		old, err := e.store.AgreedWork(ctx, id)
		if err != nil {
			return err
		}
		add, remove, err := e.change(now.Flags, a, old)
		if err != nil {
			return err
		}
		done, err := e.storeIf(ctx, uid, now.ModSeq, add, remove)
		if err != nil {
			return err
		}
		// The letter's marks are read once more: they are what everybody else sees.
		if now, err = e.marks(ctx, uid); err != nil {
			return err
		}
		if err := e.store.ApplyFlags(ctx, h.Folder, []store.FlagChange{flagChange(now)}); err != nil {
			return err
		}
		if !done {
			continue
		}
		me := keywordOf(e.account.Person.Addr)
		if !alone(a) || len(othersIn(now.Flags, me)) == 0 {
			return nil
		}
		// Dovecot 2.3 lets both through of two conditional STOREs that come within the same fraction of a millisecond. Whose was
		// written second is certain to see the first one's name here; who sees two steps back and looks again.
		if err := e.remote.Store(ctx, []mail.UID{uid}, nil, []string{me}); err != nil {
			return err
		}
	}
	return &mail.Fault{Kind: mail.TryLater, Op: op}
}

// alone reports whether an act makes oneself the only one who is named on a letter.
func alone(a api.Act) bool { return a.Do == api.ActTake || a.Do == api.ActClaim }

// othersIn are the names beside one's own among the keywords of a letter.
func othersIn(flags []string, me string) (others []string) {
	for _, f := range flags {
		if len(f) > len(mail.KeywordBy) && strings.EqualFold(f[:len(mail.KeywordBy)], mail.KeywordBy) && !strings.EqualFold(f, me) {
			others = append(others, f)
		}
	}
	return others
}

// marks reads the flags of one letter of the selected folder as they are at the server.
func (e *Engine) marks(ctx context.Context, uid mail.UID) (got RemoteFlags, err error) {
	if c, ok := e.conditional(); ok {
		got, err = c.Marks(ctx, uid)
	} else {
		err = e.remote.Flags(ctx, uid, uid, 0, func(r RemoteFlags) error {
			if r.UID == uid {
				got = r
			}
			return nil
		})
	}
	if err == nil && got.UID == 0 {
		err = &mail.Fault{Kind: mail.Gone, Op: "work on letter"}
	}
	return got, err
}

// storeIf changes marks, on the condition that nobody did since where the server knows conditions.
func (e *Engine) storeIf(ctx context.Context, uid mail.UID, since uint64, add, remove []string) (bool, error) {
	if c, ok := e.conditional(); ok && since != 0 {
		changed, err := c.StoreIf(ctx, uid, since, add, remove)
		return !changed, err
	}
	return true, e.remote.Store(ctx, []mail.UID{uid}, add, remove)
}

func (e *Engine) conditional() (Conditional, bool) {
	c, ok := e.remote.(Conditional)
	return c, ok && e.caps.CondStore
}

// change says which keywords an act adds and removes, given those that the letter has.
func (e *Engine) change(flags []string, a api.Act, old mail.Work) (add, remove []string, err error) {
	me := keywordOf(e.account.Person.Addr)
	has := func(name string) bool {
		return slices.ContainsFunc(flags, func(f string) bool { return strings.EqualFold(f, name) })
	}
	others := othersIn(flags, me)
	fresh := e.o.Clock.Now().Sub(old.ClaimSince) < staleClaim
	taken := &mail.Fault{Kind: mail.Conflict, Op: "work on letter"}
	if len(others) > 0 {
		taken.Detail = others[0][len(mail.KeywordBy):]
		if strings.EqualFold(keywordOf(old.Holder.Addr), others[0]) && old.Holder.Name != "" {
			taken.Detail = old.Holder.Name
		}
	}
	switch a.Do {
	case api.ActTake:
		if len(others) > 0 {
			return nil, nil, taken
		}
		return []string{mail.KeywordDoing, me}, nil, nil
	case api.ActClaim:
		if len(others) > 0 && has(mail.KeywordWriting) && fresh {
			return nil, nil, taken
		}
		return []string{mail.KeywordDoing, mail.KeywordWriting, me}, others, nil
	case api.ActRelease:
		if len(others) > 0 {
			return nil, nil, nil
		}
		return nil, []string{mail.KeywordWriting}, nil
	case api.ActAssign:
		to := keywordOf(a.To)
		return []string{mail.KeywordDoing, to}, slices.DeleteFunc(append(others, me, mail.KeywordWriting), func(k string) bool {
			return strings.EqualFold(k, to)
		}), nil
	case api.ActReturn:
		return nil, append(others, me, mail.KeywordDoing, mail.KeywordWriting), nil
	case api.ActReopen:
		return nil, append(others, me, mail.KeywordDoing, mail.KeywordWriting, mail.KeywordNoReply, mail.Answered.Names()[0]), nil
	case api.ActExcuse:
		return []string{mail.KeywordNoReply}, []string{mail.KeywordWriting}, nil
	default:
		return nil, nil, &mail.Fault{Kind: mail.Refused, Op: "work on letter", Detail: "keywords cannot carry this"}
	}
}

// keywordOf names a person by the local part of his wire address.
func keywordOf(addr string) string {
	local, _, _ := strings.Cut(addr, "@")
	return mail.KeywordBy + strings.ToLower(local)
}
