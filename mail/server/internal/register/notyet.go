package register

import (
	"time"

	"hopthu/mail"
)

var errNotYet = &mail.Fault{Kind: mail.Unknown, Op: "register", Detail: "not written yet"}

// SessionInfo tells of one open session.
type SessionInfo struct {
	ID      int64
	Box     Box
	Remote  string
	Door    Door
	Started time.Time
}

// Session is one logged-in connection. End it when the connection closes.
type Session struct {
	SessionInfo
	done chan struct{}
}

// Done is closed when the session was killed or ended: the door must close its connection.
func (s *Session) Done() <-chan struct{} { return s.done }

// End takes the session out of the registry; it may be called more than once.
func (s *Session) End() {}

// AuditRow is one line of the log: who did what to whom, from where. Hash covers the row and the hash before it.
type AuditRow struct {
	Seq     int64
	At      time.Time
	Actor   Actor
	What    string // "login", "refused", "password-changed", "first-password", "add-person", "suspend" …
	Subject string // an address
	Detail  string
	Hash    [32]byte
}
