// Package round is the day's check (kiểm tra hằng ngày, QC 9): it takes each letter once, with one hand on the keyboard, and ends
// with the day's record.
//
// Laws: what is left is what the desk says; nothing is marked read or looked at that was only shown; the page may be left at any
// letter and goes on there.
package round

import (
	"context"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/read"
)

// Page is the day's check.
type Page struct {
	env  frame.Env
	acts *read.Acts
	w, h int

	round  mail.Round
	loaded bool
	asking bool // an answer is on its way
	again  bool // changes came meanwhile
	fault  *mail.Fault

	at      int // of the letter shown, in round.Letters
	id      mail.LetterID
	gen     int // of what is asked about the letter
	letter  *mail.Letter
	sheet   *read.Sheet
	top     int
	missing *mail.Fault // why the letter cannot be shown

	about   mail.LetterID          // the letter that an act was begun on
	deeds   map[mail.LetterID]deed // what was done here: that those letters leave the list is no news
	replies map[mail.LetterID]bool // whose answer was begun here

	finishing bool
	ended     bool // the end of the check is shown
	month     mail.DutyYear
}

// deed is what settled a letter: one of read's, or one of the page's own.
type deed = read.Deed

const (
	answered deed = 100 + iota
	looked
)

// New makes the page.
func New(env frame.Env, _ frame.OpenRound) frame.Page {
	return &Page{env: env, acts: read.NewActs(env), deeds: map[mail.LetterID]deed{}, replies: map[mail.LetterID]bool{}}
}

// Init asks what is left.
func (p *Page) Init() tea.Cmd { return p.ask() }

// Title names the page.
func (p *Page) Title() string { return p.env.Words.Duty.Round.Title }

// Account says whose letter is shown.
func (p *Page) Account() mail.AccountID {
	if h, ok := p.head(); ok {
		return h.Account
	}
	return ""
}

// Contexts are those of a letter in the check.
func (p *Page) Contexts() []keys.Context {
	if p.ended {
		return []keys.Context{keys.Moving}
	}
	return []keys.Context{keys.Round, keys.Letters, keys.Moving}
}

// Actions are the keys that matter now.
func (p *Page) Actions() []keys.ID {
	h, ok := p.head()
	if p.ended || !ok {
		return []keys.ID{keys.Open, keys.GoYear, keys.Back}
	}
	out := []keys.ID{keys.RoundNext, keys.Reply}
	if h.Awaits {
		out = append(out, keys.Excuse)
	}
	if frame.SeatOf(p.env.Desk, h.Account).Agency {
		out = append(out, keys.Assign)
	}
	return append(out, keys.Later, keys.Archive, keys.Open, keys.RoundSkip, keys.Defer)
}

func (p *Page) head() (mail.Head, bool) {
	if p.at < 0 || p.at >= len(p.round.Letters) {
		return mail.Head{}, false
	}
	return p.round.Letters[p.at], true
}

// Answers of the page's own commands.
type (
	roundMsg struct {
		round mail.Round
		err   error
	}
	letterMsg struct {
		letter *mail.Letter
		err    error
	}
	sheetMsg  struct{ sheet *read.Sheet }
	lookedMsg struct {
		id  mail.LetterID
		err error
	}
	endMsg struct {
		round mail.Round
		month mail.DutyYear
		err   error
	}
)

// errand is a command's copy of what it needs.
type errand struct {
	desk    frame.Desk
	id      mail.LetterID
	account mail.AccountID
	letter  *mail.Letter
	setting read.Setting
}

func (e errand) round(ctx context.Context) tea.Msg {
	r, err := e.desk.Round(ctx)
	return roundMsg{r, err}
}

func (e errand) open(ctx context.Context) tea.Msg {
	l, err := e.desk.Open(ctx, e.id)
	if err == nil {
		read.AddWork(ctx, e.desk, l)
	}
	return letterMsg{l, err}
}

func (e errand) set(context.Context) tea.Msg { return sheetMsg{read.Set(e.letter, e.setting)} }

// looked notes that the letter was looked at or taken care of; it may be in another folder now.
func (e errand) looked(ctx context.Context) tea.Msg {
	return lookedMsg{e.id, e.desk.Looked(ctx, []mail.LetterID{e.id})}
}

func (e errand) finish(ctx context.Context) tea.Msg {
	r, err := e.desk.Finish(ctx)
	if err != nil {
		return endMsg{err: err}
	}
	day := r.At.In(rule.Zone)
	first := day.AddDate(0, 0, 1-day.Day())
	m, err := e.desk.Days(ctx, e.account, first, day)
	if err != nil {
		m = mail.DutyYear{} // the check is recorded; only the month's number is not told
	}
	return endMsg{round: r, month: m}
}

func (p *Page) errand() errand { return errand{desk: p.env.Desk, id: p.id} }

// ask asks what is left; wishes that come meanwhile are merged into one.
func (p *Page) ask() tea.Cmd {
	if p.asking {
		p.again = true
		return nil
	}
	p.asking, p.again = true, false
	return p.env.Do(0, p.errand().round)
}

// Update takes a message.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case frame.Size:
		p.w, p.h = m.W, m.H
		return p.set()
	case frame.Restyled:
		return p.set()
	case frame.Events:
		return p.ask()
	case frame.Result:
		return p.result(m)
	case keys.Mouse:
		switch m.Kind {
		case keys.WheelUp:
			p.scroll(-3)
		case keys.WheelDown:
			p.scroll(3)
		}
	case keys.Press:
		return p.press(m)
	}
	return nil
}

func (p *Page) result(r frame.Result) tea.Cmd {
	deed := read.Done(r.Msg)
	if cmd, ok, _ := p.acts.Take(r.Msg); ok {
		if deed != read.NoDeed {
			return tea.Batch(cmd, p.took(deed))
		}
		return cmd
	}
	switch m := r.Msg.(type) {
	case roundMsg:
		return p.take(m)
	case lookedMsg:
		if m.err != nil { // it has its turn again
			delete(p.deeds, m.id)
		}
		return frame.Failed("note letter looked at", m.err)
	case endMsg:
		return p.end(m)
	}
	if r.Gen != p.gen {
		return nil
	}
	switch m := r.Msg.(type) {
	case letterMsg:
		if m.err != nil {
			p.missing = mail.AsFault("open letter", m.err)
			return nil
		}
		p.letter, p.missing = m.letter, nil
		return p.set()
	case sheetMsg:
		p.sheet = m.sheet
		p.scroll(0)
	}
	return nil
}

// took notes a deed, and takes its letter out of the round.
func (p *Page) took(d deed) tea.Cmd {
	e := p.errand()
	e.id = p.about
	p.deeds[e.id] = d
	return p.env.Do(0, e.looked)
}

// take takes what is left: the letter shown stays as long as it is in the list.
func (p *Page) take(m roundMsg) tea.Cmd {
	p.asking = false
	var next tea.Cmd
	if p.again {
		next = p.ask()
	}
	if m.err != nil {
		first := p.fault == nil
		p.fault = mail.AsFault("read the day's check", m.err)
		if first {
			return tea.Batch(next, frame.Failed("read the day's check", m.err))
		}
		return next
	}
	p.fault = nil
	p.settle(m.round.Letters)
	shown := p.id
	p.round, p.loaded = m.round, true
	if i := slices.IndexFunc(m.round.Letters, func(h mail.Head) bool { return h.ID == shown }); i >= 0 {
		p.at = i
		return next
	}
	var said tea.Cmd
	if shown != 0 && p.deeds[shown] == read.NoDeed && !p.ended {
		said = frame.Tell(frame.Note, p.env.Words.Duty.Round.Elsewhere)
	}
	p.at = max(min(p.at, len(m.round.Letters)-1), 0)
	return tea.Batch(next, said, p.show())
}

// settle compares what is left with what was: a letter whose answer was begun here and that is gone is answered, one that has come
// back was taken back.
func (p *Page) settle(left []mail.Head) {
	has := func(list []mail.Head, id mail.LetterID) bool {
		return slices.ContainsFunc(list, func(h mail.Head) bool { return h.ID == id })
	}
	for id := range p.replies {
		if p.deeds[id] == read.NoDeed && !has(left, id) {
			p.deeds[id] = answered
		}
	}
	for _, h := range left {
		if !has(p.round.Letters, h.ID) {
			delete(p.deeds, h.ID)
			delete(p.replies, h.ID)
		}
	}
}

// show opens the letter that has its turn; without one the check is over.
func (p *Page) show() tea.Cmd {
	h, ok := p.head()
	p.letter, p.sheet, p.top, p.missing = nil, nil, 0, nil
	p.gen++
	if ok {
		p.id, p.ended = h.ID, false
		return tea.Batch(frame.Send(frame.Turned{}), p.env.Do(p.gen, p.errand().open))
	}
	p.id = 0
	if p.ended || p.finishing || !p.loaded {
		return nil
	}
	p.finishing = true
	return p.env.Do(0, p.errand().finish)
}

func (p *Page) end(m endMsg) tea.Cmd {
	p.finishing = false
	if mail.KindOf(m.err) == mail.Conflict { // a letter came in between
		return p.ask()
	}
	if m.err != nil {
		p.fault = mail.AsFault("finish the day's check", m.err)
		return frame.Failed("finish the day's check", m.err)
	}
	p.round, p.month, p.ended = m.round, m.month, true
	return nil
}

// set sets the letter to the width that it has.
func (p *Page) set() tea.Cmd {
	if p.letter == nil || p.w == 0 {
		return nil
	}
	e := p.errand()
	e.letter = p.letter
	e.setting = read.Env(p.env, p.letter.Account, p.w-p.side())
	return p.env.Do(p.gen, e.set)
}

func (p *Page) press(k keys.Press) tea.Cmd {
	h, ok := p.head()
	if p.ended || !ok {
		if k.Action == keys.Open {
			return frame.Send(frame.Back{Force: true})
		}
		return nil
	}
	switch k.Action {
	case keys.RoundNext:
		return p.next(h)
	case keys.RoundSkip:
		return p.step(1)
	case keys.RoundPrev:
		return p.step(-1)
	case keys.Open:
		return frame.Go(frame.OpenLetter{ID: h.ID, Row: p.ids()})
	case keys.Up:
		p.scroll(-1)
		return nil
	case keys.Down:
		p.scroll(1)
		return nil
	case keys.PageUp:
		p.scroll(1 - p.body())
		return nil
	case keys.PageDown:
		p.scroll(p.body() - 1)
		return nil
	case keys.Home:
		p.top = 0
		return nil
	case keys.End:
		p.scroll(1 << 30)
		return nil
	case keys.Reply, keys.ReplyAll:
		p.replies[h.ID] = true
	}
	p.about = h.ID
	cmd, _ := p.acts.Press(k.Action, read.Selection{Account: h.Account, Heads: []mail.Head{h}, IDs: []mail.LetterID{h.ID}})
	return cmd
}

// next reads on; at the end of the letter it is looked at, and the next one has its turn.
func (p *Page) next(h mail.Head) tea.Cmd {
	if p.sheet != nil && p.top < p.sheet.Lines()-p.body() {
		p.scroll(p.body() - 1)
		return nil
	}
	if p.sheet == nil && p.missing == nil {
		return nil // what was never shown was not looked at
	}
	if p.deeds[h.ID] != read.NoDeed {
		return nil // pressed twice
	}
	p.deeds[h.ID] = looked
	e := p.errand()
	return p.env.Do(0, e.looked)
}

// step goes to another letter and leaves this one for later in the round.
func (p *Page) step(n int) tea.Cmd {
	to := p.at + n
	if to < 0 || to >= len(p.round.Letters) {
		return frame.Tell(frame.Note, p.env.Words.Box.NoOther)
	}
	p.at = to
	return p.show()
}

func (p *Page) ids() []mail.LetterID {
	out := make([]mail.LetterID, len(p.round.Letters))
	for i, h := range p.round.Letters {
		out[i] = h.ID
	}
	return out
}

// body is how many lines of the letter are shown.
func (p *Page) body() int { return max(p.h-headLines, 1) }

func (p *Page) scroll(n int) {
	lines := 0
	if p.sheet != nil {
		lines = p.sheet.Lines()
	}
	p.top = max(min(p.top+n, lines-p.body()), 0)
}
