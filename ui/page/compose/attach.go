package compose

import (
	tea "github.com/charmbracelet/bubbletea"

	"hopthu/ui/frame"
	"hopthu/ui/keys"
)

// chosenFile is the answer of the file browser.
type chosenFile struct {
	path, name string
	dir        string // where the browser stood, for the next time
}

func (p *Page) browse() tea.Cmd {
	p.suggest.close()
	b := newBrowser(p.env, p.dir)
	// In this order: an answer finds its dialog only once that is open.
	return tea.Sequence(frame.Send(frame.Ask{Dialog: b}), b.load(p.dir))
}

func (p *Page) onChosen(m chosenFile) tea.Cmd {
	if m.dir != "" {
		p.dir = m.dir
	}
	if m.path == "" {
		return nil
	}
	return p.do(func() tea.Cmd {
		r := p.request(attached)
		r.path, r.name = m.path, m.name
		return p.env.Do(0, r.run)
	})
}

// inFiles moves among the files and takes one out.
func (p *Page) inFiles(m keys.Press) tea.Cmd {
	n := len(p.draft.Attachments)
	if n == 0 {
		return nil
	}
	switch m.Action {
	case keys.RowLeft:
		p.file = (p.file - 1 + n) % n
	case keys.RowRight:
		p.file = (p.file + 1) % n
	case keys.Detach:
		a := p.draft.Attachments[p.file]
		return p.do(func() tea.Cmd {
			r := p.request(detached)
			r.attachment, r.name = a.ID, a.Name
			return p.env.Do(0, r.run)
		})
	}
	return nil
}
