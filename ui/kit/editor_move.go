package kit

// Extend says whether a move extends the selection.
type Extend bool

// The two ways to move.
const (
	Move   Extend = false
	Select Extend = true
)

// step begins a move: it sets or drops the selection's anchor.
func (e *Editor) step(x Extend, keepGoal bool) {
	e.ready()
	e.past.seal()
	if !keepGoal {
		e.goal = -1
	}
	switch {
	case bool(x) || e.marking:
		if !e.sel {
			e.sel, e.anchor = true, e.cur
		}
	default:
		e.sel = false
	}
}

// Left moves one letter back, over line ends; Right one letter on. With a selection and no Extend they go to its edge.
func (e *Editor) Left(x Extend) {
	if e.ready(); e.collapse(x, false) {
		return
	}
	e.step(x, false)
	switch {
	case e.cur.o > 0:
		e.cur.o -= prevCluster(e.paras[e.cur.p].s[:e.cur.o])
	case e.cur.p > 0:
		e.cur.p--
		e.cur.o = len(e.paras[e.cur.p].s)
	}
}

// Right moves one letter on.
func (e *Editor) Right(x Extend) {
	if e.ready(); e.collapse(x, true) {
		return
	}
	e.step(x, false)
	s := e.paras[e.cur.p].s
	switch {
	case e.cur.o < len(s):
		n, _ := nextCluster(s[e.cur.o:])
		e.cur.o += n
	case e.cur.p < len(e.paras)-1:
		e.cur = spot{e.cur.p + 1, 0}
	}
}

func (e *Editor) collapse(x Extend, right bool) bool {
	if bool(x) || e.marking || !e.sel || e.cur == e.anchor {
		return false
	}
	from, to := e.span()
	e.step(Move, false)
	e.cur = from
	if right {
		e.cur = to
	}
	return true
}

// WordLeft moves to the start of a word, WordRight behind one; a Vietnamese word here is one syllable.
func (e *Editor) WordLeft(x Extend) {
	e.step(x, false)
	if e.cur.o == 0 {
		if e.cur.p > 0 {
			e.cur.p--
			e.cur.o = len(e.paras[e.cur.p].s)
		}
		return
	}
	e.cur.o = wordLeft(e.paras[e.cur.p].s[:e.cur.o])
}

// WordRight moves behind the next word.
func (e *Editor) WordRight(x Extend) {
	e.step(x, false)
	s := e.paras[e.cur.p].s
	if e.cur.o == len(s) {
		if e.cur.p < len(e.paras)-1 {
			e.cur = spot{e.cur.p + 1, 0}
		}
		return
	}
	e.cur.o += wordRight(s[e.cur.o:])
}

// Home moves to the start of the visual line; at its start already, to the start of the paragraph.
func (e *Editor) Home(x Extend) {
	e.step(x, false)
	from, _ := e.row()
	if e.cur.o == from {
		from = 0
	}
	e.cur.o = from
}

// End moves to the end of the visual line; there already, to the end of the paragraph.
func (e *Editor) End(x Extend) {
	e.step(x, false)
	p := e.paras[e.cur.p]
	_, to := e.row()
	if to < len(p.s) { // a soft break: stay on this line, before the space that hangs over the edge
		to -= prevCluster(p.s[:to])
		if e.cur.o == to {
			to = len(p.s)
		}
	}
	e.cur.o = to
}

// row is the byte range of the cursor's visual line.
func (e *Editor) row() (from, to int) {
	p := e.paras[e.cur.p]
	from, to, _ = p.line(p.lineOf(e.cur.o, e.width), e.width)
	return from, to
}

// Top moves to the start of the text, Bottom to its end.
func (e *Editor) Top(x Extend) {
	e.step(x, false)
	e.cur = spot{}
}

// Bottom moves to the end of the text.
func (e *Editor) Bottom(x Extend) {
	e.step(x, false)
	e.cur = e.end()
}

func (e *Editor) end() spot {
	last := len(e.paras) - 1
	return spot{last, len(e.paras[last].s)}
}

// Up moves n visual lines up, keeping the column. It reports whether it moved: at the top a page may leave the editor.
func (e *Editor) Up(n int, x Extend) bool { return e.vertical(-n, x) }

// Down moves n visual lines down.
func (e *Editor) Down(n int, x Extend) bool { return e.vertical(n, x) }

// PageUp moves a screenful up, with two lines kept in sight.
func (e *Editor) PageUp(x Extend) { e.vertical(-max(1, e.height-2), x) }

// PageDown moves a screenful down.
func (e *Editor) PageDown(x Extend) { e.vertical(max(1, e.height-2), x) }

func (e *Editor) vertical(n int, x Extend) bool {
	e.step(x, true)
	p := e.paras[e.cur.p]
	k := p.lineOf(e.cur.o, e.width)
	from, _, _ := p.line(k, e.width)
	if e.goal < 0 {
		e.goal = column(p.s, from, e.cur.o) + p.indentOf(k)
	}
	at, moved := e.walk(visual{e.cur.p, k}, n)
	if !moved {
		return false
	}
	e.cur = e.place(at, e.goal)
	return true
}

// visual names a visual line: paragraph and line in it.
type visual struct{ p, k int }

// walk goes n visual lines from v, as far as the text goes.
func (e *Editor) walk(v visual, n int) (visual, bool) {
	moved := false
	for ; n > 0; n-- {
		if _, _, ok := e.paras[v.p].line(v.k+1, e.width); ok {
			v.k++
		} else if v.p < len(e.paras)-1 {
			v = visual{v.p + 1, 0}
		} else {
			break
		}
		moved = true
	}
	for ; n < 0; n++ {
		if v.k > 0 {
			v.k--
		} else if v.p > 0 {
			v.p--
			v.k = e.paras[v.p].lastLine(e.width)
		} else {
			break
		}
		moved = true
	}
	return v, moved
}

// place is the spot in visual line v nearest to column col.
func (e *Editor) place(v visual, col int) spot {
	p := e.paras[v.p]
	from, to, _ := p.line(v.k, e.width)
	o := atColumn(p.s, from, to, max(0, col-p.indentOf(v.k)))
	if o == to && to < len(p.s) && o > from { // the end of a soft line belongs to the next one
		o -= prevCluster(p.s[from:o])
	}
	return spot{v.p, o}
}

func (p *para) indentOf(k int) int {
	if k == 0 {
		return 0
	}
	return p.indent
}

// Click puts the cursor at cell x, y of the last View.
func (e *Editor) Click(x, y int, ext Extend) {
	e.step(ext, false)
	v, _ := e.walk(visual{e.top.p, e.paras[e.top.p].lineOf(e.top.o, e.width)}, max(0, y))
	e.cur = e.place(v, max(0, x))
}

// Scroll moves the view by n visual lines; the cursor follows only as far as it must to stay in sight.
func (e *Editor) Scroll(n int) {
	e.ready()
	e.past.seal()
	v, _ := e.walk(visual{e.top.p, e.paras[e.top.p].lineOf(e.top.o, e.width)}, n)
	e.top = e.place(v, 0)
	at := visual{e.cur.p, e.paras[e.cur.p].lineOf(e.cur.o, e.width)}
	last, _ := e.walk(v, e.height-1)
	switch {
	case at.p < v.p || at.p == v.p && at.k < v.k:
		e.cur = e.place(v, max(0, e.goal))
	case last.p < at.p || at.p == last.p && last.k < at.k:
		e.cur = e.place(last, max(0, e.goal))
	}
}

// SelectAll selects the whole text.
func (e *Editor) SelectAll() {
	e.step(Move, false)
	e.sel, e.anchor, e.cur = true, spot{}, e.end()
}

// Mark turns marking on at the cursor, or off; while it is on, moves select.
func (e *Editor) Mark() {
	e.ready()
	e.marking = !e.marking
	e.sel, e.anchor = e.marking, e.cur
}

// Unselect drops the selection and marking; it reports whether there was any.
func (e *Editor) Unselect() bool {
	had := e.sel && e.cur != e.anchor || e.marking
	e.sel, e.marking = false, false
	return had
}
