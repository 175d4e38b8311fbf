package password

import (
	"fmt"
	"slices"
	"strings"

	"hopthu/ui/form"
	"hopthu/ui/kit"
)

const columns = 74

// View implements frame.Page.
func (p *Page) View(w, h int) []string {
	th := p.env.Theme
	set := th.Page
	words := &p.env.Words.Write.Password
	s := form.NewSheet(w, columns, true, set)
	roomy := h > 15
	if roomy {
		s.Blank(1)
	}
	if p.forced {
		s.Text(set.AccentBold, words.Forced)
		s.Text(set.Bold, fmt.Sprintf(words.Box, p.whose()))
		s.Text(set.Base, words.Why)
	} else {
		s.Text(set.AccentBold, fmt.Sprintf(words.Free, p.account.Address))
	}
	if roomy {
		s.Blank(1)
	}
	p.formY = s.Len()
	lines, x, y, ok := p.form.View(s.Width(), p.form.Height(), set, th.Soft, th.Sel, th.Glyph)
	p.x, p.y, p.typing = s.Left()+x, s.Len()+y, ok
	s.Lines(lines)
	s.Blank(1)
	p.drawStrength(s)
	p.drawRules(s)
	if roomy {
		s.Blank(1)
	}
	p.drawState(s)
	return s.Done(h)
}

// whose names person or agency, and the address.
func (p *Page) whose() string {
	addr := kit.Clean(p.account.Address)
	if name := kit.Clean(p.account.Name); name != "" {
		return name + " <" + addr + ">"
	}
	return addr
}

// drawStrength is a bar with its word.
func (p *Page) drawStrength(s *form.Sheet) {
	th := p.env.Theme
	set := th.Page
	words := &p.env.Words.Write.Password
	st := set.Danger
	switch {
	case p.strength >= 3:
		st = set.Good
	case p.strength == 2:
		st = set.Warn
	}
	const cells = 20
	full, word := 0, ""
	if p.form.Text(newRow) != "" {
		level := max(0, min(p.strength, len(words.Strength)-1))
		full, word = (level+1)*cells/len(words.Strength), words.Strength[level]
	}
	s.Line(set.Dim.Paint("  "+words.StrengthLabel+"  ") + st.Paint(strings.Repeat(th.Glyph.Full, full)) +
		set.Dim.Paint(strings.Repeat(th.Glyph.Empty, cells-full)) + st.Paint("  "+word))
}

// drawRules ticks each rule as it is kept.
func (p *Page) drawRules(s *form.Sheet) {
	th := p.env.Theme
	set := th.Page
	empty := p.form.Text(newRow) == ""
	for _, r := range rules {
		text := kit.Cut(p.env.Words.Write.Password.Rules[r], s.Width()-4)
		switch {
		case empty:
			s.Line(set.Dim.Paint("  " + th.Glyph.Dot + " " + text))
		case slices.Contains(p.broken, r):
			s.Line(set.Warn.Paint("  ! ") + set.Base.Paint(text))
		default:
			s.Line(set.Good.Paint("  " + th.Glyph.Marked + " " + text))
		}
	}
}

// drawState says what goes on or went wrong, else how to choose a good one.
func (p *Page) drawState(s *form.Sheet) {
	set := p.env.Theme.Page
	words := &p.env.Words.Write.Password
	switch {
	case p.work == changing:
		s.Text(set.Accent, words.Working)
	case p.work == signing:
		s.Text(set.Accent, words.SigningIn)
	case p.fault != nil:
		said := p.env.Words.Fault(p.fault)
		s.Text(set.Danger, "! "+said.What)
		s.Text(set.Base, said.Safe)
		s.Text(set.Bold, said.Next)
	case p.say != "":
		s.Text(set.Warn, "! "+p.say)
	default:
		s.Text(set.Dim, words.Advice)
	}
}
