package office

import (
	"context"
	"database/sql"
	"errors"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
)

func workFrom(r storedb.Work) work {
	return work{
		key: r.LetterKey, state: mail.WorkState(r.State), holder: box.AccountID(r.HolderID), assignedBy: box.AccountID(r.AssignedBy),
		due: fromMicros(r.DueAt), dueReason: r.DueReason, instruction: r.Instruction, claim: box.AccountID(r.ClaimID),
		claimSince: fromMicros(r.ClaimSince), claimUntil: fromMicros(r.ClaimUntil), answeredBy: box.AccountID(r.AnsweredBy),
		answeredAt: fromMicros(r.AnsweredAt), excusedAt: fromMicros(r.ExcusedAt), reopenedAt: fromMicros(r.ReopenedAt), reason: r.Reason,
		version: r.Version, turned: r.Turned, turnedBy: box.AccountID(r.TurnedBy),
	}
}

// getWork reads a record; a letter that nobody has done anything about has one that was never changed.
func getWork(ctx context.Context, q *storedb.Queries, b box.AccountID, key string) (w work, there bool, err error) {
	row, err := q.GetWork(ctx, storedb.GetWorkParams{AccountID: int64(b), LetterKey: key})
	if errors.Is(err, sql.ErrNoRows) {
		return work{key: key, state: mail.WorkOpen}, false, nil
	}
	return workFrom(row), err == nil, err
}

func putWork(ctx context.Context, q *storedb.Queries, b box.AccountID, w work) error {
	return q.PutWork(ctx, storedb.PutWorkParams{
		AccountID: int64(b), LetterKey: w.key, Version: w.version, Turned: w.turned, TurnedBy: int64(w.turnedBy), State: string(w.state),
		HolderID: int64(w.holder), AssignedBy: int64(w.assignedBy), Instruction: w.instruction, DueAt: micros(w.due), DueReason: w.dueReason,
		ClaimID: int64(w.claim), ClaimSince: micros(w.claimSince), ClaimUntil: micros(w.claimUntil), AnsweredBy: int64(w.answeredBy),
		AnsweredAt: micros(w.answeredAt), ExcusedAt: micros(w.excusedAt), ReopenedAt: micros(w.reopenedAt), Reason: w.reason,
	})
}

// firstVersion is the count of a box where nothing was changed yet: not 0, which is what somebody has who knows nothing.
const firstVersion = 1

func version(ctx context.Context, q *storedb.Queries, b box.AccountID) (int64, error) {
	list, err := q.WorkVersion(ctx, int64(b))
	if err != nil || len(list) == 0 {
		return firstVersion, err
	}
	return list[0], nil
}

// keepWork stores a record after a change, under the next version, and wakes who waits for news of the box. The duty row of the
// letter follows.
func (o *Office) keepWork(ctx context.Context, tx *db.Tx, b box.AccountID, before, after work) error {
	if after.version != before.version {
		got, err := tx.Q.NextWorkVersion(ctx, int64(b))
		if err == nil && got != after.version {
			err = &mail.Fault{Kind: mail.TryLater, Op: "count changes"}
		}
		if err != nil {
			return err
		}
		tx.After(func() { o.news.tell(b) })
	}
	if err := putWork(ctx, tx.Q, b, after); err != nil {
		return err
	}
	if before.answeredAt.Equal(after.answeredAt) && before.excusedAt.Equal(after.excusedAt) {
		return nil
	}
	return tx.Q.SettleDuty(ctx, storedb.SettleDutyParams{
		AnsweredAt: micros(after.answeredAt), AnsweredBy: int64(after.answeredBy), ExcusedAt: micros(after.excusedAt),
		AccountID: int64(b), LetterKey: after.key,
	})
}

// public is a record as the people of the box see it.
func (w work) public(ctx context.Context, names *people, notes []storedb.WorkNote) (mail.Work, error) {
	out := mail.Work{
		Key: w.key, State: w.state, Due: w.due, DueReason: w.dueReason, Instruction: w.instruction, ClaimSince: w.claimSince,
		AnsweredAt: w.answeredAt, Reason: w.reason, Reopened: w.reopenedAt, Version: w.version,
	}
	var all []error
	for _, p := range []struct {
		of box.AccountID
		to *mail.Person
	}{{w.holder, &out.Holder}, {w.assignedBy, &out.AssignedBy}, {w.claim, &out.Claim}, {w.answeredBy, &out.AnsweredBy}} {
		who, err := names.name(ctx, p.of)
		*p.to, all = who, append(all, err)
	}
	for _, n := range notes {
		who, err := names.name(ctx, box.AccountID(n.PersonID))
		all = append(all, err)
		out.Notes = append(out.Notes, mail.WorkNote{By: who, At: fromMicros(n.At), Text: n.Body})
	}
	return out, errors.Join(all...)
}
