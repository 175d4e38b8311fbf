package wire

import (
	"errors"
	"fmt"
	"net/textproto"

	"github.com/emersion/go-smtp"

	"hopthu/mail"
)

// words is what the server said, with its codes, fit for a person.
func words(e *smtp.SMTPError) string {
	if e.EnhancedCode[0] > 0 {
		return clean(fmt.Sprintf("%d %d.%d.%d %s", e.Code, e.EnhancedCode[0], e.EnhancedCode[1], e.EnhancedCode[2], e.Message))
	}
	return clean(fmt.Sprintf("%d %s", e.Code, e.Message))
}

// smtpFault turns what SMTP or the network said into a Fault (RFC 5321 4.2, RFC 3463, RFC 4954 6).
func smtpFault(op string, err error, l *link) *mail.Fault {
	var (
		f    *mail.Fault
		said *smtp.SMTPError
		odd  textproto.ProtocolError
	)
	switch {
	case errors.As(err, &f):
		return f
	case errors.As(err, &said):
		return saidFault(op, said)
	case errors.As(err, &odd), errors.Is(err, smtp.ErrTooLongLine), errors.Is(err, errProtocol):
		return &mail.Fault{Kind: mail.BadServer, Op: op, Detail: clean(err.Error()), Err: err}
	}
	return netFault(op, err, l)
}

func saidFault(op string, e *smtp.SMTPError) *mail.Fault {
	f := &mail.Fault{Kind: mail.Refused, Op: op, Detail: words(e)}
	enhanced := [3]int(e.EnhancedCode)
	switch {
	case e.Code == 535 || e.Code == 534 || enhanced == [3]int{5, 7, 8}:
		f.Kind = mail.BadPassword
		if url := firstURL(e.Message); url != "" {
			f.Kind, f.Detail = mail.MustChange, url
		}
	case e.Code == 530 || e.Code == 538:
		f.Kind = mail.Refused
	case enhanced[1] == 3 && enhanced[2] == 4, e.Code == 552 && enhanced[1] != 2:
		f.Kind = mail.TooBig
	case enhanced[1] == 2 && enhanced[2] == 2 && e.Code >= 500:
		f.Kind = mail.OverQuota
	case enhanced[0] == 5 && enhanced[1] == 1 && (enhanced[2] == 1 || enhanced[2] == 2 || enhanced[2] == 3 || enhanced[2] == 6):
		f.Kind = mail.BadAddress
	case e.Code >= 400 && e.Code < 500:
		f.Kind = mail.TryLater
	case e.Code < 400:
		f.Kind = mail.BadServer
	}
	return f
}
