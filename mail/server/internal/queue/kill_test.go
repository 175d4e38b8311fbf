package queue

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	mrand "math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"hopthu/mail"
)

var killRounds = flag.Int("kill.rounds", 3, "rounds of TestKill")

const (
	killDir   = "HOPTHU_KILL_DIR"
	killRound = "HOPTHU_KILL_ROUND"
	workers   = 8
)

// runHelper is the process that is killed: it submits, appends, flags and moves without end, and says each act on its
// standard output after it was acknowledged.
func runHelper() bool {
	dir := os.Getenv(killDir)
	if dir == "" {
		return false
	}
	ctx := context.Background()
	s, err := openShop(ctx, dir, "")
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
		s, err := openShop(t.Context(), dir, "")
		if err != nil {
			t.Fatal(err)
		}
		examine(t, s, said)
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
