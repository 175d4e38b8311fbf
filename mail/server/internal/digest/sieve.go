package digest

import (
	"encoding/binary"

	"hopthu/mail"
	"hopthu/mail/viet"
)

// Mask is a set of letters of one page.
type Mask [Size / 64]uint64

// All is every letter of a page.
func All() (m Mask) {
	for i := range m {
		m[i] = ^uint64(0)
	}
	return m
}

// Has reports whether a letter is in the set.
func (m *Mask) Has(u mail.UID) bool { return m[u%Size/64]>>(u%64)&1 == 1 }

func (m *Mask) set(u mail.UID) { m[u%Size/64] |= 1 << (u % 64) }

// And leaves what is in both.
func (m *Mask) And(o Mask) {
	for i := range m {
		m[i] &= o[i]
	}
}

// Or adds what is in o.
func (m *Mask) Or(o Mask) {
	for i := range m {
		m[i] |= o[i]
	}
}

// Empty reports whether nothing is in the set.
func (m *Mask) Empty() bool { return *m == Mask{} }

// A sieve has for each of its slices one bit a letter: whether some three octets of the letter's folded text fall upon
// that slice. A text holds a word only if it holds all groups of three octets of it. How full the slices are decides
// how many letters pass for nothing: the text of an ordinary letter fills a third of them.
const (
	slicesBits = 11
	slicesAll  = 1 << slicesBits
	maskBytes  = Size / 8
)

// sieve is laid out as the header, the letters that must be asked themselves, and the slices.
func sieve(list []Letter, through mail.UID) []byte {
	row := header(through, len(list))
	all := make([]Mask, 1+slicesAll)
	var plain []byte
	for _, l := range list {
		if l.Odd {
			all[0].set(l.UID)
			continue
		}
		for _, s := range []string{l.Fields, l.Text} {
			plain = viet.FoldBytes(plain[:0], []byte(s))
			for i := 0; i+3 <= len(plain); i++ {
				all[1+sliceOf(plain[i:])].set(l.UID)
			}
		}
	}
	for _, m := range all {
		for _, w := range m {
			row = binary.LittleEndian.AppendUint64(row, w)
		}
	}
	return row
}

func sliceOf(b []byte) uint32 {
	return (uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16) * 0x9E3779B1 >> (32 - slicesBits)
}

// Sift gives the letters of a row of Sieve that may hold the term in their fields or text; those that must be asked
// themselves are always among them. False: the row is of no use.
func Sift(row []byte, t Term) (Mask, bool) {
	if _, ok := Through(0, row); !ok || len(row) != 3+(1+slicesAll)*maskBytes {
		return All(), false
	}
	row = row[3:]
	at := func(n uint32) (m Mask) {
		for i := range m {
			m[i] = binary.LittleEndian.Uint64(row[int(n)*maskBytes+8*i:])
		}
		return m
	}
	m, word := All(), []byte(t.plain)
	for i := 0; i+3 <= len(word); i++ {
		m.And(at(1 + sliceOf(word[i:])))
	}
	m.Or(at(0))
	return m, true
}

// Passes reports whether a row of Sieve lets a letter through for every word that is in it.
func Passes(row []byte, l Letter) bool {
	t := Term{}
	if !l.Odd {
		t.plain = viet.Fold(l.Fields)
		if m, ok := Sift(row, t); ok && !m.Has(l.UID) {
			return false
		}
		t.plain = viet.Fold(l.Text)
	}
	m, ok := Sift(row, t)
	return !ok || m.Has(l.UID)
}

// Sifts reports whether a sieve can keep any letter back that does not hold the term.
func (t Term) Sifts() bool { return len(t.plain) >= 3 }
