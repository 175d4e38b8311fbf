package store

import (
	"context"
	"slices"
	"time"

	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
)

// DueChoice is a due date that the person set instead of the rule's, and why (QC 9).
type DueChoice struct {
	At     time.Time
	Reason string
}

// Term is what the store knows of the time by which a letter should be answered.
type Term struct {
	Chosen   DueChoice // At is zero unless the person chose
	Deadline time.Time // the first usable one of its text, zero if there is none or the text is not here
	Phrase   string    // the words that name it
}

// opDue is the kind of an act that chose a due date. It is the person's own business: there is no operation for the server.
const opDue OpKind = 5

// personal joins what the person decided (d) to its letter (l). It belongs to the letter by its Message-ID, so that it
// outlives a folder numbered anew (RFC 9051 2.3.1.1) and a move by another client; a letter without one is known by its row.
const personal = "d.account=l.account AND d.mhash=l.mhash AND d.letter=CASE WHEN l.mhash=0 THEN l.id ELSE 0 END"

// SetDue keeps another due date for letters; a zero c.At takes it away. The result takes it back by UndoAct; 0 means
// nothing changed. Kind Conflict, with nothing changed, if one of them does not await an answer.
func (s *Store) SetDue(ctx context.Context, ids []mail.LetterID, c DueChoice) (int64, error) {
	return s.act(ctx, "set due", opDue, ids, func(a *act, l row) error {
		awaits, _, err := a.int("SELECT awaits FROM letter WHERE id=?", l.id)
		if err != nil {
			return err
		}
		if awaits == 0 && !c.At.IsZero() {
			return &mail.Fault{Kind: mail.Conflict, Op: "set due", Detail: "not-awaiting"}
		}
		return a.setDue(l, c)
	})
}

func (a *act) setDue(l row, want DueChoice) error {
	have, err := a.term(l.id)
	if err != nil {
		return err
	}
	if have.Chosen.At.Equal(want.At) && have.Chosen.Reason == want.Reason {
		return nil
	}
	if err := a.record(l, 0, 0); err != nil {
		return err
	}
	if !a.mute {
		if err := a.exec("INSERT INTO act_due VALUES(?,?,?,?) ON CONFLICT DO NOTHING",
			a.id, l.id, have.Chosen.At, have.Chosen.Reason); err != nil {
			return err
		}
	}
	key := l.personalKey()
	if want.At.IsZero() {
		return a.exec("DELETE FROM due WHERE account=? AND mhash=? AND letter=?", l.account, l.mhash, key)
	}
	return a.exec("INSERT INTO due VALUES(?,?,?,?,?) ON CONFLICT DO UPDATE SET at=excluded.at, reason=excluded.reason",
		l.account, l.mhash, key, want.At, want.Reason)
}

// personalKey tells letters without Message-ID apart.
func (l row) personalKey() mail.LetterID {
	if l.mhash != 0 {
		return 0
	}
	return l.id
}

// undoDue puts the choice back that stood before an act.
func (a *act) undoDue(id int64, l row) error {
	var was DueChoice
	err := a.each("SELECT at, reason FROM act_due WHERE act=? AND letter=?", func(st *sqlite3.Stmt) error {
		was = DueChoice{fromMicros(st.ColumnInt64(0)), st.ColumnText(1)}
		return nil
	}, id, l.id)
	if err != nil {
		return err
	}
	return a.setDue(l, was)
}

func (c *conn) term(id mail.LetterID) (t Term, err error) {
	err = c.each(`SELECT coalesce(d.at,0), coalesce(d.reason,''), coalesce(x.at,0), coalesce(x.phrase,'') FROM letter l
		LEFT JOIN due d ON `+personal+" LEFT JOIN deadline x ON x.letter=l.id WHERE l.id=?", func(st *sqlite3.Stmt) error {
		t.Chosen = DueChoice{fromMicros(st.ColumnInt64(0)), st.ColumnText(1)}
		t.Deadline, t.Phrase = fromMicros(st.ColumnInt64(2)), st.ColumnText(3)
		return nil
	}, id)
	return t, err
}

// Terms reads what is known of letters; those of which nothing is known are left out.
func (s *Store) Terms(ctx context.Context, ids []mail.LetterID) (map[mail.LetterID]Term, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	list := map[mail.LetterID]Term{}
	err := s.read(ctx, "read terms", func(c *conn) error {
		for _, id := range ids {
			t, err := c.term(id)
			if err != nil {
				return err
			}
			if t != (Term{}) {
				list[id] = t
			}
		}
		return nil
	})
	return list, err
}

// AwaitingTerms lists the awaiting letters that the newest ones may not show and the day asks for all the same, at most
// limit of each kind: with a chosen due date, and with a deadline in their text before until, the latest first.
func (s *Store) AwaitingTerms(ctx context.Context, until time.Time, limit int) (list []mail.Head, err error) {
	err = s.read(ctx, "list letters with terms", func(c *conn) error {
		var ids []mail.LetterID
		take := func(st *sqlite3.Stmt) error {
			if id := mail.LetterID(st.ColumnInt64(0)); !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
			return nil
		}
		const awaiting = "l.awaits=1 AND l.folder IS NOT NULL"
		_, chosen, err := c.int("SELECT 1 FROM due LIMIT 1")
		if err != nil {
			return err
		}
		if chosen { // else it would walk over all letters of a fill for nothing
			lo, hi, err := c.midSpan()
			if err != nil {
				return err
			}
			if err := c.each(`SELECT l.id, d.at FROM due d CROSS JOIN letter l ON l.id=d.letter AND l.account=d.account WHERE d.mhash=0 AND `+awaiting+`
				UNION ALL SELECT l.id, d.at FROM due d CROSS JOIN mid m ON m.account=d.account AND m.hash=d.mhash CROSS JOIN letter l ON l.id=m.letter
				WHERE d.mhash<>0 AND `+awaiting+`
				UNION ALL SELECT l.id, d.at FROM letter l CROSS JOIN due d ON `+personal+" WHERE l.id>? AND l.id<? AND l.mhash<>0 AND "+awaiting+`
				ORDER BY 2 DESC LIMIT ?`, take, lo, hi, limit); err != nil {
				return err
			}
		}
		if err := c.each("SELECT l.id FROM deadline d CROSS JOIN letter l ON l.id=d.letter WHERE d.at<? AND "+awaiting+" ORDER BY d.at DESC LIMIT ?",
			take, until, limit); err != nil {
			return err
		}
		for _, id := range ids {
			one, err := c.heads("WHERE l.id=?", id)
			if err != nil {
				return err
			}
			list = append(list, one...)
		}
		return nil
	})
	return list, err
}

// putDeadline keeps the deadline of a letter's text.
func (t *tx) putDeadline(id mail.LetterID, at time.Time, phrase string) error {
	if at.IsZero() {
		return t.exec("DELETE FROM deadline WHERE letter=?", id)
	}
	return t.exec("INSERT INTO deadline VALUES(?,?,?) ON CONFLICT(letter) DO UPDATE SET at=excluded.at, phrase=excluded.phrase", id, at, phrase)
}
