package dispatch_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/ui/frame"
	"hopthu/ui/page/dispatch"
	"hopthu/ui/uitest"
	"hopthu/ui/words"
)

func desk() *uitest.Fake {
	d := uitest.Sample()
	d.Log = nil
	d.Dir["/nha"] = []frame.DirEntry{{Name: "quyet-dinh-21.pdf", Path: "/nha/quyet-dinh-21.pdf", Size: 214_000}}
	return d
}

func open(t *testing.T, d *uitest.Fake, w, h int) *uitest.Screen {
	t.Helper()
	s := uitest.New(t, d, frame.Pages{
		Dispatch: dispatch.New,
		Today:    uitest.Home,
		Compose:  func(frame.Env, frame.OpenCompose) frame.Page { return uitest.Blank("WRITE") },
		Register: func(frame.Env, frame.OpenRegister) frame.Page { return uitest.Blank("REGISTER") },
	}, nil, w, h)
	s.Press("P")
	return s
}

// acts is what the desk was asked beside plans.
func acts(d *uitest.Fake) string {
	var out []string
	for _, l := range d.Log {
		if !strings.HasPrefix(l, "plan ") {
			out = append(out, l)
		}
	}
	return strings.Join(out, "; ")
}

func TestFrames(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 36}, {160, 48}, {60, 20}} {
		d := desk()
		s := open(t, d, size[0], size[1])
		s.GoldenPage("choose")
		s.Press("enter", "enter")
		s.GoldenPage("read")
		s.Press("enter")
		s.GoldenPage("table")
		s.Press("down", "down", "enter") // an open row
		s.Exact()
		s.Press("esc", "home", "space")
		for range 5 {
			s.Press("x")
		}
		s.Want("Tiếp tục: xem lại và gửi")
		s.Press("enter")
		s.GoldenPage("last")
		s.Press("enter")
		s.GoldenPage("review")
	}
	s := open(t, desk(), 80, 24)
	s.Press("enter", "enter", "enter")
	s.GoldenPageStyled("table")
	s.Press("end", "up", "up", "up", "enter")
	s.GoldenPage("settle")
}

// From the file to the register by Enter, with one key for each row that nobody can settle.
func TestJourney(t *testing.T) {
	d := desk()
	s := open(t, d, 80, 24)
	s.Press("enter", "enter", "enter")
	s.Want("11 dòng: 4 đã rõ, 5 chưa rõ, 1 dẫn chiếu, 1 lưu", "7 hộp nhận")
	s.Press("ctrl+s")
	s.Want("Còn 5 dòng chưa rõ")
	s.Press("home", "space", "x", "x", "x", "x", "x")
	s.Want("5 bỏ qua", "Tiếp tục: xem lại và gửi")
	s.Press("enter", "enter")
	s.Want("Trước khi phát hành", "Sở KH&ĐT, do Nguyễn Thị Thu Hà gửi", "7 hộp thư trong hệ thống", "Lưu       VT; VP6", "quyet-dinh-21.pdf", "ĐẠT")
	s.Press("enter")
	s.Want("REGISTER", "Đã phát hành 21/2026/QĐ-UBND đến 7 nơi", "u hoàn tác")
	if got := acts(d); got != "open document /nha/quyet-dinh-21.pdf; send document 21/2026/QĐ-UBND reasons=0" {
		t.Errorf("the desk was asked %s", got)
	}
	if d.Out.Last.Account != uitest.Office || !d.Out.Last.NoPaper || len(d.Out.Last.Picks) != 5 {
		t.Errorf("sent %+v", d.Out.Last.Picks)
	}
	s.Press("esc")
	s.Want("1 Chọn văn bản")
	s.WantNot("Đang làm dở")
}

// An open row is settled by a candidate, by the directory, or by an address; a choice can be taken back.
func TestSettling(t *testing.T) {
	d := desk()
	s := open(t, d, 80, 24)
	s.Press("enter", "enter", "enter", "space")
	s.Want("Văn phòng Chính phủ (báo cáo)")
	s.Press("enter")
	s.Want("Ngoài hệ thống và chưa biết địa chỉ", "Bỏ qua dòng này")
	s.Press("enter") // nothing is chosen: leaving out takes a step of its own
	s.Want("Bỏ qua dòng này")
	s.Type("vpcp@chinhphu.example")
	s.Want("Gửi đến vpcp@chinhphu.example", "NGOÀI HỆ THỐNG")
	s.Press("enter")
	s.Want("NGOÀI HT, bạn đã chọn", "4 chưa rõ", "8 hộp nhận")
	s.Press("enter") // the cursor is on the next open row
	s.Want("Website Chính phủ", "Nơi đăng tải")
	s.Press("esc", "space", "enter")
	s.Type("tinh uy")
	s.Want("Văn phòng Tỉnh ủy", "gần giống 50%")
	s.Press("enter", "enter")
	s.Want("Phòng Tổng hợp")
	s.Type("tong hop")
	s.Press("tab", "tab", "enter") // both
	s.Want("2 chưa rõ")
	if p := d.Out.Begun[0].Picks; len(p) != 3 || len(p[9].Keys) != 2 || p[4].Address != "vpcp@chinhphu.example" || p[6].Keys[0] != "tu" {
		t.Errorf("picks %+v", p)
	}
	s.Press("home", "down", "down", "down", "down", "enter")
	s.Want("Lấy lại như đã đọc")
	s.Press("end", "up", "down")
	for range 4 {
		s.Press("down")
	}
	s.Press("enter")
	s.Want("3 chưa rõ")
}

func TestUnfolding(t *testing.T) {
	s := open(t, desk(), 80, 24)
	s.Press("enter", "enter", "enter", "home", "down", "down")
	s.WantNot("snv@ninhphong.example")
	s.Press("right")
	s.Want("Sở Nội vụ", "snv@ninhphong.example")
	s.Press("left")
	s.WantNot("snv@ninhphong.example")
	s.Press("home", "enter")
	s.WantNot("Thủ trưởng các cơ quan")
	s.Want("11 dòng") // what is folded is counted all the same
	s.Press("end", "space")
	s.Want("Thủ trưởng các cơ quan") // and found
	s.Press("home", "x")
	s.Want("bỏ qua từng dòng ấy")
	s.Press("end", "up", "up", "x")
	s.Want("Dòng Lưu không gửi đi đâu")
}

func TestExtra(t *testing.T) {
	d := desk()
	s := open(t, d, 80, 24)
	s.Press("enter", "enter", "enter", "a")
	s.Want("Thêm nơi nhận")
	s.Type("hùng")
	s.Want("Trần Văn Hùng", "Chuyên viên, Sở Tài chính")
	s.Press("enter")
	s.Want("thêm tay", "8 hộp nhận")
	s.Press("a")
	s.Type("hungtv.stc@ninhphong.example")
	s.Press("enter")
	s.Want("Nơi này đã được thêm")
	s.Press("end", "up", "up", "d")
	s.Want("7 hộp nhận")
	if n := len(d.Out.Begun[0].Extra); n != 0 {
		t.Errorf("%d extra recipients are kept", n)
	}
}

// A group is added box by box; its members without a box are named.
func TestExtraGroup(t *testing.T) {
	d := desk()
	s := open(t, d, 120, 36)
	s.Press("enter", "enter", "enter", "a")
	s.Type("khoi doan the")
	s.Press("enter")
	s.Want("Không có hộp thư: Mặt trận Tổ quốc tỉnh; mục left (danh bạ không có)", "thêm tay")
	if got := d.Out.Begun[0].Extra; len(got) != 1 || got[0].Addr != "stp@ninhphong.example" {
		t.Errorf("added %v", got)
	}
}

// A row says how many members of its group have no box, and names them.
func TestMembersWithoutBox(t *testing.T) {
	d := desk()
	d.Out.Text = "Nơi nhận:\n- Khối đoàn thể;\n- Sở Tài chính;\n- Lưu: VT.\n"
	s := open(t, d, 120, 36)
	s.Press("enter", "enter", "ctrl+s", "home")
	s.Want("nhóm 1 hộp, THIẾU 2 nơi", "2 nơi thiếu hộp", "Không có hộp thư: Mặt trận Tổ quốc tỉnh")
	s.Press("enter")
	s.Want("KHÔNG CÓ HỘP THƯ", "mục left (danh bạ không có)")
	s.Press("down", "down", "down")
	s.Press("x")
	if strings.Contains(s.Frame(), "THIẾU") {
		t.Errorf("left out, and still missing:\n%s", s.Frame())
	}
}

// What was read may be mended, and a draft needs a reason.
func TestReadingAndDraft(t *testing.T) {
	d := desk()
	d.Out.Text = strings.NewReplacer("21/2026", "     /2026", "ngày 20 tháng 11", "ngày … tháng …").Replace(uitest.Decision)
	s := open(t, d, 80, 24)
	s.Press("enter", "enter")
	s.Want("Có vẻ là bản dự thảo", "số còn để trống", "chưa đọc được")
	s.Press("tab", "tab") // round to the number
	s.Type("21/2026/QĐ-UBND")
	s.Press("tab")
	s.Type("31/02/2026")
	s.Want("Ngày chưa đúng")
	s.Press("ctrl+s")
	s.Want("[2 Đọc lại]")
	s.Press("ctrl+u")
	s.Type("23.11.2026")
	s.Press("tab", "tab", "right", "right", "esc")
	s.Want("[1 Chọn văn bản]", "Đang làm dở", "21/2026/QĐ-UBND", "còn 5 dòng chưa rõ")
	got := d.Out.Begun[0].Document
	if got.Mark() != "21/2026/QĐ-UBND" || got.Date.Format("2006-01-02") != "2026-11-23" || got.Urgency != rule.VeryUrgent {
		t.Errorf("%q %v %v", got.Mark(), got.Date, got.Urgency)
	}
	s.Press("end", "enter")
	s.Want("[2 Đọc lại]", "thượng khẩn", "23/11/2026")
}

func TestFindings(t *testing.T) {
	d := desk()
	d.Out.Judged = []mail.Finding{{Verdict: mail.Ask, Code: "outside", Text: "x@y.example", Clause: "QC 13.2"}}
	s := open(t, d, 80, 24)
	s.Press("enter", "enter", "enter", "x", "x", "x", "x", "x", "enter", "enter")
	s.Want("HỎI", "QC 13.2", "Lý do")
	s.Press("enter")
	s.Want("Hãy ghi lý do")
	s.Type("đã thống nhất")
	s.Press("enter")
	s.Want("REGISTER")
	if d.Reasons["outside"] != "đã thống nhất" {
		t.Errorf("reasons %v", d.Reasons)
	}
	d.Out.Judged = []mail.Finding{{Verdict: mail.Block, Code: "secret-mark", Text: "MẬT", Where: "body", Clause: "QC 7.1b"}}
	s.Press("esc", "home", "enter", "enter", "enter", "x", "x", "x", "x", "x", "enter", "enter")
	s.Want("CHẶN", "không được gửi")
	s.Press("enter")
	s.Want("CHẶN")
	s.Press("esc")
	s.Want("[4 Gửi]")
}

func TestScan(t *testing.T) {
	d := desk()
	d.Out.Scan = true
	s := open(t, d, 80, 24)
	s.Press("enter", "enter")
	s.Want("Bản chụp", "chưa đọc được")
	s.Type("Công văn")
	s.Press("tab")
	s.Type("512/SKHDT")
	s.Press("ctrl+s")
	s.Want("Thêm nơi nhận", "0 dòng")
	s.Press("ctrl+s")
	s.Want("Chưa có nơi nhận nào")
	s.Paste("- Sở Tài chính;\n- Sở Tư pháp;\n- Lưu: VT.")
	s.Want("3 dòng: 2 đã rõ, 1 lưu", "512/SKHDT")
	if got := d.Out.Begun[0].Document; got.Kind != "Công văn" || got.Mark() != "512/SKHDT" {
		t.Errorf("the head was lost: %q %q", got.Kind, got.Mark())
	}
}

func TestPastedDocument(t *testing.T) {
	d := desk()
	d.Errs["OpenDispatch"] = &mail.Fault{Kind: mail.BadFile, Op: "read document", Detail: "empty"}
	s := open(t, d, 80, 24)
	s.Press("v")
	s.Paste(uitest.Decision)
	s.Want("Dán toàn bộ văn bản vào đây")
	s.Press("ctrl+s")
	s.Want("Không đọc được tệp", "chưa có chữ nào")
	delete(d.Errs, "OpenDispatch")
	s.Press("esc", "v") // what was pasted is still there
	s.Want("Nơi nhận:")
	s.Press("ctrl+s")
	s.Want("[2 Đọc lại]", "nội dung dán vào")
	s.Press("esc")
	s.Paste(uitest.Decision) // right onto the page
	s.Want("[2 Đọc lại]")
	if n := len(d.Out.Begun); n != 2 {
		t.Errorf("%d begun", n)
	}
}

// Esc goes back step by step, files come and go, and nothing is lost.
func TestBackAndFiles(t *testing.T) {
	d := desk()
	s := open(t, d, 80, 24)
	s.Press("enter", "enter", "enter", "x", "x", "x", "x", "x", "enter", "f4", "enter")
	s.Want("Đã đính kèm quyet-dinh-21.pdf")
	s.Press("shift+tab", "shift+tab", "shift+tab") // to the files
	s.Press("delete")
	s.Want("chỉ gỡ được tệp thêm vào")
	s.Press("right", "delete")
	s.Want("Đã gỡ")
	s.Press("shift+tab", "enter")
	s.Want("Lời gửi kèm văn bản")
	s.Type("Xin ")
	s.Press("esc", "esc")
	s.Want("[3 Nơi nhận]")
	s.Press("esc", "esc")
	s.Want("[1 Chọn văn bản]", "đã rõ nơi nhận")
	s.Press("esc")
	s.Want("HOME")
	s.Press("P", "end", "enter", "enter", "enter")
	s.Want("[4 Gửi]")
	if got := d.Out.Begun[0].Body; !strings.Contains(got, "Xin ") {
		t.Errorf("covering words %q", got)
	}
	s.Press("f8", "enter")
	s.Want("Đã bỏ văn bản", "[1 Chọn văn bản]")
	if len(d.Out.Begun) != 0 {
		t.Error("it is still there")
	}
}

func TestNotKept(t *testing.T) {
	d := desk()
	s := open(t, d, 80, 24)
	s.Press("enter", "enter", "enter")
	d.Errs["PlanDispatch"] = &mail.Fault{Kind: mail.DiskFull, Op: "plan"}
	s.Press("x")
	s.Want("Ổ đĩa đã đầy")
	s.Press("esc")
	s.Want("CHƯA LƯU ĐƯỢC")
	delete(d.Errs, "PlanDispatch")
	s.Press("ctrl+s") // it is tried again
	s.WantNot("CHƯA LƯU ĐƯỢC")
	s.Want("Còn 4 dòng chưa rõ")
}

// A document that came back from the outbox goes on its way again.
func TestComesBack(t *testing.T) {
	d := desk()
	s := open(t, d, 80, 24)
	s.Press("enter", "enter", "esc")
	id := d.Out.Begun[0].Draft
	d.Out.Begun[0].Refusal = "550 5.7.1 not \x1b[2Jtoday"
	s.Send(frame.Open{Target: frame.Written(mail.DraftLetter{ID: id, Account: uitest.Office, Kind: mail.DraftDispatch})})
	s.Want("[2 Đọc lại]", "Máy chủ đã từ chối", "550 5.7.1")
	s.Exact()

	// A letter that the program could not send says why by a kind of fault: it is put into words.
	d = desk()
	s = open(t, d, 80, 24)
	s.Press("enter", "enter", "esc")
	d.Out.Begun[0].Refusal = string(mail.TooBig)
	s.Send(frame.Open{Target: frame.Written(mail.DraftLetter{ID: id, Account: uitest.Office, Kind: mail.DraftDispatch})})
	s.Want("Máy chủ đã từ chối", strings.TrimSuffix(words.Of("vi").Faults[mail.TooBig].What, "."))
	s.WantNot(": " + string(mail.TooBig))
}

// Without signs the way to the steps, keys and what is below are told in letters.
func TestPlainSigns(t *testing.T) {
	d := desk()
	d.Set.ASCII = true
	s := open(t, d, 60, 20)
	for range 3 {
		if strings.ContainsAny(s.Frame(), "▌▾▸→↑↓") {
			t.Errorf("signs beyond ASCII:\n%s", s.Frame())
		}
		s.Press("enter")
	}
	s.Want("1 Chọn văn bản  > 2 Đọc lại", " v\n")
}

// Whatever is pressed at whatever size, the screen is filled exactly.
func TestRandomKeys(t *testing.T) {
	pressed := []string{"enter", "enter", "enter", "esc", "x", "space", "down", "up", "left", "right", "tab", "shift+tab", "a", "pgdown", "end", "home", "ctrl+s", "f4", "delete", "2"}
	sizes := [][2]int{{80, 24}, {40, 10}, {20, 5}, {160, 48}, {41, 11}, {61, 16}, {110, 12}}
	for seed := range uint64(6) {
		rnd := rand.New(rand.NewPCG(seed, 7)) //nolint:gosec // a test
		d := desk()
		d.Set.ASCII = seed%3 == 0
		d.Out.Scan = seed%5 == 4
		s := open(t, d, 80, 24)
		for range 80 {
			if rnd.IntN(8) == 0 {
				s.Click(rnd.IntN(80), rnd.IntN(24))
				s.Wheel(9, 12, rnd.IntN(2) == 0)
				s.Exact()
			}
			if rnd.IntN(9) == 0 {
				size := sizes[rnd.IntN(len(sizes))]
				s.Resize(size[0], size[1])
			}
			s.Press(pressed[rnd.IntN(len(pressed))])
			s.Exact()
		}
	}
}
