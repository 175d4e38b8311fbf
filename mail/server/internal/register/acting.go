package register

import (
	"context"
	"database/sql"
	"errors"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
)

// actAs decides which box one may open whose password was proved: his own, or the one that an authorization identity
// names (RFC 4422 2), if he has a standing in it. No such box and none to act for are one answer.
func (r *Register) actAs(ctx context.Context, h storedb.Holder, as string) (target storedb.Holder, st Standing, err error) {
	target = h
	if as != "" {
		wire, here := r.wireOfLogin(as)
		target, err = r.holder(ctx, wire)
		if errors.Is(err, sql.ErrNoRows) || err == nil && !here {
			target, err = storedb.Holder{}, nil
		}
		if err != nil {
			return target, st, err
		}
	}
	err = r.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		st, err = standing(ctx, q, h.AccountID, target.AccountID, r.opt.Now())
		return err
	})
	if err == nil && st.Scope == mail.ScopeNone {
		err = &mail.Fault{Kind: mail.Refused, Op: "log in", Detail: NotYours}
	}
	return target, st, err
}

// sessionOf is what a session of h in the box of target is.
func (r *Register) sessionOf(ctx context.Context, h, target storedb.Holder, st Standing) (info SessionInfo, err error) {
	info.Scope, info.Until = st.Scope, st.Until
	if info.Person, err = r.boxOf(ctx, h); err != nil {
		return info, err
	}
	info.Box, err = r.boxOf(ctx, target)
	return info, err
}

// noteOpening looks once more at the standing on which a session rests, inside the transaction that logs its opening.
func (r *Register) noteOpening(ctx context.Context, tx *db.Tx, s *Session) error {
	st, err := r.MayActTx(ctx, tx, s.Person.Account, s.Box.Account)
	switch {
	case err != nil:
		return err
	case st.Scope != s.Scope || !st.Until.Equal(s.Until):
		return &mail.Fault{Kind: mail.TryLater, Op: "log in", Detail: NotYours}
	case s.Acting():
		return note(ctx, tx, s.Actor(), "login-as", s.Box.Wire, s.Scope.Code())
	}
	return note(ctx, tx, s.Actor(), "login", s.Box.Wire, "")
}

// Visit opens an agency's box from a session of a person's own, without another password: where a protocol shows boxes
// of others beside one's own. End it as any session; it dies as any does. Kind Refused, Detail NotYours.
func (r *Register) Visit(ctx context.Context, from *Session, b box.AccountID) (*Session, error) {
	var info SessionInfo
	err := r.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		st, err := standing(ctx, q, int64(from.Person.Account), int64(b), r.opt.Now())
		if err == nil && (st.Scope == mail.ScopeNone || from.Acting()) {
			err = &mail.Fault{Kind: mail.Refused, Op: "open box", Detail: NotYours}
		}
		info = SessionInfo{Person: from.Person, Scope: st.Scope, Until: st.Until, Remote: from.Remote, Door: from.Door, Started: r.opt.Now()}
		return err
	})
	if err == nil {
		info.Box, err = r.Account(ctx, b)
	}
	if err != nil {
		return nil, fault("open box", err)
	}
	s := r.sessions.open(info, from)
	err = r.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error { return r.noteOpening(ctx, tx, s) })
	if err != nil {
		s.End()
		return nil, fault("open box", err)
	}
	return s, nil
}

// Expire ends the sessions whose time is over by the register's clock.
func (r *Register) Expire() {
	now := r.opt.Now()
	r.sessions.kill(func(s *Session) bool { return !s.Until.IsZero() && !now.Before(s.Until) })
}

// Recheck ends the sessions in others' boxes whose standing is no longer what it was when they began: for what was
// changed in the database by another process.
func (r *Register) Recheck(ctx context.Context) error {
	open := r.sessions.pick(func(s *Session) bool { return s.Acting() || s.Box.Kind == Official })
	if len(open) == 0 {
		return nil
	}
	now := r.opt.Now()
	err := r.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		for _, s := range open {
			st, err := standing(ctx, q, int64(s.Person.Account), int64(s.Box.Account), now)
			if err != nil {
				return err
			}
			if st.Scope != s.Scope || !st.Until.Equal(s.Until) {
				s.End()
			}
		}
		return nil
	})
	return fault("look up delegations", err)
}
