package office

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/register"
)

func (g *rig) begin(p register.Box, change ...func(*api.HandoverAct)) (mail.Handover, error) {
	a := api.HandoverAct{Do: api.HandoverBegin, Box: g.agency.Wire, Receiver: g.other.Wire}
	for _, f := range change {
		f(&a)
	}
	return g.HandoverAct(context.Background(), by(p), a)
}

func (g *rig) confirm(p register.Box, h mail.Handover) (mail.Handover, error) {
	return g.HandoverAct(context.Background(), by(p), api.HandoverAct{Do: api.HandoverConfirm, ID: h.ID, Hash: h.Inventory.Hash})
}

func (g *rig) folder(name string) box.Ref {
	g.t.Helper()
	m, err := g.box.Find(context.Background(), g.agency.Account, name)
	g.must(err)
	return m.Ref
}

func (g *rig) append(folder, raw string, m box.Mark) {
	g.t.Helper()
	st, err := g.box.Stage(context.Background(), strings.NewReader(raw))
	g.must(err)
	_, err = g.box.Append(context.Background(), g.folder(folder), m, st)
	g.must(err)
	g.must(st.Close())
}

func (g *rig) scope(p register.Box) mail.Scope {
	g.t.Helper()
	s, _, err := g.reg.MayAct(context.Background(), p.Account, g.agency.Account, g.clock.now())
	g.must(err)
	return s
}

// The whole road: freeze, both confirm, and everything has changed hands at once.
func TestHandover(t *testing.T) {
	g := newRig(t)
	g.must(g.reg.SetPassword(context.Background(), admin, g.agency.Wire, "Zxq7-Wkpf-83Jr-Bvmd")) // a password of the box itself, as it was done
	g.deliver(g.agency, letterTo(g.agency, "1@dan", "Đề nghị trả lời"))
	g.deliver(g.agency, letterTo(g.agency, "2@dan", "Đề nghị thứ hai"))
	g.append("Drafts", "From: "+g.agency.Wire+"\r\nSubject: dở\r\n\r\nx", box.Mark{Flags: mail.Draft | mail.Seen})
	g.append("Sent", "From: "+g.agency.Wire+"\r\nSubject: đi\r\n\r\nx", box.Mark{Flags: mail.Seen})
	key := mail.LetterKey(mail.Head{MessageID: "1@dan", From: []mail.Address{{Addr: "dan@example.org"}}})
	take := api.Act{ID: "lần đầu", Box: g.agency.Wire, Key: key, Do: api.ActTake}
	_, err := g.Act(context.Background(), by(g.hung), take)
	g.must(err)
	v := g.works(0).Version

	h, err := g.begin(g.head)
	g.must(err)
	inv := h.Inventory
	if h.State != mail.HandoverFrozen || h.Giver != g.head.AsPerson() || h.Receiver != g.other.AsPerson() || inv.Letters != 4 || inv.Drafts != 1 ||
		len(inv.Unanswered) != 2 || inv.Unanswered[0].Subject != "Đề nghị trả lời" || inv.Unanswered[0].Holder != "Trần Văn Hùng" || len(inv.Delegations) != 3 {
		t.Errorf("begun: %+v", h)
	}
	var manifest bytes.Buffer
	g.must(g.Manifest(context.Background(), h.ID, &manifest))
	if sum := sha256.Sum256(manifest.Bytes()); hex.EncodeToString(sum[:]) != inv.Hash || strings.Count(manifest.String(), "\n") != 4 {
		t.Errorf("manifest %q, hash %s", manifest.String(), inv.Hash)
	}
	if g.scope(g.head) != mail.ScopeRead || g.scope(g.lan) != mail.ScopeRead {
		t.Error("a frozen box may be changed")
	}
	_, err = g.act(g.lan, key, api.ActNote, saying("x"))
	wantWhy(t, err, Frozen)
	again, err := g.Act(context.Background(), by(g.hung), take) // its answer was lost: what was done before the freeze is done
	g.must(err)
	if again.Holder != g.hung.AsPerson() || g.works(0).Version != v {
		t.Errorf("told again: %+v", again)
	}
	_, err = g.begin(g.head)
	wantWhy(t, err, Frozen)
	g.deliver(g.agency, letterTo(g.agency, "3@dan", "Trong lúc bàn giao")) // mail still comes, outside the inventory
	_, err = g.confirm(g.lan, h)
	wantKind(t, err, mail.Gone)
	_, err = g.HandoverAct(context.Background(), by(g.other), api.HandoverAct{Do: api.HandoverConfirm, ID: h.ID, Hash: "khác"})
	wantWhy(t, err, Changed)

	taken, err := g.confirm(g.other, h)
	g.must(err)
	if taken.State != mail.HandoverTaken || taken.FirstSecret == "" || g.scope(g.other) != mail.ScopeNone {
		t.Errorf("taken: %+v", taken)
	}
	done, err := g.confirm(g.head, h)
	g.must(err)
	if done.State != mail.HandoverDone || done.FirstSecret != "" || done.Inventory.Hash != inv.Hash {
		t.Errorf("done: %+v", done)
	}
	whole(t, g.reg, g.Office, done)
	for _, p := range []register.Box{g.head, g.lan, g.hung, g.minh} {
		if g.scope(p) != mail.ScopeNone {
			t.Errorf("%s may still work here", p.Name)
		}
	}
	if g.scope(g.other) != mail.ScopeHead {
		t.Error("the receiver may not")
	}
	ctx := context.Background()
	_, err = g.reg.Login(ctx, register.Attempt{Login: g.agency.Wire, Password: "Zxq7-Wkpf-83Jr-Bvmd", Door: register.IMAP})
	wantKind(t, err, mail.BadPassword)
	_, err = g.reg.Login(ctx, register.Attempt{Login: g.agency.Wire, Password: taken.FirstSecret, Door: register.IMAP})
	wantKind(t, err, mail.MustChange) // D7
	w, err := g.Works(ctx, g.other.Account, g.agency.Wire, v, 0)
	g.must(err)
	if len(w.Works) != 1 || w.Works[0].State != mail.WorkOpen || w.Works[0].Holder != (mail.Person{}) {
		t.Errorf("what Hùng had: %+v", w.Works)
	}
	g.must(g.Manifest(ctx, h.ID, &bytes.Buffer{})) // the content is the same after
	g.audited("handover-begun", "handover-taken", "handover-given", "handover-done", "frozen", "thawed")
}

// Whatever stops a handover leaves everything as it was.
func TestHandoverStops(t *testing.T) {
	for name, c := range map[string]struct {
		who  func(*rig) register.Actor
		do   string
		want mail.HandoverState
	}{
		"the receiver refuses":      {func(g *rig) register.Actor { return by(g.other) }, api.HandoverRefuse, mail.HandoverRefused},
		"the giver refuses":         {func(g *rig) register.Actor { return by(g.head) }, api.HandoverRefuse, mail.HandoverRefused},
		"the giver takes it back":   {func(g *rig) register.Actor { return by(g.head) }, api.HandoverCancel, mail.HandoverCancelled},
		"the office takes it back":  {func(*rig) register.Actor { return admin }, api.HandoverCancel, mail.HandoverCancelled},
		"the receiver takes back":   {func(g *rig) register.Actor { return by(g.other) }, api.HandoverCancel, ""},
		"a delegate takes it back":  {func(g *rig) register.Actor { return by(g.lan) }, api.HandoverCancel, ""},
		"the office refuses":        {func(*rig) register.Actor { return admin }, api.HandoverRefuse, ""},
		"the office confirms":       {func(*rig) register.Actor { return admin }, api.HandoverConfirm, ""},
		"nobody knows what this is": {func(g *rig) register.Actor { return by(g.head) }, "vanish", ""},
	} {
		t.Run(name, func(t *testing.T) {
			g := newRig(t)
			g.must(g.reg.SetPassword(context.Background(), admin, g.agency.Wire, "Zxq7-Wkpf-83Jr-Bvmd"))
			h, err := g.begin(g.head)
			g.must(err)
			if _, err := g.confirm(g.other, h); err != nil { // one word is not two
				t.Fatal(err)
			}
			after, err := g.HandoverAct(context.Background(), c.who(g), api.HandoverAct{Do: c.do, ID: h.ID, Hash: h.Inventory.Hash, Reason: "chưa đủ"})
			if c.want == "" {
				if err == nil {
					t.Fatalf("%+v", after)
				}
				list, err := g.BoxHandovers(context.Background(), g.agency.Wire)
				g.must(err)
				whole(t, g.reg, g.Office, list[0])
				return
			}
			g.must(err)
			if after.State != c.want || after.Reason != "chưa đủ" {
				t.Errorf("%+v", after)
			}
			whole(t, g.reg, g.Office, after)
			if g.scope(g.head) != mail.ScopeHead || g.scope(g.lan) != mail.ScopeIssue || g.scope(g.other) != mail.ScopeNone {
				t.Error("not everything is as it was")
			}
			s, err := g.reg.Login(context.Background(), register.Attempt{Login: g.agency.Wire, Password: "Zxq7-Wkpf-83Jr-Bvmd", Door: register.IMAP})
			g.must(err)
			s.End()
			_, err = g.confirm(g.head, h)
			wantWhy(t, err, Changed)
			if _, err := g.begin(g.head); err != nil {
				t.Errorf("once more: %v", err)
			}
		})
	}
}

// Without the giver (dead, suspended) the office begins, with a reason, and the receiver's word is enough.
func TestHandoverByOffice(t *testing.T) {
	g := newRig(t)
	g.must(g.reg.Suspend(context.Background(), admin, g.head.Wire, "từ trần"))
	ask := api.HandoverAct{Do: api.HandoverBegin, Box: g.agency.Address, Receiver: g.other.Address}
	_, err := g.HandoverAct(context.Background(), admin, ask)
	wantKind(t, err, mail.Blocked)
	ask.Reason = "Thủ trưởng từ trần, QĐ 12/QĐ-UBND"
	h, err := g.HandoverAct(context.Background(), admin, ask)
	g.must(err)
	if !h.ByOffice || h.Reason != ask.Reason || h.Giver != g.head.AsPerson() {
		t.Errorf("%+v", h)
	}
	done, err := g.confirm(g.other, h)
	g.must(err)
	if done.State != mail.HandoverDone || done.FirstSecret != "" || g.scope(g.other) != mail.ScopeHead { // the box had no password
		t.Errorf("%+v", done)
	}
	list, err := g.Handovers(context.Background(), g.other.Account)
	g.must(err)
	if len(list) != 1 || list[0].ID != h.ID || list[0].FirstSecret != "" {
		t.Errorf("%+v", list)
	}
}

func TestHandoverWho(t *testing.T) {
	g := newRig(t)
	_, err := g.begin(g.lan)
	wantKind(t, err, mail.NoPermission)
	_, err = g.begin(g.other)
	wantKind(t, err, mail.Refused)
	_, err = g.begin(g.head, func(a *api.HandoverAct) { a.Receiver = g.head.Wire })
	wantKind(t, err, mail.BadAddress)
	_, err = g.begin(g.head, func(a *api.HandoverAct) { a.Receiver = g.agency.Wire })
	wantKind(t, err, mail.BadAddress)
	_, err = g.begin(g.hung, func(a *api.HandoverAct) { a.Box = g.hung.Wire })
	if err == nil {
		t.Error("a person's own box was handed over") // QC 13.4
	}
	h, err := g.begin(g.head)
	g.must(err)
	g.must(g.reg.Suspend(context.Background(), admin, g.other.Wire, "kỷ luật"))
	_, err = g.confirm(g.head, h)
	wantWhy(t, err, Changed)
}

// A letter that came between counting and freezing is left out; one that was changed or went makes it count again.
func TestInventoryHolds(t *testing.T) {
	g := newRig(t)
	for i := range 3 {
		g.append("INBOX", fmt.Sprintf("Subject: %d\r\n\r\nx", i), box.Mark{})
	}
	c, err := g.inventory(context.Background(), g.agency)
	g.must(err)
	check := func(want bool, what string) {
		t.Helper()
		g.holds(c.borders, want, what)
	}
	check(true, "nothing happened")
	g.append("INBOX", "Subject: mới\r\n\r\nx", box.Mark{})
	check(true, "a letter came")
	inbox := box.InboxOf(g.agency.Account)
	_, err = g.box.Store(context.Background(), inbox, []mail.UID{4}, box.FlagChange{Mode: box.Add, Flags: mail.Seen})
	g.must(err)
	check(true, "the new one was read")
	_, err = g.box.Store(context.Background(), inbox, []mail.UID{2}, box.FlagChange{Mode: box.Add, Flags: mail.Deleted})
	g.must(err)
	check(false, "a counted letter was marked")
	again, err := g.inventory(context.Background(), g.agency)
	g.must(err)
	if again.inventory.Letters != 4 || again.inventory.Hash == c.inventory.Hash {
		t.Errorf("%+v", again.inventory)
	}
	c = again
	_, err = g.box.Expunge(context.Background(), inbox, []mail.UID{2})
	g.must(err)
	check(false, "a counted letter went")
	c, err = g.inventory(context.Background(), g.agency)
	g.must(err)
	_, err = g.box.Create(context.Background(), g.agency.Account, "Mới", mail.RoleNone)
	g.must(err)
	check(false, "a folder came")
	g.clock.add(time.Minute)
}

// While its letters are counted, who hands a box over sees how far that is, and nobody else does.
func TestCountingIsSeen(t *testing.T) {
	g := newRig(t)
	for i := range 3 {
		g.deliver(g.agency, letterTo(g.agency, fmt.Sprint(i, "@dan"), "Đề nghị"))
	}
	ctx := context.Background()
	end := g.counts.begin(g.head, g.other, g.agency, g.clock.now())
	_, err := g.inventory(ctx, g.agency)
	g.must(err)
	list, err := g.Handovers(ctx, g.head.Account)
	g.must(err)
	if len(list) != 1 || list[0].State != mail.HandoverCounting || list[0].Counted != 3 || list[0].Inventory.Letters != 3 || list[0].Receiver != g.other.AsPerson() {
		t.Errorf("the head sees %+v", list)
	}
	for _, p := range []register.Box{g.lan, g.other} {
		list, err := g.Handovers(ctx, p.Account)
		g.must(err)
		if len(list) != 0 {
			t.Errorf("%s sees %+v", p.Name, list)
		}
	}
	end()
	if list, err = g.Handovers(ctx, g.head.Account); err != nil || len(list) != 0 {
		t.Errorf("afterwards %+v %v", list, err)
	}
}
