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
	err := errors.Join(r.checkHolders(ctx), r.checkDelegations(ctx), r.checkAudit(ctx, nil))
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
