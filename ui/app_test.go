package ui_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/dialog"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
	"hopthu/ui/page/box"
	"hopthu/ui/page/help"
	"hopthu/ui/page/letter"
	"hopthu/ui/page/today"
	"hopthu/ui/uitest"
)

// note is a page for tests: it keeps what it is sent.
type note struct {
	env   frame.Env
	title string
	got   []tea.Msg
	leave tea.Cmd
}

func (n *note) Init() tea.Cmd { return nil }
func (n *note) Update(msg tea.Msg) tea.Cmd {
	n.got = append(n.got, msg)
	return nil
}

func (n *note) View(w, h int) []string {
	return kit.Fill([]string{n.env.Theme.Page.Base.Paint(kit.Fit(n.title, w))}, h, n.env.Theme.Page.Base.Paint(kit.Space(w)))
}
func (n *note) Contexts() []keys.Context { return []keys.Context{keys.Plain, keys.Moving} }
func (n *note) Actions() []keys.ID       { return []keys.ID{keys.Back} }
func (n *note) Title() string            { return n.title }
func (n *note) Leave() tea.Cmd           { return n.leave }

func (n *note) results() (out []frame.Result) {
	for _, m := range n.got {
		if r, ok := m.(frame.Result); ok {
			out = append(out, r)
		}
	}
	return out
}

// book is the maker of notes: each one that was opened, in order.
type book struct{ open []*note }

func (b *book) pages() frame.Pages {
	p := frame.Pages{Today: today.New, Box: box.New, Letter: letter.New, Help: help.New}
	p.Compose = func(env frame.Env, _ frame.OpenCompose) frame.Page { return b.add(env, "compose") }
	p.Settings = func(env frame.Env, _ frame.OpenSettings) frame.Page { return b.add(env, "settings") }
	p.Start = func(env frame.Env, _ frame.OpenStart) frame.Page { return b.add(env, "start") }
	return p
}

func (b *book) add(env frame.Env, title string) *note {
	n := &note{env: env, title: title}
	b.open = append(b.open, n)
	return n
}

func start(t *testing.T, w, h int) (*uitest.Screen, *book) {
	b := &book{}
	return uitest.New(t, uitest.Sample(), b.pages(), nil, w, h), b
}

func TestFramesAtEverySize(t *testing.T) {
	for _, size := range [][2]int{{40, 10}, {41, 11}, {60, 20}, {80, 24}, {99, 30}, {100, 30}, {119, 31}, {120, 36}, {160, 48}, {400, 120}} {
		for _, keys := range [][]string{
			{},
			{"2"},
			{"2", "enter"},
			{"2", "b"},
			{"2", "/"},
			{"2", "space", "m"},
			{"2", "x"},
			{":"},
			{"?"},
			{"2", "enter", "i"},
			{"2", "enter", "h"},
			{"2", "enter", "o"},
			{"q"},
			{"3"},
			{"2", "v"},
			{"2", "l"},
			{"end"},
			{"2", "end"},
			{"2", "end", "enter", "end"},
			{"2", "down", "down", "down", "down", "down", "down", "enter"},
		} {
			s, _ := start(t, size[0], size[1])
			s.Press(keys...)
			s.Exact()
		}
	}
}

func TestTooSmall(t *testing.T) {
	s, _ := start(t, 80, 24)
	for _, size := range [][2]int{{20, 5}, {1, 1}, {39, 24}, {80, 9}} {
		s.Resize(size[0], size[1])
		s.Exact()
	}
	s.Resize(20, 5)
	s.Want("quá nhỏ")
	s.Golden("toosmall")
	s.Resize(80, 24)
	s.Want("Quá hạn")
}

func TestNewMailDoesNotMoveTheSelection(t *testing.T) {
	s, _ := start(t, 80, 24)
	s.Press("2", "down", "down")
	_, before := s.Find("▌")
	s.Want("Trần Văn Hùng")
	s.Happen(func(f *uitest.Fake) { f.Arrive("Bùi Thị Lan", "Thư vừa tới") })
	s.Want("Thư vừa tới", "Thư mới từ Bùi Thị Lan")
	x, y := s.Find("▌")
	line := strings.Split(s.Frame(), "\n")[y]
	if x != 0 || y != before+1 || !strings.Contains(line, "Trần Văn Hùng") {
		t.Errorf("the cursor went from line %d to %d: %q", before, y, line)
	}
	if len(s.Term.Notices) != 1 || s.Term.Notices[0] != "bell hopthu: Thư mới từ Bùi Thị Lan" {
		t.Errorf("notices %q", s.Term.Notices)
	}
}

func TestNotifyCanBeOff(t *testing.T) {
	f := uitest.Sample()
	f.Set.Notify = "off"
	s := uitest.New(t, f, (&book{}).pages(), nil, 80, 24)
	s.Happen(func(f *uitest.Fake) { f.Arrive("Bùi Thị Lan", "Thư vừa tới") })
	if len(s.Term.Notices) != 0 {
		t.Errorf("notices %q", s.Term.Notices)
	}
}

// However much happens, exactly one call of Next is waiting.
func TestOneCallWaits(t *testing.T) {
	s, _ := start(t, 80, 24)
	for i := range 5 {
		s.Happen(func(f *uitest.Fake) { f.Arrive("A", "B") })
		s.Press("2", "enter", "r", "esc", "d", "u", "1")
		if s.Waits != 1 {
			t.Fatalf("after round %d: %d calls wait", i, s.Waits)
		}
	}
}

// An answer goes to the page that asked, also when another one lies on it; answers to closed pages are dropped.
func TestAnswersGoToTheirOwner(t *testing.T) {
	s, b := start(t, 80, 24)
	s.Press("c")
	first := b.open[0]
	s.Press("f9")
	second := b.open[1]
	s.Send(frame.Result{Owner: first.env.Owner, Gen: 7, Msg: "x"})
	if got := first.results(); len(got) != 1 || got[0].Gen != 7 || len(second.results()) != 0 {
		t.Errorf("first got %v, second got %v", got, second.results())
	}
	s.Press("esc", "esc")
	if first.env.Ctx.Err() == nil || second.env.Ctx.Err() == nil {
		t.Error("the work of closed pages goes on")
	}
	s.Send(frame.Result{Owner: first.env.Owner, Msg: "late"})
	if got := first.results(); len(got) != 1 {
		t.Errorf("a closed page got %v", got)
	}
}

func TestLeavingPageIsAsked(t *testing.T) {
	s, b := start(t, 80, 24)
	s.Press("c")
	n := b.open[0]
	n.leave = frame.Tell(frame.Note, "đang lưu")
	s.Press("esc")
	s.Want("đang lưu", "compose")
	s.Press("2") // wants to go to another tab: the page keeps it, the wish is remembered
	s.WantNot("Hộp thư đến ·")
	s.Send(frame.Back{Force: true})
	s.Want("Hộp thư đến ·")
}

func TestDialogThatOpensByItselfIsDeaf(t *testing.T) {
	s, _ := start(t, 80, 24)
	var answers []bool
	page := func() frame.Dialog {
		return dialog.Confirm(lastEnv(s), 0, "Xóa tất cả?", "Thật chứ", func(y bool) tea.Msg { answers = append(answers, y); return nil })
	}
	s.Send(frame.Ask{Dialog: page(), ByItself: true})
	s.Press("enter", "enter")
	s.Want("Xóa tất cả?")
	s.Desk.At = s.Desk.At.Add(300 * time.Millisecond)
	s.Press("enter") // not quiet long enough: the wait begins anew
	s.Desk.At = s.Desk.At.Add(300 * time.Millisecond)
	s.Press("enter")
	s.Want("Xóa tất cả?")
	s.Desk.At = s.Desk.At.Add(500 * time.Millisecond)
	s.Press("enter")
	s.WantNot("Xóa tất cả?")
	if len(answers) != 1 || !answers[0] {
		t.Errorf("answers %v", answers)
	}
	s.Send(frame.Ask{Dialog: page()})
	s.Press("esc")
	if len(answers) != 2 || answers[1] {
		t.Errorf("a dialog that was asked for: answers %v", answers)
	}
}

// lastEnv is an Env as the root itself has it.
func lastEnv(s *uitest.Screen) frame.Env {
	return frame.Env{Shell: s.Shell(), Ctx: context.Background()}
}

func TestPalette(t *testing.T) {
	s, _ := start(t, 80, 24)
	s.Press("2", ":")
	s.Type("luu tru")
	s.Want("Chuyển vào Lưu trữ")
	s.WantNot("Trả lời người gửi")
	s.Press("enter")
	s.Want("Đã lưu trữ 1 thư")
	s.Press("ctrl+p")
	s.Type("zzz")
	s.Want("Không có mục nào khớp")
	s.Press("enter") // nothing to choose: it stays
	s.Want("Không có mục nào khớp")
	s.Press("esc")
	s.WantNot("Không có mục nào khớp")
}

func TestHelp(t *testing.T) {
	s, _ := start(t, 120, 36)
	s.Press("2", "?")
	s.Golden("help")
	s.Want("Trả lời người gửi", "Danh sách thư", "Ở mọi nơi")
	s.Press("esc")
	s.Want("Hộp thư đến ·")
}

func TestUndo(t *testing.T) {
	s, _ := start(t, 80, 24)
	s.Press("u")
	s.Want("Không có gì để hoàn tác")
	s.Press("2", "d")
	s.Want("Đã xóa 1 thư", "u hoàn tác")
	s.WantNot("Giấy mời họp")
	s.Press("u")
	s.Want("Đã hoàn tác: xóa", "Giấy mời họp")
}

func TestQuitAsks(t *testing.T) {
	s, _ := start(t, 80, 24)
	s.Press("q")
	s.Want("Thoát hopthu?", "Còn 1 thư chờ gửi")
	s.Press("esc")
	if s.Quit {
		t.Fatal("Esc quit")
	}
	s.Press("ctrl+c", "enter")
	if !s.Quit {
		t.Error("it does not quit")
	}
}

func TestFaultOfAWorkerIsMentioned(t *testing.T) {
	s, _ := start(t, 80, 24)
	s.Happen(func(f *uitest.Fake) {
		f.Emit(mail.Event{Kind: mail.Fell, Fault: &mail.Fault{Kind: mail.OverQuota, Op: "append", Detail: "\x1b[2Jđầy"}})
	})
	s.Want("Hộp thư đã đầy. (đầy)", "! xem lỗi")
	s.Exact()
	s.Press("!")
	s.Want("Vẫn an toàn:", "Cần làm:", "Thùng rác")
}

func TestFaultOfAnAct(t *testing.T) {
	s, _ := start(t, 80, 24)
	s.Desk.Errs["Delete"] = &mail.Fault{Kind: mail.DiskFull, Op: "delete"}
	s.Press("2", "d")
	s.Want("Ổ đĩa đã đầy.", "Giải phóng chỗ trống")
	s.Press("esc")
	s.Want("Giấy mời họp")
	s.Desk.Errs["Delete"] = errors.New("boom")
	s.Press("d")
	s.Want("Lỗi bên trong chương trình.", "boom")
}

func TestStatesOfTheServer(t *testing.T) {
	s, _ := start(t, 100, 24)
	for _, c := range []struct {
		st   mail.Status
		want string
	}{
		{mail.Status{State: mail.Offline, Next: s.Desk.At.Add(2 * time.Minute)}, "ngoại tuyến, thử lại 08:07"},
		{mail.Status{State: mail.Connecting}, "đang kết nối"},
		{mail.Status{State: mail.Syncing, Done: 1200, Total: 50000}, "đang đồng bộ 1.200/50.000"},
		{mail.Status{State: mail.Stopped, Fault: &mail.Fault{Kind: mail.BadCertificate, Op: "connect"}}, "cần xử lý: bấm !"},
		{mail.Status{State: mail.Ready, Since: s.Desk.At}, "đã đồng bộ 08:05"},
	} {
		s.Happen(func(f *uitest.Fake) {
			c.st.Account = uitest.Me
			f.States[0] = c.st
			f.Emit(mail.Event{Kind: mail.StatusChanged, Account: uitest.Me})
		})
		s.Want(c.want)
	}
	s.Happen(func(f *uitest.Fake) {
		f.States[0] = mail.Status{Account: uitest.Me, State: mail.Ready, Alert: "Bảo trì \x1b[5mtối nay"}
		f.Emit(mail.Event{Kind: mail.StatusChanged})
	})
	s.Want("Bảo trì tối nay")
}

// What stopped an account leads to the page where it is mended.
func TestWhyLeadsToTheCure(t *testing.T) {
	s, b := start(t, 100, 24)
	s.Happen(func(f *uitest.Fake) {
		f.States[0] = mail.Status{Account: uitest.Me, State: mail.Stopped, Fault: &mail.Fault{Kind: mail.BadPassword, Op: "login"}}
		f.Emit(mail.Event{Kind: mail.StatusChanged})
	})
	s.Press("!")
	if len(b.open) != 1 || b.open[0].title != "start" {
		t.Errorf("opened %v", b.open)
	}
	s.Want("Máy chủ không nhận tên đăng nhập hoặc mật khẩu.")
	s.Press("esc")
	s.Happen(func(f *uitest.Fake) {
		f.States[0].Fault = &mail.Fault{Kind: mail.NoTLS, Op: "connect"}
		f.Emit(mail.Event{Kind: mail.StatusChanged})
	})
	s.Press("!")
	s.Want("Máy chủ không cho kết nối được bảo vệ.", "Cần làm:")
}

func TestAgencyBoxHasItsOwnAccent(t *testing.T) {
	s, _ := start(t, 100, 24)
	own := s.Shell().Theme.Page.Accent
	s.Press("3")
	s.Want("Sở Kế hoạch và Đầu tư · Sở KH&ĐT   Công vụ")
	if s.Shell().Theme.Page.Accent == own {
		t.Error("the accent is the same")
	}
	s.Press("2")
	if s.Shell().Theme.Page.Accent != own {
		t.Error("the accent does not come back")
	}
}

func TestTabsByMouseAndKeys(t *testing.T) {
	s, _ := start(t, 80, 24)
	x, y := s.Find("Hộp thư đến")
	s.Click(x, y)
	s.Want("Hộp thư đến ·")
	s.Press("down", "down", "[")
	s.Want("Quá hạn")
	s.Press("]") // the box is where it was left
	_, y = s.Find("▌")
	if y != 7 {
		t.Errorf("the cursor is on line %d, want 7", y)
	}
	s.Press("esc")
	s.Want("Quá hạn")
}

func TestSettingsTakeEffectAtOnce(t *testing.T) {
	s, _ := start(t, 80, 24)
	set := s.Desk.Set
	set.Language, set.Theme, set.ASCII = "en", "mono", true
	s.Send(frame.Apply{Settings: set})
	s.Want("Overdue", "Inbox", "3 days late", "1 day late")
	if strings.ContainsAny(s.Frame(), "▌●▲─") {
		t.Errorf("marks beyond ASCII:\n%s", s.Frame())
	}
	s.Golden("english")
	s.Press("?")
	s.Want("Keys that work", "Up up", "Down down")
	if strings.ContainsAny(s.Frame(), "▌●▲─▾↑↓←→") {
		t.Errorf("signs beyond ASCII in the help:\n%s", s.Frame())
	}
}

func TestFirstRun(t *testing.T) {
	b := &book{}
	s := uitest.New(t, uitest.Empty(), b.pages(), nil, 80, 24)
	if len(b.open) != 1 || b.open[0].title != "start" {
		t.Fatalf("opened %v", b.open)
	}
	s.Exact()
}

// A page that the program was started with is left for the day's desk, not for itself.
func TestFirstPageIsLeft(t *testing.T) {
	b := &book{}
	s := uitest.New(t, uitest.Sample(), b.pages(), frame.OpenCompose{Mailto: "mailto:a@b.example"}, 80, 24)
	s.Press("esc")
	s.Want("Quá hạn")
	if len(b.open) != 1 {
		t.Errorf("opened %d times", len(b.open))
	}
}

func TestWheelIsCalmed(t *testing.T) {
	s, _ := start(t, 80, 24)
	s.Press("2")
	s.Wheel(10, 10, true)
	_, y := s.Find("▌")
	s.Wheel(10, 10, false)
	if _, back := s.Find("▌"); y < 5 || back < 5 {
		t.Errorf("cursor lines %d, %d", y, back)
	}
}
