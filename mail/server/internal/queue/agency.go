package queue

import (
	"context"
	"slices"
	"strings"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/rule"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/register"
)

// maxAncestors is how many of the last References are looked for: a thread may be long.
const maxAncestors = 20

// maySend asks the register, inside the transaction that takes a letter, whether it may go at this moment, and gives
// whether the box is an agency's (QC 4) and the letters of it that are answered: a delegation that ended while the letter was on its way sends nothing (QC 14.1).
func (q *Queue) maySend(ctx context.Context, tx *db.Tx, p *plan) (answers []box.Named, official bool, err error) {
	if p.e.Account == 0 {
		return nil, false, nil
	}
	named, err := q.box.NamedTx(ctx, tx, p.e.Account, ancestors(p.st.Fields()))
	if err != nil {
		return nil, false, err
	}
	for _, n := range named {
		if n.Role != mail.RoleDrafts { // what is not finished yet has not been received from anybody
			answers = append(answers, n)
		}
	}
	official, err = q.reg.MaySendTx(ctx, tx, p.e.Person, p.e.Account, len(answers) > 0)
	return answers, official, err
}

// ancestors are the Message-IDs that a letter says it answers (RFC 5322 3.6.4), each once.
func ancestors(h *mail.Head) []string {
	refs := h.References[max(0, len(h.References)-maxAncestors):]
	ids := slices.Concat(h.InReplyTo[:min(len(h.InReplyTo), maxAncestors)], refs)
	slices.Sort(ids)
	return slices.Compact(ids)
}

// asAgency does what belongs to a letter that leaves in an agency's name, in the same transaction: it is written down who
// sent it (QC 12.1), one copy stands read in the box's Sent, and what it answers is marked so (QC 14.3).
func (q *Queue) asAgency(ctx context.Context, tx *db.Tx, p *plan, official bool, answers []box.Named) error {
	if !official {
		return nil
	}
	to := make([]string, len(p.e.To))
	for i, r := range p.e.To {
		to[i] = r.Address
	}
	row := register.SentAs{To: to, Size: p.st.Size, MessageID: box.MessageID(p.st.Head()), QueueID: p.id}
	if err := q.reg.NoteSentTx(ctx, tx, p.e.Account, p.e.Person, p.e.Remote, row); err != nil {
		return err
	}
	bcc, err := q.blind(ctx, tx, p.st.Head(), to)
	if err != nil {
		return err
	}
	if err := q.box.FileSentTx(ctx, tx, p.e.Account, p.st, bcc); err != nil {
		return err
	}
	return q.box.AnsweredTx(ctx, tx, answers)
}

// blind is the Bcc field of the copy in Sent: who got the letter and does not stand in it, under any of his addresses. It
// is in no other copy.
func (q *Queue) blind(ctx context.Context, tx *db.Tx, head []byte, to []string) ([]byte, error) {
	h := letter.ReadHeader(head)
	open := map[string]bool{}
	for _, name := range []string{"To", "Cc", "Bcc"} {
		list, _ := h.Addresses(name)
		for _, a := range list {
			open[rule.WireForm(a.Addr)] = true
		}
	}
	hidden := slices.DeleteFunc(slices.Clone(to), func(a string) bool {
		w := rule.WireForm(a)
		was := open[w]
		delete(open, w)
		return was
	})
	known := map[box.AccountID]bool{} // behind the addresses of the letter that nobody was reached under
	for a := range open {
		if len(hidden) == 0 {
			break
		}
		id, err := q.reg.LookupTx(ctx, tx, a)
		if err != nil && mail.KindOf(err) != mail.BadAddress {
			return nil, err
		}
		known[id] = err == nil
	}
	var left []string
	for _, a := range hidden {
		id, err := q.reg.LookupTx(ctx, tx, a)
		if err != nil && mail.KindOf(err) != mail.BadAddress {
			return nil, err
		}
		if err != nil || !known[id] {
			left = append(left, a)
		}
	}
	if len(left) == 0 {
		return nil, nil
	}
	return []byte("Bcc: " + strings.Join(left, ",\r\n\t") + "\r\n"), nil
}
