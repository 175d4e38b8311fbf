// Package form has what the pages where one types share: how keys act on a text, and fields, choices and buttons below
// each other.
//
// Laws: no I/O, no clock; it decides nothing: a page asks it what the person did and acts itself.
package form

import (
	"hopthu/ui/keys"
	"hopthu/ui/kit"
)

// Text is a kit.Editor or a kit.Field.
type Text interface {
	kit.Writable
	Paste(string) bool
	Delete()
	DeleteWordLeft()
	DeleteWordRight()
	DeleteLine() string
	DeleteToStart()
	Left(kit.Extend)
	Right(kit.Extend)
	WordLeft(kit.Extend)
	WordRight(kit.Extend)
	Home(kit.Extend)
	End(kit.Extend)
	Undo() bool
	Redo() bool
	Mark()
	SelectAll()
	Selection() string
	Cut() string
}

// Did says what a press did to a text.
type Did uint8

// What a press can do.
const (
	Nothing  Did = iota // the press means something else
	Moved               // the cursor or the selection
	Changed             // the text
	Full                // the text would be too long: nothing changed
	Copied              // Clip has new text: the page copies it to the terminal, too
	NoMarked            // there is nothing to copy
	NoClip              // there is nothing to paste
)

// Clip is what was cut or copied last, for putting it elsewhere in the program.
type Clip struct{ Text string }

// Edit lets a press act on a text. Keys that type go through the typist; nil takes them as they are.
func Edit(t Text, p keys.Press, clip *Clip, typist *kit.Typist) Did {
	if p.Action == "" {
		return typed(t, p, typist)
	}
	if did := compose(t, p.Action, typist); did != Nothing {
		return did
	}
	if did := change(t, p.Action, clip); did != Nothing {
		return did
	}
	if move(t, p.Action) {
		return Moved
	}
	return Nothing
}

func typed(t Text, p keys.Press, typist *kit.Typist) Did {
	switch {
	case p.Text == "":
		return Nothing
	case p.Paste && !t.Paste(p.Text), !p.Paste && !typist.Type(t, p.Text):
		return Full
	}
	return Changed
}

// compose is what the typist does beside typing.
func compose(t Text, id keys.ID, typist *kit.Typist) Did {
	changed := false
	switch id {
	case keys.TextErase:
		typist.Backspace(t)
		changed = true
	case keys.WordEnd:
		changed = typist.Finish(t)
	case keys.TypeRestore:
		changed = typist.Restore(t)
	}
	if changed {
		return Changed
	}
	return Nothing
}

func change(t Text, id keys.ID, clip *Clip) Did {
	switch id {
	case keys.TextEraseNext:
		t.Delete()
	case keys.TextEraseWord:
		t.DeleteWordLeft()
	case keys.TextEraseNextW:
		t.DeleteWordRight()
	case keys.TextEraseHome:
		t.DeleteToStart()
	case keys.TextUndo:
		t.Undo()
	case keys.TextRedo:
		t.Redo()
	case keys.TextCopy:
		s := t.Selection()
		if s == "" {
			return NoMarked
		}
		clip.Text = s
		return Copied
	case keys.TextCut:
		s := t.Selection()
		if s == "" {
			return Moved // nothing to cut: nothing happens
		}
		clip.Text = s
		t.Cut()
	case keys.TextPut:
		if clip.Text == "" {
			return NoClip
		}
		if !t.Paste(clip.Text) {
			return Full
		}
	case keys.BodyCutLine:
		if s := t.DeleteLine(); s != "" {
			clip.Text = s
		}
	default:
		return Nothing
	}
	return Changed
}

func move(t Text, id keys.ID) bool {
	moves := map[keys.ID]func(){
		keys.TextLeft: func() { t.Left(kit.Move) }, keys.TextRight: func() { t.Right(kit.Move) },
		keys.TextWordLeft: func() { t.WordLeft(kit.Move) }, keys.TextWordRight: func() { t.WordRight(kit.Move) },
		keys.TextHome: func() { t.Home(kit.Move) }, keys.TextEnd: func() { t.End(kit.Move) },
		keys.SelLeft: func() { t.Left(kit.Select) }, keys.SelRight: func() { t.Right(kit.Select) },
		keys.SelWordLeft: func() { t.WordLeft(kit.Select) }, keys.SelWordRight: func() { t.WordRight(kit.Select) },
		keys.SelHome: func() { t.Home(kit.Select) }, keys.SelEnd: func() { t.End(kit.Select) },
		keys.TextMark: t.Mark, keys.TextAll: t.SelectAll,
	}
	f, ok := moves[id]
	if ok {
		f()
	}
	return ok
}

// EditBody is Edit for a text of many lines.
func EditBody(e *kit.Editor, p keys.Press, clip *Clip, typist *kit.Typist) Did {
	switch p.Action {
	case keys.BodyLine:
		if !e.Newline() {
			return Full
		}
		return Changed
	case keys.BodyUp:
		e.Up(1, kit.Move)
	case keys.BodyDown:
		e.Down(1, kit.Move)
	case keys.BodyPageUp:
		e.PageUp(kit.Move)
	case keys.BodyPageDown:
		e.PageDown(kit.Move)
	case keys.BodyTop:
		e.Top(kit.Move)
	case keys.BodyBottom:
		e.Bottom(kit.Move)
	case keys.SelUp:
		e.Up(1, kit.Select)
	case keys.SelDown:
		e.Down(1, kit.Select)
	case keys.SelTop:
		e.Top(kit.Select)
	case keys.SelBottom:
		e.Bottom(kit.Select)
	default:
		return Edit(e, p, clip, typist)
	}
	return Moved
}
