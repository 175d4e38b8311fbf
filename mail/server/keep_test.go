package server_test

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/server"
	"hopthu/mail/server/servertest"
)

// inspect opens a folder as another process would, beside a running server.
func inspect(t *testing.T, dir string) *server.Server {
	t.Helper()
	s, err := server.Inspect(t.Context(), server.Config{Dir: dir, Domain: servertest.Domain, CheapPasswords: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// fill gives a person letters of all sorts in three folders.
func fill(t *testing.T, s *servertest.Server, who server.Box) {
	t.Helper()
	big := "A: b\r\n\r\n" + strings.Repeat("0123456789abcdef\r\n", 150_000) // in several pieces
	for i, raw := range []string{
		"", "Subject: một\r\n\r\nFrom a\r\n>From b\r\n", "Subject: two\n\nonly LF\n", "no end", big, "Message-ID: <1@x>\r\n\r\nx\r\n", "Message-ID: <1@x>\r\n\r\nx\r\n",
	} {
		d := server.Delivery{To: []string{who.Wire}, Raw: []byte(raw), Received: s.Clock.Now().Add(time.Duration(i) * time.Hour), Flags: mail.Flags(i % 4)}
		for _, folder := range []string{"", "Công văn/Đi.đến", "cur"} {
			d.Folder = folder
			if folder == "cur" {
				d.Flags, d.Keywords = mail.Forwarded|mail.NoReply, []string{"viec", fmt.Sprint("k", i)}
			}
			if err := s.Admin.Deliver(t.Context(), d); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestBackupAndRestore(t *testing.T) {
	s := servertest.Start(t)
	who := s.Person("Trần Văn Hùng", "kh&đt")
	fill(t, s, who)
	live := inspect(t, s.Dir)
	tmp := t.TempDir()

	// Letters go on arriving while it is written; each that was there before is in it.
	ctx, stop := context.WithCancel(t.Context())
	more := make(chan error, 1)
	began := make(chan struct{})
	mail.Go("deliver", func() {
		for i := 0; ; i++ {
			if err := s.Admin.Deliver(ctx, server.Delivery{To: []string{who.Wire}, Raw: fmt.Appendf(nil, "X: %d\r\n\r\nx\r\n", i)}); err != nil {
				more <- err
				return
			}
			if i == 0 {
				close(began)
			}
		}
	})
	<-began
	for _, name := range []string{"dir", "file.tar"} {
		tally, err := live.Backup(t.Context(), filepath.Join(tmp, name))
		if err != nil || tally.Letters < 22 || tally.Accounts != 2 {
			t.Fatalf("%+v, %v", tally, err)
		}
	}
	stop()
	if err := <-more; mail.KindOf(err) != mail.TryLater && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := live.Backup(t.Context(), filepath.Join(tmp, "dir")); mail.KindOf(err) != mail.Conflict {
		t.Errorf("over an old backup: %v", err)
	}
	if list, err := filepath.Glob(filepath.Join(tmp, "*.part*")); err != nil || len(list) != 0 {
		t.Errorf("left behind: %v, %v", list, err)
	}

	cfg := server.Config{Dir: s.Dir, Domain: servertest.Domain, CheapPasswords: true}
	if _, err := server.Restore(t.Context(), cfg, filepath.Join(tmp, "dir"), false); mail.KindOf(err) != mail.Conflict {
		t.Errorf("over a folder: %v", err)
	}
	if _, err := server.Restore(t.Context(), cfg, filepath.Join(tmp, "dir"), true); mail.KindOf(err) != mail.StoreLocked {
		t.Errorf("below a running server: %v", err)
	}
	for _, name := range []string{"dir", "file.tar"} {
		cfg.Dir = filepath.Join(tmp, "new-"+name)
		r, err := server.Restore(t.Context(), cfg, filepath.Join(tmp, name), false)
		if err != nil || r.Aside != "" || r.Letters < 22 {
			t.Fatalf("%+v, %v", r, err)
		}
		if r, err = server.Restore(t.Context(), cfg, filepath.Join(tmp, name), true); err != nil || r.Aside == "" {
			t.Fatalf("%+v, %v", r, err)
		}
		for _, dir := range []string{cfg.Dir, r.Aside} { // also what was moved aside is whole
			if err := inspect(t, dir).Check(t.Context()); err != nil {
				t.Error(err)
			}
		}
		again, err := server.New(t.Context(), cfg) // and it is a server
		if err == nil {
			err = again.Close()
		}
		if err != nil {
			t.Error(err)
		}
	}
}

func TestDamagedBackupIsRefused(t *testing.T) {
	s := servertest.Start(t)
	fill(t, s, s.Person("Trần Văn Hùng", "kh&đt"))
	tmp := t.TempDir()
	good := filepath.Join(tmp, "good")
	if _, err := inspect(t, s.Dir).Backup(t.Context(), good); err != nil {
		t.Fatal(err)
	}
	evil := func(name string, kind byte) string {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		if err := errors.Join(w.WriteHeader(&tar.Header{Name: name, Typeflag: kind, Linkname: "/etc/passwd", Mode: 0o600}), w.Close()); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "evil.tar")
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	flip := func(name string, at int64) string {
		dir := filepath.Join(t.TempDir(), "copy")
		if err := os.CopyFS(dir, os.DirFS(good)); err != nil {
			t.Fatal(err)
		}
		f, err := os.OpenFile(filepath.Join(dir, name), os.O_RDWR, 0)
		if err == nil {
			_, err = f.WriteAt([]byte{0xff, 0xfe}, at)
			err = errors.Join(err, f.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
		return dir
	}
	for name, backup := range map[string]string{
		"path out":        evil("../../x", tar.TypeReg),
		"link":            evil("data/hopthu.db", tar.TypeSymlink),
		"strange file":    evil("data/x", tar.TypeReg),
		"not a tar":       filepath.Join(good, "backup.json"),
		"database broken": flip("data/hopthu.db", 40_000),
		"manifest broken": flip("backup.json", 0),
	} {
		dir := filepath.Join(t.TempDir(), "new")
		_, err := server.Restore(t.Context(), server.Config{Dir: dir}, backup, false)
		if mail.KindOf(err) != mail.BadFile {
			t.Errorf("%s: %v", name, err)
		}
		if list, err := os.ReadDir(filepath.Dir(dir)); err != nil || len(list) != 0 {
			t.Errorf("%s left %v behind, %v", name, list, err)
		}
	}
}

// tree reads all files below a folder.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		rel, rerr := filepath.Rel(dir, path)
		out[rel] = string(b)
		return errors.Join(err, rerr)
	})
	if err != nil || len(out) == 0 {
		t.Fatalf("%d files, %v", len(out), err)
	}
	return out
}

func TestExportImportRoundTrip(t *testing.T) {
	s := servertest.Start(t)
	who := s.Person("Trần Văn Hùng", "kh&đt")
	fill(t, s, who)
	// A letter with lines of its own copy: they come along.
	s.Deliver(who.Wire, "Subject: x\n\nFrom y\n")
	tmp := t.TempDir()
	for _, format := range []string{server.Mbox, server.Maildir} {
		first, second := filepath.Join(tmp, format+"1"), filepath.Join(tmp, format+"2")
		other := s.Person("Lê Thị Lan", format)
		c, err := s.Admin.Export(t.Context(), who.Wire, "", format, first)
		if err != nil || c.Letters != 22 {
			t.Fatalf("%+v, %v", c, err)
		}
		if _, err := s.Admin.Export(t.Context(), who.Wire, "", format, first); mail.KindOf(err) != mail.Conflict {
			t.Error(err)
		}
		if c, err = s.Admin.Import(t.Context(), other.Wire, "", first); err != nil || c.Letters != 22 || c.Already != 0 || len(c.Skipped) != 0 {
			t.Fatalf("%+v, %v", c, err)
		}
		if c, err = s.Admin.Import(t.Context(), other.Wire, "", first); err != nil || c.Letters != 0 || c.Already != 22 {
			t.Fatalf("again: %+v, %v", c, err)
		}
		if _, err = s.Admin.Export(t.Context(), other.Wire, "", format, second); err != nil {
			t.Fatal(err)
		}
		a, b := tree(t, first), tree(t, second)
		for name, text := range a {
			if b[name] != text {
				t.Errorf("%s: %s is not the same again", format, name)
			}
		}
		if len(a) != len(b) {
			t.Errorf("%d files became %d", len(a), len(b))
		}
		// One folder alone, into another.
		alone := filepath.Join(tmp, format+"-one")
		if c, err = s.Admin.Export(t.Context(), who.Wire, "cur", format, alone); err != nil || c.Letters != 7 {
			t.Fatalf("%+v, %v", c, err)
		}
		if c, err = s.Admin.Import(t.Context(), other.Wire, "Mới/Đây", alone); err != nil || c.Letters != 7 || c.Folders != 1 {
			t.Fatalf("%+v, %v", c, err)
		}
	}
}

// An import that was stopped in the middle is run again and brings exactly what is missing.
func TestImportResumes(t *testing.T) {
	s := servertest.Start(t)
	who := s.Person("Trần Văn Hùng", "kh&đt")
	path := filepath.Join(t.TempDir(), "x.mbox")
	var b bytes.Buffer
	for i := range 200 {
		fmt.Fprintf(&b, "From x Mon Mar  2 01:00:00 2026\nMessage-ID: <%d@x>\n\nbody\n\n", i/2) // each twice
	}
	whole := b.Len()
	b.WriteString("From x\nX-Hopthu-Letter: broken\n")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := s.Admin.Import(t.Context(), who.Wire, "", path)
	if mail.KindOf(err) != mail.BadFile || c.Letters == 0 || c.Letters == 200 {
		t.Fatalf("%+v, %v", c, err)
	}
	if err := os.Truncate(path, int64(whole)); err != nil {
		t.Fatal(err)
	}
	again, err := s.Admin.Import(t.Context(), who.Wire, "", path)
	if err != nil || again.Already != c.Letters || again.Letters+again.Already != 200 {
		t.Errorf("%+v after %+v, %v", again, c, err)
	}
}

func TestRestoreBox(t *testing.T) {
	s := servertest.Start(t)
	who := s.Person("Trần Văn Hùng", "kh&đt")
	fill(t, s, who)
	tmp := t.TempDir()
	for _, name := range []string{"b", "b.tar"} {
		if _, err := inspect(t, s.Dir).Backup(t.Context(), filepath.Join(tmp, name)); err != nil {
			t.Fatal(err)
		}
	}
	s.Deliver(who.Wire, "Subject: later\n\nx\n")
	old, err := server.OpenBackup(t.Context(), server.Config{CheapPasswords: true}, filepath.Join(tmp, "b.tar"), tmp)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Admin.RestoreBox(t.Context(), old, who.Wire, "", "", false); mail.KindOf(err) != mail.Conflict {
		t.Errorf("over letters: %v", err)
	}
	c, err := s.Admin.RestoreBox(t.Context(), old, who.Wire, "", "", true)
	if err != nil || c.Letters != 0 || c.Already != 21 {
		t.Errorf("nothing was missing: %+v, %v", c, err)
	}
	c, err = s.Admin.RestoreBox(t.Context(), old, who.Wire, "Công văn/Đi.đến", "Khôi phục", false)
	if err != nil || c.Letters != 7 || c.Folders != 1 {
		t.Errorf("one folder: %+v, %v", c, err)
	}
	c, err = s.Admin.RestoreBox(t.Context(), old, who.Wire, "", "Tất cả", false)
	if err != nil || c.Letters != 21 {
		t.Errorf("all: %+v, %v", c, err)
	}
	if err := old.Close(); err != nil {
		t.Error(err)
	}
	// What came back is what was there.
	for _, one := range [][2]string{{"Công văn/Đi.đến", "Khôi phục"}, {"cur", "Tất cả/cur"}} {
		a, b := filepath.Join(tmp, "1-"+one[0][:3]), filepath.Join(tmp, "2-"+one[0][:3])
		for path, folder := range map[string]string{a: one[0], b: one[1]} {
			if _, err := s.Admin.Export(t.Context(), who.Wire, folder, server.Mbox, path); err != nil {
				t.Fatal(err)
			}
		}
		x, err1 := os.ReadFile(a)
		y, err2 := os.ReadFile(b)
		if err := errors.Join(err1, err2); err != nil || !bytes.Equal(x, y) || len(x) < 1000 {
			t.Errorf("%v came back otherwise, %v", one, err)
		}
	}
	if left, err := filepath.Glob(filepath.Join(tmp, "backup-*")); err != nil || len(left) != 0 {
		t.Errorf("left behind %v, %v", left, err)
	}
	if _, err := s.Admin.RestoreBox(t.Context(), inspect(t, s.Dir), who.Wire, "không có", "", false); mail.KindOf(err) != mail.NoFolder {
		t.Error(err)
	}
}

// A folder opened to look at cannot be written.
func TestInspectChangesNothing(t *testing.T) {
	s := servertest.Start(t)
	who := s.Person("Trần Văn Hùng", "kh&đt")
	look := inspect(t, s.Dir)
	if err := look.Admin().Deliver(t.Context(), server.Delivery{To: []string{who.Wire}, Raw: []byte("x")}); mail.KindOf(err) != mail.Refused {
		t.Error(err)
	}
	if _, err := server.Inspect(t.Context(), server.Config{Dir: t.TempDir(), Domain: "x.vn"}); mail.KindOf(err) != mail.NoFile {
		t.Error(err)
	}
	var _ io.Closer = look
}
