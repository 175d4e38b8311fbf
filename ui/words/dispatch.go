package words

import (
	"fmt"

	"hopthu/mail"
)

// DispatchActs are the words of the actions of sending out documents and of the sổ văn bản đi.
type DispatchActs struct {
	Go, GoRegister, Next, Drop, File, Paste, Forget, TextDown, TextUp, Attach, Taken Act
	NextOpen, Skip, Add, Take, Unfold, Fold                                          Act
	Find, Export, Letter, Resend, Facts                                              Act
}

// Dispatch has the words of the page that sends out documents (QC 7.1a).
type Dispatch struct {
	Act      DispatchActs
	Register Register

	Title, Tab, Opening, Planning, Attaching, Sending, NotKept                               string
	Steps                                                                                    [4]string
	FileRow, FileMore, PasteRow, PasteMore, RegisterRow, RegisterMore, BoxRow, Begun         string
	BegunReady, BegunOpen, NotBegun, Hint, FileTitle, PastedFile, NoNumber                   string
	PasteHint, BlockHint, CoverHint, DropTitle, DropText, DropYes, Dropped                   string
	Kind, KindHint, Mark, MarkHint, Issued, DateHint, Summary, SummaryHint, Urgency          string
	Urgencies                                                                                [5]string // by rule.Urgency
	NextRecipients, NotRead, BadDate, FutureDate, LateDate, Quoted, Draft, Scanned, NoBlock  string
	Why                                                                                      map[string]string // by code of what makes it a draft
	Block                                                                                    map[string]string // by warning of the block
	File, TextTitle                                                                          string
	Classes                                                                                  [8]string  // by rule.Class
	States                                                                                   [10]string // by rule.RowState
	Explain                                                                                  [10]string // by rule.RowState
	How                                                                                      map[string]string
	HowElse, FoundBy, SameBox, SameRow, OutsideShort, ByHand                                 string
	Sure                                                                                     [3]string
	AddRow, GoRow, GoOpen, AddHint, ExtraHint, AllClear, Candidates, GoesTo                  string
	CountRows, CountReady, CountOpen, CountFolded, CountWithin, CountKept, CountSkipped      string
	CountExtra, CountBoxes, CountOutside                                                     string
	StillOpen, NoRecipient, Skipped, Taken, NotExtra, NoRow, IsKept, IsUnfolded, HaveAlready string
	AddTitle, SettleHint, Searching, NobodyFits, SendTo, SkipRow, SkipMore, BackRow, GroupOf string
	NoBox, TypeAddress, Several, TakeMarked                                                  string
	NoBoxMember, NoBoxes, NotListed, GroupMissing, CountMissing                              string
	Subject, Body, BodyMore, BodyTitle, NoPaper, Receipts, No, Yes, SendButton, FileCount    string
	MainStays, ReviewTitle, Document, Inside, Outside, KeptLabel, SkippedLabel, Sent         string
	Findings                                                                                 map[string]string // by code; others are Compose's
}

// Register has the words of the sổ văn bản đi.
type Register struct {
	Title, Count, Loading, Empty, EmptyHint, EmptyFind, FindHint, NoNumber              string
	Number, Issued, IssuedOn, SentOn, SentAt, Summary, Outcome, NotSent, Late, LateLong string
	Reached, Accepted, ReadBy, Failed, Waiting                                          string
	File, Digest, Kept, Published, Skipped, Reasons, From, Recipients, NoFile           string
	States                                                                              map[mail.DeliveryState]string
	Explain                                                                             map[mail.DeliveryState]string
	ServerSays, Exported, NoLetter, NoFailed, ResendFile, ResendBody, More              string
}

// FromBox says in words whose box something goes from: "Sở KH&ĐT, do Nguyễn Thị Thu Hà gửi". sender is the person.
func (w *Words) FromBox(a mail.Account, sender string) string {
	who := a.Name
	if a.Official && a.Agency != "" {
		who = a.Agency
	}
	if who == "" {
		who = a.Address
	}
	if a.Official && sender != "" {
		return fmt.Sprintf(w.Write.Compose.FromAgency, who, sender)
	}
	return fmt.Sprintf(w.Write.Compose.FromPerson, who)
}

// Finding is the sentence for a finding's code, of a document or of any letter.
func (w *Words) Finding(code string) string {
	if s, ok := w.Dispatch.Findings[code]; ok {
		return s
	}
	return w.Write.Compose.Finding(code)
}

var dispatchVI = Dispatch{
	Act: DispatchActs{
		Go: Act{"phát hành", "Phát hành văn bản"}, GoRegister: Act{"sổ văn bản đi", "Mở Sổ văn bản đi"},
		Next: Act{"bước sau", "Sang bước sau: đọc, nơi nhận, gửi"}, Drop: Act{"bỏ văn bản", "Bỏ văn bản đang làm dở"},
		File: Act{"chọn tệp", "Chọn tệp văn bản để phát hành"}, Paste: Act{"dán", "Dán nội dung văn bản"},
		Forget:   Act{"bỏ", "Bỏ văn bản đang làm dở này"},
		TextDown: Act{"đọc tiếp", "Đọc tiếp văn bản"}, TextUp: Act{"đọc lại", "Đọc lại phần trên của văn bản"},
		Attach: Act{"thêm tệp", "Gửi kèm thêm một tệp"}, Taken: Act{"xong", "Xong: lấy nội dung này"},
		NextOpen: Act{"dòng chưa rõ", "Đến dòng chưa rõ kế tiếp"}, Skip: Act{"bỏ qua", "Bỏ qua dòng này (bấm lần nữa để lấy lại)"},
		Add: Act{"thêm nơi nhận", "Thêm nơi nhận ngoài khối Nơi nhận"}, Take: Act{"bỏ", "Bỏ nơi nhận đã thêm"},
		Unfold: Act{"mở ra", "Mở nhóm hoặc dẫn chiếu ra từng dòng"}, Fold: Act{"gập lại", "Gập nhóm hoặc dẫn chiếu"},
		Facts: Act{"xem tiếp", "Xem tiếp phần đầu của văn bản trong sổ"}, Find: Act{"tìm", "Tìm trong Sổ văn bản đi"}, Export: Act{"xuất CSV", "Xuất sổ ra tệp CSV"},
		Letter: Act{"xem thư", "Mở thư đã gửi"}, Resend: Act{"gửi lại", "Soạn thư gửi lại cho nơi không đến"},
	},
	Register: registerVI,
	Title:    "Phát hành văn bản", Tab: "Phát hành", Opening: "đang đọc văn bản…", Planning: "đang tìm trong danh bạ…",
	Attaching: "đang thêm tệp…", Sending: "đang đưa vào Hộp thư đi…", NotKept: "CHƯA LƯU ĐƯỢC thay đổi, vẫn còn trên màn hình",
	Steps:   [4]string{"1 Chọn văn bản", "2 Đọc lại", "3 Nơi nhận", "4 Gửi"},
	FileRow: "Chọn tệp văn bản…", FileMore: "PDF, DOCX, ODT, RTF, TXT", PasteRow: "Dán nội dung…", PasteMore: "cũng có thể dán thẳng vào trang này",
	RegisterRow: "Sổ văn bản đi", RegisterMore: "văn bản đã phát hành và kết quả đến từng nơi", BoxRow: "Từ hộp thư", Begun: "Đang làm dở",
	BegunReady: "đã rõ nơi nhận", BegunOpen: "còn %d dòng chưa rõ", NotBegun: "Chỉ dùng cho văn bản đang làm dở",
	Hint:      "hopthu đọc số, ngày, trích yếu và khối Nơi nhận, tìm hộp thư của từng nơi rồi hỏi lại trước khi gửi. Làm dở lúc nào cũng được giữ lại.",
	FileTitle: "Chọn văn bản để phát hành", PastedFile: "nội dung dán vào", NoNumber: "(chưa có số)",
	PasteHint: "Dán toàn bộ văn bản vào đây, Ctrl+S để đọc, Esc để quay lại.", BlockHint: "Văn bản không có khối Nơi nhận: dán khối ấy vào đây cũng được.",
	CoverHint: "Lời gửi kèm văn bản. Esc hoặc Ctrl+S để xong.", DropTitle: "Bỏ văn bản đang làm dở?",
	DropText: "Tệp gốc của bạn vẫn còn nguyên; chỉ bản đang làm dở trong hopthu bị bỏ.", DropYes: "bỏ", Dropped: "Đã bỏ văn bản đang làm dở",
	Kind: "Loại văn bản", KindHint: "Quyết định, Công văn, Thông báo…", Mark: "Số, ký hiệu", MarkHint: "10/2013/QĐ-UBND", Issued: "Ngày ban hành", DateHint: "ngày/tháng/năm",
	Summary: "Trích yếu", SummaryHint: "văn bản này về việc gì", Urgency: "Độ khẩn",
	Urgencies:      [5]string{"thường", "khẩn", "thượng khẩn", "hỏa tốc", "hỏa tốc hẹn giờ"},
	NextRecipients: "Tiếp tục: nơi nhận", NotRead: "chưa đọc được", BadDate: "Ngày chưa đúng: ghi ngày/tháng/năm", FutureDate: "ngày ở tương lai",
	LateDate: "sẽ ghi gửi chậm", Quoted: "theo dòng “Ban hành kèm theo”", Draft: "Có vẻ là bản dự thảo: ",
	Scanned: "Bản chụp, máy không đọc được chữ: hãy tự điền các ô trên và tự xem có dấu mật hay không.",
	NoBlock: "Không thấy khối Nơi nhận. Ở bước sau có thể dán khối ấy vào hoặc thêm từng nơi nhận.",
	Why: map[string]string{
		"draft-word": "có chữ DỰ THẢO", "blank-number": "số còn để trống", "blank-date": "ngày còn để trống", "blank-recipient": "nơi nhận còn dòng chấm",
	},
	Block: map[string]string{
		"no-keep": "Khối Nơi nhận thiếu dòng “Lưu: VT”.", "no-marks": "Khối Nơi nhận viết không dấu; hãy xem kỹ từng dòng.",
		"after-keep": "Sau dòng “Lưu” còn chữ không được đọc là nơi nhận.", "no-heading": "Đọc như khối Nơi nhận dù không có tiêu đề.",
		"many-lines": "Khối Nơi nhận quá dài, phần cuối chưa được đọc.",
	},
	File: "Tệp", TextTitle: "Văn bản",
	Classes: [8]string{"chưa rõ", "dẫn chiếu", "cơ quan", "nhóm", "chức danh", "cá nhân", "lưu", "đăng tải"},
	States: [10]string{
		"%s", "nhóm %d hộp, %d%%", "lưu, không gửi", "gồm các dòng dưới", "chung hộp dòng trên", "bỏ qua", "đăng tải: gửi hay bỏ?",
		"ngoài hệ thống: địa chỉ?", "chọn 1 trong %d (%d%%)", "CHƯA RÕ",
	},
	Explain: [10]string{
		"Đã rõ.", "Nhóm: gửi đến từng hộp của nhóm. Enter để xem.", "Dòng Lưu: giữ ở cơ quan, không gửi đi đâu.", "Dẫn chiếu đến phần khác của văn bản; gồm các dòng thụt vào bên dưới.",
		"Bộ phận của cơ quan ở dòng trên, nhận chung hộp thư với dòng ấy.", "Bạn đã chọn không gửi cho dòng này. Bấm x để lấy lại.",
		"Nơi đăng tải, không có hộp thư. Enter để chọn hộp thư hoặc x để bỏ qua.", "Ngoài hệ thống và chưa biết địa chỉ. Enter để ghi địa chỉ hoặc x để bỏ qua.",
		"Có thể là một trong các nơi dưới đây. Enter để chọn đúng nơi.", "Danh bạ không có nơi này. Enter để tìm hoặc ghi địa chỉ, x để bỏ qua.",
	},
	How: map[string]string{
		"name": "đúng tên", "alias": "tên gọi khác", "abbreviation": "đúng tên tắt", "address": "đúng địa chỉ", "no-marks": "thiếu dấu", "other-marks": "khác dấu",
		"same-words": "đủ các chữ", "post": "theo chức danh", "own-unit": "cơ quan mình", "similar": "gần giống", "chosen": "bạn đã chọn", "no-text": "không thấy phần dẫn đến",
	},
	HowElse: "khớp", FoundBy: "Tìm được nhờ: %s, %s.", SameBox: "trùng hộp, gửi một lần", SameRow: "Cùng hộp thư với dòng “%s”: chỉ gửi một bản.",
	OutsideShort: "NGOÀI HT", ByHand: "thêm tay", Sure: [3]string{"chắc chắn", "khá chắc", "nên xem lại"},
	AddRow: "Thêm nơi nhận…", GoRow: "Tiếp tục: xem lại và gửi", GoOpen: "Tiếp tục (còn %d dòng chưa rõ)",
	AddHint: "Thêm một nơi nhận không có trong khối Nơi nhận.", ExtraHint: "Nơi nhận thêm bằng tay. Bấm d để bỏ.",
	AllClear: "Mọi dòng của khối Nơi nhận đã rõ. Enter để xem lại và gửi.", Candidates: "Có thể là", GoesTo: "Gửi đến",
	CountRows: "%d dòng", CountReady: "%d đã rõ", CountOpen: "%d chưa rõ", CountFolded: "%d dẫn chiếu", CountWithin: "%d chung hộp", CountKept: "%d lưu",
	CountSkipped: "%d bỏ qua", CountExtra: ", thêm tay %d", CountBoxes: "%d hộp nhận", CountOutside: "%d ngoài hệ thống",
	StillOpen: "Còn %d dòng chưa rõ: chọn nơi nhận hoặc bỏ qua từng dòng rồi mới gửi được.", NoRecipient: "Chưa có nơi nhận nào.",
	Skipped: "Bỏ qua: %s. Bấm x trên dòng ấy để lấy lại.", Taken: "Đã lấy lại: %s", NotExtra: "Dòng của văn bản không xóa được; bấm x để bỏ qua có chủ ý.",
	NoRow: "Chọn một dòng của khối Nơi nhận", IsKept: "Dòng Lưu không gửi đi đâu.", IsUnfolded: "Dẫn chiếu gồm các dòng bên dưới; bỏ qua từng dòng ấy.", HaveAlready: "Nơi này đã được thêm",
	AddTitle: "Thêm nơi nhận", SettleHint: "gõ tên để tìm trong danh bạ, hoặc gõ địa chỉ thư", Searching: "đang tìm trong danh bạ…",
	NobodyFits: "Danh bạ không có nơi nào khớp. Gõ địa chỉ thư nếu biết.", SendTo: "Gửi đến %s", SkipRow: "Bỏ qua dòng này", SkipMore: "không gửi, được ghi vào sổ",
	BackRow: "Lấy lại như đã đọc", GroupOf: "nhóm %d nơi", NoBox: "Nơi này không có hộp thư riêng nên chưa thêm được.",
	NoBoxMember: "KHÔNG CÓ HỘP THƯ", NoBoxes: "Không có hộp thư", NotListed: "mục %s (danh bạ không có)", GroupMissing: "nhóm %d hộp, THIẾU %d nơi",
	CountMissing: ", %d nơi thiếu hộp", TypeAddress: "Vẫn gõ địa chỉ thư được.", Several: "chọn nhiều", TakeMarked: "lấy %d nơi",
	Subject: "Chủ đề", Body: "Lời gửi…", BodyMore: "Enter để sửa", BodyTitle: "Thư sẽ viết", NoPaper: "Không gửi giấy", Receipts: "Báo khi đọc", No: "không", Yes: "có",
	SendButton: "Kiểm tra và gửi", FileCount: "%d/%d", MainStays: "Văn bản phải đi cùng thư; chỉ gỡ được tệp thêm vào.",
	ReviewTitle: "Trước khi phát hành", Document: "Văn bản", Inside: "%d hộp thư trong hệ thống", Outside: "%d NGOÀI HỆ THỐNG", KeptLabel: "Lưu", SkippedLabel: "Bỏ qua",
	Sent: "Đã phát hành %s đến %d nơi",
	Findings: map[string]string{
		"row-open": "Còn dòng chưa rõ của khối Nơi nhận: %s", "no-recipient": "Chưa có nơi nhận nào.",
		"members-missing": "Nơi trong nhóm không có hộp thư, không gửi được: %s",
		"document-draft":  "Văn bản có vẻ là bản dự thảo: %s",
	},
}

var registerVI = Register{
	Title: "Sổ văn bản đi", Count: "%s văn bản", Loading: "đang mở sổ…", Empty: "Sổ chưa có văn bản nào.",
	EmptyHint: "Văn bản phát hành qua trang Phát hành (P) được ghi vào đây cùng kết quả đến từng nơi.", EmptyFind: "Không có văn bản nào khớp. Esc để thôi tìm.",
	FindHint: "số, trích yếu, nơi nhận; có dấu hoặc không dấu", NoNumber: "(không số)", Number: "Số, ký hiệu", Issued: "Ban hành", IssuedOn: "Ban hành %s", SentAt: "gửi %s", SentOn: "Gửi", Summary: "Trích yếu",
	Outcome: "Kết quả", NotSent: "chưa đi", Late: "gửi chậm", LateLong: "GỬI CHẬM", Reached: "đến %d/%d", Accepted: "nhận %d/%d", ReadBy: "đọc %d",
	Failed: "không đến %d", Waiting: "chờ %d", File: "Tệp", Digest: "SHA-256", Kept: "Lưu", Published: "Đăng tải", Skipped: "Bỏ qua", Reasons: "Lý do đã ghi",
	From: "Từ hộp thư", Recipients: "Nơi nhận", NoFile: "nội dung dán vào",
	States: map[mail.DeliveryState]string{
		mail.DeliveryQueued: "chờ gửi", mail.DeliveryAccepted: "máy chủ đã nhận", mail.DeliveryRefused: "BỊ TỪ CHỐI", mail.DeliveryDelayed: "chậm, đang thử lại",
		mail.DeliveryRelayed: "đã chuyển tiếp", mail.DeliveryDelivered: "đã đến", mail.DeliveryFailed: "KHÔNG ĐẾN", mail.DeliveryRead: "đã đọc",
	},
	Explain: map[mail.DeliveryState]string{
		mail.DeliveryQueued: "Còn trong Hộp thư đi của máy này.", mail.DeliveryAccepted: "Máy chủ của ta đã nhận; chưa có tin là đã đến hộp.",
		mail.DeliveryRefused: "Máy chủ của ta không nhận địa chỉ này.", mail.DeliveryDelayed: "Chưa đến được, máy chủ đang thử lại.",
		mail.DeliveryRelayed:   "Đã chuyển cho máy chủ bên ngoài; nơi ấy không báo lại nên không biết thêm.",
		mail.DeliveryDelivered: "Đã nằm trong hộp thư của nơi nhận.", mail.DeliveryFailed: "Không đến được. Bấm s để gửi lại.", mail.DeliveryRead: "Máy của nơi nhận báo đã mở đọc.",
	},
	ServerSays: "Máy chủ nói", Exported: "Đã xuất sổ: %s", NoLetter: "Chưa thấy bản sao trong Thư đã gửi; thử lại sau khi đồng bộ.",
	NoFailed: "Không có nơi nào bị lỗi để gửi lại", ResendFile: "Không thấy bản sao trong Thư đã gửi: hãy tự đính kèm lại tệp %s.",
	ResendBody: "Gửi lại văn bản %s do lần trước không đến.", More: "còn %d dòng",
}

var dispatchEN = Dispatch{
	Act: DispatchActs{
		Go: Act{"documents", "Send out a document"}, GoRegister: Act{"register", "Open the register of documents sent"},
		Next: Act{"next step", "To the next step: read, recipients, send"}, Drop: Act{"give up", "Give up the document begun"},
		File: Act{"choose file", "Choose a document's file"}, Paste: Act{"paste", "Paste a document's text"},
		Forget:   Act{"give up", "Give up this document"},
		TextDown: Act{"read on", "Read on in the document"}, TextUp: Act{"read back", "Back in the document"},
		Attach: Act{"add file", "Send a further file along"}, Taken: Act{"done", "Done: take this text"},
		NextOpen: Act{"next open", "To the next open row"}, Skip: Act{"leave out", "Leave this row out (again to take it in)"},
		Add: Act{"add recipient", "Add a recipient that the document does not name"}, Take: Act{"take out", "Take out a recipient that was added"},
		Unfold: Act{"unfold", "Unfold a group or reference"}, Fold: Act{"fold", "Fold a group or reference"},
		Facts: Act{"read on", "Read on in what the register says of the document"}, Find: Act{"find", "Find in the register"}, Export: Act{"export CSV", "Export the register as CSV"},
		Letter: Act{"letter", "Open the letter sent"}, Resend: Act{"send again", "Write again to those it did not reach"},
	},
	Register: registerEN,
	Title:    "Send out a document", Tab: "Documents", Opening: "reading the document…", Planning: "looking in the directory…",
	Attaching: "adding the file…", Sending: "putting it into the outbox…", NotKept: "NOT KEPT yet, still on the screen",
	Steps:   [4]string{"1 Choose", "2 Read", "3 Recipients", "4 Send"},
	FileRow: "Choose a file…", FileMore: "PDF, DOCX, ODT, RTF, TXT", PasteRow: "Paste the text…", PasteMore: "or paste right onto this page",
	RegisterRow: "Register of documents sent", RegisterMore: "what was sent out, and what became of it", BoxRow: "From the box", Begun: "Begun",
	BegunReady: "recipients clear", BegunOpen: "%d {row|rows} open", NotBegun: "Only for a document that was begun",
	Hint:      "hopthu reads number, date, summary and the recipients block, finds the box of each, and asks before anything goes. What is begun is always kept.",
	FileTitle: "Choose the document to send out", PastedFile: "pasted text", NoNumber: "(no number yet)",
	PasteHint: "Paste the whole document here, Ctrl+S to read it, Esc to go back.", BlockHint: "The document has no recipients block: you may paste it here.",
	CoverHint: "Words that go with the document. Esc or Ctrl+S when done.", DropTitle: "Give up this document?",
	DropText: "Your own file stays as it is; only what was begun in hopthu is dropped.", DropYes: "give up", Dropped: "The document was given up",
	Kind: "Kind", KindHint: "Quyết định, Công văn, Thông báo…", Mark: "Number, symbol", MarkHint: "10/2013/QĐ-UBND", Issued: "Date of issue", DateHint: "day/month/year",
	Summary: "Summary", SummaryHint: "what the document is about", Urgency: "Urgency",
	Urgencies:      [5]string{"normal", "urgent", "very urgent", "express", "express, timed"},
	NextRecipients: "Continue: recipients", NotRead: "could not be read", BadDate: "Not a date: write day/month/year", FutureDate: "in the future",
	LateDate: "will be late", Quoted: "from “Ban hành kèm theo”", Draft: "It looks like a draft: ",
	Scanned: "A scan that no program can read: fill in the fields above, and look for secrecy marks yourself.",
	NoBlock: "No recipients block was found. In the next step you can paste it or add recipients.",
	Why: map[string]string{
		"draft-word": "it says DỰ THẢO", "blank-number": "the number is blank", "blank-date": "the date is blank", "blank-recipient": "a recipient is dotted out",
	},
	Block: map[string]string{
		"no-keep": "The block has no line “Lưu: VT”.", "no-marks": "The block is written without diacritics; look closely at each row.",
		"after-keep": "Text behind the line “Lưu” was not read as recipients.", "no-heading": "Read as a recipients block though it has no heading.",
		"many-lines": "The block is too long; its end was not read.",
	},
	File: "File", TextTitle: "Document",
	Classes: [8]string{"unclear", "reference", "agency", "group", "post", "person", "kept", "publish"},
	States: [10]string{
		"%s", "group of %d, %d%%", "kept, not sent", "the rows below", "same box as above", "left out", "publish: send or not?",
		"outside: address?", "choose 1 of %d (%d%%)", "UNKNOWN",
	},
	Explain: [10]string{
		"Clear.", "A group: it goes to each of its boxes. Enter shows them.", "Kept in the house, sent nowhere.", "It refers to another part of the document: the indented rows below.",
		"A part of the agency above, served by the same box.", "You chose to send nothing for this row. Press x to take it in again.",
		"A place of publication without a box. Enter chooses a box, x leaves it out.", "Outside the system, address unknown. Enter to give the address, x leaves it out.",
		"It may be one of these. Enter to choose the right one.", "The directory does not know it. Enter to search or give an address, x leaves it out.",
	},
	How: map[string]string{
		"name": "exact name", "alias": "other name", "abbreviation": "abbreviation", "address": "exact address", "no-marks": "without marks", "other-marks": "other marks",
		"same-words": "same words", "post": "by the post", "own-unit": "own agency", "similar": "similar", "chosen": "your choice", "no-text": "what it refers to was not found",
	},
	HowElse: "match", FoundBy: "Found by: %s, %s.", SameBox: "same as above, sent once", SameRow: "The same box as “%s”: it gets one copy.",
	OutsideShort: "OUTSIDE", ByHand: "added", Sure: [3]string{"certain", "quite certain", "better look again"},
	AddRow: "Add a recipient…", GoRow: "Continue: look over and send", GoOpen: "Continue (%d {row|rows} still open)",
	AddHint: "Adds a recipient that the document does not name.", ExtraHint: "Added by hand. Press d to take it out.",
	AllClear: "Every row of the block is clear. Enter to look it over and send.", Candidates: "It may be", GoesTo: "Goes to",
	CountRows: "%d {row|rows}", CountReady: "%d clear", CountOpen: "%d open", CountFolded: "%d {reference|references}", CountWithin: "%d within", CountKept: "%d kept",
	CountSkipped: "%d left out", CountExtra: ", %d added", CountBoxes: "%d {box|boxes}", CountOutside: "%d outside",
	StillOpen: "%d {row is|rows are} open: choose a box or leave it out, then it can go.", NoRecipient: "There is no recipient yet.",
	Skipped: "Left out: %s. Press x on the row to take it in again.", Taken: "Taken in again: %s", NotExtra: "A row of the document cannot be erased; x leaves it out, knowingly.",
	NoRow: "Choose a row of the block", IsKept: "What is kept is sent nowhere.", IsUnfolded: "A reference consists of the rows below; leave those out one by one.", HaveAlready: "That recipient was added already",
	AddTitle: "Add a recipient", SettleHint: "type a name to search the directory, or an address", Searching: "searching the directory…",
	NobodyFits: "Nobody in the directory fits. Type the address if you know it.", SendTo: "Send to %s", SkipRow: "Leave this row out", SkipMore: "nothing is sent; the register says so",
	BackRow: "As it was read", GroupOf: "group of %d", NoBox: "That entry has no box of its own and cannot be added.",
	NoBoxMember: "NO BOX", NoBoxes: "Without a box", NotListed: "entry %s (not in the directory)", GroupMissing: "group of %d, %d WITHOUT BOX",
	CountMissing: ", %d without box", TypeAddress: "An address can still be typed.", Several: "several", TakeMarked: "take %d",
	Subject: "Subject", Body: "Words…", BodyMore: "Enter to change", BodyTitle: "The letter", NoPaper: "No paper copy", Receipts: "Tell when read", No: "no", Yes: "yes",
	SendButton: "Check and send", FileCount: "%d/%d", MainStays: "The document itself must go; only further files can be taken out.",
	ReviewTitle: "Before it goes", Document: "Document", Inside: "%d {box|boxes} inside the system", Outside: "%d OUTSIDE", KeptLabel: "Kept", SkippedLabel: "Left out",
	Sent: "Sent out %s to %d {box|boxes}",
	Findings: map[string]string{
		"row-open": "A row of the recipients block is open: %s", "no-recipient": "There is no recipient yet.",
		"members-missing": "Members of a group have no box and get nothing: %s",
		"document-draft":  "The document looks like a draft: %s",
	},
}

var registerEN = Register{
	Title: "Register of documents sent", Count: "%s {document|documents}", Loading: "opening the register…", Empty: "The register is empty.",
	EmptyHint: "Documents sent out on the page Documents (P) are listed here, with what became of them.", EmptyFind: "No document fits. Esc ends the search.",
	FindHint: "number, summary, recipient; with or without diacritics", NoNumber: "(no number)", Number: "Number", Issued: "Issued", IssuedOn: "Issued %s", SentAt: "sent %s", SentOn: "Sent", Summary: "Summary",
	Outcome: "Outcome", NotSent: "not gone", Late: "late", LateLong: "LATE", Reached: "reached %d/%d", Accepted: "taken %d/%d", ReadBy: "read %d",
	Failed: "failed %d", Waiting: "waiting %d", File: "File", Digest: "SHA-256", Kept: "Kept", Published: "Published", Skipped: "Left out", Reasons: "Reasons given",
	From: "From the box", Recipients: "Recipients", NoFile: "pasted text",
	States: map[mail.DeliveryState]string{
		mail.DeliveryQueued: "queued", mail.DeliveryAccepted: "taken by our server", mail.DeliveryRefused: "REFUSED", mail.DeliveryDelayed: "delayed, tried again",
		mail.DeliveryRelayed: "handed on", mail.DeliveryDelivered: "delivered", mail.DeliveryFailed: "FAILED", mail.DeliveryRead: "read",
	},
	Explain: map[mail.DeliveryState]string{
		mail.DeliveryQueued: "Still in the outbox on this computer.", mail.DeliveryAccepted: "Our server took it; no word yet that it reached the box.",
		mail.DeliveryRefused: "Our server does not take this address.", mail.DeliveryDelayed: "It has not arrived; the server tries again.",
		mail.DeliveryRelayed:   "Handed to an outside server that sends no reports; nothing more is known.",
		mail.DeliveryDelivered: "It is in the recipient's box.", mail.DeliveryFailed: "It did not arrive. Press s to send it again.", mail.DeliveryRead: "The recipient's program said it was opened.",
	},
	ServerSays: "The server says", Exported: "Exported the register: %s", NoLetter: "The copy is not in Sent yet; try again after syncing.",
	NoFailed: "There is nobody to send it to again", ResendFile: "No copy in Sent: please attach the file %s again yourself.",
	ResendBody: "Document %s again, since it did not arrive the first time.", More: "%d more",
}
