package server

import (
	"context"

	"hopthu/mail/server/internal/register"
)

// Suggestion is the address that a person would be given, and whose names lead to the same (QC 4.2, D2, D3).
type Suggestion = register.Suggestion

// Suggest tells the addresses that people would be given in a unit (its name or spelling), in the order of the list. Nothing
// is changed.
func (a *Admin) Suggest(ctx context.Context, unit string, names []string) (Unit, []Suggestion, error) {
	u, err := a.unit(ctx, unit)
	if err != nil {
		return Unit{}, nil, err
	}
	list, err := a.s.reg.Suggest(ctx, u.ID, names)
	return Unit{Name: u.Name, Regulation: u.Regulation, Wire: u.Wire, Address: u.Regulation + "@" + a.s.reg.Domain()}, list, err
}
