package server

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"net"
	"slices"
	"sync"
	"time"

	"hopthu/mail"
)

// Limits of the doors.
const (
	handshakeLimit = 10 * time.Second // from accept to the end of the handshake; longer where STARTTLS comes first
	prefaceLimit   = 90 * time.Second
	maxConns       = 20000
	maxPerAddress  = 100 // connections of one address; an office behind one router shares it
	maxWaiting     = 20  // of these, ones whose handshake is not done
)

// counters counts connections over all doors, in all and by address.
type counters struct {
	mu      sync.Mutex
	all     int
	by      map[string]int
	waiting map[string][]net.Conn // whose handshake is not done, oldest first
	perAddr int
	perWait int
}

func newCounters() *counters {
	return &counters{by: map[string]int{}, waiting: map[string][]net.Conn{}, perAddr: maxPerAddress, perWait: maxWaiting}
}

// enter takes a connection in, if there is room for it. When too many of its address wait, the oldest of them is the
// victim that must be closed: one that really shakes hands does not wait long enough to become it.
func (c *counters) enter(addr string, conn net.Conn) (victim net.Conn, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := c.waiting[addr]
	many := c.by[addr] >= c.perAddr
	if c.all >= maxConns || many && len(list) == 0 {
		return nil, false
	}
	if many || len(list) >= c.perWait {
		victim, list = list[0], list[1:]
	}
	c.all++
	c.by[addr]++
	c.waiting[addr] = append(list, conn)
	return victim, true
}

func (c *counters) shaken(addr string, conn net.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := slices.DeleteFunc(c.waiting[addr], func(w net.Conn) bool { return w == conn })
	if c.waiting[addr] = list; len(list) == 0 {
		delete(c.waiting, addr)
	}
}

func (c *counters) leave(addr string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all--
	if c.by[addr]--; c.by[addr] <= 0 {
		delete(c.by, addr)
	}
}

// listener gives connections whose TLS handshake is done. Handshakes run beside each other, each with a deadline, so
// that silent strangers hold nobody up.
type listener struct {
	net.Listener
	tls      *tls.Config
	count    *counters
	deadline func(time.Duration) time.Time
	preface  func(net.Conn) error // what is spoken before the handshake; nil for TLS from the first byte
	limit    time.Duration        // of one handshake
	log      *slog.Logger

	ready chan net.Conn
	done  chan struct{}
	once  sync.Once
	err   error
	wg    sync.WaitGroup
	mu    sync.Mutex
	open  map[net.Conn]struct{} // connections before their handshake
}

func listen(addr string, cfg *tls.Config, count *counters, deadline func(time.Duration) time.Time, preface func(net.Conn) error, log *slog.Logger) (*listener, error) {
	var lc net.ListenConfig
	ln, err := lc.Listen(context.Background(), "tcp", addr)
	if err != nil {
		return nil, err
	}
	l := &listener{
		Listener: ln, tls: cfg, count: count, deadline: deadline, preface: preface, limit: handshakeLimit, log: log,
		ready: make(chan net.Conn), done: make(chan struct{}), open: map[net.Conn]struct{}{},
	}
	return l, nil
}

// start begins to accept.
func (l *listener) start() *listener {
	l.wg.Add(1)
	mail.Go("accept "+l.Addr().String(), l.loop)
	return l
}

func (l *listener) loop() {
	defer l.wg.Done()
	for {
		c, err := l.Listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // too many open files and the like: it passes
			l.log.Warn("accept", "err", err)
			select {
			case <-l.done:
				return
			case <-time.After(100 * time.Millisecond):
			}
			continue
		}
		addr := hostOf(c)
		in := &counted{Conn: c, leave: sync.OnceFunc(func() { l.count.leave(addr) })}
		victim, ok := l.count.enter(addr, in)
		if !ok {
			l.log.Debug("too many connections", "from", addr)
			l.drop(c)
			continue
		}
		if victim != nil {
			l.drop(victim)
		}
		if !l.admit(in) {
			l.count.shaken(addr, in)
			l.drop(in)
			return
		}
		l.wg.Add(1)
		mail.Go("handshake", func() {
			defer l.wg.Done()
			l.welcome(in, addr)
		})
	}
}

// admit notes a connection whose handshake begins; false when the listening has ended meanwhile.
func (l *listener) admit(c net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-l.done:
		return false
	default:
		l.open[c] = struct{}{}
		return true
	}
}

// welcome shakes hands and hands the connection on.
func (l *listener) welcome(c *counted, addr string) {
	t, err := l.shake(c)
	l.count.shaken(addr, c)
	l.mu.Lock()
	delete(l.open, c)
	l.mu.Unlock()
	if err != nil {
		l.log.Debug("no handshake", "from", addr, "err", err)
		l.drop(c)
		return
	}
	select {
	case l.ready <- t:
	case <-l.done:
		l.drop(c)
	}
}

func (l *listener) shake(c net.Conn) (net.Conn, error) {
	if l.preface != nil {
		stop := time.AfterFunc(prefaceLimit, func() { l.drop(c) })
		err := l.preface(c)
		if !stop.Stop() && err == nil {
			err = net.ErrClosed
		}
		if err != nil {
			return nil, err
		}
	}
	if err := c.SetDeadline(l.deadline(l.limit)); err != nil {
		return nil, err
	}
	t := tls.Server(c, l.tls)
	if err := t.HandshakeContext(context.Background()); err != nil {
		return nil, err
	}
	pair, err := l.tls.GetCertificate(nil)
	if err != nil {
		return nil, err
	}
	return &secured{t, l.preface != nil, pair.Leaf}, t.SetDeadline(time.Time{})
}

func (l *listener) drop(c net.Conn) {
	if err := c.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		l.log.Debug("close connection", "err", err)
	}
}

// Accept gives the next connection that is past its handshake.
func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.ready:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

// Close ends the listening and every handshake under way; connections handed on live on.
func (l *listener) Close() error {
	l.once.Do(func() {
		close(l.done)
		l.err = l.Listener.Close()
		l.mu.Lock()
		for c := range l.open {
			l.drop(c)
		}
		l.mu.Unlock()
		l.wg.Wait()
	})
	return l.err
}

// secured is a connection past its handshake. Upgraded tells the door that STARTTLS came before.
type secured struct {
	*tls.Conn
	upgraded bool
	leaf     *x509.Certificate // that the handshake showed
}

func (s *secured) Upgraded() bool { return s.upgraded }

// counted leaves the counters when it is closed.
type counted struct {
	net.Conn
	leave func()
}

func (c *counted) Close() error {
	c.leave()
	return c.Conn.Close()
}

func hostOf(c net.Conn) string {
	host, _, err := net.SplitHostPort(c.RemoteAddr().String())
	if err != nil {
		return c.RemoteAddr().String()
	}
	return host
}
