package words

import "hopthu/mail"

// Start has the words of signing in.
type Start struct {
	Title, Welcome, Intro, Again                                                  string
	Address, AddressHint, Password, PasswordHint, SignIn, Servers, Hide           string
	Name, Login, Incoming, Outgoing, Host, Port, Security, Office, CAFile, CAHint string
	TLS, STARTTLS                                                                 string
	Guess, Guessed, Looking, Proving, Remembered, Forgotten                       string
	NeedAddress, NeedPassword, BadAddress, NeedHost, BadPort                      string
	CertTitle, CertWhy, CertCA, NoGuess                                           string
	Done, Busy, Safe                                                              string
	Next                                                                          map[mail.FaultKind]string // better next steps than the usual ones, on this page
}

var startVI = Start{
	Title: "Đăng nhập", Welcome: "Chào mừng đến với hopthu",
	Intro: "Chỉ cần địa chỉ thư và mật khẩu được cấp. Máy chủ sẽ được tự tìm.", Again: "Nhập lại mật khẩu để mở hộp thư.",
	Address: "Địa chỉ thư", AddressHint: "hotendem.ten@ninhbinh.gov.vn", Password: "Mật khẩu", PasswordHint: "mật khẩu được cấp",
	SignIn: "Đăng nhập", Servers: "Máy chủ…", Hide: "Ẩn máy chủ",
	Name: "Họ và tên", Login: "Tên đăng nhập", Incoming: "Nhận thư (IMAP)", Outgoing: "Gửi thư (SMTP)", Host: "máy chủ", Port: "Cổng",
	Security: "Bảo mật", Office: "Địa chỉ văn phòng", CAFile: "Chứng thư gốc", CAHint: "tệp .pem, chỉ khi quản trị yêu cầu",
	TLS: "TLS ngay từ đầu", STARTTLS: "STARTTLS bắt buộc",
	Guess: "Máy chủ sẽ được tìm theo địa chỉ.", Guessed: "Nhận từ %s, gửi qua %s", Looking: "Đang tìm máy chủ…",
	Proving:      "Đang đăng nhập và kiểm tra gửi, nhận…",
	Remembered:   "Mật khẩu được cất trong kho khóa của máy; lần sau không hỏi lại.",
	Forgotten:    "Mật khẩu chỉ được nhớ đến khi thoát; lần sau sẽ hỏi lại. %s",
	NeedAddress:  "Hãy nhập địa chỉ thư.",
	NeedPassword: "Hãy nhập mật khẩu.",
	BadAddress:   "Địa chỉ thư phải có dạng ten@coquan.gov.vn.",
	NeedHost:     "Hãy nhập tên máy chủ nhận và gửi thư.",
	BadPort:      "Cổng phải là số từ 1 đến 65535.",
	CertTitle:    "Không xác minh được máy chủ",
	CertWhy:      "Chứng thư cho biết đang nói chuyện đúng máy chủ. Khi chứng thư sai, có thể ai đó đang giả làm máy chủ để lấy mật khẩu.",
	CertCA:       "Nếu đơn vị dùng chứng thư gốc riêng, xin tệp .pem từ bộ phận công nghệ thông tin và điền vào ô Chứng thư gốc.",
	NoGuess:      "Chưa tự tìm được máy chủ. Hãy điền theo giấy cấp hộp thư.",
	Done:         "Đã mở hộp thư %s",
	Safe:         "Chưa có gì thay đổi trên máy này.",
	Busy:         "Đã dừng. Có thể sửa rồi thử lại.",
	Next: map[mail.FaultKind]string{
		mail.BadPassword:    "Xem lại Caps Lock và bộ gõ (Ctrl+T để hiện mật khẩu) rồi gõ lại. Nếu quên: báo Thủ trưởng để đề nghị cấp lại (QC 13.5).",
		mail.BadCertificate: "Không nhập mật khẩu ở nơi khác; hỏi bộ phận công nghệ thông tin rồi thử lại.",
		mail.NoServer:       "Xem lại địa chỉ thư và mạng. Nếu đúng, mở Máy chủ… và điền theo giấy cấp hộp thư.",
		mail.NoAnswer:       "Xem lại mạng rồi bấm Đăng nhập lần nữa. Nếu vẫn vậy, mở Máy chủ… xem cổng có đúng không.",
		mail.NoTLS:          "Mở Máy chủ… và chọn kiểu bảo mật khác, hoặc hỏi quản trị.",
	},
}

var startEN = Start{
	Title: "Sign in", Welcome: "Welcome to hopthu",
	Intro: "Only your address and the password you were given. The servers are found by themselves.",
	Again: "Enter the password again to open the mailbox.", Address: "Address", AddressHint: "name@ninhbinh.gov.vn", Password: "Password",
	PasswordHint: "the password you were given", SignIn: "Sign in", Servers: "Servers…", Hide: "Hide servers",
	Name: "Full name", Login: "User name", Incoming: "Incoming (IMAP)", Outgoing: "Outgoing (SMTP)", Host: "host", Port: "Port",
	Security: "Security", Office: "Office address", CAFile: "Root certificate", CAHint: ".pem file, only if the administrator says so",
	TLS: "TLS from the start", STARTTLS: "STARTTLS, required",
	Guess: "The servers will be found from the address.", Guessed: "Incoming from %s, outgoing through %s", Looking: "Looking for the servers…",
	Proving:      "Signing in and testing both ways…",
	Remembered:   "The password is kept in this computer's keyring; it will not be asked again.",
	Forgotten:    "The password is remembered until you quit; it will be asked again. %s",
	NeedAddress:  "Please enter your address.",
	NeedPassword: "Please enter the password.",
	BadAddress:   "An address looks like name@office.gov.vn.",
	NeedHost:     "Please enter the incoming and outgoing servers.",
	BadPort:      "A port is a number from 1 to 65535.",
	CertTitle:    "The server cannot be verified",
	CertWhy:      "A certificate tells that this is the right server. With a wrong one somebody may be posing as the server to take the password.",
	CertCA:       "If your office has its own root certificate, ask the IT staff for the .pem file and fill in Root certificate.",
	NoGuess:      "The servers were not found. Please fill them in from your mailbox papers.",
	Done:         "The mailbox %s is open",
	Safe:         "Nothing has changed on this computer.",
	Busy:         "Stopped. Change what you like and try again.",
	Next: map[mail.FaultKind]string{
		mail.BadPassword:    "Check Caps Lock and the input method (Ctrl+T shows the password), then type it again. If you forgot it: ask for a new one (QC 13.5).",
		mail.BadCertificate: "Do not enter the password anywhere else; ask the IT staff, then try again.",
		mail.NoServer:       "Check the address and the network. If they are right, open Servers… and fill in your mailbox papers.",
		mail.NoAnswer:       "Check the network and press Sign in again. If it stays so, open Servers… and check the ports.",
		mail.NoTLS:          "Open Servers… and choose the other security, or ask the administrator.",
	},
}

// Password has the words of changing a password.
type Password struct {
	Title, Forced, Free, Why, Old, New, Again, Change, OldHint, NewHint, AgainHint string
	Rules                                                                          map[string]string // by code of JudgePassword, and "same"
	Strength                                                                       [5]string
	StrengthLabel, Working, SigningIn, Done, Stay, NeedOld, NotYet, Match, Differ  string
	Advice, Shown, Hidden, Box                                                     string
}

var passwordVI = Password{
	Title: "Đổi mật khẩu", Forced: "Đổi mật khẩu lần đầu", Free: "Đổi mật khẩu của %s",
	Why: "Mật khẩu được cấp chỉ dùng một lần. Quy chế (QC 13.1) yêu cầu đổi ngay khi nhận hộp thư.",
	Old: "Mật khẩu cũ", New: "Mật khẩu mới", Again: "Gõ lại", Change: "Đổi mật khẩu", OldHint: "mật khẩu đang dùng",
	NewHint: "ít nhất 12 ký tự", AgainHint: "gõ lại mật khẩu mới",
	Rules: map[string]string{
		"short": "Từ 12 ký tự trở lên", "name": "Không chứa tên người hoặc tên đăng nhập", "old": "Khác mật khẩu cũ",
		"common": "Không nằm trong danh sách mật khẩu hay gặp", "same": "Hai lần gõ giống nhau",
	},
	Strength: [5]string{"rất yếu", "yếu", "vừa", "mạnh", "rất mạnh"}, StrengthLabel: "Độ mạnh", Working: "Đang đổi mật khẩu trên máy chủ…",
	SigningIn: "Đã đổi. Đang mở hộp thư…", Done: "Đã đổi mật khẩu", Stay: "Phải đổi mật khẩu trước khi dùng hộp thư (QC 13.1). Ctrl+Q để thoát.",
	NeedOld: "Hãy nhập mật khẩu đang dùng.", NotYet: "Mật khẩu mới chưa đạt: %s.", Match: "giống nhau", Differ: "chưa giống",
	Advice: "Gợi ý: ghép bốn, năm tiếng không liên quan, ví dụ theo kiểu «bốn-từ-tự-nghĩ-ra». Có thể gõ tiếng Việt có dấu.",
	Shown:  "đang hiện", Hidden: "đang ẩn", Box: "Hộp thư của %s",
}

var passwordEN = Password{
	Title: "Change password", Forced: "Change the first password", Free: "Change the password of %s",
	Why: "The password you were given works once. The regulation (QC 13.1) asks to change it on receipt of the mailbox.",
	Old: "Old password", New: "New password", Again: "Again", Change: "Change password", OldHint: "the password in use",
	NewHint: "at least 12 characters", AgainHint: "the new password again",
	Rules: map[string]string{
		"short": "12 characters or more", "name": "Does not contain your name or user name", "old": "Not the old password",
		"common": "Not on the list of common passwords", "same": "Typed the same twice",
	},
	Strength: [5]string{"very weak", "weak", "fair", "strong", "very strong"}, StrengthLabel: "Strength", Working: "Changing the password at the server…",
	SigningIn: "Changed. Opening the mailbox…", Done: "The password was changed", Stay: "The password must be changed first (QC 13.1). Ctrl+Q quits.",
	NeedOld: "Please enter the password in use.", NotYet: "The new password does not do yet: %s.", Match: "the same", Differ: "not the same yet",
	Advice: "A hint: join four or five unrelated words of your own. Vietnamese with diacritics is welcome.",
	Shown:  "shown", Hidden: "hidden", Box: "The mailbox of %s",
}
