package imapd

import (
	"io"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/server/internal/box"
)

// fetchBlock is how many letters are read from the box at a time.
const fetchBlock = 256

// need says how much of a letter a FETCH has to read.
type need uint8

const (
	needRow    need = iota // flags, size, date: no bytes
	needHeader             // the header block
	needAll
)

// needOf finds the least that answers options.
func needOf(o *imap.FetchOptions) need {
	n := needRow
	if o.Envelope {
		n = needHeader
	}
	if o.BodyStructure != nil {
		return needAll
	}
	for _, s := range o.BodySection {
		switch {
		case headerOnly(s):
			n = needHeader
		case wholeLetter(s): // streamed
		default:
			return needAll
		}
	}
	return n
}

func headerOnly(s *imap.FetchItemBodySection) bool {
	return len(s.Part) == 0 && s.Specifier == imap.PartSpecifierHeader
}

func wholeLetter(s *imap.FetchItemBodySection) bool {
	return len(s.Part) == 0 && s.Specifier == imap.PartSpecifierNone
}

// Fetch answers FETCH in blocks, so that no more than one letter is in memory beside a block of rows.
func (c *session) Fetch(w *imapserver.FetchWriter, set imap.NumSet, o *imap.FetchOptions) error {
	if len(o.BinarySection)+len(o.BinarySectionSize) > 0 {
		return bad("BINARY is not offered")
	}
	list, err := c.sel.resolve(set)
	if err != nil {
		return err
	}
	if err := c.markSeen(list, o); err != nil {
		return err
	}
	for len(list) > 0 {
		n := min(len(list), fetchBlock)
		if err := c.fetchBlock(w, list[:n], o); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}

// markSeen sets \Seen where a body is fetched without PEEK (RFC 9051 6.4.5); then the flags are part of the answer.
func (c *session) markSeen(list []at, o *imap.FetchOptions) error {
	peek := true
	for _, s := range o.BodySection {
		peek = peek && s.Peek
	}
	if peek || c.sel.readOnly || len(list) == 0 {
		return nil
	}
	o.Flags = true
	st, err := c.s.opt.Box.Store(c.ctx, c.sel.ref, uidsOf(list), box.FlagChange{Mode: box.Add, Flags: mail.Seen})
	if err != nil {
		return c.fault("mark as read", err, "")
	}
	c.remember(st.Rows)
	return nil
}

// remember keeps from being told twice what the answer of the command tells.
func (c *session) remember(rows []box.Row) {
	for _, r := range rows {
		c.sel.told[r.UID] = r.ModSeq
	}
}

func (c *session) fetchBlock(w *imapserver.FetchWriter, list []at, o *imap.FetchOptions) error {
	rows, err := c.s.opt.Box.Rows(c.ctx, c.sel.ref, c.sel.ranges(list))
	if err != nil {
		return c.fault("fetch", err, "")
	}
	seq := make(map[mail.UID]uint32, len(list))
	for _, a := range list {
		seq[a.uid] = a.seq
	}
	n := needOf(o)
	if n == needHeader {
		err = c.s.opt.Box.Headers(c.ctx, c.sel.ref, rows, func(r box.Row, header []byte) error {
			return c.write(w, seq[r.UID], r, o, header, header)
		})
		return c.answerErr("fetch", err)
	}
	for _, r := range rows {
		var raw []byte
		if n == needAll {
			if raw, err = c.readAll(r); err != nil {
				return c.fault("fetch", err, "")
			}
		}
		if err := c.write(w, seq[r.UID], r, o, headerBlock(raw), raw); err != nil {
			return c.answerErr("fetch", err)
		}
	}
	return nil
}

// answerErr leaves errors that are answers or broken connections as they are.
func (c *session) answerErr(op string, err error) error {
	if err == nil || c.ctx.Err() != nil {
		return err
	}
	return c.fault(op, err, "")
}

func (c *session) readAll(r box.Row) ([]byte, error) {
	rd, err := c.s.opt.Box.Open(c.ctx, r)
	if err != nil {
		return nil, err
	}
	raw := make([]byte, rd.Size)
	_, err = io.ReadFull(rd, raw)
	if cerr := rd.Close(); err == nil {
		err = cerr
	}
	return raw, err
}

// write answers for one letter. seq is 0 when it is not in the view, then nothing is written.
func (c *session) write(w *imapserver.FetchWriter, seq uint32, r box.Row, o *imap.FetchOptions, header, raw []byte) error {
	if seq == 0 {
		return nil
	}
	m := w.CreateMessage(seq)
	if o.UID {
		m.WriteUID(imap.UID(r.UID))
	}
	if o.Flags {
		m.WriteFlags(flagsOf(r))
	}
	if o.InternalDate {
		m.WriteInternalDate(r.Received)
	}
	if o.RFC822Size {
		m.WriteRFC822Size(r.Size)
	}
	if o.Envelope {
		m.WriteEnvelope(envelope(letter.ReadHeader(header)))
	}
	if o.BodyStructure != nil {
		m.WriteBodyStructure(structure(raw))
	}
	var err error
	for _, s := range o.BodySection {
		if err = c.writeSection(m, s, r, header, raw); err != nil {
			break
		}
	}
	if cerr := m.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		// Half an answer is out: the client can only be saved by a new connection.
		c.cancel()
	}
	return err
}

// writeSection writes one BODY[…]. The whole letter is copied from the store piece by piece.
func (c *session) writeSection(m *imapserver.FetchResponseWriter, s *imap.FetchItemBodySection, r box.Row, header, raw []byte) error {
	if !wholeLetter(s) {
		var data []byte
		if headerOnly(s) {
			data = pickFields(header, s)
		} else {
			data = section(raw, s)
		}
		data = cut(data, s.Partial)
		wc := m.WriteBodySection(s, int64(len(data)))
		_, err := wc.Write(data)
		if cerr := wc.Close(); err == nil {
			err = cerr
		}
		return err
	}
	rd, err := c.s.opt.Box.Open(c.ctx, r)
	if err != nil {
		return err
	}
	off, size := int64(0), rd.Size
	if s.Partial != nil {
		off = min(max(s.Partial.Offset, 0), size)
		size = min(max(s.Partial.Size, 0), size-off)
	}
	wc := m.WriteBodySection(s, size)
	_, err = io.CopyN(wc, io.NewSectionReader(rd, off, size), size)
	for _, cerr := range []error{wc.Close(), rd.Close()} {
		if err == nil {
			err = cerr
		}
	}
	return err
}

// cut takes a partial range (RFC 9051 6.4.5: <origin.size>) out of data.
func cut(data []byte, p *imap.SectionPartial) []byte {
	if p == nil {
		return data
	}
	n := int64(len(data))
	lo := min(max(p.Offset, 0), n)
	return data[lo : lo+min(max(p.Size, 0), n-lo)]
}
