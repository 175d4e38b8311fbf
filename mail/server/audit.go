package server

import (
	"context"
	"fmt"
	"time"

	"hopthu/mail"
	"hopthu/mail/server/internal/register"
)

// AuditRow is one line of the audit log.
type AuditRow struct {
	Seq                                 int64
	At                                  time.Time
	Actor                               string // address; "" is the administrator on the machine, or nobody yet
	Remote, Door, What, Subject, Detail string
	Hash                                [32]byte // of this row and all before it
}

// Audit gives rows of the audit log after seq, oldest first, at most limit.
func (a *Admin) Audit(ctx context.Context, after int64, limit int) ([]AuditRow, error) {
	rows, err := a.s.reg.Audit(ctx, after, limit)
	if err != nil {
		return nil, err
	}
	out := make([]AuditRow, len(rows))
	for i, r := range rows {
		out[i] = AuditRow{
			Seq: r.Seq, At: r.At, Remote: r.Actor.Remote, Door: string(r.Actor.Door), What: r.What, Subject: r.Subject,
			Detail: r.Detail, Hash: r.Hash,
		}
		if r.Actor.Account != 0 {
			b, err := a.s.reg.Account(ctx, r.Actor.Account)
			if err != nil {
				return nil, err
			}
			out[i].Actor = b.Address
		}
	}
	return out, nil
}

// LastAudit is the number of the last row of the audit log.
func (a *Admin) LastAudit(ctx context.Context) (int64, error) { return a.s.reg.LastAudit(ctx) }

// VerifyAudit checks the chain of the audit log from its first row to its last, which it gives. known, when its Seq is
// not 0, is a row that was noted elsewhere at an earlier time: the log must still hold it with that hash, so that one
// written anew from the start is found too. Kind StoreDamaged: which row was changed or is missing.
func (a *Admin) VerifyAudit(ctx context.Context, known AuditRow) (last AuditRow, err error) {
	damaged := func(what string) error {
		return &mail.Fault{Kind: mail.StoreDamaged, Op: "verify audit log", Err: fmt.Errorf("audit log: row %d %s", known.Seq, what)}
	}
	err = a.s.reg.VerifyAudit(ctx, func(r register.AuditRow) error {
		if r.Seq == known.Seq && r.Hash != known.Hash {
			return damaged("is not the one that was noted")
		}
		last = AuditRow{Seq: r.Seq, At: r.At, Hash: r.Hash}
		return nil
	})
	if err == nil && last.Seq < known.Seq {
		err = damaged("is no longer there")
	}
	return last, err
}
