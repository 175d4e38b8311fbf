package ui_test

import (
	"slices"
	"testing"

	"hopthu/mail"
	"hopthu/ui/uitest"
)

// What has become due or overdue is told once: at the terminal, in the line above the keys, and as a number at the tab.
func TestPressing(t *testing.T) {
	s := uitest.New(t, uitest.Sample(), new(book).pages(), nil, 80, 24)
	s.WantNot("!2")
	changed := func() {
		s.Happen(func(f *uitest.Fake) { f.Emit(mail.Event{Kind: mail.DutyChanged}) })
	}
	changed()
	s.Want("Hôm nay 9 !2", "Quá hạn 2 thư; hôm nay đến hạn 1 thư")
	s.Exact()
	told := []string{"bell hopthu: Quá hạn 2 thư; hôm nay đến hạn 1 thư"}
	changed()
	if !slices.Equal(s.Term.Notices, told) {
		t.Errorf("told %q", s.Term.Notices)
	}
	s.Happen(func(f *uitest.Fake) {
		f.Letters[6].Awaits, f.Letters[7].Awaits = false, false
		f.Emit(mail.Event{Kind: mail.DutyChanged})
	})
	s.WantNot("!2")
	s.Desk.Errs["Pressing"] = &mail.Fault{Kind: mail.StoreDamaged, Op: "press"}
	changed()
	if !slices.Equal(s.Term.Notices, told) {
		t.Errorf("told %q", s.Term.Notices)
	}
	s.Press("!")
	s.Want("Kho thư trong máy bị hỏng.")
}

// Urgent mail is told as such, also among others.
func TestUrgentMail(t *testing.T) {
	s := uitest.New(t, uitest.Sample(), new(book).pages(), nil, 80, 24)
	s.Happen(func(f *uitest.Fake) {
		f.Arrive("Sở Y tế", "Giấy mời")
		f.Letters[f.Arrive("UBND tỉnh", "Ứng phó bão số 9")].Priority = 2
	})
	if want := []string{"bell hopthu: Thư HỎA TỐC mới từ UBND tỉnh"}; !slices.Equal(s.Term.Notices, want) {
		t.Errorf("told %q, want %q", s.Term.Notices, want)
	}
	s.Want("Thư HỎA TỐC mới từ UBND tỉnh")
}
