package round_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/page/letter"
	"hopthu/ui/page/round"
	"hopthu/ui/page/today"
	"hopthu/ui/uitest"
)

var opened []frame.OpenCompose

var pages = frame.Pages{
	Today: today.New, Letter: letter.New, Round: round.New,
	Compose: func(_ frame.Env, o frame.OpenCompose) frame.Page {
		opened = append(opened, o)
		return uitest.Blank("COMPOSE")
	},
}

func open(t *testing.T, f *uitest.Fake, w, h int) *uitest.Screen {
	t.Helper()
	opened = nil
	return uitest.New(t, f, pages, frame.OpenRound{}, w, h)
}

// few leaves the sample with three letters that the check takes: two overdue and a new one.
func few() *uitest.Fake {
	f := uitest.Sample()
	for id, l := range f.Letters {
		switch id {
		case 6, 7, 13:
		default:
			l.Awaits, l.Duty = false, false
			l.Flags |= mail.Seen
		}
	}
	return f
}

func TestFrames(t *testing.T) {
	for name, look := range map[string]func(*mail.Settings){
		"round": func(*mail.Settings) {},
		"light": func(s *mail.Settings) { s.Theme = "light" },
		"mono":  func(s *mail.Settings) { s.Theme = "mono" },
		"ascii": func(s *mail.Settings) { s.Theme, s.ASCII = "mono", true },
	} {
		for _, size := range [][2]int{{60, 20}, {80, 24}, {120, 36}, {160, 48}} {
			f := uitest.Sample()
			look(&f.Set)
			s := open(t, f, size[0], size[1])
			s.Exact()
			switch {
			case name == "round" || name == "ascii":
				s.GoldenPage(name)
			case size[0] == 80:
				s.GoldenPageStyled(name)
			}
		}
	}
}

// One hand at the keyboard: each letter has its turn once, and the day ends with its record.
func TestOneHand(t *testing.T) {
	f := few()
	s := uitest.New(t, f, pages, nil, 80, 24)
	s.Want("chưa kiểm tra, còn 3 thư")
	s.Press("space")
	s.Want("Kiểm tra hằng ngày", "đã xem 0, còn 3", "Quá hạn", "Báo cáo tiến độ giải ngân")
	s.Press("x", "enter")
	s.Want("đã xem 1, còn 2", "Hỏi thủ tục cấp phép")
	s.Press("v", "enter")
	s.Want("đã xem 2, còn 1", "Để lại đến thứ Ba 24/11", "Phản ánh việc chậm trả")
	if f.Letters[13].Flags.Has(mail.Seen) {
		t.Error("a letter that was only shown is read")
	}
	s.Press("end", "space")
	s.Want("Đã kiểm tra lúc 08:05", "1 không cần hồi đáp, 1 để sau, 1 đã xem", "Tháng này đã kiểm tra 1 trên 1")
	s.GoldenPage("done")
	if !f.Letters[13].Flags.Has(mail.Seen) || !f.Letters[13].Awaits {
		t.Errorf("a letter looked at: %+v", f.Letters[13].Head)
	}
	for _, want := range []string{"excuse [6] Chỉ để biết", "looked [6]", "later [7] 2026-11-24 ", "looked [7]", "looked [13]", "finish"} {
		if !slices.Contains(f.Log, want) {
			t.Errorf("the desk was not asked for %q: %v", want, f.Log)
		}
	}
	s.Press("enter")
	s.Want("đã kiểm tra lúc 08:05")
}

// What was done can be taken back: the letter has its turn again.
func TestUndo(t *testing.T) {
	f := few()
	s := open(t, f, 80, 24)
	s.Press("v", "enter")
	s.Want("đã xem 1, còn 2")
	s.Press("u")
	s.Want("đã xem 0, còn 3", "Đã hoàn tác: để sau")
	s.Press("p")
	s.Want("Báo cáo tiến độ giải ngân")
	s.Press("end", "space", "end", "space", "end", "space")
	s.Want("Lần này: 3 đã xem")
}

// An answer takes its letter out of the round once it is on its way; a letter that only began to be answered stays.
func TestAnswer(t *testing.T) {
	f := few()
	s := open(t, f, 80, 24)
	s.Press("r")
	if len(opened) != 1 || opened[0].Origin != 6 || opened[0].Kind != mail.DraftReply {
		t.Fatalf("opened %+v", opened)
	}
	s.Press("esc")
	s.Want("Báo cáo tiến độ giải ngân", "còn 3")
	s.Press("r")
	s.Happen(func(f *uitest.Fake) {
		f.Letters[6].Awaits = false
		f.Emit(mail.Event{Kind: mail.OutboxChanged})
	})
	s.Press("esc")
	s.Want("Hỏi thủ tục cấp phép", "đã xem 1, còn 2")
	s.WantNot("nơi khác")
	s.Press("end", "space", "end", "space")
	s.Want("Lần này: 1 trả lời, 2 đã xem")
}

// What somebody answered elsewhere leaves the round under one's eyes, with a word.
func TestAnsweredElsewhere(t *testing.T) {
	f := few()
	s := open(t, f, 80, 24)
	s.Happen(func(f *uitest.Fake) {
		f.Letters[6].Awaits = false
		f.Emit(mail.Event{Kind: mail.FolderChanged})
	})
	s.Want("Thư vừa xem đã được xử lý ở nơi khác.", "Hỏi thủ tục cấp phép", "đã xem 0, còn 2")
}

// The round goes on where it was left, also in another session.
func TestResume(t *testing.T) {
	f := few()
	s := open(t, f, 80, 24)
	s.Press("end", "space")
	s.Want("đã xem 1, còn 2")
	s.Press("esc")
	s = open(t, f, 80, 24)
	s.Want("Hỏi thủ tục cấp phép", "đã xem 1, còn 2")
	s.Press("n")
	s.Want("Phản ánh việc chậm trả", "đã xem 1, còn 2")
	s.Press("n")
	s.Want("Hết thư theo hướng này")
	s.Press("enter")
	s.Want("Phản ánh việc chậm trả", "2/2")
	s.Press("esc", "d")
	s.Want("đã xem 2, còn 1", "Hỏi thủ tục cấp phép")
	s.Happen(func(f *uitest.Fake) { f.Arrive("Sở Y tế", "Thư đến giữa chừng") })
	s.Want("đã xem 2, còn 2", "Hỏi thủ tục cấp phép")
}

func TestNothingToDo(t *testing.T) {
	f := few()
	for _, id := range []mail.LetterID{6, 7, 13} {
		f.Letters[id].Awaits = false
		f.Letters[id].Flags |= mail.Seen
	}
	f.Checks.Finished = f.At.Add(-time.Hour)
	s := open(t, f, 80, 24)
	s.Want("Không có thư nào cần xem.", "đã xong từ 07:05")
	s.Press("x", "space", "r", "down")
	s.Exact()
	s.Happen(func(f *uitest.Fake) { f.Arrive("Sở Y tế", "Thư đến sau") })
	s.Want("Thư đến sau", "còn 1")
	s.Press("end", "space")
	s.Want("Lần này: 1 đã xem")
}

// What goes wrong is told, and nothing counts as done that was not.
func TestFaults(t *testing.T) {
	f := few()
	f.Errs["Open"] = &mail.Fault{Kind: mail.NoServer, Op: "open"}
	f.Errs["Looked"] = &mail.Fault{Kind: mail.DiskFull, Op: "look"}
	s := open(t, f, 80, 24)
	s.Want("Không tìm thấy hoặc không nối được máy chủ.", "Báo cáo tiến độ giải ngân")
	s.Press("space")
	s.Want("Ổ đĩa đã đầy.")
	s.Press("enter")
	if strings.Contains(strings.Join(f.Log, " "), "finish") {
		t.Errorf("finished: %v", f.Log)
	}
	f = few()
	f.Errs["Round"] = &mail.Fault{Kind: mail.StoreDamaged, Op: "round"}
	s = open(t, f, 80, 24)
	s.Want("Kho thư trong máy bị hỏng.")
	s.Press("enter")
	s.Exact()
}

// The top line always says whose letter it is: the agency's, then one's own.
func TestWhoseBox(t *testing.T) {
	f := few()
	f.Letters[17].Awaits, f.Letters[17].Duty = true, true
	for _, id := range []mail.LetterID{6, 7} {
		f.Letters[id].Awaits = false
	}
	s := open(t, f, 80, 24)
	s.Want("Thông báo thẩm định dự toán", "Sở Kế hoạch và Đầu tư · Sở KH&ĐT   Công vụ")
	if !s.Shell().Theme.Official {
		t.Error("the agency's letter has the accent of one's own box")
	}
	s.Press("end", "space")
	s.Want("Phản ánh việc chậm trả", "Nguyễn Thị Thu Hà · Sở KH&ĐT")
	if s.Shell().Theme.Official {
		t.Error("one's own letter has the agency's accent")
	}
}
