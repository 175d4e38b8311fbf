package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
)

// Report is what a delivery report (RFC 3464) or a receipt (RFC 8098) tells of one of our letters.
type Report struct {
	Letter     mail.LetterID // the report itself
	MessageIDs []string      // any of them names the letter that it is about
	Facts      []Fact
}

// Fact is what became of one recipient. Keys are the names that the report has for it.
type Fact struct {
	Keys  []string
	State mail.DeliveryState
	At    time.Time
	Words string // cleaned of controls
}

// rank orders states: a report only ever takes a recipient forward, so that reports may come in any order and twice.
var rank = map[mail.DeliveryState]int{
	mail.DeliveryQueued: 0, mail.DeliveryAccepted: 1, mail.DeliveryDelayed: 2, mail.DeliveryRelayed: 3, mail.DeliveryFailed: 4,
	mail.DeliveryDelivered: 5, mail.DeliveryRead: 6, mail.DeliveryRefused: 7,
}

// TakeReport notes what a report tells of the recipients of a document that was sent from account. Reports about other
// letters and other recipients change nothing; one that was taken before changes nothing. One that was taken is read with that,
// since the register tells what it says; one of a failure stays unread, and is news.
func (s *Store) TakeReport(ctx context.Context, account mail.AccountID, r Report) error {
	entries, err := s.reported(ctx, account, r.MessageIDs)
	if err != nil || len(entries) == 0 {
		return err
	}
	return s.write(ctx, "take delivery report", func(t *tx) error {
		taken, changed, failed := false, false, false
		for _, id := range entries {
			for _, f := range r.Facts {
				known, news, err := t.fact(id, f)
				if err != nil {
					return err
				}
				taken, changed = taken || known, changed || news
				failed = failed || known && f.State == mail.DeliveryFailed
			}
		}
		if changed {
			t.tell(mail.Event{Kind: mail.RegisterChanged, Account: account})
		}
		if !taken {
			return nil
		}
		return t.readReport(r.Letter, account, failed)
	})
}

// readReport marks a report that was taken as read, or tells that one of a failure came.
func (t *tx) readReport(id mail.LetterID, account mail.AccountID, failed bool) error {
	l, ok, err := t.letter(id)
	if err != nil || !ok || l.folder == 0 {
		return err
	}
	if failed {
		if !l.flags.Has(mail.Seen) {
			t.tell(mail.Event{Kind: mail.NewMail, Account: account, Folder: l.folder, Letter: id})
		}
		return nil
	}
	a := &act{tx: t, kind: OpFlags, ops: map[opKey]int64{}, mute: true}
	return a.flag(l, l.flags|mail.Seen)
}

// onRegister reports an automatic letter that answers a document of the register: most likely a report, which TakeReport
// will read. It is no news before that.
func (n *ingest) onRegister(h *mail.Head, up []int64) (bool, error) {
	if !h.Automatic {
		return false, nil
	}
	for _, m := range up {
		if _, ok, err := n.int("SELECT 1 FROM register WHERE mhash=? AND account=?", m, string(n.folder.Account)); err != nil || ok {
			return ok, err
		}
	}
	return false, nil
}

// reported finds the register lines whose letter has one of these Message-IDs.
func (s *Store) reported(ctx context.Context, account mail.AccountID, ids []string) (list []int64, err error) {
	err = s.read(ctx, "find reported letter", func(c *conn) error {
		for _, m := range ids[:min(len(ids), maxRefs)] {
			h := midHash(m)
			if h == 0 {
				continue
			}
			err := c.each("SELECT id FROM register WHERE mhash=? AND account=?", func(st *sqlite3.Stmt) error {
				if id := st.ColumnInt64(0); !slices.Contains(list, id) {
					list = append(list, id)
				}
				return nil
			}, h, string(account))
			if err != nil {
				return err
			}
		}
		return nil
	})
	return list, err
}

// fact notes one fact: whether it is about a recipient of this line, and whether it is news.
func (t *tx) fact(entry int64, f Fact) (known, changed bool, err error) {
	type place struct {
		n     int64
		state mail.DeliveryState
	}
	var hits []place
	for _, k := range f.Keys {
		err := t.each("SELECT n, state FROM register_to WHERE entry=? AND key=?", func(st *sqlite3.Stmt) error {
			hits = append(hits, place{st.ColumnInt64(0), mail.DeliveryState(st.ColumnText(1))})
			return nil
		}, entry, k)
		if err != nil {
			return false, false, err
		}
	}
	for _, p := range hits {
		if rank[f.State] <= rank[p.state] {
			continue
		}
		changed = true
		if err := t.exec("UPDATE register_to SET state=?, at=?, words=? WHERE entry=? AND n=?", string(f.State), f.At, f.Words, entry, p.n); err != nil {
			return false, false, err
		}
	}
	return len(hits) > 0, changed, nil
}

// registerState brings the register in step with the outbox: what our server took or refused.
func (t *tx) registerState(o Outgoing, to mail.OutboxState, u OutUpdate) error {
	entry, ok, err := t.int("SELECT id FROM register WHERE outgoing=?", o.Item.ID)
	if err != nil || !ok || to != mail.OutSent && to != mail.OutRefused {
		return err
	}
	at := o.Item.Submitted
	if at.IsZero() {
		at = t.s.opts.Now()
	}
	type to1 struct {
		n    int64
		rcpt string
	}
	var queued []to1
	err = t.each("SELECT n, rcpt FROM register_to WHERE entry=? AND state='queued'", func(st *sqlite3.Stmt) error {
		queued = append(queued, to1{st.ColumnInt64(0), st.ColumnText(1)})
		return nil
	}, entry)
	if err != nil {
		return err
	}
	for _, x := range queued {
		state, words := mail.DeliveryAccepted, ""
		if to == mail.OutRefused {
			state, words = mail.DeliveryRefused, o.Item.Reply
		}
		for addr, said := range u.Refused {
			if strings.EqualFold(addr, x.rcpt) {
				state, words = mail.DeliveryRefused, said
			}
		}
		if err := t.exec("UPDATE register_to SET state=?, at=?, words=? WHERE entry=? AND n=?", string(state), at, words, entry, x.n); err != nil {
			return err
		}
	}
	if to == mail.OutSent {
		if err := t.exec("UPDATE register SET sent=? WHERE id=? AND sent=0", at, entry); err != nil {
			return err
		}
	}
	t.tell(mail.Event{Kind: mail.RegisterChanged, Account: o.Item.Account})
	return nil
}
