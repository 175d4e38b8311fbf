package main

import (
	"context"
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/rule"
)

// daysSchema describes what `hopthu duty --json --month` prints (JSON Schema 2020-12).
//
//go:embed schema/days.schema.json
var daysSchema string

// daysJSON is what `hopthu duty --json --month` prints. Fields are only added, never renamed.
type daysJSON struct {
	Version  int    `json:"version"`
	Account  string `json:"account"`
	From     string `json:"from"`
	Until    string `json:"until"`
	Source   string `json:"source"`
	Workdays int    `json:"workdays"`
	Opened   int    `json:"opened"`
	Checked  int    `json:"checked"`
	Excused  int    `json:"excused"`
	Awaiting int    `json:"awaiting"`
	sumsJSON
	Trend  *trendJSON  `json:"trend,omitempty"`
	Months []monthJSON `json:"months"`
	Weeks  []weekJSON  `json:"weeks"`
	Days   []dayJSON   `json:"days"`
}

// trendJSON is where the time to answer is going.
type trendJSON struct {
	Recent    int    `json:"recent_median_minutes"`
	Before    int    `json:"before_median_minutes"`
	Direction string `json:"direction"`
}

// sumsJSON is what a day, a month and all of them have.
type sumsJSON struct {
	Received int  `json:"received"`
	Answered int  `json:"answered"`
	InTime   int  `json:"in_time"`
	Late     int  `json:"late"`
	Median   *int `json:"median_minutes,omitempty"`
}

type monthJSON struct {
	Month    string `json:"month"`
	Workdays int    `json:"workdays"`
	Opened   int    `json:"opened"`
	Checked  int    `json:"checked"`
	sumsJSON
	Change *int `json:"median_change_minutes,omitempty"` // against the last month before that has a median
}

type weekJSON struct {
	Week string `json:"week"` // its Monday
	sumsJSON
}

type dayJSON struct {
	Day     string    `json:"day"`
	Workday bool      `json:"workday"`
	Excused string    `json:"excused,omitempty"`
	Opened  time.Time `json:"opened,omitzero"`
	Checked time.Time `json:"checked,omitzero"`
	sumsJSON
	Waiting int `json:"waiting"`
}

func sums(received, answered, inTime, late, median int) sumsJSON {
	s := sumsJSON{received, answered, inTime, late, nil}
	if median >= 0 {
		s.Median = &median
	}
	return s
}

// span reads --month and --year; zero times without either.
func (r *root) span(f dutyFlags) (from, until time.Time, err error) {
	bad := func(text string) error {
		fmt.Fprintln(r.term.err, text) //nolint:errcheck // a closed standard error has nobody to tell
		return exit(exitUsage)
	}
	switch {
	case f.month != "" && f.year != "":
		return from, until, bad(r.c.OneOnly)
	case f.month != "":
		if from, err = time.ParseInLocation("2006-01", f.month, rule.Zone); err != nil {
			return time.Time{}, until, bad(r.c.BadMonth)
		}
		return from, from.AddDate(0, 1, -1), nil
	case f.year != "":
		n, err := strconv.Atoi(f.year)
		if err != nil || n < 2000 || n > 2100 {
			return from, until, bad(r.c.BadYear)
		}
		from = time.Date(n, 1, 1, 0, 0, 0, 0, rule.Zone)
		return from, from.AddDate(1, 0, -1), nil
	}
	return from, until, nil
}

// record prints the daily record of an account.
func (r *root) record(ctx context.Context, a *app, f dutyFlags, from, until time.Time) error {
	accounts := a.desk.Accounts()
	if len(accounts) == 0 {
		fmt.Fprintln(r.term.err, r.c.NoAccounts) //nolint:errcheck // a closed standard error has nobody to tell
		return exit(exitFailed)
	}
	own := accounts[0]
	if f.box != "" {
		var ok bool
		if own, ok = find(accounts, f.box); !ok {
			fmt.Fprintln(r.term.err, fmtf(r.c.NoSuchAccount, f.box)) //nolint:errcheck // a closed standard error has nobody to tell
			return exit(exitUsage)
		}
	}
	y, err := a.desk.Days(ctx, own.ID, from, until)
	if err != nil {
		return err
	}
	if f.json {
		return r.printJSON(daysOf(y, own.Address))
	}
	r.recordAsText(y, f.month != "")
	return nil
}

func find(accounts []mail.Account, address string) (mail.Account, bool) {
	for _, a := range accounts {
		if a.Mine(address) || string(a.ID) == address {
			return a, true
		}
	}
	return mail.Account{}, false
}

// daysOf is the record as it is printed.
func daysOf(y mail.DutyYear, address string) daysJSON {
	out := daysJSON{
		Version: 1, Account: address, From: y.From.Format(time.DateOnly), Until: y.Until.Format(time.DateOnly), Source: y.Source,
		Workdays: y.Workdays, Opened: y.Opened, Checked: y.Checked, Excused: y.Excused, Awaiting: y.Waiting,
		sumsJSON: sums(y.Received, y.Answered, y.InTime, y.Late, y.Median),
		Trend:    trendOf(y.Months),
		Months:   make([]monthJSON, 0, len(y.Months)), Weeks: make([]weekJSON, 0, len(y.Weeks)), Days: make([]dayJSON, 0, len(y.Days)),
	}
	for i, m := range y.Months {
		one := monthJSON{
			Month: m.Month.Format("2006-01"), Workdays: m.Workdays, Opened: m.Opened, Checked: m.Checked,
			sumsJSON: sums(m.Received, m.Answered, m.InTime, m.Late, m.Median),
		}
		if by, ok := rule.MedianChange(y.Months, i); ok {
			one.Change = &by
		}
		out.Months = append(out.Months, one)
	}
	for _, w := range y.Weeks {
		out.Weeks = append(out.Weeks, weekJSON{Week: w.Week.Format(time.DateOnly), sumsJSON: sums(w.Received, w.Answered, w.InTime, w.Late, w.Median)})
	}
	for _, d := range y.Days {
		out.Days = append(out.Days, dayJSON{
			Day: d.Day.Format(time.DateOnly), Workday: d.Workday, Excused: d.Excused, Opened: d.Opened, Checked: d.Checked,
			sumsJSON: sums(d.Received, d.Answered, d.InTime, d.Late, d.Median), Waiting: d.Waiting,
		})
	}
	return out
}

// trendOf is nil where there are too few months to compare.
func trendOf(months []mail.DutyMonth) *trendJSON {
	t := rule.TrendOf(months)
	if t.Recent < 0 {
		return nil
	}
	return &trendJSON{t.Recent, t.Before, [...]string{"faster", "steady", "slower"}[t.Direction+1]}
}

// recordAsText prints the days of a month, or the months of a year.
func (r *root) recordAsText(y mail.DutyYear, byDay bool) {
	r.say(r.c.DaysSum, y.From.Format("02/01/2006"), y.Until.Format("02/01/2006"), y.Checked, y.Workdays, y.Opened, y.Excused,
		y.Received, y.Answered, y.InTime, y.Late, r.took(y.Median), y.Waiting)
	heads := strings.Split(r.c.DaysHead, "|")
	line := func(name string, cells ...string) {
		var b strings.Builder
		b.WriteString(pad(name, 12, false))
		for i, c := range cells {
			b.WriteString(pad(c, max(len([]rune(heads[i])), 6)+2, true))
		}
		r.say("%s", strings.TrimRight(b.String(), " "))
	}
	r.say("")
	line("", heads...)
	number := func(n int) string {
		if n == 0 {
			return "·"
		}
		return strconv.Itoa(n)
	}
	if !byDay {
		for _, m := range y.Months {
			line(m.Month.Format("01/2006"), fmt.Sprintf("%d/%d", m.Opened, m.Workdays), fmt.Sprintf("%d/%d", m.Checked, m.Workdays),
				number(m.Received), number(m.Answered), number(m.Late), "", r.took(m.Median))
		}
		return
	}
	hour := func(t time.Time, d mail.DayCount) string {
		switch {
		case !t.IsZero():
			return t.Format("15:04")
		case !d.Workday:
			return ""
		case d.Excused != "" && d.Excused != rule.Unrecorded:
			return r.w.Duty.Leave.Kinds[d.Excused]
		}
		return "·"
	}
	for _, d := range y.Days {
		line(r.c.Weekdays[d.Day.Weekday()]+" "+d.Day.Format("02/01"), hour(d.Opened, d), hour(d.Checked, d), number(d.Received), number(d.Answered),
			number(d.Late), number(d.Waiting), r.took(d.Median))
	}
}

// took writes minutes as the year on the screen does.
func (r *root) took(minutes int) string { return r.w.Took(minutes) }

// pad fills text to a width of letters.
func pad(s string, n int, left bool) string {
	space := strings.Repeat(" ", max(n-len([]rune(s)), 1))
	if left {
		return space + s
	}
	return s + space
}
