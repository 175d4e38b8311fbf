package viet

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// alphabet is the Vietnamese order; f j w z stand where Latin has them.
const alphabet = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"

var ranks = makeRanks()

func makeRanks() map[rune]int {
	m := make(map[rune]int)
	for _, r := range alphabet {
		m[r] = len(m) + 1
	}
	return m
}

// weight gives the three levels of one character: letter, tone, case.
func weight(r rune) (primary, t, upper int) {
	if unicode.IsUpper(r) {
		upper = 1
	}
	l := split(r)
	if k, ok := ranks[l.base]; ok {
		return 0x10000 + k, int(l.tone), upper
	}
	if r >= utf8.RuneSelf && unicode.IsLetter(r) { // é of a foreign kind: beside its base letter
		f, _ := utf8.DecodeRuneInString(Fold(string(r)))
		if k, ok := ranks[f]; ok {
			return 0x10000 + k, 6, upper
		}
		return 0x20000 + int(l.base), 0, upper
	}
	return int(l.base), 0, upper // spaces and signs first, digits next
}

// Compare orders a and b as a Vietnamese dictionary does: letters a ă â b … y over the whole text, then tones
// (ngang huyền hỏi ngã sắc nặng), then lower case before upper. It returns -1, 0 or 1.
func Compare(a, b string) int {
	if a == b {
		return 0
	}
	ra, rb := []rune(NFC(a)), []rune(NFC(b))
	tones, cases := 0, 0
	for i := 0; i < len(ra) && i < len(rb); i++ {
		pa, ta, ca := weight(ra[i])
		pb, tb, cb := weight(rb[i])
		if c := cmp.Compare(pa, pb); c != 0 {
			return c
		}
		tones = cmp.Or(tones, cmp.Compare(ta, tb))
		cases = cmp.Or(cases, cmp.Compare(ca, cb))
	}
	return cmp.Or(cmp.Compare(len(ra), len(rb)), tones, cases)
}

// CompareNames orders full names as Vietnamese lists do: given name (the last word) first, then the middle names,
// then the surname; capitals part only names that are the same otherwise.
func CompareNames(a, b string) int {
	ga, ma, sa := nameParts(strings.ToLower(a))
	gb, mb, sb := nameParts(strings.ToLower(b))
	return cmp.Or(Compare(ga, gb), Compare(ma, mb), Compare(sa, sb), Compare(a, b))
}

func nameParts(full string) (given, middle, surname string) {
	w := strings.Fields(full)
	switch n := len(w); n {
	case 0:
		return "", "", ""
	case 1:
		return w[0], "", ""
	default:
		return w[n-1], strings.Join(w[1:n-1], " "), w[0]
	}
}
