package password_test

import (
	"testing"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/page/password"
	"hopthu/ui/uitest"
)

func open(t *testing.T, d *uitest.Fake, o frame.OpenPassword, w, h int) *uitest.Screen {
	t.Helper()
	o.Account = mail.Account{ID: "ha", Address: "ha.ntt@ninhbinh.gov.vn", Name: "Nguyễn Thị Thu Hà"}
	s := uitest.New(t, d, frame.Pages{Password: password.New, Today: uitest.Home}, frame.OpenPassword{}, w, h)
	s.Send(frame.Open{Target: o})
	return s
}

const good = "bốn con trâu xanh"

func TestForced(t *testing.T) {
	d := uitest.Sample()
	d.Log = nil
	s := open(t, d, frame.OpenPassword{Forced: true, Old: "tam-thoi-123"}, 80, 24)
	s.GoldenPage("forced")
	s.Type("ngắn")
	s.Want("! Từ 12 ký tự trở lên", "✓ Khác mật khẩu cũ", "yếu")
	s.Press("enter", "enter")
	s.Want("Mật khẩu mới chưa đạt: từ 12 ký tự trở lên; hai lần gõ giống nhau.")
	s.Press("ctrl+w")
	s.Type(good)
	s.Press("tab")
	s.Type("bốn con t")
	s.WantNot("chưa giống")
	s.Type("x")
	s.Want("! chưa giống")
	s.GoldenPage("typed")
	s.Press("backspace")
	s.Type("râu xanh")
	s.Want("✓ giống nhau", "✓ Hai lần gõ giống nhau")
	s.WantNot(good)
	s.Press("ctrl+t")
	s.Want(good)
	s.GoldenPage("shown")
	s.Press("enter")
	s.Want("HOME", "Đã đổi mật khẩu")
	if len(d.Log) != 2 || d.Log[0] != "change password ha.ntt@ninhbinh.gov.vn" || d.Log[1] != "sign in ha.ntt@ninhbinh.gov.vn" {
		t.Errorf("the desk was asked %q", d.Log)
	}
}

// A forced change cannot be escaped into the mailbox (QC 13.1), only by quitting.
func TestNoWayAround(t *testing.T) {
	s := open(t, uitest.Sample(), frame.OpenPassword{Forced: true, Old: "tam-thoi-123"}, 80, 24)
	for _, key := range []string{"esc", "f9"} {
		s.Press(key)
		s.Want("Đổi mật khẩu lần đầu", "Phải đổi mật khẩu trước khi dùng hộp thư")
	}
	for _, word := range []string{"Hôm nay", "Hộp thư đến", "Soạn thư"} {
		s.Press("ctrl+p")
		s.Type(word)
		s.Press("enter", "esc")
		s.Want("Đổi mật khẩu lần đầu")
	}
	s.Press("ctrl+q", "enter")
	if !s.Quit {
		t.Error("quitting must be possible")
	}
}

func TestFree(t *testing.T) {
	d := uitest.Sample()
	s := open(t, d, frame.OpenPassword{}, 80, 24)
	s.GoldenPage("free")
	s.Press("tab")
	s.Type(good)
	s.Press("tab")
	s.Type(good)
	s.Press("enter")
	s.Want("Hãy nhập mật khẩu đang dùng.")
	s.Type("cũ")
	s.Press("tab", "tab")
	d.Errs = map[string]error{"ChangePassword": &mail.Fault{Kind: mail.BadPassword, Op: "change"}}
	s.Press("enter")
	s.Want("Máy chủ không nhận")
	d.Errs = map[string]error{"ChangePassword": &mail.Fault{Kind: mail.NoAnswer, Op: "change"}}
	s.Press("tab", "tab", "enter")
	s.Want("Máy chủ không trả lời")
	d.Errs = map[string]error{}
	s.Press("enter")
	s.Want("Đã đổi mật khẩu")
	s.WantNot("ha.ntt@")
}

// The password was changed, but signing in failed: Enter signs in again and does not change it twice.
func TestSignInAgain(t *testing.T) {
	d := uitest.Sample()
	d.Errs = map[string]error{"SignIn": &mail.Fault{Kind: mail.LostConnection, Op: "sign in"}}
	d.Log = nil
	s := open(t, d, frame.OpenPassword{Forced: true, Old: "tam-thoi-123"}, 80, 24)
	s.Type(good)
	s.Press("tab")
	s.Type(good)
	s.Press("enter")
	s.Want("Mất kết nối")
	d.Errs = map[string]error{}
	s.Press("enter")
	s.Want("HOME")
	if n := len(d.Log); n != 3 {
		t.Errorf("the desk was asked %q", d.Log)
	}
}

func TestSizes(t *testing.T) {
	for _, size := range [][2]int{{120, 36}, {60, 20}} {
		s := open(t, uitest.Sample(), frame.OpenPassword{Forced: true, Old: "x"}, size[0], size[1])
		s.GoldenPage("forced")
	}
	for w := 20; w < 100; w += 9 {
		for h := 6; h < 40; h += 7 {
			s := open(t, uitest.Sample(), frame.OpenPassword{}, w, h)
			s.Type(good)
			s.Exact()
		}
	}
}

// The top line names whose box it will be before it is one of the desk's.
func TestForcedNamesTheBox(t *testing.T) {
	d := uitest.Empty()
	s := open(t, d, frame.OpenPassword{Forced: true, Old: "tam-thoi-123"}, 60, 20)
	s.Want("hopthu   Nguyễn Thị Thu Hà")
	s.WantNot("Chưa có hộp thư")
}
