package imapd

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/viet"
)

// criterion is one key of SORT (RFC 5256 3, RFC 5957).
type criterion struct {
	name    string
	reverse bool
}

func (p *parser) criteria() (list []criterion) {
	reverse := false
	p.list(func() {
		switch w := p.word(); w {
		case "REVERSE":
			if reverse {
				p.fail(bad("Syntax error"))
			}
			reverse = true
		case "ARRIVAL", "CC", "DATE", "FROM", "SIZE", "SUBJECT", "TO", "DISPLAYFROM", "DISPLAYTO":
			list = append(list, criterion{w, reverse})
			reverse = false
		default:
			p.fail(bad("Unknown sort key"))
		}
	})
	if p.err == nil && (len(list) == 0 || reverse || len(list) > 16) {
		p.fail(bad("Bad sort keys"))
	}
	return list
}

// sorted is what ordering and threading need of a letter.
type sorted struct {
	at
	row     box.Row
	head    mail.Head
	subject string // base subject, as collation has it
	reply   bool   // the subject was that of a reply or forward
}

// sent is the Date: of a letter, its arrival when there is none (RFC 5256 2.2).
func (s *sorted) sent() time.Time {
	if s.head.Date.IsZero() {
		return s.row.Received
	}
	return s.head.Date
}

// heads reads the headers of letters.
func (c *session) heads(list []at) (out []*sorted, err error) {
	err = c.eachHead("sort", list, shortHeads, func(x at, r box.Row, head []byte) error {
		s := &sorted{at: x, row: r}
		letter.ReadHeader(head).Fill(&s.head)
		s.subject, s.reply = baseSubject(s.head.Subject)
		s.subject = collation(s.subject)
		out = append(out, s)
		return nil
	})
	return out, err
}

// sort answers SORT (RFC 5256), or its extended form (RFC 5267 2).
func (c *session) sort(cmd *command, p *parser) error {
	a, err := c.parseSearch(p, func(a *searchArgs) {
		a.criteria = p.criteria()
		p.sp()
		p.charset()
		if p.take(' '); p.err == nil && p.s == "" {
			p.fail(bad("A search key is wanted"))
		}
	})
	if err != nil {
		return c.notFound(a, err)
	}
	found, top, err := c.find(cmd, a)
	if err != nil {
		return c.notFound(a, err)
	}
	list, err := c.heads(found)
	if err != nil {
		return c.notFound(a, err)
	}
	slices.SortStableFunc(list, func(x, y *sorted) int { return compare(a.criteria, x, y) })
	found = found[:0]
	for _, s := range list {
		found = append(found, s.at)
	}
	c.keep(a, found)
	if a.onlySave() {
		return nil
	}
	if a.extended {
		c.putESearch(cmd, a, found, top)
		return nil
	}
	c.put("* SORT")
	c.putNumbers(found)
	if a.usesModSeq && len(found) > 0 {
		c.put(" (MODSEQ ")
		c.putNum(top(found))
		c.put(")")
	}
	c.put("\r\n")
	return nil
}

func compare(criteria []criterion, x, y *sorted) int {
	for _, k := range criteria {
		n := 0
		switch k.name {
		case "ARRIVAL":
			n = x.row.Received.Compare(y.row.Received)
		case "DATE":
			n = x.sent().Compare(y.sent())
		case "SIZE":
			n = cmp.Compare(x.row.Size, y.row.Size)
		case "SUBJECT":
			n = strings.Compare(x.subject, y.subject)
		case "FROM":
			n = strings.Compare(mailbox(x.head.From), mailbox(y.head.From))
		case "TO":
			n = strings.Compare(mailbox(x.head.To), mailbox(y.head.To))
		case "CC":
			n = strings.Compare(mailbox(x.head.Cc), mailbox(y.head.Cc))
		case "DISPLAYFROM":
			n = strings.Compare(display(x.head.From), display(y.head.From))
		case "DISPLAYTO":
			n = strings.Compare(display(x.head.To), display(y.head.To))
		}
		if k.reverse {
			n = -n
		}
		if n != 0 {
			return n
		}
	}
	return cmp.Compare(x.seq, y.seq)
}

// mailbox is the local part of the first address (RFC 5256 3).
func mailbox(list []mail.Address) string {
	if len(list) == 0 {
		return ""
	}
	local, _, _ := strings.Cut(list[0].Addr, "@")
	return collation(local)
}

// display is the name of the first address, or the address (RFC 5957 3).
func display(list []mail.Address) string {
	if len(list) == 0 {
		return ""
	}
	return collation(list[0].Short())
}

// collation is what text is ordered and told apart by: i;unicode-casemap (RFC 5051, as RFC 5256 2.1 and 3 demand), but
// that marks weigh less than letters, so that "Bán" stands beside "Ban" and not behind "Bộ". Case makes no difference,
// a mark does: "họp" and "hộp" are two words.
func collation(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(viet.Fold(s)) + "\x00" + strings.ToUpper(viet.NFC(s))
}

// maxSubject is how much of a subject is looked at for ordering: one line of a letter (RFC 5322 2.1.1). A longer one
// would only serve to keep the server busy.
const maxSubject = 998

// baseSubject takes off what replying and forwarding add (RFC 5256 2.1).
func baseSubject(s string) (base string, reply bool) {
	if len(s) > maxSubject {
		s = strings.ToValidUTF8(s[:maxSubject], "")
	}
	s = strings.Join(strings.Fields(s), " ")
	for {
		before := s
		for { // trailers
			t := strings.TrimRight(s, " ")
			if low := strings.ToLower(t); strings.HasSuffix(low, "(fwd)") {
				t, reply = t[:len(t)-5], true
			}
			if t == s {
				break
			}
			s = t
		}
		for {
			t, was := cutLeader(s)
			reply = reply || was
			if t == s {
				if t = cutBlob(s); t == s || t == "" {
					break
				}
			}
			s = t
		}
		if low := strings.ToLower(s); strings.HasPrefix(low, "[fwd:") && strings.HasSuffix(s, "]") {
			s, reply = strings.TrimSpace(s[5:len(s)-1]), true
		}
		if s == before {
			return s, reply
		}
	}
}

// cutLeader takes one "Re:", "Fw:" or "Fwd:" off, blobs before it and in it included.
func cutLeader(s string) (rest string, was bool) {
	t := strings.TrimLeft(s, " ")
	for {
		u := cutBlob(t)
		if u == t {
			break
		}
		t = u
	}
	low := strings.ToLower(t)
	for _, w := range []string{"fwd", "fw", "re"} {
		if !strings.HasPrefix(low, w) {
			continue
		}
		u := strings.TrimLeft(t[len(w):], " ")
		if v := cutBlob(u); v != u {
			u = strings.TrimLeft(v, " ")
		}
		if strings.HasPrefix(u, ":") {
			return strings.TrimLeft(u[1:], " "), true
		}
	}
	return strings.TrimLeft(s, " "), false
}

// cutBlob takes a leading "[…]" off.
func cutBlob(s string) string {
	if !strings.HasPrefix(s, "[") {
		return s
	}
	end := strings.IndexAny(s[1:], "[]")
	if end < 0 || s[1+end] != ']' {
		return s
	}
	return strings.TrimLeft(s[end+2:], " ")
}
