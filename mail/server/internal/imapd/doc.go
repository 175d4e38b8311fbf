// Package imapd is the IMAP door (RFC 3501 with the extensions that dispatch.go lists): the stock protocol engine of
// go-imap behind a front of our own, over box and register.
//
// Laws: no byte of a literal or a message is ever read as a command; nothing is answered OK before it is on disk;
// what a client opened read-only it cannot change; it decides nothing about who may open what; no subject, body or
// password goes into the log.
package imapd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"

	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/register"
)

// Options says what the door is handed.
type Options struct {
	Box       *box.Service
	Register  *register.Register
	Deadline  func(time.Duration) time.Time        // the moment d from now by the real clock: for sockets
	Delay     func(context.Context, time.Duration) // slows a refused login down
	After     func(time.Duration) <-chan time.Time // time.After, for keeping IDLE alive
	MaxSize   int64                                // octets of one message
	ChangeURL string                               // where a first password is changed
	Office    string                               // base of the office API, told by ID; "" when that door is closed
	Log       *slog.Logger
}

// Server is the door.
type Server struct {
	opt    Options
	ctx    context.Context
	cancel context.CancelFunc
	engine *imapserver.Server

	mu       sync.Mutex
	sessions map[*session]struct{}
	boxes    map[box.AccountID]int // open sessions of each
	stopped  bool
	wg       sync.WaitGroup
}

// New makes the door.
func New(o Options) *Server {
	ctx, cancel := context.WithCancel(context.Background())
	s := &Server{opt: o, ctx: ctx, cancel: cancel, sessions: map[*session]struct{}{}, boxes: map[box.AccountID]int{}}
	caps := imap.CapSet{}
	for _, c := range []imap.Cap{
		imap.CapIMAP4rev1, imap.CapNamespace, imap.CapUIDPlus, imap.CapESearch, imap.CapListExtended,
		imap.CapListStatus, imap.CapMove, imap.CapStatusSize, imap.CapChildren, imap.CapSpecialUse,
		imap.CapCreateSpecialUse, imap.CapLiteralPlus,
	} {
		caps[c] = struct{}{}
	}
	s.engine = imapserver.New(&imapserver.Options{
		NewSession: s.newSession,
		Caps:       caps,
		Logger:     engineLog{o.Log},
		// The front is no *tls.Conn, so the engine cannot see the TLS below it. Every connection that Serve is given
		// has finished its handshake.
		InsecureAuth: true,
	})
	return s
}

// engineLog keeps the engine's remarks; they carry no content of letters.
type engineLog struct{ log *slog.Logger }

func (l engineLog) Printf(format string, args ...interface{}) {
	l.log.Info("imap engine", "what", strings.TrimSpace(fmt.Sprintf(format, args...)))
}

// Serve carries out the connections of ln, all of them past their TLS handshake, until ln is closed.
func (s *Server) Serve(ln net.Listener) error {
	err := s.engine.Serve(frontListener{ln, s})
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped { // also before Serve began: the engine calls that an error
		return nil
	}
	return err
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
	f := newFront(c, l.s.opt.Deadline, l.s.opt.MaxSize, ok && up.Upgraded())
	f.office = l.s.opt.Office
	return f, nil
}

// Stop asks every connection to end when its command is done, and after ctx ends them all. It returns when no session
// is left.
func (s *Server) Stop(ctx context.Context) error {
	s.mu.Lock()
	s.stopped = true
	var errs []error
	for sess := range s.sessions {
		if err := sess.f.stop("The server stops; please come back soon"); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	s.mu.Unlock()
	cut := context.AfterFunc(ctx, s.cancel)
	defer cut()
	s.wg.Wait()
	s.cancel()
	if err := s.engine.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// Preface speaks the part of a connection before STARTTLS (RFC 9051 6.2.1) and returns nil when the handshake may
// begin. Nothing but STARTTLS can be done there, and nothing said there is remembered.
func Preface(c net.Conn, deadline func(time.Duration) time.Time) error {
	f := newFront(c, deadline, 0, false)
	f.greeted = true
	if err := f.say("* OK [CAPABILITY " + capsPlain + "] " + Product + " ready for STARTTLS\r\n"); err != nil {
		return err
	}
	for {
		line, err := f.firstLine()
		if err != nil {
			return err
		}
		tag, name, _, ok := cutCommand(line)
		if !ok || !cleanLine(line) || strings.HasSuffix(line, "}") {
			return f.bye("Syntax error")
		}
		answer := tag + " OK " + name + " completed\r\n"
		switch name {
		case "STARTTLS":
			if f.br.Buffered() > 0 { // commands slipped in before the handshake
				return f.bye("Nothing may follow STARTTLS before the handshake")
			}
			return f.say(tag + " OK Begin TLS negotiation now\r\n")
		case "CAPABILITY":
			answer = "* CAPABILITY " + capsPlain + "\r\n" + answer
		case "ID":
			answer = `* ID ("name" "` + Product + `")` + "\r\n" + answer
		case "NOOP":
		case "LOGOUT":
			answer = "* BYE Logging out\r\n" + answer
		case "LOGIN", "AUTHENTICATE":
			answer = tag + " NO [PRIVACYREQUIRED] STARTTLS first\r\n"
		default:
			answer = tag + " BAD Unknown command, or not now\r\n"
			if err := f.countBad(); err != nil {
				return err
			}
		}
		if err := f.say(answer); err != nil {
			return err
		}
		if name == "LOGOUT" {
			return io.EOF
		}
	}
}
