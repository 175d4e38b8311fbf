package imapd

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"

	"hopthu/mail"
	"hopthu/mail/server/internal/register"
)

const (
	refusalDelay = 1500 * time.Millisecond // how long a refused login takes, all in all
	maxRefusals  = 3

	mechScram = "SCRAM-SHA-256"
	mechPlus  = "SCRAM-SHA-256-PLUS"
)

// loginCommand checks name and password. Every refusal is slow, and the third ends the connection.
func (c *session) loginCommand(_ *command, p *parser) error {
	p.sp()
	name := p.astring()
	p.sp()
	password := p.astring()
	if err := p.end(); err != nil {
		return err
	}
	return c.logon(name, password, "")
}

// logon opens a session with a password.
func (c *session) logon(name, password, as string) error {
	at, began := c.attempt(), c.deadline(0)
	at.Login, at.Password, at.As = name, password, as
	sess, err := c.s.opt.Register.Login(c.ctx, at)
	if err != nil {
		return c.turnedAway(err, began)
	}
	return c.enter(sess)
}

// rest is what of refusalDelay is left after some time, or of the next one when the server has so much to do.
func rest(spent time.Duration) time.Duration { return refusalDelay - spent%refusalDelay }

func (c *session) attempt() register.Attempt {
	return register.Attempt{Remote: remoteIP(c.nc), Door: register.IMAP}
}

// turnedAway answers a refused login at a fixed time after the attempt began: however long the register looked, a
// stranger's watch tells him nothing of the name.
func (c *session) turnedAway(err error, began time.Time) error {
	c.s.opt.Delay(c.ctx, rest(c.deadline(0).Sub(began)))
	if c.refusals++; c.refusals >= maxRefusals {
		why := "Too many failed logins"
		c.ending.Store(&why)
	}
	return c.refusal(err)
}

// enter begins the state after login.
func (c *session) enter(sess *register.Session) error {
	if !c.s.enter(sess.Person.Account) {
		sess.End()
		return no(imap.ResponseCodeLimit, "Too many connections of this person")
	}
	c.login, c.acct, c.logged = sess, sess.Box.Account, true
	c.home = &room{acct: c.acct, login: sess}
	c.left = make(chan struct{})
	c.endWith(sess, c.left)
	c.code = "CAPABILITY " + c.caps()
	return nil
}

// refusal says why a login failed (RFC 5530).
func (c *session) refusal(err error) error {
	f := mail.AsFault("log in", err)
	if f.Kind == mail.Refused && f.Detail == register.NotYours {
		return no(imap.ResponseCodeAuthorizationFailed, "You may not act for this box")
	}
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

// authenticate is SASL with PLAIN (RFC 4616), SCRAM-SHA-256 or SCRAM-SHA-256-PLUS (RFC 7677), with an initial response
// or without (RFC 4959). Who may act for the box that an authorization identity names, the register decides.
func (c *session) authenticate(_ *command, p *parser) error {
	p.sp()
	mech := p.word()
	if p.err != nil {
		return p.err
	}
	ir := strings.TrimRight(strings.TrimPrefix(p.s, " "), " ")
	switch mech {
	case "PLAIN":
		return c.plain(ir)
	case mechScram, mechPlus:
		return c.scram(ir, register.Channel{Plus: mech == mechPlus, Bindings: c.bindings()})
	}
	return no(imap.ResponseCodeCannot, "Unsupported authentication mechanism")
}

func (c *session) plain(ir string) error {
	raw, err := c.response(ir)
	if err != nil {
		return err
	}
	parts := bytes.Split(raw, []byte{0})
	if len(parts) != 3 || len(parts[1]) == 0 {
		return bad("Invalid PLAIN response")
	}
	return c.logon(string(parts[1]), string(parts[2]), string(parts[0]))
}

// scram goes through the exchange. The client's answer to the last message holds nothing (RFC 9051 6.2.2).
func (c *session) scram(ir string, ch register.Channel) error {
	x := c.s.opt.Register.Scram(c.attempt(), ch)
	for {
		raw, err := c.response(ir)
		if err != nil {
			return err
		}
		began := c.deadline(0)
		answer, sess, err := x.Next(c.ctx, raw)
		if errors.Is(err, register.ErrSASL) {
			return bad("Invalid SCRAM message, or bound to another connection")
		}
		if err != nil {
			return c.turnedAway(err, began)
		}
		c.put("+ ", base64.StdEncoding.EncodeToString(answer), "\r\n")
		c.flush()
		if ir, err = c.readLine(); sess == nil && err == nil {
			if ir == "" {
				ir = "="
			}
			continue
		}
		if err == nil && strings.Trim(ir, "=") != "" {
			err = bad("Cancelled")
		}
		if err != nil {
			if sess != nil {
				sess.End()
			}
			return err
		}
		return c.enter(sess)
	}
}

// response decodes a client's response, which is asked for when the command brought none.
func (c *session) response(ir string) ([]byte, error) {
	if ir == "" {
		c.put("+ \r\n")
		c.flush()
		var err error
		if ir, err = c.readLine(); err != nil {
			return nil, err
		}
	}
	if ir == "*" {
		return nil, bad("Cancelled")
	}
	if ir == "=" {
		ir = ""
	}
	raw, err := base64.StdEncoding.DecodeString(ir)
	if err != nil {
		return nil, bad("Invalid base64")
	}
	return raw, nil
}

// bindings is what a login on this connection can be bound to.
func (c *conn) bindings() map[string][]byte {
	if b, ok := c.nc.(interface{ Bindings() map[string][]byte }); ok {
		return b.Bindings()
	}
	return nil
}
