package mail

import (
	"strings"
	"time"
)

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

// Empty reports whether nothing was written.
func (d DraftLetter) Empty() bool {
	return strings.TrimSpace(d.To+d.Cc+d.Bcc+d.Subject+d.Body) == "" && len(d.Attachments) == 0
}

// Attachment is a file that a draft carries. Its bytes are in the store from the moment it is attached.
type Attachment struct {
	ID   int64
	Name string
	Type string // media type by content
	Size int64
	Risk Risk
}
