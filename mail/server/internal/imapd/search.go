package imapd

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/viet"
)

// Search answers SEARCH (RFC 9051 6.4.4). Words without Vietnamese marks find words with and without them; typed
// marks must be there.
func (c *session) Search(kind imapserver.NumKind, criteria *imap.SearchCriteria, o *imap.SearchOptions) (*imap.SearchData, error) {
	if o.ReturnSave {
		return nil, bad("SEARCHRES is not offered")
	}
	list := make([]at, 0, len(c.sel.view))
	for i, u := range c.sel.view {
		if !c.sel.gone[u] {
			list = append(list, at{uint32(i) + 1, u})
		}
	}
	list, err := c.narrow(list, criteria)
	if err != nil {
		return nil, err
	}
	found := make([]at, 0, 16)
	for len(list) > 0 {
		n := min(len(list), fetchBlock)
		hits, err := c.searchBlock(list[:n], criteria)
		if err != nil {
			return nil, err
		}
		found = append(found, hits...)
		list = list[n:]
	}
	return searchData(kind, found), nil
}

func searchData(kind imapserver.NumKind, found []at) *imap.SearchData {
	d := &imap.SearchData{Count: uint32(len(found))}
	nums := make([]uint32, len(found))
	for i, a := range found {
		nums[i] = a.seq
		if kind == imapserver.NumKindUID {
			nums[i] = uint32(a.uid)
		}
	}
	if len(nums) > 0 {
		d.Min, d.Max = nums[0], nums[len(nums)-1]
	}
	if kind == imapserver.NumKindUID {
		set := uidSet(uidsOf(found))
		if set == nil {
			set = imap.UIDSet{}
		}
		d.All = set
		return d
	}
	set := seqSet(nums)
	if set == nil {
		set = imap.SeqSet{}
	}
	d.All = set
	return d
}

// narrow applies what needs no row: sets of numbers, and a Message-ID, for which the box has an index.
func (c *session) narrow(list []at, q *imap.SearchCriteria) ([]at, error) {
	for _, set := range q.UID {
		in, err := c.sel.resolve(set)
		if err != nil {
			return nil, err
		}
		list = intersect(list, in)
	}
	for _, set := range q.SeqNum {
		in, err := c.sel.resolve(set)
		if err != nil {
			return nil, err
		}
		list = intersect(list, in)
	}
	for _, h := range q.Header {
		id := strings.TrimSpace(h.Value)
		if !strings.EqualFold(h.Key, "Message-Id") || !strings.HasPrefix(id, "<") || !strings.HasSuffix(id, ">") {
			continue
		}
		uids, err := c.s.opt.Box.FindMessageID(c.ctx, c.sel.ref, strings.Trim(id, "<>"))
		if err != nil {
			return nil, c.fault("search", err, "")
		}
		list = slices.DeleteFunc(list, func(a at) bool { return !slices.Contains(uids, a.uid) })
	}
	return list, nil
}

func intersect(a, b []at) []at {
	in := make(map[mail.UID]bool, len(b))
	for _, x := range b {
		in[x.uid] = true
	}
	return slices.DeleteFunc(a, func(x at) bool { return !in[x.uid] })
}

// searchBlock tests one block of letters, reading of each no more than the criteria ask for.
func (c *session) searchBlock(list []at, q *imap.SearchCriteria) ([]at, error) {
	rows, err := c.s.opt.Box.Rows(c.ctx, c.sel.ref, c.sel.ranges(list))
	if err != nil {
		return nil, c.fault("search", err, "")
	}
	seq := make(map[mail.UID]uint32, len(list))
	for _, a := range list {
		seq[a.uid] = a.seq
	}
	var hits []at
	n := needToSearch(q)
	if n == needHeader {
		err = c.s.opt.Box.Headers(c.ctx, c.sel.ref, rows, func(r box.Row, header []byte) error {
			m := &candidate{c: c, seq: seq[r.UID], row: r, header: letter.ReadHeader(header)}
			if m.seq != 0 && m.matches(q) {
				hits = append(hits, at{m.seq, r.UID})
			}
			return nil
		})
		return hits, c.answerErr("search", err)
	}
	for _, r := range rows {
		m := &candidate{c: c, seq: seq[r.UID], row: r}
		if n == needAll && m.seq != 0 {
			raw, err := c.readAll(r)
			if err != nil {
				return nil, c.fault("search", err, "")
			}
			m.header, m.raw = letter.ReadHeader(raw), raw
		}
		if m.seq != 0 && m.matches(q) {
			hits = append(hits, at{m.seq, r.UID})
		}
	}
	return hits, nil
}

func needToSearch(q *imap.SearchCriteria) need {
	n := needRow
	if len(q.Header) > 0 || !q.SentSince.IsZero() || !q.SentBefore.IsZero() {
		n = needHeader
	}
	if len(q.Body)+len(q.Text) > 0 {
		return needAll
	}
	for i := range q.Not {
		n = max(n, needToSearch(&q.Not[i]))
	}
	for i := range q.Or {
		n = max(n, needToSearch(&q.Or[i][0]), needToSearch(&q.Or[i][1]))
	}
	return n
}

// candidate is one letter under test.
type candidate struct {
	c      *session
	seq    uint32
	row    box.Row
	header *letter.Header
	raw    []byte
	text   *string // searchable text, made when first asked for
}

func (m *candidate) matches(q *imap.SearchCriteria) bool {
	return m.matchRow(q) && m.matchHeader(q) && m.matchText(q) && m.matchLogic(q)
}

func (m *candidate) matchRow(q *imap.SearchCriteria) bool {
	for _, set := range q.SeqNum {
		if !m.in(set) {
			return false
		}
	}
	for _, set := range q.UID {
		if !m.in(set) {
			return false
		}
	}
	for _, f := range q.Flag {
		if !m.has(f) {
			return false
		}
	}
	for _, f := range q.NotFlag {
		if m.has(f) {
			return false
		}
	}
	return within(m.row.Received, q.Since, q.Before) &&
		(q.Larger == 0 || m.row.Size > q.Larger) && (q.Smaller == 0 || m.row.Size < q.Smaller)
}

// in reports whether the letter is in the set, without looking at any other.
func (m *candidate) in(set imap.NumSet) bool {
	view := m.c.sel.view
	if len(view) == 0 {
		return false
	}
	switch set := set.(type) {
	case imap.SeqSet:
		for _, r := range set {
			if lo, hi := order(r.Start, r.Stop, uint32(len(view))); lo <= m.seq && m.seq <= hi {
				return true
			}
		}
	case imap.UIDSet:
		for _, r := range set {
			lo, hi := order(uint32(r.Start), uint32(r.Stop), uint32(view[len(view)-1]))
			if uid := uint32(m.row.UID); lo <= uid && uid <= hi {
				return true
			}
		}
	}
	return false
}

func (m *candidate) has(f imap.Flag) bool {
	for _, n := range m.row.Names() {
		if strings.EqualFold(n, string(f)) {
			return true
		}
	}
	return false
}

func (m *candidate) matchHeader(q *imap.SearchCriteria) bool {
	if !q.SentSince.IsZero() || !q.SentBefore.IsZero() {
		var head mail.Head
		m.header.Fill(&head)
		if head.Date.IsZero() || !within(head.Date, q.SentSince, q.SentBefore) {
			return false
		}
	}
	for _, h := range q.Header {
		found := false
		for _, v := range m.header.All(h.Key) {
			found = found || h.Value == "" || contains(v, h.Value)
		}
		if !found {
			return false
		}
	}
	return true
}

func (m *candidate) matchText(q *imap.SearchCriteria) bool {
	for _, t := range q.Body {
		if !contains(m.searchText(), t) {
			return false
		}
	}
	for _, t := range q.Text {
		if !contains(m.searchText(), t) && !m.headerHas(t) {
			return false
		}
	}
	return true
}

func (m *candidate) headerHas(t string) bool {
	for _, f := range m.header.Fields() {
		if contains(f.Name+": "+f.Value, t) {
			return true
		}
	}
	return false
}

func (m *candidate) matchLogic(q *imap.SearchCriteria) bool {
	for i := range q.Not {
		if m.matches(&q.Not[i]) {
			return false
		}
	}
	for i := range q.Or {
		if !m.matches(&q.Or[i][0]) && !m.matches(&q.Or[i][1]) {
			return false
		}
	}
	return true
}

// within compares dates only, in the zone of the letter's own date (RFC 9051 6.4.4: disregarding time and zone).
func within(t, since, before time.Time) bool {
	y, mo, d := t.Date()
	day := time.Date(y, mo, d, 0, 0, 0, 0, time.UTC)
	return (since.IsZero() || !day.Before(dayOf(since))) && (before.IsZero() || day.Before(dayOf(before)))
}

func dayOf(t time.Time) time.Time {
	y, mo, d := t.Date()
	return time.Date(y, mo, d, 0, 0, 0, 0, time.UTC)
}

// contains is the comparison of SEARCH: without case always; without marks only when the term has none.
func contains(text, term string) bool {
	if term = viet.NFC(term); hasMarks(term) {
		return strings.Contains(strings.ToLower(viet.NFC(text)), strings.ToLower(term))
	}
	return strings.Contains(viet.Fold(text), viet.Fold(term))
}

func hasMarks(s string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }), viet.IsMarked)
}

// searchText is the readable text of the letter, NFC, made when first asked for.
func (m *candidate) searchText() string {
	if m.text == nil {
		s := letter.SearchText(letter.Parse(m.raw))
		m.text = &s
	}
	return *m.text
}
