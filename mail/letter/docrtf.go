package letter

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
)

// rtfState is what a group of RTF inherits and restores.
type rtfState struct {
	font int
	uc   int  // octets that stand for a \u character in old readers
	skip bool // a destination without text
	dest byte // 'f' font table
}

type rtfFont struct {
	name    string
	charset int
}

// rtfReader reads RTF 1.9.1 for its text: fonts for the encoding, \'xx, \uN; headers, footers, notes and text boxes are
// text like the body.
type rtfReader struct {
	src   []byte
	pos   int
	st    rtfState
	stack []rtfState
	deep  int // groups beyond the depth that is kept
	fonts map[int]rtfFont
	cpg   int
	bytes []byte // octets of the current run, not decoded yet
	name  []byte // of the font being declared
	fnum  int
	high  uint16 // first half of a surrogate pair
	skipN int    // octets to pass over after \u
	w     docWriter
}

const rtfMaxDepth = 500

// rtfSilent are destinations whose content is no text of the document.
var rtfSilent = wordSet(`colortbl stylesheet info pict object objdata themedata listtable listoverridetable rsidtbl generator xmlnstbl
	datastore latentstyles filetbl revtbl bkmkstart bkmkend fldinst nonshppict sp sn sv ud colorschememapping wgrffmtfilter
	pgptbl listpicture datafield formfield blipuid mmathPr defchp defpap ftnsep ftnsepc aftnsep aftnsepc private passwordhash
	falt panose fontemb fontfile template operator docvar userprops xform pnseclvl`)

func (d *docReader) rtf(data []byte) DocText {
	r := rtfReader{src: data, fonts: map[int]rtfFont{}, st: rtfState{uc: 1}, cpg: 1252}
	for r.pos < len(r.src) && !r.w.full {
		r.step()
	}
	r.flush()
	return r.w.finish(d, "rtf")
}

func (r *rtfReader) step() {
	c := r.src[r.pos]
	switch c {
	case '{':
		r.pos++
		if len(r.stack) >= rtfMaxDepth {
			r.deep++
			return
		}
		r.flush()
		r.stack = append(r.stack, r.st)
	case '}':
		r.pos++
		r.endFont()
		if r.deep > 0 {
			r.deep--
			return
		}
		r.flush()
		if n := len(r.stack); n > 0 {
			r.st, r.stack = r.stack[n-1], r.stack[:n-1]
		}
	case '\\':
		r.control()
	case '\r', '\n', 0:
		r.pos++
	default:
		r.pos++
		r.octet(c)
	}
}

func (r *rtfReader) endFont() {
	if r.st.dest != 'f' || len(r.name) == 0 {
		return
	}
	f := r.fonts[r.fnum]
	if f.name == "" {
		f.name = strings.TrimRight(strings.TrimSpace(string(r.name)), ";")
		r.fonts[r.fnum] = f
	}
	r.name = r.name[:0]
}

// octet takes one octet of text.
func (r *rtfReader) octet(c byte) {
	if r.skipN > 0 {
		r.skipN--
		return
	}
	switch {
	case r.st.dest == 'f' && !r.st.skip:
		if c == ';' {
			r.endFont()
		} else if len(r.name) < 100 {
			r.name = append(r.name, c)
		}
	case !r.st.skip:
		r.bytes = append(r.bytes, c)
	}
}

// flush decodes the octets of a run by its font.
func (r *rtfReader) flush() {
	if len(r.bytes) == 0 {
		return
	}
	f := r.fonts[r.st.font]
	b := r.bytes
	r.bytes = r.bytes[:0]
	if ascii(b) {
		r.w.write(string(b), f.name)
		return
	}
	if enc, _ := fontEncoding(f.name); enc != "" { // seen as Latin-1, as in Word: the writer converts by the font
		text := make([]rune, len(b))
		for i, c := range b {
			text[i] = rune(c)
		}
		r.w.write(string(text), f.name)
		return
	}
	page := codePages[r.cpg]
	if f.charset == 163 {
		page = charmap.Windows1258
	}
	if page == nil { // an East Asian page
		text, _ := decodeText(b, "windows-"+strconv.Itoa(r.cpg))
		r.w.write(text, "")
		return
	}
	text := make([]rune, len(b))
	for i, c := range b {
		text[i] = page.DecodeByte(c)
	}
	r.w.write(string(text), "")
}

var codePages = map[int]*charmap.Charmap{
	0: charmap.Windows1252, 437: charmap.CodePage437, 850: charmap.CodePage850, 1250: charmap.Windows1250, 1251: charmap.Windows1251,
	1252: charmap.Windows1252, 1253: charmap.Windows1253, 1254: charmap.Windows1254, 1257: charmap.Windows1257, 1258: charmap.Windows1258,
	10000: charmap.Macintosh,
}

func (r *rtfReader) control() {
	r.pos++
	if r.pos >= len(r.src) {
		return
	}
	c := r.src[r.pos]
	if c < 'A' || c > 'z' || c > 'Z' && c < 'a' {
		r.symbol(c)
		return
	}
	start := r.pos
	for r.pos < len(r.src) && (r.src[r.pos]|0x20 >= 'a' && r.src[r.pos]|0x20 <= 'z') && r.pos-start < 40 {
		r.pos++
	}
	word := string(r.src[start:r.pos])
	from := r.pos
	if r.pos < len(r.src) && r.src[r.pos] == '-' {
		r.pos++
	}
	for r.pos < len(r.src) && r.src[r.pos] >= '0' && r.src[r.pos] <= '9' && r.pos-from < 12 {
		r.pos++
	}
	arg, err := strconv.Atoi(string(r.src[from:r.pos]))
	has := err == nil
	if r.pos < len(r.src) && r.src[r.pos] == ' ' {
		r.pos++
	}
	r.word(word, arg, has)
}

func (r *rtfReader) symbol(c byte) {
	r.pos++
	switch c {
	case '\'':
		if r.pos+2 <= len(r.src) {
			if v, err := strconv.ParseUint(string(r.src[r.pos:r.pos+2]), 16, 8); err == nil {
				r.octet(byte(v))
			}
			r.pos += 2
		}
	case '*':
		if !bytes.HasPrefix(r.src[r.pos:], []byte(`\shpinst`)) && !bytes.HasPrefix(r.src[r.pos:], []byte(`\shptxt`)) &&
			!bytes.HasPrefix(r.src[r.pos:], []byte(`\annotation`)) {
			r.flush()
			r.st.skip = true
		}
	case '\\', '{', '}':
		r.octet(c)
	case '~':
		r.octet(' ')
	case '_':
		r.octet('-')
	case '\n', '\r':
		r.sep("\n")
	}
}

func (r *rtfReader) sep(s string) {
	if r.st.skip || r.st.dest == 'f' {
		return
	}
	r.flush()
	r.w.sep(s)
}

func (r *rtfReader) word(word string, arg int, has bool) {
	switch word {
	case "par", "line", "row", "sect", "page", "nestrow", "softline":
		r.sep("\n")
	case "tab", "cell", "nestcell":
		r.sep("\t")
	case "emspace", "enspace", "qmspace":
		r.octet(' ')
	case "u":
		r.unicode(arg)
	case "uc":
		r.st.uc = max(0, min(arg, 8))
	case "bin":
		if has && arg > 0 {
			r.pos = min(len(r.src), r.pos+arg)
		}
	case "ansicpg":
		r.cpg = arg
	case "deff":
		r.st.font = arg
	case "f":
		r.setFont(arg)
	case "plain":
		r.flush()
	case "fcharset":
		if r.st.dest == 'f' {
			f := r.fonts[r.fnum]
			f.charset = arg
			r.fonts[r.fnum] = f
		}
	case "fonttbl":
		r.flush()
		r.st.dest = 'f'
	case "emdash", "endash":
		r.octet('-')
	case "bullet":
		r.octet('-')
		r.octet(' ')
	case "lquote", "rquote":
		r.octet('\'')
	case "ldblquote", "rdblquote":
		r.octet('"')
	case "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf", "footnote", "shptxt":
		r.sep("\n")
	default:
		if rtfSilent[word] {
			r.flush()
			r.st.skip = true
		}
	}
}

func (r *rtfReader) setFont(n int) {
	if r.st.dest == 'f' {
		r.endFont()
		if len(r.fonts) < 10000 {
			r.fnum = n
			r.fonts[n] = rtfFont{}
		}
		return
	}
	r.flush()
	r.st.font = n
}

// unicode takes \uN, negative beyond 32767, pairs for what lies beyond the BMP.
func (r *rtfReader) unicode(n int) {
	u := uint16(n) //nolint:gosec // the format counts modulo 65536
	r.skipN = r.st.uc
	if r.st.skip || r.st.dest == 'f' {
		return
	}
	r.flush()
	switch {
	case utf16.IsSurrogate(rune(u)) && u < 0xdc00:
		r.high = u
		return
	case utf16.IsSurrogate(rune(u)):
		r.w.write(string(utf16.DecodeRune(rune(r.high), rune(u))), r.fonts[r.st.font].name)
	default:
		r.w.write(string(rune(u)), r.fonts[r.st.font].name)
	}
	r.high = 0
}
