package register

import (
	"context"
	"errors"
	"fmt"

	"hopthu/mail"
	"hopthu/mail/server/internal/db/storedb"
)

// checkDelegations: each is written, of an agency's box, to a person, with days and a scope that can be; a head is a
// person; and of those that stand in a box exactly one is the chief.
func (r *Register) checkDelegations(ctx context.Context) error {
	var all []error
	now := r.opt.Now()
	err := r.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		holders, err := q.ListHolders(ctx)
		if err != nil {
			return err
		}
		people := map[int64]bool{}
		for _, h := range holders {
			people[h.AccountID] = Kind(h.Kind) == Personal
		}
		for _, h := range holders {
			list, err := q.BoxDelegations(ctx, h.AccountID)
			if err != nil {
				return err
			}
			head, err := headOf(ctx, q, h.AccountID)
			if err != nil {
				return err
			}
			if head != 0 && !people[head] || people[h.AccountID] && (head != 0 || len(list) > 0) {
				all = append(all, fmt.Errorf("account %d: a head or delegations that cannot be", h.AccountID))
			}
			standing := false
			for _, d := range list {
				standing = standing || stands(d, now)
				if s, ok := mail.ParseScope(d.Scope); !ok || s > mail.ScopeManage || !people[d.PersonID] || d.Document == "" ||
					d.Dated > d.FromDay || d.UntilDay != 0 && d.UntilDay < d.FromDay {
					all = append(all, fmt.Errorf("delegation %d: cannot be", d.DelegationID))
				}
			}
			if standing != (chiefOf(list, now) != 0) {
				all = append(all, fmt.Errorf("account %d: no chief delegation", h.AccountID))
			}
		}
		return nil
	})
	return errors.Join(append(all, err)...)
}
