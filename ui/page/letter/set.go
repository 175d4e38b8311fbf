package letter

import (
	"context"
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/read"
)

type setting struct {
	l *mail.Letter
	s read.Setting
}

func (s setting) set(context.Context) tea.Msg { return sheetMsg{sheet: read.Set(s.l, s.s)} }

func (s setting) brief(context.Context) tea.Msg {
	if sheet := read.Brief(s.l, s.s); sheet != nil {
		return sheetMsg{sheet, true}
	}
	return nil
}

// set sets the letter that is there to the width of the page.
func (p *Page) set() tea.Cmd {
	if p.letter == nil || p.w == 0 {
		return nil
	}
	s := read.Env(p.env, p.letter.Account, p.w)
	s.Open, s.Reveal, s.Charset, s.Hint = p.open, p.reveal, p.charset, p.env.Words.Reading.Seal.Keys
	if i := slices.Index(p.row, p.id); i >= 0 && len(p.row) > 1 {
		s.Place = fmt.Sprintf(p.env.Words.Letter.Position, p.env.Words.Count(i+1), p.env.Words.Count(len(p.row)))
	}
	if i := slices.Index(p.thread, p.id); i >= 0 && len(p.thread) > 1 {
		s.Thread = fmt.Sprintf(p.env.Words.Letter.Position, p.env.Words.Count(i+1), p.env.Words.Count(len(p.thread)))
	}
	whole := p.env.Do(p.gen, setting{p.letter, s}.set)
	if p.sheet == nil {
		return tea.Batch(p.env.Do(p.gen, setting{p.letter, s}.brief), whole)
	}
	return whole
}
