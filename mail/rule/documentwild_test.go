package rule

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"
)

// TestDocumentsWritten has heads as word processors, scanners and mail programs leave them.
func TestDocumentsWritten(t *testing.T) {
	for _, r := range []struct{ text, mark, date, kind, summary string }{
		{"Số: 99/KH–UBND\nNinh Bình, ngày 05 tháng 12 năm 2026\nKẾ HOẠCH\nTập huấn văn thư", "99/KH-UBND", "2026-12-05", "Kế hoạch", "Tập huấn văn thư"},
		{"Số: 1024/UBND‑KT\nNinh Bình, ngày 5 tháng 12 năm 2026\nV/v góp ý dự thảo", "1024/UBND-KT", "2026-12-05", "Công văn", "góp ý dự thảo"},
		{"Số:12/BC- UBND\nNinh Bình, ngày 05/12/2026\nBÁO CÁO\nKết quả rà soát", "12/BC-UBND", "2026-12-05", "Báo cáo", "Kết quả rà soát"},
		{"Số 12 /BC -UBND\nNinh Bình, ngày 5.12.2026\nBÁO CÁO", "12/BC-UBND", "2026-12-05", "Báo cáo", ""},
		{"SỐ: 07/GM-UBND\nNINH BÌNH, NGÀY 05 THÁNG 12 NĂM 2026\nGIẤY MỜI", "07/GM-UBND", "2026-12-05", "Giấy mời", ""},
		{"Số: 312/2026/NQ-HĐND\nNinh Bình, ngày 10 tháng 12 năm 2026\nNGHỊ QUYẾT\nVề dự toán ngân sách năm 2027", "312/2026/NQ-HĐND", "2026-12-10", "Nghị quyết", "Về dự toán ngân sách năm 2027"},
		{"Số 215-KH/ĐU\nNinh Bình, ngày 05 tháng 12 năm 2026\nKẾ HOẠCH\nkiểm tra", "215-KH/ĐU", "2026-12-05", "Kế hoạch", "kiểm tra"},
		{"Số 33-TB/VPTU\nNinh Bình, ngày 05 tháng 12 năm 2026\nTHÔNG BÁO\nkết luận", "33-TB/VPTU", "2026-12-05", "Thông báo", "kết luận"},
		{"Số: 18/TTr-SKH&CN\nHoa Lư, ngày 09 tháng 02 năm 2026\nTỜ TRÌNH\nVề việc phê duyệt đề cương", "18/TTr-SKH&CN", "2026-02-09", "Tờ trình", "phê duyệt đề cương"},
		{"Số: 46/SNN&MT-QLĐĐ\nTP. Ninh Bình, ngày 09 tháng 02 năm 2026\nV/v rà soát hồ sơ", "46/SNN&MT-QLĐĐ", "2026-02-09", "Công văn", "rà soát hồ sơ"},
		{"Số: 2/QĐ-UBND\nThành phố Ninh Bình, ngày 09 tháng 02 năm 2026\nQUYẾT ĐỊNH\nVề việc kiện toàn Ban Chỉ đạo\nchuyển đổi số tỉnh", "2/QĐ-UBND", "2026-02-09", "Quyết định", "kiện toàn Ban Chỉ đạo chuyển đổi số tỉnh"},
		{norm.NFD.String("Số: 2/QĐ-UBND\nNinh Bình, ngày 09 tháng 02 năm 2026\nQUYẾT ĐỊNH\nVề việc kiện toàn"), "2/QĐ-UBND", "2026-02-09", "Quyết định", "kiện toàn"},
		{"UBND TỈNH NINH BÌNH\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSỞ Y TẾ\tĐộc lập - Tự do - Hạnh phúc\nSố: 5/SYT-NVY\tNinh Bình, ngày 06 tháng 01 năm 2027\nV/v trực Tết", "5/SYT-NVY", "2027-01-06", "Công văn", "trực Tết"},
		{"| UBND TỈNH | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM |\n| Số: 5/SYT-NVY | Ninh Bình, ngày 06 tháng 01 năm 2027 |\n| V/v trực Tết | |", "5/SYT-NVY", "2027-01-06", "Công văn", "trực Tết"},
		{"Số\u00a0: 5/SYT-NVY\nNinh Bình,\u00a0ngày\u00a006\u00a0tháng\u00a001\u00a0năm\u00a02027\nV/v\u00a0trực Tết", "5/SYT-NVY", "2027-01-06", "Công văn", "trực Tết"},
		{"Số: 5/SYT-NVY\nNinh Bình, ngày 06 tháng 01 năm 2027\nV/v trực Tết,\nphòng chống dịch bệnh", "5/SYT-NVY", "2027-01-06", "Công văn", "trực Tết, phòng chống dịch bệnh"},
		{"Số: 5/SYT-NVY\nNinh Bình, ngày 06 tháng 01 năm 2027\nV/v: đề nghị cử người", "5/SYT-NVY", "2027-01-06", "Công văn", "đề nghị cử người"},
		{"Số: 5/SYT-NVY\nNinh Bình, ngày 06 tháng 01 năm 2027\nVề việc cử người", "5/SYT-NVY", "2027-01-06", "Công văn", "cử người"},
		{"So: 5/SYT-NVY\nNinh Binh, ngay 06 thang 01 nam 2027\nV/v cu nguoi", "5/SYT-NVY", "2027-01-06", "Công văn", "cu nguoi"},
		{"Số: 129/TB-VPUBND\nNinh Bình, ngày 06 tháng 01 năm 2027\nTHÔNG BÁO\nÝ kiến kết luận của Phó Chủ tịch UBND tỉnh\ntại cuộc họp ngày 05/01/2027", "129/TB-VPUBND", "2027-01-06", "Thông báo", "Ý kiến kết luận của Phó Chủ tịch UBND tỉnh tại cuộc họp ngày 05/01/2027"},
		{"Số: 01/CĐ-UBND\nNinh Bình, ngày 06 tháng 01 năm 2027\nCÔNG ĐIỆN\nVề việc ứng phó rét đậm", "01/CĐ-UBND", "2027-01-06", "Công điện", "ứng phó rét đậm"},
		{"Số: 08/HD-SNV\nNinh Bình, ngày 06 tháng 01 năm 2027\nHƯỚNG DẪN\nBình xét thi đua năm 2026\n_______", "08/HD-SNV", "2027-01-06", "Hướng dẫn", "Bình xét thi đua năm 2026"},
		{"Số: 08/QyĐ-SNV\nNinh Bình, ngày 06 tháng 01 năm 2027\nQUY ĐỊNH\nVề việc sử dụng xe công", "08/QyĐ-SNV", "2027-01-06", "Quy định", "sử dụng xe công"},
		{"Số: 11/TTLT-SNV-STC\nNinh Bình, ngày 06 tháng 01 năm 2027\nV/v x", "11/TTLT-SNV-STC", "2027-01-06", "Thông tư liên tịch", "x"},
		{"Số: 11/CTr-SNV-STC\nNinh Bình, ngày 06 tháng 01 năm 2027\nCHƯƠNG TRÌNH\nPhối hợp giữa hai Sở", "11/CTr-SNV-STC", "2027-01-06", "Chương trình", "Phối hợp giữa hai Sở"},
		{"Số: 105/QĐ-CTUBND\nNinh Bình, ngày 31 tháng 12 năm 2026\nQUYẾT ĐỊNH\nVề việc nâng bậc lương", "105/QĐ-CTUBND", "2026-12-31", "Quyết định", "nâng bậc lương"},
		{"Số: 105/GP-UBND\nNinh Bình, ngày 31 tháng 12 năm 2026\nGIẤY PHÉP\nKhai thác nước", "105/GP-UBND", "2026-12-31", "Giấy phép", "Khai thác nước"},
		{"Số: 12/KL-TTr\nNinh Bình, ngày 31 tháng 12 năm 2026\nKẾT LUẬN THANH TRA\nviệc thực hiện Quy chế", "12/KL-TTr", "2026-12-31", "Kết luận", "THANH TRA"},
		{"Số: 1a/BB-UBND\nNinh Bình, ngày 31 tháng 12 năm 2026\nBIÊN BẢN\nHọp xét nâng lương", "1a/BB-UBND", "2026-12-31", "Biên bản", "Họp xét nâng lương"},
		{"Số: 02/BC-ĐKT\nNinh Bình, ngày 31 tháng 12 năm 2026\nBÁO CÁO KẾT QUẢ KIỂM TRA\nviệc sử dụng hộp thư", "02/BC-ĐKT", "2026-12-31", "Báo cáo", "KẾT QUẢ KIỂM TRA"},
	} {
		d := ReadDocument("ĐƠN VỊ\n" + r.text + "\n\nNội dung văn bản.\n\nNơi nhận:\n- Như trên;\n- Lưu: VT.\n")
		date := ""
		if !d.Date.IsZero() {
			date = d.Date.Format(time.DateOnly)
		}
		if d.Mark() != r.mark || date != r.date || d.Kind != r.kind || !strings.HasPrefix(d.Summary, r.summary) || r.summary == "" && d.Summary != "" || d.Draft {
			t.Errorf("%s:\n got %q %s %q %q %v\nwant %q %s %q %q", strings.ReplaceAll(r.text, "\n", " / "), d.Mark(), date, d.Kind, d.Summary, d.Why, r.mark, r.date, r.kind, r.summary)
		}
	}
}

// TestStampsWritten has boxes 10a and 10b as text leaves them.
func TestStampsWritten(t *testing.T) {
	for text, want := range map[string]Urgency{
		"┌──────┐\n│ KHẨN │\n└──────┘": Urgent,
		"*KHẨN*":                                 Urgent,
		"**HỎA TỐC**":                            Express,
		"Hoả tốc":                                Express,
		"THƯỢNG KHẨN\tNinh Bình":                 VeryUrgent,
		"(HỎA TỐC)":                              Express,
		"H Ỏ A  T Ố C":                           Express,
		"Mức độ khẩn: Khẩn":                      Urgent,
		"Độ khẩn: Hỏa tốc":                       Express,
		"Độ khẩn: Thường":                        Normal,
		"THUONG KHAN":                            VeryUrgent,
		norm.NFD.String("THƯỢNG KHẨN"):           VeryUrgent,
		"Khẩn cấp di dời dân":                    Normal,
		"Đội phản ứng khẩn":                      Normal,
		"Hỏa tốc chuyển công điện":               Normal,
		"HỎA TỐC, hẹn giờ: trước 10h ngày 05/12": ExpressTimed,
		"XEM XONG TRẢ LẠI":                       Normal,
		"\u00a0KHẨN\u00a0":                       Urgent,
	} {
		d := ReadDocument("ĐƠN VỊ\nSố: 5/UBND-VP6\n" + text + "\nNinh Bình, ngày 05 tháng 12 năm 2026\nV/v x\n\nKính gửi: Sở Nội vụ.\n\nNội dung.\n")
		if d.Urgency != want {
			t.Errorf("%q: %v, want %v", text, d.Urgency, want)
		}
	}
}

// TestDraftsWritten: blanks in number and date as templates have them.
func TestDraftsWritten(t *testing.T) {
	for _, r := range []struct{ number, date, why string }{
		{"Số:        /SNV-VP", "ngày 05 tháng 12 năm 2026", "blank-number"},
		{"Số:\t/SNV-VP", "ngày 05 tháng 12 năm 2026", "blank-number"},
		{"Số: .../SNV-VP", "ngày ... tháng ... năm 2026", "blank-number blank-date"},
		{"Số: ……./SNV-VP", "ngày……tháng 12 năm 2026", "blank-number blank-date"},
		{"Số: 12/SNV-VP", "ngày     tháng 12 năm 2026", "blank-date"},
		{"Số: 12/SNV-VP", "ngày    tháng    năm 202…", "blank-date"},
		{"Số:\u00a0\u00a0\u00a0\u00a0/SNV-VP", "ngày 05 tháng 12 năm 2026", "blank-number"},
		{"Số: xx/SNV-VP", "ngày 05 tháng 12 năm 2026", "blank-number"},
		{"Số: [số]/SNV-VP", "ngày 05 tháng 12 năm 2026", "blank-number"},
		{"Số: 12/SNV-VP", "ngày 05 tháng 12 năm 2026", ""},
	} {
		d := ReadDocument("SỞ NỘI VỤ\n" + r.number + "\nNinh Bình, " + r.date + "\nV/v x\n\nNội dung.\n\nNơi nhận:\n- Như trên;\n- Lưu: VT.\n")
		if got := strings.Join(d.Why, " "); got != r.why {
			t.Errorf("%s, %s: %q, want %q", r.number, r.date, got, r.why)
		}
	}
}
