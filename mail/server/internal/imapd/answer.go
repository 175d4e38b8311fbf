package imapd

import (
	"context"
	"errors"
	"strings"

	"github.com/emersion/go-imap/v2"

	"hopthu/mail"
)

// answer is a tagged NO or BAD (RFC 5530 has the codes).
type answer struct {
	kind imap.StatusResponseType
	code imap.ResponseCode
	text string
}

func (a *answer) Error() string { return string(a.kind) + " " + a.text }

// no is a tagged NO with a code; its text is cleaned of everything that could end the line.
func no(code imap.ResponseCode, text string) error {
	return &answer{imap.StatusResponseTypeNo, code, sanitise(text)}
}

func bad(text string) error { return &answer{imap.StatusResponseTypeBad, "", sanitise(text)} }

// sanitise makes one line of printable text; it is never empty (RFC 9051 section 9: text).
func sanitise(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
	if s = strings.TrimSpace(s); s == "" {
		return "Refused"
	}
	return s
}

// fault turns an error of another room into a tagged NO. missing is the code for a mailbox that is not there.
func (c *session) fault(op string, err error, missing imap.ResponseCode) error {
	if err == nil {
		return nil
	}
	var a *answer
	if errors.As(err, &a) {
		return err
	}
	f := mail.AsFault(op, err)
	switch f.Kind {
	case mail.NoFolder:
		if missing == "" {
			missing = imap.ResponseCodeNonExistent
		}
		return no(missing, "No such mailbox")
	case mail.Gone:
		return no("EXPUNGEISSUED", "Some of the messages are no longer there")
	case mail.OverQuota:
		return no(imap.ResponseCodeOverQuota, "The box is full")
	case mail.TooBig:
		return no(imap.ResponseCodeTooBig, "The message is too big")
	case mail.Conflict:
		if strings.Contains(f.Detail, "children") {
			return no(imap.ResponseCodeHasChildren, "The mailbox has mailboxes below it")
		}
		return no(imap.ResponseCodeAlreadyExists, "There is such a mailbox already")
	case mail.Refused, mail.Blocked:
		return no(imap.ResponseCodeCannot, "Not possible: "+f.Detail)
	case mail.TryLater, mail.DiskFull:
		return no(imap.ResponseCodeUnavailable, "Not now; please try again later")
	}
	if !errors.Is(err, context.Canceled) {
		c.s.opt.Log.Error("imap", "op", op, "err", err)
	}
	return no(imap.ResponseCodeUnavailable, "Internal error; it was noted")
}
