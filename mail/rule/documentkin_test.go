package rule

import (
	"fmt"
	"strings"
	"testing"
)

const kinHead = "UBND TỈNH NINH BÌNH\nSỞ NỘI VỤ\n%s                 Ninh Bình, ngày %s\n%s\n\nNội dung.\n\nNơi nhận:\n- Như trên;\n- Lưu: VT.\n"

// TestDocumentKin reads a head of each kind of document, and of other agencies than those of document_test.go.
func TestDocumentKin(t *testing.T) {
	for _, r := range []struct{ number, date, title, kind, mark string }{
		{"Số: 15/BC-SNV", "05 tháng 3 năm 2020", "BÁO CÁO\nKết quả công tác quý I", "Báo cáo", "15/BC-SNV"},
		{"Số: 01/NQ-HĐND", "05 tháng 12 năm 2013", "NGHỊ QUYẾT\nVề phát triển kinh tế", "Nghị quyết", "01/NQ-HĐND"},
		{"Số: 12/CT-UBND", "5/12/2013", "CHỈ THỊ\nVề phòng chống lụt bão", "Chỉ thị", "12/CT-UBND"},
		{"Số: 7/QyĐ-SNV", "05 tháng 12 năm 2013", "QUY ĐỊNH\nVề giờ làm", "Quy định", "7/QyĐ-SNV"},
		{"Số: 3/QC-SNV", "05 tháng 12 năm 2013", "QUY CHẾ\nlàm việc", "Quy chế", "3/QC-SNV"},
		{"Số: 99/TB-SNV", "05 tháng 12 năm 2013", "THÔNG BÁO\nVề việc nghỉ lễ", "Thông báo", "99/TB-SNV"},
		{"Số: 99/TC-UBND", "05 tháng 12 năm 2013", "THÔNG CÁO\nbáo chí", "Thông cáo", "99/TC-UBND"},
		{"Số: 99/HD-SNV", "05 tháng 12 năm 2013", "HƯỚNG DẪN\nThi đua", "Hướng dẫn", "99/HD-SNV"},
		{"Số: 99/CTr-UBND", "05 tháng 12 năm 2013", "CHƯƠNG TRÌNH\nhành động", "Chương trình", "99/CTr-UBND"},
		{"Số: 99/KH-UBND", "05 tháng 12 năm 2013", "KẾ HOẠCH\nTập huấn", "Kế hoạch", "99/KH-UBND"},
		{"Số: 99/PA-UBND", "05 tháng 12 năm 2013", "PHƯƠNG ÁN\nx", "Phương án", "99/PA-UBND"},
		{"Số: 99/ĐA-UBND", "05 tháng 12 năm 2013", "ĐỀ ÁN\nx", "Đề án", "99/ĐA-UBND"},
		{"Số: 99/DA-UBND", "05 tháng 12 năm 2013", "DỰ ÁN\nx", "Dự án", "99/DA-UBND"},
		{"Số: 99/BB-UBND", "05 tháng 12 năm 2013", "BIÊN BẢN\nhọp", "Biên bản", "99/BB-UBND"},
		{"Số: 99/TTr-UBND", "05 tháng 12 năm 2013", "TỜ TRÌNH\nVề việc x", "Tờ trình", "99/TTr-UBND"},
		{"Số: 99/HĐ-UBND", "05 tháng 12 năm 2013", "HỢP ĐỒNG\nx", "Hợp đồng", "99/HĐ-UBND"},
		{"Số: 05/CĐ-UBND", "05 tháng 12 năm 2013", "CÔNG ĐIỆN\nx", "Công điện", "05/CĐ-UBND"},
		{"Số: 05/BGN-UBND", "05 tháng 12 năm 2013", "BẢN GHI NHỚ\nx", "Bản ghi nhớ", "05/BGN-UBND"},
		{"Số: 05/BTT-UBND", "05 tháng 12 năm 2013", "BẢN THỎA THUẬN\nx", "Bản thỏa thuận", "05/BTT-UBND"},
		{"Số: 03/GUQ-SKHĐT", "05 tháng 12 năm 2013", "GIẤY ỦY QUYỀN", "Giấy ủy quyền", "03/GUQ-SKHĐT"},
		{"Số: 79/GM-VPUBND", "05 tháng 12 năm 2013", "GIẤY MỜI", "Giấy mời", "79/GM-VPUBND"},
		{"Số: 79/GGT-VPUBND", "05 tháng 12 năm 2013", "GIẤY GIỚI THIỆU", "Giấy giới thiệu", "79/GGT-VPUBND"},
		{"Số: 79/GNP-VPUBND", "05 tháng 12 năm 2013", "GIẤY NGHỈ PHÉP", "Giấy nghỉ phép", "79/GNP-VPUBND"},
		{"Số: 79/PG-VPUBND", "05 tháng 12 năm 2013", "PHIẾU GỬI", "Phiếu gửi", "79/PG-VPUBND"},
		{"Số: 79/PC-VPUBND", "05 tháng 12 năm 2013", "PHIẾU CHUYỂN", "Phiếu chuyển", "79/PC-VPUBND"},
		{"Số: 79/PB-VPUBND", "05 tháng 12 năm 2013", "PHIẾU BÁO", "Phiếu báo", "79/PB-VPUBND"},
		{"Số: 79/SY-VPUBND", "05 tháng 12 năm 2013", "BẢN SAO Y", "Bản sao y", "79/SY-VPUBND"},
		{"Số: 79/TrS-VPUBND", "05 tháng 12 năm 2013", "TRÍCH SAO", "Bản trích sao", "79/TrS-VPUBND"},
		{"Số: 79/SL-VPUBND", "05 tháng 12 năm 2013", "SAO LỤC", "Bản sao lục", "79/SL-VPUBND"},
		{"Số: 123/SKHĐT-THQH", "05 tháng 12 năm 2013", "V/v báo cáo", "Công văn", "123/SKHĐT-THQH"},
		{"Số: 3497/VPCP-KGVX", "05 tháng 12 năm 2013", "V/v báo cáo", "Công văn", "3497/VPCP-KGVX"},
		{"Số: 10/2013/QĐ-UBND", "05 tháng 12 năm 2013", "QUYẾT ĐỊNH\nVề việc ban hành Quy chế", "Quyết định", "10/2013/QĐ-UBND"},
		{"Số 15-CV/TU", "05 tháng 12 năm 2013", "V/v x", "Công văn", "15-CV/TU"},
		{"Số 15-QĐ/TU", "05 tháng 12 năm 2013", "QUYẾT ĐỊNH\nx", "Quyết định", "15-QĐ/TU"},
		{"Số: 45a/UBND-VP7", "05 tháng 12 năm 2013", "V/v x", "Công văn", "45a/UBND-VP7"},
		{"Số:15/UBND-VP6", "05 tháng 12 năm 2013", "V/v: x", "Công văn", "15/UBND-VP6"},
		{"SỐ: 15/UBND-VP6", "05 tháng 12 năm 2013", "Về việc x", "Công văn", "15/UBND-VP6"},
		{"Số: 120/KH&ĐT-TH", "05 tháng 12 năm 2013", "V/v x", "Công văn", "120/KH&ĐT-TH"},
		{"Số: 22 /TTr-SNV", "05 tháng 12 năm 2013", "TỜ TRÌNH\nx", "Tờ trình", "22/TTr-SNV"},
		{"Số: 22/TB - SNV", "05 tháng 12 năm 2013", "THÔNG BÁO\nx", "Thông báo", "22/TB-SNV"},
		{"Số: 08/TTLT-BTTTT-BNV", "05 tháng 12 năm 2013", "THÔNG TƯ LIÊN TỊCH\nx", "Thông tư liên tịch", "08/TTLT-BTTTT-BNV"},
		{"Số: 64/2007/NĐ-CP", "10 tháng 4 năm 2007", "NGHỊ ĐỊNH\nVề CNTT", "Nghị định", "64/2007/NĐ-CP"},
		{"Số: 20/2023/QH15", "22 tháng 6 năm 2023", "LUẬT\nGiao dịch điện tử", "Luật", "20/2023/QH15"},
		{"Số: 01/2011/TT-BTTTT", "04 tháng 01 năm 2011", "THÔNG TƯ\nx", "Thông tư", "01/2011/TT-BTTTT"},
		{"Số: 34/2008/CT-TTg", "03 tháng 12 năm 2008", "CHỈ THỊ\nx", "Chỉ thị", "34/2008/CT-TTg"},
		{"", "05 tháng 12 năm 2013", "THƯ CÔNG\nx", "Thư công", ""},
		{"Số: 5/LCT-VP", "05 tháng 12 năm 2013", "LỊCH CÔNG TÁC\ntuần 30", "Lịch công tác", "5/LCT-VP"},
		{"", "05 tháng 12 năm 2013", "Thư mời họp mặt", "Thư mời", ""},
		{"", "05 tháng 12 năm 2013", "Công văn này thay công văn trước", "", ""},
		{"Số: 5/TM-VP", "05 tháng 12 năm 2013", "THƯ MỜI", "Thư mời", "5/TM-VP"},
	} {
		d := ReadDocument(fmt.Sprintf(kinHead, r.number, r.date, r.title))
		if d.Kind != r.kind || d.Mark() != r.mark || d.Draft || d.Date.IsZero() {
			t.Errorf("%s %s: %s %s %v, want %s %s", r.number, r.title, d.Kind, d.Mark(), d.Why, r.kind, r.mark)
		}
	}
}

func TestUrgencyKin(t *testing.T) {
	for text, want := range map[string]Urgency{
		"KHẨN":                   Urgent,
		"THƯỢNG KHẨN":            VeryUrgent,
		"HỎA TỐC":                Express,
		"HOẢ TỐC":                Express,
		"HỎA TỐC HẸN GIỜ":        ExpressTimed,
		"HỎA TỐC, HẸN GIỜ":       ExpressTimed,
		"| KHẨN |":               Urgent,
		"[HỎA TỐC]":              Express,
		"K H Ẩ N":                Urgent,
		"Độ khẩn: Thượng khẩn":   VeryUrgent,
		"Khẩn":                   Urgent,
		"Hỏa tốc":                Express,
		"KHAN":                   Urgent,
		"Khẩn trương triển khai": Normal,
		"HỎA TỐC HẸN GIỜ 10 giờ ngày 5/8": ExpressTimed,
		"ĐỘ KHẨN: HỎA TỐC":                Express,
		"TRƯỜNG HỢP KHẨN CẤP":             Normal,
	} {
		d := ReadDocument(fmt.Sprintf(strings.Replace(kinHead, "Nội dung", text+"\n\nNội dung", 1), "Số: 5/UBND-VP6", "05 tháng 12 năm 2013", "V/v x"))
		if d.Urgency != want {
			t.Errorf("%s: %v, want %v", text, d.Urgency, want)
		}
	}
}

func TestDraftKin(t *testing.T) {
	for _, r := range []struct{ number, date, title, why string }{
		{"Số:      /UBND-VP6", "05 tháng 12 năm 2013", "V/v x", "blank-number"},
		{"Số: ..../UBND-VP6", "05 tháng 12 năm 2013", "V/v x", "blank-number"},
		{"Số: …/BC-SNV", "  tháng 12 năm 2013", "V/v x", "blank-number blank-date"},
		{"Số:    /QĐ-UBND", "…tháng…năm 2013", "QUYẾT ĐỊNH\nx", "blank-number blank-date"},
		{"DỰ THẢO\nSố: 5/QĐ-UBND", "05 tháng 12 năm 2013", "QUYẾT ĐỊNH\nx", "draft-word"},
		{"Số: 5/QĐ-UBND", "05 tháng 12 năm 2013", "DỰ THẢO LẦN 2\nQUYẾT ĐỊNH\nx", "draft-word"},
		{"Số: ___/QĐ-UBND", "05 tháng 12 năm 2013", "QUYẾT ĐỊNH\nx", "blank-number"},
		{"(Dự thảo)\nSố: 5/QĐ-UBND", "05 tháng 12 năm 2013", "QUYẾT ĐỊNH\nx", "draft-word"},
		{"Số: 5/QĐ-UBND", "05 tháng 12 năm 2013", "TỜ TRÌNH\nVề dự thảo Nghị quyết", ""},
	} {
		d := ReadDocument(fmt.Sprintf(kinHead, r.number, r.date, r.title))
		if got := strings.Join(d.Why, " "); got != r.why {
			t.Errorf("%s, %s: %q, want %q", r.number, r.date, got, r.why)
		}
	}
}
