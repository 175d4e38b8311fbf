package letter

import "strings"

// plainAddress reads a field that is one address of the ordinary form, "Words <local@host>" or "local@host", as nearly all
// are; false: it takes the parser. Both give the same.
func plainAddress(s string) (a EnvelopeAddress, ok bool) {
	if s == "" {
		return a, false
	}
	if s[len(s)-1] == '>' {
		open := strings.IndexByte(s, '<')
		if open < 0 || open > 0 && s[open-1] != ' ' {
			return a, false
		}
		a.Name = s[:max(open-1, 0)]
		if !plainWords(a.Name) {
			return a, false
		}
		s = s[open+1 : len(s)-1]
	}
	at := strings.IndexByte(s, '@')
	if at < 0 || !plainDots(s[:at]) || !plainDots(s[at+1:]) {
		return a, false
	}
	a.Mailbox, a.Host = s[:at], s[at+1:]
	return a, true
}

// plainWords reports words of letters, digits and the signs of an encoded word (RFC 2047 2), one blank between two; none is
// fine.
func plainWords(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == ' ':
			if i == 0 || i == len(s)-1 || s[i-1] == ' ' {
				return false
			}
		case !plainSign(c) && c != '=' && c != '?' && c != '+' && c != '/':
			return false
		}
	}
	return true
}

// plainDots reports words of letters, digits, hyphens and underlines, one dot between two.
func plainDots(s string) bool {
	if s == "" || s[0] == '.' || s[len(s)-1] == '.' {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; c == '.' {
			if s[i-1] == '.' {
				return false
			}
		} else if !plainSign(c) {
			return false
		}
	}
	return true
}

func plainSign(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_'
}
