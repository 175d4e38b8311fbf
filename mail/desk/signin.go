package desk

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"

	"hopthu/mail"
	"hopthu/mail/rule"
)

// Discover implements frame.Desk.
func (d *Desk) Discover(ctx context.Context, address string) (mail.Account, error) {
	return d.o.Network.Discover(ctx, address)
}

// SignIn implements frame.Desk.
func (d *Desk) SignIn(ctx context.Context, a mail.Account, password string) (mail.Account, error) {
	proved, err := d.o.Network.Prove(ctx, a, password)
	if err != nil {
		if proved.Office != "" { // a server that wants another password first says where it is changed
			a.Office = proved.Office
		}
		return a, err
	}
	a = proved
	if a.ID == "" {
		b := make([]byte, 8)
		if _, err := io.ReadFull(d.o.Rand, b); err != nil {
			return a, fmt.Errorf("name account: %w", err)
		}
		a.ID = mail.AccountID(hex.EncodeToString(b))
	}
	a.Aliases = spellings(a)
	d.keepSecret(ctx, a.ID, password)
	if err := d.store.PutAccount(ctx, a); err != nil {
		return a, err
	}
	if err := d.keepAccounts(func(list []mail.Account) []mail.Account {
		if i := slices.IndexFunc(list, func(x mail.Account) bool { return x.ID == a.ID }); i >= 0 {
			list[i] = a
			return list
		}
		return append(list, a)
	}); err != nil {
		return a, err
	}
	d.start(a)
	d.events.post(mail.Event{Kind: mail.AccountsChanged, Account: a.ID})
	return a, nil
}

// spellings adds the wire form of the address to the aliases, so that both spellings are "me" (D1).
func spellings(a mail.Account) []string {
	out := slices.Clone(a.Aliases)
	if w := rule.WireForm(a.Address); !a.Mine(w) {
		out = append(out, w)
	}
	return out
}

// keepSecret keeps a password that a server accepted. Where there is no keyring it also becomes what opens the sealed
// secrets next time, unless they are open already under that of another account. A keyring that fails is told, and no
// more: the person is in, and the password counts for this session.
func (d *Desk) keepSecret(ctx context.Context, id mail.AccountID, password string) {
	old, err := d.o.Secrets.Get(ctx, secretName(id))
	if err != nil {
		old = ""
	}
	tell := func(op string, err error) {
		d.events.post(mail.Event{Kind: mail.Fell, Account: id, Fault: &mail.Fault{Kind: mail.NoKeyring, Op: op, Err: err}})
	}
	if err := d.o.Secrets.Set(ctx, secretName(id), password); err != nil {
		tell("keep password", err)
	}
	if d.o.Secrets.Persistent() && (old == "" || old == password || !d.o.Secrets.Opens(old)) {
		return
	}
	if err := d.o.Secrets.Seal(password); err != nil {
		tell("seal secrets", err)
	}
}

// ChangePassword implements frame.Desk. The vault follows only after the server confirmed.
func (d *Desk) ChangePassword(ctx context.Context, a mail.Account, old, fresh string) error {
	if err := d.o.Network.ChangePassword(ctx, a, old, fresh); err != nil {
		return err
	}
	if _, err := d.account(a.ID); err != nil {
		return nil //nolint:nilerr // not signed in yet: SignIn keeps the new one
	}
	d.keepSecret(ctx, a.ID, fresh)
	d.Refresh(a.ID)
	return nil
}

// JudgePassword implements frame.Desk.
func (d *Desk) JudgePassword(a mail.Account, old, fresh string) ([]string, int) {
	return rule.JudgePassword(rule.PasswordInput{Login: a.Address, Name: a.Name, Old: old, New: fresh})
}

// Remember implements frame.Desk.
func (d *Desk) Remember() (bool, *mail.Fault) {
	if err := d.o.Secrets.Why(); err != nil {
		return d.o.Secrets.Persistent(), &mail.Fault{Kind: mail.NoKeyring, Op: "open keyring", Err: err}
	}
	return true, nil
}

// RemoveAccount implements frame.Desk, with the boxes of agencies that are opened by it. Kind Unsent while letters of it stand in
// the outbox: they exist nowhere else. An agency's box goes by itself when its delegation ends: Kind Conflict.
func (d *Desk) RemoveAccount(ctx context.Context, id mail.AccountID) error {
	const op = "remove account"
	if a, err := d.account(id); err == nil && a.As != "" {
		return &mail.Fault{Kind: mail.Conflict, Op: op, Detail: "delegated"}
	}
	with := func(a mail.Account) bool { return a.ID == id || a.As != "" && a.Holder == id }
	out, err := d.store.Outbox(ctx)
	if err != nil {
		return err
	}
	var gone []mail.AccountID
	for _, a := range d.Accounts() {
		if !with(a) {
			continue
		}
		gone = append(gone, a.ID)
		if slices.ContainsFunc(out, func(it mail.OutboxItem) bool { return it.Account == a.ID && it.State != mail.OutRefused }) {
			return &mail.Fault{Kind: mail.Unsent, Op: op}
		}
	}
	d.stop(id) // what asks for the boxes of agencies ends with it
	if err := d.keepAccounts(func(list []mail.Account) []mail.Account { return slices.DeleteFunc(list, with) }); err != nil {
		if a, missing := d.account(id); missing == nil {
			d.start(a)
		}
		return err
	}
	for _, other := range gone {
		if other == id {
			continue
		}
		d.stop(other)
		if err := d.store.DropAccount(ctx, other); err != nil {
			return err
		}
		d.events.post(mail.Event{Kind: mail.AccountsChanged, Account: other})
	}
	// The password goes first: should the store fail, a later start has nothing to log in with.
	secret := d.o.Secrets.Delete(ctx, secretName(id))
	if secret != nil {
		secret = &mail.Fault{Kind: mail.NoKeyring, Op: "forget password", Err: secret}
	}
	if err := errors.Join(d.store.DropAccount(ctx, id), secret); err != nil {
		return err
	}
	d.events.post(mail.Event{Kind: mail.AccountsChanged, Account: id})
	return nil
}
