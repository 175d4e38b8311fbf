package imapd

import (
	"context"
	"iter"
	"slices"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/digest"
)

// How many letters are read with their headers at a time: a few whole ones, or some pages of short ones.
const (
	headBlock  = 64
	shortBlock = 4 * digest.Size
)

// depth says what is read of letters.
type depth uint8

const (
	marksOnly  depth = iota // no header
	shortHeads              // box.ShortHeads
	wholeHeads
)

// blocks parts an ascending list. Short headers are read page by page, so that none is read twice.
func blocks(list []at, d depth) iter.Seq[[]at] {
	if d == wholeHeads {
		return slices.Chunk(list, headBlock)
	}
	return func(yield func([]at) bool) {
		for len(list) > 0 {
			n, of := 1, list[0].uid/shortBlock
			for n < len(list) && list[n].uid/shortBlock == of {
				n++
			}
			if !yield(list[:n]) {
				return
			}
			list = list[n:]
		}
	}
}

// eachHead hands each letter of an ascending list that is still there, with its header block, to each. While one block is
// worked on, the next is read.
func (c *session) eachHead(op string, list []at, d depth, each func(at, box.Row, []byte) error) error {
	type block struct {
		letters []box.Headed
		err     error
	}
	heads := map[depth]func(context.Context, box.Ref, []box.UIDRange) ([]box.Headed, error){
		marksOnly: c.s.opt.Box.Marks, shortHeads: c.s.opt.Box.ShortHeads, wholeHeads: c.s.opt.Box.Heads,
	}[d]
	read := func(ctx context.Context, part []at) block {
		letters, err := heads(ctx, c.sel.ref, ranges(part))
		return block{letters, err}
	}
	next := func(b block) error {
		if b.err != nil {
			return c.fault(op, b.err, "")
		}
		for _, h := range b.letters { // both ascend
			for len(list) > 0 && list[0].uid < h.UID {
				list = list[1:]
			}
			if len(list) == 0 || list[0].uid != h.UID {
				continue
			}
			if err := each(list[0], h.Row, h.Head); err != nil {
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
	parts := blocks(list, d)
	mail.Go("imap headers", func() {
		defer close(ahead)
		for part := range parts {
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
