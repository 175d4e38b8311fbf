package box

import (
	"context"
	"slices"
	"sync"

	"hopthu/mail"
	"hopthu/mail/server/internal/db/storedb"
)

// View is a mailbox as of one moment, and what happened after the modseq that was asked for. Mailbox is without
// Subscribed and HasChildren.
type View struct {
	Mailbox
	UIDs     []mail.UID // ascending; shared with other sessions, so never to be changed
	Rows     []Row      // changed since, ascending by UID
	Vanished []mail.UID // expunged since, ascending
	Reload   bool       // the log of expunges does not reach back that far: Vanished is nil
}

// View reads a mailbox and its changes in one moment. Sessions that see the same state share one list of UIDs.
func (s *Service) View(ctx context.Context, ref Ref, since uint64) (v View, err error) {
	err = s.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		row, err := q.GetMailbox(ctx, storedb.GetMailboxParams{AccountID: int64(ref.Account), MailboxID: int64(ref.Mailbox)})
		if err == nil {
			v, err = s.view(ctx, q, mailboxOf(row), since)
		}
		return err
	})
	return v, fault("read mailbox", err)
}

func (s *Service) view(ctx context.Context, q *storedb.Queries, m Mailbox, since uint64) (v View, err error) {
	v = View{Mailbox: m, Reload: since < m.Floor}
	if v.UIDs, err = s.lists.at(ctx, q, m); err != nil || since >= m.HighestModSeq {
		return v, err
	}
	if v.Rows, err = rowsSince(ctx, q, m, since); err != nil || v.Reload {
		return v, err
	}
	v.Vanished, err = expungedSince(ctx, q, m.Ref, since)
	return v, err
}

func expungedSince(ctx context.Context, q *storedb.Queries, ref Ref, since uint64) ([]mail.UID, error) {
	list, err := q.ExpungedSince(ctx, storedb.ExpungedSinceParams{
		AccountID: int64(ref.Account), MailboxID: int64(ref.Mailbox), Since: toInt64(since),
	})
	return uidsOf(list), err
}

// maxHeldUIDs is how many UIDs are kept for sessions to come; those in use are kept by their sessions.
const maxHeldUIDs = 4 << 20

// uidLists keeps the UIDs of mailboxes as they last were, so that opening a large mailbox reads only what changed.
type uidLists struct {
	mu    sync.Mutex
	all   map[Ref]uidList
	total int
}

type uidList struct {
	modseq uint64
	uids   []mail.UID // never changed
}

func newUIDLists() *uidLists { return &uidLists{all: map[Ref]uidList{}} }

// at gives the UIDs of m at its modseq, read in the transaction of q.
func (l *uidLists) at(ctx context.Context, q *storedb.Queries, m Mailbox) ([]mail.UID, error) {
	l.mu.Lock()
	held, ok := l.all[m.Ref]
	l.mu.Unlock()
	if ok && held.modseq == m.HighestModSeq {
		return held.uids, nil
	}
	var uids []mail.UID
	var err error
	if ok && held.modseq < m.HighestModSeq && held.modseq >= m.Floor {
		uids, err = held.follow(ctx, q, m)
	} else {
		var list []int64
		list, err = q.MessageUIDs(ctx, storedb.MessageUIDsParams{AccountID: int64(m.Account), MailboxID: int64(m.Ref.Mailbox)})
		uids = uidsOf(list)
	}
	if err == nil {
		l.put(m.Ref, uidList{m.HighestModSeq, uids})
	}
	return uids, err
}

// follow makes the list of now out of an earlier one. A letter that came since stands above all that were there.
func (u uidList) follow(ctx context.Context, q *storedb.Queries, m Mailbox) ([]mail.UID, error) {
	list, err := rowsSince(ctx, q, m, u.modseq)
	if err != nil {
		return nil, err
	}
	gone, err := expungedSince(ctx, q, m.Ref, u.modseq)
	if err != nil {
		return nil, err
	}
	if len(gone) == 0 && (len(list) == 0 || len(u.uids) > 0 && list[len(list)-1].UID <= u.uids[len(u.uids)-1]) {
		return u.uids, nil // only flags
	}
	out := make([]mail.UID, 0, len(u.uids)+len(list))
	for _, uid := range u.uids {
		if len(gone) > 0 {
			if _, is := slices.BinarySearch(gone, uid); is {
				continue
			}
		}
		out = append(out, uid)
	}
	for _, r := range list {
		if len(u.uids) == 0 || r.UID > u.uids[len(u.uids)-1] {
			out = append(out, r.UID)
		}
	}
	return slices.Clip(out), nil
}

func (l *uidLists) put(ref Ref, u uidList) {
	l.mu.Lock()
	defer l.mu.Unlock()
	old, ok := l.all[ref]
	if ok && old.modseq >= u.modseq { // another reader saw more
		return
	}
	l.total += len(u.uids) - len(old.uids)
	l.all[ref] = u
	for r, other := range l.all {
		if l.total <= maxHeldUIDs && len(l.all) <= maxHeldUIDs/64 {
			return
		}
		if r != ref {
			l.total -= len(other.uids)
			delete(l.all, r)
		}
	}
}

// Locate finds a mailbox by its name alone; Kind NoFolder if there is none.
func (s *Service) Locate(ctx context.Context, a AccountID, name string) (Ref, error) {
	clean, err := CleanName(name)
	if err != nil { // a name that cannot be is not there
		return Ref{}, &mail.Fault{Kind: mail.NoFolder, Op: "find mailbox", Err: err}
	}
	var row storedb.Mailbox
	err = s.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) (err error) {
		row, err = q.FindMailbox(ctx, storedb.FindMailboxParams{AccountID: int64(a), Name: clean})
		return err
	})
	return Ref{a, MailboxID(row.MailboxID)}, fault("find mailbox", err)
}
