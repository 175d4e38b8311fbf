package box

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"hopthu/mail"
	"hopthu/mail/server/internal/db/storedb"
)

// UIDs lists the UIDs of a mailbox, ascending.
func (s *Service) UIDs(ctx context.Context, ref Ref) ([]mail.UID, error) {
	var list []int64
	err := s.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) (err error) {
		if err := exists(ctx, q, ref); err != nil {
			return err
		}
		list, err = q.MessageUIDs(ctx, storedb.MessageUIDsParams{AccountID: int64(ref.Account), MailboxID: int64(ref.Mailbox)})
		return err
	})
	return uidsOf(list), fault("list UIDs", err)
}

// Rows gives the rows whose UID lies in set, ascending; nil is all. Hi 0 is the last UID there is, also when Lo is
// above it (RFC 9051 9, seq-range).
func (s *Service) Rows(ctx context.Context, ref Ref, set []UIDRange) ([]Row, error) {
	if set == nil {
		set = []UIDRange{{Lo: 1}}
	}
	var out []Row
	err := s.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		if err := exists(ctx, q, ref); err != nil {
			return err
		}
		whole, err := normal(ctx, q, ref, set)
		if err != nil {
			return err
		}
		for _, r := range whole {
			rows, err := readRows(ctx, q, ref, r)
			if err != nil {
				return err
			}
			out = append(out, rows...)
		}
		return nil
	})
	return out, fault("read rows", err)
}

func exists(ctx context.Context, q *storedb.Queries, ref Ref) error {
	_, err := q.GetMailbox(ctx, storedb.GetMailboxParams{AccountID: int64(ref.Account), MailboxID: int64(ref.Mailbox)})
	return err
}

// normal resolves "last", sorts, and unites ranges that touch.
func normal(ctx context.Context, q *storedb.Queries, ref Ref, set []UIDRange) ([]UIDRange, error) {
	last, err := q.LastUIDs(ctx, storedb.LastUIDsParams{AccountID: int64(ref.Account), MailboxID: int64(ref.Mailbox)})
	if err != nil {
		return nil, err
	}
	top := mail.UID(0)
	if len(last) > 0 {
		top = mail.UID(last[0])
	}
	list := make([]UIDRange, 0, len(set))
	for _, r := range set {
		if r.Lo == 0 {
			r.Lo = top
		}
		if r.Hi == 0 {
			r.Hi = top
		}
		if r.Lo > r.Hi {
			r.Lo, r.Hi = r.Hi, r.Lo
		}
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b UIDRange) int { return int(int64(a.Lo) - int64(b.Lo)) })
	var out []UIDRange
	for _, r := range list {
		if n := len(out); n > 0 && uint64(r.Lo) <= uint64(out[n-1].Hi)+1 {
			out[n-1].Hi = max(out[n-1].Hi, r.Hi)
			continue
		}
		out = append(out, r)
	}
	return out, nil
}

// readRows reads one range; Hi 0 is no end.
func readRows(ctx context.Context, q *storedb.Queries, ref Ref, r UIDRange) ([]Row, error) {
	hi := int64(r.Hi)
	if hi == 0 {
		hi = math.MaxUint32
	}
	list, err := q.MessageRange(ctx, storedb.MessageRangeParams{AccountID: int64(ref.Account), MailboxID: int64(ref.Mailbox), Lo: int64(r.Lo), Hi: hi})
	if err != nil {
		return nil, err
	}
	return rowsFrom(list), nil
}

// rowsOf reads exactly the letters of uids that are there, ascending.
func rowsOf(ctx context.Context, q *storedb.Queries, ref Ref, uids []mail.UID) ([]Row, error) {
	sorted := slices.Compact(slices.Sorted(slices.Values(uids)))
	var out []Row
	for i := 0; i < len(sorted); {
		j := i + 1
		for j < len(sorted) && sorted[j] == sorted[j-1]+1 {
			j++
		}
		rows, err := readRows(ctx, q, ref, UIDRange{sorted[i], sorted[j-1]})
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
		i = j
	}
	return out, nil
}

func rowsFrom(list []storedb.Message) []Row {
	out := make([]Row, len(list))
	for i, m := range list {
		out[i] = rowFrom(m)
	}
	return out
}

func rowFrom(m storedb.Message) Row {
	r := Row{
		UID: mail.UID(m.Uid), ModSeq: uint64(m.Modseq), Flags: mail.Flags(m.Flags), Received: fromMicros(m.ReceivedAt),
		Saved: fromMicros(m.SavedAt), Size: m.Size, Blob: Hash(m.BlobHash), Prefix: m.Prefix,
	}
	r.Keywords = keywordsOf(m.Keywords)
	return r
}

func keywordsOf(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, " ")
}

// rowsSince gives the letters of a mailbox that changed after a modseq, ascending by UID: by the index of modseqs where
// few can have changed, otherwise out of all.
func rowsSince(ctx context.Context, q *storedb.Queries, m Mailbox, since uint64) ([]Row, error) {
	if since >= m.HighestModSeq {
		return nil, nil
	}
	if m.HighestModSeq-since > uint64(m.Total)/4 {
		all, err := readRows(ctx, q, m.Ref, UIDRange{Lo: 1})
		return slices.DeleteFunc(all, func(r Row) bool { return r.ModSeq <= since }), err
	}
	list, err := q.MessagesSince(ctx, storedb.MessagesSinceParams{
		AccountID: int64(m.Account), MailboxID: int64(m.Ref.Mailbox), Since: toInt64(since),
	})
	rows := rowsFrom(list)
	slices.SortFunc(rows, func(x, y Row) int { return cmp.Compare(x.UID, y.UID) })
	return rows, err
}

func uidsOf(list []int64) []mail.UID {
	out := make([]mail.UID, len(list))
	for i, n := range list {
		out[i] = mail.UID(n)
	}
	return out
}

// Changes gives what happened after modseq since.
func (s *Service) Changes(ctx context.Context, ref Ref, since uint64) (Delta, error) {
	var d Delta
	err := s.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		a, m := int64(ref.Account), int64(ref.Mailbox)
		box, err := q.GetMailbox(ctx, storedb.GetMailboxParams{AccountID: a, MailboxID: m})
		if err != nil {
			return err
		}
		d = Delta{HighestModSeq: uint64(box.Modseq), Reload: since < uint64(box.Floor)}
		if d.Reload {
			since = 0
		}
		if d.Rows, err = rowsSince(ctx, q, mailboxOf(box), since); err != nil || d.Reload {
			return err
		}
		gone, err := q.ExpungedSince(ctx, storedb.ExpungedSinceParams{AccountID: a, MailboxID: m, Since: toInt64(since)})
		d.Vanished = uidsOf(gone)
		return err
	})
	return d, fault("read changes", err)
}

// toInt64: a modseq that no mailbox can reach stays one (RFC 7162 3.1: 63 bits).
func toInt64(n uint64) int64 { return int64(min(n, math.MaxInt64)) }

// FindMessageID lists the UIDs of letters whose Message-ID is id (without brackets, compared exactly).
func (s *Service) FindMessageID(ctx context.Context, ref Ref, id string) ([]mail.UID, error) {
	if id == "" {
		return nil, nil
	}
	var list []int64
	err := s.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) (err error) {
		list, err = q.FindByMessageID(ctx, storedb.FindByMessageIDParams{MessageID: id, AccountID: int64(ref.Account), MailboxID: int64(ref.Mailbox)})
		return err
	})
	return uidsOf(list), fault("find letter", err)
}
