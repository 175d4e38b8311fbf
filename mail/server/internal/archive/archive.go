// Package archive writes and reads letters as files that other programs know: mbox and Maildir.
//
// Laws: a letter comes back byte for byte with its flags and dates from what was written here; nothing outside the
// folder it was given is read or written, and no link is followed; it knows nothing of boxes or people.
package archive

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/utf7"
)

// Format is a way to keep letters in files.
type Format string

// The formats.
const (
	Mbox    Format = "mbox"    // one file a folder, mboxrd quoting (RFC 4155 and its kin)
	Maildir Format = "maildir" // one file a letter, folders below one another
)

// Letter is what is known of a letter besides its bytes.
type Letter struct {
	Flags    mail.Flags
	Keywords []string
	Received time.Time // INTERNALDATE; zero is unknown
	Hash     []byte    // SHA-256 that its bytes must have, as its writer said; nil if it did not
}

// names gives flags and keywords as IMAP names them, split at the backslash.
func (l Letter) names() (system, words []string) {
	for _, n := range append(l.Flags.Names(), l.Keywords...) {
		if strings.HasPrefix(n, `\`) {
			system = append(system, n)
		} else {
			words = append(words, n)
		}
	}
	return system, words
}

// Writer takes the letters of one folder. r is read twice.
type Writer interface {
	Add(l Letter, r io.ReadSeeker) error
	Close() error
}

// Folder is one folder that was found. Each hands its letters to yield in order; r is valid until yield returns.
type Folder struct {
	Name string // NFC is the caller's work; levels parted by /
	Each func(yield func(l Letter, r io.Reader) error) error
}

const mboxSuffix = ".mbox"

// Create begins one folder below root, at the place that Find finds again.
func Create(root *os.Root, f Format, name string) (Writer, error) {
	levels := strings.Split(name, "/")
	for i, l := range levels {
		levels[i] = escape(l)
	}
	place := path.Join(levels...)
	if f == Maildir {
		return CreateMaildir(root, place)
	}
	if dir := path.Dir(place); dir != "." {
		if err := root.MkdirAll(dir, 0o700); err != nil {
			return nil, fault("write folder", place, err)
		}
	}
	return CreateMbox(root, place+mboxSuffix)
}

// escape makes one level of a folder's name fit for a file name: % cannot stand in a name, so it can be undone.
func escape(level string) string {
	var b strings.Builder
	for i := range len(level) {
		c := level[i]
		special := i == 0 && (level == "cur" || level == "new" || level == "tmp")
		if special || c < ' ' || strings.IndexByte(`.\:"<>|?%`, c) >= 0 || c == ' ' && (i == 0 || i == len(level)-1) {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

func unescape(level string) string {
	var b strings.Builder
	for i := 0; i < len(level); i++ {
		var c byte
		if level[i] == '%' && i+2 < len(level) {
			if n, err := fmt.Sscanf(level[i+1:i+3], "%02X", &c); err == nil && n == 1 {
				b.WriteByte(c)
				i += 2
				continue
			}
		}
		b.WriteByte(level[i])
	}
	return b.String()
}

// maxDepth is how deep folders are looked into.
const maxDepth = 32

// Find lists the folders at place below root: a file is one mbox, named ""; a Maildir is "" with its subfolders; any
// other folder is searched for both. Skipped are the paths of files that are none of these. A link or a special file is
// Kind BadFile.
func Find(root *os.Root, place string) (list []Folder, skipped []string, err error) {
	s := &search{root: root}
	info, err := regular(root, place)
	if err != nil {
		return nil, nil, err
	}
	if !info.IsDir() {
		return []Folder{mboxFolder(root, place, "")}, nil, nil
	}
	if err := s.dir(place, "", 0); err != nil {
		return nil, nil, err
	}
	return s.found, s.skipped, nil
}

type search struct {
	root    *os.Root
	found   []Folder
	skipped []string
}

func (s *search) dir(place, name string, depth int) error {
	if depth > maxDepth {
		return bad(place, "folders are too deep")
	}
	list, err := readDir(s.root, place)
	if err != nil {
		return err
	}
	maildir := false
	for _, e := range list {
		maildir = maildir || e.Name() == "cur" && e.IsDir()
	}
	if maildir {
		s.found = append(s.found, maildirFolder(s.root, place, name))
	}
	for _, e := range list {
		at := path.Join(place, e.Name())
		info, err := regular(s.root, at)
		if err != nil {
			return err
		}
		switch base := e.Name(); {
		case maildir && (base == "cur" || base == "new" || base == "tmp"):
		case maildir && info.IsDir() && strings.HasPrefix(base, "."): // Maildir++
			err = s.dir(at, join(name, dotted(base)), depth+1)
		case info.IsDir():
			err = s.dir(at, join(name, unescape(base)), depth+1)
		case strings.HasSuffix(base, mboxSuffix):
			s.found = append(s.found, mboxFolder(s.root, at, join(name, unescape(strings.TrimSuffix(base, mboxSuffix)))))
		case maildir && base == keywordFile:
		default:
			s.skipped = append(s.skipped, at)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func join(name, level string) string {
	if name == "" {
		return level
	}
	return name + "/" + level
}

// dotted reads a folder name of Maildir++: dots part levels, modified UTF-7 inside.
func dotted(base string) string {
	wire := strings.ReplaceAll(strings.TrimPrefix(base, "."), ".", "/")
	if name, ok := utf7.Decode(wire); ok {
		return name
	}
	return wire
}

// regular allows files and folders, nothing else.
func regular(root *os.Root, place string) (fs.FileInfo, error) {
	info, err := root.Lstat(place)
	if err != nil {
		return nil, fault("read folder", place, err)
	}
	if !info.IsDir() && !info.Mode().IsRegular() {
		return nil, bad(place, "a link or a special file")
	}
	return info, nil
}

// openFile opens a regular file; one put in its place since it was looked at is refused.
func openFile(root *os.Root, place string) (*os.File, error) {
	before, err := regular(root, place)
	if err != nil {
		return nil, err
	}
	f, err := root.Open(place)
	if err != nil {
		return nil, fault("read file", place, err)
	}
	now, err := f.Stat()
	if err == nil && !os.SameFile(before, now) {
		err = bad(place, "changed while it was read")
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func readDir(root *os.Root, place string) ([]fs.DirEntry, error) {
	list, err := fs.ReadDir(root.FS(), place)
	if err != nil {
		return nil, fault("read folder", place, err)
	}
	return list, nil
}

func bad(place, why string) error {
	return &mail.Fault{Kind: mail.BadFile, Op: "read letters", Detail: place, Err: errors.New(why)}
}

// fault gives an error of the file system its kind; a Fault stays what it is.
func fault(op, place string, err error) error {
	var f *mail.Fault
	switch {
	case err == nil:
		return nil
	case errors.As(err, &f):
		return err
	case errors.Is(err, fs.ErrNotExist):
		return &mail.Fault{Kind: mail.NoFile, Op: op, Detail: place, Err: err}
	case errors.Is(err, fs.ErrExist):
		return &mail.Fault{Kind: mail.Conflict, Op: op, Detail: place, Err: err}
	}
	return &mail.Fault{Kind: mail.NoPermission, Op: op, Detail: place, Err: err}
}
