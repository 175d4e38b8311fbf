package letter

import (
	"strconv"
)

// pdfLexer reads the tokens of PDF (ISO 32000-1 7.2, 7.3), in files and in content streams.
type pdfLexer struct {
	src []byte
	pos int
}

// pdfOp is a keyword: an operator of a content stream, "endobj", "R" …
type pdfOp string

func pdfSpace(c byte) bool {
	return c <= ' ' && (c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0)
}

func pdfDelimiter(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

func (l *pdfLexer) space() {
	for l.pos < len(l.src) {
		c := l.src[l.pos]
		switch {
		case pdfSpace(c):
			l.pos++
		case c == '%':
			for l.pos < len(l.src) && l.src[l.pos] != '\n' && l.src[l.pos] != '\r' {
				l.pos++
			}
		default:
			return
		}
	}
}

// value reads one object; nil at the end of input and beyond the depth, a pdfOp for any other word.
func (l *pdfLexer) value(depth int) any {
	l.space()
	if l.pos >= len(l.src) {
		return nil
	}
	if depth > pdfMaxDepth {
		l.pos = len(l.src)
		return nil
	}
	switch c := l.src[l.pos]; {
	case c == '/':
		l.pos++
		return l.name()
	case c == '(':
		return l.literal()
	case c == '<' && l.pos+1 < len(l.src) && l.src[l.pos+1] == '<':
		l.pos += 2
		return l.dict(depth)
	case c == '<':
		return l.hex()
	case c == '[':
		l.pos++
		return l.array(depth)
	case c == '+' || c == '-' || c == '.' || c >= '0' && c <= '9':
		return l.number()
	case pdfDelimiter(c):
		l.pos++
		if c == '>' && l.pos < len(l.src) && l.src[l.pos] == '>' {
			l.pos++
			return pdfOp(">>")
		}
		return pdfOp(string(c))
	}
	return l.word()
}

func (l *pdfLexer) word() any {
	start := l.pos
	for l.pos < len(l.src) && !pdfSpace(l.src[l.pos]) && !pdfDelimiter(l.src[l.pos]) {
		l.pos++
	}
	switch w := string(l.src[start:l.pos]); w {
	case "true":
		return true
	case "false":
		return false
	case "null":
		return nil
	default:
		return pdfOp(w)
	}
}

// number reads a number, or a reference "12 0 R".
func (l *pdfLexer) number() any {
	start := l.pos
	for l.pos < len(l.src) {
		c := l.src[l.pos]
		if c != '+' && c != '-' && c != '.' && (c < '0' || c > '9') {
			break
		}
		l.pos++
	}
	s := string(l.src[start:l.pos])
	n, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0.0 // "--5", "1.2.3": readers take it for nothing
	}
	if n < 0 || n != float64(int(n)) || n > 1e9 {
		return n
	}
	save := l.pos
	l.space()
	from := l.pos
	for l.pos < len(l.src) && l.pos-from < 6 && l.src[l.pos] >= '0' && l.src[l.pos] <= '9' {
		l.pos++
	}
	if l.pos > from {
		l.space()
		if l.pos < len(l.src) && l.src[l.pos] == 'R' && (l.pos+1 == len(l.src) || pdfSpace(l.src[l.pos+1]) || pdfDelimiter(l.src[l.pos+1])) {
			l.pos++
			return pdfRef(int(n))
		}
	}
	l.pos = save
	return n
}

func (l *pdfLexer) name() pdfName {
	var out []byte
	for l.pos < len(l.src) && !pdfSpace(l.src[l.pos]) && !pdfDelimiter(l.src[l.pos]) {
		c := l.src[l.pos]
		if c == '#' && l.pos+2 < len(l.src) {
			if v, err := strconv.ParseUint(string(l.src[l.pos+1:l.pos+3]), 16, 8); err == nil {
				c = byte(v)
				l.pos += 2
			}
		}
		out = append(out, c)
		l.pos++
	}
	return pdfName(out)
}

func (l *pdfLexer) literal() pdfString {
	var out []byte
	depth := 0
	for l.pos < len(l.src) {
		c := l.src[l.pos]
		l.pos++
		switch c {
		case '(':
			if depth++; depth == 1 {
				continue
			}
		case ')':
			if depth--; depth == 0 {
				return pdfString(out)
			}
		case '\\':
			out = l.escape(out)
			continue
		}
		out = append(out, c)
	}
	return pdfString(out)
}

func (l *pdfLexer) escape(out []byte) []byte {
	if l.pos >= len(l.src) {
		return out
	}
	c := l.src[l.pos]
	l.pos++
	switch c {
	case 'n':
		return append(out, '\n')
	case 'r':
		return append(out, '\r')
	case 't':
		return append(out, '\t')
	case 'b', 'f':
		return append(out, ' ')
	case '\r':
		if l.pos < len(l.src) && l.src[l.pos] == '\n' {
			l.pos++
		}
		return out
	case '\n':
		return out
	}
	if c < '0' || c > '7' {
		return append(out, c)
	}
	v := int(c - '0')
	for n := 0; n < 2 && l.pos < len(l.src) && l.src[l.pos] >= '0' && l.src[l.pos] <= '7'; n++ {
		v = v*8 + int(l.src[l.pos]-'0')
		l.pos++
	}
	return append(out, byte(v&0xff))
}

func (l *pdfLexer) hex() pdfString {
	l.pos++
	start := l.pos
	for l.pos < len(l.src) && l.src[l.pos] != '>' {
		l.pos++
	}
	out := unhex(l.src[start:l.pos])
	l.pos = min(l.pos+1, len(l.src))
	return pdfString(out)
}

func (l *pdfLexer) array(depth int) pdfArray {
	out := pdfArray{}
	for len(out) < pdfMaxObjects {
		v := l.value(depth + 1)
		if op, ok := v.(pdfOp); ok {
			if op == "]" || op == "endobj" || op == ">>" {
				break
			}
			continue
		}
		if v == nil && l.pos >= len(l.src) {
			break
		}
		out = append(out, v)
	}
	return out
}

func (l *pdfLexer) dict(depth int) pdfDict {
	out := pdfDict{}
	for l.pos < len(l.src) && len(out) < pdfMaxObjects {
		k := l.value(depth + 1)
		key, ok := k.(pdfName)
		if !ok {
			if op, isOp := k.(pdfOp); isOp && (op == ">>" || op == "endobj" || op == "stream") {
				break
			}
			continue
		}
		v := l.value(depth + 1)
		if op, isOp := v.(pdfOp); isOp {
			if op == ">>" {
				break
			}
			continue
		}
		out[key] = v
	}
	return out
}
