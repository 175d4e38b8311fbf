package office

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"slices"
	"sync"
	"time"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/rule"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
	"hopthu/mail/server/internal/register"
)

// opened remembers which boxes were opened today, so that only the first time costs a write.
type opened struct {
	mu   sync.Mutex
	days map[box.AccountID]time.Time
}

func newOpened() *opened { return &opened{days: map[box.AccountID]time.Time{}} }

func (o *opened) has(b box.AccountID, day time.Time) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.days[b].Equal(day)
}

func (o *opened) put(b box.AccountID, day time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.days[b] = day
}

// Opened takes note that a person opened the inbox of a box: the first time of each day is the daily record's (QC 9).
func (o *Office) Opened(ctx context.Context, b, person box.AccountID) error {
	day := rule.Day(o.opt.Now())
	if o.days.has(b, day) {
		return nil
	}
	err := o.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		return tx.Q.MarkOpened(ctx, storedb.MarkOpenedParams{AccountID: int64(b), Day: day.UnixMicro(), At: tx.Now.UnixMicro(), PersonID: int64(person)})
	})
	if err == nil {
		o.days.put(b, day)
	}
	return fault("note opening", err)
}

// maxNamed bounds how many recipients of one letter, and letters named by one answer, are looked up.
const (
	maxRecipients = 2000
	maxNamed      = 50
)

// Arrived writes the duties that a delivered letter lays on its boxes (QC 9, D9), in the transaction of the delivery. Letters that
// a client or an import puts into a box did not arrive: the record is of what the server itself brought.
func (o *Office) Arrived(ctx context.Context, tx *db.Tx, a box.Arrival) error {
	h := *a.Fields
	if h.Automatic || len(h.To) == 0 || len(h.To) > maxRecipients {
		return nil
	}
	owners := map[string]box.AccountID{}
	owner := func(addr string) (box.AccountID, error) {
		if id, ok := owners[addr]; ok || !o.reg.Here(addr) {
			return id, nil
		}
		id, err := o.reg.LookupTx(ctx, tx, addr)
		if mail.KindOf(err) == mail.BadAddress {
			err = nil
		}
		owners[addr] = id
		return id, err
	}
	to, from := map[box.AccountID]string{}, map[box.AccountID][]string{} // as the letter spells them; each name is looked at once
	for _, t := range h.To {
		id, err := owner(t.Addr)
		if err != nil {
			return err
		}
		if _, ok := to[id]; !ok {
			to[id] = t.Addr
		}
	}
	writers := slices.Clone(h.From)
	if h.Sender.Addr != "" {
		writers = append(writers, h.Sender)
	}
	for _, w := range writers {
		id, err := owner(w.Addr)
		if err != nil {
			return err
		}
		from[id] = append(from[id], w.Addr)
	}
	key := mail.LetterKey(h)
	for _, in := range a.In {
		addr, ok := to[in.Account]
		if !ok || in.Account == 0 {
			continue
		}
		own := h
		own.To, own.Received = []mail.Address{{Addr: addr}}, in.Received // the others in To are nothing to this box
		if err := o.addDuty(ctx, tx, key, own, mail.Account{Address: addr, Aliases: from[in.Account]}, in.Account, a.Blob); err != nil {
			return err
		}
	}
	return nil
}

func (o *Office) addDuty(ctx context.Context, tx *db.Tx, key string, h mail.Head, acc mail.Account, b box.AccountID, blob box.Hash) error {
	if !rule.Duty(h, acc) {
		return nil
	}
	due, why, _ := rule.Term(h, mail.Deadline{}, o.opt.Calendar, o.opt.Days)
	p := storedb.AddDutyParams{
		AccountID: int64(b), LetterKey: key, MessageID: h.MessageID, ReceivedAt: micros(h.Received), DueAt: micros(due), BlobHash: []byte{},
	}
	if why != mail.DueSubject { // its own words may name another day; they are read later
		p.BlobHash = blob[:]
	}
	return tx.Q.AddDuty(ctx, p)
}

// Sent is a letter that was submitted: from which box, by whom, and its header.
type Sent struct {
	Box, Person box.AccountID
	Fields      *mail.Head
	shared      bool // several work in the box
}

// SentTx takes note, in the transaction that accepts a letter, of what it answers: letters of the same box that its In-Reply-To
// and References name are answered, from whatever client it came (QC 14.3). Forwarding names nobody.
func (o *Office) SentTx(ctx context.Context, tx *db.Tx, s Sent) error {
	h := s.Fields
	ids := slices.Concat(h.InReplyTo, h.References[max(0, len(h.References)-maxNamed):])
	if len(ids) == 0 {
		return nil
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	owner, err := tx.Q.GetHolder(ctx, int64(s.Box))
	if err != nil {
		return err
	}
	s.shared = register.Kind(owner.Kind) == register.Official
	outgoing, err := outgoingFolders(ctx, tx.Q, s.Box)
	if err != nil {
		return err
	}
	for _, id := range ids[:min(len(ids), 2*maxNamed)] {
		if err := o.answer(ctx, tx, s, id, outgoing); err != nil {
			return err
		}
	}
	return nil
}

// outgoingFolders are those whose letters are one's own.
func outgoingFolders(ctx context.Context, q *storedb.Queries, b box.AccountID) (map[int64]bool, error) {
	list, err := q.ListMailboxes(ctx, int64(b))
	out := map[int64]bool{}
	for _, m := range list {
		if r := mail.Role(m.Role); r == mail.RoleSent || r == mail.RoleDrafts {
			out[m.MailboxID] = true
		}
	}
	return out, err
}

// answer marks what a box has under one Message-ID.
func (o *Office) answer(ctx context.Context, tx *db.Tx, s Sent, id string, outgoing map[int64]bool) error {
	keys := map[string]bool{}
	duties, err := tx.Q.FindDuty(ctx, storedb.FindDutyParams{AccountID: int64(s.Box), MessageID: id})
	if err != nil {
		return err
	}
	for _, d := range duties {
		keys[d.LetterKey] = true
	}
	letters, err := tx.Q.AccountLetters(ctx, storedb.AccountLettersParams{MessageID: id, AccountID: int64(s.Box), Most: 20})
	if err != nil {
		return err
	}
	for _, l := range letters {
		if !outgoing[l.MailboxID] {
			var h mail.Head
			letter.ReadHeader(l.Head).Fill(&h)
			keys[mail.LetterKey(h)] = true
		}
	}
	for key := range keys {
		if err := o.answerKey(ctx, tx, s, key); err != nil {
			return err
		}
	}
	return nil
}

func (o *Office) answerKey(ctx context.Context, tx *db.Tx, s Sent, key string) error {
	err := tx.Q.AnswerDuty(ctx, storedb.AnswerDutyParams{AnsweredAt: tx.Now.UnixMicro(), AnsweredBy: int64(s.Person), AccountID: int64(s.Box), LetterKey: key})
	if err != nil {
		return err
	}
	before, there, err := getWork(ctx, tx.Q, s.Box, key)
	if err != nil || !there && !s.shared { // one works alone in one's own box: there is nothing to tell anybody
		return err
	}
	count, err := version(ctx, tx.Q, s.Box)
	if err != nil {
		return err
	}
	after := before.answered(s.Person, tx.Now, count+1)
	if after == before {
		return nil
	}
	return o.keepWork(ctx, tx, s.Box, before, after)
}

const (
	readEvery = 10 * time.Minute // well below the day that a deleted letter's bytes are kept
	readBatch = 100
	maxRead   = 256 << 10 // octets of a letter that are looked through
	keepActs  = 90 * 24 * time.Hour
)

// Run reads the own words of letters that came, for the time limits in them, and follows the marks that letters are given, until
// ctx ends.
func (o *Office) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-o.opt.Wait(readEvery):
		}
		if err := o.Step(ctx); err != nil && ctx.Err() == nil {
			o.opt.Failed(err)
		}
	}
}

// Step is one round of Run.
func (o *Office) Step(ctx context.Context) error {
	var boxes []int64
	err := o.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) (err error) {
		boxes, err = q.UnreadDutyAccounts(ctx)
		return err
	})
	for _, b := range boxes {
		if err == nil {
			err = o.settle(ctx, box.AccountID(b))
		}
	}
	if err == nil {
		err = o.excuseMarked(ctx)
	}
	if err != nil {
		return fault("read letters", err)
	}
	return fault("forget acts", o.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		return tx.Q.DropOldActs(ctx, tx.Now.Add(-keepActs).UnixMicro())
	}))
}

// settle looks through the letters of a box that have not been.
func (o *Office) settle(ctx context.Context, b box.AccountID) error {
	for {
		var list []storedb.Duty
		err := o.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) (err error) {
			list, err = q.UnreadDuty(ctx, storedb.UnreadDutyParams{AccountID: int64(b), Most: readBatch})
			return err
		})
		if err != nil || len(list) == 0 {
			return err
		}
		dues := make([]time.Time, len(list))
		for i, d := range list {
			if dues[i], err = o.term(ctx, d); err != nil {
				return err
			}
		}
		err = o.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			for i, d := range list {
				err := tx.Q.SetDutyTerm(ctx, storedb.SetDutyTermParams{DueAt: micros(dues[i]), BlobHash: []byte{}, AccountID: d.AccountID, LetterKey: d.LetterKey})
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}

// term is by when a letter should be answered, its own words heard (D8). A letter that is gone keeps what its header said.
func (o *Office) term(ctx context.Context, d storedb.Duty) (time.Time, error) {
	due := fromMicros(d.DueAt)
	r, err := o.box.OpenBlob(ctx, box.Hash(d.BlobHash))
	if k := mail.KindOf(err); k == mail.Gone || errors.Is(err, sql.ErrNoRows) {
		return due, nil
	}
	if err != nil {
		return due, err
	}
	raw, err := io.ReadAll(io.LimitReader(r, maxRead))
	if err = errors.Join(err, r.Close()); err != nil {
		return due, err
	}
	l := letter.Parse(raw)
	l.Received = fromMicros(d.ReceivedAt)
	if in, ok := rule.TextDeadline(l, l.Received, o.opt.Calendar); ok {
		due, _, _ = rule.Term(l.Head, in, o.opt.Calendar, o.opt.Days)
	}
	return due, nil
}
