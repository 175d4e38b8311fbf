package letter

import (
	"path"
	"strings"
)

// ooxml reads Word and PowerPoint files (ECMA-376): body, headers, footers, notes, comments, text boxes.
func (p *pack) ooxml(kind string) (DocText, error) {
	var w docWriter
	styles := wordStyles{}
	if f := p.find("word/styles.xml"); f != nil {
		if b, err := p.open(f); err == nil {
			styles = readWordStyles(b)
		}
	}
	read := 0
	var fail error
	for _, f := range p.parts(func(n string) bool { return strings.HasSuffix(n, ".xml") && officeText(n) }) {
		b, err := p.open(f)
		if err != nil && len(b) == 0 {
			fail = err
			continue
		}
		read++
		styles.walk(b, &w)
		w.sep("\n")
		if w.full {
			break
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

func isPicture(n string) bool {
	switch extension(n) {
	case "png", "jpg", "jpeg", "tif", "tiff", "bmp", "gif", "emf", "wmf":
		return strings.Contains(n, "media/") || strings.Contains(n, "Pictures/")
	}
	return false
}

// officeText leaves out the parts that hold settings. Whatever else has text is read, wherever a file keeps it.
func officeText(n string) bool {
	base := path.Base(n)
	switch dir := path.Dir(n); {
	case dir == ".", strings.HasPrefix(n, "docProps/"), strings.Contains(dir, "_rels"), strings.Contains(dir, "theme"),
		strings.Contains(dir, "slideLayouts"), strings.Contains(dir, "slideMasters"), strings.HasPrefix(n, "customXml/"):
		return false
	}
	for _, s := range []string{"styles", "settings", "fontTable", "webSettings", "numbering", "theme", "presProps", "viewProps", "tableStyles", "people", "stylesWithEffects"} {
		if strings.HasPrefix(base, s) {
			return false
		}
	}
	return true
}

// wordStyles maps style names to fonts, for runs that name none.
type wordStyles struct {
	font, based map[string]string
	deflt       string
}

func readWordStyles(b []byte) wordStyles {
	s := wordStyles{font: map[string]string{}, based: map[string]string{}}
	id, normal := "", ""
	for x := newXML(b); x.next(); {
		switch {
		case x.kind == 'T' || x.kind == 'C':
		case x.name == "style" && x.kind == '<':
			id = x.attr("styleId")
			if x.attr("default") == "1" && x.attr("type") == "paragraph" {
				normal = id
			}
		case x.name == "style" && x.kind == '/':
			id = ""
		case x.name == "basedOn" && id != "":
			s.based[id] = x.attr("val")
		case x.name == "rFonts" && x.kind != '/':
			f := runFont(x)
			if id == "" && s.deflt == "" {
				s.deflt = f
			} else if id != "" && f != "" {
				s.font[id] = f
			}
		}
	}
	if f := s.of(normal); f != "" {
		s.deflt = f
	}
	return s
}

func runFont(x *xmlScan) string {
	if f := x.attr("ascii"); f != "" {
		return f
	}
	return x.attr("hAnsi")
}

// of follows the chain of styles to a font.
func (s wordStyles) of(id string) string {
	for range 20 {
		if id == "" {
			return ""
		}
		if f := s.font[id]; f != "" {
			return f
		}
		id = s.based[id]
	}
	return ""
}

// walk emits the text of one part.
func (s wordStyles) walk(b []byte, w *docWriter) {
	para, run := s.deflt, ""
	inText, props, fallback, deleted := false, 0, 0, 0
	for x := newXML(b); x.next() && !w.full; {
		if x.kind == 'T' || x.kind == 'C' {
			if inText && fallback == 0 && deleted == 0 {
				font := run
				if font == "" {
					font = para
				}
				w.write(x.text(), font)
			}
			continue
		}
		open := x.kind == '<'
		switch x.name {
		case "Fallback":
			fallback = max(0, fallback+step(x.kind))
		case "del":
			deleted = max(0, deleted+step(x.kind))
		case "t":
			inText = open
		case "pPr":
			props = max(0, props+step(x.kind))
		case "p", "tr", "cr", "br", "txbxContent":
			if x.kind != '<' || x.name == "txbxContent" || x.name == "br" {
				if fallback == 0 {
					w.sep("\n")
				}
			}
			if x.name == "p" && open {
				para, run = s.deflt, ""
			}
		case "tab", "ptab":
			if props == 0 && x.kind != '/' && fallback == 0 {
				w.sep("\t")
			}
		case "noBreakHyphen":
			w.sep("-")
		case "r":
			run, inText = "", false
		case "pStyle", "rStyle":
			if f := s.of(x.attr("val")); f != "" && x.kind != '/' {
				if x.name == "pStyle" {
					para = f
				} else {
					run = f
				}
			}
		case "rFonts":
			if f := runFont(x); f != "" && props == 0 {
				run = f
			}
		case "latin":
			run = x.attr("typeface")
		}
	}
}

// step is how a tag changes the depth of what it opens or closes.
func step(kind byte) int {
	switch kind {
	case '<':
		return 1
	case '/':
		return -1
	}
	return 0
}
