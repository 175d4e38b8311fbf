package words

import "hopthu/mail"

// App has the words of the frame around every page.
type App struct {
	Name, Official                                                              string
	NoSuspend                                                                   string
	TooSmall, TooSmallHint                                                      string // the size needed; what to do
	Synced, SyncedNow, Syncing, SyncingOf, Connecting, Offline, OfflineAt, Halt string
	NewMail, NewMailFrom, NewMails                                              string
	Quit, QuitText, QuitOutbox                                                  string
	Undone, NothingToUndo, Copied, CopiedNote                                   string
	Trouble, Drafts, Outbox, Loading                                            string
	NoAccount                                                                   string
	Typing, TypingOff, TypingYielded, TypingNone                                string            // the state where one types
	Methods                                                                     map[string]string // of typing, short
}

// Today has the words of the page of the day.
type Today struct {
	Title, Overdue, DueToday, Soon, Fresh, FreshUnread, Drafts, Outbox      string
	Late, BeforeTime, Nothing, NothingHint, More, Refused, Unknown, Waiting string
	Unsure, UnsureHint                                                      string
	NoSubject, Queued                                                       string
}

// Box has the words of the list of letters.
type Box struct {
	Count, Unread, Awaiting, Filter, Filling, Marked, Found, Finding, Exact, Searching, SearchHint string
	Filters                                                                                        map[mail.Filter]string
	Empty                                                                                          map[mail.Filter]string
	EmptyHint                                                                                      map[mail.Filter]string
	EmptyFind, EmptyFindHint, Loading, Letters, NoSubject, NoSender, Folders, Late, Due            string
	MoveTitle, MoveHint, ExcuseTitle, Reasons0, Reasons1, Reasons2, Reasons3                       string
	Moved, Deleted, Archived, Excused, MarkedRead, MarkedUnread, StarredOne, UnstarredOne          string
	EraseTitle, EraseText, EraseYes, NoOther, Flat, Conversations, ViewSaid, To, PickOne           string
	NoFolder                                                                                       string
	Urgent                                                                                         [2]string
}

// Letter has the words of an opened letter.
type Letter struct {
	From, To, Cc, Bcc, ReplyTo, Sender, Date, Subject, Files, Outside, NoSubject, NoText string
	FileType, FileBroken, FileOdd, FileBlocked, FileInline, Unnamed                      string
	QuoteFolded, Legacy, HTML, Defects, Awaits, Answered, Excused, Forwarded             string
	Loading, Headers, Raw, Charset, CharsetNow, CharsetSet, Position, Saved, SavedAll    string
	OpenTitle, LinkTitle, LinkCopy, NoLinks, SaveTitle, SaveAll, NoFiles                 string
	OddTitle, OddText, OddYes, Blocked, Opened, ConvTitle, LinkNote, Recipients          string
	Types                                                                                map[string]string
}

// Dialog has the words shared by dialogs.
type Dialog struct {
	FilterHint, NothingFits, Safe, Next string
}

// Help has the words of the help page and the palette.
type Help struct {
	Title, Intro, Palette, PaletteHint string
}

// methodNames are the ways of typing, as the line above a page names them.
var methodNames = map[string]string{"telex": "Telex", "telex-w": "Telex", "vni": "VNI", "viqr": "VIQR"}

var vietnamese = &Words{
	Lang: "vi",
	App: App{
		Name: "hopthu", Official: "Công vụ",
		NoSuspend: "Không có dòng lệnh nào để quay về, nên hopthu không tạm dừng được.",
		TooSmall:  "Cửa sổ quá nhỏ (%d×%d)", TooSmallHint: "Cần ít nhất %d×%d. Hãy phóng to.",
		Synced: "đã đồng bộ %s", SyncedNow: "đã đồng bộ", Syncing: "đang đồng bộ", SyncingOf: "đang đồng bộ %s/%s",
		Connecting: "đang kết nối", Offline: "ngoại tuyến", OfflineAt: "ngoại tuyến, thử lại %s", Halt: "cần xử lý: bấm ! để xem",
		NewMail: "Thư mới", NewMailFrom: "Thư mới từ %s", NewMails: "%s thư mới",
		Quit: "Thoát hopthu?", QuitText: "Thư nháp và thư chờ gửi đều đã được giữ trong máy.",
		QuitOutbox: "Còn %s thư chờ gửi. Thư được giữ trong máy và sẽ đi khi mở lại hopthu.",
		Undone:     "Đã hoàn tác: %s", NothingToUndo: "Không có gì để hoàn tác", Copied: "Đã chép vào bộ nhớ tạm",
		CopiedNote: "Nếu dán không được, thiết bị cuối này không cho chép (OSC 52).",
		Trouble:    "Có lỗi", Drafts: "Thư nháp", Outbox: "Hộp thư đi",
		Loading: "đang tải…", NoAccount: "Chưa có hộp thư",
		Typing: "VI %s", TypingOff: "EN", TypingYielded: "bộ gõ của máy", TypingNone: "Gõ tiếng Việt đang tắt. F9 để bật trong Cài đặt.",
		Methods: methodNames,
	},
	Act: actsVI,
	Today: Today{
		Title: "Hôm nay", Overdue: "Quá hạn", DueToday: "Đến hạn hôm nay", Soon: "Sắp đến hạn", Fresh: "Mới từ chiều qua",
		FreshUnread: "%s chưa đọc", Drafts: "Thư nháp", Outbox: "Hộp thư đi",
		Late: "trễ %d ngày", BeforeTime: "trước %s", Nothing: "Không có thư nào chờ hồi đáp.",
		Unsure: "Hộp thư chưa đồng bộ xong.", UnsureHint: "Chưa biết còn thư nào chờ hồi đáp. Việc hôm nay hiện ra ở đây khi thư về.",
		NothingHint: "Mọi việc hôm nay đã xong. Bấm 2 để vào Hộp thư, c để soạn thư.", More: "và %s thư nữa",
		Refused: "bị từ chối, cần sửa", Unknown: "chưa rõ đã đi hay chưa", Waiting: "sẽ gửi lại %s", NoSubject: "(không có tiêu đề)",
		Queued: "chờ gửi",
	},
	Box: Box{
		Count: "%s thư", Unread: "%s chưa đọc", Awaiting: "%s chưa hồi đáp", Filter: "lọc: %s", Filling: "đang tải %s/%s",
		Marked: "đã chọn %s", Found: "tìm thấy %s", Finding: "đang tìm…", Exact: "%s đúng dấu", Searching: "Tìm: ", SearchHint: "gõ từ cần tìm, có dấu hoặc không dấu",
		Filters: map[mail.Filter]string{
			mail.All: "tất cả", mail.Unread: "chưa đọc", mail.Awaiting: "chưa hồi đáp", mail.Starred: "có sao", mail.WithAttachment: "có tệp",
		},
		Empty: map[mail.Filter]string{
			mail.All: "Thư mục này chưa có thư.", mail.Unread: "Không còn thư chưa đọc.", mail.Awaiting: "Không còn thư chờ hồi đáp.",
			mail.Starred: "Chưa có thư nào được đánh dấu sao.", mail.WithAttachment: "Không có thư nào kèm tệp.",
		},
		EmptyHint: map[mail.Filter]string{
			mail.All:      "Thư mới sẽ tự hiện ở đây. Bấm c để soạn thư, b để chọn thư mục khác.",
			mail.Unread:   "Bấm l để xem tất cả thư.",
			mail.Awaiting: "Bấm l để xem tất cả thư, 1 để về Hôm nay.", mail.Starred: "Bấm s trên một thư để đánh dấu sao; l để đổi bộ lọc.",
			mail.WithAttachment: "Bấm l để đổi bộ lọc.",
		},
		EmptyFind: "Không tìm thấy thư nào khớp.", EmptyFindHint: "Thử ít chữ hơn, hoặc gõ không dấu. Esc để thôi tìm.",
		Loading: "đang tải danh sách…", Letters: "%s thư", NoSubject: "(không có tiêu đề)", NoSender: "(không rõ người gửi)",
		Folders: "Thư mục", Late: "trễ %d", Due: "hạn %s", MoveTitle: "Chuyển %s thư đến", MoveHint: "gõ tên thư mục",
		ExcuseTitle: "Vì sao không cần hồi đáp?", Reasons0: "Chỉ để biết", Reasons1: "Đã trả lời bằng văn bản hoặc điện thoại",
		Reasons2: "Đã chuyển người khác xử lý", Reasons3: "Không thuộc thẩm quyền",
		Moved: "Đã chuyển %s thư vào %s", Deleted: "Đã xóa %s thư", Archived: "Đã lưu trữ %s thư",
		Excused: "Đã ghi %s thư: không cần hồi đáp", MarkedRead: "Đã đánh dấu đã đọc %s thư", MarkedUnread: "Đã đánh dấu chưa đọc %s thư",
		StarredOne: "Đã đánh dấu sao %s thư", UnstarredOne: "Đã bỏ sao %s thư", EraseTitle: "Xóa hẳn %s thư?",
		EraseText: "Thư trong Thùng rác bị xóa hẳn khỏi máy chủ và không lấy lại được.", EraseYes: "xóa hẳn", NoOther: "Hết thư theo hướng này",
		Flat: "từng thư", Conversations: "hội thoại", ViewSaid: "Danh sách theo %s", To: "đến ", PickOne: "Chọn một thư để đọc ở đây",
		Urgent: [2]string{"[Khẩn]", "[Hỏa tốc]"}, NoFolder: "Hộp thư chưa có thư mục nào; đang chờ máy chủ.",
	},
	Letter: Letter{
		From: "Từ", To: "Đến", Cc: "Đồng gửi", Bcc: "Gửi ẩn", ReplyTo: "Trả lời về", Sender: "Gửi thay", Date: "Ngày", Subject: "Tiêu đề",
		Files: "Đính kèm", Outside: "NGOÀI HỆ THỐNG", NoSubject: "(không có tiêu đề)", NoText: "Thư không có phần chữ để đọc.",
		FileType: "%s, %s", FileBroken: "hỏng, chỉ đọc được một phần", FileOdd: "tên và nội dung không khớp",
		FileBlocked: "NGUY HIỂM: chương trình hoặc tên giả", FileInline: "trong thư", Unnamed: "tệp không tên",
		QuoteFolded: "%d dòng trích dẫn, z để mở", Legacy: "Thư dùng bảng mã cũ %s, đã chuyển mã sang Unicode; g nếu vẫn sai", HTML: "Thư HTML, chỉ hiện phần chữ",
		Defects: "Lưu ý khi đọc thư này: %s", Awaits: "chờ hồi đáp", Answered: "đã trả lời",
		Excused: "không cần hồi đáp", Forwarded: "đã chuyển tiếp", Loading: "đang mở thư…", Headers: "Dòng tiêu đề", Raw: "Nguồn",
		Charset: "Đọc theo bảng mã: %s (%s/%s, g để đổi tiếp)", CharsetSet: "Đang đọc theo bảng mã %s do mình chọn, g để đổi tiếp", CharsetNow: "tự nhận", Position: "%s/%s", Saved: "Đã lưu: %s",
		SavedAll: "Đã lưu %d tệp vào %s", OpenTitle: "Mở tệp hoặc liên kết",
		LinkTitle: "Liên kết", LinkCopy: "Đã chép liên kết. Dán vào trình duyệt nếu tin nơi gửi.", NoLinks: "Thư không có tệp hay liên kết",
		SaveTitle: "Lưu tệp vào %s", SaveAll: "Tất cả %d tệp", NoFiles: "Thư không có tệp đính kèm", OddTitle: "Tệp không giống tên gọi",
		OddText: "%s có nội dung là %s. Chỉ mở nếu đúng người gửi và đang chờ tệp này.", OddYes: "vẫn mở",
		Blocked: "%s là chương trình hoặc mang tên giả; hopthu không mở loại tệp này. Vẫn lưu được bằng phím w. Hãy báo bộ phận công nghệ thông tin.",
		Opened:  "Đã mở %s", ConvTitle: "Hội thoại", LinkNote: "Chép địa chỉ này vào bộ nhớ tạm?", Recipients: "và %d người nữa",
		Types: typesVI,
	},
	Dialog: Dialog{
		FilterHint: "gõ để lọc", NothingFits: "Không có mục nào khớp",
		Safe: "Vẫn an toàn", Next: "Cần làm",
	},
	Help: Help{
		Title: "Trợ giúp", Intro: "Các phím dùng được. Gõ : rồi tên việc (không cần dấu) để tìm mọi lệnh.",
		Palette: "Lệnh", PaletteHint: "gõ tên việc, không cần dấu",
	},
	Keys: map[string]string{
		"enter": "Enter", "esc": "Esc", " ": "Space", "tab": "Tab", "shift+tab": "Shift+Tab", "up": "↑", "down": "↓", "left": "←",
		"right": "→", "pgup": "PgUp", "pgdown": "PgDn", "home": "Home", "end": "End", "delete": "Del", "backspace": "Backspace",
	},
	Arrows: map[string]string{"up": "Lên", "down": "Xuống", "left": "Trái", "right": "Phải"},
	Parts: map[string]string{
		"global": "Ở mọi nơi", "move": "Đi lại", "acts": "Với thư", "box": "Danh sách thư", "letter": "Thư đang mở", "today": "Hôm nay",
		"find": "Ô tìm kiếm", "dialog": "Hộp hỏi", "choose": "Danh sách chọn", "field": "Ô nhập chữ", "tree": "Cây thư mục", "plain": "Trang đọc",
		"sealed": "Thư có dấu mật", "rules": "Quy chế",
		"round": "Kiểm tra hằng ngày", "year": "Cả năm", "waiting": "Chờ phản hồi",
		"text": "Khi gõ chữ", "body": "Nội dung thư", "form": "Các ô và nút", "secret": "Ô mật khẩu", "suggest": "Gợi ý người nhận",
		"write": "Soạn thư", "attached": "Tệp đính kèm", "files": "Chọn tệp", "drafts": "Thư nháp", "outbox": "Hộp thư đi",
		"settings": "Cài đặt", "review": "Trước khi gửi", "keep": "Rời trang soạn",
		"viet": "Gõ tiếng Việt", "dispatch": "Phát hành văn bản", "dispatch-list": "Phát hành: chọn văn bản", "dispatch-read": "Phát hành: đọc lại",
		"recipients": "Phát hành: nơi nhận", "dispatch-last": "Phát hành: gửi", "dispatch-text": "Phát hành: dán hoặc viết", "register": "Sổ văn bản đi",
		"agency": "Công vụ", "staffing": "Công vụ: phân công", "delegations": "Công vụ: ủy quyền", "handing": "Công vụ: bàn giao",
	},
	Roles: map[mail.Role]string{
		mail.RoleInbox: "Hộp thư đến", mail.RoleSent: "Thư đã gửi", mail.RoleDrafts: "Thư nháp", mail.RoleTrash: "Thùng rác",
		mail.RoleJunk: "Thư rác", mail.RoleArchive: "Lưu trữ",
	},
	Faults: faultsVI, FaultsOf: faultsOfVI,
	Defects: defectsVI,
	Date: Date{
		Weekdays: [7]string{"Chủ nhật", "thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy"},
		Short:    [7]string{"CN", "T2", "T3", "T4", "T5", "T6", "T7"}, Yesterday: "hôm qua", Before: "trước %s", Thousand: ".",
		Ago: "%s trước", Minutes: "%d phút", Hours: "%d giờ", Days: "%d ngày", JustNow: "vừa xong",
	},
	Write: writeVI, Reading: readingVI, Rules: rulesVI,
	Office:   officeVI,
	Duty:     dutyVI,
	Dispatch: dispatchVI,
}
