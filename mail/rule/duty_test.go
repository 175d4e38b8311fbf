package rule

import (
	"testing"
	"time"

	"hopthu/mail"
)

func TestDuty(t *testing.T) {
	box := mail.Account{Address: "kh&đt@ninhbinh.gov.vn", Aliases: []string{"kehoach@ninhbinh.gov.vn"}}
	to := func(a ...string) (list []mail.Address) {
		for _, s := range a {
			list = append(list, mail.Address{Addr: s})
		}
		return list
	}
	citizen := to("doan@example.com")
	for _, c := range []struct {
		name string
		head mail.Head
		want bool
	}{
		{"to the box", mail.Head{From: citizen, To: to("kh&đt@ninhbinh.gov.vn")}, true},
		{"wire spelling, other case", mail.Head{From: citizen, To: to("other@example.com", "KH&DT@ninhbinh.gov.vn")}, true},
		{"alias", mail.Head{From: citizen, To: to("kehoach@ninhbinh.gov.vn")}, true},
		{"only cc", mail.Head{From: citizen, To: to("other@example.com"), Cc: to("kh&đt@ninhbinh.gov.vn")}, false},
		{"bcc or list", mail.Head{From: citizen}, false},
		{"automatic", mail.Head{From: citizen, To: to("kh&dt@ninhbinh.gov.vn"), Automatic: true}, false},
		{"own", mail.Head{From: to("kh&dt@ninhbinh.gov.vn"), To: to("kh&dt@ninhbinh.gov.vn")}, false},
		{"own hand", mail.Head{From: citizen, Sender: to("kh&dt@ninhbinh.gov.vn")[0], To: to("kh&dt@ninhbinh.gov.vn")}, false},
		{"no-reply", mail.Head{From: to("no-reply@example.com"), To: to("kh&dt@ninhbinh.gov.vn")}, false},
		{"bounce", mail.Head{From: to("MAILER-DAEMON@example.com"), To: to("kh&dt@ninhbinh.gov.vn")}, false},
		{"nobody", mail.Head{To: to("kh&dt@ninhbinh.gov.vn")}, false},
		{"junk", mail.Head{From: citizen, To: to("kh&dt@ninhbinh.gov.vn"), Flags: mail.Junk}, false},
		{"for information", mail.Head{From: citizen, To: to("kh&dt@ninhbinh.gov.vn"), Subject: "Lịch công tác tuần (để biết)"}, false},
		{"for information, plain", mail.Head{From: citizen, To: to("kh&dt@ninhbinh.gov.vn"), Subject: "LICH CONG TAC - DE BIET"}, false},
		{"to know more", mail.Head{From: citizen, To: to("kh&dt@ninhbinh.gov.vn"), Subject: "Hỏi để biết thêm thủ tục"}, true},
		{"đề biệt", mail.Head{From: citizen, To: to("kh&dt@ninhbinh.gov.vn"), Subject: "Vấn đề biệt phái"}, true},
		{"answered is another question", mail.Head{From: citizen, To: to("kh&dt@ninhbinh.gov.vn"), Flags: mail.Answered | mail.NoReply}, true},
	} {
		if got := Duty(c.head, box); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestDue(t *testing.T) {
	c := VietNam()
	head := func(when, subject string, priority int) mail.Head {
		return mail.Head{Received: at(t, when), Subject: subject, Priority: priority}
	}
	for _, x := range []struct {
		name string
		head mail.Head
		want string
	}{
		{"five days", head("2013-07-10T09:00", "", 0), "2013-07-17T17:00"},
		{"in the evening", head("2013-07-10T22:00", "", 0), "2013-07-17T17:00"},
		{"on Saturday", head("2013-07-13T09:00", "", 0), "2013-07-19T17:00"},
		{"urgent", head("2013-07-10T09:00", "", 1), "2013-07-10T17:00"},
		{"urgent, late", head("2013-07-10T16:30", "", 2), "2013-07-11T17:00"},
		{"urgent on Saturday", head("2013-07-13T09:00", "", 1), "2013-07-15T17:00"},
		{"named", head("2013-07-10T09:00", "V/v báo cáo trước ngày 25/7/2013", 1), "2013-07-24T17:00"},
	} {
		if got, _, _ := Term(x.head, mail.Deadline{}, c, 5); !got.Equal(at(t, x.want)) {
			t.Errorf("%s: %v, want %s", x.name, got, x.want)
		}
	}
	if !Due(mail.Head{}, c, 5).IsZero() || Age(mail.Head{}, c, at(t, "2013-07-10")) != 0 {
		t.Error("a letter without a date has a due date or an age")
	}
	if got := Due(mail.Head{Date: at(t, "2013-07-10T09:00")}, c, 1); !got.Equal(at(t, "2013-07-11T17:00")) {
		t.Errorf("without Received: %v", got)
	}
}

func TestAgeLate(t *testing.T) {
	c := VietNam()
	h := mail.Head{Received: at(t, "2013-07-11T16:00")}
	due := Due(h, c, 1) // Friday 12 July
	for now, want := range map[string][2]int{
		"2013-07-11T16:30": {0, 0}, "2013-07-12T08:00": {1, 0}, "2013-07-12T20:00": {1, 0},
		"2013-07-13T08:00": {1, 1}, "2013-07-15T08:00": {2, 1}, "2013-07-16T08:00": {3, 2}, "2013-07-01T08:00": {0, 0},
	} {
		n := at(t, now)
		if a, l := Age(h, c, n), Late(due, c, n); a != want[0] || l != want[1] {
			t.Errorf("%s: age %d late %d, want %v", now, a, l, want)
		}
	}
	if Late(time.Time{}, c, due) != 0 {
		t.Error("no due date, but late")
	}
}

// TestDutyWritten: senders and subjects as they come; the letter stands in To alone.
func TestDutyWritten(t *testing.T) {
	box := mail.Account{Address: "kh&đt@ninhbinh.gov.vn"}
	for _, c := range []struct {
		from, subject string
		want          bool
	}{
		{"thuyhn@bank.example", "Hỏi thủ tục", true},
		{"do_not_reply@x.example", "", false},
		{"do-not-reply-42@x.example", "", false},
		{"no.reply@x.example", "", false},
		{"NoReply.HeThong@x.example", "", false},
		{"khong-tra-loi@x.example", "", false},
		{"notifications@x.example", "", false},
		{"autoreply@x.example", "", false},
		{"bounce+a=b@x.example", "", false},
		{"norepl.hn@x.example", "", true},
		{"nore.phan@x.example", "", true},
		{"support@x.example", "", true},
		{"binhtd@x.example", "Lịch tiếp công dân (để biết)", false},
		{"binhtd@x.example", "Báo cáo tuần - để biết", false},
		{"binhtd@x.example", "Gửi để biết, không cần trả lời", false},
		{"binhtd@x.example", "GỬI ĐỂ BIẾT VÀ LƯU", false},
		{"binhtd@x.example", "đe\u0302\u0309 bie\u0302\u0301t", false},
		{"binhtd@x.example", "Xin cho ý kiến để biết hướng xử lý", true},
		{"binhtd@x.example", "Liên hệ ai để biết kết quả hồ sơ?", true},
		{"binhtd@x.example", "Gửi để biết và cho ý kiến", true},
		{"binhtd@x.example", "Gửi để biết và thực hiện", false},
		{"binhtd@x.example", "Vấn đề biệt lập", true},
		{"binhtd@x.example", "DE BIET: lich truc", false},
		{"binhtd@x.example", "lam sao de biet ket qua", true},
	} {
		h := mail.Head{From: []mail.Address{{Addr: c.from}}, To: []mail.Address{{Addr: "kh&dt@ninhbinh.gov.vn"}}, Subject: c.subject}
		if got := Duty(h, box); got != c.want {
			t.Errorf("%s %q: %v", c.from, c.subject, got)
		}
	}
}
