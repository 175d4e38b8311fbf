package office

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
	"hopthu/mail/server/internal/register"
	"hopthu/mail/viet"
)

// Kinds of Leave.
const (
	OnLeave = "leave" // nghỉ phép
	OnTrip  = "trip"  // công tác
)

const (
	maxLeave  = 366 // days of one leave
	maxLeaves = 1000
	maxRemark = 200 // octets
	maxSpan   = 400 // days of one answer
)

func badLeave(what string) error {
	return &mail.Fault{Kind: mail.BadSettings, Op: "take leave", Detail: what}
}

// TakeLeave notes days on which a person is not held to the daily check (QC 9); the log keeps when he said so.
func (o *Office) TakeLeave(ctx context.Context, who register.Actor, l mail.Leave) (mail.Leave, error) {
	l = mail.Leave{From: rule.Day(l.From), Until: rule.Day(l.Until), Kind: l.Kind, Note: strings.Join(strings.Fields(viet.NFC(l.Note)), " ")}
	switch days := l.Until.Sub(l.From).Hours() / 24; {
	case l.From.Year() < 2000 || l.Until.Year() > 2999:
		return l, badLeave("from")
	case days < 0 || days >= maxLeave:
		return l, badLeave("until")
	case l.Kind != OnLeave && l.Kind != OnTrip:
		return l, badLeave("kind")
	case len(l.Note) > maxRemark:
		return l, badLeave("note")
	}
	err := o.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Q.CountAbsences(ctx, int64(who.Account))
		if err == nil && n >= maxLeaves {
			err = &mail.Fault{Kind: mail.TooBig, Op: "take leave"}
		}
		if err != nil {
			return err
		}
		if l.ID, err = tx.Q.NextNumber(ctx, "absence"); err != nil {
			return err
		}
		err = tx.Q.AddAbsence(ctx, storedb.AddAbsenceParams{
			AbsenceID: l.ID, PersonID: int64(who.Account), FromDay: l.From.UnixMicro(), UntilDay: l.Until.UnixMicro(), Kind: l.Kind, Remark: l.Note,
		})
		return errors.Join(err, o.noteLeave(ctx, tx, who, "leave-taken", l))
	})
	return l, fault("take leave", err)
}

func (o *Office) noteLeave(ctx context.Context, tx *db.Tx, who register.Actor, what string, l mail.Leave) error {
	h, err := tx.Q.GetHolder(ctx, int64(who.Account))
	if err != nil {
		return err
	}
	detail := l.Kind + " " + l.From.Format(time.DateOnly) + " " + l.Until.Format(time.DateOnly)
	return o.reg.NoteTx(ctx, tx, who, what, h.Wire+"@"+o.reg.Domain(), detail)
}

// DropLeave takes one back. Kind Gone: it is not the person's, or there is none.
func (o *Office) DropLeave(ctx context.Context, who register.Actor, id int64) error {
	err := o.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		row, err := tx.Q.GetAbsence(ctx, storedb.GetAbsenceParams{AbsenceID: id, PersonID: int64(who.Account)})
		if errors.Is(err, sql.ErrNoRows) {
			return &mail.Fault{Kind: mail.Gone, Op: "drop leave"}
		}
		if err != nil {
			return err
		}
		_, err = tx.Q.DropAbsence(ctx, storedb.DropAbsenceParams{AbsenceID: id, PersonID: int64(who.Account)})
		return errors.Join(err, o.noteLeave(ctx, tx, who, "leave-dropped", leaveFrom(row)))
	})
	return fault("drop leave", err)
}

// Leaves lists the leaves of a person that touch a span of days, the last included; zero times are no bound.
func (o *Office) Leaves(ctx context.Context, person box.AccountID, from, until time.Time) (out []mail.Leave, err error) {
	err = o.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		out, err = absences(ctx, q, person, from, until)
		return err
	})
	return out, fault("list leave", err)
}

func absences(ctx context.Context, q *storedb.Queries, person box.AccountID, from, until time.Time) ([]mail.Leave, error) {
	p := storedb.AbsencesParams{PersonID: int64(person), FromDay: 0, UntilDay: 1<<63 - 1}
	if !from.IsZero() {
		p.FromDay = rule.Day(from).UnixMicro()
	}
	if !until.IsZero() {
		p.UntilDay = rule.Day(until).UnixMicro()
	}
	list, err := q.Absences(ctx, p)
	out := make([]mail.Leave, 0, len(list))
	for _, row := range list {
		out = append(out, leaveFrom(row))
	}
	return out, err
}

func leaveFrom(row storedb.Absence) mail.Leave {
	return mail.Leave{ID: row.AbsenceID, From: fromMicros(row.FromDay), Until: fromMicros(row.UntilDay), Kind: row.Kind, Note: row.Remark}
}
