package db

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/pressly/goose/v3"

	"hopthu/mail"
	"hopthu/mail/server/internal/db/storedb"
)

//go:embed migrations
var migrations embed.FS

// dialect is all that differs between the databases below; the queries are shared. PostgreSQL is a second value of it.
type dialect struct {
	goose  goose.Dialect
	schema string                                     // folder of migrations
	fault  func(dir string, err error) mail.FaultKind // what an error of the driver means
	check  func(context.Context, *DB) error           // self-verification
	fill   func(ctx context.Context, d *DB, full bool) error
	shut   func(ctx context.Context, d *DB, on bool) error
}

// DB is the open database: one writer with group commit, readers as many as there are cores.
type DB struct {
	opt     Options
	dir     string
	dialect dialect
	writer  *sql.DB
	readers *sql.DB
	wq, rq  *storedb.Queries
	id      []byte // key of this writer's mark
	batch   int64
	jobs    chan *job
	done    chan struct{}
	commit  func(*sql.Tx) error // a test's place to break it

	mu     sync.RWMutex // guards closed against sends on jobs
	closed bool
	only   bool // for reading only
}

// Open opens or makes the database in folder dir and brings its schema up to date.
func Open(ctx context.Context, dir string, o Options) (*DB, error) {
	if o.Batch == 0 {
		o.Batch = 32
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, &mail.Fault{Kind: mail.NoPermission, Op: "open database", Detail: dir, Err: err}
	}
	if err := SyncFolder(filepath.Dir(dir)); err != nil { // its name; that of the database inside is SQLite's work
		return nil, &mail.Fault{Kind: mail.NoPermission, Op: "open database", Detail: dir, Err: err}
	}
	d := &DB{
		opt: o, dir: dir, dialect: sqliteDialect, jobs: make(chan *job, o.Batch), done: make(chan struct{}),
		commit: (*sql.Tx).Commit,
	}
	if o.Commit != nil {
		d.commit = func(tx *sql.Tx) error { return o.Commit(tx.Commit) }
	}
	if err := d.open(ctx, filepath.Join(dir, FileName)); err != nil {
		return nil, d.fail("open database", errors.Join(err, d.closeAll()))
	}
	mail.Go("database writer", d.write)
	return d, nil
}

func (d *DB) open(ctx context.Context, path string) error {
	var err error
	if d.writer, d.readers, err = openSQLite(path, d.opt.VFS); err != nil {
		return err
	}
	d.writer.SetMaxOpenConns(1)
	d.readers.SetMaxOpenConns(runtime.NumCPU())
	d.readers.SetMaxIdleConns(runtime.NumCPU())
	if err := d.migrate(ctx); err != nil {
		return err
	}
	// The driver gives this one file a mode of its own.
	if err := os.Chmod(path+"-shm", 0o600); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return &mail.Fault{Kind: mail.NoPermission, Op: "open database", Detail: path, Err: err}
	}
	if d.wq, err = storedb.Prepare(ctx, d.writer); err != nil {
		return fmt.Errorf("prepare queries: %w", err)
	}
	if d.rq, err = storedb.Prepare(ctx, d.readers); err != nil {
		return fmt.Errorf("prepare queries: %w", err)
	}
	return d.beginMark(ctx)
}

func (d *DB) migrate(ctx context.Context) error {
	folder, err := fs.Sub(migrations, d.dialect.schema)
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(d.dialect.goose, d.writer, folder)
	if err != nil {
		return fmt.Errorf("read schema: %w", err)
	}
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	all := p.ListSources()
	if last := all[len(all)-1].Version; have > last {
		return &mail.Fault{
			Kind: mail.BadSettings, Op: "open database",
			Detail: fmt.Sprintf("its schema %d is newer than this program's %d", have, last),
		}
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("bring schema up to date: %w", err)
	}
	return nil
}

// Read runs fn over one consistent snapshot. fn must not touch the network or wait for a person: a reader held open
// keeps the log from being folded in, and there are only as many readers as cores.
func (d *DB) Read(ctx context.Context, fn func(ctx context.Context, q *storedb.Queries) error) error {
	tx, err := d.readers.BeginTx(ctx, nil)
	if err != nil {
		return d.fail("read", err)
	}
	err = fn(ctx, d.rq.WithTx(tx))
	if back := tx.Rollback(); back != nil && !errors.Is(back, sql.ErrTxDone) {
		err = errors.Join(err, back)
	}
	if err != nil {
		return d.fail("read", err)
	}
	return nil
}

// Look runs fn over queries each of which sees a moment of its own: for one query alone, or for several that need not
// agree. It costs a third of Read.
func (d *DB) Look(ctx context.Context, fn func(ctx context.Context, q *storedb.Queries) error) error {
	if err := fn(ctx, d.rq); err != nil {
		return d.fail("read", err)
	}
	return nil
}

// Fill makes the database behave as on a full disk, or ends that: for tests and the demo only.
func (d *DB) Fill(ctx context.Context, full bool) error {
	if err := d.dialect.fill(ctx, d, full); err != nil {
		return d.fail("fill disk", err)
	}
	return nil
}

// Protect makes the database behave as on a disk that may only be read, or ends that: for tests and the demo only.
func (d *DB) Protect(ctx context.Context, on bool) error {
	if err := d.dialect.shut(ctx, d, on); err != nil {
		return d.fail("protect disk", err)
	}
	return nil
}

// Check asks the database to verify itself.
func (d *DB) Check(ctx context.Context) error {
	if err := d.dialect.check(ctx, d); err != nil {
		return &mail.Fault{Kind: mail.StoreDamaged, Op: "check database", Err: err}
	}
	return nil
}

// Close ends the writer after the writes already waiting, then closes the database.
func (d *DB) Close() error {
	if d.only {
		return d.closeAll()
	}
	d.mu.Lock()
	if d.closed {
		d.mu.Unlock()
		return nil
	}
	d.closed = true
	close(d.jobs)
	d.mu.Unlock()
	<-d.done
	return d.closeAll()
}

func (d *DB) closeAll() error {
	var all []error
	for _, q := range []*storedb.Queries{d.wq, d.rq} {
		if q != nil {
			all = append(all, q.Close())
		}
	}
	for _, s := range []*sql.DB{d.readers, d.writer} { // the writer last: its close folds the log in
		if s != nil {
			all = append(all, s.Close())
		}
	}
	return errors.Join(all...)
}

// fail gives err the kind that it deserves; a Fault inside it stays what it is.
func (d *DB) fail(op string, err error) error {
	var f *mail.Fault
	if errors.As(err, &f) {
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return &mail.Fault{Kind: mail.TryLater, Op: op, Err: err}
	}
	return &mail.Fault{Kind: d.dialect.fault(d.dir, err), Op: op, Err: err}
}
