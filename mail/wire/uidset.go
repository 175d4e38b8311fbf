package wire

import (
	"bytes"
	"slices"
	"strconv"

	"hopthu/mail"
)

// maxSet is how long a sequence set in one command may get: servers limit the command line (RFC 7162 4: 8192).
const maxSet = 6000

// sets writes uids, in the order of their blocks, as sequence sets of at most block UIDs; runs become ranges.
func sets(uids []mail.UID, block int) []uidSet {
	var out []uidSet
	for len(uids) > 0 {
		n := min(block, len(uids))
		part := slices.Clone(uids[:n])
		slices.Sort(part)
		part = slices.Compact(part)
		text, used := writeSet(part)
		out = append(out, uidSet{text, part[:used]})
		if used < len(part) { // the set got too long: the rest goes in front of what follows
			uids = append(slices.Clone(part[used:]), uids[n:]...)
			continue
		}
		uids = uids[n:]
	}
	return out
}

// uidSet is a sequence set and the UIDs in it, ascending.
type uidSet struct {
	text string
	uids []mail.UID
}

// writeSet writes ascending uids until maxSet is reached and tells how many it wrote.
func writeSet(uids []mail.UID) (text string, used int) {
	var b []byte
	for i := 0; i < len(uids); {
		j := i
		for j+1 < len(uids) && uids[j+1] == uids[j]+1 {
			j++
		}
		if len(b) > maxSet {
			return string(b), i
		}
		if len(b) > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendUint(b, uint64(uids[i]), 10)
		if j > i {
			b = append(b, ':')
			b = strconv.AppendUint(b, uint64(uids[j]), 10)
		}
		i = j + 1
	}
	return string(b), len(uids)
}

// readSet reads a sequence set of at most limit UIDs, in its own order.
func readSet(set []byte, limit int) ([]mail.UID, error) {
	var out []mail.UID
	for word := range bytes.SplitSeq(set, []byte(",")) {
		lo, hi, ranged := bytes.Cut(word, []byte(":"))
		a, err := strconv.ParseUint(string(lo), 10, 32)
		if err != nil || a == 0 {
			return nil, broken("bad UID set")
		}
		b := a
		if ranged {
			if b, err = strconv.ParseUint(string(hi), 10, 32); err != nil || b == 0 {
				return nil, broken("bad UID set")
			}
		}
		if a > b {
			a, b = b, a
		}
		if b-a >= uint64(limit) || len(out)+int(b-a) >= limit {
			return nil, broken("UID set with more than %d letters", limit)
		}
		for ; a <= b; a++ {
			out = append(out, mail.UID(a))
		}
	}
	return out, nil
}
