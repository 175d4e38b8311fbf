package mail

import (
	"strings"
	"time"
)

// Security says how a connection is protected. There is no plain text on purpose.
type Security string

// The two ways to TLS: from the first byte (RFC 8314), or by STARTTLS that must succeed.
const (
	TLS      Security = "tls"
	STARTTLS Security = "starttls"
)

// Endpoint is one server that an account talks to.
type Endpoint struct {
	Host     string
	Port     int
	Security Security
}

// Account is one mailbox that the person opens. Secrets are not part of it: they live in the keyring.
type Account struct {
	ID        AccountID
	Address   string   // addr-spec, NFC, in the spelling the person uses
	Login     string   // user name for IMAP and SMTP
	Name      string   // display name for From:
	Agency    string   // shown in the top line: "Sở KH&ĐT"
	Official  bool     // hộp thư công vụ (QC 4.1); false is hộp thư cá nhân (QC 4.2)
	Aliases   []string // other addresses that are this mailbox, the second spelling among them (D1)
	IMAP      Endpoint
	SMTP      Endpoint
	Office    string // base URL of the office API, "" when the server has none
	CAFile    string // PEM file with further trusted roots, "" for the system's
	Signature string // appended to new letters

	// An agency's box that a person opens under his own login, as its delegate or head (QC 14.1). As is the wire address of the
	// box (the authorization identity of RFC 4616), "" in one's own box; Holder is the account whose secret opens it.
	As     string
	Holder AccountID
	Person Person    // who works in it; its letters leave with him as Sender
	Scope  Scope     // what he may do in it
	Until  time.Time // end of the delegation, zero for none

	// Shared is a box that several people open under one login, on a server that knows nothing of delegations: what they agree
	// on are IMAP keywords. Person says which of them sits here.
	Shared bool
}

// Together reports whether several people work in this box.
func (a Account) Together() bool { return a.As != "" || a.Shared }

// May reports whether the person may do in this box what needs scope s. In a box of one's own, and in a box that is shared
// by its password, he may do all.
func (a Account) May(s Scope) bool { return a.As == "" || a.Scope >= s }

// Mine reports whether addr is this account's address or one of its aliases; case does not matter.
func (a Account) Mine(addr string) bool {
	if strings.EqualFold(addr, a.Address) {
		return true
	}
	for _, s := range a.Aliases {
		if strings.EqualFold(addr, s) {
			return true
		}
	}
	return false
}

// Address is a mailbox as in RFC 5322 3.4: display name and addr-spec, both NFC. Group is the name of the
// RFC 5322 group it stood in, if any.
type Address struct {
	Name  string
	Addr  string
	Group string
}

// Short is what a narrow column shows: the name, or the address when there is no name.
func (a Address) Short() string {
	if a.Name != "" {
		return a.Name
	}
	return a.Addr
}

// Domain is the part behind the last @, lower-cased; "" if there is none.
func (a Address) Domain() string {
	if i := strings.LastIndexByte(a.Addr, '@'); i >= 0 {
		return strings.ToLower(a.Addr[i+1:])
	}
	return ""
}

// Contact is one completion for an address field.
type Contact struct {
	Address Address
	Post    string // chức vụ
	Unit    string
	Source  string // "directory" or "history"
	Used    int    // letters sent to it
}
