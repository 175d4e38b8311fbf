package words

// Check has the words of `hopthu check`. Verdicts, classes of recipients and kinds of documents are the regulation's own
// and the same in both languages.
type Check struct {
	Long                                           string
	File, Kind, Number, Date, Summary, Urgency     string
	Legacy, Files, Recipients, Addressees, Draft   string
	Deadlines, Due, Expected, Reply, Line, Suggest string
	Unnamed, Nothing, Means, By, Unchecked         string
	ReplyWhy                                       map[string]string
	Warnings                                       map[string]string // of a Nơi nhận block
	Findings                                       map[string]string // beside those of Compose; %s is what matched
	Rules                                          map[string]string // of "draft-document"
	TooBig, BadDate, NoFile                        string
}

var checkVI = Check{
	Long: `Kiểm tra thư (.eml) hoặc tài liệu (PDF, DOCX, ODT, RTF, TXT, XLSX, ZIP …) theo Quy chế: dấu mật, bảng mã, định dạng tệp,
loại văn bản, số, ngày, độ khẩn, Nơi nhận, hạn trả lời. "-" đọc từ đầu vào chuẩn. Không cần tài khoản, cài đặt hay mạng.

Mã thoát: 0 QUA; 4 HỎI (có điều phải hỏi); 5 CHẶN; 1 không đọc được tệp; 2 gọi sai lệnh. Nhiều tệp: 1 nếu có tệp không đọc được,
nếu không thì kết luận nặng nhất. --schema in lược đồ của --json.

Hạn trả lời tính từ ngày nhận: --received, nếu không có thì ngày của thư, ngày của văn bản, hoặc hôm nay.
--outside xét như thư đi ra (hoặc đến từ) ngoài hệ thống: nói đến độ mật và tệp nén có mật khẩu thì CHẶN.`,
	File: "Tệp", Kind: "Loại văn bản", Number: "Số, ký hiệu", Date: "Ngày ban hành", Summary: "Trích yếu", Urgency: "Độ khẩn",
	Legacy: "Bảng mã cũ", Files: "Tệp đính kèm", Recipients: "Nơi nhận", Addressees: "Kính gửi", Draft: "Bản nháp",
	Deadlines: "Hạn trả lời", Due: "%s ← “%s” (%s)", Expected: "lịch dự kiến", Reply: "Hạn hồi đáp: %s (%s)", Line: "dòng %d", Suggest: "nên: %s",
	Unnamed: "(đầu vào chuẩn)", Nothing: "Không có gì phải hỏi.", Means: "gồm", By: "theo %s", Unchecked: "chưa đối chiếu với văn bản",
	ReplyWhy: map[string]string{"deadline": "theo hạn nêu trong thư", "urgent": "theo độ khẩn", "default": "mặc định"},
	Warnings: map[string]string{
		"no-keep": "thiếu dòng Lưu: VT", "no-marks": "thiếu dấu", "after-keep": "còn mục sau dòng Lưu", "no-heading": "thiếu đề mục Nơi nhận", "many-lines": "quá dài",
	},
	Findings: map[string]string{
		"legacy-charset": "Văn bản dùng bảng mã cũ (%s), nên chuyển mã sang Unicode.", "draft-document": "Văn bản còn là bản nháp: %s.",
		"unread": "Máy không đọc được nội dung tệp này, hãy tự kiểm tra dấu mật: %s", "cut": "Máy chỉ đọc được một phần tệp này: %s",
	},
	Rules: map[string]string{
		"draft-word": "có chữ DỰ THẢO", "blank-number": "số để trống", "blank-date": "ngày để trống", "blank-recipient": "nơi nhận để trống",
	},
	TooBig: "tệp quá lớn", BadDate: "--received phải là ngày dạng 2013-07-10 hoặc 2013-07-10T08:00:00+07:00", NoFile: "Chưa nêu tệp nào để kiểm tra.",
}

var checkEN = Check{
	Long: `Check a letter (.eml) or a document (PDF, DOCX, ODT, RTF, TXT, XLSX, ZIP …) by the regulation: secrecy marks, character set,
file formats, kind, number, date, urgency, Nơi nhận, deadlines. "-" reads standard input. Needs no account, settings or network.

Exit codes: 0 QUA (pass); 4 HỎI (something to be asked); 5 CHẶN (block); 1 a file could not be read; 2 wrong usage. Several files:
1 if one could not be read, otherwise the worst verdict. --schema prints the schema of --json.

Deadlines count from the day of receipt: --received, else the letter's date, the document's date, or today.
--outside judges as for a letter that leaves (or comes from outside) the system: a mention of secrecy and an encrypted archive block.`,
	File: "File", Kind: "Kind", Number: "Number, symbol", Date: "Date of issue", Summary: "Summary", Urgency: "Urgency",
	Legacy: "Legacy encoding", Files: "Attachments", Recipients: "Recipients (Nơi nhận)", Addressees: "Addressed to", Draft: "Draft",
	Deadlines: "Deadlines", Due: "%s ← “%s” (%s)", Expected: "expected calendar", Reply: "Reply due: %s (%s)", Line: "line %d", Suggest: "do: %s",
	Unnamed: "(standard input)", Nothing: "Nothing to ask.", Means: "means", By: "by %s", Unchecked: "not compared with its text",
	ReplyWhy: map[string]string{"deadline": "deadline in the text", "urgent": "urgency", "default": "default"},
	Warnings: map[string]string{
		"no-keep": "no line Lưu: VT", "no-marks": "written without diacritics", "after-keep": "entries behind the Lưu line", "no-heading": "no heading", "many-lines": "too long",
	},
	Findings: map[string]string{
		"legacy-charset": "The text is in a legacy encoding (%s); convert it to Unicode.", "draft-document": "The document is still a draft: %s.",
		"unread": "No program can read this file; look for secrecy marks yourself: %s", "cut": "Only a part of this file could be read: %s",
	},
	Rules: map[string]string{
		"draft-word": "it says DỰ THẢO", "blank-number": "its number is blank", "blank-date": "its date is blank", "blank-recipient": "a recipient is blank",
	},
	TooBig: "the file is too big", BadDate: "--received must be a date like 2013-07-10 or 2013-07-10T08:00:00+07:00", NoFile: "No file was named.",
}

// Check gives the words of `hopthu check`.
func (w *Words) Check() *Check {
	if w.Lang == "en" {
		return &checkEN
	}
	return &checkVI
}

// Finding is the sentence for a code: one of its own, else that of the page where one writes.
func (c *Check) Finding(w *Words, code string) string {
	if s, ok := c.Findings[code]; ok {
		return s
	}
	return w.Write.Compose.Finding(code)
}
