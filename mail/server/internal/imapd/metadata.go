package imapd

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/emersion/go-imap/v2"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/viet"
)

const (
	maxEntry   = 255 // octets of the name of an entry
	maxEntries = 100 // names in one command
	private    = "/private"
	shared     = "/shared"
)

// metaArgs is what GETMETADATA asks for (RFC 5464 4.2).
type metaArgs struct {
	maxSize int64 // values longer are only counted; -1: none is too long
	depth   int   // levels below the entry
	entries []string
}

// metaOptions reads MAXSIZE and DEPTH (RFC 5464 4.2.1, 4.2.2).
func (p *parser) metaOptions(a *metaArgs) {
	p.list(func() {
		switch p.word() {
		case "MAXSIZE":
			p.sp()
			a.maxSize = int64(p.number(math.MaxUint32))
		case "DEPTH":
			p.sp()
			switch p.word() {
			case "0":
				a.depth = 0
			case "1":
				a.depth = 1
			case "INFINITY":
				a.depth = math.MaxInt
			default:
				p.fail(bad("DEPTH is 0, 1 or infinity"))
			}
		default:
			p.fail(bad("Unknown option"))
		}
	})
}

// isOptions reports a list of options, whose words begin with a letter; names of entries begin with a slash.
func (p *parser) isOptions() bool {
	return len(p.s) > 1 && p.s[0] == '(' && (p.s[1]|0x20) >= 'a' && (p.s[1]|0x20) <= 'z'
}

// entry reads the name of an entry (RFC 5464 3.2). Names compare without case.
func (p *parser) entry() string {
	name := strings.ToLower(p.astring())
	if p.err != nil {
		return ""
	}
	top, _, _ := strings.Cut(strings.TrimPrefix(name, "/"), "/")
	if len(name) > maxEntry || !isASCII(name) || !cleanLine(name) || strings.ContainsAny(name, "*%\t") || strings.Contains(name, "//") ||
		strings.HasSuffix(name, "/") || !strings.HasPrefix(name, "/") || "/"+top != private && "/"+top != shared {
		p.fail(bad("Not the name of an entry"))
		return ""
	}
	return name
}

func (p *parser) entries() (names []string) {
	each := func() {
		if names = append(names, p.entry()); len(names) > maxEntries {
			p.fail(bad("Too many entries"))
		}
	}
	if p.peek() != '(' {
		each()
		return names
	}
	p.list(each)
	if p.err == nil && len(names) == 0 {
		p.fail(bad("An entry is wanted"))
	}
	return names
}

// value reads what an entry is set to: NIL removes it, a literal8 may hold anything (RFC 5464 5).
func (p *parser) value() []byte {
	if p.isWord("NIL") {
		return nil
	}
	if p.peek() == 0 && len(p.lits) > 0 {
		p.take(0)
		v := p.lits[0]
		p.lits = p.lits[1:]
		return v
	}
	return append([]byte{}, p.str()...)
}

// noted finds the mailbox that METADATA names, with the room it is in; "" is the server, whose private entries are the
// person's wherever he works.
func (c *session) noted(name string) (rm *room, m box.Mailbox, err error) {
	if name == "" {
		own := c.login.Person.Account
		return c.home, box.Mailbox{Ref: box.Ref{Account: own}}, nil
	}
	rm, inner, err := c.reach("STATUS", name)
	if err != nil {
		return nil, m, err
	}
	m, err = c.s.opt.Box.Find(c.ctx, rm.acct, inner)
	return rm, m, c.fault("find mailbox", err, "")
}

// getMetadata answers GETMETADATA (RFC 5464 4.2). The options stand before the mailbox by the grammar and behind it in
// the examples of the RFC: both are taken.
func (c *session) getMetadata(_ *command, p *parser) error {
	a := metaArgs{maxSize: -1}
	p.sp()
	if p.isOptions() {
		p.metaOptions(&a)
		p.sp()
	}
	name := viet.NFC(p.mailbox())
	p.sp()
	if p.isOptions() {
		p.metaOptions(&a)
		p.sp()
	}
	a.entries = p.entries()
	if err := p.end(); err != nil {
		return err
	}
	_, m, err := c.noted(name)
	if err != nil {
		return err
	}
	longest, err := c.putNotes(m.Ref, name, a)
	if longest > 0 { // RFC 5464 4.2.1
		c.code = "METADATA LONGENTRIES " + strconv.Itoa(longest)
	}
	return err
}

// putNotes tells the entries that were asked for; longest is the size of the longest that MAXSIZE held back.
func (c *session) putNotes(ref box.Ref, name string, a metaArgs) (longest int, err error) {
	list, err := c.s.opt.Box.Notes(c.ctx, ref, c.login.Person.Account)
	if err != nil {
		return 0, c.fault("read metadata", err, "")
	}
	var told []box.Note
	for _, want := range a.entries {
		found := false
		for _, n := range list {
			if !below(n.Entry, want, a.depth) {
				continue
			}
			found = true
			if a.maxSize >= 0 && int64(len(n.Value)) > a.maxSize {
				longest = max(longest, len(n.Value))
			} else if !slices.ContainsFunc(told, func(t box.Note) bool { return t.Entry == n.Entry }) {
				told = append(told, n)
			}
		}
		if !found && a.depth == 0 {
			told = append(told, box.Note{Entry: want})
		}
	}
	if len(told) == 0 {
		return longest, nil
	}
	c.put("* METADATA ")
	c.putMailbox(name)
	c.put(" (")
	for i, n := range told {
		if i > 0 {
			c.put(" ")
		}
		c.putEntry(n.Entry)
		c.put(" ")
		c.putValue(n.Value)
	}
	c.put(")\r\n")
	return longest, nil
}

// below reports whether an entry is the one named, or at most depth levels below it.
func below(entry, top string, depth int) bool {
	if entry == top {
		return true
	}
	rest, ok := strings.CutPrefix(entry, top+"/")
	return ok && strings.Count(rest, "/") < depth
}

// putEntry writes the name of an entry as the atom it mostly is.
func (c *session) putEntry(name string) {
	if atom, rest := cutAtom(name); rest == "" {
		c.put(atom)
		return
	}
	c.putString(name)
}

func (c *session) putValue(v []byte) {
	switch {
	case v == nil:
		c.put("NIL")
	case slices.Contains(v, 0):
		c.put("~")
		c.putLiteral(v)
	default:
		c.putString(string(v))
	}
}

// setMetadata answers SETMETADATA (RFC 5464 4.3): all entries or none. What all who work in a box share, they need the
// right to arrange it for; what is noted on the server for all is the administrator's.
func (c *session) setMetadata(_ *command, p *parser) error {
	p.sp()
	name := viet.NFC(p.mailbox())
	p.sp()
	var notes []box.Note
	seen := map[string]bool{}
	p.list(func() {
		n := box.Note{Entry: p.entry()}
		if n.Shared = strings.HasPrefix(n.Entry, shared+"/"); !n.Shared && !strings.HasPrefix(n.Entry, private+"/") || seen[n.Entry] {
			p.fail(bad("Not an entry that can be set, or named twice"))
		}
		p.sp()
		n.Value, seen[n.Entry] = p.value(), true
		if notes = append(notes, n); len(notes) > maxEntries {
			p.fail(bad("Too many entries"))
		}
	})
	if err := p.end(); err != nil {
		return err
	}
	if len(notes) == 0 {
		return bad("An entry is wanted")
	}
	rm, m, err := c.noted(name)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(notes, func(n box.Note) bool { return n.Shared }) {
		if name == "" {
			return no(imap.ResponseCodeNoPerm, "What is noted on the server for all is the administrator's")
		}
		if err := c.may(rm, actOf("SETMETADATA"), m.Role); err != nil {
			return err
		}
	}
	err = c.s.opt.Box.SetNotes(c.ctx, m.Ref, c.login.Person.Account, notes)
	if f := mail.AsFault("set metadata", err); f != nil && f.Kind == mail.Refused {
		switch f.Detail {
		case box.NoteTooBig:
			return no(imap.ResponseCode("METADATA MAXSIZE "+strconv.Itoa(box.MaxNote)), "A value is too long")
		case box.NotesTooMany:
			return no("METADATA TOOMANY", "Too much is noted in this box")
		}
	}
	return c.fault("set metadata", err, "")
}
