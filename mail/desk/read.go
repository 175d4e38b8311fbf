package desk

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/rule"
	"hopthu/mail/viet"
)

// fetchLimit bounds how long a reader waits for a letter; the engine goes on without him when he leaves earlier.
const fetchLimit = 5 * time.Minute

// Folders implements frame.Desk.
func (d *Desk) Folders(ctx context.Context, account mail.AccountID) ([]mail.Folder, error) {
	return d.store.Folders(ctx, account)
}

// CreateFolder implements frame.Desk.
func (d *Desk) CreateFolder(ctx context.Context, account mail.AccountID, name string) error {
	if err := d.may("create folder", []mail.Head{{Account: account}}, mail.ScopeManage); err != nil {
		return err
	}
	e, ok := d.engine(account)
	if !ok {
		return &mail.Fault{Kind: mail.NoServer, Op: "create folder"}
	}
	return e.Create(ctx, viet.NFC(name))
}

// List implements frame.Desk.
func (d *Desk) List(ctx context.Context, q mail.ListQuery) (mail.Listing, error) {
	if e, ok := d.engine(q.Account); ok && q.Folder != 0 {
		e.View(q.Folder)
	}
	return d.list(ctx, q)
}

// Heads implements frame.Desk.
func (d *Desk) Heads(ctx context.Context, ids []mail.LetterID) ([]mail.Head, error) {
	heads, err := d.store.Heads(ctx, ids)
	if err != nil {
		return nil, err
	}
	return heads, d.fillDue(ctx, heads, d.o.Clock.Now())
}

// Thread implements frame.Desk.
func (d *Desk) Thread(ctx context.Context, id mail.LetterID) ([]mail.LetterID, error) {
	return d.store.Thread(ctx, id)
}

// Raw implements frame.Desk.
func (d *Desk) Raw(ctx context.Context, id mail.LetterID) ([]byte, error) {
	raw, ok, err := d.store.Raw(ctx, id)
	if err != nil || ok {
		return raw, err
	}
	h, err := d.store.Head(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := d.bring(ctx, h); err != nil {
		return nil, err
	}
	raw, ok, err = d.store.Raw(ctx, id)
	if err == nil && !ok {
		err = &mail.Fault{Kind: mail.Gone, Op: "open letter"}
	}
	return raw, err
}

// Open implements frame.Desk. Of a large letter that is not here yet it gives the beginning (Letter.Partial); the rest
// follows into the store.
func (d *Desk) Open(ctx context.Context, id mail.LetterID) (*mail.Letter, error) {
	return d.read(ctx, id, "")
}

// Reread implements frame.Desk.
func (d *Desk) Reread(ctx context.Context, id mail.LetterID, charset string) (*mail.Letter, error) {
	if charset == "" {
		cycle := viet.Encodings()
		d.mu.Lock()
		charset = cycle[d.charset[id]%len(cycle)]
		d.charset[id]++
		d.mu.Unlock()
	}
	return d.read(ctx, id, charset)
}

func (d *Desk) read(ctx context.Context, id mail.LetterID, charset string) (*mail.Letter, error) {
	raw, whole, err := d.source(ctx, id)
	if err != nil {
		return nil, err
	}
	h, err := d.store.Head(ctx, id)
	if err != nil {
		return nil, err
	}
	l := letter.ParseCharset(raw, charset)
	// What only the store knows goes over what was read; the words come from the letter itself.
	read := l.Head
	l.Head = h
	l.From, l.Sender, l.ReplyTo, l.To, l.Cc, l.Subject = read.From, read.Sender, read.ReplyTo, read.To, read.Cc, read.Subject
	l.Document, l.Attachments = read.Document, len(l.Parts)
	switch {
	case !whole:
		l.Partial = true
		l.Findings = Judge(l, raw, false)
	case charset == "":
		l.Findings = d.judge(id, l, raw)
	default:
		l.Findings = d.judgeAgain(id, l, raw)
	}
	l.Deadlines = rule.LetterDeadlines(l, cmp.Or(l.Received, l.Date), d.days)
	if l.Reason, err = d.reason(ctx, h); err != nil {
		return nil, err
	}
	due := []mail.Head{l.Head}
	if err := d.fillDue(ctx, due, d.o.Clock.Now()); err != nil {
		return nil, err
	}
	l.Head = due[0]
	return l, nil
}

// reason says why a letter needs no answer: what was said here, or in the box's record.
func (d *Desk) reason(ctx context.Context, h mail.Head) (string, error) {
	reason, err := d.store.Reason(ctx, h.ID)
	if err != nil || reason != "" || h.State != mail.WorkExcused {
		return reason, err
	}
	w, err := d.store.Work(ctx, h.ID)
	return w.Reason, err
}

// SavePart implements frame.Desk.
func (d *Desk) SavePart(ctx context.Context, id mail.LetterID, part, dir string) (string, error) {
	const op = "save attachment"
	if err := d.release(ctx, op, id); err != nil {
		return "", err
	}
	dir, err := d.downloads(op, dir)
	if err != nil {
		return "", err
	}
	return d.save(ctx, op, id, part, dir, 0o644)
}

// OpenPart implements frame.Desk.
func (d *Desk) OpenPart(ctx context.Context, id mail.LetterID, part string) error {
	const op = "open attachment"
	if err := d.release(ctx, op, id); err != nil {
		return err
	}
	if err := os.MkdirAll(d.o.Private, 0o700); err != nil {
		return fileFault(op, d.o.Private, err)
	}
	dir, err := os.MkdirTemp(d.o.Private, "open-*")
	if err != nil {
		return fileFault(op, d.o.Private, err)
	}
	path, err := d.save(ctx, op, id, part, dir, 0o600)
	if err != nil {
		return err
	}
	if err := d.o.Start(path); err != nil {
		return &mail.Fault{Kind: mail.NoPermission, Op: op, Detail: path, Err: err}
	}
	return nil
}

// save writes one part, or the whole letter, under a safe name that is not taken.
func (d *Desk) save(ctx context.Context, op string, id mail.LetterID, part, dir string, mode os.FileMode) (string, error) {
	raw, err := d.Raw(ctx, id)
	if err != nil {
		return "", err
	}
	name := "thu-" + strconv.FormatInt(int64(id), 10) + ".eml"
	r := io.Reader(bytes.NewReader(raw))
	if part != "" {
		name = letter.NoName
		for _, p := range letter.Parse(raw).Parts {
			if p.Path == part {
				name = letter.SafeName(p.Name)
			}
		}
		if r, err = letter.OpenPart(raw, part); err != nil {
			return "", fmt.Errorf("%s: %w", op, err)
		}
	}
	return d.writeNew(op, dir, name, mode, r)
}
