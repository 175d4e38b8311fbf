//go:build linux

// Package speed measures hopthu beside the terminal mail programs of Debian, on one mail server, in one run; .ci/speed
// runs it. Its table stands in the README.
//
// Laws: every program is the packaged one with the settings named here; runs are interleaved and the median counts;
// hopthu is the program that is shipped, started from nothing each time.
package speed

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

func env(t *testing.T, name string) string {
	t.Helper()
	v := os.Getenv(name)
	if v == "" {
		t.Skipf("%s is not set: .ci/speed runs this", name)
	}
	return v
}

func number(t *testing.T, name string, def int) int {
	t.Helper()
	if os.Getenv(name) == "" {
		return def
	}
	n, err := strconv.Atoi(os.Getenv(name))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func theHost(t *testing.T) host {
	t.Helper()
	h := host{
		imap: env(t, "HOPTHU_INTEROP_IMAP"), smtp: env(t, "HOPTHU_INTEROP_SMTP"), ca: env(t, "HOPTHU_INTEROP_CA"),
		password: env(t, "HOPTHU_INTEROP_PASSWORD"), dir: filepath.Dir(env(t, "HOPTHU_INTEROP_DOVECOT")), home: t.TempDir(),
	}
	env(t, "HOPTHU_SPEED_BINARY")
	return h
}

// sizes are the mailboxes.
func sizes(t *testing.T) []int {
	t.Helper()
	if s := os.Getenv("HOPTHU_SPEED_LETTERS"); s != "" {
		return []int{number(t, "HOPTHU_SPEED_LETTERS", 0)}
	}
	return []int{50_000, 100_000}
}

func addressOf(n int) string { return fmt.Sprintf("speed%d@example.test", n) }

// TestSpeed is the table of the README.
func TestSpeed(t *testing.T) {
	h := theHost(t)
	runs := number(t, "HOPTHU_SPEED_RUNS", 5)
	rtt := time.Duration(number(t, "HOPTHU_SPEED_RTT", 40)) * time.Millisecond
	only := os.Getenv("HOPTHU_SPEED_ONLY")
	for _, n := range sizes(t) {
		makeMailbox(t, filepath.Join(h.dir, "mail"), addressOf(n), n, 1)
		px := startProxy(t, h.imap, rtt)
		var list []*program
		for _, p := range []*program{
			hopthu("hopthu, never opened before", false), hopthu("hopthu, opened before", true),
			neomutt("neomutt 2022, no cache", false, ""),
			neomutt("neomutt, header cache", true, `set header_cache="DIR/cache"`),
			neomutt("neomutt, header cache, CONDSTORE and QRESYNC", true, "set header_cache=\"DIR/cache\"\nset imap_condstore=yes\nset imap_qresync=yes"),
			aerc("aerc 0.14, no cache", false, ""), aerc("aerc 0.14, header cache", true, "cache-headers = true"),
			alpine(),
		} {
			if only != "" && !strings.Contains(p.name, only) {
				continue
			}
			p.h, p.letters, p.rtt, p.address, p.proxy = h, n, rtt, addressOf(n), px
			list = append(list, p)
		}
		got := map[*program][]measure{}
		for i := range runs + 1 { // the first round fills caches, the server's among them, and does not count
			for _, p := range list {
				if i == 0 && strings.Contains(p.name, "opened before") && strings.HasPrefix(p.name, "hopthu, o") {
					fill(t, p, false)
				}
				m := p.once(t)
				t.Logf("%s, %d letters: %+v", p.name, n, m)
				if i > 0 {
					got[p] = append(got[p], m)
				}
			}
		}
		var table strings.Builder
		fmt.Fprintf(&table, "\n| %s letters, round trip %d ms | first text | list | from the server | memory |\n|---|---|---|---|---|\n", thousands(n), rtt.Milliseconds())
		for _, p := range list {
			ms := got[p]
			fmt.Fprintf(&table, "| %s | %.2f s | %.2f s (%.2f–%.2f) | %s | %.0f MB |\n", p.name,
				median(ms, func(m measure) float64 { return m.first.Seconds() }),
				median(ms, func(m measure) float64 { return m.list.Seconds() }),
				slices.MinFunc(ms, shorter).list.Seconds(), slices.MaxFunc(ms, shorter).list.Seconds(),
				mb(int64(median(ms, func(m measure) float64 { return float64(m.down) }))),
				median(ms, func(m measure) float64 { return m.mem }))
		}
		fmt.Println(table.String())
	}
}

func shorter(a, b measure) int { return int(a.list - b.list) }

func median(ms []measure, of func(measure) float64) float64 {
	v := make([]float64, len(ms))
	for i, m := range ms {
		v[i] = of(m)
	}
	slices.Sort(v)
	return v[len(v)/2]
}

// TestFill compares the first fill of a store with a bare fetch of the same octets, and tells what it costs in memory.
func TestFill(t *testing.T) {
	h := theHost(t)
	runs := number(t, "HOPTHU_SPEED_RUNS", 3)
	rtt := time.Duration(number(t, "HOPTHU_SPEED_RTT", 40)) * time.Millisecond
	for _, n := range sizes(t) {
		makeMailbox(t, filepath.Join(h.dir, "mail"), addressOf(n), n, 1)
		px := startProxy(t, h.imap, rtt)
		p := hopthu("hopthu fill", false)
		p.h, p.letters, p.rtt, p.address, p.proxy = h, n, rtt, addressOf(n), px
		bare(t, p) // the server's cache
		var floor, took, mem []float64
		var down, floorDown int64
		for range runs {
			d, b := bare(t, p)
			f := fill(t, p, false)
			t.Logf("%d letters: bare %v %s, hopthu %+v", n, d, mb(b), f)
			floor, took, mem = append(floor, d.Seconds()), append(took, f.took.Seconds()), append(mem, f.mem)
			down, floorDown = f.down, b
		}
		slices.Sort(floor)
		slices.Sort(took)
		slices.Sort(mem)
		mid := runs / 2
		fmt.Printf("\n| %s letters, round trip %d ms | time | from the server | memory |\n|---|---|---|---|\n| bare fetch of the same header fields | %.1f s | %s | |\n| hopthu, first fill, from exec | %.1f s (%.2f ×) | %s | %.0f MB |\n",
			thousands(n), rtt.Milliseconds(), floor[mid], mb(floorDown), took[mid], took[mid]/floor[mid], mb(down), mem[mid])
	}
}

// TestMemory is what hopthu holds when all letters are listed and the newest ones' texts are here, too.
func TestMemory(t *testing.T) {
	h := theHost(t)
	for _, n := range sizes(t) {
		makeMailbox(t, filepath.Join(h.dir, "mail"), addressOf(n), n, 1)
		px := startProxy(t, h.imap, 0)
		p := hopthu("hopthu memory", false)
		p.h, p.letters, p.address, p.proxy = h, n, addressOf(n), px
		f := fill(t, p, true)
		fmt.Printf("\n| %s letters | peak | at rest |\n|---|---|---|\n| hopthu, all listed, newest texts stored | %.0f MB | %.0f MB |\n", thousands(n), f.mem, f.settled)
	}
}

// TestResync is what it costs to come in step again with everything, login and all folders, after 20 letters changed.
func TestResync(t *testing.T) {
	h := theHost(t)
	rtt := time.Duration(number(t, "HOPTHU_SPEED_RTT", 40)) * time.Millisecond
	for _, n := range sizes(t) {
		makeMailbox(t, filepath.Join(h.dir, "mail"), addressOf(n), n, 1)
		fast, px := startProxy(t, h.imap, 0), startProxy(t, h.imap, rtt)
		p := hopthu("hopthu resync", false)
		p.h, p.letters, p.address, p.proxy = h, n, addressOf(n), fast
		fill(t, p, true)
		settle(t, p)
		repoint(t, p, fast.port(), px.port())
		p.proxy = px
		for range number(t, "HOPTHU_SPEED_RUNS", 3) {
			took, down, turns := resync(t, p)
			fmt.Printf("%s letters, 20 changed: in step after %.2f s from exec, %s, %d round trips\n", thousands(n), took.Seconds(), mb(down), turns)
		}
	}
}
