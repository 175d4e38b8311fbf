package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"hopthu/config"
	"hopthu/mail"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// say runs one command line and gives what it printed.
func say(t *testing.T, want int, args ...string) (out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	if code := run(t.Context(), args, &o, &e); code != want {
		t.Fatalf("%q: exit code %d, want %d: %s%s", args, code, want, o.String(), e.String())
	}
	return o.String(), e.String()
}

var oneTime = regexp.MustCompile(`password +([a-z0-9-]{12,})`)

func TestCommands(t *testing.T) {
	dir := t.TempDir()
	if _, errs := say(t, 1, "user", "list", "--dir", dir); !strings.Contains(errs, "hopthu-server init") {
		t.Errorf("no next step in %q", errs)
	}
	if _, errs := say(t, 1, "init", "--dir", dir); !strings.Contains(errs, "--domain") {
		t.Errorf("%q", errs)
	}
	args := []string{
		"init", "--dir", dir, "--domain", "ninhbinh.example", "--imap", "127.0.0.1:0", "--smtp", "127.0.0.1:0", "--web", "127.0.0.1:0",
		"--imap-starttls", "", "--smtp-starttls", "", "--unit", "Sở Kế hoạch và Đầu tư=kh&đt", "--person", "Trần Văn Hùng=kh&đt",
	}
	first, _ := say(t, 0, args...)
	if !oneTime.MatchString(first) || !strings.Contains(first, "hungtv.kh&đt@ninhbinh.example") || !strings.Contains(first, "SHA-256") {
		t.Errorf("init says %q", first)
	}
	again, _ := say(t, 0, args...)
	if strings.Contains(again, "made") || oneTime.MatchString(again) {
		t.Errorf("a second init says %q", again)
	}
	if _, errs := say(t, 1, "init", "--dir", dir, "--domain", "other.example"); !strings.Contains(errs, "--dir") {
		t.Errorf("%q", errs)
	}
	if out, _ := say(t, 0, "unit", "add", "Sở Nội vụ", "--dir", dir); !strings.Contains(out, "nv@ninhbinh.example") {
		t.Errorf("%q", out)
	}
	say(t, 1, "unit", "add", "Sở Nội vụ", "--dir", dir, "--spelling", "nv")
	out, _ := say(t, 0, "user", "add", "--dir", dir, "--name", "Lê Thị Lan", "--unit", "Sở Nội vụ", "--post", "Chuyên viên")
	if !oneTime.MatchString(out) {
		t.Errorf("%q", out)
	}
	say(t, 1, "user", "add", "--dir", dir, "--name", "Lê Thị Lan", "--unit", "Nơi khác")
	say(t, 1, "user", "add", "--dir", dir, "--name", "Lê Thị Lan")
	say(t, 1, "user", "reset-password", "--dir", dir, "nobody")
	reset, _ := say(t, 0, "user", "reset-password", "--dir", dir, "lanlt.nv")
	if oneTime.FindString(reset) == "" || oneTime.FindString(reset) == oneTime.FindString(out) {
		t.Errorf("%q after %q", reset, out)
	}
	list, _ := say(t, 0, "user", "list", "--dir", dir)
	if strings.Count(list, "\n") != 4 || !strings.Contains(list, "chờ đổi mật khẩu") {
		t.Errorf("%q", list)
	}
	if units, _ := say(t, 0, "unit", "list", "--dir", dir); !strings.Contains(units, "Sở Nội vụ") {
		t.Errorf("%q", units)
	}
	if v, _ := say(t, 0, "version"); !strings.HasPrefix(v, "hopthu-server ") {
		t.Errorf("%q", v)
	}
	say(t, 1, "nonsense")
}

func TestRun(t *testing.T) {
	dir := t.TempDir()
	say(t, 0, "init", "--dir", dir, "--domain", "ninhbinh.example", "--imap", "127.0.0.1:0", "--smtp", "127.0.0.1:0", "--web", "127.0.0.1:0",
		"--imap-starttls", "127.0.0.1:0", "--smtp-starttls", "127.0.0.1:0", "--unit", "Sở Nội vụ")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var password string
	r, w := io.Pipe()
	done := make(chan int, 1)
	var errs bytes.Buffer
	mail.Go("run", func() {
		code := run(ctx, []string{"run", "--dir", dir}, w, &errs)
		if err := w.Close(); err != nil {
			t.Error(err)
		}
		done <- code
	})
	var once sync.Once
	var said strings.Builder
	buf := make([]byte, 512)
	for {
		n, err := r.Read(buf)
		said.Write(buf[:n])
		if strings.Contains(said.String(), "ready") {
			once.Do(func() { // administration works while the server runs
				out, _ := say(t, 0, "user", "add", "--dir", dir, "--name", "Lê Thị Lan", "--unit", "nv")
				if m := oneTime.FindStringSubmatch(out); m != nil {
					password = m[1]
				}
				stop()
			})
		}
		if err != nil {
			break
		}
	}
	if code := <-done; code != 0 {
		t.Errorf("exit code %d: %s", code, errs.String())
	}
	if password == "" || strings.Contains(errs.String(), password) {
		t.Errorf("password %q, log %q", password, errs.String())
	}
	if err := os.WriteFile(config.ServerFile(dir), []byte("domain = \"a.example\"\nimap = \"x\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, e := say(t, 1, "run", "--dir", dir); !strings.Contains(e, "hopthu-server.toml:2: imap") {
		t.Errorf("%q", e)
	}
}

func TestSuggest(t *testing.T) {
	dir := t.TempDir()
	say(t, 0, "init", "--dir", dir, "--domain", "ninhbinh.example", "--unit", "Sở Kế hoạch và Đầu tư=kh&đt", "--person", "Trần Văn Hùng=kh&đt")
	ask := func(code int, names ...string) (out suggested) {
		t.Helper()
		said, _ := say(t, code, append([]string{"user", "suggest", "--dir", dir, "--json", "--unit", "kh&đt"}, names...)...)
		dec := json.NewDecoder(strings.NewReader(said))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	if got := ask(0, "Lê Hà"); len(got.Suggestions) != 1 || got.Suggestions[0].Address != "hal.kh&đt@ninhbinh.example" || got.Suggestions[0].Number != 1 || got.Unit.Wire != "kh&dt" {
		t.Errorf("%+v", got)
	}
	got := ask(exitAsk, "Trần Văn Hưng", "Lê Hà", "Trịnh Việt Hưng")
	if a, b := got.Suggestions[0], got.Suggestions[2]; a.Number != 2 || len(a.Collisions) != 1 || a.Collisions[0].Listed || a.Verdict != "ask" ||
		b.Number != 3 || len(b.Collisions) != 2 || !b.Collisions[1].Listed || got.Suggestions[1].Verdict != "pass" {
		t.Errorf("%+v", got)
	}
	if again := ask(exitAsk, "Trần Văn Hưng"); again.Suggestions[0].Number != 2 {
		t.Errorf("asking changed something: %+v", again)
	}
	for name, code := range map[string]string{"": "empty", "Nguyễn Văn A2": "digit", "Nguyễn Văn ☃": "character"} {
		if got := ask(exitBlock, "Lê Hà", name); got.Suggestions[1].Broken != code || got.Suggestions[1].Verdict != "block" || got.Suggestions[1].Address != "" {
			t.Errorf("%q: %+v", name, got)
		}
	}
	if _, errs := say(t, 1, "user", "suggest", "--dir", dir, "Lê Hà"); !strings.Contains(errs, "--unit") {
		t.Errorf("%q", errs)
	}
	var schema struct {
		Properties map[string]any `json:"properties"`
	}
	if said, _ := say(t, 0, "user", "suggest", "--schema"); json.Unmarshal([]byte(said), &schema) != nil || len(schema.Properties) != 2 {
		t.Errorf("%q", said)
	}
}
