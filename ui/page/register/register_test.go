package register_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/page/register"
	"hopthu/ui/uitest"
)

func desk() *uitest.Fake {
	d := uitest.Sample()
	d.Log = nil
	d.Out.Sent = uitest.SampleRegister(d.At)
	return d
}

func open(t *testing.T, d *uitest.Fake, first frame.Target, w, h int) *uitest.Screen {
	t.Helper()
	s := uitest.New(t, d, frame.Pages{
		Register: register.New,
		Today:    uitest.Home,
		Letter:   func(frame.Env, frame.OpenLetter) frame.Page { return uitest.Blank("LETTER") },
		Compose: func(_ frame.Env, o frame.OpenCompose) frame.Page {
			return uitest.Blank("WRITE " + o.Letter.To + " " + o.Letter.Subject)
		},
	}, nil, w, h)
	if first == nil {
		s.Press("S")
	} else {
		s.Send(frame.Open{Target: first})
	}
	return s
}

func TestFrames(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 36}, {160, 48}, {60, 20}} {
		s := open(t, desk(), nil, size[0], size[1])
		s.Press("down")
		s.GoldenPage("list")
		s.Press("enter")
		s.GoldenPage("entry")
	}
	s := open(t, desk(), nil, 80, 24)
	s.GoldenPageStyled("list")
}

func TestListAndEntry(t *testing.T) {
	s := open(t, desk(), nil, 80, 24)
	s.Want("3 văn bản", "512/SKHĐT-THQH", "chờ 1", "gửi chậm", "không đến 1, đến 3", "đến 2/2, đọc 1")
	s.Press("down")
	s.Want("GỬI CHẬM", "không đến 1, đến 3/6, đọc 1")
	s.Press("enter")
	s.Want("đã đọc", "KHÔNG ĐẾN", "đã chuyển tiếp", "chậm, đang thử lại", "Văn phòng Chính phủ (báo cáo)", "VT; VP6", "các cơ quan, đơn vị khác")
	s.Press("end", "up")
	s.Want("Không đến được", "Máy chủ nói: 550 5.1.1 no such", "vanthu@hoabinh.example")
	s.Exact()
	s.Press("esc")
	s.Want("3 văn bản")
	s.Press("esc")
	s.Want("HOME")
}

func TestOpensAtEntry(t *testing.T) {
	d := desk()
	s := open(t, d, frame.OpenRegister{Entry: 2}, 80, 24)
	s.Want("Quyết định 21/2026/QĐ-UBND", "KHÔNG ĐẾN")
	// A report comes in while it is open.
	s.Happen(func(f *uitest.Fake) {
		f.Out.Sent[1].Recipients[5].State = mail.DeliveryDelivered
		f.Emit(mail.Event{Kind: mail.RegisterChanged})
	})
	s.Want("đến 4/6")
	s.WantNot("chậm, đang thử lại")
}

func TestSearch(t *testing.T) {
	s := open(t, desk(), nil, 80, 24)
	s.Press("/")
	s.Type("quy che")
	s.Press("enter")
	s.Want("1 văn bản", "21/2026/QĐ-UBND")
	s.WantNot("512/SKHĐT")
	s.Press("/")
	s.Type(" xyz")
	s.Want("Không có văn bản nào khớp")
	s.Press("esc")
	s.Want("3 văn bản")
}

func TestExport(t *testing.T) {
	d := desk()
	s := open(t, d, nil, 80, 24)
	s.Press("w")
	s.Want("Đã xuất sổ: /nha/TaiVe/so-van-ban-di-2026-11-23.csv")
	d.Errs["ExportRegister"] = &mail.Fault{Kind: mail.DiskFull, Op: "export"}
	s.Press("w")
	s.Want("Ổ đĩa đã đầy")
}

// The copy in Sent is found by its Message-ID; what did not arrive goes again as a letter that the person looks over.
func TestLetterAndResend(t *testing.T) {
	d := desk()
	s := open(t, d, nil, 120, 30)
	s.Press("s")
	s.Want("Không có nơi nào bị lỗi")
	s.Press("down", "o")
	s.Want("Chưa thấy bản sao trong Thư đã gửi")
	s.Press("s")
	s.Want("WRITE Công ty Hòa Bình <vanthu@hoabinh.example> 21/2026/QĐ-UBND Ban hành", "tự đính kèm lại tệp quyet-dinh-21.pdf")
	s.Press("esc")
	l := *d.Letters[1]
	l.ID, l.Account, l.Folder, l.MessageID = 900, uitest.Office, 103, "doc2@test"
	d.Letters[900] = &l
	d.Order = append(d.Order, 900)
	s.Press("o")
	s.Want("LETTER")
	s = open(t, d, nil, 120, 30)
	s.Press("down", "s")
	s.Want("WRITE Công ty Hòa Bình")
	s.WantNot("tự đính kèm lại")
}

// What a low window has no room for above the recipients can be read on, round and round.
func TestFactsAreReadOn(t *testing.T) {
	d := desk()
	e := &d.Out.Sent[0]
	e.Summary, e.Digest = strings.Repeat("về việc ban hành quy chế ", 12), strings.Repeat("ab", 32)
	for i := range 12 {
		e.Skipped = append(e.Skipped, "bỏ-qua-số-"+string(rune('A'+i)))
		e.Recipients = append(e.Recipients, e.Recipients[0])
	}
	s := open(t, d, nil, 80, 24)
	s.Press("enter")
	s.Want("còn", "xem tiếp")
	first := s.Frame()
	seen := ""
	for range 12 {
		seen += s.Frame()
		s.Press("space")
		s.Exact()
		if s.Frame() == first {
			break
		}
	}
	for _, want := range []string{"bỏ-qua-số-A", "bỏ-qua-số-L", "SHA-256", "abab"} {
		if !strings.Contains(seen, want) {
			t.Errorf("%q is never shown", want)
		}
	}
	if s.Frame() != first {
		t.Error("reading on never comes back to the beginning")
	}
}

func TestEmptyAndFault(t *testing.T) {
	d := desk()
	d.Out.Sent = nil
	s := open(t, d, nil, 80, 24)
	s.Want("Sổ chưa có văn bản nào")
	d.Errs["Register"] = &mail.Fault{Kind: mail.StoreDamaged, Op: "read"}
	s.Happen(func(f *uitest.Fake) { f.Emit(mail.Event{Kind: mail.RegisterChanged}) })
	s.Want("Kho thư trong máy bị hỏng")
	s.Exact()
}

func TestRandomKeys(t *testing.T) {
	pressed := strings.Fields("enter esc down up pgdown pgup home end / w o s a ế backspace left space")
	sizes := [][2]int{{80, 24}, {40, 10}, {20, 5}, {160, 48}, {41, 11}, {61, 16}, {90, 12}, {70, 14}}
	for seed := range uint64(10) {
		rnd := rand.New(rand.NewPCG(seed, 7)) //nolint:gosec // a test
		d := desk()
		d.Set.ASCII = seed%3 == 0
		s := open(t, d, nil, 80, 24)
		for range 120 {
			switch rnd.IntN(10) {
			case 0:
				size := sizes[rnd.IntN(len(sizes))]
				s.Resize(size[0], size[1])
			case 1:
				s.Click(rnd.IntN(60), rnd.IntN(20))
			case 2:
				s.Wheel(5, 9, rnd.IntN(2) == 0)
			}
			s.Press(pressed[rnd.IntN(len(pressed))])
			s.Exact()
		}
	}
}
