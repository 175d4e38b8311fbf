package queue

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
)

var (
	cutRounds = flag.Int("cut.rounds", 20, "rounds of TestPowerCut")
	cutSeed   = flag.Uint64("cut.seed", 1, "first seed of TestPowerCut")
)

// sameDisk is how many rounds in a row go on with what the last one left.
const sameDisk = 5

// The power may go at any write or sync, and the disk may lose or tear all that was not synced, and a sync may fail
// before it: what was acknowledged is there, exactly once, and every invariant holds.
func TestPowerCut(t *testing.T) {
	rounds := *cutRounds
	if testing.Short() {
		rounds = 3
	}
	var image map[string][]byte
	said := map[string]map[string]bool{}
	acts, folded := 0, 0
	for round := range rounds {
		seed := *cutSeed + uint64(round)
		if round%sameDisk == 0 {
			image, said = nil, map[string]map[string]bool{}
		}
		before := len(said)
		image = cutRound(t, seed, image, said, &folded)
		acts += len(said) - before
		if t.Failed() {
			t.Fatalf("with -cut.seed %d (the disk is new every %d rounds) -cut.rounds %d", *cutSeed, sameDisk, round+1)
		}
	}
	t.Logf("%d cuts, %d letters, %d times the log was folded in before the cut", rounds, acts, folded)
	if acts < rounds {
		t.Errorf("only %d letters in %d rounds", acts, rounds)
	}
}

// cutRound works on a disk until its power is cut, and examines what is left.
func cutRound(t *testing.T, seed uint64, image map[string][]byte, said map[string]map[string]bool, folded *int) map[string][]byte {
	t.Helper()
	rnd := rand.New(rand.NewPCG(seed, 1))
	disk := newLossyDisk(seed, image)
	disk.cutAt = 20 << rnd.IntN(9) // from the first page of the schema to many checkpoints
	disk.cutAt += rnd.IntN(disk.cutAt)
	if rnd.IntN(3) == 0 {
		disk.fail = 5 + rnd.IntN(20)
	}
	work(t, disk.register(t, fmt.Sprintf("lossy-%s-%d", t.Name(), seed)), seed, disk, said)
	*folded += disk.folded

	left := newLossyDisk(seed, disk.image())
	s, err := openShop(t.Context(), t.TempDir(), left.register(t, fmt.Sprintf("left-%s-%d", t.Name(), seed)))
	if err != nil {
		var code sqlite3.ExtendedErrorCode
		if errors.As(err, &code) { // the words of all I/O errors are the same
			err = fmt.Errorf("extended code %d: %w", uint16(code), err)
		}
		t.Errorf("it does not open again: %v", err)
		return nil
	}
	examine(t, s, said) // closes it
	return left.image()
}

// work submits, appends, flags, moves, copies and expunges until the power goes. What fails before is nobody's loss, as
// long as it was not acknowledged.
func work(t *testing.T, name string, seed uint64, disk *lossyDisk, said map[string]map[string]bool) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "d")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	s, err := openShop(t.Context(), dir, name)
	if err != nil {
		if !disk.gone() && disk.fail == 0 {
			t.Errorf("seed %d: it does not open: %v", seed, err)
		}
		return
	}
	var mu sync.Mutex
	say := func(a ...any) {
		mu.Lock()
		defer mu.Unlock()
		act, id := fmt.Sprint(a[0]), fmt.Sprint(a[1])
		if said[id] == nil {
			said[id] = map[string]bool{}
		}
		said[id][act] = true
	}
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Add(1)
		mail.Go("worker", func() {
			defer wg.Done()
			for i := 0; !disk.gone(); i++ {
				id := fmt.Sprintf("%d-%d-%d@x", seed, w, i)
				if w == 0 && i%16 == 15 {
					id = "big-" + id
				}
				err := s.act(context.WithoutCancel(t.Context()), id, i, say)
				if err != nil && !disk.gone() && disk.fail == 0 {
					t.Errorf("seed %d: %v", seed, err)
					return
				}
			}
		})
	}
	wg.Wait()
	if err := s.d.Close(); err != nil {
		t.Logf("seed %d: closing without power: %v", seed, err)
	}
}

func (d *lossyDisk) gone() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.dead
}
