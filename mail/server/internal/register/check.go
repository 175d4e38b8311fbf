package register

import (
	"context"
	"errors"
	"fmt"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/mail/server/internal/db/storedb"
)

// Check verifies every invariant of the room, the chain of the audit log included.
func (r *Register) Check(ctx context.Context) error {
	err := errors.Join(r.checkHolders(ctx), r.checkAudit(ctx))
	if err == nil {
		return nil
	}
	return &mail.Fault{Kind: mail.StoreDamaged, Op: "check register", Err: err}
}

func (r *Register) checkHolders(ctx context.Context) error {
	var all []error
	err := r.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		lost, err := q.HoldersWithoutAddress(ctx)
		if err != nil {
			return err
		}
		stray, err := q.AddressesWithoutHolder(ctx)
		if err != nil {
			return err
		}
		if lost+stray != 0 {
			all = append(all, fmt.Errorf("%d boxes without their address, %d addresses without a box", lost, stray))
		}
		units, err := unitMap(ctx, q)
		if err != nil {
			return err
		}
		list, err := q.ListHolders(ctx)
		for _, h := range list {
			all = append(all, checkHolder(h, units))
		}
		return err
	})
	return errors.Join(append(all, err)...)
}

func checkHolder(h storedb.Holder, units map[int64]storedb.Unit) error {
	var all []error
	if rule.WireForm(h.Regulation) != h.Wire {
		all = append(all, fmt.Errorf("account %d: its two spellings are not one", h.AccountID))
	}
	if _, ok := units[h.UnitID]; !ok {
		all = append(all, fmt.Errorf("account %d: no unit %d", h.AccountID, h.UnitID))
	}
	if s := State(h.State); s != Active && s != Suspended {
		all = append(all, fmt.Errorf("account %d: a state that is none", h.AccountID))
	}
	if h.Password != "" {
		if _, _, _, err := parsePHC(h.Password); err != nil {
			all = append(all, fmt.Errorf("account %d: %w", h.AccountID, err))
		}
	}
	if h.Scram != "" {
		if _, err := parseScram(h.Scram); err != nil {
			all = append(all, fmt.Errorf("account %d: %w", h.AccountID, err))
		}
	}
	return errors.Join(all...)
}

func (r *Register) checkAudit(ctx context.Context) error {
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
