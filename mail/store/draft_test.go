package store

import (
	"bytes"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"hopthu/mail"
)

func TestDrafts(t *testing.T) {
	b := openBox(t)
	d, err := b.PutDraft(b.ctx(), mail.DraftLetter{
		Account: me, Kind: mail.DraftReply, Origin: 7, To: `"Bình" <binh@`, Subject: "Trả lời", Body: "Kính gửi\n", InReplyTo: "m@x",
		References: []string{"m@x"}, MessageID: "d@x",
	})
	b.must(err)
	a, err := b.AddAttachment(b.ctx(), d.ID, "Kế hoạch.pdf", "application/pdf", mail.RiskOdd, []byte("%PDF"))
	b.must(err)
	b.clock.Add(time.Minute)
	d.Body += "Tôi xin báo cáo"
	d, err = b.PutDraft(b.ctx(), d)
	b.must(err)
	b.must(b.Close())
	b.open()
	got, err := b.Draft(b.ctx(), d.ID)
	b.must(err)
	if !reflect.DeepEqual(got, d) || !slices.Equal(got.Attachments, []mail.Attachment{a}) || !got.Saved.Equal(b.clock.Now()) {
		t.Errorf("came back as %+v, want %+v", got, d)
	}
	if data, err := b.AttachmentData(b.ctx(), a.ID); err != nil || !bytes.Equal(data, []byte("%PDF")) {
		t.Errorf("attachment %q %v", data, err)
	}
	second, err := b.PutDraft(b.ctx(), mail.DraftLetter{Account: me})
	b.must(err)
	b.must(b.DropAttachment(b.ctx(), second.ID, a.ID)) // not its own
	if list, err := b.Drafts(b.ctx()); err != nil || len(list) != 2 || len(list[1].Attachments)+len(list[0].Attachments) != 1 {
		t.Errorf("drafts %+v %v", list, err)
	}
	b.must(b.DropAttachment(b.ctx(), d.ID, a.ID))
	if _, err := b.AttachmentData(b.ctx(), a.ID); mail.KindOf(err) != mail.Gone {
		t.Errorf("a dropped attachment gives %v", err)
	}
	b.must(b.DropDraft(b.ctx(), d.ID))
	b.must(b.DropDraft(b.ctx(), d.ID))
	_, e1 := b.Draft(b.ctx(), d.ID)
	_, e2 := b.PutDraft(b.ctx(), d)
	_, e3 := b.AddAttachment(b.ctx(), d.ID, "", "", 0, nil)
	for i, err := range []error{e1, e2, e3} {
		if mail.KindOf(err) != mail.Gone {
			t.Errorf("%d: a dropped draft gives %v", i, err)
		}
	}
}

func (b *box) outgoing(d mail.DraftLetter, undo time.Duration) Outgoing {
	return Outgoing{
		Item: mail.OutboxItem{Account: me, MessageID: "o@x", Subject: "Trả lời", Next: b.clock.Now().Add(undo)}, From: "an@x",
		To: []string{"binh@x"}, Raw: []byte("x"), Draft: d, Verdict: []mail.Finding{{Verdict: mail.Ask, Code: "outside"}},
		Reasons: map[string]string{"outside": "đối tác"},
	}
}

func TestOutgoing(t *testing.T) {
	b := openBox(t)
	origin := b.put(mail.RoleInbox, letter(1, "Xin ý kiến", duty))[0]
	d, err := b.PutDraft(b.ctx(), mail.DraftLetter{Account: me, Subject: "Trả lời", InReplyTo: "m1@ninhbinh.example"})
	b.must(err)
	_, err = b.AddAttachment(b.ctx(), d.ID, "a.txt", "text/plain", 0, []byte("a"))
	b.must(err)
	o := b.outgoing(d, 10*time.Second)
	o.Answers = origin
	id, err := b.AddOutgoing(b.ctx(), o)
	b.must(err)
	if list, err := b.Drafts(b.ctx()); err != nil || len(list) != 0 {
		t.Errorf("draft is still shown: %v %v", list, err)
	}
	if _, err := b.AddOutgoing(b.ctx(), o); mail.KindOf(err) != mail.Conflict {
		t.Errorf("sent twice gives %v", err)
	}
	if !b.head(origin).Awaits {
		t.Error("answered before anything was sent")
	}
	if _, ok, err := b.NextOutgoing(b.ctx(), b.clock.Now()); ok || err != nil {
		t.Errorf("due before its undo time: %v %v", ok, err)
	}
	if at, ok, err := b.NextDue(b.ctx()); err != nil || !ok || !at.Equal(b.clock.Now().Add(10*time.Second)) {
		t.Errorf("due at %v %v %v", at, ok, err)
	}
	back, ok, err := b.Recall(b.ctx(), id)
	if err != nil || !ok || back.ID != d.ID || len(back.Attachments) != 1 {
		t.Fatalf("recalled %+v %v %v", back, ok, err)
	}
	if id, err = b.AddOutgoing(b.ctx(), o); err != nil {
		t.Fatal(err)
	}
	b.clock.Add(10 * time.Second)
	got, ok, err := b.NextOutgoing(b.ctx(), b.clock.Now())
	if err != nil || !ok || !bytes.Equal(got.Raw, o.Raw) || got.From != "an@x" || !slices.Equal(got.To, o.To) || got.Reasons["outside"] != "đối tác" {
		t.Fatalf("next %+v %v %v", got, ok, err)
	}
	set := func(from, to mail.OutboxState, u OutUpdate) bool {
		ok, err := b.SetOutState(b.ctx(), id, []mail.OutboxState{from}, to, u)
		b.must(err)
		return ok
	}
	if !set(mail.OutQueued, mail.OutSending, OutUpdate{Tried: true}) || set(mail.OutQueued, mail.OutSending, OutUpdate{}) {
		t.Error("taken twice")
	}
	if _, ok, err := b.Recall(b.ctx(), id); ok || err != nil {
		t.Errorf("recalled while sending: %v %v", ok, err)
	}
	if mail.KindOf(b.FileSent(b.ctx(), id)) != mail.Conflict {
		t.Error("filed before it was sent")
	}
	set(mail.OutSending, mail.OutSent, OutUpdate{Reply: "250 ok", Submitted: b.clock.Now()})
	b.must(b.FileSent(b.ctx(), id))
	ops := b.ops()
	if len(ops) != 2 || ops[0].Kind != OpAppend || ops[1].Add != mail.Answered {
		t.Errorf("operations %+v", ops)
	}
	if h := b.head(origin); h.Awaits || !h.Flags.Has(mail.Answered) {
		t.Errorf("origin %+v", h)
	}
	items, err := b.Outbox(b.ctx())
	if err != nil || len(items) != 1 || items[0].State != mail.OutSent || items[0].Reply != "250 ok" {
		t.Errorf("outbox %+v %v", items, err)
	}
	b.server(true)
	if items, err = b.Outbox(b.ctx()); err != nil || len(items) != 0 {
		t.Errorf("outbox %+v %v", items, err)
	}
	if _, _, err := b.Recall(b.ctx(), 999); mail.KindOf(err) != mail.Gone {
		t.Errorf("recall of nothing gives %v", err)
	}
	b.check()
}

func TestOutboxDemandsAVerdict(t *testing.T) {
	b := openBox(t)
	for _, c := range []struct {
		change func(*Outgoing)
		want   mail.FaultKind
	}{
		{func(o *Outgoing) { o.Verdict = nil }, mail.Blocked},
		{func(o *Outgoing) { o.Verdict[0].Verdict = mail.Block }, mail.Blocked},
		{func(o *Outgoing) { o.To = nil }, mail.BadAddress},
		{func(o *Outgoing) { o.Item.MessageID = "" }, mail.BadAddress},
		{func(o *Outgoing) { o.Draft.ID = 99 }, mail.Conflict},
		{func(o *Outgoing) { o.Verdict, o.Checked = nil, true }, ""},
	} {
		o := b.outgoing(mail.DraftLetter{}, 0)
		c.change(&o)
		if _, err := b.AddOutgoing(b.ctx(), o); mail.KindOf(err) != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

// TestRefusedComesBack: the draft is there with the server's words; sending it again ends the refusal.
func TestRefusedComesBack(t *testing.T) {
	b := openBox(t)
	id, err := b.AddOutgoing(b.ctx(), b.outgoing(mail.DraftLetter{Subject: "Trả lời"}, 0))
	b.must(err)
	_, err = b.SetOutState(b.ctx(), id, []mail.OutboxState{mail.OutQueued}, mail.OutRefused, OutUpdate{Reply: "550 không có người này"})
	b.must(err)
	list, err := b.Drafts(b.ctx())
	if err != nil || len(list) != 1 || list[0].Refusal != "550 không có người này" || list[0].Subject != "Trả lời" {
		t.Fatalf("drafts %+v %v", list, err)
	}
	if _, err = b.AddOutgoing(b.ctx(), b.outgoing(list[0], 0)); err != nil {
		t.Fatal(err)
	}
	items, err := b.Outbox(b.ctx())
	if err != nil || len(items) != 1 || items[0].State != mail.OutQueued {
		t.Errorf("outbox %+v %v", items, err)
	}
}

func TestRefusedFiling(t *testing.T) {
	b := openBox(t)
	id, err := b.AddOutgoing(b.ctx(), b.outgoing(mail.DraftLetter{}, 0))
	b.must(err)
	_, err = b.SetOutState(b.ctx(), id, []mail.OutboxState{mail.OutQueued}, mail.OutSent, OutUpdate{Reply: "250", Submitted: b.clock.Now()})
	b.must(err)
	b.must(b.OpReverted(b.ctx(), b.ops()[0].ID))
	b.must(b.FileSent(b.ctx(), id)) // the bytes are kept: it can be filed again
	if raw, err := b.OpBytes(b.ctx(), b.ops()[0].ID); err != nil || string(raw) != "x" {
		t.Errorf("only copy is %q, %v", raw, err)
	}
}

func TestContacts(t *testing.T) {
	b := openBox(t)
	b.must(b.Learn(b.ctx(), []mail.Address{{Name: "Nguyễn Văn Hùng", Addr: "hung.nv@ninhbinh.example"}, {Name: "Trần Thị Hưng", Addr: "hung.tt@ninhbinh.example"}, {Addr: ""}}))
	b.must(b.Learn(b.ctx(), []mail.Address{{Addr: "HUNG.TT@ninhbinh.example"}, {Name: "100% Đặng_Văn", Addr: "dang@x"}}))
	for _, c := range []struct {
		typed string
		want  []string
	}{
		{"hung", []string{"Trần Thị Hưng", "Nguyễn Văn Hùng"}},
		{"Hùng", []string{"Trần Thị Hưng", "Nguyễn Văn Hùng"}},
		{"ng hu", []string{"Nguyễn Văn Hùng"}},
		{"hung.nv@", []string{"Nguyễn Văn Hùng"}},
		{"ung", nil},
		{"%", nil},
		{"_", nil},
		{"", nil},
		{"100%", []string{"100% Đặng_Văn"}},
		{"dang", []string{"100% Đặng_Văn"}},
	} {
		list, err := b.Contacts(b.ctx(), c.typed, 8)
		b.must(err)
		var names []string
		for _, x := range list {
			names = append(names, x.Address.Name)
		}
		if !slices.Equal(names, c.want) {
			t.Errorf("%q completes to %q, want %q", c.typed, names, c.want)
		}
	}
	if list, err := b.Contacts(b.ctx(), "hung", 1); err != nil || len(list) != 1 || list[0].Used != 2 {
		t.Errorf("limited to %+v, %v", list, err)
	}
}

func TestFaultKinds(t *testing.T) {
	inner := &mail.Fault{Kind: mail.Gone, Op: "x"}
	if err := fault("y", errors.Join(errors.New("z"), inner)); mail.KindOf(err) != mail.Gone {
		t.Errorf("a fault inside is lost: %v", err)
	}
	if fault("y", nil) != nil {
		t.Error("no error is an error")
	}
}
