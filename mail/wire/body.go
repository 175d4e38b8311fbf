package wire

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strconv"

	"hopthu/mail"
)

// Body implements sync.Remote. The letter goes from the socket to w; it is never held in memory.
func (m *IMAP) Body(ctx context.Context, uid mail.UID, w io.Writer) error {
	const op = "read letter"
	came, _, err := m.stream(ctx, op, uid, "", "", writerOnly{w})
	if err == nil && !came {
		err = &mail.Fault{Kind: mail.Gone, Op: op}
	}
	return err
}

// Piece implements sync.Piecewise: a partial fetch (RFC 9051 6.4.5, BODY.PEEK[]<off.n>).
func (m *IMAP) Piece(ctx context.Context, uid mail.UID, off, n int64, w io.Writer) (int64, error) {
	const op = "fetch part of letter"
	from := strconv.FormatInt(off, 10)
	count := &counting{w: writerOnly{w}, left: n}
	came, there, err := m.stream(ctx, op, uid, "<"+from+"."+strconv.FormatInt(n, 10)+">", "<"+from+">", count)
	if err == nil && !came && (!there || off == 0) { // NIL beyond the end is no octet at all
		err = &mail.Fault{Kind: mail.Gone, Op: op}
	}
	return count.n, err
}

// stream lets one letter, or the part of it that is asked for and answered with these marks, run from the socket to w.
// came says that it did; there, that the letter is there and has no such part.
func (m *IMAP) stream(ctx context.Context, op string, uid mail.UID, asked, answered string, w io.Writer) (came, there bool, err error) {
	s, give, err := m.session(ctx, op)
	if err != nil {
		return false, false, err
	}
	defer give()
	c := s.cmd("UID", "FETCH", strconv.FormatUint(uint64(uid), 10), "(UID BODY.PEEK[]"+asked+")")
	streamed := false
	c.sink = func(before []byte, _ int64) io.Writer {
		if streamed || !bodyFollows(before, answered) {
			return nil
		}
		streamed = true
		return w
	}
	c.on = func(name string, r *reply, at int) error {
		if name != "FETCH" || came {
			return nil
		}
		f, err := s.fetched(r, at)
		if err != nil {
			return err
		}
		if f.body == nil {
			there = there || f.UID == uid
			return nil
		}
		if f.UID != uid {
			return broken("letter %d instead of %d", f.UID, uid)
		}
		came = true
		if !streamed {
			_, err = w.Write(f.body)
		}
		return err
	}
	err = s.run(ctx, op, s.d.limits.Bulk, 1, only(c))
	return came, there, err
}

// bodyFollows reports whether the literal behind this text is a letter, or the part of it with this mark.
func bodyFollows(before []byte, part string) bool {
	name := "BODY[]" + part + " "
	before = bytes.TrimSuffix(before, []byte("~")) // RFC 9051 9, literal8
	return bytes.EqualFold(before[max(0, len(before)-len(name)):], []byte(name))
}

// Bodies implements sync.Batched: one FETCH for all.
func (m *IMAP) Bodies(ctx context.Context, uids []mail.UID, most int64, each func(mail.UID, []byte) error) error {
	const op = "read letters"
	s, give, err := m.session(ctx, op)
	if err != nil {
		return err
	}
	defer give()
	due := make(map[mail.UID]bool, len(uids))
	for _, u := range uids {
		due[u] = true
	}
	var cmds []*command
	var cur bytes.Buffer
	var held int64
	var failed error
	streamed, passed := false, false
	sink := func(before []byte, size int64) io.Writer {
		if streamed || !bodyFollows(before, "") {
			return nil
		}
		streamed = true
		cur.Reset()
		if passed = size > most-held; passed { // read and thrown away: it is not kept in memory
			return io.Discard
		}
		held += size
		return &cur
	}
	on := func(name string, r *reply, at int) error {
		if name != "FETCH" {
			return nil
		}
		whole, left := streamed, passed
		streamed, passed = false, false
		f, err := s.fetched(r, at)
		if err != nil || f.body == nil || !due[f.UID] || left || failed != nil {
			return err
		}
		delete(due, f.UID)
		raw := f.body
		if whole {
			raw = cur.Bytes()
		}
		failed = each(f.UID, bytes.Clone(raw))
		return nil
	}
	for _, b := range sets(uids, setBlock) {
		c := s.cmd("UID", "FETCH", b.text, "(UID BODY.PEEK[])")
		c.on, c.sink = on, sink
		cmds = append(cmds, c)
	}
	if err := s.run(ctx, op, s.d.limits.Bulk, 1, oneByOne(cmds)); err != nil {
		return err
	}
	return callerFault(op, failed)
}

// writerOnly marks an error of the caller's writer, so that it is not taken for the network's.
type writerOnly struct{ w io.Writer }

func (o writerOnly) Write(p []byte) (int, error) {
	n, err := o.w.Write(p)
	if err != nil {
		err = mail.AsFault("keep letter", fmt.Errorf("write letter: %w", err))
	}
	return n, err
}

// counting counts what passes and lets no more pass than was asked for: a server that sends more is out of step.
type counting struct {
	w       io.Writer
	n, left int64
}

func (c *counting) Write(p []byte) (int, error) {
	if int64(len(p)) > c.left {
		return 0, broken("more octets than were asked for")
	}
	n, err := c.w.Write(p)
	c.n += int64(n)
	c.left -= int64(n)
	return n, err
}
