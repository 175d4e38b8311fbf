package imapd

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
)

// maxWords is how many keywords of a mailbox a session keeps in mind.
const maxWords = 1000

// selected is the open mailbox as this client knows it. Sequence numbers are positions in view: a letter that is gone
// keeps its place until the client was told. Both lists may be those of other sessions too: neither is ever changed in
// place.
type selected struct {
	ref      box.Ref
	room     *room
	role     mail.Role
	readOnly bool
	watch    *box.Watch
	view     []mail.UID          // what the client counts
	now      []mail.UID          // what there is at modseq; all of it stands in view
	told     map[mail.UID]uint64 // letters whose flags were told as of this modseq
	silent   map[mail.UID]uint64 // letters whose flags the client itself set so, at this modseq
	words    map[string]string   // keywords that FLAGS named, by their lower case
	modseq   uint64
	stale    bool // something happened that was not read yet
}

// at is one letter of a set: its sequence number and UID.
type at struct {
	seq uint32
	uid mail.UID
}

// pending is how many letters are gone without the client knowing.
func (s *selected) pending() int { return len(s.view) - len(s.now) }

func (s *selected) gone(u mail.UID) bool {
	if s.pending() == 0 {
		return false
	}
	_, there := slices.BinarySearch(s.now, u)
	return !there
}

// tell writes what has happened since it was last called: flags, then expunges if they are allowed now, then the new
// number of messages (RFC 9051 7.5).
func (c *session) tell(allowExpunge bool) error {
	s := c.sel
	list, overflow := s.watch.Take()
	s.stale = s.stale || overflow || len(list) > 0
	s.heard(list)
	grown, known := false, s.last()
	if s.stale {
		v, err := c.s.opt.Box.View(c.ctx, s.ref, s.modseq)
		if mail.KindOf(err) == mail.NoFolder {
			return c.bye("The mailbox was deleted")
		}
		if err != nil {
			return c.fault("read changes", err, "")
		}
		s.stale = false
		grown = c.apply(v)
	}
	if allowExpunge && s.pending() > 0 {
		c.tellGone()
	}
	if grown {
		c.put("* ")
		c.putNum(uint64(len(s.view)))
		c.put(" EXISTS\r\n")
		return c.putFresh(known)
	}
	return nil
}

// heard forgets that the client knows flags it set itself where somebody else changed the same letter meanwhile.
func (s *selected) heard(list []box.Change) {
	if len(s.silent) == 0 {
		return
	}
	for _, ch := range list {
		if ch.Kind != box.Reflag || ch.ModSeq <= s.modseq {
			continue
		}
		for _, u := range ch.UIDs {
			if m, ok := s.silent[u]; ok && m != ch.ModSeq {
				delete(s.silent, u)
			}
		}
	}
}

// tellGone takes vanished letters out of the view: by number, or by UID once QRESYNC is on (RFC 7162 3.2.10).
func (c *session) tellGone() {
	s := c.sel
	gone := make([]at, 0, s.pending())
	for i, u := range s.view {
		if s.gone(u) {
			gone = append(gone, at{uint32(i) + 1, u})
		}
	}
	if c.qresync {
		c.put("* VANISHED ")
		c.putUIDs(uidsOf(gone))
		c.put("\r\n")
	} else {
		for _, a := range slices.Backward(gone) {
			c.put("* ")
			c.putNum(uint64(a.seq))
			c.put(" EXPUNGE\r\n")
		}
	}
	s.view = s.now
}

// apply takes the state of the box into the view and writes the flags that the client does not know yet.
func (c *session) apply(v box.View) (grown bool) {
	s := c.sel
	for _, r := range v.Rows {
		if !c.hearsFlags() {
			break
		}
		i, known := slices.BinarySearch(s.view, r.UID)
		if known && r.ModSeq > s.modseq && r.ModSeq > s.told[r.UID] && r.ModSeq != s.silent[r.UID] {
			c.putFlags(uint32(i)+1, r, true)
		}
	}
	clear(s.told)
	clear(s.silent)
	first := 0 // letters that came stand above all that were there
	if n := len(s.view); n > 0 {
		first, _ = slices.BinarySearch(v.UIDs, s.view[n-1]+1)
	}
	fresh := v.UIDs[first:]
	s.now, s.modseq = v.UIDs, max(s.modseq, v.HighestModSeq)
	if len(fresh) > 0 {
		s.view = slices.Concat(s.view, fresh)
	}
	if s.pending() == 0 {
		s.view = s.now
	}
	return len(fresh) > 0
}

// nameKeywords tells of keywords that the client has not heard of before they stand in a letter's flags (RFC 9051
// 7.3.5).
func (c *session) nameKeywords(r box.Row) {
	s, fresh := c.sel, false
	for _, w := range r.Keywords {
		if low := strings.ToLower(w); s.words[low] == "" && len(s.words) < maxWords {
			s.words[low], fresh = w, true
		}
	}
	if !fresh {
		return
	}
	names := append(systemFlags(), slices.Sorted(maps.Values(s.words))...)
	c.put("* FLAGS ")
	c.putFlagList(names)
	if !s.readOnly {
		c.put("\r\n* OK [PERMANENTFLAGS ")
		c.putFlagList(append(names, `\*`))
		c.put("] Flags")
	}
	c.put("\r\n")
}

// putFlags writes `* n FETCH (UID u [MODSEQ (m)] FLAGS (…))`.
func (c *session) putFlags(seq uint32, r box.Row, flags bool) {
	if flags {
		c.nameKeywords(r)
	}
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

func (c *session) putFlagList(names []string) { putWords(c.conn, names) }

// putWords writes "(a b)".
func putWords[S ~string](c *conn, words []S) {
	c.put("(")
	for i, w := range words {
		if i > 0 {
			c.put(" ")
		}
		c.put(string(w))
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
		out = s.byUID(set)
	default:
		n := uint32(len(s.view))
		for _, r := range set.united(n) {
			if r.lo == 0 || r.hi > n {
				return nil, false, bad("No such sequence number")
			}
			for i := r.lo; i <= r.hi; i++ {
				out = append(out, at{i, s.view[i-1]})
			}
		}
	}
	if s.pending() == 0 {
		return out, false, nil
	}
	all := len(out)
	out = slices.DeleteFunc(out, func(a at) bool { return s.gone(a.uid) })
	return out, len(out) < all, nil
}

func (s *selected) byUID(set numset) (out []at) {
	for _, r := range set.united(s.last()) {
		i, _ := slices.BinarySearch(s.view, mail.UID(r.lo))
		for ; i < len(s.view) && uint32(s.view[i]) <= r.hi; i++ {
			out = append(out, at{uint32(i) + 1, s.view[i]})
		}
	}
	return out
}

// last is the highest UID that the client knows, 0 in an empty mailbox.
func (s *selected) last() uint32 {
	if len(s.view) == 0 {
		return 0
	}
	return uint32(s.view[len(s.view)-1])
}

// all is every letter that is there.
func (s *selected) all() []at {
	out := make([]at, 0, len(s.view))
	for i, u := range s.view {
		if !s.gone(u) {
			out = append(out, at{uint32(i) + 1, u})
		}
	}
	return out
}

// putUnseen tells which message is the first that is not read, as IMAP4rev1 wants it and IMAP4rev2 no longer does (RFC 3501
// 6.3.1, RFC 9051 appendix E). Who resynchronises knows it himself.
func (c *session) putUnseen(m box.Mailbox) {
	if c.rev2 || m.Unseen == 0 {
		return
	}
	u, err := c.s.opt.Box.FirstUnseen(c.ctx, m.Ref)
	if err != nil && c.ctx.Err() == nil { // nothing that keeps a mailbox shut
		c.s.opt.Log.Error("find the first unseen letter", "err", err)
	}
	if n := c.sel.seq(u); n > 0 {
		c.put("* OK [UNSEEN ")
		c.putNum(uint64(n))
		c.put("] First unseen\r\n")
	}
}

// seq is the sequence number of a letter, 0 when it is not in the view.
func (s *selected) seq(u mail.UID) uint32 {
	if i, ok := slices.BinarySearch(s.view, u); ok {
		return uint32(i) + 1
	}
	return 0
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
