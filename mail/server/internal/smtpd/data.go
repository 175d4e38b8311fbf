package smtpd

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/emersion/go-smtp"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/server/internal/queue"
	"hopthu/mail/server/internal/register"
)

var (
	errTooBig = errors.New("message too big")
	errNUL    = errors.New("message has a NUL")
)

// Data takes the message. It reads to the end whatever happens; where that is not possible the connection ends, for
// what would follow is the rest of the message, not commands (libraries-mail 3.4.1).
func (c *session) Data(r io.Reader) error {
	c.data.Lock() // with BDAT the engine goes on after RSET while the message before it still ends here
	defer c.data.Unlock()
	c.f.busy.Store(true)
	defer c.f.busy.Store(false)
	in := &reader{c: c, r: r, end: c.s.opt.Deadline(timeMessage), left: c.s.opt.MaxSize}
	env, cut := c.envelope()
	id, err := c.take(in, env)
	if derr := in.drain(); derr != nil {
		if errors.Is(derr, smtp.ErrDataReset) { // the engine might give this answer to the next message
			c.f.last.Store(true)
		} else {
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
	if cut {
		c.hangUp()
	}
	return answer(250, 2, 0, 0, "OK: queued as "+id)
}

// take checks the header and hands the message to the queue.
func (c *session) take(in *reader, env queue.Envelope) (string, error) {
	br := bufio.NewReaderSize(letter.CanonicalCRLF(in), 4096)
	header, err := readHeader(br)
	if err != nil {
		return "", err
	}
	if err := c.checkHeader(header, &env); err != nil {
		return "", err
	}
	select {
	case <-c.login.Done(): // while the letter was on its way
		return "", &mail.Fault{Kind: mail.Refused, Op: "accept", Detail: register.Over}
	default:
	}
	done, err := c.s.opt.Queue.Accept(c.ctx, env, io.MultiReader(bytes.NewReader(header), br))
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
