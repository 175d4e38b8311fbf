package imapd

import (
	"slices"
	"strconv"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
)

// selected is the open mailbox as this client knows it. Sequence numbers are positions in view: a letter that is gone
// keeps its place until the client was told.
type selected struct {
	ref      box.Ref
	name     string
	readOnly bool
	watch    *box.Watch
	view     []mail.UID
	gone     map[mail.UID]bool
	told     map[mail.UID]uint64 // flags already told, up to this modseq
	modseq   uint64
}

// at is one letter of a set: its sequence number and UID.
type at struct {
	seq uint32
	uid mail.UID
}

// tell writes what has happened since it was last called: flags, then expunges if they are allowed now, then the new
// number of messages (RFC 9051 7.5).
func (c *session) tell(allowExpunge bool) error {
	s := c.sel
	list, overflow := s.watch.Take()
	for _, ch := range list {
		if ch.Kind == box.Removed {
			return c.bye("The mailbox was deleted")
		}
	}
	grown := false
	if len(list) > 0 || overflow {
		delta, err := c.s.opt.Box.Changes(c.ctx, s.ref, s.modseq)
		if err != nil {
			return c.fault("read changes", err, "")
		}
		grown = c.apply(delta)
	}
	if allowExpunge && len(s.gone) > 0 {
		c.tellGone()
	}
	if grown {
		c.put("* ")
		c.putNum(uint64(len(s.view)))
		c.put(" EXISTS\r\n")
	}
	return nil
}

// tellGone takes vanished letters out of the view: by number, or by UID once QRESYNC is on (RFC 7162 3.2.10).
func (c *session) tellGone() {
	s := c.sel
	if c.qresync {
		var uids []mail.UID
		for _, u := range s.view {
			if s.gone[u] {
				uids = append(uids, u)
			}
		}
		c.put("* VANISHED ")
		c.putUIDs(uids)
		c.put("\r\n")
	} else {
		for i := len(s.view) - 1; i >= 0; i-- {
			if s.gone[s.view[i]] {
				c.put("* ")
				c.putNum(uint64(i) + 1)
				c.put(" EXPUNGE\r\n")
			}
		}
	}
	s.view = slices.DeleteFunc(s.view, func(u mail.UID) bool { return s.gone[u] })
	clear(s.gone)
}

// apply takes a delta into the view and writes the flags that the client does not know yet.
func (c *session) apply(d box.Delta) (grown bool) {
	s := c.sel
	for _, u := range d.Vanished {
		if _, ok := slices.BinarySearch(s.view, u); ok {
			s.gone[u] = true
		}
	}
	if d.Reload {
		there := make(map[mail.UID]bool, len(d.Rows))
		for _, r := range d.Rows {
			there[r.UID] = true
		}
		for _, u := range s.view {
			if !there[u] {
				s.gone[u] = true
			}
		}
	}
	var fresh []mail.UID
	for _, r := range d.Rows {
		i, known := slices.BinarySearch(s.view, r.UID)
		switch {
		case !known && (len(s.view) == 0 || r.UID > s.view[len(s.view)-1]):
			fresh = append(fresh, r.UID)
		case known && r.ModSeq > s.modseq && r.ModSeq > s.told[r.UID]:
			c.putFlags(uint32(i)+1, r, true)
		}
	}
	slices.Sort(fresh)
	s.view = append(s.view, fresh...)
	clear(s.told)
	s.modseq = max(s.modseq, d.HighestModSeq)
	return len(fresh) > 0
}

// putFlags writes `* n FETCH (UID u [MODSEQ (m)] FLAGS (…))`.
func (c *session) putFlags(seq uint32, r box.Row, flags bool) {
	c.put("* ")
	c.putNum(uint64(seq))
	c.put(" FETCH (UID ")
	c.putNum(uint64(r.UID))
	if c.condstore {
		c.put(" MODSEQ (")
		c.putNum(r.ModSeq)
		c.put(")")
	}
	if flags {
		c.put(" FLAGS ")
		c.putFlagList(r.Names())
	}
	c.put(")\r\n")
}

func (c *session) putFlagList(names []string) {
	c.put("(")
	for i, n := range names {
		if i > 0 {
			c.put(" ")
		}
		c.put(n)
	}
	c.put(")")
}

// resolve finds the letters of a set in the view, ascending. A sequence number that does not exist is an error
// (RFC 9051 section 9: sequence-set); a UID that does not exist is passed over. Letters that are gone and not yet told
// are left out; missed reports that there were some.
func (c *session) resolve(set numset, byUID bool) (out []at, missed bool, err error) {
	s := c.sel
	switch {
	case set.saved:
		for _, u := range c.saved {
			if i, ok := slices.BinarySearch(s.view, u); ok {
				out = append(out, at{uint32(i) + 1, u})
			}
		}
	case byUID:
		out = s.byUID(set.spans)
	default:
		n := uint32(len(s.view))
		for _, r := range set.spans {
			lo, hi := order(r.lo, r.hi, n)
			if lo == 0 || hi > n {
				return nil, false, bad("No such sequence number")
			}
			for i := lo; i <= hi; i++ {
				out = append(out, at{i, s.view[i-1]})
			}
		}
	}
	if len(set.spans) > 1 {
		slices.SortFunc(out, func(a, b at) int { return int(int64(a.seq) - int64(b.seq)) })
		out = slices.Compact(out)
	}
	if len(s.gone) == 0 {
		return out, false, nil
	}
	all := len(out)
	out = slices.DeleteFunc(out, func(a at) bool { return s.gone[a.uid] })
	return out, len(out) < all, nil
}

func (s *selected) byUID(spans []span) (out []at) {
	var last mail.UID
	if len(s.view) > 0 {
		last = s.view[len(s.view)-1]
	}
	for _, r := range spans {
		lo, hi := order(r.lo, r.hi, uint32(last))
		i, _ := slices.BinarySearch(s.view, mail.UID(lo))
		for ; i < len(s.view) && uint32(s.view[i]) <= hi; i++ {
			out = append(out, at{uint32(i) + 1, s.view[i]})
		}
	}
	return out
}

// all is every letter that is there.
func (s *selected) all() []at {
	out := make([]at, 0, len(s.view))
	for i, u := range s.view {
		if !s.gone[u] {
			out = append(out, at{uint32(i) + 1, u})
		}
	}
	return out
}

// seq is the sequence number of a letter, 0 when it is not in the view.
func (s *selected) seq(u mail.UID) uint32 {
	if i, ok := slices.BinarySearch(s.view, u); ok {
		return uint32(i) + 1
	}
	return 0
}

// order resolves * (0) to last and puts the ends of a range in order.
func order(lo, hi, last uint32) (uint32, uint32) {
	if lo == 0 {
		lo = last
	}
	if hi == 0 {
		hi = last
	}
	return min(lo, hi), max(lo, hi)
}

func uidsOf(list []at) []mail.UID {
	out := make([]mail.UID, len(list))
	for i, a := range list {
		out[i] = a.uid
	}
	return out
}

// ranges joins ascending letters into UID ranges; letters between that are not in the view would not exist.
func ranges(list []at) []box.UIDRange {
	out := []box.UIDRange{}
	for i, a := range list {
		if i > 0 && a.seq == list[i-1].seq+1 {
			out[len(out)-1].Hi = a.uid
			continue
		}
		out = append(out, box.UIDRange{Lo: a.uid, Hi: a.uid})
	}
	return out
}

// putUIDs writes UIDs in their order as a set.
func (c *conn) putUIDs(uids []mail.UID) { c.putBytes(appendSet(nil, uids)) }

// appendSet writes numbers in their order as a set, ascending neighbours joined.
func appendSet[N ~uint32](b []byte, nums []N) []byte {
	for i := 0; i < len(nums); {
		j := i
		for j+1 < len(nums) && nums[j+1] == nums[j]+1 {
			j++
		}
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendUint(b, uint64(nums[i]), 10)
		if j > i {
			b = strconv.AppendUint(append(b, ':'), uint64(nums[j]), 10)
		}
		i = j + 1
	}
	return b
}

// setText is a set for a response code.
func setText[N ~uint32](nums []N) string { return string(appendSet(nil, nums)) }
