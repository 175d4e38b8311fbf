package queue

import (
	"context"
	"slices"
	"strings"
	"testing"

	"hopthu/mail"
	"hopthu/mail/server/internal/register"
)

// An administrator lets a letter be tried at once, or gives it up: then its sender hears why, and it is in the audit log.
func TestRetryAndDrop(t *testing.T) {
	p := newPost(t, true)
	ctx := context.Background()
	who := register.Actor{Door: register.Admin}
	p.relay.err = &mail.Fault{Kind: mail.TryLater, Op: "relay", Detail: "450 too busy"}
	first, second := p.send("an@ngoai.vn", "binh@ngoai.vn"), p.sendOther("cuc@ngoai.vn")
	step := func() {
		t.Helper()
		if _, _, err := p.Step(ctx); err != nil {
			t.Fatal(err)
		}
	}
	step()
	step() // not due
	list, err := p.List(ctx)
	if err != nil || len(list) != 3 || list[0].Tries != 1 || list[0].Reply != "450 too busy" || !list[0].Next.After(p.clock.now()) {
		t.Fatalf("%+v, %v", list, err)
	}
	p.kind(p.Drop(ctx, who, "none", "x"), mail.Gone, "none")
	_, err = p.Retry(ctx, who, "none")
	p.kind(err, mail.Gone, "none")
	if n, err := p.Retry(ctx, who, first.ID); n != 2 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	step()
	if list, err = p.List(ctx); err != nil || list[0].Tries != 2 || list[2].Tries != 1 {
		t.Errorf("%+v, %v", list, err)
	}
	p.must(p.Drop(ctx, who, first.ID, "nhầm địa chỉ"))
	if list, err = p.List(ctx); err != nil || len(list) != 1 || list[0].ID != second.ID {
		t.Errorf("%+v, %v", list, err)
	}
	back := p.inbox(p.ha)
	if len(back) != 1 || !strings.Contains(back[0], "Final-Recipient: rfc822; an@ngoai.vn") || !strings.Contains(back[0], "Action: failed") || !strings.Contains(back[0], "binh@ngoai.vn") {
		t.Errorf("%q", back)
	}
	p.relay.err = nil
	if n, err := p.Retry(ctx, who, ""); n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	step()
	if list, err = p.List(ctx); err != nil || len(list) != 0 || len(p.relay.got) != 1 {
		t.Errorf("%+v, %v, %v", list, p.relay.got, err)
	}
	rows, err := p.reg.Audit(ctx, 0, 100)
	p.must(err)
	if i := slices.IndexFunc(rows, func(r register.AuditRow) bool { return r.What == "queue-dropped" }); i < 0 || rows[i].Subject != p.ha.Wire || !strings.Contains(rows[i].Detail, "nhầm địa chỉ") {
		t.Errorf("%+v", rows)
	}
}

func (p *post) sendOther(to string) Receipt {
	p.t.Helper()
	rec, err := p.Accept(context.Background(), p.envelope(to), strings.NewReader(strings.Replace(text, "<1@x>", "<2@x>", 1)))
	p.must(err)
	return rec
}

// A letter that is given up while the relay is being asked is reported once.
func TestDropWhileItIsSent(t *testing.T) {
	p := newPost(t, true)
	ctx := context.Background()
	rec := p.send("an@ngoai.vn")
	p.relay.during = func() { p.must(p.Drop(ctx, register.Actor{Door: register.Admin}, rec.ID, "thôi")) }
	if _, waiting, err := p.Step(ctx); waiting || err != nil {
		t.Errorf("%t, %v", waiting, err)
	}
	if back := p.inbox(p.ha); len(back) != 1 {
		t.Errorf("%d reports", len(back))
	}
}
