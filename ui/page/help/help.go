// Package help is the page that shows every key that works in a place, made from the table of actions.
//
// Laws: it knows no key by itself.
package help

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
)

// Page is the help page.
type Page struct {
	env   frame.Env
	in    []keys.Context
	lines []string
	top   int
	w, h  int
}

// New makes the page.
func New(env frame.Env, open frame.OpenHelp) frame.Page { return &Page{env: env, in: open.Contexts} }

// Init has nothing to ask.
func (p *Page) Init() tea.Cmd { return nil }

// Title names the page.
func (p *Page) Title() string { return p.env.Words.Help.Title }

// Contexts are those of text to read.
func (p *Page) Contexts() []keys.Context { return []keys.Context{keys.Plain, keys.Moving} }

// Actions are the keys that matter here.
func (p *Page) Actions() []keys.ID { return []keys.ID{keys.Back, keys.Scroll, keys.Up, keys.Down} }

// Update takes a message.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case frame.Size:
		p.w, p.h = m.W, m.H
		p.lay()
	case frame.Restyled:
		p.lay()
	case keys.Mouse:
		switch m.Kind {
		case keys.WheelUp:
			p.scroll(-3)
		case keys.WheelDown:
			p.scroll(3)
		}
	case keys.Press:
		switch m.Action {
		case keys.Up:
			p.scroll(-1)
		case keys.Down:
			p.scroll(1)
		case keys.PageUp:
			p.scroll(1 - p.h)
		case keys.PageDown, keys.Scroll:
			p.scroll(p.h - 1)
		case keys.Home:
			p.top = 0
		case keys.End:
			p.scroll(len(p.lines))
		case keys.Copy:
			return frame.Send(frame.Copy{Text: p.env.Keys.Sheet(p.env.Words)})
		}
	}
	return nil
}

func (p *Page) scroll(n int) { p.top = max(min(p.top+n, len(p.lines)-p.h), 0) }

// lay writes the parts down in one column, or in two where there is room.
func (p *Page) lay() {
	cols := 1
	if p.w >= 116 {
		cols = 2
	}
	w := p.w / cols
	var blocks [][]string
	total := 0
	for _, part := range p.env.Keys.Parts(p.env.Words, p.in) {
		b := p.block(part, w)
		blocks = append(blocks, b)
		total += len(b)
	}
	columns := make([][]string, cols)
	at := 0
	for _, b := range blocks {
		if at < cols-1 && len(columns[at]) > 0 && len(columns[at])+len(b)/2 > total/cols {
			at++
		}
		columns[at] = append(columns[at], b...)
	}
	h := 0
	widths := make([]int, cols)
	for i, c := range columns {
		h = max(h, len(c))
		widths[i] = w
	}
	widths[cols-1] = p.w - w*(cols-1)
	base := p.env.Theme.Page
	blank := func(n int) string { return base.Base.Paint(kit.Space(n)) }
	p.lines = []string{base.Dim.Paint(kit.Fit(" "+p.env.Words.Help.Intro, p.w)), blank(p.w)}
	p.lines = append(p.lines, kit.Beside(h, blank, widths, columns...)...)
	for i, l := range p.lines { // the last column may be narrower than its lines' share
		p.lines[i] = l + blank(p.w-kit.Width(l))
	}
	p.scroll(0)
}

const keyWidth = 20

func (p *Page) block(part keys.Part, w int) []string {
	set := p.env.Theme.Page
	out := []string{set.Bold.Paint(kit.Fit(" "+part.Name, w))}
	for _, l := range part.Lines {
		names := kit.Fit("  "+strings.TrimSpace(l.Keys), min(keyWidth, w/3))
		for i, word := range kit.Wrap(l.Word, max(w-kit.Width(names)-2, 10), 0) {
			if i > 0 {
				names = kit.Space(kit.Width(names))
			}
			out = append(out, set.AccentBold.Paint(names)+set.Base.Paint(kit.Fit(" "+word, w-kit.Width(names))))
		}
	}
	return append(out, set.Base.Paint(kit.Space(w)))
}

// View draws a window of the lines.
func (p *Page) View(w, h int) []string {
	if w != p.w || h != p.h {
		p.w, p.h = w, h
		p.lay()
	}
	return kit.Fill(append([]string(nil), p.lines[min(p.top, len(p.lines)):min(p.top+h, len(p.lines))]...), h, p.env.Theme.Page.Base.Paint(kit.Space(w)))
}
