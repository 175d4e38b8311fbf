// Package outbox sends letters so that nothing is lost and nothing goes out twice: queued, sending, then sent, waiting,
// unknown or refused, each step on disk before the next begins.
//
// Laws: it knows SMTP only through Sender; a letter enters only with the verdict of a check; submitted and filed are
// separate steps, and filing never causes sending.
package outbox

import (
	"context"
	"io"
)

// Sender submits one letter, as wire implements it. The error's *mail.Fault kind decides what follows: Refused,
// TooBig, BadAddress, Blocked are for good; TryLater, NoServer, NoAnswer, LostConnection and the like before the final
// dot are tried again; Unsent means the dot left and no answer came.
type Sender interface {
	Send(ctx context.Context, e Envelope, size int64, r io.Reader) (Receipt, error)
}

// Envelope is RFC 5321 2.3.1: sender and recipients as addr-spec.
type Envelope struct {
	From string
	To   []string
	UTF8 bool   // header fields or addresses need SMTPUTF8 (RFC 6531)
	DSN  bool   // ask for delivery notifications where offered (RFC 3461)
	ID   string // ENVID: the Message-ID without brackets
}

// Receipt is the server's 250: its text is kept as evidence.
type Receipt struct {
	Text    string
	Refused map[string]string // recipients refused one by one while others were accepted: address → server's words
}
