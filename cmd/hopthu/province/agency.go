package province

import (
	"hopthu/mail"
)

// Head is the head (thủ trưởng) of Me's agency.
var Head = Person{"Phạm Ngọc Ánh", "Sở Kế hoạch và Đầu tư", "Giám đốc"}

// Delegate is somebody who works in the box of Me's agency by a written authorization (QC 14.1).
type Delegate struct {
	Name, Document string
	Scope          mail.Scope
	Chief          bool // phụ trách chính
}

// Delegates are the three who do; Me is in charge.
func Delegates() []Delegate {
	return []Delegate{
		{Me.Name, "03/GUQ-SKHĐT", mail.ScopeManage, true},
		{"Trần Văn Hùng", "04/GUQ-SKHĐT", mail.ScopeAnswer, false},
		{"Đặng Thị Đào", "05/GUQ-SKHĐT", mail.ScopeIssue, false},
	}
}

// Quiet is the subject of the one letter of the agency's box that no colleague touches by himself: it is there to be tried on.
const Quiet = "V/v cử cán bộ tham gia đoàn kiểm tra liên ngành"

// agency are letters in the box of Me's agency: its people work on them together (QC 14.3).
func (w *writer) agency() {
	for i, l := range []struct {
		days          int
		from, subject string
		body          string
		flags         mail.Flags
	}{
		{16, "Sở Nội vụ", Quiet, "Đề nghị quý Sở cử 01 cán bộ tham gia đoàn kiểm tra liên ngành, gửi danh sách trong thời hạn 03 ngày làm việc.", mail.Seen},
		{0, "UBND huyện Gia Viễn", "V/v xin ý kiến về chủ trương đầu tư trường mầm non xã", "Kính đề nghị Sở cho ý kiến về chủ trương đầu tư để huyện hoàn thiện hồ sơ.", 0},
		{1, "Sở Tài chính", "V/v thống nhất danh mục dự án chuyển tiếp", "Đề nghị quý Sở rà soát, có ý kiến thống nhất bằng văn bản.", 0},
		{1, "Văn phòng UBND tỉnh", "V/v báo cáo tình hình thực hiện Nghị quyết của HĐND tỉnh", "Đề nghị báo cáo trước ngày 28 hằng tháng để tổng hợp.", 0},
		{2, "Ông Lê Văn Bảy <levanbay@vidu.example>", "Hỏi thủ tục đăng ký thành lập hợp tác xã", "Tôi muốn thành lập hợp tác xã nông nghiệp thì cần hồ sơ gì, nộp ở đâu? Mong quý Sở hướng dẫn.", mail.Seen},
		{2, "Sở Xây dựng", "V/v phối hợp thẩm định dự án khu dân cư", "Đề nghị phối hợp thẩm định, cho ý kiến về nguồn vốn.", mail.Seen},
		{3, "UBND huyện Nho Quan", "V/v bổ sung kế hoạch vốn năm", "UBND huyện đề nghị Sở tham mưu bổ sung kế hoạch vốn.", mail.Seen},
		{4, "Sở Y tế", "V/v đề xuất danh mục trang thiết bị y tế", "Sở Y tế gửi danh mục, đề nghị góp ý.", mail.Seen},
		{5, "Công ty TNHH Ví Dụ <lienhe@congty-vidu.example>", "Đề nghị hướng dẫn thủ tục ưu đãi đầu tư", "Công ty chúng tôi đề nghị được hướng dẫn thủ tục hưởng ưu đãi đầu tư.", mail.Seen},
		{7, "Sở Tư pháp", "V/v rà soát văn bản quy phạm pháp luật hết hiệu lực", "Đề nghị rà soát và gửi kết quả.", mail.Seen},
		{8, "UBND xã Ninh Hải", "Xin hướng dẫn lập kế hoạch phát triển kinh tế - xã hội", "Xã đề nghị Sở hướng dẫn biểu mẫu.", mail.Seen | mail.Answered},
		{9, "Sở Thông tin và Truyền thông", "V/v đăng ký nhu cầu chứng thư số", "Đề nghị đăng ký nhu cầu cấp chứng thư số của cơ quan.", mail.Seen | mail.Answered},
		{12, "Văn phòng UBND tỉnh", "V/v góp ý dự thảo chương trình công tác năm", "Đề nghị góp ý dự thảo.", mail.Seen | mail.Answered},
	} {
		w.write(note{
			from: l.from, subject: l.subject, when: w.at(l.days, 8+i%7, 11*i%60), flags: l.flags,
			body: "Kính gửi: " + Me.Unit + ".\n\n" + l.body + "\n\nTrân trọng./.",
		})
	}
}
