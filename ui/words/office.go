package words

import "hopthu/mail"

// OfficeActs are the words of what is done in a box that several people work in.
type OfficeActs struct {
	Go, Take, Assign, GiveBack, Note, Reopen, ViewNext, ViewPrev, WhoNext, WhoPrev, Authorize, EndRight Act
	HandBegin, HandYes, HandNo, HandWrite, MonthPrev, MonthNext                                         Act
}

// Office has the words of an agency's box (QC 14, 15).
type Office struct {
	Act                                                      OfficeActs
	Tab                                                      string
	Views                                                    [5]string
	NoAgency, NoAgencyHint, Loading                          string
	Behalf                                                   string // "%s thay mặt %s"
	Scopes                                                   map[mail.Scope]string
	ScopeMore                                                map[mail.Scope]string
	ScopeLine, Until, Chief, NotEnforced, KeywordsOnly       string
	States                                                   map[mail.WorkState]string
	Me, Nobody, Writing, WritingShort, Has, AssignedBy       string
	DueBy, Instruction, NoteBy, Answered, AnsweredMe         string
	Excused                                                  string
	All, Waiting                                             string
	Empty, EmptyHint                                         string
	Away                                                     map[string]string
	AwayUntil, Here                                          string
	Took, Assigned, Gave, Noted, Reopened                    string
	AssignTitle, AssignHint, AssignDue, AssignText, NoPeople string
	DueHint, TextHint, DueRule                               string
	NoteTitle, NoteLabel, NoteHint                           string
	NotAgency, NeedScope                                     string
	ClaimTitle, ClaimText, ClaimYes, ClaimLost               string
	ClaimOffline                                             string
	Give                                                     Giving
	Sends                                                    Sending
	Staff                                                    Staffing
	Hand                                                     Handing
}

// Giving has the words of delegations (QC 14.1).
type Giving struct {
	Title, Person, Document, Dated, From, Until, Scope, Chief, Save, Cancel             string
	PersonHint, DocumentHint, DateHint, UntilHint                                       string
	Yes, No, Stands, Ahead, Over, Ended, EndedBy, Given, Count, Empty, EmptyHint        string
	EndTitle, EndLabel, NeedReason, Done, EndDone, HeadOnly, BadDate, Order, NeedPerson string
	NeedDocument, NoEnd, Wait, Which, PaperLine, Open, Administrator                    string
}

// Sending has the words of who sent in the agency's name.
type Sending struct{ Title, Count, Empty, At, By, To, More, HeadOnly string }

// Staffing has the words of people's sheets (QC 15).
type Staffing struct {
	Title, Person, Checked, Received, Answered, InTime, Late, Waiting, Median, None, Empty, HeadOnly, Counts string
}

// Handing has the words of a handover (QC 14.2).
type Handing struct {
	Empty, EmptyHint, HeadOnly, BeginTitle, BeginHint, BeginSure, BeginText, BeginYes            string
	States                                                                                       map[mail.HandoverState]string
	Box, Giver, Receiver, Started, Reason, ByOffice, Letters, Unanswered, Drafts                 string
	Outbox, Delegations, Hash, Folders, Oldest, Newest, Open, ConfirmTitle, ConfirmText          string
	ConfirmYes, RefuseTitle, RefuseLabel, Confirmed, Refused, Begun, Secret, WriteTitle, Written string
	Counting, CountingOf, CountingHint                                                           string // while the letters are counted
	GivenAt, TakenAt, DoneAt, NotYours, WaitGiver, WaitReceiver, Formats0, Formats1, Formats2    string
	Other, OtherLabel                                                                            string
	Steps                                                                                        [4]string
}

var officeVI = Office{
	Act: OfficeActs{
		Go: Act{"công vụ", "Hộp thư công vụ: phân công, ủy quyền, bàn giao"}, Take: Act{"nhận", "Nhận xử lý thư này"}, Assign: Act{"giao", "Giao thư cho người khác xử lý"},
		GiveBack: Act{"trả lại", "Trả lại: không còn ai giữ thư"}, Note: Act{"ghi chú", "Ghi chú nội bộ, không bao giờ gửi ra ngoài"}, Reopen: Act{"mở lại", "Mở lại: thư cần hồi đáp"},
		ViewNext: Act{"mục sau", "Sang mục kế tiếp của trang Công vụ"}, ViewPrev: Act{"mục trước", "Về mục trước của trang Công vụ"},
		WhoNext: Act{"danh sách", "Sang danh sách kế tiếp: từng người, từng trạng thái"}, WhoPrev: Act{"danh sách trước", "Về danh sách trước"},
		Authorize: Act{"ủy quyền", "Ủy quyền cho một người theo văn bản"}, EndRight: Act{"chấm dứt", "Chấm dứt ủy quyền"},
		HandBegin: Act{"bắt đầu", "Bắt đầu bàn giao hộp thư"}, HandYes: Act{"xác nhận", "Xác nhận bàn giao"}, HandNo: Act{"từ chối", "Từ chối hoặc hủy bàn giao"}, HandWrite: Act{"biên bản", "Ghi biên bản bàn giao ra tệp"},
		MonthPrev: Act{"tháng trước", "Về tháng trước"}, MonthNext: Act{"tháng sau", "Sang tháng sau"},
	},
	Tab: "Công vụ", Views: [5]string{"Phân công", "Ủy quyền", "Đã gửi", "Theo dõi", "Bàn giao"},
	NoAgency: "Bạn chưa được ủy quyền hộp thư công vụ nào.", NoAgencyHint: "Thủ trưởng ủy quyền bằng văn bản (QC 14.1); hộp thư công vụ sẽ tự hiện ra ở đây.", Loading: "đang mở…",
	Behalf: "%s thay mặt %s",
	Scopes: map[mail.Scope]string{
		mail.ScopeRead: "đọc", mail.ScopeAnswer: "trả lời", mail.ScopeIssue: "phát hành", mail.ScopeManage: "quản lý", mail.ScopeHead: "thủ trưởng",
	},
	ScopeMore: map[mail.Scope]string{
		mail.ScopeRead: "đọc, ghi chú nội bộ; không gửi", mail.ScopeAnswer: "đọc và trả lời thư đến", mail.ScopeIssue: "trả lời, viết thư mới, phát hành văn bản", mail.ScopeManage: "thêm: xóa, lập thư mục, phân công",
	},
	ScopeLine: "phạm vi: %s", Until: "đến hết %s", Chief: "phụ trách chính", NotEnforced: "máy chủ này không kiểm soát phạm vi", KeywordsOnly: "chỉ có trạng thái, không có ghi chú và chỉ đạo",
	States: map[mail.WorkState]string{
		mail.WorkOpen: "chưa xử lý", mail.WorkDoing: "đang xử lý", mail.WorkAnswered: "đã hồi đáp", mail.WorkExcused: "không cần hồi đáp",
	},
	Me: "tôi", Nobody: "chưa ai nhận", Writing: "%s đang soạn trả lời", WritingShort: "%s soạn", Has: "%s đang giữ", AssignedBy: "%s giao",
	DueBy: "hạn %s", Instruction: "Chỉ đạo", NoteBy: "%s, %s", Answered: "%s đã hồi đáp %s", AnsweredMe: "bạn đã hồi đáp %s", Excused: "Không cần hồi đáp: %s",
	All: "tất cả", Waiting: "chờ xử lý",
	Empty: "Không có thư nào trong danh sách này.", EmptyHint: "← → để xem danh sách khác.",
	Away: map[string]string{"leave": "nghỉ phép", "trip": "đi công tác"}, AwayUntil: "%s đến %s", Here: "đang mở hộp thư",
	Took: "Đã nhận %s thư", Assigned: "Đã giao %s thư cho %s", Gave: "Đã trả lại %s thư", Noted: "Đã ghi chú", Reopened: "Đã mở lại %s thư",
	AssignTitle: "Giao %s thư", AssignHint: "gõ tên người nhận việc", AssignDue: "Hạn xử lý", AssignText: "Chỉ đạo", NoPeople: "Chưa ai khác được ủy quyền hộp thư này.",
	DueHint: "ngày/tháng; để trống: theo hạn của thư", TextHint: "để trống nếu không có", DueRule: "theo hạn của thư",
	NoteTitle: "Ghi chú nội bộ", NoteLabel: "Chỉ những người của hộp thư này đọc được.", NoteHint: "nội dung",
	NotAgency: "Chỉ hộp thư công vụ mới phân công được.", NeedScope: "Phạm vi ủy quyền của bạn (%s) không cho phép việc này (QC 14.1).",
	ClaimTitle: "Có người đang soạn trả lời", ClaimText: "%s đang soạn trả lời thư này. Hai người cùng trả lời sẽ thành hai ý kiến của cơ quan.", ClaimYes: "vẫn soạn",
	ClaimLost: "%s cũng bắt đầu soạn trả lời thư này", ClaimOffline: "Đang ngoại tuyến: không biết có ai khác đang trả lời thư này không.",
	Give: Giving{
		Title: "Ủy quyền hộp thư công vụ", Person: "Người được ủy quyền", Document: "Số, ký hiệu văn bản", Dated: "Ngày văn bản", From: "Từ ngày", Until: "Đến hết ngày", Scope: "Phạm vi", Chief: "Phụ trách chính", Save: "Ủy quyền", Cancel: "Thôi",
		PersonHint: "tên hoặc địa chỉ thư", DocumentHint: "03/GUQ-SKHĐT", DateHint: "ngày/tháng/năm", UntilHint: "để trống: đến khi chấm dứt",
		Yes: "có", No: "không", Stands: "đang có hiệu lực", Ahead: "chưa đến ngày", Over: "đã hết hạn", Ended: "đã chấm dứt", EndedBy: "%s chấm dứt %s: %s", Given: "%s ủy quyền %s", Count: "%s ủy quyền đang có hiệu lực", Empty: "Chưa ai được ủy quyền hộp thư này.",
		EmptyHint: "Bấm n để ủy quyền cho một người theo văn bản (QC 14.1).",
		EndTitle:  "Chấm dứt ủy quyền của %s", EndLabel: "Lý do (ghi vào nhật ký). Mọi phiên đang mở của người này sẽ đóng ngay.", NeedReason: "Cần ghi lý do.", Done: "Đã ủy quyền cho %s", EndDone: "Đã chấm dứt ủy quyền của %s", HeadOnly: "Chỉ thủ trưởng cơ quan được ủy quyền và chấm dứt ủy quyền (QC 14.1).",
		BadDate: "Chưa rõ ngày nào: gõ như 05/12/2026.", Order: "Ngày kết thúc phải sau ngày bắt đầu.", NeedPerson: "Cần chọn người được ủy quyền.", NeedDocument: "Ủy quyền phải bằng văn bản: cần số, ký hiệu (QC 14.1).",
		NoEnd: "đến khi chấm dứt", Wait: "đang ghi…", Which: "Có %d người khớp: gõ rõ hơn hoặc dùng địa chỉ.", PaperLine: "Văn bản %s ngày %s", Open: "chưa ủy quyền", Administrator: "Quản trị máy chủ",
	},
	Sends: Sending{Title: "Ai đã gửi nhân danh cơ quan", Count: "%s thư từ %s đến %s", Empty: "Không có thư nào được gửi trong thời gian này.", At: "Lúc", By: "Người gửi", To: "Đến", More: "và %d nơi nữa", HeadOnly: "Chỉ thủ trưởng xem được ai đã gửi; chỉ có giờ và địa chỉ, không có nội dung."},
	Staff: Staffing{
		Title: "Theo dõi tháng %s", Person: "Người", Checked: "Kiểm tra", Received: "Đến", Answered: "Hồi đáp", InTime: "Đúng hạn", Late: "Trễ", Waiting: "Còn chờ", Median: "Thời gian", None: "–", Empty: "Chưa có số liệu của tháng này.",
		HeadOnly: "Chỉ thủ trưởng xem được số liệu này.", Counts: "Chỉ có số lượng và thời gian, không có nội dung thư (QC 13.4, 15).",
	},
	Hand: Handing{
		Empty: "Không có bàn giao nào.", EmptyHint: "Khi thay người phụ trách, bấm n để bàn giao địa chỉ, quyền truy cập và toàn bộ dữ liệu (QC 14.2).", HeadOnly: "Chỉ thủ trưởng bắt đầu bàn giao được; thiếu thủ trưởng thì Văn phòng làm.",
		BeginTitle: "Bàn giao hộp thư %s cho ai?", BeginHint: "gõ tên người nhận bàn giao", BeginSure: "Bắt đầu bàn giao?", BeginText: "Hộp thư tạm khóa: không ai gửi, xóa, chuyển thư cho đến khi hai bên xác nhận hoặc hủy. Thư đến vẫn được nhận.", BeginYes: "bắt đầu",
		States: map[mail.HandoverState]string{
			mail.HandoverCounting: "đang đếm thư",
			mail.HandoverFrozen:   "đã kiểm kê, chờ hai bên xác nhận", mail.HandoverGiven: "bên giao đã xác nhận, chờ bên nhận", mail.HandoverTaken: "bên nhận đã xác nhận, chờ bên giao",
			mail.HandoverDone: "đã bàn giao xong", mail.HandoverRefused: "bị từ chối, mọi thứ như cũ", mail.HandoverCancelled: "đã hủy, mọi thứ như cũ",
		},
		Box: "Hộp thư", Giver: "Bên giao", Receiver: "Bên nhận", Started: "Bắt đầu", Reason: "Lý do", ByOffice: "Văn phòng bàn giao thay", Letters: "%s thư, %s", Unanswered: "%s chưa hồi đáp", Drafts: "%s thư nháp",
		Outbox: "%s thư chờ gửi", Delegations: "%s ủy quyền", Hash: "Mã kiểm SHA-256", Folders: "Thư mục", Oldest: "cũ nhất", Newest: "mới nhất", Open: "Thư chưa hồi đáp",
		ConfirmTitle: "Xác nhận bàn giao?", ConfirmText: "Khi cả hai bên đã xác nhận: quyền truy cập cũ chấm dứt ngay, mọi ủy quyền cũ hết hiệu lực, bên nhận bắt đầu với các thư chưa hồi đáp. Không lấy lại được.", ConfirmYes: "xác nhận",
		RefuseTitle: "Từ chối hoặc hủy bàn giao", RefuseLabel: "Lý do. Mọi thứ trở lại như trước khi bắt đầu.", Confirmed: "Đã xác nhận bàn giao", Refused: "Bàn giao đã dừng, mọi thứ như cũ", Begun: "Đã kiểm kê hộp thư; hai bên xác nhận bằng tài khoản của mình",
		Counting: "Đang kiểm kê hộp thư…", CountingOf: "Đang kiểm kê: đã đếm %s trên %s thư", CountingHint: "Thư đến vẫn được nhận; hộp thư chưa bị khóa. Có thể rời trang này.",
		Secret: "Mật khẩu dùng một lần của hộp thư: %s (phải đổi ngay, chỉ hiện lần này)", WriteTitle: "Ghi biên bản ra tệp", Written: "Đã ghi biên bản: %s",
		GivenAt: "bên giao xác nhận %s", TakenAt: "bên nhận xác nhận %s", DoneAt: "hoàn tất %s", NotYours: "Bạn không phải bên giao hay bên nhận.", WaitGiver: "Chờ bên giao xác nhận bằng tài khoản của mình.", WaitReceiver: "Chờ bên nhận xác nhận bằng tài khoản của mình.",
		Other: "Người khác: gõ địa chỉ thư…", OtherLabel: "Địa chỉ thư của người nhận bàn giao",
		Formats0: "PDF để in và ký", Formats1: "ODT để sửa", Formats2: "Văn bản thường",
		Steps: [4]string{"Kiểm kê", "Bên giao xác nhận", "Bên nhận xác nhận", "Hoàn tất"},
	},
}

var officeEN = Office{
	Act: OfficeActs{
		Go: Act{"agency", "Agency's box: assignments, delegations, handover"}, Take: Act{"take", "Take this letter"}, Assign: Act{"assign", "Assign the letter to somebody"},
		GiveBack: Act{"give back", "Give back: nobody has the letter"}, Note: Act{"note", "Internal note, never sent"}, Reopen: Act{"reopen", "Reopen: the letter needs an answer"},
		ViewNext: Act{"next view", "Next view of the agency's page"}, ViewPrev: Act{"previous view", "Previous view of the agency's page"},
		WhoNext: Act{"lists", "Next list: by person, by state"}, WhoPrev: Act{"previous list", "Previous list"},
		Authorize: Act{"delegate", "Delegate to somebody in writing"}, EndRight: Act{"end", "End a delegation"},
		HandBegin: Act{"begin", "Begin to hand the box over"}, HandYes: Act{"confirm", "Confirm the handover"}, HandNo: Act{"refuse", "Refuse or cancel the handover"}, HandWrite: Act{"record", "Write the record of the handover to a file"},
		MonthPrev: Act{"month before", "The month before"}, MonthNext: Act{"month after", "The month after"},
	},
	Tab: "Agency", Views: [5]string{"Work", "Delegations", "Sent", "Follow-up", "Handover"},
	NoAgency: "No agency's box has been delegated to you.", NoAgencyHint: "The head delegates in writing (QC 14.1); the box then appears here by itself.", Loading: "opening…",
	Behalf: "%s on behalf of %s",
	Scopes: map[mail.Scope]string{
		mail.ScopeRead: "read", mail.ScopeAnswer: "answer", mail.ScopeIssue: "issue", mail.ScopeManage: "manage", mail.ScopeHead: "head",
	},
	ScopeMore: map[mail.Scope]string{
		mail.ScopeRead: "reads and writes internal notes; does not send", mail.ScopeAnswer: "reads and answers", mail.ScopeIssue: "answers, writes new letters, issues documents", mail.ScopeManage: "also erases, makes folders, assigns",
	},
	ScopeLine: "scope: %s", Until: "until %s", Chief: "in charge", NotEnforced: "this server does not enforce scopes", KeywordsOnly: "states only, no notes and instructions",
	States: map[mail.WorkState]string{
		mail.WorkOpen: "open", mail.WorkDoing: "in work", mail.WorkAnswered: "answered", mail.WorkExcused: "needs no answer",
	},
	Me: "me", Nobody: "nobody has it", Writing: "%s is writing the answer", WritingShort: "%s writes", Has: "%s has it", AssignedBy: "assigned by %s",
	DueBy: "due %s", Instruction: "Instruction", NoteBy: "%s, %s", Answered: "%s answered %s", AnsweredMe: "you answered %s", Excused: "Needs no answer: %s",
	All: "all", Waiting: "waiting",
	Empty: "No letter in this list.", EmptyHint: "← → shows other lists.",
	Away: map[string]string{"leave": "on leave", "trip": "on a trip"}, AwayUntil: "%s until %s", Here: "has the box open",
	Took: "Took %s letter(s)", Assigned: "Assigned %s letter(s) to %s", Gave: "Gave back %s letter(s)", Noted: "Noted", Reopened: "Reopened %s letter(s)",
	AssignTitle: "Assign %s letter(s)", AssignHint: "type the name of who gets it", AssignDue: "Due", AssignText: "Instruction", NoPeople: "Nobody else has a delegation for this box.",
	DueHint: "day/month; empty: the letter's own", TextHint: "empty if there is none", DueRule: "the letter's own",
	NoteTitle: "Internal note", NoteLabel: "Only the people of this box can read it.", NoteHint: "text",
	NotAgency: "Only letters of an agency's box are assigned.", NeedScope: "Your delegation (%s) does not allow this (QC 14.1).",
	ClaimTitle: "Somebody is writing the answer", ClaimText: "%s is writing the answer to this letter. Two answers would be two opinions of the agency.", ClaimYes: "write anyway",
	ClaimLost: "%s began to write the answer too", ClaimOffline: "Offline: nobody can know whether somebody else is answering this letter.",
	Give: Giving{
		Title: "Delegation of the agency's box", Person: "Delegate", Document: "Document number", Dated: "Dated", From: "From", Until: "Until", Scope: "Scope", Chief: "In charge", Save: "Delegate", Cancel: "Cancel",
		PersonHint: "name or address", DocumentHint: "03/GUQ-SKHĐT", DateHint: "day/month/year", UntilHint: "empty: until it is ended",
		Yes: "yes", No: "no", Stands: "in force", Ahead: "not yet", Over: "expired", Ended: "ended", EndedBy: "%s ended it %s: %s", Given: "given by %s %s", Count: "%s delegation(s) in force", Empty: "Nobody has a delegation for this box.",
		EmptyHint: "n delegates it to somebody in writing (QC 14.1).",
		EndTitle:  "End the delegation of %s", EndLabel: "Reason (kept in the log). All open sessions of this person end at once.", NeedReason: "A reason is needed.", Done: "Delegated to %s", EndDone: "Ended the delegation of %s", HeadOnly: "Only the head of the agency gives and ends delegations (QC 14.1).",
		BadDate: "Which day? Write 05/12/2026.", Order: "The last day must come after the first.", NeedPerson: "Who is the delegate?", NeedDocument: "A delegation is in writing: its number is needed (QC 14.1).",
		NoEnd: "until it is ended", Wait: "saving…", Which: "%d people fit: type more, or the address.", PaperLine: "Document %s of %s", Open: "not delegated", Administrator: "The server's administrator",
	},
	Sends: Sending{Title: "Who sent in the agency's name", Count: "%s letter(s) from %s to %s", Empty: "Nothing was sent in this time.", At: "At", By: "By", To: "To", More: "and %d more", HeadOnly: "Only the head sees who sent; times and addresses, no content."},
	Staff: Staffing{
		Title: "Follow-up of %s", Person: "Person", Checked: "Checked", Received: "Received", Answered: "Answered", InTime: "In time", Late: "Late", Waiting: "Waiting", Median: "Time", None: "–", Empty: "No figures of this month yet.",
		HeadOnly: "Only the head sees these figures.", Counts: "Counts and times only, nothing of the letters (QC 13.4, 15).",
	},
	Hand: Handing{
		Empty: "There is no handover.", EmptyHint: "When another person takes over, n hands over the address, the access and all data (QC 14.2).", HeadOnly: "Only the head begins a handover; without him the office does.",
		BeginTitle: "Hand %s over to whom?", BeginHint: "type the name of the receiver", BeginSure: "Begin the handover?", BeginText: "The box is frozen: nobody sends, erases or moves until both have confirmed or it is cancelled. Letters still come in.", BeginYes: "begin",
		States: map[mail.HandoverState]string{
			mail.HandoverCounting: "counting letters",
			mail.HandoverFrozen:   "counted, both have to confirm", mail.HandoverGiven: "the giver has confirmed, waiting for the receiver", mail.HandoverTaken: "the receiver has confirmed, waiting for the giver",
			mail.HandoverDone: "done", mail.HandoverRefused: "refused, all is as before", mail.HandoverCancelled: "cancelled, all is as before",
		},
		Box: "Box", Giver: "Giver", Receiver: "Receiver", Started: "Begun", Reason: "Reason", ByOffice: "By the office", Letters: "%s letters, %s", Unanswered: "%s unanswered", Drafts: "%s drafts",
		Outbox: "%s waiting to leave", Delegations: "%s delegations", Hash: "SHA-256", Folders: "Folders", Oldest: "oldest", Newest: "newest", Open: "Unanswered letters",
		ConfirmTitle: "Confirm the handover?", ConfirmText: "When both have confirmed: the old access ends at once, all old delegations end, the receiver begins with the unanswered letters. It cannot be undone.", ConfirmYes: "confirm",
		RefuseTitle: "Refuse or cancel the handover", RefuseLabel: "Reason. All is as it was before.", Confirmed: "Handover confirmed", Refused: "The handover has stopped, all is as before", Begun: "The box is counted; both confirm under their own login",
		Counting: "Counting the letters of the box…", CountingOf: "Counting: %s of %s letters", CountingHint: "Letters still come in; nothing is frozen yet. You may leave this page.",
		Secret: "One-time password of the box: %s (change it now, it is shown only once)", WriteTitle: "Write the record", Written: "Record written: %s",
		GivenAt: "giver confirmed %s", TakenAt: "receiver confirmed %s", DoneAt: "done %s", NotYours: "You are neither giver nor receiver.", WaitGiver: "Waiting for the giver's own confirmation.", WaitReceiver: "Waiting for the receiver's own confirmation.",
		Other: "Somebody else: type the address…", OtherLabel: "Address of the receiver",
		Formats0: "PDF to print and sign", Formats1: "ODT to edit", Formats2: "Plain text",
		Steps: [4]string{"Count", "Giver confirms", "Receiver confirms", "Done"},
	},
}
