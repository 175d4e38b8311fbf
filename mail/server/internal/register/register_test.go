package register

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

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

// office is a register over a database of its own; its end checks every invariant.
type office struct {
	*Register
	t     testing.TB
	d     *db.DB
	box   *box.Service
	clock *clock
	unit  Unit
}

var (
	admin = Actor{Door: Admin}
	cheap = HashCost{Memory: 64, Time: 1, Threads: 1}
)

const good = "Trâu bò cày ruộng 7 sào"

func newOffice(t testing.TB) *office {
	t.Helper()
	c := &clock{t: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)}
	d, err := db.Open(context.Background(), t.TempDir(), db.Options{Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	b := box.New(d, box.Options{Now: c.now})
	r, err := New(context.Background(), d, b, Options{
		Domain: "NinhBinh.gov.vn", Now: c.now, Hash: cheap, Rounds: 4096,
		Rand: &lockedRand{r: rand.NewChaCha8([32]byte{1})},
	})
	if err != nil {
		t.Fatal(err)
	}
	o := &office{Register: r, t: t, d: d, box: b, clock: c}
	t.Cleanup(func() {
		ctx := context.Background()
		if err := errors.Join(d.Check(ctx), b.Check(ctx), o.Check(ctx), d.Close()); err != nil {
			t.Error(err)
		}
	})
	o.unit, _, err = o.AddUnit(context.Background(), admin, Unit{Name: "Sở Kế hoạch và Đầu tư"})
	o.must(err)
	return o
}

type lockedRand struct {
	mu sync.Mutex
	r  *rand.ChaCha8
}

func (l *lockedRand) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.r.Read(p)
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) kind(err error, want mail.FaultKind) {
	o.t.Helper()
	if got := mail.KindOf(err); got != want {
		o.t.Fatalf("kind %q (%v), want %q", got, err, want)
	}
}

func (o *office) detail(err error, want mail.FaultKind) string {
	o.t.Helper()
	o.kind(err, want)
	return mail.AsFault("", err).Detail
}

// person makes one that has changed its first password to good.
func (o *office) person(name string) Box {
	o.t.Helper()
	b, first, err := o.AddPerson(context.Background(), admin, name, o.unit.ID, "Chuyên viên")
	o.must(err)
	o.must(o.ChangePassword(context.Background(), PasswordChange{Login: b.Wire, Old: first, New: good, Remote: "10.0.0.1", Door: Web}))
	return b
}

func (o *office) login(login, password, remote string) error {
	s, err := o.Login(context.Background(), Attempt{Login: login, Password: password, Remote: remote, Door: IMAP})
	if err == nil {
		s.End()
	}
	return err
}

func (o *office) audit() (list []string) {
	o.t.Helper()
	rows, err := o.Audit(context.Background(), 0, 10000)
	o.must(err)
	for _, a := range rows {
		list = append(list, a.What)
	}
	return list
}

func TestUnitsAndSpellings(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	if o.unit.Regulation != "kh&đt" || o.unit.Wire != "kh&dt" {
		t.Errorf("%+v", o.unit)
	}
	for _, u := range []Unit{{Name: "Sở khác", Regulation: "KH&DT"}, {Name: "Sở khác", Regulation: "kh&đt"}} {
		_, _, err := o.AddUnit(ctx, admin, u)
		o.kind(err, mail.Conflict)
	}
	_, _, err := o.AddUnit(ctx, admin, Unit{Name: "Sở khác", Regulation: "a.b"})
	o.kind(err, mail.BadAddress)
	_, _, err = o.AddUnit(ctx, admin, Unit{Name: "Tổ", Regulation: "to", Type: "công ty"})
	o.kind(err, mail.BadSettings)
	_, _, err = o.AddUnit(ctx, admin, Unit{Name: "Tổ", Regulation: "to", Parent: 99})
	o.kind(err, mail.BadSettings)
	first, err := o.Lookup(ctx, "kh&dt")
	o.must(err)
	for _, s := range []string{"kh&đt@ninhbinh.gov.vn", "KH&ĐT@NINHBINH.GOV.VN", "Kh&dT", "kh&\u0111t", " kh&đt@ninhbinh.gov.vn "} {
		b, err := o.Lookup(ctx, s)
		if err != nil || b.Account != first.Account || b.Kind != Official || b.Address != "kh&đt@ninhbinh.gov.vn" {
			t.Errorf("%q: %+v, %v", s, b, err)
		}
		if own, err := o.Owns(ctx, b.Account, strings.TrimSpace(s)); err != nil || own != strings.Contains(s, "@") {
			t.Errorf("%q: own %v, %v", s, own, err)
		}
	}
	for _, s := range []string{"", "@", "kh&dt@gmail.com", "khong.co", "kh&dt@", "a@b@ninhbinh.gov.vn"} {
		_, err := o.Lookup(ctx, s)
		o.kind(err, mail.BadAddress)
	}
	all, err := o.Spellings(ctx, first.Account)
	o.must(err)
	if fmt.Sprint(all) != "[kh&đt@ninhbinh.gov.vn kh&dt@ninhbinh.gov.vn]" {
		t.Error(all)
	}
	list, err := o.box.List(ctx, first.Account)
	if err != nil || len(list) != 6 {
		t.Error(list, err)
	}
}

// QC 4.2, domain D2 and D3: the second gets 2; numbers are never used again; whatever gives the same string is counted.
func TestNamesakes(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	other, _, err := o.AddUnit(ctx, admin, Unit{Name: "Sở Tài chính"})
	o.must(err)
	for _, tt := range []struct {
		name string
		unit UnitID
		want string
	}{
		{"Trần Văn Hùng", o.unit.ID, "hungtv.kh&đt"},
		{"  TRẦN  VĂN HÙNG ", o.unit.ID, "hungtv2.kh&đt"},
		{"Trần Văn Hưng", o.unit.ID, "hungtv3.kh&đt"},
		{"Trịnh Việt Hưng", other.ID, "hungtv.tc"},
		{"Trần Văn Hùng", o.unit.ID, "hungtv4.kh&đt"},
		{"Nguyễn Thị Thu Hà", o.unit.ID, "hantt.kh&đt"},
	} {
		b, first, err := o.AddPerson(ctx, admin, tt.name, tt.unit, "Chuyên viên")
		if err != nil || b.Address != tt.want+"@ninhbinh.gov.vn" || !b.MustChange || first == "" {
			t.Errorf("%s: %s %v", tt.name, b.Address, err)
		}
	}
	for _, name := range []string{"", "Nguyễn Văn A2", "  "} {
		_, _, err := o.AddPerson(ctx, admin, name, o.unit.ID, "")
		o.kind(err, mail.BadAddress)
	}
	_, _, err = o.AddPerson(ctx, admin, "Lê Hà", 99, "")
	o.kind(err, mail.BadSettings)
	boxes, err := o.Boxes(ctx)
	if err != nil || len(boxes) != 8 {
		t.Error(len(boxes), err)
	}
}

func TestFirstPassword(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	b, first, err := o.AddPerson(ctx, admin, "Lê Hà", o.unit.ID, "Chuyên viên")
	o.must(err)
	o.kind(o.login(b.Wire, first, "10.0.0.1"), mail.MustChange)
	change := func(old, fresh string) error {
		return o.ChangePassword(ctx, PasswordChange{Login: b.Address, Old: old, New: fresh, Remote: "10.0.0.1", Door: Web})
	}
	o.kind(change("sai", good), mail.BadPassword)
	for fresh, rule := range map[string]string{"ngắn": "short", first: "old", "halê-2026-Le Hà ơi": "name"} {
		if got := o.detail(change(first, fresh), mail.WeakPassword); got != rule {
			t.Errorf("%q: %s, want %s", fresh, got, rule)
		}
	}
	o.must(change(first, good))
	o.kind(o.login(b.Wire, first, "10.0.0.1"), mail.BadPassword)
	o.must(o.login(b.Wire, "Trâu bò cày ruộng 7 sào", "10.0.0.1")) // decomposed: the same password
	after, err := o.Lookup(ctx, b.Wire)
	o.must(err)
	if after.MustChange || after.FirstUsed.IsZero() || !b.FirstUsed.IsZero() {
		t.Errorf("%+v", after)
	}
	// expiry
	late, first, err := o.AddPerson(ctx, admin, "Lê Nam", o.unit.ID, "")
	o.must(err)
	o.clock.add(72*time.Hour - time.Second)
	o.kind(o.login(late.Wire, first, "10.0.0.2"), mail.MustChange)
	o.clock.add(time.Second)
	o.kind(o.login(late.Wire, first, "10.0.0.2"), mail.PasswordExpired)
	o.kind(o.ChangePassword(ctx, PasswordChange{Login: late.Wire, Old: first, New: good, Door: Web}), mail.PasswordExpired)
	again, err := o.IssuePassword(ctx, admin, late.Address)
	o.must(err)
	o.kind(o.login(late.Wire, first, "10.0.0.2"), mail.BadPassword)
	o.kind(o.login(late.Wire, again, "10.0.0.2"), mail.MustChange)
	// an agency's box has no password until one is issued
	o.kind(o.login("kh&đt", "", "10.0.0.3"), mail.BadPassword)
	official, err := o.IssuePassword(ctx, admin, "kh&đt")
	o.must(err)
	o.kind(o.login("kh&đt", official, "10.0.0.3"), mail.MustChange)
	_, err = o.IssuePassword(ctx, admin, "ai.do")
	o.kind(err, mail.BadAddress)
}

func TestChangeEndsOtherSessions(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	b, c := o.person("Lê Hà"), o.person("Lê Nam")
	open := func(b Box) *Session {
		s, err := o.Login(ctx, Attempt{Login: b.Address, Password: good, Remote: "10.0.0.1:993", Door: IMAP})
		o.must(err)
		return s
	}
	ended := func(s *Session) bool {
		select {
		case <-s.Done():
			return true
		default:
			return false
		}
	}
	mine, other, stranger := open(b), open(b), open(c)
	if list := o.Sessions(); len(list) != 3 || list[0].Box.Wire != b.Wire || list[0].Remote != "10.0.0.1" {
		t.Errorf("%+v", list)
	}
	fresh := "một câu rất dài khác"
	o.must(o.ChangePassword(ctx, PasswordChange{Login: b.Wire, Old: good, New: fresh, Remote: "10.0.0.1", Door: Web, Keep: mine}))
	if ended(mine) || !ended(other) || ended(stranger) {
		t.Error(ended(mine), ended(other), ended(stranger))
	}
	if !o.Kill(mine.ID) || o.Kill(mine.ID) || !ended(mine) {
		t.Error("kill")
	}
	o.must(o.Suspend(ctx, admin, c.Wire, "QC 5.2"))
	if !ended(stranger) || len(o.Sessions()) != 0 {
		t.Error("a suspended box still has a session")
	}
	stranger.End()
	if got := o.detail(o.login(c.Wire, good, "10.0.0.1"), mail.Refused); got != "suspended" {
		t.Error(got)
	}
	o.kind(o.login(c.Wire, "sai mật khẩu", "10.0.0.1"), mail.BadPassword) // the state is no stranger's business
	o.must(o.Resume(ctx, admin, c.Wire, "QC 5.2"))
	o.must(o.login(c.Wire, good, "10.0.0.1"))
}

// Guesses sent at the same moment count as well.
func TestAliasesNeverComeBack(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	b := o.person("Lê Hà")
	o.must(o.AddAlias(ctx, admin, b.Wire, "postmaster@ninhbinh.gov.vn"))
	got, err := o.Lookup(ctx, "Postmaster@ninhbinh.gov.vn")
	if err != nil || got.Account != b.Account {
		t.Error(got, err)
	}
	o.kind(o.AddAlias(ctx, admin, "kh&dt", "postmaster"), mail.Conflict)
	o.kind(o.AddAlias(ctx, admin, "kh&dt", "x@gmail.com"), mail.BadAddress)
	o.kind(o.AddAlias(ctx, admin, "kh&dt", "a b"), mail.BadAddress)
	o.must(o.login("postmaster", good, "10.0.0.1"))
}

func TestDirectory(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	sub, _, err := o.AddUnit(ctx, admin, Unit{Name: "Phòng Tổng hợp", Parent: o.unit.ID, Regulation: "th"})
	o.must(err)
	a := o.person("Trần Văn Hùng")
	_, _, err = o.AddPerson(ctx, admin, "Trần Văn Hùng", sub.ID, "Trưởng phòng")
	o.must(err)
	o.must(o.Suspend(ctx, admin, a.Wire, "QC 5.2"))
	for q, want := range map[string]int{
		"tran van hung": 2, "Trần Văn HÙNG": 2, "hung truong": 1, "ke hoach": 2, "kh&đt": 2, "%": 0, "_": 0,
		"": 4, "khong co ai": 0, `\`: 0, "van tran": 2,
	} {
		d, err := o.Directory(ctx, q, 10)
		if err != nil || len(d.Entries) != want || d.More {
			t.Errorf("%q: %d entries, %v; want %d", q, len(d.Entries), err, want)
		}
	}
	d, err := o.Directory(ctx, "", 1)
	if err != nil || len(d.Entries) != 1 || !d.More || d.Entries[0].Kind != string(Official) {
		t.Errorf("%+v %v", d, err)
	}
	d, err = o.Directory(ctx, "hung", 10)
	o.must(err)
	for _, e := range d.Entries {
		switch e.Post {
		case "Trưởng phòng":
			if fmt.Sprint(e.UnitPath) != "[Sở Kế hoạch và Đầu tư Phòng Tổng hợp]" || e.Address != "hungtv.th@ninhbinh.gov.vn" || e.State != "hoạt động" {
				t.Errorf("%+v", e)
			}
		default:
			if e.State != "khóa" || e.Address != "hungtv.kh&đt@ninhbinh.gov.vn" || e.Wire != "hungtv.kh&dt@ninhbinh.gov.vn" || e.Kind != "cá nhân" {
				t.Errorf("%+v", e)
			}
		}
	}
}

// A password that was replaced between the check and the session lets nobody in.
func TestLoginRacesWithChange(t *testing.T) {
	o := newOffice(t)
	b := o.person("Lê Hà")
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		mail.Go("login", func() {
			defer wg.Done()
			for range 5 {
				s, err := o.Login(context.Background(), Attempt{Login: b.Wire, Password: good, Remote: "10.0.0.1", Door: IMAP})
				if err == nil {
					defer s.End()
				}
			}
		})
	}
	_, err := o.IssuePassword(context.Background(), admin, b.Wire)
	o.must(err)
	wg.Wait()
	for _, s := range o.Sessions() {
		t.Errorf("session %d outlived its password", s.ID)
	}
}

func TestCheckFindsWhatIsWrong(t *testing.T) {
	units := map[int64]storedb.Unit{1: {}}
	h := storedb.Holder{UnitID: 1, State: string(Active), Wire: "d", Regulation: "đ"}
	if err := checkHolder(h, units); err != nil {
		t.Error(err)
	}
	for i, change := range []func(*storedb.Holder){
		func(h *storedb.Holder) { h.Wire = "x" }, func(h *storedb.Holder) { h.UnitID = 2 },
		func(h *storedb.Holder) { h.State = "?" }, func(h *storedb.Holder) { h.Password = "clear" },
	} {
		c := h
		change(&c)
		if checkHolder(c, units) == nil {
			t.Errorf("damage %d is not seen", i)
		}
	}
}

func TestBadDomain(t *testing.T) {
	for _, d := range []string{"", "a b", "x@y"} {
		if _, err := New(t.Context(), nil, nil, Options{Domain: d}); mail.KindOf(err) != mail.BadSettings {
			t.Errorf("%q: %v", d, err)
		}
	}
}
