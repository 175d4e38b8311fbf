//go:build linux

package speed

import (
	"fmt"
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestIdle: what a connection costs that only waits. Every one is TLS, logged in, has its inbox open and idles.
func TestIdle(t *testing.T) {
	const each = 50 // connections of one box and one address: an office
	most := number(t, "HOPTHU_SPEED_IDLE", 10_000)
	raiseFiles(t, uint64(most)+1000)
	var b table
	b.head("Idle connections over TLS", "KiB each (resident)", "seconds to open them all")
	for _, h := range []*host{ours(t, most/each+1), peers(t)} {
		n := most
		if strings.Contains(h.name, "Dovecot") {
			n = min(most, number(t, "HOPTHU_SPEED_IDLE_PEER", 90)) // of its login processes, one for each TLS connection, 100 are allowed
		}
		grow, took := idle(t, h, n, each)
		b.line(fmt.Sprintf("%s, %d", h.name, n), float64(grow)/float64(n)/1024, took.Seconds())
	}
	fmt.Println(b.String())
}

// raiseFiles lets this process and those it starts hold that many files.
func raiseFiles(t *testing.T, n uint64) {
	t.Helper()
	limit := syscall.Rlimit{Cur: n, Max: n}
	var now syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &now); err != nil {
		t.Fatal(err)
	}
	limit.Max = max(limit.Max, now.Max)
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Skipf("files: %v", err)
	}
}

func idle(t *testing.T, h *host, n, each int) (grow int64, took time.Duration) {
	t.Helper()
	first := login(t, h, h.address(0), nil) // what the first login makes is not a connection's
	first.do("SELECT INBOX")
	before := resident(t, h.pid())
	start := time.Now()
	list := make([]*imap, 0, n)
	for i := range n {
		box := i / each
		k := login(t, h, h.address(box), net.IPv4(127, 1, byte(box/250), byte(1+box%250)))
		k.do("SELECT INBOX")
		k.write([]byte("x IDLE\r\n"))
		k.until("+", "")
		k.r = nil
		list = append(list, k)
	}
	took = time.Since(start)
	runtime.GC()
	time.Sleep(time.Duration(number(t, "HOPTHU_SPEED_REST", 130)) * time.Second) //nolint:forbidigo // what is not used is given back by then, and each was kept alive once
	grow = resident(t, h.pid()) - before
	for _, k := range list {
		k.close()
	}
	first.close()
	return grow, took
}

// resident is the memory of processes, what they share counted once.
func resident(t *testing.T, pids []int) (octets int64) {
	t.Helper()
	for _, pid := range pids {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
		if err != nil {
			continue // it has ended
		}
		for l := range strings.Lines(string(b)) {
			if f := strings.Fields(l); len(f) > 1 && f[0] == "Pss:" {
				kb, err := strconv.ParseInt(f[1], 10, 64)
				if err != nil {
					t.Fatal(err)
				}
				octets += kb << 10
			}
		}
	}
	return octets
}
