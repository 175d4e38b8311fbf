package desk

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/mail/store"
)

// lane is an office on a bad line: down, it cannot be asked; deaf, it does what it is told and the answer is lost.
type lane struct {
	Office
	down, deaf bool
	no         error
	list       []mail.Leave
	told       int
}

func (l *lane) Leaves(context.Context, time.Time, time.Time) ([]mail.Leave, error) {
	if l.down {
		return nil, &mail.Fault{Kind: mail.NoServer, Op: "list leaves"}
	}
	return slices.Clone(l.list), nil
}

func (l *lane) TakeLeave(_ context.Context, x mail.Leave) (mail.Leave, error) {
	if l.no != nil {
		return x, l.no
	}
	l.told++
	x.ID = int64(100 + l.told)
	l.list = append(l.list, x)
	if l.deaf {
		l.deaf = false
		return x, &mail.Fault{Kind: mail.LostConnection, Op: "take leave"}
	}
	return x, nil
}

func (l *lane) DropLeave(_ context.Context, id int64) error {
	l.list = slices.DeleteFunc(l.list, func(x mail.Leave) bool { return x.ID == id })
	return nil
}

type laneNet struct {
	Network
	office *lane
}

func (n laneNet) Office(mail.Account, func(context.Context) (string, error)) Office { return n.office }

type still time.Time

func (s still) Now() time.Time                     { return time.Time(s) }
func (still) After(time.Duration) <-chan time.Time { return nil }

// TestLeaveIsToldLater: a leave taken offline reaches the office once, whatever the line does; one that the office refuses is taken
// back, and the person is told (QC 9).
func TestLeaveIsToldLater(t *testing.T) {
	ctx := t.Context()
	c := NewCollector()
	s, err := store.Memory(ctx, store.Options{Now: time.Now, Changed: c.Changed})
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(err)
	defer func() { must(s.Close()) }()
	a := mail.Account{ID: "ha", Address: "hantt@ninhbinh.example", Office: "https://ninhbinh.example"}
	must(s.PutAccount(ctx, a))
	l := &lane{down: true}
	day := func(n int) time.Time { return time.Date(2026, 11, n, 0, 0, 0, 0, rule.Zone) }
	d := New(Options{
		Store: s, Network: laneNet{office: l}, Clock: still(day(24).Add(8 * time.Hour)), Log: slog.New(slog.DiscardHandler), Accounts: []mail.Account{a},
	}, c)
	leaves := func(want int) []mail.Leave {
		t.Helper()
		list, err := d.Leaves(ctx, "ha")
		must(err)
		if len(list) != want {
			t.Fatalf("%d leaves here, want %d: %+v", len(list), want, list)
		}
		return list
	}
	waiting := func(want int) {
		t.Helper()
		if list, err := s.LeaveOps(ctx, "ha"); err != nil || len(list) != want {
			t.Fatalf("to tell: %+v %v, want %d", list, err, want)
		}
	}
	must(d.TakeLeave(ctx, "ha", mail.Leave{From: day(26), Until: day(27), Kind: "trip", Note: "Hà Nội"}))
	if err := d.tellOffice(ctx, a); mail.KindOf(err) != mail.NoServer {
		t.Fatal(err)
	}
	leaves(1)
	waiting(1)

	l.down, l.deaf = false, true
	if err := d.tellOffice(ctx, a); mail.KindOf(err) != mail.LostConnection {
		t.Fatal(err)
	}
	waiting(1)
	must(d.tellOffice(ctx, a))
	waiting(0)
	if l.told != 1 || len(l.list) != 1 || l.list[0].Note != "Hà Nội" || !l.list[0].From.Equal(day(26)) {
		t.Errorf("told %d times, the office has %+v", l.told, l.list)
	}

	dropped := func(wait int) { // the one leave
		t.Helper()
		must(d.DropLeave(ctx, "ha", leaves(1)[0].ID))
		waiting(wait)
		must(d.tellOffice(ctx, a))
		waiting(0)
		if len(l.list) != 0 {
			t.Errorf("dropped, and the office has %+v", l.list)
		}
	}
	dropped(1)
	must(d.TakeLeave(ctx, "ha", mail.Leave{From: day(26), Until: day(27)}))
	dropped(2) // before the office has heard of it
	must(d.TakeLeave(ctx, "ha", mail.Leave{From: day(26), Until: day(27)}))
	l.deaf = true
	if err := d.tellOffice(ctx, a); mail.KindOf(err) != mail.LostConnection || len(l.list) != 1 {
		t.Fatal(err, l.list)
	}
	dropped(2) // it has heard of it, and its answer was lost

	must(d.TakeLeave(ctx, "ha", mail.Leave{From: day(30), Until: day(30)}))
	l.no = &mail.Fault{Kind: mail.TooBig, Op: "take leave"}
	must(d.tellOffice(ctx, a))
	waiting(0)
	leaves(0)
	events, err := d.Next(ctx)
	must(err)
	if !slices.ContainsFunc(events, func(e mail.Event) bool { return e.Kind == mail.Fell && e.Fault.Kind == mail.TooBig }) {
		t.Errorf("nobody was told: %+v", events)
	}
}
