package term

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"unicode"

	"github.com/aymanbagabas/go-osc52/v2"
)

// CopyLimit is how much text is put on the clipboard at most: several terminals ignore longer sequences.
const CopyLimit = 70_000

// Stdout makes each frame one synchronised update (mode 2026) and leaves the real cursor where the person types, so
// that an input method draws there. While a frame is drawn, lines do not wrap (DECAWM): terminals disagree with us, and
// among themselves, about the width of emoji and of several scripts, and a line that is one column too long for this one
// must not push the whole screen up.
type Stdout struct {
	*os.File
	mu   sync.Mutex
	x, y int
	show bool

	first func()
}

// NewStdout wraps a terminal's output.
func NewStdout(f *os.File) *Stdout { return &Stdout{File: f} }

// OnFirst says what to call once, after the first frame is written. Call it before the first Write.
func (o *Stdout) OnFirst(f func()) { o.first = f }

// Write writes one frame.
func (o *Stdout) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if _, err := o.File.WriteString(o.frame(string(p))); err != nil {
		return 0, fmt.Errorf("write frame: %w", err)
	}
	if f := o.first; f != nil {
		o.first = nil
		f()
	}
	return len(p), nil
}

func (o *Stdout) frame(p string) string {
	var b strings.Builder
	b.Grow(len(p) + 64)
	b.WriteString("\x1b[?2026h\x1b[?25l\x1b[?7l")
	b.WriteString(p)
	b.WriteString("\x1b[?7h")
	if o.show {
		fmt.Fprintf(&b, "\x1b[%d;%dH\x1b[?25h", o.y+1, o.x+1)
	}
	b.WriteString("\x1b[?2026l")
	return b.String()
}

// Cursor says where the real cursor stands after each frame; it moves at once, for Bubble Tea writes nothing when only
// the cursor moved. Call it with show false before quitting.
func (o *Stdout) Cursor(x, y int, show bool) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.x == x && o.y == y && o.show == show {
		return nil
	}
	o.x, o.y, o.show = x, y, show
	s := "\x1b[?25l"
	if show {
		s = fmt.Sprintf("\x1b[%d;%dH\x1b[?25h", y+1, x+1)
	}
	return o.raw(s)
}

// Copy puts text on the terminal's clipboard (OSC 52); whole says whether all of it went.
func (o *Stdout) Copy(text string) (whole bool, err error) {
	whole = len(text) <= CopyLimit
	if !whole {
		text = strings.ToValidUTF8(text[:CopyLimit], "")
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	return whole, o.raw(osc52.New(text).String())
}

// Notify tells of new mail in the way of the settings: "osc9", "osc777", "bell"; "off" does nothing.
func (o *Stdout) Notify(how, title, body string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.raw(notice(how, title, body))
}

func notice(how, title, body string) string {
	switch how {
	case "osc9":
		return "\x1b]9;" + harmless(title+": "+body) + "\x07"
	case "osc777":
		return "\x1b]777;notify;" + strings.ReplaceAll(harmless(title), ";", ",") + ";" + harmless(body) + "\x07"
	case "bell":
		return "\a"
	}
	return ""
}

// harmless takes everything out of foreign text that could end or change a sequence.
func harmless(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, s)
	if r := []rune(s); len(r) > 200 {
		s = string(r[:200])
	}
	return s
}

func (o *Stdout) raw(s string) error {
	if s == "" {
		return nil
	}
	if _, err := o.File.WriteString(s); err != nil {
		return fmt.Errorf("write to terminal: %w", err)
	}
	return nil
}
