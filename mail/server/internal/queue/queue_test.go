package queue

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/register"
)

func TestMain(m *testing.M) {
	if runHelper() {
		return
	}
	goleak.VerifyTestMain(m)
}

type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

type lockedRand struct {
	mu sync.Mutex
	r  *rand.ChaCha8
}

func (l *lockedRand) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.r.Read(p)
}

// fakeRelay answers as it is told and keeps what it was given.
type fakeRelay struct {
	mu      sync.Mutex
	err     error
	refused map[string]error
	got     []string // "from → to: size"
	text    string
	sent    []Transmission
	reports bool
	during  func()
}

func (f *fakeRelay) Send(_ context.Context, t Transmission, r io.Reader) (Handover, error) {
	if f.during != nil {
		f.during()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	p, err := io.ReadAll(r)
	if err != nil || int64(len(p)) != t.Size {
		return Handover{}, errors.Join(err, fmt.Errorf("%d octets, said %d", len(p), t.Size))
	}
	var to []string
	for _, one := range t.To {
		to = append(to, one.Address)
	}
	if f.err == nil {
		f.got = append(f.got, fmt.Sprintf("%s → %v utf8=%v", t.From, to, t.UTF8))
		f.sent = append(f.sent, t)
		f.text = string(p)
	}
	return Handover{Refused: f.refused, Reports: f.reports, Peer: "relay.vn"}, f.err
}

// post is a whole server without doors; its end checks every invariant.
type post struct {
	*Queue
	t     testing.TB
	clock *clock
	relay *fakeRelay
	fell  []error
	ha    register.Box
	nam   register.Box
}

func newPost(t testing.TB, relay bool) *post {
	t.Helper()
	ctx := context.Background()
	p := &post{t: t, clock: &clock{t: time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)}}
	d, err := db.Open(ctx, t.TempDir(), db.Options{Now: p.clock.now})
	p.must(err)
	b := box.New(d, box.Options{Now: p.clock.now, Spool: t.TempDir()})
	rnd := &lockedRand{r: rand.NewChaCha8([32]byte{3})}
	r, err := register.New(ctx, d, b, register.Options{
		Domain: "ninhbinh.gov.vn", Now: p.clock.now, Rand: rnd,
		Hash: register.HashCost{Memory: 64, Time: 1, Threads: 1},
	})
	p.must(err)
	o := Options{Host: "mail.ninhbinh.gov.vn", Now: p.clock.now, Rand: rnd, Failed: func(err error) { p.fell = append(p.fell, err) }}
	if relay {
		p.relay = &fakeRelay{}
		o.Relay = p.relay
	}
	p.Queue, err = New(d, b, r, o)
	p.must(err)
	unit, _, err := r.AddUnit(ctx, register.Actor{Door: register.Admin}, register.Unit{Name: "Sở Kế hoạch và Đầu tư"})
	p.must(err)
	p.ha, _, err = r.AddPerson(ctx, register.Actor{Door: register.Admin}, "Lê Hà", unit.ID, "")
	p.must(err)
	p.nam, _, err = r.AddPerson(ctx, register.Actor{Door: register.Admin}, "Trần Văn Nam", unit.ID, "")
	p.must(err)
	t.Cleanup(func() {
		if err := errors.Join(d.Check(ctx), b.Check(ctx), r.Check(ctx), p.Check(ctx), d.Close()); err != nil {
			t.Error(err)
		}
	})
	return p
}

func (p *post) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *post) kind(err error, kind mail.FaultKind, detail string) {
	p.t.Helper()
	if mail.KindOf(err) != kind || mail.AsFault("", err).Detail != detail {
		p.t.Fatalf("%v, want %s (%s)", err, kind, detail)
	}
}

const text = "From: hal.kh&dt@ninhbinh.gov.vn\r\nMessage-ID: <1@x>\r\nDate: Mon, 02 Mar 2026 08:00:00 +0700\r\nSubject: thu\r\n\r\nnội dung\r\n"

func (p *post) send(to ...string) Receipt {
	p.t.Helper()
	rec, err := p.Accept(context.Background(), p.envelope(to...), strings.NewReader(text))
	p.must(err)
	return rec
}

func (p *post) envelope(to ...string) Envelope {
	return Envelope{Account: p.ha.Account, From: p.ha.Address, To: To(to...), Helo: "may-tram", TLS: true, EnvID: "e1"}
}

func (p *post) inbox(b register.Box) (texts []string) {
	p.t.Helper()
	rows, err := p.box.Rows(context.Background(), box.InboxOf(b.Account), nil)
	p.must(err)
	for _, row := range rows {
		r, err := p.box.Open(context.Background(), row)
		p.must(err)
		all, err := io.ReadAll(r)
		p.must(err)
		texts = append(texts, string(all))
	}
	return texts
}

func TestLocalDelivery(t *testing.T) {
	p := newPost(t, false)
	rec := p.send("namtv.kh&đt@ninhbinh.gov.vn", "NAMTV.KH&DT@ninhbinh.gov.vn", "kh&dt@ninhbinh.gov.vn")
	if rec.Duplicate || len(rec.ID) != 16 {
		t.Errorf("%+v", rec)
	}
	got := p.inbox(p.nam)
	want := "Return-Path: <hal.kh&dt@ninhbinh.gov.vn>\r\nDelivered-To: namtv.kh&dt@ninhbinh.gov.vn\r\n" +
		"Received: from may-tram by mail.ninhbinh.gov.vn with ESMTPSA id " + rec.ID + ";\r\n\tMon, 02 Mar 2026 08:00:00 +0700\r\n" + text
	if len(got) != 1 || got[0] != want {
		t.Errorf("%q", got)
	}
	unit, err := p.reg.Lookup(t.Context(), "kh&đt")
	p.must(err)
	if len(p.inbox(unit)) != 1 {
		t.Error("the agency has not got it")
	}
	if list, err := p.List(t.Context()); err != nil || len(list) != 0 {
		t.Error(list, err)
	}
}

func TestSecondCopy(t *testing.T) {
	p := newPost(t, true)
	to := []string{p.nam.Wire, "dan@example.com"}
	first := p.send(to...)
	if again := p.send(to...); !again.Duplicate || again.ID != first.ID {
		t.Errorf("%+v", again)
	}
	if part := p.send(p.nam.Wire, p.ha.Wire); part.Duplicate || len(p.inbox(p.ha)) != 1 {
		t.Errorf("%+v: who has not got it must get it", part)
	}
	_, _, err := p.Step(t.Context())
	p.must(err)
	if again := p.send(to...); !again.Duplicate { // also after it left
		t.Errorf("%+v", again)
	}
	_, _, err = p.Step(t.Context())
	p.must(err)
	if len(p.inbox(p.nam)) != 1 || len(p.relay.got) != 1 {
		t.Error(len(p.inbox(p.nam)), p.relay.got)
	}
	// another letter under the same Message-ID is no copy; nothing may be lost
	_, err = p.Accept(t.Context(), p.envelope(p.nam.Wire), strings.NewReader(text+"thêm\r\n"))
	p.must(err)
	// another sender neither
	e := p.envelope(p.nam.Wire)
	e.Account, e.From = p.nam.Account, p.nam.Wire
	_, err = p.Accept(t.Context(), e, strings.NewReader(text))
	p.must(err)
	if len(p.inbox(p.nam)) != 3 {
		t.Error(len(p.inbox(p.nam)))
	}
	p.clock.add(8 * 24 * time.Hour)
	if late := p.send(p.nam.Wire); late.Duplicate {
		t.Error("the window never closes")
	}
}

func TestRefusals(t *testing.T) {
	p := newPost(t, false)
	ctx := t.Context()
	accept := func(e Envelope, text string) error {
		_, err := p.Accept(ctx, e, strings.NewReader(text))
		return err
	}
	p.kind(accept(p.envelope(), text), mail.Refused, "no-rcpt")
	e := p.envelope(p.nam.Wire)
	for _, from := range []string{"", p.nam.Wire, "hal.kh&dt", "ai@example.com", "hal.kh&dt@ninhbinh.gov.vn@x"} {
		e.From = from
		p.kind(accept(e, text), mail.Refused, "from")
	}
	p.kind(accept(p.envelope(p.nam.Wire), strings.Repeat("Received: x\r\n", 51)+text), mail.Refused, "loop")
	p.must(accept(p.envelope(p.nam.Wire), strings.Repeat("Received: x\r\n", 50)+text))
	for addr, want := range map[string][2]string{
		"khong.co@ninhbinh.gov.vn": {string(mail.BadAddress), ""}, "dan@example.com": {string(mail.Refused), "relay"},
		"dan%example.com@ninhbinh.gov.vn": {string(mail.BadAddress), ""}, "example.com!dan@ninhbinh.gov.vn": {string(mail.BadAddress), ""},
		"namtv.kh&dt": {string(mail.BadAddress), ""}, "": {string(mail.BadAddress), ""}, "postmaster": {string(mail.BadAddress), ""},
	} {
		_, err := p.Resolve(ctx, addr)
		p.kind(err, mail.FaultKind(want[0]), want[1])
		p.kind(accept(p.envelope(addr), text), mail.FaultKind(want[0]), want[1])
	}
	p.must(p.reg.Suspend(ctx, register.Actor{}, p.nam.Wire, "QC 5.2"))
	_, err := p.Resolve(ctx, p.nam.Wire)
	p.kind(err, mail.Refused, "suspended")
	p.must(p.box.SetQuota(ctx, p.ha.Account, 1))
	_, err = p.Inject(ctx, "a@b.vn", []string{p.ha.Wire}, strings.NewReader(text)) // too long by itself: found at delivery
	p.must(err)
	if len(p.inbox(p.ha)) != 0 || len(p.fell) != 1 {
		t.Error(p.fell)
	}
	broken := io.MultiReader(strings.NewReader(text), errReader{})
	if _, err := p.Accept(ctx, p.envelope("kh&dt@ninhbinh.gov.vn"), broken); err == nil {
		t.Error("half a letter was accepted")
	}
}

type errReader struct{}

func (errReader) Read([]byte) (int, error) { return 0, errors.New("connection lost") }

func TestMissingFieldsAreAdded(t *testing.T) {
	p := newPost(t, false)
	e := p.envelope(p.nam.Wire)
	e.Helo, e.UTF8 = "x\r\nBcc: y", true
	_, err := p.Accept(t.Context(), e, strings.NewReader("Subject: x\r\n\r\nDate: body\r\n"))
	p.must(err)
	l := letter.Parse([]byte(p.inbox(p.nam)[0]))
	if l.MessageID == "" || !l.Date.Equal(p.clock.now()) || l.Subject != "x" {
		t.Errorf("%+v", l.Head)
	}
	if !strings.Contains(p.inbox(p.nam)[0], "Received: from unknown by mail.ninhbinh.gov.vn with UTF8SMTPSA id ") {
		t.Errorf("%q", p.inbox(p.nam)[0])
	}
}

func TestRelayRetryAndGivingUp(t *testing.T) {
	p := newPost(t, true)
	ctx := t.Context()
	p.relay.err = &mail.Fault{Kind: mail.NoServer, Op: "relay", Detail: "không tới được"}
	p.send("a@example.com", "b@example.com", p.nam.Wire)
	if len(p.inbox(p.nam)) != 1 {
		t.Error("local recipients need not wait for the relay")
	}
	var waits []time.Duration
	for range 60 {
		next, waiting, err := p.Step(ctx)
		p.must(err)
		if !waiting {
			break
		}
		waits = append(waits, next.Sub(p.clock.now()))
		p.clock.add(next.Sub(p.clock.now()))
	}
	if len(waits) < 20 || waits[0] != time.Minute || waits[1] != 2*time.Minute || waits[15] != 4*time.Hour {
		t.Error(waits)
	}
	got := p.inbox(p.ha)
	if len(got) != 2 || !strings.Contains(got[0], "Action: delayed") || !strings.Contains(got[1], "Status: 5.4.7") || strings.Count(got[1], "Final-Recipient") != 2 {
		t.Errorf("%q", got)
	}
	if _, waiting, err := p.Step(ctx); waiting || err != nil || len(p.relay.got) != 0 {
		t.Error(waiting, err)
	}
}

func TestRelayRefusesOne(t *testing.T) {
	p := newPost(t, true)
	ctx := t.Context()
	p.relay.refused = map[string]error{
		"b@example.com": &mail.Fault{Kind: mail.BadAddress, Op: "relay", Detail: "550 no\r\nsuch user"},
		"c@example.com": &mail.Fault{Kind: mail.TryLater, Op: "relay", Detail: "450 later"},
	}
	p.send("a@example.com", "b@example.com", "c@example.com")
	_, waiting, err := p.Step(ctx)
	p.must(err)
	list, err := p.List(ctx)
	p.must(err)
	if !waiting || len(list) != 1 || list[0].To != "c@example.com" || list[0].Reply != "450 later" || list[0].Tries != 1 {
		t.Errorf("%+v", list)
	}
	if !strings.HasPrefix(p.relay.text, "Received: ") || strings.Contains(p.relay.text, "Return-Path") || p.relay.got[0] !=
		"hal.kh&dt@ninhbinh.gov.vn → [a@example.com b@example.com c@example.com] utf8=false" {
		t.Errorf("%q %q", p.relay.got, p.relay.text)
	}
	p.relay.refused = nil
	p.clock.add(time.Minute)
	_, waiting, err = p.Step(ctx)
	p.must(err)
	if waiting || len(p.relay.got) != 2 || !strings.Contains(p.relay.got[1], "[c@example.com]") {
		t.Error(waiting, p.relay.got)
	}
	if n := len(p.inbox(p.ha)); n != 1 {
		t.Error(n, "reports")
	}
}

// The report can be read by a person and by a machine (RFC 3464), and answers nobody (RFC 3834).
func TestReport(t *testing.T) {
	p := newPost(t, true)
	p.relay.err = &mail.Fault{Kind: mail.BadAddress, Op: "relay", Detail: "550 5.1.1 no such user"}
	first := p.envelope("công.dân@example.com")
	first.UTF8 = true
	_, err := p.Accept(t.Context(), first, strings.NewReader(text))
	p.must(err)
	_, _, err = p.Step(t.Context())
	p.must(err)
	raw := p.inbox(p.ha)[0]
	if !strings.HasPrefix(raw, "Return-Path: <>\r\n") {
		t.Errorf("%q", raw[:50])
	}
	for _, line := range strings.Split(raw, "\r\n") {
		if len(line) > 998 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("%q", line)
		}
	}
	l := letter.Parse([]byte(raw))
	if !l.Automatic || l.InReplyTo[0] != "1@x" || l.From[0].Name != "Hệ thống thư" || l.Subject != "Thư không đến nơi / Undelivered mail" || len(l.Defects) != 0 {
		t.Errorf("%+v %v", l.Head, l.Defects)
	}
	body := letter.SearchText(l)
	if !strings.Contains(body, "Không có địa chỉ này.") || !strings.Contains(body, "công.dân@example.com") {
		t.Errorf("%q", body)
	}
	for _, want := range []string{
		"multipart/report; report-type=delivery-status", "Reporting-MTA: dns; mail.ninhbinh.gov.vn\r\n", "Original-Envelope-Id: e1\r\n",
		"Final-Recipient: utf-8; công.dân@example.com\r\n", "Action: failed\r\nStatus: 5.1.1\r\nRemote-MTA: dns; relay.vn\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user\r\n", "Subject: thu\r\n",
	} {
		if !strings.Contains(raw, want) {
			t.Errorf("no %q in %s", want, raw)
		}
	}
	// NOTIFY=NEVER: no report
	e := p.envelope("x@example.com")
	e.To[0].Notify = NotifyNever
	_, err = p.Accept(t.Context(), e, strings.NewReader(text))
	p.must(err)
	_, waiting, err := p.Step(t.Context())
	if err != nil || waiting || len(p.inbox(p.ha)) != 1 {
		t.Error(waiting, err)
	}
}

func TestWhoLeftSinceRcpt(t *testing.T) {
	p := newPost(t, false)
	p.send(p.nam.Wire, "khong.co@ninhbinh.gov.vn")
	if len(p.inbox(p.nam)) != 1 || len(p.inbox(p.ha)) != 1 || !strings.Contains(p.inbox(p.ha)[0], "khong.co@ninhbinh.gov.vn") {
		t.Error("one delivered, one reported")
	}
	e := p.envelope(p.nam.Wire)
	p.must(p.box.SetQuota(t.Context(), p.nam.Account, 2000))
	_, err := p.Accept(t.Context(), e, strings.NewReader(strings.Replace(text, "1@x", "2@x", 1)+strings.Repeat("y", 2000)))
	p.must(err)
	if got := p.inbox(p.ha); len(got) != 2 || !strings.Contains(got[1], "Status: 5.2.2") {
		t.Error(len(got))
	}
}

func TestInject(t *testing.T) {
	p := newPost(t, false)
	for range 2 {
		_, err := p.Inject(t.Context(), "dan@example.com", []string{p.nam.Wire}, strings.NewReader("Subject: đơn\r\n\r\nx\r\n"))
		p.must(err)
	}
	got := p.inbox(p.nam)
	if len(got) != 2 || !strings.Contains(got[0], "Received: from mail.ninhbinh.gov.vn by mail.ninhbinh.gov.vn with local id ") ||
		strings.Contains(got[0], "Message-ID") {
		t.Errorf("%q", got)
	}
}

func TestRunWakesAndStops(t *testing.T) {
	p := newPost(t, true)
	ticks := make(chan time.Time)
	waits := make(chan time.Duration, 10)
	p.opt.Wait = func(d time.Duration) <-chan time.Time { waits <- d; return ticks }
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	mail.Go("queue", func() { done <- p.Run(ctx) })
	if d := <-waits; d != time.Hour {
		t.Error(d)
	}
	p.relay.mu.Lock()
	p.relay.err = &mail.Fault{Kind: mail.TryLater}
	p.relay.mu.Unlock()
	p.send("a@example.com")
	if d := <-waits; d != time.Minute {
		t.Error(d)
	}
	p.relay.mu.Lock()
	p.relay.err = nil
	p.relay.mu.Unlock()
	p.clock.add(time.Minute)
	ticks <- time.Time{}
	if d := <-waits; d != time.Hour || len(p.relay.got) != 1 {
		t.Error(d, p.relay.got)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestBackoff(t *testing.T) {
	for tries, want := range map[int]time.Duration{0: time.Minute, 1: time.Minute, 2: 2 * time.Minute, 8: 128 * time.Minute, 9: 4 * time.Hour, 1000: 4 * time.Hour} {
		if got := backoff(tries); got != want {
			t.Errorf("%d: %v", tries, got)
		}
	}
}

func FuzzHeaderSize(f *testing.F) {
	for _, s := range []string{"", "\r\n", "\n", "A: b\r\n\r\nc", "A: b\n\nc", "a\n\r\n\nb"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, p []byte) {
		n := headerSize(p)
		var out bytes.Buffer
		s := &skip{w: &out, n: n}
		for i := range p { // in the smallest pieces
			if _, err := s.Write(p[i : i+1]); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(out.Bytes(), p[n:]) {
			t.Errorf("%q at %d leaves %q", p, n, out.Bytes())
		}
	})
}
