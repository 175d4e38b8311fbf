package store

import (
	"bytes"
	"context"
	"time"

	"hopthu/mail"
)

// Body is what the store keeps of a whole letter besides its bytes.
type Body struct {
	Text        string // what search finds: subject, names, addresses, text, attachment names
	Preview     string
	Attachments int
	Deadline    time.Time // first usable deadline of the text; zero for none
	Phrase      string    // the words that name it
}

// PutBody stores the whole letter, byte for byte, and indexes its text.
func (s *Store) PutBody(ctx context.Context, id mail.LetterID, raw []byte, b Body) error {
	return s.write(ctx, "store letter", func(t *tx) error {
		l, ok, err := t.letter(id)
		if err != nil {
			return err
		}
		if !ok {
			return gone("store letter")
		}
		if err := t.putChunks(chunkBody, int64(id), bytes.NewReader(raw)); err != nil {
			return err
		}
		if err := t.exec("UPDATE letter SET bodied=1, attach=? WHERE id=?", b.Attachments, id); err != nil {
			return err
		}
		if err := t.exec("UPDATE head SET preview=? WHERE id=?", b.Preview, -id); err != nil {
			return err
		}
		if err := t.putDeadline(id, b.Deadline, b.Phrase); err != nil {
			return err
		}
		t.touch(l.accountID, l.folder)
		if err := t.exec("DELETE FROM fts WHERE rowid=?", id); err != nil {
			return err
		}
		return t.exec("INSERT INTO fts(rowid, t) VALUES(?,?)", id, b.Text)
	})
}

// Raw is the whole letter, byte for byte; false if it is not in the store.
func (s *Store) Raw(ctx context.Context, id mail.LetterID) (raw []byte, ok bool, err error) {
	err = s.read(ctx, "read letter", func(c *conn) error {
		raw, ok, err = c.chunks(chunkBody, int64(id))
		return err
	})
	return raw, ok, err
}

// Bodyless lists letters whose bodies are not here, newest first, no larger than maxSize octets (0: any), trash and
// junk left out.
func (s *Store) Bodyless(ctx context.Context, account mail.AccountID, limit int, maxSize int64) (list []mail.Head, err error) {
	if maxSize <= 0 {
		maxSize = 1 << 62
	}
	err = s.read(ctx, "list letters without body", func(c *conn) error {
		n, err := c.accountNo(account)
		if err != nil {
			return err
		}
		list, err = c.heads(`WHERE l.account=? AND l.bodied = 0 AND l.size<=? AND l.uid IS NOT NULL AND EXISTS
			(SELECT 1 FROM folder f WHERE f.id=l.folder AND f.role NOT IN ('trash','junk')) ORDER BY l.id DESC LIMIT ?`, n, maxSize, limit)
		return err
	})
	return list, err
}
