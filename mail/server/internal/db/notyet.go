package db

import (
	"context"

	"hopthu/mail"
	"hopthu/mail/server/internal/db/storedb"
)

var errNotYet = &mail.Fault{Kind: mail.Unknown, Op: "database", Detail: "not written yet"}

// DB is the open database: one writer with group commit, readers as many as there are cores.
type DB struct{}

// Open opens or makes the database in folder dir and brings its schema up to date.
func Open(ctx context.Context, dir string, o Options) (*DB, error) { return nil, errNotYet }

// Read runs fn over one consistent snapshot. fn must not touch the network or wait for a person.
func (d *DB) Read(ctx context.Context, fn func(ctx context.Context, q *storedb.Queries) error) error {
	return errNotYet
}

// Write runs fn in a transaction shared with other writes and returns when it is on disk, or fn's error.
func (d *DB) Write(ctx context.Context, fn Write) error { return errNotYet }

// Check asks the database to verify itself.
func (d *DB) Check(ctx context.Context) error { return errNotYet }

// Close ends the writer after the writes already waiting, then closes the database.
func (d *DB) Close() error { return nil }
