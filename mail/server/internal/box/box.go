// Package box keeps every letter of the server: mailboxes, letters, flags, quota, and who must hear of a change.
//
// Laws: it never answers before the change is on disk; UIDs and modseqs come only from the mailbox row, in the
// transaction that uses them; bytes come back as they came in; the same bytes are stored once however many boxes hold
// them; it decides nothing about who may open what (register does); nobody hears of a change before its commit.
package box

import (
	"context"
	"crypto/sha256"
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
	Deleted       int   // letters marked \Deleted
	DeletedSize   int64 // sum of their RFC822.SIZE
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
	Quota   int64  // octets of a new account; 0 is no limit
	MaxSize int64  // octets of one letter; 0 is DefaultMaxSize
	Spool   string // folder for large letters on their way in; "" is the system's folder for such
	Watch   int    // changes kept for a slow session before it must reload; 0 is 256

	// Arrived, if not nil, hears of each letter that came by mail, in the transaction that brings it; its error undoes that.
	Arrived func(context.Context, *db.Tx, Arrival) error
}

// Arrival is one letter that came by mail into inboxes.
type Arrival struct {
	Fields *mail.Head // of the shared bytes; not to be changed
	Blob   Hash
	In     []Entered
}

// Entered is one inbox that a letter came into, and when.
type Entered struct {
	Account  AccountID
	Received time.Time
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

// FlagChange is a change of flags for Store. Unchanged, if not nil, is UNCHANGEDSINCE (RFC 7162 3.1.3): rows with a higher modseq stay
// as they are and come back in Stored.Modified.
type FlagChange struct {
	Mode      StoreMode
	Flags     mail.Flags
	Keywords  []string
	Unchanged *uint64
}

// Stored is what Store did: the rows as they are now (also those that already were so), those left alone, and the
// modseq of the rows that changed, 0 when none did.
type Stored struct {
	Rows     []Row
	Modified []mail.UID
	ModSeq   uint64
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
	db    *db.DB
	opt   Options
	room  *hub
	lists *uidLists

	digests *digests
}

// New makes the service over an open database.
func New(d *db.DB, o Options) *Service {
	if o.MaxSize == 0 {
		o.MaxSize = DefaultMaxSize
	}
	if o.Watch == 0 {
		o.Watch = 256
	}
	return &Service{db: d, opt: o, room: newHub(o.Watch), lists: newUIDLists(), digests: newDigests()}
}
