package queue

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime/quotedprintable"
	"strings"
	"time"
	"unicode"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/rule"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
)

// report is what a delivery status notification (RFC 3464) tells of a letter.
type report struct {
	from    string // who gets it
	envID   string
	silent  bool // NOTIFY=NEVER (RFC 3461 4.1)
	arrived time.Time
	head    []byte // header of the letter
}

// reportTx writes a report about failed recipients and puts it into the sender's inbox, or on its way outside. A letter
// without a sender is itself a report: nobody gets a report about it (RFC 5321 6.1).
func (q *Queue) reportTx(ctx context.Context, tx *db.Tx, r report, failed []failure) error {
	if len(failed) == 0 || r.from == "" || r.silent {
		return nil
	}
	if r.arrived.IsZero() {
		r.arrived = tx.Now
	}
	text, err := q.writeReport(r, failed, tx.Now)
	if err != nil {
		return err
	}
	id, err := q.newID()
	if err != nil {
		return err
	}
	st, err := q.box.Stage(ctx, bytes.NewReader(text))
	if err != nil {
		return err
	}
	p := &plan{e: Envelope{To: []string{r.from}, UTF8: !isASCII(text)}, id: id, st: st}
	return errors.Join(q.sendReport(ctx, tx, p), st.Close())
}

func (q *Queue) sendReport(ctx context.Context, tx *db.Tx, p *plan) error {
	to := p.e.To[0]
	if !q.reg.Here(to) {
		if q.opt.Relay == nil {
			q.opt.Failed(&mail.Fault{Kind: mail.Refused, Op: "report to a sender outside", Detail: "relay"})
			return nil
		}
		tx.After(q.wake)
		return q.keepOutgoing(ctx, tx, p, []Target{{Address: to}})
	}
	b, err := q.reg.LookupTx(ctx, tx, to)
	if mail.KindOf(err) == mail.BadAddress {
		q.opt.Failed(fmt.Errorf("report to a sender who is not here: %w", err))
		return nil
	}
	if err != nil {
		return err
	}
	failed, err := q.deliver(ctx, tx, p, []Target{{Local: true, Account: b, Address: to}})
	for _, f := range failed { // over quota: the sender's own doing, and the refusal stands in the log
		q.opt.Failed(fmt.Errorf("report to the sender: %w", f.err))
	}
	return err
}

// writeReport makes a multipart/report: words for people, lines for machines, the header of the letter.
func (q *Queue) writeReport(r report, failed []failure, now time.Time) ([]byte, error) {
	mark := make([]byte, 12)
	if _, err := io.ReadFull(q.opt.Rand, mark); err != nil {
		return nil, err
	}
	boundary := "report-" + hex.EncodeToString(mark)
	var b bytes.Buffer
	line := func(format string, a ...any) { fmt.Fprintf(&b, format+"\r\n", a...) }
	line("From: =?utf-8?Q?H=E1=BB=87_th=E1=BB=91ng_th=C6=B0?= <MAILER-DAEMON@%s>", q.reg.Domain())
	line("To: <%s>", r.from)
	line("Subject: =?utf-8?Q?Th=C6=B0_kh=C3=B4ng_=C4=91=E1=BA=BFn_n=C6=A1i_/_Undelivered_mail?=")
	line("Date: %s", rfc5322(now.In(rule.Zone)))
	line("Message-ID: <%s>", letter.NewMessageID(q.reg.Domain(), q.opt.Rand))
	if id := box.MessageID(r.head); id != "" && isASCII([]byte(id)) {
		line("In-Reply-To: <%s>", clean(id))
		line("References: <%s>", clean(id))
	}
	line("Auto-Submitted: auto-replied") // RFC 3834 5
	line("MIME-Version: 1.0")
	line("Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"%s\"", boundary)
	line("")
	line("--%s", boundary)
	line("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n")
	words := quotedprintable.NewWriter(&b)
	if _, err := io.WriteString(words, reportText(failed)); err != nil {
		return nil, err
	}
	if err := words.Close(); err != nil {
		return nil, err
	}
	q.writeStatus(line, boundary, r, failed, now)
	line("--%s", boundary)
	if isASCII(r.head) { // RFC 6522; RFC 6533 for a header in UTF-8
		line("Content-Type: text/rfc822-headers\r\n")
	} else {
		line("Content-Type: message/global-headers\r\n")
	}
	b.Write(bytes.TrimRight(r.head[:min(len(r.head), 32<<10)], "\r\n"))
	line("\r\n")
	line("--%s--", boundary)
	return b.Bytes(), nil
}

func (q *Queue) writeStatus(line func(string, ...any), boundary string, r report, failed []failure, now time.Time) {
	line("\r\n--%s", boundary)
	kind := "message/delivery-status"
	for _, f := range failed {
		if !isASCII([]byte(f.addr)) {
			kind = "message/global-delivery-status"
		}
	}
	line("Content-Type: %s\r\n", kind)
	line("Reporting-MTA: dns; %s", q.opt.Host)
	if r.envID != "" {
		line("Original-Envelope-Id: %s", clean(r.envID))
	}
	line("Arrival-Date: %s", rfc5322(r.arrived.In(rule.Zone)))
	for _, f := range failed {
		addrType := "rfc822"
		if !isASCII([]byte(f.addr)) {
			addrType = "utf-8"
		}
		line("\r\nFinal-Recipient: %s; %s", addrType, clean(f.addr))
		line("Action: failed")
		line("Status: %s", statusOf(f.err))
		if d := mail.AsFault("", f.err).Detail; d != "" {
			line("Diagnostic-Code: smtp; %s", clean(d))
		}
		line("Last-Attempt-Date: %s", rfc5322(now.In(rule.Zone)))
	}
}

func reportText(failed []failure) string {
	var b strings.Builder
	b.WriteString("Thư của ông/bà không đến được những địa chỉ sau. Thư gốc vẫn còn trong thư mục Đã gửi.\r\n" +
		"Your letter did not reach these addresses. The letter itself is still in your Sent folder.\r\n")
	for _, f := range failed {
		vi, en := reason(f.err)
		fmt.Fprintf(&b, "\r\n  %s\r\n    %s\r\n    %s\r\n", clean(f.addr), vi, en)
		if d := mail.AsFault("", f.err).Detail; d != "" && mail.KindOf(f.err) != mail.OverQuota {
			fmt.Fprintf(&b, "    (%s)\r\n", clean(d))
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

// statusOf is the enhanced status code of RFC 3463.
func statusOf(err error) string {
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
