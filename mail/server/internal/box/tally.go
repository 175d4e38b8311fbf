package box

import (
	"context"

	"hopthu/mail/server/internal/db/storedb"
)

// Tally is how much there is.
type Tally struct {
	Accounts, Mailboxes, Letters, Blobs int
	Bytes                               int64 // of the letters as their owners count them
}

// Tally counts what there is.
func (s *Service) Tally(ctx context.Context) (t Tally, err error) {
	err = s.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		t = Tally{}
		ids, err := q.AccountIDs(ctx)
		if err != nil {
			return err
		}
		t.Accounts = len(ids)
		for _, id := range ids {
			boxes, err := q.ListMailboxes(ctx, id)
			if err != nil {
				return err
			}
			for _, b := range boxes {
				t.Mailboxes++
				t.Letters += int(b.Total)
				t.Bytes += b.Bytes
			}
		}
		return nil
	})
	for after := []byte{}; err == nil; {
		var page []storedb.BlobPageRow
		if page, _, err = s.blobPage(ctx, after); err != nil || len(page) == 0 {
			break
		}
		t.Blobs += len(page)
		after = page[len(page)-1].Hash
	}
	return t, fault("count", err)
}
