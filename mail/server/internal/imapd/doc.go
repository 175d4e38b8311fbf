// Package imapd is the IMAP door: a protocol engine of our own over box and register. It speaks IMAP4rev2 (RFC 9051)
// and IMAP4rev1 (RFC 3501) with the extensions that caps.go lists; each is offered only when it is whole.
//
// It is our own because the stock engine (go-imap v2.0.0-beta.8 imapserver) reads messages as commands when a literal
// is too large, drops connections over one kind of message, loses updates of IDLE, writes names wrongly in UTF-8 mode
// and cannot be extended; conversation tests in mail/server hold each of these.
//
// Laws: no byte of a literal or a message is ever read as a command; nothing is answered OK before it is on disk;
// what a client opened read-only it cannot change; it decides nothing about who may open what; no subject, body or
// password goes into the log. One goroutine owns a session; another only waits for its first byte while it idles.
package imapd

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"runtime/debug"
	"sync"
	"time"

	"hopthu/mail"
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

	// Opened, if not nil, hears of each opening of an inbox and each mark in it: whose box, and who by his own.
	Opened func(ctx context.Context, b, person box.AccountID) error
	// Marked, if not nil, hears that the mark "không cần hồi đáp" of a letter of a box may have changed.
	Marked func(b box.AccountID)
}

// Server is the door.
type Server struct {
	opt    Options
	ctx    context.Context
	cancel context.CancelFunc

	mu       sync.Mutex
	sessions map[*session]struct{}
	people   map[box.AccountID]int // open sessions of each
	stopped  bool
	wg       sync.WaitGroup
}

// New makes the door.
func New(o Options) *Server {
	ctx, cancel := context.WithCancel(context.Background())
	return &Server{opt: o, ctx: ctx, cancel: cancel, sessions: map[*session]struct{}{}, people: map[box.AccountID]int{}}
}

// Serve carries out the connections of ln, all of them past their TLS handshake, until ln is closed.
func (s *Server) Serve(ln net.Listener) error {
	for {
		c, err := ln.Accept()
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil {
			return err
		}
		up, ok := c.(interface{ Upgraded() bool })
		upgraded := ok && up.Upgraded()
		mail.Go("imap session", func() { s.serve(c, upgraded) })
	}
}

// serve carries out one connection. A defect of ours ends this connection and no other.
func (s *Server) serve(nc net.Conn, upgraded bool) {
	c := s.newSession(nc)
	defer c.close()
	defer func() {
		if v := recover(); v != nil {
			s.opt.Log.Error("imap session failed", "what", v, "stack", string(debug.Stack()))
		}
	}()
	if !s.join(c) {
		c.put("* BYE The server stops\r\n")
		c.flush()
		return
	}
	c.run(upgraded)
}

func (s *Server) join(c *session) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return false
	}
	s.sessions[c] = struct{}{}
	s.wg.Add(1)
	c.joined = true
	return true
}

// enter counts a connection of a person, in whatever box; false when he has too many.
func (s *Server) enter(a box.AccountID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.people[a] >= maxPerPerson {
		return false
	}
	s.people[a]++
	return true
}

func (s *Server) leave(a box.AccountID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.people[a]--; s.people[a] <= 0 {
		delete(s.people, a)
	}
}

// Stop asks every connection to end when its command is done, and after ctx ends them all. It returns when no session
// is left.
func (s *Server) Stop(ctx context.Context) error {
	s.mu.Lock()
	s.stopped = true
	var errs []error
	for c := range s.sessions {
		if err := c.stop("The server stops; please come back soon"); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	s.mu.Unlock()
	cut := context.AfterFunc(ctx, s.cancel)
	defer cut()
	s.wg.Wait()
	s.cancel()
	return errors.Join(errs...)
}
