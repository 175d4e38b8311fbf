// Package mail holds the nouns that both houses, client and server, speak: accounts, folders, letters, drafts,
// events and faults.
//
// Laws: it imports nothing but the standard library; it does no I/O; every text in it is NFC; nothing here is
// ready for the screen until it has passed kit.Clean.
package mail

import (
	"strings"
	"time"
)

// AccountID names one account in the settings, the store and the keyring. It never changes, not even when the
// address does, and is never shown.
type AccountID string

// FolderID is a row number of the local store; like the ids below it means nothing to a server.
type FolderID int64

// LetterID is a row number of the local store.
type LetterID int64

// ThreadID is a row number of the local store.
type ThreadID int64

// DraftID is a row number of the local store.
type DraftID int64

// OutboxID is a row number of the local store.
type OutboxID int64

// UID is an IMAP unique identifier (RFC 9051 2.3.1.1), valid only together with its folder's UIDVALIDITY.
type UID uint32

// Security says how a connection is protected. There is no plain text on purpose.
type Security string

// The two ways to TLS: from the first byte (RFC 8314), or by STARTTLS that must succeed.
const (
	TLS      Security = "tls"
	STARTTLS Security = "starttls"
)

// Endpoint is one server that an account talks to.
type Endpoint struct {
	Host     string
	Port     int
	Security Security
}

// Account is one mailbox that the person opens. Secrets are not part of it: they live in the keyring.
type Account struct {
	ID        AccountID
	Address   string   // addr-spec, NFC, in the spelling the person uses
	Login     string   // user name for IMAP and SMTP
	Name      string   // display name for From:
	Agency    string   // shown in the top line: "Sở KH&ĐT"
	Official  bool     // hộp thư công vụ (QC 4.1); false is hộp thư cá nhân (QC 4.2)
	Aliases   []string // other addresses that are this mailbox, the second spelling among them (D1)
	IMAP      Endpoint
	SMTP      Endpoint
	Office    string // base URL of the office API, "" when the server has none
	CAFile    string // PEM file with further trusted roots, "" for the system's
	Signature string // appended to new letters
}

// Mine reports whether addr is this account's address or one of its aliases; case does not matter.
func (a Account) Mine(addr string) bool {
	if strings.EqualFold(addr, a.Address) {
		return true
	}
	for _, s := range a.Aliases {
		if strings.EqualFold(addr, s) {
			return true
		}
	}
	return false
}

// Address is a mailbox as in RFC 5322 3.4: display name and addr-spec, both NFC. Group is the name of the
// RFC 5322 group it stood in, if any.
type Address struct {
	Name  string
	Addr  string
	Group string
}

// Short is what a narrow column shows: the name, or the address when there is no name.
func (a Address) Short() string {
	if a.Name != "" {
		return a.Name
	}
	return a.Addr
}

// Domain is the part behind the last @, lower-cased; "" if there is none.
func (a Address) Domain() string {
	if i := strings.LastIndexByte(a.Addr, '@'); i >= 0 {
		return strings.ToLower(a.Addr[i+1:])
	}
	return ""
}

// Role is a folder's special use (RFC 6154), or RoleNone.
type Role string

// The roles that the client gives meaning to.
const (
	RoleNone    Role = ""
	RoleInbox   Role = "inbox"
	RoleSent    Role = "sent"
	RoleDrafts  Role = "drafts"
	RoleTrash   Role = "trash"
	RoleJunk    Role = "junk"
	RoleArchive Role = "archive"
)

// Folder is a mailbox of the server as the store knows it.
type Folder struct {
	ID         FolderID
	Account    AccountID
	Name       string // full server name, decoded to NFC UTF-8
	Delim      string // hierarchy delimiter, "" for a flat name space
	Role       Role
	Selectable bool
	Total      int // letters known locally
	Remote     int // letters the server reported at the last visit; Total < Remote while filling
	Unread     int
	Awaiting   int       // letters that still await an answer
	Synced     time.Time // when the last full pass ended; zero if never
}

// Flags is the set of marks on a letter.
type Flags uint32

// System flags (RFC 9051 2.3.2) and the keywords hopthu understands.
const (
	Seen Flags = 1 << iota
	Answered
	Flagged
	Deleted
	Draft
	Forwarded // $Forwarded
	Junk      // $Junk
	NotJunk   // $NotJunk
	NoReply   // KeywordNoReply: "không cần hồi đáp" (QC 9, D9)
	MDNSent   // $MDNSent
)

// KeywordNoReply marks a letter that needs no answer. It is an IMAP keyword so that every client of the box agrees.
const KeywordNoReply = "$HopthuNoReply"

var flagNames = []struct {
	f    Flags
	name string
}{
	{Seen, `\Seen`},
	{Answered, `\Answered`},
	{Flagged, `\Flagged`},
	{Deleted, `\Deleted`},
	{Draft, `\Draft`},
	{Forwarded, "$Forwarded"},
	{Junk, "$Junk"},
	{NotJunk, "$NotJunk"},
	{NoReply, KeywordNoReply},
	{MDNSent, "$MDNSent"},
}

// Has reports whether all flags of g are set in f.
func (f Flags) Has(g Flags) bool { return f&g == g }

// Names gives the IMAP names of the flags set, in a fixed order.
func (f Flags) Names() []string {
	var out []string
	for _, n := range flagNames {
		if f.Has(n.f) {
			out = append(out, n.name)
		}
	}
	return out
}

// ParseFlags sorts IMAP flag names into known flags and foreign keywords; names compare without case (RFC 9051
// 2.3.2), \Recent is dropped.
func ParseFlags(names []string) (known Flags, other []string) {
next:
	for _, s := range names {
		for _, n := range flagNames {
			if strings.EqualFold(s, n.name) {
				known |= n.f
				continue next
			}
		}
		if !strings.EqualFold(s, `\Recent`) && s != "" {
			other = append(other, s)
		}
	}
	return known, other
}

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
}

// DueWhy is what a due date stands on.
type DueWhy string

// What a due date stands on, the strongest last.
const (
	DueRule    DueWhy = "rule"    // so many working days after it came
	DueUrgent  DueWhy = "urgent"  // its mark of urgency
	DueBody    DueWhy = "body"    // a deadline in its text
	DueSubject DueWhy = "subject" // a deadline in its subject
	DueChosen  DueWhy = "chosen"  // the person, with a reason
)

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

// View is how a list is arranged.
type View uint8

// Views of a box.
const (
	Flat View = iota
	Conversations
)

// Filter narrows a list.
type Filter uint8

// Filters of a box.
const (
	All Filter = iota
	Unread
	Awaiting
	Starred
	WithAttachment
)

// ListQuery asks for the order of a list.
type ListQuery struct {
	Account AccountID // "" for every account (only with Text or Filter Awaiting)
	Folder  FolderID  // 0 for every folder of the account except trash and junk
	View    View
	Filter  Filter
	Text    string // words to find, as typed; "" for none
	Newest  int    // without Text: at most so many of the newest letters, 0 for all
}

// Listing is the answer: letters newest first. In Conversations each id is the newest letter of its conversation
// in this folder, and Sizes[i] its number of letters there; the sum of Sizes is the number of letters of the folder.
type Listing struct {
	IDs     []LetterID
	Sizes   []int32 // nil in Flat
	Exact   int     // with Text: the first Exact ids match the typed marks exactly
	Version int64   // grows with every change of the folder
	Total   int     // letters in the folder before the filter
	Remote  int     // letters the server has; more than Total while the folder is still being filled
	More    bool    // with Text: older or weaker hits were left out; with Newest: there may be older letters
}

// Contact is one completion for an address field.
type Contact struct {
	Address Address
	Post    string // chức vụ
	Unit    string
	Source  string // "directory" or "history"
	Used    int    // letters sent to it
}

// DraftKind says what a draft answers.
type DraftKind uint8

// Kinds of draft.
const (
	DraftNew DraftKind = iota
	DraftReply
	DraftReplyAll
	DraftForward
	DraftDispatch // holds the files of a document on its way (rule.Dispatch); no list of drafts shows it
)

// DraftLetter is a letter being written. The address lines are kept as typed, so that half an address survives.
type DraftLetter struct {
	ID          DraftID
	Account     AccountID
	Kind        DraftKind
	Origin      LetterID // the letter answered or forwarded, 0 if none
	To          string
	Cc          string
	Bcc         string
	Subject     string
	Body        string
	Attachments []Attachment
	InReplyTo   string
	References  []string
	MessageID   string    // set at the first save, kept for good
	Saved       time.Time // last local save
	Refusal     string    // the server's words, when this draft came back from the outbox
}

// Attachment is a file that a draft carries. Its bytes are in the store from the moment it is attached.
type Attachment struct {
	ID   int64
	Name string
	Type string // media type by content
	Size int64
	Risk Risk
}

// Empty reports whether nothing was written.
func (d DraftLetter) Empty() bool {
	return strings.TrimSpace(d.To+d.Cc+d.Bcc+d.Subject+d.Body) == "" && len(d.Attachments) == 0
}

// OutboxState is where a letter stands on its way out.
type OutboxState string

// States of the outbox. Submitted and filed are separate steps: Submitted is not nil once the server said 250,
// Filed once the copy stands in Sent.
const (
	OutQueued  OutboxState = "queued"  // waits for its undo time or for its turn
	OutSending OutboxState = "sending" // the first byte may have left; after a crash the outcome is unknown
	OutWaiting OutboxState = "waiting" // a temporary failure; tried again at Next
	OutUnknown OutboxState = "unknown" // crashed or cut while sending: the person decides if Sent does not tell
	OutRefused OutboxState = "refused" // the server said no for good; comes back as a draft
	OutSent    OutboxState = "sent"    // 250 received
)

// OutboxItem is one letter in the outbox.
type OutboxItem struct {
	ID        OutboxID
	Account   AccountID
	State     OutboxState
	MessageID string
	Subject   string
	To        []string // envelope recipients
	Queued    time.Time
	Next      time.Time // not before this moment
	Tries     int
	Reply     string // the server's last words, cleaned of controls
	Submitted time.Time
	Filed     time.Time
}

// ServerState is how an account stands with its server.
type ServerState uint8

// Server states.
const (
	Offline ServerState = iota
	Connecting
	Syncing
	Ready
	Stopped // needs the person: wrong password, certificate, must change password
)

// Status is the state line of one account.
type Status struct {
	Account AccountID
	State   ServerState
	Since   time.Time // last moment the box was known to be in step
	Done    int       // while Syncing: letters fetched and to fetch in this pass
	Total   int
	Next    time.Time // while Offline: when it tries again
	Fault   *Fault    // why Offline or Stopped
	Alert   string    // last ALERT of the server (RFC 9051 7.1), shown once
}

// DutyItem is one letter that the daily duty asks for (QC 9, 14.3).
type DutyItem struct {
	Head
	Age int // working days since it was received
}

// Today is the desk of the day.
type Today struct {
	At       time.Time
	Overdue  []DutyItem // most late first
	DueToday []DutyItem
	Soon     []DutyItem // due later, nearest first
	DutyAll  int        // how many letters await an answer; the three lists may hold the newest of them only
	Unread   int
	Fresh    []Head // arrived since the previous working day's end, newest first, at most 20
	FreshAll int    // how many there are
	Drafts   []DraftLetter
	Outbox   []OutboxItem
}

// Settings are what the person can change in the program.
type Settings struct {
	Language   string // "vi", "en"
	Theme      string // "dark", "light", "contrast", "mono"
	ASCII      bool   // marks in ASCII letters
	Mouse      bool
	Notify     string        // "off", "bell", "osc9", "osc777"
	Undo       time.Duration // time to take a sent letter back
	Editor     string        // external editor, "" for $VISUAL, $EDITOR
	ReplyDays  int           // working days to answer in (D8)
	Downloads  string        // folder where attachments are saved
	View       View          // how boxes open
	CheckFiles bool          // ask when the text speaks of an attachment and there is none
	Typing     string        // Vietnamese without an input method: "off", "telex", "telex-w", "vni", "viqr"
	Tones      string        // where they stand: "old" (hòa), "new" (hoà)

	StrictOutside bool // a mention of secrecy to a recipient outside the system is blocked, not asked (QC 8.2)
}

// Finding is what a check of a draft found before it is sent.
type Finding struct {
	Verdict Verdict
	Code    string // stable name: "secret-mark", "no-subject", "forgotten-file", "bad-address", "outside"
	Rule    string // which rule found it: of "secret-mark" a letter of the detector ("A", "C3", "F"); "" where Code says it all
	Clause  string // "QC 7.1b"; "" if it is not from the regulation
	Where   string // "subject", "body", "to", "attachment:NAME"
	Line    int    // of the text at Where, from 1; 0 where lines say nothing
	Text    string // the words that matched, or the address; never logged
	Suggest string // what to do about it, by code: "to-docx", "remove", "rename" for a file (rule.FormatReport); "" for nothing
	Fix     string // Text as it should be, where that is known: "not-unicode"
}

// Verdict is what may happen to a letter.
type Verdict uint8

// Verdicts: qua, hỏi, chặn.
const (
	Pass Verdict = iota
	Ask
	Block
)
