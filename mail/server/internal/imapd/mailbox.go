package imapd

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/register"
	"hopthu/mail/viet"
)

const (
	maxPattern   = 1024
	maxWildcards = 16
	maxPatterns  = 16
)

var roleAttrs = map[mail.Role]imap.MailboxAttr{
	mail.RoleSent: imap.MailboxAttrSent, mail.RoleDrafts: imap.MailboxAttrDrafts, mail.RoleTrash: imap.MailboxAttrTrash,
	mail.RoleJunk: imap.MailboxAttrJunk, mail.RoleArchive: imap.MailboxAttrArchive,
}

// systemFlags is what FLAGS tells; new keywords may be made (RFC 9051 7.1: PERMANENTFLAGS).
func systemFlags() []string {
	return (mail.Seen | mail.Answered | mail.Flagged | mail.Deleted | mail.Draft | mail.Forwarded | mail.Junk |
		mail.NotJunk | mail.NoReply | mail.MDNSent).Names()
}

// resync is the QRESYNC parameter of SELECT (RFC 7162 3.2.5).
type resync struct {
	validity uint32
	modseq   uint64
	known    *numset // nil: every UID
}

// selectCommand opens a mailbox. The watch begins before the state is read, so that nothing falls between.
func (c *session) selectCommand(cmd *command, p *parser) error {
	p.sp()
	given := p.mailbox()
	name := viet.NFC(given)
	var from *resync
	condstore := c.condstore
	if p.more() {
		p.sp()
		p.filled(func() {
			switch p.word() {
			case "CONDSTORE":
				condstore = true
			case "QRESYNC":
				if from = p.resync(); !c.qresync {
					p.fail(bad("ENABLE QRESYNC first")) // RFC 7162 3.2.5
				}
			default:
				p.fail(bad("Unknown parameter"))
			}
		})
	}
	if err := p.end(); err != nil {
		return err
	}
	if c.sel != nil {
		c.unselect()
		c.put("* OK [CLOSED] Closed\r\n") // RFC 7162 3.2.11, RFC 9051 7.1: whatever is enabled
	}
	c.condstore = condstore
	rm, inner, err := c.reach(cmd.name, name)
	if err != nil {
		return err
	}
	ref, err := c.s.opt.Box.Locate(c.ctx, rm.acct, inner)
	if err != nil {
		return c.fault("open mailbox", err, "")
	}
	since := uint64(math.MaxUint64)
	if from != nil {
		since = from.modseq
	}
	watch := c.s.opt.Box.Watch(ref)
	v, err := c.s.opt.Box.View(c.ctx, ref, since)
	if err != nil {
		watch.Close()
		return c.fault("open mailbox", err, "")
	}
	readOnly := cmd.name == "EXAMINE" || c.s.opt.Register.May(rm.login, register.Mark, v.Role) != nil // who may mark nothing reads only
	c.sel = &selected{
		ref: ref, room: rm, role: v.Role, readOnly: readOnly, watch: watch, view: v.UIDs, now: v.UIDs, modseq: v.HighestModSeq,
		told: map[mail.UID]uint64{}, silent: map[mail.UID]uint64{}, words: map[string]string{},
	}
	if err := c.putSelected(v.Mailbox, given); err != nil {
		c.unselect()
		return err
	}
	if from != nil && from.validity == v.UIDValidity {
		c.putResync(from, v)
	}
	if from == nil {
		c.putUnseen(v.Mailbox)
	}
	c.opened()
	c.code = "READ-WRITE"
	if c.sel.readOnly {
		c.code = "READ-ONLY"
	}
	return nil
}

// opened tells the daily record that somebody looks into an inbox (QC 9). A record that fails is no reason to show no mail.
func (c *session) opened() {
	if c.s.opt.Opened == nil || c.sel.role != mail.RoleInbox {
		return
	}
	if err := c.s.opt.Opened(c.ctx, c.sel.room.acct, c.sel.room.login.Person.Account); err != nil && c.ctx.Err() == nil {
		c.s.opt.Log.Error("note opening", "err", err)
	}
}

func (p *parser) resync() *resync {
	r := &resync{}
	p.sp()
	p.want('(')
	r.validity = uint32(p.number(math.MaxUint32))
	p.sp()
	if r.modseq = p.number(math.MaxInt64); p.err == nil && (r.validity == 0 || r.modseq == 0) {
		p.fail(bad("Bad number")) // RFC 7162 7: neither is ever 0
	}
	if p.take(' ') && p.peek() != '(' {
		known := p.numset()
		if known.saved || slices.ContainsFunc(known.spans, func(s span) bool { return s.lo == 0 || s.hi == 0 }) {
			p.fail(bad("The UIDs must be named")) // RFC 7162 7: known-uids
		}
		r.known = &known
		p.take(' ')
	}
	if p.peek() == '(' { // pairs of numbers and UIDs: a hint that is not needed here
		p.want('(')
		p.numset()
		p.sp()
		p.numset()
		p.want(')')
	}
	p.want(')')
	return r
}

// putSelected tells what a client must know of the mailbox just opened (RFC 9051 6.3.2). given is the name by which it
// was asked for.
func (c *session) putSelected(m box.Mailbox, given string) error {
	sel := c.sel
	c.put("* FLAGS ")
	c.putFlagList(systemFlags())
	c.put("\r\n* ")
	c.putNum(uint64(len(sel.view)))
	c.put(" EXISTS\r\n")
	if !c.rev2 {
		c.put("* 0 RECENT\r\n")
	}
	c.put(fmt.Sprintf("* OK [UIDVALIDITY %d] Valid\r\n* OK [UIDNEXT %d] Next\r\n", m.UIDValidity, m.UIDNext))
	c.put("* OK [PERMANENTFLAGS ")
	if sel.readOnly {
		c.put("()")
	} else {
		c.putFlagList(append(systemFlags(), `\*`))
	}
	c.put("] Flags\r\n")
	c.put(fmt.Sprintf("* OK [HIGHESTMODSEQ %d] Highest\r\n* OK [MAILBOXID (%s)] Id\r\n", sel.modseq, c.mailboxID(m)))
	if c.rev2 {
		whole, err := c.s.opt.Box.Status(c.ctx, m.Ref)
		if err != nil {
			return c.fault("open mailbox", err, "")
		}
		if !sel.room.own() {
			whole.Role = mail.RoleNone
		}
		c.putOld(whole, sel.room.prefix+m.Name, given)
	}
	return nil
}

// putOld writes the LIST line of a mailbox, with the name by which it was asked for where the server writes it otherwise
// (RFC 9051 6.3.9.7). INBOX has many spellings and is none of them.
func (c *session) putOld(m box.Mailbox, name, given string) {
	c.putList("LIST", attrsOf(m, listOptions{}), name)
	if name != given && !strings.EqualFold(given, box.Inbox) {
		c.put(` ("OLDNAME" (`)
		c.putMailbox(given)
		c.put("))")
	}
	c.put("\r\n")
}

// tellRenamed tells a client of IMAP4rev2 under which name a mailbox was made or renamed where the server writes a name
// of the command otherwise (RFC 9051 6.3.4, 6.3.6); given is the name to find it by.
func (c *session) tellRenamed(rm *room, inner, given string, names ...string) error {
	if !c.rev2 || !slices.ContainsFunc(names, func(n string) bool { return n != viet.NFC(n) }) {
		return nil
	}
	m, err := c.s.opt.Box.Find(c.ctx, rm.acct, inner)
	if err != nil {
		return c.fault("list mailboxes", err, "")
	}
	if !rm.own() {
		m.Role = mail.RoleNone
	}
	c.putOld(m, rm.prefix+m.Name, given)
	return nil
}

// putResync tells what happened since the client was last here (RFC 7162 3.2.5.1).
func (c *session) putResync(from *resync, v box.View) {
	top := uint32(v.UIDNext - 1)
	known := []span{{1, top}}
	if from.known != nil {
		known = from.known.united(top)
	}
	if gone := vanished(v, known); len(gone) > 0 {
		c.put("* VANISHED (EARLIER) ", spansText(gone), "\r\n")
	}
	for _, r := range v.Rows {
		if seq := c.sel.seq(r.UID); seq > 0 && r.ModSeq > from.modseq && (from.known == nil || inSpans(known, uint32(r.UID))) {
			c.putFlags(seq, r, true)
		}
	}
}

// vanished is which of the UIDs that the client may know are no more: from the log, or, where it does not reach back,
// all that are not there.
func vanished(v box.View, known []span) (gone []span) {
	if !v.Reload {
		for _, u := range v.Vanished {
			if inSpans(known, uint32(u)) {
				gone = appendSpan(gone, uint32(u), uint32(u))
			}
		}
		return gone
	}
	top := uint32(v.UIDNext - 1)
	for _, s := range known {
		lo, hi := max(s.lo, 1), min(s.hi, top)
		i, _ := slices.BinarySearch(v.UIDs, mail.UID(lo))
		for ; i < len(v.UIDs) && uint32(v.UIDs[i]) <= hi; i++ {
			if u := uint32(v.UIDs[i]); u > lo {
				gone = appendSpan(gone, lo, u-1)
			}
			lo = uint32(v.UIDs[i]) + 1
		}
		if lo <= hi {
			gone = appendSpan(gone, lo, hi)
		}
	}
	return gone
}

func appendSpan(list []span, lo, hi uint32) []span {
	if n := len(list); n > 0 && list[n-1].hi+1 == lo {
		list[n-1].hi = hi
		return list
	}
	return append(list, span{lo, hi})
}

func spansText(list []span) string {
	var b strings.Builder
	for i, s := range list {
		if i > 0 {
			b.WriteByte(',')
		}
		if fmt.Fprint(&b, s.lo); s.hi != s.lo {
			fmt.Fprintf(&b, ":%d", s.hi)
		}
	}
	return b.String()
}

func (c *session) unselect() {
	if c.sel != nil {
		c.sel.watch.Close()
		c.sel, c.saved = nil, nil
	}
}

// create makes a mailbox; a trailing delimiter only says that others will stand below it (RFC 9051 6.3.4).
func (c *session) create(cmd *command, p *parser) error {
	p.sp()
	given := p.mailbox()
	name := viet.NFC(given)
	role := mail.RoleNone
	var refused error
	if p.more() {
		p.sp()
		p.filled(func() {
			if !p.isWord("USE") {
				p.fail(bad("Unknown parameter"))
			}
			p.sp()
			n := 0
			p.list(func() {
				r, ok := roleOf(p.flag())
				if n++; !ok || n > 1 {
					refused = no("USEATTR", "This special use is not offered")
				}
				role = r
			})
		})
	}
	if err := p.end(); err != nil {
		return err
	}
	if refused != nil {
		return refused
	}
	rm, inner, err := c.reach(cmd.name, strings.TrimSuffix(name, string(box.Delim)))
	if err != nil {
		return err
	}
	m, err := c.s.opt.Box.Create(c.ctx, rm.acct, inner, role)
	if err != nil && mail.AsFault("create mailbox", err).Detail == "role" {
		return no("USEATTR", "Another mailbox has this special use")
	}
	if err != nil {
		return c.fault("create mailbox", err, "")
	}
	c.code = "MAILBOXID (" + c.mailboxID(m) + ")"
	given = strings.TrimSuffix(given, string(box.Delim))
	return c.tellRenamed(rm, m.Name, given, given)
}

func (c *session) deleteCommand(cmd *command, p *parser) error {
	p.sp()
	name := viet.NFC(p.mailbox())
	if err := p.end(); err != nil {
		return err
	}
	rm, inner, err := c.reach(cmd.name, name)
	if err != nil {
		return err
	}
	if err := c.s.opt.Box.Delete(c.ctx, rm.acct, inner); err != nil {
		return c.fault("delete mailbox", err, "")
	}
	if c.sel != nil {
		if _, err := c.s.opt.Box.View(c.ctx, c.sel.ref, math.MaxUint64); mail.KindOf(err) == mail.NoFolder {
			c.unselect() // it was the open one; its own client need not lose the connection over it
		}
	}
	return nil
}

func (c *session) rename(cmd *command, p *parser) error {
	p.sp()
	given := p.mailbox()
	p.sp()
	wanted := strings.TrimSuffix(p.mailbox(), string(box.Delim))
	from, to := viet.NFC(given), viet.NFC(wanted)
	if err := p.end(); err != nil {
		return err
	}
	rm, inner, err := c.reach(cmd.name, from)
	if err != nil {
		return err
	}
	into, name, err := c.reach(cmd.name, to)
	if err != nil {
		return err
	}
	if rm != into {
		return elsewhere()
	}
	if err := c.s.opt.Box.Rename(c.ctx, rm.acct, inner, name); err != nil {
		return c.fault("rename mailbox", err, "")
	}
	return c.tellRenamed(rm, name, given, given, wanted)
}

// subscribe keeps the list of names that a client shows.
func (c *session) subscribe(cmd *command, p *parser) error {
	p.sp()
	name := viet.NFC(p.mailbox())
	if err := p.end(); err != nil {
		return err
	}
	on := cmd.name == "SUBSCRIBE"
	if _, shared := c.isShared(name); !shared {
		rm, inner, err := c.reach(cmd.name, name)
		if err != nil {
			return err
		}
		return c.fault("subscribe", c.s.opt.Box.Subscribe(c.ctx, rm.acct, inner, on), "")
	}
	if on { // what a person shows of others' boxes stands in his own list
		rm, inner, err := c.reach("STATUS", name)
		if err != nil {
			return err
		}
		if _, err := c.s.opt.Box.Find(c.ctx, rm.acct, inner); err != nil {
			return c.fault("subscribe", err, "")
		}
	}
	return c.fault("subscribe", c.s.opt.Box.SubscribeName(c.ctx, c.acct, name, on), "")
}

// statusItems are the items of STATUS that were asked for, in their order.
func (p *parser) statusItems() (items []string) {
	p.filled(func() {
		switch w := p.word(); w {
		case "MESSAGES", "RECENT", "UIDNEXT", "UIDVALIDITY", "UNSEEN", "DELETED", "SIZE", "HIGHESTMODSEQ", "APPENDLIMIT",
			"DELETED-STORAGE", "MAILBOXID":
			items = append(items, w)
		default:
			p.fail(bad("Unknown item"))
		}
	})
	return items
}

func (c *session) statusCommand(cmd *command, p *parser) error {
	p.sp()
	name := viet.NFC(p.mailbox())
	p.sp()
	items := p.statusItems()
	if err := p.end(); err != nil {
		return err
	}
	rm, inner, err := c.reach(cmd.name, name)
	if err != nil {
		return err
	}
	m, err := c.s.opt.Box.Find(c.ctx, rm.acct, inner)
	if err != nil {
		return c.fault("read status", err, "")
	}
	m.Name = rm.prefix + m.Name
	c.knows(items)
	c.putStatus(m, items)
	return nil
}

// knows turns CONDSTORE on where items of STATUS show that the client knows of it.
func (c *session) knows(items []string) {
	if slices.Contains(items, "HIGHESTMODSEQ") {
		c.enableModSeq()
	}
}

func (c *session) putStatus(m box.Mailbox, items []string) {
	c.put("* STATUS ")
	c.putMailbox(m.Name)
	c.put(" (")
	for i, it := range items {
		if i > 0 {
			c.put(" ")
		}
		c.put(it, " ")
		switch it {
		case "MESSAGES":
			c.putNum(uint64(m.Total))
		case "RECENT":
			c.put("0")
		case "UIDNEXT":
			c.putNum(uint64(m.UIDNext))
		case "UIDVALIDITY":
			c.putNum(uint64(m.UIDValidity))
		case "UNSEEN":
			c.putNum(uint64(m.Unseen))
		case "DELETED":
			c.putNum(uint64(m.Deleted))
		case "SIZE":
			c.putNum(uint64(m.Size))
		case "HIGHESTMODSEQ":
			c.putNum(m.HighestModSeq)
		case "APPENDLIMIT":
			c.putNum(uint64(c.s.opt.MaxSize))
		case "DELETED-STORAGE":
			c.putNum(uint64(m.DeletedSize))
		case "MAILBOXID":
			c.put("(", c.mailboxID(m), ")")
		}
	}
	c.put(")\r\n")
}
