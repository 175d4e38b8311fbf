package kit

import (
	"strings"

	"hopthu/ui/theme"
)

// Hint is one key of the bottom bar.
type Hint struct{ Key, Word string }

// Bar draws hints into exactly w columns, as many as fit whole; last stands at the right end whenever it fits.
func Bar(hints []Hint, last *Hint, w int, set theme.Set) string {
	var b strings.Builder
	b.Grow(w * 3)
	room := w - 1
	tail := 0
	if last != nil {
		if tail = Width(last.Key) + 1 + Width(last.Word) + 1; tail > room {
			tail = 0
		}
	}
	gap := 0
	if tail > 0 {
		gap = min(3, room-tail)
	}
	room -= tail + gap
	b.WriteString(set.Base.Paint(Space(min(1, w))))
	for i, h := range hints {
		before := 0
		if i > 0 {
			before = 3
		}
		need := before + Width(h.Key) + 1 + Width(h.Word)
		if need > room {
			break
		}
		b.WriteString(set.Base.Paint(Space(before)))
		b.WriteString(set.AccentBold.Paint(h.Key))
		b.WriteString(set.Dim.Paint(" " + h.Word))
		room -= need
	}
	b.WriteString(set.Base.Paint(Space(room + gap)))
	if tail > 0 {
		b.WriteString(set.AccentBold.Paint(last.Key))
		b.WriteString(set.Dim.Paint(" " + last.Word + " "))
	}
	return b.String()
}

// Tab is one tab.
type Tab struct {
	Title string
	Count string // shown behind the title when not empty
	Bad   string // what is wrong there, behind the count
	On    bool
}

// behind is how many columns stand behind the title.
func (t Tab) behind() int {
	n := 0
	for _, s := range []string{t.Count, t.Bad} {
		if s != "" {
			n += 1 + Width(s)
		}
	}
	return n
}

// wide is how many columns tabs take when they stand well apart.
func wide(tabs []Tab) int {
	n := 1
	for i, t := range tabs {
		n += Width(t.Title) + t.behind()
		if i > 0 {
			n += 3
		}
	}
	return n
}

// Tabs draws tabs into exactly w columns and returns where each one that fits begins and ends, for the mouse. They stand
// closer together where they would not fit otherwise.
func Tabs(tabs []Tab, w int, th *theme.Theme) (line string, spans [][2]int) {
	var b strings.Builder
	set := th.Page
	x := 0
	put := func(st theme.Style, s string) {
		s = Cut(s, w-x)
		x += Width(s)
		b.WriteString(st.Paint(s))
	}
	between := "   "
	if wide(tabs) > w {
		between = "  "
	}
	for i, t := range tabs {
		gap := between
		if i == 0 {
			gap = " "
		}
		need := Width(gap) + Width(t.Title) + t.behind()
		if i > 0 && x+need > w { // a tab that does not fit is left out whole
			break
		}
		put(set.Base, gap)
		from := x
		st := set.Dim
		if t.On {
			st = th.TabOn
		}
		put(st, t.Title)
		if t.Count != "" {
			put(set.Base, " ")
			put(set.AccentBold, t.Count)
		}
		if t.Bad != "" {
			put(set.Base, " ")
			put(set.Danger, t.Bad)
		}
		spans = append(spans, [2]int{from, x})
	}
	put(set.Base, Space(w-x))
	return b.String(), spans
}

// Rule draws a line across.
func Rule(w int, set theme.Set, g theme.Glyphs) string {
	return set.Rule.Paint(strings.Repeat(g.Rule, max(w, 0)))
}
