package letter

import (
	"bytes"
	"compress/zlib"
	"encoding/ascii85"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Values of PDF (ISO 32000-1 7.3), as far as text needs them: nil, bool, float64, pdfName, pdfString, pdfArray, pdfDict,
// pdfRef, *pdfStream.
type (
	pdfName   string
	pdfString string
	pdfArray  []any
	pdfDict   map[pdfName]any
	pdfRef    int
	pdfStream struct {
		dict pdfDict
		raw  []byte
	}
)

const (
	pdfMaxObjects = 200000
	pdfMaxDepth   = 60
	pdfMaxPages   = 1000
	pdfMaxSteps   = 8_000_000 // operands and operators of all pages together, long ones counting more
)

// pdfFile is a file whose objects were found by looking for them, not by its cross-reference table: a table may be
// damaged or lie, and then hide a page.
type pdfFile struct {
	d       *docReader
	src     []byte
	objects map[pdfRef]any
	root    pdfRef
	locked  bool
	images  int
	steps   int
	noEnd   bool
	lexed   int // octets that may still be read as objects: damaged ones are read more than once
	fonts   map[pdfRef]*pdfFont
}

// pdf reads the text of the pages, of form fields and of stamps and notes put on them.
func (d *docReader) pdf(data []byte) (DocText, error) {
	f := &pdfFile{d: d, src: data, objects: map[pdfRef]any{}, root: -1, lexed: 8*len(data) + 64<<20, fonts: map[pdfRef]*pdfFont{}}
	f.scan()
	t := DocText{Kind: "pdf"}
	if f.locked {
		d.locked = true
		return t, ErrLocked
	}
	f.unpackObjects()
	pages := f.pages()
	if len(pages) == 0 {
		return t, fmt.Errorf("%w: no page found", ErrBrokenDoc)
	}
	var w docWriter
	for _, p := range pages {
		f.page(p, &w)
		w.sep("\n")
		if w.full || f.steps > pdfMaxSteps {
			d.cut = true
			break
		}
	}
	t = w.finish(d, "pdf")
	n := letters(t.Text, 30*len(pages)+1)
	t.Scanned = n == 0 || f.images >= len(pages) && n <= 30*len(pages)
	return t, nil
}

// scan finds "N G obj" all over the file; of several with one number the last counts (incremental updates, 7.5.6).
func (f *pdfFile) scan() {
	for pos := 0; pos < len(f.src); {
		i := bytes.Index(f.src[pos:], []byte("obj"))
		if i < 0 {
			break
		}
		at := pos + i
		pos = at + 3
		num, ok := f.objectNumber(at)
		if !ok || len(f.objects) >= pdfMaxObjects {
			continue
		}
		v, end := f.lex(f.src, pos)
		whole := f.ends(end)
		if dict, ok := v.(pdfDict); ok {
			f.note(dict)
			if raw, after, ok := f.stream(dict, end); ok {
				v, end, whole = &pdfStream{dict, raw}, after, after < len(f.src)
			}
		}
		f.objects[num] = v
		if whole { // an object that does not end must not hide those behind it
			pos = max(pos, end)
		}
	}
	for pos := 0; ; {
		i := bytes.Index(f.src[pos:], []byte("trailer"))
		if i < 0 {
			return
		}
		pos += i + len("trailer")
		v, _ := f.lex(f.src, pos)
		if dict, ok := v.(pdfDict); ok {
			f.note(dict)
			if root, ok := dict["Root"].(pdfRef); ok {
				f.root = root
			}
			f.locked = f.locked || dict["Encrypt"] != nil
		}
	}
}

// lex reads one object and says where it ends, as long as there is work left for it.
func (f *pdfFile) lex(src []byte, pos int) (v any, end int) {
	if f.lexed <= 0 {
		f.d.cut = true
		return nil, pos
	}
	lx := pdfLexer{src: src, pos: pos}
	v = lx.value(0)
	f.lexed -= lx.pos - pos + 16
	return v, lx.pos
}

// ends reports that "endobj" or another mark of structure follows.
func (f *pdfFile) ends(pos int) bool {
	lx := pdfLexer{src: f.src, pos: pos}
	lx.space()
	return bytes.HasPrefix(f.src[lx.pos:], []byte("endobj"))
}

// note takes what trailers and cross-reference streams tell.
func (f *pdfFile) note(dict pdfDict) {
	switch dict["Type"] {
	case pdfName("XRef"):
		if root, ok := dict["Root"].(pdfRef); ok {
			f.root = root
		}
		f.locked = f.locked || dict["Encrypt"] != nil
	}
}

// objectNumber reads the "N G " in front of "obj".
func (f *pdfFile) objectNumber(at int) (pdfRef, bool) {
	i := at
	back := func(ok func(byte) bool) []byte {
		end := i
		for i > 0 && end-i < 12 && ok(f.src[i-1]) {
			i--
		}
		return f.src[i:end]
	}
	space := func(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0 || c == '\f' }
	digit := func(c byte) bool { return c >= '0' && c <= '9' }
	back(space)
	gen := back(digit)
	if len(gen) == 0 || len(back(space)) == 0 {
		return 0, false
	}
	n, err := strconv.Atoi(string(back(digit)))
	return pdfRef(n), err == nil
}

// stream finds the octets of a stream (7.3.8): Length is believed only if "endstream" follows.
func (f *pdfFile) stream(dict pdfDict, pos int) (raw []byte, end int, ok bool) {
	lx := pdfLexer{src: f.src, pos: pos}
	lx.space()
	if !bytes.HasPrefix(f.src[lx.pos:], []byte("stream")) {
		return nil, 0, false
	}
	start := lx.pos + len("stream")
	if start < len(f.src) && f.src[start] == '\r' {
		start++
	}
	if start < len(f.src) && f.src[start] == '\n' {
		start++
	}
	start = min(start, len(f.src))
	if n, isNum := dict["Length"].(float64); isNum && n >= 0 && n < float64(len(f.src)-start) {
		end = start + int(n)
		if bytes.HasPrefix(bytes.TrimLeft(f.src[end:min(len(f.src), end+20)], "\r\n "), []byte("endstream")) {
			return f.src[start:end], end + 9, true
		}
	}
	i := -1
	if !f.noEnd {
		i = bytes.Index(f.src[start:], []byte("endstream"))
	}
	if i < 0 { // nor does one stand behind any later stream
		f.noEnd = true
		return f.src[start:], len(f.src), true
	}
	return f.src[start : start+i], start + i + 9, true
}

// resolve follows references.
func (f *pdfFile) resolve(v any) any {
	for range 20 {
		ref, ok := v.(pdfRef)
		if !ok {
			return v
		}
		v = f.objects[ref]
	}
	return nil
}

func (f *pdfFile) dict(v any) pdfDict {
	switch v := f.resolve(v).(type) {
	case pdfDict:
		return v
	case *pdfStream:
		return v.dict
	}
	return nil
}

func (f *pdfFile) num(v any, deflt float64) float64 {
	if n, ok := f.resolve(v).(float64); ok {
		return n
	}
	return deflt
}

func (f *pdfFile) array(v any) pdfArray {
	a, _ := f.resolve(v).(pdfArray) //nolint:errcheck // anything else is an empty array
	return a
}

// unpackObjects reads object streams (7.5.7).
func (f *pdfFile) unpackObjects() {
	var refs []pdfRef
	for ref, v := range f.objects {
		if s, ok := v.(*pdfStream); ok && s.dict["Type"] == pdfName("ObjStm") {
			refs = append(refs, ref)
		}
	}
	slices.Sort(refs)
	slices.Reverse(refs) // a later update has the higher number: its objects stand
	for _, ref := range refs {
		s, ok := f.objects[ref].(*pdfStream)
		if !ok {
			continue
		}
		data := f.decode(s)
		lx := pdfLexer{src: data}
		n, first := int(f.num(s.dict["N"], 0)), int(f.num(s.dict["First"], 0))
		for range min(n, pdfMaxObjects) {
			num, ok1 := lx.value(0).(float64)
			off, ok2 := lx.value(0).(float64)
			at := first + int(off)
			if !ok1 || !ok2 || at < 0 || at >= len(data) || len(f.objects) >= pdfMaxObjects {
				break
			}
			if _, have := f.objects[pdfRef(num)]; have {
				continue
			}
			f.objects[pdfRef(num)], _ = f.lex(data, at)
		}
	}
}

// decode undoes the filters of a stream (7.4) within the limits. A filter for pictures gives nothing.
func (f *pdfFile) decode(s *pdfStream) []byte {
	filters, parms := f.array(s.dict["Filter"]), f.array(s.dict["DecodeParms"])
	if n, ok := f.resolve(s.dict["Filter"]).(pdfName); ok {
		filters, parms = pdfArray{n}, pdfArray{s.dict["DecodeParms"]}
	}
	data := s.raw
	for i, v := range filters {
		if i > 5 {
			return nil
		}
		name, _ := f.resolve(v).(pdfName) //nolint:errcheck // an unknown filter ends below
		switch name {
		case "FlateDecode", "Fl":
			var ok bool
			if data, ok = f.inflate(data); !ok {
				return nil
			}
			if i < len(parms) {
				data = f.unpredict(data, f.dict(parms[i]))
			}
		case "ASCIIHexDecode", "AHx":
			data = unhex(data)
		case "ASCII85Decode", "A85":
			data = un85(data)
		default:
			return nil
		}
	}
	return data
}

func (f *pdfFile) inflate(data []byte) ([]byte, bool) {
	z, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil || f.d.bomb {
		return nil, false
	}
	out := readAll(z, min(f.d.unpack, docMaxUnpack)+1)
	if len(out) > f.d.unpack {
		f.d.cut = true
	}
	f.d.unpack = max(0, f.d.unpack-len(out)-len(data)/64)
	if len(out) > bombFloor && len(out)/bombRatio > len(data) {
		f.d.bomb = true
		return nil, false
	}
	return out, len(out) > 0
}

// unpredict undoes PNG prediction (7.4.4.4), which object streams may have.
func (f *pdfFile) unpredict(data []byte, p pdfDict) []byte {
	if f.num(p["Predictor"], 1) < 10 {
		return data
	}
	bpp := max(1, int(f.num(p["Colors"], 1)*f.num(p["BitsPerComponent"], 8)+7)/8)
	cols := int(f.num(p["Columns"], 1)*f.num(p["Colors"], 1)*f.num(p["BitsPerComponent"], 8)+7) / 8
	if cols < 1 || cols > 1<<20 || bpp > cols {
		return data
	}
	out := make([]byte, 0, len(data))
	prev := make([]byte, cols)
	for len(data) > cols {
		kind, row := data[0], bytes.Clone(data[1:cols+1])
		data = data[cols+1:]
		for i := range row {
			var left, up, corner byte
			if i >= bpp {
				left, corner = row[i-bpp], prev[i-bpp]
			}
			up = prev[i]
			switch kind {
			case 1:
				row[i] += left
			case 2:
				row[i] += up
			case 3:
				row[i] += byte((int(left) + int(up)) / 2)
			case 4:
				row[i] += paeth(left, up, corner)
			}
		}
		out, prev = append(out, row...), row
	}
	return out
}

func paeth(a, b, c byte) byte {
	p := int(a) + int(b) - int(c)
	pa, pb, pc := abs(p-int(a)), abs(p-int(b)), abs(p-int(c))
	switch {
	case pa <= pb && pa <= pc:
		return a
	case pb <= pc:
		return b
	}
	return c
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

func unhex(b []byte) []byte {
	digits := bytes.Map(func(r rune) rune {
		if strings.ContainsRune("0123456789abcdefABCDEF", r) {
			return r
		}
		return -1
	}, bytes.SplitN(b, []byte(">"), 2)[0])
	if len(digits)%2 == 1 {
		digits = append(digits, '0')
	}
	out := make([]byte, len(digits)/2)
	n, err := hex.Decode(out, digits)
	if err != nil {
		return out[:n]
	}
	return out
}

func un85(b []byte) []byte {
	b = bytes.TrimPrefix(bytes.TrimSpace(b), []byte("<~"))
	b = bytes.SplitN(b, []byte("~"), 2)[0]
	out, err := io.ReadAll(ascii85.NewDecoder(bytes.NewReader(b)))
	if err != nil {
		return out // what was read before the damage
	}
	return out
}
