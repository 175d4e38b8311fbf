package box

import (
	"context"

	"hopthu/mail"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
)

// Named is one letter that a Message-ID names.
type Named struct {
	Ref
	UID  mail.UID
	Role mail.Role // of its mailbox
}

// NamedTx finds the letters of an account that Message-IDs (without brackets) name, inside a transaction of the caller.
func (s *Service) NamedTx(ctx context.Context, tx *db.Tx, a AccountID, ids []string) (out []Named, err error) {
	for _, id := range ids {
		if id == "" { // letters without a Message-ID are not one another
			continue
		}
		rows, err := tx.Q.FindNamed(ctx, storedb.FindNamedParams{MessageID: id, AccountID: int64(a)})
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			out = append(out, Named{Ref: Ref{a, MailboxID(r.MailboxID)}, UID: mail.UID(r.Uid), Role: mail.Role(r.Role)})
		}
	}
	return out, nil
}

// AnsweredTx marks letters as answered, but for those that the account wrote itself.
func (s *Service) AnsweredTx(ctx context.Context, tx *db.Tx, list []Named) error {
	for _, n := range list {
		if n.Role == mail.RoleSent || n.Role == mail.RoleDrafts {
			continue
		}
		rows, err := rowsOf(ctx, tx.Q, n.Ref, []mail.UID{n.UID})
		if err != nil {
			return err
		}
		if err := s.storeRows(ctx, tx, n.Ref, rows, FlagChange{Mode: Add, Flags: mail.Answered}, &Stored{}); err != nil {
			return err
		}
	}
	return nil
}

// FileSentTx keeps a letter that leaves in its box's Sent, read, once: when one of its Message-ID is there, nothing is
// done. prefix is header lines of this copy alone, CRLF each.
func (s *Service) FileSentTx(ctx context.Context, tx *db.Tx, a AccountID, st *Staged, prefix []byte) error {
	ref, err := s.sentOf(ctx, tx, a)
	if err != nil {
		return err
	}
	_, there, err := oneOf(ctx, tx, ref, MessageID(st.head))
	if err != nil || there {
		return err
	}
	if err := s.PutTx(ctx, tx, st); err != nil {
		return err
	}
	_, err = s.addLetter(ctx, tx, ref, Mark{Flags: mail.Seen}, st, prefix)
	return err
}

// sentOf is the mailbox for what an account sends, made anew if somebody removed it.
func (s *Service) sentOf(ctx context.Context, tx *db.Tx, a AccountID) (Ref, error) {
	t, err := s.readTree(ctx, tx, a)
	if err != nil {
		return Ref{}, err
	}
	for _, m := range t.list {
		if m.Role == mail.RoleSent {
			return m.Ref, nil
		}
	}
	const name = "Sent"
	if m, there := t.find(name); there {
		return m.Ref, nil
	}
	id, err := t.add(ctx, name, mail.RoleSent)
	return Ref{a, id}, err
}

// oneOf finds the letter of a Message-ID in a mailbox.
func oneOf(ctx context.Context, tx *db.Tx, ref Ref, id string) (at Appended, there bool, err error) {
	if id == "" {
		return at, false, nil
	}
	p := storedb.FindByMessageIDParams{MessageID: id, AccountID: int64(ref.Account), MailboxID: int64(ref.Mailbox)}
	uids, err := tx.Q.FindByMessageID(ctx, p)
	if err != nil || len(uids) == 0 {
		return at, false, err
	}
	m, err := tx.Q.GetMailbox(ctx, storedb.GetMailboxParams{AccountID: p.AccountID, MailboxID: p.MailboxID})
	return Appended{Ref: ref, UIDValidity: uint32(m.Uidvalidity), UID: mail.UID(uids[0]), ModSeq: uint64(m.Modseq)}, err == nil, err
}

// AppendOnce is Append of a letter of which a mailbox has no second copy: one of its Message-ID that is there already
// stands for it, and nothing is done.
func (s *Service) AppendOnce(ctx context.Context, ref Ref, it Item) (Appended, error) {
	if err := s.prewrite(ctx, it.Staged); err != nil {
		return Appended{}, fault("append", err)
	}
	var out Appended
	err := s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		at, there, err := oneOf(ctx, tx, ref, MessageID(it.Staged.head))
		if err != nil || there {
			out = at
			return err
		}
		list, err := s.addItems(ctx, tx, ref, []Item{it})
		if err == nil {
			out = list[0]
		}
		return err
	})
	return out, fault("append", err)
}
