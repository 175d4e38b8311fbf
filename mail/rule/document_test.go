package rule

import (
	"os"
	"strings"
	"testing"
)

func docLine(d Document) string {
	date := ""
	if !d.Date.IsZero() {
		date = d.Date.Format("2006-01-02")
	}
	var to []string
	for _, e := range d.To {
		to = append(to, compact(e))
	}
	draft := ""
	if d.Draft {
		draft = "nháp:" + strings.Join(d.Why, ",")
	}
	return strings.Join([]string{d.Kind, d.Mark(), date, d.Summary, d.Urgency.String(), strings.Join(to, "; "), draft}, "|")
}

// The letters L01 to L15 of D 6.6, and documents of our own.
func TestReadDocument(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"L01", `UBND TỈNH NINH BÌNH
SỞ KẾ HOẠCH VÀ ĐẦU TƯ
Số: 512/SKHĐT-THQH                 Ninh Bình, ngày 22 tháng 7 năm 2013
V/v báo cáo tình hình thực hiện kế hoạch 6 tháng đầu năm 2013
Kính gửi: UBND các huyện, thành phố, thị xã.
Để có cơ sở tổng hợp, đề nghị quý cơ quan báo cáo kết quả, gửi về Sở Kế hoạch và Đầu tư trước ngày 05/8/2013./.
Nơi nhận:
- Như trên;
- Lưu: VT, THQH.`, "Công văn|512/SKHĐT-THQH|2013-07-22|báo cáo tình hình thực hiện kế hoạch 6 tháng đầu năm 2013||NHÓM UBND các huyện, thành phố, thị xã|"},
		{"L02", `VĂN PHÒNG UBND TỈNH · Số: 79/GM-VPUBND · KHẨN
Kính mời: Giám đốc Sở Tài chính; Giám đốc Sở Nội vụ. 14 giờ 00 ngày 25/7/2013, phòng họp tầng 2.
Nơi nhận: - Như thành phần mời; - Lưu: VT, VP6.`, "Giấy mời|79/GM-VPUBND|||Khẩn|CHỨC-DANH Giám đốc Sở Tài chính; CHỨC-DANH Giám đốc Sở Nội vụ|"},
		{
			"L03", `CÔNG ĐIỆN · Số: 05/CĐ-UBND · HỎA TỐC
Chủ tịch UBND tỉnh điện: UBND các huyện ven sông… triển khai ngay việc chống lụt, báo cáo ngay trong ngày.`,
			"Công điện|05/CĐ-UBND|||Hỏa tốc|NHÓM UBND các huyện ven sông|",
		},
		{"L04", "Lịch công tác tuần của Lãnh đạo UBND tỉnh (từ 29/7 đến 02/8/2013). Gửi để biết.", "Lịch công tác|||tuần của Lãnh đạo UBND tỉnh (từ 29/7 đến 02/8/2013). Gửi để biết|||"},
		{
			"L06", "Kính gửi: Ông Đinh Công Đoàn, phường Đông Thành. Sở Xây dựng trả lời đơn của ông ngày 10/7/2013 như sau: …",
			"|||||CÁ-NHÂN Đinh Công Đoàn <phường Đông Thành>|",
		},
		{
			"L07", `Số: 15/STTTT-VP · V/v đề nghị cấp hộp thư điện tử
Kính gửi: Văn phòng UBND tỉnh. Đề nghị cấp hộp thư cho 03 công chức: 1. Trần Văn Hùng – chuyên viên; 2. Lê Hà – kế toán.`,
			"Công văn|15/STTTT-VP||đề nghị cấp hộp thư điện tử||CƠ-QUAN Văn phòng UBND tỉnh|",
		},
		{"L08", "GIẤY ỦY QUYỀN · Số: 03/GUQ-SKHĐT · Giám đốc Sở ủy quyền cho bà Nguyễn Thị Thu Hà, văn thư, quản lý hộp thư công vụ.", "Giấy ủy quyền|03/GUQ-SKHĐT|||||"},
		{"L09", "BIÊN BẢN bàn giao hộp thư công vụ · Bên giao: … Bên nhận: …", "Biên bản|||bàn giao hộp thư công vụ|||"},
		{
			"L10", "BÁO CÁO kết quả thực hiện Quy chế quản lý, sử dụng hệ thống thư điện tử năm 2013 · Số: 98/BC-SNV",
			"Báo cáo|98/BC-SNV||kết quả thực hiện Quy chế quản lý, sử dụng hệ thống thư điện tử năm 2013|||",
		},
		{"L11", "Kính gửi: Trung tâm Tin học - Công báo. Đề nghị cấp lại mật khẩu cho hộp thư hal.tt&tt.", "|||||CƠ-QUAN Trung tâm Tin học - Công báo|"},
		{"L13", "MẬT\nSố: 07/KH-BCH · KẾ HOẠCH diễn tập khu vực phòng thủ", "Kế hoạch|07/KH-BCH||diễn tập khu vực phòng thủ|||"},
		{"L15", "Tôi là Đinh Công Đoàn, xin hỏi thủ tục cấp phép xây dựng nhà ở riêng lẻ. Mong Sở trả lời sớm.", "||||||"},
		{
			"decision", `ỦY BAN NHÂN DÂN          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
TỈNH NINH BÌNH           Độc lập - Tự do - Hạnh phúc

Số: 10/2013/QĐ-UBND      Ninh Bình, ngày 10 tháng 7 năm 2013

QUYẾT ĐỊNH
Về việc ban hành Quy chế quản lý,
sử dụng hệ thống thư điện tử
ỦY BAN NHÂN DÂN TỈNH NINH BÌNH
Căn cứ Nghị định số 64/2007/NĐ-CP ngày 10/4/2007 của Chính phủ;`,
			"Quyết định|10/2013/QĐ-UBND|2013-07-10|ban hành Quy chế quản lý, sử dụng hệ thống thư điện tử|||",
		},
		{"party", "ĐẢNG BỘ TỈNH NINH BÌNH\nSố 15-CV/TU\tNinh Bình, ngày 05 tháng 3 năm 2014\nKính gửi: Thường trực HĐND tỉnh,", "Công văn|15-CV/TU|2014-03-05|||CƠ-QUAN Thường trực HĐND tỉnh|"},
		{"blank number", "UBND TỈNH NINH BÌNH\nSố:        /UBND-VP6        Ninh Bình, ngày     tháng 7 năm 2013\nV/v kiểm tra hộp thư", "Công văn|||kiểm tra hộp thư|||nháp:blank-number,blank-date"},
		{"dotted", "Số: …/QyĐ-STP\nNinh Bình, ngày … tháng … năm 2020\nDỰ THẢO\nQUY ĐỊNH\nVề văn thư\n\nĐiều 1. …", "Quy định|||Về văn thư|||nháp:blank-number,blank-date,draft-word"},
		{
			"express, old spelling", "SỞ Y TẾ\nSố: 07/TTr-SYT\nHOẢ TỐC\nNinh Bình, ngày 01 tháng 02 năm 2021\nTỜ TRÌNH\nVề việc mua thuốc\nKính gửi:\n- UBND tỉnh;\n- Sở Tài chính (để p/h).\n\nNội dung",
			"Tờ trình|07/TTr-SYT|2021-02-01|mua thuốc|Hỏa tốc|CƠ-QUAN UBND tỉnh; CƠ-QUAN Sở Tài chính (phối hợp)|",
		},
		{"not a stamp", "Số: 01/BC-STC\nViệc này là KHẨN trương.\nBÁO CÁO", "Báo cáo|01/BC-STC|||||"},
		{"cited only", "Căn cứ Quyết định số 12/2012/QĐ-UBND ngày 01/01/2012", "||||||"},
		{"no marks", "So: 12/BC-STC   Ninh Binh, ngay 02 thang 3 nam 2015\nBAO CAO\nKinh gui: UBND tinh.", "Báo cáo|12/BC-STC|2015-03-02|||CƠ-QUAN UBND tinh|"},
		{"two addressees in lines", "Số: 1/STC-NS\nV/v quyết toán\n\n          Kính gửi:\n               - Các Sở, ban, ngành;\n               - UBND các huyện, thành phố,\n                 thị xã.\n\nThực hiện", "Công văn|1/STC-NS||quyết toán||NHÓM Các Sở, ban, ngành; NHÓM UBND các huyện, thành phố, thị xã|"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := docLine(ReadDocument(c.text)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// The sample decision: its own file, whose head has no number.
func TestSampleDecision(t *testing.T) {
	raw, err := os.ReadFile("testdata/qd-10-2013-ubnd.txt")
	if err != nil {
		t.Fatal(err)
	}
	d := ReadDocument(string(raw))
	if d.Kind != "Quyết định" || d.Mark() != "10/2013/QĐ-UBND" || !d.Quoted || d.Date.Format("02/01/2006") != "10/07/2013" || d.Draft {
		t.Errorf("head %q %q %v %v draft %v", d.Kind, d.Mark(), d.Date, d.Quoted, d.Why)
	}
	if !strings.HasPrefix(d.Summary, "BAN HÀNH QUY CHẾ QUẢN LÝ") && !strings.HasPrefix(d.Summary, "VỀ VIỆC BAN HÀNH") {
		t.Errorf("summary %q", d.Summary)
	}
	if len(d.Block.Entries) != 12 || len(d.Block.Warnings) != 0 {
		t.Errorf("block\n%s", compactBlock(d.Block))
	}
	var got []string
	for _, e := range d.ArticleRecipients(3, nil) {
		got = append(got, compact(e))
	}
	want := `CHỨC-DANH Chánh Văn phòng UBND tỉnh
NHÓM Sở, ban, ngành của tỉnh <Giám đốc>
NHÓM UBND các huyện, thành phố, thị xã <Chủ tịch>
CHƯA-RÕ các cơ quan, đơn vị khác và cá nhân có liên quan`
	if strings.Join(got, "\n") != want {
		t.Errorf("article 3:\n%s", strings.Join(got, "\n"))
	}
}

func TestDocumentKinds(t *testing.T) {
	ours := map[string]string{}
	for _, r := range dataRows("document-kinds.psv") {
		if len(r) != 3 || r[2] == "" {
			t.Errorf("row %q", r)
		}
		ours[r[1]] = r[0]
	}
	for _, r := range rows(t, "document-kinds.psv") {
		name := strings.TrimSuffix(r[1], " (cá biệt)")
		if ours[name] != r[0] && name != "Công văn" {
			t.Errorf("%s: %q, want %q", name, ours[name], r[0])
		}
		if r[0] == "-" {
			continue
		}
		d := ReadDocument("Số: 05/" + r[0] + "-STC\n")
		if d.Kind != name || d.Number != "05" || d.Symbol != r[0]+"-STC" {
			t.Errorf("%s: %+v", r[0], d)
		}
	}
}

func FuzzDocument(f *testing.F) {
	f.Add("Số: 512/SKHĐT-THQH                 Ninh Bình, ngày 22 tháng 7 năm 2013\nV/v báo cáo\nKính gửi: UBND các huyện.\nĐiều 1. a\nNơi nhận:\n- Như trên;\n- Lưu: VT.", 1)
	f.Add("CÔNG ĐIỆN · Số: 05/CĐ-UBND · HỎA TỐC\nChủ tịch UBND tỉnh điện: UBND các huyện", 3)
	f.Fuzz(func(t *testing.T, text string, n int) {
		d := ReadDocument(text)
		if d.Number == "" && d.Mark() != "" {
			t.Fatalf("%q: mark %q", text, d.Mark())
		}
		for _, e := range append(d.To, d.ArticleRecipients(n, nil)...) {
			if e.Name == "" || e.Raw == "" {
				t.Fatalf("%q: %+v", text, e)
			}
		}
	})
}
