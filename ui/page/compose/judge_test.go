package compose_test

import (
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/frame"
)

// Each file says what the rules say of it, with what to do (QC 7.1b, 7.3, 13.6); up and down go through them.
func TestVerdictOnFiles(t *testing.T) {
	d := desk()
	d.Findings = []mail.Finding{
		{Verdict: mail.Pass, Code: "file-old", Clause: "QC 7.3", Where: "attachment:to-trinh.doc", Suggest: "to-docx"},
		{Verdict: mail.Ask, Code: "file-unlisted", Clause: "QC 7.3", Where: "attachment:ho-so.rar", Suggest: "to-zip"},
		{Verdict: mail.Pass, Code: "file-old", Clause: "QC 7.3", Where: "attachment:ke-hoach.doc", Suggest: "to-docx"},
		{Verdict: mail.Block, Code: "secret-mark", Clause: "QC 7.1b", Where: "attachment:ke-hoach.doc", Text: "TỐI MẬT"},
		{Verdict: mail.Block, Code: "file-disguised", Clause: "QC 13.6", Where: "attachment:bao-cao.pdf.exe", Suggest: "remove"},
	}
	l := mail.DraftLetter{ID: 7, Account: d.Accs[0].ID, To: "a@ninhphong.example", Subject: "Gửi hồ sơ"}
	for i, name := range []string{"cong-van-512.pdf", "to-trinh.doc", "ho-so.rar", "ke-hoach.doc", "bao-cao.pdf.exe"} {
		l.Attachments = append(l.Attachments, mail.Attachment{ID: int64(i + 1), Name: name, Size: 99_000 << i})
	}
	s := open(t, d, frame.OpenCompose{Letter: &l}, 80, 24)
	s.Want("cong-van-512.pdf", "đạt (QC 7.3)", "nên chuyển: lưu thành .docx", "ngoài danh mục", "và 2 nữa")
	s.WantNot("ke-hoach")
	s.Press("shift+tab", "end")
	s.GoldenPage("verdicts")
	s.Press("down", "down", "down", "down")
	s.Want("có dấu hiệu mật (QC 7.1b)", "chặn, tên ngụy trang: gỡ ra (QC 13.6)")
	s.WantNot("cong-van")
	s.Resize(120, 36)
	s.Want("cong-van-512.pdf", "bao-cao.pdf.exe")
	s.WantNot("và 2 nữa")
	s.GoldenPage("verdicts")
	s.Press("d")
	s.WantNot("5  bao-cao")
	s.Click(s.Find("to-trinh.doc"))
	s.Press("d")
	s.WantNot("to-trinh.doc  ")
	s.Want("ho-so.rar")
}

// Letters that TCVN 6909 does not have are set right on request, and the letter is looked at again (QC 7.2).
func TestMend(t *testing.T) {
	d := desk()
	d.Findings = []mail.Finding{{Verdict: mail.Ask, Code: "not-unicode", Clause: "QC 7.2", Where: "subject", Text: "Ðề", Fix: "Đề"}}
	s := open(t, d, frame.OpenCompose{}, 80, 24)
	s.Type("doan@nhandan.example")
	s.Press("tab", "tab")
	s.Paste("Ðề nghị cấp phép")
	s.Press("tab")
	s.Paste("Kính gửi: h\u043eàn thành ð\u1ea7y đủ")
	s.Press("ctrl+s")
	s.Want("“Ðề” nên viết là “Đề” theo TCVN 6909", "F7 sửa chữ")
	d.Findings = nil
	s.Press("f7")
	s.Want("không có gì cần hỏi", "Đã sửa chữ theo TCVN 6909")
	s.Press("enter")
	if n := len(d.Queue); n == 0 || d.Queue[n-1].Subject != "Đề nghị cấp phép" {
		t.Errorf("sent %+v", d.Queue)
	}
}

// From the question a person reads the clause, comes back, and finds the reason that was typed.
func TestClause(t *testing.T) {
	d := desk()
	d.Findings = []mail.Finding{
		{Verdict: mail.Ask, Code: "file-unlisted", Clause: "QC 7.3", Where: "attachment:x.rar", Text: "x.rar", Suggest: "to-zip"},
		{Verdict: mail.Ask, Code: "password", Clause: "QC 13.5", Where: "body", Text: "mật khẩu: …"},
	}
	s := open(t, d, frame.OpenCompose{}, 80, 24)
	s.Type("doan@nhandan.example")
	s.Press("ctrl+s")
	s.Want("Định dạng ngoài danh mục: x.rar; nén thành .zip")
	s.Type("đã thống nhất")
	s.Press("tab", "alt+l")
	s.Want("Điều 13")
	s.Press("esc")
	s.Want("Trước khi gửi", "đã thống nhất")
	s.Press("esc", "ctrl+s")
	s.Want("đã thống nhất")
}

// The mouse takes the person it clicks on, and puts the cursor where it clicks.
func TestMouseTakes(t *testing.T) {
	s := open(t, desk(), frame.OpenCompose{}, 80, 24)
	s.Type("hung")
	s.Click(s.Find("Phó Trưởng phòng"))
	s.Want("hung.tv2@ninhphong.example")
	s.Click(s.Find("Chủ đề"))
	s.Type("abc")
	x, y := s.Find("abc")
	s.Click(x+1, y)
	s.Type("1")
	s.Want("a1bc")
	s.Press("ctrl+u")
	s.Want("bc")
	s.WantNot("a1")
}

// A path that comes in one piece is taken as it is, however Vietnamese is typed.
func TestPathInOnePiece(t *testing.T) {
	s := open(t, desk(), frame.OpenCompose{}, 80, 24)
	s.Press("ctrl+a")
	s.Send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("/tmp/files")})
	s.Want("/tmp/files")
}

// However low the window is, the line that is typed in is in sight, and the window grows back to what it was.
func TestLowWindow(t *testing.T) {
	s := open(t, desk(), frame.OpenCompose{}, 80, 24)
	s.Press("ctrl+b")
	s.Press("tab")
	s.Type("xin nghi")
	before := s.Frame()
	for h := 23; h >= 1; h-- {
		s.Resize(80, h)
		s.Exact()
		if h >= 10 {
			s.Want("xin nghi")
			x, y := s.Find("xin nghi")
			if s.Term.X != x+len("xin nghi") || s.Term.Y != y {
				t.Errorf("at %d lines the cursor is at %d,%d, the text at %d,%d", h, s.Term.X, s.Term.Y, x, y)
			}
		}
	}
	s.Resize(20, 5)
	s.Resize(80, 24)
	if s.Frame() != before {
		t.Error("the frame is not what it was")
	}
}

// The server's words come with the letter that it refused, in full.
func TestRefusalInFull(t *testing.T) {
	d := desk()
	l := mail.DraftLetter{ID: 7, Account: d.Accs[0].ID, To: "a@ninhphong.example", Subject: "x", Refusal: "550 5.1.1 <a@ninhphong.example>: Recipient address rejected: " +
		"User unknown in virtual mailbox table; ask the postmaster of ninhphong.example about it"}
	s := open(t, d, frame.OpenCompose{Letter: &l}, 80, 24)
	s.Want("Máy chủ đã từ chối thư này", "of ninhphong.example about it")
	s.GoldenPage("refused")
}
