package imapd

import (
	"context"
	"errors"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/register"
)

const (
	keepAlive    = 2 * time.Minute // "* OK Still here" while idling keeps a NAT's memory fresh
	maxPerPerson = 64              // connections of one person
)

// session is one connection's state. One goroutine owns it.
type session struct {
	*conn
	s      *Server
	ctx    context.Context
	cancel context.CancelFunc
	unhook func() bool
	joined bool

	login    *register.Session
	left     chan struct{}           // closed when the session is left on purpose
	acct     box.AccountID           // of the box logged in to
	home     *room                   // that box
	rooms    map[box.AccountID]*room // agencies' boxes opened beside it
	sel      *selected
	notice   *notice    // what NOTIFY asked for; nil as long as it was not used
	saved    []mail.UID // the result that "$" stands for (RFC 9051 6.4.4.1)
	refusals int
	bound    bool // a login can be bound to the connection

	condstore, qresync, rev2, accept bool // what ENABLE turned on; accept is UTF8=ACCEPT

	uid  bool   // the command at hand came with UID
	code string // response code of its OK, without brackets
}

func (s *Server) newSession(nc net.Conn) *session {
	c := &session{conn: newConn(nc, s.opt.Deadline), s: s}
	c.bound = len(c.bindings()) > 0
	c.ctx, c.cancel = context.WithCancel(s.ctx)
	// A cancelled session loses its connection: the only way to stop one that waits for its client.
	c.unhook = context.AfterFunc(c.ctx, func() {
		if err := nc.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			s.opt.Log.Debug("close imap connection", "err", err)
		}
	})
	return c
}

// close ends the session and gives back what it held.
func (c *session) close() {
	if err := c.closeConn(c.ctx); err != nil && !errors.Is(err, net.ErrClosed) {
		c.s.opt.Log.Debug("close imap connection", "err", err)
	}
	c.unhook()
	c.cancel()
	c.logoff()
	if c.joined {
		c.s.mu.Lock()
		delete(c.s.sessions, c)
		c.s.mu.Unlock()
		c.s.wg.Done()
	}
}

// logoff forgets who is logged in and all that was agreed with him.
func (c *session) logoff() {
	c.unselect()
	c.heed(nil)
	if c.login != nil {
		close(c.left)
		c.leaveRooms()
		c.login.End()
		c.s.leave(c.login.Person.Account)
	}
	c.login, c.acct, c.saved = nil, 0, nil
	c.logged, c.utf8, c.condstore, c.qresync, c.rev2, c.accept = false, false, false, false, false, false
	c.until = c.deadline(timeStranger)
}

// run carries out commands until the connection ends. After STARTTLS there is no second greeting (RFC 9051 6.2.1).
func (c *session) run(upgraded bool) {
	if !upgraded {
		c.put("* OK [CAPABILITY ", c.caps(), "] ", Product, " ready\r\n")
	}
	for c.err == nil && c.ctx.Err() == nil {
		cmd, err := c.readCommand()
		if err == nil && cmd != nil {
			err = c.carryOut(cmd)
		}
		if err != nil {
			if c.ctx.Err() == nil && !errors.Is(err, net.ErrClosed) {
				c.s.opt.Log.Debug("imap connection ended", "err", err)
			}
			return
		}
	}
}

func (c *session) place() place {
	switch {
	case !c.logged:
		return stranger
	case c.sel == nil:
		return user
	}
	return opened
}

// carryOut does one command and writes its tagged answer. The error ends the connection.
func (c *session) carryOut(cmd *command) error {
	p := &parser{s: cmd.args, lits: cmd.lits, utf8: c.utf8}
	h, known := table[cmd.name]
	if c.uid = cmd.name == "UID"; c.uid && h.in&c.place() != 0 {
		p.sp()
		sub := p.word()
		if h, known = byUID[sub]; known {
			cmd.name, cmd.args = "UID "+sub, p.s
		}
	}
	if !known || h.in&c.place() == 0 || h.do == nil {
		return c.refuse(cmd.tag, cmd.lit, "Unknown command, or not now")
	}
	c.code = ""
	if c.logged {
		if err := c.may(c.home, register.Look, mail.RoleNone); err != nil {
			return err
		}
	}
	err := h.do(c, cmd, p)
	var a *answer
	if err != nil && !errors.As(err, &a) {
		return err
	}
	if c.err != nil {
		return c.err
	}
	var refused *answer
	if c.sel != nil && (c.hears() || asksForNews(cmd.name)) {
		if told := c.tell(!h.numbers); told != nil && !errors.As(told, &refused) {
			return told
		}
	}
	if told := c.tellNews(); told != nil && !errors.As(told, &refused) {
		return told
	}
	c.finish(cmd, a)
	if a == nil {
		switch cmd.name {
		case "LOGOUT":
			c.flush()
			return errEnded
		case "COMPRESS":
			c.pack()
		}
	}
	if a != nil && a.kind == imap.StatusResponseTypeBad {
		return c.countBad()
	}
	return c.err
}

func (c *session) finish(cmd *command, a *answer) {
	kind, code, text := "OK", c.code, cmd.name+" completed"
	if a != nil {
		kind, code, text = string(a.kind), string(a.code), a.text
	}
	c.put(cmd.tag, " ", kind, " ")
	if code != "" {
		c.put("[", code, "] ")
	}
	c.put(text, "\r\n")
}

func (c *session) capability(_ *command, p *parser) error {
	if err := p.end(); err != nil {
		return err
	}
	c.put("* CAPABILITY ", c.caps(), "\r\n")
	return nil
}

func (c *session) noop(_ *command, p *parser) error { return p.end() }

func (c *session) logout(_ *command, p *parser) error {
	if err := p.end(); err != nil {
		return err
	}
	c.unselect()
	c.put("* BYE Logging out\r\n")
	return nil
}

// ident answers ID (RFC 2971). support-url is where our client finds the office API of an account that was set up by
// hand.
func (c *session) ident(_ *command, p *parser) error {
	p.sp()
	if !p.isWord("NIL") {
		n := 0
		p.list(func() {
			if n++; n%2 == 1 {
				p.str()
			} else {
				p.nstring()
			}
		})
		if n > 60 || n%2 != 0 {
			p.fail(bad("Fields and values come in pairs, 30 at most")) // RFC 2971 3.3
		}
	}
	if err := p.end(); err != nil {
		return err
	}
	c.put(`* ID ("name" "`, Product, `"`)
	if c.s.opt.Office != "" {
		c.put(` "support-url" `)
		c.putString(c.s.opt.Office)
	}
	c.put(")\r\n")
	return nil
}

// unauthenticate goes back to the state before login (RFC 8437).
func (c *session) unauthenticate(_ *command, p *parser) error {
	if err := p.end(); err != nil {
		return err
	}
	c.logoff()
	c.code = "CAPABILITY " + c.caps()
	return nil
}

// enable turns on what changes the protocol (RFC 9051 6.3.1); unknown names are passed over.
func (c *session) enable(_ *command, p *parser) error {
	var names []string
	for p.more() {
		p.sp()
		names = append(names, p.word())
	}
	if err := p.end(); err != nil || len(names) == 0 {
		return bad("Syntax error")
	}
	condstore := false
	c.put("* ENABLED")
	for _, n := range names {
		switch n {
		case "UTF8=ACCEPT":
			c.utf8, c.accept = true, true
		case "IMAP4REV2":
			c.rev2, c.utf8, n = true, true, "IMAP4rev2"
		case "CONDSTORE":
			condstore = true
		case "QRESYNC":
			condstore, c.qresync = true, true
		default:
			continue
		}
		c.put(" ", n)
	}
	c.put("\r\n")
	if condstore {
		c.enableModSeq()
	}
	return nil
}

// enableModSeq turns CONDSTORE on, as every command does that shows a client to know of it. Where a mailbox is open, the
// client learns where it stands (RFC 7162 3.1).
func (c *session) enableModSeq() {
	if c.condstore {
		return
	}
	if c.condstore = true; c.sel != nil {
		c.put("* OK [HIGHESTMODSEQ ")
		c.putNum(c.sel.modseq)
		c.put("] Highest\r\n")
	}
}

// idle tells changes as they come, what came before it began included, until the client says DONE (RFC 9051 6.3.13).
func (c *session) idle(_ *command, p *parser) error {
	if err := p.end(); err != nil {
		return err
	}
	c.put("+ idling\r\n")
	if err := c.nc.SetReadDeadline(c.deadline(timeIdle)); err != nil {
		return err
	}
	if why := c.ending.Load(); why != nil {
		return c.bye(*why)
	}
	if err := c.listen(true); err != nil {
		return err
	}
	return c.idleEnd()
}

// endIdle ends the connection, and with it the waiting for its client.
func (c *session) endIdle(first <-chan error) error {
	c.cancel()
	return <-first
}

// idleEnd reads DONE. Anything else ends the waiting as well and is told to be wrong; it is not carried out.
func (c *session) idleEnd() error {
	line, err := c.readLine()
	if err != nil {
		return err
	}
	if strings.EqualFold(line, "DONE") {
		return nil
	}
	if _, lit, _ := cutLiteral(line); lit != nil && lit.nonSync {
		return c.bye("DONE ends IDLE")
	}
	return bad("DONE ends IDLE")
}
