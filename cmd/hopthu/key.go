package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"time"

	"hopthu/config"
	"hopthu/mail"
)

// storeKeyName is the secret that opens the store.
const storeKeyName = "store-key"

// unlock asks for the passphrase of the sealed secrets, three times at most.
func (r *root) unlock(v *config.Vault) error {
	for range 3 {
		pass, err := r.askSecret(r.c.AskUnlock)
		if err != nil {
			return err
		}
		err = v.Unlock(pass)
		if !errors.Is(err, config.ErrWrongKey) {
			return err
		}
		r.say("%s", r.c.WrongUnlock)
	}
	return &mail.Fault{Kind: mail.BadPassword, Op: "open secrets"}
}

// storeKey finds the key of the store, or makes one for a new store. Commands that only read make none.
func (r *root) storeKey(ctx context.Context, a *app, begun *storeLock, readOnly bool) (key [32]byte, err error) {
	s, err := a.vault.Get(ctx, storeKeyName)
	if errors.Is(err, config.ErrLocked) { // the keyring lacks it: it is in the sealed file
		if err = r.unlock(a.vault); err != nil {
			return key, err
		}
		s, err = a.vault.Get(ctx, storeKeyName)
	}
	if err == nil {
		b, err := hex.DecodeString(s)
		if err != nil || len(b) != len(key) {
			return key, &mail.Fault{Kind: mail.StoreKey, Op: "read store key", Err: err}
		}
		return [32]byte(b), nil
	}
	if !errors.Is(err, config.ErrNoSecret) {
		return key, &mail.Fault{Kind: mail.NoKeyring, Op: "read store key", Err: err}
	}
	if err := r.clearWay(a, begun, readOnly); err != nil || readOnly {
		return key, err
	}
	if _, err := rand.Read(key[:]); err != nil {
		return key, fmt.Errorf("make store key: %w", err)
	}
	if err := a.vault.Set(ctx, storeKeyName, hex.EncodeToString(key[:])); err != nil {
		return key, &mail.Fault{Kind: mail.NoKeyring, Op: "keep store key", Err: err}
	}
	return key, nil
}

// clearWay puts a store aside whose key is gone for good: nobody can open it, and the letters come from the server again.
// Drafts and letters on their way out do not, so it stays where its key may only be out of reach: in the keyring of a
// desktop that this session (ssh, cron) does not see.
func (r *root) clearWay(a *app, begun *storeLock, readOnly bool) error {
	path := storeFile(a.dirs)
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if readOnly || a.vault.Why() != nil && len(a.cfg.Accounts) > 0 {
		return &mail.Fault{Kind: mail.StoreKey, Op: "read store key", Detail: r.c.KeyElsewhere, Err: a.vault.Why()}
	}
	if err := begun.moveAway(); err != nil {
		return err
	}
	aside := path + ".khong-khoa-" + time.Now().Format("20060102-150405")
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Rename(path+suffix, aside+suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("put old store aside: %w", err)
		}
	}
	r.say(r.c.StoreAside, aside)
	return nil
}
