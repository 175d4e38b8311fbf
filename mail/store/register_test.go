package store

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
)

// document is a document of two recipients on its way out.
func document(t *testing.T, s *Store, mid string) mail.RegisterEntry {
	t.Helper()
	ctx := t.Context()
	d, err := s.BeginDispatch(ctx, mail.DraftLetter{Account: "a", MessageID: mid}, &mail.Attachment{Name: "qd.pdf", Type: "application/pdf"}, []byte("%PDF"), "Chữ",
		func(mail.DraftLetter) (string, error) { return "{}", nil })
	if err != nil {
		t.Fatal(err)
	}
	e, err := s.AddDispatch(ctx, Outgoing{
		Item: mail.OutboxItem{Account: "a", MessageID: mid, Subject: "QĐ"}, From: "vt@x.vn", To: []string{"tc@x.vn", "ĐT@x.vn"}, Raw: []byte("raw"), Draft: d, Checked: true,
	}, Registered{
		Entry: mail.RegisterEntry{
			Document: mail.DocumentMark{Kind: "Quyết định", Number: "10/2013/QĐ-UBND"}, Summary: "Ban hành Quy chế 100%", Kept: []string{"VT"},
			Recipients: []mail.RegisterRecipient{{Address: mail.Address{Name: "Sở Tài chính", Addr: "tc@x.vn"}, Purposes: []string{"biết"}}, {Address: mail.Address{Addr: "ĐT@x.vn"}}},
		},
		Rcpts: []string{"tc@x.vn", "ĐT@x.vn"}, Keys: []string{"tc@x.vn", "dt@x.vn"}, Chosen: []Chosen{{"Bộ Tư pháp", "btp@y.vn"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func states(e mail.RegisterEntry) string {
	var out []string
	for _, r := range e.Recipients {
		out = append(out, string(r.State))
	}
	return strings.Join(out, " ")
}

func entry(t *testing.T, s *Store, id mail.RegisterID) mail.RegisterEntry {
	t.Helper()
	e, err := s.RegisterEntry(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestRegisterFollowsTheOutbox(t *testing.T) {
	s := memory(t)
	ctx := t.Context()
	putAccount(t, s)
	e := document(t, s, "m1@x")
	if got := states(entry(t, s, e.ID)); got != "queued queued" {
		t.Errorf("at first %s", got)
	}
	if list, err := s.Drafts(ctx); err != nil || len(list) != 0 {
		t.Errorf("a document is no draft: %v %v", list, err)
	}
	at := time.Date(2013, 7, 11, 9, 0, 0, 0, time.UTC)
	if _, err := s.SetOutState(ctx, e.Outbox, []mail.OutboxState{mail.OutQueued}, mail.OutSent,
		OutUpdate{Submitted: at, Refused: map[string]string{"đt@x.vn": "550 không có"}}); err != nil {
		t.Fatal(err)
	}
	got := entry(t, s, e.ID)
	if states(got) != "accepted refused" || !got.Sent.Equal(at) || got.Recipients[1].Words != "550 không có" || got.Recipients[0].Purposes[0] != "biết" ||
		got.Summary != "Ban hành Quy chế 100%" || got.MessageID != "m1@x" {
		t.Errorf("%+v", got)
	}
	if list, err := s.ChosenNames(ctx, "a"); err != nil || len(list) != 1 || list[0].Addr != "btp@y.vn" {
		t.Errorf("chosen %v %v", list, err)
	}
	for text, want := range map[string]int{"": 1, "quyet dinh 10/2013": 1, "sở tài": 1, "100%": 1, "200%": 0, "q_y": 0, "qd.pdf": 0} {
		if list, err := s.Register(ctx, "a", text); err != nil || len(list) != want {
			t.Errorf("%q: %d %v", text, len(list), err)
		}
	}
	if list, err := s.Register(ctx, "b", ""); err != nil || len(list) != 0 {
		t.Errorf("another account: %v %v", list, err)
	}
	if err := s.DropAccount(ctx, "a"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.RegisterEntry(ctx, e.ID); mail.KindOf(err) != mail.Gone {
		t.Errorf("the register of a removed account: %v", err)
	}
}

// What is taken back or refused is a document again, and in the register once at most.
func TestRegisterOfWhatDidNotLeave(t *testing.T) {
	s := memory(t)
	ctx := t.Context()
	putAccount(t, s)
	e := document(t, s, "m1@x")
	d, ok, err := s.Recall(ctx, e.Outbox)
	if err != nil || !ok || d.Kind != mail.DraftDispatch {
		t.Fatalf("%+v %v %v", d, ok, err)
	}
	if list, err := s.Register(ctx, "", ""); err != nil || len(list) != 0 {
		t.Errorf("taken back: %v %v", list, err)
	}
	x, err := s.DispatchByDraft(ctx, d.ID)
	if err != nil || x.Text != "Chữ" || len(x.Draft.Attachments) != 1 {
		t.Fatalf("%+v %v", x, err)
	}
	again := func() mail.RegisterEntry {
		e, err := s.AddDispatch(ctx, Outgoing{Item: mail.OutboxItem{Account: "a", MessageID: "m1@x"}, To: []string{"tc@x.vn"}, Raw: []byte("r"), Draft: d, Checked: true},
			Registered{Entry: mail.RegisterEntry{Recipients: []mail.RegisterRecipient{{}}}, Rcpts: []string{"tc@x.vn"}, Keys: []string{"tc@x.vn"}})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	e = again()
	if _, err := s.SetOutState(ctx, e.Outbox, []mail.OutboxState{mail.OutQueued}, mail.OutRefused, OutUpdate{Reply: "550 không nhận"}); err != nil {
		t.Fatal(err)
	}
	if got := entry(t, s, e.ID); states(got) != "refused" || got.Recipients[0].Words != "550 không nhận" || !got.Sent.IsZero() {
		t.Errorf("%+v", got)
	}
	if list, err := s.Dispatches(ctx); err != nil || len(list) != 1 || list[0].Draft.Refusal != "550 không nhận" {
		t.Errorf("%+v %v", list, err)
	}
	e = again()
	if list, err := s.Register(ctx, "", ""); err != nil || len(list) != 1 || list[0].ID != e.ID {
		t.Errorf("sent anew: %+v %v", list, err)
	}
}

// Both or neither: a register that cannot be written takes the letter along, and the other way round.
func TestDispatchIsOneTransaction(t *testing.T) {
	s := memory(t)
	ctx := t.Context()
	putAccount(t, s)
	d, err := s.BeginDispatch(ctx, mail.DraftLetter{Account: "a"}, nil, nil, "x", func(mail.DraftLetter) (string, error) { return "{}", nil })
	if err != nil {
		t.Fatal(err)
	}
	if err := s.write(ctx, "break", func(tx *tx) error { return tx.exec("DROP TABLE register_to") }); err != nil {
		t.Fatal(err)
	}
	_, err = s.AddDispatch(ctx, Outgoing{Item: mail.OutboxItem{Account: "a", MessageID: "m"}, To: []string{"b@c.vn"}, Raw: []byte("r"), Draft: d, Checked: true},
		Registered{Entry: mail.RegisterEntry{Recipients: []mail.RegisterRecipient{{}}}, Rcpts: []string{"b@c.vn"}, Keys: []string{"b@c.vn"}})
	if err == nil {
		t.Fatal("a broken register took a document")
	}
	if out, err := s.Outbox(ctx); err != nil || len(out) != 0 {
		t.Errorf("the letter is in the outbox all the same: %v %v", out, err)
	}
	if list, err := s.Dispatches(ctx); err != nil || len(list) != 1 {
		t.Errorf("the document is gone: %v %v", list, err)
	}
	failed := errors.New("no")
	if _, err := s.BeginDispatch(ctx, mail.DraftLetter{Account: "a"}, &mail.Attachment{Name: "x"}, []byte("x"), "x", func(mail.DraftLetter) (string, error) { return "", failed }); !errors.Is(err, failed) {
		t.Errorf("%v", err)
	}
	if list, err := s.Dispatches(ctx); err != nil || len(list) != 1 {
		t.Errorf("half a document: %v %v", list, err)
	}
}

// Reports move a recipient forward only, in any order and twice; they tell nothing of other letters and other people.
func TestReports(t *testing.T) {
	order := []mail.DeliveryState{mail.DeliveryRead, mail.DeliveryDelayed, mail.DeliveryDelivered, mail.DeliveryFailed, mail.DeliveryRelayed}
	for range 2 {
		slices.Reverse(order)
		s := memory(t)
		ctx := t.Context()
		putAccount(t, s)
		e := document(t, s, "m1@x")
		if _, err := s.SetOutState(ctx, e.Outbox, []mail.OutboxState{mail.OutQueued}, mail.OutSent, OutUpdate{Submitted: time.Unix(9, 0)}); err != nil {
			t.Fatal(err)
		}
		take := func(account mail.AccountID, mid string, f Fact) {
			t.Helper()
			if err := s.TakeReport(ctx, account, Report{MessageIDs: []string{mid}, Facts: []Fact{f}}); err != nil {
				t.Fatal(err)
			}
		}
		take("b", "m1@x", Fact{Keys: []string{"tc@x.vn"}, State: mail.DeliveryFailed})
		take("a", "m2@x", Fact{Keys: []string{"tc@x.vn"}, State: mail.DeliveryFailed})
		take("a", "m1@x", Fact{Keys: []string{"ai@x.vn"}, State: mail.DeliveryFailed})
		if got := states(entry(t, s, e.ID)); got != "accepted accepted" {
			t.Errorf("reports about others: %s", got)
		}
		for _, st := range order {
			take("a", "m1@x", Fact{Keys: []string{"dt@x.vn"}, State: st, At: time.Unix(10, 0)})
			take("a", "m1@x", Fact{Keys: []string{"dt@x.vn"}, State: st, At: time.Unix(11, 0)})
		}
		got := entry(t, s, e.ID)
		if states(got) != "accepted read" || !got.Recipients[1].At.Equal(time.Unix(10, 0)) {
			t.Errorf("%+v", got)
		}
	}
}

// A head keeps the mark of its document, and one of before is read as it was.
func TestHeadMark(t *testing.T) {
	h := mail.Head{Subject: "x", Priority: 2, Document: mail.DocumentMark{Kind: "Quyết định", Number: "1/QĐ", Issued: time.Date(2013, 7, 10, 0, 0, 0, 0, mail.Zone), Urgency: 4, NoPaper: true}}
	var got mail.Head
	if err := decodeHead(encodeHead(&h), &got); err != nil || got.Document != h.Document || got.Subject != "x" || got.Priority != 2 {
		t.Errorf("%+v %v", got, err)
	}
	b := encodeHead(&h)
	for n := range b {
		if err := decodeHead(b[:n], &got); err == nil && n > 0 {
			t.Fatalf("%d octets of %d are a head", n, len(b))
		}
	}
	plain := encodeHead(&mail.Head{Subject: "y"})
	if err := decodeHead(plain, &got); err != nil || plain[0] != headVersion || !got.Document.IsZero() {
		t.Errorf("%+v %v", got.Document, err)
	}
}

func TestKeptDirectory(t *testing.T) {
	s := memory(t)
	ctx := t.Context()
	if _, ok, err := s.Directory(ctx, "a"); ok || err != nil {
		t.Errorf("%v %v", ok, err)
	}
	putAccount(t, s)
	big := []byte(strings.Repeat("Sở Tài chính ", 100_000))
	if err := s.PutDirectory(ctx, "a", `W/"1"`, big); err != nil {
		t.Fatal(err)
	}
	d, ok, err := s.Directory(ctx, "a")
	if err != nil || !ok || d.ETag != `W/"1"` || string(d.Data) != string(big) {
		t.Errorf("%v %v %d", ok, err, len(d.Data))
	}
	if err := errors.Join(s.ConfirmDirectory(ctx, "a"), s.DropAccount(ctx, "a")); err != nil {
		t.Fatal(err)
	}
	putAccount(t, s)
	if _, ok, err := s.Directory(ctx, "a"); ok || err != nil {
		t.Errorf("after the account: %v %v", ok, err)
	}
}

func memory(t *testing.T) *Store {
	t.Helper()
	s, err := Memory(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

func putAccount(t *testing.T, s *Store) {
	t.Helper()
	if err := s.PutAccount(t.Context(), mail.Account{ID: "a", Address: "vt@x.vn"}); err != nil {
		t.Fatal(err)
	}
}
