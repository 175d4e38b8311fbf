package box

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"

	"hopthu/mail"
	"hopthu/mail/server/internal/db/storedb"
)

// Check verifies every invariant of the room, hashes included; the error joins all that is wrong. It names accounts,
// mailboxes and UIDs by number, never a person or a subject.
func (s *Service) Check(ctx context.Context) error {
	err := errors.Join(s.checkAccounts(ctx), s.checkBlobs(ctx))
	if err == nil {
		return nil
	}
	return &mail.Fault{Kind: mail.StoreDamaged, Op: "check boxes", Err: err}
}

func (s *Service) checkAccounts(ctx context.Context) error {
	var all []error
	var ids []int64
	err := s.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) (err error) {
		if ids, err = q.AccountIDs(ctx); err != nil {
			return err
		}
		for _, c := range []struct {
			what  string
			count func(context.Context) (int64, error)
		}{
			{"letters without their bytes", q.LettersWithoutBlob},
			{"pieces without a blob", q.ChunksWithoutBlob},
			{"letters of a wrong size", q.WrongSizes},
			{"prepared parts without a page", q.DigestsWithoutPage},
			{"notes on mailboxes that are not there", q.MetadataWithoutMailbox},
		} {
			n, err := c.count(ctx)
			if err != nil {
				return err
			}
			if n != 0 {
				all = append(all, fmt.Errorf("%d %s", n, c.what))
			}
		}
		return nil
	})
	all = append(all, err)
	for _, id := range ids {
		all = append(all, s.checkPrepared(ctx, id))
		// one snapshot an account, so that counts and letters belong together
		all = append(all, s.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
			return checkAccount(ctx, q, id)
		}))
	}
	return errors.Join(all...)
}

// checkPrepared verifies what is prepared of an account's letters.
func (s *Service) checkPrepared(ctx context.Context, id int64) error {
	var boxes []storedb.Mailbox
	err := s.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) (err error) {
		boxes, err = q.ListMailboxes(ctx, id)
		return err
	})
	all := []error{err}
	for _, b := range boxes {
		all = append(all, s.checkDigests(ctx, Ref{AccountID(id), MailboxID(b.MailboxID)}))
	}
	return errors.Join(all...)
}

func checkAccount(ctx context.Context, q *storedb.Queries, id int64) error {
	account, err := q.GetAccount(ctx, id)
	if err != nil {
		return err
	}
	boxes, err := q.ListMailboxes(ctx, id)
	if err != nil {
		return err
	}
	var all []error
	var letters, bytes int64
	validity, roles := map[int64]bool{}, map[string]bool{}
	for _, b := range boxes {
		if b.Role != string(mail.RoleNone) && roles[b.Role] {
			all = append(all, fmt.Errorf("account %d, mailbox %d: another one has its role", id, b.MailboxID))
		}
		roles[b.Role] = true
		all = append(all, checkMailbox(ctx, q, b))
		letters, bytes = letters+b.Total, bytes+b.Bytes
		if validity[b.Uidvalidity] || b.Uidvalidity > account.LastValidity || b.MailboxID > account.LastMailbox {
			all = append(all, fmt.Errorf("account %d, mailbox %d: number or UIDVALIDITY not its own", id, b.MailboxID))
		}
		validity[b.Uidvalidity] = true
		if clean, err := CleanName(b.Name); err != nil || clean != b.Name {
			all = append(all, fmt.Errorf("account %d, mailbox %d: its name is not clean", id, b.MailboxID))
		}
	}
	if letters != account.Letters || bytes != account.UsedBytes {
		all = append(all, fmt.Errorf("account %d: counts %d letters, %d octets; there are %d, %d", id, account.Letters, account.UsedBytes, letters, bytes))
	}
	return errors.Join(all...)
}

func checkMailbox(ctx context.Context, q *storedb.Queries, b storedb.Mailbox) error {
	var all []error
	bad := func(format string, a ...any) {
		all = append(all, fmt.Errorf("account %d, mailbox %d: "+format, append([]any{b.AccountID, b.MailboxID}, a...)...))
	}
	rows, err := readRows(ctx, q, Ref{AccountID(b.AccountID), MailboxID(b.MailboxID)}, UIDRange{})
	if err != nil {
		return err
	}
	if b.Floor > b.Modseq {
		bad("its floor %d is above modseq %d", b.Floor, b.Modseq)
	}
	there := map[int64]bool{}
	for _, m := range rows {
		there[int64(m.UID)] = true
		if m.UID < 1 || int64(m.UID) >= b.Uidnext {
			bad("UID %d is not below UIDNEXT %d", m.UID, b.Uidnext)
		}
		if known, clean, err := cleanKeywords(m.Keywords); err != nil || known != 0 || !slices.Equal(clean, m.Keywords) {
			bad("UID %d has keywords that are not in order", m.UID)
		}
		if m.ModSeq < 1 || m.ModSeq > uint64(b.Modseq) {
			bad("UID %d has modseq %d above %d", m.UID, m.ModSeq, b.Modseq)
		}
	}
	if n, says := measure(rows), (counts{int(b.Total), int(b.Unseen), int(b.Deleted), b.Bytes, b.DeletedBytes}); n != says {
		bad("counts %+v; there are %+v", says, n)
	}
	gone, err := q.ExpungedSince(ctx, storedb.ExpungedSinceParams{AccountID: b.AccountID, MailboxID: b.MailboxID, Since: -1})
	if err != nil {
		return err
	}
	for _, uid := range gone {
		if there[uid] {
			bad("UID %d is there and expunged", uid)
		}
		if uid >= b.Uidnext {
			bad("expunged UID %d is not below UIDNEXT %d", uid, b.Uidnext)
		}
		there[uid] = true // a second expunge of it would be found
	}
	return errors.Join(all...)
}

// checkBlobs reads every byte again and compares it with its name.
func (s *Service) checkBlobs(ctx context.Context) error {
	var all []error
	after := []byte{}
	for {
		page, _, err := s.blobPage(ctx, after)
		if err != nil {
			return errors.Join(append(all, err)...)
		}
		if len(page) == 0 {
			return errors.Join(all...)
		}
		for _, b := range page {
			if b.Complete == 1 { // one that is not was never acknowledged
				all = append(all, s.checkBlob(ctx, b))
			}
		}
		after = page[len(page)-1].Hash
	}
}

func (s *Service) checkBlob(ctx context.Context, b storedb.BlobPageRow) error {
	return s.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		head, err := q.BlobHead(ctx, b.Hash)
		if err != nil {
			return err
		}
		sum := sha256.New()
		sum.Write(head.Head) // a hash never fails
		size := int64(len(head.Head))
		numbers, err := q.ChunkNumbers(ctx, b.Hash)
		if err != nil {
			return err
		}
		for i, n := range numbers {
			data, err := q.GetChunk(ctx, storedb.GetChunkParams{Hash: b.Hash, N: n})
			if err != nil {
				return err
			}
			if n != int64(i) {
				return fmt.Errorf("blob %x: piece %d is missing", b.Hash[:6], i)
			}
			sum.Write(data)
			size += int64(len(data))
		}
		if size != b.Size || b.HeadSize != int64(len(head.Head)) {
			return fmt.Errorf("blob %x: %d octets, expected %d", b.Hash[:6], size, b.Size)
		}
		if Hash(sum.Sum(nil)) != Hash(b.Hash) {
			return fmt.Errorf("blob %x: its bytes have another hash", b.Hash[:6])
		}
		return nil
	})
}
