package year

import (
	"fmt"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/ui/frame"
	"hopthu/ui/kit"
	"hopthu/ui/theme"
)

func sprintf(format string, args ...any) string { return fmt.Sprintf(format, args...) }

// labelWidth is the column of names left of the calendar and of the bars.
const labelWidth = 12

// grid is where the calendar stands: a column a week, cell columns wide, a line a day of the week.
type grid struct {
	cell  int // columns a week takes
	lines int // 5, or 7 when a Saturday or Sunday is worked on or counts
	top   int // first line of the days on the page
	shift int // days between the Monday of the first column and 1 January
	first int // week in the first column: a narrow window shows a part of the year
	weeks int // columns
}

// Lines above the calendar's days: the year, its sum, the months.
const gridTop = 3

func (p *Page) grid() grid {
	g := grid{cell: 1, lines: 5, top: gridTop}
	if len(p.year.Days) == 0 {
		return g
	}
	g.shift = (int(p.year.Days[0].Day.Weekday()) + 6) % 7
	all := (len(p.year.Days) + g.shift + 6) / 7
	g.weeks = min(all, max(p.w-labelWidth-1, 1))
	g.first = max(min((p.day+g.shift)/7-g.weeks/2, all-g.weeks), 0)
	if p.w >= labelWidth+2*g.weeks+2 {
		g.cell = 2
	}
	if p.h >= 24 {
		g.lines = 7
	}
	for _, d := range p.year.Days {
		if d.Workday && (d.Day.Weekday() == time.Saturday || d.Day.Weekday() == time.Sunday) && p.h >= 21 {
			g.lines = 7
		}
	}
	return g
}

// at is the index of the day in a column and line of the grid, -1 if there is none.
func (g grid) at(week, line, days int) int {
	i := 7*(g.first+week) + line - g.shift
	if i < 0 || i >= days {
		return -1
	}
	return i
}

func (p *Page) click(x, y int) {
	g := p.grid()
	week, line := (x-labelWidth)/g.cell, y-g.top
	if x < labelWidth || line < 0 || line >= g.lines {
		return
	}
	if i := g.at(week, line, len(p.year.Days)); i >= 0 {
		p.day = i
	}
}

// View draws the year.
func (p *Page) View(w, h int) []string {
	p.w, p.h = w, h
	if !p.loaded {
		return p.empty(w, h)
	}
	blank := p.env.Theme.Page.Base.Paint(kit.Space(w))
	g := p.grid()
	out := p.heading(w)
	out = append(out, p.calendar(g, w)...)
	out = append(out, p.dayLine(w), p.legend(w))
	if rest := h - len(out); rest >= 7 {
		if h >= 30 {
			out = append(out, blank)
			rest--
		}
		if g.cell == 2 && rest >= 9 {
			out = append(out, p.weeks(g, w, min(rest-6, 13))...)
			out = append(out, p.table(p.year.Months, p.monthPlaces(g), w)...)
		} else {
			out = append(out, p.bars(w, min(rest-6, 12))...)
		}
		out = append(out, p.trend(w))
	}
	return kit.Fill(out, h, blank)
}

// heading says whose year it is, and its sum.
func (p *Page) heading(w int) []string {
	set, said := p.env.Theme.Page, p.env.Words.Duty.Year
	title := " " + sprintf(said.Title, p.number)
	for _, a := range p.env.Desk.Accounts() {
		if a.ID == p.own {
			name := a.Name
			if name == "" {
				name = a.Address
			}
			title += "  " + kit.Clean(name)
		}
	}
	source := said.ByStore
	if p.year.Source == "server" {
		source = said.ByServer
	}
	if frame.CalendarOf(p.env.Desk).Expected(time.Date(p.number, 7, 1, 0, 0, 0, 0, time.UTC)) {
		source = said.Expected + ", " + source
	}
	source += " "
	sum := said.SummaryNone
	if p.year.Workdays > 0 {
		sum = sprintf(said.Summary, p.env.Words.Count(p.year.Checked), p.env.Words.Count(p.year.Workdays), 100*p.year.Checked/p.year.Workdays,
			p.env.Words.Count(p.year.Opened), p.env.Words.Count(p.year.Excused))
	}
	waiting := sprintf(said.Waiting, p.env.Words.Count(p.year.Waiting)) + " "
	return []string{
		set.Bold.Paint(kit.Fit(title, max(w-kit.Width(source), 0))) + set.Dim.Paint(kit.Cut(source, w)),
		set.Base.Paint(kit.Fit(" "+sum, max(w-kit.Width(waiting), 0))) + set.Dim.Paint(kit.Cut(waiting, w)),
	}
}

// calendar is the heat map: months above, a line for each day of the week.
func (p *Page) calendar(g grid, w int) []string {
	set, said := p.env.Theme.Page, p.env.Words.Duty.Year
	months := []rune(kit.Space(w))
	for _, m := range p.year.Months {
		x := p.monthAt(g, m)
		if x < labelWidth {
			continue
		}
		for i, r := range []rune(said.Months[m.Month.Month()-1]) {
			if x+i < len(months) {
				months[x+i] = r
			}
		}
	}
	out := []string{set.Dim.Paint(string(months))}
	for line := range g.lines {
		var b strings.Builder
		b.WriteString(set.Dim.Paint(kit.Fit("  "+said.Weekdays[line], labelWidth)))
		for week := range g.weeks {
			i := g.at(week, line, len(p.year.Days))
			mark, style := " ", set.Base
			if i >= 0 {
				mark, style = p.mark(p.year.Days[i])
			}
			if i == p.day && i >= 0 {
				style = p.env.Theme.Sel.Bold
				if mark == " " {
					mark = p.env.Theme.Glyph.Dot
				}
			}
			b.WriteString(style.Paint(mark))
			b.WriteString(set.Base.Paint(kit.Space(g.cell - 1)))
		}
		b.WriteString(set.Base.Paint(kit.Space(w - labelWidth - g.weeks*g.cell)))
		out = append(out, b.String())
	}
	return out
}

// monthAt is the column of a month's first whole week.
func (p *Page) monthAt(g grid, m mail.DutyMonth) int {
	first := int(m.Month.Sub(p.year.From).Hours()/24+0.5) + g.shift
	return labelWidth + ((first+6)/7-g.first)*g.cell
}

// mark is how a day looks: each kind has a mark of its own beside its colour.
func (p *Page) mark(d mail.DayCount) (string, theme.Style) {
	set, g, said := p.env.Theme.Page, p.env.Theme.Glyph, p.env.Words.Duty.Year
	switch {
	case !d.Checked.IsZero():
		return g.Full, set.Good
	case !d.Opened.IsZero():
		return g.Half, set.Accent
	case d.Excused == rule.Unrecorded && d.Workday:
		return g.Dot, set.Rule
	case d.Excused == "trip" && d.Workday:
		return said.LetterTrip, set.Dim
	case d.Excused != "" && d.Workday:
		return said.LetterLeave, set.Dim
	case !d.Workday:
		return " ", set.Base
	case p.ahead(d):
		return g.Dot, set.Rule
	}
	return said.LetterMissed, set.Danger
}

// ahead reports days that are not over: nobody has missed them yet.
func (p *Page) ahead(d mail.DayCount) bool {
	return !d.Day.AddDate(0, 0, 1).Before(p.env.Now())
}

// legend names the marks.
func (p *Page) legend(w int) string {
	set, g, said := p.env.Theme.Page, p.env.Theme.Glyph, p.env.Words.Duty.Year
	var b strings.Builder
	room := w - 2
	b.WriteString(set.Base.Paint("  "))
	for _, x := range []struct {
		mark  string
		style theme.Style
		text  string
	}{
		{g.Full, set.Good, said.Checked},
		{g.Half, set.Accent, said.Opened},
		{said.LetterMissed, set.Danger, said.Missed},
		{"", set.Dim, said.Excused},
		{g.Dot, set.Rule, said.Ahead},
	} {
		text := x.text + "   "
		if x.mark != "" {
			text = " " + text
		}
		if room < kit.Width(x.mark+text) {
			break
		}
		room -= kit.Width(x.mark + text)
		b.WriteString(x.style.Paint(x.mark) + set.Dim.Paint(text))
	}
	return b.String() + set.Base.Paint(kit.Space(room))
}

// dayLine tells of the day under the cursor.
func (p *Page) dayLine(w int) string {
	set, ws := p.env.Theme.Page, p.env.Words
	d, ok := p.current()
	if !ok {
		return set.Base.Paint(kit.Space(w))
	}
	said := ws.Duty.Year
	zone := p.env.Now().Location()
	var parts []string
	switch holiday := frame.CalendarOf(p.env.Desk).Holiday(d.Day); {
	case !d.Checked.IsZero():
		parts = append(parts, sprintf(said.DayChecked, d.Checked.In(zone).Format("15:04")))
	case !d.Opened.IsZero():
		parts = append(parts, sprintf(said.DayOpened, d.Opened.In(zone).Format("15:04")))
	case !d.Workday && holiday != "":
		parts = append(parts, holiday)
	case !d.Workday:
		parts = append(parts, said.DayOff)
	case d.Excused == rule.Unrecorded:
		parts = append(parts, said.DayUnknown)
	case d.Excused != "":
		parts = append(parts, ws.Duty.Leave.Kinds[d.Excused])
	case p.ahead(d):
		parts = append(parts, said.DayAhead)
	default:
		parts = append(parts, said.DayMissed)
	}
	if d.Received+d.Answered > 0 {
		parts = append(parts, sprintf(said.DayLetters, d.Received, d.Answered))
	}
	if d.Waiting > 0 {
		parts = append(parts, sprintf(said.DayWaiting, d.Waiting))
	}
	return set.Bold.Paint(kit.Fit("  "+sprintf(said.Day, ws.Day(d.Day), strings.Join(parts, "; ")), w))
}
