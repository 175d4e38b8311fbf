package register

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
	"time"
	"unicode"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
)

// AuditRow is one line of the log: who did what to whom, from where. Hash covers the row and the hash before it, so that
// no row can be changed or taken out unseen.
type AuditRow struct {
	Seq     int64
	At      time.Time
	Actor   Actor
	What    string // "login", "refused", "locked", "must-change", "password-changed", "first-password", "add-person", "suspend" …
	Subject string // an address
	Detail  string
	Hash    [32]byte
}

const maxDetail = 500 // octets of one text of a row

// note writes a row inside the transaction of the act itself.
func note(ctx context.Context, tx *db.Tx, who Actor, what, subject, detail string) error {
	seq, err := tx.Q.NextNumber(ctx, "audit")
	if err != nil {
		return err
	}
	row := AuditRow{Seq: seq, At: tx.Now.UTC().Truncate(time.Microsecond), Actor: who, What: plain(what), Subject: plain(subject), Detail: plain(detail)}
	row.Actor.Remote = plain(hostOf(who.Remote))
	var before [32]byte
	if seq > 1 {
		last, err := tx.Q.GetAudit(ctx, seq-1)
		if err != nil {
			return fmt.Errorf("audit log: row %d is missing: %w", seq-1, err)
		}
		copy(before[:], last.Hash)
	}
	row.Hash = row.chain(before)
	return tx.Q.AddAudit(ctx, storedb.AddAuditParams{
		Seq: seq, At: row.At.UnixMicro(), AccountID: int64(who.Account),
		Remote: row.Actor.Remote, Door: string(who.Door), What: row.What, Subject: row.Subject, Detail: row.Detail, Hash: row.Hash[:],
	})
}

// chain hashes the row behind the hash before it; every text is led by its length, so that no two rows look alike.
func (a AuditRow) chain(before [32]byte) [32]byte {
	b := append([]byte{}, before[:]...)
	for _, n := range []int64{a.Seq, a.At.UnixMicro(), int64(a.Actor.Account)} {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	for _, s := range []string{a.Actor.Remote, string(a.Actor.Door), a.What, a.Subject, a.Detail} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	return sha256.Sum256(b)
}

// plain keeps controls and endless texts out of the log.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	if len(s) > maxDetail {
		s = strings.ToValidUTF8(s[:maxDetail], "")
	}
	return s
}

// Note writes an audit row for an act of another room (a refused relay, a killed session). what is a code; detail holds
// no secret, subject or body.
func (r *Register) Note(ctx context.Context, who Actor, what, subject, detail string) error {
	err := r.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		return note(ctx, tx, who, what, subject, detail)
	})
	return fault("write audit log", err)
}

// Audit gives rows after seq, oldest first, at most limit.
func (r *Register) Audit(ctx context.Context, after int64, limit int) ([]AuditRow, error) {
	var out []AuditRow
	err := r.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		list, err := q.ListAudit(ctx, storedb.ListAuditParams{After: after, Most: int32(min(limit, 10000))})
		if err != nil {
			return err
		}
		for _, a := range list {
			row := AuditRow{
				Seq: a.Seq, At: time.UnixMicro(a.At).UTC(), What: a.What, Subject: a.Subject, Detail: a.Detail,
				Actor: Actor{Account: box.AccountID(a.AccountID), Remote: a.Remote, Door: Door(a.Door)},
			}
			copy(row.Hash[:], a.Hash)
			out = append(out, row)
		}
		return nil
	})
	return out, fault("read audit log", err)
}

// fault gives an error of this room its kind.
func fault(op string, err error) error {
	if err == nil {
		return nil
	}
	return mail.AsFault(op, err)
}
