package imapd

import (
	"fmt"
	"strings"

	"github.com/emersion/go-imap/v2"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/register"
	"hopthu/mail/viet"
)

// sharedTop is the name below which a person who has logged in as himself finds the agencies' boxes that he may open
// (RFC 2342 shared namespace): "Hộp thư công vụ/kh&đt/INBOX". It is nobody's own mailbox.
const sharedTop = "Hộp thư công vụ"

// room is a box that a connection works in: the one it logged in to, or an agency's beside it.
type room struct {
	acct   box.AccountID
	login  *register.Session // whose scope counts in it
	prefix string            // what the names of its mailboxes begin with here; "" for the box logged in to
}

// own reports whether it is the box that the connection logged in to.
func (rm *room) own() bool { return rm.prefix == "" }

// isShared reports whether a name stands at or below the shared namespace, and gives what is below it.
func (c *session) isShared(name string) (rest string, ok bool) {
	if c.login.Acting() || c.login.Box.Kind != register.Personal {
		return "", false // an agency's box shows itself only
	}
	if name == sharedTop {
		return "", true
	}
	return strings.CutPrefix(name, sharedTop+string(box.Delim))
}

// reach finds the room that a mailbox name leads to, and the name inside it, and asks whether the command may do there
// what it does.
func (c *session) reach(cmd, name string) (rm *room, inner string, err error) {
	if rm, inner, err = c.enterRoom(name); err != nil {
		return nil, "", err
	}
	err = c.may(rm, actOf(cmd), mail.RoleNone)
	if err == nil || actOf(cmd) != register.Put {
		return rm, inner, err
	}
	m, ferr := c.s.opt.Box.Find(c.ctx, rm.acct, inner) // what may not be put everywhere may be put somewhere
	if ferr != nil {
		return nil, "", err
	}
	return rm, inner, c.may(rm, actOf(cmd), m.Role)
}

// enterRoom opens the box that a name leads to, if it is not open yet.
func (c *session) enterRoom(name string) (*room, string, error) {
	rest, ok := c.isShared(name)
	if !ok {
		return c.home, name, nil
	}
	gone := &mail.Fault{Kind: mail.NoFolder, Op: "find mailbox"}
	short, inner, ok := strings.Cut(rest, string(box.Delim))
	if !ok {
		return nil, "", c.fault("find mailbox", gone, "")
	}
	shares, err := c.s.opt.Register.Shares(c.ctx, c.login.Person.Account)
	if err != nil {
		return nil, "", c.fault("find mailbox", err, "")
	}
	for _, s := range shares {
		if viet.NFC(s.Short) != short {
			continue
		}
		rm, err := c.visit(s)
		return rm, inner, err
	}
	return nil, "", c.fault("find mailbox", gone, "")
}

// visit opens an agency's box for the rest of the connection, which ends when the visit is ended from outside.
func (c *session) visit(s register.Share) (*room, error) {
	if rm := c.rooms[s.Box.Account]; rm != nil {
		return rm, nil
	}
	sess, err := c.s.opt.Register.Visit(c.ctx, c.login, s.Box.Account)
	if err != nil {
		return nil, c.fault("find mailbox", err, "")
	}
	rm := &room{acct: s.Box.Account, login: sess, prefix: prefixOf(s)}
	if c.rooms == nil {
		c.rooms = map[box.AccountID]*room{}
	}
	c.rooms[rm.acct] = rm
	c.endWith(sess, c.left)
	return rm, nil
}

// prefixOf is what the names of a share's mailboxes begin with.
func prefixOf(s register.Share) string {
	return sharedTop + string(box.Delim) + viet.NFC(s.Short) + string(box.Delim)
}

// endWith cancels the connection when a session is ended from outside.
func (c *session) endWith(sess *register.Session, left <-chan struct{}) {
	mail.Go("imap session end", func() {
		select {
		case <-sess.Done():
			select {
			case <-left: // by UNAUTHENTICATE: the connection stays
			default:
				c.cancel()
			}
		case <-c.ctx.Done():
		}
	})
}

// leaveRooms ends the visits.
func (c *session) leaveRooms() {
	for _, rm := range c.rooms {
		rm.login.End()
	}
	c.home, c.rooms = nil, nil
}

// sharedBoxes lists the mailboxes of the agencies that the person may open, under their names here, with the levels
// above them, which are no mailboxes (Ref zero). Roles are not told: they are those of another box.
func (c *session) sharedBoxes() ([]box.Mailbox, error) {
	if _, ok := c.isShared(sharedTop); !ok {
		return nil, nil
	}
	shares, err := c.s.opt.Register.Shares(c.ctx, c.login.Person.Account)
	if err != nil || len(shares) == 0 {
		return nil, c.fault("list mailboxes", err, "")
	}
	out := []box.Mailbox{{Name: sharedTop, HasChildren: true}}
	for _, s := range shares {
		prefix := prefixOf(s)
		list, err := c.s.opt.Box.List(c.ctx, s.Box.Account)
		if err != nil {
			return nil, c.fault("list mailboxes", err, "")
		}
		out = append(out, box.Mailbox{Name: strings.TrimSuffix(prefix, string(box.Delim)), HasChildren: true})
		for _, m := range list {
			m.Name, m.Role, m.Subscribed = prefix+m.Name, mail.RoleNone, false
			out = append(out, m)
		}
	}
	return out, nil
}

// mailboxID names a mailbox for good, across renames (RFC 8474 4.1). Numbers of mailboxes are those of their account:
// the ones of an agency's box beside one's own are led by its.
func (c *session) mailboxID(m box.Mailbox) string {
	if m.Account != c.acct {
		return fmt.Sprintf("A%d-%d-%d", m.Account, m.Mailbox, m.UIDValidity)
	}
	return fmt.Sprintf("F%d-%d", m.Mailbox, m.UIDValidity)
}

// namespace is one personal name space without prefix, and, for whoever may open agencies' boxes, one that is shared
// (RFC 2342).
func (c *session) namespace(_ *command, p *parser) error {
	if err := p.end(); err != nil {
		return err
	}
	shared, err := c.sharedBoxes()
	if err != nil {
		return err
	}
	c.put(`* NAMESPACE (("" "`, string(box.Delim), `")) NIL `)
	if len(shared) == 0 {
		c.put("NIL\r\n")
		return nil
	}
	c.put("((")
	c.putMailbox(sharedTop + string(box.Delim))
	c.put(` "`, string(box.Delim), "\"))\r\n")
	return nil
}

// elsewhere refuses what would carry letters from one box into another: they stay where they belong.
func elsewhere() error {
	return no(imap.ResponseCodeCannot, "Letters do not go from one box into another")
}
