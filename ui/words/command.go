package words

// Command are the words of the command line: what is printed outside the screen. Help texts of commands stand in
// CommandHelp.
type Command struct {
	AskAddress, AskPassword, AskNewPassword, AskAgain, AskUnlock   string
	WrongUnlock, NotSame                                           string
	Working, SignedIn, Removed, NoAccounts, NoSuchAccount          string
	Remembered, NotRemembered                                      string
	CheckOK, CheckBad                                              string
	Steps                                                          map[string]string // by the step's name behind "imap-" or "smtp-"
	Doors                                                          map[string]string
	Overdue, DueToday, Soon, Late, DueBy, DutyNone, Unread         string
	Back, WaitingFor, WaitingDays, CheckedAt, NotChecked           string
	ShortLate, ShortToday                                          string // of hopthu duty --short
	DaysSum, DaysHead, BadMonth, BadYear, OneOnly                  string
	Weekdays                                                       [7]string // Sunday first
	Queued, Sent, Waiting, Refused, Unknown, NeedReason            string
	NoBody, NoRecipient, NeedTerminal, Reset, NotDemo              string
	DemoStarting, DemoFilled, DemoForgot, StoreAside, KeyElsewhere string
	DemoNotRunning, NoSuchSeat                                     string
	Fault                                                          string // "%s %s %s": what, safe, next
	ServerWords                                                    string
	Short, Flags, Long                                             map[string]string // Long: help in full, with exit codes
}

var commandVI = Command{
	AskAddress: "Địa chỉ thư: ", AskPassword: "Mật khẩu: ", AskNewPassword: "Mật khẩu mới: ", AskAgain: "Nhập lại: ",
	AskUnlock:   "Mật khẩu hộp thư (để mở kho thư trong máy): ",
	WrongUnlock: "Chưa đúng, mời nhập lại.", NotSame: "Hai lần nhập không giống nhau.",
	Working: "Đang nối máy chủ…", SignedIn: "Đã thêm tài khoản %s.", Removed: "Đã xóa tài khoản %s khỏi máy này. Thư trên máy chủ vẫn còn nguyên.",
	NoAccounts: "Chưa có tài khoản nào. Thêm bằng: hopthu account add", NoSuchAccount: "Không có tài khoản %q.",
	Remembered: "Mật khẩu được giữ trong chùm khóa của hệ thống.", NotRemembered: "Máy này không có chùm khóa: hopthu sẽ hỏi mật khẩu mỗi lần mở.",
	CheckOK: "Mọi bước đều tốt.", CheckBad: "Có bước chưa đạt.",
	Steps:   map[string]string{"name": "tìm tên máy chủ", "connect": "nối", "tls": "bảo vệ đường truyền", "certificate": "chứng thư", "login": "đăng nhập", "capabilities": "khả năng"},
	Doors:   map[string]string{"imap": "Nhận (IMAP)", "smtp": "Gửi (SMTP)"},
	Overdue: "Quá hạn", DueToday: "Đến hạn hôm nay", Soon: "Sắp đến hạn", Late: "trễ %d ngày làm việc", DueBy: "hạn %s", DutyNone: "Không có thư nào chờ hồi đáp.", Unread: "Chưa đọc: %d",
	Back: "Trở lại hôm nay", WaitingFor: "Chờ phản hồi", WaitingDays: "%d ngày làm việc", CheckedAt: "Đã kiểm tra hôm nay lúc %s.", NotChecked: "Hôm nay chưa kiểm tra xong, còn %d thư.",
	ShortLate: "trễ %d", ShortToday: "hôm nay %d",
	DaysSum:  "%s – %s: kiểm tra %d/%d ngày làm việc, mở hộp thư %d, được miễn %d.\nNhận %d, trả lời %d (đúng hạn %d, trễ %d), trung vị %s. Đang chờ hồi đáp: %d.",
	DaysHead: "mở|kiểm tra|nhận|trả lời|trễ|còn chờ|trung vị", BadMonth: "--month cần dạng 2026-11.", BadYear: "--year cần dạng 2026.", OneOnly: "Chỉ dùng một trong --month và --year.",
	Weekdays: [7]string{"CN", "T2", "T3", "T4", "T5", "T6", "T7"},
	Queued:   "Đã xếp vào Hộp thư đi.", Sent: "Đã gửi. Máy chủ trả lời: %s", Waiting: "Chưa gửi được, sẽ thử lại: %s", Refused: "Máy chủ từ chối: %s. Thư đã thành bản nháp.", Unknown: "Chưa rõ thư đã đi hay chưa; xem Hộp thư đi.",
	NeedReason: "Cần lý do cho mục này: --reason %s=\"…\"",
	NoBody:     "Không có nội dung: đưa nội dung qua đầu vào chuẩn.", NoRecipient: "Chưa có người nhận: dùng --to.", NeedTerminal: "Lệnh này cần một cửa sổ dòng lệnh để hỏi mật khẩu.",
	Reset: "Đã xóa dữ liệu dùng thử ở %s.", NotDemo: "%s không phải thư mục dùng thử của hopthu; không xóa gì.",
	DemoStarting: "Đang mở máy chủ dùng thử trên máy này…", DemoFilled: "Đã tạo %d cơ quan, %d người, %d thư.",
	DemoForgot:     "Quên mật khẩu đã đặt? Bắt đầu lại bằng: hopthu demo --reset",
	DemoNotRunning: "Chưa có bản dùng thử nào đang chạy. Mở trước bằng: hopthu demo, rồi chạy lại lệnh này ở cửa sổ khác.",
	NoSuchSeat:     "Không chọn được đúng một người theo %q. Có thể ngồi vào chỗ của: %s.",
	KeyElsewhere:   "chùm khóa giữ khóa của kho thư không mở được trong phiên này; hãy mở hopthu từ màn hình làm việc, nơi đã dùng lần trước",
	StoreAside:     "Kho thư cũ không còn khóa nên được để riêng ở %s; thư sẽ tải lại từ máy chủ.",
	Fault:          "%s %s\nViệc cần làm: %s", ServerWords: "Chi tiết: %s",
	Short: map[string]string{
		"hopthu": "Thư điện tử công vụ trong cửa sổ dòng lệnh", "demo": "Chạy thử với máy chủ và thư mẫu ngay trên máy này", "account": "Tài khoản thư", "account add": "Thêm tài khoản", "account list": "Liệt kê tài khoản",
		"account check": "Kiểm tra từng bước kết nối", "account remove": "Xóa tài khoản khỏi máy này", "duty": "Thư đang chờ hồi đáp (Điều 9)", "send": "Gửi một thư; nội dung lấy từ đầu vào chuẩn", "version": "Phiên bản",
		"check": "Kiểm tra thư hoặc tài liệu theo Quy chế, không cần tài khoản",
	},
	Flags: map[string]string{
		"dir": "để mọi dữ liệu trong thư mục này", "reset": "xóa dữ liệu dùng thử cũ và làm lại", "as": "ngồi vào chỗ của một đồng nghiệp (một phần tên) trong bản dùng thử đang chạy", "json": "in ra JSON", "to": "người nhận", "cc": "đồng gửi", "bcc": "gửi ẩn", "subject": "chủ đề", "attach": "tệp đính kèm",
		"account": "tài khoản gửi (địa chỉ)", "reason": "lý do cho điều phải hỏi, dạng mã=lý do", "imap": "máy chủ IMAP, dạng tên:cổng", "smtp": "máy chủ SMTP, dạng tên:cổng", "ca": "tệp PEM của nơi cấp chứng thư", "name": "họ và tên hiện trong thư",
		"outside": "xét như thư đi ra ngoài hệ thống", "schema": "in lược đồ JSON rồi thoát", "received": "ngày nhận, để tính hạn: 2013-07-10", "domain": "tên miền của hệ thống",
		"short": "in một dòng ngắn cho dấu nhắc và thanh trạng thái", "month": "sổ hằng ngày của một tháng: 2026-11", "year": "sổ hằng ngày của một năm: 2026", "box": "địa chỉ hộp thư cần tính; mặc định là hộp thư đầu",
	},
	Long: map[string]string{
		"hopthu": `Thư điện tử công vụ trong cửa sổ dòng lệnh. Không kèm lệnh nào thì mở màn hình.

Mã thoát: 0 xong; 1 có lỗi; 2 gọi sai cách, hoặc không có cửa sổ dòng lệnh; 130 bị ngắt bằng Ctrl+C.
duty: 3 có thư quá hạn. check: 4 có điều phải hỏi, 5 có điều không được gửi.`,
		"duty": `Thư đang chờ hồi đáp (Điều 9): quá hạn, đến hạn hôm nay, sắp đến hạn; thư trở lại hôm nay, thư đã gửi chờ phản hồi, và
lần kiểm tra hôm nay. Đọc từ kho thư trong máy, không cần mạng.

--json in ra cho chương trình khác đọc; --schema in lược đồ của bản in ấy.
--short in một dòng ("trễ 2 · hôm nay 1"), để trống khi không có gì gấp.
--month 2026-11 và --year 2026 in sổ hằng ngày: ngày đã mở, đã kiểm tra, thư nhận và trả lời, trung vị thời gian trả lời;
cũng theo --json, và --schema in lược đồ của sổ.

Mã thoát: 0 không có thư quá hạn; 3 có thư quá hạn; 1 có lỗi; 2 gọi sai cách. Sổ hằng ngày: 0, 1, 2.

Nhắc việc lúc 8 giờ và 14 giờ các ngày làm việc, bằng cron (crontab -e):
  0 8,14 * * 1-5  hopthu duty --short >/tmp/duty.$USER || notify-send "Thư công vụ" "$(cat /tmp/duty.$USER)"
bằng systemd, tệp ~/.config/systemd/user/hopthu-duty.service:
  [Service]
  Type=oneshot
  ExecStart=/bin/sh -c 'text=$(hopthu duty --short) || notify-send "Thư công vụ" "$text"'
và ~/.config/systemd/user/hopthu-duty.timer, rồi systemctl --user enable --now hopthu-duty.timer:
  [Timer]
  OnCalendar=Mon..Fri 08,14:00 Asia/Ho_Chi_Minh
  Persistent=true
  [Install]
  WantedBy=timers.target
trong dấu nhắc của bash:        PS1='$(hopthu duty --short 2>/dev/null) \w \$ '
trong thanh trạng thái của tmux: set -g status-right '#(hopthu duty --short 2>/dev/null) %H:%M'`,
		"send": `Gửi một thư; nội dung lấy từ đầu vào chuẩn, tối đa 10 MB. Thư qua cùng các bước kiểm tra như trên màn hình: điều phải hỏi
cần lý do (--reason mã="…"), điều không được gửi thì không gửi.

In ra từng dòng: đã xếp vào Hộp thư đi; rồi lời máy chủ khi nhận, hoặc vì sao chưa gửi được.
Mã thoát: 0 máy chủ đã nhận; 1 bị từ chối (thư thành bản nháp), chưa gửi được (thư ở Hộp thư đi, lần mở sau gửi tiếp), hoặc
có lỗi; 2 thiếu người nhận, nội dung hay lý do.`,
	},
}

var commandEN = Command{
	AskAddress: "Mail address: ", AskPassword: "Password: ", AskNewPassword: "New password: ", AskAgain: "Again: ",
	AskUnlock:   "Mailbox password (opens the store on this computer): ",
	WrongUnlock: "Not right, please try again.", NotSame: "The two entries differ.",
	Working: "Connecting…", SignedIn: "Account %s was added.", Removed: "Account %s was removed from this computer. Letters on the server are untouched.",
	NoAccounts: "No account yet. Add one with: hopthu account add", NoSuchAccount: "There is no account %q.",
	Remembered: "The password is kept in the system's keyring.", NotRemembered: "This computer has no keyring: hopthu will ask for the password each time.",
	CheckOK: "Every step went well.", CheckBad: "A step failed.",
	Steps:   map[string]string{"name": "find the server's name", "connect": "connect", "tls": "protect the line", "certificate": "certificate", "login": "log in", "capabilities": "capabilities"},
	Doors:   map[string]string{"imap": "Receiving (IMAP)", "smtp": "Sending (SMTP)"},
	Overdue: "Overdue", DueToday: "Due today", Soon: "Due soon", Late: "%d working days late", DueBy: "due %s", DutyNone: "No letter awaits an answer.", Unread: "Unread: %d",
	Back: "Back today", WaitingFor: "Waiting for an answer", WaitingDays: "%d working days", CheckedAt: "Checked today at %s.", NotChecked: "Not checked today yet, %d letters are left.",
	ShortLate: "late %d", ShortToday: "today %d",
	DaysSum:  "%s – %s: checked on %d/%d working days, opened on %d, excused %d.\n%d in, %d answered (%d in time, %d late), median %s. Awaiting an answer: %d.",
	DaysHead: "opened|checked|in|answered|late|waiting|median", BadMonth: "--month wants the form 2026-11.", BadYear: "--year wants the form 2026.", OneOnly: "Use only one of --month and --year.",
	Weekdays: [7]string{"Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"},
	Queued:   "Queued in the outbox.", Sent: "Sent. The server said: %s", Waiting: "Not sent yet, will be tried again: %s", Refused: "The server refused: %s. The letter is a draft again.", Unknown: "It is not known whether the letter went; see the outbox.",
	NeedReason: "This needs a reason: --reason %s=\"…\"",
	NoBody:     "No text: give it on standard input.", NoRecipient: "No recipient: use --to.", NeedTerminal: "This command needs a terminal to ask for the password.",
	Reset: "The demo's data in %s was deleted.", NotDemo: "%s is no demo folder of hopthu; nothing was deleted.",
	DemoStarting: "Starting the demo server on this computer…", DemoFilled: "Made %d agencies, %d people, %d letters.",
	DemoForgot:     "Forgot the password you set? Start over with: hopthu demo --reset",
	DemoNotRunning: "No demo is running. Start one first with: hopthu demo, then call this again in another window.",
	NoSuchSeat:     "%q does not name exactly one person. Seats there are: %s.",
	KeyElsewhere:   "the keyring that holds the key of the store cannot be reached from this session; start hopthu from the desktop where it was used before",
	StoreAside:     "The old store has no key any more and was put aside at %s; letters will be fetched from the server again.",
	Fault:          "%s %s\nWhat to do: %s", ServerWords: "Detail: %s",
	Short: map[string]string{
		"hopthu": "Official mail in the terminal", "demo": "Try it with a server and sample letters on this computer", "account": "Mail accounts", "account add": "Add an account", "account list": "List accounts",
		"account check": "Check the connection step by step", "account remove": "Remove an account from this computer", "duty": "Letters that await an answer (Article 9)", "send": "Send a letter; its text comes from standard input", "version": "Version",
		"check": "Check a letter or a document by the regulation, without an account",
	},
	Flags: map[string]string{
		"dir": "keep all data in this folder", "reset": "delete the demo's old data and start over", "as": "take the seat of a colleague (part of the name) in the demo that runs", "json": "print JSON", "to": "recipient", "cc": "copy to", "bcc": "blind copy to", "subject": "subject", "attach": "file to attach",
		"account": "account to send from (address)", "reason": "reason for what must be asked, as code=reason", "imap": "IMAP server, as host:port", "smtp": "SMTP server, as host:port", "ca": "PEM file of the certificate authority", "name": "full name shown in letters",
		"outside": "judge as for a letter that leaves the system", "schema": "print the JSON schema and exit", "received": "day of receipt, for deadlines: 2013-07-10", "domain": "the system's domain",
		"short": "print one short line for prompts and status bars", "month": "the daily record of a month: 2026-11", "year": "the daily record of a year: 2026", "box": "address of the mailbox to count; the first one if not given",
	},
	Long: map[string]string{
		"hopthu": `Official mail in the terminal. Without a command the screen opens.

Exit codes: 0 done; 1 failed; 2 wrong usage, or no terminal; 130 interrupted with Ctrl+C.
duty: 3 something is overdue. check: 4 something must be asked, 5 something may not be sent.`,
		"duty": `Letters that await an answer (article 9): overdue, due today, due soon; letters that come back today, letters sent that wait
for an answer, and today's check. Read from the store on this computer, without a network.

--json prints them for other programs, --schema the schema of what is printed.
--short prints one line ("late 2 · today 1"), an empty one when nothing presses.
--month 2026-11 and --year 2026 print the daily record: days opened and checked, letters received and answered, the median time
to answer; also as --json, and --schema prints the schema of the record.

Exit codes: 0 nothing is overdue; 3 something is overdue; 1 failed; 2 wrong usage. The daily record: 0, 1, 2.

A reminder at 8 and 14 on working days, by cron (crontab -e):
  0 8,14 * * 1-5  hopthu duty --short >/tmp/duty.$USER || notify-send "Official mail" "$(cat /tmp/duty.$USER)"
by systemd, the file ~/.config/systemd/user/hopthu-duty.service:
  [Service]
  Type=oneshot
  ExecStart=/bin/sh -c 'text=$(hopthu duty --short) || notify-send "Official mail" "$text"'
and ~/.config/systemd/user/hopthu-duty.timer, then systemctl --user enable --now hopthu-duty.timer:
  [Timer]
  OnCalendar=Mon..Fri 08,14:00 Asia/Ho_Chi_Minh
  Persistent=true
  [Install]
  WantedBy=timers.target
in the prompt of bash:        PS1='$(hopthu duty --short 2>/dev/null) \w \$ '
in the status bar of tmux:    set -g status-right '#(hopthu duty --short 2>/dev/null) %H:%M'`,
		"send": `Send one letter; its text comes from standard input, 10 MB at most. It passes the same checks as on the screen: what must be
asked needs a reason (--reason code="…"), what may not be sent is not sent.

Printed line by line: queued in the outbox; then the server's words when it took the letter, or why it did not go yet.
Exit codes: 0 the server took it; 1 it was refused (the letter is a draft again), could not go yet (it is in the outbox and
goes at the next start), or something failed; 2 recipient, text or reason is missing.`,
	},
}

// Command gives the words of the command line.
func (w *Words) Command() *Command {
	if w.Lang == "en" {
		return &commandEN
	}
	return &commandVI
}
