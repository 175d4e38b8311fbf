package sync

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/rule"
	"hopthu/mail/store"
)

// Clock is the engine's time.
type Clock interface {
	Now() time.Time
	After(d time.Duration) <-chan time.Time
}

// Options tune an engine; zero values take the defaults.
type Options struct {
	Clock   Clock
	Status  func(mail.Status) // each change of the state line, at most 10 a second while counting
	Fell    func(*mail.Fault) // something the person must know: an act was turned back
	Filled  func()            // older letters of a folder are all here: the index may follow
	Page    int               // letters of the first screenful: 50
	Block   int               // headers read and stored at once: 2000
	Poll    time.Duration     // how often folders that are not watched are looked at: 5 min
	Bodies  int               // letters per account whose text is fetched when idle: 5000
	BodyMax int64             // largest letter fetched when idle: 1 MiB
	// LetterMax is the largest letter that is brought here at all, in octets: 100 MiB. It stands in memory while it comes.
	LetterMax int64
	Jitter    func(time.Duration) time.Duration // spreads reconnects; tests make it the identity
	Calendar  *rule.Calendar                    // in which days of deadlines are counted: VietNam
}

// Engine keeps one account in step.
type Engine struct {
	account mail.Account
	remote  Remote
	store   *store.Store
	o       Options

	opened atomic.Int64 // the folder the person looks at
	asking atomic.Int32 // jobs that wait to be taken
	jobs   chan *job
	kick   chan struct{}
	hint   chan struct{} // the watched folder changed
	work   chan struct{} // something waits to be pushed
	look   chan struct{} // the person opened another folder

	// Owned by Run.
	caps      Caps
	status    mail.Status
	reported  time.Time
	selected  string // folder name open at the server, "" for none
	refreshes int    // how many there were
	resets    int    // folders found numbered anew: UIDs read before mean nothing
	listed    time.Time
	watching  func() // begins to watch the inbox, once a session
	fails     int
	retry     time.Time                   // when the first operation that the server put off may be tried again
	people    letter.Known                // addresses of headers read before
	lastFlags map[mail.FolderID]time.Time // last full look at flags where there is no CONDSTORE
	looked    map[mail.FolderID]time.Time // last refresh
	spoiled   map[mail.LetterID]bool      // letters whose text the server refuses, in this session
	huge      map[mail.LetterID]bool      // letters larger than the server says
	told      map[mail.FolderID]bool      // folders that the person was told of, in this session
	stand     map[string]RemoteFolder     // folders as the last list told, where it tells enough
	stale     map[mail.FolderID]bool      // folders that a push changed and that must be looked at
}

// New makes an engine; nothing happens until Run.
func New(a mail.Account, r Remote, s *store.Store, o Options) *Engine {
	if o.Page == 0 {
		o.Page = 50
	}
	if o.Block == 0 {
		o.Block = 2000
	}
	if o.Poll == 0 {
		o.Poll = 5 * time.Minute
	}
	if o.Bodies == 0 {
		o.Bodies = 5000
	}
	if o.BodyMax == 0 {
		o.BodyMax = 1 << 20
	}
	if o.Calendar == nil {
		o.Calendar = rule.VietNam()
	}
	if o.LetterMax == 0 {
		o.LetterMax = 100 << 20
	}
	if o.Status == nil {
		o.Status = func(mail.Status) {}
	}
	if o.Fell == nil {
		o.Fell = func(*mail.Fault) {}
	}
	if o.Filled == nil {
		o.Filled = func() {}
	}
	if o.Jitter == nil {
		o.Jitter = func(d time.Duration) time.Duration { return d/2 + rand.N(d/2+1) }
	}
	return &Engine{
		account: a, remote: r, store: s, o: o,
		jobs: make(chan *job), kick: make(chan struct{}, 1), hint: make(chan struct{}, 1),
		work: make(chan struct{}, 1), look: make(chan struct{}, 1), looked: map[mail.FolderID]time.Time{},
		spoiled: map[mail.LetterID]bool{}, huge: map[mail.LetterID]bool{}, told: map[mail.FolderID]bool{}, stale: map[mail.FolderID]bool{}, stand: map[string]RemoteFolder{},
		status: mail.Status{Account: a.ID}, lastFlags: map[mail.FolderID]time.Time{},
		watching: func() {},
	}
}

// Kick asks for a pass now: it ends a wait, a back-off or a stop. It never blocks.
func (e *Engine) Kick() { poke(e.kick) }

// Push asks for pending operations to be sent. Unlike Kick it ends neither a back-off nor a stop: what the person does
// with letters must not become one login after the other with a wrong password. It never blocks.
func (e *Engine) Push() { poke(e.work) }

// Flush sends pending operations and waits until they are at the server, but for those that failed and wait for their next try.
// Where the server cannot be reached it waits for that as long as ctx lasts.
func (e *Engine) Flush(ctx context.Context) error { return e.ask(ctx, e.push) }

// View says which folder the person looks at: it is refreshed soon, and comes first in a pass. It never blocks.
func (e *Engine) View(f mail.FolderID) {
	if e.opened.Swap(int64(f)) != int64(f) {
		poke(e.look)
	}
}

func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Run works until ctx ends; then it closes the connection and returns nil.
func (e *Engine) Run(ctx context.Context) error {
	defer func() {
		if err := e.remote.Close(); err != nil && ctx.Err() == nil {
			e.o.Fell(mail.AsFault("close connection", err))
		}
	}()
	for ctx.Err() == nil {
		err := e.session(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			e.rest(ctx, mail.AsFault("synchronise", err))
		}
	}
	return nil
}

// rest waits after a failure: for the person when only the person can help, else with growing back-off.
func (e *Engine) rest(ctx context.Context, f *mail.Fault) {
	e.selected = ""
	e.fails++
	e.status.Fault, e.status.Done, e.status.Total = f, 0, 0
	var wait <-chan time.Time
	if needsPerson(f.Kind) {
		e.status.State, e.status.Next = mail.Stopped, time.Time{}
	} else {
		d := e.o.Jitter(backoff(e.fails))
		e.status.State, e.status.Next = mail.Offline, e.o.Clock.Now().Add(d)
		wait = e.o.Clock.After(d)
	}
	e.report(true)
	for {
		select {
		case <-ctx.Done():
			return
		case <-e.kick:
			return
		case <-wait:
			return
		case j := <-e.jobs: // nobody can be served now: say so at once instead of letting a reader wait
			j.done <- f
		}
	}
}

func needsPerson(k mail.FaultKind) bool {
	switch k {
	case mail.BadPassword, mail.MustChange, mail.PasswordExpired, mail.BadCertificate, mail.NoTLS, mail.LockedOut, mail.StoreDamaged:
		return true
	default:
		return false
	}
}

// backoff is 1 s, 2 s, 4 s … one minute.
func backoff(fails int) time.Duration {
	d := time.Second << min(fails-1, 6)
	return min(d, time.Minute)
}

// session connects and works until the connection fails.
func (e *Engine) session(ctx context.Context) error {
	e.status.State, e.status.Fault = mail.Connecting, nil
	e.report(true)
	if err := e.expect(ctx); err != nil {
		return err
	}
	caps, err := e.remote.Connect(ctx)
	if err != nil {
		return err
	}
	e.caps, e.selected = caps, ""
	e.spoiled, e.told = map[mail.LetterID]bool{}, map[mail.FolderID]bool{}
	e.status.Alert = caps.Alert
	e.status.State = mail.Syncing
	e.report(true)

	idleCtx, stopIdle := context.WithCancel(ctx)
	defer stopIdle()
	e.watching = sync.OnceFunc(func() { e.watch(idleCtx) })
	for {
		if err := e.pass(ctx); err != nil {
			return err
		}
		e.fails = 0
		e.inStep()
		e.watching()
		if err := e.idle(ctx); err != nil {
			return err
		}
		if caps, err = e.remote.Connect(ctx); err != nil { // tells what the server said meanwhile; no-op on a live connection
			return err
		}
		e.caps, e.selected, e.status.Alert, e.status.State = caps, "", caps.Alert, mail.Syncing
		e.report(true)
	}
}

// expect tells the remote what is asked for first: the inbox, where nothing was fetched yet.
func (e *Engine) expect(ctx context.Context) error {
	r, ok := e.remote.(Expecting)
	if !ok {
		return nil
	}
	folders, err := e.known(ctx)
	if err != nil {
		return err
	}
	for _, f := range folders {
		if f.Role != mail.RoleInbox || !f.Selectable {
			continue
		}
		ss, err := e.store.SyncState(ctx, f.ID)
		if err != nil {
			return err
		}
		if ss.UIDValidity == 0 {
			r.Expect(f.Name)
		}
	}
	return nil
}

// watch keeps IDLE running on the inbox, on a connection of its own, until ctx ends. Its failures are no failure of
// the session: the poll still looks.
func (e *Engine) watch(ctx context.Context) {
	inbox, ok, err := e.store.FolderByRole(ctx, e.account.ID, mail.RoleInbox)
	if err != nil || !ok {
		return
	}
	mail.Go("idle "+string(e.account.ID), func() {
		for fails := 1; ctx.Err() == nil; fails++ {
			start := e.o.Clock.Now()
			err := e.remote.Idle(ctx, inbox.Name, func() { poke(e.hint) })
			if ctx.Err() != nil {
				return
			}
			if err == nil || e.o.Clock.Now().Sub(start) > time.Minute {
				fails = 1
			}
			poke(e.hint) // what was missed while it was down
			select {
			case <-ctx.Done():
				return
			case <-e.o.Clock.After(backoff(fails + 2)):
			}
		}
	})
}

// idle waits for something to do and does jobs. It returns nil when a pass is due.
func (e *Engine) idle(ctx context.Context) error {
	poll := e.o.Clock.After(e.o.Poll)
	for {
		var retry <-chan time.Time
		if !e.retry.IsZero() {
			retry = e.o.Clock.After(max(0, e.retry.Sub(e.o.Clock.Now())))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-poll:
			return nil
		case <-e.kick:
			return nil
		case <-e.hint:
			if err := e.glance(ctx, e.inbox); err != nil {
				return err
			}
		case <-e.look:
			if err := e.glance(ctx, e.viewed); err != nil {
				return err
			}
		case <-e.work:
			if err := e.pushed(ctx); err != nil {
				return err
			}
		case <-retry:
			if err := e.pushed(ctx); err != nil {
				return err
			}
		case j := <-e.jobs:
			if err := e.serve(j); err != nil {
				return err
			}
		}
	}
}

// inStep reports that nothing is left to do.
func (e *Engine) inStep() {
	e.status.State, e.status.Since, e.status.Done, e.status.Total = mail.Ready, e.o.Clock.Now(), 0, 0
	e.report(true)
}

// report hands the status on; while only the counter moves, at most ten times a second.
func (e *Engine) report(force bool) {
	now := e.o.Clock.Now()
	if !force && now.Sub(e.reported) < 100*time.Millisecond && !now.Before(e.reported) {
		return
	}
	e.reported = now
	e.o.Status(e.status)
	e.status.Alert = ""
}
