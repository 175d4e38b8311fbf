package desk_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	mrand "math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/server/servertest"
)

// between stands between a client and the submission port of a server: it reads along, and may change or keep back what
// the server says.
type between struct {
	t      *testing.T
	srv    *servertest.Server
	end    mail.Endpoint
	answer func(said string, afterDot bool) (string, bool) // of the server; false is never handed on

	mu    sync.Mutex
	heard []string // commands
}

func startBetween(t *testing.T, srv *servertest.Server, answer func(said string, afterDot bool) (string, bool)) *between {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(filepath.Join(srv.Dir, "tls/server.pem"), filepath.Join(srv.Dir, "tls/server-key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12})
	if err != nil {
		t.Fatal(err)
	}
	addr, _ := l.Addr().(*net.TCPAddr)
	b := &between{t: t, srv: srv, answer: answer, end: mail.Endpoint{Host: "127.0.0.1", Port: addr.Port, Security: mail.TLS}}
	var wg sync.WaitGroup
	wg.Add(1)
	mail.Go("between", func() {
		defer wg.Done()
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Add(1)
			mail.Go("between", func() { defer wg.Done(); b.serve(c) })
		}
	})
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		wg.Wait()
	})
	return b
}

func (b *between) serve(client net.Conn) {
	d := tls.Dialer{Config: b.srv.TLS()}
	server, err := d.DialContext(context.Background(), "tcp", b.srv.SMTP)
	if err != nil {
		closeAll(client)
		return
	}
	var data, dot bool // guarded by mu: the server was asked for DATA, the dot has left
	done := make(chan struct{})
	mail.Go("between up", func() {
		defer close(done)
		defer closeAll(server)
		in := bufio.NewReader(client)
		for {
			line, err := in.ReadString('\n')
			if err != nil {
				return
			}
			b.mu.Lock()
			switch {
			case !data:
				b.heard = append(b.heard, strings.TrimRight(line, "\r\n"))
				data = strings.EqualFold(strings.TrimSpace(line), "DATA")
			case line == ".\r\n":
				data, dot = false, true
			}
			b.mu.Unlock()
			if _, err := io.WriteString(server, line); err != nil {
				return
			}
		}
	})
	out := bufio.NewReader(server)
	for {
		line, err := out.ReadString('\n')
		if err != nil {
			break
		}
		b.mu.Lock()
		after := dot
		b.mu.Unlock()
		line, ok := b.answer(line, after)
		if !ok {
			break
		}
		if _, err := io.WriteString(client, line); err != nil {
			break
		}
	}
	closeAll(client, server)
	<-done
}

func closeAll(list ...io.Closer) {
	for _, c := range list {
		if err := c.Close(); err != nil {
			continue // the other side was quicker
		}
	}
}

func (b *between) commands(prefix string) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(b.heard), func(s string) bool { return !strings.HasPrefix(strings.ToUpper(s), prefix) })
}

// TestKilledBeforeTheAnswer kills the client when the server has taken the letter and its 250 is on the way: nobody knows
// then whether it left. It must be delivered once, stand in Sent once, and be asked about, never sent anew silently.
func TestKilledBeforeTheAnswer(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	for _, document := range []bool{false, true} {
		t.Run(map[bool]string{false: "letter", true: "document"}[document], func(t *testing.T) { killedBeforeTheAnswer(t, document) })
	}
}

func killedBeforeTheAnswer(t *testing.T, document bool) {
	srv := servertest.Start(t)
	from, to := srv.Person("Nguyễn Thị Thu Hà", "nv"), srv.Person("Trần Văn Hùng", "nv")
	e := errand{Dir: t.TempDir(), Account: srv.Account(from), To: to.Wire, Subject: "Giữa chừng"}
	if document {
		e.Document = write(t, "cv.txt", "Số: 5/SNV-VP\nV/v giữa chừng\nNơi nhận:\n- Sở nv;\n- Ông Trần Văn Hùng;\n- Lưu: VT.\n")
	}
	var victim *os.Process
	kills := 0
	b := startBetween(t, srv, func(said string, afterDot bool) (string, bool) {
		if !afterDot || !strings.HasPrefix(said, "250") || kills > 0 {
			return said, true
		}
		kills++
		if err := victim.Kill(); err != nil {
			t.Error(err)
		}
		return "", false
	})
	e.Account.SMTP = b.end
	e.started = func(p *os.Process) { victim = p }
	said, died := e.live(t)
	if !died || kills != 1 || !slices.Contains(said, "queued") {
		t.Fatalf("%d kills: %q", kills, said)
	}
	e.Rest = true
	said, died = e.live(t)
	if died || !slices.Contains(said, "found outbox") {
		t.Fatalf("the second life: %q", said)
	}
	ha, hung := newPerson(t, srv, from), newPerson(t, srv, to)
	for _, c := range []struct {
		p    *person
		role mail.Role
	}{{ha, mail.RoleSent}, {hung, mail.RoleInbox}} {
		c.p.signIn(servertest.Password)
		c.p.until("ready", func() bool { return c.p.Status()[0].State == mail.Ready })
		if got := subjects(c.p.heads(c.role)); len(got) != 1 {
			t.Errorf("document %v, %s: %q", document, c.role, got)
		}
	}
	if document && !slices.ContainsFunc(said, func(s string) bool {
		return strings.HasPrefix(s, "register 1 accepted") || strings.HasPrefix(s, "register 1 delivered")
	}) {
		t.Errorf("the register: %q", said)
	}
	if got := b.commands("RCPT"); document && (len(got) == 0 || !strings.Contains(got[0], "NOTIFY=SUCCESS,DELAY,FAILURE ORCPT=RFC822;")) {
		t.Errorf("no report is asked for: %q", got)
	}
}

// TestVietnameseAddresses sends to kh&đt@… where the server takes SMTPUTF8 (RFC 6531) and where it does not: inside the
// system both reach the same box (D1). An address of another domain has no other spelling: it goes as it is or comes back.
func TestVietnameseAddresses(t *testing.T) {
	for _, offered := range []bool{true, false} {
		t.Run(map[bool]string{true: "offered", false: "not offered"}[offered], func(t *testing.T) { vietnameseAddresses(t, offered) })
	}
}

func vietnameseAddresses(t *testing.T, offered bool) {
	srv := servertest.Start(t)
	b := startBetween(t, srv, func(said string, _ bool) (string, bool) {
		if !offered && strings.Contains(said, "SMTPUTF8") && strings.HasPrefix(said, "250-") {
			said = "250-X-NOTHING\r\n"
		}
		return said, true
	})
	to, from := srv.Person("Trần Văn Hùng", "kh&đt"), srv.Person("Nguyễn Thị Thu Hà", "kh&đt")
	p, q := newPerson(t, srv, from), newPerson(t, srv, to)
	p.account.SMTP = b.end
	p.signIn(servertest.Password)
	q.signIn(servertest.Password)
	p.send(mail.DraftLetter{To: "Hùng <" + to.Address + ">", Subject: "Trong hệ thống", Body: "x\n"})
	q.until("delivered", func() bool { return len(q.heads(mail.RoleInbox)) == 1 })
	if h := q.heads(mail.RoleInbox)[0]; h.To[0].Addr != to.Wire || !strings.ContainsRune(to.Address, 'đ') {
		t.Errorf("To %+v of %s", h.To, to.Address)
	}
	if got := b.commands("MAIL"); len(got) != 1 || strings.Contains(got[0], "SMTPUTF8") {
		t.Errorf("offered %v: %q needs no SMTPUTF8", offered, got)
	}
	it := p.send(mail.DraftLetter{To: "phòng.tổng-hợp@tỉnh.example", Subject: "Ra ngoài", Body: "x\n"})
	p.until("an answer", func() bool {
		list, err := p.Outbox(t.Context())
		return err == nil && slices.ContainsFunc(list, func(o mail.OutboxItem) bool { return o.ID == it.ID && o.State == mail.OutRefused })
	})
	mails, rcpts := b.commands("MAIL"), b.commands("RCPT")
	if offered && (len(mails) != 2 || !strings.Contains(mails[1], "SMTPUTF8") || !strings.Contains(rcpts[1], "<phòng.tổng-hợp@tỉnh.example>") ||
		!strings.Contains(rcpts[1], "ORCPT=") && strings.Contains(rcpts[1], "NOTIFY")) {
		t.Errorf("offered: %q %q", mails, rcpts)
	}
	if !offered && len(mails) != 1 {
		t.Errorf("not offered, and something was said: %q %q", mails, rcpts)
	}
	drafts, err := p.Drafts(t.Context())
	if err != nil || len(drafts) != 1 || drafts[0].Refusal == "" || drafts[0].To != "phòng.tổng-hợp@tỉnh.example" {
		t.Errorf("it did not come back: %+v %v", drafts, err)
	}
}

// TestDocumentKilledAtAnyMoment sends documents in clients that are killed at a random step each: letter and line in the
// register are both there or neither, the document arrives once, and what was begun is found again.
func TestDocumentKilledAtAnyMoment(t *testing.T) {
	if testing.Short() {
		t.Skip("starts many processes")
	}
	srv := servertest.Start(t)
	from, to := srv.Person("Nguyễn Thị Thu Hà", "nv"), srv.Person("Trần Văn Hùng", "nv")
	e := errand{
		Dir: t.TempDir(), Account: srv.Account(from), To: to.Wire, Subject: "Vòng 0", Rest: true,
		Document: write(t, "cv.txt", "Số: 5/SNV-VP\nV/v bất cứ lúc nào\nNơi nhận:\n- Sở Không Có;\n- Lưu: VT.\n"),
	}
	said, died := e.live(t)
	var steps int64
	if died || len(said) == 0 {
		t.Fatalf("the first life: %q", said)
	} else if _, err := fmt.Sscanf(said[len(said)-1], "done %d", &steps); err != nil {
		t.Fatalf("the first life: %q", said)
	}
	seed := uint64(time.Now().UnixNano()) //nolint:gosec // any number will do
	t.Logf("seed %d, %d steps a life", seed, steps)
	rnd := mrand.New(mrand.NewPCG(seed, 1)) //nolint:gosec // a test's dice
	n := max(*rounds/2, 1)
	for i := 1; i <= n; i++ {
		e.Subject, e.Dir = fmt.Sprintf("Vòng %d", i), t.TempDir()
		var story []string
		saved, queued := false, false
		for life := 0; ; life++ {
			e.KillAt = 0
			if life < 3 {
				e.KillAt = 1 + rnd.Int64N(steps)
			}
			said, died := e.live(t)
			story = append(story, fmt.Sprintf("%d: %s", e.KillAt, strings.Join(said, ", ")))
			if slices.Contains(said, "found nowhere") && (saved || queued) || slices.Contains(said, "found draft") && queued {
				t.Errorf("%s was lost: %q", e.Subject, story)
			}
			saved = saved || slices.Contains(said, "saved")
			queued = queued || slices.Contains(said, "queued")
			if !died {
				if !slices.ContainsFunc(said, func(s string) bool { return strings.HasPrefix(s, "register 1 ") && s != "register 1 queued" }) {
					t.Errorf("%s: the register: %q", e.Subject, story)
				}
				break
			}
		}
	}
	hung := newPerson(t, srv, to)
	hung.signIn(servertest.Password)
	hung.until("ready", func() bool { return hung.Status()[0].State == mail.Ready })
	got := subjects(hung.heads(mail.RoleInbox))
	slices.Sort(got)
	if len(got) != n+1 || len(slices.Compact(got)) != n+1 {
		t.Errorf("not exactly once: %q", got)
	}
}
