package desk

import (
	"context"
	"slices"
	"time"

	"hopthu/mail"
	"hopthu/mail/rule"
)

// recordsWait is how long the office is waited for before the store's own numbers are shown.
const recordsWait = 2 * time.Second

// records is the office that keeps the daily record of an account's box (QC 9), where its server has one: what the server saw goes
// before what the store did.
func (d *Desk) records(account mail.AccountID) (o Office, box string, ok bool) {
	a, err := d.account(account)
	if err != nil || d.o.Offline {
		return nil, "", false
	}
	return d.officeOf(a)
}

// Days implements frame.Checking: the office's count where there is one that answers, else the store's.
func (d *Desk) Days(ctx context.Context, account mail.AccountID, from, until time.Time) (mail.DutyYear, error) {
	account = d.orFirst(account)
	now := d.o.Clock.Now().In(rule.Zone)
	from, until = rule.Day(from), rule.Day(until)
	list, err := d.obligations(ctx, account, from, until)
	if err != nil {
		return mail.DutyYear{}, err
	}
	marks, err := d.store.DayMarks(ctx, account, from, until)
	if err != nil {
		return mail.DutyYear{}, err
	}
	leaves, err := d.Leaves(ctx, account)
	if err != nil {
		return mail.DutyYear{}, err
	}
	days := make([]mail.DayCount, 0, len(marks))
	for _, m := range marks {
		days = append(days, mail.DayCount{Day: m.Day.In(rule.Zone), Opened: local(m.Opened), Checked: local(m.Checked)})
	}
	begun, err := d.store.FirstDay(ctx, account)
	if err != nil {
		return mail.DutyYear{}, err
	}
	if begun.IsZero() {
		begun = now
	}
	y := rule.CountDays(d.days, list, days, leaves, from, until, begun, now)
	y.Account, y.Source = account, "store"
	if o, box, ok := d.records(account); ok {
		ctx, cancel := context.WithTimeout(ctx, recordsWait)
		defer cancel()
		seen, err := o.Days(ctx, box, from, until)
		if err != nil {
			d.o.Log.Info("days of the office not read", "err", err)
			return y, nil
		}
		d.overlay(&y, seen, now)
	}
	return y, nil
}

func local(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(rule.Zone)
}

// overlay puts what the server saw in the place of what the store did, day by day, from the first day on which it saw the box opened
// or checked: before that it knows of letters only, and less than the store, which has read them. Which days are worked on is the
// calendar's here: the agency may have days of its own.
func (d *Desk) overlay(y *mail.DutyYear, seen []mail.DayCount, now time.Time) {
	at := map[time.Time]mail.DayCount{}
	var first time.Time
	for _, s := range seen {
		day := rule.Day(s.Day)
		at[day] = s
		if (!s.Opened.IsZero() || !s.Checked.IsZero()) && (first.IsZero() || day.Before(first)) {
			first = day
		}
	}
	if first.IsZero() {
		return
	}
	for i := range y.Days {
		here := &y.Days[i]
		s, ok := at[here.Day]
		if !ok || here.Day.Before(first) {
			continue
		}
		s.Day, s.Workday = here.Day, here.Workday
		if s.Excused == "" && here.Excused != rule.Unrecorded {
			s.Excused = here.Excused
		}
		if here.Day.Equal(rule.Day(now)) && s.Checked.IsZero() { // it may not have been told yet
			s.Checked = here.Checked
		}
		s.Opened, s.Checked = local(s.Opened), local(s.Checked)
		if s.Answered == 0 {
			s.Median = -1
		}
		*here = s
	}
	y.Source = "server"
	rule.SumDays(y, now)
}

// obligations are an account's letters for counting; terms are looked for where an answer falls into the days counted.
func (d *Desk) obligations(ctx context.Context, account mail.AccountID, from, until time.Time) ([]rule.Obligation, error) {
	end := until.AddDate(0, 0, 1)
	all, err := d.store.Obliged(ctx, account, end)
	if err != nil {
		return nil, err
	}
	list := make([]rule.Obligation, len(all))
	var ids []mail.LetterID
	place := map[mail.LetterID]int{}
	for i, o := range all {
		list[i] = rule.Obligation{Received: o.Received, Settled: o.Settled, Answered: o.Answered, Awaits: o.Awaits}
		if o.Answered && !o.Settled.Before(from) && o.Settled.Before(end) {
			place[o.ID] = i
			ids = append(ids, o.ID)
		}
	}
	heads, err := d.store.Heads(ctx, ids)
	if err != nil {
		return nil, err
	}
	terms, err := d.store.Terms(ctx, ids)
	if err != nil {
		return nil, err
	}
	days := d.Settings().ReplyDays
	for _, h := range heads {
		list[place[h.ID]].Due = d.termOf(h, terms[h.ID], days).due
	}
	return list, nil
}

func (d *Desk) orFirst(account mail.AccountID) mail.AccountID {
	if account != "" {
		return account
	}
	if all := d.Accounts(); len(all) > 0 {
		return all[0].ID
	}
	return ""
}

// Leaves implements frame.Checking, the latest first.
func (d *Desk) Leaves(ctx context.Context, account mail.AccountID) ([]mail.Leave, error) {
	list, err := d.store.Leaves(ctx, d.orFirst(account))
	for i := range list {
		list[i].From, list[i].Until = local(list[i].From), local(list[i].Until)
	}
	return list, err
}

// TakeLeave implements frame.Checking; the office is told as soon as it can be reached. Kind Conflict if it ends before it begins,
// or falls on another one.
func (d *Desk) TakeLeave(ctx context.Context, account mail.AccountID, l mail.Leave) error {
	account = d.orFirst(account)
	l.From, l.Until, l.Note = rule.Day(l.From), rule.Day(l.Until), tidyReason(l.Note)
	if l.Until.Before(l.From) {
		return &mail.Fault{Kind: mail.Conflict, Op: opLeave, Detail: "backwards"}
	}
	if l.Kind != "trip" {
		l.Kind = "leave"
	}
	have, err := d.Leaves(ctx, account)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(have, func(o mail.Leave) bool { return !o.From.After(l.Until) && !l.From.After(o.Until) }) {
		return &mail.Fault{Kind: mail.Conflict, Op: opLeave, Detail: "twice"}
	}
	if _, err := d.store.AddLeave(ctx, account, l, d.recorded(account)); err != nil {
		return err
	}
	d.tellOffices()
	return nil
}

const opLeave = "take leave"

// DropLeave implements frame.Checking.
func (d *Desk) DropLeave(ctx context.Context, account mail.AccountID, id int64) error {
	account = d.orFirst(account)
	if err := d.store.DropLeave(ctx, account, id, d.recorded(account)); err != nil {
		return err
	}
	d.tellOffices()
	return nil
}

// recorded reports whether the server of an account keeps the daily record, whether it can be reached now or not.
func (d *Desk) recorded(account mail.AccountID) bool {
	a, err := d.account(account)
	return err == nil && a.Office != "" && !a.Shared
}
