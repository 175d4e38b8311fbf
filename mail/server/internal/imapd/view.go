package imapd

import (
	"slices"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"

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

// tell writes what has happened since modseq: flags, then expunges if they are allowed now, then the new number of
// messages (RFC 9051 7.5).
func (c *session) tell(w *imapserver.UpdateWriter, allowExpunge bool) error {
	s := c.sel
	list, overflow := s.watch.Take()
	for _, ch := range list {
		if ch.Kind == box.Removed {
			why := "The mailbox was deleted"
			return c.f.stop(why)
		}
	}
	grown := false
	if len(list) > 0 || overflow {
		delta, err := c.s.opt.Box.Changes(c.ctx, s.ref, s.modseq)
		if err != nil {
			return c.fault("read changes", err, "")
		}
		if grown, err = c.apply(w, delta); err != nil {
			return err
		}
	}
	if allowExpunge && len(s.gone) > 0 {
		for i := len(s.view) - 1; i >= 0; i-- {
			if s.gone[s.view[i]] {
				if err := w.WriteExpunge(uint32(i) + 1); err != nil {
					return err
				}
			}
		}
		s.view = slices.DeleteFunc(s.view, func(u mail.UID) bool { return s.gone[u] })
		clear(s.gone)
	}
	if grown {
		return w.WriteNumMessages(uint32(len(s.view)))
	}
	return nil
}

// apply takes a delta into the view and writes the flags that the client does not know yet.
func (c *session) apply(w *imapserver.UpdateWriter, d box.Delta) (grown bool, err error) {
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
			if err := w.WriteMessageFlags(uint32(i)+1, imap.UID(r.UID), flagsOf(r)); err != nil {
				return false, err
			}
		}
	}
	slices.Sort(fresh)
	s.view = append(s.view, fresh...)
	clear(s.told)
	s.modseq = max(s.modseq, d.HighestModSeq)
	return len(fresh) > 0, nil
}

// flagsOf gives the flags of a row. They must not hold \Recent.
func flagsOf(r box.Row) []imap.Flag {
	names := r.Names()
	out := make([]imap.Flag, len(names))
	for i, n := range names {
		out[i] = imap.Flag(n)
	}
	return out
}

// resolve finds the letters of a set in the view. A sequence number that does not exist is an error (RFC 9051
// section 9: sequence-set); a UID that does not exist is passed over.
func (s *selected) resolve(set imap.NumSet) ([]at, error) {
	var out []at
	switch set := set.(type) {
	case imap.SeqSet:
		n := uint32(len(s.view))
		for _, r := range set {
			lo, hi := order(r.Start, r.Stop, n)
			if lo == 0 || hi > n {
				return nil, bad("No such sequence number")
			}
			for i := lo; i <= hi; i++ {
				out = append(out, at{i, s.view[i-1]})
			}
		}
	case imap.UIDSet:
		if imap.IsSearchRes(set) {
			return nil, bad("SEARCHRES is not offered")
		}
		var last mail.UID
		if len(s.view) > 0 {
			last = s.view[len(s.view)-1]
		}
		for _, r := range set {
			lo, hi := order(uint32(r.Start), uint32(r.Stop), uint32(last))
			i, _ := slices.BinarySearch(s.view, mail.UID(lo))
			for ; i < len(s.view) && uint32(s.view[i]) <= hi; i++ {
				out = append(out, at{uint32(i) + 1, s.view[i]})
			}
		}
	default:
		return nil, bad("Unknown kind of set")
	}
	slices.SortFunc(out, func(a, b at) int { return int(int64(a.seq) - int64(b.seq)) })
	out = slices.Compact(out)
	return slices.DeleteFunc(out, func(a at) bool { return s.gone[a.uid] }), nil
}

// order resolves * (0) to last and puts the ends of a range in order.
func order(start, stop, last uint32) (lo, hi uint32) {
	if start == 0 {
		start = last
	}
	if stop == 0 {
		stop = last
	}
	return min(start, stop), max(start, stop)
}

func uidsOf(list []at) []mail.UID {
	out := make([]mail.UID, len(list))
	for i, a := range list {
		out[i] = a.uid
	}
	return out
}

// ranges joins ascending letters into UID ranges; letters between that are not in the view would not exist.
func (s *selected) ranges(list []at) []box.UIDRange {
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

// uidSet packs ascending UIDs.
func uidSet(uids []mail.UID) imap.UIDSet {
	var set imap.UIDSet
	for i := 0; i < len(uids); {
		j := i
		for j+1 < len(uids) && uids[j+1] == uids[j]+1 {
			j++
		}
		set.AddRange(imap.UID(uids[i]), imap.UID(uids[j]))
		i = j + 1
	}
	return set
}

// seqSet packs ascending sequence numbers.
func seqSet(seqs []uint32) imap.SeqSet {
	var set imap.SeqSet
	for i := 0; i < len(seqs); {
		j := i
		for j+1 < len(seqs) && seqs[j+1] == seqs[j]+1 {
			j++
		}
		set.AddRange(seqs[i], seqs[j])
		i = j + 1
	}
	return set
}
