package rule

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"hopthu/mail"
)

// TestDaysOfTet counts a fortnight around Tết 2026 (14–22/02): nobody is obliged on the holidays, leave excuses, a letter of the
// last day is late by working days only.
func TestDaysOfTet(t *testing.T) {
	c := VietNam()
	list := []Obligation{
		{Received: at(t, "2026-02-12T09:00"), Settled: at(t, "2026-02-12T11:00"), Due: at(t, "2026-02-26T17:00"), Answered: true},
		{Received: at(t, "2026-02-13T16:00"), Settled: at(t, "2026-02-23T10:00"), Due: at(t, "2026-02-23T17:00"), Answered: true},
		{Received: at(t, "2026-02-13T16:30"), Settled: at(t, "2026-02-24T08:00"), Due: at(t, "2026-02-23T17:00"), Answered: true},
		{Received: at(t, "2026-02-17T08:00"), Settled: at(t, "2026-02-23T08:00")}, // excused
		{Received: at(t, "2026-02-18T08:00"), Awaits: true},
		{Received: at(t, "2026-02-19T08:00"), Answered: true}, // nobody knows when
		{Received: at(t, "2025-12-31T08:00"), Awaits: true},
	}
	marks := []mail.DayCount{
		{Day: at(t, "2026-02-12T00:00"), Opened: at(t, "2026-02-12T07:55"), Checked: at(t, "2026-02-12T08:12")},
		{Day: at(t, "2026-02-23T00:00"), Opened: at(t, "2026-02-23T07:50")},
		{Day: at(t, "2026-03-30T00:00"), Opened: at(t, "2026-03-30T07:50")}, // out of the days asked for
	}
	leaves := []mail.Leave{{From: at(t, "2026-02-24T00:00"), Until: at(t, "2026-02-25T00:00"), Kind: "trip"}}
	y := CountDays(c, list, marks, leaves, at(t, "2026-02-09T00:00"), at(t, "2026-03-01T00:00"), at(t, "2026-02-10T00:00"), at(t, "2026-02-26T09:00"))
	if len(y.Days) != 21 || y.Workdays != 6 || y.Opened != 2 || y.Checked != 1 || y.Excused != 2 {
		t.Errorf("%d days, %d of work, %d opened, %d checked, %d excused", len(y.Days), y.Workdays, y.Opened, y.Checked, y.Excused)
	}
	if y.Received != 6 || y.Answered != 3 || y.InTime != 2 || y.Late != 1 || y.Waiting != 2 {
		t.Errorf("received %d answered %d in time %d late %d waiting %d", y.Received, y.Answered, y.InTime, y.Late, y.Waiting)
	}
	day := func(s string) mail.DayCount {
		i := slices.IndexFunc(y.Days, func(d mail.DayCount) bool { return d.Day.Equal(at(t, s)) })
		return y.Days[i]
	}
	for s, want := range map[string][6]int{ // received, answered, in time, late, waiting, median
		"2026-02-11T00:00": {0, 0, 0, 0, 1, -1},
		"2026-02-12T00:00": {1, 1, 1, 0, 1, 120},
		"2026-02-13T00:00": {2, 0, 0, 0, 3, -1},
		"2026-02-18T00:00": {1, 0, 0, 0, 5, -1},
		"2026-02-23T00:00": {0, 1, 1, 0, 3, 14040},
		"2026-02-24T00:00": {0, 1, 0, 1, 2, 15330},
		"2026-02-27T00:00": {0, 0, 0, 0, 0, -1}, // has not come yet
	} {
		d := day(s)
		if got := [6]int{d.Received, d.Answered, d.InTime, d.Late, d.Waiting, d.Median}; got != want {
			t.Errorf("%s: %v, want %v", s, got, want)
		}
	}
	if d := day("2026-02-16T00:00"); d.Workday {
		t.Error("Tết is a day of work")
	}
	if d := day("2026-02-24T00:00"); d.Excused != "trip" || !d.Workday {
		t.Errorf("%+v", d)
	}
	if len(y.Months) != 2 || y.Months[0].Workdays != 6 || y.Months[1].Workdays != 0 || y.Median != 14040 {
		t.Errorf("%+v median %d", y.Months, y.Median)
	}
}

// TestDaysAreTheRawRows: whatever the letters, each day and month has what a plain count over the rows gives.
func TestDaysAreTheRawRows(t *testing.T) {
	c := VietNam()
	from, until := at(t, "2026-01-01T00:00"), at(t, "2026-12-31T00:00")
	now := at(t, "2026-10-07T14:00")
	rnd := rand.New(rand.NewPCG(4, 2026))
	for range 20 {
		var list []Obligation
		for range 400 {
			o := Obligation{Received: from.AddDate(0, 0, -30).Add(time.Duration(rnd.IntN(300*24*60)) * time.Minute)}
			o.Due = o.Received.AddDate(0, 0, rnd.IntN(9))
			switch after := o.Received.Add(time.Duration(rnd.IntN(20*24*60)) * time.Minute); rnd.IntN(4) {
			case 0:
				o.Awaits = true
			case 1:
				o.Settled = after
			default:
				o.Settled, o.Answered = after, true
			}
			list = append(list, o)
		}
		y := CountDays(c, list, nil, nil, from, until, from, now)
		month := map[time.Month]*mail.DutyMonth{}
		for _, d := range y.Days {
			end := d.Day.AddDate(0, 0, 1)
			in := func(at time.Time) bool { return !at.Before(d.Day) && at.Before(end) }
			want := mail.DayCount{Day: d.Day, Workday: c.IsWorkday(d.Day), Median: -1}
			var took []int
			for _, o := range list {
				if in(o.Received) {
					want.Received++
				}
				if o.Answered && in(o.Settled) {
					want.Answered++
					if dayNumber(o.Settled) > dayNumber(o.Due) {
						want.Late++
					} else {
						want.InTime++
					}
					took = append(took, int(o.Settled.Sub(o.Received).Minutes()))
				}
				if o.Received.Before(end) && (o.Awaits || !o.Settled.Before(end)) && !d.Day.After(now) {
					want.Waiting++
				}
			}
			want.Median = median(took)
			if d != want {
				t.Fatalf("%s: %+v, want %+v", d.Day.Format(time.DateOnly), d, want)
			}
			m := month[d.Day.Month()]
			if m == nil {
				m = &mail.DutyMonth{}
				month[d.Day.Month()] = m
			}
			m.Received, m.Answered, m.InTime, m.Late = m.Received+d.Received, m.Answered+d.Answered, m.InTime+d.InTime, m.Late+d.Late
		}
		sum := mail.DutyWeek{}
		for i, w := range y.Weeks {
			if w.Week.Weekday() != time.Monday || i > 0 && !w.Week.Equal(y.Weeks[i-1].Week.AddDate(0, 0, 7)) {
				t.Fatalf("week %d begins on %v", i, w.Week)
			}
			want := mail.DutyWeek{Week: w.Week}
			var took []int
			for _, d := range y.Days {
				if !d.Day.Before(w.Week) && d.Day.Before(w.Week.AddDate(0, 0, 7)) {
					want.Received, want.Answered, want.InTime, want.Late = want.Received+d.Received, want.Answered+d.Answered, want.InTime+d.InTime, want.Late+d.Late
				}
			}
			for _, o := range list {
				if o.Answered && !o.Settled.Before(from) && !o.Settled.Before(w.Week) && o.Settled.Before(w.Week.AddDate(0, 0, 7)) {
					took = append(took, int(o.Settled.Sub(o.Received).Minutes()))
				}
			}
			if want.Median = median(took); w != want {
				t.Fatalf("%+v, want %+v", w, want)
			}
			sum.Received, sum.Answered = sum.Received+w.Received, sum.Answered+w.Answered
		}
		if sum.Received != y.Received || sum.Answered != y.Answered {
			t.Fatalf("the weeks have %+v, the year %d and %d", sum, y.Received, y.Answered)
		}
		for _, m := range y.Months {
			w := month[m.Month.Month()]
			if m.Received != w.Received || m.Answered != w.Answered || m.InTime != w.InTime || m.Late != w.Late {
				t.Fatalf("month %v: %+v, want %+v", m.Month, m, *w)
			}
		}
	}
}

func TestNoDays(t *testing.T) {
	if y := CountDays(VietNam(), nil, nil, nil, at(t, "2026-02-09T00:00"), at(t, "2026-02-08T00:00"), time.Time{}, at(t, "2026-02-09T00:00")); len(y.Days) != 0 {
		t.Errorf("%+v", y)
	}
}

func TestTrend(t *testing.T) {
	year := func(medians ...int) (list []mail.DutyMonth) {
		for _, m := range medians {
			list = append(list, mail.DutyMonth{Median: m, Answered: 10})
		}
		return list
	}
	for _, x := range []struct {
		months []mail.DutyMonth
		want   mail.Trend
	}{
		{nil, mail.Trend{Recent: -1, Before: -1}},
		{year(60, 60, 60), mail.Trend{Recent: -1, Before: -1}},
		{year(600, -1, 60, 60, 60, -1), mail.Trend{Recent: 60, Before: 600, Direction: -1}},
		{year(60, 100, 200, 300), mail.Trend{Recent: 200, Before: 60, Direction: 1}},
		{year(100, 100, 105, 110), mail.Trend{Recent: 105, Before: 100}},
	} {
		if got := TrendOf(x.months); got != x.want {
			t.Errorf("%v: %+v, want %+v", x.months, got, x.want)
		}
	}
	months := year(60, -1, 40, 90)
	for i, want := range []struct {
		by int
		ok bool
	}{{0, false}, {0, false}, {-20, true}, {50, true}} {
		if by, ok := MedianChange(months, i); by != want.by || ok != want.ok {
			t.Errorf("month %d: %d %v, want %+v", i, by, ok, want)
		}
	}
}
