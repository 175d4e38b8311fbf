package agency

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
)

// month is what the views of a month share: which one, and that only the head sees them (D11).
type month struct {
	p      *Page
	of     frame.AgencyView
	back   int // months before this one
	loaded bool
	fault  *mail.Fault
	w, h   int
}

func (m *month) contexts() []keys.Context { return []keys.Context{keys.Moving} }

func (m *month) actions() []keys.ID { return []keys.ID{keys.MonthPrev, keys.MonthNext} }

func (m *month) whyNot(keys.ID) string { return "" }

func (m *month) resize(w, h int) { m.w, m.h = w, h }

// span is the month's first and last day.
func (m *month) span() (from, until time.Time) {
	now := m.p.env.Now()
	from = time.Date(now.Year(), now.Month()-time.Month(m.back), 1, 0, 0, 0, 0, now.Location())
	return from, from.AddDate(0, 1, -1)
}

// turn goes to another month; false when it is none of its keys.
func (m *month) turn(id keys.ID) bool {
	switch id {
	case keys.MonthPrev:
		m.back = min(m.back+1, 120)
	case keys.MonthNext:
		m.back = max(m.back-1, 0)
	default:
		return false
	}
	m.loaded = false
	return true
}

// state draws what stands in the place of figures, nil when they are there.
func (m *month) state(w int, headOnly string) []string {
	env := m.p.env
	switch {
	case m.p.seat.Scope < mail.ScopeHead:
		return env.Empty(w, nil, headOnly, "")
	case m.fault != nil:
		return env.Empty(w, m.fault, "", "")
	case !m.loaded:
		return env.Empty(w, nil, env.Words.Office.Loading, "")
	}
	return nil
}

// sends is the view of who sent in the agency's name.
type sends struct {
	month
	rows kit.Rows[int]
	list []frame.SentAs
}

func newSends(p *Page) *sends { return &sends{month: month{p: p, of: frame.AgencySends}} }

type sentMsg struct {
	back int
	list []frame.SentAs
	err  error
}

type monthLoader struct {
	desk        frame.Sharing
	account     mail.AccountID
	from, until time.Time
	back        int
}

func (l monthLoader) sends(ctx context.Context) tea.Msg {
	list, err := l.desk.Sends(ctx, l.account, l.from, l.until)
	return sentMsg{l.back, list, err}
}

func (l monthLoader) staff(ctx context.Context) tea.Msg {
	list, err := l.desk.Staff(ctx, l.account, l.from, l.until)
	return staffMsg{l.back, list, err}
}

func (m *month) loader() monthLoader {
	from, until := m.span()
	return monthLoader{m.p.desk, m.p.account, from, until, m.back}
}

func (v *sends) load() tea.Cmd {
	if v.p.seat.Scope < mail.ScopeHead {
		return nil
	}
	return v.p.do(v.of, v.loader().sends)
}

func (v *sends) take(msg tea.Msg) tea.Cmd {
	m, ok := msg.(sentMsg)
	if !ok || m.back != v.back {
		return nil
	}
	v.loaded, v.fault = true, nil
	if m.err != nil {
		v.fault = mail.AsFault("read who sent", m.err)
		return frame.Noted(v.fault)
	}
	v.list = m.list
	ids := make([]int, len(v.list))
	for i := range ids {
		ids[i] = i
	}
	v.rows.SetIDs(ids)
	return nil
}

func (v *sends) press(k keys.Press) tea.Cmd {
	if v.turn(k.Action) {
		return v.load()
	}
	frame.Walk(&v.rows, k.Action)
	return nil
}

func (v *sends) mouse(m keys.Mouse) tea.Cmd {
	frame.Point(&v.rows, m, 2)
	return nil
}

func (v *sends) draw(w, h int) []string {
	env, o := v.p.env, &v.p.env.Words.Office.Sends
	if out := v.state(w, o.HeadOnly); out != nil {
		return out
	}
	th := env.Theme
	set := th.Page
	from, until := v.span()
	out := []string{set.Bold.Paint(kit.Fit(" "+fmt.Sprintf(o.Count, env.Words.Count(len(v.list)), v.p.day(from), v.p.day(until)), w))}
	if len(v.list) == 0 {
		return append(out, env.Empty(w, nil, o.Empty, "")...)
	}
	const at = 18
	by := max(min(w/3, 30), 12)
	out = append(out, set.Dim.Paint(kit.Fit("  "+kit.Fit(o.At, at)+kit.Fit(o.By, by)+o.To, w)))
	v.rows.SetHeight(max(h-2, 1))
	for n, i := range v.rows.Visible() {
		s := v.list[i]
		row, mark := th.Page, " "
		if v.rows.Top()+n == v.rows.Index() {
			row, mark = th.Sel, th.Glyph.Cursor
		}
		to := ""
		if len(s.To) > 0 {
			to = kit.Clean(s.To[0])
		}
		if len(s.To) > 1 {
			to += " " + fmt.Sprintf(o.More, len(s.To)-1)
		}
		out = append(out, row.Accent.Paint(mark)+row.Dim.Paint(kit.Fit(" "+s.At.In(env.Now().Location()).Format("02/01/2006 15:04"), at+1))+
			row.Base.Paint(kit.Fit(kit.Clean(s.By.Name), by))+row.Dim.Paint(kit.Fit(to, max(w-at-2-by, 0))))
	}
	return out
}

// staff is the view of how the people of the agency keep their duty (QC 15): counts and times, nothing of any letter (D11).
type staff struct {
	month
	rows kit.Rows[int]
	list []frame.StaffDays
}

func newStaff(p *Page) *staff { return &staff{month: month{p: p, of: frame.AgencyStaff}} }

type staffMsg struct {
	back int
	list []frame.StaffDays
	err  error
}

func (v *staff) load() tea.Cmd {
	if v.p.seat.Scope < mail.ScopeHead {
		return nil
	}
	return v.p.do(v.of, v.loader().staff)
}

func (v *staff) take(msg tea.Msg) tea.Cmd {
	m, ok := msg.(staffMsg)
	if !ok || m.back != v.back {
		return nil
	}
	v.loaded, v.fault = true, nil
	if m.err != nil {
		v.fault = mail.AsFault("read how the duty is kept", m.err)
		return frame.Noted(v.fault)
	}
	v.list = m.list
	ids := make([]int, len(v.list))
	for i := range ids {
		ids[i] = i
	}
	v.rows.SetIDs(ids)
	return nil
}

func (v *staff) press(k keys.Press) tea.Cmd {
	if v.turn(k.Action) {
		return v.load()
	}
	frame.Walk(&v.rows, k.Action)
	return nil
}

func (v *staff) mouse(m keys.Mouse) tea.Cmd {
	frame.Point(&v.rows, m, 2)
	return nil
}

// sum is a person's month.
type sum struct{ work, checked, received, answered, inTime, late, waiting, median int }

// total adds the days up; the time to answer is the middle one of the days' medians.
func total(days []mail.DayCount) sum {
	s := sum{median: -1}
	var medians []int
	for _, d := range days {
		if d.Workday && d.Excused == "" {
			s.work++
			if !d.Checked.IsZero() {
				s.checked++
			}
		}
		s.received += d.Received
		s.answered += d.Answered
		s.inTime += d.InTime
		s.late += d.Late
		s.waiting = d.Waiting
		if d.Answered > 0 && d.Median >= 0 {
			medians = append(medians, d.Median)
		}
	}
	if n := len(medians); n > 0 {
		slices.Sort(medians)
		s.median = medians[n/2]
	}
	return s
}

func (v *staff) draw(w, h int) []string {
	env, o := v.p.env, &v.p.env.Words.Office.Staff
	if out := v.state(w, o.HeadOnly); out != nil {
		return out
	}
	th := env.Theme
	set := th.Page
	from, _ := v.span()
	out := []string{set.Bold.Paint(kit.Fit(" "+fmt.Sprintf(o.Title, from.Format("01/2006"))+"    ", min(w, 30))) + set.Dim.Paint(kit.FitLeft(o.Counts+" ", max(w-30, 0)))}
	if len(v.list) == 0 {
		return append(out, env.Empty(w, nil, o.Empty, "")...)
	}
	name := max(min(w-2-9*7, 26), 12)
	heads := []string{o.Checked, o.Received, o.Answered, o.InTime, o.Late, o.Waiting, o.Median}
	col := max((w-name-2)/len(heads), 6)
	var b strings.Builder
	for _, t := range heads {
		b.WriteString(kit.FitLeft(kit.Cut(t, col-1), col))
	}
	out = append(out, set.Dim.Paint(kit.Fit("  "+kit.Fit(o.Person, name)+b.String(), w)))
	v.rows.SetHeight(max(h-2, 1))
	for n, i := range v.rows.Visible() {
		row, mark := th.Page, " "
		if v.rows.Top()+n == v.rows.Index() {
			row, mark = th.Sel, th.Glyph.Cursor
		}
		s := total(v.list[i].Days)
		line := row.Accent.Paint(mark) + row.Base.Paint(" "+kit.Fit(kit.Clean(v.list[i].Person.Name), name))
		used := 2 + name
		for c, text := range []string{
			fmt.Sprintf("%d/%d", s.checked, s.work), env.Words.Count(s.received), env.Words.Count(s.answered), env.Words.Count(s.inTime), env.Words.Count(s.late), env.Words.Count(s.waiting), v.took(s.median),
		} {
			style := row.Base
			if c == 0 && s.checked < s.work || c == 4 && s.late > 0 {
				style = row.Warn
			}
			line += style.Paint(kit.FitLeft(text, col))
			used += col
		}
		out = append(out, line+row.Base.Paint(kit.Space(w-used)))
	}
	return out
}

// took writes minutes as hours or days.
func (v *staff) took(minutes int) string {
	d := v.p.env.Words.Date
	switch {
	case minutes < 0:
		return v.p.env.Words.Office.Staff.None
	case minutes < 60:
		return fmt.Sprintf(d.Minutes, minutes)
	case minutes < 48*60:
		return fmt.Sprintf(d.Hours, minutes/60)
	}
	return fmt.Sprintf(d.Days, minutes/60/24)
}
