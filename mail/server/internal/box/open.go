package box

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"slices"

	"hopthu/mail"
	"hopthu/mail/server/internal/db/storedb"
)

// Headers hands each letter's header block (prefix included, ending in the empty line) to each, in the order of rows.
// No connection of the database is held while each runs.
func (s *Service) Headers(ctx context.Context, _ Ref, rows []Row, each func(Row, []byte) error) error {
	const group = 64
	for len(rows) > 0 {
		part := rows[:min(group, len(rows))]
		rows = rows[len(part):]
		heads := make([][]byte, len(part))
		err := s.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
			for i, r := range part {
				b, err := q.BlobHead(ctx, r.Blob[:])
				if err != nil {
					return blobFault(err)
				}
				heads[i] = slices.Concat(r.Prefix, b.Head)
			}
			return nil
		})
		if err != nil {
			return fault("read headers", err)
		}
		for i, r := range part {
			if err := each(r, heads[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

func blobFault(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return &mail.Fault{Kind: mail.Gone, Op: "read letter"}
	}
	return err
}

// Reader reads one letter's bytes: prefix, then the shared bytes; every piece comes by its own short query, so that a
// slow client holds nothing of the database. It is for one goroutine at a time.
type Reader struct {
	Size  int64
	s     *Service
	ctx   context.Context
	hash  Hash
	front []byte // prefix and head
	off   int64
	n     int64 // number of the piece held
	piece []byte
}

// Open gives a reader over the bytes of a letter. It keeps working for a day after the letter was expunged. The
// context bounds all its reads.
func (s *Service) Open(ctx context.Context, row Row) (*Reader, error) {
	return s.open(ctx, row.Blob, row.Prefix)
}

// OpenBlob gives a reader over shared bytes alone (queue).
func (s *Service) OpenBlob(ctx context.Context, h Hash) (*Reader, error) { return s.open(ctx, h, nil) }

func (s *Service) open(ctx context.Context, h Hash, prefix []byte) (*Reader, error) {
	r := &Reader{s: s, ctx: ctx, hash: h, n: -1}
	err := s.db.Look(ctx, func(ctx context.Context, q *storedb.Queries) error {
		b, err := q.BlobHead(ctx, h[:])
		if err != nil {
			return blobFault(err)
		}
		r.front = slices.Concat(prefix, b.Head)
		r.Size = b.Size + int64(len(prefix))
		return nil
	})
	if err != nil {
		return nil, fault("open letter", err)
	}
	return r, nil
}

// Read is io.Reader.
func (r *Reader) Read(p []byte) (int, error) {
	n, err := r.readAt(p, r.off)
	r.off += int64(n)
	return n, err
}

// readAt gives what one piece holds from off on.
func (r *Reader) readAt(p []byte, off int64) (int, error) {
	switch {
	case off >= r.Size:
		return 0, io.EOF
	case off < int64(len(r.front)):
		return copy(p, r.front[off:]), nil
	}
	off -= int64(len(r.front))
	if err := r.load(off / ChunkSize); err != nil {
		return 0, err
	}
	in := off % ChunkSize
	if in >= int64(len(r.piece)) {
		return 0, &mail.Fault{Kind: mail.StoreDamaged, Op: "read letter", Detail: "a piece is too short"}
	}
	return copy(p, r.piece[in:]), nil
}

func (r *Reader) load(n int64) error {
	if n == r.n {
		return nil
	}
	return fault("read letter", r.s.db.Look(r.ctx, func(ctx context.Context, q *storedb.Queries) error {
		data, err := q.GetChunk(ctx, storedb.GetChunkParams{Hash: r.hash[:], N: n})
		if err != nil {
			return blobFault(err)
		}
		r.n, r.piece = n, data
		return nil
	}))
}

// ReadAt is io.ReaderAt, but for one goroutine at a time.
func (r *Reader) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, fmt.Errorf("read letter at %d", off)
	}
	done := 0
	for done < len(p) {
		n, err := r.readAt(p[done:], off+int64(done))
		done += n
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

// Seek is io.Seeker.
func (r *Reader) Seek(off int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		off += r.off
	case io.SeekEnd:
		off += r.Size
	}
	if off < 0 {
		return 0, fmt.Errorf("seek letter to %d", off)
	}
	r.off = off
	return off, nil
}

// Close ends the reading.
func (r *Reader) Close() error {
	r.piece, r.n = nil, -1
	return nil
}
