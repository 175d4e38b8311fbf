package letter

import (
	"strconv"
	"strings"
)

// xlsx reads cells, rich text, headers and footers of print, comments and drawings.
func (p *pack) xlsx() (DocText, error) {
	var w docWriter
	book := workbook{p: p}
	fail := book.load()
	for _, f := range p.parts(func(n string) bool {
		return strings.HasSuffix(n, ".xml") && (strings.HasPrefix(n, "xl/worksheets/") || strings.HasPrefix(n, "xl/chartsheets/")) && !strings.Contains(n, "_rels")
	}) {
		b, err := p.open(f)
		if err != nil && len(b) == 0 {
			fail = err
			continue
		}
		book.sheet(b, &w)
		if w.full {
			break
		}
	}
	for _, f := range p.parts(func(n string) bool {
		return strings.HasSuffix(n, ".xml") && (strings.HasPrefix(n, "xl/comments") || strings.HasPrefix(n, "xl/drawings/") && !strings.Contains(n, "_rels") || strings.HasPrefix(n, "xl/threadedComments/"))
	}) {
		if b, err := p.open(f); err == nil {
			wordStyles{}.walk(b, &w)
			w.sep("\n")
		}
	}
	t := w.finish(p.d, "xlsx")
	p.nested(&t)
	return t, fail
}

// workbook holds what the cells of a sheet refer to.
type workbook struct {
	p      *pack
	shared []rich
	fonts  []string // by font id
	xfs    []int    // font id by cell format
}

// rich is a string whose pieces may have fonts of their own.
type rich []struct{ text, font string }

func (b *workbook) load() error {
	if f := b.p.find("xl/styles.xml"); f != nil {
		if raw, err := b.p.open(f); err == nil {
			b.styles(raw)
		}
	}
	f := b.p.find("xl/sharedStrings.xml")
	if f == nil {
		return nil
	}
	raw, err := b.p.open(f)
	if err != nil && len(raw) == 0 {
		return err
	}
	total := 0
	var cur rich
	font, in, phonetic := "", false, false
	for x := newXML(raw); x.next() && total < docMaxText; {
		switch {
		case x.kind == 'T' || x.kind == 'C':
			if in && !phonetic {
				s := x.text()
				total += len(s)
				cur = append(cur, struct{ text, font string }{s, font})
			}
		case x.name == "t":
			in = x.kind == '<'
		case x.name == "rPh":
			phonetic = x.kind == '<'
		case x.name == "r":
			font = ""
		case x.name == "rFont":
			font = x.attr("val")
		case x.name == "si" && x.kind != '<':
			b.shared = append(b.shared, cur)
			cur, font = nil, ""
		}
	}
	return nil
}

func (b *workbook) styles(raw []byte) {
	fonts, xfs, name := false, false, ""
	for x := newXML(raw); x.next(); {
		switch {
		case x.kind == 'T' || x.kind == 'C':
		case x.name == "fonts":
			fonts = x.kind == '<'
		case x.name == "cellXfs":
			xfs = x.kind == '<'
		case fonts && x.name == "font" && x.kind != '<':
			b.fonts = append(b.fonts, name)
			name = ""
		case fonts && x.name == "name":
			name = x.attr("val")
		case xfs && x.name == "xf" && x.kind != '/':
			b.xfs = append(b.xfs, index(x.attr("fontId")))
		}
	}
}

// index reads a small number, -1 if it is none.
func index(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

func (b *workbook) fontOf(style string) string {
	s := index(style)
	if s < 0 || s >= len(b.xfs) || b.xfs[s] < 0 || b.xfs[s] >= len(b.fonts) {
		return ""
	}
	return b.fonts[b.xfs[s]]
}

func (b *workbook) sheet(raw []byte, w *docWriter) {
	kind, font, tag := "", "", ""
	for x := newXML(raw); x.next() && !w.full; {
		if x.kind == 'T' || x.kind == 'C' {
			switch tag {
			case "v":
				s := x.text()
				if n := index(s); kind == "s" && n >= 0 && n < len(b.shared) {
					for _, r := range b.shared[n] {
						f := r.font
						if f == "" {
							f = font
						}
						w.write(r.text, f)
					}
				} else if kind != "s" {
					w.write(s, font)
				}
			case "t":
				w.write(x.text(), font)
			case "oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter":
				w.write(plainHeader(x.text()), "")
				w.sep("\n")
			}
			continue
		}
		tag = ""
		if x.kind == '<' {
			tag = x.name
		}
		switch x.name {
		case "c":
			if x.kind == '/' || x.kind == '.' {
				w.sep("\t")
			} else {
				kind, font = x.attr("t"), b.fontOf(x.attr("s"))
			}
		case "row":
			if x.kind == '/' {
				w.sep("\n")
			}
		}
	}
	w.sep("\n")
}

// plainHeader drops the codes of a printed header: "&C&"Arial,Bold"&14 MẬT" (ECMA-376 18.3.1.46).
func plainHeader(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '&' || i+1 >= len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch c := s[i]; {
		case c == '&':
			b.WriteByte('&')
		case c == 'L' || c == 'C' || c == 'R':
			b.WriteByte('\n')
		case c == '"':
			if n := strings.IndexByte(s[i+1:], '"'); n >= 0 {
				i += n + 1
			}
		case c >= '0' && c <= '9':
			for i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '9' {
				i++
			}
		}
	}
	return b.String()
}
