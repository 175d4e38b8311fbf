package store

import (
	"context"

	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
)

// leaveSchema keeps the leaves and trips that the office has not been told of yet, or of whose end it has not, in their order.
const leaveSchema = `
CREATE TABLE leave_op (
	n INTEGER PRIMARY KEY AUTOINCREMENT, account INTEGER NOT NULL, leave INTEGER NOT NULL, dropped INTEGER NOT NULL,
	since INTEGER NOT NULL, until INTEGER NOT NULL, kind TEXT NOT NULL, note TEXT NOT NULL);
`

// LeaveOp is a leave that was taken or dropped here and that the office does not know of. Leave.ID is its number here.
type LeaveOp struct {
	N       int64
	Leave   mail.Leave
	Dropped bool
}

// tellLeave keeps what the office is to be told. That a leave was dropped it is told also where the leave itself waits to be told:
// the office may have heard of it, and its answer be lost.
func (t *tx) tellLeave(account, id int64, dropped bool) error {
	return t.exec("INSERT INTO leave_op(account, leave, dropped, since, until, kind, note) SELECT account, id, ?, since, until, kind, note FROM leave WHERE id=? AND account=?",
		dropped, id, account)
}

// LeaveOps lists what the office is to be told, in its order.
func (s *Store) LeaveOps(ctx context.Context, account mail.AccountID) (list []LeaveOp, err error) {
	err = s.read(ctx, "list leaves to tell", func(c *conn) error {
		return c.each(`SELECT o.n, o.leave, o.dropped, o.since, o.until, o.kind, o.note FROM leave_op o JOIN account a ON a.n=o.account
			WHERE a.id=? ORDER BY o.n`, func(st *sqlite3.Stmt) error {
			list = append(list, LeaveOp{
				N: st.ColumnInt64(0), Dropped: st.ColumnBool(2),
				Leave: mail.Leave{
					ID: st.ColumnInt64(1), From: fromMicros(st.ColumnInt64(3)), Until: fromMicros(st.ColumnInt64(4)), Kind: st.ColumnText(5), Note: st.ColumnText(6),
				},
			})
			return nil
		}, string(account))
	})
	return list, err
}

// LeaveTold records that the office knows.
func (s *Store) LeaveTold(ctx context.Context, n int64) error {
	return s.write(ctx, "note leave told", func(t *tx) error { return t.exec("DELETE FROM leave_op WHERE n=?", n) })
}

// LeaveRefused takes back what the office will not have: a leave is gone here too, one that was dropped stands again.
func (s *Store) LeaveRefused(ctx context.Context, account mail.AccountID, op LeaveOp) error {
	return s.write(ctx, "take leave back", func(t *tx) error {
		if err := t.exec("DELETE FROM leave_op WHERE n=?", op.N); err != nil || t.db.Changes() == 0 {
			return err
		}
		t.tell(mail.Event{Kind: mail.DutyChanged, Account: account})
		if !op.Dropped {
			return t.exec("DELETE FROM leave WHERE id=?", op.Leave.ID)
		}
		n, err := t.accountNo(account)
		if err != nil {
			return err
		}
		l := op.Leave
		return t.exec("INSERT INTO leave(account, since, until, kind, note) VALUES(?,?,?,?,?)", n, l.From, l.Until, l.Kind, l.Note)
	})
}
