package box

import (
	"context"
	"database/sql"
	"errors"

	"hopthu/mail"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
)

// Origin is how far a folder of another server was fetched into a mailbox.
type Origin struct {
	Ref            // the mailbox here
	Source, Folder string
	UIDValidity    uint32   // of the folder there
	Base           mail.UID // letters here from it on came after the fetching began
	Last           mail.UID // letters there up to it are dealt with
	Left           []Left   // of these, the ones that were not taken
}

// Left is a letter of another server that was not taken, and the code of why.
type Left struct {
	UID    mail.UID
	Size   int64
	Reason string
}

// Origin tells how far a folder was fetched; ok is false when it never was.
func (s *Service) Origin(ctx context.Context, a AccountID, source, folder string) (o Origin, ok bool, err error) {
	err = s.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		row, err := q.GetOrigin(ctx, storedb.GetOriginParams{AccountID: int64(a), Source: source, Folder: folder})
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		ok = true
		o = Origin{
			Ref: Ref{a, MailboxID(row.MailboxID)}, Source: source, Folder: folder,
			UIDValidity: uint32(row.Uidvalidity), Base: mail.UID(row.BaseUid), Last: mail.UID(row.LastUid),
		}
		left, err := q.OriginLeft(ctx, storedb.OriginLeftParams{AccountID: int64(a), Source: source, Folder: folder})
		for _, l := range left {
			o.Left = append(o.Left, Left{UID: mail.UID(l.Uid), Size: l.Size, Reason: l.Reason})
		}
		return err
	})
	return o, ok, fault("read origin", err)
}

// BeginOrigin notes that a folder of another server is fetched into o.Ref from its first letter on; what was known of
// it before is forgotten.
func (s *Service) BeginOrigin(ctx context.Context, o Origin) (Origin, error) {
	err := s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		m, err := tx.Q.GetMailbox(ctx, storedb.GetMailboxParams{AccountID: int64(o.Account), MailboxID: int64(o.Mailbox)})
		if err != nil {
			return err
		}
		o.Base, o.Last, o.Left = mail.UID(m.Uidnext), 0, nil
		gone := storedb.DropAllOriginLeftParams{AccountID: int64(o.Account), Source: o.Source, Folder: o.Folder}
		return errors.Join(tx.Q.DropAllOriginLeft(ctx, gone), tx.Q.PutOrigin(ctx, storedb.PutOriginParams{
			AccountID: int64(o.Account), Source: o.Source, Folder: o.Folder, MailboxID: int64(o.Mailbox),
			Uidvalidity: int64(o.UIDValidity), BaseUid: m.Uidnext,
		}))
	})
	return o, fault("begin origin", err)
}

// Step is one step of a fetch: letters to put in, the letters that were left before and are dealt with now (Settled),
// and those that are left now.
type Step struct {
	To      mail.UID // all letters there up to it are dealt with
	Items   []Item
	Settled []mail.UID
	Left    []Left
}

// Advance puts the letters of a step into the mailbox and notes how far the fetch has come, in one transaction: after
// any end of the process a letter is in and noted, or neither. Kind Conflict: somebody else went on from o meanwhile,
// and nothing was done.
func (s *Service) Advance(ctx context.Context, o Origin, st Step) (Origin, error) {
	for _, it := range st.Items {
		if err := s.prewrite(ctx, it.Staged); err != nil {
			return o, fault("fetch letters", err)
		}
	}
	a := int64(o.Account)
	err := s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Q.AdvanceOrigin(ctx, storedb.AdvanceOriginParams{
			ToUid: int64(st.To), FromUid: int64(o.Last), Uidvalidity: int64(o.UIDValidity), AccountID: a, Source: o.Source, Folder: o.Folder,
		})
		for _, uid := range st.Settled {
			if err != nil || n == 0 {
				break
			}
			n, err = tx.Q.DropOriginLeft(ctx, storedb.DropOriginLeftParams{AccountID: a, Source: o.Source, Folder: o.Folder, Uid: int64(uid)})
		}
		if err == nil && n == 0 {
			err = &mail.Fault{Kind: mail.Conflict, Op: "fetch letters", Detail: o.Folder}
		}
		for _, l := range st.Left {
			err = errors.Join(err, tx.Q.AddOriginLeft(ctx, storedb.AddOriginLeftParams{
				AccountID: a, Source: o.Source, Folder: o.Folder, Uid: int64(l.UID), Size: l.Size, Reason: l.Reason,
			}))
		}
		if err == nil && len(st.Items) > 0 {
			_, err = s.addItems(ctx, tx, o.Ref, st.Items)
		}
		return err
	})
	if err != nil {
		return o, fault("fetch letters", err)
	}
	o.Last = st.To
	return o, nil
}
