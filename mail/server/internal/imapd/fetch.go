package imapd

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/digest"
)

// fetchBlock is how many letters are read from the box at a time.
const fetchBlock = 256

// need says how much of a letter a command has to read.
type need uint8

const (
	needRow    need = iota // flags, size, date: no bytes
	needHeader             // the header block
	needAll
)

// needOf finds the least that answers the items; a whole letter alone is streamed.
func needOf(items []item) need {
	n := needRow
	for _, it := range items {
		switch it.what {
		case itemEnvelope:
			n = max(n, needHeader)
		case itemBody, itemBodyStructure, itemPreview, itemBinary, itemBinarySize:
			return needAll
		case itemSection:
			switch {
			case it.path == "" && strings.HasPrefix(it.spec, "HEADER"):
				n = max(n, needHeader)
			case it.path == "" && it.spec == "":
			default:
				return needAll
			}
		}
	}
	return n
}

// depthOf is the least that answers items for which no more than a header is needed.
func depthOf(items []item) depth {
	d := marksOnly
	for _, it := range items {
		switch it.what {
		case itemEmailID, itemSaveDate:
			return wholeHeads
		case itemEnvelope:
			d = max(d, shortHeads)
		case itemSection:
			if it.spec != "HEADER.FIELDS" || slices.ContainsFunc(it.fields, func(f string) bool { return !digest.Lists(f) }) {
				return wholeHeads
			}
			d = max(d, shortHeads)
		}
	}
	return d
}

// streamed reports whether a whole letter is among the items.
func streamed(items []item) bool {
	return slices.ContainsFunc(items, func(it item) bool { return it.what == itemSection && it.path == "" && it.spec == "" })
}

// fetch answers FETCH in blocks, so that no more than one letter is in memory beside a block of rows.
func (c *session) fetch(_ *command, p *parser) error {
	a, err := parseFetch(p)
	if err != nil {
		return err
	}
	if a.vanished && (!c.uid || a.since == nil || !c.qresync) || a.window != nil && !c.uid {
		return bad("Not with this command") // RFC 7162 3.2.6, RFC 9394 3.3
	}
	list, missed, err := c.resolve(a.set, c.uid)
	if err != nil {
		return err
	}
	if missed && !c.uid {
		c.code = "EXPUNGEISSUED"
	}
	if a.window != nil {
		lo, hi := a.window.cut(len(list))
		list = list[lo:hi]
	}
	c.complete(&a)
	if a.since != nil {
		if list, err = c.changed(&a, list); err != nil {
			return err
		}
	}
	marks := !c.sel.readOnly && slices.ContainsFunc(a.items, func(it item) bool { return it.seen })
	left := len(list) // letters that are gone by now are passed over
	defer func() {
		if left > 0 && !c.uid {
			c.code = "EXPUNGEISSUED" // RFC 5530 3
		}
	}()
	if needs := needOf(a.items); !marks && (needs == needHeader || needs == needRow && !streamed(a.items)) {
		return c.eachHead("fetch", list, depthOf(a.items), func(x at, r box.Row, head []byte) error {
			left--
			c.putLetter(x.seq, r, a.items, head, nil)
			return c.err
		})
	}
	var refused error // of letters that could not be answered for; the others are
	for part := range slices.Chunk(list, fetchBlock) {
		n, err := c.fetchRows(part, a.items)
		if left -= n; errors.Is(err, errUnknownCTE) {
			refused = err
		} else if err != nil {
			return err
		}
	}
	return refused
}

// complete adds the items that the answer holds without being asked for.
func (c *session) complete(a *fetchArgs) {
	has := func(w what) bool { return slices.ContainsFunc(a.items, func(it item) bool { return it.what == w }) }
	if a.since != nil || has(itemModSeq) {
		c.enableModSeq()
	}
	if c.uid && !has(itemUID) {
		a.items = append([]item{{what: itemUID, name: "UID"}}, a.items...)
	}
	if a.since != nil && !has(itemModSeq) {
		a.items = append(a.items, item{what: itemModSeq, name: "MODSEQ"})
	}
}

// changed narrows a list to what changed, and tells what vanished (RFC 7162 3.2.6). What vanished and still stands in
// the view is told as ever, with the end of the command.
func (c *session) changed(a *fetchArgs, list []at) ([]at, error) {
	v, err := c.s.opt.Box.View(c.ctx, c.sel.ref, *a.since)
	if err != nil {
		return nil, c.fault("fetch", err, "")
	}
	if a.vanished && !a.set.saved {
		top := uint32(v.UIDNext - 1)
		if gone := without(vanished(v, a.set.united(top)), c.sel.view); len(gone) > 0 {
			c.put("* VANISHED (EARLIER) ", spansText(gone), "\r\n")
		}
	}
	fresh := make(map[mail.UID]bool, len(v.Rows))
	for _, r := range v.Rows {
		fresh[r.UID] = true
	}
	return slices.DeleteFunc(list, func(x at) bool { return !fresh[x.uid] }), nil
}

// without takes UIDs out of ranges.
func without(list []span, uids []mail.UID) (out []span) {
	for _, s := range list {
		i, _ := slices.BinarySearch(uids, mail.UID(s.lo))
		lo := s.lo
		for ; i < len(uids) && uint32(uids[i]) <= s.hi; i++ {
			if u := uint32(uids[i]); u > lo {
				out = append(out, span{lo, u - 1})
			}
			lo = uint32(uids[i]) + 1
		}
		if lo <= s.hi {
			out = append(out, span{lo, s.hi})
		}
	}
	return out
}

// fetchRows answers for a block of letters; there is how many of them were still there.
func (c *session) fetchRows(list []at, items []item) (there int, err error) {
	rows, err := c.s.opt.Box.Rows(c.ctx, c.sel.ref, ranges(list))
	if err != nil {
		return 0, c.fault("fetch", err, "")
	}
	seq := make(map[mail.UID]uint32, len(list))
	for _, a := range list {
		seq[a.uid] = a.seq
	}
	rows = slices.DeleteFunc(rows, func(r box.Row) bool { return seq[r.UID] == 0 })
	there = len(rows)
	rows, refused, err := c.decodable(rows, items)
	if err != nil {
		return there, err
	}
	rows, items, err = c.markSeen(rows, items)
	if err != nil {
		return there, err
	}
	if err := c.putRows(seq, rows, items); err != nil {
		return there, err
	}
	return there, refused
}

// putRows answers for the letters of one block.
func (c *session) putRows(seq map[mail.UID]uint32, rows []box.Row, items []item) (err error) {
	n := needOf(items)
	if n == needHeader {
		err = c.s.opt.Box.Headers(c.ctx, c.sel.ref, rows, func(r box.Row, header []byte) error {
			c.putLetter(seq[r.UID], r, items, header, nil)
			return c.err
		})
		return c.fault("fetch", err, "")
	}
	for _, r := range rows {
		var raw []byte
		if n == needAll {
			if raw, err = c.readAll(r); err != nil {
				return c.fault("fetch", err, "")
			}
		}
		c.putLetter(seq[r.UID], r, items, raw, raw)
		if c.err != nil {
			return c.err
		}
	}
	return nil
}

// markSeen sets \Seen where a body is fetched without PEEK (RFC 9051 6.4.5); then the flags are part of the answer.
func (c *session) markSeen(rows []box.Row, items []item) ([]box.Row, []item, error) {
	if c.sel.readOnly || !slices.ContainsFunc(items, func(it item) bool { return it.seen }) {
		return rows, items, nil
	}
	var unseen []mail.UID
	for _, r := range rows {
		if !r.Flags.Has(mail.Seen) {
			unseen = append(unseen, r.UID)
		}
	}
	if unseen == nil {
		return rows, items, nil
	}
	st, err := c.s.opt.Box.Store(c.ctx, c.sel.ref, unseen, box.FlagChange{Mode: box.Add, Flags: mail.Seen})
	switch kind := mail.KindOf(err); {
	case kind == mail.DiskFull || kind == mail.NoPermission || kind == mail.TryLater && c.ctx.Err() == nil: // what is there can be read all the same
		return rows, items, nil
	case err != nil:
		return nil, nil, c.fault("mark as read", err, "")
	}
	c.remember(st, false)
	now := make(map[mail.UID]box.Row, len(st.Rows))
	for _, r := range st.Rows {
		now[r.UID] = r
	}
	for i, r := range rows {
		if fresh, ok := now[r.UID]; ok {
			rows[i] = fresh
		}
	}
	for _, w := range []what{itemFlags, itemModSeq} {
		if w == itemModSeq && !c.condstore || slices.ContainsFunc(items, func(it item) bool { return it.what == w }) {
			continue
		}
		name := "FLAGS"
		if w == itemModSeq {
			name = "MODSEQ"
		}
		items = append(slices.Clone(items), item{what: w, name: name})
	}
	return rows, items, nil
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

// putLetter answers for one letter. header begins with its header block; raw is all of it when that was needed.
func (c *session) putLetter(seq uint32, r box.Row, items []item, header, raw []byte) {
	if slices.ContainsFunc(items, func(it item) bool { return it.what == itemFlags }) {
		c.nameKeywords(r)
	}
	c.put("* ")
	c.putNum(uint64(seq))
	c.put(" FETCH (")
	var s *letter.Structure
	tree := func() *letter.Structure {
		if s == nil {
			s = letter.ReadStructure(raw)
		}
		return s
	}
	for i, it := range items {
		if i > 0 {
			c.put(" ")
		}
		switch it.what {
		case itemSection:
			c.putSection(it, r, header, raw)
			continue
		case itemBinary, itemBinarySize:
			c.putBinary(it, raw)
			continue
		}
		c.put(it.name, " ")
		switch it.what {
		case itemUID:
			c.putNum(uint64(r.UID))
		case itemFlags:
			c.putFlagList(r.Names())
		case itemDate:
			c.put(`"`, imapDate(r.Received), `"`)
		case itemSize:
			c.putNum(uint64(r.Size))
		case itemModSeq:
			c.put("(")
			c.putNum(r.ModSeq)
			c.put(")")
		case itemEmailID:
			c.put("(", emailID(r), ")")
		case itemThreadID:
			c.put("NIL")
		case itemSaveDate:
			if r.Saved.IsZero() {
				c.put("NIL")
				continue
			}
			c.put(`"`, imapDate(r.Saved), `"`)
		case itemEnvelope:
			c.putEnvelope(letter.ReadEnvelope(letter.ReadHeader(header)))
		case itemBody, itemBodyStructure:
			c.putStructure(tree(), it.what == itemBodyStructure)
		case itemPreview:
			c.putUTF8(letter.Preview(letter.Parse(raw)))
		}
	}
	c.put(")\r\n")
}

// putUTF8 writes text that is UTF-8 in every mode (RFC 8970 3.1).
func (c *conn) putUTF8(s string) {
	if quotable(s, false) {
		c.putString(s)
		return
	}
	c.putLiteral([]byte(strings.ReplaceAll(s, "\x00", " "))) // RFC 9051 9: no CHAR8 is NUL
}

// contentID is a name for the bytes of a letter.
func contentID(r box.Row) string {
	h := sha256.New()
	h.Write(r.Blob[:])
	h.Write(r.Prefix)
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// putSection writes one BODY[…]. A whole letter is copied from the store piece by piece.
func (c *session) putSection(it item, r box.Row, header, raw []byte) {
	c.put(it.name, " ")
	if it.path == "" && it.spec == "" && raw == nil {
		c.streamLetter(it, r)
		return
	}
	var data []byte
	ok := true
	switch {
	case it.path == "" && it.spec == "HEADER":
		data = letter.ReadHeader(header).Bytes()
	case it.path == "" && it.fields != nil:
		data = letter.ReadHeader(header).Select(it.fields, strings.HasSuffix(it.spec, ".NOT"))
	case it.path == "" && it.spec == "":
		data = raw
	case it.fields != nil:
		var block []byte
		if block, ok = letter.Section(raw, it.path, "HEADER"); ok {
			data = letter.ReadHeader(block).Select(it.fields, strings.HasSuffix(it.spec, ".NOT"))
		}
	default:
		data, ok = letter.Section(raw, it.path, it.spec)
	}
	if !ok { // RFC 9051 6.4.5: a part that is not there
		c.put("NIL")
		return
	}
	c.putLiteral(cut(data, it))
}

// streamLetter writes a letter, or a range of it, without holding it.
func (c *session) streamLetter(it item, r box.Row) {
	rd, err := c.s.opt.Box.Open(c.ctx, r)
	if err != nil {
		c.broken(err)
		return
	}
	off, size := int64(0), rd.Size
	if it.partial {
		off = min(it.off, size)
		size = min(it.n, size-off)
	}
	c.put(fmt.Sprintf("{%d}\r\n", size))
	buf := make([]byte, pieceSize)
	for size > 0 && c.err == nil {
		n, err := rd.ReadAt(buf[:min(size, pieceSize)], off)
		if err != nil && (n == 0 || err != io.EOF) { //nolint:errorlint // io.ReaderAt gives it as it is
			c.broken(err)
			break
		}
		c.putBytes(buf[:n])
		off += int64(n)
		size -= int64(n)
	}
	if err := rd.Close(); err != nil {
		c.broken(err)
	}
}

// broken ends a connection in whose middle of an answer the bytes are missing: nothing else can be understood.
func (c *session) broken(err error) {
	c.s.opt.Log.Error("imap fetch", "err", err)
	if c.err == nil {
		c.err = fmt.Errorf("fetch: %w", err)
	}
	c.cancel()
}

// cut takes a partial range (RFC 9051 6.4.5: <origin.size>) out of data.
func cut(data []byte, it item) []byte {
	if !it.partial {
		return data
	}
	n := int64(len(data))
	lo := min(it.off, n)
	return data[lo : lo+min(it.n, n-lo)]
}

// putBinary writes a part decoded (RFC 3516, RFC 9051 6.4.5). A part that is not there is told as NIL.
func (c *session) putBinary(it item, raw []byte) {
	c.put(it.name, " ")
	var data []byte
	rd, err := letter.OpenPart(raw, it.path)
	if err == nil {
		data, err = io.ReadAll(rd)
	}
	switch {
	case err != nil && it.what == itemBinarySize:
		c.put("0")
	case err != nil:
		c.put("NIL")
	case it.what == itemBinarySize:
		c.putNum(uint64(len(data)))
	default:
		if data = cut(data, it); bytes.IndexByte(data, 0) >= 0 {
			c.put("~")
		}
		c.putLiteral(data)
	}
}
