package letter

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

// xmlScan reads the XML of office files: tags, attributes and text, nothing else. It never fails: what is not well formed
// is read as far as it goes, so that a damaged tag cannot hide the text behind it. Entities of a DTD are never expanded.
type xmlScan struct {
	src  []byte
	pos  int
	kind byte   // '<' start, '/' end, '.' empty element, 'T' text
	name string // local name
	tag  []byte // attributes, raw
	body []byte // text, raw
}

func newXML(b []byte) *xmlScan {
	if len(b) > 3 && (b[0] == 0xff && b[1] == 0xfe || b[0] == 0xfe && b[1] == 0xff || b[0] == '<' && b[1] == 0 || b[0] == 0 && b[1] == '<') {
		if t, ok := decodeUTF16(b, b[0] == 0xff || b[0] == '<'); ok {
			b = []byte(t)
		}
	}
	return &xmlScan{src: b}
}

func (x *xmlScan) next() bool {
	for x.pos < len(x.src) {
		rest := x.src[x.pos:]
		if rest[0] != '<' {
			n := bytes.IndexByte(rest, '<')
			if n < 0 {
				n = len(rest)
			}
			x.kind, x.body = 'T', rest[:n]
			x.pos += n
			return true
		}
		switch {
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			n := bytes.Index(rest, []byte("]]>"))
			if n < 0 {
				n = len(rest)
			}
			x.kind, x.body = 'C', rest[9:max(n, 9)]
			x.pos += min(n+3, len(rest))
			return true
		case bytes.HasPrefix(rest, []byte("<!--")):
			x.skip(rest, "-->")
			continue
		case bytes.HasPrefix(rest, []byte("<?")):
			x.skip(rest, "?>")
			continue
		case bytes.HasPrefix(rest, []byte("<!")):
			x.skip(rest, ">")
			continue
		}
		x.element(rest)
		return true
	}
	return false
}

func (x *xmlScan) skip(rest []byte, end string) {
	n := bytes.Index(rest, []byte(end))
	if n < 0 {
		x.pos = len(x.src)
		return
	}
	x.pos += n + len(end)
}

func (x *xmlScan) element(rest []byte) {
	n := tagEnd(rest)
	x.pos += min(n+1, len(rest))
	tag := rest[1:n]
	x.kind = '<'
	switch {
	case len(tag) > 0 && tag[0] == '/':
		x.kind, tag = '/', tag[1:]
	case len(tag) > 0 && tag[len(tag)-1] == '/':
		x.kind, tag = '.', tag[:len(tag)-1]
	}
	end := bytes.IndexAny(tag, " \t\r\n")
	if end < 0 {
		end = len(tag)
	}
	name := tag[:end]
	if i := bytes.LastIndexByte(name, ':'); i >= 0 {
		name = name[i+1:]
	}
	x.name, x.tag = string(name), tag[end:]
}

// tagEnd finds the > of a tag, outside of quotes; a quote that does not close ends at the next <.
func tagEnd(b []byte) int {
	var quote byte
	for i := 1; i < len(b); i++ {
		switch c := b[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			} else if c == '<' {
				return i - 1
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i
		}
	}
	return len(b)
}

// attr gives the value of an attribute by its local name.
func (x *xmlScan) attr(name string) string {
	b := x.tag
	for {
		i := bytes.Index(b, []byte(name))
		if i < 0 {
			return ""
		}
		before, after := b[:i], bytes.TrimLeft(b[i+len(name):], " \t\r\n")
		if i > 0 && (before[i-1] == ':' || before[i-1] <= ' ') && len(after) > 1 && after[0] == '=' {
			after = bytes.TrimLeft(after[1:], " \t\r\n")
			if len(after) > 1 && (after[0] == '"' || after[0] == '\'') {
				if n := bytes.IndexByte(after[1:], after[0]); n >= 0 {
					return unescapeXML(after[1 : n+1])
				}
			}
			return ""
		}
		b = b[i+len(name):]
	}
}

// text is the content of a text token.
func (x *xmlScan) text() string {
	if x.kind == 'C' {
		return strings.ToValidUTF8(string(x.body), "")
	}
	return unescapeXML(x.body)
}

func unescapeXML(b []byte) string {
	if bytes.IndexByte(b, '&') < 0 {
		if utf8.Valid(b) {
			return string(b)
		}
		return strings.ToValidUTF8(string(b), "\ufffd")
	}
	var out strings.Builder
	for len(b) > 0 {
		i := bytes.IndexByte(b, '&')
		if i < 0 {
			out.Write(b)
			break
		}
		out.Write(b[:i])
		b = b[i:]
		n := bytes.IndexByte(b[:min(len(b), 12)], ';')
		if n < 0 {
			out.WriteByte('&')
			b = b[1:]
			continue
		}
		out.WriteString(entity(string(b[1:n])))
		b = b[n+1:]
	}
	return strings.ToValidUTF8(out.String(), "\ufffd")
}

func entity(e string) string {
	switch e {
	case "amp":
		return "&"
	case "lt":
		return "<"
	case "gt":
		return ">"
	case "quot":
		return `"`
	case "apos":
		return "'"
	}
	if num, ok := strings.CutPrefix(e, "#"); ok {
		base := 10
		if hex, ok := strings.CutPrefix(strings.ToLower(num), "x"); ok {
			num, base = hex, 16
		}
		if v, err := strconv.ParseUint(num, base, 32); err == nil && v <= utf8.MaxRune {
			return string(rune(v))
		}
	}
	return ""
}
