package imapd

import (
	"strings"

	"github.com/emersion/go-imap/v2"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/register"
	"hopthu/mail/viet"
)

// rightOf says by which act each right of RFC 4314 2.1 is had, in the order of the RFC. Inserting is had by whoever may
// at least file letters of the box; APPEND may need more. Posting (p) is nobody's to refuse: everyone may write to an
// agency. The last two are the obsolete rights, tied to creating and to deleting (RFC 4314 2.1.1).
var rightOf = []struct {
	letter string
	act    register.Act
}{
	{"l", register.Look},
	{"r", register.Look},
	{"s", register.Mark},
	{"w", register.Mark},
	{"i", register.File},
	{"p", register.Look},
	{"k", register.Arrange},
	{"x", register.Arrange},
	{"t", register.Mark},
	{"e", register.Erase},
	{"a", register.Govern},
	{"c", register.Arrange},
	{"d", register.Mark},
}

// rights are the letters that a scope stands for in a mailbox of that role.
func rights(s mail.Scope, role mail.Role) string {
	var b strings.Builder
	for _, r := range rightOf {
		if s >= register.Needed(r.act, role) {
			b.WriteString(r.letter)
		}
	}
	return b.String()
}

// aclOf finds the mailbox that a command of RFC 4314 names. administer: only who may govern the box is answered; one
// who may at least look at it is told so, and anybody else that there is no such mailbox (RFC 4314 6).
func (c *session) aclOf(name string, administer bool) (*room, box.Mailbox, error) {
	rm, inner, err := c.reach("STATUS", name)
	if err != nil {
		return nil, box.Mailbox{}, err
	}
	m, err := c.s.opt.Box.Find(c.ctx, rm.acct, inner)
	if err != nil {
		return nil, m, c.fault("find mailbox", err, "")
	}
	if administer {
		err = c.may(rm, register.Govern, m.Role)
	}
	return rm, m, err
}

// myRights answers MYRIGHTS (RFC 4314 3.5).
func (c *session) myRights(_ *command, p *parser) error {
	p.sp()
	name := viet.NFC(p.mailbox())
	if err := p.end(); err != nil {
		return err
	}
	rm, m, err := c.aclOf(name, false)
	if err != nil {
		return err
	}
	c.putRights(name, rm.login.Scope, m.Role)
	return nil
}

func (c *session) putRights(name string, s mail.Scope, role mail.Role) {
	c.put("* MYRIGHTS ")
	c.putMailbox(name)
	c.put(" ", rights(s, role), "\r\n")
}

// holder is somebody with rights in a box.
type holder struct {
	id    string
	alias string // the other spelling of the address
	scope mail.Scope
}

// holders lists who has rights in a box: its own login, and for an agency its head and its delegates.
func (c *session) holders(rm *room) ([]holder, error) {
	b := rm.login.Box
	out := []holder{{b.Wire, b.Address, mail.ScopeHead}}
	list, err := c.s.opt.Register.Members(c.ctx, rm.acct)
	if err != nil {
		return nil, c.fault("list rights", err, "")
	}
	for _, m := range list {
		out = append(out, holder{m.Box.Wire, m.Box.Address, m.Scope})
	}
	return out, nil
}

// getACL answers GETACL (RFC 4314 3.3).
func (c *session) getACL(_ *command, p *parser) error {
	p.sp()
	name := viet.NFC(p.mailbox())
	if err := p.end(); err != nil {
		return err
	}
	rm, m, err := c.aclOf(name, true)
	if err != nil {
		return err
	}
	list, err := c.holders(rm)
	if err != nil {
		return err
	}
	c.put("* ACL ")
	c.putMailbox(name)
	for _, h := range list {
		c.put(" ")
		c.putString(h.id)
		c.put(" ", rights(h.scope, m.Role))
	}
	c.put("\r\n")
	return nil
}

// listRights answers LISTRIGHTS (RFC 4314 3.4): what somebody has he has for good as far as this door is concerned, and
// nothing can be given to him here. One who has nothing, and one who is nobody, get the same answer.
func (c *session) listRights(_ *command, p *parser) error {
	p.sp()
	name := viet.NFC(p.mailbox())
	p.sp()
	id := p.astring()
	if err := p.end(); err != nil {
		return err
	}
	rm, m, err := c.aclOf(name, true)
	if err != nil {
		return err
	}
	list, err := c.holders(rm)
	if err != nil {
		return err
	}
	has := ""
	for _, h := range list {
		if strings.EqualFold(id, h.id) || strings.EqualFold(viet.NFC(id), h.alias) {
			has = rights(h.scope, m.Role)
		}
	}
	c.put("* LISTRIGHTS ")
	c.putMailbox(name)
	c.put(" ")
	c.putString(id)
	c.put(" ")
	c.putString(has)
	c.put("\r\n")
	return nil
}

// setACL refuses SETACL and DELETEACL (RFC 4314 3.1, 3.2): who may open a box is decided by delegation on paper, in the
// register (QC 14.1).
func (c *session) setACL(cmd *command, p *parser) error {
	p.sp()
	name := viet.NFC(p.mailbox())
	p.sp()
	p.astring()
	if cmd.name == "SETACL" {
		p.sp()
		letters := p.astring()
		if strings.Trim(strings.TrimLeft(letters, "+-"), "lrswipkxteacd0123456789") != "" && p.err == nil {
			p.fail(bad("Not a right")) // RFC 4314 3.1
		}
	}
	if err := p.end(); err != nil {
		return err
	}
	if _, _, err := c.aclOf(name, true); err != nil {
		return err
	}
	return no(imap.ResponseCodeCannot, "Rights in a box come of delegations, which the head gives and ends; a mailbox has none of its own")
}
