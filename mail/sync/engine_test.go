package sync

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"hopthu/mail"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestFirstPassBringsNewestThenTheRest(t *testing.T) {
	r := newRig(t, Options{Page: 5, Block: 10})
	for i := range 37 {
		r.remote.put("INBOX", letterText(fmt.Sprint(i), ""))
	}
	r.pass()
	if got := r.list("INBOX"); len(got) != 37 || got[0].UID != 37 || got[36].UID != 1 {
		t.Fatalf("%d letters, newest %d", len(got), got[0].UID)
	}
	r.remote.mu.Lock()
	calls := strings.Join(r.remote.calls[:3], ", ")
	r.remote.mu.Unlock()
	if calls != "select INBOX, newest, list" {
		t.Errorf("the first screenful took %q", calls)
	}
	if len(r.arrived) != 0 {
		t.Error("old letters were announced as new")
	}
	if h := r.list("INBOX")[0]; !h.Bodied || h.Preview == "" {
		t.Error("texts were not fetched when idle")
	}
}

func TestQuietPassIsShort(t *testing.T) {
	r := newRig(t, Options{})
	for i := range 20 {
		r.remote.put("INBOX", letterText(fmt.Sprint(i), ""))
	}
	r.pass()
	r.remote.calls = nil
	r.pass()
	for _, c := range r.remote.calls {
		if !strings.HasPrefix(c, "select ") {
			t.Errorf("with nothing new it still asked %q", c)
		}
	}
}

func TestNewsFlagsAndErasures(t *testing.T) {
	for _, noCond := range []bool{false, true} {
		t.Run(fmt.Sprintf("condstore %v", !noCond), func(t *testing.T) {
			r := newRig(t, Options{})
			r.remote.noCond = noCond
			for i := range 5 {
				r.remote.put("INBOX", letterText(fmt.Sprint(i), ""))
			}
			r.pass()
			uid := r.remote.put("INBOX", letterText("moi", ""))
			r.remote.open = "INBOX"
			if err := r.remote.Store(t.Context(), []mail.UID{2}, []string{`\Seen`, "$HopthuNoReply"}, nil); err != nil {
				t.Fatal(err)
			}
			if err := r.remote.Expunge(t.Context(), []mail.UID{3}); err != nil {
				t.Fatal(err)
			}
			r.clock.advance(time.Hour)
			r.pass()
			got := r.list("INBOX")
			if len(got) != 5 || got[0].UID != uid {
				t.Fatalf("%d letters", len(got))
			}
			if len(r.arrived) != 1 || r.arrived[0] != got[0].ID {
				t.Errorf("announced %v", r.arrived)
			}
			for _, h := range got {
				if h.UID == 3 {
					t.Error("an erased letter stayed")
				}
				if (h.UID == 2) != h.Flags.Has(mail.Seen|mail.NoReply) {
					t.Errorf("letter %d has flags %v", h.UID, h.Flags.Names())
				}
			}
		})
	}
}

func TestUIDValidityChangeStartsAnew(t *testing.T) {
	r := newRig(t, Options{})
	r.remote.put("INBOX", letterText("cu", ""))
	r.pass()
	b := r.remote.boxes["INBOX"]
	b.validity, b.letters, b.next = 8, map[mail.UID]*msg{}, 1
	r.remote.put("INBOX", letterText("khac", ""))
	r.remote.put("INBOX", letterText("khac2", ""))
	r.pass()
	got := r.list("INBOX")
	if len(got) != 2 || got[0].MessageID != "khac2@x" || got[1].MessageID != "khac@x" {
		t.Errorf("%+v", got)
	}
}

func TestActsAreShownAtOnceAndPushed(t *testing.T) {
	r := newRig(t, Options{})
	r.remote.put("INBOX", letterText("1", ""))
	r.remote.put("INBOX", letterText("2", ""))
	r.pass()
	ids := r.list("INBOX")
	ctx := t.Context()
	if _, err := r.store.Flag(ctx, []mail.LetterID{ids[0].ID}, mail.Seen|mail.Flagged, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := r.store.Move(ctx, []mail.LetterID{ids[1].ID}, r.folder("Trash").ID); err != nil {
		t.Fatal(err)
	}
	if got := r.list("INBOX"); len(got) != 1 || !got[0].Flags.Has(mail.Seen) || !got[0].Pending {
		t.Fatalf("not shown at once: %+v", got)
	}
	r.pass()
	r.pass()
	if got := r.list("INBOX"); len(got) != 1 || got[0].Pending || !got[0].Flags.Has(mail.Seen|mail.Flagged) {
		t.Errorf("inbox %+v", got)
	}
	if got := r.list("Trash"); len(got) != 1 || got[0].ID != ids[1].ID || got[0].UID == 0 {
		t.Errorf("trash %+v", got)
	}
	if len(r.remote.boxes["Trash"].letters) != 1 || len(r.remote.boxes["INBOX"].letters) != 1 {
		t.Error("the server does not agree")
	}
}

func TestMoveWithoutUIDPlusFindsTheLetterAgain(t *testing.T) {
	r := newRig(t, Options{})
	r.remote.noPairs = true
	r.remote.put("INBOX", letterText("1", ""))
	r.pass()
	id := r.list("INBOX")[0].ID
	if _, err := r.store.Move(t.Context(), []mail.LetterID{id}, r.folder("Trash").ID); err != nil {
		t.Fatal(err)
	}
	r.pass()
	r.pass()
	if got := r.list("Trash"); len(got) != 1 || got[0].UID == 0 {
		t.Errorf("trash %+v", got)
	}
}

func TestRefusedActIsTurnedBackAndTold(t *testing.T) {
	r := newRig(t, Options{})
	r.remote.put("INBOX", letterText("1", ""))
	r.pass()
	id := r.list("INBOX")[0].ID
	if _, err := r.store.Move(t.Context(), []mail.LetterID{id}, r.folder("Trash").ID); err != nil {
		t.Fatal(err)
	}
	r.remote.fail = func(call string) error {
		if strings.HasPrefix(call, "move") {
			return &mail.Fault{Kind: mail.OverQuota, Op: "move"}
		}
		return nil
	}
	r.pass()
	if len(r.fell) != 1 || r.fell[0].Kind != mail.OverQuota {
		t.Errorf("told %v", r.fell)
	}
	if got := r.list("INBOX"); len(got) != 1 || got[0].Pending {
		t.Errorf("not turned back: %+v", got)
	}
}

func TestLostConnectionKeepsActs(t *testing.T) {
	r := newRig(t, Options{})
	r.remote.put("INBOX", letterText("1", ""))
	r.pass()
	id := r.list("INBOX")[0].ID
	if _, err := r.store.Flag(t.Context(), []mail.LetterID{id}, mail.Flagged, 0); err != nil {
		t.Fatal(err)
	}
	cut := true
	r.remote.fail = func(call string) error {
		if cut && strings.HasPrefix(call, "store") {
			cut = false
			return &mail.Fault{Kind: mail.LostConnection, Op: "store"}
		}
		return nil
	}
	if err := r.e.pass(t.Context()); mail.KindOf(err) != mail.LostConnection {
		t.Fatalf("got %v", err)
	}
	r.e.selected = ""
	r.pass()
	if m := r.remote.boxes["INBOX"].letters[1]; len(m.flags) != 1 || m.flags[0] != `\Flagged` {
		t.Errorf("the server has %v", m.flags)
	}
}

func TestInterruptedFillGoesOn(t *testing.T) {
	r := newRig(t, Options{Page: 5, Block: 10})
	for i := range 60 {
		r.remote.put("INBOX", letterText(fmt.Sprint(i), ""))
	}
	n := 0
	r.remote.fail = func(call string) error {
		if strings.HasPrefix(call, "headers 10") {
			if n++; n == 3 {
				return &mail.Fault{Kind: mail.LostConnection, Op: "fetch"}
			}
		}
		return nil
	}
	if err := r.e.pass(t.Context()); mail.KindOf(err) != mail.LostConnection {
		t.Fatalf("got %v", err)
	}
	r.remote.fail = nil
	before := len(r.list("INBOX"))
	r.remote.calls, r.e.selected = nil, ""
	r.pass()
	if got := len(r.list("INBOX")); got != 60 {
		t.Errorf("%d letters", got)
	}
	if asked := r.remote.count("headers"); asked > (60-before)/10+1 {
		t.Errorf("%d blocks asked for %d missing letters", asked, 60-before)
	}
}

func TestSentCopyIsFiledOnce(t *testing.T) {
	r := newRig(t, Options{})
	r.pass()
	raw := []byte(strings.ReplaceAll(letterText("di", ""), "\n", "\r\n"))
	if err := r.store.AddAppend(t.Context(), me.ID, mail.RoleSent, mail.Seen, "di@x", raw); err != nil {
		t.Fatal(err)
	}
	// The server takes the copy, but its answer is lost.
	lostOnce := true
	r.remote.fail = func(call string) error {
		if lostOnce && call == "append Sent" {
			lostOnce = false
			r.remote.mu.Unlock()
			r.remote.put("Sent", letterText("di", ""), `\Seen`)
			r.remote.mu.Lock()
			return &mail.Fault{Kind: mail.LostConnection, Op: "append"}
		}
		return nil
	}
	if err := r.e.pass(t.Context()); mail.KindOf(err) != mail.LostConnection {
		t.Fatalf("got %v", err)
	}
	r.e.selected = ""
	r.pass()
	r.pass()
	if n := len(r.remote.boxes["Sent"].letters); n != 1 {
		t.Errorf("%d copies in Sent", n)
	}
	if got := r.list("Sent"); len(got) != 1 {
		t.Errorf("%d copies shown", len(got))
	}
}

func TestDraftReplacesItsOlderState(t *testing.T) {
	r := newRig(t, Options{})
	r.pass()
	for _, text := range []string{"lần một", "lần hai"} {
		raw := []byte(strings.ReplaceAll(letterText("nhap", "X-Lan: "+text+"\n"), "\n", "\r\n"))
		if err := r.store.AddAppend(t.Context(), me.ID, mail.RoleDrafts, mail.Draft|mail.Seen, "nhap@x", raw); err != nil {
			t.Fatal(err)
		}
		r.pass()
	}
	b := r.remote.boxes["Drafts"]
	if len(b.letters) != 1 {
		t.Fatalf("%d drafts at the server", len(b.letters))
	}
	for _, m := range b.letters {
		if !strings.Contains(m.raw, "lần hai") {
			t.Error("the older state won")
		}
	}
}

func TestAnsweredElsewhereIsSeen(t *testing.T) {
	r := newRig(t, Options{})
	r.remote.put("INBOX", letterText("hoi", ""))
	r.pass()
	if h := r.list("INBOX")[0]; !h.Duty || !h.Awaits {
		t.Fatalf("duty %v awaits %v", h.Duty, h.Awaits)
	}
	r.remote.put("Sent", "From: <ha@ninhbinh.gov.vn>\nTo: <lan@ngoai.example>\nSubject: Re\nMessage-ID: <dap@x>\nIn-Reply-To: <hoi@x>\n\nDa.\n", `\Seen`)
	r.pass()
	if h := r.list("INBOX")[0]; h.Awaits {
		t.Error("answered from another client, still awaiting")
	}
}

// waitState reads states until one fits.
func (r *rig) waitState(want mail.ServerState) mail.Status {
	r.t.Helper()
	for {
		select {
		case s := <-r.status:
			if s.State == want {
				return s
			}
		case <-r.t.Context().Done():
			r.t.Fatalf("state %d never came", want)
		}
	}
}

func (r *rig) run() (stop func()) {
	ctx, cancel := context.WithCancel(r.t.Context())
	done := make(chan error, 1)
	mail.Go("engine", func() { done <- r.e.Run(ctx) })
	return func() {
		r.t.Helper()
		cancel()
		if err := <-done; err != nil {
			r.t.Error(err)
		}
	}
}

func TestRunReconnectsWithBackoff(t *testing.T) {
	r := newRig(t, Options{})
	r.remote.put("INBOX", letterText("1", ""))
	fails := 2
	r.remote.fail = func(call string) error {
		if call == "connect" && fails > 0 {
			fails--
			return &mail.Fault{Kind: mail.NoServer, Op: "connect", Err: errors.New("refused")}
		}
		return nil
	}
	stop := r.run()
	defer stop()
	for _, wait := range []time.Duration{time.Second, 2 * time.Second} {
		s := r.waitState(mail.Offline)
		if s.Fault == nil || s.Fault.Kind != mail.NoServer || s.Next.Sub(r.clock.Now()) != wait {
			t.Errorf("%+v, next in %v, want %v", s, s.Next.Sub(r.clock.Now()), wait)
		}
		r.clock.advance(wait)
	}
	if s := r.waitState(mail.Ready); s.Fault != nil || s.Since.IsZero() {
		t.Errorf("%+v", s)
	}
}

func TestRunStopsForThePersonAndGoesOnWhenKicked(t *testing.T) {
	r := newRig(t, Options{})
	bad := true
	r.remote.fail = func(call string) error {
		if call == "connect" && bad {
			return &mail.Fault{Kind: mail.BadPassword, Op: "login"}
		}
		return nil
	}
	stop := r.run()
	defer stop()
	if s := r.waitState(mail.Stopped); s.Fault.Kind != mail.BadPassword {
		t.Errorf("%+v", s)
	}
	if err := r.e.Fetch(t.Context(), 1); mail.KindOf(err) != mail.BadPassword {
		t.Errorf("a reader waits in vain: %v", err)
	}
	r.remote.mu.Lock()
	bad = false
	r.remote.mu.Unlock()
	r.e.Kick()
	r.waitState(mail.Ready)
}

func TestIdleHintBringsNews(t *testing.T) {
	r := newRig(t, Options{})
	stop := r.run()
	r.waitState(mail.Ready)
	r.remote.put("INBOX", letterText("moi", ""))
	r.remote.idleHint <- struct{}{}
	r.waitState(mail.Ready)
	stop()
	if got := r.list("INBOX"); len(got) != 1 || len(r.arrived) != 1 {
		t.Errorf("%d letters, %d announced", len(got), len(r.arrived))
	}
}

func TestFetchIsServedDuringAFill(t *testing.T) {
	r := newRig(t, Options{Page: 1, Block: 1, Bodies: 1})
	for i := range 30 {
		r.remote.put("INBOX", letterText(fmt.Sprint(i), ""))
	}
	r.pass()
	r.remote.boxes["Trash"].letters = r.remote.boxes["INBOX"].letters
	r.remote.boxes["Trash"].next = 31
	old := r.list("INBOX")[29]
	asked := false
	got := make(chan error, 1)
	r.remote.fail = func(call string) error {
		if !asked && call == "headers 1" {
			asked = true
			mail.Go("reader", func() { got <- r.e.Fetch(t.Context(), old.ID) })
		}
		return nil
	}
	stop := r.run()
	if err := <-got; err != nil {
		t.Error(err)
	}
	stop()
	raw, ok, err := r.store.Raw(t.Context(), old.ID)
	if err != nil || !ok || !bytes.Contains(raw, []byte("Noi dung 0")) {
		t.Errorf("%q %v %v", raw, ok, err)
	}
}

func TestClockSetBackDoesNotStopThePass(t *testing.T) {
	r := newRig(t, Options{})
	r.pass()
	r.clock.advance(-48 * time.Hour)
	r.remote.put("INBOX", letterText("moi", ""))
	r.pass()
	if got := r.list("INBOX"); len(got) != 1 {
		t.Errorf("%d letters", len(got))
	}
}
