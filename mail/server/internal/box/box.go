// Package box keeps every letter of the server: mailboxes, letters, flags, quota, and who must hear of a change.
//
// Laws: it never answers before the change is on disk; UIDs and modseqs come only from the mailbox row, in the
// transaction that uses them; bytes come back as they came in; the same bytes are stored once however many boxes hold
// them; it decides nothing about who may open what (register does); nobody hears of a change before its commit.
package box

import (
	"context"
	"crypto/sha256"
	"io"
	"time"

	"hopthu/mail"
	"hopthu/mail/server/internal/db"
)

// AccountID names one box owner: a person's or an agency's box. It leads every key of the database.
type AccountID int64

// MailboxID names one mailbox inside an account; it survives a rename and is never used again.
type MailboxID int64

// Ref is one mailbox of one account.
type Ref struct {
	Account AccountID
	Mailbox MailboxID
}

// Hash is SHA-256 over the shared bytes of a letter: all of it but Row.Prefix.
type Hash [sha256.Size]byte

// Limits of names and letters.
const (
	Delim          = '/'       // hierarchy delimiter
	MaxName        = 255       // octets of a mailbox name in UTF-8, each level and in all
	MaxDepth       = 16        // levels of a mailbox name
	MaxMailboxes   = 2000      // of one account
	MaxKeyword     = 100       // octets of one keyword
	MaxKeywords    = 64        // on one letter
	DefaultMaxSize = 50 << 20  // octets of one letter
	ChunkSize      = 256 << 10 // octets of one stored piece
)

// Inbox is the name of the mailbox that every account has (RFC 9051 5.1); it compares without case.
const Inbox = "INBOX"

// Mailbox is a mailbox and its counts as of one moment.
type Mailbox struct {
	Ref
	Name          string // NFC, UTF-8, not modified UTF-7
	Role          mail.Role
	UIDValidity   uint32
	UIDNext       mail.UID
	HighestModSeq uint64
	Floor         uint64 // expunges at or below this modseq are no longer known one by one
	Total         int
	Unseen        int
	Size          int64 // sum of RFC822.SIZE
	Subscribed    bool
	HasChildren   bool
	Created       time.Time
}

// Row is all the server knows of one letter in one mailbox without reading its bytes.
type Row struct {
	UID      mail.UID
	ModSeq   uint64
	Flags    mail.Flags
	Keywords []string  // those that mail.Flags does not know, sorted
	Received time.Time // INTERNALDATE
	Saved    time.Time // SAVEDATE (RFC 8514)
	Size     int64     // RFC822.SIZE: prefix and shared bytes
	Blob     Hash
	Prefix   []byte // header lines of this copy alone (Return-Path, Delivered-To), CRLF each; stands before the shared bytes
}

// Names gives the IMAP flag names of the row: system flags, known keywords, other keywords.
func (r Row) Names() []string { return append(r.Flags.Names(), r.Keywords...) }

// Options says what the service is handed.
type Options struct {
	Now     func() time.Time
	Quota   int64 // octets of a new account; 0 is no limit
	MaxSize int64 // octets of one letter; 0 is DefaultMaxSize
	Watch   int   // changes kept for a slow session before it must reload; 0 is 256
}

// Mark is what a letter is given when it enters a mailbox.
type Mark struct {
	Flags    mail.Flags
	Keywords []string
	Received time.Time // zero is now
}

// StoreMode says what Store does with the flags given.
type StoreMode uint8

// The three forms of STORE (RFC 9051 6.4.6).
const (
	Replace StoreMode = iota
	Add
	Remove
)

// Change of flags for Store. Unchanged, if not nil, is UNCHANGEDSINCE (RFC 7162 3.1.3): rows with a higher modseq stay
// as they are and come back in Stored.Modified.
type FlagChange struct {
	Mode      StoreMode
	Flags     mail.Flags
	Keywords  []string
	Unchanged *uint64
}

// Stored is what Store did: the rows as they are now (also those that already were so), and those left alone.
type Stored struct {
	Rows     []Row
	Modified []mail.UID
}

// Copied pairs the UIDs of COPYUID (RFC 4315): Source[i] became Dest[i] in Into.
type Copied struct {
	Into   Mailbox
	Source []mail.UID
	Dest   []mail.UID
}

// Appended is the APPENDUID (RFC 4315) of one new letter.
type Appended struct {
	Ref
	UIDValidity uint32
	UID         mail.UID
	ModSeq      uint64
}

// Delta is what happened in a mailbox after a modseq (RFC 7162 3.2.10). With Reload the log does not reach back that
// far: Rows are all rows, and every UID not among them is gone.
type Delta struct {
	HighestModSeq uint64
	Rows          []Row
	Vanished      []mail.UID
	Reload        bool
}

// Quota is the storage used and allowed, in octets; Limit 0 is no limit (RFC 9208).
type Quota struct {
	Used, Limit int64
	Letters     int
}

// UIDRange is lo:hi, hi 0 meaning the last; a slice of them is a sequence set by UID.
type UIDRange struct{ Lo, Hi mail.UID }

// Delivery is one letter for one account's inbox.
type Delivery struct {
	Account AccountID
	Prefix  []byte // header lines of this copy alone, CRLF each
	Mark    Mark
}

// Delivered is the outcome of one Delivery: where it is, or the *mail.Fault why not (OverQuota, NoFolder).
type Delivered struct {
	Appended
	Err error
}

// Service is the room. Every method may be called from any goroutine; every error carries a *mail.Fault: NoFolder,
// Gone, OverQuota, TooBig, Refused (a name or a keyword that cannot be; Detail says why), Conflict (the name is taken, or has children), DiskFull, TryLater.
type Service struct {
	db   *db.DB
	opt  Options
	room *hub
}

// New makes the service over an open database.
func New(d *db.DB, o Options) *Service {
	if o.MaxSize == 0 {
		o.MaxSize = DefaultMaxSize
	}
	if o.Watch == 0 {
		o.Watch = 256
	}
	return &Service{db: d, opt: o, room: newHub(o.Watch)}
}

// CreateTx makes an account with its special folders inside a transaction of the caller (register).
func (s *Service) CreateTx(ctx context.Context, tx *db.Tx) (AccountID, error) { return 0, errNotYet }

// Quota tells use and limit of an account.
func (s *Service) Quota(ctx context.Context, a AccountID) (Quota, error) { return Quota{}, errNotYet }

// SetQuota sets the limit in octets; 0 is no limit. What is there stays.
func (s *Service) SetQuota(ctx context.Context, a AccountID, limit int64) error { return errNotYet }

// List gives all mailboxes, INBOX first, then by name.
func (s *Service) List(ctx context.Context, a AccountID) ([]Mailbox, error) { return nil, errNotYet }

// Subscriptions gives the subscribed names, also those whose mailbox is gone (RFC 9051 6.3.7).
func (s *Service) Subscriptions(ctx context.Context, a AccountID) ([]string, error) {
	return nil, errNotYet
}

// Find gives the mailbox of that name, with its counts; Kind NoFolder if there is none.
func (s *Service) Find(ctx context.Context, a AccountID, name string) (Mailbox, error) {
	return Mailbox{}, errNotYet
}

// Status gives the mailbox with its counts as of now.
func (s *Service) Status(ctx context.Context, ref Ref) (Mailbox, error) { return Mailbox{}, errNotYet }

// Create makes a mailbox and the levels above it that do not exist (RFC 9051 6.3.4). A role may be held by one mailbox only.
func (s *Service) Create(ctx context.Context, a AccountID, name string, role mail.Role) (Mailbox, error) {
	return Mailbox{}, errNotYet
}

// Delete removes a mailbox and its letters. INBOX, and a mailbox that has children, cannot be deleted.
func (s *Service) Delete(ctx context.Context, a AccountID, name string) error { return errNotYet }

// Rename renames a mailbox and all below it. Renaming INBOX moves its letters into a new mailbox (RFC 9051 6.3.6).
func (s *Service) Rename(ctx context.Context, a AccountID, from, to string) error { return errNotYet }

// Subscribe sets or clears the subscription of a name; the mailbox must exist to be subscribed.
func (s *Service) Subscribe(ctx context.Context, a AccountID, name string, on bool) error {
	return errNotYet
}

// Stage reads a letter to its end, hashes it, and keeps it (in memory, or in a private file when large) until Close.
// Kind TooBig when it is longer than MaxSize.
func (s *Service) Stage(ctx context.Context, r io.Reader) (*Staged, error) { return nil, errNotYet }

// Append adds one letter to a mailbox (RFC 9051 6.3.12): on disk when it returns.
func (s *Service) Append(ctx context.Context, ref Ref, m Mark, st *Staged) (Appended, error) {
	return Appended{}, errNotYet
}

// Deliver puts one staged letter into many inboxes in one transaction; the bytes are stored once.
func (s *Service) Deliver(ctx context.Context, st *Staged, to []Delivery) ([]Delivered, error) {
	return nil, errNotYet
}

// UIDs lists the UIDs of a mailbox, ascending.
func (s *Service) UIDs(ctx context.Context, ref Ref) ([]mail.UID, error) { return nil, errNotYet }

// Rows gives the rows whose UID lies in set, ascending; nil is all.
func (s *Service) Rows(ctx context.Context, ref Ref, set []UIDRange) ([]Row, error) {
	return nil, errNotYet
}

// Changes gives what happened after modseq since.
func (s *Service) Changes(ctx context.Context, ref Ref, since uint64) (Delta, error) {
	return Delta{}, errNotYet
}

// Store changes flags; durable when it returns. Letters that are gone are left out.
func (s *Service) Store(ctx context.Context, ref Ref, uids []mail.UID, c FlagChange) (Stored, error) {
	return Stored{}, errNotYet
}

// Copy copies letters into another mailbox of the same account, all or none; Kind NoFolder: [TRYCREATE].
func (s *Service) Copy(ctx context.Context, from Ref, uids []mail.UID, to string) (Copied, error) {
	return Copied{}, errNotYet
}

// Move moves letters, all or none, in one transaction (RFC 6851).
func (s *Service) Move(ctx context.Context, from Ref, uids []mail.UID, to string) (Copied, error) {
	return Copied{}, errNotYet
}

// Expunge removes the letters marked \Deleted: those among uids, or all when uids is nil. It gives the UIDs removed.
func (s *Service) Expunge(ctx context.Context, ref Ref, uids []mail.UID) ([]mail.UID, error) {
	return nil, errNotYet
}

// FindMessageID lists the UIDs of letters whose Message-ID is id (without brackets, compared exactly).
func (s *Service) FindMessageID(ctx context.Context, ref Ref, id string) ([]mail.UID, error) {
	return nil, errNotYet
}

// Headers hands each letter's header block (prefix included, ending in the empty line) to each, in ascending order. No
// connection of the database is held while each runs.
func (s *Service) Headers(ctx context.Context, ref Ref, rows []Row, each func(Row, []byte) error) error {
	return errNotYet
}

// Open gives a reader over the bytes of a letter: prefix, then the shared bytes, read piece by piece. Close it.
func (s *Service) Open(ctx context.Context, row Row) (*Reader, error) { return nil, errNotYet }

// Watch begins to collect changes of a mailbox. Begin to watch before reading the state, so that nothing falls between.
func (s *Service) Watch(ref Ref) *Watch { return s.room.watch(ref) }

// Sweep removes bytes that no letter has used for a day, and forgets expunges older than keep. It gives the number of blobs removed.
func (s *Service) Sweep(ctx context.Context, keep time.Duration) (int, error) { return 0, errNotYet }

// Check verifies every invariant of the room, hashes included; the error joins all that is wrong.
func (s *Service) Check(ctx context.Context) error { return errNotYet }
