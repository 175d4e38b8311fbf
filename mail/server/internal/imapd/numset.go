package imapd

import (
	"cmp"
	"math"
	"slices"
	"sort"
)

// span is one range of a set, 0 standing for "*".
type span struct{ lo, hi uint32 }

// numset is a sequence set, of numbers or UIDs, or the saved result of a search (RFC 9051 6.4.4.1).
type numset struct {
	spans []span
	saved bool
}

func (p *parser) numset() (set numset) {
	if p.take('$') {
		return numset{saved: true}
	}
	for {
		s := span{lo: p.setNumber()}
		if s.hi = s.lo; p.take(':') {
			s.hi = p.setNumber()
		}
		set.spans = append(set.spans, s)
		if p.err != nil || !p.take(',') {
			return set
		}
	}
}

func (p *parser) setNumber() uint32 {
	if p.take('*') {
		return 0
	}
	n := p.number(math.MaxUint32)
	if p.err == nil && n == 0 {
		p.fail(bad("Bad number"))
	}
	return uint32(n)
}

// isSet reports that a sequence set comes next.
func (p *parser) isSet() bool { return p.isDigit() || p.peek() == '*' || p.peek() == '$' }

// united gives the ranges ascending and without overlap, * standing for last. However often a client names a number,
// it is in the set once.
func (s numset) united(last uint32) []span {
	list := make([]span, len(s.spans))
	for i, r := range s.spans {
		lo, hi := order(r.lo, r.hi, last)
		list[i] = span{lo, hi}
	}
	slices.SortFunc(list, func(a, b span) int { return cmp.Compare(a.lo, b.lo) })
	out := list[:0]
	for _, r := range list {
		if n := len(out); n > 0 && uint64(r.lo) <= uint64(out[n-1].hi)+1 {
			out[n-1].hi = max(out[n-1].hi, r.hi)
			continue
		}
		out = append(out, r)
	}
	return out
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

// inSpans reports whether n is in ranges that united made.
func inSpans(list []span, n uint32) bool {
	i := sort.Search(len(list), func(i int) bool { return list[i].hi >= n })
	return i < len(list) && list[i].lo <= n
}
