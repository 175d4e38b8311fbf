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
)

// Standing is what somebody may do in a box now. Until is when that ends by itself, zero if it does not.
type Standing struct {
	Scope  mail.Scope
	Until  time.Time
	Frozen bool // the box changes hands (QC 14.2): whatever the scope was, it is only read
}

// MayAct says what a person (by the account of his own box) may do in a box at a moment: everything in his own, as head
// everything in his agency's (QC 12.1), else what the written delegations that stand allow (QC 14.1). Of several the
// widest counts, and until is when that one ends. Nobody acts for or as one who is suspended; a frozen box is only read.
func (r *Register) MayAct(ctx context.Context, person, b box.AccountID, now time.Time) (scope mail.Scope, until time.Time, err error) {
	err = r.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		st, err := standing(ctx, q, int64(person), int64(b), now)
		scope, until = st.Scope, st.Until
		return err
	})
	return scope, until, fault("look up delegation", err)
}

// MayActTx is MayAct inside a transaction of the caller.
func (r *Register) MayActTx(ctx context.Context, tx *db.Tx, person, b box.AccountID) (Standing, error) {
	return standing(ctx, tx.Q, int64(person), int64(b), tx.Now)
}

func standing(ctx context.Context, q *storedb.Queries, person, b int64, now time.Time) (Standing, error) {
	st, _, err := standingOf(ctx, q, person, b, now)
	return st, err
}

// standingOf tells as well of what kind the box is.
func standingOf(ctx context.Context, q *storedb.Queries, person, b int64, now time.Time) (st Standing, k Kind, err error) {
	owner, there, err := active(ctx, q, b)
	if err != nil || !there {
		return st, "", err
	}
	if person == b {
		st.Scope = mail.ScopeHead
	} else if st, err = delegated(ctx, q, person, b, Kind(owner.Kind), now); err != nil {
		return Standing{}, "", err
	}
	if st.Scope > mail.ScopeRead && Kind(owner.Kind) == Official {
		since, err := q.GetFrozen(ctx, b)
		if err != nil {
			return Standing{}, "", err
		}
		if len(since) > 0 { // QC 14.2
			st.Scope, st.Frozen = mail.ScopeRead, true
		}
	}
	return st, Kind(owner.Kind), nil
}

// active finds what a box is; there is false for one that is not or that is suspended.
func active(ctx context.Context, q *storedb.Queries, a int64) (h storedb.HolderStateRow, there bool, err error) {
	h, err = q.HolderState(ctx, a)
	if errors.Is(err, sql.ErrNoRows) {
		return h, false, nil
	}
	return h, err == nil && State(h.State) == Active, err
}

func delegated(ctx context.Context, q *storedb.Queries, person, b int64, kind Kind, now time.Time) (st Standing, err error) {
	if kind != Official {
		return st, nil
	}
	p, there, err := active(ctx, q, person)
	if err != nil || !there || Kind(p.Kind) != Personal {
		return st, err
	}
	head, err := q.GetHead(ctx, b)
	if err == nil && head.PersonID == person {
		return Standing{Scope: mail.ScopeHead}, nil
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return st, err
	}
	list, err := q.FindDelegations(ctx, storedb.FindDelegationsParams{AccountID: b, PersonID: person})
	return widest(list, now), err
}

// widest is what the delegations of one person in one box come to.
func widest(list []storedb.Delegation, now time.Time) (st Standing) {
	for _, d := range list {
		scope, known := mail.ParseScope(d.Scope)
		if !known || !stands(d, now) || scope < st.Scope {
			continue
		}
		end := endOf(d)
		if scope > st.Scope || end.IsZero() || !st.Until.IsZero() && end.After(st.Until) {
			st = Standing{Scope: scope, Until: end}
		}
	}
	return st
}

func stands(d storedb.Delegation, now time.Time) bool {
	end := endOf(d)
	return d.EndedAt == 0 && now.UnixMicro() >= d.FromDay && (end.IsZero() || now.Before(end))
}

// endOf is the moment after the last day of a delegation; zero if it has none.
func endOf(d storedb.Delegation) time.Time {
	if d.UntilDay == 0 {
		return time.Time{}
	}
	return dayAt(d.UntilDay).AddDate(0, 0, 1)
}

// dayAt reads a day as the database has it; zero stays zero.
func dayAt(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros).In(rule.Zone)
}

func microsOf(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// chiefOf is which of a box's delegations is the chief one ("phụ trách chính") at a moment, 0 if none stands: of those
// that stand the one that was asked for last; if none was, the widest, and of these the oldest. So there is exactly one
// whatever ends or begins, and giving a new chief moves it.
func chiefOf(list []storedb.Delegation, now time.Time) int64 {
	var best storedb.Delegation
	for _, d := range list {
		if !stands(d, now) {
			continue
		}
		a, _ := mail.ParseScope(d.Scope)
		b, _ := mail.ParseScope(best.Scope)
		switch {
		case best.DelegationID == 0, d.ChiefAt > best.ChiefAt:
			best = d
		case d.ChiefAt == best.ChiefAt && d.ChiefAt != 0:
			if d.DelegationID > best.DelegationID {
				best = d
			}
		case d.ChiefAt == best.ChiefAt && (a > b || a == b && d.DelegationID < best.DelegationID):
			best = d
		}
	}
	return best.DelegationID
}

// Share is a box that a person may open besides his own.
type Share struct {
	Box      Box
	Short    string // tendonvi, "kh&đt"
	Standing        // what he may do in it
	Chief    bool
	Given    mail.Delegation // the delegation that it rests on; zero for the head
}

// Shares lists the agencies' boxes that a person may open now, by wire address.
func (r *Register) Shares(ctx context.Context, person box.AccountID) (out []Share, err error) {
	now := r.opt.Now()
	err = r.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		heads, err := q.HeadOf(ctx, int64(person))
		if err != nil {
			return err
		}
		given, err := q.PersonDelegations(ctx, int64(person))
		if err != nil {
			return err
		}
		var boxes []int64
		for _, h := range heads {
			boxes = append(boxes, h.AccountID)
		}
		for _, d := range given {
			boxes = append(boxes, d.AccountID)
		}
		slices.Sort(boxes)
		for _, b := range slices.Compact(boxes) {
			s, err := r.share(ctx, q, int64(person), b, now)
			if err != nil {
				return err
			}
			if s.Scope > mail.ScopeNone {
				out = append(out, s)
			}
		}
		return nil
	})
	slices.SortFunc(out, func(a, b Share) int { return strings.Compare(a.Box.Wire, b.Box.Wire) })
	return out, fault("list shared boxes", err)
}

func (r *Register) share(ctx context.Context, q *storedb.Queries, person, b int64, now time.Time) (s Share, err error) {
	if s.Standing, err = standing(ctx, q, person, b, now); err != nil || s.Scope == mail.ScopeNone {
		return s, err
	}
	h, err := q.GetHolder(ctx, b)
	if err != nil {
		return s, err
	}
	u, err := q.GetUnit(ctx, h.UnitID)
	if err != nil {
		return s, err
	}
	s.Box, s.Short = r.box1(h, u.Name), u.Regulation
	list, err := q.BoxDelegations(ctx, b)
	if err != nil || s.Scope == mail.ScopeHead {
		return s, err
	}
	chief := chiefOf(list, now)
	var mine []storedb.Delegation
	for _, d := range list {
		if d.PersonID == person {
			mine = append(mine, d)
			s.Chief = s.Chief || d.DelegationID == chief
		}
	}
	best := widest(mine, now)
	for _, d := range mine {
		if scope, _ := mail.ParseScope(d.Scope); stands(d, now) && scope == best.Scope && endOf(d).Equal(best.Until) {
			s.Given, err = r.delegation(ctx, q, d, chief)
			break
		}
	}
	return s, err
}

// Member is somebody who may work in an agency's box now.
type Member struct {
	Box Box // his own
	Standing
	Chief bool
}

// Members lists who may work in a box now: the head first, then the delegates, the widest scope first.
func (r *Register) Members(ctx context.Context, b box.AccountID) (out []Member, err error) {
	now := r.opt.Now()
	err = r.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		var people []int64
		head, err := q.GetHead(ctx, int64(b))
		if err == nil {
			people = append(people, head.PersonID)
		} else if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		list, err := q.BoxDelegations(ctx, int64(b))
		if err != nil {
			return err
		}
		chief := chiefOf(list, now)
		chiefPerson := int64(0)
		for _, d := range list {
			people = append(people, d.PersonID)
			if d.DelegationID == chief {
				chiefPerson = d.PersonID
			}
		}
		slices.Sort(people)
		for _, p := range slices.Compact(people) {
			st, err := standing(ctx, q, p, int64(b), now)
			if err != nil {
				return err
			}
			if st.Scope == mail.ScopeNone {
				continue
			}
			h, err := q.GetHolder(ctx, p)
			if err != nil {
				return err
			}
			u, err := q.GetUnit(ctx, h.UnitID)
			if err != nil {
				return err
			}
			out = append(out, Member{Box: r.box1(h, u.Name), Standing: st, Chief: p == chiefPerson})
		}
		return nil
	})
	slices.SortStableFunc(out, func(a, b Member) int { return int(b.Scope) - int(a.Scope) })
	return out, fault("list people of a box", err)
}
