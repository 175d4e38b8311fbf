package store

import (
	"context"
	"errors"
	"os"

	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
)

// ahead are connections to a store that begin while its key is looked for: setting one up takes some milliseconds and needs
// no key. None is begun to a store that is not there yet or holds nothing.
type ahead struct {
	path string
	info os.FileInfo
	got  chan *sqlite3.Conn // closed when all are there
}

func openAhead(ctx context.Context, path string, n int) *ahead {
	a := &ahead{path: path, got: make(chan *sqlite3.Conn, n)}
	info, err := os.Stat(path)
	if err != nil || info.Size() == 0 {
		close(a.got)
		return a
	}
	a.info = info
	mail.Go("open store ahead", func() {
		defer close(a.got)
		for range n {
			db, err := sqlite3.OpenContext(ctx, sealedName(path))
			if err != nil {
				return // whoever opens the store is told why
			}
			a.got <- db
		}
	})
	return a
}

// take gives one of them, nil if there is none: the store may have been put aside meanwhile.
func (a *ahead) take() *sqlite3.Conn {
	if a == nil || a.info == nil {
		return nil
	}
	if info, err := os.Stat(a.path); err != nil || !os.SameFile(info, a.info) {
		return nil
	}
	return <-a.got
}

// close closes those that nobody took.
func (a *ahead) close() error {
	if a == nil {
		return nil
	}
	var errs []error
	for db := range a.got {
		errs = append(errs, db.Close())
	}
	return errors.Join(errs...)
}

// MoveAway closes what was begun ahead: the file is going to be renamed, which some systems refuse while it is open.
func (l *Lock) MoveAway() error { return fault(opOpen, l.ahead.close()) }

// Reading is a store that is about to be opened for reading only.
type Reading struct {
	path  string
	ahead *ahead
}

// BeginReading begins to open the store at path, which needs no key yet; the store need not be there.
func BeginReading(ctx context.Context, path string) *Reading {
	return &Reading{path, openAhead(ctx, path, 1)}
}

// Drop ends that without having opened the store.
func (r *Reading) Drop() error { return fault(opOpen, r.ahead.close()) }

// OpenReadOnly opens a store for reading only, also while another process has it open. A store of an older schema is
// brought up to date first, for which nobody else may have it open (Kind StoreLocked). Kind NoFile if there is none,
// Conflict if a newer program wrote it.
func OpenReadOnly(ctx context.Context, path string, key [32]byte, o Options) (*Store, error) {
	return (&Reading{path: path}).Open(ctx, key, o)
}

// Open is OpenReadOnly for a store whose opening was begun.
func (r *Reading) Open(ctx context.Context, key [32]byte, o Options) (*Store, error) {
	const op = "open store read-only"
	s := newStore(r.path, key, o)
	s.cache, s.ahead = onceCache, r.ahead
	c, err := s.openFirst(ctx)
	if errors.Is(err, errOlder) { // the first command after an upgrade may be one of cron
		if err := errors.Join(r.ahead.close(), upgrade(ctx, r.path, key, o)); err != nil {
			return nil, err
		}
		s.ahead = nil
		c, err = s.openFirst(ctx)
	}
	if err := errors.Join(err, s.ahead.close()); err != nil {
		if c != nil {
			err = errors.Join(err, c.close())
		}
		return nil, fault(op, err)
	}
	s.ahead = nil
	<-s.spare
	s.reads <- c
	return s, nil
}

func upgrade(ctx context.Context, path string, key [32]byte, o Options) error {
	s, err := Open(ctx, path, key, o)
	if err != nil {
		return err
	}
	return s.Close()
}

// openFirst opens a reader of a store that may not be there, or be another version's.
func (s *Store) openFirst(ctx context.Context) (*conn, error) {
	if _, err := os.Stat(s.path); err != nil {
		return nil, fileFault("open store read-only", s.path, err)
	}
	c, err := s.openReader(ctx)
	if err != nil {
		return nil, err
	}
	if err := checkVersion(c); err != nil {
		return nil, errors.Join(err, c.close())
	}
	return c, nil
}
