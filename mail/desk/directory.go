package desk

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/letter"
	"hopthu/mail/rule"
	"hopthu/mail/viet"
)

// directories holds the public directory of each account (QC 6): read from the store once, replaced when the server has a
// newer one.
type directories struct {
	mu     sync.Mutex
	held   map[mail.AccountID]*directory
	opened map[mail.AccountID]chan struct{} // closed when the first reading from the store is over
	busy   map[mail.AccountID]chan struct{} // closed when the asking that is under way is over
	tried  map[mail.AccountID]time.Time
}

// directory is one version of it; it never changes.
type directory struct {
	etag  string
	index *rule.Index
	boxes map[string]string // wire form of an address → key of its entry
}

const (
	directoryAgain = 10 * time.Minute // how long the server is not asked again
	directoryWait  = 5 * time.Second  // how long a first document waits for it
	maxListing     = 250_000          // entries that are taken
	maxHistory     = 5000             // addresses of letters that are looked at
)

// published is the directory that is kept, nil if there is none. The first call reads it and takes its time.
func (d *Desk) published(ctx context.Context, account mail.AccountID) (*directory, error) {
	x := &d.dirs
	x.mu.Lock()
	x.begin()
	done, reading := x.opened[account]
	if !reading {
		done = make(chan struct{})
		x.opened[account] = done
	}
	x.mu.Unlock()
	if !reading {
		held, err := d.keptDirectory(context.WithoutCancel(ctx), account)
		x.mu.Lock()
		if held != nil {
			x.held[account] = held
		}
		if err != nil || held == nil {
			delete(x.opened, account) // the next one looks again
		}
		x.mu.Unlock()
		close(done)
		return held, err
	}
	select {
	case <-done:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.held[account], nil
}

// begin makes the maps; the caller holds the lock.
func (x *directories) begin() {
	if x.held == nil {
		x.held, x.opened = map[mail.AccountID]*directory{}, map[mail.AccountID]chan struct{}{}
		x.busy, x.tried = map[mail.AccountID]chan struct{}{}, map[mail.AccountID]time.Time{}
	}
}

func (d *Desk) keptDirectory(ctx context.Context, account mail.AccountID) (*directory, error) {
	kept, ok, err := d.store.Directory(ctx, account)
	if err != nil || !ok {
		return nil, err
	}
	var l api.Listing
	if err := json.Unmarshal(kept.Data, &l); err != nil {
		d.o.Log.Warn("kept directory cannot be read", "account", account)
		return nil, nil //nolint:nilnil,nilerr // it is asked for anew
	}
	return newDirectory(l, kept.ETag), nil
}

// newDirectory takes what a server published. Nothing but addresses may come into a recipient field from there.
func newDirectory(l api.Listing, etag string) *directory {
	x := &directory{etag: etag, boxes: map[string]string{}}
	list := make([]rule.Listed, 0, len(l.Entries))
	for _, e := range l.Entries[:min(len(l.Entries), maxListing)] {
		r := rule.Listed{
			Key: e.Key, Name: oneLine(e.Name), Address: viet.NFC(e.Address), Unit: oneLine(e.Unit), Post: oneLine(e.Post), Members: e.Members,
		}
		switch e.Kind {
		case "unit":
			r.Kind = rule.ListedUnit
		case "person":
			r.Kind = rule.ListedPerson
		case "group":
			r.Kind = rule.ListedGroup
		case "post":
			r.Kind = rule.ListedPost
		case "publish":
			r.Kind = rule.ListedPublish
		default:
			continue // of a newer server
		}
		if r.Address == "" || letter.ValidAddress(r.Address) != nil {
			r.Address = viet.NFC(e.Wire)
		}
		if r.Address != "" && letter.ValidAddress(r.Address) != nil {
			r.Address = ""
		}
		for _, a := range e.Aliases {
			r.Aliases = append(r.Aliases, oneLine(a))
		}
		if r.Key == "" || r.Name == "" {
			continue
		}
		if r.Address != "" {
			x.boxes[rule.WireForm(r.Address)] = r.Key
		}
		list = append(list, r)
	}
	x.index = rule.NewIndex(list)
	return x
}

func oneLine(s string) string { return strings.Join(strings.Fields(viet.NFC(s)), " ") }

// refreshDirectory asks the server whether it has a newer directory, unless it was asked a moment ago. An asking that is
// under way is waited for.
func (d *Desk) refreshDirectory(ctx context.Context, a mail.Account) error {
	if a.Office == "" || d.o.Offline {
		return nil
	}
	x, now := &d.dirs, d.o.Clock.Now()
	x.mu.Lock()
	x.begin()
	busy, under := x.busy[a.ID]
	since := now.Sub(x.tried[a.ID])
	if !under && since >= 0 && since < directoryAgain {
		x.mu.Unlock()
		return nil
	}
	if !under {
		busy = make(chan struct{})
		x.tried[a.ID], x.busy[a.ID] = now, busy
	}
	x.mu.Unlock()
	if under {
		select {
		case <-busy:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	defer func() {
		x.mu.Lock()
		delete(x.busy, a.ID)
		x.mu.Unlock()
		close(busy)
	}()
	return d.askDirectory(ctx, a)
}

func (d *Desk) askDirectory(ctx context.Context, a mail.Account) error {
	etag, err := d.store.DirectoryTag(ctx, a.ID)
	if err != nil {
		return err
	}
	l, fresh, changed, err := d.o.Network.Listing(ctx, a, etag)
	if err != nil {
		return err
	}
	if !changed {
		return d.store.ConfirmDirectory(ctx, a.ID)
	}
	data, err := json.Marshal(l)
	if err != nil {
		return &mail.Fault{Kind: mail.Unknown, Op: "keep directory", Err: err}
	}
	if err := d.store.PutDirectory(ctx, a.ID, fresh, data); err != nil {
		return err
	}
	d.dirs.mu.Lock()
	used := d.dirs.held[a.ID] != nil
	d.dirs.mu.Unlock()
	if !used { // whoever needs it first reads it: it is large where the province is
		return nil
	}
	now := newDirectory(l, fresh)
	d.dirs.mu.Lock()
	d.dirs.held[a.ID] = now
	d.dirs.mu.Unlock()
	return nil
}

// freshenDirectory asks the server while nobody waits. warm also makes it ready for the first key.
func (d *Desk) freshenDirectory(id mail.AccountID, warm bool) {
	a, err := d.account(id)
	if err != nil {
		return
	}
	d.mu.Lock()
	ctx := d.run
	if ctx == nil || ctx.Err() != nil || d.o.Offline {
		d.mu.Unlock()
		return
	}
	d.wg.Add(1)
	d.mu.Unlock()
	mail.Go("directory "+string(id), func() {
		defer d.wg.Done()
		err := d.refreshDirectory(ctx, a)
		if warm && err == nil {
			var held *directory
			if held, err = d.published(ctx, id); held != nil {
				held.index.Complete("a", 1)
			}
		}
		if err != nil && ctx.Err() == nil {
			d.o.Log.Info("directory not brought up to date", "kind", mail.KindOf(err))
		}
	})
}

// ways is everything by which the names of a document can be found: what is published, what the person chose before, and
// addresses outside the system of letters that were sent.
func (d *Desk) ways(ctx context.Context, a mail.Account) (rule.Directories, *directory, error) {
	held, err := d.published(ctx, a.ID)
	if err != nil {
		return nil, nil, err
	}
	var own []rule.Listed
	chosen, err := d.store.ChosenNames(ctx, a.ID)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range chosen {
		own = append(own, rule.EntryOf(mail.Address{Name: c.Name, Addr: c.Addr}, rule.Chosen))
	}
	sent, err := d.store.AllContacts(ctx, maxHistory)
	if err != nil {
		return nil, nil, err
	}
	domain := mail.Address{Addr: a.Address}.Domain()
	for _, c := range sent {
		if c.Address.Name != "" && (held == nil || c.Address.Domain() != domain) {
			own = append(own, rule.EntryOf(c.Address, rule.History))
		}
	}
	ways := rule.Directories{rule.NewIndex(own)}
	if held != nil {
		ways = rule.Directories{held.index, ways[0]}
	}
	return ways, held, nil
}

// self is the key of the unit in whose name the account sends, "" if it is not published.
func (x *directory) self(a mail.Account) string {
	if x == nil {
		return ""
	}
	for _, addr := range append([]string{a.Address}, a.Aliases...) {
		e, ok := x.index.ByKey(x.boxes[rule.WireForm(addr)])
		if ok && e.Kind != rule.ListedPerson {
			return e.Key
		}
		if !ok || e.Unit == "" {
			continue
		}
		for _, m := range x.index.Lookup(e.Unit) {
			if m.Kind == rule.ListedUnit && m.Name == e.Unit {
				return m.Key
			}
		}
	}
	return ""
}
