package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"hopthu/mail/server/internal/db/storedb"
)

// putMark writes the number of the batch into the batch itself: the key, chosen before, by which a commit whose
// outcome is unknown is read back.
func (d *DB) putMark(ctx context.Context, tx *sql.Tx, batch int64) error {
	err := d.wq.WithTx(tx).PutMark(ctx, storedb.PutMarkParams{Writer: d.id, Batch: batch, UsedAt: d.opt.Now().UnixMicro()})
	if err != nil {
		return fmt.Errorf("mark the batch: %w", err)
	}
	return nil
}

// committed reads back whether the batch is on disk.
func (d *DB) committed(ctx context.Context, batch int64) (bool, error) {
	have, err := d.wq.GetMark(ctx, d.id)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read the mark back: %w", err)
	}
	return have >= batch, nil
}
