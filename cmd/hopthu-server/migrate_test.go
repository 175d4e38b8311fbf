package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/server"
	"hopthu/mail/server/servertest"
	"hopthu/mail/wire"
)

var migrateRounds = flag.Int("migrate.rounds", 6, "times that TestMigrateKilled kills the program")

// emptyServer makes a data folder with one box, to move into.
func emptyServer(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	say(t, 0, "init", "--dir", dir, "--domain", "moi.example", "--imap", "127.0.0.1:0", "--smtp", "127.0.0.1:0", "--web", "", "--imap-starttls", "",
		"--smtp-starttls", "", "--unit", "Sở Nội vụ=nv", "--person", "Lê Thị Lan=nv")
	return dir
}

// secretFD gives a file descriptor that a password can be read from; who reads it closes it.
func secretFD(t *testing.T, password string) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprintln(w, password); err != nil {
		t.Fatal(err)
	}
	fd, err := syscall.Dup(int(r.Fd()))
	for _, err := range []error{err, r.Close(), w.Close()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return strconv.Itoa(fd)
}

// letters gives what is in every folder of the box that was moved, as files.
func letters(t *testing.T, dir string) map[string]int {
	t.Helper()
	say(t, 0, "check", "--dir", dir)
	out := filepath.Join(t.TempDir(), "out")
	say(t, 0, "export", out, "--dir", dir, "--box", "lanlt.nv", "--format", "maildir")
	got := map[string]int{}
	err := filepath.WalkDir(out, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Base(filepath.Dir(path)) != "cur" {
			return err
		}
		raw, err := os.ReadFile(path)
		rel, rerr := filepath.Rel(out, filepath.Dir(filepath.Dir(path)))
		got[filepath.ToSlash(rel)+"\n"+string(raw)]++
		return firstOf(err, rerr)
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// oldBox fills a box of another server: folders with marks and "&", letters of all sizes, one twice.
func oldBox(t *testing.T, s *servertest.Server, n int) (who server.Box, want map[string]int) {
	t.Helper()
	who, want = s.Person("Trần Văn Hùng", "kh&đt"), map[string]int{}
	put := func(d server.Delivery, here string) {
		d.To = []string{who.Wire}
		if err := s.Admin.Deliver(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		want[here+"\n"+string(d.Raw)]++
	}
	at := s.Clock.Now().Add(-1000 * time.Hour)
	for i := range n {
		raw := fmt.Sprintf("Message-ID: <%d@cu.example>\r\nSubject: %d\r\n\r\nKính gửi\r\n", i, i)
		if i%40 == 7 {
			raw += strings.Repeat("0123456789abcdef\r\n", 80_000)
		}
		d := server.Delivery{Raw: []byte(raw), Received: at.Add(time.Duration(i) * time.Minute), Flags: mail.Seen}
		put(d, "INBOX")
		if d.Role = mail.RoleSent; i%3 == 0 {
			put(d, "Sent")
		}
		if d.Role, d.Folder = mail.RoleNone, "Công văn/kh&đt"; i%4 == 0 {
			put(d, "Công văn/kh&đt")
			put(d, "Công văn/kh&đt")
		}
	}
	return who, want
}

func sameLetters(t *testing.T, got, want map[string]int) {
	t.Helper()
	for l, n := range want {
		if got[l] != n {
			t.Fatalf("%d times instead of %d: %.120q", got[l], n, l)
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%d letters, %d there", len(got), len(want))
	}
}

func migrateArgs(t *testing.T, s *servertest.Server, who server.Box, dir string, more ...string) []string {
	t.Helper()
	args := []string{"migrate", "--dir", dir, "--box", "lanlt.nv", "--user", who.Wire, "--ca", s.CAFile, "--password-fd", secretFD(t, who.Password)}
	return append(args, more...)
}

func TestMigrateCommand(t *testing.T) {
	s := servertest.Start(t)
	who, want := oldBox(t, s, 24)
	dir := emptyServer(t)
	for _, bad := range [][]string{
		{"migrate", "--dir", dir, "--box", "lanlt.nv"},
		{"migrate", "--dir", dir, "--box", "lanlt.nv", "--user", "x", "--from", "host:imap"},
		{"migrate", "--dir", dir, "--box", "lanlt.nv", "--user", "x", "--from", "host", "--password-fd", secretFD(t, "")},
		migrateArgs(t, s, who, dir, "--from", s.IMAP, "--box", "nobody"),
		migrateArgs(t, s, server.Box{Wire: who.Wire, Password: "wrong"}, dir, "--from", s.IMAP),
		{"migrate", "--dir", dir, "--box", "lanlt.nv", "--user", who.Wire, "--from", s.IMAP, "--password-fd", secretFD(t, who.Password)}, // its authority is not known
	} {
		say(t, 1, bad...)
	}
	if got := letters(t, dir); len(got) != 0 {
		t.Fatalf("%d letters came without a login", len(got))
	}
	out, errs := say(t, 0, migrateArgs(t, s, who, dir, "--from", s.IMAP)...)
	if !strings.Contains(out, "fetched   44 letters") || !strings.Contains(errs, "Công văn/kh&đt") || strings.Contains(out+errs, who.Password) {
		t.Errorf("%s%s", out, errs)
	}
	sameLetters(t, letters(t, dir), want)

	// The same box by another port is the same box; only what is new comes.
	s.Deliver(who.Wire, "Subject: mới\n\nx\n")
	want["INBOX\nSubject: mới\r\n\r\nx\r\n"]++
	if out, _ = say(t, 0, migrateArgs(t, s, who, dir, "--from", s.IMAPStartTLS, "--starttls")...); !strings.Contains(out, "fetched   1 letters") {
		t.Errorf("%s", out)
	}
	sameLetters(t, letters(t, dir), want)
}

// TestMigrateToBeKilled is no test: it is the program that TestMigrateKilled kills.
func TestMigrateToBeKilled(t *testing.T) {
	line := os.Getenv("HOPTHU_MIGRATE")
	if line == "" {
		t.Skip("only for TestMigrateKilled")
	}
	ctx, stop := signal.NotifyContext(t.Context(), os.Interrupt) // as main does
	defer stop()
	if code := run(ctx, strings.Split(line, "\n"), os.Stdout, os.Stderr); code != 0 {
		t.Fatalf("exit code %d", code)
	}
}

// Killed, interrupted and cut off at random octets it goes on where it was: every letter is there once.
func TestMigrateKilled(t *testing.T) {
	s := servertest.Start(t)
	who, want := oldBox(t, s, 200)
	dir := emptyServer(t)
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a test's
	ended := map[string]int{}
	for round := range *migrateRounds {
		how := []string{"killed", "interrupted", "cut"}[round%3]
		if endMigration(t, s, who, dir, r.Int64N(6<<20/int64(*migrateRounds)), how) {
			ended[how]++
		}
	}
	if ended["killed"] == 0 || ended["interrupted"] == 0 || ended["cut"] == 0 {
		t.Errorf("it was never ended in some way: %v", ended)
	}
	say(t, 0, migrateArgs(t, s, who, dir, "--from", s.IMAP)...)
	sameLetters(t, letters(t, dir), want)
}

// endMigration runs the program behind a line that carries so many octets, then ends one or the other. It tells
// whether that came before the program was done.
func endMigration(t *testing.T, s *servertest.Server, who server.Box, dir string, octets int64, how string) (early bool) {
	t.Helper()
	secret, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprintln(w, who.Password); err != nil {
		t.Fatal(err)
	}
	reached, over := make(chan struct{}), make(chan struct{})
	l := newLine(t, s.IMAP, octets, sync.OnceFunc(func() {
		close(reached)
		if how != "cut" {
			<-over // nothing more comes until it is ended, so that it cannot be done before
		}
	}), how == "cut")
	defer l.end()
	letGo := sync.OnceFunc(func() { close(over) })
	defer letGo()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestMigrateToBeKilled$")
	line := []string{"migrate", "--dir", dir, "--box", "lanlt.nv", "--user", who.Wire, "--ca", s.CAFile, "--from", l.Addr().String(), "--password-fd", "3"}
	cmd.Env = append(os.Environ(), "HOPTHU_MIGRATE="+strings.Join(line, "\n"))
	cmd.ExtraFiles = []*os.File{secret}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := firstOf(cmd.Start(), secret.Close(), w.Close()); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	select {
	case err = <-done: // it was done before
		if err != nil {
			t.Fatalf("%v\n%s", err, out.String())
		}
		return false
	case <-reached:
	}
	switch how {
	case "killed":
		err = cmd.Process.Kill()
	case "interrupted":
		err = cmd.Process.Signal(os.Interrupt)
	}
	letGo()
	if ended := <-done; ended == nil && how == "killed" || ended != nil && how == "cut" || err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Errorf("%s: %v, %v\n%s", how, ended, err, out.String())
	}
	return true
}

// line is a TCP connection to another address that does something once so many octets have come over it.
type line struct {
	net.Listener
	to      string
	left    atomic.Int64
	reached func()
	cut     bool // the connection ends then, and new ones live
	wg      sync.WaitGroup
	t       *testing.T
}

func newLine(t *testing.T, to string, octets int64, reached func(), cut bool) *line {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &line{Listener: ln, to: to, reached: reached, cut: cut, t: t}
	l.left.Store(octets)
	l.wg.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			l.wg.Go(func() { l.carry(c) })
		}
	})
	return l
}

func (l *line) carry(c net.Conn) {
	far, err := net.Dial("tcp", l.to)
	if err != nil {
		l.t.Error(err)
		return
	}
	ends := sync.OnceFunc(func() {
		if err := firstOf(c.Close(), far.Close()); err != nil {
			l.t.Error(err)
		}
	})
	defer ends()
	l.wg.Go(func() {
		_, err := io.Copy(far, c)
		l.t.Logf("to the server: %v", err)
		ends()
	})
	buf := make([]byte, 4096)
	for {
		n, err := far.Read(buf)
		if err != nil {
			return
		}
		if l.left.Add(-int64(n)) < 0 {
			l.reached()
			if l.cut && l.left.Swap(1<<40) < 0 {
				return
			}
		}
		if _, err := c.Write(buf[:n]); err != nil {
			return
		}
	}
}

func (l *line) end() {
	if err := l.Close(); err != nil {
		l.t.Error(err)
	}
	l.wg.Wait()
}

// Against Dovecot (.ci/mailhost).
func TestInteropMigrate(t *testing.T) {
	imap, user := os.Getenv("HOPTHU_INTEROP_IMAP"), "chuyen@example.test"
	if imap == "" {
		t.Skip("needs .ci/mailhost")
	}
	host, port, err := net.SplitHostPort(imap)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	ca, password := os.Getenv("HOPTHU_INTEROP_CA"), os.Getenv("HOPTHU_INTEROP_PASSWORD")
	a := mail.Account{ID: "x", Login: user, CAFile: ca, IMAP: mail.Endpoint{Host: host, Port: n, Security: mail.TLS}}
	m := wire.New(wire.Options{Now: time.Now, Dial: (&net.Dialer{}).DialContext}).Remote(a, func(context.Context) (string, error) { return password, nil })
	defer func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	}()
	if _, err := m.Connect(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := map[string]int{}
	stamp := time.Now().UnixNano() // the box may hold letters of an earlier run: they come too, and are not looked for
	for _, folder := range []string{"Công văn đến/kh&đt", "Sent", "INBOX"} {
		if _, err := m.Select(t.Context(), folder); err != nil {
			if err := m.Create(t.Context(), folder); err != nil {
				t.Fatal(err)
			}
		}
		for i := range 20 {
			raw := fmt.Sprintf("Message-ID: <%d.%d@x>\r\nSubject: =?utf-8?B?SOG7mXA=?=\r\n\r\n%s\r\n", stamp, i, strings.Repeat("đồng chí ", 1+i*i*100))
			flags := []string{`\Seen`, "viec"}
			if _, err := m.Append(t.Context(), folder, flags, time.Now().Add(-time.Hour), int64(len(raw)), strings.NewReader(raw)); err != nil {
				t.Fatal(err)
			}
			want[folder+"\n"+raw]++
		}
	}
	dir := emptyServer(t)
	args := func() []string {
		return []string{"migrate", "--dir", dir, "--box", "lanlt.nv", "--user", user, "--ca", ca, "--password-fd", secretFD(t, password)}
	}
	say(t, 0, append(args(), "--from", imap)...)
	again, _ := say(t, 0, append(args(), "--from", os.Getenv("HOPTHU_INTEROP_IMAP_STARTTLS"), "--starttls")...)
	if !strings.Contains(again, "fetched   0 letters") {
		t.Errorf("a second run: %s", again)
	}
	got := letters(t, dir)
	for l, n := range want {
		if got[l] != n {
			t.Fatalf("%d times instead of %d: %.100q", got[l], n, l)
		}
	}
}
