package dispatch

import (
	"context"
	"maps"
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/ui/frame"
)

// keepAfter is how long after a change of the text the document is kept.
const keepAfter = 2 * time.Second

// jobs are the requests to the desk: one that changes the document runs at a time, the next one takes it as it stands
// then.
type jobs struct {
	gen     int // grows with each document that is opened or left; older answers are dropped
	edits   int // changes made
	kept    int // changes that the desk knows
	running bool
	ticking bool
	doing   string           // what the desk does now, in words
	queue   []func() tea.Cmd // what waits until all is planned
	final   bool             // it is being checked or sent: nothing may change
	fault   *mail.Fault      // the last plan was not kept
}

// Answers.
type (
	opened struct {
		d   rule.Dispatch
		err error
	}
	changedTo struct { // a plan, or a file that was added
		d     rule.Dispatch
		edits int
		say   string
		err   error
	}
	dropWanted struct {
		d   rule.Dispatch
		yes bool
	}
	dropped struct {
		id  mail.DraftID
		err error
	}
	checked struct {
		found []mail.Finding
		err   error
	}
	sent struct {
		entry mail.RegisterEntry
		err   error
	}
	keepTick struct{}
)

// request is one request to the desk.
type request struct {
	desk    frame.Dispatching
	account mail.AccountID
	d       rule.Dispatch
	edits   int
	path    string
	text    string
	say     string
	reasons map[string]string
}

func (p *Page) request() request {
	return request{desk: p.env.Desk, account: p.account.ID, d: p.snapshot(), edits: p.jobs.edits}
}

// snapshot is the document as it stands; nothing in it is changed by the page later.
func (p *Page) snapshot() rule.Dispatch {
	d := p.d
	d.Account = p.account.ID
	d.Picks = maps.Clone(d.Picks)
	d.Extra = slices.Clone(d.Extra)
	d.Files = slices.Clone(d.Files)
	return d
}

func (r request) open(ctx context.Context) tea.Msg {
	d, err := r.desk.OpenDispatch(ctx, r.account, r.path, r.text)
	return opened{d, err}
}

func (r request) plan(ctx context.Context) tea.Msg {
	d, err := r.desk.PlanDispatch(ctx, r.d)
	return changedTo{d, r.edits, r.say, err}
}

func (r request) attach(ctx context.Context) tea.Msg {
	d, err := r.desk.AttachDispatch(ctx, r.d, r.path)
	return changedTo{d, r.edits, r.say, err}
}

func (r request) drop(ctx context.Context) tea.Msg {
	return dropped{r.d.Draft, r.desk.DropDispatch(ctx, r.d)}
}

func (r request) check(ctx context.Context) tea.Msg {
	found, err := r.desk.CheckDispatch(ctx, r.d)
	return checked{found, err}
}

func (r request) send(ctx context.Context) tea.Msg {
	e, err := r.desk.SendDispatch(ctx, r.d, r.reasons)
	return sent{e, err}
}

// open has a document read: a file, or pasted text.
func (p *Page) open(path, text string) tea.Cmd {
	p.jobs = jobs{gen: p.jobs.gen + 1, running: true, doing: p.env.Words.Dispatch.Opening}
	r := p.request()
	r.path, r.text = path, text
	return p.env.Do(p.jobs.gen, r.open)
}

func (p *Page) onOpened(m opened) tea.Cmd {
	p.jobs.running, p.jobs.doing = false, ""
	if m.err != nil {
		return p.fails("read document", m.err)
	}
	p.pasted = ""
	p.resume(m.d)
	return nil
}

// resume goes on with a document where the person has to look next.
func (p *Page) resume(d rule.Dispatch) {
	p.jobs = jobs{gen: p.jobs.gen + 1}
	p.d = d
	if d.Account != "" {
		p.useAccount(d.Account)
	}
	p.table = newTable()
	p.writing = nil
	p.refresh()
	p.toReading()
}

// changed notes a change and has the document planned anew.
func (p *Page) changed() tea.Cmd {
	p.jobs.edits++
	return p.plan()
}

func (p *Page) plan() tea.Cmd {
	if p.jobs.running {
		return nil // the answer that comes sees that there is more
	}
	p.jobs.running, p.jobs.doing = true, p.env.Words.Dispatch.Planning
	return p.env.Do(p.jobs.gen, p.request().plan)
}

// soon keeps what is being typed a little later.
func (p *Page) soon() tea.Cmd {
	if p.jobs.ticking {
		return nil
	}
	p.jobs.ticking = true
	return p.env.After(keepAfter, p.jobs.gen, keepTick{})
}

// afterPlan does f once the desk knows every change.
func (p *Page) afterPlan(f func() tea.Cmd) tea.Cmd {
	if !p.jobs.running && p.jobs.kept == p.jobs.edits {
		return f()
	}
	p.jobs.queue = append(p.jobs.queue, f)
	return p.plan()
}

func (p *Page) onChanged(m changedTo) tea.Cmd {
	p.jobs.running, p.jobs.doing, p.jobs.fault = false, "", nil
	if m.err != nil {
		p.jobs.queue, p.jobs.final = nil, false
		p.jobs.fault = mail.AsFault("plan document", m.err)
		return p.fails("plan document", m.err)
	}
	if m.edits != p.jobs.edits { // changed meanwhile: what the person did stands, and is planned
		p.d.Draft, p.d.Main = m.d.Draft, m.d.Main
		return p.plan()
	}
	p.d, p.jobs.kept = m.d, m.edits
	p.refresh()
	cmds := []tea.Cmd{}
	if m.say != "" {
		cmds = append(cmds, frame.Tell(frame.Good, m.say))
	}
	for len(p.jobs.queue) > 0 && !p.jobs.running {
		f := p.jobs.queue[0]
		p.jobs.queue = p.jobs.queue[1:]
		cmds = append(cmds, f())
	}
	return tea.Batch(cmds...)
}

// refresh makes anew what is drawn of the document.
func (p *Page) refresh() {
	p.table.set(p.d)
	if p.step == sending && p.last != nil {
		p.fillLast()
	}
}

func (p *Page) answer(r frame.Result) tea.Cmd {
	if m, ok := r.Msg.(begunList); ok {
		return p.onBegun(m)
	}
	if r.Gen != p.jobs.gen {
		return nil
	}
	switch m := r.Msg.(type) {
	case opened:
		return p.onOpened(m)
	case changedTo:
		return p.onChanged(m)
	case keepTick:
		return p.onTick()
	case chosenFile:
		return p.onChosen(m)
	case dropWanted:
		return p.onDropWanted(m)
	case dropped:
		return p.onDropped(m)
	case settled:
		return p.onSettled(m)
	case checked:
		return p.onChecked(m)
	case approved:
		return p.onApproved(m)
	case sent:
		return p.onSent(m)
	}
	return nil
}

func (p *Page) onTick() tea.Cmd {
	p.jobs.ticking = false
	switch {
	case p.jobs.final:
	case p.step == reading:
		return p.takeReading()
	case p.step == sending:
		return p.takeLast()
	}
	return nil
}

func (p *Page) onDropWanted(m dropWanted) tea.Cmd {
	if !m.yes {
		return nil
	}
	r := p.request()
	r.d = m.d
	return p.env.Do(p.jobs.gen, r.drop)
}

func (p *Page) onDropped(m dropped) tea.Cmd {
	if m.err != nil {
		return p.fails("drop document", m.err)
	}
	if p.step != choosing && m.id == p.d.Draft {
		p.leave()
	}
	return tea.Batch(frame.Tell(frame.Good, p.env.Words.Dispatch.Dropped), p.loadBegun())
}

// leave goes back to the first step without the document.
func (p *Page) leave() {
	p.jobs = jobs{gen: p.jobs.gen + 1}
	p.d, p.step, p.writing = rule.Dispatch{}, choosing, nil
	p.table = newTable()
}

// attach adds a further file.
func (p *Page) attach(path, name string) tea.Cmd {
	return p.afterPlan(func() tea.Cmd {
		p.jobs.running, p.jobs.doing = true, p.env.Words.Dispatch.Attaching
		r := p.request()
		r.path, r.say = path, say(p.env.Words.Write.Compose.Attached, name)
		return p.env.Do(p.jobs.gen, r.attach)
	})
}
