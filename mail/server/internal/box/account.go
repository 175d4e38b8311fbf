package box

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"hopthu/mail"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
)

// specials are the mailboxes that every account begins with, INBOX first so that it has number inboxID. Their names on
// the wire are the ones every client knows; people see their own words by the role (RFC 6154).
var specials = []struct {
	name string
	role mail.Role
}{
	{Inbox, mail.RoleInbox},
	{"Sent", mail.RoleSent},
	{"Drafts", mail.RoleDrafts},
	{"Trash", mail.RoleTrash},
	{"Junk", mail.RoleJunk},
	{"Archive", mail.RoleArchive},
}

const inboxID MailboxID = 1

// InboxOf is the inbox of an account.
func InboxOf(a AccountID) Ref { return Ref{Account: a, Mailbox: inboxID} }

// CreateTx makes an account with its special folders, subscribed, inside a transaction of the caller (register).
func (s *Service) CreateTx(ctx context.Context, tx *db.Tx) (AccountID, error) {
	n, err := tx.Q.NextNumber(ctx, "account")
	if err != nil {
		return 0, err
	}
	if err := tx.Q.AddAccount(ctx, storedb.AddAccountParams{AccountID: n, QuotaBytes: s.opt.Quota}); err != nil {
		return 0, err
	}
	for _, m := range specials {
		if _, err := addMailbox(ctx, tx, AccountID(n), m.name, m.role); err != nil {
			return 0, err
		}
		if err := tx.Q.AddSubscription(ctx, storedb.AddSubscriptionParams{AccountID: n, Name: m.name}); err != nil {
			return 0, err
		}
	}
	return AccountID(n), nil
}

// CreateAccount makes an account on its own, for tests and imports.
func (s *Service) CreateAccount(ctx context.Context) (a AccountID, err error) {
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		a, err = s.CreateTx(ctx, tx)
		return err
	})
	return a, fault("create account", err)
}

// Quota tells use and limit of an account.
func (s *Service) Quota(ctx context.Context, a AccountID) (Quota, error) {
	var row storedb.Account
	err := s.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) (err error) {
		row, err = q.GetAccount(ctx, int64(a))
		return err
	})
	return Quota{Used: row.UsedBytes, Limit: row.QuotaBytes, Letters: int(row.Letters)}, fault("read quota", err)
}

// SetQuota sets the limit in octets; 0 is no limit. What is there stays.
func (s *Service) SetQuota(ctx context.Context, a AccountID, limit int64) error {
	err := s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Q.SetQuota(ctx, storedb.SetQuotaParams{QuotaBytes: limit, AccountID: int64(a)})
		if err == nil && n == 0 {
			err = sql.ErrNoRows
		}
		return err
	})
	return fault("set quota", err)
}

// addUse counts letters into an account and holds it to its limit; only growth is refused.
func addUse(ctx context.Context, q *storedb.Queries, a AccountID, letters int, bytes int64) error {
	use, err := q.AddUse(ctx, storedb.AddUseParams{Bytes: bytes, Letters: int64(letters), AccountID: int64(a)})
	if err != nil {
		return err
	}
	if bytes > 0 && use.QuotaBytes > 0 && use.UsedBytes > use.QuotaBytes {
		return &mail.Fault{Kind: mail.OverQuota, Op: "count use"}
	}
	return nil
}

// fault gives an error of this room its kind: a row that is not there is a mailbox that is not there.
func fault(op string, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, sql.ErrNoRows) {
		return &mail.Fault{Kind: mail.NoFolder, Op: op}
	}
	return mail.AsFault(op, err)
}

func micros(t time.Time) int64 { return t.UnixMicro() }

func fromMicros(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}
