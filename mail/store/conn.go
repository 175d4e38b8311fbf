package store

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
)

// Page caches in KiB. What a fill writes is in order (see mid.go), so that more would not make it quicker; pages not in use
// are given back when the fill is over.
const (
	writerCache = 6144
	readerCache = 2048
	onceCache   = 512 // of a command that reads once: fresh memory costs it more than a page read a second time
)

// walPages is how long the write-ahead log grows before it is copied into the file: 16 MiB, as journal_size_limit. A page
// that many transactions change is copied once.
const walPages = 4096

// errEnough ends each without an error.
var errEnough = errors.New("enough rows")

// conn is one SQLite connection with its prepared statements. It is used by one goroutine at a time.
type conn struct {
	db    *sqlite3.Conn
	stmts map[string]*sqlite3.Stmt

	uncaught uncaught // the writer's
}

// openConn opens one connection and gives it everything that SQLite would otherwise default: the key first.
func (s *Store) openConn(ctx context.Context, cacheKiB int) (*conn, error) {
	name := ":memory:"
	if s.path != "" {
		name = sealedName(s.path)
	}
	db := s.ahead.take()
	if db == nil {
		var err error
		if db, err = sqlite3.OpenContext(ctx, name); err != nil {
			return nil, fmt.Errorf("open database: %w", err)
		}
	}
	c := &conn{db: db, stmts: map[string]*sqlite3.Stmt{}}
	if err := c.prepare(s.path != "", s.key, cacheKiB); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return c, nil
}

// sealedName is how SQLite is asked for the sealed file at path.
func sealedName(path string) string {
	registerSeal()
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: "vfs=" + sealName}
	return u.String()
}

func (c *conn) prepare(sealed bool, key [32]byte, cacheKiB int) error {
	if sealed {
		// Until the key has proved right, closing must not checkpoint: a connection with a wrong key takes the
		// write-ahead log for empty and would delete it, committed letters and all.
		if _, err := c.db.Config(sqlite3.DBCONFIG_NO_CKPT_ON_CLOSE, true); err != nil {
			return fmt.Errorf("set up connection: %w", err)
		}
		// By PRAGMA, because a key in the file name can be read back from the connection.
		if err := c.db.Exec("PRAGMA hexkey='" + hex.EncodeToString(key[:]) + "'"); err != nil {
			return fmt.Errorf("give key: %w", err)
		}
	}
	if err := c.db.BusyTimeout(5 * time.Second); err != nil {
		return fmt.Errorf("set up connection: %w", err)
	}
	if _, _, err := c.int("SELECT count(*) FROM sqlite_schema"); err != nil {
		return fmt.Errorf("read schema: %w", err)
	}
	if sealed {
		if _, err := c.db.Config(sqlite3.DBCONFIG_NO_CKPT_ON_CLOSE, false); err != nil {
			return fmt.Errorf("set up connection: %w", err)
		}
	}
	for _, p := range []string{
		"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON", "PRAGMA trusted_schema=OFF",
		"PRAGMA temp_store=MEMORY", "PRAGMA journal_size_limit=16777216", fmt.Sprintf("PRAGMA cache_size=-%d", cacheKiB),
		fmt.Sprintf("PRAGMA wal_autocheckpoint=%d", walPages),
	} {
		if err := c.db.Exec(p); err != nil {
			return fmt.Errorf("set up connection: %w", err)
		}
	}
	if err := registerTokenizer(c.db); err != nil {
		return fmt.Errorf("set up search: %w", err)
	}
	return nil
}

func (c *conn) close() error {
	c.db.SetInterrupt(context.Background())
	var errs []error
	for _, s := range c.stmts {
		errs = append(errs, s.Close())
	}
	errs = append(errs, c.db.Close())
	return errors.Join(errs...)
}

// stmt gives a prepared statement that is not running.
func (c *conn) stmt(sql string) (st *sqlite3.Stmt, own bool, err error) {
	if st = c.stmts[sql]; st != nil && !st.Busy() {
		return st, false, nil
	}
	own = st != nil // the cached one is running further up the stack
	st, _, err = c.db.PrepareFlags(sql, sqlite3.PREPARE_PERSISTENT)
	if err != nil {
		return nil, false, fmt.Errorf("prepare statement: %w", err)
	}
	if !own {
		c.stmts[sql] = st
	}
	return st, own, nil
}

// each runs a query and calls row for every row.
func (c *conn) each(sql string, row func(*sqlite3.Stmt) error, args ...any) (err error) {
	st, own, err := c.stmt(sql)
	if err != nil {
		return err
	}
	defer func() {
		// Reset repeats the error of the step; it is told once.
		if e := st.Reset(); err == nil && e != nil {
			err = fmt.Errorf("run statement: %w", e)
		}
		if own {
			err = errors.Join(err, st.Close())
		}
	}()
	for i, a := range args {
		if err := bind(st, i+1, a); err != nil {
			return fmt.Errorf("bind statement: %w", err)
		}
	}
	for st.Step() {
		if row != nil {
			if err := row(st); errors.Is(err, errEnough) {
				return nil
			} else if err != nil {
				return err
			}
		}
	}
	if err := st.Err(); err != nil {
		return fmt.Errorf("run statement: %w", err)
	}
	return nil
}

func (c *conn) exec(sql string, args ...any) error { return c.each(sql, nil, args...) }

// int runs a query for one number; ok is false if there is no row or it is NULL.
func (c *conn) int(sql string, args ...any) (n int64, ok bool, err error) {
	err = c.each(sql, func(st *sqlite3.Stmt) error {
		if !ok && st.ColumnType(0) != sqlite3.NULL {
			n, ok = st.ColumnInt64(0), true
		}
		return nil
	}, args...)
	return n, ok, err
}

// text runs a query for one text, "" if there is no row.
func (c *conn) text(sql string, args ...any) (s string, err error) {
	err = c.each(sql, func(st *sqlite3.Stmt) error {
		s = st.ColumnText(0)
		return nil
	}, args...)
	return s, err
}

func bind(st *sqlite3.Stmt, i int, a any) error {
	switch v := a.(type) {
	case nil:
		return st.BindNull(i)
	case int:
		return st.BindInt(i, v)
	case int64:
		return st.BindInt64(i, v)
	case uint64:
		return st.BindInt64(i, int64(v)) //nolint:gosec // MODSEQ is at most 63 bits (RFC 7162 3.1)
	case bool:
		return st.BindBool(i, v)
	case string:
		return st.BindText(i, v)
	case []byte:
		return st.BindBlob(i, v)
	case time.Time:
		return st.BindInt64(i, micros(v))
	case mail.LetterID:
		return st.BindInt64(i, int64(v))
	case mail.FolderID:
		return st.BindInt64(i, int64(v))
	case mail.ThreadID:
		return st.BindInt64(i, int64(v))
	case mail.DraftID:
		return st.BindInt64(i, int64(v))
	case mail.OutboxID:
		return st.BindInt64(i, int64(v))
	case mail.UID:
		return st.BindInt64(i, int64(v))
	case mail.Flags:
		return st.BindInt64(i, int64(v))
	}
	return fmt.Errorf("no way to bind a %T", a)
}

// micros is how times are stored: microseconds since 1970, 0 for the zero time.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func fromMicros(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}

// takeLock holds a lock of the operating system on a small file beside the store for as long as the store is open,
// on every system that SQLite runs on. The file stays empty.
func takeLock(ctx context.Context, path string) (*conn, error) {
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path + ".lock"}).EscapedPath()}
	db, err := sqlite3.OpenContext(ctx, u.String())
	if err != nil {
		return nil, fmt.Errorf("open lock: %w", err)
	}
	c := &conn{db: db, stmts: map[string]*sqlite3.Stmt{}}
	err = db.BusyTimeout(0)
	if err == nil {
		err = db.Exec("BEGIN EXCLUSIVE")
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("take lock: %w", err), db.Close())
	}
	return c, nil
}
