package queue

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	mrand "math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/register"
)

var killRounds = flag.Int("kill.rounds", 3, "rounds of TestKill")

const (
	killDir   = "HOPTHU_KILL_DIR"
	killRound = "HOPTHU_KILL_ROUND"
	workers   = 8
)

// shop is a server as the helper process and its examiner open it.
type shop struct {
	d   *db.DB
	box *box.Service
	reg *register.Register
	q   *Queue
	who register.Box
	to  register.Box
}

func openShop(ctx context.Context, dir string) (*shop, error) {
	now := func() time.Time { return time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC) }
	d, err := db.Open(ctx, dir, db.Options{Now: now})
	if err != nil {
		return nil, err
	}
	s := &shop{d: d, box: box.New(d, box.Options{Now: now, Spool: dir})}
	s.reg, err = register.New(ctx, d, s.box, register.Options{
		Domain: "x.vn", Now: now, Rand: rand.Reader,
		Hash: register.HashCost{Memory: 64, Time: 1, Threads: 1},
	})
	if err != nil {
		return nil, err
	}
	s.q, err = New(d, s.box, s.reg, Options{Host: "mail.x.vn", Now: now, Rand: rand.Reader, Relay: &fakeRelay{}})
	if err != nil {
		return nil, err
	}
	for name, b := range map[string]*register.Box{"gui": &s.who, "nhan": &s.to} {
		if *b, err = s.reg.Lookup(ctx, name+"@x.vn"); mail.KindOf(err) == mail.BadAddress {
			_, *b, err = s.reg.AddUnit(ctx, register.Actor{Door: register.Admin}, register.Unit{Name: name, Regulation: name})
		}
		if err != nil {
			return nil, err
		}
	}
	return s, nil
}

// runHelper is the process that is killed: it submits, appends, flags and moves without end, and says each act on its
// standard output after it was acknowledged.
func runHelper() bool {
	dir := os.Getenv(killDir)
	if dir == "" {
		return false
	}
	ctx := context.Background()
	s, err := openShop(ctx, dir)
	if err != nil {
		fmt.Println("fell", err)
		return true
	}
	var mu sync.Mutex
	say := func(a ...any) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Println(a...)
	}
	var wg sync.WaitGroup
	for w := range workers {
		wg.Add(1)
		mail.Go("worker", func() {
			defer wg.Done()
			for i := 0; ; i++ {
				if err := s.act(ctx, fmt.Sprintf("%s-%d-%d@x", os.Getenv(killRound), w, i), i, say); err != nil {
					say("fell", err)
					return
				}
			}
		})
	}
	wg.Wait()
	return true
}

func body(id string) string {
	return "Message-ID: <" + id + ">\r\nSubject: x\r\n\r\n" + strings.Repeat(id+"\r\n", 200)
}

func (s *shop) act(ctx context.Context, id string, i int, say func(...any)) error {
	e := Envelope{Account: s.who.Account, From: s.who.Wire, To: To(s.to.Wire, fmt.Sprint("dan@", i, ".example"))}
	say("begin", id)
	if _, err := s.q.Accept(ctx, e, strings.NewReader(body(id))); err != nil {
		return err
	}
	say("accepted", id)
	in := box.InboxOf(s.to.Account)
	uids, err := s.box.FindMessageID(ctx, in, id)
	if err != nil || len(uids) != 1 {
		return fmt.Errorf("find %s: %v, %w", id, uids, err)
	}
	switch i % 3 {
	case 0:
		if _, err := s.box.Store(ctx, in, uids, box.FlagChange{Mode: box.Add, Flags: mail.Seen | mail.Answered}); err != nil {
			return err
		}
		say("answered", id)
	case 1:
		say("moving", id)
		if _, err := s.box.Move(ctx, in, uids, "Archive"); err != nil {
			return err
		}
		say("moved", id)
	default:
		if _, err := s.box.Store(ctx, in, uids, box.FlagChange{Mode: box.Add, Flags: mail.Deleted}); err != nil {
			return err
		}
		say("erasing", id)
		if _, err := s.box.Expunge(ctx, in, uids); err != nil {
			return err
		}
		say("erased", id)
	}
	return nil
}

// A process killed at any moment has lost nothing it acknowledged, done nothing twice, and left every invariant whole.
func TestKill(t *testing.T) {
	rounds := *killRounds
	if testing.Short() {
		rounds = 1
	}
	dir := t.TempDir()
	said := map[string]map[string]bool{} // id → acts
	rnd := mrand.New(mrand.NewPCG(1, 2))
	for round := range rounds {
		runAndKill(t, dir, round, 60+rnd.IntN(240), said)
		examine(t, dir, said)
	}
	if len(said) < rounds {
		t.Errorf("only %d letters were begun", len(said))
	}
}

// runAndKill kills the helper after it has said so many lines.
func runAndKill(t *testing.T, dir string, round, lines int, said map[string]map[string]bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), killDir+"="+dir, fmt.Sprint(killRound, "=", round))
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
		act, id, _ := strings.Cut(scan.Text(), " ")
		if act == "fell" {
			t.Error(scan.Text())
		}
		if said[id] == nil {
			said[id] = map[string]bool{}
		}
		said[id][act] = true
		if n == lines { // what it says until it dies counts as well
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := errors.Join(scan.Err()); err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) {
		t.Fatalf("it was not killed: %v", err)
	}
}

func examine(t *testing.T, dir string, said map[string]map[string]bool) {
	t.Helper()
	ctx := t.Context()
	s, err := openShop(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	archive, err := s.box.Find(ctx, s.to.Account, "Archive")
	if err != nil {
		t.Fatal(err)
	}
	queued := map[string]int{}
	list, err := s.q.List(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range list {
		queued[item.ID]++
	}
	letters := 0
	for id, acts := range said {
		in, err1 := s.box.FindMessageID(ctx, box.InboxOf(s.to.Account), id)
		moved, err2 := s.box.FindMessageID(ctx, archive.Ref, id)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		letters += len(in) + len(moved)
		checkActs(t, s, id, acts, in, len(moved))
	}
	for id, n := range queued {
		if n != 1 {
			t.Errorf("queue item %s stands %d times", id, n)
		}
	}
	if n := len(queued); n < letters {
		t.Errorf("%d letters on the way outside, but %d delivered here", n, letters)
	}
	if err := errors.Join(s.d.Check(ctx), s.box.Check(ctx), s.reg.Check(ctx), s.q.Check(ctx), s.d.Close()); err != nil {
		t.Error(err)
	}
}

func checkActs(t *testing.T, s *shop, id string, acts map[string]bool, in []mail.UID, moved int) {
	t.Helper()
	n := len(in) + moved
	switch {
	case acts["erased"] && n != 0:
		t.Errorf("%s: erased, and there %d times", id, n)
	case acts["moved"] && (moved != 1 || len(in) != 0):
		t.Errorf("%s: moved, and %d times in the inbox, %d in the archive", id, len(in), moved)
	case acts["accepted"] && !acts["erasing"] && n != 1:
		t.Errorf("%s: acknowledged, and there %d times", id, n)
	case n > 1:
		t.Errorf("%s: there %d times", id, n)
	}
	if !acts["answered"] || len(in) != 1 {
		return
	}
	rows, err := s.box.Rows(t.Context(), box.InboxOf(s.to.Account), []box.UIDRange{{Lo: in[0], Hi: in[0]}})
	if err != nil || !rows[0].Flags.Has(mail.Seen|mail.Answered) {
		t.Errorf("%s: its flags were acknowledged and are %v, %v", id, rows[0].Names(), err)
		return
	}
	r, err := s.box.Open(t.Context(), rows[0])
	if err != nil {
		t.Error(err)
		return
	}
	if p, err := io.ReadAll(r); err != nil || !strings.HasSuffix(string(p), body(id)) {
		t.Errorf("%s: its bytes are not its own, %v", id, err)
	}
}
