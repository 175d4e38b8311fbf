package letter

import (
	"bytes"
	"slices"
	"strings"

	"hopthu/mail"
)

// Fill sets what a header says of a letter: Date, From, Sender, ReplyTo, To, Cc, Subject, MessageID, InReplyTo,
// References, Automatic, Priority and Document. The other fields stay as they are.
func (h *Header) Fill(head *mail.Head) {
	head.Date = parseDate(string(unfold(h.first("Date"))))
	head.Subject, _ = h.subject()
	var bad []string
	head.From, bad = h.addresses("From")
	if len(head.From) == 0 && len(bad) > 0 { // an author without address is better than none
		head.From = []mail.Address{{Name: bad[0]}}
	}
	head.Sender = mail.Address{}
	if s, _ := h.addresses("Sender"); len(s) > 0 && (len(head.From) != 1 || !strings.EqualFold(s[0].Addr, head.From[0].Addr)) {
		head.Sender = s[0]
	}
	head.ReplyTo, _ = h.addresses("Reply-To")
	head.To, _ = h.addresses("To")
	head.Cc, _ = h.addresses("Cc")
	head.MessageID = ""
	if ids := h.ids("Message-ID"); len(ids) > 0 {
		head.MessageID = ids[0]
	}
	head.InReplyTo = h.ids("In-Reply-To")
	head.References = h.ids("References")
	head.Automatic = h.automatic()
	head.Document = h.document()
	head.Priority = h.priority(head.Subject, head.Document.Urgency)
}

// subject decodes the subject; VIQR (RFC 1456) is plain ASCII and recognised by its marks.
func (h *Header) subject() (text, legacy string) {
	raw := h.readable(unfold(h.first("Subject")))
	if bytes.IndexByte(raw, '^') >= 0 && ascii(raw) && !bytes.Contains(raw, []byte("=?")) {
		return decodeText(raw, "")
	}
	return decodeWords(raw)
}

// Addresses reads all fields called name as one list. It is not ParseAddressList of Get: what an encoded word hides
// must never be read as an address, and an unquoted comma in a name does not part it.
func (h *Header) Addresses(name string) (list []mail.Address, bad []string) { return h.addresses(name) }

func (h *Header) addresses(name string) (list []mail.Address, bad []string) {
	n := 0
	h.each(name, func(f field) bool {
		l, b := h.known.addresses(h, h.value(f))
		if n++; n == 1 {
			list, bad = l, b
		} else {
			list, bad = append(list, l...), append(bad, b...)
		}
		return len(list) < maxAddresses
	})
	return list, bad
}

// Known remembers what address fields were read as: in a folder the same people write to the same ones again and again.
// What it gave is shared between letters and must not be changed in place. It is used by one goroutine at a time.
type Known struct{ lists map[string]addressList }

type addressList struct {
	list []mail.Address
	bad  []string
}

// How much Known remembers, in fields and in octets of each.
const (
	knownFields = 2000
	knownOctets = 500
)

// FillKnown is Fill with the help of what was read before.
func (h *Header) FillKnown(k *Known, head *mail.Head) {
	h.known = k
	h.Fill(head)
	h.known = nil
}

// addresses reads the value of one field; k may be nil.
func (k *Known) addresses(h *Header, v []byte) (list []mail.Address, bad []string) {
	if k == nil || len(v) > knownOctets || !ascii(v) { // other octets mean what the header as a whole says
		return addrParser{name: decodeName, joinNames: true}.parse(string(h.readable(unfold(v))))
	}
	a, ok := k.lists[string(v)]
	if !ok {
		a.list, a.bad = addrParser{name: decodeName, joinNames: true}.parse(string(unfold(v)))
		a.list, a.bad = slices.Clip(a.list), slices.Clip(a.bad)
		if k.lists == nil || len(k.lists) >= knownFields {
			k.lists = map[string]addressList{}
		}
		k.lists[string(v)] = a
	}
	return a.list, a.bad
}

func (h *Header) ids(name string) []string {
	var out []string
	h.each(name, func(f field) bool {
		out = append(out, parseIDs(string(unfold(h.value(f))))...)
		return len(out) < maxIDs
	})
	return out
}

// HeadFields names every field that Fill reads: whoever has a header with these alone can fill a head.
func HeadFields() []string {
	return slices.Concat([]string{
		"Date", "From", "Sender", "Reply-To", "To", "Cc", "Subject", "Message-ID", "In-Reply-To", "References", "Content-Type", "Return-Path",
		"Auto-Submitted", "Precedence", "Importance", "Priority", "X-Priority",
		KindField, NumberField, DateField, PaperField, UrgencyField,
	}, automaticFields)
}

// automaticFields stand in no letter that a person wrote to one.
var automaticFields = []string{"List-Id", "List-Post", "List-Unsubscribe", "List-Subscribe", "X-Autoreply", "X-Autorespond", "X-Auto-Reply"}

// automatic tells list and automatic mail by its header (RFC 3834 2 and 5, RFC 2919, RFC 2369), and answers to invitations (RFC 5546
// 3.2.3). X-Auto-Response-Suppress does not: it asks machines not to answer, and stands in letters of people too (MS-OXCMAIL).
func (h *Header) automatic() bool {
	if v := bytes.TrimSpace(h.first("Auto-Submitted")); len(v) > 0 && !hasWord(v, "no") {
		return true
	}
	for _, name := range automaticFields {
		if h.count(name) > 0 {
			return true
		}
	}
	if v := h.first("Precedence"); hasWord(v, "bulk") || hasWord(v, "list") || hasWord(v, "junk") || hasWord(v, "auto_reply") {
		return true
	}
	if h.count("Return-Path") > 0 && bytes.Equal(bytes.ReplaceAll(h.first("Return-Path"), []byte(" "), nil), []byte("<>")) {
		return true
	}
	v := h.first("Content-Type")
	if hasWord(v, "text/calendar") {
		_, params := parseParams(v)
		return strings.EqualFold(paramValue(params, "method"), "reply")
	}
	return hasWord(v, "multipart/report") || hasWord(v, "message/disposition-notification") || hasWord(v, "message/delivery-status")
}

// hasWord reports whether v begins with word, in any case, and then ends or goes on with a separator.
func hasWord(v []byte, word string) bool {
	v = bytes.TrimSpace(v)
	if len(v) < len(word) || !equalName(v[:len(word)], word) {
		return false
	}
	return len(v) == len(word) || bytes.IndexByte([]byte(" \t\r\n;,("), v[len(word)]) >= 0
}

// priority reads the degree of urgency (Decree 30/2020: khẩn, thượng khẩn, hỏa tốc) from our own field, from a mark at
// the head of the subject, or, never above 1, from what other programs write.
func (h *Header) priority(subject string, urgency int) int {
	if urgency > 0 {
		return min(urgency, 2)
	}
	if level := urgencyMark(subject); level > 0 {
		return level
	}
	v := bytes.TrimSpace(h.first("X-Priority"))
	if len(v) > 0 && (v[0] == '1' || v[0] == '2') && (len(v) == 1 || v[1] < '0' || v[1] > '9') {
		return 1
	}
	if hasWord(h.first("Importance"), "high") || hasWord(h.first("Priority"), "urgent") {
		return 1
	}
	return 0
}

// urgencyMark reads the mark at the head of a subject: set off by a sign, or in capitals ("Khẩn trương …" is none).
func urgencyMark(subject string) int {
	s := strings.TrimLeft(subject, " [(*-_")
	low := strings.ToLower(s)
	for mark, level := range map[string]int{"hỏa tốc": 2, "hoả tốc": 2, "thượng khẩn": 2, "khẩn": 1} {
		rest, ok := strings.CutPrefix(low, mark)
		if ok && (rest == "" || strings.IndexByte("])*-_:,.!", rest[0]) >= 0) {
			return level
		}
		if ok && rest[0] == ' ' && strings.HasPrefix(s, strings.ToUpper(mark)) {
			return level
		}
	}
	return 0
}
