package mail

import (
	"errors"
	"fmt"
)

// FaultKind is what went wrong, in the terms of the person: for each kind ui/words has what happened, what is
// safe, and what to do now.
type FaultKind string

// Kinds of fault.
const (
	BadPassword     FaultKind = "bad-password"
	MustChange      FaultKind = "must-change"      // first password must be changed (QC 13.1); Detail is the address of the change
	LockedOut       FaultKind = "locked-out"       // too many failures; Detail says until when, if known
	PasswordExpired FaultKind = "password-expired" // the one-time password is too old
	WeakPassword    FaultKind = "weak-password"    // Detail is the rule's code
	BadCertificate  FaultKind = "bad-certificate"  // Detail says why
	NoTLS           FaultKind = "no-tls"           // the server does not offer the TLS that is required
	NoServer        FaultKind = "no-server"        // name not found, connection refused
	NoAnswer        FaultKind = "no-answer"        // time limit passed
	LostConnection  FaultKind = "lost-connection"
	BadServer       FaultKind = "bad-server" // the server broke the protocol; Detail is its line, cleaned
	Refused         FaultKind = "refused"    // the server said no for good; Detail is its words
	TryLater        FaultKind = "try-later"  // the server said not now; Detail is its words
	OverQuota       FaultKind = "over-quota"
	TooBig          FaultKind = "too-big"
	TooLarge        FaultKind = "too-large" // a letter at the server that is not brought here; Detail is the most that is
	BadAddress      FaultKind = "bad-address"
	NoFolder        FaultKind = "no-folder"
	Gone            FaultKind = "gone"         // the letter is no longer there
	StoreLocked     FaultKind = "store-locked" // another hopthu has the store open
	StoreKey        FaultKind = "store-key"    // wrong key, or not a store
	StoreDamaged    FaultKind = "store-damaged"
	DiskFull        FaultKind = "disk-full"
	NoPermission    FaultKind = "no-permission" // a file or folder cannot be read or written; Detail is its path
	NoFile          FaultKind = "no-file"       // Detail is its path
	BadFile         FaultKind = "bad-file"      // it cannot be read; Detail is why: "locked", "bomb", "kind", "damaged", "no-text", "empty"
	NoKeyring       FaultKind = "no-keyring"
	BadSettings     FaultKind = "bad-settings"     // Detail is file:line: what
	Unknown         FaultKind = "unknown"          // whatever is left: shown as an internal error, logged in full
	Unsent          FaultKind = "unsent"           // outcome of a sending is unknown
	Conflict        FaultKind = "conflict"         // somebody else changed it first
	Blocked         FaultKind = "blocked"          // a rule forbids it; Detail is the clause
	NotDelegated    FaultKind = "not-delegated"    // the person may not do this in the agency's box (QC 14.1); Detail is its name
	DelegationEnded FaultKind = "delegation-ended" // the agency's box is not open to him any more; Detail is its name
	Clock           FaultKind = "clock"            // the clock jumped back
)

// Fault is the one error type that people see. Detail and Err never hold a secret, a subject or a body.
type Fault struct {
	Kind   FaultKind
	Op     string // what was being done, lower case: "open inbox"
	Detail string
	Err    error
}

func (f *Fault) Error() string {
	s := f.Op + ": " + string(f.Kind)
	if f.Detail != "" {
		s += " (" + f.Detail + ")"
	}
	if f.Err != nil {
		s += fmt.Sprintf(": %v", f.Err)
	}
	return s
}

func (f *Fault) Unwrap() error { return f.Err }

// AsFault finds the Fault in err; an error that carries none becomes Kind Unknown.
func AsFault(op string, err error) *Fault {
	if err == nil {
		return nil
	}
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return &Fault{Kind: Unknown, Op: op, Err: err}
}

// KindOf is the kind of the Fault in err, Unknown if there is none, "" for nil.
func KindOf(err error) FaultKind {
	if err == nil {
		return ""
	}
	return AsFault("", err).Kind
}
