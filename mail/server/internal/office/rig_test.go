package office

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/letter"
	"hopthu/mail/rule"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/register"
)

const domain = "ninhbinh.example"

func TestMain(m *testing.M) {
	if runHelper() {
		return
	}
	goleak.VerifyTestMain(m)
}

type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = t
}

// rig is an office over real rooms: an agency with a head, a chief delegate, one who answers, one who reads, and a stranger.
type rig struct {
	t     testing.TB
	clock *clock
	db    *db.DB
	box   *box.Service
	reg   *register.Register
	*Office
	agency                       register.Box
	head, lan, hung, minh, other register.Box
	acts                         int
}

var cheap = register.HashCost{Memory: 64, Time: 1, Threads: 1}

// rooms opens everything on a folder.
func rooms(ctx context.Context, dir string, now func() time.Time) (d *db.DB, b *box.Service, r *register.Register, o *Office, err error) {
	if d, err = db.Open(ctx, dir, db.Options{Now: now}); err != nil {
		return nil, nil, nil, nil, err
	}
	b = box.New(d, box.Options{Now: now, Arrived: func(ctx context.Context, tx *db.Tx, a box.Arrival) error { return o.Arrived(ctx, tx, a) }})
	if r, err = register.New(ctx, d, b, register.Options{Domain: domain, Now: now, Rand: rand.Reader, Hash: cheap, Rounds: 4096}); err != nil {
		return d, b, r, nil, err
	}
	o, err = New(d, b, r, Options{Now: now})
	return d, b, r, o, err
}

func newRig(t testing.TB) *rig {
	t.Helper()
	g := &rig{t: t, clock: &clock{t: time.Date(2026, 11, 24, 8, 0, 0, 0, rule.Zone)}}
	var err error
	g.db, g.box, g.reg, g.Office, err = rooms(t.Context(), t.TempDir(), g.clock.now)
	g.must(err)
	t.Cleanup(func() {
		g.must(g.reg.Check(context.Background()))
		g.must(g.Office.Check(context.Background()))
		g.must(g.db.Close())
	})
	g.people()
	return g
}

var admin = register.Actor{Door: register.Admin}

func (g *rig) people() {
	ctx := context.Background()
	u, b, err := g.reg.AddUnit(ctx, admin, register.Unit{Name: "Sở Kế hoạch và Đầu tư", Regulation: "kh&đt"})
	g.must(err)
	far, _, err := g.reg.AddUnit(ctx, admin, register.Unit{Name: "Sở Tài chính", Regulation: "tc"})
	g.must(err)
	person := func(name string, unit register.UnitID) register.Box {
		b, _, err := g.reg.AddPerson(ctx, admin, name, unit, "Chuyên viên")
		g.must(err)
		return b
	}
	g.agency = b
	g.head, g.lan, g.hung, g.minh = person("Nguyễn Thị Mai", u.ID), person("Phạm Thị Lan", u.ID), person("Trần Văn Hùng", u.ID), person("Lê Quang Minh", u.ID)
	g.other = person("Đỗ Văn Sơn", far.ID)
	g.must(g.reg.SetHead(ctx, admin, b.Wire, g.head.Wire))
	g.delegate(g.lan, mail.ScopeIssue, true)
	g.delegate(g.hung, mail.ScopeAnswer, false)
	g.delegate(g.minh, mail.ScopeRead, false)
}

func (g *rig) delegate(p register.Box, s mail.Scope, chief bool) mail.Delegation {
	g.t.Helper()
	d, err := g.reg.Delegate(context.Background(), by(g.head), mail.Delegation{
		Box: g.agency.Wire, Person: mail.Person{Addr: p.Wire}, Document: "03/GUQ-SKHĐT", Dated: g.clock.now(), Scope: s, Chief: chief,
	})
	g.must(err)
	return d
}

func (g *rig) must(err error) {
	g.t.Helper()
	if err != nil {
		g.t.Fatal(err)
	}
}

func by(b register.Box) register.Actor {
	return register.Actor{Account: b.Account, Remote: "10.1.2.3", Door: register.Web}
}

func keyOf(n int) string { return fmt.Sprintf("%032x", n) }

// act does one act in the agency's box under a new id.
func (g *rig) act(p register.Box, key, do string, change ...func(*api.Act)) (mail.Work, error) {
	g.acts++
	a := api.Act{ID: fmt.Sprint("act", g.acts), Box: g.agency.Wire, Key: key, Do: do}
	for _, f := range change {
		f(&a)
	}
	return g.Act(context.Background(), by(p), a)
}

func saying(text string) func(*api.Act) { return func(a *api.Act) { a.Text = text } }

func to(b register.Box) func(*api.Act) { return func(a *api.Act) { a.To = b.Wire } }

func saw(w mail.Work) func(*api.Act) { return func(a *api.Act) { a.Saw = w.Version } }

// deliver brings a letter by mail.
func (g *rig) deliver(to register.Box, raw string) {
	g.t.Helper()
	st, err := g.box.Stage(context.Background(), strings.NewReader(strings.ReplaceAll(raw, "\n", "\r\n")))
	g.must(err)
	defer func() { g.must(st.Close()) }()
	got, err := g.box.Deliver(context.Background(), st, []box.Delivery{{Account: to.Account}})
	g.must(err)
	g.must(got[0].Err)
}

// letterTo is a letter that obliges to answer.
func letterTo(b register.Box, id, subject string) string {
	return "From: Dân <dan@example.org>\nTo: " + b.Wire + "\nSubject: " + subject + "\nMessage-ID: <" + id + ">\nDate: Tue, 24 Nov 2026 08:00:00 +0700\n\nKính gửi\n"
}

// send tells the office of a letter that left a box.
func (g *rig) send(b, person register.Box, answers string) {
	g.t.Helper()
	head := "From: " + b.Wire + "\r\nTo: dan@example.org\r\nIn-Reply-To: <" + answers + ">\r\nReferences: <" + answers + ">\r\n\r\n"
	g.must(g.db.Write(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		var h mail.Head
		letter.ReadHeader([]byte(head)).Fill(&h)
		return g.SentTx(ctx, tx, Sent{Box: b.Account, Person: person.Account, Fields: &h})
	}))
}

func (g *rig) works(since int64) api.Works {
	g.t.Helper()
	w, err := g.Works(context.Background(), g.hung.Account, g.agency.Wire, since, 0)
	g.must(err)
	return w
}

func (g *rig) today(b, who register.Box) mail.DayCount {
	g.t.Helper()
	days, err := g.Days(context.Background(), who.Account, b.Wire, g.clock.now(), g.clock.now())
	g.must(err)
	return days[0]
}

// holds asks the freezing transaction's question.
func (g *rig) holds(was []border, want bool, what string) {
	g.t.Helper()
	g.must(g.db.Write(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		got, err := still(ctx, tx, g.agency.Account, was)
		if got != want {
			g.t.Errorf("%s: %v", what, got)
		}
		return err
	}))
}

// wires are the wire addresses of accounts, "" of nobody.
func (g *rig) wires() map[box.AccountID]string {
	out := map[box.AccountID]string{}
	for _, b := range []register.Box{g.head, g.lan, g.hung, g.minh, g.other} {
		out[b.Account] = b.Wire
	}
	return out
}
