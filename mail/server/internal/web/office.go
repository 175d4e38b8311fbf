package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/rule"
	"hopthu/mail/server/internal/office"
	"hopthu/mail/server/internal/register"
)

// officeRoutes are the functions of the office; what each lets whom do, office and register decide.
func (d *door) officeRoutes(mux *http.ServeMux) {
	mux.HandleFunc("POST "+api.PathSession, d.login)
	mux.HandleFunc("GET "+api.PathWork, d.works)
	mux.HandleFunc("POST "+api.PathHandovers, d.handover)
	for route, do := range map[string]func(*http.Request, *ticket) (any, error){
		"DELETE " + api.PathSession:   d.logout,
		"GET " + api.PathMe:           d.me,
		"GET " + api.PathDelegations:  d.delegations,
		"POST " + api.PathDelegations: d.delegate,
		"POST " + api.PathDelegation:  d.endDelegation,
		"GET " + api.PathColleagues:   d.colleagues,
		"GET " + api.PathLeave:        d.leaves,
		"POST " + api.PathLeave:       d.takeLeave,
		"DELETE " + api.PathLeave:     d.dropLeave,
		"POST " + api.PathWork:        d.act,
		"GET " + api.PathDays:         d.days,
		"POST " + api.PathCheck:       d.check,
		"GET " + api.PathStaff:        d.staff,
		"GET " + api.PathSends:        d.sends,
		"GET " + api.PathHandovers:    d.handovers,
	} {
		mux.HandleFunc(route, d.forSession(do))
	}
}

// readJSON reads a body; its errors tell nothing of what was typed.
func readJSON(r *http.Request, into any) error {
	if ct, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); strings.TrimSpace(ct) != "application/json" {
		return &mail.Fault{Kind: mail.BadSettings, Op: "read request", Detail: "content type"}
	}
	if err := json.NewDecoder(r.Body).Decode(into); err != nil {
		kind := mail.BadSettings
		if tooLong := (*http.MaxBytesError)(nil); errors.As(err, &tooLong) {
			kind = mail.TooBig
		}
		return &mail.Fault{Kind: kind, Op: "read request"}
	}
	return nil
}

func number(r *http.Request, name string) (int64, error) {
	s := r.URL.Query().Get(name)
	if s == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return 0, &mail.Fault{Kind: mail.BadSettings, Op: "read request", Detail: name}
	}
	return n, nil
}

// span reads from and until, days of Viet Nam; one that is not there is zero.
func span(r *http.Request) (from, until time.Time, err error) {
	for name, to := range map[string]*time.Time{"from": &from, "until": &until} {
		s := r.URL.Query().Get(name)
		if s == "" {
			continue
		}
		if *to, err = time.ParseInLocation(time.DateOnly, s, rule.Zone); err != nil {
			return from, until, &mail.Fault{Kind: mail.BadSettings, Op: "read request", Detail: name}
		}
	}
	return from, until, nil
}

func (d *door) me(r *http.Request, k *ticket) (any, error) {
	shares, err := d.opt.Register.Shares(r.Context(), k.Person.Account)
	if err != nil {
		return nil, err
	}
	me := api.Me{Person: k.Person.AsPerson(), Unit: k.Person.UnitName, Boxes: []api.Shared{}}
	for _, s := range shares {
		names, err := d.opt.Register.Spellings(r.Context(), s.Box.Account)
		if err != nil {
			return nil, err
		}
		me.Boxes = append(me.Boxes, api.Shared{
			Address: s.Box.Address, Wire: s.Box.Wire, Aliases: names, Name: s.Box.Name, Short: s.Short, Scope: s.Scope.Code(),
			Until: s.Until, Delegate: s.Given,
		})
	}
	return me, nil
}

// box finds the box that a request names.
func (d *door) box(r *http.Request, addr string) (register.Box, error) {
	b, err := d.opt.Register.Lookup(r.Context(), addr)
	if mail.KindOf(err) == mail.BadAddress {
		err = &mail.Fault{Kind: mail.Refused, Op: "find box", Detail: register.NotYours}
	}
	return b, err
}

func (d *door) delegations(r *http.Request, k *ticket) (any, error) {
	b, err := d.box(r, r.URL.Query().Get("box"))
	if err != nil {
		return nil, err
	}
	return d.opt.Register.Delegations(r.Context(), k.Actor(), b.Account)
}

func (d *door) delegate(r *http.Request, k *ticket) (any, error) {
	var in mail.Delegation
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	return d.opt.Register.Delegate(r.Context(), k.Actor(), in)
}

func (d *door) endDelegation(r *http.Request, k *ticket) (any, error) {
	var in api.End
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	return d.opt.Register.EndDelegation(r.Context(), k.Actor(), in.ID, in.Reason)
}

func (d *door) colleagues(r *http.Request, k *ticket) (any, error) {
	return d.opt.Office.Colleagues(r.Context(), k.Person.Account, r.URL.Query().Get("box"))
}

func (d *door) leaves(r *http.Request, k *ticket) (any, error) {
	from, until, err := span(r)
	if err != nil {
		return nil, err
	}
	return d.opt.Office.Leaves(r.Context(), k.Person.Account, from, until)
}

func (d *door) takeLeave(r *http.Request, k *ticket) (any, error) {
	var in mail.Leave
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	return d.opt.Office.TakeLeave(r.Context(), k.Actor(), in)
}

func (d *door) dropLeave(r *http.Request, k *ticket) (any, error) {
	id, err := number(r, "id")
	if err != nil {
		return nil, err
	}
	return nil, d.opt.Office.DropLeave(r.Context(), k.Actor(), id)
}

// works waits for something new where it is asked to.
func (d *door) works(w http.ResponseWriter, r *http.Request) {
	d.forSession(func(r *http.Request, k *ticket) (any, error) {
		since, err := number(r, "since")
		if err != nil {
			return nil, err
		}
		wait, err := number(r, "wait")
		if err != nil {
			return nil, err
		}
		ctx := r.Context()
		if wait > 0 {
			var done func()
			if ctx, done, err = d.waiting(w, r, k); err != nil {
				return nil, err
			}
			defer done()
		}
		limit := int64(office.MaxWait / time.Second)
		return d.opt.Office.Works(ctx, k.Person.Account, r.URL.Query().Get("box"), since, time.Duration(min(wait, limit))*time.Second)
	})(w, r)
}

func (d *door) act(r *http.Request, k *ticket) (any, error) {
	var in api.Act
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	return d.opt.Office.Act(r.Context(), k.Actor(), in)
}

func (d *door) days(r *http.Request, k *ticket) (any, error) {
	from, until, err := span(r)
	if err != nil {
		return nil, err
	}
	return d.opt.Office.Days(r.Context(), k.Person.Account, r.URL.Query().Get("box"), from, until)
}

func (d *door) check(r *http.Request, k *ticket) (any, error) {
	var in api.Check
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	return d.opt.Office.FinishCheck(r.Context(), k.Actor(), in.Box)
}

func (d *door) staff(r *http.Request, k *ticket) (any, error) {
	from, until, err := span(r)
	if err != nil {
		return nil, err
	}
	return d.opt.Office.Staff(r.Context(), k.Person.Account, r.URL.Query().Get("box"), from, until)
}

func (d *door) sends(r *http.Request, k *ticket) (any, error) {
	from, until, err := span(r)
	if err != nil {
		return nil, err
	}
	return d.opt.Office.Sends(r.Context(), k.Actor(), r.URL.Query().Get("box"), from, until)
}

func (d *door) handovers(r *http.Request, k *ticket) (any, error) {
	return d.opt.Office.Handovers(r.Context(), k.Person.Account)
}

// handover may take its time: every letter of the box is counted.
func (d *door) handover(w http.ResponseWriter, r *http.Request) {
	d.forSession(func(r *http.Request, k *ticket) (any, error) {
		var in api.HandoverAct
		if err := readJSON(r, &in); err != nil {
			return nil, err
		}
		c := http.NewResponseController(w)
		if err := errors.Join(c.SetReadDeadline(time.Time{}), c.SetWriteDeadline(time.Time{})); err != nil {
			return nil, mail.AsFault("hand over", err)
		}
		return d.opt.Office.HandoverAct(r.Context(), k.Actor(), in)
	})(w, r)
}

// officeProblem answers an error of the office: Rule says in a word why.
func (d *door) officeProblem(w http.ResponseWriter, err error) {
	f := mail.AsFault("answer", err)
	p := api.Problem{Code: string(f.Kind), Rule: f.Detail}
	status := http.StatusForbidden
	switch f.Kind {
	case mail.Conflict:
		status = http.StatusConflict
	case mail.NoPermission, mail.Refused:
	case mail.Blocked, mail.BadAddress, mail.BadSettings:
		status = http.StatusUnprocessableEntity
	case mail.Gone:
		status = http.StatusNotFound
	case mail.TooBig:
		status = http.StatusRequestEntityTooLarge
	default:
		d.problem(w, err)
		return
	}
	p.Text, p.TextEN = officeWords(f)
	c := (*office.Contradiction)(nil)
	if errors.As(err, &c) && c.Who.Name != "" { // who came first is all that the second needs to hear
		p.Text = c.Who.Name
		p.TextEN = c.Who.Name + ": " + p.TextEN
	}
	d.answer(w, status, p)
}

// officeWords says what happened and what to do now, in Vietnamese and in English.
func officeWords(f *mail.Fault) (vi, en string) {
	switch f.Kind {
	case mail.Conflict:
		return conflictWords(f.Detail)
	case mail.NoPermission:
		return "Phạm vi được ủy quyền không cho làm việc này. Hãy hỏi thủ trưởng hoặc người phụ trách chính.", "Your delegation does not allow this. Please ask the head or the chief delegate."
	case mail.Refused:
		if f.Detail == register.NotHead {
			return "Chỉ thủ trưởng cơ quan được làm việc này.", "Only the head of the agency may do this."
		}
		return "Không có hộp thư này, hoặc bạn không được ủy quyền mở nó.", "There is no such box, or you are not authorised to open it."
	case mail.Blocked:
		return "Việc này cần ghi lý do hoặc nội dung.", "This needs a reason or some words."
	case mail.BadAddress:
		return "Người này không có ở đây, hoặc không được ủy quyền trong hộp thư này.", "There is no such person, or he is not a delegate of this box."
	case mail.Gone:
		return "Không còn mục này.", "It is no longer there."
	case mail.TooBig:
		return "Nội dung quá dài hoặc quá nhiều.", "It is too long or too much."
	}
	return "Yêu cầu không đọc được.", "The request cannot be read."
}

func conflictWords(why string) (vi, en string) {
	switch why {
	case office.Taken:
		return "Người khác đang giữ thư này.", "Somebody else has this letter."
	case office.Answered:
		return "Thư này đã được hồi đáp.", "This letter has been answered."
	case office.Excused:
		return "Thư này đã được ghi là không cần hồi đáp.", "This letter was marked as needing no answer."
	case office.Claimed:
		return "Người khác đang soạn trả lời thư này.", "Somebody else is writing the answer."
	case office.Frozen:
		return "Hộp thư đang được bàn giao, chưa thay đổi được.", "The box is being handed over and cannot be changed now."
	case office.Unread:
		return "Hộp thư đến còn thư chưa đọc.", "The inbox still has unread letters."
	}
	return "Người khác vừa thay đổi. Hãy xem lại rồi làm tiếp.", "Somebody else has just changed it. Please look again."
}
