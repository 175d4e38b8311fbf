package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"syscall"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"
	"github.com/pressly/goose/v3"

	"hopthu/mail"
)

var sqliteDialect = dialect{
	goose: goose.DialectSQLite3, schema: "migrations/sqlite", fault: sqliteFault, check: sqliteCheck, fill: sqliteFill, shut: sqliteShut,
}

// openSQLite opens one pool for the writer and one for the readers. The driver's own defaults (synchronous NORMAL in
// WAL, busy timeout 60 s) are not relied on: all that matters is set on every connection. The busy timeout stands
// first, so that it already holds while the others run.
func openSQLite(path, vfs string) (writer, readers *sql.DB, err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) // modeof gives -wal and -shm the mode of this file
	if err != nil {
		return nil, nil, &mail.Fault{Kind: mail.NoPermission, Op: "open database", Detail: path, Err: err}
	}
	if err := f.Close(); err != nil {
		return nil, nil, err
	}
	// The more letters between two foldings of the log, the fewer times an index page that they share is copied; and the
	// pages that the writer knows need not be read again.
	if writer, err = openPool(path, vfs, "immediate", "journal_mode(wal)", "journal_size_limit(67108864)", "wal_autocheckpoint(8000)", "cache_size(-8192)"); err != nil {
		return nil, nil, err
	}
	if readers, err = openPool(path, vfs, "deferred", "query_only(1)"); err != nil {
		return nil, nil, errors.Join(err, writer.Close())
	}
	return writer, readers, nil
}

// openPool opens connections that begin their transactions in the way of lock.
func openPool(path, vfs, lock string, pragmas ...string) (*sql.DB, error) {
	all := append([]string{"busy_timeout(20000)", "foreign_keys(1)", "synchronous(full)"}, pragmas...)
	v := url.Values{"_txlock": {lock}, "modeof": {path}, "_pragma": all}
	if vfs != "" {
		v.Set("vfs", vfs)
	}
	u := url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: v.Encode()}
	return driver.Open(u.String())
}

func sqliteFault(dir string, err error) mail.FaultKind {
	switch {
	case errors.Is(err, sqlite3.FULL):
		return mail.DiskFull
	case errors.Is(err, sqlite3.IOERR) && noRoom(dir):
		return mail.DiskFull
	case errors.Is(err, sqlite3.READONLY), errors.Is(err, sqlite3.CANTOPEN), errors.Is(err, sqlite3.PERM):
		return mail.NoPermission
	case errors.Is(err, sqlite3.BUSY), errors.Is(err, sqlite3.LOCKED), errors.Is(err, sqlite3.IOERR),
		errors.Is(err, sqlite3.INTERRUPT), errors.Is(err, sqlite3.NOMEM):
		return mail.TryLater
	case errors.Is(err, sqlite3.CORRUPT), errors.Is(err, sqlite3.NOTADB):
		return mail.StoreDamaged
	}
	return mail.Unknown
}

// noRoom asks the disk itself: the driver calls a full disk an I/O error.
func noRoom(dir string) bool {
	f, err := os.CreateTemp(dir, "room-")
	if err == nil {
		_, err = f.Write(make([]byte, 64<<10))
		err = errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	return IsFull(err)
}

// IsFull reports whether a file could not be written because the disk, or the share of it, is full.
func IsFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// sqliteFill forbids the file to grow, or lets it again.
func sqliteFill(ctx context.Context, d *DB, full bool) error {
	const most = 4294967294 // SQLite's own limit
	pages := int64(most)
	if full {
		if err := d.writer.QueryRowContext(ctx, "PRAGMA page_count").Scan(&pages); err != nil {
			return err
		}
	}
	_, err := d.writer.ExecContext(ctx, fmt.Sprintf("PRAGMA max_page_count=%d", pages))
	return err
}

// sqliteShut forbids the writer to write, or lets it again.
func sqliteShut(ctx context.Context, d *DB, on bool) error {
	_, err := d.writer.ExecContext(ctx, fmt.Sprintf("PRAGMA query_only=%t", on))
	return err
}

func sqliteCheck(ctx context.Context, d *DB) error {
	var all []error
	for _, c := range []struct{ pragma, good string }{{"integrity_check", "ok"}, {"foreign_key_check", ""}} {
		lines, err := pragmaLines(ctx, d.readers, c.pragma)
		if err != nil {
			return err
		}
		for _, line := range lines {
			if line != c.good {
				all = append(all, fmt.Errorf("%s: %s", c.pragma, line))
			}
		}
	}
	return errors.Join(all...)
}

func pragmaLines(ctx context.Context, d *sql.DB, pragma string) (lines []string, err error) {
	rows, err := d.QueryContext(ctx, "PRAGMA "+pragma)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", pragma, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		row := make([]any, len(names))
		for i := range row {
			row[i] = new(any)
		}
		if err := rows.Scan(row...); err != nil {
			return nil, err
		}
		line := fmt.Sprint(*row[0].(*any))
		for _, v := range row[1:] {
			line += fmt.Sprint(" ", *v.(*any))
		}
		lines = append(lines, line)
	}
	return lines, rows.Err()
}
