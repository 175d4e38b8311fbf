package imapd

import (
	"errors"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
)

// notify answers NOTIFY (RFC 5465 3.1). What the client was to hear of the open mailbox by what held before, it hears
// first.
func (c *session) notify(_ *command, p *parser) error {
	a, err := parseNotify(p)
	switch {
	case err != nil:
		return err
	case a.unknown:
		return no(badEvent, "Not all of these events can be told")
	case a.many:
		return no("NOTIFICATIONOVERFLOW", "Too many mailboxes") // RFC 5465 5.8
	}
	if c.sel != nil && !a.none {
		if err := c.tell(true); err != nil {
			return err
		}
	}
	n := &a.notice
	if len(n.groups) > 0 {
		if err := c.gather(n); err != nil {
			n.close()
			return err
		}
	}
	c.heed(n)
	if a.status {
		return c.putStatuses(n)
	}
	return nil
}

// heed takes a notice for the one that holds; nil is what held before any.
func (c *session) heed(n *notice) {
	if c.notice != nil {
		c.notice.close()
	}
	c.notice, c.hear = n, nil
	if n != nil && (n.selected != nil || len(n.sources) > 0) {
		c.hear = func() error { return c.listen(n.selected != nil && !n.delayed) }
	}
}

// gather opens the sources of a notice: the box logged in to, the person's own for the notes of the server, and those of
// agencies where a group may show them.
func (c *session) gather(n *notice) error {
	n.ready = make(chan struct{}, 1)
	n.sources = append(n.sources, source{room: c.home, news: c.s.opt.Box.News(c.acct, n.ready)})
	if own := c.login.Person.Account; own != c.acct {
		n.sources = append(n.sources, source{news: c.s.opt.Box.News(own, n.ready)})
	}
	if !slices.ContainsFunc(n.groups, func(g group) bool {
		return g.filter == "SUBSCRIBED" || slices.ContainsFunc(g.names, func(name string) bool { _, in := c.isShared(name); return in })
	}) {
		return nil
	}
	if _, ok := c.isShared(sharedTop); !ok {
		return nil
	}
	shares, err := c.s.opt.Register.Shares(c.ctx, c.login.Person.Account)
	if err != nil {
		return c.fault("notify", err, "")
	}
	for _, s := range shares {
		rm, err := c.visit(s)
		if err != nil {
			return err
		}
		n.sources = append(n.sources, source{room: rm, news: c.s.opt.Box.News(rm.acct, n.ready)})
	}
	return nil
}

// listen tells what happens until the client's next byte comes, which it leaves unread, or the time is over.
func (c *session) listen(expunge bool) error {
	var open, news <-chan struct{}
	if c.sel != nil {
		open = c.sel.watch.Ready()
	}
	if c.notice != nil {
		news = c.notice.ready
	}
	first := make(chan error, 1) // the client's first byte, or the end of waiting for it
	mail.Go("imap idle", func() {
		_, err := c.br.Peek(1)
		first <- err
	})
	for {
		var refused *answer
		err := c.hearsay(expunge)
		if err != nil && !errors.As(err, &refused) { // what cannot be read now is read when something happens next
			return errors.Join(err, c.endIdle(first))
		}
		c.flush()
		if c.out, c.dict = nil, nil; c.err != nil {
			return errors.Join(c.err, c.endIdle(first))
		}
		select {
		case <-open:
		case <-news:
		case <-c.s.opt.After(keepAlive):
			c.put("* OK Still here\r\n")
		case err := <-first:
			return c.awaited(err)
		}
	}
}

// hearsay tells all that is to be told unasked.
func (c *session) hearsay(expunge bool) error {
	if c.sel != nil && c.hears() {
		if err := c.tell(expunge); err != nil {
			return err
		}
	}
	return c.tellNews()
}

// tellNews tells what happened elsewhere than in the open mailbox. What cannot be read now is told the next time.
func (c *session) tellNews() error {
	n := c.notice
	if n == nil {
		return nil
	}
	for i := range n.sources {
		src := &n.sources[i]
		if src.take() { // RFC 5465 5.8: from here on as after NOTIFY NONE
			c.put("* OK [NOTIFICATIONOVERFLOW] Too much has happened; ask again\r\n")
			c.heed(&notice{})
			return nil
		}
		if len(src.stirred) == 0 && len(src.names) == 0 {
			continue
		}
		l, err := c.lookup(src.room)
		if err != nil {
			return err
		}
		for _, e := range src.names {
			c.tellName(l, e)
		}
		for _, m := range l.list {
			c.tellStirred(l, m, src.stirred[m.Mailbox])
		}
		src.stirred, src.names = nil, nil
	}
	return nil
}

// take adds what has happened to what was not told yet; overflow: something was lost.
func (s *source) take() (overflow bool) {
	stirred, names, overflow := s.news.Take()
	if s.stirred == nil {
		s.stirred = stirred
	} else {
		for m, how := range stirred {
			s.stirred[m] |= how
		}
	}
	s.names = append(s.names, names...)
	return overflow || len(s.names) > maxUntold
}

// listing is what a room holds now, with what the person has subscribed to.
type listing struct {
	room       *room
	list       []box.Mailbox
	subscribed map[string]bool // whole names
}

func (c *session) lookup(rm *room) (l listing, err error) {
	l = listing{room: rm, subscribed: map[string]bool{}}
	if rm == nil {
		return l, nil
	}
	if l.list, err = c.s.opt.Box.List(c.ctx, rm.acct); err != nil {
		return l, c.fault("notify", err, "")
	}
	names, err := c.s.opt.Box.Subscriptions(c.ctx, c.acct)
	for _, n := range names {
		l.subscribed[n] = true
	}
	for i := range l.list { // as the client sees them
		m := &l.list[i]
		m.Name = rm.prefix + m.Name
		if m.Subscribed = l.subscribed[m.Name]; !rm.own() {
			m.Role = mail.RoleNone
		}
	}
	return l, c.fault("notify", err, "")
}

func (l *listing) find(name string) (box.Mailbox, bool) {
	i := slices.IndexFunc(l.list, func(m box.Mailbox) bool { return m.Name == name })
	if i < 0 {
		return box.Mailbox{}, false
	}
	return l.list[i], true
}

// groupOf finds the group of a name; what becomes of a subscription is of interest to whoever asked for those.
func (c *session) groupOf(l listing, name string, subscription bool) *group {
	return c.notice.groupOf(name, l.room.own(), l.subscribed[name] || subscription)
}

// tellName tells what became of a mailbox as such.
func (c *session) tellName(l listing, e box.NameEvent) {
	if e.Kind == box.Noted && e.Name == "" { // RFC 5465 5.7
		wanted := slices.ContainsFunc(c.notice.groups, func(g group) bool { return g.events&serverMetadata != 0 })
		if wanted && e.Person == c.login.Person.Account {
			c.putNoted("", e.Entry)
		}
		return
	}
	if l.room == nil {
		return
	}
	name, old := l.room.prefix+e.Name, l.room.prefix+e.Old
	subscription := e.Kind == box.Subscribed || e.Kind == box.Unsubscribed
	g := c.groupOf(l, name, subscription)
	if g == nil && e.Kind == box.Renamed {
		g = c.groupOf(l, old, false)
	}
	switch {
	case g == nil:
	case e.Kind == box.Noted: // RFC 5465 5.6
		if g.events&mailboxMetadata != 0 && (e.Person == 0 || e.Person == c.login.Person.Account) {
			c.putNoted(name, e.Entry)
		}
	case subscription && g.events&subscriptionChange != 0: // RFC 5465 5.5
		c.putNamed(l, name, e.Kind == box.Subscribed, "")
	case e.Kind == box.Deleted && g.events&mailboxName != 0: // RFC 5465 5.4
		if _, again := l.find(name); !again {
			c.putNamed(l, name, false, "")
		}
	case e.Kind == box.Created && g.events&mailboxName != 0:
		if _, there := l.find(name); there {
			c.putNamed(l, name, l.subscribed[name], "")
		}
	case e.Kind == box.Renamed && g.events&mailboxName != 0:
		c.putNamed(l, name, l.subscribed[name], old)
	}
}

// putNamed writes the LIST line of a name as it stands now.
func (c *session) putNamed(l listing, name string, subscribed bool, old string) {
	attrs := []imap.MailboxAttr{imap.MailboxAttrNonExistent}
	if m, there := l.find(name); there {
		m.Subscribed = subscribed
		attrs = attrsOf(m, listOptions{tellSubscribed: true})
	} else if subscribed {
		attrs = append(attrs, imap.MailboxAttrSubscribed)
	}
	c.putList("LIST", attrs, name)
	if old != "" {
		c.put(` ("OLDNAME" (`)
		c.putMailbox(old)
		c.put("))")
	}
	c.put("\r\n")
}

// putNoted names an entry that changed, without its value (RFC 5464 4.4.2).
func (c *session) putNoted(name, entry string) {
	c.put("* METADATA ")
	c.putMailbox(name)
	c.put(" ")
	c.putEntry(entry)
	c.put("\r\n")
}

// tellStirred tells what happened to letters of a mailbox that is not open (RFC 5465 5.1 to 5.3).
func (c *session) tellStirred(l listing, m box.Mailbox, s box.Stir) {
	if s == 0 || c.sel != nil && c.sel.ref == m.Ref {
		return
	}
	g := c.groupOf(l, m.Name, false)
	if g == nil {
		return
	}
	var met event
	for k, e := range map[box.ChangeKind]event{box.Arrived: messageNew, box.Vanished: messageExpunge, box.Reflag: flagChange} {
		if s.Has(k) {
			met |= e
		}
	}
	c.putMet(m, met&g.events)
}

// putMet writes the status of a mailbox that met with events. It turns nothing on.
func (c *session) putMet(m box.Mailbox, met event) {
	var items []string
	if met&(messageNew|messageExpunge) != 0 {
		items = append(items, "MESSAGES", "UIDNEXT", "UIDVALIDITY")
	}
	if met&flagChange != 0 || met != 0 && c.condstore {
		if met&flagChange != 0 && len(items) == 0 {
			items = append(items, "UIDVALIDITY")
		}
		items = append(items, "HIGHESTMODSEQ")
	}
	if len(items) == 0 {
		return
	}
	c.putStatus(m, items)
}

// putStatuses tells where every mailbox of a new notice stands (RFC 5465 3.1).
func (c *session) putStatuses(n *notice) error {
	for _, src := range n.sources {
		l, err := c.lookup(src.room)
		if err != nil {
			return err
		}
		for _, m := range l.list {
			if c.sel != nil && c.sel.ref == m.Ref {
				continue
			}
			if g := c.groupOf(l, m.Name, false); g != nil {
				c.putMet(m, g.events&messageEvents)
			}
		}
	}
	return nil
}

// asksForNews names the commands by which a client asks for changes of the open mailbox.
func asksForNews(cmd string) bool {
	return cmd == "NOOP" || cmd == "CHECK" || strings.HasSuffix(cmd, "EXPUNGE")
}

// putFresh fetches for MessageNew what the client wants of new letters (RFC 5465 5.2); known is the last UID it knew.
func (c *session) putFresh(known uint32) error {
	if c.notice == nil || c.notice.selected == nil || c.notice.selected.items == nil {
		return nil
	}
	s := c.sel
	i, _ := slices.BinarySearch(s.view, mail.UID(known)+1)
	var list []at
	for ; i < len(s.view); i++ {
		list = append(list, at{uint32(i) + 1, s.view[i]})
	}
	items := c.notice.selected.items
	for part := range slices.Chunk(list, fetchBlock) {
		if _, err := c.fetchRows(part, items); err != nil {
			return err
		}
	}
	return nil
}
