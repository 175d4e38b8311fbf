package desk

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/mail/store"
)

// freshMost is how many new letters Today names; dutyMost how many of those that await an answer, newest first to last.
// A box that was opened for the first time may hold ten years of letters that nobody answered.
const (
	freshMost = 20
	dutyMost  = 300
)

// duties are the letters that await an answer, as the day asks for them, without those that are put off.
type duties struct {
	now                     time.Time
	marks                   *store.Marks
	overdue, dueToday, soon []mail.DutyItem
	back                    []mail.DutyItem // put off until today or before: in no other list
	all                     int
	away                    map[mail.LetterID]bool // of these lists, or of others: they come back on another day
}

// duties reads at most limit of them, and older ones with a term of their own.
func (d *Desk) duties(ctx context.Context, limit int) (*duties, error) {
	x := &duties{now: d.o.Clock.Now().In(rule.Zone), away: map[mail.LetterID]bool{}}
	heads, all, err := d.store.AwaitingNewest(ctx, limit)
	if err != nil {
		return nil, err
	}
	x.all = all
	if all > len(heads) { // older ones with a term of their own are not left out
		more, err := d.store.AwaitingTerms(ctx, x.now.AddDate(0, 0, termsAhead), termsMost)
		if err != nil {
			return nil, err
		}
		heads = join(heads, more)
	}
	day := rule.Day(x.now)
	if x.marks, err = d.store.Marks(ctx, day); err != nil {
		return nil, err
	}
	back, err := d.store.CameBack(ctx, day, dutyMost)
	if err != nil {
		return nil, err
	}
	if len(back) > 0 {
		heads = slices.Concat(back, without(heads, back))
	}
	if err := d.fillDue(ctx, heads, x.now); err != nil {
		return nil, err
	}
	d.part(x, heads, len(back))
	return x, nil
}

// part puts heads, of which the first ones came back, into the lists of the day, each in its order. A head is wide: their
// places are sorted, and each is copied once.
func (d *Desk) part(x *duties, heads []mail.Head, back int) {
	var came, overdue, dueToday, soon []int
	for i := range heads {
		h := &heads[i]
		if l, ok := x.marks.Later(*h); ok {
			h.Later = l.Until.In(rule.Zone)
		}
		switch {
		case i < back:
			came = append(came, i)
		case !h.Later.IsZero():
			x.away[h.ID] = true
		case h.Late > 0:
			overdue = append(overdue, i)
		case sameDay(h.Due, x.now):
			dueToday = append(dueToday, i)
		default:
			soon = append(soon, i)
		}
	}
	slices.SortStableFunc(overdue, func(a, b int) int { return cmp.Compare(heads[b].Late, heads[a].Late) })
	slices.SortStableFunc(soon, func(a, b int) int { return heads[a].Due.Compare(heads[b].Due) })
	items := func(places []int) (list []mail.DutyItem) {
		if len(places) > 0 {
			list = make([]mail.DutyItem, len(places))
		}
		for i, p := range places {
			list[i] = mail.DutyItem{Head: heads[p], Age: rule.Age(heads[p], d.days, x.now)}
		}
		return list
	}
	x.back, x.overdue, x.dueToday, x.soon = items(came), items(overdue), items(dueToday), items(soon)
}

// Today implements frame.Desk (QC 9, 14.3).
func (d *Desk) Today(ctx context.Context) (mail.Today, error) {
	limit := dutyMost
	if d.o.Offline { // a command that prints the whole list, once
		limit = math.MaxInt32
	}
	x, err := d.duties(ctx, limit)
	if err != nil {
		return mail.Today{}, err
	}
	d.opened(ctx, x.now)
	t := mail.Today{At: x.now, Overdue: x.overdue, DueToday: x.dueToday, Back: x.back, Soon: x.soon, DutyAll: x.all - len(x.away)}
	if t.Unread, err = d.store.UnreadCount(ctx); err != nil {
		return t, err
	}
	if t.Fresh, t.FreshAll, err = d.store.Fresh(ctx, lastEvening(d.days, x.now), freshMost); err != nil {
		return t, err
	}
	if t.Drafts, err = d.store.Drafts(ctx); err != nil {
		return t, err
	}
	if t.Outbox, err = d.store.Outbox(ctx); err != nil {
		return t, err
	}
	if t.Waitings, err = d.waitings(ctx, x.now, x.marks); err != nil {
		return t, err
	}
	round, err := d.roundOf(ctx, x)
	t.Checked, t.Left = round.Finished, len(round.Letters)
	return t, err
}

func sameDay(a, b time.Time) bool { return rule.Day(a).Equal(rule.Day(b)) }

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
