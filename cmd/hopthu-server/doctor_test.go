package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// The first line of doctor is the next thing to do, and its exit code says how urgent it is.
func TestDoctorCommand(t *testing.T) {
	dir := emptyServer(t)
	out, _ := say(t, exitBroken, "doctor", "--dir", dir)
	first, rest, _ := strings.Cut(out, "\n")
	if !strings.Contains(first, "BROKEN") || !strings.Contains(strings.SplitN(rest, "\n", 2)[0], "hopthu-server run") {
		t.Errorf("%q", out)
	}
	out, _ = say(t, exitBroken, "doctor", "--json", "--dir", dir)
	first, _, _ = strings.Cut(out, "\n")
	var f struct{ Grade, What, Next string }
	if err := json.Unmarshal([]byte(first), &f); err != nil || f.Grade != "broken" || f.What != "door" || f.Next == "" {
		t.Errorf("%q: %v", first, err)
	}
}

func TestQueueCommand(t *testing.T) {
	dir := emptyServer(t)
	if out, _ := say(t, 0, "queue", "list", "--dir", dir); out != "" {
		t.Errorf("%q", out)
	}
	say(t, 1, "queue", "retry", "--dir", dir)
	say(t, 1, "queue", "retry", "x", "--all", "--dir", dir)
	if out, _ := say(t, 0, "queue", "retry", "--all", "--dir", dir); !strings.Contains(out, "due       0") {
		t.Errorf("%q", out)
	}
	if _, errs := say(t, 1, "queue", "retry", "nothing", "--dir", dir); !strings.Contains(errs, "no letter of that number") {
		t.Errorf("%q", errs)
	}
	say(t, 1, "queue", "drop", "nothing", "--dir", dir)
	if _, errs := say(t, 1, "queue", "drop", "nothing", "--reason", "x", "--dir", dir); !strings.Contains(errs, "no letter of that number") {
		t.Errorf("%q", errs)
	}
}
