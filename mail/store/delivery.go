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
	MessageIDs []string // any of them names the letter
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
// letters and other recipients change nothing; one that was taken before changes nothing.
func (s *Store) TakeReport(ctx context.Context, account mail.AccountID, r Report) error {
	entries, err := s.reported(ctx, account, r.MessageIDs)
	if err != nil || len(entries) == 0 {
		return err
	}
	return s.write(ctx, "take delivery report", func(t *tx) error {
		changed := false
		for _, id := range entries {
			for _, f := range r.Facts {
				hit, err := t.fact(id, f)
				if err != nil {
					return err
				}
				changed = changed || hit
			}
		}
		if changed {
			t.tell(mail.Event{Kind: mail.RegisterChanged, Account: account})
		}
		return nil
	})
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

func (t *tx) fact(entry int64, f Fact) (changed bool, err error) {
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
			return false, err
		}
	}
	for _, p := range hits {
		if rank[f.State] <= rank[p.state] {
			continue
		}
		changed = true
		if err := t.exec("UPDATE register_to SET state=?, at=?, words=? WHERE entry=? AND n=?", string(f.State), f.At, f.Words, entry, p.n); err != nil {
			return false, err
		}
	}
	return changed, nil
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
