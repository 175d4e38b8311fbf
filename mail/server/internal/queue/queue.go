// Package queue takes submitted letters and sees that each reaches its boxes, leaves through the relay, or comes back.
//
// Laws: a letter is acknowledged only when it is on disk together with all that is left to do for it; the same letter
// from the same sender is never delivered twice; nothing vanishes: what cannot be delivered comes back to its sender
// as a report; it never sends where no relay was configured.
package queue

import (
	"context"
	"io"
	"time"

	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/register"
)

// Envelope is what SMTP says of a letter (RFC 5321 2.3.1).
type Envelope struct {
	Account box.AccountID // who submits, logged in; 0 only for Inject
	From    string        // "" is the null sender
	To      []string
	Helo    string // as the client named itself; for the Received header
	UTF8    bool   // SMTPUTF8 was asked for (RFC 6531)
	TLS     bool
	Body    string // "7BIT", "8BITMIME" or ""
	EnvID   string // ENVID (RFC 3461), "" if none
	NoDSN   bool   // NOTIFY=NEVER for all
}

// Target is what becomes of a recipient.
type Target struct {
	Local   bool
	Account box.AccountID // if Local
	Address string        // the address as accepted
}

// Receipt is the acknowledgement.
type Receipt struct {
	ID        string // queue id, for the text of 250
	Duplicate bool   // a second copy of a letter accepted before; nothing was delivered again
}

// Options says what the queue is handed.
type Options struct {
	Host    string // own name, in Received and as reporting MTA
	Now     func() time.Time
	Rand    io.Reader
	Relay   Relay                                // nil: letters to the outside are refused at RCPT
	Wait    func(time.Duration) <-chan time.Time // time.After, or a test's clock
	Window  time.Duration                        // how long a second copy is recognised; 0 is 7 days
	GiveUp  time.Duration                        // how long delivery is tried; 0 is 5 days
	Backoff func(tries int) time.Duration        // nil is the default: 1 min doubling to 4 h
	Failed  func(err error)                      // an internal error of the worker; nil is silent
}

// Relay is a smarthost. The map tells recipients refused one by one; the error is for all. *mail.Fault kinds Refused, TooBig, BadAddress and
// Blocked are for good, all others are tried again.
type Relay interface {
	Send(ctx context.Context, from string, to []string, utf8 bool, size int64, r io.Reader) (refused map[string]error, err error)
}

// Item is one letter that has not reached everyone yet.
type Item struct {
	ID       string
	From     string
	To       string
	Size     int64
	Accepted time.Time
	Next     time.Time
	Tries    int
	Reply    string // last words of the relay
}

// Queue is the room. Errors carry a *mail.Fault: BadAddress (no such person here), Refused (Detail "relay": no way outside; "loop"; "suspended"; "from": not the sender's own
// address; "no-rcpt"), OverQuota, TooBig, TryLater, DiskFull.
type Queue struct {
	db  *db.DB
	box *box.Service
	reg *register.Register
	opt Options
}

// New makes the queue.
func New(d *db.DB, b *box.Service, r *register.Register, o Options) (*Queue, error) {
	return nil, errNotYet
}

// MaySend says whether the account may use from as its envelope sender (MAIL); the null sender never.
func (q *Queue) MaySend(ctx context.Context, a box.AccountID, from string) error { return errNotYet }

// Resolve says at RCPT what becomes of a recipient, or why it is refused.
func (q *Queue) Resolve(ctx context.Context, addr string) (Target, error) {
	return Target{}, errNotYet
}

// Accept takes a submitted letter: when it returns nil, everything is on disk, and local recipients have it.
func (q *Queue) Accept(ctx context.Context, e Envelope, r io.Reader) (Receipt, error) {
	return Receipt{}, errNotYet
}

// Inject takes a letter from the machine itself, from any sender, for the demo and for imports: no check of the sender.
func (q *Queue) Inject(ctx context.Context, from string, to []string, r io.Reader) (Receipt, error) {
	return Receipt{}, errNotYet
}

// Run sends what waits for the relay until ctx ends.
func (q *Queue) Run(ctx context.Context) error { return errNotYet }

// Step tries once what is due and tells when the next is.
func (q *Queue) Step(ctx context.Context) (next time.Time, waiting bool, err error) {
	return time.Time{}, false, errNotYet
}

// List gives what waits, oldest first.
func (q *Queue) List(ctx context.Context) ([]Item, error) { return nil, errNotYet }

// Check verifies every invariant of the room.
func (q *Queue) Check(ctx context.Context) error { return errNotYet }
