package today_test

import (
	"slices"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/page/letter"
	"hopthu/ui/page/today"
	"hopthu/ui/uitest"
)

var opened []frame.OpenCompose

var pages = frame.Pages{
	Today: today.New, Letter: letter.New,
	Compose: func(_ frame.Env, o frame.OpenCompose) frame.Page { opened = append(opened, o); return nil },
}

func TestFrames(t *testing.T) {
	for _, size := range [][2]int{{60, 20}, {80, 24}, {120, 36}, {160, 48}} {
		uitest.New(t, uitest.Sample(), pages, nil, size[0], size[1]).GoldenPage("today")
	}
	uitest.New(t, uitest.Sample(), pages, nil, 80, 24).GoldenPageStyled("today")
}

func TestAllDone(t *testing.T) {
	f := uitest.Sample()
	f.Day = &mail.Today{At: f.At}
	s := uitest.New(t, f, pages, nil, 80, 24)
	s.Want("Không có thư nào chờ hồi đáp.", "Bấm 2 để vào Hộp thư")
	s.Press("enter", "r", "d", "down", "up", "space")
	s.GoldenPage("done")
}

func TestOneByOne(t *testing.T) {
	s := uitest.New(t, uitest.Sample(), pages, nil, 80, 24)
	s.Press("space")
	s.Want("Báo cáo tiến độ giải ngân", "1/9", "trễ 3 ngày")
	s.Press("n")
	s.Want("Hỏi thủ tục cấp phép", "2/9")
	s.Press("esc")
	s.Want("Quá hạn  2")
}

func TestExcusedLeavesTheDesk(t *testing.T) {
	s := uitest.New(t, uitest.Sample(), pages, nil, 80, 24)
	s.Press("x", "enter")
	s.Want("Quá hạn  1", "Đã ghi 1 thư: không cần hồi đáp")
	s.WantNot("giải ngân")
	s.Press("u")
	s.Want("Quá hạn  2")
}

func TestAnswerAndDrafts(t *testing.T) {
	opened = nil
	s := uitest.New(t, uitest.Sample(), pages, nil, 80, 48)
	s.Press("r")
	s.Want("Thư nháp")
	x, y := s.Find("Sở Tài chính <stc")
	s.Click(x, y)
	s.Click(x, y)
	want := []frame.OpenCompose{{Account: uitest.Me, Kind: mail.DraftReply, Origin: 6}, {Account: uitest.Me, Draft: 51}}
	if !slices.Equal(opened, want) {
		t.Errorf("opened %+v, want %+v", opened, want)
	}
}

func TestCursorStaysOnItsLetter(t *testing.T) {
	s := uitest.New(t, uitest.Sample(), pages, nil, 80, 24)
	s.Press("down", "down")
	s.Happen(func(f *uitest.Fake) {
		f.Letters[6].Awaits = false
		f.Emit(mail.Event{Kind: mail.FolderChanged})
	})
	_, y := s.Find("▌")
	_, want := s.Find("Góp ý dự thảo")
	if y != want {
		t.Errorf("the cursor is on line %d, its letter on %d", y, want)
	}
}

func TestFault(t *testing.T) {
	f := uitest.Sample()
	f.Errs["Today"] = &mail.Fault{Kind: mail.StoreDamaged, Op: "today"}
	s := uitest.New(t, f, pages, nil, 80, 24)
	s.Want("Kho thư trong máy bị hỏng.")
	s.Press("esc")
	s.Exact()
}

func TestMore(t *testing.T) {
	f := uitest.Sample()
	f.Many(40)
	s := uitest.New(t, f, pages, nil, 80, 24)
	s.Want("Mới từ chiều qua  40", "và 34 thư nữa")
}

// Before a box was ever in step nobody says that all is done.
func TestNotInStepYet(t *testing.T) {
	f := uitest.Sample()
	f.Letters, f.Order, f.DraftBox, f.Queue = nil, nil, nil, nil
	for i := range f.States {
		f.States[i].Since = time.Time{}
	}
	s := uitest.New(t, f, frame.Pages{Today: today.New}, frame.OpenToday{}, 80, 24)
	s.Want("Hộp thư chưa đồng bộ xong.")
	s.WantNot("Mọi việc hôm nay đã xong")
}
