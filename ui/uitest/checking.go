package uitest

import (
	"context"
	"slices"
	"time"

	"hopthu/mail"
	"hopthu/mail/rule"
)

// Checks is what the fake knows of the daily duty. Errs and Log are those of Fake.
type Checks struct {
	Looked   map[mail.LetterID]bool
	Off      map[mail.LetterID]time.Time // put off until
	Asked    []mail.Waiting
	Finished time.Time
	Marks    []mail.DayCount   // days opened and checked
	Duties   []rule.Obligation // what Days counts
	Away     []mail.Leave
	Told     bool // Pressing has told its news
}

// Round lists what stands on the day's page and was not looked at, then the unread new letters.
func (f *Fake) Round(ctx context.Context) (mail.Round, error) {
	if err := f.Errs["Round"]; err != nil {
		return mail.Round{}, err
	}
	t, err := f.Today(ctx)
	r := mail.Round{At: f.At, Seen: len(f.Checks.Looked), Finished: f.Checks.Finished}
	seen := map[mail.LetterID]bool{}
	take := func(h mail.Head) {
		if !f.Checks.Looked[h.ID] && !seen[h.ID] {
			seen[h.ID] = true
			r.Letters = append(r.Letters, h)
		}
	}
	for _, list := range [][]mail.DutyItem{t.Overdue, t.DueToday} {
		for _, d := range list {
			take(d.Head)
		}
	}
	due := map[mail.LetterID]bool{}
	for _, d := range t.Soon {
		due[d.ID] = true
	}
	for _, h := range t.Fresh {
		if !h.Flags.Has(mail.Seen) && !due[h.ID] {
			take(h)
		}
	}
	for _, list := range [][]mail.DutyItem{t.Back, t.Soon} {
		for _, d := range list {
			take(d.Head)
		}
	}
	return r, err
}

// changed tells of the duty.
func (f *Fake) changed() { f.events = append(f.events, mail.Event{Kind: mail.DutyChanged}) }

// Looked is logged and kept.
func (f *Fake) Looked(_ context.Context, ids []mail.LetterID) error {
	f.log("looked %v", ids)
	if err := f.Errs["Looked"]; err != nil {
		return err
	}
	defer f.lock()()
	if f.Checks.Looked == nil {
		f.Checks.Looked = map[mail.LetterID]bool{}
	}
	for _, id := range ids {
		f.Checks.Looked[id] = true
		if l := f.Letters[id]; l != nil {
			l.Flags |= mail.Seen
		}
	}
	f.changed()
	return nil
}

// Later is logged and kept.
func (f *Fake) Later(_ context.Context, ids []mail.LetterID, until time.Time, reason string) error {
	f.log("later %v %s %s", ids, until.Format(time.DateOnly), reason)
	if err := f.Errs["Later"]; err != nil {
		return err
	}
	defer f.lock()()
	if f.Checks.Off == nil {
		f.Checks.Off = map[mail.LetterID]time.Time{}
	}
	for _, id := range ids {
		f.Checks.Off[id] = until
	}
	f.undo = append(f.undo, func() {
		for _, id := range ids {
			delete(f.Checks.Off, id)
			delete(f.Checks.Looked, id)
		}
	})
	f.undoName = append(f.undoName, "later")
	f.changed()
	return nil
}

// Finish is a conflict while letters are left.
func (f *Fake) Finish(ctx context.Context) (mail.Round, error) {
	f.log("finish")
	r, err := f.Round(ctx)
	if err == nil {
		err = f.Errs["Finish"]
	}
	if err == nil && len(r.Letters) > 0 {
		err = &mail.Fault{Kind: mail.Conflict, Op: "finish the day's check", Detail: "left"}
	}
	if err != nil {
		return r, err
	}
	defer f.lock()()
	if f.Checks.Finished.IsZero() {
		f.Checks.Finished = f.At
		f.Checks.Marks = append(f.Checks.Marks, mail.DayCount{Day: f.At, Opened: f.At.Add(-5 * time.Minute), Checked: f.At})
	}
	r.Finished = f.Checks.Finished
	f.changed()
	return r, nil
}

// Waitings answers from Asked.
func (f *Fake) Waitings(context.Context) ([]mail.Waiting, error) {
	return f.Checks.Asked, f.Errs["Waitings"]
}

// Remind makes a draft and keeps it.
func (f *Fake) Remind(_ context.Context, sent mail.LetterID) (mail.DraftLetter, error) {
	f.log("remind %d", sent)
	if err := f.Errs["Remind"]; err != nil {
		return mail.DraftLetter{}, err
	}
	defer f.lock()()
	d := mail.DraftLetter{ID: mail.DraftID(900 + int64(sent)), Account: Me, Kind: mail.DraftReply, Origin: sent, Subject: "Re: nhắc", Body: "Kính gửi:", Saved: f.At}
	f.DraftBox = append(f.DraftBox, d)
	f.events = append(f.events, mail.Event{Kind: mail.DraftsChanged})
	return d, nil
}

// Unwait takes letters out of Asked.
func (f *Fake) Unwait(_ context.Context, ids []mail.LetterID) error {
	f.log("unwait %v", ids)
	defer f.lock()()
	before := slices.Clone(f.Checks.Asked)
	f.Checks.Asked = slices.DeleteFunc(slices.Clone(f.Checks.Asked), func(w mail.Waiting) bool { return slices.Contains(ids, w.ID) })
	f.undo = append(f.undo, func() { f.Checks.Asked = before })
	f.undoName = append(f.undoName, "unwait")
	f.changed()
	return f.Errs["Unwait"]
}

// Days counts what Checks holds.
func (f *Fake) Days(_ context.Context, account mail.AccountID, from, until time.Time) (mail.DutyYear, error) {
	if err := f.Errs["Days"]; err != nil {
		return mail.DutyYear{}, err
	}
	y := rule.CountDays(rule.VietNam(), f.Checks.Duties, f.Checks.Marks, f.Checks.Away, from, until, f.Checks.begun(from), f.At)
	y.Account, y.Source = account, "store"
	return y, nil
}

// begun is the first day marked, or the first of all.
func (c *Checks) begun(first time.Time) time.Time {
	if len(c.Marks) > 0 {
		return c.Marks[0].Day
	}
	return first
}

// Leaves answers from Away.
func (f *Fake) Leaves(context.Context, mail.AccountID) ([]mail.Leave, error) {
	return f.Checks.Away, f.Errs["Leaves"]
}

// TakeLeave keeps one.
func (f *Fake) TakeLeave(_ context.Context, account mail.AccountID, l mail.Leave) error {
	f.log("leave %s %s %s %s %s", account, l.From.Format(time.DateOnly), l.Until.Format(time.DateOnly), l.Kind, l.Note)
	if err := f.Errs["TakeLeave"]; err != nil {
		return err
	}
	defer f.lock()()
	l.ID = int64(len(f.Checks.Away) + 1)
	f.Checks.Away = append(f.Checks.Away, l)
	f.changed()
	return nil
}

// DropLeave drops one.
func (f *Fake) DropLeave(_ context.Context, _ mail.AccountID, id int64) error {
	f.log("drop leave %d", id)
	defer f.lock()()
	f.Checks.Away = slices.DeleteFunc(f.Checks.Away, func(l mail.Leave) bool { return l.ID == id })
	f.changed()
	return f.Errs["DropLeave"]
}

// Pressing counts the day's lists, and tells of them once.
func (f *Fake) Pressing(ctx context.Context) (mail.Pressing, error) {
	if err := f.Errs["Pressing"]; err != nil {
		return mail.Pressing{}, err
	}
	t, err := f.Today(ctx)
	p := mail.Pressing{Overdue: len(t.Overdue), DueToday: len(t.DueToday), Soon: len(t.Soon), All: t.DutyAll, Checked: t.Checked}
	if !f.Checks.Told {
		f.Checks.Told = true
		for _, d := range t.Overdue {
			p.NewOver = append(p.NewOver, d.Head)
		}
		for _, d := range t.DueToday {
			p.NewDue = append(p.NewDue, d.Head)
		}
	}
	return p, err
}

// SampleYear fills the year of Sample's clock until its day: letters of every week, a box that is opened on most working days,
// a week of leave in August and a trip in October.
func (f *Fake) SampleYear() {
	cal := rule.VietNam()
	first := time.Date(f.At.Year(), 1, 1, 0, 0, 0, 0, Zone)
	on := func(m time.Month, d int) time.Time { return time.Date(f.At.Year(), m, d, 0, 0, 0, 0, Zone) }
	f.Checks.Away = []mail.Leave{
		{ID: 1, From: on(8, 10), Until: on(8, 14), Kind: "leave", Note: "nghỉ hè"}, {ID: 2, From: on(10, 6), Until: on(10, 8), Kind: "trip", Note: "Hà Nội"},
	}
	n := uint32(1)
	next := func(below uint32) int {
		n = n*1664525 + 1013904223
		return int((n >> 16) % below)
	}
	for day := first; day.Before(rule.Day(f.At)); day = day.AddDate(0, 0, 1) {
		if !cal.IsWorkday(day) || rule.LeaveOn(f.Checks.Away, day) != "" {
			continue
		}
		for range next(4) {
			came := day.Add(8*time.Hour + time.Duration(next(500))*time.Minute)
			slow := uint32(60 * (30 - 2*int(day.Month())))
			o := rule.Obligation{Received: came, Due: cal.AddWorkdays(came, 5), Settled: came.Add(time.Duration(60+next(slow)) * time.Minute), Answered: true}
			if next(9) == 0 {
				o.Settled = cal.AddWorkdays(came, 6)
			}
			if o.Settled.After(f.At) {
				o.Answered, o.Awaits, o.Settled = false, true, time.Time{}
			}
			f.Checks.Duties = append(f.Checks.Duties, o)
		}
		open := day.Add(7*time.Hour + time.Duration(50+next(40))*time.Minute)
		switch next(12) {
		case 0:
		case 1, 2:
			f.Checks.Marks = append(f.Checks.Marks, mail.DayCount{Day: day, Opened: open})
		default:
			f.Checks.Marks = append(f.Checks.Marks, mail.DayCount{Day: day, Opened: open, Checked: open.Add(time.Duration(4+next(20)) * time.Minute)})
		}
	}
}
