package queue

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"hopthu/mail"
	"hopthu/mail/server/internal/db"
)

// report is what a delivery status notification (RFC 3464) tells of a letter.
type report struct {
	from    string // who gets it
	envID   string
	utf8    bool // the letter came with SMTPUTF8, so its sender reads addresses in UTF-8 (RFC 6533)
	arrived time.Time
	head    []byte                 // header of the letter
	whole   func() ([]byte, error) // the letter, where a failure brings it back (RET=FULL); nil if only its header
}

// reportTx writes a report about those recipients of whom the sender asked to be told, and puts it into the sender's
// inbox, or on its way outside. A letter without a sender is itself a report: nobody gets a report about it (RFC 5321 6.1).
func (q *Queue) reportTx(ctx context.Context, tx *db.Tx, r report, done []outcome) error {
	tell := slices.DeleteFunc(slices.Clone(done), func(o outcome) bool { return !o.wanted() })
	if len(tell) == 0 || r.from == "" {
		return nil
	}
	if r.arrived.IsZero() {
		r.arrived = tx.Now
	}
	text, err := q.writeReport(r, tell, tx.Now)
	if err != nil {
		return err
	}
	id, err := q.newID()
	if err != nil {
		return err
	}
	st, err := q.box.Stage(ctx, bytes.NewReader(text))
	if err != nil {
		return err
	}
	to := Recipient{Address: r.from, Notify: NotifyNever} // RFC 3461 6.1: no report about a report
	p := &plan{e: Envelope{To: []Recipient{to}, UTF8: !isASCII([]byte(r.from))}, id: id, st: st}
	return errors.Join(q.sendReport(ctx, tx, p), st.Close())
}

func (q *Queue) sendReport(ctx context.Context, tx *db.Tx, p *plan) error {
	to := p.e.To[0].Address
	if !q.reg.Here(to) {
		if q.opt.Relay == nil {
			q.opt.Failed(&mail.Fault{Kind: mail.Refused, Op: "report to a sender outside", Detail: "relay"})
			return nil
		}
		tx.After(q.Kick)
		return q.keepOutgoing(ctx, tx, p, []Target{{Address: to, Notify: NotifyNever}})
	}
	b, err := q.reg.LookupTx(ctx, tx, to)
	if mail.KindOf(err) == mail.BadAddress {
		q.opt.Failed(fmt.Errorf("report to a sender who is not here: %w", err))
		return nil
	}
	if err != nil {
		return err
	}
	done, err := q.deliver(ctx, tx, p, []Target{{Local: true, Account: b, Address: to}})
	for _, o := range done { // over quota: the sender's own doing, and the refusal stands in the log
		if o.err != nil {
			q.opt.Failed(fmt.Errorf("report to the sender: %w", o.err))
		}
	}
	return err
}
