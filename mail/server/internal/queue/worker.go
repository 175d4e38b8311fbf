package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"time"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
)

var errGaveUp = errors.New("tried too long")

// Run sends what waits for the relay until ctx ends.
func (q *Queue) Run(ctx context.Context) error {
	if q.screen != nil {
		defer q.screen.running.Wait()
	}
	for ctx.Err() == nil {
		pause := time.Hour
		next, waiting, err := q.Step(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			q.opt.Failed(err)
			pause = time.Minute
		case waiting:
			pause = min(max(next.Sub(q.opt.Now()), 0), pause)
		}
		select {
		case <-ctx.Done():
		case <-q.kick:
		case <-q.opt.Wait(pause):
		}
	}
	return nil
}

// Step tries once what is due and tells when the next is.
func (q *Queue) Step(ctx context.Context) (next time.Time, waiting bool, err error) {
	if err := q.trim(ctx); err != nil {
		return time.Time{}, false, mail.AsFault("tidy queue", err)
	}
	var due []storedb.Target
	err = q.db.Read(ctx, func(ctx context.Context, s *storedb.Queries) (err error) {
		due, err = s.DueTargets(ctx, storedb.DueTargetsParams{Now: q.opt.Now().UnixMicro(), Most: 200})
		return err
	})
	if err != nil {
		return time.Time{}, false, mail.AsFault("read queue", err)
	}
	var all []error
	for _, group := range groups(due) {
		if ctx.Err() != nil {
			break
		}
		all = append(all, q.attempt(ctx, group))
	}
	var at []int64
	err = q.db.Read(ctx, func(ctx context.Context, s *storedb.Queries) (err error) {
		at, err = s.NextTargets(ctx)
		return err
	})
	if err := errors.Join(append(all, err)...); err != nil {
		return time.Time{}, false, mail.AsFault("work through queue", err)
	}
	if len(at) == 0 {
		return time.Time{}, false, nil
	}
	return time.UnixMicro(at[0]), true, nil
}

// groups puts the recipients of one letter together: one transmission for all of them.
func groups(due []storedb.Target) (out [][]storedb.Target) {
	at := map[string]int{}
	for _, t := range due {
		key := fmt.Sprint(t.AccountID, " ", t.QueueID)
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], t)
	}
	return out
}

// attempt offers one letter to the relay and settles each recipient. When the program dies between the relay's yes and
// the settling, the letter is offered again: at least once, as RFC 5321 4.2.5 has it.
func (q *Queue) attempt(ctx context.Context, list []storedb.Target) error {
	var row storedb.Outgoing
	err := q.db.Read(ctx, func(ctx context.Context, s *storedb.Queries) (err error) {
		row, err = s.GetOutgoing(ctx, storedb.GetOutgoingParams{AccountID: list[0].AccountID, QueueID: list[0].QueueID})
		return err
	})
	if errors.Is(err, sql.ErrNoRows) { // given up by somebody since it was listed
		return nil
	}
	if err != nil {
		return err
	}
	r, err := q.box.OpenBlob(ctx, box.Hash(row.BlobHash))
	if err != nil {
		return err
	}
	t := Transmission{From: row.Sender, UTF8: row.Utf8 != 0, EnvID: row.EnvID, Return: Return(row.Ret), Size: r.Size}
	for _, to := range list {
		t.To = append(t.To, recipientOf(to))
	}
	var got Handover
	sent := error(&mail.Fault{Kind: mail.TryLater, Op: "relay", Detail: "no relay is configured"})
	if q.opt.Relay != nil {
		got, sent = q.opt.Relay.Send(ctx, t, r)
	}
	if err := r.Close(); err != nil {
		return err
	}
	if ctx.Err() == nil || sent == nil {
		return q.settle(ctx, row, list, got, sent, nil)
	}
	return nil // the program stops: this was no try
}

func recipientOf(t storedb.Target) Recipient {
	return Recipient{Address: t.Rcpt, Notify: Notify(t.Notify), Original: t.Original} //nolint:gosec // written by us, four bits
}

// settle writes down what became of the recipients in list; also, if not nil, belongs to it.
func (q *Queue) settle(ctx context.Context, row storedb.Outgoing, list []storedb.Target, got Handover, sent error, also func(context.Context, *db.Tx) error) error {
	ctx = context.WithoutCancel(ctx) // what the relay said must not be forgotten because the program stops
	rep := report{from: row.Sender, envID: row.EnvID, utf8: row.Utf8 != 0, arrived: time.UnixMicro(row.AcceptedAt)}
	var err error
	if rep.head, err = q.headOf(ctx, box.Hash(row.BlobHash)); err != nil {
		return err
	}
	if Return(row.Ret) == ReturnFull && row.Size <= maxReturned {
		rep.whole = func() ([]byte, error) { return q.wholeOf(ctx, box.Hash(row.BlobHash)) }
	}
	return q.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if also != nil {
			if err := also(ctx, tx); err != nil {
				return err
			}
		}
		var done []outcome
		for _, t := range list {
			why := sent
			if why == nil {
				why = got.Refused[t.Rcpt]
			}
			o, err := q.settleOne(ctx, tx, row, t, why)
			if err != nil {
				return err
			}
			if o.peer = got.Peer; o.action != relayed || !got.Reports {
				done = append(done, o)
			}
		}
		if err := q.reportTx(ctx, tx, rep, done); err != nil {
			return err
		}
		left, err := tx.Q.CountTargets(ctx, storedb.CountTargetsParams{AccountID: row.AccountID, QueueID: row.QueueID})
		if err != nil || left > 0 {
			return err
		}
		return tx.Q.DropOutgoing(ctx, storedb.DropOutgoingParams{AccountID: row.AccountID, QueueID: row.QueueID})
	})
}

// settleOne takes a recipient off the list, or puts it off, and tells what became of it; no action is one more try of
// which nobody need hear.
func (q *Queue) settleOne(ctx context.Context, tx *db.Tx, row storedb.Outgoing, t storedb.Target, why error) (outcome, error) {
	o := outcome{Recipient: recipientOf(t), err: why, action: relayed}
	if why != nil && !forGood(why) {
		accepted := time.UnixMicro(row.AcceptedAt)
		o.until = accepted.Add(q.opt.GiveUp)
		next := tx.Now.Add(q.opt.Backoff(int(t.Tries) + 1))
		if next.Before(o.until) {
			o.action = silent
			if t.DelayTold == 0 && !tx.Now.Before(accepted.Add(q.opt.Warn)) {
				o.action, t.DelayTold = delayed, 1
			}
			return o, tx.Q.PutOff(ctx, storedb.PutOffParams{
				Tries: t.Tries + 1, NextAt: next.UnixMicro(), DelayTold: t.DelayTold,
				Reply: clean(mail.AsFault("", why).Detail), AccountID: t.AccountID, QueueID: t.QueueID, Rcpt: t.Rcpt,
			})
		}
		o.err = &mail.Fault{Kind: mail.Refused, Op: "relay", Detail: mail.AsFault("", why).Detail, Err: errGaveUp}
	}
	if o.err != nil {
		o.action = failed
	}
	n, err := tx.Q.DropTarget(ctx, storedb.DropTargetParams{AccountID: t.AccountID, QueueID: t.QueueID, Rcpt: t.Rcpt})
	if n == 0 { // given up by somebody meanwhile, who has told the sender
		o.action = silent
	}
	return o, err
}

// forGood: trying again would change nothing.
func forGood(err error) bool {
	switch mail.KindOf(err) {
	case mail.Refused, mail.TooBig, mail.BadAddress, mail.Blocked:
		return true
	}
	return false
}

func (q *Queue) headOf(ctx context.Context, h box.Hash) (head []byte, err error) {
	err = q.box.Headers(ctx, box.Ref{}, []box.Row{{Blob: h}}, func(_ box.Row, p []byte) error {
		head = p
		return nil
	})
	return head, err
}

func (q *Queue) wholeOf(ctx context.Context, h box.Hash) (p []byte, err error) {
	r, err := q.box.OpenBlob(ctx, h)
	if err != nil {
		return nil, err
	}
	p, err = io.ReadAll(r)
	return p, errors.Join(err, r.Close())
}

// trim forgets, once an hour, the marks of letters older than the window.
func (q *Queue) trim(ctx context.Context) error {
	now := q.opt.Now()
	if now.Sub(q.trimmed).Abs() < time.Hour {
		return nil
	}
	err := q.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Q.DropOldSubmitted(ctx, now.Add(-q.opt.Window).UnixMicro())
		return err
	})
	if err == nil {
		q.trimmed = now
	}
	return err
}

// List gives what waits, oldest first, one item a recipient.
func (q *Queue) List(ctx context.Context) ([]Item, error) {
	var out []Item
	err := q.db.Read(ctx, func(ctx context.Context, s *storedb.Queries) error {
		list, err := s.ListTargets(ctx)
		for _, t := range list {
			out = append(out, Item{
				ID: t.QueueID, From: t.Sender, To: t.Rcpt, Size: t.Size, Accepted: time.UnixMicro(t.AcceptedAt).UTC(),
				Next: time.UnixMicro(t.NextAt).UTC(), Tries: int(t.Tries), Reply: t.Reply,
			})
		}
		return err
	})
	if err != nil {
		return nil, mail.AsFault("list queue", err)
	}
	return out, nil
}

// Check verifies every invariant of the room.
func (q *Queue) Check(ctx context.Context) error {
	return q.db.Read(ctx, func(ctx context.Context, s *storedb.Queries) error {
		idle, err := s.OutgoingWithoutTarget(ctx)
		if err != nil {
			return err
		}
		bare, err := s.OutgoingWithoutBlob(ctx)
		if err != nil {
			return err
		}
		if idle+bare == 0 {
			return nil
		}
		return &mail.Fault{
			Kind: mail.StoreDamaged, Op: "check queue",
			Err: fmt.Errorf("%d letters with nobody left to send to, %d without their bytes", idle, bare),
		}
	})
}
