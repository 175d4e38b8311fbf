package box

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"hopthu/mail/server/internal/db/storedb"
	"hopthu/mail/server/internal/digest"
)

// checkDigests makes every page of a mailbox again and holds what is kept against it.
func (s *Service) checkDigests(ctx context.Context, ref Ref) error {
	var there []storedb.DigestPagesRow
	err := s.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) (err error) {
		there, err = q.DigestPages(ctx, storedb.DigestPagesParams{AccountID: int64(ref.Account), MailboxID: int64(ref.Mailbox)})
		return err
	})
	all := []error{err}
	for _, p := range there {
		if err := s.checkDigest(ctx, ref, p); err != nil {
			all = append(all, fmt.Errorf("account %d, mailbox %d, prepared page %d: %w", ref.Account, ref.Mailbox, p.Page, err))
		}
	}
	return errors.Join(all...)
}

func (s *Service) checkDigest(ctx context.Context, ref Ref, p storedb.DigestPagesRow) error {
	first, last := digest.Bounds(p.Page)
	kept := map[digest.Kind][]byte{}
	var rows []Row
	err := s.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) (err error) {
		// all in one reading: the server may make the page again meanwhile
		there, err := q.DigestPage(ctx, storedb.DigestPageParams{AccountID: int64(ref.Account), MailboxID: int64(ref.Mailbox), Page: p.Page})
		if err != nil {
			return err
		}
		if len(there) == 0 {
			p.Through = -1 // gone
			return nil
		}
		p.Through, p.Stale = there[0].Through, there[0].Stale
		for _, kind := range digest.Kinds {
			row, err := digestsIn(ctx, q, ref, kind, p.Page, p.Page)
			if err != nil {
				return err
			}
			kept[kind] = row[p.Page]
		}
		rows, err = readRows(ctx, q, ref, UIDRange{max(first, 1), last})
		return err
	})
	if err != nil || p.Through < 0 {
		return err
	}
	for kind, row := range kept {
		if through, ok := digest.Through(p.Page, row); ok && int64(through) != p.Through {
			return fmt.Errorf("part %d reaches to UID %d, not %d", kind, through, p.Through)
		}
	}
	list, err := s.digestLetters(ctx, rows)
	if err != nil {
		return err
	}
	for _, l := range list {
		if int64(l.UID) > p.Through {
			break
		}
		if err := sameDigest(kept, l); err != nil {
			return fmt.Errorf("UID %d: %w", l.UID, err)
		}
	}
	return nil
}

// sameDigest holds a letter against what a page says of it. A page of another version says nothing.
func sameDigest(kept map[digest.Kind][]byte, l digest.Letter) error {
	for kind, want := range map[digest.Kind][]byte{digest.Brief: l.Short, digest.Fields: []byte(l.Fields), digest.Text: []byte(l.Text)} {
		if _, ok := digest.Through(0, kept[kind]); !ok {
			continue
		}
		e, ok := digest.Open(kind, kept[kind])
		if !ok {
			return fmt.Errorf("part %d cannot be read", kind)
		}
		odd := l.Odd
		if kind == digest.Brief {
			odd = l.Short == nil
		}
		if have, is := e.At(l.UID); is == odd || is && !bytes.Equal(have, want) {
			return fmt.Errorf("part %d says something else", kind)
		}
	}
	if !digest.Passes(kept[digest.Sieve], l) {
		return errors.New("the sieve keeps it back")
	}
	return nil
}
