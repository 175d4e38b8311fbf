package queue

import (
	"context"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
	"hopthu/mail/server/internal/register"
)

// Retry makes a letter that waits due at once, or all of them for "", and tells for how many recipients. Kind Gone: no
// letter of that number waits.
func (q *Queue) Retry(ctx context.Context, who register.Actor, id string) (n int64, err error) {
	err = q.db.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		now := tx.Now.UnixMicro()
		if id == "" {
			n, err = tx.Q.RetryAllTargets(ctx, now)
			return err
		}
		n, err = tx.Q.RetryTargets(ctx, storedb.RetryTargetsParams{Now: now, QueueID: id})
		if err != nil {
			return err
		}
		if n == 0 {
			return &mail.Fault{Kind: mail.Gone, Op: "retry letter", Detail: id}
		}
		return q.reg.NoteTx(ctx, tx, who, "queue-retried", id, "")
	})
	if err != nil {
		return 0, mail.AsFault("retry letter", err)
	}
	q.Kick()
	return n, nil
}

// Kick lets the worker look again.
func (q *Queue) Kick() {
	select {
	case q.kick <- struct{}{}:
	default: // it is awake already
	}
}

// Drop gives a letter that waits up: it comes back to its sender with the reason, which stands in the audit log too. Kind
// Gone: no letter of that number waits.
func (q *Queue) Drop(ctx context.Context, who register.Actor, id, reason string) error {
	var row storedb.Outgoing
	var list []storedb.Target
	err := q.db.Read(ctx, func(ctx context.Context, s *storedb.Queries) error {
		rows, err := s.FindOutgoing(ctx, id)
		if err != nil || len(rows) != 1 {
			return err
		}
		row = rows[0]
		list, err = s.TargetsOf(ctx, storedb.TargetsOfParams{AccountID: row.AccountID, QueueID: id})
		return err
	})
	if err == nil && len(list) == 0 {
		err = &mail.Fault{Kind: mail.Gone, Op: "drop letter", Detail: id}
	}
	if err != nil {
		return mail.AsFault("drop letter", err)
	}
	b, err := q.reg.Account(ctx, box.AccountID(row.AccountID))
	if err != nil {
		return err
	}
	given := &mail.Fault{Kind: mail.Refused, Op: "drop letter", Detail: clean(reason)}
	err = q.settle(ctx, row, list, Handover{}, given, func(ctx context.Context, tx *db.Tx) error {
		return q.reg.NoteTx(ctx, tx, who, "queue-dropped", b.Wire, "id "+id+": "+reason)
	})
	if err != nil {
		return mail.AsFault("drop letter", err)
	}
	return nil
}
