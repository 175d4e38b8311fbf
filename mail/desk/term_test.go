package desk_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/desk"
	"hopthu/mail/rule"
	"hopthu/mail/server"
	"hopthu/mail/server/servertest"
	"hopthu/mail/store"
)

// still is a clock that stands.
type still struct{ time.Time }

func (s still) Now() time.Time                     { return s.Time }
func (still) After(time.Duration) <-chan time.Time { return nil }

// reader is a desk on a store of its own, without a network: its letters are put there by the test.
type reader struct {
	*desk.Desk
	tb     testing.TB
	store  *store.Store
	now    time.Time
	inbox  mail.Folder
	nextID int
}

const readerID mail.AccountID = "a"

func newReader(tb testing.TB, now time.Time, path string) *reader {
	tb.Helper()
	c := desk.NewCollector()
	o := store.Options{Now: func() time.Time { return now }, Changed: c.Changed}
	s, err := store.Memory(tb.Context(), o)
	if path != "" {
		s, err = store.Open(tb.Context(), path, [32]byte{1}, o)
	}
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	a := mail.Account{ID: readerID, Address: "ha@ninhbinh.gov.vn", Login: "ha@ninhbinh.gov.vn"}
	r := &reader{tb: tb, store: s, now: now}
	r.must(s.PutAccount(tb.Context(), a))
	r.must(s.PutFolders(tb.Context(), readerID, []store.FolderSpec{
		{Name: "INBOX", Delim: "/", Role: mail.RoleInbox, Selectable: true}, {Name: "Sent", Delim: "/", Role: mail.RoleSent, Selectable: true},
	}))
	if r.inbox, _, err = s.FolderByRole(tb.Context(), readerID, mail.RoleInbox); err != nil {
		tb.Fatal(err)
	}
	r.Desk = desk.New(desk.Options{
		Store: s, Clock: still{now}, Log: slog.New(slog.DiscardHandler), Settings: mail.Settings{Language: "vi", ReplyDays: 5}, Accounts: []mail.Account{a},
	}, c)
	return r
}

func (r *reader) must(err error) {
	r.tb.Helper()
	if err != nil {
		r.tb.Fatal(err)
	}
}

// letter is one that came and awaits an answer.
func (r *reader) letter(subject string, came time.Time, change ...func(*mail.Head)) store.Incoming {
	r.nextID++
	h := mail.Head{
		UID: mail.UID(r.nextID), Received: came, Date: came, Subject: subject, MessageID: fmt.Sprintf("m%d@x.example", r.nextID), Size: 900, Duty: true,
		From: []mail.Address{{Addr: "lan@x.example"}}, To: []mail.Address{{Addr: "ha@ninhbinh.gov.vn"}}, Attachments: -1,
	}
	for _, f := range change {
		f(&h)
	}
	return store.Incoming{Head: h}
}

func (r *reader) put(list ...store.Incoming) []mail.LetterID {
	r.tb.Helper()
	ids, err := r.store.PutLetters(context.Background(), readerID, r.inbox.ID, list, true)
	r.must(err)
	return ids
}

func (r *reader) head(id mail.LetterID) mail.Head {
	r.tb.Helper()
	h, err := r.Heads(r.tb.Context(), []mail.LetterID{id})
	if err != nil || len(h) != 1 {
		r.tb.Fatalf("%v %v", h, err)
	}
	return h[0]
}

func vn(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, rule.Zone)
	if err != nil {
		panic(err)
	}
	return t
}

// TestWhatADueDateStandsOn (QC 9, 14.3; D8).
func TestWhatADueDateStandsOn(t *testing.T) {
	r := newReader(t, vn("2013-07-12 08:00"), "")
	came := vn("2013-07-10 09:00")
	ids := r.put(
		r.letter("Hỏi", came), r.letter("Hỏi gấp", came, func(h *mail.Head) { h.Priority = 1 }), r.letter("Góp ý trước ngày 25/7/2013", came),
		r.letter("Xem thư", came), r.letter("Chọn trước ngày 25/7/2013", came), r.letter("Để biết", came, func(h *mail.Head) { h.Duty = false }),
	)
	for _, id := range ids[2:4] {
		r.must(r.store.PutBody(t.Context(), id, []byte("x"), store.Body{Deadline: vn("2013-08-02 17:00"), Phrase: "trước\nngày 05/8/2013"}))
	}
	if err := r.SetDue(t.Context(), ids[4:5], vn("2013-09-03 00:00"), " chờ  Sở Tài chính "); err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct {
		due            string
		why            mail.DueWhy
		phrase, reason string
		late           int
	}{
		{"2013-07-17 17:00", mail.DueRule, "", "", 0},
		{"2013-07-10 17:00", mail.DueUrgent, "", "", 2},
		{"2013-07-24 17:00", mail.DueSubject, "trước ngày 25/7/2013", "", 0},
		{"2013-08-02 17:00", mail.DueBody, "trước ngày 05/8/2013", "", 0},
		{"2013-09-03 17:00", mail.DueChosen, "", "chờ Sở Tài chính", 0},
	} {
		h := r.head(ids[i])
		if !h.Due.Equal(vn(want.due)) || h.DueWhy != want.why || h.DuePhrase != want.phrase || h.DueReason != want.reason || h.Late != want.late || h.DueSet != (want.why == mail.DueChosen) {
			t.Errorf("%s: %v %s %q %q late %d", h.Subject, h.Due, h.DueWhy, h.DuePhrase, h.DueReason, h.Late)
		}
	}
	if h := r.head(ids[5]); !h.Due.IsZero() || h.DueWhy != "" {
		t.Errorf("a letter that awaits nothing is due: %+v", h)
	}
	day, err := r.Today(t.Context())
	if err != nil || len(day.Overdue) != 1 || len(day.Soon) != 4 || day.Soon[3].DueWhy != mail.DueChosen || day.DutyAll != 5 {
		t.Errorf("%+v %v", day, err)
	}
}

func TestSetDueIsGuardedAndTakenBack(t *testing.T) {
	r := newReader(t, vn("2013-07-12 08:00"), "")
	ids := r.put(r.letter("Hỏi", vn("2013-07-10 09:00")), r.letter("Để biết", vn("2013-07-10 10:00"), func(h *mail.Head) { h.Duty = false }))
	day := vn("2013-07-30 00:00")
	ctx := t.Context()
	for _, c := range []struct {
		name   string
		err    error
		kind   mail.FaultKind
		detail string
	}{
		{"no reason", r.SetDue(ctx, ids[:1], day, " \t"), mail.Blocked, "QC 9"},
		{"one that does not await", r.SetDue(ctx, ids, day, "x"), mail.Conflict, "not-awaiting"},
		{"no reason to excuse", r.Excuse(ctx, ids[:1], ""), mail.Blocked, "QC 9"},
		{"a new day", r.SetDue(ctx, ids[:1], day, "x"), "", ""},
		{"back to the rule's", r.SetDue(ctx, ids[:1], time.Time{}, ""), "", ""},
	} {
		if mail.KindOf(c.err) != c.kind || c.err != nil && mail.AsFault("", c.err).Detail != c.detail {
			t.Errorf("%s: %v", c.name, c.err)
		}
	}
	if h := r.head(ids[0]); h.DueSet {
		t.Errorf("%+v", h)
	}
	for _, set := range []bool{true, false} {
		if name, err := r.Undo(ctx); err != nil || name != "defer" || r.head(ids[0]).DueSet != set {
			t.Errorf("%q %v, set %v", name, err, r.head(ids[0]).DueSet)
		}
	}
	if name, err := r.Undo(ctx); err != nil || name != "" {
		t.Errorf("%q %v", name, err)
	}
}

func TestExcuseKeepsItsReason(t *testing.T) {
	r := newReader(t, vn("2013-07-12 08:00"), "")
	ids := r.put(r.letter("Hỏi", vn("2013-07-10 09:00")))
	r.must(r.store.PutBody(t.Context(), ids[0], []byte("From: a@x.example\r\nSubject: x\r\n\r\nx\r\n"), store.Body{}))
	open := func() *mail.Letter {
		t.Helper()
		l, err := r.Open(t.Context(), ids[0])
		r.must(err)
		return l
	}
	r.must(r.Excuse(t.Context(), ids, "đã trả lời qua điện thoại"))
	if l := open(); l.Reason != "đã trả lời qua điện thoại" || l.Awaits {
		t.Errorf("%q %v", l.Reason, l.Awaits)
	}
	if name, err := r.Undo(t.Context()); err != nil || name != "excuse" {
		t.Errorf("%q %v", name, err)
	}
	if l := open(); l.Reason != "" || !l.Awaits || l.DueWhy != mail.DueRule {
		t.Errorf("%q %v %s", l.Reason, l.Awaits, l.DueWhy)
	}
}

// TestOldLettersWithATermAreNotForgotten: of a box where thousands wait, Today names the newest; a day that was named or
// chosen brings an older one to it.
func TestOldLettersWithATermAreNotForgotten(t *testing.T) {
	r := newReader(t, vn("2013-07-12 08:00"), "")
	old := r.put(r.letter("Cũ, có hạn", vn("2013-01-02 09:00")), r.letter("Cũ, tự hẹn", vn("2013-01-02 10:00")), r.letter("Cũ", vn("2013-01-02 11:00")))
	var many []store.Incoming
	for i := range 400 {
		many = append(many, r.letter("Mới", vn("2013-07-01 09:00").Add(time.Duration(i)*time.Minute)))
	}
	r.put(many...)
	r.must(r.store.PutBody(t.Context(), old[0], []byte("x"), store.Body{Deadline: vn("2013-07-12 17:00"), Phrase: "x"}))
	r.must(r.SetDue(t.Context(), old[1:2], vn("2013-07-12 00:00"), "hẹn"))
	day, err := r.Today(t.Context())
	if err != nil || len(day.DueToday) != 2 || day.DutyAll != 403 {
		t.Errorf("%d due today of %d: %v", len(day.DueToday), day.DutyAll, err)
	}
}

// TestAnsweredFromAnywhere: the letter no longer awaits, whichever client answered it and however that shows (QC 9).
func TestAnsweredFromAnywhere(t *testing.T) {
	srv := servertest.Start(t)
	b := srv.Person("Nguyễn Thị Thu Hà", "nv")
	ha := newPerson(t, srv, b)
	ha.signIn(servertest.Password)
	other := newPerson(t, srv, b) // the same box on another machine
	other.signIn(servertest.Password)
	ctx := t.Context()
	to := ha.account.Login
	names := []string{"co", "in-reply-to", "references", "khong-can", "van-cho"}
	for _, s := range names {
		srv.Deliver(to, "From: Dan <dan@x.example>\nTo: <"+to+">\nSubject: "+s+"\nMessage-ID: <"+s+"@x.example>\n\nHoi.\n")
	}
	awaiting := func(p *person) string {
		var out []string
		for _, h := range p.heads(mail.RoleInbox) {
			if h.Awaits {
				out = append(out, h.Subject)
			}
		}
		return strings.Join(out, " ")
	}
	for _, p := range []*person{ha, other} {
		p.until("all", func() bool { return len(p.heads(mail.RoleInbox)) == len(names) })
	}
	for _, h := range other.heads(mail.RoleInbox) {
		var err error
		switch h.Subject {
		case "co":
			err = other.Flag(ctx, []mail.LetterID{h.ID}, mail.Answered, 0)
		case "khong-can":
			err = other.Excuse(ctx, []mail.LetterID{h.ID}, "đã gặp trực tiếp")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range []string{"In-Reply-To: <in-reply-to@x.example>", "References: <goc@x.example>\r\n <references@x.example>"} {
		raw := "From: <" + to + ">\r\nTo: <dan@x.example>\r\nSubject: Re\r\nMessage-ID: <" + fmt.Sprint(len(s)) + "@may-khac.example>\r\n" + s + "\r\n\r\nDap.\r\n"
		if err := srv.Admin.Deliver(ctx, server.Delivery{To: []string{to}, Role: mail.RoleSent, Raw: []byte(raw), Flags: mail.Seen}); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range []*person{ha, other} {
		p.Refresh("")
		p.until("only one", func() bool {
			p.Refresh("")
			return awaiting(p) == "van-cho"
		})
	}
}

// BenchmarkToday100k: 3,000 of 100,000 letters wait, a third of them with a deadline in the text.
func BenchmarkToday100k(b *testing.B) {
	path := filepath.Join(b.TempDir(), "mail.db")
	r := newReader(b, vn("2013-07-12 08:00"), path)
	for n := 0; n < 100_000; n += 2000 {
		var list []store.Incoming
		for i := range 2000 {
			at := vn("2013-07-11 09:00").Add(-time.Duration(n+i) * 10 * time.Minute)
			list = append(list, r.letter(fmt.Sprintf("V/v báo cáo số %d trước ngày 25/7/2013", n+i), at, func(h *mail.Head) { h.Duty = i%33 == 0 }))
		}
		ids := r.put(list...)
		for i := 0; i < 2000; i += 99 {
			r.must(r.store.PutBody(context.Background(), ids[i], []byte("x"), store.Body{Deadline: vn("2013-07-15 17:00").AddDate(0, 0, -n/1000), Phrase: "x"}))
		}
	}
	b.Run("today", func(b *testing.B) {
		for b.Loop() {
			if day, err := r.Today(context.Background()); err != nil || day.DutyAll < 3000 {
				b.Fatal(day.DutyAll, err)
			}
		}
	})
	b.Run("a command that opens the store", func(b *testing.B) { // as hopthu duty --short
		for b.Loop() {
			s, err := store.OpenReadOnly(context.Background(), path, [32]byte{1}, store.Options{})
			r.must(err)
			d := desk.New(desk.Options{Store: s, Clock: still{r.now}, Log: slog.New(slog.DiscardHandler), Settings: mail.Settings{ReplyDays: 5}, Accounts: r.Accounts(), Offline: true}, desk.NewCollector())
			if p, err := d.Pressing(context.Background()); err != nil || p.All < 3000 {
				b.Fatal(p.All, err)
			}
			r.must(s.Close())
		}
	})
	b.Run("what presses", func(b *testing.B) {
		for b.Loop() {
			if p, err := r.Pressing(context.Background()); err != nil || p.All < 3000 {
				b.Fatal(p.All, err)
			}
		}
	})
	b.Run("round", func(b *testing.B) {
		for b.Loop() {
			if x, err := r.Round(context.Background()); err != nil || len(x.Letters) == 0 {
				b.Fatal(len(x.Letters), err)
			}
		}
	})
	b.Run("year", func(b *testing.B) {
		for b.Loop() {
			if y, err := r.Days(context.Background(), "", vn("2013-01-01 00:00"), vn("2013-12-31 00:00")); err != nil || y.Received == 0 {
				b.Fatal(y.Received, err)
			}
		}
	})
	l, err := r.List(context.Background(), mail.ListQuery{Account: readerID, Filter: mail.Awaiting})
	r.must(err)
	for name, heads := range map[string]func(context.Context, []mail.LetterID) ([]mail.Head, error){"window of waiting letters": r.Heads, "the same from the store alone": r.store.Heads} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if h, err := heads(context.Background(), l.IDs[:60]); err != nil || len(h) != 60 {
					b.Fatal(len(h), err)
				}
			}
		})
	}
}
