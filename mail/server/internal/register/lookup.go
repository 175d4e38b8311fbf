package register

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/rule"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
	"hopthu/mail/viet"
)

// wireOf is the local part of an address as it travels; here is false when the address names another domain.
func (r *Register) wireOf(addr string) (wire string, here bool) {
	wire = rule.WireForm(addr)
	local, domain, ok := strings.Cut(wire, "@")
	if ok && domain != r.opt.Domain {
		return wire, false
	}
	return local, true
}

// Here reports whether an address is in this server's domain; one without a domain is.
func (r *Register) Here(addr string) bool {
	_, here := r.wireOf(addr)
	return here
}

func (r *Register) full(local string) string { return local + "@" + r.opt.Domain }

func (r *Register) holder(ctx context.Context, wire string) (h storedb.Holder, err error) {
	err = r.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		h, err = q.FindHolder(ctx, wire)
		return err
	})
	return h, err
}

// Units lists all units by name.
func (r *Register) Units(ctx context.Context) ([]Unit, error) {
	var out []Unit
	err := r.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		list, err := q.ListUnits(ctx)
		for _, u := range list {
			out = append(out, Unit{ID: UnitID(u.UnitID), Parent: UnitID(u.ParentID), Name: u.Name, Type: u.Type, Regulation: u.Regulation, Wire: u.Wire})
		}
		return err
	})
	slices.SortStableFunc(out, func(a, b Unit) int { return viet.Compare(a.Name, b.Name) })
	return out, fault("list units", err)
}

// Boxes lists all boxes by wire address.
func (r *Register) Boxes(ctx context.Context) ([]Box, error) {
	var out []Box
	err := r.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		units, err := unitMap(ctx, q)
		if err != nil {
			return err
		}
		list, err := q.ListHolders(ctx)
		for _, h := range list {
			out = append(out, r.box1(h, units[h.UnitID].Name))
		}
		return err
	})
	return out, fault("list boxes", err)
}

func unitMap(ctx context.Context, q *storedb.Queries) (map[int64]storedb.Unit, error) {
	list, err := q.ListUnits(ctx)
	m := make(map[int64]storedb.Unit, len(list))
	for _, u := range list {
		m[u.UnitID] = u
	}
	return m, err
}

// Lookup finds the box of an address, in either spelling, with or without the domain; Kind BadAddress if there is none.
func (r *Register) Lookup(ctx context.Context, addr string) (Box, error) {
	wire, here := r.wireOf(addr)
	var h storedb.Holder
	err := sql.ErrNoRows
	if here {
		h, err = r.holder(ctx, wire)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return Box{}, &mail.Fault{Kind: mail.BadAddress, Op: "look up address"}
	}
	if err != nil {
		return Box{}, fault("look up address", err)
	}
	return r.boxOf(ctx, h)
}

// Recipient is a box as a letter on its way into it sees it; no Account where there is none.
type Recipient struct {
	Account box.AccountID
	Wire    string
	State   State
	Full    bool // its quota is used up
}

// Recipients finds the boxes of addresses, all in one reading.
func (r *Register) Recipients(ctx context.Context, addrs []string) (list []Recipient, err error) {
	read := r.db.Read
	if len(addrs) == 1 {
		read = r.db.Look
	}
	err = read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		list = make([]Recipient, len(addrs))
		for i, a := range addrs {
			wire, here := r.wireOf(a)
			if !here {
				continue
			}
			h, err := q.FindRecipient(ctx, wire)
			if errors.Is(err, sql.ErrNoRows) {
				continue
			}
			if err != nil {
				return err
			}
			list[i] = Recipient{
				Account: box.AccountID(h.AccountID), Wire: r.full(h.Wire), State: State(h.State),
				Full: h.QuotaBytes > 0 && h.UsedBytes >= h.QuotaBytes,
			}
		}
		return nil
	})
	return list, fault("find recipients", err)
}

// Account gives the box of an account.
func (r *Register) Account(ctx context.Context, a box.AccountID) (Box, error) {
	var h storedb.Holder
	err := r.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) (err error) {
		h, err = q.GetHolder(ctx, int64(a))
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return Box{}, &mail.Fault{Kind: mail.BadAddress, Op: "look up account"}
	}
	if err != nil {
		return Box{}, fault("look up account", err)
	}
	return r.boxOf(ctx, h)
}

func (r *Register) boxOf(ctx context.Context, h storedb.Holder) (Box, error) {
	var name string
	err := r.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		u, err := q.GetUnit(ctx, h.UnitID)
		name = u.Name
		return err
	})
	return r.box1(h, name), fault("read unit", err)
}

func (r *Register) box1(h storedb.Holder, unit string) Box {
	b := Box{
		Account: box.AccountID(h.AccountID), Kind: Kind(h.Kind), State: State(h.State), Unit: UnitID(h.UnitID), UnitName: unit,
		Person: PersonID(h.PersonID), Name: h.Name, Post: h.Post, Address: r.full(h.Regulation), Wire: r.full(h.Wire),
		HasLogin: h.Password != "", MustChange: h.MustChange != 0, Created: time.UnixMicro(h.CreatedAt).UTC(),
	}
	if h.FirstUsedAt != 0 {
		b.FirstUsed = time.UnixMicro(h.FirstUsedAt).UTC()
	}
	return b
}

// Owns reports whether addr is one of the account's own addresses, in any spelling: what it may send as.
func (r *Register) Owns(ctx context.Context, a box.AccountID, addr string) (bool, error) {
	wire, here := r.wireOf(addr)
	if !here || !strings.Contains(addr, "@") {
		return false, nil
	}
	var row storedb.Address
	err := r.db.Look(ctx, func(ctx context.Context, q *storedb.Queries) (err error) {
		row, err = q.FindAddress(ctx, wire)
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil && row.AccountID == int64(a), fault("look up address", err)
}

// Spellings gives all addresses of an account, in both spellings, its own regulation spelling first.
func (r *Register) Spellings(ctx context.Context, a box.AccountID) ([]string, error) {
	var out []string
	err := r.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		h, err := q.GetHolder(ctx, int64(a))
		if err != nil {
			return err
		}
		list, err := q.AccountAddresses(ctx, int64(a))
		out = []string{r.full(h.Regulation), r.full(h.Wire)}
		for _, row := range list {
			out = append(out, r.full(row.Regulation), r.full(row.Wire))
		}
		return err
	})
	seen := map[string]bool{}
	out = slices.DeleteFunc(out, func(s string) bool {
		again := seen[s]
		seen[s] = true
		return again
	})
	return out, fault("list addresses", err)
}

var escapeLike = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// maxDirectory is the most that one answer of the directory holds.
const maxDirectory = 500

// Directory searches the public directory (QC 6), folded, every word must match; it gives at most limit entries, agencies
// first. Only name, post, unit, address and state are published (domain G10).
func (r *Register) Directory(ctx context.Context, q string, limit int) (api.Directory, error) {
	find := strings.Fields(viet.Fold(viet.NFC(q)))
	longest := ""
	for _, w := range find {
		if len(w) > len(longest) {
			longest = w
		}
	}
	limit = max(1, min(limit, maxDirectory))
	out := api.Directory{Entries: []api.Entry{}}
	err := r.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		units, err := unitMap(ctx, q)
		if err != nil {
			return err
		}
		list, err := q.SearchHolders(ctx, "%"+escapeLike.Replace(longest)+"%")
		if err != nil {
			return err
		}
		list = slices.DeleteFunc(list, func(h storedb.Holder) bool {
			return slices.ContainsFunc(find, func(w string) bool { return !strings.Contains(h.Search, w) })
		})
		slices.SortStableFunc(list, func(a, b storedb.Holder) int {
			if a.Kind != b.Kind {
				return strings.Compare(b.Kind, a.Kind) // "công vụ" sorts behind "cá nhân" by bytes
			}
			return viet.CompareNames(a.Name, b.Name)
		})
		out.More = len(list) > limit
		for _, h := range list[:min(limit, len(list))] {
			out.Entries = append(out.Entries, api.Entry{
				Name: h.Name, Post: h.Post, Unit: units[h.UnitID].Name, UnitPath: pathOf(units, h.UnitID),
				Address: r.full(h.Regulation), Wire: r.full(h.Wire), Kind: h.Kind, State: h.State,
			})
		}
		return nil
	})
	return out, fault("search directory", err)
}

// pathOf lists the unit and those above it, the highest first.
func pathOf(units map[int64]storedb.Unit, id int64) (path []string) {
	for range 20 { // a ring cannot be made, but a damaged table must not hang the server
		u, ok := units[id]
		if !ok {
			break
		}
		path = append(path, u.Name)
		id = u.ParentID
	}
	slices.Reverse(path)
	return path
}

// LookupTx finds the account of an address of this domain inside a transaction of the caller (queue).
func (r *Register) LookupTx(ctx context.Context, tx *db.Tx, addr string) (box.AccountID, error) {
	wire, here := r.wireOf(addr)
	a, err := tx.Q.FindAddress(ctx, wire)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !here {
		return 0, &mail.Fault{Kind: mail.BadAddress, Op: "look up address"}
	}
	return box.AccountID(a.AccountID), err
}
