//go:build linux

package speed

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// dutyEvery: of 100,000 letters 3,000 await an answer, the others are copies.
const dutyEvery = 33

// TestDuty is how long `hopthu duty` takes from exec to its end, as a shell prompt or cron waits for it: with the store key
// in the keyring, and with no server within reach.
func TestDuty(t *testing.T) {
	h := theHost(t)
	runs := number(t, "HOPTHU_SPEED_RUNS", 15)
	for _, n := range sizes(t) {
		address := fmt.Sprintf("duty%d@example.test", n)
		makeMailbox(t, filepath.Join(h.dir, "mail"), address, n, dutyEvery)
		px := startProxy(t, h.imap, 0)
		p := hopthu("hopthu duty", true)
		p.h, p.letters, p.address, p.proxy = h, n, address, px
		fill(t, p, false)
		px.cut()
		fmt.Printf("\n| %s letters, %s of them await an answer | from exec to its end |\n|---|---|\n", thousands(n), thousands(n/dutyEvery))
		for _, args := range [][]string{{"version"}, {"duty", "--short"}, {"duty"}, {"duty", "--json"}} {
			took := dutyRuns(t, p, args, runs)
			fmt.Printf("| hopthu %s | %.0f ms (%.0f–%.0f) |\n", strings.Join(args, " "), took[len(took)/2], took[0], took[len(took)-1])
		}
	}
}

// dutyRuns runs a command of hopthu and tells the milliseconds of each run but the first, sorted.
func dutyRuns(t *testing.T, p *program, args []string, runs int) (took []float64) {
	t.Helper()
	const overdue = 3 // exit code: something is
	for range runs + 1 {
		cmd := exec.Command(binary, append([]string{"--dir", p.dir()}, args...)...)
		start := time.Now()
		out, err := cmd.CombinedOutput()
		d := time.Since(start)
		var ended *exec.ExitError
		if err != nil && (!errors.As(err, &ended) || ended.ExitCode() != overdue) || len(out) == 0 {
			t.Fatalf("hopthu %v: %v: %.600s", args, err, out)
		}
		took = append(took, float64(d.Microseconds())/1000)
	}
	took = took[1:]
	slices.Sort(took)
	return took
}
