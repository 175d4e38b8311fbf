// Package sync keeps each account's store in step with its server: pull what is new, push what was done here, watch
// for changes.
//
// Laws: it knows IMAP only through Remote; it never shows anything; it never overwrites a local change that has not
// reached the server; one goroutine per account asks the server, and one beside it stores what a fill has read.
package sync

import (
	"context"
	"io"
	"time"

	"hopthu/mail"
)

// Remote is one account at its server, as wire implements it. Calls come from one goroutine at a time except Idle,
// which uses a connection of its own. Every call returns within its deadline or the context's; every error carries a
// *mail.Fault. After LostConnection, NoAnswer or BadServer the connection is closed and Connect must be called again.
type Remote interface {
	// Connect dials, verifies TLS, logs in. It is a no-op on a live connection.
	Connect(ctx context.Context) (Caps, error)
	// Close ends both connections; it never blocks longer than a second.
	Close() error
	List(ctx context.Context) ([]RemoteFolder, error)
	Create(ctx context.Context, name string) error
	// Select opens a folder for all following calls.
	Select(ctx context.Context, name string) (FolderStatus, error)
	// SelectSince opens a folder and streams the flags of the letters that changed or came after a MODSEQ (CONDSTORE), both
	// in one round trip. What it streams counts only if the status has the known UIDVALIDITY and a HighestModSeq; each is
	// never called before the folder is open.
	SelectSince(ctx context.Context, name string, since uint64, each func(RemoteFlags) error) (FolderStatus, error)
	// UIDs lists all UIDs of the selected folder, ascending (one ESEARCH, or UID FETCH where there is none).
	UIDs(ctx context.Context) ([]mail.UID, error)
	// Newest streams the header blocks of the n newest letters, in one round trip; cheap on any size of folder: it never
	// lists the whole folder.
	Newest(ctx context.Context, n int, each func(RemoteHeader) error) error
	// Flags streams flags of lo:hi (hi 0 means *). since > 0 asks for changes after that MODSEQ only (CONDSTORE).
	Flags(ctx context.Context, lo, hi mail.UID, since uint64, each func(RemoteFlags) error) error
	// Headers streams the header blocks of the letters that next names, list after list until it gives an empty one: nearly
	// in the order of the lists, in any order within one, each at most once. A letter that vanished is left out. next is
	// asked while what it named before is still on its way, so that the server never waits.
	Headers(ctx context.Context, next func() []mail.UID, each func(RemoteHeader) error) error
	// Body streams one whole letter, byte for byte.
	Body(ctx context.Context, uid mail.UID, w io.Writer) error
	// Store adds and removes flags by name.
	Store(ctx context.Context, uids []mail.UID, add, remove []string) error
	// Move moves letters; pairs maps old to new UIDs when the server tells (UIDPLUS), else nil. Nothing is deleted
	// unless the copy succeeded.
	Move(ctx context.Context, uids []mail.UID, dest string) (pairs map[mail.UID]mail.UID, err error)
	// Expunge erases exactly these letters. Without UIDPLUS it refuses (Kind Refused) if others are marked \Deleted.
	Expunge(ctx context.Context, uids []mail.UID) error
	// Append stores a letter; uid is 0 when the server does not tell.
	Append(ctx context.Context, folder string, flags []string, date time.Time, size int64, r io.Reader) (mail.UID, error)
	// FindMessageID lists UIDs of the selected folder whose Message-ID is id (without brackets).
	FindMessageID(ctx context.Context, id string) ([]mail.UID, error)
	// Idle watches a folder on a connection of its own and calls changed at each hint, until ctx ends or the
	// connection fails. Where the server has no IDLE it polls with NOOP. It renews itself.
	Idle(ctx context.Context, folder string, changed func()) error
}

// Expecting is what a Remote offers that can open a folder in the breath of its login: where nothing was fetched yet, each
// round trip is one that the person waits.
type Expecting interface {
	// Expect says that the next Connect will be followed by Select of this folder. It is a hint: nothing comes of it where
	// the server's offer does not allow it.
	Expect(folder string)
}

// These names uids once, for Remote.Headers.
func These(uids []mail.UID) (next func() []mail.UID) {
	return func() []mail.UID {
		out := uids
		uids = nil
		return out
	}
}

// Caps is what the server can do, as far as the engine cares.
type Caps struct {
	CondStore, Idle, Move, UIDPlus, SpecialUse, UTF8 bool
	AppendLimit                                      int64  // 0 when unknown
	Alert                                            string // ALERT texts since the last call, cleaned of controls
	Office                                           string // base URL of the office API if the server announced one
}

// RemoteFolder is one LIST answer, its name decoded to NFC UTF-8; Wire is what the server must be given back.
type RemoteFolder struct {
	Name, Delim string
	Role        mail.Role
	Selectable  bool
	Messages    int // from LIST-STATUS, -1 if unknown
	Unseen      int // -1 if unknown

	// From LIST-STATUS too, 0 if unknown: together they tell whether anything changed since the last look.
	UIDValidity   uint32
	UIDNext       mail.UID
	HighestModSeq uint64
}

// FolderStatus is the answer to Select.
type FolderStatus struct {
	UIDValidity   uint32
	UIDNext       mail.UID
	HighestModSeq uint64 // 0 without CONDSTORE
	Messages      int
	ReadOnly      bool
}

// RemoteFlags is one letter's flags.
type RemoteFlags struct {
	UID    mail.UID
	Flags  []string
	ModSeq uint64
}

// RemoteHeader is what a list line is made of: header is the selected fields' raw bytes, ending in an empty line.
type RemoteHeader struct {
	RemoteFlags
	Received time.Time
	Size     int64
	Header   []byte
}
