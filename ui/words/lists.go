package words

import "hopthu/mail"

// Drafts has the words of the list of drafts.
type Drafts struct {
	Title, Count, Empty, EmptyHint, NoSubject, NoRecipient, To, DeleteTitle, DeleteText, Deleted, Refused, Loading, Files string
}

var draftsVI = Drafts{
	Title: "Thư nháp", Count: "%s thư nháp", Empty: "Không có thư nháp nào.", EmptyHint: "Bấm c để soạn thư. Thư đang soạn tự lưu vào đây sau vài giây.",
	NoSubject: "(chưa có chủ đề)", NoRecipient: "(chưa có người nhận)", To: "đến %s", DeleteTitle: "Xóa thư nháp này?",
	DeleteText: "Bản nháp trong máy và trên máy chủ đều bị xóa, không lấy lại được.", Deleted: "Đã xóa thư nháp",
	Refused: "bị từ chối", Loading: "đang đọc thư nháp…", Files: "%d tệp",
}

var draftsEN = Drafts{
	Title: "Drafts", Count: "%s {draft|drafts}", Empty: "There are no drafts.", EmptyHint: "Press c to write. A letter being written is kept here every few seconds.",
	NoSubject: "(no subject yet)", NoRecipient: "(no recipient yet)", To: "to %s", DeleteTitle: "Delete this draft?",
	DeleteText: "The draft here and at the server is deleted for good.", Deleted: "The draft was deleted",
	Refused: "refused", Loading: "reading the drafts…", Files: "%d {file|files}",
}

// Outbox has the words of the list of letters on their way.
type Outbox struct {
	Title, Count, Empty, EmptyHint, NoSubject, Loading, InSeconds, At, Tries           string
	Recalled, TooLate, Resent, Settled, Details, Server, Recipients, Queued, Submitted string
	Filed, NotFiled, MessageID, SettleTitle, SettleText, ResendTitle, ResendText       string
	CannotRecall, CannotResend, CannotSettle, None                                     string
	States                                                                             map[mail.OutboxState]string
	Explain                                                                            map[mail.OutboxState]string
}

var outboxVI = Outbox{
	Title: "Hộp thư đi", Count: "%s thư", Empty: "Không có thư nào chờ gửi.", EmptyHint: "Thư gửi đi nằm ở đây cho đến khi máy chủ nhận và bản sao vào Thư đã gửi.",
	NoSubject: "(không có chủ đề)", Loading: "đang đọc Hộp thư đi…", InSeconds: "đi sau %d giây", At: "thử lại %s", Tries: "đã thử %d lần",
	Recalled: "Đã lấy lại thư, đang mở để sửa", TooLate: "Thư đã rời máy, không lấy lại được.", Resent: "Đang gửi lại",
	Settled: "Đã ghi: thư đã đến nơi", Details: "Trạng thái thư", Server: "Máy chủ", Recipients: "Người nhận", Queued: "Bấm gửi", Submitted: "Máy chủ nhận",
	Filed: "Lưu vào Thư đã gửi", NotFiled: "chưa", MessageID: "Mã thư", SettleTitle: "Thư này đã đến nơi?",
	SettleText: "Chỉ ghi như vậy khi đã hỏi người nhận hoặc thấy thư trong Thư đã gửi. hopthu sẽ không gửi lại thư này.", ResendTitle: "Gửi lại thư này?",
	ResendText:   "Chưa rõ lần trước thư đã đi hay chưa. Gửi lại có thể làm người nhận có hai bản.",
	CannotRecall: "Thư đang gửi hoặc đã gửi, không lấy lại được.", CannotResend: "Thư này không cần gửi lại.",
	CannotSettle: "Chỉ dùng cho thư chưa rõ đã đi hay chưa.", None: "không có",
	States: map[mail.OutboxState]string{
		mail.OutQueued: "chờ gửi", mail.OutSending: "đang gửi…", mail.OutWaiting: "chờ gửi lại", mail.OutUnknown: "CHƯA RÕ ĐÃ ĐI HAY CHƯA",
		mail.OutRefused: "BỊ TỪ CHỐI", mail.OutSent: "máy chủ đã nhận",
	},
	Explain: map[mail.OutboxState]string{
		mail.OutQueued:  "Thư nằm chờ trong máy. Bấm e để lấy lại sửa.",
		mail.OutSending: "Thư đang được chuyển cho máy chủ.",
		mail.OutWaiting: "Máy chủ chưa nhận được lúc này; hopthu tự thử lại. Bấm s để gửi ngay, e để lấy lại sửa.",
		mail.OutUnknown: "Kết nối đứt đúng lúc gửi và không thấy bản sao trong Thư đã gửi. hopthu không tự gửi lại để tránh gửi hai lần. Hỏi người nhận: nếu đã đến bấm x, nếu chưa bấm s.",
		mail.OutRefused: "Máy chủ từ chối hẳn. Bấm e để lấy lại, sửa theo lời máy chủ rồi gửi.",
		mail.OutSent:    "Máy chủ đã nhận thư. Bản sao đang được lưu vào Thư đã gửi.",
	},
}

var outboxEN = Outbox{
	Title: "Outbox", Count: "%s letters", Empty: "No letter is waiting to leave.", EmptyHint: "A letter stays here until the server has it and its copy stands in Sent.",
	NoSubject: "(no subject)", Loading: "reading the outbox…", InSeconds: "leaves in %d {second|seconds}", At: "again %s", Tries: "tried %d {time|times}",
	Recalled: "Taken back, opening it", TooLate: "The letter has left and cannot be taken back.", Resent: "Sending again",
	Settled: "Recorded: the letter arrived", Details: "State of the letter", Server: "Server", Recipients: "Recipients", Queued: "Sent by you", Submitted: "Taken by the server",
	Filed: "Filed in Sent", NotFiled: "not yet", MessageID: "Message-ID", SettleTitle: "Did this letter arrive?",
	SettleText: "Record this only after asking the recipient, or when the letter is in Sent. hopthu will not send it again.", ResendTitle: "Send this letter again?",
	ResendText:   "It is not known whether it left the last time. The recipient may get it twice.",
	CannotRecall: "The letter is being sent or was sent; it cannot be taken back.", CannotResend: "This letter need not be sent again.",
	CannotSettle: "Only for letters whose fate is unknown.", None: "none",
	States: map[mail.OutboxState]string{
		mail.OutQueued: "queued", mail.OutSending: "sending…", mail.OutWaiting: "waiting to retry", mail.OutUnknown: "FATE UNKNOWN",
		mail.OutRefused: "REFUSED", mail.OutSent: "taken by the server",
	},
	Explain: map[mail.OutboxState]string{
		mail.OutQueued:  "The letter waits here. e takes it back to edit.",
		mail.OutSending: "The letter is being handed to the server.",
		mail.OutWaiting: "The server could not take it now; hopthu tries again by itself. s sends now, e takes it back.",
		mail.OutUnknown: "The connection broke while sending, and there is no copy in Sent. hopthu does not send again by itself, so that nothing goes twice. Ask the recipient: x if it arrived, s if not.",
		mail.OutRefused: "The server refused for good. e takes it back; change it as the server says and send.",
		mail.OutSent:    "The server has the letter. Its copy is being filed in Sent.",
	},
}

// Settings has the words of the settings page.
type Settings struct {
	Title, Look, Sending, Reading, Accounts, About                                                  string
	Language, Theme, ASCII, Mouse, Notify, Undo, Editor, EditorHint, ReplyDays, Downloads, View     string
	CheckFiles, Yes, No, Seconds, UndoOff, Days, ViewFlat, ViewConv, Saved, Add, Remove, Password   string
	SignInAgain, RemoveTitle, RemoveText, Removed, Official, Personal, NoAccount, Working, MouseOff string
	BadDownloads, AboutText, Typing, Tones, TonesOld, TonesNew, Outside, OutsideAsk, OutsideBlock   string
	Methods                                                                                         map[string]string
	Themes                                                                                          map[string]string
	Notifies                                                                                        map[string]string
	Help                                                                                            map[string]string // one sentence for each line
}

var settingsVI = Settings{
	Title: "Cài đặt", Look: "Màn hình", Sending: "Soạn và gửi", Reading: "Đọc thư", Accounts: "Hộp thư", About: "Giới thiệu",
	Language: "Ngôn ngữ", Theme: "Màu sắc", ASCII: "Dấu bằng chữ thường", Mouse: "Dùng chuột", Notify: "Báo thư mới", Undo: "Thời gian lấy lại thư",
	Editor: "Trình soạn thảo", EditorHint: "để trống: dùng $VISUAL, $EDITOR", ReplyDays: "Hạn trả lời", Downloads: "Thư mục lưu tệp",
	View: "Hộp thư mở theo", CheckFiles: "Nhắc quên đính kèm", Yes: "có", No: "không", Seconds: "%d giây", UndoOff: "đi ngay", Days: "%d ngày làm việc",
	ViewFlat: "từng thư", ViewConv: "hội thoại", Saved: "Đã lưu cài đặt", Add: "Thêm hộp thư…", Remove: "Gỡ hộp thư này…",
	Password: "Đổi mật khẩu…", SignInAgain: "Đăng nhập lại…", RemoveTitle: "Gỡ hộp thư %s?",
	RemoveText: "Thư đã tải về và mật khẩu bị xóa khỏi máy này. Thư trên máy chủ còn nguyên. Thư nháp chỉ có trong máy này sẽ mất; thư còn trong Hộp thư đi thì phải gửi hoặc lấy lại trước.",
	Removed:    "Đã gỡ %s", Official: "công vụ", Personal: "cá nhân", NoAccount: "Chưa có hộp thư", Working: "đang lưu…",
	MouseOff:     "tắt để bôi đen chữ bằng chuột của cửa sổ",
	BadDownloads: "Thư mục phải là đường dẫn đầy đủ, bắt đầu bằng / hoặc ~",
	AboutText:    "hopthu: thư điện tử công vụ trong cửa sổ dòng lệnh.",
	Outside:      "Từ ngữ mật ra ngoài", OutsideAsk: "hỏi lý do", OutsideBlock: "chặn",
	Typing: "Gõ tiếng Việt", Tones: "Kiểu đặt dấu", TonesOld: "hòa, thúy, khỏe", TonesNew: "hoà, thuý, khoẻ",
	Methods:  map[string]string{"off": "tắt", "telex": "Telex", "telex-w": "Telex, phím w thành ư", "vni": "VNI", "viqr": "VIQR"},
	Themes:   map[string]string{"dark": "nền tối", "light": "nền sáng", "contrast": "tương phản cao", "mono": "không màu"},
	Notifies: map[string]string{"off": "không", "bell": "chuông", "osc9": "thông báo (OSC 9)", "osc777": "thông báo (OSC 777)"},
	Help: map[string]string{
		"language": "Chữ trên màn hình; thư không bị dịch.", "theme": "Chữ luôn đủ đậm để đọc; không mục nào chỉ dựa vào màu.",
		"ascii":     "Dùng chữ và dấu câu thay cho ● ▲ ↩ khi phông chữ thiếu các ký hiệu này.",
		"mouse":     "Bấm để chọn, lăn để cuộn. Tắt đi thì bôi đen để chép bằng chuột của cửa sổ.",
		"notify":    "Cách báo khi có thư mới và đang ở cửa sổ khác.",
		"undo":      "Thư nằm chờ chừng ấy giây trước khi đi; trong lúc đó lấy lại được.",
		"editor":    "Chương trình mở bằng Ctrl+E khi soạn thư, ví dụ: nano, vim, emacs -nw.",
		"reply":     "Số ngày làm việc để trả lời một thư, tính cả lịch nghỉ lễ (QC 9).",
		"downloads": "Nơi lưu tệp đính kèm; tệp cũ không bao giờ bị ghi đè.",
		"view":      "Danh sách thư mở theo từng thư hoặc gộp theo hội thoại.",
		"files":     "Hỏi lại khi thư viết “kèm theo” mà chưa đính kèm tệp.",
		"outside":   "Thư nhắc đến bí mật gửi ra NGOÀI HỆ THỐNG: hỏi lý do hay chặn hẳn (QC 8.2). Dấu mật thì luôn bị chặn.",
		"typing":    "Gõ có dấu khi máy không có bộ gõ. F2 đổi VI/EN, F3 trả tiếng vừa gõ về nguyên phím. Có bộ gõ riêng thì để tắt.",
		"tones":     "Chỗ đặt dấu trong oa, oe, uy. Tìm kiếm không phân biệt hai kiểu.",
		"account":   "Đổi mật khẩu, đăng nhập lại hoặc gỡ hộp thư.",
	},
}

var settingsEN = Settings{
	Title: "Settings", Look: "Screen", Sending: "Writing and sending", Reading: "Reading", Accounts: "Mailboxes", About: "About",
	Language: "Language", Theme: "Colours", ASCII: "Marks in plain letters", Mouse: "Mouse", Notify: "New mail", Undo: "Time to take back",
	Editor: "External editor", EditorHint: "empty: $VISUAL, $EDITOR", ReplyDays: "Time to answer", Downloads: "Folder for files",
	View: "Boxes open by", CheckFiles: "Forgotten attachments", Yes: "yes", No: "no", Seconds: "%d {second|seconds}", UndoOff: "at once", Days: "%d working {day|days}",
	ViewFlat: "letters", ViewConv: "conversations", Saved: "Settings saved", Add: "Add a mailbox…", Remove: "Remove this mailbox…",
	Password: "Change the password…", SignInAgain: "Sign in again…", RemoveTitle: "Remove %s?",
	RemoveText: "The letters and the password are deleted from this computer. Letters at the server stay. Drafts that are only here are lost; letters in the outbox must be sent or taken back first.",
	Removed:    "Removed %s", Official: "official", Personal: "personal", NoAccount: "No mailbox yet", Working: "saving…",
	MouseOff:     "off: select text with the terminal's own mouse",
	BadDownloads: "The folder must be a full path, beginning with / or ~",
	AboutText:    "hopthu: official mail in the terminal.",
	Outside:      "Secrecy words outside", OutsideAsk: "ask for a reason", OutsideBlock: "block",
	Typing: "Type Vietnamese", Tones: "Tone marks", TonesOld: "hòa, thúy, khỏe", TonesNew: "hoà, thuý, khoẻ",
	Methods:  map[string]string{"off": "off", "telex": "Telex", "telex-w": "Telex, w gives ư", "vni": "VNI", "viqr": "VIQR"},
	Themes:   map[string]string{"dark": "dark", "light": "light", "contrast": "high contrast", "mono": "no colour"},
	Notifies: map[string]string{"off": "off", "bell": "bell", "osc9": "notification (OSC 9)", "osc777": "notification (OSC 777)"},
	Help: map[string]string{
		"language": "Words on the screen; letters are not translated.", "theme": "Text is always strong enough to read; nothing relies on colour alone.",
		"ascii":     "Letters and signs in place of ● ▲ ↩ for fonts without them.",
		"mouse":     "Click to choose, wheel to scroll. Off leaves the mouse to the terminal's own selection.",
		"notify":    "How new mail is told while you are elsewhere.",
		"undo":      "A letter waits that long before it leaves; until then it can be taken back.",
		"editor":    "The program that Ctrl+E opens while writing: nano, vim, emacs -nw.",
		"reply":     "Working days to answer a letter in, holidays counted (QC 9).",
		"downloads": "Where attachments are saved; an old file is never overwritten.",
		"view":      "Lists open letter by letter or by conversation.",
		"files":     "Ask when the letter says “attached” and nothing is.",
		"outside":   "A letter that mentions secrecy and goes OUTSIDE: ask for a reason or block it (QC 8.2). A stamp is always blocked.",
		"typing":    "Diacritics without an input method. F2 switches VI/EN, F3 gives back the keys of a word. Off if the system has a method.",
		"tones":     "Where the tone stands in oa, oe, uy. Search takes both for the same.",
		"account":   "Change the password, sign in again or remove the mailbox.",
	},
}
