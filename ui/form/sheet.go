package form

import (
	"hopthu/ui/kit"
	"hopthu/ui/theme"
)

// Sheet collects the lines of a page that is read from top to bottom, in a column of its own.
type Sheet struct {
	set   theme.Set
	w     int // of the page
	inner int // of the column
	left  int
	lines []string
}

// NewSheet begins a column of at most inner columns, in the middle of w when middle is set, else at the left.
func NewSheet(w, inner int, middle bool, set theme.Set) *Sheet {
	s := &Sheet{set: set, w: w, inner: max(1, min(inner, w-2)), left: min(1, max(0, w-1))}
	if middle {
		s.left = max(s.left, (w-s.inner)/2)
	}
	return s
}

// Width is the width of the column, Left where it begins, Len how many lines there are.
func (s *Sheet) Width() int { return s.inner }

// Left is where the column begins.
func (s *Sheet) Left() int { return s.left }

// Len is how many lines there are.
func (s *Sheet) Len() int { return len(s.lines) }

// Blank adds n empty lines.
func (s *Sheet) Blank(n int) {
	for range n {
		s.lines = append(s.lines, s.set.Base.Paint(kit.Space(s.w)))
	}
}

// Text adds wrapped text in one style; it is cleaned.
func (s *Sheet) Text(st theme.Style, text string) {
	for _, l := range kit.Wrap(kit.Clean(text), s.inner, 0) {
		s.Line(st.Paint(l))
	}
}

// Line adds one finished line of at most the column's width.
func (s *Sheet) Line(l string) {
	s.lines = append(s.lines, s.set.Base.Paint(kit.Space(s.left))+l+s.set.Base.Paint(kit.Space(s.w-s.left-kit.Width(l))))
}

// Lines adds finished lines.
func (s *Sheet) Lines(ls []string) {
	for _, l := range ls {
		s.Line(l)
	}
}

// Done gives exactly h lines; what does not fit at the bottom is cut.
func (s *Sheet) Done(h int) []string {
	return kit.Fill(s.lines, h, s.set.Base.Paint(kit.Space(s.w)))
}
