package cmd_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// screens drives programs in a terminal of their own: tmux is the terminal, and what it shows is what people see. A
// story waits for text, never for time.
type screens struct {
	dir, socket, conf string
	opened            int
	pane              string
}

// What ended stays on the screen; a lone Escape is a key at once.
const tmuxConf = `set -g remain-on-exit on
set -s escape-time 0
set -g default-terminal screen-256color
set -g history-limit 2000
`

// tmux gives one command to the story's own terminal multiplexer.
func (s *screens) tmux(env []string, args ...string) (string, error) {
	cmd := exec.Command("tmux", append([]string{"-u", "-S", s.socket, "-f", s.conf}, args...)...)
	cmd.Env = env
	out, err := cmd.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("tmux %s: %w: %s", strings.Join(args, " "), err, out)
	}
	return string(out), err
}

func (s *screens) close(t testscript.T) {
	if s.dir == "" {
		return
	}
	if _, err := s.tmux(nil, "kill-server"); err != nil {
		t.Log("end of terminals: ", err)
	}
	if err := os.RemoveAll(s.dir); err != nil {
		t.Log(err)
	}
}

func on(ts *testscript.TestScript, args ...string) string {
	s := worldOf(ts).screens
	if s.pane == "" {
		ts.Fatalf("no screen is open")
	}
	out, err := s.tmux(nil, args...)
	ts.Check(err)
	return out
}

// screen [-size WxH] PROGRAM ARG… opens a program in a new terminal, which becomes the current one.
func openScreen(ts *testscript.TestScript, _ bool, args []string) {
	s := worldOf(ts).screens
	w, h := "100", "30"
	if len(args) > 2 && args[0] == "-size" {
		w, h = size(ts, args[1])
		args = args[2:]
	}
	// The variables of the story only: nothing of the terminal that runs the tests.
	env := []string{"SHELL=/bin/sh"}
	for _, name := range []string{"HOME", "PATH", "LANG", "TMPDIR", "GORACE", "VISUAL"} {
		if v := ts.Getenv(name); v != "" {
			env = append(env, name+"="+v)
		}
	}
	if s.dir == "" {
		dir, err := os.MkdirTemp("", "s") // a short name: the path of a socket is limited
		ts.Check(err)
		s.dir, s.socket, s.conf = dir, filepath.Join(dir, "t"), filepath.Join(dir, "conf")
		ts.Check(os.WriteFile(s.conf, []byte(tmuxConf), 0o600))
	}
	s.opened++
	s.pane = fmt.Sprintf("story%d", s.opened)
	_, err := s.tmux(env, append([]string{
		"new-session", "-d", "-s", s.pane, "-x", w, "-y", h, "-c", ts.MkAbs("."), "--", "/bin/sh", "-c", told, filepath.Join(s.dir, s.pane),
	}, args...)...)
	ts.Check(err)
}

// turn N makes the Nth screen that was opened the current one again.
func turn(ts *testscript.TestScript, _ bool, args []string) {
	s := worldOf(ts).screens
	if len(args) != 1 {
		ts.Fatalf("usage: turn N")
	}
	s.pane = "story" + args[0]
}

// told runs a program and writes down its process id and its exit code: tmux may miss the end of a program.
const told = `/bin/sh -c 'echo $$ >"$0.pid"; exec "$@"' "$0" "$@"; echo $? >"$0.new"; mv "$0.new" "$0.code"`

// code waits for the program's exit code.
func (s *screens) code() (code string, ok bool) {
	ok = poll(func() bool {
		b, err := os.ReadFile(filepath.Join(s.dir, s.pane+".code"))
		code = strings.TrimSpace(string(b))
		return err == nil
	})
	return code, ok
}

func size(ts *testscript.TestScript, s string) (w, h string) {
	w, h, ok := strings.Cut(s, "x")
	if !ok {
		ts.Fatalf("a size is WIDTHxHEIGHT, not %q", s)
	}
	return w, h
}

func shown(ts *testscript.TestScript) string {
	return on(ts, "capture-pane", "-p", "-t", worldOf(ts).screens.pane)
}

// see REGEXP… waits until the screen shows all of them.
func see(ts *testscript.TestScript, _ bool, patterns []string) {
	for _, p := range patterns {
		re := regexp.MustCompile(p)
		if !poll(func() bool { return re.MatchString(shown(ts)) }) {
			ts.Fatalf("never saw %s:\n%s", p, shown(ts))
		}
	}
	ts.Logf("%s", shown(ts))
}

// gone REGEXP… waits until the screen shows none of them.
func gone(ts *testscript.TestScript, _ bool, patterns []string) {
	for _, p := range patterns {
		re := regexp.MustCompile(p)
		if !poll(func() bool { return !re.MatchString(shown(ts)) }) {
			ts.Fatalf("still there: %s:\n%s", p, shown(ts))
		}
	}
}

// type TEXT types letters as they are.
func typeText(ts *testscript.TestScript, _ bool, args []string) {
	on(ts, "send-keys", "-t", worldOf(ts).screens.pane, "-l", "--", strings.Join(args, " "))
}

// press KEY… presses keys by the names that tmux gives them: Enter, Escape, C-s, F9, Down.
func press(ts *testscript.TestScript, _ bool, keys []string) {
	on(ts, append([]string{"send-keys", "-t", worldOf(ts).screens.pane, "--"}, keys...)...)
}

// resize WxH gives the terminal another size.
func resize(ts *testscript.TestScript, _ bool, args []string) {
	w, h := size(ts, args[0])
	on(ts, "resize-window", "-t", worldOf(ts).screens.pane, "-x", w, "-y", h)
}

// ended CODE waits until the program has ended, with that exit code.
func ended(ts *testscript.TestScript, _ bool, args []string) {
	code, ok := worldOf(ts).screens.code()
	if !ok {
		ts.Fatalf("the program has not ended:\n%s", shown(ts))
	}
	if code != args[0] {
		ts.Fatalf("exit code %s, want %s:\n%s", code, args[0], shown(ts))
	}
}

// kill9 ends the program as a power cut would.
func kill9(ts *testscript.TestScript, _ bool, _ []string) {
	s := worldOf(ts).screens
	pid, err := os.ReadFile(filepath.Join(s.dir, s.pane+".pid"))
	ts.Check(err)
	ts.Check(ts.Exec("kill", "-9", strings.TrimSpace(string(pid))))
	if _, ok := s.code(); !ok {
		ts.Fatalf("it lives on")
	}
}

// shot FILE keeps the window's title and what the screen shows, with its colours as escape sequences.
func shot(ts *testscript.TestScript, _ bool, args []string) {
	text := on(ts, "capture-pane", "-e", "-p", "-t", worldOf(ts).screens.pane)
	title := on(ts, "display-message", "-p", "-t", worldOf(ts).screens.pane, "#{pane_title}")
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte("title: "+title+text), 0o600))
}
