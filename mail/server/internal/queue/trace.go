package queue

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"
	"sync"
	"time"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/rule"
	"hopthu/mail/server/internal/box"
)

const (
	maxReceived = 50       // Received fields that a letter may come with (RFC 5321 6.3)
	lookAhead   = 64 << 10 // octets of a header that are looked at before the letter is stored
)

// incoming is a letter on its way in: what is read of it is traced, and its content measured as it passes.
type incoming struct {
	io.Reader
	ahead     *bufio.Reader
	messageID string
	body      hash.Hash // over all behind the header, as it came
}

// receive puts the trace in front of a letter (RFC 5321 4.4), and Date and Message-ID where they are missing (RFC 6409
// 8.2, 8.3), and the Sender that the envelope names. A letter that goes in circles is refused.
func (q *Queue) receive(e Envelope, id string, r io.Reader) (*incoming, error) {
	br, ok := lookers.Get().(*bufio.Reader)
	if !ok {
		br = bufio.NewReaderSize(r, lookAhead)
	}
	br.Reset(r)
	in := &incoming{ahead: br, body: sha256.New()}
	front, err := br.Peek(lookAhead)
	if err != nil && !errors.Is(err, io.EOF) {
		in.free()
		return nil, mail.AsFault("read letter", err)
	}
	size := headerSize(front)
	head := front[:size]
	if len(box.HeaderFields(head, "Received")) > maxReceived {
		in.free()
		return nil, &mail.Fault{Kind: mail.Refused, Op: "accept", Detail: "loop"}
	}
	now := q.opt.Now().In(rule.Zone)
	in.messageID = box.MessageID(head)
	var trace strings.Builder
	fmt.Fprintf(&trace, "Received: from %s by %s with %s id %s;\r\n\t%s\r\n", helo(e.Helo), q.opt.Host, protocol(e), id, rfc5322(now))
	if e.Sender != "" {
		fmt.Fprintf(&trace, "Sender: %s\r\n", e.Sender)
	}
	if e.Account != 0 && in.messageID == "" {
		fmt.Fprintf(&trace, "Message-ID: <%s>\r\n", letter.NewMessageID(q.reg.Domain(), q.opt.Rand))
	}
	if _, ok := box.HeaderField(head, "Date"); e.Account != 0 && !ok {
		fmt.Fprintf(&trace, "Date: %s\r\n", rfc5322(now))
	}
	in.Reader = io.MultiReader(strings.NewReader(trace.String()), io.TeeReader(br, &skip{w: in.body, n: size}))
	return in, nil
}

// lookers are readers that nobody uses: each holds lookAhead octets.
var lookers sync.Pool

// free gives back what looked ahead; nothing is read of the letter after it.
func (in *incoming) free() {
	if br := in.ahead; br != nil {
		in.ahead, in.Reader = nil, nil
		br.Reset(nil)
		lookers.Put(br)
	}
}

func rfc5322(t time.Time) string { return t.Format("Mon, 02 Jan 2006 15:04:05 -0700") }

// protocol is the value of "with" (RFC 3848, RFC 6531 4.3). The client's address is not written: it is in the audit log,
// and where somebody sits is no business of the recipients.
func protocol(e Envelope) string {
	switch {
	case e.Account == 0:
		return "local"
	case e.UTF8 && e.TLS:
		return "UTF8SMTPSA"
	case e.UTF8:
		return "UTF8SMTPA"
	case e.TLS:
		return "ESMTPSA"
	}
	return "ESMTPA"
}

// helo is what a client called itself, if that can stand in a header.
func helo(s string) string {
	bad := func(r rune) bool {
		return !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_:[]", r)
	}
	if s == "" || len(s) > 255 || strings.ContainsFunc(s, bad) {
		return "unknown"
	}
	return s
}

// headerSize is where the body begins, or all there is.
func headerSize(p []byte) int {
	if bytes.HasPrefix(p, []byte("\r\n")) || bytes.HasPrefix(p, []byte("\n")) {
		return bytes.IndexByte(p, '\n') + 1
	}
	end := len(p)
	for _, sep := range []string{"\n\r\n", "\n\n"} {
		if i := bytes.Index(p, []byte(sep)); i >= 0 {
			end = min(end, i+len(sep))
		}
	}
	return end
}

// skip passes on all but the first n octets.
type skip struct {
	w io.Writer
	n int
}

func (s *skip) Write(p []byte) (int, error) {
	if s.n >= len(p) {
		s.n -= len(p)
		return len(p), nil
	}
	n := s.n
	s.n = 0
	if _, err := s.w.Write(p[n:]); err != nil {
		return 0, err
	}
	return len(p), nil
}

// key tells one letter of one sender from another: a second copy has the same sender, Message-ID and body. The body is
// in it so that a different letter under a used Message-ID is never taken for a copy and lost; trace fields that differ
// between two tries are not. Without a Message-ID the body must do.
func (in *incoming) key(from string) []byte {
	h := sha256.New()
	h.Write(fmt.Appendf(nil, "%d:%s%d:%s", len(from), from, len(in.messageID), in.messageID))
	h.Write(in.body.Sum(nil)) // a hash never fails
	return h.Sum(nil)
}
