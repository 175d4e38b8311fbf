package kit

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Insert puts typed text at the cursor, in the place of the selection. A combining mark joins the letter before it.
// It reports false, and changes nothing, when the text would become larger than MaxText.
func (e *Editor) Insert(typed string) bool {
	e.ready()
	typed = editText(typed)
	if typed == "" {
		return true
	}
	if e.size+len(typed) > MaxText {
		return false
	}
	from, to := e.target()
	kind := typing
	if strings.Contains(typed, "\n") {
		kind = other
	}
	e.change(from, to, typed, kind)
	return true
}

// Newline breaks the paragraph.
func (e *Editor) Newline() bool { return e.Insert("\n") }

// Paste puts foreign text at the cursor as one step of undo: CR and CRLF become LF, controls go. It reports false, and
// changes nothing, when the text would become larger than MaxText.
func (e *Editor) Paste(s string) bool {
	e.ready()
	if len(s) > 2*MaxText {
		return false
	}
	s = editText(s)
	if e.size+len(s) > MaxText {
		return false
	}
	from, to := e.target()
	if s == "" && from == to {
		return true
	}
	e.past.seal()
	e.change(from, to, s, other)
	e.past.seal()
	return true
}

// Replace makes s the whole text, as one step of undo.
func (e *Editor) Replace(s string) {
	e.ready()
	s = editText(s)
	if s == e.Text() {
		return
	}
	e.past.seal()
	e.change(spot{}, e.end(), s, other)
	e.past.seal()
	e.cur, e.top = spot{}, spot{}
}

// target is what the next edit replaces: the selection, or nothing at the cursor.
func (e *Editor) target() (from, to spot) {
	if e.sel {
		return e.span()
	}
	return e.cur, e.cur
}

// Backspace takes away the selection, or the whole letter before the cursor with all its marks.
func (e *Editor) Backspace() {
	e.erase(func() (spot, spot) {
		at := e.cur
		switch {
		case at.o > 0:
			at.o -= prevCluster(e.paras[at.p].s[:at.o])
		case at.p > 0:
			at = spot{at.p - 1, len(e.paras[at.p-1].s)}
		}
		return at, e.cur
	})
}

// Delete takes away the selection, or the letter under the cursor.
func (e *Editor) Delete() {
	e.erase(func() (spot, spot) {
		at := e.cur
		s := e.paras[at.p].s
		switch {
		case at.o < len(s):
			n, _ := nextCluster(s[at.o:])
			at.o += n
		case at.p < len(e.paras)-1:
			at = spot{at.p + 1, 0}
		}
		return e.cur, at
	})
}

// DeleteWordLeft takes away the selection, or the word before the cursor.
func (e *Editor) DeleteWordLeft() {
	e.erase(func() (spot, spot) {
		if e.cur.o == 0 && e.cur.p > 0 {
			return spot{e.cur.p - 1, len(e.paras[e.cur.p-1].s)}, e.cur
		}
		return spot{e.cur.p, wordLeft(e.paras[e.cur.p].s[:e.cur.o])}, e.cur
	})
}

// DeleteWordRight takes away the selection, or the word behind the cursor.
func (e *Editor) DeleteWordRight() {
	e.erase(func() (spot, spot) {
		s := e.paras[e.cur.p].s
		if e.cur.o == len(s) && e.cur.p < len(e.paras)-1 {
			return e.cur, spot{e.cur.p + 1, 0}
		}
		return e.cur, spot{e.cur.p, e.cur.o + wordRight(s[e.cur.o:])}
	})
}

// DeleteLine takes away the cursor's paragraph with its line end and returns it, so that it can be put elsewhere.
func (e *Editor) DeleteLine() string {
	e.ready()
	e.sel, e.marking = false, false
	from, to := spot{e.cur.p, 0}, spot{e.cur.p + 1, 0}
	if e.cur.p == len(e.paras)-1 {
		to = e.end()
	}
	if from == to {
		return ""
	}
	cut := e.between(from, to)
	e.past.seal()
	e.change(from, to, "", other)
	return cut
}

// DeleteToStart takes away the selection, or what stands before the cursor in its paragraph.
func (e *Editor) DeleteToStart() {
	e.erase(func() (spot, spot) { return spot{e.cur.p, 0}, e.cur })
}

// DeleteToEnd takes away the rest of the paragraph.
func (e *Editor) DeleteToEnd() {
	e.erase(func() (spot, spot) {
		s := e.paras[e.cur.p].s
		if e.cur.o == len(s) && e.cur.p < len(e.paras)-1 {
			return e.cur, spot{e.cur.p + 1, 0}
		}
		return e.cur, spot{e.cur.p, len(s)}
	})
}

// Cut takes the selection away and returns it.
func (e *Editor) Cut() string {
	s := e.Selection()
	if s != "" {
		e.past.seal()
		e.Backspace()
	}
	return s
}

func (e *Editor) erase(what func() (from, to spot)) {
	e.ready()
	from, to := e.target()
	kind := other
	if from == to {
		from, to = what()
		kind = erasing
	}
	if from == to {
		e.sel, e.marking = false, false
		return
	}
	e.change(from, to, "", kind)
}

// change does an edit, records it for undo and puts the cursor behind it. Where the new neighbours compose (a typed
// mark and the letter before it, a letter and the mark that a deletion brings to it) they do, so the text stays NFC.
func (e *Editor) change(from, to spot, text string, kind editKind) {
	was := e.cur
	if b, a, joint := compose(e.paras[from.p].s[:from.o], text); b > 0 {
		from.o -= b
		text = joint + text[a:]
	}
	before := text
	if before == "" {
		before = e.paras[from.p].s[:from.o]
	}
	if b, a, joint := compose(before, e.paras[to.p].s[to.o:]); b > 0 {
		to.o += a
		if text == "" {
			from.o -= b
			text = joint
		} else {
			text = text[:len(text)-b] + joint
		}
	}
	removed, end := e.splice(from, to, text)
	e.cur, e.sel, e.marking, e.goal = end, false, false, -1
	e.past.add(step{at: from, removed: removed, inserted: text, before: was, kind: kind})
}

// Undo takes the last step back; false when there is none.
func (e *Editor) Undo() bool {
	e.ready()
	s, ok := e.past.back()
	if !ok {
		return false
	}
	e.splice(s.at, advance(s.at, s.inserted), s.removed)
	e.cur, e.sel, e.marking, e.goal = s.before, false, false, -1
	return true
}

// Redo does an undone step again; false when there is none.
func (e *Editor) Redo() bool {
	e.ready()
	s, ok := e.past.forward()
	if !ok {
		return false
	}
	_, end := e.splice(s.at, advance(s.at, s.removed), s.inserted)
	e.cur, e.sel, e.marking, e.goal = end, false, false, -1
	return true
}

// advance is the place where text that begins at a ends.
func advance(a spot, text string) spot {
	n := strings.Count(text, "\n")
	if n == 0 {
		return spot{a.p, a.o + len(text)}
	}
	return spot{a.p + n, len(text) - strings.LastIndexByte(text, '\n') - 1}
}

// startsWord reports whether text begins a new word behind prev, which begins a new step of undo.
func startsWord(prev, text string) bool {
	last, _ := utf8.DecodeLastRuneInString(prev)
	first, _ := utf8.DecodeRuneInString(text)
	return unicode.IsSpace(last) && !unicode.IsSpace(first)
}
