// Package desk is what a person can do with the mail: list, read, mark, move, search, write, check, send, and see what
// the day asks for.
//
// Laws: it decides nothing about protocols and draws nothing; it reads the store and asks engines to follow; every
// letter that leaves has passed Check; no lock is held while a store, a network or a file is waited for.
package desk

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"sync"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/outbox"
	"hopthu/mail/rule"
	"hopthu/mail/store"
	msync "hopthu/mail/sync"
)

// Secrets keeps passwords; config's vault is one.
type Secrets interface {
	Get(ctx context.Context, name string) (string, error)
	Set(ctx context.Context, name, secret string) error
	Delete(ctx context.Context, name string) error
	Persistent() bool
	Why() error
	// Seal makes secrets outlive the session under this password where there is no keyring.
	Seal(pass string) error
	// Opens reports whether this password is what the sealed secrets are closed with.
	Opens(pass string) bool
}

// Network is the way out; wire's Dialer is one.
type Network interface {
	Discover(ctx context.Context, address string) (mail.Account, error)
	// Prove logs in to IMAP and SMTP; it returns what the servers said of themselves (the office API's address).
	Prove(ctx context.Context, a mail.Account, password string) (mail.Account, error)
	ChangePassword(ctx context.Context, a mail.Account, old, fresh string) error
	Directory(ctx context.Context, a mail.Account, typed string) ([]mail.Contact, error)
	// Listing reads the whole public directory, unless it is still the one with this entity tag.
	Listing(ctx context.Context, a mail.Account, etag string) (l api.Listing, fresh string, changed bool, err error)
	// Office gives the office functions of a person's own account; nothing is asked until the first call.
	Office(own mail.Account, secret func(context.Context) (string, error)) Office
	Remote(a mail.Account, secret func(context.Context) (string, error)) msync.Remote
	Sender(a mail.Account, secret func(context.Context) (string, error)) outbox.Sender
}

// Keeper writes what the person chose into the settings file.
type Keeper interface {
	Keep(s mail.Settings, accounts []mail.Account) error
}

// Clock is the desk's time.
type Clock interface {
	Now() time.Time
	After(d time.Duration) <-chan time.Time
}

// Options join a desk.
type Options struct {
	Store    *store.Store
	Secrets  Secrets
	Network  Network
	Keeper   Keeper
	Clock    Clock
	Rand     io.Reader
	Log      *slog.Logger
	Settings mail.Settings
	Accounts []mail.Account
	Calendar *rule.Calendar // in which working days are counted; nil is VietNam's
	Offline  bool           // never connect: for commands that only read the store
	// Calm waits until the screen has what it needs from the store: engines and outbox begin only then, so that TLS and
	// log-in do not take the processor from the first list. nil: at once.
	Calm func(ctx context.Context)
	// Start opens a file with the desktop's program.
	Start func(path string) error
	// Private is a folder for files on their way to other programs (0700), emptied at Close.
	Private string
}

// Desk implements frame.Desk.
type Desk struct {
	o      Options
	store  *store.Store
	events *collector
	out    *outbox.Worker
	days   *rule.Calendar
	files  attachmentTexts
	dirs   directories
	found  judgements
	terms  terms

	changing sync.Mutex // held while the list of accounts changes

	mu       sync.Mutex
	accounts []mail.Account
	settings mail.Settings
	status   map[mail.AccountID]mail.Status
	engines  map[mail.AccountID]*engine
	offices  map[mail.AccountID]Office        // by holder
	held     map[mail.AccountID][]*mail.Fault // of agencies' boxes, until it is known whether they are still open
	acts     []act                            // what Undo takes back, oldest first
	run      context.Context
	wg       sync.WaitGroup
	charset  map[mail.LetterID]int // where Reread's cycle stands
	coming   map[mail.LetterID]*coming
	listed   map[mail.FolderID]bool // whose first list was given
	toIndex  chan struct{}          // a fill has ended
	mute     time.Time              // when the directory last did not answer
	telling  bool                   // the offices are being told
	tellMore bool                   // and once more after that
	openedOn time.Time              // day on which it was noted that the boxes were opened
	waits    waits
}

// engine is a running account.
type engine struct {
	*msync.Engine
	sender   outbox.Sender
	follower *follower // where several work in the box, else nil
	seats    *seats    // of a person whose server has an office, else nil
	stop     context.CancelFunc
	done     chan struct{}
}

// New makes a desk; Run brings it to life. Its store must have been opened with Changed set to Desk.Changed (see
// Collector).
func New(o Options, c *Collector) *Desk {
	if o.Calendar == nil {
		o.Calendar = rule.VietNam()
	}
	d := &Desk{
		o: o, store: o.Store, events: &c.c, days: o.Calendar,
		accounts: slices.Clone(o.Accounts), settings: o.Settings,
		status: map[mail.AccountID]mail.Status{}, engines: map[mail.AccountID]*engine{}, offices: map[mail.AccountID]Office{}, held: map[mail.AccountID][]*mail.Fault{},
		charset: map[mail.LetterID]int{}, coming: map[mail.LetterID]*coming{}, listed: map[mail.FolderID]bool{},
		toIndex: make(chan struct{}, 1),
	}
	for _, a := range d.accounts {
		d.status[a.ID] = mail.Status{Account: a.ID}
	}
	d.out = outbox.New(o.Store, d.sender, o.Clock)
	d.out.Ready = d.ready
	d.out.Fell = func(f *mail.Fault) { d.events.post(mail.Event{Kind: mail.Fell, Fault: f}) }
	d.events.mu.Lock()
	d.events.sent = d.follow
	d.events.mu.Unlock()
	return d
}

// Run starts an engine per account and the outbox, and waits for all of them to end after ctx does.
func (d *Desk) Run(ctx context.Context) error {
	d.mu.Lock()
	d.run = ctx
	accounts := slices.Clone(d.accounts)
	d.mu.Unlock()
	for _, a := range accounts {
		if err := d.store.PutAccount(ctx, a); err != nil {
			if ctx.Err() != nil {
				return nil //nolint:nilerr // the end came before the beginning
			}
			return err
		}
	}
	if d.o.Offline {
		<-ctx.Done()
		return nil
	}
	for _, a := range accounts {
		d.start(a)
	}
	d.calm(ctx)
	d.wg.Add(1)
	mail.Go("index", func() {
		defer d.wg.Done()
		d.indexing(ctx)
	})
	err := d.out.Run(ctx)
	<-ctx.Done()
	d.mu.Lock()
	d.run = nil // nothing is begun any more
	d.mu.Unlock()
	d.wg.Wait()
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// start runs the engine of an account; a running one is stopped first.
func (d *Desk) start(a mail.Account) {
	d.stop(a.ID)
	d.mu.Lock()
	if a.As == "" {
		delete(d.offices, a.ID) // it may stand elsewhere now
	}
	d.mu.Unlock()
	office, _, official := d.officeOf(a)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.run == nil || d.o.Offline {
		return
	}
	ctx, cancel := context.WithCancel(d.run)
	secret := func(ctx context.Context) (string, error) { return d.secret(ctx, holder(a)) }
	e := &engine{stop: cancel, done: make(chan struct{}), sender: d.o.Network.Sender(a, secret)}
	e.Engine = msync.New(a, d.o.Network.Remote(a, secret), d.store, msync.Options{
		Clock:    d.o.Clock,
		Calendar: d.days,
		Status:   d.setStatus,
		Filled:   d.filled,
		Fell:     func(f *mail.Fault) { d.fell(a, f) },
	})
	d.engines[a.ID] = e
	switch {
	case a.As != "" && official:
		d.follows(ctx, a, e, office)
	case a.Shared:
		d.follows(ctx, a, e, e.Keywords())
	case official:
		d.watchSeats(ctx, a, e)
	}
	d.wg.Add(1)
	mail.Go("sync "+string(a.ID), func() {
		defer d.wg.Done()
		defer close(e.done)
		d.calm(ctx)
		if err := e.Run(ctx); err != nil {
			d.o.Log.Error("engine ended", "account", a.ID, "err", err)
		}
	})
}

func (d *Desk) calm(ctx context.Context) {
	if d.o.Calm != nil {
		d.o.Calm(ctx)
	}
}

// stop ends the engine of an account and waits for it.
func (d *Desk) stop(id mail.AccountID) {
	d.mu.Lock()
	e := d.engines[id]
	delete(d.engines, id)
	d.mu.Unlock()
	if e != nil {
		e.stop()
		<-e.done
		if e.follower != nil {
			<-e.follower.done
		}
		if e.seats != nil {
			<-e.seats.done
		}
	}
}

func (d *Desk) engine(id mail.AccountID) (*engine, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	e, ok := d.engines[id]
	return e, ok
}

func (d *Desk) sender(id mail.AccountID) (outbox.Sender, bool) {
	e, ok := d.engine(id)
	if !ok {
		return nil, false
	}
	return e.sender, true
}

func secretName(id mail.AccountID) string { return "password:" + string(id) }

func (d *Desk) secret(ctx context.Context, id mail.AccountID) (string, error) {
	p, err := d.o.Secrets.Get(ctx, secretName(id))
	if err != nil {
		return "", &mail.Fault{Kind: mail.BadPassword, Op: "find password", Detail: "missing", Err: err}
	}
	return p, nil
}

func (d *Desk) setStatus(s mail.Status) {
	d.mu.Lock()
	before := d.status[s.Account]
	back := s.State == mail.Ready && before.State != mail.Ready
	if s.Alert == "" {
		s.Alert = before.Alert // the screen may not have looked since; it shows the same words once
	}
	d.status[s.Account] = s
	d.mu.Unlock()
	if back { // what waited for the network need not wait for its next try
		d.out.Kick()
		d.freshenDirectory(s.Account, false)
		d.tellOffices()
		d.letIn(s.Account)
	}
	if s.State == mail.Offline || s.State == mail.Stopped {
		d.shutOut(s.Account)
	}
	d.events.post(mail.Event{Kind: mail.StatusChanged, Account: s.Account})
}

// Next implements frame.Desk.
func (d *Desk) Next(ctx context.Context) ([]mail.Event, error) { return d.events.next(ctx) }

// Accounts implements frame.Desk.
func (d *Desk) Accounts() []mail.Account {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.accounts)
}

func (d *Desk) account(id mail.AccountID) (mail.Account, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, a := range d.accounts {
		if a.ID == id {
			return a, nil
		}
	}
	return mail.Account{}, &mail.Fault{Kind: mail.Gone, Op: "find account"}
}

// Status implements frame.Desk: one entry an account, in the order of Accounts.
func (d *Desk) Status() []mail.Status {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := make([]mail.Status, 0, len(d.accounts))
	for _, a := range d.accounts {
		out = append(out, d.status[a.ID])
	}
	return out
}

// Settings implements frame.Desk.
func (d *Desk) Settings() mail.Settings {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.settings
}

// SaveSettings implements frame.Desk.
func (d *Desk) SaveSettings(_ context.Context, s mail.Settings) error {
	if err := d.o.Keeper.Keep(s, d.Accounts()); err != nil {
		return err
	}
	d.mu.Lock()
	d.settings = s
	d.mu.Unlock()
	return nil
}

// Refresh implements frame.Desk.
func (d *Desk) Refresh(id mail.AccountID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for a, e := range d.engines {
		if id == "" || id == a {
			e.Kick()
			if e.seats != nil {
				ring(e.seats.bell)
			}
		}
	}
}

// follow lets the engine of an account send what was done here; "" is every account. It is not Refresh: an engine that
// waits for the person or for the network goes on waiting.
func (d *Desk) follow(id mail.AccountID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for a, e := range d.engines {
		if id == "" || id == a {
			e.Push()
			if e.follower != nil {
				e.follower.Push()
			}
		}
	}
}

// UseSettings takes settings for this session only; nothing is written.
func (d *Desk) UseSettings(s mail.Settings) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.settings = s
}
