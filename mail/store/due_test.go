package store

import (
	"context"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"hopthu/mail"
)

func (b *box) term(id mail.LetterID) Term {
	b.t.Helper()
	m, err := b.Terms(b.ctx(), []mail.LetterID{id})
	b.must(err)
	return m[id]
}

func (b *box) setDue(ids []mail.LetterID, at time.Time, why string) int64 {
	b.t.Helper()
	act, err := b.SetDue(b.ctx(), ids, DueChoice{At: at, Reason: why})
	b.must(err)
	return act
}

var dueDay = time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)

func TestChosenDueIsTakenBackStepByStep(t *testing.T) {
	b := openBox(t)
	ids := b.put(mail.RoleInbox, letter(1, "a", duty), letter(2, "b", duty))
	b.took()
	first := b.setDue(ids, dueDay, "chờ Sở Tài chính")
	if ev := b.took(); len(ev) == 0 {
		t.Error("nobody was told")
	}
	second := b.setDue(ids[:1], dueDay.AddDate(0, 0, 2), "chờ thêm")
	if again := b.setDue(ids[:1], dueDay.AddDate(0, 0, 2), "chờ thêm"); again != 0 {
		t.Error("an act that changes nothing can be undone")
	}
	third := b.setDue(ids, time.Time{}, "")
	if b.term(ids[0]) != (Term{}) || b.term(ids[1]) != (Term{}) {
		t.Error("a choice that was taken away is there")
	}
	want := []DueChoice{{dueDay.AddDate(0, 0, 2), "chờ thêm"}, {dueDay, "chờ Sở Tài chính"}}
	if !b.undo(third) || b.term(ids[0]).Chosen != want[0] || b.term(ids[1]).Chosen != want[1] {
		t.Errorf("%+v %+v", b.term(ids[0]), b.term(ids[1]))
	}
	if !b.undo(second) || b.term(ids[0]).Chosen != want[1] {
		t.Errorf("%+v", b.term(ids[0]))
	}
	if !b.undo(first) || b.term(ids[0]) != (Term{}) || b.undo(first) {
		t.Errorf("%+v", b.term(ids[0]))
	}
	if n := len(b.ops()); n != 0 {
		t.Errorf("the server is told of it: %d operations", n)
	}
}

func TestDueIsOnlyForLettersThatAwait(t *testing.T) {
	b := openBox(t)
	ids := b.put(mail.RoleInbox, letter(1, "a", duty), letter(2, "b"))
	_, err := b.SetDue(b.ctx(), ids, DueChoice{At: dueDay, Reason: "x"})
	if mail.KindOf(err) != mail.Conflict || b.term(ids[0]) != (Term{}) {
		t.Errorf("%v, %+v", err, b.term(ids[0]))
	}
	if act := b.setDue(ids, time.Time{}, ""); act != 0 {
		t.Error("there was nothing to take away")
	}
}

// TestDecisionsOutliveANewNumbering: a folder numbered anew brings the same letters under other ids.
func TestDecisionsOutliveANewNumbering(t *testing.T) {
	b := openBox(t)
	nameless := func(h *mail.Head) { h.Duty, h.MessageID = true, "" }
	ids := b.put(mail.RoleInbox, letter(1, "a", duty), letter(2, "b", duty), letter(3, "c", nameless))
	b.setDue([]mail.LetterID{ids[0], ids[2]}, dueDay, "chờ ý kiến")
	_, err := b.Excuse(b.ctx(), ids[1:2], "đã trả lời qua điện thoại")
	b.must(err)
	if b.term(ids[2]).Chosen.At != dueDay {
		t.Error("a letter without Message-ID keeps no choice")
	}
	b.must(b.ResetFolder(b.ctx(), b.folder(mail.RoleInbox).ID))
	marked := letter(12, "b", duty)
	marked.Head.MessageID, marked.Head.Flags = "m2@ninhbinh.example", mail.NoReply
	back := letter(11, "a", duty)
	back.Head.MessageID = "m1@ninhbinh.example"
	fresh := b.put(mail.RoleInbox, back, marked, letter(13, "c", nameless))
	if b.term(fresh[0]).Chosen != (DueChoice{dueDay, "chờ ý kiến"}) || b.term(fresh[2]) != (Term{}) {
		t.Errorf("%+v %+v", b.term(fresh[0]), b.term(fresh[2]))
	}
	why, err := b.Reason(b.ctx(), fresh[1])
	b.must(err)
	if why != "đã trả lời qua điện thoại" {
		t.Errorf("reason %q", why)
	}
	b.flag(fresh[1:2], 0, mail.NoReply)
	if why, err := b.Reason(b.ctx(), fresh[1]); err != nil || why != "" {
		t.Errorf("a letter that must be answered again says %q, %v", why, err)
	}
	b.must(b.DropAccount(b.ctx(), me))
}

func TestDeadlineOfTheText(t *testing.T) {
	b := openBox(t)
	ids := b.put(mail.RoleInbox, letter(1, "a", duty), letter(2, "b", duty), letter(3, "c"), letter(4, "d", duty))
	for i, at := range []time.Time{dueDay, dueDay.AddDate(0, 0, 9), dueDay, {}} {
		b.must(b.PutBody(b.ctx(), ids[i], []byte("x"), Body{Deadline: at, Phrase: "trước ngày 02/12/2026"}))
	}
	if got := b.term(ids[0]); !got.Deadline.Equal(dueDay) || got.Phrase != "trước ngày 02/12/2026" {
		t.Errorf("%+v", got)
	}
	b.setDue(ids[3:], dueDay.AddDate(1, 0, 0), "x")
	heads, err := b.AwaitingTerms(b.ctx(), dueDay.AddDate(0, 0, 1), 10)
	b.must(err)
	var got []mail.LetterID
	for _, h := range heads {
		got = append(got, h.ID)
	}
	if want := []mail.LetterID{ids[3], ids[0]}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	b.must(b.PutBody(b.ctx(), ids[0], []byte("x"), Body{}))
	if got := b.term(ids[0]); got != (Term{}) {
		t.Errorf("the deadline stays: %+v", got)
	}
	b.must(b.RemoveUIDs(b.ctx(), b.folder(mail.RoleInbox).ID, []mail.UID{2}))
	if got := b.term(ids[1]); got != (Term{}) {
		t.Errorf("the letter is gone, its deadline not: %+v", got)
	}
}

// TestChoicesOfTheSchemaBefore are carried over.
func TestChoicesOfTheSchemaBefore(t *testing.T) {
	ctx := context.Background()
	s := newStore("", testKey, Options{})
	c, err := s.openConn(ctx, writerCache)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range migrations[:2] {
		if err := c.db.Exec(m); err != nil {
			t.Fatal(err)
		}
	}
	err = c.db.Exec(`INSERT INTO account VALUES(1,'a1','{}');
		INSERT INTO letter(id, account, folder, flags, sflags, received, thread, mhash, size, attach, duty, awaits)
		VALUES(7,1,1,256,0,0,7,99,1,0,1,1),(8,1,1,256,0,0,8,0,1,0,1,1);
		INSERT INTO due VALUES(7,1796119200,'x'),(8,1796119200,'y'); INSERT INTO note VALUES(7,'n'); PRAGMA user_version=2`)
	if err != nil {
		t.Fatal(err)
	}
	if err := migrate(c); err != nil {
		t.Fatal(err)
	}
	s.writer = make(chan *conn, 1)
	s.writer <- c
	s.reads = s.writer
	m, err := s.Terms(ctx, []mail.LetterID{7, 8})
	if err != nil || m[7].Chosen != (DueChoice{time.Unix(1796119200, 0).UTC(), "x"}) || m[8].Chosen.Reason != "y" {
		t.Errorf("%+v %v", m, err)
	}
	if why, err := s.Reason(ctx, 7); err != nil || why != "n" {
		t.Errorf("%q %v", why, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// BenchmarkTerms100k reads what is known of a screenful of letters, a quarter of them with a deadline.
func BenchmarkTerms100k(b *testing.B) {
	s := open100k(b)
	ctx := context.Background()
	l, err := s.List(ctx, mail.ListQuery{Folder: big.folder})
	if err != nil {
		b.Fatal(err)
	}
	for i := 0; i < 1000; i += 4 {
		if err := s.PutBody(ctx, l.IDs[i], []byte("x"), Body{Deadline: dueDay, Phrase: "trước ngày 02/12/2026"}); err != nil {
			b.Fatal(err)
		}
	}
	r := rand.New(rand.NewPCG(3, 4))
	b.ReportAllocs()
	for b.Loop() {
		i := r.IntN(900)
		if _, err := s.Terms(ctx, l.IDs[i:i+60]); err != nil {
			b.Fatal(err)
		}
	}
}
