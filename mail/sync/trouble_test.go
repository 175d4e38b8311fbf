package sync

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"hopthu/mail"
	"hopthu/mail/store"
)

// reset forgets the calls so far.
func (f *fakeRemote) reset() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = nil
}

// failing sets what is asked before each call.
func (f *fakeRemote) failing(fail func(string) error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fail = fail
}

// TestRenumberedFolderHitsNoOtherLetter: what was done offline waits while the server numbers the folder anew. The old
// numbers are other letters now (RFC 9051 2.3.1.1).
func TestRenumberedFolderHitsNoOtherLetter(t *testing.T) {
	r := newRig(t, Options{})
	for _, id := range []string{"1", "2", "3"} {
		r.remote.put("INBOX", letterText(id, ""))
	}
	r.pass()
	by := map[string]mail.LetterID{}
	for _, h := range r.list("INBOX") {
		by[h.MessageID] = h.ID
	}
	ctx := t.Context()
	if _, err := r.store.Flag(ctx, []mail.LetterID{by["1@x"]}, mail.Flagged, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := r.store.Erase(ctx, []mail.LetterID{by["2@x"]}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.store.Move(ctx, []mail.LetterID{by["3@x"]}, r.folder("Trash").ID); err != nil {
		t.Fatal(err)
	}
	b := r.remote.boxes["INBOX"]
	b.validity, b.letters, b.next = 8, map[mail.UID]*msg{}, 1
	for _, id := range []string{"a", "b", "c", "1", "2", "3"} {
		r.remote.put("INBOX", letterText(id, ""))
	}
	r.e.selected = ""
	for range 4 {
		r.pass()
	}
	var inbox, trash []string
	for _, u := range b.uids() {
		inbox = append(inbox, strings.Fields(b.letters[u].raw)[7]+strings.Join(b.letters[u].flags, ""))
	}
	for _, m := range r.remote.boxes["Trash"].letters {
		trash = append(trash, strings.Fields(m.raw)[7])
	}
	if got := fmt.Sprint(inbox, trash); got != `[a b c 1\Flagged] [3]` {
		t.Errorf("at the server: %s", got)
	}
	if len(r.fell) != 0 {
		t.Errorf("told %v", r.fell)
	}
	if n := len(r.list("INBOX")); n != 4 {
		t.Errorf("%d letters here", n)
	}
}

// TestTextOfARenumberedFolder: the text of another letter must not come under this one's name.
func TestTextOfARenumberedFolder(t *testing.T) {
	r := newRig(t, Options{Bodies: 1})
	r.remote.put("INBOX", letterText("1", ""))
	r.remote.put("INBOX", letterText("2", ""))
	r.pass()
	old := r.list("INBOX")[1]
	b := r.remote.boxes["INBOX"]
	b.validity, b.letters, b.next = 8, map[mail.UID]*msg{}, 1
	r.remote.put("INBOX", letterText("khac", ""))
	r.e.selected = ""
	if err := r.e.body(t.Context(), old.ID); err == nil {
		t.Error("a text was taken")
	}
	if raw, ok, err := r.store.Raw(t.Context(), old.ID); ok {
		t.Errorf("%q %v", raw, err)
	}
}

// TestPushIsNoLogin: marking letters while the password is wrong must not lock the account out.
func TestPushIsNoLogin(t *testing.T) {
	r := newRig(t, Options{})
	r.remote.failing(func(call string) error {
		if call == "connect" {
			return &mail.Fault{Kind: mail.BadPassword, Op: "login"}
		}
		return nil
	})
	stop := r.run()
	r.waitState(mail.Stopped)
	for range 5 {
		r.e.Push()
		r.e.View(7)
		if err := r.e.Fetch(t.Context(), 1); mail.KindOf(err) != mail.BadPassword { // answered in the same wait
			t.Error(err)
		}
	}
	stop()
	if n := r.remote.count("connect"); n != 1 {
		t.Errorf("%d logins", n)
	}
}

func TestPushAndHintDoNotWalkAllFolders(t *testing.T) {
	r := newRig(t, Options{})
	r.remote.put("INBOX", letterText("1", ""))
	stop := r.run()
	defer stop()
	r.waitState(mail.Ready)
	r.remote.reset()
	r.remote.put("INBOX", letterText("2", ""))
	for range 3 { // a storm
		r.remote.idleHint <- struct{}{}
	}
	r.waitState(mail.Ready)
	if err := r.e.Fetch(t.Context(), r.list("INBOX")[0].ID); err != nil {
		t.Error(err)
	}
	if n, all := r.remote.count("select INBOX"), r.remote.count("select"); n < 1 || n > 3 || all != n {
		t.Errorf("%d looks at the inbox, %d at all: %v", n, all, r.remote.calls)
	}
}

// TestOpenedFolderIsRefreshedAtOnce and not within five minutes.
func TestOpenedFolderIsRefreshedAtOnce(t *testing.T) {
	r := newRig(t, Options{})
	stop := r.run()
	defer stop()
	r.waitState(mail.Ready)
	r.clock.advance(freshFor)
	trash := r.folder("Trash").ID
	r.remote.put("Trash", letterText("1", ""))
	r.remote.reset()
	r.e.View(trash)
	r.waitState(mail.Ready)
	if n := len(r.list("Trash")); n != 1 {
		t.Errorf("%d letters", n)
	}
	r.e.View(r.folder("Sent").ID)
	r.waitState(mail.Ready)
	r.e.View(trash)
	for range 3 { // answered by the same loop: the look comes before the last of them
		if err := r.e.Fetch(t.Context(), 999); mail.KindOf(err) != mail.Gone {
			t.Error(err)
		}
	}
	if n, all := r.remote.count("select Trash"), r.remote.count("select"); n != 1 || all != 2 {
		t.Errorf("opened again a moment later: %v", r.remote.calls)
	}
}

func TestOneBadFolderDoesNotStopTheOthers(t *testing.T) {
	for _, kind := range []mail.FaultKind{mail.Refused, mail.TryLater, mail.NoFolder} {
		for _, call := range []string{"select Drafts", "newest"} {
			r := newRig(t, Options{})
			open := ""
			r.remote.fail = func(c string) error {
				if name, ok := strings.CutPrefix(c, "select "); ok {
					open = name
				}
				if c == call && open == "Drafts" {
					return &mail.Fault{Kind: kind, Op: c}
				}
				return nil
			}
			for _, f := range []string{"INBOX", "Sent", "Drafts", "Trash"} {
				r.remote.put(f, letterText(f, ""))
			}
			r.pass()
			r.pass()
			for _, f := range []string{"INBOX", "Sent", "Trash"} {
				if n := len(r.list(f)); n != 1 {
					t.Errorf("%s %s: %s has %d letters", call, kind, f, n)
				}
			}
			if want := map[bool]int{true: 0, false: 1}[kind == mail.NoFolder]; len(r.fell) != want {
				t.Errorf("%s %s: told %v", call, kind, r.fell)
			}
		}
	}
}

func TestBadInboxIsNotInStep(t *testing.T) {
	r := newRig(t, Options{})
	r.remote.put("Sent", letterText("1", ""))
	r.remote.fail = func(c string) error {
		if c == "select INBOX" {
			return &mail.Fault{Kind: mail.TryLater, Op: c}
		}
		return nil
	}
	if err := r.e.pass(t.Context()); mail.KindOf(err) != mail.TryLater {
		t.Errorf("%v", err)
	}
	if n := len(r.list("Sent")); n != 1 {
		t.Errorf("%d letters in Sent", n)
	}
}

func TestOneBadTextDoesNotStopTheOthers(t *testing.T) {
	r := newRig(t, Options{})
	for i := range 3 {
		r.remote.put("INBOX", letterText(fmt.Sprint(i), ""))
	}
	r.remote.fail = func(c string) error {
		if c == "body 2" {
			return &mail.Fault{Kind: mail.Refused, Op: c}
		}
		return nil
	}
	r.pass()
	r.pass()
	for _, h := range r.list("INBOX") {
		if h.Bodied != (h.UID != 2) {
			t.Errorf("letter %d: text here %v", h.UID, h.Bodied)
		}
	}
	if n := r.remote.count("body 2"); n != 1 {
		t.Errorf("asked %d times in one session", n)
	}
}

// TestOwnTroubleTurnsNothingBack: a full disk here is no refusal there.
func TestOwnTroubleTurnsNothingBack(t *testing.T) {
	r := newRig(t, Options{})
	r.remote.put("INBOX", letterText("1", ""))
	r.pass()
	if _, err := r.store.Flag(t.Context(), []mail.LetterID{r.list("INBOX")[0].ID}, mail.Flagged, 0); err != nil {
		t.Fatal(err)
	}
	r.remote.fail = func(c string) error {
		if strings.HasPrefix(c, "store") {
			return &mail.Fault{Kind: mail.DiskFull, Op: c}
		}
		return nil
	}
	if err := r.e.pass(t.Context()); mail.KindOf(err) != mail.DiskFull {
		t.Errorf("%v", err)
	}
	if h := r.list("INBOX")[0]; !h.Pending || !h.Flags.Has(mail.Flagged) || len(r.fell) != 0 {
		t.Errorf("%+v, told %v", h, r.fell)
	}
}

func TestFullMailboxIsToldOnce(t *testing.T) {
	r := newRig(t, Options{})
	if err := r.store.AddAppend(t.Context(), me.ID, mail.RoleSent, mail.Seen, "1@x", []byte(letterText("1", ""))); err != nil {
		t.Fatal(err)
	}
	r.remote.fail = func(c string) error {
		if strings.HasPrefix(c, "append") {
			return &mail.Fault{Kind: mail.OverQuota, Op: c}
		}
		return nil
	}
	r.pass()
	r.pass()
	r.clock.advance(retryMost)
	r.pass()
	if len(r.fell) != 1 || r.fell[0].Kind != mail.OverQuota {
		t.Errorf("told %v", r.fell)
	}
	r.remote.fail = nil
	r.clock.advance(retryMost)
	r.pass()
	if n := len(r.remote.boxes["Sent"].letters); n != 1 {
		t.Errorf("%d copies", n)
	}
}

// TestDraftOfASentLetterIsErased: the draft was uploaded when the letter went, and nobody here knew its UID.
func TestDraftOfASentLetterIsErased(t *testing.T) {
	r := newRig(t, Options{})
	r.pass()
	_, err := r.store.AddOutgoing(t.Context(), store.Outgoing{
		Item: mail.OutboxItem{Account: me.ID, MessageID: "gui@x", Subject: "x"}, From: me.Address, To: []string{"b@x.example"}, Raw: []byte("x"), Checked: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	r.remote.put("Drafts", letterText("gui", ""), `\Draft`)
	r.remote.put("Drafts", letterText("viet do", ""), `\Draft`)
	r.pass()
	r.pass()
	if got := r.list("Drafts"); len(got) != 1 || len(r.remote.boxes["Drafts"].letters) != 1 || got[0].Subject != "Thu viet do" {
		t.Errorf("%+v", got)
	}
}

// TestQuietFoldersAreNotSelected: with many folders a SELECT each, every five minutes, is what a server notices.
func TestQuietFoldersAreNotSelected(t *testing.T) {
	r := newRig(t, Options{})
	r.remote.tells = true
	for i := range 50 {
		r.remote.add(fmt.Sprintf("Hồ sơ/%d", i))
		r.remote.put(fmt.Sprintf("Hồ sơ/%d", i), letterText(fmt.Sprint(i), ""))
	}
	r.pass()
	r.pass()
	pass := func(what string, want ...string) {
		t.Helper()
		r.remote.reset()
		r.pass()
		var got []string
		for _, c := range r.remote.calls {
			if name, ok := strings.CutPrefix(c, "select "); ok && name != "INBOX" {
				got = append(got, name)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: looked at %v, want %v", what, got, want)
		}
	}
	pass("nothing happened")
	r.remote.put("Hồ sơ/7", letterText("moi", ""))
	pass("a new letter", "Hồ sơ/7")
	pass("and again")
	b := r.remote.boxes["Hồ sơ/8"]
	b.modseq++
	b.letters[1].flags, b.letters[1].modseq = []string{`\Seen`}, b.modseq
	pass("a mark", "Hồ sơ/8")
	if h := r.list("Hồ sơ/8")[0]; !h.Flags.Has(mail.Seen) {
		t.Errorf("%+v", h)
	}
	delete(r.remote.boxes["Hồ sơ/9"].letters, 1) // a server that counts no erasure in MODSEQ
	pass("erased", "Hồ sơ/9")
	if n := len(r.list("Hồ sơ/9")); n != 0 {
		t.Errorf("%d letters left", n)
	}
	r.e.View(r.folder("Hồ sơ/3").ID)
	pass("in view", "Hồ sơ/3")
	r.e.View(0)
	r.clock.advance(restAgain)
	r.remote.reset()
	r.pass()
	if n := r.remote.count("select"); n < 50 {
		t.Errorf("%d looks after a long time", n)
	}
}
