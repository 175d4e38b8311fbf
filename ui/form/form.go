package form

import (
	"hopthu/ui/keys"
	"hopthu/ui/kit"
	"hopthu/ui/theme"
)

// Kind says what a row is.
type Kind uint8

// Kinds of row.
const (
	Input  Kind = iota // a field
	Choice             // one of Options
	Button
	Note    // text only; cannot be reached
	Heading // text in bold; cannot be reached
)

// Row is one line of a form.
type Row struct {
	Key     string // names it to the page
	Kind    Kind
	Label   string
	Field   kit.Field
	Hint    string
	Options []string // Choice: the words
	At      int      // Choice: which one
	Aside   string   // stands behind the field, in words: "khớp", "chưa giống"
	Tone    theme.Style
	Submit  bool // Enter in this field does the form
	Hidden  bool
	Width   int // Input: columns of the field; 0 is all there is
}

// Form is a column of rows with a focus. The zero value with Rows set is ready.
type Form struct {
	Rows   []*Row
	Typist *kit.Typist // for its fields; nil takes keys as they are
	at     int
	top    int
	h      int
}

// Event is what a press did to a form.
type Event struct {
	Did Did
	Key string // the row it happened in
	Do  bool   // the row's button was pressed, or Enter in a Submit field
}

// Row finds a row by its key; nil if there is none.
func (f *Form) Row(key string) *Row {
	for _, r := range f.Rows {
		if r.Key == key {
			return r
		}
	}
	return nil
}

// Text is what stands in the field key, "" if there is none.
func (f *Form) Text(key string) string {
	if r := f.Row(key); r != nil {
		return r.Field.Text()
	}
	return ""
}

// Current is the row in focus.
func (f *Form) Current() *Row {
	f.settle(1)
	if len(f.Rows) == 0 {
		return &Row{Kind: Note}
	}
	return f.Rows[f.at]
}

// Focus goes to a row.
func (f *Form) Focus(key string) {
	for i, r := range f.Rows {
		if r.Key == key && reachable(r) {
			f.at = i
		}
	}
}

func reachable(r *Row) bool { return !r.Hidden && r.Kind != Note && r.Kind != Heading }

// settle moves the focus off rows that cannot have it.
func (f *Form) settle(dir int) {
	f.at = max(0, min(f.at, len(f.Rows)-1))
	for range f.Rows {
		if f.at < len(f.Rows) && reachable(f.Rows[f.at]) {
			return
		}
		f.step(dir)
	}
}

func (f *Form) step(dir int) {
	n := len(f.Rows)
	f.at = (f.at + dir + n) % n
}

// Move moves the focus by one row; it goes round.
func (f *Form) Move(dir int) {
	if len(f.Rows) == 0 {
		return
	}
	f.settle(dir)
	f.step(dir)
	f.settle(dir)
}

// Contexts says what keys mean in the row in focus.
func (f *Form) Contexts() []keys.Context {
	switch r := f.Current(); {
	case r.Kind == Input && r.Field.Secret:
		return []keys.Context{keys.Secret, keys.Text, keys.Form}
	case r.Kind == Input && r.Field.Plain:
		return []keys.Context{keys.Text, keys.Form}
	case r.Kind == Input:
		return []keys.Context{keys.Text, keys.Form, keys.Viet}
	}
	return []keys.Context{keys.Form, keys.Settings}
}

// Press lets a key act on the row in focus.
func (f *Form) Press(p keys.Press, clip *Clip) Event {
	r := f.Current()
	ev := Event{Key: r.Key}
	switch p.Action {
	case keys.RowNext, keys.RowDown:
		f.Move(1)
		ev.Did = Moved
		return ev
	case keys.RowPrev, keys.RowUp:
		f.Move(-1)
		ev.Did = Moved
		return ev
	case keys.RowDo:
		return f.enter(r, ev)
	}
	switch r.Kind {
	case Input:
		ev.Did = Edit(&r.Field, p, clip, f.Typist)
	case Choice:
		switch p.Action {
		case keys.RowLeft:
			return f.turn(r, -1, ev)
		case keys.RowRight, keys.SettingChange:
			return f.turn(r, 1, ev)
		}
	case Button:
		ev.Do = p.Action == keys.SettingChange
	}
	return ev
}

func (f *Form) enter(r *Row, ev Event) Event {
	switch {
	case r.Kind == Choice:
		return f.turn(r, 1, ev)
	case r.Kind == Button || r.Submit:
		ev.Do = true
	default:
		f.Move(1)
		ev.Did = Moved
	}
	return ev
}

func (f *Form) turn(r *Row, dir int, ev Event) Event {
	if n := len(r.Options); n > 0 {
		r.At = (r.At + dir + n) % n
		ev.Did = Changed
	}
	return ev
}

// Click puts the focus on the row drawn at line y of the last View and says which; a button or a choice is pressed.
func (f *Form) Click(y int) Event {
	line := 0
	for i, r := range f.Rows {
		if r.Hidden {
			continue
		}
		if line-f.top == y && reachable(r) {
			f.at = i
			ev := Event{Key: r.Key, Did: Moved}
			if r.Kind == Choice {
				return f.turn(r, 1, ev)
			}
			ev.Do = r.Kind == Button
			return ev
		}
		line++
	}
	return Event{}
}

// View gives exactly h lines of exactly w columns on the ground set, and the cell of the cursor; ok is false while no
// field has the focus.
func (f *Form) View(w, h int, set, soft, sel theme.Set, glyph theme.Glyphs) (lines []string, x, y int, ok bool) {
	cur := f.Current()
	label := f.labelWidth(w)
	var all []string
	at := 0
	for _, r := range f.Rows {
		if r.Hidden {
			continue
		}
		on := r == cur
		line, cx := f.draw(r, on, w, label, set, soft, sel, glyph)
		if on {
			at = len(all)
			if r.Kind == Input {
				x, ok = cx, true
			}
		}
		all = append(all, line)
	}
	f.h = h
	if at < f.top {
		f.top = at
	}
	if at >= f.top+h {
		f.top = at - h + 1
	}
	f.top = max(0, min(f.top, len(all)-h))
	lines = kit.Fill(all[f.top:], h, set.Base.Paint(kit.Space(w)))
	if f.top+h < len(all) {
		lines = kit.MoreBelow(lines, w, set, glyph)
	}
	return lines, x, at - f.top, ok
}

// Height is the number of lines the form needs.
func (f *Form) Height() int {
	n := 0
	for _, r := range f.Rows {
		if !r.Hidden {
			n++
		}
	}
	return n
}

func (f *Form) labelWidth(w int) int {
	n := 0
	for _, r := range f.Rows {
		if !r.Hidden && (r.Kind == Input || r.Kind == Choice) {
			n = max(n, kit.Width(r.Label))
		}
	}
	return min(n, w/2)
}

func (f *Form) draw(r *Row, on bool, w, label int, set, soft, sel theme.Set, g theme.Glyphs) (string, int) {
	mark := set.Base.Paint("  ")
	if on {
		mark = set.AccentBold.Paint(g.Cursor + " ")
	}
	switch r.Kind {
	case Note:
		return set.Dim.Paint(kit.Fit("  "+r.Label, w)), 0
	case Heading:
		return set.Bold.Paint(kit.Fit(r.Label, w)), 0
	case Button:
		st := soft.Base
		if on {
			st = sel.Bold
		}
		text := kit.Cut("  "+r.Label+"  ", max(1, w-2-kit.Width(r.Aside)-2))
		rest := ""
		if r.Aside != "" {
			rest = "  " + kit.Cut(r.Aside, max(0, w-4-kit.Width(text)))
		}
		return mark + st.Paint(text) + set.Dim.Paint(rest) + set.Base.Paint(kit.Space(w-2-kit.Width(text)-kit.Width(rest))), 0
	}
	head := set.Dim.Paint(kit.Fit(r.Label, label))
	if on {
		head = set.Bold.Paint(kit.Fit(r.Label, label))
	}
	head = mark + head + set.Base.Paint("  ")
	room := max(1, w-label-4)
	aside := ""
	if r.Aside != "" {
		aside = " " + kit.Cut(r.Aside, room/2)
	}
	if r.Kind == Choice {
		return head + choice(r, on, room, aside, set, sel), 0
	}
	fw := room - kit.Width(aside)
	if r.Width > 0 {
		fw = min(fw, r.Width)
	}
	fw = max(1, fw)
	look := kit.Look{Text: soft.Base.Paint, Selected: sel.Base.Paint, Hint: soft.Dim.Paint}
	line, cx := "", 0
	if on {
		line, cx = r.Field.View(fw, r.Hint, look)
	} else {
		line = r.Field.Rest(fw, r.Hint, look)
	}
	rest := kit.Space(room - fw - kit.Width(aside))
	return head + line + tone(r, set).Paint(aside) + set.Base.Paint(rest), label + 4 + cx
}

func tone(r *Row, set theme.Set) theme.Style {
	if r.Tone == (theme.Style{}) {
		return set.Dim
	}
	return r.Tone
}

func choice(r *Row, on bool, room int, aside string, set, sel theme.Set) string {
	word := ""
	if r.At >= 0 && r.At < len(r.Options) {
		word = r.Options[r.At]
	}
	word = kit.Cut("< "+word+" >", max(1, room-kit.Width(aside)))
	st := set.Base
	if on {
		st = sel.Base
	}
	return st.Paint(word) + tone(r, set).Paint(aside) + set.Base.Paint(kit.Space(room-kit.Width(word)-kit.Width(aside)))
}
