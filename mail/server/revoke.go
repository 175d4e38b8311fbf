package server

import (
	"context"
	"time"

	"hopthu/mail/server/internal/register"
)

// revokeEvery is how often the audit log is read for what an administrator did in another process.
const revokeEvery = 500 * time.Millisecond

// revoking are the acts after which older sessions of a box must end.
var revoking = map[string]bool{"first-password": true, "password-set": true, "suspend": true}

// revoke ends sessions whose password an administrator took away in another process: within this one the register does
// it at once, but the commands of hopthu-server work on the same database from outside.
func (s *Server) revoke(ctx context.Context) error {
	last, err := s.lastAudit(ctx)
	if ctx.Err() != nil { // stopped while it was reading: the database says "interrupted", not "cancelled"
		return nil
	}
	if err != nil {
		return err
	}
	t := time.NewTicker(revokeEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
		}
		rows, err := s.reg.Audit(ctx, last, 500)
		if err != nil {
			if ctx.Err() == nil {
				s.cfg.Log.Error("read audit log", "err", err)
			}
			continue
		}
		for _, row := range rows {
			last = row.Seq
			if row.Actor.Door != register.Admin || !revoking[row.What] {
				continue
			}
			for _, open := range s.reg.Sessions() {
				if open.Box.Wire == row.Subject && open.Started.Before(row.At) && s.reg.Kill(open.ID) {
					s.cfg.Log.Info("session ended by an administrator", "door", open.Door)
				}
			}
		}
	}
}

// lastAudit finds the number of the last row: numbers have no gaps.
func (s *Server) lastAudit(ctx context.Context) (int64, error) {
	there := func(seq int64) (bool, error) {
		rows, err := s.reg.Audit(ctx, seq-1, 1)
		return len(rows) > 0, err
	}
	lo, hi := int64(0), int64(1)
	for {
		ok, err := there(hi)
		if err != nil {
			return 0, err
		}
		if !ok {
			break
		}
		lo, hi = hi, hi*2
	}
	for lo+1 < hi {
		mid := lo + (hi-lo)/2
		ok, err := there(mid)
		if err != nil {
			return 0, err
		}
		if ok {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo, nil
}
