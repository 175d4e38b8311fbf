package words

// Compose has the words of the page where a letter is written.
type Compose struct {
	TitleNew, TitleReply, TitleReplyAll, TitleForward                             string
	From, FromAgency, FromPerson, To, Cc, Bcc, Subject, SubjectOfficial, Files    string
	ToHint, SubjectHint, BodyHint, Outside, FileLooking, FilePass, FilesTotal     string
	Loading, Saved, Saving, NotSaved, Unchanged, Kept, Discarded, Empty           string
	LoseTitle, LoseText, LoseYes, Lost                                            string
	DiscardTitle, DiscardText                                                     string
	Refusal, Quoted, Position, Marked, NoSelection, Nothing, TooLong              string
	Ambiguous, Directory, History, NobodyFits                                     string
	Attaching, Attached, Detached, NoFiles                                        string
	EditorNone, EditorMissing, EditorFailed, EditorBack, EditorSame, EditorKept   string
	Checking, Sending, Sent, SentNoUndo, NoAccount                                string
	Review, ReviewFrom, ReviewTo, ReviewInside, ReviewOutside, ReviewNone         string
	ReviewFiles, ReviewNoFiles, ReviewRules, ReviewPass, ReviewWhen, ReviewAtOnce string
	ReviewUndo, AskMark, BlockMark, PassMark, Reason, ReasonHint, NeedReason      string
	ReviewBlocked, AndMore, InFile                                                string
	Where                                                                         map[string]string // by Finding.Where
	Findings                                                                      map[string]string // by code; %s is what matched
	File                                                                          map[string]string // a verdict on a file, short, by code; "" for others
	Suggest                                                                       map[string]string // what to do about a file, by rule.FormatReport.Suggest
	Mended, MendNone, FixTo, NoteMark                                             string
	Somebody                                                                      string // who is not named
}

// Finding is the sentence for a code; an unknown one gets the common sentence.
func (c *Compose) Finding(code string) string {
	if s, ok := c.Findings[code]; ok {
		return s
	}
	return c.Findings[""]
}

var composeVI = Compose{
	TitleNew: "Soạn thư", TitleReply: "Trả lời", TitleReplyAll: "Trả lời tất cả", TitleForward: "Chuyển tiếp",
	From: "Người gửi", FromAgency: "%s, do %s gửi", FromPerson: "%s", To: "Đến", Cc: "Đồng gửi", Bcc: "Gửi ẩn", Subject: "Chủ đề",
	SubjectOfficial: "Trích yếu", Files: "Đính kèm", ToHint: "gõ tên hoặc địa chỉ; nhiều người cách nhau bằng dấu phẩy",
	SubjectHint: "nêu ngắn gọn nội dung thư", BodyHint: "Viết thư ở đây…", Outside: "NGOÀI HỆ THỐNG", FileLooking: "đang xem…",
	FilePass: "đạt (QC 7.3)", FilesTotal: "%d tệp, %s", Loading: "đang mở thư để soạn…", Saved: "đã lưu %s", Saving: "đang lưu…",
	NotSaved: "CHƯA LƯU ĐƯỢC, vẫn còn trên màn hình", Unchanged: "chưa có gì để lưu", Kept: "Đã lưu thư nháp",
	LoseTitle: "Chưa lưu được thư nháp", LoseText: "Esc để ở lại; hopthu thử lưu lại sau vài giây. Rời đi thì mất phần chưa lưu.",
	LoseYes: "rời đi, mất phần chưa lưu", Lost: "Đã rời trang soạn; phần chưa lưu đã mất",
	Discarded: "Đã bỏ thư", Empty: "Thư trống, không lưu", DiscardTitle: "Bỏ thư đang soạn?",
	DiscardText: "Bản nháp trong máy và trên máy chủ đều bị xóa, không lấy lại được.", Refusal: "Máy chủ đã từ chối thư này: %s",
	Quoted: "trích dẫn", Position: "dòng %d/%d", Marked: "đang chọn đoạn", NoSelection: "Chưa chọn đoạn nào. Ctrl+Space để bắt đầu chọn, Ctrl+Q để thoát.",
	Nothing: "Chưa có gì để dán", TooLong: "Đoạn này quá dài cho một bức thư. Hãy lưu thành tệp rồi đính kèm.",
	Ambiguous: "Có %d người khớp. Dùng mũi tên xuống để chọn đúng người.", Directory: "danh bạ", History: "đã gửi %d lần", NobodyFits: "Không ai khớp",
	Attaching: "đang đính kèm…", Attached: "Đã đính kèm %s", Detached: "Đã gỡ %s", NoFiles: "Chưa đính kèm tệp nào",
	EditorNone:    "Chưa đặt trình soạn thảo: đặt biến EDITOR, hoặc điền trong Cài đặt (F9).",
	EditorMissing: "Máy không có chương trình %s: sửa trong Cài đặt (F9) hoặc biến EDITOR.",
	EditorFailed:  "Trình soạn thảo kết thúc bằng lỗi. Nội dung trong hopthu giữ nguyên.", EditorBack: "Đã lấy nội dung từ trình soạn thảo",
	EditorSame: "Nội dung không thay đổi", EditorKept: "Không đọc lại được tệp của trình soạn thảo; nội dung cũ giữ nguyên.",
	Checking: "đang kiểm tra…", Sending: "đang đưa vào Hộp thư đi…", Sent: "Thư sẽ đi sau %d giây", SentNoUndo: "Thư đang được gửi",
	NoAccount: "Chưa có hộp thư nào. Hãy đăng nhập trước.", Review: "Trước khi gửi", ReviewFrom: "Từ", ReviewTo: "Đến",
	ReviewInside: "%d người trong hệ thống", ReviewOutside: "%d người NGOÀI HỆ THỐNG", ReviewNone: "chưa có người nhận", ReviewFiles: "Tệp",
	ReviewNoFiles: "không đính kèm", ReviewRules: "Quy chế", ReviewPass: "không có gì cần hỏi", ReviewWhen: "Khi nào",
	ReviewAtOnce: "ngay khi có kết nối", ReviewUndo: "sau %d giây, lấy lại được bằng phím u", AskMark: "HỎI", BlockMark: "CHẶN", PassMark: "ĐẠT",
	Reason: "Lý do", ReasonHint: "vì sao vẫn gửi; được ghi lại cùng thư", NeedReason: "Hãy ghi lý do cho từng mục HỎI rồi bấm Enter.",
	ReviewBlocked: "Thư này không được gửi. Esc để sửa.", AndMore: "và %d nữa",
	InFile: "(trong tệp %s)", Where: map[string]string{"subject": "(trong chủ đề)", "body": "(trong nội dung)", "quoted": "(trong phần trích dẫn)"},
	Findings: map[string]string{
		"secret-mark": "Tài liệu mật không gửi qua thư điện tử. Có dấu hiệu mật: “%s”.", "no-subject": "Thư chưa có chủ đề.",
		"forgotten-file": "Thư nói đến tệp kèm theo (“%s”) nhưng chưa đính kèm.", "bad-address": "Địa chỉ không đúng: %s",
		"outside": "Có người nhận ngoài hệ thống: %s", "no-recipient": "Thư chưa có người nhận.", "password": "Thư có vẻ chứa mật khẩu: “%s”.",
		"file-blocked": "Tệp không được gửi: %s", "file-odd": "Tên tệp không khớp nội dung: %s", "file-old": "Định dạng cũ, nên chuyển: %s",
		"file-disguised": "Tên tệp ngụy trang, không được gửi: %s", "file-macro": "Tệp có macro, hãy lưu lại dạng không có macro: %s",
		"file-bomb": "Tệp nén bất thường, không được gửi: %s", "file-locked": "Tệp có mật khẩu, không kiểm tra được: %s",
		"scan":          "Tệp là ảnh quét, máy không đọc được; hãy tự kiểm tra dấu mật: %s",
		"file-unlisted": "Định dạng ngoài danh mục: %s", "too-big": "Thư quá lớn: %s", "not-unicode": "Có chữ không đúng chuẩn Unicode: “%s”.",
		"answered-already": "%s đã trả lời thư này; thư của bạn sẽ là câu trả lời thứ hai của cơ quan.",
		"being-answered":   "%s đang soạn trả lời thư này.",
		"not-asked":        "Không hỏi được máy chủ xem có ai đã trả lời thư này chưa; khi thư sắp đi sẽ hỏi lại.",
		"delegation-scope": "Ủy quyền của bạn trong hộp thư này không cho gửi thư này.",
		"":                 "Cần xem lại: %s",
	},
	Somebody: "Một người khác",
	File: map[string]string{
		"file-blocked": "chặn, không được gửi", "file-disguised": "chặn, tên ngụy trang", "file-macro": "chặn, có macro", "file-bomb": "chặn, tệp nén bất thường",
		"file-old": "nên chuyển", "file-unlisted": "ngoài danh mục", "file-odd": "ngoài danh mục, tên không khớp nội dung",
		"file-locked": "ngoài danh mục, có mật khẩu", "scan": "đạt, ảnh quét: tự xem dấu mật", "secret-mark": "có dấu hiệu mật", "": "cần xem lại",
	},
	Suggest: map[string]string{
		"to-docx": "lưu thành .docx", "to-xlsx": "lưu thành .xlsx", "to-pptx": "lưu thành .pptx", "to-pdf": "lưu thành .pdf", "to-csv": "lưu thành .csv",
		"to-png": "lưu thành .png", "to-jpg": "lưu thành .jpg", "to-mp3": "lưu thành .mp3", "to-mp4": "lưu thành .mp4", "to-zip": "nén thành .zip",
		"remove": "gỡ ra", "rename": "đặt lại tên cho đúng", "unlock": "bỏ mật khẩu của tệp",
	},
	NoteMark: "NHẮC", Mended: "Đã sửa chữ theo TCVN 6909; xem lại rồi gửi", MendNone: "Máy không tự sửa được chữ này; hãy gõ lại", FixTo: "“%s” nên viết là “%s” theo TCVN 6909; F7 sửa giúp",
}

var composeEN = Compose{
	TitleNew: "New letter", TitleReply: "Reply", TitleReplyAll: "Reply to all", TitleForward: "Forward",
	From: "From", FromAgency: "%s, sent by %s", FromPerson: "%s", To: "To", Cc: "Cc", Bcc: "Bcc", Subject: "Subject",
	SubjectOfficial: "Summary", Files: "Files", ToHint: "a name or an address; several are parted by commas",
	SubjectHint: "what the letter is about", BodyHint: "Write here…", Outside: "OUTSIDE THE SYSTEM", FileLooking: "looking…",
	FilePass: "fine (QC 7.3)", FilesTotal: "%d {file|files}, %s", Loading: "opening the letter…", Saved: "saved %s", Saving: "saving…",
	NotSaved: "NOT SAVED, still on the screen", Unchanged: "nothing to save yet", Kept: "The draft is kept",
	LoseTitle: "The draft could not be kept", LoseText: "Esc stays; hopthu tries again in a few seconds. Leaving loses what is not kept.",
	LoseYes: "leave and lose it", Lost: "Left; what was not kept is lost",
	Discarded: "The letter was discarded", Empty: "An empty letter is not kept", DiscardTitle: "Discard this letter?",
	DiscardText: "The draft here and at the server is deleted for good.", Refusal: "The server refused this letter: %s",
	Quoted: "quoted", Position: "line %d/%d", Marked: "selecting", NoSelection: "Nothing is selected. Ctrl+Space begins a selection, Ctrl+Q quits.",
	Nothing: "Nothing to paste yet", TooLong: "This is too long for a letter. Save it as a file and attach it.",
	Ambiguous: "%d people fit. Use the down arrow to choose the right one.", Directory: "directory", History: "sent %d {time|times}", NobodyFits: "Nobody fits",
	Attaching: "attaching…", Attached: "Attached %s", Detached: "Took out %s", NoFiles: "No file attached yet",
	EditorNone:    "No editor is set: set EDITOR, or fill it in under Settings (F9).",
	EditorMissing: "There is no program %s here: change it under Settings (F9) or in EDITOR.",
	EditorFailed:  "The editor ended with an error. The text in hopthu is unchanged.", EditorBack: "Took the text from the editor",
	EditorSame: "The text did not change", EditorKept: "The editor's file could not be read; the old text is kept.",
	Checking: "checking…", Sending: "putting it into the outbox…", Sent: "The letter leaves in %d {second|seconds}", SentNoUndo: "The letter is on its way",
	NoAccount: "There is no mailbox yet. Please sign in first.", Review: "Before it goes", ReviewFrom: "From", ReviewTo: "To",
	ReviewInside: "%d inside the system", ReviewOutside: "%d OUTSIDE", ReviewNone: "no recipient yet", ReviewFiles: "Files",
	ReviewNoFiles: "none", ReviewRules: "Rules", ReviewPass: "nothing to ask", ReviewWhen: "When",
	ReviewAtOnce: "as soon as there is a connection", ReviewUndo: "in %d {second|seconds}; u takes it back", AskMark: "ASK", BlockMark: "BLOCK", PassMark: "PASS",
	Reason: "Reason", ReasonHint: "why it goes all the same; kept with the letter", NeedReason: "Give a reason for each ASK, then press Enter.",
	ReviewBlocked: "This letter may not be sent. Esc to edit.", AndMore: "and %d more",
	InFile: "(in the file %s)", Where: map[string]string{"subject": "(in the subject)", "body": "(in the text)", "quoted": "(in the quotation)"},
	Findings: map[string]string{
		"secret-mark": "Classified papers never go by mail. A secrecy mark is suspected: “%s”.", "no-subject": "The letter has no subject.",
		"forgotten-file": "The letter speaks of a file (“%s”) but has none.", "bad-address": "Not an address: %s",
		"outside": "A recipient is outside the system: %s", "no-recipient": "The letter has no recipient.", "password": "The letter seems to hold a password: “%s”.",
		"file-blocked": "This file may not be sent: %s", "file-odd": "A file's name and content disagree: %s", "file-old": "An old format, better converted: %s",
		"file-disguised": "A disguised file name, not to be sent: %s", "file-macro": "This file has macros; save it without them: %s",
		"file-bomb": "An abnormal archive, not to be sent: %s", "file-locked": "This file is encrypted and could not be checked: %s",
		"scan":          "A scan that no program can read; look for secrecy marks yourself: %s",
		"file-unlisted": "A format that is not on the list: %s", "too-big": "The letter is too big: %s", "not-unicode": "Characters that are not proper Unicode: “%s”.",
		"answered-already": "%s has answered this letter; yours will be the agency's second answer.",
		"being-answered":   "%s is writing an answer to this letter.",
		"not-asked":        "The server could not be asked whether anybody has answered this letter; it is asked again before yours leaves.",
		"delegation-scope": "Your delegation in this box does not let you send this letter.",
		"":                 "Please look at: %s",
	},
	Somebody: "Somebody else",
	File: map[string]string{
		"file-blocked": "blocked, may not be sent", "file-disguised": "blocked, disguised name", "file-macro": "blocked, has macros",
		"file-bomb": "blocked, abnormal archive", "file-old": "better converted", "file-unlisted": "not on the list",
		"file-odd": "not on the list, name and content disagree", "file-locked": "not on the list, encrypted",
		"scan": "fine, a scan: look for secrecy marks", "secret-mark": "a secrecy mark is suspected", "": "please look at it",
	},
	Suggest: map[string]string{
		"to-docx": "save as .docx", "to-xlsx": "save as .xlsx", "to-pptx": "save as .pptx", "to-pdf": "save as .pdf", "to-csv": "save as .csv",
		"to-png": "save as .png", "to-jpg": "save as .jpg", "to-mp3": "save as .mp3", "to-mp4": "save as .mp4", "to-zip": "pack it as .zip",
		"remove": "take it out", "rename": "give it its right name", "unlock": "take its password away",
	},
	NoteMark: "NOTE", Mended: "Letters set right by TCVN 6909; look again, then send", MendNone: "This cannot be set right by itself; please type it again", FixTo: "“%s” should be “%s” by TCVN 6909; F7 does it",
}

// Files has the words of the file browser.
type Files struct {
	Title, Hint, Up, Folder, Empty, NoneFits, Loading string
}

var filesVI = Files{
	Title: "Đính kèm tệp", Hint: "gõ để lọc, hoặc gõ đường dẫn", Up: "thư mục trên", Folder: "thư mục", Empty: "Thư mục này trống",
	NoneFits: "Không có tên nào khớp", Loading: "đang đọc thư mục…",
}

var filesEN = Files{
	Title: "Attach a file", Hint: "type to filter, or a path", Up: "parent folder", Folder: "folder", Empty: "This folder is empty",
	NoneFits: "No name fits", Loading: "reading the folder…",
}
