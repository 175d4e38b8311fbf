package wire

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/outbox"
	"hopthu/mail/rule"
)

// maxHeader is how much of a letter's beginning is looked at to find the end of its header.
const maxHeader = 1 << 20

// farewell is how long the answer to QUIT is waited for: the letter is accepted, the person waits for nothing more.
const farewell = 2 * time.Second

// maxSMTPAnswers is what a server may say in one connection: go-smtp gathers a reply of any number of lines.
const maxSMTPAnswers = 1 << 20

// SMTP submits letters of one account (RFC 6409); it implements outbox.Sender. Each Send has a connection of its own.
type SMTP struct {
	d      *Dialer
	a      mail.Account
	secret Secret
}

var _ outbox.Sender = (*SMTP)(nil)

// Sender gives the account's SMTP side.
func (d *Dialer) Sender(a mail.Account, secret Secret) *SMTP {
	return &SMTP{d: d, a: a, secret: secret}
}

// Send implements outbox.Sender. r must give exactly size octets in CRLF form; they go out as they are.
func (s *SMTP) Send(ctx context.Context, e outbox.Envelope, size int64, r io.Reader) (outbox.Receipt, error) {
	const op = "send letter"
	if err := checkEnvelope(op, e); err != nil {
		return outbox.Receipt{}, err
	}
	br := bufio.NewReaderSize(r, maxHeader)
	head, err := br.Peek(maxHeader)
	if err != nil && !errors.Is(err, io.EOF) {
		return outbox.Receipt{}, unread(op, err)
	}
	c, l, err := s.d.smtpOpen(ctx, s.a, watcher{})
	if err != nil {
		return outbox.Receipt{}, err
	}
	defer l.kill(errClosed)
	release := l.watch(ctx, s.d.limits.Stall, s.d.limits.Bulk)
	defer release()
	if err := s.login(ctx, c, l); err != nil {
		return outbox.Receipt{}, err
	}
	t := transaction{op: op, d: s.d, c: c, l: l, header8: !isASCII(string(headerBlockOf(head)))}
	if err := t.prepare(e, size, s.a); err != nil {
		return outbox.Receipt{}, err
	}
	receipt, err := t.envelope(e, size)
	if err != nil {
		return receipt, err
	}
	text, err := t.data(br, size)
	if err != nil {
		return receipt, err
	}
	receipt.Text = text
	l.patience(farewell)
	if err := c.Quit(); err != nil { // the letter is accepted; a bad farewell changes nothing
		s.d.log.Debug("smtp quit", "err", err)
	}
	return receipt, nil
}

// checkEnvelope keeps what is no plain addr-spec out of MAIL and RCPT: go-smtp lets ">" and spaces through.
func checkEnvelope(op string, e outbox.Envelope) error {
	if len(e.To) == 0 {
		return &mail.Fault{Kind: mail.BadAddress, Op: op, Detail: "no recipient"}
	}
	for _, a := range append([]string{e.From}, e.To...) {
		if err := letter.ValidAddress(a); err != nil {
			return &mail.Fault{Kind: mail.BadAddress, Op: op, Detail: clean(a), Err: err}
		}
	}
	return nil
}

// smtpOpen connects, secures and says EHLO. STARTTLS is demanded, never tried.
func (d *Dialer) smtpOpen(ctx context.Context, a mail.Account, w watcher) (*smtp.Client, *link, error) {
	const op = "connect to SMTP server"
	l, err := d.dial(ctx, op, a.SMTP)
	if err != nil {
		return nil, nil, err
	}
	l.budget = maxSMTPAnswers
	if w.dialed != nil {
		w.dialed(l)
	}
	release := l.watch(ctx, d.limits.Stall, d.limits.Command)
	defer release()
	var c *smtp.Client
	if a.SMTP.Security == mail.STARTTLS {
		c, err = d.smtpStartTLS(op, l, a)
	} else {
		var conn net.Conn
		if conn, err = d.secure(ctx, op, l, a.CAFile, a.SMTP.Host); err == nil {
			c = smtp.NewClient(conn)
		}
	}
	if err == nil {
		c.CommandTimeout, c.SubmissionTimeout = d.limits.Command, d.limits.Submit
		err = c.Hello(heloName(l.LocalAddr()))
		if st, ok := c.TLSConnectionState(); ok && st.HandshakeComplete && w.secured != nil {
			w.secured(st)
		}
	}
	if err != nil {
		f := smtpFault(op, err, l)
		l.kill(f)
		return nil, nil, f
	}
	return c, l, nil
}

// smtpStartTLS upgrades by go-smtp, which offers no way round a refusal.
func (d *Dialer) smtpStartTLS(op string, l *link, a mail.Account) (*smtp.Client, error) {
	cfg, err := d.tlsConfig(op, a.CAFile, a.SMTP.Host)
	if err != nil {
		return nil, err
	}
	c, err := smtp.NewClientStartTLS(l, cfg)
	if err == nil {
		return c, nil
	}
	var (
		said *smtp.SMTPError
		wire net.Error
	)
	if l.why() == nil && !errors.As(err, &wire) && !errors.Is(err, io.EOF) {
		if errors.As(err, &said) && said.Temporary() {
			return nil, err
		}
		return nil, &mail.Fault{Kind: mail.NoTLS, Op: op, Detail: clean(err.Error())}
	}
	return nil, err
}

// heloName is the address literal of our end (RFC 5321 4.1.4): it tells the server nothing that it does not see.
func heloName(a net.Addr) string {
	t, ok := a.(*net.TCPAddr)
	switch {
	case !ok:
		return "localhost"
	case t.IP.To4() != nil:
		return "[" + t.IP.String() + "]"
	}
	return "[IPv6:" + t.IP.String() + "]"
}

// login authenticates by PLAIN, or LOGIN where only that is offered.
func (s *SMTP) login(ctx context.Context, c *smtp.Client, l *link) error {
	const op = "log in to SMTP server"
	if _, ok := c.TLSConnectionState(); !ok { // the password must not depend on the code that opened the connection
		return &mail.Fault{Kind: mail.NoTLS, Op: op}
	}
	password, err := s.secret(ctx)
	if err != nil {
		var f *mail.Fault
		if errors.As(err, &f) {
			return f
		}
		return &mail.Fault{Kind: mail.NoKeyring, Op: op, Err: err}
	}
	var mech sasl.Client
	writes := 1 // AUTH PLAIN with its answer
	switch {
	case c.SupportsAuth(sasl.Plain):
		mech = sasl.NewPlainClient(s.a.As, s.a.Login, password)
	case s.a.As != "": // LOGIN has no place for whom he acts for
		return &mail.Fault{Kind: mail.Refused, Op: op, Detail: "AUTH PLAIN is not offered"}
	case c.SupportsAuth(sasl.Login):
		mech, writes = &loginMech{s.a.Login, password}, 3 // AUTH LOGIN, name, password
	default:
		return &mail.Fault{Kind: mail.Refused, Op: op, Detail: "the server offers no login"}
	}
	// After a refusal go-smtp says "*" and waits for an answer that some servers never give (RFC 4954 4 wants it only
	// inside an exchange): the write behind the last one that a login needs cuts the patience short.
	l.hurryAfter(writes, farewell)
	err = c.Auth(mech)
	l.hurryAfter(0, 0)
	if err != nil {
		return smtpFault(op, err, l)
	}
	return nil
}

// loginMech is the LOGIN mechanism by its order, name first: what the challenges say differs from server to server,
// and not every one of them takes the name along with AUTH.
type loginMech []string

func (m *loginMech) Start() (string, []byte, error) { return sasl.Login, nil, nil }

func (m *loginMech) Next([]byte) ([]byte, error) {
	if len(*m) == 0 {
		return nil, sasl.ErrUnexpectedServerChallenge
	}
	answer := []byte((*m)[0])
	*m = (*m)[1:]
	return answer, nil
}

// transaction is one MAIL … DATA.
type transaction struct {
	op      string
	d       *Dialer
	c       *smtp.Client
	l       *link
	header8 bool // the header has octets above 0x7f
	utf8    bool // SMTPUTF8 is needed and offered
	mime8   bool // the server takes 8-bit text
	from    string
	to      []string
}

// prepare decides about SMTPUTF8, 8BITMIME and SIZE before anything is said. Where the server lacks SMTPUTF8,
// addresses of our own domain take their wire spelling (D1): kh&đt@ becomes kh&dt@, the same mailbox. Another
// domain's address has no such twin (RFC 6531 3.2: no downgrade).
func (t *transaction) prepare(e outbox.Envelope, size int64, a mail.Account) error {
	if most, ok := t.c.MaxMessageSize(); ok && most > 0 && size > int64(most) {
		return &mail.Fault{Kind: mail.TooBig, Op: t.op, Detail: fmt.Sprintf("%d > %d", size, most)}
	}
	t.mime8, _ = t.c.Extension("8BITMIME")
	offered, _ := t.c.Extension("SMTPUTF8")
	t.from, t.to = e.From, append([]string(nil), e.To...)
	need := t.header8 || e.UTF8 || !isASCII(strings.Join(append(t.to, t.from), ""))
	if !need || offered {
		t.utf8 = need
		return nil
	}
	if t.header8 {
		return &mail.Fault{Kind: mail.Refused, Op: t.op, Detail: "the server does not take letters with Vietnamese addresses in the header (SMTPUTF8)"}
	}
	own := mail.Address{Addr: a.Address}.Domain()
	t.from = plainSpelling(t.from, own)
	for i := range t.to {
		t.to[i] = plainSpelling(t.to[i], own)
	}
	for _, addr := range append([]string{t.from}, t.to...) {
		if !isASCII(addr) {
			return &mail.Fault{Kind: mail.BadAddress, Op: t.op, Detail: "the server does not take this address (SMTPUTF8): " + clean(addr)}
		}
	}
	return nil
}

// plainSpelling gives an address the spelling that travels without SMTPUTF8, as far as there is one: the wire form in
// domain own (D1), A-labels for any domain (RFC 5890 2.3.2.1).
func plainSpelling(addr, own string) string {
	i := strings.LastIndexByte(addr, '@')
	if i < 0 || isASCII(addr) {
		return addr
	}
	if strings.EqualFold(addr[i+1:], own) {
		addr = rule.WireForm(addr[:i]) + addr[i:]
		i = strings.LastIndexByte(addr, '@')
	}
	return addr[:i+1] + hostName(addr[i+1:])
}

// envelope says MAIL and RCPT. Recipients refused for good are told in the receipt as long as another one is
// accepted; one that is refused for now stops the letter, because only the whole letter can be tried again.
func (t *transaction) envelope(e outbox.Envelope, size int64) (outbox.Receipt, error) {
	dsn, _ := t.c.Extension("DSN")
	dsn = dsn && e.DSN
	mo := &smtp.MailOptions{Size: size, UTF8: t.utf8}
	if dsn {
		mo.Return = smtp.DSNReturnHeaders
		if isASCII(e.ID) && printable(e.ID) && len(e.ID) <= 100 && !strings.Contains(e.ID, " ") {
			mo.EnvelopeID = e.ID
		}
	}
	if err := t.c.Mail(t.from, mo); err != nil {
		return outbox.Receipt{}, smtpFault(t.op, err, t.l)
	}
	var receipt outbox.Receipt
	var last error
	for i, to := range t.to {
		var ro *smtp.RcptOptions
		if dsn {
			ro = &smtp.RcptOptions{Notify: []smtp.DSNNotify{smtp.DSNNotifySuccess, smtp.DSNNotifyDelayed, smtp.DSNNotifyFailure}}
			switch { // RFC 3461 4.2, RFC 6533 3: reports then name the recipient as we know it
			case isASCII(e.To[i]):
				ro.OriginalRecipientType, ro.OriginalRecipient = smtp.DSNAddressTypeRFC822, e.To[i]
			case t.utf8:
				ro.OriginalRecipientType, ro.OriginalRecipient = smtp.DSNAddressTypeUTF8, e.To[i]
			}
		}
		err := t.c.Rcpt(to, ro)
		if err == nil {
			continue
		}
		f := smtpFault(t.op, err, t.l)
		var said *smtp.SMTPError
		if !errors.As(err, &said) || said.Temporary() {
			return outbox.Receipt{}, f
		}
		if receipt.Refused == nil {
			receipt.Refused = map[string]string{}
		}
		receipt.Refused[e.To[i]], last = words(said), f
	}
	if len(receipt.Refused) == len(t.to) {
		return receipt, last
	}
	return receipt, nil
}

// data sends the letter. Until the final dot leaves nothing is delivered, so every failure before it may be tried
// again; a connection that breaks after it leaves the outcome unknown.
func (t *transaction) data(r io.Reader, size int64) (string, error) {
	w, err := t.c.Data()
	if err != nil {
		return "", smtpFault(t.op, err, t.l)
	}
	in := &sevenBit{r: r, pass: t.mime8 || t.utf8}
	n, err := io.Copy(w, in)
	switch {
	case in.err != nil:
		return "", unread(t.op, in.err)
	case err != nil:
		return "", smtpFault(t.op, err, t.l)
	case n != size: // another try would end here as well: the letter goes back to the person
		return "", &mail.Fault{Kind: mail.Refused, Op: t.op, Detail: fmt.Sprintf("the letter has %d octets, not %d: it was not sent", n, size)}
	}
	t.l.patience(t.d.limits.Submit)
	resp, err := w.CloseWithResponse()
	if err == nil {
		return clean("250 " + resp.StatusText), nil
	}
	var said *smtp.SMTPError
	if errors.As(err, &said) && said.Code >= 400 {
		return "", smtpFault(t.op, err, t.l)
	}
	return "", &mail.Fault{Kind: mail.Unsent, Op: t.op, Err: err}
}

// unread is for a letter that cannot be read from our own side: nothing has been delivered, another try may do better.
func unread(op string, err error) *mail.Fault {
	var f *mail.Fault
	if errors.As(err, &f) && f.Kind == mail.Refused { // sevenBit's
		return f
	}
	return &mail.Fault{Kind: mail.TryLater, Op: op, Detail: "the letter cannot be read", Err: err}
}

// sevenBit stops at the first octet above 0x7f unless it may pass: a server without 8BITMIME would spoil the letter
// or refuse it later (RFC 6152 3). It remembers errors of reading, so that they are not taken for the network's.
type sevenBit struct {
	r    io.Reader
	pass bool
	err  error
}

func (s *sevenBit) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = fmt.Errorf("read letter: %w", err)
	}
	if !s.pass && bytes.IndexFunc(p[:n], func(r rune) bool { return r >= utf8.RuneSelf }) >= 0 {
		s.err = &mail.Fault{Kind: mail.Refused, Op: "send letter", Detail: "the server takes only 7-bit text (8BITMIME)"}
		return 0, s.err
	}
	return n, err
}
