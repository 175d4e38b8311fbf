package desk_test

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	mrand "math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/desk"
	"hopthu/mail/rule"
	"hopthu/mail/server/servertest"
	"hopthu/mail/store"
	"hopthu/mail/wire"
)

var rounds = flag.Int("rounds", 12, "letters that TestKilledAtAnyMoment writes, each in a client that is killed")

const crashEnv = "HOPTHU_DESK_CRASH"

func TestMain(m *testing.M) {
	if path := os.Getenv(crashEnv); path != "" {
		if err := mortalClient(path); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// errand is what a client process has to do: write a letter and see it into Sent.
type errand struct {
	Dir     string
	Account mail.Account
	To      string
	Subject string
	Upload  bool  // wait until the draft stands at the server
	Rest    bool  // go on until nothing is left to do
	KillAt  int64 // the process ends at this moment; 0 never

	Document string            // file of a document to send out instead of a letter; "" for a letter
	started  func(*os.Process) // told which process it is
}

// moments counts everything that a client does to the world, reads and writes of sockets and commits of the store, and
// ends the process at one of them.
type moments struct{ at, n atomic.Int64 }

func (m *moments) tick() {
	if m.n.Add(1) != m.at.Load() {
		return
	}
	if p, err := os.FindProcess(os.Getpid()); err == nil && p.Kill() == nil {
		select {} // no further step
	}
	panic("cannot die")
}

// mortalConn is a connection whose process may die before and after each step.
type mortalConn struct {
	net.Conn
	m *moments
}

func (c mortalConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.m.tick()
	return n, err
}

func (c mortalConn) Write(b []byte) (int, error) {
	c.m.tick()
	defer c.m.tick()
	return c.Conn.Write(b)
}

// mortalClient is the process that is killed. It says what it has acknowledged to the person.
func mortalClient(path string) error {
	b, err := os.ReadFile(path) //nolint:gosec // from the test that started us
	if err != nil {
		return err
	}
	var e errand
	if err := json.Unmarshal(b, &e); err != nil {
		return err
	}
	var m moments
	m.at.Store(e.KillAt)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c := desk.NewCollector()
	s, err := store.Open(ctx, filepath.Join(e.Dir, "store.db"), [32]byte{3}, store.Options{Now: time.Now, Changed: func(ev mail.Event) {
		m.tick()
		c.Changed(ev)
	}})
	if err != nil {
		return err
	}
	dial := func(ctx context.Context, network, addr string) (net.Conn, error) {
		var d net.Dialer
		conn, err := d.DialContext(ctx, network, addr)
		return mortalConn{conn, &m}, err
	}
	d := desk.New(desk.Options{
		Store: s, Secrets: &vault{m: map[string]string{"password:" + string(e.Account.ID): servertest.Password}}, Network: network{wire.New(wire.Options{Now: time.Now, Dial: dial})},
		Clock: clock{}, Rand: rand.Reader, Log: slog.New(slog.DiscardHandler), Settings: mail.Settings{Language: "vi", ReplyDays: 5}, Accounts: []mail.Account{e.Account},
	}, c)
	running, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	mail.Go("desk", func() { done <- d.Run(running) })
	err = e.run(ctx, d)
	for ready := 0; err == nil && e.Rest && ready < 3; { // three times in step: what a look finds is done by the next
		var ops []store.Op
		if ops, err = s.PendingOps(ctx, e.Account.ID); err != nil {
			break
		}
		if len(ops) == 0 && d.Status()[0].State == mail.Ready {
			ready++
			d.Refresh("")
		}
		_, err = d.Next(ctx)
	}
	stop()
	if err := errors.Join(err, <-done, s.Close()); err != nil {
		return err
	}
	fmt.Println("done", m.n.Load())
	return nil
}

// run looks for the letter first: an earlier life may have written it.
func (e errand) run(ctx context.Context, d *desk.Desk) error {
	if e.Document != "" {
		return e.issue(ctx, d)
	}
	dr, where, err := e.find(ctx, d)
	if err != nil {
		return err
	}
	fmt.Println("found", where)
	if where == "nowhere" {
		dr = mail.DraftLetter{Account: e.Account.ID, To: e.To, Subject: e.Subject, Body: "Chữ này không được mất.\n"}
		if dr, err = d.SaveDraft(ctx, dr, true); err != nil {
			return err
		}
		fmt.Println("saved")
		for e.Upload {
			up, err := e.uploaded(ctx, d)
			if err != nil {
				return err
			}
			if up {
				break
			}
			if _, err := d.Next(ctx); err != nil {
				return fmt.Errorf("the draft is never uploaded: %w", err)
			}
		}
	}
	if where == "nowhere" || where == "draft" {
		if _, err := d.Send(ctx, dr, nil); err != nil {
			return err
		}
		fmt.Println("queued")
	}
	return e.leave(ctx, d)
}

// leave waits until the outbox is empty.
func (e errand) leave(ctx context.Context, d *desk.Desk) error {
	for {
		list, err := d.Outbox(ctx)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, it := range list {
			if it.State == mail.OutUnknown { // the person decides to try again; the server drops a second one
				if err := d.Resend(ctx, it.ID); err != nil && mail.KindOf(err) != mail.Conflict {
					return err
				}
			}
		}
		if _, err := d.Next(ctx); err != nil {
			return fmt.Errorf("stuck with %+v: %w", list, err)
		}
	}
}

// issue sends a document out: what an earlier life began is found again. It says what stands in the register in the end.
func (e errand) issue(ctx context.Context, d *desk.Desk) error {
	list, err := d.Register(ctx, "", "")
	if err != nil {
		return err
	}
	open, err := d.OpenedDispatches(ctx)
	if err != nil {
		return err
	}
	switch {
	case len(list) > 1 || len(open) > 1 || len(list)+len(open) > 1:
		return fmt.Errorf("%d in the register, %d begun", len(list), len(open))
	case len(list) == 1:
		fmt.Println("found outbox")
	case len(open) == 1:
		fmt.Println("found draft")
	default:
		fmt.Println("found nowhere")
		x, err := d.OpenDispatch(ctx, e.Account.ID, e.Document, "")
		if err != nil {
			return err
		}
		fmt.Println("saved")
		open = append(open, x)
	}
	if len(list) == 0 {
		x := open[0]
		x.Picks = mapOf(x.Picks)
		for i, r := range x.Plan.Rows {
			if r.State.Open() || r.State == rule.RowReady || r.State == rule.RowGroup {
				x.Picks[i] = rule.Pick{Skip: true}
			}
		}
		x.Extra = []mail.Address{{Addr: e.To}}
		if x, err = d.PlanDispatch(ctx, x); err != nil {
			return err
		}
		x.Subject = e.Subject
		found, err := d.CheckDispatch(ctx, x)
		if err != nil {
			return err
		}
		if _, err := d.SendDispatch(ctx, x, answers(found)); err != nil {
			return err
		}
		fmt.Println("queued")
	}
	if err := e.leave(ctx, d); err != nil {
		return err
	}
	if list, err = d.Register(ctx, "", ""); err != nil {
		return err
	}
	for _, x := range list {
		fmt.Println("register", len(list), x.Recipients[0].State)
	}
	return nil
}

func (e errand) uploaded(ctx context.Context, d *desk.Desk) (bool, error) {
	fs, err := d.Folders(ctx, e.Account.ID)
	if err != nil {
		return false, err
	}
	for _, f := range fs {
		if f.Role != mail.RoleDrafts {
			continue
		}
		l, err := d.List(ctx, mail.ListQuery{Account: e.Account.ID, Folder: f.ID})
		if err != nil {
			return false, err
		}
		heads, err := d.Heads(ctx, l.IDs)
		for _, h := range heads {
			if h.Subject == e.Subject {
				return true, err
			}
		}
	}
	return false, nil
}

func (e errand) find(ctx context.Context, d *desk.Desk) (dr mail.DraftLetter, where string, err error) {
	drafts, err := d.Drafts(ctx)
	if err != nil {
		return dr, "", err
	}
	out, err := d.Outbox(ctx)
	if err != nil {
		return dr, "", err
	}
	sent, err := d.Evidence(ctx, 1000)
	if err != nil {
		return dr, "", err
	}
	for _, x := range drafts {
		if x.Subject == e.Subject {
			return x, "draft", nil
		}
	}
	for _, x := range append(out, sent...) {
		if x.Subject == e.Subject {
			return dr, "outbox", nil
		}
	}
	return dr, "nowhere", nil
}

// live runs a client process and gives what it said.
func (e errand) live(t *testing.T) (said []string, died bool) {
	t.Helper()
	b, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(e.Dir, "errand.json")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0]) //nolint:gosec // this very test binary
	cmd.Env = append(os.Environ(), crashEnv+"="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if e.started != nil {
		e.started(cmd.Process)
	}
	for sc := bufio.NewScanner(out); sc.Scan(); {
		said = append(said, sc.Text())
	}
	err = cmd.Wait()
	var exit *exec.ExitError
	if died = errors.As(err, &exit); died && exit.ExitCode() >= 0 {
		t.Fatalf("the client failed: %q", said)
	}
	return said, died
}

// TestKilledAtAnyMoment writes letters in clients that are killed (SIGKILL) at a random step each, and again while they
// make up for it. Every letter arrives once, stands in Sent once, leaves no draft behind; nothing acknowledged is lost.
func TestKilledAtAnyMoment(t *testing.T) {
	if testing.Short() {
		t.Skip("starts many processes")
	}
	srv := servertest.Start(t)
	from, to := srv.Person("Nguyễn Thị Thu Hà", "nv"), srv.Person("Trần Văn Hùng", "nv")
	e := errand{Dir: t.TempDir(), Account: srv.Account(from), To: to.Wire, Subject: "Vòng 0"}
	said, died := e.live(t)
	var steps int64
	if died || len(said) == 0 {
		t.Fatalf("the first life: %q", said)
	} else if _, err := fmt.Sscanf(said[len(said)-1], "done %d", &steps); err != nil || steps < 20 {
		t.Fatalf("the first life: %q", said)
	}
	seed := uint64(time.Now().UnixNano()) //nolint:gosec // any number will do
	t.Logf("seed %d, %d steps a life", seed, steps)
	rnd := mrand.New(mrand.NewPCG(seed, 0)) //nolint:gosec // a test's dice
	deaths := 0
	for i := 1; i <= *rounds; i++ {
		e.Subject, e.Upload = fmt.Sprintf("Vòng %d", i), i%2 == 0
		var story []string
		saved, queued := false, false
		for life := 0; ; life++ {
			e.KillAt = 0
			if life < 3 {
				e.KillAt = 1 + rnd.Int64N(steps)
			}
			said, died := e.live(t)
			story = append(story, fmt.Sprintf("%d: %s", e.KillAt, strings.Join(said, ", ")))
			for _, line := range said {
				switch line {
				case "found nowhere":
					if saved || queued {
						t.Errorf("%s was lost: %q", e.Subject, story)
					}
				case "found draft":
					if queued {
						t.Errorf("%s came out of the outbox by itself: %q", e.Subject, story)
					}
				case "saved":
					saved = true
				case "queued":
					queued = true
				}
			}
			if !died {
				break
			}
			deaths++
		}
	}
	e.Subject, e.KillAt, e.Rest = "Vòng 0", 0, true
	if said, died := e.live(t); died {
		t.Fatalf("the last life: %q", said)
	}
	if deaths < *rounds {
		t.Errorf("only %d deaths in %d rounds", deaths, *rounds)
	}
	ha, hung := newPerson(t, srv, from), newPerson(t, srv, to)
	ha.signIn(servertest.Password)
	hung.signIn(servertest.Password)
	once := func(p *person, role mail.Role) bool {
		seen := map[string]int{}
		for _, h := range p.heads(role) {
			seen[h.Subject]++
		}
		for i := range *rounds + 1 {
			if n := seen[fmt.Sprintf("Vòng %d", i)]; n != 1 {
				return false
			}
		}
		return len(p.heads(role)) == *rounds+1
	}
	ready := func(p *person) {
		p.until("ready", func() bool { return p.Status()[0].State == mail.Ready })
	}
	ready(ha)
	ready(hung)
	for _, c := range []struct {
		what string
		p    *person
		role mail.Role
	}{{"delivered", hung, mail.RoleInbox}, {"in Sent", ha, mail.RoleSent}} {
		if !once(c.p, c.role) {
			t.Errorf("not exactly once %s: %v", c.what, subjects(c.p.heads(c.role)))
		}
	}
	if left := ha.heads(mail.RoleDrafts); len(left) > 0 {
		t.Errorf("drafts of letters that were sent stay at the server: %v", subjects(left))
	}
}

func subjects(list []mail.Head) (out []string) {
	for _, h := range list {
		out = append(out, h.Subject)
	}
	return out
}
