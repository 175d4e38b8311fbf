package province

import (
	"fmt"
	"strings"

	"hopthu/mail"
	"hopthu/mail/letter"
)

// schedules are the weekly work schedules, sent to all "để biết" (QC 7.1b).
func (w *writer) schedules() {
	for week := range 18 {
		days := week*7 + 3
		when := w.at(days, 16, 20+week)
		from, to := when.AddDate(0, 0, 3), when.AddDate(0, 0, 7)
		body := fmt.Sprintf("Văn phòng UBND tỉnh gửi Lịch công tác tuần của Lãnh đạo UBND tỉnh (từ %s đến %s) để biết.\n\n", from.Format("02/01"), to.Format("02/01/2006"))
		for _, s := range []string{
			"Thứ Hai: 08:00 giao ban Lãnh đạo UBND tỉnh; 14:00 làm việc với Sở Tài chính.",
			"Thứ Ba: tiếp công dân định kỳ tại Trụ sở tiếp công dân.",
			"Thứ Tư: kiểm tra tiến độ các công trình thủy lợi huyện Gia Viễn.",
			"Thứ Năm: họp Ban Chỉ đạo ứng dụng công nghệ thông tin.",
			"Thứ Sáu: làm việc với huyện Nho Quan về xây dựng nông thôn mới.",
		} {
			body += "- " + s + "\n"
		}
		w.write(note{
			from: "Văn phòng UBND tỉnh", to: []string{"Sở Kế hoạch và Đầu tư", "Sở Tài chính", "Sở Nội vụ"}, cc: []string{Me.Name},
			subject: fmt.Sprintf("Lịch công tác tuần của Lãnh đạo UBND tỉnh (từ %s đến %s)", from.Format("02/01"), to.Format("02/01/2006")),
			body:    body, when: when, flags: w.seen(days),
			files: []letter.File{file("lich-cong-tac-tuan.pdf", "application/pdf", pdf("Lịch công tác tuần", "UBND tỉnh Ninh Bình"))},
		})
	}
}

// reports come each month from the agencies, with a table.
func (w *writer) reports() {
	units := []string{"Sở Tài chính", "Sở Y tế", "Sở Xây dựng", "UBND huyện Gia Viễn", "UBND huyện Nho Quan", "Sở Nội vụ"}
	for month := range 5 {
		for i, u := range units {
			days := 8 + month*30 + i
			when := w.at(days, 9+i, 11*i%60)
			m := when.AddDate(0, -1, 0)
			name := fmt.Sprintf("bao-cao-thang-%02d", m.Month())
			files := []letter.File{file(name+".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx("Tháng "+m.Format("01/2006"), u))}
			if i%2 == 0 {
				files = []letter.File{file(name+".odt", "application/vnd.oasis.opendocument.text", odt("BÁO CÁO tháng "+m.Format("01/2006"), u))}
			}
			w.write(note{
				from: u, to: []string{"Sở Kế hoạch và Đầu tư"}, cc: []string{Me.Name, "Đặng Thị Đào"}, when: when, flags: w.seen(days), files: files,
				subject: fmt.Sprintf("Báo cáo tình hình thực hiện kế hoạch tháng %s", m.Format("01/2006")),
				body:    fmt.Sprintf("Kính gửi: Sở Kế hoạch và Đầu tư.\n\n%s gửi Báo cáo tình hình thực hiện nhiệm vụ phát triển kinh tế - xã hội tháng %s và phương hướng nhiệm vụ tháng tới (có tệp kèm theo).\n\nĐề nghị Sở Kế hoạch và Đầu tư tổng hợp, báo cáo UBND tỉnh./.%s", u, m.Format("01/2006"), sign(strings.ToUpper(u), "")),
				role:    archiveIf(days > 40),
			})
		}
	}
}

func archiveIf(yes bool) mail.Role {
	if yes {
		return mail.RoleArchive
	}
	return mail.RoleInbox
}

// official are letters To: Me that ask for something.
func (w *writer) official() {
	for i, o := range []struct {
		days          int
		from, subject string
		ask           string
		priority      string
		flags         mail.Flags
	}{
		{0, "Văn phòng UBND tỉnh", "Giấy mời họp giao ban tháng", "Kính mời đại diện Sở dự họp giao ban vào 08 giờ 00 ngày mai tại phòng họp tầng 2. Đề nghị xác nhận thành phần dự họp.", "2", 0},
		{0, "Sở Tư pháp", "V/v góp ý dự thảo Quyết định về quản lý, sử dụng hệ thống thư điện tử", "Đề nghị quý Sở góp ý bằng văn bản trong thời hạn 05 ngày làm việc kể từ ngày nhận được văn bản; quá thời hạn trên coi như đồng ý.", "", 0},
		{1, "Bùi Thanh Thủy", "Số liệu giải ngân vốn đầu tư công đến hết tháng trước", "Chị gửi em biểu tổng hợp giải ngân. Em đối chiếu giúp với số của phòng Thẩm định rồi trả lời chị trong tuần nhé.", "", 0},
		{1, "Cao Xuân Trường", "Đề nghị cử cán bộ tập huấn sử dụng thư điện tử", "Lớp tập huấn mở vào tuần sau, mỗi đơn vị 02 người. Đề nghị gửi danh sách trước ngày 28.", "", 0},
		{2, "Sở Nội vụ", "V/v rà soát danh sách cán bộ, công chức được cấp hộp thư", "Đề nghị rà soát, gửi danh sách cán bộ, công chức chưa được cấp hộp thư điện tử về Sở Nội vụ.", "", 0},
		{3, "Đinh Văn Khuê", "Hỏi về biểu mẫu báo cáo theo Điều 16 của Quy chế", "Nhờ chị gửi giúp biểu mẫu báo cáo năm của Sở để phòng tôi tham khảo.", "", mail.Seen},
		{4, "UBND huyện Nho Quan", "V/v đề nghị thẩm định dự án đường trục xã", "UBND huyện gửi hồ sơ đề nghị thẩm định. Kính đề nghị Sở xem xét, có ý kiến.", "", mail.Seen},
		{5, "Lương Thị Mai", "Xin lại công văn số 512/SKHĐT-THQH", "Bên em chưa nhận được bản điện tử của công văn này, chị gửi lại giúp em.", "", mail.Seen},
		{8, "UBND huyện Gia Viễn", "Báo cáo tiến độ giải ngân quý III", "UBND huyện báo cáo tiến độ và đề nghị hướng dẫn xử lý phần vốn chuyển tiếp.", "", mail.Seen},
		{9, "Dương Đình Phúc", "Phối hợp kiểm tra công trình trụ sở xã Ninh Hải", "Đề nghị Sở cử người tham gia đoàn kiểm tra, cho biết họ tên và số điện thoại.", "1", mail.Seen},
		{10, "Tạ Hữu Nghĩa", "Đăng ký nghỉ phép năm của công chức", "Nhờ văn thư Sở tổng hợp đăng ký nghỉ phép năm, gửi trước ngày 30.", "", mail.Seen | mail.Answered},
		{12, "Nguyễn Hữu Thọ", "Trao đổi về triển khai chữ ký số chuyên dùng", "Đề nghị đăng ký số lượng thiết bị lưu khóa theo mẫu gửi kèm.", "", mail.Seen | mail.Answered},
		{13, "Vũ Thị Sen", "Hỏi cách nhập số liệu kế hoạch năm trên biểu mẫu mới", "Xã em nhập mục II.3 bị báo lỗi, mong chị hướng dẫn.", "", mail.Seen | mail.Answered},
		{15, "Tống Duy Khánh", "V/v bổ sung hồ sơ dự án Trạm Y tế xã", "Sở Y tế gửi hồ sơ bổ sung theo yêu cầu.", "", mail.Seen | mail.Answered | mail.Flagged},
		{16, "Sở Xây dựng", "V/v cung cấp thông tin quy hoạch phục vụ lập dự án", "Đề nghị cung cấp thông tin quy hoạch khu vực phía Nam thành phố.", "", mail.Seen | mail.NoReply},
	} {
		when := w.at(o.days, 8+i%9, 7*i%60)
		n := note{
			from: o.from, subject: o.subject, when: when, flags: o.flags,
			body: "Kính gửi: " + Me.Name + ", " + Me.Post + " Sở Kế hoạch và Đầu tư.\n\n" + o.ask + "\n\nTrân trọng./.\n\n" + o.from,
		}
		if o.priority != "" {
			n.head = []mail.Field{{Name: "X-Priority", Value: o.priority}, {Name: "Importance", Value: "high"}}
		}
		switch i % 5 {
		case 1:
			n.files = []letter.File{file("du-thao.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", docx("DỰ THẢO", "Quyết định về quản lý, sử dụng hệ thống thư điện tử"))}
		case 2:
			n.files = []letter.File{
				file("bieu-tong-hop.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx("Giải ngân", o.from)),
				file("cong-van.pdf", "application/pdf", pdf(o.subject, o.from)),
			}
		case 4:
			n.files = []letter.File{file("hien-trang.png", "image/png", picture(320, 200, uint64(i)))}
		}
		w.write(n)
	}
	w.circulars()
}

// circulars go to many at once; most need no answer.
func (w *writer) circulars() {
	all := []string{"Sở Kế hoạch và Đầu tư", "Sở Tài chính", "Sở Nội vụ", "Sở Tư pháp", "Sở Xây dựng", "Sở Y tế"}
	for i, s := range []string{
		"Triển khai Quy chế quản lý, sử dụng hệ thống thư điện tử",
		"V/v tăng cường sử dụng văn bản điện tử trong hoạt động của cơ quan nhà nước",
		"Thông báo lịch nghỉ lễ và phân công trực",
		"V/v phòng, chống lụt bão và tìm kiếm cứu nạn",
		"Hướng dẫn thực hiện chế độ báo cáo định kỳ",
		"Kế hoạch kiểm tra cải cách hành chính",
		"V/v thực hiện tiết kiệm điện trong cơ quan",
		"Thông báo kết luận của Chủ tịch UBND tỉnh tại phiên họp thường kỳ",
		"V/v rà soát thủ tục hành chính thuộc thẩm quyền giải quyết",
		"Chương trình công tác quý IV",
		"V/v công khai dự toán ngân sách",
		"Hướng dẫn đổi mật khẩu hộp thư điện tử lần đầu",
		"V/v đăng ký danh mục đề tài khoa học",
		"Thông báo tuyển dụng viên chức",
		"V/v báo cáo công tác văn thư, lưu trữ",
		"Quyết định phân bổ kinh phí sự nghiệp",
		"V/v tham gia cuộc thi tìm hiểu cải cách hành chính",
		"Kế hoạch tập huấn công nghệ thông tin",
		"V/v chuẩn bị nội dung kỳ họp Hội đồng nhân dân tỉnh",
		"Thông báo bảo trì hệ thống thư điện tử",
	} {
		days := 2 + i*3
		when := w.at(days, 10+i%6, 13*i%60)
		w.write(note{
			from: []string{"Văn phòng UBND tỉnh", "Sở Thông tin và Truyền thông", "Sở Nội vụ"}[i%3], to: all, cc: []string{Me.Name},
			subject: s, when: when, flags: w.seen(days), role: archiveIf(days > 45),
			body: fmt.Sprintf("Số: %d/UBND-VP6\nNinh Bình, %s\n\nKính gửi: Các Sở, ban, ngành của tỉnh.\n\n%s. Yêu cầu Thủ trưởng các cơ quan, đơn vị quán triệt, tổ chức thực hiện; trong quá trình thực hiện nếu có vướng mắc, phản ánh về Văn phòng UBND tỉnh để tổng hợp, báo cáo./.%s",
				120+i*7, date(when), s, sign("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG")),
			files: []letter.File{file(fmt.Sprintf("van-ban-%d.pdf", 120+i*7), "application/pdf", pdf(s, "UBND tỉnh Ninh Bình"))},
		})
	}
}

// invitations name a place and an hour.
func (w *writer) invitations() {
	for i, s := range []string{
		"Họp thẩm định dự án cải tạo trụ sở", "Hội nghị sơ kết công tác cải cách hành chính", "Họp góp ý quy hoạch chung",
		"Hội nghị trực tuyến về đầu tư công", "Lễ phát động phong trào thi đua", "Họp Tổ giúp việc Ban Chỉ đạo", "Hội thảo ứng dụng chữ ký số", "Họp rà soát nợ đọng xây dựng cơ bản",
	} {
		days := 1 + i*4
		when := w.at(days, 14, 5*i)
		meet := when.AddDate(0, 0, 3)
		w.write(note{
			from: []string{"Sở Tài chính", "Sở Xây dựng", "Sở Thông tin và Truyền thông", "Văn phòng UBND tỉnh"}[i%4],
			to:   []string{"Phạm Ngọc Ánh", "Đặng Thị Đào"}, cc: []string{Me.Name}, subject: "Giấy mời: " + s, when: when, flags: w.seen(days),
			body: fmt.Sprintf("GIẤY MỜI\n\n%s\n\nThời gian: 14 giờ 00, %s.\nĐịa điểm: Phòng họp tầng 2.\nThành phần: Lãnh đạo Sở, phòng chuyên môn.\n\nRất mong đồng chí đến dự đúng giờ./.", s, date(meet)),
		})
	}
}

// conversations go back and forth, Me among them.
func (w *writer) conversations() {
	for i, c := range []struct {
		subject string
		with    []string
		lines   []string
		open    bool // the last word awaits Me's answer
	}{
		{"Số liệu đầu tư công tháng 10", []string{"Trần Văn Hùng"}, []string{
			"Chị Hà ơi, chị gửi em biểu số 3 với, em đang tổng hợp.", "Chị gửi em biểu số 3 bản mới nhất nhé.", "Em cảm ơn chị. Mục 2 em thấy lệch 12 triệu so với tháng trước, chị xem giúp em.",
			"Chị đã sửa, em lấy bản này.", "Vâng, em chốt số này trình Trưởng phòng. Em cảm ơn chị!",
		}, false},
		{"Chuẩn bị hội nghị tổng kết năm", []string{"Đặng Thị Đào", "Hoàng Thị Ơn"}, []string{
			"Đề nghị Hà lập danh sách khách mời, Ơn dự trù kinh phí, gửi chị trước thứ Sáu.", "Em gửi chị danh sách khách mời (42 đại biểu).", "Em gửi chị dự trù kinh phí.",
			"Chị bổ sung thêm 03 đại biểu của huyện Nho Quan nhé.", "Vậy Hà in giấy mời giúp chị, chiều mai chị ký.",
		}, true},
		{"Máy quét phòng văn thư bị lỗi", []string{"Lê Hà"}, []string{
			"Em báo máy quét phòng văn thư không nhận giấy, nhờ Trung tâm kiểm tra giúp.", "Chiều nay anh Tuấn qua xem. Em để sẵn máy nhé.", "Em cảm ơn chị.",
		}, false},
		{"Sổ văn bản đi điện tử", []string{"Lương Thị Mai", "Quách Thị Liễu", "Hà Thị Nhung"}, []string{
			"Các chị cho em hỏi đơn vị mình ghi sổ văn bản đi trên máy hay vẫn ghi giấy?", "Bên chị ghi cả hai, cuối tháng in ra ký.", "Bên em chỉ ghi trên máy, lưu bản PDF.",
			"Ở huyện em vẫn ghi giấy vì mạng yếu.", "Em cảm ơn các chị, em sẽ đề xuất làm trên máy.",
		}, false},
		{"Hồ sơ dự án đường trục xã", []string{"Trịnh Việt Hưng", "Trần Văn Hưng"}, []string{
			"Huyện gửi hồ sơ bổ sung, đề nghị Sở tiếp nhận.", "Tôi đã nhận, còn thiếu biên bản họp thôn.", "Huyện xin gửi biên bản họp thôn.", "Văn thư vào sổ giúp, chuyển phòng Thẩm định. Khi nào xong cho tôi biết.",
		}, true},
	} {
		var last string
		var refs []string
		people := append([]string{Me.Name}, c.with...)
		for k, line := range c.lines {
			from := people[k%len(people)]
			if len(c.with) == 1 {
				from = []string{c.with[0], Me.Name}[k%2]
			} else if k == 0 || k == len(c.lines)-1 {
				from = c.with[0]
			}
			if i == 2 || i == 3 {
				from = people[k%len(people)]
			}
			var to []string
			for _, p := range people {
				if p != from {
					to = append(to, p)
				}
			}
			days := 2 + i*2 + (len(c.lines)-1-k)/2
			n := note{from: from, to: to, subject: c.subject, body: line + "\n\n" + from, when: w.at(days, 8+k*2, 10+k*9), flags: mail.Seen, answers: last, refs: append([]string(nil), refs...)}
			if k > 0 {
				n.subject = "Re: " + c.subject
			}
			switch {
			case from == Me.Name:
				n.role = mail.RoleSent
			case k < len(c.lines)-1 || !c.open:
				n.flags |= mail.Answered
			}
			if c.open && k == len(c.lines)-1 {
				n.flags = 0
			}
			last = w.write(n)
			refs = append(refs, last)
		}
	}
}
