package store

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
)

func TestWrongKey(t *testing.T) {
	b := openBox(t)
	b.put(mail.RoleInbox, letter(1, "Giấy mời"))
	b.must(b.Close())
	wrong := testKey
	wrong[31] ^= 1
	for _, open := range []func(context.Context, string, [32]byte, Options) (*Store, error){Open, OpenReadOnly} {
		if _, err := open(b.ctx(), b.path, wrong, Options{}); mail.KindOf(err) != mail.StoreKey {
			t.Errorf("wrong key gives %v", err)
		}
	}
	b.open()
	if l := b.list(mail.ListQuery{Account: me}); len(l.IDs) != 1 {
		t.Errorf("after a wrong key the store has %d letters", len(l.IDs))
	}
}

func TestNotAStore(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "mail.db")
	if err := os.WriteFile(path, bytes.Repeat([]byte("thư "), 4096), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(context.Background(), path, testKey, Options{}); mail.KindOf(err) != mail.StoreKey {
		t.Errorf("a foreign file gives %v", err)
	}
	if _, err := OpenReadOnly(context.Background(), filepath.Join(dir, "none.db"), testKey, Options{}); mail.KindOf(err) != mail.NoFile {
		t.Errorf("no file gives %v", err)
	}
	if _, err := Open(context.Background(), filepath.Join(path, "below", "mail.db"), testKey, Options{}); mail.KindOf(err) != mail.NoPermission {
		t.Errorf("a file in place of a folder gives %v", err)
	}
}

func TestDamaged(t *testing.T) {
	b := openBox(t)
	fillInbox(t, b.Store, 200)
	b.must(b.Close())
	raw, err := os.ReadFile(b.path)
	b.must(err)
	r := rand.New(rand.NewPCG(1, 1))
	for p := 4096; p < len(raw); p += 4096 { // every page but the first
		raw[p+100] ^= byte(1 + r.IntN(255))
	}
	b.must(os.WriteFile(b.path, raw, 0o600))
	s, err := Open(b.ctx(), b.path, testKey, Options{})
	if err == nil {
		_, err = s.Folders(b.ctx(), me)
		err = errors.Join(err, s.Close())
	}
	if k := mail.KindOf(err); k != mail.StoreDamaged {
		t.Errorf("a damaged file gives %s: %v", k, err)
	}
	b.must(os.Remove(b.path))
	b.open() // a cache can be built anew
}

func TestLockedAndReadOnly(t *testing.T) {
	b := openBox(t)
	ids := b.put(mail.RoleInbox, letter(1, "Giấy mời"))
	if _, err := Open(b.ctx(), b.path, testKey, Options{}); mail.KindOf(err) != mail.StoreLocked {
		t.Errorf("a second opening gives %v", err)
	}
	r, err := OpenReadOnly(b.ctx(), b.path, testKey, Options{})
	b.must(err)
	if h, err := r.Head(b.ctx(), ids[0]); err != nil || h.Subject != "Giấy mời" {
		t.Errorf("read beside the writer: %v %v", h, err)
	}
	b.put(mail.RoleInbox, letter(2, "Kế hoạch"))
	if n, err := r.UnreadCount(b.ctx()); err != nil || n != 2 {
		t.Errorf("reader sees %d unread (%v)", n, err)
	}
	if _, err := r.Flag(b.ctx(), ids, mail.Seen, 0); mail.KindOf(err) != mail.StoreLocked {
		t.Errorf("writing read-only gives %v", err)
	}
	b.must(r.Close())
	b.must(b.Close())
	if r, err = OpenReadOnly(b.ctx(), b.path, testKey, Options{}); err != nil {
		t.Fatalf("read-only without a writer: %v", err)
	}
	b.must(r.Close())
	if _, err := r.Folders(b.ctx(), me); !errors.Is(err, context.Canceled) {
		t.Errorf("after Close: %v", err)
	}
	b.open()
}

// TestOlderSchemaIsReadAfterAnUpgrade: the first command after an upgrade may be hopthu duty in cron.
func TestOlderSchemaIsReadAfterAnUpgrade(t *testing.T) {
	b := openBox(t)
	ids := b.put(mail.RoleInbox, letter(1, "Giấy mời"))
	b.must(b.write(b.ctx(), "test", func(t *tx) error {
		return t.db.Exec(fmt.Sprintf("DROP TABLE leave_op; PRAGMA user_version=%d", slices.Index(migrations, leaveSchema)))
	}))
	if _, err := OpenReadOnly(b.ctx(), b.path, testKey, Options{}); mail.KindOf(err) != mail.StoreLocked {
		t.Errorf("while an older program has it open: %v", err)
	}
	b.must(b.Close())
	r, err := OpenReadOnly(b.ctx(), b.path, testKey, Options{})
	b.must(err)
	if h, err := r.Head(b.ctx(), ids[0]); err != nil || h.Subject != "Giấy mời" {
		t.Errorf("read after the upgrade: %v %v", h, err)
	}
	if _, err := r.Flag(b.ctx(), ids, mail.Seen, 0); mail.KindOf(err) != mail.StoreLocked {
		t.Errorf("writing read-only gives %v", err)
	}
	b.must(r.Close())
	b.open()
}

func TestNewerSchemaIsLeftAlone(t *testing.T) {
	b := openBox(t)
	b.must(b.write(b.ctx(), "test", func(t *tx) error { return t.db.Exec("PRAGMA user_version=999") }))
	b.must(b.Close())
	for _, open := range []func(context.Context, string, [32]byte, Options) (*Store, error){Open, OpenReadOnly} {
		if _, err := open(b.ctx(), b.path, testKey, Options{}); mail.KindOf(err) != mail.Conflict {
			t.Errorf("a newer schema gives %v", err)
		}
	}
}

// secret stands in every kind of text that the store keeps.
const secret = "Lịch kiểm tra đột xuất xyzzy"

func fillSecret(b *box) {
	b.t.Helper()
	in := letter(1, secret, func(h *mail.Head) {
		h.From = []mail.Address{{Name: secret, Addr: "xyzzy@ninhbinh.example"}}
		h.Preview = secret
	})
	ids := b.put(mail.RoleInbox, in)
	b.must(b.PutBody(b.ctx(), ids[0], []byte(secret), Body{Text: secret, Preview: secret}))
	d, err := b.PutDraft(b.ctx(), mail.DraftLetter{Account: me, Subject: secret, Body: secret})
	b.must(err)
	_, err = b.AddAttachment(b.ctx(), d.ID, secret, "text/plain", mail.RiskNone, []byte(strings.Repeat(secret, 50000)))
	b.must(err)
	_, err = b.AddOutgoing(b.ctx(), Outgoing{
		Item: mail.OutboxItem{Account: me, MessageID: "xyzzy@x", Subject: secret}, From: "xyzzy@x",
		To: []string{"xyzzy@x"}, Raw: []byte(secret), Draft: d, Checked: true,
	})
	b.must(err)
	b.must(b.Learn(b.ctx(), []mail.Address{{Name: secret, Addr: "xyzzy@x"}}))
	b.must(b.SetMeta(b.ctx(), "xyzzy", secret))
}

// TestNoPlainText looks for words of letters in every file, while the store is open and after.
func TestNoPlainText(t *testing.T) {
	b := openBox(t)
	fillSecret(b)
	look := func(when string) {
		files := 0
		b.must(filepath.WalkDir(filepath.Dir(b.path), func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			files++
			raw, err := os.ReadFile(path) //nolint:gosec // the test's own folder
			for _, w := range []string{"xyzzy", "kiểm tra", "kiem tra", "ninhbinh", "SQLite format", "CREATE TABLE"} {
				if bytes.Contains(raw, []byte(w)) {
					t.Errorf("%s: %q stands in %s", when, w, filepath.Base(path))
				}
			}
			return err
		}))
		if files == 0 {
			t.Fatal("no files")
		}
		info, err := os.Stat(b.path)
		b.must(err)
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("store is open to others: %v", info.Mode())
		}
	}
	look("open")
	b.must(b.Close())
	look("closed")
	b.open()
	if l := b.list(mail.ListQuery{Account: me, Text: "kiem tra dot xuat"}); len(l.IDs) != 1 {
		t.Error("search does not find what no file shows")
	}
}

// TestCannotWrite: what SQLite says when a write meets a disk that is really full.
func TestCannotWrite(t *testing.T) {
	for _, code := range []sqlite3.ExtendedErrorCode{sqlite3.IOERR_WRITE, sqlite3.IOERR_SHMSIZE} {
		var f *mail.Fault
		if err := fault("save draft", fmt.Errorf("run statement: %w", code)); !errors.As(err, &f) || f.Kind != mail.DiskFull || f.Detail != "cannot-write" {
			t.Errorf("%v is told as %v", code, err)
		}
	}
	if kind := mail.KindOf(fault("read", sqlite3.IOERR_READ)); kind != mail.Unknown {
		t.Errorf("a read that failed is told as %s", kind)
	}
}

// TestDiskFull meets a full disk by a limit on the file's pages: the change fails whole, the store works on.
func TestDiskFull(t *testing.T) {
	b := openBox(t)
	ids := b.put(mail.RoleInbox, letter(1, "Giấy mời"))
	limit := func(pages int) {
		b.must(b.write(b.ctx(), "test", func(t *tx) error {
			return t.db.Exec("PRAGMA max_page_count=" + strconv.Itoa(pages))
		}))
	}
	limit(1) // SQLite raises it to what is in use
	noise := make([]byte, 1<<20)
	r := rand.NewChaCha8([32]byte{})
	if _, err := r.Read(noise); err != nil {
		t.Fatal(err)
	}
	err := b.PutBody(b.ctx(), ids[0], noise, Body{Text: "x"})
	if mail.KindOf(err) != mail.DiskFull {
		t.Errorf("full disk gives %v", err)
	}
	if h := b.head(ids[0]); h.Bodied || h.Subject != "Giấy mời" {
		t.Errorf("half a change stayed: %+v", h)
	}
	limit(1 << 20)
	b.must(b.PutBody(b.ctx(), ids[0], noise, Body{Text: "x"}))
	raw, ok, err := b.Raw(b.ctx(), ids[0])
	if err != nil || !ok || !bytes.Equal(raw, noise) {
		t.Errorf("body came back %d octets, %v %v", len(raw), ok, err)
	}
	b.check()
}

const crashEnv = "HOPTHU_STORE_CRASH"

// crashHelper is the process that TestSIGKILL ends: it stores batches and says each one that the store acknowledged.
func crashHelper() {
	s, err := Open(context.Background(), os.Getenv(crashEnv), testKey, Options{})
	if err != nil {
		fmt.Println("error", err)
		return
	}
	fillInbox(failer{}, s, 1)
	f, _, err := s.FolderByRole(context.Background(), me, mail.RoleInbox)
	if err != nil {
		fmt.Println("error", err)
		return
	}
	r := rand.New(rand.NewPCG(7, 7))
	for n := 2; ; n += 10 {
		var batch []Incoming
		for i := range 10 {
			batch = append(batch, synthetic(r, n+i))
		}
		ids, err := s.PutLetters(context.Background(), me, f.ID, batch, false)
		if err == nil {
			_, err = s.Flag(context.Background(), ids[:1], mail.Flagged, 0)
		}
		if err == nil {
			_, err = s.PutDraft(context.Background(), mail.DraftLetter{Account: me, Subject: strconv.Itoa(n)})
		}
		if err != nil {
			fmt.Println("error", err)
			return
		}
		fmt.Println("kept", n)
	}
}

// failer lets helpers made for tests serve a process that is none.
type failer struct{ testing.TB }

func (failer) Helper() {}
func (failer) Fatal(a ...any) {
	fmt.Println("error", fmt.Sprint(a...))
	os.Exit(1)
}

// TestSIGKILL kills a process in the middle of writing. Everything acknowledged is there, with the write-ahead log
// intact even if a wrong key was tried in between.
func TestSIGKILL(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mail.db")
	cmd := exec.Command(os.Args[0]) //nolint:gosec // this very test binary
	cmd.Env = append(os.Environ(), crashEnv+"="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	last := 0
	take := func(line string) {
		word, n, _ := strings.Cut(line, " ")
		if word != "kept" {
			t.Fatalf("helper says %q", line)
		}
		if last, err = strconv.Atoi(n); err != nil {
			t.Fatal(err)
		}
	}
	sc := bufio.NewScanner(out)
	for range 20 {
		if !sc.Scan() {
			t.Fatal("helper ended")
		}
		take(sc.Text())
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for sc.Scan() { // what it said before it died counts too
		take(sc.Text())
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) {
		t.Fatalf("helper ended by itself: %v", err)
	}
	if _, err := Open(context.Background(), path, [32]byte{}, Options{}); mail.KindOf(err) != mail.StoreKey {
		t.Fatalf("wrong key gives %v", err)
	}
	b := &box{t: t, clock: newClock(), path: path}
	b.open()
	f := b.folder(mail.RoleInbox)
	if want := last + 9; f.Total < want {
		t.Errorf("%d letters acknowledged, %d there", want, f.Total)
	}
	drafts, err := b.Drafts(b.ctx())
	b.must(err)
	if len(drafts) < (last-2)/10+1 {
		t.Errorf("%d drafts acknowledged, %d there", (last-2)/10+1, len(drafts))
	}
	b.check()
	b.must(b.read(b.ctx(), "test", func(c *conn) error {
		s, err := c.text("PRAGMA integrity_check")
		if s != "ok" {
			t.Errorf("integrity check: %s", s)
		}
		return err
	}))
	b.must(b.Close())
}

// TestKeyCannotBeReadBack looks for the key where SQLite would give a file name back.
func TestKeyCannotBeReadBack(t *testing.T) {
	b := openBox(t)
	b.must(b.read(b.ctx(), "test", func(c *conn) error {
		for name, values := range c.db.Filename("main").URIParameters() {
			if name != "vfs" {
				t.Errorf("connection tells %s=%v", name, values)
			}
		}
		return nil
	}))
}
