package letter

import "strings"

// odf reads OpenDocument text, sheets and slides: body, and headers and footers in styles.xml.
func (p *pack) odf(kind string) (DocText, error) {
	if f := p.find("META-INF/manifest.xml"); f != nil {
		if b, err := p.open(f); err == nil && strings.Contains(string(b), "encryption-data") {
			p.d.locked = true
			return DocText{Kind: kind}, ErrLocked
		}
	}
	var w docWriter
	o := odfReader{font: map[string]string{}, parent: map[string]string{}, w: &w}
	var fail error
	read := 0
	for _, name := range []string{"styles.xml", "content.xml"} {
		f := p.find(name)
		if f == nil {
			continue
		}
		b, err := p.open(f)
		if err != nil && len(b) == 0 {
			fail = err
			continue
		}
		read++
		o.walk(b)
		w.sep("\n")
	}
	for _, f := range p.parts(func(n string) bool { return strings.HasPrefix(n, "Object ") && strings.HasSuffix(n, "/content.xml") }) {
		if b, err := p.open(f); err == nil {
			o.walk(b)
			w.sep("\n")
		}
	}
	t := w.finish(p.d, kind)
	p.nested(&t)
	if read == 0 && fail == nil {
		fail = ErrBrokenDoc
	}
	t.Scanned = t.Scanned || read > 0 && letters(t.Text, 4) < 4 && len(p.parts(isPicture)) > 0
	return t, fail
}

// odfReader keeps the fonts of styles between styles.xml and content.xml.
type odfReader struct {
	font, parent map[string]string
	style        string // being declared
	stack        []string
	para         int // depth of paragraphs: only their text is text
	deleted      int
	w            *docWriter
}

func (o *odfReader) of(style string) string {
	for range 20 {
		if f := o.font[style]; f != "" || style == "" {
			return f
		}
		style = o.parent[style]
	}
	return ""
}

func (o *odfReader) walk(b []byte) {
	o.stack, o.para, o.deleted = o.stack[:0], 0, 0
	for x := newXML(b); x.next() && !o.w.full; {
		if x.kind == 'T' || x.kind == 'C' {
			if o.para > 0 && o.deleted == 0 {
				font := ""
				if n := len(o.stack); n > 0 {
					font = o.stack[n-1]
				}
				o.w.write(strings.Map(oneSpace, x.text()), font)
			}
			continue
		}
		o.tag(x)
	}
}

// oneSpace: line ends within a paragraph are plain spaces (ODF 6.1.2).
func oneSpace(r rune) rune {
	if r == '\n' || r == '\r' || r == '\t' {
		return ' '
	}
	return r
}

func (o *odfReader) tag(x *xmlScan) {
	switch x.name {
	case "style":
		if o.style = ""; x.kind != '/' {
			o.style = x.attr("name")
			if up := x.attr("parent-style-name"); up != "" && o.style != "" {
				o.parent[o.style] = up
			}
		}
	case "text-properties":
		if f := x.attr("font-name"); f != "" && o.style != "" {
			o.font[o.style] = f
		} else if f := strings.Trim(x.attr("font-family"), "'"); f != "" && o.style != "" {
			o.font[o.style] = f
		}
	case "tracked-changes":
		o.deleted = max(0, o.deleted+step(x.kind))
	case "p", "h":
		o.paragraph(x)
	case "span", "a":
		switch {
		case x.kind == '<' && len(o.stack) < 1000:
			font := o.of(x.attr("style-name"))
			if n := len(o.stack); font == "" && n > 0 {
				font = o.stack[n-1]
			}
			o.stack = append(o.stack, font)
		case x.kind == '/' && len(o.stack) > 0:
			o.stack = o.stack[:len(o.stack)-1]
		}
	case "tab":
		o.w.sep("\t")
	case "line-break":
		o.w.sep("\n")
	case "s":
		if o.para > 0 && x.kind != '/' {
			o.w.sep(strings.Repeat(" ", max(1, min(index(x.attr("c")), 200))))
		}
	case "table-cell", "covered-table-cell":
		if x.kind != '<' {
			o.w.sep("\t")
		}
	case "table-row":
		if x.kind == '/' {
			o.w.sep("\n")
		}
	}
}

func (o *odfReader) paragraph(x *xmlScan) {
	switch x.kind {
	case '<':
		if o.para++; len(o.stack) < 1000 {
			o.stack = append(o.stack, o.of(x.attr("style-name")))
		}
		if o.para > 1 { // a text box in a paragraph
			o.w.sep("\n")
		}
	case '/':
		o.para = max(0, o.para-1)
		if len(o.stack) > 0 {
			o.stack = o.stack[:len(o.stack)-1]
		}
		o.w.sep("\n")
	default:
		o.w.sep("\n")
	}
}
