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
	d.mu.Lock()
	list := slices.Clone(d.accounts)
	if i := slices.IndexFunc(list, func(x mail.Account) bool { return x.ID == a.ID }); i >= 0 {
		list[i] = a
	} else {
		list = append(list, a)
	}
	settings := d.settings
	d.mu.Unlock()
	if err := d.o.Keeper.Keep(settings, list); err != nil {
		return a, err
	}
	d.mu.Lock()
	d.accounts = list
	if _, ok := d.status[a.ID]; !ok {
		d.status[a.ID] = mail.Status{Account: a.ID}
	}
	d.mu.Unlock()
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

// RemoveAccount implements frame.Desk. Kind Unsent while letters of it stand in the outbox: they exist nowhere else.
func (d *Desk) RemoveAccount(ctx context.Context, id mail.AccountID) error {
	out, err := d.store.Outbox(ctx)
	if err != nil {
		return err
	}
	for _, it := range out {
		if it.Account == id && it.State != mail.OutRefused {
			return &mail.Fault{Kind: mail.Unsent, Op: "remove account"}
		}
	}
	list := slices.DeleteFunc(d.Accounts(), func(a mail.Account) bool { return a.ID == id })
	if err := d.o.Keeper.Keep(d.Settings(), list); err != nil {
		return err
	}
	d.stop(id)
	d.mu.Lock()
	d.accounts = list
	delete(d.status, id)
	d.mu.Unlock()
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
