package kit

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"hopthu/mail/viet"
)

// tabStop is the distance of tab stops, counted from the left edge of a line.
const tabStop = 8

// plain reports whether r is a letter, mark or sign that is one column wide and never joins with a plain neighbour:
// ASCII, Latin-1, Latin Extended and the Vietnamese block.
func plain(r rune) bool {
	return r >= 0x20 && r < 0x7f || r >= 0xa0 && r < 0x300 && r != 0xad && r != 0xa9 && r != 0xae || r >= 0x1e00 && r < 0x1f00
}

// nextCluster measures the grapheme cluster that s begins with: its bytes and its columns. A tab is one column here;
// who draws knows the real number. s must not be empty.
func nextCluster(s string) (n, width int) {
	r, n := utf8.DecodeRuneInString(s)
	if plain(r) || r == '\t' {
		if n == len(s) {
			return n, 1
		}
		if q, _ := utf8.DecodeRuneInString(s[n:]); plain(q) || q == '\t' || r == '\t' {
			return n, 1
		}
	}
	c, _, _, _ := uniseg.FirstGraphemeClusterInString(s, -1)
	return len(c), Width(c)
}

// prevCluster is the number of bytes of the cluster that ends s. s must not be empty.
func prevCluster(s string) int {
	r, n := utf8.DecodeLastRuneInString(s)
	if plain(r) || r == '\t' {
		return n
	}
	from := safeStart(s)
	for rest := s[from:]; ; {
		k, _ := nextCluster(rest)
		if k >= len(rest) {
			return len(rest)
		}
		rest = rest[k:]
	}
}

// safeStart is an offset in s, near its end, where a cluster surely begins.
func safeStart(s string) int {
	const far = 256
	for i := len(s); i > 0; {
		r, n := utf8.DecodeLastRuneInString(s[:i])
		i -= n
		if plain(r) || r == '\t' || len(s)-i >= far {
			return i
		}
	}
	return 0
}

// editText is s fit for an editor: NFC, LF as the only line end, tabs kept, every other control, bidirectional and
// zero-width character dropped, no letter with more marks than marksLimit.
func editText(s string) string {
	s = viet.NFC(s)
	if tidy(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	marks, cr := 0, false
	for _, r := range s {
		if r == '\n' && cr {
			cr = false
			continue // the line end was written for the CR
		}
		cr = r == '\r'
		switch {
		case r == '\r', r == 0x85, r == 0x2028, r == 0x2029:
			r = '\n'
		case dropped(r):
			continue
		}
		if unicode.Is(unicode.M, r) {
			if marks++; marks > marksLimit {
				continue
			}
		} else {
			marks = 0
		}
		b.WriteRune(r)
	}
	return b.String()
}

// editLine is editText for one line: line ends and tabs become spaces.
func editLine(s string) string {
	s = strings.TrimRight(editText(s), "\n")
	return strings.NewReplacer("\n", " ", "\t", " ").Replace(s)
}

// tidy is the quick test for text that needs no mending.
func tidy(s string) bool {
	marks := 0
	for _, r := range s {
		switch {
		case plain(r) || r == '\n' || r == '\t':
			marks = 0
		case r < 0xa0 || r == 0x2028 || r == 0x2029 || dropped(r):
			return false
		case unicode.Is(unicode.M, r):
			if marks++; marks > marksLimit {
				return false
			}
		default:
			marks = 0
		}
	}
	return utf8.ValidString(s)
}

// dropped reports characters that have no place in typed text: they hide, reorder or repaint. What joins the parts of an
// emoji stays.
func dropped(r rune) bool {
	return r != '\n' && r != '\t' && r != 0x200d && r != 0xfe0f && (r < 0x1f3fb || r > 0x1f3ff) && hidden(r)
}

// isMark reports whether r joins the letter before it.
func isMark(r rune) bool { return unicode.Is(unicode.M, r) }

// isWord reports whether r is part of a word for word moves and word deletion.
func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || isMark(r) || r == '_' }

// wordLeft is the start of the word at or before the end of s.
func wordLeft(s string) int {
	i := len(s)
	for i > 0 {
		r, n := utf8.DecodeLastRuneInString(s[:i])
		if isWord(r) {
			break
		}
		i -= n
	}
	for i > 0 {
		r, n := utf8.DecodeLastRuneInString(s[:i])
		if !isWord(r) {
			break
		}
		i -= n
	}
	return i
}

// wordRight is the offset in s behind its first word.
func wordRight(s string) int {
	i := 0
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		if isWord(r) {
			break
		}
		i += n
	}
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		if !isWord(r) {
			break
		}
		i += n
	}
	return i
}

// compose joins two texts that become neighbours: a combining mark takes the letter before it along. It gives how many
// bytes at the end of before and at the start of after change, and what stands in their place; 0, 0 when nothing does.
func compose(before, after string) (b, a int, text string) {
	r, _ := utf8.DecodeRuneInString(after)
	if before == "" || after == "" || plain(r) || r == '\t' || r == '\n' {
		return 0, 0, ""
	}
	b = prevCluster(before)
	a, _ = nextCluster(after)
	was := before[len(before)-b:] + after[:a]
	if text = editText(was); text == was {
		return 0, 0, ""
	}
	return b, a, text
}
