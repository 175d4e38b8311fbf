package imapd

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// literalSpec is `{n}`, `{n+}` (RFC 7888) or `~{n}` (RFC 3516) at the end of a line.
type literalSpec struct {
	size    int64
	nonSync bool
	eight   bool
}

var (
	errSyntax = errors.New("syntax error")
	errQuote  = errors.New("quoted string is not closed")
)

// cutLiteral takes the literal announcement off the end of a line, if there is one outside quotes. A quoted string
// that does not end in the line is an error: the stock parser would read on over the line end.
func cutLiteral(line string) (rest string, lit *literalSpec, err error) {
	quoted := false
	for i := 0; i < len(line); i++ {
		switch {
		case line[i] == '"':
			quoted = !quoted
		case quoted && line[i] == '\\':
			i++
		}
	}
	if quoted {
		return line, nil, errQuote
	}
	if !strings.HasSuffix(line, "}") {
		return line, nil, nil
	}
	open := strings.LastIndexByte(line, '{')
	if open < 0 {
		return line, nil, nil
	}
	digits := line[open+1 : len(line)-1]
	l := &literalSpec{}
	if strings.HasSuffix(digits, "+") {
		l.nonSync, digits = true, digits[:len(digits)-1]
	}
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return line, nil, nil
	}
	l.size, err = strconv.ParseInt(digits, 10, 64)
	if err != nil {
		// More than an int64: a literal all the same, and more than anyone may send.
		l.size = 1 << 62
	}
	rest = line[:open]
	if strings.HasSuffix(rest, "~") {
		l.eight, rest = true, rest[:len(rest)-1]
	}
	return rest, l, nil
}

// atomChar reports an ATOM-CHAR of RFC 9051 section 9; bytes above ASCII are let through for the parser to judge.
func atomChar(c byte) bool {
	return c > ' ' && c != 0x7f && !strings.ContainsRune(`(){%*"\]`, rune(c))
}

// cutAtom takes a leading atom off s.
func cutAtom(s string) (atom, rest string) {
	i := 0
	for i < len(s) && atomChar(s[i]) {
		i++
	}
	return s[:i], s[i:]
}

// cutCommand splits `tag SP name rest`; the name comes back in upper case, the tag may not hold a plus sign
// (RFC 9051 section 9: tag).
func cutCommand(line string) (tag, name, rest string, ok bool) {
	tag, rest = cutAtom(line)
	if tag == "" || len(tag) > maxTag || strings.Contains(tag, "+") || !ascii(tag) || !strings.HasPrefix(rest, " ") {
		return "", "", "", false
	}
	name, rest = cutAtom(rest[1:])
	if name == "" {
		return tag, "", rest, false
	}
	return tag, strings.ToUpper(name), rest, true
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// cleanLine reports whether a command line has no control character but TAB.
func cleanLine(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// quote writes s as a quoted string. ok is false when s cannot stand in one (RFC 9051 section 9: quoted).
func quote(s string) (q string, ok bool) {
	if strings.ContainsAny(s, "\x00\r\n") {
		return `""`, false
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`, true
}

// cutAString takes an astring without literal off s and gives it as a quoted string.
func cutAString(s string) (quoted, rest string, err error) {
	if !strings.HasPrefix(s, `"`) {
		i := 0
		for i < len(s) && (atomChar(s[i]) || s[i] == ']') {
			i++
		}
		if i == 0 {
			return "", s, errSyntax
		}
		q, ok := quote(s[:i])
		if !ok {
			return "", s, errSyntax
		}
		return q, s[i:], nil
	}
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return s[:i+1], s[i+1:], nil
		}
	}
	return "", s, errQuote
}

// appendHead is an APPEND command up to its message literal (RFC 9051 6.3.12), checked so far that the stock parser
// cannot stumble before the literal.
type appendHead struct {
	mailbox string // as a quoted string
	flags   string // "(…)" or ""
	date    string // quoted, or ""
	utf8    bool   // `UTF8 (~{n}` of RFC 6855: the line ends in ")"
}

// parseAppendTail reads what stands between mailbox and literal.
func parseAppendTail(h *appendHead, s string) error {
	if !strings.HasPrefix(s, " ") {
		return errSyntax
	}
	s = s[1:]
	if strings.HasPrefix(s, "(") {
		end := strings.IndexByte(s, ')')
		if end < 0 || !flagList(s[1:end]) || !strings.HasPrefix(s[end+1:], " ") {
			return errSyntax
		}
		h.flags, s = s[:end+1], s[end+2:]
	}
	if strings.HasPrefix(s, `"`) {
		q, rest, err := cutAString(s)
		if err != nil || !strings.HasPrefix(rest, " ") {
			return errSyntax
		}
		if _, err := time.Parse("_2-Jan-2006 15:04:05 -0700", strings.Trim(q, `"`)); err != nil {
			return errSyntax
		}
		h.date, s = q, rest[1:]
	}
	switch {
	case s == "":
		return nil
	case strings.EqualFold(s, "UTF8 ("):
		h.utf8 = true
		return nil
	default:
		return errSyntax
	}
}

// flagList reports whether s is a list of flags (RFC 9051 section 9: flag).
func flagList(s string) bool {
	if s == "" {
		return true
	}
	for _, f := range strings.Split(s, " ") {
		a, rest := cutAtom(strings.TrimPrefix(f, `\`))
		if a == "" || rest != "" || len(f) > maxFlag {
			return false
		}
	}
	return true
}
