package box

import (
	"context"
	"strings"
	"testing"

	"hopthu/mail"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
)

// Each way in which a row can be wrong is found by Check; every one of them is committed, as rot would be.
func TestCheckFindsEachDamage(t *testing.T) {
	for name, harm := range map[string]func(ctx context.Context, q *storedb.Queries, m storedb.Message) error{
		"a count of a mailbox": func(ctx context.Context, q *storedb.Queries, m storedb.Message) error {
			return q.AddCounts(ctx, storedb.AddCountsParams{Letters: 1, AccountID: m.AccountID, MailboxID: m.MailboxID})
		},
		"the use of an account": func(ctx context.Context, q *storedb.Queries, m storedb.Message) error {
			_, err := q.AddUse(ctx, storedb.AddUseParams{Bytes: 1, AccountID: m.AccountID})
			return err
		},
		"bytes that are gone": func(ctx context.Context, q *storedb.Queries, m storedb.Message) error {
			return q.DropBlob(ctx, m.BlobHash)
		},
		"a piece that is gone": func(ctx context.Context, q *storedb.Queries, m storedb.Message) error {
			return q.DropChunks(ctx, m.BlobHash)
		},
		"one bit of a letter": func(ctx context.Context, q *storedb.Queries, m storedb.Message) error {
			key := storedb.GetChunkParams{Hash: m.BlobHash, N: 0}
			data, err := q.GetChunk(ctx, key)
			if err == nil {
				data[len(data)/2] ^= 1
				err = q.DropChunks(ctx, m.BlobHash)
			}
			if err != nil {
				return err
			}
			return q.AddChunk(ctx, storedb.AddChunkParams{Hash: key.Hash, N: key.N, Data: data})
		},
		"a piece too many": func(ctx context.Context, q *storedb.Queries, m storedb.Message) error {
			return q.AddChunk(ctx, storedb.AddChunkParams{Hash: m.BlobHash, N: 7, Data: []byte("x")})
		},
		"a piece of nothing": func(ctx context.Context, q *storedb.Queries, _ storedb.Message) error {
			return q.AddChunk(ctx, storedb.AddChunkParams{Hash: []byte("nothing"), N: 0, Data: []byte("x")})
		},
		"a modseq ahead": func(ctx context.Context, q *storedb.Queries, m storedb.Message) error {
			return q.SetFlags(ctx, storedb.SetFlagsParams{Flags: m.Flags, Modseq: 1000, AccountID: m.AccountID, MailboxID: m.MailboxID, Uid: m.Uid})
		},
		"flags against the count": func(ctx context.Context, q *storedb.Queries, m storedb.Message) error {
			return q.SetFlags(ctx, storedb.SetFlagsParams{Flags: int64(mail.Seen), Modseq: m.Modseq, AccountID: m.AccountID, MailboxID: m.MailboxID, Uid: m.Uid})
		},
		"keywords out of order": func(ctx context.Context, q *storedb.Queries, m storedb.Message) error {
			return q.SetFlags(ctx, storedb.SetFlagsParams{Flags: m.Flags, Keywords: "b a", Modseq: m.Modseq, AccountID: m.AccountID, MailboxID: m.MailboxID, Uid: m.Uid})
		},
		"a floor above": func(ctx context.Context, q *storedb.Queries, m storedb.Message) error {
			return q.SetFloor(ctx, storedb.SetFloorParams{Floor: 1000, AccountID: m.AccountID, MailboxID: m.MailboxID})
		},
		"a note on a mailbox that is gone": func(ctx context.Context, q *storedb.Queries, m storedb.Message) error {
			return q.PutMetadata(ctx, storedb.PutMetadataParams{AccountID: m.AccountID, MailboxID: 1000, Entry: "/shared/comment", Value: []byte("x")})
		},
		"there and expunged": func(ctx context.Context, q *storedb.Queries, m storedb.Message) error {
			return q.AddExpunged(ctx, storedb.AddExpungedParams{AccountID: m.AccountID, MailboxID: m.MailboxID, Modseq: 2, Uid: m.Uid})
		},
		"expunged and never there": func(ctx context.Context, q *storedb.Queries, m storedb.Message) error {
			return q.AddExpunged(ctx, storedb.AddExpungedParams{AccountID: m.AccountID, MailboxID: m.MailboxID, Modseq: 2, Uid: 99})
		},
		"a name that cannot be": func(ctx context.Context, q *storedb.Queries, m storedb.Message) error {
			return q.RenameMailbox(ctx, storedb.RenameMailboxParams{Name: "a//b", AccountID: m.AccountID, MailboxID: 3})
		},
		"a letter lost from its mailbox": func(ctx context.Context, q *storedb.Queries, m storedb.Message) error {
			return q.DropMessage(ctx, storedb.DropMessageParams{AccountID: m.AccountID, MailboxID: m.MailboxID, Uid: m.Uid})
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, Options{})
			in := InboxOf(h.account())
			h.append(in, letter("1", "bí mật "+strings.Repeat("x", 300)), 0)
			h.must(h.Check(t.Context()))
			h.must(h.d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				m, err := tx.Q.GetMessage(ctx, storedb.GetMessageParams{AccountID: int64(in.Account), MailboxID: int64(in.Mailbox), Uid: 1})
				if err != nil {
					return err
				}
				return harm(ctx, tx.Q, m)
			}))
			err := h.Check(t.Context())
			if mail.KindOf(err) != mail.StoreDamaged {
				t.Fatalf("%v", err)
			}
			if strings.Contains(err.Error(), "mật") || strings.Contains(err.Error(), "a//b") {
				t.Errorf("it tells more than numbers: %v", err)
			}
			h.broken = true
		})
	}
}
