package letter

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
)

// pdfFont decodes the codes of one font (ISO 32000-1 9.6, 9.7, 9.10).
type pdfFont struct {
	name   string
	wide   bool // composite: two-byte codes
	legacy string
	upper  bool
	to     map[uint32]string // ToUnicode
	glyph  map[uint32]string // Differences, for simple fonts
	base   *charmap.Charmap
	width  map[uint32]float64
	deflt  float64
}

func (f *pdfFile) font(v any) *pdfFont {
	ref, isRef := v.(pdfRef)
	if isRef {
		if have, ok := f.fonts[ref]; ok {
			return have
		}
	}
	d := f.dict(v)
	t := &pdfFont{to: map[uint32]string{}, glyph: map[uint32]string{}, width: map[uint32]float64{}, base: charmap.Windows1252, deflt: 500}
	if base, ok := f.resolve(d["BaseFont"]).(pdfName); ok {
		t.name = string(base)
	}
	t.legacy, t.upper = fontEncoding(t.name)
	t.wide = f.resolve(d["Subtype"]) == pdfName("Type0")
	if s, ok := f.resolve(d["ToUnicode"]).(*pdfStream); ok {
		f.readCMap(f.decode(s), t.to)
	}
	if t.wide {
		f.wideFont(d, t)
	} else {
		f.simpleFont(d, t)
	}
	if isRef && len(f.fonts) < 5000 {
		f.fonts[ref] = t
	}
	return t
}

func (f *pdfFile) simpleFont(d pdfDict, t *pdfFont) {
	enc := f.resolve(d["Encoding"])
	if e, ok := enc.(pdfDict); ok {
		code := uint32(0)
		for _, v := range f.array(e["Differences"]) {
			switch v := f.resolve(v).(type) {
			case float64:
				code = uint32(int(v) & 0xff)
			case pdfName:
				if s := glyphText(string(v)); s != "" {
					t.glyph[code] = s
				}
				code++
			}
		}
		enc = f.resolve(e["BaseEncoding"])
	}
	if enc == pdfName("MacRomanEncoding") {
		t.base = charmap.Macintosh
	}
	first := int(f.num(d["FirstChar"], 0))
	for i, v := range f.array(d["Widths"]) {
		if i > 255 {
			break
		}
		t.width[uint32((first+i)&0xff)] = f.num(v, 500)
	}
}

func (f *pdfFile) wideFont(d pdfDict, t *pdfFont) {
	t.deflt = 1000
	sub := f.array(d["DescendantFonts"])
	if len(sub) == 0 {
		return
	}
	c := f.dict(sub[0])
	t.deflt = f.num(c["DW"], 1000)
	w := f.array(c["W"])
	for i := 0; i+1 < len(w) && len(t.width) < 70000; {
		from := int(f.num(w[i], 0))
		if list, ok := f.resolve(w[i+1]).(pdfArray); ok {
			for k, v := range list {
				t.width[uint32((from+k)&0xffff)] = f.num(v, 1000)
			}
			i += 2
			continue
		}
		if i+2 >= len(w) {
			break
		}
		to := min(int(f.num(w[i+1], 0)), from+0xffff)
		for k := from; k <= to; k++ {
			t.width[uint32(k&0xffff)] = f.num(w[i+2], 1000)
		}
		i += 3
	}
}

// readCMap reads bfchar and bfrange of a ToUnicode CMap.
func (f *pdfFile) readCMap(data []byte, to map[uint32]string) {
	lx := pdfLexer{src: data}
	var args []any
	for lx.pos < len(lx.src) && len(to) < 70000 {
		from := lx.pos
		v := lx.value(0)
		if f.steps += 1 + (lx.pos-from)/64; f.steps > pdfMaxSteps {
			return
		}
		op, ok := v.(pdfOp)
		if !ok {
			if len(args) < 100000 {
				args = append(args, v)
			}
			continue
		}
		switch op {
		case "endbfchar":
			for i := 0; i+1 < len(args); i += 2 {
				src, ok1 := args[i].(pdfString)
				dst, ok2 := args[i+1].(pdfString)
				if ok1 && ok2 {
					to[code(src)] = utf16be(dst)
				}
			}
		case "endbfrange":
			bfRange(args, to)
		}
		args = args[:0]
	}
}

func bfRange(args []any, to map[uint32]string) {
	for i := 0; i+2 < len(args); i += 3 {
		lo, ok1 := args[i].(pdfString)
		hi, ok2 := args[i+1].(pdfString)
		if !ok1 || !ok2 {
			continue
		}
		from, end := code(lo), code(hi)
		if end-from > 0xffff {
			continue
		}
		switch dst := args[i+2].(type) {
		case pdfString:
			text := []rune(utf16be(dst))
			if len(text) == 0 && len(dst) > 0 { // the range of all of Unicode begins at U+0000
				text = []rune{0}
			}
			if len(text) == 0 {
				continue
			}
			for c := from; c <= end && len(to) < 70000; c++ {
				if last := text[len(text)-1]; last != 0 {
					to[c] = string(text)
				}
				text[len(text)-1]++
			}
		case pdfArray:
			for k, v := range dst {
				if s, ok := v.(pdfString); ok && from+uint32(k) <= end {
					to[from+uint32(k)] = utf16be(s)
				}
			}
		}
	}
}

func code(s pdfString) uint32 {
	var n uint32
	for i := 0; i < len(s) && i < 4; i++ {
		n = n<<8 | uint32(s[i])
	}
	return n
}

func utf16be(s pdfString) string {
	if len(s) == 1 {
		return string(rune(s[0]))
	}
	u := make([]uint16, 0, len(s)/2)
	for i := 0; i+1 < len(s); i += 2 {
		u = append(u, uint16(s[i])<<8|uint16(s[i+1]))
	}
	return strings.ReplaceAll(string(utf16.Decode(u)), "\x00", "")
}

// glyph is one shown code: its text and its advance in thousandths of the font size.
type pdfGlyph struct {
	text  string
	width float64
	space bool // single-byte code 32: word spacing counts
}

func (t *pdfFont) glyphs(s pdfString) []pdfGlyph {
	step := 1
	if t.wide {
		step = 2
	}
	out := make([]pdfGlyph, 0, len(s)/step)
	for i := 0; i+step <= len(s); i += step {
		c := uint32(s[i])
		if t.wide {
			c = c<<8 | uint32(s[i+1])
		}
		g := pdfGlyph{width: t.deflt, space: !t.wide && c == ' '}
		if w, ok := t.width[c]; ok {
			g.width = w
		}
		g.text = t.text(c)
		out = append(out, g)
	}
	return out
}

func (t *pdfFont) text(c uint32) string {
	if s, ok := t.to[c]; ok {
		return s
	}
	if t.wide {
		return "" // a glyph number without a name: nobody can tell
	}
	if t.legacy != "" {
		return string(rune(c)) // octets of a legacy font, decoded by the writer
	}
	if s, ok := t.glyph[c]; ok {
		return s
	}
	return string(t.base.DecodeByte(byte(c)))
}

// glyphNames are the names of the Adobe Glyph List that old Vietnamese files use; others name their code point.
var glyphNames = func() map[string]string {
	m := map[string]string{}
	for _, p := range strings.Fields(`space:\x20 exclam:! quotedbl:" numbersign:# dollar:$ percent:% ampersand:& quotesingle:' parenleft:( parenright:)
		asterisk:* plus:+ comma:, hyphen:- period:. slash:/ zero:0 one:1 two:2 three:3 four:4 five:5 six:6 seven:7 eight:8 nine:9
		colon:: semicolon:; less:< equal:= greater:> question:? at:@ bracketleft:[ backslash:\ bracketright:] underscore:_
		braceleft:{ bar:| braceright:} endash:– emdash:— quoteleft:‘ quoteright:’ quotedblleft:“ quotedblright:” bullet:• ellipsis:…
		Agrave:À Aacute:Á Acircumflex:Â Atilde:Ã Egrave:È Eacute:É Ecircumflex:Ê Igrave:Ì Iacute:Í Itilde:Ĩ Ograve:Ò Oacute:Ó
		Ocircumflex:Ô Otilde:Õ Ugrave:Ù Uacute:Ú Utilde:Ũ Yacute:Ý agrave:à aacute:á acircumflex:â atilde:ã egrave:è eacute:é
		ecircumflex:ê igrave:ì iacute:í itilde:ĩ ograve:ò oacute:ó ocircumflex:ô otilde:õ ugrave:ù uacute:ú utilde:ũ yacute:ý
		Abreve:Ă abreve:ă Dcroat:Đ dcroat:đ Ohorn:Ơ ohorn:ơ Uhorn:Ư uhorn:ư fi:fi fl:fl nbspace:\x20 dong:₫`) {
		name, text, _ := strings.Cut(p, ":")
		m[name] = strings.ReplaceAll(text, `\x20`, " ")
	}
	return m
}()

func glyphText(name string) string {
	name, _, _ = strings.Cut(name, ".")
	if s, ok := glyphNames[name]; ok {
		return s
	}
	if len(name) == 1 {
		return name
	}
	hexa := ""
	if h, ok := strings.CutPrefix(name, "uni"); ok && len(h) >= 4 {
		hexa = h[:4]
	} else if h, ok := strings.CutPrefix(name, "u"); ok && len(h) >= 4 {
		hexa = h
	}
	if v, err := strconv.ParseUint(hexa, 16, 21); err == nil && v > 0 {
		return string(rune(v))
	}
	return ""
}

// pdfText decodes a text string (7.9.2.2): UTF-16, UTF-8 or PDFDocEncoding.
func pdfText(s pdfString) string {
	b := []byte(s)
	if bytes.HasPrefix(b, []byte("\xfe\xff")) {
		return utf16be(s[2:])
	}
	text, _ := decodeRaw(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")))
	return text
}
