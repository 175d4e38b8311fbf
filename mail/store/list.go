package store

import (
	"context"
	"slices"
	"time"

	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
)

// hit is one letter of a list before it is put in order.
type hit struct {
	received int64
	id       mail.LetterID
	thread   mail.ThreadID
}

// filterCond is how a filter is asked for; each has a partial index with the same words.
func filterCond(f mail.Filter) string {
	switch f {
	case mail.Unread:
		return " AND flags & 1 = 0"
	case mail.Awaiting:
		return " AND awaits = 1"
	case mail.Starred:
		return " AND flags & 4 <> 0"
	case mail.WithAttachment:
		return " AND attach > 0"
	case mail.All:
	}
	return ""
}

// List gives the order of a box. It costs one walk over an index and eight bytes a letter.
func (s *Store) List(ctx context.Context, q mail.ListQuery) (out mail.Listing, err error) {
	// The version is taken before the snapshot: at worst the list is newer than it says.
	version := s.Version(q.Folder)
	err = s.read(ctx, "list letters", func(c *conn) error {
		folders, err := c.listFolders(q)
		if err != nil {
			return err
		}
		for _, f := range folders {
			out.Total += f.Total
			out.Remote += max(f.Remote, f.Total)
		}
		if len(folders) == 1 {
			out.Remote = folders[0].Remote
		}
		if words := parseQuery(q.Text); len(words) > 0 {
			return c.search(q, folders, words, &out)
		}
		if len(folders) == 1 && q.View == mail.Flat {
			out.IDs, err = c.ids(folders[0], q.Filter, q.Newest)
			out.More = q.Newest > 0 && len(out.IDs) == q.Newest
			return err
		}
		hits, err := c.hits(folders, q.Filter, q.Newest)
		if err == nil {
			out.More = q.Newest > 0 && len(hits) == q.Newest
			fill(&out, q.View, hits)
		}
		return err
	})
	out.Version = version
	return out, err
}

// listFolders are the folders that a query spans.
func (c *conn) listFolders(q mail.ListQuery) ([]mail.Folder, error) {
	if q.Folder != 0 {
		f, err := c.folder(q.Folder)
		if err != nil {
			return nil, err
		}
		return []mail.Folder{f}, nil
	}
	const most = "f.role NOT IN ('trash','junk')"
	if q.Account != "" {
		return c.folders("WHERE a.id=? AND "+most, string(q.Account))
	}
	return c.folders("WHERE " + most)
}

// limited is newest as SQLite's LIMIT: -1 for no limit.
func limited(newest int) int {
	if newest <= 0 {
		return -1
	}
	return newest
}

// ids walks one folder newest first: the common list, in one slice.
func (c *conn) ids(f mail.Folder, filter mail.Filter, newest int) ([]mail.LetterID, error) {
	size := 0
	if filter == mail.All {
		size = f.Total
	}
	if newest > 0 {
		size = min(size, newest)
	}
	list := make([]mail.LetterID, 0, size)
	err := c.each("SELECT id FROM letter WHERE folder=?"+filterCond(filter)+" ORDER BY received DESC, id DESC LIMIT ?", func(st *sqlite3.Stmt) error {
		list = append(list, mail.LetterID(st.ColumnInt64(0)))
		return nil
	}, f.ID, limited(newest))
	return list, err
}

// hits walks the folders newest first.
func (c *conn) hits(folders []mail.Folder, filter mail.Filter, newest int) ([]hit, error) {
	size := 0
	if filter == mail.All {
		for _, f := range folders {
			size += f.Total
		}
	}
	if newest > 0 {
		size = min(size, newest*len(folders))
	}
	list := make([]hit, 0, size)
	sql := "SELECT received, id, thread FROM letter WHERE folder=?" + filterCond(filter) + " ORDER BY received DESC, id DESC LIMIT ?"
	for _, f := range folders {
		err := c.each(sql, func(st *sqlite3.Stmt) error {
			list = append(list, hit{st.ColumnInt64(0), mail.LetterID(st.ColumnInt64(1)), mail.ThreadID(st.ColumnInt64(2))})
			return nil
		}, f.ID, limited(newest))
		if err != nil {
			return nil, err
		}
	}
	if len(folders) > 1 {
		slices.SortFunc(list, newestFirst)
	}
	if newest > 0 {
		list = list[:min(len(list), newest)]
	}
	return list, nil
}

func newestFirst(a, b hit) int {
	switch {
	case a.received > b.received:
		return -1
	case a.received < b.received:
		return 1
	case a.id > b.id:
		return -1
	case a.id < b.id:
		return 1
	}
	return 0
}

// fill makes the answer of hits that stand newest first. In Conversations a letter joins the newest one of its
// conversation, and the sizes always add up to the number of hits: no letter is hidden.
func fill(out *mail.Listing, view mail.View, hits []hit) {
	if view == mail.Flat {
		out.IDs = make([]mail.LetterID, len(hits))
		for i, h := range hits {
			out.IDs[i] = h.id
		}
		return
	}
	at := make(map[mail.ThreadID]int32, len(hits)/2)
	for _, h := range hits {
		if i, ok := at[h.thread]; ok {
			out.Sizes[i]++
			continue
		}
		at[h.thread] = int32(len(out.IDs)) //nolint:gosec // a folder has fewer letters than that
		out.IDs = append(out.IDs, h.id)
		out.Sizes = append(out.Sizes, 1)
	}
}

// Heads gives the heads of ids in the same order; those that are gone are left out.
func (s *Store) Heads(ctx context.Context, ids []mail.LetterID) ([]mail.Head, error) {
	list := make([]mail.Head, 0, len(ids))
	err := s.read(ctx, "read heads", func(c *conn) error {
		for _, id := range ids {
			err := c.each("SELECT "+headColumns+" WHERE l.id=? AND l.folder IS NOT NULL", func(st *sqlite3.Stmt) error {
				h, err := scanHead(st)
				list = append(list, h)
				return err
			}, id)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// Head gives one head. Kind Gone if the letter is not there.
func (s *Store) Head(ctx context.Context, id mail.LetterID) (mail.Head, error) {
	list, err := s.Heads(ctx, []mail.LetterID{id})
	if err != nil {
		return mail.Head{}, err
	}
	if len(list) == 0 {
		return mail.Head{}, gone("read head")
	}
	return list[0], nil
}

// Thread lists the letters of id's conversation over all folders of its account, oldest first.
func (s *Store) Thread(ctx context.Context, id mail.LetterID) (list []mail.LetterID, err error) {
	err = s.read(ctx, "read conversation", func(c *conn) error {
		th, ok, err := c.int("SELECT thread FROM letter WHERE id=?", id)
		if err != nil || !ok {
			return err
		}
		return c.each("SELECT id FROM letter l WHERE ("+ofThread+") AND folder IS NOT NULL ORDER BY received, id", func(st *sqlite3.Stmt) error {
			list = append(list, mail.LetterID(st.ColumnInt64(0)))
			return nil
		}, th)
	})
	if err == nil && len(list) == 0 {
		err = gone("read conversation")
	}
	return list, err
}

// heads runs a query that ends in conditions on l.
func (c *conn) heads(where string, args ...any) (list []mail.Head, err error) {
	err = c.each("SELECT "+headColumns+" "+where, func(st *sqlite3.Stmt) error {
		h, err := scanHead(st)
		list = append(list, h)
		return err
	}, args...)
	return list, err
}

// Awaiting lists the letters of all accounts that still await an answer, oldest first.
func (s *Store) Awaiting(ctx context.Context) (list []mail.Head, err error) {
	err = s.read(ctx, "list awaiting letters", func(c *conn) error {
		list, err = c.heads("WHERE l.id IN (SELECT x.id FROM folder f CROSS JOIN letter x ON x.folder=f.id WHERE x.awaits = 1) ORDER BY l.received, l.id")
		return err
	})
	return list, err
}

// AwaitingNewest lists the newest letters of all accounts that still await an answer, at most limit, oldest first, and
// says how many there are. Its cost does not grow with what waits: in a box that was opened for the first time that may
// be every letter of ten years.
func (s *Store) AwaitingNewest(ctx context.Context, limit int) (list []mail.Head, all int, err error) {
	err = s.read(ctx, "list awaiting letters", func(c *conn) error {
		folders, err := c.folders("WHERE f.awaiting > 0")
		if err != nil {
			return err
		}
		var hits []hit
		for _, f := range folders {
			all += f.Awaiting
			err := c.each("SELECT received, id FROM letter WHERE folder=? AND awaits = 1 ORDER BY received DESC, id DESC LIMIT ?",
				func(st *sqlite3.Stmt) error {
					hits = append(hits, hit{received: st.ColumnInt64(0), id: mail.LetterID(st.ColumnInt64(1))})
					return nil
				}, f.ID, limit)
			if err != nil {
				return err
			}
		}
		slices.SortFunc(hits, newestFirst)
		hits = hits[:min(len(hits), max(limit, 0))]
		list = make([]mail.Head, 0, len(hits))
		take := func(st *sqlite3.Stmt) error {
			h, err := scanHead(st)
			list = append(list, h)
			return err
		}
		for _, h := range slices.Backward(hits) {
			if err := c.each("SELECT "+headColumns+" WHERE l.id=?", take, h.id); err != nil {
				return err
			}
		}
		return nil
	})
	return list, all, err
}

// Fresh lists the newest letters, at most limit, that came into an inbox after since, and says how many there are.
func (s *Store) Fresh(ctx context.Context, since time.Time, limit int) (list []mail.Head, all int, err error) {
	err = s.read(ctx, "list fresh letters", func(c *conn) error {
		folders, err := c.folders("WHERE f.role='inbox'")
		if err != nil {
			return err
		}
		for _, f := range folders {
			n, _, err := c.int("SELECT count(*) FROM letter WHERE folder=? AND received>?", f.ID, since)
			if err != nil {
				return err
			}
			all += int(n)
			some, err := c.heads("WHERE l.folder=? AND l.received>? ORDER BY l.received DESC, l.id DESC LIMIT ?", f.ID, since, limit)
			if err != nil {
				return err
			}
			list = append(list, some...)
		}
		return nil
	})
	slices.SortStableFunc(list, func(a, b mail.Head) int { return b.Received.Compare(a.Received) })
	return list[:min(len(list), max(limit, 0))], all, err
}

// UnreadCount is the number of unread letters in all inboxes.
func (s *Store) UnreadCount(ctx context.Context) (n int, err error) {
	err = s.read(ctx, "count unread", func(c *conn) error {
		v, _, err := c.int("SELECT sum(unread) FROM folder WHERE role='inbox'")
		n = int(v)
		return err
	})
	return n, err
}

// LettersByMessageID finds the letters with this Message-ID in the account's folders of a role.
func (s *Store) LettersByMessageID(ctx context.Context, account mail.AccountID, role mail.Role, messageID string) (list []mail.LetterID, err error) {
	h := midHash(messageID)
	if h == 0 {
		return nil, nil
	}
	err = s.read(ctx, "find letter", func(c *conn) error {
		n, ok, err := c.int("SELECT n FROM account WHERE id=?", string(account))
		if err != nil || !ok {
			return err
		}
		folders := map[int64]bool{}
		if err := c.each("SELECT id FROM folder WHERE account=? AND role=?", func(st *sqlite3.Stmt) error {
			folders[st.ColumnInt64(0)] = true
			return nil
		}, n, string(role)); err != nil {
			return err
		}
		return c.withMid(midKey{n, h}, func(st *sqlite3.Stmt) error {
			if folders[st.ColumnInt64(1)] { // 0, no folder's, where it was erased
				list = append(list, mail.LetterID(st.ColumnInt64(0)))
			}
			return nil
		})
	})
	slices.Sort(list)
	return list, err
}
