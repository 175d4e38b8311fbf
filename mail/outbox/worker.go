package outbox

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"hopthu/mail"
	"hopthu/mail/store"
)

// Clock is the time that the worker is handed.
type Clock interface {
	Now() time.Time
	After(d time.Duration) <-chan time.Time
}

// Store is what the worker asks of the store; *store.Store is one.
type Store interface {
	NextOutgoing(ctx context.Context, now time.Time) (store.Outgoing, bool, error)
	NextDue(ctx context.Context) (time.Time, bool, error)
	SetOutState(ctx context.Context, id mail.OutboxID, from []mail.OutboxState, to mail.OutboxState, u store.OutUpdate) (bool, error)
	Sending(ctx context.Context) ([]store.Outgoing, error)
	InSent(ctx context.Context, account mail.AccountID, messageID string) (bool, error)
	Outbox(ctx context.Context) ([]mail.OutboxItem, error)
}

// Worker sends the letters of all accounts, one after the other.
type Worker struct {
	store   Store
	senders func(mail.AccountID) (Sender, bool)
	clock   Clock
	kick    chan struct{}

	// Fell is told what the person must know and no state of a letter says: a store that cannot be written, recipients
	// refused one by one. Set it before Run; nil is nobody.
	Fell func(*mail.Fault)
	// Ready is asked right before a letter leaves, and its error decides as the sender's would. Set it before Run; nil asks nobody.
	Ready func(context.Context, store.Outgoing) error

	begun   bool
	owed    *outcome                    // an outcome that the store has not taken yet
	offline map[mail.OutboxID]time.Time // letters that wait for the network, and when they were last tried
}

// outcome is how a sending ended.
type outcome struct {
	id mail.OutboxID
	to mail.OutboxState
	up store.OutUpdate
}

// New makes a worker; senders gives the sender of an account, false while it has none (not signed in).
func New(s Store, senders func(mail.AccountID) (Sender, bool), clock Clock) *Worker {
	return &Worker{store: s, senders: senders, clock: clock, kick: make(chan struct{}, 1), offline: map[mail.OutboxID]time.Time{}}
}

// Kick makes the worker look at once: a letter was added, an account can send again, Sent was brought into step.
// It never waits.
func (w *Worker) Kick() {
	select {
	case w.kick <- struct{}{}:
	default: // a look is due already
	}
}

// pause is the time between two looks when the store fails, when a letter's outcome is unknown, and the least time
// between two tries that Kick can cause.
const pause = 30 * time.Second

// Run works until ctx ends and returns its error. A letter whose sending was under way when the program ended is
// settled first.
func (w *Worker) Run(ctx context.Context) error {
	for {
		err := w.work(ctx)
		if ctx.Err() != nil {
			// The last outcome is recorded even when the program is ending: otherwise it would be unknown for good.
			if e := w.settleOwed(context.WithoutCancel(ctx)); e != nil {
				w.tell(mail.AsFault("record sending", e))
			}
			return ctx.Err()
		}
		wait := pause
		if err == nil {
			wait, err = w.untilNext(ctx)
		}
		if err != nil && ctx.Err() == nil {
			w.tell(mail.AsFault("work on outbox", err))
			wait = pause
		}
		var after <-chan time.Time
		if wait >= 0 {
			after = w.clock.After(wait)
		}
		select {
		case <-ctx.Done():
		case <-after:
		case <-w.kick:
			if err := w.backOnline(ctx); err != nil && ctx.Err() == nil {
				w.tell(mail.AsFault("work on outbox", err))
			}
		}
	}
}

// What the faults that are told of a letter say they were about (Fault.Op); the screen has words of its own for them.
const (
	OpSome = "send to some recipients" // the letter went, but not to all
	OpBack = "send back refused letter"
)

func (w *Worker) tell(f *mail.Fault) {
	if w.Fell != nil {
		w.Fell(f)
	}
}

// work does everything that is due.
func (w *Worker) work(ctx context.Context) error {
	if err := w.begin(ctx); err != nil {
		return err
	}
	if err := w.settleOwed(ctx); err != nil {
		return err
	}
	if err := w.settleUnknown(ctx); err != nil {
		return err
	}
	for ctx.Err() == nil {
		o, ok, err := w.store.NextOutgoing(ctx, w.clock.Now())
		if err != nil || !ok {
			return err
		}
		if err := w.send(ctx, o); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// begin notes what waits from an earlier run: a kick makes it due, whatever the wait was for then.
func (w *Worker) begin(ctx context.Context) error {
	if w.begun {
		return nil
	}
	list, err := w.store.Outbox(ctx)
	if err != nil {
		return err
	}
	for _, it := range list {
		if it.State == mail.OutWaiting {
			w.offline[it.ID] = time.Time{}
		}
	}
	w.begun = true
	return nil
}

// settleOwed records an outcome that could not be recorded before. Nothing else leaves until it is.
func (w *Worker) settleOwed(ctx context.Context) error {
	if w.owed == nil {
		return nil
	}
	o := w.owed
	_, err := w.store.SetOutState(ctx, o.id, []mail.OutboxState{mail.OutSending}, o.to, o.up)
	if err != nil && mail.KindOf(err) != mail.Gone { // gone: its account was removed meanwhile
		return fmt.Errorf("record sending: %w", err)
	}
	w.owed = nil
	return nil
}

// settleUnknown looks for letters whose outcome is unknown among the letters of Sent: one that stands there has
// left. The others are for the person to decide. Nothing is ever sent from here.
func (w *Worker) settleUnknown(ctx context.Context) error {
	list, err := w.store.Sending(ctx)
	if err != nil {
		return err
	}
	for _, o := range list {
		it := o.Item
		found, err := w.store.InSent(ctx, it.Account, it.MessageID)
		if err != nil {
			return err
		}
		switch {
		case found:
			now := w.clock.Now()
			_, err = w.store.SetOutState(ctx, it.ID, []mail.OutboxState{it.State}, mail.OutSent, store.OutUpdate{Submitted: now, Filed: now})
		case it.State == mail.OutSending:
			_, err = w.store.SetOutState(ctx, it.ID, []mail.OutboxState{mail.OutSending}, mail.OutUnknown, store.OutUpdate{})
		}
		if err != nil && mail.KindOf(err) != mail.Gone {
			return err
		}
	}
	return nil
}

// untilNext says how long nothing is due; negative means until a kick.
func (w *Worker) untilNext(ctx context.Context) (time.Duration, error) {
	at, waiting, err := w.store.NextDue(ctx)
	if err != nil {
		return 0, err
	}
	list, err := w.store.Sending(ctx)
	if err != nil {
		return 0, err
	}
	d := time.Duration(-1)
	if waiting {
		d = max(at.Sub(w.clock.Now()), 0)
	}
	// Sent may come into step meanwhile and tell.
	if len(list) > 0 && (d < 0 || d > pause) {
		d = pause
	}
	return d, nil
}

// send tries one letter. That it is being sent is on disk before the first byte leaves.
func (w *Worker) send(ctx context.Context, o store.Outgoing) error {
	it, now := o.Item, w.clock.Now()
	before := []mail.OutboxState{mail.OutQueued, mail.OutWaiting}
	sender, ok := w.senders(it.Account)
	if !ok {
		w.offline[it.ID] = time.Time{}
		_, err := w.store.SetOutState(ctx, it.ID, before, mail.OutWaiting, store.OutUpdate{Next: now.Add(delay(it.Tries))})
		return err
	}
	if w.Ready != nil {
		if err := w.Ready(ctx, o); err != nil {
			return w.hold(ctx, it, before, err)
		}
	}
	taken, err := w.store.SetOutState(ctx, it.ID, before, mail.OutSending, store.OutUpdate{Tried: true})
	if mail.KindOf(err) == mail.Gone {
		return nil // with its account
	}
	if err != nil || !taken {
		return err // not taken: recalled in the meantime
	}
	delete(w.offline, it.ID)
	receipt, err := sender.Send(ctx, Envelope{
		From: o.From, To: o.To, UTF8: o.UTF8, DSN: o.DSN, ID: it.MessageID,
	}, int64(len(o.Raw)), bytes.NewReader(o.Raw))
	w.owed = w.judge(it, receipt, err)
	return w.settleOwed(context.WithoutCancel(ctx))
}

// hold keeps a letter that may not leave now, or gives it back: nothing of it has left.
func (w *Worker) hold(ctx context.Context, it mail.OutboxItem, before []mail.OutboxState, why error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	o := w.judge(it, Receipt{}, why)
	if o.to == mail.OutUnknown {
		o.to, o.up.Next = mail.OutWaiting, w.clock.Now().Add(delay(it.Tries))
	}
	_, err := w.store.SetOutState(ctx, it.ID, before, o.to, o.up)
	if mail.KindOf(err) == mail.Gone {
		return nil
	}
	return err
}

// judge turns the end of a sending into the letter's next state.
func (w *Worker) judge(it mail.OutboxItem, r Receipt, err error) *outcome {
	now := w.clock.Now()
	if err == nil {
		if len(r.Refused) > 0 {
			w.tell(&mail.Fault{Kind: mail.Refused, Op: OpSome, Detail: strings.Join(refusals(r), "; ")})
		}
		return &outcome{it.ID, mail.OutSent, store.OutUpdate{Reply: words(r), Submitted: now, Refused: cleanAll(r.Refused)}}
	}
	f := mail.AsFault("send letter", err)
	up := store.OutUpdate{Reply: clean(f.Detail)}
	switch f.Kind {
	case mail.Refused, mail.TooBig, mail.BadAddress, mail.Blocked, mail.Conflict:
		if up.Reply == "" {
			up.Reply = string(f.Kind)
		}
		w.tell(&mail.Fault{Kind: f.Kind, Op: OpBack, Detail: clean(f.Detail), Err: f})
		return &outcome{it.ID, mail.OutRefused, up}
	case mail.TryLater, mail.NoServer, mail.NoAnswer, mail.LostConnection, mail.BadServer, mail.OverQuota, mail.NoTLS, mail.BadCertificate,
		mail.BadPassword, mail.MustChange, mail.LockedOut, mail.PasswordExpired, mail.NoKeyring,
		mail.BadSettings, mail.NoFile, mail.NoPermission: // the last three: its server or CA file cannot be used
		if f.Kind != mail.TryLater && f.Kind != mail.OverQuota {
			w.offline[it.ID] = now
		}
		if up.Reply == "" {
			up.Reply = string(f.Kind)
		}
		tries := it.Tries
		switch f.Kind {
		case mail.NoServer, mail.NoAnswer, mail.LostConnection:
			tries = min(tries, 1) // nobody is disturbed by a try without a network
		}
		up.Next = now.Add(delay(tries))
		return &outcome{it.ID, mail.OutWaiting, up}
	}
	// Unsent, and whatever else says nothing of the final dot: it may have arrived.
	return &outcome{it.ID, mail.OutUnknown, up}
}

// backOnline makes letters due that waited for the network or for a login, unless they were tried a moment ago.
func (w *Worker) backOnline(ctx context.Context) error {
	now := w.clock.Now()
	for id, tried := range w.offline {
		if d := now.Sub(tried); d >= 0 && d < pause {
			continue
		}
		delete(w.offline, id)
		if _, err := w.store.SetOutState(ctx, id, []mail.OutboxState{mail.OutWaiting}, mail.OutWaiting, store.OutUpdate{Next: now}); err != nil {
			if mail.KindOf(err) == mail.Gone {
				continue // recalled
			}
			return err
		}
	}
	return nil
}

// delays between tries; the last one repeats.
var delays = []time.Duration{30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour}

// delay is how long to wait after so many earlier tries.
func delay(tries int) time.Duration { return delays[min(max(tries, 0), len(delays)-1)] }

// words is a receipt as one text: the server's 250, then each recipient it did not take.
func words(r Receipt) string {
	return strings.Join(append([]string{clean(r.Text)}, refusals(r)...), "\n")
}

// refusals says of each recipient that was not taken what the server said.
func refusals(r Receipt) []string {
	lines := make([]string, 0, len(r.Refused))
	for _, to := range slices.Sorted(maps.Keys(r.Refused)) {
		lines = append(lines, clean(to)+": "+clean(r.Refused[to]))
	}
	return lines
}

func cleanAll(m map[string]string) map[string]string {
	if len(m) == 0 {
		return nil
	}
	out := make(map[string]string, len(m))
	for k, v := range m {
		out[clean(k)] = clean(v)
	}
	return out
}

// clean makes a server's words fit to be kept and shown: no controls, no direction marks, not endless.
func clean(s string) string {
	const most = 500
	var b strings.Builder
	n := 0
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		if n == most {
			break
		}
		switch {
		case r == '\n', r == '\r', r == '\t':
			r = ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.In(r, unicode.Zl, unicode.Zp):
			continue
		}
		b.WriteRune(r)
		n++
	}
	return strings.TrimSpace(b.String())
}
