package ui

import (
	"context"
	"fmt"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/kit"
	"hopthu/ui/words"
)

// events is what Desk.Next answered.
type events struct {
	list []mail.Event
	err  error
}

// Waiting waits for changes; the root keeps exactly one such call. A driver that runs commands one by one knows it by
// its name.
func (a *App) Waiting() tea.Msg {
	list, err := a.opt.Desk.Next(a.ctx)
	return events{list, err}
}

func (a *App) handleEvents(m events) tea.Cmd {
	if a.ctx.Err() != nil {
		return nil
	}
	if m.err != nil { // the desk is the same process: this is a fault of ours; look again after a while
		a.fault = mail.AsFault("wait for changes", m.err)
		return a.opt.Timer(time.Second, events{})
	}
	cmds := []tea.Cmd{a.Waiting}
	recount := false
	var fresh []mail.LetterID
	for _, e := range m.list {
		switch e.Kind {
		case mail.StatusChanged:
			a.status = a.opt.Desk.Status()
			cmds = append(cmds, a.alert())
		case mail.AccountsChanged:
			cmds = append(cmds, a.reloadAccounts())
			recount = true
		case mail.DutyChanged:
			cmds = append(cmds, a.loadPressing())
		case mail.NewMail:
			fresh = append(fresh, e.Letter)
		case mail.Fell:
			if e.Fault != nil {
				a.fault = e.Fault
				said := a.shell.Words.Fault(cleanFault(e.Fault))
				cmds = append(cmds, a.say(frame.Say{Text: said.What, Tone: frame.Bad}))
			}
		default:
			recount = true
		}
	}
	if len(fresh) > 0 {
		cmds = append(cmds, newcomers{a.opt.Desk, a.shell.Words, fresh}.load(a.ctx))
	}
	if recount {
		cmds = append(cmds, a.loadCounts(), a.pressSoon())
	}
	return tea.Batch(append(cmds, a.broadcast(frame.Events(m.list)))...)
}

// alert shows a server's ALERT once (RFC 9051 7.1).
func (a *App) alert() tea.Cmd {
	for _, s := range a.status {
		if s.Alert != "" && a.alerts[s.Account] != s.Alert {
			a.alerts[s.Account] = s.Alert
			return a.say(frame.Say{Text: kit.Clean(s.Alert), Tone: frame.Warn})
		}
	}
	return nil
}

func (a *App) reloadAccounts() tea.Cmd {
	a.accounts, a.status = a.opt.Desk.Accounts(), a.opt.Desk.Status()
	return tea.Batch(a.closeGone(), a.settle())
}

// closeGone closes the pages of accounts that are no longer there: a delegation that has ended leaves nothing to read (QC 14.1).
// Where one writes, the text stays.
func (a *App) closeGone() tea.Cmd {
	if len(a.accounts) == 0 {
		return nil
	}
	gone := func(s *shown) bool {
		o, owned := s.page.(frame.Owned)
		_, writes := s.page.(frame.Leaving)
		return owned && !writes && o.Account() != "" && !a.has(o.Account())
	}
	kept := a.stack[:0:0]
	for _, s := range a.stack {
		if gone(s) {
			s.cancel()
			continue
		}
		kept = append(kept, s)
	}
	for tab, s := range a.roots {
		if gone(s) || tab.Kind == "box" && !a.has(tab.Account) {
			s.cancel()
			delete(a.roots, tab)
		}
	}
	was := len(a.stack)
	a.stack = kept
	switch {
	case len(kept) == was:
		return nil
	case len(kept) == 0:
		return a.open(frame.Open{Target: a.first()})
	}
	return kept[len(kept)-1].page.Update(a.size())
}

func (a *App) has(id mail.AccountID) bool {
	for _, acc := range a.accounts {
		if acc.ID == id {
			return true
		}
	}
	return false
}

// newcomers are letters that came in.
type newcomers struct {
	desk  frame.Desk
	words *words.Words
	ids   []mail.LetterID
}

// arrived is what is told of them.
type arrived struct {
	n      int
	from   string
	urgent string // how urgent the letter named is, in words; "" for an ordinary one
}

func (n newcomers) load(ctx context.Context) tea.Cmd {
	return func() tea.Msg {
		out := arrived{n: len(n.ids)}
		heads, err := n.desk.Heads(ctx, n.ids)
		if err != nil {
			return out // without the name it is still news
		}
		for _, h := range heads {
			urgent := n.words.Urgent(h)
			if len(h.From) > 0 && (out.from == "" || urgent != "" && out.urgent == "") {
				out.from, out.urgent = h.From[0].Short(), urgent
			}
		}
		return out
	}
}

func (a *App) announce(m arrived) tea.Cmd {
	w := a.shell.Words.App
	text := w.NewMail
	switch {
	case m.n > 1:
		text = fmt.Sprintf(w.NewMails, a.shell.Words.Count(m.n))
	case m.from != "":
		text = fmt.Sprintf(w.NewMailFrom, kit.Clean(m.from))
	}
	tone := frame.Note
	if m.urgent != "" {
		text, tone = fmt.Sprintf(a.shell.Words.Duty.UrgentFrom, m.urgent, kit.Clean(m.from)), frame.Warn
	}
	a.notify(text)
	if a.said.text != "" && (a.said.undo || a.said.tone == frame.Bad) {
		return nil // what stands there matters more
	}
	return a.say(frame.Say{Text: text, Tone: tone})
}

// counts are the numbers in the tabs line.
type counts struct {
	unread   map[mail.AccountID]int
	awaiting int
	drafts   int
	outbox   int
	err      error
	loading  bool
	again    bool
}

// countPause is the least time between two counts while changes keep coming.
const countPause = 300 * time.Millisecond

type recount struct{}

// loadCounts counts outside the loop; while one count runs, further wishes are merged into one.
func (a *App) loadCounts() tea.Cmd {
	if a.counts.loading {
		a.counts.again = true
		return nil
	}
	a.counts.loading = true
	return counting{a.opt.Desk, a.accounts}.load(a.ctx)
}

type counting struct {
	desk     frame.Desk
	accounts []mail.Account
}

func (c counting) load(ctx context.Context) tea.Cmd {
	return func() tea.Msg {
		out := counts{unread: map[mail.AccountID]int{}}
		for _, acc := range c.accounts {
			folders, err := c.desk.Folders(ctx, acc.ID)
			if err != nil {
				out.err = err
				return out
			}
			for _, f := range folders {
				if f.Role == mail.RoleInbox {
					out.unread[acc.ID] += f.Unread
				}
				out.awaiting += f.Awaiting
			}
		}
		drafts, err := c.desk.Drafts(ctx)
		if err != nil {
			out.err = err
			return out
		}
		queue, err := c.desk.Outbox(ctx)
		if err != nil {
			out.err = err
			return out
		}
		out.drafts = len(drafts)
		for _, o := range queue {
			if o.State != mail.OutSent {
				out.outbox++
			}
		}
		return out
	}
}

func (a *App) takeCounts(c counts) tea.Cmd {
	again := a.counts.again
	if c.err != nil { // the numbers stay as they were; the page shown has the same fault to tell
		a.counts.loading, a.counts.again = false, false
		a.fault = mail.AsFault("count letters", c.err)
		return nil
	}
	a.counts = c
	if again {
		return a.opt.Timer(countPause, recount{})
	}
	return nil
}

// cleanFault makes a fault's foreign words fit for the screen.
func cleanFault(f *mail.Fault) *mail.Fault {
	c := *f
	c.Detail = kit.Clean(c.Detail)
	return &c
}
