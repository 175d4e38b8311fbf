package wire

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"

	"hopthu/mail"
)

// session is one IMAP connection. It is used by one goroutine at a time; only its link may be closed by others.
type session struct {
	d    *Dialer
	l    *link
	conn net.Conn
	br   *bufio.Reader
	bw   *bufio.Writer
	in   reply

	tags    int
	caps    map[string]bool
	utf8    bool     // names travel as UTF-8 (RFC 6855)
	names   spelling // … if the server keeps to it, as far as List has shown
	exists  uint32   // letters in the selected folder, kept up to date
	flagSet map[string]string
	fresh   bool     // nothing was asked since the folder was opened
	early   *opening // the folder that was opened with the login; nil once anything else was asked
	owed    *command // ENABLE, which goes out with the first command that is the same in both encodings

	alert func(string) // where ALERT texts go
	bye   string       // the server's last BYE, cleaned
	dead  bool
}

// maxCaps is how many capabilities a server may have; the longest known list has about sixty.
const maxCaps = 500

// has reports whether the server offers a capability, or implies it by IMAP4rev2 (RFC 9051 appendix E).
func (s *session) has(name string) bool {
	if s.caps[name] {
		return true
	}
	if !s.caps["IMAP4REV2"] {
		return false
	}
	switch name {
	case "ESEARCH", "UIDPLUS", "MOVE", "IDLE", "SASL-IR", "LIST-EXTENDED", "LIST-STATUS", "SPECIAL-USE", "ENABLE", "LITERAL-":
		return true
	}
	return false
}

func (s *session) setCaps(words string) {
	s.caps = map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		if len(s.caps) == maxCaps {
			break
		}
		s.caps[strings.ToUpper(strings.Clone(w))] = true
	}
}

// close ends the connection without a word.
func (s *session) close(cause error) {
	s.dead = true
	s.l.kill(cause)
}

// fail ends the connection and says why in a Fault.
func (s *session) fail(op string, err error) error {
	var f *mail.Fault
	switch {
	case errors.As(err, &f):
	case errors.Is(err, errProtocol):
		f = &mail.Fault{Kind: mail.BadServer, Op: op, Detail: clean(strings.TrimPrefix(err.Error(), errProtocol.Error()+": ")), Err: err}
	default:
		told := *netFault(op, err, s.l) // a copy: the cause may be shared
		if f = &told; f.Kind == mail.LostConnection && f.Detail == "" {
			f.Detail = s.bye
		}
	}
	s.close(f)
	return f
}

// one runs a small command.
func (s *session) one(ctx context.Context, op string, c *command) error {
	return s.run(ctx, op, s.d.limits.Command, 1, only(c))
}

// run sends the commands that next gives until it gives nil, at most depth at a time, and reads until all are
// answered. The first refusal is returned when every answer is in; a broken connection at once.
func (s *session) run(ctx context.Context, op string, limit time.Duration, depth int, next func() *command) error {
	if s.dead {
		return &mail.Fault{Kind: mail.LostConnection, Op: op, Detail: s.bye}
	}
	if err := ctx.Err(); err != nil {
		return netFault(op, err, nil)
	}
	s.fresh, s.early = false, nil
	release := s.l.watch(ctx, s.d.limits.Stall, limit)
	defer release()
	var (
		flight []*command
		first  error
		ended  bool
	)
	for {
		for !ended && len(flight) < depth && first == nil {
			c := next()
			if c == nil {
				ended = true
				break
			}
			if first = c.err; first != nil {
				break
			}
			flight = append(flight, c)
			if err := s.send(c, flight); err != nil {
				return s.fail(op, err)
			}
			flight, first = settle(op, flight, first)
		}
		if err := s.bw.Flush(); err != nil {
			return s.fail(op, err)
		}
		if len(flight) == 0 {
			return first
		}
		if err := s.step(flight); err != nil {
			return s.fail(op, err)
		}
		flight, first = settle(op, flight, first)
	}
}

// settle takes the answered commands out of flight and keeps the first refusal.
func settle(op string, flight []*command, first error) ([]*command, error) {
	kept := flight[:0]
	for _, c := range flight {
		switch {
		case c.done == nil:
			kept = append(kept, c)
		case c.done.kind != "OK" && first == nil && !c.soft:
			first = c.done.fault(op, false)
		}
	}
	return kept, first
}

// send writes a command. Where the server must first say "+", it is waited for; an early refusal ends the sending.
func (s *session) send(c *command, flight []*command) error {
	c.finish()
	for i, p := range c.parts {
		if i > 0 {
			if err := s.bw.Flush(); err != nil {
				return err
			}
			ready, err := s.await(c, flight)
			if err != nil || !ready {
				return err
			}
		}
		if _, err := s.bw.Write(p.b); err != nil {
			return err
		}
		if p.r == nil {
			continue
		}
		n, err := io.Copy(s.bw, io.LimitReader(p.r, p.n))
		if err != nil {
			return err
		}
		if n != p.n {
			return &mail.Fault{Kind: mail.Unknown, Op: "append letter", Err: fmt.Errorf("letter has %d octets, not %d", n, p.n)}
		}
		if _, err := s.bw.Write(p.after); err != nil {
			return err
		}
	}
	return nil
}

// await reads until the server says "+"; ready is false when it ended the command instead.
func (s *session) await(c *command, flight []*command) (ready bool, err error) {
	for {
		if err := s.in.readReply(s.br, nil); err != nil {
			return false, err
		}
		if isPlus(s.in.text) {
			return true, nil
		}
		if err := s.dispatch(flight); err != nil {
			return false, err
		}
		if c.done != nil {
			return false, nil
		}
	}
}

func isPlus(text []byte) bool {
	return len(text) > 0 && text[0] == '+' && (len(text) == 1 || text[1] == ' ')
}

// step reads one response and hands it to who waits for it.
func (s *session) step(flight []*command) error {
	var sink func([]byte, int64) io.Writer
	for _, c := range flight {
		if c.sink != nil {
			sink = c.sink
		}
	}
	if err := s.in.readReply(s.br, sink); err != nil {
		return err
	}
	return s.dispatch(flight)
}

// dispatch looks at the response in s.in. Unknown untagged responses and empty lines are passed over (C1).
func (s *session) dispatch(flight []*command) error {
	text := s.in.text
	switch {
	case len(bytes.TrimSpace(text)) == 0:
		return nil
	case bytes.HasPrefix(text, []byte("* ")):
		return s.untagged(flight)
	case isPlus(text):
		return broken("unexpected continuation")
	}
	tag, rest, _ := bytes.Cut(text, []byte(" "))
	for _, c := range flight {
		if c.tag != string(tag) {
			continue
		}
		st, ok := parseStatus(rest)
		if !ok || st.kind == "BYE" || st.kind == "PREAUTH" {
			return broken("answer without OK, NO or BAD")
		}
		s.notice(st)
		c.done = &st
		return nil
	}
	// The line may be a piece of a letter if the server miscounted: only its first word is told.
	return broken("line that begins with %q", firstWord(tag))
}

func firstWord(b []byte) string {
	s := clean(string(b))
	if len(s) > 20 {
		s = s[:20]
	}
	return strings.ToValidUTF8(s, "")
}

// notice keeps what a status response says beyond its command.
func (s *session) notice(st status) {
	switch {
	case st.code == "ALERT" && s.alert != nil:
		s.alert(clean(st.text))
	case st.code == "CAPABILITY":
		s.setCaps(st.args)
	}
	if st.kind == "BYE" {
		s.bye = clean(st.text)
	}
}

// untagged keeps the session's own state and asks the commands in flight.
func (s *session) untagged(flight []*command) error {
	body := s.in.text[2:]
	if st, ok := parseStatus(body); ok {
		s.notice(st)
		for _, c := range flight {
			if c.told != nil {
				c.told(st)
			}
		}
		return nil
	}
	at := 2
	word, rest, _ := bytes.Cut(body, []byte(" "))
	name := strings.ToUpper(string(word))
	if n, err := strconv.ParseUint(name, 10, 32); err == nil {
		at += len(word) + 1
		word, _, _ = bytes.Cut(rest, []byte(" "))
		name = strings.ToUpper(string(word))
		switch name {
		case "EXISTS":
			s.exists = uint32(n)
		case "EXPUNGE":
			if s.exists > 0 {
				s.exists--
			}
		}
	} else if name == "CAPABILITY" {
		s.setCaps(string(rest))
	}
	at += len(word)
	for _, c := range flight {
		if c.on != nil && (c.only == "" || c.only == name) { // commands in flight together share one handler
			return c.on(name, &s.in, min(at, len(s.in.text)))
		}
	}
	return nil
}
