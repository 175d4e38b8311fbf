package imapd

import (
	"context"
	"slices"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
)

// headBlock is how many letters are read with their headers at a time.
const headBlock = 64

// eachHead hands each letter of an ascending list that is still there, with its header block, to each. While one block
// is worked on, the next is read.
func (c *session) eachHead(op string, list []at, each func(at, box.Row, []byte) error) error {
	type block struct {
		letters []box.Headed
		err     error
	}
	read := func(ctx context.Context, part []at) block {
		letters, err := c.s.opt.Box.Heads(ctx, c.sel.ref, ranges(part))
		return block{letters, err}
	}
	next := func(b block) error {
		if b.err != nil {
			return c.fault(op, b.err, "")
		}
		for _, h := range b.letters {
			i, ok := slices.BinarySearchFunc(list, h.UID, func(a at, u mail.UID) int { return int(int64(a.uid) - int64(u)) })
			if !ok {
				continue
			}
			if err := each(list[i], h.Row, h.Head); err != nil {
				return err
			}
		}
		return nil
	}
	if len(list) <= headBlock {
		if len(list) == 0 {
			return nil
		}
		return next(read(c.ctx, list))
	}
	ctx, cancel := context.WithCancel(c.ctx)
	ahead := make(chan block, 1)
	defer func() { // the reader has ended when this has
		cancel()
		for b := range ahead {
			b.letters = nil
		}
	}()
	mail.Go("imap headers", func() {
		defer close(ahead)
		for part := range slices.Chunk(list, headBlock) {
			b := read(ctx, part)
			select {
			case ahead <- b:
			case <-ctx.Done():
				return
			}
			if b.err != nil {
				return
			}
		}
	})
	for b := range ahead {
		if err := next(b); err != nil {
			return err
		}
	}
	return c.ctx.Err()
}
