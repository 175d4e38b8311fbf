package queue

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/rule"
	"hopthu/mail/server/internal/box"
)

const (
	maxReturned = 1 << 20  // octets of a letter that comes back whole (RET=FULL); of a longer one the header does
	maxHeadBack = 32 << 10 // octets of a header that comes back
)

// paper is a report while it is written: CRLF, nothing in a header but ASCII.
type paper struct {
	bytes.Buffer
	boundary string
}

func (p *paper) line(format string, a ...any) { fmt.Fprintf(&p.Buffer, format+"\r\n", a...) }

func (p *paper) part() { p.line("\r\n--%s", p.boundary) }

// quoted writes text as quoted-printable.
func (p *paper) quoted(text []byte) error {
	w := quotedprintable.NewWriter(p)
	_, err := w.Write(text)
	return errors.Join(err, w.Close())
}

// writeReport makes a multipart/report (RFC 6522): words for people, lines for machines (RFC 3464), and what comes back
// of the letter.
func (q *Queue) writeReport(r report, done []outcome, now time.Time) ([]byte, error) {
	mark := make([]byte, 12)
	if _, err := io.ReadFull(q.opt.Rand, mark); err != nil {
		return nil, err
	}
	p := &paper{boundary: "report-" + hex.EncodeToString(mark)}
	p.line("From: %s <MAILER-DAEMON@%s>", encoded("Hệ thống thư"), q.reg.Domain())
	p.line("To: <%s>", r.from)
	p.line("Subject: %s", encoded(subject(done)))
	p.line("Date: %s", rfc5322(now.In(rule.Zone)))
	p.line("Message-ID: <%s>", letter.NewMessageID(q.reg.Domain(), q.opt.Rand))
	if id := box.MessageID(r.head); id != "" && isASCII([]byte(id)) {
		p.line("In-Reply-To: <%s>", clean(id))
		p.line("References: <%s>", clean(id))
	}
	p.line("Auto-Submitted: auto-replied") // RFC 3834 5
	p.line("MIME-Version: 1.0")
	p.line("Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"%s\"", p.boundary)
	p.line("Content-Transfer-Encoding: 8bit")
	p.part()
	p.line("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n")
	if err := p.quoted([]byte(reportText(done))); err != nil {
		return nil, err
	}
	q.writeStatus(p, r, done, now)
	if err := p.returned(r, done); err != nil {
		return nil, err
	}
	p.line("\r\n--%s--", p.boundary)
	return p.Bytes(), nil
}

// encoded is a text for a header in ASCII (RFC 2047), an encoded word a line.
func encoded(s string) string {
	return strings.ReplaceAll(mime.QEncoding.Encode("utf-8", s), " =?", "\r\n =?")
}

// subject tells the worst.
func subject(done []outcome) string {
	has := func(a action) bool { return slices.ContainsFunc(done, func(o outcome) bool { return o.action == a }) }
	switch {
	case has(failed):
		return "Thư không đến nơi / Undelivered mail"
	case has(delayed):
		return "Thư còn chưa đến nơi / Delayed mail"
	case has(delivered):
		return "Thư đã đến nơi / Delivered mail"
	}
	return "Thư đã chuyển đi / Relayed mail"
}

// writeStatus writes the lines for machines. A sender who cannot be known to read UTF-8 gets addresses in the form that
// is ASCII (RFC 6533 3).
func (q *Queue) writeStatus(p *paper, r report, done []outcome, now time.Time) {
	kind := "message/delivery-status"
	if r.utf8 {
		for _, o := range done {
			if !isASCII([]byte(o.Address + o.Original)) {
				kind = "message/global-delivery-status"
			}
		}
	}
	p.part()
	p.line("Content-Type: %s\r\n", kind)
	if r.envID != "" {
		p.line("Original-Envelope-Id: %s", clean(r.envID))
	}
	p.line("Reporting-MTA: dns; %s", q.opt.Host)
	p.line("Arrival-Date: %s", rfc5322(r.arrived.In(rule.Zone)))
	for _, o := range done {
		p.line("")
		if kind, addr, ok := cutOriginal(o.Original); ok {
			p.line("Original-Recipient: %s", typed(kind, addr, r.utf8))
		}
		p.line("Final-Recipient: %s", typed("rfc822", o.Address, r.utf8))
		p.line("Action: %s", o.action)
		p.line("Status: %s", statusOf(o))
		if o.peer != "" {
			p.line("Remote-MTA: dns; %s", clean(o.peer))
		}
		if o.err != nil {
			if d := mail.AsFault("", o.err).Detail; spoken(d) {
				p.line("Diagnostic-Code: smtp; %s", clean(d))
			}
		}
		p.line("Last-Attempt-Date: %s", rfc5322(now.In(rule.Zone)))
		if o.action == delayed {
			p.line("Will-Retry-Until: %s", rfc5322(o.until.In(rule.Zone)))
		}
	}
}

// spoken reports whether a detail is the answer of an SMTP server, and not our own words.
func spoken(detail string) bool {
	code, _, _ := strings.Cut(detail, " ")
	return len(code) == 3 && (code[0] == '4' || code[0] == '5') && strings.Trim(code, "0123456789") == "" && isASCII([]byte(detail))
}

// typed is an address as a field of a report holds it. One that is not ASCII is of type utf-8, and in a report for a
// sender who may not read UTF-8 spelled in ASCII (utf-8-addr-xtext, RFC 6533 3).
func typed(kind, addr string, plain bool) string {
	addr = clean(addr)
	if isASCII([]byte(addr)) {
		return kind + "; " + addr
	}
	if plain {
		return "utf-8; " + addr
	}
	var b strings.Builder
	for _, r := range addr {
		if r > '~' || r < '!' || r == '\\' || r == '+' || r == '=' {
			fmt.Fprintf(&b, "\\x{%X}", r)
		} else {
			b.WriteRune(r)
		}
	}
	return "utf-8; " + b.String()
}

// returned writes what comes back of the letter: its header, or, where the sender asked for it, a letter that failed as a
// whole (RFC 3461 4.3).
func (p *paper) returned(r report, done []outcome) error {
	p.part()
	global := r.utf8 && !isASCII(r.head) && utf8.Valid(r.head)
	if r.whole != nil && slices.ContainsFunc(done, func(o outcome) bool { return o.action == failed }) {
		text, err := r.whole()
		if err != nil {
			return err
		}
		media := "message/rfc822"
		if global {
			media = "message/global" // RFC 6532 3.7
		}
		p.line("Content-Type: %s\r\nContent-Transfer-Encoding: 8bit\r\n", media)
		p.Write(text)
		return nil
	}
	head := append(bytes.TrimRight(r.head[:min(len(r.head), maxHeadBack)], "\r\n"), "\r\n"...)
	switch {
	case isASCII(head):
		p.line("Content-Type: text/rfc822-headers\r\n")
	case global:
		p.line("Content-Type: message/global-headers\r\nContent-Transfer-Encoding: 8bit\r\n")
	default: // octets that nobody declared: whoever reads the report need not take them
		p.line("Content-Type: text/rfc822-headers; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n")
		return p.quoted(head)
	}
	p.Write(head)
	return nil
}

var intros = []struct {
	action action
	words  string
}{
	{failed, "Thư của ông/bà không đến được những địa chỉ sau. Thư gốc vẫn còn trong thư mục Đã gửi.\r\n" +
		"Your letter did not reach these addresses. The letter itself is still in your Sent folder.\r\n"},
	{delayed, "Thư của ông/bà còn chưa đến những địa chỉ sau và vẫn đang được gửi lại; ông/bà không phải làm gì.\r\n" +
		"Your letter has not reached these addresses yet; it is tried again, you need do nothing.\r\n"},
	{delivered, "Thư của ông/bà đã vào hộp thư của những địa chỉ sau.\r\nYour letter is in the boxes of these addresses.\r\n"},
	{relayed, "Thư của ông/bà đã được chuyển cho máy chủ khác, nơi đó không báo lại.\r\n" +
		"Your letter was handed to another server, which sends no reports.\r\n"},
}

func reportText(done []outcome) string {
	var b strings.Builder
	for _, in := range intros {
		first := true
		for _, o := range done {
			if o.action != in.action {
				continue
			}
			if first && b.Len() > 0 {
				b.WriteString("\r\n")
			}
			if first {
				b.WriteString(in.words + "\r\n")
			}
			first = false
			fmt.Fprintf(&b, "  %s\r\n", clean(o.Address))
			if o.err == nil {
				continue
			}
			vi, en := reason(o.err)
			if o.action == delayed {
				until := o.until.In(rule.Zone).Format("15:04 02/01/2006")
				vi, en = "Còn gửi lại đến "+until+".", "It is tried until "+until+"."
			}
			fmt.Fprintf(&b, "    %s\r\n    %s\r\n", vi, en)
			if d := mail.AsFault("", o.err).Detail; d != "" && mail.KindOf(o.err) != mail.OverQuota {
				fmt.Fprintf(&b, "    (%s)\r\n", clean(d))
			}
		}
	}
	return b.String()
}

func reason(err error) (vi, en string) {
	f := mail.AsFault("", err)
	switch {
	case f.Kind == mail.BadAddress:
		return "Không có địa chỉ này.", "There is no such address."
	case f.Kind == mail.OverQuota:
		return "Hộp thư của người nhận đã đầy.", "The recipient's box is full."
	case f.Kind == mail.TooBig:
		return "Thư quá lớn.", "The letter is too big."
	case f.Detail == "suspended":
		return "Hộp thư của người nhận đang bị khóa.", "The recipient's box is suspended."
	case errors.Is(err, errGaveUp):
		return "Đã thử nhiều lần mà không gửi được.", "It was tried for days without success."
	}
	return "Máy chủ bên nhận từ chối thư.", "The other server refused the letter."
}

// statusOf is the enhanced status code (RFC 3463).
func statusOf(o outcome) string {
	switch o.action {
	case delivered, relayed:
		return "2.0.0"
	case delayed:
		switch mail.KindOf(o.err) {
		case mail.NoServer, mail.NoAnswer, mail.LostConnection:
			return "4.4.1"
		}
		return "4.0.0"
	}
	err := o.err
	f := mail.AsFault("", err)
	switch {
	case errors.Is(err, errGaveUp):
		return "5.4.7"
	case f.Kind == mail.BadAddress:
		return "5.1.1"
	case f.Kind == mail.OverQuota:
		return "5.2.2"
	case f.Kind == mail.TooBig:
		return "5.3.4"
	case f.Detail == "suspended":
		return "5.2.1"
	case f.Detail == "relay":
		return "5.7.1"
	}
	return "5.0.0"
}

// clean makes a text fit for one header line.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	if len(s) > 400 {
		s = strings.ToValidUTF8(s[:400], "")
	}
	return s
}

func isASCII(p []byte) bool {
	return !bytes.ContainsFunc(p, func(r rune) bool { return r >= 0x80 })
}
