//go:build linux

package speed

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestLarge: one mailbox of 100,000 letters: all headers, all flags, coming back to it with ten changes, searching.
func TestLarge(t *testing.T) {
	letters, runs := number(t, "HOPTHU_SPEED_LARGE", 100_000), number(t, "HOPTHU_SPEED_RUNS", 3)
	hosts := []*host{ours(t, 1), peers(t)}
	asks := []struct{ name, ask string }{
		{"flags of all", "UID FETCH 1:* (FLAGS)"},
		{"envelopes of all", "UID FETCH 1:* (FLAGS INTERNALDATE RFC822.SIZE ENVELOPE)"},
		{"header fields of all", "UID FETCH 1:* (FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (DATE FROM TO CC SUBJECT MESSAGE-ID REFERENCES IN-REPLY-TO)])"},
		{"search a subject", fmt.Sprintf(`UID SEARCH SUBJECT "l-%d"`, letters/2)},
		{"search the text, one letter has it", fmt.Sprintf(`UID SEARCH TEXT "l-%d@speed"`, letters/3)},
		{"search the text, many have it", `UID SEARCH TEXT "nghị quyết dự"`},
	}
	took := make([]map[string][]float64, len(hosts))
	var list [2][2]*imap
	for i, h := range hosts {
		took[i] = map[string][]float64{}
		list[i][0] = fillLarge(t, h, letters)
		list[i][1] = login(t, h, h.address(0), nil)
		list[i][0].do("ENABLE QRESYNC")
		list[i][1].do("SELECT INBOX")
	}
	for run := range runs + 1 { // the first fills caches and does not count
		for i := range hosts {
			k := list[i][0]
			note := func(name string, start time.Time) {
				if run > 0 {
					took[i][name] = append(took[i][name], float64(time.Since(start).Microseconds())/1000)
				}
			}
			resync(t, k, list[i][1], run, func(start time.Time) { note("SELECT with QRESYNC, ten changes", start) })
			for _, a := range asks {
				start := time.Now()
				k.do("%s", a.ask)
				note(a.name, start)
			}
		}
	}
	var b table
	b.head(fmt.Sprintf("One mailbox of %d letters, ms", letters), hosts[0].name, hosts[1].name)
	b.line("SELECT with QRESYNC, ten changes", median(took[0]["SELECT with QRESYNC, ten changes"]), median(took[1]["SELECT with QRESYNC, ten changes"]))
	for _, a := range asks {
		b.line(a.name, median(took[0][a.name]), median(took[1][a.name]))
	}
	fmt.Println(b.String())
	for i := range list {
		list[i][0].close()
		list[i][1].close()
	}
}

// fillLarge puts letters of 4 KB into an inbox, several in flight.
func fillLarge(t *testing.T, h *host, letters int) *imap {
	t.Helper()
	k := login(t, h, h.address(0), nil)
	r := rand.New(rand.NewPCG(3, 3)) //nolint:gosec // no secret
	start := time.Now()
	for n := k.count("INBOX"); n < letters; {
		part := min(100, letters-n)
		for range part {
			raw := letter(r, fmt.Sprintf("l-%d", n), h.address(0), h.address(0), 4000)
			k.write(fmt.Appendf(nil, "f APPEND INBOX {%d+}\r\n%s\r\n", len(raw), raw))
			n++
		}
		for range part {
			k.until("f ", "OK")
		}
	}
	t.Logf("%s: filled in %v", h.name, time.Since(start))
	return k
}

func resync(t *testing.T, k, other *imap, run int, note func(time.Time)) {
	t.Helper()
	l := k.get("* STATUS", "STATUS INBOX (UIDVALIDITY HIGHESTMODSEQ)")
	value := func(name string) int {
		_, rest, _ := strings.Cut(l, name+" ")
		n, err := strconv.Atoi(rest[:strings.IndexAny(rest, " )")])
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	sign := []string{"+", "-"}[run%2]
	for i := range 10 {
		other.do("UID STORE %d %sFLAGS.SILENT (\\Flagged)", 100+97*i, sign)
	}
	start := time.Now()
	if n := k.do("SELECT INBOX (QRESYNC (%d %d))", value("UIDVALIDITY"), value("HIGHESTMODSEQ")); n < 10 {
		t.Errorf("%d lines", n)
	}
	note(start)
}
