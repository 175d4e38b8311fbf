package start_test

import (
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/page/password"
	"hopthu/ui/page/start"
	"hopthu/ui/theme"
	"hopthu/ui/uitest"
	"hopthu/ui/words"
)

func desk() *uitest.Fake {
	return &uitest.Fake{
		At:   time.Date(2026, 11, 23, 8, 5, 0, 0, time.FixedZone("", 7*3600)),
		Set:  mail.Settings{Language: "vi", Theme: "dark", Undo: 10 * time.Second, ReplyDays: 5},
		Errs: map[string]error{},
	}
}

func pages() frame.Pages {
	return frame.Pages{
		Start: start.New, Password: password.New, Today: uitest.Home,
	}
}

func open(t *testing.T, d *uitest.Fake, w, h int) *uitest.Screen {
	t.Helper()
	return uitest.New(t, d, pages(), nil, w, h)
}

// A mailto: link that came before the first mailbox is written once there is one, also after a forced change.
func TestThen(t *testing.T) {
	for _, first := range []bool{false, true} {
		d := desk()
		var opened frame.OpenCompose
		p := pages()
		p.Compose = func(_ frame.Env, o frame.OpenCompose) frame.Page {
			opened = o
			return uitest.Blank("WRITE")
		}
		s := uitest.New(t, d, p, frame.OpenStart{Then: frame.OpenCompose{Mailto: "mailto:a@b.example"}}, 80, 24)
		s.Type("ha.ntt@ninhbinh.gov.vn")
		s.Press("tab")
		s.Type("bốn con trâu xanh")
		if first {
			d.Errs["SignIn"] = &mail.Fault{Kind: mail.MustChange, Op: "sign in"}
		}
		s.Press("enter")
		if first {
			s.Want("Đổi mật khẩu lần đầu")
			delete(d.Errs, "SignIn")
			s.Type("năm con trâu xanh")
			s.Press("tab")
			s.Type("năm con trâu xanh")
			s.Press("enter")
		}
		s.Want("WRITE")
		if opened.Mailto != "mailto:a@b.example" {
			t.Errorf("first %v: opened %+v", first, opened)
		}
		s.Press("esc")
		s.Want("HOME")
	}
}

func TestFirstRun(t *testing.T) {
	d := desk()
	s := open(t, d, 80, 24)
	s.GoldenPage("first")
	s.GoldenPageStyled("first")
	s.Type("ha.ntt@ninhbinh.gov.vn")
	s.Press("tab")
	s.Want("imap.ninhbinh.gov.vn", "smtp.ninhbinh.gov.vn")
	s.Type("mật khẩu của tôi")
	s.WantNot("mật khẩu của")
	s.GoldenPage("filled")
	s.Press("ctrl+t")
	s.Want("mật khẩu của tôi")
	s.Press("enter")
	s.Want("HOME", "Đã mở hộp thư ha.ntt@ninhbinh.gov.vn")
	if len(d.Accs) != 1 || d.Accs[0].Login != "ha.ntt@ninhbinh.gov.vn" {
		t.Errorf("accounts: %+v", d.Accs)
	}
}

// Enter after the password finds the servers first, if Tab was never pressed in the address.
func TestEnterAtOnce(t *testing.T) {
	d := desk()
	s := open(t, d, 80, 24)
	s.Press("tab")
	s.Type("x")
	s.Press("shift+tab")
	s.Paste(" ha@x.vn \n")
	s.Press("enter", "enter")
	s.Want("HOME")
}

func TestWhatIsMissing(t *testing.T) {
	s := open(t, desk(), 80, 24)
	s.Press("tab", "enter")
	s.Want("Hãy nhập địa chỉ thư.")
	s.Type("ha.ntt")
	s.Press("tab", "enter")
	s.Want("phải có dạng")
	s.Type("@x.vn")
	s.Press("tab", "enter")
	s.Want("Hãy nhập mật khẩu.")
}

func TestServersByHand(t *testing.T) {
	d := desk()
	d.Errs["Discover"] = &mail.Fault{Kind: mail.NoServer, Op: "discover"}
	s := open(t, d, 80, 24)
	s.Type("ha@x.vn")
	s.Press("tab")
	s.Want("Nhận thư (IMAP)", "Chưa tự tìm được máy chủ")
	s.Type("mật khẩu")
	s.Press("enter")
	s.Want("Không tìm thấy hoặc không nối được máy chủ", "Chưa tự tìm được máy chủ")
	s.GoldenPage("by-hand")
	s.Type("imap.x.vn")
	s.Press("tab")
	s.Type("99999")
	s.Press("tab", "right", "tab")
	s.Type("smtp.x.vn")
	s.Press("tab")
	s.Type("587")
	s.Press("tab", "right", "tab", "tab", "tab", "enter")
	s.Want("Cổng phải là số từ 1 đến 65535")
	s.Press("ctrl+w")
	s.Type("993")
	s.Press("tab", "tab", "tab", "tab", "tab", "tab", "tab", "enter")
	s.Want("HOME")
	a := d.Accs[0]
	if a.IMAP != (mail.Endpoint{Host: "imap.x.vn", Port: 993, Security: mail.STARTTLS}) ||
		a.SMTP != (mail.Endpoint{Host: "smtp.x.vn", Port: 587, Security: mail.STARTTLS}) || a.Login != "ha@x.vn" {
		t.Errorf("signed in with %+v", a)
	}
}

func TestFaultsInWords(t *testing.T) {
	for kind, want := range map[mail.FaultKind]string{
		mail.BadPassword: "Caps Lock", mail.NoServer: "Máy chủ…", mail.LockedOut: "tạm khóa", mail.NoTLS: "kiểu bảo mật", mail.NoAnswer: "mạng",
		mail.BadCertificate: "Không xác minh được máy chủ",
	} {
		d := desk()
		d.Errs["SignIn"] = &mail.Fault{Kind: kind, Op: "sign in", Detail: "\x1b[2Jlời máy chủ"}
		s := open(t, d, 80, 24)
		s.Type("ha@x.vn")
		s.Press("tab")
		s.Type("sai")
		s.Press("enter")
		s.Want(want)
		s.Exact()
		if kind == mail.BadCertificate {
			s.GoldenPage("certificate")
		}
		delete(d.Errs, "SignIn")
		s.Press("shift+tab", "tab")
		s.Exact()
	}
}

func TestMustChange(t *testing.T) {
	d := desk()
	d.Errs["SignIn"] = &mail.Fault{Kind: mail.MustChange, Op: "sign in"}
	s := open(t, d, 80, 24)
	s.Type("ha@x.vn")
	s.Press("tab")
	s.Type("mat-khau-tam")
	s.Press("enter")
	s.Want("Đổi mật khẩu lần đầu", "QC 13.1")
}

func TestCtrlCQuits(t *testing.T) {
	s := open(t, desk(), 80, 24)
	s.Type("ha")
	s.Press("ctrl+c", "enter")
	if !s.Quit {
		t.Error("Ctrl+C with nothing marked does not quit")
	}
	s = open(t, desk(), 80, 24)
	s.Type("ha")
	s.Press("shift+left", "ctrl+c")
	if s.Term.Copied != "a" {
		t.Errorf("copied %q", s.Term.Copied)
	}
}

func TestSaysWhyNotRemembered(t *testing.T) {
	d := desk()
	d.Errs["Remember"] = &mail.Fault{Kind: mail.NoKeyring, Op: "probe"}
	open(t, d, 80, 24).Want("Mật khẩu chỉ được nhớ đến khi thoát")
}

func TestSizes(t *testing.T) {
	for _, size := range [][2]int{{120, 36}, {60, 20}, {200, 60}} {
		d := desk()
		d.Errs["Discover"] = &mail.Fault{Kind: mail.NoServer, Op: "discover"}
		s := open(t, d, size[0], size[1])
		s.GoldenPage("first")
		s.Type("ha@x.vn")
		s.Press("tab", "tab")
		s.GoldenPage("by-hand")
		for range 14 {
			s.Press("tab")
			s.Exact()
		}
	}
	for w := 20; w < 100; w += 7 {
		for h := 6; h < 40; h += 5 {
			s := open(t, desk(), w, h)
			s.Press("tab", "tab", "tab", "enter")
			s.Exact()
		}
	}
}

// A slow answer to an address that is no longer there changes nothing.
func TestLateAnswer(t *testing.T) {
	d := desk()
	p := start.New(frame.Env{Shell: shell(d)}, frame.OpenStart{}).(*start.Page)
	p.Update(frame.Size{W: 80, H: 20})
	for _, r := range "a@x.vn" {
		p.Update(keys.Press{Key: string(r), Text: string(r)})
	}
	late := p.Update(keys.Press{Action: keys.RowNext})
	if late == nil || !p.Retreat() {
		t.Fatal("leaving the address begins to look for its servers, and Esc stops that")
	}
	p.Update(late())
	if strings.Contains(strings.Join(p.View(80, 19), "\n"), "imap.x.vn") {
		t.Error("an answer came after it was stopped")
	}
}

func shell(d *uitest.Fake) *frame.Shell {
	return &frame.Shell{
		Desk: d, Words: words.Of("vi"), Theme: theme.New(theme.Dark, theme.NoColor, false, false), Keys: keys.New(), Settings: d.Set, Now: d.Now,
	}
}
