// Package register knows who there is: units, people, their boxes and addresses, passwords, sessions, and the log of
// what was done.
//
// Laws: it alone decides who may open what, and how far; nobody acts for an agency but its head and those whom a written
// delegation names while it stands (QC 12.1, 14.1), each under his own password; the two spellings of an address are one box (domain D1); a number given to
// a namesake is never given again (QC 4.2); no password and no first password is ever stored or logged in clear; an
// unknown name costs the same time and gets the same answer as a wrong password; the audit log only grows.
package register

import (
	"context"
	"io"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
)

// UnitID names a unit.
type UnitID int64

// PersonID names a person.
type PersonID int64

// Kind says whose box it is.
type Kind string

// The two kinds of box (QC 4), in the words of the regulation.
const (
	Official Kind = "công vụ"
	Personal Kind = "cá nhân"
)

// State of a box.
type State string

// States, in the words of the directory.
const (
	Active    State = "hoạt động"
	Suspended State = "khóa"
)

// Unit is one agency or a part of one.
type Unit struct {
	ID         UnitID
	Parent     UnitID // 0 at the top
	Name       string
	Type       string // "hành chính", "sự nghiệp công lập", "vũ trang", "khác" (QC 1.2)
	Regulation string // tendonvi with đ and &: "kh&đt" (QC 4.1)
	Wire       string // the same as it travels: "kh&dt"
}

// Box is one mailbox owner as the register knows it.
type Box struct {
	Account    box.AccountID
	Kind       Kind
	State      State
	Unit       UnitID
	UnitName   string
	Person     PersonID // 0 for an agency's box
	Name       string   // of the person, or of the unit
	Post       string
	Address    string // regulation spelling, with domain
	Wire       string // wire spelling, with domain: envelope, From:, login
	HasLogin   bool   // a password or first password was issued
	MustChange bool
	FirstUsed  time.Time // zero until the first login after the forced change (domain D5)
	Created    time.Time
}

// Door is where somebody knocks; it goes into the audit log.
type Door string

// The doors.
const (
	IMAP  Door = "imap"
	SMTP  Door = "smtp"
	Web   Door = "web"
	Admin Door = "admin"
)

// Actor is who does something: the account (0 for the system or an administrator on the machine), the address it comes
// from, and the door.
type Actor struct {
	Account box.AccountID
	Remote  string // IP address without port, "" for local
	Door    Door
}

// NotYours is the Detail of a login that wants to act for a box which is not the person's to act for.
const NotYours = "not-yours"

// Attempt is one try to log in.
type Attempt struct {
	Login    string // either spelling, with or without the domain, any case
	As       string // the box to act for, in any spelling (authorization identity, RFC 4422 2); "" is one's own
	Password string
	Remote   string // IP address, a port is cut off
	Door     Door
}

// PasswordChange is a change of one's own password; Old is the proof (QC 13.1).
type PasswordChange struct {
	Login, Old, New string
	Remote          string
	Door            Door
	Keep            *Session // the session that asked, which goes on; nil ends all
}

// Options says what the register is handed.
type Options struct {
	Domain           string
	Now              func() time.Time
	Rand             io.Reader     // crypto/rand.Reader
	FirstPasswordTTL time.Duration // 0 is 72 h
	Hash             HashCost      // zero is the default
	Rounds           int           // of SCRAM's keys; 0 is the default
	Limits           Limits        // zero is the default
}

// HashCost are the parameters of argon2id (RFC 9106).
type HashCost struct {
	Memory  uint32 // KiB
	Time    uint32
	Threads uint8
}

// Limits say when failures are answered by waiting.
type Limits struct {
	Pair    int           // failures of one login from one address before it must wait (default 5)
	Account int           // failures of one login from anywhere before strange addresses must wait (default 20)
	Address int           // failures from one address before it must wait, unless it has a live session (default 100)
	First   time.Duration // the first wait, doubled at each further failure (default 30 s)
	Longest time.Duration // the longest wait (default 15 min)
	Forget  time.Duration // failures older than this are forgotten (default 1 h)
}

// Register is the room. Errors carry a *mail.Fault: BadPassword, MustChange, PasswordExpired, LockedOut (Detail is until when, RFC 3339),
// WeakPassword (Detail is the rule's code), Refused (Detail "suspended" or NotYours), BadAddress, Conflict, TryLater.
type Register struct {
	db       *db.DB
	box      *box.Service
	opt      Options
	hash     *hasher
	limit    *limiter
	sessions *registry
}

// New makes the register.
func New(_ context.Context, d *db.DB, b *box.Service, o Options) (*Register, error) {
	o.Domain = strings.ToLower(o.Domain)
	if o.Domain == "" || strings.ContainsAny(o.Domain, " @/") {
		return nil, &mail.Fault{Kind: mail.BadSettings, Op: "open register", Detail: "domain"}
	}
	if o.FirstPasswordTTL == 0 {
		o.FirstPasswordTTL = 72 * time.Hour
	}
	h, err := newHasher(o.Hash, o.Rounds, o.Rand, o.Now)
	if err != nil {
		return nil, mail.AsFault("open register", err)
	}
	return &Register{db: d, box: b, opt: o, hash: h, limit: newLimiter(o.Limits), sessions: newRegistry(o.Now)}, nil
}

// Domain is the domain of every address here, lower case.
func (r *Register) Domain() string { return r.opt.Domain }
