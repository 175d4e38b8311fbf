package rule

import (
	"strings"
	"testing"

	"hopthu/mail"
)

func TestAsks(t *testing.T) {
	a := mail.Account{Address: "ha.kh&đt@ninhbinh.gov.vn"}
	to := func(list ...string) (out []mail.Address) {
		for _, s := range list {
			out = append(out, mail.Address{Addr: s})
		}
		return out
	}
	many := to(strings.Fields(strings.Repeat("x@x.example ", maxAsked+1))...)
	for _, c := range []struct {
		name string
		head mail.Head
		want bool
	}{
		{"a question", mail.Head{To: to("lan@x.example"), Subject: "Số liệu quý III"}, true},
		{"to himself, other spelling", mail.Head{To: to("ha.kh&dt@ninhbinh.gov.vn"), Subject: "Số liệu?"}, false},
		{"to himself and another", mail.Head{To: to("ha.kh&dt@ninhbinh.gov.vn", "lan@x.example"), Subject: "Số liệu"}, true},
		{"no-reply", mail.Head{To: to("no-reply@x.example"), Subject: "Số liệu?"}, false},
		{"only cc", mail.Head{Cc: to("lan@x.example"), Subject: "Số liệu?"}, false},
		{"a circular", mail.Head{To: many, Subject: "Đề nghị báo cáo"}, false},
		{"for information", mail.Head{To: to("lan@x.example"), Subject: "Lịch tuần (để biết)"}, false},
		{"tells", mail.Head{To: to("lan@x.example"), Subject: "Giấy mời họp giao ban"}, false},
		{"tells, v/v", mail.Head{To: to("lan@x.example"), Subject: "V/v báo cáo tiến độ"}, false},
		{"tells and asks", mail.Head{To: to("lan@x.example"), Subject: "Giấy mời họp, xin xác nhận dự"}, true},
		{"tells, asks in the text", mail.Head{To: to("lan@x.example"), Subject: "Báo cáo tháng", Preview: "Kính mong quý cơ quan cho ý kiến"}, true},
		{"an answer", mail.Head{To: to("lan@x.example"), Subject: "Re: Hỏi thủ tục", InReplyTo: []string{"a@x"}, Preview: "Sở xin trả lời như sau"}, false},
		{"an answer that asks back", mail.Head{To: to("lan@x.example"), Subject: "Re: Hỏi thủ tục", InReplyTo: []string{"a@x"}, Preview: "Ông cho biết thửa đất ở đâu?"}, true},
		{"automatic", mail.Head{To: to("lan@x.example"), Subject: "Số liệu?", Automatic: true}, false},
		{"nobody", mail.Head{Subject: "Số liệu?"}, false},
	} {
		if got := Asks(c.head, a); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
