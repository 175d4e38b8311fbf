package province

import (
	"fmt"
	"strings"
	"time"
)

// Document is a sample file for the person to send out, or to see refused.
type Document struct {
	Name string
	Data []byte
}

// Documents are the files of the demo's folder of samples. decision is the text of Decision 10/2013/QĐ-UBND; the others are
// invented and dated today, so that only the decision is late.
func Documents(now time.Time, decision string) []Document {
	official := officialLetter(now)
	return []Document{
		{"Quyết định 10-2013-QĐ-UBND.docx", docxLines(decision)},
		{"Quyết định 10-2013-QĐ-UBND.txt", []byte(decision)},
		{"Công văn 512-SKHĐT-THQH.docx", docxLines(official)},
		{"Công văn 512-SKHĐT-THQH.odt", odtLines(official)},
		{"Giấy mời 79-GM-SKHĐT (khẩn).docx", docxLines(invitation(now))},
		{"Dự thảo tờ trình (chưa có số).docx", docxLines(draft(now))},
		{"Kế hoạch diễn tập (có dấu mật).docx", docxLines(stamped(now))},
		{"Bản quét công văn.png", picture(420, 594, 12)},
	}
}

func head(number, about string, now time.Time) string {
	return "UBND TỈNH NINH BÌNH\nSỞ KẾ HOẠCH VÀ ĐẦU TƯ\nSố: " + number + "\nNinh Bình, " + date(now) + "\n" + about + "\n\n"
}

func officialLetter(now time.Time) string {
	return head("512/SKHĐT-THQH", "V/v báo cáo tình hình thực hiện kế hoạch năm "+fmt.Sprint(now.Year()), now) +
		"Kính gửi:\n- Các Sở: Tài chính, Nội vụ, TT&TT;\n- UBND các huyện, thành phố.\n\n" +
		"Để có cơ sở tổng hợp, báo cáo UBND tỉnh, Sở Kế hoạch và Đầu tư đề nghị quý cơ quan báo cáo kết quả thực hiện kế hoạch, " +
		"gửi về Sở Kế hoạch và Đầu tư trước ngày " + now.AddDate(0, 0, 14).Format("02/01/2006") + "./.\n\n" +
		"Nơi nhận:\n- Như trên;\n- Văn phòng UBND tỉnh (để b/c);\n- Ông Trần Văn Hùng, Chuyên viên phòng Tổng hợp;\n- Lưu: VT, THQH.\n" +
		"KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC\n"
}

func invitation(now time.Time) string {
	return "SỞ KẾ HOẠCH VÀ ĐẦU TƯ\nSố: 79/GM-SKHĐT\nKHẨN\nNinh Bình, " + date(now) + "\nGIẤY MỜI\nHọp thẩm định dự án cải tạo trụ sở\n\n" +
		"Kính mời:\n- Giám đốc Sở Tài chính;\n- Giám đốc Sở Xây dựng.\n\n" +
		"Thời gian: 14 giờ 00, " + date(now.AddDate(0, 0, 3)) + ".\nĐịa điểm: Phòng họp tầng 2./.\n\n" +
		"Nơi nhận:\n- Như thành phần mời;\n- Chủ tịch, các PCT UBND tỉnh (để b/c);\n- Lưu: VT, TH.\nGIÁM ĐỐC\n"
}

func draft(now time.Time) string {
	return "UBND TỈNH NINH BÌNH\nSỞ KẾ HOẠCH VÀ ĐẦU TƯ\nSố:      /TTr-SKHĐT\nNinh Bình, ngày … tháng … năm " + fmt.Sprint(now.Year()) + "\nDỰ THẢO\nTỜ TRÌNH\n" +
		"Về việc phân bổ kinh phí tập huấn sử dụng thư điện tử\n\nKính gửi: UBND tỉnh.\n\n" +
		"Sở Kế hoạch và Đầu tư kính trình UBND tỉnh xem xét, phân bổ kinh phí tập huấn./.\n\n" +
		"Nơi nhận:\n- Như trên;\n- Sở Tài chính;\n- ………;\n- Lưu: VT, ….\nGIÁM ĐỐC\n"
}

// stamped carries a stamp of secrecy in a document that is wholly invented: it must never leave (QC 7.1b).
func stamped(now time.Time) string {
	return "SỞ KẾ HOẠCH VÀ ĐẦU TƯ\nSố: 07/KH-BCH\nMẬT\nNinh Bình, " + date(now) + "\nKẾ HOẠCH\nDiễn tập khu vực phòng thủ (văn bản bịa đặt, dùng để thử)\n\n" +
		"Nội dung của văn bản này là bịa đặt.\n\nNơi nhận:\n- Sở Nội vụ;\n- Lưu: VT.\nGIÁM ĐỐC\n"
}

func docxLines(text string) []byte {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(`<w:p>`)
		for i, part := range strings.Split(strings.TrimRight(line, "\r\n"), "\t") {
			if i > 0 {
				b.WriteString(`<w:r><w:tab/></w:r>`)
			}
			b.WriteString(`<w:r><w:t xml:space="preserve">` + xmlText.Replace(part) + `</w:t></w:r>`)
		}
		b.WriteString(`</w:p>`)
	}
	return docxOf(b.String())
}

func odtLines(text string) []byte {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(`<text:p>` + strings.ReplaceAll(xmlText.Replace(strings.TrimRight(line, "\r\n")), "\t", `<text:tab/>`) + `</text:p>`)
	}
	return odtOf(b.String())
}
