package sync

import (
	"context"
	"sync"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/store"
)

// Office is where the people of a box agree on who does what (QC 14.3): wire's Bureau on the bundled server, Keywords on a plain
// IMAP server. Every error carries a *mail.Fault; Kind Conflict says who came first in its Detail.
type Office interface {
	// Works is what changed in a box since a version; it waits up to wait for something newer.
	Works(ctx context.Context, box string, since int64, wait time.Duration) (api.Works, error)
	// Act changes the work on a letter. The same act twice is one act.
	Act(ctx context.Context, a api.Act) (mail.Work, error)
}

// FollowOptions tune a follower; zero values take the defaults.
type FollowOptions struct {
	Clock  Clock
	Fell   func(*mail.Fault)                 // an act was turned back
	Lost   func(*mail.Fault)                 // the office does not answer for this box any more
	Jitter func(time.Duration) time.Duration // spreads retries
	Wait   time.Duration                     // how long one question is kept open: 50 s
	Claim  time.Duration                     // how long a claim is believed that nobody renews: 3 min, one more than the office's; staleClaim by keywords
}

// Follower keeps the work on the letters of one box in step with the office.
type Follower struct {
	account mail.Account
	office  Office
	store   *store.Store
	o       FollowOptions
	work    chan struct{}

	mu     sync.Mutex
	cancel context.CancelFunc // ends the question that is open
}

// NewFollower makes a follower of an account that several people work in; nothing happens until Run.
func NewFollower(a mail.Account, office Office, s *store.Store, o FollowOptions) *Follower {
	if o.Fell == nil {
		o.Fell = func(*mail.Fault) {}
	}
	if o.Lost == nil {
		o.Lost = func(*mail.Fault) {}
	}
	if o.Jitter == nil {
		o.Jitter = func(d time.Duration) time.Duration { return d }
	}
	if o.Wait == 0 {
		o.Wait = 50 * time.Second
	}
	if o.Claim == 0 {
		o.Claim = 3 * time.Minute
		if a.Shared { // nobody sees a keyword renewed
			o.Claim = staleClaim
		}
	}
	return &Follower{account: a, office: office, store: s, o: o, work: make(chan struct{}, 1), cancel: func() {}}
}

// Push asks for pending acts to be sent now; it never blocks.
func (f *Follower) Push() {
	poke(f.work)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.cancel()
}

// Run works until ctx ends.
func (f *Follower) Run(ctx context.Context) error {
	fails := 0
	for ctx.Err() == nil {
		begun := f.o.Clock.Now()
		news, err := f.turn(ctx)
		if ctx.Err() != nil {
			return nil //nolint:nilerr // the end is no failure
		}
		if lapse := f.store.LapseClaims(ctx, f.account.ID, f.o.Clock.Now().Add(-f.o.Claim)); lapse != nil && ctx.Err() == nil {
			f.o.Fell(mail.AsFault("end old claims", lapse))
		}
		if err == nil {
			fails = 0
			if !news && f.o.Clock.Now().Sub(begun) < time.Second { // an office that does not wait is not asked without end
				f.rest(ctx, time.Second)
			}
			continue
		}
		fails++
		if refused(mail.KindOf(err)) {
			f.o.Lost(mail.AsFault("follow work", err))
		}
		f.rest(ctx, f.o.Jitter(backoff(fails)))
	}
	return nil
}

// refused reports whether the office said no to the question itself: the delegation ended, the person was suspended.
func refused(k mail.FaultKind) bool {
	switch k {
	case mail.Refused, mail.Blocked, mail.Gone, mail.NoPermission, mail.BadPassword, mail.LockedOut, mail.MustChange:
		return true
	default:
		return false
	}
}

func (f *Follower) rest(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-f.work:
		poke(f.work) // the turn that follows begins with it
	case <-f.o.Clock.After(d):
	}
}

// turn sends what waits, then asks once for what others did; news is whether there was anything.
func (f *Follower) turn(ctx context.Context) (news bool, err error) {
	asking, cancel := context.WithCancel(ctx)
	defer cancel()
	f.mu.Lock()
	f.cancel = cancel
	f.mu.Unlock()
	select { // what was asked for until now is done below; what is from now on ends the question
	case <-f.work:
	default:
	}
	if err := f.push(ctx); err != nil {
		return false, err
	}
	since, err := f.store.WorkVersion(ctx, f.account.ID)
	if err != nil {
		return false, err
	}
	got, err := f.office.Works(asking, f.account.As, since, f.o.Wait)
	if err != nil {
		if asking.Err() != nil && ctx.Err() == nil {
			return true, nil // Push ended it
		}
		return false, err
	}
	if len(got.Works) == 0 && !got.Reset && got.Version == since {
		return false, nil
	}
	return true, f.store.PutWorks(ctx, f.account.ID, got.Works, got.Version, got.Reset)
}

// Look asks what others did until now, without waiting for more.
func (f *Follower) Look(ctx context.Context) error {
	since, err := f.store.WorkVersion(ctx, f.account.ID)
	if err != nil {
		return err
	}
	got, err := f.office.Works(ctx, f.account.As, since, 0)
	if err != nil {
		return err
	}
	return f.store.PutWorks(ctx, f.account.ID, got.Works, got.Version, got.Reset)
}

// push sends pending acts in the order in which they were done. One that contradicts what another did is turned back and told.
func (f *Follower) push(ctx context.Context) error {
	list, err := f.store.PendingWorks(ctx, f.account.ID)
	if err != nil {
		return err
	}
	for _, p := range list {
		w, err := f.office.Act(ctx, p.Act)
		switch kind := mail.KindOf(err); {
		case err == nil:
			err = f.store.WorkDone(ctx, f.account.ID, p.N, w)
		case lost(err) || needsPerson(kind) || ourOwn(kind) || kind == mail.TryLater || ctx.Err() != nil:
			return err // it stays, with all behind it
		default:
			f.o.Fell(mail.AsFault("work on letter", err))
			err = f.store.WorkRefused(ctx, f.account.ID, p.N)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
