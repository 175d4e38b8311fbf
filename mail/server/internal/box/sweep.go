package box

import (
	"context"
	"slices"
	"time"

	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
)

const (
	orphanAge = 24 * time.Hour // how long bytes that nobody refers to are kept: a reader may still be at them
	sweepPage = 500
)

// Sweep removes bytes that no letter has used for a day (noted at one visit, removed at a later one), and forgets
// expunges older than keep, moving the floor of their mailbox; pages of prepared letters that are missing or stale are
// wanted. It gives the number of blobs removed.
func (s *Service) Sweep(ctx context.Context, keep time.Duration) (int, error) {
	removed := 0
	after := []byte{}
	for {
		page, used, err := s.blobPage(ctx, after)
		if err != nil {
			return removed, fault("sweep", err)
		}
		if len(page) == 0 {
			break
		}
		n, err := s.sweepPage(ctx, page, used)
		removed += n
		if err != nil {
			return removed, fault("sweep", err)
		}
		after = page[len(page)-1].Hash
	}
	for {
		more, err := s.trim(ctx, keep)
		if err != nil {
			return removed, fault("sweep", err)
		}
		if !more {
			return removed, s.wantDigests(ctx)
		}
	}
}

func (s *Service) blobPage(ctx context.Context, after []byte) (page []storedb.BlobPageRow, used map[Hash]bool, err error) {
	used = map[Hash]bool{}
	err = s.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		if page, err = q.BlobPage(ctx, storedb.BlobPageParams{After: after, Most: sweepPage}); err != nil || len(page) == 0 {
			return err
		}
		list, err := q.BlobUsed(ctx, storedb.BlobUsedParams{After: after, Last: page[len(page)-1].Hash})
		for _, h := range list {
			used[Hash(h)] = true
		}
		return err
	})
	return page, used, err
}

// sweepPage judges again inside the write what the read suspected: a letter may have come in between.
func (s *Service) sweepPage(ctx context.Context, page []storedb.BlobPageRow, used map[Hash]bool) (removed int, err error) {
	suspects := slices.DeleteFunc(slices.Clone(page), func(b storedb.BlobPageRow) bool {
		return used[Hash(b.Hash)] && b.OrphanedAt == 0
	})
	if len(suspects) == 0 {
		return 0, nil
	}
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		removed = 0
		for _, b := range suspects {
			gone, err := sweepBlob(ctx, tx, b.Hash)
			if err != nil {
				return err
			}
			removed += gone
		}
		return nil
	})
	return removed, err
}

func sweepBlob(ctx context.Context, tx *db.Tx, hash []byte) (removed int, err error) {
	state, err := tx.Q.BlobState(ctx, hash)
	if err != nil {
		return 0, err
	}
	uses, err := tx.Q.BlobUses(ctx, hash)
	if err != nil {
		return 0, err
	}
	set := func(at int64) error {
		return tx.Q.SetOrphaned(ctx, storedb.SetOrphanedParams{OrphanedAt: at, Hash: hash})
	}
	switch {
	case uses > 0 && state.OrphanedAt != 0:
		return 0, set(0)
	case uses > 0:
		return 0, nil
	case state.OrphanedAt == 0:
		return 0, set(micros(tx.Now))
	case state.OrphanedAt > micros(tx.Now.Add(-orphanAge)):
		return 0, nil
	}
	if err := tx.Q.DropChunks(ctx, hash); err != nil {
		return 0, err
	}
	return 1, tx.Q.DropBlob(ctx, hash)
}

// trim forgets some old expunges and moves the floor of their mailbox to them; more says that there are others.
func (s *Service) trim(ctx context.Context, keep time.Duration) (more bool, err error) {
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		old, err := tx.Q.OldExpunged(ctx, storedb.OldExpungedParams{Before: micros(tx.Now.Add(-keep)), Most: sweepPage})
		if err != nil {
			return err
		}
		more = len(old) == sweepPage
		for _, e := range old {
			err := tx.Q.DropExpunged(ctx, storedb.DropExpungedParams(e))
			if err != nil {
				return err
			}
			if err := tx.Q.SetFloor(ctx, storedb.SetFloorParams{Floor: e.Modseq, AccountID: e.AccountID, MailboxID: e.MailboxID}); err != nil {
				return err
			}
		}
		return nil
	})
	return more, err
}
