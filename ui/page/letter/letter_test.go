package letter_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/page/letter"
	"hopthu/ui/page/today"
	"hopthu/ui/uitest"
)

var pages = frame.Pages{Letter: letter.New, Today: today.New}

func start(t testing.TB, f *uitest.Fake, id mail.LetterID, w, h int) *uitest.Screen {
	return uitest.New(t, f, pages, frame.OpenLetter{ID: id, Row: f.Order}, w, h)
}

func TestFrames(t *testing.T) {
	for _, size := range [][2]int{{60, 20}, {80, 24}, {120, 36}, {160, 48}} {
		start(t, uitest.Sample(), 1, size[0], size[1]).GoldenPage("letter")
	}
	start(t, uitest.Sample(), 6, 80, 24).GoldenPageStyled("late")
	s := start(t, uitest.Sample(), 6, 80, 24)
	s.Press("o")
	s.GoldenPage("open")
	s.Press("esc", "H")
	s.GoldenPage("headers")
	s.Press("i")
	s.GoldenPage("raw")
}

func TestOpeningMarksRead(t *testing.T) {
	s := start(t, uitest.Sample(), 1, 80, 24)
	if !slices.Contains(s.Desk.Log, `flag [1] +[\Seen] -[]`) {
		t.Errorf("log %v", s.Desk.Log)
	}
	s = start(t, uitest.Sample(), 4, 80, 24)
	if len(s.Desk.Log) != 0 {
		t.Errorf("a letter read already: log %v", s.Desk.Log)
	}
}

func TestNextAndPrevious(t *testing.T) {
	s := start(t, uitest.Sample(), 1, 80, 24)
	s.Want("1/24")
	s.Press("n")
	s.Want("Công văn 512", "2/24")
	s.Press("left")
	s.Want("Giấy mời họp")
	s.Press("p")
	s.Want("Hết thư theo hướng này")
	s.Press("end", "space") // at the end Space reads on into the next letter
	s.Want("Công văn 512")
}

func TestConversation(t *testing.T) {
	s := start(t, uitest.Sample(), 3, 80, 24)
	s.Want("Hội thoại 3/3")
	s.Press("<")
	s.Want("Hội thoại 2/3", "Từ         Lê Thị Mai")
	s.Press(">")
	s.Want("Hội thoại 3/3")
}

func TestQuotesFold(t *testing.T) {
	s := start(t, uitest.Sample(), 1, 80, 48)
	s.Want("▸ 8 dòng trích dẫn, z để mở")
	s.Press("z")
	s.Want("│ Dòng trích dẫn thứ 8")
	s.Press("z")
	s.WantNot("Dòng trích dẫn thứ")
}

func TestRisksOfFiles(t *testing.T) {
	f := uitest.Sample()
	f.Letters[1].Parts = []mail.Part{
		{Path: "2", Name: "so-lieu.pdf", True: "application/pdf", Size: 9},
		{Path: "3", Name: "anh.png", Declared: "image/png", True: "application/pdf", Size: 9, Risk: mail.RiskOdd},
		{Path: "4", Name: "hoa-don\u202efdp.exe", True: "application/vnd.microsoft.portable-executable", Size: 9, Risk: mail.RiskBlocked},
		{Path: "5", Size: 9, Broken: true},
	}
	s := start(t, f, 1, 100, 40)
	s.Want("anh.png", "tên và nội dung không khớp", "hoa-donfdp.exe", "NGUY HIỂM", "tệp không tên", "hỏng")
	s.Press("o", "enter")
	s.Want("Đã mở so-lieu.pdf")
	s.Press("o", "down", "enter")
	s.Want("Tệp không giống tên gọi", "có nội dung là PDF")
	s.Press("esc")
	s.Press("o")
	s.Type("4") // by its number
	s.Press("backspace")
	s.Type("exe")
	s.Press("enter")
	s.Want("mở loại tệp này. Vẫn lưu được")
	s.Press("esc")
	if want := []string{"open 1 2"}; !slices.Equal(only(s.Desk.Log, "open"), want) {
		t.Errorf("opened %v, want %v", only(s.Desk.Log, "open"), want)
	}
	s.Press("o", "down", "enter", "enter")
	if want := []string{"open 1 2", "open 1 3"}; !slices.Equal(only(s.Desk.Log, "open"), want) {
		t.Errorf("opened %v, want %v", only(s.Desk.Log, "open"), want)
	}
}

func only(log []string, what string) (out []string) {
	for _, l := range log {
		if strings.HasPrefix(l, what) {
			out = append(out, l)
		}
	}
	return out
}

func TestSaveFiles(t *testing.T) {
	s := start(t, uitest.Sample(), 1, 80, 24)
	s.Press("w")
	s.Want("Lưu tệp vào /nha/TaiVe", "Tất cả 2 tệp")
	s.Press("enter")
	s.Want("Đã lưu 2 tệp vào /nha/TaiVe")
	s.Press("w", "down", "down", "enter")
	s.Want("Đã lưu: /nha/TaiVe/phu-luc-bieu-mau.xlsx")
	s.Desk.Errs["SavePart"] = &mail.Fault{Kind: mail.NoPermission, Op: "save", Detail: "/nha/TaiVe"}
	s.Press("w", "enter")
	s.Want("Không được phép đọc hoặc ghi tệp. (/nha/TaiVe)")
}

func TestLinksAreShownAndNeverFollowed(t *testing.T) {
	f := uitest.Sample()
	f.Letters[4].Links = []string{"https://ninhphong.example/van-ban?a=\x1b[31m1", "javascript:alert(1)", "mailto:a@b.example"}
	var to string
	p := pages
	p.Compose = func(env frame.Env, o frame.OpenCompose) frame.Page { to = o.Mailto; return nil }
	s := uitest.New(t, f, p, frame.OpenLetter{ID: 4}, 80, 24)
	s.Press("o", "enter")
	s.Want("ninhphong.example", "Chép địa chỉ này")
	s.Press("enter")
	if s.Term.Copied != "https://ninhphong.example/van-ban?a=1" {
		t.Errorf("copied %q", s.Term.Copied)
	}
	s.Press("o", "down", "enter")
	s.Want("javascript:alert(1)")
	s.Press("esc", "o")
	s.Type("[3]")
	s.Press("enter")
	if to != "mailto:a@b.example" {
		t.Errorf("composed to %q", to)
	}
}

func TestRawShowsEveryByte(t *testing.T) {
	f := uitest.Sample()
	f.Raws[4] = []byte("Subject: x\r\n\r\nbare\nlf \x1b[2J \x00 \xff \u202e \ttab " + strings.Repeat("dài", 60) + "\r\nhết")
	s := start(t, f, 4, 80, 24)
	s.Press("i")
	s.Exact()
	s.Want("bare^J", "lf ^[[2J ^@ \\xff <U+202E>", "hết")
	if n := strings.Count(s.Frame(), "dài"); n < 57 { // three may be parted by a line's end
		t.Errorf("a long line lost text: %d", n)
	}
	s.Press("esc")
	s.Want("Từ ")
}

func TestCharset(t *testing.T) {
	s := start(t, uitest.Sample(), 1, 80, 24)
	s.Press("g")
	s.Want("Đọc theo bảng mã: UTF-8 (2/9, g để đổi tiếp)", "Đang đọc theo bảng mã UTF-8 do mình chọn")
	s.Press("g")
	s.Want("TCVN3 (3/9")
	for range 7 {
		s.Press("g")
	}
	s.Want("tự nhận (1/9")
	s.WantNot("do mình chọn")
}

func TestNotes(t *testing.T) {
	f := uitest.Sample()
	l := f.Letters[4]
	l.Legacy, l.HTML, l.Defects, l.Paras = "TCVN3", true, []string{"bad-base64", "link-text", "new\x1bcode"}, nil
	l.ReplyTo = []mail.Address{{Addr: "khac@lua.example"}}
	s := start(t, f, 4, 100, 40)
	s.Exact()
	s.Want("Thư dùng bảng mã cũ TCVN3", "Thư HTML, chỉ hiện phần chữ", "base64 hỏng, CẨN THẬN", "dẫn đến nơi khác", "Trả lời về", "Thư không có phần chữ")
}

func TestActsMoveOn(t *testing.T) {
	s := start(t, uitest.Sample(), 1, 80, 24)
	s.Press("d")
	s.Want("Đã xóa 1 thư", "Công văn 512", "1/23")
	s.Press("x", "enter")
	s.Want("không cần hồi đáp")
	s = uitest.New(t, uitest.Sample(), pages, frame.OpenToday{}, 80, 24)
	s.Press("enter", "e") // the first duty letter
	s.Want("Đã lưu trữ")
}

func TestGone(t *testing.T) {
	s := start(t, uitest.Sample(), 999, 80, 24)
	s.Want("Thư không còn ở đây.", "chuyển hoặc xóa ở nơi khác")
	s.Press("r", "o", "i", "H", "z", "y", "w")
	s.Exact()
}

func TestResizeSetsAnew(t *testing.T) {
	s := start(t, uitest.Sample(), 1, 80, 24)
	for _, w := range []int{41, 200, 90} {
		s.Resize(w, 30)
		s.Exact()
		s.Want("Kính gửi")
	}
}

func TestCopy(t *testing.T) {
	s := start(t, uitest.Sample(), 4, 80, 24)
	s.Press("y")
	if !strings.HasPrefix(s.Term.Copied, "Re: Số liệu đầu tư công tháng 10\n\nKính gửi") {
		t.Errorf("copied %q", s.Term.Copied)
	}
}

func TestLongLetter(t *testing.T) {
	f := uitest.Sample()
	l := f.Letters[4]
	l.Paras = nil
	for i := range 20_000 {
		l.Paras = append(l.Paras, mail.Para{Text: fmt.Sprintf("Đoạn %d: %s", i, strings.Repeat("chữ ", 30))})
	}
	s := start(t, f, 4, 80, 24)
	s.Press("end")
	s.Want("Đoạn 19999")
	s.Press("pgup", "home")
	s.Want("Từ ")
}
