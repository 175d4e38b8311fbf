package server

import (
	"context"
	"time"

	"hopthu/mail"
	"hopthu/mail/rule"
)

// Zone is the time zone that days are counted in.
func Zone() *time.Location { return rule.Zone }

// ParseDay reads a day of Viet Nam: 2026-11-24 or 24/11/2026.
func ParseDay(s string) (time.Time, error) {
	if t, err := time.ParseInLocation(time.DateOnly, s, rule.Zone); err == nil {
		return t, nil
	}
	return time.ParseInLocation("2/1/2006", s, rule.Zone)
}

// Today is the beginning of the day by the server's clock.
func (a *Admin) Today() time.Time {
	y, m, d := a.s.cfg.Now().In(rule.Zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, rule.Zone)
}

// agency finds an agency's box by an address, or the unit's name or spelling, and gives its address.
func (a *Admin) agency(ctx context.Context, name string) (string, error) {
	b, err := a.s.reg.Lookup(ctx, name)
	if err == nil {
		return b.Wire, nil
	}
	if mail.KindOf(err) != mail.BadAddress {
		return "", err
	}
	u, err := a.unit(ctx, name)
	return u.Wire, err
}

// Delegate gives a written authorization to work in an agency's box (QC 14.1), which d may name by its unit; see
// register.Delegate for what d must say.
func (a *Admin) Delegate(ctx context.Context, d mail.Delegation) (mail.Delegation, error) {
	var err error
	if d.Box, err = a.agency(ctx, d.Box); err != nil {
		return mail.Delegation{}, err
	}
	return a.s.reg.Delegate(ctx, admin, d)
}

// EndDelegation ends one before its time; the sessions that rest on it end within a second.
func (a *Admin) EndDelegation(ctx context.Context, id int64, reason string) (mail.Delegation, error) {
	return a.s.reg.EndDelegation(ctx, admin, id, reason)
}

// Delegations lists all that were ever given for an agency's box (its address, or the unit), the last first; "" for all
// agencies' boxes, by their addresses.
func (a *Admin) Delegations(ctx context.Context, addr string) ([]mail.Delegation, error) {
	if addr != "" {
		wire, err := a.agency(ctx, addr)
		if err != nil {
			return nil, err
		}
		b, err := a.s.reg.Lookup(ctx, wire)
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

// SetHead says who is the head of a unit (its name or spelling, or its box); person "" leaves it without one.
func (a *Admin) SetHead(ctx context.Context, unit, person string) (Head, error) {
	wire, err := a.agency(ctx, unit)
	if err != nil {
		return Head{}, err
	}
	if err := a.s.reg.SetHead(ctx, admin, wire, person); err != nil {
		return Head{}, err
	}
	return a.head(ctx, wire)
}

// Heads lists the heads: of one unit, or with "" of all.
func (a *Admin) Heads(ctx context.Context, unit string) ([]Head, error) {
	if unit != "" {
		wire, err := a.agency(ctx, unit)
		if err != nil {
			return nil, err
		}
		h, err := a.head(ctx, wire)
		return []Head{h}, err
	}
	units, err := a.s.reg.Units(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Head, len(units))
	for i, u := range units {
		if out[i], err = a.head(ctx, u.Wire); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (a *Admin) head(ctx context.Context, wire string) (Head, error) {
	b, err := a.s.reg.Lookup(ctx, wire)
	if err != nil {
		return Head{}, err
	}
	head, since, err := a.s.reg.Head(ctx, b.Account)
	return Head{Box: boxOf(b), Head: boxOf(head), Since: since}, err
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
