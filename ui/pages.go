package ui

import (
	"context"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/kit"
)

// headLines and footLines are what stands above and below a page.
const (
	headLines = 3
	footLines = 2
)

func (a *App) size() frame.Size { return frame.Size{W: a.w, H: max(a.h-headLines-footLines, 1)} }

func (a *App) top() *shown {
	if len(a.stack) == 0 {
		return nil
	}
	return a.stack[len(a.stack)-1]
}

// open shows a page: one of the tabs' pages becomes the root of the stack, others are laid on top.
func (a *App) open(m frame.Open) tea.Cmd {
	s := &shown{}
	var ctx context.Context
	ctx, s.cancel = context.WithCancel(a.ctx)
	s.env = frame.Env{Shell: a.shell, Owner: a.newOwner(), Ctx: ctx}
	s.page = m.Target.Make(a.opt.Pages, s.env)
	if s.page == nil {
		s.cancel()
		return nil
	}
	if tab, ok := rootTab(s.page); ok {
		if cmd := a.leaveAll(m); cmd != nil {
			s.cancel()
			return cmd
		}
		if old := a.roots[tab]; old != nil {
			old.cancel()
		}
		a.roots[tab] = s
		a.stack = []*shown{s}
	} else {
		if m.Replace && len(a.stack) > 0 {
			a.drop()
		}
		a.stack = append(a.stack, s)
	}
	a.hush()
	cmd := s.page.Update(a.size())
	return tea.Batch(a.settle(), cmd, s.page.Init())
}

// rootTab says which tab a page is the root of.
func rootTab(p frame.Page) (frame.Tab, bool) {
	t, ok := p.(frame.Tabbed)
	if !ok {
		return frame.Tab{}, false
	}
	tab := t.Tab()
	switch tab.Kind {
	case "today", "box", "dispatch", "drafts", "outbox":
		return tab, true
	}
	return tab, false
}

// back takes a step back inside the page, or closes it, or goes from another tab to the first.
func (a *App) back(m frame.Back) tea.Cmd {
	s := a.top()
	if s == nil {
		return nil
	}
	if !m.Force {
		if r, ok := s.page.(frame.Retreating); ok {
			if cmd, went := r.Retreat(); went {
				return cmd
			}
		}
	}
	if tab, ok := rootTab(s.page); ok && len(a.stack) == 1 {
		if tab.Kind == "today" {
			return nil
		}
		return a.show(frame.Tab{Kind: "today"})
	}
	if l, ok := s.page.(frame.Leaving); ok && !m.Force {
		if cmd := l.Leave(); cmd != nil {
			return cmd
		}
	}
	a.drop()
	a.hush()
	cmds := []tea.Cmd{a.settle()}
	if m.Say != nil {
		cmds = append(cmds, a.say(*m.Say))
	}
	if len(a.stack) == 0 {
		cmds = append(cmds, a.open(frame.Open{Target: a.first()}))
	}
	if next := a.pending; next != nil {
		a.pending = nil
		cmds = append(cmds, frame.Send(next))
	}
	return tea.Batch(cmds...)
}

// drop closes the page on top.
func (a *App) drop() {
	s := a.top()
	a.stack = a.stack[:len(a.stack)-1]
	for _, root := range a.roots {
		if root == s {
			return // kept behind its tab
		}
	}
	s.cancel()
}

// leaveAll closes every page above the root. If one of them wants a word first, its command is returned, and next is
// done when it has closed.
func (a *App) leaveAll(next tea.Msg) tea.Cmd {
	for len(a.stack) > 0 {
		s := a.top()
		if _, root := rootTab(s.page); root {
			return nil
		}
		if l, ok := s.page.(frame.Leaving); ok {
			if cmd := l.Leave(); cmd != nil {
				a.pending = next
				return cmd
			}
		}
		a.drop()
	}
	return nil
}

// show brings a tab to the front: its page as it was left, or a new one.
func (a *App) show(t frame.Tab) tea.Cmd {
	if a.opt.Pages.Today == nil && t.Kind == "today" {
		return nil
	}
	target := a.targetOf(t)
	if cmd := a.leaveAll(frame.Open{Target: target}); cmd != nil {
		return cmd
	}
	if s := a.roots[t]; s != nil {
		a.stack = []*shown{s}
		a.hush()
		return tea.Batch(a.settle(), s.page.Update(a.size()))
	}
	return a.open(frame.Open{Target: target})
}

func (a *App) targetOf(t frame.Tab) frame.Target {
	switch t.Kind {
	case "box":
		return frame.OpenBox{Account: t.Account}
	case "drafts":
		return frame.OpenDrafts{}
	case "outbox":
		return frame.OpenOutbox{}
	case "dispatch":
		return frame.OpenDispatch{}
	}
	return frame.OpenToday{}
}

// tabList is what the tabs line shows.
func (a *App) tabList() []frame.Tab {
	if len(a.accounts) == 0 {
		return nil
	}
	tabs := []frame.Tab{{Kind: "today"}}
	for _, acc := range a.accounts {
		tabs = append(tabs, frame.Tab{Kind: "box", Account: acc.ID})
	}
	if a.opt.Pages.Dispatch != nil {
		tabs = append(tabs, frame.Tab{Kind: "dispatch"})
	}
	return append(tabs, frame.Tab{Kind: "drafts"}, frame.Tab{Kind: "outbox"})
}

func (a *App) toTab(i int) tea.Cmd {
	if tabs := a.tabList(); i >= 0 && i < len(tabs) {
		return a.show(tabs[i])
	}
	return nil
}

func (a *App) tabKey(key string) tea.Cmd {
	if len(key) != 1 || key[0] < '1' || key[0] > '9' {
		return nil
	}
	return a.toTab(int(key[0] - '1'))
}

// step goes n tabs to the right of the one lit.
func (a *App) step(n int) tea.Cmd {
	tabs := a.tabList()
	if len(tabs) == 0 {
		return nil
	}
	at := a.lit(tabs)
	return a.toTab((max(at, 0) + n + len(tabs)) % len(tabs))
}

// lit is the tab of the page at the bottom of the stack.
func (a *App) lit(tabs []frame.Tab) int {
	for _, s := range a.stack {
		if t, ok := rootTab(s.page); ok {
			for i := range tabs {
				if tabs[i] == t {
					return i
				}
			}
		}
	}
	return -1
}

// settle finds out whose box is shown now, and restyles when the accent changes with it.
func (a *App) settle() tea.Cmd {
	if s := a.top(); s != nil {
		if o, ok := s.page.(frame.Owned); ok && o.Account() != "" {
			a.account = o.Account()
		}
	}
	if official := a.owner().Official; official != a.shell.Theme.Official {
		a.restyle()
		return a.broadcast(frame.Restyled{})
	}
	return nil
}

// owner is the account whose box is shown.
func (a *App) owner() mail.Account {
	for _, acc := range a.accounts {
		if acc.ID == a.account {
			return acc
		}
	}
	if len(a.accounts) > 0 {
		return a.accounts[0]
	}
	return mail.Account{}
}

// whose is the account that the top line names: the owner, or the one whose box is being opened.
func (a *App) whose() mail.Account {
	if s := a.top(); s != nil {
		if o, ok := s.page.(frame.Opening); ok {
			if acc := o.Opens(); acc.Address != "" {
				return acc
			}
		}
	}
	return a.owner()
}

func (a *App) windowTitle() string {
	t := a.shell.Words.App.Name
	if s := a.top(); s != nil {
		if p := kit.Clean(s.page.Title()); p != "" {
			t += " – " + p
		}
	}
	return strings.TrimSpace(t)
}
