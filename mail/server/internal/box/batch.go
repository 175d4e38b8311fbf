package box

import (
	"context"

	"hopthu/mail"
	"hopthu/mail/server/internal/db"
)

// Item is one letter of an AppendAll.
type Item struct {
	Mark   Mark
	Staged *Staged
	Prefix []byte // header lines of this copy alone, CRLF each
}

// AppendAll adds letters to a mailbox, all or none (RFC 3502): on disk when it returns. Their UIDs ascend.
func (s *Service) AppendAll(ctx context.Context, ref Ref, items []Item) ([]Appended, error) {
	for _, it := range items {
		if err := s.prewrite(ctx, it.Staged); err != nil {
			return nil, fault("append", err)
		}
	}
	var out []Appended
	err := s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		out, err = s.addItems(ctx, tx, ref, items)
		return err
	})
	if err != nil {
		return nil, fault("append", err)
	}
	return out, nil
}

func (s *Service) addItems(ctx context.Context, tx *db.Tx, ref Ref, items []Item) ([]Appended, error) {
	var out []Appended
	for _, it := range items {
		if err := s.PutTx(ctx, tx, it.Staged); err != nil {
			return nil, err
		}
		a, err := s.addLetter(ctx, tx, ref, it.Mark, it.Staged, it.Prefix)
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}

// Replace puts one letter in the place of another, which is expunged, in one transaction (RFC 8508). Kind Gone: the old
// one is no longer there, and nothing was done.
func (s *Service) Replace(ctx context.Context, from Ref, old mail.UID, into Ref, it Item) (Appended, error) {
	if err := s.prewrite(ctx, it.Staged); err != nil {
		return Appended{}, fault("replace", err)
	}
	var out Appended
	err := s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		rows, err := rowsOf(ctx, tx.Q, from, []mail.UID{old})
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return &mail.Fault{Kind: mail.Gone, Op: "replace"}
		}
		if err := s.PutTx(ctx, tx, it.Staged); err != nil {
			return err
		}
		if err := s.lockBoth(ctx, tx, from, into); err != nil {
			return err
		}
		if err := s.dropRows(ctx, tx, from, rows); err != nil {
			return err
		}
		out, err = s.addLetter(ctx, tx, into, it.Mark, it.Staged, it.Prefix)
		return err
	})
	return out, fault("replace", err)
}
