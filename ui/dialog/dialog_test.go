package dialog

import (
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
	"hopthu/ui/theme"
	"hopthu/ui/words"
)

var at = time.Date(2026, 11, 23, 8, 5, 0, 0, time.UTC)

func env() frame.Env {
	return frame.Env{Owner: 5, Shell: &frame.Shell{Words: words.Of("vi"), Theme: theme.New(theme.Dark, theme.TrueColor, false, false), Keys: keys.New()}}
}

// answer runs a dialog's command and gives the message for the page.
func answer(t *testing.T, cmd tea.Cmd) tea.Msg {
	t.Helper()
	if cmd == nil {
		return nil
	}
	r, ok := cmd().(frame.Result)
	if !ok || r.Owner != 5 || r.Gen != 3 {
		t.Fatalf("answer %+v", r)
	}
	return r.Msg
}

// A dialog laid over a screen leaves every line as wide as it was, also where it cuts a wide letter.
func TestDrawKeepsTheScreen(t *testing.T) {
	th := env().Theme
	for _, size := range [][2]int{{12, 5}, {40, 10}, {80, 24}, {200, 60}} {
		for _, fill := range []string{"a", "日", "ế", "e\u0302\u0301"} {
			w, h := size[0], size[1]
			screen := make([]string, h)
			for i := range screen {
				screen[i] = th.Page.Base.Paint(kit.Fit(strings.Repeat(fill, w), w))
			}
			var s Stack
			s.Push(Confirm(env(), 3, "Tiêu đề rất dài của một câu hỏi", strings.Repeat("Câu hỏi khá dài. ", 20), nil), false, at)
			for i, l := range s.Draw(screen, w, th, []kit.Hint{{Key: "Enter", Word: "đồng ý"}}) {
				if n := kit.Width(ansi.Strip(l)); n != w {
					t.Errorf("%dx%d of %q: line %d is %d wide: %q", w, h, fill, i, n, ansi.Strip(l))
				}
			}
		}
	}
}

func TestConfirm(t *testing.T) {
	for key, want := range map[keys.ID]bool{keys.Yes: true, keys.Close: false} {
		d := Confirm(env(), 3, "?", "text", func(y bool) tea.Msg { return y })
		done, cmd := d.Update(keys.Press{Action: key})
		if got := answer(t, cmd); !done || got != want {
			t.Errorf("%s: done %v, answer %v", key, done, got)
		}
	}
	d := Confirm(env(), 3, "?", "text", nil)
	if done, _ := d.Update(keys.Press{Key: "x", Text: "x"}); done {
		t.Error("a letter answered the question")
	}
}

func TestChoose(t *testing.T) {
	items := []Item{{Main: "Lưu trữ"}, {Main: "Thùng rác", Off: "không được"}, {Main: "Công việc", Also: "work"}}
	fresh := func() frame.Dialog {
		return Choose(env(), 3, "Chuyển đến", "", items, func(i int) tea.Msg { return i })
	}
	typed := func(d frame.Dialog, s string) {
		for _, r := range s {
			d.Update(keys.Press{Key: string(r), Text: string(r)})
		}
	}
	for text, want := range map[string]int{"": 0, "viec": 2, "WORK": 2, "luu": 0} {
		d := fresh()
		typed(d, text)
		done, cmd := d.Update(keys.Press{Action: keys.Pick})
		if got := answer(t, cmd); !done || got != want {
			t.Errorf("%q: done %v, answer %v, want %d", text, done, got, want)
		}
	}
	d := fresh()
	typed(d, "rac")
	if done, _ := d.Update(keys.Press{Action: keys.Pick}); done {
		t.Error("what cannot be chosen was chosen")
	}
	if done, cmd := d.Update(keys.Press{Action: keys.Close}); !done || answer(t, cmd) != -1 {
		t.Error("Esc does not close")
	}
	d = fresh()
	for _, l := range d.View(60, 10) {
		if kit.Width(l) > 60 {
			t.Errorf("a line is %d wide", kit.Width(l))
		}
	}
	done, cmd := d.Update(keys.Mouse{Kind: keys.Click, X: 3, Y: 4})
	if got := answer(t, cmd); !done || got != 2 {
		t.Errorf("a click: done %v, answer %v", done, got)
	}
}

func TestPromptAndSecret(t *testing.T) {
	got := ""
	d := Prompt(env(), 3, "Thư mục", "Tên", "cũ", func(s string, ok bool) tea.Msg { got = s; return ok })
	d.Update(keys.Press{Text: "ế"})
	d.Update(keys.Press{Text: "a\nb", Paste: true})
	done, cmd := d.Update(keys.Press{Action: keys.Yes})
	if !done || answer(t, cmd) != true || got != "cũếa b" {
		t.Errorf("text %q, done %v", got, done)
	}
	d = Secret(env(), 3, "Mật khẩu", "Nhập", func(s string, _ bool) tea.Msg { got = s; return nil })
	d.Update(keys.Press{Text: "bí"})
	if v := ansi.Strip(strings.Join(d.View(40, 5), "\n")); strings.Contains(v, "bí") {
		t.Errorf("the secret shows: %q", v)
	}
	if _, cmd := d.Update(keys.Press{Action: keys.Yes}); got != "bí" || cmd != nil {
		t.Errorf("text %q", got)
	}
}

func TestFaultSaysThreeThings(t *testing.T) {
	d := Fault(env(), &mail.Fault{Kind: mail.NoAnswer, Op: "x"})
	v := ansi.Strip(strings.Join(d.View(70, 20), "\n"))
	for _, want := range []string{"Máy chủ không trả lời.", "Vẫn an toàn:", "Cần làm:"} {
		if !strings.Contains(v, want) {
			t.Errorf("%q lacks %q", v, want)
		}
	}
}

func TestLongMessageScrolls(t *testing.T) {
	d := Message(env(), "Dài", strings.Split(strings.Repeat("dòng\n", 50)+"cuối", "\n")...)
	d.View(40, 10)
	for range 10 {
		d.Update(keys.Press{Action: keys.PageDown})
		d.View(40, 10)
	}
	if v := ansi.Strip(strings.Join(d.View(40, 10), "\n")); !strings.Contains(v, "cuối") {
		t.Errorf("the end is not reached: %q", v)
	}
}
