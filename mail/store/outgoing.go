package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
)

// Outgoing is one finished letter on its way out. From and To are its envelope (RFC 5321 2.3.1).
type Outgoing struct {
	Item     mail.OutboxItem
	From     string
	To       []string
	UTF8     bool // needs SMTPUTF8 (RFC 6531)
	DSN      bool // asks for delivery notifications (RFC 3461)
	Raw      []byte
	Draft    mail.DraftLetter // kept to be given back; ID 0 if it was never saved
	Answers  mail.LetterID    // the letter it answers or forwards, 0 if none
	Forwards bool
	Verdict  []mail.Finding    // what the check found; nil only if it found nothing
	Checked  bool              // the check was made: nothing leaves without it
	Reasons  map[string]string // why each Ask finding was answered yes, by code
	Refused  map[string]string // recipients refused while others were accepted: address → server's words
	parents  []string          // Message-IDs that it answers
}

// outData is the part of an outgoing letter that no query asks about.
type outData struct {
	From      string
	To        []string
	UTF8, DSN bool
	Verdict   []mail.Finding
	Reasons   map[string]string
	Refused   map[string]string
	Parents   []string // Message-IDs that it answers
}

// OutUpdate is what a change of state records besides.
type OutUpdate struct {
	Reply     string
	Next      time.Time
	Tried     bool // one more try
	Submitted time.Time
	Filed     time.Time         // set when the copy is known to stand in Sent: nothing is filed then
	Refused   map[string]string // recipients refused one by one
}

// AddOutgoing takes a finished letter in one transaction: bytes, envelope, verdict, and the draft hidden. Item.Next is
// the end of its undo time. Kind Blocked without a verdict or with a finding that forbids it, Conflict if the draft is
// on its way already.
func (s *Store) AddOutgoing(ctx context.Context, o Outgoing) (id mail.OutboxID, err error) {
	const op = "put into outbox"
	if err := finished(op, o); err != nil {
		return 0, err
	}
	err = s.write(ctx, op, func(t *tx) error {
		id, err = t.addOutgoing(o)
		return err
	})
	return id, err
}

// finished says why a letter may not enter the outbox.
func finished(op string, o Outgoing) error {
	for _, f := range o.Verdict {
		if f.Verdict == mail.Block {
			return &mail.Fault{Kind: mail.Blocked, Op: op, Detail: f.Clause}
		}
	}
	if o.Verdict == nil && !o.Checked {
		return &mail.Fault{Kind: mail.Blocked, Op: op, Detail: "not checked"}
	}
	if len(o.To) == 0 || len(o.Raw) == 0 || o.Item.MessageID == "" {
		return &mail.Fault{Kind: mail.BadAddress, Op: op, Detail: "letter is not finished"}
	}
	return nil
}

func (t *tx) addOutgoing(o Outgoing) (mail.OutboxID, error) {
	now := t.s.opts.Now()
	d := o.Draft
	d.Account = o.Item.Account
	if d.ID != 0 {
		if _, ok, err := t.int("SELECT 1 FROM draft WHERE id=? AND outgoing=0", d.ID); err != nil {
			return 0, err
		} else if !ok {
			return 0, &mail.Fault{Kind: mail.Conflict, Op: "put into outbox", Detail: "draft is gone or on its way"}
		}
		if err := t.dropRefused(d.ID); err != nil {
			return 0, err
		}
	}
	// A copy of the draft that is still to be stored on the server would outlive the letter.
	if err := t.cancelAppends(d.Account, mail.RoleDrafts, o.Item.MessageID); err != nil {
		return 0, err
	}
	d.Saved, d.Refusal = now, ""
	if err := t.saveDraft(&d); err != nil {
		return 0, err
	}
	x := outData{From: o.From, To: o.To, UTF8: o.UTF8, DSN: o.DSN, Verdict: o.Verdict, Reasons: o.Reasons}
	if !o.Forwards {
		x.Parents = append(x.Parents, d.References...)
		if d.InReplyTo != "" {
			x.Parents = append(x.Parents, d.InReplyTo)
		}
	}
	data, err := json.Marshal(x)
	if err != nil {
		return 0, fmt.Errorf("encode envelope: %w", err)
	}
	if o.Item.Queued.IsZero() {
		o.Item.Queued = now
	}
	if err := t.exec(`INSERT INTO outgoing(account, state, mid, subject, queued, next, since, tries, reply, submitted, filed,
		draft, answers, forwards, data) VALUES(?,?,?,?,?,?,?,0,'',0,0,?,?,?,?)`, string(o.Item.Account), string(mail.OutQueued),
		o.Item.MessageID, o.Item.Subject, o.Item.Queued, o.Item.Next, now, d.ID, o.Answers, o.Forwards, string(data)); err != nil {
		return 0, err
	}
	id := mail.OutboxID(t.db.LastInsertRowID())
	if err := t.exec("UPDATE draft SET outgoing=? WHERE id=?", id, d.ID); err != nil {
		return 0, err
	}
	t.tell(mail.Event{Kind: mail.OutboxChanged, Account: o.Item.Account})
	t.tell(mail.Event{Kind: mail.DraftsChanged, Account: o.Item.Account})
	return id, t.putChunks(chunkOutgoing, int64(id), bytes.NewReader(o.Raw))
}

const outColumns = `id, account, state, mid, subject, queued, next, tries, reply, submitted, filed, draft, answers, forwards, data
	FROM outgoing `

func (c *conn) outgoing(where string, args ...any) (list []Outgoing, err error) {
	err = c.each("SELECT "+outColumns+where, func(st *sqlite3.Stmt) error {
		var x outData
		if err := json.Unmarshal(st.ColumnRawText(14), &x); err != nil {
			return fmt.Errorf("decode envelope: %w", err)
		}
		list = append(list, Outgoing{
			Item: mail.OutboxItem{
				ID: mail.OutboxID(st.ColumnInt64(0)), Account: mail.AccountID(st.ColumnText(1)), State: mail.OutboxState(st.ColumnText(2)),
				MessageID: st.ColumnText(3), Subject: st.ColumnText(4), To: x.To, Queued: fromMicros(st.ColumnInt64(5)),
				Next: fromMicros(st.ColumnInt64(6)), Tries: st.ColumnInt(7), Reply: st.ColumnText(8),
				Submitted: fromMicros(st.ColumnInt64(9)), Filed: fromMicros(st.ColumnInt64(10)),
			},
			From: x.From, To: x.To, UTF8: x.UTF8, DSN: x.DSN, Draft: mail.DraftLetter{ID: mail.DraftID(st.ColumnInt64(11))}, Answers: mail.LetterID(st.ColumnInt64(12)),
			Forwards: st.ColumnBool(13), Verdict: x.Verdict, Checked: true, Reasons: x.Reasons, Refused: x.Refused, parents: x.Parents,
		})
		return nil
	}, args...)
	return list, err
}

func items(list []Outgoing) []mail.OutboxItem {
	out := make([]mail.OutboxItem, len(list))
	for i := range list {
		out[i] = list[i].Item
	}
	return out
}

// Outbox lists what is not over: letters that have not left, whose outcome is unknown, that were refused, or whose
// copy does not stand in Sent yet; the oldest first.
func (s *Store) Outbox(ctx context.Context) (list []mail.OutboxItem, err error) {
	err = s.read(ctx, "list outbox", func(c *conn) error {
		all, err := c.outgoing("WHERE state<>'sent' OR filed=0 ORDER BY id")
		list = items(all)
		return err
	})
	return list, err
}

// Evidence lists what was sent, newest first, each with the server's words.
func (s *Store) Evidence(ctx context.Context, limit int) (list []mail.OutboxItem, err error) {
	err = s.read(ctx, "list sent letters", func(c *conn) error {
		all, err := c.outgoing("WHERE state='sent' ORDER BY submitted DESC, id DESC LIMIT ?", limit)
		list = items(all)
		return err
	})
	return list, err
}

// OutgoingByID reads one with everything but its bytes. Kind Gone.
func (s *Store) OutgoingByID(ctx context.Context, id mail.OutboxID) (o Outgoing, err error) {
	err = s.read(ctx, "read outgoing letter", func(c *conn) error {
		o, err = c.outgoingByID(id)
		return err
	})
	return o, err
}

func (c *conn) outgoingByID(id mail.OutboxID) (Outgoing, error) {
	list, err := c.outgoing("WHERE id=?", id)
	if err == nil && len(list) == 0 {
		err = gone("read outgoing letter")
	}
	if err != nil {
		return Outgoing{}, err
	}
	return list[0], nil
}

// NextOutgoing gives the letter whose turn it is, with its bytes; false if none is due.
func (s *Store) NextOutgoing(ctx context.Context, now time.Time) (o Outgoing, ok bool, err error) {
	if err := s.rebase(ctx, now); err != nil {
		return o, false, err
	}
	err = s.read(ctx, "find letter to send", func(c *conn) error {
		list, err := c.outgoing("WHERE state IN ('queued','waiting') AND next<=? ORDER BY next, id LIMIT 1", now)
		if err != nil || len(list) == 0 {
			return err
		}
		o = list[0]
		if o.Raw, ok, err = c.chunks(chunkOutgoing, int64(o.Item.ID)); err == nil && !ok {
			return &mail.Fault{Kind: mail.StoreDamaged, Op: "find letter to send", Detail: "letter without bytes"}
		}
		return err
	})
	return o, ok, err
}

// NextDue says when the next letter is due; false if none waits.
func (s *Store) NextDue(ctx context.Context) (at time.Time, ok bool, err error) {
	if err := s.rebase(ctx, s.opts.Now()); err != nil {
		return at, false, err
	}
	err = s.read(ctx, "find next due letter", func(c *conn) error {
		n, found, err := c.int("SELECT min(next) FROM outgoing WHERE state IN ('queued','waiting')")
		at, ok = fromMicros(n), found
		return err
	})
	return at, ok, err
}

// rebase keeps waiting times right when the clock was set back: a letter waits as long as it was to wait, counted
// from now.
func (s *Store) rebase(ctx context.Context, now time.Time) error {
	behind := false
	err := s.read(ctx, "look at the clock", func(c *conn) (err error) {
		_, behind, err = c.int("SELECT 1 FROM outgoing WHERE state IN ('queued','waiting') AND since>? LIMIT 1", now)
		return err
	})
	if err != nil || !behind {
		return err
	}
	return s.write(ctx, "follow the clock", func(t *tx) error {
		t.tell(mail.Event{Kind: mail.OutboxChanged})
		return t.exec("UPDATE outgoing SET next=?+max(next-since,0), since=? WHERE state IN ('queued','waiting') AND since>?", now, now, now)
	})
}

// SetOutState changes a letter's state if it is one of from; false if it is not. Together with it, in the same
// transaction: sent makes the copy for Sent a pending operation and marks the letter answered or forwarded; refused
// gives the draft back with the server's words.
func (s *Store) SetOutState(ctx context.Context, id mail.OutboxID, from []mail.OutboxState, to mail.OutboxState, u OutUpdate) (done bool, err error) {
	err = s.write(ctx, "note state of outgoing letter", func(t *tx) error {
		o, err := t.outgoingByID(id)
		if err != nil || !slices.Contains(from, o.Item.State) {
			return err
		}
		done = true
		return t.setOutState(o, to, u)
	})
	return done && err == nil, err
}

func (t *tx) setOutState(o Outgoing, to mail.OutboxState, u OutUpdate) error {
	it := o.Item
	if u.Reply != "" {
		it.Reply = u.Reply
	}
	if u.Tried {
		it.Tries++
	}
	if !u.Next.IsZero() {
		it.Next = u.Next
	}
	if !u.Submitted.IsZero() {
		it.Submitted = u.Submitted
	}
	if !u.Filed.IsZero() {
		it.Filed = u.Filed
	}
	if err := t.exec("UPDATE outgoing SET state=?, reply=?, tries=?, next=?, since=?, submitted=?, filed=? WHERE id=?",
		string(to), it.Reply, it.Tries, it.Next, t.s.opts.Now(), it.Submitted, it.Filed, it.ID); err != nil {
		return err
	}
	t.tell(mail.Event{Kind: mail.OutboxChanged, Account: it.Account})
	if len(u.Refused) > 0 {
		words, err := json.Marshal(u.Refused)
		if err != nil {
			return fmt.Errorf("encode refusals: %w", err)
		}
		if err := t.exec("UPDATE outgoing SET data=json_set(data, '$.Refused', json(?)) WHERE id=?", string(words), it.ID); err != nil {
			return err
		}
	}
	o.Item = it
	if err := t.registerState(o, to, u); err != nil {
		return err
	}
	switch to {
	case mail.OutSent:
		return t.fileSent(o)
	case mail.OutRefused:
		return t.giveBack(o.Draft.ID, it.Reply)
	case mail.OutQueued, mail.OutSending, mail.OutWaiting, mail.OutUnknown:
	}
	return nil
}

// FileSent makes sure that a sent letter is filed: the copy is a pending operation, its origin is marked. SetOutState
// does it already; doing it twice does nothing.
func (s *Store) FileSent(ctx context.Context, id mail.OutboxID) error {
	return s.write(ctx, "file sent letter", func(t *tx) error {
		o, err := t.outgoingByID(id)
		if err != nil {
			return err
		}
		if o.Item.State != mail.OutSent {
			return &mail.Fault{Kind: mail.Conflict, Op: "file sent letter", Detail: string(o.Item.State)}
		}
		return t.fileSent(o)
	})
}

func (t *tx) fileSent(o Outgoing) error {
	n, err := t.accountNo(o.Item.Account)
	if err != nil {
		return err
	}
	id := o.Item.ID
	_, pending, err := t.int("SELECT 1 FROM op WHERE outgoing=?", id)
	if err != nil {
		return err
	}
	switch {
	case !o.Item.Filed.IsZero():
		err = t.exec("DELETE FROM chunk WHERE kind=3 AND owner=?", id)
	case !pending:
		err = t.exec("INSERT INTO op(account, kind, folder, dest, add_, mid, role, outgoing, rawkind, rawowner) VALUES(?,4,0,0,?,?,'sent',?,3,?)",
			n, mail.Seen, o.Item.MessageID, id, id)
	}
	if err != nil {
		return err
	}
	if err := t.markOrigin(o); err != nil {
		return err
	}
	var up []int64
	for _, m := range o.parents {
		if h := midHash(m); h != 0 {
			up = append(up, h)
		}
	}
	if err := t.answered(n, up, o.Item.Submitted); err != nil {
		return err
	}
	if o.Draft.ID == 0 {
		return nil
	}
	t.tell(mail.Event{Kind: mail.DraftsChanged, Account: o.Item.Account})
	if err := t.dropDraft(o.Draft.ID); err != nil {
		return err
	}
	return t.exec("UPDATE outgoing SET draft=0 WHERE id=?", id)
}

// markOrigin marks the letter that was answered or forwarded, as an act without undo.
func (t *tx) markOrigin(o Outgoing) error {
	if o.Answers == 0 {
		return nil
	}
	l, ok, err := t.letter(o.Answers)
	if err != nil || !ok || l.folder == 0 {
		return err
	}
	flag := mail.Answered
	if o.Forwards {
		flag = mail.Forwarded
	}
	a := &act{tx: t, kind: OpFlags, ops: map[opKey]int64{}, mute: true}
	return a.flag(l, l.flags|flag)
}

// giveBack makes a draft visible again.
func (t *tx) giveBack(id mail.DraftID, refusal string) error {
	if id == 0 {
		return nil
	}
	t.tell(mail.Event{Kind: mail.DraftsChanged})
	return t.exec("UPDATE draft SET outgoing=0, data=json_set(data, '$.Refusal', ?) WHERE id=?", refusal, id)
}

// Recall takes a letter that has not left out of the outbox and gives it back as a draft; false if it is too late.
func (s *Store) Recall(ctx context.Context, id mail.OutboxID) (d mail.DraftLetter, ok bool, err error) {
	err = s.write(ctx, "recall letter", func(t *tx) error {
		o, err := t.outgoingByID(id)
		if err != nil {
			return err
		}
		switch o.Item.State {
		case mail.OutQueued, mail.OutWaiting, mail.OutRefused:
		case mail.OutSending, mail.OutUnknown, mail.OutSent:
			return nil
		}
		if o.Item.State != mail.OutRefused {
			if err := t.giveBack(o.Draft.ID, ""); err != nil {
				return err
			}
		}
		if err := t.exec("DELETE FROM chunk WHERE kind=3 AND owner=?", id); err != nil {
			return err
		}
		if err := t.exec("DELETE FROM outgoing WHERE id=?", id); err != nil {
			return err
		}
		t.tell(mail.Event{Kind: mail.OutboxChanged, Account: o.Item.Account})
		if err := t.dropRegister(o.Item.Account, id); err != nil {
			return err
		}
		list, err := t.drafts("id=?", o.Draft.ID)
		if err == nil && len(list) > 0 {
			d, ok = list[0], true
		}
		return err
	})
	return d, ok && err == nil, err
}

// Sending lists the letters whose sending was under way: after a start, nobody knows how it ended.
func (s *Store) Sending(ctx context.Context) (list []Outgoing, err error) {
	err = s.read(ctx, "list letters being sent", func(c *conn) error {
		list, err = c.outgoing("WHERE state IN ('sending','unknown') ORDER BY id")
		return err
	})
	return list, err
}

// InSent reports whether a letter with this Message-ID stands in a Sent folder of the account.
func (s *Store) InSent(ctx context.Context, account mail.AccountID, messageID string) (bool, error) {
	list, err := s.LettersByMessageID(ctx, account, mail.RoleSent, messageID)
	return len(list) > 0, err
}

// SpentDrafts lists letters in the account's drafts folder whose Message-ID is that of a letter in the outbox, or of one
// that has left from here.
func (s *Store) SpentDrafts(ctx context.Context, account mail.AccountID) (list []mail.LetterID, err error) {
	err = s.read(ctx, "find spent drafts", func(c *conn) error {
		drafts := map[int64][]mail.LetterID{}
		err := c.each(`SELECT l.mhash, l.id FROM letter l JOIN account a ON a.n=l.account JOIN folder f ON f.id=l.folder
			WHERE a.id=? AND f.role='drafts' AND l.uid>0`, func(st *sqlite3.Stmt) error {
			h := st.ColumnInt64(0)
			drafts[h] = append(drafts[h], mail.LetterID(st.ColumnInt64(1)))
			return nil
		}, string(account))
		delete(drafts, 0) // without a Message-ID
		if err != nil || len(drafts) == 0 {
			return err
		}
		return c.each("SELECT mid FROM outgoing WHERE account=?", func(st *sqlite3.Stmt) error {
			list = append(list, drafts[midHash(st.ColumnText(0))]...)
			return nil
		}, string(account))
	})
	return list, err
}
