package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"hopthu/mail"
)

// running runs the server of a folder, hands what it says line by line to saw until that gives true, and stops it.
func running(t *testing.T, dir string, saw func(line string) (done bool)) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	r, w := io.Pipe()
	code := make(chan int, 1)
	var e bytes.Buffer
	mail.Go("run", func() {
		c := run(ctx, []string{"run", "--dir", dir}, w, &e)
		if err := w.Close(); err != nil {
			t.Error(err)
		}
		code <- c
	})
	in := bufio.NewScanner(r)
	for in.Scan() {
		if saw(in.Text()) {
			stop()
		}
	}
	if c := <-code; c != 0 {
		t.Errorf("exit code %d: %s", c, e.String())
	}
}

// SIGHUP reads the certificate again and ends nothing.
func TestHangupReloads(t *testing.T) {
	dir := emptyServer(t)
	again := 0
	running(t, dir, func(line string) bool {
		if strings.Contains(line, "read again") {
			again++
		}
		if strings.Contains(line, "ready") || again == 1 {
			if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
				t.Error(err)
			}
		}
		return again == 2
	})
	if again != 2 {
		t.Errorf("read again %d times", again)
	}
}

func TestSessionCommand(t *testing.T) {
	dir := emptyServer(t)
	if _, errs := say(t, 1, "session", "list", "--dir", dir); !strings.Contains(errs, "no server runs") {
		t.Errorf("%q", errs)
	}
	running(t, dir, func(line string) bool {
		if !strings.Contains(line, "ready") {
			return false
		}
		if out, _ := say(t, 0, "session", "list", "--dir", dir); out != "" {
			t.Errorf("%q", out)
		}
		if out, _ := say(t, 0, "session", "end", "7", "--dir", dir); out != "ended     0\n" {
			t.Errorf("%q", out)
		}
		say(t, 0, "session", "end", "lanlt.nv", "--dir", dir)
		say(t, 1, "session", "end", "nobody", "--dir", dir)
		return true
	})
}

func TestAuditCommand(t *testing.T) {
	dir := emptyServer(t)
	say(t, 0, "user", "reset-password", "lanlt.nv", "--dir", dir)
	out, _ := say(t, 0, "audit", "--dir", dir)
	if !strings.Contains(out, "add-person") || !strings.Contains(out, "first-password") {
		t.Errorf("%q", out)
	}
	if last, _ := say(t, 0, "audit", "--dir", dir, "--last", "1"); strings.Count(last, "\n") != 1 || !strings.HasSuffix(out, last) && !strings.Contains(last, "first-password") {
		t.Errorf("%q", last)
	}
	if hers, _ := say(t, 0, "audit", "--dir", dir, "--who", "lanlt.nv@moi.example"); strings.Contains(hers, "add-unit") || !strings.Contains(hers, "add-person") {
		t.Errorf("%q", hers)
	}
	say(t, 0, "unit", "add", "Sở Kế hoạch và Đầu tư", "--spelling", "kh&đt", "--dir", dir)
	for _, who := range []string{"kh&đt@moi.example", "kh&dt@moi.example", "kh&đt"} {
		if its, _ := say(t, 0, "audit", "--dir", dir, "--who", who); strings.Count(its, "\n") != 1 || !strings.Contains(its, "add-unit") {
			t.Errorf("%s: %q", who, its)
		}
	}
	if nobody, _ := say(t, 0, "audit", "--dir", dir, "--who", "nobody"); nobody != "" {
		t.Errorf("%q", nobody)
	}
	rows, _ := say(t, 0, "audit", "--dir", dir, "--json")
	for line := range strings.Lines(rows) {
		var row struct {
			Seq  int64  `json:"seq"`
			Hash string `json:"hash"`
			What string `json:"what"`
		}
		if err := json.Unmarshal([]byte(line), &row); err != nil || row.Seq == 0 || len(row.Hash) != 64 || row.What == "" {
			t.Fatalf("%s: %v", line, err)
		}
	}
	sound, _ := say(t, 0, "audit", "--dir", dir, "--verify")
	known := regexp.MustCompile(`\d+:[0-9a-f]{64}`).FindString(sound)
	if known == "" {
		t.Fatalf("%q", sound)
	}
	say(t, 0, "user", "reset-password", "lanlt.nv", "--dir", dir)
	say(t, 0, "audit", "--dir", dir, "--known", known)
	say(t, exitDamaged, "audit", "--dir", dir, "--known", "1"+known)
	say(t, 1, "audit", "--dir", dir, "--known", "x:y")
}

func TestSuspendCommand(t *testing.T) {
	dir := emptyServer(t)
	say(t, 1, "user", "suspend", "lanlt.nv", "--dir", dir)
	say(t, 1, "user", "suspend", "nobody", "--reason", "nghỉ việc", "--dir", dir)
	say(t, 0, "user", "suspend", "lanlt.nv", "--reason", "nghỉ việc", "--dir", dir)
	if list, _ := say(t, 0, "user", "list", "--dir", dir); !strings.Contains(list, "khóa") {
		t.Errorf("%q", list)
	}
	say(t, 0, "user", "resume", "lanlt.nv", "--reason", "trở lại", "--dir", dir)
	if list, _ := say(t, 0, "user", "list", "--dir", dir); strings.Contains(list, "khóa") {
		t.Errorf("%q", list)
	}
	if log, _ := say(t, 0, "audit", "--dir", dir); !strings.Contains(log, "nghỉ việc") || !strings.Contains(log, "trở lại") {
		t.Errorf("%q", log)
	}
}
