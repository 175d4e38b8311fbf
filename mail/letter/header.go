package letter

import (
	"bytes"
	"strings"

	"hopthu/mail"
)

// Header is a tolerant header block (RFC 5322 2.2): one broken line never hides the others, order and raw bytes are
// kept.
type Header struct {
	raw     []byte // as given
	buf     []byte // for reading: raw, or a copy of the same length in which CR became LF
	fields  []field
	end     int // where the body begins
	defects []string
	legacy  string // encoding of raw octets that only the header as a whole tells
	forced  bool   // legacy is the person's wish
	known   *Known // may be nil
}

// field is one field, folding and line ends included; colon is -1 for a line that is no field.
type field struct{ start, colon, end int }

// ReadHeader reads the header block at the start of block; what follows the empty line is ignored. It never fails.
func ReadHeader(block []byte) *Header { return splitHeader(block, lines(block), true) }

// lines gives b itself, or when no LF is in it, a copy in which each CR is an LF: letters that end lines in CR alone.
func lines(b []byte) []byte {
	if bytes.IndexByte(b, '\n') >= 0 || bytes.IndexByte(b, '\r') < 0 {
		return b
	}
	return bytes.ReplaceAll(b, []byte{'\r'}, []byte{'\n'})
}

// splitHeader splits the block at the start of buf. top allows what may stand before a letter's header: empty lines,
// a byte order mark, an mbox line.
func splitHeader(raw, buf []byte, top bool) *Header {
	h := &Header{raw: raw, buf: buf}
	start := 0
	if top {
		start = h.preamble()
	}
	pos, good, lastGood, found := start, 0, start, false
	for pos < len(buf) {
		next, text := lineAt(buf, pos)
		if len(text) == 0 {
			found, h.end = true, next
			break
		}
		switch colon := colonAt(text); {
		case (text[0] == ' ' || text[0] == '\t') && len(h.fields) > 0:
			f := &h.fields[len(h.fields)-1]
			f.end = next
			if f.colon >= 0 {
				lastGood = next
			}
		case len(h.fields) >= maxFields:
			h.defect(DefectManyFields)
		case colon >= 0:
			if h.fields == nil {
				h.fields = make([]field, 0, 16)
			}
			h.fields = append(h.fields, field{pos, pos + colon, next})
			good, lastGood = good+1, next
		default:
			h.fields = append(h.fields, field{pos, -1, next})
		}
		pos = next
	}
	h.finish(start, good, lastGood, found)
	if top {
		h.legacy = h.judge()
	}
	return h
}

// finish decides where the body begins when the block is not as it should be.
func (h *Header) finish(start, good, lastGood int, found bool) {
	switch {
	case good == 0 && len(h.fields) > 0: // text without any header
		h.fields, h.end = nil, start
		h.defect(DefectNoHeader)
		return
	case !found && len(h.fields) == 0:
		h.end = len(h.buf)
		return
	case !found || h.runsOn(lastGood): // header and body run into each other: the header ends with its last good field
		h.end = lastGood
		for len(h.fields) > 0 && h.fields[len(h.fields)-1].start >= lastGood {
			h.fields = h.fields[:len(h.fields)-1]
		}
		h.defect(DefectNoHeaderEnd)
	}
	for _, f := range h.fields {
		if f.colon < 0 {
			h.defect(DefectHeaderLine)
		}
		if f.end-f.start > maxField {
			h.defect(DefectBigField)
		}
	}
}

// runsOn reports lines behind the last good field, before an empty line, that are no field: the empty line behind the
// header is missing, and they are the first ones of the text. Base64 would be spoiled by what may be the rest of a field.
func (h *Header) runsOn(lastGood int) bool {
	if n := len(h.fields); n == 0 || h.fields[n-1].start < lastGood {
		return false
	}
	return !hasWord(h.first("Content-Transfer-Encoding"), "base64")
}

// preamble skips what stands before the header and is no part of it.
func (h *Header) preamble() int {
	pos := 0
	if bytes.HasPrefix(h.buf, []byte("\xef\xbb\xbf")) {
		pos = 3
	}
	first := pos
	for first < len(h.buf) {
		next, text := lineAt(h.buf, first)
		if len(text) > 0 {
			if first > pos && knownField(text) {
				h.defect(DefectLeadingBlank)
				pos = first
			}
			break
		}
		first = next
	}
	if next, text := lineAt(h.buf, pos); bytes.HasPrefix(text, []byte("From ")) || bytes.HasPrefix(text, []byte(">From ")) {
		if colonAt(text) < 0 {
			h.defect(DefectMboxFrom)
			pos = next
		}
	}
	return pos
}

// knownField reports whether a line begins with a field name that letters really begin with, or an mbox line.
func knownField(line []byte) bool {
	if bytes.HasPrefix(line, []byte("From ")) {
		return true
	}
	c := colonAt(line)
	if c < 0 {
		return false
	}
	name := strings.ToLower(strings.TrimRight(string(line[:c]), " \t"))
	switch name {
	case "from", "to", "cc", "subject", "date", "received", "return-path", "mime-version", "message-id", "delivered-to",
		"dkim-signature", "reply-to", "sender", "in-reply-to", "references", "authentication-results":
		return true
	}
	return strings.HasPrefix(name, "x-") || strings.HasPrefix(name, "content-") || strings.HasPrefix(name, "arc-")
}

func (h *Header) defect(code string) { h.defects = addCode(h.defects, code) }

// addCode adds code once.
func addCode(list []string, code string) []string {
	for _, s := range list {
		if s == code {
			return list
		}
	}
	return append(list, code)
}

// lineAt gives the line at pos without its end, and where the next one begins.
func lineAt(b []byte, pos int) (next int, text []byte) {
	rest := b[pos:]
	if i := bytes.IndexByte(rest, '\n'); i >= 0 {
		next, rest = pos+i+1, rest[:i]
	} else {
		next = len(b)
	}
	return next, bytes.TrimRight(rest, "\r")
}

// colonAt finds the colon of a field line; -1 if the line is none. Octets above 127 are allowed in the name, blanks
// only before the colon (RFC 5322 4.5, obsolete syntax).
func colonAt(line []byte) int {
	for i, c := range line {
		switch {
		case c == ':':
			if i == 0 {
				return -1
			}
			return i
		case c == ' ' || c == '\t':
			rest := bytes.TrimLeft(line[i:], " \t")
			if i > 0 && len(rest) > 0 && rest[0] == ':' {
				return len(line) - len(rest)
			}
			return -1
		case c < ' ' || c == 0x7f:
			return -1
		}
	}
	return -1
}

func (h *Header) name(f field) []byte {
	if f.colon < 0 {
		return nil
	}
	return bytes.TrimRight(h.buf[f.start:f.colon], " \t")
}

// value is the raw value, folding included, without the last line end, limited in size.
func (h *Header) value(f field) []byte {
	v := h.buf[f.colon+1 : f.end]
	if f.colon < 0 {
		v = h.buf[f.start:f.end]
	}
	if len(v) > maxField {
		v = v[:maxField]
	}
	return bytes.Trim(v, " \t\r\n")
}

func (h *Header) each(name string, do func(f field) bool) {
	for _, f := range h.fields {
		if f.colon >= 0 && f.colon-f.start >= len(name) && equalName(h.name(f), name) && !do(f) {
			return
		}
	}
}

// equalName compares field names without case (ASCII).
func equalName(b []byte, name string) bool {
	if len(b) != len(name) {
		return false
	}
	for i := range b {
		if lower(b[i]) != lower(name[i]) {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// first gives the raw value of the first field called name, nil if there is none.
func (h *Header) first(name string) []byte {
	var v []byte
	h.each(name, func(f field) bool { v = h.value(f); return false })
	return v
}

// count says how many fields are called name.
func (h *Header) count(name string) int {
	n := 0
	h.each(name, func(field) bool { n++; return true })
	return n
}

// Get gives the first field called name: unfolded, decoded, NFC; "" if there is none.
func (h *Header) Get(name string) string { return decodeField(h.readable(h.first(name))) }

// Raw gives the bytes of the first field called name: name, colon, folding and line end included; nil if none.
func (h *Header) Raw(name string) []byte {
	var v []byte
	h.each(name, func(f field) bool { v = h.raw[f.start:f.end]; return false })
	return v
}

// All gives every field called name, decoded.
func (h *Header) All(name string) []string {
	var out []string
	h.each(name, func(f field) bool { out = append(out, decodeField(h.value(f))); return true })
	return out
}

// Fields gives all fields in order, decoded. A line that is no field has an empty Name.
func (h *Header) Fields() []mail.Field {
	out := make([]mail.Field, 0, len(h.fields))
	for _, f := range h.fields {
		out = append(out, mail.Field{Name: decodeField(h.name(f)), Value: decodeField(h.value(f))})
	}
	return out
}

// Bytes gives the block as stored, up to the first octet of the body.
func (h *Header) Bytes() []byte { return h.raw[:h.end] }

// Defects lists the codes of what was broken in the block.
func (h *Header) Defects() []string { return h.defects }
