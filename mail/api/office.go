package api

import (
	"time"

	"hopthu/mail"
)

// Paths of the office (QC 9, 12, 14, 15). All but PathSession want "Authorization: Bearer <token>"; what a token may do is decided
// in the register, anew at each request. Boxes are named by wire address; from and until are days, "2006-01-02", the last one
// included. Errors are Problem: 401 for a token that is none or dead, 403 "refused" for a box that is not one's own to open,
// "no-permission" for what one's scope does not reach, 409 "conflict" where somebody else came first (Text is his name, Rule says
// in what: "taken", "answered", "excused", "claimed", "changed", "frozen", "unread", "repeated").
const (
	PathSession     = "/api/v1/session"         // POST Login → Session; DELETE ends it
	PathMe          = "/api/v1/me"              // GET: Me
	PathDelegations = "/api/v1/delegations"     // GET ?box=: []mail.Delegation, all that were ever given, newest first; POST mail.Delegation (ID 0) gives one → mail.Delegation
	PathDelegation  = "/api/v1/delegations/end" // POST End
	PathColleagues  = "/api/v1/colleagues"      // GET ?box=: []mail.Colleague
	PathLeave       = "/api/v1/leave"           // GET ?from=&until=: []mail.Leave, one's own; POST mail.Leave; DELETE ?id=
	PathWork        = "/api/v1/work"            // GET ?box=&since=&wait=: Works, waits up to wait seconds (at most 50) for something newer than since; POST Act → mail.Work
	PathDays        = "/api/v1/days"            // GET ?box=&from=&until=: []mail.DayCount; the box's own people and, of a person's box, the head of his agency (D11: counts and times only)
	PathCheck       = "/api/v1/check"           // POST Check → mail.DayCount: finish the day's check; Problem "conflict" while the server still knows unread letters of the last 14 days in the inbox
	PathStaff       = "/api/v1/staff"           // GET ?box=&from=&until=: []StaffDays, to the head only (QC 15, D11)
	PathSends       = "/api/v1/sends"           // GET ?box=&from=&until=: []SentAs, to the head only: who sent in the agency's name, times and addresses
	PathHandovers   = "/api/v1/handovers"       // GET: []mail.Handover that I am a party of; POST HandoverAct → mail.Handover
)

// Login opens an office session; the password travels in the body, never in a URL.
type Login struct {
	Login    string `json:"login"`
	Password string `json:"password"`
}

// Session is a token: random, kept in memory by the server, dead with a password change, a suspension or a kill.
type Session struct {
	Token   string    `json:"token"`
	Expires time.Time `json:"expires"`
}

// Me says who has logged in, and what is open to him now.
type Me struct {
	Person mail.Person `json:"person"`
	Unit   string      `json:"unit"`
	Boxes  []Shared    `json:"boxes"`
}

// Shared is an agency's box that the person may open, as delegate or head.
type Shared struct {
	Address  string          `json:"address"` // regulation spelling
	Wire     string          `json:"wire"`    // the authzid
	Aliases  []string        `json:"aliases,omitempty"`
	Name     string          `json:"name"`
	Short    string          `json:"short"` // tendonvi, "kh&đt"
	Scope    string          `json:"scope"` // mail.Scope.Code
	Until    time.Time       `json:"until,omitzero"`
	Delegate mail.Delegation `json:"delegation,omitzero"` // the zero one of a head
}

// End ends a delegation before its time.
type End struct {
	ID     int64  `json:"id"`
	Reason string `json:"reason"`
}

// Works is what changed in a box since a version. Reset: forget all and take these.
type Works struct {
	Version int64       `json:"version"`
	Reset   bool        `json:"reset,omitempty"`
	Works   []mail.Work `json:"works"`
}

// What an Act does.
const (
	ActTake    = "take"    // I have it; open or given back letters, or one nobody else has
	ActAssign  = "assign"  // To has it, by Due, with Text as instruction (ScopeManage, or the chief)
	ActReturn  = "return"  // nobody has it
	ActClaim   = "claim"   // I write the answer now; again each minute renews. Conflict when another does (Problem.Text names him)
	ActRelease = "release" // I do not
	ActNote    = "note"    // Text is an internal note
	ActExcuse  = "excuse"  // needs no answer, Text is the reason
	ActReopen  = "reopen"  // does need one after all
	ActDefer   = "defer"   // another due date, Text is the reason; zero Due goes back to the rule's
	ActAnswer  = "answer"  // was answered outside of mail, Text says how; an answer by mail is seen by the server itself
)

// Act changes the work on one letter. Saw is the Version that the person saw (0: none); when the letter changed since in a way
// that contradicts the act, it is a Conflict and nothing changes. ID makes a repeated act the same act.
type Act struct {
	ID   string    `json:"id"` // random, chosen by the client
	Box  string    `json:"box"`
	Key  string    `json:"key"`
	Do   string    `json:"do"`
	Saw  int64     `json:"saw"`
	To   string    `json:"to,omitempty"` // wire address
	Due  time.Time `json:"due,omitzero"`
	Text string    `json:"text,omitempty"`
}

// Check finishes the day's check of a box.
type Check struct {
	Box string `json:"box"`
}

// StaffDays is one person's sheet (QC 15): counts and times, nothing else.
type StaffDays struct {
	Person mail.Person     `json:"person"`
	Days   []mail.DayCount `json:"days"`
}

// SentAs is one letter that left in the agency's name.
type SentAs struct {
	At   time.Time   `json:"at"`
	By   mail.Person `json:"by"`
	To   []string    `json:"to"`
	Size int64       `json:"size"`
}

// What a HandoverAct does.
const (
	HandoverBegin   = "begin"   // by the head, or by the office with Reason: freezes the box
	HandoverConfirm = "confirm" // by giver and receiver, each under his own login; Hash is of the inventory he saw
	HandoverRefuse  = "refuse"
	HandoverCancel  = "cancel"
)

// HandoverAct moves a handover on.
type HandoverAct struct {
	Do       string `json:"do"`
	ID       int64  `json:"id,omitempty"`
	Box      string `json:"box,omitempty"`      // of begin
	Receiver string `json:"receiver,omitempty"` // of begin, wire address
	Hash     string `json:"hash,omitempty"`     // of confirm
	Reason   string `json:"reason,omitempty"`
}
