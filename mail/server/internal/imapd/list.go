package imapd

import (
	"maps"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"

	"hopthu/mail/server/internal/box"
	"hopthu/mail/viet"
)

// listOptions are the selection and return options of LIST (RFC 5258, RFC 5819, RFC 6154, RFC 8440, RFC 9590).
type listOptions struct {
	subscribed, recursive, specialUse bool // selection
	tellSubscribed                    bool
	status                            []string  // nil: not asked for
	notes                             *metaArgs // nil: not asked for
	myRights                          bool
}

func (p *parser) listSelection(o *listOptions) {
	p.list(func() {
		switch p.word() {
		case "SUBSCRIBED":
			o.subscribed = true
		case "RECURSIVEMATCH":
			o.recursive = true
		case "SPECIAL-USE":
			o.specialUse = true
		case "REMOTE":
		default:
			p.fail(bad("Unknown selection option"))
		}
	})
	if o.recursive && !o.subscribed && !o.specialUse { // RFC 5258 3: alone or with REMOTE it says nothing
		p.fail(bad("RECURSIVEMATCH wants another option"))
	}
}

func (p *parser) listReturn(o *listOptions) {
	p.list(func() {
		switch p.word() {
		case "SUBSCRIBED":
			o.tellSubscribed = true
		case "CHILDREN", "SPECIAL-USE":
		case "STATUS":
			p.sp()
			o.status = p.statusItems()
		case "MYRIGHTS": // RFC 8440 4
			o.myRights = true
		case "METADATA": // RFC 9590 3
			p.sp()
			o.notes = &metaArgs{maxSize: -1}
			if p.isOptions() {
				p.metaOptions(o.notes)
				p.sp()
			}
			o.notes.entries = p.entries()
		default:
			p.fail(bad("Unknown return option"))
		}
	})
}

// list lists the mailboxes that match (RFC 9051 6.3.9).
func (c *session) list(_ *command, p *parser) error {
	var o listOptions
	var patterns []string
	p.sp()
	if p.peek() == '(' {
		p.listSelection(&o)
		p.sp()
	}
	ref := p.mailbox()
	p.sp()
	if p.peek() == '(' {
		p.list(func() { patterns = append(patterns, p.pattern()) })
		if p.err == nil && len(patterns) == 0 {
			p.fail(bad("A pattern is wanted"))
		}
	} else {
		patterns = append(patterns, p.pattern())
	}
	if p.more() {
		p.sp()
		if !p.isWord("RETURN") {
			p.fail(bad("Syntax error"))
		}
		p.sp()
		p.listReturn(&o)
	}
	if err := p.end(); err != nil {
		return err
	}
	if len(patterns) == 1 && patterns[0] == "" { // asks for the delimiter only
		c.putList("LIST", []imap.MailboxAttr{imap.MailboxAttrNoSelect}, "")
		c.put("\r\n")
		return nil
	}
	for i, pat := range patterns {
		patterns[i] = viet.NFC(ref + pat)
		if i >= maxPatterns || len(patterns[i]) > maxPattern || strings.Count(pat, "*")+strings.Count(pat, "%") > maxWildcards {
			return bad("Pattern too complicated")
		}
	}
	return c.listMatching(patterns, o)
}

func (c *session) listMatching(patterns []string, o listOptions) error {
	c.knows(o.status)
	boxes, err := c.s.opt.Box.List(c.ctx, c.acct)
	if err != nil {
		return c.fault("list mailboxes", err, "")
	}
	shared, err := c.listShared(patterns, o)
	if err != nil {
		return err
	}
	boxes = append(boxes, shared...)
	var ghosts []string // subscribed names whose mailbox is gone
	if o.subscribed && !o.specialUse {
		if ghosts, err = c.ghosts(boxes); err != nil {
			return err
		}
	}
	above := map[string]bool{} // names that stand above one that is chosen and not told itself (RFC 5258 3.5)
	if o.recursive {
		for _, m := range boxes {
			if chosen(m, o) && !matchAny(patterns, m.Name) {
				markAbove(above, m.Name)
			}
		}
		for _, n := range ghosts {
			if !matchAny(patterns, n) {
				markAbove(above, n)
			}
		}
	}
	for _, m := range boxes {
		child := above[m.Name]
		delete(above, m.Name)
		if !matchAny(patterns, m.Name) || !chosen(m, o) && !child {
			continue
		}
		c.putListed(attrsOf(m, o), m.Name, child, o)
		if err := c.putAsked(m, o); err != nil {
			return err
		}
	}
	for _, n := range ghosts {
		child := above[n]
		delete(above, n)
		if matchAny(patterns, n) {
			c.putListed([]imap.MailboxAttr{imap.MailboxAttrSubscribed, imap.MailboxAttrNonExistent}, n, child, o)
		}
	}
	for _, n := range slices.Sorted(maps.Keys(above)) { // neither there nor subscribed
		if matchAny(patterns, n) {
			c.putListed([]imap.MailboxAttr{imap.MailboxAttrNonExistent}, n, true, o)
		}
	}
	return nil
}

// listShared lists what of the shared namespace the patterns show: only those do that begin with its name, so that a
// listing of everything (RFC 9051 6.3.9 lets a server hide from wildcards) is that of the person's own box; and what
// he has subscribed to where that is asked for.
func (c *session) listShared(patterns []string, o listOptions) ([]box.Mailbox, error) {
	named := func(p string) bool { return strings.HasPrefix(p[:strings.IndexAny(p+"*", "*%")], sharedTop) }
	top := func(p string) bool { return !strings.Contains(p, "*") && match(p, sharedTop) }
	if !o.subscribed && !slices.ContainsFunc(patterns, func(p string) bool { return named(p) || top(p) }) {
		return nil, nil
	}
	list, err := c.sharedBoxes()
	if err != nil || len(list) == 0 {
		return nil, err
	}
	subscribed := map[string]bool{}
	if o.subscribed || o.tellSubscribed {
		names, err := c.s.opt.Box.Subscriptions(c.ctx, c.acct)
		if err != nil {
			return nil, c.fault("list subscriptions", err, "")
		}
		for _, n := range names {
			subscribed[n] = true
		}
	}
	for i := range list {
		list[i].Subscribed = subscribed[list[i].Name]
	}
	return slices.DeleteFunc(list, func(m box.Mailbox) bool {
		return !slices.ContainsFunc(patterns, func(p string) bool {
			return (named(p) || m.Name == sharedTop && top(p) || o.subscribed && m.Subscribed) && match(p, m.Name)
		})
	}), nil
}

// putAsked tells what else was asked for of a mailbox (RFC 5819, RFC 8440, RFC 9590).
func (c *session) putAsked(m box.Mailbox, o listOptions) error {
	if m.Mailbox == 0 { // a level of the shared namespace
		return nil
	}
	if o.status != nil {
		c.putStatus(m, o.status)
	}
	if o.myRights {
		rm, whole := c.home, m
		if m.Account != c.acct { // listed without its role
			var err error
			if rm, whole, err = c.aclOf(m.Name, false); err != nil {
				return err
			}
		}
		c.putRights(m.Name, rm.login.Scope, whole.Role)
	}
	if o.notes == nil {
		return nil
	}
	_, err := c.putNotes(m.Ref, m.Name, *o.notes)
	return err
}

// ghosts are subscribed names whose mailbox is gone.
func (c *session) ghosts(boxes []box.Mailbox) ([]string, error) {
	names, err := c.s.opt.Box.Subscriptions(c.ctx, c.acct)
	if err != nil {
		return nil, c.fault("list subscriptions", err, "")
	}
	there := map[string]bool{}
	for _, m := range boxes {
		there[m.Name] = true
	}
	return slices.DeleteFunc(names, func(n string) bool { return there[n] }), nil
}

func markAbove(set map[string]bool, name string) {
	for i := strings.LastIndexByte(name, box.Delim); i > 0; i = strings.LastIndexByte(name[:i], box.Delim) {
		set[name[:i]] = true
	}
}

// putListed writes one line; child: below it is something that was asked for.
func (c *session) putListed(attrs []imap.MailboxAttr, name string, child bool, o listOptions) {
	c.putList("LIST", attrs, name)
	if child {
		var by []string
		if o.subscribed {
			by = append(by, `"SUBSCRIBED"`)
		}
		if o.specialUse {
			by = append(by, `"SPECIAL-USE"`)
		}
		c.put(` ("CHILDINFO" (`, strings.Join(by, " "), "))")
	}
	c.put("\r\n")
}

func chosen(m box.Mailbox, o listOptions) bool {
	return (!o.subscribed || m.Subscribed) && (!o.specialUse || roleAttrs[m.Role] != "")
}

// lsub lists subscribed names as RFC 3501 6.3.9 has it: with %, a name above a subscribed one is told too.
func (c *session) lsub(_ *command, p *parser) error {
	p.sp()
	ref := p.mailbox()
	p.sp()
	pattern := viet.NFC(ref + p.pattern())
	if err := p.end(); err != nil {
		return err
	}
	if len(pattern) > maxPattern || strings.Count(pattern, "*")+strings.Count(pattern, "%") > maxWildcards {
		return bad("Pattern too complicated")
	}
	names, err := c.s.opt.Box.Subscriptions(c.ctx, c.acct)
	if err != nil {
		return c.fault("list subscriptions", err, "")
	}
	told := map[string]bool{}
	for _, n := range names {
		if match(pattern, n) {
			told[n] = true
			c.putList("LSUB", nil, n)
			c.put("\r\n")
		}
	}
	if !strings.HasSuffix(pattern, "%") {
		return nil
	}
	for _, n := range names {
		for i := strings.LastIndexByte(n, box.Delim); i > 0; i = strings.LastIndexByte(n[:i], box.Delim) {
			if above := n[:i]; !told[above] && match(pattern, above) {
				told[above] = true
				c.putList("LSUB", []imap.MailboxAttr{imap.MailboxAttrNoSelect}, above)
				c.put("\r\n")
			}
		}
	}
	return nil
}

// putList writes a LIST line up to its name.
func (c *session) putList(kind string, attrs []imap.MailboxAttr, name string) {
	c.put("* ", kind, " ")
	putWords(c.conn, attrs)
	c.put(` "`, string(box.Delim), `" `)
	c.putMailbox(name)
}

func attrsOf(m box.Mailbox, o listOptions) []imap.MailboxAttr {
	attrs := []imap.MailboxAttr{imap.MailboxAttrHasNoChildren}
	if m.HasChildren {
		attrs[0] = imap.MailboxAttrHasChildren
	}
	if m.Mailbox == 0 { // a level of the shared namespace
		return append(attrs, imap.MailboxAttrNoSelect)
	}
	if m.Subscribed && (o.tellSubscribed || o.subscribed) {
		attrs = append(attrs, imap.MailboxAttrSubscribed)
	}
	if a := roleAttrs[m.Role]; a != "" {
		attrs = append(attrs, a)
	}
	return attrs
}

func matchAny(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return match(p, name) })
}

// match reports whether a name matches a LIST pattern: * is anything, % anything but the delimiter; INBOX compares
// without case. Its time is the product of the lengths, whatever the pattern.
func match(pattern, name string) bool {
	const top = len(box.Inbox)
	switch {
	case name == box.Inbox:
		pattern = strings.ToUpper(pattern)
	case strings.HasPrefix(name, box.Inbox+string(box.Delim)) && len(pattern) >= top && strings.EqualFold(pattern[:top], box.Inbox):
		pattern = box.Inbox + pattern[top:]
	}
	// on[j] says whether the pattern read so far matches name[:j].
	on := make([]bool, len(name)+1)
	on[0] = true
	for i := 0; i < len(pattern); i++ {
		p := pattern[i]
		if p == '*' || p == '%' {
			for j := 1; j <= len(name); j++ {
				on[j] = on[j] || on[j-1] && (p == '*' || name[j-1] != box.Delim)
			}
			continue
		}
		for j := len(name); j >= 1; j-- {
			on[j] = on[j-1] && name[j-1] == p
		}
		on[0] = false
	}
	return on[len(name)]
}
