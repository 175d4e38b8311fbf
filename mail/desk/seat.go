package desk

import (
	"cmp"
	"context"
	"reflect"
	"slices"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
	msync "hopthu/mail/sync"
)

// seatsEvery is how often the office is asked whose boxes are open to a person: a delegation that was given shows after at most
// that time. One that ended is known at once, by its sessions.
const seatsEvery = time.Minute

// follower keeps the work of one box in step, beside its engine.
type follower struct {
	*msync.Follower
	office msync.Office
	done   chan struct{}
}

// seats asks for the boxes of one person; its bell ends the wait.
type seats struct {
	bell chan struct{}
	done chan struct{}
}

func ring(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// holder is the account whose secret opens a.
func holder(a mail.Account) mail.AccountID {
	if a.As != "" {
		return a.Holder
	}
	return a.ID
}

// officeOf gives the office that an account's holder logs in to, and the name of the account's box there; ok is false where its
// server has none.
func (d *Desk) officeOf(a mail.Account) (o Office, box string, ok bool) {
	if a.Office == "" || a.Shared || d.o.Offline {
		return nil, "", false
	}
	if box = a.As; box == "" {
		box = wire(a, mail.Address{Addr: a.Address}).Addr
	}
	id := holder(a)
	d.mu.Lock()
	defer d.mu.Unlock()
	if o = d.offices[id]; o == nil {
		own := a
		own.ID, own.As = id, ""
		o = d.o.Network.Office(own, func(ctx context.Context) (string, error) { return d.secret(ctx, id) })
		d.offices[id] = o
	}
	return o, box, true
}

// follows starts what keeps the work of a box in step beside its engine. The desk is locked.
func (d *Desk) follows(ctx context.Context, a mail.Account, e *engine, office msync.Office) {
	f := &follower{office: office, done: make(chan struct{})}
	f.Follower = msync.NewFollower(a, office, d.store, msync.FollowOptions{
		Clock: d.o.Clock,
		Fell:  func(f *mail.Fault) { d.fell(a, f) },
		Lost:  func(*mail.Fault) { d.ringSeats(a.Holder) },
	})
	e.follower = f
	d.wg.Add(1)
	mail.Go("work "+string(a.ID), func() {
		defer d.wg.Done()
		defer close(f.done)
		d.calm(ctx)
		if err := f.Run(ctx); err != nil {
			d.o.Log.Error("follower ended", "account", a.ID, "err", err)
		}
	})
}

// watchSeats starts what asks for the boxes of a person. It waits for the bell, which his engine rings when its server has let him
// in: a wrong password is tried once, not at each door. The desk is locked.
func (d *Desk) watchSeats(ctx context.Context, a mail.Account, e *engine) {
	s := &seats{bell: make(chan struct{}, 1), done: make(chan struct{})}
	e.seats = s
	d.wg.Add(1)
	mail.Go("seats "+string(a.ID), func() {
		defer d.wg.Done()
		defer close(s.done)
		var tick <-chan time.Time
		for {
			select {
			case <-ctx.Done():
				return
			case <-s.bell:
			case <-tick:
			}
			d.expire(ctx)
			err := d.reseat(ctx, a)
			tick = d.o.Clock.After(seatsEvery)
			switch kind := mail.KindOf(err); {
			case ctx.Err() != nil:
				return
			case kind == mail.BadPassword || kind == mail.MustChange || kind == mail.LockedOut || kind == mail.PasswordExpired:
				tick = nil // until the engine is let in again
			case err != nil:
				d.o.Log.Info("boxes of a person not read", "account", a.ID, "kind", kind)
			default:
				d.tellHeld(a.ID)
			}
		}
	})
}

// fell tells the person of trouble with a box. When a server says no to a box of an agency, the reason may be that it is not open any
// more: then that is told, and not its many consequences.
func (d *Desk) fell(a mail.Account, f *mail.Fault) {
	switch f.Kind {
	case mail.NoFolder, mail.Refused, mail.Gone, mail.NoPermission, mail.Blocked:
		if e, ok := d.engine(a.Holder); ok && a.As != "" && e.seats != nil {
			d.mu.Lock()
			d.held[a.ID] = append(d.held[a.ID], f)
			d.mu.Unlock()
			ring(e.seats.bell)
			return
		}
	default:
	}
	d.events.post(mail.Event{Kind: mail.Fell, Account: a.ID, Fault: f})
}

// tellHeld tells what was held back of the boxes that are still open to a person, and drops the rest.
func (d *Desk) tellHeld(own mail.AccountID) {
	d.mu.Lock()
	held := d.held
	d.held = map[mail.AccountID][]*mail.Fault{}
	open := map[mail.AccountID]bool{}
	for _, a := range d.accounts {
		if a.As == "" || a.Holder == own {
			open[a.ID] = true
			continue
		}
		if list := held[a.ID]; list != nil { // another person's: his seats tell
			d.held[a.ID] = list
		}
	}
	d.mu.Unlock()
	for id, list := range held {
		if !open[id] {
			continue
		}
		for _, f := range list {
			d.events.post(mail.Event{Kind: mail.Fell, Account: id, Fault: f})
		}
	}
}

// ringSeats lets the boxes of a person be asked for now.
func (d *Desk) ringSeats(id mail.AccountID) {
	if e, ok := d.engine(id); ok && e.seats != nil {
		ring(e.seats.bell)
	}
}

// reseat makes the accounts of a person's agency boxes what the office says that is open to him.
func (d *Desk) reseat(ctx context.Context, own mail.Account) error {
	o, _, ok := d.officeOf(own)
	if !ok {
		return nil
	}
	me, err := o.Me(ctx)
	if err != nil {
		return err
	}
	open := map[mail.AccountID]bool{}
	for _, b := range me.Boxes {
		a, ok := acting(own, me.Person, b)
		if !ok {
			continue
		}
		open[a.ID] = true
		if err := d.seat(ctx, a); err != nil {
			return err
		}
	}
	known, err := d.store.Accounts(ctx) // also one that the settings file has lost
	if err != nil {
		return err
	}
	for _, a := range append(known, d.Accounts()...) {
		if a.As != "" && a.Holder == own.ID && !open[a.ID] {
			open[a.ID] = true
			if err := d.unseat(ctx, a); err != nil {
				return err
			}
		}
	}
	return nil
}

// acting makes the account in which a person works for an agency.
func acting(own mail.Account, me mail.Person, b api.Shared) (mail.Account, bool) {
	scope, ok := mail.ParseScope(b.Scope)
	if !ok || b.Wire == "" {
		return mail.Account{}, false
	}
	a := mail.Account{
		ID: own.ID + "/" + mail.AccountID(b.Wire), Address: b.Address, Login: own.Login, Name: b.Name, Agency: cmp.Or(b.Short, b.Name), Official: true,
		Aliases: slices.Clone(b.Aliases), IMAP: own.IMAP, SMTP: own.SMTP, Office: own.Office, CAFile: own.CAFile,
		As: b.Wire, Holder: own.ID, Person: me, Scope: scope, Until: b.Until,
	}
	if a.Address == "" {
		a.Address = b.Wire
	}
	a.Aliases = spellings(a)
	return a, true
}

// seat opens an agency's box, or takes over what changed of its delegation.
func (d *Desk) seat(ctx context.Context, a mail.Account) error {
	old, err := d.account(a.ID)
	known := err == nil
	if known {
		a.Signature = old.Signature
		if reflect.DeepEqual(a, old) {
			return nil
		}
	}
	if err := d.store.PutAccount(ctx, a); err != nil {
		return err
	}
	if err := d.keepAccounts(func(list []mail.Account) []mail.Account {
		if i := slices.IndexFunc(list, func(x mail.Account) bool { return x.ID == a.ID }); i >= 0 {
			list[i] = a
			return list
		}
		return append(list, a)
	}); err != nil {
		return err
	}
	if !known || old.IMAP != a.IMAP || old.SMTP != a.SMTP || old.Office != a.Office || old.CAFile != a.CAFile || old.Login != a.Login {
		d.start(a)
		d.events.post(mail.Event{Kind: mail.AccountsChanged, Account: a.ID})
	}
	d.events.post(mail.Event{Kind: mail.SeatChanged, Account: a.ID})
	return nil
}

// unseat closes an agency's box that is not open to the person any more: its engine stops before anything else, he is told, and
// what of it lies on this computer is erased (QC 13.4). What he wrote and had not left yet becomes a draft of his own.
func (d *Desk) unseat(ctx context.Context, a mail.Account) error {
	d.stop(a.ID)
	if err := d.keepAccounts(func(list []mail.Account) []mail.Account {
		return slices.DeleteFunc(list, func(x mail.Account) bool { return x.ID == a.ID })
	}); err != nil {
		return err
	}
	d.events.post(mail.Event{Kind: mail.Fell, Account: a.ID, Fault: &mail.Fault{Kind: mail.DelegationEnded, Op: "open agency box", Detail: a.Name}})
	d.events.post(mail.Event{Kind: mail.AccountsChanged, Account: a.ID})
	d.events.post(mail.Event{Kind: mail.SeatChanged, Account: a.ID})
	list, err := d.store.Outbox(ctx)
	if err != nil {
		return err
	}
	for _, it := range list {
		if it.Account != a.ID || it.State == mail.OutSent {
			continue
		}
		dr, ok, err := d.store.Recall(ctx, it.ID)
		if err != nil {
			return err
		}
		if !ok {
			continue // it is leaving at this moment, or has: the server decides
		}
		if err := d.ownDraft(ctx, dr, a.Holder); err != nil {
			return err
		}
	}
	drafts, err := d.store.Drafts(ctx)
	if err != nil {
		return err
	}
	for _, dr := range drafts {
		if dr.Account != a.ID {
			continue
		}
		if err := d.ownDraft(ctx, dr, a.Holder); err != nil {
			return err
		}
	}
	return d.store.DropAccount(ctx, a.ID)
}

// ownDraft makes what was written in an agency's box a draft of the person's own.
func (d *Desk) ownDraft(ctx context.Context, dr mail.DraftLetter, holder mail.AccountID) error {
	dr.Account, dr.Origin, dr.Kind = holder, 0, mail.DraftNew
	_, err := d.store.PutDraft(ctx, dr)
	return err
}

// expire closes the boxes whose delegation has come to its last moment, whether the office can be asked or not.
func (d *Desk) expire(ctx context.Context) {
	now := d.o.Clock.Now()
	for _, a := range d.Accounts() {
		if a.As == "" || a.Until.IsZero() || now.Before(a.Until) {
			continue
		}
		if err := d.unseat(ctx, a); err != nil && ctx.Err() == nil {
			d.events.post(mail.Event{Kind: mail.Fell, Account: a.ID, Fault: mail.AsFault("open agency box", err)})
		}
	}
}

// keepAccounts changes the list of accounts, in the settings file too.
func (d *Desk) keepAccounts(change func([]mail.Account) []mail.Account) error {
	d.changing.Lock() // the file is written outside of the desk's own lock, one change after the other
	defer d.changing.Unlock()
	list := change(d.Accounts())
	if err := d.o.Keeper.Keep(d.Settings(), list); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.accounts = list
	for _, a := range list {
		if _, ok := d.status[a.ID]; !ok {
			d.status[a.ID] = mail.Status{Account: a.ID}
		}
	}
	for id := range d.status {
		if !slices.ContainsFunc(list, func(a mail.Account) bool { return a.ID == id }) {
			delete(d.status, id)
		}
	}
	return nil
}

// Seat implements frame.Sharing.
func (d *Desk) Seat(id mail.AccountID) mail.Seat {
	a, err := d.account(id)
	if err != nil {
		return mail.Seat{Account: id}
	}
	s := mail.Seat{Account: id, Agency: a.Together(), Name: a.Name, Address: a.Address, Me: a.Person, Scope: mail.ScopeHead, Enforced: true}
	switch {
	case a.As != "":
		s.Scope, s.Until, s.Office = a.Scope, a.Until, true
	case a.Shared:
		s.Scope, s.Enforced = mail.ScopeManage, false
	default:
		s.Me = mail.Person{Name: a.Name, Addr: wire(a, mail.Address{Addr: a.Address}).Addr}
	}
	return s
}

// letIn is told that a server has let an account in: boxes that wait for the same password may try again.
func (d *Desk) letIn(id mail.AccountID) {
	d.ringSeats(id)
	for _, a := range d.Accounts() {
		if a.As == "" || a.Holder != id {
			continue
		}
		if e, ok := d.engine(a.ID); ok && d.stateOf(a.ID) == mail.Stopped {
			e.Kick()
			e.follower.Push()
		}
	}
}

// shutOut is told that an account has lost its server: where it acts for an agency, the delegation may have ended.
func (d *Desk) shutOut(id mail.AccountID) {
	if a, err := d.account(id); err == nil && a.As != "" {
		d.ringSeats(a.Holder)
	}
}

func (d *Desk) stateOf(id mail.AccountID) mail.ServerState {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.status[id].State
}
