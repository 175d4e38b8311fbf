package province

import (
	"fmt"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/letter"
)

// Levels of urgency, as mail.DocumentMark has them.
const (
	ordinary = iota
	urgent
	_ // thượng khẩn
	express
)

// papers carry official documents and say so in their header (QC 7.1): kinds, numbers, haste, time limits.
func (w *writer) papers() {
	for i, p := range []struct {
		days          int
		from          string
		kind, number  string
		haste         int
		about, asking string
		flags         mail.Flags
	}{
		{
			0, "Văn phòng UBND tỉnh", "Công điện", "05/CĐ-UBND", express, "triển khai ngay việc chống lụt, bảo vệ đê sông Đáy",
			"Chủ tịch UBND tỉnh điện: các Sở, UBND các huyện ven sông triển khai ngay phương án chống lụt, báo cáo ngay trong ngày.", 0,
		},
		{
			0, "Sở Tài chính", "Công văn", "877/STC-NS", urgent, "V/v báo cáo số liệu quyết toán chi đầu tư",
			"Đề nghị Sở Kế hoạch và Đầu tư báo cáo số liệu, gửi về Sở Tài chính trước ngày %s.", 0,
		},
		{
			1, "Sở Tư pháp", "Công văn", "231/STP-XDVB", ordinary, "V/v lấy ý kiến dự thảo Quyết định về công tác văn thư điện tử",
			"Đề nghị quý cơ quan góp ý bằng văn bản trong thời hạn 05 ngày làm việc kể từ ngày nhận được văn bản; quá thời hạn trên coi như đồng ý.", 0,
		},
		{
			2, "Sở Nội vụ", "Kế hoạch", "41/KH-SNV", ordinary, "Kiểm tra công tác văn thư, lưu trữ",
			"Đề nghị các cơ quan gửi báo cáo tự kiểm tra về Sở Nội vụ chậm nhất ngày %s.", 0,
		},
		{
			3, "Văn phòng UBND tỉnh", "Giấy mời", "80/GM-VPUBND", urgent, "Họp Ban Chỉ đạo ứng dụng công nghệ thông tin",
			"Kính mời đại diện Lãnh đạo Sở dự họp, đề nghị đăng ký thành phần trước ngày %s.", mail.Seen,
		},
		{
			6, "Sở Xây dựng", "Báo cáo", "112/BC-SXD", ordinary, "Kết quả thực hiện Quy chế quản lý, sử dụng hệ thống thư điện tử",
			"Sở Xây dựng gửi báo cáo để Sở Kế hoạch và Đầu tư tổng hợp.", mail.Seen | mail.NoReply,
		},
	} {
		when := w.at(p.days, 8+i, 17*i%60)
		asking := p.asking
		if strings.Contains(asking, "%s") {
			asking = fmt.Sprintf(asking, when.AddDate(0, 0, 6).Format("02/01/2006"))
		}
		text := "Số: " + p.number + "\nNinh Bình, " + date(when) + "\n\n" + p.about + "\n\nKính gửi: Sở Kế hoạch và Đầu tư.\n\n" + asking
		w.write(note{
			from: p.from, subject: p.kind + " số " + p.number + ": " + p.about, when: when, flags: p.flags, head: mark(p.kind, p.number, p.haste, when),
			body:  text + sign(strings.ToUpper(p.from), ""),
			files: []letter.File{file(p.kind+" "+strings.ReplaceAll(p.number, "/", "-")+".docx", docxType, docxLines(text+sign(strings.ToUpper(p.from), "")))},
		})
	}
	w.stampedLetter()
	w.dispatched()
}

const docxType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

// mark is the header of a letter that carries a document issued that day.
func mark(kind, number string, haste int, when time.Time) []mail.Field {
	return letter.DocumentFields(mail.DocumentMark{
		Kind: kind, Number: number, Urgency: haste, Issued: time.Date(when.Year(), when.Month(), when.Day(), 0, 0, 0, 0, time.FixedZone("", 7*3600)),
	})
}

// stampedLetter should never have come (QC 7.1b, 13.7). All of it is invented: the screen shows its warning by it.
func (w *writer) stampedLetter() {
	when := w.at(1, 10, 40)
	w.write(note{
		from: "UBND huyện Gia Viễn", subject: "Gửi kế hoạch diễn tập (thư bịa đặt, để xem cảnh báo)", when: when, cc: []string{"Phạm Ngọc Ánh"},
		body:  "Kính gửi: Sở Kế hoạch và Đầu tư.\n\nMẬT\n\nUBND huyện gửi kế hoạch diễn tập. Nội dung thư này là bịa đặt, dùng để thử cảnh báo văn bản mật.",
		files: []letter.File{file("Kế hoạch diễn tập.docx", docxType, docxLines(stamped(when)))},
	})
}

// dispatched is a document that went out some days ago, and the report of what became of it (RFC 3464).
func (w *writer) dispatched() {
	when := w.at(2, 15, 5)
	const stranger = "vanphong@hoalu.example"
	to := []string{"Sở Tài chính", "Sở Y tế", "Công ty TNHH Hoa Lư <" + stranger + ">"}
	id := w.write(note{
		from: Me.Name, to: to, subject: "Công văn số 498/SKHĐT-THQH: V/v cung cấp số liệu kế hoạch", when: when, role: mail.RoleSent, flags: mail.Seen,
		head: mark("Công văn", "498/SKHĐT-THQH", ordinary, when),
		body: "Số: 498/SKHĐT-THQH\nNinh Bình, " + date(when) + "\n\nSở Kế hoạch và Đầu tư gửi công văn kèm theo." + sign("SỞ KẾ HOẠCH VÀ ĐẦU TƯ", ""),
	})
	me := w.person(Me.Name).Addr
	later := when.Add(90 * time.Second)
	var status strings.Builder
	for _, name := range to[:2] {
		fmt.Fprintf(&status, "\nFinal-Recipient: rfc822; %s\nAction: delivered\nStatus: 2.0.0\nLast-Attempt-Date: %s\n", w.person(name).Addr, later.Format(time.RFC1123Z))
	}
	fmt.Fprintf(&status, "\nFinal-Recipient: rfc822; %s\nAction: failed\nStatus: 5.1.1\nRemote-MTA: dns; mail.hoalu.example\nDiagnostic-Code: smtp; 550 5.1.1 no such user\n", stranger)
	w.raw(mail.Seen, later, "From: "+word("Hệ thống thư")+" <MAILER-DAEMON@"+Domain+">\nTo: <"+me+">\nSubject: "+word("Thư không đến nơi / Undelivered mail")+"\nDate: "+later.Format(time.RFC1123Z)+
		"\nMessage-ID: <bao-phat-1@"+Domain+">\nIn-Reply-To: <"+id+">\nReferences: <"+id+">\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n"+
		"Content-Type: multipart/report; report-type=delivery-status; boundary=\"bao\"\nContent-Transfer-Encoding: 8bit\n\n--bao\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"+
		"Thư của ông/bà không đến được những địa chỉ sau.\n\n  "+stranger+"\n    Không có địa chỉ này.\n\nThư của ông/bà đã vào hộp thư của những địa chỉ sau.\n\n  "+
		w.person(to[0]).Addr+"\n  "+w.person(to[1]).Addr+"\n\n--bao\nContent-Type: message/delivery-status\n\nOriginal-Envelope-Id: "+id+
		"\nReporting-MTA: dns; mail."+Domain+"\n"+status.String()+"\n--bao\nContent-Type: text/rfc822-headers\n\nMessage-ID: <"+id+">\nDate: "+when.Format(time.RFC1123Z)+"\n\n--bao--\n")
}
