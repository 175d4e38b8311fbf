package office

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	mrand "math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/rule"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/register"
)

const killDir = "HOPTHU_KILL_DIR"

func realNow() time.Time { return time.Now().In(rule.Zone) }

// runHelper is the process that is killed: two people hand a box over to each other without end, and each step is said after it
// was acknowledged.
func runHelper() bool {
	dir := os.Getenv(killDir)
	if dir == "" {
		return false
	}
	if err := handOn(context.Background(), dir); err != nil {
		fmt.Println("fell", err)
	}
	return true
}

func handOn(ctx context.Context, dir string) error {
	_, b, r, o, err := rooms(ctx, dir, realNow)
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		agency, err := r.Lookup(ctx, "kh&đt")
		if err != nil {
			return err
		}
		head, _, err := r.Head(ctx, agency.Account)
		if err != nil {
			return err
		}
		next := "hungtv.kh&dt"
		if strings.HasPrefix(head.Wire, next) {
			next = "maint.kh&dt"
		}
		to, err := r.Lookup(ctx, next)
		if err != nil {
			return err
		}
		if err := put(ctx, b, agency.Account, fmt.Sprintf("From: a@b\r\nSubject: %d\r\n\r\nx", n)); err != nil {
			return err
		}
		if err := once(ctx, r, o, agency, head, to); err != nil {
			return err
		}
	}
}

func put(ctx context.Context, b *box.Service, a box.AccountID, raw string) error {
	st, err := b.Stage(ctx, strings.NewReader(raw))
	if err != nil {
		return err
	}
	_, err = b.Append(ctx, box.InboxOf(a), box.Mark{}, st)
	return errors.Join(err, st.Close())
}

// once is one handover, taken up where a process before was killed.
func once(ctx context.Context, r *register.Register, o *Office, agency, head, to register.Box) error {
	_, err := r.Delegate(ctx, by(head), mail.Delegation{
		Box: agency.Wire, Person: mail.Person{Addr: to.Wire}, Document: "1", Dated: realNow(), Scope: mail.ScopeAnswer,
	})
	if err != nil && mail.KindOf(err) != mail.Refused { // frozen by the one before
		return err
	}
	h, err := o.HandoverAct(ctx, by(head), api.HandoverAct{Do: api.HandoverBegin, Box: agency.Wire, Receiver: to.Wire})
	if whyOf(err) == Frozen {
		list, err := o.BoxHandovers(ctx, agency.Wire)
		if err != nil {
			return err
		}
		h = list[0]
	} else if err != nil {
		return err
	}
	fmt.Println("begun", h.ID)
	for _, p := range []register.Box{head, to} {
		if _, err := o.HandoverAct(ctx, by(p), api.HandoverAct{Do: api.HandoverConfirm, ID: h.ID, Hash: h.Inventory.Hash}); err != nil {
			return err
		}
		fmt.Println("said", h.ID)
	}
	fmt.Println("done", h.ID)
	return nil
}

// A process killed at any step of a handover leaves the old state or the new one.
func TestHandoverKill(t *testing.T) {
	dir := t.TempDir()
	makeAgency(t, dir)
	rounds := 4
	if testing.Short() {
		rounds = 1
	}
	rnd := mrand.New(mrand.NewPCG(3, 4))
	for range rounds {
		last := runAndKill(t, dir, 3+rnd.IntN(20))
		examine(t, dir, last)
	}
}

func makeAgency(t *testing.T, dir string) {
	t.Helper()
	d, _, r, _, err := rooms(t.Context(), dir, realNow)
	if err != nil {
		t.Fatal(err)
	}
	u, b, err := r.AddUnit(t.Context(), admin, register.Unit{Name: "Sở Kế hoạch và Đầu tư", Regulation: "kh&đt"})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Nguyễn Thị Mai", "Trần Văn Hùng"} {
		if _, _, err := r.AddPerson(t.Context(), admin, name, u.ID, ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(r.SetHead(t.Context(), admin, b.Wire, "maint.kh&dt"), d.Close()); err != nil {
		t.Fatal(err)
	}
}

// runAndKill kills the helper after so many lines and gives the last handover that it said was done.
func runAndKill(t *testing.T, dir string, lines int) (done int64) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), killDir+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	scan := bufio.NewScanner(out)
	for n := 0; scan.Scan(); n++ {
		what, id, _ := strings.Cut(scan.Text(), " ")
		switch what {
		case "fell":
			t.Error(scan.Text())
		case "done":
			if _, err := fmt.Sscan(id, &done); err != nil {
				t.Fatal(err)
			}
		}
		if n == lines {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); scan.Err() != nil || !errors.As(err, &exit) {
		t.Fatalf("it was not killed: %v %v", err, scan.Err())
	}
	return done
}

func examine(t *testing.T, dir string, done int64) {
	t.Helper()
	ctx := t.Context()
	d, b, r, o, err := rooms(ctx, dir, realNow)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := errors.Join(d.Check(ctx), b.Check(ctx), r.Check(ctx), o.Check(ctx)); err != nil {
		t.Error(err)
	}
	list, err := o.BoxHandovers(ctx, "kh&đt")
	if err != nil {
		t.Fatal(err)
	}
	for i, h := range list {
		if h.State != mail.HandoverDone && (i > 0 || h.ID <= done) {
			t.Errorf("handover %d is %s", h.ID, h.State)
		}
	}
	if len(list) > 0 {
		whole(t, r, o, list[0])
	}
}

// whole holds one handover to all that must be true together: old or new, nothing between.
func whole(t *testing.T, r *register.Register, o *Office, h mail.Handover) {
	t.Helper()
	ctx := context.Background()
	agency, err := r.Lookup(ctx, h.Box)
	if err != nil {
		t.Fatal(err)
	}
	head, _, err := r.Head(ctx, agency.Account)
	if err != nil {
		t.Fatal(err)
	}
	given, err := r.Delegations(ctx, admin, agency.Account)
	if err != nil {
		t.Fatal(err)
	}
	var frozen bool
	err = o.db.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		frozen, err = r.FrozenTx(ctx, tx, agency.Account)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want := h.Giver.Addr
	switch h.State {
	case mail.HandoverDone:
		want = h.Receiver.Addr
		for _, d := range given {
			if d.Ended.IsZero() && d.Given.Before(h.DoneAt) {
				t.Errorf("delegation %d outlived handover %d", d.ID, h.ID)
			}
		}
		fallthrough
	case mail.HandoverRefused, mail.HandoverCancelled:
		if frozen {
			t.Errorf("handover %d is %s, but the box is frozen", h.ID, h.State)
		}
	case mail.HandoverFrozen, mail.HandoverGiven, mail.HandoverTaken:
		if !frozen {
			t.Errorf("handover %d is %s, but the box is not frozen", h.ID, h.State)
		}
	}
	if head.Wire != want {
		t.Errorf("handover %d is %s, but the head is %s", h.ID, h.State, head.Wire)
	}
}

// Each commit of a handover fails once, and is once lost on its way back though it is on disk: what is left is whole, and what
// was told is true.
func TestHandoverCommits(t *testing.T) {
	for at := range 3 {
		for _, lost := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d %v", at, lost), func(t *testing.T) { breakCommit(t, at, lost) })
		}
	}
}

func breakCommit(t *testing.T, at int, lost bool) {
	armed := false
	commit := func(commit func() error) error {
		if !armed {
			return commit()
		}
		armed = false
		if lost {
			return errors.Join(commit(), errors.New("the answer was lost"))
		}
		return errors.New("the disk said no")
	}
	c := &clock{t: time.Date(2026, 11, 24, 8, 0, 0, 0, rule.Zone)}
	g := &rig{t: t, clock: c}
	var err error
	g.db, err = db.Open(t.Context(), t.TempDir(), db.Options{Now: c.now, Commit: commit})
	g.must(err)
	t.Cleanup(func() { g.must(g.db.Close()) })
	g.box = box.New(g.db, box.Options{Now: c.now})
	g.reg, err = register.New(t.Context(), g.db, g.box, register.Options{Domain: domain, Now: c.now, Rand: rand.Reader, Hash: cheap, Rounds: 4096})
	g.must(err)
	g.Office, err = New(g.db, g.box, g.reg, Options{Now: c.now})
	g.must(err)
	g.people()
	step := func(n int, p register.Box, a api.HandoverAct) mail.Handover {
		c.add(time.Minute)
		armed = n == at
		h, err := g.HandoverAct(context.Background(), by(p), a)
		if n == at && !lost {
			if err == nil {
				t.Fatalf("step %d: no error", n)
			}
			if list, err := g.BoxHandovers(context.Background(), g.agency.Wire); err != nil {
				t.Fatal(err)
			} else if len(list) > 0 {
				whole(t, g.reg, g.Office, list[0])
			}
			h, err = g.HandoverAct(context.Background(), by(p), a)
		}
		if err != nil {
			t.Fatalf("step %d: %v", n, err)
		}
		whole(t, g.reg, g.Office, h)
		return h
	}
	h := step(0, g.head, api.HandoverAct{Do: api.HandoverBegin, Box: g.agency.Wire, Receiver: g.minh.Wire})
	step(1, g.head, api.HandoverAct{Do: api.HandoverConfirm, ID: h.ID, Hash: h.Inventory.Hash})
	if h = step(2, g.minh, api.HandoverAct{Do: api.HandoverConfirm, ID: h.ID, Hash: h.Inventory.Hash}); h.State != mail.HandoverDone {
		t.Errorf("%+v", h)
	}
}
