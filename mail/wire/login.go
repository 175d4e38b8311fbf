package wire

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"strings"

	"hopthu/mail"
)

// open dials, secures and logs in: after it the session may be used. first is a folder to open with the login, or "".
func (d *Dialer) open(ctx context.Context, a mail.Account, secret Secret, first string, w watcher) (*session, error) {
	type answer struct {
		password string
		err      error
	}
	asked := make(chan answer, 1) // a keyring takes its time: it is asked while the server is
	mail.Go("password", func() {
		password, err := secret(ctx)
		asked <- answer{password, err}
	})
	s, err := d.greet(ctx, a, w)
	if err != nil {
		return nil, err
	}
	known := func(context.Context) (string, error) {
		got := <-asked
		return got.password, got.err
	}
	if err := s.login(ctx, a, known, first); err != nil {
		s.close(err)
		return nil, err
	}
	return s, nil
}

// watcher hears of a connection while it is made; each may be nil.
type watcher struct {
	alert   func(text string) // an ALERT of the server, cleaned
	dialed  func(*link)       // before the first byte: from now on it can be closed
	secured func(tls.ConnectionState)
}

// greet gives a connection as far as a verified TLS session with known capabilities: one that was begun early, or a new
// one.
func (d *Dialer) greet(ctx context.Context, a mail.Account, w watcher) (*session, error) {
	if w.secured == nil { // who wants to see the handshake makes one
		if s, ok, err := d.takeWarm(ctx, a, w); ok {
			return s, err
		}
	}
	return d.meet(ctx, a, w)
}

// meet makes such a connection.
func (d *Dialer) meet(ctx context.Context, a mail.Account, w watcher) (*session, error) {
	l, err := d.dial(ctx, "connect to IMAP server", a.IMAP)
	if err != nil {
		return nil, err
	}
	if w.dialed != nil {
		w.dialed(l)
	}
	s := &session{d: d, l: l, conn: l, alert: w.alert, flagSet: map[string]string{}}
	if a.IMAP.Security == mail.STARTTLS {
		s.reset()
		err = s.startTLS(ctx, a)
	} else {
		err = s.upgrade(ctx, a)
	}
	if c, ok := s.conn.(*tls.Conn); ok && w.secured != nil {
		w.secured(c.ConnectionState())
	}
	if err == nil && a.IMAP.Security != mail.STARTTLS {
		err = s.greeting(ctx)
	}
	if err == nil && s.caps == nil {
		err = s.one(ctx, "ask capabilities", s.cmd("CAPABILITY"))
	}
	if err != nil {
		s.close(err)
		return nil, err
	}
	return s, nil
}

func (s *session) reset() {
	s.br, s.bw = bufio.NewReaderSize(s.conn, 64<<10), bufio.NewWriterSize(s.conn, 16<<10)
}

// upgrade puts TLS on the link and forgets everything that was said before it (RFC 9051 6.2.1).
func (s *session) upgrade(ctx context.Context, a mail.Account) error {
	c, err := s.d.secure(ctx, "secure connection to IMAP server", s.l, a.CAFile, a.IMAP.Host)
	if err != nil {
		return err
	}
	s.conn, s.caps, s.bye = c, nil, ""
	s.reset()
	return nil
}

// greeting reads the server's first line. PREAUTH is refused: on STARTTLS it would skip TLS, and on TLS it would skip
// the login that says whose box this is.
func (s *session) greeting(ctx context.Context) error {
	const op = "read IMAP greeting"
	release := s.l.watch(ctx, s.d.limits.Stall, s.d.limits.Command)
	defer release()
	if err := s.in.readReply(s.br, nil); err != nil {
		return s.fail(op, err)
	}
	text := s.in.text
	if len(text) < 2 || string(text[:2]) != "* " {
		return s.fail(op, broken("greeting is not IMAP"))
	}
	st, ok := parseStatus(text[2:])
	if !ok {
		return s.fail(op, broken("greeting is not IMAP"))
	}
	switch st.kind {
	case "OK":
		s.notice(st)
		return nil
	case "BYE":
		return s.fail(op, st.fault(op, false))
	case "PREAUTH":
		return s.fail(op, &mail.Fault{Kind: mail.BadServer, Op: op, Detail: "PREAUTH"})
	}
	return s.fail(op, broken("greeting is %s", st.kind))
}

// startTLS asks for TLS and never goes on without it. What the server said in the clear, capabilities and alerts
// among it, counts for nothing afterwards.
func (s *session) startTLS(ctx context.Context, a mail.Account) error {
	const op = "start TLS"
	alert := s.alert
	s.alert = nil
	defer func() { s.alert = alert }()
	if err := s.greeting(ctx); err != nil {
		return err
	}
	if err := s.one(ctx, op, s.cmd("STARTTLS")); err != nil {
		f := mail.AsFault(op, err)
		if f.Kind == mail.Refused || f.Kind == mail.TryLater {
			err = &mail.Fault{Kind: mail.NoTLS, Op: op, Detail: f.Detail}
		}
		return s.fail(op, err)
	}
	if s.br.Buffered() > 0 { // CVE-2020-14954 and its like: text injected before the handshake
		return s.fail(op, broken("text behind the answer to STARTTLS"))
	}
	return s.upgrade(ctx, a)
}

// login authenticates by SASL PLAIN (RFC 4616), by LOGIN where that is not offered, then learns the capabilities. An
// account that acts for an agency names its box as authorization identity. first is a folder to open in the same breath, or
// "": one whose name is the same in all encodings.
func (s *session) login(ctx context.Context, a mail.Account, secret Secret, first string) error {
	const op = "log in to IMAP server"
	if s.conn == s.l { // cannot happen by the code above; the password must not depend on that
		return s.fail(op, &mail.Fault{Kind: mail.NoTLS, Op: op})
	}
	password, err := secret(ctx)
	if err != nil {
		var f *mail.Fault
		if errors.As(err, &f) {
			return f
		}
		return &mail.Fault{Kind: mail.NoKeyring, Op: op, Err: err}
	}
	var c *command
	switch {
	case s.has("AUTH=PLAIN"):
		c = s.cmd("AUTHENTICATE", "PLAIN")
		answer := base64.StdEncoding.EncodeToString([]byte(a.As + "\x00" + a.Login + "\x00" + password))
		if s.has("SASL-IR") {
			c.raw(answer)
		} else {
			c.cur.WriteString("\r\n")
			c.cut()
			c.cur.WriteString(answer)
		}
	case s.has("LOGINDISABLED"):
		return s.fail(op, &mail.Fault{Kind: mail.Refused, Op: op, Detail: "LOGINDISABLED"})
	case a.As != "": // LOGIN has no place for it: it would open the person's own box
		return s.fail(op, &mail.Fault{Kind: mail.Refused, Op: op, Detail: "AUTH=PLAIN is not offered"})
	default:
		c = s.cmd("LOGIN").str(a.Login).str(password)
	}
	cmds, early := []*command{c}, s.withLogin(first)
	if early != nil {
		cmds = append(cmds, s.enabling(), early.c)
	}
	before := s.caps
	s.caps, s.exists = nil, 0
	// The capabilities from before stay in force for the encoding of this command: it is already written.
	err = s.run(ctx, op, s.d.limits.Command, len(cmds), oneByOne(cmds))
	if s.caps == nil && err == nil {
		s.caps = before
		if err := s.one(ctx, "ask capabilities", s.cmd("CAPABILITY")); err != nil {
			return err
		}
	}
	if err != nil {
		if c.done != nil && c.done.kind != "OK" {
			return s.fail(op, c.done.fault(op, true))
		}
		return err
	}
	if s.caps["IMAP4REV2"] && !s.caps["IMAP4REV1"] {
		s.utf8, s.names = true, spellUTF8
	}
	if early == nil {
		s.enable()
	} else if early.c.done.kind == "OK" {
		s.early = early
	}
	return nil
}

// withLogin makes the command that opens a folder in the same breath as the login, where that is of use: the login must
// be one line, and ENABLE, which is for before a folder is open (RFC 5161 3.1), must be known already.
func (s *session) withLogin(first string) *opening {
	if first == "" || !neutral(first) || !s.has("AUTH=PLAIN") || !s.has("SASL-IR") || !s.has("ENABLE") {
		return nil
	}
	o := s.opening(selectVerb, first)
	o.c.soft = true // Select asks again and says why
	return o
}

// enable turns UTF-8 names on where they are offered (RFC 6855 3). The command is only made here: it travels with the next
// one, or by settle.
func (s *session) enable() {
	if s.has("ENABLE") && (s.caps["UTF8=ACCEPT"] || s.caps["UTF8=ONLY"]) {
		s.owed = s.enabling()
	}
}

// enabling makes the command; a server that cannot do it says so, and nothing is enabled (RFC 5161 3.1).
func (s *session) enabling() *command {
	c := s.cmd("ENABLE", "UTF8=ACCEPT")
	c.soft = true // a refusal leaves modified UTF-7, which every server has
	c.only = "ENABLED"
	c.on = func(name string, r *reply, at int) error {
		if name != "ENABLED" {
			return nil
		}
		tokens, err := r.tokenize(at)
		if err != nil {
			return err
		}
		for _, t := range tokens {
			if equalFold(t.text, "UTF8=ACCEPT") {
				s.utf8, s.names = true, spellUTF8
			}
		}
		return nil
	}
	return c
}

// settle sends what is owed by itself: before commands whose words depend on the encoding.
func (s *session) settle(ctx context.Context) error {
	c := s.owed
	if c == nil {
		return nil
	}
	s.owed = nil
	return s.one(ctx, "enable UTF-8", c)
}

// owing puts what is owed in front of commands that are the same in both encodings.
func (s *session) owing(cmds ...*command) []*command {
	if c := s.owed; c != nil {
		s.owed = nil
		return append([]*command{c}, cmds...)
	}
	return cmds
}

// neutral reports whether a mailbox name is written alike in both encodings.
func neutral(name string) bool { return isASCII(name) && !strings.Contains(name, "&") }
