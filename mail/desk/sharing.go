package desk

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/rule"
	"hopthu/mail/viet"
)

// Clauses of the agency's box: who may act in it, and how its letters are worked on.
const (
	clauseDelegation = "QC 14.1"
	clauseWork       = "QC 14.3"
)

// Work implements frame.Sharing.
func (d *Desk) Work(ctx context.Context, id mail.LetterID) (mail.Work, error) {
	return d.store.Work(ctx, id)
}

// Take implements frame.Sharing.
func (d *Desk) Take(ctx context.Context, ids []mail.LetterID) error {
	return d.work(ctx, "take letter", mail.ScopeAnswer, ids, api.Act{Do: api.ActTake}, "")
}

// Assign implements frame.Sharing. Who may assign to others is decided by the office: the head, who manages, the one in charge.
func (d *Desk) Assign(ctx context.Context, ids []mail.LetterID, to mail.Person, due time.Time, instruction string) error {
	act := api.Act{Do: api.ActAssign, To: rule.WireForm(to.Addr), Text: strings.TrimSpace(viet.NFC(instruction))}
	if !due.IsZero() {
		act.Due = rule.EndOfDay(due)
	}
	return d.work(ctx, "assign letter", mail.ScopeRead, ids, act, to.Name)
}

// GiveBack implements frame.Sharing.
func (d *Desk) GiveBack(ctx context.Context, ids []mail.LetterID) error {
	return d.work(ctx, "give letter back", mail.ScopeRead, ids, api.Act{Do: api.ActReturn}, "")
}

// Note implements frame.Sharing.
func (d *Desk) Note(ctx context.Context, id mail.LetterID, text string) error {
	if text = strings.TrimSpace(viet.NFC(text)); text == "" {
		return &mail.Fault{Kind: mail.Blocked, Op: "note on letter", Detail: clauseWork}
	}
	return d.work(ctx, "note on letter", mail.ScopeRead, []mail.LetterID{id}, api.Act{Do: api.ActNote, Text: text}, "")
}

// Reopen implements frame.Sharing. The marks that say the letter is done go too, so that other clients see the same.
func (d *Desk) Reopen(ctx context.Context, ids []mail.LetterID) error {
	const op = "reopen letter"
	heads, err := d.store.Heads(ctx, ids)
	if err != nil {
		return err
	}
	act := api.Act{Do: api.ActReopen}
	if err := d.workable(op, heads, mail.ScopeAnswer, act); err != nil { // before the marks go
		return err
	}
	if _, err := d.store.Flag(ctx, ids, 0, mail.Answered|mail.NoReply); err != nil {
		return err
	}
	return d.work(ctx, op, mail.ScopeAnswer, ids, act, "")
}

// work does an act on letters in the store and lets the followers send it.
func (d *Desk) work(ctx context.Context, op string, scope mail.Scope, ids []mail.LetterID, act api.Act, toName string) error {
	heads, err := d.store.Heads(ctx, ids)
	if err != nil {
		return err
	}
	if err := d.workable(op, heads, scope, act); err != nil {
		return err
	}
	if err := d.store.AddWork(ctx, ids, act, toName, d.actID); err != nil {
		return err
	}
	d.push(heads)
	return nil
}

// workable reports why an act on letters cannot be: the scope, a box of one person, or one whose keywords cannot carry it.
func (d *Desk) workable(op string, heads []mail.Head, scope mail.Scope, act api.Act) error {
	if err := d.may(op, heads, scope); err != nil {
		return err
	}
	for _, h := range heads {
		a, err := d.account(h.Account)
		if err != nil {
			return err
		}
		switch {
		case !a.Together():
			return &mail.Fault{Kind: mail.Conflict, Op: op, Detail: "own-box"}
		case a.Shared && (act.Do == api.ActNote || act.Do == api.ActDefer || act.Do == api.ActAssign && (act.Text != "" || !act.Due.IsZero())):
			return &mail.Fault{Kind: mail.Refused, Op: op, Detail: "no-office"} // keywords cannot carry it
		}
	}
	return nil
}

// also does an act on those letters whose box has an office.
func (d *Desk) also(ctx context.Context, heads []mail.Head, act api.Act) error {
	var ids []mail.LetterID
	for _, h := range heads {
		if a, err := d.account(h.Account); err == nil && a.As != "" {
			ids = append(ids, h.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return d.store.AddWork(ctx, ids, act, "", d.actID)
}

func (d *Desk) actID() (string, error) {
	b := make([]byte, 12)
	r := d.o.Rand
	if r == nil {
		r = rand.Reader
	}
	if _, err := io.ReadFull(r, b); err != nil {
		return "", fmt.Errorf("name act: %w", err)
	}
	return hex.EncodeToString(b), nil
}

// may reports a box among those of the letters in which the person may not do what needs scope.
func (d *Desk) may(op string, heads []mail.Head, scope mail.Scope) error {
	for _, h := range heads {
		if a, err := d.account(h.Account); err == nil && !a.May(scope) {
			return &mail.Fault{Kind: mail.NotDelegated, Op: op, Detail: a.Name}
		}
	}
	return nil
}

// claimWait is how long a claim waits for its answer: the person has begun to type.
const claimWait = 5 * time.Second

// Claim implements frame.Sharing. It is asked for, never queued: a claim that nobody has confirmed is none. When the office cannot
// be reached the fault of the network comes back.
func (d *Desk) Claim(ctx context.Context, id mail.LetterID) error {
	return d.say(ctx, "claim answer", id, api.ActClaim)
}

// Release implements frame.Sharing.
func (d *Desk) Release(ctx context.Context, id mail.LetterID) error {
	return d.say(ctx, "claim answer", id, api.ActRelease)
}

func (d *Desk) say(ctx context.Context, op string, id mail.LetterID, do string) error {
	h, err := d.store.Head(ctx, id)
	if err != nil {
		return err
	}
	a, err := d.account(h.Account)
	if err != nil || !a.Together() {
		return err
	}
	if err := d.may(op, []mail.Head{h}, mail.ScopeAnswer); err != nil {
		return err
	}
	e, ok := d.engine(a.ID)
	if !ok || e.follower == nil {
		return &mail.Fault{Kind: mail.NoServer, Op: op}
	}
	w, err := d.store.Work(ctx, id)
	if err != nil {
		return err
	}
	name, err := d.actID()
	if err != nil {
		return err
	}
	asking, cancel := context.WithTimeout(ctx, claimWait)
	defer cancel()
	now, err := e.follower.office.Act(asking, api.Act{ID: name, Box: a.As, Key: w.Key, Do: do, Saw: w.Version})
	if err != nil {
		if f := mail.AsFault(op, err); f.Kind == mail.Conflict { // what the other does is shown too
			e.follower.Push()
		}
		return err
	}
	if a.Shared {
		return nil // the marks were read back
	}
	return d.store.TellWork(ctx, a.ID, now)
}

// ListWork implements frame.Sharing.
func (d *Desk) ListWork(ctx context.Context, account mail.AccountID, holder string, state mail.WorkState) ([]mail.LetterID, error) {
	return d.store.ListWork(ctx, account, holder, state)
}

// CountWork gives the numbers of frame.WorkCounts: letters by state, and those that wait by holder.
func (d *Desk) CountWork(ctx context.Context, account mail.AccountID) (map[mail.WorkState]int, map[string]int, error) {
	return d.store.CountWork(ctx, account)
}

// Colleagues implements frame.Sharing. Without an office they are those whom the marks of letters name.
func (d *Desk) Colleagues(ctx context.Context, account mail.AccountID) ([]mail.Colleague, error) {
	a, err := d.account(account)
	if err != nil {
		return nil, err
	}
	if o, box, ok := d.officeOf(a); ok {
		return o.Colleagues(ctx, box)
	}
	if !a.Shared {
		return nil, nil
	}
	people, err := d.store.WorkPeople(ctx, account)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(people, func(p mail.Person) bool { return strings.EqualFold(p.Addr, a.Person.Addr) }) {
		people = append(people, a.Person)
	}
	_, has, err := d.store.CountWork(ctx, account)
	if err != nil {
		return nil, err
	}
	list := make([]mail.Colleague, 0, len(people))
	for _, p := range people {
		list = append(list, mail.Colleague{Person: p, Scope: mail.ScopeManage, Has: has[strings.ToLower(p.Addr)]})
	}
	return list, nil
}

// bureau is the office of an account, or why there is none.
func (d *Desk) bureau(op string, account mail.AccountID) (Office, string, error) {
	a, err := d.account(account)
	if err != nil {
		return nil, "", err
	}
	o, box, ok := d.officeOf(a)
	if !ok {
		return nil, "", &mail.Fault{Kind: mail.Refused, Op: op, Detail: "no-office"}
	}
	return o, box, nil
}

// Delegations implements frame.Sharing.
func (d *Desk) Delegations(ctx context.Context, account mail.AccountID) ([]mail.Delegation, error) {
	o, box, err := d.bureau("list delegations", account)
	if err != nil {
		return nil, err
	}
	return o.Delegations(ctx, box)
}

// Delegate implements frame.Sharing.
func (d *Desk) Delegate(ctx context.Context, account mail.AccountID, given mail.Delegation) (mail.Delegation, error) {
	o, box, err := d.bureau("give delegation", account)
	if err != nil {
		return given, err
	}
	given.ID, given.Box, given.Document = 0, box, strings.TrimSpace(viet.NFC(given.Document))
	given.Person.Addr = rule.WireForm(given.Person.Addr)
	given, err = o.Delegate(ctx, given)
	if err == nil {
		d.events.post(mail.Event{Kind: mail.WorkChanged, Account: account})
	}
	return given, err
}

// EndDelegation implements frame.Sharing.
func (d *Desk) EndDelegation(ctx context.Context, account mail.AccountID, id int64, reason string) error {
	o, _, err := d.bureau("end delegation", account)
	if err != nil {
		return err
	}
	if err := o.EndDelegation(ctx, id, tidyReason(reason)); err != nil {
		return err
	}
	d.events.post(mail.Event{Kind: mail.WorkChanged, Account: account})
	return nil
}

// Sends lists who sent in the agency's name.
func (d *Desk) Sends(ctx context.Context, account mail.AccountID, from, until time.Time) ([]api.SentAs, error) {
	o, box, err := d.bureau("list letters sent for agency", account)
	if err != nil {
		return nil, err
	}
	return o.Sends(ctx, box, from, until)
}

// Staff is each person's sheet of days (QC 15, D11).
func (d *Desk) Staff(ctx context.Context, account mail.AccountID, from, until time.Time) ([]api.StaffDays, error) {
	o, box, err := d.bureau("list staff", account)
	if err != nil {
		return nil, err
	}
	return o.Staff(ctx, box, from, until)
}

// Handovers lists the handovers of an account's box that the person is a party of, or all of them for account "".
func (d *Desk) Handovers(ctx context.Context, account mail.AccountID) ([]mail.Handover, error) {
	o, box, err := d.bureau("list handovers", account)
	if err != nil {
		return nil, err
	}
	list, err := o.Handovers(ctx)
	if a, aerr := d.account(account); err == nil && aerr == nil && a.As != "" {
		list = slices.DeleteFunc(list, func(h mail.Handover) bool { return !strings.EqualFold(h.Box, box) })
	}
	return list, err
}

// BeginHandover implements frame.HandingOver.
func (d *Desk) BeginHandover(ctx context.Context, account mail.AccountID, receiver, reason string) (mail.Handover, error) {
	return d.hand(ctx, account, api.HandoverAct{Do: api.HandoverBegin, Receiver: rule.WireForm(receiver), Reason: tidyReason(reason)})
}

// ConfirmHandover implements frame.HandingOver.
func (d *Desk) ConfirmHandover(ctx context.Context, account mail.AccountID, h mail.Handover) (mail.Handover, error) {
	return d.hand(ctx, account, api.HandoverAct{Do: api.HandoverConfirm, ID: h.ID, Hash: h.Inventory.Hash})
}

// RefuseHandover implements frame.HandingOver.
func (d *Desk) RefuseHandover(ctx context.Context, account mail.AccountID, h mail.Handover, reason string) (mail.Handover, error) {
	return d.hand(ctx, account, api.HandoverAct{Do: api.HandoverRefuse, ID: h.ID, Reason: tidyReason(reason)})
}

// CancelHandover implements frame.HandingOver.
func (d *Desk) CancelHandover(ctx context.Context, account mail.AccountID, h mail.Handover) (mail.Handover, error) {
	return d.hand(ctx, account, api.HandoverAct{Do: api.HandoverCancel, ID: h.ID})
}

func (d *Desk) hand(ctx context.Context, account mail.AccountID, act api.HandoverAct) (mail.Handover, error) {
	o, box, err := d.bureau("hand box over", account)
	if err != nil {
		return mail.Handover{}, err
	}
	act.Box = box
	h, err := o.Handover(ctx, act)
	if a, aerr := d.account(account); err == nil && aerr == nil { // who may open the box may have changed
		d.ringSeats(holder(a))
	}
	return h, err
}
