package viet

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// decodeVIQR reads VIQR (RFC 1456 4): marks are ASCII signs behind the vowel, a backslash makes the next sign plain.
// changed counts the words that took a mark, strong the marks that English text hardly has behind a vowel.
func decodeVIQR(raw []byte) (text string, strong int) {
	d := viqrDecoder{in: raw, out: make([]byte, 0, len(raw))}
	for d.i < len(d.in) {
		d.step()
	}
	return NFC(string(d.out)), d.strong
}

type viqrDecoder struct {
	in, out   []byte
	i         int
	wordStart int  // in out
	toned     bool // this word has its tone
	strong    int
}

func (d *viqrDecoder) step() {
	c := d.in[d.i]
	switch {
	case c == '\\' && d.i+1 < len(d.in) && strings.IndexByte("\\'`?~.^(+*dD", d.in[d.i+1]) >= 0:
		d.out = append(d.out, d.in[d.i+1])
		d.i += 2
	case c >= utf8.RuneSelf:
		r, n := utf8.DecodeRune(d.in[d.i:])
		d.out = utf8.AppendRune(d.out, r)
		d.i += n
	case c == 'd' || c == 'D':
		d.dee(c)
	case !asciiLetter(c):
		d.out = append(d.out, c)
		d.i++
		d.wordStart, d.toned = len(d.out), false
	default:
		d.out = append(d.out, c)
		d.i++
		if isVowel(unicode.ToLower(rune(c))) {
			d.marks(c)
		}
	}
}

// dee turns dd into đ where a word can have it: at its start, or in an abbreviation such as HDDND.
func (d *viqrDecoder) dee(c byte) {
	next := byte(0)
	if d.i+1 < len(d.in) {
		next = d.in[d.i+1]
	}
	start := d.wordStart == len(d.out)
	caps := c == 'D' && strings.ToUpper(string(d.out[d.wordStart:])) == string(d.out[d.wordStart:])
	if next|0x20 == 'd' && (start || caps) {
		if c == 'D' {
			d.out = append(d.out, "Đ"...)
		} else {
			d.out = append(d.out, "đ"...)
		}
		d.i += 2
		d.strong++
		return
	}
	d.out = append(d.out, c)
	d.i++
}

// marks takes the signs behind the vowel c that can stand on it: at most one shape and one tone.
func (d *viqrDecoder) marks(c byte) {
	low := c | 0x20
	shaped := false
	for d.i < len(d.in) {
		var m string
		switch s := d.in[d.i]; {
		case !shaped && s == '^' && strings.IndexByte("aeo", low) >= 0:
			m, shaped = "\u0302", true
		case !shaped && s == '(' && low == 'a':
			m, shaped = "\u0306", true
		case !shaped && (s == '+' || s == '*') && strings.IndexByte("ou", low) >= 0:
			m, shaped = "\u031b", true
		default:
			if m = viqrTone(s); m == "" || d.toned || s == '.' && d.sentenceEnd() {
				return
			}
			d.toned = true
		}
		if s := d.in[d.i]; s != '.' && s != '?' && s != '\'' {
			d.strong++
		}
		d.out = append(d.out, m...)
		d.i++
	}
}

func viqrTone(s byte) string {
	switch s {
	case '\'':
		return "\u0301"
	case '`':
		return "\u0300"
	case '?':
		return "\u0309"
	case '~':
		return "\u0303"
	case '.':
		return "\u0323"
	}
	return ""
}

// sentenceEnd reports that the dot at d.i ends a sentence although nobody escaped it: a capital or nothing follows
// the space, and the word itself is no name.
func (d *viqrDecoder) sentenceEnd() bool {
	first, _ := utf8.DecodeRune(d.out[d.wordStart:])
	if unicode.IsUpper(first) {
		return false
	}
	rest := strings.TrimLeft(string(d.in[d.i+1:min(len(d.in), d.i+8)]), "\"')")
	trimmed := strings.TrimLeft(rest, " \r\n\t")
	if rest == trimmed && rest != "" {
		return false
	}
	return trimmed == "" && d.i+8 >= len(d.in) || trimmed != "" && 'A' <= trimmed[0] && trimmed[0] <= 'Z'
}

func asciiLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
