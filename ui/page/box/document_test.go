package box_test

import (
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/uitest"
)

// documents is a desk whose first letters carry documents, and one whose term was chosen.
func documents() *uitest.Fake {
	f := uitest.Sample()
	f.Letters[1].Document = mail.DocumentMark{Kind: "Giấy mời", Number: "80/GM-VPUBND", Urgency: 2}
	f.Letters[1].Subject = "[Thượng khẩn] Họp giao ban tháng 11"
	f.Letters[13].Document = mail.DocumentMark{Kind: "Quyết định", Number: "10/2013/QĐ-UBND"}
	f.Letters[10].Document = mail.DocumentMark{Kind: "Công văn", Number: "12/BTXD"}
	f.Letters[10].Subject = "Công văn số 12/BTXD: bản tin tuần"
	f.Letters[12].Document = mail.DocumentMark{Kind: "Lịch công tác"}
	f.Letters[9].Subject = "Khẩn trương hướng dẫn thanh toán vốn"
	f.Letters[9].Priority = 1
	f.Letters[8].Due, f.Letters[8].DueSet = f.At.AddDate(0, 0, 9), true
	f.Letters[2].Due, f.Letters[2].DueSet = f.At.Add(7*time.Hour), true
	return f
}

// Urgency comes first, then the document as far as there is room and the subject does not name it; a term that was chosen
// says so.
func TestDocumentsInTheList(t *testing.T) {
	for _, w := range []int{60, 80, 118} {
		s := uitest.New(t, documents(), pages, frame.OpenBox{Account: uitest.Me}, w, 24)
		s.GoldenPage("documents")
		s.Want("THƯỢNG KHẨN ", "KHẨN Khẩn trương", "đặt 02/12", "15:05")
		if w > 100 {
			s.Press("b") // without the tree there is room for the kind
			s.Want("Quyết định 10/2013/QĐ-UBND  Phản ánh")
		}
	}
	s := uitest.New(t, documents(), pages, frame.OpenBox{Account: uitest.Me}, 80, 24)
	s.GoldenPageStyled("documents")
}

func TestPutOffInTheList(t *testing.T) {
	s := uitest.New(t, uitest.Sample(), pages, frame.OpenBox{Account: uitest.Me}, 80, 24)
	s.Press("h")
	s.Want("Thư này không chờ hồi đáp")
	s.Press("down", "h")
	s.Want("Đặt hạn khác cho 1 thư")
	s.Type("chờ họp")
	s.Press("enter")
	s.Want("Đã đặt hạn thứ Ba 24/11", "đặt 24/11")
	s.Press("u")
	s.Want("Đã hoàn tác: hoãn", "hạn 28/11")
	s.Press("*", "h")
	s.Want("Đặt hạn khác cho 6 thư")
}

// Beside the list a sealed letter stays behind its warning, and does not count as read by lying there.
func TestSealedBesideTheList(t *testing.T) {
	f := uitest.Sample()
	f.Letters[1].Findings = []mail.Finding{{Verdict: mail.Block, Code: "secret-mark", Clause: "QC 7.1b", Where: "body", Text: "MẬT"}}
	s := uitest.New(t, f, pages, frame.OpenBox{Account: uitest.Me}, 140, 40)
	s.Want("NGHI CÓ DẤU MẬT", "Enter để mở cảnh báo")
	s.WantNot("Kính gửi: Sở")
	s.Exact()
}
