package store

import (
	"context"
	"time"

	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
)

// DayMark is one day of a box as this computer saw it. Day is its midnight in Asia/Ho_Chi_Minh.
type DayMark struct {
	Day     time.Time
	Opened  time.Time // when the box was first opened, zero if it was not
	Checked time.Time // when the day's check was finished, zero if it was not
	Posted  bool      // the office knows that it was
}

// DayMarks lists the days of an account from one to another, both included, on which something was noted.
func (s *Store) DayMarks(ctx context.Context, account mail.AccountID, from, until time.Time) (list []DayMark, err error) {
	err = s.read(ctx, "read days", func(c *conn) error {
		return c.each(`SELECT d.day, d.opened, d.checked, d.posted FROM day d JOIN account a ON a.n=d.account
			WHERE a.id=? AND d.day BETWEEN ? AND ? ORDER BY d.day`, func(st *sqlite3.Stmt) error {
			list = append(list, DayMark{
				Day: fromMicros(st.ColumnInt64(0)), Opened: fromMicros(st.ColumnInt64(1)), Checked: fromMicros(st.ColumnInt64(2)),
				Posted: st.ColumnBool(3),
			})
			return nil
		}, string(account), from, until)
	})
	return list, err
}

// FirstDay is the first day of which something was noted for an account; zero if there is none.
func (s *Store) FirstDay(ctx context.Context, account mail.AccountID) (day time.Time, err error) {
	err = s.read(ctx, "read first day", func(c *conn) error {
		n, _, err := c.int("SELECT min(day) FROM day WHERE account=(SELECT n FROM account WHERE id=?)", string(account))
		day = fromMicros(n)
		return err
	})
	return day, err
}

// CheckedOn is when the check of a day was finished, in any account; zero if it was not.
func (s *Store) CheckedOn(ctx context.Context, day time.Time) (at time.Time, err error) {
	err = s.read(ctx, "read check of the day", func(c *conn) error {
		n, _, err := c.int("SELECT min(checked) FROM day WHERE day=? AND checked<>0", day)
		at = fromMicros(n)
		return err
	})
	return at, err
}

// MarkOpened notes that the boxes of all accounts were opened on a day; the first time stands.
func (s *Store) MarkOpened(ctx context.Context, day, at time.Time) error {
	return s.write(ctx, "note day", func(t *tx) error {
		return t.exec(`INSERT INTO day SELECT n, ?1, ?2, 0, 0 FROM account WHERE true
			ON CONFLICT DO UPDATE SET opened=?2 WHERE opened=0`, day, at)
	})
}

// MarkChecked notes that the day's check of all accounts was finished; the first time stands.
func (s *Store) MarkChecked(ctx context.Context, day, at time.Time) error {
	return s.write(ctx, "note check of the day", func(t *tx) error {
		t.tell(mail.Event{Kind: mail.DutyChanged})
		return t.exec(`INSERT INTO day SELECT n, ?1, ?2, ?2, 0 FROM account WHERE true
			ON CONFLICT DO UPDATE SET checked=?2, opened=iif(opened=0, ?2, opened) WHERE checked=0`, day, at)
	})
}

// MarkPosted notes that the office knows of a day's check.
func (s *Store) MarkPosted(ctx context.Context, account mail.AccountID, day time.Time) error {
	return s.write(ctx, "note check told", func(t *tx) error {
		return t.exec("UPDATE day SET posted=1 WHERE day=? AND account=(SELECT n FROM account WHERE id=?)", day, string(account))
	})
}

// Leaves lists the leaves and trips of an account, the latest first.
func (s *Store) Leaves(ctx context.Context, account mail.AccountID) (list []mail.Leave, err error) {
	err = s.read(ctx, "list leaves", func(c *conn) error {
		return c.each(`SELECT l.id, l.since, l.until, l.kind, l.note FROM leave l JOIN account a ON a.n=l.account
			WHERE a.id=? ORDER BY l.since DESC, l.id DESC`, func(st *sqlite3.Stmt) error {
			list = append(list, mail.Leave{
				ID: st.ColumnInt64(0), From: fromMicros(st.ColumnInt64(1)), Until: fromMicros(st.ColumnInt64(2)),
				Kind: st.ColumnText(3), Note: st.ColumnText(4),
			})
			return nil
		}, string(account))
	})
	return list, err
}

// AddLeave keeps one and returns it with its ID; with tell, the office is to be told of it.
func (s *Store) AddLeave(ctx context.Context, account mail.AccountID, l mail.Leave, tell bool) (mail.Leave, error) {
	err := s.write(ctx, "keep leave", func(t *tx) error {
		n, err := t.accountNo(account)
		if err != nil {
			return err
		}
		if err := t.exec("INSERT INTO leave(account, since, until, kind, note) VALUES(?,?,?,?,?)", n, l.From, l.Until, l.Kind, l.Note); err != nil {
			return err
		}
		l.ID = t.db.LastInsertRowID()
		t.tell(mail.Event{Kind: mail.DutyChanged, Account: account})
		if !tell {
			return nil
		}
		return t.tellLeave(n, l.ID, false)
	})
	return l, err
}

// DropLeave takes one back; with tell, the office is to be told of it. Kind Gone if it is not there.
func (s *Store) DropLeave(ctx context.Context, account mail.AccountID, id int64, tell bool) error {
	return s.write(ctx, "drop leave", func(t *tx) error {
		if tell {
			n, err := t.accountNo(account)
			if err != nil {
				return err
			}
			if err := t.tellLeave(n, id, true); err != nil {
				return err
			}
		}
		if err := t.exec("DELETE FROM leave WHERE id=? AND account=(SELECT n FROM account WHERE id=?)", id, string(account)); err != nil {
			return err
		}
		if t.db.Changes() == 0 {
			return gone("drop leave")
		}
		t.tell(mail.Event{Kind: mail.DutyChanged, Account: account})
		return nil
	})
}

// Obliged is a letter that obliges to answer, as the days count it (QC 9).
type Obliged struct {
	ID       mail.LetterID
	Received time.Time
	Settled  time.Time // when it was answered or excused, zero if it was not or nobody knows when
	Answered bool
	Excused  bool
	Awaits   bool
}

// Obliged lists an account's letters that oblige to answer and came before a time, oldest first, without those that lie in
// the junk folder.
func (s *Store) Obliged(ctx context.Context, account mail.AccountID, before time.Time) (list []Obliged, err error) {
	err = s.read(ctx, "list obligations", func(c *conn) error {
		n, err := c.accountNo(account)
		if err != nil {
			return err
		}
		return c.each(`SELECT l.id, l.received, l.flags, l.awaits, l.settled, coalesce(n.at, -1)
			FROM letter l CROSS JOIN folder f ON f.id=l.folder AND f.role NOT IN ('junk','drafts','sent')
			LEFT JOIN answer n ON n.account=l.account AND n.hash=l.mhash AND l.mhash<>0
			WHERE l.account=? AND l.duty=1 AND l.received<? ORDER BY l.received, l.id`, func(st *sqlite3.Stmt) error {
			flags := mail.Flags(st.ColumnInt64(2)) //nolint:gosec // stored from this type
			named := st.ColumnInt64(5)
			o := Obliged{
				ID: mail.LetterID(st.ColumnInt64(0)), Received: fromMicros(st.ColumnInt64(1)),
				Answered: flags.Has(mail.Answered) || named >= 0, Awaits: st.ColumnBool(3), Settled: fromMicros(st.ColumnInt64(4)),
			}
			o.Excused = !o.Answered && flags.Has(mail.NoReply)
			if named > 0 && (o.Settled.IsZero() || named < micros(o.Settled)) {
				o.Settled = fromMicros(named)
			}
			list = append(list, o)
			return nil
		}, n, before)
	})
	return list, err
}

// noteSettled keeps when a letter that obliges was first marked answered or excused; the time goes with the mark.
func (t *tx) noteSettled(l row, want mail.Flags) error {
	const marks = mail.Answered | mail.NoReply
	before, after := l.flags&marks != 0, want&marks != 0
	if !l.duty || before == after {
		return nil
	}
	var at time.Time
	if after {
		at = t.s.opts.Now()
	}
	return t.exec("UPDATE letter SET settled=? WHERE id=?", at, l.id)
}

// Unseen lists the unread letters of the inboxes that came after a time, newest first, at most limit.
func (s *Store) Unseen(ctx context.Context, since time.Time, limit int) (list []mail.Head, err error) {
	err = s.read(ctx, "list unread letters", func(c *conn) error {
		folders, err := c.folders("WHERE f.role='inbox'")
		if err != nil {
			return err
		}
		for _, f := range folders {
			some, err := c.heads("WHERE l.folder=? AND l.flags & 1 = 0 AND l.received>? ORDER BY l.received DESC, l.id DESC LIMIT ?", f.ID, since, limit)
			if err != nil {
				return err
			}
			list = append(list, some...)
		}
		return nil
	})
	return list, err
}

// OnTheirWay lists the letters whose answers wait in the outbox: they were taken care of.
func (s *Store) OnTheirWay(ctx context.Context) (ids map[mail.LetterID]bool, err error) {
	ids = map[mail.LetterID]bool{}
	err = s.read(ctx, "list answers on their way", func(c *conn) error {
		return c.each("SELECT answers FROM outgoing WHERE state IN ('queued','sending','waiting','unknown') AND forwards=0 AND answers<>0",
			func(st *sqlite3.Stmt) error {
				ids[mail.LetterID(st.ColumnInt64(0))] = true
				return nil
			})
	})
	return ids, err
}

// SentUnanswered lists the letters of the Sent folders that were sent after a time and that no letter in any folder of the
// account answers (In-Reply-To, References), newest first; ask chooses those that want an answer before they are looked into.
// Answers by machines do not count. At most limit are looked into.
func (s *Store) SentUnanswered(ctx context.Context, since time.Time, limit int, ask func(mail.Head) bool) (list []mail.Head, err error) {
	err = s.read(ctx, "list letters without an answer", func(c *conn) error {
		folders, err := c.folders("WHERE f.role='sent'")
		if err != nil {
			return err
		}
		for _, f := range folders {
			sent, err := c.heads("WHERE l.folder=? AND l.received>? ORDER BY l.received DESC, l.id DESC LIMIT ?", f.ID, since, limit)
			if err != nil {
				return err
			}
			for _, h := range sent {
				if h.MessageID == "" || !ask(h) {
					continue
				}
				if ok, err := c.hasAnswer(h); err != nil {
					return err
				} else if !ok {
					list = append(list, h)
				}
			}
		}
		return nil
	})
	return list, err
}

// hasAnswer looks through the conversation of a letter sent for one that names it.
func (c *conn) hasAnswer(h mail.Head) (bool, error) {
	found := false
	own := midHash(h.MessageID)
	err := c.each("SELECT h.data FROM letter l JOIN folder f ON f.id=l.folder JOIN head h ON h.id=-l.id WHERE ("+ofThread+") AND f.role NOT IN ('sent','drafts','junk')",
		func(st *sqlite3.Stmt) error {
			var x mail.Head
			if err := decodeHead(st.ColumnRawBlob(0), &x); err != nil {
				return err
			}
			if x.Automatic {
				return nil
			}
			for _, up := range parents(&x) {
				if up == own {
					found = true
					return errEnough
				}
			}
			return nil
		}, int64(h.Thread))
	return found, err
}
