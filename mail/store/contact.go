package store

import (
	"context"
	"slices"
	"strings"

	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
	"hopthu/mail/viet"
)

// Learn counts one letter sent to each of these addresses; a name replaces an older one, no name does not.
func (s *Store) Learn(ctx context.Context, list []mail.Address) error {
	if len(list) == 0 {
		return nil
	}
	return s.write(ctx, "learn addresses", func(t *tx) error {
		for _, a := range list {
			key := strings.ToLower(viet.NFC(a.Addr))
			if key == "" {
				continue
			}
			name := a.Name
			if name == "" {
				var err error
				if name, err = t.text("SELECT name FROM contact WHERE addr=?", key); err != nil {
					return err
				}
			}
			if err := t.exec(`INSERT INTO contact(addr, name, address, words, used, last) VALUES(?,?,?,?,1,?)
				ON CONFLICT(addr) DO UPDATE SET name=excluded.name, address=excluded.address, words=excluded.words, used=used+1,
				last=excluded.last`, key, name, a.Addr, contactWords(name, a.Addr), t.s.opts.Now()); err != nil {
				return err
			}
		}
		return nil
	})
}

// contactWords are the folded words by whose beginnings a contact is found, each after a space.
func contactWords(name, addr string) string {
	return " " + strings.Join(strings.Fields(viet.Fold(name)), " ") + " " + viet.Fold(addr)
}

// Contacts completes what was typed: every word of prefix begins a word of the name or the address. The most used
// come first.
func (s *Store) Contacts(ctx context.Context, prefix string, limit int) (list []mail.Contact, err error) {
	words := strings.Fields(viet.Fold(viet.NFC(prefix)))
	if len(words) == 0 {
		return nil, nil
	}
	cond, args := make([]string, len(words)), make([]any, 0, len(words)+1)
	esc := strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`)
	for i, w := range words {
		cond[i] = `words LIKE ? ESCAPE '\'`
		args = append(args, "% "+esc.Replace(w)+"%")
	}
	err = s.read(ctx, "complete address", func(c *conn) error {
		return c.each("SELECT name, address, used FROM contact WHERE "+strings.Join(cond, " AND ")+" ORDER BY used DESC, last DESC, addr LIMIT ?",
			func(st *sqlite3.Stmt) error {
				list = append(list, mail.Contact{
					Address: mail.Address{Name: st.ColumnText(0), Addr: st.ColumnText(1)}, Source: "history", Used: st.ColumnInt(2),
				})
				return nil
			}, slices.Concat(args, []any{limit})...)
	})
	return list, err
}

// AllContacts lists the addresses that letters were sent to, the most used first.
func (s *Store) AllContacts(ctx context.Context, limit int) (list []mail.Contact, err error) {
	err = s.read(ctx, "list addresses", func(c *conn) error {
		return c.each("SELECT name, address, used FROM contact ORDER BY used DESC, last DESC, addr LIMIT ?", func(st *sqlite3.Stmt) error {
			list = append(list, mail.Contact{
				Address: mail.Address{Name: st.ColumnText(0), Addr: st.ColumnText(1)}, Source: "history", Used: st.ColumnInt(2),
			})
			return nil
		}, limit)
	})
	return list, err
}
