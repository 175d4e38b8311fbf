package rule

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"hopthu/mail"
)

func TestPersonalNames(t *testing.T) {
	used := map[string]bool{}
	wire := regexp.MustCompile(`^[a-z]+[0-9]*\.[a-z0-9&-]+$`)
	for _, r := range rows(t, "personal-names.psv") {
		got, err := LocalPart(r[0])
		if err != nil || got != r[1] {
			t.Errorf("LocalPart(%q) = %q, %v, want %q", r[0], got, err, r[1])
		}
		addr, err := PersonalAddress(r[0], "kh&đt", func(s string) bool { return used[s] })
		used[addr] = true
		if err != nil || addr != r[2] || !wire.MatchString(addr) || ValidPersonal(addr) != nil {
			t.Errorf("PersonalAddress(%q) = %q, %v, want %q", r[0], addr, err, r[2])
		}
	}
	other, err := PersonalAddress("Trần Văn Hùng", "TC", func(s string) bool { return used[s] })
	if err != nil || other != "hungtv.tc" {
		t.Errorf("the same name in another unit: %q, %v", other, err)
	}
}

func TestLocalPartOdd(t *testing.T) {
	for in, want := range map[string]string{
		"ThS. Lê Hà": "hal", "PGS. TS. Trần Văn Hùng": "hungtv", "Lê Hà,": "hal", "  Lê\u00a0Hà ": "hal", "Ông Văn Hùng": "hungov",
		"LÊ HÀ": "hal", strings.Repeat("Công ", 16) + "An": "an" + strings.Repeat("c", 16),
	} {
		if got, err := LocalPart(in); err != nil || got != want {
			t.Errorf("LocalPart(%q) = %q, %v, want %q", in, got, err, want)
		}
	}
	for in, detail := range map[string]string{
		"": "empty", "  ": "empty", "Nguyễn Văn A2": "digit", "Nguyễn <Văn> A": "character", "山田": "character",
		"Ngô V. An": "character", strings.Repeat("a", 300): "long", "’": "empty",
	} {
		got, err := LocalPart(in)
		var f *mail.Fault
		if got != "" || !errors.As(err, &f) || f.Kind != mail.BadAddress || f.Detail != detail {
			t.Errorf("LocalPart(%.20q) = %q, %v, want %s", in, got, err, detail)
		}
	}
	if _, err := PersonalAddress("Lê Hà", "a.b", func(string) bool { return false }); mail.KindOf(err) != mail.BadAddress {
		t.Errorf("unit with a dot: %v", err)
	}
	if _, err := PersonalAddress("Lê Hà", "tc", func(string) bool { return true }); mail.KindOf(err) != mail.BadAddress {
		t.Errorf("everything taken: %v", err)
	}
	// the third was removed, but its number stays used
	used := map[string]bool{"hal.tc": true, "hal2.tc": true, "hal3.tc": true}
	if got, _ := PersonalAddress("Lê Hà", "tc", func(s string) bool { return used[s] }); got != "hal4.tc" {
		t.Errorf("got %q", got)
	}
}

func TestUnits(t *testing.T) {
	for _, r := range append(rows(t, "units.psv"),
		[]string{"SỞ KẾ HOẠCH VÀ ĐẦU TƯ", "kh&đt", "kh&dt"},
		[]string{"UBND TỈNH NINH BÌNH", "ubnd", "ubnd"},
		[]string{"Sở KH&ĐT", "kh&đt", "kh&dt"},
		[]string{"Trường THPT số 2", "tthpts2", "tthpts2"},
		[]string{"sở tài chính", "tc", "tc"},
		[]string{"Sở", "s", "s"}, []string{"& và", "", ""}, []string{"", "", ""},
	) {
		reg, wire := UnitAbbrev(r[0])
		if reg != r[1] || wire != r[2] {
			t.Errorf("UnitAbbrev(%q) = %q %q, want %q %q", r[0], reg, wire, r[1], r[2])
		}
		if reg != "" && (ValidUnit(reg) != nil || ValidUnit(wire) != nil) {
			t.Errorf("%q or %q is no valid unit", reg, wire)
		}
	}
}

func TestValid(t *testing.T) {
	for s, ok := range map[string]bool{
		"kh&đt": true, "vp-ubnd": true, "so9": true, "a.b": false, "KH": false, "": false, "ê": false, "a b": false, "12": false, "&": false,
		strings.Repeat("a", 65): false, "a@b": false, "a/b": false,
	} {
		if err := ValidUnit(s); (err == nil) != ok {
			t.Errorf("ValidUnit(%.10q) = %v", s, err)
		}
	}
	for s, ok := range map[string]bool{
		"hungtv.kh&dt": true, "hungtv2.kh&đt": true, "hungtv": false, "2.kh": false, "hung.tv.kh": false, ".kh": false, "hung.": false,
		"hung02.kh": false, "húng.kh": false, strings.Repeat("a", 60) + ".khdt": false,
	} {
		if err := ValidPersonal(s); (err == nil) != ok {
			t.Errorf("ValidPersonal(%.20q) = %v", s, err)
		}
	}
	for _, s := range []string{"kh&đt@ninhbinh.gov.vn", "KH&ĐT@NinhBinh.gov.vn", "kh&dt@ninhbinh.gov.vn", "kh&ÐT@ninhbinh.gov.vn "} {
		if got := WireForm(s); got != "kh&dt@ninhbinh.gov.vn" {
			t.Errorf("WireForm(%q) = %q", s, got)
		}
	}
	if WireForm("jose\u0301@example.com") != "josé@example.com" {
		t.Error("WireForm must not drop the marks of foreign addresses")
	}
}

func FuzzAddress(f *testing.F) {
	f.Add("Trần Văn Hùng", "Sở Kế hoạch và Đầu tư")
	f.Add("H’Hen Niê", "UBND xã Ninh Hải, huyện Hoa Lư")
	f.Fuzz(func(t *testing.T, name, unit string) {
		reg, wire := UnitAbbrev(unit)
		if reg != "" && len(reg) <= maxLocal && wire != WireForm(reg) {
			t.Fatalf("%q %q", reg, wire)
		}
		if addr, err := PersonalAddress(name, wire, func(string) bool { return false }); err == nil && ValidPersonal(addr) != nil {
			t.Fatalf("%q in %q gives %q", name, wire, addr)
		}
	})
}

// TestLocalPartKin has names of the kinds in personal-names.psv beyond its rows.
func TestLocalPartKin(t *testing.T) {
	for name, want := range map[string]string{
		"TRẦN VĂN HÙNG": "hungtv", "Nguyễn Đình Đức": "ducnd", "Hoàng Phủ Ngọc Tường": "tuonghpn", "Lê Thị Bích Hạnh Dung": "dungltbh",
		"PGS.TS. Nguyễn Văn Hà": "hanv", "GS.TSKH Trần Anh": "anht", "TS Nguyễn Văn Bình": "binhnv", "ThS.Lê Hà": "hal", "BS. Lê Chi": "chil", "BSCKII Lê Chi": "chil",
		"Ông Trần Văn Hùng": "hungtv", "Bà Lê Hà": "hal", "Đ/c Lê Hà": "hal", "Ông Ích Khiêm": "khiemoi", "Lê Hà, ": "hal", "Ksor H'Lan": "hlank",
		"Y Bhiêt Mlô": "mloyb", "Đinh Ê Ban": "bande", "Thạch Sa Rây": "rayts", "Nguyễn\tThị\u00a0Mai": "maint", "Nguyễn-Phước Bảo": "baonp", "Ðinh Văn Ðạt": "datdv",
		"ƯNG VĂN Ơ": "ouv", "Ngô Thị Mai – Anh": "anhntm", "Cao Bá Quát.": "quatcb", "Lù A Sử": "sula", "Chu Quỳnh Như": "nhucq", "Phùng Há": "hap", "Quàng Thị Xiên": "xienqt",
		"Vi Văn Ía": "iavv", "Trần Ị": "it", "Đỗ Đức Đễ": "dedd", "Hồ Uý": "uyh", "La Ỷ": "yl", "Sầm Thị Hướng Dương Liễu": "lieusthd",
		"Nguyễn Văn Hùng (A)": "", "Trần V. Hùng": "", "Nguyễn Văn Тest": "", "Lê; Hà": "",
	} {
		got, err := LocalPart(name)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q %v, want %q", name, got, err, want)
		}
	}
}

// TestUnitAbbrevKin has agencies beyond units.psv, in the regulation's spelling.
func TestUnitAbbrevKin(t *testing.T) {
	for name, want := range map[string]string{
		"Sở Nông nghiệp và Môi trường": "nn&mt", "Sở Dân tộc và Tôn giáo": "dt&tg", "Văn phòng HĐND tỉnh Ninh Bình": "vphđnd", "SỞ KẾ HOẠCH VÀ ĐẦU TƯ": "kh&đt",
		"Phòng Tài chính - Kế hoạch huyện Gia Viễn": "ptckhhgv", "Trung tâm Y tế thành phố Ninh Bình": "ttyttpnb", "Chi cục Kiểm lâm": "cckl",
		"Đoàn ĐBQH tỉnh": "đđbqh", "Liên minh Hợp tác xã tỉnh": "lmhtx", "Trường THPT Lương Văn Tụy": "tthptlvt", "Bệnh viện Sản - Nhi": "bvsn",
		"Đội Quản lý thị trường số 1": "đqltts1", "Sở Văn hóa và Thể thao": "vh&tt", "Ủy ban nhân dân phường Đông Thành": "ubndpđt", "Sở Y tế tỉnh Ninh Bình": "yt",
		"Hội Cựu chiến binh tỉnh": "hccb", "Sở  Tài   chính": "tc", "sở tài chính": "tc", "Ban Nội chính Tỉnh ủy": "bnctu", "Sở Khoa học & Công nghệ": "kh&cn",
		"Viện Kiểm sát nhân dân tỉnh": "vksnd", "Ban Tiếp công dân tỉnh": "btcd", "Kho bạc Nhà nước Nho Quan": "kbnnnq", "và": "",
	} {
		got, wire := UnitAbbrev(name)
		if got != want || wire != strings.ReplaceAll(want, "đ", "d") {
			t.Errorf("%s: %q %q, want %q", name, got, wire, want)
		}
	}
}
