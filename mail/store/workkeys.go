package store

import (
	"slices"
	"strings"

	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
)

// keyLetters names the letters of a box that has come to be shared after they were stored.
func (t *tx) keyLetters(a mail.Account) error {
	b, err := t.bench(a.ID)
	if err != nil {
		return err
	}
	if _, some, err := t.int("SELECT 1 FROM letter WHERE account=? AND wkey IS NULL LIMIT 1", b.n); err != nil || !some {
		return err
	}
	type unnamed struct {
		id       mail.LetterID
		head     mail.Head
		keywords string
	}
	var all []unnamed
	err = t.each(`SELECT l.id, l.duty, coalesce(l.folder,0), coalesce(l.keywords,''), h.data FROM letter l JOIN head h ON h.id=-l.id
		WHERE l.account=? AND l.wkey IS NULL`, func(st *sqlite3.Stmt) error {
		u := unnamed{id: mail.LetterID(st.ColumnInt64(0)), keywords: st.ColumnText(3)}
		err := decodeHead(st.ColumnRawBlob(4), &u.head)
		u.head.Duty, u.head.Folder = st.ColumnBool(1), mail.FolderID(st.ColumnInt64(2))
		all = append(all, u)
		return err
	}, b.n)
	if err != nil {
		return err
	}
	for i := range all {
		b.touch(a.ID, all[i].head.Folder)
		if err := b.arrives(all[i].id, &all[i].head, strings.Fields(all[i].keywords)); err != nil {
			return err
		}
	}
	return nil
}

// arrives names a letter that was stored just now for the people of its box, and takes what is agreed on about it.
func (b *bench) arrives(id mail.LetterID, h *mail.Head, keywords []string) error {
	key := mail.LetterKey(*h)
	if err := b.exec("UPDATE letter SET wkey=? WHERE id=?", key, id); err != nil {
		return err
	}
	if b.account.Shared {
		return b.read(key, keywords)
	}
	if _, known, err := b.int("SELECT 1 FROM work WHERE account=? AND key=?", b.n, key); err != nil || !known {
		return err
	}
	return b.settle(key)
}

// agreed takes the keywords of a letter as what its people agree on, in a box without an office.
func (t *tx) agreed(id mail.LetterID, keywords []string) error {
	var account mail.AccountID
	key := ""
	err := t.each("SELECT a.id, l.wkey FROM letter l JOIN account a ON a.n=l.account WHERE l.id=? AND l.wkey IS NOT NULL", func(st *sqlite3.Stmt) error {
		account, key = mail.AccountID(st.ColumnText(0)), st.ColumnText(1)
		return nil
	}, id)
	if err != nil || key == "" {
		return err
	}
	b, err := t.bench(account)
	if err != nil || !b.account.Shared {
		return err
	}
	return b.read(key, keywords)
}

// read makes a record of keywords. When a claim began nobody says: it counts from when it was seen first, and one that has lapsed
// does not come back with the next look at the same keywords.
func (b *bench) read(key string, keywords []string) error {
	w := mail.Work{Key: key, State: mail.WorkOpen}
	for _, k := range keywords {
		if len(k) > len(mail.KeywordBy) && strings.EqualFold(k[:len(mail.KeywordBy)], mail.KeywordBy) {
			w.Holder = b.person(k[len(mail.KeywordBy):])
		}
	}
	has := func(name string) bool {
		return slices.ContainsFunc(keywords, func(k string) bool { return strings.EqualFold(k, name) })
	}
	if w.Holder.Addr != "" || has(mail.KeywordDoing) {
		w.State = mail.WorkDoing
	}
	old, known, err := b.base(key)
	if err != nil {
		return err
	}
	if has(mail.KeywordWriting) && w.Holder.Addr != "" {
		w.Claim, w.ClaimSince = w.Holder, b.s.opts.Now()
		if old.Holder == w.Holder && !old.ClaimSince.IsZero() {
			w.Claim, w.ClaimSince = old.Claim, old.ClaimSince
		}
	}
	if !known && w.State == mail.WorkOpen {
		return nil // as nearly every letter
	}
	if known && w.State == old.State && w.Holder == old.Holder && w.Claim == old.Claim && w.ClaimSince.Equal(old.ClaimSince) {
		return nil
	}
	if w.State == mail.WorkOpen { // nothing is left to say
		if err := b.exec("UPDATE work SET base=NULL WHERE account=? AND key=?", b.n, key); err != nil {
			return err
		}
		return b.settle(key)
	}
	w.Version = old.Version + 1
	return b.put(key, &w)
}

// person is who a local part names in this box.
func (b *bench) person(local string) mail.Person {
	me := b.account.Person
	if mine, _, _ := strings.Cut(me.Addr, "@"); strings.EqualFold(mine, local) {
		return me
	}
	return mail.Person{Addr: strings.ToLower(local) + "@" + mail.Address{Addr: b.account.Address}.Domain(), Name: local}
}
