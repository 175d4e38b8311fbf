package rule

import (
	"slices"
	"strings"
)

// Directories asks several directories as one. What is published stands before what was only learned.
type Directories []Directory

// Lookup implements Directory. A box stands once, by its best match.
func (d Directories) Lookup(name string) []Match {
	var out []Match
	for _, x := range d {
		out = append(out, x.Lookup(name)...)
	}
	slices.SortStableFunc(out, func(a, b Match) int { return b.Confidence - a.Confidence })
	seen := map[string]bool{}
	out = slices.DeleteFunc(out, func(m Match) bool {
		box := strings.ToLower(WireForm(m.Address))
		if box == "" {
			return false
		}
		before := seen[box]
		seen[box] = true
		return before
	})
	return out[:min(len(out), maxMatches)]
}

// Knows implements Directory.
func (d Directories) Knows(name string) bool {
	return slices.ContainsFunc(d, func(x Directory) bool { return x.Knows(name) })
}

// ByKey implements Directory.
func (d Directories) ByKey(key string) (Listed, bool) {
	for _, x := range d {
		if e, ok := x.ByKey(key); ok {
			return e, true
		}
	}
	return Listed{}, false
}
