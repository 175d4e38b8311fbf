package uitest

import (
	"fmt"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/ui/frame"
)

// Zone is the sample's time zone.
var Zone = time.FixedZone("+07", 7*3600)

// Me and Office are the accounts of Sample.
const (
	Me     mail.AccountID = "me"
	Office mail.AccountID = "office"
)

// Empty is a desk of a person who has no account yet.
func Empty() *Fake {
	return &Fake{
		At:  time.Date(2026, 11, 23, 8, 5, 0, 0, Zone),
		Set: mail.Settings{Language: "vi", Theme: "dark", Mouse: true, Notify: "bell", Undo: 10 * time.Second, ReplyDays: 5, Downloads: "/nha/TaiVe", Typing: "telex", Tones: "old"},

		Letters: map[mail.LetterID]*mail.Letter{}, Raws: map[mail.LetterID][]byte{}, Errs: map[string]error{}, Dir: map[string][]frame.DirEntry{},
	}
}

// Sample is the desk of an invented officer on a Monday morning: two boxes, two dozen letters of all kinds.
func Sample() *Fake {
	f := Empty()
	f.Accs = []mail.Account{
		{ID: Me, Address: "hantt.skhdt@ninhphong.example", Name: "Nguyễn Thị Thu Hà", Agency: "Sở KH&ĐT", Login: "hantt.skhdt"},
		{ID: Office, Address: "skhdt@ninhphong.example", Name: "Sở Kế hoạch và Đầu tư", Agency: "Sở KH&ĐT", Official: true, Login: "skhdt"},
	}
	f.States = []mail.Status{{Account: Me, State: mail.Ready, Since: f.At.Add(-time.Minute)}, {Account: Office, State: mail.Ready, Since: f.At}}
	roles := []struct {
		name string
		role mail.Role
	}{
		{"INBOX", mail.RoleInbox},
		{"Drafts", mail.RoleDrafts},
		{"Sent", mail.RoleSent},
		{"Archive", mail.RoleArchive},
		{"Junk", mail.RoleJunk},
		{"Trash", mail.RoleTrash},
		{"Công việc", ""},
		{"Công việc/Đầu tư công", ""},
		{"Công việc/Giao ban", ""},
		{"Hội nghị", ""},
	}
	for i, account := range []mail.AccountID{Me, Office} {
		for j, r := range roles {
			f.Boxes = append(f.Boxes, mail.Folder{
				ID: mail.FolderID(i*100 + j + 1), Account: account, Name: r.name, Delim: "/", Role: r.role, Selectable: true, Synced: f.At,
			})
		}
	}
	f.People = []mail.Contact{
		{Address: mail.Address{Name: "Trần Văn Hùng", Addr: "hungtv.stc@ninhphong.example"}, Post: "Chuyên viên", Unit: "Sở Tài chính", Source: "directory"},
		{Address: mail.Address{Name: "Đinh Công Đoàn", Addr: "doandc@thuphap.example"}, Source: "history", Used: 3},
		{Address: mail.Address{Name: "Sở Tư pháp", Addr: "stp@ninhphong.example"}, Unit: "Sở Tư pháp", Source: "directory", Used: 12},
	}
	f.DraftBox = []mail.DraftLetter{
		{ID: 51, Account: Me, To: "Sở Tài chính <stc@ninhphong.example>", Subject: "Số liệu đầu tư công tháng 11", Body: "Kính gửi:", Saved: f.At.Add(-15 * time.Hour)},
	}
	f.Queue = []mail.OutboxItem{
		{ID: 61, Account: Me, State: mail.OutRefused, Subject: "Danh sách cử tập huấn", To: []string{"snv@ninhphong.example"}, Queued: f.At.Add(-time.Hour), Reply: "550 5.1.1 no such user"},
	}
	f.fill()
	return f
}

type sampleLetter struct {
	account mail.AccountID
	from    string
	addr    string
	subject string
	ago     time.Duration
	flags   mail.Flags
	duty    bool
	files   int
	thread  mail.ThreadID
	prio    int
}

func (f *Fake) fill() {
	day := 24 * time.Hour
	list := []sampleLetter{
		{Me, "Văn phòng UBND tỉnh", "vpubnd@ninhphong.example", "Giấy mời họp giao ban tháng 11", 4 * time.Minute, 0, false, 2, 0, 1},
		{Me, "Sở Tư pháp", "stp@ninhphong.example", "Góp ý dự thảo Quyết định về quản lý đầu tư công trung hạn giai đoạn 2026–2030", 5*day + 21*time.Minute, 0, true, 1, 7, 0},
		{Me, "Trần Văn Hùng", "hungtv.stc@ninhphong.example", "Số liệu đầu tư công tháng 10", 15 * time.Hour, mail.Seen | mail.Answered, true, 1, 8, 0},
		{Me, "Lê Thị Mai", "mailt.skhdt@ninhphong.example", "Re: Số liệu đầu tư công tháng 10", 16 * time.Hour, mail.Seen, false, 0, 8, 0},
		{Me, "Nguyễn Thị Thu Hà", "hantt.skhdt@ninhphong.example", "Re: Số liệu đầu tư công tháng 10", 17 * time.Hour, mail.Seen, false, 0, 8, 0},
		{Me, "UBND huyện Gia Thuận", "ubndhgt@ninhphong.example", "Báo cáo tiến độ giải ngân quý III", 8*day + time.Hour, mail.Seen, true, 3, 0, 2},
		{Me, "Đinh Công Đoàn", "doandc@thuphap.example", "Hỏi thủ tục cấp phép xây dựng nhà ở riêng lẻ tại xã Ninh Thái", 6*day + 2*time.Hour, mail.Seen, true, 0, 0, 0},
		{Me, "Sở Nội vụ", "snv@ninhphong.example", "Danh sách cử tập huấn thư điện tử công vụ", 3 * day, mail.Seen | mail.Flagged, true, 1, 0, 0},
		{Me, "Phòng Tài chính huyện Yên Lạc", "ptchyl@ninhphong.example", "Đề nghị hướng dẫn thanh toán vốn sự nghiệp", 2 * day, 0, true, 0, 0, 0},
		{Me, "Bản tin Xây dựng", "bantin@xaydung.example", "Bản tin tuần 47: vật liệu mới", 30 * time.Hour, 0, false, 0, 0, 0},
		{Me, "Sở Xây dựng", "sxd@ninhphong.example", "V/v phối hợp kiểm tra công trình trọng điểm", 4 * day, mail.Seen | mail.Forwarded, false, 2, 0, 0},
		{Me, "Phạm Quốc Toàn", "toanpq.skhdt@ninhphong.example", "Lịch công tác tuần 48", 26 * time.Hour, mail.Seen, false, 1, 0, 0},
		{Me, "Hà Văn Nam", "namhv@congdan.example", "Phản ánh việc chậm trả kết quả hồ sơ đất đai", 7 * time.Hour, 0, true, 0, 0, 0},
		{Me, "", "noreply@sukien.example", "", 9 * day, mail.Seen, false, 0, 0, 0},
		{Me, "Kẻ \x1b[31mlạ\u202e", "la@spam.example", "Trúng thưởng \x1b]0;x\x07 ngay\u202egnp.exe", 40 * time.Hour, mail.Seen, false, 1, 0, 0},
		{Office, "UBND tỉnh", "ubnd@ninhphong.example", "Công văn 512/UBND-VP5 về điều chỉnh kế hoạch vốn năm 2026", 2 * time.Hour, 0, true, 1, 0, 2},
		{Office, "Sở Tài chính", "stc@ninhphong.example", "Thông báo thẩm định dự toán", 28 * time.Hour, mail.Seen, true, 2, 0, 0},
		{Office, "Doanh nghiệp Hòa Bình", "vanthu@hoabinh.example", "Đề nghị cấp giấy chứng nhận đăng ký đầu tư", 3 * day, 0, true, 4, 0, 0},
	}
	for year := range 6 {
		list = append(list, sampleLetter{
			Me, "Văn thư Sở", "vanthu.skhdt@ninhphong.example", fmt.Sprintf("Sổ văn bản đến tháng %d", 10-year), time.Duration(20+year*30) * day,
			mail.Seen, false, 1, 0, 0,
		})
	}
	for i, s := range list {
		f.add(mail.LetterID(i+1), s)
	}
	f.sort()
}

func (f *Fake) add(id mail.LetterID, s sampleLetter) {
	at := f.At.Add(-s.ago)
	folder := mail.FolderID(1)
	to := mail.Address{Name: "Nguyễn Thị Thu Hà", Addr: "hantt.skhdt@ninhphong.example"}
	if s.account == Office {
		folder = 101
		to = mail.Address{Name: "Sở Kế hoạch và Đầu tư", Addr: "skhdt@ninhphong.example"}
	}
	l := &mail.Letter{Head: mail.Head{
		ID: id, Account: s.account, Folder: folder, Thread: s.thread, UID: mail.UID(id), Flags: s.flags, Date: at, Received: at,
		From: []mail.Address{{Name: s.from, Addr: s.addr}}, To: []mail.Address{to}, Subject: s.subject, Size: 12_345, Attachments: s.files,
		Priority: s.prio, Duty: s.duty, Awaits: s.duty && !s.flags.Has(mail.Answered), Bodied: true, MessageID: fmt.Sprintf("%d@test", id),
	}}
	if s.subject == "Re: Số liệu đầu tư công tháng 10" && s.from == "Nguyễn Thị Thu Hà" {
		l.Folder = 3
	}
	l.Cc = []mail.Address{{Name: "Lê Thị Mai", Addr: "mailt.skhdt@ninhphong.example"}}
	l.Paras = samplesText(s)
	l.Links = []string{"https://ninhphong.example/van-ban/512", "mailto:vpubnd@ninhphong.example"}
	l.Fields = []mail.Field{{Name: "From", Value: s.from + " <" + s.addr + ">"}, {Name: "Subject", Value: s.subject}, {Name: "Date", Value: at.Format(time.RFC1123Z)}}
	kinds := []mail.Part{
		{Name: "cong-van-512.pdf", Declared: "application/pdf", True: "application/pdf", Size: 214_000},
		{Name: "phu-luc-bieu-mau.xlsx", Declared: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", True: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Size: 1_240_000},
		{Name: "anh-hien-truong.png", Declared: "image/png", True: "application/pdf", Size: 88_000, Risk: mail.RiskOdd},
		{Name: "hoa-don.pdf.exe", Declared: "application/pdf", True: "application/vnd.microsoft.portable-executable", Size: 430_000, Risk: mail.RiskBlocked},
	}
	for i := range s.files {
		p := kinds[i%len(kinds)]
		p.Path = fmt.Sprint(i + 2)
		l.Parts = append(l.Parts, p)
	}
	f.Letters[id] = l
	f.Order = append(f.Order, id)
}

func samplesText(s sampleLetter) []mail.Para {
	out := []mail.Para{
		{Text: "Kính gửi: Sở Kế hoạch và Đầu tư"},
		{},
		{Text: "Thực hiện Kế hoạch công tác năm 2026, " + strings.TrimSpace(s.from) + " trân trọng đề nghị quý cơ quan nghiên cứu nội dung nêu trên và có ý kiến bằng văn bản gửi về trước thời hạn để tổng hợp, báo cáo Ủy ban nhân dân tỉnh xem xét, quyết định. Toàn văn dự thảo đăng tại [1]."},
		{},
		{Kind: mail.ParaItem, Text: "1. Tiến độ thực hiện các dự án chuyển tiếp, nêu rõ khó khăn, vướng mắc về giải phóng mặt bằng và nguồn vốn đối ứng;"},
		{Kind: mail.ParaItem, Text: "2. Đề xuất điều chỉnh kế hoạch vốn giữa các dự án;"},
		{},
		{Text: "Mọi vướng mắc xin liên hệ Văn phòng [2]."},
		{},
		{Text: "Trân trọng."},
		{},
		{Text: s.from},
		{},
	}
	for i := range 8 {
		out = append(out, mail.Para{Quote: 1, Text: fmt.Sprintf("Dòng trích dẫn thứ %d của thư trước.", i+1)})
	}
	return out
}

func (f *Fake) sort() {
	for i := 1; i < len(f.Order); i++ {
		for j := i; j > 0 && f.Letters[f.Order[j]].Received.After(f.Letters[f.Order[j-1]].Received); j-- {
			f.Order[j], f.Order[j-1] = f.Order[j-1], f.Order[j]
		}
	}
}

// Arrive lets a letter come into the inbox of Me.
func (f *Fake) Arrive(from, subject string) mail.LetterID {
	id := mail.LetterID(len(f.Letters) + 1000)
	f.add(id, sampleLetter{account: Me, from: from, addr: "moi@ninhphong.example", subject: subject, duty: true})
	f.sort()
	f.Emit(mail.Event{Kind: mail.FolderChanged, Account: Me, Folder: 1}, mail.Event{Kind: mail.FoldersChanged, Account: Me},
		mail.Event{Kind: mail.NewMail, Account: Me, Letter: id})
	return id
}

// Many fills the inbox of Me with n letters.
func (f *Fake) Many(n int) {
	f.Order = f.Order[:0]
	clear(f.Letters)
	for i := range n {
		f.add(mail.LetterID(i+1), sampleLetter{
			account: Me, from: fmt.Sprintf("Người gửi %d", i%97), addr: "a@b.example", subject: fmt.Sprintf("Thư số %d về việc thứ %d", i+1, i%13),
			ago: time.Duration(i) * time.Minute, flags: mail.Seen, files: i % 3,
		})
	}
}
