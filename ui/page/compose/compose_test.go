package compose_test

import (
	"strings"
	"testing"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/page/compose"
	"hopthu/ui/uitest"
)

var people = []mail.Contact{
	{Address: mail.Address{Name: "Trần Văn Hùng", Addr: "hung.tv@ninhphong.example"}, Post: "Chuyên viên", Unit: "Sở Tư pháp", Source: "directory"},
	{Address: mail.Address{Name: "Trần Văn Hùng", Addr: "hung.tv2@ninhphong.example"}, Post: "Phó Trưởng phòng", Unit: "Sở Nội vụ", Source: "directory"},
	{Address: mail.Address{Name: "Đinh Công Đoàn", Addr: "doan@nhandan.example"}, Source: "history", Used: 3},
}

func desk() *uitest.Fake {
	d := uitest.Sample()
	d.People = people
	d.Log = nil
	d.Dir = map[string][]frame.DirEntry{
		"/nha": {{Name: "Công văn", Path: "/nha/Công văn", Dir: true}, {Name: "báo cáo quý III.pdf", Path: "/nha/bc.pdf", Size: 214000}},
		"/nha/Công văn": {
			{Name: "cong-van-512.pdf", Path: "/nha/Công văn/cong-van-512.pdf", Size: 99000},
			{Name: "gnp.\u202eexe", Path: "/nha/Công văn/x", Size: 1},
		},
	}
	return d
}

func open(t *testing.T, d *uitest.Fake, o frame.OpenCompose, w, h int) *uitest.Screen {
	t.Helper()
	s := uitest.New(t, d, frame.Pages{Compose: compose.New, Today: uitest.Home}, nil, w, h)
	s.Send(frame.Open{Target: o})
	return s
}

func logged(d *uitest.Fake, what string) int {
	n := 0
	for _, l := range d.Log {
		if strings.HasPrefix(l, what) {
			n++
		}
	}
	return n
}

func TestWriteAndSend(t *testing.T) {
	d := desk()
	s := open(t, d, frame.OpenCompose{}, 80, 24)
	s.GoldenPage("new")
	s.GoldenPageStyled("new")
	s.Type("doan")
	s.Want("Đinh Công Đoàn", "đã gửi 3 lần")
	s.Press("enter")
	s.Want("Đinh Công Đoàn <doan@nhandan.example>,")
	s.Press("tab", "tab")
	s.Want("NGOÀI HỆ THỐNG")
	s.Type("V/v trả lời đề nghị cấp phép xây dựng")
	s.Press("enter")
	s.Type("Kính gửi: ông Đinh Công Đoàn.")
	s.Press("enter", "enter")
	s.Paste("Đoạn dán\r\nhai dòng")
	s.GoldenPage("written")
	s.Press("ctrl+s")
	s.Want("Trước khi gửi", "1 người NGOÀI HỆ THỐNG", "không đính kèm", "ĐẠT", "sau 10 giây")
	s.GoldenPage("review")
	s.Press("enter")
	s.Want("HOME", "Thư sẽ đi sau 10 giây")
	if logged(d, "send") != 1 || len(d.Queue) == 0 {
		t.Fatalf("the desk was asked %q", d.Log)
	}
	s.Press("u")
	s.Want("V/v trả lời đề nghị")
	if logged(d, "recall") != 1 {
		t.Errorf("undo did not recall: %q", d.Log)
	}
}

// Of two namesakes neither is taken silently; post and unit tell them apart.
func TestNamesakes(t *testing.T) {
	s := open(t, desk(), frame.OpenCompose{}, 80, 24)
	s.Type("hung")
	s.Want("Chuyên viên, Sở Tư pháp", "Phó Trưởng phòng, Sở Nội vụ")
	s.GoldenPage("namesakes")
	s.Press("enter")
	s.Want("Có 2 người khớp")
	s.WantNot("<hung.tv")
	s.Press("down", "enter")
	s.Want("Trần Văn Hùng <hung.tv2@ninhphong.example>,")
	s.Type("hung")
	s.Press("esc")
	s.WantNot("Sở Tư pháp")
	s.Type("@moi.gov.vn")
	s.Press("tab")
	s.Want("hung@moi.gov.vn NGOÀI HỆ THỐNG")
}

// A typed address stays as typed, even where one contact fits.
func TestTypedAddressStays(t *testing.T) {
	s := open(t, desk(), frame.OpenCompose{}, 80, 24)
	s.Type("doan@nhandan.example")
	s.Press("enter")
	s.Type("a")
	s.Press("tab")
	s.Want("doan@nhandan.example NGOÀI")
	s.WantNot("Đinh Công Đoàn")
}

func TestReview(t *testing.T) {
	d := desk()
	d.Findings = []mail.Finding{
		{Verdict: mail.Ask, Code: "outside", Clause: "QC 3.2", Text: "doan@nhandan.example"},
		{Verdict: mail.Ask, Code: "forgotten-file", Text: "kèm theo"},
		{Verdict: mail.Ask, Code: "never-heard", Text: "lạ \x1b[2J"},
	}
	s := open(t, d, frame.OpenCompose{}, 80, 24)
	s.Type("doan@nhandan.example")
	s.Press("ctrl+s")
	s.Want("HỎI: Có người nhận ngoài hệ thống: doan@nhandan.example", "3.2)", "Lý do")
	s.GoldenPage("asked")
	s.Press("enter")
	s.Want("Hãy ghi lý do")
	s.Type("trả lời công dân")
	s.Press("tab")
	s.Type("không cần tệp")
	s.Press("enter")
	s.Want("Hãy ghi lý do")
	s.Type("đã xem")
	s.Press("ctrl+s")
	s.Want("HOME")
	if logged(d, `send "" reasons=3`) != 1 {
		t.Errorf("the desk was asked %q", d.Log)
	}
}

func TestBlocked(t *testing.T) {
	d := desk()
	d.Findings = []mail.Finding{{Verdict: mail.Ask, Code: "no-subject"}, {Verdict: mail.Block, Code: "secret-mark", Clause: "QC 7.1b", Where: "attachment:a.pdf", Text: "TỐI MẬT"}}
	s := open(t, d, frame.OpenCompose{}, 80, 24)
	s.Type("doan@nhandan.example")
	s.Press("ctrl+s")
	s.Want("CHẶN", "TỐI MẬT", "QC 7.1b", "Thư này không được gửi")
	s.GoldenPage("blocked")
	s.Press("enter", "ctrl+s", "enter")
	s.Want("CHẶN")
	s.Press("esc")
	s.WantNot("CHẶN")
	s.Want("doan@nhandan.example")
	if logged(d, "send") != 0 {
		t.Error("a blocked letter was sent")
	}
}

func TestNoRecipient(t *testing.T) {
	d := desk()
	s := open(t, d, frame.OpenCompose{}, 80, 24)
	s.Press("ctrl+s")
	s.Want("Thư chưa có người nhận.")
	if logged(d, "send") != 0 {
		t.Error("sent")
	}
}

func TestFiles(t *testing.T) {
	d := desk()
	s := open(t, d, frame.OpenCompose{}, 80, 24)
	s.Press("ctrl+a")
	s.Want("Đính kèm tệp", "Công văn/", "báo cáo quý III.pdf", "214 KB")
	s.GoldenPage("browser")
	s.Type("bao cao")
	s.WantNot("Công văn/")
	s.Press("enter")
	s.Want("Đã đính kèm báo cáo quý III.pdf", "Đính kèm", "bc.pdf")
	s.Press("ctrl+a")
	s.Press("enter")
	s.Want("cong-van-512.pdf")
	s.WantNot("\u202e")
	s.Press("alt+up")
	s.Want("báo cáo quý III.pdf")
	s.Type("/khong/co")
	s.Press("enter")
	s.Want("Không tìm thấy tệp")
	s.Press("esc")
	s.Press("tab", "tab", "tab")
	s.GoldenPage("files")
	s.Press("delete")
	s.Want("Đã gỡ bc.pdf")
	s.WantNot("214 KB")
}

func TestEscKeepsTheDraft(t *testing.T) {
	d := desk()
	d.DraftBox = nil
	s := open(t, d, frame.OpenCompose{}, 80, 24)
	s.Press("esc")
	s.Want("HOME")
	if len(d.Log) != 0 {
		t.Errorf("an unwritten letter was kept: %q", d.Log)
	}
	s = open(t, d, frame.OpenCompose{}, 80, 24)
	s.Type("ai đó")
	s.Press("tab", "tab")
	s.Type("chủ đề")
	s.Press("esc")
	s.Want("HOME", "Đã lưu thư nháp")
	if len(d.DraftBox) != 1 || d.DraftBox[0].Subject != "chủ đề" || logged(d, "save draft upload=true") != 1 {
		t.Errorf("drafts %+v, log %q", d.DraftBox, d.Log)
	}
}

// What cannot be kept is not closed.
func TestKeepingFails(t *testing.T) {
	d := desk()
	d.Errs = map[string]error{"SaveDraft": &mail.Fault{Kind: mail.DiskFull, Op: "save"}}
	s := open(t, d, frame.OpenCompose{}, 80, 24)
	s.Type("ai đó")
	s.Press("esc")
	s.Want("Chưa lưu được thư nháp", "rời đi, mất phần chưa lưu")
	s.Press("esc")
	s.Want("CHƯA LƯU ĐƯỢC", "ai đó")
	left := open(t, d, frame.OpenCompose{}, 80, 24)
	left.Type("ai đó")
	left.Press("esc", "enter")
	left.Want("HOME", "phần chưa lưu đã mất")
	d.Errs = map[string]error{}
	s.Press("esc")
	s.Want("HOME", "Đã lưu thư nháp")
}

func TestDiscard(t *testing.T) {
	d := desk()
	s := open(t, d, frame.OpenCompose{}, 80, 24)
	s.Type("ai đó")
	s.Press("f8")
	s.Want("Bỏ thư đang soạn?")
	s.Press("esc")
	s.Want("ai đó")
	s.Press("f8", "enter")
	s.Want("HOME", "Đã bỏ thư")
}

func TestQuittingKeepsTheDraft(t *testing.T) {
	d := desk()
	s := open(t, d, frame.OpenCompose{}, 80, 24)
	s.Type("ai đó")
	s.Press("ctrl+q", "enter")
	if !s.Quit || logged(d, "save draft upload=true") != 1 {
		t.Errorf("quit %v, log %q", s.Quit, d.Log)
	}
}

func TestReply(t *testing.T) {
	d := desk()
	s := open(t, d, frame.OpenCompose{Kind: mail.DraftReply, Origin: d.Order[0]}, 80, 24)
	s.Want("Trả lời", "Re: ")
	s.Type("Đã nhận, xin cảm ơn.")
	s.GoldenPage("reply")
	s.Press("up")
	s.Type("x")
	s.Exact()
}

// A long subject is shown from its beginning while one writes below it.
func TestLongSubjectShowsItsBeginning(t *testing.T) {
	s := open(t, desk(), frame.OpenCompose{}, 80, 24)
	s.Type("lan@ninhphong.example")
	s.Press("tab", "tab")
	s.Paste(strings.Repeat("góp ý ", 30))
	s.WantNot("Chủ đề    góp")
	s.Press("tab")
	s.Want("Chủ đề    góp ý góp ý", "…")
}

func TestVietnameseTyping(t *testing.T) {
	d := desk()
	s := open(t, d, frame.OpenCompose{}, 80, 24)
	s.Press("tab", "tab", "tab")
	s.Type("Tie\u0302\u0301ng Vie\u0323\u0302t") // decomposed, one key a rune
	s.Want("Tiếng Việt")
	s.Press("backspace")
	s.Want("Tiếng Việ")
	s.Press("backspace")
	s.WantNot("Vie", "Việ")
	s.Press("ctrl+z")
	s.Press("ctrl+c")
	s.Want("Chưa chọn đoạn nào")
	s.Press("shift+left", "shift+left", "ctrl+c")
	if s.Term.Copied == "" {
		t.Error("nothing was copied")
	}
	s.Press("ctrl+x", "ctrl+v", "ctrl+@", "left")
	s.Want("đang chọn đoạn")
}

func TestMouse(t *testing.T) {
	s := open(t, desk(), frame.OpenCompose{}, 80, 24)
	x, y := s.Find("Chủ đề")
	s.Click(x+12, y)
	s.Type("từ chuột")
	s.Click(20, 12)
	s.Type("trong thư")
	s.Wheel(20, 12, true)
	s.Wheel(20, 12, false)
	s.Want("từ chuột", "trong thư")
}

func TestAgencyBox(t *testing.T) {
	d := desk()
	s := open(t, d, frame.OpenCompose{Account: uitest.Office}, 80, 24)
	s.Want("do Nguyễn Thị Thu Hà gửi", "Trích yếu")
	s.Press("shift+tab", "right")
	s.WantNot("Trích yếu")
	s.GoldenPage("from")
}

func TestMailtoAndTrouble(t *testing.T) {
	d := desk()
	s := open(t, d, frame.OpenCompose{Mailto: "mailto:a@b.vn"}, 80, 24)
	s.Want("a@b.vn")
	d.Errs = map[string]error{"Compose": &mail.Fault{Kind: mail.Gone, Op: "compose"}}
	s = open(t, d, frame.OpenCompose{}, 80, 24)
	s.Want("Vẫn an toàn")
	d = desk()
	d.Errs = map[string]error{"Send": &mail.Fault{Kind: mail.DiskFull, Op: "send"}}
	s = open(t, d, frame.OpenCompose{}, 80, 24)
	s.Type("a@b.vn")
	s.Press("ctrl+s", "enter")
	s.Want("Vẫn an toàn")
	s.Press("esc")
	s.Want("a@b.vn")
	s.Type("x")
	s.Want("a@b.vnx")
}

func TestSizes(t *testing.T) {
	for _, size := range [][2]int{{120, 36}, {60, 20}} {
		s := open(t, desk(), frame.OpenCompose{}, size[0], size[1])
		s.GoldenPage("new")
		s.Type("doan")
		s.Press("enter", "tab", "tab")
		s.Type("V/v trả lời")
		s.Press("tab")
		s.Paste(strings.Repeat("Căn cứ Quyết định số 10/2013/QĐ-UBND ngày 12 tháng 8 năm 2013. ", 30))
		s.GoldenPage("written")
		s.Press("ctrl+s")
		s.GoldenPage("review")
	}
	for w := 20; w < 130; w += 11 {
		for h := 6; h < 40; h += 6 {
			d := desk()
			d.Findings = []mail.Finding{{Verdict: mail.Ask, Code: "outside", Text: strings.Repeat("dài ", 50)}}
			s := open(t, d, frame.OpenCompose{}, w, h)
			s.Type("hung")
			s.Exact()
			s.Press("ctrl+b", "ctrl+a")
			s.Exact()
			s.Press("esc", "ctrl+s")
			s.Exact()
		}
	}
}

// A line with many people says how many are out of sight, and never loses a badge at the edge.
func TestManyPeople(t *testing.T) {
	var to []string
	for _, c := range "abcdefghijkl" {
		to = append(to, "Người "+string(c)+" <"+string(c)+"@x.vn>")
	}
	for w := 24; w < 130; w += 5 {
		s := open(t, desk(), frame.OpenCompose{Letter: &mail.DraftLetter{ID: 9, Account: uitest.Me, To: strings.Join(to, ", "), Subject: "x"}}, w, 16)
		s.Exact()
		if w > 60 {
			s.Want(" nữa", "NGOÀI HỆ THỐNG")
		}
	}
}

// A letter of the server's drafts folder is written on; left as it was, it stays there.
func TestDraftOfTheFolder(t *testing.T) {
	d := desk()
	s := open(t, d, frame.OpenCompose{Account: uitest.Me, Origin: d.Order[0]}, 80, 24)
	s.Want("viết dở")
	s.Press("esc")
	s.Want("HOME")
	if logged(d, "drop draft") != 0 {
		t.Errorf("log %q", d.Log)
	}
}
