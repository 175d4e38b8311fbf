package kit

import (
	"github.com/charmbracelet/x/ansi"

	"hopthu/ui/theme"
)

// Rect is a part of the screen, in columns and lines.
type Rect struct{ X, Y, W, H int }

// Has reports whether the point lies inside.
func (r Rect) Has(x, y int) bool { return x >= r.X && x < r.X+r.W && y >= r.Y && y < r.Y+r.H }

// Left parts r: w columns on the left, then the rest.
func (r Rect) Left(w int) (Rect, Rect) {
	w = min(max(w, 0), r.W)
	return Rect{r.X, r.Y, w, r.H}, Rect{r.X + w, r.Y, r.W - w, r.H}
}

// Top parts r: h lines above, then the rest.
func (r Rect) Top(h int) (Rect, Rect) {
	h = min(max(h, 0), r.H)
	return Rect{r.X, r.Y, r.W, h}, Rect{r.X, r.Y + h, r.W, r.H - h}
}

// Middle is a rectangle of at most w×h in the middle of r.
func (r Rect) Middle(w, h int) Rect {
	w, h = min(max(w, 0), r.W), min(max(h, 0), r.H)
	return Rect{r.X + (r.W-w)/2, r.Y + (r.H-h)/2, w, h}
}

// Beside joins panes line by line. Each pane has its own number of lines; missing ones are blank, which is drawn with
// fill. widths are the panes' widths.
func Beside(h int, fill func(w int) string, widths []int, panes ...[]string) []string {
	out := make([]string, h)
	for y := range h {
		size := 0
		for _, p := range panes {
			if y < len(p) {
				size += len(p[y])
			}
		}
		line := make([]byte, 0, size+16)
		for i, p := range panes {
			if y < len(p) {
				line = append(line, p[y]...)
			} else {
				line = append(line, fill(widths[i])...)
			}
		}
		out[y] = string(line)
	}
	return out
}

// Fill brings lines to exactly h: it cuts or adds blank.
func Fill(lines []string, h int, blank string) []string {
	if len(lines) >= h {
		return lines[:max(h, 0)]
	}
	for len(lines) < h {
		lines = append(lines, blank)
	}
	return lines
}

// MoreBelow ends the last of lines, each w columns wide, with the mark that there is more below; lines that are narrow
// stay as they are.
func MoreBelow(lines []string, w int, set theme.Set, g theme.Glyphs) []string {
	if len(lines) > 0 && w > 8 {
		last := &lines[len(lines)-1]
		*last = ansi.Truncate(*last, w-2, "") + set.Dim.Paint(" "+g.More)
	}
	return lines
}
