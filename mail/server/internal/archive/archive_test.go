package archive

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
)

type held struct {
	Letter
	Raw string
}

var day = time.Date(2026, 3, 2, 1, 2, 3, 456000, time.UTC)

// strange are letters that a careless format would change.
func strange() []held {
	texts := []string{
		"", "\n", "\r\n", "\r", "a", "From x\r\n", "Subject: x\r\n\r\nFrom a\r\n>From b\r\n>>From c\r\nFromage\r\n",
		"Subject: x\r\n\r\nbody\r\n\r\n", "Subject: x\r\n\r\nbody\r\n\r\nFrom x Mon Mar  2 01:00:00 2026\r\n\r\n", "A: b\n\nonly LF\n", "A: b\n\nmixed\r\n\r\nFrom x\nend",
		"A: b\r\n\r\nno end", "A: b\r\n\r\n\r\r\n\r", "A: b\n\n\r\n\n", ownField + "received=x\r\nStatus: RO\r\n\r\nmy own\r\n", "X-Status: AFTD\r\n\r\nx\r\n",
		"A: b\r\n\r\n\x00\xff\xfe\r\n", "A: b\r\n\r\n" + strings.Repeat("x", 3*piece) + "\r\nFrom y\r\n",
	}
	for _, n := range []int{piece - 8, piece - 7, piece - 6, piece - 5, piece - 4, piece - 3, piece - 2, piece - 1, piece, piece + 1} {
		texts = append(texts, strings.Repeat(">", n)+"From x\r\n\r\n", strings.Repeat("y", n)+"\r\n\r\nFrom", strings.Repeat("y", n)+"\n")
	}
	var out []held
	for i, text := range texts {
		l := Letter{Received: day.Add(time.Duration(i%7) * time.Hour)}
		switch i % 4 {
		case 1:
			l.Flags = mail.Seen | mail.Forwarded
		case 2:
			l.Flags, l.Keywords = mail.Answered|mail.Flagged|mail.Draft|mail.Deleted|mail.NoReply, []string{"Viec-A", "c"}
		case 3:
			l.Keywords = []string{"b"}
		}
		out = append(out, held{l, text})
	}
	return out
}

func write(t *testing.T, f Format, root *os.Root, name string, list []held) {
	t.Helper()
	w, err := Create(root, f, name)
	for _, l := range list {
		err = errors.Join(err, w.Add(l.Letter, strings.NewReader(l.Raw)))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
}

func collect(t *testing.T, f Folder) []held {
	t.Helper()
	var out []held
	err := f.Each(func(l Letter, r io.Reader) error {
		raw, err := io.ReadAll(r)
		if sum := sha256.Sum256(raw); l.Hash != nil && !bytes.Equal(l.Hash, sum[:]) {
			t.Errorf("letter %d: %q is not what was written", len(out), raw[:min(len(raw), 100)])
		}
		l.Hash = nil
		slices.Sort(l.Keywords)
		out = append(out, held{l, string(raw)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func openRoot(t *testing.T) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := root.Close(); err != nil {
			t.Error(err)
		}
	})
	return root
}

func TestRoundTrip(t *testing.T) {
	names := []string{"INBOX", "INBOX/cur", "Công văn/Đi.đến", "a/.b/..", "x.mbox/y", "x", `c:\d`, " e ", "?"}
	for _, f := range []Format{Mbox, Maildir} {
		t.Run(string(f), func(t *testing.T) {
			root := openRoot(t)
			want := map[string][]held{}
			for i, name := range names {
				list := strange()
				if i > 0 {
					list = list[i : i+3]
				}
				write(t, f, root, name, list)
				want[name] = list
			}
			found, skipped, err := Find(root, ".")
			if err != nil || len(skipped) != 0 || len(found) != len(names) {
				t.Fatalf("%d folders, skipped %v, %v", len(found), skipped, err)
			}
			for _, folder := range found {
				got := collect(t, folder)
				if len(got) != len(want[folder.Name]) {
					t.Errorf("%q: %d letters, want %d", folder.Name, len(got), len(want[folder.Name]))
					continue
				}
				for i, g := range got {
					if w := want[folder.Name][i]; g.Raw != w.Raw || g.Flags != w.Flags || !g.Received.Equal(w.Received) || !slices.Equal(g.Keywords, w.Keywords) {
						t.Errorf("%q letter %d: %+v, %.80q; want %+v, %.80q", folder.Name, i, g.Letter, g.Raw, w.Letter, w.Raw)
					}
				}
			}
		})
	}
}

func TestForeignMbox(t *testing.T) {
	const text = "\nFrom a@b Mon Mar  2 01:00:00 2026\nSubject: one\nStatus: RO\nX-Status: A\nX-Keywords: viec, $Forwarded\n\n>From x\n\nFrom is a word\n\n" +
		"From - Mon Mar  2 02:00:00 2026\r\nSubject: two\r\n\r\nx\r\n\r\n"
	// "From is a word" stands behind an empty line: nobody can tell it from a new letter, so it is one.
	var got []held
	err := readMbox(strings.NewReader(text), "x", func(l Letter, r io.Reader) error {
		raw, err := io.ReadAll(r)
		got = append(got, held{l, string(raw)})
		return err
	})
	if err != nil || len(got) != 3 {
		t.Fatalf("%+v, %v", got, err)
	}
	if g := got[0]; g.Raw != "Subject: one\r\nStatus: RO\r\nX-Status: A\r\nX-Keywords: viec, $Forwarded\r\n\r\nFrom x\r\n" ||
		g.Flags != mail.Seen|mail.Answered|mail.Forwarded || !reflect.DeepEqual(g.Keywords, []string{"viec"}) || !g.Received.Equal(time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v", g)
	}
	if g := got[2]; g.Raw != "Subject: two\r\n\r\nx\r\n" || g.Received.Hour() != 2 {
		t.Errorf("%+v", g)
	}
	for _, bad := range []string{"hello\n", "From x\n" + ownField + "received=\n", ownField} {
		if err := readMbox(strings.NewReader(bad), "x", func(_ Letter, r io.Reader) error { _, err := io.ReadAll(r); return err }); mail.KindOf(err) != mail.BadFile {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestForeignMaildir(t *testing.T) {
	root := openRoot(t)
	for _, d := range []string{"cur", "new", "tmp", ".C&APQ-ng v&AQM-n.cur/cur", ".C&APQ-ng v&AQM-n.cur/new"} {
		if err := root.MkdirAll(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	files := map[string]string{
		"cur/1700000002.a.host:2,RSa": "A: 2\n\nx\n", "new/1700000001.b.host": "A: 1\n\nx\n", "dovecot-keywords": "0 viec\n",
		".C&APQ-ng v&AQM-n.cur/new/1.c.host": "A: 3\n\n", "dovecot-uidlist": "x", "cur/.hidden": "x",
	}
	for name, text := range files {
		if err := errors.Join(root.WriteFile(name, []byte(text), 0o600), root.Chtimes(name, day, day)); err != nil {
			t.Fatal(err)
		}
	}
	found, skipped, err := Find(root, ".")
	if err != nil || len(found) != 2 || fmt.Sprint(skipped) != "[dovecot-uidlist]" {
		t.Fatalf("%v, %v, %v", found, skipped, err)
	}
	slices.SortFunc(found, func(a, b Folder) int { return cmp.Compare(a.Name, b.Name) })
	got := collect(t, found[0])
	if len(got) != 2 || got[0].Raw != "A: 1\r\n\r\nx\r\n" || got[1].Flags != mail.Seen|mail.Answered || got[1].Keywords[0] != "viec" || !got[0].Received.Equal(day) {
		t.Errorf("%+v", got)
	}
	if found[1].Name != "Công văn/cur" || len(collect(t, found[1])) != 1 {
		t.Errorf("%q", found[1].Name)
	}
}

// What leads out of the folder is refused, also a link to a file inside.
func TestLinksAreRefused(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret.mbox")
	if err := os.WriteFile(secret, []byte("From x\nA: b\n\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, make := range map[string]func(root *os.Root) error{
		"link outside":        func(r *os.Root) error { return r.Symlink(secret, "a.mbox") },
		"link inside":         func(r *os.Root) error { return errors.Join(r.WriteFile("b", nil, 0o600), r.Symlink("b", "a.mbox")) },
		"folder link":         func(r *os.Root) error { return r.Symlink(filepath.Dir(secret), "cur") },
		"letter link":         func(r *os.Root) error { return errors.Join(r.Mkdir("cur", 0o700), r.Symlink(secret, "cur/1.a.b:2,S")) },
		"a folder as letter":  func(r *os.Root) error { return errors.Join(r.MkdirAll("cur/1.a.b:2,S", 0o700)) },
		"too many levels":     func(r *os.Root) error { return r.MkdirAll(strings.Repeat("a/", maxDepth+2), 0o700) },
		"keywords are a link": func(r *os.Root) error { return errors.Join(r.Mkdir("cur", 0o700), r.Symlink(secret, keywordFile)) },
	} {
		root := openRoot(t)
		if err := make(root); err != nil {
			t.Fatal(err)
		}
		found, _, err := Find(root, ".")
		for _, f := range found {
			err = errors.Join(err, f.Each(func(_ Letter, r io.Reader) error { _, err := io.ReadAll(r); return err }))
		}
		if mail.KindOf(err) != mail.BadFile {
			t.Errorf("%s: %v", name, err)
		}
	}
	root := openRoot(t)
	for _, place := range []string{"../x", secret, "nothing"} {
		if _, _, err := Find(root, place); err == nil {
			t.Errorf("%s was opened", place)
		}
	}
	if _, err := CreateMbox(root, "../x.mbox"); err == nil {
		t.Error("a file outside was made")
	}
}

func TestMoreKeywordsThanLetters(t *testing.T) {
	root := openRoot(t)
	w, err := Create(root, Maildir, "x")
	for i := range 27 {
		if err != nil {
			t.Fatal(i, err)
		}
		err = w.Add(Letter{Keywords: []string{fmt.Sprint("k", i)}}, strings.NewReader("x"))
	}
	if mail.KindOf(err) != mail.Refused {
		t.Error(err)
	}
}

func FuzzMbox(f *testing.F) {
	for _, l := range strange() {
		f.Add([]byte(l.Raw), []byte("From x\nA: b\n\n"+l.Raw))
	}
	f.Fuzz(func(t *testing.T, raw, file []byte) {
		list := []held{{Letter{Received: day, Flags: mail.Seen}, string(raw)}, {Letter{Received: day}, string(file)}}
		root := openRoot(t)
		write(t, Mbox, root, "x", list)
		found, _, err := Find(root, ".")
		if err != nil {
			t.Fatal(err)
		}
		if got := collect(t, found[0]); !reflect.DeepEqual(got, list) {
			t.Errorf("%+v became %+v", list, got)
		}
		err = readMbox(bytes.NewReader(file), "x", func(_ Letter, r io.Reader) error { _, err := io.ReadAll(r); return err })
		if err != nil && mail.KindOf(err) != mail.BadFile {
			t.Error(err)
		}
	})
}
