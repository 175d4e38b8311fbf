package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"hopthu/mail"
	"hopthu/mail/server/internal/archive"
	"hopthu/mail/server/internal/box"
)

// Formats of Export and Import.
const (
	Mbox    = string(archive.Mbox)
	Maildir = string(archive.Maildir)
)

// Carried is what an Export, Import or RestoreBox did.
type Carried struct {
	Folders, Letters int
	Already          int // letters that were there, byte for byte, and were left as they are
	Skipped          []string
}

const (
	carryLetters = 64      // most letters that share a transaction
	carryBytes   = 8 << 20 // most octets of them
)

// Export writes letters of a box to files, bytes, flags and dates as they are: one folder ("" is all). target must not
// be there; what is at target is whole. One folder as mbox is one file, all else is a folder.
func (a *Admin) Export(ctx context.Context, addr, folder, format, target string) (c Carried, err error) {
	b, err := a.s.reg.Lookup(ctx, addr)
	if err != nil {
		return c, err
	}
	list, err := a.foldersOf(ctx, b.Account, folder)
	if err != nil {
		return c, err
	}
	err = whole("export", target, func(root *os.Root, part string) error {
		return a.exportInto(ctx, root, part, folder, format, list, &c)
	})
	if err != nil {
		return c, err
	}
	return c, a.noteCarry(ctx, "export", b.Wire, c)
}

// whole lets write make what is at target whole, or not at all. target must not be there.
func whole(op, target string, write func(root *os.Root, part string) error) (err error) {
	if target, err = filepath.Abs(target); err != nil {
		return err
	}
	if _, err := os.Lstat(target); err == nil {
		return &mail.Fault{Kind: mail.Conflict, Op: op, Detail: target}
	}
	dir, base := filepath.Split(target)
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fileFault(op, dir, err)
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	part := base + partSuffix
	if _, err := root.Lstat(part); err == nil {
		return &mail.Fault{Kind: mail.Conflict, Op: op, Detail: target + partSuffix}
	}
	defer func() { err = errors.Join(err, root.RemoveAll(part)) }()
	if err := write(root, part); err != nil {
		return err
	}
	if err := root.Rename(part, base); err != nil {
		return fileFault(op, target, err)
	}
	return syncFolder(dir)
}

func (a *Admin) exportInto(ctx context.Context, root *os.Root, part, folder, format string, list []box.Mailbox, c *Carried) error {
	one := func(w archive.Writer, err error, m box.Mailbox) error {
		if err != nil {
			return err
		}
		n, err := a.exportFolder(ctx, m, w)
		c.Folders++
		c.Letters += n
		return errors.Join(err, w.Close())
	}
	if folder != "" {
		create := archive.CreateMbox
		if format == Maildir {
			create = archive.CreateMaildir
		}
		w, err := create(root, part)
		return one(w, err, list[0])
	}
	if err := root.Mkdir(part, 0o700); err != nil {
		return fileFault("export", part, err)
	}
	inside, err := root.OpenRoot(part)
	if err != nil {
		return fileFault("export", part, err)
	}
	for _, m := range list {
		if err == nil {
			w, werr := archive.Create(inside, archive.Format(format), m.Name)
			err = one(w, werr, m)
		}
	}
	return errors.Join(err, inside.Close())
}

func (a *Admin) exportFolder(ctx context.Context, m box.Mailbox, w archive.Writer) (n int, err error) {
	rows, err := a.s.box.Rows(ctx, m.Ref, nil)
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		r, err := a.s.box.Open(ctx, row)
		if err != nil {
			return n, err
		}
		l := archive.Letter{Flags: row.Flags, Keywords: row.Keywords, Received: row.Received}
		if err := errors.Join(w.Add(l, r), r.Close()); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// foldersOf gives one folder of a box by its name, or all.
func (a *Admin) foldersOf(ctx context.Context, account box.AccountID, folder string) ([]box.Mailbox, error) {
	if folder == "" {
		return a.s.box.List(ctx, account)
	}
	m, err := a.s.box.Find(ctx, account, folder)
	return []box.Mailbox{m}, err
}

// noteCarry writes that letters of a box were taken out or put in: how many, never which.
func (a *Admin) noteCarry(ctx context.Context, what, wire string, c Carried) error {
	return a.s.reg.Note(ctx, admin, what, wire, fmt.Sprintf("%d letters, %d folders", c.Letters, c.Folders))
}

// Import puts the letters of files into a box, below or into folder ("" is each into its own). A letter that its folder
// holds already, byte for byte, is not put in again, so an Import that was stopped is simply run again.
func (a *Admin) Import(ctx context.Context, addr, folder, source string) (c Carried, err error) {
	b, err := a.s.reg.Lookup(ctx, addr)
	if err != nil {
		return c, err
	}
	if source, err = filepath.Abs(source); err != nil {
		return c, err
	}
	dir, base := filepath.Split(source)
	if info, err := os.Lstat(source); err == nil && info.IsDir() {
		dir, base = source, "."
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return c, fileFault("import", source, err)
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	found, skipped, err := archive.Find(root, base)
	if err != nil {
		return c, err
	}
	c.Skipped = skipped
	for _, f := range found {
		if err := a.importFolder(ctx, b.Account, under(folder, f.Name), f, &c); err != nil {
			return c, errors.Join(err, a.noteCarry(ctx, "import", b.Wire, c))
		}
	}
	return c, a.noteCarry(ctx, "import", b.Wire, c)
}

// under is where a folder goes that is called name in the files.
func under(folder, name string) string {
	switch {
	case name == "" && folder == "":
		return box.Inbox
	case folder == "":
		return name
	case name == "" || strings.EqualFold(name, box.Inbox):
		return folder
	}
	return folder + string(box.Delim) + name
}

func (a *Admin) importFolder(ctx context.Context, account box.AccountID, name string, f archive.Folder, c *Carried) error {
	in, err := a.filler(ctx, account, name, c)
	if err != nil {
		return err
	}
	n := 0
	err = f.Each(func(l archive.Letter, r io.Reader) error {
		n++
		st, err := a.s.box.Stage(ctx, r)
		if err != nil {
			return err
		}
		if l.Hash != nil && !bytes.Equal(l.Hash, st.Hash[:]) {
			return errors.Join(&mail.Fault{
				Kind: mail.BadFile, Op: "import", Detail: fmt.Sprintf("letter %d", n), Err: errors.New("its bytes are not those that were written"),
			}, st.Close())
		}
		mark := box.Mark{Flags: l.Flags, Keywords: l.Keywords, Received: l.Received}
		return in.add(ctx, [sha256.Size]byte(st.Hash), box.Item{Mark: mark, Staged: st})
	})
	if err != nil {
		return errors.Join(err, in.drop())
	}
	return in.flush(ctx)
}

// filler puts letters into one folder, many in a transaction, and leaves out those that were there when it began: as
// many times as they were there.
type filler struct {
	a     *Admin
	ref   box.Ref
	have  map[[sha256.Size]byte]int
	items []box.Item
	size  int64
	c     *Carried
}

func (a *Admin) filler(ctx context.Context, account box.AccountID, name string, c *Carried) (*filler, error) {
	m, err := a.mailbox(ctx, account, name)
	if err != nil {
		return nil, err
	}
	c.Folders++
	f := &filler{a: a, ref: m.Ref, c: c}
	f.have, err = a.hashes(ctx, m.Ref)
	return f, err
}

// mailbox finds a mailbox, or makes it and subscribes it.
func (a *Admin) mailbox(ctx context.Context, account box.AccountID, name string) (box.Mailbox, error) {
	m, err := a.s.box.Find(ctx, account, name)
	if mail.KindOf(err) == mail.NoFolder {
		if m, err = a.s.box.Create(ctx, account, name, mail.RoleNone); err == nil {
			err = a.s.box.Subscribe(ctx, account, m.Name, true)
		}
	}
	return m, err
}

// hashes counts the letters of a folder by the hash of all their bytes.
func (a *Admin) hashes(ctx context.Context, ref box.Ref) (map[[sha256.Size]byte]int, error) {
	rows, err := a.s.box.Rows(ctx, ref, nil)
	if err != nil {
		return nil, err
	}
	have := make(map[[sha256.Size]byte]int, len(rows))
	for _, row := range rows {
		h, err := a.hashOf(ctx, row)
		if err != nil {
			return nil, err
		}
		have[h]++
	}
	return have, nil
}

func (a *Admin) hashOf(ctx context.Context, row box.Row) (h [sha256.Size]byte, err error) {
	if len(row.Prefix) == 0 {
		return row.Blob, nil
	}
	r, err := a.s.box.Open(ctx, row)
	if err != nil {
		return h, err
	}
	sum := sha256.New()
	_, err = io.Copy(sum, r)
	sum.Sum(h[:0])
	return h, errors.Join(err, r.Close())
}

// add takes over it; h is the hash of prefix and bytes together.
func (f *filler) add(ctx context.Context, h [sha256.Size]byte, it box.Item) error {
	if f.have[h] > 0 {
		f.have[h]--
		f.c.Already++
		return it.Staged.Close()
	}
	f.items = append(f.items, it)
	f.size += it.Staged.Size
	if len(f.items) < carryLetters && f.size < carryBytes {
		return nil
	}
	return f.flush(ctx)
}

func (f *filler) flush(ctx context.Context) error {
	if len(f.items) == 0 {
		return nil
	}
	_, err := f.a.s.box.AppendAll(ctx, f.ref, f.items)
	if err == nil {
		f.c.Letters += len(f.items)
	}
	return errors.Join(err, f.drop())
}

// drop frees what was not put in.
func (f *filler) drop() error {
	var all []error
	for _, it := range f.items {
		all = append(all, it.Staged.Close())
	}
	f.items, f.size = nil, 0
	return errors.Join(all...)
}

// RestoreBox brings letters of a box back from a backup: one folder ("" is all) into the box of the same address. A
// folder that holds letters now is refused (Kind Conflict) unless merge says that what it lacks is added, or into
// names another folder, below which all goes. What is there now is never changed.
func (a *Admin) RestoreBox(ctx context.Context, from *Server, addr, folder, into string, merge bool) (c Carried, err error) {
	b, err := a.s.reg.Lookup(ctx, addr)
	if err != nil {
		return c, err
	}
	old, err := from.reg.Lookup(ctx, addr)
	if err != nil {
		return c, err
	}
	list, err := from.Admin().foldersOf(ctx, old.Account, folder)
	if err != nil {
		return c, err
	}
	target := func(m box.Mailbox) string {
		if folder != "" && into != "" {
			return into
		}
		return under(into, m.Name)
	}
	if !merge {
		for _, m := range list {
			now, err := a.s.box.Find(ctx, b.Account, target(m))
			if err == nil && now.Total > 0 && m.Total > 0 {
				return c, &mail.Fault{Kind: mail.Conflict, Op: "restore", Detail: now.Name}
			}
			if err != nil && mail.KindOf(err) != mail.NoFolder {
				return c, err
			}
		}
	}
	for _, m := range list {
		if err := a.restoreFolder(ctx, from, m, b.Account, target(m), &c); err != nil {
			return c, errors.Join(err, a.noteCarry(ctx, "restore", b.Wire, c))
		}
	}
	return c, a.noteCarry(ctx, "restore", b.Wire, c)
}

func (a *Admin) restoreFolder(ctx context.Context, from *Server, m box.Mailbox, account box.AccountID, name string, c *Carried) error {
	in, err := a.filler(ctx, account, name, c)
	if err != nil {
		return err
	}
	rows, err := from.box.Rows(ctx, m.Ref, nil)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := a.restoreLetter(ctx, from, row, in); err != nil {
			return errors.Join(err, in.drop())
		}
	}
	return in.flush(ctx)
}

func (a *Admin) restoreLetter(ctx context.Context, from *Server, row box.Row, in *filler) error {
	h, err := from.Admin().hashOf(ctx, row)
	if err != nil {
		return err
	}
	r, err := from.box.OpenBlob(ctx, row.Blob)
	if err != nil {
		return err
	}
	st, err := a.s.box.Stage(ctx, r)
	if err := errors.Join(err, r.Close()); err != nil {
		return err
	}
	if st.Hash != row.Blob {
		return errors.Join(&mail.Fault{Kind: mail.StoreDamaged, Op: "restore", Detail: fmt.Sprintf("UID %d", row.UID)}, st.Close())
	}
	mark := box.Mark{Flags: row.Flags, Keywords: row.Keywords, Received: row.Received}
	return in.add(ctx, h, box.Item{Mark: mark, Staged: st, Prefix: row.Prefix})
}
