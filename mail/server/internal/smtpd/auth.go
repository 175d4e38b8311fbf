package smtpd

import (
	"errors"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"hopthu/mail"
	"hopthu/mail/server/internal/register"
)

const (
	mechScram = "SCRAM-SHA-256"
	mechPlus  = "SCRAM-SHA-256-PLUS"
)

// AuthMechanisms are the ones offered; all connections are encrypted.
func (c *session) AuthMechanisms() []string {
	list := []string{mechScram, sasl.Plain, sasl.Login}
	if len(c.bindings()) > 0 {
		list = append([]string{mechPlus}, list...)
	}
	return list
}

// bindings is what a login on this connection can be bound to.
func (c *session) bindings() map[string][]byte {
	if b, ok := c.f.Conn.(interface{ Bindings() map[string][]byte }); ok {
		return b.Bindings()
	}
	return nil
}

// Auth begins an authentication (RFC 4954).
func (c *session) Auth(mech string) (sasl.Server, error) {
	c.drop()
	switch mech {
	case sasl.Plain:
		return sasl.NewPlainServer(func(identity, username, password string) error {
			return c.authenticate(username, password, identity)
		}), nil
	case sasl.Login:
		return &loginServer{check: func(name, password string) error { return c.authenticate(name, password, "") }}, nil
	case mechScram, mechPlus:
		return &scramServer{c: c, x: c.s.opt.Register.Scram(c.attempt(), register.Channel{Plus: mech == mechPlus, Bindings: c.bindings()})}, nil
	}
	return nil, smtp.ErrAuthUnknownMechanism
}

// loginServer is the server side of the obsolete LOGIN mechanism, which some programs still need.
type loginServer struct {
	check func(name, password string) error
	name  *string
	asked bool
}

func (l *loginServer) Next(response []byte) (challenge []byte, done bool, err error) {
	switch {
	case l.name == nil && response == nil && !l.asked:
		l.asked = true
		return []byte("Username:"), false, nil
	case l.name == nil:
		name := string(response)
		l.name = &name
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(*l.name, string(response))
}

// scramServer is the server side of SCRAM-SHA-256 (RFC 7677). Its last answer travels as a challenge, which the client
// answers with nothing (RFC 4954 4).
type scramServer struct {
	c *session
	x *register.Scram
}

func (s *scramServer) Next(response []byte) (challenge []byte, done bool, err error) {
	c := s.c
	if c.half != nil {
		if len(response) > 0 {
			c.drop()
			return nil, true, answer(501, 5, 5, 2, "Nothing was to come")
		}
		c.begin(c.half)
		c.half = nil
		return nil, true, nil
	}
	if response == nil { // no initial response
		return []byte{}, false, nil
	}
	challenge, sess, err := s.x.Next(c.ctx, response)
	switch {
	case errors.Is(err, register.ErrSASL):
		return nil, true, answer(501, 5, 5, 2, "Invalid SCRAM message, or bound to another connection")
	case err != nil:
		return nil, true, c.turnedAway(err)
	}
	c.half = sess
	return challenge, false, nil
}

// drop ends a session that was proved and never begun.
func (c *session) drop() {
	if c.half != nil {
		c.half.End()
		c.half = nil
	}
}

func (c *session) attempt() register.Attempt {
	return register.Attempt{Remote: remoteIP(c.f), Door: register.SMTP}
}

// authenticate opens a session with a password.
func (c *session) authenticate(name, password, as string) error {
	at := c.attempt()
	at.Login, at.Password, at.As = name, password, as
	sess, err := c.s.opt.Register.Login(c.ctx, at)
	if err != nil {
		return c.turnedAway(err)
	}
	c.begin(sess)
	return nil
}

// turnedAway answers a refusal. Every one is slow, and the third ends the connection.
func (c *session) turnedAway(err error) error {
	c.s.opt.Delay(c.ctx, refusalDelay)
	if c.refusals++; c.refusals >= maxRefusals {
		c.f.last.Store(true)
	}
	return c.refusal(err)
}

// begin begins the state after login.
func (c *session) begin(sess *register.Session) {
	c.login = sess
	c.f.known.Store(true)
	mail.Go("smtpd kill", func() {
		select {
		case <-sess.Done():
			c.f.dismiss()
		case <-c.ctx.Done():
		}
	})
}

func (c *session) refusal(err error) error {
	f := mail.AsFault("log in", err)
	if f.Kind == mail.Refused && f.Detail == register.NotYours {
		return answer(535, 5, 7, 8, "You may not act for this box")
	}
	switch f.Kind {
	case mail.BadPassword, mail.BadAddress:
		return answer(535, 5, 7, 8, "Wrong name or password")
	case mail.MustChange:
		return answer(535, 5, 7, 13, "The first password must be changed at "+c.s.opt.ChangeURL)
	case mail.PasswordExpired:
		return answer(535, 5, 7, 13, "The first password has expired; ask for a new one")
	case mail.LockedOut:
		return answer(454, 4, 7, 0, "Too many failures; try again after "+f.Detail)
	case mail.Refused, mail.Blocked:
		return answer(535, 5, 7, 13, "This box is suspended")
	}
	return c.fault("log in", err)
}
