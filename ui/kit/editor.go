package kit

import (
	"strings"
)

// MaxText is the largest text an Editor holds, in bytes. More belongs into an attachment.
const MaxText = 4 << 20

// spot is a place in the text: a paragraph and a byte offset in it, always at the edge of a letter.
type spot struct{ p, o int }

func (a spot) before(b spot) bool { return a.p < b.p || a.p == b.p && a.o < b.o }

// Editor is the text of a letter being written: paragraphs, a cursor, a selection, undo. It wraps at words to the
// width it is shown in; the text itself has a line break only where the person typed one. All text in it is NFC and
// free of controls. The zero value is an empty editor. It does no I/O and knows no key: pages call its methods.
//
// No method but Text, SetText, Paste and Replace costs more as the text grows, except for a move to the end of a
// paragraph that has not been wrapped yet, and for copying the one paragraph that changes.
type Editor struct {
	paras   []*para // never empty once touched
	size    int     // bytes, line ends counted
	cur     spot
	anchor  spot // other end of the selection
	sel     bool
	marking bool // moves extend the selection (a terminal may not tell shift+arrow apart)
	goal    int  // column that Up and Down try to keep; -1 none
	top     spot // start of the first visual line shown
	width   int  // text columns of the last View
	height  int
	version uint64
	past    history
}

func (e *Editor) ready() {
	if len(e.paras) == 0 {
		e.paras, e.goal = []*para{{}}, -1
	}
	if e.width == 0 {
		e.width, e.height = 79, 20
	}
}

// SetText replaces everything, forgets the undo history and puts the cursor at the start.
func (e *Editor) SetText(s string) {
	version := e.version
	*e = Editor{width: e.width, height: e.height, version: version + 1, goal: -1}
	s = editText(s)
	for line := range strings.SplitSeq(s, "\n") {
		e.paras = append(e.paras, &para{s: line})
	}
	e.size = len(s)
	e.ready()
}

// Text is the whole text with LF line ends.
func (e *Editor) Text() string {
	e.ready()
	var b strings.Builder
	b.Grow(e.size)
	for i, p := range e.paras {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(p.s)
	}
	return b.String()
}

// Version changes with every change of the text.
func (e *Editor) Version() uint64 { return e.version }

// Size is the length of the text in bytes.
func (e *Editor) Size() int { return e.size }

// Position is the cursor's paragraph and the number of paragraphs, both from 1.
func (e *Editor) Position() (line, of int) {
	e.ready()
	return e.cur.p + 1, len(e.paras)
}

// Selection is the selected text, "" if nothing is selected.
func (e *Editor) Selection() string {
	if !e.sel || e.cur == e.anchor {
		return ""
	}
	from, to := e.span()
	return e.between(from, to)
}

// Selecting reports whether something is selected or marking is on.
func (e *Editor) Selecting() bool { return e.marking || e.sel && e.cur != e.anchor }

// Marking reports whether moves extend the selection.
func (e *Editor) Marking() bool { return e.marking }

// span is the selection in order of the text.
func (e *Editor) span() (from, to spot) {
	if e.anchor.before(e.cur) {
		return e.anchor, e.cur
	}
	return e.cur, e.anchor
}

func (e *Editor) between(from, to spot) string {
	if from.p == to.p {
		return e.paras[from.p].s[from.o:to.o]
	}
	var b strings.Builder
	b.WriteString(e.paras[from.p].s[from.o:])
	for p := from.p + 1; p < to.p; p++ {
		b.WriteByte('\n')
		b.WriteString(e.paras[p].s)
	}
	b.WriteByte('\n')
	b.WriteString(e.paras[to.p].s[:to.o])
	return b.String()
}

// splice is the one primitive that changes text: it replaces what lies between from and to and returns what was
// there and where the new text ends. text must have passed editText.
func (e *Editor) splice(from, to spot, text string) (removed string, end spot) {
	removed = e.between(from, to)
	tail := e.paras[to.p].s[to.o:]
	first := e.paras[from.p]
	lines := strings.Split(text, "\n")
	last := len(lines) - 1
	if last == 0 && from.p == to.p {
		first.edit(from.o, first.s[:from.o]+text+tail)
		end = spot{from.p, from.o + len(text)}
	} else {
		fresh := make([]*para, 0, last)
		for i := 1; i <= last; i++ {
			fresh = append(fresh, &para{s: lines[i]})
		}
		end = spot{from.p + last, len(lines[last])}
		if last == 0 {
			end.o += from.o
			first.edit(from.o, first.s[:from.o]+text+tail)
		} else {
			first.edit(from.o, first.s[:from.o]+lines[0])
			fresh[last-1].s += tail
		}
		e.replaceParas(from.p+1, to.p+1, fresh)
	}
	e.size += len(text) - len(removed)
	e.version++
	e.fixTop(from)
	return removed, end
}

// replaceParas puts fresh in the place of paragraphs a to b-1.
func (e *Editor) replaceParas(a, b int, fresh []*para) {
	d := len(fresh) - (b - a)
	old := len(e.paras)
	switch {
	case d > 0:
		e.paras = append(e.paras, make([]*para, d)...)
		copy(e.paras[b+d:], e.paras[b:old])
	case d < 0:
		copy(e.paras[b+d:], e.paras[b:])
		clear(e.paras[old+d:])
		e.paras = e.paras[:old+d]
	}
	copy(e.paras[a:], fresh)
}

// fixTop keeps the first shown line inside the text after a change at from.
func (e *Editor) fixTop(from spot) {
	if from.before(e.top) {
		if e.top.p >= len(e.paras) {
			e.top = spot{len(e.paras) - 1, 0}
		}
		if e.top.o > len(e.paras[e.top.p].s) || e.top.p == from.p {
			e.top.o = min(e.top.o, from.o)
		}
	}
}
