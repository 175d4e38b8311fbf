package wire

import (
	"context"
	"crypto/x509"
	"sync"
	"time"

	"hopthu/mail"
)

// warm is a connection that is made before anybody asks for it: as far as the greeting, which needs no password.
type warm struct {
	a    mail.Account
	done chan struct{} // closed when what follows is set
	s    *session
	err  error
	at   time.Time
	stop func() bool // takes back that the end of the program closes it

	mu     sync.Mutex
	alerts []string
}

// warmFor is how long such a connection is believed: no server waits longer than minutes for a login.
const warmFor = 10 * time.Second

// Warm begins to connect to an account's IMAP server, for whoever asks for that connection first. It never blocks. When
// ctx ends before that, it is closed.
func (d *Dialer) Warm(ctx context.Context, a mail.Account) {
	w := &warm{a: a, done: make(chan struct{}), stop: func() bool { return true }}
	d.mu.Lock()
	d.warm[a.ID] = w
	d.mu.Unlock()
	mail.Go("load roots", func() {
		if _, err := x509.SystemCertPool(); err != nil { // the handshake, which needs them, tells
			d.log.Debug("no system roots", "err", err)
		}
	})
	mail.Go("connect early", func() {
		defer close(w.done)
		w.s, w.err = d.meet(ctx, a, watcher{alert: w.alert, dialed: func(l *link) {
			w.stop = context.AfterFunc(ctx, func() { l.kill(context.Cause(ctx)) })
		}})
		w.at = d.now()
	})
}

func (w *warm) alert(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.alerts = append(w.alerts, text)
}

// takeWarm gives the connection that was begun early for this very account; ok is false if there is none to be had.
func (d *Dialer) takeWarm(ctx context.Context, a mail.Account, by watcher) (s *session, ok bool, err error) {
	d.mu.Lock()
	w := d.warm[a.ID]
	delete(d.warm, a.ID)
	d.mu.Unlock()
	if w == nil {
		return nil, false, nil
	}
	select {
	case <-w.done:
	case <-ctx.Done():
		return nil, true, netFault("connect to IMAP server", context.Cause(ctx), nil)
	}
	age := d.now().Sub(w.at)
	same := w.a.IMAP == a.IMAP && w.a.CAFile == a.CAFile && age >= 0 && age < warmFor
	w.stop()
	switch {
	case w.err != nil && same:
		return nil, true, w.err
	case w.s == nil: // it failed too long ago, or elsewhere
		return nil, false, nil
	case !same || w.s.dead || w.s.l.why() != nil:
		w.s.close(errClosed)
		return nil, false, nil //nolint:nilerr // there is no error: the connection is not the one to be had
	}
	if by.dialed != nil {
		by.dialed(w.s.l)
	}
	w.s.alert = by.alert
	for _, text := range w.alerts {
		if by.alert != nil {
			by.alert(text)
		}
	}
	return w.s, true, nil
}
