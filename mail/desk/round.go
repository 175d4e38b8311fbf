package desk

import (
	"context"
	"maps"
	"time"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/mail/store"
)

// How many unread letters a day's check takes, and how far back it looks for them: days before may have been missed.
const (
	unseenMost = 200
	unseenDays = 14
)

// Round implements frame.Checking: it begins or goes on with today's check (QC 9).
func (d *Desk) Round(ctx context.Context) (mail.Round, error) {
	x, err := d.duties(ctx, dutyMost)
	if err != nil {
		return mail.Round{}, err
	}
	d.opened(ctx, x.now)
	return d.roundOf(ctx, x)
}

// roundOf is what is left of today's check: each letter once, without those looked at, put off, or answered by a letter that is
// on its way.
func (d *Desk) roundOf(ctx context.Context, x *duties) (mail.Round, error) {
	r := mail.Round{At: x.now, Seen: x.marks.LookedAt()}
	day := rule.Day(x.now)
	var err error
	if r.Finished, err = d.store.CheckedOn(ctx, day); err != nil {
		return r, err
	}
	if !r.Finished.IsZero() {
		r.Finished = r.Finished.In(rule.Zone)
	}
	unseen, err := d.store.Unseen(ctx, x.now.AddDate(0, 0, -unseenDays), unseenMost)
	if err != nil {
		return r, err
	}
	underWay, err := d.store.OnTheirWay(ctx)
	if err != nil {
		return r, err
	}
	taken := maps.Clone(underWay)
	take := func(h mail.Head) {
		if !taken[h.ID] && !x.marks.Looked(h) {
			taken[h.ID] = true
			r.Letters = append(r.Letters, h)
		}
	}
	duty := map[mail.LetterID]bool{} // fresh ones that are due later stand among those
	for _, it := range x.soon {
		duty[it.ID] = true
	}
	for _, list := range [][]mail.DutyItem{x.overdue, x.dueToday} {
		for _, it := range list {
			take(it.Head)
		}
	}
	for _, h := range unseen {
		if l, ok := x.marks.Later(h); !duty[h.ID] && (!ok || !l.Until.After(day)) {
			take(h)
		}
	}
	for _, list := range [][]mail.DutyItem{x.back, x.soon} {
		for _, it := range list {
			take(it.Head)
		}
	}
	return r, nil
}

// Looked implements frame.Checking: the letters are read with that, where the person may mark them.
func (d *Desk) Looked(ctx context.Context, ids []mail.LetterID) error {
	now := d.o.Clock.Now().In(rule.Zone)
	d.opened(ctx, now)
	if err := d.store.Look(ctx, ids, rule.Day(now)); err != nil {
		return err
	}
	return d.Flag(ctx, ids, mail.Seen, 0)
}

// Later implements frame.Checking. Kind Blocked if the day does not lie ahead; a zero day brings the letters back.
func (d *Desk) Later(ctx context.Context, ids []mail.LetterID, until time.Time, reason string) error {
	now := d.o.Clock.Now().In(rule.Zone)
	day := until
	if !until.IsZero() {
		if day = rule.Day(until); !day.After(now) {
			return &mail.Fault{Kind: mail.Conflict, Op: "put letters off", Detail: "past"}
		}
	}
	ids, err := d.withAsked(ctx, ids)
	if err != nil {
		return err
	}
	heads, err := d.store.Heads(ctx, ids)
	if err != nil {
		return err
	}
	marks, err := d.store.Marks(ctx, rule.Day(now))
	if err != nil {
		return err
	}
	if err := d.store.PutOff(ctx, ids, day, tidyReason(reason)); err != nil {
		return err
	}
	was := map[mail.LetterID]store.Later{}
	for _, h := range heads {
		was[h.ID], _ = marks.Later(h)
	}
	d.remember(act{name: "later", back: func(ctx context.Context) error { return d.store.TakeBackPutOff(ctx, was) }})
	return nil
}

// Finish implements frame.Checking. Kind Conflict if letters are left.
func (d *Desk) Finish(ctx context.Context) (mail.Round, error) {
	r, err := d.Round(ctx)
	if err != nil {
		return r, err
	}
	if len(r.Letters) > 0 {
		return r, &mail.Fault{Kind: mail.Conflict, Op: "finish the day's check", Detail: "left"}
	}
	if !r.Finished.IsZero() {
		return r, nil
	}
	now := d.o.Clock.Now()
	if err := d.store.MarkChecked(ctx, rule.Day(now), now); err != nil {
		return r, err
	}
	r.Finished = now.In(rule.Zone)
	d.tellOffices()
	return r, nil
}

// opened notes once a day that the person has opened his boxes. Where that cannot be kept, only the record lacks it.
func (d *Desk) opened(ctx context.Context, now time.Time) {
	if d.o.Offline {
		return
	}
	day := rule.Day(now)
	d.mu.Lock()
	known := d.openedOn.Equal(day)
	d.openedOn = day
	d.mu.Unlock()
	if known {
		return
	}
	if err := d.store.MarkOpened(ctx, day, now); err != nil {
		d.o.Log.Warn("day not noted", "err", err)
		d.mu.Lock()
		d.openedOn = time.Time{}
		d.mu.Unlock()
	}
}

// without is list without the letters of others.
func without(list, others []mail.Head) []mail.Head {
	if len(others) == 0 {
		return list
	}
	return join(others, list)[len(others):]
}
