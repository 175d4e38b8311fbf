package letter_test

import (
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/ui/frame"
	"hopthu/ui/page/letter"
	"hopthu/ui/page/regulation"
	"hopthu/ui/uitest"
)

// secret is a desk whose letter 1 bears a stamp of secrecy.
func secret() *uitest.Fake {
	f := uitest.Sample()
	f.Letters[1].Subject = "[MẬT] Kế hoạch phòng thủ"
	f.Letters[1].Findings = []mail.Finding{
		{Verdict: mail.Ask, Code: "secret-mark", Clause: "QC 7.1b", Where: "body", Text: "đóng dấu mật"},
		{Verdict: mail.Block, Code: "secret-mark", Clause: "QC 7.1b, QC 8.2", Where: "subject", Text: "[MẬT]"},
	}
	return f
}

func opening(t *testing.T, f *uitest.Fake, w, h int) (*uitest.Screen, *frame.OpenCompose) {
	t.Helper()
	var wrote frame.OpenCompose
	p := frame.Pages{Letter: letter.New, Regulation: regulation.New, Compose: func(_ frame.Env, o frame.OpenCompose) frame.Page {
		wrote = o
		return nil
	}}
	return uitest.New(t, f, p, frame.OpenLetter{ID: 1, Row: f.Order}, w, h), &wrote
}

// A letter with a stamp opens behind its warning: neither its text nor its subject is shown, and it does not count as
// read (QC 7.1b, 8.2).
func TestSealedOpensBehindItsWarning(t *testing.T) {
	for _, size := range [][2]int{{60, 20}, {80, 24}, {120, 36}} {
		s, _ := opening(t, secret(), size[0], size[1])
		s.GoldenPage("sealed")
		s.WantNot("phòng thủ", "Kính gửi: Sở")
		if len(s.Desk.Log) != 0 {
			t.Errorf("log %v", s.Desk.Log)
		}
	}
}

func TestSealedPassesNothingOn(t *testing.T) {
	s, wrote := opening(t, secret(), 80, 24)
	for _, key := range []string{"r", "a", "H", "i", "g", "z"} {
		s.Press(key)
		s.Want("Thư đang ở sau cảnh báo mật")
		s.Press("ctrl+l")
	}
	forbidden := []string{"f", "w", "o", "y"}
	for range 2 {
		for _, key := range forbidden {
			s.Press(key)
			s.Want("không chuyển tiếp")
		}
		s.Press("v") // opened in spite of it: still for reading only
	}
	s.Want("Kính gửi: Sở", "phòng thủ", "NGHI CÓ DẤU MẬT", "Thư nhắc đến tài liệu mật trong nội dung")
	if s.Term.Copied != "" || wrote.Kind != 0 || len(only(s.Desk.Log, "save"))+len(only(s.Desk.Log, "open")) > 0 {
		t.Errorf("copied %q, wrote %v, log %v", s.Term.Copied, wrote, s.Desk.Log)
	}
	if len(only(s.Desk.Log, `flag [1] +[\Seen]`)) != 1 {
		t.Errorf("not marked read when opened: %v", s.Desk.Log)
	}
	s.Press("n", "p")
	s.WantNot("Kính gửi: Sở") // each time anew
}

// The report names who, when and which, never what (QC 13.7).
func TestReportOfSecretMaterial(t *testing.T) {
	s, wrote := opening(t, secret(), 80, 24)
	s.Press("enter")
	s.Want("Báo tài liệu mật", "không kèm tiêu đề")
	s.Press("esc")
	if wrote.Letter != nil {
		t.Fatal("written without a yes")
	}
	s.Press("b", "enter")
	if wrote.Letter == nil {
		t.Fatal("no letter is begun")
	}
	d := wrote.Letter
	for _, want := range []string{"vpubnd@ninhphong.example", "1@test", "23/11/2026 08:01", "SHA-256", "khoản 7 Điều 13"} {
		if !strings.Contains(d.Body, want) {
			t.Errorf("the report lacks %q:\n%s", want, d.Body)
		}
	}
	if all := d.Subject + d.Body; strings.Contains(all, "phòng thủ") || strings.Contains(all, "Kính gửi: Sở") || d.To != "" || d.Origin != 0 {
		t.Errorf("the report tells too much: %+v", d)
	}
	if found := append(rule.Secrecy("subject", d.Subject), rule.Secrecy("body", d.Body)...); len(found) > 0 {
		t.Errorf("the report itself would be asked about: %v", found)
	}
}

func TestClauseOfAStamp(t *testing.T) {
	s, _ := opening(t, secret(), 80, 24)
	s.Press("l")
	s.Want("QC 7.1b", "Quy chế · Điều 7.", "▌ b) ")
	s.Press("esc")
	s.Want("NGHI CÓ DẤU MẬT")
}

// A mention is only a quiet line.
func TestMention(t *testing.T) {
	f := secret()
	f.Letters[1].Findings = f.Letters[1].Findings[:1]
	s, _ := opening(t, f, 80, 24)
	s.Want("Kính gửi: Sở", "Thư nhắc đến tài liệu mật trong nội dung: “đóng dấu mật” (QC 7.1b)")
	s.Press("w")
	s.Want("Lưu tệp vào")
}

// The document, its urgency, and the phrase that a term comes from.
func TestDocumentAndTerm(t *testing.T) {
	f := uitest.Sample()
	l := f.Letters[2]
	l.Subject = "HỎA TỐC: Góp ý dự thảo Quyết định trước ngày 26/11/2026"
	l.Document = mail.DocumentMark{Kind: "Công văn", Number: "512/STP-XDVB", Issued: time.Date(2026, 11, 18, 0, 0, 0, 0, uitest.Zone), Urgency: 3, NoPaper: true}
	l.Due, l.DueSet, l.DueReason = time.Date(2026, 11, 25, 17, 0, 0, 0, uitest.Zone), true, ""
	l.Deadlines = []mail.Deadline{
		{Phrase: "trước ngày 26/11/2026", Where: "subject", Due: time.Date(2026, 11, 25, 17, 0, 0, 0, uitest.Zone)},
		{Phrase: "có ý kiến bằng văn bản gửi về trước thời hạn", Where: "body", Due: time.Date(2026, 11, 30, 17, 0, 0, 0, uitest.Zone)},
	}
	s := uitest.New(t, f, pages, frame.OpenLetter{ID: 2, Row: f.Order}, 80, 24)
	s.GoldenPageStyled("document")
	s.Want("HỎA TỐC  Góp ý", "Công văn số 512/STP-XDVB, ngày 18/11/2026, không gửi bản giấy", "hạn thứ Tư 25/11, tự đặt")
	s.Happen(func(f *uitest.Fake) {
		f.Letters[2].DueReason = "chờ ý kiến Sở Tài chính"
		f.Emit(mail.Event{Kind: mail.FolderChanged})
	})
	s.Want("tự đặt: chờ ý kiến Sở Tài chính", "Thư nêu hạn thứ Tư 25/11: “trước ngày 26/11/2026”")
}

// h puts the term off, with a reason; the rule's date can come back.
func TestPutOff(t *testing.T) {
	s := start(t, uitest.Sample(), 6, 80, 24)
	s.Press("h")
	s.GoldenPage("defer")
	s.Press("down", "enter")
	s.Want("Cần nêu lý do")
	s.Type("cho y kien")
	s.Press("enter")
	s.Want("Đã đặt hạn thứ Năm 26/11", "hạn thứ Năm 26/11, tự đặt: cho y kien")
	s.Press("h", "up", "up")
	s.Type("30/2")
	s.Press("enter")
	s.Want("Chưa đọc được ngày")
	s.Press("ctrl+u")
	s.Type("29/11")
	s.Want("không phải ngày làm việc")
	s.Press("ctrl+u")
	s.Type("5/12/2025")
	s.Press("enter")
	s.Want("Ngày này đã qua")
	s.Press("ctrl+u")
	s.Type("15/1")
	s.Want("thứ Sáu 15/01")
	s.Press("enter")
	s.Want("thứ Sáu 15/01")
	s.Press("h", "up", "enter")
	s.Want("Đã trở về hạn theo quy định", "theo hạn chung")
	want := []string{"due [6] 2026-11-26 cho y kien", "due [6] 2027-01-15 cho y kien", "due [6] 0001-01-01 "}
	if got := only(s.Desk.Log, "due"); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("log %q, want %q", got, want)
	}
	s = start(t, uitest.Sample(), 1, 80, 24)
	s.Press("h")
	s.Want("Thư này không chờ hồi đáp")
}
