package queue

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/rule"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
	"hopthu/mail/server/internal/register"
)

// maxRecipients is RFC 5321 4.5.3.1.8 ten times: a circular goes to every agency at once.
const maxRecipients = 1000

// Accept takes a submitted letter: when it returns nil, everything is on disk, and local recipients have it. A recipient
// who has gone since RCPT does not hinder the others: the sender gets a report about it in the same transaction.
func (q *Queue) Accept(ctx context.Context, e Envelope, r io.Reader) (Receipt, error) {
	if e.Person == 0 {
		e.Person = e.Account
	}
	if err := q.ownFrom(ctx, e); err != nil {
		return Receipt{}, err
	}
	return q.take(ctx, e, r)
}

// ownFrom refuses an envelope sender that is neither the box's nor the person's; the null sender too (RFC 6409 6.1).
func (q *Queue) ownFrom(ctx context.Context, e Envelope) error {
	for _, a := range []box.AccountID{e.Account, e.Person} {
		if own, err := q.reg.Owns(ctx, a, e.From); err != nil || own {
			return err
		}
	}
	return &mail.Fault{Kind: mail.Refused, Op: "check sender", Detail: register.NotFrom}
}

// Inject takes a letter from the machine itself, from any sender, for the demo and for imports: no check of the sender,
// no recognition of copies.
func (q *Queue) Inject(ctx context.Context, from string, to []string, r io.Reader) (Receipt, error) {
	return q.take(ctx, Envelope{From: from, To: To(to...), Helo: q.opt.Host}, r)
}

// plan is what one accepted letter asks for.
type plan struct {
	e      Envelope
	id     string
	st     *box.Staged
	key    []byte
	local  []Target
	remote []Target
	failed []outcome
}

func (q *Queue) take(ctx context.Context, e Envelope, r io.Reader) (Receipt, error) {
	id, err := q.newID()
	if err != nil {
		return Receipt{}, mail.AsFault("accept", err)
	}
	if q.reg.Here(e.From) && e.From != "" {
		e.From = rule.WireForm(e.From) // D1: this is what travels
	}
	p := &plan{e: e, id: id}
	if err := q.sort(ctx, p); err != nil {
		return Receipt{}, err
	}
	in, err := q.receive(e, id, r)
	if err != nil {
		return Receipt{}, err
	}
	p.st, err = q.box.Stage(ctx, in)
	in.free()
	if err != nil {
		return Receipt{}, err
	}
	p.key = in.key(e.From)
	rec, err := Receipt{}, q.holdSecret(ctx, p)
	if err == nil {
		rec, err = q.keep(ctx, p)
	}
	if err = errors.Join(err, p.st.Close()); err != nil {
		return Receipt{}, mail.AsFault("accept", err)
	}
	if len(p.remote) > 0 {
		q.Kick()
	}
	return rec, nil
}

// sort resolves the recipients, each box once however often and however spelled it is named. When nobody can be reached,
// the letter is refused.
func (q *Queue) sort(ctx context.Context, p *plan) error {
	if len(p.e.To) == 0 || len(p.e.To) > maxRecipients {
		return &mail.Fault{Kind: mail.Refused, Op: "accept", Detail: "no-rcpt"}
	}
	addrs := make([]string, len(p.e.To))
	for i, to := range p.e.To {
		addrs[i] = to.Address
	}
	list, err := q.resolve(ctx, addrs)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for i, to := range p.e.To {
		t, err := list[i].Target, list[i].err
		t.Notify, t.Original = to.Notify, to.Original
		key := t.Address
		if t.Local {
			key = fmt.Sprint(t.Account)
		}
		switch kind := mail.KindOf(err); {
		case kind == mail.BadAddress || kind == mail.Refused || kind == mail.OverQuota:
			t.Address = to.Address
			p.failed = append(p.failed, t.outcome(failed, err))
		case err != nil:
			return err
		case seen[key]:
		case t.Local:
			p.local = append(p.local, t)
		default:
			p.remote = append(p.remote, t)
		}
		seen[key] = err == nil
	}
	if len(p.local)+len(p.remote) == 0 {
		return p.failed[0].err
	}
	return nil
}

// keep makes everything durable in one transaction: the letter, its places in local boxes, what is left to do, the marks
// by which a second copy is known, and the report about those who cannot be reached.
func (q *Queue) keep(ctx context.Context, p *plan) (Receipt, error) {
	if err := q.box.Prepare(ctx, p.st); err != nil {
		return Receipt{}, err
	}
	p.st.Fields() // read before the others have to wait for it
	var rec Receipt
	err := q.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		rec = Receipt{ID: p.id}
		named, official, err := q.maySend(ctx, tx, p)
		if err != nil {
			return err
		}
		local, earlier, err := q.fresh(ctx, tx, p, p.local)
		if err != nil {
			return err
		}
		remote, earlier2, err := q.fresh(ctx, tx, p, p.remote)
		if err != nil {
			return err
		}
		if len(local)+len(remote) == 0 {
			rec = Receipt{ID: cmp.Or(earlier, earlier2), Duplicate: true}
			return nil
		}
		done, err := q.deliver(ctx, tx, p, local)
		if err != nil {
			return err
		}
		if err := q.keepOutgoing(ctx, tx, p, remote); err != nil {
			return err
		}
		done = append(p.failed[:len(p.failed):len(p.failed)], done...)
		return errors.Join(q.reportTx(ctx, tx, p.report(), done), q.asAgency(ctx, tx, p, official, named), q.sent(ctx, tx, p))
	})
	return rec, err
}

// sent tells the office of a letter that somebody submitted, in the transaction that accepts it.
func (q *Queue) sent(ctx context.Context, tx *db.Tx, p *plan) error {
	if q.opt.Sent == nil || p.e.Account == 0 {
		return nil
	}
	return q.opt.Sent(ctx, tx, Submission{Box: p.e.Account, Person: p.e.Person, Fields: p.st.Fields()})
}

// fresh leaves out the recipients who have this letter already, and marks the others. earlier is the id under which it
// was accepted before.
func (q *Queue) fresh(ctx context.Context, tx *db.Tx, p *plan, list []Target) (out []Target, earlier string, err error) {
	if p.e.Account == 0 {
		return list, "", nil
	}
	for _, t := range list {
		marked, err := tx.Q.PutSubmitted(ctx, storedb.PutSubmittedParams{
			AccountID: int64(p.e.Account), LetterKey: p.key, Rcpt: t.Address,
			QueueID: p.id, AcceptedAt: tx.Now.UnixMicro(), Before: tx.Now.Add(-q.opt.Window).UnixMicro(),
		})
		if err != nil {
			return nil, "", err
		}
		if marked > 0 {
			out = append(out, t)
			continue
		}
		was, err := tx.Q.FindSubmitted(ctx, storedb.FindSubmittedParams{AccountID: int64(p.e.Account), LetterKey: p.key, Rcpt: t.Address})
		if err != nil {
			return nil, "", err
		}
		earlier = was.QueueID
	}
	return out, earlier, nil
}

// deliver puts the letter into local boxes and tells what became of each.
func (q *Queue) deliver(ctx context.Context, tx *db.Tx, p *plan, to []Target) (done []outcome, err error) {
	if len(to) == 0 {
		return nil, nil
	}
	list := make([]box.Delivery, len(to))
	for i, t := range to {
		// RFC 5321 4.4: the sender as it was in the envelope, at final delivery
		list[i] = box.Delivery{Account: t.Account, Prefix: fmt.Appendf(nil, "Return-Path: <%s>\r\nDelivered-To: %s\r\n", p.e.From, t.Address)}
	}
	got, err := q.box.DeliverTx(ctx, tx, p.st, list)
	if err != nil {
		return nil, err
	}
	for i, d := range got {
		if d.Err != nil {
			done = append(done, to[i].outcome(failed, d.Err))
		} else {
			done = append(done, to[i].outcome(delivered, nil))
		}
	}
	return done, nil
}

// keepOutgoing keeps the letter for those outside.
func (q *Queue) keepOutgoing(ctx context.Context, tx *db.Tx, p *plan, to []Target) error {
	if len(to) == 0 {
		return nil
	}
	if err := q.box.PutTx(ctx, tx, p.st); err != nil {
		return err
	}
	row := storedb.AddOutgoingParams{
		AccountID: int64(p.e.Account), QueueID: p.id, Sender: p.e.From, BlobHash: p.st.Hash[:], Size: p.st.Size,
		EnvID: p.e.EnvID, AcceptedAt: tx.Now.UnixMicro(), Utf8: oneIf(p.e.UTF8 || letter.NeedsUTF8(p.st.Head())), Ret: int64(p.e.Return),
	}
	if err := tx.Q.AddOutgoing(ctx, row); err != nil {
		return err
	}
	for _, t := range to {
		err := tx.Q.AddTarget(ctx, storedb.AddTargetParams{
			AccountID: int64(p.e.Account), QueueID: p.id, Rcpt: t.Address, NextAt: tx.Now.UnixMicro(),
			Notify: int64(t.Notify), Original: t.Original,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func oneIf(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func (p *plan) report() report {
	r := report{from: p.e.From, envID: p.e.EnvID, utf8: p.e.UTF8, head: p.st.Head()}
	if p.e.Return == ReturnFull && p.st.Size <= maxReturned {
		r.whole = func() ([]byte, error) { return io.ReadAll(p.st.Reader()) }
	}
	return r
}
