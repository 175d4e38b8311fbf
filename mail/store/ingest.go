package store

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
	"hopthu/mail/viet"
)

// Incoming is one letter as the server told of it: Head without ID and Thread.
type Incoming struct {
	Head     mail.Head
	Keywords []string // foreign keywords
	ModSeq   uint64
}

// Letter ids count up from firstID for new mail and down from it for older mail, so that their order stays near the
// order of dates; the search index relies on it.
const firstID = 1 << 40

// Limbo counts how many complete passes a letter without UID may still wait for the server to show it: limboMoving
// while its move is pending, limboPasses after.
const (
	limboMoving = 1000
	limboPasses = 2
)

// ingest is one PutLetters at work.
type ingest struct {
	*tx
	account   int64
	shared    *bench // where several work in this box, else nil
	folder    mail.Folder
	backfill  bool
	away      map[mail.UID]mail.LetterID // moved or erased here, still there on the server
	limbo     bool                       // some letters here wait for their UID
	lost      bool                       // some pending operations lost their UIDs
	known     map[mail.UID]mail.LetterID // those of the batch that are here already
	apart     bool                       // their UIDs lie too far apart for one walk: each is asked for
	addrs     map[string]bool            // addresses of this batch already noted
	fresh     []mail.LetterID
	index     []indexed // texts for the search index
	later     bool      // they are put there after the fill
	midsLater bool      // the same for table mid
	up, down  int64
	next      int64 // id of the next older letter
	mark      int64 // of the search index, see seqs
	mids      int64 // of table mid, see mid.go

	total, unread, awaiting int // that the folder gains
}

// PutLetters stores letters of a folder in one transaction: threads them, links answers, counts, indexes their heads.
// A UID that is known already only takes its flags from the server. The ids come back in the order of list. backfill
// is for older mail: it raises no NewMail.
func (s *Store) PutLetters(ctx context.Context, account mail.AccountID, folder mail.FolderID, list []Incoming, backfill bool) ([]mail.LetterID, error) {
	ids := make([]mail.LetterID, len(list))
	err := s.write(ctx, "store letters", func(t *tx) error {
		n := &ingest{tx: t, backfill: backfill, addrs: map[string]bool{}}
		if err := n.begin(account, folder); err != nil {
			return err
		}
		n.later = backfill && (len(list) > indexAtOnce || n.mark > n.down+1)
		if err := n.beginMids(); err != nil {
			return err
		}
		if err := n.look(list); err != nil {
			return err
		}
		// Ids must follow the dates, whatever order the server answered in. Older mail takes those below all others, and rises
		// among them too: tables and indexes fill better that way, and an answer finds what it answers.
		order := make([]int, len(list))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(a, b int) int {
			return cmp.Or(list[a].Head.Received.Compare(list[b].Head.Received), cmp.Compare(list[a].Head.UID, list[b].Head.UID))
		})
		if backfill {
			n.down -= int64(len(list))
			n.next = n.down + 1
		}
		for _, i := range order {
			id, err := n.put(&list[i])
			if err != nil {
				return err
			}
			ids[i] = id
		}
		return n.end()
	})
	if err != nil {
		return nil, err
	}
	return ids, nil
}

func (n *ingest) begin(account mail.AccountID, folder mail.FolderID) (err error) {
	b, err := n.bench(account)
	if err != nil {
		return err
	}
	if n.account = b.n; b.account.Together() {
		n.shared = b
	}
	if n.folder, err = n.tx.folder(folder); err != nil {
		return err
	}
	if n.folder.Account != account {
		return &mail.Fault{Kind: mail.NoFolder, Op: "store letters"}
	}
	if n.away, err = n.awayUIDs(folder); err != nil {
		return err
	}
	if _, n.limbo, err = n.int(`SELECT 1 WHERE EXISTS (SELECT 1 FROM letter WHERE folder=? AND limbo>0) OR EXISTS
		(SELECT 1 FROM op o JOIN op_letter p ON p.op=o.id WHERE o.folder=? AND p.uid=0 AND p.lost<=0)`, folder, folder); err != nil {
		return err
	}
	if _, n.lost, err = n.int("SELECT 1 FROM op_letter WHERE lost>0 LIMIT 1"); err != nil {
		return err
	}
	n.up, n.down, n.mark, n.mids, err = n.seqs()
	return err
}

// beginMids decides whether the batch is put into table mid at once. That of Sent is: answers are looked for in it.
func (n *ingest) beginMids() error {
	n.midsLater = n.later && n.folder.Role != mail.RoleSent
	behind := n.mids > n.down+1
	if behind && (n.uncaught == nil || !n.midsLater) { // a fill was cut off, or is over
		if err := n.catchUp(); err != nil {
			return err
		}
		n.mids = n.down + 1
	}
	if n.uncaught == nil {
		n.uncaught = uncaught{}
	}
	return nil
}

func (n *ingest) end() error {
	// In one go at the end: a statement that opens a savepoint, as those with triggers do, makes FTS5 write out what it
	// has gathered. It would be a segment for every letter.
	if err := n.putTexts(n.index); err != nil {
		return err
	}
	if n.backfill && !n.later {
		n.mark = n.down + 1
	}
	if n.backfill && !n.midsLater {
		n.mids = n.down + 1
	}
	if err := errors.Join(n.setSeq("up", n.up), n.setSeq("down", n.down), n.setSeq("indexed", n.mark), n.setSeq("mids", n.mids)); err != nil {
		return err
	}
	if len(n.uncaught) >= midsMost {
		if err := n.catchUp(); err != nil {
			return err
		}
	}
	if n.total > 0 {
		if err := n.exec("UPDATE folder SET total=total+?, unread=unread+?, awaiting=awaiting+? WHERE id=?",
			n.total, n.unread, n.awaiting, n.folder.ID); err != nil {
			return err
		}
	}
	// More than a screenful of news at once is one piece of news.
	const most = 20
	for _, id := range n.fresh[max(0, len(n.fresh)-most):] {
		n.tell(mail.Event{Kind: mail.NewMail, Account: n.folder.Account, Folder: n.folder.ID, Letter: id})
	}
	return nil
}

// put stores one letter, or finds that it is here already.
func (n *ingest) put(in *Incoming) (mail.LetterID, error) {
	h := &in.Head
	if id, ok, err := n.here(h.UID); err != nil {
		return 0, err
	} else if ok {
		return id, n.serverFlags(n.folder, FlagChange{UID: h.UID, Flags: h.Flags, Keywords: in.Keywords, ModSeq: in.ModSeq})
	}
	return n.unknown(in)
}

// look finds out which letters of a batch are here already, in one walk over their UIDs.
func (n *ingest) look(list []Incoming) error {
	n.known = map[mail.UID]mail.LetterID{}
	if len(list) == 0 {
		return nil
	}
	lo, hi := list[0].Head.UID, list[0].Head.UID
	for i := range list {
		lo, hi = min(lo, list[i].Head.UID), max(hi, list[i].Head.UID)
	}
	if n.apart = int64(hi)-int64(lo) > 8*int64(len(list)); n.apart {
		return nil
	}
	return n.each("SELECT uid, id FROM letter WHERE folder=? AND uid BETWEEN ? AND ?", func(st *sqlite3.Stmt) error {
		n.known[mail.UID(st.ColumnInt64(0))] = mail.LetterID(st.ColumnInt64(1)) //nolint:gosec // stored from this type
		return nil
	}, n.folder.ID, lo, hi)
}

func (n *ingest) here(uid mail.UID) (mail.LetterID, bool, error) {
	if id, ok := n.known[uid]; ok || !n.apart {
		return id, ok, nil
	}
	id, ok, err := n.int("SELECT id FROM letter WHERE folder=? AND uid=?", n.folder.ID, uid)
	return mail.LetterID(id), ok, err
}

// unknown stores a letter whose UID is not here.
func (n *ingest) unknown(in *Incoming) (mail.LetterID, error) {
	h := &in.Head
	if id, ok := n.away[h.UID]; ok {
		return id, n.exec("UPDATE letter SET sflags=? WHERE id=?", h.Flags, id)
	}
	own := midHash(h.MessageID)
	if n.limbo && own != 0 {
		if id, ok, err := n.adopt(in, own); err != nil || ok {
			return id, err
		}
	}
	if n.lost && own != 0 {
		if id, ok, err := n.rebind(own, h.UID); err != nil || ok {
			return id, err
		}
	}
	id, err := n.insert(in, own)
	if err == nil && n.lost && own != 0 {
		err = n.rebindFlags(id, own, h.UID)
	}
	return id, err
}

func (n *ingest) nextID() mail.LetterID {
	if n.backfill {
		n.next++
		return mail.LetterID(n.next - 1)
	}
	n.up++
	return mail.LetterID(n.up - 1)
}

func (n *ingest) insert(in *Incoming, own int64) (mail.LetterID, error) {
	h := &in.Head
	id := n.nextID()
	up := parents(h)
	th, err := n.threadOf(n.account, id, own, up)
	if err != nil {
		return 0, err
	}
	awaits, err := n.awaits(h, own)
	if err != nil {
		return 0, err
	}
	if err := n.exec(`INSERT INTO letter(id, account, folder, uid, flags, sflags, received, thread, mhash, size, attach,
		duty, awaits, modseq, keywords) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`, id, n.account, n.folder.ID, h.UID, h.Flags,
		h.Flags, h.Received, th, own, h.Size, h.Attachments, h.Duty, awaits, in.ModSeq, keywords(in.Keywords)); err != nil {
		return 0, err
	}
	if own != 0 && n.midsLater {
		n.uncaught[midKey{n.account, own}] = th
	} else if own != 0 {
		if err := n.exec("INSERT INTO mid VALUES(?,?,?,?)", n.account, own, id, th); err != nil {
			return 0, err
		}
	}
	if err := n.exec("INSERT INTO head VALUES(?,?,?)", -id, encodeHead(h), h.Preview); err != nil {
		return 0, err
	}
	if !n.later {
		n.index = append(n.index, indexed{id, headText(h)})
	}
	n.total++
	if !h.Flags.Has(mail.Seen) {
		n.unread++
	}
	if awaits {
		n.awaiting++
	}
	if err := n.noteAddrs(h); err != nil {
		return 0, err
	}
	if n.folder.Role == mail.RoleSent {
		if err := n.answered(n.account, up, h.Sent()); err != nil {
			return 0, err
		}
	}
	n.known[h.UID] = id
	n.touch(n.folder.Account, n.folder.ID)
	if n.shared != nil {
		if err := n.shared.arrives(id, h, in.Keywords); err != nil {
			return 0, err
		}
	}
	if !n.backfill && n.folder.Role == mail.RoleInbox && !h.Flags.Has(mail.Seen) {
		if report, err := n.onRegister(h, up); err != nil {
			return 0, err
		} else if !report {
			n.fresh = append(n.fresh, id)
		}
	}
	return id, nil
}

// awaits is awaitsExpr for a letter that is about to be stored: an UPDATE after the INSERT would touch every index twice.
func (n *ingest) awaits(h *mail.Head, own int64) (bool, error) {
	if !h.Duty || h.Flags&(mail.Answered|mail.NoReply) != 0 {
		return false, nil
	}
	switch n.folder.Role {
	case mail.RoleTrash, mail.RoleJunk, mail.RoleDrafts, mail.RoleSent:
		return false, nil
	}
	if own == 0 {
		return true, nil
	}
	_, ok, err := n.int("SELECT 1 FROM answer WHERE account=? AND hash=?", n.account, own)
	return !ok, err
}

// noteAddrs keeps the distinct addresses, for searches inside an address.
func (n *ingest) noteAddrs(h *mail.Head) error {
	const most = 100 // a circular to a thousand people teaches nothing more
	i := 0
	for _, list := range [][]mail.Address{h.From, h.To, h.Cc} {
		for _, a := range list {
			f := viet.Fold(a.Addr)
			if i++; i > most {
				return nil
			}
			if f == "" || n.addrs[f] {
				continue
			}
			n.addrs[f] = true
			if err := n.exec("INSERT INTO addr VALUES(?) ON CONFLICT DO NOTHING", f); err != nil {
				return err
			}
		}
	}
	return nil
}

// adopt gives its UID to a letter that was moved here and waits for it.
func (n *ingest) adopt(in *Incoming, own int64) (mail.LetterID, bool, error) {
	id, ok, err := n.int("SELECT id FROM letter WHERE folder=? AND limbo>0 AND mhash=? ORDER BY id LIMIT 1", n.folder.ID, own)
	if err == nil && !ok { // moved on before the server showed it here
		id, ok, err = n.int(`SELECT p.letter FROM op o JOIN op_letter p ON p.op=o.id WHERE o.folder=? AND p.uid=0 AND p.lost<=0
			AND p.mhash=? ORDER BY p.letter LIMIT 1`, n.folder.ID, own)
	}
	if err != nil || !ok {
		return 0, false, err
	}
	if err := n.arrived(mail.LetterID(id), n.folder, in.Head.UID); err != nil {
		return 0, false, err
	}
	err = n.serverFlags(n.folder, FlagChange{UID: in.Head.UID, Flags: in.Head.Flags, Keywords: in.Keywords, ModSeq: in.ModSeq})
	return mail.LetterID(id), true, err
}

func keywords(list []string) any {
	if len(list) == 0 {
		return nil
	}
	list = slices.Clone(list)
	slices.Sort(list)
	return strings.Join(slices.Compact(list), " ")
}

// UIDs lists the UIDs that a folder is known to hold on the server, ascending: also those of letters that were moved
// or erased here and not yet there.
func (s *Store) UIDs(ctx context.Context, folder mail.FolderID) (list []mail.UID, err error) {
	err = s.read(ctx, "list uids", func(c *conn) error {
		away, err := c.awayUIDs(folder)
		if err != nil {
			return err
		}
		for uid := range away {
			list = append(list, uid)
		}
		err = c.each("SELECT uid FROM letter WHERE folder=? AND uid IS NOT NULL ORDER BY uid", func(st *sqlite3.Stmt) error {
			list = append(list, mail.UID(st.ColumnInt64(0))) //nolint:gosec // stored from this type
			return nil
		}, folder)
		slices.Sort(list)
		list = slices.Compact(list)
		return err
	})
	return list, err
}

// awayUIDs are the letters that pending moves and erasures took out of a folder.
func (c *conn) awayUIDs(folder mail.FolderID) (map[mail.UID]mail.LetterID, error) {
	m := map[mail.UID]mail.LetterID{}
	err := c.each("SELECT l.uid, l.letter FROM op o JOIN op_letter l ON l.op=o.id WHERE o.folder=? AND o.kind IN (2,3) AND l.uid>0",
		func(st *sqlite3.Stmt) error {
			m[mail.UID(st.ColumnInt64(0))] = mail.LetterID(st.ColumnInt64(1)) //nolint:gosec // stored from this type
			return nil
		}, folder)
	return m, err
}
