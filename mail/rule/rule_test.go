package rule

import (
	"os"
	"strings"
	"testing"
	"time"
)

// rows reads a pipe-separated file of testdata; # begins a comment.
func rows(t testing.TB, name string) [][]string {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for _, line := range strings.Split(string(b), "\n") {
		if line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, strings.Split(line, "|"))
		}
	}
	if len(out) == 0 {
		t.Fatalf("%s: no rows", name)
	}
	return out
}

// at reads "2006-01-02" or "2006-01-02T15:04" in Zone.
func at(t testing.TB, s string) time.Time {
	t.Helper()
	layout := time.DateOnly
	if strings.Contains(s, "T") {
		layout = "2006-01-02T15:04"
	}
	d, err := time.ParseInLocation(layout, strings.TrimSpace(s), Zone)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
