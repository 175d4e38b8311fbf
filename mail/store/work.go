package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
	"hopthu/mail/api"
)

// PutWorks takes what the office says of the letters of a box, and the version to ask from next time. reset forgets all that it
// does not name. What was done here and has not reached the office yet stays on top.
func (s *Store) PutWorks(ctx context.Context, account mail.AccountID, works []mail.Work, version int64, reset bool) error {
	return s.write(ctx, "store work", func(t *tx) error {
		b, err := t.bench(account)
		if err != nil {
			return err
		}
		if reset {
			if err := b.forget(works); err != nil {
				return err
			}
		}
		for i := range works {
			if err := b.said(works[i]); err != nil {
				return err
			}
		}
		return t.exec("INSERT INTO work_seen VALUES(?,?) ON CONFLICT DO UPDATE SET version=excluded.version", b.n, version)
	})
}

// TellWork takes what the office says of one letter, out of turn.
func (s *Store) TellWork(ctx context.Context, account mail.AccountID, w mail.Work) error {
	return s.write(ctx, "store work", func(t *tx) error {
		b, err := t.bench(account)
		if err != nil {
			return err
		}
		return b.said(w)
	})
}

// WorkVersion is the version that PutWorks was told last, 0 before the first time.
func (s *Store) WorkVersion(ctx context.Context, account mail.AccountID) (v int64, err error) {
	err = s.read(ctx, "read version of work", func(c *conn) error {
		v, _, err = c.int("SELECT version FROM work_seen v JOIN account a ON a.n=v.account WHERE a.id=?", string(account))
		return err
	})
	return v, err
}

// Work is what is agreed on about a letter, with what was done here. Key is "" for a letter of a box of one person.
func (s *Store) Work(ctx context.Context, letter mail.LetterID) (w mail.Work, err error) {
	err = s.read(ctx, "read work", func(c *conn) error {
		var view string
		found := false
		err := c.each("SELECT a.id, coalesce(l.wkey,''), coalesce(w.view,''), "+workState+" FROM letter l JOIN account a ON a.n=l.account"+
			joinWork+" WHERE l.id=? AND l.folder IS NOT NULL", func(st *sqlite3.Stmt) error {
			found, view = true, st.ColumnText(2)
			w = mail.Work{Account: mail.AccountID(st.ColumnText(0)), Key: st.ColumnText(1), State: mail.WorkState(st.ColumnText(3))}
			return nil
		}, letter)
		if err != nil {
			return err
		}
		if !found {
			return gone("read work")
		}
		if view == "" {
			return nil
		}
		account, key, state := w.Account, w.Key, w.State
		if err := json.Unmarshal([]byte(view), &w); err != nil {
			return fmt.Errorf("decode work: %w", err)
		}
		w.Account, w.Key, w.State = account, key, state
		_, w.Pending, err = c.int("SELECT 1 FROM work_act p JOIN letter l ON p.account=l.account AND p.key=l.wkey WHERE l.id=? LIMIT 1", letter)
		return err
	})
	return w, err
}

// PendingWork is an act that the office does not know of yet.
type PendingWork struct {
	N      int64
	Letter mail.LetterID
	Act    api.Act
	At     time.Time // when it was done
}

// AddWork does an act on letters here and keeps it for the office, in order and over restarts. name makes an act's id; toName is
// the name of act.To. Letters of a box of one person are passed over.
func (s *Store) AddWork(ctx context.Context, ids []mail.LetterID, act api.Act, toName string, name func() (string, error)) error {
	return s.write(ctx, "work on letters", func(t *tx) error {
		benches := map[mail.AccountID]*bench{}
		for _, id := range ids {
			l, ok, err := t.letter(id)
			if err != nil {
				return err
			}
			key, err := t.text("SELECT coalesce(wkey,'') FROM letter WHERE id=?", id)
			if err != nil {
				return err
			}
			if !ok || key == "" {
				continue
			}
			b := benches[l.accountID]
			if b == nil {
				if b, err = t.bench(l.accountID); err != nil {
					return err
				}
				benches[l.accountID] = b
			}
			base, _, err := b.base(key)
			if err != nil {
				return err
			}
			one := act
			one.Key, one.Box, one.Saw = key, b.account.As, base.Version
			if one.ID, err = name(); err != nil {
				return err
			}
			data, err := json.Marshal(one)
			if err != nil {
				return fmt.Errorf("encode act: %w", err)
			}
			if err := t.exec("INSERT INTO work_act(account, key, letter, data, toname, at) VALUES(?,?,?,?,?,?)",
				b.n, key, id, string(data), toName, s.opts.Now()); err != nil {
				return err
			}
			if err := b.settle(key); err != nil {
				return err
			}
		}
		return nil
	})
}

// PendingWorks lists what must be sent to the office, in order.
func (s *Store) PendingWorks(ctx context.Context, account mail.AccountID) (list []PendingWork, err error) {
	err = s.read(ctx, "list work to send", func(c *conn) error {
		return c.each(`SELECT p.n, p.letter, p.data, p.at FROM work_act p JOIN account a ON a.n=p.account
			WHERE a.id=? ORDER BY p.n`, func(st *sqlite3.Stmt) error {
			p := PendingWork{N: st.ColumnInt64(0), Letter: mail.LetterID(st.ColumnInt64(1)), At: fromMicros(st.ColumnInt64(3))}
			if err := json.Unmarshal(st.ColumnRawText(2), &p.Act); err != nil {
				return fmt.Errorf("decode act: %w", err)
			}
			list = append(list, p)
			return nil
		}, string(account))
	})
	return list, err
}

// WorkDone records that the office has followed, and what it says of the letter now.
func (s *Store) WorkDone(ctx context.Context, account mail.AccountID, n int64, w mail.Work) error {
	return s.endWork(ctx, account, n, func(b *bench) error { return b.said(w) })
}

// WorkRefused takes back what the office will not do.
func (s *Store) WorkRefused(ctx context.Context, account mail.AccountID, n int64) error {
	return s.endWork(ctx, account, n, nil)
}

func (s *Store) endWork(ctx context.Context, account mail.AccountID, n int64, then func(*bench) error) error {
	return s.write(ctx, "finish work", func(t *tx) error {
		b, err := t.bench(account)
		if err != nil {
			return err
		}
		key, err := t.text("SELECT key FROM work_act WHERE n=? AND account=?", n, b.n)
		if err != nil || key == "" { // done twice is done
			return err
		}
		if err := t.exec("DELETE FROM work_act WHERE n=?", n); err != nil {
			return err
		}
		if then != nil {
			if err := then(b); err != nil {
				return err
			}
		}
		return b.settle(key)
	})
}

// LapseClaims ends claims that began before a moment: who wrote is gone, or nobody could tell us.
func (s *Store) LapseClaims(ctx context.Context, account mail.AccountID, before time.Time) error {
	var old int64
	err := s.read(ctx, "look for old claims", func(c *conn) (err error) {
		old, _, err = c.int("SELECT 1 FROM work w JOIN account a ON a.n=w.account WHERE a.id=? AND w.claimed>0 AND w.claimed<? LIMIT 1",
			string(account), before)
		return err
	})
	if err != nil || old == 0 {
		return err
	}
	return s.write(ctx, "end old claims", func(t *tx) error {
		b, err := t.bench(account)
		if err != nil {
			return err
		}
		var keys []string
		if err := t.each("SELECT key FROM work WHERE account=? AND claimed>0 AND claimed<?", func(st *sqlite3.Stmt) error {
			keys = append(keys, st.ColumnText(0))
			return nil
		}, b.n, before); err != nil {
			return err
		}
		for _, key := range keys {
			base, _, err := b.base(key)
			if err != nil {
				return err
			}
			base.Claim = mail.Person{}
			if !b.account.Shared { // keywords still say it: that it was seen must not be forgotten
				base.ClaimSince = time.Time{}
			}
			if err := b.put(key, &base); err != nil {
				return err
			}
		}
		return nil
	})
}

// bench is where the work of one box is changed in a transaction.
type bench struct {
	*tx
	n       int64
	account mail.Account
}

func (t *tx) bench(id mail.AccountID) (*bench, error) {
	b := &bench{tx: t}
	err := t.each("SELECT n, data FROM account WHERE id=?", func(st *sqlite3.Stmt) error {
		b.n = st.ColumnInt64(0)
		if err := json.Unmarshal(st.ColumnRawText(1), &b.account); err != nil {
			return fmt.Errorf("decode account: %w", err)
		}
		return nil
	}, string(id))
	if err == nil && b.n == 0 {
		err = &mail.Fault{Kind: mail.Gone, Op: "find account", Detail: string(id)}
	}
	return b, err
}

// me reports whether p is who sits here.
func (b *bench) me(p mail.Person) bool {
	return p.Addr != "" && strings.EqualFold(p.Addr, b.account.Person.Addr)
}

// base is what the office said last.
func (b *bench) base(key string) (w mail.Work, ok bool, err error) {
	text, err := b.text("SELECT coalesce(base,'') FROM work WHERE account=? AND key=?", b.n, key)
	if err != nil || text == "" {
		return mail.Work{Key: key, State: mail.WorkOpen}, false, err
	}
	if err := json.Unmarshal([]byte(text), &w); err != nil {
		return w, false, fmt.Errorf("decode work: %w", err)
	}
	return w, true, nil
}

// said takes one record of the office. An answer that was overtaken on its way changes nothing.
func (b *bench) said(w mail.Work) error {
	old, ok, err := b.base(w.Key)
	if err != nil {
		return err
	}
	if ok && w.Version < old.Version {
		return nil
	}
	return b.put(w.Key, &w)
}

// put keeps a record as the office's.
func (b *bench) put(key string, w *mail.Work) error {
	data, err := json.Marshal(w)
	if err != nil {
		return fmt.Errorf("encode work: %w", err)
	}
	if err := b.exec(`INSERT INTO work VALUES(?,?,'','','',0,'',0,0,?,'') ON CONFLICT DO UPDATE SET base=excluded.base`, b.n, key, string(data)); err != nil {
		return err
	}
	return b.settle(key)
}

// forget drops the records that are not among works.
func (b *bench) forget(works []mail.Work) error {
	kept := map[string]bool{}
	for i := range works {
		kept[works[i].Key] = true
	}
	var drop []string
	if err := b.each("SELECT key FROM work WHERE account=?", func(st *sqlite3.Stmt) error {
		if k := st.ColumnText(0); !kept[k] {
			drop = append(drop, k)
		}
		return nil
	}, b.n); err != nil {
		return err
	}
	for _, k := range drop {
		if err := b.exec("UPDATE work SET base=NULL WHERE account=? AND key=?", b.n, k); err != nil {
			return err
		}
		if err := b.settle(k); err != nil {
			return err
		}
	}
	// The versions of another count say nothing any more: whatever comes is newer.
	return b.exec("UPDATE work SET base=NULL WHERE account=?", b.n)
}

// settle makes the view of a letter's work what the office said with the pending acts on top, and the letter what that means.
func (b *bench) settle(key string) error {
	view, said, err := b.base(key)
	if err != nil {
		return err
	}
	acts := 0
	err = b.each("SELECT data, toname, at FROM work_act WHERE account=? AND key=? ORDER BY n", func(st *sqlite3.Stmt) error {
		var a api.Act
		if err := json.Unmarshal(st.ColumnRawText(0), &a); err != nil {
			return fmt.Errorf("decode act: %w", err)
		}
		acts++
		do(&view, a, b.account.Person, mail.Person{Addr: a.To, Name: st.ColumnText(1)}, fromMicros(st.ColumnInt64(2)))
		return nil
	}, b.n, key)
	if err != nil {
		return err
	}
	if !said && acts == 0 {
		err = b.exec("DELETE FROM work WHERE account=? AND key=?", b.n, key)
	} else {
		err = b.keep(key, view)
	}
	if err != nil {
		return err
	}
	return b.reach(key, view)
}

// keep writes the view and the columns taken from it.
func (b *bench) keep(key string, view mail.Work) error {
	data, err := json.Marshal(view)
	if err != nil {
		return fmt.Errorf("encode work: %w", err)
	}
	writing := ""
	if view.Claim.Addr != "" && !b.me(view.Claim) {
		writing = nameOf(view.Claim)
	}
	claimed := time.Time{}
	if view.Claim.Addr != "" {
		claimed = view.ClaimSince
	}
	return b.exec(`INSERT INTO work VALUES(?,?,?,?,?,?,?,?,?,NULL,?) ON CONFLICT DO UPDATE SET state=excluded.state, holder=excluded.holder,
		name=excluded.name, mine=excluded.mine, writing=excluded.writing, claimed=excluded.claimed, reopened=excluded.reopened, view=excluded.view`,
		b.n, key, string(view.State), strings.ToLower(view.Holder.Addr), nameOf(view.Holder), b.me(view.Holder), writing, claimed, view.Reopened, string(data))
}

func nameOf(p mail.Person) string {
	if p.Name == "" {
		return p.Addr
	}
	return p.Name
}

// reach tells of a change of work, and decides anew whether its letters await an answer and by when. A due date that the people of
// the box agreed on stands where the person's own stands in other boxes.
func (b *bench) reach(key string, view mail.Work) error {
	var rows []row
	if err := b.each("SELECT id, coalesce(folder,0), duty, mhash FROM letter WHERE account=? AND wkey=?", func(st *sqlite3.Stmt) error {
		rows = append(rows, row{
			id: mail.LetterID(st.ColumnInt64(0)), account: b.n, folder: mail.FolderID(st.ColumnInt64(1)), duty: st.ColumnBool(2), mhash: st.ColumnInt64(3),
		})
		return nil
	}, b.n, key); err != nil {
		return err
	}
	for _, l := range rows {
		b.touch(b.account.ID, l.folder)
		b.tell(mail.Event{Kind: mail.WorkChanged, Account: b.account.ID, Letter: l.id})
		if err := b.settleAwaits(l); err != nil {
			return err
		}
		if b.account.Shared {
			continue // keywords carry no dates
		}
		var err error
		if view.Due.IsZero() {
			err = b.exec("DELETE FROM due WHERE account=? AND mhash=? AND letter=?", b.n, l.mhash, l.personalKey())
		} else {
			err = b.exec("INSERT INTO due VALUES(?,?,?,?,?) ON CONFLICT DO UPDATE SET at=excluded.at, reason=excluded.reason",
				b.n, l.mhash, l.personalKey(), view.Due, cmp.Or(view.DueReason, view.Instruction))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// do does an act on a record as the office does where nothing contradicts it.
func do(w *mail.Work, a api.Act, me, to mail.Person, at time.Time) {
	free := func() { w.Claim, w.ClaimSince = mail.Person{}, time.Time{} }
	switch a.Do {
	case api.ActTake:
		w.State, w.Holder, w.AssignedBy, w.Instruction = mail.WorkDoing, me, mail.Person{}, ""
	case api.ActAssign:
		w.State, w.Holder, w.AssignedBy, w.Instruction = mail.WorkDoing, to, me, a.Text
		if !a.Due.IsZero() {
			w.Due, w.DueReason = a.Due, ""
		}
	case api.ActReturn:
		w.State, w.Holder, w.AssignedBy, w.Instruction = mail.WorkOpen, mail.Person{}, mail.Person{}, ""
	case api.ActClaim:
		w.Claim, w.ClaimSince = me, at
	case api.ActRelease:
		if strings.EqualFold(w.Claim.Addr, me.Addr) {
			free()
		}
	case api.ActNote:
		w.Notes = append(w.Notes[:len(w.Notes):len(w.Notes)], mail.WorkNote{By: me, At: at, Text: a.Text})
	case api.ActExcuse:
		w.State, w.Reason, w.Reopened = mail.WorkExcused, a.Text, time.Time{}
		free()
	case api.ActReopen:
		w.State, w.Holder, w.AssignedBy, w.Instruction = mail.WorkOpen, mail.Person{}, mail.Person{}, ""
		w.AnsweredBy, w.AnsweredAt, w.Reason, w.Reopened = mail.Person{}, time.Time{}, "", at
	case api.ActDefer:
		w.Due, w.DueReason = a.Due, a.Text
	case api.ActAnswer:
		w.State, w.AnsweredBy, w.AnsweredAt, w.Reopened = mail.WorkAnswered, me, at, time.Time{}
		free()
	}
}
