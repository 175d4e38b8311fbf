package box

import (
	"context"

	"hopthu/mail"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
)

// Copy copies letters into another mailbox of the same account, all or none; Kind NoFolder: [TRYCREATE]. Letters that
// are gone are left out.
func (s *Service) Copy(ctx context.Context, from Ref, uids []mail.UID, to string) (Copied, error) {
	return s.transfer(ctx, "copy", from, uids, to, s.copyRows)
}

// Move moves letters, all or none, in one transaction (RFC 6851).
func (s *Service) Move(ctx context.Context, from Ref, uids []mail.UID, to string) (Copied, error) {
	return s.transfer(ctx, "move", from, uids, to, s.moveRows)
}

type transfer func(ctx context.Context, tx *db.Tx, from, to Ref, rows []Row) (Copied, error)

func (s *Service) transfer(ctx context.Context, op string, from Ref, uids []mail.UID, to string, do transfer) (Copied, error) {
	name, err := CleanName(to)
	if err != nil {
		return Copied{}, &mail.Fault{Kind: mail.NoFolder, Op: op, Err: err}
	}
	var out Copied
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		dest, err := tx.Q.FindMailbox(ctx, storedb.FindMailboxParams{AccountID: int64(from.Account), Name: name})
		if err != nil {
			return err
		}
		into := mailboxOf(dest)
		rows, err := rowsOf(ctx, tx.Q, from, uids)
		if err != nil {
			return err
		}
		if len(rows) > 0 {
			if out, err = do(ctx, tx, from, into.Ref, rows); err != nil {
				return err
			}
		} else {
			out = Copied{}
		}
		out.Into = into
		return nil
	})
	return out, fault(op, err)
}

func (s *Service) copyRows(ctx context.Context, tx *db.Tx, _, to Ref, rows []Row) (Copied, error) {
	got, err := s.addRows(ctx, tx, to, rows)
	if err != nil {
		return Copied{}, err
	}
	return pair(rows, got.UID), nil
}

func pair(rows []Row, first mail.UID) (out Copied) {
	for i, r := range rows {
		out.Source = append(out.Source, r.UID)
		out.Dest = append(out.Dest, first+mail.UID(i))
	}
	return out
}

// moveRows locks the two mailboxes in ascending order, so that two moves that cross never wait for each other. The
// account holds as much as before: also a box over its limit can be tidied.
func (s *Service) moveRows(ctx context.Context, tx *db.Tx, from, to Ref, rows []Row) (Copied, error) {
	if err := s.lockBoth(ctx, tx, from, to); err != nil {
		return Copied{}, err
	}
	if err := s.takeRows(ctx, tx, from, rows); err != nil {
		return Copied{}, err
	}
	got, err := s.placeRows(ctx, tx, to, rows)
	if err != nil {
		return Copied{}, err
	}
	return pair(rows, got.UID), nil
}

// lockBoth takes the lower of two mailboxes of an account first.
func (s *Service) lockBoth(ctx context.Context, tx *db.Tx, from, to Ref) error {
	return tx.Q.AddCounts(ctx, storedb.AddCountsParams{AccountID: int64(from.Account), MailboxID: int64(min(from.Mailbox, to.Mailbox))})
}

// Expunge removes the letters marked \Deleted: those among uids (RFC 4315), or all when uids is nil. It gives the UIDs removed.
func (s *Service) Expunge(ctx context.Context, ref Ref, uids []mail.UID) ([]mail.UID, error) {
	var gone []mail.UID
	err := s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		gone = nil
		var rows, marked []Row
		if uids == nil {
			rows, err = readRows(ctx, tx.Q, ref, UIDRange{Lo: 1})
		} else {
			rows, err = rowsOf(ctx, tx.Q, ref, uids)
		}
		if err != nil {
			return err
		}
		for _, r := range rows {
			if r.Flags.Has(mail.Deleted) {
				marked = append(marked, r)
				gone = append(gone, r.UID)
			}
		}
		if marked == nil {
			return nil
		}
		return s.dropRows(ctx, tx, ref, marked)
	})
	if err != nil {
		return nil, fault("expunge", err)
	}
	return gone, nil
}

// dropRows takes letters out of a mailbox and of the account's use.
func (s *Service) dropRows(ctx context.Context, tx *db.Tx, ref Ref, rows []Row) error {
	if err := s.takeRows(ctx, tx, ref, rows); err != nil {
		return err
	}
	n := measure(rows)
	return addUse(ctx, tx.Q, ref.Account, -n.letters, -n.bytes)
}

// takeRows takes letters out of a mailbox and notes them as expunged at one new modseq.
func (s *Service) takeRows(ctx context.Context, tx *db.Tx, ref Ref, rows []Row) error {
	a, m := int64(ref.Account), int64(ref.Mailbox)
	modseq, err := tx.Q.TakeModSeq(ctx, storedb.TakeModSeqParams{AccountID: a, MailboxID: m})
	if err != nil {
		return err
	}
	uids := make([]mail.UID, len(rows))
	for i, r := range rows {
		uids[i] = r.UID
		if err := tx.Q.DropMessage(ctx, storedb.DropMessageParams{AccountID: a, MailboxID: m, Uid: int64(r.UID)}); err != nil {
			return err
		}
		err := tx.Q.AddExpunged(ctx, storedb.AddExpungedParams{AccountID: a, MailboxID: m, Modseq: modseq, Uid: int64(r.UID), ExpungedAt: micros(tx.Now)})
		if err != nil {
			return err
		}
	}
	if err := addCounts(ctx, tx.Q, ref, measure(rows).minus()); err != nil {
		return err
	}
	if err := spoilDigests(ctx, tx.Q, ref, uids); err != nil {
		return err
	}
	tx.After(func() { s.room.publish(ref, Change{Kind: Vanished, ModSeq: uint64(modseq), UIDs: uids}) })
	return nil
}
