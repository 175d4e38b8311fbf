package imapd

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/register"
)

const (
	refusalDelay = 1500 * time.Millisecond
	maxRefusals  = 3
	keepAlive    = 2 * time.Minute // "* OK Still here" while idling
	maxPerBox    = 64              // connections of one account
)

// session is one connection's state. The engine calls it from one goroutine, except Idle, which runs in a second one
// that the engine does not wait for when the connection breaks (B13); mu guards what both touch.
type session struct {
	s      *Server
	f      *front
	ctx    context.Context
	cancel context.CancelFunc

	login    *register.Session
	acct     box.AccountID
	sel      *selected
	refusals int

	mu     sync.Mutex
	closed bool
	idling chan struct{} // closed when Idle returned
}

var (
	_ imapserver.SessionMove      = (*session)(nil)
	_ imapserver.SessionNamespace = (*session)(nil)
)

func (s *Server) newSession(c *imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
	f, ok := c.NetConn().(*front)
	if !ok {
		return nil, nil, errors.New("connection without front")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return nil, nil, &imap.Error{Type: imap.StatusResponseTypeBye, Text: "The server stops"}
	}
	sess := &session{s: s, f: f}
	sess.ctx, sess.cancel = context.WithCancel(s.ctx)
	// A cancelled session loses its connection: the only way to stop an engine that waits for a client.
	context.AfterFunc(sess.ctx, func() {
		if err := f.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			s.opt.Log.Debug("close imap connection", "err", err)
		}
	})
	s.sessions[sess] = struct{}{}
	s.wg.Add(1)
	return sess, nil, nil
}

// Close ends the session: the connection first, so that a writing Idle comes back, then everything else.
func (c *session) Close() error {
	c.cancel()
	c.mu.Lock()
	c.closed = true
	idling := c.idling
	c.mu.Unlock()
	if idling != nil {
		<-idling
	}
	c.unselect()
	if c.login != nil {
		c.login.End()
		c.s.leave(c.acct)
	}
	c.s.mu.Lock()
	delete(c.s.sessions, c)
	c.s.mu.Unlock()
	c.s.wg.Done()
	return nil
}

// enter counts a connection of an account; false when it has too many.
func (s *Server) enter(a box.AccountID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.boxes[a] >= maxPerBox {
		return false
	}
	s.boxes[a]++
	return true
}

func (s *Server) leave(a box.AccountID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.boxes[a]--; s.boxes[a] <= 0 {
		delete(s.boxes, a)
	}
}

// Login checks name and password. Every refusal is slow, and the third ends the connection.
func (c *session) Login(username, password string) error {
	sess, err := c.s.opt.Register.Login(c.ctx, register.Attempt{
		Login: username, Password: password, Remote: remoteIP(c.f), Door: register.IMAP,
	})
	if err != nil {
		c.s.opt.Delay(c.ctx, refusalDelay)
		if c.refusals++; c.refusals >= maxRefusals {
			why := "Too many failed logins"
			c.f.ending.Store(&why)
		}
		return c.refusal(err)
	}
	if !c.s.enter(sess.Box.Account) {
		sess.End()
		return no(imap.ResponseCodeLimit, "Too many connections of this box")
	}
	c.login, c.acct = sess, sess.Box.Account
	c.f.logged.Store(true)
	mail.Go("imapd kill", func() {
		select {
		case <-sess.Done():
			c.cancel()
		case <-c.ctx.Done():
		}
	})
	return nil
}

// refusal says why a login failed (RFC 5530).
func (c *session) refusal(err error) error {
	f := mail.AsFault("log in", err)
	switch f.Kind {
	case mail.BadPassword, mail.BadAddress:
		return no(imap.ResponseCodeAuthenticationFailed, "Wrong name or password")
	case mail.MustChange:
		return no(imap.ResponseCodeExpired, "The first password must be changed at "+c.s.opt.ChangeURL)
	case mail.PasswordExpired:
		return no(imap.ResponseCodeExpired, "The first password has expired; ask for a new one")
	case mail.LockedOut:
		return no(imap.ResponseCodeContactAdmin, "Too many failures; try again after "+f.Detail)
	case mail.Refused, mail.Blocked:
		return no(imap.ResponseCodeContactAdmin, "This box is suspended")
	default:
		return c.fault("log in", err, "")
	}
}

// Namespace is one personal name space without prefix (RFC 2342).
func (c *session) Namespace() (*imap.NamespaceData, error) {
	return &imap.NamespaceData{Personal: []imap.NamespaceDescriptor{{Delim: box.Delim}}}, nil
}

// Poll tells the client what has changed since it was last told.
func (c *session) Poll(w *imapserver.UpdateWriter, allowExpunge bool) error {
	if c.sel == nil {
		return nil
	}
	return c.tell(w, allowExpunge)
}

// Idle tells changes as they come (RFC 2177), what came before it began included (B7).
func (c *session) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return nil
	}
	done := make(chan struct{})
	c.idling = done
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		c.idling = nil
		c.mu.Unlock()
		close(done)
	}()
	var ready <-chan struct{}
	if c.sel != nil {
		ready = c.sel.watch.Ready()
	}
	for {
		if err := c.Poll(w, true); err != nil {
			return err
		}
		select {
		case <-ready:
		case <-c.s.opt.After(keepAlive):
			if err := c.f.say("* OK Still here\r\n"); err != nil {
				return err
			}
		case <-stop:
			return nil
		case <-c.ctx.Done():
			return nil
		}
	}
}

func remoteIP(c net.Conn) string {
	host, _, err := net.SplitHostPort(c.RemoteAddr().String())
	if err != nil {
		return c.RemoteAddr().String()
	}
	return host
}
