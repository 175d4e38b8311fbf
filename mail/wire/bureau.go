package wire

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	gosync "sync"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/viet"
)

// maxBureau is the largest answer that is read: all the work in a box, when the client knows none yet, or a year of an agency.
const maxBureau = 64 << 20

// Bureau is one person at the office API, logged in when it is first needed and again when the server has forgotten him. It is
// safe for use by many goroutines.
type Bureau struct {
	d      *Dialer
	a      mail.Account
	secret Secret

	mu    gosync.Mutex
	token string
	until time.Time
}

// Bureau gives the office side of a person's own account.
func (d *Dialer) Bureau(a mail.Account, secret Secret) *Bureau {
	return &Bureau{d: d, a: a, secret: secret}
}

// session answers with a token that is good now, as far as is known.
func (b *Bureau) session(ctx context.Context) (string, error) {
	const op = "log in to office"
	b.mu.Lock()
	token, until := b.token, b.until
	b.mu.Unlock()
	if token != "" && (until.IsZero() || b.d.now().Before(until.Add(-time.Minute))) {
		return token, nil
	}
	password, err := b.secret(ctx)
	if err != nil {
		var f *mail.Fault
		if errors.As(err, &f) {
			return "", f
		}
		return "", &mail.Fault{Kind: mail.NoKeyring, Op: op, Err: err}
	}
	body, err := json.Marshal(api.Login{Login: b.a.Login, Password: viet.NFC(password)})
	if err != nil {
		return "", &mail.Fault{Kind: mail.Unknown, Op: op, Err: err}
	}
	var s api.Session
	if err := b.d.office(ctx, op, http.MethodPost, b.a, api.PathSession, body, &s); err != nil {
		return "", err
	}
	if s.Token == "" {
		return "", &mail.Fault{Kind: mail.BadServer, Op: op, Detail: "no token"}
	}
	b.mu.Lock()
	b.token, b.until = s.Token, s.Expires
	b.mu.Unlock()
	return s.Token, nil
}

// forget drops a token that the server no longer knows.
func (b *Bureau) forget(token string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.token == token {
		b.token = ""
	}
}

// ask does one request under the session; a token that died meanwhile is replaced once.
func (b *Bureau) ask(ctx context.Context, q call, into any) error {
	for again := false; ; again = true {
		token, err := b.session(ctx)
		if err != nil {
			return err
		}
		q.token = token
		_, _, err = b.d.call(ctx, b.a, q, into)
		if again || !errors.Is(err, errUnauthorized) {
			return err
		}
		b.forget(token)
	}
}

// get asks with GET.
func (b *Bureau) get(ctx context.Context, op, path string, args url.Values, into any) error {
	if len(args) > 0 {
		path += "?" + args.Encode()
	}
	return b.ask(ctx, call{op: op, method: http.MethodGet, path: path, most: maxBureau, wait: b.d.limits.Command}, into)
}

// post hands JSON in; into may be nil.
func (b *Bureau) post(ctx context.Context, op, path string, v, into any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return &mail.Fault{Kind: mail.Unknown, Op: op, Err: err}
	}
	return b.ask(ctx, call{op: op, method: http.MethodPost, path: path, body: body, most: maxOffice, wait: b.d.limits.Command}, into)
}

// Leave ends the session at the server, if there is one.
func (b *Bureau) Leave(ctx context.Context) error {
	b.mu.Lock()
	token := b.token
	b.token = ""
	b.mu.Unlock()
	if token == "" {
		return nil
	}
	_, _, err := b.d.call(ctx, b.a, call{
		op: "leave office", method: http.MethodDelete, path: api.PathSession, token: token, most: maxOffice, wait: farewell,
	}, nil)
	if errors.Is(err, errUnauthorized) {
		return nil // it was dead already
	}
	return err
}

// Me says who has logged in and which boxes are open to him.
func (b *Bureau) Me(ctx context.Context) (me api.Me, err error) {
	err = b.get(ctx, "ask whose boxes are open", api.PathMe, nil, &me)
	return me, err
}

// Works is what changed in a box since a version; it waits up to wait for something newer.
func (b *Bureau) Works(ctx context.Context, box string, since int64, wait time.Duration) (w api.Works, err error) {
	args := url.Values{"box": {box}, "since": {strconv.FormatInt(since, 10)}, "wait": {strconv.Itoa(int(wait / time.Second))}}
	err = b.ask(ctx, call{
		op: "follow work", method: http.MethodGet, path: api.PathWork + "?" + args.Encode(), most: maxBureau,
		wait: b.d.limits.Command, held: wait,
	}, &w)
	return w, err
}

// Act changes the work on a letter.
func (b *Bureau) Act(ctx context.Context, a api.Act) (w mail.Work, err error) {
	err = b.post(ctx, opOfAct(a.Do), api.PathWork, a, &w)
	return w, err
}

// opOfAct says what an act is about, for the words of a fault.
func opOfAct(do string) string {
	switch do {
	case api.ActTake:
		return "take letter"
	case api.ActAssign:
		return "assign letter"
	case api.ActReturn:
		return "give letter back"
	case api.ActClaim:
		return "claim answer"
	case api.ActNote:
		return "note on letter"
	case api.ActExcuse:
		return "excuse letters"
	case api.ActReopen:
		return "reopen letter"
	case api.ActDefer:
		return "set due"
	default:
		return "work on letter"
	}
}

// Delegations lists all that were ever given for a box, newest first.
func (b *Bureau) Delegations(ctx context.Context, box string) (list []mail.Delegation, err error) {
	err = b.get(ctx, "list delegations", api.PathDelegations, url.Values{"box": {box}}, &list)
	return list, err
}

// Delegate gives one.
func (b *Bureau) Delegate(ctx context.Context, d mail.Delegation) (given mail.Delegation, err error) {
	err = b.post(ctx, "give delegation", api.PathDelegations, d, &given)
	return given, err
}

// EndDelegation ends one before its time.
func (b *Bureau) EndDelegation(ctx context.Context, id int64, reason string) error {
	return b.post(ctx, "end delegation", api.PathDelegation, api.End{ID: id, Reason: reason}, nil)
}

// Colleagues are the people of a box.
func (b *Bureau) Colleagues(ctx context.Context, box string) (list []mail.Colleague, err error) {
	err = b.get(ctx, "list colleagues", api.PathColleagues, url.Values{"box": {box}}, &list)
	return list, err
}

// Leaves are one's own days of leave and trips between two days.
func (b *Bureau) Leaves(ctx context.Context, from, until time.Time) (list []mail.Leave, err error) {
	err = b.get(ctx, "list leave", api.PathLeave, span("", from, until), &list)
	return list, err
}

// TakeLeave notes days of leave.
func (b *Bureau) TakeLeave(ctx context.Context, l mail.Leave) (taken mail.Leave, err error) {
	err = b.post(ctx, "take leave", api.PathLeave, l, &taken)
	return taken, err
}

// DropLeave takes it back.
func (b *Bureau) DropLeave(ctx context.Context, id int64) error {
	path := api.PathLeave + "?" + url.Values{"id": {strconv.FormatInt(id, 10)}}.Encode()
	return b.ask(ctx, call{op: "drop leave", method: http.MethodDelete, path: path, most: maxOffice, wait: b.d.limits.Command}, nil)
}

// Days are the days of a box as the server counted them.
func (b *Bureau) Days(ctx context.Context, box string, from, until time.Time) (list []mail.DayCount, err error) {
	err = b.get(ctx, "count days", api.PathDays, span(box, from, until), &list)
	return list, err
}

// Check finishes the day's check of a box.
func (b *Bureau) Check(ctx context.Context, box string) (day mail.DayCount, err error) {
	err = b.post(ctx, "finish daily check", api.PathCheck, api.Check{Box: box}, &day)
	return day, err
}

// Staff is each person's sheet of days.
func (b *Bureau) Staff(ctx context.Context, box string, from, until time.Time) (list []api.StaffDays, err error) {
	err = b.get(ctx, "list staff", api.PathStaff, span(box, from, until), &list)
	return list, err
}

// Sends are the letters that left in the agency's name.
func (b *Bureau) Sends(ctx context.Context, box string, from, until time.Time) (list []api.SentAs, err error) {
	err = b.get(ctx, "list letters sent for agency", api.PathSends, span(box, from, until), &list)
	return list, err
}

// Handovers are those that the person is a party of.
func (b *Bureau) Handovers(ctx context.Context) (list []mail.Handover, err error) {
	err = b.get(ctx, "list handovers", api.PathHandovers, nil, &list)
	return list, err
}

// Handover moves one on.
func (b *Bureau) Handover(ctx context.Context, act api.HandoverAct) (h mail.Handover, err error) {
	const op = "hand box over"
	body, err := json.Marshal(act)
	if err != nil {
		return h, &mail.Fault{Kind: mail.Unknown, Op: op, Err: err}
	}
	// The server counts and hashes every letter of the box before it answers.
	err = b.ask(ctx, call{
		op: op, method: http.MethodPost, path: api.PathHandovers, body: body, most: maxBureau, wait: b.d.limits.Command, held: b.d.limits.Submit,
	}, &h)
	return h, err
}

// span asks for days, the last included.
func span(box string, from, until time.Time) url.Values {
	v := url.Values{}
	if box != "" {
		v.Set("box", box)
	}
	for name, day := range map[string]time.Time{"from": from, "until": until} {
		if !day.IsZero() {
			v.Set(name, day.Format(time.DateOnly))
		}
	}
	return v
}
