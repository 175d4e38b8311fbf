package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"hopthu/mail"
)

// conversing makes n letters of which each may answer or name some others, here or not.
func conversing(r *rand.Rand, n int) []Incoming {
	list := make([]Incoming, 0, n)
	for i := 1; i <= n; i++ {
		list = append(list, letter(i, "x", func(h *mail.Head) {
			h.Duty = i%2 == 0
			h.Received = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * time.Minute)
			h.MessageID = fmt.Sprintf("m%d@x", i-i%7/6) // some letters are here twice
			for range max(0, r.IntN(5)-2) {
				h.References = append(h.References, fmt.Sprintf("m%d@x", max(1, i-40+r.IntN(80))))
			}
		}))
	}
	return list
}

// conversations groups UIDs by conversation, in a form that two stores can be compared by.
func conversations(tb testing.TB, s *Store, folder mail.FolderID) []string {
	tb.Helper()
	ctx := context.Background()
	l, err := s.List(ctx, mail.ListQuery{Folder: folder})
	if err != nil {
		tb.Fatal(err)
	}
	var out []string
	for _, id := range l.IDs {
		th, err := s.Thread(ctx, id)
		if err != nil {
			tb.Fatal(err)
		}
		heads, err := s.Heads(ctx, th)
		if err != nil {
			tb.Fatal(err)
		}
		var uids []mail.UID
		for _, h := range heads {
			uids = append(uids, h.UID)
		}
		slices.Sort(uids)
		out = append(out, fmt.Sprint(uids))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// TestFillConversations: however a fill is cut into batches, killed and gone on with, conversations, answers and what is
// found by Message-ID are as if each letter had come alone.
func TestFillConversations(t *testing.T) {
	ctx := context.Background()
	const n = 1000
	r := rand.New(rand.NewPCG(5, 6))
	all := conversing(r, n)
	fill := func(batch int, again bool) (*Store, mail.FolderID) {
		path := filepath.Join(t.TempDir(), "mail.db")
		s, err := Open(ctx, path, testKey, Options{})
		if err != nil {
			t.Fatal(err)
		}
		f := fillInbox(t, s, 0)
		for hi := n; hi > 0; hi -= batch {
			part := all[max(0, hi-batch):hi]
			if again && hi != n {
				bad, cancel := context.WithCancel(ctx)
				cancel()
				if _, err := s.PutLetters(bad, me, f, part, true); err == nil {
					t.Error("stored after the end")
				}
			}
			if _, err := s.PutLetters(ctx, me, f, part, true); err != nil {
				t.Fatal(err)
			}
			if again && hi < n/2 {
				again = false
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
				if s, err = Open(ctx, path, testKey, Options{}); err != nil {
					t.Fatal(err)
				}
			}
		}
		return s, f
	}
	plain, pf := fill(100, false)
	want := conversations(t, plain, pf)
	long, lf := fill(300, true)
	if got := conversations(t, long, lf); !slices.Equal(got, want) {
		t.Fatalf("%d conversations, want %d", len(got), len(want))
	}
	find := func(s *Store, id string) int {
		list, err := s.LettersByMessageID(ctx, me, mail.RoleInbox, id)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	missing := 0
	for _, s := range []*Store{plain, long} {
		for i := 1; i <= n; i += 11 {
			in := &all[i-1]
			if got, want := find(s, in.Head.MessageID), find(plain, in.Head.MessageID); got == 0 || got != want {
				t.Errorf("%s is found %d times, want %d", in.Head.MessageID, got, want)
			}
		}
		if err := s.read(ctx, "test", func(c *conn) error {
			lo, hi, err := c.midSpan()
			missing += int(hi - lo - 1)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	if missing == 0 {
		t.Error("the long fill left nothing for later")
	}
	// An answer is seen whether the letter was put into mid or not.
	awaiting := func(s *Store) int {
		list, err := s.Awaiting(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	before := awaiting(long)
	sent, _, err := long.FolderByRole(ctx, me, mail.RoleSent)
	if err != nil {
		t.Fatal(err)
	}
	answered := ""
	for _, in := range all {
		if in.Head.UID%2 == 0 && in.Head.UID%7 < 5 && in.Head.UID < 100 {
			answered = in.Head.MessageID
		}
	}
	if _, err := long.PutLetters(ctx, me, sent.ID, []Incoming{letter(1, "y", func(h *mail.Head) {
		h.MessageID, h.InReplyTo = "y@y", []string{answered}
	})}, false); err != nil {
		t.Fatal(err)
	}
	if after := awaiting(long); after != before-1 {
		t.Errorf("%d letters await an answer, %d before one was answered", after, before)
	}
	for _, s := range []*Store{plain, long} {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
