package box

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"hopthu/mail"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
)

// List gives all mailboxes, INBOX first, then by name.
func (s *Service) List(ctx context.Context, a AccountID) ([]Mailbox, error) {
	var list []Mailbox
	err := s.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) (err error) {
		list, err = listMailboxes(ctx, q, a)
		return err
	})
	return list, fault("list mailboxes", err)
}

func listMailboxes(ctx context.Context, q *storedb.Queries, a AccountID) ([]Mailbox, error) {
	rows, err := q.ListMailboxes(ctx, int64(a))
	if err != nil {
		return nil, err
	}
	names, err := q.Subscriptions(ctx, int64(a))
	if err != nil {
		return nil, err
	}
	subscribed, parents := map[string]bool{}, map[string]bool{}
	for _, n := range names {
		subscribed[n] = true
	}
	for _, r := range rows {
		for _, n := range above(r.Name) {
			parents[n] = true
		}
	}
	list := make([]Mailbox, len(rows))
	for i, r := range rows {
		list[i] = mailboxOf(r)
		list[i].Subscribed, list[i].HasChildren = subscribed[r.Name], parents[r.Name]
	}
	slices.SortStableFunc(list, func(x, y Mailbox) int {
		if (x.Name == Inbox) != (y.Name == Inbox) {
			if x.Name == Inbox {
				return -1
			}
			return 1
		}
		return strings.Compare(x.Name, y.Name)
	})
	return list, nil
}

func mailboxOf(r storedb.Mailbox) Mailbox {
	return Mailbox{
		Ref:  Ref{Account: AccountID(r.AccountID), Mailbox: MailboxID(r.MailboxID)},
		Name: r.Name, Role: mail.Role(r.Role), UIDValidity: uint32(r.Uidvalidity), UIDNext: mail.UID(r.Uidnext),
		HighestModSeq: uint64(r.Modseq), Floor: uint64(r.Floor), Total: int(r.Total), Unseen: int(r.Unseen), Size: r.Bytes,
		Deleted: int(r.Deleted), DeletedSize: r.DeletedBytes, Created: fromMicros(r.CreatedAt),
	}
}

// Subscriptions gives the subscribed names, also those whose mailbox is gone (RFC 9051 6.3.7).
func (s *Service) Subscriptions(ctx context.Context, a AccountID) (names []string, err error) {
	err = s.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		names, err = q.Subscriptions(ctx, int64(a))
		return err
	})
	return names, fault("list subscriptions", err)
}

// Find gives the mailbox of that name, with its counts; Kind NoFolder if there is none.
func (s *Service) Find(ctx context.Context, a AccountID, name string) (Mailbox, error) {
	return s.pick(ctx, a, func(m Mailbox) bool { return m.Name == name }, name)
}

// Status gives the mailbox with its counts as of now.
func (s *Service) Status(ctx context.Context, ref Ref) (Mailbox, error) {
	return s.pick(ctx, ref.Account, func(m Mailbox) bool { return m.Ref == ref }, Inbox)
}

func (s *Service) pick(ctx context.Context, a AccountID, want func(Mailbox) bool, name string) (Mailbox, error) {
	clean, err := CleanName(name)
	if err != nil { // a name that cannot be is not there
		return Mailbox{}, &mail.Fault{Kind: mail.NoFolder, Op: "find mailbox", Err: err}
	}
	list, err := s.List(ctx, a)
	if err != nil {
		return Mailbox{}, err
	}
	i := slices.IndexFunc(list, func(m Mailbox) bool { return want(m) || clean != name && m.Name == clean })
	if i < 0 {
		return Mailbox{}, &mail.Fault{Kind: mail.NoFolder, Op: "find mailbox"}
	}
	return list[i], nil
}

func addMailbox(ctx context.Context, tx *db.Tx, a AccountID, name string, role mail.Role) (MailboxID, error) {
	id, err := tx.Q.TakeMailboxID(ctx, storedb.TakeMailboxIDParams{Seconds: tx.Now.Unix(), AccountID: int64(a)})
	if err != nil {
		return 0, err
	}
	err = tx.Q.AddMailbox(ctx, storedb.AddMailboxParams{
		AccountID: int64(a), MailboxID: id.LastMailbox, Name: name,
		Role: string(role), Uidvalidity: id.LastValidity, CreatedAt: micros(tx.Now),
	})
	return MailboxID(id.LastMailbox), err
}

// tree is the account's mailboxes inside a write, to be checked and changed together.
type tree struct {
	tx   *db.Tx
	a    AccountID
	list []Mailbox
	room *hub
}

// tell hands an event of a name on once the write is on disk.
func (t *tree) tell(e NameEvent) { t.tx.After(func() { t.room.tell(t.a, e) }) }

func (s *Service) readTree(ctx context.Context, tx *db.Tx, a AccountID) (*tree, error) {
	list, err := listMailboxes(ctx, tx.Q, a)
	if err == nil && len(list) == 0 {
		err = sql.ErrNoRows
	}
	return &tree{tx: tx, a: a, list: list, room: s.room}, err
}

func (t *tree) find(name string) (Mailbox, bool) {
	i := slices.IndexFunc(t.list, func(m Mailbox) bool { return m.Name == name })
	if i < 0 {
		return Mailbox{}, false
	}
	return t.list[i], true
}

// add makes name and the levels above it that do not exist.
func (t *tree) add(ctx context.Context, name string, role mail.Role) (MailboxID, error) {
	var id MailboxID
	for _, n := range append(above(name), name) {
		if _, there := t.find(n); there && n != name {
			continue
		}
		if len(t.list) >= MaxMailboxes {
			return 0, &mail.Fault{Kind: mail.Refused, Op: "create mailbox", Detail: "too many mailboxes"}
		}
		r := mail.RoleNone
		if n == name {
			r = role
		}
		var err error
		if id, err = addMailbox(ctx, t.tx, t.a, n, r); err != nil {
			return 0, err
		}
		t.list = append(t.list, Mailbox{Ref: Ref{t.a, id}, Name: n, Role: r})
		t.tell(NameEvent{Kind: Created, Name: n})
	}
	return id, nil
}

// Create makes a mailbox and the levels above it that do not exist (RFC 9051 6.3.4). A role may be held by one mailbox only.
func (s *Service) Create(ctx context.Context, a AccountID, name string, role mail.Role) (Mailbox, error) {
	name, err := CleanName(name)
	if err != nil {
		return Mailbox{}, err
	}
	var id MailboxID
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		t, err := s.readTree(ctx, tx, a)
		if err != nil {
			return err
		}
		if _, there := t.find(name); there {
			return &mail.Fault{Kind: mail.Conflict, Op: "create mailbox", Detail: "exists"}
		}
		held := slices.ContainsFunc(t.list, func(m Mailbox) bool { return m.Role == role })
		if role != mail.RoleNone && held {
			return &mail.Fault{Kind: mail.Conflict, Op: "create mailbox", Detail: "role"}
		}
		id, err = t.add(ctx, name, role)
		return err
	})
	if err != nil {
		return Mailbox{}, fault("create mailbox", err)
	}
	return s.Status(ctx, Ref{a, id})
}

// Delete removes a mailbox and its letters. INBOX, and a mailbox that has children (RFC 9051 6.3.5 allows the
// refusal: HASCHILDREN), cannot be deleted.
func (s *Service) Delete(ctx context.Context, a AccountID, name string) error {
	name, err := CleanName(name)
	if err != nil {
		return &mail.Fault{Kind: mail.NoFolder, Op: "delete mailbox", Err: err}
	}
	if name == Inbox {
		return &mail.Fault{Kind: mail.Refused, Op: "delete mailbox", Detail: "INBOX"}
	}
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		t, err := s.readTree(ctx, tx, a)
		if err != nil {
			return err
		}
		m, there := t.find(name)
		if !there {
			return sql.ErrNoRows
		}
		if m.HasChildren {
			return &mail.Fault{Kind: mail.Conflict, Op: "delete mailbox", Detail: "has children"}
		}
		if err := dropMailbox(ctx, tx, m); err != nil {
			return err
		}
		tx.After(func() { s.room.publish(m.Ref, Change{Kind: Removed}) })
		t.tell(NameEvent{Kind: Deleted, Name: m.Name})
		return nil
	})
	return fault("delete mailbox", err)
}

func dropMailbox(ctx context.Context, tx *db.Tx, m Mailbox) error {
	a, id := int64(m.Account), int64(m.Mailbox)
	return errors.Join(
		addUse(ctx, tx.Q, m.Account, -m.Total, -m.Size),
		tx.Q.DropMailboxMessages(ctx, storedb.DropMailboxMessagesParams{AccountID: a, MailboxID: id}),
		tx.Q.DropMailboxDigests(ctx, storedb.DropMailboxDigestsParams{AccountID: a, MailboxID: id}),
		tx.Q.DropMailboxDigestPages(ctx, storedb.DropMailboxDigestPagesParams{AccountID: a, MailboxID: id}),
		tx.Q.DropMailboxExpunged(ctx, storedb.DropMailboxExpungedParams{AccountID: a, MailboxID: id}),
		tx.Q.DropMailboxMetadata(ctx, storedb.DropMailboxMetadataParams{AccountID: a, MailboxID: id}),
		tx.Q.DropMailbox(ctx, storedb.DropMailboxParams{AccountID: a, MailboxID: id}),
	)
}
