package wire

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxWords is how many runes of a server's text are kept.
const maxWords = 400

// clean makes a server's text fit for a Fault, a Receipt and a log: valid UTF-8, one line, no control, no
// direction mark, no zero width, at most maxWords runes.
func clean(s string) string {
	var b strings.Builder
	n, space := 0, false
	for _, r := range s {
		switch {
		case r == '\r' || r == '\n' || r == '\t' || r == '\u2028' || r == '\u2029' || r == ' ':
			space = b.Len() > 0
			continue
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError:
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
			n++
		}
		b.WriteRune(r)
		if n++; n >= maxWords {
			b.WriteString("…")
			break
		}
	}
	return b.String()
}

// firstURL finds the first https address in a server's words, "" if there is none. Trailing punctuation of the
// sentence is not part of it.
func firstURL(s string) string {
	i := strings.Index(strings.ToLower(s), "https://")
	if i < 0 {
		return ""
	}
	s = s[i:]
	if j := strings.IndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`<>"'[]`, r) }); j >= 0 {
		s = s[:j]
	}
	return strings.TrimRight(s, ".,;:!?)")
}

// isASCII reports whether every byte is below 0x80.
func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
