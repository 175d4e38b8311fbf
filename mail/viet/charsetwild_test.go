package viet

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// TestLegacyWritten has subjects, names and lines as they stood in letters, in every encoding: each is read rightly, or, where
// it is too short to tell, left alone; never is it read as another encoding.
func TestLegacyWritten(t *testing.T) {
	long := []string{
		"V/v đề nghị góp ý dự thảo Nghị quyết của Hội đồng nhân dân tỉnh",
		"Giấy mời họp giao ban tuần của lãnh đạo Ủy ban nhân dân huyện",
		"Kính gửi: Các phòng, ban, ngành, đoàn thể; Ủy ban nhân dân các xã, thị trấn",
		"Báo cáo kết quả thực hiện nhiệm vụ phát triển kinh tế - xã hội 6 tháng đầu năm",
		"Căn cứ Luật Tổ chức Hội đồng nhân dân và Ủy ban nhân dân ngày 26/11/2003;",
		"Nguyễn Thị Thu Hà, Phó Trưởng phòng Hành chính - Tổng hợp",
		"Đề nghị gửi báo cáo trước ngày 25/7/2013 để tổng hợp./.",
		"ỦY BAN NHÂN DÂN TỈNH NINH BÌNH - CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
		"Lịch công tác tuần 30 của Thường trực Huyện ủy, Thường trực HĐND",
		"Anh gửi lại giúp em bản đã ký, em cảm ơn anh nhiều ạ",
	}
	short := []string{"Lê Hà", "Trần Văn Hùng", "Họp", "Sở Y tế", "Gấp", "Đơn xin nghỉ phép", "Bàn giao", "Ảnh"}
	for _, name := range []string{tcvn3, vni, vps, viscii, cp1258} {
		for i, text := range append(long, short...) {
			raw, ok := encode(t, name, text)
			if !ok {
				t.Fatalf("%s cannot hold %q", name, text)
			}
			got, legacy, _ := Decode(raw, "iso-8859-1")
			right := legacy == name && strings.EqualFold(got, text)
			if !right && (i < len(long) || legacy != "") {
				t.Errorf("%s %q: %q (%s)", name, text, got, legacy)
			}
			if got, legacy, _ := Decode(raw, name); legacy != name || !strings.EqualFold(got, text) { // with its label there is no doubt
				t.Errorf("%s labelled %q: %q (%s)", name, text, got, legacy)
			}
			if i < len(long) {
				if got, legacy := Repair("Chào anh,\n" + decode1252(raw) + "\nTrân trọng.\n"); legacy != name || !strings.EqualFold(got, "Chào anh,\n"+text+"\nTrân trọng.\n") {
					t.Errorf("%s among Unicode %q: %q (%s)", name, text, got, legacy)
				}
			}
		}
	}
}

// TestNamesInOrder: lists of names as an office sorts them, whatever form they come in.
func TestNamesInOrder(t *testing.T) {
	for _, want := range [][]string{
		{"Lê An", "Trần Ân", "PHẠM BA", "Vũ Bà", "Đỗ Cẩn", "Lý Dân", "Bùi Đan", "Hà Em", "Ngô Ê"},
		{"Lê Thị Hà", "Bùi Văn Hà", "Lê Văn Hà", "Trần Hạ", "Lê Hạnh"},
		{"Nguyễn Văn An", "Nguyễn Thị Ánh", "nguyễn văn ánh"},
		{"Lê Hoa", "Lê Hoà", "Lê Hoàn", "Lê Hòe"},
		{"Trần Thu", "Trần Thủ", "Trần Thư", "Trần Thứ"},
		{"Vũ O", "Vũ Ô", "Vũ Ơ", "Vũ U", "Vũ Ư", "Vũ Y"},
		{"Lò A Páo", "Giàng Seo Páo", "Sùng Thị Pấng"},
	} {
		for _, form := range []norm.Form{norm.NFC, norm.NFD} {
			var got []string
			for _, s := range want {
				got = append(got, form.String(s))
			}
			slices.Reverse(got)
			slices.SortStableFunc(got, CompareNames)
			for i := range got {
				got[i] = norm.NFC.String(got[i])
			}
			if !slices.Equal(got, want) {
				t.Errorf("got %q\nwant %q", got, want)
			}
		}
	}
}
