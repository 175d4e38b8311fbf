package box

import (
	"context"
	"io"
	"iter"
	"slices"
	"sync"
	"time"

	"hopthu/mail"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
	"hopthu/mail/server/internal/digest"
)

const (
	digestRest = 100 * time.Millisecond // between two pages, so that deliveries and readers go first
	digestTail = 16                     // letters behind which a page that is not full is made again when it is missed
	maxWanted  = 1 << 16                // pages remembered as wanted; others are found when they are missed, or by Sweep
)

type pageRef struct {
	Ref
	page int64
}

// digests are the pages that wait to be made.
type digests struct {
	ready  chan struct{}
	mu     sync.Mutex
	wanted map[pageRef]bool
}

func newDigests() *digests {
	return &digests{ready: make(chan struct{}, 1), wanted: map[pageRef]bool{}}
}

func (d *digests) want(ref Ref, page int64) {
	d.mu.Lock()
	if len(d.wanted) < maxWanted {
		d.wanted[pageRef{ref, page}] = true
	}
	d.mu.Unlock()
	select {
	case d.ready <- struct{}{}:
	default: // somebody will look
	}
}

func (d *digests) next() (p pageRef, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for p = range d.wanted {
		delete(d.wanted, p)
		return p, true
	}
	return p, false
}

// filled wants the pages that letters just added have made full.
func (d *digests) filled(ref Ref, uids []mail.UID) {
	last := uids[len(uids)-1]
	for p := digest.PageOf(uids[0]); ; p++ {
		if _, end := digest.Bounds(p); end > last {
			return
		}
		d.want(ref, p)
	}
}

// miss wants the pages that do not tell of many of the letters asked for.
func (d *digests) miss(ref Ref, rows map[int64][]byte, uids iter.Seq[mail.UID]) {
	page, n, through := int64(-1), 0, mail.UID(0)
	for u := range uids {
		if p := digest.PageOf(u); p != page {
			var ok bool
			if through, ok = digest.Through(p, rows[p]); !ok {
				through = 0
			}
			page, n = p, 0
		}
		if u > through {
			if n++; n == digestTail {
				d.want(ref, page)
			}
		}
	}
}

// KeepDigests prepares letters for listing and searching, some time after they came, until ctx ends. rest waits; failed
// hears of what went wrong, which is tried again when it is missed.
func (s *Service) KeepDigests(ctx context.Context, rest func(context.Context, time.Duration), failed func(error)) {
	if err := s.wantDigests(ctx); err != nil {
		failed(err)
	}
	for {
		p, ok := s.digests.next()
		if !ok {
			select {
			case <-ctx.Done():
				return
			case <-s.digests.ready:
			}
			continue
		}
		made, err := s.makeDigest(ctx, p)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			failed(err)
		}
		if made {
			rest(ctx, digestRest)
		}
	}
}

// PrepareAll makes every page that is missing or stale, at once: after an import, and for measuring.
func (s *Service) PrepareAll(ctx context.Context) error {
	if err := s.wantDigests(ctx); err != nil {
		return err
	}
	for {
		p, ok := s.digests.next()
		if !ok {
			return nil
		}
		if _, err := s.makeDigest(ctx, p); err != nil {
			return fault("prepare letters", err)
		}
	}
}

// wantDigests wants every full page that is not there, and every one that letters were expunged from.
func (s *Service) wantDigests(ctx context.Context) error {
	var boxes []storedb.DigestMailboxesRow
	err := s.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) (err error) {
		boxes, err = q.DigestMailboxes(ctx, digest.Size)
		return err
	})
	for _, b := range boxes {
		if err != nil {
			break
		}
		var there []storedb.DigestPagesRow
		err = s.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) (err error) {
			there, err = q.DigestPages(ctx, storedb.DigestPagesParams{AccountID: b.AccountID, MailboxID: b.MailboxID})
			return err
		})
		good := map[int64]bool{}
		for _, p := range there {
			_, last := digest.Bounds(p.Page)
			good[p.Page] = p.Stale == 0 && p.Through == int64(last)
		}
		for page := range digest.PageOf(mail.UID(b.Uidnext)) {
			if !good[page] {
				s.digests.want(Ref{AccountID(b.AccountID), MailboxID(b.MailboxID)}, page)
			}
		}
	}
	return fault("look for letters to prepare", err)
}

// makeDigest makes a page if there is something new in it. A page tells of every letter up to through; letters
// expunged since then may stand in it.
func (s *Service) makeDigest(ctx context.Context, p pageRef) (made bool, err error) {
	rows, through, err := s.digestRows(ctx, p)
	if mail.KindOf(err) == mail.NoFolder { // deleted meanwhile
		return false, nil
	}
	if err != nil || rows == nil {
		return false, err
	}
	list, err := s.digestLetters(ctx, rows)
	if err != nil {
		return false, err
	}
	parts, err := digest.Encode(list, through)
	if err != nil {
		return false, mail.AsFault("prepare letters", err)
	}
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error { return putDigest(ctx, tx, p, rows, through, parts) })
	return err == nil, fault("keep prepared letters", err)
}

// digestRows gives the letters of a page that is to be made, nil if it is not.
func (s *Service) digestRows(ctx context.Context, p pageRef) (rows []Row, through mail.UID, err error) {
	first, last := digest.Bounds(p.page)
	err = s.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		m, err := q.GetMailbox(ctx, storedb.GetMailboxParams{AccountID: int64(p.Account), MailboxID: int64(p.Mailbox)})
		if err != nil {
			return err
		}
		through = min(last, mail.UID(m.Uidnext-1))
		there, err := q.DigestPage(ctx, storedb.DigestPageParams{AccountID: m.AccountID, MailboxID: m.MailboxID, Page: p.page})
		if err != nil {
			return err
		}
		have, is := int64(first)-1, len(there) > 0
		if is && there[0].Stale == 0 {
			kept, err := digestsIn(ctx, q, p.Ref, digest.Brief, p.page, p.page)
			if err != nil {
				return err
			}
			if _, ok := digest.Through(p.page, kept[p.page]); ok { // not one that an earlier program made
				have = there[0].Through
			}
		}
		if news := int64(through) - have; news <= 0 || through < last && news < digestTail {
			return nil
		}
		if rows, err = readRows(ctx, q, p.Ref, UIDRange{max(first, 1), last}); len(rows) == 0 && !is {
			rows = nil // all expunged
		}
		return err
	})
	return rows, through, fault("read rows", err)
}

func (s *Service) digestLetters(ctx context.Context, rows []Row) (list []digest.Letter, err error) {
	for _, r := range rows {
		raw, err := s.readAll(ctx, r)
		if mail.KindOf(err) == mail.Gone { // expunged meanwhile, and long ago
			continue
		}
		if err != nil {
			return nil, err
		}
		list = append(list, digest.Read(r.UID, headOf(raw), raw))
	}
	return list, nil
}

func (s *Service) readAll(ctx context.Context, r Row) ([]byte, error) {
	rd, err := s.Open(ctx, r)
	if err != nil {
		return nil, err
	}
	raw := make([]byte, rd.Size)
	_, err = io.ReadFull(rd, raw)
	if cerr := rd.Close(); err == nil {
		err = cerr
	}
	return raw, err
}

func putDigest(ctx context.Context, tx *db.Tx, p pageRef, rows []Row, through mail.UID, parts map[digest.Kind][]byte) error {
	a, m := int64(p.Account), int64(p.Mailbox)
	if err := exists(ctx, tx.Q, p.Ref); err != nil { // deleted meanwhile: its number is never used again
		if mail.KindOf(fault("", err)) == mail.NoFolder {
			return nil
		}
		return err
	}
	first, last := digest.Bounds(p.page)
	now, err := readRows(ctx, tx.Q, p.Ref, UIDRange{max(first, 1), min(last, through)})
	if err != nil {
		return err
	}
	if len(now) == 0 {
		return dropDigest(ctx, tx.Q, p)
	}
	stale := int64(0)
	if !slices.EqualFunc(now, rows, func(x, y Row) bool { return x.UID == y.UID }) {
		stale = 1
	}
	err = tx.Q.PutDigestPage(ctx, storedb.PutDigestPageParams{AccountID: a, MailboxID: m, Page: p.page, Through: int64(through), Stale: stale})
	if err != nil {
		return err
	}
	for _, kind := range digest.Kinds {
		err := tx.Q.PutDigest(ctx, storedb.PutDigestParams{AccountID: a, MailboxID: m, Page: p.page, Kind: int64(kind), Data: parts[kind]})
		if err != nil {
			return err
		}
	}
	return nil
}

func dropDigest(ctx context.Context, q *storedb.Queries, p pageRef) error {
	a, m := int64(p.Account), int64(p.Mailbox)
	if err := q.DropDigestPage(ctx, storedb.DropDigestPageParams{AccountID: a, MailboxID: m, Page: p.page}); err != nil {
		return err
	}
	return q.DropDigest(ctx, storedb.DropDigestParams{AccountID: a, MailboxID: m, Page: p.page})
}

// spoilDigests notes that letters were expunged from pages: Sweep has them made again, so that no word of a letter
// outlives its bytes.
func spoilDigests(ctx context.Context, q *storedb.Queries, ref Ref, uids []mail.UID) error {
	before := int64(-1)
	for _, u := range uids {
		page := digest.PageOf(u)
		if page == before {
			continue
		}
		before = page
		err := q.SpoilDigest(ctx, storedb.SpoilDigestParams{AccountID: int64(ref.Account), MailboxID: int64(ref.Mailbox), Page: page})
		if err != nil {
			return err
		}
	}
	return nil
}

// Digests gives one part of the pages in which letters stand, ascending; those that are not prepared are missing.
func (s *Service) Digests(ctx context.Context, ref Ref, kind digest.Kind, uids []mail.UID) (map[int64][]byte, error) {
	if len(uids) == 0 {
		return nil, nil
	}
	var out map[int64][]byte
	err := s.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) (err error) {
		out, err = digestsIn(ctx, q, ref, kind, digest.PageOf(uids[0]), digest.PageOf(uids[len(uids)-1]))
		return err
	})
	if err == nil {
		s.digests.miss(ref, out, slices.Values(uids))
	}
	return out, fault("read prepared letters", err)
}

func digestsIn(ctx context.Context, q *storedb.Queries, ref Ref, kind digest.Kind, lo, hi int64) (map[int64][]byte, error) {
	list, err := q.Digests(ctx, storedb.DigestsParams{
		AccountID: int64(ref.Account), MailboxID: int64(ref.Mailbox), Lo: lo, Hi: hi, Kind: int64(kind),
	})
	if err != nil {
		return nil, err
	}
	out := make(map[int64][]byte, len(list))
	for _, d := range list {
		out[d.Page] = d.Data
	}
	return out, nil
}
