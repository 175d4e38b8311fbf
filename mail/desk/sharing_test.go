package desk_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/server"
	"hopthu/mail/server/servertest"
)

// seat is a person at work in an agency's box: account is the box's.
type seat struct {
	*person
	own mail.AccountID
}

// waits waits for events until ok holds, as long as a slow machine may need.
func (p *person) waits(what string, ok func() bool) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 2*time.Minute)
	defer cancel()
	for !ok() {
		ev, err := p.Next(ctx)
		if err != nil {
			p.t.Fatalf("%s never came: %v; accounts %+v; status %+v", what, err, p.Accounts(), p.Status())
		}
		p.events = append(p.events, ev...)
	}
}

// acts is the account in which the person works for an agency.
func (p *person) acts() (mail.Account, bool) {
	list := p.Accounts()
	i := slices.IndexFunc(list, func(a mail.Account) bool { return a.As != "" })
	if i < 0 {
		return mail.Account{}, false
	}
	return list[i], true
}

// sits opens a person's client and waits until the agency's box is in it, with n letters.
func sits(t *testing.T, srv *servertest.Server, b server.Box, n int) *seat {
	t.Helper()
	p := newPerson(t, srv, b)
	p.signIn(servertest.Password)
	s := &seat{person: p, own: p.account.ID}
	p.waits("the agency's box", func() bool {
		a, ok := p.acts()
		if ok {
			p.account = a
		}
		return ok && len(p.heads(mail.RoleInbox)) == n
	})
	return s
}

// fell is the newest fault that the person was told of a kind.
func (p *person) fell(kind mail.FaultKind) *mail.Fault {
	for _, e := range slices.Backward(p.events) {
		if e.Kind == mail.Fell && e.Fault.Kind == kind {
			return e.Fault
		}
	}
	return nil
}

func (s *seat) head() mail.Head {
	s.t.Helper()
	return s.heads(mail.RoleInbox)[0]
}

// reply makes an answer to the first letter, ready to go.
func (s *seat) reply(body string) mail.DraftLetter {
	s.t.Helper()
	dr, err := s.Compose(s.t.Context(), s.account.ID, mail.DraftReply, s.head().ID)
	if err != nil {
		s.t.Fatal(err)
	}
	dr.Body = body
	return dr
}

func (s *seat) finding(dr mail.DraftLetter, code string) (mail.Finding, bool) {
	s.t.Helper()
	found, err := s.Check(s.t.Context(), dr)
	if err != nil {
		s.t.Fatal(err)
	}
	i := slices.IndexFunc(found, func(f mail.Finding) bool { return f.Code == code })
	if i < 0 {
		return mail.Finding{}, false
	}
	return found[i], true
}

// bureau is an agency with a letter in its box, and two people who may work in it.
type bureau struct {
	srv                    *servertest.Server
	agency, boss, ha, hung server.Box
	citizen                server.Box
	haPaper, hungPaper     mail.Delegation
}

func newOffice(t *testing.T, ha, hung mail.Scope) *bureau {
	t.Helper()
	srv := servertest.Start(t)
	o := &bureau{srv: srv}
	o.agency, o.boss = srv.Agency("kh&đt", "Phạm Ngọc Ánh")
	o.ha, o.hung = srv.Person("Nguyễn Thị Thu Hà", "kh&đt"), srv.Person("Trần Văn Hùng", "kh&đt")
	o.citizen = srv.Person("Lê Hà", "vpubnd")
	o.haPaper, o.hungPaper = srv.Delegate(o.agency, o.ha, ha, nil), srv.Delegate(o.agency, o.hung, hung, nil)
	srv.Deliver(o.agency.Wire, fmt.Sprintf("From: Lê Hà <%s>\r\nTo: <%s>\r\nSubject: Hoi\r\nMessage-ID: <hoi1@ngoai.example>\r\nDate: %s\r\n\r\nXin hoi.\r\n",
		o.citizen.Wire, o.agency.Wire, time.Now().Format(time.RFC1123Z)))
	return o
}

// Two delegates at one box: what one does the other sees, a contradiction is told with a name, and the second answer is
// warned of (QC 14.3). The answer leaves in the agency's name with the person as Sender (QC 14.1).
func TestTwoDelegates(t *testing.T) {
	o := newOffice(t, mail.ScopeManage, mail.ScopeAnswer)
	ha, hung := sits(t, o.srv, o.ha, 1), sits(t, o.srv, o.hung, 1)
	ctx := t.Context()
	if s := ha.Seat(ha.account.ID); !s.Agency || !s.Office || !s.Enforced || s.Scope != mail.ScopeManage || s.Me.Addr != o.ha.Wire {
		t.Errorf("%+v", s)
	}
	if s := ha.Seat(ha.own); s.Agency || s.Scope != mail.ScopeHead || s.Me.Addr != o.ha.Wire {
		t.Errorf("%+v", s)
	}
	if h := ha.head(); h.State != mail.WorkOpen || !h.Awaits {
		t.Errorf("%+v", h)
	}

	ids := []mail.LetterID{hung.head().ID}
	if err := hung.Take(ctx, ids); err != nil {
		t.Fatal(err)
	}
	if h := hung.head(); !h.Mine || h.State != mail.WorkDoing {
		t.Errorf("not shown at once: %+v", h)
	}
	ha.waits("that Hùng has it", func() bool { return ha.head().With == "Trần Văn Hùng" })
	if err := hung.Claim(ctx, ids[0]); err != nil {
		t.Fatal(err)
	}
	ha.waits("that Hùng is writing", func() bool { return ha.head().Writing == "Trần Văn Hùng" })
	if f := mail.AsFault("", ha.Claim(ctx, ha.head().ID)); f == nil || f.Kind != mail.Conflict || f.Detail != "Trần Văn Hùng" {
		t.Errorf("%+v", f)
	}
	if f, ok := ha.finding(ha.reply("Kính trả lời."), "being-answered"); !ok || f.Verdict != mail.Ask || f.Text != "Trần Văn Hùng" {
		t.Errorf("%+v", f)
	}
	// Hà takes what another has: it is turned back, and she is told who has it.
	if err := ha.Take(ctx, []mail.LetterID{ha.head().ID}); err != nil {
		t.Fatal(err)
	}
	ha.waits("that it is turned back", func() bool { return ha.fell(mail.Conflict) != nil && !ha.head().Mine })
	if f := ha.fell(mail.Conflict); f.Detail != "Trần Văn Hùng" {
		t.Errorf("%+v", f)
	}
	if err := ha.Note(ctx, ha.head().ID, "Dân đã gọi điện hỏi."); err != nil {
		t.Fatal(err)
	}
	hung.waits("the note", func() bool {
		w, err := hung.Work(ctx, ids[0])
		return err == nil && len(w.Notes) == 1 && w.Notes[0].By.Addr == o.ha.Wire
	})

	late := ha.reply("Câu trả lời thứ hai.")
	hung.send(hung.reply("Kính trả lời ông bà."))
	for _, s := range []*seat{ha, hung} {
		s.waits("that it is answered", func() bool { h := s.head(); return h.State == mail.WorkAnswered && !h.Awaits && h.Writing == "" })
	}
	if f, ok := ha.finding(late, "answered-already"); !ok || f.Text != "Trần Văn Hùng" {
		t.Errorf("%+v", f)
	}
	if _, err := ha.Send(ctx, late, nil); mail.KindOf(err) != mail.Blocked {
		t.Errorf("a second answer went without a word: %v", err)
	}
	hung.waits("the copy in Sent", func() bool { return len(hung.heads(mail.RoleSent)) == 1 })
	ha.Refresh("")
	ha.waits("one copy in Sent, read", func() bool {
		sent := ha.heads(mail.RoleSent)
		return len(sent) == 1 && sent[0].Flags.Has(mail.Seen)
	})
	if s := ha.heads(mail.RoleSent)[0]; s.From[0].Addr != o.agency.Wire || s.Sender.Addr != o.hung.Wire {
		t.Errorf("from %+v, sender %+v", s.From, s.Sender)
	}
	counts, holders, err := ha.CountWork(ctx, ha.account.ID)
	if err != nil || counts[mail.WorkAnswered] != 1 || len(holders) != 0 {
		t.Error(counts, holders, err)
	}
	people, err := ha.Colleagues(ctx, ha.account.ID)
	if err != nil || len(people) != 3 {
		t.Errorf("%+v %v", people, err)
	}
	if err := ha.Reopen(ctx, []mail.LetterID{ha.head().ID}); err != nil {
		t.Fatal(err)
	}
	hung.waits("that it is open again", func() bool { h := hung.head(); return h.State == mail.WorkOpen && h.Awaits })
}

// What waits in the outbox does not become the second answer: it comes back as a draft (QC 14.3).
func TestAnswerThatWaitedComesBack(t *testing.T) {
	o := newOffice(t, mail.ScopeIssue, mail.ScopeAnswer)
	ha, hung := sits(t, o.srv, o.ha, 1), sits(t, o.srv, o.hung, 1)
	settings := ha.Settings()
	settings.Undo = time.Hour
	if err := ha.SaveSettings(t.Context(), settings); err != nil {
		t.Fatal(err)
	}
	it := ha.send(ha.reply("Tôi trả lời trước khi mất mạng."))
	hung.send(hung.reply("Tôi trả lời ngay."))
	hung.waits("Hùng's answer", func() bool { return hung.head().State == mail.WorkAnswered })
	if err := ha.Resend(t.Context(), it.ID); err != nil {
		t.Fatal(err)
	}
	ha.waits("the draft", func() bool {
		drafts, err := ha.Drafts(t.Context())
		return err == nil && len(drafts) == 1 && strings.Contains(drafts[0].Body, "mất mạng") && ha.fell(mail.Conflict) != nil
	})
	if f := ha.fell(mail.Conflict); f.Detail != "Trần Văn Hùng" {
		t.Errorf("%+v", f)
	}
	// Knowing it, she sends it all the same.
	drafts, err := ha.Drafts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	again, err := ha.Send(t.Context(), drafts[0], map[string]string{"answered-already": "bổ sung số liệu"})
	if err != nil {
		t.Fatal(err)
	}
	if err := ha.Resend(t.Context(), again.ID); err != nil {
		t.Fatal(err)
	}
	ha.waits("her copy in Sent", func() bool { return len(ha.heads(mail.RoleSent)) > 0 })
	hung.waits("his copy in Sent", func() bool { return len(hung.heads(mail.RoleSent)) > 0 })
	ha.Refresh("")
	ha.waits("both answers in Sent", func() bool { return len(ha.heads(mail.RoleSent)) == 2 })
}

// The scope binds before the network, and reading leaves no trace (QC 14.1).
func TestScopes(t *testing.T) {
	o := newOffice(t, mail.ScopeRead, mail.ScopeAnswer)
	ha, hung := sits(t, o.srv, o.ha, 1), sits(t, o.srv, o.hung, 1)
	ctx := t.Context()
	id := []mail.LetterID{ha.head().ID}
	for name, err := range map[string]error{
		"flag": ha.Flag(ctx, id, mail.Flagged, 0), "take": ha.Take(ctx, id), "excuse": ha.Excuse(ctx, id, "để biết"), "delete": ha.Delete(ctx, id),
		"due": ha.SetDue(ctx, id, time.Now().AddDate(0, 0, 3), "hẹn"), "claim": ha.Claim(ctx, id[0]), "folder": ha.CreateFolder(ctx, ha.account.ID, "x"),
		"reopen": ha.Reopen(ctx, id),
	} {
		if f := mail.AsFault("", err); err == nil || f.Kind != mail.NotDelegated {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := ha.Flag(ctx, id, mail.Seen, 0); err != nil || ha.head().Flags.Has(mail.Seen) {
		t.Errorf("reading left a trace: %v", err)
	}
	if f, ok := ha.finding(ha.reply("x"), "delegation-scope"); !ok || f.Verdict != mail.Block || f.Clause != "QC 14.1" {
		t.Errorf("%+v", f)
	}
	if _, ok := hung.finding(hung.reply("x"), "delegation-scope"); ok {
		t.Error("an answer is covered")
	}
	fresh := mail.DraftLetter{Account: hung.account.ID, To: o.citizen.Wire, Subject: "Mới", Body: "x"}
	if _, ok := hung.finding(fresh, "delegation-scope"); !ok {
		t.Error("a new letter is not covered")
	}
	if _, err := hung.Send(ctx, fresh, nil); mail.KindOf(err) != mail.Blocked {
		t.Error(err)
	}
	if err := hung.RemoveAccount(ctx, hung.account.ID); mail.KindOf(err) != mail.Conflict {
		t.Error(err)
	}
}

// A delegation that ends takes the box away at once, with what lies of it here; another one brings it back.
func TestDelegationEnds(t *testing.T) {
	o := newOffice(t, mail.ScopeIssue, mail.ScopeAnswer)
	ha := sits(t, o.srv, o.ha, 1)
	ctx := t.Context()
	settings := ha.Settings()
	settings.Undo = time.Hour
	if err := ha.SaveSettings(ctx, settings); err != nil {
		t.Fatal(err)
	}
	ha.send(ha.reply("Thư chưa kịp đi."))
	half := ha.reply("Thư viết dở.")
	if _, err := ha.SaveDraft(ctx, half, false); err != nil {
		t.Fatal(err)
	}
	if _, err := o.srv.Admin.EndDelegation(ctx, o.haPaper.ID, "chuyển công tác"); err != nil {
		t.Fatal(err)
	}
	ha.Refresh(ha.account.ID) // he was in the middle of something
	box := ha.account
	ha.waits("the end", func() bool {
		_, ok := ha.acts()
		return !ok && ha.fell(mail.DelegationEnded) != nil
	})
	if f := ha.fell(mail.DelegationEnded); f.Detail != box.Name {
		t.Errorf("%+v", f)
	}
	if slices.ContainsFunc(ha.events, func(e mail.Event) bool {
		return e.Kind == mail.Fell && e.Account == box.ID && e.Fault.Kind != mail.DelegationEnded
	}) {
		t.Errorf("the consequences were told too: %+v", ha.events)
	}
	ha.waits("that its letters are gone", func() bool {
		fs, err := ha.Folders(ctx, box.ID)
		return err == nil && len(fs) == 0
	})
	drafts, err := ha.Drafts(ctx)
	text := ""
	for _, d := range drafts {
		text += d.Body
		if d.Account != ha.own {
			t.Errorf("%+v", d)
		}
	}
	if err != nil || len(drafts) != 2 || !strings.Contains(text, "chưa kịp đi") || !strings.Contains(text, "viết dở") {
		t.Errorf("%+v %v", drafts, err)
	}
	if slices.ContainsFunc(ha.kept, func(a mail.Account) bool { return a.As != "" }) {
		t.Error("the settings still name it")
	}
	o.srv.Delegate(o.agency, o.ha, mail.ScopeRead, func(d *mail.Delegation) { d.Document = "09/GUQ" })
	ha.Refresh(ha.own)
	ha.waits("the new delegation", func() bool {
		a, ok := ha.acts()
		return ok && a.Scope == mail.ScopeRead
	})
	if err := ha.RemoveAccount(ctx, ha.own); err != nil {
		t.Fatal(err)
	}
	if len(ha.Accounts()) != 0 {
		t.Errorf("%+v", ha.Accounts())
	}
}

// TestAnswerWhenNobodyCanBeAsked: where neither office nor server says whether somebody else has answered, the person decides, and
// the letter is looked at again before it leaves (QC 14.3).
func TestAnswerWhenNobodyCanBeAsked(t *testing.T) {
	o := newOffice(t, mail.ScopeIssue, mail.ScopeAnswer)
	ha := sits(t, o.srv, o.ha, 1)
	dr := ha.reply("Kính trả lời.")
	if f, ok := ha.finding(dr, "not-asked"); ok {
		t.Errorf("asked of somebody whose server answers: %+v", f)
	}
	o.srv.Stop()
	ha.waits("that the server is gone", func() bool {
		return slices.ContainsFunc(ha.Status(), func(s mail.Status) bool { return s.Account == ha.account.ID && s.State == mail.Offline })
	})
	if f, ok := ha.finding(dr, "not-asked"); !ok || f.Verdict != mail.Ask {
		t.Errorf("%+v %v", f, ok)
	}
	if _, err := ha.Send(t.Context(), dr, nil); mail.KindOf(err) != mail.Blocked {
		t.Errorf("it went without a word: %v", err)
	}
	it, err := ha.Send(t.Context(), dr, map[string]string{"not-asked": "dân chờ từ sáng"})
	if err != nil || it.ID == 0 {
		t.Error(it, err)
	}
}
