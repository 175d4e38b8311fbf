package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"syscall"

	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
)

// fault turns what SQLite says into the kind that the person is told. SQLite's texts name tables and columns, never
// values, so they may be logged.
func fault(op string, err error) error {
	if err == nil {
		return nil
	}
	var f *mail.Fault
	if errors.As(err, &f) {
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return &mail.Fault{Kind: mail.Unknown, Op: op, Err: err}
	}
	if cannotWrite(err) {
		return &mail.Fault{Kind: mail.DiskFull, Op: op, Detail: "cannot-write", Err: err}
	}
	return &mail.Fault{Kind: kindOf(err), Op: op, Err: err}
}

// cannotWrite reports that the system did not let SQLite write or grow a file. Most often the disk is full: the driver
// loses that reason on its way (it looks for an errno where os.File gives a *fs.PathError).
func cannotWrite(err error) bool {
	for _, code := range []sqlite3.ExtendedErrorCode{sqlite3.IOERR_WRITE, sqlite3.IOERR_TRUNCATE, sqlite3.IOERR_SHMSIZE, sqlite3.IOERR_FSYNC, sqlite3.IOERR_DIR_FSYNC} {
		if errors.Is(err, code) {
			return true
		}
	}
	return false
}

func kindOf(err error) mail.FaultKind {
	switch {
	case errors.Is(err, sqlite3.FULL), errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return mail.DiskFull
	case errors.Is(err, sqlite3.NOTADB), errors.Is(err, sqlite3.IOERR_BADKEY):
		return mail.StoreKey
	case errors.Is(err, sqlite3.CORRUPT):
		return mail.StoreDamaged
	case errors.Is(err, sqlite3.BUSY), errors.Is(err, sqlite3.LOCKED):
		return mail.StoreLocked
	case errors.Is(err, sqlite3.READONLY), errors.Is(err, sqlite3.PERM), errors.Is(err, sqlite3.CANTOPEN),
		errors.Is(err, fs.ErrPermission):
		return mail.NoPermission
	}
	return mail.Unknown
}

func fileFault(op, path string, err error) error {
	kind := mail.NoPermission
	switch {
	case errors.Is(err, os.ErrNotExist):
		kind = mail.NoFile
	case errors.Is(err, syscall.ENOSPC):
		kind = mail.DiskFull
	}
	return &mail.Fault{Kind: kind, Op: op, Detail: path, Err: err}
}

// gone is the fault of an id that is no longer there.
func gone(op string) error { return &mail.Fault{Kind: mail.Gone, Op: op} }
