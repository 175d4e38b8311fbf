package viet

import (
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// foldEnd is the first code point behind the table: U+1EFF is the last letter that Vietnamese text can hold.
const foldEnd = 0x1F00

// foldRow holds for the code points that share all but their last octet the folded form, 0 to drop it. It is made from the
// full normaliser, because hand-made tables forget the two-step compositions (ệ = e + U+0323 + U+0302), and when it is first
// needed: text seldom holds more than three of the rows below foldEnd, and every start of the program would wait for all.
type foldRow [256]uint16

var foldRows [foldEnd / 256]atomic.Pointer[foldRow]

// foldRowOf gives the row of code points that begin with high.
func foldRowOf(high rune) *foldRow {
	t := foldRows[high].Load()
	if t == nil {
		t = makeFoldRow(high)
		foldRows[high].Store(t) // two that make it at once make the same
	}
	return t
}

func makeFoldRow(high rune) *foldRow {
	var t foldRow
	var buf [utf8.UTFMax]byte
	for i := range t {
		r := high<<8 | rune(i)
		if r == 0 {
			continue
		}
		base := r
		if r >= utf8.RuneSelf {
			base = baseOf(r, buf[:])
		}
		if base > 0 {
			if l := foldLetter(unicode.ToLower(base)); l < 0x10000 {
				t[i] = uint16(l) // lower case of a letter below foldEnd stays in the basic plane
			}
		}
	}
	return &t
}

// baseOf is the one code point of r's canonical decomposition that is no mark; 0 when there is none, r itself when
// there are more (Hangul).
func baseOf(r rune, buf []byte) rune {
	if unicode.Is(unicode.Mn, r) || invisible(r) {
		return 0
	}
	d := norm.NFD.Properties(buf[:utf8.EncodeRune(buf, r)]).Decomposition()
	if len(d) == 0 {
		return r
	}
	base := rune(0)
	for len(d) > 0 {
		c, n := utf8.DecodeRune(d)
		d = d[n:]
		if unicode.Is(unicode.Mn, c) {
			continue
		}
		if base != 0 {
			return r
		}
		base = c
	}
	return base
}

// foldLetter maps what decomposition cannot: đ and its look-alikes (Eth and African D, often typed for it) to d,
// and the no-break space to a space.
func foldLetter(r rune) rune {
	switch r {
	case 'đ', 'ð', 'ɖ':
		return 'd'
	case '\u00a0':
		return ' '
	}
	return r
}

// invisible reports characters that are not seen and must not keep a search from matching.
func invisible(r rune) bool {
	switch r {
	case '\u00ad', '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff':
		return true
	}
	return false
}

// Fold gives the form in which text is searched: decomposed, marks dropped, đ→d, lower case. "Trần Văn Hùng" and
// "tran van hung" fold alike, so do hoà and hòa, and NFC and NFD. Bytes that are no UTF-8 become U+FFFD.
func Fold(s string) string {
	if isFolded(s) {
		return s
	}
	return string(FoldBytes(make([]byte, 0, len(s)), []byte(s)))
}

func isFolded(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= utf8.RuneSelf || 'A' <= c && c <= 'Z' || c == 0 {
			return false
		}
	}
	return true
}

// FoldBytes appends the folded form of src to dst and returns the extended slice. It allocates only to grow dst.
// A NUL is dropped.
func FoldBytes(dst, src []byte) []byte {
	ascii := foldRowOf(0)
	for i := 0; i < len(src); {
		if c := src[i]; c < utf8.RuneSelf {
			if l := byte(ascii[c]); l != 0 {
				dst = append(dst, l)
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(src[i:])
		i += n
		if r < foldEnd {
			f := foldRowOf(r >> 8)[r&0xff]
			switch {
			case f == 0:
			case f < utf8.RuneSelf:
				dst = append(dst, byte(f))
			default:
				dst = utf8.AppendRune(dst, rune(f))
			}
			continue
		}
		dst = foldFar(dst, r)
	}
	return dst
}

func foldFar(dst []byte, r rune) []byte {
	var buf [utf8.UTFMax]byte
	if base := baseOf(r, buf[:]); base != 0 {
		return utf8.AppendRune(dst, foldLetter(unicode.ToLower(base)))
	}
	return dst
}

// IsMarked reports whether word holds a Vietnamese diacritic or đ, composed or combining: then the person cares
// about marks, and an exact match goes before a folded one.
func IsMarked(word string) bool {
	for _, r := range word {
		if r < utf8.RuneSelf {
			continue
		}
		if _, ok := toneOfMark(r); ok || isQualityMark(r) {
			return true
		}
		if _, ok := letters[r]; ok {
			return true
		}
	}
	return false
}
