package letter

import (
	"encoding/hex"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"hopthu/mail"
)

// NewMessageID makes a message id without brackets: 16 octets of rnd at domain. It is "" when rnd fails: then there is
// no id that is surely new.
func NewMessageID(domain string, rnd io.Reader) string {
	var b [16]byte
	if _, err := io.ReadFull(rnd, b[:]); err != nil {
		return ""
	}
	host, err := idna.ToASCII(domain)
	if err != nil || domainFault(host) != "" {
		host = "localhost"
	}
	return hex.EncodeToString(b[:]) + "@" + host
}

// NeedsUTF8 reports whether a header of the letter, or of one of its parts, has octets above 127: then it can only go
// by SMTPUTF8 (RFC 6532, RFC 6531).
func NeedsUTF8(raw []byte) bool {
	root, _ := walk(raw)
	return root.rawUTF8()
}

func (n *node) rawUTF8() bool {
	if !ascii(n.raw[n.start:n.body]) {
		return true
	}
	for _, k := range n.kids {
		if k.rawUTF8() {
			return true
		}
	}
	return false
}

// QuoteReply gives the text of l as the quotation in an answer: who wrote when, then its lines behind "> ", wrapped.
// lang is "vi" or "en".
func QuoteReply(l *mail.Letter, lang string) string {
	who := ""
	if len(l.From) > 0 {
		who = strings.Join(strings.Fields(l.From[0].Short()), " ")
	}
	var b strings.Builder
	when := l.Sent().In(mail.Zone)
	switch {
	case l.Sent().IsZero() && lang == "en":
		b.WriteString(who + " wrote:")
	case l.Sent().IsZero():
		b.WriteString(who + " viết:")
	case lang == "en":
		b.WriteString("On " + when.Format("2 Jan 2006 at 15:04") + ", " + who + " wrote:")
	default:
		b.WriteString("Ngày " + when.Format("02/01/2006 15:04") + ", " + who + " viết:")
	}
	text := strings.TrimSpace(b.String())
	b.Reset()
	b.WriteString(text + "\n")
	for _, p := range l.Paras {
		mark := strings.Repeat(">", p.Quote+1)
		lines := []string{"----------"}
		switch p.Kind {
		case mail.ParaPre:
			lines = strings.Split(p.Text, "\n")
		case mail.ParaText, mail.ParaHeading, mail.ParaItem:
			lines = wrap(p.Text, max(72-p.Quote, 40))
		}
		for _, line := range lines {
			b.WriteString(strings.TrimRight(mark+" "+line, " ") + "\n")
		}
	}
	return b.String()
}

// wrap breaks text at blanks into lines of at most width runes; longer words stay whole, leading blanks too.
func wrap(s string, width int) []string {
	if utf8.RuneCountInString(s) <= width {
		return []string{s}
	}
	var out []string
	line := s[:len(s)-len(strings.TrimLeft(s, " "))]
	n, words := utf8.RuneCountInString(line), 0
	for _, w := range strings.Fields(s) {
		size := utf8.RuneCountInString(w)
		if words > 0 && n+1+size > width {
			out = append(out, line)
			line, n, words = "", 0, 0
		}
		if words > 0 {
			line += " "
			n++
		}
		line += w
		n, words = n+size, words+1
	}
	return append(out, line)
}

// The marks that programs and people put before a subject, in lower case.
var (
	replyMarks   = []string{"re", "tl", "trả lời", "aw", "sv", "antw", "odp", "回复", "回覆"}
	forwardMarks = []string{"fwd", "fw", "tr", "ct", "chuyển tiếp", "wg", "转发", "轉寄"}
)

// ReplySubject is s with exactly one "Re: " at its head, whatever mark of an answer it had.
func ReplySubject(s string) string { return strings.TrimSpace("Re: " + cutMarks(s, replyMarks)) }

// ForwardSubject is s with exactly one "Fwd: " at its head.
func ForwardSubject(s string) string { return strings.TrimSpace("Fwd: " + cutMarks(s, forwardMarks)) }

func cutMarks(s string, marks []string) string {
next:
	for {
		s = strings.TrimSpace(s)
		head, rest, ok := strings.Cut(s, ":")
		if !ok {
			head, rest, ok = strings.Cut(s, "：")
		}
		if !ok || len(head) > 24 {
			return s
		}
		head = strings.ToLower(strings.TrimSpace(head))
		if i := strings.IndexAny(head, "[("); i > 0 { // Re[2]:
			head = strings.TrimSpace(head[:i])
		}
		for _, m := range marks {
			if head == m {
				s = rest
				continue next
			}
		}
		return s
	}
}
