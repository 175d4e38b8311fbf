package words

import "hopthu/mail"

var faultsVI = map[mail.FaultKind]Fault{
	mail.BadPassword:     {"Máy chủ không nhận tên đăng nhập hoặc mật khẩu.", "Thư đã tải về vẫn đọc được.", "Nhập lại mật khẩu trong Cài đặt; nếu quên, đề nghị cấp lại."},
	mail.MustChange:      {"Mật khẩu tạm phải được đổi trước khi dùng hộp thư.", "Chưa có thư nào bị ảnh hưởng.", "Đổi mật khẩu ngay tại trang này."},
	mail.LockedOut:       {"Tài khoản tạm khóa vì đăng nhập sai nhiều lần.", "Thư trên máy chủ vẫn còn nguyên.", "Chờ hết thời gian khóa rồi thử lại, hoặc liên hệ quản trị."},
	mail.PasswordExpired: {"Mật khẩu tạm đã quá hạn.", "Thư trên máy chủ vẫn còn nguyên.", "Liên hệ quản trị để được cấp lại mật khẩu tạm."},
	mail.WeakPassword:    {"Mật khẩu mới chưa đủ mạnh.", "Mật khẩu cũ vẫn còn dùng được.", "Chọn mật khẩu khác theo các quy tắc nêu trên trang."},
	mail.BadCertificate:  {"Chứng thư của máy chủ không hợp lệ.", "hopthu đã dừng trước khi gửi mật khẩu.", "Báo bộ phận công nghệ thông tin; không nhập mật khẩu nơi khác."},
	mail.NoTLS:           {"Máy chủ không cho kết nối được bảo vệ.", "hopthu không gửi mật khẩu qua đường không mã hóa.", "Kiểm tra địa chỉ và cổng máy chủ, hoặc hỏi quản trị."},
	mail.NoServer:        {"Không tìm thấy hoặc không nối được máy chủ.", "Thư đã tải vẫn đọc được; thư gửi được xếp hàng.", "Kiểm tra mạng; hopthu tự thử lại."},
	mail.NoAnswer:        {"Máy chủ không trả lời.", "Việc đã làm được giữ lại trong máy.", "Không cần làm gì; hopthu tự thử lại."},
	mail.LostConnection:  {"Mất kết nối với máy chủ.", "Việc đã làm được giữ lại trong máy.", "Không cần làm gì; hopthu tự nối lại."},
	mail.BadServer:       {"Máy chủ trả lời sai quy ước.", "Thư trong máy không bị thay đổi.", "Thử lại sau; nếu còn, gửi dòng này cho quản trị."},
	mail.Refused:         {"Máy chủ từ chối.", "Thư được giữ lại, có thể sửa rồi gửi lại.", "Đọc lời máy chủ, sửa lại và thử lần nữa."},
	mail.TryLater:        {"Máy chủ đề nghị thử lại sau.", "Thư được giữ trong Hộp thư đi.", "Không cần làm gì; hopthu tự gửi lại."},
	mail.OverQuota:       {"Hộp thư đã đầy.", "Thư hiện có không bị mất.", "Xóa bớt thư lớn hoặc làm sạch Thùng rác rồi thử lại."},
	mail.TooBig:          {"Thư quá lớn so với mức máy chủ cho phép.", "Bản nháp còn nguyên.", "Bớt tệp đính kèm hoặc chia thành nhiều thư."},
	mail.BadAddress:      {"Địa chỉ thư không đúng.", "Bản nháp còn nguyên.", "Sửa địa chỉ được nêu rồi gửi lại."},
	mail.NoFolder:        {"Thư mục không còn trên máy chủ.", "Thư ở các thư mục khác không bị ảnh hưởng.", "Chọn thư mục khác."},
	mail.Gone:            {"Thư không còn ở đây.", "Không có gì khác bị thay đổi.", "Có thể thư đã được chuyển hoặc xóa ở nơi khác; hãy tìm lại."},
	mail.StoreLocked:     {"Một hopthu khác đang mở kho thư này.", "Kho thư không bị ảnh hưởng.", "Đóng chương trình kia rồi mở lại."},
	mail.StoreKey:        {"Không mở được kho thư: sai khóa, hoặc tệp không phải kho thư.", "Thư trên máy chủ vẫn còn nguyên.", "Kiểm tra chùm khóa của hệ thống; có thể tải lại kho từ máy chủ."},
	mail.StoreDamaged:    {"Kho thư trong máy bị hỏng.", "Thư trên máy chủ vẫn còn nguyên.", "Sao lưu tệp kho, rồi để hopthu tải lại từ máy chủ."},
	mail.DiskFull:        {"Ổ đĩa đã đầy.", "Việc đã lưu trước đó không bị mất.", "Giải phóng chỗ trống rồi thử lại."},
	mail.NoPermission:    {"Không được phép đọc hoặc ghi tệp.", "Không có gì bị thay đổi.", "Chọn nơi khác hoặc xin quyền với tệp đó."},
	mail.NoFile:          {"Không tìm thấy tệp.", "Không có gì bị thay đổi.", "Kiểm tra lại tên và thư mục."},
	mail.NoKeyring:       {"Hệ thống không có chùm khóa để giữ mật khẩu.", "Mật khẩu không bị ghi ra đĩa.", "hopthu sẽ hỏi mật khẩu mỗi lần mở."},
	mail.BadSettings:     {"Tệp cài đặt có chỗ sai.", "Thư không bị ảnh hưởng.", "Sửa dòng được nêu rồi mở lại."},
	mail.Unknown:         {"Lỗi bên trong chương trình.", "Thư đã lưu không bị mất.", "Thử lại; nếu còn, gửi nhật ký cho người quản trị."},
	mail.Unsent:          {"Chưa rõ thư đã đi hay chưa.", "hopthu không tự gửi lần thứ hai.", "Xem Hộp thư đi: chọn gửi lại hoặc ghi là đã đến."},
	mail.Conflict:        {"Có người đã sửa trước.", "Bản của họ được giữ; bản của bạn chưa ghi đè.", "Xem lại bản mới rồi làm lần nữa."},
	mail.Blocked:         {"Quy chế không cho phép.", "Thư chưa được gửi; bản nháp còn nguyên.", "Sửa theo điều khoản được nêu."},
	mail.Clock:           {"Đồng hồ của máy bị lùi lại.", "Thư và thứ tự gửi không bị ảnh hưởng.", "Chỉnh lại ngày giờ của máy."},
}

var faultsEN = map[mail.FaultKind]Fault{
	mail.BadPassword:     {"The server did not accept the login name or password.", "Letters already fetched can still be read.", "Enter the password again in Settings; if it is forgotten, ask for a new one."},
	mail.MustChange:      {"The one-time password must be changed before the mailbox can be used.", "No letter is affected.", "Change the password on this page now."},
	mail.LockedOut:       {"The account is locked for a while after too many failed logins.", "Letters on the server are untouched.", "Wait until the lock ends, or ask the administrator."},
	mail.PasswordExpired: {"The one-time password is too old.", "Letters on the server are untouched.", "Ask the administrator for a new one-time password."},
	mail.WeakPassword:    {"The new password is not strong enough.", "The old password still works.", "Choose another one by the rules on the page."},
	mail.BadCertificate:  {"The server's certificate is not valid.", "hopthu stopped before sending the password.", "Tell your IT unit; do not enter the password elsewhere."},
	mail.NoTLS:           {"The server does not offer a protected connection.", "hopthu does not send a password unprotected.", "Check the server's address and port, or ask the administrator."},
	mail.NoServer:        {"The server was not found or cannot be reached.", "Fetched letters can be read; letters to send are queued.", "Check the network; hopthu tries again by itself."},
	mail.NoAnswer:        {"The server does not answer.", "What you did is kept on this computer.", "Nothing to do; hopthu tries again by itself."},
	mail.LostConnection:  {"The connection to the server was lost.", "What you did is kept on this computer.", "Nothing to do; hopthu reconnects by itself."},
	mail.BadServer:       {"The server broke the protocol.", "Letters on this computer are unchanged.", "Try later; if it stays, send this line to the administrator."},
	mail.Refused:         {"The server refused.", "The letter is kept; it can be mended and sent again.", "Read the server's words, mend it, try again."},
	mail.TryLater:        {"The server asks to try later.", "The letter is kept in the outbox.", "Nothing to do; hopthu sends it again by itself."},
	mail.OverQuota:       {"The mailbox is full.", "The letters there are not lost.", "Delete large letters or empty the trash, then try again."},
	mail.TooBig:          {"The letter is larger than the server allows.", "The draft is untouched.", "Take files out or split it into several letters."},
	mail.BadAddress:      {"An address is not right.", "The draft is untouched.", "Mend the address named and send again."},
	mail.NoFolder:        {"The folder is no longer on the server.", "Letters in other folders are not affected.", "Choose another folder."},
	mail.Gone:            {"The letter is no longer here.", "Nothing else was changed.", "It may have been moved or deleted elsewhere; try a search."},
	mail.StoreLocked:     {"Another hopthu has this store open.", "The store is not affected.", "Close the other program and open again."},
	mail.StoreKey:        {"The store cannot be opened: wrong key, or not a store.", "Letters on the server are untouched.", "Check the system's keyring; the store can be fetched anew."},
	mail.StoreDamaged:    {"The store on this computer is damaged.", "Letters on the server are untouched.", "Back up the file, then let hopthu fetch it anew."},
	mail.DiskFull:        {"The disk is full.", "What was saved before is not lost.", "Free some space and try again."},
	mail.NoPermission:    {"A file may not be read or written.", "Nothing was changed.", "Choose another place or ask for permission."},
	mail.NoFile:          {"The file was not found.", "Nothing was changed.", "Check its name and folder."},
	mail.NoKeyring:       {"The system has no keyring to keep passwords in.", "The password is not written to disk.", "hopthu asks for it at each start."},
	mail.BadSettings:     {"The settings file has a mistake.", "Letters are not affected.", "Mend the line named and start again."},
	mail.Unknown:         {"An error inside the program.", "Saved letters are not lost.", "Try again; if it stays, send the log to the administrator."},
	mail.Unsent:          {"It is not known whether the letter went.", "hopthu does not send it twice by itself.", "See the outbox: send again, or record that it arrived."},
	mail.Conflict:        {"Somebody else changed it first.", "Their version is kept; yours did not overwrite it.", "Look at the new version and do it again."},
	mail.Blocked:         {"The regulation forbids it.", "The letter was not sent; the draft is untouched.", "Mend it by the clause named."},
	mail.Clock:           {"The computer's clock went backwards.", "Letters and their order are not affected.", "Set the computer's date and time."},
}

// Codes of mail.Letter.Defects; a code without a word is shown as it is.
var defectsVI = map[string]string{
	"no-header-end": "thiếu dòng trống sau tiêu đề", "bad-base64": "base64 hỏng", "bad-qp": "quoted-printable hỏng",
	"bad-charset": "bảng mã khai sai", "no-boundary": "thiếu ranh giới phần", "truncated": "thư bị cắt", "too-deep": "lồng quá nhiều lớp",
	"too-many-parts": "quá nhiều phần", "bad-date": "ngày không đọc được", "bad-header": "dòng tiêu đề hỏng", "nul-bytes": "có byte rỗng",
	"no-header": "không có phần tiêu đề", "mbox-from": "có dòng mbox thừa ở đầu", "leading-blank": "có dòng trống thừa ở đầu",
	"too-many-fields": "quá nhiều trường tiêu đề", "field-too-big": "trường tiêu đề quá dài", "bare-cr": "xuống dòng sai kiểu",
	"no-from": "không rõ người gửi", "many-from": "nhiều hơn một dòng người gửi", "bad-address": "có địa chỉ không đọc được",
	"empty-multipart": "thư nhiều phần mà không có phần nào", "unknown-encoding": "kiểu mã hóa truyền không rõ",
	"text-cut": "văn bản quá dài, chỉ hiện phần đầu", "html-cut": "HTML quá dài, chỉ hiện phần đầu",
	"tnef": "có tệp winmail.dat chỉ Outlook mở được", "link-text": "có liên kết ghi một nơi mà dẫn đến nơi khác",
	"encrypted-message": "nội dung đã mã hóa",
}

var defectsEN = map[string]string{
	"no-header-end": "no blank line after the header", "bad-base64": "broken base64", "bad-qp": "broken quoted-printable",
	"bad-charset": "wrong charset named", "no-boundary": "part boundary missing", "truncated": "letter cut off", "too-deep": "nested too deeply",
	"too-many-parts": "too many parts", "bad-date": "unreadable date", "bad-header": "broken header line", "nul-bytes": "NUL bytes",
	"no-header": "no header", "mbox-from": "a stray mbox line at the top", "leading-blank": "stray blank lines at the top",
	"too-many-fields": "too many header fields", "field-too-big": "a header field too long", "bare-cr": "wrong line ends",
	"no-from": "author unknown", "many-from": "more than one author line", "bad-address": "an address that cannot be read",
	"empty-multipart": "a multipart without parts", "unknown-encoding": "unknown transfer encoding",
	"text-cut": "text too long, only its beginning is shown", "html-cut": "HTML too long, only its beginning is shown",
	"tnef": "a winmail.dat that only Outlook opens", "link-text": "a link that names one place and leads to another",
	"encrypted-message": "encrypted content",
}

// The codes are those of the wire's TLS and connection faults and of the rules for passwords.
var detailsVI = map[string]string{
	"expired": "chứng thư hết hạn", "not-yet-valid": "chứng thư chưa có hiệu lực", "unknown-authority": "không rõ nơi cấp chứng thư",
	"wrong-name": "chứng thư của máy chủ khác", "invalid": "chứng thư hỏng", "name-not-found": "không có tên máy chủ này",
	"connection-refused": "máy chủ không nhận kết nối", "unreachable": "không có đường tới máy chủ",
	"short": "ít hơn 12 ký tự", "name": "chứa tên người hoặc tên đăng nhập", "old": "giống mật khẩu cũ", "common": "là mật khẩu hay gặp",
}

var detailsEN = map[string]string{
	"expired": "the certificate has ended", "not-yet-valid": "the certificate is not valid yet", "unknown-authority": "unknown certificate authority",
	"wrong-name": "the certificate of another server", "invalid": "a broken certificate", "name-not-found": "no server of this name",
	"connection-refused": "the server refuses connections", "unreachable": "there is no way to the server",
	"short": "fewer than 12 characters", "name": "contains a name or the login", "old": "the same as the old one", "common": "a password often met",
}
