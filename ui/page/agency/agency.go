// Package agency is the page of an agency's box: who has which letter, who may work in it, who sent, how the duty is kept, and
// how it changes hands (QC 14, 15).
//
// Laws: it shows what the office says and decides nothing; of people's work it shows counts and times only (D11); what cannot
// be taken back is asked first.
package agency

import (
	"context"
	"fmt"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
	"hopthu/ui/read"
)

// view is one of the page's views. Pages of lists differ in what they load and draw, not in how they are walked.
type view interface {
	contexts() []keys.Context
	actions() []keys.ID
	load() tea.Cmd
	take(msg tea.Msg) tea.Cmd
	press(k keys.Press) tea.Cmd
	mouse(m keys.Mouse) tea.Cmd
	resize(w, h int)
	draw(w, h int) []string
	whyNot(id keys.ID) string
}

// Page is the page of one agency's box.
type Page struct {
	env     frame.Env
	desk    frame.Sharing
	acts    *read.Acts
	account mail.AccountID
	seat    mail.Seat
	at      frame.AgencyView
	views   [5]view
	only    bool // no agency's box is open to the person: he may still be about to take one over
	w, h    int
	spans   [][2]int
}

// headLines is what stands above a view.
const headLines = 2

// New makes the page.
func New(env frame.Env, open frame.OpenAgency) frame.Page {
	p := &Page{env: env, acts: read.NewActs(env), account: open.Account, at: open.View}
	p.desk, _ = frame.SharingOf(env.Desk)
	if !frame.SeatOf(env.Desk, p.account).Agency {
		p.account = ""
	}
	for _, a := range env.Desk.Accounts() {
		if p.account == "" && frame.SeatOf(env.Desk, a.ID).Agency {
			p.account = a.ID
		}
	}
	if list := env.Desk.Accounts(); p.account == "" && len(list) > 0 {
		p.only, p.at, p.account = true, frame.AgencyHandover, list[0].ID
	}
	p.seat = frame.SeatOf(env.Desk, p.account)
	p.views = [5]view{newWork(p), newDelegations(p), newSends(p), newStaff(p), newHandover(p)}
	return p
}

func (p *Page) none() bool { return p.account == "" || p.desk == nil }

func (p *Page) view() view { return p.views[p.at] }

// do runs a command for a view; its answer comes back to it.
func (p *Page) do(of frame.AgencyView, f func(context.Context) tea.Msg) tea.Cmd {
	return p.env.Do(int(of), f)
}

// Init implements frame.Page.
func (p *Page) Init() tea.Cmd {
	if p.none() {
		return nil
	}
	return p.view().load()
}

// Title implements frame.Page.
func (p *Page) Title() string { return p.env.Words.Office.Views[p.at] }

// Account implements frame.Owned.
func (p *Page) Account() mail.AccountID { return p.account }

// Tab implements frame.Tabbed: it is laid over the tab that is open.
func (p *Page) Tab() frame.Tab { return frame.Tab{Kind: "agency", Account: p.account} }

// Contexts implements frame.Page.
func (p *Page) Contexts() []keys.Context {
	if p.none() {
		return []keys.Context{keys.Agency, keys.Moving}
	}
	return append([]keys.Context{keys.Agency}, p.view().contexts()...)
}

// Actions implements frame.Page.
func (p *Page) Actions() []keys.ID {
	if p.none() {
		return []keys.ID{keys.Back}
	}
	if p.only {
		return append(p.view().actions(), keys.Back)
	}
	return append(p.view().actions(), keys.ViewNext, keys.Back)
}

// WhyNot implements frame.Excusing.
func (p *Page) WhyNot(id keys.ID) string {
	if p.none() {
		return ""
	}
	return p.view().whyNot(id)
}

// Update implements frame.Page.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case frame.Size:
		p.w, p.h = m.W, m.H
		for _, v := range p.views {
			v.resize(m.W, max(m.H-headLines, 1))
		}
	case frame.Restyled:
		for _, v := range p.views {
			v.resize(p.w, max(p.h-headLines, 1))
		}
	case frame.Events:
		return p.events(m)
	case frame.Result:
		if cmd, ok, _ := p.acts.Take(m.Msg); ok {
			return cmd
		}
		if !p.none() && m.Gen >= 0 && m.Gen < len(p.views) {
			return p.views[m.Gen].take(m.Msg)
		}
	case keys.Mouse:
		return p.mouse(m)
	case keys.Press:
		return p.press(m)
	}
	return nil
}

// events looks again at what the view shows.
func (p *Page) events(list frame.Events) tea.Cmd {
	if p.none() {
		return nil
	}
	for _, e := range list {
		switch e.Kind {
		case mail.WorkChanged, mail.SeatChanged, mail.FolderChanged, mail.AccountsChanged:
			if e.Account == "" || e.Account == p.account {
				p.seat = frame.SeatOf(p.env.Desk, p.account)
				return p.view().load()
			}
		case mail.Overflow:
			return p.view().load()
		}
	}
	return nil
}

func (p *Page) press(k keys.Press) tea.Cmd {
	if p.none() {
		return nil
	}
	switch k.Action {
	case keys.ViewNext, keys.ViewPrev:
		if p.only {
			return nil
		}
	}
	switch k.Action {
	case keys.ViewNext:
		return p.show((p.at + 1) % frame.AgencyView(len(p.views)))
	case keys.ViewPrev:
		return p.show((p.at + frame.AgencyView(len(p.views)) - 1) % frame.AgencyView(len(p.views)))
	}
	return p.view().press(k)
}

func (p *Page) show(v frame.AgencyView) tea.Cmd {
	p.at = v
	return p.view().load()
}

func (p *Page) mouse(m keys.Mouse) tea.Cmd {
	if p.none() {
		return nil
	}
	if p.only {
		return p.view().mouse(m)
	}
	if m.Y == 0 && m.Kind == keys.Click {
		for i, s := range p.spans {
			if m.X >= s[0] && m.X < s[1] {
				return p.show(frame.AgencyView(i))
			}
		}
		return nil
	}
	if m.Y -= headLines; m.Y < 0 {
		return nil
	}
	return p.view().mouse(m)
}

// View implements frame.Page.
func (p *Page) View(w, h int) []string {
	th, o := p.env.Theme, &p.env.Words.Office
	blank := th.Page.Base.Paint(kit.Space(w))
	if p.none() {
		return kit.Fill(p.env.Empty(w, nil, o.NoAgency, o.NoAgencyHint), h, blank)
	}
	if p.only {
		return kit.Fill(p.view().draw(w, h), h, blank)
	}
	tabs := make([]kit.Tab, len(p.views))
	for i, title := range o.Views {
		tabs[i] = kit.Tab{Title: title, On: i == int(p.at)}
	}
	mine := p.mine()
	line, spans := kit.Tabs(tabs, max(w-kit.Width(mine)-1, 1), th)
	if len(spans) < len(tabs) {
		line, spans = kit.Tabs(tabs, w, th)
	} else {
		line += th.Page.Dim.Paint(mine + " ")
	}
	p.spans = spans
	out := append(make([]string, 0, h), line, kit.Rule(w, th.Page, th.Glyph))
	out = append(out, p.view().draw(w, max(h-headLines, 0))...)
	return kit.Fill(out, h, blank)
}

// mine says what the person may do here, until when, and what this server does not hold to.
func (p *Page) mine() string {
	o := &p.env.Words.Office
	switch {
	case !p.seat.Enforced:
		return o.NotEnforced
	case p.seat.Until.IsZero():
		return fmt.Sprintf(o.ScopeLine, o.Scopes[p.seat.Scope])
	}
	return fmt.Sprintf(o.ScopeLine, o.Scopes[p.seat.Scope]) + ", " + fmt.Sprintf(o.Until, p.day(p.seat.Until))
}

// day writes a day as people do.
func (p *Page) day(t time.Time) string { return t.In(p.env.Now().Location()).Format("02/01/2006") }
