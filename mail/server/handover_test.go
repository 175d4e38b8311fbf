package server_test

import (
	"net/http"
	"strings"
	"testing"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/server/servertest"
)

// An agency's box changes hands at every door: frozen it is only read, and at the second word the old people are out and the
// new head is in (QC 14.2).
func TestHandoverAtTheDoors(t *testing.T) {
	s := servertest.Start(t)
	agency, head := s.Agency("kh&đt", "Nguyễn Thị Mai")
	hung, son := s.Person("Trần Văn Hùng", "kh&đt"), s.Person("Đỗ Văn Sơn", "kh&đt")
	s.Delegate(agency, hung, mail.ScopeManage, nil)
	s.Deliver(agency.Wire, question)
	giver, taker, other := at(t, s, head), at(t, s, son), at(t, s, hung)
	before := imapAs(t, s, agency, hung)
	before.ok("SELECT INBOX")

	var h mail.Handover
	begin := api.HandoverAct{Do: api.HandoverBegin, Box: agency.Wire, Receiver: son.Address}
	var problem api.Problem
	if status := other.ask(http.MethodPost, api.PathHandovers, begin, &problem); status != http.StatusForbidden || problem.Code != "no-permission" {
		t.Errorf("a delegate hands over: %d %+v", status, problem)
	}
	if status := giver.ask(http.MethodPost, api.PathHandovers, begin, &h); status != http.StatusOK || h.State != mail.HandoverFrozen || h.Inventory.Letters != 1 || len(h.Inventory.Hash) != 64 {
		t.Fatalf("begin: %d %+v", status, h)
	}
	before.gone()
	frozen := imapAs(t, s, agency, hung)
	frozen.ok("SELECT INBOX")
	frozen.refuse("NO [NOPERM]", `STORE 1 +FLAGS (\Flagged)`)
	k := smtpActing(t, s, agency.Wire, hung)
	k.want("450 4.7.1", "MAIL FROM:<%s>", agency.Wire)
	if status := other.ask(http.MethodPost, api.PathWork, api.Act{ID: "1", Box: agency.Wire, Key: key(questionKey), Do: api.ActTake}, &problem); status != http.StatusConflict || problem.Rule != "frozen" {
		t.Errorf("work in a frozen box: %d %+v", status, problem)
	}
	s.Deliver(agency.Wire, strings.ReplaceAll(question, "q1@", "q2@"))

	var list []mail.Handover
	if taker.ask(http.MethodGet, api.PathHandovers, nil, &list); len(list) != 1 || len(list[0].Inventory.Unanswered) != 1 || list[0].Giver.Name != head.Name {
		t.Fatalf("the receiver sees %+v", list)
	}
	if other.ask(http.MethodGet, api.PathHandovers, nil, &list); len(list) != 0 {
		t.Errorf("somebody else sees %+v", list)
	}
	yes := api.HandoverAct{Do: api.HandoverConfirm, ID: h.ID, Hash: h.Inventory.Hash}
	if status := giver.ask(http.MethodPost, api.PathHandovers, yes, &h); status != http.StatusOK || h.State != mail.HandoverGiven {
		t.Fatalf("given: %d %+v", status, h)
	}
	if status := taker.ask(http.MethodPost, api.PathHandovers, yes, &h); status != http.StatusOK || h.State != mail.HandoverDone || h.DoneAt.IsZero() {
		t.Fatalf("taken: %d %+v", status, h)
	}
	frozen.gone()
	for _, old := range []struct{ wire, password string }{{head.Wire, head.Password}, {hung.Wire, hung.Password}} {
		k := dial(t, s, s.IMAP)
		k.line()
		k.refuse("NO", "AUTHENTICATE PLAIN %s", plainAs(agency.Wire, old.wire, old.password))
	}
	now := imapAs(t, s, agency, son)
	mustHave(t, now.ok("SELECT INBOX"), "* 2 EXISTS")
	now.ok(`STORE 1 +FLAGS (\Flagged)`)
	var me api.Me
	if taker.ask(http.MethodGet, api.PathMe, nil, &me); len(me.Boxes) != 1 || me.Boxes[0].Scope != "thu-truong" {
		t.Errorf("the new head: %+v", me)
	}
	if giver.ask(http.MethodGet, api.PathMe, nil, &me); len(me.Boxes) != 0 {
		t.Errorf("the old one: %+v", me)
	}
	if status := giver.ask(http.MethodPost, api.PathHandovers, begin, &problem); status != http.StatusForbidden {
		t.Errorf("the old head hands over again: %d %+v", status, problem)
	}
}
