package letter

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"hopthu/mail"
)

// Report is what a letter tells of another letter that was sent: a delivery report (RFC 3464, RFC 6533) or a receipt of
// reading (RFC 8098). It is a claim of whoever sent it: nothing in it is proved.
type Report struct {
	Receipt    bool           // of reading; else of delivery
	From       []mail.Address // who sent the report
	MessageIDs []string       // names of the letter: its envelope id, its Message-ID; without brackets
	Recipients []Reported
}

// Reported is what became of one recipient.
type Reported struct {
	Addresses []string // original and final one, as far as they were told, NFC
	State     mail.DeliveryState
	Words     string // of the reporting server, on one line
}

// Limits of a report. What is beyond them is not read.
const (
	maxReport     = 1 << 20
	maxReported   = 5000
	maxReportText = 300 // letters of Words
	maxReportID   = 998 // octets of a name of a letter
)

// ReadReport reads a letter as a report; false if it is none. A report inside a letter that was forwarded counts for
// nothing.
func ReadReport(raw []byte) (Report, bool) {
	if !speaksOfReport(raw) {
		return Report{}, false
	}
	root, _ := walk(raw)
	var r Report
	found := r.collect(root, 0)
	if !found || len(r.Recipients) == 0 || len(r.MessageIDs) == 0 {
		return Report{}, false
	}
	r.From, _ = root.head.addresses("From")
	return r, true
}

// speaksOfReport spares the walk for nearly all letters.
func speaksOfReport(raw []byte) bool {
	low := bytes.ToLower(raw[:min(len(raw), 256<<10)])
	return bytes.Contains(low, []byte("delivery-status")) || bytes.Contains(low, []byte("disposition-notification"))
}

// collect reads the parts of n that make a report.
func (r *Report) collect(n *node, depth int) bool {
	found := false
	switch n.media {
	case "message/delivery-status", "message/global-delivery-status":
		data, _ := n.content()
		r.delivery(data)
		return true
	case "message/disposition-notification", "message/global-disposition-notification":
		data, _ := n.content()
		r.disposition(data)
		return true
	case "text/rfc822-headers", "message/global-headers":
		data, _ := n.content()
		for _, id := range ReadHeader(data[:min(len(data), maxReport)]).ids("Message-ID") {
			r.name(id)
		}
	case "message/rfc822", "message/global":
		if n.inner != nil {
			for _, id := range n.inner.head.ids("Message-ID") {
				r.name(id)
			}
		}
	}
	if depth < 3 {
		for _, k := range n.kids {
			found = r.collect(k, depth+1) || found
		}
	}
	return found
}

// name takes a name of the letter, decoded and as it stands.
func (r *Report) name(id string) {
	for _, s := range []string{id, xtext(id)} {
		s = strings.Trim(strings.TrimSpace(s), "<>")
		if s == "" || len(s) > maxReportID || len(r.MessageIDs) >= 20 {
			continue
		}
		known := false
		for _, have := range r.MessageIDs {
			known = known || have == s
		}
		if !known {
			r.MessageIDs = append(r.MessageIDs, s)
		}
	}
}

// delivery reads the groups of RFC 3464 2.1: one of the letter, then one of each recipient.
func (r *Report) delivery(data []byte) {
	for i, g := range groups(data) {
		if i == 0 {
			r.name(g["original-envelope-id"])
		}
		state, ok := map[string]mail.DeliveryState{
			"delivered": mail.DeliveryDelivered, "relayed": mail.DeliveryRelayed, "expanded": mail.DeliveryRelayed,
			"delayed": mail.DeliveryDelayed, "failed": mail.DeliveryFailed,
		}[strings.ToLower(uncomment(g["action"]))]
		x := Reported{Addresses: reportedAddresses(g["original-recipient"], g["final-recipient"]), State: state}
		if !ok || len(x.Addresses) == 0 || len(r.Recipients) >= maxReported {
			continue
		}
		if _, said, typed := strings.Cut(g["diagnostic-code"], ";"); typed {
			x.Words = reportWords(said)
		}
		if x.Words == "" {
			x.Words = reportWords(uncomment(g["status"]))
		}
		r.Recipients = append(r.Recipients, x)
	}
}

// disposition reads RFC 8098 3: only "displayed" says that somebody saw it.
func (r *Report) disposition(data []byte) {
	list := groups(data)
	if len(list) == 0 {
		return
	}
	g := list[0]
	r.Receipt = true
	r.name(g["original-message-id"])
	_, kind, _ := strings.Cut(g["disposition"], ";")
	kind, _, _ = strings.Cut(uncomment(kind), "/")
	x := Reported{Addresses: reportedAddresses(g["original-recipient"], g["final-recipient"]), State: mail.DeliveryRead}
	if strings.EqualFold(strings.TrimSpace(kind), "displayed") && len(x.Addresses) > 0 {
		r.Recipients = append(r.Recipients, x)
	}
}

// groups parts a report into its groups of fields: names in lower case, the first of each counts.
func groups(data []byte) []map[string]string {
	var (
		out  []map[string]string
		g    map[string]string
		last string
	)
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(data[:min(len(data), maxReport)]))
	for line := range strings.SplitSeq(text, "\n") {
		switch {
		case strings.TrimSpace(line) == "":
			g, last = nil, ""
			continue
		case line[0] == ' ' || line[0] == '\t':
			if g != nil && last != "" && len(g[last]) < 4096 {
				g[last] += " " + strings.TrimSpace(line)
			}
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		name = strings.ToLower(strings.TrimSpace(name))
		if last = ""; !ok || name == "" || len(name) > 100 {
			continue
		}
		if g == nil {
			if len(out) > maxReported {
				return out
			}
			g = map[string]string{}
			out = append(out, g)
		}
		if _, have := g[name]; !have && len(g) < 50 {
			g[name], last = strings.TrimSpace(value), name
		}
	}
	return out
}

// uncomment is a value without what stands in parentheses (RFC 5322 3.2.2).
func uncomment(s string) string {
	var b strings.Builder
	depth := 0
	for _, r := range s {
		switch {
		case r == '(':
			depth++
		case r == ')' && depth > 0:
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return strings.TrimSpace(b.String())
}

// reportedAddresses reads "rfc822; a@b" and "utf-8; …" (RFC 6533 3), each also with xtext undone: some servers hand it on.
func reportedAddresses(values ...string) []string {
	var out []string
	add := func(s string) {
		s = norm.NFC.String(strings.TrimSpace(s))
		if len(s) > 320 || ValidAddress(s) != nil {
			return
		}
		for _, have := range out {
			if have == s {
				return
			}
		}
		out = append(out, s)
	}
	for _, v := range values {
		kind, addr, ok := strings.Cut(v, ";")
		if !ok {
			continue
		}
		addr = strings.Trim(strings.TrimSpace(addr), "<>")
		switch strings.ToLower(strings.TrimSpace(kind)) {
		case "rfc822":
			add(addr)
			add(xtext(addr))
		case "utf-8":
			add(unitext(addr))
			add(unitext(xtext(addr)))
		}
	}
	return out
}

// xtext undoes RFC 3461 4: "+2B" is "+". What is no xtext stays as it is.
func xtext(s string) string {
	if !strings.Contains(s, "+") {
		return s
	}
	var b []byte
	for i := 0; i < len(s); i++ {
		if s[i] == '+' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				b = append(b, byte(n))
				i += 2
				continue
			}
		}
		b = append(b, s[i])
	}
	if !utf8.Valid(b) {
		return s
	}
	return string(b)
}

// unitext undoes RFC 6533 3: "\x{1EA1}" is "ạ".
func unitext(s string) string {
	var b strings.Builder
	for s != "" {
		before, rest, ok := strings.Cut(s, `\x{`)
		b.WriteString(before)
		if !ok {
			break
		}
		hex, after, closed := strings.Cut(rest, "}")
		n, err := strconv.ParseUint(hex, 16, 32)
		if !closed || err != nil || n > unicode.MaxRune || !utf8.ValidRune(rune(n)) {
			b.WriteString(`\x{`)
			s = rest
			continue
		}
		b.WriteRune(rune(n))
		s = after
	}
	return b.String()
}

// reportWords makes a server's words fit to be kept: one line, no controls, no direction marks, not endless.
func reportWords(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range strings.Join(strings.Fields(strings.ToValidUTF8(s, "\uFFFD")), " ") {
		if n >= maxReportText {
			break
		}
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.In(r, unicode.Zl, unicode.Zp) {
			continue
		}
		b.WriteRune(r)
		n++
	}
	return norm.NFC.String(b.String())
}
