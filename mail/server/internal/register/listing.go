package register

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"hopthu/mail/api"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
	"hopthu/mail/viet"
)

// Kinds of entries of the public directory, as api.Listed has them.
const (
	KindUnit    = "unit"
	KindPerson  = "person"
	KindGroup   = "group"
	KindPost    = "post"
	KindPublish = "publish"
)

// pageSize is how many boxes are in memory at once while the directory is listed.
const pageSize = 1000

func unitKey(id int64) string   { return "u" + strconv.FormatInt(id, 10) }
func personKey(id int64) string { return "p" + strconv.FormatInt(id, 10) }
func listedKey(id int64) string { return "l" + strconv.FormatInt(id, 10) }

func holderKey(unit, person int64) string {
	if person == 0 {
		return unitKey(unit)
	}
	return personKey(person)
}

// Version is a number that changes with every change of the public directory.
func (r *Register) Version(ctx context.Context) (v int64, err error) {
	err = r.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		v, err = q.GetCounter(ctx, "directory")
		return err
	})
	return v, fault("read directory", err)
}

// touched tells all readers that the public directory has changed.
func touched(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Q.NextNumber(ctx, "directory")
	return err
}

// Listing gives each entry of the public directory to each, boxes first, and the version that they belong to (QC 6). It
// holds a page of boxes in memory, never all. A locked person is not listed; a unit whose box is locked is, without its
// address. each must not wait for anybody.
func (r *Register) Listing(ctx context.Context, each func(api.Listed) error) (version int64, err error) {
	err = r.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		if version, err = q.GetCounter(ctx, "directory"); err != nil {
			return err
		}
		l, err := r.newLister(ctx, q, each)
		if err != nil {
			return err
		}
		if err := l.holders(ctx); err != nil {
			return err
		}
		return l.others(ctx, "")
	})
	return version, fault("list directory", err)
}

// Listed gives the entries of one kind, by name; of persons only those that have another name.
func (r *Register) Listed(ctx context.Context, kind string) ([]api.Listed, error) {
	var out []api.Listed
	err := r.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		l, err := r.newLister(ctx, q, func(e api.Listed) error {
			if e.Kind == kind && (kind != KindPerson || len(e.Aliases) > 0) {
				out = append(out, e)
			}
			return nil
		})
		if err != nil {
			return err
		}
		if kind == KindUnit || kind == KindPerson {
			return l.holders(ctx)
		}
		return l.others(ctx, kind)
	})
	slices.SortStableFunc(out, func(a, b api.Listed) int {
		return cmp.Or(viet.Compare(a.Name, b.Name), cmp.Compare(a.Key, b.Key))
	})
	return out, fault("list directory", err)
}

// lister walks the directory within one transaction.
type lister struct {
	r     *Register
	q     *storedb.Queries
	units map[int64]storedb.Unit
	names map[string][]string // other names by key
	each  func(api.Listed) error
}

func (r *Register) newLister(ctx context.Context, q *storedb.Queries, each func(api.Listed) error) (*lister, error) {
	l := &lister{r: r, q: q, names: map[string][]string{}, each: each}
	names, err := q.ListEntryNames(ctx)
	if err != nil {
		return nil, err
	}
	for _, n := range names {
		l.names[n.Entry] = append(l.names[n.Entry], n.Name)
	}
	l.units, err = unitMap(ctx, q)
	return l, err
}

func (l *lister) holders(ctx context.Context) error {
	for after := ""; ; {
		page, err := l.q.PageHolders(ctx, storedb.PageHoldersParams{After: after, Most: pageSize})
		if err != nil || len(page) == 0 {
			return err
		}
		for _, h := range page {
			if err := l.holder(h); err != nil {
				return err
			}
		}
		after = page[len(page)-1].Wire
	}
}

func (l *lister) holder(h storedb.PageHoldersRow) error {
	open := State(h.State) == Active
	e := api.Listed{Key: holderKey(h.UnitID, h.PersonID), Kind: KindUnit, Name: h.Name, Post: h.Post}
	e.Aliases = l.names[e.Key]
	if open {
		e.Address, e.Wire = l.r.full(h.Regulation), l.r.full(h.Wire)
	}
	if h.PersonID != 0 {
		if !open {
			return nil
		}
		e.Kind, e.Unit = KindPerson, l.units[h.UnitID].Name
	}
	return l.each(e)
}

// others are groups, posts and places of publication; kind "" is all.
func (l *lister) others(ctx context.Context, kind string) error {
	list, err := l.q.ListListed(ctx)
	if err != nil {
		return err
	}
	rows, err := l.q.ListMembers(ctx)
	if err != nil {
		return err
	}
	members := map[int64][]string{}
	for _, m := range rows {
		members[m.ListedID] = append(members[m.ListedID], m.Entry)
	}
	for _, row := range list {
		if kind != "" && kind != row.Kind {
			continue
		}
		e := api.Listed{Key: listedKey(row.ListedID), Kind: row.Kind, Name: row.Name, Members: members[row.ListedID]}
		e.Aliases = l.names[e.Key]
		if err := l.address(ctx, &e, box.AccountID(row.AccountID)); err != nil {
			return err
		}
		if err := l.each(e); err != nil {
			return err
		}
	}
	return nil
}

// address fills in the box that a post or place leads to; one that is locked leads nowhere.
func (l *lister) address(ctx context.Context, e *api.Listed, a box.AccountID) error {
	if a == 0 {
		return nil
	}
	h, err := l.q.GetHolder(ctx, int64(a))
	if err != nil {
		return err
	}
	e.Unit = l.units[h.UnitID].Name
	if State(h.State) == Active {
		e.Address, e.Wire = l.r.full(h.Regulation), l.r.full(h.Wire)
	}
	return nil
}
