package read

import (
	"cmp"
	"slices"
	"strings"

	"hopthu/mail"
	"hopthu/ui/kit"
)

// Node is one line of the folder tree.
type Node struct {
	Folder mail.Folder
	Depth  int
	Label  string // the last part of the name, not cleaned
}

// Tree puts folders in the order of a tree: those with a role first, as one uses them, then the others by name.
func Tree(list []mail.Folder) []Node {
	order := []mail.Role{mail.RoleInbox, mail.RoleDrafts, mail.RoleSent, mail.RoleArchive, mail.RoleJunk, mail.RoleTrash}
	rank := func(f mail.Folder) int {
		if i := slices.Index(order, f.Role); i >= 0 && f.Role != "" {
			return i
		}
		return len(order)
	}
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b mail.Folder) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(kit.Fold(a.Name), kit.Fold(b.Name)), cmp.Compare(a.Name, b.Name))
	})
	have := map[string]bool{}
	for _, f := range list {
		have[f.Name] = true
	}
	out := make([]Node, 0, len(sorted))
	for _, f := range sorted {
		n := Node{Folder: f, Label: f.Name}
		if f.Delim != "" && f.Role == "" {
			parts := strings.Split(f.Name, f.Delim)
			for i := 1; i < len(parts); i++ {
				if have[strings.Join(parts[:i], f.Delim)] {
					n.Depth++
					n.Label = strings.Join(parts[i:], f.Delim)
				}
			}
		}
		out = append(out, n)
	}
	return out
}
