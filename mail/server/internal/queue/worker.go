package queue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
)

var errGaveUp = errors.New("tried too long")

// Run sends what waits for the relay until ctx ends.
func (q *Queue) Run(ctx context.Context) error {
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
	if err != nil {
		return err
	}
	r, err := q.box.OpenBlob(ctx, box.Hash(row.BlobHash))
	if err != nil {
		return err
	}
	to := make([]string, len(list))
	for i, t := range list {
		to[i] = t.Rcpt
	}
	refused, sent := map[string]error(nil), error(&mail.Fault{Kind: mail.TryLater, Op: "relay", Detail: "no relay is configured"})
	if q.opt.Relay != nil {
		refused, sent = q.opt.Relay.Send(ctx, row.Sender, to, row.Utf8 != 0, r.Size, r)
	}
	if err := r.Close(); err != nil {
		return err
	}
	if ctx.Err() == nil || sent == nil {
		return q.settle(ctx, row, list, refused, sent)
	}
	return nil // the program stops: this was no try
}

func (q *Queue) settle(ctx context.Context, row storedb.Outgoing, list []storedb.Target, refused map[string]error, sent error) error {
	ctx = context.WithoutCancel(ctx) // what the relay said must not be forgotten because the program stops
	head, err := q.headOf(ctx, box.Hash(row.BlobHash))
	if err != nil {
		return err
	}
	return q.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		var failed []failure
		for _, t := range list {
			why := sent
			if why == nil {
				why = refused[t.Rcpt]
			}
			over, err := q.settleOne(ctx, tx, row, t, why)
			if err != nil {
				return err
			}
			if over != nil {
				failed = append(failed, failure{t.Rcpt, over})
			}
		}
		rep := report{from: row.Sender, envID: row.EnvID, silent: row.NoDsn != 0, arrived: time.UnixMicro(row.AcceptedAt), head: head}
		if err := q.reportTx(ctx, tx, rep, failed); err != nil {
			return err
		}
		left, err := tx.Q.CountTargets(ctx, storedb.CountTargetsParams{AccountID: row.AccountID, QueueID: row.QueueID})
		if err != nil || left > 0 {
			return err
		}
		return tx.Q.DropOutgoing(ctx, storedb.DropOutgoingParams{AccountID: row.AccountID, QueueID: row.QueueID})
	})
}

// settleOne takes a recipient off the list, or puts it off; over says why it failed for good.
func (q *Queue) settleOne(ctx context.Context, tx *db.Tx, row storedb.Outgoing, t storedb.Target, why error) (over, err error) {
	drop := storedb.DropTargetParams{AccountID: t.AccountID, QueueID: t.QueueID, Rcpt: t.Rcpt}
	if why != nil && !forGood(why) {
		next := tx.Now.Add(q.opt.Backoff(int(t.Tries) + 1))
		if next.Before(time.UnixMicro(row.AcceptedAt).Add(q.opt.GiveUp)) {
			return nil, tx.Q.PutOff(ctx, storedb.PutOffParams{
				Tries: t.Tries + 1, NextAt: next.UnixMicro(),
				Reply: clean(mail.AsFault("", why).Detail), AccountID: t.AccountID, QueueID: t.QueueID, Rcpt: t.Rcpt,
			})
		}
		why = &mail.Fault{Kind: mail.Refused, Op: "relay", Detail: mail.AsFault("", why).Detail, Err: errGaveUp}
	}
	_, err = tx.Q.DropTarget(ctx, drop)
	return why, err
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
