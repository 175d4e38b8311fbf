package store

import (
	"context"
	"time"

	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
)

// key is how what the person decided belongs to a letter (see personal).
type key struct {
	account, mhash int64
	letter         mail.LetterID
}

func (l row) key() key { return key{l.account, l.mhash, l.personalKey()} }

// Later is a day until which a letter is put off, and why.
type Later struct {
	Until  time.Time
	Reason string
}

// Marks are what the person decided about letters for the daily check, all of them at once: they are few.
type Marks struct {
	accounts map[mail.AccountID]int64
	looked   map[key]bool
	later    map[key]Later
	unwait   map[key]bool
}

func (m *Marks) key(h mail.Head) key {
	k := key{m.accounts[h.Account], midHash(h.MessageID), 0}
	if k.mhash == 0 {
		k.letter = h.ID
	}
	return k
}

// Looked reports whether a letter was looked at on the day that was asked for.
func (m *Marks) Looked(h mail.Head) bool { return len(m.looked) > 0 && m.looked[m.key(h)] }

// Later says until when a letter is put off; ok is false if it is not.
func (m *Marks) Later(h mail.Head) (l Later, ok bool) {
	if len(m.later) > 0 {
		l, ok = m.later[m.key(h)]
	}
	return l, ok
}

// Unwaited reports whether no answer is awaited to a letter sent.
func (m *Marks) Unwaited(h mail.Head) bool { return len(m.unwait) > 0 && m.unwait[m.key(h)] }

// LookedAt is how many letters were looked at.
func (m *Marks) LookedAt() int { return len(m.looked) }

// Marks reads them; looked are those of one day.
func (s *Store) Marks(ctx context.Context, day time.Time) (m *Marks, err error) {
	m = &Marks{accounts: map[mail.AccountID]int64{}, looked: map[key]bool{}, later: map[key]Later{}, unwait: map[key]bool{}}
	scan := func(st *sqlite3.Stmt) key {
		return key{st.ColumnInt64(0), st.ColumnInt64(1), mail.LetterID(st.ColumnInt64(2))}
	}
	err = s.read(ctx, "read marks of the day", func(c *conn) error {
		for _, q := range []struct {
			sql  string
			args []any
			row  func(*sqlite3.Stmt)
		}{
			{"SELECT n, id FROM account", nil, func(st *sqlite3.Stmt) { m.accounts[mail.AccountID(st.ColumnText(1))] = st.ColumnInt64(0) }},
			{"SELECT account, mhash, letter FROM looked WHERE day=?", []any{day}, func(st *sqlite3.Stmt) { m.looked[scan(st)] = true }},
			{"SELECT account, mhash, letter, until, reason FROM later", nil, func(st *sqlite3.Stmt) {
				m.later[scan(st)] = Later{fromMicros(st.ColumnInt64(3)), st.ColumnText(4)}
			}},
			{"SELECT account, mhash, letter FROM unwait", nil, func(st *sqlite3.Stmt) { m.unwait[scan(st)] = true }},
		} {
			err := c.each(q.sql, func(st *sqlite3.Stmt) error {
				q.row(st)
				return nil
			}, q.args...)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return m, err
}

// onLetters does something to each of the letters that are still here.
func (s *Store) onLetters(ctx context.Context, op string, ids []mail.LetterID, one func(*tx, row) error) error {
	return s.write(ctx, op, func(t *tx) error {
		for _, id := range ids {
			l, ok, err := t.letter(id)
			if err != nil {
				return err
			}
			if !ok || l.folder == 0 {
				continue
			}
			if err := one(t, l); err != nil {
				return err
			}
		}
		t.tell(mail.Event{Kind: mail.DutyChanged})
		return nil
	})
}

// Look notes that letters were looked at on a day. A letter that was put off until this day, or an earlier one, has come back
// with that.
func (s *Store) Look(ctx context.Context, ids []mail.LetterID, day time.Time) error {
	return s.onLetters(ctx, "note letters looked at", ids, func(t *tx, l row) error {
		k := l.key()
		if err := t.exec("DELETE FROM later WHERE account=? AND mhash=? AND letter=? AND until<=?", k.account, k.mhash, k.letter, day); err != nil {
			return err
		}
		if err := t.exec("DELETE FROM looked WHERE day<?", day); err != nil {
			return err
		}
		return t.exec("INSERT INTO looked VALUES(?,?,?,?) ON CONFLICT DO UPDATE SET day=excluded.day", k.account, k.mhash, k.letter, day)
	})
}

// unlook gives a letter back to the day's check: what was done to it was taken back.
func (t *tx) unlook(l row) error {
	k := l.key()
	err := t.exec("DELETE FROM looked WHERE account=? AND mhash=? AND letter=?", k.account, k.mhash, k.letter)
	if err == nil && t.db.Changes() > 0 {
		t.tell(mail.Event{Kind: mail.DutyChanged})
	}
	return err
}

// PutOff puts letters off until a day; a zero day brings them back.
func (s *Store) PutOff(ctx context.Context, ids []mail.LetterID, until time.Time, reason string) error {
	return s.onLetters(ctx, "put letters off", ids, func(t *tx, l row) error {
		k := l.key()
		if until.IsZero() {
			return t.exec("DELETE FROM later WHERE account=? AND mhash=? AND letter=?", k.account, k.mhash, k.letter)
		}
		return t.exec("INSERT INTO later VALUES(?,?,?,?,?) ON CONFLICT DO UPDATE SET until=excluded.until, reason=excluded.reason",
			k.account, k.mhash, k.letter, until, reason)
	})
}

// TakeBackPutOff brings the letters of an act back as they were before it: to the list, or to the day until which they had
// been put off. They have not been looked at then.
func (s *Store) TakeBackPutOff(ctx context.Context, was map[mail.LetterID]Later) error {
	ids := make([]mail.LetterID, 0, len(was))
	for id := range was {
		ids = append(ids, id)
	}
	return s.onLetters(ctx, "bring letters back", ids, func(t *tx, l row) error {
		k, before := l.key(), was[l.id]
		if err := t.unlook(l); err != nil {
			return err
		}
		if before.Until.IsZero() {
			return t.exec("DELETE FROM later WHERE account=? AND mhash=? AND letter=?", k.account, k.mhash, k.letter)
		}
		return t.exec("INSERT INTO later VALUES(?,?,?,?,?) ON CONFLICT DO UPDATE SET until=excluded.until, reason=excluded.reason",
			k.account, k.mhash, k.letter, before.Until, before.Reason)
	})
}

// Unwait says whether an answer to letters sent is awaited no more.
func (s *Store) Unwait(ctx context.Context, ids []mail.LetterID, no bool) error {
	return s.onLetters(ctx, "wait no more", ids, func(t *tx, l row) error {
		k := l.key()
		if no {
			return t.exec("INSERT INTO unwait VALUES(?,?,?) ON CONFLICT DO NOTHING", k.account, k.mhash, k.letter)
		}
		return t.exec("DELETE FROM unwait WHERE account=? AND mhash=? AND letter=?", k.account, k.mhash, k.letter)
	})
}

// CameBack lists the letters put off until a day, or an earlier one, that are still there, at most limit.
func (s *Store) CameBack(ctx context.Context, day time.Time, limit int) (list []mail.Head, err error) {
	err = s.read(ctx, "list letters that came back", func(c *conn) error {
		var ids []mail.LetterID
		_, some, err := c.int("SELECT 1 FROM later WHERE until<=? LIMIT 1", day)
		if err != nil || !some { // else it would walk over all letters of a fill for nothing
			return err
		}
		lo, hi, err := c.midSpan()
		if err != nil {
			return err
		}
		err = c.each(`SELECT l.id, d.until FROM later d CROSS JOIN letter l ON l.id=d.letter AND l.account=d.account
				WHERE d.mhash=0 AND d.until<=?1 AND l.folder IS NOT NULL
			UNION SELECT l.id, d.until FROM later d CROSS JOIN mid m ON m.account=d.account AND m.hash=d.mhash CROSS JOIN letter l ON l.id=m.letter
				WHERE d.mhash<>0 AND d.until<=?1 AND l.folder IS NOT NULL
			UNION SELECT l.id, d.until FROM letter l CROSS JOIN later d ON `+personal+`
				WHERE l.id>?2 AND l.id<?3 AND l.mhash<>0 AND d.until<=?1 AND l.folder IS NOT NULL
			ORDER BY 2, 1 LIMIT ?4`, func(st *sqlite3.Stmt) error {
			ids = append(ids, mail.LetterID(st.ColumnInt64(0)))
			return nil
		}, day, lo, hi, limit)
		if err != nil {
			return err
		}
		for _, id := range ids {
			one, err := c.heads("JOIN folder f ON f.id=l.folder WHERE l.id=? AND f.role NOT IN ('trash','junk','drafts')", id)
			if err != nil {
				return err
			}
			list = append(list, one...)
		}
		return nil
	})
	return list, err
}

// Told notes what the person is told of on a day, and returns what he had not been told of before on that day.
func (s *Store) Told(ctx context.Context, day time.Time, keys []string) (news []string, err error) {
	if len(keys) == 0 {
		return nil, nil
	}
	unknown := 0
	err = s.read(ctx, "look for news", func(c *conn) error {
		for _, k := range keys {
			if _, ok, err := c.int("SELECT 1 FROM told WHERE key=? AND day=?", k, day); err != nil {
				return err
			} else if !ok {
				unknown++
			}
		}
		return nil
	})
	if err != nil || unknown == 0 {
		return nil, err
	}
	err = s.write(ctx, "note what was told", func(t *tx) error {
		if err := t.exec("DELETE FROM told WHERE day<?", day); err != nil {
			return err
		}
		for _, k := range keys {
			if err := t.exec("INSERT INTO told VALUES(?,?) ON CONFLICT DO NOTHING", k, day); err != nil {
				return err
			}
			if t.db.Changes() > 0 {
				news = append(news, k)
			}
		}
		return nil
	})
	return news, err
}
