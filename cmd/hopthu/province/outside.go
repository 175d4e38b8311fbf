package province

import (
	"fmt"
	"strings"

	"hopthu/mail"
	"hopthu/mail/letter"
)

// citizens write from outside; each awaits an answer unless it has one (QC 7.1c, 9).
func (w *writer) citizens() {
	for i, c := range []struct {
		days                 int
		from, subject, words string
		flags                mail.Flags
	}{
		{0, "Đinh Công Đoàn <doan.dinh@thu-dan.example>", "Hỏi thủ tục cấp phép xây dựng nhà ở", "Tôi là Đinh Công Đoàn, phường Đông Thành, xin hỏi thủ tục cấp phép xây dựng nhà ở riêng lẻ. Mong Sở trả lời sớm.", 0},
		{1, "Công ty TNHH Hoa Lư <vanphong@hoalu.example>", "Đề nghị hướng dẫn đăng ký thay đổi vốn điều lệ", "Công ty chúng tôi cần thay đổi vốn điều lệ, đề nghị Sở hướng dẫn thành phần hồ sơ.", 0},
		{3, "Nguyễn Thị Lụa <lua.nt@thu-dan.example>", "Hỏi về hỗ trợ khởi nghiệp cho thanh niên", "Em muốn hỏi điều kiện để được hỗ trợ vay vốn khởi nghiệp ạ.", mail.Seen},
		{6, "Hợp tác xã Ninh Hải <htx@ninhhai.example>", "Xin ý kiến về dự án trồng rau sạch", "Hợp tác xã gửi đề cương dự án, kính mong Sở cho ý kiến.", mail.Seen},
		{9, "Phạm Văn Bình <binhpv@thu-dan.example>", "Phản ánh về đường thôn Đồng Xuân", "Đường vào thôn hỏng nhiều đoạn, tôi đề nghị các cơ quan kiểm tra.", mail.Seen | mail.Answered},
		{14, "Lê Thị Hoa <hoa@thu-dan.example>", "Cảm ơn Sở đã hướng dẫn", "Tôi đã nhận được giấy phép. Xin cảm ơn!", mail.Seen | mail.NoReply},
		{18, "Công ty Cổ phần Tràng An <lienhe@trangan.example>", "Hồ sơ đăng ký doanh nghiệp", "Công ty gửi hồ sơ bổ sung theo thông báo của Sở.", mail.Seen | mail.Answered},
		{22, "Vũ Quốc Việt <viet@thu-dan.example>", "Hỏi lịch tiếp công dân", "Cho tôi hỏi lịch tiếp công dân của Giám đốc Sở trong tháng.", mail.Seen | mail.Answered},
	} {
		n := note{from: c.from, subject: c.subject, body: "Kính gửi: Sở Kế hoạch và Đầu tư.\n\n" + c.words + "\n\nTrân trọng.", when: w.at(c.days, 7+i%3, 44-i), flags: c.flags}
		if i == 3 {
			n.files = []letter.File{file("Đề cương dự án.odt", "application/vnd.oasis.opendocument.text", odt("Đề cương dự án", "Hợp tác xã Ninh Hải"))}
		}
		w.write(n)
	}
}

// newsletters are HTML and nothing else.
func (w *writer) newsletters() {
	for i, s := range []string{
		"Bản tin Cải cách hành chính số", "Điểm tin pháp luật tuần", "Tin học và Công báo", "Bản tin Đầu tư Ninh Bình", "Chuyển đổi số trong cơ quan nhà nước", "Lịch bồi dưỡng nghiệp vụ văn thư",
		"Bản tin Cải cách hành chính số", "Điểm tin pháp luật tuần", "Tin học và Công báo", "Bản tin Đầu tư Ninh Bình",
	} {
		days := 1 + i*6
		when := w.at(days, 6, 30)
		w.raw(w.seen(days), when, fmt.Sprintf(`From: =?UTF-8?B?QuG6o24gdGlu?= <bantin@bantin.example>
To: <%s>
Subject: %s
Date: %s
Message-ID: <bantin-%d@bantin.example>
List-Id: <bantin.bantin.example>
List-Unsubscribe: <https://bantin.example/huy>
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: 8bit

<html><head><style>.pre{display:none}</style></head><body>
<div class="pre" style="display:none">Xem trong trình duyệt</div>
<img src="https://bantin.example/theo-doi.gif" width="1" height="1">
<h1>%s %d</h1>
<p>Trong số này: <b>hướng dẫn đổi mật khẩu</b>, <a href="https://bantin.example/quy-che">toàn văn Quy chế</a> và
<a href="https://bantin.example/lich">lịch tập huấn</a>.</p>
<ul><li>Hộp thư công vụ chỉ mở bằng tài khoản của từng người.</li><li>Không gửi văn bản mật qua thư điện tử.</li></ul>
<table><tr><th>Đơn vị</th><th>Tỷ lệ</th></tr><tr><td>Sở Tài chính</td><td>98%%</td></tr><tr><td>Sở Y tế</td><td>95%%</td></tr></table>
<blockquote>Kiểm tra thư hằng ngày, hồi đáp kịp thời (Điều 9).</blockquote>
</body></html>
`, w.person(Me.Name).Addr, word(fmt.Sprintf("%s %d", s, 40-i)), when.Format("Mon, 02 Jan 2006 15:04:05 -0700"), i, s, 40-i))
	}
}

// spam lies in junk, and two that were not caught in the inbox.
func (w *writer) spam() {
	for i, s := range []string{
		"TRÚNG THƯỞNG xe máy, xác nhận ngay", "Vay tiền nhanh không cần thế chấp", "Hóa đơn điện tử của bạn đã sẵn sàng", "Hộp thư của bạn sắp bị khóa",
		"Re: đơn hàng số 88123", "Khóa học làm giàu trực tuyến", "Invoice overdue", "Your mailbox storage is full",
	} {
		days := 1 + i*2
		role := mail.RoleJunk
		if i == 3 || i == 4 {
			role = mail.RoleInbox
		}
		n := note{
			from: fmt.Sprintf("Khuyến mại <kh%d@quangcao.example>", i), subject: s, when: w.at(days, 3, 3*i), role: role, flags: mail.Seen | mail.NoReply,
			body: "Bấm vào đường dẫn http://quangcao.example/" + fmt.Sprint(i) + " để nhận ngay. Nhập mật khẩu hộp thư để xác nhận!",
		}
		if i == 2 {
			n.files = []letter.File{file("hoadon_072013.pdf.exe", "application/pdf", []byte("MZ\x90\x00\x03\x00\x00\x00 this is no invoice"))}
		}
		w.write(n)
	}
}

// large carries 10 MB of picture.
func (w *writer) large() {
	w.write(note{
		from: "Lã Thị Quyên", subject: "Ảnh hiện trạng khu đất (tệp lớn)", when: w.at(4, 15, 15), flags: mail.Seen, cc: []string{"Dương Đình Phúc"},
		body:  "Chị gửi em ảnh chụp khu đất, tệp gốc khoảng 10 MB nên mạng yếu sẽ tải hơi lâu. Em xem rồi báo chị đã nhận được nhé.",
		files: []letter.File{file("hien-trang-khu-dat.png", "image/png", picture(1900, 1800, 7))},
	})
}

// word encodes a header text (RFC 2047) in pieces that stay below the limit and never cut a letter.
func word(s string) string {
	var out []string
	piece := ""
	flush := func() {
		if piece != "" {
			out = append(out, "=?UTF-8?Q?"+q(piece)+"?=")
			piece = ""
		}
	}
	for _, r := range s {
		if len(q(piece+string(r))) > 55 {
			flush()
		}
		piece += string(r)
	}
	flush()
	return strings.Join(out, "\n ")
}

func q(s string) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ':
			b.WriteByte('_')
		case c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "=%02X", c)
		}
	}
	return b.String()
}
