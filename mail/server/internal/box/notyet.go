package box

import (
	"io"

	"hopthu/mail"
)

var errNotYet = &mail.Fault{Kind: mail.Unknown, Op: "box", Detail: "not written yet"}

// Staged is one letter read, measured and hashed, on its way into mailboxes.
type Staged struct {
	Hash Hash
	Size int64
}

// Head is the header block, ending in the empty line (at most 1 MiB; a longer one is cut).
func (st *Staged) Head() []byte { return nil }

// Reader reads the whole letter again from its start.
func (st *Staged) Reader() io.Reader { return nil }

// Close frees what Stage took. It may be called more than once.
func (st *Staged) Close() error { return nil }

// Reader reads one letter's bytes; every call reads a piece under its own short query.
type Reader struct {
	Size int64
}

// Read, ReadAt and Seek are io.Reader, io.ReaderAt and io.Seeker.
func (r *Reader) Read(p []byte) (int, error) { return 0, errNotYet }

// ReadAt is io.ReaderAt.
func (r *Reader) ReadAt(p []byte, off int64) (int, error) { return 0, errNotYet }

// Seek is io.Seeker.
func (r *Reader) Seek(off int64, whence int) (int64, error) { return 0, errNotYet }

// Close ends the reading.
func (r *Reader) Close() error { return nil }
