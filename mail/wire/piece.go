package wire

import (
	"bytes"
	"context"
	"io"
	"strconv"

	"hopthu/mail"
)

// Piece implements sync.Piecewise: a partial fetch (RFC 9051 6.4.5, BODY.PEEK[]<off.n>).
func (m *IMAP) Piece(ctx context.Context, uid mail.UID, off, n int64, w io.Writer) (int64, error) {
	const op = "fetch part of letter"
	s, give, err := m.session(ctx, op)
	if err != nil {
		return 0, err
	}
	defer give()
	from := strconv.FormatInt(off, 10)
	c := s.cmd("UID", "FETCH", strconv.FormatUint(uint64(uid), 10), "(UID BODY.PEEK[]<"+from+"."+strconv.FormatInt(n, 10)+">)")
	count := &counting{w: writerOnly{w}, left: n}
	name := []byte("BODY[]<" + from + "> ")
	streamed, got, empty := false, false, false
	c.sink = func(before []byte, _ int64) io.Writer {
		before = bytes.TrimSuffix(before, []byte("~"))
		if streamed || !bytes.HasSuffix(bytes.ToUpper(before[max(0, len(before)-len(name)):]), name) {
			return nil
		}
		streamed = true
		return count
	}
	c.on = func(name string, r *reply, at int) error {
		if name != "FETCH" || got {
			return nil
		}
		f, err := s.fetched(r, at)
		if err != nil || f.body == nil {
			empty = empty || err == nil && f.UID == uid
			return err
		}
		if f.UID != uid {
			return broken("letter %d instead of %d", f.UID, uid)
		}
		got = true
		if !streamed {
			_, err = count.Write(f.body)
		}
		return err
	}
	if err := s.run(ctx, op, s.d.limits.Bulk, 1, only(c)); err != nil {
		return count.n, err
	}
	if !got && (!empty || off == 0) { // NIL beyond the end is no octet at all
		return 0, &mail.Fault{Kind: mail.Gone, Op: op}
	}
	return count.n, nil
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
