package mail

import "time"

// Head is what a list shows of a letter, and what duty and threading need. Strings are decoded, NFC, not cleaned.
type Head struct {
	ID          LetterID
	Account     AccountID
	Folder      FolderID
	Thread      ThreadID
	UID         UID
	Flags       Flags
	Date        time.Time // Date: header; zero if absent or unreadable
	Received    time.Time // INTERNALDATE, the order of lists
	From        []Address
	Sender      Address // Sender: if it differs from From (RFC 5322 3.6.2)
	ReplyTo     []Address
	To          []Address
	Cc          []Address
	Subject     string
	MessageID   string   // without angle brackets
	InReplyTo   []string // without angle brackets
	References  []string // without angle brackets, oldest first
	Size        int64    // octets, RFC822.SIZE
	Attachments int      // -1 when not known yet
	Preview     string   // first words of the text, "" when not known yet
	Automatic   bool     // list or automatic mail (RFC 3834, RFC 2919)
	Duty        bool     // would await an answer unless answered or excused (QC 9, D9)
	Awaits      bool     // Duty, and neither answered by anyone nor marked NoReply
	Priority    int      // 0 normal, 1 khẩn, 2 thượng khẩn or hỏa tốc
	Document    DocumentMark
	Due         time.Time // of a letter that awaits: end of the working day by which it should be answered (D8); filled by desk
	DueSet      bool      // Due was chosen by the person,
	DueReason   string    // for this reason
	DueWhy      DueWhy    // what Due stands on, "" while Due is zero
	DuePhrase   string    // the words of the letter that name it, of DueSubject and DueBody
	Late        int       // working days past Due, 0 if not late
	Bodied      bool      // the whole letter is in the store
	Pending     bool      // a local change has not reached the server yet

	State   WorkState // in a box that several work in, "" elsewhere
	With    string    // name of the one who has it, "" if nobody
	Mine    bool      // that is me
	Writing string    // name of somebody else who is writing the answer at this moment
	Later   time.Time // taken out of the duty lists until this day
}

// Sent is Date when it is usable, Received otherwise.
func (h Head) Sent() time.Time {
	if h.Date.IsZero() {
		return h.Received
	}
	return h.Date
}

// Letter is an opened letter: its head and everything that can be read of it.
type Letter struct {
	Head
	Bcc     []Address
	Fields  []Field  // all header fields in order, decoded
	Paras   []Para   // the readable text
	Links   []string // Links[n-1] is what the mark [n] in the text points to
	Parts   []Part   // attachments and inline parts, not the text shown
	Charset string   // charset the text was declared in, as written
	Legacy  string   // legacy encoding that was recognised ("TCVN3"), "" if none
	HTML    bool     // the text was made from HTML
	Defects []string // codes of what was broken and mended: "no-header-end", "bad-base64", …; words are the screen's
	// Findings is what the secrecy rule says of a letter that came (QC 7.1b, 8.2). With a Block among them the letter opens
	// behind a warning, and forward, print, quote and export are off.
	Findings  []Finding
	Deadlines []Deadline // in the order of the text
	// Partial says that only the beginning of a large letter is here: text first. Files are listed as far as it reaches, and
	// cannot be opened from it. The rest follows: FolderChanged comes when the whole letter is in the store.
	Partial bool
	Reason  string // why it needs no answer, of a letter marked NoReply here; "" if nobody said
	Work    *Work  // what the people of an agency's box agreed on about it; nil elsewhere
}

// Sealed reports whether a stamp of secrecy was found in it (D10).
func (l *Letter) Sealed() bool {
	for _, f := range l.Findings {
		if f.Verdict == Block {
			return true
		}
	}
	return false
}

// Field is one header field.
type Field struct{ Name, Value string }

// ParaKind says how a paragraph is set.
type ParaKind uint8

// Kinds of paragraph.
const (
	ParaText ParaKind = iota
	ParaHeading
	ParaItem // list item; the text begins with its bullet or number
	ParaPre  // fixed layout: never re-wrapped, only cut by the view
	ParaRule // a line across; no text
)

// Para is one paragraph: Text has no line break except in ParaPre. Quote is the depth of quotation, 0 for own words.
// A paragraph that is an empty ParaText is an empty line of the letter: a view adds no space of its own between others.
type Para struct {
	Kind  ParaKind
	Quote int
	Text  string
}

// Part is one attachment.
type Part struct {
	Path     string // IMAP section number, "2.1"; nested message parts included
	Name     string // decoded file name as declared, NFC, uncleaned; "" if none
	Declared string // media type as declared, lower case
	True     string // media type by content, "" when not known
	Size     int64  // octets after decoding
	Inline   bool
	ID       string // Content-ID without brackets
	Broken   bool   // decoding stopped early
	Risk     Risk   // what the content says, with its name against it
}

// Risk is how dangerous an attachment is to open.
type Risk uint8

// Risks, rising.
const (
	RiskNone    Risk = iota
	RiskOdd          // name and content disagree
	RiskBlocked      // executable, script, or a disguised name
)
