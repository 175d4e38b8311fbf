package store

import (
	"slices"
	"time"

	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
)

// awaitsExpr says whether a letter still awaits an answer: it is a duty, not \Answered, not excused, in a folder
// where that matters, and no Sent letter names it. (QC 9) In a box that several work in, what they agree on goes before (QC 14.3).
const awaitsExpr = `(duty=1
	AND EXISTS (SELECT 1 FROM folder f WHERE f.id=letter.folder AND f.role NOT IN ('trash','junk','drafts','sent'))
	AND coalesce((SELECT CASE WHEN w.state IN ('answered','excused') THEN 0 WHEN w.reopened>0 THEN 1 END
		FROM work w WHERE w.account=letter.account AND w.key=letter.wkey),
		flags & 258 = 0 AND NOT EXISTS
		(SELECT 1 FROM answer n WHERE n.account=letter.account AND n.hash=letter.mhash AND letter.mhash<>0)))`

// threadOf finds or makes the conversation of a letter from Message-ID, In-Reply-To and References alone: subjects
// are never guessed at. Conversations that the letter ties together become one.
func (t *tx) threadOf(account int64, id mail.LetterID, own int64, up []int64) (mail.ThreadID, error) {
	var found []mail.ThreadID
	var missing []int64
	look := func(h int64) error {
		th, ok, err := t.known(midKey{account, h})
		switch {
		case err != nil:
			return err
		case !ok:
			if h != own { // it gets a row of its own
				missing = append(missing, h)
			}
		case !slices.Contains(found, th):
			found = append(found, th)
		}
		return nil
	}
	if own != 0 {
		if err := look(own); err != nil {
			return 0, err
		}
	}
	for _, h := range up {
		if h == own {
			continue
		}
		if err := look(h); err != nil {
			return 0, err
		}
	}
	th := mail.ThreadID(id)
	if len(found) > 0 {
		th = slices.Min(found)
	}
	for _, f := range found {
		if f != th {
			if err := t.merge(f, th); err != nil {
				return 0, err
			}
		}
	}
	for _, h := range missing {
		if err := t.exec("INSERT INTO mid VALUES(?,?,0,?)", account, h, th); err != nil {
			return 0, err
		}
	}
	return th, nil
}

// root follows merged conversations to the one that is left.
func (t *tx) root(th mail.ThreadID) (mail.ThreadID, error) {
	for {
		n, ok, err := t.int("SELECT new FROM merged WHERE old=?", th)
		if err != nil || !ok {
			return th, err
		}
		th = mail.ThreadID(n)
	}
}

// ofThread is the condition on letter l that it belongs to conversation ?1. The index has only those whose conversation
// is not their own number.
const ofThread = "l.id=?1 AND l.thread=?1 OR l.thread=?1 AND l.thread<>l.id"

func (t *tx) merge(from, to mail.ThreadID) error {
	if err := t.touchWhere("("+ofThread+")", from); err != nil {
		return err
	}
	if err := t.exec("UPDATE letter SET thread=? WHERE id=? AND thread=id", to, from); err != nil {
		return err
	}
	if err := t.exec("UPDATE letter SET thread=? WHERE thread=? AND thread<>id", to, from); err != nil {
		return err
	}
	return t.exec("INSERT INTO merged VALUES(?,?)", from, to)
}

// touchWhere notes the folders of the letters that a condition names.
func (t *tx) touchWhere(cond string, args ...any) error {
	return t.each("SELECT DISTINCT l.folder, a.id FROM letter l JOIN account a ON a.n=l.account WHERE l.folder IS NOT NULL AND "+cond,
		func(st *sqlite3.Stmt) error {
			t.touch(mail.AccountID(st.ColumnText(1)), mail.FolderID(st.ColumnInt64(0)))
			return nil
		}, args...)
}

// answered records that these Message-IDs have been answered at a time, the earliest of which stands. It holds whether the
// answered letter is here yet or not, and stays when the answer is deleted: what was answered was answered.
func (t *tx) answered(account int64, hashes []int64, at time.Time) error {
	for _, h := range hashes {
		_, known, err := t.int("SELECT at FROM answer WHERE account=? AND hash=?", account, h)
		if err != nil {
			return err
		}
		if err := t.exec(`INSERT INTO answer VALUES(?1,?2,?3) ON CONFLICT DO UPDATE SET at=?3
			WHERE ?3<>0 AND (answer.at=0 OR answer.at>?3)`, account, h, at); err != nil {
			return err
		}
		if known {
			continue
		}
		if err := t.catchUp(); err != nil {
			return err
		}
		const these = "id IN (SELECT letter FROM mid WHERE account=? AND hash=?)"
		if err := t.touchWhere("l."+these+" AND l.awaits=1", account, h); err != nil {
			return err
		}
		if err := t.exec("UPDATE letter SET awaits=0 WHERE "+these+" AND awaits=1", account, h); err != nil {
			return err
		}
		if err := t.exec("UPDATE letter SET wstate="+letterWork+" WHERE "+these+" AND wkey IS NOT NULL", account, h); err != nil {
			return err
		}
	}
	return nil
}

// linkAnswersOf records the answers among the letters of a folder that has just become Sent.
func (t *tx) linkAnswersOf(account int64, f mail.Folder) error {
	type answer struct {
		up []int64
		at time.Time
	}
	var all []answer
	err := t.each("SELECT h.data, l.received FROM letter l JOIN head h ON h.id=-l.id WHERE l.folder=?", func(st *sqlite3.Stmt) error {
		h := mail.Head{Received: fromMicros(st.ColumnInt64(1))}
		if err := decodeHead(st.ColumnRawBlob(0), &h); err != nil {
			return err
		}
		all = append(all, answer{parents(&h), h.Sent()})
		return nil
	}, f.ID)
	if err != nil {
		return err
	}
	for _, x := range all {
		if err := t.answered(account, x.up, x.at); err != nil {
			return err
		}
	}
	return nil
}
