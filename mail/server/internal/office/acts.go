package office

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/rule"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
	"hopthu/mail/server/internal/register"
)

// Act changes the work on one letter (QC 14.3) and gives the record as it is then. The act, its row in the log and the mark by
// which it is known again are one transaction.
func (o *Office) Act(ctx context.Context, who register.Actor, a api.Act) (mail.Work, error) {
	parsed, err := read(a)
	if err != nil {
		return mail.Work{}, err
	}
	b, err := o.lookup(ctx, "act", a.Box)
	if err != nil {
		return mail.Work{}, err
	}
	if a.Do == api.ActAssign {
		to, err := o.reg.Lookup(ctx, a.To)
		if err != nil {
			return mail.Work{}, err
		}
		parsed.to = to.Account
	}
	var after work
	var notes []storedb.WorkNote
	err = o.db.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if after, err = o.actTx(ctx, tx, who, b, a, parsed); err != nil {
			return err
		}
		notes, err = tx.Q.WorkNotes(ctx, storedb.WorkNotesParams{AccountID: int64(b.Account), LetterKey: a.Key})
		return err
	})
	if err != nil {
		return mail.Work{}, o.named(ctx, fault("act", err))
	}
	return after.public(ctx, o.people(), notes)
}

func (o *Office) actTx(ctx context.Context, tx *db.Tx, who register.Actor, b register.Box, a api.Act, parsed act) (work, error) {
	if who.Account == b.Account && b.Kind == register.Official { // a shared password is nobody's signature
		return work{}, notYours("act")
	}
	h, err := o.handTx(ctx, tx, who.Account, b.Account)
	if err != nil {
		return work{}, err
	}
	w, _, err := getWork(ctx, tx.Q, b.Account, a.Key)
	if err != nil {
		return w, err
	}
	known, err := o.known(ctx, tx, who.Account, a)
	if known || err != nil { // what was done before the box was frozen is done
		return w, err
	}
	if frozen, err := o.reg.FrozenTx(ctx, tx, b.Account); err != nil {
		return w, err
	} else if frozen { // QC 14.2
		return w, conflict(Frozen, 0)
	}
	if parsed.to != 0 {
		if st, err := o.reg.MayActTx(ctx, tx, parsed.to, b.Account); err != nil {
			return w, err
		} else if st.Scope < mail.ScopeRead {
			return w, &mail.Fault{Kind: mail.BadAddress, Op: "assign letter"}
		}
	}
	count, err := version(ctx, tx.Q, b.Account)
	if err != nil {
		return w, err
	}
	after, err := w.apply(parsed, h, tx.Now, count+1)
	if err != nil || after == w {
		return w, err
	}
	if err := o.keepWork(ctx, tx, b.Account, w, after); err != nil || after.version == w.version { // a claim goes on: no news
		return after, err
	}
	if a.Do == api.ActNote || a.Do == api.ActAnswer {
		if err := addNote(ctx, tx, b.Account, who.Account, after, parsed.text); err != nil {
			return w, err
		}
	}
	return after, o.remember(ctx, tx, who, b, a)
}

// handTx is what somebody may do in a box, as of this transaction.
func (o *Office) handTx(ctx context.Context, tx *db.Tx, person, b box.AccountID) (hand, error) {
	st, err := o.reg.MayActTx(ctx, tx, person, b)
	if err != nil {
		return hand{}, err
	}
	if st.Scope < mail.ScopeRead {
		return hand{}, notYours("act")
	}
	chief, err := o.reg.ChiefTx(ctx, tx, b)
	return hand{who: person, scope: st.Scope, chief: chief == person}, err
}

// known says whether an act was done before. The same id on another act is not the same act.
func (o *Office) known(ctx context.Context, tx *db.Tx, person box.AccountID, a api.Act) (bool, error) {
	list, err := tx.Q.FindAct(ctx, storedb.FindActParams{PersonID: int64(person), ActID: a.ID})
	if err != nil || len(list) == 0 {
		return false, err
	}
	if !bytes.Equal(list[0].Digest, digestOf(a)) {
		return false, conflict(Repeated, 0)
	}
	return true, nil
}

func digestOf(a api.Act) []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q %d %q", a.Box, a.Key, a.Do, a.To, a.Due.Unix(), a.Text))
	return sum[:]
}

func (o *Office) remember(ctx context.Context, tx *db.Tx, who register.Actor, b register.Box, a api.Act) error {
	detail := a.Key
	if a.To != "" {
		detail += " " + a.To
	}
	if err := o.reg.NoteTx(ctx, tx, who, "work-"+a.Do, b.Wire, detail); err != nil {
		return err
	}
	return tx.Q.AddAct(ctx, storedb.AddActParams{PersonID: int64(who.Account), ActID: a.ID, At: tx.Now.UnixMicro(), Digest: digestOf(a)})
}

func addNote(ctx context.Context, tx *db.Tx, b, person box.AccountID, w work, text string) error {
	n, err := tx.Q.CountWorkNotes(ctx, storedb.CountWorkNotesParams{AccountID: int64(b), LetterKey: w.key})
	if err != nil {
		return err
	}
	if n >= maxNotes {
		return &mail.Fault{Kind: mail.TooBig, Op: "add note"}
	}
	return tx.Q.AddWorkNote(ctx, storedb.AddWorkNoteParams{
		AccountID: int64(b), LetterKey: w.key, Version: w.version, PersonID: int64(person), At: tx.Now.UnixMicro(), Body: text,
	})
}

// lookEvery is how often one who waits looks by himself: for what another process changed, for a claim that ended, and
// whether he may still look.
const lookEvery = time.Second

// MaxWait is the longest that Works waits.
const MaxWait = 50 * time.Second

// Works gives what changed in a box after a version, and waits up to wait for something. Whoever asks with 0, or with a version
// that the box never had (a backup was brought back), gets everything and is told to forget what he had.
func (o *Office) Works(ctx context.Context, person box.AccountID, addr string, since int64, wait time.Duration) (api.Works, error) {
	end := o.opt.Wait(min(max(wait, 0), MaxWait))
	for {
		b, err := o.open(ctx, "follow work", person, addr)
		if err != nil {
			return api.Works{}, err
		}
		more := o.news.next(b.Account)
		if err := o.expire(ctx, b.Account); err != nil {
			return api.Works{}, err
		}
		out, fresh, err := o.worksSince(ctx, b.Account, since)
		if err != nil || fresh || wait <= 0 {
			return out, err
		}
		select {
		case <-more:
		case <-o.opt.Wait(lookEvery):
		case <-end:
			return out, nil
		case <-ctx.Done():
			return out, &mail.Fault{Kind: mail.TryLater, Op: "follow work", Err: ctx.Err()}
		}
	}
}

func (o *Office) worksSince(ctx context.Context, b box.AccountID, since int64) (out api.Works, fresh bool, err error) {
	var rows []storedb.Work
	notes := map[string][]storedb.WorkNote{}
	err = o.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		clear(notes)
		if out.Version, err = version(ctx, q, b); err != nil {
			return err
		}
		if fresh = out.Version != since; !fresh {
			return nil
		}
		if out.Reset = since <= 0 || since > out.Version; out.Reset {
			since = 0
		}
		if rows, err = q.WorksSince(ctx, storedb.WorksSinceParams{AccountID: int64(b), Since: since}); err != nil {
			return err
		}
		list, err := q.WorkNotesSince(ctx, storedb.WorkNotesSinceParams{AccountID: int64(b), Since: since})
		for _, n := range list {
			notes[n.LetterKey] = append(notes[n.LetterKey], n)
		}
		return err
	})
	if err != nil {
		return out, false, fault("read work", err)
	}
	names := o.people()
	out.Works = make([]mail.Work, 0, len(rows))
	for _, r := range rows {
		w, err := workFrom(r).public(ctx, names, notes[r.LetterKey])
		if err != nil {
			return out, false, err
		}
		out.Works = append(out.Works, w)
	}
	return out, fresh, nil
}

// expire ends the claims of a box that were not renewed, so that everybody is told.
func (o *Office) expire(ctx context.Context, b box.AccountID) error {
	stale := func(ctx context.Context, q *storedb.Queries, now time.Time) ([]storedb.Work, error) {
		return q.StaleClaims(ctx, storedb.StaleClaimsParams{AccountID: int64(b), Now: now.UnixMicro()})
	}
	var some bool
	err := o.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		list, err := stale(ctx, q, o.opt.Now())
		some = len(list) > 0
		return err
	})
	if err != nil || !some {
		return fault("end claims", err)
	}
	return fault("end claims", o.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		list, err := stale(ctx, tx.Q, tx.Now)
		if err != nil {
			return err
		}
		for _, r := range list {
			count, err := version(ctx, tx.Q, b)
			if err != nil {
				return err
			}
			before := workFrom(r)
			if after, over := before.expired(tx.Now, count+1); over {
				if err := o.keepWork(ctx, tx, b, before, after); err != nil {
					return err
				}
			}
		}
		return nil
	}))
}

// Colleagues lists who may work in a box: who has how many letters, and who is away today.
func (o *Office) Colleagues(ctx context.Context, person box.AccountID, addr string) ([]mail.Colleague, error) {
	b, err := o.open(ctx, "list colleagues", person, addr)
	if err != nil {
		return nil, err
	}
	members, err := o.reg.Members(ctx, b.Account)
	if err != nil {
		return nil, err
	}
	has := map[int64]int{}
	today := rule.Day(o.opt.Now())
	out := make([]mail.Colleague, 0, len(members))
	err = o.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		clear(has)
		out = out[:0]
		held, err := q.CountHeld(ctx, int64(b.Account))
		if err != nil {
			return err
		}
		for _, h := range held {
			has[h.HolderID] = int(h.Letters)
		}
		for _, m := range members {
			away, err := absences(ctx, q, m.Box.Account, today, today)
			if err != nil {
				return err
			}
			c := mail.Colleague{Person: m.Box.AsPerson(), Scope: m.Scope, Chief: m.Chief, Has: has[int64(m.Box.Account)]}
			if len(away) > 0 {
				c.Away = away[0]
				c.Away.Person, c.Away.Note = mail.Person{}, "" // what for is nobody's business
			}
			out = append(out, c)
		}
		return nil
	})
	return out, fault("list colleagues", err)
}
