package register

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/mail/server/internal/db/storedb"
)

// Suggestion is the address that a person would be given (QC 4.2), and whose names lead to the same.
type Suggestion struct {
	Name      string // as it would be registered
	Address   string // regulation spelling, with domain; "" when the name cannot have one
	Wire      string
	Number    int // 1 for the bare name, 2 for whoever comes second (D2)
	Namesakes []Namesake
	Title     bool   // a title before the name was left out
	Broken    string // why it cannot have one: "empty", "digit", "character", "long", "taken"; "" if it can
}

// Namesake is somebody in the same unit whose name leads to the same (D3).
type Namesake struct {
	Name, Post, Address string
	Listed              bool // not in the register: earlier in the same list
}

// Suggest tells the addresses that people would be given in a unit, in the order of the list. Nothing is changed.
func (r *Register) Suggest(ctx context.Context, unit UnitID, names []string) ([]Suggestion, error) {
	out := make([]Suggestion, 0, len(names))
	err := r.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		u, err := q.GetUnit(ctx, int64(unit))
		if err != nil {
			return noUnit(err)
		}
		list, err := q.ListHolders(ctx)
		if err != nil {
			return err
		}
		there := map[string][]Namesake{} // by tenhodem without its number
		for _, h := range list {
			if h.UnitID == u.UnitID && h.PersonID != 0 {
				base := bareName(h.Wire)
				there[base] = append(there[base], Namesake{Name: h.Name, Post: h.Post, Address: r.full(h.Regulation)})
			}
		}
		given := map[string]bool{}
		for _, name := range names {
			s, local, err := r.suggest(ctx, q, u, words(name), given)
			if err != nil {
				return err
			}
			if s.Broken == "" {
				base := bareName(local)
				s.Namesakes = append(s.Namesakes, there[base]...)
				given[local] = true
				there[base] = append(there[base], Namesake{Name: s.Name, Address: s.Address, Listed: true})
			}
			out = append(out, s)
		}
		return nil
	})
	return out, fault("suggest addresses", err)
}

func (r *Register) suggest(ctx context.Context, q *storedb.Queries, u storedb.Unit, name string, given map[string]bool) (s Suggestion, local string, err error) {
	_, title := rule.FullName(name)
	s = Suggestion{Name: name, Number: 1, Title: title != ""}
	var broken error
	local, err = rule.PersonalAddress(name, u.Wire, func(local string) bool {
		_, err := q.FindAddress(ctx, local)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			broken = err
		}
		taken := err == nil || given[local]
		if taken {
			s.Number++
		}
		return taken
	})
	if broken != nil {
		return s, "", broken
	}
	if err != nil {
		s.Broken, s.Number = mail.AsFault("suggest address", err).Detail, 0
		return s, "", nil
	}
	own, _, _ := strings.Cut(local, ".")
	s.Address, s.Wire = r.full(own+"."+u.Regulation), r.full(local)
	return s, local, nil
}

// bareName is tenhodem without its number.
func bareName(wire string) string {
	own, _, _ := strings.Cut(wire, ".")
	return strings.TrimRight(own, "0123456789")
}
