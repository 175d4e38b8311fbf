package settings_test

import (
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/page/settings"
	"hopthu/ui/uitest"
)

func desk() *uitest.Fake {
	d := uitest.Sample()
	d.Log = nil
	d.Set.ReplyDays = 6 // not among the choices: must survive
	return d
}

func open(t *testing.T, d *uitest.Fake, w, h int) *uitest.Screen {
	t.Helper()
	s := uitest.New(t, d, frame.Pages{
		Settings: settings.New, Today: uitest.Home,
		Start: func(_ frame.Env, o frame.OpenStart) frame.Page {
			if o.Account == nil {
				return uitest.Blank("START NEW")
			}
			return uitest.Blank("START " + o.Account.Address)
		},
		Password: func(_ frame.Env, o frame.OpenPassword) frame.Page {
			return uitest.Blank("PASSWORD " + o.Account.Address)
		},
	}, nil, w, h)
	s.Send(frame.Open{Target: frame.OpenSettings{}})
	return s
}

func TestChoices(t *testing.T) {
	d := desk()
	s := open(t, d, 80, 24)
	s.GoldenPage("vi")
	s.GoldenPageStyled("vi")
	s.Press("right")
	s.Want("Language", "Settings saved")
	if d.Set.Language != "en" || d.Set.ReplyDays != 6 || d.Set.Undo != 10*time.Second {
		t.Errorf("saved %+v", d.Set)
	}
	s.GoldenPage("en")
	s.Press("left", "down", "space", "down", "enter", "down", "down", "right", "down", "right", "right", "down", "right", "down", "right", "down")
	if d.Set.Language != "vi" || d.Set.Theme != "light" || !d.Set.ASCII || d.Set.Notify != "osc9" || d.Set.Undo != 15*time.Second {
		t.Errorf("saved %+v", d.Set)
	}
	if d.Set.Typing != "vni" || d.Set.Tones != "new" {
		t.Errorf("saved %+v", d.Set)
	}
	s.Type("nano -w1")
	s.Press("down")
	if d.Set.Editor != "nano -w1" {
		t.Errorf("editor %q", d.Set.Editor)
	}
	s.Press("down", "right")
	if !d.Set.StrictOutside {
		t.Errorf("saved %+v", d.Set)
	}
	s.Press("down", "down", "ctrl+w", "ctrl+w", "ctrl+w", "backspace", "backspace", "backspace")
	s.Type("TaiVe")
	s.Press("down")
	s.Want("Thư mục phải là đường dẫn đầy đủ")
	s.Press("home")
	s.Type("~/")
	s.Press("esc")
	s.Want("HOME")
	if d.Set.Downloads != "~/TaiVe" {
		t.Errorf("downloads %q", d.Set.Downloads)
	}
}

func TestSaveFails(t *testing.T) {
	d := desk()
	d.Errs = map[string]error{"SaveSettings": &mail.Fault{Kind: mail.DiskFull, Op: "save settings"}}
	s := open(t, d, 80, 24)
	s.Press("right")
	s.Want("Vẫn an toàn")
	s.Press("esc")
	s.Want("< Tiếng Việt >")
}

func TestAccounts(t *testing.T) {
	d := desk()
	s := open(t, d, 80, 30)
	s.Press("up")
	s.Press("enter")
	s.Want("START NEW")
	s.Press("esc", "up", "enter")
	s.Want("Đổi mật khẩu…", "Đăng nhập lại…", "Gỡ hộp thư này…")
	s.Press("enter")
	s.Want("PASSWORD skhdt@")
	s.Press("esc", "enter", "down", "enter")
	s.Want("START skhdt@")
	s.Press("esc", "enter", "down", "down", "enter")
	s.Want("Gỡ hộp thư skhdt@ninhphong.example?")
	s.Press("enter")
	s.Want("Đã gỡ skhdt@ninhphong.example")
	if len(d.Accs) != 1 {
		t.Errorf("accounts %+v", d.Accs)
	}
	s.GoldenPage("removed")
}

func TestSizes(t *testing.T) {
	for _, size := range [][2]int{{120, 36}, {60, 20}} {
		s := open(t, desk(), size[0], size[1])
		s.GoldenPage("vi")
		for range 20 {
			s.Press("down")
			s.Exact()
		}
	}
}
