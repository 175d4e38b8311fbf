package mail

import "time"

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
