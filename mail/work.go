package mail

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// The structs of this file with json tags travel between client and server (mail/api): a field is never renamed or given
// another meaning, only added.

// Scope is what a delegation lets a person do in the agency's box (QC 14.1); each scope holds the ones before it.
type Scope uint8

// Scopes, rising. None is no access.
const (
	ScopeNone   Scope = iota
	ScopeRead         // đọc: reads, writes internal notes, is assigned to; no door lets him send or change a letter's marks
	ScopeAnswer       // trả lời: answers letters of the box, marks, files
	ScopeIssue        // phát hành: writes new letters in the agency's name, issues documents
	ScopeManage       // quản lý: erases, makes folders, assigns to others
	ScopeHead         // thủ trưởng: the head of the agency; gives and ends delegations, hands the box over
)

// scopeCodes are what the register, the office API and the command line write.
var scopeCodes = [...]string{"", "doc", "tra-loi", "phat-hanh", "quan-ly", "thu-truong"}

// Code is the scope as data: "doc", "tra-loi", "phat-hanh", "quan-ly", "thu-truong"; "" for none.
func (s Scope) Code() string {
	if int(s) < len(scopeCodes) {
		return scopeCodes[s]
	}
	return ""
}

// ParseScope reads a Code; ok is false for anything else, and for "".
func ParseScope(code string) (s Scope, ok bool) {
	for i, c := range scopeCodes {
		if i > 0 && c == code {
			return Scope(i), true
		}
	}
	return ScopeNone, false
}

// MarshalText writes the Code.
func (s Scope) MarshalText() ([]byte, error) { return []byte(s.Code()), nil }

// UnmarshalText reads a Code; "" is no access.
func (s *Scope) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*s = ScopeNone
		return nil
	}
	v, ok := ParseScope(string(b))
	if !ok {
		return fmt.Errorf("unknown scope %q", b)
	}
	*s = v
	return nil
}

// LetterKey names a letter for everybody who works in its box, whatever folder it is moved to: a digest of Message-ID and author,
// so that a stranger who copies a Message-ID names another letter. Without a Message-ID, date and subject stand for it.
func LetterKey(h Head) string {
	id := h.MessageID
	if id == "" {
		id = h.Date.UTC().Format(time.RFC3339) + "\n" + h.Subject
	}
	from := ""
	if len(h.From) > 0 {
		from = strings.ToLower(h.From[0].Addr)
	}
	sum := sha256.Sum256([]byte(id + "\n" + from))
	return hex.EncodeToString(sum[:16])
}

// Person is somebody of the register as others see him: wire address and name.
type Person struct {
	Name string `json:"name,omitempty"`
	Addr string `json:"addr,omitempty"` // wire spelling (D1), lower case: the key of the person
	Post string `json:"post,omitempty"` // chức vụ
}

// Delegation is a written authorization to work in an agency's box (QC 14.1).
type Delegation struct {
	ID        int64     `json:"id,omitempty"`
	Box       string    `json:"box,omitempty"` // wire address of the agency's box
	Person    Person    `json:"person,omitzero"`
	Document  string    `json:"document,omitempty"` // number and symbol of the document, "03/GUQ-SKHĐT"
	Dated     time.Time `json:"dated,omitzero"`     // day of the document
	From      time.Time `json:"from,omitzero"`      // first day, begins 00:00 in Asia/Ho_Chi_Minh
	Until     time.Time `json:"until,omitzero"`     // last day, ends 24:00; zero is without end
	Scope     Scope     `json:"scope"`
	Chief     bool      `json:"chief,omitempty"` // phụ trách chính: exactly one of the delegations that stand
	GivenBy   Person    `json:"given_by,omitzero"`
	Given     time.Time `json:"given,omitzero"`
	Ended     time.Time `json:"ended,omitzero"` // when it was ended before its time, zero if it was not
	EndedBy   Person    `json:"ended_by,omitzero"`
	EndReason string    `json:"end_reason,omitempty"`
}

// WorkState is how far a letter of the agency's box has come (QC 14.3), in the words of the regulation on screen.
type WorkState string

// States of a letter in an agency's box.
const (
	WorkOpen     WorkState = "open"     // chưa xử lý
	WorkDoing    WorkState = "doing"    // đang xử lý
	WorkAnswered WorkState = "answered" // đã hồi đáp
	WorkExcused  WorkState = "excused"  // không cần hồi đáp
)

// Work is what the people of a box agree on about one letter. On the bundled server it is a record of the office; on a plain
// IMAP server as much of it as keywords carry (Shared says which).
type Work struct {
	Account     AccountID  `json:"-"`
	Key         string     `json:"key,omitempty"` // LetterKey of the letter
	State       WorkState  `json:"state"`
	Holder      Person     `json:"holder,omitzero"`      // who has it, zero if nobody
	AssignedBy  Person     `json:"assigned_by,omitzero"` // zero if he took it himself
	Due         time.Time  `json:"due,omitzero"`         // given with the assignment or chosen; zero for the rule's
	DueReason   string     `json:"due_reason,omitempty"`
	Instruction string     `json:"instruction,omitempty"`
	Claim       Person     `json:"claim,omitzero"`       // who is writing the answer at this moment ("đang soạn trả lời"), zero if nobody
	ClaimSince  time.Time  `json:"claim_since,omitzero"` // a claim ends by itself: it is renewed while he writes
	AnsweredBy  Person     `json:"answered_by,omitzero"`
	AnsweredAt  time.Time  `json:"answered_at,omitzero"`
	Reason      string     `json:"reason,omitempty"`  // why it needs no answer
	Reopened    time.Time  `json:"reopened,omitzero"` // when it was said last that it needs an answer after all; zero once it has one
	Notes       []WorkNote `json:"notes,omitempty"`
	Version     int64      `json:"version,omitempty"` // grows with each change; an act names the version that it saw
	Pending     bool       `json:"-"`                 // a change of mine has not reached the office yet
}

// WorkNote is an internal note: it never leaves the box.
type WorkNote struct {
	By   Person    `json:"by,omitzero"`
	At   time.Time `json:"at,omitzero"`
	Text string    `json:"text,omitempty"` // NFC
}

// Colleague is somebody who may work in a box, as its other people see him.
type Colleague struct {
	Person
	Scope Scope `json:"scope"`
	Chief bool  `json:"chief,omitempty"`
	Away  Leave `json:"away,omitzero"`  // that holds today, zero if he is here
	Has   int   `json:"has,omitempty"`  // letters he has that wait
	Here  bool  `json:"here,omitempty"` // has the box open now
}

// Leave excuses days of the daily check and tells the others (nghỉ phép, công tác).
type Leave struct {
	ID     int64     `json:"id,omitempty"`
	Person Person    `json:"person,omitzero"`
	From   time.Time `json:"from,omitzero"`  // first day
	Until  time.Time `json:"until,omitzero"` // last day
	Kind   string    `json:"kind,omitempty"` // "leave" or "trip"
	Note   string    `json:"note,omitempty"`
}

// Seat tells whose box an account opens and what the person may do in it.
type Seat struct {
	Account  AccountID
	Agency   bool   // an agency's box
	Name     string // of the agency or person
	Address  string
	Me       Person
	Scope    Scope // ScopeHead in one's own box
	Chief    bool  // phụ trách chính: assigns like ScopeManage
	Until    time.Time
	Enforced bool // the server holds to the scope; false on a plain IMAP server
	Office   bool // work records are the office's; false: keywords only
}

// DayCount is one day of a box, as the server (or without one, the store) saw it. Times are of Asia/Ho_Chi_Minh.
type DayCount struct {
	Day      time.Time `json:"day,omitzero"`
	Workday  bool      `json:"workday,omitempty"`
	Excused  string    `json:"excused,omitempty"` // "leave", "trip" or "" (QC 9)
	Opened   time.Time `json:"opened,omitzero"`   // first time the inbox was opened, zero if it was not
	Checked  time.Time `json:"checked,omitzero"`  // when the day's check was finished, zero if it was not
	Received int       `json:"received"`          // letters that oblige to answer
	Answered int       `json:"answered"`          // letters answered on that day
	InTime   int       `json:"in_time"`           // of these
	Late     int       `json:"late"`              // of these
	Waiting  int       `json:"waiting"`           // that still waited at the end of the day
	Median   int       `json:"median"`            // minutes from received to answered, of the letters answered that day; -1 without any
}

// DutyYear is a year (or month) of days, and its sums.
type DutyYear struct {
	Account  AccountID
	From     time.Time
	Until    time.Time // last day, included
	Days     []DayCount
	Workdays int // of these, without the excused
	Checked  int // of the workdays
	Received int
	Answered int
	InTime   int
	Late     int
	Waiting  int    // now
	Median   int    // minutes, -1 without any
	Source   string // "server" or "store": who counted
	Opened   int    // workdays on which the inbox was opened
	Excused  int    // days of work that leave or a trip excuses
	Months   []DutyMonth
	Weeks    []DutyWeek
}

// DutyMonth is one month of a DutyYear, as far as it lies in it.
type DutyMonth struct {
	Month    time.Time // its first day
	Workdays int       // without the excused, until today
	Opened   int       // of these
	Checked  int       // of these
	Received int
	Answered int
	InTime   int
	Late     int
	Median   int // minutes, -1 without any
}

// DutyWeek is one week of a DutyYear, as far as it lies in it.
type DutyWeek struct {
	Week     time.Time // its Monday, which may lie before the year
	Received int
	Answered int
	InTime   int
	Late     int
	Median   int // minutes, -1 without any
}

// Trend is where the time to answer is going: the median of the latest months with answers against that of those before.
type Trend struct {
	Recent, Before int // minutes, -1 where there are too few months to compare
	Direction      int // -1: faster, 1: slower, 0: steady or not known
}

// Round is the day's check (kiểm tra hằng ngày): each letter once.
type Round struct {
	At       time.Time
	Letters  []Head    // what is left to look at, in the order to take it: overdue, due today, fresh, come back today, soon
	Seen     int       // taken in today's round already
	Finished time.Time // "đã kiểm tra lúc 08:12", zero if not yet today
}

// Waiting is a letter sent that nobody has answered ("chờ phản hồi").
type Waiting struct {
	Head
	Age  int       // working days since it was sent
	Back time.Time // day on which the person wants to be reminded, zero for the rule's
}

// HandoverState says how far a handover is (QC 14.2).
type HandoverState string

// States of a handover. Until HandoverDone everything is as it was before.
const (
	HandoverCounting  HandoverState = "counting"  // being begun: its letters are counted, nothing is frozen yet; shown to who began it only
	HandoverFrozen    HandoverState = "frozen"    // begun: inventory stands, nobody changes the box
	HandoverGiven     HandoverState = "given"     // the one who leaves has confirmed
	HandoverTaken     HandoverState = "taken"     // the one who takes over has confirmed, before the giver
	HandoverDone      HandoverState = "done"      // both have: credentials rotated, sessions dead, delegations ended
	HandoverRefused   HandoverState = "refused"   // one of them refused: everything as before
	HandoverCancelled HandoverState = "cancelled" // taken back
)

// FolderCount is one folder in an inventory.
type FolderCount struct {
	Name       string    `json:"name,omitempty"`
	Letters    int       `json:"letters"`
	Octets     int64     `json:"octets"`
	Oldest     time.Time `json:"oldest,omitzero"`
	Newest     time.Time `json:"newest,omitzero"`
	Unanswered int       `json:"unanswered"`
}

// Inventory is what a box holds at the moment it is frozen (QC 14.2).
type Inventory struct {
	At          time.Time     `json:"at,omitzero"`
	Folders     []FolderCount `json:"folders,omitempty"`
	Letters     int           `json:"letters"`
	Octets      int64         `json:"octets"`
	Unanswered  []DutyLine    `json:"unanswered,omitempty"` // the list of open duties with their due dates
	Drafts      int           `json:"drafts"`
	Outbox      int           `json:"outbox"` // letters in the server's queue
	Delegations []Delegation  `json:"delegations,omitempty"`
	Hash        string        `json:"hash,omitempty"` // SHA-256 over all letters, hexadecimal
}

// DutyLine is one open duty in an inventory: enough to find the letter; subjects stand in the record since both parties hold the box.
type DutyLine struct {
	From     string    `json:"from,omitempty"`
	Subject  string    `json:"subject,omitempty"`
	Received time.Time `json:"received,omitzero"`
	Due      time.Time `json:"due,omitzero"`
	Holder   string    `json:"holder,omitempty"`
}

// Handover is one change of hands of an agency's box.
type Handover struct {
	ID          int64         `json:"id,omitempty"`
	Box         string        `json:"box,omitempty"` // wire address
	BoxName     string        `json:"box_name,omitempty"`
	State       HandoverState `json:"state"`
	Giver       Person        `json:"giver,omitzero"`
	Receiver    Person        `json:"receiver,omitzero"`
	ByOffice    bool          `json:"by_office,omitempty"` // without the giver (dead, suspended): the office acts, with a reason
	Reason      string        `json:"reason,omitempty"`
	Started     time.Time     `json:"started,omitzero"`
	GivenAt     time.Time     `json:"given_at,omitzero"`
	TakenAt     time.Time     `json:"taken_at,omitzero"`
	DoneAt      time.Time     `json:"done_at,omitzero"`
	RefusedBy   Person        `json:"refused_by,omitzero"`
	Inventory   Inventory     `json:"inventory"`
	Counted     int           `json:"counted,omitempty"`      // of HandoverCounting: letters until now, of Inventory.Letters
	FirstSecret string        `json:"first_secret,omitempty"` // one-time password, only in the answer to the receiver's own confirmation
}
