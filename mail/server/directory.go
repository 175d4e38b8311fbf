package server

import (
	"context"

	"hopthu/mail/api"
	"hopthu/mail/server/internal/register"
)

// Entry is what the public directory is given besides boxes: a group ("Các Sở, ban, ngành của tỉnh"), a post with a box
// ("Chánh Văn phòng UBND tỉnh") or a place of publication ("Công báo tỉnh") (QC 6, 7.1a).
type Entry struct {
	Kind    string // "group", "post" or "publish"
	Name    string
	Box     string   // of a post, or of a place of publication that has one: an address or a unit's name
	Aliases []string // other names and abbreviations
	Members []string // of a group: addresses, or names of units, posts, groups or people
}

// AddEntry puts an entry into the public directory. Kind Conflict: there is one of that kind and name, or a name in it
// belongs to several.
func (a *Admin) AddEntry(ctx context.Context, e Entry) error {
	_, err := a.s.reg.AddEntry(ctx, admin, e.Kind, e.Name, e.Box, e.Aliases, e.Members)
	return err
}

// DropEntry takes an entry out of the directory.
func (a *Admin) DropEntry(ctx context.Context, kind, name string) error {
	return a.s.reg.DropEntry(ctx, admin, kind, name)
}

// AddMembers puts members into a group.
func (a *Admin) AddMembers(ctx context.Context, group string, members []string) error {
	return a.s.reg.AddMembers(ctx, admin, group, members)
}

// DropMembers takes members out of a group.
func (a *Admin) DropMembers(ctx context.Context, group string, members []string) error {
	return a.s.reg.DropMembers(ctx, admin, group, members)
}

// AddNames gives an entry (its address or name) other names and abbreviations.
func (a *Admin) AddNames(ctx context.Context, entry string, names []string) error {
	return a.s.reg.AddNames(ctx, admin, entry, names)
}

// DropNames takes other names away.
func (a *Admin) DropNames(ctx context.Context, entry string, names []string) error {
	return a.s.reg.DropNames(ctx, admin, entry, names)
}

// Entries lists the directory's entries of a kind by name; of people only those with other names. Members are told by
// name.
func (a *Admin) Entries(ctx context.Context, kind string) ([]api.Listed, error) {
	list, err := a.s.reg.Listed(ctx, kind)
	if err != nil || kind != register.KindGroup {
		return list, err
	}
	names := map[string]string{}
	if _, err := a.s.reg.Listing(ctx, func(e api.Listed) error {
		names[e.Key] = e.Name
		return nil
	}); err != nil {
		return nil, err
	}
	for i, e := range list {
		members := make([]string, 0, len(e.Members))
		for _, k := range e.Members {
			if n, ok := names[k]; ok { // a locked person is in the group, but not in the directory
				members = append(members, n)
			}
		}
		list[i].Members = members
	}
	return list, nil
}
