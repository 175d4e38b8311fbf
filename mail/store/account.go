package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
)

// PutAccount saves an account; its id is the key.
func (s *Store) PutAccount(ctx context.Context, a mail.Account) error {
	return s.write(ctx, "save account", func(t *tx) error {
		data, err := json.Marshal(a)
		if err != nil {
			return fmt.Errorf("encode account: %w", err)
		}
		t.tell(mail.Event{Kind: mail.AccountsChanged, Account: a.ID})
		if err := t.exec("INSERT INTO account(id, data) VALUES(?,?) ON CONFLICT(id) DO UPDATE SET data=excluded.data",
			string(a.ID), string(data)); err != nil || !a.Together() {
			return err
		}
		return t.keyLetters(a)
	})
}

// Accounts lists the accounts in the order they were added.
func (s *Store) Accounts(ctx context.Context) (list []mail.Account, err error) {
	err = s.read(ctx, "list accounts", func(c *conn) error {
		return c.each("SELECT data FROM account ORDER BY n", func(st *sqlite3.Stmt) error {
			var a mail.Account
			if err := json.Unmarshal(st.ColumnRawText(0), &a); err != nil {
				return fmt.Errorf("decode account: %w", err)
			}
			list = append(list, a)
			return nil
		})
	})
	return list, err
}

// DropAccount forgets an account with everything that is its own: letters, drafts, outbox, pending operations.
func (s *Store) DropAccount(ctx context.Context, id mail.AccountID) error {
	return s.write(ctx, "drop account", func(t *tx) error {
		n, ok, err := t.int("SELECT n FROM account WHERE id=?", string(id))
		if err != nil || !ok {
			return err
		}
		if err := t.catchUp(); err != nil { // its number may be given to another account
			return err
		}
		for _, q := range []string{
			"DELETE FROM chunk WHERE kind=4 AND owner IN (SELECT rawowner FROM op WHERE account=? AND rawkind=4)",
			"DELETE FROM op_letter WHERE op IN (SELECT id FROM op WHERE account=?)",
			"DELETE FROM op WHERE account=?",
			"DELETE FROM fts WHERE rowid IN (SELECT id FROM letter WHERE account=?)",
			"DELETE FROM chunk WHERE kind=1 AND owner IN (SELECT id FROM letter WHERE account=?)",
			"DELETE FROM head WHERE id IN (SELECT -id FROM letter WHERE account=?)",
			"DELETE FROM note WHERE account=?", "DELETE FROM due WHERE account=?", "DELETE FROM looked WHERE account=?",
			"DELETE FROM later WHERE account=?", "DELETE FROM unwait WHERE account=?", "DELETE FROM day WHERE account=?",
			"DELETE FROM leave WHERE account=?", "DELETE FROM leave_op WHERE account=?",
			"DELETE FROM act_letter WHERE letter IN (SELECT id FROM letter WHERE account=?)",
			"DELETE FROM letter WHERE account=?", "DELETE FROM work_act WHERE account=?", "DELETE FROM work WHERE account=?",
			"DELETE FROM work_seen WHERE account=?",
			"DELETE FROM mid WHERE account=?", "DELETE FROM answer WHERE account=?",
			"DELETE FROM folder WHERE account=?", "DELETE FROM listing WHERE account=?",
			"DELETE FROM chunk WHERE kind=5 AND owner=?",
		} {
			if err := t.exec(q, n); err != nil {
				return err
			}
		}
		for _, q := range []string{
			"DELETE FROM chunk WHERE kind=3 AND owner IN (SELECT id FROM outgoing WHERE account=?)",
			"DELETE FROM outgoing WHERE account=?",
			"DELETE FROM chunk WHERE kind=2 AND owner IN (SELECT a.id FROM attachment a JOIN draft d ON d.id=a.draft WHERE d.account=?)",
			"DELETE FROM chunk WHERE kind=6 AND owner IN (SELECT id FROM draft WHERE account=?)",
			"DELETE FROM draft WHERE account=?", "DELETE FROM register WHERE account=?", "DELETE FROM chosen WHERE account=?",
			"DELETE FROM account WHERE id=?",
		} {
			if err := t.exec(q, string(id)); err != nil {
				return err
			}
		}
		t.tell(mail.Event{Kind: mail.AccountsChanged, Account: id})
		t.tell(mail.Event{Kind: mail.DraftsChanged, Account: id})
		t.tell(mail.Event{Kind: mail.OutboxChanged, Account: id})
		t.tell(mail.Event{Kind: mail.RegisterChanged, Account: id})
		return nil
	})
}

// accountNo is the row number of an account.
func (c *conn) accountNo(id mail.AccountID) (int64, error) {
	n, ok, err := c.int("SELECT n FROM account WHERE id=?", string(id))
	if err == nil && !ok {
		err = &mail.Fault{Kind: mail.Gone, Op: "find account", Detail: string(id)}
	}
	return n, err
}

// Meta reads a value of the program's own, "" if there is none.
func (s *Store) Meta(ctx context.Context, key string) (value string, err error) {
	err = s.read(ctx, "read "+key, func(c *conn) error {
		value, err = c.text("SELECT value FROM meta WHERE key=?", key)
		return err
	})
	return value, err
}

// SetMeta writes one.
func (s *Store) SetMeta(ctx context.Context, key, value string) error {
	return s.write(ctx, "save "+key, func(t *tx) error {
		return t.exec("INSERT INTO meta VALUES(?,?) ON CONFLICT(key) DO UPDATE SET value=excluded.value", key, value)
	})
}
