package office

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
)

// fill puts n letters of ten years into the agency's inbox, one in every waits of them unanswered, by rows.
func (g *rig) fill(n, waits int) {
	g.t.Helper()
	ctx := context.Background()
	ref := g.folder("INBOX")
	const at = 2000
	for from := 0; from < n; from += at {
		g.must(g.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			for i := from; i < min(from+at, n); i++ {
				id := fmt.Sprintf("%d@dan", i)
				head := strings.ReplaceAll(letterTo(g.agency, id, fmt.Sprintf("Đề nghị trả lời kiến nghị số %d về thủ tục cấp phép", i)), "\n", "\r\n")
				hash := sha256.Sum256([]byte(head))
				if _, err := tx.Q.AddBlob(ctx, storedb.AddBlobParams{
					Hash: hash[:], Size: 40_000, HeadSize: int64(len(head)), Complete: 1, MessageID: id, Head: []byte(head),
				}); err != nil {
					return err
				}
				flags := mail.Seen
				if i%waits != 0 {
					flags |= mail.Answered
				}
				came := g.clock.now().Add(-time.Duration(n-i) * 50 * time.Minute).UnixMicro()
				if err := tx.Q.AddMessage(ctx, storedb.AddMessageParams{
					AccountID: int64(ref.Account), MailboxID: int64(ref.Mailbox), Uid: int64(i + 1), Modseq: int64(i + 2), Flags: int64(flags),
					Size: 40_000, ReceivedAt: came, SavedAt: came, BlobHash: hash[:], Prefix: []byte{},
				}); err != nil {
					return err
				}
			}
			_, err := tx.Q.TakeUIDs(ctx, storedb.TakeUIDsParams{
				Letters: int64(min(from+at, n) - from), Bytes: int64(40_000 * (min(from+at, n) - from)), AccountID: int64(ref.Account), MailboxID: int64(ref.Mailbox),
			})
			return err
		}))
	}
}

// BenchmarkInventory counts a box of 100,000 letters of which 3,000 wait (QC 14.2).
func BenchmarkInventory(b *testing.B) {
	g := newRig(b)
	g.fill(100_000, 33)
	b.ResetTimer()
	for b.Loop() {
		c, err := g.inventory(context.Background(), g.agency)
		g.must(err)
		if c.inventory.Letters != 100_000 {
			b.Fatalf("%d letters", c.inventory.Letters)
		}
		b.ReportMetric(float64(len(c.inventory.Unanswered)), "lines")
	}
}
