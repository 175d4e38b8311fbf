package store

import (
	"context"
	"time"

	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
)

// DueChoice is a due date that the person set instead of the rule's, and why (QC 9).
type DueChoice struct {
	At     time.Time
	Reason string
}

// SetDue keeps another due date for letters; a zero c.At takes it away.
func (s *Store) SetDue(ctx context.Context, ids []mail.LetterID, c DueChoice) error {
	return s.write(ctx, "set due", func(t *tx) error {
		for _, id := range ids {
			var err error
			if c.At.IsZero() {
				err = t.exec("DELETE FROM due WHERE letter=?", id)
			} else {
				err = t.exec("INSERT INTO due VALUES(?,?,?) ON CONFLICT(letter) DO UPDATE SET at=excluded.at, reason=excluded.reason",
					id, c.At.Unix(), c.Reason)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Dues reads every chosen due date: there are few.
func (s *Store) Dues(ctx context.Context) (list map[mail.LetterID]DueChoice, err error) {
	err = s.read(ctx, "read dues", func(c *conn) error {
		list = map[mail.LetterID]DueChoice{}
		return c.each("SELECT letter, at, reason FROM due", func(st *sqlite3.Stmt) error {
			list[mail.LetterID(st.ColumnInt64(0))] = DueChoice{time.Unix(st.ColumnInt64(1), 0), st.ColumnText(2)}
			return nil
		})
	})
	return list, err
}
