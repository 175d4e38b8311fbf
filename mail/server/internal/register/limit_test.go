package register

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
)

func TestLockOut(t *testing.T) {
	o := newOffice(t)
	b, c := o.person("Lê Hà"), o.person("Lê Nam")
	const evil, office, home = "203.0.113.9", "10.0.0.1", "192.0.2.7"
	o.must(o.login(b.Wire, good, office))
	for i := range 5 {
		o.kind(o.login([]string{b.Wire, b.Address, strings.ToUpper(b.Wire)}[i%3], "sai", evil), mail.BadPassword) // a spelling evades nothing
	}
	locked := o.detail(o.login(b.Wire, good, evil), mail.LockedOut)
	if until, err := time.Parse(time.RFC3339, locked); err != nil || until.Sub(o.clock.now()) != 30*time.Second {
		t.Error(locked, err)
	}
	o.must(o.login(b.Wire, good, office)) // not from where it works
	o.must(o.login(c.Wire, good, evil))   // not another account there
	o.clock.add(31 * time.Second)
	o.kind(o.login(b.Wire, "sai", evil), mail.BadPassword)
	o.clock.add(59 * time.Second)
	o.kind(o.login(b.Wire, good, evil), mail.LockedOut) // the wait doubles
	o.clock.add(2 * time.Second)
	o.must(o.login(b.Wire, good, evil))
	o.kind(o.login(b.Wire, "sai", evil), mail.BadPassword)
	o.must(o.login(b.Wire, good, evil)) // success forgets

	// from many addresses: strangers wait, the office does not
	for i := range 13 {
		o.kind(o.login(b.Wire, "sai", fmt.Sprint("198.51.100.", i)), mail.BadPassword)
	}
	o.kind(o.login(b.Wire, good, home), mail.LockedOut)
	o.must(o.login(b.Wire, good, office))
	o.clock.add(16 * time.Minute)
	o.must(o.login(b.Wire, good, home))
	o.clock.add(2 * time.Hour) // forgotten
	for range 4 {
		o.kind(o.login(b.Wire, "sai", "198.51.100.77"), mail.BadPassword)
	}
	o.must(o.login(b.Wire, good, "198.51.100.77"))
	if list := o.audit(); !slices.Contains(list, "locked") || !slices.Contains(list, "refused") {
		t.Error(list)
	}
}

func TestAnUnknownNameIsTreatedAlike(t *testing.T) {
	o := newOffice(t)
	b := o.person("Lê Hà")
	for _, name := range []string{b.Wire, "khong.co", "ai@gmail.com", "", strings.Repeat("x", 5000), "\x00\xff"} {
		remote := fmt.Sprintf("192.0.2.%d", len(name)%250)
		for range 5 {
			if got := o.detail(o.login(name, "sai", remote), mail.BadPassword); got != "" {
				t.Error(got)
			}
		}
		o.kind(o.login(name, "sai", remote), mail.LockedOut)
	}
	// the check of nobody is a real one
	ok, _, err := o.hash.check(t.Context(), "sai", "")
	cost, _, _, perr := parsePHC(o.hash.dummy)
	if ok || err != nil || perr != nil || cost != cheap {
		t.Error(ok, err, perr, cost)
	}
}

func TestManyFromOneAddress(t *testing.T) {
	o := newOffice(t)
	b := o.person("Lê Hà")
	const nat = "203.0.113.50"
	for i := range 100 {
		o.kind(o.login(fmt.Sprint("nguoi", i), "sai", nat), mail.BadPassword)
	}
	o.kind(o.login(b.Wire, good, nat), mail.LockedOut)
	o.clock.add(time.Minute)
	s, err := o.Login(t.Context(), Attempt{Login: b.Wire, Password: good, Remote: nat, Door: IMAP})
	o.must(err)
	o.kind(o.login("nguoi1000", "sai", nat), mail.BadPassword)
	o.must(o.login(b.Wire, good, nat)) // a live session: colleagues behind the same address are not shut out
	s.End()
	o.kind(o.login(b.Wire, good, nat), mail.LockedOut)
}

func TestParallelGuesses(t *testing.T) {
	l := newLimiter(Limits{})
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	first, _ := l.begin("a", "192.0.2.1", false, now)
	first.failed()
	var under []*try
	for range 10 {
		if u, until := l.begin("a", "192.0.2.1", false, now); u != nil {
			under = append(under, u)
		} else if !until.After(now) {
			t.Error("refused without a time")
		}
	}
	if len(under) != 4 {
		t.Errorf("%d guesses at once after a failure", len(under))
	}
	for _, u := range under {
		u.unknown()
		u.unknown()
	}
	if n := l.tallies["p a 192.0.2.1"].pending; n != 0 {
		t.Error(n)
	}
}

func TestMemoryOfTheLimiterIsBounded(t *testing.T) {
	l := newLimiter(Limits{})
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	for i := range 60000 {
		u, _ := l.begin(fmt.Sprint(i), fmt.Sprint("2001:db8::", i%9000), false, now)
		if u != nil {
			u.failed()
		}
	}
	if len(l.tallies) > maxTallies+10 {
		t.Error(len(l.tallies))
	}
}

func TestNetOf(t *testing.T) {
	for in, want := range map[string]string{
		"10.1.2.3": "10.1.2.3", "10.1.2.3:993": "10.1.2.3", "[2001:db8::1]:1": "2001:db8::/64",
		"2001:db8::ffff": "2001:db8::/64", "::ffff:10.0.0.1": "10.0.0.1", "": "", "pipe": "pipe", "fe80::1%eth0": "fe80::/64",
	} {
		if got := netOf(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestWeakHashIsMadeAnewAtLogin(t *testing.T) {
	o := newOffice(t)
	b := o.person("Lê Hà")
	o.hash.cost.Memory = 128
	o.must(o.login(b.Wire, good, "10.0.0.1"))
	h, err := o.holder(t.Context(), strings.TrimSuffix(b.Wire, "@ninhbinh.gov.vn"))
	o.must(err)
	if !strings.Contains(h.Password, "m=128,") {
		t.Error(h.Password)
	}
	o.must(o.login(b.Wire, good, "10.0.0.1"))
}

func TestHashForms(t *testing.T) {
	for _, s := range []string{"", "x", "$argon2id$v=19$m=1$a$b", "$argon2i$v=19$m=64,t=1,p=1$AAAA$AAAA", "$argon2id$v=19$m=64,t=0,p=1$AAAA$" +
		base64.RawStdEncoding.EncodeToString(make([]byte, 32))} {
		if _, _, _, err := parsePHC(s); err == nil {
			t.Errorf("%q passes for a hash", s)
		}
	}
	seen := map[string]bool{}
	rnd := rand.NewChaCha8([32]byte{2})
	for range 100 {
		p, err := firstPassword(rnd)
		if err != nil || len(p) != 19 || strings.ContainsAny(p, "il1o0") || seen[p] {
			t.Fatal(p, err)
		}
		seen[p] = true
	}
	if _, err := firstPassword(bytes.NewReader([]byte{1, 2})); err == nil {
		t.Error("made a password without randomness")
	}
}

func TestAuditIsChained(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	b := o.person("Lê Hà")
	o.must(o.login(b.Wire, good, "10.0.0.1:5"))
	o.kind(o.login(good, "x", "10.0.0.1"), mail.BadPassword) // a password typed into the wrong field
	o.must(o.Note(ctx, Actor{Account: b.Account, Door: SMTP, Remote: "10.0.0.1"}, "relay-refused", "x@y", "dòng\r\nmới \u202e"+strings.Repeat("a", 1000)))
	o.must(o.Check(ctx))
	rows, err := o.Audit(ctx, 0, 100)
	o.must(err)
	for _, a := range rows {
		text := fmt.Sprintf("%+v", a)
		if strings.Contains(text, good) || strings.Contains(text, "\r") || strings.Contains(text, "\u202e") || len(a.Detail) > maxDetail {
			t.Error(text)
		}
	}
	if want := "[add-unit add-person password-changed login refused relay-refused]"; fmt.Sprint(o.audit()) != want {
		t.Error(o.audit())
	}
	if rows[3].Actor != (Actor{Account: b.Account, Remote: "10.0.0.1", Door: IMAP}) {
		t.Errorf("%+v", rows[3])
	}
	// each field of a row is under its hash
	row, before := rows[2], rows[1].Hash
	for i, change := range []func(*AuditRow){
		func(a *AuditRow) { a.At = a.At.Add(time.Second) }, func(a *AuditRow) { a.Actor.Account++ }, func(a *AuditRow) { a.Actor.Remote += "1" },
		func(a *AuditRow) { a.What = "x" }, func(a *AuditRow) { a.Subject, a.Detail = a.Subject+"a", "" }, func(a *AuditRow) { a.Seq++ },
	} {
		c := row
		change(&c)
		if c.chain(before) == row.Hash {
			t.Errorf("change %d is not seen", i)
		}
	}
	if row.chain(before) != row.Hash || row.chain(rows[0].Hash) == row.Hash {
		t.Error("chain")
	}
}
