package compose

import (
	"strings"

	"hopthu/mail"
)

// separators part addresses in a line, outside quotes and angle brackets.
const separators = ",;"

// person is one address of a line, as typed.
type person struct {
	name, addr string
}

// people takes an address line apart for showing it. It judges nothing: the desk does that before sending.
func people(line string) []person {
	var out []person
	start, quoted, angle := 0, false, false
	add := func(s string) {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, readPerson(s))
		}
	}
	for i, r := range line {
		switch {
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '<':
			angle = true
		case r == '>':
			angle = false
		case !angle && strings.ContainsRune(separators, r):
			add(line[start:i])
			start = i + 1
		}
	}
	add(line[start:])
	return out
}

func readPerson(s string) person {
	if i := strings.LastIndexByte(s, '<'); i >= 0 {
		name := strings.Trim(strings.TrimSpace(s[:i]), `"`)
		return person{strings.ReplaceAll(name, `\"`, `"`), strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s[i+1:]), ">"))}
	}
	return person{"", s}
}

// short is what a line that is not being typed in shows of a person.
func (p person) short() string {
	if p.name != "" {
		return p.name
	}
	return p.addr
}

// whole reports whether an address is complete enough to be judged.
func (p person) whole() bool {
	local, domain, ok := strings.Cut(p.addr, "@")
	return ok && local != "" && strings.Contains(domain, ".") && !strings.HasSuffix(domain, ".")
}

// outside reports whether a person is not of the account's own system: its domain and those below it.
func (p person) outside(a mail.Account) bool {
	own, theirs := mail.Address{Addr: a.Address}.Domain(), mail.Address{Addr: p.addr}.Domain()
	return p.whole() && own != "" && theirs != own && !strings.HasSuffix(theirs, "."+own)
}

// write is a contact as it stands in an address line.
func write(a mail.Address) string {
	if a.Name == "" {
		return a.Addr
	}
	name := a.Name
	if strings.ContainsAny(name, `,;<>()[]@:\".`) {
		name = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `"`
	}
	return name + " <" + a.Addr + ">"
}
