package box

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"hopthu/mail"
	header "hopthu/mail/letter"
	"hopthu/mail/server/internal/db"
)

const (
	usual    = 32 << 10 // octets that a letter is expected to have
	inMemory = 1 << 20  // octets of a letter that is staged without a file
	maxHead  = 1 << 20  // octets of a header block that are kept apart
	preWrite = 4 << 20  // octets above which the bytes are written before the transaction of the letter
)

// Staged is one letter read, measured and hashed, on its way into mailboxes.
type Staged struct {
	Hash Hash
	Size int64
	src  io.ReaderAt
	held []byte // all of it, when it is in memory
	head []byte
	file *os.File

	parse  sync.Once
	fields mail.Head
}

// Stage reads a letter to its end, hashes it, and keeps it (in memory, or in a private file when large) until Close.
// Kind TooBig when it is longer than MaxSize: the rest of r is not read.
func (s *Service) Stage(ctx context.Context, r io.Reader) (*Staged, error) {
	st := &Staged{}
	sum := sha256.New()
	limited := io.TeeReader(&ctxReader{ctx, io.LimitReader(r, s.opt.MaxSize+1)}, sum)
	var first bytes.Buffer
	first.Grow(usual)
	n, err := io.CopyN(&first, limited, inMemory)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, stageFault(err)
	}
	st.Size, st.src, st.held = n, bytes.NewReader(first.Bytes()), first.Bytes()
	if err == nil { // there may be more
		if err := st.spill(s.opt.Spool, first.Bytes(), limited); err != nil {
			return nil, errors.Join(stageFault(err), st.Close())
		}
	}
	if st.Size > s.opt.MaxSize {
		return nil, errors.Join(&mail.Fault{Kind: mail.TooBig, Op: "read letter", Detail: fmt.Sprint(s.opt.MaxSize)}, st.Close())
	}
	sum.Sum(st.Hash[:0])
	st.head = headOf(first.Bytes())
	return st, nil
}

func stageFault(err error) error {
	if db.IsFull(err) {
		return &mail.Fault{Kind: mail.DiskFull, Op: "keep letter", Err: err}
	}
	var path *os.PathError
	if errors.As(err, &path) {
		return &mail.Fault{Kind: mail.TryLater, Op: "keep letter", Err: err}
	}
	return mail.AsFault("read letter", err)
}

func (st *Staged) spill(dir string, first []byte, rest io.Reader) error {
	f, err := os.CreateTemp(dir, "letter-") // mode 0600
	if err != nil {
		return err
	}
	st.file, st.src, st.held = f, f, nil
	if _, err := f.Write(first); err != nil {
		return err
	}
	n, err := io.Copy(f, rest)
	st.Size += n
	return err
}

// Head is the header block, ending in the empty line (at most 1 MiB; a longer one is cut). It must not be changed.
func (st *Staged) Head() []byte { return st.head }

// Fields is what the header block says. The first call reads it: ahead of a transaction, so that nobody waits for it there.
// It must not be changed.
func (st *Staged) Fields() *mail.Head {
	st.parse.Do(func() { header.ReadHeader(st.head).Fill(&st.fields) })
	return &st.fields
}

// Reader reads the whole letter again from its start; several may read at once.
func (st *Staged) Reader() io.Reader { return io.NewSectionReader(st.src, 0, st.Size) }

// Bytes gives the whole letter, from memory where it is there. It must not be changed, and stays after Close.
func (st *Staged) Bytes() ([]byte, error) {
	if st.held != nil {
		return st.held, nil
	}
	return io.ReadAll(st.Reader())
}

// Close frees what Stage took. It may be called more than once.
func (st *Staged) Close() error {
	if st.file == nil {
		return nil
	}
	f := st.file
	st.file = nil
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// chunks is the number of stored pieces behind the head.
func (st *Staged) chunks() int64 { return chunksOf(st.Size - int64(len(st.head))) }

func chunksOf(size int64) int64 { return (size + ChunkSize - 1) / ChunkSize }

func (st *Staged) chunk(n int64) ([]byte, error) {
	off := int64(len(st.head)) + n*ChunkSize
	size := min(ChunkSize, st.Size-off)
	if st.held != nil {
		return st.held[off : off+size], nil
	}
	p := make([]byte, size)
	if _, err := st.src.ReadAt(p, off); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return p, nil
}

// headOf finds the header block: up to and with the first empty line, whatever its line ends. Without an empty line
// there is only a header (RFC 5322 3.5).
func headOf(p []byte) []byte {
	for i := 0; i < len(p); {
		line := p[i:]
		if line[0] == '\n' {
			return p[:i+1]
		}
		if line[0] == '\r' && len(line) > 1 && line[1] == '\n' {
			return p[:i+2]
		}
		end := bytes.IndexByte(line, '\n')
		if end < 0 {
			break
		}
		i += end + 1
	}
	return p[:min(len(p), maxHead)]
}

// ctxReader gives up between two reads when its context ends.
type ctxReader struct {
	ctx context.Context
	r   io.Reader
}

func (c *ctxReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, &mail.Fault{Kind: mail.TryLater, Op: "read letter", Err: err}
	}
	return c.r.Read(p)
}
