package imapd

import (
	"errors"
	"io"
	"strconv"
	"strings"
)

// appendBody is the message of an APPEND that the engine is carrying out; the session reads it, or next drops it.
type appendBody struct {
	f      *front
	lit    literalSpec
	utf8   bool
	left   int64
	opened bool
	ended  bool // the rest of the line was read
}

// readAppend reads an APPEND command up to its message. The engine is told of a literal of no bytes: the message
// itself never passes through its parser.
func (f *front) readAppend(tag, args string, lit *literalSpec) ([]byte, error) {
	f.command.Store(&command{tag: tag, name: "APPEND"})
	if !f.logged.Load() {
		return nil, f.reject(tag, lit, "Please log in first")
	}
	var h appendHead
	if args == " " && lit != nil { // the mailbox name is a literal
		if lit.size > maxLiteral {
			return nil, f.reject(tag, lit, "Literal too large")
		}
		one, next, err := f.readMailboxLiteral(tag, lit)
		if err != nil || one == "" {
			return nil, err
		}
		if args, lit, err = cutLiteral(next); err != nil || !cleanLine(next) {
			return nil, f.reject(tag, lit, "Syntax error")
		}
		h.mailbox = one
	} else {
		q, rest, err := cutAString(strings.TrimPrefix(args, " "))
		if err != nil {
			return nil, f.reject(tag, lit, "Syntax error")
		}
		h.mailbox, args = q, rest
	}
	if lit == nil {
		return nil, f.reject(tag, nil, "APPEND wants a literal")
	}
	if err := parseAppendTail(&h, args); err != nil {
		return nil, f.reject(tag, lit, "Syntax error")
	}
	f.body = &appendBody{f: f, lit: *lit, utf8: h.utf8, left: lit.size}
	if lit.size > f.limit {
		return nil, f.tooBig(tag)
	}
	line := tag + " APPEND " + h.mailbox + " "
	for _, s := range []string{h.flags, h.date} {
		if s != "" {
			line += s + " "
		}
	}
	return []byte(line + "{0+}\r\n\r\n"), nil
}

// readMailboxLiteral reads the mailbox name of an APPEND and the line after it; "" when the name is unusable.
func (f *front) readMailboxLiteral(tag string, lit *literalSpec) (quoted, line string, err error) {
	if !lit.nonSync {
		if err := f.say("+ OK\r\n"); err != nil {
			return "", "", err
		}
	}
	if err := f.Conn.SetReadDeadline(f.deadline(timeCommand)); err != nil {
		return "", "", err
	}
	data := make([]byte, lit.size)
	if _, err := io.ReadFull(f.br, data); err != nil {
		return "", "", err
	}
	if line, err = f.readLine(); err != nil {
		return "", "", err
	}
	q, ok := quote(string(data))
	if !ok {
		_, next, quoteErr := cutLiteral(line)
		return "", "", errors.Join(quoteErr, f.reject(tag, next, "Control characters in a name"))
	}
	return q, line, nil
}

// tooBig refuses a message over the limit: what the client has already sent is read and thrown away (B1), unless it
// is so much that ending the connection is kinder.
func (f *front) tooBig(tag string) error {
	if f.body.lit.nonSync && f.body.lit.size > 8*f.limit {
		return errors.Join(f.say(tag+" NO [TOOBIG] The message is too big\r\n"), f.bye("The message is too big"))
	}
	if err := f.dropBody(); err != nil {
		return err
	}
	return f.say(tag + " NO [TOOBIG] The message is too big\r\n")
}

// openBody begins the message of the current APPEND: a client that waits for leave gets it now.
func (f *front) openBody() (io.Reader, int64, error) {
	b := f.body
	if b == nil || b.opened {
		return nil, 0, errSyntax
	}
	b.opened = true
	if !b.lit.nonSync {
		if err := f.say("+ Ready for the message\r\n"); err != nil {
			return nil, 0, err
		}
	}
	return b, b.lit.size, nil
}

// bodySize is the announced size of the current APPEND's message.
func (f *front) bodySize() int64 {
	if f.body == nil {
		return 0
	}
	return f.body.lit.size
}

// Read gives the message and no byte more. Each read has its own time limit, so a slow line works and a dead one
// does not.
func (b *appendBody) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, io.EOF
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	if err := b.f.Conn.SetReadDeadline(b.f.deadline(timeCommand)); err != nil {
		return 0, err
	}
	n, err := b.f.br.Read(p)
	b.left -= int64(n)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// end reads the rest of the APPEND line. It is false when something stands there that we do not carry out: a second
// message (MULTIAPPEND) or garbage; then nothing may be stored (B5). Literals that follow unasked are thrown away.
func (b *appendBody) end() (bool, error) {
	b.ended = true
	want := ""
	if b.utf8 {
		want = ")"
	}
	line, err := b.f.readLine()
	if err != nil {
		return false, err
	}
	if strings.TrimRight(line, " ") == want {
		return true, nil
	}
	for total := int64(0); ; {
		lit := unasked(line)
		if lit == nil {
			return false, nil
		}
		if total += lit.size; total > 8*b.f.limit || lit.size > 8*b.f.limit {
			return false, b.f.bye("Too much at once")
		}
		b.left = lit.size
		if _, err := io.Copy(io.Discard, b); err != nil {
			return false, err
		}
		if line, err = b.f.readLine(); err != nil {
			return false, err
		}
	}
}

// unasked finds a literal that the client sends without waiting for leave. One that waits is answered with BAD and
// never comes.
func unasked(line string) *literalSpec {
	_, lit, err := cutLiteral(line)
	if err != nil || lit == nil || !lit.nonSync {
		return nil
	}
	return lit
}

// dropBody brings the stream back in step after an APPEND whose message nobody read.
func (f *front) dropBody() error {
	b := f.body
	f.body = nil
	if b == nil || b.ended || (!b.opened && !b.lit.nonSync) {
		return nil
	}
	if _, err := io.Copy(io.Discard, b); err != nil {
		return err
	}
	_, err := b.end()
	return err
}

// finishBody is called by the session when it has read the whole message: only after true may it be stored.
func (f *front) finishBody() (bool, error) {
	if f.body == nil || f.body.left != 0 {
		return false, errors.New("append body not read: " + strconv.FormatBool(f.body == nil))
	}
	return f.body.end()
}
