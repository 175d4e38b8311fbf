package store

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
)

func TestFoldersFollowTheServer(t *testing.T) {
	b := openBox(t)
	b.put(mail.RoleInbox, letter(1, "a"))
	gone := b.put(mail.RoleArchive, letter(2, "b"))
	b.must(b.PutBody(b.ctx(), gone[0], []byte("x"), Body{Text: "x"}))
	before := b.folder(mail.RoleInbox)
	specs := standardFolders()[:3]
	specs[0].Remote = 70
	specs = append(specs, FolderSpec{Name: "Văn bản đến/2026", Delim: "/", Selectable: true, Remote: 5}, FolderSpec{Name: "kh&đt", Delim: "/", Remote: -1})
	b.must(b.PutFolders(b.ctx(), me, specs))
	b.must(b.PutFolders(b.ctx(), me, nil)) // a server's mistake
	list, err := b.Folders(b.ctx(), me)
	b.must(err)
	var names []string
	for _, f := range list {
		names = append(names, f.Name)
	}
	if want := []string{"INBOX", "Thùng rác", "Thư đã gửi", "Văn bản đến/2026", "kh&đt"}; !slices.Equal(names, want) {
		t.Errorf("folders %q, want %q", names, want)
	}
	if list[0].ID != before.ID || list[0].Total != 1 || list[0].Remote != 70 || list[0].Unread != 1 {
		t.Errorf("inbox became %+v", list[0])
	}
	if b.where(gone[0]) != "gone" {
		t.Error("letters of a folder that is gone stay")
	}
	b.must(b.read(b.ctx(), "test", func(c *conn) error {
		n, _, err := c.int("SELECT (SELECT count(*) FROM head) + (SELECT count(*) FROM chunk)")
		if n != 1 {
			t.Errorf("%d rows left, want the inbox letter's head", n)
		}
		return err
	}))
	if _, err := b.Folder(b.ctx(), 9999); mail.KindOf(err) != mail.NoFolder {
		t.Errorf("no such folder gives %v", err)
	}
	if err := b.PutFolders(b.ctx(), "nobody", specs); mail.KindOf(err) != mail.Gone {
		t.Errorf("no such account gives %v", err)
	}
	b.check()
}

func TestDropAccount(t *testing.T) {
	b := openBox(t)
	b.must(b.PutAccount(b.ctx(), mail.Account{ID: "a2", Address: "b@x"}))
	b.must(b.PutFolders(b.ctx(), "a2", standardFolders()))
	keep, _, err := b.FolderByRole(b.ctx(), "a2", mail.RoleInbox)
	b.must(err)
	ids, err := b.PutLetters(b.ctx(), "a2", keep.ID, []Incoming{letter(1, "giữ lại", duty)}, false)
	b.must(err)
	fillSecret(b)
	b.flag(b.put(mail.RoleInbox, letter(2, "x")), mail.Seen, 0)
	b.must(b.AddAppend(b.ctx(), me, mail.RoleSent, 0, "x@x", []byte("x")))
	if _, err := b.PutLetters(b.ctx(), me, keep.ID, []Incoming{letter(9, "")}, false); mail.KindOf(err) != mail.NoFolder {
		t.Errorf("a letter in another account's folder gives %v", err)
	}
	b.must(b.DropAccount(b.ctx(), me))
	b.must(b.DropAccount(b.ctx(), me))
	b.must(b.read(b.ctx(), "test", func(c *conn) error {
		for table, want := range map[string]int64{
			"account": 1, "folder": 4, "letter": 1, "head": 1, "fts": 1, "chunk": 0, "op": 0, "op_letter": 0, "draft": 0,
			"attachment": 0, "outgoing": 0, "mid": 1,
		} {
			n, _, err := c.int("SELECT count(*) FROM " + table)
			if err != nil || n != want {
				t.Errorf("%s has %d rows, want %d (%v)", table, n, want, err)
			}
		}
		return nil
	}))
	list, err := b.Awaiting(b.ctx())
	if err != nil || len(list) != 1 || list[0].ID != ids[0] {
		t.Errorf("the other account has %v (%v)", list, err)
	}
	accounts, err := b.Accounts(b.ctx())
	if err != nil || len(accounts) != 1 || accounts[0].ID != "a2" {
		t.Errorf("accounts %v (%v)", accounts, err)
	}
}

func TestListFiltersAndSpans(t *testing.T) {
	b := openBox(t)
	seen := func(h *mail.Head) { h.Flags = mail.Seen }
	star := func(h *mail.Head) { h.Flags = mail.Seen | mail.Flagged }
	attach := func(h *mail.Head) { h.Flags, h.Attachments = mail.Seen, 2 }
	in := b.put(mail.RoleInbox, letter(1, "công văn", seen), letter(2, "công văn"), letter(3, "công văn", star), letter(4, "công văn", attach), letter(5, "công văn", seen, duty))
	ar := b.put(mail.RoleArchive, letter(6, "công văn", star))
	b.put(mail.RoleTrash, letter(7, "công văn"))
	inbox := b.folder(mail.RoleInbox).ID
	for _, c := range []struct {
		q    mail.ListQuery
		want []mail.LetterID
	}{
		{mail.ListQuery{Folder: inbox}, []mail.LetterID{in[4], in[3], in[2], in[1], in[0]}},
		{mail.ListQuery{Folder: inbox, Filter: mail.Unread}, in[1:2]},
		{mail.ListQuery{Folder: inbox, Filter: mail.Starred}, in[2:3]},
		{mail.ListQuery{Folder: inbox, Filter: mail.WithAttachment}, in[3:4]},
		{mail.ListQuery{Folder: inbox, Filter: mail.Awaiting}, in[4:5]},
		{mail.ListQuery{Account: me, Filter: mail.Starred}, []mail.LetterID{ar[0], in[2]}},
		{mail.ListQuery{Filter: mail.Awaiting}, in[4:5]},
		{mail.ListQuery{Account: me, Text: "cong van"}, []mail.LetterID{ar[0], in[4], in[3], in[2], in[1], in[0]}}, // not the trash
		{mail.ListQuery{Account: me, Text: "cong van", Filter: mail.Unread}, in[1:2]},
		{mail.ListQuery{Folder: inbox, Text: "cong van", Filter: mail.Starred, View: mail.Conversations}, in[2:3]},
		{mail.ListQuery{Text: "c"}, []mail.LetterID{ar[0], in[4], in[3], in[2], in[1], in[0]}}, // one letter is no search yet
	} {
		if l := b.list(c.q); !slices.Equal(l.IDs, c.want) {
			t.Errorf("%+v lists %v, want %v", c.q, l.IDs, c.want)
		}
	}
	if l := b.list(mail.ListQuery{Account: me}); l.Total != 6 {
		t.Errorf("account has %d letters without trash", l.Total)
	}
	if _, err := b.List(b.ctx(), mail.ListQuery{Folder: 999}); mail.KindOf(err) != mail.NoFolder {
		t.Errorf("no such folder gives %v", err)
	}
}

func TestBodies(t *testing.T) {
	b := openBox(t)
	ids := b.put(mail.RoleInbox, letter(1, "một"), letter(2, "hai", func(h *mail.Head) { h.Size = 5 << 20 }), letter(3, "ba"))
	b.put(mail.RoleTrash, letter(4, "rác"))
	names := func(limit int, size int64) (out []string) {
		list, err := b.Bodyless(b.ctx(), me, limit, size)
		b.must(err)
		for _, h := range list {
			out = append(out, h.Subject)
		}
		return out
	}
	if got := names(10, 0); !slices.Equal(got, []string{"ba", "hai", "một"}) {
		t.Errorf("without body %q", got)
	}
	if got := names(1, 1<<20); !slices.Equal(got, []string{"ba"}) {
		t.Errorf("small ones %q", got)
	}
	r := rand.NewChaCha8([32]byte{1})
	noise := make([]byte, 3<<20) // several chunks
	if _, err := r.Read(noise); err != nil {
		t.Fatal(err)
	}
	for _, raw := range [][]byte{[]byte("Subject: ba\r\n\r\nNội dung\r\n"), noise, {}, bytes.Repeat([]byte("a"), 1<<20)} {
		b.must(b.PutBody(b.ctx(), ids[2], raw, Body{Text: "nghị quyết bí mật", Preview: "Nội dung", Attachments: 1}))
		got, ok, err := b.Raw(b.ctx(), ids[2])
		if err != nil || !ok || !bytes.Equal(got, raw) {
			t.Errorf("%d octets came back as %d, %v %v", len(raw), len(got), ok, err)
		}
	}
	if h := b.head(ids[2]); !h.Bodied || h.Preview != "Nội dung" || h.Attachments != 1 {
		t.Errorf("head %+v", h)
	}
	if got := names(10, 0); !slices.Equal(got, []string{"hai", "một"}) {
		t.Errorf("without body %q", got)
	}
	if l := b.list(mail.ListQuery{Account: me, Text: "nghi quyet"}); !slices.Equal(l.IDs, ids[2:]) {
		t.Errorf("text not found: %v", l.IDs)
	}
	if _, ok, err := b.Raw(b.ctx(), ids[0]); ok || err != nil {
		t.Errorf("a body that is not there: %v %v", ok, err)
	}
	if err := b.PutBody(b.ctx(), 999, nil, Body{}); mail.KindOf(err) != mail.Gone {
		t.Errorf("a body for nobody gives %v", err)
	}
}

func TestFreshAndUnread(t *testing.T) {
	b := openBox(t)
	var list []Incoming
	for i := 1; i <= 30; i++ {
		list = append(list, letter(i, fmt.Sprint(i)))
	}
	b.put(mail.RoleInbox, list...)
	b.put(mail.RoleArchive, letter(31, "không phải thư đến"))
	got, all, err := b.Fresh(b.ctx(), list[9].Head.Received, 5)
	if err != nil || all != 20 || len(got) != 5 || got[0].Subject != "30" || got[4].Subject != "26" {
		t.Errorf("%d fresh, %v, %v", all, got, err)
	}
	if n, err := b.UnreadCount(b.ctx()); n != 30 || err != nil {
		t.Errorf("%d unread, %v", n, err)
	}
}

func TestAwaitingNewest(t *testing.T) {
	b := openBox(t)
	var list []Incoming
	for i := 1; i <= 30; i++ {
		in := letter(i, fmt.Sprint(i))
		in.Head.Duty = i%2 == 0
		list = append(list, in)
	}
	b.put(mail.RoleInbox, list...)
	moved := letter(31, "31")
	moved.Head.Duty = true
	b.put(mail.RoleArchive, moved)
	whole, err := b.Awaiting(b.ctx())
	if err != nil {
		t.Fatal(err)
	}
	for _, limit := range []int{0, 1, 3, 16, 100} {
		got, all, err := b.AwaitingNewest(b.ctx(), limit)
		if err != nil || all != len(whole) {
			t.Fatalf("limit %d: %d await, %v", limit, all, err)
		}
		if want := whole[max(0, len(whole)-limit):]; !reflect.DeepEqual(got, append([]mail.Head{}, want...)) {
			t.Errorf("limit %d: %v, want %v", limit, got, want)
		}
	}
}

func TestEvents(t *testing.T) {
	b := openBox(t)
	b.took()
	kinds := func() (out []mail.EventKind) {
		for _, e := range b.took() {
			if e.Account != "" && e.Account != me {
				t.Errorf("event of a foreign account: %+v", e)
			}
			out = append(out, e.Kind)
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	v := b.Version(0)
	ids := b.put(mail.RoleInbox, letter(1, "a"))
	if got := kinds(); !slices.Equal(got, []mail.EventKind{mail.FolderChanged, mail.FoldersChanged, mail.NewMail}) {
		t.Errorf("new letter raises %v", got)
	}
	inbox := b.folder(mail.RoleInbox).ID
	if b.Version(0) <= v || b.Version(inbox) == 0 || b.list(mail.ListQuery{Folder: inbox}).Version != b.Version(inbox) {
		t.Error("version stands still")
	}
	b.put(mail.RoleInbox, letter(1, "a"))
	if got := kinds(); len(got) != 0 {
		t.Errorf("a known letter raises %v", got)
	}
	_, err := b.PutLetters(b.ctx(), me, inbox, []Incoming{letter(2, "cũ")}, true)
	b.must(err)
	if got := kinds(); slices.Contains(got, mail.NewMail) {
		t.Errorf("an old letter raises %v", got)
	}
	b.flag(ids, mail.Seen, 0)
	if got := kinds(); !slices.Equal(got, []mail.EventKind{mail.FolderChanged, mail.FoldersChanged}) {
		t.Errorf("a mark raises %v", got)
	}
	_, err = b.PutDraft(b.ctx(), mail.DraftLetter{Account: me})
	b.must(err)
	if got := kinds(); !slices.Equal(got, []mail.EventKind{mail.DraftsChanged}) {
		t.Errorf("a draft raises %v", got)
	}
}

func TestEventsLeaveOutsideLocks(t *testing.T) {
	var s *Store
	calls := 0
	s, err := Memory(context.Background(), Options{Changed: func(e mail.Event) {
		if e.Kind == mail.AccountsChanged { // a callback may ask the store, even write
			calls++
			if _, err := s.Accounts(context.Background()); err != nil {
				t.Error(err)
			}
			if err := s.SetMeta(context.Background(), "k", "v"); err != nil {
				t.Error(err)
			}
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.PutAccount(context.Background(), mail.Account{ID: me}); err != nil {
		t.Error(err)
	}
	if v, err := s.Meta(context.Background(), "k"); v != "v" || err != nil || calls != 1 {
		t.Errorf("meta %q, %v, %d calls", v, err, calls)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestManyAtOnce(t *testing.T) {
	b := openBox(t)
	fillInbox(t, b.Store, 500)
	inbox := b.folder(mail.RoleInbox).ID
	errs := make(chan error, 8)
	for g := range 8 {
		mail.Go("test", func() {
			var err error
			for i := range 20 {
				if err != nil {
					break
				}
				if g < 2 {
					_, err = b.PutLetters(b.ctx(), me, inbox, []Incoming{letter(10_000+g*1000+i, "mới")}, false)
					continue
				}
				var l mail.Listing
				if l, err = b.List(b.ctx(), mail.ListQuery{Folder: inbox, View: mail.Conversations}); err == nil {
					sum := 0
					for _, n := range l.Sizes {
						sum += int(n)
					}
					if sum != l.Total {
						err = fmt.Errorf("sizes add up to %d of %d", sum, l.Total)
					}
				}
			}
			errs <- err
		})
	}
	for range 8 {
		b.must(<-errs)
	}
	b.check()
}

func TestCancelled(t *testing.T) {
	b := openBox(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := b.List(ctx, mail.ListQuery{}); err == nil {
		t.Error("a cancelled list answers")
	}
	if err := b.SetMeta(ctx, "k", "v"); err == nil {
		t.Error("a cancelled write answers")
	}
	b.must(b.SetMeta(b.ctx(), "k", "w")) // and the connection is fit for more
}

func TestHeadCodec(t *testing.T) {
	h := mail.Head{
		Date: time.Date(2026, 3, 4, 5, 6, 7, 8000, time.FixedZone("", 7*3600)), From: []mail.Address{{Name: "A", Addr: "a@x", Group: "G"}},
		Sender: mail.Address{Addr: "s@x"}, ReplyTo: []mail.Address{{Addr: "r@x"}}, To: []mail.Address{{Addr: "t@x"}, {Addr: "u@x"}},
		Cc: []mail.Address{{Addr: "c@x"}}, Subject: strings.Repeat("ă", 300), MessageID: "m@x", InReplyTo: []string{"i@x"},
		References: []string{"i@x", "j@x"}, Automatic: true, Priority: 2,
	}
	var got mail.Head
	raw := encodeHead(&h)
	if err := decodeHead(raw, &got); err != nil || !got.Date.Equal(h.Date) || got.Date.Format(time.RFC3339) != h.Date.Format(time.RFC3339) {
		t.Fatalf("%v %v", got.Date, err)
	}
	got.Date = h.Date
	if !reflect.DeepEqual(got, h) {
		t.Errorf("came back as %+v", got)
	}
	for i := range raw { // cut anywhere: an error, never a panic
		var x mail.Head
		if err := decodeHead(raw[:i], &x); err == nil {
			t.Errorf("cut at %d is read", i)
		}
	}
}

func FuzzHeadCodec(f *testing.F) {
	f.Add(encodeHead(&mail.Head{Subject: "x", To: []mail.Address{{Addr: "a@b"}}}))
	f.Add([]byte{1, 0xff, 0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, b []byte) {
		var h mail.Head
		if err := decodeHead(b, &h); err != nil {
			return
		}
		var again mail.Head
		if err := decodeHead(encodeHead(&h), &again); err != nil || !reflect.DeepEqual(h, again) {
			t.Errorf("%+v came back as %+v (%v)", h, again, err)
		}
	})
}
