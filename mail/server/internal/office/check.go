package office

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"hopthu/mail"
	"hopthu/mail/server/internal/db/storedb"
)

// Check verifies every invariant of the room: a box is frozen exactly while it is being handed over, and no record of work
// contradicts itself.
func (o *Office) Check(ctx context.Context) error {
	var all []error
	err := o.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		all = nil
		frozen, err := q.FrozenAccounts(ctx)
		if err != nil {
			return err
		}
		open, err := q.HandoverAccounts(ctx)
		if err != nil {
			return err
		}
		if !slices.Equal(frozen, open) {
			all = append(all, fmt.Errorf("boxes %v are frozen, %v are being handed over", frozen, open))
		}
		broken, err := q.CountBrokenWorks(ctx)
		if broken > 0 {
			all = append(all, fmt.Errorf("%d records of work contradict themselves", broken))
		}
		return err
	})
	if err = errors.Join(append(all, err)...); err == nil {
		return nil
	}
	return &mail.Fault{Kind: mail.StoreDamaged, Op: "check office", Err: err}
}
