package imapd

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"hopthu/mail/utf7"
)

// Limits of what a client may say. They are far above what any client needs and far below what hurts.
const (
	maxTag          = 64
	maxLine         = 64 << 10 // one command without its literals
	maxLiteral      = 64 << 10 // all literals of one command outside APPEND, after login
	maxStranger     = 4 << 10  // the same before login
	maxLiterals     = 256      // literals in one command
	maxDrain        = 1 << 20  // octets of a refused literal that are read and thrown away to stay in step
	maxEmpty        = 16       // empty lines in a row
	maxBad          = 8        // unusable commands before login
	timeBeforeLogin = time.Minute
	timeStranger    = 3 * time.Minute  // from the first byte of a connection to its login, whatever it says
	timeIdle        = 35 * time.Minute // RFC 9051 5.4: at least 30
	timeCommand     = time.Minute      // from the first byte of a command to its end, and between reads of a message
	timeWrite       = 30 * time.Second // one piece of an answer
	pieceSize       = 16 << 10         // answers are gathered up to this size: one TLS record, one system call
	maxQuoted       = 1024             // longer strings travel as literals
	lineSize        = 1 << 10          // of the reader: commands are short, literals pass it by, and thousands only wait
)

// errEnded ends a connection on purpose; what there was to say has been said.
var errEnded = fmt.Errorf("ended: %w", net.ErrClosed)

// conn is one connection: bytes in, bytes out. Only stop and the closing of nc may come from another goroutine.
type conn struct {
	nc       net.Conn
	br       *bufio.Reader
	deadline func(time.Duration) time.Time
	until    time.Time              // by when a stranger must have logged in
	ending   atomic.Pointer[string] // why the connection shall end after this command

	hear   func() error // waits for the client while telling it what happens; nil: in silence
	logged bool
	utf8   bool // UTF-8 mode (RFC 6855, RFC 9051): names and strings are not encoded
	bad    int
	out    []byte
	packed bool   // COMPRESS: everything is deflated
	dict   []byte // the end of what the answer at hand has sent deflated
	err    error  // the first that a write met; nothing is written after it
}

func newConn(nc net.Conn, deadline func(time.Duration) time.Time) *conn {
	return &conn{nc: nc, br: bufio.NewReaderSize(nc, lineSize), deadline: deadline, until: deadline(timeStranger)}
}

// allow gives the next reads at most d, and a stranger no more than is left to it.
func (c *conn) allow(d time.Duration) error {
	t := c.deadline(d)
	if !c.logged && c.until.Before(t) {
		t = c.until
	}
	return c.nc.SetReadDeadline(t)
}

// put gathers output.
func (c *conn) put(parts ...string) {
	for _, p := range parts {
		c.out = append(c.out, p...)
	}
	if len(c.out) >= pieceSize {
		c.flush()
	}
}

func (c *conn) putNum(n uint64) { c.out = strconv.AppendUint(c.out, n, 10) }

// flush sends what was gathered.
func (c *conn) flush() {
	if len(c.out) == 0 {
		return
	}
	if c.err == nil {
		if c.err = c.nc.SetWriteDeadline(c.deadline(timeWrite)); c.err == nil {
			c.err = c.send(c.out)
		}
	}
	if c.out = c.out[:0]; cap(c.out) > 2*pieceSize {
		c.out = nil
	}
}

// putLiteral writes octets as they are.
func (c *conn) putLiteral(b []byte) {
	c.put("{", strconv.Itoa(len(b)), "}\r\n")
	c.putBytes(b)
}

// putBytes writes large data without gathering it whole.
func (c *conn) putBytes(b []byte) {
	for len(b) > 0 && c.err == nil {
		n := min(len(b), pieceSize)
		c.out = append(c.out, b[:n]...)
		b = b[n:]
		if len(c.out) >= pieceSize {
			c.flush()
		}
	}
}

// putString writes a string as quoted where it can stand in quotes, as a literal otherwise. Octets above ASCII stand
// in quotes only in UTF-8 mode (RFC 6855 3) and only when they are UTF-8.
func (c *conn) putString(s string) {
	if len(s) > maxQuoted || !quotable(s, c.utf8) {
		c.putLiteral([]byte(strings.ReplaceAll(s, "\x00", "?")))
		return
	}
	c.out = append(c.out, '"')
	for i := 0; i < len(s); i++ {
		if s[i] == '"' || s[i] == '\\' {
			c.out = append(c.out, '\\')
		}
		c.out = append(c.out, s[i])
	}
	c.out = append(c.out, '"')
}

func quotable(s string, wide bool) bool {
	for i := 0; i < len(s); i++ {
		if b := s[i]; b == 0 || b == '\r' || b == '\n' || b >= 0x80 && !wide {
			return false
		}
	}
	return !wide || utf8.ValidString(s)
}

// putNString is putString, NIL when there is none.
func (c *conn) putNString(s string, is bool) {
	if !is {
		c.put("NIL")
		return
	}
	c.putString(s)
}

// putMailbox writes a mailbox name: modified UTF-7, or UTF-8 in UTF-8 mode.
func (c *conn) putMailbox(name string) {
	if !c.utf8 {
		name = utf7.Encode(name)
	}
	c.putString(name)
}

// await waits for the first byte of a line. A connection that waits too long, or waits while the server stops, is
// told so.
func (c *conn) await(limit time.Duration) error {
	if c.br.Buffered() == 0 {
		c.flush()
		c.out, c.dict = nil, nil // who waits holds as little as it can
	}
	if c.err != nil {
		return c.err
	}
	if err := c.allow(limit); err != nil {
		return err
	}
	if why := c.ending.Load(); why != nil {
		return c.bye(*why)
	}
	if c.hear != nil && c.br.Buffered() == 0 {
		return c.hear()
	}
	_, err := c.br.Peek(1)
	return c.awaited(err)
}

func (c *conn) awaited(err error) error {
	if err == nil || !errors.Is(err, os.ErrDeadlineExceeded) {
		return err
	}
	if why := c.ending.Load(); why != nil {
		return c.bye(*why)
	}
	return c.bye("Autologout; idle for too long")
}

// stop asks the connection to end as soon as no command is being carried out. It may be called from anywhere.
func (c *conn) stop(why string) error {
	c.ending.Store(&why)
	return c.nc.SetReadDeadline(c.deadline(-time.Second))
}

// bye says why and ends the connection.
func (c *conn) bye(text string) error {
	c.put("* BYE ", sanitise(text), "\r\n")
	c.flush()
	return errEnded
}

// firstLine waits for a command to begin and reads its first line; empty lines are passed over.
func (c *conn) firstLine() (string, error) {
	wait := timeIdle
	if !c.logged {
		wait = timeBeforeLogin
	}
	for range maxEmpty {
		if err := c.await(wait); err != nil {
			return "", err
		}
		line, err := c.readLine()
		if err != nil || line != "" {
			return line, err
		}
	}
	return "", c.bye("Too many empty lines")
}

// readLine reads up to the line end, which it takes off.
func (c *conn) readLine() (string, error) {
	if have, err := c.br.Peek(c.br.Buffered()); err != nil || bytes.IndexByte(have, '\n') < 0 {
		c.flush() // the rest of the line may wait for an answer
	}
	if err := c.allow(timeCommand); err != nil {
		return "", err
	}
	var line []byte
	for {
		part, err := c.br.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > maxLine {
			return "", c.bye("Command line too long")
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return "", err
		}
		return string(bytes.TrimSuffix(line[:len(line)-1], []byte{'\r'})), nil
	}
}

// leave tells a client that it may send its literal (RFC 9051 4.3).
func (c *conn) leave(l *literal) {
	if !l.nonSync {
		c.put("+ OK\r\n")
		c.flush()
	}
}

// readLiteral reads a small literal whole.
func (c *conn) readLiteral(l *literal) ([]byte, error) {
	c.leave(l)
	data := make([]byte, l.size)
	_, err := io.ReadFull(c.body(l.size), data)
	return data, err
}

// body reads n octets of a literal and no octet more. Each read has its own time limit, so a slow line works and a
// dead one does not.
func (c *conn) body(n int64) *literalReader { return &literalReader{c, n} }

type literalReader struct {
	c    *conn
	left int64
}

func (r *literalReader) Read(p []byte) (int, error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	if int64(len(p)) > r.left {
		p = p[:r.left]
	}
	if r.c.br.Buffered() == 0 {
		r.c.flush()
	}
	if err := r.c.allow(timeCommand); err != nil {
		return 0, err
	}
	n, err := r.c.br.Read(p)
	r.left -= int64(n)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// drain reads the rest of a refused literal, so that no byte of it is taken for a command.
func (r *literalReader) drain() error {
	_, err := io.Copy(io.Discard, r)
	return err
}

// command is one command as it came: its text with every literal taken out and marked by a NUL, which no line can hold.
type command struct {
	tag, name string
	args      string // what follows the name, with the space before it
	lits      [][]byte
	lit       *literal // announced at the end of args and not read yet: the message of an APPEND
}

// readCommand reads the next command; nil without error is one that was refused already.
func (c *conn) readCommand() (*command, error) {
	line, err := c.firstLine()
	if err != nil {
		return nil, err
	}
	rest, lit, litErr := cutLiteral(line)
	tag, name, args, ok := cutCommand(rest)
	switch {
	case !ok && tag == "":
		return nil, c.refuse("*", lit, "Syntax error")
	case !ok, litErr != nil, !cleanLine(line):
		return nil, c.refuse(tag, lit, "Syntax error")
	}
	cmd := &command{tag: tag, name: name, args: args, lit: lit}
	if streams[name] || name == "UID" && strings.HasPrefix(strings.ToUpper(args), " REPLACE ") {
		return cmd, nil
	}
	return c.readRest(cmd)
}

// readRest reads the literals of a command and everything between them.
func (c *conn) readRest(cmd *command) (*command, error) {
	limit := int64(maxLiteral)
	if !c.logged {
		limit = maxStranger
	}
	var text strings.Builder
	text.WriteString(cmd.args)
	total, clean := int64(0), true
	for n := 0; cmd.lit != nil; n++ {
		lit := cmd.lit
		if total += lit.size; lit.size > limit || total > limit || n == maxLiterals || text.Len() > maxLine {
			return nil, c.refuse(cmd.tag, lit, "Literal too large")
		}
		data, err := c.readLiteral(lit)
		if err != nil {
			return nil, err
		}
		cmd.lits = append(cmd.lits, data)
		text.WriteByte(0)
		line, err := c.readLine()
		if err != nil {
			return nil, err
		}
		var rest string
		if rest, cmd.lit, err = cutLiteral(line); err != nil || !cleanLine(line) {
			if clean = false; cmd.lit == nil {
				break
			}
		}
		text.WriteString(rest)
	}
	if !clean {
		return nil, c.refuse(cmd.tag, nil, "Syntax error")
	}
	cmd.args = text.String()
	return cmd, nil
}

// refuse answers BAD to a command that cannot be read. What the client sends along unasked is read and thrown away, or
// ends the connection when it is too much: it is never taken for commands.
func (c *conn) refuse(tag string, lit *literal, text string) error {
	code := ""
	if lit != nil && lit.size > maxStranger {
		code = "[TOOBIG] "
	}
	inStep, err := c.skip(lit)
	if err != nil {
		return err
	}
	c.put(tag, " BAD ", code, text, "\r\n")
	if !inStep {
		return c.bye(text)
	}
	return c.countBad()
}

// skip throws away what follows a literal that nobody wants, up to the end of the command. It is false when that would
// be too much to read.
func (c *conn) skip(lit *literal) (inStep bool, err error) {
	for lit != nil && lit.nonSync {
		if lit.size > maxDrain {
			return false, nil
		}
		if err := c.body(lit.size).drain(); err != nil {
			return false, err
		}
		line, err := c.readLine()
		if err != nil {
			return false, err
		}
		_, lit, _ = cutLiteral(line)
	}
	return true, nil
}

// countBad ends a connection that only sends nonsense before login; it may be another protocol.
func (c *conn) countBad() error {
	if c.logged {
		return nil
	}
	if c.bad++; c.bad >= maxBad {
		return c.bye("Too many bad commands")
	}
	return nil
}

func remoteIP(c net.Conn) string {
	host, _, err := net.SplitHostPort(c.RemoteAddr().String())
	if err != nil {
		return c.RemoteAddr().String()
	}
	return host
}

// closeConn ends the connection after a last try to send what is gathered.
func (c *conn) closeConn(ctx context.Context) error {
	if ctx.Err() == nil {
		c.flush()
	}
	return c.nc.Close()
}
