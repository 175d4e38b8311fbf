package frame

import (
	"context"
	"time"

	"hopthu/mail"
)

// Checking is the part of the desk for the daily duty (QC 9).
type Checking interface {
	// Round lists what today's check still has to look at, each letter once.
	Round(ctx context.Context) (mail.Round, error)
	// Looked takes letters out of today's round: they were answered, assigned, excused, filed or seen. They are read with that.
	Looked(ctx context.Context, ids []mail.LetterID) error
	// Later takes letters out of the duty lists until a day comes; they stay awaited and due.
	Later(ctx context.Context, ids []mail.LetterID, until time.Time, reason string) error
	// Finish ends today's check and keeps it as the daily record. Kind Conflict: letters are left.
	Finish(ctx context.Context) (mail.Round, error)
	// Waitings are the letters sent that nobody has answered, oldest first.
	Waitings(ctx context.Context) ([]mail.Waiting, error)
	// Remind makes a draft that asks about a letter sent; it is never sent by itself.
	Remind(ctx context.Context, sent mail.LetterID) (mail.DraftLetter, error)
	// Unwait says that no answer is awaited any more.
	Unwait(ctx context.Context, ids []mail.LetterID) error
	// Days counts days, first and last included; account "" is the first one.
	Days(ctx context.Context, account mail.AccountID, from, until time.Time) (mail.DutyYear, error)
	// Pressing tells what is due and overdue now, and what of it was not told of today yet.
	Pressing(ctx context.Context) (mail.Pressing, error)
	Leaves(ctx context.Context, account mail.AccountID) ([]mail.Leave, error)
	TakeLeave(ctx context.Context, account mail.AccountID, l mail.Leave) error
	DropLeave(ctx context.Context, account mail.AccountID, id int64) error
}

// Sharing is the part of the desk for boxes that several people work in (QC 14).
type Sharing interface {
	// Seat answers from memory whose box an account opens.
	Seat(account mail.AccountID) mail.Seat
	Work(ctx context.Context, letter mail.LetterID) (mail.Work, error)
	// Take, Assign, GiveBack, Note change the store at once and the office after; a contradiction comes back as a Fell event
	// with Kind Conflict and names the other.
	Take(ctx context.Context, ids []mail.LetterID) error
	Assign(ctx context.Context, ids []mail.LetterID, to mail.Person, due time.Time, instruction string) error
	GiveBack(ctx context.Context, ids []mail.LetterID) error
	Note(ctx context.Context, id mail.LetterID, text string) error
	Reopen(ctx context.Context, ids []mail.LetterID) error
	// Claim says "I write the answer now" and asks the office or server; it must be renewed each minute. Kind Conflict: somebody
	// else does, Detail is his name. Kind Offline: nobody can know.
	Claim(ctx context.Context, id mail.LetterID) error
	Release(ctx context.Context, id mail.LetterID) error
	Colleagues(ctx context.Context, account mail.AccountID) ([]mail.Colleague, error)
	// ListWork lists letters of a box by holder ("" for anybody, "-" for nobody) and state ("" for those not done).
	ListWork(ctx context.Context, account mail.AccountID, holder string, state mail.WorkState) ([]mail.LetterID, error)
	CountWork(ctx context.Context, account mail.AccountID) (WorkCounts, error)

	Delegations(ctx context.Context, account mail.AccountID) ([]mail.Delegation, error)
	Delegate(ctx context.Context, account mail.AccountID, d mail.Delegation) (mail.Delegation, error)
	EndDelegation(ctx context.Context, account mail.AccountID, id int64, reason string) error
	// Sends lists who sent in the agency's name: head only.
	Sends(ctx context.Context, account mail.AccountID, from, until time.Time) ([]SentAs, error)
	// Staff is each person's sheet of days: head only (QC 15, D11).
	Staff(ctx context.Context, account mail.AccountID, from, until time.Time) ([]StaffDays, error)
}

// WorkCounts are the numbers beside the lists by person and state.
type WorkCounts struct {
	ByState  map[mail.WorkState]int
	ByHolder map[string]int // wire address, "" for nobody; of letters that wait
}

// SentAs is one letter that left in the agency's name.
type SentAs struct {
	At time.Time
	By mail.Person
	To []string
}

// StaffDays is one person's sheet.
type StaffDays struct {
	Person mail.Person
	Days   []mail.DayCount
}

// HandingOver is the part of the desk that gives an agency's box to another head (QC 14.2).
type HandingOver interface {
	Handovers(ctx context.Context, account mail.AccountID) ([]mail.Handover, error)
	BeginHandover(ctx context.Context, account mail.AccountID, receiver string, reason string) (mail.Handover, error)
	ConfirmHandover(ctx context.Context, account mail.AccountID, h mail.Handover) (mail.Handover, error)
	RefuseHandover(ctx context.Context, account mail.AccountID, h mail.Handover, reason string) (mail.Handover, error)
	CancelHandover(ctx context.Context, account mail.AccountID, h mail.Handover) (mail.Handover, error)
	// WriteRecord writes the record (biên bản) into dir as "txt", "pdf" or "odt" and returns the path.
	WriteRecord(ctx context.Context, h mail.Handover, format, dir string) (string, error)
}

// SharingOf is the desk's part for boxes that several work in; ok is false for a desk without it.
func SharingOf(d Desk) (Sharing, bool) { s, ok := d.(Sharing); return s, ok }

// HandingOf is the desk's part for handing a box over.
func HandingOf(d Desk) (HandingOver, bool) { h, ok := d.(HandingOver); return h, ok }

// SeatOf tells whose box an account opens; a desk without sharing knows one's own boxes only.
func SeatOf(d Desk, account mail.AccountID) mail.Seat {
	if s, ok := SharingOf(d); ok {
		return s.Seat(account)
	}
	return mail.Seat{Account: account, Scope: mail.ScopeHead}
}
