package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hopthu/config"
	"hopthu/mail"
	"hopthu/mail/store"
	"hopthu/ui/frame"
)

// TestInterruptedDemoStartsAnew: killed while the province was made, the folder was neither a demo nor empty.
func TestInterruptedDemoStartsAnew(t *testing.T) {
	r, out, _ := newRoot(t)
	dir := filepath.Join(r.dir, "demo")
	if fresh, err := r.claimDemo(dir); err != nil || !fresh {
		t.Fatalf("%v %v", fresh, err)
	}
	half := filepath.Join(dir, "server", "mail.db")
	if err := config.WriteFile(half, []byte("half")); err != nil {
		t.Fatal(err)
	}
	if fresh, err := r.claimDemo(dir); err != nil || !fresh {
		t.Errorf("%v %v %s", fresh, err, out)
	}
	if _, err := os.Stat(half); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("half a server stays: %v", err)
	}
	if err := errors.Join(config.WriteFile(filepath.Join(dir, demoMark), []byte(demoFilled)), config.WriteFile(half, []byte("whole"))); err != nil {
		t.Fatal(err)
	}
	if fresh, err := r.claimDemo(dir); err != nil || fresh {
		t.Errorf("%v %v", fresh, err)
	}
	if b, err := os.ReadFile(half); err != nil || string(b) != "whole" {
		t.Errorf("%q %v", b, err)
	}
}

// TestDemoWithoutSignIn: whoever looks at the demo and quits before the first sign-in finds no heap of empty stores.
func TestDemoWithoutSignIn(t *testing.T) {
	r, out, _ := newRoot(t)
	dirs := config.Under(r.dir)
	for range 2 {
		if err := dropStore(dirs); err != nil {
			t.Fatal(err)
		}
		a, err := r.open(t.Context(), dirs, openMode{service: "hopthu-test", noRing: true})
		if err != nil {
			t.Fatal(err)
		}
		if err := a.close(); err != nil {
			t.Fatal(err)
		}
	}
	left, err := filepath.Glob(storeFile(dirs) + ".*-2*")
	if err != nil || len(left) > 0 || out.Len() > 0 {
		t.Errorf("left %v %v, said %q", left, err, out)
	}
}

func TestFirstPage(t *testing.T) {
	const link = "mailto:a@b.example"
	for _, c := range []struct {
		mailto string
		known  bool
		want   frame.Target
	}{
		{"", true, nil},
		{"", false, nil},
		{link, true, frame.OpenCompose{Mailto: link}},
		{link, false, frame.OpenStart{Then: frame.OpenCompose{Mailto: link}}},
	} {
		if got := firstPage(c.mailto, c.known); got != c.want {
			t.Errorf("firstPage(%q, %v) = %+v", c.mailto, c.known, got)
		}
	}
}

func TestDemoTouchesNoOtherFolder(t *testing.T) {
	r, out, _ := newRoot(t)
	theirs := filepath.Join(r.dir, "hồ sơ", "công văn.odt")
	if err := config.WriteFile(theirs, []byte("x")); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Dir(theirs)
	_, claim := r.claimDemo(dir)
	for _, err := range []error{claim, r.resetDemo(dir)} {
		if code, untold := split(err); code != exitFailed || untold != nil {
			t.Errorf("exit %d, %v", code, untold)
		}
	}
	if n := strings.Count(out.String(), dir); n != 2 {
		t.Errorf("said %q", out)
	}
	if all, err := os.ReadDir(dir); err != nil || len(all) != 1 {
		t.Errorf("%v %v", all, err)
	}
}

// TestSecondHopthu is told so in words, and duty works meanwhile.
func TestSecondHopthu(t *testing.T) {
	r, out, dirs := newRoot(t)
	a, err := r.open(t.Context(), dirs, openMode{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.close(); err != nil {
			t.Error(err)
		}
	}()
	if _, err := store.Open(t.Context(), storeFile(dirs), [32]byte{}, store.Options{}); mail.KindOf(err) != mail.StoreLocked {
		t.Errorf("%v", err)
	}
	r.complain(&mail.Fault{Kind: mail.StoreLocked, Op: "open store"})
	if w := r.w.Fault(&mail.Fault{Kind: mail.StoreLocked}); w.Next == "" || !strings.Contains(out.String(), w.Next) {
		t.Errorf("%q", out)
	}
}

// TestInterruptedStart is no internal error.
func TestInterruptedStart(t *testing.T) {
	r, out, dirs := newRoot(t)
	a, err := r.open(t.Context(), dirs, openMode{})
	if err == nil {
		err = a.close()
	}
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, args := range [][]string{{"demo", "--dir", filepath.Join(t.TempDir(), "d")}} {
		out.Reset()
		if code := run(ctx, args, r.term); code != exitInterrupted || strings.Contains(out.String(), r.w.Fault(&mail.Fault{Kind: mail.Unknown}).What) {
			t.Errorf("%v: exit %d, %q", args, code, out)
		}
	}
}
