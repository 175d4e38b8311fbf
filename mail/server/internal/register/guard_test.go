package register

import (
	"context"
	"fmt"
	"testing"

	"hopthu/mail"
)

// The failures of one box count together however its name is spelled: case, đ, both normal forms, with the domain or not.
func TestSpellingsShareTheirFailures(t *testing.T) {
	o := newOffice(t)
	ctx := context.Background()
	b, _, err := o.AddPerson(ctx, admin, "Đỗ Đình Đức", o.unit.ID, "")
	o.must(err)
	o.must(o.SetPassword(ctx, admin, b.Wire, good))
	if b.Address == b.Wire {
		t.Fatal("one spelling only")
	}
	const remote = "192.0.2.7"
	names := []string{b.Address, b.Wire, "DUCDD.KH&ĐT@" + o.Domain(), "ducdd.kh&đt", "DucDD.kh&Dt"}
	for _, name := range names {
		o.kind(o.login(name, "sai", remote), mail.BadPassword)
	}
	for _, name := range names {
		o.kind(o.login(name, good, remote), mail.LockedOut)
	}
	if _, err := o.talk(plainly(b.Address, good), Channel{}, remote); mail.KindOf(err) != mail.LockedOut {
		t.Errorf("SCRAM: %v", err)
	}
	err = o.ChangePassword(ctx, PasswordChange{Login: b.Address, Old: good, New: "Lúa chín vàng 9 cánh đồng", Remote: remote, Door: Web})
	o.kind(err, mail.LockedOut)
}

// Whoever does not know the password learns nothing of a box: not that it is suspended, waits for its first change, has
// no password yet, or is none. With the password each is told why he does not come in.
func TestWrongPasswordsAreAlike(t *testing.T) {
	o := newOffice(t)
	ctx := context.Background()
	suspended := o.person("Trần Văn Hùng")
	o.must(o.Suspend(ctx, admin, suspended.Wire, "thử"))
	fresh, first, err := o.AddPerson(ctx, admin, "Lê Thị Lan", o.unit.ID, "")
	o.must(err)
	names := []string{suspended.Wire, fresh.Wire, o.unit.Wire, "khong.co"}
	for i, name := range names {
		remote := fmt.Sprint("198.51.100.", i)
		if got := o.detail(o.login(name, "sai", remote), mail.BadPassword); got != "" {
			t.Errorf("%s: %q", name, got)
		}
		if _, err := o.talk(plainly(name, "sai"), Channel{}, remote); mail.KindOf(err) != mail.BadPassword {
			t.Errorf("%s: SCRAM: %v", name, err)
		}
		err := o.ChangePassword(ctx, PasswordChange{Login: name, Old: "sai", New: "Lúa chín vàng 9 cánh đồng", Remote: remote, Door: Web})
		o.kind(err, mail.BadPassword)
	}
	o.kind(o.login(suspended.Wire, good, "198.51.100.9"), mail.Refused)
	o.kind(o.login(fresh.Wire, first, "198.51.100.9"), mail.MustChange)
}

// A login by SCRAM whose keys another login renews at the same moment comes in: its password is the same. A renewal is no
// change of the password, and says so.
func TestScramRacesWithRenewal(t *testing.T) {
	o := newOffice(t)
	ctx := context.Background()
	b := o.person("Trần Văn Hùng")
	wire, _ := o.wireOf(b.Wire)
	before, err := o.holder(ctx, wire)
	o.must(err)
	for _, c := range []struct {
		what string
		do   func()
		want mail.FaultKind
	}{
		{"renewed", func() {
			o.Register.hash.rounds++
			o.must(o.login(b.Wire, good, "10.0.0.2"))
		}, ""},
		{"replaced", func() { o.must(o.SetPassword(ctx, admin, b.Wire, "Lúa chín vàng 9 cánh đồng")) }, mail.BadPassword},
	} {
		x := o.Scram(Attempt{Remote: "10.0.0.1", Door: IMAP}, Channel{})
		p := plainly(b.Wire, good)
		server, _, err := x.Next(ctx, p.first())
		o.must(err)
		c.do()
		_, s, err := x.Next(ctx, p.final(t, server))
		if mail.KindOf(err) != c.want {
			t.Errorf("%s: %v, expected %q", c.what, err, c.want)
		}
		if s != nil {
			s.End()
		}
		now, err := o.holder(ctx, wire)
		o.must(err)
		if now.Password == before.Password || (now.ChangedAt == before.ChangedAt) != (c.want == "") {
			t.Errorf("%s: changed at %d, before at %d", c.what, now.ChangedAt, before.ChangedAt)
		}
	}
}
