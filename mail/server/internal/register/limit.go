package register

import (
	"net/netip"
	"sync"
	"time"
)

// limiter counts failures in memory: of a login from one address, of a login from anywhere, of an address. A whole
// province sits behind a few addresses, so an address alone is held back only after many failures, and never while it
// has a live session; a login from where it succeeded lately is not held back by strangers' failures.
type limiter struct {
	lim     Limits
	mu      sync.Mutex
	tallies map[string]*tally
	known   map[string]time.Time // login and address → last success
}

type tally struct {
	failures int
	pending  int // attempts whose outcome is not known yet: parallel guesses count too
	last     time.Time
	until    time.Time
}

const (
	maxTallies  = 100000
	knownFor    = 30 * 24 * time.Hour
	maxParallel = 64 // undecided attempts of one login from one address without a failure
)

func newLimiter(l Limits) *limiter {
	def := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	defTime := func(v *time.Duration, d time.Duration) {
		if *v == 0 {
			*v = d
		}
	}
	def(&l.Pair, 5)
	def(&l.Account, 20)
	def(&l.Address, 100)
	defTime(&l.First, 30*time.Second)
	defTime(&l.Longest, 15*time.Minute)
	defTime(&l.Forget, time.Hour)
	return &limiter{lim: l, tallies: map[string]*tally{}, known: map[string]time.Time{}}
}

// try is one attempt that may go on; exactly one of its methods must be called.
type try struct {
	l               *limiter
	pair, acct, net string
	now             time.Time
	done            bool
}

// begin lets an attempt pass, or says until when it must wait.
func (l *limiter) begin(login, remote string, live bool, now time.Time) (*try, time.Time) {
	net := netOf(remote)
	t := &try{l: l, pair: "p " + login + " " + net, acct: "a " + login, net: "n " + net, now: now}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tidy(now)
	known := now.Sub(l.known[t.pair]) < knownFor
	var until time.Time
	later := func(key string, limit int) {
		if u := l.get(key, now).wait(limit, l.lim.First, now); u.After(until) {
			until = u
		}
	}
	later(t.pair, l.lim.Pair)
	if !known {
		later(t.acct, l.lim.Account)
	}
	if !live && net != "" {
		later(t.net, l.lim.Address)
	}
	if !until.IsZero() {
		return nil, until
	}
	l.tallies[t.pair].pending++
	return t, time.Time{}
}

// get gives the tally of a key, begun anew when its failures are old enough to be forgotten.
func (l *limiter) get(key string, now time.Time) *tally {
	t := l.tallies[key]
	if t == nil {
		t = &tally{}
		l.tallies[key] = t
	}
	if t.failures > 0 && now.Sub(t.last) >= l.lim.Forget && !t.until.After(now) {
		t.failures = 0
	}
	return t
}

// wait says until when a new attempt must wait, zero if it need not.
func (t *tally) wait(limit int, first time.Duration, now time.Time) time.Time {
	switch {
	case t.until.After(now):
		return t.until
	case t.failures == 0 && t.pending < maxParallel, t.failures+t.pending < limit:
		return time.Time{}
	case t.pending > 0: // the places left are taken by attempts under way
		return now.Add(first)
	}
	return time.Time{}
}

func (l *limiter) punish(key string, limit int, now time.Time) {
	t := l.get(key, now)
	t.failures++
	t.last = now
	if over := t.failures - limit; over >= 0 {
		t.until = now.Add(min(l.lim.First<<min(over, 20), l.lim.Longest))
	}
}

// failed counts a wrong password; until is not zero when a waiting began with it.
func (t *try) failed() (until time.Time) {
	t.l.mu.Lock()
	defer t.l.mu.Unlock()
	t.end()
	t.l.punish(t.pair, t.l.lim.Pair, t.now)
	t.l.punish(t.acct, t.l.lim.Account, t.now)
	if t.net != "n " {
		t.l.punish(t.net, t.l.lim.Address, t.now)
	}
	return t.l.tallies[t.pair].until
}

// passed forgets the failures of this login from this address, and knows the address from now on.
func (t *try) passed() {
	t.l.mu.Lock()
	defer t.l.mu.Unlock()
	t.end()
	if p := t.l.tallies[t.pair]; p != nil {
		p.failures, p.until = 0, time.Time{}
	}
	t.l.known[t.pair] = t.now
}

// unknown ends a try that came to no judgement.
func (t *try) unknown() {
	t.l.mu.Lock()
	defer t.l.mu.Unlock()
	t.end()
}

func (t *try) end() {
	if p := t.l.tallies[t.pair]; p != nil && !t.done && p.pending > 0 {
		p.pending--
	}
	t.done = true
}

// tidy keeps strangers from filling the memory: first what is forgotten anyway goes, then whatever is at hand.
func (l *limiter) tidy(now time.Time) {
	if len(l.tallies)+len(l.known) < maxTallies {
		return
	}
	for k, t := range l.tallies {
		if t.pending == 0 && !t.until.After(now) && now.Sub(t.last) >= l.lim.Forget {
			delete(l.tallies, k)
		}
	}
	for k, at := range l.known {
		if now.Sub(at) >= knownFor {
			delete(l.known, k)
		}
	}
	for k, t := range l.tallies {
		if len(l.tallies) < maxTallies/2 {
			break
		}
		if t.pending == 0 {
			delete(l.tallies, k)
		}
	}
}

// netOf is what counts as one address: an IPv4 address, or the /64 of an IPv6 address, which one subscriber holds.
func netOf(remote string) string {
	ip := hostOf(remote)
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return ip
	}
	a = a.Unmap().WithZone("")
	if a.Is4() {
		return a.String()
	}
	p, err := a.Prefix(64)
	if err != nil {
		return a.String()
	}
	return p.String()
}

// hostOf cuts a port off.
func hostOf(remote string) string {
	if ap, err := netip.ParseAddrPort(remote); err == nil {
		return ap.Addr().String()
	}
	return remote
}
