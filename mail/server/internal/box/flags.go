package box

import (
	"context"
	"slices"
	"strings"

	"hopthu/mail"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
)

// Store changes flags; durable when it returns. Letters that are gone are left out. A letter whose flags are already
// so keeps its modseq.
func (s *Service) Store(ctx context.Context, ref Ref, uids []mail.UID, c FlagChange) (Stored, error) {
	known, words, err := cleanKeywords(c.Keywords)
	if err != nil {
		return Stored{}, err
	}
	c.Flags, c.Keywords = c.Flags|known, words
	var out Stored
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		out = Stored{}
		rows, err := rowsOf(ctx, tx.Q, ref, uids)
		if err != nil {
			return err
		}
		return s.storeRows(ctx, tx, ref, rows, c, &out)
	})
	return out, fault("store flags", err)
}

func (s *Service) storeRows(ctx context.Context, tx *db.Tx, ref Ref, rows []Row, c FlagChange, out *Stored) error {
	var modseq uint64
	var changed []mail.UID
	var n counts
	for _, row := range rows {
		if c.Unchanged != nil && row.ModSeq > *c.Unchanged {
			out.Modified = append(out.Modified, row.UID)
			continue
		}
		was := row
		row.Flags, row.Keywords = c.apply(row.Flags, row.Keywords)
		if len(row.Keywords) > MaxKeywords {
			return &mail.Fault{Kind: mail.Refused, Op: "store flags", Detail: "too many keywords"}
		}
		if row.Flags != was.Flags || !slices.Equal(row.Keywords, was.Keywords) {
			if modseq == 0 {
				m, err := tx.Q.TakeModSeq(ctx, storedb.TakeModSeqParams{AccountID: int64(ref.Account), MailboxID: int64(ref.Mailbox)})
				if err != nil {
					return err
				}
				modseq = uint64(m)
				out.ModSeq = modseq
			}
			row.ModSeq = modseq
			err := tx.Q.SetFlags(ctx, storedb.SetFlagsParams{
				Flags: int64(row.Flags), Keywords: strings.Join(row.Keywords, " "),
				Modseq: int64(modseq), AccountID: int64(ref.Account), MailboxID: int64(ref.Mailbox), Uid: int64(row.UID),
			})
			if err != nil {
				return err
			}
			n.add(was, -1)
			n.add(row, 1)
			changed = append(changed, row.UID)
		}
		out.Rows = append(out.Rows, row)
	}
	if n != (counts{}) {
		if err := addCounts(ctx, tx.Q, ref, n); err != nil {
			return err
		}
	}
	if changed != nil {
		tx.After(func() { s.room.publish(ref, Change{Kind: Reflag, ModSeq: modseq, UIDs: changed}) })
	}
	return nil
}

func (c FlagChange) apply(flags mail.Flags, words []string) (mail.Flags, []string) {
	switch c.Mode {
	case Add:
		return flags | c.Flags, mergeKeywords(words, c.Keywords)
	case Remove:
		left := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return hasFold(c.Keywords, w) })
		return flags &^ c.Flags, left
	default:
		return c.Flags, c.Keywords
	}
}

// mergeKeywords unites two lists, sorted; keywords compare without case (RFC 9051 2.3.2) and keep their first spelling.
func mergeKeywords(have, more []string) []string {
	out := slices.Clone(have)
	for _, w := range more {
		if !hasFold(out, w) {
			out = append(out, w)
		}
	}
	slices.Sort(out)
	return out
}

func hasFold(list []string, w string) bool {
	return slices.ContainsFunc(list, func(o string) bool { return strings.EqualFold(o, w) })
}

func addCounts(ctx context.Context, q *storedb.Queries, ref Ref, n counts) error {
	return q.AddCounts(ctx, storedb.AddCountsParams{
		Letters: int64(n.letters), Unseen: int64(n.unseen), Bytes: n.bytes, Deleted: int64(n.deleted), DeletedBytes: n.deletedBytes,
		AccountID: int64(ref.Account), MailboxID: int64(ref.Mailbox),
	})
}
