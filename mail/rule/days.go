package rule

import (
	"slices"
	"time"

	"hopthu/mail"
)

// Day is the midnight with which t's day begins in Zone.
func Day(t time.Time) time.Time { return midnight(t) }

// Obligation is one letter that obliges to answer, as the days count it.
type Obligation struct {
	Received time.Time
	Settled  time.Time // when it was answered or excused, zero if it was not or nobody knows when
	Freed    time.Time // when it was excused, where it was answered all the same later: from then on it does not wait
	Due      time.Time // by when it was to be answered; only looked at with Answered
	Answered bool
	Awaits   bool
}

// LeaveOn is the kind of the leave or trip that holds on a day, "" if there is none.
func LeaveOn(leaves []mail.Leave, day time.Time) string {
	n := dayNumber(day)
	for _, l := range leaves {
		if dayNumber(l.From) <= n && n <= dayNumber(l.Until) {
			return l.Kind
		}
	}
	return ""
}

// Unrecorded is what excuses days from before the record was begun: nobody knows of them.
const Unrecorded = "before"

// CountDays counts each day from one to another, both included (QC 9): which are worked on, which leave or a trip excuses, and
// how many letters came, were answered, in time or late, and still waited at the end of each. marks says when the box was opened
// and checked on a day; its other fields are not looked at. A letter that was settled nobody knows when counts on the day it
// came only. Days before begun, when the record was, are Unrecorded; days after now are there, empty.
func CountDays(c *Calendar, list []Obligation, marks []mail.DayCount, leaves []mail.Leave, from, until, begun, now time.Time) mail.DutyYear {
	first, last, start, today := dayNumber(from), dayNumber(until), dayNumber(begun), dayNumber(now)
	y := mail.DutyYear{From: midnight(from), Until: midnight(until), Median: -1}
	if last < first || last-first > maxDays {
		return y
	}
	y.Days = make([]mail.DayCount, last-first+1)
	minutes := make([][]int, len(y.Days))
	for i := range y.Days {
		day := y.From.AddDate(0, 0, i)
		y.Days[i] = mail.DayCount{Day: day, Workday: c.works(first + i), Excused: LeaveOn(leaves, day), Median: -1}
		if first+i < start {
			y.Days[i].Excused = Unrecorded
		}
	}
	for _, m := range marks {
		if i := dayNumber(m.Day) - first; i >= 0 && i < len(y.Days) {
			y.Days[i].Opened, y.Days[i].Checked = m.Opened, m.Checked
		}
	}
	waiting := make([]int, len(y.Days)+1) // changes, summed up below
	for _, o := range list {
		came := dayNumber(o.Received)
		if came >= first && came <= last {
			y.Days[came-first].Received++
		}
		switch {
		case o.Awaits:
			wait(waiting, came-first, len(y.Days))
		case !o.Freed.IsZero() && o.Freed.Before(o.Settled):
			wait(waiting, came-first, dayNumber(o.Freed)-first)
		case !o.Settled.IsZero():
			wait(waiting, came-first, dayNumber(o.Settled)-first)
		}
		if !o.Answered || o.Settled.IsZero() {
			continue
		}
		i := dayNumber(o.Settled) - first
		if i < 0 || i >= len(y.Days) {
			continue
		}
		d := &y.Days[i]
		d.Answered++
		if o.Due.IsZero() || !o.Settled.After(o.Due) || dayNumber(o.Settled) == dayNumber(o.Due) {
			d.InTime++
		} else {
			d.Late++
		}
		minutes[i] = append(minutes[i], max(int(o.Settled.Sub(o.Received)/time.Minute), 0))
	}
	sum := 0
	for i := range y.Days {
		if sum += waiting[i]; first+i <= today {
			y.Days[i].Waiting = sum
		}
		y.Days[i].Median = median(minutes[i])
	}
	for _, o := range list {
		if o.Awaits {
			y.Waiting++
		}
	}
	SumDays(&y, now)
	at := 0 // exact medians in the place of those that the days' own give
	for k := range y.Months {
		end := at + monthEnd(y.Days[at:])
		y.Months[k].Median = median(slices.Concat(minutes[at:end]...))
		at = end
	}
	at = 0
	for k := range y.Weeks {
		end := at + weekEnd(y.Days[at:])
		y.Weeks[k].Median = median(slices.Concat(minutes[at:end]...))
		at = end
	}
	y.Median = median(slices.Concat(minutes...))
	return y
}

// wait counts a letter as waiting at the end of the days from the index of one to before another.
func wait(changes []int, from, to int) {
	n := len(changes) - 1
	from, to = min(max(from, 0), n), min(max(to, 0), n)
	if from < to {
		changes[from]++
		changes[to]--
	}
}

func median(list []int) int {
	if len(list) == 0 {
		return -1
	}
	list = slices.Clone(list)
	slices.Sort(list)
	n := len(list)
	if n%2 == 1 {
		return list[n/2]
	}
	return (list[n/2-1] + list[n/2]) / 2
}

// monthEnd is the number of days that the first month of days has among them.
func monthEnd(days []mail.DayCount) int {
	for i, d := range days {
		if d.Day.Month() != days[0].Day.Month() {
			return i
		}
	}
	return len(days)
}

// weekEnd is the number of days that the first week of days has among them.
func weekEnd(days []mail.DayCount) int {
	for i, d := range days {
		if i > 0 && d.Day.Weekday() == time.Monday {
			return i
		}
	}
	return len(days)
}

// sumWeeks makes the weeks of a year from its days.
func sumWeeks(days []mail.DayCount) (out []mail.DutyWeek) {
	for start := 0; start < len(days); {
		end := start + weekEnd(days[start:])
		first := days[start].Day
		w := mail.DutyWeek{Week: first.AddDate(0, 0, -(int(first.Weekday())+6)%7)}
		var own []int
		for _, d := range days[start:end] {
			w.Received += d.Received
			w.Answered += d.Answered
			w.InTime += d.InTime
			w.Late += d.Late
			own = append(own, weighed(d)...)
		}
		w.Median = median(own)
		out = append(out, w)
		start = end
	}
	return out
}

// weighed is a day's median, as often as the day has answers.
func weighed(d mail.DayCount) []int {
	if d.Median < 0 {
		return nil
	}
	return slices.Repeat([]int{d.Median}, d.Answered)
}

// trendMonths are the latest months that are compared with those before.
const trendMonths = 3

// TrendOf compares the last three months that have answers with those before them; a tenth more or less is no change.
func TrendOf(months []mail.DutyMonth) mail.Trend {
	with := slices.DeleteFunc(slices.Clone(months), func(m mail.DutyMonth) bool { return m.Median < 0 })
	if len(with) < trendMonths+1 {
		return mail.Trend{Recent: -1, Before: -1}
	}
	cut := len(with) - trendMonths
	t := mail.Trend{Recent: mean(with[cut:]), Before: mean(with[:cut])}
	switch {
	case 10*t.Recent < 9*t.Before:
		t.Direction = -1
	case 10*t.Recent > 11*t.Before:
		t.Direction = 1
	}
	return t
}

// mean is that of the months' medians, each as often as the month has answers.
func mean(list []mail.DutyMonth) int {
	sum, n := 0, 0
	for _, m := range list {
		sum += m.Median * m.Answered
		n += m.Answered
	}
	return sum / max(n, 1)
}

// MedianChange is by how many minutes the median of the month at i differs from that of the last month before it that has one;
// ok is false where there is nothing to compare.
func MedianChange(months []mail.DutyMonth, i int) (minutes int, ok bool) {
	if months[i].Median < 0 {
		return 0, false
	}
	for k := i - 1; k >= 0; k-- {
		if months[k].Median >= 0 {
			return months[i].Median - months[k].Median, true
		}
	}
	return 0, false
}

// SumDays makes the sums of a year, its months and its weeks, from its days. Days of work after now's day oblige nobody yet. Medians are
// those of the days, each as often as it has answers: the letters themselves are not known here.
func SumDays(y *mail.DutyYear, now time.Time) {
	today := dayNumber(now)
	y.Months = nil
	y.Workdays, y.Opened, y.Checked, y.Excused, y.Received, y.Answered, y.InTime, y.Late = 0, 0, 0, 0, 0, 0, 0, 0
	var all []int
	for start := 0; start < len(y.Days); {
		end := start + monthEnd(y.Days[start:])
		m := mail.DutyMonth{Month: y.Days[start].Day}
		var own []int
		for _, d := range y.Days[start:end] {
			if d.Workday && d.Excused != "" && d.Excused != Unrecorded {
				y.Excused++
			}
			if d.Workday && d.Excused == "" && dayNumber(d.Day) <= today {
				m.Workdays++
				m.Opened += count01(!d.Opened.IsZero() || !d.Checked.IsZero())
				m.Checked += count01(!d.Checked.IsZero())
			}
			m.Received += d.Received
			m.Answered += d.Answered
			m.InTime += d.InTime
			m.Late += d.Late
			own = append(own, weighed(d)...)
		}
		m.Median = median(own)
		all = append(all, own...)
		y.Months = append(y.Months, m)
		y.Workdays += m.Workdays
		y.Opened += m.Opened
		y.Checked += m.Checked
		y.Received += m.Received
		y.Answered += m.Answered
		y.InTime += m.InTime
		y.Late += m.Late
		start = end
	}
	y.Median = median(all)
	y.Weeks = sumWeeks(y.Days)
}

func count01(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
