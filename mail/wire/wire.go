// Package wire is the client's only sockets: IMAP, SMTP and the office API, all of them over verified TLS.
//
// Laws: nothing is sent in the clear but the STARTTLS dialogue, and a failed upgrade ends the connection; no
// certificate goes unverified and no switch turns that off; every call ends within its limit or its context's; no
// answer of a server is buffered beyond a limit; every error carries a *mail.Fault whose Detail has no control
// character, secret, subject or body in it; it decides nothing about letters.
//
// # Why IMAP is spoken by a client of our own
//
// go-imap v2.0.0-beta.8 gives the types and the server that the tests run against, but its client cannot carry what
// is asked of this room. Each reason is shown by a test in why_test.go against that very version:
//
//   - it writes `kh&-đt` for the mailbox `kh&đt` once UTF8=ACCEPT is enabled, so another server's folder cannot be
//     opened; the name is in every SELECT, CREATE, COPY, MOVE and APPEND;
//   - one mailbox with an illegal name, one untagged response it does not know or one empty line ends the
//     connection for good;
//   - a flag update that arrives inside a FETCH is taken for the answer, and the real one is dropped;
//   - a FETCH literal, however long it claims to be, is taken in whole;
//   - IDLE waits for ever when the server never says "+".
//
// A filter in front of it would have to tokenise every response, literals included, to cure these, and would still
// have to rewrite names in both directions: it would be this client, with a second one behind it.
package wire

import (
	"context"
	"log/slog"
	"net"
	"sync"
	"time"

	"hopthu/mail"
)

// Options are what a Dialer is handed. Now and Dial are required by the rule that clock and dialer come from cmd.
type Options struct {
	Now    func() time.Time                                                      // for certificates and dates
	Dial   func(ctx context.Context, network, addr string) (net.Conn, error)     // (&net.Dialer{}).DialContext
	SRV    func(ctx context.Context, service, domain string) ([]*net.SRV, error) // RFC 6186 look-up; nil skips it
	Log    *slog.Logger                                                          // nil discards
	Limits Limits                                                                // zero fields get the defaults
}

// Limits bound every wait. A zero field gets its default.
type Limits struct {
	Connect time.Duration // name, TCP and TLS together; 20 s
	Stall   time.Duration // no byte moved while an answer is due; 30 s
	Command time.Duration // one small command with its answer; 2 min
	Bulk    time.Duration // one command that streams; 1 h
	Submit  time.Duration // answer to the final dot (RFC 5321 4.5.3.2.6); 10 min
	Idle    time.Duration // IDLE is renewed after; 9 min
	Poll    time.Duration // NOOP where there is no IDLE; 2 min
	Probe   time.Duration // one guess of Discover; 3 s
}

func (l Limits) filled() Limits {
	def := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	def(&l.Connect, 20*time.Second)
	def(&l.Stall, 30*time.Second)
	def(&l.Command, 2*time.Minute)
	def(&l.Bulk, time.Hour)
	def(&l.Submit, 10*time.Minute)
	def(&l.Idle, 9*time.Minute)
	def(&l.Poll, 2*time.Minute)
	def(&l.Probe, 3*time.Second)
	return l
}

// Dialer makes the client's connections.
type Dialer struct {
	now    func() time.Time
	dialTo func(ctx context.Context, network, addr string) (net.Conn, error)
	srv    func(ctx context.Context, service, domain string) ([]*net.SRV, error)
	log    *slog.Logger
	limits Limits

	mu   sync.Mutex
	warm map[mail.AccountID]*warm // connections begun early
}

// New makes a Dialer.
func New(o Options) *Dialer {
	d := &Dialer{now: o.Now, dialTo: o.Dial, srv: o.SRV, log: o.Log, limits: o.Limits.filled(), warm: map[mail.AccountID]*warm{}}
	if d.log == nil {
		d.log = slog.New(slog.DiscardHandler)
	}
	return d
}

// Secret asks for an account's password each time it is needed; an error ends the attempt.
type Secret func(context.Context) (string, error)
