package read

import (
	"context"
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
	"hopthu/ui/words"
)

// deferWorkdays is the quick choice of a few working days.
const deferWorkdays = 3

// workEnd is the hour at which a day's terms end.
const workEnd = 17

// putOff is the question for another due date: a day, and why (QC 9).
type putOff struct {
	env    frame.Env
	cal    *rule.Calendar
	count  int
	now    time.Time
	due    time.Time // as it stands; zero for several letters
	days   []time.Time
	words  []string // of the choices; the one without a day is typed
	typed  int      // index of the day that is typed
	back   int      // index of going back to the rule's date, -1 if it stands already
	at     int
	inDate bool // the day is being typed, not the reason
	date   kit.Field
	reason kit.Field
	fault  string
	x, y   int
	show   bool
	later  bool // asks until when letters are put off, which needs no reason
}

// deferred is the answer: zero time goes back to the rule's date.
type deferred struct {
	due    time.Time
	reason string
}

// newPutOff asks about letters; s has at least one that awaits an answer.
func newPutOff(env frame.Env, s Selection) *putOff {
	w := env.Words.Reading.Defer
	cal, now := frame.CalendarOf(env.Desk), env.Now().In(rule.Zone)
	d := &putOff{env: env, cal: cal, count: len(s.IDs), now: now, back: -1}
	set := false
	for _, h := range s.Heads {
		set = set || h.DueSet
	}
	if len(s.Heads) == 1 {
		d.due = s.Heads[0].Due
		d.reason.SetText(s.Heads[0].DueReason)
	}
	monday := now.AddDate(0, 0, 7-(int(now.Weekday())+6)%7)
	for !cal.IsWorkday(monday) {
		monday = monday.AddDate(0, 0, 1)
	}
	d.add(w.Tomorrow, cal.AddWorkdays(now, 1))
	d.add(fmt.Sprintf(w.Workdays, deferWorkdays), cal.AddWorkdays(now, deferWorkdays))
	d.add(w.NextWeek, monday)
	d.typed = len(d.words)
	d.add(w.Other, time.Time{})
	if set {
		d.back = len(d.words)
		d.add(w.Rule, time.Time{})
	}
	return d
}

func (d *putOff) add(word string, day time.Time) {
	if !day.IsZero() {
		y, m, n := day.In(rule.Zone).Date()
		day = time.Date(y, m, n, workEnd, 0, 0, 0, rule.Zone)
	}
	d.words, d.days = append(d.words, word), append(d.days, day)
}

func (d *putOff) Title() string {
	if d.later {
		return words.Say(d.env.Words.Duty.Later.Title, d.env.Words.Count(d.count))
	}
	return words.Say(d.env.Words.Reading.Defer.Title, d.env.Words.Count(d.count))
}

func (d *putOff) Contexts() []keys.Context {
	return []keys.Context{keys.Dialog, keys.Field, keys.Viet}
}

func (d *putOff) Actions() []keys.ID {
	out := []keys.ID{keys.Yes, keys.Down}
	if d.at == d.typed {
		out = append(out, keys.NextField)
	}
	return append(out, keys.Close)
}

// Name is the verb of Enter.
func (d *putOff) Name(id keys.ID) string {
	switch {
	case id == keys.Down:
		return d.env.Words.Act.Choose.Short
	case id == keys.Yes && d.later:
		return d.env.Words.Duty.Act.Later.Short
	case id == keys.Yes && d.at != d.back:
		return d.env.Words.Act.Defer.Short
	}
	return ""
}

// Cursor is where one types.
func (d *putOff) Cursor() (x, y int, ok bool) { return d.x, d.y, d.show }

func (d *putOff) Update(msg tea.Msg) (bool, tea.Cmd) {
	if m, ok := msg.(keys.Mouse); ok {
		if m.Kind == keys.Click && m.Y >= d.first() && m.Y < d.first()+len(d.words) {
			d.choose(m.Y - d.first())
		}
		return false, nil
	}
	m, ok := msg.(keys.Press)
	if !ok {
		return false, nil
	}
	switch m.Action {
	case keys.Close:
		return true, nil
	case keys.Yes:
		return d.accept()
	case keys.Down:
		d.choose(d.at + 1)
	case keys.Up:
		d.choose(d.at - 1)
	case keys.NextField, keys.PrevField:
		d.inDate = d.at == d.typed && !d.inDate
	default:
		field := &d.reason
		if d.inDate {
			field = &d.date
		}
		if d.env.Edit(field, m) {
			d.fault = ""
		}
	}
	return false, nil
}

func (d *putOff) choose(i int) {
	d.at = (i + len(d.words)) % len(d.words)
	d.inDate, d.fault = d.at == d.typed, ""
}

// accept answers when a day and a reason are there; going back to the rule's date needs none.
func (d *putOff) accept() (bool, tea.Cmd) {
	w := d.env.Words.Reading.Defer
	if d.at == d.back {
		return true, d.env.Reply(0, deferred{})
	}
	day := d.days[d.at]
	if d.at == d.typed {
		var ok bool
		if day, ok = parseDay(d.date.Text(), d.now); !ok {
			d.inDate, d.fault = true, w.BadDate
			return false, nil
		}
	}
	reason := strings.TrimSpace(d.reason.Text())
	switch {
	case !day.After(d.now):
		d.inDate, d.fault = d.at == d.typed, w.Past
		return false, nil
	case d.later:
		return true, d.env.Reply(0, putLater{day, kit.NFC(reason)})
	case reason == "" && d.inDate:
		d.inDate = false
		return false, nil
	case reason == "":
		d.fault = w.NeedReason
		return false, nil
	}
	return true, d.env.Reply(0, deferred{day, kit.NFC(reason)})
}

// parseDay reads "5/12", "05-12-2026" or "05/12/26": the end of work on that day; without a year it is the next such day.
func parseDay(s string, now time.Time) (time.Time, bool) {
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == '-' || r == '.' || r == ' ' })
	if len(parts) < 2 || len(parts) > 3 {
		return time.Time{}, false
	}
	var n [3]int
	for i, p := range parts {
		if len(p) > 4 {
			return time.Time{}, false
		}
		for _, c := range p {
			if c < '0' || c > '9' {
				return time.Time{}, false
			}
			n[i] = n[i]*10 + int(c-'0')
		}
	}
	year := n[2]
	switch {
	case len(parts) == 2:
		year = now.Year()
	case year < 100:
		year += 2000
	}
	at := time.Date(year, time.Month(n[1]), n[0], workEnd, 0, 0, 0, rule.Zone)
	if len(parts) == 2 && at.Before(now) {
		at = time.Date(year+1, time.Month(n[1]), n[0], workEnd, 0, 0, 0, rule.Zone)
	}
	return at, at.Day() == n[0] && int(at.Month()) == n[1]
}

// first is the line of the first choice.
func (d *putOff) first() int {
	if d.due.IsZero() {
		return 0
	}
	return 2
}

func (d *putOff) View(w, _ int) []string {
	th, ws := d.env.Theme, d.env.Words
	box, said := th.Box, ws.Reading.Defer
	w = min(w, 62)
	var out []string
	if !d.due.IsZero() {
		out = append(out, box.Dim.Paint(kit.Fit(fmt.Sprintf(said.Now, ws.Day(d.due.In(d.now.Location()))), w)), box.Base.Paint(kit.Space(w)))
	}
	look := kit.Look{Text: th.Soft.Base.Paint, Selected: th.Sel.Base.Paint, Hint: th.Soft.Dim.Paint}
	d.show = d.at != d.back
	const label = 24
	for i, word := range d.words {
		set, mark := box, " "
		if i == d.at {
			set, mark = th.Sel, th.Glyph.Cursor
		}
		left := set.Accent.Paint(mark+" ") + set.Base.Paint(kit.Fit(word, label-2))
		switch {
		case i == d.at && d.at == d.typed:
			line, x := d.date.View(w-label, said.DateHint, look)
			out = append(out, left+line)
			if d.inDate {
				d.x, d.y = label+x, len(out)-1
			}
		case d.days[i].IsZero():
			out = append(out, left+set.Base.Paint(kit.Space(w-label)))
		default:
			out = append(out, left+set.Dim.Paint(kit.Fit(ws.Day(d.days[i]), w-label)))
		}
	}
	out = append(out, box.Base.Paint(kit.Space(w)))
	if d.at != d.back {
		word, hint := said.Reason, said.ReasonHint
		if d.later {
			word, hint = ws.Duty.Later.Reason, ws.Duty.Later.ReasonHint
		}
		lead := kit.Fit(word, label)
		style := box.AccentBold
		if d.inDate {
			style = box.Dim
		}
		line, x := d.reason.View(w-label, hint, look)
		out = append(out, style.Paint(lead)+line)
		if !d.inDate {
			d.x, d.y = label+x, len(out)-1
		}
	} else {
		out = append(out, box.Base.Paint(kit.Space(w)))
	}
	if d.fault == "" && d.at == d.typed {
		return append(out, box.Dim.Paint(kit.Fit(d.dayWords(), w)))
	}
	return append(out, box.Warn.Paint(kit.Fit(d.fault, w)))
}

// dayWords says which day was typed, and if nobody works then.
func (d *putOff) dayWords() string {
	day, ok := parseDay(d.date.Text(), d.now)
	if !ok {
		return ""
	}
	text := d.env.Words.Day(day)
	if !d.cal.IsWorkday(day) {
		text += ", " + d.env.Words.Reading.Defer.DayOff
	}
	return text
}

type putting struct{ d deferred }

func (p putting) do(ctx context.Context, desk frame.Desk, ids []mail.LetterID) error {
	return desk.SetDue(ctx, ids, p.d.due, p.d.reason)
}
