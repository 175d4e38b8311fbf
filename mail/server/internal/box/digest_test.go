package box

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"hopthu/mail"
	mailletter "hopthu/mail/letter"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
	"hopthu/mail/server/internal/digest"
)

// fill puts n letters into a mailbox.
func (h *house) fill(ref Ref, n int) {
	h.t.Helper()
	var items []Item
	for i := range n {
		text := fmt.Sprintf("From: a@b.example\r\nReceived: from x\r\nSubject: Báo cáo %d\r\nMessage-ID: <%d@b.example>\r\n\r\nHộp thư số %d\r\n", i, i, i)
		items = append(items, Item{Mark: Mark{Flags: mail.Seen}, Staged: h.stage(text), Prefix: []byte("Return-Path: <a@b.example>\r\n")})
	}
	_, err := h.AppendAll(context.Background(), ref, items)
	h.must(err)
}

func (h *house) pages(ref Ref) (list []string) {
	h.t.Helper()
	h.must(h.d.Read(context.Background(), func(ctx context.Context, q *storedb.Queries) error {
		there, err := q.DigestPages(ctx, storedb.DigestPagesParams{AccountID: int64(ref.Account), MailboxID: int64(ref.Mailbox)})
		list = nil
		for _, p := range there {
			list = append(list, fmt.Sprintf("%d to %d stale %d", p.Page, p.Through, p.Stale))
		}
		return err
	}))
	return list
}

func (h *house) wantPages(ref Ref, want ...string) {
	h.t.Helper()
	if got := h.pages(ref); !slices.Equal(got, want) {
		h.t.Errorf("pages %q, want %q", got, want)
	}
}

func TestShortHeadersSayWhatTheLettersSay(t *testing.T) {
	h := newHouse(t, Options{})
	in := InboxOf(h.account())
	h.fill(in, 300)
	h.append(in, "no header\r\n\r\nSubject: x\r\n", 0)
	compare := func(when string) {
		t.Helper()
		set := []UIDRange{{Lo: 1, Hi: 200}, {Lo: 250, Hi: 400}}
		whole, err := h.Heads(t.Context(), in, set)
		h.must(err)
		short, err := h.ShortHeads(t.Context(), in, set)
		h.must(err)
		if len(short) != len(whole) || len(whole) < 200 {
			t.Fatalf("%s: %d short, %d whole", when, len(short), len(whole))
		}
		fields := []string{"From", "Subject", "Message-ID", "Return-Path"}
		for i, w := range whole {
			s := short[i]
			if s.UID != w.UID || s.ModSeq != w.ModSeq || s.Flags != w.Flags || s.Size != w.Size || !s.Received.Equal(w.Received) {
				t.Errorf("%s: %+v, want %+v", when, s.Row, w.Row)
			}
			if a, b := mailletter.ReadHeader(s.Head).Select(fields, false), mailletter.ReadHeader(w.Head).Select(fields, false); !bytes.Equal(a, b) {
				t.Errorf("%s: UID %d %q, want %q", when, w.UID, a, b)
			}
		}
	}
	h.must(h.PrepareAll(t.Context()))
	h.wantPages(in, "0 to 127 stale 0", "1 to 255 stale 0")
	compare("full pages")
	h.must(h.PrepareAll(t.Context())) // the last page was missed
	h.wantPages(in, "0 to 127 stale 0", "1 to 255 stale 0", "2 to 301 stale 0")
	compare("all prepared")
	h.fill(in, 5)
	compare("a few more")
	h.must(h.PrepareAll(t.Context()))
	h.wantPages(in, "0 to 127 stale 0", "1 to 255 stale 0", "2 to 301 stale 0")
	h.must(h.Check(t.Context()))
}

func TestExpungedLettersLeaveThePages(t *testing.T) {
	h := newHouse(t, Options{})
	in := InboxOf(h.account())
	h.fill(in, 260)
	h.must(h.PrepareAll(t.Context()))
	drop := func(uids ...mail.UID) {
		t.Helper()
		_, err := h.Store(t.Context(), in, uids, FlagChange{Mode: Add, Flags: mail.Deleted})
		h.must(err)
		if m := h.status(in); m.Deleted != len(uids) || m.DeletedSize == 0 {
			t.Errorf("%d deleted of %d octets, want %d", m.Deleted, m.DeletedSize, len(uids))
		}
		_, err = h.Expunge(t.Context(), in, uids)
		h.must(err)
	}
	drop(3, 5)
	h.wantPages(in, "0 to 127 stale 1", "1 to 255 stale 0")
	h.must(h.Check(t.Context()))
	heads, err := h.ShortHeads(t.Context(), in, []UIDRange{{1, 6}})
	if h.must(err); len(heads) != 4 {
		t.Errorf("%d letters", len(heads))
	}
	if _, err := h.Sweep(t.Context(), time.Hour); err != nil {
		t.Fatal(err)
	}
	h.must(h.PrepareAll(t.Context()))
	h.wantPages(in, "0 to 127 stale 0", "1 to 255 stale 0")
	rows, err := h.Digests(t.Context(), in, digest.Brief, []mail.UID{1})
	h.must(err)
	if e, ok := digest.Open(digest.Brief, rows[0]); !ok || slices.Contains(e.UIDs(0), 3) || !slices.Contains(e.UIDs(0), 4) {
		t.Errorf("%v", e.UIDs(0))
	}
	var all []mail.UID
	for u := range mail.UID(128) {
		all = append(all, u)
	}
	rest, err := h.Store(t.Context(), in, all, FlagChange{Mode: Add, Flags: mail.Deleted})
	h.must(err)
	_, err = h.Expunge(t.Context(), in, all)
	h.must(err)
	h.must(h.PrepareAll(t.Context()))
	h.wantPages(in, "1 to 255 stale 0")
	if len(rest.Rows) != 125 {
		t.Errorf("%d letters were left", len(rest.Rows))
	}
	if _, err := h.Move(t.Context(), in, []mail.UID{200}, "Archive"); err != nil {
		t.Fatal(err)
	}
	h.wantPages(in, "1 to 255 stale 1")
}

// A page that an earlier program prepared in another way is of no use: it is made again when it is missed.
func TestAPageOfAnotherVersionIsMadeAgain(t *testing.T) {
	h := newHouse(t, Options{})
	in := InboxOf(h.account())
	h.fill(in, 260)
	h.must(h.PrepareAll(t.Context()))
	var all []mail.UID
	for u := range mail.UID(128) {
		all = append(all, u+1)
	}
	usable := func() (n int) {
		t.Helper()
		for _, kind := range digest.Kinds {
			rows, err := h.Digests(t.Context(), in, kind, all)
			h.must(err)
			if _, ok := digest.Through(0, rows[0]); ok {
				n++
			}
		}
		return n
	}
	h.must(h.d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		for _, kind := range digest.Kinds {
			rows, err := digestsIn(ctx, tx.Q, in, kind, 0, 0)
			if err != nil {
				return err
			}
			rows[0][0]--
			err = tx.Q.PutDigest(ctx, storedb.PutDigestParams{AccountID: int64(in.Account), MailboxID: int64(in.Mailbox), Page: 0, Kind: int64(kind), Data: rows[0]})
			if err != nil {
				return err
			}
		}
		return nil
	}))
	if n := usable(); n != 0 {
		t.Fatalf("%d parts of another version are read", n)
	}
	h.must(h.Check(t.Context()))
	h.must(h.PrepareAll(t.Context()))
	if n := usable(); n != len(digest.Kinds) {
		t.Errorf("%d parts were made again", n)
	}
	h.wantPages(in, "0 to 127 stale 0", "1 to 255 stale 0")
}

func TestAFolderTakesItsPagesAlong(t *testing.T) {
	h := newHouse(t, Options{})
	a := h.account()
	m, err := h.Create(t.Context(), a, "Việc", mail.RoleNone)
	h.must(err)
	h.fill(m.Ref, 140)
	h.must(h.PrepareAll(t.Context()))
	h.wantPages(m.Ref, "0 to 127 stale 0")
	h.must(h.Delete(t.Context(), a, "Việc"))
	h.wantPages(m.Ref)
	if _, err := h.makeDigest(t.Context(), pageRef{m.Ref, 0}); err != nil {
		t.Error(err)
	}
	h.wantPages(m.Ref)
}

// A letter expunged while its page is made is noted: the page is made again.
func TestAPageMadeOfYesterdaysLettersIsStale(t *testing.T) {
	h := newHouse(t, Options{})
	in := InboxOf(h.account())
	h.fill(in, 130)
	p := pageRef{in, 0}
	rows, through, err := h.digestRows(t.Context(), p)
	h.must(err)
	list, err := h.digestLetters(t.Context(), rows)
	h.must(err)
	parts, err := digest.Encode(list, through)
	h.must(err)
	_, err = h.Move(t.Context(), in, []mail.UID{7}, "Trash")
	h.must(err)
	h.must(h.d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error { return putDigest(ctx, tx, p, rows, through, parts) }))
	h.wantPages(in, "0 to 127 stale 1")
	h.must(h.PrepareAll(t.Context()))
	h.wantPages(in, "0 to 127 stale 0")
}

// Full pages are made by themselves, and the keeper ends with its context.
func TestKeeperMakesFullPages(t *testing.T) {
	h := newHouse(t, Options{})
	in := InboxOf(h.account())
	ctx, cancel := context.WithCancel(t.Context())
	made, ended := make(chan struct{}), make(chan struct{})
	mail.Go("keeper", func() {
		defer close(ended)
		h.KeepDigests(ctx, func(ctx context.Context, _ time.Duration) {
			select {
			case made <- struct{}{}:
			case <-ctx.Done():
			}
		}, func(err error) { t.Error(err) })
	})
	h.fill(in, 127)
	<-made
	h.wantPages(in, "0 to 127 stale 0")
	cancel()
	<-ended
}

func TestCheckFindsAWrongPage(t *testing.T) {
	for kind, harm := range map[digest.Kind]func([]byte) []byte{
		digest.Brief:  func(b []byte) []byte { return bytes.Replace(b, []byte("Subject: B"), []byte("Subject: C"), 1) },
		digest.Fields: func(b []byte) []byte { return b[:len(b)-1] },
		digest.Text:   func(b []byte) []byte { b[1]--; return b },
		digest.Sieve:  func(b []byte) []byte { clear(b[100:]); return b },
	} {
		t.Run(fmt.Sprint(kind), func(t *testing.T) {
			h := newHouse(t, Options{})
			in := InboxOf(h.account())
			h.fill(in, 130)
			h.must(h.PrepareAll(t.Context()))
			h.must(h.d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				rows, err := digestsIn(ctx, tx.Q, in, kind, 0, 0)
				return errors.Join(err, tx.Q.PutDigest(ctx, storedb.PutDigestParams{
					AccountID: int64(in.Account), MailboxID: int64(in.Mailbox), Page: 0, Kind: int64(kind), Data: harm(rows[0]),
				}))
			}))
			if err := h.Check(t.Context()); mail.KindOf(err) != mail.StoreDamaged {
				t.Errorf("%v", err)
			}
			h.broken = true
		})
	}
}
