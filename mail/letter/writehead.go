package letter

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"hopthu/mail"
)

// lineWidth is the longest line of a header with encoded words (RFC 2047 2).
const lineWidth = 76

// headWriter writes header fields in folded lines.
type headWriter struct {
	buf  bytes.Buffer
	utf8 bool
}

func (h *headWriter) bytes() []byte { return h.buf.Bytes() }

// fold writes one field: its tokens are set one blank apart, in as many lines as needed.
func (h *headWriter) fold(name string, tokens ...string) {
	h.buf.WriteString(name)
	h.buf.WriteByte(':')
	col := len(name) + 1
	for i, t := range tokens {
		if i > 0 && col+1+len(t) > lineWidth {
			h.buf.WriteString("\r\n")
			col = 0
		}
		h.buf.WriteByte(' ')
		h.buf.WriteString(t)
		col += 1 + len(t)
	}
	h.buf.WriteString("\r\n")
}

// oneLine takes everything out of a value that could end its line: controls become blanks.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == 0x2028 || r == 0x2029 {
			return ' '
		}
		return r
	}, norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD")))
	return strings.TrimSpace(s)
}

// text writes an unstructured field; nothing when it is empty.
func (h *headWriter) text(name, value string) {
	value = oneLine(value)
	if value == "" {
		return
	}
	if ascii(value) && !strings.Contains(value, "=?") && !strings.Contains(value, "  ") {
		words, long := strings.Split(value, " "), false
		for _, w := range words {
			long = long || len(w) > 70
		}
		if !long || !strings.EqualFold(name, "Subject") {
			h.fold(name, words...)
			return
		}
	}
	h.fold(name, encodeWords(value, lineWidth-len(name)-2)...)
}

// ids writes message ids in brackets; what cannot be one is left out.
func (h *headWriter) ids(name string, ids []string) {
	var tokens []string
	for _, id := range ids {
		id = strings.Trim(id, "<>")
		if id != "" && len(id) <= 900 && ascii(id) && !strings.ContainsAny(id, "<> \t\r\n") && id == oneLine(id) {
			tokens = append(tokens, "<"+id+">")
		}
	}
	if len(tokens) > 0 {
		h.fold(name, tokens...)
	}
}

// addresses writes an address field; nothing when the list is empty.
func (h *headWriter) addresses(name string, list []mail.Address) error {
	var tokens []string
	col := len(name) + 2
	for i, a := range list {
		addr := norm.NFC.String(a.Addr)
		if err := ValidAddress(addr); err != nil {
			return fmt.Errorf("write %s: %w", strings.ToLower(name), err)
		}
		if !h.utf8 && !ascii(addr) {
			return &mail.Fault{Kind: mail.BadAddress, Op: "write " + strings.ToLower(name), Detail: "needs-utf8"}
		}
		phrase := encodePhrase(a.Name, lineWidth-col)
		if len(phrase) > 0 {
			addr = "<" + addr + ">"
		}
		if i < len(list)-1 {
			addr += ","
		}
		tokens = append(append(tokens, phrase...), addr)
		col = 1 // the next name may stand anywhere: it is cut for a line of its own
	}
	if len(tokens) > 0 {
		h.fold(name, tokens...)
	}
	return nil
}

// encodePhrase makes the tokens of a display name.
func encodePhrase(name string, room int) []string {
	name = strings.Join(strings.Fields(oneLine(name)), " ")
	switch {
	case name == "":
		return nil
	case !ascii(name) || strings.Contains(name, "=?") || len(name) > 60:
		return encodeWords(name, room)
	case strings.ContainsFunc(name, func(r rune) bool { return r != ' ' && !atext(byte(r)) }):
		return []string{`"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `"`}
	}
	return strings.Split(name, " ")
}

// encodeWords makes encoded words (RFC 2047) of s: the first no longer than room, none above 75 octets, no letter cut
// in two; in the encoding that is shorter for the whole.
func encodeWords(s string, room int) []string {
	const longest, frame = 75, len("=?utf-8?B??=")
	if room < 30 {
		room = longest
	}
	room = min(room, longest)
	q := 0
	for i := 0; i < len(s); i++ {
		q += qWidth(s[i])
	}
	useQ := q <= (len(s)+2)/3*4
	var words []string
	for s != "" {
		n, width := 0, 0
		for n < len(s) {
			_, size := utf8.DecodeRuneInString(s[n:])
			w := 0
			for j := n; j < n+size; j++ {
				w += qWidth(s[j])
			}
			if useQ && frame+width+w > room || !useQ && frame+(n+size+2)/3*4 > room {
				break
			}
			n, width = n+size, width+w
		}
		if useQ {
			words = append(words, "=?utf-8?Q?"+encodeQ(s[:n])+"?=")
		} else {
			words = append(words, "=?utf-8?B?"+base64.StdEncoding.EncodeToString([]byte(s[:n]))+"?=")
		}
		s, room = s[n:], longest
	}
	return words
}

// qPlain are the octets that may stand as they are in any encoded word (RFC 2047 5 (3)).
func qPlain(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("!*+-/", c) >= 0
}

func qWidth(c byte) int {
	if c == ' ' || qPlain(c) {
		return 1
	}
	return 3
}

func encodeQ(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == ' ':
			b.WriteByte('_')
		case qPlain(c):
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "=%02X", c)
		}
	}
	return b.String()
}

func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// nameParam makes Content-Type's name in the old form that old programs read: encoded words in quotes.
func nameParam(name string) []string {
	if ascii(name) && len(name) <= 60 {
		return []string{"name=" + quoted(name)}
	}
	words := encodeWords(name, 60)
	words[0] = `name="` + words[0]
	words[len(words)-1] += `"`
	return words
}

// fileParam makes Content-Disposition's filename in the standard form (RFC 2231).
func fileParam(name string) []string {
	if ascii(name) && len(name) <= 60 {
		return []string{"filename=" + quoted(name)}
	}
	const room = 56
	var pieces []string
	var b strings.Builder
	for i := 0; i < len(name); {
		_, size := utf8.DecodeRuneInString(name[i:])
		piece := ""
		for j := i; j < i+size; j++ {
			if c := name[j]; c < utf8.RuneSelf && atext(c) && strings.IndexByte("*'%", c) < 0 || c == '.' {
				piece += string(rune(c))
			} else {
				piece += fmt.Sprintf("%%%02X", c)
			}
		}
		if b.Len()+len(piece) > room {
			pieces = append(pieces, b.String())
			b.Reset()
		}
		b.WriteString(piece)
		i += size
	}
	pieces = append(pieces, b.String())
	if len(pieces) == 1 {
		return []string{"filename*=utf-8''" + pieces[0]}
	}
	for i := range pieces {
		charset, end := "", ";"
		if i == 0 {
			charset = "utf-8''"
		}
		if i == len(pieces)-1 {
			end = ""
		}
		pieces[i] = fmt.Sprintf("filename*%d*=%s%s%s", i, charset, pieces[i], end)
	}
	return pieces
}
