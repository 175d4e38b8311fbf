package imapd

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"hopthu/mail/utf7"
)

var errSyntax = errors.New("syntax error")

// literal is `{n}`, `{n+}` (RFC 7888) or `~{n}` (RFC 3516) at the end of a line.
type literal struct {
	size    int64
	nonSync bool
	eight   bool
}

// cutLiteral takes the literal announcement off the end of a line, if there is one outside quotes. A quoted string
// that does not end in the line is an error.
func cutLiteral(line string) (rest string, lit *literal, err error) {
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
		err = errSyntax
	}
	if !strings.HasSuffix(line, "}") {
		return line, nil, err
	}
	open := strings.LastIndexByte(line, '{')
	if open < 0 {
		return line, nil, err
	}
	digits := line[open+1 : len(line)-1]
	l := &literal{}
	if strings.HasSuffix(digits, "+") || strings.HasSuffix(digits, "-") {
		l.nonSync, digits = true, digits[:len(digits)-1]
	}
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return line, nil, err
	}
	if n, convErr := strconv.ParseInt(digits, 10, 64); convErr == nil {
		l.size = n
	} else { // a literal all the same, and more than anyone may send
		l.size = math.MaxInt64 / 2
	}
	rest = line[:open]
	if strings.HasSuffix(rest, "~") {
		l.eight, rest = true, rest[:len(rest)-1]
	}
	return rest, l, err
}

// atomChar reports an ATOM-CHAR of RFC 9051 section 9.
func atomChar(c byte) bool {
	return c > ' ' && c < 0x7f && !strings.ContainsRune(`(){%*"\]`, rune(c))
}

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
	i := 0
	for i < len(line) && (atomChar(line[i]) || line[i] == ']') {
		i++
	}
	tag, rest = line[:i], line[i:]
	if tag == "" || len(tag) > maxTag || strings.Contains(tag, "+") || !strings.HasPrefix(rest, " ") {
		return "", "", "", false
	}
	name, rest = cutAtom(rest[1:])
	if name == "" {
		return tag, "", rest, false
	}
	return tag, strings.ToUpper(name), rest, true
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

// parser reads the arguments of a command. The first thing that does not fit makes it fail for good: it then stands
// at its end and gives zero values, so that only the end has to be asked for the error.
type parser struct {
	s    string
	lits [][]byte
	utf8 bool
	err  error
}

func (p *parser) fail(err error) {
	if p.err == nil {
		p.err = err
	}
	p.s = ""
}

// end is the error of the whole reading; something left over is one. Spaces at the end are forgiven.
func (p *parser) end() error {
	if p.err == nil && strings.Trim(p.s, " ") != "" {
		p.err = bad("Syntax error")
	}
	return p.err
}

func (p *parser) peek() byte {
	if p.s == "" {
		return 0xff // stands nowhere in a command
	}
	return p.s[0]
}

// take reads c if it comes next.
func (p *parser) take(c byte) bool {
	if p.peek() != c {
		return false
	}
	p.s = p.s[1:]
	return true
}

func (p *parser) want(c byte) {
	if !p.take(c) {
		p.fail(bad("Syntax error"))
	}
}

func (p *parser) sp() { p.want(' ') }

// more reports another element after a space, up to the end of the arguments.
func (p *parser) more() bool { return p.err == nil && strings.Trim(p.s, " ") != "" }

// word reads an atom in upper case.
func (p *parser) word() string { return strings.ToUpper(p.atom()) }

func (p *parser) atom() string {
	a, rest := cutAtom(p.s)
	if a == "" {
		p.fail(bad("Syntax error"))
		return ""
	}
	p.s = rest
	return a
}

// isWord reads the atom w if it comes next, whatever its case.
func (p *parser) isWord(w string) bool {
	a, rest := cutAtom(p.s)
	if !strings.EqualFold(a, w) {
		return false
	}
	p.s = rest
	return true
}

// str reads a quoted string or a literal.
func (p *parser) str() string {
	switch {
	case p.take('"'):
		return p.quoted()
	case p.take(0):
		if len(p.lits) == 0 {
			p.fail(bad("Syntax error"))
			return ""
		}
		s := string(p.lits[0])
		p.lits = p.lits[1:]
		if strings.IndexByte(s, 0) >= 0 { // RFC 9051 section 9: CHAR8; what a literal8 may hold is no argument here
			p.fail(bad("NUL in a string"))
			return ""
		}
		return s
	}
	p.fail(bad("Syntax error"))
	return ""
}

func (p *parser) quoted() string {
	var b strings.Builder
	for i := 0; i < len(p.s); i++ {
		switch c := p.s[i]; {
		case c == '"':
			p.s = p.s[i+1:]
			return b.String()
		case c == '\\' && i+1 < len(p.s) && (p.s[i+1] == '"' || p.s[i+1] == '\\'):
			i++
			b.WriteByte(p.s[i])
		case c == '\\' || c == 0:
			p.fail(bad("Syntax error"))
			return ""
		default:
			b.WriteByte(c)
		}
	}
	p.fail(bad("Syntax error"))
	return ""
}

func (p *parser) isString() bool { return p.peek() == '"' || p.peek() == 0 }

// astring reads an atom, which here may hold "]", or a string (RFC 9051 section 9).
func (p *parser) astring() string {
	return p.astringOf(func(c byte) bool { return atomChar(c) || c == ']' })
}

func (p *parser) astringOf(ok func(byte) bool) string {
	if p.isString() {
		return p.str()
	}
	i := 0
	for i < len(p.s) && (ok(p.s[i]) || p.s[i] >= 0x80) { // raw UTF-8 in atoms comes from careless clients
		i++
	}
	if i == 0 {
		p.fail(bad("Syntax error"))
		return ""
	}
	a := p.s[:i]
	p.s = p.s[i:]
	return a
}

// nstring reads a string or NIL.
func (p *parser) nstring() (s string, is bool) {
	if p.isWord("NIL") {
		return "", false
	}
	return p.str(), true
}

// mailbox reads a mailbox name and decodes it.
func (p *parser) mailbox() string { return p.name(p.astring()) }

// pattern reads a LIST pattern (RFC 9051 section 9: list-mailbox).
func (p *parser) pattern() string {
	return p.name(p.astringOf(func(c byte) bool { return atomChar(c) || c == ']' || c == '%' || c == '*' }))
}

// name decodes a mailbox name as it travels: modified UTF-7 unless UTF-8 mode is on. A name with octets above ASCII is
// taken for the UTF-8 it is in either mode.
func (p *parser) name(s string) string {
	if p.err != nil {
		return ""
	}
	if strings.IndexByte(s, 0) >= 0 || !utf8.ValidString(s) || strings.ContainsAny(s, "\r\n") {
		p.fail(bad("Not a mailbox name"))
		return ""
	}
	if p.utf8 {
		return s
	}
	if !isASCII(s) {
		return strings.ReplaceAll(s, "&-", "&") // some clients do one half of the encoding
	}
	name, ok := utf7.Decode(s)
	if !ok {
		p.fail(bad("Not a mailbox name in modified UTF-7"))
	}
	return name
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// number reads digits up to limit.
func (p *parser) number(limit uint64) uint64 {
	i := 0
	for i < len(p.s) && p.s[i] >= '0' && p.s[i] <= '9' {
		i++
	}
	n, err := strconv.ParseUint(p.s[:i], 10, 64)
	if err != nil || n > limit {
		p.fail(bad("Bad number"))
		return 0
	}
	p.s = p.s[i:]
	return n
}

func (p *parser) isDigit() bool { return p.peek() >= '0' && p.peek() <= '9' }

// flag reads one flag (RFC 9051 section 9).
func (p *parser) flag() string {
	if p.take('\\') {
		return `\` + p.atom()
	}
	return p.atom()
}

// flags reads "(flag …)".
func (p *parser) flags() (list []string) {
	p.want('(')
	for p.err == nil && !p.take(')') {
		if len(list) > 0 {
			p.sp()
		}
		list = append(list, p.flag())
	}
	return list
}

// filled reads "(item item)" by calling each; one item at least is wanted.
func (p *parser) filled(each func()) {
	if strings.HasPrefix(p.s, "()") {
		p.fail(bad("An empty list"))
	}
	p.list(each)
}

// list reads "(item item)" by calling each; an empty list is one.
func (p *parser) list(each func()) {
	p.want('(')
	for first := true; p.err == nil && !p.take(')'); first = false {
		if !first {
			p.sp()
		}
		each()
	}
}

const dateTimeForm = "_2-Jan-2006 15:04:05 -0700"

// dateTime reads a quoted date-time (RFC 9051 section 9).
func (p *parser) dateTime() time.Time {
	p.want('"')
	s := p.quoted()
	t, err := time.Parse(dateTimeForm, s)
	if p.err == nil && err != nil {
		p.fail(bad("Bad date"))
	}
	return t
}

// date reads "d-Mon-yyyy", quoted or not.
func (p *parser) date() time.Time {
	s := p.astring()
	t, err := time.Parse("2-Jan-2006", s)
	if p.err == nil && err != nil {
		p.fail(bad("Bad date"))
	}
	return t
}
