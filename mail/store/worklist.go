package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
)

// workStates are what letter.wstate counts, from 1.
var workStates = []mail.WorkState{mail.WorkOpen, mail.WorkDoing, mail.WorkAnswered, mail.WorkExcused}

// joinHolder joins who has a letter (l) that is not done.
const joinHolder = ` LEFT JOIN work w INDEXED BY work_held ON w.account=l.account AND w.key=l.wkey AND w.holder<>'' AND w.state IN ('open','doing')`

// ListWork lists letters of a box, newest first: by holder (wire address, "" for anybody, "-" for nobody) and state ("" for
// those that are not done: open and doing).
func (s *Store) ListWork(ctx context.Context, account mail.AccountID, holder string, state mail.WorkState) (list []mail.LetterID, err error) {
	sql, args := "SELECT l.id FROM letter l INDEXED BY letter_wstate", []any{string(account)}
	switch {
	case holder != "" && state == "":
		sql += joinHolder
	case holder != "":
		sql += joinWork
	}
	sql += " WHERE l.account=(SELECT n FROM account WHERE id=?)"
	if state == "" {
		sql += " AND l.wstate>0 AND l.wstate<3"
	} else {
		sql, args = sql+" AND l.wstate=? AND l.wstate>0", append(args, slices.Index(workStates, state)+1)
	}
	switch holder {
	case "":
	case "-":
		sql += " AND coalesce(w.holder,'')=''"
	default:
		sql, args = sql+" AND coalesce(w.holder,'')=?", append(args, strings.ToLower(holder))
	}
	err = s.read(ctx, "list work", func(c *conn) error {
		return c.each(sql+" ORDER BY l.received DESC, l.id DESC", func(st *sqlite3.Stmt) error {
			list = append(list, mail.LetterID(st.ColumnInt64(0)))
			return nil
		}, args...)
	})
	return list, err
}

// CountWork counts the letters of a box by state, and those that are not done by who has them ("" for nobody).
func (s *Store) CountWork(ctx context.Context, account mail.AccountID) (byState map[mail.WorkState]int, byHolder map[string]int, err error) {
	byState, byHolder = map[mail.WorkState]int{}, map[string]int{}
	err = s.read(ctx, "count work", func(c *conn) error {
		if err := c.each("SELECT wstate, count(*) FROM letter INDEXED BY letter_wstate WHERE account=(SELECT n FROM account WHERE id=?) AND wstate>0 GROUP BY wstate", func(st *sqlite3.Stmt) error {
			byState[workStates[st.ColumnInt(0)-1]] = st.ColumnInt(1)
			return nil
		}, string(account)); err != nil {
			return err
		}
		return c.each("SELECT coalesce(w.holder,''), count(*) FROM letter l INDEXED BY letter_wstate"+joinHolder+
			" WHERE l.account=(SELECT n FROM account WHERE id=?) AND l.wstate>0 AND l.wstate<3 GROUP BY 1", func(st *sqlite3.Stmt) error {
			byHolder[st.ColumnText(0)] = st.ColumnInt(1)
			return nil
		}, string(account))
	})
	return byState, byHolder, err
}

// WorkPeople are the people that records of a box name as holders, for a box whose office nobody can ask.
func (s *Store) WorkPeople(ctx context.Context, account mail.AccountID) (list []mail.Person, err error) {
	err = s.read(ctx, "list people of box", func(c *conn) error {
		return c.each("SELECT DISTINCT w.holder, w.name FROM work w JOIN account a ON a.n=w.account WHERE a.id=? AND w.holder<>'' ORDER BY 1",
			func(st *sqlite3.Stmt) error {
				list = append(list, mail.Person{Addr: st.ColumnText(0), Name: st.ColumnText(1)})
				return nil
			}, string(account))
	})
	return list, err
}

// AgreedWork is what is agreed on about a letter without what was done here: the office's record.
func (s *Store) AgreedWork(ctx context.Context, letter mail.LetterID) (w mail.Work, err error) {
	err = s.read(ctx, "read work", func(c *conn) error {
		base := ""
		err := c.each("SELECT a.id, coalesce(l.wkey,''), coalesce(w.base,'') FROM letter l JOIN account a ON a.n=l.account"+joinWork+" WHERE l.id=?",
			func(st *sqlite3.Stmt) error {
				base = st.ColumnText(2)
				w = mail.Work{Account: mail.AccountID(st.ColumnText(0)), Key: st.ColumnText(1), State: mail.WorkOpen}
				return nil
			}, letter)
		if err != nil || base == "" {
			return err
		}
		account := w.Account
		if err := json.Unmarshal([]byte(base), &w); err != nil {
			return fmt.Errorf("decode work: %w", err)
		}
		w.Account = account
		return nil
	})
	return w, err
}

// KeyedLetters are the letters of a box that a key names and that the server knows.
func (s *Store) KeyedLetters(ctx context.Context, account mail.AccountID, key string) (list []mail.LetterID, err error) {
	err = s.read(ctx, "find letters", func(c *conn) error {
		return c.each("SELECT l.id FROM letter l JOIN account a ON a.n=l.account WHERE a.id=? AND l.wkey=? AND l.uid IS NOT NULL ORDER BY l.id",
			func(st *sqlite3.Stmt) error {
				list = append(list, mail.LetterID(st.ColumnInt64(0)))
				return nil
			}, string(account), key)
	})
	return list, err
}

// SentAnswers reports whether an answer to a letter has left from here.
func (s *Store) SentAnswers(ctx context.Context, account mail.AccountID, letter mail.LetterID) (sent bool, err error) {
	err = s.read(ctx, "look for answer", func(c *conn) error {
		_, sent, err = c.int("SELECT 1 FROM outgoing WHERE account=? AND answers=? AND forwards=0 AND state='sent' LIMIT 1", string(account), letter)
		return err
	})
	return sent, err
}
