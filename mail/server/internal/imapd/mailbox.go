package imapd

import (
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/viet"
)

const (
	maxPattern   = 1024
	maxWildcards = 16
)

var roleAttrs = map[mail.Role]imap.MailboxAttr{
	mail.RoleSent: imap.MailboxAttrSent, mail.RoleDrafts: imap.MailboxAttrDrafts, mail.RoleTrash: imap.MailboxAttrTrash,
	mail.RoleJunk: imap.MailboxAttrJunk, mail.RoleArchive: imap.MailboxAttrArchive,
}

// systemFlags is what FLAGS tells; new keywords may be made (RFC 9051 7.1: PERMANENTFLAGS).
func systemFlags() []imap.Flag {
	var out []imap.Flag
	for _, n := range (mail.Seen | mail.Answered | mail.Flagged | mail.Deleted | mail.Draft | mail.Forwarded | mail.Junk |
		mail.NotJunk | mail.NoReply | mail.MDNSent).Names() {
		out = append(out, imap.Flag(n))
	}
	return out
}

// Select opens a mailbox. The watch begins before the state is read, so that nothing falls between.
func (c *session) Select(name string, options *imap.SelectOptions) (*imap.SelectData, error) {
	m, err := c.s.opt.Box.Find(c.ctx, c.acct, viet.NFC(name))
	if err != nil {
		return nil, c.fault("open mailbox", err, "")
	}
	watch := c.s.opt.Box.Watch(m.Ref)
	sel := &selected{
		ref: m.Ref, name: m.Name, readOnly: options.ReadOnly, watch: watch,
		gone: map[mail.UID]bool{}, told: map[mail.UID]uint64{},
	}
	if m, err = c.s.opt.Box.Status(c.ctx, m.Ref); err == nil {
		sel.modseq = m.HighestModSeq
		sel.view, err = c.s.opt.Box.UIDs(c.ctx, m.Ref)
	}
	if err != nil {
		watch.Close()
		return nil, c.fault("open mailbox", err, "")
	}
	c.sel = sel
	permanent := append(systemFlags(), imap.FlagWildcard)
	if sel.readOnly {
		permanent = nil
	}
	next := m.UIDNext
	if n := len(sel.view); n > 0 && sel.view[n-1] >= next {
		next = sel.view[n-1] + 1 // a letter came between the two readings
	}
	return &imap.SelectData{
		Flags: systemFlags(), PermanentFlags: permanent, NumMessages: uint32(len(sel.view)),
		UIDNext: imap.UID(next), UIDValidity: m.UIDValidity,
	}, nil
}

// Unselect closes the mailbox.
func (c *session) Unselect() error {
	c.unselect()
	return nil
}

func (c *session) unselect() {
	if c.sel != nil {
		c.sel.watch.Close()
		c.sel = nil
	}
}

// Create makes a mailbox; a trailing delimiter only says that others will stand below it (RFC 9051 6.3.4).
func (c *session) Create(name string, options *imap.CreateOptions) error {
	role := mail.RoleNone
	for _, use := range options.SpecialUse {
		found := false
		for r, a := range roleAttrs {
			if strings.EqualFold(string(a), string(use)) {
				role, found = r, true
			}
		}
		if !found || len(options.SpecialUse) > 1 {
			return no("USEATTR", "This special use is not offered")
		}
	}
	_, err := c.s.opt.Box.Create(c.ctx, c.acct, strings.TrimSuffix(viet.NFC(name), string(box.Delim)), role)
	return c.fault("create mailbox", err, "")
}

// Delete removes a mailbox.
func (c *session) Delete(name string) error {
	return c.fault("delete mailbox", c.s.opt.Box.Delete(c.ctx, c.acct, viet.NFC(name)), "")
}

// Rename renames a mailbox and all below it.
func (c *session) Rename(name, newName string, _ *imap.RenameOptions) error {
	newName = strings.TrimSuffix(viet.NFC(newName), string(box.Delim))
	return c.fault("rename mailbox", c.s.opt.Box.Rename(c.ctx, c.acct, viet.NFC(name), newName), "")
}

// Subscribe and Unsubscribe keep the list of names that a client shows.
func (c *session) Subscribe(name string) error {
	return c.fault("subscribe", c.s.opt.Box.Subscribe(c.ctx, c.acct, viet.NFC(name), true), "")
}

// Unsubscribe takes a name off that list.
func (c *session) Unsubscribe(name string) error {
	return c.fault("unsubscribe", c.s.opt.Box.Subscribe(c.ctx, c.acct, viet.NFC(name), false), "")
}

// Status gives every count that was asked for; a nil would end the engine's connection.
func (c *session) Status(name string, options *imap.StatusOptions) (*imap.StatusData, error) {
	m, err := c.s.opt.Box.Find(c.ctx, c.acct, viet.NFC(name))
	if err != nil {
		return nil, c.fault("read status", err, "")
	}
	return c.status(m, options)
}

func (c *session) status(m box.Mailbox, options *imap.StatusOptions) (*imap.StatusData, error) {
	total, unseen, zero, size := uint32(m.Total), uint32(m.Unseen), uint32(0), m.Size
	limit := uint32(min(c.s.opt.MaxSize, 1<<32-1))
	d := &imap.StatusData{
		Mailbox: m.Name, NumMessages: &total, UIDNext: imap.UID(m.UIDNext), UIDValidity: m.UIDValidity,
		NumUnseen: &unseen, NumRecent: &zero, Size: &size, AppendLimit: &limit,
	}
	if options.NumDeleted || options.DeletedStorage {
		rows, err := c.s.opt.Box.Rows(c.ctx, m.Ref, nil)
		if err != nil {
			return nil, c.fault("read status", err, "")
		}
		var n uint32
		var octets int64
		for _, r := range rows {
			if r.Flags.Has(mail.Deleted) {
				n++
				octets += r.Size
			}
		}
		d.NumDeleted, d.DeletedStorage = &n, &octets
	}
	return d, nil
}

// List lists the mailboxes that match (RFC 9051 6.3.9, RFC 5258, RFC 5819, RFC 6154).
func (c *session) List(w *imapserver.ListWriter, ref string, patterns []string, o *imap.ListOptions) error {
	if len(patterns) == 0 {
		return w.WriteList(&imap.ListData{Attrs: []imap.MailboxAttr{imap.MailboxAttrNoSelect}, Delim: box.Delim})
	}
	for i, p := range patterns {
		patterns[i] = viet.NFC(ref + p)
		if len(patterns[i]) > maxPattern || strings.Count(p, "*")+strings.Count(p, "%") > maxWildcards {
			return bad("Pattern too complicated")
		}
	}
	boxes, err := c.s.opt.Box.List(c.ctx, c.acct)
	if err != nil {
		return c.fault("list mailboxes", err, "")
	}
	seen := map[string]bool{}
	for _, m := range boxes {
		seen[m.Name] = true
		child := o.SelectRecursiveMatch && subscribedBelow(boxes, m.Name)
		if !matchAny(patterns, m.Name) || o.SelectSubscribed && !m.Subscribed && !child ||
			o.SelectSpecialUse && roleAttrs[m.Role] == "" {
			continue
		}
		d := &imap.ListData{Attrs: attrsOf(m, o), Delim: box.Delim, Mailbox: m.Name}
		if child {
			d.ChildInfo = &imap.ListDataChildInfo{Subscribed: true}
		}
		if o.ReturnStatus != nil {
			if d.Status, err = c.status(m, o.ReturnStatus); err != nil {
				return err
			}
		}
		if err := w.WriteList(d); err != nil {
			return err
		}
	}
	if !o.SelectSubscribed {
		return nil
	}
	return c.listVanished(w, patterns, seen)
}

// listVanished lists subscribed names whose mailbox is gone.
func (c *session) listVanished(w *imapserver.ListWriter, patterns []string, seen map[string]bool) error {
	names, err := c.s.opt.Box.Subscriptions(c.ctx, c.acct)
	if err != nil {
		return c.fault("list subscriptions", err, "")
	}
	for _, n := range names {
		if seen[n] || !matchAny(patterns, n) {
			continue
		}
		attrs := []imap.MailboxAttr{imap.MailboxAttrSubscribed, imap.MailboxAttrNonExistent}
		if err := w.WriteList(&imap.ListData{Attrs: attrs, Delim: box.Delim, Mailbox: n}); err != nil {
			return err
		}
	}
	return nil
}

func subscribedBelow(boxes []box.Mailbox, name string) bool {
	for _, m := range boxes {
		if m.Subscribed && strings.HasPrefix(m.Name, name+string(box.Delim)) {
			return true
		}
	}
	return false
}

func attrsOf(m box.Mailbox, o *imap.ListOptions) []imap.MailboxAttr {
	attrs := []imap.MailboxAttr{imap.MailboxAttrHasNoChildren}
	if m.HasChildren {
		attrs[0] = imap.MailboxAttrHasChildren
	}
	if m.Subscribed && (o.ReturnSubscribed || o.SelectSubscribed) {
		attrs = append(attrs, imap.MailboxAttrSubscribed)
	}
	if a := roleAttrs[m.Role]; a != "" {
		attrs = append(attrs, a)
	}
	return attrs
}

func matchAny(patterns []string, name string) bool {
	for _, p := range patterns {
		if match(p, name) {
			return true
		}
	}
	return false
}

// match reports whether a name matches a LIST pattern: * is anything, % anything but the delimiter; INBOX compares
// without case. Its time is the product of the lengths, whatever the pattern (the engine's own matcher can explode).
func match(pattern, name string) bool {
	if strings.EqualFold(name, box.Inbox) {
		pattern, name = strings.ToUpper(pattern), box.Inbox
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
