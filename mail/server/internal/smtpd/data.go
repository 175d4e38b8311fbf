package smtpd

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-smtp"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/server/internal/register"
)

var (
	errTooBig = errors.New("message too big")
	errNUL    = errors.New("message has a NUL")
)

// Data takes the message. It reads to the end whatever happens; where that is not possible the connection ends, for
// what would follow is the rest of the message, not commands (libraries-mail 3.4.1).
func (c *session) Data(r io.Reader) error {
	c.f.busy.Store(true)
	defer c.f.busy.Store(false)
	in := &reader{c: c, r: r, end: c.s.opt.Deadline(timeMessage), left: c.s.opt.MaxSize}
	id, err := c.take(in)
	if derr := in.drain(); derr != nil {
		if !errors.Is(derr, smtp.ErrDataReset) {
			c.hangUp()
		}
		return answer(451, 4, 4, 2, "The message did not arrive whole")
	}
	var spoken *smtp.SMTPError
	switch {
	case in.over:
		return answer(552, 5, 3, 4, "The message is too big")
	case in.nul:
		return answer(550, 5, 6, 0, "The message has a NUL byte")
	case errors.As(err, &spoken):
		return spoken
	case err != nil:
		return c.fault("take message", err)
	}
	if c.cut {
		c.hangUp()
	}
	return answer(250, 2, 0, 0, "OK: queued as "+id)
}

// take checks the header and hands the message to the queue.
func (c *session) take(in *reader) (string, error) {
	br := bufio.NewReaderSize(letter.CanonicalCRLF(in), 4096)
	header, err := readHeader(br)
	if err != nil {
		return "", err
	}
	if err := c.checkHeader(header); err != nil {
		return "", err
	}
	select {
	case <-c.login.Done(): // while the letter was on its way
		return "", &mail.Fault{Kind: mail.Refused, Op: "accept", Detail: register.Over}
	default:
	}
	done, err := c.s.opt.Queue.Accept(c.ctx, c.env, io.MultiReader(bytes.NewReader(header), br))
	if err != nil {
		return "", fmt.Errorf("accept: %w", err)
	}
	return done.ID, nil
}

// readHeader reads up to and with the empty line, or the whole message if there is none.
func readHeader(br *bufio.Reader) ([]byte, error) {
	var header []byte
	start := true
	for {
		line, err := br.ReadSlice('\n')
		header = append(header, line...)
		if len(header) > maxHeader {
			return nil, answer(552, 5, 3, 4, "The header is too big")
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			start = false
			continue
		case errors.Is(err, io.EOF):
			return header, nil
		case err != nil:
			return nil, err
		case start && len(bytes.TrimRight(line, "\r\n")) == 0:
			return header, nil
		}
		start = true
	}
}

// singles are the fields that may stand once only (RFC 5322 3.6); with two of them two readers may see two letters.
var singles = []string{"From", "Sender", "Reply-To", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References"}

// checkHeader refuses a header that could speak for somebody else (RFC 6409 8.1) or that goes in circles.
func (c *session) checkHeader(block []byte) error {
	h := letter.ReadHeader(block)
	for _, name := range singles {
		if len(h.All(name)) > 1 {
			return answer(550, 5, 6, 0, "The header has more than one "+name)
		}
	}
	if len(h.All("Received")) > maxReceived {
		return answer(554, 5, 4, 6, "The message goes in circles")
	}
	from, bad := h.Addresses("From")
	if len(from) != 1 || len(bad) > 0 {
		return answer(550, 5, 6, 0, "The header needs one From with one address")
	}
	owner, err := c.s.opt.Register.SendsAs(c.ctx, c.login, from[0].Addr)
	if err != nil {
		return fmt.Errorf("check from: %w", err)
	}
	person := c.login.Person
	if c.env.Account != owner && c.env.Account != person.Account { // reports about it would go to a third box
		return &mail.Fault{Kind: mail.Refused, Op: "check from", Detail: register.NotFrom}
	}
	c.env.Account = owner
	senders, bad := h.Addresses("Sender")
	if len(bad) > 0 || h.Get("Sender") != "" && len(senders) != 1 {
		return answer(550, 5, 6, 0, "The header's Sender cannot be read")
	}
	for _, a := range senders { // RFC 5322 3.6.2: who sends it, and that is the person
		own, err := c.s.opt.Register.Owns(c.ctx, person.Account, a.Addr)
		if err != nil {
			return fmt.Errorf("check sender: %w", err)
		}
		if !own {
			return &mail.Fault{Kind: mail.Refused, Op: "check sender", Detail: register.NotSender}
		}
	}
	if owner != person.Account && len(senders) == 0 {
		c.env.Sender = mailbox(person)
	}
	return nil
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

// reader reads a message in small pieces, each with its own time limit, so that a slow line works and a dead one does
// not; it counts the size and looks for NUL.
type reader struct {
	c         *session
	r         io.Reader
	end       time.Time
	left      int64
	over, nul bool
	err       error // of the connection, kept
}

func (r *reader) Read(p []byte) (int, error) {
	n, err := r.read(p)
	r.left -= int64(n)
	switch {
	case r.left < 0:
		r.over = true
		return 0, errTooBig
	case bytes.IndexByte(p[:n], 0) >= 0:
		r.nul = true
		return 0, errNUL
	}
	return n, err
}

func (r *reader) read(p []byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	stall := r.c.s.opt.Stall
	if r.c.f.last.Load() { // dismissed: what is nearly done may end
		stall = min(stall, lastWords)
	}
	t := r.c.s.opt.Deadline(stall)
	if t.After(r.end) {
		t = r.end
	}
	if err := r.c.f.SetReadDeadline(t); err != nil {
		r.err = err
		return 0, err
	}
	n, err := r.r.Read(p[:min(len(p), 4096)])
	r.err = err
	return n, err
}

// drain reads what is left of the message. nil means that its end was seen.
func (r *reader) drain() error {
	buf := make([]byte, 4096)
	for total := int64(0); ; {
		n, err := r.read(buf)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if total += int64(n); total > 8*r.c.s.opt.MaxSize {
			return errTooBig
		}
	}
}

// ByName finds the fault in the local part of a recipient: "…temperror@…", as in the demo.
func ByName(rcpt string) Fault {
	local, _, _ := strings.Cut(strings.ToLower(rcpt), "@")
	for _, f := range []Fault{Temporary, Permanent, Timeout, Cut} {
		if strings.HasSuffix(local, string(f)) {
			return f
		}
	}
	return NoFault
}
