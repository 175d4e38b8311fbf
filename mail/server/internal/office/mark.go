package office

import (
	"context"
	"errors"
	"sync"
	"time"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
)

// marked remembers in which boxes the mark "không cần hồi đáp" may have changed since they were looked at. What it forgets with a
// restart is seen when somebody asks for the days.
type marked struct {
	mu    sync.Mutex
	boxes map[box.AccountID]bool
}

func newMarked() *marked { return &marked{boxes: map[box.AccountID]bool{}} }

func (m *marked) put(b box.AccountID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.boxes[b] = true
}

func (m *marked) take() map[box.AccountID]bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	boxes := m.boxes
	m.boxes = map[box.AccountID]bool{}
	return boxes
}

// Marked takes note that somebody gave or took a letter's mark "không cần hồi đáp" (mail.KeywordNoReply) at IMAP: the daily record
// follows within minutes.
func (o *Office) Marked(b box.AccountID) { o.marked.put(b) }

// excuseMarked follows those marks in the boxes where they may have changed.
func (o *Office) excuseMarked(ctx context.Context) error {
	var all []error
	for b := range o.marked.take() {
		err := o.followMarks(ctx, b)
		if err != nil { // in the next round again
			o.marked.put(b)
		}
		all = append(all, err)
	}
	return errors.Join(all...)
}

// followMarks excuses the letters of a box that carry the mark and reopens those that lost it. When it was given nobody knows
// better than by the time it is seen. What the office excused itself needs no mark.
func (o *Office) followMarks(ctx context.Context, b box.AccountID) error {
	var give, take []string
	read := func(ctx context.Context, q *storedb.Queries) error {
		rows, err := q.DutyMarks(ctx, int64(b))
		if err != nil {
			return err
		}
		give, take = changedMarks(rows)
		return nil
	}
	if err := o.db.Read(ctx, read); err != nil || len(give)+len(take) == 0 {
		return err
	}
	return o.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := read(ctx, tx.Q); err != nil {
			return err
		}
		for _, key := range give {
			if err := o.excuseDuty(ctx, tx, b, key, tx.Now); err != nil {
				return err
			}
		}
		for _, key := range take {
			if err := o.excuseDuty(ctx, tx, b, key, time.Time{}); err != nil {
				return err
			}
		}
		return nil
	})
}

func (o *Office) excuseDuty(ctx context.Context, tx *db.Tx, b box.AccountID, key string, at time.Time) error {
	return tx.Q.SettleDuty(ctx, storedb.SettleDutyParams{ExcusedAt: micros(at), AccountID: int64(b), LetterKey: key})
}

// changedMarks are the letters that have the mark and are not excused, and the other way round. One copy with it is enough.
func changedMarks(rows []storedb.DutyMarksRow) (give, take []string) {
	for i := 0; i < len(rows); {
		r, has := rows[i], false
		for ; i < len(rows) && rows[i].LetterKey == r.LetterKey; i++ {
			has = has || mail.Flags(rows[i].Flags).Has(mail.NoReply)
		}
		switch {
		case has && r.ExcusedAt == 0:
			give = append(give, r.LetterKey)
		case !has && r.ExcusedAt != 0 && mail.WorkState(r.State) != mail.WorkExcused:
			take = append(take, r.LetterKey)
		}
	}
	return give, take
}
