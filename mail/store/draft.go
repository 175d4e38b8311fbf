package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
)

// PutDraft saves a draft; ID 0 makes a new one. Attachments are added and taken out by their own calls, the list in d
// is not looked at. Kind Gone if the draft was dropped or is on its way out.
func (s *Store) PutDraft(ctx context.Context, d mail.DraftLetter) (mail.DraftLetter, error) {
	err := s.write(ctx, "save draft", func(t *tx) error {
		d.Saved = s.opts.Now()
		if err := t.saveDraft(&d); err != nil {
			return err
		}
		list, err := t.attachments(d.ID)
		d.Attachments = list
		t.tell(mail.Event{Kind: mail.DraftsChanged, Account: d.Account})
		return err
	})
	return d, err
}

func (t *tx) saveDraft(d *mail.DraftLetter) error {
	x := *d
	x.Attachments = nil
	data, err := json.Marshal(x)
	if err != nil {
		return fmt.Errorf("encode draft: %w", err)
	}
	if d.ID == 0 {
		if err := t.exec("INSERT INTO draft(account, data, saved) VALUES(?,?,?)", string(d.Account), string(data), d.Saved); err != nil {
			return err
		}
		d.ID = mail.DraftID(t.db.LastInsertRowID())
		return nil
	}
	if err := t.exec("UPDATE draft SET account=?, data=?, saved=? WHERE id=? AND outgoing=0", string(d.Account), string(data), d.Saved, d.ID); err != nil {
		return err
	}
	if t.db.Changes() == 0 {
		return gone("save draft")
	}
	return nil
}

// Draft reads one. Kind Gone if it was dropped or sent.
func (s *Store) Draft(ctx context.Context, id mail.DraftID) (d mail.DraftLetter, err error) {
	err = s.read(ctx, "read draft", func(c *conn) error {
		list, err := c.drafts("id=? AND outgoing=0", id)
		if err == nil && len(list) == 0 {
			return gone("read draft")
		}
		if err == nil {
			d = list[0]
		}
		return err
	})
	return d, err
}

// Drafts lists the drafts, the last saved first; those that hold a document on its way are not among them.
func (s *Store) Drafts(ctx context.Context) (list []mail.DraftLetter, err error) {
	err = s.read(ctx, "list drafts", func(c *conn) error {
		list, err = c.drafts("outgoing=0 AND coalesce(json_extract(data, '$.Kind'), 0)<>? ORDER BY saved DESC, id DESC", int64(mail.DraftDispatch))
		return err
	})
	return list, err
}

func (c *conn) drafts(where string, args ...any) (list []mail.DraftLetter, err error) {
	err = c.each("SELECT id, data, saved FROM draft WHERE "+where, func(st *sqlite3.Stmt) error {
		var d mail.DraftLetter
		if err := json.Unmarshal(st.ColumnRawText(1), &d); err != nil {
			return fmt.Errorf("decode draft: %w", err)
		}
		d.ID, d.Saved = mail.DraftID(st.ColumnInt64(0)), fromMicros(st.ColumnInt64(2))
		d.Attachments, err = c.attachments(d.ID)
		list = append(list, d)
		return err
	}, args...)
	return list, err
}

// DropDraft deletes a draft with its attachments. One that is on its way out stays.
func (s *Store) DropDraft(ctx context.Context, id mail.DraftID) error {
	return s.write(ctx, "drop draft", func(t *tx) error {
		list, err := t.drafts("id=? AND outgoing=0", id)
		if err != nil || len(list) == 0 {
			return err
		}
		t.tell(mail.Event{Kind: mail.DraftsChanged, Account: list[0].Account})
		if err := t.cancelAppends(list[0].Account, mail.RoleDrafts, list[0].MessageID); err != nil {
			return err
		}
		if err := t.dropRefused(id); err != nil {
			return err
		}
		return t.dropDraft(id)
	})
}

func (t *tx) dropDraft(id mail.DraftID) error {
	for _, q := range []string{
		"DELETE FROM chunk WHERE kind=2 AND owner IN (SELECT id FROM attachment WHERE draft=?)",
		"DELETE FROM chunk WHERE kind=6 AND owner=?",
		"DELETE FROM attachment WHERE draft=?", "DELETE FROM draft WHERE id=?",
	} {
		if err := t.exec(q, id); err != nil {
			return err
		}
	}
	return nil
}

// AddAttachment puts a file into a draft; its bytes are in the store when the call returns.
func (s *Store) AddAttachment(ctx context.Context, draft mail.DraftID, name, media string, risk mail.Risk, data []byte) (a mail.Attachment, err error) {
	err = s.write(ctx, "attach file", func(t *tx) error {
		_, ok, err := t.int("SELECT 1 FROM draft WHERE id=? AND outgoing=0", draft)
		if err != nil {
			return err
		}
		if !ok {
			return gone("attach file")
		}
		a = mail.Attachment{Name: name, Type: media, Size: int64(len(data)), Risk: risk}
		return t.addAttachment(draft, &a, data)
	})
	return a, err
}

func (t *tx) addAttachment(draft mail.DraftID, a *mail.Attachment, data []byte) error {
	if err := t.exec("INSERT INTO attachment(draft, name, type, size, risk) VALUES(?,?,?,?,?)", draft, a.Name, a.Type, a.Size, int64(a.Risk)); err != nil {
		return err
	}
	a.ID = t.db.LastInsertRowID()
	t.tell(mail.Event{Kind: mail.DraftsChanged})
	return t.putChunks(chunkAttachment, a.ID, bytes.NewReader(data))
}

// AttachmentData reads an attachment's bytes.
func (s *Store) AttachmentData(ctx context.Context, id int64) (data []byte, err error) {
	err = s.read(ctx, "read attachment", func(c *conn) error {
		var ok bool
		if data, ok, err = c.chunks(chunkAttachment, id); err == nil && !ok {
			return gone("read attachment")
		}
		return err
	})
	return data, err
}

// DropAttachment takes a file out of a draft.
func (s *Store) DropAttachment(ctx context.Context, draft mail.DraftID, id int64) error {
	return s.write(ctx, "detach file", func(t *tx) error {
		if err := t.exec("DELETE FROM attachment WHERE id=? AND draft=? AND draft IN (SELECT id FROM draft WHERE outgoing=0)", id, draft); err != nil {
			return err
		}
		if t.db.Changes() == 0 {
			return nil
		}
		t.tell(mail.Event{Kind: mail.DraftsChanged})
		return t.exec("DELETE FROM chunk WHERE kind=2 AND owner=?", id)
	})
}

func (c *conn) attachments(draft mail.DraftID) (list []mail.Attachment, err error) {
	err = c.each("SELECT id, name, type, size, risk FROM attachment WHERE draft=? ORDER BY id", func(st *sqlite3.Stmt) error {
		list = append(list, mail.Attachment{
			ID: st.ColumnInt64(0), Name: st.ColumnText(1), Type: st.ColumnText(2), Size: st.ColumnInt64(3),
			Risk: mail.Risk(st.ColumnInt64(4)), //nolint:gosec // stored from this type
		})
		return nil
	}, draft)
	return list, err
}

// dropRefused forgets the refused sendings of a draft: it is sent anew, or given up.
func (t *tx) dropRefused(id mail.DraftID) error {
	const these = "SELECT id FROM outgoing WHERE draft=? AND state='refused'"
	return errors.Join(
		t.exec("DELETE FROM register WHERE outgoing IN ("+these+")", id),
		t.exec("DELETE FROM chunk WHERE kind=3 AND owner IN ("+these+")", id),
		t.exec("DELETE FROM outgoing WHERE draft=? AND state='refused'", id),
	)
}
