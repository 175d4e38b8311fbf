package sync

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"hopthu/mail"
)

// batched is a fake that gives several letters at once; those in without are left out of such an answer.
type batched struct {
	*fakeRemote
	without map[mail.UID]bool
}

func (b batched) Bodies(_ context.Context, uids []mail.UID, _ int64, each func(mail.UID, []byte) error) error {
	done, err := b.call(fmt.Sprintf("bodies %v", uids))
	if err != nil {
		return err
	}
	defer done()
	for _, u := range uids {
		if m, ok := b.boxes[b.open].letters[u]; ok && !b.without[u] {
			if err := each(u, []byte(m.raw)); err != nil {
				return err
			}
		}
	}
	return nil
}

func TestTextsComeSeveralAtOnceNewestFirst(t *testing.T) {
	r := newRig(t, Options{})
	r.e.remote = batched{r.remote, map[mail.UID]bool{35: true}}
	for i := range 40 {
		r.remote.put("INBOX", letterText(fmt.Sprint(i), ""))
	}
	r.pass()
	if n := r.remote.count("bodies"); n != 3 {
		t.Errorf("%d questions for 40 letters, want 3", n)
	}
	if n := r.remote.count("body "); n != 1 || r.remote.count("body 35") != 1 {
		t.Errorf("%d letters asked for alone, want the one that was left out", n)
	}
	first := ""
	for _, c := range r.remote.calls {
		if strings.HasPrefix(c, "bodies") && first == "" {
			first = c
		}
	}
	if !strings.HasPrefix(first, "bodies [40 39 38") {
		t.Errorf("not the newest first: %s", first)
	}
	for _, h := range r.list("INBOX") {
		if !h.Bodied {
			t.Errorf("letter %d has no text", h.UID)
		}
	}
}

func TestARefusedBatchIsAskedForOneByOne(t *testing.T) {
	r := newRig(t, Options{})
	r.e.remote = batched{r.remote, nil}
	for i := range 5 {
		r.remote.put("INBOX", letterText(fmt.Sprint(i), ""))
	}
	r.remote.fail = func(call string) error {
		if strings.HasPrefix(call, "bodies") || call == "body 3" {
			return &mail.Fault{Kind: mail.Refused, Op: "fetch"}
		}
		return nil
	}
	r.pass()
	for _, h := range r.list("INBOX") {
		if h.Bodied == (h.UID == 3) {
			t.Errorf("letter %d bodied: %v", h.UID, h.Bodied)
		}
	}
}

func TestALetterBeyondTheLimitIsToldAndNotKept(t *testing.T) {
	long := strings.Repeat("van ban dai\n", 200)
	for _, tt := range []struct {
		name  string
		claim int64 // what the server says of its size, 0 for the truth
		asked int
	}{
		{"as the server says", 0, 0},
		{"larger than the server says", 100, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, Options{LetterMax: 1000, BodyMax: 1})
			r.remote.put("INBOX", letterText("big", "")+long)
			r.remote.claim = tt.claim
			r.pass()
			h := r.list("INBOX")[0]
			stop := r.run()
			defer stop()
			r.remote.mu.Lock()
			r.remote.calls = nil
			r.remote.mu.Unlock()
			err := r.e.Fetch(t.Context(), h.ID)
			if mail.KindOf(err) != mail.TooLarge {
				t.Errorf("got %v", err)
			}
			if n := r.remote.count("body"); n != tt.asked {
				t.Errorf("asked %d times", n)
			}
			if again, err := r.store.Head(t.Context(), h.ID); err != nil || again.Bodied {
				t.Errorf("kept: %v, %v", again.Bodied, err)
			}
		})
	}
}
