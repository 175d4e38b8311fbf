package wire

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// errStalled is the cause of a link that was closed because a limit passed.
var errStalled = errors.New("time limit passed")

// link is a TCP connection below TLS: it counts bytes and round trips, and a watchdog closes it when a limit passes
// or a context ends. Closing is the only way to cancel that both libraries and TLS obey.
type link struct {
	net.Conn
	in, out, trips atomic.Int64
	wrote          atomic.Bool
	budget         int64 // octets that may come in, 0 for no limit; set before use

	mu    sync.Mutex
	left  int           // writes until patience becomes short; 0 for never
	short time.Duration // … this short
	stall *time.Timer   // nil while nothing is watched
	every time.Duration
	cause error // why we closed it ourselves; nil if we did not
}

// Read counts and feeds the watchdog.
func (l *link) Read(p []byte) (int, error) {
	if l.wrote.Swap(false) {
		l.trips.Add(1)
	}
	n, err := l.Conn.Read(p)
	if in := l.in.Add(int64(n)); l.budget > 0 && in > l.budget {
		return 0, broken("more than %d octets of answers", l.budget)
	}
	if n > 0 {
		l.moved()
	}
	return n, err
}

// Write counts and feeds the watchdog.
func (l *link) Write(p []byte) (int, error) {
	n, err := l.Conn.Write(p)
	l.out.Add(int64(n))
	l.wrote.Store(true)
	if n > 0 {
		l.countdown()
		l.moved()
	}
	return n, err
}

// hurryAfter makes the watch impatient with whatever follows the next n writes: from the one after them on, the server
// has d for every answer. n 0 takes that back.
func (l *link) hurryAfter(n int, d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.left, l.short = 0, 0
	if n > 0 {
		l.left, l.short = n+1, d
	}
}

func (l *link) countdown() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.left == 0 {
		return
	}
	if l.left--; l.left == 0 {
		l.every = l.short
	}
}

func (l *link) moved() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stall != nil {
		l.stall.Reset(l.every)
	}
}

// watch guards what follows until the returned function is called: the link is closed when no byte moves for stall,
// when total passes, or when ctx ends.
func (l *link) watch(ctx context.Context, stall, total time.Duration) (release func()) {
	expire := func() { l.kill(errStalled) }
	t := time.AfterFunc(stall, expire)
	whole := time.AfterFunc(total, expire)
	l.mu.Lock()
	l.stall, l.every = t, stall
	l.mu.Unlock()
	stop := context.AfterFunc(ctx, func() { l.kill(context.Cause(ctx)) })
	return func() {
		stop()
		whole.Stop()
		l.mu.Lock()
		defer l.mu.Unlock()
		t.Stop()
		if l.stall == t {
			l.stall = nil
		}
	}
}

// patience changes how long the running watch waits for the next byte.
func (l *link) patience(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stall != nil {
		l.every = d
		l.stall.Reset(d)
	}
}

// kill closes the link at once and remembers the first reason.
func (l *link) kill(cause error) {
	l.mu.Lock()
	if l.cause == nil {
		l.cause = cause
	}
	l.mu.Unlock()
	// The reason is kept in cause; what Close says about a connection being thrown away adds nothing to it.
	if err := l.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		l.mu.Lock()
		l.cause = errors.Join(l.cause, err)
		l.mu.Unlock()
	}
}

// why is the reason we closed the link ourselves, or nil.
func (l *link) why() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.cause
}
