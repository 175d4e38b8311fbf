package kit

import (
	"strings"
	"unicode/utf8"
)

// escapeMost is how long a control string (a window title, say) may be that is taken away as a whole. A longer one, or one
// that does not end, is no sequence of a terminal: it would hide text from the reader, so only its power goes.
const escapeMost = 512

// dropEscapes takes escape sequences away as a whole, so that nothing of them stands in a list (ECMA-48 5.3, 5.4, 5.6).
// A sequence that does not end loses its first character only. Line breaks are never part of one.
func dropEscapes(s string) string {
	if strings.IndexByte(s, 0x1b) < 0 && !strings.ContainsAny(s, "\u0090\u0098\u009b\u009d\u009e\u009f") {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if n := escapeLen(s[i:], r, size); n > 0 {
			i += n
			continue
		}
		b.WriteString(s[i : i+size])
		i += size
	}
	return b.String()
}

// escapeLen is the length of the escape sequence at the start of s, 0 if there is none: its introducer alone when the
// rest is missing. r is the first character, size its length.
func escapeLen(s string, r rune, size int) int {
	switch r {
	case 0x1b:
		return afterEscape(s)
	case 0x9b:
		return csiLen(s, size)
	case 0x90, 0x98, 0x9d, 0x9e, 0x9f:
		return stringLen(s, size)
	}
	return 0
}

// afterEscape reads what follows an ESC in its 7-bit form.
func afterEscape(s string) int {
	if len(s) < 2 {
		return 1
	}
	switch c := s[1]; {
	case c == '[':
		return csiLen(s, 2)
	case c == ']' || c == 'P' || c == 'X' || c == '^' || c == '_':
		return stringLen(s, 2)
	case c >= 0x20 && c < 0x30: // intermediates, then one final: a charset, "ESC ( B"
		i := 1
		for i < len(s) && s[i] >= 0x20 && s[i] < 0x30 {
			i++
		}
		if i < len(s) && s[i] >= 0x30 && s[i] < 0x7f {
			return i + 1
		}
		return 1
	case c >= 0x30 && c < 0x7f:
		return 2
	}
	return 1
}

// csiLen is the length of a control sequence whose introducer takes n bytes: parameters, intermediates, a final.
func csiLen(s string, n int) int {
	i := n
	for i < len(s) && s[i] >= 0x30 && s[i] < 0x40 {
		i++
	}
	for i < len(s) && s[i] >= 0x20 && s[i] < 0x30 {
		i++
	}
	if i < len(s) && s[i] >= 0x40 && s[i] < 0x7f {
		return i + 1
	}
	return n
}

// stringLen is the length of a control string whose introducer takes n bytes, with its end: BEL, ST or ESC \.
func stringLen(s string, n int) int {
	for i := n; i < len(s) && i < n+escapeMost; i++ {
		switch {
		case s[i] == 0x07:
			return i + 1
		case s[i] == 0x1b && i+1 < len(s) && s[i+1] == '\\', s[i] == 0xc2 && i+1 < len(s) && s[i+1] == 0x9c:
			return i + 2
		case s[i] == '\n' || s[i] == '\r' || s[i] == 0x1b:
			return n
		}
	}
	return n
}
