package desk_test

import (
	crand "crypto/rand"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/desk"
	"hopthu/mail/rule"
	"hopthu/mail/store"
)

// moving is a clock that the test moves.
type moving struct{ at *time.Time }

func (m moving) Now() time.Time                     { return *m.at }
func (moving) After(time.Duration) <-chan time.Time { return nil }

// dutiful is a desk without a network whose clock moves, with inbox, Sent, archive, trash and junk.
type dutiful struct {
	*desk.Desk
	t     *testing.T
	store *store.Store
	at    time.Time
	box   map[mail.Role]mail.FolderID
	uid   mail.UID
}

func newDutiful(t *testing.T, start string) *dutiful {
	t.Helper()
	d := &dutiful{t: t, at: vn(start), box: map[mail.Role]mail.FolderID{}}
	c := desk.NewCollector()
	s, err := store.Memory(t.Context(), store.Options{Now: func() time.Time { return d.at }, Changed: c.Changed})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	d.store = s
	a := mail.Account{ID: readerID, Address: "ha@ninhbinh.gov.vn", Login: "ha@ninhbinh.gov.vn", Name: "Nguyễn Thị Thu Hà"}
	d.must(s.PutAccount(t.Context(), a))
	var specs []store.FolderSpec
	for _, r := range []mail.Role{mail.RoleInbox, mail.RoleSent, mail.RoleArchive, mail.RoleTrash, mail.RoleJunk} {
		specs = append(specs, store.FolderSpec{Name: string(r), Delim: "/", Role: r, Selectable: true})
	}
	d.must(s.PutFolders(t.Context(), readerID, specs))
	for _, sp := range specs {
		f, _, err := s.FolderByRole(t.Context(), readerID, sp.Role)
		d.must(err)
		d.box[sp.Role] = f.ID
	}
	d.Desk = desk.New(desk.Options{
		Store: s, Clock: moving{&d.at}, Log: slog.New(slog.DiscardHandler), Settings: mail.Settings{Language: "vi", ReplyDays: 5}, Accounts: []mail.Account{a},
		Rand: crand.Reader,
	}, c)
	return d
}

func (d *dutiful) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// put stores a letter that comes now, from Lan to Hà; in Sent it is the other way round.
func (d *dutiful) put(role mail.Role, subject string, change ...func(*mail.Head)) mail.LetterID {
	d.t.Helper()
	d.uid++
	lan, ha := mail.Address{Name: "Lan", Addr: "lan@x.example"}, mail.Address{Addr: "ha@ninhbinh.gov.vn"}
	h := mail.Head{
		UID: d.uid, Received: d.at, Date: d.at, Subject: subject, MessageID: fmt.Sprintf("d%d@x.example", d.uid), Size: 900, Attachments: -1,
		From: []mail.Address{lan}, To: []mail.Address{ha}, Duty: role != mail.RoleSent,
	}
	if role == mail.RoleSent {
		h.From, h.To, h.Flags = h.To, h.From, mail.Seen
	}
	for _, f := range change {
		f(&h)
	}
	ids, err := d.store.PutLetters(d.t.Context(), readerID, d.box[role], []store.Incoming{{Head: h}}, false)
	d.must(err)
	return ids[0]
}

func (d *dutiful) head(id mail.LetterID) mail.Head {
	d.t.Helper()
	h, err := d.store.Head(d.t.Context(), id)
	d.must(err)
	return h
}

// answers makes a letter the answer to another one.
func (d *dutiful) answers(id mail.LetterID) func(*mail.Head) {
	mid := d.head(id).MessageID
	return func(h *mail.Head) { h.InReplyTo, h.References = []string{mid}, []string{mid} }
}

func (d *dutiful) round() mail.Round {
	d.t.Helper()
	r, err := d.Round(d.t.Context())
	d.must(err)
	return r
}

func (d *dutiful) today() mail.Today {
	d.t.Helper()
	x, err := d.Today(d.t.Context())
	d.must(err)
	return x
}

func named(heads []mail.Head) string {
	var out []string
	for _, h := range heads {
		out = append(out, h.Subject)
	}
	return strings.Join(out, " ")
}

func items(list []mail.DutyItem) string {
	var out []mail.Head
	for _, it := range list {
		out = append(out, it.Head)
	}
	return named(out)
}

func one(id mail.LetterID) []mail.LetterID { return []mail.LetterID{id} }

func information(h *mail.Head) { h.Duty = false }

// TestARoundTakesEachLetterOnce (QC 9): overdue, due today, new, what came back, due later; it goes on where it was left, does not
// ask for what was answered elsewhere, and ends with the day's record.
func TestARoundTakesEachLetterOnce(t *testing.T) {
	ctx := t.Context()
	d := newDutiful(t, "2026-11-09 09:00")
	over := d.put(mail.RoleInbox, "trễ")
	d.at = vn("2026-11-16 09:00")
	due := d.put(mail.RoleInbox, "hôm-nay", func(h *mail.Head) { h.Flags = mail.Seen })
	elsewhere := d.put(mail.RoleInbox, "nơi-khác", func(h *mail.Head) { h.Flags = mail.Seen })
	off := d.put(mail.RoleInbox, "để-sau")
	d.must(d.Later(ctx, one(off), vn("2026-11-23 00:00"), " chờ  số liệu "))
	d.at = vn("2026-11-20 18:00") // Friday evening
	news := d.put(mail.RoleInbox, "giấy-mời", information)
	fresh := d.put(mail.RoleInbox, "mới")
	d.put(mail.RoleInbox, "đã-đọc", information, func(h *mail.Head) { h.Flags = mail.Seen })
	d.at = vn("2026-11-23 08:05")
	r := d.round()
	if got := named(r.Letters); got != "trễ hôm-nay nơi-khác giấy-mời để-sau mới" || r.Seen != 0 || !r.Finished.IsZero() {
		t.Fatalf("the round begins with %q, %d seen", got, r.Seen)
	}
	if x := d.today(); items(x.Back) != "để-sau" || items(x.DueToday) != "hôm-nay nơi-khác" || items(x.Overdue) != "trễ" || x.Left != 6 || x.Back[0].Due.IsZero() {
		t.Errorf("today: back %q due %q over %q left %d", items(x.Back), items(x.DueToday), items(x.Overdue), x.Left)
	}
	if _, err := d.Finish(ctx); mail.KindOf(err) != mail.Conflict {
		t.Errorf("finished with letters left: %v", err)
	}
	d.must(d.Looked(ctx, one(over)))
	d.must(d.Excuse(ctx, one(due), "đã gặp"))
	d.must(d.Looked(ctx, one(due)))
	d.at = vn("2026-11-23 08:09") // the person was called away; another client answers meanwhile
	d.put(mail.RoleSent, "Re", d.answers(elsewhere))
	if got := named(d.round().Letters); got != "giấy-mời để-sau mới" {
		t.Errorf("it goes on with %q", got)
	}
	if name, err := d.Undo(ctx); err != nil || name != "excuse" || named(d.round().Letters) != "hôm-nay giấy-mời để-sau mới" {
		t.Errorf("after undo %q (%v): %q", name, err, named(d.round().Letters))
	}
	d.must(d.Excuse(ctx, one(due), "đã gặp"))
	d.must(d.Looked(ctx, []mail.LetterID{news, fresh, off, due}))
	d.at = vn("2026-11-23 08:12")
	r, err := d.Finish(ctx)
	if err != nil || !r.Finished.Equal(d.at) || r.Seen != 5 {
		t.Fatalf("%+v %v", r, err)
	}
	d.at = vn("2026-11-23 10:00")
	d.put(mail.RoleInbox, "sau-đó")
	if r := d.round(); named(r.Letters) != "sau-đó" || !r.Finished.Equal(vn("2026-11-23 08:12")) {
		t.Errorf("a letter that came after the check: %q, checked %v", named(r.Letters), r.Finished)
	}
	if h := d.today().Overdue[0].Head; h.Subject != "trễ" || !h.Awaits {
		t.Error("a letter looked at is due no more")
	}
	d.at = vn("2026-11-24 08:00")
	if got := named(d.round().Letters); got != "trễ để-sau mới sau-đó" {
		t.Errorf("the next day asks for %q", got)
	}
}

// TestPuttingOffIsTakenBack: undo brings back what stood before, to the list or to another day.
func TestPuttingOffIsTakenBack(t *testing.T) {
	ctx := t.Context()
	d := newDutiful(t, "2026-11-23 08:00")
	id := d.put(mail.RoleInbox, "thư")
	if err := d.Later(ctx, one(id), vn("2026-11-23 12:00"), ""); mail.KindOf(err) != mail.Conflict {
		t.Errorf("put off until today: %v", err)
	}
	d.must(d.Later(ctx, one(id), vn("2026-11-25 12:00"), "x"))
	d.must(d.Looked(ctx, one(id)))
	d.must(d.Later(ctx, one(id), vn("2026-11-26 12:00"), "y"))
	if x := d.today(); x.Left != 0 || x.DutyAll != 0 || len(x.Soon) != 0 {
		t.Errorf("it is asked for: %+v", x)
	}
	if name, err := d.Undo(ctx); err != nil || name != "later" {
		t.Errorf("%q %v", name, err)
	}
	d.at = vn("2026-11-25 08:00")
	if x := d.today(); items(x.Back) != "thư" || !x.Back[0].Later.Equal(vn("2026-11-25 00:00")) {
		t.Errorf("on its first day: %+v", x.Back)
	}
	if name, err := d.Undo(ctx); err != nil || name != "later" || items(d.today().Soon) != "thư" {
		t.Errorf("%q %v: %+v", name, err, d.today().Soon)
	}
	if h := d.head(id); !h.Awaits {
		t.Error("it awaits no answer any more")
	}
}

// TestWhatOneWaitsFor: one's own questions without an answer in any folder, a conversation once, and a reminder that only lies
// among the drafts.
func TestWhatOneWaitsFor(t *testing.T) {
	ctx := t.Context()
	d := newDutiful(t, "2026-11-16 09:00")
	asked := d.put(mail.RoleSent, "Xin số liệu")
	d.put(mail.RoleSent, "Giấy mời họp")
	d.put(mail.RoleSent, "Hỏi máy", func(h *mail.Head) { h.To = []mail.Address{{Addr: "noreply@x.example"}} })
	got := d.put(mail.RoleSent, "Xin ý kiến")
	filed := d.put(mail.RoleSent, "Xin báo cáo")
	d.at = vn("2026-11-17 09:00")
	d.put(mail.RoleInbox, "Re: Xin ý kiến", d.answers(got))
	d.put(mail.RoleArchive, "Re: Xin báo cáo", d.answers(filed))
	d.put(mail.RoleInbox, "Vắng mặt", d.answers(asked), func(h *mail.Head) { h.Automatic, h.Duty = true, false })
	list := func() string {
		t.Helper()
		w, err := d.Waitings(ctx)
		d.must(err)
		var out []string
		for _, x := range w {
			out = append(out, fmt.Sprintf("%s:%d", x.Subject, x.Age))
		}
		return strings.Join(out, " ")
	}
	d.at = vn("2026-11-19 09:00")
	d.put(mail.RoleSent, "Re: Xin số liệu, đề nghị trả lời", d.answers(asked))
	d.put(mail.RoleSent, "Hỏi hôm nay")
	d.at = vn("2026-11-19 10:00")
	if got := list(); got != "Xin số liệu:3" {
		t.Errorf("waiting for %q", got)
	}
	d.must(d.Later(ctx, one(asked), vn("2026-11-24 00:00"), ""))
	d.at = vn("2026-11-23 10:00")
	if got := list(); got != "Hỏi hôm nay:2" {
		t.Errorf("put off: %q", got)
	}
	d.at = vn("2026-11-24 10:00")
	raw := "From: <ha@ninhbinh.gov.vn>\r\nTo: Lan <lan@x.example>\r\nSubject: Xin so lieu\r\nMessage-ID: <" + d.head(asked).MessageID + ">\r\n\r\nXin.\r\n"
	d.must(d.store.PutBody(ctx, asked, []byte(raw), store.Body{}))
	draft, err := d.Remind(ctx, asked)
	d.must(err)
	if draft.ID == 0 || !strings.Contains(draft.To, "lan@x.example") || !strings.Contains(draft.Body, "16/11/2026") || !strings.Contains(draft.Body, "Kính gửi: Lan") || draft.InReplyTo != d.head(asked).MessageID {
		t.Errorf("%+v", draft)
	}
	out, err := d.Outbox(ctx)
	drafts, derr := d.Drafts(ctx)
	if err != nil || derr != nil || len(out) != 0 || len(drafts) != 1 {
		t.Errorf("%d on their way, %d drafts: %v %v", len(out), len(drafts), err, derr)
	}
	d.must(d.Unwait(ctx, one(asked)))
	if got := list(); got != "Hỏi hôm nay:3" {
		t.Errorf("still waiting for %q", got)
	}
	if name, err := d.Undo(ctx); err != nil || name != "unwait" || list() != "Xin số liệu:6 Hỏi hôm nay:3" {
		t.Errorf("undo %q %v: %q", name, err, list())
	}
}

// TestToldOnceADay: what becomes due or overdue is told once a day, and an hour that is over counts.
func TestToldOnceADay(t *testing.T) {
	ctx := t.Context()
	d := newDutiful(t, "2026-11-16 09:00")
	d.put(mail.RoleInbox, "thư")
	d.put(mail.RoleInbox, "trả lời trước 10 giờ ngày 23/11/2026")
	told := func() string {
		t.Helper()
		p, err := d.Pressing(ctx)
		d.must(err)
		return fmt.Sprintf("%d+%d of %d: due %s, over %s", p.Overdue, p.DueToday, p.All, named(p.NewDue), named(p.NewOver))
	}
	for _, c := range [][2]string{
		{"2026-11-20 09:00", "0+0 of 2: due , over "},
		{"2026-11-23 08:00", "0+2 of 2: due thư trả lời trước 10 giờ ngày 23/11/2026, over "},
		{"2026-11-23 08:01", "0+2 of 2: due , over "},
		{"2026-11-23 10:01", "0+2 of 2: due , over trả lời trước 10 giờ ngày 23/11/2026"},
		{"2026-11-23 16:01", "0+2 of 2: due , over "},
		{"2026-11-24 08:00", "2+0 of 2: due , over thư trả lời trước 10 giờ ngày 23/11/2026"},
		{"2026-11-24 09:00", "2+0 of 2: due , over "},
	} {
		d.at = vn(c[0])
		if got := told(); got != c[1] {
			t.Errorf("%s: %s, want %s", c[0], got, c[1])
		}
	}
}

// TestWeeksWithTet (QC 9): from the last week before Tết 2026 until the third after it a person opens and checks his box as people
// do, letters come on holidays too, and the month's table has what happened.
func TestWeeksWithTet(t *testing.T) {
	ctx := t.Context()
	d := newDutiful(t, "2026-02-09 07:55")
	d.must(d.TakeLeave(ctx, "", mail.Leave{From: vn("2026-02-26 00:00"), Until: vn("2026-02-27 00:00"), Kind: "trip", Note: "Hà Nội"}))
	for _, l := range []mail.Leave{
		{From: vn("2026-02-27 00:00"), Until: vn("2026-03-02 00:00")}, {From: vn("2026-03-05 00:00"), Until: vn("2026-03-04 00:00")},
	} {
		if err := d.TakeLeave(ctx, "", l); mail.KindOf(err) != mail.Conflict {
			t.Errorf("%+v: %v", l, err)
		}
	}
	rnd := rand.New(rand.NewPCG(2026, 2))
	cal := rule.VietNam()
	type want struct{ received, answered, late, opened, checked, workdays int }
	month := map[time.Month]*want{}
	waiting := map[mail.LetterID]time.Time{} // until when it may be answered in time
	for day := vn("2026-02-09 00:00"); day.Before(vn("2026-03-14 00:00")); day = day.AddDate(0, 0, 1) {
		m := month[day.Month()]
		if m == nil {
			m = &want{}
			month[day.Month()] = m
		}
		works := cal.IsWorkday(day)
		trip := day.Format("01-02") == "02-26" || day.Format("01-02") == "02-27"
		if works && !trip {
			m.workdays++
		}
		d.at = day.Add(6 * time.Hour)
		for range rnd.IntN(3) {
			d.at = d.at.Add(time.Minute)
			waiting[d.put(mail.RoleInbox, fmt.Sprintf("thư %s", d.at.Format("02/01 15:04")))] = cal.AddWorkdays(d.at, 5)
			m.received++
		}
		missed := day.Format("01-02") == "02-24" // a day on which nobody looked
		if !works || trip || missed {
			continue
		}
		d.at = day.Add(8 * time.Hour)
		for len(d.round().Letters) > 0 {
			h := d.round().Letters[0]
			if due, ok := waiting[h.ID]; ok && rnd.IntN(3) == 0 {
				d.at = d.at.Add(3 * time.Minute)
				d.put(mail.RoleSent, "Re", d.answers(h.ID))
				delete(waiting, h.ID)
				m.answered++
				if rule.Day(d.at).After(rule.Day(due)) {
					m.late++
				}
			}
			d.must(d.Looked(ctx, one(h.ID)))
		}
		m.opened++
		if day.Weekday() == time.Friday { // he forgets to finish
			continue
		}
		if _, err := d.Finish(ctx); err != nil {
			t.Fatal(day, err)
		}
		m.checked++
	}
	y, err := d.Days(ctx, "", vn("2026-01-01 00:00"), vn("2026-12-31 00:00"))
	d.must(err)
	if len(y.Months) != 12 || y.Excused != 2 || y.Source != "store" || y.Waiting != len(waiting) {
		t.Errorf("%d months, %d excused, %s, %d waiting of %d", len(y.Months), y.Excused, y.Source, y.Waiting, len(waiting))
	}
	for mon, w := range month {
		m := y.Months[mon-1]
		got := want{m.Received, m.Answered, m.Late, m.Opened, m.Checked, m.Workdays}
		if got != *w {
			t.Errorf("%v: %+v, want %+v", mon, got, *w)
		}
		one, err := d.Days(ctx, "", m.Month, m.Month.AddDate(0, 1, -1))
		d.must(err)
		if one.Received != m.Received || one.Answered != m.Answered || one.Late != m.Late || one.Median != m.Median || one.Checked != m.Checked {
			t.Errorf("%v alone: %+v, in the year %+v", mon, one, m)
		}
	}
	if m := y.Months[1]; m.Received == 0 || m.Answered == 0 {
		t.Errorf("the story tells nothing: %+v", m)
	}
	leaves, err := d.Leaves(ctx, "")
	if err != nil || len(leaves) != 1 || leaves[0].Note != "Hà Nội" {
		t.Fatal(leaves, err)
	}
	d.must(d.DropLeave(ctx, "", leaves[0].ID))
	if err := d.DropLeave(ctx, "", leaves[0].ID); mail.KindOf(err) != mail.Gone {
		t.Errorf("dropped twice: %v", err)
	}
	if y, err := d.Days(ctx, "", vn("2026-02-01 00:00"), vn("2026-02-28 00:00")); err != nil || y.Excused != 0 {
		t.Errorf("%d excused without a leave: %v", y.Excused, err)
	}
}

// TestAnAnswerHasItsTime: by a flag from another client, by a letter in Sent that came before or after its origin, and by an
// excuse that was taken back.
func TestAnAnswerHasItsTime(t *testing.T) {
	ctx := t.Context()
	d := newDutiful(t, "2026-11-16 09:00")
	flagged, written, excused := d.put(mail.RoleInbox, "a"), d.put(mail.RoleInbox, "b"), d.put(mail.RoleInbox, "c")
	d.at = vn("2026-11-17 10:00")
	d.must(d.store.ApplyFlags(ctx, d.box[mail.RoleInbox], []store.FlagChange{{UID: d.head(flagged).UID, Flags: mail.Answered}}))
	d.put(mail.RoleSent, "Re", func(h *mail.Head) { h.InReplyTo = []string{"late@x.example"} })
	d.must(d.Excuse(ctx, one(excused), "x"))
	d.at = vn("2026-11-18 10:00")
	d.put(mail.RoleInbox, "d", func(h *mail.Head) { h.MessageID, h.Received = "late@x.example", vn("2026-11-16 11:00") })
	d.put(mail.RoleSent, "Re 2", d.answers(written))
	d.put(mail.RoleSent, "Re 1", d.answers(written), func(h *mail.Head) { h.Date = vn("2026-11-17 12:00") }) // found later, sent earlier
	if _, err := d.Undo(ctx); err != nil {
		t.Fatal(err)
	}
	y, err := d.Days(ctx, "", vn("2026-11-16 00:00"), vn("2026-11-18 00:00"))
	d.must(err)
	var got []string
	for _, x := range y.Days {
		got = append(got, fmt.Sprintf("%d/%d/%d", x.Received, x.Answered, x.Waiting))
	}
	if want := []string{"4/0/4", "0/3/1", "0/0/1"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// What is refused changes nothing: in a box of one's own there is no work to reopen, and the mark stays.
func TestReopenInOnesOwnBox(t *testing.T) {
	d := newDutiful(t, "2026-11-16 09:00")
	id := d.put(mail.RoleInbox, "a")
	d.must(d.Excuse(t.Context(), one(id), "x"))
	if err := d.Reopen(t.Context(), one(id)); mail.KindOf(err) != mail.Conflict || !d.head(id).Flags.Has(mail.NoReply) {
		t.Errorf("%v, flags %v", err, d.head(id).Flags)
	}
}
