package agency_test

import (
	"errors"
	"strings"
	"testing"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/page/agency"
	"hopthu/ui/uitest"
)

func open(t *testing.T, f *uitest.Fake, v frame.AgencyView, w, h int) *uitest.Screen {
	t.Helper()
	f.Log = nil
	s := uitest.New(t, f, frame.Pages{
		Agency: agency.New, Today: uitest.Home,
		Letter: func(_ frame.Env, o frame.OpenLetter) frame.Page { return uitest.Blank("LETTER") },
	}, nil, w, h)
	s.Send(frame.Open{Target: frame.OpenAgency{Account: uitest.Office, View: v}})
	return s
}

func TestFrames(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 36}, {160, 48}, {60, 20}} {
		for name, v := range map[string]frame.AgencyView{
			"work": frame.AgencyWork, "delegations": frame.AgencyDelegations, "sends": frame.AgencySends, "staff": frame.AgencyStaff, "handover": frame.AgencyHandover,
		} {
			f := uitest.SampleAgency().Head()
			f.Shared.Hands = []mail.Handover{uitest.SampleHandover(f.At)}
			s := open(t, f, v, size[0], size[1])
			s.Exact()
			s.GoldenPage(name)
		}
	}
	open(t, uitest.SampleAgency(), frame.AgencyWork, 100, 24).GoldenPageStyled("work")
}

func TestNoAgency(t *testing.T) {
	open(t, uitest.Sample(), frame.AgencyWork, 80, 24).Want("chưa được ủy quyền hộp thư công vụ nào", "QC 14.1")
}

func TestWork(t *testing.T) {
	f := uitest.SampleAgency()
	s := open(t, f, frame.AgencyWork, 120, 30)
	s.Want("Phân công", "chờ xử lý", "chưa ai nhận", "tôi", "Trần Văn Hùng", "Lê Thị Mai (nghỉ phép)", "Hùng soạn", "phạm vi: quản lý, đến hết 31/12/2026")
	s.Press("right", "T")
	s.Want("Đã nhận 1 thư")
	s.Press("right")
	s.Want("Công văn 512")
	s.Press("G")
	s.Want("Giao 1 thư", "đang mở hộp thư", "nghỉ phép đến 25/11", "phụ trách chính")
	s.Type("hung")
	s.Press("tab")
	s.Type("25/11")
	s.Press("tab")
	s.Type("Trình trước khi gửi")
	s.Press("enter")
	s.Want("Đã giao 1 thư cho Trần Văn Hùng")
	s.Press("right")
	s.Want("Công văn 512")
	s.Press("B")
	s.Type("đã gọi điện")
	s.Press("enter")
	s.Want("Đã ghi chú")
	s.Press("R")
	s.Want("Đã trả lại 1 thư")
	if log := strings.Join(f.Log, ";"); !strings.Contains(log, "Take [16];Assign [16];Note [16];GiveBack [16]") {
		t.Error(log)
	}
	s.Press("left", "left", "enter")
	s.Want("LETTER")
}

// TestScopeBinds shows that the screen says no before anything is asked of the server (QC 14.1).
func TestScopeBinds(t *testing.T) {
	f := uitest.SampleAgency()
	seat := f.Shared.Seats[uitest.Office]
	seat.Scope = mail.ScopeRead
	f.Shared.Seats[uitest.Office] = seat
	s := open(t, f, frame.AgencyWork, 100, 24)
	s.Press("T")
	s.Want("Phạm vi ủy quyền của bạn (đọc) không cho phép")
	s.Press("G")
	s.Want("không cho phép")
	s.Press("tab")
	s.Press("n")
	s.Want("Chỉ thủ trưởng")
	if len(f.Log) > 0 {
		t.Error(f.Log)
	}
	s.Press("tab")
	s.Want("Chỉ thủ trưởng xem được ai đã gửi")
	s.Press("tab")
	s.Want("Chỉ thủ trưởng xem được số liệu")
}

func TestConflictIsTold(t *testing.T) {
	f := uitest.SampleAgency()
	s := open(t, f, frame.AgencyWork, 100, 24)
	s.Happen(func(f *uitest.Fake) {
		f.Emit(mail.Event{Kind: mail.Fell, Account: uitest.Office, Fault: &mail.Fault{Kind: mail.Conflict, Op: "take letter", Detail: "Trần Văn Hùng"}})
	})
	s.Want("Trần Văn Hùng")
}

func TestDelegate(t *testing.T) {
	f := uitest.SampleAgency().Head()
	f.Shared.Given[0].GivenBy = mail.Person{} // entered at the server
	f.People = append(f.People, mail.Contact{Address: mail.Address{Name: "Vũ Đức Anh", Addr: "anhvd.skhdt@ninhphong.example"}, Post: "Văn thư", Source: "directory"})
	s := open(t, f, frame.AgencyDelegations, 100, 30)
	s.Want("3 ủy quyền đang có hiệu lực", "Lê Thị Mai", "phụ trách chính", "đã chấm dứt", "Quản trị máy chủ ủy quyền")
	s.Press("n")
	s.Want("Ủy quyền hộp thư công vụ", "đọc và trả lời thư đến")
	s.Type("vu duc")
	s.Want("Vũ Đức Anh, anhvd.skhdt@")
	s.Press("tab", "enter", "enter", "enter")
	s.Type("31/10/2026")
	s.Press("tab", "right", "tab", "tab", "enter")
	s.Want("cần số, ký hiệu")
	s.Type("09/GUQ-SKHĐT")
	s.Press("tab", "tab", "tab", "tab", "tab", "tab", "enter")
	s.Want("Ngày kết thúc phải sau")
	s.Press("ctrl+u")
	s.Type("31/12/2026")
	s.Press("tab", "tab", "tab", "enter")
	s.Want("Đã ủy quyền cho Vũ Đức Anh")
	if log := strings.Join(f.Log, ";"); !strings.Contains(log, "Delegate anhvd.skhdt@ninhphong.example 09/GUQ-SKHĐT phat-hanh 23/11/2026–31/12/2026 chief false") {
		t.Error(log)
	}
	s.Press("d")
	s.Want("Chấm dứt ủy quyền của")
	s.Press("enter") // without a reason nothing ends
	if strings.Contains(strings.Join(f.Log, ";"), "EndDelegation") {
		t.Error(f.Log)
	}
	s.Press("d")
	s.Type("chuyển công tác")
	s.Press("enter")
	s.Want("Đã chấm dứt ủy quyền của")
}

func TestHandover(t *testing.T) {
	f := uitest.SampleAgency().Head()
	seat := f.Shared.Seats[uitest.Office]
	seat.Me = uitest.Toan
	f.Shared.Seats[uitest.Office] = seat
	s := open(t, f, frame.AgencyHandover, 100, 40)
	s.Want("Không có bàn giao nào", "bấm n")
	s.Press("n")
	s.Type("thu ha")
	s.Press("enter")
	s.Want("Bắt đầu bàn giao?", "Thư đến vẫn được nhận")
	s.Press("enter")
	s.Want("1.284 thư", "2 chưa hồi đáp", "Bên giao", "Phạm Quốc Toàn", "Bên nhận", "Nguyễn Thị Thu Hà", "9f86d081")
	s.Press("y")
	s.Want("Xác nhận bàn giao?", "Không lấy lại được")
	s.Press("esc")
	s.Press("w")
	s.Want("PDF để in và ký")
	s.Press("enter")
	s.Want("Đã ghi biên bản: /nha/TaiVe/bien-ban-ban-giao.pdf")
	s.Press("d")
	s.Type("để tuần sau")
	s.Press("enter")
	s.Want("đã hủy, mọi thứ như cũ")
	if log := strings.Join(f.Log, ";"); !strings.HasPrefix(log, "BeginHandover hantt.skhdt@ninhphong.example") {
		t.Error(log)
	}
}

// TestReceiverConfirms shows that each side sees only its own turn.
func TestReceiverConfirms(t *testing.T) {
	f := uitest.SampleAgency()
	h := uitest.SampleHandover(f.At)
	h.State, h.GivenAt = mail.HandoverGiven, f.At
	f.Shared.Hands = []mail.Handover{h}
	s := open(t, f, frame.AgencyHandover, 100, 40)
	s.Press("y", "enter")
	s.Want("đã bàn giao xong", "Mật khẩu dùng một lần của hộp thư: ba-bốn-từ-riêng")
	f.Shared.Hands[0].State, f.Shared.Hands[0].Giver = mail.HandoverGiven, uitest.Hung
	f.Shared.Hands[0].Receiver = uitest.Mai
	s = open(t, f, frame.AgencyHandover, 100, 40)
	s.Press("y")
	s.Want("Bạn không phải bên giao hay bên nhận")
}

// TestReceiverWithoutDelegation shows that who takes a box over finds the handover before any box is open to him (QC 14.2).
func TestReceiverWithoutDelegation(t *testing.T) {
	f := uitest.Sample()
	f.Shared.Seats = map[mail.AccountID]mail.Seat{uitest.Me: {Account: uitest.Me, Me: uitest.Ha, Scope: mail.ScopeHead}, uitest.Office: {Account: uitest.Office, Scope: mail.ScopeHead}}
	f.Shared.Hands = []mail.Handover{uitest.SampleHandover(f.At)}
	s := open(t, f, frame.AgencyWork, 100, 40)
	s.Want("Bên nhận", "1.284 thư")
	s.Press("tab", "y", "enter")
	s.Want("bên nhận đã xác nhận, chờ bên giao")
	s.Press("n")
	s.Want("Chỉ thủ trưởng bắt đầu bàn giao được")
}

// TestEndedDelegationLeavesNothing shows that the pages of a box close when its delegation ends (QC 14.1).
func TestEndedDelegationLeavesNothing(t *testing.T) {
	f := uitest.SampleAgency()
	s := open(t, f, frame.AgencyWork, 100, 24)
	s.Press("enter")
	s.Want("LETTER")
	s = open(t, f, frame.AgencyWork, 100, 24)
	s.Want("chờ xử lý")
	s.Happen(func(f *uitest.Fake) {
		f.Accs = f.Accs[:1]
		f.Emit(mail.Event{Kind: mail.SeatChanged}, mail.Event{Kind: mail.AccountsChanged})
	})
	s.Want("HOME")
	s.WantNot("chờ xử lý", "Công vụ")
}

// TestHandOverToSomebodyNew shows that the receiver need not have worked in the box before.
func TestHandOverToSomebodyNew(t *testing.T) {
	f := uitest.SampleAgency().Head()
	s := open(t, f, frame.AgencyHandover, 100, 40)
	s.Press("n")
	s.WantNot("hantt.skhdt@") // nobody hands over to himself
	s.Type("khac")
	s.Press("enter")
	s.Type("binhdv.stc@ninhphong.example")
	s.Press("enter", "enter")
	if log := strings.Join(f.Log, ";"); !strings.HasPrefix(log, "BeginHandover binhdv.stc@ninhphong.example") {
		t.Error(log)
	}
}

// TestCountingIsShown: who hands a large box over sees how far its inventory is, also when he comes back to the page.
func TestCountingIsShown(t *testing.T) {
	f := uitest.SampleAgency().Head()
	f.Shared.Hands = []mail.Handover{{State: mail.HandoverCounting, Counted: 34000, Inventory: mail.Inventory{Letters: 100000}}}
	s := open(t, f, frame.AgencyHandover, 80, 24)
	s.Want("đã đếm 34.000 trên 100.000 thư", "hộp thư chưa bị khóa")
	f.Shared.Hands[0].Inventory.Letters = 0
	open(t, f, frame.AgencyHandover, 80, 24).Want("Đang kiểm kê hộp thư")
}

// TestWorkThatCannotBeRead: the page says what to do next, and the log it speaks of has the error.
func TestWorkThatCannotBeRead(t *testing.T) {
	f := uitest.SampleAgency().Head()
	f.Errs["CountWork"] = errors.New("no such table")
	s := open(t, f, frame.AgencyWork, 80, 24)
	s.Want("Không đọc được danh sách phân công.", "bấm W để đọc lại", "hopthu.log")
	s.Press("!")
	s.Want("Vẫn an toàn:")
	if n := strings.Count(s.Logged.String(), "no such table"); n != 1 {
		t.Errorf("logged %d times: %s", n, &s.Logged)
	}
}
