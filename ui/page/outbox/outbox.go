// Package outbox is the list of letters on their way: what waits, what was refused, and what nobody knows.
//
// Laws: it never sends by itself; a letter whose fate is unknown goes again, or counts as arrived, only by the person's
// word.
package outbox

import (
	"context"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/dialog"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
	"hopthu/ui/words"
)

// Page is the list of letters on their way.
type Page struct {
	env     frame.Env
	rows    kit.Rows[mail.OutboxID]
	items   map[mail.OutboxID]mail.OutboxItem
	loaded  bool
	fault   *mail.Fault
	gen     int
	ticking bool
	w, h    int
	listY   int
}

// New makes the page.
func New(env frame.Env, _ frame.OpenOutbox) frame.Page {
	return &Page{env: env, items: map[mail.OutboxID]mail.OutboxItem{}}
}

// Init implements frame.Page.
func (p *Page) Init() tea.Cmd { return p.reload() }

// Title implements frame.Page.
func (p *Page) Title() string { return p.env.Words.Write.Outbox.Title }

// Tab implements frame.Tabbed.
func (p *Page) Tab() frame.Tab { return frame.Tab{Kind: "outbox"} }

// Contexts implements frame.Page.
func (p *Page) Contexts() []keys.Context { return []keys.Context{keys.Outbox, keys.Moving} }

// Actions implements frame.Page.
func (p *Page) Actions() []keys.ID {
	it, ok := p.current()
	if !ok {
		return []keys.ID{keys.Compose, keys.Back}
	}
	out := []keys.ID{keys.Open}
	for _, id := range []keys.ID{keys.OutRecall, keys.OutResend, keys.OutSettle} {
		if p.whyNot(id, it) == "" {
			out = append(out, id)
		}
	}
	return append(out, keys.Back)
}

// WhyNot implements frame.Excusing.
func (p *Page) WhyNot(id keys.ID) string {
	it, ok := p.current()
	if !ok {
		return ""
	}
	return p.whyNot(id, it)
}

func (p *Page) whyNot(id keys.ID, it mail.OutboxItem) string {
	w := &p.env.Words.Write.Outbox
	switch id {
	case keys.OutRecall:
		if !slices.Contains([]mail.OutboxState{mail.OutQueued, mail.OutWaiting, mail.OutRefused}, it.State) {
			return w.CannotRecall
		}
	case keys.OutResend:
		if !slices.Contains([]mail.OutboxState{mail.OutQueued, mail.OutWaiting, mail.OutUnknown}, it.State) {
			return w.CannotResend
		}
	case keys.OutSettle:
		if it.State != mail.OutUnknown {
			return w.CannotSettle
		}
	}
	return ""
}

func (p *Page) current() (mail.OutboxItem, bool) {
	id, ok := p.rows.Current()
	return p.items[id], ok
}

type loader struct{ desk frame.Desk }

type listed struct {
	items []mail.OutboxItem
	err   error
}

func (l loader) run(ctx context.Context) tea.Msg {
	items, err := l.desk.Outbox(ctx)
	return listed{items, err}
}

func (p *Page) reload() tea.Cmd {
	p.gen++
	return p.env.Do(p.gen, loader{p.env.Desk}.run)
}

// second is the tick that keeps "leaves in 8 seconds" true.
type second struct{}

func (p *Page) take(m listed) tea.Cmd {
	p.loaded, p.fault = true, nil
	if m.err != nil {
		p.fault = mail.AsFault("read outbox", m.err)
		return nil
	}
	ids := make([]mail.OutboxID, len(m.items))
	clear(p.items)
	for i, it := range m.items {
		ids[i] = it.ID
		p.items[it.ID] = it
	}
	p.rows.SetIDs(ids)
	return p.tick()
}

func (p *Page) tick() tea.Cmd {
	if p.ticking {
		return nil
	}
	now := p.env.Now()
	for _, it := range p.items {
		if it.State == mail.OutQueued && it.Next.After(now) {
			p.ticking = true
			return p.env.After(time.Second, 0, second{})
		}
	}
	return nil
}

// Answers.
type (
	recalled struct {
		letter mail.DraftLetter
		err    error
	}
	acted struct {
		say string
		err error
	}
	confirmed struct {
		id  mail.OutboxID
		act keys.ID
		yes bool
	}
)

// Update implements frame.Page.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case frame.Size:
		p.w, p.h = m.W, m.H
	case frame.Events:
		for _, e := range m {
			if e.Kind == mail.OutboxChanged || e.Kind == mail.Overflow {
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
			p.rows.ClickAt(m.Y - p.listY)
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
			return p.take(m)
		}
	case second:
		p.ticking = false
		return p.tick()
	case recalled:
		if m.err != nil {
			if mail.KindOf(m.err) == mail.Gone {
				return tea.Batch(frame.Tell(frame.Warn, p.env.Words.Write.Outbox.TooLate), p.reload())
			}
			return frame.Failed("take letter back", m.err)
		}
		return tea.Sequence(
			frame.Go(frame.Written(m.letter)),
			frame.Tell(frame.Good, p.env.Words.Write.Outbox.Recalled))
	case acted:
		if m.err != nil {
			return tea.Batch(frame.Failed("outbox", m.err), p.reload())
		}
		return tea.Batch(frame.Tell(frame.Good, m.say), p.reload())
	case confirmed:
		if m.yes {
			return p.do(m.act, m.id)
		}
	}
	return nil
}

func (p *Page) press(m keys.Press) tea.Cmd {
	if frame.Walk(&p.rows, m.Action) {
		return nil
	}
	it, ok := p.current()
	if !ok {
		return nil
	}
	w := &p.env.Words.Write.Outbox
	ask := func(title, text string) tea.Cmd {
		return frame.Send(frame.Ask{Dialog: dialog.Confirm(p.env, 0, title, text, func(yes bool) tea.Msg {
			return confirmed{it.ID, m.Action, yes}
		})})
	}
	switch m.Action {
	case keys.Open, keys.OutOpen:
		return frame.Send(frame.Ask{Dialog: dialog.Message(p.env, w.Details, p.details(it)...)})
	case keys.OutRecall:
		return p.do(m.Action, it.ID)
	case keys.OutResend:
		if it.State == mail.OutUnknown {
			return ask(w.ResendTitle, w.ResendText)
		}
		return p.do(m.Action, it.ID)
	case keys.OutSettle:
		return ask(w.SettleTitle, w.SettleText)
	}
	return nil
}

// asker is one request to the desk.
type asker struct {
	desk frame.Desk
	id   mail.OutboxID
	act  keys.ID
	say  string
}

func (a asker) run(ctx context.Context) tea.Msg {
	switch a.act {
	case keys.OutRecall:
		d, err := a.desk.Recall(ctx, a.id)
		return recalled{d, err}
	case keys.OutSettle:
		return acted{a.say, a.desk.Settle(ctx, a.id)}
	}
	return acted{a.say, a.desk.Resend(ctx, a.id)}
}

func (p *Page) do(act keys.ID, id mail.OutboxID) tea.Cmd {
	w := &p.env.Words.Write.Outbox
	say := w.Resent
	if act == keys.OutSettle {
		say = w.Settled
	}
	return p.env.Do(0, asker{p.env.Desk, id, act, say}.run)
}

// details says all that is known of a letter.
func (p *Page) details(it mail.OutboxItem) []string {
	full := p.env.Words.Full
	w := &p.env.Words.Write.Outbox
	zone := p.env.Now().Location()
	at := func(t time.Time) string {
		if t.IsZero() {
			return w.NotFiled
		}
		return full(t.In(zone))
	}
	reply := kit.Clean(p.env.Words.Reply(it.Reply))
	if reply == "" {
		reply = w.None
	}
	return []string{
		kit.Clean(p.subject(it)), w.States[it.State] + ". " + w.Explain[it.State], "",
		w.Recipients + ": " + kit.Clean(strings.Join(it.To, ", ")), w.Server + ": " + reply, w.Queued + ": " + at(it.Queued),
		w.Submitted + ": " + at(it.Submitted), w.Filed + ": " + at(it.Filed), words.Say(w.Tries, it.Tries),
		w.MessageID + ": " + kit.Clean(it.MessageID),
	}
}

func (p *Page) subject(it mail.OutboxItem) string {
	if strings.TrimSpace(it.Subject) == "" {
		return p.env.Words.Write.Outbox.NoSubject
	}
	return it.Subject
}
