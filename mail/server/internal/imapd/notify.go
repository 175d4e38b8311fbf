package imapd

import (
	"strings"

	"hopthu/mail/server/internal/box"
	"hopthu/mail/viet"
)

// event is a set of events of NOTIFY (RFC 5465 5).
type event uint8

const (
	messageNew event = 1 << iota
	messageExpunge
	flagChange
	mailboxName
	subscriptionChange
	mailboxMetadata
	serverMetadata

	messageEvents = messageNew | messageExpunge | flagChange
)

// events names those that are told. AnnotationChange is not: there are no annotations of letters.
var events = map[string]event{
	"MESSAGENEW": messageNew, "MESSAGEEXPUNGE": messageExpunge, "FLAGCHANGE": flagChange, "MAILBOXNAME": mailboxName,
	"SUBSCRIPTIONCHANGE": subscriptionChange, "MAILBOXMETADATACHANGE": mailboxMetadata, "SERVERMETADATACHANGE": serverMetadata,
}

const badEvent = "BADEVENT (MessageNew MessageExpunge FlagChange MailboxName SubscriptionChange MailboxMetadataChange ServerMetadataChange)"

const (
	maxGroups = 64  // of one NOTIFY
	maxNamed  = 256 // mailboxes named in it
	maxUntold = 512 // events of names of one source that wait to be told
)

// group says of which mailboxes which events are told (RFC 5465 6).
type group struct {
	filter string // in upper case
	names  []string
	events event
	items  []item // that MessageNew fetches, of the open mailbox only
}

// notice is what a client asked for by NOTIFY. Its first group that fits a mailbox counts (RFC 5465 3.1); the open
// mailbox has one of its own.
type notice struct {
	groups   []group
	selected *group // nil: of the open mailbox nothing is told unasked
	delayed  bool   // expunges wait for a command that allows them
	sources  []source
	ready    chan struct{} // news of any source
}

// source is where news come from: an account with its room, or, without a room, the notes of the server.
type source struct {
	room *room
	news *box.News

	stirred map[box.MailboxID]box.Stir // taken and not told yet
	names   []box.NameEvent
}

func (n *notice) close() {
	for _, s := range n.sources {
		s.news.Close()
	}
}

// notifyArgs are the arguments of NOTIFY.
type notifyArgs struct {
	none, status bool
	notice       notice
	unknown      bool // an event that is not told
	many         bool // more than is kept in mind
}

func parseNotify(p *parser) (a notifyArgs, err error) {
	p.sp()
	switch p.word() {
	case "NONE":
		a.none = true
		return a, p.end()
	case "SET":
	default:
		p.fail(bad("Syntax error"))
	}
	p.sp()
	if a.status = p.isWord("STATUS"); a.status {
		p.sp()
	}
	named := 0
	for first := true; p.err == nil && (first || p.more()); first = false {
		if !first {
			p.sp()
		}
		g := p.group(&a)
		named += len(g.names)
		if a.many = a.many || len(a.notice.groups) >= maxGroups || named > maxNamed; a.many {
			continue
		}
		if !strings.HasPrefix(g.filter, "SELECTED") {
			a.notice.groups = append(a.notice.groups, g)
			continue
		}
		if a.notice.selected != nil {
			p.fail(bad("The open mailbox has one group")) // RFC 5465 6.1
		}
		a.notice.selected, a.notice.delayed = &g, g.filter == "SELECTED-DELAYED"
	}
	if sel := a.notice.selected; sel != nil && sel.events == 0 {
		a.notice.selected = nil
	}
	return a, p.end()
}

func (p *parser) group(a *notifyArgs) (g group) {
	p.want('(')
	g.filter = p.word()
	switch g.filter {
	case "SELECTED", "SELECTED-DELAYED", "INBOXES", "PERSONAL", "SUBSCRIBED":
	case "SUBTREE", "MAILBOXES":
		p.sp()
		each := func() {
			name, err := box.CleanName(viet.NFC(p.mailbox()))
			if err == nil { // a name that cannot be is never told of
				g.names = append(g.names, name)
			}
		}
		if p.peek() == '(' {
			p.list(each)
		} else {
			each()
		}
	default:
		p.fail(bad("Unknown selector of mailboxes"))
	}
	p.sp()
	if !p.isWord("NONE") {
		p.events(a, &g)
	}
	p.want(')')
	return g
}

// events reads a list of events and what RFC 5465 5 demands of it.
func (p *parser) events(a *notifyArgs, g *group) {
	open := strings.HasPrefix(g.filter, "SELECTED")
	p.want('(')
	for first := true; p.err == nil && !p.take(')'); first = false {
		if !first {
			p.sp()
		}
		e, ok := events[p.word()]
		a.unknown = a.unknown || !ok && p.err == nil
		g.events |= e
		if e == messageNew && strings.HasPrefix(p.s, " (") {
			p.sp()
			g.items = p.fetchAtts()
		}
	}
	const both = messageNew | messageExpunge
	switch {
	case g.events&both != 0 && g.events&both != both, g.events&flagChange != 0 && g.events&both == 0:
		p.fail(bad("MessageNew and MessageExpunge go together, and FlagChange with them"))
	case open && g.events&^messageEvents != 0:
		p.fail(bad("Of the open mailbox events of messages only")) // RFC 5465 6.1
	case !open && g.items != nil:
		p.fail(bad("Only of the open mailbox can messages be fetched")) // RFC 5465 5.2
	case g.events == 0 && !a.unknown:
		p.fail(bad("An event is wanted"))
	}
}

// fetchAtts reads what MessageNew fetches. It marks nothing as read (RFC 5465 5.2).
func (p *parser) fetchAtts() []item {
	var a fetchArgs
	p.list(func() { a.add(p.item(false)) })
	if p.err == nil && (len(a.items) == 0 || len(a.items) > maxItems) {
		p.fail(bad("Nothing to fetch, or too much"))
	}
	a.add([]item{{what: itemUID, name: "UID"}})
	for i := range a.items {
		a.items[i].seen = false
	}
	return a.items
}

// groupOf finds the group that counts for a mailbox; nil: nothing is told of it. name is its whole name, own says that it
// is in the personal namespace.
func (n *notice) groupOf(name string, own, subscribed bool) *group {
	for i := range n.groups {
		if g := &n.groups[i]; g.fits(name, own, subscribed) {
			return g
		}
	}
	return nil
}

func (g *group) fits(name string, own, subscribed bool) bool {
	switch g.filter {
	case "INBOXES": // RFC 5465 6.3: those that letters are delivered to
		return own && name == box.Inbox
	case "PERSONAL":
		return own
	case "SUBSCRIBED":
		return subscribed
	}
	for _, top := range g.names {
		if name == top || g.filter == "SUBTREE" && strings.HasPrefix(name, top+string(box.Delim)) {
			return true
		}
	}
	return false
}

// hears reports whether changes of the open mailbox are told unasked.
func (c *session) hears() bool { return c.notice == nil || c.notice.selected != nil }

// hearsFlags reports whether changed flags are told with other changes of the open mailbox.
func (c *session) hearsFlags() bool {
	return c.notice == nil || c.notice.selected == nil || c.notice.selected.events&flagChange != 0
}
