// Package smtpd is the door for submission (RFC 6409): go-smtp behind guards of our own, over register and queue.
//
// Laws: nothing is taken without login over TLS; a letter carries the name of who sends it, in From: or, where he
// sends for an agency, in Sender:, and the register decides for whom he may; no byte
// of a message is ever read as a command: a message that cannot be read to its end ends the connection; 250 is said
// only after the queue has the message on disk; no subject, body or password goes into the log.
package smtpd

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emersion/go-smtp"

	"hopthu/mail/server/internal/queue"
	"hopthu/mail/server/internal/register"
)

// Limits of the door.
const (
	timeCommand   = 5 * time.Minute // RFC 5321 4.5.3.2
	timeLogin     = 2 * time.Minute // from the handshake to the end of AUTH, whatever is said meanwhile
	defaultStall  = time.Minute     // between two reads of a message, 4 KiB at most each
	timeMessage   = 30 * time.Minute
	maxLine       = 64 << 10 // of a command; RFC 4954 4.5.3.1.10 wants 12,288. The lines of a message may have any length.
	maxEnvID      = 100      // RFC 3461 5.4
	maxORCPT      = 500
	maxHeader     = 1 << 20
	maxRecipients = 1000 // RFC 5321 4.5.3.1.8 wants 100 at least; a circular goes to many boxes
	maxReceived   = 50   // RFC 5321 6.3
	refusalDelay  = 1500 * time.Millisecond
	maxRefusals   = 3
	lastWords     = time.Second // what a message on its way may still take once its session was ended
	freeUnknown   = 5           // unknown recipients before answers become slow
)

// Fault is what a recipient's name can provoke, in tests and in the demo only.
type Fault string

// The faults: refused for now, refused for good, no answer at all, and taken from the rest of the name but cut before
// the answer ("lan-cutoff@…" goes to lan).
const (
	NoFault   Fault = ""
	Temporary Fault = "temperror"
	Permanent Fault = "permerror"
	Timeout   Fault = "timeout"
	Cut       Fault = "cutoff"
)

// Options says what the door is handed.
type Options struct {
	Queue     *queue.Queue
	Register  *register.Register
	Host      string                               // own name
	Deadline  func(time.Duration) time.Time        // the moment d from now by the real clock: for sockets
	Delay     func(context.Context, time.Duration) // slows a refusal down
	MaxSize   int64                                // octets of one message
	ChangeURL string                               // where a first password is changed
	Fault     func(rcpt string) Fault              // nil outside tests and the demo
	Stall     time.Duration                        // the longest pause inside a message; 0 is a minute
	Log       *slog.Logger
}

// Server is the door.
type Server struct {
	opt    Options
	ctx    context.Context
	cancel context.CancelFunc
	halt   context.Context // done as soon as Stop is called
	stop   context.CancelFunc
	engine *smtp.Server

	mu    sync.Mutex
	conns map[*front]struct{}
}

// New makes the door.
func New(o Options) *Server {
	if o.Stall == 0 {
		o.Stall = defaultStall
	}
	ctx, cancel := context.WithCancel(context.Background())
	halt, stop := context.WithCancel(ctx)
	s := &Server{opt: o, ctx: ctx, cancel: cancel, halt: halt, stop: stop, conns: map[*front]struct{}{}}
	e := smtp.NewServer(smtp.BackendFunc(s.newSession))
	e.Domain = o.Host
	e.MaxRecipients = maxRecipients
	e.MaxLineLength = 0   // the engine's own limit holds inside of messages too; front has ours
	e.MaxMessageBytes = 0 // the engine's own limit is off by one and cannot be read past; data.go has ours
	e.ReadTimeout, e.WriteTimeout = timeCommand, time.Minute
	e.EnableSMTPUTF8, e.EnableDSN = true, true
	// The front is no *tls.Conn, so the engine cannot see the TLS below it. Every connection that Serve is given has
	// finished its handshake.
	e.AllowInsecureAuth = true
	e.ErrorLog = engineLog{o.Log}
	s.engine = e
	return s
}

type engineLog struct{ log *slog.Logger }

func (l engineLog) Printf(format string, v ...interface{}) {
	l.log.Info("smtp engine", "what", strings.TrimSpace(fmt.Sprintf(format, v...)))
}

func (l engineLog) Println(v ...interface{}) {
	l.log.Info("smtp engine", "what", strings.TrimSpace(fmt.Sprintln(v...)))
}

// Serve carries out the connections of ln, all of them past their TLS handshake, until ln is closed.
func (s *Server) Serve(ln net.Listener) error {
	err := s.engine.Serve(frontListener{ln, s})
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// Stop asks every connection to end after its command or message, and after ctx ends them all.
func (s *Server) Stop(ctx context.Context) error {
	s.stop()
	s.mu.Lock()
	for c := range s.conns {
		c.stop()
	}
	s.mu.Unlock()
	err := s.engine.Shutdown(ctx)
	s.cancel()
	if err != nil { // what was still open is cut now
		s.mu.Lock()
		open := slices.Collect(maps.Keys(s.conns))
		s.mu.Unlock()
		for _, c := range open {
			if cerr := c.Close(); cerr != nil && !errors.Is(cerr, net.ErrClosed) {
				return errors.Join(err, cerr)
			}
		}
	}
	return nil
}

type frontListener struct {
	net.Listener
	s *Server
}

func (l frontListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	up, ok := c.(interface{ Upgraded() bool })
	f := &front{Conn: c, s: l.s, greeted: !ok || !up.Upgraded(), login: l.s.opt.Deadline(timeLogin)}
	l.s.mu.Lock()
	l.s.conns[f] = struct{}{}
	l.s.mu.Unlock()
	return f, nil
}

// front stands between the wire and the engine: it tells the size limit exactly, leaves the greeting out after
// STARTTLS, and ends the connection when it was asked to.
type front struct {
	net.Conn
	s       *Server
	greeted bool
	login   time.Time   // when who has not logged in must go
	known   atomic.Bool // somebody has logged in
	line    int         // octets of the command line that is being read
	busy    atomic.Bool // a message is being read: its own time limits hold
	ending  atomic.Bool // the server stops
	last    atomic.Bool // close after the next answer
	once    sync.Once
	closing error
}

// SetReadDeadline lets a stopping server end a connection that waits for a command, and a stranger keep one for a while
// only.
func (f *front) SetReadDeadline(t time.Time) error {
	if !f.known.Load() && t.After(f.login) {
		t = f.login
	}
	if f.ending.Load() && !f.busy.Load() {
		t = f.s.opt.Deadline(-time.Second)
	}
	return f.Conn.SetReadDeadline(t)
}

// Read ends the connection when it fails inside a message: what would come next is the rest of the message, and the
// engine would read it as commands (libraries-mail 3.4.1; with BDAT the engine reads by itself and does not stop). It holds
// lines to their limit.
func (f *front) Read(p []byte) (int, error) {
	n, err := f.Conn.Read(p)
	limit := int64(maxLine)
	if f.busy.Load() { // between two chunks of BDAT as well, so there must be some limit
		limit += f.s.opt.MaxSize
	}
	if f.line = lineAfter(f.line, p[:n]); int64(f.line) > limit {
		n, err = 0, smtp.ErrTooLongLine
	}
	if err != nil && f.busy.Load() {
		if cerr := f.Close(); cerr != nil && !errors.Is(cerr, net.ErrClosed) {
			f.s.opt.Log.Debug("close smtp connection", "err", cerr)
		}
	}
	return n, err
}

// lineAfter is the length of a line that was n octets long and went on, or ended and began anew, with p.
func lineAfter(n int, p []byte) int {
	if i := bytes.LastIndexByte(p, '\n'); i >= 0 {
		return len(p) - i - 1
	}
	return n + len(p)
}

func (f *front) stop() {
	f.ending.Store(true)
	if f.busy.Load() {
		return
	}
	if err := f.Conn.SetReadDeadline(f.s.opt.Deadline(-time.Second)); err != nil && !errors.Is(err, net.ErrClosed) {
		f.s.opt.Log.Debug("stop smtp connection", "err", err)
	}
}

// dismiss ends a connection whose session was ended from outside: at once, or after a message that is being read got its
// answer, which cannot be yes unless it was taken before. What does not come within lastWords is cut.
func (f *front) dismiss() {
	f.last.Store(true)
	err := f.Conn.SetReadDeadline(f.s.opt.Deadline(lastWords))
	if !f.busy.Load() {
		err = f.Close()
	}
	if err != nil && !errors.Is(err, net.ErrClosed) {
		f.s.opt.Log.Debug("end smtp connection", "err", err)
	}
}

// Write passes one line of an answer on, and says what the engine would say wrongly.
func (f *front) Write(p []byte) (int, error) {
	out := p
	if bytes.HasPrefix(p, []byte("354")) { // the sender begins with the message, whether or not Data has begun to read it
		f.busy.Store(true)
	}
	switch {
	case !f.greeted && bytes.HasPrefix(p, []byte("220")):
		f.greeted = true // RFC 3207 4.2: no greeting after the handshake
		return len(p), nil
	case bytes.Equal(p, []byte("250-SIZE\r\n")), bytes.Equal(p, []byte("250 SIZE\r\n")):
		out = fmt.Appendf(nil, "%sSIZE %d\r\n", p[:4], f.s.opt.MaxSize) // RFC 1870
	case bytes.Equal(p, []byte("454 4.7.0 Invalid base64 data\r\n")), bytes.Equal(p, []byte("454 4.7.0 sasl: invalid response\r\n")):
		out = []byte("501 5.5.2 The response cannot be read\r\n") // RFC 4954 4: no use in sending it again
	}
	if _, err := f.Conn.Write(out); err != nil {
		return 0, err
	}
	if f.last.Load() && len(p) > 3 && p[3] == ' ' {
		return len(p), f.Close()
	}
	return len(p), nil
}

func (f *front) Close() error {
	f.once.Do(func() {
		f.closing = f.Conn.Close()
		f.s.mu.Lock()
		delete(f.s.conns, f)
		f.s.mu.Unlock()
	})
	return f.closing
}

// Preface speaks the part of a connection before STARTTLS (RFC 3207) and returns nil when the handshake may begin.
func Preface(c net.Conn, host string, deadline func(time.Duration) time.Time) error {
	br := bufio.NewReaderSize(c, 2048)
	say := func(lines ...string) error {
		if err := c.SetDeadline(deadline(time.Minute)); err != nil {
			return err
		}
		_, err := io.WriteString(c, strings.Join(lines, "\r\n")+"\r\n")
		return err
	}
	if err := say("220 " + host + " ESMTP hopthu-server"); err != nil {
		return err
	}
	for n := 0; ; n++ {
		line, err := br.ReadSlice('\n')
		if err != nil {
			return err
		}
		verb, _, _ := strings.Cut(strings.TrimRight(string(line), "\r\n"), " ")
		switch strings.ToUpper(verb) {
		case "EHLO":
			err = say("250-"+host, "250-PIPELINING", "250-8BITMIME", "250-ENHANCEDSTATUSCODES", "250 STARTTLS")
		case "HELO":
			err = say("250 " + host)
		case "NOOP", "RSET":
			err = say("250 2.0.0 OK")
		case "QUIT":
			return errors.Join(say("221 2.0.0 Bye"), io.EOF)
		case "STARTTLS":
			if br.Buffered() > 0 { // commands slipped in before the handshake
				return errors.Join(say("503 5.5.1 Nothing may follow STARTTLS before the handshake"), io.EOF)
			}
			return say("220 2.0.0 Ready to start TLS")
		default:
			err = say("530 5.7.0 Must issue a STARTTLS command first")
		}
		if err != nil {
			return err
		}
		if n > 16 {
			return errors.Join(say("421 4.7.0 Too many commands before STARTTLS"), io.EOF)
		}
	}
}
