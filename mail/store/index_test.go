package store

import (
	"fmt"
	"testing"

	"hopthu/mail"
)

// found searches the whole account.
func (b *box) found(text string) mail.Listing {
	b.t.Helper()
	l, err := b.List(b.ctx(), mail.ListQuery{Account: me, Text: text})
	b.must(err)
	return l
}

// longFill stores n older letters in one batch, too many to be indexed at once, each with a word of its own.
func longFill(b *box, n int) []mail.LetterID {
	b.t.Helper()
	list := make([]Incoming, n)
	for i := range list {
		list[i] = letter(i+1, fmt.Sprintf("chung rieng%d", i))
	}
	ids, err := b.PutLetters(b.ctx(), me, b.folder(mail.RoleInbox).ID, list, true)
	b.must(err)
	return ids
}

func (b *box) indexAll(limit int) {
	b.t.Helper()
	for more := true; more; {
		var err error
		more, err = b.IndexSome(b.ctx(), limit)
		b.must(err)
	}
}

func TestALongFillIsIndexedAfterIt(t *testing.T) {
	b := openBox(t)
	n := indexAtOnce + 50
	ids := longFill(b, n)
	if f := b.folder(mail.RoleInbox); f.Total != n || f.Unread != n {
		t.Errorf("counts %d, %d of %d", f.Total, f.Unread, n)
	}
	if l := b.found("rieng3"); len(l.IDs) != 0 || !l.More {
		t.Fatalf("before: %d found, more %v", len(l.IDs), l.More)
	}
	more, err := b.IndexSome(b.ctx(), 60)
	b.must(err)
	if l := b.found("chung"); !more || len(l.IDs) != 60 || !l.More || l.IDs[0] != ids[n-1] {
		t.Fatalf("in between: more %v, %d found, not the newest first", more, len(l.IDs))
	}
	b.indexAll(60)
	for i, id := range ids {
		if l := b.found(fmt.Sprintf("rieng%d", i)); len(l.IDs) == 0 || l.IDs[len(l.IDs)-1] != id && l.IDs[0] != id {
			t.Fatalf("letter %d is not found: %+v", i, l)
		}
	}
	if l := b.found("rieng3"); l.More {
		t.Error("after: still more")
	}
}

func TestLettersIndexedLaterAreNotMissedAfterAKill(t *testing.T) {
	b := openBox(t)
	n := indexAtOnce + 50
	longFill(b, n)
	if more, err := b.IndexSome(b.ctx(), 10); err != nil || !more {
		t.Fatal(more, err)
	}
	b.must(b.Close()) // what is not committed is not there: the same as a kill
	b.open()
	if l := b.found("chung"); len(l.IDs) != 10 || !l.More {
		t.Fatalf("%d found, more %v", len(l.IDs), l.More)
	}
	b.indexAll(100)
	if l := b.found("chung"); len(l.IDs) != n || l.More {
		t.Fatalf("%d of %d found, more %v", len(l.IDs), n, l.More)
	}
}

func TestWhatHappensToALetterBeforeItIsIndexed(t *testing.T) {
	b := openBox(t)
	n := indexAtOnce + 50
	ids := longFill(b, n)
	in := b.folder(mail.RoleInbox).ID
	b.must(b.PutBody(b.ctx(), ids[5], []byte("Subject: x\r\n\r\ntoan van"), Body{Text: "chung toan van"}))
	b.must(b.RemoveUIDs(b.ctx(), in, []mail.UID{7}))
	_, err := b.Move(b.ctx(), ids[10:11], b.folder(mail.RoleTrash).ID)
	b.must(err)
	if _, err := b.PutLetters(b.ctx(), me, in, []Incoming{letter(n+1, "chung moi")}, false); err != nil { // news does not wait
		t.Fatal(err)
	}
	if l := b.found("chung moi"); len(l.IDs) != 1 {
		t.Errorf("news: %+v", l)
	}
	if l := b.found("toan van"); len(l.IDs) != 1 || l.IDs[0] != ids[5] {
		t.Errorf("body: %+v", l)
	}
	more := []Incoming{letter(n+10, "chung cu hon")} // a small batch does not overtake what waits
	more[0].Head.Received = more[0].Head.Received.AddDate(-5, 0, 0)
	if _, err := b.PutLetters(b.ctx(), me, in, more, true); err != nil {
		t.Fatal(err)
	}
	b.indexAll(37)
	if l := b.found("chung"); len(l.IDs) != n || l.More { // one gone, one in the trash, two more
		t.Errorf("%d found of %d, more %v", len(l.IDs), n, l.More)
	}
	if l := b.found("toan van"); len(l.IDs) != 1 {
		t.Errorf("the head took the place of the whole text: %+v", l)
	}
	b.must(b.read(b.ctx(), "test", func(c *conn) error {
		rows, _, err := c.int("SELECT count(*) FROM fts")
		if rows != int64(n+1) {
			t.Errorf("%d rows in the index, want %d", rows, n+1)
		}
		return err
	}))
}
