package store

import (
	"bytes"
	"fmt"
	"io"
	"sync"

	"github.com/klauspost/compress/zstd"
	"github.com/ncruces/go-sqlite3"
)

// chunkKind says whose bytes a chunk holds; the numbers are stored.
type chunkKind int64

const (
	chunkBody       chunkKind = 1 // owner: letter
	chunkAttachment chunkKind = 2 // owner: attachment of a draft
	chunkOutgoing   chunkKind = 3 // owner: outgoing letter
	chunkOp         chunkKind = 4 // owner: operation
	chunkListing    chunkKind = 5 // owner: account, by number
	chunkDispatch   chunkKind = 6 // owner: draft: the text of its document
)

// chunkSize is how large a piece of compressed bytes a row holds. Long bytes in one row would stand in memory whole.
const chunkSize = 256 << 10

// One small encoder and one decoder serve everybody, one at a time: their windows are the largest memory of this room.
var (
	encoder = sync.OnceValues(func() (*zstd.Encoder, error) {
		return zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true), zstd.WithWindowSize(1<<18))
	})
	decoder = sync.OnceValues(func() (*zstd.Decoder, error) {
		return zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(1<<20))
	})
	encMu, decMu sync.Mutex
)

// chunkWriter cuts what the compressor gives into rows.
type chunkWriter struct {
	t     *tx
	kind  chunkKind
	owner int64
	n     int
	buf   []byte
}

func (w *chunkWriter) Write(p []byte) (int, error) {
	w.buf = append(w.buf, p...)
	for len(w.buf) >= chunkSize {
		if err := w.row(w.buf[:chunkSize]); err != nil {
			return 0, err
		}
		w.buf = append(w.buf[:0], w.buf[chunkSize:]...)
	}
	return len(p), nil
}

func (w *chunkWriter) row(b []byte) error {
	w.n++
	return w.t.exec("INSERT INTO chunk VALUES(?,?,?,?)", int64(w.kind), w.owner, w.n, b)
}

// putChunks stores bytes, compressed, in place of what its owner had.
func (t *tx) putChunks(kind chunkKind, owner int64, r io.Reader) error {
	if err := t.exec("DELETE FROM chunk WHERE kind=? AND owner=?", int64(kind), owner); err != nil {
		return err
	}
	encMu.Lock()
	defer encMu.Unlock()
	enc, err := encoder()
	if err != nil {
		return fmt.Errorf("make compressor: %w", err)
	}
	w := &chunkWriter{t: t, kind: kind, owner: owner}
	enc.Reset(w)
	if _, err := io.Copy(enc, r); err != nil {
		return fmt.Errorf("compress: %w", err)
	}
	if err := enc.Close(); err != nil {
		return fmt.Errorf("compress: %w", err)
	}
	// Bytes of length nought still leave a row: they are there.
	if len(w.buf) > 0 || w.n == 0 {
		return w.row(w.buf)
	}
	return nil
}

// chunks reads bytes back; false if there are none.
func (c *conn) chunks(kind chunkKind, owner int64) ([]byte, bool, error) {
	var packed []byte
	found := false
	err := c.each("SELECT data FROM chunk WHERE kind=? AND owner=? ORDER BY n", func(st *sqlite3.Stmt) error {
		found = true
		packed = append(packed, st.ColumnRawBlob(0)...)
		return nil
	}, int64(kind), owner)
	if err != nil || !found {
		return nil, found, err
	}
	if len(packed) == 0 {
		return []byte{}, true, nil
	}
	decMu.Lock()
	defer decMu.Unlock()
	dec, err := decoder()
	if err != nil {
		return nil, false, fmt.Errorf("make decompressor: %w", err)
	}
	if err := dec.Reset(bytes.NewReader(packed)); err != nil {
		return nil, false, fmt.Errorf("decompress: %w", err)
	}
	raw, err := io.ReadAll(dec)
	if err != nil {
		return nil, false, fmt.Errorf("decompress: %w", err)
	}
	return raw, true, nil
}
