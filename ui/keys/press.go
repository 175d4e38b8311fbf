package keys

import (
	tea "github.com/charmbracelet/bubbletea"
)

// Press is one key as a page or dialog gets it: what it means there, or the text it types.
type Press struct {
	Action ID
	Key    string // as in the table: "enter", "ctrl+s", "x"
	Text   string // what is typed, NFC; "" for a key that types nothing
	Paste  bool   // Text was pasted: it may be long and hold line breaks and tabs
}

// MouseKind says what the mouse did.
type MouseKind uint8

// What the mouse can do.
const (
	Click MouseKind = iota
	WheelUp
	WheelDown
	Drag
	Release
)

// Mouse is one move of the mouse; X and Y count from the page's or the dialog's own corner.
type Mouse struct {
	Kind MouseKind
	X, Y int
}

// ReadKey takes the terminal library's key apart: its name in the table, and what it types (not yet NFC).
func ReadKey(m tea.KeyMsg) (key, text string, paste bool) {
	switch {
	case m.Paste:
		return "", string(m.Runes), true
	case m.Type == tea.KeySpace && !m.Alt:
		return " ", " ", false
	case m.Type == tea.KeyRunes && !m.Alt:
		return string(m.Runes), string(m.Runes), false
	}
	return m.String(), "", false
}

// ReadMouse takes the terminal library's mouse message apart; ok is false for moves without meaning.
func ReadMouse(m tea.MouseMsg) (Mouse, bool) {
	e := tea.MouseEvent(m)
	out := Mouse{X: e.X, Y: e.Y}
	switch {
	case e.Button == tea.MouseButtonWheelUp:
		out.Kind = WheelUp
	case e.Button == tea.MouseButtonWheelDown:
		out.Kind = WheelDown
	case e.Button == tea.MouseButtonLeft && e.Action == tea.MouseActionPress:
		out.Kind = Click
	case e.Button == tea.MouseButtonLeft && e.Action == tea.MouseActionMotion:
		out.Kind = Drag
	case e.Action == tea.MouseActionRelease:
		out.Kind = Release
	default:
		return out, false
	}
	return out, true
}
