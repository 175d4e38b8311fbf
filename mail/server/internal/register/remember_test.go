package register

import (
	"context"
	"crypto/rand"
	"errors"
	"testing"
	"time"
)

// TestProvedPasswordNeedsNoRun: with every place to reckon in taken, only a password proved not long ago is answered.
func TestProvedPasswordNeedsNoRun(t *testing.T) {
	c := &clock{t: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)}
	h, err := newHasher(cheap, 4096, rand.Reader, c.now)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	stored, err := h.makeHash(ctx, good)
	if err != nil {
		t.Fatal(err)
	}
	other, err := h.makeHash(ctx, good)
	if err != nil {
		t.Fatal(err)
	}
	if ok, _, err := h.check(ctx, "another", stored); ok || err != nil {
		t.Fatal(ok, err)
	}
	if ok, _, err := h.check(ctx, good, stored); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if ok, _, err := h.check(ctx, "another", stored); ok || err != nil {
		t.Fatal("a wrong password after a right one", ok, err)
	}

	full, stop := context.WithCancel(ctx)
	stop()
	for range cap(h.slots) {
		h.slots <- struct{}{}
	}
	try := func(password, stored string, known bool) {
		t.Helper()
		ok, _, err := h.check(full, password, stored)
		if ok != known || known == errors.Is(err, context.Canceled) {
			t.Errorf("%q: %v, %v", password, ok, err)
		}
	}
	try(good, stored, true)
	try("Tra\u0302u bo\u0300 ca\u0300y ruo\u0323\u0302ng 7 sa\u0300o", stored, true) // decomposed
	try("another", stored, false)
	try(good, other, false) // a hash made anew, of the same password
	try("another", "", false)

	c.add(rememberFor - time.Second)
	try(good, stored, true)
	c.add(time.Second)
	try(good, stored, false)
}

func TestProvedIsBoundedAndForgetsWhenTheClockGoesBack(t *testing.T) {
	c := &clock{t: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)}
	p := newProved([]byte("key"), c.now)
	for i := range mostRemembered + 10 {
		p.add("password", string(rune(i)))
	}
	if n := len(p.list); n != mostRemembered {
		t.Fatal(n)
	}
	if !p.knows("password", string(rune(1))) || p.knows("password", string(rune(mostRemembered+1))) {
		t.Error("what came first is kept, what has no room is not")
	}
	c.add(-time.Hour)
	if p.knows("password", string(rune(2))) {
		t.Error("proved in what is now the future")
	}
	c.add(time.Hour + rememberFor + time.Second)
	p.add("password", "new")
	p.add("password", "newer") // finds no room, and makes some
	if n := len(p.list); n != 2 || !p.knows("password", "new") || !p.knows("password", "newer") {
		t.Error(n)
	}
}
