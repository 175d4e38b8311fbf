package queue

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/server/internal/register"
)

// report gives the only report in a box, and empties nothing.
func (p *post) report(n int) string {
	p.t.Helper()
	got := p.inbox(p.ha)
	if len(got) != n {
		p.t.Fatalf("%d reports, want %d: %q", len(got), n, got)
	}
	if n == 0 {
		return ""
	}
	raw := got[n-1]
	if l := letter.Parse([]byte(raw)); len(l.Defects) != 0 || !l.Automatic || !strings.HasPrefix(raw, "Return-Path: <>\r\n") {
		p.t.Errorf("%v in %s", l.Defects, raw)
	}
	return raw
}

func (p *post) wants(raw string, all ...string) {
	p.t.Helper()
	for _, s := range all {
		if !strings.Contains(raw, s) {
			p.t.Errorf("no %q in %s", s, raw)
		}
	}
}

// What is told of a recipient, by what the sender asked for (RFC 3461 4.1, 5.2): a table of every case.
func TestNotify(t *testing.T) {
	for _, c := range []struct {
		notify Notify
		want   string // of delivered, relayed, delayed, failed
	}{
		{0, "delayed failed"},
		{NotifyNever, ""},
		{NotifySuccess, "delivered relayed"},
		{NotifyFailure, "failed"},
		{NotifyDelay, "delayed"},
		{NotifySuccess | NotifyFailure | NotifyDelay, "delivered relayed delayed failed"},
	} {
		var told []string
		for _, a := range []action{delivered, relayed, delayed, failed, silent} {
			if (outcome{Recipient: Recipient{Notify: c.notify}, action: a}).wanted() {
				told = append(told, string(a))
			}
		}
		if got := strings.Join(told, " "); got != c.want {
			t.Errorf("%d: %q, want %q", c.notify, got, c.want)
		}
	}
}

// One letter, one report: those reached and those not, each with its own words.
func TestReportOfDelivery(t *testing.T) {
	p := newPost(t, false)
	ctx := t.Context()
	e := p.envelope()
	e.To = []Recipient{
		{Address: p.nam.Wire, Notify: NotifySuccess | NotifyFailure, Original: "utf-8;nam.kh&đt@ninhbinh.gov.vn"},
		{Address: "khong.co@ninhbinh.gov.vn", Notify: NotifyFailure},
		{Address: "kh&dt@ninhbinh.gov.vn", Notify: NotifyFailure},
	}
	rec, err := p.Accept(ctx, e, strings.NewReader(text))
	p.must(err)
	raw := p.report(1)
	p.wants(raw, "Content-Type: message/delivery-status\r\n", "Original-Envelope-Id: e1\r\nReporting-MTA: dns; mail.ninhbinh.gov.vn\r\n",
		"Original-Recipient: utf-8; nam.kh&\\x{111}t@ninhbinh.gov.vn\r\nFinal-Recipient: rfc822; "+p.nam.Wire+"\r\nAction: delivered\r\nStatus: 2.0.0\r\n",
		"Final-Recipient: rfc822; khong.co@ninhbinh.gov.vn\r\nAction: failed\r\nStatus: 5.1.1\r\n", "In-Reply-To: <1@x>\r\n")
	if strings.Count(raw, "Final-Recipient") != 2 || letter.Parse([]byte(raw)).Subject != "Thư không đến nơi / Undelivered mail" {
		t.Errorf("%s", raw)
	}
	if r, ok := letter.ReadReport([]byte(raw)); !ok || len(r.Recipients) != 2 || r.Recipients[1].State != mail.DeliveryDelivered ||
		!slices.Contains(r.Recipients[1].Addresses, "nam.kh&đt@ninhbinh.gov.vn") || !slices.Contains(r.MessageIDs, "1@x") || !slices.Contains(r.MessageIDs, "e1") {
		t.Errorf("our own client reads %+v %v", r, ok)
	}
	// A second copy is no second delivery, and no second report.
	if again, err := p.Accept(ctx, e, strings.NewReader(text)); err != nil || !again.Duplicate || again.ID != rec.ID {
		t.Errorf("%+v %v", again, err)
	}
	p.report(1)
	e.To, e.UTF8 = e.To[:1], true
	_, err = p.Accept(ctx, e, strings.NewReader("Message-ID: <2@x>\r\nSubject: Quyết định\r\n\r\nx\r\n"))
	p.must(err)
	raw = p.report(2)
	p.wants(raw, "Content-Type: message/global-delivery-status\r\n", "Original-Recipient: utf-8; nam.kh&đt@ninhbinh.gov.vn\r\n",
		"Content-Type: message/global-headers\r\n", "Subject: Quyết định\r\n")
	if s := letter.Parse([]byte(raw)).Subject; s != "Thư đã đến nơi / Delivered mail" {
		t.Error(s)
	}
}

func TestNoReportWhereNoneIsWanted(t *testing.T) {
	p := newPost(t, true)
	ctx := t.Context()
	p.relay.err = &mail.Fault{Kind: mail.BadAddress, Op: "relay", Detail: "550 no"}
	e := p.envelope()
	e.To = []Recipient{{Address: "x@example.com", Notify: NotifyNever}, {Address: "khong.co@ninhbinh.gov.vn", Notify: NotifyNever}, {Address: p.nam.Wire, Notify: NotifyNever}}
	_, err := p.Accept(ctx, e, strings.NewReader(text))
	p.must(err)
	_, err = p.Inject(ctx, "", []string{p.nam.Wire, "khong.co@ninhbinh.gov.vn", "y@example.com"}, strings.NewReader(text)) // the null sender
	p.must(err)
	_, waiting, err := p.Step(ctx)
	if err != nil || waiting || len(p.fell) != 0 {
		t.Error(waiting, err, p.fell)
	}
	p.report(0)
	p.must(p.reg.Suspend(ctx, register.Actor{}, p.nam.Wire, "QC 5.2"))
	e.To = []Recipient{{Address: p.nam.Wire, Notify: NotifyNever}, {Address: "kh&dt@ninhbinh.gov.vn"}}
	_, err = p.Accept(ctx, e, strings.NewReader(strings.Replace(text, "1@x", "9@x", 1)))
	p.must(err)
	p.report(0)
}

// A relay that reports by itself is asked to; of one that does not, all that can ever be said is "relayed" (RFC 3461 5.2.2).
func TestReportOfRelaying(t *testing.T) {
	for _, reports := range []bool{true, false} {
		p := newPost(t, true)
		p.relay.reports = reports
		e := p.envelope()
		e.Return = ReturnFull
		e.To = []Recipient{{Address: "a@example.com", Notify: NotifySuccess, Original: "rfc822;a@example.com"}, {Address: "b@example.com", Notify: NotifyFailure}}
		_, err := p.Accept(t.Context(), e, strings.NewReader(text))
		p.must(err)
		_, _, err = p.Step(t.Context())
		p.must(err)
		if got := p.relay.sent[0]; got.EnvID != "e1" || got.Return != ReturnFull || fmt.Sprint(got.To) != fmt.Sprint(e.To) {
			t.Errorf("%+v", got)
		}
		if reports {
			p.report(0)
			continue
		}
		raw := p.report(1)
		p.wants(raw, "Final-Recipient: rfc822; a@example.com\r\nAction: relayed\r\nStatus: 2.0.0\r\nRemote-MTA: dns; relay.vn\r\n", "text/rfc822-headers")
		if strings.Contains(raw, "b@example.com") || strings.Contains(raw, "message/rfc822") {
			t.Errorf("%s", raw)
		}
	}
}

// Of a delay the sender hears once, and may go on to hear of a failure.
func TestReportOfDelay(t *testing.T) {
	p := newPost(t, true)
	ctx := t.Context()
	p.relay.err = &mail.Fault{Kind: mail.NoServer, Op: "relay", Detail: "relay.vn"}
	e := p.envelope()
	e.Return = ReturnFull
	e.To = []Recipient{{Address: "a@example.com"}, {Address: "b@example.com", Notify: NotifyFailure}, {Address: "c@example.com", Notify: NotifyNever}}
	_, err := p.Accept(ctx, e, strings.NewReader(text))
	p.must(err)
	begin := p.clock.now()
	told := -1
	for n := 0; ; n++ {
		next, waiting, err := p.Step(ctx)
		p.must(err)
		if !waiting {
			break
		}
		if len(p.inbox(p.ha)) == 1 && told < 0 {
			told = n
			raw := p.report(1)
			p.wants(raw, "Final-Recipient: rfc822; a@example.com\r\nAction: delayed\r\nStatus: 4.4.1\r\n", "Will-Retry-Until: "+rfc5322(begin.Add(5*24*time.Hour).In(time.FixedZone("", 7*3600))))
			if strings.Contains(raw, "b@example.com") || strings.Contains(raw, "message/rfc822") || p.clock.now().Sub(begin) < 4*time.Hour {
				t.Errorf("after %v: %s", p.clock.now().Sub(begin), raw)
			}
		}
		p.clock.add(next.Sub(p.clock.now()))
	}
	raw := p.report(2)
	p.wants(raw, "a@example.com", "b@example.com", "Action: failed\r\nStatus: 5.4.7\r\n", "Content-Type: message/rfc822\r\n")
	if strings.Contains(raw, "c@example.com") || told < 0 {
		t.Errorf("told at try %d: %s", told, raw)
	}
}

func TestWholeLetterComesBack(t *testing.T) {
	p := newPost(t, true)
	p.relay.err = &mail.Fault{Kind: mail.TooBig, Op: "relay", Detail: "552 big"}
	for i, size := range []int{10, 2 * maxReturned} {
		e := p.envelope("x@example.com")
		e.Return = ReturnFull
		_, err := p.Accept(t.Context(), e, strings.NewReader(fmt.Sprintf("Message-ID: <%d@x>\r\nX-Old: \xe9\r\n\r\n%s\r\nlast line\r\n", i, strings.Repeat("0123456789abcde\r\n", size/17))))
		p.must(err)
		_, _, err = p.Step(t.Context())
		p.must(err)
	}
	got := p.inbox(p.ha)
	if len(got) != 2 || !strings.Contains(got[0], "message/rfc822") || !strings.Contains(got[0], "last line\r\n") ||
		strings.Contains(got[1], "message/rfc822") || !strings.Contains(got[1], "X-Old: =E9") {
		t.Errorf("%q", got)
	}
}

func TestTyped(t *testing.T) {
	for _, c := range []struct {
		addr string
		utf8 bool
		want string
	}{
		{"a+b@x.vn", false, "rfc822; a+b@x.vn"},
		{"kh&đt@x.vn", true, "utf-8; kh&đt@x.vn"},
		{"đ+=\\ @x.vn", false, "utf-8; \\x{111}\\x{2B}\\x{3D}\\x{5C}\\x{20}@x.vn"},
		{"a\r\nb@x.vn", true, "rfc822; a  b@x.vn"},
	} {
		if got := typed("rfc822", c.addr, c.utf8); got != c.want {
			t.Errorf("%q: %q, want %q", c.addr, got, c.want)
		}
	}
}
