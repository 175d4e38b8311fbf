package imapd

import (
	"strings"

	"github.com/emersion/go-imap/v2"

	"hopthu/mail"
	"hopthu/mail/server/internal/register"
)

// acts says what a command does in the box that it works in, for the register to decide on (QC 14.1). A command that is
// not here only looks. CLOSE is an EXPUNGE that is left out where it may not be (RFC 4314 4).
var acts = map[string]register.Act{
	"STORE":       register.Mark,
	"SUBSCRIBE":   register.Mark,
	"UNSUBSCRIBE": register.Mark,
	"COPY":        register.File,
	"MOVE":        register.File,
	"APPEND":      register.Put,
	"REPLACE":     register.Put,
	"EXPUNGE":     register.Erase,
	"CREATE":      register.Arrange,
	"DELETE":      register.Arrange,
	"RENAME":      register.Arrange,
	"SETACL":      register.Govern,
	"DELETEACL":   register.Govern,
	"SETMETADATA": register.Arrange, // of what all share; what is one's own nobody else sees
}

// actOf is the act of a command; UID changes nothing of it.
func actOf(cmd string) register.Act {
	if a, ok := acts[strings.TrimPrefix(cmd, "UID ")]; ok {
		return a
	}
	return register.Look
}

// may asks the register whether an act is allowed in a room, in a mailbox of that role.
func (c *session) may(rm *room, a register.Act, role mail.Role) error {
	err := c.s.opt.Register.May(rm.login, a, role)
	if err == nil {
		return nil
	}
	if mail.AsFault("decide", err).Detail == register.Over {
		return c.bye("The delegation has ended")
	}
	return no(imap.ResponseCodeNoPerm, "Your delegation does not reach so far")
}

// changeable refuses what a command would change in the open mailbox, where that may not be.
func (c *session) changeable(a register.Act) error {
	if err := c.may(c.sel.room, a, c.sel.role); err != nil {
		return err
	}
	if c.sel.readOnly {
		return no(imap.ResponseCodeCannot, "The mailbox is open read-only")
	}
	return nil
}
