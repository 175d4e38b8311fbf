package box

import (
	"context"
	"database/sql"
	"errors"

	"hopthu/mail"
	"hopthu/mail/server/internal/db/storedb"
)

// FirstUnseen gives the letter with the lowest UID that is not marked as read, 0 when there is none.
func (s *Service) FirstUnseen(ctx context.Context, ref Ref) (u mail.UID, err error) {
	err = s.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		n, err := q.FirstUnseen(ctx, storedb.FirstUnseenParams{
			AccountID: int64(ref.Account), MailboxID: int64(ref.Mailbox), Seen: int64(mail.Seen),
		})
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		u = mail.UID(n)
		return err
	})
	return u, fault("read mailbox", err)
}
