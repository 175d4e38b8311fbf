package wire

import (
	"context"
	"errors"
	"testing"
	"time"

	"hopthu/mail"
)

// dials is a client whose connections are counted, on a clock of its own.
func dials(t *testing.T, now *time.Time, acts ...func(*script)) (d *Dialer, a mail.Account, count func() int) {
	t.Helper()
	leaks(t)
	ca := newAuthority(t)
	g := &stage{t: t, acts: acts, cfg: ca.config()}
	return New(Options{Now: func() time.Time { return *now }, Dial: g.listen()}), testAccount(ca), func() int {
		g.mu.Lock()
		defer g.mu.Unlock()
		return g.n
	}
}

func plainLogin(s *script) {
	s.login("IDLE")
	s.gone()
}

func TestWarmConnectionIsTaken(t *testing.T) {
	for name, c := range map[string]struct {
		later  time.Duration
		change func(*mail.Account)
		want   int // connections
	}{
		"taken":          {0, func(*mail.Account) {}, 1},
		"too old":        {time.Minute, func(*mail.Account) {}, 2},
		"clock set back": {-time.Hour, func(*mail.Account) {}, 2},
		"another door":   {0, func(a *mail.Account) { a.IMAP.Port = 1993 }, 2},
	} {
		t.Run(name, func(t *testing.T) {
			now := testNow
			d, a, count := dials(t, &now, plainLogin)
			d.Warm(t.Context(), a)
			<-d.warm[a.ID].done
			now = now.Add(c.later)
			c.change(&a)
			m := d.Remote(a, password)
			if _, err := m.Connect(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n := count(); n != c.want {
				t.Errorf("%d connections, want %d", n, c.want)
			}
			if in, _, _ := m.Traffic(); in == 0 {
				t.Error("its octets are not counted")
			}
			if err := m.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// What went wrong early is told to who asks, and the next one tries anew.
func TestWarmConnectionThatFailed(t *testing.T) {
	now := testNow
	d, a, count := dials(t, &now, func(s *script) { s.say("* BYE not now") }, plainLogin)
	d.Warm(t.Context(), a)
	m := d.Remote(a, password)
	_, err := m.Connect(t.Context())
	wantKind(t, err, mail.TryLater)
	if _, err := m.Connect(t.Context()); err != nil || count() != 2 {
		t.Errorf("%d connections, %v", count(), err)
	}
	if err := m.Close(); err != nil {
		t.Error(err)
	}
}

// An ALERT that came early is shown all the same (RFC 9051 7.1).
func TestWarmConnectionKeepsAlerts(t *testing.T) {
	now := testNow
	d, a, _ := dials(t, &now, func(s *script) {
		s.say("* OK [ALERT] closes at ten", "* OK [CAPABILITY x] y")
		s.ok("CAPABILITY", "* CAPABILITY "+baseCaps)
		tag := s.expect("AUTHENTICATE")
		s.say(tag + " OK [CAPABILITY " + baseCaps + "] in")
		s.gone()
	})
	d.Warm(t.Context(), a)
	m := d.Remote(a, password)
	caps, err := m.Connect(t.Context())
	if err != nil || caps.Alert != "closes at ten" {
		t.Errorf("%q %v", caps.Alert, err)
	}
	if err := m.Close(); err != nil {
		t.Error(err)
	}
}

// Nobody takes it: it ends with the program.
func TestWarmConnectionEndsWithTheProgram(t *testing.T) {
	now := testNow
	gone := make(chan struct{})
	d, a, _ := dials(t, &now, func(s *script) {
		s.say("* OK [CAPABILITY " + baseCaps + "] ready")
		s.gone()
		close(gone)
	})
	ctx, stop := context.WithCancel(t.Context())
	d.Warm(ctx, a)
	w := d.warm[a.ID]
	<-w.done
	if w.err != nil {
		t.Fatal(w.err)
	}
	stop()
	<-gone
	if err := w.s.l.why(); !errors.Is(err, context.Canceled) {
		t.Errorf("closed because of %v", err)
	}
}
