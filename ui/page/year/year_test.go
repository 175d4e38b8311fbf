package year_test

import (
	"slices"
	"strings"
	"testing"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/page/year"
	"hopthu/ui/uitest"
)

var pages = frame.Pages{Today: uitest.Home, Year: year.New}

func open(t *testing.T, f *uitest.Fake, w, h int) *uitest.Screen {
	t.Helper()
	return uitest.New(t, f, pages, frame.OpenYear{Account: uitest.Me}, w, h)
}

// The year is readable in every look: colours, none, and plain ASCII.
func TestFrames(t *testing.T) {
	for name, look := range map[string]func(*mail.Settings){
		"year":  func(*mail.Settings) {},
		"light": func(s *mail.Settings) { s.Theme = "light" },
		"mono":  func(s *mail.Settings) { s.Theme = "mono" },
		"ascii": func(s *mail.Settings) { s.Theme, s.ASCII = "mono", true },
		"en":    func(s *mail.Settings) { s.Language = "en" },
	} {
		for _, size := range [][2]int{{80, 24}, {120, 36}, {160, 48}} {
			f := uitest.Sample()
			f.SampleYear()
			look(&f.Set)
			s := open(t, f, size[0], size[1])
			s.Exact()
			switch name {
			case "year", "ascii":
				s.GoldenPage(name)
			case "light", "mono":
				if size[0] == 80 {
					s.GoldenPageStyled(name)
				}
			case "en":
				if size[0] == 80 {
					s.GoldenPage(name)
				}
			}
		}
	}
}

func TestSmall(t *testing.T) {
	f := uitest.Sample()
	f.SampleYear()
	for _, size := range [][2]int{{60, 20}, {40, 10}, {62, 14}} {
		open(t, f, size[0], size[1]).Exact()
	}
}

func TestDays(t *testing.T) {
	f := uitest.Sample()
	f.SampleYear()
	s := open(t, f, 80, 24)
	s.Want("Năm 2026", "thứ Hai 23/11: chưa đến")
	s.Press("left")
	s.Want("thứ Hai 16/11: kiểm tra xong lúc")
	s.Press("left", "left", "left", "left", "left", "left")
	s.Want("thứ Hai 05/10")
	s.Press("down")
	s.Want("thứ Ba 06/10: đi công tác")
	s.Press("up", "up")
	s.Want("Chủ nhật 04/10: ngày nghỉ")
	for range 33 {
		s.Press("left")
	}
	s.Press("down", "down", "down")
	s.Want("thứ Tư 18/02: Tết Nguyên đán")
	s.Press("<")
	s.Want("Năm 2025", "Chưa có ngày làm việc nào để tính", "chưa có ghi chép")
	s.Press(">", ">")
	s.Want("Năm 2027", "lịch nghỉ dự kiến")
	s.Press(">")
	s.Want("Năm 2027")
	s.Press("tab")
	s.Want("Sở Kế hoạch và Đầu tư")
}

func TestLeave(t *testing.T) {
	f := uitest.Sample()
	s := open(t, f, 80, 24)
	s.Press("n")
	s.Want("Nghỉ phép, đi công tác", "23/11/2026")
	s.Press("ctrl+u")
	s.Type("30/11")
	s.Press("enter")
	s.Want("Ngày cuối đứng trước ngày đầu.")
	s.Press("ctrl+u")
	s.Type("x")
	s.Press("enter")
	s.Want("Chưa đọc được ngày")
	s.Press("ctrl+u")
	s.Type("4/12/2026")
	s.Press("down", "right", "down")
	s.Type("Hà Nội")
	s.Press("enter")
	s.Want("Đã ghi: thứ Hai 30/11 đến thứ Sáu 04/12")
	if !slices.Contains(f.Log, "leave me 2026-11-30 2026-12-04 trip Hà Nội") {
		t.Errorf("asked of the desk: %v", f.Log)
	}
	s.Press("right")
	s.Want("thứ Hai 30/11: đi công tác")
	s.Press("enter")
	s.Want("30/11/2026 – 04/12/2026", "Hà Nội")
	s.Press("down", "enter")
	s.Want("Bỏ kỳ nghỉ này?")
	s.Press("enter")
	s.Want("Đã bỏ kỳ nghỉ")
	s.WantNot("đi công tác;")
	f.Errs["TakeLeave"] = &mail.Fault{Kind: mail.Conflict, Op: "take leave", Detail: "twice"}
	s.Press("n", "enter")
	s.Want("trùng")
}

// A year that cannot be counted says why, and is asked for again when something changed.
func TestFault(t *testing.T) {
	f := uitest.Sample()
	f.Errs["Days"] = &mail.Fault{Kind: mail.StoreDamaged, Op: "count"}
	s := open(t, f, 80, 24)
	s.Want("Kho thư trong máy bị hỏng.")
	s.Press("enter")
	delete(f.Errs, "Days")
	s.Happen(func(f *uitest.Fake) { f.Emit(mail.Event{Kind: mail.DutyChanged}) })
	s.Want("Năm 2026")
}

// No key opens the year over itself.
func TestOnce(t *testing.T) {
	s := open(t, uitest.Sample(), 80, 24)
	s.Press("Y", "Y", "esc")
	if !strings.Contains(s.Frame(), "HOME") {
		t.Errorf("one step back shows\n%s", s.Frame())
	}
}
