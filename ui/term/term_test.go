package term

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
)

// The cases that plain Bubble Tea v1 loses, fed as the reads in which they came.
func TestFilter(t *testing.T) {
	for name, c := range map[string]struct {
		reads []string
		want  string
	}{
		"a letter in 1+2 bytes":           {[]string{"\xe1", "\xba\xbf"}, "ế"},
		"a letter in 1+1+1 bytes":         {[]string{"a\xe1", "\xba", "\xbfb"}, "aếb"},
		"F5 in two":                       {[]string{"\x1b[", "15~"}, "\x1b[15~"},
		"Esc alone":                       {[]string{"\x1b"}, "\x1b"},
		"Esc then letter":                 {[]string{"\x1b", "a"}, "\x1ba"},
		"Alt and a letter cut":            {[]string{"\x1b\xe1", "\xba\xbf"}, "\x1bế"},
		"OSC 11 between letters":          {[]string{"a\x1b]11;rgb:1010/1010/1010\x1b\\b"}, "ab"},
		"OSC 11 cut everywhere":           {[]string{"a\x1b]", "11;rgb:10", "10/1010\x1b", "\\b"}, "ab"},
		"OSC 52 answer":                   {[]string{"\x1b]52;c;", strings.Repeat("QUJD", 500), "\x07x"}, "x"},
		"DCS answer":                      {[]string{"\x1bP>|kitty(0.30)\x1b\\x"}, "x"},
		"Alt+] and typing":                {[]string{"\x1b]", "abc"}, "\x1b]abc"},
		"input method":                    {[]string{"\x7f\x7f\xe1\xba", "\xbf"}, "\x7f\x7fế"},
		"broken byte":                     {[]string{"a\xffb"}, "a\xffb"},
		"X10 mouse":                       {[]string{"\x1b[M", " !", "!x"}, "\x1b[M !!x"},
		"SGR mouse":                       {[]string{"\x1b[<0;12", ";5M"}, "\x1b[<0;12;5M"},
		"SS3":                             {[]string{"\x1bOPx"}, "\x1bOPx"},
		"a sequence without end":          {[]string{"\x1b[" + strings.Repeat("1", 100)}, "\x1b[" + strings.Repeat("1", 100)},
		"two Esc":                         {[]string{"\x1b\x1b[A"}, "\x1b\x1b[A"},
		"typing after a sequence and Esc": {[]string{"\x1b[A\x1b"}, "\x1b[A\x1b"},
	} {
		var f filter
		var got strings.Builder
		for _, r := range c.reads {
			got.Write(f.feed([]byte(r)))
		}
		if got.String() != c.want {
			t.Errorf("%s: %q, want %q", name, got.String(), c.want)
		}
		if len(f.held) > 0 {
			t.Errorf("%s: still holds %q", name, f.held)
		}
	}
}

func TestPasteTickets(t *testing.T) {
	text := "một\r\nhai\tba\n\x1b[31m" + strings.Repeat("ế", 30_000)
	var f filter
	var out []byte
	in := []byte("a" + pasteStart + text + pasteEnd + "b" + pasteStart + "ngắn" + pasteEnd)
	for chunk := range slices.Chunk(in, 97) {
		out = append(out, f.feed(chunk)...)
	}
	if len(out) > 120 {
		t.Fatalf("%d bytes went on, want tickets only", len(out))
	}
	first := pasteStart + ticketMark + "1" + pasteEnd
	if want := "a" + first + "b" + pasteStart + ticketMark + "2" + pasteEnd; string(out) != want {
		t.Fatalf("%q, want %q", out, want)
	}
	if got := f.redeem(ticketMark + "1"); got != text {
		t.Errorf("the paste is %d bytes, want %d", len(got), len(text))
	}
	if got := f.redeem(ticketMark + "1"); got == text {
		t.Error("a ticket was redeemed twice")
	}
	if got := f.redeem(ticketMark + "2"); got != "ngắn" {
		t.Errorf("second paste %q", got)
	}
}

func TestPasteLimit(t *testing.T) {
	var f filter
	f.feed([]byte(pasteStart))
	block := bytes.Repeat([]byte("x"), 1<<20)
	for range 10 {
		f.feed(block)
	}
	f.feed([]byte(pasteEnd))
	if got := len(f.redeem(ticketMark + "1")); got != PasteLimit {
		t.Errorf("%d bytes kept, want %d", got, PasteLimit)
	}
}

func FuzzFilter(f *testing.F) {
	f.Add([]byte("a\x1b[15~\xe1\xba\xbf\x1b]11;x\x07"), uint8(3))
	f.Add([]byte(pasteStart+"abc"+pasteEnd), uint8(5))
	f.Fuzz(func(t *testing.T, in []byte, step uint8) {
		var fl filter
		var out []byte
		for chunk := range slices.Chunk(in, int(step)%200+1) {
			got := fl.feed(chunk)
			if len(got) > len(chunk)+heldLimit+40 {
				t.Fatalf("a read of %d became %d", len(chunk), len(got))
			}
			out = append(out, got...)
		}
		if len(fl.held) > heldLimit {
			t.Fatalf("%d bytes held", len(fl.held))
		}
		if utf8.Valid(in) && len(fl.held) == 0 && !utf8.Valid(out) {
			t.Fatalf("valid input %q became invalid %q", in, out)
		}
	})
}

// keyLog is a model that keeps what it is sent.
type keyLog struct {
	in   *Stdin
	got  strings.Builder
	want int
	done chan string
}

func (k *keyLog) Init() tea.Cmd { return nil }

func (k *keyLog) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	m, ok := msg.(tea.KeyMsg)
	if !ok {
		return k, nil
	}
	switch {
	case m.Paste:
		k.got.WriteString("<" + k.in.Paste(string(m.Runes)) + ">")
	case m.Type == tea.KeyRunes || m.Type == tea.KeySpace:
		k.got.WriteString(string(m.Runes))
	default:
		k.got.WriteString("{" + m.String() + "}")
	}
	if k.got.Len() >= k.want {
		k.done <- k.got.String()
		return k, tea.Quit
	}
	return k, nil
}

func (k *keyLog) View() string { return "" }

// The same through Bubble Tea itself: a pipe stands for the terminal.
func TestThroughBubbleTea(t *testing.T) {
	long := strings.Repeat("ế", 400)
	paste := strings.Repeat("dòng\r\n\tế", 8000) // more than 64 KiB
	for name, c := range map[string]struct{ in, want string }{
		"400 letters in one write": {long, long},
		"input method burst":       {"\x7f\x7fế", "{backspace}{backspace}ế"},
		"answers between letters":  {"a\x1b]11;rgb:0/0/0\x07b\x1b]52;c;YQ==\x1b\\c", "abc"},
		"a big paste":              {pasteStart + paste + pasteEnd, "<" + paste + ">"},
	} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		in := NewStdin(r)
		log := &keyLog{in: in, want: len(c.want), done: make(chan string, 1)}
		mail.Go("write input", func() {
			if _, err := io.WriteString(w, c.in); err != nil {
				t.Error(err)
			}
		})
		ctx, cancel := context.WithCancel(t.Context())
		p := tea.NewProgram(log, tea.WithInput(in), tea.WithOutput(io.Discard), tea.WithContext(ctx), tea.WithoutSignalHandler())
		if _, err := p.Run(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		cancel()
		if got := <-log.done; got != c.want {
			t.Errorf("%s: %d bytes %.60q, want %d bytes %.60q", name, len(got), got, len(c.want), c.want)
		}
		if err := w.Close(); err != nil {
			t.Error(err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestStdout(t *testing.T) {
	name := t.TempDir() + "/tty"
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	o := NewStdout(file)
	step := func(f func() error) {
		t.Helper()
		if err := f(); err != nil {
			t.Fatal(err)
		}
	}
	step(func() error { _, err := o.Write([]byte("frame")); return err })
	step(func() error { return o.Cursor(4, 2, true) })
	step(func() error { return o.Cursor(4, 2, true) }) // nothing changed, nothing written
	step(func() error { _, err := fmt.Fprint(o, "x"); return err })
	step(func() error { return o.Cursor(0, 0, false) })
	step(func() error { _, err := o.Copy("chép thử"); return err })
	step(func() error { return o.Notify("osc777", "Thư; mới", "từ \x1b]0;x\x07Hà") })
	step(func() error { return o.Notify("osc9", "Thư mới", "từ Hà\n") })
	step(func() error { return o.Notify("bell", "a", "b") })
	step(func() error { return o.Notify("off", "a", "b") })
	step(file.Close)
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	want := "\x1b[?2026h\x1b[?25l\x1b[?7lframe\x1b[?7h\x1b[?2026l" + "\x1b[3;5H\x1b[?25h" + "\x1b[?2026h\x1b[?25l\x1b[?7lx\x1b[?7h\x1b[3;5H\x1b[?25h\x1b[?2026l" + "\x1b[?25l" +
		"\x1b]52;c;Y2jDqXAgdGjhu60=\x07" + "\x1b]777;notify;Thư, mới;từ ]0;xHà\x07" + "\x1b]9;Thư mới: từ Hà\x07" + "\a"
	if string(got) != want {
		t.Errorf("written:\n%q\nwant\n%q", got, want)
	}
}

func TestCopyLimit(t *testing.T) {
	file, err := os.Create(t.TempDir() + "/tty")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	}()
	whole, err := NewStdout(file).Copy(strings.Repeat("ế", CopyLimit))
	if whole || err != nil {
		t.Errorf("a text beyond the limit: whole %v, err %v", whole, err)
	}
}
