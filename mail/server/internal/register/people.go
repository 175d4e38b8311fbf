package register

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
	"hopthu/mail/viet"
)

var unitTypes = []string{"hành chính", "sự nghiệp công lập", "vũ trang", "khác"} // QC 1.2

// AddUnit makes a unit and its official box, which has no password until one is issued. Regulation "" takes the suggestion
// from the name. Kind Conflict: the spelling is taken (in either form).
func (r *Register) AddUnit(ctx context.Context, who Actor, u Unit) (Unit, Box, error) {
	u.Name = words(u.Name)
	if u.Type == "" {
		u.Type = unitTypes[0]
	}
	if u.Regulation == "" {
		u.Regulation, _ = rule.UnitAbbrev(u.Name)
	}
	u.Regulation = strings.ToLower(viet.NFC(strings.TrimSpace(u.Regulation)))
	u.Wire = rule.WireForm(u.Regulation)
	if u.Name == "" || !slices.Contains(unitTypes, u.Type) {
		return u, Box{}, &mail.Fault{Kind: mail.BadSettings, Op: "add unit", Detail: "name or type"}
	}
	if err := rule.ValidUnit(u.Regulation); err != nil {
		return u, Box{}, err
	}
	var h storedb.Holder
	err := r.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Q.NextNumber(ctx, "unit")
		if err != nil {
			return err
		}
		u.ID = UnitID(n)
		if u.Parent != 0 {
			if _, err := tx.Q.GetUnit(ctx, int64(u.Parent)); err != nil {
				return noUnit(err)
			}
		}
		h, err = r.addHolder(ctx, tx, storedb.AddHolderParams{
			UnitID: n, Kind: string(Official), Name: u.Name,
			Regulation: u.Regulation, Wire: u.Wire, Search: search(u.Name, u.Regulation, u.Wire),
		})
		if err != nil {
			return err
		}
		err = tx.Q.AddUnit(ctx, storedb.AddUnitParams{
			UnitID: n, ParentID: int64(u.Parent), Name: u.Name, Type: u.Type,
			Regulation: u.Regulation, Wire: u.Wire, CreatedAt: tx.Now.UnixMicro(),
		})
		return errors.Join(err, touched(ctx, tx), note(ctx, tx, who, "add-unit", r.full(u.Wire), u.Name))
	})
	if err != nil {
		return u, Box{}, fault("add unit", err)
	}
	b, err := r.boxOf(ctx, h)
	return u, b, err
}

// AddPerson makes a person with a personal box and a one-time first password; the address follows QC 4.2, namesakes are
// numbered (D2, D3). Addresses stay in the table for ever, so a number is never given again.
func (r *Register) AddPerson(ctx context.Context, who Actor, name string, unit UnitID, post string) (Box, string, error) {
	name, _ = rule.FullName(name) // "ThS. Lê Hà" stands in the directory, and among her namesakes, as Lê Hà
	post = words(post)
	first, fresh, err := r.makeFirst(ctx)
	if err != nil {
		return Box{}, "", err
	}
	var h storedb.Holder
	err = r.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		u, err := tx.Q.GetUnit(ctx, int64(unit))
		if err != nil {
			return noUnit(err)
		}
		local, err := freeAddress(ctx, tx, name, u.Wire)
		if err != nil {
			return err
		}
		own, _, _ := strings.Cut(local, ".")
		regulation := own + "." + u.Regulation
		person, err := tx.Q.NextNumber(ctx, "person")
		if err != nil {
			return err
		}
		h, err = r.addHolder(ctx, tx, storedb.AddHolderParams{
			UnitID: u.UnitID, PersonID: person, Kind: string(Personal),
			Name: name, Post: post, Regulation: regulation, Wire: local, Password: fresh.hash, Scram: fresh.scram, MustChange: 1,
			ExpiresAt: tx.Now.Add(r.opt.FirstPasswordTTL).UnixMicro(), Search: search(name, post, u.Name, regulation, local),
		})
		return errors.Join(err, touched(ctx, tx), note(ctx, tx, who, "add-person", r.full(local), ""))
	})
	if err != nil {
		return Box{}, "", fault("add person", err)
	}
	b, err := r.boxOf(ctx, h)
	return b, first, err
}

func freeAddress(ctx context.Context, tx *db.Tx, name, unit string) (string, error) {
	var broken error
	local, err := rule.PersonalAddress(name, unit, func(local string) bool {
		_, err := tx.Q.FindAddress(ctx, local)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			broken = err
		}
		return err == nil
	})
	return local, errors.Join(broken, err)
}

func (r *Register) makeFirst(ctx context.Context) (password string, fresh credentials, err error) {
	if password, err = firstPassword(r.opt.Rand); err != nil {
		return "", fresh, fault("make first password", err)
	}
	fresh, err = r.hash.make(ctx, password)
	return password, fresh, fault("make first password", err)
}

// addHolder makes the account, its folders, its row and its address.
func (r *Register) addHolder(ctx context.Context, tx *db.Tx, p storedb.AddHolderParams) (storedb.Holder, error) {
	a, err := r.box.CreateTx(ctx, tx)
	if err != nil {
		return storedb.Holder{}, err
	}
	p.AccountID, p.State, p.CreatedAt = int64(a), string(Active), tx.Now.UnixMicro()
	n, err := tx.Q.AddAddress(ctx, storedb.AddAddressParams{Wire: p.Wire, Regulation: p.Regulation, AccountID: p.AccountID, CreatedAt: p.CreatedAt})
	if err == nil && n == 0 {
		err = &mail.Fault{Kind: mail.Conflict, Op: "add address", Detail: p.Wire}
	}
	if err != nil {
		return storedb.Holder{}, err
	}
	if err := tx.Q.AddHolder(ctx, p); err != nil {
		return storedb.Holder{}, err
	}
	return tx.Q.GetHolder(ctx, p.AccountID)
}

// AddAlias gives a box one more address in this domain (postmaster, an old address). Kind Conflict: taken, now or ever.
func (r *Register) AddAlias(ctx context.Context, who Actor, addr, alias string) error {
	wire, here := r.wireOf(alias)
	if !here || wire == "" || strings.ContainsFunc(wire, func(c rune) bool { return c <= ' ' || strings.ContainsRune(`"(),:;<>@[\]`, c) }) {
		return &mail.Fault{Kind: mail.BadAddress, Op: "add alias"}
	}
	regulation, _, _ := strings.Cut(strings.ToLower(viet.NFC(strings.TrimSpace(alias))), "@")
	return r.change(ctx, "add alias", addr, func(ctx context.Context, tx *db.Tx, h storedb.Holder) error {
		n, err := tx.Q.AddAddress(ctx, storedb.AddAddressParams{Wire: wire, Regulation: regulation, AccountID: h.AccountID, CreatedAt: tx.Now.UnixMicro()})
		if err == nil && n == 0 {
			err = &mail.Fault{Kind: mail.Conflict, Op: "add alias"}
		}
		return errors.Join(err, note(ctx, tx, who, "add-alias", r.full(h.Wire), r.full(wire)))
	})
}

// IssuePassword makes a new one-time first password for a box (of either kind) and ends its sessions; the old password
// dies at once (QC 13.5).
func (r *Register) IssuePassword(ctx context.Context, who Actor, addr string) (string, error) {
	first, fresh, err := r.makeFirst(ctx)
	if err != nil {
		return "", err
	}
	err = r.change(ctx, "issue password", addr, func(ctx context.Context, tx *db.Tx, h storedb.Holder) error {
		expires := tx.Now.Add(r.opt.FirstPasswordTTL)
		r.endAfter(tx, h)
		return errors.Join(setPassword(ctx, tx, h, fresh, true, expires.UnixMicro()),
			note(ctx, tx, who, "first-password", r.full(h.Wire), "expires "+expires.UTC().Format(time.RFC3339)))
	})
	if err != nil {
		return "", err
	}
	return first, nil
}

// endAfter ends the sessions that the password opened once the change is on disk.
func (r *Register) endAfter(tx *db.Tx, h storedb.Holder) {
	tx.After(func() { r.sessions.killPassword(box.AccountID(h.AccountID), nil) })
}

// SetPassword sets a password that need not be changed: for the demo and tests. The rules of a good password hold.
func (r *Register) SetPassword(ctx context.Context, who Actor, addr, password string) error {
	b, err := r.Lookup(ctx, addr)
	if err != nil {
		return err
	}
	if err := judge(storedb.Holder{Wire: b.Wire, Name: b.Name}, "", password); err != nil {
		return err
	}
	fresh, err := r.hash.make(ctx, password)
	if err != nil {
		return fault("set password", err)
	}
	return r.change(ctx, "set password", addr, func(ctx context.Context, tx *db.Tx, h storedb.Holder) error {
		r.endAfter(tx, h)
		return errors.Join(setPassword(ctx, tx, h, fresh, false, 0), note(ctx, tx, who, "password-set", r.full(h.Wire), ""))
	})
}

// Suspend locks a box and ends its sessions (QC 5.2). Letters to it are refused while it is locked; what is in it stays.
func (r *Register) Suspend(ctx context.Context, who Actor, addr, reason string) error {
	return r.setState(ctx, who, addr, reason, "suspend", Suspended)
}

// Resume opens a suspended box.
func (r *Register) Resume(ctx context.Context, who Actor, addr, reason string) error {
	return r.setState(ctx, who, addr, reason, "resume", Active)
}

func (r *Register) setState(ctx context.Context, who Actor, addr, reason, what string, s State) error {
	return r.change(ctx, what, addr, func(ctx context.Context, tx *db.Tx, h storedb.Holder) error {
		_, err := tx.Q.SetState(ctx, storedb.SetStateParams{State: string(s), AccountID: h.AccountID})
		if s == Suspended {
			tx.After(func() { r.sessions.killAccount(box.AccountID(h.AccountID)) })
		}
		return errors.Join(err, touched(ctx, tx), note(ctx, tx, who, what, r.full(h.Wire), reason))
	})
}

func (r *Register) change(ctx context.Context, op, addr string, fn func(context.Context, *db.Tx, storedb.Holder) error) error {
	wire, here := r.wireOf(addr)
	err := r.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		h, err := tx.Q.FindHolder(ctx, wire)
		if errors.Is(err, sql.ErrNoRows) || err == nil && !here {
			return &mail.Fault{Kind: mail.BadAddress, Op: op}
		}
		if err != nil {
			return err
		}
		return fn(ctx, tx, h)
	})
	return fault(op, err)
}

func noUnit(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return &mail.Fault{Kind: mail.BadSettings, Op: "find unit", Detail: "no such unit"}
	}
	return err
}

// words is a text on one line with single spaces, NFC.
func words(s string) string { return strings.Join(strings.Fields(viet.NFC(s)), " ") }

// search is what the directory looks in: folded.
func search(parts ...string) string { return viet.Fold(strings.Join(parts, " ")) }
