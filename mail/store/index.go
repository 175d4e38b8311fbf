package store

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
)

// indexAtOnce is how many older letters are put into the search index in the transaction that stores them: the first
// screenful. The letters of a long fill follow it, by IndexSome: they are listed sooner by a third.
const indexAtOnce = 200

// indexed is one text of the search index.
type indexed struct {
	id   mail.LetterID
	text string
}

// putTexts puts texts into the search index, by rising id: a falling one makes FTS5 write out what it has gathered.
func (t *tx) putTexts(list []indexed) error {
	slices.SortFunc(list, func(a, b indexed) int { return cmp.Compare(a.id, b.id) })
	for _, x := range list {
		if err := t.exec("INSERT INTO fts(rowid, t) VALUES(?,?)", x.id, x.text); err != nil {
			return err
		}
	}
	return nil
}

// seqs reads the next id of new mail and of older mail, the index mark and that of table mid (see mid.go). A letter
// below the index mark is in the search index only if its body is here. Ids of older mail fall, so everything that a
// fill adds is below the mark, and what was not indexed when the program was killed is found again.
func (c *conn) seqs() (up, down, mark, mids int64, err error) {
	up, down, mark, mids = firstID, firstID-1, firstID, firstID
	err = c.each("SELECT name, value FROM seq", func(st *sqlite3.Stmt) error {
		switch st.ColumnText(0) {
		case "up":
			up = st.ColumnInt64(1)
		case "down":
			down = st.ColumnInt64(1)
		case "indexed":
			mark = st.ColumnInt64(1)
		case "mids":
			mids = st.ColumnInt64(1)
		}
		return nil
	})
	return up, down, mark, mids, err
}

func (t *tx) setSeq(name string, value int64) error {
	return t.exec("INSERT INTO seq VALUES(?,?) ON CONFLICT(name) DO UPDATE SET value=excluded.value", name, value)
}

// unindexed reports whether some letters are not in the search index yet.
func (c *conn) unindexed() (bool, error) {
	_, down, mark, _, err := c.seqs()
	return mark > down+1, err
}

// IndexSome puts the heads of at most limit letters that a fill has left out into the search index, newest first; more
// says that some are left. Until then a search says so in Listing.More.
func (s *Store) IndexSome(ctx context.Context, limit int) (more bool, err error) {
	if err := s.read(ctx, "look for letters to index", func(c *conn) (err error) {
		more, err = c.unindexed()
		return err
	}); err != nil || !more {
		return false, err
	}
	err = s.write(ctx, "index letters", func(t *tx) error {
		_, down, mark, _, err := t.seqs()
		if err != nil {
			return err
		}
		var list []indexed
		n, lowest := 0, mark
		err = t.each(`SELECT l.id, l.bodied, h.data FROM letter l JOIN head h ON h.id=-l.id WHERE l.id<? ORDER BY l.id DESC LIMIT ?`,
			func(st *sqlite3.Stmt) error {
				n++
				lowest = st.ColumnInt64(0)
				if st.ColumnBool(1) {
					return nil // its whole text is in the index
				}
				var h mail.Head
				if err := decodeHead(st.ColumnRawBlob(2), &h); err != nil {
					return err
				}
				list = append(list, indexed{mail.LetterID(lowest), headText(&h)})
				return nil
			}, mark, limit)
		if err != nil {
			return err
		}
		if more = n >= limit; !more {
			lowest = down + 1
			t.tell(mail.Event{Kind: mail.FolderChanged}) // a search that is shown may find more now
		}
		return errors.Join(t.putTexts(list), t.setSeq("indexed", lowest))
	})
	return more && err == nil, err
}
