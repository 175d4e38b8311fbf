package config

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/zalando/go-keyring"
)

// fakeRing is a keyring in memory whose calls can fail or hang.
type fakeRing struct {
	m    map[string]string
	err  error
	hang chan struct{}
}

func (f *fakeRing) wait() error {
	if f.hang != nil {
		<-f.hang
	}
	return f.err
}

func (f *fakeRing) Set(_, u, p string) error {
	if err := f.wait(); err != nil {
		return err
	}
	f.m[u] = p
	return nil
}

func (f *fakeRing) Get(_, u string) (string, error) {
	if err := f.wait(); err != nil {
		return "", err
	}
	p, ok := f.m[u]
	if !ok {
		return "", keyring.ErrNotFound
	}
	return p, nil
}

func (f *fakeRing) Delete(_, u string) error {
	if err := f.wait(); err != nil {
		return err
	}
	if _, ok := f.m[u]; !ok {
		return keyring.ErrNotFound
	}
	delete(f.m, u)
	return nil
}

func open(t *testing.T, r ring, file string) *Vault {
	t.Helper()
	return OpenVault(VaultOptions{Service: "hopthu-test", File: file, Limit: 50 * time.Millisecond, Getenv: func(string) string { return "" }, ring: r})
}

func TestVaultUsesAWorkingKeyring(t *testing.T) {
	ctx, r := context.Background(), &fakeRing{m: map[string]string{}}
	file := filepath.Join(t.TempDir(), "sealed")
	v := open(t, r, file)
	if v.Why() != nil || !v.Persistent() || v.Locked() || len(r.m) != 0 {
		t.Fatalf("why %v, persistent %v, left by the probe: %v", v.Why(), v.Persistent(), r.m)
	}
	if _, err := v.Get(ctx, "password:a"); !errors.Is(err, ErrNoSecret) {
		t.Errorf("missing: %v", err)
	}
	if err := v.Set(ctx, "password:a", "bí mật"); err != nil {
		t.Fatal(err)
	}
	if got, err := open(t, r, file).Get(ctx, "password:a"); err != nil || got != "bí mật" {
		t.Errorf("next session: %q %v", got, err)
	}
	if err := v.Seal("x"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Error("a sealed file was written beside a keyring")
	}
	if err := errors.Join(v.Delete(ctx, "password:a"), v.Delete(ctx, "password:a")); err != nil || len(r.m) != 0 {
		t.Errorf("delete: %v, left %v", err, r.m)
	}
}

func TestVaultFallsBack(t *testing.T) {
	hang := make(chan struct{})
	defer close(hang)
	for _, tt := range []struct {
		name string
		ring *fakeRing
		want error
	}{
		{"locked", &fakeRing{err: errors.New("failed to unlock correct collection")}, nil},
		{"prompt never answered", &fakeRing{m: map[string]string{}, hang: hang}, ErrTimeout},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := open(t, tt.ring, filepath.Join(t.TempDir(), "sealed"))
			if v.Why() == nil || (tt.want != nil && !errors.Is(v.Why(), tt.want)) || v.Persistent() {
				t.Errorf("why %v, persistent %v", v.Why(), v.Persistent())
			}
		})
	}
	v := OpenVault(VaultOptions{File: filepath.Join(t.TempDir(), "s"), Getenv: func(string) string { return "" }})
	if !errors.Is(v.Why(), ErrNoBus) {
		t.Errorf("without a bus: %v", v.Why())
	}
}

func TestVaultSetThatFailsSaysSo(t *testing.T) {
	r := &fakeRing{m: map[string]string{}}
	v := open(t, r, "")
	r.err = errors.New("collection is locked now")
	if err := v.Set(context.Background(), "password:a", "x"); err == nil {
		t.Error("a failed Set was silent")
	}
}

func TestVaultSealsAFile(t *testing.T) {
	ctx := context.Background()
	broken := &fakeRing{err: errors.New("no keyring")}
	file := filepath.Join(t.TempDir(), "sealed")
	v := open(t, broken, file)
	if err := v.Set(ctx, "password:a", "mật khẩu dài lắm"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Fatal("written before Seal")
	}
	if err := v.Seal("mật khẩu dài lắm"); err != nil || !v.Persistent() {
		t.Fatal(err)
	}
	if err := v.Set(ctx, "store", "khóa"); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(file)
	if err != nil || bytes.Contains(b, []byte("khóa")) || bytes.Contains(b, []byte("mật")) || bytes.Contains(b, []byte("password:a")) {
		t.Fatalf("the file shows what it keeps: %v", err)
	}

	w := open(t, broken, file)
	if !w.Locked() {
		t.Fatal("not locked")
	}
	if _, err := w.Get(ctx, "store"); !errors.Is(err, ErrLocked) {
		t.Errorf("locked Get: %v", err)
	}
	if err := w.Seal("x"); !errors.Is(err, ErrLocked) {
		t.Errorf("Seal over a locked file: %v", err)
	}
	if err := w.Unlock("sai"); !errors.Is(err, ErrWrongKey) {
		t.Errorf("wrong password: %v", err)
	}
	if err := w.Unlock("mật khẩu dài lắm"); err != nil {
		t.Fatal(err)
	}
	if got, err := w.Get(ctx, "store"); err != nil || got != "khóa" {
		t.Errorf("%q %v", got, err)
	}
	if err := w.Seal("mật khẩu mới hơn"); err != nil {
		t.Fatal(err)
	}
	x := open(t, broken, file)
	if err := x.Unlock("mật khẩu dài lắm"); !errors.Is(err, ErrWrongKey) {
		t.Errorf("the old password still opens it: %v", err)
	}
	if err := x.Unlock("mật khẩu mới hơn"); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(file, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := open(t, broken, file).Unlock("x"); !errors.Is(err, ErrDamaged) || errors.Is(err, ErrWrongKey) {
		t.Errorf("damaged file: %v", err)
	}
}

// TestKeyringReal runs against a real Secret Service; .ci/keyring starts one.
func TestKeyringReal(t *testing.T) {
	if os.Getenv("HOPTHU_KEYRING") == "" {
		t.Skip("needs a keyring: run .ci/keyring")
	}
	ctx := context.Background()
	o := VaultOptions{Service: "hopthu-ci", File: filepath.Join(t.TempDir(), "sealed")}
	v := OpenVault(o)
	if v.Why() != nil {
		t.Fatalf("keyring not used: %v", v.Why())
	}
	if err := v.Set(ctx, "password:thử", "mật khẩu có dấu\nvà xuống dòng"); err != nil {
		t.Fatal(err)
	}
	if got, err := OpenVault(o).Get(ctx, "password:thử"); err != nil || got != "mật khẩu có dấu\nvà xuống dòng" {
		t.Errorf("%q, %v", got, err)
	}
	if err := v.Delete(ctx, "password:thử"); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenVault(o).Get(ctx, "password:thử"); !errors.Is(err, ErrNoSecret) {
		t.Errorf("after delete: %v", err)
	}
}

// TestVaultSetCountsAtOnce: a server has taken the new password already; asking with the old one would lock the person out.
func TestVaultSetCountsAtOnce(t *testing.T) {
	ctx, r := context.Background(), &fakeRing{m: map[string]string{}}
	v := open(t, r, "")
	if err := v.Set(ctx, "password:a", "cũ"); err != nil {
		t.Fatal(err)
	}
	r.err = errors.New("collection is locked now")
	if err := v.Set(ctx, "password:a", "mới"); err == nil {
		t.Error("a failed Set was silent")
	}
	if got, err := v.Get(ctx, "password:a"); err != nil || got != "mới" {
		t.Errorf("this session goes on with %q %v", got, err)
	}
}

// TestVaultKeyringAfterSealedFile: the first session had no keyring (ssh), the next one has (desktop).
func TestVaultKeyringAfterSealedFile(t *testing.T) {
	ctx, file := context.Background(), filepath.Join(t.TempDir(), "sealed")
	v := open(t, &fakeRing{err: errors.New("no keyring")}, file)
	if err := errors.Join(v.Set(ctx, "store-key", "khóa"), v.Seal("mật khẩu")); err != nil {
		t.Fatal(err)
	}
	if !v.Opens("mật khẩu") || v.Opens("khác") {
		t.Error("does not know its own password")
	}
	r := &fakeRing{m: map[string]string{"password:a": "x"}}
	w := open(t, r, file)
	if got, err := w.Get(ctx, "password:a"); err != nil || got != "x" {
		t.Errorf("from the keyring: %q %v", got, err)
	}
	if _, err := w.Get(ctx, "store-key"); !errors.Is(err, ErrLocked) {
		t.Fatalf("the key in the sealed file counts as missing: %v", err)
	}
	if err := w.Unlock("mật khẩu"); err != nil {
		t.Fatal(err)
	}
	if got, err := w.Get(ctx, "store-key"); err != nil || got != "khóa" || r.m["store-key"] != "khóa" {
		t.Errorf("%q %v, keyring %v", got, err, r.m)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("sealed file: %v %v", info, err)
	}
}

// TestVaultManyHands: engines ask while a password is changed.
func TestVaultManyHands(t *testing.T) {
	ctx := context.Background()
	for _, r := range []*fakeRing{{err: errors.New("no keyring")}, nil} {
		var theRing ring = lockedRing{m: map[string]string{}, mu: new(sync.Mutex)}
		if r != nil {
			theRing = r
		}
		v := open(t, theRing, filepath.Join(t.TempDir(), "sealed"))
		if err := v.Set(ctx, "a", "0"); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				if _, err := v.Get(ctx, "a"); err != nil {
					t.Error(err)
				}
				if err := v.Set(ctx, "a", strconv.Itoa(i)); err != nil {
					t.Error(err)
				}
			}()
		}
		wg.Wait()
	}
}

type lockedRing struct {
	mu *sync.Mutex
	m  map[string]string
}

func (f lockedRing) Set(s, u, p string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return (&fakeRing{m: f.m}).Set(s, u, p)
}

func (f lockedRing) Get(s, u string) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return (&fakeRing{m: f.m}).Get(s, u)
}

func (f lockedRing) Delete(s, u string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return (&fakeRing{m: f.m}).Delete(s, u)
}

// A keyring that gives a known secret is believed without a write; one that has none yet, or hangs, is treated as before.
func TestVaultKnownSecretNeedsNoProbe(t *testing.T) {
	ctx := context.Background()
	with := func(r ring) *Vault {
		return OpenVault(VaultOptions{
			Service: "hopthu-test", File: filepath.Join(t.TempDir(), "sealed"), Limit: 50 * time.Millisecond,
			Getenv: func(string) string { return "" }, Known: "store-key", ring: r,
		})
	}
	v := with(readOnlyRing{&fakeRing{m: map[string]string{"store-key": "abc"}}})
	if got, err := v.Get(ctx, "store-key"); v.Why() != nil || !v.Persistent() || err != nil || got != "abc" {
		t.Errorf("known: %v, %q %v", v.Why(), got, err)
	}
	if v := with(readOnlyRing{&fakeRing{m: map[string]string{}}}); v.Why() == nil || v.Persistent() {
		t.Error("a keyring that cannot be written is trusted with nothing in it")
	}
	if v := with(&fakeRing{m: map[string]string{}}); v.Why() != nil {
		t.Errorf("new keyring: %v", v.Why())
	}
	hang := make(chan struct{})
	defer close(hang)
	if v := with(&fakeRing{hang: hang}); !errors.Is(v.Why(), ErrTimeout) || v.Persistent() {
		t.Errorf("hangs: %v", v.Why())
	}
}

// readOnlyRing takes no secrets.
type readOnlyRing struct{ *fakeRing }

func (readOnlyRing) Set(string, string, string) error { return errors.New("read-only") }
