package archive

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/letter"
)

const (
	keywordFile = "dovecot-keywords" // "number name" a line; the letters a–z in file names are these
	maxWords    = 26
	hostName    = "hopthu" // in file names: whoever sees it knows that the bytes are as they were
)

// maildirFlags are the letters behind ":2," in the order that they must stand in.
var maildirFlags = []struct {
	letter byte
	name   string
}{{'D', `\Draft`}, {'F', `\Flagged`}, {'P', "$Forwarded"}, {'R', `\Answered`}, {'S', `\Seen`}, {'T', `\Deleted`}}

type maildirWriter struct {
	root  *os.Root
	place string
	n     int
	words []string
}

// CreateMaildir begins a Maildir at place below root.
func CreateMaildir(root *os.Root, place string) (Writer, error) {
	for _, sub := range []string{"cur", "new", "tmp"} {
		if err := root.MkdirAll(path.Join(place, sub), 0o700); err != nil {
			return nil, fault("write folder", place, err)
		}
	}
	return &maildirWriter{root: root, place: place}, nil
}

// Add writes one letter into cur, bytes as they are. Kind Refused: more keywords than Maildir has letters for.
func (w *maildirWriter) Add(l Letter, r io.ReadSeeker) (err error) {
	info, err := w.info(l)
	if err != nil {
		return err
	}
	w.n++
	at := l.Received.UTC()
	name := path.Join(w.place, "cur", fmt.Sprintf("%d.M%06dP0Q%d.%s:2,%s", at.Unix(), at.Nanosecond()/1000, w.n, hostName, info))
	f, err := w.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fault("write letter", name, err)
	}
	_, err = io.Copy(f, r)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fault("write letter", name, err)
	}
	return fault("write letter", name, w.root.Chtimes(name, at, at))
}

func (w *maildirWriter) info(l Letter) (string, error) {
	system, words := l.names()
	all := slices.Concat(system, words)
	var b []byte
	for _, f := range maildirFlags {
		if slices.Contains(all, f.name) {
			b = append(b, f.letter)
		}
	}
	var small []byte
	for _, word := range words {
		if word == "$Forwarded" {
			continue
		}
		i := slices.Index(w.words, word)
		if i < 0 {
			if len(w.words) == maxWords {
				return "", &mail.Fault{Kind: mail.Refused, Op: "write letter", Detail: "more than 26 keywords in a folder: only mbox can hold them"}
			}
			i, w.words = len(w.words), append(w.words, word)
		}
		small = append(small, byte('a'+i))
	}
	slices.Sort(small)
	return string(append(b, small...)), nil
}

// Close writes what the keyword letters mean.
func (w *maildirWriter) Close() error {
	if len(w.words) == 0 {
		return nil
	}
	var b bytes.Buffer
	for i, word := range w.words {
		fmt.Fprintf(&b, "%d %s\n", i, word)
	}
	place := path.Join(w.place, keywordFile)
	return fault("write keywords", place, w.root.WriteFile(place, b.Bytes(), 0o600))
}

// file is one letter of a Maildir by its name.
type file struct {
	place    string
	seq      int // order among those written here
	received time.Time
	own      bool
	info     string
	fresh    bool // in new
}

func maildirFolder(root *os.Root, place, name string) Folder {
	return Folder{Name: name, Each: func(yield func(Letter, io.Reader) error) error {
		words, err := readWords(root, place)
		if err != nil {
			return err
		}
		var files []file
		for _, sub := range []string{"new", "cur"} {
			list, err := readDir(root, path.Join(place, sub))
			if sub == "new" && errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return err
			}
			for _, e := range list {
				if !strings.HasPrefix(e.Name(), ".") {
					files = append(files, fileOf(path.Join(place, sub, e.Name()), sub == "new"))
				}
			}
		}
		slices.SortFunc(files, func(a, b file) int { // those of others by the time in their name
			return cmp.Or(cmp.Compare(a.seq, b.seq), a.received.Compare(b.received), strings.Compare(path.Base(a.place), path.Base(b.place)))
		})
		for _, f := range files {
			if err := f.read(root, words, yield); err != nil {
				return err
			}
		}
		return nil
	}}
}

func fileOf(place string, fresh bool) file {
	f := file{place: place, fresh: fresh}
	base, info, _ := strings.Cut(path.Base(place), ":2,")
	f.info = info
	var secs, micros int64
	if n, err := fmt.Sscanf(base, "%d.M%dP0Q%d."+hostName, &secs, &micros, &f.seq); n == 3 && err == nil {
		f.own, f.received = true, time.Unix(secs, micros*1000).UTC()
		return f
	}
	f.seq = 0
	digits, _, _ := strings.Cut(base, ".")
	if secs, err := strconv.ParseInt(digits, 10, 64); err == nil && secs > 0 {
		f.received = time.Unix(secs, 0).UTC()
	}
	return f
}

func (f file) read(root *os.Root, words []string, yield func(Letter, io.Reader) error) (err error) {
	in, err := openFile(root, f.place)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	info, err := in.Stat()
	if err != nil {
		return fault("read letter", f.place, err)
	}
	if info.IsDir() {
		return bad(f.place, "a folder among letters")
	}
	l := Letter{Received: f.received}
	var names []string
	for i := range len(f.info) {
		c := f.info[i]
		for _, m := range maildirFlags {
			if m.letter == c {
				names = append(names, m.name)
			}
		}
		if n := int(c) - 'a'; n >= 0 && n < len(words) && words[n] != "" {
			names = append(names, words[n])
		}
	}
	l.Flags, l.Keywords = mail.ParseFlags(names)
	if f.own {
		return yield(l, in)
	}
	l.Received = info.ModTime().UTC() // as Dovecot keeps INTERNALDATE
	return yield(l, letter.CanonicalCRLF(in))
}

// readWords reads what the letters a–z mean; missing is fine.
func readWords(root *os.Root, place string) ([]string, error) {
	f, err := openFile(root, path.Join(place, keywordFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(f, 1<<16))
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, fault("read keywords", place, err)
	}
	words := make([]string, maxWords)
	for line := range strings.Lines(string(text)) {
		number, word, ok := strings.Cut(strings.TrimSpace(line), " ")
		if n, err := strconv.Atoi(number); ok && err == nil && n >= 0 && n < maxWords {
			words[n] = word
		}
	}
	return words, nil
}
