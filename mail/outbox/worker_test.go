package outbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"hopthu/mail"
	"hopthu/mail/store"
)

func TestMain(m *testing.M) {
	if helper() {
		return
	}
	goleak.VerifyTestMain(m)
}

const account mail.AccountID = "a1"

var start = time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)

// fakeClock stands still until it is moved. Each call of After is announced.
type fakeClock struct {
	mu     sync.Mutex
	now    time.Time
	timers []timer
	waits  chan time.Duration
}

type timer struct {
	at time.Time
	c  chan time.Time
}

func newClock() *fakeClock { return &fakeClock{now: start, waits: make(chan time.Duration, 100)} }

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *fakeClock) After(d time.Duration) <-chan time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := timer{c.now.Add(d), make(chan time.Time, 1)}
	if d <= 0 {
		t.c <- c.now
	} else {
		c.timers = append(c.timers, t)
	}
	c.waits <- d
	return t.c
}

func (c *fakeClock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	var left []timer
	for _, t := range c.timers {
		if t.at.After(c.now) {
			left = append(left, t)
		} else {
			t.c <- c.now
		}
	}
	c.timers = left
}

// fakeSender is a server: it counts what it took.
type fakeSender struct {
	mu      sync.Mutex
	got     map[string]int // by Message-ID
	answer  func(e Envelope) (Receipt, error)
	during  func(e Envelope)
	envelop Envelope
}

func newSender() *fakeSender { return &fakeSender{got: map[string]int{}} }

func (f *fakeSender) Send(_ context.Context, e Envelope, size int64, r io.Reader) (Receipt, error) {
	if f.during != nil {
		f.during(e)
	}
	b, err := io.ReadAll(r)
	if err != nil || int64(len(b)) != size {
		return Receipt{}, fmt.Errorf("read %d octets of %d: %w", len(b), size, err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.envelop = e
	if f.answer != nil {
		rc, err := f.answer(e)
		if err == nil || mail.KindOf(err) == mail.Unsent {
			f.got[e.ID]++
		}
		return rc, err
	}
	f.got[e.ID]++
	return Receipt{Text: "250 2.0.0 queued as 4F1"}, nil
}

// office is one store, one sender, one clock, one worker.
type office struct {
	t      *testing.T
	s      *store.Store
	sender *fakeSender
	clock  *fakeClock
	w      *Worker
	fell   []*mail.Fault
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, sender: newSender(), clock: newClock()}
	s, err := store.Memory(context.Background(), store.Options{Now: o.clock.Now})
	o.must(err)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	o.s = s
	prepare(t, s)
	o.w = o.worker(s)
	return o
}

func prepare(t testing.TB, s *store.Store) {
	t.Helper()
	ctx := context.Background()
	err := s.PutAccount(ctx, mail.Account{ID: account, Address: "an@ninhbinh.example"})
	if err == nil {
		err = s.PutFolders(ctx, account, []store.FolderSpec{
			{Name: "INBOX", Role: mail.RoleInbox, Selectable: true, Remote: -1}, {Name: "Sent", Role: mail.RoleSent, Selectable: true, Remote: -1},
		})
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (o *office) worker(s Store) *Worker {
	w := New(s, func(a mail.AccountID) (Sender, bool) { return o.sender, a == account }, o.clock)
	w.Fell = func(f *mail.Fault) { o.fell = append(o.fell, f) }
	return w
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func outgoing(mid string, next time.Time) store.Outgoing {
	return store.Outgoing{
		Item: mail.OutboxItem{Account: account, MessageID: mid, Subject: "Báo cáo", Next: next},
		From: "an@ninhbinh.example", To: []string{"binh@ninhbinh.example", "chi@ninhbinh.example"},
		Raw: []byte("Message-ID: <" + mid + ">\r\n\r\nKính gửi\r\n"), Checked: true,
		Draft: mail.DraftLetter{Account: account, To: "binh@ninhbinh.example", Subject: "Báo cáo", Body: "Kính gửi", MessageID: mid},
	}
}

func (o *office) add(mid string, undo time.Duration) mail.OutboxID {
	o.t.Helper()
	id, err := o.s.AddOutgoing(context.Background(), outgoing(mid, o.clock.Now().Add(undo)))
	o.must(err)
	return id
}

func (o *office) item(id mail.OutboxID) mail.OutboxItem {
	o.t.Helper()
	x, err := o.s.OutgoingByID(context.Background(), id)
	o.must(err)
	return x.Item
}

func (o *office) work() {
	o.t.Helper()
	o.must(o.w.work(context.Background()))
}

func (o *office) putInSent(mid string) {
	o.t.Helper()
	f, _, err := o.s.FolderByRole(context.Background(), account, mail.RoleSent)
	o.must(err)
	_, err = o.s.PutLetters(context.Background(), account, f.ID, []store.Incoming{{Head: mail.Head{UID: 7, MessageID: mid, Received: o.clock.Now()}}}, false)
	o.must(err)
}

func TestSendAndFile(t *testing.T) {
	o := newOffice(t)
	id := o.add("m1@x", 10*time.Second)
	o.work()
	if len(o.sender.got) != 0 || o.item(id).State != mail.OutQueued {
		t.Fatal("left before its undo time was over")
	}
	o.clock.Add(10 * time.Second)
	state := mail.OutboxState("")
	o.sender.during = func(Envelope) { state = o.item(id).State }
	o.work()
	if state != mail.OutSending {
		t.Errorf("while the bytes left, the disk said %q", state)
	}
	it := o.item(id)
	if it.State != mail.OutSent || it.Reply != "250 2.0.0 queued as 4F1" || !it.Submitted.Equal(o.clock.Now()) || !it.Filed.IsZero() {
		t.Errorf("after 250: %+v", it)
	}
	if e := o.sender.envelop; e.ID != "m1@x" || e.From != "an@ninhbinh.example" || len(e.To) != 2 {
		t.Errorf("envelope %+v", e)
	}
	ops, err := o.s.PendingOps(context.Background(), account)
	o.must(err)
	if len(ops) != 1 || ops[0].Kind != store.OpAppend || ops[0].MessageID != "m1@x" || ops[0].Add != mail.Seen {
		t.Fatalf("operations %+v", ops)
	}
	raw, err := o.s.OpBytes(context.Background(), ops[0].ID)
	o.must(err)
	if string(raw) != string(outgoing("m1@x", start).Raw) {
		t.Errorf("copy for Sent is %q", raw)
	}
	o.must(o.s.OpDone(context.Background(), ops[0].ID, store.OpResult{}))
	if o.item(id).Filed.IsZero() {
		t.Error("not recorded as filed")
	}
	if list, err := o.s.Outbox(context.Background()); err != nil || len(list) != 0 {
		t.Errorf("outbox still lists %v (%v)", list, err)
	}
	if list, err := o.s.Evidence(context.Background(), 10); err != nil || len(list) != 1 {
		t.Errorf("evidence %v (%v)", list, err)
	}
	o.work()
	if o.sender.got["m1@x"] != 1 {
		t.Errorf("sent %d times", o.sender.got["m1@x"])
	}
}

func fault(k mail.FaultKind, detail string) error {
	return &mail.Fault{Kind: k, Op: "send", Detail: detail}
}

func TestOutcomes(t *testing.T) {
	for _, c := range []struct {
		err   error
		state mail.OutboxState
		reply string
	}{
		{fault(mail.Refused, "550 5.1.1 no\x1b[2J such \u202euser"), mail.OutRefused, "550 5.1.1 no[2J such user"},
		{fault(mail.TooBig, "552 too big"), mail.OutRefused, "552 too big"},
		{fault(mail.BadAddress, ""), mail.OutRefused, "bad-address"},
		{fault(mail.TryLater, "451 greylisted"), mail.OutWaiting, "451 greylisted"},
		{fault(mail.NoServer, ""), mail.OutWaiting, "no-server"},
		{fault(mail.LostConnection, ""), mail.OutWaiting, "lost-connection"},
		{fault(mail.BadPassword, ""), mail.OutWaiting, "bad-password"},
		{fault(mail.NoFile, "/nowhere/ca.pem"), mail.OutWaiting, "/nowhere/ca.pem"},
		{fault(mail.BadSettings, "no server"), mail.OutWaiting, "no server"},
		{fault(mail.Unsent, ""), mail.OutUnknown, ""},
		{errors.New("something else"), mail.OutUnknown, ""},
	} {
		t.Run(string(mail.KindOf(c.err)), func(t *testing.T) {
			o := newOffice(t)
			o.sender.answer = func(Envelope) (Receipt, error) { return Receipt{}, c.err }
			id := o.add("m1@x", 0)
			o.work()
			it := o.item(id)
			if it.State != c.state || it.Reply != c.reply || it.Tries != 1 {
				t.Errorf("got %+v", it)
			}
			drafts, err := o.s.Drafts(context.Background())
			o.must(err)
			if back := len(drafts) == 1; back != (c.state == mail.OutRefused) {
				t.Errorf("drafts %+v", drafts)
			} else if back && (drafts[0].Refusal != c.reply || drafts[0].Body != "Kính gửi") {
				t.Errorf("draft came back as %+v", drafts[0])
			}
			if told := len(o.fell) == 1 && o.fell[0].Op == OpBack; told != (c.state == mail.OutRefused) {
				t.Errorf("the person was told %v", o.fell)
			}
		})
	}
}

func TestRetryWithBackoff(t *testing.T) {
	o := newOffice(t)
	o.sender.answer = func(Envelope) (Receipt, error) { return Receipt{}, fault(mail.TryLater, "451") }
	id := o.add("m1@x", 0)
	for i, d := range append(append([]time.Duration{}, delays...), time.Hour, time.Hour) {
		o.work()
		it := o.item(id)
		if it.Tries != i+1 || it.State != mail.OutWaiting || it.Next.Sub(o.clock.Now()) != d {
			t.Fatalf("after try %d: %+v, waits %v, want %v", i+1, it, it.Next.Sub(o.clock.Now()), d)
		}
		o.clock.Add(d - time.Second)
		o.work()
		if o.item(id).Tries != i+1 {
			t.Fatalf("tried before its time")
		}
		o.clock.Add(time.Second)
	}
	o.sender.answer = nil
	o.work()
	if o.item(id).State != mail.OutSent {
		t.Errorf("not sent in the end: %+v", o.item(id))
	}
}

func TestPartialRefusal(t *testing.T) {
	o := newOffice(t)
	o.sender.answer = func(Envelope) (Receipt, error) {
		return Receipt{Text: "250 ok", Refused: map[string]string{"chi@ninhbinh.example": "550 no such user"}}, nil
	}
	id := o.add("m1@x", 0)
	o.work()
	x, err := o.s.OutgoingByID(context.Background(), id)
	o.must(err)
	if x.Item.State != mail.OutSent || x.Item.Reply != "250 ok\nchi@ninhbinh.example: 550 no such user" ||
		!maps.Equal(x.Refused, map[string]string{"chi@ninhbinh.example": "550 no such user"}) {
		t.Errorf("got %+v", x)
	}
	if len(o.fell) != 1 || o.fell[0].Detail != "chi@ninhbinh.example: 550 no such user" || o.fell[0].Op != OpSome {
		t.Errorf("person was told %v", o.fell)
	}
}

func TestUnknownIsFoundInSent(t *testing.T) {
	o := newOffice(t)
	o.sender.answer = func(Envelope) (Receipt, error) { return Receipt{}, fault(mail.Unsent, "") }
	id := o.add("m1@x", 0)
	for range 3 {
		o.work()
		o.clock.Add(time.Hour)
	}
	if o.item(id).State != mail.OutUnknown || o.sender.got["m1@x"] != 1 {
		t.Fatalf("%+v, sent %d times", o.item(id), o.sender.got["m1@x"])
	}
	if _, ok, err := o.s.Recall(context.Background(), id); ok || err != nil {
		t.Errorf("an unknown letter was recalled: %v %v", ok, err)
	}
	o.putInSent("m1@x")
	o.work()
	it := o.item(id)
	if it.State != mail.OutSent || it.Filed.IsZero() {
		t.Errorf("got %+v", it)
	}
	if ops, err := o.s.PendingOps(context.Background(), account); err != nil || len(ops) != 0 {
		t.Errorf("would be filed twice: %+v (%v)", ops, err)
	}
}

func TestKickWhenBackOnline(t *testing.T) {
	o := newOffice(t)
	o.sender.answer = func(Envelope) (Receipt, error) { return Receipt{}, fault(mail.NoServer, "") }
	id := o.add("m1@x", 0)
	for range 4 {
		o.work()
		o.clock.Add(time.Hour)
	}
	o.work()
	o.clock.Add(pause - time.Second)
	o.must(o.w.backOnline(context.Background()))
	tries := o.item(id).Tries
	o.work()
	if o.item(id).Tries != tries {
		t.Error("tried again within the least time")
	}
	o.clock.Add(time.Second)
	o.sender.answer = nil
	o.must(o.w.backOnline(context.Background()))
	o.work()
	if o.item(id).State != mail.OutSent {
		t.Errorf("got %+v", o.item(id))
	}
}

func TestNoSenderWaits(t *testing.T) {
	o := newOffice(t)
	o.w.senders = func(mail.AccountID) (Sender, bool) { return nil, false }
	id := o.add("m1@x", 0)
	o.work()
	if it := o.item(id); it.State != mail.OutWaiting || it.Tries != 0 {
		t.Errorf("got %+v", it)
	}
}

func TestClockSetBack(t *testing.T) {
	o := newOffice(t)
	id := o.add("m1@x", 10*time.Second)
	o.clock.Add(-24 * time.Hour)
	o.work()
	if o.item(id).State != mail.OutQueued {
		t.Error("undo time was cut short")
	}
	o.clock.Add(10 * time.Second)
	o.work()
	if o.item(id).State != mail.OutSent {
		t.Errorf("waits for yesterday's clock: %+v", o.item(id))
	}
}

func TestRun(t *testing.T) {
	o := newOffice(t)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	sent := make(chan string, 10)
	o.sender.during = func(e Envelope) { sent <- e.ID }
	id := o.add("m1@x", 10*time.Second)
	mail.Go("outbox", func() { done <- o.w.Run(ctx) })
	if d := <-o.clock.waits; d != 10*time.Second {
		t.Errorf("waits %v for the undo time", d)
	}
	o.add("m2@x", 0)
	o.w.Kick()
	if got := <-sent; got != "m2@x" {
		t.Errorf("kick sent %s", got)
	}
	<-o.clock.waits
	o.clock.Add(10 * time.Second)
	if got := <-sent; got != "m1@x" {
		t.Errorf("time sent %s", got)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("Run ended with %v", err)
	}
	if o.item(id).State != mail.OutSent {
		t.Errorf("outcome was not recorded at the end: %+v", o.item(id))
	}
}

// TestAccountRemovedWhileSending: nobody can take the outcome any more, and the letters of other accounts go on.
func TestAccountRemovedWhileSending(t *testing.T) {
	o := newOffice(t)
	o.must(o.s.PutAccount(context.Background(), mail.Account{ID: "other", Address: "khac@ninhbinh.example"}))
	o.w.senders = func(mail.AccountID) (Sender, bool) { return o.sender, true }
	o.add("m1@x", 0)
	second := outgoing("m2@x", o.clock.Now())
	second.Item.Account, second.Draft.Account = "other", "other"
	id, err := o.s.AddOutgoing(context.Background(), second)
	o.must(err)
	o.sender.during = func(e Envelope) {
		if e.ID == "m1@x" {
			o.must(o.s.DropAccount(context.Background(), account))
		}
	}
	o.work()
	o.work()
	if o.item(id).State != mail.OutSent || o.sender.got["m2@x"] != 1 || o.sender.got["m1@x"] != 1 {
		t.Errorf("%+v, server has %v", o.item(id), o.sender.got)
	}
}
