//go:build linux

package speed

import (
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"hopthu/mail"
)

// act is one thing that a mail program does, and how often among a hundred.
type act struct {
	name  string
	often int
	do    func(k *imap, r *rand.Rand, address string)
}

const mixedLetters = 1000 // in each box at the beginning

var acts = []act{
	{"list 50 headers", 25, func(k *imap, r *rand.Rand, _ string) {
		n := 1 + r.IntN(mixedLetters-50)
		k.do("FETCH %d:%d (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (DATE FROM TO SUBJECT MESSAGE-ID REFERENCES)])", n, n+49)
	}},
	{"read a letter", 20, func(k *imap, r *rand.Rand, _ string) { k.do("FETCH %d (BODY.PEEK[])", 1+r.IntN(mixedLetters)) }},
	{"its structure", 10, func(k *imap, r *rand.Rand, _ string) {
		k.do("FETCH %d (BODYSTRUCTURE ENVELOPE)", 1+r.IntN(mixedLetters))
	}},
	{"mark", 15, func(k *imap, r *rand.Rand, _ string) {
		k.do("STORE %d %sFLAGS (\\Seen \\Flagged)", 1+r.IntN(mixedLetters), []string{"+", "-"}[r.IntN(2)])
	}},
	{"all flags", 5, func(k *imap, _ *rand.Rand, _ string) { k.do("FETCH 1:%d (FLAGS)", mixedLetters) }},
	{"keep a letter", 10, func(k *imap, r *rand.Rand, a string) {
		k.append("Drafts", letter(r, fmt.Sprintf("m%d", r.Uint64()), a, a, 20_000))
	}},
	{"search a header", 4, func(k *imap, r *rand.Rand, _ string) { k.do("SEARCH SUBJECT \"%d\"", r.IntN(mixedLetters)) }},
	{"search the text", 1, func(k *imap, r *rand.Rand, _ string) { k.do("SEARCH TEXT \"m-%d@speed\"", r.IntN(mixedLetters)) }},
	{"look at a folder", 10, func(k *imap, _ *rand.Rand, _ string) { k.do("STATUS Drafts (MESSAGES UNSEEN UIDNEXT)"); k.do("NOOP") }},
}

// TestMixed: what twenty clients get done together, each in a box of its own.
func TestMixed(t *testing.T) {
	clients, runs := 20, number(t, "HOPTHU_SPEED_RUNS", 3)
	span := time.Duration(number(t, "HOPTHU_SPEED_SECONDS", 10)) * time.Second
	hosts := []*host{ours(t, clients), peers(t)}
	rates := make([][]float64, len(hosts))
	took := make([]map[string][]float64, len(hosts))
	for i, h := range hosts {
		fillBoxes(t, h, clients)
		took[i] = map[string][]float64{}
	}
	for run := range runs + 1 { // the first fills caches and does not count
		for i, h := range hosts {
			n, by := mixed(t, h, clients, span, uint64(run))
			t.Logf("%s: %d acts in %v", h.name, n, span)
			if run == 0 {
				continue
			}
			rates[i] = append(rates[i], float64(n)/span.Seconds())
			for name, ms := range by {
				took[i][name] = append(took[i][name], ms...)
			}
		}
	}
	var b table
	b.head(fmt.Sprintf("%d IMAP clients at once, %d letters of 20 KB each", clients, mixedLetters), hosts[0].name, hosts[1].name)
	b.line("acts a second", median(rates[0]), median(rates[1]))
	b.line("times", median(rates[0])/median(rates[1]), 1)
	for _, a := range acts {
		b.line(a.name+", ms, median and 99th of 100", spread(took[0][a.name]), spread(took[1][a.name]))
	}
	fmt.Println(b.String())
}

func spread(ms []float64) string {
	if len(ms) == 0 {
		return "-"
	}
	slices.Sort(ms)
	return fmt.Sprintf("%.1f / %.1f", ms[len(ms)/2], ms[len(ms)*99/100])
}

func fillBoxes(t *testing.T, h *host, clients int) {
	t.Helper()
	var wg sync.WaitGroup
	for i := range clients {
		k := login(t, h, h.address(i), net.IPv4(127, 0, 2, byte(1+i)))
		wg.Add(1)
		mail.Go("fill", func() {
			defer wg.Done()
			r := rand.New(rand.NewPCG(uint64(i), 1)) //nolint:gosec // no secret
			for n := k.count("INBOX"); n < mixedLetters; n++ {
				k.append("INBOX", letter(r, fmt.Sprintf("m-%d", n), h.address(i), h.address(i), 20_000))
			}
			k.close()
		})
	}
	wg.Wait()
}

func mixed(t *testing.T, h *host, clients int, span time.Duration, seed uint64) (n int, took map[string][]float64) {
	t.Helper()
	took = map[string][]float64{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	var list []*imap
	for i := range clients {
		k := login(t, h, h.address(i), net.IPv4(127, 0, 2, byte(1+i)))
		k.do("SELECT INBOX")
		list = append(list, k)
	}
	end := time.Now().Add(span)
	for i, k := range list {
		wg.Add(1)
		mail.Go("client", func() {
			defer wg.Done()
			mine, by := 0, map[string][]float64{}
			r := rand.New(rand.NewPCG(seed, uint64(i))) //nolint:gosec // no secret
			for time.Now().Before(end) {
				at := r.IntN(100)
				for _, a := range acts {
					if at -= a.often; at < 0 {
						start := time.Now()
						a.do(k, r, h.address(i))
						by[a.name] = append(by[a.name], float64(time.Since(start).Microseconds())/1000)
						mine++
						break
					}
				}
			}
			mu.Lock()
			defer mu.Unlock()
			n += mine
			for name, ms := range by {
				took[name] = append(took[name], ms...)
			}
		})
	}
	wg.Wait()
	for _, k := range list {
		k.close()
	}
	return n, took
}
