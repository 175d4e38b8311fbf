package box

import (
	"context"

	"hopthu/mail"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
)

// Limits of what clients note (RFC 5464).
const (
	MaxNote       = 16 << 10 // octets of one value
	MaxNotes      = 2000     // values of one account, of all people who work in it
	maxNoteOctets = 4 << 20  // of one account
)

// Note is one value noted on a mailbox, or on the account itself where Ref.Mailbox is 0. Entry is in lower case. Shared
// says that all who work in the box have it; otherwise it is the one person's. Value nil removes it.
type Note struct {
	Entry  string
	Shared bool
	Value  []byte
}

// Details of the Refused of SetNotes.
const (
	NoteTooBig   = "note too big"
	NotesTooMany = "too many notes"
)

// Notes gives what is noted on a mailbox for all and for one person, by entry.
func (s *Service) Notes(ctx context.Context, ref Ref, person AccountID) (out []Note, err error) {
	err = s.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		out = nil
		list, err := q.ListMetadata(ctx, storedb.ListMetadataParams{AccountID: int64(ref.Account), MailboxID: int64(ref.Mailbox), PersonID: int64(person)})
		for _, r := range list {
			out = append(out, Note{Entry: r.Entry, Shared: r.PersonID == 0, Value: r.Value})
		}
		return err
	})
	return out, fault("read notes", err)
}

// SetNotes sets and removes values, all or none. Kind Refused, Detail NoteTooBig or NotesTooMany, when there is no room.
func (s *Service) SetNotes(ctx context.Context, ref Ref, person AccountID, notes []Note) error {
	for _, n := range notes {
		if len(n.Value) > MaxNote {
			return &mail.Fault{Kind: mail.Refused, Op: "set notes", Detail: NoteTooBig}
		}
	}
	err := s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		name := ""
		if ref.Mailbox != 0 { // the mailbox may be gone meanwhile
			m, err := tx.Q.GetMailbox(ctx, storedb.GetMailboxParams{AccountID: int64(ref.Account), MailboxID: int64(ref.Mailbox)})
			if err != nil {
				return err
			}
			name = m.Name
		}
		more := false
		for _, n := range notes {
			more = more || n.Value != nil
			if err := setNote(ctx, tx, ref, person, n); err != nil {
				return err
			}
		}
		if use, err := tx.Q.MetadataUse(ctx, int64(ref.Account)); err != nil {
			return err
		} else if more && (use.Entries > MaxNotes || use.Octets > maxNoteOctets) {
			return &mail.Fault{Kind: mail.Refused, Op: "set notes", Detail: NotesTooMany}
		}
		tx.After(func() {
			for _, n := range notes {
				e := NameEvent{Kind: Noted, Name: name, Entry: n.Entry}
				if !n.Shared {
					e.Person = person
				}
				s.room.tell(ref.Account, e)
			}
		})
		return nil
	})
	return fault("set notes", err)
}

func setNote(ctx context.Context, tx *db.Tx, ref Ref, person AccountID, n Note) error {
	if n.Shared {
		person = 0
	}
	a, m := int64(ref.Account), int64(ref.Mailbox)
	if n.Value == nil {
		return tx.Q.DropMetadata(ctx, storedb.DropMetadataParams{AccountID: a, MailboxID: m, PersonID: int64(person), Entry: n.Entry})
	}
	return tx.Q.PutMetadata(ctx, storedb.PutMetadataParams{AccountID: a, MailboxID: m, PersonID: int64(person), Entry: n.Entry, Value: n.Value})
}
