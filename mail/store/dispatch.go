package store

import (
	"context"
	"strings"
	"time"

	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
)

// Dispatch is a document on its way to its recipients, as far as it was got: the draft that holds its files, its text, and
// what the desk keeps of the person's decisions.
type Dispatch struct {
	Draft mail.DraftLetter
	Text  string
	Data  string
	Saved time.Time
}

// BeginDispatch keeps a new document in one transaction: the draft, the file (nil when the text was pasted), the text. data
// is made when the numbers of draft and file are known.
func (s *Store) BeginDispatch(ctx context.Context, d mail.DraftLetter, file *mail.Attachment, bytes []byte, text string,
	data func(mail.DraftLetter) (string, error),
) (mail.DraftLetter, error) {
	err := s.write(ctx, "keep document", func(t *tx) error {
		d.Saved, d.Kind, d.ID = t.s.opts.Now(), mail.DraftDispatch, 0
		if err := t.saveDraft(&d); err != nil {
			return err
		}
		if file != nil {
			a := *file
			a.Size = int64(len(bytes))
			if err := t.addAttachment(d.ID, &a, bytes); err != nil {
				return err
			}
			d.Attachments = []mail.Attachment{a}
		}
		t.tell(mail.Event{Kind: mail.DraftsChanged, Account: d.Account})
		x, err := data(d)
		if err != nil {
			return err
		}
		return t.putDispatch(d.ID, &text, x)
	})
	return d, err
}

// PutDispatch keeps the state of a dispatch; text nil leaves its text as it is. Kind Gone if its draft was dropped, sent or
// is on its way out.
func (s *Store) PutDispatch(ctx context.Context, draft mail.DraftID, text *string, data string) error {
	return s.write(ctx, "save dispatch", func(t *tx) error {
		_, ok, err := t.int("SELECT 1 FROM draft WHERE id=? AND outgoing=0", draft)
		if err != nil {
			return err
		}
		if !ok {
			return gone("save dispatch")
		}
		return t.putDispatch(draft, text, data)
	})
}

func (t *tx) putDispatch(draft mail.DraftID, text *string, data string) error {
	if text != nil {
		if err := t.putChunks(chunkDispatch, int64(draft), strings.NewReader(*text)); err != nil {
			return err
		}
	}
	return t.exec("INSERT INTO dispatch VALUES(?,?,?) ON CONFLICT(draft) DO UPDATE SET saved=excluded.saved, data=excluded.data",
		draft, t.s.opts.Now(), data)
}

// DispatchByDraft reads one. Kind Gone if it was dropped, sent or is on its way out.
func (s *Store) DispatchByDraft(ctx context.Context, id mail.DraftID) (x Dispatch, err error) {
	err = s.read(ctx, "read dispatch", func(c *conn) error {
		list, err := c.dispatches("p.draft=?", id)
		if err == nil && len(list) == 0 {
			return gone("read dispatch")
		}
		if err == nil {
			x = list[0]
		}
		return err
	})
	return x, err
}

// Dispatches lists those begun and not on their way out, the last saved first.
func (s *Store) Dispatches(ctx context.Context) (list []Dispatch, err error) {
	err = s.read(ctx, "list dispatches", func(c *conn) error {
		list, err = c.dispatches("1=1")
		return err
	})
	return list, err
}

func (c *conn) dispatches(where string, args ...any) (list []Dispatch, err error) {
	err = c.each("SELECT p.draft, p.saved, p.data FROM dispatch p JOIN draft d ON d.id=p.draft WHERE d.outgoing=0 AND "+where+
		" ORDER BY p.saved DESC, p.draft DESC", func(st *sqlite3.Stmt) error {
		list = append(list, Dispatch{
			Draft: mail.DraftLetter{ID: mail.DraftID(st.ColumnInt64(0))}, Saved: fromMicros(st.ColumnInt64(1)), Data: st.ColumnText(2),
		})
		return nil
	}, args...)
	if err != nil {
		return nil, err
	}
	for i := range list {
		drafts, err := c.drafts("id=?", list[i].Draft.ID)
		if err != nil {
			return nil, err
		}
		if len(drafts) > 0 {
			list[i].Draft = drafts[0]
		}
		text, _, err := c.chunks(chunkDispatch, int64(list[i].Draft.ID))
		if err != nil {
			return nil, err
		}
		list[i].Text = string(text)
	}
	return list, nil
}

// Chosen is an address that the person chose for a name of a Nơi nhận block.
type Chosen struct{ Name, Addr string }

// ChosenNames lists what the person chose in documents that were sent, by name.
func (s *Store) ChosenNames(ctx context.Context, account mail.AccountID) (list []Chosen, err error) {
	err = s.read(ctx, "list chosen addresses", func(c *conn) error {
		return c.each("SELECT name, addr FROM chosen WHERE account=? ORDER BY folded", func(st *sqlite3.Stmt) error {
			list = append(list, Chosen{Name: st.ColumnText(0), Addr: st.ColumnText(1)})
			return nil
		}, string(account))
	})
	return list, err
}
