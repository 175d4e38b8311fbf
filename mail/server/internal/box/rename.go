package box

import (
	"context"
	"database/sql"
	"slices"

	"hopthu/mail"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
)

// Rename renames a mailbox and all below it; subscriptions go along. Renaming INBOX moves its letters into a new
// mailbox (RFC 9051 6.3.6). UIDVALIDITY stays: no two mailboxes of an account ever share one.
func (s *Service) Rename(ctx context.Context, a AccountID, from, to string) error {
	from, err := CleanName(from)
	if err != nil {
		return &mail.Fault{Kind: mail.NoFolder, Op: "rename mailbox", Err: err}
	}
	if to, err = CleanName(to); err != nil {
		return err
	}
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		t, err := s.readTree(ctx, tx, a)
		if err != nil {
			return err
		}
		m, there := t.find(from)
		if !there {
			return sql.ErrNoRows
		}
		if _, there := t.find(to); there {
			return &mail.Fault{Kind: mail.Conflict, Op: "rename mailbox", Detail: "exists"}
		}
		if from == Inbox {
			return s.renameInbox(ctx, t, m, to)
		}
		return t.rename(ctx, from, to)
	})
	return fault("rename mailbox", err)
}

func (s *Service) renameInbox(ctx context.Context, t *tree, inbox Mailbox, to string) error {
	id, err := t.add(ctx, to, mail.RoleNone)
	if err != nil {
		return err
	}
	rows, err := readRows(ctx, t.tx.Q, inbox.Ref, UIDRange{Lo: 1})
	if err != nil {
		return err
	}
	_, err = s.moveRows(ctx, t.tx, inbox.Ref, Ref{t.a, id}, rows)
	return err
}

func (t *tree) rename(ctx context.Context, from, to string) error {
	if below(to, from) {
		return &mail.Fault{Kind: mail.Refused, Op: "rename mailbox", Detail: "into itself"}
	}
	moved := slices.DeleteFunc(slices.Clone(t.list), func(m Mailbox) bool { return m.Name != from && !below(m.Name, from) })
	if up := above(to); len(up) > 0 {
		if _, there := t.find(up[len(up)-1]); !there {
			if _, err := t.add(ctx, up[len(up)-1], mail.RoleNone); err != nil {
				return err
			}
		}
	}
	a := int64(t.a)
	for _, m := range moved {
		name, err := CleanName(to + m.Name[len(from):]) // a child may have become too long or too deep
		if err != nil {
			return err
		}
		if _, there := t.find(name); there && name != from && !below(name, from) {
			return &mail.Fault{Kind: mail.Conflict, Op: "rename mailbox", Detail: "exists"}
		}
		if err := t.tx.Q.RenameMailbox(ctx, storedb.RenameMailboxParams{Name: name, AccountID: a, MailboxID: int64(m.Mailbox)}); err != nil {
			return err
		}
		t.tell(NameEvent{Kind: Renamed, Name: name, Old: m.Name})
		if !m.Subscribed {
			continue
		}
		if err := t.tx.Q.DropSubscription(ctx, storedb.DropSubscriptionParams{AccountID: a, Name: m.Name}); err != nil {
			return err
		}
		if err := t.tx.Q.AddSubscription(ctx, storedb.AddSubscriptionParams{AccountID: a, Name: name}); err != nil {
			return err
		}
	}
	return nil
}
