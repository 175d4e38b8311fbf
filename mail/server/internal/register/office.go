package register

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
)

// NoteTx is Note inside the transaction of the act itself.
func (r *Register) NoteTx(ctx context.Context, tx *db.Tx, who Actor, what, subject, detail string) error {
	return note(ctx, tx, who, what, subject, detail)
}

// ChiefTx is who has the chief delegation of a box at this moment ("phụ trách chính"), by his own account; 0 if none stands.
func (r *Register) ChiefTx(ctx context.Context, tx *db.Tx, b box.AccountID) (box.AccountID, error) {
	list, err := tx.Q.BoxDelegations(ctx, int64(b))
	chief := chiefOf(list, tx.Now)
	for _, d := range list {
		if d.DelegationID == chief {
			return box.AccountID(d.PersonID), err
		}
	}
	return 0, err
}

// HeadTx is the head of a box by his own account, 0 if it has none.
func (r *Register) HeadTx(ctx context.Context, tx *db.Tx, b box.AccountID) (box.AccountID, error) {
	a, err := headOf(ctx, tx.Q, int64(b))
	return box.AccountID(a), err
}

// FrozenTx reports whether a box is frozen (QC 14.2).
func (r *Register) FrozenTx(ctx context.Context, tx *db.Tx, b box.AccountID) (bool, error) {
	since, err := tx.Q.GetFrozen(ctx, int64(b))
	return len(since) > 0, err
}

// ActiveTx reports whether an account is a person's own box in use.
func (r *Register) ActiveTx(ctx context.Context, tx *db.Tx, a box.AccountID) (bool, error) {
	h, there, err := active(ctx, tx.Q, int64(a))
	return there && Kind(h.Kind) == Personal, err
}

// sealed is what a one-time password is checked by, on its way to the day on which it holds.
type sealed struct {
	Hash  string `json:"hash"`
	Scram string `json:"scram"`
}

// MakeSecret makes a one-time password that holds nowhere yet, and what Rotate needs to let it hold. The password is shown
// to its owner and kept nowhere.
func (r *Register) MakeSecret(ctx context.Context) (password, seal string, err error) {
	password, fresh, err := r.makeFirst(ctx)
	if err != nil {
		return "", "", err
	}
	b, err := json.Marshal(sealed{fresh.hash, fresh.scram})
	return password, string(b), fault("make secret", err)
}

// HasLoginTx reports whether a box has a password of its own.
func (r *Register) HasLoginTx(ctx context.Context, tx *db.Tx, b box.AccountID) (bool, error) {
	h, err := tx.Q.GetHolder(ctx, int64(b))
	return h.Password != "", err
}

// RotateTx takes a box's own password away and puts the one that seal names in its place, as a first password that must be
// changed (QC 13.1, 14.2); seal "" leaves the box without one. Its sessions end. The caller has decided that it may be done.
func (r *Register) RotateTx(ctx context.Context, tx *db.Tx, who Actor, b box.AccountID, seal string) error {
	h, err := tx.Q.GetHolder(ctx, int64(b))
	if errors.Is(err, sql.ErrNoRows) {
		return &mail.Fault{Kind: mail.BadAddress, Op: "rotate password"}
	}
	if err != nil {
		return err
	}
	if h.Password == "" && seal == "" {
		return nil
	}
	var s sealed
	expires := int64(0)
	if seal != "" {
		if err := json.Unmarshal([]byte(seal), &s); err != nil {
			return err
		}
		expires = tx.Now.Add(r.opt.FirstPasswordTTL).UnixMicro()
	}
	r.endAfter(tx, h)
	return errors.Join(setPassword(ctx, tx, h, credentials{hash: s.Hash, scram: s.Scram}, seal != "", expires),
		note(ctx, tx, who, "first-password", r.full(h.Wire), "handover"))
}
