package uitest

import (
	"context"
	"slices"
	"time"

	"hopthu/mail"
	"hopthu/ui/frame"
)

// Sharings is what the fake knows of boxes that several people work in. Errs and Log are those of Fake.
type Sharings struct {
	Seats  map[mail.AccountID]mail.Seat
	Works  map[mail.LetterID]mail.Work
	People []mail.Colleague
	Given  []mail.Delegation
	Sent   []frame.SentAs
	Sheets []frame.StaffDays
	Hands  []mail.Handover
}

// People of SampleAgency.
var (
	Hung = mail.Person{Name: "Trần Văn Hùng", Addr: "hungtv.skhdt@ninhphong.example", Post: "Chuyên viên"}
	Mai  = mail.Person{Name: "Lê Thị Mai", Addr: "mailt.skhdt@ninhphong.example", Post: "Văn thư"}
	Ha   = mail.Person{Name: "Nguyễn Thị Thu Hà", Addr: "hantt.skhdt@ninhphong.example", Post: "Phó Chánh Văn phòng"}
	Toan = mail.Person{Name: "Phạm Quốc Toàn", Addr: "toanpq.skhdt@ninhphong.example", Post: "Giám đốc"}
)

// SampleAgency is Sample with an agency's box in which Hà works with two others under Toàn.
func SampleAgency() *Fake {
	f := Sample()
	day := func(d, m int) time.Time { return time.Date(2026, time.Month(m), d, 0, 0, 0, 0, Zone) }
	a := &f.Accs[1]
	a.As, a.Holder, a.Scope, a.Person = "skhdt@ninhphong.example", Me, mail.ScopeManage, Ha
	f.Shared.Seats = map[mail.AccountID]mail.Seat{
		Me:     {Account: Me, Name: Ha.Name, Address: Ha.Addr, Me: Ha, Scope: mail.ScopeHead, Enforced: true, Office: true},
		Office: {Account: Office, Agency: true, Name: a.Name, Address: a.Address, Me: Ha, Scope: mail.ScopeManage, Until: day(31, 12), Enforced: true, Office: true},
	}
	f.Shared.People = []mail.Colleague{
		{Person: Ha, Scope: mail.ScopeManage, Chief: true, Has: 1, Here: true},
		{Person: Hung, Scope: mail.ScopeAnswer, Has: 2, Here: true},
		{Person: Mai, Scope: mail.ScopeRead, Away: mail.Leave{Person: Mai, From: day(23, 11), Until: day(25, 11), Kind: "leave"}},
	}
	f.Shared.Works = map[mail.LetterID]mail.Work{}
	for _, id := range f.Order {
		if f.Letters[id].Account == Office {
			f.work(id, mail.Work{State: mail.WorkOpen})
		}
	}
	f.work(17, mail.Work{
		State: mail.WorkDoing, Holder: Hung, AssignedBy: Ha, Due: f.At.AddDate(0, 0, 2), Instruction: "Phối hợp phòng Tổng hợp, trình Phó Giám đốc trước khi gửi.",
		Claim: Hung, ClaimSince: f.At.Add(-3 * time.Minute), Notes: []mail.WorkNote{{By: Mai, At: f.At.Add(-time.Hour), Text: "Đã gọi điện, bên gửi xin trả lời trong tuần."}},
	})
	f.work(18, mail.Work{State: mail.WorkDoing, Holder: Ha})
	f.Shared.Given = []mail.Delegation{
		{ID: 3, Box: a.As, Person: Mai, Document: "07/GUQ-SKHĐT", Dated: day(1, 11), From: day(2, 11), Until: day(31, 12), Scope: mail.ScopeRead, GivenBy: Toan, Given: day(1, 11)},
		{ID: 2, Box: a.As, Person: Hung, Document: "05/GUQ-SKHĐT", Dated: day(1, 7), From: day(1, 7), Scope: mail.ScopeAnswer, GivenBy: Toan, Given: day(1, 7)},
		{ID: 1, Box: a.As, Person: Ha, Document: "03/GUQ-SKHĐT", Dated: day(2, 1), From: day(2, 1), Until: day(31, 12), Scope: mail.ScopeManage, Chief: true, GivenBy: Toan, Given: day(2, 1)},
		{ID: 4, Box: a.As, Person: mail.Person{Name: "Đỗ Văn Cường", Addr: "cuongdv.skhdt@ninhphong.example"}, Document: "01/GUQ-SKHĐT", Dated: day(2, 1), From: day(2, 1), Until: day(31, 12), Scope: mail.ScopeIssue, GivenBy: Toan, Given: day(2, 1), Ended: day(15, 6), EndedBy: Toan, EndReason: "chuyển công tác"},
	}
	f.Shared.Sent = []frame.SentAs{
		{At: f.At.Add(-2 * time.Hour), By: Hung, To: []string{"ubndhgt@ninhphong.example"}},
		{At: f.At.AddDate(0, 0, -3), By: Ha, To: []string{"stc@ninhphong.example", "snv@ninhphong.example", "stp@ninhphong.example"}},
	}
	for i, p := range []mail.Person{Ha, Hung, Mai} {
		s := frame.StaffDays{Person: p}
		for d := range 22 {
			c := mail.DayCount{Day: day(1+d, 11), Workday: d%7 < 5, Received: 3 - i, Answered: 2, InTime: 2 - i%2, Late: i % 2, Waiting: i, Median: 60 * (4 + i)}
			if d%(4+i) != 0 {
				c.Checked, c.Opened = c.Day.Add(8*time.Hour), c.Day.Add(7*time.Hour+50*time.Minute)
			}
			s.Days = append(s.Days, c)
		}
		f.Shared.Sheets = append(f.Shared.Sheets, s)
	}
	return f
}

// Head makes the person of SampleAgency the head of the agency.
func (f *Fake) Head() *Fake {
	s := f.Shared.Seats[Office]
	s.Scope, s.Until = mail.ScopeHead, time.Time{}
	f.Shared.Seats[Office] = s
	f.Accs[1].Scope = mail.ScopeHead
	return f
}

// work keeps the work on a letter, and what its head shows of it.
func (f *Fake) work(id mail.LetterID, w mail.Work) {
	l := f.Letters[id]
	w.Account, w.Key = l.Account, mail.LetterKey(l.Head)
	w.Version = f.Shared.Works[id].Version + 1
	f.Shared.Works[id] = w
	me := f.Shared.Seats[l.Account].Me.Addr
	l.State, l.With, l.Mine, l.Writing = w.State, w.Holder.Name, w.Holder.Addr != "" && w.Holder.Addr == me, ""
	if w.Claim.Addr != "" && w.Claim.Addr != me {
		l.Writing = w.Claim.Name
	}
}

func (f *Fake) change(op string, ids []mail.LetterID, do func(*mail.Work)) error {
	defer f.lock()()
	if err := f.Errs[op]; err != nil {
		return err
	}
	f.log("%s %v", op, ids)
	for _, id := range ids {
		w := f.Shared.Works[id]
		do(&w)
		f.work(id, w)
		f.events = append(f.events, mail.Event{Kind: mail.WorkChanged, Account: f.Letters[id].Account, Letter: id})
	}
	return nil
}

// Seat implements frame.Sharing.
func (f *Fake) Seat(a mail.AccountID) mail.Seat {
	if s, ok := f.Shared.Seats[a]; ok {
		return s
	}
	return mail.Seat{Account: a, Scope: mail.ScopeHead}
}

// Work implements frame.Sharing.
func (f *Fake) Work(_ context.Context, id mail.LetterID) (mail.Work, error) {
	defer f.lock()()
	return f.Shared.Works[id], f.Errs["Work"]
}

// Take implements frame.Sharing.
func (f *Fake) Take(_ context.Context, ids []mail.LetterID) error {
	return f.change("Take", ids, func(w *mail.Work) { w.State, w.Holder = mail.WorkDoing, f.Shared.Seats[w.Account].Me })
}

// Assign implements frame.Sharing.
func (f *Fake) Assign(_ context.Context, ids []mail.LetterID, to mail.Person, due time.Time, text string) error {
	return f.change("Assign", ids, func(w *mail.Work) {
		w.State, w.Holder, w.AssignedBy, w.Due, w.Instruction = mail.WorkDoing, to, f.Shared.Seats[w.Account].Me, due, text
	})
}

// GiveBack implements frame.Sharing.
func (f *Fake) GiveBack(_ context.Context, ids []mail.LetterID) error {
	return f.change("GiveBack", ids, func(w *mail.Work) { w.State, w.Holder = mail.WorkOpen, mail.Person{} })
}

// Note implements frame.Sharing.
func (f *Fake) Note(_ context.Context, id mail.LetterID, text string) error {
	return f.change("Note", []mail.LetterID{id}, func(w *mail.Work) {
		w.Notes = append(slices.Clone(w.Notes), mail.WorkNote{By: f.Shared.Seats[w.Account].Me, At: f.At, Text: text})
	})
}

// Reopen implements frame.Sharing.
func (f *Fake) Reopen(_ context.Context, ids []mail.LetterID) error {
	return f.change("Reopen", ids, func(w *mail.Work) { w.State = mail.WorkOpen })
}

// Claim implements frame.Sharing.
func (f *Fake) Claim(_ context.Context, id mail.LetterID) error {
	defer f.lock()()
	f.log("Claim %d", id)
	if err := f.Errs["Claim"]; err != nil {
		return err
	}
	if w := f.Shared.Works[id]; w.Claim.Addr != "" && w.Claim.Addr != f.Shared.Seats[w.Account].Me.Addr {
		return &mail.Fault{Kind: mail.Conflict, Op: "claim letter", Detail: w.Claim.Name}
	}
	return nil
}

// Release implements frame.Sharing.
func (f *Fake) Release(_ context.Context, id mail.LetterID) error {
	defer f.lock()()
	f.log("Release %d", id)
	return f.Errs["Release"]
}

// Colleagues implements frame.Sharing.
func (f *Fake) Colleagues(context.Context, mail.AccountID) ([]mail.Colleague, error) {
	defer f.lock()()
	return f.Shared.People, f.Errs["Colleagues"]
}

// ListWork implements frame.Sharing.
func (f *Fake) ListWork(_ context.Context, account mail.AccountID, holder string, state mail.WorkState) ([]mail.LetterID, error) {
	defer f.lock()()
	var out []mail.LetterID
	for _, id := range f.Order {
		w, ok := f.Shared.Works[id]
		if !ok || w.Account != account || state != "" && w.State != state || state == "" && !f.Letters[id].Awaits {
			continue
		}
		if holder == "" || holder == w.Holder.Addr || holder == "-" && w.Holder.Addr == "" {
			out = append(out, id)
		}
	}
	return out, f.Errs["ListWork"]
}

// CountWork implements frame.Sharing.
func (f *Fake) CountWork(_ context.Context, account mail.AccountID) (frame.WorkCounts, error) {
	defer f.lock()()
	c := frame.WorkCounts{ByState: map[mail.WorkState]int{}, ByHolder: map[string]int{}}
	for id, w := range f.Shared.Works {
		if w.Account == account {
			c.ByState[w.State]++
			if f.Letters[id].Awaits {
				c.ByHolder[w.Holder.Addr]++
			}
		}
	}
	return c, f.Errs["CountWork"]
}

// Delegations implements frame.Sharing.
func (f *Fake) Delegations(context.Context, mail.AccountID) ([]mail.Delegation, error) {
	defer f.lock()()
	return slices.Clone(f.Shared.Given), f.Errs["Delegations"]
}

// Delegate implements frame.Sharing.
func (f *Fake) Delegate(_ context.Context, _ mail.AccountID, d mail.Delegation) (mail.Delegation, error) {
	defer f.lock()()
	if err := f.Errs["Delegate"]; err != nil {
		return d, err
	}
	d.ID = int64(len(f.Shared.Given) + 1)
	f.log("Delegate %s %s %s %s–%s chief %v", d.Person.Addr, d.Document, d.Scope.Code(), d.From.Format("02/01/2006"), d.Until.Format("02/01/2006"), d.Chief)
	f.Shared.Given = append([]mail.Delegation{d}, f.Shared.Given...)
	return d, nil
}

// EndDelegation implements frame.Sharing.
func (f *Fake) EndDelegation(_ context.Context, _ mail.AccountID, id int64, reason string) error {
	defer f.lock()()
	f.log("EndDelegation %d %s", id, reason)
	for i := range f.Shared.Given {
		if d := &f.Shared.Given[i]; d.ID == id {
			d.Ended, d.EndReason = f.At, reason
		}
	}
	return f.Errs["EndDelegation"]
}

// Sends implements frame.Sharing.
func (f *Fake) Sends(context.Context, mail.AccountID, time.Time, time.Time) ([]frame.SentAs, error) {
	defer f.lock()()
	return f.Shared.Sent, f.Errs["Sends"]
}

// Staff implements frame.Sharing.
func (f *Fake) Staff(context.Context, mail.AccountID, time.Time, time.Time) ([]frame.StaffDays, error) {
	defer f.lock()()
	return f.Shared.Sheets, f.Errs["Staff"]
}

// Answer lets somebody answer a letter of the agency's box.
func (f *Fake) Answer(id mail.LetterID, by mail.Person) {
	defer f.lock()()
	w := f.Shared.Works[id]
	w.State, w.AnsweredBy, w.AnsweredAt, w.Claim = mail.WorkAnswered, by, f.At, mail.Person{}
	f.work(id, w)
	f.events = append(f.events, mail.Event{Kind: mail.WorkChanged, Account: f.Letters[id].Account, Letter: id})
}
