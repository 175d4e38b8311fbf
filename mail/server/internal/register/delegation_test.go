package register

import (
	"context"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/mail/server/internal/db"
)

// agency is the office's unit with a head, and a person in it who may get delegations.
type agency struct {
	*office
	box, head, hung Box
}

func newAgency(t *testing.T) *agency {
	o := newOffice(t)
	a := &agency{office: o}
	var err error
	a.box, err = o.Lookup(context.Background(), o.unit.Wire)
	o.must(err)
	a.head, a.hung = a.someone("Nguyễn Thị Mai"), a.someone("Trần Văn Hùng")
	o.must(o.SetHead(context.Background(), admin, a.box.Wire, a.head.Wire))
	return a
}

func (a *agency) someone(name string) Box {
	a.t.Helper()
	b, _, err := a.AddPerson(context.Background(), admin, name, a.unit.ID, "Chuyên viên")
	a.must(err)
	a.must(a.SetPassword(context.Background(), admin, b.Wire, good))
	return b
}

func (a *agency) by(b Box) Actor { return Actor{Account: b.Account, Remote: "10.1.2.3", Door: Web} }

func (a *agency) today() time.Time { return rule.Day(a.clock.now()) }

// paper is a delegation that may be given today.
func (a *agency) paper(p Box, s mail.Scope) mail.Delegation {
	return mail.Delegation{
		Box: a.box.Wire, Person: mail.Person{Addr: p.Wire}, Document: "03/GUQ-SKHĐT", Dated: a.today(), From: a.today(), Scope: s,
	}
}

func (a *agency) give(d mail.Delegation) mail.Delegation {
	a.t.Helper()
	out, err := a.Delegate(context.Background(), a.by(a.head), d)
	a.must(err)
	return out
}

func (a *agency) scope(p Box) mail.Scope {
	a.t.Helper()
	s, _, err := a.MayAct(context.Background(), p.Account, a.box.Account, a.clock.now())
	a.must(err)
	return s
}

func (a *agency) login(as string, p Box) (*Session, error) {
	return a.Login(context.Background(), Attempt{Login: p.Wire, Password: good, As: as, Remote: "10.1.2.3", Door: IMAP})
}

func over(s *Session) bool {
	select {
	case <-s.Done():
		return true
	default:
		return false
	}
}

// QC 14.1: in writing, with sane dates, by the head.
func TestDelegationPaper(t *testing.T) {
	a := newAgency(t)
	ctx := context.Background()
	for name, c := range map[string]struct {
		change func(*mail.Delegation)
		kind   mail.FaultKind
		detail string
	}{
		"no document":    {func(d *mail.Delegation) { d.Document = " \t" }, mail.BadSettings, "document"},
		"undated":        {func(d *mail.Delegation) { d.Dated = time.Time{} }, mail.BadSettings, "dated"},
		"of tomorrow":    {func(d *mail.Delegation) { d.Dated = d.Dated.AddDate(0, 0, 1) }, mail.BadSettings, "dated"},
		"before its day": {func(d *mail.Delegation) { d.From = d.From.AddDate(0, 0, -1) }, mail.BadSettings, "dated"},
		"far off":        {func(d *mail.Delegation) { d.From = d.From.AddDate(2, 0, 0) }, mail.BadSettings, "from"},
		"backwards": {func(d *mail.Delegation) {
			d.From, d.Until = d.From.AddDate(0, 0, 3), d.From.AddDate(0, 0, 1)
		}, mail.BadSettings, "until"},
		"over": {func(d *mail.Delegation) {
			d.Dated = d.Dated.AddDate(0, 0, -9)
			d.From, d.Until = d.Dated, d.Dated
		}, mail.BadSettings, "until"},
		"no scope":      {func(d *mail.Delegation) { d.Scope = mail.ScopeNone }, mail.BadSettings, "scope"},
		"head's scope":  {func(d *mail.Delegation) { d.Scope = mail.ScopeHead }, mail.BadSettings, "scope"},
		"to the head":   {func(d *mail.Delegation) { d.Person.Addr = a.head.Wire }, mail.BadSettings, "person"},
		"to an agency":  {func(d *mail.Delegation) { d.Person.Addr = a.box.Wire }, mail.BadSettings, "person"},
		"to nobody":     {func(d *mail.Delegation) { d.Person.Addr = "nobody" }, mail.BadAddress, ""},
		"in one's own":  {func(d *mail.Delegation) { d.Box = a.head.Wire }, mail.BadSettings, "box"},
		"in no box":     {func(d *mail.Delegation) { d.Box = "nobox" }, mail.Refused, NotYours},
		"other domain":  {func(d *mail.Delegation) { d.Box = "kh&dt@elsewhere.vn" }, mail.Refused, NotYours},
		"too much text": {func(d *mail.Delegation) { d.Document = string(make([]byte, 300)) }, mail.BadSettings, "document"},
	} {
		d := a.paper(a.hung, mail.ScopeRead)
		c.change(&d)
		_, err := a.Delegate(ctx, a.by(a.head), d)
		if f := mail.AsFault("", err); err == nil || f.Kind != c.kind || f.Detail != c.detail {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, c := range map[string]struct {
		who  Actor
		want string
	}{
		"one who has no right in it": {a.by(a.hung), NotYours}, "the agency's own password": {a.by(a.box), NotHead}, "the system": {Actor{Door: Web}, NotYours},
	} {
		if _, err := a.Delegate(ctx, c.who, a.paper(a.hung, mail.ScopeRead)); err == nil || mail.AsFault("", err).Detail != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	d := a.give(mail.Delegation{
		Box: a.box.Address, Person: mail.Person{Addr: a.hung.Address}, Document: "03/GUQ-SKHĐT", Dated: a.today(), Scope: mail.ScopeAnswer,
	})
	if d.Box != a.box.Wire || d.Person.Addr != a.hung.Wire || d.GivenBy.Addr != a.head.Wire || !d.From.Equal(a.today()) || !d.Until.IsZero() || !d.Chief {
		t.Errorf("given: %+v", d)
	}
	rows, err := a.Audit(ctx, 0, 1000)
	a.must(err)
	last := rows[len(rows)-1]
	if last.What != "delegation-given" || last.Subject != a.box.Wire || last.Actor.Account != a.head.Account {
		t.Errorf("audit: %+v", last)
	}
}

// The first day begins and the last one ends at midnight in Viet Nam.
func TestDelegationDays(t *testing.T) {
	a := newAgency(t)
	d := a.paper(a.hung, mail.ScopeIssue)
	d.From = a.today().AddDate(0, 0, 1)
	d.Until = a.today().AddDate(0, 0, 2)
	a.give(d)
	for _, c := range []struct {
		day  int
		hour time.Duration
		want mail.Scope
	}{{1, -1, mail.ScopeNone}, {1, 0, mail.ScopeIssue}, {2, 12 * time.Hour, mail.ScopeIssue}, {3, -1, mail.ScopeIssue}, {3, 0, mail.ScopeNone}} {
		at := a.today().AddDate(0, 0, c.day).Add(c.hour)
		s, until, err := a.MayAct(context.Background(), a.hung.Account, a.box.Account, at)
		a.must(err)
		if s != c.want || s != mail.ScopeNone && !until.Equal(a.today().AddDate(0, 0, 3)) {
			t.Errorf("%s: %v until %v", at.In(rule.Zone), s, until)
		}
	}
}

func TestStanding(t *testing.T) {
	a := newAgency(t)
	ctx := context.Background()
	lan := a.someone("Phạm Thị Lan")
	if a.scope(a.head) != mail.ScopeHead || a.scope(a.box) != mail.ScopeHead || a.scope(lan) != mail.ScopeNone {
		t.Error("head, the box itself, a stranger")
	}
	if s, _, err := a.MayAct(ctx, a.head.Account, lan.Account, a.clock.now()); s != mail.ScopeNone || err != nil {
		t.Errorf("a head in a personal box: %v %v", s, err) // QC 13.4, domain D11
	}
	a.give(a.paper(lan, mail.ScopeManage))
	read := a.give(a.paper(a.hung, mail.ScopeRead))
	wide := a.give(a.paper(a.hung, mail.ScopeIssue))
	if a.scope(a.hung) != mail.ScopeIssue {
		t.Error("the widest counts")
	}
	_, err := a.EndDelegation(ctx, a.by(a.head), wide.ID, "xong việc")
	a.must(err)
	if a.scope(a.hung) != mail.ScopeRead {
		t.Error("what is left counts")
	}
	if _, err := a.EndDelegation(ctx, a.by(a.head), wide.ID, "lần nữa"); mail.KindOf(err) != mail.Gone {
		t.Errorf("ended twice: %v", err)
	}
	if _, err := a.EndDelegation(ctx, a.by(a.hung), read.ID, "thôi"); mail.AsFault("", err).Detail != NotHead {
		t.Errorf("ended by himself: %v", err)
	}
	a.must(a.Suspend(ctx, admin, a.hung.Wire, "nghỉ việc"))
	if a.scope(a.hung) != mail.ScopeNone {
		t.Error("a suspended person acts")
	}
	a.must(a.d.Write(ctx, func(ctx context.Context, tx *db.Tx) error { return a.FreezeTx(ctx, tx, admin, a.box.Account) }))
	if a.scope(lan) != mail.ScopeRead || a.scope(a.head) != mail.ScopeRead || a.scope(a.box) != mail.ScopeRead {
		t.Error("a frozen box is only read")
	}
	for _, p := range []Box{lan, a.head, a.box} {
		err := a.d.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			_, err := a.MaySendTx(ctx, tx, p.Account, a.box.Account, true)
			return err
		})
		if f := mail.AsFault("", err); f.Kind != mail.TryLater || f.Detail != Frozen {
			t.Errorf("%s sends for a frozen box: %v", p.Name, err)
		}
	}
	a.must(a.d.Write(ctx, func(ctx context.Context, tx *db.Tx) error { return a.ThawTx(ctx, tx, admin, a.box.Account) }))
	a.must(a.SetHead(ctx, admin, a.box.Wire, lan.Wire))
	if a.scope(lan) != mail.ScopeHead || a.scope(a.head) != mail.ScopeNone {
		t.Error("the head moved")
	}
	shares, err := a.Shares(ctx, lan.Account)
	a.must(err)
	if len(shares) != 1 || shares[0].Scope != mail.ScopeHead || shares[0].Short != a.unit.Regulation {
		t.Errorf("shares: %+v", shares)
	}
	a.must(a.Suspend(ctx, admin, a.box.Wire, "đơn vị giải thể"))
	if a.scope(lan) != mail.ScopeNone {
		t.Error("somebody acts for a suspended agency")
	}
}

// Exactly one chief stands, whatever begins, ends or is given.
func TestChief(t *testing.T) {
	a := newAgency(t)
	ctx := context.Background()
	chief := func(want ...string) {
		t.Helper()
		list, err := a.Delegations(ctx, a.by(a.head), a.box.Account)
		a.must(err)
		var got []string
		for _, d := range list {
			if d.Chief {
				got = append(got, d.Document)
			}
		}
		if len(got) != len(want) || len(got) > 0 && got[0] != want[0] {
			t.Errorf("chief is %q, want %q", got, want)
		}
	}
	give := func(doc string, s mail.Scope, chief bool, until time.Time) mail.Delegation {
		t.Helper()
		d := a.paper(a.someone("Lê Văn "+doc), s)
		d.Document, d.Chief, d.Until = doc, chief, until
		return a.give(d)
	}
	chief()
	give("A", mail.ScopeAnswer, false, time.Time{})
	chief("A")
	b := give("B", mail.ScopeManage, false, time.Time{})
	chief("B")
	give("C", mail.ScopeRead, true, a.today())
	chief("C")
	d := give("D", mail.ScopeIssue, true, time.Time{})
	chief("D")
	_, err := a.EndDelegation(ctx, a.by(a.head), d.ID, "đổi người")
	a.must(err)
	chief("C")
	a.clock.add(24 * time.Hour)
	chief("B")
	_, err = a.EndDelegation(ctx, admin, b.ID, "đổi người")
	a.must(err)
	chief("A")
	members, err := a.Members(ctx, a.box.Account)
	a.must(err)
	if len(members) != 2 || members[0].Scope != mail.ScopeHead || !members[1].Chief {
		t.Errorf("members: %+v", members)
	}
	stranger := a.someone("Vũ Văn Lạ")
	if _, err := a.Delegations(ctx, a.by(stranger), a.box.Account); mail.AsFault("", err).Detail != NotYours {
		t.Errorf("a stranger reads the delegations: %v", err)
	}
}

// A session in another's box dies with what it rests on.
func TestActingSessionsDie(t *testing.T) {
	for name, end := range map[string]func(a *agency, d mail.Delegation) error{
		"ended": func(a *agency, d mail.Delegation) error {
			_, err := a.EndDelegation(context.Background(), a.by(a.head), d.ID, "xong việc")
			return err
		},
		"expired": func(a *agency, _ mail.Delegation) error {
			a.clock.add(24 * time.Hour)
			a.Expire()
			return nil
		},
		"person suspended": func(a *agency, _ mail.Delegation) error {
			return a.Suspend(context.Background(), admin, a.hung.Wire, "kỷ luật")
		},
		"agency suspended": func(a *agency, _ mail.Delegation) error {
			return a.Suspend(context.Background(), admin, a.box.Wire, "giải thể")
		},
		"person's password": func(a *agency, _ mail.Delegation) error {
			_, err := a.IssuePassword(context.Background(), admin, a.hung.Wire)
			return err
		},
		"a wider one": func(a *agency, _ mail.Delegation) error {
			_, err := a.Delegate(context.Background(), a.by(a.head), a.paper(a.hung, mail.ScopeManage))
			return err
		},
		"frozen": func(a *agency, _ mail.Delegation) error {
			return a.d.Write(context.Background(), func(ctx context.Context, tx *db.Tx) error {
				return a.FreezeTx(ctx, tx, a.by(a.head), a.box.Account)
			})
		},
		"ended elsewhere": func(a *agency, d mail.Delegation) error {
			was := a.sessions
			a.sessions = newRegistry(a.opt.Now) // another process has its own
			_, err := a.EndDelegation(context.Background(), admin, d.ID, "xong việc")
			a.sessions = was
			if err == nil {
				err = a.Recheck(context.Background())
			}
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAgency(t)
			d := a.paper(a.hung, mail.ScopeAnswer)
			d.Until = a.today()
			d = a.give(d)
			own, err := a.login("", a.hung)
			a.must(err)
			acting, err := a.login(a.box.Address, a.hung)
			a.must(err)
			visit, err := a.Visit(context.Background(), own, a.box.Account)
			a.must(err)
			if !acting.Acting() || own.Acting() || acting.Scope != mail.ScopeAnswer || acting.Person.Account != a.hung.Account || visit.Scope != mail.ScopeAnswer {
				t.Fatalf("sessions: %+v, %+v", acting.SessionInfo, visit.SessionInfo)
			}
			a.must(end(a, d))
			if !over(acting) || !over(visit) {
				t.Error("a session lives on")
			}
			personal := name == "person suspended" || name == "person's password"
			if over(own) != personal {
				t.Errorf("own session over: %v", over(own))
			}
			own.End()
		})
	}
}

// Who may not act learns nothing of which boxes there are: the same answer, and one audit row that names only himself.
func TestActAsNobody(t *testing.T) {
	a := newAgency(t)
	ctx := context.Background()
	lan := a.someone("Phạm Thị Lan")
	a.must(a.Suspend(ctx, admin, lan.Wire, "nghỉ"))
	seen := map[string]bool{}
	for _, as := range []string{a.box.Wire, a.head.Wire, lan.Wire, "nobody@" + a.Domain(), "kh&dt@elsewhere.vn", "*", string(make([]byte, 5000))} {
		rows, err := a.Audit(ctx, 0, 10000)
		a.must(err)
		_, err = a.login(as, a.hung)
		f := mail.AsFault("", err)
		after, err := a.Audit(ctx, rows[len(rows)-1].Seq, 10)
		a.must(err)
		if len(after) != 1 {
			t.Fatalf("%q: %d rows", as, len(after))
		}
		seen[string(f.Kind)+" "+f.Detail+" "+after[0].What+" "+after[0].Subject+" "+after[0].Detail] = true
	}
	if len(seen) != 1 {
		t.Errorf("answers differ: %v", seen)
	}
	wrong := func(as string) string {
		_, err := a.Login(ctx, Attempt{Login: a.hung.Wire, Password: "Sai mật khẩu rồi 9", As: as, Remote: "10.1.2.3", Door: IMAP})
		f := mail.AsFault("", err)
		return string(f.Kind) + f.Detail
	}
	a.give(a.paper(a.hung, mail.ScopeRead))
	if x, y := wrong(a.box.Wire), wrong("nobody"); x != y || x != string(mail.BadPassword) {
		t.Errorf("a wrong password: %q, %q", x, y)
	}
}

func TestNeeded(t *testing.T) {
	for _, c := range []struct {
		act  Act
		in   mail.Role
		want mail.Scope
	}{
		{Look, mail.RoleInbox, mail.ScopeRead},
		{Mark, mail.RoleInbox, mail.ScopeAnswer},
		{File, mail.RoleTrash, mail.ScopeAnswer},
		{Put, mail.RoleDrafts, mail.ScopeAnswer},
		{Put, mail.RoleSent, mail.ScopeAnswer},
		{Put, mail.RoleInbox, mail.ScopeManage},
		{Erase, mail.RoleDrafts, mail.ScopeAnswer},
		{Erase, mail.RoleSent, mail.ScopeManage},
		{Erase, mail.RoleInbox, mail.ScopeManage},
		{Arrange, mail.RoleNone, mail.ScopeManage},
		{Answer, mail.RoleNone, mail.ScopeAnswer},
		{Issue, mail.RoleNone, mail.ScopeIssue},
		{Govern, mail.RoleNone, mail.ScopeHead},
	} {
		if got := Needed(c.act, c.in); got != c.want {
			t.Errorf("%s in %q needs %v, want %v", c.act, c.in, got, c.want)
		}
	}
	if Needed("unheard of", mail.RoleNone) <= mail.ScopeHead {
		t.Error("an unknown act is allowed")
	}
	for _, a := range Acts() {
		if Needed(a, mail.RoleNone) > mail.ScopeHead {
			t.Errorf("%s is not in the table", a)
		}
	}
}
