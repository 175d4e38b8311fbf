package frame

import "hopthu/ui/keys"

// Walked is a list with a cursor: kit.Rows, kit.Choices.
type Walked interface {
	Len() int
	Move(n int)
	Page(n int)
	MoveTo(i int)
}

// Walk lets an action move the cursor of a list; false when the action means something else.
func Walk(l Walked, id keys.ID) bool {
	switch id {
	case keys.Down:
		l.Move(1)
	case keys.Up:
		l.Move(-1)
	case keys.PageDown:
		l.Page(1)
	case keys.PageUp:
		l.Page(-1)
	case keys.Home:
		l.MoveTo(0)
	case keys.End:
		l.MoveTo(l.Len() - 1)
	default:
		return false
	}
	return true
}

// Pointed is a list whose lines can be clicked; y counts from the first line shown.
type Pointed interface {
	Move(n int)
	ClickAt(y int) bool
}

// Point lets the mouse move the cursor of a dialog's list that is drawn from line top on: the wheel line by line, a
// click to its line. It reports whether a line was clicked.
func Point(l Pointed, m keys.Mouse, top int) bool {
	switch m.Kind {
	case keys.WheelUp:
		l.Move(-1)
	case keys.WheelDown:
		l.Move(1)
	case keys.Click:
		return l.ClickAt(m.Y - top)
	}
	return false
}
