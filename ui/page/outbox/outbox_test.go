package outbox_test

import (
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/page/outbox"
	"hopthu/ui/uitest"
)

func desk() *uitest.Fake {
	d := uitest.Sample()
	d.Log = nil
	at := d.At
	d.Queue = []mail.OutboxItem{
		{ID: 1, Account: uitest.Me, State: mail.OutQueued, Subject: "Góp ý dự thảo", To: []string{"stp@ninhphong.example"}, Queued: at, Next: at.Add(8 * time.Second)},
		{ID: 2, Account: uitest.Me, State: mail.OutWaiting, Subject: "Số liệu", To: []string{"stc@ninhphong.example", "b@x.vn"}, Queued: at, Next: at.Add(300 * time.Second), Tries: 2, Reply: "451 4.3.0 try later \x1b[2J"},
		{ID: 3, Account: uitest.Me, State: mail.OutUnknown, Subject: "", To: []string{"c@x.vn"}, Queued: at},
		{ID: 4, Account: uitest.Me, State: mail.OutRefused, Subject: "Danh sách", To: []string{"d@x.vn"}, Reply: "550 5.1.1 no such user"},
		{ID: 5, Account: uitest.Me, State: mail.OutSending, Subject: "Đang đi", To: []string{"e@x.vn"}},
		{ID: 6, Account: uitest.Me, State: mail.OutSent, Subject: "Đã đi", To: []string{"f@x.vn"}, Submitted: at},
	}
	return d
}

func open(t *testing.T, d *uitest.Fake, w, h int) *uitest.Screen {
	t.Helper()
	s := uitest.New(t, d, frame.Pages{
		Outbox: outbox.New, Today: uitest.Home,
		Compose: func(_ frame.Env, o frame.OpenCompose) frame.Page { return uitest.Blank("WRITE " + o.Letter.Subject) },
	}, nil, w, h)
	s.Send(frame.Open{Target: frame.OpenOutbox{}})
	return s
}

func TestStates(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 36}, {60, 20}} {
		s := open(t, desk(), size[0], size[1])
		s.GoldenPage("list")
	}
	s := open(t, desk(), 80, 24)
	s.GoldenPageStyled("list")
	s.Want("đi sau 8 giây", "thử lại 08:10", "CHƯA RÕ", "BỊ TỪ CHỐI", "đang gửi", "máy chủ đã nhận")
	for _, want := range []string{"nằm chờ trong máy", "451 4.3.0", "tự gửi lại để tránh", "550 5.1.1", "đang được chuyển", "Bản sao đang được lưu"} {
		s.Want(want)
		s.Press("enter")
		s.Want("Trạng thái thư", "Người nhận")
		s.Exact()
		s.Press("esc", "down")
	}
}

func TestActs(t *testing.T) {
	d := desk()
	s := open(t, d, 80, 24)
	s.Press("x")
	s.Want("Chỉ dùng cho thư chưa rõ")
	s.Press("down", "s")
	s.Want("Đang gửi lại")
	s.Press("down", "e")
	s.Want("không lấy lại được")
	s.Press("s")
	s.Want("Gửi lại thư này?", "hai bản")
	s.Press("esc", "x")
	s.Want("Thư này đã đến nơi?")
	s.Press("enter")
	s.Want("Đã ghi: thư đã đến nơi")
	s.Press("s", "enter")
	if got := strings.Join(d.Log, "; "); got != "resend 2; settle 3; resend 3" {
		t.Errorf("the desk was asked %s", got)
	}
	s.Press("down", "e")
	s.Want("WRITE Danh sách")
}

func TestTooLate(t *testing.T) {
	d := desk()
	d.Errs = map[string]error{"Recall": &mail.Fault{Kind: mail.Gone, Op: "recall"}}
	s := open(t, d, 80, 24)
	s.Press("e")
	s.Want("Thư đã rời máy")
}

func TestChangesShow(t *testing.T) {
	d := desk()
	s := open(t, d, 80, 24)
	s.Happen(func(f *uitest.Fake) {
		f.Queue = f.Queue[:1]
		f.Emit(mail.Event{Kind: mail.OutboxChanged})
	})
	s.WantNot("BỊ TỪ CHỐI")
	s.Happen(func(f *uitest.Fake) {
		f.Queue = nil
		f.Emit(mail.Event{Kind: mail.OutboxChanged})
	})
	s.Want("Không có thư nào chờ gửi.")
	s.GoldenPage("empty")
	d.Errs = map[string]error{"Outbox": &mail.Fault{Kind: mail.StoreDamaged, Op: "outbox"}}
	open(t, d, 80, 24).Exact()
	for w := 20; w < 100; w += 13 {
		open(t, desk(), w, 9).Exact()
	}
}
