package office

import (
	"context"
	"errors"
	"slices"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/rule"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
	"hopthu/mail/server/internal/register"
)

// record is all that the daily record of a box is counted from: the raw rows.
type record struct {
	duties []storedb.DutyOfSpanRow
	marks  []storedb.DayMark
	away   []mail.Leave
}

// dueOf is the due date that counts: the one that was chosen with a reason or given with the work, else the letter's own (D8).
func dueOf(d storedb.DutyOfSpanRow) time.Time {
	if d.ChosenAt != 0 {
		return fromMicros(d.ChosenAt)
	}
	return fromMicros(d.DueAt)
}

// count makes the days of a box, from and until included (midnights in Viet Nam), by the rule that the client counts with. A letter
// counts as received on the day it came, whatever became of it. Once it was excused it waits no more from that day's end on, and is
// neither answered nor late; when it is reopened, it was never excused. What lies in the folder for junk is not counted at all. It
// is in time when it was answered on the day it was due, or before. Days that are not yet are empty.
func (r record) count(c *rule.Calendar, from, until, now time.Time) []mail.DayCount {
	list := make([]rule.Obligation, 0, len(r.duties))
	for _, d := range r.duties {
		o := rule.Obligation{Received: fromMicros(d.ReceivedAt), Due: dueOf(d)}
		switch {
		case d.AnsweredAt != 0:
			o.Settled, o.Answered, o.Freed = fromMicros(d.AnsweredAt), true, fromMicros(d.ExcusedAt)
		case d.ExcusedAt != 0:
			o.Settled = fromMicros(d.ExcusedAt)
		default:
			o.Awaits = true
		}
		list = append(list, o)
	}
	marks := make([]mail.DayCount, 0, len(r.marks))
	for _, m := range r.marks {
		marks = append(marks, mail.DayCount{Day: fromMicros(m.Day), Opened: fromMicros(m.OpenedAt), Checked: fromMicros(m.CheckedAt)})
	}
	return rule.CountDays(c, list, marks, r.away, from, until, from, now).Days
}

// record reads the raw rows of a box; away is whose leaves excuse its days, 0 for nobody's.
func (o *Office) record(ctx context.Context, b, away box.AccountID, from, until time.Time) (r record, err error) {
	if err := o.settle(ctx, b); err != nil {
		return r, fault("read letters", err)
	}
	if err := o.followMarks(ctx, b); err != nil {
		return r, fault("read marks", err)
	}
	rubbish, err := o.junkOf(ctx, b)
	if err != nil {
		return r, err
	}
	err = o.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) (err error) {
		r.duties, err = q.DutyOfSpan(ctx, storedb.DutyOfSpanParams{AccountID: int64(b), After: from.UnixMicro(), Before: until.AddDate(0, 0, 1).UnixMicro()})
		if err != nil {
			return err
		}
		r.duties = slices.DeleteFunc(r.duties, func(d storedb.DutyOfSpanRow) bool { return rubbish[d.LetterKey] })
		r.marks, err = q.DayMarks(ctx, storedb.DayMarksParams{AccountID: int64(b), FromDay: from.UnixMicro(), UntilDay: until.UnixMicro()})
		if err != nil || away == 0 {
			return err
		}
		r.away, err = absences(ctx, q, away, from, until)
		return err
	})
	return r, fault("read daily record", err)
}

// span makes days of what was asked for. Without an end it is today, without a beginning the last 30 days.
func (o *Office) span(from, until time.Time) (time.Time, time.Time, error) {
	if until.IsZero() {
		until = o.opt.Now()
	}
	if until = rule.Day(until); from.IsZero() {
		from = until.AddDate(0, 0, -29)
	}
	from = rule.Day(from)
	if n := until.Sub(from).Hours() / 24; n < 0 || n >= maxSpan || from.Year() < 2000 || until.Year() > 2999 {
		return from, until, &mail.Fault{Kind: mail.BadSettings, Op: "count days", Detail: "span"}
	}
	return from, until, nil
}

func (o *Office) count(ctx context.Context, b register.Box, from, until time.Time) ([]mail.DayCount, error) {
	away := b.Account
	if b.Kind == register.Official { // somebody is always there
		away = 0
	}
	r, err := o.record(ctx, b.Account, away, from, until)
	if err != nil {
		return nil, err
	}
	return r.count(o.opt.Calendar, from, until, o.opt.Now()), nil
}

// Days is the daily record of a box: to its own people, and of a person's box to the head of his agency (QC 9, 15): counts and
// times only (D11).
func (o *Office) Days(ctx context.Context, person box.AccountID, addr string, from, until time.Time) ([]mail.DayCount, error) {
	from, until, err := o.span(from, until)
	if err != nil {
		return nil, err
	}
	b, err := o.lookup(ctx, "count days", addr)
	if err != nil {
		return nil, err
	}
	scope, _, err := o.reg.MayAct(ctx, person, b.Account, o.opt.Now())
	if err != nil {
		return nil, err
	}
	if scope < mail.ScopeRead {
		heads, err := o.headOver(ctx, person, b)
		if err == nil && !heads {
			err = notYours("count days")
		}
		if err != nil {
			return nil, err
		}
	}
	return o.count(ctx, b, from, until)
}

// headOver reports whether a person heads the unit that another's own box belongs to.
func (o *Office) headOver(ctx context.Context, person box.AccountID, b register.Box) (bool, error) {
	if b.Kind != register.Personal {
		return false, nil
	}
	shares, err := o.reg.Shares(ctx, person)
	return slices.ContainsFunc(shares, func(s register.Share) bool { return s.Scope == mail.ScopeHead && s.Box.Unit == b.Unit }), err
}

// unreadDays is how old an unread letter may be to stand in the way of the day's check: the client's check takes those of a fortnight.
const unreadDays = 14

// FinishCheck finishes the day's check of a box (QC 9): a Conflict while the inbox still has unread letters of the last fortnight.
func (o *Office) FinishCheck(ctx context.Context, who register.Actor, addr string) (mail.DayCount, error) {
	b, err := o.lookup(ctx, "finish check", addr)
	if err != nil {
		return mail.DayCount{}, err
	}
	day := rule.Day(o.opt.Now())
	err = o.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		st, err := o.reg.MayActTx(ctx, tx, who.Account, b.Account)
		if err == nil && st.Scope < mail.ScopeRead {
			err = notYours("finish check")
		}
		if err != nil {
			return err
		}
		inbox := box.InboxOf(b.Account)
		m, err := tx.Q.GetMailbox(ctx, storedb.GetMailboxParams{AccountID: int64(inbox.Account), MailboxID: int64(inbox.Mailbox)})
		if err == nil && m.Unseen > 0 {
			since := storedb.CountUnseenSinceParams{
				AccountID: m.AccountID, MailboxID: m.MailboxID, Since: day.AddDate(0, 0, -unreadDays).UnixMicro(), Seen: int64(mail.Seen),
			}
			var unread int64
			if unread, err = tx.Q.CountUnseenSince(ctx, since); err == nil && unread > 0 {
				err = conflict(Unread, 0)
			}
		}
		if err != nil {
			return err
		}
		mark := storedb.MarkCheckedParams{AccountID: int64(b.Account), Day: day.UnixMicro(), At: tx.Now.UnixMicro(), PersonID: int64(who.Account)}
		return errors.Join(tx.Q.MarkChecked(ctx, mark), o.reg.NoteTx(ctx, tx, who, "day-checked", b.Wire, day.Format(time.DateOnly)))
	})
	if err != nil {
		return mail.DayCount{}, fault("finish check", err)
	}
	days, err := o.count(ctx, b, day, day)
	if err != nil {
		return mail.DayCount{}, err
	}
	return days[0], nil
}

// agencyOf finds an agency's box that a person heads.
func (o *Office) agencyOf(ctx context.Context, op string, person box.AccountID, addr string) (register.Box, error) {
	b, err := o.lookup(ctx, op, addr)
	if err != nil {
		return b, err
	}
	head, _, err := o.reg.Head(ctx, b.Account)
	if err == nil && (head.Account == 0 || head.Account != person || head.State != register.Active) {
		if _, err := o.open(ctx, op, person, addr); err != nil {
			return b, err
		}
		return b, tooMuch(op)
	}
	return b, err
}

// Staff is a sheet for each person of an agency, to its head (QC 15): counts and times of his own box, nothing else (D11).
func (o *Office) Staff(ctx context.Context, person box.AccountID, addr string, from, until time.Time) ([]api.StaffDays, error) {
	from, until, err := o.span(from, until)
	if err != nil {
		return nil, err
	}
	b, err := o.agencyOf(ctx, "list staff", person, addr)
	if err != nil {
		return nil, err
	}
	return o.staff(ctx, b, from, until)
}

func (o *Office) staff(ctx context.Context, agency register.Box, from, until time.Time) ([]api.StaffDays, error) {
	all, err := o.reg.Boxes(ctx)
	if err != nil {
		return nil, err
	}
	out := []api.StaffDays{}
	for _, b := range all {
		if b.Kind != register.Personal || b.Unit != agency.Unit || b.State != register.Active {
			continue
		}
		days, err := o.count(ctx, b, from, until)
		if err != nil {
			return nil, err
		}
		out = append(out, api.StaffDays{Person: b.AsPerson(), Days: days})
	}
	return out, nil
}

// Report is Staff for the administrator, with the agency's own box first.
func (o *Office) Report(ctx context.Context, addr string, from, until time.Time) ([]api.StaffDays, error) {
	from, until, err := o.span(from, until)
	if err != nil {
		return nil, err
	}
	b, err := o.reg.Lookup(ctx, addr)
	if err != nil {
		return nil, err
	}
	own, err := o.count(ctx, b, from, until)
	if err != nil {
		return nil, err
	}
	out := []api.StaffDays{{Person: b.AsPerson(), Days: own}}
	if b.Kind != register.Official {
		return out, nil
	}
	staff, err := o.staff(ctx, b, from, until)
	return append(out, staff...), err
}

// Sends lists who sent what in an agency's name, to its head (QC 12.1): times and addresses.
func (o *Office) Sends(ctx context.Context, who register.Actor, addr string, from, until time.Time) ([]api.SentAs, error) {
	from, until, err := o.span(from, until)
	if err != nil {
		return nil, err
	}
	b, err := o.lookup(ctx, "list sent letters", addr)
	if err != nil {
		return nil, err
	}
	list, err := o.reg.Sends(ctx, who, b.Account, from, until.AddDate(0, 0, 1))
	out := make([]api.SentAs, 0, len(list))
	for _, s := range list {
		out = append(out, api.SentAs{At: s.At, By: s.By, To: s.To, Size: s.Size})
	}
	return out, err
}
