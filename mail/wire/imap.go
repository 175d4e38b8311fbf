package wire

import (
	"context"
	"errors"
	"strconv"
	"strings"
	gosync "sync"
	"time"

	"hopthu/mail"
	"hopthu/mail/sync"
)

// IMAP is one account at its IMAP server; it implements sync.Remote. One call at a time owns the command connection,
// a second caller waits its turn; Idle has a connection of its own. There is no goroutine behind it: who calls, reads.
type IMAP struct {
	d      *Dialer
	a      mail.Account
	secret Secret
	turn   chan struct{} // holds one token: the right to use s and what follows

	s        *session
	asked    bool   // the server was asked for its office
	expected string // the folder to be opened with the next login

	mu        gosync.Mutex
	names     map[string]string // NFC name → name on the wire, from the last List
	live      map[*link]bool    // what Close must end
	alerts    []string
	announced string // office base that the server named
	in        int64  // octets and round trips of connections already gone
	out       int64
	trips     int64
}

var (
	_ sync.Remote    = (*IMAP)(nil)
	_ sync.Batched   = (*IMAP)(nil)
	_ sync.Piecewise = (*IMAP)(nil)
	_ sync.Expecting = (*IMAP)(nil)
)

// Remote gives the account's IMAP side.
func (d *Dialer) Remote(a mail.Account, secret Secret) *IMAP {
	m := &IMAP{d: d, a: a, secret: secret, turn: make(chan struct{}, 1), names: map[string]string{}, live: map[*link]bool{}}
	m.turn <- struct{}{}
	return m
}

// take waits for the command connection; the returned function gives it back.
func (m *IMAP) take(ctx context.Context, op string) (func(), error) {
	select {
	case <-m.turn:
		return func() { m.turn <- struct{}{} }, nil
	case <-ctx.Done():
		return nil, netFault(op, context.Cause(ctx), nil)
	}
}

// session takes the command connection; it must be live, and its encoding settled.
func (m *IMAP) session(ctx context.Context, op string) (*session, func(), error) {
	s, give, err := m.unsettled(ctx, op)
	if err != nil {
		return nil, nil, err
	}
	if err := s.settle(ctx); err != nil {
		give()
		return nil, nil, err
	}
	return s, give, nil
}

// unsettled is session for commands that do not depend on the encoding; they take what is owed along.
func (m *IMAP) unsettled(ctx context.Context, op string) (*session, func(), error) {
	give, err := m.take(ctx, op)
	if err != nil {
		return nil, nil, err
	}
	if m.s == nil || m.s.dead {
		give()
		return nil, nil, &mail.Fault{Kind: mail.LostConnection, Op: op}
	}
	return m.s, give, nil
}

// Connect implements sync.Remote.
func (m *IMAP) Connect(ctx context.Context) (sync.Caps, error) {
	give, err := m.take(ctx, "connect to IMAP server")
	if err != nil {
		return sync.Caps{}, err
	}
	defer give()
	if m.s != nil && !m.s.dead && m.s.l.why() == nil {
		return m.caps(), nil
	}
	m.drop(m.s)
	m.s = nil
	first := m.expected
	m.expected = ""
	s, err := m.open(ctx, first)
	if err != nil {
		return sync.Caps{Alert: m.takeAlerts()}, err
	}
	m.s = s
	return m.caps(), nil
}

// Expect implements sync.Expecting.
func (m *IMAP) Expect(folder string) {
	<-m.turn
	m.expected = folder
	m.turn <- struct{}{}
}

// open makes a connection that Close knows of; first is the folder to be opened on it, "" if it is not known yet.
func (m *IMAP) open(ctx context.Context, first string) (*session, error) {
	var l *link
	s, err := m.d.open(ctx, m.a, m.secret, first, watcher{alert: m.addAlert, dialed: func(made *link) {
		l = made
		m.mu.Lock()
		defer m.mu.Unlock()
		m.live[l] = true
	}})
	if err != nil && l != nil {
		m.forget(l)
	}
	return s, err
}

// drop forgets a connection and closes it.
func (m *IMAP) drop(s *session) {
	if s == nil {
		return
	}
	s.close(errClosed)
	m.forget(s.l)
}

// forget keeps what a link that is gone has moved.
func (m *IMAP) forget(l *link) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.live[l] {
		delete(m.live, l)
		m.in += l.in.Load()
		m.out += l.out.Load()
		m.trips += l.trips.Load()
	}
}

func (m *IMAP) addAlert(text string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.alerts) < 20 {
		m.alerts = append(m.alerts, text)
	}
}

func (m *IMAP) takeAlerts() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	text := strings.Join(m.alerts, " · ")
	m.alerts = nil
	return text
}

// caps tells the engine what the server can do.
func (m *IMAP) caps() sync.Caps {
	s := m.s
	c := sync.Caps{
		CondStore:  s.condStore(),
		Idle:       s.has("IDLE"),
		Move:       s.has("MOVE"),
		UIDPlus:    s.has("UIDPLUS"),
		SpecialUse: s.has("SPECIAL-USE"),
		UTF8:       s.utf8,
		Alert:      m.takeAlerts(),
		Office:     m.office(),

		AppendLimit: s.appendLimit(),
	}
	return c
}

// appendLimit is the largest letter the server takes (RFC 7889), 0 when it does not say.
func (s *session) appendLimit() int64 {
	for name := range s.caps {
		if v, ok := strings.CutPrefix(name, "APPENDLIMIT="); ok {
			if n, err := strconv.ParseInt(v, 10, 64); err == nil {
				return n
			}
		}
	}
	return 0
}

func (s *session) condStore() bool { return s.caps["CONDSTORE"] || s.caps["QRESYNC"] }

// Close implements sync.Remote. A connection that nobody is using takes leave first, for at most farewellIMAP; any
// other is cut, one that is still being made too.
func (m *IMAP) Close() error {
	select {
	case <-m.turn:
		m.leave()
		m.turn <- struct{}{}
	default:
	}
	m.mu.Lock()
	links := make([]*link, 0, len(m.live))
	for l := range m.live {
		links = append(links, l)
	}
	m.mu.Unlock()
	for _, l := range links {
		l.kill(errClosed)
	}
	return nil
}

// farewellIMAP is how long the answer to LOGOUT is waited for.
const farewellIMAP = 500 * time.Millisecond

// leave says LOGOUT (RFC 9051 6.1.3). The turn is ours.
func (m *IMAP) leave() {
	if m.s == nil || m.s.dead || m.s.l.why() != nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), farewellIMAP)
	defer cancel()
	if err := m.s.one(ctx, "log out", m.s.cmd("LOGOUT")); err != nil { // the end is the same
		m.d.log.Debug("imap logout", "err", err)
	}
	m.drop(m.s)
	m.s = nil
}

// errClosed is the cause of a link that its owner is done with.
var errClosed = errors.New("connection closed on this side")

// Traffic is what all connections of m moved so far: octets in and out below TLS, and round trips (each wait for an
// answer after something was sent).
func (m *IMAP) Traffic() (in, out, trips int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	in, out, trips = m.in, m.out, m.trips
	for l := range m.live {
		in, out, trips = in+l.in.Load(), out+l.out.Load(), trips+l.trips.Load()
	}
	return in, out, trips
}

// Idle implements sync.Remote. It calls changed once when the watch stands, because what came between the engine's
// last look and that moment is announced to nobody.
func (m *IMAP) Idle(ctx context.Context, folder string, changed func()) error {
	s, err := m.open(ctx, "")
	if err != nil {
		return err
	}
	defer m.drop(s)
	if !neutral(folder) {
		if err := s.settle(ctx); err != nil {
			return err
		}
	}
	examine := s.cmd("EXAMINE").str(m.wireName(s, folder))
	if err := s.run(ctx, "watch folder", s.d.limits.Command, 2, oneByOne(s.owing(examine))); err != nil {
		return err
	}
	changed()
	hint := func(name string, _ *reply, _ int) error {
		switch name {
		case "EXISTS", "EXPUNGE", "FETCH", "VANISHED":
			changed()
		}
		return nil
	}
	for {
		if s.has("IDLE") {
			err = s.idle(ctx, hint)
		} else {
			err = s.poll(ctx, hint)
		}
		if err != nil {
			return err
		}
	}
}

// idle runs one IDLE (RFC 2177) for at most limits.Idle.
func (s *session) idle(ctx context.Context, hint func(string, *reply, int) error) error {
	const op = "watch folder"
	if err := ctx.Err(); err != nil {
		return s.fail(op, err)
	}
	c := s.cmd("IDLE")
	c.on = hint
	flight := []*command{c}
	c.finish()
	release := s.l.watch(ctx, s.d.limits.Stall, 2*s.d.limits.Idle)
	defer release()
	if _, err := s.bw.Write(c.parts[0].b); err != nil {
		return s.fail(op, err)
	}
	if err := s.bw.Flush(); err != nil {
		return s.fail(op, err)
	}
	ready, err := s.await(c, flight)
	if err != nil {
		return s.fail(op, err)
	}
	if !ready {
		if c.done.kind == "OK" {
			return nil
		}
		return c.done.fault(op, false)
	}
	// Silence is what IDLE is for: the watchdog waits long, and gets short again once DONE is out. The timer's
	// goroutine is the only writer until the answer is in.
	s.l.patience(2 * s.d.limits.Idle)
	renew := time.AfterFunc(s.d.limits.Idle, func() {
		s.l.patience(s.d.limits.Stall)
		if _, err := s.conn.Write([]byte("DONE\r\n")); err != nil {
			s.l.kill(err)
		}
	})
	defer renew.Stop()
	for c.done == nil {
		if err := s.step(flight); err != nil {
			return s.fail(op, err)
		}
	}
	if c.done.kind != "OK" {
		return c.done.fault(op, false)
	}
	return nil
}

// poll waits limits.Poll and asks with NOOP, for servers without IDLE.
func (s *session) poll(ctx context.Context, hint func(string, *reply, int) error) error {
	t := time.NewTimer(s.d.limits.Poll)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return s.fail("watch folder", context.Cause(ctx))
	case <-t.C:
	}
	c := s.cmd("NOOP")
	c.on = hint
	return s.one(ctx, "watch folder", c)
}
