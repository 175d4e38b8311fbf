package box

import (
	"context"

	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
)

// Subscribe sets or clears the subscription of a name; the mailbox must exist to be subscribed.
func (s *Service) Subscribe(ctx context.Context, a AccountID, name string, on bool) error {
	return s.subscribe(ctx, a, name, on, true)
}

// SubscribeName sets or clears the subscription of a name that need not be a mailbox of this account: one that a door
// shows beside it.
func (s *Service) SubscribeName(ctx context.Context, a AccountID, name string, on bool) error {
	return s.subscribe(ctx, a, name, on, false)
}

func (s *Service) subscribe(ctx context.Context, a AccountID, name string, on, must bool) error {
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
		if must {
			if _, err := tx.Q.FindMailbox(ctx, storedb.FindMailboxParams{AccountID: int64(a), Name: name}); err != nil {
				return err
			}
		}
		return tx.Q.AddSubscription(ctx, storedb.AddSubscriptionParams{AccountID: int64(a), Name: name})
	})
	return fault("subscribe", err)
}
