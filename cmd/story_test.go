package cmd_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"hopthu/mail"
)

// patience is how long a story waits for what must come. It is long because a slow machine is no fault.
const patience = 3 * time.Minute

var binDir string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "hopthu-bin-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	binDir = dir
	code := m.Run()
	if err := os.RemoveAll(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// build makes both programs once: without cgo as people get them, or with the race detector when HOPTHU_RACE=1 and a
// C compiler is at hand.
var build = sync.OnceValue(func() error {
	args, cgo := []string{"build"}, "CGO_ENABLED=0"
	if _, err := exec.LookPath("gcc"); err == nil && os.Getenv("HOPTHU_RACE") == "1" {
		args, cgo = append(args, "-race"), "CGO_ENABLED=1"
	}
	cmd := exec.Command("go", append(args, "-o", binDir+string(filepath.Separator), "./hopthu", "./hopthu-server")...)
	cmd.Env = append(os.Environ(), cgo)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
})

// TestStories tells what people do with both real programs, one story in each testdata/*.txtar. Commands of our own
// stand in the table below; what a story needs that this machine has not (a terminal multiplexer) is skipped by name.
func TestStories(t *testing.T) {
	if testing.Short() {
		t.Skip("stories build and run the real programs")
	}
	if runtime.GOOS == "windows" {
		t.Skip("stories need a terminal as Unix has it")
	}
	if err := build(); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               setUp,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"ports": ports, "serve": serve, "unserve": unserve, "badserver": badServer,
			"grab": grab, "expand": expand, "codes": codes, "secret": secret, "bigfile": bigFile,
			"imap": imapProbe, "append": appendProbe, "until": untilProbe, "smtp": smtpProbe, "https": httpsProbe,
			"screen": openScreen, "see": see, "gone": gone, "type": typeText, "press": press, "resize": resize,
			"ended": ended, "kill9": kill9, "shot": shot, "turn": turn,
		},
		Condition: func(cond string) (bool, error) {
			if cond == "tmux" {
				_, err := exec.LookPath("tmux")
				return err == nil, nil
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
	})
}

// world is what one story has running.
type world struct {
	server  *exec.Cmd
	log     *os.File
	screens *screens
}

type worldKey struct{}

func worldOf(ts *testscript.TestScript) *world { return ts.Value(worldKey{}).(*world) }

func setUp(e *testscript.Env) error {
	home := filepath.Join(e.WorkDir, "home")
	if err := os.MkdirAll(home, 0o700); err != nil {
		return err
	}
	// No session bus and no agents of the machine that runs the test reach in.
	e.Setenv("HOME", home)
	e.Setenv("PATH", binDir+string(filepath.ListSeparator)+os.Getenv("PATH"))
	e.Setenv("LANG", "C.UTF-8")
	e.Setenv("TERM", "xterm-256color")
	e.Setenv("GORACE", "halt_on_error=1")
	w := &world{screens: &screens{}}
	e.Values[worldKey{}] = w
	e.Defer(func() {
		w.screens.close(e.T())
		if w.server != nil {
			if err := errors.Join(w.server.Process.Kill(), w.log.Close()); err != nil {
				e.T().Log("stop server: ", err)
			}
			_ = w.server.Wait() //nolint:errcheck // it was killed
		}
	})
	return nil
}

// ports NAME… puts a free port of loopback into each variable.
func ports(ts *testscript.TestScript, _ bool, names []string) {
	for _, name := range names {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		ts.Check(err)
		_, port, err := net.SplitHostPort(l.Addr().String())
		ts.Check(errors.Join(err, l.Close()))
		ts.Setenv(name, port)
	}
}

// serve DIR starts hopthu-server and waits until it says that it is ready.
func serve(ts *testscript.TestScript, _ bool, args []string) {
	w := worldOf(ts)
	if len(args) != 1 || w.server != nil {
		ts.Fatalf("usage: serve DIR, once")
	}
	log, err := os.OpenFile(ts.MkAbs("server.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	ts.Check(err)
	cmd := exec.Command(filepath.Join(binDir, "hopthu-server"), "run", "--dir", ts.MkAbs(args[0]))
	cmd.Env = []string{"HOME=" + ts.Getenv("HOME"), "GORACE=halt_on_error=1"}
	cmd.Stderr = log
	out := &watched{ready: make(chan struct{})}
	cmd.Stdout = out
	ts.Check(cmd.Start())
	w.server, w.log = cmd, log
	select {
	case <-out.ready:
	case <-time.After(patience):
		ts.Fatalf("the server is not ready: %s\n%s", out.said.String(), ts.ReadFile("server.log"))
	}
}

// watched waits for the server's word.
type watched struct {
	said  bytes.Buffer
	once  sync.Once
	ready chan struct{}
}

func (w *watched) Write(p []byte) (int, error) {
	w.said.Write(p)
	if bytes.Contains(w.said.Bytes(), []byte("ready")) {
		w.once.Do(func() { close(w.ready) })
	}
	return len(p), nil
}

// unserve ends the server as systemd would; it must end well.
func unserve(ts *testscript.TestScript, _ bool, _ []string) {
	w := worldOf(ts)
	if w.server == nil {
		ts.Fatalf("no server runs")
	}
	ts.Check(w.server.Process.Signal(os.Interrupt))
	err := w.server.Wait()
	w.server = nil
	ts.Check(errors.Join(err, w.log.Close()))
}

// grab VAR REGEXP puts the first group found in the last standard output into a variable.
func grab(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: grab VAR REGEXP")
	}
	m := regexp.MustCompile(args[1]).FindStringSubmatch(ts.ReadFile("stdout"))
	if len(m) < 2 {
		ts.Fatalf("%s is not in:\n%s", args[1], ts.ReadFile("stdout"))
	}
	ts.Setenv(args[0], m[1])
}

// expand FILE… replaces $VAR in files of the story.
func expand(ts *testscript.TestScript, _ bool, files []string) {
	for _, f := range files {
		text := os.Expand(ts.ReadFile(f), ts.Getenv)
		ts.Check(os.WriteFile(ts.MkAbs(f), []byte(text), 0o600))
	}
}

// codes CODE PROGRAM ARG… runs a program that must end with that exit code.
func codes(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if e := (*exec.ExitError)(nil); errors.As(err, &e) {
		code = e.ExitCode()
	} else {
		ts.Check(err)
	}
	if fmt.Sprint(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

// secret TEXT… fails when one of the texts stands in any file below home or the story's folder that a program wrote,
// as it is or in the encodings that a careless program would use. The server's data folder keeps letters, but never a
// password.
func secret(ts *testscript.TestScript, _ bool, texts []string) {
	files := 0
	err := filepath.WalkDir(ts.MkAbs("."), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !d.Type().IsRegular() || strings.HasSuffix(path, ".password") {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		for _, s := range texts {
			sum := sha256.Sum256([]byte(s))
			for _, form := range spoken(s, sum[:]) {
				if bytes.Contains(b, form) {
					ts.Fatalf("%s holds a secret", path)
				}
			}
		}
		return nil
	})
	ts.Check(err)
	if files < 3 {
		ts.Fatalf("only %d files were searched", files)
	}
}

// bigFile NAME BYTES makes a file that does not compress.
func bigFile(ts *testscript.TestScript, _ bool, args []string) {
	var size int
	_, err := fmt.Sscan(args[1], &size)
	ts.Check(err)
	var b bytes.Buffer
	for sum := sha256.Sum256([]byte(args[0])); b.Len() < size; sum = sha256.Sum256(sum[:]) {
		b.Write(sum[:])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b.Bytes()[:size], 0o600))
}

// poll calls f until it is true or patience ends.
func poll(f func() bool) bool {
	tick := time.NewTicker(40 * time.Millisecond)
	defer tick.Stop()
	for end := time.After(patience); ; {
		if f() {
			return true
		}
		select {
		case <-tick.C:
		case <-end:
			return f()
		}
	}
}

// background starts what a story leaves running until its end.
func background(ts *testscript.TestScript, name string, l net.Listener, serve func(net.Conn)) {
	mail.Go(name, func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			mail.Go(name, func() { serve(c) })
		}
	})
	ts.Defer(func() {
		if err := l.Close(); err != nil {
			ts.Logf("close %s: %v", name, err)
		}
	})
}
