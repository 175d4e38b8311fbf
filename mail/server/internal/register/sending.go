package register

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
)

// Details of a Refused that comes of whose name a letter carries.
const (
	NotFrom     = "from"         // not an address that the person may send from
	NotSender   = "sender"       // the Sender is not the person who has logged in
	OnlyAnswers = "answers-only" // his delegation allows answers to letters of the box, and this is none
)

// Frozen is the Detail of a TryLater: nothing leaves a box while it changes hands (QC 14.2).
const Frozen = "frozen"

// SendsAs says whose box an address is that a session wants to send from: its own, or an agency's where the person who
// has logged in may at least answer (QC 14.1). What he may send in its name is decided when the letter is taken, by
// MaySendTx. Kind Refused, Detail NotFrom, TooMuch or Over; TryLater, Detail Frozen.
func (r *Register) SendsAs(ctx context.Context, s *Session, addr string) (box.AccountID, error) {
	wire, here := r.wireOf(addr)
	if !here || !strings.Contains(addr, "@") {
		return 0, &mail.Fault{Kind: mail.Refused, Op: "check sender", Detail: NotFrom}
	}
	var st Standing
	var owner int64
	err := r.db.Look(ctx, func(ctx context.Context, q *storedb.Queries) error {
		row, err := q.FindAddress(ctx, wire)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if s.Acting() && box.AccountID(row.AccountID) != s.Box.Account { // who acts for one speaks for no other
			return nil
		}
		owner = row.AccountID
		st, err = standing(ctx, q, int64(s.Person.Account), owner, r.opt.Now())
		return err
	})
	switch {
	case err != nil:
		return 0, fault("check sender", err)
	case st.Scope == mail.ScopeNone && s.Acting() && owner != 0:
		return 0, &mail.Fault{Kind: mail.Refused, Op: "check sender", Detail: Over}
	case st.Scope == mail.ScopeNone:
		return 0, &mail.Fault{Kind: mail.Refused, Op: "check sender", Detail: NotFrom}
	case st.Frozen:
		return 0, &mail.Fault{Kind: mail.TryLater, Op: "check sender", Detail: Frozen}
	case st.Scope < Needed(Answer, mail.RoleNone):
		return 0, &mail.Fault{Kind: mail.Refused, Op: "check sender", Detail: TooMuch}
	}
	return box.AccountID(owner), nil
}

// MaySendTx looks, inside the transaction that takes a letter, whether a person may send it in the name of a box at this
// moment; answers says that it answers a letter of the box, official that the box is an agency's (QC 4). Kind Refused, Detail Over, TooMuch or OnlyAnswers; TryLater,
// Detail Frozen.
func (r *Register) MaySendTx(ctx context.Context, tx *db.Tx, person, b box.AccountID, answers bool) (official bool, err error) {
	st, kind, err := standingOf(ctx, tx.Q, int64(person), int64(b), tx.Now)
	switch {
	case err != nil:
		return false, err
	case st.Scope == mail.ScopeNone:
		return false, &mail.Fault{Kind: mail.Refused, Op: "send", Detail: Over}
	case st.Frozen:
		return false, &mail.Fault{Kind: mail.TryLater, Op: "send", Detail: Frozen}
	case st.Scope < Needed(Answer, mail.RoleNone):
		return false, &mail.Fault{Kind: mail.Refused, Op: "send", Detail: TooMuch}
	case st.Scope < Needed(Issue, mail.RoleNone) && !answers:
		return false, &mail.Fault{Kind: mail.Refused, Op: "send", Detail: OnlyAnswers}
	}
	return kind == Official, nil
}

// SentAs is one letter that left in an agency's name (QC 12.1): times and addresses, nothing else. By is the agency itself
// where its own password was used.
type SentAs struct {
	At        time.Time
	By        mail.Person
	To        []string
	Size      int64
	MessageID string
	QueueID   string
}

// NoteSentTx writes down who sent a letter in an agency's name, in the transaction that takes it. At and By of the row are
// filled in.
func (r *Register) NoteSentTx(ctx context.Context, tx *db.Tx, b, person box.AccountID, remote string, s SentAs) error {
	h, err := tx.Q.GetHolder(ctx, int64(b))
	if err != nil {
		return err
	}
	err = tx.Q.AddSentAs(ctx, storedb.AddSentAsParams{
		AccountID: int64(b), At: tx.Now.UnixMicro(), QueueID: s.QueueID, PersonID: int64(person),
		Recipients: strings.Join(s.To, "\n"), Size: s.Size, MessageID: s.MessageID,
	})
	who := Actor{Account: person, Remote: remote, Door: SMTP}
	return errors.Join(err, note(ctx, tx, who, "sent-as", r.full(h.Wire), s.QueueID))
}

const maxSends = 10000 // of one answer

// Sends lists who sent what in the agency's name from a moment until before another, the oldest first: to the head and the
// administrator. Kind Refused, Detail NotYours or NotHead.
func (r *Register) Sends(ctx context.Context, who Actor, b box.AccountID, from, until time.Time) (out []SentAs, err error) {
	now := r.opt.Now()
	err = r.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		if err := mayGovern(ctx, q, "list sent letters", who, int64(b), now); err != nil {
			return err
		}
		list, err := q.ListSentAs(ctx, storedb.ListSentAsParams{
			AccountID: int64(b), After: from.UnixMicro(), Before: until.UnixMicro(), Most: maxSends,
		})
		if err != nil {
			return err
		}
		for _, s := range list {
			by, err := r.personBy(ctx, q, s.PersonID)
			if err != nil {
				return err
			}
			out = append(out, SentAs{
				At: time.UnixMicro(s.At).UTC(), By: by, To: strings.Split(s.Recipients, "\n"), Size: s.Size,
				MessageID: s.MessageID, QueueID: s.QueueID,
			})
		}
		return nil
	})
	return out, fault("list sent letters", err)
}
