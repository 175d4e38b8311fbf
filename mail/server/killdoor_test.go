package server_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"hopthu/mail"
	"hopthu/mail/server"
	"hopthu/mail/server/servertest"
)

var doorRounds = flag.Int("door.rounds", 3, "rounds of TestKilledBehindItsDoors")

const (
	childDir   = "HOPTHU_DOOR_DIR"
	doorUser   = "hungtv.nv@" + servertest.Domain
	imapAgents = 6
	smtpAgents = 2
)

func childConfig(dir string) server.Config {
	any0 := "127.0.0.1:0"
	return server.Config{Dir: dir, Domain: servertest.Domain, Host: "127.0.0.1", IMAP: any0, SMTP: any0, CheapPasswords: true, NoDelay: true}
}

// TestServerToBeKilled is no test: it is the process that TestKilledBehindItsDoors kills. It ends by itself when the
// one who started it is gone.
func TestServerToBeKilled(t *testing.T) {
	dir := os.Getenv(childDir)
	if dir == "" {
		t.Skip("only for TestKilledBehindItsDoors")
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	mail.Go("parent", func() {
		if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		stop()
	})
	s, err := server.New(ctx, childConfig(dir))
	if err != nil {
		t.Fatal(err)
	}
	mail.Go("ready", func() {
		select {
		case <-s.Ready():
			fmt.Println("ready", s.Addrs().IMAP, s.Addrs().SMTP)
		case <-ctx.Done():
		}
	})
	if err := s.Run(ctx); err != nil {
		t.Fatal(err)
	}
}

// child is the running process.
type child struct {
	cmd        *exec.Cmd
	in         io.Closer
	imap, smtp string
	tls        *tls.Config
}

func trust(t *testing.T, dir string) *tls.Config {
	t.Helper()
	pem, err := os.ReadFile(server.CAFile(dir))
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		t.Fatal("root is no PEM")
	}
	return &tls.Config{RootCAs: pool, ServerName: "127.0.0.1", MinVersion: tls.VersionTLS12}
}

func startChild(t *testing.T, dir string) *child {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestServerToBeKilled$")
	cmd.Env = append(os.Environ(), childDir+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c := &child{cmd: cmd, in: in, tls: trust(t, dir)}
	line, err := bufio.NewReader(out).ReadString('\n')
	if _, serr := fmt.Sscanf(line, "ready %s %s", &c.imap, &c.smtp); serr != nil {
		t.Fatalf("the server says %q, %v", line, errors.Join(err, serr, cmd.Process.Kill()))
	}
	return c
}

func (c *child) kill(t *testing.T) {
	t.Helper()
	if err := c.cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	var exit *exec.ExitError
	if err := c.cmd.Wait(); !errors.As(err, &exit) {
		t.Errorf("it was not killed: %v", err)
	}
}

// agent is one connection that acts until it breaks.
type agent struct {
	*textproto.Conn
	n int
}

func (c *child) dial(ctx context.Context, addr string) (*agent, error) {
	conn, err := (&tls.Dialer{Config: c.tls}).DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	return &agent{Conn: textproto.NewConn(conn)}, nil
}

// imap logs in.
func (c *child) login(ctx context.Context) (*agent, error) {
	a, err := c.dial(ctx, c.imap)
	if err != nil {
		return nil, err
	}
	if _, err := a.ReadLine(); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	if _, err := a.ok("LOGIN %s %s", doorUser, servertest.Password); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

var errSaidNo = errors.New("the server said no")

// ok sends a command and reads to its end; the error is errSaidNo, or that the connection broke.
func (a *agent) ok(format string, args ...any) ([]string, error) {
	a.n++
	tag := fmt.Sprint("t", a.n)
	if err := a.PrintfLine("%s "+format, append([]any{tag}, args...)...); err != nil {
		return nil, err
	}
	var lines []string
	for {
		line, err := a.ReadLine()
		if err != nil {
			return lines, err
		}
		lines = append(lines, line)
		if rest, ok := strings.CutPrefix(line, tag+" "); ok {
			if !strings.HasPrefix(rest, "OK") {
				return lines, fmt.Errorf("%w: %s: %s", errSaidNo, strings.Fields(format)[0], rest)
			}
			return lines, nil
		}
	}
}

func doorLetter(id string) string {
	return "Message-ID: <" + id + ">\r\nFrom: <" + doorUser + ">\r\nSubject: x\r\n\r\n" + strings.Repeat(id+"\r\n", 100)
}

var appendUID = regexp.MustCompile(`\[APPENDUID \d+ (\d+)\]`)

// actIMAP appends one letter and does one more thing to it.
func (a *agent) actIMAP(l *ledger, folder, id string, i int) error {
	raw := doorLetter(id)
	l.say("begin", id)
	lines, err := a.ok(`APPEND %s (\Draft) {%d+}`+"\r\n%s", folder, len(raw), raw)
	if err != nil {
		return err
	}
	m := appendUID.FindStringSubmatch(lines[len(lines)-1])
	if m == nil {
		return fmt.Errorf("no APPENDUID in %q", lines)
	}
	l.mu.Lock()
	l.uid[id] = m[1]
	l.mu.Unlock()
	l.say("appended", id)
	step := func(begin, done, format string, args ...any) {
		if err == nil {
			l.say(begin, id)
			if _, err = a.ok(format, args...); err == nil {
				l.say(done, id)
			}
		}
	}
	switch i % 6 {
	case 4:
		if err == nil {
			err = a.replace(l, folder, id, m[1])
		}
	case 5:
		l.write(folder, 1, id)
		if _, err = a.ok(`SETMETADATA %s (/private/comment "%s")`, folder, id); err == nil {
			l.write(folder, 0, id)
		}
	case 0:
		step("flag", "flagged", `UID STORE %s +FLAGS (\Seen \Answered viec)`, m[1])
	case 1:
		step("move", "moved", "UID MOVE %s Archive", m[1])
	case 2:
		step("copy", "copied", "UID COPY %s Archive", m[1])
	default:
		step("mark", "marked", `UID STORE %s +FLAGS.SILENT (\Deleted)`, m[1])
		step("expunge", "expunged", "UID EXPUNGE %s", m[1])
	}
	return err
}

// replaced is what a letter becomes.
func replaced(id string) string { return "r" + id }

// replace puts another letter in the place of one (RFC 8508).
func (a *agent) replace(l *ledger, folder, id, uid string) error {
	raw, next := doorLetter(replaced(id)), replaced(id)
	l.say("replace", id)
	l.say("begin", next)
	lines, err := a.ok(`UID REPLACE %s %s (\Draft) {%d+}`+"\r\n%s", uid, folder, len(raw), raw)
	if err != nil {
		return err
	}
	m := appendUID.FindStringSubmatch(strings.Join(lines, "\n"))
	if m == nil {
		return fmt.Errorf("no APPENDUID in %q", lines)
	}
	l.mu.Lock()
	l.uid[next] = m[1]
	l.mu.Unlock()
	l.say("appended", next)
	l.say("replaced", id)
	return nil
}

// actSMTP submits one letter.
func (a *agent) actSMTP(l *ledger, id string) error {
	for _, step := range []struct {
		code int
		line string
	}{
		{250, "MAIL FROM:<" + doorUser + ">"},
		{250, "RCPT TO:<" + doorUser + ">"},
		{354, "DATA"},
	} {
		if err := a.PrintfLine("%s", step.line); err != nil {
			return err
		}
		if _, _, err := a.ReadResponse(step.code); err != nil {
			return err
		}
	}
	l.say("begin", id)
	if err := a.PrintfLine("%s.", doorLetter(id)); err != nil {
		return err
	}
	if _, _, err := a.ReadResponse(250); err != nil {
		return err
	}
	l.say("accepted", id)
	return nil
}

// run lets one agent act until its connection breaks.
func (c *child) run(t *testing.T, l *ledger, round, n int) {
	var a *agent
	var err error
	if n < imapAgents {
		folder := fmt.Sprint("W", n)
		if a, err = c.login(t.Context()); err == nil {
			if _, err = a.ok("SELECT %s", folder); err == nil {
				for i := 0; err == nil; i++ {
					err = a.actIMAP(l, folder, fmt.Sprintf("%d-%d-%d@x", round, n, i), i)
				}
			}
		}
	} else if a, err = c.dial(t.Context(), c.smtp); err == nil {
		plain := base64.StdEncoding.EncodeToString([]byte("\x00" + doorUser + "\x00" + servertest.Password))
		_, _, err = a.ReadResponse(220)
		for _, step := range []string{"EHLO x", "AUTH PLAIN " + plain} {
			if err == nil {
				err = a.PrintfLine("%s", step)
			}
			if err == nil {
				_, _, err = a.ReadResponse(2)
			}
		}
		for i := 0; err == nil; i++ {
			err = a.actSMTP(l, fmt.Sprintf("%d-%d-%d@x", round, n, i))
		}
	}
	if said := (*textproto.Error)(nil); errors.Is(err, errSaidNo) || errors.As(err, &said) && said.Code != 421 {
		t.Errorf("agent %d: %v", n, err)
	}
	if a != nil {
		err = errors.Join(err, a.Close())
	}
	if err == nil {
		t.Errorf("agent %d ended with nothing wrong", n)
	}
}

// A server killed at any moment under a mixed load over its real doors: every 250 and every OK that a client has read is
// true after the restart, exactly once.
func TestKilledBehindItsDoors(t *testing.T) {
	rounds := *doorRounds
	if testing.Short() {
		rounds = 1
	}
	dir := filepath.Join(t.TempDir(), "srv")
	s, err := server.New(t.Context(), childConfig(dir))
	if err != nil {
		t.Fatal(err)
	}
	_, err1 := s.Admin().AddUnit(t.Context(), "Sở Nội vụ", "nv")
	_, err2 := s.Admin().AddPerson(t.Context(), "Trần Văn Hùng", "nv", "")
	if err := errors.Join(err1, err2, s.Admin().SetPassword(t.Context(), doorUser, servertest.Password), s.Close()); err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(3, 4))
	l := &ledger{acts: map[string]map[string]bool{}, uid: map[string]string{}, note: map[string][2]string{}}
	for round := range rounds {
		c := startChild(t, dir)
		if round == 0 {
			a, err := c.login(t.Context())
			for n := range imapAgents {
				if err == nil {
					_, err = a.ok("CREATE W%d", n)
				}
			}
			if err = errors.Join(err, a.Close()); err != nil {
				t.Fatal(err)
			}
		} else {
			l.judge(t, c.survey(t))
			l.judgeNotes(t, c)
		}
		l.left, l.kill = 10+rnd.IntN(300), make(chan struct{})
		var wg sync.WaitGroup
		for n := range imapAgents + smtpAgents {
			wg.Add(1)
			mail.Go("agent", func() { defer wg.Done(); c.run(t, l, round, n) })
		}
		over := make(chan struct{})
		mail.Go("all agents", func() { wg.Wait(); close(over) })
		select {
		case <-l.kill:
		case <-over:
			t.Error("every connection broke before the kill")
		}
		c.kill(t)
		<-over
		if t.Failed() {
			t.FailNow()
		}
	}
	c := startChild(t, dir)
	l.judge(t, c.survey(t))
	l.judgeNotes(t, c)
	c.kill(t)
	if err := inspect(t, dir).Check(t.Context()); err != nil {
		t.Error(err)
	}
	t.Logf("%d kills, %d letters", rounds+1, len(l.acts))
}
