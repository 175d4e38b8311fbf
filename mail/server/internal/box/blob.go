package box

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"hopthu/mail"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
)

// prewrite stores the pieces of a large letter in small transactions of their own before the letter's, so that others
// need not wait behind it. What is left of one that never arrives is swept.
func (s *Service) prewrite(ctx context.Context, st *Staged) error {
	if st.Size < preWrite {
		return nil
	}
	err := s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := addBlob(ctx, tx.Q, st, 0)
		return err
	})
	const group = 8 // 2 MiB
	for n := int64(0); err == nil && n < st.chunks(); n += group {
		err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			return addChunks(ctx, tx.Q, st, nil, n, min(n+group, st.chunks()))
		})
	}
	return err
}

// PutTx makes sure that the bytes are stored, inside the transaction that will refer to them.
func (s *Service) PutTx(ctx context.Context, tx *db.Tx, st *Staged) error {
	added, err := addBlob(ctx, tx.Q, st, 1)
	if err != nil {
		return err
	}
	if added {
		return addChunks(ctx, tx.Q, st, nil, 0, st.chunks())
	}
	state, err := tx.Q.BlobState(ctx, st.Hash[:])
	switch {
	case err != nil:
		return err
	case state.Complete == 1 && state.OrphanedAt == 0:
		return nil
	case state.Complete == 0:
		have, err := tx.Q.ChunkNumbers(ctx, st.Hash[:])
		if err != nil {
			return err
		}
		if err := addChunks(ctx, tx.Q, st, have, 0, st.chunks()); err != nil {
			return err
		}
	}
	return tx.Q.FinishBlob(ctx, st.Hash[:])
}

// addBlob adds the row of a letter's bytes, if there is none yet.
func addBlob(ctx context.Context, q *storedb.Queries, st *Staged, complete int64) (added bool, err error) {
	head := st.head
	if head == nil {
		head = []byte{}
	}
	n, err := q.AddBlob(ctx, storedb.AddBlobParams{
		Hash: st.Hash[:], Size: st.Size, HeadSize: int64(len(st.head)),
		Complete: complete, MessageID: MessageID(st.head), Head: head,
	})
	return n > 0, err
}

func addChunks(ctx context.Context, q *storedb.Queries, st *Staged, have []int64, from, to int64) error {
	for n := from; n < to; n++ {
		if _, there := slices.BinarySearch(have, n); there {
			continue
		}
		data, err := st.chunk(n)
		if err != nil {
			return &mail.Fault{Kind: mail.TryLater, Op: "read letter again", Err: err}
		}
		if err := q.AddChunk(ctx, storedb.AddChunkParams{Hash: st.Hash[:], N: n, Data: data}); err != nil {
			return err
		}
	}
	return nil
}

// HeaderField gives the first field of that name in a header block, unfolded and trimmed, bytes as they are.
func HeaderField(head []byte, name string) (string, bool) {
	for _, v := range HeaderFields(head, name) {
		return v, true
	}
	return "", false
}

// HeaderFields gives all fields of that name, in order.
func HeaderFields(head []byte, name string) (values []string) {
	mine := false
	for line := range bytes.Lines(head) {
		text := strings.TrimRight(string(line), "\r\n")
		if text == "" {
			break
		}
		if text[0] == ' ' || text[0] == '\t' { // RFC 5322 2.2.3
			if mine {
				values[len(values)-1] += text
			}
			continue
		}
		key, value, ok := strings.Cut(text, ":")
		if mine = ok && strings.EqualFold(strings.TrimRight(key, " \t"), name); mine {
			values = append(values, value)
		}
	}
	for i, v := range values {
		values[i] = strings.TrimSpace(v)
	}
	return values
}

// MessageID is the Message-ID of a header block without brackets, "" if there is none. One too long to be an address
// of a letter (RFC 5322 2.1.1) is none.
func MessageID(head []byte) string {
	v, _ := HeaderField(head, "Message-ID")
	if i := strings.IndexByte(v, '<'); i >= 0 {
		v = v[i+1:]
		if j := strings.IndexByte(v, '>'); j >= 0 {
			v = v[:j]
		}
	}
	v = strings.TrimSpace(v)
	if len(v) > 998 {
		return ""
	}
	return strings.ToValidUTF8(v, "\uFFFD")
}
