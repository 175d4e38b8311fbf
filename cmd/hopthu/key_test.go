package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hopthu/config"
	"hopthu/mail"
	"hopthu/mail/store"
)

// newRoot is the command line of a person without a terminal.
func newRoot(t *testing.T) (*root, *bytes.Buffer, config.Dirs) {
	t.Helper()
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	t.Setenv("XDG_RUNTIME_DIR", "")
	in, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	})
	var out bytes.Buffer
	r := &root{term: terminal{in, &out, &out}, dir: t.TempDir()}
	r.setLanguage("vi")
	return r, &out, config.Under(r.dir)
}

const oneAccount = `
[[account]]
id = "a"
address = "ha@x.example"
[account.imap]
host = "imap.x.example"
port = 993
security = "tls"
[account.smtp]
host = "smtp.x.example"
port = 465
security = "tls"
`

// TestStoreStaysWhileItsKeyIsOutOfReach: the key is in the keyring of the desktop; cron and ssh do not see it. Drafts and
// letters on their way out stand in that store only.
func TestStoreStaysWhileItsKeyIsOutOfReach(t *testing.T) {
	for _, readOnly := range []bool{true, false} {
		r, _, dirs := newRoot(t)
		if err := errors.Join(config.WriteFile(settingsFile(dirs), []byte(oneAccount)), os.MkdirAll(dirs.Data, 0o700)); err != nil {
			t.Fatal(err)
		}
		s, err := store.Open(t.Context(), storeFile(dirs), [32]byte{1}, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		before, err := os.ReadFile(storeFile(dirs))
		if err != nil {
			t.Fatal(err)
		}
		_, err = r.open(t.Context(), dirs, openMode{readOnly: readOnly})
		if mail.KindOf(err) != mail.StoreKey || !strings.Contains(err.Error(), r.c.KeyElsewhere) {
			t.Errorf("read-only %v: %v", readOnly, err)
		}
		if after, err := os.ReadFile(storeFile(dirs)); err != nil || !bytes.Equal(before, after) {
			t.Errorf("read-only %v: the store was touched: %v", readOnly, err)
		}
	}
}

func TestStoreWithoutAccountsIsPutAside(t *testing.T) {
	r, out, dirs := newRoot(t)
	if err := os.MkdirAll(dirs.Data, 0o700); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), storeFile(dirs), [32]byte{1}, store.Options{}) // killed before anybody signed in
	if err == nil {
		err = s.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	a, err := r.open(t.Context(), dirs, openMode{})
	if err != nil {
		t.Fatal(err)
	}
	old, err := filepath.Glob(storeFile(dirs) + ".khong-khoa-*")
	if err != nil || len(old) == 0 || !strings.Contains(out.String(), old[0]) {
		t.Errorf("put aside %v, said %q, %v", old, out, err)
	}
	for _, f := range []string{storeFile(dirs), filepath.Join(dirs.State, "hopthu.log")} {
		if info, err := os.Stat(f); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", filepath.Base(f), info.Mode(), err)
		}
	}
	if err := a.close(); err != nil {
		t.Fatal(err)
	}
}

// TestStoreOfNobodyGoes: its key goes with the session, and it would be put aside with words at the next start.
func TestStoreOfNobodyGoes(t *testing.T) {
	r, out, dirs := newRoot(t)
	for range 2 { // nobody signed in: a wrong password
		a, err := r.open(t.Context(), dirs, openMode{})
		if err == nil {
			err = a.close()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if left, err := filepath.Glob(storeFile(dirs) + "*"); err != nil || len(left) > 1 || out.Len() > 0 { // the lock may stay
		t.Errorf("left %v, said %q, %v", left, out, err)
	}
}

// Secrets that cannot be read are told as what they are, with a way out, not as a fault inside the program.
func TestDamagedSecrets(t *testing.T) {
	f := faultOf(fmt.Errorf("open sealed secrets: %w: secrets", config.ErrDamaged))
	r, _, _ := newRoot(t)
	if said := r.w.Fault(f); f.Kind != mail.StoreKey || !strings.Contains(said.What, "secrets") || !strings.Contains(said.Next, "sao lưu") {
		t.Errorf("told as %+v", said)
	}
}

// TestEditedTextsGo: what an external editor had open when hopthu was killed is not left behind in plain.
func TestEditedTextsGo(t *testing.T) {
	session := t.TempDir()
	for _, runtime := range []string{"", session} {
		r, _, dirs := newRoot(t)
		t.Setenv("XDG_RUNTIME_DIR", runtime)
		folder := editFolder(dirs, os.Getenv)
		if runtime != "" && filepath.Dir(folder) != runtime {
			t.Errorf("texts are edited in %s, not in the session's folder", folder)
		}
		left := filepath.Join(folder, "hopthu-123", "thu.txt")
		other := filepath.Join(editFolder(config.Under(t.TempDir()), os.Getenv), "hopthu-9", "thu.txt")
		if err := errors.Join(config.WriteFile(left, []byte("x")), config.WriteFile(other, []byte("x"))); err != nil {
			t.Fatal(err)
		}
		a, err := r.open(t.Context(), dirs, openMode{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(left); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("a text stays in plain: %v", err)
		}
		if _, err := os.Stat(other); err != nil {
			t.Errorf("another store's text was taken away: %v", err)
		}
		if d := (deskOnScreen{a.desk, a.files, a.edited}); d.EditFolder() != folder {
			t.Errorf("the page is told %q", d.EditFolder())
		}
		if err := a.close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestReadingCommandsMakeNothing: neither a store nor a key, and they take nothing away from a hopthu that runs.
func TestReadingCommandsMakeNothing(t *testing.T) {
	r, _, dirs := newRoot(t)
	seen := filepath.Join(dirs.State, "open", "open-1", "bảng.ods") // opened in the other one
	if err := config.WriteFile(seen, []byte("x")); err != nil {
		t.Fatal(err)
	}
	var std, out bytes.Buffer
	if code := run(context.Background(), []string{"--dir", r.dir, "duty", "--json"}, terminal{r.term.in, &std, &out}); code != exitOK || !json.Valid(std.Bytes()) {
		t.Errorf("exit %d, %q, %q", code, &std, &out)
	}
	if _, err := os.Stat(dirs.Data); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("made %s: %v", dirs.Data, err)
	}
	if _, err := os.Stat(seen); err != nil {
		t.Errorf("took away what another program shows: %v", err)
	}
	a, err := r.open(t.Context(), dirs, openMode{})
	if err == nil {
		err = a.close()
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(seen); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("stays in plain: %v", err)
	}
}

func TestLogTurnsOver(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hopthu.log")
	l, err := openLog(path)
	if err != nil {
		t.Fatal(err)
	}
	line := bytes.Repeat([]byte("x"), 1<<10)
	line[len(line)-1] = '\n'
	for range 5 * maxLog / len(line) {
		if _, err := l.Write(line); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	all, err := filepath.Glob(path + "*")
	if err != nil || len(all) != 2 {
		t.Errorf("%v %v", all, err)
	}
	for _, f := range all {
		if info, err := os.Stat(f); err != nil || info.Size() > maxLog || info.Mode().Perm() != 0o600 {
			t.Errorf("%v %v", info, err)
		}
	}
	var _ io.WriteCloser = l
}
