package queue

import (
	"strings"
	"time"
)

// Notify is what a sender asked to be told of a recipient (NOTIFY, RFC 3461 4.1). The zero value asked for nothing: a
// failure is told, and a delay.
type Notify uint8

// The bits of Notify; NotifyNever stands alone.
const (
	NotifyNever Notify = 1 << iota
	NotifySuccess
	NotifyFailure
	NotifyDelay
)

// Return says what of the letter a report brings back (RET, RFC 3461 4.3).
type Return uint8

// What comes back: our choice, which is the header; the header; the whole letter, if a recipient failed.
const (
	ReturnAny Return = iota
	ReturnHeader
	ReturnFull
)

// Recipient is one RCPT.
type Recipient struct {
	Address  string
	Notify   Notify
	Original string // ORCPT as type and address: "rfc822;kh&dt@ninhbinh.gov.vn", decoded; "" if none
}

// To makes recipients of addresses, of whom the sender asked nothing.
func To(addrs ...string) []Recipient {
	out := make([]Recipient, len(addrs))
	for i, a := range addrs {
		out[i].Address = a
	}
	return out
}

// action is what became of a recipient (RFC 3464 2.3.3); silent is nothing to speak of.
type action string

const (
	silent    action = ""
	failed    action = "failed"
	delayed   action = "delayed"
	delivered action = "delivered"
	relayed   action = "relayed"
)

// outcome is what became of one recipient, and why.
type outcome struct {
	Recipient
	action action
	err    error     // of a failure or a delay
	until  time.Time // of a delay: how long it is still tried
	peer   string    // the relay that answered, "" for a local box
}

func (t Target) outcome(a action, err error) outcome {
	return outcome{Recipient: Recipient{t.Address, t.Notify, t.Original}, action: a, err: err}
}

// wanted reports whether the sender is to hear of it (RFC 3461 4.1, 5.2).
func (o outcome) wanted() bool {
	switch o.action {
	case failed:
		return o.Notify == 0 || o.Notify&NotifyFailure != 0
	case delayed:
		return o.Notify == 0 || o.Notify&NotifyDelay != 0
	case delivered, relayed:
		return o.Notify&NotifySuccess != 0
	}
	return false
}

// cutOriginal parts ORCPT into type and address.
func cutOriginal(s string) (kind, addr string, ok bool) {
	kind, addr, ok = strings.Cut(s, ";")
	return strings.ToLower(kind), addr, ok && addr != "" && (strings.EqualFold(kind, "rfc822") || strings.EqualFold(kind, "utf-8"))
}
