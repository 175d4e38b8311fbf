package box

import (
	"context"

	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
)

// SubscribeName sets or clears the subscription of a name that need not be a mailbox of this account: one that a door
// shows beside it.
func (s *Service) SubscribeName(ctx context.Context, a AccountID, name string, on bool) error {
	name, err := CleanName(name)
	if err != nil {
		return err
	}
	kind := Unsubscribed
	if on {
		kind = Subscribed
	}
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		tx.After(func() { s.room.tell(a, NameEvent{Kind: kind, Name: name}) })
		if !on {
			return tx.Q.DropSubscription(ctx, storedb.DropSubscriptionParams{AccountID: int64(a), Name: name})
		}
		return tx.Q.AddSubscription(ctx, storedb.AddSubscriptionParams{AccountID: int64(a), Name: name})
	})
	return fault("subscribe", err)
}
