package mail

import "strings"

// Flags is the set of marks on a letter.
type Flags uint32

// System flags (RFC 9051 2.3.2) and the keywords hopthu understands.
const (
	Seen Flags = 1 << iota
	Answered
	Flagged
	Deleted
	Draft
	Forwarded // $Forwarded
	Junk      // $Junk
	NotJunk   // $NotJunk
	NoReply   // KeywordNoReply: "không cần hồi đáp" (QC 9, D9)
	MDNSent   // $MDNSent
)

// KeywordNoReply marks a letter that needs no answer. It is an IMAP keyword so that every client of the box agrees.
const KeywordNoReply = "$HopthuNoReply"

// Keywords with which the people of a box agree where the server has no office (QC 14.3): somebody has the letter, somebody is
// writing the answer, and who it is, by the local part of his address.
const (
	KeywordDoing   = "$HopthuDoing"
	KeywordWriting = "$HopthuWriting"
	KeywordBy      = "$HopthuBy-"
)

var flagNames = []struct {
	f    Flags
	name string
}{
	{Seen, `\Seen`},
	{Answered, `\Answered`},
	{Flagged, `\Flagged`},
	{Deleted, `\Deleted`},
	{Draft, `\Draft`},
	{Forwarded, "$Forwarded"},
	{Junk, "$Junk"},
	{NotJunk, "$NotJunk"},
	{NoReply, KeywordNoReply},
	{MDNSent, "$MDNSent"},
}

// Has reports whether all flags of g are set in f.
func (f Flags) Has(g Flags) bool { return f&g == g }

// Names gives the IMAP names of the flags set, in a fixed order.
func (f Flags) Names() []string {
	var out []string
	for _, n := range flagNames {
		if f.Has(n.f) {
			out = append(out, n.name)
		}
	}
	return out
}

// ParseFlags sorts IMAP flag names into known flags and foreign keywords; names compare without case (RFC 9051
// 2.3.2), \Recent is dropped.
func ParseFlags(names []string) (known Flags, other []string) {
next:
	for _, s := range names {
		for _, n := range flagNames {
			if strings.EqualFold(s, n.name) {
				known |= n.f
				continue next
			}
		}
		if !strings.EqualFold(s, `\Recent`) && s != "" {
			other = append(other, s)
		}
	}
	return known, other
}
