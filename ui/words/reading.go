package words

import "hopthu/mail"

// Reading has the words of what the regulation asks when letters are read: urgency, documents, terms, secrecy.
type Reading struct {
	Urgency  [4]string // by mail.DocumentMark.Urgency less one, in capitals
	Document string    // label in the head of a letter
	Number   string    // "số %s"
	Issued   string    // "ngày %s"
	NoPaper  string

	// The term in the head of a letter: what decided it.
	ByPhrase, ByRule, ByUrgency, ByPerson, Named string
	PastTime                                     string // due today, and the hour is over
	Rest                                         string // of a large letter is still coming
	DueOn                                        string // "hạn %s"
	DueToday, DueChosen                          string // in the column of a list

	Defer Defer
	Seal  Seal
}

// Defer has the words of the dialog that sets another due date.
type Defer struct {
	Title, Now, Tomorrow, Workdays, NextWeek, Other, Rule string
	Date, DateHint, Reason, ReasonHint                    string
	NeedReason, BadDate, Past, DayOff                     string
	Done, Back, None                                      string
}

// Seal has the words of a letter that bears a stamp of secrecy (QC 7.1b, 8.2, 13.7).
type Seal struct {
	Title, Found, Why, Steps      string
	Step                          [4]string
	Keys, Beside, Opened, Mention string
	Where                         map[string]string // by Finding.Where
	InFile                        string
	No, First                     string // why something is off: for good, and until the letter is opened
	ReportTitle, ReportText       string
	ReportYes, Subject, Body      string
	Sender, Received, ID, Digest  string
}

var readingVI = Reading{
	Urgency:  [4]string{"KHẨN", "THƯỢNG KHẨN", "HỎA TỐC", "HỎA TỐC HẸN GIỜ"},
	Document: "Văn bản", Number: "số %s", Issued: "ngày %s", NoPaper: "không gửi bản giấy",
	ByPhrase: "do câu “%s”", ByRule: "theo hạn chung", ByUrgency: "theo độ khẩn", PastTime: "đã quá %s", Rest: "Thư lớn: đang tải phần còn lại…", ByPerson: "tự đặt: %s", Named: "Thư nêu hạn %s: “%s”",
	DueOn: "hạn %s", DueToday: "hôm nay", DueChosen: "đặt %s",
	Defer: Defer{
		Title: "Đặt hạn khác cho %s thư", Now: "Hạn đang là %s.", Tomorrow: "Ngày mai", Workdays: "%d ngày làm việc nữa",
		NextWeek: "Đầu tuần sau", Other: "Ngày khác", Rule: "Về hạn theo quy định", Date: "Ngày", DateHint: "ngày/tháng, ví dụ 05/12",
		Reason: "Lý do", ReasonHint: "vì sao cần hạn khác", NeedReason: "Cần nêu lý do để người khác hiểu khi xem lại.",
		BadDate: "Chưa đọc được ngày. Gõ ngày/tháng, ví dụ 05/12.", Past: "Ngày này đã qua.", DayOff: "không phải ngày làm việc",
		Done: "Đã đặt hạn %s", Back: "Đã trở về hạn theo quy định", None: "Thư này không chờ hồi đáp nên không có hạn để hoãn.",
	},
	Seal: Seal{
		Title: "NGHI CÓ DẤU MẬT", Found: "Thấy “%s” %s.",
		Why:   "Hệ thống thư điện tử này không dùng cho văn bản mật (QC 7.1b) và nghiêm cấm làm lộ bí mật nhà nước (QC 8.2). Vì vậy thư chưa được mở.",
		Steps: "Cần làm ngay (QC 13.7)",
		Step: [4]string{
			"Không mở thêm, không chuyển cho ai, không in, không chép ra máy.",
			"Báo ngay Thủ trưởng cơ quan, tốt nhất là gặp trực tiếp hoặc gọi điện.",
			"Thủ trưởng báo Văn phòng UBND tỉnh và Thủ trưởng cơ quan gửi để gỡ bỏ, đồng thời báo cơ quan chức năng.",
			"Giữ nguyên thư cho đến khi được hướng dẫn; không xóa.",
		},
		Keys:    "Enter báo tài liệu mật   l xem điều khoản   v vẫn mở xem   Esc quay lại",
		Beside:  "Enter để mở cảnh báo và báo tài liệu mật.",
		Opened:  "NGHI CÓ DẤU MẬT (QC 7.1b, 8.2): chỉ được đọc; không chuyển tiếp, in, trích dẫn hay lưu ra. Bấm b để báo tài liệu mật.",
		Mention: "Thư nhắc đến tài liệu mật %s: “%s” (%s). Xem kỹ trước khi chuyển cho người khác; l xem điều khoản.",
		Where:   map[string]string{"subject": "trong tiêu đề", "body": "trong nội dung", "quoted": "trong phần trích dẫn"}, InFile: "trong tệp %s",
		No:          "Thư nghi có dấu mật: không chuyển tiếp, in, trích dẫn hay lưu ra (QC 7.1b, 8.2). Bấm b để báo.",
		First:       "Thư đang ở sau cảnh báo mật. Bấm b để báo, hoặc v nếu vẫn cần mở xem.",
		ReportTitle: "Báo tài liệu mật",
		ReportText:  "Thư báo chỉ ghi người gửi, giờ nhận, mã thư và mã băm; không kèm nội dung, không kèm tiêu đề. Gửi cho Thủ trưởng cơ quan; nếu gấp, gọi điện hoặc gặp trực tiếp trước.",
		ReportYes:   "soạn thư báo", Subject: "Báo cáo: nghi có tài liệu mật trong hộp thư",
		Body:   "Kính gửi: Thủ trưởng cơ quan\n\nTheo khoản 7 Điều 13 của Quy chế, tôi báo cáo: trong hộp thư của tôi có một thư nghi chứa nội dung thuộc danh mục bí mật nhà nước. Tôi không chuyển tiếp, không in, không lưu ra ngoài. Thư báo này không kèm nội dung và tiêu đề của thư đó.\n\n%s\nĐề nghị Thủ trưởng thông báo Văn phòng UBND tỉnh và Thủ trưởng cơ quan gửi để gỡ bỏ, đồng thời báo cơ quan chức năng.\n",
		Sender: "Người gửi", Received: "Giờ nhận", ID: "Mã thư", Digest: "Mã băm SHA-256",
	},
}

var readingEN = Reading{
	Urgency:  [4]string{"URGENT", "VERY URGENT", "EXPRESS", "EXPRESS, TIMED"},
	Document: "Document", Number: "no. %s", Issued: "of %s", NoPaper: "no paper copy follows",
	ByPhrase: "by the words “%s”", ByRule: "by the general rule", ByUrgency: "by its urgency", PastTime: "past %s", Rest: "A large letter: the rest is being fetched…", ByPerson: "set by you: %s", Named: "The letter names a term, %s: “%s”",
	DueOn: "due %s", DueToday: "today", DueChosen: "set %s",
	Defer: Defer{
		Title: "Another due date for %s {letter|letters}", Now: "It is due %s now.", Tomorrow: "Tomorrow", Workdays: "In %d working days",
		NextWeek: "Start of next week", Other: "Another day", Rule: "Back to the rule's date", Date: "Day", DateHint: "day/month, such as 05/12",
		Reason: "Reason", ReasonHint: "why another date is needed", NeedReason: "A reason is needed, so that others understand it later.",
		BadDate: "No day can be read there. Type day/month, such as 05/12.", Past: "That day is over.", DayOff: "not a working day",
		Done: "Due %s now", Back: "Back to the rule's date", None: "This letter awaits no answer, so there is no date to put off.",
	},
	Seal: Seal{
		Title: "STAMP OF SECRECY SUSPECTED", Found: "Found “%s” %s.",
		Why:   "This mail system is not for secret documents (QC 7.1b), and state secrets must not be disclosed (QC 8.2). So the letter was not opened.",
		Steps: "To do at once (QC 13.7)",
		Step: [4]string{
			"Do not open it further, pass it on, print it or copy it.",
			"Tell the head of your agency at once, best in person or by telephone.",
			"The head tells the Office of the People's Committee and the sender's head, so that it is removed, and the competent authorities.",
			"Leave the letter as it is until you are told what to do; do not delete it.",
		},
		Keys:    "Enter report it   l see the clause   v open anyway   Esc back",
		Beside:  "Enter opens the warning, where it can be reported.",
		Opened:  "STAMP OF SECRECY SUSPECTED (QC 7.1b, 8.2): for reading only; no forwarding, printing, quoting or saving. b reports it.",
		Mention: "The letter speaks of secret material %s: “%s” (%s). Look closely before you pass it on; l shows the clause.",
		Where:   map[string]string{"subject": "in the subject", "body": "in the text", "quoted": "in the quotation"}, InFile: "in the file %s",
		No:          "A stamp of secrecy is suspected: no forwarding, printing, quoting or saving (QC 7.1b, 8.2). b reports it.",
		First:       "The letter stands behind a warning. b reports it; v opens it if you must.",
		ReportTitle: "Report secret material",
		ReportText:  "The report names only the sender, the time, the Message-ID and a digest; neither the text nor the subject. Send it to the head of your agency; if it is pressing, call or go there first.",
		ReportYes:   "write the report", Subject: "Report: secret material suspected in a mailbox",
		Body:   "To the head of the agency\n\nUnder Article 13.7 of the regulation I report that a letter in my mailbox seems to bear a stamp of secrecy. I have not forwarded, printed or saved it. This report contains neither its text nor its subject.\n\n%s\nPlease tell the Office of the People's Committee and the head of the sending agency, so that it is removed, and the competent authorities.\n",
		Sender: "Sender", Received: "Received", ID: "Message-ID", Digest: "SHA-256 digest",
	},
}

// Urgent is the mark of urgency of a letter, "" if it has none: what its document says, else what its header says.
func (w *Words) Urgent(h mail.Head) string {
	switch u := h.Document.Urgency; {
	case u > 0 && u <= len(w.Reading.Urgency):
		return w.Reading.Urgency[u-1]
	case h.Priority == 1:
		return w.Reading.Urgency[0]
	case h.Priority > 1:
		return w.Reading.Urgency[2]
	}
	return ""
}

// Rules has the words of the page of the regulation. Its text is Vietnamese in every language.
type Rules struct {
	Title, Contents, Article, Decision, Hits, Unknown string
}

var rulesVI = Rules{
	Title: "Quy chế", Contents: "Mục lục Quy chế", Article: "Điều %s", Decision: "Quyết định ban hành", Hits: "kết quả %s/%s",
	Unknown: "Quy chế không có mục “%s”; đang ở đầu văn bản.",
}

var rulesEN = Rules{
	Title: "Regulation", Contents: "Articles", Article: "Điều %s", Decision: "the decision itself", Hits: "hit %s/%s",
	Unknown: "The regulation has no “%s”; this is its beginning.",
}
