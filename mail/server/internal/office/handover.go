package office

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
	"hopthu/mail/server/internal/register"
	"hopthu/mail/viet"
)

const (
	countTries = 5
	maxShown   = 50 // handovers of one answer
	maxReason  = 500
)

// HandoverAct moves a handover on (QC 14.2). Each step is one transaction: a kill leaves what was before it or what is after.
func (o *Office) HandoverAct(ctx context.Context, who register.Actor, a api.HandoverAct) (mail.Handover, error) {
	a.Reason = strings.Join(strings.Fields(viet.NFC(strings.ToValidUTF8(a.Reason, ""))), " ")
	if len(a.Reason) > maxReason {
		return mail.Handover{}, &mail.Fault{Kind: mail.TooBig, Op: "hand over"}
	}
	var id int64
	var secret string
	var err error
	switch a.Do {
	case api.HandoverBegin:
		id, err = o.begin(ctx, who, a)
	case api.HandoverConfirm:
		id = a.ID
		secret, err = o.confirm(ctx, who, a)
	case api.HandoverRefuse, api.HandoverCancel:
		id, err = a.ID, o.stop(ctx, who, a)
	default:
		err = &mail.Fault{Kind: mail.BadSettings, Op: "hand over", Detail: "do"}
	}
	if err != nil {
		return mail.Handover{}, o.named(ctx, err)
	}
	out, err := o.Handover(ctx, id)
	out.FirstSecret = secret
	return out, err
}

// byOffice reports whether the office acts: the administrator on the machine.
func byOffice(who register.Actor) bool { return who.Account == 0 && who.Door == register.Admin }

// begin freezes a box and keeps its inventory, in one transaction. The letters are counted before it; if one of them changed
// until then, they are counted again.
func (o *Office) begin(ctx context.Context, who register.Actor, a api.HandoverAct) (id int64, err error) {
	b, err := o.lookup(ctx, "hand over", a.Box)
	if err != nil {
		return 0, err
	}
	to, err := o.reg.Lookup(ctx, a.Receiver)
	if err != nil {
		return 0, err
	}
	if byOffice(who) && a.Reason == "" {
		return 0, &mail.Fault{Kind: mail.Blocked, Op: "hand over", Detail: "QC 14.2"}
	}
	by := register.Box{Account: who.Account}
	if who.Account != 0 {
		if by, err = o.reg.Account(ctx, who.Account); err != nil {
			return 0, err
		}
	}
	for range countTries {
		// who may not is told before anything is counted, and asked once more in the transaction
		err := o.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
			_, err := o.mayBegin(ctx, &db.Tx{Q: q, Now: o.opt.Now()}, who, b, to)
			return err
		})
		if err != nil {
			return 0, fault("hand over", err)
		}
		end := o.counts.begin(by, to, b, o.opt.Now())
		c, err := o.inventory(ctx, b)
		end()
		if err != nil {
			return 0, fault("take inventory", err)
		}
		list, err := o.reg.Delegations(ctx, register.Actor{Door: register.Admin}, b.Account)
		if err != nil {
			return 0, err
		}
		c.inventory.Delegations = standing(list, c.inventory.At)
		err = o.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			id, err = o.freeze(ctx, tx, who, a, b, to, c)
			return err
		})
		if !errors.Is(err, errMoving) {
			return id, fault("hand over", err)
		}
	}
	return 0, &mail.Fault{Kind: mail.TryLater, Op: "take inventory", Err: errMoving}
}

// mayBegin says who gives, 0 for nobody that is left. The head hands over, or the office with a reason where he cannot.
func (o *Office) mayBegin(ctx context.Context, tx *db.Tx, who register.Actor, b, to register.Box) (giver box.AccountID, err error) {
	head, err := o.reg.HeadTx(ctx, tx, b.Account)
	if err != nil {
		return 0, err
	}
	if !byOffice(who) && (head == 0 || head != who.Account) {
		st, err := o.reg.MayActTx(ctx, tx, who.Account, b.Account)
		if err == nil && st.Scope < mail.ScopeRead {
			err = notYours("hand over")
		}
		return 0, cmp.Or(err, tooMuch("hand over"))
	}
	open, err := tx.Q.OpenHandovers(ctx, int64(b.Account))
	if err == nil && len(open) > 0 {
		err = conflict(Frozen, 0)
	}
	if err != nil {
		return 0, err
	}
	ok, err := o.reg.ActiveTx(ctx, tx, to.Account)
	if err == nil && (!ok || to.Account == head || b.Kind != register.Official) {
		err = &mail.Fault{Kind: mail.BadAddress, Op: "hand over", Detail: "receiver"}
	}
	return head, err
}

func (o *Office) freeze(ctx context.Context, tx *db.Tx, who register.Actor, a api.HandoverAct, b, to register.Box, c counted) (int64, error) {
	giver, err := o.mayBegin(ctx, tx, who, b, to)
	if err != nil {
		return 0, err
	}
	if ok, err := still(ctx, tx, b.Account, c.borders); err != nil {
		return 0, err
	} else if !ok {
		return 0, errMoving
	}
	out, err := tx.Q.CountOutgoing(ctx, int64(b.Account))
	if err != nil {
		return 0, err
	}
	c.inventory.Outbox = int(out)
	inventory, err := json.Marshal(c.inventory)
	if err != nil {
		return 0, err
	}
	borders, err := json.Marshal(c.borders)
	if err != nil {
		return 0, err
	}
	id, err := tx.Q.NextNumber(ctx, "handover")
	if err != nil {
		return 0, err
	}
	row := storedb.AddHandoverParams{
		HandoverID: id, AccountID: int64(b.Account), State: string(mail.HandoverFrozen), GiverID: int64(giver), ReceiverID: int64(to.Account),
		Reason: a.Reason, StartedAt: tx.Now.UnixMicro(), Hash: c.inventory.Hash, Inventory: string(inventory), Borders: string(borders),
	}
	if byOffice(who) {
		row.ByOffice = 1
	}
	if err := tx.Q.AddHandover(ctx, row); err != nil {
		return 0, err
	}
	err = errors.Join(o.reg.FreezeTx(ctx, tx, who, b.Account),
		o.reg.NoteTx(ctx, tx, who, "handover-begun", b.Wire, fmt.Sprintf("%d to %s %s %s", id, to.Wire, c.inventory.Hash, a.Reason)))
	tx.After(func() { o.news.tell(b.Account) })
	return id, err
}

func (o *Office) handover(ctx context.Context, id int64) (row storedb.Handover, err error) {
	err = o.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		row, err = getHandover(ctx, q, id)
		return err
	})
	return row, fault("find handover", err)
}

func getHandover(ctx context.Context, q *storedb.Queries, id int64) (storedb.Handover, error) {
	row, err := q.GetHandover(ctx, id)
	if errors.Is(err, sql.ErrNoRows) {
		err = &mail.Fault{Kind: mail.Gone, Op: "find handover"}
	}
	return row, err
}

// underWay reads a handover that is not over, for one of its parties or the office. To others there is none.
func underWay(ctx context.Context, tx *db.Tx, who register.Actor, id int64) (storedb.Handover, error) {
	row, err := getHandover(ctx, tx.Q, id)
	if err != nil {
		return row, err
	}
	party := who.Account != 0 && (int64(who.Account) == row.GiverID || int64(who.Account) == row.ReceiverID)
	switch s := mail.HandoverState(row.State); {
	case !party && !byOffice(who):
		return row, &mail.Fault{Kind: mail.Gone, Op: "find handover"}
	case s != mail.HandoverFrozen && s != mail.HandoverGiven && s != mail.HandoverTaken:
		return row, conflict(Changed, box.AccountID(row.RefusedBy))
	}
	return row, nil
}

func set(row storedb.Handover) storedb.SetHandoverParams {
	return storedb.SetHandoverParams{
		State: row.State, GivenAt: row.GivenAt, TakenAt: row.TakenAt, DoneAt: row.DoneAt, RefusedBy: row.RefusedBy, Reason: row.Reason,
		Secret: row.Secret, HandoverID: row.HandoverID,
	}
}

// confirm is the word of one party. The second one's ends it: everything that changes hands changes in that transaction. The
// receiver is told a one-time password of the box, if it had one of its own; it holds from then on.
func (o *Office) confirm(ctx context.Context, who register.Actor, a api.HandoverAct) (secret string, err error) {
	row, err := o.handover(ctx, a.ID)
	if err != nil {
		return "", err
	}
	seal := ""
	if int64(who.Account) == row.ReceiverID {
		if secret, seal, err = o.reg.MakeSecret(ctx); err != nil {
			return "", err
		}
	}
	err = o.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		row, err := underWay(ctx, tx, who, a.ID)
		if err != nil {
			return err
		}
		if byOffice(who) {
			return tooMuch("confirm handover") // each party does that himself
		}
		if a.Hash != row.Hash {
			return conflict(Changed, 0)
		}
		if err := o.unchanged(ctx, tx, row); err != nil {
			return err
		}
		had, err := o.reg.HasLoginTx(ctx, tx, box.AccountID(row.AccountID))
		if err != nil {
			return err
		}
		if !had {
			secret, seal = "", ""
		}
		return o.word(ctx, tx, who, row, seal)
	})
	if err != nil {
		return "", fault("confirm handover", err)
	}
	return secret, nil
}

// unchanged makes sure that what the parties sign is still so: the giver is the head, the receiver is in office, and every
// letter of the inventory is there.
func (o *Office) unchanged(ctx context.Context, tx *db.Tx, row storedb.Handover) error {
	head, err := o.reg.HeadTx(ctx, tx, box.AccountID(row.AccountID))
	if err != nil {
		return err
	}
	ok, err := o.reg.ActiveTx(ctx, tx, box.AccountID(row.ReceiverID))
	if err != nil {
		return err
	}
	if !ok || int64(head) != row.GiverID {
		return conflict(Changed, 0)
	}
	var borders []border
	if err := json.Unmarshal([]byte(row.Borders), &borders); err != nil {
		return &mail.Fault{Kind: mail.StoreDamaged, Op: "read inventory", Err: err}
	}
	whole, err := still(ctx, tx, box.AccountID(row.AccountID), borders)
	if err == nil && !whole {
		err = conflict(Changed, 0)
	}
	return err
}

func (o *Office) word(ctx context.Context, tx *db.Tx, who register.Actor, row storedb.Handover, seal string) error {
	gives := int64(who.Account) == row.GiverID
	if gives && row.ByOffice != 0 {
		return tooMuch("confirm handover") // the office stands in his place
	}
	what := "handover-taken"
	if gives {
		what = "handover-given"
		row.State, row.GivenAt = string(mail.HandoverGiven), cmp.Or(row.GivenAt, tx.Now.UnixMicro())
	} else {
		row.State, row.TakenAt, row.Secret = string(mail.HandoverTaken), cmp.Or(row.TakenAt, tx.Now.UnixMicro()), seal
	}
	b, err := tx.Q.GetHolder(ctx, row.AccountID)
	if err != nil {
		return err
	}
	if err := o.reg.NoteTx(ctx, tx, who, what, b.Wire+"@"+o.reg.Domain(), fmt.Sprintf("%d %s", row.HandoverID, row.Hash)); err != nil {
		return err
	}
	if row.TakenAt != 0 && (row.GivenAt != 0 || row.ByOffice != 0) {
		if row, err = o.change(ctx, tx, who, row); err != nil {
			return err
		}
	}
	return tx.Q.SetHandover(ctx, set(row))
}

// change is the change of hands: the old delegations end, the head is the receiver, the box's own password is another or none,
// nobody has a letter any more, the box may be changed again. All sessions of the box end once that is on disk.
func (o *Office) change(ctx context.Context, tx *db.Tx, who register.Actor, row storedb.Handover) (storedb.Handover, error) {
	b := box.AccountID(row.AccountID)
	for _, step := range []func() error{
		func() error { return o.reg.ThawTx(ctx, tx, who, b) },
		func() error {
			return o.reg.EndDelegationsTx(ctx, tx, who, b, fmt.Sprintf("handover %d", row.HandoverID))
		},
		func() error { return o.reg.SetHeadTx(ctx, tx, who, b, box.AccountID(row.ReceiverID)) },
		func() error { return o.reg.RotateTx(ctx, tx, who, b, row.Secret) },
		func() error { return o.letGo(ctx, tx, b, box.AccountID(row.ReceiverID)) },
	} {
		if err := step(); err != nil {
			return row, err
		}
	}
	row.State, row.DoneAt, row.Secret = string(mail.HandoverDone), tx.Now.UnixMicro(), ""
	return row, o.note(ctx, tx, who, row, "handover-done")
}

func (o *Office) note(ctx context.Context, tx *db.Tx, who register.Actor, row storedb.Handover, what string) error {
	b, err := tx.Q.GetHolder(ctx, row.AccountID)
	if err != nil {
		return err
	}
	return o.reg.NoteTx(ctx, tx, who, what, b.Wire+"@"+o.reg.Domain(), fmt.Sprintf("%d %s", row.HandoverID, row.Reason))
}

// letGo frees what those had who may work here no more.
func (o *Office) letGo(ctx context.Context, tx *db.Tx, b, by box.AccountID) error {
	list, err := tx.Q.HeldWorks(ctx, int64(b))
	if err != nil {
		return err
	}
	for _, r := range list {
		count, err := version(ctx, tx.Q, b)
		if err != nil {
			return err
		}
		before := workFrom(r)
		after := before
		after.claim, after.claimSince, after.claimUntil = 0, time.Time{}, time.Time{}
		if after.state == mail.WorkDoing {
			after.state, after.holder, after.assignedBy, after.instruction = mail.WorkOpen, 0, 0, ""
		}
		if err := o.keepWork(ctx, tx, b, before, after.turn(by, count+1)); err != nil {
			return err
		}
	}
	return nil
}

// stop ends a handover with everything as it was: either party refuses, who began it takes it back.
func (o *Office) stop(ctx context.Context, who register.Actor, a api.HandoverAct) error {
	return fault("stop handover", o.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		row, err := underWay(ctx, tx, who, a.ID)
		if err != nil {
			return err
		}
		began := byOffice(who) || row.ByOffice == 0 && int64(who.Account) == row.GiverID
		switch {
		case a.Do == api.HandoverCancel && began:
			row.State = string(mail.HandoverCancelled)
		case a.Do == api.HandoverRefuse && !byOffice(who):
			row.State = string(mail.HandoverRefused)
		default:
			return tooMuch("stop handover")
		}
		row.RefusedBy, row.Secret = int64(who.Account), ""
		row.Reason = strings.Trim(row.Reason+"; "+a.Reason, "; ")
		if err := tx.Q.SetHandover(ctx, set(row)); err != nil {
			return err
		}
		b := box.AccountID(row.AccountID)
		tx.After(func() { o.news.tell(b) })
		return errors.Join(o.reg.ThawTx(ctx, tx, who, b), o.note(ctx, tx, who, row, "handover-"+row.State))
	}))
}

// Handover gives one by its number, for the administrator. Kind Gone: there is none.
func (o *Office) Handover(ctx context.Context, id int64) (mail.Handover, error) {
	row, err := o.handover(ctx, id)
	if err != nil {
		return mail.Handover{}, err
	}
	return o.shown(ctx, row)
}

// Handovers lists those that a person is a party of, the last first, and before them what he has begun and is being counted. The list of open duties stands in the newest of each box
// and in those under way only.
func (o *Office) Handovers(ctx context.Context, person box.AccountID) ([]mail.Handover, error) {
	counted := o.counts.list(person)
	list, err := o.list(ctx, func(ctx context.Context, q *storedb.Queries) ([]storedb.Handover, error) {
		return q.PartyHandovers(ctx, storedb.PartyHandoversParams{PersonID: int64(person), Most: maxShown})
	})
	return append(counted, list...), err
}

// BoxHandovers lists those of a box, for the administrator.
func (o *Office) BoxHandovers(ctx context.Context, addr string) ([]mail.Handover, error) {
	b, err := o.reg.Lookup(ctx, addr)
	if err != nil {
		return nil, err
	}
	return o.list(ctx, func(ctx context.Context, q *storedb.Queries) ([]storedb.Handover, error) {
		return q.BoxHandovers(ctx, storedb.BoxHandoversParams{AccountID: int64(b.Account), Most: maxShown})
	})
}

func (o *Office) list(ctx context.Context, read func(context.Context, *storedb.Queries) ([]storedb.Handover, error)) ([]mail.Handover, error) {
	var rows []storedb.Handover
	err := o.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) (err error) {
		rows, err = read(ctx, q)
		return err
	})
	if err != nil {
		return nil, fault("list handovers", err)
	}
	out := make([]mail.Handover, 0, len(rows))
	newest := map[string]bool{}
	for _, r := range rows {
		h, err := o.shown(ctx, r)
		if err != nil {
			return nil, err
		}
		over := h.State == mail.HandoverDone || h.State == mail.HandoverRefused || h.State == mail.HandoverCancelled
		if over && newest[h.Box] {
			h.Inventory.Unanswered = nil
		}
		newest[h.Box] = true
		out = append(out, h)
	}
	return out, nil
}

func (o *Office) shown(ctx context.Context, r storedb.Handover) (mail.Handover, error) {
	h := mail.Handover{
		ID: r.HandoverID, State: mail.HandoverState(r.State), ByOffice: r.ByOffice != 0, Reason: r.Reason, Started: fromMicros(r.StartedAt),
		GivenAt: fromMicros(r.GivenAt), TakenAt: fromMicros(r.TakenAt), DoneAt: fromMicros(r.DoneAt),
	}
	if err := json.Unmarshal([]byte(r.Inventory), &h.Inventory); err != nil {
		return h, &mail.Fault{Kind: mail.StoreDamaged, Op: "read inventory", Err: err}
	}
	b, err := o.reg.Account(ctx, box.AccountID(r.AccountID))
	if err != nil {
		return h, err
	}
	h.Box, h.BoxName = b.Wire, b.Name
	names := o.people()
	for _, p := range []struct {
		of int64
		to *mail.Person
	}{{r.GiverID, &h.Giver}, {r.ReceiverID, &h.Receiver}, {r.RefusedBy, &h.RefusedBy}} {
		if *p.to, err = names.name(ctx, box.AccountID(p.of)); err != nil {
			return h, err
		}
	}
	return h, nil
}
