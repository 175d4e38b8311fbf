package desk

import (
	"context"
	"time"

	"hopthu/mail"
)

// largeLetter is the size from which a letter that is not here yet is first shown by its beginning, and firstPart how much of
// it is asked for: the text stands before the files in nearly every letter.
const (
	largeLetter = 1 << 20
	firstPart   = 256 << 10
)

// coming is a letter on its way into the store.
type coming struct {
	done chan struct{}
	err  error // valid once done is closed
}

// source gives the bytes of a letter, or only the first ones when it is large and not here.
func (d *Desk) source(ctx context.Context, id mail.LetterID) (raw []byte, whole bool, err error) {
	raw, ok, err := d.store.Raw(ctx, id)
	if err != nil || ok {
		return raw, ok, err
	}
	h, err := d.store.Head(ctx, id)
	if err != nil {
		return nil, false, err
	}
	e, ok := d.engine(h.Account)
	if !ok || h.Size < largeLetter {
		raw, err = d.Raw(ctx, id)
		return raw, true, err
	}
	wait, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchLimit)
	defer cancel()
	raw, err = e.Begin(wait, id, firstPart)
	if k := mail.KindOf(err); k == mail.Refused || k == mail.BadServer { // it cannot give a part: then all of it
		raw, err = d.Raw(ctx, id)
		return raw, true, err
	}
	if err == nil {
		d.order(h)
	}
	return raw, false, err
}

// order lets a letter come into the store, once, whoever asks for it.
func (d *Desk) order(h mail.Head) *coming {
	d.mu.Lock()
	defer d.mu.Unlock()
	if c, ok := d.coming[h.ID]; ok {
		return c
	}
	c := &coming{done: make(chan struct{})}
	e, ok := d.engines[h.Account]
	if !ok || d.run == nil || d.run.Err() != nil {
		c.err = &mail.Fault{Kind: mail.NoServer, Op: "open letter"}
		close(c.done)
		return c
	}
	d.coming[h.ID] = c
	// Cancelling a fetch would cost the connection; the letter is welcome in the store anyway.
	ctx, cancel := context.WithTimeout(d.run, fetchLimit+time.Duration(h.Size>>20)*time.Second)
	d.wg.Add(1)
	mail.Go("fetch letter", func() {
		defer d.wg.Done()
		defer cancel()
		err := e.Fetch(ctx, h.ID)
		d.mu.Lock()
		delete(d.coming, h.ID)
		d.mu.Unlock()
		c.err = err
		close(c.done)
	})
	return c
}

// bring waits until a letter is in the store.
func (d *Desk) bring(ctx context.Context, h mail.Head) error {
	c := d.order(h)
	select {
	case <-c.done:
		return c.err
	case <-ctx.Done():
		return &mail.Fault{Kind: mail.NoAnswer, Op: "open letter", Err: ctx.Err()}
	}
}

// whole reads a letter with all its files.
func (d *Desk) whole(ctx context.Context, id mail.LetterID) (*mail.Letter, error) {
	if _, err := d.Raw(ctx, id); err != nil {
		return nil, err
	}
	return d.Open(ctx, id)
}
