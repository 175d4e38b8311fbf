package desk_test

import (
	"slices"
	"strings"
	"testing"

	"hopthu/mail"
)

// Two people open one box under one login on a server that knows nothing of them (QC 14.3): what they agree on stands in keywords,
// and of two who begin an answer at the same instant the conditional STORE lets one through.
func TestInteropSharedBox(t *testing.T) {
	first := interopClient(t, "co-quan")
	a := first.account
	a.ID, a.Shared, a.Person = "", true, mail.Person{Name: "Nguyễn Thị Thu Hà", Addr: "ha@example.test"}
	ha := interopAs(t, a)
	a.Person = mail.Person{Name: "Trần Văn Hùng", Addr: "hung@example.test"}
	hung := interopAs(t, a)
	if s := ha.Seat(ha.account.ID); !s.Agency || s.Enforced || s.Office || s.Me.Name != "Nguyễn Thị Thu Hà" {
		t.Errorf("%+v", s)
	}
	citizen := interopClient(t, "dan")
	citizen.send(mail.DraftLetter{To: a.Address, Subject: "Hỏi", Body: "Xin hỏi thủ tục."})
	both := []*person{ha, hung}
	inbox := func(p *person) mail.Head { return p.heads(mail.RoleInbox)[0] }
	for _, p := range both {
		p.wait("the letter", func() bool { return len(p.heads(mail.RoleInbox)) == 1 })
	}
	if h := inbox(ha); h.State != mail.WorkOpen || !h.Awaits {
		t.Errorf("%+v", h)
	}

	for round := range 5 {
		start := make(chan struct{})
		said := make(chan error, len(both))
		for _, p := range both {
			id := inbox(p).ID
			mail.Go("claim", func() {
				<-start
				said <- p.Claim(t.Context(), id)
			})
		}
		close(start)
		var errs []error
		for range both {
			if err := <-said; err != nil {
				errs = append(errs, err)
			}
		}
		if len(errs) != 1 || mail.KindOf(errs[0]) != mail.Conflict {
			t.Fatalf("round %d: not one of two: %v", round, errs)
		}
		winner, loser := ha, hung
		if strings.EqualFold(mail.AsFault("", errs[0]).Detail, "hung") {
			winner, loser = hung, ha
		}
		loser.wait("that the other writes", func() bool { return inbox(loser).Writing != "" })
		if h := inbox(winner); !h.Mine || h.Writing != "" {
			t.Errorf("the one who writes sees %+v", h)
		}
		if err := winner.Release(t.Context(), inbox(winner).ID); err != nil {
			t.Fatal(err)
		}
		if err := winner.GiveBack(t.Context(), []mail.LetterID{inbox(winner).ID}); err != nil {
			t.Fatal(err)
		}
		for _, p := range both {
			p.wait("that it is free again", func() bool { h := inbox(p); return h.With == "" && h.Writing == "" && h.State == mail.WorkOpen })
		}
	}

	// One takes it, and the other's take is turned back with his name; notes have no place here.
	if err := hung.Take(t.Context(), []mail.LetterID{inbox(hung).ID}); err != nil {
		t.Fatal(err)
	}
	ha.wait("that Hùng has it", func() bool { return inbox(ha).With == "hung" })
	if err := ha.Note(t.Context(), inbox(ha).ID, "x"); mail.KindOf(err) != mail.Refused {
		t.Error(err)
	}
	people, err := ha.Colleagues(t.Context(), ha.account.ID)
	if err != nil || !slices.ContainsFunc(people, func(c mail.Colleague) bool { return c.Addr == "hung@example.test" && c.Has == 1 }) {
		t.Errorf("%+v %v", people, err)
	}

	// Hùng answers; Hà is warned of the second answer.
	reply := func(p *person) mail.DraftLetter {
		dr, err := p.Compose(t.Context(), p.account.ID, mail.DraftReply, inbox(p).ID)
		if err != nil {
			t.Fatal(err)
		}
		dr.Body = "Kính trả lời."
		return dr
	}
	late := reply(ha)
	hung.send(reply(hung))
	hung.wait("the answer", func() bool { return inbox(hung).State == mail.WorkAnswered })
	hung.wait("its copy", func() bool { return len(hung.heads(mail.RoleSent)) == 1 })
	found, err := ha.Check(t.Context(), late)
	if err != nil || !slices.ContainsFunc(found, func(f mail.Finding) bool { return f.Code == "answered-already" }) {
		t.Errorf("%+v %v", found, err)
	}
	citizen.wait("it", func() bool { return len(citizen.heads(mail.RoleInbox)) == 1 })
}
