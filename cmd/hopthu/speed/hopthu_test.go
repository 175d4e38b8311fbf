//go:build linux

package speed

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// hopthu's binary, built by the script.
var binary = os.Getenv("HOPTHU_SPEED_BINARY")

// hopthu signs in once, through the keyring as a person does, then has its account point at the proxy.
func hopthu(name string, keep bool) *program {
	return &program{
		// The first screen is the day's desk; the list is behind its second tab, opened as soon as the tabs stand.
		name: name, greetAt: "Hôm nay", greet: "2", quit: terminate,
		fresh: func(t *testing.T, p *program) {
			if _, err := os.Stat(p.dir() + "/config/client.toml"); err != nil {
				signIn(t, p)
			}
			if !keep {
				for _, f := range []string{"store.db", "store.db-wal", "store.db-shm"} {
					remove(t, p.dir()+"/data/"+f)
				}
			}
		},
		start: func(t *testing.T, p *program) *screen { return run(t, nil, binary, "--dir", p.dir()) },
	}
}

func signIn(t *testing.T, p *program) {
	t.Helper()
	if err := os.MkdirAll(p.dir(), 0o700); err != nil {
		t.Fatal(err)
	}
	s := run(t, nil, binary, "--dir", p.dir(), "account", "add", p.address, "--name", "Hà Thị Thu", "--imap", p.h.imap, "--smtp", p.h.smtp, "--ca", p.h.ca)
	if _, err := s.until(60*time.Second, func(text string) bool { return strings.Contains(text, "Mật khẩu") }); err != nil {
		t.Fatal(err)
	}
	s.typed(p.h.password + "\r")
	<-s.ended
	if s.wait != nil || !strings.Contains(s.text(), "chùm khóa") {
		t.Fatalf("sign-in: %v: %s", s.wait, s.text())
	}
	s.stop(t, "")
	_, port, _ := strings.Cut(p.h.imap, ":")
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	repoint(t, p, n, p.proxy.port())
}

// repoint changes the port of the account's server.
func repoint(t *testing.T, p *program, from, to int) {
	t.Helper()
	path := p.dir() + "/config/client.toml"
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(b), "port = "+strconv.Itoa(from), "port = "+strconv.Itoa(to), 1)
	if text == string(b) {
		t.Fatalf("no port %d in %s", from, b)
	}
	write(t, path, text)
}

var progress = regexp.MustCompile(`đang đồng bộ [\d.]+/([\d.]+)`)

// filled runs hopthu on a new store until all letters of the inbox are listed.
type filled struct {
	took    time.Duration // from exec
	down    int64
	mem     float64 // peak
	settled float64 // what it holds after the newest letters' texts came, too
}

func fill(t *testing.T, p *program, texts bool) filled {
	t.Helper()
	p.fresh(t, p)
	p.proxy.reset()
	s := p.start(t, p)
	var f filled
	total := thousands(p.letters - 50)
	var err error
	if _, err = s.until(60*time.Second, func(text string) bool { return strings.Contains(text, "/"+total) }); err != nil {
		t.Fatal(err)
	}
	f.took, err = s.until(300*time.Second, func(text string) bool {
		all := progress.FindAllStringSubmatch(text, -1)
		return len(all) > 0 && all[len(all)-1][1] != total || strings.Contains(text, "đã đồng bộ")
	})
	if err != nil {
		t.Fatal(err)
	}
	f.down, f.mem = p.proxy.down.Load(), s.memory()
	if texts {
		if _, err := s.until(900*time.Second, func(text string) bool { return strings.Contains(text, "đã đồng bộ") }); err != nil {
			t.Fatal(err)
		}
		f.mem, f.settled = s.memory(), s.rss()
	}
	s.stop(t, p.quit)
	return f
}

// settle starts hopthu on a filled store until it has nothing more to fetch: each start brings some thousand texts, which
// are no part of coming in step.
func settle(t *testing.T, p *program) {
	t.Helper()
	const quiet = 200_000 // octets of a start that brings no texts
	for range p.letters/1000 + 5 {
		p.proxy.reset()
		s := p.start(t, p)
		if _, err := s.until(900*time.Second, func(text string) bool { return strings.Contains(text, "đã đồng bộ") }); err != nil {
			t.Fatal(err)
		}
		s.stop(t, p.quit)
		if p.proxy.down.Load() < quiet {
			return
		}
	}
	t.Fatalf("%s never has all texts", p.name)
}

// resync starts hopthu on a filled store after 20 letters changed elsewhere, and waits till it is in step again.
func resync(t *testing.T, p *program) (took time.Duration, down, turns int64) {
	t.Helper()
	_, port, _ := strings.Cut(p.h.imap, ":")
	set := fmt.Sprintf("%d:%d", p.letters-19, p.letters)
	talk(t, p, port, "SELECT INBOX", "UID STORE "+set+` -FLAGS.SILENT (\Flagged)`, "UID STORE "+set+` +FLAGS.SILENT (\Flagged)`)
	p.proxy.reset()
	s := p.start(t, p)
	took, err := s.until(120*time.Second, func(text string) bool { return strings.Contains(text, "đã đồng bộ") })
	if err != nil {
		t.Fatal(err)
	}
	down, turns = p.proxy.down.Load(), p.proxy.turns.Load()
	s.stop(t, p.quit)
	return took, down, turns
}

// thousands writes a number as the screen does.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return s
}

func mb(n int64) string {
	if n < 1_000_000 {
		return fmt.Sprintf("%d KB", (n+999)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}
