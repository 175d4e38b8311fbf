package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
	"hopthu/mail/viet"
)

// Registered is a line of the sổ văn bản đi on its way into the store, with the names by which its recipients are found
// again: Rcpts[i] is recipient i as in the envelope, Keys[i] what reports about it are compared with.
type Registered struct {
	Entry       mail.RegisterEntry
	Rcpts, Keys []string
	Chosen      []Chosen // addresses that the person chose for names
}

// AddDispatch is AddOutgoing together with the document's line in the register, in one transaction: after a crash there
// are both or neither.
func (s *Store) AddDispatch(ctx context.Context, o Outgoing, r Registered) (mail.RegisterEntry, error) {
	const op = "put document into outbox"
	if err := finished(op, o); err != nil {
		return mail.RegisterEntry{}, err
	}
	e := r.Entry
	if len(e.Recipients) != len(r.Rcpts) || len(e.Recipients) != len(r.Keys) {
		return mail.RegisterEntry{}, &mail.Fault{Kind: mail.BadAddress, Op: op, Detail: "recipients are not complete"}
	}
	err := s.write(ctx, op, func(t *tx) (err error) {
		if e.Outbox, err = t.addOutgoing(o); err != nil {
			return err
		}
		e.Account, e.MessageID, e.Queued, e.Sent, e.Late = o.Item.Account, o.Item.MessageID, o.Item.Queued, time.Time{}, false
		if e.Queued.IsZero() {
			e.Queued = t.s.opts.Now()
		}
		for i := range e.Recipients {
			e.Recipients[i].State, e.Recipients[i].At, e.Recipients[i].Words = mail.DeliveryQueued, e.Queued, ""
		}
		return t.addRegister(&e, r)
	})
	return e, err
}

func (t *tx) addRegister(e *mail.RegisterEntry, r Registered) error {
	x := *e
	x.Recipients = nil
	data, err := json.Marshal(x)
	if err != nil {
		return fmt.Errorf("encode register entry: %w", err)
	}
	if err := t.exec("INSERT INTO register(account, outgoing, mhash, queued, words, data) VALUES(?,?,?,?,?,?)", string(e.Account),
		e.Outbox, midHash(e.MessageID), e.Queued, registerWords(e), string(data)); err != nil {
		return err
	}
	e.ID = mail.RegisterID(t.db.LastInsertRowID())
	for i, to := range e.Recipients {
		d, err := json.Marshal(mail.RegisterRecipient{Address: to.Address, Purposes: to.Purposes})
		if err != nil {
			return fmt.Errorf("encode register entry: %w", err)
		}
		if err := t.exec("INSERT INTO register_to VALUES(?,?,?,?,?,?,?,?)", int64(e.ID), i, r.Keys[i], r.Rcpts[i], string(to.State),
			to.At, to.Words, string(d)); err != nil {
			return err
		}
	}
	for _, c := range r.Chosen {
		if err := t.exec(`INSERT INTO chosen VALUES(?,?,?,?,?) ON CONFLICT(account, folded) DO UPDATE SET name=excluded.name,
			addr=excluded.addr, at=excluded.at`, string(e.Account), viet.Fold(c.Name), c.Name, c.Addr, e.Queued); err != nil {
			return err
		}
	}
	t.tell(mail.Event{Kind: mail.RegisterChanged, Account: e.Account})
	return nil
}

// registerWords is what the register is searched by, folded.
func registerWords(e *mail.RegisterEntry) string {
	words := []string{e.Document.Kind, e.Document.Number, e.Summary, e.File}
	if !e.Document.Issued.IsZero() {
		words = append(words, e.Document.Issued.Format("02/01/2006"))
	}
	for _, to := range e.Recipients {
		words = append(words, to.Address.Name, to.Address.Addr)
	}
	for _, list := range [][]string{e.Kept, e.Published, e.Skipped} {
		words = append(words, list...)
	}
	return viet.Fold(strings.Join(words, "\n"))
}

// Register lists lines of the sổ văn bản đi, newest first; every word of text stands in each, with or without marks.
// account "" is all.
func (s *Store) Register(ctx context.Context, account mail.AccountID, text string) (list []mail.RegisterEntry, err error) {
	where, args := []string{"1=1"}, []any{}
	if account != "" {
		where, args = append(where, "account=?"), append(args, string(account))
	}
	esc := strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`)
	for _, w := range strings.Fields(viet.Fold(viet.NFC(text))) {
		where, args = append(where, `words LIKE ? ESCAPE '\'`), append(args, "%"+esc.Replace(w)+"%")
	}
	err = s.read(ctx, "list register", func(c *conn) error {
		list, err = c.register(strings.Join(where, " AND ")+" ORDER BY queued DESC, id DESC", args...)
		return err
	})
	return list, err
}

// RegisterEntry reads one line. Kind Gone.
func (s *Store) RegisterEntry(ctx context.Context, id mail.RegisterID) (e mail.RegisterEntry, err error) {
	err = s.read(ctx, "read register", func(c *conn) error {
		list, err := c.register("id=?", int64(id))
		if err == nil && len(list) == 0 {
			return gone("read register")
		}
		if err == nil {
			e = list[0]
		}
		return err
	})
	return e, err
}

func (c *conn) register(where string, args ...any) (list []mail.RegisterEntry, err error) {
	err = c.each("SELECT id, outgoing, sent, data FROM register WHERE "+where, func(st *sqlite3.Stmt) error {
		var e mail.RegisterEntry
		if err := json.Unmarshal(st.ColumnRawText(3), &e); err != nil {
			return fmt.Errorf("decode register entry: %w", err)
		}
		e.ID, e.Outbox, e.Sent = mail.RegisterID(st.ColumnInt64(0)), mail.OutboxID(st.ColumnInt64(1)), fromMicros(st.ColumnInt64(2))
		list = append(list, e)
		return nil
	}, args...)
	for i := range list {
		if err == nil {
			list[i].Recipients, err = c.registerTo(list[i].ID)
		}
	}
	return list, err
}

func (c *conn) registerTo(id mail.RegisterID) (list []mail.RegisterRecipient, err error) {
	err = c.each("SELECT state, at, words, data FROM register_to WHERE entry=? ORDER BY n", func(st *sqlite3.Stmt) error {
		var to mail.RegisterRecipient
		if err := json.Unmarshal(st.ColumnRawText(3), &to); err != nil {
			return fmt.Errorf("decode register entry: %w", err)
		}
		to.State, to.At, to.Words = mail.DeliveryState(st.ColumnText(0)), fromMicros(st.ColumnInt64(1)), st.ColumnText(2)
		list = append(list, to)
		return nil
	}, int64(id))
	return list, err
}

// dropRegister forgets the line of a letter that never left.
func (t *tx) dropRegister(account mail.AccountID, id mail.OutboxID) error {
	if err := t.exec("DELETE FROM register WHERE outgoing=?", id); err != nil {
		return err
	}
	if t.db.Changes() > 0 {
		t.tell(mail.Event{Kind: mail.RegisterChanged, Account: account})
	}
	return nil
}
