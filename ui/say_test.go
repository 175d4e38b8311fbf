package ui_test

import (
	"strings"
	"testing"
	"time"

	"hopthu/ui/frame"
	"hopthu/ui/uitest"
)

// What was said goes with its page, but for what can be undone and what went wrong; what is said while leaving stays.
func TestSaidGoesWithItsPage(t *testing.T) {
	s := uitest.New(t, uitest.Sample(), new(book).pages(), nil, 80, 24)
	s.Send(frame.Say{Text: "Đang đồng bộ"})
	s.Press("2")
	s.Want("Đang đồng bộ") // just said
	s.Desk.At = s.Desk.At.Add(3 * time.Second)
	s.Press("1")
	s.WantNot("Đang đồng bộ")
	for _, stays := range []frame.Say{{Text: "Đã xóa 1 thư", Undo: true}, {Text: "Hộp thư đã đầy", Tone: frame.Bad}} {
		s.Send(stays)
		s.Desk.At = s.Desk.At.Add(3 * time.Second)
		s.Press("2", "1", "?", "esc")
		s.Want(stays.Text)
	}
}

// A long line is wrapped, not cut: its end says what to do.
func TestLongSaying(t *testing.T) {
	text := "Máy chủ từ chối " + strings.Repeat("một lý do dài ", 8) + "hãy bấm e để lấy lại."
	for _, size := range [][2]int{{40, 10}, {60, 20}, {80, 24}, {160, 48}} {
		s := uitest.New(t, uitest.Sample(), new(book).pages(), nil, size[0], size[1])
		s.Send(frame.Say{Text: text, Tone: frame.Good, Undo: true})
		s.Exact()
		if size[0] >= 60 {
			if all := strings.Join(strings.Fields(s.Frame()), " "); !strings.Contains(all, "bấm e để lấy lại.") || !strings.Contains(all, "u hoàn tác") {
				t.Errorf("at %v the end is lost:\n%s", size, s.Frame())
			}
		}
		s.Press("?", "esc", "1")
		s.Exact()
	}
	s := uitest.New(t, uitest.Sample(), new(book).pages(), nil, 80, 24)
	s.Send(frame.Say{Text: strings.Repeat("rất dài ", 200), Tone: frame.Warn})
	s.Exact()
	s.Want("…")
}
