package register

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
)

// headOf is the account of a box's head, 0 if it has none.
func headOf(ctx context.Context, q *storedb.Queries, b int64) (int64, error) {
	h, err := q.GetHead(ctx, b)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return h.PersonID, err
}

// mayGovern lets the head of a box and the administrator pass.
func mayGovern(ctx context.Context, q *storedb.Queries, op string, who Actor, b int64, now time.Time) error {
	if who.administrator() {
		return nil
	}
	st, err := standing(ctx, q, int64(who.Account), b, now)
	if err != nil {
		return err
	}
	if int64(who.Account) == b { // a shared password is nobody's signature
		st.Scope = min(st.Scope, mail.ScopeManage)
	}
	return governs(op, st)
}

// governs refuses whoever is not the head; one who has nothing to do with the box does not learn that there is one.
func governs(op string, st Standing) error {
	switch {
	case st.Scope == mail.ScopeNone:
		return &mail.Fault{Kind: mail.Refused, Op: op, Detail: NotYours}
	case st.Scope < Needed(Govern, mail.RoleNone):
		return &mail.Fault{Kind: mail.Refused, Op: op, Detail: NotHead}
	}
	return nil
}

// SetHead says who is the head (thủ trưởng) of the unit whose box it is, in place of whoever was (QC 12.1); "" leaves it
// without one. Only the administrator may; a change of hands between two heads is a handover. The delegations stay.
func (r *Register) SetHead(ctx context.Context, who Actor, addr, person string) error {
	if !who.administrator() {
		return &mail.Fault{Kind: mail.Refused, Op: "set head", Detail: NotHead}
	}
	err := r.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		b, err := r.agency(ctx, tx, addr)
		if err != nil {
			return err
		}
		var p storedb.Holder
		if person != "" {
			if p, err = r.person(ctx, tx, person); err != nil {
				return err
			}
		}
		return r.SetHeadTx(ctx, tx, who, box.AccountID(b.AccountID), box.AccountID(p.AccountID))
	})
	return fault("set head", err)
}

// SetHeadTx is SetHead in a transaction of the caller, who has decided that it may be done (handover, QC 14.2); person 0
// leaves the box without one.
func (r *Register) SetHeadTx(ctx context.Context, tx *db.Tx, who Actor, b, person box.AccountID) error {
	holder, err := tx.Q.GetHolder(ctx, int64(b))
	if err != nil {
		return err
	}
	was, err := headOf(ctx, tx.Q, int64(b))
	if err != nil || was == int64(person) {
		return err
	}
	set := func() error {
		if person == 0 {
			_, err := tx.Q.DropHead(ctx, int64(b))
			return err
		}
		return tx.Q.SetHead(ctx, storedb.SetHeadParams{AccountID: int64(b), PersonID: int64(person), Since: tx.Now.UnixMicro()})
	}
	err = r.standAnew(ctx, tx, was, int64(b), func() error { return r.standAnew(ctx, tx, int64(person), int64(b), set) })
	if err != nil {
		return err
	}
	p, err := r.personBy(ctx, tx.Q, int64(person))
	return errors.Join(err, note(ctx, tx, who, "head-set", r.full(holder.Wire), p.Addr))
}

// Head gives the head of a box and since when he is, the zero Box if it has none.
func (r *Register) Head(ctx context.Context, b box.AccountID) (head Box, since time.Time, err error) {
	err = r.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		row, err := q.GetHead(ctx, int64(b))
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		h, err := q.GetHolder(ctx, row.PersonID)
		if err != nil {
			return err
		}
		u, err := q.GetUnit(ctx, h.UnitID)
		head, since = r.box1(h, u.Name), time.UnixMicro(row.Since).UTC()
		return err
	})
	return head, since, fault("look up head", err)
}

// FreezeTx lets nobody change a box any more, whatever his scope, until ThawTx (QC 14.2): everybody may read it, and mail
// still arrives. Sessions that could do more end. The caller has decided that it may be done.
func (r *Register) FreezeTx(ctx context.Context, tx *db.Tx, who Actor, b box.AccountID) error {
	n, err := tx.Q.Freeze(ctx, storedb.FreezeParams{AccountID: int64(b), Since: tx.Now.UnixMicro()})
	if err == nil && n == 0 {
		err = &mail.Fault{Kind: mail.Conflict, Op: "freeze box"}
	}
	return r.frozen(ctx, tx, who, b, "frozen", err)
}

// ThawTx ends FreezeTx.
func (r *Register) ThawTx(ctx context.Context, tx *db.Tx, who Actor, b box.AccountID) error {
	_, err := tx.Q.Thaw(ctx, int64(b))
	return r.frozen(ctx, tx, who, b, "thawed", err)
}

func (r *Register) frozen(ctx context.Context, tx *db.Tx, who Actor, b box.AccountID, what string, err error) error {
	if err != nil {
		return err
	}
	h, err := tx.Q.GetHolder(ctx, int64(b))
	if err != nil {
		return err
	}
	tx.After(func() { r.sessions.kill(func(s *Session) bool { return s.Box.Account == b }) })
	return note(ctx, tx, who, what, r.full(h.Wire), "")
}
