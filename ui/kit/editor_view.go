package kit

import "strings"

// Look draws pieces of text in an editor, a field or a list of choices; a nil function leaves the piece as it is.
// Each must keep the width of what it is given.
type Look struct {
	Text     func(string) string
	Quote    func(string) string // lines that begin with ">"
	Selected func(string) string
	Hint     func(string) string // what stands in an empty field
}

func dress(f func(string) string, s string) string {
	if f == nil || s == "" {
		return s
	}
	return f(s)
}

// View gives exactly h lines of exactly w columns, and the cell of the cursor, which is always among them.
func (e *Editor) View(w, h int, look Look) (lines []string, x, y int) {
	e.ready()
	w, h = max(1, w), max(1, h)
	e.width, e.height = max(1, w-1), h // the last column is the cursor's behind a full line
	at := e.scroll()
	v := visual{e.top.p, e.paras[e.top.p].lineOf(e.top.o, e.width)}
	lines = make([]string, 0, h)
	blank := strings.Repeat(" ", w)
	more := true
	for len(lines) < h {
		if !more {
			lines = append(lines, dress(look.Text, blank))
			continue
		}
		if v == at {
			y = len(lines)
			x = e.cursorColumn(v, w)
		}
		lines = append(lines, e.draw(v, w, look))
		v, more = e.walk(v, 1)
	}
	return lines, x, y
}

func (e *Editor) cursorColumn(v visual, w int) int {
	p := e.paras[v.p]
	from, _, _ := p.line(v.k, e.width)
	return min(w-1, column(p.s, from, e.cur.o)+p.indentOf(v.k))
}

// scroll moves the top so that the cursor is in sight and gives the cursor's visual line.
func (e *Editor) scroll() visual {
	at := visual{e.cur.p, e.paras[e.cur.p].lineOf(e.cur.o, e.width)}
	top := visual{e.top.p, e.paras[e.top.p].lineOf(e.top.o, e.width)}
	if at.p < top.p || at.p == top.p && at.k < top.k {
		top = at
	} else if far := at.p - top.p; far > e.height || !e.within(top, at) {
		top, _ = e.walk(at, 1-e.height)
	}
	from, _, _ := e.paras[top.p].line(top.k, e.width)
	e.top = spot{top.p, from}
	return at
}

// within reports whether at is among the lines shown from top.
func (e *Editor) within(top, at visual) bool {
	last, _ := e.walk(top, e.height-1)
	return at.p < last.p || at.p == last.p && at.k <= last.k
}

// draw is one visual line, exactly w columns.
func (e *Editor) draw(v visual, w int, look Look) string {
	p := e.paras[v.p]
	from, to, _ := p.line(v.k, e.width)
	base := look.Text
	if p.lead != "" || strings.HasPrefix(p.s, ">") {
		base = look.Quote
	}
	var b strings.Builder
	b.Grow(w + 64)
	col := 0
	if v.k > 0 && p.indent > 0 {
		b.WriteString(dress(base, p.lead))
		col = p.indent
	}
	a, z := e.selectedIn(v.p, from, to)
	for _, piece := range []struct {
		from, to int
		look     func(string) string
	}{{from, a, base}, {a, z, look.Selected}, {z, to, base}} {
		s, c := cells(p.s, piece.from, piece.to, col, col-p.indentOf(v.k), w)
		b.WriteString(dress(piece.look, s))
		col = c
	}
	if e.newlineSelected(v.p) && to == len(p.s) && col < w {
		b.WriteString(dress(look.Selected, " "))
		col++
	}
	b.WriteString(dress(look.Text, strings.Repeat(" ", max(0, w-col))))
	return b.String()
}

// selectedIn is the part of bytes [from,to) of paragraph p that is selected; from,from when none is.
func (e *Editor) selectedIn(p, from, to int) (a, z int) {
	if !e.sel {
		return from, from
	}
	s, t := e.span()
	if p < s.p || p > t.p {
		return from, from
	}
	a, z = from, to
	if p == s.p {
		a = max(a, s.o)
	}
	if p == t.p {
		z = min(z, t.o)
	}
	if a >= z {
		return from, from
	}
	return a, z
}

// newlineSelected reports whether the line end of paragraph p is part of the selection.
func (e *Editor) newlineSelected(p int) bool {
	if !e.sel {
		return false
	}
	s, t := e.span()
	return p >= s.p && p < t.p
}

// cells is s[from:to] as cells, tabs as spaces, cut where column limit is reached. col is the column it begins at on
// the screen, inner the column in the line, from which tab stops count. It gives the column behind it.
func cells(s string, from, to, col, inner, limit int) (string, int) {
	if from >= to {
		return "", col
	}
	var b strings.Builder
	for i := from; i < to; {
		n, w := nextCluster(s[i:to])
		if s[i] == '\t' {
			w = min(tabStop-inner%tabStop, limit-col)
			b.WriteString(strings.Repeat(" ", max(0, w)))
		} else if col+w <= limit {
			b.WriteString(s[i : i+n])
		} else {
			break
		}
		i += n
		col += w
		inner += w
	}
	return b.String(), col
}
