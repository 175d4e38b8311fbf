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
