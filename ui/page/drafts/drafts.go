// Package drafts is the list of letters that are being written.
//
// Laws: opening is left to the page where one writes; nothing is deleted without a question.
package drafts

import (
	"context"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/dialog"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
	"hopthu/ui/read"
	"hopthu/ui/words"
)

// Page is the list of drafts.
type Page struct {
	env    frame.Env
	rows   kit.Rows[mail.DraftID]
	items  map[mail.DraftID]mail.DraftLetter
	loaded bool
	fault  *mail.Fault
	gen    int
	w, h   int
	listY  int
}

// New makes the page.
func New(env frame.Env, _ frame.OpenDrafts) frame.Page {
	return &Page{env: env, items: map[mail.DraftID]mail.DraftLetter{}}
}

// Init implements frame.Page.
func (p *Page) Init() tea.Cmd { return p.reload() }

// Title implements frame.Page.
func (p *Page) Title() string { return p.env.Words.Write.Drafts.Title }

// Tab implements frame.Tabbed.
func (p *Page) Tab() frame.Tab { return frame.Tab{Kind: "drafts"} }

// Contexts implements frame.Page.
func (p *Page) Contexts() []keys.Context { return []keys.Context{keys.Drafts, keys.Moving} }

// Actions implements frame.Page.
func (p *Page) Actions() []keys.ID {
	if p.rows.Len() == 0 {
		return []keys.ID{keys.Compose, keys.Back}
	}
	return []keys.ID{keys.DraftOpen, keys.DraftDelete, keys.Compose, keys.Back}
}

type loader struct{ desk frame.Desk }

type listed struct {
	items []mail.DraftLetter
	err   error
}

func (l loader) run(ctx context.Context) tea.Msg {
	items, err := l.desk.Drafts(ctx)
	return listed{items, err}
}

func (p *Page) reload() tea.Cmd {
	p.gen++
	return p.env.Do(p.gen, loader{p.env.Desk}.run)
}

// take shows the drafts, the one written last first.
func (p *Page) take(m listed) {
	p.loaded, p.fault = true, nil
	if m.err != nil {
		p.fault = mail.AsFault("read drafts", m.err)
		return
	}
	list := slices.Clone(m.items)
	slices.SortStableFunc(list, func(a, b mail.DraftLetter) int { return b.Saved.Compare(a.Saved) })
	ids := make([]mail.DraftID, len(list))
	clear(p.items)
	for i, d := range list {
		ids[i] = d.ID
		p.items[d.ID] = d
	}
	p.rows.SetIDs(ids)
}

// Answers.
type (
	confirmed struct {
		id  mail.DraftID
		yes bool
	}
	gone struct{ err error }
)

// Update implements frame.Page.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case frame.Size:
		p.w, p.h = m.W, m.H
	case frame.Events:
		for _, e := range m {
			if e.Kind == mail.DraftsChanged || e.Kind == mail.Overflow {
				return p.reload()
			}
		}
	case keys.Press:
		return p.press(m)
	case keys.Mouse:
		switch m.Kind {
		case keys.WheelUp:
			p.rows.Scroll(-1)
		case keys.WheelDown:
			p.rows.Scroll(1)
		case keys.Click:
			was := p.rows.Index()
			if p.rows.ClickAt(m.Y-p.listY) && p.rows.Index() == was {
				return p.open()
			}
		}
	case frame.Result:
		return p.answer(m)
	}
	return nil
}

func (p *Page) answer(r frame.Result) tea.Cmd {
	switch m := r.Msg.(type) {
	case listed:
		if r.Gen == p.gen {
			p.take(m)
		}
	case confirmed:
		if m.yes {
			return p.env.Do(0, dropper{p.env.Desk, m.id}.run)
		}
	case gone:
		if m.err != nil {
			return frame.Failed("delete draft", m.err)
		}
		return tea.Batch(frame.Tell(frame.Good, p.env.Words.Write.Drafts.Deleted), p.reload())
	}
	return nil
}

type dropper struct {
	desk frame.Desk
	id   mail.DraftID
}

func (d dropper) run(ctx context.Context) tea.Msg { return gone{d.desk.DropDraft(ctx, d.id)} }

func (p *Page) open() tea.Cmd {
	id, ok := p.rows.Current()
	if !ok {
		return nil
	}
	d := p.items[id]
	return frame.Go(frame.OpenCompose{Account: d.Account, Kind: d.Kind, Draft: d.ID})
}

func (p *Page) press(m keys.Press) tea.Cmd {
	if frame.Walk(&p.rows, m.Action) {
		return nil
	}
	switch m.Action {
	case keys.Open, keys.DraftOpen:
		return p.open()
	case keys.DraftDelete:
		id, ok := p.rows.Current()
		if !ok {
			return nil
		}
		w := &p.env.Words.Write.Drafts
		return frame.Send(frame.Ask{Dialog: dialog.Confirm(p.env, 0, w.DeleteTitle, kit.Clean(p.subject(p.items[id]))+"\n"+w.DeleteText,
			func(yes bool) tea.Msg { return confirmed{id, yes} })})
	}
	return nil
}

func (p *Page) subject(d mail.DraftLetter) string {
	if strings.TrimSpace(d.Subject) == "" {
		return p.env.Words.Write.Drafts.NoSubject
	}
	return d.Subject
}

// View implements frame.Page.
func (p *Page) View(w, h int) []string {
	set := p.env.Theme.Page
	say := &p.env.Words.Write.Drafts
	blank := set.Base.Paint(kit.Space(w))
	out := []string{set.Bold.Paint(kit.Fit(" "+words.Say(say.Count, p.env.Words.Count(p.rows.Len())), w)), kit.Rule(w, set, p.env.Theme.Glyph)}
	if p.rows.Len() == 0 {
		return kit.Fill(append(out, p.empty(w)...), h, blank)
	}
	p.rows.SetHeight(max(1, h-len(out)))
	p.listY = len(out)
	at, _ := p.rows.Current()
	for _, id := range p.rows.Visible() {
		out = append(out, p.row(p.items[id], id == at, w))
	}
	return kit.Fill(out, h, blank)
}

func (p *Page) empty(w int) []string {
	say := &p.env.Words.Write.Drafts
	text, hint := say.Empty, say.EmptyHint
	if !p.loaded {
		text, hint = say.Loading, ""
	}
	return p.env.Empty(w, p.fault, text, hint)
}

func (p *Page) row(d mail.DraftLetter, on bool, w int) string {
	th := p.env.Theme
	say := &p.env.Words.Write.Drafts
	set, cursor := th.Page, " "
	if on {
		set, cursor = th.Sel, th.Glyph.Cursor
	}
	mark, st := " ", set.Dim
	right := p.env.Words.When(d.Saved, p.env.Now())
	if d.Refusal != "" {
		mark, st, right = th.Glyph.Over, set.Danger, say.Refused
	}
	if n := len(d.Attachments); n > 0 {
		right = words.Say(say.Files, n) + "  " + right
	}
	to := read.Names(d.To)
	if strings.TrimSpace(to) == "" {
		to = say.NoRecipient
	}
	right = kit.FitLeft(right, min(22, max(1, w/3)))
	who := min(max(w*26/100, 10), 28)
	rest := max(0, w-4-who-2-kit.Width(right)-2)
	line := set.Accent.Paint(cursor) + st.Paint(mark+" ") +
		set.Base.Paint(kit.Fit(to, who)+"  "+kit.Fit(kit.Clean(p.subject(d)), rest)) + st.Paint("  "+right) + set.Base.Paint(" ")
	if n := kit.Width(line); n != w {
		line = kit.Cut(line, w) + set.Base.Paint(kit.Space(w-n))
	}
	return line
}
