package sync

import (
	"context"
	"errors"

	"hopthu/mail"
)

// job is work that somebody waits for.
type job struct {
	ctx  context.Context
	do   func(context.Context) error
	done chan error
}

// ask hands a job to Run and waits for it.
func (e *Engine) ask(ctx context.Context, do func(context.Context) error) error {
	j := &job{ctx: ctx, do: do, done: make(chan error, 1)}
	e.asking.Add(1)
	select {
	case e.jobs <- j:
		e.asking.Add(-1)
	case <-ctx.Done():
		e.asking.Add(-1)
		return &mail.Fault{Kind: mail.NoAnswer, Op: "ask server", Err: ctx.Err()}
	}
	select {
	case err := <-j.done:
		return err
	case <-ctx.Done():
		return &mail.Fault{Kind: mail.NoAnswer, Op: "ask server", Err: ctx.Err()}
	}
}

// serve does one job and reports only failures of the connection.
func (e *Engine) serve(j *job) error {
	if gaveUp := j.ctx.Err(); gaveUp != nil {
		j.done <- gaveUp
		return nil //nolint:nilerr // the reader gave up before it began: the connection is as it was
	}
	err := j.do(j.ctx)
	// A cancelled call closes the connection by design of Remote: connect again. One that was done before its caller went
	// on and cancelled is none.
	gone := lost(err) || err != nil && j.ctx.Err() != nil
	j.done <- err
	if gone {
		e.selected = ""
		return &mail.Fault{Kind: mail.LostConnection, Op: "serve", Err: err}
	}
	return nil
}

// serveWaiting does the jobs that wait, between two blocks of a long pass.
func (e *Engine) serveWaiting(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case j := <-e.jobs:
			if err := e.serve(j); err != nil {
				return err
			}
		default:
			return nil
		}
	}
}

// lost reports whether err means that the connection is gone.
func lost(err error) bool {
	if err == nil {
		return false
	}
	switch mail.KindOf(err) {
	case mail.LostConnection, mail.NoAnswer, mail.BadServer, mail.NoServer, mail.BadCertificate, mail.NoTLS:
		return true
	default:
		return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
	}
}
