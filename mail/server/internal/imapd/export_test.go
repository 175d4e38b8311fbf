package imapd

import (
	"maps"
	"slices"
)

// Commands names every command of the table, with its states, for tests from outside.
func Commands() []string {
	list := slices.Collect(maps.Keys(table))
	for c := range byUID {
		list = append(list, "UID "+c)
	}
	slices.Sort(list)
	return list
}

// Allowed says in which of the states stranger, logged in and selected a command may be used.
func Allowed(name string) [3]bool {
	h, ok := table[name]
	if !ok {
		h = byUID[name[len("UID "):]]
	}
	return [3]bool{h.in&stranger != 0, h.in&user != 0, h.in&opened != 0}
}
