package today_test

import (
	"context"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/ui/uitest"
)

// counted is a desk that counts how often it is asked for the day.
type counted struct {
	*uitest.Fake
	asked int
}

func (c *counted) Today(ctx context.Context) (mail.Today, error) {
	c.asked++
	return c.Fake.Today(ctx)
}

// A fill changes the store many times a second, and its progress is told as often: the day is not read for each of them.
func TestTheDayIsNotReadForEachStepOfAFill(t *testing.T) {
	for _, c := range []struct {
		name  string
		since time.Time
		empty bool
		kind  mail.EventKind
		want  int
	}{
		{"progress", time.Time{}, false, mail.StatusChanged, 0},
		{"progress in step", time.Unix(1, 0), false, mail.StatusChanged, 0},
		{"older letters", time.Time{}, false, mail.FolderChanged, 0}, // in a second
		{"the first letters", time.Time{}, true, mail.FolderChanged, 1},
		{"news in step", time.Unix(1, 0), false, mail.FolderChanged, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := &counted{Fake: uitest.Sample()}
			d.States = []mail.Status{{Account: uitest.Me, Since: c.since}}
			if c.empty {
				d.Day = &mail.Today{At: d.At}
			}
			s := uitest.NewWith(t, d, d.Fake, pages, nil, 80, 24)
			d.asked = 0
			s.Happen(func(f *uitest.Fake) { f.Emit(mail.Event{Kind: c.kind}) })
			if d.asked != c.want {
				t.Errorf("read %d times, want %d", d.asked, c.want)
			}
		})
	}
}

// While a box is filled the day is read once after each pause in which letters came, not once for all.
func TestTheDayIsReadAgainAndAgainDuringAFill(t *testing.T) {
	d := &counted{Fake: uitest.Sample()}
	d.States = []mail.Status{{Account: uitest.Me}}
	s := uitest.NewWith(t, d, d.Fake, pages, nil, 80, 24)
	s.Ring()
	d.asked = 0
	for want := range 3 {
		for range 5 {
			s.Happen(func(f *uitest.Fake) { f.Emit(mail.Event{Kind: mail.FolderChanged}) })
		}
		if d.asked != want {
			t.Fatalf("read %d times before the pause ended, want %d", d.asked, want)
		}
		s.Ring()
	}
}
