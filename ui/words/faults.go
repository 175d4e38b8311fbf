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
	mail.TooLarge:        {"Thư lớn quá mức mở được ở đây.", "Thư còn nguyên trên máy chủ.", "Mở thư bằng webmail, hoặc đề nghị người gửi chia nhỏ tệp."},
	mail.BadAddress:      {"Địa chỉ thư không đúng.", "Bản nháp còn nguyên.", "Sửa địa chỉ được nêu rồi gửi lại."},
	mail.NoFolder:        {"Thư mục không còn trên máy chủ.", "Thư ở các thư mục khác không bị ảnh hưởng.", "Chọn thư mục khác."},
	mail.Gone:            {"Thư không còn ở đây.", "Không có gì khác bị thay đổi.", "Có thể thư đã được chuyển hoặc xóa ở nơi khác; hãy tìm lại."},
	mail.StoreLocked:     {"Một hopthu khác đang mở kho thư này.", "Kho thư không bị ảnh hưởng.", "Đóng chương trình kia rồi mở lại."},
	mail.StoreKey:        {"Không mở được kho thư: sai khóa, hoặc tệp không phải kho thư.", "Thư trên máy chủ vẫn còn nguyên.", "Kiểm tra chùm khóa của hệ thống; có thể tải lại kho từ máy chủ."},
	mail.StoreDamaged:    {"Kho thư trong máy bị hỏng.", "Thư trên máy chủ vẫn còn nguyên.", "Sao lưu tệp kho, rồi để hopthu tải lại từ máy chủ."},
	mail.DiskFull:        {"Ổ đĩa đã đầy.", "Việc đã lưu trước đó không bị mất.", "Giải phóng chỗ trống rồi thử lại."},
	mail.NoPermission:    {"Không được phép đọc hoặc ghi tệp.", "Không có gì bị thay đổi.", "Chọn nơi khác hoặc xin quyền với tệp đó."},
	mail.NoFile:          {"Không tìm thấy tệp.", "Không có gì bị thay đổi.", "Kiểm tra lại tên và thư mục."},
	mail.BadFile:         {"Không đọc được tệp.", "Tệp gốc còn nguyên; chưa có gì được gửi.", "Chọn tệp khác: PDF có chữ, DOCX, ODT, RTF, TXT; hoặc dán nội dung vào."},
	mail.NoKeyring:       {"Hệ thống không có chùm khóa để giữ mật khẩu.", "Mật khẩu không bị ghi ra đĩa.", "hopthu sẽ hỏi mật khẩu mỗi lần mở."},
	mail.BadSettings:     {"Tệp cài đặt có chỗ sai.", "Thư không bị ảnh hưởng.", "Sửa dòng được nêu rồi mở lại."},
	mail.Unknown:         {"Lỗi bên trong chương trình.", "Thư đã lưu không bị mất.", "Thử lại; nếu còn, gửi nhật ký cho người quản trị."},
	mail.Unsent:          {"Chưa rõ thư đã đi hay chưa.", "hopthu không tự gửi lần thứ hai.", "Xem Hộp thư đi: chọn gửi lại hoặc ghi là đã đến."},
	mail.Conflict:        {"Có người đã sửa trước.", "Bản của họ được giữ; bản của bạn chưa ghi đè.", "Xem lại bản mới rồi làm lần nữa."},
	mail.Blocked:         {"Quy chế không cho phép.", "Thư chưa được gửi; bản nháp còn nguyên.", "Sửa theo điều khoản được nêu."},
	mail.Clock:           {"Đồng hồ của máy bị lùi lại.", "Thư và thứ tự gửi không bị ảnh hưởng.", "Chỉnh lại ngày giờ của máy."},
}

// By Fault.Op: what was done decides what is safe and what to do.
var faultsOfVI = map[string]Fault{
	"send to some recipients":  {"Thư đã đi, trừ người máy chủ không nhận.", "Những người khác đã có thư; bản sao nằm trong Thư đã gửi.", "Sửa địa chỉ được nêu, rồi chuyển tiếp bản sao cho riêng người đó."},
	"send back refused letter": {"Thư bị trả lại.", "Thư nằm nguyên trong Thư nháp.", "Mở Thư nháp, sửa theo lời máy chủ rồi gửi lại."},
	"blocked forward letter":   {"Quy chế không cho phép.", "Thư còn nguyên trong hộp thư; chưa có gì đi ra ngoài.", "Làm theo các bước nêu trên trang thư; Q mở điều khoản."},
	"blocked save attachment":  {"Quy chế không cho phép.", "Thư còn nguyên trong hộp thư; chưa có gì ra khỏi hopthu.", "Làm theo các bước nêu trên trang thư; Q mở điều khoản."},
	"blocked open attachment":  {"Quy chế không cho phép.", "Thư còn nguyên trong hộp thư; chưa có gì ra khỏi hopthu.", "Làm theo các bước nêu trên trang thư; Q mở điều khoản."},
	"blocked excuse letters":   {"Quy chế không cho phép.", "Thư vẫn nằm trong danh sách chờ hồi đáp.", "Ghi lý do rồi làm lại."},
	"blocked set due":          {"Quy chế không cho phép.", "Hạn cũ vẫn còn.", "Ghi lý do rồi làm lại."},
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
	mail.TooLarge:        {"The letter is larger than what can be opened here.", "It is untouched on the server.", "Open it in webmail, or ask the sender to split the files."},
	mail.BadAddress:      {"An address is not right.", "The draft is untouched.", "Mend the address named and send again."},
	mail.NoFolder:        {"The folder is no longer on the server.", "Letters in other folders are not affected.", "Choose another folder."},
	mail.Gone:            {"The letter is no longer here.", "Nothing else was changed.", "It may have been moved or deleted elsewhere; try a search."},
	mail.StoreLocked:     {"Another hopthu has this store open.", "The store is not affected.", "Close the other program and open again."},
	mail.StoreKey:        {"The store cannot be opened: wrong key, or not a store.", "Letters on the server are untouched.", "Check the system's keyring; the store can be fetched anew."},
	mail.StoreDamaged:    {"The store on this computer is damaged.", "Letters on the server are untouched.", "Back up the file, then let hopthu fetch it anew."},
	mail.DiskFull:        {"The disk is full.", "What was saved before is not lost.", "Free some space and try again."},
	mail.NoPermission:    {"A file may not be read or written.", "Nothing was changed.", "Choose another place or ask for permission."},
	mail.NoFile:          {"The file was not found.", "Nothing was changed.", "Check its name and folder."},
	mail.BadFile:         {"The file cannot be read.", "The file itself is untouched; nothing was sent.", "Choose another: PDF with text, DOCX, ODT, RTF, TXT; or paste the text."},
	mail.NoKeyring:       {"The system has no keyring to keep passwords in.", "The password is not written to disk.", "hopthu asks for it at each start."},
	mail.BadSettings:     {"The settings file has a mistake.", "Letters are not affected.", "Mend the line named and start again."},
	mail.Unknown:         {"An error inside the program.", "Saved letters are not lost.", "Try again; if it stays, send the log to the administrator."},
	mail.Unsent:          {"It is not known whether the letter went.", "hopthu does not send it twice by itself.", "See the outbox: send again, or record that it arrived."},
	mail.Conflict:        {"Somebody else changed it first.", "Their version is kept; yours did not overwrite it.", "Look at the new version and do it again."},
	mail.Blocked:         {"The regulation forbids it.", "The letter was not sent; the draft is untouched.", "Mend it by the clause named."},
	mail.Clock:           {"The computer's clock went backwards.", "Letters and their order are not affected.", "Set the computer's date and time."},
}

var faultsOfEN = map[string]Fault{
	"send to some recipients":  {"The letter went, except to whom the server did not take.", "The others have it; the copy is in Sent.", "Mend the address named, then forward the copy to that person alone."},
	"send back refused letter": {"A letter was sent back.", "It is whole among the drafts.", "Open the drafts, mend it by the server's words and send it again."},
	"blocked forward letter":   {"The regulation forbids it.", "The letter is whole in the mailbox; nothing went out.", "Follow the steps on the letter's page; Q opens the clause."},
	"blocked save attachment":  {"The regulation forbids it.", "The letter is whole in the mailbox; nothing left hopthu.", "Follow the steps on the letter's page; Q opens the clause."},
	"blocked open attachment":  {"The regulation forbids it.", "The letter is whole in the mailbox; nothing left hopthu.", "Follow the steps on the letter's page; Q opens the clause."},
	"blocked excuse letters":   {"The regulation forbids it.", "The letter still stands among those that await an answer.", "Give a reason and do it again."},
	"blocked set due":          {"The regulation forbids it.", "The old date still holds.", "Give a reason and do it again."},
}

// The codes are those of the wire's TLS and connection faults and of the rules for passwords.
var detailsVI = map[string]string{
	"other-account": "thư mục của hộp thư khác", "not-awaiting": "thư không chờ hồi đáp",
	"expired": "chứng thư hết hạn", "not-yet-valid": "chứng thư chưa có hiệu lực", "unknown-authority": "không rõ nơi cấp chứng thư",
	"wrong-name": "chứng thư của máy chủ khác", "invalid": "chứng thư hỏng", "name-not-found": "không có tên máy chủ này",
	"connection-refused": "máy chủ không nhận kết nối", "unreachable": "không có đường tới máy chủ",
	"short": "ít hơn 12 ký tự", "name": "chứa tên người hoặc tên đăng nhập", "old": "giống mật khẩu cũ", "common": "là mật khẩu hay gặp",
	"locked": "tệp đặt mật khẩu", "bomb": "tệp nén bất thường", "kind": "không phải loại văn bản đọc được", "damaged": "tệp hỏng",
	"no-text": "tệp không có chữ", "empty": "chưa có chữ nào",
}

var detailsEN = map[string]string{
	"other-account": "a folder of another mailbox", "not-awaiting": "the letter awaits no answer",
	"expired": "the certificate has ended", "not-yet-valid": "the certificate is not valid yet", "unknown-authority": "unknown certificate authority",
	"wrong-name": "the certificate of another server", "invalid": "a broken certificate", "name-not-found": "no server of this name",
	"connection-refused": "the server refuses connections", "unreachable": "there is no way to the server",
	"short": "fewer than 12 characters", "name": "contains a name or the login", "old": "the same as the old one", "common": "a password often met",
	"locked": "the file has a password", "bomb": "an abnormal archive", "kind": "not a kind of document that can be read", "damaged": "the file is damaged",
	"no-text": "the file has no text", "empty": "there is no text",
}
