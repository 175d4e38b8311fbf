package letter

import (
	"bytes"
	"strings"

	"hopthu/mail"
)

// Structure is one node of a letter's MIME tree with what IMAP's ENVELOPE and BODYSTRUCTURE tell of it (RFC 9051
// 7.5.2). All strings are as stored, not decoded: they may hold any octet and must be written as literals or quoted
// accordingly. A multipart always has parts: one without is told as text/plain, one beyond the limits as
// application/octet-stream.
type Structure struct {
	Type, Subtype string // lower case
	Params        []Param
	ID            string // with its brackets, as the protocol wants it
	Description   string
	Encoding      string // lower case; "7bit" when absent
	Size          int64  // octets of the body as stored
	Lines         int64  // of the body as stored
	MD5           string
	Disposition   string // lower case, "" when absent
	DispParams    []Param
	Language      []string
	Location      string
	Envelope      *Envelope    // of the letter that this node is the root of, else nil
	Parts         []*Structure // of a multipart, at least one
	Message       *Structure   // the letter in a message/rfc822
}

// Param is a parameter, its name in lower case, its value without quotes.
type Param struct{ Name, Value string }

// Envelope is RFC 9051 7.5.2's: unfolded values as stored.
type Envelope struct {
	Date, Subject                          string
	From, Sender, ReplyTo, To, Cc, Bcc     []EnvelopeAddress
	InReplyTo, MessageID                   string
	HasSubject, HasInReplyTo, HasMessageID bool // an absent field is NIL, an empty one ""
}

// EnvelopeAddress is one address structure. Host "" with a Mailbox begins a group of that name; both "" end it.
type EnvelopeAddress struct{ Name, Mailbox, Host string }

// ReadStructure reads the tree of a letter. It never fails.
func ReadStructure(raw []byte) *Structure {
	root, _ := walk(raw)
	return structure(root, true)
}

func structure(n *node, letter bool) *Structure {
	media := n.media
	if n.cut && (strings.HasPrefix(media, "multipart/") || isMessage(media)) {
		media = "application/octet-stream"
	}
	s := &Structure{
		Params: exported(n.params), ID: n.value("Content-ID"), Description: n.value("Content-Description"),
		Encoding: n.encoding, Size: int64(n.end - n.body), Lines: int64(bytes.Count(n.buf[n.body:n.end], []byte{'\n'})),
		MD5: n.value("Content-MD5"), Disposition: n.disposition, DispParams: exported(n.dispParams),
		Location: n.value("Content-Location"),
	}
	s.Type, s.Subtype, _ = strings.Cut(media, "/")
	if s.Encoding == "" {
		s.Encoding = "7bit"
	}
	if v := n.value("Content-Language"); v != "" {
		for _, w := range strings.Split(v, ",") {
			s.Language = append(s.Language, strings.TrimSpace(w))
		}
	}
	if letter {
		s.Envelope = envelope(n.head)
	}
	if n.inner != nil {
		s.Message = structure(n.inner, true)
	}
	for _, k := range n.kids {
		s.Parts = append(s.Parts, structure(k, false))
	}
	return s
}

func (n *node) value(name string) string { return string(unfold(n.head.first(name))) }

func exported(list []param) []Param {
	var out []Param
	for _, p := range list {
		out = append(out, Param{p.name, p.value})
	}
	return out
}

// ReadEnvelope makes the envelope of a header block.
func ReadEnvelope(h *Header) *Envelope { return envelope(h) }

func envelope(h *Header) *Envelope {
	get := func(name string) string { return string(unfold(h.first(name))) }
	e := &Envelope{
		Date: get("Date"), Subject: get("Subject"), InReplyTo: get("In-Reply-To"), MessageID: get("Message-ID"),
		HasSubject: h.count("Subject") > 0, HasInReplyTo: h.count("In-Reply-To") > 0, HasMessageID: h.count("Message-ID") > 0,
		From: h.rawAddresses("From"), Sender: h.rawAddresses("Sender"), ReplyTo: h.rawAddresses("Reply-To"),
		To: h.rawAddresses("To"), Cc: h.rawAddresses("Cc"), Bcc: h.rawAddresses("Bcc"),
	}
	if len(e.Sender) == 0 { // RFC 9051 7.5.2: the server fills these in
		e.Sender = e.From
	}
	if len(e.ReplyTo) == 0 {
		e.ReplyTo = e.From
	}
	return e
}

// rawAddresses gives the addresses of a field with their names as stored. An entry that is no address keeps its text
// as a mailbox of no known host, as other servers do it.
func (h *Header) rawAddresses(name string) []EnvelopeAddress {
	var out []EnvelopeAddress
	h.each(name, func(f field) bool {
		value := string(unfold(h.value(f)))
		if a, ok := plainAddress(value); ok {
			out = append(out, a)
			return len(out) < maxAddresses
		}
		p := addrParser{name: strings.TrimSpace, joinNames: true, groups: true}
		list, bad := p.parse(value)
		for _, a := range list {
			out = append(out, envelopeAddress(a))
		}
		for _, s := range bad {
			out = append(out, EnvelopeAddress{Mailbox: s, Host: "missing.domain"})
		}
		return len(out) < maxAddresses
	})
	return out
}

func envelopeAddress(a mail.Address) EnvelopeAddress {
	if a.Addr == "" {
		return EnvelopeAddress{Mailbox: a.Group}
	}
	at := strings.LastIndexByte(a.Addr, '@')
	local, host := a.Addr[:at], a.Addr[at+1:]
	if len(local) > 1 && local[0] == '"' && quoteEnd(local, 0) == len(local)-1 { // told without its quotes
		local = unescape(local[1 : len(local)-1])
	}
	return EnvelopeAddress{Name: a.Name, Mailbox: local, Host: host}
}
