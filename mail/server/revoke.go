package server

import (
	"context"
	"time"

	"hopthu/mail/server/internal/register"
)

// revokeEvery is how often it is looked whether sessions must end by the clock, or for what was done in another process.
const revokeEvery = 500 * time.Millisecond

// Acts after which older sessions must end.
var (
	revoking  = map[string]bool{"first-password": true, "password-set": true, "suspend": true}
	restating = map[string]bool{"delegation-given": true, "delegation-ended": true, "head-set": true, "frozen": true, "thawed": true, "suspend": true}
)

// revoke ends sessions whose time is over, and those that an administrator ended in another process: within this one
// the register does it at once, but the commands of hopthu-server work on the same database from outside.
func (s *Server) revoke(ctx context.Context) error {
	last, err := s.reg.LastAudit(ctx)
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
		s.reg.Expire()
		if last, err = s.obey(ctx, last); err != nil && ctx.Err() == nil {
			s.cfg.Log.Error("end sessions", "err", err)
		}
	}
}

// obey ends the sessions that rows of the audit log after last want ended, and gives the last row it has dealt with.
func (s *Server) obey(ctx context.Context, last int64) (int64, error) {
	rows, err := s.reg.Audit(ctx, last, 500)
	if err != nil {
		return last, err
	}
	again := false
	for _, row := range rows {
		if row.Actor.Door != register.Admin {
			continue
		}
		again = again || restating[row.What]
		for _, open := range s.reg.Sessions() {
			if revoking[row.What] && open.Person.Wire == row.Subject && open.Started.Before(row.At) && s.reg.Kill(open.ID) {
				s.cfg.Log.Info("session ended by an administrator", "door", open.Door)
			}
		}
	}
	if again {
		if err := s.reg.Recheck(ctx); err != nil {
			return last, err
		}
	}
	if n := len(rows); n > 0 {
		last = rows[n-1].Seq
	}
	return last, nil
}
