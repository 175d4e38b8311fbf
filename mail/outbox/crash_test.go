package outbox

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/store"
)

// death is what a fault point throws: the process ends here.
type death struct{}

// faults counts the steps that the worker takes outside itself and ends it at one of them: before its effect, after
// it, or with an error instead of it.
type faults struct {
	step, at int
	how      string // "before", "after", "error"
}

var errDisk = &mail.Fault{Kind: mail.DiskFull, Op: "test"}

func (f *faults) before() error {
	f.step++
	if f.step == f.at {
		switch f.how {
		case "before":
			panic(death{})
		case "error":
			return errDisk
		}
	}
	return nil
}

func (f *faults) after() {
	if f.step == f.at && f.how == "after" {
		panic(death{})
	}
}

// frail is a store that dies at a step.
type frail struct {
	Store
	*faults
}

func (f frail) NextOutgoing(ctx context.Context, now time.Time) (store.Outgoing, bool, error) {
	if err := f.before(); err != nil {
		return store.Outgoing{}, false, err
	}
	defer f.after()
	return f.Store.NextOutgoing(ctx, now)
}

func (f frail) SetOutState(ctx context.Context, id mail.OutboxID, from []mail.OutboxState, to mail.OutboxState, u store.OutUpdate) (bool, error) {
	if err := f.before(); err != nil {
		return false, err
	}
	defer f.after()
	return f.Store.SetOutState(ctx, id, from, to, u)
}

func (f frail) Sending(ctx context.Context) ([]store.Outgoing, error) {
	if err := f.before(); err != nil {
		return nil, err
	}
	defer f.after()
	return f.Store.Sending(ctx)
}

func (f frail) InSent(ctx context.Context, a mail.AccountID, mid string) (bool, error) {
	if err := f.before(); err != nil {
		return false, err
	}
	defer f.after()
	return f.Store.InSent(ctx, a, mid)
}

// frailSender dies before the server has the letter, or after.
type frailSender struct {
	Sender
	*faults
}

func (f frailSender) Send(ctx context.Context, e Envelope, size int64, r io.Reader) (Receipt, error) {
	if err := f.before(); err != nil {
		return Receipt{}, fault(mail.LostConnection, "")
	}
	defer f.after()
	return f.Sender.Send(ctx, e, size, r)
}

// live runs the worker until everything due is done; false if it died.
func live(w *Worker) (alive bool) {
	defer func() {
		if v := recover(); v != nil {
			if _, ok := v.(death); !ok {
				panic(v)
			}
		}
	}()
	err := w.work(context.Background())
	if err != nil && !errors.Is(err, errDisk) {
		panic(err)
	}
	return true
}

// TestDeathAtEveryStep ends the worker at each of its steps and starts it again, again and again: no letter is lost and
// the server never has one twice.
func TestDeathAtEveryStep(t *testing.T) {
	for _, how := range []string{"before", "after", "error"} {
		died := 0
		for at := 1; ; at++ {
			o := newOffice(t)
			f := &faults{at: at, how: how}
			o.w = o.worker(frail{o.s, f})
			o.w.senders = func(mail.AccountID) (Sender, bool) { return frailSender{o.sender, f}, true }
			ids := []mail.OutboxID{o.add("m1@x", 0), o.add("m2@x", 0)}
			alive := live(o.w)
			if f.step < at {
				break // there is no such step
			}
			died++
			if !alive {
				o.w = o.worker(o.s)
			}
			for range 5 { // later looks, with everything in order
				o.clock.Add(time.Hour)
				live(o.w)
			}
			for i, id := range ids {
				checkLetter(t, o, id, fmt.Sprintf("m%d@x", i+1), fmt.Sprintf("%s step %d", how, at))
			}
		}
		if died < 5 {
			t.Errorf("%s: only %d steps", how, died)
		}
	}
}

// checkLetter proves what must hold of a letter after any death: it is sent and the server has it once, or its outcome
// is unknown and the person decides.
func checkLetter(t *testing.T, o *office, id mail.OutboxID, mid, what string) {
	t.Helper()
	it, n := o.item(id), o.sender.got[mid]
	switch it.State {
	case mail.OutSent:
		if n != 1 {
			t.Errorf("%s: %s is sent, server has it %d times", what, mid, n)
		}
	case mail.OutUnknown:
		if n > 1 {
			t.Errorf("%s: %s went out %d times", what, mid, n)
		}
		if n == 1 { // Sent tells
			o.putInSent(mid)
			live(o.w)
			if o.item(id).State != mail.OutSent || o.sender.got[mid] != 1 {
				t.Errorf("%s: %s stands in Sent, state %s, server has it %d times", what, mid, o.item(id).State, o.sender.got[mid])
			}
		}
	default:
		t.Errorf("%s: %s ended as %+v", what, mid, it)
	}
	if _, err := o.s.OutgoingByID(context.Background(), id); err != nil {
		t.Errorf("%s: %s is lost: %v", what, mid, err)
	}
}

// TestDiskFullAfter250 keeps the outcome until the disk takes it and lets nothing else leave before.
func TestDiskFullAfter250(t *testing.T) {
	o := newOffice(t)
	full := true
	o.w = o.worker(fullDisk{o.s, &full})
	id, other := o.add("m1@x", 0), o.add("m2@x", 0)
	for range 3 {
		live(o.w)
	}
	if o.item(id).State != mail.OutSending || o.sender.got["m1@x"] != 1 || o.sender.got["m2@x"] != 0 {
		t.Fatalf("%+v, server has %v", o.item(id), o.sender.got)
	}
	full = false
	live(o.w)
	if o.item(id).State != mail.OutSent || o.item(other).State != mail.OutSent || o.sender.got["m1@x"] != 1 {
		t.Errorf("%+v %+v, server has %v", o.item(id), o.item(other), o.sender.got)
	}
}

// fullDisk takes no outcome while it is full.
type fullDisk struct {
	Store
	full *bool
}

func (f fullDisk) SetOutState(ctx context.Context, id mail.OutboxID, from []mail.OutboxState, to mail.OutboxState, u store.OutUpdate) (bool, error) {
	if *f.full && to == mail.OutSent {
		return false, errDisk
	}
	return f.Store.SetOutState(ctx, id, from, to, u)
}

const helperEnv = "HOPTHU_OUTBOX_CRASH"

var helperKey = [32]byte{9}

// helper is the process that TestSIGKILL ends: it works on the outbox of the store in the environment and says what
// the server gets; at the named point it says so and waits to be killed.
func helper() bool {
	dir, point, ok := strings.Cut(os.Getenv(helperEnv), "|")
	if !ok {
		return false
	}
	clock := newClock()
	s, err := store.Open(context.Background(), filepath.Join(dir, "mail.db"), helperKey, store.Options{Now: clock.Now})
	if err != nil {
		fmt.Println("error", err)
		return true
	}
	w := New(s, func(mail.AccountID) (Sender, bool) { return mortal{point}, true }, clock)
	fmt.Println("ended", w.work(context.Background()))
	halt("recorded")
	return true
}

// halt says where the process stands and waits for the end.
func halt(point string) {
	fmt.Println("at", point)
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil { // never ends while the parent lives
		fmt.Println("error", err)
	}
}

// mortal is a server whose client is killed at a point.
type mortal struct{ point string }

func (m mortal) Send(_ context.Context, e Envelope, _ int64, r io.Reader) (Receipt, error) {
	if m.point == "first byte" {
		halt(m.point)
	}
	if _, err := io.Copy(io.Discard, r); err != nil {
		return Receipt{}, fmt.Errorf("read letter: %w", err)
	}
	fmt.Println("got", e.ID)
	if m.point == "final dot" {
		halt(m.point)
	}
	return Receipt{Text: "250 ok"}, nil
}

func TestSIGKILL(t *testing.T) {
	for _, c := range []struct {
		point string
		state mail.OutboxState
	}{{"first byte", mail.OutUnknown}, {"final dot", mail.OutUnknown}, {"recorded", mail.OutSent}} {
		t.Run(c.point, func(t *testing.T) {
			dir := t.TempDir()
			got := 0
			id := fillStore(t, dir)
			for _, line := range killAt(t, dir, c.point) {
				if line == "got m1@x" {
					got++
				}
			}
			o := &office{t: t, sender: newSender(), clock: newClock()}
			s, err := store.Open(context.Background(), filepath.Join(dir, "mail.db"), helperKey, store.Options{Now: o.clock.Now})
			o.must(err)
			o.s, o.w = s, o.worker(s)
			for range 3 {
				o.work()
				o.clock.Add(time.Hour)
			}
			if st := o.item(id).State; st != c.state {
				t.Errorf("killed at %s: %s, want %s", c.point, st, c.state)
			}
			if n := got + o.sender.got["m1@x"]; n > 1 {
				t.Errorf("server has the letter %d times", n)
			}
			o.must(s.Close())
		})
	}
}

func fillStore(t *testing.T, dir string) mail.OutboxID {
	t.Helper()
	s, err := store.Open(context.Background(), filepath.Join(dir, "mail.db"), helperKey, store.Options{Now: newClock().Now})
	if err != nil {
		t.Fatal(err)
	}
	prepare(t, s)
	id, err := s.AddOutgoing(context.Background(), outgoing("m1@x", start))
	if err == nil {
		err = s.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// killAt runs the helper, kills it when it stands at the point, and gives what it said.
func killAt(t *testing.T, dir, point string) (lines []string) {
	t.Helper()
	cmd := exec.Command(os.Args[0]) //nolint:gosec // this very test binary
	cmd.Env = append(os.Environ(), helperEnv+"="+dir+"|"+point)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	sc := bufio.NewScanner(out)
	for sc.Scan() {
		lines = append(lines, sc.Text())
		if sc.Text() == "at "+point {
			break
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) {
		t.Fatalf("helper ended by itself: %v", err)
	}
	if !slices.Contains(lines, "at "+point) {
		t.Fatalf("helper never stood at %q: %q", point, lines)
	}
	return lines
}
