package desk

import (
	"context"
	"slices"
	"time"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/mail/store"
)

// pushWait is how long the marks of a day's check may need to reach the server before the office is told of it.
const pushWait = time.Minute

// tellOffices tells the offices what they do not know of: leaves taken and dropped, and today's check. It does not wait; who asks
// while it works has it done once more.
func (d *Desk) tellOffices() {
	d.mu.Lock()
	ctx := d.run
	if ctx == nil || d.telling {
		d.tellMore = d.telling
		d.mu.Unlock()
		return
	}
	d.telling = true
	d.wg.Add(1)
	d.mu.Unlock()
	mail.Go("tell the offices", func() {
		defer d.wg.Done()
		for {
			for _, a := range d.Accounts() {
				if err := d.tellOffice(ctx, a); err != nil && ctx.Err() == nil {
					d.o.Log.Info("the office was not told", "account", a.ID, "kind", mail.KindOf(err))
				}
			}
			d.mu.Lock()
			if d.telling = d.tellMore && ctx.Err() == nil; !d.telling {
				d.mu.Unlock()
				return
			}
			d.tellMore = false
			d.mu.Unlock()
		}
	})
}

func (d *Desk) tellOffice(ctx context.Context, a mail.Account) error {
	o, box, ok := d.records(a.ID)
	if !ok {
		return nil
	}
	if err := d.tellLeaves(ctx, a, o); err != nil {
		return err
	}
	day := rule.Day(d.o.Clock.Now())
	marks, err := d.store.DayMarks(ctx, a.ID, day, day)
	if err != nil || len(marks) != 1 || marks[0].Checked.IsZero() || marks[0].Posted {
		return err
	}
	// The office counts unread letters as it knows them: the marks of the check go before. It writes the time at which it is told,
	// so a check of another day cannot be told any more.
	if e, ok := d.engine(a.ID); ok {
		wait, cancel := context.WithTimeout(ctx, pushWait)
		defer cancel()
		if err := e.Flush(wait); err != nil {
			return err
		}
	}
	if _, err := o.Check(ctx, box); err != nil {
		return err
	}
	return d.store.MarkPosted(ctx, a.ID, day)
}

// tellLeaves tells of leaves in the order in which they were taken and dropped. What the office refuses is taken back, and told.
func (d *Desk) tellLeaves(ctx context.Context, a mail.Account, o Office) error {
	list, err := d.store.LeaveOps(ctx, a.ID)
	if err != nil {
		return err
	}
	for _, op := range list {
		switch err := tellLeave(ctx, o, op); {
		case err == nil:
			err = d.store.LeaveTold(ctx, op.N)
			if err != nil {
				return err
			}
		case !refusal(mail.KindOf(err)):
			return err // it stays, with all behind it
		default:
			if err := d.store.LeaveRefused(ctx, a.ID, op); err != nil {
				return err
			}
			d.events.post(mail.Event{Kind: mail.Fell, Account: a.ID, Fault: mail.AsFault(opLeave, err)})
		}
	}
	return nil
}

// tellLeave tells of one. An answer may have been lost: what the office knows already it is not told again.
func tellLeave(ctx context.Context, o Office, op store.LeaveOp) error {
	l := op.Leave
	there, err := o.Leaves(ctx, l.From, l.Until) // the office numbers them in its own way
	if err != nil {
		return err
	}
	i := slices.IndexFunc(there, func(x mail.Leave) bool {
		return rule.Day(x.From).Equal(rule.Day(l.From)) && rule.Day(x.Until).Equal(rule.Day(l.Until)) && x.Kind == l.Kind
	})
	switch {
	case op.Dropped && i < 0, !op.Dropped && i >= 0:
		return nil
	case op.Dropped:
		return o.DropLeave(ctx, there[i].ID)
	}
	l.ID, l.From, l.Until = 0, rule.Day(l.From), rule.Day(l.Until)
	_, err = o.TakeLeave(ctx, l)
	return err
}

// refusal reports whether the office said no to what it was told, and will not say otherwise later.
func refusal(k mail.FaultKind) bool {
	switch k {
	case mail.Refused, mail.NoPermission, mail.BadSettings, mail.Conflict, mail.TooBig, mail.Blocked, mail.Gone:
		return true
	default:
		return false
	}
}
