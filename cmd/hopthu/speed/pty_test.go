//go:build linux

package speed

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// screen is a program in a pseudo-terminal of 140×40 that answers what terminals answer.
type screen struct {
	cmd   *exec.Cmd
	tty   *os.File
	start time.Time
	ended chan struct{}
	wait  error

	mu   sync.Mutex
	out  []byte
	more chan struct{} // closed and renewed at each piece of output
	last time.Time     // when the last piece came
}

// openPTY gives both ends of a new pseudo-terminal.
func openPTY(cols, rows uint16) (ours, theirs *os.File, err error) {
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("open /dev/ptmx: %w", err)
	}
	ours = os.NewFile(uintptr(fd), "/dev/ptmx") //nolint:gosec // a descriptor is small
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		err = unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: rows, Col: cols})
	}
	if err == nil {
		theirs, err = os.OpenFile("/dev/pts/"+strconv.Itoa(n), os.O_RDWR|syscall.O_NOCTTY, 0)
	}
	if err != nil {
		return nil, nil, errors.Join(err, ours.Close())
	}
	return ours, theirs, nil
}

// run starts a program on a screen of its own.
func run(t *testing.T, env []string, name string, args ...string) *screen {
	t.Helper()
	ours, theirs, err := openPTY(140, 40)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(name, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = theirs, theirs, theirs
	cmd.Env = append(os.Environ(), append([]string{"TERM=screen-256color", "LANG=C.UTF-8", "LC_ALL=C.UTF-8"}, env...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	s := &screen{cmd: cmd, tty: ours, ended: make(chan struct{}), more: make(chan struct{}), start: time.Now()}
	if err := cmd.Start(); err != nil {
		t.Fatal(errors.Join(err, theirs.Close(), ours.Close()))
	}
	if err := theirs.Close(); err != nil {
		t.Fatal(err)
	}
	go s.read()
	return s
}

// queries that a terminal answers, and its answers.
var queries = []struct{ ask, answer string }{
	{"\x1b]11;?", "\x1b]11;rgb:0000/0000/0000\x1b\\"},
	{"\x1b]10;?", "\x1b]10;rgb:ffff/ffff/ffff\x1b\\"},
	{"\x1b[6n", "\x1b[1;1R"},
	{"\x1b[c", "\x1b[?62;22c"},
}

func (s *screen) read() {
	buf := make([]byte, 64<<10)
	for {
		n, err := s.tty.Read(buf)
		if n > 0 {
			for _, q := range queries {
				if bytes.Contains(buf[:n], []byte(q.ask)) {
					s.typed(q.answer)
				}
			}
			s.mu.Lock()
			s.out = append(s.out, buf[:n]...)
			s.last = time.Now()
			close(s.more)
			s.more = make(chan struct{})
			s.mu.Unlock()
		}
		if err != nil {
			s.wait = s.cmd.Wait()
			close(s.ended)
			return
		}
	}
}

func (s *screen) typed(keys string) {
	_, _ = s.tty.WriteString(keys) //nolint:errcheck // a program that has ended shows it by its silence
}

var escapes = regexp.MustCompile("\x1b\\[[0-9;?<>=]*[ -/]*[@-~]|\x1b\\][^\a\x1b]*(?:\a|\x1b\\\\)|\x1b[()][A-Z0-9]|\x1b[=>78MHc]|\x0f|\x0e")

// text is all that was written so far, without the terminal's commands.
func (s *screen) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return escapes.ReplaceAllString(string(s.out), "")
}

// until waits till what is written satisfies ok, and says how long after the start the deciding piece came.
func (s *screen) until(limit time.Duration, ok func(text string) bool) (time.Duration, error) {
	over := time.After(limit)
	for {
		s.mu.Lock()
		more, last, n := s.more, s.last, len(s.out)
		s.mu.Unlock()
		if n > 0 && ok(s.text()) {
			return last.Sub(s.start), nil
		}
		select {
		case <-more:
		case <-s.ended:
			return 0, fmt.Errorf("%s ended: %w; it wrote: %.600s", s.cmd.Path, s.wait, s.text())
		case <-over:
			return 0, fmt.Errorf("%s: nothing in %v; it wrote: %.1500s", s.cmd.Path, limit, tail(strings.Join(strings.Fields(s.text()), " "), 1500))
		}
	}
}

func tail(s string, n int) string { return s[max(0, len(s)-n):] }

// memory is the most that the program and its children held so far, in MB.
func (s *screen) memory() float64 { return hwm(s.cmd.Process.Pid) }

// rss is what the program holds now, in MB.
func (s *screen) rss() float64 { return status(s.cmd.Process.Pid, "VmRSS:") }

func hwm(pid int) float64 { return status(pid, "VmHWM:") }

func status(pid int, field string) float64 {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == field {
			n, err := strconv.ParseFloat(f[1], 64)
			if err != nil {
				return 0
			}
			return n / 1024
		}
	}
	return 0
}

// terminate is the signal that asks a program to end, in the place of keys.
const terminate = "SIGTERM"

// stop ends the program and waits for it. What it keeps must be on disk: it is asked to quit first.
func (s *screen) stop(t *testing.T, quit string) {
	t.Helper()
	switch quit {
	case "":
	case terminate:
		if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
	default:
		s.typed(quit)
	}
	select {
	case <-s.ended:
	case <-time.After(10 * time.Second):
		if err := s.cmd.Process.Kill(); err != nil {
			t.Error(err)
		}
		<-s.ended
		if quit != "" {
			t.Errorf("%s did not quit; it wrote: %.600s", s.cmd.Path, tail(s.text(), 600))
		}
	}
	if err := s.tty.Close(); err != nil {
		t.Error(err)
	}
}
