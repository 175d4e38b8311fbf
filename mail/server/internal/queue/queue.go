// Package queue takes submitted letters and sees that each reaches its boxes, leaves through the relay, or comes back.
//
// Laws: a letter is acknowledged only when it is on disk together with all that is left to do for it; the same letter
// from the same sender is never delivered twice; nothing vanishes: what cannot be delivered comes back to its sender
// as a report; it never sends where no relay was configured.
package queue

import (
	"context"
	"encoding/base32"
	"io"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/register"
)

// Envelope is what SMTP says of a letter (RFC 5321 2.3.1).
type Envelope struct {
	Account box.AccountID // whose box submits, logged in; 0 only for Inject
	Person  box.AccountID // who acts for it, by his own box; 0 is Account itself
	Sender  string        // value of a Sender field to be added (RFC 5322 3.6.2), "" for none
	From    string        // "" is the null sender
	To      []Recipient
	Remote  string // IP address it came from; for the audit log
	Helo    string // as the client named itself; for the Received header
	UTF8    bool   // SMTPUTF8 was asked for (RFC 6531)
	TLS     bool
	Body    string // "7BIT", "8BITMIME" or ""
	EnvID   string // ENVID (RFC 3461 4.4), "" if none
	Return  Return // what of the letter a report brings back
}

// Target is what becomes of a recipient.
type Target struct {
	Local    bool
	Account  box.AccountID // if Local
	Address  string        // the address as accepted
	Notify   Notify        // what the sender asked to be told of it
	Original string        // ORCPT, "" if none
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
	Warn    time.Duration                        // how long until the sender is told of a delay; 0 is 4 h
	Backoff func(tries int) time.Duration        // nil is the default: 1 min doubling to 4 h
	Secrecy bool                                 // refuses submitted letters with a stamp of secrecy (QC 7.1b, 8.2)
	Failed  func(err error)                      // an internal error of the worker; nil is silent

	// Sent, if not nil, hears of each submitted letter, once, in the transaction that accepts it; its error refuses the letter.
	Sent func(context.Context, *db.Tx, Submission) error
}

// Submission is a letter that was submitted: from which box, by whom, and its header, which is not to be changed.
type Submission struct {
	Box, Person box.AccountID
	Fields      *mail.Head
}

// Transmission is one letter as it is offered to a relay.
type Transmission struct {
	From   string // "" is the null sender
	To     []Recipient
	UTF8   bool // needs SMTPUTF8
	EnvID  string
	Return Return
	Size   int64
}

// Handover is what a relay made of a transmission.
type Handover struct {
	Refused map[string]error // recipients refused one by one; all others were taken
	Reports bool             // the relay will report on its own (RFC 3461): nothing is left for us to say
	Peer    string           // name of the relay
}

// Relay is a smarthost. The error is for all recipients. *mail.Fault kinds Refused, TooBig, BadAddress and Blocked are for
// good, all others are tried again.
type Relay interface {
	Send(ctx context.Context, t Transmission, r io.Reader) (Handover, error)
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

// Queue is the room. Errors carry a *mail.Fault: BadAddress (no such person here), Refused (Detail "relay": no way
// outside; "loop"; "suspended"; "from": not the sender's own address; "no-rcpt"; those of register.MaySendTx), Blocked (a *Stamped in it), OverQuota, TooBig, TryLater, DiskFull.
type Queue struct {
	db      *db.DB
	box     *box.Service
	reg     *register.Register
	opt     Options
	kick    chan struct{}
	screen  *screener // nil: letters are not looked into
	trimmed time.Time // when old marks of submitted letters were last forgotten; only Step uses it
}

// New makes the queue.
func New(d *db.DB, b *box.Service, r *register.Register, o Options) (*Queue, error) {
	if o.Host == "" || o.Now == nil || o.Rand == nil {
		return nil, &mail.Fault{Kind: mail.BadSettings, Op: "open queue", Detail: "host, clock or randomness is missing"}
	}
	if o.Wait == nil {
		o.Wait = time.After
	}
	if o.Window == 0 {
		o.Window = 7 * 24 * time.Hour
	}
	if o.GiveUp == 0 {
		o.GiveUp = 5 * 24 * time.Hour
	}
	if o.Warn == 0 {
		o.Warn = 4 * time.Hour
	}
	if o.Backoff == nil {
		o.Backoff = backoff
	}
	if o.Failed == nil {
		o.Failed = func(error) {}
	}
	q := &Queue{db: d, box: b, reg: r, opt: o, kick: make(chan struct{}, 1)}
	if o.Secrecy {
		q.screen = newScreener(o.Wait)
	}
	return q, nil
}

// backoff doubles from one minute to four hours.
func backoff(tries int) time.Duration {
	return min(time.Minute<<min(max(tries-1, 0), 10), 4*time.Hour)
}

// newID is a queue id: 16 letters and digits, 80 bits.
func (q *Queue) newID() (string, error) {
	p := make([]byte, 10)
	if _, err := io.ReadFull(q.opt.Rand, p); err != nil {
		return "", err
	}
	return strings.ToLower(base32.StdEncoding.EncodeToString(p)), nil
}

// Resolve says at RCPT what becomes of a recipient, or why it is refused.
func (q *Queue) Resolve(ctx context.Context, addr string) (Target, error) {
	list, err := q.resolve(ctx, []string{addr})
	if err != nil {
		return Target{}, err
	}
	return list[0].Target, list[0].err
}

// resolved is what becomes of a recipient, or why it is refused.
type resolved struct {
	Target
	err error
}

// resolve looks recipients up, all in one reading.
func (q *Queue) resolve(ctx context.Context, addrs []string) ([]resolved, error) {
	there, err := q.reg.Recipients(ctx, addrs)
	if err != nil {
		return nil, err
	}
	list := make([]resolved, len(addrs))
	for i, addr := range addrs {
		list[i].Target, list[i].err = q.target(addr, there[i])
	}
	return list, nil
}

func (q *Queue) target(addr string, r register.Recipient) (Target, error) {
	if !strings.Contains(addr, "@") && !strings.EqualFold(addr, "postmaster") { // RFC 5321 4.5.1
		return Target{}, &mail.Fault{Kind: mail.BadAddress, Op: "find recipient"}
	}
	if !q.reg.Here(addr) {
		if err := letter.ValidAddress(addr); err != nil {
			return Target{}, err
		}
		if q.opt.Relay == nil {
			return Target{}, &mail.Fault{Kind: mail.Refused, Op: "find recipient", Detail: "relay"}
		}
		return Target{Address: addr}, nil
	}
	switch {
	case r.Account == 0:
		return Target{}, &mail.Fault{Kind: mail.BadAddress, Op: "find recipient"}
	case r.State == register.Suspended:
		return Target{}, &mail.Fault{Kind: mail.Refused, Op: "find recipient", Detail: "suspended"}
	case r.Full:
		return Target{}, &mail.Fault{Kind: mail.OverQuota, Op: "find recipient"}
	}
	return Target{Local: true, Account: r.Account, Address: r.Wire}, nil
}
