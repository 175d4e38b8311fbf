// Package uitest drives the screen without a terminal: keys in, frames out, everything in order and finished when a call
// returns.
//
// Laws: it never sleeps and never waits; ticks do not run; the desk is a fake that answers from memory.
package uitest

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"hopthu/ui"
	"hopthu/ui/frame"
	"hopthu/ui/kit"
	"hopthu/ui/theme"
)

var update = flag.Bool("update", false, "write the golden frames anew")

// Screen is a screen under test.
type Screen struct {
	T      testing.TB
	App    *ui.App
	Desk   *Fake
	Term   *Terminal
	Quit   bool
	Waits  int       // calls of Desk.Next that are waiting now
	Timers []tea.Msg // of timers that were set and have not ended
	w, h   int
	deep   int

	Logged bytes.Buffer // what the screen put into the log
}

// Terminal keeps what the screen asked of it.
type Terminal struct {
	X, Y    int
	Shown   bool
	Copied  string
	Notices []string
}

// Cursor keeps where the cursor is.
func (t *Terminal) Cursor(x, y int, show bool) error { t.X, t.Y, t.Shown = x, y, show; return nil }

// Copy keeps what was copied.
func (t *Terminal) Copy(text string) (bool, error) { t.Copied = text; return true, nil }

// Notify keeps what was told.
func (t *Terminal) Notify(how, title, body string) error {
	t.Notices = append(t.Notices, how+" "+title+": "+body)
	return nil
}

// Paste gives pasted text back as it came.
func (t *Terminal) Paste(s string) string { return s }

// New opens the screen at a size. first nil opens what a person would see.
func New(t testing.TB, desk *Fake, pages frame.Pages, first frame.Target, w, h int) *Screen {
	t.Helper()
	return NewWith(t, desk, desk, pages, first, w, h)
}

// NewWith is New with another desk before the fake one.
func NewWith(t testing.TB, before frame.Desk, desk *Fake, pages frame.Pages, first frame.Target, w, h int) *Screen {
	t.Helper()
	s := &Screen{T: t, Desk: desk, Term: &Terminal{}, w: w, h: h}
	s.App = ui.New(context.Background(), ui.Options{
		Desk: before, Pages: pages, Terminal: s.Term, Now: desk.Now, Depth: theme.TrueColor, First: first,
		Log: slog.New(slog.NewTextHandler(&s.Logged, nil)),
		Timer: func(_ time.Duration, msg tea.Msg) tea.Cmd {
			s.Timers = append(s.Timers, msg)
			return nil
		},
	})
	s.run(s.App.Init())
	s.Resize(w, h)
	return s
}

// Ring lets the timers of pages end that were set until now.
func (s *Screen) Ring() {
	set := s.Timers
	s.Timers = nil
	for _, msg := range set {
		if _, ok := msg.(frame.Result); ok {
			s.Send(msg)
		}
	}
}

// Resize changes the size of the terminal.
func (s *Screen) Resize(w, h int) {
	s.w, s.h = w, h
	s.Send(tea.WindowSizeMsg{Width: w, Height: h})
}

// Send gives the screen a message and runs everything that follows from it.
func (s *Screen) Send(msg tea.Msg) {
	_, cmd := s.App.Update(msg)
	s.App.View()
	s.run(cmd)
	for s.deep == 0 && s.Waits > 0 && s.Desk.eventful() {
		s.Waits--
		s.run(s.App.Waiting)
	}
}

func (s *Screen) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	s.deep++
	defer func() { s.deep-- }()
	if s.deep > 2000 {
		s.T.Fatal("commands without end")
	}
	if s.waits(cmd) && !s.Desk.eventful() {
		s.Waits++ // Happen runs it
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.QuitMsg:
		s.Quit = true
	default:
		// tea.BatchMsg and the unexported sequence type are both []tea.Cmd.
		if v := reflect.ValueOf(msg); v.Kind() == reflect.Slice && v.Type().Elem() == reflect.TypeFor[tea.Cmd]() {
			for i := range v.Len() {
				s.run(v.Index(i).Interface().(tea.Cmd))
			}
			return
		}
		s.Send(msg)
	}
}

// waits reports whether cmd is the screen's call of Desk.Next.
func (s *Screen) waits(cmd tea.Cmd) bool {
	return reflect.ValueOf(cmd).Pointer() == reflect.ValueOf(tea.Cmd(s.App.Waiting)).Pointer()
}

// Happen lets events happen at the desk: the screen is told as by its waiting call.
func (s *Screen) Happen(change func(*Fake)) {
	s.T.Helper()
	change(s.Desk)
	for s.Waits > 0 && s.Desk.eventful() {
		s.Waits--
		s.run(s.App.Waiting)
	}
}

// Shell is what the pages share now.
func (s *Screen) Shell() *frame.Shell { return s.App.Shell() }

var keyTypes = map[string]tea.KeyMsg{
	"enter": {Type: tea.KeyEnter}, "esc": {Type: tea.KeyEsc}, "tab": {Type: tea.KeyTab}, "shift+tab": {Type: tea.KeyShiftTab},
	"up": {Type: tea.KeyUp}, "down": {Type: tea.KeyDown}, "left": {Type: tea.KeyLeft}, "right": {Type: tea.KeyRight},
	"pgup": {Type: tea.KeyPgUp}, "pgdown": {Type: tea.KeyPgDown}, "home": {Type: tea.KeyHome}, "end": {Type: tea.KeyEnd},
	"backspace": {Type: tea.KeyBackspace}, "delete": {Type: tea.KeyDelete}, "space": {Type: tea.KeySpace, Runes: []rune(" ")},
	"ctrl+home": {Type: tea.KeyCtrlHome}, "ctrl+end": {Type: tea.KeyCtrlEnd}, "ctrl+left": {Type: tea.KeyCtrlLeft},
	"ctrl+right": {Type: tea.KeyCtrlRight}, "shift+left": {Type: tea.KeyShiftLeft}, "shift+right": {Type: tea.KeyShiftRight},
	"shift+up": {Type: tea.KeyShiftUp}, "shift+down": {Type: tea.KeyShiftDown}, "insert": {Type: tea.KeyInsert},
	"shift+home": {Type: tea.KeyShiftHome}, "shift+end": {Type: tea.KeyShiftEnd}, "ctrl+up": {Type: tea.KeyCtrlUp},
	"ctrl+down": {Type: tea.KeyCtrlDown}, "ctrl+pgup": {Type: tea.KeyCtrlPgUp}, "ctrl+pgdown": {Type: tea.KeyCtrlPgDown},
}

// Press presses keys by their names in the table: "enter", "ctrl+s", "f1", "alt+x", "r".
func (s *Screen) Press(names ...string) {
	s.T.Helper()
	for _, name := range names {
		s.Send(s.key(name))
	}
}

func (s *Screen) key(name string) tea.KeyMsg {
	s.T.Helper()
	if m, ok := keyTypes[name]; ok {
		return m
	}
	if rest, ok := strings.CutPrefix(name, "alt+"); ok {
		m := s.key(rest)
		m.Alt = true
		return m
	}
	if c, ok := strings.CutPrefix(name, "ctrl+"); ok && len(c) == 1 {
		switch {
		case c[0] >= 'a' && c[0] <= 'z':
			return tea.KeyMsg{Type: tea.KeyType(c[0] - 'a' + 1)}
		case c == "]":
			return tea.KeyMsg{Type: tea.KeyCtrlCloseBracket}
		case c == `\`:
			return tea.KeyMsg{Type: tea.KeyCtrlBackslash}
		case c == "_":
			return tea.KeyMsg{Type: tea.KeyCtrlUnderscore}
		case c == "@":
			return tea.KeyMsg{Type: tea.KeyCtrlAt}
		}
	}
	var n int
	if k, err := fmt.Sscanf(name, "f%d", &n); err == nil && k == 1 && n >= 1 && n <= 12 {
		return tea.KeyMsg{Type: tea.KeyF1 - tea.KeyType(n-1)}
	}
	if r := []rune(name); len(r) == 1 {
		return tea.KeyMsg{Type: tea.KeyRunes, Runes: r}
	}
	s.T.Fatalf("no key is called %q", name)
	return tea.KeyMsg{}
}

// Type types letters one by one.
func (s *Screen) Type(text string) {
	for _, r := range text {
		m := tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}}
		if r == ' ' {
			m.Type = tea.KeySpace
		}
		s.Send(m)
	}
}

// Paste pastes text.
func (s *Screen) Paste(text string) {
	s.Send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text), Paste: true})
}

// Click clicks at a cell of the screen.
func (s *Screen) Click(x, y int) {
	s.Send(tea.MouseMsg{X: x, Y: y, Button: tea.MouseButtonLeft, Action: tea.MouseActionPress})
}

// Wheel turns the wheel at a cell.
func (s *Screen) Wheel(x, y int, down bool) {
	b := tea.MouseButtonWheelUp
	if down {
		b = tea.MouseButtonWheelDown
	}
	s.Send(tea.MouseMsg{X: x, Y: y, Button: b, Action: tea.MouseActionPress})
}

// Frame is what stands on the screen, without styles and trailing spaces.
func (s *Screen) Frame() string {
	lines := strings.Split(ansi.Strip(s.App.View()), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n") + "\n"
}

// Styled is what stands on the screen with its styles.
func (s *Screen) Styled() string { return s.App.View() + "\n" }

// Want fails unless each text stands on the screen.
func (s *Screen) Want(texts ...string) {
	s.T.Helper()
	f := s.Frame()
	for _, text := range texts {
		if !strings.Contains(f, text) {
			s.T.Fatalf("the screen lacks %q:\n%s", text, f)
		}
	}
}

// WantNot fails if one of the texts stands on the screen.
func (s *Screen) WantNot(texts ...string) {
	s.T.Helper()
	f := s.Frame()
	for _, text := range texts {
		if strings.Contains(f, text) {
			s.T.Fatalf("the screen still shows %q:\n%s", text, f)
		}
	}
}

// Find is the cell where text first stands.
func (s *Screen) Find(text string) (x, y int) {
	s.T.Helper()
	for y, l := range strings.Split(s.Frame(), "\n") {
		if i := strings.Index(l, text); i >= 0 {
			return kit.Width(l[:i]), y
		}
	}
	s.T.Fatalf("%q is not on the screen:\n%s", text, s.Frame())
	return 0, 0
}

// Exact fails unless the frame fills the terminal exactly: every line as wide as it, as many lines as it is high, and
// no control character beside styles.
func (s *Screen) Exact() {
	s.T.Helper()
	lines := strings.Split(s.App.View(), "\n")
	if len(lines) != s.h {
		s.T.Fatalf("%d lines on a screen of %d:\n%s", len(lines), s.h, s.Frame())
	}
	for y, l := range lines {
		plain := ansi.Strip(l)
		if n := kit.Width(plain); n != s.w {
			s.T.Fatalf("line %d is %d columns wide, the screen %d: %q", y, n, s.w, plain)
		}
		if c := kit.Clean(plain); c != plain {
			s.T.Fatalf("line %d holds what acts on the terminal: %q", y, plain)
		}
	}
}

// Golden compares the frame with testdata/NAME.WxH.txt.
func (s *Screen) Golden(name string) {
	s.T.Helper()
	s.Exact()
	Golden(s.T, fmt.Sprintf("%s.%dx%d.txt", name, s.w, s.h), s.Frame())
}

// Golden compares text with a file of testdata; -update writes it anew.
func Golden(t testing.TB, file, got string) {
	t.Helper()
	path := filepath.Join("testdata", file)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run with -update to write it)", err)
	}
	if string(want) != got {
		t.Errorf("%s differs; run with -update and look at it.\ngot:\n%s\nwant:\n%s", path, got, want)
	}
}
