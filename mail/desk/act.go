package desk

import (
	"context"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/rule"
	"hopthu/mail/store"
	"hopthu/mail/viet"
)

// act is one thing that Undo can take back.
type act struct {
	name string
	ids  []int64
	back func(context.Context) error // takes back what is no act of the store; nil if it is one
	also func(context.Context) error // tells the office when it was taken back; nil where nobody else knows of it
}

// maxActs is how far back Undo goes.
const maxActs = 50

func (d *Desk) did(name string, ids ...int64) {
	kept := ids[:0]
	for _, id := range ids {
		if id != 0 {
			kept = append(kept, id)
		}
	}
	if len(kept) == 0 {
		return
	}
	d.remember(act{name: name, ids: kept})
}

// alsoBack lets the undoing of the last act reach the office too.
func (d *Desk) alsoBack(heads []mail.Head, act api.Act) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if n := len(d.acts); n > 0 {
		d.acts[n-1].also = func(ctx context.Context) error { return d.also(ctx, heads, act) }
	}
}

func (d *Desk) remember(a act) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.acts = append(d.acts, a)
	if len(d.acts) > maxActs {
		d.acts = d.acts[1:]
	}
}

// push wakes the engines of the accounts that letters belong to.
func (d *Desk) push(heads []mail.Head) {
	seen := map[mail.AccountID]bool{}
	for _, h := range heads {
		if !seen[h.Account] {
			seen[h.Account] = true
			d.follow(h.Account)
		}
	}
}

// Flag implements frame.Desk.
func (d *Desk) Flag(ctx context.Context, ids []mail.LetterID, set, clear mail.Flags) error {
	return d.flag(ctx, "flag", ids, set, clear)
}

func (d *Desk) flag(ctx context.Context, name string, ids []mail.LetterID, set, clear mail.Flags) error {
	heads, err := d.store.Heads(ctx, ids)
	if err != nil {
		return err
	}
	if set == mail.Seen && clear == 0 {
		ids = d.readable(heads)
	} else if err := d.may("mark letters", heads, mail.ScopeAnswer); err != nil {
		return err
	}
	id, err := d.store.Flag(ctx, ids, set, clear)
	if err != nil {
		return err
	}
	if set != mail.Seen || clear != 0 { // reading a letter is nothing one wants to take back
		d.did(name, id)
	}
	d.push(heads)
	return nil
}

// Excuse implements frame.Desk. The reason is the person's own account of it (QC 9, D9): without one it is refused.
func (d *Desk) Excuse(ctx context.Context, ids []mail.LetterID, reason string) error {
	if reason = tidyReason(reason); reason == "" {
		return &mail.Fault{Kind: mail.Blocked, Op: "excuse letters", Detail: clauseDuty}
	}
	heads, err := d.store.Heads(ctx, ids)
	if err != nil {
		return err
	}
	if err := d.may("excuse letters", heads, mail.ScopeAnswer); err != nil {
		return err
	}
	id, err := d.store.Excuse(ctx, ids, reason)
	if err != nil {
		return err
	}
	if err := d.also(ctx, heads, api.Act{Do: api.ActExcuse, Text: reason}); err != nil {
		return err
	}
	d.did("excuse", id)
	if id != 0 {
		d.alsoBack(heads, api.Act{Do: api.ActReopen})
	}
	d.push(heads)
	return nil
}

// clauseDuty is the duty to answer.
const clauseDuty = "QC 9"

func tidyReason(s string) string { return strings.Join(strings.Fields(viet.NFC(s)), " ") }

// SetDue implements frame.Desk. A day without an hour is due at the end of its work. Kind Blocked without a reason, Conflict
// if one of the letters does not await an answer: then none is changed.
func (d *Desk) SetDue(ctx context.Context, ids []mail.LetterID, due time.Time, reason string) error {
	c := store.DueChoice{}
	if !due.IsZero() {
		if c.Reason = tidyReason(reason); c.Reason == "" {
			return &mail.Fault{Kind: mail.Blocked, Op: "set due", Detail: clauseDuty}
		}
		c.At = rule.EndOfDay(due)
	}
	heads, err := d.store.Heads(ctx, ids)
	if err != nil {
		return err
	}
	if err := d.may("set due", heads, mail.ScopeAnswer); err != nil {
		return err
	}
	id, err := d.store.SetDue(ctx, ids, c)
	if err != nil {
		return err
	}
	if err := d.also(ctx, heads, api.Act{Do: api.ActDefer, Due: c.At, Text: c.Reason}); err != nil {
		return err
	}
	d.did("defer", id)
	if id != 0 {
		d.alsoBack(heads, api.Act{Do: api.ActDefer})
	}
	d.push(heads)
	return nil
}

// Move implements frame.Desk.
func (d *Desk) Move(ctx context.Context, ids []mail.LetterID, to mail.FolderID) error {
	return d.move(ctx, "move", ids, to)
}

func (d *Desk) move(ctx context.Context, name string, ids []mail.LetterID, to mail.FolderID) error {
	heads, err := d.store.Heads(ctx, ids)
	if err != nil {
		return err
	}
	if err := d.may("move letters", heads, mail.ScopeAnswer); err != nil {
		return err
	}
	dest, err := d.store.Folder(ctx, to)
	if err != nil {
		return err
	}
	for _, h := range heads {
		if h.Account != dest.Account {
			return &mail.Fault{Kind: mail.NoFolder, Op: "move letters", Detail: "other-account"}
		}
	}
	id, err := d.store.Move(ctx, ids, to)
	if err != nil {
		return err
	}
	d.did(name, id)
	d.push(heads)
	return nil
}

// byAccount groups letters; the order inside stays.
func byAccount(heads []mail.Head) map[mail.AccountID][]mail.Head {
	out := map[mail.AccountID][]mail.Head{}
	for _, h := range heads {
		out[h.Account] = append(out[h.Account], h)
	}
	return out
}

// roleFolder finds the account's folder of a role; the engine asks the server, or makes it there, when it is not known.
func (d *Desk) roleFolder(ctx context.Context, account mail.AccountID, role mail.Role) (mail.Folder, error) {
	f, ok, err := d.store.FolderByRole(ctx, account, role)
	if err != nil || ok {
		return f, err
	}
	e, ok := d.engine(account)
	if !ok {
		return f, &mail.Fault{Kind: mail.NoServer, Op: "find folder"}
	}
	if err := e.Ensure(ctx, role); err != nil {
		return f, err
	}
	if f, ok, err = d.store.FolderByRole(ctx, account, role); err == nil && !ok {
		err = &mail.Fault{Kind: mail.NoFolder, Op: "find folder", Detail: string(role)}
	}
	return f, err
}

// Delete implements frame.Desk.
func (d *Desk) Delete(ctx context.Context, ids []mail.LetterID) error {
	heads, err := d.store.Heads(ctx, ids)
	if err != nil {
		return err
	}
	if err := d.may("move letters", heads, mail.ScopeAnswer); err != nil {
		return err
	}
	var done []int64
	defer func() { d.did("delete", done...) }()
	for account, hs := range byAccount(heads) {
		trash, err := d.roleFolder(ctx, account, mail.RoleTrash)
		if err != nil {
			return err
		}
		var move, erase []mail.LetterID
		for _, h := range hs {
			if h.Folder == trash.ID {
				erase = append(erase, h.ID)
			} else {
				move = append(move, h.ID)
			}
		}
		if len(erase) > 0 {
			if err := d.may("erase letters", hs, mail.ScopeManage); err != nil {
				return err
			}
		}
		for _, step := range []struct {
			ids []mail.LetterID
			do  func() (int64, error)
		}{
			{move, func() (int64, error) { return d.store.Move(ctx, move, trash.ID) }},
			{erase, func() (int64, error) { return d.store.Erase(ctx, erase) }},
		} {
			if len(step.ids) == 0 {
				continue
			}
			id, err := step.do()
			if err != nil {
				return err
			}
			done = append(done, id)
		}
	}
	d.push(heads)
	return nil
}

// Archive implements frame.Desk.
func (d *Desk) Archive(ctx context.Context, ids []mail.LetterID) error {
	heads, err := d.store.Heads(ctx, ids)
	if err != nil {
		return err
	}
	for account, hs := range byAccount(heads) {
		to, err := d.roleFolder(ctx, account, mail.RoleArchive)
		if err != nil {
			return err
		}
		list := make([]mail.LetterID, 0, len(hs))
		for _, h := range hs {
			list = append(list, h.ID)
		}
		if err := d.move(ctx, "archive", list, to.ID); err != nil {
			return err
		}
	}
	return nil
}

// Undo implements frame.Desk.
func (d *Desk) Undo(ctx context.Context) (string, error) {
	d.mu.Lock()
	if len(d.acts) == 0 {
		d.mu.Unlock()
		return "", nil
	}
	last := d.acts[len(d.acts)-1]
	d.acts = d.acts[:len(d.acts)-1]
	d.mu.Unlock()
	if last.back != nil {
		return last.name, last.back(ctx)
	}
	undone := false
	for _, id := range last.ids {
		ok, err := d.store.UndoAct(ctx, id)
		if err != nil {
			return "", err
		}
		undone = undone || ok
	}
	if !undone {
		return "", &mail.Fault{Kind: mail.Gone, Op: "undo " + last.name}
	}
	if last.also != nil {
		if err := last.also(ctx); err != nil {
			return "", err
		}
	}
	d.follow("")
	return last.name, nil
}
