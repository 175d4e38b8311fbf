package letter

import (
	"bytes"
	"strings"
)

// Section gives what IMAP's BODY[path.spec] names (RFC 9051 6.4.5.1), octet for octet as stored: path is the part's
// number ("" for the letter, "2.1"), spec is "", "HEADER", "TEXT", "MIME", "HEADER.FIELDS (Name …)" or
// "HEADER.FIELDS.NOT (Name …)". ok is false when there is no such section. The octets are shared with raw, except
// for selected fields and for what stands in an encoded message.
func Section(raw []byte, path, spec string) (data []byte, ok bool) {
	root, _ := walk(raw)
	return root.get(path, spec)
}

func (n *node) get(path, spec string) ([]byte, bool) {
	part := n.find(path)
	if part == nil {
		return nil, false
	}
	word, list, _ := strings.Cut(strings.TrimSpace(spec), " ")
	word = strings.ToUpper(word)
	switch {
	case word == "" && path == "":
		return n.raw[n.start:n.end], true
	case word == "":
		return part.bytes(), true
	case word == "MIME":
		return part.raw[part.start:part.body], path != ""
	}
	letter := part
	if path != "" {
		if letter = part.inner; letter == nil {
			return nil, false
		}
	}
	switch word {
	case "HEADER":
		return letter.raw[letter.start:letter.body], true
	case "TEXT":
		return letter.bytes(), true
	case "HEADER.FIELDS", "HEADER.FIELDS.NOT":
		return letter.head.Select(fieldNames(list), word == "HEADER.FIELDS.NOT"), true
	}
	return nil, false
}

// fieldNames reads "(From To \"X-Y\")".
func fieldNames(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(`() "`, r) })
}

// Select gives the fields with these names, or all others, as stored and in their order, and the empty line that ends
// every header.
func (h *Header) Select(names []string, others bool) []byte {
	var out bytes.Buffer
	for _, f := range h.fields {
		match := false
		for _, n := range names {
			match = match || f.colon >= 0 && equalName(h.name(f), n)
		}
		if match != others {
			out.Write(h.raw[f.start:f.end])
		}
	}
	if b := out.Bytes(); len(b) > 0 && b[len(b)-1] != '\n' { // the header was cut off in mid-line
		out.WriteString("\r\n")
	}
	out.WriteString("\r\n")
	return out.Bytes()
}
