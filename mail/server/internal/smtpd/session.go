package smtpd

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/emersion/go-smtp"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/server/internal/queue"
	"hopthu/mail/server/internal/register"
	"hopthu/mail/viet"
)

// session is one connection's state after EHLO. The engine calls it from one goroutine at a time.
type session struct {
	s      *Server
	conn   *smtp.Conn
	f      *front
	ctx    context.Context
	cancel context.CancelFunc

	login    *register.Session
	half     *register.Session // of an exchange whose last answer the client has not taken yet
	refusals int
	unknown  int

	data sync.Mutex // held while a message is read
	mu   sync.Mutex // guards what follows: with BDAT the engine reads a message beside the commands
	env  queue.Envelope
	cut  bool
}

var _ smtp.AuthSession = (*session)(nil)

func (s *Server) newSession(c *smtp.Conn) (smtp.Session, error) {
	f, ok := c.Conn().(*front)
	if !ok {
		return nil, errors.New("connection without front")
	}
	sess := &session{s: s, conn: c, f: f}
	sess.ctx, sess.cancel = context.WithCancel(s.ctx)
	return sess, nil
}

// Logout ends the session.
func (c *session) Logout() error {
	c.cancel()
	c.drop()
	if c.login != nil {
		c.login.End()
	}
	return nil
}

// Reset forgets the current message, and waits for the end of one whose chunks will not come (RFC 3030 2).
func (c *session) Reset() {
	c.data.Lock()
	defer c.data.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.env, c.cut = queue.Envelope{}, false
}

// envelope is the current one, and whether the answer to its message is to be cut off.
func (c *session) envelope() (queue.Envelope, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.env, c.cut
}

// Mail begins a message. AUTH comes first, and the sender is the box, or an agency's that the person may send for (RFC
// 6409 6.1).
func (c *session) Mail(from string, o *smtp.MailOptions) error {
	if c.login == nil {
		return answer(530, 5, 7, 0, "Please authenticate first")
	}
	if env, _ := c.envelope(); env.From != "" { // RFC 5321 4.1.4: one at a time
		return answer(503, 5, 5, 1, "A message was begun already; RSET ends it")
	}
	if len(o.EnvelopeID) > maxEnvID {
		return answer(501, 5, 5, 4, "The ENVID is too long")
	}
	if o.Size > c.s.opt.MaxSize {
		return answer(552, 5, 3, 4, "The message is too big")
	}
	from, err := address(from, o.UTF8)
	if err != nil {
		return err
	}
	owner, err := c.s.opt.Register.SendsAs(c.ctx, c.login, from)
	if err != nil {
		return c.fault("check sender", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.env = queue.Envelope{
		Account: owner, Person: c.login.Person.Account, From: from,
		Remote: remoteIP(c.f), Helo: c.conn.Hostname(), UTF8: o.UTF8, TLS: true,
		Body: string(o.Body), EnvID: o.EnvelopeID, Return: returning(o.Return),
	}
	return nil
}

// Rcpt takes a recipient after the queue has said what would become of it.
func (c *session) Rcpt(to string, o *smtp.RcptOptions) error {
	if c.s.opt.Fault != nil {
		var err error
		if to, err = c.provoke(to); err != nil {
			return err
		}
	}
	if len(o.OriginalRecipient) > maxORCPT {
		return answer(501, 5, 5, 4, "The ORCPT is too long")
	}
	env, _ := c.envelope()
	to, err := address(to, env.UTF8)
	if err != nil {
		return err
	}
	target, err := c.s.opt.Queue.Resolve(c.ctx, to)
	if err != nil {
		if mail.KindOf(err) == mail.BadAddress {
			if c.unknown++; c.unknown > freeUnknown {
				c.s.opt.Delay(c.ctx, refusalDelay)
			}
		}
		return c.fault("check recipient", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.env.To = append(c.env.To, recipient(target.Address, o))
	return nil
}

func returning(r smtp.DSNReturn) queue.Return {
	return map[smtp.DSNReturn]queue.Return{smtp.DSNReturnHeaders: queue.ReturnHeader, smtp.DSNReturnFull: queue.ReturnFull}[r]
}

// recipient is a recipient with what the sender asked to be told of it (RFC 3461 4.1, 4.2).
func recipient(addr string, o *smtp.RcptOptions) queue.Recipient {
	r := queue.Recipient{Address: addr}
	for _, n := range o.Notify {
		r.Notify |= map[smtp.DSNNotify]queue.Notify{
			smtp.DSNNotifyNever: queue.NotifyNever, smtp.DSNNotifySuccess: queue.NotifySuccess,
			smtp.DSNNotifyFailure: queue.NotifyFailure, smtp.DSNNotifyDelayed: queue.NotifyDelay,
		}[n]
	}
	if o.OriginalRecipient != "" {
		r.Original = strings.ToLower(string(o.OriginalRecipientType)) + ";" + o.OriginalRecipient
	}
	return r
}

// provoke makes the fault that a recipient's name asks for, and gives the recipient without it.
func (c *session) provoke(to string) (string, error) {
	switch c.s.opt.Fault(to) {
	case Temporary:
		return "", answer(451, 4, 3, 0, "Temporary failure, as asked for")
	case Permanent:
		return "", answer(550, 5, 7, 1, "Permanent failure, as asked for")
	case Timeout:
		c.s.opt.Delay(c.s.halt, timeMessage)
		c.hangUp()
		return "", answer(421, 4, 4, 2, "No answer, as asked for")
	case Cut:
		c.mu.Lock()
		c.cut = true
		c.mu.Unlock()
		local, domain, _ := strings.Cut(to, "@")
		to = strings.TrimRight(local[:len(local)-len(Cut)], "-+.") + "@" + domain
	}
	return to, nil
}

// address checks an envelope address (libraries-mail 3.2): the engine lets anything through.
func address(addr string, utf8OK bool) (string, error) {
	switch {
	case !utf8.ValidString(addr):
		return "", answer(553, 5, 6, 7, "The address is not UTF-8")
	case strings.ContainsFunc(addr, func(r rune) bool { return r < ' ' || r == 0x7f || r == '<' || r == '>' }):
		return "", answer(553, 5, 1, 3, "The address has a character that cannot be")
	case addr == "":
		return "", answer(553, 5, 1, 7, "The null sender cannot submit")
	}
	addr = viet.NFC(addr)
	ascii := strings.IndexFunc(addr, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
	if !ascii && !utf8OK {
		return "", answer(553, 5, 6, 7, "This address needs SMTPUTF8")
	}
	if err := letter.ValidAddress(addr); err != nil {
		return "", answer(553, 5, 1, 3, "The address cannot be")
	}
	return addr, nil
}

// fault turns an error of another room into an answer.
func (c *session) fault(op string, err error) error {
	f := mail.AsFault(op, err)
	if stamped := (*queue.Stamped)(nil); errors.As(err, &stamped) {
		return c.stamped(stamped.Places)
	}
	switch f.Kind {
	case mail.BadAddress:
		return answer(550, 5, 1, 1, "No such person here")
	case mail.Refused, mail.Blocked:
		switch f.Detail {
		case "relay":
			return answer(550, 5, 7, 1, "This server does not send outside")
		case "suspended":
			return answer(550, 5, 2, 1, "This box is suspended")
		case register.NotFrom:
			return answer(550, 5, 7, 1, "The sender is not your own address")
		case register.NotSender:
			return answer(550, 5, 7, 1, "The header's Sender is not you")
		case register.TooMuch:
			return answer(550, 5, 7, 1, "Your delegation does not reach so far")
		case register.OnlyAnswers:
			return answer(550, 5, 7, 1, "Your delegation is for answers to letters of this box, and this is none")
		case register.Over:
			return answer(550, 5, 7, 1, "You may no longer send for this box")
		case "loop":
			return answer(554, 5, 4, 6, "The message goes in circles")
		case "no-rcpt":
			return answer(554, 5, 5, 1, "No recipient")
		}
		return answer(550, 5, 7, 1, "Refused: "+f.Detail)
	case mail.OverQuota:
		return answer(452, 4, 2, 2, "The box is full")
	case mail.TooBig:
		return answer(552, 5, 3, 4, "The message is too big")
	case mail.DiskFull:
		return answer(452, 4, 3, 1, "No room now; please try again later")
	case mail.TryLater:
		if f.Detail == register.Frozen {
			return answer(450, 4, 7, 1, "The box changes hands; please try again later")
		}
		return answer(451, 4, 3, 0, "Not now; please try again later")
	}
	if !errors.Is(err, context.Canceled) {
		c.s.opt.Log.Error("smtp", "op", op, "err", err)
	}
	return answer(451, 4, 3, 0, "Internal error; it was noted")
}

// stamped refuses a letter with a stamp of secrecy (QC 7.1b). Who did not ask for SMTPUTF8 gets words in ASCII (RFC 6531
// 3.7.4).
func (c *session) stamped(places []string) error {
	at := strings.Join(places, ", ")
	vi := "có dấu chỉ độ mật; văn bản mật không được gửi qua thư điện tử (QC 7.1b, 8.2)"
	if env, _ := c.envelope(); !env.UTF8 {
		vi = "co dau chi do mat; van ban mat khong duoc gui qua thu dien tu (QC 7.1b, 8.2)"
	}
	return answer(550, 5, 7, 1, at+": "+vi+" / a stamp of secrecy; secret documents must not be sent by mail")
}

// answer is a reply with enhanced code (RFC 3463); its text is cleaned of everything that could end the line.
func answer(code, class, subject, detail int, text string) error {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{class, subject, detail}, Message: text}
}

// hangUp ends the connection at once.
func (c *session) hangUp() {
	if err := c.f.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		c.s.opt.Log.Debug("close smtp connection", "err", err)
	}
}

func remoteIP(c net.Conn) string {
	host, _, err := net.SplitHostPort(c.RemoteAddr().String())
	if err != nil {
		return fmt.Sprint(c.RemoteAddr())
	}
	return host
}
