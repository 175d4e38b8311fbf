//go:build linux

package speed

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hopthu/mail"
)

// TestDeliver: letters a second, from the first MAIL until the last one stands in its mailbox.
func TestDeliver(t *testing.T) {
	const boxes = 50
	letters, senders, runs := number(t, "HOPTHU_SPEED_LETTERS", 2000), number(t, "HOPTHU_SPEED_SENDERS", 16), number(t, "HOPTHU_SPEED_RUNS", 3)
	hosts := []*host{ours(t, boxes+1), peers(t)}
	rates := make([][]float64, len(hosts))
	for run := range runs + 1 { // the first makes the boxes and does not count
		for i, h := range hosts {
			n := letters
			if run == 0 {
				n = boxes
			}
			took := deliver(t, h, run, n, senders, boxes)
			t.Logf("%s: %d letters in %v", h.name, n, took)
			if run > 0 {
				rates[i] = append(rates[i], float64(n)/took.Seconds())
			}
		}
	}
	var b table
	b.head(fmt.Sprintf("%d letters of 20 KB, %d senders, %d boxes", letters, senders, boxes), "letters a second until in the mailbox", "times")
	for i, h := range hosts {
		b.line(h.name, median(rates[i]), median(rates[i])/median(rates[1]))
	}
	fmt.Println(b.String())
}

func deliver(t *testing.T, h *host, run, letters, senders, boxes int) time.Duration {
	t.Helper()
	watch := make([]*imap, boxes)
	before := make([]int, boxes)
	for i := range watch {
		watch[i] = login(t, h, h.address(i), net.IPv4(127, 0, 1, byte(1+i)))
		defer watch[i].close()
		before[i] = watch[i].count("INBOX")
	}
	from := h.address(boxes)
	made := make([][]byte, letters)
	for i := range made {
		made[i] = letter(rand.New(rand.NewPCG(uint64(run), uint64(i))), fmt.Sprintf("%d-%d-%d", os.Getpid(), run, i), from, h.address(i%boxes), 20_000) //nolint:gosec // no secret
	}
	var lines []*smtp
	for range senders {
		lines = append(lines, submit(t, h, from))
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	start := time.Now()
	for _, s := range lines {
		wg.Add(1)
		mail.Go("sender", func() {
			defer wg.Done()
			for i := int(next.Add(1)) - 1; i < letters; i = int(next.Add(1)) - 1 {
				s.send(made[i], h.address(i%boxes))
			}
		})
	}
	wg.Wait()
	acknowledged := time.Since(start)
	for i, k := range watch {
		want := before[i] + (letters-i+boxes-1)/boxes
		for k.count("INBOX") < want && !t.Failed() {
			time.Sleep(5 * time.Millisecond) //nolint:forbidigo // until it is there
		}
	}
	took := time.Since(start)
	t.Logf("%s: acknowledged after %v, there after %v", h.name, acknowledged, took)
	for _, s := range lines {
		s.quit()
	}
	return took
}

// TestCircular: one letter of 64 KiB to 500 boxes, from MAIL to 250 and until it stands in all of them, and how much the
// disk grows by it.
func TestCircular(t *testing.T) {
	const boxes = 500
	runs := number(t, "HOPTHU_SPEED_RUNS", 5)
	h := ours(t, boxes+1)
	s := submit(t, h, h.address(boxes))
	var took, whole []float64
	to := make([]string, boxes)
	for i := range to {
		to[i] = h.address(i)
	}
	for run := range runs + 1 {
		raw := letter(rand.New(rand.NewPCG(7, uint64(run))), fmt.Sprintf("rd-%d-%d", os.Getpid(), run), h.address(boxes), "cac-don-vi@tinh.example", 64<<10) //nolint:gosec // no secret
		begin := time.Now()
		s.say("MAIL FROM:<"+s.from+">\r\n", "250 ")
		for _, a := range to {
			s.say("RCPT TO:<"+a+">\r\n", "250 ")
		}
		s.say("DATA\r\n", "354 ")
		start := time.Now()
		s.say(string(raw)+".\r\n", "250 ")
		if run > 0 {
			took, whole = append(took, float64(time.Since(start).Microseconds())/1000), append(whole, float64(time.Since(begin).Microseconds())/1000)
		}
	}
	s.quit()
	for _, i := range []int{0, boxes / 2, boxes - 1} {
		k := login(t, h, h.address(i), nil)
		if n := k.count("INBOX"); n != runs+1 {
			t.Errorf("%d circulars in box %d", n, i)
		}
		k.close()
	}
	var b table
	b.head("A circular of 64 KiB to 500 boxes", "ms")
	b.line("from its last octet until it stands in every box", median(took))
	b.line("with 500 RCPT, one after the other", median(whole))
	fmt.Println(b.String())
}
