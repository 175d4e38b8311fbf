// Package dialog has the questions that stand before a page: the stack of them, and the usual kinds.
//
// Laws: a dialog gets all keys and draws last; one that opens by itself ignores keys until the person has been quiet for
// 0.4 s, so that a key meant for the letter never answers a question; the clock is handed in.
package dialog

import (
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
	"hopthu/ui/theme"
)

// Grace is how long the keys must rest before a dialog that opened by itself listens.
const Grace = 400 * time.Millisecond

// Stack holds the open dialogs; the last one is on top.
type Stack struct {
	open  []entry
	place kit.Rect // of the inside of the top dialog, as drawn last
}

type entry struct {
	d    frame.Dialog
	deaf time.Time // keys before this moment are swallowed and put it off
}

// Push opens a dialog. byItself marks one that no key asked for.
func (s *Stack) Push(d frame.Dialog, byItself bool, now time.Time) {
	e := entry{d: d}
	if byItself {
		e.deaf = now.Add(Grace)
	}
	s.open = append(s.open, e)
}

// Top is the dialog that listens.
func (s *Stack) Top() (frame.Dialog, bool) {
	if len(s.open) == 0 {
		return nil, false
	}
	return s.open[len(s.open)-1].d, true
}

// Update gives a message to the top dialog and takes it away when it is done. Mouse positions are turned into the
// dialog's own; clicks outside are dropped.
func (s *Stack) Update(msg tea.Msg, now time.Time) tea.Cmd {
	if len(s.open) == 0 {
		return nil
	}
	top := &s.open[len(s.open)-1]
	switch m := msg.(type) {
	case keys.Press:
		if now.Before(top.deaf) {
			top.deaf = now.Add(Grace)
			return nil
		}
		top.deaf = time.Time{}
	case keys.Mouse:
		if now.Before(top.deaf) || m.Kind == keys.Click && !s.place.Has(m.X, m.Y) {
			return nil
		}
		m.X, m.Y = m.X-s.place.X, m.Y-s.place.Y
		msg = m
	}
	d := top.d
	done, cmd := d.Update(msg)
	if done {
		for i := range s.open { // it need not be on top any more
			if s.open[i].d == d {
				s.open = append(s.open[:i], s.open[i+1:]...)
				break
			}
		}
	}
	return cmd
}

// Answer gives a result to the dialog that asked for it, if it is still open.
func (s *Stack) Answer(r frame.Result) tea.Cmd {
	for i := range s.open {
		a, ok := s.open[i].d.(frame.Answered)
		if !ok || a.Owner() != r.Owner {
			continue
		}
		done, cmd := s.open[i].d.Update(r)
		if done {
			s.open = append(s.open[:i], s.open[i+1:]...)
		}
		return cmd
	}
	return nil
}

// Place is where the inside of the top dialog was drawn last.
func (s *Stack) Place() kit.Rect { return s.place }

// Broadcast gives every open dialog a message that is for all.
func (s *Stack) Broadcast(msg tea.Msg) tea.Cmd {
	var cmds []tea.Cmd
	for _, e := range s.open {
		_, cmd := e.d.Update(msg)
		cmds = append(cmds, cmd)
	}
	return tea.Batch(cmds...)
}

// Draw lays the top dialog over the lines of a screen of w columns. hints stand in its last line.
func (s *Stack) Draw(screen []string, w int, th *theme.Theme, hints []kit.Hint) []string {
	d, ok := s.Top()
	if !ok {
		return screen
	}
	h := len(screen)
	box, g := th.Box, th.Glyph
	room := kit.Rect{W: min(w-6, 76), H: h - 6}
	if room.W < 10 || room.H < 1 {
		room = kit.Rect{W: max(w-4, 1), H: max(h-4, 1)}
	}
	body := d.View(room.W, room.H)
	title := kit.Cut(kit.Clean(d.Title()), room.W-2)
	inner := kit.Width(title) + 2
	for _, l := range body {
		inner = max(inner, kit.Width(l))
	}
	need := 0
	for i, hint := range hints {
		need += kit.Width(hint.Key) + 1 + kit.Width(hint.Word) + min(i, 1)*3
	}
	inner = min(max(inner, need+1), room.W)
	lines := make([]string, 0, len(body)+4)
	rule := func(n int) string { return strings.Repeat(g.Rule, max(n, 0)) }
	lines = append(lines, box.Rule.Paint(g.TopLeft+g.Rule)+box.Bold.Paint(" "+title+" ")+box.Rule.Paint(rule(inner-kit.Width(title)-1)+g.TopRight))
	side := box.Rule.Paint(g.Bar) + box.Base.Paint(" ")
	for _, l := range body {
		lines = append(lines, side+l+box.Base.Paint(kit.Space(inner-kit.Width(l))+" ")+box.Rule.Paint(g.Bar))
	}
	lines = append(lines, side+box.Base.Paint(kit.Space(inner+1))+box.Rule.Paint(g.Bar),
		side+kit.Bar(hints, nil, inner+1, box)+box.Rule.Paint(g.Bar),
		box.Rule.Paint(g.BottomLeft+rule(inner+2)+g.BottomRight))
	r := kit.Rect{W: w, H: h}.Middle(inner+4, len(lines))
	s.place = kit.Rect{X: r.X + 2, Y: r.Y + 1, W: inner, H: len(body)}
	out := make([]string, h)
	copy(out, screen)
	for i := 0; i < r.H; i++ {
		out[r.Y+i] = over(out[r.Y+i], lines[i], r.X, inner+4, w)
	}
	return out
}

// over lays piece (pw columns) over line (w columns) at column x.
func over(line, piece string, x, pw, w int) string {
	left := ansi.Truncate(line, x, "")
	left += kit.Space(x - kit.Width(left))
	right := ansi.TruncateLeft(line, x+pw, "")
	want := w - x - pw
	if kit.Width(right) > want { // a wide letter stands across the edge: it goes
		right = ansi.TruncateLeft(line, x+pw+1, "")
	}
	right = kit.Space(want-kit.Width(right)) + right
	return left + piece + right
}
