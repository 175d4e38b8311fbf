package register

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
)

const (
	maxDocument = 200 // octets of a document's number and symbol
	maxReason   = 500
)

// administrator reports whether an act is done on the machine itself.
func (a Actor) administrator() bool { return a.Account == 0 && a.Door == Admin }

// Delegate gives a written authorization to work in an agency's box (QC 14.1): by its head or the administrator. d names
// box, person, document with its day, first and last day (zero: today, and without end) and scope; the rest is filled
// in. A person may hold several, the widest that stands counts. Chief makes his the chief one ("phụ trách chính") from
// the moment it stands; without anybody asked for, the widest is. Kinds: BadSettings, Detail "document", "dated", "from",
// "until", "scope", "person" or "box"; BadAddress; Refused, Detail NotHead.
func (r *Register) Delegate(ctx context.Context, who Actor, d mail.Delegation) (mail.Delegation, error) {
	row, err := r.draft(d)
	if err != nil {
		return mail.Delegation{}, err
	}
	var out mail.Delegation
	err = r.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		b, err := r.agency(ctx, tx, d.Box)
		if mail.KindOf(err) == mail.BadAddress && !who.administrator() {
			err = governs("delegate", Standing{})
		}
		if err != nil {
			return err
		}
		if err := mayGovern(ctx, tx.Q, "delegate", who, b.AccountID, tx.Now); err != nil {
			return err
		}
		p, err := r.person(ctx, tx, d.Person.Addr)
		if err != nil {
			return err
		}
		if head, err := headOf(ctx, tx.Q, b.AccountID); err != nil || head == p.AccountID {
			return errors.Join(err, wrong("person")) // the head needs none
		}
		row := row
		if row.DelegationID, err = tx.Q.NextNumber(ctx, "delegation"); err != nil {
			return err
		}
		row.AccountID, row.PersonID = b.AccountID, p.AccountID
		row.GivenBy, row.GivenAt = int64(who.Account), tx.Now.UnixMicro()
		if d.Chief {
			row.ChiefAt = row.GivenAt
		}
		err = r.standAnew(ctx, tx, p.AccountID, b.AccountID, func() error { return tx.Q.AddDelegation(ctx, row) })
		if err != nil {
			return err
		}
		said := fmt.Sprintf("%s %s %s %s %s", r.full(p.Wire), row.Document, row.Scope, spelled(row.FromDay), spelled(row.UntilDay))
		if err := note(ctx, tx, who, "delegation-given", r.full(b.Wire), said); err != nil {
			return err
		}
		out, err = r.delegationNow(ctx, tx, row.DelegationID)
		return err
	})
	return out, fault("delegate", err)
}

// draft checks what a delegation says of itself.
func (r *Register) draft(d mail.Delegation) (row storedb.AddDelegationParams, err error) {
	today := rule.Day(r.opt.Now())
	row = storedb.AddDelegationParams{Document: words(d.Document), Scope: d.Scope.Code()}
	dated, from, until := rule.Day(d.Dated), today, time.Time{}
	if !d.From.IsZero() {
		from = rule.Day(d.From)
	}
	if !d.Until.IsZero() {
		until = rule.Day(d.Until)
	}
	switch {
	case row.Document == "" || len(row.Document) > maxDocument: // QC 14.1: in writing
		return row, wrong("document")
	case d.Dated.IsZero() || dated.After(today) || dated.After(from):
		return row, wrong("dated")
	case from.After(today.AddDate(1, 0, 0)):
		return row, wrong("from")
	case !until.IsZero() && (until.Before(from) || until.Before(today)):
		return row, wrong("until")
	case d.Scope < mail.ScopeRead || d.Scope > mail.ScopeManage:
		return row, wrong("scope")
	}
	row.Dated, row.FromDay, row.UntilDay = dated.UnixMicro(), from.UnixMicro(), microsOf(until)
	return row, nil
}

func wrong(what string) error {
	return &mail.Fault{Kind: mail.BadSettings, Op: "delegate", Detail: what}
}

// EndDelegation ends one before its time; the sessions that rest on it end at once. Kinds: Gone (there is none, or it is
// over), BadSettings (Detail "reason"), Refused (Detail NotHead).
func (r *Register) EndDelegation(ctx context.Context, who Actor, id int64, reason string) (mail.Delegation, error) {
	if reason = words(reason); reason == "" || len(reason) > maxReason {
		return mail.Delegation{}, &mail.Fault{Kind: mail.BadSettings, Op: "end delegation", Detail: "reason"}
	}
	var out mail.Delegation
	err := r.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, err := tx.Q.GetDelegation(ctx, id)
		gone := &mail.Fault{Kind: mail.Gone, Op: "end delegation"}
		if errors.Is(err, sql.ErrNoRows) {
			return gone
		}
		if err != nil {
			return err
		}
		b, err := tx.Q.GetHolder(ctx, d.AccountID)
		if err != nil {
			return err
		}
		if err := mayGovern(ctx, tx.Q, "delegate", who, b.AccountID, tx.Now); err != nil {
			if mail.AsFault("", err).Detail == NotYours {
				return gone // as if there were none of that number
			}
			return err
		}
		if d.EndedAt != 0 || !endOf(d).IsZero() && !tx.Now.Before(endOf(d)) {
			return gone
		}
		if err := r.end(ctx, tx, who, b, d, reason); err != nil {
			return err
		}
		out, err = r.delegationNow(ctx, tx, id)
		return err
	})
	return out, fault("end delegation", err)
}

func (r *Register) end(ctx context.Context, tx *db.Tx, who Actor, b storedb.Holder, d storedb.Delegation, reason string) error {
	err := r.standAnew(ctx, tx, d.PersonID, d.AccountID, func() error {
		_, err := tx.Q.EndDelegation(ctx, storedb.EndDelegationParams{
			EndedBy: int64(who.Account), EndedAt: tx.Now.UnixMicro(), EndReason: reason, DelegationID: d.DelegationID,
		})
		return err
	})
	if err != nil {
		return err
	}
	p, err := tx.Q.GetHolder(ctx, d.PersonID)
	if err != nil {
		return err
	}
	return note(ctx, tx, who, "delegation-ended", r.full(b.Wire), r.full(p.Wire)+" "+d.Document+" "+reason)
}

// EndDelegationsTx ends all delegations of a box that are not over, in a transaction of the caller, who has decided that
// it may be done (handover, QC 14.2).
func (r *Register) EndDelegationsTx(ctx context.Context, tx *db.Tx, who Actor, a box.AccountID, reason string) error {
	b, err := tx.Q.GetHolder(ctx, int64(a))
	if err != nil {
		return err
	}
	list, err := tx.Q.BoxDelegations(ctx, int64(a))
	if err != nil {
		return err
	}
	for _, d := range list {
		if d.EndedAt != 0 || !endOf(d).IsZero() && !tx.Now.Before(endOf(d)) {
			continue
		}
		if err := r.end(ctx, tx, who, b, d, words(reason)); err != nil {
			return err
		}
	}
	return nil
}

// standAnew does what may change somebody's standing in a box, and ends the sessions that rest on the old one once the
// change is on disk.
func (r *Register) standAnew(ctx context.Context, tx *db.Tx, person, b int64, do func() error) error {
	before, err := standing(ctx, tx.Q, person, b, tx.Now)
	if err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	after, err := standing(ctx, tx.Q, person, b, tx.Now)
	if err == nil && (before.Scope != after.Scope || !before.Until.Equal(after.Until)) {
		tx.After(func() {
			r.sessions.kill(func(s *Session) bool {
				return s.Acting() && s.Person.Account == box.AccountID(person) && s.Box.Account == box.AccountID(b)
			})
		})
	}
	return err
}

// Delegations lists all that were ever given for a box, the last first: to those who may open it, and to the
// administrator. Chief is set on one of those that stand. Kind Refused, Detail NotYours.
func (r *Register) Delegations(ctx context.Context, who Actor, a box.AccountID) (out []mail.Delegation, err error) {
	now := r.opt.Now()
	out = []mail.Delegation{}
	err = r.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		if !who.administrator() {
			st, err := standing(ctx, q, int64(who.Account), int64(a), now)
			if err != nil {
				return err
			}
			if st.Scope < Needed(Look, mail.RoleNone) {
				return &mail.Fault{Kind: mail.Refused, Op: "list delegations", Detail: NotYours}
			}
		}
		list, err := q.BoxDelegations(ctx, int64(a))
		if err != nil {
			return err
		}
		chief := chiefOf(list, now)
		for _, d := range list {
			one, err := r.delegation(ctx, q, d, chief)
			if err != nil {
				return err
			}
			out = append(out, one)
		}
		return nil
	})
	return out, fault("list delegations", err)
}

// delegationNow reads one inside the transaction that wrote it.
func (r *Register) delegationNow(ctx context.Context, tx *db.Tx, id int64) (mail.Delegation, error) {
	d, err := tx.Q.GetDelegation(ctx, id)
	if err != nil {
		return mail.Delegation{}, err
	}
	list, err := tx.Q.BoxDelegations(ctx, d.AccountID)
	if err != nil {
		return mail.Delegation{}, err
	}
	return r.delegation(ctx, tx.Q, d, chiefOf(list, tx.Now))
}

func (r *Register) delegation(ctx context.Context, q *storedb.Queries, d storedb.Delegation, chief int64) (out mail.Delegation, err error) {
	out = mail.Delegation{
		ID: d.DelegationID, Document: d.Document, Dated: dayAt(d.Dated), From: dayAt(d.FromDay), Until: dayAt(d.UntilDay),
		Chief: d.DelegationID == chief, Given: time.UnixMicro(d.GivenAt).UTC(), EndReason: d.EndReason,
	}
	out.Scope, _ = mail.ParseScope(d.Scope)
	if d.EndedAt != 0 {
		out.Ended = time.UnixMicro(d.EndedAt).UTC()
	}
	b, err := q.GetHolder(ctx, d.AccountID)
	if err != nil {
		return out, err
	}
	out.Box = r.full(b.Wire)
	if out.Person, err = r.personBy(ctx, q, d.PersonID); err != nil {
		return out, err
	}
	if out.GivenBy, err = r.personBy(ctx, q, d.GivenBy); err != nil {
		return out, err
	}
	out.EndedBy, err = r.personBy(ctx, q, d.EndedBy)
	return out, err
}

// personBy is the holder of an account as others see him; zero for the administrator.
func (r *Register) personBy(ctx context.Context, q *storedb.Queries, a int64) (mail.Person, error) {
	if a == 0 {
		return mail.Person{}, nil
	}
	h, err := q.GetHolder(ctx, a)
	return r.person1(h), err
}

func (r *Register) person1(h storedb.Holder) mail.Person {
	return mail.Person{Name: h.Name, Addr: r.full(h.Wire), Post: h.Post}
}

// AsPerson is the holder of a box as others see him.
func (b Box) AsPerson() mail.Person { return mail.Person{Name: b.Name, Addr: b.Wire, Post: b.Post} }

// agency finds an agency's box by an address.
func (r *Register) agency(ctx context.Context, tx *db.Tx, addr string) (storedb.Holder, error) {
	h, err := r.byAddress(ctx, tx, addr)
	if err == nil && Kind(h.Kind) != Official {
		err = wrong("box")
	}
	return h, err
}

// person finds somebody by the address of his own box.
func (r *Register) person(ctx context.Context, tx *db.Tx, addr string) (storedb.Holder, error) {
	h, err := r.byAddress(ctx, tx, addr)
	if err == nil && (Kind(h.Kind) != Personal || State(h.State) != Active) {
		err = wrong("person")
	}
	return h, err
}

func (r *Register) byAddress(ctx context.Context, tx *db.Tx, addr string) (storedb.Holder, error) {
	wire, here := r.wireOf(addr)
	h, err := tx.Q.FindHolder(ctx, wire)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !here {
		return h, &mail.Fault{Kind: mail.BadAddress, Op: "look up address"}
	}
	return h, err
}

func spelled(day int64) string {
	if day == 0 {
		return "-"
	}
	return dayAt(day).Format(time.DateOnly)
}
