// Package db is the one place that knows which database is below: it opens it, brings its schema up to date, and runs
// transactions.
//
// Laws: a write is answered only after its commit is on disk; a commit whose outcome is unknown is read back by a key
// chosen before it, never taken for done; one failing write never fails its neighbours; a rollback never hangs on the
// context of the one who went away; no other package opens a database or says a word of SQL outside storedb.
package db

import (
	"context"
	"io"
	"log/slog"
	"time"

	"hopthu/mail/server/internal/db/storedb"
)

// Options says what Open is handed.
type Options struct {
	Now    func() time.Time
	Log    *slog.Logger                    // nil is silent
	Rand   io.Reader                       // nil is crypto/rand.Reader
	Batch  int                             // most writes in one transaction; 0 is 32
	Commit func(commit func() error) error // nil is to call commit. Tests lose its answer
	VFS    string                          // name of SQLite's file system; "" is the machine's. Tests cut the power of another one
}

// Tx is one write inside a shared transaction: Q speaks to it. What it did disappears when its function fails.
type Tx struct {
	Q     *storedb.Queries
	Now   time.Time
	after []func()
}

// After runs f once the transaction is on disk, in the order of commits, before the caller is answered. f must not block.
func (t *Tx) After(f func()) { t.after = append(t.after, f) }

// Write is a function that changes the database. It may run more than once (after a lost commit), so it must set, not
// add to, what it hands out.
type Write func(ctx context.Context, tx *Tx) error
