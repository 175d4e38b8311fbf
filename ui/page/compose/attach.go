package compose

import (
	tea "github.com/charmbracelet/bubbletea"

	"hopthu/ui/dialog"
	"hopthu/ui/keys"
)

func (p *Page) browse() tea.Cmd {
	p.suggest.close()
	return dialog.Browse(p.env, 0, p.env.Words.Write.Files.Title, p.dir, func(f dialog.File) tea.Msg { return f })
}

func (p *Page) onChosen(f dialog.File) tea.Cmd {
	if f.Dir != "" {
		p.dir = f.Dir
	}
	if f.Path == "" {
		return nil
	}
	return p.do(func() tea.Cmd {
		r := p.request(attached)
		r.path, r.name = f.Path, f.Name
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
