package box

import (
	"context"
	"slices"

	"hopthu/mail"
	"hopthu/mail/server/internal/db/storedb"
	"hopthu/mail/server/internal/digest"
)

// Headed is a letter with its header block (prefix included, ending in the empty line; at most 1 MiB).
type Headed struct {
	Row
	Head []byte
}

// Heads gives the letters whose UID lies in set, ascending, with their headers, in one reading. Ask for few at a time.
func (s *Service) Heads(ctx context.Context, ref Ref, set []UIDRange) ([]Headed, error) {
	return s.headed(ctx, set, func(ctx context.Context, q *storedb.Queries, r UIDRange) ([]Headed, error) {
		return wholeHeads(ctx, q, ref, r)
	})
}

// ShortHeads is Heads for listing: a header may hold no other fields than those of digest.Lists, and of the row UID,
// ModSeq, Flags, Keywords, Received and Size are told.
func (s *Service) ShortHeads(ctx context.Context, ref Ref, set []UIDRange) ([]Headed, error) {
	return s.headed(ctx, set, func(ctx context.Context, q *storedb.Queries, r UIDRange) ([]Headed, error) {
		return s.shortHeads(ctx, q, ref, r)
	})
}

// Marks is ShortHeads without any header.
func (s *Service) Marks(ctx context.Context, ref Ref, set []UIDRange) ([]Headed, error) {
	return s.headed(ctx, set, func(ctx context.Context, q *storedb.Queries, r UIDRange) ([]Headed, error) {
		return marks(ctx, q, ref, r)
	})
}

type readHeads func(ctx context.Context, q *storedb.Queries, r UIDRange) ([]Headed, error)

func (s *Service) headed(ctx context.Context, set []UIDRange, read readHeads) (out []Headed, err error) {
	err = s.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		out = nil
		for _, r := range set {
			list, err := read(ctx, q, r)
			if err != nil {
				return err
			}
			out = append(out, list...)
		}
		return nil
	})
	return out, fault("read headers", err)
}

func wholeHeads(ctx context.Context, q *storedb.Queries, ref Ref, r UIDRange) ([]Headed, error) {
	list, err := q.MessageHeads(ctx, storedb.MessageHeadsParams{
		AccountID: int64(ref.Account), MailboxID: int64(ref.Mailbox), Lo: int64(r.Lo), Hi: int64(r.Hi),
	})
	if err != nil {
		return nil, err
	}
	out := make([]Headed, len(list))
	for i, m := range list {
		out[i] = Headed{Row: rowFrom(m.Message), Head: m.Head}
		if len(m.Message.Prefix) > 0 {
			out[i].Head = slices.Concat(m.Message.Prefix, m.Head)
		}
	}
	return out, nil
}

func marks(ctx context.Context, q *storedb.Queries, ref Ref, r UIDRange) ([]Headed, error) {
	list, err := q.MessageMarks(ctx, storedb.MessageMarksParams{
		AccountID: int64(ref.Account), MailboxID: int64(ref.Mailbox), Lo: int64(r.Lo), Hi: int64(r.Hi),
	})
	if err != nil {
		return nil, err
	}
	out := make([]Headed, len(list))
	for i, m := range list {
		out[i].Row = Row{
			UID: mail.UID(m.Uid), ModSeq: uint64(m.Modseq), Flags: mail.Flags(m.Flags), Keywords: keywordsOf(m.Keywords),
			Received: fromMicros(m.ReceivedAt), Size: m.Size,
		}
	}
	return out, nil
}

func (s *Service) shortHeads(ctx context.Context, q *storedb.Queries, ref Ref, r UIDRange) ([]Headed, error) {
	out, err := marks(ctx, q, ref, r)
	if err != nil || len(out) == 0 {
		return nil, err
	}
	rows, err := digestsIn(ctx, q, ref, digest.Brief, digest.PageOf(out[0].UID), digest.PageOf(out[len(out)-1].UID))
	if err != nil {
		return nil, err
	}
	s.digests.miss(ref, rows, func(yield func(mail.UID) bool) {
		for i := 0; i < len(out) && yield(out[i].UID); i++ {
		}
	})
	page, open := int64(-1), (*digest.Entries)(nil)
	for i := range out {
		uid := out[i].UID
		if p := digest.PageOf(uid); p != page {
			page = p
			if open, _ = digest.Open(digest.Brief, rows[p]); open == nil {
				open = &digest.Entries{}
			}
		}
		out[i].Head, _ = open.At(uid)
	}
	return out, fillHeads(ctx, q, ref, out)
}

// fillHeads reads the headers that are not prepared, neighbours together.
func fillHeads(ctx context.Context, q *storedb.Queries, ref Ref, list []Headed) error {
	for i := 0; i < len(list); i++ {
		if list[i].Head != nil {
			continue
		}
		j := i
		for j+1 < len(list) && list[j+1].Head == nil {
			j++
		}
		whole, err := wholeHeads(ctx, q, ref, UIDRange{list[i].UID, list[j].UID})
		if err != nil {
			return err
		}
		i += copy(list[i:j+1], whole)
	}
	return nil
}
