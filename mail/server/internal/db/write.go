package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"slices"

	"hopthu/mail"
)

// job is one write on its way: state moves from waiting to taken or abandoned, whoever comes first.
type job struct {
	ctx   context.Context
	fn    Write
	after []func()
	err   error
	taken chan struct{} // closed by nobody: holds one token, taken by the writer or by the caller who went away
	done  chan struct{}
}

// Write runs fn in a transaction shared with other writes and returns when it is on disk, or fn's error. When ctx
// ends before fn began, fn does not run; after that the outcome is waited for, so that the caller always knows it. fn
// runs under a context that does not end with the caller's.
func (d *DB) Write(ctx context.Context, fn Write) error {
	j := &job{ctx: ctx, fn: fn, taken: make(chan struct{}, 1), done: make(chan struct{})}
	j.taken <- struct{}{}
	if err := d.enqueue(ctx, j); err != nil {
		return err
	}
	select {
	case <-j.done:
		return j.err
	case <-ctx.Done():
	}
	select {
	case <-j.taken: // not begun: the writer will pass over it
		return &mail.Fault{Kind: mail.TryLater, Op: "write", Err: ctx.Err()}
	case <-j.done:
		return j.err
	default:
	}
	<-j.done
	return j.err
}

func (d *DB) enqueue(ctx context.Context, j *job) error {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.only {
		return &mail.Fault{Kind: mail.Refused, Op: "write", Detail: "opened for reading only"}
	}
	if d.closed {
		return &mail.Fault{Kind: mail.TryLater, Op: "write", Detail: "the server is stopping"}
	}
	select {
	case d.jobs <- j:
		return nil
	case <-ctx.Done():
		return &mail.Fault{Kind: mail.TryLater, Op: "write", Err: ctx.Err()}
	}
}

var errUnknownOutcome = errors.New("nobody can tell whether the commit is on disk")

// write is the one writer: it takes what waits, up to Batch jobs, into one transaction.
func (d *DB) write() {
	defer close(d.done)
	for j := range d.jobs {
		batch := d.gather(j)
		if len(batch) == 0 {
			continue
		}
		d.run(batch)
		for _, j := range batch {
			if j.err == nil {
				for _, f := range j.after {
					f()
				}
			}
		}
		for _, j := range batch {
			close(j.done)
		}
	}
}

func (d *DB) gather(first *job) []*job {
	var batch []*job
	take := func(j *job) {
		select {
		case <-j.taken:
			batch = append(batch, j)
		default: // its caller went away
		}
	}
	take(first)
	for len(batch) < d.opt.Batch {
		select {
		case j, ok := <-d.jobs:
			if !ok {
				return batch
			}
			take(j)
		default:
			return batch
		}
	}
	return batch
}

// run brings a batch to its end: every job has its final err. A batch in which a job fails is run again with a savepoint
// before each, which costs a copy of every page written, so that the others go on without it; one that fails as a whole
// is run again job by job, so that the guilty one fails alone.
func (d *DB) run(batch []*job) {
	err := d.once(batch, false)
	if errors.Is(err, errOneFailed) {
		err = d.once(batch, true)
	}
	if err == nil {
		return
	}
	d.opt.Log.Warn("write batch failed", "jobs", len(batch), "err", err)
	if len(batch) == 1 || errors.Is(err, errUnknownOutcome) { // what may be on disk must not be done again
		for _, j := range batch {
			if j.err == nil {
				j.err = d.fail("write", err)
			}
		}
		return
	}
	for _, j := range batch {
		if err := d.once([]*job{j}, false); err != nil {
			j.err = d.fail("write", err)
		}
	}
}

// once runs a batch in one transaction. A nil error means it is on disk, or no job of it succeeded; any other means
// that nothing of it is, or (Kind TryLater) that nobody can tell.
func (d *DB) once(batch []*job, guarded bool) error {
	ctx := context.Background() // nobody's going away may leave a transaction half done
	d.batch++
	mark := d.batch
	tx, err := d.writer.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := d.runJobs(ctx, tx, batch, guarded); err != nil {
		return errors.Join(err, rollback(tx))
	}
	if !slices.ContainsFunc(batch, func(j *job) bool { return j.err == nil }) {
		return rollback(tx) // nothing to keep
	}
	if err := d.putMark(ctx, tx, mark); err != nil {
		return errors.Join(err, rollback(tx))
	}
	err = d.commit(tx)
	if err == nil {
		return nil
	}
	err = errors.Join(fmt.Errorf("commit: %w", err), rollback(tx))
	there, look := d.committed(ctx, mark)
	switch {
	case look != nil: // law: never answer yes blind
		return &mail.Fault{Kind: mail.TryLater, Op: "write", Detail: "outcome unknown", Err: errors.Join(errUnknownOutcome, err, look)}
	case there:
		d.opt.Log.Warn("commit reported an error but is on disk", "err", err)
		return nil
	}
	return err
}

// errOneFailed: a job of several failed, and what it did is mixed with what the others did.
var errOneFailed = errors.New("one of several jobs failed")

func (d *DB) runJobs(ctx context.Context, tx *sql.Tx, batch []*job, guarded bool) error {
	q := d.wq.WithTx(tx)
	for _, j := range batch {
		if guarded {
			if _, err := tx.ExecContext(ctx, "SAVEPOINT job"); err != nil {
				return fmt.Errorf("savepoint: %w", err)
			}
		}
		t := &Tx{Q: q, Now: d.opt.Now()}
		err := j.fn(context.WithoutCancel(j.ctx), t)
		j.after, j.err = t.after, nil
		if err != nil {
			j.err = d.fail("write", err)
		}
		switch {
		case guarded:
			if back := settle(ctx, tx, err == nil); back != nil {
				return errors.Join(back, err)
			}
		case err != nil && len(batch) > 1: // one alone leaves nothing that is kept
			return errOneFailed
		}
	}
	return nil
}

// settle ends a savepoint: what was done since stays, or disappears.
func settle(ctx context.Context, tx *sql.Tx, keep bool) error {
	if !keep {
		if _, err := tx.ExecContext(ctx, "ROLLBACK TO job"); err != nil {
			return fmt.Errorf("roll back to savepoint: %w", err)
		}
	}
	if _, err := tx.ExecContext(ctx, "RELEASE job"); err != nil {
		return fmt.Errorf("release savepoint: %w", err)
	}
	return nil
}

func rollback(tx *sql.Tx) error {
	if err := tx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
		return fmt.Errorf("roll back: %w", err)
	}
	return nil
}

// beginMark chooses the key of this writer's mark and forgets marks of writers long gone.
func (d *DB) beginMark(ctx context.Context) error {
	d.id = make([]byte, 16)
	if _, err := io.ReadFull(d.opt.Rand, d.id); err != nil {
		return err
	}
	return d.wq.DropOldMarks(ctx, d.opt.Now().AddDate(0, 0, -1).UnixMicro())
}
