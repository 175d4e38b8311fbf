package smtpd

import (
	"bytes"
	"fmt"
	"mime"
	"slices"
	"strings"
	"unicode/utf8"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/server/internal/queue"
	"hopthu/mail/server/internal/register"
)

// singles are the fields that may stand once only (RFC 5322 3.6, RFC 2045 3, RFC 2183 2); with two of them two readers may
// see two letters.
var singles = []string{
	"From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Subject", "Date", "Message-ID", "In-Reply-To", "References",
	"MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "Content-ID",
}

// checkHeader refuses a header that could speak for somebody else (RFC 6409 8.1), that two readers may read as two
// letters, or that goes in circles. What it finds out stands in env.
func (c *session) checkHeader(block []byte, env *queue.Envelope) error {
	if err := wellFormed(block); err != nil {
		return err
	}
	h := letter.ReadHeader(block)
	if slices.Contains(h.Defects(), letter.DefectManyFields) { // those behind the limit would be read by nobody here
		return answer(552, 5, 3, 4, "The header has too many fields")
	}
	for _, name := range singles {
		if len(h.All(name)) > 1 {
			return answer(550, 5, 6, 0, "The header has more than one "+name)
		}
	}
	if len(h.All("Received")) > maxReceived {
		return answer(554, 5, 4, 6, "The message goes in circles")
	}
	from, bad := h.Addresses("From")
	if len(from) != 1 || len(bad) > 0 || !oneMailbox(h.Raw("From")) {
		return answer(550, 5, 6, 0, "The header needs one From with one address")
	}
	owner := env.Account
	if from[0].Addr != env.From { // that was asked at MAIL, and is asked again where the letter is taken
		var err error
		if owner, err = c.s.opt.Register.SendsAs(c.ctx, c.login, from[0].Addr); err != nil {
			return fmt.Errorf("check from: %w", err)
		}
	}
	person := c.login.Person
	if env.Account != owner && env.Account != person.Account { // reports about it would go to a third box
		return &mail.Fault{Kind: mail.Refused, Op: "check from", Detail: register.NotFrom}
	}
	env.Account = owner
	named, err := c.checkSender(h)
	if err != nil {
		return err
	}
	if owner != person.Account && !named {
		env.Sender = mailbox(person)
	}
	return nil
}

// checkSender holds Sender to be who sends the letter, and that is the person (RFC 5322 3.6.2). named says that there is one.
func (c *session) checkSender(h *letter.Header) (named bool, err error) {
	raw := h.Raw("Sender")
	if raw == nil {
		return false, nil
	}
	senders, bad := h.Addresses("Sender")
	if len(senders) != 1 || len(bad) > 0 || !oneMailbox(raw) {
		return true, answer(550, 5, 6, 0, "The header's Sender cannot be read")
	}
	own, err := c.s.opt.Register.Owns(c.ctx, c.login.Person.Account, senders[0].Addr)
	if err != nil {
		return true, fmt.Errorf("check sender: %w", err)
	}
	if !own {
		return true, &mail.Fault{Kind: mail.Refused, Op: "check sender", Detail: register.NotSender}
	}
	return true, nil
}

// wellFormed refuses a block with a line that is neither a field nor the rest of one (RFC 5322 2.2, 3.6.8): some readers
// pass over it, some end the header there, some take "From :" for From. block has CRLF line ends.
func wellFormed(block []byte) error {
	n := 0
	for line := range bytes.Lines(block) {
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			return nil
		}
		n++
		if n > 1 && (line[0] == ' ' || line[0] == '\t') {
			continue
		}
		name, _, found := bytes.Cut(line, []byte{':'})
		if !found || len(name) == 0 || bytes.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
			return answer(550, 5, 6, 0, fmt.Sprintf("Line %d of the header is no header field", n))
		}
	}
	return nil
}

// oneMailbox reports whether a field holds one mailbox and nothing from which another reader could take a second one: no
// group, no route, nothing behind the angle, no address outside of quotes and comments beside it (RFC 5322 3.4).
func oneMailbox(field []byte) bool {
	_, value, _ := bytes.Cut(field, []byte{':'})
	ats, angle := 0, 0 // angle: 1 inside, 2 behind
	quoted, depth := false, 0
	for i := 0; i < len(value); i++ {
		ch := value[i]
		switch {
		case ch == '\\' && (quoted || depth > 0):
			i++
		case quoted:
			quoted = ch != '"'
		case ch == '(':
			depth++
		case ch == ')':
			if depth--; depth < 0 {
				return false
			}
		case depth > 0 || strings.IndexByte(" \t\r\n", ch) >= 0:
		case angle == 2:
			return false
		case ch == '"':
			quoted = true
		case ch == '@':
			ats++
		case ch == '<' && angle == 0, ch == '>' && angle == 1:
			angle++
		case strings.IndexByte("<>,;:", ch) >= 0:
			return false
		}
	}
	return ats == 1 && angle != 1 && !quoted && depth == 0
}

// mailbox is a person as he stands in a field (RFC 5322 3.4); what is not ASCII in a name is encoded (RFC 2047).
func mailbox(p register.Box) string {
	for _, r := range p.Name {
		if r >= utf8.RuneSelf {
			return mime.BEncoding.Encode("utf-8", p.Name) + " <" + p.Wire + ">"
		}
	}
	return letter.FormatAddress(mail.Address{Name: p.Name, Addr: p.Wire})
}
