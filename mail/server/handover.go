package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/server/internal/archive"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/office"
	"hopthu/mail/server/internal/register"
)

// Handovers lists the changes of hands of an agency's box, the last first (QC 14.2).
func (a *Admin) Handovers(ctx context.Context, addr string) ([]mail.Handover, error) {
	return a.s.office.BoxHandovers(ctx, addr)
}

// Handover gives one by its number.
func (a *Admin) Handover(ctx context.Context, id int64) (mail.Handover, error) {
	return a.s.office.Handover(ctx, id)
}

// BeginHandover freezes an agency's box in the place of a giver who cannot (dead, suspended), with a reason; the receiver confirms
// for himself.
func (a *Admin) BeginHandover(ctx context.Context, addr, receiver, reason string) (mail.Handover, error) {
	return a.s.office.HandoverAct(ctx, admin, api.HandoverAct{Do: api.HandoverBegin, Box: addr, Receiver: receiver, Reason: reason})
}

// CancelHandover takes one back, whoever began it: everything is as it was.
func (a *Admin) CancelHandover(ctx context.Context, id int64, reason string) (mail.Handover, error) {
	return a.s.office.HandoverAct(ctx, admin, api.HandoverAct{Do: api.HandoverCancel, ID: id, Reason: reason})
}

// Report is the daily record of a box, and of an agency's box after it that of each of its people, between two days, the last
// included: counts and times only (QC 15, D11). Zero days are the last 30.
func (a *Admin) Report(ctx context.Context, addr string, from, until time.Time) ([]api.StaffDays, error) {
	return a.s.office.Report(ctx, addr, from, until)
}

// TakeLeave enters days of leave or a trip for somebody (QC 9).
func (a *Admin) TakeLeave(ctx context.Context, addr string, l mail.Leave) (mail.Leave, error) {
	b, err := a.s.reg.Lookup(ctx, addr)
	if err != nil {
		return l, err
	}
	return a.s.office.TakeLeave(ctx, register.Actor{Account: b.Account, Door: register.Admin}, l)
}

// Leaves lists those of a person.
func (a *Admin) Leaves(ctx context.Context, addr string) ([]mail.Leave, error) {
	b, err := a.s.reg.Lookup(ctx, addr)
	if err != nil {
		return nil, err
	}
	return a.s.office.Leaves(ctx, b.Account, time.Time{}, time.Time{})
}

// DropLeave takes one back.
func (a *Admin) DropLeave(ctx context.Context, addr string, id int64) error {
	b, err := a.s.reg.Lookup(ctx, addr)
	if err != nil {
		return err
	}
	return a.s.office.DropLeave(ctx, register.Actor{Account: b.Account, Door: register.Admin}, id)
}

// What an export of a handover holds.
const (
	lettersFolder = "letters"
	listFile      = "manifest.txt"
)

// ExportHandover writes all letters of an inventory to a new folder, as mbox or Maildir below "letters", and the manifest whose
// SHA-256 is the hash of the record. What was written is read back and compared before it is there. Kind Conflict: the box no
// longer holds what the inventory was made of.
func (a *Admin) ExportHandover(ctx context.Context, id int64, format, target string) (c Carried, err error) {
	var manifest bytes.Buffer
	if err := a.s.office.Manifest(ctx, id, &manifest); err != nil {
		return c, err
	}
	err = whole("export handover", target, func(root *os.Root, part string) error {
		if err := root.Mkdir(part, 0o700); err != nil {
			return fileFault("export handover", part, err)
		}
		if err := root.WriteFile(part+"/"+listFile, manifest.Bytes(), 0o600); err != nil {
			return fileFault("export handover", part, err)
		}
		if err := root.Mkdir(part+"/"+lettersFolder, 0o700); err != nil {
			return fileFault("export handover", part, err)
		}
		inside, err := root.OpenRoot(part + "/" + lettersFolder)
		if err != nil {
			return fileFault("export handover", part, err)
		}
		w := &handoverFiles{a: a, root: inside, format: archive.Format(format), want: map[string]sums{}, c: &c}
		err = errors.Join(a.s.office.Contents(ctx, id, w.begin, func(l office.Listed) error { return w.add(ctx, l) }), w.end())
		if err == nil {
			err = w.compare()
		}
		return errors.Join(err, inside.Close())
	})
	if err != nil {
		return c, err
	}
	return c, a.s.reg.Note(ctx, admin, "handover-exported", fmt.Sprint(id), fmt.Sprintf("%d letters, %d folders", c.Letters, c.Folders))
}

// sums counts letters by the hash of all their octets.
type sums map[[sha256.Size]byte]int

// handoverFiles writes folder after folder.
type handoverFiles struct {
	a      *Admin
	root   *os.Root
	format archive.Format
	folder string
	open   archive.Writer
	want   map[string]sums
	c      *Carried
}

func (w *handoverFiles) begin(folder string) error {
	if err := w.end(); err != nil {
		return err
	}
	var err error
	w.folder, w.want[folder] = folder, sums{}
	w.c.Folders++
	w.open, err = archive.Create(w.root, w.format, folder)
	return err
}

func (w *handoverFiles) end() error {
	if w.open == nil {
		return nil
	}
	err := w.open.Close()
	w.open = nil
	return err
}

// add writes a letter after its octets have been held to the hashes of the manifest.
func (w *handoverFiles) add(ctx context.Context, l office.Listed) error {
	r, err := w.a.s.box.Open(ctx, l.Row)
	if err != nil {
		return err
	}
	all, content := sha256.New(), sha256.New()
	_, err = io.CopyN(all, r, int64(len(l.Row.Prefix)))
	if err == nil {
		_, err = io.Copy(io.MultiWriter(all, content), r)
	}
	if err == nil && box.Hash(content.Sum(nil)) != l.Row.Blob {
		err = &mail.Fault{Kind: mail.StoreDamaged, Op: "export handover", Detail: fmt.Sprintf("%s %d", l.Folder, l.Row.UID)}
	}
	if err == nil {
		_, err = r.Seek(0, io.SeekStart)
	}
	if err == nil {
		err = w.open.Add(archive.Letter{Flags: l.Row.Flags, Keywords: l.Row.Keywords, Received: l.Row.Received}, r)
	}
	w.want[l.Folder][[sha256.Size]byte(all.Sum(nil))]++
	w.c.Letters++
	return errors.Join(err, r.Close())
}

// compare reads back what was written.
func (w *handoverFiles) compare() error {
	found, _, err := archive.Find(w.root, ".")
	if err != nil {
		return err
	}
	got := map[string]sums{}
	for _, f := range found {
		got[f.Name] = sums{}
		err := f.Each(func(_ archive.Letter, r io.Reader) error {
			sum := sha256.New()
			_, err := io.Copy(sum, r)
			got[f.Name][[sha256.Size]byte(sum.Sum(nil))]++
			return err
		})
		if err != nil {
			return err
		}
	}
	for name, want := range w.want {
		if !maps.Equal(got[name], want) {
			return &mail.Fault{Kind: mail.BadFile, Op: "export handover", Detail: name, Err: errors.New("what was written does not read back")}
		}
	}
	return nil
}
