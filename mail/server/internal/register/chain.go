package register

import (
	"context"
	"errors"
	"fmt"

	"hopthu/mail"
	"hopthu/mail/server/internal/db/storedb"
)

// VerifyAudit checks the chain of the audit log from its first row on and hands each row that is sound to seen. Kind
// StoreDamaged: which row was changed, is missing, or where the log was cut off.
func (r *Register) VerifyAudit(ctx context.Context, seen func(AuditRow) error) error {
	if err := r.checkAudit(ctx, seen); err != nil {
		return &mail.Fault{Kind: mail.StoreDamaged, Op: "verify audit log", Err: err}
	}
	return nil
}

// LastAudit is the number of the last row; 0 is an empty log.
func (r *Register) LastAudit(ctx context.Context) (n int64, err error) {
	err = r.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) (err error) {
		n, err = q.GetCounter(ctx, "audit")
		return err
	})
	return n, fault("read audit log", err)
}

func (r *Register) checkAudit(ctx context.Context, seen func(AuditRow) error) error {
	var last int64
	var before [32]byte
	for {
		rows, err := r.Audit(ctx, last, 1000)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if row.Seq != last+1 {
				return fmt.Errorf("audit log: row %d is missing", last+1)
			}
			if row.chain(before) != row.Hash {
				return fmt.Errorf("audit log: row %d was changed", row.Seq)
			}
			if seen != nil {
				if err := seen(row); err != nil {
					return err
				}
			}
			last, before = row.Seq, row.Hash
		}
		if len(rows) == 0 {
			break
		}
	}
	return r.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		if n, err := q.GetCounter(ctx, "audit"); err != nil || n == last {
			return err
		}
		return r.tail(ctx, q, last)
	})
}

// tail: rows may have been added since the last page was read; only if the one after last is not there, some were cut off.
func (r *Register) tail(ctx context.Context, q *storedb.Queries, last int64) error {
	if _, err := q.GetAudit(ctx, last+1); err != nil {
		return errors.Join(fmt.Errorf("audit log: rows after %d were cut off", last), err)
	}
	return nil
}
