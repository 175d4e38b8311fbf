package store

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"hopthu/mail"
)

func (b *box) flag(ids []mail.LetterID, set, unset mail.Flags) int64 {
	b.t.Helper()
	act, err := b.Flag(b.ctx(), ids, set, unset)
	b.must(err)
	return act
}

func (b *box) move(id mail.LetterID, to mail.Role) int64 {
	b.t.Helper()
	act, err := b.Move(b.ctx(), []mail.LetterID{id}, b.folder(to).ID)
	b.must(err)
	return act
}

func (b *box) undo(act int64) bool {
	b.t.Helper()
	ok, err := b.UndoAct(b.ctx(), act)
	b.must(err)
	return ok
}

func (b *box) where(id mail.LetterID) mail.Role {
	b.t.Helper()
	h, err := b.Head(b.ctx(), id)
	if mail.KindOf(err) == mail.Gone {
		return "gone"
	}
	b.must(err)
	f, err := b.Folder(b.ctx(), h.Folder)
	b.must(err)
	return f.Role
}

func TestFlagsCancelOut(t *testing.T) {
	b := openBox(t)
	ids := b.put(mail.RoleInbox, letter(1, "a"), letter(2, "b"))
	if b.flag(ids, 0, mail.Seen) != 0 {
		t.Error("an act that changes nothing can be undone")
	}
	b.flag(ids, mail.Seen|mail.Flagged, 0)
	b.flag(ids[:1], 0, mail.Seen)
	b.flag(ids[1:], 0, mail.Seen|mail.Flagged)
	ops := b.ops()
	if len(ops) != 1 || ops[0].Add != mail.Flagged || ops[0].Remove != 0 || !reflect.DeepEqual(ops[0].UIDs, []mail.UID{1}) {
		t.Fatalf("operations %+v", ops)
	}
	if b.head(ids[1]).Pending || !b.head(ids[0]).Pending {
		t.Error("the mark 'pending' is wrong")
	}
	// Handed out, it may have been done: taking it back is a new operation, after it.
	b.flag(ids[:1], 0, mail.Flagged)
	next := b.ops()
	if len(next) != 2 || next[1].Remove != mail.Flagged || next[1].ID < next[0].ID {
		t.Fatalf("operations %+v", next)
	}
	b.server(true)
	if len(b.ops()) != 0 || b.head(ids[0]).Flags != 0 || b.head(ids[0]).Pending {
		t.Errorf("in the end %+v", b.head(ids[0]))
	}
	b.check()
}

func TestPendingFlagsSurviveTheServer(t *testing.T) {
	b := openBox(t)
	inbox := b.folder(mail.RoleInbox).ID
	ids := b.put(mail.RoleInbox, letter(1, "a"))
	b.flag(ids, mail.Flagged, 0)
	server := func(f mail.Flags) { b.must(b.ApplyFlags(b.ctx(), inbox, []FlagChange{{UID: 1, Flags: f, ModSeq: 5}})) }
	server(mail.Seen)
	if f := b.head(ids[0]).Flags; f != mail.Seen|mail.Flagged {
		t.Errorf("flags %v", f.Names())
	}
	op := b.ops()[0]
	server(mail.Seen | mail.Answered)
	b.must(b.OpReverted(b.ctx(), op.ID))
	if f := b.head(ids[0]).Flags; f != mail.Seen|mail.Answered {
		t.Errorf("turned back to %v", f.Names())
	}
	b.flag(ids, 0, mail.Seen)
	b.server(true)
	if f := b.head(ids[0]).Flags; f != mail.Answered {
		t.Errorf("after the server followed %v", f.Names())
	}
	server(mail.Answered) // nothing new: no event
	b.took()
	server(mail.Answered)
	if e := b.took(); len(e) != 0 {
		t.Errorf("events for nothing: %+v", e)
	}
	b.must(b.ApplyFlags(b.ctx(), inbox, []FlagChange{{UID: 99, Flags: mail.Seen}}))
	b.check()
}

func TestMoveAndBack(t *testing.T) {
	b := openBox(t)
	id := b.put(mail.RoleInbox, letter(1, "a"))[0]
	act := b.move(id, mail.RoleArchive)
	if b.where(id) != mail.RoleArchive || b.head(id).UID != 0 {
		t.Fatalf("moved to %s with UID %d", b.where(id), b.head(id).UID)
	}
	if !b.undo(act) || b.where(id) != mail.RoleInbox || b.head(id).UID != 1 || len(b.ops()) != 0 {
		t.Errorf("taken back: %s %+v", b.where(id), b.head(id))
	}
	if b.undo(act) {
		t.Error("taken back twice")
	}
	// Re-targeted before the server knew: one operation.
	b.move(id, mail.RoleArchive)
	b.move(id, mail.RoleTrash)
	ops := b.ops()
	if len(ops) != 1 || ops[0].Folder != b.folder(mail.RoleInbox).ID || ops[0].Dest != b.folder(mail.RoleTrash).ID {
		t.Fatalf("operations %+v", ops)
	}
	// While it is under way the letter moves on and is marked: both wait for the new UID.
	b.move(id, mail.RoleArchive)
	b.flag([]mail.LetterID{id}, mail.Seen, 0)
	if n := len(b.ops()); n != 1 {
		t.Errorf("%d operations are handed out before the UID is known", n)
	}
	b.must(b.OpDone(b.ctx(), ops[0].ID, OpResult{UIDs: map[mail.UID]mail.UID{1: 70}}))
	next := b.ops()
	if len(next) != 1 || next[0].Kind != OpMove || !slices.Equal(next[0].UIDs, []mail.UID{70}) || next[0].Folder != b.folder(mail.RoleTrash).ID {
		t.Fatalf("operations %+v", next)
	}
	b.must(b.OpDone(b.ctx(), next[0].ID, OpResult{UIDs: map[mail.UID]mail.UID{70: 80}}))
	last := b.ops()
	if len(last) != 1 || last[0].Kind != OpFlags || !slices.Equal(last[0].UIDs, []mail.UID{80}) {
		t.Fatalf("operations %+v", last)
	}
	b.server(true)
	if h := b.head(id); h.UID != 80 || h.Pending || b.where(id) != mail.RoleArchive {
		t.Errorf("in the end %+v", h)
	}
	b.check()
}

// TestMoveIsNotUndoneBySync: while a move waits, the server still shows the letter in its old folder.
func TestMoveIsNotUndoneBySync(t *testing.T) {
	b := openBox(t)
	in := letter(1, "a")
	id := b.put(mail.RoleInbox, in)[0]
	b.move(id, mail.RoleArchive)
	if uids, err := b.UIDs(b.ctx(), b.folder(mail.RoleInbox).ID); err != nil || !slices.Equal(uids, []mail.UID{1}) {
		t.Errorf("UIDs %v (%v)", uids, err)
	}
	if again := b.put(mail.RoleInbox, in); again[0] != id || b.where(id) != mail.RoleArchive {
		t.Errorf("fetched again as %d in %s", again[0], b.where(id))
	}
	b.server(false) // the server does not tell the new UID
	moved := in
	moved.Head.UID = 40
	if again := b.put(mail.RoleArchive, moved); again[0] != id || b.head(id).UID != 40 {
		t.Errorf("not recognised where it went: %d, %+v", again[0], b.head(id))
	}
	b.check()
}

// TestFetchedBeforeAnswer: the letter shows up in its new folder before the answer to the move is read.
func TestFetchedBeforeAnswer(t *testing.T) {
	for _, mid := range []string{"m1@x", ""} {
		b := openBox(t)
		in := letter(1, "a", func(h *mail.Head) { h.MessageID = mid })
		id := b.put(mail.RoleInbox, in)[0]
		b.move(id, mail.RoleArchive)
		op := b.ops()[0]
		in.Head.UID = 40
		b.put(mail.RoleArchive, in)
		b.must(b.OpDone(b.ctx(), op.ID, OpResult{UIDs: map[mail.UID]mail.UID{1: 40}}))
		if l := b.list(mail.ListQuery{Folder: b.folder(mail.RoleArchive).ID}); !slices.Equal(l.IDs, []mail.LetterID{id}) {
			t.Errorf("Message-ID %q: archive has %v, want %d once", mid, l.IDs, id)
		}
		b.check()
	}
}

func TestMovedLetterThatNeverShows(t *testing.T) {
	b := openBox(t)
	id := b.put(mail.RoleInbox, letter(1, "a"))[0]
	b.move(id, mail.RoleArchive)
	pass := func() {
		b.clock.Add(time.Minute)
		b.must(b.SetSyncState(b.ctx(), b.folder(mail.RoleArchive).ID, SyncState{UIDValidity: 1, Complete: true, Synced: b.clock.Now()}))
	}
	for range 5 {
		pass()
	}
	if b.where(id) != mail.RoleArchive {
		t.Fatal("gone while its move is pending")
	}
	b.server(false)
	pass()
	if b.where(id) != mail.RoleArchive {
		t.Error("gone after one pass, which may have begun before the move")
	}
	for range 3 {
		pass()
	}
	if b.where(id) != "gone" {
		t.Error("a letter that the server does not have stays for ever")
	}
	b.check()
}

func TestMoveRefused(t *testing.T) {
	b := openBox(t)
	id := b.put(mail.RoleInbox, letter(1, "a", duty))[0]
	b.move(id, mail.RoleTrash)
	b.must(b.OpReverted(b.ctx(), b.ops()[0].ID))
	if h := b.head(id); b.where(id) != mail.RoleInbox || h.UID != 1 || h.Pending || !h.Awaits {
		t.Errorf("turned back to %s %+v", b.where(id), h)
	}
	if _, err := b.Move(b.ctx(), []mail.LetterID{id}, 9999); mail.KindOf(err) != mail.NoFolder {
		t.Errorf("a move to nowhere gives %v", err)
	}
	b.check()
}

func TestErase(t *testing.T) {
	b := openBox(t)
	ids := b.put(mail.RoleInbox, letter(1, "công văn một"), letter(2, "công văn hai"))
	act, err := b.Erase(b.ctx(), ids)
	b.must(err)
	if l := b.list(mail.ListQuery{Account: me, Text: "cong van"}); len(l.IDs) != 0 {
		t.Error("erased letters are found")
	}
	if !b.undo(act) || len(b.list(mail.ListQuery{Account: me, Text: "cong van"}).IDs) != 2 || len(b.ops()) != 0 {
		t.Error("erasure not taken back")
	}
	act, err = b.Erase(b.ctx(), ids)
	b.must(err)
	op := b.ops()[0]
	if b.undo(act) || b.where(ids[0]) != "gone" {
		t.Error("an erasure that was handed out was taken back")
	}
	b.must(b.OpReverted(b.ctx(), op.ID))
	if b.where(ids[0]) != mail.RoleInbox {
		t.Error("refused erasure did not bring the letter back")
	}
	_, err = b.Erase(b.ctx(), ids)
	b.must(err)
	b.server(true)
	if l := b.list(mail.ListQuery{Account: me, Text: "cong van"}); b.where(ids[0]) != "gone" || len(l.IDs) != 0 || l.Total != 0 {
		t.Errorf("in the end %+v", l)
	}
	b.check()
}

func TestVanishedWhileMovePends(t *testing.T) {
	b := openBox(t)
	in := letter(1, "a")
	id := b.put(mail.RoleInbox, in)[0]
	b.move(id, mail.RoleArchive)
	b.ops()
	// Our move was done, its answer lost: the old UID vanishes, a new one shows up.
	b.must(b.RemoveUIDs(b.ctx(), b.folder(mail.RoleInbox).ID, []mail.UID{1}))
	if len(b.ops()) != 0 {
		t.Error("the move is tried again")
	}
	in.Head.UID = 40
	if got := b.put(mail.RoleArchive, in)[0]; got != id {
		t.Errorf("came back as %d, want %d", got, id)
	}
	b.check()
}

func TestUIDValidityChanged(t *testing.T) {
	b := openBox(t)
	inbox := b.folder(mail.RoleInbox).ID
	ids := b.put(mail.RoleInbox, letter(1, "a"), letter(2, "b"), letter(3, "c"), letter(4, "d"))
	b.flag(ids[:1], mail.Flagged, 0)
	b.move(ids[1], mail.RoleArchive)
	b.ops()
	_, err := b.Erase(b.ctx(), ids[2:3])
	b.must(err)
	b.must(b.ResetFolder(b.ctx(), inbox))
	if ops := b.ops(); len(ops) != 0 {
		t.Fatalf("operations with UIDs that mean nothing: %+v", ops)
	}
	if y, err := b.SyncState(b.ctx(), inbox); err != nil || !reflect.DeepEqual(y, SyncState{}) {
		t.Errorf("sync state %+v (%v)", y, err)
	}
	if b.where(ids[1]) != mail.RoleArchive {
		t.Error("a letter on its way elsewhere was forgotten")
	}
	again := []Incoming{letter(11, "a"), letter(12, "b"), letter(13, "c"), letter(14, "d")}
	for i := range again {
		again[i].Head.MessageID = letter(i+1, "").Head.MessageID
	}
	fresh := b.put(mail.RoleInbox, again...)
	if fresh[1] != ids[1] || !b.head(fresh[0]).Flags.Has(mail.Flagged) {
		t.Errorf("came back as %v, flags %v", fresh, b.head(fresh[0]).Flags.Names())
	}
	if l := b.list(mail.ListQuery{Folder: inbox}); !slices.Equal(l.IDs, []mail.LetterID{fresh[3], fresh[0]}) {
		t.Errorf("inbox %v, want %v", l.IDs, fresh)
	}
	uids := map[OpKind]mail.UID{}
	for _, op := range b.ops() {
		uids[op.Kind] = op.UIDs[0]
	}
	if want := map[OpKind]mail.UID{OpFlags: 11, OpMove: 12, OpErase: 13}; !reflect.DeepEqual(uids, want) {
		t.Errorf("operations found again %v, want %v", uids, want)
	}
	b.server(true)
	b.check()
}

func TestUIDValidityChangedAndLetterGone(t *testing.T) {
	b := openBox(t)
	inbox := b.folder(mail.RoleInbox).ID
	ids := b.put(mail.RoleInbox, letter(1, "a"))
	b.flag(ids, mail.Flagged, 0)
	b.must(b.ResetFolder(b.ctx(), inbox))
	for range 5 {
		b.clock.Add(time.Minute)
		b.must(b.SetSyncState(b.ctx(), inbox, SyncState{UIDValidity: 2, Complete: true, Synced: b.clock.Now()}))
	}
	_, left := 0, int64(0)
	b.must(b.read(b.ctx(), "test", func(c *conn) (err error) {
		left, _, err = c.int("SELECT count(*) FROM op")
		return err
	}))
	if left != 0 {
		t.Errorf("%d operations wait for ever", left)
	}
}

func TestOpFailedWaits(t *testing.T) {
	b := openBox(t)
	ids := b.put(mail.RoleInbox, letter(1, "a"))
	b.flag(ids, mail.Seen, 0)
	op := b.ops()[0]
	next := b.clock.Now().Add(time.Minute)
	b.must(b.OpFailed(b.ctx(), op.ID, next))
	if got := b.ops()[0]; got.Tries != 1 || !got.NotBefore.Equal(next) {
		t.Errorf("got %+v", got)
	}
	b.must(b.OpDone(b.ctx(), op.ID, OpResult{}))
	b.must(b.OpDone(b.ctx(), op.ID, OpResult{}))
	b.must(b.OpReverted(b.ctx(), op.ID))
	if !b.head(ids[0]).Flags.Has(mail.Seen) {
		t.Error("a finished operation was turned back")
	}
}

func TestAppend(t *testing.T) {
	b := openBox(t)
	raw := []byte("Subject: x\r\n\r\nNội dung\r\n")
	b.must(b.AddAppend(b.ctx(), me, mail.RoleDrafts, mail.Draft, "d1@x", raw))
	op := b.ops()[0]
	if op.Kind != OpAppend || op.Folder != 0 || op.Role != mail.RoleDrafts || !op.Raw {
		t.Errorf("without a drafts folder: %+v", op)
	}
	b.must(b.PutFolders(b.ctx(), me, append(standardFolders(), FolderSpec{Name: "Nháp", Role: mail.RoleDrafts, Selectable: true})))
	op = b.ops()[0]
	if got, err := b.OpBytes(b.ctx(), op.ID); err != nil || string(got) != string(raw) || op.Folder != b.folder(mail.RoleDrafts).ID {
		t.Errorf("%+v, %q, %v", op, got, err)
	}
	b.must(b.OpDone(b.ctx(), op.ID, OpResult{}))
	if _, err := b.OpBytes(b.ctx(), op.ID); mail.KindOf(err) != mail.Gone {
		t.Errorf("bytes of a finished operation: %v", err)
	}
}

// TestDraftCopiesDoNotPileUp: only the last state of a draft is stored on the server, and none of one that is gone.
func TestDraftCopiesDoNotPileUp(t *testing.T) {
	b := openBox(t)
	save := func(text string) { b.must(b.AddAppend(b.ctx(), me, mail.RoleDrafts, mail.Draft, "o@x", []byte(text))) }
	save("một")
	save("hai")
	ops := b.ops()
	if len(ops) != 1 {
		t.Fatalf("operations %+v", ops)
	}
	if raw, err := b.OpBytes(b.ctx(), ops[0].ID); err != nil || string(raw) != "hai" {
		t.Errorf("%q %v", raw, err)
	}
	d, err := b.PutDraft(b.ctx(), mail.DraftLetter{Account: me, MessageID: "o@x"})
	b.must(err)
	save("ba")
	_, err = b.AddOutgoing(b.ctx(), b.outgoing(d, 0))
	b.must(err)
	if ops := b.ops(); len(ops) != 0 {
		t.Errorf("a draft that was sent is stored: %+v", ops)
	}
}

// TestAllOrNothing: an act that fails in the middle changes nothing.
func TestAllOrNothing(t *testing.T) {
	b := openBox(t)
	ids := b.put(mail.RoleInbox, letter(1, "a"), letter(2, "b"))
	boom := errors.New("boom")
	err := b.write(b.ctx(), "test", func(tx *tx) error {
		a := &act{tx: tx, kind: OpMove, ops: map[opKey]int64{}}
		l, _, err := tx.letter(ids[0])
		if err == nil {
			err = a.move(l, b.folderNoLock(tx, mail.RoleTrash))
		}
		return errors.Join(err, boom)
	})
	if !errors.Is(err, boom) || b.where(ids[0]) != mail.RoleInbox || len(b.ops()) != 0 {
		t.Errorf("half an act stayed: %v", err)
	}
	b.check()
}

// folderNoLock finds a folder inside a transaction.
func (b *box) folderNoLock(t *tx, r mail.Role) mail.FolderID {
	b.t.Helper()
	n, _, err := t.int("SELECT id FROM folder WHERE role=?", string(r))
	b.must(err)
	return mail.FolderID(n)
}
