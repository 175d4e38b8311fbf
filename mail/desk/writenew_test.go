package desk

import (
	"crypto/rand"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"hopthu/mail"
)

func listed(t *testing.T, dir string) []string {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range list {
		out = append(out, e.Name())
	}
	return out
}

// failing gives some octets and then an error, as a disk that fills up does to the writer.
func failing(err error) io.Reader {
	return io.MultiReader(strings.NewReader("nửa tệp"), errReader{err})
}

type errReader struct{ err error }

func (e errReader) Read([]byte) (int, error) { return 0, e.err }

func TestFileIsWholeOrNotThere(t *testing.T) {
	d := &Desk{o: Options{Rand: rand.Reader}}
	dir := t.TempDir()
	for _, c := range []struct {
		err  error
		kind mail.FaultKind
	}{
		{syscall.ENOSPC, mail.DiskFull},
		{&os.PathError{Op: "write", Path: "x", Err: syscall.EDQUOT}, mail.DiskFull},
		{syscall.EROFS, mail.NoPermission},
		{syscall.EIO, mail.NoPermission},
	} {
		_, err := d.writeNew("save attachment", dir, "a.txt", 0o644, failing(c.err))
		if f := mail.AsFault("", err); f.Kind != c.kind || f.Detail != filepath.Join(dir, "a.txt") {
			t.Errorf("%v: %v", c.err, err)
		}
		if left := listed(t, dir); len(left) != 0 {
			t.Errorf("%v leaves %v", c.err, left)
		}
	}
}

func TestNoFileIsWrittenOver(t *testing.T) {
	d := &Desk{o: Options{Rand: rand.Reader}}
	dir := t.TempDir()
	taken := map[string]string{"a.txt": "của tôi", "a (2).txt": "cũng của tôi"}
	for name, text := range taken {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(dir, "ở đâu đó"), filepath.Join(dir, "a (3).txt")); err != nil && runtime.GOOS != "windows" {
		t.Fatal(err)
	}
	path, err := d.writeNew("save attachment", dir, "a.txt", 0o644, strings.NewReader("mới"))
	if err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "mới" || runtime.GOOS != "windows" && filepath.Base(path) != "a (4).txt" {
		t.Errorf("%s %q %v", path, b, err)
	}
	for name, text := range taken {
		if b, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(b) != text {
			t.Errorf("%s is %q now: %v", name, b, err)
		}
	}
	if left := listed(t, dir); strings.Contains(strings.Join(left, " "), ".part") {
		t.Errorf("left %v", left)
	}
}

func TestFolderThatCannotBeWritten(t *testing.T) {
	d := &Desk{o: Options{Rand: rand.Reader}}
	file := filepath.Join(t.TempDir(), "tệp")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	cases := map[string]mail.FaultKind{filepath.Join(t.TempDir(), "không có"): mail.NoFile, file: mail.NoPermission}
	if runtime.GOOS == "linux" {
		cases["/proc/self"] = "" // any kind: nobody may write there, root neither
	}
	if os.Getuid() > 0 {
		shut := filepath.Join(t.TempDir(), "khóa")
		if err := os.Mkdir(shut, 0o500); err != nil {
			t.Fatal(err)
		}
		cases[shut] = mail.NoPermission
	}
	for dir, kind := range cases {
		_, err := d.writeNew("save attachment", dir, "a.txt", 0o644, strings.NewReader("x"))
		if err == nil || kind != "" && mail.KindOf(err) != kind {
			t.Errorf("%s: %v", dir, err)
		}
	}
	none := &Desk{o: Options{Rand: errReader{errors.New("no randomness")}}}
	if _, err := none.writeNew("save attachment", t.TempDir(), "a.txt", 0o644, strings.NewReader("x")); err == nil {
		t.Error("a name without chance in it")
	}
}
