package sync

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/rule"
	"hopthu/mail/store"
)

// pieceSize is how much of a large letter is asked for at once: between two pieces others are served.
const pieceSize = 1 << 20

// Piecewise is what a Remote offers that can give a letter in pieces. Each piece costs a round trip; without it a large
// letter comes in one go, and everybody else waits.
type Piecewise interface {
	// Piece streams octets off to off+n of one letter, fewer at its end, and says how many they were.
	Piece(ctx context.Context, uid mail.UID, off, n int64, w io.Writer) (int64, error)
}

// Fetch brings the whole letter into the store; it waits until that is done. A large one comes in pieces, so that who opens
// another letter meanwhile need not wait for it.
func (e *Engine) Fetch(ctx context.Context, id mail.LetterID) error {
	h, err := e.store.Head(ctx, id)
	if err == nil && h.Bodied { // it came while the caller made up its mind
		return nil
	}
	if _, ok := e.remote.(Piecewise); !ok || err != nil || h.Size <= pieceSize { // what is wrong is said when its turn comes
		return e.ask(ctx, func(ctx context.Context) error { return e.body(ctx, id) })
	}
	if h.Size > e.o.LetterMax {
		return tooLarge(e.o.LetterMax)
	}
	to := bounded{most: e.o.LetterMax}
	for {
		got := int64(0)
		err := e.ask(ctx, func(ctx context.Context) (err error) {
			got, err = e.piece(ctx, id, int64(to.buf.Len()), pieceSize, &to)
			return err
		})
		if err != nil {
			return err
		}
		// The end is where the server gives no more; its RFC822.SIZE may be wrong, a short piece before it too.
		if total := int64(to.buf.Len()); got == 0 || got < pieceSize && total >= h.Size {
			break
		} else if total > 2*h.Size+pieceSize {
			return &mail.Fault{Kind: mail.BadServer, Op: "fetch letter", Detail: "the letter has no end"}
		}
	}
	return KeepBody(ctx, e.store, id, to.buf.Bytes(), e.o.Calendar)
}

// Begin gives the first n octets of a letter. Kind Refused if the server's connection cannot give pieces.
func (e *Engine) Begin(ctx context.Context, id mail.LetterID, n int64) ([]byte, error) {
	var buf bytes.Buffer
	err := e.ask(ctx, func(ctx context.Context) error {
		_, err := e.piece(ctx, id, 0, n, &buf)
		return err
	})
	return buf.Bytes(), err
}

func (e *Engine) piece(ctx context.Context, id mail.LetterID, off, n int64, w io.Writer) (int64, error) {
	r, ok := e.remote.(Piecewise)
	if !ok {
		return 0, &mail.Fault{Kind: mail.Refused, Op: "open letter"}
	}
	uid, err := e.reach(ctx, id)
	if err != nil {
		return 0, err
	}
	got, err := r.Piece(ctx, uid, off, n, w)
	if err != nil {
		return got, fmt.Errorf("fetch part of letter: %w", err)
	}
	return got, nil
}

// reach opens the folder of a letter and says under which UID it is there.
func (e *Engine) reach(ctx context.Context, id mail.LetterID) (mail.UID, error) {
	h, err := e.store.Head(ctx, id)
	if err != nil {
		return 0, err
	}
	if h.UID == 0 {
		return 0, &mail.Fault{Kind: mail.TryLater, Op: "open letter", Detail: "the letter is being moved"}
	}
	f, err := e.store.Folder(ctx, h.Folder)
	if err != nil {
		return 0, err
	}
	return h.UID, e.open(ctx, f)
}

func (e *Engine) body(ctx context.Context, id mail.LetterID) error {
	h, err := e.store.Head(ctx, id)
	if err != nil {
		return err
	}
	if h.Bodied { // it came while this waited for its turn
		return nil
	}
	uid, err := e.reach(ctx, id)
	if err != nil {
		return err
	}
	if h.Size > e.o.LetterMax {
		return tooLarge(e.o.LetterMax)
	}
	to := bounded{most: e.o.LetterMax}
	to.buf.Grow(int(min(h.Size+1, 1<<20)))
	if err := e.remote.Body(ctx, uid, &to); err != nil {
		return fmt.Errorf("fetch letter: %w", err)
	}
	return KeepBody(ctx, e.store, id, to.buf.Bytes(), e.o.Calendar)
}

// bounded is a buffer that never grows beyond what a letter may have, whatever the server said of its size.
type bounded struct {
	buf  bytes.Buffer
	most int64
}

func (b *bounded) Write(p []byte) (int, error) {
	if int64(b.buf.Len()+len(p)) > b.most {
		return 0, tooLarge(b.most)
	}
	return b.buf.Write(p)
}

// tooLarge is the fault of a letter that is not brought here: it would have to stand in memory whole.
func tooLarge(most int64) error {
	return &mail.Fault{Kind: mail.TooLarge, Op: "open letter", Detail: fmt.Sprintf("%d MB", most>>20)}
}

// KeepBody stores a whole letter with what the index, the list and the duty to answer need of it; days are counted in c.
func KeepBody(ctx context.Context, s *store.Store, id mail.LetterID, raw []byte, c *rule.Calendar) error {
	if err := takeReport(ctx, s, id, raw); err != nil {
		return err
	}
	h, err := s.Head(ctx, id)
	if err != nil {
		return err
	}
	l := letter.Parse(raw)
	files := 0
	for _, p := range l.Parts {
		if !p.Inline || p.Name != "" {
			files++
		}
	}
	b := store.Body{Text: letter.SearchText(l), Preview: letter.Preview(l), Attachments: files}
	if h.Duty { // a deadline in the text is the time to answer by (D8)
		if d, ok := rule.TextDeadline(l, cmp.Or(h.Received, h.Date), c); ok {
			b.Deadline, b.Phrase = d.Due, d.Phrase
		}
	}
	return s.PutBody(ctx, id, raw, b)
}
