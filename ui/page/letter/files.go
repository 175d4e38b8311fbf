package letter

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/dialog"
	"hopthu/ui/frame"
	"hopthu/ui/kit"
	"hopthu/ui/read"
)

// Answers of dialogs and of work with files.
type (
	openPart struct{ i int }
	openSure struct{ i int }
	openLink struct{ i int }
	copyLink struct{ url string }
	savePart struct{ i int } // -1: all
	savedMsg struct {
		paths []string
		dir   string
		err   error
	}
	openedMsg struct {
		name string
		err  error
	}
)

// chooseLink offers files, then links, each under its number.
func (p *Page) chooseLink() tea.Cmd {
	w := p.env.Words
	var items []dialog.Item
	for i, part := range p.letter.Parts {
		items = append(items, p.partItem(i, part))
	}
	for i, link := range p.letter.Links {
		items = append(items, dialog.Item{Main: fmt.Sprintf("[%d]", i+1), Detail: kit.Cut(kit.Clean(link), 60), Note: host(link)})
	}
	if len(items) == 0 {
		return frame.Tell(frame.Note, w.Letter.NoLinks)
	}
	parts := len(p.letter.Parts)
	return frame.Send(frame.Ask{Dialog: dialog.Choose(p.env, p.gen, w.Letter.OpenTitle, w.Dialog.FilterHint, items, func(i int) tea.Msg {
		switch {
		case i < 0:
			return nil
		case i < parts:
			return openPart{i}
		}
		return openLink{i - parts}
	})})
}

func (p *Page) partItem(i int, part mail.Part) dialog.Item {
	w := p.env.Words
	media := part.True
	if media == "" {
		media = part.Declared
	}
	it := dialog.Item{Main: fmt.Sprintf("%d  %s", i+1, read.PartName(w, part)), Note: w.MediaType(media) + ", " + w.Bytes(part.Size)}
	switch part.Risk {
	case mail.RiskOdd:
		it.Detail = w.Letter.FileOdd
	case mail.RiskBlocked:
		it.Detail = w.Letter.FileBlocked
	}
	return it
}

// host is where a link goes, "" when it goes nowhere that is known.
func host(link string) string {
	u, err := url.Parse(kit.Clean(link))
	if err != nil {
		return ""
	}
	return kit.Clean(u.Hostname())
}

func (p *Page) chooseSave() tea.Cmd {
	w := p.env.Words
	parts := p.letter.Parts
	switch len(parts) {
	case 0:
		return frame.Tell(frame.Note, w.Letter.NoFiles)
	case 1:
		return p.save(0)
	}
	items := []dialog.Item{{Main: fmt.Sprintf(w.Letter.SaveAll, len(parts))}}
	for i, part := range parts {
		items = append(items, p.partItem(i, part))
	}
	title := fmt.Sprintf(w.Letter.SaveTitle, p.env.Settings.Downloads)
	return frame.Send(frame.Ask{Dialog: dialog.Choose(p.env, p.gen, title, w.Dialog.FilterHint, items, func(i int) tea.Msg {
		if i < 0 {
			return nil
		}
		return savePart{i - 1}
	})})
}

// saving writes files outside the loop.
type saving struct {
	desk  frame.Desk
	id    mail.LetterID
	parts []mail.Part
	dir   string
}

func (s saving) save(ctx context.Context) tea.Msg {
	out := savedMsg{dir: s.dir}
	for _, part := range s.parts {
		path, err := s.desk.SavePart(ctx, s.id, part.Path, s.dir)
		if err != nil {
			out.err = err
			return out
		}
		out.paths = append(out.paths, path)
	}
	return out
}

func (s saving) open(ctx context.Context) tea.Msg {
	return openedMsg{s.parts[0].Name, s.desk.OpenPart(ctx, s.id, s.parts[0].Path)}
}

func (p *Page) save(i int) tea.Cmd {
	parts := p.letter.Parts
	if i >= 0 {
		parts = parts[i : i+1]
	}
	return p.env.Do(p.gen, saving{p.env.Desk, p.id, parts, p.env.Settings.Downloads}.save)
}

// fileResult handles answers about files and links; false when msg is none.
func (p *Page) fileResult(msg tea.Msg) (tea.Cmd, bool) {
	w := p.env.Words.Letter
	switch m := msg.(type) {
	case savedMsg:
		return p.saved(m), true
	case openedMsg:
		if m.err != nil {
			return frame.Failed("open file", m.err), true
		}
		return frame.Tell(frame.Good, fmt.Sprintf(w.Opened, kit.Clean(m.name))), true
	case copyLink:
		return tea.Sequence(frame.Send(frame.Copy{Text: m.url}), frame.Tell(frame.Good, w.LinkCopy)), true
	}
	if p.letter == nil {
		return nil, false
	}
	switch m := msg.(type) {
	case openPart:
		return p.openPart(m.i), true
	case openSure:
		return p.env.Do(p.gen, saving{desk: p.env.Desk, id: p.id, parts: p.letter.Parts[m.i : m.i+1]}.open), true
	case openLink:
		return p.openLink(p.letter.Links[m.i]), true
	case savePart:
		return p.save(m.i), true
	}
	return nil, false
}

func (p *Page) saved(m savedMsg) tea.Cmd {
	w := p.env.Words.Letter
	if m.err != nil {
		return frame.Failed("save file", m.err)
	}
	if len(m.paths) == 1 {
		return frame.Tell(frame.Good, fmt.Sprintf(w.Saved, kit.Clean(m.paths[0])))
	}
	return frame.Tell(frame.Good, fmt.Sprintf(w.SavedAll, len(m.paths), kit.Clean(m.dir)))
}

// openPart opens a file that is what it says; asks when it is not; refuses a program.
func (p *Page) openPart(i int) tea.Cmd {
	w := p.env.Words
	part := p.letter.Parts[i]
	name := read.PartName(w, part)
	switch part.Risk {
	case mail.RiskBlocked:
		return frame.Send(frame.Ask{Dialog: dialog.Message(p.env, name, fmt.Sprintf(w.Letter.Blocked, name))})
	case mail.RiskOdd:
		text := fmt.Sprintf(w.Letter.OddText, name, w.MediaType(part.True))
		return frame.Send(frame.Ask{Dialog: dialog.Do(p.env, p.gen, w.Letter.OddTitle, text, w.Letter.OddYes, func(yes bool) tea.Msg {
			if yes {
				return openSure{i}
			}
			return nil
		})})
	}
	return p.env.Do(p.gen, saving{desk: p.env.Desk, id: p.id, parts: p.letter.Parts[i : i+1]}.open)
}

// openLink writes to a mailto: address; a web address is shown in full and copied, never followed. Other schemes are
// only shown.
func (p *Page) openLink(link string) tea.Cmd {
	w := p.env.Words.Letter
	link = kit.Clean(link)
	u, err := url.Parse(link)
	scheme := ""
	if err == nil {
		scheme = strings.ToLower(u.Scheme)
	}
	switch scheme {
	case "mailto":
		return frame.Go(frame.OpenCompose{Account: p.letter.Account, Mailto: link})
	case "http", "https":
		text := w.LinkNote + "\n\n" + host(link) + "\n" + link
		return frame.Send(frame.Ask{Dialog: dialog.Do(p.env, p.gen, w.LinkTitle, text, p.env.Words.Act.Copy.Short, func(yes bool) tea.Msg {
			if yes {
				return copyLink{link}
			}
			return nil
		})})
	}
	return frame.Send(frame.Ask{Dialog: dialog.Message(p.env, w.LinkTitle, link)})
}
