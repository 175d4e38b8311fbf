// Package frame is the contract between the screen and the program: pages, dialogs, and the desk they ask.
//
// Laws: types and messages only; no drawing, no I/O.
package frame

import (
	"context"
	"time"

	"hopthu/mail"
)

// Desk is all that the screen may ask of the program. Every method that takes a context may be slow and is called
// from a tea.Cmd only; the others answer at once from memory. Errors carry a *mail.Fault.
type Desk interface {
	// Next waits for changes and returns them merged. The root keeps exactly one call waiting.
	Next(ctx context.Context) ([]mail.Event, error)

	Accounts() []mail.Account
	Status() []mail.Status
	Settings() mail.Settings
	SaveSettings(ctx context.Context, s mail.Settings) error

	// Discover guesses the servers of an address. The result is complete but unproved.
	Discover(ctx context.Context, address string) (mail.Account, error)
	// SignIn proves the account with this password against IMAP and SMTP, keeps the password where Remember says,
	// saves the account and starts its engine. Kind MustChange: the password is right but must be changed first.
	SignIn(ctx context.Context, a mail.Account, password string) (mail.Account, error)
	// ChangePassword changes it at the server, then in the keyring; a MustChange account can be signed in after.
	ChangePassword(ctx context.Context, a mail.Account, old, fresh string) error
	// JudgePassword says which rules fresh breaks, by code, and its strength from 0 to 4. Pure and quick.
	JudgePassword(a mail.Account, old, fresh string) (broken []string, strength int)
	// Remember says whether secrets survive this session, and if not, why.
	Remember() (bool, *mail.Fault)
	// RemoveAccount forgets the account: its engine, its letters in the store and its secrets.
	RemoveAccount(ctx context.Context, id mail.AccountID) error

	Folders(ctx context.Context, account mail.AccountID) ([]mail.Folder, error)
	CreateFolder(ctx context.Context, account mail.AccountID, name string) error
	List(ctx context.Context, q mail.ListQuery) (mail.Listing, error)
	// Heads returns the heads of ids in the same order; ids that are gone are left out.
	Heads(ctx context.Context, ids []mail.LetterID) ([]mail.Head, error)
	// Thread lists the letters of id's conversation over all folders, oldest first.
	Thread(ctx context.Context, id mail.LetterID) ([]mail.LetterID, error)
	// Open reads a letter, from the server if it is not in the store yet.
	Open(ctx context.Context, id mail.LetterID) (*mail.Letter, error)
	// Reread reads it again in another charset ("" for the next candidate of the cycle).
	Reread(ctx context.Context, id mail.LetterID, charset string) (*mail.Letter, error)
	Raw(ctx context.Context, id mail.LetterID) ([]byte, error)
	// SavePart writes an attachment into dir under a safe name, never over another file, and returns the path.
	SavePart(ctx context.Context, id mail.LetterID, part, dir string) (string, error)
	// OpenPart writes it into a private folder and starts the desktop's program for it.
	OpenPart(ctx context.Context, id mail.LetterID, part string) error

	// Flag sets and clears marks at once in the store; the server follows. Undo takes the last act of this kind back.
	Flag(ctx context.Context, ids []mail.LetterID, set, clear mail.Flags) error
	// Excuse marks letters "không cần hồi đáp" with a reason; Require takes the mark away.
	Excuse(ctx context.Context, ids []mail.LetterID, reason string) error
	Move(ctx context.Context, ids []mail.LetterID, to mail.FolderID) error
	// Delete moves to the trash; letters already there are erased.
	Delete(ctx context.Context, ids []mail.LetterID) error
	Archive(ctx context.Context, ids []mail.LetterID) error
	// SetDue gives awaiting letters another due date with a reason; a zero date goes back to the rule's.
	SetDue(ctx context.Context, ids []mail.LetterID, due time.Time, reason string) error
	// Undo takes back the last Flag, Excuse, Move, Delete or Archive; words names it ("" when there is nothing).
	Undo(ctx context.Context) (action string, err error)
	// Refresh asks the engine for a pass now; it does not wait for it.
	Refresh(account mail.AccountID)

	// Compose makes a draft ready to write in; it is not saved until something is written.
	Compose(ctx context.Context, account mail.AccountID, kind mail.DraftKind, origin mail.LetterID) (mail.DraftLetter, error)
	// ComposeTo makes one from a mailto: URL (RFC 6068): only to, cc, bcc, subject and body are taken.
	ComposeTo(ctx context.Context, account mail.AccountID, mailto string) (mail.DraftLetter, error)
	Drafts(ctx context.Context) ([]mail.DraftLetter, error)
	DraftByID(ctx context.Context, id mail.DraftID) (mail.DraftLetter, error)
	// SaveDraft keeps it in the store, and in the server's drafts folder when upload is set.
	SaveDraft(ctx context.Context, d mail.DraftLetter, upload bool) (mail.DraftLetter, error)
	DropDraft(ctx context.Context, id mail.DraftID) error
	// Attach reads a file into the draft; Detach takes it out.
	Attach(ctx context.Context, d mail.DraftLetter, path string) (mail.DraftLetter, error)
	Detach(ctx context.Context, d mail.DraftLetter, attachment int64) (mail.DraftLetter, error)
	Complete(ctx context.Context, account mail.AccountID, typed string) ([]mail.Contact, error)
	// ListDir is the file browser's only look at the disk: folders first, then files, names NFC.
	ListDir(ctx context.Context, dir string) (abs string, entries []DirEntry, err error)
	// Check says what must be asked or is forbidden before the draft may go.
	Check(ctx context.Context, d mail.DraftLetter) ([]mail.Finding, error)
	// Send puts the finished letter into the outbox; reasons answers the Ask findings by code.
	Send(ctx context.Context, d mail.DraftLetter, reasons map[string]string) (mail.OutboxItem, error)
	Outbox(ctx context.Context) ([]mail.OutboxItem, error)
	// Recall takes a letter out of the outbox before it leaves and gives it back as a draft. Kind Gone: too late.
	Recall(ctx context.Context, id mail.OutboxID) (mail.DraftLetter, error)
	// Resend tries a waiting or unknown letter now; Settle records that an unknown one did arrive.
	Resend(ctx context.Context, id mail.OutboxID) error
	Settle(ctx context.Context, id mail.OutboxID) error

	Today(ctx context.Context) (mail.Today, error)

	Checking
	Dispatching
}

// DirEntry is one line of the file browser.
type DirEntry struct {
	Name string // NFC, for the screen
	Path string // as the system spells it
	Dir  bool
	Size int64
}
