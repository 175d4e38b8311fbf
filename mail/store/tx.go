package store

import (
	"context"
	"errors"
	"fmt"

	"hopthu/mail"
)

// tx is one write transaction: the connection, and what must be told once it is committed.
type tx struct {
	*conn
	s       *Store
	folders map[mail.FolderID]mail.AccountID
	events  []mail.Event
}

// touch notes that letters or flags of a folder changed.
func (t *tx) touch(account mail.AccountID, folder mail.FolderID) {
	if folder != 0 {
		t.folders[folder] = account
	}
}

func (t *tx) tell(e mail.Event) { t.events = append(t.events, e) }

// errClosed ends calls to a store that is closed.
var errClosed = fmt.Errorf("store is closed: %w", context.Canceled)

// take gets the writer, as long as the store is open.
func (s *Store) take(ctx context.Context) (*conn, error) {
	select {
	case <-s.done: // looked at first: select picks among ready cases at random
		return nil, errClosed
	default:
	}
	select {
	case c := <-s.writer:
		return c, nil
	case <-s.done:
		return nil, errClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// write runs f in one transaction and tells of the changes after it.
func (s *Store) write(ctx context.Context, op string, f func(*tx) error) error {
	if s.writer == nil {
		return &mail.Fault{Kind: mail.StoreLocked, Op: op, Detail: "read-only"}
	}
	events, err := s.commit(ctx, f)
	if err != nil {
		return fault(op, err)
	}
	for _, e := range events {
		s.opts.Changed(e)
	}
	return nil
}

func (s *Store) commit(ctx context.Context, f func(*tx) error) ([]mail.Event, error) {
	c, err := s.take(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { s.writer <- c }()
	t := &tx{conn: c, s: s, folders: map[mail.FolderID]mail.AccountID{}}
	if err := c.inTx(ctx, "BEGIN IMMEDIATE", func() error { return f(t) }); err != nil {
		c.uncaught = nil // it may know of letters that were not kept
		return nil, err
	}
	return s.versioned(t), nil
}

// read runs f on a reader in one snapshot.
func (s *Store) read(ctx context.Context, op string, f func(*conn) error) error {
	c, err := s.reader(ctx)
	if err != nil {
		return fault(op, err)
	}
	defer func() { s.reads <- c }()
	return fault(op, c.inTx(ctx, "BEGIN", func() error { return f(c) }))
}

// reader takes a reader that is free. Another one is only opened where none is: each costs some milliseconds, and memory.
func (s *Store) reader(ctx context.Context) (*conn, error) {
	select {
	case <-s.done:
		return nil, errClosed
	default:
	}
	select {
	case c := <-s.reads:
		return c, nil
	default:
	}
	select {
	case c := <-s.reads:
		return c, nil
	case <-s.spare:
	case <-s.done:
		return nil, errClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	c, err := s.openReader(ctx)
	if err != nil {
		s.spare <- struct{}{}
		return nil, err
	}
	return c, nil
}

func (s *Store) openReader(ctx context.Context) (*conn, error) {
	c, err := s.openConn(ctx, s.cache)
	if err != nil {
		return nil, err
	}
	if err := c.exec("PRAGMA query_only=1"); err != nil {
		return nil, errors.Join(err, c.close())
	}
	return c, nil
}

func (c *conn) inTx(ctx context.Context, begin string, f func() error) (err error) {
	c.db.SetInterrupt(ctx)
	done := false
	defer func() {
		// The roll-back must also run when the context has ended, and when f panicked.
		c.db.SetInterrupt(context.Background())
		if !done && !c.db.GetAutocommit() {
			err = errors.Join(err, c.exec("ROLLBACK"))
		}
		if err != nil && ctx.Err() != nil {
			err = errors.Join(ctx.Err(), err)
		}
	}()
	if err = c.exec(begin); err != nil {
		return err
	}
	if err = f(); err != nil {
		return err
	}
	if err = c.exec("COMMIT"); err != nil {
		return err
	}
	done = true
	return nil
}

// versioned counts the versions up and makes the list of events.
func (s *Store) versioned(t *tx) []mail.Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(t.folders)+len(t.events) > 0 {
		s.all++
	}
	events := t.events
	accounts := map[mail.AccountID]bool{}
	for f, a := range t.folders {
		s.versions[f]++
		accounts[a] = true
		events = append(events, mail.Event{Kind: mail.FolderChanged, Account: a, Folder: f, Version: s.versions[f]})
	}
	for a := range accounts {
		events = append(events, mail.Event{Kind: mail.FoldersChanged, Account: a, Version: s.all})
	}
	return events
}
