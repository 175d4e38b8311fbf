package letter

import (
	"bytes"
	"encoding/base64"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"hopthu/mail"
	"hopthu/mail/viet"
)

// decodeRaw decodes octets whose charset nobody declared.
func decodeRaw(b []byte) (text, legacy string) {
	if ascii(b) || surelyVietnamese(b) {
		return viet.NFC(string(b)), ""
	}
	return decodeText(b, "")
}

// surelyVietnamese knows by one look the UTF-8 that needs no repair: a letter of U+1E00 to U+1EFF comes out of no
// wrong conversion, and a header field is short enough to be right as a whole.
func surelyVietnamese(b []byte) bool {
	return len(b) < 500 && bytes.IndexByte(b, 0xe1) >= 0 && utf8.Valid(b) &&
		(bytes.Contains(b, []byte("\xe1\xba")) || bytes.Contains(b, []byte("\xe1\xbb")))
}

// decodeText gives NFC text of b, whatever charset says.
func decodeText(b []byte, charset string) (text, legacy string) {
	text, legacy, _ = decodeNoted(b, charset)
	return text, legacy
}

// decodeNoted is decodeText that also says whether the text was not what charset said.
func decodeNoted(b []byte, charset string) (text, legacy string, mended bool) {
	label := strings.ToLower(strings.Trim(charset, " \t\"'"))
	switch {
	case label == "utf-7" || label == "unicode-1-1-utf-7" || label == "csunicode11utf7":
		return viet.NFC(decodeUTF7(b)), "", false
	case strings.HasPrefix(label, "utf-16") || strings.HasPrefix(label, "utf16") || label == "unicode" || label == "ucs-2":
		text, ok := decodeUTF16(b, strings.HasSuffix(label, "le"))
		if ok {
			return viet.NFC(text), "", false
		}
		label = ""
	case strings.HasPrefix(label, "utf-32"): // forbidden in mail (RFC 2781 only knows 16), and not worth a decoder
		label = ""
	}
	if n := cutLetter(b); n > 0 && utf8.Valid(b[:len(b)-n]) { // cut off in mid-letter
		text, legacy, _ = viet.Decode(b[:len(b)-n], label)
		return text + string(utf8.RuneError), legacy, true
	}
	text, legacy, err := viet.Decode(b, label)
	return text, legacy, err != nil
}

// cutLetter counts the octets of an unfinished UTF-8 letter at the end of b that follows at least one finished one.
func cutLetter(b []byte) int {
	for n := 1; n <= 3 && n < len(b); n++ {
		if c := b[len(b)-n]; utf8.RuneStart(c) {
			if c < 0xc0 || utf8.FullRune(b[len(b)-n:]) || ascii(b[:len(b)-n]) {
				return 0
			}
			return n
		}
	}
	return 0
}

// decodeHTML is decodeNoted for HTML. Text that was once converted wrongly is left for repairParas, which sees it
// without markup and with its entities resolved: half of a TCVN3 text may be written as &eacute; and &shy;.
func decodeHTML(b []byte, charset string) (text, legacy string, mended bool) {
	if utf8.Valid(b) && bytes.IndexByte(b, 0) < 0 && bytes.IndexByte(b, 0x1b) < 0 && !strings.Contains(strings.ToLower(charset), "utf-7") {
		return viet.NFC(string(b)), "", false
	}
	text, legacy, mended = decodeNoted(b, charset)
	if legacy != "" && latinEntity(b) {
		if plain, err := viet.DecodeAs(b, "windows-1252"); err == nil {
			return plain, "", mended
		}
	}
	return text, legacy, mended
}

// latinEntity reports whether HTML names a Latin-1 letter or the soft hyphen by an entity.
func latinEntity(b []byte) bool {
	for _, s := range []string{"acute;", "grave;", "circ;", "tilde;", "uml;", "&shy;", "&#1", "&#2", "&micro;", "&reg;", "&copy;"} {
		if bytes.Contains(b, []byte(s)) {
			return true
		}
	}
	return false
}

// decodeForced decodes as the person wants it; an encoding that viet does not know does as if none were given.
func decodeForced(b []byte, encoding string) (text string, mended bool) {
	text, err := viet.DecodeAs(b, encoding)
	if err != nil && text == "" {
		text, _, mended = decodeNoted(b, "")
		return text, mended
	}
	return text, err != nil
}

// decodeUTF16 decodes UTF-16 with or without a byte order mark; without one the zero octets of ASCII tell the order,
// and if there are none the octets are something else.
func decodeUTF16(b []byte, little bool) (string, bool) {
	switch {
	case bytes.HasPrefix(b, []byte{0xff, 0xfe}):
		little, b = true, b[2:]
	case bytes.HasPrefix(b, []byte{0xfe, 0xff}):
		little, b = false, b[2:]
	default:
		var even, odd int
		for i, c := range b[:min(len(b), 4096)] {
			if c == 0 && i%2 == 0 {
				even++
			} else if c == 0 {
				odd++
			}
		}
		if even == 0 && odd == 0 && utf8.Valid(b) {
			return "", false
		}
		little = odd > even || (odd == even && little)
	}
	units := make([]uint16, 0, len(b)/2)
	for i := 0; i+1 < len(b); i += 2 {
		if little {
			units = append(units, uint16(b[i])|uint16(b[i+1])<<8)
		} else {
			units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
		}
	}
	return string(utf16.Decode(units)), true
}

// decodeUTF7 decodes UTF-7 (RFC 2152); what is no shift sequence stays as it is.
func decodeUTF7(b []byte) string {
	var out strings.Builder
	for i := 0; i < len(b); i++ {
		if b[i] != '+' {
			if b[i] >= utf8.RuneSelf {
				out.WriteRune(utf8.RuneError)
			} else {
				out.WriteByte(b[i])
			}
			continue
		}
		end := i + 1
		for end < len(b) && b64[b[end]] < 64 && b[end] != '-' && b[end] != '_' {
			end++
		}
		if end == i+1 { // "+-" is a plus
			out.WriteByte('+')
			if end < len(b) && b[end] == '-' {
				i++
			}
			continue
		}
		data, err := base64.RawStdEncoding.DecodeString(string(b[i+1 : end]))
		if err != nil { // not base64 to its end: keep what can be read
			data, _ = decodeBase64(b[i+1 : end])
		}
		for j := 0; j+1 < len(data); j += 2 {
			r := rune(data[j])<<8 | rune(data[j+1])
			if utf16.IsSurrogate(r) && j+3 < len(data) {
				r = utf16.DecodeRune(r, rune(data[j+2])<<8|rune(data[j+3]))
				j += 2
			}
			out.WriteRune(r)
		}
		if end < len(b) && b[end] == '-' {
			end++
		}
		i = end - 1
	}
	return out.String()
}

// repairParas mends text that came as wrong characters, not as wrong octets: HTML made from a legacy font.
func repairParas(paras []mail.Para) ([]mail.Para, string) {
	const sep = "\x00\n"
	var b strings.Builder
	for _, p := range paras {
		b.WriteString(p.Text)
		b.WriteString(sep)
	}
	fixed, legacy := viet.Repair(b.String())
	parts := strings.Split(fixed, sep)
	if legacy == "" || len(parts) != len(paras)+1 {
		return paras, ""
	}
	for i := range paras {
		paras[i].Text = parts[i]
	}
	return paras, legacy
}
