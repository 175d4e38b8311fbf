package wire

import (
	"context"
	"errors"
	"io"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/outbox"
	"hopthu/mail/sync"
)

var errSkeleton = &mail.Fault{Kind: mail.Unknown, Op: "wire", Err: errors.ErrUnsupported}

// IMAP is one account at its IMAP server; it implements sync.Remote.
type IMAP struct{}

// Remote gives the account's IMAP side.
func (d *Dialer) Remote(a mail.Account, secret Secret) *IMAP { return &IMAP{} }

var _ sync.Remote = (*IMAP)(nil)

// Connect implements sync.Remote.
func (m *IMAP) Connect(ctx context.Context) (sync.Caps, error) { return sync.Caps{}, errSkeleton }

// Close implements sync.Remote.
func (m *IMAP) Close() error { return nil }

// List implements sync.Remote.
func (m *IMAP) List(ctx context.Context) ([]sync.RemoteFolder, error) { return nil, errSkeleton }

// Create implements sync.Remote.
func (m *IMAP) Create(ctx context.Context, name string) error { return errSkeleton }

// Select implements sync.Remote.
func (m *IMAP) Select(ctx context.Context, name string) (sync.FolderStatus, error) {
	return sync.FolderStatus{}, errSkeleton
}

// UIDs implements sync.Remote.
func (m *IMAP) UIDs(ctx context.Context) ([]mail.UID, error) { return nil, errSkeleton }

// Newest implements sync.Remote.
func (m *IMAP) Newest(ctx context.Context, n int) ([]mail.UID, error) { return nil, errSkeleton }

// Flags implements sync.Remote.
func (m *IMAP) Flags(ctx context.Context, lo, hi mail.UID, since uint64, each func(sync.RemoteFlags) error) error {
	return errSkeleton
}

// Headers implements sync.Remote.
func (m *IMAP) Headers(ctx context.Context, uids []mail.UID, each func(sync.RemoteHeader) error) error {
	return errSkeleton
}

// Body implements sync.Remote.
func (m *IMAP) Body(ctx context.Context, uid mail.UID, w io.Writer) error { return errSkeleton }

// Store implements sync.Remote.
func (m *IMAP) Store(ctx context.Context, uids []mail.UID, add, remove []string) error {
	return errSkeleton
}

// Move implements sync.Remote.
func (m *IMAP) Move(ctx context.Context, uids []mail.UID, dest string) (map[mail.UID]mail.UID, error) {
	return nil, errSkeleton
}

// Expunge implements sync.Remote.
func (m *IMAP) Expunge(ctx context.Context, uids []mail.UID) error { return errSkeleton }

// Append implements sync.Remote.
func (m *IMAP) Append(ctx context.Context, folder string, flags []string, date time.Time, size int64, r io.Reader) (mail.UID, error) {
	return 0, errSkeleton
}

// FindMessageID implements sync.Remote.
func (m *IMAP) FindMessageID(ctx context.Context, id string) ([]mail.UID, error) {
	return nil, errSkeleton
}

// Idle implements sync.Remote.
func (m *IMAP) Idle(ctx context.Context, folder string, changed func()) error { return errSkeleton }

// SMTP submits letters of one account; it implements outbox.Sender.
type SMTP struct{}

// Sender gives the account's SMTP side.
func (d *Dialer) Sender(a mail.Account, secret Secret) *SMTP { return &SMTP{} }

var _ outbox.Sender = (*SMTP)(nil)

// Send implements outbox.Sender.
func (s *SMTP) Send(ctx context.Context, e outbox.Envelope, size int64, r io.Reader) (outbox.Receipt, error) {
	return outbox.Receipt{}, errSkeleton
}

// Discover guesses an account's servers from its address.
func (d *Dialer) Discover(ctx context.Context, address string) (mail.Account, error) {
	return mail.Account{}, errSkeleton
}

// CheckReport is what Check found, step by step.
type CheckReport struct{ Steps []CheckStep }

// CheckStep is one step of a check.
type CheckStep struct {
	Name   string // "imap-name", "imap-connect", "imap-tls", "imap-login", "imap-capabilities", "smtp-…" the same
	OK     bool
	Fault  *mail.Fault // why not
	Detail string      // what was found: addresses, TLS version, capabilities
}

// Check tries the account's servers step by step.
func (d *Dialer) Check(ctx context.Context, a mail.Account, password string) (CheckReport, error) {
	return CheckReport{}, errSkeleton
}

// ChangePassword changes the account's password through the office API (QC 13.1).
func (d *Dialer) ChangePassword(ctx context.Context, a mail.Account, old, fresh string) error {
	return errSkeleton
}

// Directory asks the office API's public directory (QC 6).
func (d *Dialer) Directory(ctx context.Context, a mail.Account, q string) ([]mail.Contact, error) {
	return nil, errSkeleton
}

// Info asks the office API at base who serves.
func (d *Dialer) Info(ctx context.Context, base string) (api.Info, error) {
	return api.Info{}, errSkeleton
}
