// Package store is the client's only truth: one sealed SQLite file that holds the letters, drafts, outbox and pending
// operations of all accounts.
//
// Laws: nothing of a letter is written outside the sealed file; every change is one transaction, on disk (fsync) when
// the call returns; a change made here and not yet on the server is never overwritten by what the server says;
// readers never wait for the writer; events leave after the commit, outside every lock; it knows no network.
package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"hopthu/mail"
)

// Options are what the store is handed in.
type Options struct {
	Now     func() time.Time // clock; nil means a clock that stands still, fit for tests only
	Changed func(mail.Event) // told of every change after its commit, from the goroutine that made it; may be nil
}

// Store is the open file. It is safe for use by many goroutines.
type Store struct {
	opts   Options
	path   string // "" in memory
	key    [32]byte
	cache  int // of a reader, in KiB
	lock   *conn
	ahead  *ahead        // while the store is being opened
	writer chan *conn    // holds the one writer when it is free; nil when opened read-only
	reads  chan *conn    // holds the open readers that are free
	spare  chan struct{} // a token for each reader that may still be opened
	done   chan struct{}

	mu       sync.Mutex // guards what follows
	closed   bool
	versions map[mail.FolderID]int64
	all      int64 // version of everything
}

// maxReaders bounds the reader pool: each connection has a page cache of its own.
const maxReaders = 4

// Open opens the sealed file at path with its key, makes it (and its folder, private) if it is not there, and brings
// its schema up to date. Kinds: StoreKey, StoreLocked, StoreDamaged, DiskFull, NoPermission.
func Open(ctx context.Context, path string, key [32]byte, o Options) (*Store, error) {
	l, err := TakeLock(ctx, path)
	if err != nil {
		return nil, err
	}
	return l.Open(ctx, key, o)
}

// Lock is the right to open a store for writing: at most one program has it. It needs no key, so that it can be taken
// while the key is looked for.
type Lock struct {
	path  string
	c     *conn
	ahead *ahead
}

const opOpen = "open store"

// TakeLock takes the lock of the store at path; the store need not be there. Kinds as Open.
func TakeLock(ctx context.Context, path string) (*Lock, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fileFault(opOpen, path, err)
	}
	if err := private(path + ".lock"); err != nil {
		return nil, err
	}
	c, err := takeLock(ctx, path)
	if err != nil {
		return nil, fault(opOpen, err)
	}
	return &Lock{path, c, openAhead(ctx, path, 2)}, nil // a writer and a reader
}

// Drop gives the lock back without having opened the store.
func (l *Lock) Drop() error { return fault(opOpen, errors.Join(l.ahead.close(), l.c.close())) }

// private makes a file if it is not there. It is done here and not by SQLite so that it is private from its first moment.
func private(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // the path is the caller's choice
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		return fileFault(opOpen, path, err)
	}
	return nil
}

// Open opens the store whose lock this is; the lock is the store's from now on, and given back when this fails.
func (l *Lock) Open(ctx context.Context, key [32]byte, o Options) (*Store, error) {
	const op = opOpen
	info, err := os.Stat(l.path)
	filled := err == nil && info.Size() > 0
	if err := private(l.path); err != nil {
		return nil, errors.Join(err, l.Drop())
	}
	s := newStore(l.path, key, o)
	s.lock, s.ahead = l.c, l.ahead
	early := func() *conn { return nil }
	if filled { // the first question comes soon: its connection is opened beside the writer's
		<-s.spare
		early = s.early(ctx)
	}
	w, err := s.openConn(ctx, writerCache)
	if err == nil {
		err = migrate(w)
		if err != nil {
			err = errors.Join(err, w.close())
		}
	}
	if err != nil {
		if c := early(); c != nil {
			err = errors.Join(err, c.close())
		}
		return nil, fault(op, errors.Join(err, l.Drop()))
	}
	s.writer = make(chan *conn, 1)
	s.writer <- w
	if c := early(); c != nil {
		s.reads <- c
	} else if filled {
		s.spare <- struct{}{}
	}
	s.ahead = nil
	if err := l.ahead.close(); err != nil {
		return nil, fault(op, errors.Join(err, s.Close()))
	}
	return s, nil
}

// early begins to open a reader; the answer waits for it, and is nil if it failed: whoever reads first is told why.
func (s *Store) early(ctx context.Context) func() *conn {
	got := make(chan *conn, 1)
	mail.Go("open early reader", func() {
		c, err := s.openReader(ctx)
		if err != nil {
			c = nil
		}
		got <- c
	})
	return func() *conn { return <-got }
}

// Memory opens a store that lives only as long as it is open, for machines without a keyring and for tests.
func Memory(ctx context.Context, o Options) (*Store, error) {
	s := newStore("", [32]byte{}, o)
	c, err := s.openConn(ctx, writerCache)
	if err != nil {
		return nil, fault("open store in memory", err)
	}
	if err := migrate(c); err != nil {
		return nil, fault("open store in memory", errors.Join(err, c.close()))
	}
	s.writer = make(chan *conn, 1)
	s.writer <- c
	s.reads, s.spare = s.writer, nil // one connection does both
	return s, nil
}

func newStore(path string, key [32]byte, o Options) *Store {
	if o.Now == nil {
		o.Now = func() time.Time { return time.Unix(0, 0) }
	}
	if o.Changed == nil {
		o.Changed = func(mail.Event) {}
	}
	n := min(runtime.GOMAXPROCS(0), maxReaders)
	s := &Store{
		opts: o, path: path, key: key, cache: readerCache, reads: make(chan *conn, n), spare: make(chan struct{}, n),
		done: make(chan struct{}), versions: map[mail.FolderID]int64{},
	}
	for range n {
		s.spare <- struct{}{}
	}
	return s
}

// Close waits for running calls, then closes every connection. Later calls fail with context.Canceled in their chain.
func (s *Store) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	close(s.done)
	s.mu.Unlock()
	var errs []error
	if s.reads != s.writer {
		for range cap(s.reads) {
			select {
			case c := <-s.reads:
				errs = append(errs, c.close())
			case <-s.spare:
			}
		}
	}
	if s.writer != nil {
		c := <-s.writer
		errs = append(errs, c.close())
	}
	if s.lock != nil {
		errs = append(errs, s.lock.close())
	}
	if err := errors.Join(errs...); err != nil {
		return fault("close store", err)
	}
	return nil
}

// Version grows with every change of the folder while the store is open; folder 0 is everything.
func (s *Store) Version(folder mail.FolderID) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if folder == 0 {
		return s.all
	}
	return s.versions[folder]
}
