package letter

import (
	"bytes"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// decodeField unfolds and decodes an unstructured value (RFC 5322 2.2.3, RFC 2047): NFC.
func decodeField(raw []byte) string {
	s, _ := decodeWords(unfold(raw))
	return s
}

// unfold joins folded lines: a line end with the blanks around it is one blank.
func unfold(b []byte) []byte {
	if bytes.IndexByte(b, '\n') < 0 && bytes.IndexByte(b, '\r') < 0 {
		return b
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] != '\n' && b[i] != '\r' {
			out = append(out, b[i])
			continue
		}
		for i+1 < len(b) && (b[i+1] == '\n' || b[i+1] == '\r' || b[i+1] == ' ' || b[i+1] == '\t') {
			i++
		}
		out = append(bytes.TrimRight(out, " \t"), ' ')
	}
	return out
}

// ascii reports whether b is pure 7-bit.
func ascii[T []byte | string](b T) bool {
	for i := 0; i < len(b); i++ {
		if b[i] >= 0x80 {
			return false
		}
	}
	return true
}

// decodeWords decodes encoded words anywhere in b, also in the middle of a word and inside quotes, where they should
// not be but are. Adjacent words of one charset are joined before decoding, so that a letter cut in two is whole
// again. Octets outside encoded words that are not ASCII are recognised by content.
func decodeWords(b []byte) (text, legacy string) {
	if !bytes.Contains(b, []byte("=?")) {
		return decodeRaw(b)
	}
	d := wordDecoder{}
	for len(b) > 0 {
		i := bytes.Index(b, []byte("=?"))
		if i < 0 || d.ended {
			d.plain(b)
			break
		}
		charset, data, n, open := encodedWord(b[i:])
		if n == 0 {
			d.ended = open
			d.plain(b[:i+2])
			b = b[i+2:]
			continue
		}
		d.plain(b[:i])
		d.word(charset, data)
		b = b[i+n:]
	}
	d.flush()
	d.flushGap(true)
	return norm.NFC.String(d.out.String()), d.legacy
}

type wordDecoder struct {
	out     strings.Builder
	gap     []byte // plain octets since the last encoded word
	charset string
	data    []byte
	words   bool // data holds something
	after   bool // the last thing before gap was an encoded word
	ended   bool // no further "?=" in the value
	legacy  string
}

func (d *wordDecoder) plain(b []byte) {
	if len(b) == 0 {
		return
	}
	d.gap = append(d.gap, b...)
	if len(bytes.Trim(d.gap, " \t")) > 0 {
		d.flush()
	}
}

func (d *wordDecoder) word(charset string, data []byte) {
	blank := len(bytes.Trim(d.gap, " \t")) == 0
	if d.after && blank { // only blanks between two encoded words: not part of the text (RFC 2047 6.2)
		d.gap = nil
	}
	if d.words && (!blank || !strings.EqualFold(charset, d.charset)) {
		d.flush()
	}
	d.flushGap(false)
	d.charset, d.data, d.words, d.after = charset, append(d.data, data...), true, true
}

// flush writes the pending encoded words.
func (d *wordDecoder) flush() {
	if !d.words {
		return
	}
	s, legacy := "", ""
	if strings.EqualFold(d.charset, "utf-8") {
		s, legacy = decodeRaw(d.data)
	} else {
		s, legacy = decodeText(d.data, d.charset)
	}
	d.out.WriteString(s)
	d.note(legacy)
	d.data, d.words = nil, false
}

func (d *wordDecoder) flushGap(last bool) {
	if len(d.gap) == 0 || (d.words && !last) {
		return
	}
	s, legacy := decodeRaw(d.gap)
	d.out.WriteString(s)
	d.note(legacy)
	d.gap, d.after = nil, false
}

func (d *wordDecoder) note(legacy string) {
	if d.legacy == "" {
		d.legacy = legacy
	}
}

// encodedWord reads one encoded word at the start of b: n is its length, 0 if there is none; open says that no end
// mark follows anywhere, so that looking further is in vain.
func encodedWord(b []byte) (charset string, data []byte, n int, open bool) {
	const longestCharset = 64
	q := bytes.IndexByte(b[2:min(len(b), 2+longestCharset)], '?')
	if q <= 0 || len(b) < 2+q+3 || b[2+q+2] != '?' {
		return "", nil, 0, false
	}
	name := string(b[2 : 2+q])
	if strings.ContainsAny(name, " \t\"<>@,;=") {
		return "", nil, 0, false
	}
	if i := strings.IndexByte(name, '*'); i >= 0 { // RFC 2231 5: language
		name = name[:i]
	}
	if c := lower(b[2+q+1]); c != 'q' && c != 'b' {
		return "", nil, 0, false
	}
	text := b[2+q+3:]
	end := bytes.Index(text, []byte("?="))
	if end < 0 {
		return "", nil, 0, true
	}
	n = 2 + q + 3 + end + 2
	if lower(b[2+q+1]) == 'q' {
		return name, decodeQ(text[:end]), n, false
	}
	data, _ = decodeBase64(text[:end])
	return name, data, n, false
}

// decodeQ decodes the Q encoding (RFC 2047 4.2); what is no escape stays as it is.
func decodeQ(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		switch {
		case b[i] == '_':
			out = append(out, ' ')
		case b[i] == '=' && i+2 < len(b) && hexVal(b[i+1]) >= 0 && hexVal(b[i+2]) >= 0:
			out = append(out, byte(hexVal(b[i+1])<<4|hexVal(b[i+2])))
			i += 2
		default:
			out = append(out, b[i])
		}
	}
	return out
}

func hexVal(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
