package register

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
)

const maxEntryName = 300 // octets

// AddEntry makes a group, a post or a place of publication in the public directory (QC 6, 7.1a), with other names and,
// for a group, members. Members, and the box of a post or place, are told as find takes them. Kind Conflict: there is one
// of that kind and name.
func (r *Register) AddEntry(ctx context.Context, who Actor, kind, name, to string, aliases, members []string) (key string, err error) {
	name = words(name)
	if name == "" || len(name) > maxEntryName || !slices.Contains([]string{KindGroup, KindPost, KindPublish}, kind) ||
		kind != KindGroup && len(members) > 0 || kind == KindPost && to == "" || kind == KindGroup && to != "" {
		return "", &mail.Fault{Kind: mail.BadSettings, Op: "add entry", Detail: "kind, name or members"}
	}
	err = r.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		var account box.AccountID
		if to != "" {
			h, err := r.findBox(ctx, tx, to)
			if err != nil {
				return err
			}
			account = box.AccountID(h.AccountID)
		}
		id, err := tx.Q.NextNumber(ctx, "listed")
		if err != nil {
			return err
		}
		n, err := tx.Q.AddListed(ctx, storedb.AddListedParams{
			ListedID: id, Kind: kind, Name: name, AccountID: int64(account), CreatedAt: tx.Now.UnixMicro(),
		})
		if err == nil && n == 0 {
			err = &mail.Fault{Kind: mail.Conflict, Op: "add entry", Detail: name}
		}
		key = listedKey(id)
		return errors.Join(err, r.addMembers(ctx, tx, id, members), addNames(ctx, tx, key, aliases),
			touched(ctx, tx), note(ctx, tx, who, "add-"+kind, name, ""))
	})
	return key, fault("add entry", err)
}

// DropEntry takes a group, a post or a place of publication out of the directory; the boxes behind it stay.
func (r *Register) DropEntry(ctx context.Context, who Actor, kind, name string) error {
	return r.changeListed(ctx, kind, name, func(ctx context.Context, tx *db.Tx, l storedb.Listed) error {
		key := listedKey(l.ListedID)
		_, err := tx.Q.DropListed(ctx, l.ListedID)
		return errors.Join(tx.Q.DropMembers(ctx, l.ListedID), tx.Q.DropMemberships(ctx, key), tx.Q.DropEntryNames(ctx, key), err,
			note(ctx, tx, who, "drop-"+kind, l.Name, ""))
	})
}

// AddMembers puts entries into a group; one that is in it stays.
func (r *Register) AddMembers(ctx context.Context, who Actor, group string, members []string) error {
	return r.changeListed(ctx, KindGroup, group, func(ctx context.Context, tx *db.Tx, l storedb.Listed) error {
		return errors.Join(r.addMembers(ctx, tx, l.ListedID, members), note(ctx, tx, who, "add-members", l.Name, strings.Join(members, ", ")))
	})
}

// DropMembers takes entries out of a group.
func (r *Register) DropMembers(ctx context.Context, who Actor, group string, members []string) error {
	return r.changeListed(ctx, KindGroup, group, func(ctx context.Context, tx *db.Tx, l storedb.Listed) error {
		for _, m := range members {
			key, err := r.find(ctx, tx, m)
			if err != nil {
				return err
			}
			n, err := tx.Q.DropMember(ctx, storedb.DropMemberParams{ListedID: l.ListedID, Entry: key})
			if err == nil && n == 0 {
				err = noEntry(m)
			}
			if err != nil {
				return err
			}
		}
		return note(ctx, tx, who, "drop-members", l.Name, strings.Join(members, ", "))
	})
}

// AddNames gives an entry of the directory more names and abbreviations, under which a document may name it.
func (r *Register) AddNames(ctx context.Context, who Actor, entry string, names []string) error {
	err := r.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		key, err := r.find(ctx, tx, entry)
		if err != nil {
			return err
		}
		return errors.Join(addNames(ctx, tx, key, names), touched(ctx, tx), note(ctx, tx, who, "add-names", entry, strings.Join(names, ", ")))
	})
	return fault("add names", err)
}

// DropNames takes such names away.
func (r *Register) DropNames(ctx context.Context, who Actor, entry string, names []string) error {
	err := r.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		key, err := r.find(ctx, tx, entry)
		if err != nil {
			return err
		}
		for _, s := range names {
			n, err := tx.Q.DropEntryName(ctx, storedb.DropEntryNameParams{Entry: key, Name: words(s)})
			if err == nil && n == 0 {
				err = noEntry(s)
			}
			if err != nil {
				return err
			}
		}
		return errors.Join(touched(ctx, tx), note(ctx, tx, who, "drop-names", entry, strings.Join(names, ", ")))
	})
	return fault("drop names", err)
}

func (r *Register) changeListed(ctx context.Context, kind, name string, fn func(context.Context, *db.Tx, storedb.Listed) error) error {
	err := r.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		list, err := tx.Q.ListListed(ctx)
		if err != nil {
			return err
		}
		for _, l := range list {
			if l.Kind == kind && strings.EqualFold(l.Name, words(name)) {
				return errors.Join(fn(ctx, tx, l), touched(ctx, tx))
			}
		}
		return noEntry(name)
	})
	return fault("change "+kind, err)
}

func (r *Register) addMembers(ctx context.Context, tx *db.Tx, group int64, members []string) error {
	for _, m := range members {
		key, err := r.find(ctx, tx, m)
		if err != nil {
			return err
		}
		if key == listedKey(group) {
			return &mail.Fault{Kind: mail.BadSettings, Op: "add member", Detail: "a group is no member of itself"}
		}
		if _, err := tx.Q.AddMember(ctx, storedb.AddMemberParams{ListedID: group, Entry: key}); err != nil {
			return err
		}
	}
	return nil
}

func addNames(ctx context.Context, tx *db.Tx, key string, names []string) error {
	for _, s := range names {
		s = words(s)
		if s == "" || len(s) > maxEntryName {
			return &mail.Fault{Kind: mail.BadSettings, Op: "add name", Detail: "empty or too long"}
		}
		if _, err := tx.Q.AddEntryName(ctx, storedb.AddEntryNameParams{Entry: key, Name: s}); err != nil {
			return err
		}
	}
	return nil
}

// find gives the key of an entry told by its address in either spelling, or by the name of a unit, group, post, place or
// person. Kind BadAddress: there is none; Kind Conflict: several have this name, and only an address tells which.
func (r *Register) find(ctx context.Context, tx *db.Tx, what string) (string, error) {
	h, err := r.findBox(ctx, tx, what)
	if err == nil {
		return holderKey(h.UnitID, h.PersonID), nil
	}
	if mail.KindOf(err) != mail.BadAddress {
		return "", err
	}
	list, err := tx.Q.ListListed(ctx)
	if err != nil {
		return "", err
	}
	var keys []string
	for _, l := range list {
		if strings.EqualFold(l.Name, words(what)) {
			keys = append(keys, listedKey(l.ListedID))
		}
	}
	switch len(keys) {
	case 0:
		return "", noEntry(what)
	case 1:
		return keys[0], nil
	}
	return "", &mail.Fault{Kind: mail.Conflict, Op: "find entry", Detail: what}
}

// findBox gives the box of an address, a unit's name, or a person's name that nobody else has.
func (r *Register) findBox(ctx context.Context, tx *db.Tx, what string) (storedb.Holder, error) {
	if wire, here := r.wireOf(what); here {
		h, err := tx.Q.FindHolder(ctx, wire)
		if !errors.Is(err, sql.ErrNoRows) {
			return h, err
		}
	}
	units, err := unitMap(ctx, tx.Q)
	if err != nil {
		return storedb.Holder{}, err
	}
	for _, u := range units {
		if strings.EqualFold(u.Name, words(what)) {
			return tx.Q.FindHolder(ctx, u.Wire)
		}
	}
	named, err := tx.Q.HoldersNamed(ctx, words(what))
	switch {
	case err != nil:
		return storedb.Holder{}, err
	case len(named) == 0:
		return storedb.Holder{}, noEntry(what)
	case len(named) > 1:
		return storedb.Holder{}, &mail.Fault{Kind: mail.Conflict, Op: "find entry", Detail: what}
	}
	return named[0], nil
}

func noEntry(what string) error {
	return &mail.Fault{Kind: mail.BadAddress, Op: "find entry", Detail: words(what)}
}
