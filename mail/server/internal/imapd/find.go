package imapd

import (
	"slices"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/digest"
)

// words is a letter to look for words in: prepared, or read as a whole.
type words interface {
	Text(digest.Term) bool
	Fields(digest.Term) bool
	Field(name string, t digest.Term) bool
}

// candidate is one letter under test, with as much of it as the search asks for.
type candidate struct {
	c *session
	at
	row    box.Row
	header *letter.Header
	words  words
}

// needs is what a search has to know of letters.
type needs struct {
	row     bool // flags, size, dates
	wide    bool // of the row also what box.Marks leaves out
	sent    bool // Date:
	fields  bool // words of the header
	text    bool // words of the letter
	letters bool // words that are prepared for no letter
}

func (n needs) words() bool { return n.fields || n.text || n.letters }

func (n *needs) add(k *key) {
	switch k.op {
	case opFlag, opLarger, opSmaller, opDate, opAge, opModSeq:
		n.row = true
	case opSaved, opEmailID:
		n.row, n.wide = true, true
	case opSent:
		n.sent = true
	case opHeader:
		n.fields = true
		n.letters = n.letters || !digest.Fieldable(k.field)
	case opBody:
		n.text = true
	case opText:
		n.fields, n.text = true, true
	}
	for _, s := range k.keys {
		n.add(s)
	}
}

// needs of a key and all below it.
func (k *key) needs() (n needs) {
	n.add(k)
	return n
}

// cheap is the part of a search that can be told without a word of a letter; it holds wherever the search does.
func (k *key) cheap() *key {
	out := &key{op: opAnd}
	if k.op != opAnd {
		return out
	}
	for _, s := range k.keys {
		if n := s.needs(); !n.words() && !n.sent {
			out.keys = append(out.keys, s)
		}
	}
	return out
}

// findIn hands each letter of an ascending list that matches to hit. progress hears of letters that are done.
func (c *session) findIn(list []at, root *key, hit func(*candidate), progress func(int) error) error {
	n := root.needs()
	try := func(m *candidate) error {
		if m.matches(root) {
			hit(m)
		}
		return progress(1)
	}
	switch {
	case n.words():
		for part := range blocks(list, shortHeads) {
			if err := c.findWords(part, root, n, hit); err != nil {
				return err
			}
			if err := progress(len(part)); err != nil {
				return err
			}
		}
		return nil
	case n.row || n.sent:
		return c.eachHead("search", list, n.depth(), func(x at, r box.Row, head []byte) error {
			return try(newCandidate(c, x, r, head))
		})
	}
	for _, x := range list {
		if err := try(&candidate{c: c, at: x}); err != nil {
			return err
		}
	}
	return nil
}

// findWords looks through one block of letters: the sieves first, then what rows tell, then the words themselves.
func (c *session) findWords(list []at, root *key, n needs, hit func(*candidate)) error {
	list, err := c.sift(list, root)
	if err != nil || len(list) == 0 {
		return err
	}
	known := make([]*candidate, 0, len(list))
	for _, x := range list {
		known = append(known, &candidate{c: c, at: x})
	}
	if n.row || n.sent {
		if known, err = c.withRows(known, n); err != nil {
			return err
		}
	}
	cheap := root.cheap()
	known = slices.DeleteFunc(known, func(m *candidate) bool { return !m.matches(cheap) })
	return c.testWords(known, root, n, hit)
}

// withRows reads the rows of letters; those that are gone are left out.
func (c *session) withRows(list []*candidate, n needs) (out []*candidate, err error) {
	part := make([]at, len(list))
	for i, m := range list {
		part[i] = m.at
	}
	err = c.eachHead("search", part, n.depth(), func(x at, r box.Row, head []byte) error {
		out = append(out, newCandidate(c, x, r, head))
		return nil
	})
	return out, err
}

// depth is how much of a letter is read for what needs no words.
func (n needs) depth() depth {
	switch {
	case n.wide:
		return wholeHeads
	case n.sent:
		return shortHeads
	}
	return marksOnly
}

func newCandidate(c *session, x at, r box.Row, head []byte) *candidate {
	m := &candidate{c: c, at: x, row: r}
	if head != nil {
		m.header = letter.ReadHeader(head)
	}
	return m
}

// sift leaves out the letters that cannot match.
func (c *session) sift(list []at, root *key) ([]at, error) {
	if !root.sifts() {
		return list, nil
	}
	rows, err := c.s.opt.Box.Digests(c.ctx, c.sel.ref, digest.Sieve, uidsOf(list))
	if err != nil {
		return nil, c.fault("search", err, "")
	}
	pass := make(map[int64]digest.Mask, len(rows))
	through := make(map[int64]mail.UID, len(rows))
	for page, row := range rows {
		if t, ok := digest.Through(page, row); ok {
			pass[page], through[page] = root.sift(row), t
		}
	}
	return slices.DeleteFunc(slices.Clone(list), func(x at) bool {
		page := digest.PageOf(x.uid)
		m := pass[page]
		return x.uid <= through[page] && !m.Has(x.uid)
	}), nil
}

// sifts reports whether a sieve can keep any letter back.
func (k *key) sifts() bool {
	switch k.op {
	case opHeader, opBody, opText:
		return k.term.Sifts()
	case opAnd:
		return slices.ContainsFunc(k.keys, (*key).sifts)
	case opOr:
		return !slices.ContainsFunc(k.keys, func(s *key) bool { return !s.sifts() })
	}
	return false
}

// sift gives the letters of a page that may match.
func (k *key) sift(row []byte) digest.Mask {
	m := digest.All()
	switch k.op {
	case opHeader, opBody, opText:
		m, _ = digest.Sift(row, k.term)
	case opAnd:
		for _, s := range k.keys {
			m.And(s.sift(row))
		}
	case opOr:
		m = digest.Mask{}
		for _, s := range k.keys {
			m.Or(s.sift(row))
		}
	}
	return m
}

// prepared are the pages of one part, opened when first asked.
type prepared struct {
	kind digest.Kind
	rows map[int64][]byte
	page int64
	open *digest.Entries
}

func (c *session) prepared(kind digest.Kind, uids []mail.UID) (*prepared, error) {
	rows, err := c.s.opt.Box.Digests(c.ctx, c.sel.ref, kind, uids)
	return &prepared{kind: kind, rows: rows, page: -1}, c.fault("search", err, "")
}

func (p *prepared) at(u mail.UID) ([]byte, bool) {
	if page := digest.PageOf(u); page != p.page {
		p.page = page
		p.open, _ = digest.Open(p.kind, p.rows[page])
	}
	if p.open == nil {
		return nil, false
	}
	return p.open.At(u)
}

// testWords tests letters by their words: prepared ones where there are such, otherwise the whole letter is read.
func (c *session) testWords(list []*candidate, root *key, n needs, hit func(*candidate)) error {
	if len(list) == 0 {
		return nil
	}
	uids := make([]mail.UID, len(list))
	for i, m := range list {
		uids[i] = m.uid
	}
	var parts [2]*prepared
	for i, need := range []bool{n.fields, n.text} {
		if !need || n.letters {
			continue
		}
		var err error
		if parts[i], err = c.prepared([]digest.Kind{digest.Fields, digest.Text}[i], uids); err != nil {
			return err
		}
	}
	var ready digest.Searched
	for _, m := range list {
		var found [2][]byte
		is := !n.letters
		for i, p := range parts {
			if p != nil && is {
				found[i], is = p.at(m.uid)
			}
		}
		if is {
			ready.Set(found[0], found[1])
			m.words = &ready
		} else if there, err := c.readWords(m); err != nil {
			return err
		} else if !there {
			continue
		}
		if m.matches(root) {
			hit(m)
		}
		if c.err != nil {
			return c.err
		}
	}
	return c.ctx.Err()
}

// readWords reads a whole letter; false when it is gone.
func (c *session) readWords(m *candidate) (bool, error) {
	rows, err := c.s.opt.Box.Rows(c.ctx, c.sel.ref, ranges([]at{m.at}))
	if err != nil || len(rows) == 0 {
		return false, c.fault("search", err, "")
	}
	raw, err := c.readAll(rows[0])
	if err != nil {
		return false, c.fault("search", err, "")
	}
	m.words = digest.Whole(raw)
	return true, nil
}

func (m *candidate) matches(k *key) bool {
	switch k.op {
	case opAll:
		return true
	case opAnd:
		return !slices.ContainsFunc(k.keys, func(s *key) bool { return !m.matches(s) })
	case opOr:
		return slices.ContainsFunc(k.keys, m.matches)
	case opNot:
		return !m.matches(k.keys[0])
	case opSet:
		return m.c.inSet(k, m.at)
	case opFlag:
		return k.flag != 0 && m.row.Flags.Has(k.flag) ||
			k.word != "" && slices.ContainsFunc(m.row.Keywords, func(w string) bool { return strings.EqualFold(w, k.word) })
	case opHeader:
		return m.words.Field(k.field, k.term)
	case opBody:
		return m.words.Text(k.term)
	case opText:
		return m.words.Text(k.term) || m.words.Fields(k.term)
	case opLarger:
		return uint64(m.row.Size) > k.n
	case opSmaller:
		return uint64(m.row.Size) < k.n
	case opDate:
		return within(m.row.Received.In(mail.Zone), k.from, k.to)
	case opSaved:
		return within(m.row.Saved.In(mail.Zone), k.from, k.to)
	case opSent:
		var head mail.Head
		m.header.Fill(&head)
		return !head.Date.IsZero() && within(head.Date, k.from, k.to)
	case opAge:
		return !m.row.Received.Before(k.from)
	case opModSeq:
		return m.row.ModSeq >= k.n
	case opEmailID:
		return emailID(m.row) == k.text
	}
	return false
}

// inSet reports whether a letter is in the set of a key, without looking at any other.
func (c *session) inSet(k *key, x at) bool {
	if k.set.saved {
		_, ok := slices.BinarySearch(c.saved, x.uid)
		return ok
	}
	if k.byUID {
		return inSpans(k.spans, uint32(x.uid))
	}
	return inSpans(k.spans, x.seq)
}

// within compares dates only, in the zone of the date itself (RFC 9051 6.4.4: disregarding time and zone). That of a
// letter's arrival is mail.Zone, in which INTERNALDATE is told.
func within(t, from, to time.Time) bool {
	y, mo, d := t.Date()
	day := time.Date(y, mo, d, 0, 0, 0, 0, time.UTC)
	return (from.IsZero() || !day.Before(from)) && (to.IsZero() || day.Before(to))
}
