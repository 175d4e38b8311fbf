package wire

import (
	"context"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/store"
	"hopthu/mail/sync"
)

type steadyClock struct{}

func (steadyClock) Now() time.Time                       { return testNow }
func (steadyClock) After(time.Duration) <-chan time.Time { return nil }

// together reads commands without answering any, so that a client that waits in between would wait for ever.
func (s *script) together(want ...string) (tags []string) {
	s.t.Helper()
	for _, w := range want {
		tags = append(tags, s.expect(w))
	}
	return tags
}

// TestComingInStepTakesFiveRoundTrips counts what a start costs in a box of which little changed: TLS, log-in, the
// folder with its changes, and the list with how all others stand (issue 2, 6).
func TestComingInStepTakesFiveRoundTrips(t *testing.T) {
	const most = 5
	ctx := t.Context()
	st, err := store.Memory(ctx, store.Options{Now: func() time.Time { return testNow }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	ready := make(chan mail.Status, 1)
	act := func(s *script) {
		s.login("CONDSTORE ENABLE UTF8=ACCEPT ESEARCH LIST-EXTENDED LIST-STATUS SPECIAL-USE UIDPLUS ID IDLE")
		tags := s.together("ENABLE UTF8=ACCEPT", `SELECT "INBOX" (CONDSTORE)`, "UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE 90)")
		s.say("* ENABLED UTF8=ACCEPT", tags[0]+" OK enabled",
			"* 3 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 4] x", "* OK [HIGHESTMODSEQ 95] x", tags[1]+" OK [READ-WRITE] open",
			`* 2 FETCH (UID 2 FLAGS (\Seen) MODSEQ (95))`, tags[2]+" OK fetched")
		tags = s.together("ID", "LIST")
		s.say(`* ID NIL`, tags[0]+" OK who",
			`* LIST () "/" INBOX`, `* STATUS INBOX (MESSAGES 3 UNSEEN 2 UIDNEXT 4 UIDVALIDITY 7 HIGHESTMODSEQ 95)`,
			`* LIST (\Sent) "/" Sent`, `* STATUS Sent (MESSAGES 0 UNSEEN 0 UIDNEXT 1 UIDVALIDITY 8 HIGHESTMODSEQ 1)`, tags[1]+" OK listed")
		s.gone()
	}
	leaks(t)
	ca := newAuthority(t)
	g := &stage{t: t, acts: []func(*script){act, (*script).gone}, cfg: ca.config()}
	d := New(Options{Now: func() time.Time { return testNow }, Dial: g.listen()})
	a := testAccount(ca)
	m := d.Remote(a, password)
	before(t, st, a)
	var trips, in int64
	e := sync.New(a, m, st, sync.Options{Clock: steadyClock{}, Status: func(s mail.Status) {
		if s.State == mail.Ready || s.Fault != nil {
			in, _, trips = m.Traffic()
			select {
			case ready <- s:
			default:
			}
		}
	}})
	run, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	mail.Go("engine", func() { done <- e.Run(run) })
	s := <-ready
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if s.State != mail.Ready {
		t.Fatalf("not in step: %+v", s.Fault)
	}
	if trips > most || in > 20_000 {
		t.Errorf("%d round trips, %d octets; at most %d and 20,000", trips, in, most)
	}
	f, _, err := st.FolderByRole(ctx, a.ID, mail.RoleInbox)
	if err != nil || f.Unread != 2 {
		t.Errorf("%d unread, %v: the change did not come", f.Unread, err)
	}
}

// before puts the box into the store as it was: three unread letters, complete, an empty Sent.
func before(t *testing.T, st *store.Store, a mail.Account) {
	t.Helper()
	ctx := t.Context()
	if err := st.PutAccount(ctx, a); err != nil {
		t.Fatal(err)
	}
	if err := st.PutFolders(ctx, a.ID, []store.FolderSpec{
		{Name: "INBOX", Delim: "/", Role: mail.RoleInbox, Selectable: true, Remote: 3}, {Name: "Sent", Delim: "/", Role: mail.RoleSent, Selectable: true},
	}); err != nil {
		t.Fatal(err)
	}
	folders, err := st.Folders(ctx, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range folders {
		y := store.SyncState{UIDValidity: 8, UIDNext: 1, HighestModSeq: 1, Complete: true, Synced: testNow}
		if f.Role == mail.RoleInbox {
			y.UIDValidity, y.UIDNext, y.HighestModSeq, y.Remote = 7, 4, 90, 3
			var in []store.Incoming
			for uid := mail.UID(1); uid < 4; uid++ {
				in = append(in, store.Incoming{Head: mail.Head{Account: a.ID, UID: uid, Received: testNow, Size: 5 << 20}, ModSeq: 80})
			}
			if _, err := st.PutLetters(ctx, a.ID, f.ID, in, true); err != nil {
				t.Fatal(err)
			}
		}
		if err := st.SetSyncState(ctx, f.ID, y); err != nil {
			t.Fatal(err)
		}
	}
}
