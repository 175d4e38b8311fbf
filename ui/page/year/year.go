// Package year is a year of the daily duty at a glance (QC 9): which days the box was opened and checked, how many letters came
// and were answered, and how long that took.
//
// Laws: it only shows what the desk counts; every mark is readable without colour.
package year

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/ui/dialog"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
)

// Page is the year.
type Page struct {
	env    frame.Env
	w, h   int
	own    mail.AccountID
	number int // the year shown

	year   mail.DutyYear
	loaded bool
	asking bool
	again  bool
	gen    int
	fault  *mail.Fault
	day    int // index of the day under the cursor
}

// New makes the page.
func New(env frame.Env, open frame.OpenYear) frame.Page {
	p := &Page{env: env, own: open.Account, number: env.Now().In(rule.Zone).Year(), day: -1}
	if list := env.Desk.Accounts(); p.own == "" && len(list) > 0 {
		p.own = list[0].ID
	}
	return p
}

// Init asks for the year.
func (p *Page) Init() tea.Cmd { return p.ask() }

// Title names the page.
func (p *Page) Title() string { return p.env.Words.Duty.Act.Year.Long }

// Account says whose year it is.
func (p *Page) Account() mail.AccountID { return p.own }

// Tab names the page, so that its key does not open it twice.
func (p *Page) Tab() frame.Tab { return frame.Tab{Kind: "year"} }

// Contexts are the page's own.
func (p *Page) Contexts() []keys.Context { return []keys.Context{keys.Year} }

// Actions are the keys that matter here.
func (p *Page) Actions() []keys.ID {
	out := []keys.ID{keys.WeekRight, keys.YearPrev, keys.TakeLeave, keys.ShowLeaves}
	if len(p.env.Desk.Accounts()) > 1 {
		out = append(out, keys.YearBox)
	}
	return append(out, keys.Back)
}

// Answers of the page's own commands.
type (
	yearMsg struct {
		year mail.DutyYear
		err  error
	}
	leavesMsg struct {
		list []mail.Leave
		err  error
	}
	chosenLeave struct {
		leave mail.Leave
		fresh bool
	}
	dropLeave struct{ id int64 }
	leaveMsg  struct {
		leave   mail.Leave
		dropped bool
		err     error
	}
)

// errand is a command's copy of what it needs.
type errand struct {
	desk    frame.Desk
	account mail.AccountID
	number  int
	leave   mail.Leave
}

func (e errand) load(ctx context.Context) tea.Msg {
	y, err := e.desk.Days(ctx, e.account, time.Date(e.number, 1, 1, 0, 0, 0, 0, rule.Zone), time.Date(e.number, 12, 31, 0, 0, 0, 0, rule.Zone))
	return yearMsg{y, err}
}

func (e errand) leaves(ctx context.Context) tea.Msg {
	list, err := e.desk.Leaves(ctx, e.account)
	return leavesMsg{list, err}
}

func (e errand) take(ctx context.Context) tea.Msg {
	return leaveMsg{leave: e.leave, err: e.desk.TakeLeave(ctx, e.account, e.leave)}
}

func (e errand) drop(ctx context.Context) tea.Msg {
	return leaveMsg{dropped: true, err: e.desk.DropLeave(ctx, e.account, e.leave.ID)}
}

func (p *Page) errand() errand { return errand{desk: p.env.Desk, account: p.own, number: p.number} }

// pause is the least time between two looks while changes keep coming: a year takes longer to count than a day.
const pause = time.Second

type askAgain struct{}

func (p *Page) ask() tea.Cmd {
	if p.asking {
		p.again = true
		return nil
	}
	p.asking, p.again = true, false
	return p.env.Do(p.gen, p.errand().load)
}

// turn shows another year or box.
func (p *Page) turn() tea.Cmd {
	p.gen++
	p.asking, p.loaded, p.day = false, false, -1
	return p.ask()
}

// Update takes a message.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case frame.Size:
		p.w, p.h = m.W, m.H
	case frame.Events:
		for _, e := range m {
			switch e.Kind {
			case mail.DutyChanged, mail.FolderChanged, mail.Overflow:
				return p.ask()
			}
		}
	case frame.Result:
		return p.result(m)
	case keys.Mouse:
		if m.Kind == keys.Click {
			p.click(m.X, m.Y)
		}
	case keys.Press:
		return p.press(m.Action)
	}
	return nil
}

func (p *Page) result(r frame.Result) tea.Cmd {
	switch m := r.Msg.(type) {
	case leavesMsg:
		if m.err != nil {
			return frame.Failed("list leaves", m.err)
		}
		return frame.Send(frame.Ask{Dialog: p.chooseLeave(m.list)})
	case chosenLeave:
		if m.fresh {
			return frame.Send(frame.Ask{Dialog: p.leaveDialog()})
		}
		w := p.env.Words.Duty.Leave
		return frame.Send(frame.Ask{Dialog: dialog.Do(p.env, 0, w.DropTitle, p.leaveLine(m.leave)+"\n"+w.DropText, w.DropYes, func(yes bool) tea.Msg {
			if !yes {
				return nil
			}
			return dropLeave{m.leave.ID}
		})})
	case dropLeave:
		e := p.errand()
		e.leave.ID = m.id
		return p.env.Do(0, e.drop)
	case dialog.Left:
		e := p.errand()
		e.leave = m.Leave
		return p.env.Do(0, e.take)
	case leaveMsg:
		return p.said(m)
	}
	if r.Gen != p.gen {
		return nil
	}
	switch m := r.Msg.(type) {
	case askAgain:
		return p.ask()
	case yearMsg:
		return p.take(m)
	}
	return nil
}

func (p *Page) said(m leaveMsg) tea.Cmd {
	w := p.env.Words
	switch {
	case m.err != nil:
		return frame.Failed("take leave", m.err)
	case m.dropped:
		return frame.Tell(frame.Good, w.Duty.Leave.Dropped)
	}
	return frame.Tell(frame.Good, sprintf(w.Duty.Leave.Done, w.Day(m.leave.From), w.Day(m.leave.Until)))
}

func (p *Page) take(m yearMsg) tea.Cmd {
	p.asking = false
	var again tea.Cmd
	if p.again {
		again = p.env.After(pause, p.gen, askAgain{})
	}
	if m.err != nil {
		first := p.fault == nil
		p.fault = mail.AsFault("count the year", m.err)
		if first {
			return tea.Batch(again, frame.Failed("count the year", m.err))
		}
		return again
	}
	p.fault, p.year, p.loaded = nil, m.year, true
	if p.day < 0 || p.day >= len(p.year.Days) {
		p.day = p.today()
	}
	return again
}

// today is the index of the day that the clock shows, or the last one of a year that is over.
func (p *Page) today() int {
	now := rule.Day(p.env.Now())
	for i, d := range p.year.Days {
		if !d.Day.Before(now) {
			return i
		}
	}
	return len(p.year.Days) - 1
}

func (p *Page) press(id keys.ID) tea.Cmd {
	switch id {
	case keys.YearPrev:
		p.number--
		return p.turn()
	case keys.YearNext:
		if p.number > p.env.Now().In(rule.Zone).Year() {
			return nil // holidays of the next year are worth a look; later ones are not known
		}
		p.number++
		return p.turn()
	case keys.YearBox:
		return p.nextBox()
	case keys.TakeLeave:
		return frame.Send(frame.Ask{Dialog: p.leaveDialog()})
	case keys.ShowLeaves:
		return p.env.Do(0, p.errand().leaves)
	case keys.DayUp:
		p.move(-1)
	case keys.DayDown:
		p.move(1)
	case keys.WeekLeft:
		p.move(-7)
	case keys.WeekRight:
		p.move(7)
	}
	return nil
}

func (p *Page) move(n int) {
	if len(p.year.Days) > 0 {
		p.day = max(min(p.day+n, len(p.year.Days)-1), 0)
	}
}

func (p *Page) nextBox() tea.Cmd {
	list := p.env.Desk.Accounts()
	for i, a := range list {
		if a.ID == p.own {
			p.own = list[(i+1)%len(list)].ID
			return p.turn()
		}
	}
	return nil
}

// leaveDialog begins at the day under the cursor, where that lies ahead.
func (p *Page) leaveDialog() frame.Dialog {
	day := rule.Day(p.env.Now())
	if d, ok := p.current(); ok && d.Day.After(day) {
		day = d.Day
	}
	return dialog.TakeLeave(p.env, 0, day)
}

func (p *Page) chooseLeave(list []mail.Leave) frame.Dialog {
	w := p.env.Words.Duty.Leave
	items := []dialog.Item{{Main: w.New}}
	for _, l := range list {
		items = append(items, dialog.Item{Main: p.leaveLine(l), Detail: l.Note, Note: w.Kinds[l.Kind]})
	}
	return dialog.Choose(p.env, 0, w.ListTitle, w.ListHint, items, func(i int) tea.Msg {
		switch {
		case i < 0:
			return nil
		case i == 0:
			return chosenLeave{fresh: true}
		}
		return chosenLeave{leave: list[i-1]}
	})
}

func (p *Page) leaveLine(l mail.Leave) string {
	return sprintf(p.env.Words.Duty.Leave.Line, l.From.Format("02/01/2006"), l.Until.Format("02/01/2006"))
}

func (p *Page) current() (mail.DayCount, bool) {
	if p.day < 0 || p.day >= len(p.year.Days) {
		return mail.DayCount{}, false
	}
	return p.year.Days[p.day], true
}

// empty is what stands there before the first answer.
func (p *Page) empty(w, h int) []string {
	set := p.env.Theme.Page
	text := p.env.Words.App.Loading
	if p.fault != nil {
		text = p.env.Words.Fault(p.fault).What
	}
	blank := set.Base.Paint(kit.Space(w))
	return kit.Fill(append(kit.Fill(nil, h/3, blank), set.Dim.Paint(kit.Center(kit.Clean(text), w))), h, blank)
}
