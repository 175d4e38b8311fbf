package imapd

import (
	"maps"
	"slices"

	"hopthu/mail"
	"hopthu/mail/server/internal/register"
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

// LeastScope is the scope of a delegation that a command needs in a mailbox of that role.
func LeastScope(name string, in mail.Role) mail.Scope { return register.Needed(actOf(name), in) }
