package mail

// EventKind says what kind of thing changed.
type EventKind uint8

// Kinds of event. An event only says "look again"; the truth is in the store, so a lost event loses nothing.
const (
	FolderChanged  EventKind = iota // letters or flags of Folder
	FoldersChanged                  // the folder list or its counts
	StatusChanged                   // an account's Status
	OutboxChanged
	DraftsChanged
	AccountsChanged
	NewMail         // Letter arrived in the inbox of Account
	RegisterChanged // a line of the sổ văn bản đi, or what became of its letter
	WorkChanged     // work on letters of Account (Letter names one, 0: look at all), its colleagues or delegations
	SeatChanged     // boxes came, went, or changed their scope
	DutyChanged     // the daily check: letters looked at or put off, days checked, leaves
	Fell            // Fault must be shown to the person
	Overflow        // too much changed: reload everything shown
)

// Event is one change.
type Event struct {
	Kind    EventKind
	Account AccountID
	Folder  FolderID
	Letter  LetterID
	Version int64
	Fault   *Fault
}
