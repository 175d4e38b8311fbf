package year

import (
	"strings"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/ui/kit"
	"hopthu/ui/theme"
)

// place is where a month's numbers end, and how wide they may be.
type place struct{ end, width int }

// monthPlaces are those of the months in the calendar's own columns.
func (p *Page) monthPlaces(g grid) []place {
	out := make([]place, len(p.year.Months))
	for i, m := range p.year.Months {
		end := labelWidth + g.weeks*g.cell
		if i+1 < len(p.year.Months) {
			end = p.monthAt(g, p.year.Months[i+1]) - 1
		}
		out[i] = place{end, end - p.monthAt(g, m)}
	}
	return out
}

// weeks draws received letters above a line and answered ones below it, week by week, each under its column of the calendar.
func (p *Page) weeks(g grid, w, h int) []string {
	set, glyph, said := p.env.Theme.Page, p.env.Theme.Glyph, p.env.Words.Duty.Year
	half := max((h-1)/2, 1)
	most := 1
	for _, x := range p.year.Weeks {
		most = max(most, x.Received, x.Answered)
	}
	line := func(label string, y int, count func(mail.DutyWeek) int, full string, style theme.Style) string {
		var b strings.Builder
		b.WriteString(set.Dim.Paint(kit.Fit(label, labelWidth)))
		for i := range g.weeks {
			mark := " "
			if k := g.first + i; k < len(p.year.Weeks) && count(p.year.Weeks[k])*half > (y-1)*most { // anything at all shows
				mark = full
			}
			b.WriteString(style.Paint(mark) + set.Base.Paint(kit.Space(g.cell-1)))
		}
		return b.String() + set.Base.Paint(kit.Space(w-labelWidth-g.weeks*g.cell))
	}
	label := func(y int, name string) string {
		switch y {
		case 1:
			return "  " + name
		case half:
			return kit.FitLeft(p.env.Words.Count(most), labelWidth-1)
		}
		return ""
	}
	out := make([]string, 0, 2*half+1)
	for y := half; y >= 1; y-- {
		out = append(out, line(label(y, glyph.Full+" "+said.Received), y, func(x mail.DutyWeek) int { return x.Received }, glyph.Full, set.Accent))
	}
	rule := strings.Repeat(glyph.Rule, max(min(g.weeks*g.cell-1, w-labelWidth), 0))
	out = append(out, set.Dim.Paint(kit.Fit("  "+said.Weekly, labelWidth))+set.Rule.Paint(kit.Fit(rule, max(w-labelWidth, 0))))
	for y := 1; y <= half; y++ {
		out = append(out, line(label(y, glyph.Half+" "+said.Answered), y, func(x mail.DutyWeek) int { return x.Answered }, glyph.Half, set.Good))
	}
	return out
}

// bars draws received and answered letters month by month, h lines high, with their numbers below.
func (p *Page) bars(w, h int) []string {
	cols := len(p.year.Months)
	if cols == 0 {
		return nil
	}
	cell := min(max((w-labelWidth-1)/cols, 3), 11)
	if cell < 5 && w-labelWidth < 5*cols { // the latest months, as many as there is room for
		cell = 5
		cols = max((w-labelWidth)/cell, 1)
	}
	months := p.latest(cols)
	most := 1
	places := make([]place, len(months))
	for i, m := range months {
		most = max(most, m.Received, m.Answered)
		places[i] = place{labelWidth + (i+1)*cell, cell}
	}
	var out []string
	for y := h; y >= 1; y-- {
		out = append(out, p.barLine(months, y, h, most, cell, w))
	}
	return append(out, p.table(months, places, w)...)
}

// table has the numbers of months, each month's ending in its place.
func (p *Page) table(months []mail.DutyMonth, places []place, w int) []string {
	set, said := p.env.Theme.Page, p.env.Words.Duty.Year
	row := func(label string, each func(i int) string, style theme.Style) string {
		var b strings.Builder
		at := labelWidth
		for i := range months {
			if places[i].end > w || places[i].width < 1 {
				break
			}
			b.WriteString(kit.FitLeft(kit.Cut(each(i), places[i].width), places[i].end-at))
			at = places[i].end
		}
		return set.Dim.Paint(kit.Fit("  "+label, labelWidth)) + style.Paint(kit.Fit(b.String(), max(w-labelWidth, 0)))
	}
	number := func(n int) string {
		if n == 0 {
			return said.None
		}
		return p.env.Words.Count(n)
	}
	glyph := p.env.Theme.Glyph
	return []string{
		row("", func(i int) string { return said.Months[months[i].Month.Month()-1] }, set.Dim),
		row(glyph.Full+" "+said.Received, func(i int) string { return number(months[i].Received) }, set.Base),
		row(glyph.Half+" "+said.Answered, func(i int) string { return number(months[i].Answered) }, set.Base),
		row("  "+said.Late, func(i int) string { return number(months[i].Late) }, set.Warn),
		row("  "+said.Median, func(i int) string { return p.turned(months[i]) + p.env.Words.Took(months[i].Median) }, set.Base),
	}
}

// turned marks a month whose median is a tenth or more above or below that of the month before it.
func (p *Page) turned(m mail.DutyMonth) string {
	for i := range p.year.Months {
		if !p.year.Months[i].Month.Equal(m.Month) {
			continue
		}
		by, ok := rule.MedianChange(p.year.Months, i)
		switch before := m.Median - by; {
		case !ok:
		case 10*by >= before && by > 0:
			return p.env.Theme.Glyph.Up
		case 10*by <= -before && by < 0:
			return p.env.Theme.Glyph.Down
		}
	}
	return ""
}

// latest is the year's months, or as many as n that end with the one of the day under the cursor.
func (p *Page) latest(n int) []mail.DutyMonth {
	list := p.year.Months
	if n >= len(list) {
		return list
	}
	end := n
	if d, ok := p.current(); ok {
		end = max(int(d.Day.Month()), n)
	}
	return list[end-n : end]
}

// barLine is line y of h of the bars, counted from the ground.
func (p *Page) barLine(months []mail.DutyMonth, y, h, most, cell, w int) string {
	set, g := p.env.Theme.Page, p.env.Theme.Glyph
	label := ""
	if y == h {
		label = p.env.Words.Count(most)
	}
	var b strings.Builder
	b.WriteString(set.Dim.Paint(kit.FitLeft(label, labelWidth-1) + " "))
	thick := max((cell-2)/2, 1)
	for _, m := range months {
		b.WriteString(set.Base.Paint(kit.Space(cell - 2*thick)))
		for _, x := range []struct {
			n     int
			full  string
			style theme.Style
		}{{m.Received, g.Full, set.Accent}, {m.Answered, g.Half, set.Good}} {
			mark := " "
			if x.n*h > (y-1)*most { // anything at all shows
				mark = x.full
			}
			b.WriteString(x.style.Paint(strings.Repeat(mark, thick)))
		}
	}
	used := labelWidth + cell*len(months)
	return b.String() + set.Base.Paint(kit.Space(w-used))
}

// trend says how long answers take, and where that is going.
func (p *Page) trend(w int) string {
	said, glyph := p.env.Words.Duty.Year, p.env.Theme.Glyph
	text := "  " + sprintf(said.Trend, p.env.Words.Took(p.year.Median), p.direction())
	marks := "   " + sprintf(said.Turned, glyph.Down, glyph.Up)
	if kit.Width(text+marks) <= w {
		text += marks
	}
	return p.env.Theme.Page.Base.Paint(kit.Fit(text, w))
}

// direction puts the trend into words.
func (p *Page) direction() string {
	said := p.env.Words.Duty.Year
	t := rule.TrendOf(p.year.Months)
	switch {
	case t.Recent < 0:
		return said.NoTrend
	case t.Direction < 0:
		return sprintf(said.Faster, p.env.Words.Took(t.Recent), p.env.Words.Took(t.Before))
	case t.Direction > 0:
		return sprintf(said.Slower, p.env.Words.Took(t.Recent), p.env.Words.Took(t.Before))
	}
	return said.Same
}
