package db

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"
	"github.com/pressly/goose/v3"

	"hopthu/mail"
	"hopthu/mail/server/internal/db/storedb"
)

// FileName is the name of the database inside its folder.
const FileName = "hopthu.db"

// OpenReadOnly opens the database of a folder as it is: nothing is made, nothing is brought up to date, every Write is
// refused. Kind NoFile: there is none; BadSettings: its schema is not this program's.
func OpenReadOnly(ctx context.Context, dir string, o Options) (*DB, error) {
	path := filepath.Join(dir, FileName)
	if _, err := os.Stat(path); err != nil {
		return nil, &mail.Fault{Kind: mail.NoFile, Op: "open database", Detail: path, Err: err}
	}
	d := &DB{opt: o, dir: dir, dialect: sqliteDialect, closed: true, only: true}
	err := d.openReaders(ctx, path)
	if err != nil {
		return nil, d.fail("open database", errors.Join(err, d.closeAll()))
	}
	return d, nil
}

func (d *DB) openReaders(ctx context.Context, path string) error {
	var err error
	if d.readers, err = openPool(path, d.opt.VFS, "deferred", "query_only(1)"); err != nil {
		return err
	}
	d.readers.SetMaxOpenConns(runtime.NumCPU())
	var have int64
	err = d.readers.QueryRowContext(ctx, "SELECT MAX(version_id) FROM goose_db_version WHERE is_applied = 1").Scan(&have)
	if err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	files, err := fs.Glob(migrations, d.dialect.schema+"/*.sql")
	if err != nil {
		return err
	}
	last, err := goose.NumericComponent(files[len(files)-1])
	if err != nil {
		return err
	}
	if have != last {
		return &mail.Fault{
			Kind: mail.BadSettings, Op: "open database",
			Detail: fmt.Sprintf("its schema is %d, this program's %d", have, last),
		}
	}
	if d.rq, err = storedb.Prepare(ctx, d.readers); err != nil {
		return fmt.Errorf("prepare queries: %w", err)
	}
	return nil
}

// CopyTo writes the database as of one moment into a new file, while others go on writing; it is on disk when CopyTo
// returns.
func (d *DB) CopyTo(ctx context.Context, path string) error {
	if err := d.copyTo(ctx, path); err != nil {
		return d.fail("copy database", err)
	}
	return nil
}

func (d *DB) copyTo(ctx context.Context, path string) (err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600) // VACUUM INTO takes an empty file
	if err != nil {
		return &mail.Fault{Kind: mail.NoPermission, Op: "copy database", Detail: path, Err: err}
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	pool, err := openPool(filepath.Join(d.dir, FileName), d.opt.VFS, "deferred")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	if _, err := pool.ExecContext(ctx, "VACUUM INTO ?", path); err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	return f.Sync() // of the same file that SQLite wrote
}

// Alone makes sure that nobody has the database of a folder open, and folds its log in, so that the file alone is
// everything. Kind StoreLocked: somebody has.
func Alone(ctx context.Context, dir string) (err error) {
	path := filepath.Join(dir, FileName)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	u := url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: url.Values{"_pragma": {"busy_timeout(0)"}}.Encode()}
	pool, err := driver.Open(u.String())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	// Leaving WAL needs the file for oneself; every open connection in WAL holds a part of it (sqlite.org/wal.html 8).
	if _, err := pool.ExecContext(ctx, "PRAGMA journal_mode=delete"); err != nil {
		kind := mail.StoreDamaged
		if errors.Is(err, sqlite3.BUSY) || errors.Is(err, sqlite3.LOCKED) {
			kind = mail.StoreLocked
		}
		return &mail.Fault{Kind: kind, Op: "take the database for oneself", Detail: dir, Err: err}
	}
	return nil
}

// SyncFolder makes the names in a folder durable. Systems that cannot sync a folder say so with an error that is no loss
// of ours.
func SyncFolder(dir string) error {
	f, err := os.Open(dir)
	if errors.Is(err, os.ErrPermission) { // a folder of others above ours
		return nil
	}
	if err != nil {
		return err
	}
	err = f.Sync()
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, os.ErrInvalid) || errors.Is(err, os.ErrPermission) {
		err = nil
	}
	return errors.Join(err, f.Close())
}
