package imapd

import (
	"fmt"
	"math"
	"strings"

	"github.com/emersion/go-imap/v2"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/register"
	"hopthu/mail/viet"
)

// storeArgs are the arguments of STORE (RFC 9051 6.4.6, RFC 7162 3.1.3).
type storeArgs struct {
	set    numset
	change box.FlagChange
	silent bool
}

func parseStore(p *parser) (a storeArgs, err error) {
	p.sp()
	a.set = p.numset()
	p.sp()
	if p.take('(') {
		if !p.isWord("UNCHANGEDSINCE") {
			p.fail(bad("Unknown modifier"))
		}
		p.sp()
		n := p.number(math.MaxInt64)
		a.change.Unchanged = &n
		p.want(')')
		p.sp()
	}
	a.change.Mode = box.Replace
	switch {
	case p.take('+'):
		a.change.Mode = box.Add
	case p.take('-'):
		a.change.Mode = box.Remove
	}
	switch p.word() {
	case "FLAGS":
	case "FLAGS.SILENT":
		a.silent = true
	default:
		p.fail(bad("Unknown item"))
	}
	p.sp()
	var names []string
	if p.peek() == '(' {
		names = p.flags()
	} else {
		names = append(names, p.flag())
		for p.more() {
			p.sp()
			names = append(names, p.flag())
		}
	}
	if err = p.end(); err == nil {
		a.change.Flags, a.change.Keywords, err = flagsIn(names)
	}
	return a, err
}

// store changes flags.
func (c *session) store(cmd *command, p *parser) error {
	a, err := parseStore(p)
	if err != nil {
		return err
	}
	if err := c.changeable(actOf(cmd.name)); err != nil {
		return err
	}
	list, missed, err := c.resolve(a.set, c.uid)
	if err != nil {
		return err
	}
	if a.change.Unchanged != nil {
		c.enableModSeq()
	}
	if missed && !c.uid {
		c.code = "EXPUNGEISSUED"
	}
	if len(list) == 0 {
		return nil
	}
	st, err := c.s.opt.Box.Store(c.ctx, c.sel.ref, uidsOf(list), a.change)
	if err != nil {
		return c.fault("store flags", err, "")
	}
	if c.s.opt.Marked != nil && (a.change.Mode == box.Replace || a.change.Flags.Has(mail.NoReply)) {
		c.s.opt.Marked(c.sel.ref.Account)
	}
	c.opened() // somebody has a program open all night and reads in the morning
	c.remember(st, a.silent)
	for _, r := range st.Rows {
		if a.silent {
			if c.nameKeywords(r); !c.condstore {
				continue
			}
		}
		c.putFlags(c.sel.seq(r.UID), r, !a.silent)
	}
	if len(st.Modified) > 0 {
		c.code = "MODIFIED " + c.numbers(st.Modified)
	}
	return nil
}

// numbers writes letters as a set of UIDs or sequence numbers, as the command had them.
func (c *session) numbers(uids []mail.UID) string {
	if c.uid {
		return setText(uids)
	}
	seqs := make([]uint32, len(uids))
	for i, u := range uids {
		seqs[i] = c.sel.seq(u)
	}
	return setText(seqs)
}

// remember keeps from being told twice what the answer of the command tells. A silent change is known to the client
// only as far as it was its own.
func (c *session) remember(st box.Stored, silent bool) {
	for _, r := range st.Rows {
		switch {
		case !silent:
			c.sel.told[r.UID] = r.ModSeq
		case r.ModSeq == st.ModSeq:
			c.sel.silent[r.UID] = r.ModSeq
		}
	}
}

// flagsIn sorts flags into known ones and keywords. A system flag that does not exist is refused; \Recent is the
// server's own and passed over.
func flagsIn(names []string) (mail.Flags, []string, error) {
	known, other := mail.ParseFlags(names)
	for _, k := range other {
		if k[0] == '\\' {
			return 0, nil, bad("Unknown flag")
		}
	}
	return known, other, nil
}

// expunge removes letters marked \Deleted; the client is told before the tagged answer.
func (c *session) expunge(cmd *command, p *parser) error {
	var which []mail.UID
	if c.uid {
		p.sp()
		set := p.numset()
		if err := p.end(); err != nil {
			return err
		}
		list, _, err := c.resolve(set, true)
		if err != nil {
			return err
		}
		which = uidsOf(list)
	}
	if err := p.end(); err != nil {
		return err
	}
	if err := c.changeable(actOf(cmd.name)); err != nil {
		return err
	}
	gone, err := c.s.opt.Box.Expunge(c.ctx, c.sel.ref, which)
	if err != nil {
		return c.fault("expunge", err, "")
	}
	return c.tellModSeq(len(gone) > 0)
}

// tellModSeq tells what an expunge did now, so that the HIGHESTMODSEQ of the answer is true (RFC 7162 3.2.10.2).
func (c *session) tellModSeq(changed bool) error {
	if err := c.tell(true); err != nil {
		return err
	}
	if changed && c.qresync {
		c.code = fmt.Sprintf("HIGHESTMODSEQ %d", c.sel.modseq)
	}
	return nil
}

// closeCommand removes what is marked and closes the mailbox; it tells nothing, and removes nothing where that may not be
// (RFC 9051 6.4.1, RFC 4314 4).
func (c *session) closeCommand(_ *command, p *parser) error {
	if err := p.end(); err != nil {
		return err
	}
	if c.changeable(register.Erase) == nil {
		if _, err := c.s.opt.Box.Expunge(c.ctx, c.sel.ref, nil); err != nil {
			return c.fault("close", err, "")
		}
		if c.qresync {
			m, err := c.s.opt.Box.Status(c.ctx, c.sel.ref)
			if err != nil {
				return c.fault("close", err, "")
			}
			c.code = fmt.Sprintf("HIGHESTMODSEQ %d", m.HighestModSeq)
		}
	}
	c.unselect()
	return nil
}

func (c *session) unselectCommand(_ *command, p *parser) error {
	if err := p.end(); err != nil {
		return err
	}
	c.unselect()
	return nil
}

// destination reads `set mailbox` of COPY and MOVE. The name is that inside the box that the open mailbox belongs to.
func (c *session) destination(cmd *command, p *parser) (list []at, name string, err error) {
	p.sp()
	set := p.numset()
	p.sp()
	name = viet.NFC(p.mailbox())
	if err = p.end(); err != nil {
		return nil, "", err
	}
	rm, name, err := c.reach(cmd.name, name)
	if err != nil {
		return nil, "", err
	}
	if rm != c.sel.room {
		return nil, "", elsewhere()
	}
	list, missed, err := c.resolve(set, c.uid)
	if missed && !c.uid { // RFC 9051 6.4.7: all or none
		return nil, "", no("EXPUNGEISSUED", "Some of the messages are no longer there")
	}
	return list, name, err
}

// copyCommand copies letters, all or none (RFC 9051 6.4.7).
func (c *session) copyCommand(cmd *command, p *parser) error {
	list, dest, err := c.destination(cmd, p)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		_, err := c.s.opt.Box.Find(c.ctx, c.sel.ref.Account, dest)
		return c.fault("copy", err, imap.ResponseCodeTryCreate)
	}
	done, err := c.s.opt.Box.Copy(c.ctx, c.sel.ref, uidsOf(list), dest)
	if err != nil {
		return c.fault("copy", err, imap.ResponseCodeTryCreate)
	}
	if len(done.Source) > 0 {
		c.code = copyUID(done)
	}
	return nil
}

// copyUID is COPYUID. Source and destination ascend together, so that packed sets pair up (RFC 4315).
func copyUID(d box.Copied) string {
	return fmt.Sprintf("COPYUID %d %s %s", d.Into.UIDValidity, setText(d.Source), setText(d.Dest))
}

// move moves letters, all or none (RFC 6851).
func (c *session) move(cmd *command, p *parser) error {
	list, dest, err := c.destination(cmd, p)
	if err != nil {
		return err
	}
	if err := c.changeable(actOf(cmd.name)); err != nil {
		return err
	}
	if len(list) == 0 {
		_, err := c.s.opt.Box.Find(c.ctx, c.sel.ref.Account, dest)
		return c.fault("move", err, imap.ResponseCodeTryCreate)
	}
	done, err := c.s.opt.Box.Move(c.ctx, c.sel.ref, uidsOf(list), dest)
	if err != nil {
		return c.fault("move", err, imap.ResponseCodeTryCreate)
	}
	if len(done.Source) > 0 {
		c.put("* OK [", copyUID(done), "] Moved\r\n")
	}
	return c.tellModSeq(len(done.Source) > 0)
}

// getQuota answers GETQUOTA (RFC 9208). The one quota root is "".
func (c *session) getQuota(_ *command, p *parser) error {
	p.sp()
	root := p.astring()
	if err := p.end(); err != nil {
		return err
	}
	q, err := c.s.opt.Box.Quota(c.ctx, c.acct)
	if err != nil {
		return c.fault("read quota", err, "")
	}
	if root != "" || q.Limit == 0 {
		return no(imap.ResponseCodeNonExistent, "No such quota root")
	}
	c.putQuota(q)
	return nil
}

func (c *session) getQuotaRoot(cmd *command, p *parser) error {
	p.sp()
	name := viet.NFC(p.mailbox())
	if err := p.end(); err != nil {
		return err
	}
	rm, inner, err := c.reach(cmd.name, name)
	if err != nil {
		return err
	}
	if _, err := c.s.opt.Box.Find(c.ctx, rm.acct, inner); err != nil {
		return c.fault("read quota", err, "")
	}
	q, err := c.s.opt.Box.Quota(c.ctx, rm.acct)
	if err != nil {
		return c.fault("read quota", err, "")
	}
	c.put("* QUOTAROOT ")
	// No limit, no root (RFC 9208 7: a root has a resource); the one root of this connection is that of its own box.
	if c.putMailbox(name); q.Limit == 0 || !rm.own() {
		c.put("\r\n")
		return nil
	}
	c.put(" \"\"\r\n")
	c.putQuota(q)
	return nil
}

// putQuota tells use and limit in units of 1024 octets (RFC 9208 5.1).
func (c *session) putQuota(q box.Quota) {
	c.put(`* QUOTA "" (STORAGE `)
	c.putNum(uint64(q.Used+1023) / 1024)
	c.put(" ")
	c.putNum(uint64(q.Limit+1023) / 1024)
	c.put(")\r\n")
}

// setQuota refuses: the administrator decides.
func (c *session) setQuota(_ *command, p *parser) error {
	p.sp()
	p.astring()
	p.sp()
	p.list(func() {
		p.atom()
		p.sp()
		p.number(math.MaxInt64)
	})
	if err := p.end(); err != nil {
		return err
	}
	return no(imap.ResponseCodeNoPerm, "The quota is set by the administrator")
}

// emailID names the content of a letter: the same for all its copies (RFC 8474 5.1).
func emailID(r box.Row) string { return "M" + contentID(r) }

// roleOf finds the role of a special-use attribute.
func roleOf(use string) (mail.Role, bool) {
	for r, a := range roleAttrs {
		if strings.EqualFold(string(a), use) {
			return r, true
		}
	}
	return mail.RoleNone, false
}
