package register

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
)

// errReplaced says that a proved password is another one by now, or its box was suspended or resumed.
var errReplaced = errors.New("the password was replaced meanwhile")

// Login checks a password and opens a session. It does not wait: a door may slow its answer down by itself.
func (r *Register) Login(ctx context.Context, at Attempt) (*Session, error) {
	s, err := r.login(ctx, at)
	if errors.Is(err, errReplaced) { // the row of now decides
		s, err = r.login(ctx, at)
	}
	return s, err
}

func (r *Register) login(ctx context.Context, at Attempt) (*Session, error) {
	h, weak, err := r.prove(ctx, at)
	if err != nil {
		return nil, err
	}
	if !weak && r.hash.current(h.Scram) {
		return r.admit(ctx, at, h, nil)
	}
	return r.admit(ctx, at, h, func() (credentials, error) { return r.hash.make(ctx, at.Password) })
}

// admit opens a session for one whose password was proved, whatever the way. renew, if there is one, makes the forms in
// which the password is kept anew.
func (r *Register) admit(ctx context.Context, at Attempt, h storedb.Holder, renew func() (credentials, error)) (*Session, error) {
	who := Actor{Account: box.AccountID(h.AccountID), Remote: at.Remote, Door: at.Door}
	switch {
	case State(h.State) == Suspended:
		return nil, r.turnAway(ctx, who, h, mail.Refused, "suspended")
	case h.ExpiresAt != 0 && r.opt.Now().UnixMicro() >= h.ExpiresAt:
		return nil, r.turnAway(ctx, who, h, mail.PasswordExpired, "")
	case h.MustChange != 0: // QC 13.1
		return nil, r.turnAway(ctx, who, h, mail.MustChange, "")
	}
	target, st, err := r.actAs(ctx, h, at.As)
	if mail.KindOf(err) == mail.Refused {
		return nil, r.turnAway(ctx, who, h, mail.Refused, NotYours)
	} else if err != nil {
		return nil, fault("log in", err)
	}
	var fresh credentials
	if renew != nil {
		var err error
		if fresh, err = renew(); err != nil {
			return nil, fault("log in", err)
		}
	}
	info, err := r.sessionOf(ctx, h, target, st)
	if err != nil {
		return nil, err
	}
	info.Remote, info.Door, info.Started = hostOf(at.Remote), at.Door, r.opt.Now()
	// Opened before the last look at the row, so that whoever locks the box or changes its password meanwhile either
	// is seen here or sees the session.
	s := r.sessions.open(info, nil)
	err = r.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		now, err := tx.Q.GetHolder(ctx, h.AccountID)
		if err != nil {
			return err
		}
		if now.State != h.State || now.ChangedAt != h.ChangedAt {
			return &mail.Fault{Kind: mail.BadPassword, Op: "log in", Err: errReplaced}
		}
		if renew != nil {
			if err := replace(ctx, tx, now, fresh, storedb.SetPasswordParams{ChangedAt: now.ChangedAt}); err != nil {
				return err
			}
		}
		first := storedb.SetFirstUseParams{FirstUsedAt: tx.Now.UnixMicro(), AccountID: h.AccountID} // D5
		return errors.Join(tx.Q.SetFirstUse(ctx, first), r.noteOpening(ctx, tx, s))
	})
	if err != nil {
		s.End()
		return nil, fault("log in", err)
	}
	return s, nil
}

// prove checks the password of an attempt against the limits and the row. Every refusal looks and costs the same
// whether the name is known or not.
func (r *Register) prove(ctx context.Context, at Attempt) (storedb.Holder, bool, error) {
	now := r.opt.Now()
	wire, here := r.wireOfLogin(at.Login)
	t, until := r.limit.begin(wire, at.Remote, r.sessions.live(at.Remote), now)
	if t == nil {
		return storedb.Holder{}, false, lockedOut(until)
	}
	defer t.unknown()
	h, err := r.holder(ctx, wire)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !here {
		h = storedb.Holder{}
	} else if err != nil {
		return h, false, fault("log in", err)
	}
	ok, weak, err := r.hash.check(ctx, at.Password, h.Password)
	if err != nil {
		return h, false, fault("log in", err)
	}
	if !ok {
		return h, false, r.refused(ctx, t, at, h, wire)
	}
	t.passed()
	return h, weak, nil
}

// wireOfLogin is wireOf for what a stranger types.
func (r *Register) wireOfLogin(login string) (wire string, here bool) {
	if wire, here = r.wireOf(login); len(wire) > 320 { // RFC 5321 4.5.3.1: no address is that long
		return wire[:320], false
	}
	return wire, here
}

// refused counts and logs a wrong password.
func (r *Register) refused(ctx context.Context, t *try, at Attempt, h storedb.Holder, wire string) error {
	if err := r.noteRefusal(ctx, at, h, wire, t.failed()); err != nil {
		return err
	}
	return &mail.Fault{Kind: mail.BadPassword, Op: "log in"}
}

// noteRefusal logs a failure and a lock-out (QC 10.3). An unknown name is logged as a fingerprint only: people type passwords into the wrong field.
func (r *Register) noteRefusal(ctx context.Context, at Attempt, h storedb.Holder, wire string, until time.Time) error {
	who := Actor{Remote: at.Remote, Door: at.Door}
	subject := fmt.Sprintf("unknown:%x", sha256.Sum256([]byte(wire)))[:16]
	if h.AccountID != 0 {
		subject = r.full(h.Wire)
	}
	err := r.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := note(ctx, tx, who, "refused", subject, "password"); err != nil || until.IsZero() {
			return err
		}
		return note(ctx, tx, who, "locked", subject, until.UTC().Format(time.RFC3339))
	})
	return fault("log in", err)
}

func lockedOut(until time.Time) error {
	return &mail.Fault{Kind: mail.LockedOut, Op: "log in", Detail: until.UTC().Format(time.RFC3339)}
}

// turnAway logs why somebody with the right password does not come in.
func (r *Register) turnAway(ctx context.Context, who Actor, h storedb.Holder, kind mail.FaultKind, detail string) error {
	if err := r.Note(ctx, who, string(kind), r.full(h.Wire), detail); err != nil {
		return err
	}
	return &mail.Fault{Kind: kind, Op: "log in", Detail: detail}
}

// ChangePassword changes one's own password, also a first password that must be changed, and ends other sessions. The
// change, its row in the log and the end of the first password are one transaction (QC 13.1).
func (r *Register) ChangePassword(ctx context.Context, c PasswordChange) error {
	h, _, err := r.prove(ctx, Attempt{Login: c.Login, Password: c.Old, Remote: c.Remote, Door: c.Door})
	if err != nil {
		return err
	}
	who := Actor{Account: box.AccountID(h.AccountID), Remote: c.Remote, Door: c.Door}
	if State(h.State) == Suspended {
		return r.turnAway(ctx, who, h, mail.Refused, "suspended")
	}
	if h.ExpiresAt != 0 && r.opt.Now().UnixMicro() >= h.ExpiresAt {
		return r.turnAway(ctx, who, h, mail.PasswordExpired, "")
	}
	if err := judge(h, c.Old, c.New); err != nil {
		return err
	}
	fresh, err := r.hash.make(ctx, c.New)
	if err != nil {
		return fault("change password", err)
	}
	err = r.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := setPassword(ctx, tx, h, fresh, false, 0); err != nil {
			return err
		}
		return note(ctx, tx, who, "password-changed", r.full(h.Wire), "")
	})
	if err != nil {
		return fault("change password", err)
	}
	r.sessions.killPassword(who.Account, c.Keep)
	return nil
}

// setPassword gives h another password. The moment of the change is later than that of the one before, so that it tells
// one password from the next whatever the clock does; the forms in which a password is kept may be made anew without it.
func setPassword(ctx context.Context, tx *db.Tx, h storedb.Holder, fresh credentials, must bool, expires int64) error {
	p := storedb.SetPasswordParams{ExpiresAt: expires, ChangedAt: max(tx.Now.UnixMicro(), h.ChangedAt+1)}
	if must {
		p.MustChange = 1
	}
	return replace(ctx, tx, h, fresh, p)
}

// replace puts fresh in the place of exactly the password that h shows; if it changed meanwhile, that is a Conflict.
func replace(ctx context.Context, tx *db.Tx, h storedb.Holder, fresh credentials, p storedb.SetPasswordParams) error {
	p.Password, p.Scram, p.AccountID, p.Old = fresh.hash, fresh.scram, h.AccountID, h.Password
	n, err := tx.Q.SetPassword(ctx, p)
	if err == nil && n == 0 {
		err = &mail.Fault{Kind: mail.Conflict, Op: "set password"}
	}
	return err
}
