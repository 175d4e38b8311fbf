package mail

import "time"

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

// Deadline is a time limit that a letter names.
type Deadline struct {
	Phrase string // as it stands in the subject or the text, NFC
	Where  string // "subject" or "body"
	Due    time.Time
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
	Back     []DutyItem // put off until today or before, and not looked at since; they stand in no other list
	Soon     []DutyItem // due later, nearest first
	DutyAll  int        // how many letters await an answer; the lists may hold the newest of them only
	Unread   int
	Fresh    []Head // arrived since the previous working day's end, newest first, at most 20
	FreshAll int    // how many there are
	Drafts   []DraftLetter
	Outbox   []OutboxItem
	Waitings []Waiting // sent and not answered, oldest first
	Checked  time.Time // when today's check was finished, zero if it was not
	Left     int       // letters that today's check still has to look at
}

// Pressing is what a status line tells of the duty, and what has become so since it was last asked.
type Pressing struct {
	Overdue  int
	DueToday int
	Soon     int
	All      int // that await an answer
	Checked  time.Time
	NewDue   []Head // due today, and not told of today yet
	NewOver  []Head // overdue, or the hour is over, and not told of today yet
}
