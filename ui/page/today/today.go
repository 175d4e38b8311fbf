// Package today is the desk of the day: what is late, what is due, what is new, what has not gone yet. It answers the
// daily duty of the regulation (QC 9, QC 14.3) at one glance.
//
// Laws: it only shows what the desk counts; working days and terms are never reckoned here.
package today

import (
	"context"
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/read"
	"hopthu/ui/words"
)

// Page is the desk of the day.
type Page struct {
	env  frame.Env
	acts *read.Acts
	w, h int

	today  mail.Today
	loaded bool
	unsure bool // a box was never in step: what is here is not all
	gen    int
	asking bool // an answer is on its way
	again  bool // changes came meanwhile
	later  bool // a look is due in a while
	fault  *mail.Fault

	waits bool // all letters waited for are listed
	lines []line
	right int // the column of terms
	cur   int // index into lines, always on one that can be chosen
	top   int

	touched bool // a key or the mouse was used: the cursor is where the person put it
}

// New makes the page.
func New(env frame.Env, _ frame.OpenToday) frame.Page {
	return &Page{env: env, acts: read.NewActs(env)}
}

// Init asks for the day.
func (p *Page) Init() tea.Cmd { return p.ask() }

// Title names the page.
func (p *Page) Title() string { return p.env.Words.Today.Title }

// Tab lights the first tab.
func (p *Page) Tab() frame.Tab { return frame.Tab{Kind: "today"} }

// Contexts are those of a list of letters.
func (p *Page) Contexts() []keys.Context {
	if l, ok := p.line(); ok && l.wait != nil {
		return []keys.Context{keys.Waiting, keys.Today, keys.Letters, keys.Moving}
	}
	return []keys.Context{keys.Today, keys.Letters, keys.Moving}
}

// Actions are the keys that matter now.
func (p *Page) Actions() []keys.ID {
	l, ok := p.line()
	switch {
	case !ok:
		return []keys.ID{keys.StartRound, keys.GoYear, keys.Compose, keys.Search, keys.Refresh}
	case l.wait != nil:
		return []keys.ID{keys.Open, keys.Remind, keys.Unwait, keys.Later, keys.StartRound, keys.Search}
	case l.head == nil:
		return []keys.ID{keys.Open, keys.StartRound, keys.GoYear, keys.Search, keys.Compose, keys.Refresh}
	case l.item == nil:
		return []keys.ID{keys.Open, keys.StartRound, keys.Reply, keys.Archive, keys.Delete, keys.Later, keys.Search, keys.Compose}
	}
	return []keys.ID{keys.Open, keys.StartRound, keys.Reply, keys.Excuse, keys.Defer, keys.Later, keys.GoYear, keys.Search, keys.Compose}
}

type todayMsg struct {
	today mail.Today
	err   error
}

type question struct{ desk frame.Desk }

func (q question) today(ctx context.Context) tea.Msg {
	t, err := q.desk.Today(ctx)
	return todayMsg{t, err}
}

// The least time between two looks while changes keep coming, and while a box is filled for the first time: thousands of
// older letters change little here.
const (
	pause     = 200 * time.Millisecond
	pauseFill = time.Second
)

type askAgain struct{}

// ask looks at the day; wishes that come meanwhile are merged into one.
func (p *Page) ask() tea.Cmd {
	if p.asking {
		p.again = true
		return nil
	}
	p.asking, p.again = true, false
	p.gen++
	return p.env.Do(p.gen, question{p.env.Desk}.today)
}

// Update takes a message.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case frame.Size:
		p.w, p.h = m.W, m.H
		p.lay()
	case frame.Restyled:
		p.lay()
	case frame.Events:
		return p.events(m)
	case frame.Result:
		return p.result(m)
	case keys.Mouse:
		p.touched = true
		return p.mouse(m)
	case keys.Press:
		p.touched = true
		return p.press(m)
	}
	return nil
}

func (p *Page) result(r frame.Result) tea.Cmd {
	if cmd, ok, _ := p.acts.Take(r.Msg); ok {
		return cmd
	}
	switch m := r.Msg.(type) {
	case askAgain:
		p.later = false
		return p.ask()
	case remindedMsg:
		if m.err != nil {
			return frame.Failed("write reminder", m.err)
		}
		return tea.Sequence(frame.Go(frame.OpenCompose{Account: m.draft.Account, Draft: m.draft.ID}), frame.Tell(frame.Note, p.env.Words.Duty.Reminded))
	case unwaitedMsg:
		if m.err != nil {
			return frame.Failed("wait no more", m.err)
		}
		return frame.Send(frame.Say{Text: words.Say(p.env.Words.Duty.Unwaited, p.env.Words.Count(1)), Tone: frame.Good, Undo: true})
	}
	m, ok := r.Msg.(todayMsg)
	if !ok || r.Gen != p.gen {
		return nil
	}
	p.asking = false
	var again tea.Cmd
	if p.again {
		again = p.env.After(pause, p.gen, askAgain{})
	}
	if m.err != nil {
		first := p.fault == nil
		p.fault = mail.AsFault("read the day", m.err)
		if first {
			return tea.Batch(again, frame.Failed("read the day", m.err))
		}
		return again
	}
	p.fault = nil
	p.today, p.loaded = m.today, true
	p.unsure = p.someUnsure()
	p.lay()
	return again
}

// events asks for the day when it may have changed. How far the boxes are comes many times a second during a fill, and
// changes only whether all is known.
func (p *Page) events(list frame.Events) tea.Cmd {
	if slices.ContainsFunc(list, func(e mail.Event) bool { return e.Kind != mail.StatusChanged }) {
		if !p.unsure || len(p.lines) == 0 {
			return p.ask()
		}
		if p.later {
			return nil
		}
		p.later = true
		return p.env.After(pauseFill, p.gen, askAgain{})
	}
	if unsure := p.someUnsure(); p.loaded && unsure != p.unsure {
		p.unsure = unsure
		p.lay()
	}
	return nil
}

// someUnsure reports whether a box was never in step.
func (p *Page) someUnsure() bool {
	return slices.ContainsFunc(p.env.Desk.Status(), func(s mail.Status) bool { return s.Since.IsZero() })
}

func (p *Page) line() (line, bool) {
	if p.cur < 0 || p.cur >= len(p.lines) || !p.lines[p.cur].chosen() {
		return line{}, false
	}
	return p.lines[p.cur], true
}

func (p *Page) first() int {
	for i, l := range p.lines {
		if l.chosen() {
			return i
		}
	}
	return -1
}

// move goes n lines on that can be chosen.
func (p *Page) move(n int) {
	step := 1
	if n < 0 {
		step = -1
	}
	for at := p.cur + step; n != 0 && at >= 0 && at < len(p.lines); at += step {
		if p.lines[at].chosen() {
			p.cur = at
			n -= step
		}
	}
	p.show()
}

// show brings the cursor into the window, with its heading where there is room.
func (p *Page) show() {
	if p.cur < p.top+1 {
		p.top = max(p.cur-1, 0)
		if p.cur == p.first() {
			p.top = 0
		}
	}
	if p.cur >= p.top+p.h {
		p.top = p.cur - p.h + 1
	}
	p.top = max(min(p.top, len(p.lines)-p.h), 0)
}

func (p *Page) press(k keys.Press) tea.Cmd {
	l, ok := p.line()
	sel := read.Selection{}
	if ok && l.head != nil {
		sel = read.Selection{Account: l.head.Account, Heads: []mail.Head{*l.head}, IDs: []mail.LetterID{l.head.ID}}
	}
	if ok && l.wait != nil {
		switch k.Action {
		case keys.Remind:
			return p.env.Do(0, waiting{p.env.Desk, l.head.ID}.remind)
		case keys.Unwait, keys.Excuse:
			return p.env.Do(0, waiting{p.env.Desk, l.head.ID}.unwait)
		}
	}
	if cmd, done := p.acts.Press(k.Action, sel); done {
		return cmd
	}
	switch k.Action {
	case keys.Open:
		return p.open()
	case keys.StartRound:
		return frame.Go(frame.OpenRound{})
	case keys.Search:
		return frame.Go(frame.OpenBox{Find: true})
	case keys.Up:
		p.move(-1)
	case keys.Down:
		p.move(1)
	case keys.PageUp:
		p.move(-max(p.h-2, 1))
	case keys.PageDown:
		p.move(max(p.h-2, 1))
	case keys.Home:
		p.move(-len(p.lines))
	case keys.End:
		p.move(len(p.lines))
	}
	return nil
}

func (p *Page) dutyIDs() []mail.LetterID {
	var ids []mail.LetterID
	for _, list := range [][]mail.DutyItem{p.today.Overdue, p.today.DueToday, p.today.Back, p.today.Soon} {
		for _, d := range list {
			ids = append(ids, d.ID)
		}
	}
	return ids
}

func (p *Page) open() tea.Cmd {
	l, ok := p.line()
	switch {
	case !ok:
		return nil
	case l.unfold:
		p.waits = true
		p.lay()
		return nil
	case l.head == nil:
		return frame.Go(l.target)
	case l.wait != nil:
		return frame.Go(frame.OpenLetter{ID: l.head.ID})
	case l.item != nil:
		return frame.Go(frame.OpenLetter{ID: l.head.ID, Row: p.dutyIDs()})
	}
	var ids []mail.LetterID
	for _, h := range p.today.Fresh {
		ids = append(ids, h.ID)
	}
	return frame.Go(frame.OpenLetter{ID: l.head.ID, Row: ids})
}

func (p *Page) mouse(m keys.Mouse) tea.Cmd {
	switch m.Kind {
	case keys.WheelUp:
		p.move(-3)
	case keys.WheelDown:
		p.move(3)
	case keys.Click:
		at := p.top + m.Y
		if at < 0 || at >= len(p.lines) || !p.lines[at].chosen() {
			return nil
		}
		if at == p.cur {
			return p.open()
		}
		p.cur = at
	}
	return nil
}
