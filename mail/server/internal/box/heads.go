package box

import (
	"context"
	"slices"

	"hopthu/mail/server/internal/db/storedb"
)

// Headed is a letter with its header block (prefix included, ending in the empty line; at most 1 MiB).
type Headed struct {
	Row
	Head []byte
}

// Heads gives the letters whose UID lies in set, ascending, with their headers, in one reading. Ask for few at a time.
func (s *Service) Heads(ctx context.Context, ref Ref, set []UIDRange) ([]Headed, error) {
	var out []Headed
	err := s.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		for _, r := range set {
			list, err := q.MessageHeads(ctx, storedb.MessageHeadsParams{
				AccountID: int64(ref.Account), MailboxID: int64(ref.Mailbox), Lo: int64(r.Lo), Hi: int64(r.Hi),
			})
			if err != nil {
				return err
			}
			for _, m := range list {
				h := Headed{Row: rowFrom(m.Message), Head: m.Head}
				if len(h.Prefix) > 0 {
					h.Head = slices.Concat(h.Prefix, m.Head)
				}
				out = append(out, h)
			}
		}
		return nil
	})
	return out, fault("read headers", err)
}
