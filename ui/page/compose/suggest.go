package compose

import (
	"context"
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
	"hopthu/ui/words"
)

// shownSuggestions is how many people are offered at once.
const shownSuggestions = 6

// suggest is the list of people that fit what is being typed.
type suggest struct {
	list   kit.Choices
	people []mail.Contact
	asked  int  // number of the last question; older answers are dropped
	busy   bool // a question is on its way; the next one waits, so that a slow directory gets no pile of them
	again  bool
	from   int // the piece of the line that would be replaced
	to     int
	typed  string
}

func (s *suggest) open() bool { return len(s.people) > 0 }

func (s *suggest) close() {
	s.people, s.again = nil, false
	s.asked++
}

type completer struct {
	desk    frame.Desk
	account mail.AccountID
	typed   string
	asked   int
}

type offered struct {
	people []mail.Contact
	asked  int
}

func (c completer) run(ctx context.Context) tea.Msg {
	list, err := c.desk.Complete(ctx, c.account, c.typed)
	if err != nil {
		list = nil // a directory that does not answer must not stop the typing; the address can be written in full
	}
	return offered{list, c.asked}
}

// offer asks who fits what stands at the cursor.
func (p *Page) offer() tea.Cmd {
	s := &p.suggest
	s.close()
	s.from, s.to, s.typed = p.lines[p.at].Segment(separators)
	if len([]rune(s.typed)) < 2 || strings.Contains(s.typed, "<") {
		return nil
	}
	if s.busy {
		s.again = true
		return nil
	}
	s.busy = true
	return p.env.Do(0, completer{p.env.Desk, p.account.ID, s.typed, s.asked}.run)
}

func (p *Page) onOffered(m offered) tea.Cmd {
	s := &p.suggest
	s.busy = false
	typing := p.at == toRow || p.at == ccRow || p.at == bccRow
	switch {
	case typing && s.again:
		return p.offer()
	case m.asked != s.asked || !typing:
		return nil
	}
	s.people = nil
	var rows []kit.Choice
	w := &p.env.Words.Write.Compose
	for _, c := range m.people {
		if strings.EqualFold(c.Address.Addr, s.typed) && len(m.people) == 1 {
			return nil // typed in full already
		}
		s.people = append(s.people, c)
		rows = append(rows, describe(c, w.Directory, w.History))
	}
	s.list.Offer(rows)
	return nil
}

// describe tells a contact from its namesakes: post and unit, else the address.
func describe(c mail.Contact, directory, history string) kit.Choice {
	var about []string
	for _, s := range []string{c.Post, c.Unit} {
		if s != "" {
			about = append(about, s)
		}
	}
	if c.Address.Name != "" {
		about = append(about, c.Address.Addr)
	}
	note := directory
	if c.Source == "history" {
		note = words.Say(history, c.Used)
	}
	return kit.Choice{Main: kit.Clean(c.Address.Short()), Detail: kit.Clean(strings.Join(about, ", ")), Note: note}
}

// suggestKey acts on the list. Enter and Tab take the person chosen, or the only one; of several none is taken unseen.
func (p *Page) suggestKey(id keys.ID) tea.Cmd {
	s := &p.suggest
	switch id {
	case keys.SugDown:
		s.list.Move(1)
	case keys.SugUp:
		s.list.Move(-1)
	case keys.SugClose:
		s.close()
	case keys.SugTake:
		if !s.open() {
			return nil
		}
		i := s.list.Index()
		if i < 0 && (person{addr: s.typed}).whole() {
			return p.step(1) // an address typed in full stays as it is
		}
		if i < 0 && len(s.people) > 1 {
			s.list.Move(1)
			return frame.Tell(frame.Warn, fmt.Sprintf(p.env.Words.Write.Compose.Ambiguous, len(s.people)))
		}
		return p.takePerson(max(i, 0))
	}
	return nil
}

func (p *Page) takePerson(i int) tea.Cmd {
	s := &p.suggest
	f := p.lines[p.at]
	text := write(s.people[i].Address)
	if f.AtEnd() || s.to == len(f.Text()) {
		text += ", "
	}
	f.ReplaceRange(s.from, s.to, text)
	s.close()
	return p.changed()
}
