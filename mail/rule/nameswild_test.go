package rule

import (
	"testing"

	"golang.org/x/text/unicode/norm"

	"hopthu/mail"
)

// TestNamesWritten has names as lists of staff write them, armed units (QC 1.2) among them.
func TestNamesWritten(t *testing.T) {
	for name, want := range map[string]string{
		"Cao Thị Bích Phượng":                 "phuongctb",
		"Đỗ Thị Ngọc Quỳnh Hương":             "huongdtnq",
		"Hà Huy Tập":                          "taphh",
		"Trần-Lê Bảo Ngọc":                    "ngoctlb",
		"TS.BS. Lê Hà":                        "hal",
		"KS. Đinh Ngọc Ẩn":                    "andn",
		"CN. Lê Hà":                           "hal",
		"Đ/c Trần Văn Đỗ":                     "dotv",
		"đồng chí Trần Văn Đỗ":                "dotv",
		"Đại tá Trần Văn Hùng":                "hungtv",
		"Thiếu tá Nguyễn Thị Lan":             "lannt",
		"Thượng úy Phạm Gia Bảo":              "baopg",
		"Trung sĩ Lê Văn Tý":                  "tylv",
		"Đại úy QNCN Hoàng Văn Thái":          "thaihv",
		"Thạc sĩ Nguyễn Văn Nam":              "namnv",
		"Tiến sĩ Nguyễn Văn Nam":              "namnv",
		"Bác sĩ Vũ Thị Hoa":                   "hoavt",
		"Luật sư Vũ Thị Hoa":                  "hoavt",
		"Kỹ sư Vũ Thị Hoa":                    "hoavt",
		"Đại Văn Sơn":                         "sondv",
		"Thượng Văn Hiếu":                     "hieutv",
		"Bạc Cầm Thị Ủa":                      "uabct",
		"Điểu K'Ré":                           "kred",
		"Rơ Châm H'Phik":                      "hphikrc",
		"Lê Ngọc Ánh Dương":                   "duonglna",
		"Nguyễn Đ. Hùng":                      "",
		"Nguyễn Văn Hùng 2":                   "",
		"Trần Thị Mai, Phòng TCHC":            "",
		"Nguyễn Văn Hùng/Trần Văn Nam":        "",
		"hungtv@ninhbinh.gov.vn":              "",
		norm.NFD.String("Đặng Thị Đượm Ửng"):  "ungdtd",
		"u\u031b\u0301ng vi\u0323\u0302t anh": "anhuv",
		"NGUYỄN THỊ Ỷ LAN":                    "lannty",
		"Ôn Thị Oanh":                         "oanhot",
		"Trần Y":                              "yt",
		"Bá Thị Ê":                            "ebt",
		"Ma Seo Páo":                          "paoms",
		"Hồ Thị Ly Na":                        "nahtl",
		"Lê Thị\u200b Hạnh":                   "hanhlt",
		"Nguyễn\u2009Văn\u3000An":             "annv",
	} {
		got, err := LocalPart(name)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q %v, want %q", name, got, err, want)
		}
	}
}

// TestUnitsWritten has agencies of several decades in the regulation's spelling.
func TestUnitsWritten(t *testing.T) {
	for name, want := range map[string]string{
		"UBND phường Hoa Lư":                                  "ubndphl",
		"Trung tâm Phục vụ hành chính công tỉnh":              "ttpvhcc",
		"Trung tâm Khuyến nông":                               "ttkn",
		"Sở Du lịch":                                          "dl",
		"Sở Ngoại vụ":                                         "nv",
		"Trường Chính trị tỉnh":                               "tct",
		"Quỹ Bảo vệ và Phát triển rừng tỉnh":                  "qbv&ptr",
		"Hội Liên hiệp Phụ nữ tỉnh":                           "hlhpn",
		"Ủy ban MTTQ Việt Nam tỉnh":                           "ubmttqvn",
		"Uỷ ban Mặt trận Tổ quốc Việt Nam tỉnh Ninh Bình":     "ubmttqvn",
		"Tòa án nhân dân tỉnh":                                "tand",
		"Đoàn TNCS Hồ Chí Minh tỉnh":                          "đtncshcm",
		"Liên đoàn Lao động tỉnh":                             "lđlđ",
		"Ban QLDA đầu tư xây dựng công trình giao thông tỉnh": "bqldađtxdctgt",
		"Vườn quốc gia Cúc Phương":                            "vqgcp",
		"Trạm Y tế xã Gia Sinh":                               "tytxgs",
		"Hạt Kiểm lâm Nho Quan - Gia Viễn":                    "hklnqgv",
		"Trường PTDTNT tỉnh":                                  "tptdtnt",
		"Công an phường Đông Thành":                           "capđt",
		"Sở Khoa học, Công nghệ và Môi trường":                "khcn&mt",
		"Phòng LĐTB&XH huyện Yên Mô":                          "plđtb&xhhym",
		"SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG":                        "nn&mt",
		"VĂN PHÒNG UBND TỈNH":                                 "vpubnd",
		"BAN CHỈ HUY QUÂN SỰ HUYỆN KIM SƠN":                   "bchqshks",
		norm.NFD.String("Sở Kế hoạch và Đầu tư"):              "kh&đt",
		"Chi cục Thuế khu vực Tam Điệp - Yên Mô":              "cctkvtđym",
		"Trung tâm GDNN - GDTX huyện Gia Viễn":                "ttgdnngdtxhgv",
		"Ban Quản lý Quần thể danh thắng Tràng An":            "bqlqtdtta",
		"Đội QLTT số 3":                                       "đqltts3",
	} {
		if got, _ := UnitAbbrev(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// TestSecrecyWritten has stamps and harmless lines of letters, tables and registers.
func TestSecrecyWritten(t *testing.T) {
	for _, r := range []struct {
		place, line string
		want        mail.Verdict
	}{
		{"body", "Mức độ mật: Mật", mail.Block},
		{"body", "Độ mật\tTối mật", mail.Block},
		{"body", "| Độ mật | Tối mật |", mail.Block},
		{"body", "| Độ mật | Thường |", mail.Pass},
		{"body", "Độ mật: MẬT.", mail.Block},
		{"body", "<MẬT>", mail.Block},
		{"body", "【TỐI MẬT】", mail.Block},
		{"body", "MẬT - 12", mail.Block},
		{"body", "TUYỆT-MẬT", mail.Block},
		{"body", "Tuyệt  mật", mail.Block},
		{"body", "Tối_mật", mail.Block},
		{"body", "mật.", mail.Ask},
		{"body", "Mat", mail.Pass},
		{"body", "BÀ NGUYỄN THỊ MẬT", mail.Pass},
		{"body", "Mật Thị Hoa", mail.Pass},
		{"body", "Bản sao TỐI MẬT số 02", mail.Ask},
		{"body", "Không được gửi tài liệu tuyệt mật qua thư điện tử", mail.Pass},
		{"body", norm.NFD.String("Chỉ người có tên mới được bóc bì"), mail.Block},
		{"body", norm.NFD.String("TUYỆT MẬT"), mail.Block},
		{"body", "THỜI HẠN BẢO VỆ BÍ MẬT NHÀ NƯỚC: 20 NĂM", mail.Block},
		{"body", "tuyệt đối giữ mật khẩu", mail.Pass},
		{"body", "Đề nghị bảo mật tuyệt đối mật khẩu", mail.Pass},
		{"body", "Chủ đề: Mật ngữ các loài hoa", mail.Pass},
		{"body", "Cây mật nhân", mail.Pass},
		{"body", "Dịch mật, đường mật", mail.Pass},
		{"body", "Danh mục bí mật nhà nước độ Tối mật đã ban hành", mail.Ask},
		{"body", "Tài liệu được đóng dấu “Mật”", mail.Ask},
		{"body", "Văn bản không mang dấu Mật", mail.Pass},
		{"body", "> > > TỐI MẬT", mail.Block},
		{"body", "## TỐI MẬT", mail.Block},
		{"body", "Kèm theo: TUYỆT MẬT", mail.Ask},
		{"body", "T Ố I   M Ậ T", mail.Block},
		{"body", "ＴỐI ＭẬＴ", mail.Block},
		{"body", "TUYŽT M‡T", mail.Block},   // VISCII seen as windows-1252
		{"body", "TÔìI MÂòT", mail.Block},   // windows-1258 seen as windows-1252
		{"body", "TUYÊòT MÂòT", mail.Block}, //
		{"body", "TèI MËT", mail.Block},     // TCVN3
		{"subject", "RE: Fw: TUYỆT MẬT", mail.Block},
		{"subject", "Trả lời: Mật - danh sách", mail.Ask},
		{"subject", "CHUYỂN TIẾP: [TỐI MẬT]", mail.Block},
		{"subject", norm.NFD.String("TỐI MẬT: phương án"), mail.Block},
		{"subject", "V/v: TUYỆT MẬT - phương án", mail.Block},
		{"subject", "HỎA TỐC - TỐI MẬT: phương án", mail.Ask},
		{"subject", "Mật Sơn: báo cáo thôn", mail.Pass},
		{"subject", "MẬT VỤ: phim tài liệu", mail.Pass},
		{"subject", "Cấp lại mật khẩu [MẬT KHẨU]", mail.Pass},
		{"subject", "Hướng dẫn đặt mật khẩu: tuyệt đối không dùng ngày sinh", mail.Pass},
		{"subject", "TOI MAT: phuong an", mail.Ask},
		{"subject", "Bảo mật - Tuyệt đối", mail.Pass},
	} {
		got := mail.Pass
		for _, f := range Secrecy(r.place, r.line) {
			got = max(got, f.Verdict)
		}
		if got != r.want {
			t.Errorf("%s %q: %v, want %v", r.place, r.line, got, r.want)
		}
	}
}

func TestFullName(t *testing.T) {
	for in, want := range map[string][2]string{
		"ThS. Lê Hà": {"Lê Hà", "ThS."}, "ThS.Lê Hà": {"Lê Hà", "ThS."}, "PGS.TS. Nguyễn  Văn Hà": {"Nguyễn Văn Hà", "PGS.TS."},
		"Đại tá Trần Văn Hùng": {"Trần Văn Hùng", "Đại tá"}, "Ông Trần Văn Hùng": {"Trần Văn Hùng", "Ông"}, "Ông Ích Khiêm": {"Ông Ích Khiêm", ""},
		"H’Hen Niê": {"H’Hen Niê", ""}, " Lê\u00a0Hà ": {"Lê Hà", ""}, "Hương": {"Hương", ""}, "": {"", ""}, "Le\u0302 Ha\u0300": {"Lê Hà", ""},
	} {
		if name, title := FullName(in); name != want[0] || title != want[1] {
			t.Errorf("%q: %q %q, want %q", in, name, title, want)
		}
	}
}
