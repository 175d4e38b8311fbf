package letter

import (
	"math"
	"slices"
	"strings"
)

// pages lists the pages in the order of the tree (ISO 32000-1 7.7.3), or, if the tree is damaged, all that there are.
func (f *pdfFile) pages() []pdfDict {
	var out []pdfDict
	seen := map[pdfRef]bool{}
	var walk func(v any, inherited any, depth int)
	walk = func(v any, inherited any, depth int) {
		if ref, ok := v.(pdfRef); ok {
			if seen[ref] {
				return
			}
			seen[ref] = true
		}
		d := f.dict(v)
		if d == nil || depth > pdfMaxDepth || len(out) >= pdfMaxPages {
			return
		}
		if d["Resources"] == nil && inherited != nil {
			d["Resources"] = inherited
		}
		if kids := f.array(d["Kids"]); kids != nil {
			for _, k := range kids {
				walk(k, d["Resources"], depth+1)
			}
			return
		}
		out = append(out, d)
	}
	if root := f.dict(f.root); root != nil {
		walk(root["Pages"], nil, 0)
	}
	if len(out) > 0 {
		return out
	}
	var refs []pdfRef
	for ref, v := range f.objects {
		if d, ok := v.(pdfDict); ok && d["Type"] == pdfName("Page") {
			refs = append(refs, ref)
		}
	}
	slices.Sort(refs)
	for _, r := range refs[:min(len(refs), pdfMaxPages)] {
		out = append(out, f.dict(r))
	}
	return out
}

// matrix is a transformation [a b c d e f] (8.3.3).
type matrix [6]float64

var identity = matrix{1, 0, 0, 1, 0, 0}

func (m matrix) mul(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3], m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

// piece is a run of text at its place on the page.
type piece struct {
	x, y, end, size float64
	text, font      string
}

// pdfRun interprets content streams.
type pdfRun struct {
	f      *pdfFile
	pieces []piece
	chars  int
	ctm    matrix
	saved  []pdfGraphics
	tm, lm matrix
	font   *pdfFont
	size   float64
	lead   float64
	charSp float64
	wordSp float64
	scale  float64
}

// pdfGraphics is what q saves.
type pdfGraphics struct {
	ctm                               matrix
	font                              *pdfFont
	size, lead, charSp, wordSp, scale float64
}

func (f *pdfFile) page(d pdfDict, w *docWriter) {
	r := &pdfRun{f: f, ctm: identity, tm: identity, lm: identity, scale: 1}
	var content []byte
	switch c := f.resolve(d["Contents"]).(type) {
	case *pdfStream:
		content = f.decode(c)
	case pdfArray:
		for _, v := range c {
			if s, ok := f.resolve(v).(*pdfStream); ok {
				content = append(append(content, f.decode(s)...), '\n')
			}
		}
	}
	r.run(content, f.dict(d["Resources"]), 0)
	r.annotations(f.array(d["Annots"]))
	r.layout(w)
}

// annotations adds stamps, notes and the values of form fields.
func (r *pdfRun) annotations(list pdfArray) {
	for i, v := range list {
		a := r.f.dict(v)
		if a == nil || i > 1000 {
			continue
		}
		ap := r.f.resolve(r.f.dict(a["AP"])["N"])
		if states, ok := ap.(pdfDict); ok {
			if as, ok := r.f.resolve(a["AS"]).(pdfName); ok {
				ap = r.f.resolve(states[as])
			}
		}
		before := len(r.pieces)
		if s, ok := ap.(*pdfStream); ok {
			r.ctm = identity
			if rect := r.f.array(a["Rect"]); len(rect) == 4 {
				r.ctm = matrix{1, 0, 0, 1, r.f.num(rect[0], 0), r.f.num(rect[1], 0)}
			}
			r.form(s, nil, 1)
		}
		if len(r.pieces) > before {
			continue
		}
		for _, key := range []pdfName{"Contents", "V"} {
			if s, ok := r.f.resolve(a[key]).(pdfString); ok && s != "" {
				r.pieces = append(r.pieces, piece{y: -1e6 - float64(len(r.pieces))*20, size: 10, text: pdfText(s)})
			}
		}
	}
}

func (r *pdfRun) form(s *pdfStream, res pdfDict, depth int) {
	if depth > 8 {
		return
	}
	if own := r.f.dict(s.dict["Resources"]); own != nil {
		res = own
	}
	keep, saved := *r, len(r.saved)
	if m := r.f.array(s.dict["Matrix"]); len(m) == 6 {
		r.ctm = r.matrixOf(m).mul(r.ctm)
	}
	r.run(r.f.decode(s), res, depth)
	pieces, chars := r.pieces, r.chars
	stack := r.saved[:min(saved, len(r.saved))]
	*r = keep
	r.pieces, r.chars, r.saved = pieces, chars, stack
}

func (r *pdfRun) matrixOf(a []any) matrix {
	var m matrix
	for i := range m {
		if i < len(a) {
			m[i] = r.f.num(a[i], 0)
		}
	}
	return m
}

const pdfMaxPieces = 400000

func (r *pdfRun) run(content []byte, res pdfDict, depth int) {
	lx := pdfLexer{src: content}
	var args []any
	for lx.pos < len(lx.src) && r.f.steps < pdfMaxSteps && len(r.pieces) < pdfMaxPieces {
		from := lx.pos
		v := lx.value(0)
		r.f.steps += 1 + (lx.pos-from)/64
		op, ok := v.(pdfOp)
		if !ok {
			if len(args) < 1000 {
				args = append(args, v)
			}
			continue
		}
		if op == "BI" { // an inline picture: its octets are no operators
			r.f.images++
			skipInline(&lx)
		} else if !r.textOp(op, args, res) {
			r.graphicOp(op, args, res, depth)
		}
		args = args[:0]
	}
}

// skipInline passes over an inline picture up to its EI.
func skipInline(lx *pdfLexer) {
	for i := lx.pos; i+3 < len(lx.src); i++ {
		if pdfSpace(lx.src[i]) && lx.src[i+1] == 'E' && lx.src[i+2] == 'I' && pdfSpace(lx.src[i+3]) {
			lx.pos = i + 3
			return
		}
	}
	lx.pos = len(lx.src)
}

func (r *pdfRun) arg(args []any, i int) float64 {
	if i < len(args) {
		return r.f.num(args[i], 0)
	}
	return 0
}

func (r *pdfRun) graphicOp(op pdfOp, args []any, res pdfDict, depth int) {
	switch op {
	case "q":
		if len(r.saved) < 500 {
			r.saved = append(r.saved, pdfGraphics{r.ctm, r.font, r.size, r.lead, r.charSp, r.wordSp, r.scale})
		}
	case "Q":
		if n := len(r.saved); n > 0 {
			g := r.saved[n-1]
			r.ctm, r.font, r.size, r.lead, r.charSp, r.wordSp, r.scale = g.ctm, g.font, g.size, g.lead, g.charSp, g.wordSp, g.scale
			r.saved = r.saved[:n-1]
		}
	case "cm":
		r.ctm = r.matrixOf(args).mul(r.ctm)
	case "Do":
		if len(args) == 0 {
			return
		}
		name, _ := args[0].(pdfName) //nolint:errcheck // a missing name finds nothing
		s, ok := r.f.resolve(r.f.dict(res["XObject"])[name]).(*pdfStream)
		if !ok {
			return
		}
		if s.dict["Subtype"] == pdfName("Image") {
			r.f.images++
			return
		}
		r.form(s, res, depth+1)
	}
}

// textOp executes the operators of text (9.3, 9.4); false for all others.
func (r *pdfRun) textOp(op pdfOp, args []any, res pdfDict) bool {
	switch op {
	case "BT":
		r.tm, r.lm = identity, identity
	case "Tf":
		if len(args) > 1 {
			name, _ := args[0].(pdfName) //nolint:errcheck // a missing name finds nothing
			r.size = r.arg(args, 1)
			if v := r.f.dict(res["Font"])[name]; v != nil {
				r.font = r.f.font(v)
			}
		}
	case "Td":
		r.newLine(r.arg(args, 0), r.arg(args, 1))
	case "TD":
		r.lead = -r.arg(args, 1)
		r.newLine(r.arg(args, 0), r.arg(args, 1))
	case "Tm":
		r.tm = r.matrixOf(args)
		r.lm = r.tm
	case "T*":
		r.newLine(0, -r.lead)
	case "TL":
		r.lead = r.arg(args, 0)
	case "Tc":
		r.charSp = r.arg(args, 0)
	case "Tw":
		r.wordSp = r.arg(args, 0)
	case "Tz":
		r.scale = r.arg(args, 0) / 100
	case "Tj":
		r.show(args)
	case "'":
		r.newLine(0, -r.lead)
		r.show(args)
	case `"`:
		r.wordSp, r.charSp = r.arg(args, 0), r.arg(args, 1)
		r.newLine(0, -r.lead)
		r.show(args[min(2, len(args)):])
	case "TJ":
		if len(args) > 0 {
			r.show(r.f.array(args[0]))
		}
	default:
		return false
	}
	return true
}

func (r *pdfRun) newLine(x, y float64) {
	r.lm = matrix{1, 0, 0, 1, x, y}.mul(r.lm)
	r.tm = r.lm
}

// show places strings; numbers between them move the point (9.4.3).
func (r *pdfRun) show(args []any) {
	if r.font == nil {
		return
	}
	for _, v := range args {
		switch v := v.(type) {
		case float64:
			r.tm = matrix{1, 0, 0, 1, -v / 1000 * r.size * r.scale, 0}.mul(r.tm)
		case pdfString:
			r.place(v)
		}
	}
}

func (r *pdfRun) place(s pdfString) {
	start := r.tm.mul(r.ctm)
	var text strings.Builder
	advance := 0.0
	for _, g := range r.font.glyphs(s) {
		text.WriteString(g.text)
		w := g.width/1000*r.size + r.charSp
		if g.space {
			w += r.wordSp
		}
		advance += w * r.scale
	}
	r.tm = matrix{1, 0, 0, 1, advance, 0}.mul(r.tm)
	end := r.tm.mul(r.ctm)
	r.chars += text.Len()
	if text.Len() == 0 || r.chars > docMaxText || math.IsNaN(start[4]+start[5]+end[4]) || math.IsInf(start[4]+start[5]+end[4], 0) {
		return
	}
	size := math.Abs(r.size) * math.Hypot(start[2], start[3])
	font := ""
	if r.font.legacy != "" && len(r.font.to) == 0 {
		font = r.font.name
	}
	r.pieces = append(r.pieces, piece{x: start[4], y: start[5], end: end[4], size: size, text: text.String(), font: font})
}

// layout writes the pieces as lines: those of one height from left to right, a gap of a letter as a space and a wide gap
// as three, which is how columns look in plain text.
func (r *pdfRun) layout(w *docWriter) {
	p := r.pieces
	slices.SortStableFunc(p, func(a, b piece) int {
		switch {
		case a.y > b.y:
			return -1
		case a.y < b.y:
			return 1
		}
		return 0
	})
	for i := 0; i < len(p); {
		k := i + 1
		for k < len(p) && p[i].y-p[k].y < max(1, 0.4*min(p[i].size, p[k].size)) {
			k++
		}
		line := p[i:k]
		slices.SortStableFunc(line, func(a, b piece) int {
			switch {
			case a.x < b.x:
				return -1
			case a.x > b.x:
				return 1
			}
			return 0
		})
		for n, c := range line {
			if n > 0 {
				gap, em := c.x-line[n-1].end, max(c.size, 1)
				switch {
				case gap > 2.5*em:
					w.sep("    ")
				case gap > 0.18*em && !strings.HasSuffix(line[n-1].text, " ") && !strings.HasPrefix(c.text, " "):
					w.sep(" ")
				}
			}
			w.write(c.text, c.font)
		}
		w.sep("\n")
		i = k
	}
}
