package rule

import (
	"strings"
	"testing"

	"hopthu/mail"
)

func TestTerm(t *testing.T) {
	came := at(t, "2013-07-10T09:00")
	body := mail.Deadline{Phrase: "trước ngày 05/8/2013", Due: at(t, "2013-08-02T17:00")}
	urgent := mail.DocumentMark{Urgency: 3}
	for _, c := range []struct {
		name, subject string
		head          mail.Head
		inText        mail.Deadline
		due           string
		why           mail.DueWhy
		phrase        string
	}{
		{name: "default", due: "2013-07-17T17:00", why: mail.DueRule},
		{name: "urgent header", head: mail.Head{Priority: 1}, due: "2013-07-10T17:00", why: mail.DueUrgent},
		{name: "urgent document", head: mail.Head{Document: urgent}, due: "2013-07-10T17:00", why: mail.DueUrgent},
		{name: "in the text", inText: body, due: "2013-08-02T17:00", why: mail.DueBody, phrase: body.Phrase},
		{name: "text before urgency", head: mail.Head{Document: urgent}, inText: body, due: "2013-08-02T17:00", why: mail.DueBody, phrase: body.Phrase},
		{name: "subject before text", subject: "Báo cáo trước ngày 25/7/2013", inText: body, due: "2013-07-24T17:00", why: mail.DueSubject, phrase: "trước ngày 25/7/2013"},
		{name: "subject of a day that is over", subject: "Kết quả đạt trước ngày 25/7/2012", due: "2013-07-17T17:00", why: mail.DueRule},
		{name: "an hour", subject: "xong trước 17h30 ngày 12/8/2013", due: "2013-08-12T17:30", why: mail.DueSubject, phrase: "trước 17h30 ngày 12/8/2013"},
	} {
		h := c.head
		h.Received, h.Subject = came, c.subject
		due, why, phrase := Term(h, c.inText, VietNam(), 5)
		if !due.Equal(at(t, c.due)) || why != c.why || phrase != c.phrase {
			t.Errorf("%s: %v %s %q, want %s %s %q", c.name, due, why, phrase, c.due, c.why, c.phrase)
		}
	}
	if due, why, _ := Term(mail.Head{}, body, VietNam(), 5); !due.IsZero() || why != "" {
		t.Errorf("without a date: %v %s", due, why)
	}
}

func paras(lines ...string) []mail.Para {
	var out []mail.Para
	for _, l := range lines {
		quote := len(l) - len(strings.TrimLeft(l, ">"))
		out = append(out, mail.Para{Quote: quote, Text: l[quote:]})
	}
	return out
}

func TestTextDeadline(t *testing.T) {
	came := at(t, "2013-07-10T09:00")
	for _, c := range []struct {
		name   string
		paras  []mail.Para
		phrase string
		due    string
	}{
		{"own words", paras("Kính gửi Sở.", "Đề nghị gửi về Sở trước ngày 05/8/2013./."), "trước ngày 05/8/2013", "2013-08-02T17:00"},
		{"broken over lines", paras("Đề nghị gửi về Sở trước", "ngày 05/8/2013."), "trước\nngày 05/8/2013", "2013-08-02T17:00"},
		{"quoted words are older", paras("Đã rõ.", "> trước ngày 05/8/2013"), "", ""},
		{"the first that is not over", paras("Kết quả trước ngày 01/7/2013 đã có.", "Góp ý trong thời hạn 05 ngày làm việc."), "trong thời hạn 05 ngày làm việc", "2013-07-17T17:00"},
		{"lines apart make no phrase", paras("Việc này xong trước", "khi họp.", "Bàn thêm.", "ngày 05/8/2013"), "", ""},
		{"decomposed", paras("Gửi trước ngày 05/8/2013"), "trước ngày 05/8/2013", "2013-08-02T17:00"},
		{"none", paras("Chào anh."), "", ""},
	} {
		got, ok := TextDeadline(&mail.Letter{Paras: c.paras}, came, VietNam())
		if ok != (c.phrase != "") || got.Phrase != c.phrase || ok && (!got.Due.Equal(at(t, c.due)) || got.Where != "body") {
			t.Errorf("%s: %+v %v", c.name, got, ok)
		}
	}
	l := &mail.Letter{Paras: paras("Gửi trước ngày 05/8/2013")}
	l.Subject = "Góp ý trong 3 ngày làm việc"
	if got := LetterDeadlines(l, came, VietNam()); len(got) != 2 || got[0].Where != "subject" || got[1].Where != "body" {
		t.Errorf("%+v", got)
	}
}

func TestLongTextIsBounded(t *testing.T) {
	long := paras(strings.Repeat("Việc này cần làm trước hết. ", 40))
	for range 10 {
		long = append(long, long...)
	}
	long = append(long, paras("trước ngày 05/8/2013")...)
	if got, ok := TextDeadline(&mail.Letter{Paras: long}, at(t, "2013-07-10T09:00"), VietNam()); ok {
		t.Errorf("the bound does not hold: %+v", got)
	}
}

func TestCheckReceived(t *testing.T) {
	for _, c := range []struct {
		name string
		in   Received
		want []string // verdict code where
	}{
		{"ordinary", Received{Subject: "Báo cáo", Body: "Gửi mật khẩu mới.", Files: []ReceivedFile{{Name: "a.docx", Text: "Kế hoạch"}}}, nil},
		{"subject", Received{Subject: "[MẬT] Kế hoạch"}, []string{"block secret-mark subject"}},
		{"a line", Received{Body: "MẬT\nSố: 07/KH-BCH"}, []string{"block secret-mark body"}},
		{"quoted", Received{Quoted: "TUYỆT MẬT"}, []string{"block secret-mark quoted"}},
		{"in a file", Received{Files: []ReceivedFile{{Name: "a.docx", Text: "TỐI MẬT\nx"}}}, []string{"block secret-mark attachment:a.docx"}},
		{"a file's name only asks", Received{Files: []ReceivedFile{{Name: "Bao cao TOI MAT.pdf"}}}, []string{"ask secret-mark attachment:Bao cao TOI MAT.pdf"}},
		{"a name in an archive", Received{Files: []ReceivedFile{{Name: "a.zip", Facts: FileFacts{Names: []string{"x/Tối mật.docx"}}}}}, []string{"ask secret-mark attachment:a.zip"}},
		{"not read", Received{Subject: "[MẬT]", Files: []ReceivedFile{
			{Name: "to.pdf", Unseen: true},
			{Name: "khoa.zip", Facts: FileFacts{Locked: true}},
			{Name: "quet.pdf", Facts: FileFacts{Scanned: true}},
			{Name: "anh.wav", Facts: FileFacts{Unread: true}},
		}}, []string{
			"block secret-mark subject", "pass not-looked-into attachment:to.pdf", "pass not-looked-into attachment:khoa.zip",
			"pass not-looked-into attachment:quet.pdf",
		}},
	} {
		var got []string
		for _, f := range CheckReceived(c.in) {
			got = append(got, []string{"pass", "ask", "block"}[f.Verdict]+" "+f.Code+" "+f.Where)
		}
		if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func BenchmarkTermOfSubject(b *testing.B) {
	h := mail.Head{Received: at(b, "2013-07-10T09:00"), Subject: "V/v báo cáo tình hình thực hiện kế hoạch 6 tháng đầu năm 2013"}
	for b.Loop() {
		Term(h, mail.Deadline{}, VietNam(), 5)
	}
}
