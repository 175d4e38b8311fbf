package sync

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"hopthu/mail"
)

// TestNewsShowsDuringALongFill puts a letter into the box when the second block of a fill is asked for: the watch must
// stand by then, and the letter be here before the fill ends.
func TestNewsShowsDuringALongFill(t *testing.T) {
	filled := make(chan struct{}, 1)
	r := newRig(t, Options{Page: 2, Block: 2, Filled: func() { filled <- struct{}{} }})
	for i := range 12 {
		r.remote.put("INBOX", letterText(fmt.Sprint(i), ""))
	}
	blocks, seen := 0, 0
	r.remote.fail = func(call string) error { // the fake is locked
		if !strings.HasPrefix(call, "headers") {
			return nil
		}
		blocks++
		b := r.remote.boxes["INBOX"]
		switch {
		case blocks == 3:
			b.modseq++
			b.letters[b.next] = &msg{modseq: b.modseq, raw: strings.ReplaceAll(letterText("news", ""), "\n", "\r\n")}
			b.next++
			r.remote.idleHint <- struct{}{} // waits until somebody watches
		case len(r.arrived) > 0:
			seen++ // fetched while older letters are still asked for
		}
		return nil
	}
	stop := r.run()
	<-filled
	stop()
	if seen == 0 {
		t.Error("the new letter waited for the end of the fill")
	}
	if n := len(r.list("INBOX")); n != 13 {
		t.Errorf("%d letters", n)
	}
}

func TestOneLookBringsMarksAndNews(t *testing.T) {
	r := newRig(t, Options{})
	for i := range 5 {
		r.remote.put("INBOX", letterText(fmt.Sprint(i), ""))
	}
	r.pass()
	if err := r.remote.Store(t.Context(), []mail.UID{2}, []string{`\Flagged`}, nil); err != nil {
		t.Fatal(err)
	}
	r.remote.put("INBOX", letterText("new", ""))
	r.remote.calls = nil
	r.pass()
	for _, call := range r.remote.calls {
		if call == "uids" || call == "newest" || strings.HasPrefix(call, "flags 6:") {
			t.Errorf("asked once more: %s of %v", call, r.remote.calls)
		}
	}
	heads := r.list("INBOX")
	if len(heads) != 6 || len(r.arrived) != 1 {
		t.Fatalf("%d letters, %d new", len(heads), len(r.arrived))
	}
	for _, h := range heads {
		if h.Flags.Has(mail.Flagged) != (h.UID == 2) {
			t.Errorf("letter %d: %v", h.UID, h.Flags.Names())
		}
	}
}

func TestAFolderNumberedAnewIsNotTakenForTheOldOne(t *testing.T) {
	r := newRig(t, Options{})
	for i := range 3 {
		r.remote.put("INBOX", letterText(fmt.Sprint(i), ""))
	}
	r.pass()
	b := r.remote.boxes["INBOX"]
	b.validity++
	b.modseq = 50
	for uid, m := range b.letters { // the same letters, other numbers
		m.modseq = 50
		delete(b.letters, uid)
		b.letters[uid+100] = m
	}
	b.next = 200
	r.pass()
	if len(r.arrived) != 0 {
		t.Errorf("old letters told as new: %v", r.arrived)
	}
	for _, h := range r.list("INBOX") {
		if h.UID <= 100 {
			t.Errorf("letter with the old number %d", h.UID)
		}
	}
}

// A caller that has its answer and goes on cancels its context: that is no lost connection.
func TestServedAndCancelled(t *testing.T) {
	r := newRig(t, Options{})
	for _, err := range []error{nil, context.Canceled} {
		ctx, cancel := context.WithCancel(t.Context())
		j := &job{ctx: ctx, do: func(context.Context) error { cancel(); return err }, done: make(chan error, 1)}
		if got := r.e.serve(j); (got != nil) != (err != nil) {
			t.Errorf("%v: %v", err, got)
		}
	}
}

func TestANewAccountExpectsTheInbox(t *testing.T) {
	r := newRig(t, Options{})
	for _, want := range []string{"expect INBOX, connect, select INBOX", "connect, select INBOX, select Sent"} {
		r.remote.mu.Lock()
		r.remote.calls = nil
		r.remote.mu.Unlock()
		stop := r.run()
		r.waitState(mail.Ready)
		stop()
		if calls := strings.Join(r.remote.calls[:3], ", "); calls != want {
			t.Errorf("began with %q, want %q", calls, want)
		}
	}
}
