package desk

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"hopthu/mail"
	"hopthu/mail/rule"
)

// freshMost is how many new letters Today names; dutyMost how many of those that await an answer, newest first to last.
// A box that was opened for the first time may hold ten years of letters that nobody answered.
const (
	freshMost = 20
	dutyMost  = 300
)

// Today implements frame.Desk (QC 9, 14.3).
func (d *Desk) Today(ctx context.Context) (mail.Today, error) {
	now := d.o.Clock.Now().In(rule.Zone)
	t := mail.Today{At: now}
	limit := dutyMost
	if d.o.Offline { // a command that prints the whole list, once
		limit = math.MaxInt32
	}
	heads, all, err := d.store.AwaitingNewest(ctx, limit)
	if err != nil {
		return t, err
	}
	t.DutyAll = all
	if all > len(heads) { // older ones with a term of their own are not left out
		more, err := d.store.AwaitingTerms(ctx, now.AddDate(0, 0, termsAhead), termsMost)
		if err != nil {
			return t, err
		}
		heads = join(heads, more)
	}
	if err := d.fillDue(ctx, heads, now); err != nil {
		return t, err
	}
	for _, h := range heads {
		it := mail.DutyItem{Head: h, Age: rule.Age(h, d.days, now)}
		switch {
		case it.Late > 0:
			t.Overdue = append(t.Overdue, it)
		case sameDay(h.Due, now):
			t.DueToday = append(t.DueToday, it)
		default:
			t.Soon = append(t.Soon, it)
		}
	}
	slices.SortStableFunc(t.Overdue, func(a, b mail.DutyItem) int { return cmp.Compare(b.Late, a.Late) })
	slices.SortStableFunc(t.Soon, func(a, b mail.DutyItem) int { return a.Due.Compare(b.Due) })
	if t.Unread, err = d.store.UnreadCount(ctx); err != nil {
		return t, err
	}
	if t.Fresh, t.FreshAll, err = d.store.Fresh(ctx, lastEvening(d.days, now), freshMost); err != nil {
		return t, err
	}
	if t.Drafts, err = d.store.Drafts(ctx); err != nil {
		return t, err
	}
	if t.Outbox, err = d.store.Outbox(ctx); err != nil {
		return t, err
	}
	return t, nil
}

func sameDay(a, b time.Time) bool {
	ay, am, ad := a.In(rule.Zone).Date()
	by, bm, bd := b.In(rule.Zone).Date()
	return ay == by && am == bm && ad == bd
}

// lastEvening is 17:00 of the working day before now's day.
func lastEvening(c *rule.Calendar, now time.Time) time.Time {
	day := time.Date(now.Year(), now.Month(), now.Day(), 17, 0, 0, 0, rule.Zone)
	for range 30 { // no holiday is longer
		day = day.AddDate(0, 0, -1)
		if c.IsWorkday(day) {
			break
		}
	}
	return day
}
