package rule

import (
	"testing"
	"time"

	"hopthu/mail"
)

// More lines of the kinds of D 2.7, D 2.8 and D 6.3, 6.4: the rules were made without them.
func TestSecrecyMoreKin(t *testing.T) {
	for _, c := range []struct {
		place, line string
		want        mail.Verdict
	}{
		{"subject", "RE: [TỐI MẬT] lịch họp", mail.Block},
		{"subject", "Fw: TUYỆT MẬT | kế hoạch", mail.Block},
		{"subject", "Mật: đề thi", mail.Ask},
		{"subject", "mật ong rừng: báo giá", mail.Pass},
		{"subject", "Danh sách (MẬT)", mail.Block},
		{"subject", "Danh sách (mật)", mail.Ask},
		{"subject", "MAT - ke hoach", mail.Ask},
		{"subject", "TUYET MAT: ke hoach", mail.Ask},
		{"subject", "Fwd: [TUYET MAT] ke hoach", mail.Ask},
		{"subject", "MAT NA: 1", mail.Pass},
		{"subject", "MATLAB: huong dan", mail.Pass},
		{"body", "T\u00adUYỆT MẬT", mail.Block},
		{"body", "> > MẬT", mail.Block},
		{"body", "\tMẬT\tSố: 07/KH", mail.Block},
		{"body", "Số: 07/KH-BCH        MẬT", mail.Block},
		{"body", "「MẬT」", mail.Block},
		{"body", "\u041cẬ\u0422", mail.Block}, // Cyrillic М and Т
		{"body", "ＭẬＴ", mail.Block},
		{"body", "TèI MËT", mail.Block},
		{"body", "TOÁI MAÄT", mail.Block},
		{"body", "MËT", mail.Block},
		{"body", "TUYE^.T MA^.T", mail.Block},
		{"body", "Cấp độ mật : tuyệt mật", mail.Block},
		{"body", "Mức độ mật: Không", mail.Pass},
		{"body", "Báo cáo này mang dấu tuyệt mật", mail.Ask},
		{"body", "Đơn vị xử lý văn bản tối mật", mail.Ask},
		{"body", "không thuộc danh mục bí mật nhà nước độ tuyệt mật", mail.Pass},
		{"body", "Giải mật từ: 01/01/2020", mail.Pass},
		{"body", "MẬT ONG", mail.Pass},
	} {
		got := mail.Pass
		for _, f := range Secrecy(c.place, c.line) {
			got = max(got, f.Verdict)
		}
		if got != c.want {
			t.Errorf("%s %q: %v, want %v", c.place, c.line, got, c.want)
		}
	}
}

func TestDeadlinesMoreKin(t *testing.T) {
	for _, c := range []struct{ text, base, want, phrase string }{
		{"báo cáo về Sở trước 16 giờ ngày 20/9/2013", "2013-09-10", "2013-09-20T16:00", "trước 16 giờ ngày 20/9/2013"},
		{"trước 11h30' ngày 20-9-2013", "2013-09-10", "2013-09-20T11:30", "trước 11h30' ngày 20-9-2013"},
		{"trước 17 giờ 30 phút ngày 9/8", "2013-08-01", "2013-08-09T17:30", "trước 17 giờ 30 phút ngày 9/8"},
		{"trước 8h00' thứ Hai, ngày 12 tháng 8 năm 2013", "2013-08-01", "2013-08-12T08:00", "trước 8h00' thứ Hai, ngày 12 tháng 8 năm 2013"},
		{"chậm nhất ngày 31/8/2013", "2013-08-20", "2013-08-30T17:00", "chậm nhất ngày 31/8/2013"},
		{"gửi trước ngày 20 tháng sau.", "2013-07-10", "2013-08-19T17:00", "trước ngày 20 tháng sau"},
		{"chậm nhất là ngày 25 tháng này", "2013-07-10", "2013-07-25T17:00", "chậm nhất là ngày 25 tháng này"},
		{"chậm nhất ngày 25 hàng tháng", "2013-08-01", "2013-08-23T17:00", "chậm nhất ngày 25 hàng tháng"},
		{"chậm nhất vào ngày 15 tháng cuối quý", "2013-08-01", "2013-09-13T17:00", "chậm nhất vào ngày 15 tháng cuối quý"},
		{"trước khi hết giờ làm việc ngày 20/9/2013", "2013-09-02", "2013-09-20T17:00", "trước khi hết giờ làm việc ngày 20/9/2013"},
		{"Trong thời hạn ba ngày làm việc", "2013-08-01", "2013-08-06T17:00", "Trong thời hạn ba ngày làm việc"},
		{"trong thời hạn năm (05) ngày làm việc", "2013-08-01", "2013-08-08T17:00", "trong thời hạn năm (05) ngày làm việc"},
		{"trong sáu (06) ngày làm việc", "2013-08-01", "2013-08-09T17:00", "trong sáu (06) ngày làm việc"},
		{"trong vòng mười lăm ngày", "2013-08-01", "2013-08-16T17:00", "trong vòng mười lăm ngày"},
		{"trong 15 ngày kể từ ngày nhận", "2013-08-01", "2013-08-16T17:00", "trong 15 ngày kể từ ngày nhận"},
		{"deadline: 15/8/2013", "2013-08-01", "2013-08-15T17:00", "deadline: 15/8/2013"},
		{"trước 9h sáng mai", "2013-07-10", "2013-07-11T09:00", "trước 9h sáng mai"},
		{"sau ngày làm việc đầu tiên", "2013-08-01", "", ""},
		{"trước ngày 30/02/2014", "2014-01-10", "", ""},
		{"có hiệu lực từ ngày 20/7/2013", "2013-07-10", "", ""},
	} {
		base, err := time.ParseInLocation(time.DateOnly, c.base, Zone)
		if err != nil {
			t.Fatal(err)
		}
		due, phrase := "", ""
		if list := Deadlines(c.text, base, VietNam()); len(list) > 0 {
			due, phrase = list[0].Due.Format("2006-01-02T15:04"), list[0].Phrase
		}
		if due != c.want || phrase != c.phrase {
			t.Errorf("%q: %s %q, want %s %q", c.text, due, phrase, c.want, c.phrase)
		}
	}
}

func TestNamesMoreKin(t *testing.T) {
	for name, want := range map[string]string{
		"Nguyễn Phước Vĩnh Lộc": "locnpv", "Âu Dương Tử Kỳ": "kyadt", "Hồ Ê Đê": "dehe", "Ưng Ướt": "uotu", "BS CKII Lê Văn Ơn": "onlv",
		"Nguye\u0302\u0303n Va\u0306n Hu\u0300ng": "hungnv", "Ðặng Văn Ðào": "daodv", "H'Hen Niê": "nieh", "Th.S Phạm Gia Khánh": "khanhpg",
		"Nguyễn Văn Ngọc - Trưởng phòng": "", "Nguyễn Văn Hùng (Phòng TH)": "", "Nguyễn Văn A2": "",
	} {
		if got, err := LocalPart(name); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q %v, want %q", name, got, err, want)
		}
	}
	for name, want := range map[string]string{
		"Sở Dân tộc và Tôn giáo": "dt&tg", "Đài Phát thanh và Truyền hình tỉnh": "đpt&th", "SỞ TÀI CHÍNH": "tc", "BHXH tỉnh Ninh Bình": "bhxh",
		"Phòng Lao động - Thương binh & Xã hội huyện Gia Viễn": "plđtb&xhhgv", "Trường THPT Lương Văn Tuỵ": "tthptlvt", "Sở Tài chính của tỉnh Ninh Bình": "tc",
	} {
		if got, _ := UnitAbbrev(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

// More layouts of D 2.6: a stamp or a telegram's addressees below the title are no summary; agencies of every district are a
// group, whatever their name begins with.
func TestDocumentsMoreKin(t *testing.T) {
	d := ReadDocument("Số: 05/CĐ-UBND\nHỎA TỐC\nCÔNG ĐIỆN\nVề việc ứng phó bão số 6\nChủ tịch UBND huyện điện: Chủ tịch UBND các xã, thị trấn.\nNơi nhận:\n• Như trên;\n+ Đài Truyền thanh huyện (đưa tin)\n* Lưu VT,NN\n")
	if d.Summary != "ứng phó bão số 6" || d.Urgency != Express || len(d.Block.Entries) != 3 {
		t.Errorf("%q %v %d entries", d.Summary, d.Urgency, len(d.Block.Entries))
	}
	d = ReadDocument("Số:        /KH-SVHTTDL\nKẾ HOẠCH\nDỰ THẢO\nTổ chức Ngày hội đọc sách\nNơi nhận:\n- Lưu: VT.\n")
	if d.Summary != "Tổ chức Ngày hội đọc sách" || !d.Draft {
		t.Errorf("%q %v", d.Summary, d.Why)
	}
	d = ReadDocument("Nơi nhận:\n- Trung tâm Y tế các huyện, thành phố;\n- Đảng đoàn HĐND tỉnh;\n- Ban Quản lý các khu công nghiệp;\n- Lưu: VT.\n")
	for i, want := range []Class{Group, Agency, Agency, Keep} {
		if i >= len(d.Block.Entries) || d.Block.Entries[i].Class != want {
			t.Errorf("entry %d of %+v is not %v", i, d.Block.Entries, want)
		}
	}
}
