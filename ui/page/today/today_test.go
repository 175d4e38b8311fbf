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

func TestSpaceGoesThrough(t *testing.T) {
	p := pages
	p.Round = func(frame.Env, frame.OpenRound) frame.Page { return uitest.Blank("ROUND") }
	s := uitest.New(t, uitest.Sample(), p, nil, 80, 24)
	s.Want("chưa kiểm tra, còn 9 thư")
	s.Press("space")
	s.Want("ROUND")
	s.Press("esc")
	s.Want("Quá hạn  2")
	s.Happen(func(f *uitest.Fake) {
		f.Checks.Finished = f.At.Add(7 * time.Minute)
		f.Emit(mail.Event{Kind: mail.DutyChanged})
	})
	s.Want("đã kiểm tra lúc 08:12, thêm 9 thư")
}

// waiting is a letter sent days working days ago.
func waiting(f *uitest.Fake, id mail.LetterID, to, subject string, days int) mail.Waiting {
	h := mail.Head{ID: id, Account: uitest.Me, Folder: 3, Subject: subject, To: []mail.Address{{Name: to, Addr: "ai@ninhphong.example"}}, Flags: mail.Seen}
	h.Date = f.At.AddDate(0, 0, -days)
	return mail.Waiting{Head: h, Age: days}
}

func TestWaitings(t *testing.T) {
	f := uitest.Sample()
	for i, to := range []string{"UBND xã Ninh Hải", "Sở Xây dựng", "Trần Văn Hùng", "Sở Nội vụ", "Chi cục Thống kê"} {
		f.Checks.Asked = append(f.Checks.Asked, waiting(f, mail.LetterID(200+i), to, "Xin số liệu kỳ "+string(rune('1'+i)), 9-i))
	}
	opened = nil
	s := uitest.New(t, f, pages, nil, 120, 36)
	s.Want("Chờ phản hồi  5", "lâu nhất: UBND xã Ninh Hải, 9 ngày", "đến Sở Xây dựng", "8 ngày", "và 2 thư nữa")
	s.GoldenPage("waiting")
	x, y := s.Find("và 2 thư nữa")
	s.Click(x, y)
	s.Click(x, y)
	s.Want("đến Chi cục Thống kê")
	x, y = s.Find("đến Sở Xây dựng")
	s.Click(x, y)
	s.Want("n nhắc", "- thôi chờ")
	s.Press("-")
	s.WantNot("đến Sở Xây dựng")
	s.Want("Chờ phản hồi  4", "Không chờ phản hồi 1 thư nữa")
	s.Press("u")
	s.Want("Chờ phản hồi  5")
	x, y = s.Find("đến UBND xã Ninh Hải")
	s.Click(x, y)
	s.Press("n")
	if len(opened) != 1 || opened[0].Draft != 1100 || !slices.Contains(f.Log, "remind 200") {
		t.Errorf("opened %+v; asked %v", opened, f.Log)
	}
}

func TestBackToday(t *testing.T) {
	f := uitest.Sample()
	f.Checks.Off = map[mail.LetterID]time.Time{8: f.At.Add(-8 * time.Hour), 9: f.At.AddDate(0, 0, 2)}
	s := uitest.New(t, f, pages, nil, 80, 24)
	s.Want("Trở lại hôm nay  1", "Sắp đến hạn  4")
	s.WantNot("Phòng Tài chính huy")
	s.GoldenPage("back")
	s.Press("v", "enter")
	s.Want("Quá hạn  1", "Để lại đến thứ Ba 24/11")
	s.Press("u")
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
	x, y := s.Find("Số liệu đầu tư công tháng 11")
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

// A list worked through with one key goes on where it was, not from the top.
func TestCursorGoesOnToTheNext(t *testing.T) {
	s := uitest.New(t, uitest.Sample(), pages, nil, 80, 24)
	_, next := s.Find("Góp ý dự thảo")
	s.Press("down", "x", "enter")
	s.WantNot("Hỏi thủ tục cấp phép")
	_, y := s.Find("▌")
	if _, now := s.Find("Góp ý dự thảo"); y != now || now != next-1 {
		t.Errorf("the cursor is on line %d, the next letter on %d, before on %d", y, now, next)
	}
}

// What is most urgent is looked at first, however late the first fill brings it, until a key was pressed.
func TestUntouchedStaysAtTheTop(t *testing.T) {
	f := uitest.Sample()
	f.Letters[6].Awaits = false
	s := uitest.New(t, f, pages, nil, 80, 12)
	s.Happen(func(f *uitest.Fake) {
		f.Letters[6].Awaits = true
		f.Emit(mail.Event{Kind: mail.FolderChanged})
	})
	_, y := s.Find("▌")
	if _, want := s.Find("giải ngân"); y != want {
		t.Errorf("the cursor is on line %d, the oldest letter on %d", y, want)
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

// The desk of the day says which letter of an agency's box a colleague has, and whose answer is being written at this moment; what
// one has oneself needs no word.
func TestColleaguesAreSeen(t *testing.T) {
	f := uitest.Sample()
	item := func(id mail.LetterID, with, writing string, mine bool) mail.DutyItem {
		h := mail.Head{ID: id, Account: uitest.Office, Subject: "Đề nghị phối hợp", From: []mail.Address{{Name: "Sở Y tế", Addr: "yt@ninhbinh.example"}}}
		h.Received, h.Due, h.Awaits, h.With, h.Writing, h.Mine = f.At, f.At.AddDate(0, 0, 2), true, with, writing, mine
		return mail.DutyItem{Head: h}
	}
	f.Day = &mail.Today{At: f.At, DutyAll: 3, Soon: []mail.DutyItem{
		item(901, "Trần Văn Hùng", "", false), item(902, "Đặng Thị Đào", "Đặng Thị Đào", false), item(903, "Nguyễn Thị Thu Hà", "", true),
	}}
	s := uitest.New(t, f, pages, nil, 80, 24)
	s.Want("[Hùng] Đề nghị", "[Đào soạn] Đề nghị")
	s.WantNot("[Hà]", "[tôi]")
	s.Exact()
}
