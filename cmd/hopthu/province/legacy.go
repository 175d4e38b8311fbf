package province

import (
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"hopthu/mail"
	"hopthu/mail/viet"
)

// encoder turns text into a legacy encoding by trying what each byte, and each pair of bytes, decodes to.
func encoder(name string) func(string) []byte {
	table := map[string][]byte{}
	put := func(b ...byte) {
		if s, err := viet.DecodeAs(b, name); err == nil {
			if _, ok := table[s]; !ok {
				table[s] = b
			}
		}
	}
	for i := 0x20; i < 0x100; i++ {
		put(byte(i))
	}
	for _, i := range []byte("aAeEiIoOuUyY") {
		for j := 0x80; j < 0x100; j++ {
			put(i, byte(j))
		}
	}
	for i := 0x80; i < 0x100; i++ { // precomposed vowel and tone (windows-1258), ơ and ư with tone (VNI)
		for j := 0x80; j < 0x100; j++ {
			put(byte(i), byte(j))
		}
	}
	return func(s string) []byte {
		var out []byte
		for _, r := range norm.NFC.String(s) {
			b, ok := table[string(r)]
			if !ok {
				b, ok = table[strings.ToLower(string(r))] // TCVN3 has no toned capitals
			}
			if r == '\n' || r == '\r' {
				b, ok = []byte{byte(r)}, true
			}
			if !ok {
				b = []byte("?")
			}
			out = append(out, b...)
		}
		return out
	}
}

// legacy is mail as it still comes from old programs: other encodings, declared rightly, wrongly or not at all.
func (w *writer) legacy() {
	for i, l := range []struct {
		encoding, declared, from, subject, body string
		days                                    int
	}{
		{"TCVN3", "us-ascii", "UBND xã Ninh Hải", "V/v báo cáo kết quả thực hiện Quy chế", "Kính gửi: Sở Kế hoạch và Đầu tư.\n\nỦy ban nhân dân xã báo cáo kết quả thực hiện Quy chế quản lý, sử dụng hệ thống thư điện tử như sau: cán bộ đã mở hộp thư hằng ngày.\n\nTrân trọng.", 3},
		{"TCVN3", "iso-8859-1", "UBND huyện Nho Quan", "Đề nghị cấp kinh phí", "Kính đề nghị Sở xem xét, trình Ủy ban nhân dân tỉnh cấp kinh phí sửa chữa trụ sở.", 11},
		{"VNI", "windows-1252", "Quách Thị Liễu", "Danh sách cán bộ tập huấn", "Sở Y tế gửi danh sách cán bộ tham dự lớp tập huấn thư điện tử của tỉnh.", 17},
		{"windows-1258", "windows-1258", "Phan Thị Yến", "Thông báo lịch kiểm tra công vụ", "Sở Nội vụ thông báo lịch kiểm tra công vụ tại các cơ quan, đơn vị trong quý tới.", 7},
		{"windows-1258", "", "Mai Thị Huyền", "Văn bản quy phạm pháp luật mới", "Sở Tư pháp gửi danh mục văn bản quy phạm pháp luật mới ban hành để các đơn vị tra cứu.", 19},
		{"VISCII", "viscii", "Hà Thị Nhung", "Báo cáo nhanh tình hình mưa lũ", "Huyện báo cáo nhanh tình hình mưa lũ trên địa bàn đến 16 giờ hôm nay.", 26},
	} {
		enc := encoder(l.encoding)
		when := w.at(l.days, 9, 9*i)
		ct := "Content-Type: text/plain"
		if l.declared != "" {
			ct += "; charset=" + l.declared
		}
		from := w.person(l.from)
		w.raw(mail.Seen|[]mail.Flags{0, mail.Answered}[min(i, 1)], when, fmt.Sprintf("From: %s <%s>\nTo: <%s>\nSubject: %s\nDate: %s\nMessage-ID: <cu-%d@%s>\nMIME-Version: 1.0\n%s\nContent-Transfer-Encoding: 8bit\n\n%s\n",
			enc(l.from), from.Addr, w.person(Me.Name).Addr, enc(l.subject), when.Format(time.RFC1123Z), i, Domain, ct, enc(l.body)))
	}
	for i, s := range []string{"Tài liệu họp Ban Chỉ đạo cải cách hành chính", "Góp ý quy chế nội bộ về sử dụng thư điện tử"} { // macOS writes NFD
		when := w.at(5+i*9, 10, 10)
		from := w.person("Ngô Quỳnh Anh")
		w.raw(mail.Seen|mail.NoReply, when, fmt.Sprintf("From: %s <%s>\nTo: <%s>\nSubject: %s\nDate: %s\nMessage-ID: <nfd-%d@%s>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n%s\n",
			word(norm.NFD.String("Ngô Quỳnh Anh")), from.Addr, w.person(Me.Name).Addr, word(norm.NFD.String(s)), when.Format(time.RFC1123Z), i, Domain,
			norm.NFD.String("Gửi chị "+s+", chị xem và cho ý kiến trước khi trình Lãnh đạo.")))
	}
}

// broken is mail that real programs got wrong.
func (w *writer) broken() {
	me := w.person(Me.Name).Addr
	when := w.at(6, 11, 5)
	w.raw(mail.Seen|mail.NoReply, when, "From: May quet <mayquet@"+Domain+">\nTo: <"+me+">\nSubject: Ban quet tu may photocopy\nDate: "+when.Format(time.RFC1123Z)+
		"\nMessage-ID: <scan-1@"+Domain+">\nAuto-Submitted: auto-generated\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"quet\"\n\n--quet\nContent-Type: text/plain\n\nTep quet dinh kem.\n--quet\nContent-Type: image/png; name=\"quet.png\"\nContent-Transfer-Encoding: base64\n\niVBORw0KGgoAAAANSUhEUgAA!!!!\n")
	when = w.at(13, 13, 13)
	w.raw(mail.Seen|mail.NoReply, when, "From nguoi-gui\nFrom: Lê Hà <"+w.person("Lê Hà").Addr+">\nTo: <"+me+">\nThis line has no colon\nSubject: Thư từ chương trình cũ, đầu thư hỏng\nDate: "+when.Format(time.RFC1123Z)+
		"\nMessage-ID: <old-2@"+Domain+">\nContent-Type: text/plain; charset=utf-8\n\nĐầu thư này có dòng hỏng nhưng nội dung vẫn đọc được.\n")
	when = w.at(21, 8, 1)
	w.raw(mail.Seen|mail.NoReply, when, "From: \"Phòng Tổng hợp\" <th@"+Domain+">\nTo: <"+me+">\nSubject: =?utf-8?B?VGjGsCBi4buLIGPhuq90IG5n?=\nDate: khong ro\nMessage-ID: <cut-3@"+Domain+
		">\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=khongco\n\nPhần thân không có ranh giới nào cả, nhưng vẫn phải đọc được.\n")
	when = w.at(28, 17, 17)
	w.raw(mail.Seen|mail.NoReply, when, "From: Kẻ lạ \x1b[31m<la@quangcao.example>\nTo: <"+me+">\nSubject: \x1b]0;ban da bi lua\x07Tiêu đề có mã điều khiển\nDate: "+when.Format(time.RFC1123Z)+
		"\nMessage-ID: <esc-4@quangcao.example>\nContent-Type: text/plain; charset=utf-8\n\nNội dung \x1b[2J\x1b[Hcó mã điều khiển màn hình, phải hiện ra vô hại.\n")
}
