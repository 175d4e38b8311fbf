package box

import (
	"context"
	"slices"
	"strings"

	"hopthu/mail"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
)

// Append adds one letter to a mailbox (RFC 9051 6.3.12): on disk when it returns.
func (s *Service) Append(ctx context.Context, ref Ref, m Mark, st *Staged) (Appended, error) {
	if err := s.prewrite(ctx, st); err != nil {
		return Appended{}, fault("append", err)
	}
	var out Appended
	err := s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if err := s.PutTx(ctx, tx, st); err != nil {
			return err
		}
		out, err = s.addLetter(ctx, tx, ref, m, st, nil)
		return err
	})
	return out, fault("append", err)
}

// Deliver puts one staged letter into many inboxes in one transaction; the bytes are stored once. A box that cannot
// take it has its reason in Delivered.Err and does not hinder the others.
func (s *Service) Deliver(ctx context.Context, st *Staged, to []Delivery) ([]Delivered, error) {
	if err := s.Prepare(ctx, st); err != nil {
		return nil, err
	}
	var out []Delivered
	err := s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		out, err = s.DeliverTx(ctx, tx, st, to)
		return err
	})
	return out, fault("deliver", err)
}

// Prepare does ahead of a transaction what a large letter would hold it up with; call it before PutTx or DeliverTx.
func (s *Service) Prepare(ctx context.Context, st *Staged) error {
	return fault("store letter", s.prewrite(ctx, st))
}

// DeliverTx is Deliver inside a transaction of the caller (queue). The boxes are taken in ascending order, so that two
// deliveries never wait for each other.
func (s *Service) DeliverTx(ctx context.Context, tx *db.Tx, st *Staged, to []Delivery) ([]Delivered, error) {
	if err := s.PutTx(ctx, tx, st); err != nil {
		return nil, err
	}
	order := make([]int, len(to))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return int(to[i].Account - to[j].Account) })
	out := make([]Delivered, len(to))
	for _, i := range order {
		got, err := s.addLetter(ctx, tx, InboxOf(to[i].Account), to[i].Mark, st, to[i].Prefix)
		out[i].Appended = got
		switch kind := mail.KindOf(fault("deliver", err)); kind {
		case "":
		case mail.OverQuota, mail.NoFolder:
			out[i].Err = fault("deliver", err)
		default:
			return nil, err
		}
	}
	return out, s.arrived(ctx, tx, st, to, out)
}

// arrived tells of a letter that came by mail, in the transaction that brought it.
func (s *Service) arrived(ctx context.Context, tx *db.Tx, st *Staged, to []Delivery, got []Delivered) error {
	if s.opt.Arrived == nil {
		return nil
	}
	a := Arrival{Fields: st.Fields(), Blob: st.Hash}
	for i, d := range got {
		if d.Err != nil {
			continue
		}
		in := Entered{Account: to[i].Account, Received: to[i].Mark.Received}
		if in.Received.IsZero() {
			in.Received = tx.Now
		}
		a.In = append(a.In, in)
	}
	if len(a.In) == 0 {
		return nil
	}
	return s.opt.Arrived(ctx, tx, a)
}

func (s *Service) addLetter(ctx context.Context, tx *db.Tx, ref Ref, m Mark, st *Staged, prefix []byte) (Appended, error) {
	known, words, err := cleanKeywords(m.Keywords)
	if err != nil {
		return Appended{}, err
	}
	if len(words) > MaxKeywords {
		return Appended{}, &mail.Fault{Kind: mail.Refused, Op: "append", Detail: "too many keywords"}
	}
	row := Row{
		Flags: m.Flags | known, Keywords: words, Received: m.Received, Blob: st.Hash, Prefix: prefix,
		Size: st.Size + int64(len(prefix)),
	}
	if row.Received.IsZero() {
		row.Received = tx.Now
	}
	return s.addRows(ctx, tx, ref, []Row{row})
}

// addRows counts letters into the account and places them. What it counted before a refusal (OverQuota) it takes back
// itself, so that a caller may go on.
func (s *Service) addRows(ctx context.Context, tx *db.Tx, ref Ref, rows []Row) (Appended, error) {
	n := measure(rows)
	if err := addUse(ctx, tx.Q, ref.Account, n.letters, n.bytes); err != nil {
		if mail.KindOf(err) == mail.OverQuota {
			if back := addUse(ctx, tx.Q, ref.Account, -n.letters, -n.bytes); back != nil {
				return Appended{}, back
			}
		}
		return Appended{}, err
	}
	return s.placeRows(ctx, tx, ref, rows)
}

// counts are what the row of a mailbox counts of its letters.
type counts struct {
	letters, unseen, deleted int
	bytes, deletedBytes      int64
}

func measure(rows []Row) (n counts) {
	for _, r := range rows {
		n.add(r, 1)
	}
	return n
}

// add counts one letter in, or out with by -1.
func (n *counts) add(r Row, by int) {
	n.letters += by
	n.bytes += int64(by) * r.Size
	if !r.Flags.Has(mail.Seen) {
		n.unseen += by
	}
	if r.Flags.Has(mail.Deleted) {
		n.deleted += by
		n.deletedBytes += int64(by) * r.Size
	}
}

func (n counts) minus() counts {
	return counts{-n.letters, -n.unseen, -n.deleted, -n.bytes, -n.deletedBytes}
}

// placeRows gives letters new UIDs in a mailbox, in order; the bytes are there already.
func (s *Service) placeRows(ctx context.Context, tx *db.Tx, ref Ref, rows []Row) (Appended, error) {
	n := measure(rows)
	got, err := tx.Q.TakeUIDs(ctx, storedb.TakeUIDsParams{
		Letters: int64(n.letters), Unseen: int64(n.unseen), Bytes: n.bytes, Deleted: int64(n.deleted), DeletedBytes: n.deletedBytes,
		AccountID: int64(ref.Account), MailboxID: int64(ref.Mailbox),
	})
	if err != nil {
		return Appended{}, err
	}
	if got.Uidnext > 1<<32-1 {
		return Appended{}, &mail.Fault{Kind: mail.Refused, Op: "append", Detail: "the mailbox has used up its UIDs"}
	}
	uids := make([]mail.UID, len(rows))
	for i, r := range rows {
		uids[i] = mail.UID(got.Uidnext - int64(len(rows)) + int64(i))
		if r.Prefix == nil {
			r.Prefix = []byte{}
		}
		err := tx.Q.AddMessage(ctx, storedb.AddMessageParams{
			AccountID: int64(ref.Account), MailboxID: int64(ref.Mailbox),
			Uid: int64(uids[i]), Modseq: got.Modseq, Flags: int64(r.Flags), Size: r.Size, ReceivedAt: micros(r.Received),
			SavedAt: micros(tx.Now), BlobHash: r.Blob[:], Keywords: strings.Join(r.Keywords, " "), Prefix: r.Prefix,
		})
		if err != nil {
			return Appended{}, err
		}
	}
	c := Change{Kind: Arrived, ModSeq: uint64(got.Modseq), UIDs: uids}
	tx.After(func() {
		s.room.publish(ref, c)
		s.digests.filled(ref, uids)
	})
	return Appended{Ref: ref, UIDValidity: uint32(got.Uidvalidity), UID: uids[0], ModSeq: uint64(got.Modseq)}, nil
}
