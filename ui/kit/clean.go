package kit

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// marksLimit is how many combining marks one letter may carry; Vietnamese in NFD needs two, more only climb out of
// their line.
const marksLimit = 4

// Clean makes foreign text fit for one line of the screen: no controls, no escape sequences, no bidi or zero-width
// characters; line breaks and tabs become one space. An escape sequence goes as a whole.
func Clean(s string) string {
	if isClean(s) {
		return s
	}
	return clean(dropEscapes(s), false)
}

// CleanText does the same for text of several lines: \n stays, tabs become spaces up to the next column of 8.
func CleanText(s string) string {
	if isClean(s) {
		return s
	}
	return clean(strings.ReplaceAll(strings.ReplaceAll(dropEscapes(s), "\r\n", "\n"), "\r", "\n"), true)
}

// isClean finds the common case without allocating: printable ASCII and Vietnamese letters only.
func isClean(s string) bool {
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if c < 0x20 || c == 0x7f {
				return false
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if !narrow(r) {
			return false
		}
		i += size
	}
	return true
}

func clean(s string, lines bool) string {
	var b strings.Builder
	b.Grow(len(s))
	col, marks := 0, 0
	for _, r := range s {
		switch {
		case r == '\n' || r == '\u2028' || r == '\u2029' || r == '\u0085':
			if lines {
				b.WriteByte('\n')
				col, marks = 0, 0
				continue
			}
			r = ' '
		case r == '\t':
			n := 1
			if lines {
				n = 8 - col%8
			}
			b.WriteString(Space(n))
			col += n
			continue
		case r == '\r' || r == '\v' || r == '\f':
			r = ' '
		case hidden(r):
			continue
		case unicode.In(r, unicode.Mn, unicode.Me):
			if marks++; marks > marksLimit {
				continue
			}
			b.WriteRune(r)
			continue
		case unicode.Is(unicode.Zs, r):
			r = ' '
		}
		marks = 0
		col++
		b.WriteRune(r)
	}
	return b.String()
}

// hidden reports characters that are not seen but act: C0 and C1 controls, bidi controls, zero-width characters,
// fillers, variation selectors, tags, specials and surrogates' leftovers; and skin tones, which terminals draw beside the
// emoji as often as on it.
func hidden(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r < 0xa0, r == 0xad, r == 0x34f, r == 0x61c, r == 0x115f, r == 0x1160, r == 0x17b4, r == 0x17b5,
		r >= 0x180b && r <= 0x180f, r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x206f, r == 0x3164,
		r >= 0xfe00 && r <= 0xfe0f, r == 0xfeff, r == 0xffa0, r >= 0xfff0 && r <= 0xfffb, r >= 0x1bca0 && r <= 0x1bca3,
		r >= 0x1d173 && r <= 0x1d17a, r >= 0x1f3fb && r <= 0x1f3ff, r >= 0xe0000 && r <= 0xe0fff:
		return true
	}
	return unicode.In(r, unicode.Cf, unicode.Cs)
}
