package queue

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"hopthu/mail"
)

// Smarthost is the one server that letters to the outside go through. TLS is required, on the first byte or by STARTTLS.
type Smarthost struct {
	Host     string // name, as in its certificate
	Port     int
	Security mail.Security
	User     string // "" for none
	Password string
	Name     string // how this server names itself
	TLS      *tls.Config
	Dial     func(ctx context.Context, network, addr string) (net.Conn, error)
	Limit    time.Duration // for one letter; 0 is 10 min
}

// Send is Relay: one connection, one letter. What the sender asked to be told goes along where the relay takes it (RFC 3461
// 5.2.1); where it does not, nothing of it is said (5.2.2).
func (h *Smarthost) Send(ctx context.Context, t Transmission, r io.Reader) (Handover, error) {
	if h.Limit == 0 {
		h.Limit = 10 * time.Minute
	}
	ctx, cancel := context.WithTimeout(ctx, h.Limit)
	defer cancel()
	conn, err := h.Dial(ctx, "tcp", net.JoinHostPort(h.Host, fmt.Sprint(h.Port)))
	if err != nil {
		return Handover{Peer: h.Host}, &mail.Fault{Kind: mail.NoServer, Op: "relay", Detail: h.Host, Err: err}
	}
	broken := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() { broken <- conn.Close() }) // the library knows no context
	got := Handover{Refused: map[string]error{}, Peer: h.Host}
	err = h.talk(conn, t, r, &got)
	if !stop() {
		err = errors.Join(err, ctx.Err(), <-broken)
	} else if cerr := conn.Close(); cerr != nil && !errors.Is(cerr, net.ErrClosed) && err != nil {
		err = errors.Join(err, cerr)
	}
	return got, smtpFault(err)
}

func (h *Smarthost) talk(conn net.Conn, t Transmission, r io.Reader, got *Handover) error {
	c, err := h.greet(conn)
	if err != nil {
		return err
	}
	if ok, _ := c.Extension("SMTPUTF8"); t.UTF8 && !ok {
		return &mail.Fault{Kind: mail.Refused, Op: "relay", Detail: "the relay cannot carry addresses or headers in UTF-8 (SMTPUTF8)"}
	}
	got.Reports, _ = c.Extension("DSN")
	o := &smtp.MailOptions{UTF8: t.UTF8, Size: t.Size, EnvelopeID: t.EnvID}
	switch t.Return {
	case ReturnHeader:
		o.Return = smtp.DSNReturnHeaders
	case ReturnFull:
		o.Return = smtp.DSNReturnFull
	}
	if err := c.Mail(t.From, o); err != nil {
		return err
	}
	for _, to := range t.To {
		if err := c.Rcpt(to.Address, rcptOptions(to)); err != nil {
			var spoken *smtp.SMTPError
			if !errors.As(err, &spoken) {
				return err
			}
			got.Refused[to.Address] = smtpFault(err)
		}
	}
	if len(got.Refused) == len(t.To) {
		return nil
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := io.Copy(w, r); err != nil {
		return err // the dot was not sent: nothing is accepted
	}
	return w.Close() // accepted; a good-bye could only change that for the worse
}

func rcptOptions(to Recipient) *smtp.RcptOptions {
	o := &smtp.RcptOptions{}
	for _, n := range []struct {
		bit  Notify
		word smtp.DSNNotify
	}{{NotifyNever, smtp.DSNNotifyNever}, {NotifySuccess, smtp.DSNNotifySuccess}, {NotifyFailure, smtp.DSNNotifyFailure}, {NotifyDelay, smtp.DSNNotifyDelayed}} {
		if to.Notify&n.bit != 0 {
			o.Notify = append(o.Notify, n.word)
		}
	}
	if kind, addr, ok := cutOriginal(to.Original); ok {
		o.OriginalRecipientType, o.OriginalRecipient = smtp.DSNAddressTypeRFC822, addr
		if kind == "utf-8" {
			o.OriginalRecipientType = smtp.DSNAddressTypeUTF8
		}
	}
	return o
}

func (h *Smarthost) greet(conn net.Conn) (*smtp.Client, error) {
	conf := h.TLS.Clone()
	if conf == nil {
		conf = &tls.Config{}
	}
	if conf.ServerName == "" {
		conf.ServerName = h.Host
	}
	if conf.MinVersion == 0 {
		conf.MinVersion = tls.VersionTLS12
	}
	c, err := h.secure(conn, conf)
	if err != nil {
		return nil, err
	}
	if h.User == "" {
		return c, nil
	}
	return c, c.Auth(sasl.NewPlainClient("", h.User, h.Password))
}

func (h *Smarthost) secure(conn net.Conn, conf *tls.Config) (*smtp.Client, error) {
	if h.Security == mail.STARTTLS { // the library says EHLO itself, as localhost
		return smtp.NewClientStartTLS(conn, conf)
	}
	c := smtp.NewClient(tls.Client(conn, conf))
	return c, c.Hello(h.Name)
}

// smtpFault: 5yz is for good, all else may be tried again. A refused login is the operator's business, not the letter's.
func smtpFault(err error) error {
	var spoken *smtp.SMTPError
	var f *mail.Fault
	var cert *tls.CertificateVerificationError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &f):
		return err
	case errors.As(err, &cert):
		return &mail.Fault{Kind: mail.BadCertificate, Op: "relay", Err: err}
	case !errors.As(err, &spoken):
		return &mail.Fault{Kind: mail.LostConnection, Op: "relay", Err: err}
	}
	out := &mail.Fault{Kind: mail.TryLater, Op: "relay", Detail: fmt.Sprintf("%d %s", spoken.Code, spoken.Message)}
	switch spoken.Code {
	case 530, 534, 535, 538: // RFC 4954: about this server's login
	case 552, 554:
		out.Kind = mail.Refused
		if spoken.EnhancedCode == (smtp.EnhancedCode{5, 3, 4}) {
			out.Kind = mail.TooBig
		}
	case 550, 551, 553:
		out.Kind = mail.Refused
		if e := spoken.EnhancedCode; e[0] == 5 && e[1] == 1 {
			out.Kind = mail.BadAddress
		}
	default:
		if spoken.Code >= 500 {
			out.Kind = mail.Refused
		}
	}
	return out
}
