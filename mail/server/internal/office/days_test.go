package office

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/rule"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db/storedb"
)

func day(y int, m time.Month, d, hour int) time.Time {
	return time.Date(y, m, d, hour, 0, 0, 0, rule.Zone)
}

// Weeks with Tết in them (2026: 14–22 February): who does not look on a holiday has missed nothing, a letter that came before
// is due after, and leave excuses days.
func TestDaysOverTet(t *testing.T) {
	g := newRig(t)
	ctx := context.Background()
	g.clock.set(day(2026, 2, 12, 9)) // Thursday before
	g.deliver(g.hung, letterTo(g.hung, "1@dan", "Một"))
	g.deliver(g.hung, letterTo(g.hung, "2@dan", "Hai"))
	g.deliver(g.hung, letterTo(g.hung, "3@dan", "Ba"))
	g.must(g.Opened(ctx, g.hung.Account, g.hung.Account))
	g.clock.set(day(2026, 2, 13, 10))
	g.must(g.Opened(ctx, g.hung.Account, g.hung.Account))
	g.send(g.hung, g.hung, "1@dan") // after a day: 1500 minutes
	_, err := g.FinishCheck(ctx, by(g.hung), g.hung.Wire)
	wantWhy(t, err, Unread)
	_, err = g.TakeLeave(ctx, by(g.hung), mail.Leave{From: day(2026, 2, 23, 0), Until: day(2026, 2, 23, 0), Kind: OnTrip})
	g.must(err)
	g.clock.set(day(2026, 2, 26, 16)) // the fifth working day after 12 February is 26 February
	g.send(g.hung, g.hung, "2@dan")
	g.clock.set(day(2026, 2, 27, 9))
	g.send(g.hung, g.hung, "3@dan")
	days, err := g.Days(ctx, g.head.Account, g.hung.Wire, day(2026, 2, 1, 0), day(2026, 2, 28, 0))
	g.must(err)
	work, excused, opened := 0, 0, 0
	for _, d := range days {
		if d.Workday {
			work++
		}
		if d.Excused != "" {
			excused++
		}
		if !d.Opened.IsZero() {
			opened++
		}
	}
	if len(days) != 28 || work != 15 || excused != 1 || opened != 2 {
		t.Errorf("%d days, %d of work, %d excused, %d opened", len(days), work, excused, opened)
	}
	at := func(d int) mail.DayCount { return days[d-1] }
	if d := at(12); d.Received != 3 || d.Waiting != 3 || d.Median != -1 {
		t.Errorf("12 February: %+v", d)
	}
	if d := at(13); d.Answered != 1 || d.InTime != 1 || d.Median != 1500 || d.Waiting != 2 {
		t.Errorf("13 February: %+v", d)
	}
	if d := at(17); d.Workday || d.Waiting != 2 {
		t.Errorf("the first of Tết: %+v", d)
	}
	if d := at(26); d.Answered != 1 || d.InTime != 1 || d.Late != 0 {
		t.Errorf("on the last day: %+v", d)
	}
	if d := at(27); d.Answered != 1 || d.Late != 1 || d.Waiting != 0 {
		t.Errorf("a day late: %+v", d)
	}
	if d := at(28); d.Waiting != 0 || d.Median != -1 {
		t.Errorf("a day that is not yet: %+v", d)
	}
}

// The letter's own words name the day, in its subject or in its text; a due date chosen with a reason goes before.
func TestDue(t *testing.T) {
	g := newRig(t)
	g.deliver(g.hung, letterTo(g.hung, "1@dan", "Báo cáo trước ngày 26/11/2026"))
	g.deliver(g.hung, letterTo(g.hung, "2@dan", "Báo cáo")+"Đề nghị gửi báo cáo trước ngày 26/11/2026.\n")
	g.deliver(g.hung, letterTo(g.hung, "3@dan", "Báo cáo"))
	g.deliver(g.hung, letterTo(g.hung, "4@dan", "Báo cáo"))
	key := mail.LetterKey(mail.Head{MessageID: "4@dan", From: []mail.Address{{Addr: "dan@example.org"}}})
	_, err := g.act(g.hung, key, api.ActDefer, saying("hẹn lại"), func(a *api.Act) { a.Box, a.Due = g.hung.Wire, day(2026, 11, 25, 17) })
	g.must(err)
	g.clock.set(day(2026, 11, 27, 9))
	for i := range 4 {
		g.send(g.hung, g.hung, fmt.Sprint(i+1, "@dan"))
	}
	if d := g.today(g.hung, g.hung); d.Answered != 4 || d.InTime != 1 || d.Late != 3 {
		t.Errorf("%+v", d)
	}
}

// What obliges nobody is no duty: Cc, automatic, "để biết", one's own, a list.
func TestNoDuty(t *testing.T) {
	g := newRig(t)
	for i, raw := range []string{
		"From: dan@example.org\nTo: " + g.lan.Wire + "\nCc: " + g.hung.Wire,
		"From: dan@example.org\nTo: " + g.hung.Wire + "\nAuto-Submitted: auto-replied",
		"From: dan@example.org\nTo: " + g.hung.Wire + "\nList-Id: <x.example>",
		"From: noreply@example.org\nTo: " + g.hung.Wire,
		"From: " + g.hung.Address + "\nTo: " + g.hung.Wire,
		"From: dan@example.org\nTo: " + g.hung.Wire + "\nSubject: Gửi để biết",
		"From: dan@example.org\nTo: ai-do@example.org",
	} {
		g.deliver(g.hung, raw+fmt.Sprintf("\nMessage-ID: <n%d@x>\n\nx\n", i))
	}
	if d := g.today(g.hung, g.hung); d.Received != 0 || d.Waiting != 0 {
		t.Errorf("%+v", d)
	}
	g.deliver(g.hung, "From: dan@example.org\nTo: "+g.hung.Address+"\nMessage-ID: <y@x>\n\nx\n") // the other spelling (D1)
	if d := g.today(g.hung, g.hung); d.Received != 1 {
		t.Errorf("regulation spelling: %+v", d)
	}
}

// Month tables equal the raw rows: a random year, counted by days and by a plain second reading of the rows.
func TestDaysEqualRows(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 8))
	cal := rule.VietNam()
	from, until := day(2026, 1, 1, 0), day(2026, 12, 31, 0)
	now := day(2026, 11, 24, 15)
	var r record
	for range 3000 {
		came := from.Add(time.Duration(rnd.Int64N(int64(now.Sub(from)))))
		row := storedb.DutyOfSpanRow{ReceivedAt: micros(came), DueAt: micros(rule.Due(mail.Head{Received: came}, cal, 5))}
		switch rnd.IntN(5) {
		case 0: // waits
		case 1:
			row.ExcusedAt = micros(came.Add(time.Duration(rnd.Int64N(int64(now.Sub(came))))))
		case 2:
			row.ChosenAt = micros(came.AddDate(0, 0, 1))
			fallthrough
		default:
			row.AnsweredAt = micros(came.Add(time.Duration(rnd.Int64N(int64(now.Sub(came))))))
		}
		r.duties = append(r.duties, row)
	}
	days := r.count(cal, from, until, now)
	if len(days) != 365 {
		t.Fatalf("%d days", len(days))
	}
	for m := time.January; m <= time.December; m++ {
		var got, want mail.DayCount
		for _, d := range days {
			if d.Day.Month() == m {
				got.Received, got.Answered, got.InTime, got.Late = got.Received+d.Received, got.Answered+d.Answered, got.InTime+d.InTime, got.Late+d.Late
			}
		}
		for _, row := range r.duties {
			if fromMicros(row.ReceivedAt).Month() == m {
				want.Received++
			}
			if row.AnsweredAt == 0 || fromMicros(row.AnsweredAt).Month() != m {
				continue
			}
			want.Answered++
			if rule.Day(fromMicros(row.AnsweredAt)).After(rule.Day(dueOf(row))) {
				want.Late++
			} else {
				want.InTime++
			}
		}
		if got.Received != want.Received || got.Answered != want.Answered || got.InTime != want.InTime || got.Late != want.Late {
			t.Errorf("%s: table %+v, rows %+v", m, got, want)
		}
	}
	for _, d := range days {
		waiting := 0
		var took []int
		for _, row := range r.duties {
			end := micros(d.Day.AddDate(0, 0, 1))
			if row.ReceivedAt < end && (row.AnsweredAt == 0 || row.AnsweredAt >= end) && (row.ExcusedAt == 0 || row.ExcusedAt >= end) {
				waiting++
			}
			if row.AnsweredAt != 0 && rule.Day(fromMicros(row.AnsweredAt)).Equal(d.Day) {
				took = append(took, int((row.AnsweredAt-row.ReceivedAt)/time.Minute.Microseconds()))
			}
		}
		slices.Sort(took)
		mid := -1
		if n := len(took); n > 0 {
			mid = (took[(n-1)/2] + took[n/2]) / 2
		}
		if d.Day.After(now) {
			waiting = 0
		}
		if d.Waiting != waiting || d.Median != mid {
			t.Errorf("%s: %d wait, median %d; rows say %d, %d", d.Day.Format(time.DateOnly), d.Waiting, d.Median, waiting, mid)
		}
	}
}

// The database gives the same days for a span as for the days one by one: letters from before the span are not lost.
func TestSpansAgree(t *testing.T) {
	g := newRig(t)
	rnd := rand.New(rand.NewPCG(9, 1))
	for n := range 60 {
		g.clock.add(time.Duration(rnd.IntN(20)) * time.Hour)
		g.deliver(g.hung, letterTo(g.hung, fmt.Sprint(n, "@dan"), "x"))
		if n > 5 && rnd.IntN(2) == 0 {
			g.send(g.hung, g.hung, fmt.Sprint(rnd.IntN(n), "@dan"))
		}
	}
	until := g.clock.now()
	from := until.AddDate(0, 0, -20)
	all, err := g.Days(context.Background(), g.hung.Account, g.hung.Wire, from, until)
	g.must(err)
	for _, d := range all {
		one, err := g.Days(context.Background(), g.hung.Account, g.hung.Wire, d.Day, d.Day)
		g.must(err)
		if one[0] != d {
			t.Errorf("in the span %+v, alone %+v", d, one[0])
		}
	}
}

// Rubbish that a person put into the folder for it obliges nobody; taken out again it does.
func TestJunk(t *testing.T) {
	g := newRig(t)
	ctx := context.Background()
	g.deliver(g.hung, letterTo(g.hung, "1@dan", "Trúng thưởng"))
	g.deliver(g.hung, letterTo(g.hung, "2@dan", "Đề nghị"))
	rubbish, err := g.box.Find(ctx, g.hung.Account, "Junk")
	g.must(err)
	moved, err := g.box.Move(ctx, box.InboxOf(g.hung.Account), []mail.UID{1}, "Junk")
	g.must(err)
	for range 2 { // read, then remembered
		if d := g.today(g.hung, g.hung); d.Received != 1 || d.Waiting != 1 {
			t.Errorf("one is rubbish: %+v", d)
		}
	}
	_, err = g.box.Move(ctx, rubbish.Ref, moved.Dest, "INBOX")
	g.must(err)
	if d := g.today(g.hung, g.hung); d.Received != 2 || d.Waiting != 2 {
		t.Errorf("none is: %+v", d)
	}
}

// The mark "không cần hồi đáp" that a letter is given in a mail program excuses it, from when the server sees it; what the office
// excused itself needs no mark.
func TestMarks(t *testing.T) {
	g := newRig(t)
	ctx := context.Background()
	for i := range 3 {
		g.deliver(g.hung, letterTo(g.hung, fmt.Sprint(i, "@dan"), "Đề nghị"))
	}
	key := mail.LetterKey(mail.Head{MessageID: "2@dan", From: []mail.Address{{Addr: "dan@example.org"}}})
	_, err := g.act(g.hung, key, api.ActExcuse, func(a *api.Act) { a.Box = g.hung.Wire }, saying("trùng"))
	g.must(err)
	mark := func(mode box.StoreMode) {
		_, err := g.box.Store(ctx, box.InboxOf(g.hung.Account), []mail.UID{1}, box.FlagChange{Mode: mode, Flags: mail.NoReply})
		g.must(err)
		g.Marked(g.hung.Account)
	}
	mark(box.Add)
	g.must(g.Step(ctx))
	g.clock.add(24 * time.Hour) // the record of the day before is not touched by looking later
	days, err := g.Days(ctx, g.hung.Account, g.hung.Wire, g.clock.now().AddDate(0, 0, -1), g.clock.now())
	g.must(err)
	if days[0].Received != 3 || days[0].Waiting != 1 || days[1].Waiting != 1 {
		t.Errorf("marked: %+v", days)
	}
	mark(box.Remove)
	if d := g.today(g.hung, g.hung); d.Waiting != 2 {
		t.Errorf("no longer: %+v", d)
	}
}

func TestLeaveRefused(t *testing.T) {
	g := newRig(t)
	d := day(2026, 12, 1, 0)
	for name, l := range map[string]mail.Leave{
		"no kind":       {From: d, Until: d},
		"ends before":   {From: d, Until: d.AddDate(0, 0, -1), Kind: OnLeave},
		"no day":        {Kind: OnLeave},
		"years of it":   {From: d, Until: d.AddDate(2, 0, 0), Kind: OnLeave},
		"a long remark": {From: d, Until: d, Kind: OnLeave, Note: string(make([]byte, 300))},
	} {
		if _, err := g.TakeLeave(t.Context(), by(g.hung), l); mail.KindOf(err) != mail.BadSettings {
			t.Errorf("%s: %v", name, err)
		}
	}
	l, err := g.TakeLeave(t.Context(), by(g.hung), mail.Leave{From: d, Until: d, Kind: OnLeave})
	g.must(err)
	if err := g.DropLeave(t.Context(), by(g.lan), l.ID); mail.KindOf(err) != mail.Gone {
		t.Errorf("another's leave: %v", err)
	}
	list, err := g.Leaves(t.Context(), g.hung.Account, time.Time{}, time.Time{})
	g.must(err)
	if len(list) != 1 || !list[0].From.Equal(d) {
		t.Errorf("%+v", list)
	}
}

// A letter nobody reads may lie for years: it stands in the way of the day's check for a fortnight only, as on the screen.
func TestOldUnreadLettersDoNotHinderTheCheck(t *testing.T) {
	g := newRig(t)
	ctx := context.Background()
	g.clock.set(day(2026, 1, 5, 9))
	g.deliver(g.hung, letterTo(g.hung, "1@dan", "Một"))
	g.clock.set(day(2026, 1, 19, 8))
	_, err := g.FinishCheck(ctx, by(g.hung), g.hung.Wire)
	wantWhy(t, err, Unread)
	g.clock.set(day(2026, 1, 20, 8))
	d, err := g.FinishCheck(ctx, by(g.hung), g.hung.Wire)
	g.must(err)
	if d.Checked.IsZero() {
		t.Errorf("%+v", d)
	}
}
