package rule

import (
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/viet"
)

func TestInspect(t *testing.T) {
	base := at(t, "2013-07-22T08:00")
	text := "Số: 15/BC-SNV                 Ninh Bình, ngày 22 tháng 7 năm 2013\nBÁO CÁO\n\nGửi trước ngày 05/8/2013.\n\nNơi nhận:\n- Như trên;\n- Lưu: VT.\n"
	letter := InspectInput{
		Letter: true, Subject: "Về tuyệt mật", Body: "Mật khẩu: Abc#1234\n", Quoted: "MẬT\n", To: []mail.Address{{Addr: "a@vidu.example"}},
		Domain: "ninhbinh.gov.vn", Received: base, Files: []FileReading{{Name: "bc.docx", Text: text}, {Name: "x.rar", Type: "application/vnd.rar", Facts: FileFacts{Locked: true}}},
	}
	for _, c := range []struct {
		name string
		in   InspectInput
		want string // verdict code rule where
	}{
		{"letter", letter, "2 secret-mark A quoted; 1 secret-mark F subject; 1 password  body; 1 file-locked  attachment:x.rar; 0 outside  to"},
		{
			"document",
			InspectInput{Files: []FileReading{{Name: "mat.txt", Text: "MẬT\nmật khẩu: Abc#1234\n", Legacy: "TCVN3"}}, Received: base},
			"2 secret-mark A body; 1 password  body; 1 legacy-charset legacy body",
		},
		{
			"name of a document",
			InspectInput{Files: []FileReading{{Name: "TOI MAT.pdf", Type: "application/pdf", Facts: FileFacts{Unread: true}}}},
			"1 secret-mark name file; 0 unread  file",
		},
		{
			"character set",
			InspectInput{Files: []FileReading{{Name: "a.txt", Text: "x", Issues: []viet.Issue{{Kind: viet.Decomposed, Text: "a", Fix: "b"}, {Kind: viet.Strange, Text: "Ð"}}}}},
			"1 not-unicode strange body; 0 not-unicode decomposed body",
		},
		{"draft", InspectInput{Files: []FileReading{{Name: "a.txt", Text: "DỰ THẢO\nSố:    /BC-SNV\nBÁO CÁO\n"}}}, "1 draft-document blank-number body; 1 draft-document draft-word body"},
		{"a letter to nobody", InspectInput{Letter: true, Subject: "x", Body: "y"}, ""},
		{"nothing", InspectInput{}, ""},
	} {
		got := Inspect(c.in)
		var out []string
		for _, f := range got.Findings {
			out = append(out, strings.Join([]string{string(rune('0' + f.Verdict)), f.Code, f.Rule, f.Where}, " "))
		}
		if s := strings.Join(out, "; "); s != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, s, c.want)
		}
		if len(got.Formats) != len(c.in.Files) {
			t.Errorf("%s: %d formats", c.name, len(got.Formats))
		}
	}
	got := Inspect(letter)
	if len(got.Documents) != 1 || got.Documents[0].Where != "attachment:bc.docx" || len(got.Deadlines) != 1 || got.Deadlines[0].Line != 4 || got.ReplyWhy != "deadline" {
		t.Errorf("documents %+v, deadlines %+v, %s", got.Documents, got.Deadlines, got.ReplyWhy)
	}
	letter.Outside = true
	for _, f := range Inspect(letter).Findings {
		if f.Verdict == mail.Ask && f.Code == codeSecret || f.Code == "file-locked" && f.Verdict != mail.Block {
			t.Errorf("outside the system %+v is not a block", f)
		}
	}
	urgent := Inspect(InspectInput{Received: base, Files: []FileReading{{Name: "a.txt", Text: "Số: 05/CĐ-UBND\nHỎA TỐC\nCÔNG ĐIỆN\n"}}})
	if !urgent.Reply.Equal(at(t, "2013-07-22T17:00")) || urgent.ReplyWhy != "urgent" {
		t.Errorf("urgent: %v %s", urgent.Reply, urgent.ReplyWhy)
	}
	past := Inspect(InspectInput{Received: base, Letter: true, Subject: "x", Body: "Đã gửi trước ngày 25/12/2012.\nĐề nghị gửi trước ngày 05/8/2013.\n"})
	if len(past.Deadlines) != 2 || !past.Reply.Equal(at(t, "2013-08-02T17:00")) || past.ReplyWhy != "deadline" {
		t.Errorf("a day that is over: %+v, %v %s", past.Deadlines, past.Reply, past.ReplyWhy)
	}
}

func FuzzInspect(f *testing.F) {
	f.Add("TỐI MẬT", "Số: 15/BC-SNV\nGửi trước ngày 05/8/2013.\nNơi nhận:\n- Như Điều 3;\n- Lưu: VT.\n", "a.docx")
	f.Fuzz(func(t *testing.T, subject, text, name string) {
		in := InspectInput{
			Letter: true, Subject: viet.NFC(subject), Body: viet.NFC(text), Files: []FileReading{{Name: viet.NFC(name), Text: viet.NFC(text)}},
			Received: time.Date(2013, 7, 10, 9, 0, 0, 0, Zone),
		}
		got := Inspect(in)
		for _, x := range got.Findings {
			if x.Verdict > got.Verdict || x.Code == "" || x.Where == "" {
				t.Fatalf("%+v in a %v", x, got.Verdict)
			}
		}
		in.Outside = true
		if strict := Inspect(in); strict.Verdict < got.Verdict {
			t.Fatal("stricter outside the system, but the verdict fell")
		}
	})
}
