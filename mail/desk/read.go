package desk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"hopthu/mail"
	"hopthu/mail/letter"
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
	return d.store.List(ctx, q)
}

// Heads implements frame.Desk.
func (d *Desk) Heads(ctx context.Context, ids []mail.LetterID) ([]mail.Head, error) {
	return d.store.Heads(ctx, ids)
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
	e, ok := d.engine(h.Account)
	if !ok {
		return nil, &mail.Fault{Kind: mail.NoServer, Op: "open letter"}
	}
	// Cancelling a fetch would cost the connection; the letter is welcome in the store anyway.
	wait, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchLimit)
	defer cancel()
	if err := e.Fetch(wait, id); err != nil {
		return nil, err
	}
	raw, ok, err = d.store.Raw(ctx, id)
	if err == nil && !ok {
		err = &mail.Fault{Kind: mail.Gone, Op: "open letter"}
	}
	return raw, err
}

// Open implements frame.Desk.
func (d *Desk) Open(ctx context.Context, id mail.LetterID) (*mail.Letter, error) {
	return d.read(ctx, id, letter.Parse)
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
	return d.read(ctx, id, func(raw []byte) *mail.Letter { return letter.ParseCharset(raw, charset) })
}

func (d *Desk) read(ctx context.Context, id mail.LetterID, parse func([]byte) *mail.Letter) (*mail.Letter, error) {
	raw, err := d.Raw(ctx, id)
	if err != nil {
		return nil, err
	}
	h, err := d.store.Head(ctx, id)
	if err != nil {
		return nil, err
	}
	l := parse(raw)
	// What only the store knows goes over what was read; the words come from the letter itself.
	read := l.Head
	l.Head = h
	l.From, l.Sender, l.ReplyTo, l.To, l.Cc, l.Subject = read.From, read.Sender, read.ReplyTo, read.To, read.Cc, read.Subject
	l.Attachments = len(l.Parts)
	return l, nil
}

// SavePart implements frame.Desk.
func (d *Desk) SavePart(ctx context.Context, id mail.LetterID, part, dir string) (string, error) {
	if dir == "" {
		dir = d.Settings().Downloads
	}
	if dir == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", &mail.Fault{Kind: mail.NoPermission, Op: "save attachment", Err: err}
		}
		dir = home
	}
	return d.save(ctx, id, part, dir, 0o644)
}

// OpenPart implements frame.Desk.
func (d *Desk) OpenPart(ctx context.Context, id mail.LetterID, part string) error {
	if err := os.MkdirAll(d.o.Private, 0o700); err != nil {
		return fileFault("open attachment", d.o.Private, err)
	}
	dir, err := os.MkdirTemp(d.o.Private, "open-*")
	if err != nil {
		return fileFault("open attachment", d.o.Private, err)
	}
	path, err := d.save(ctx, id, part, dir, 0o600)
	if err != nil {
		return err
	}
	if err := d.o.Start(path); err != nil {
		return &mail.Fault{Kind: mail.NoPermission, Op: "open attachment", Detail: path, Err: err}
	}
	return nil
}

// save writes one part under a safe name that is not taken; what was written stands whole on disk or not at all.
func (d *Desk) save(ctx context.Context, id mail.LetterID, part, dir string, mode os.FileMode) (string, error) {
	raw, err := d.Raw(ctx, id)
	if err != nil {
		return "", err
	}
	name := "thu-" + strconv.FormatInt(int64(id), 10) + ".eml"
	var r io.Reader
	if part == "" {
		r = bytesReader(raw)
	} else {
		for _, p := range letter.Parse(raw).Parts {
			if p.Path == part {
				name = letter.SafeName(p.Name)
			}
		}
		if r, err = letter.OpenPart(raw, part); err != nil {
			return "", fmt.Errorf("open attachment: %w", err)
		}
	}
	ext := filepath.Ext(name)
	for n := 1; ; n++ {
		path := filepath.Join(dir, name)
		if n > 1 {
			path = filepath.Join(dir, name[:len(name)-len(ext)]+" ("+strconv.Itoa(n)+")"+ext)
		}
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
		if errors.Is(err, os.ErrExist) && n < 1000 {
			continue
		}
		if err != nil {
			return "", fileFault("save attachment", path, err)
		}
		_, err = io.Copy(f, r)
		if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
			return "", fileFault("save attachment", path, errors.Join(err, os.Remove(path)))
		}
		return path, nil
	}
}
