package kit

import "strings"

// Choice is one line of a list to choose from.
type Choice struct {
	Main   string // what is chosen
	Detail string // what tells it from its namesakes
	Note   string // short, at the right edge
}

// Choices is a short list with a cursor: completions, files, themes. The zero value is an empty list.
type Choices struct {
	items []Choice
	cur   int // -1: on none
	top   int
	shown int // lines of the last View
}

// Set replaces the list; the cursor goes to the first line.
func (c *Choices) Set(items []Choice) { *c = Choices{items: items, shown: c.shown} }

// Offer replaces the list and chooses nothing: the cursor comes with the first Move.
func (c *Choices) Offer(items []Choice) { *c = Choices{items: items, cur: -1, shown: c.shown} }

// Update replaces the list and keeps the cursor on the line that equals the one it was on, if it is still there.
func (c *Choices) Update(items []Choice) {
	old, ok := c.Current()
	at := max(0, c.cur)
	c.items = items
	c.cur = max(0, min(at, len(items)-1))
	if !ok {
		return
	}
	for i, it := range items {
		if it == old {
			c.cur = i
			return
		}
	}
}

// Len is the number of lines.
func (c *Choices) Len() int { return len(c.items) }

// Index is the line of the cursor, -1 when there is none.
func (c *Choices) Index() int {
	if len(c.items) == 0 {
		return -1
	}
	return c.cur
}

// Current is the line of the cursor.
func (c *Choices) Current() (Choice, bool) {
	if len(c.items) == 0 || c.cur < 0 {
		return Choice{}, false
	}
	return c.items[c.cur], true
}

// Move moves the cursor by n lines and stops at the ends.
func (c *Choices) Move(n int) { c.MoveTo(c.cur + n) }

// Page moves by n windows, keeping one line in sight.
func (c *Choices) Page(n int) { c.Move(n * max(c.shown-1, 1)) }

// MoveTo puts the cursor on line i.
func (c *Choices) MoveTo(i int) { c.cur = max(0, min(i, len(c.items)-1)) }

// ClickAt puts the cursor on the line shown at row y of the last View; false if there is none.
func (c *Choices) ClickAt(y int) bool {
	i, ok := c.Row(y)
	if ok {
		c.MoveTo(i)
	}
	return ok
}

// Row is the line shown at row y of the last View.
func (c *Choices) Row(y int) (int, bool) {
	i := c.top + y
	return i, y >= 0 && y < c.shown && i < len(c.items)
}

// View gives exactly h lines of exactly w columns. marker stands before the line of the cursor and must be as wide as
// its blank: "▌" or ">".
func (c *Choices) View(w, h int, marker string, look Look) []string {
	w, h = max(1, w), max(0, h)
	c.shown = h
	if c.cur < c.top {
		c.top = c.cur
	}
	if c.cur >= c.top+h {
		c.top = c.cur - h + 1
	}
	c.top = max(0, min(c.top, len(c.items)-h))
	lines := make([]string, 0, h)
	for y := range h {
		i := c.top + y
		if i >= len(c.items) {
			lines = append(lines, dress(look.Text, strings.Repeat(" ", w)))
			continue
		}
		lines = append(lines, c.row(i, w, marker, look))
	}
	return lines
}

func (c *Choices) row(i, w int, marker string, look Look) string {
	it := c.items[i]
	lead, f := strings.Repeat(" ", Width(marker)), look.Text
	if i == c.cur {
		lead, f = marker, look.Selected
	}
	s := lead + " " + editLine(it.Main)
	if it.Detail != "" {
		s += "  " + editLine(it.Detail)
	}
	note := ""
	if it.Note != "" {
		note = "  " + editLine(it.Note) + " "
	}
	room := w - Width(note)
	if room < 8 {
		note, room = "", w
	}
	text, col := cells(s, 0, len(s), 0, 0, room)
	if len(text) < len(s) && room > 1 {
		text, col = cells(s, 0, len(s), 0, 0, room-1)
		text, col = text+"…", col+1
	}
	return dress(f, text+strings.Repeat(" ", max(0, room-col))+note)
}
