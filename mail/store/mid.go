package store

import (
	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
)

// Table mid knows letters by Message-ID: a row for each letter that has one, and a row with letter 0 for one that others
// name and that is not here. Its order is random, so that a fill which kept it up to date would write all its pages again
// with every batch. The letters of a long fill are put in later, many at once and sorted: those whose ids lie between
// "down" and the mark "mids" in table seq. Until then the writer knows their conversations by heart, and who looks for a
// letter by Message-ID walks over them.

// midsMost is how many letters may be missing in mid: a walk over them takes some milliseconds.
const midsMost = 20_000

// midKey is a Message-ID of an account.
type midKey struct{ account, hash int64 }

// uncaught are the letters that are missing in mid, as the writer knows them; nil: it does not, and must catch up first.
type uncaught map[midKey]mail.ThreadID

// midSpan gives the ids between which letters may be missing in mid; none if lo+1 >= hi.
func (c *conn) midSpan() (lo, hi int64, err error) {
	_, lo, _, hi, err = c.seqs()
	return lo, hi, err
}

// catchUp puts into mid what is missing there.
func (t *tx) catchUp() error {
	lo, hi, err := t.midSpan()
	if err != nil {
		return err
	}
	if lo+1 < hi {
		if err := t.exec(`INSERT OR IGNORE INTO mid SELECT account, mhash, id, thread FROM letter
			WHERE id>? AND id<? AND mhash<>0 ORDER BY account, mhash, id`, lo, hi); err != nil {
			return err
		}
		if err := t.setSeq("mids", lo+1); err != nil {
			return err
		}
	}
	t.uncaught = uncaught{}
	return nil
}

// known finds the conversation of a Message-ID.
func (t *tx) known(k midKey) (mail.ThreadID, bool, error) {
	th, ok := t.uncaught[k]
	if !ok {
		n, found, err := t.int("SELECT thread FROM mid WHERE account=? AND hash=? LIMIT 1", k.account, k.hash)
		if err != nil || !found {
			return 0, false, err
		}
		th = mail.ThreadID(n)
	}
	th, err := t.root(th)
	return th, true, err
}

// withMid calls row for each letter of an account with a Message-ID: id, folder.
func (c *conn) withMid(k midKey, row func(*sqlite3.Stmt) error) error {
	if err := c.each("SELECT l.id, l.folder FROM mid m JOIN letter l ON l.id=m.letter WHERE m.account=? AND m.hash=? ORDER BY l.id",
		row, k.account, k.hash); err != nil {
		return err
	}
	lo, hi, err := c.midSpan()
	if err != nil || lo+1 >= hi {
		return err
	}
	return c.each(`SELECT l.id, l.folder FROM letter l WHERE l.id>? AND l.id<? AND l.account=? AND l.mhash=?
		AND NOT EXISTS (SELECT 1 FROM mid m WHERE m.account=l.account AND m.hash=l.mhash AND m.letter=l.id)`, row, lo, hi, k.account, k.hash)
}
