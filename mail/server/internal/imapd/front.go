package imapd

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Limits of what a client may say. They are far above what any client needs and far below what hurts.
const (
	maxTag          = 64
	maxFlag         = 128
	maxLine         = 64 << 10 // one command with its literals, as one line
	maxLiteral      = 4 << 10  // one literal outside APPEND
	maxLiterals     = 64       // literals in one command
	maxEmpty        = 16       // empty lines in a row
	maxBad          = 8        // unusable commands before login
	timeBeforeLogin = time.Minute
	timeIdle        = 35 * time.Minute // RFC 9051 5.4: at least 30
	timeCommand     = time.Minute      // from the first byte of a command to its end, and between reads of a message
	timeMessage     = 30 * time.Minute // one whole APPEND
	timeWrite       = 30 * time.Second // one piece of an answer
	pieceSize       = 16 << 10         // answers are gathered up to this size: one TLS record, one system call
)

// errEnded ends a connection on purpose; what there was to say has been said.
var errEnded = fmt.Errorf("ended by the front: %w", net.ErrClosed)

// front stands between the wire and the stock protocol engine. It reads whole commands with a parser of its own,
// turns every literal into a quoted string and gives the engine one clean line at a time, so that no byte of a
// literal or a message can ever be read as a command (libraries-mail B1–B6). The body of APPEND never passes through
// the engine: the session reads it here. It also answers what the engine cannot: ID, CAPABILITY, ENABLE.
//
// Read is called by the engine's one reading goroutine; only that goroutine touches the fields without a comment.
type front struct {
	net.Conn
	br       *bufio.Reader
	deadline func(time.Duration) time.Time
	limit    int64  // octets of one message
	office   string // base of the office API, "" for none
	upgraded bool   // after STARTTLS: no second greeting

	in       []byte // what the engine has not read yet
	bad      int
	body     *appendBody
	greeting []byte
	greeted  bool

	idle    atomic.Bool
	logged  atomic.Bool
	ending  atomic.Pointer[string] // why the connection shall end after this command
	wmu     sync.Mutex             // Idle's goroutine writes too
	out     []byte
	command atomic.Pointer[command] // the one being carried out
}

// command is tag and name of a command, as far as the session wants to know.
type command struct{ tag, name string }

func newFront(c net.Conn, deadline func(time.Duration) time.Time, limit int64, upgraded bool) *front {
	f := &front{Conn: c, br: bufio.NewReaderSize(c, 4096), deadline: deadline, limit: limit, upgraded: upgraded}
	f.command.Store(&command{})
	return f
}

// SetReadDeadline does nothing: the engine's limits are not ours, the front keeps its own.
func (f *front) SetReadDeadline(time.Time) error { return nil }

// SetDeadline does nothing, for the same reason.
func (f *front) SetDeadline(time.Time) error { return nil }

// Read gives the engine the next clean line.
func (f *front) Read(p []byte) (int, error) {
	for len(f.in) == 0 {
		line, err := f.next()
		if err != nil {
			return 0, err
		}
		f.in = line
	}
	n := copy(p, f.in)
	f.in = f.in[n:]
	return n, nil
}

// next reads one command; nil without error means that the front has dealt with it alone.
func (f *front) next() ([]byte, error) {
	if err := f.flush(); err != nil {
		return nil, err
	}
	if f.idle.Load() {
		return f.endIdle()
	}
	if err := f.dropBody(); err != nil {
		return nil, err
	}
	line, err := f.firstLine()
	if err != nil {
		return nil, err
	}
	rest, lit, litErr := cutLiteral(line)
	tag, name, args, ok := cutCommand(rest)
	switch {
	case !ok && tag == "":
		tag = "*"
		fallthrough
	case !ok, litErr != nil, !cleanLine(line):
		return nil, f.reject(tag, lit, "Syntax error")
	case name == "APPEND":
		return f.readAppend(tag, args, lit)
	}
	if lit != nil {
		args, err = f.readLiterals(tag, args, lit)
		if err != nil || args == "" {
			return nil, err
		}
	}
	f.command.Store(&command{tag: tag, name: name})
	return f.dispatch(tag, name, args)
}

// firstLine waits for a command to begin and reads its first line; empty lines are passed over (B6).
func (f *front) firstLine() (string, error) {
	wait := timeIdle
	if !f.logged.Load() {
		wait = timeBeforeLogin
	}
	for range maxEmpty {
		if err := f.await(wait); err != nil {
			return "", err
		}
		line, err := f.readLine()
		if err != nil || line != "" {
			return line, err
		}
	}
	return "", f.bye("Too many empty lines")
}

// await waits for the first byte of a line. A connection that waits too long, or waits while the server stops, is
// told so.
func (f *front) await(limit time.Duration) error {
	if err := f.Conn.SetReadDeadline(f.deadline(limit)); err != nil {
		return err
	}
	if why := f.ending.Load(); why != nil {
		return f.bye(*why)
	}
	_, err := f.br.Peek(1)
	if err == nil || !errors.Is(err, os.ErrDeadlineExceeded) {
		return err
	}
	if why := f.ending.Load(); why != nil {
		return f.bye(*why)
	}
	return f.bye("Autologout; idle for too long")
}

// stop asks the connection to end as soon as no command is being carried out. It may be called from anywhere.
func (f *front) stop(why string) error {
	f.ending.Store(&why)
	return f.Conn.SetReadDeadline(f.deadline(-time.Second))
}

// readLine reads up to the line end, which it takes off.
func (f *front) readLine() (string, error) {
	if err := f.Conn.SetReadDeadline(f.deadline(timeCommand)); err != nil {
		return "", err
	}
	var line []byte
	for {
		part, err := f.br.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > maxLine {
			return "", f.bye("Command line too long")
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

// readLiterals reads the literals of a command other than APPEND and everything between them, and gives the
// arguments as one line with quoted strings; "" when the command was refused.
func (f *front) readLiterals(tag, args string, lit *literalSpec) (string, error) {
	var b strings.Builder
	b.WriteString(args)
	fit := true
	for n := 0; lit != nil; n++ {
		if lit.size > maxLiteral || n == maxLiterals || b.Len() > maxLine {
			return "", f.reject(tag, lit, "Literal too large")
		}
		if !lit.nonSync {
			if err := f.say("+ OK\r\n"); err != nil {
				return "", err
			}
		}
		if err := f.Conn.SetReadDeadline(f.deadline(timeCommand)); err != nil {
			return "", err
		}
		data := make([]byte, lit.size)
		if _, err := io.ReadFull(f.br, data); err != nil {
			return "", err
		}
		q, ok := quote(string(data))
		fit = fit && ok
		b.WriteString(q)
		line, err := f.readLine()
		if err != nil {
			return "", err
		}
		var rest string
		rest, lit, err = cutLiteral(line)
		if err != nil || !cleanLine(line) {
			return "", f.reject(tag, lit, "Syntax error")
		}
		b.WriteString(rest)
	}
	if !fit {
		return "", f.say(tag + " BAD Control characters in a string\r\n")
	}
	return b.String(), nil
}

// reject answers BAD to a command that cannot be read. A client that has already sent a literal we do not want is
// out of step: the connection ends, for what follows is not commands (B2, B3, B5).
func (f *front) reject(tag string, lit *literalSpec, text string) error {
	if err := f.say(tag + " BAD " + text + "\r\n"); err != nil {
		return err
	}
	if lit != nil && lit.nonSync {
		return f.bye(text)
	}
	return f.countBad()
}

// countBad ends a connection that only sends nonsense before login; it may be another protocol.
func (f *front) countBad() error {
	if f.logged.Load() {
		return nil
	}
	if f.bad++; f.bad >= maxBad {
		return f.bye("Too many bad commands")
	}
	return nil
}

// bye says why and ends the connection.
func (f *front) bye(text string) error {
	if err := f.say("* BYE " + text + "\r\n"); err != nil {
		return err
	}
	return errEnded
}

// say writes a line of the front's own. It is called only while the engine waits for input, so that nothing mixes.
func (f *front) say(line string) error {
	f.wmu.Lock()
	defer f.wmu.Unlock()
	f.out = append(f.out, line...)
	return f.flushLocked()
}

// flush sends what was gathered.
func (f *front) flush() error {
	f.wmu.Lock()
	defer f.wmu.Unlock()
	return f.flushLocked()
}

func (f *front) flushLocked() error {
	if len(f.out) == 0 {
		return nil
	}
	if err := f.Conn.SetWriteDeadline(f.deadline(timeWrite)); err != nil {
		return err
	}
	_, err := f.Conn.Write(f.out)
	f.out = f.out[:0]
	if cap(f.out) > 2*pieceSize {
		f.out = nil
	}
	return err
}

// SetWriteDeadline does nothing: the front sets a limit for each piece.
func (f *front) SetWriteDeadline(time.Time) error { return nil }

// Close sends what is still gathered, unless a write hangs, and ends the connection. It never waits for long.
func (f *front) Close() error {
	if f.wmu.TryLock() {
		if len(f.out) > 0 && f.Conn.SetWriteDeadline(f.deadline(time.Second)) == nil {
			_, err := f.Conn.Write(f.out)
			f.out = nil
			f.wmu.Unlock()
			return errors.Join(err, f.Conn.Close())
		}
		f.wmu.Unlock()
	}
	return f.Conn.Close()
}

// endIdle waits for DONE (RFC 9051 6.3.13). Anything else is out of step.
func (f *front) endIdle() ([]byte, error) {
	if err := f.await(timeIdle); err != nil {
		return nil, err
	}
	line, err := f.readLine()
	if err != nil {
		return nil, err
	}
	if !strings.EqualFold(line, "DONE") {
		return nil, errEnded
	}
	f.idle.Store(false)
	return []byte("DONE\r\n"), nil
}
