package imapd

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/register"
)

// News that could not be read is told later, together with what came meanwhile.
func TestNewsOutliveAFailedReading(t *testing.T) {
	ctx := t.Context()
	now := func() time.Time { return time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC) }
	d, err := db.Open(ctx, t.TempDir(), db.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}()
	b := box.New(d, box.Options{Now: now, Spool: t.TempDir()})
	acct, err := b.CreateAccount(ctx)
	if err != nil {
		t.Fatal(err)
	}
	c := &session{
		conn: newConn(&feed{in: strings.NewReader("")}, realDeadline), s: New(Options{Box: b, Log: slog.New(slog.DiscardHandler)}), acct: acct,
		home: &room{acct: acct}, login: &register.Session{},
	}
	n := &notice{groups: []group{{filter: "PERSONAL", events: messageNew | messageExpunge | mailboxName}}, ready: make(chan struct{}, 1)}
	n.sources = []source{{room: c.home, news: b.News(acct, n.ready)}}
	defer n.close()
	c.notice = n

	create := func(name string) {
		t.Helper()
		if _, err := b.Create(ctx, acct, name, mail.RoleNone); err != nil {
			t.Fatal(err)
		}
	}
	create("Kho")
	cut, cancel := context.WithCancel(ctx)
	cancel()
	c.ctx = cut
	var refused *answer
	if err := c.tellNews(); !errors.As(err, &refused) || len(c.out) > 0 {
		t.Fatalf("%v %q", err, c.out)
	}
	create("Sổ")
	c.ctx = ctx
	if err := c.tellNews(); err != nil {
		t.Fatal(err)
	}
	if got := string(c.out); strings.Count(got, "* LIST ") != 2 || !strings.Contains(got, `"Kho"`) || !strings.Contains(got, `"S&HtU-"`) {
		t.Errorf("%q", got)
	}
	if c.out = nil; c.tellNews() != nil || len(c.out) > 0 {
		t.Errorf("told twice: %q", c.out)
	}
}

// A refused login is answered when a whole number of delays has passed since it began.
func TestRestOfTheDelay(t *testing.T) {
	for _, spent := range []time.Duration{0, time.Millisecond, refusalDelay - 1, refusalDelay, refusalDelay + time.Second, 7 * refusalDelay} {
		if left := rest(spent); left <= 0 || left > refusalDelay || (spent+left)%refusalDelay != 0 {
			t.Errorf("%v after %v", left, spent)
		}
	}
}
