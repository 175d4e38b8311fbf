package server

import (
	"context"
	"time"

	"hopthu/mail"
)

// Delegate gives a written authorization to work in an agency's box (QC 14.1); see register.Delegate for what d must say.
func (a *Admin) Delegate(ctx context.Context, d mail.Delegation) (mail.Delegation, error) {
	return a.s.reg.Delegate(ctx, admin, d)
}

// EndDelegation ends one before its time; the sessions that rest on it end within a second.
func (a *Admin) EndDelegation(ctx context.Context, id int64, reason string) (mail.Delegation, error) {
	return a.s.reg.EndDelegation(ctx, admin, id, reason)
}

// Delegations lists all that were ever given for the box of an address, the last first; "" for all agencies' boxes, by
// their addresses.
func (a *Admin) Delegations(ctx context.Context, addr string) ([]mail.Delegation, error) {
	if addr != "" {
		b, err := a.s.reg.Lookup(ctx, addr)
		if err != nil {
			return nil, err
		}
		return a.s.reg.Delegations(ctx, admin, b.Account)
	}
	boxes, err := a.s.reg.Boxes(ctx)
	if err != nil {
		return nil, err
	}
	var out []mail.Delegation
	for _, b := range boxes {
		if b.Person != 0 {
			continue
		}
		list, err := a.s.reg.Delegations(ctx, admin, b.Account)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

// Head is an agency's box with its head (thủ trưởng), zero if it has none.
type Head struct {
	Box   Box
	Head  Box
	Since time.Time
}

// SetHead says who is the head of the unit whose box it is (its name or spelling); person "" leaves it without one.
func (a *Admin) SetHead(ctx context.Context, unit, person string) (Head, error) {
	u, err := a.unit(ctx, unit)
	if err != nil {
		return Head{}, err
	}
	if err := a.s.reg.SetHead(ctx, admin, u.Wire, person); err != nil {
		return Head{}, err
	}
	list, err := a.Heads(ctx, unit)
	if err != nil {
		return Head{}, err
	}
	return list[0], nil
}

// Heads lists the heads: of one unit, or with "" of all.
func (a *Admin) Heads(ctx context.Context, unit string) ([]Head, error) {
	units, err := a.s.reg.Units(ctx)
	if err != nil {
		return nil, err
	}
	if unit != "" {
		u, err := a.unit(ctx, unit)
		if err != nil {
			return nil, err
		}
		units = append(units[:0], u)
	}
	out := make([]Head, len(units))
	for i, u := range units {
		b, err := a.s.reg.Lookup(ctx, u.Wire)
		if err != nil {
			return nil, err
		}
		head, since, err := a.s.reg.Head(ctx, b.Account)
		if err != nil {
			return nil, err
		}
		out[i] = Head{Box: boxOf(b), Head: boxOf(head), Since: since}
	}
	return out, nil
}

// SentAs is one letter that left in an agency's name: times and addresses, nothing else (QC 12.1).
type SentAs struct {
	At   time.Time
	By   mail.Person
	To   []string
	Size int64
}

// Sends lists who sent what in an agency's name from a moment until before another, the oldest first.
func (a *Admin) Sends(ctx context.Context, addr string, from, until time.Time) ([]SentAs, error) {
	b, err := a.s.reg.Lookup(ctx, addr)
	if err != nil {
		return nil, err
	}
	list, err := a.s.reg.Sends(ctx, admin, b.Account, from, until)
	if err != nil {
		return nil, err
	}
	out := make([]SentAs, len(list))
	for i, s := range list {
		out[i] = SentAs{At: s.At, By: s.By, To: s.To, Size: s.Size}
	}
	return out, nil
}
