package wire

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/sync"
)

// another is a second client of the same box.
func another(t *testing.T, a mail.Account) *IMAP {
	t.Helper()
	m := realDialer().Remote(a, interopSecret)
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := m.Connect(t.Context()); err != nil {
		t.Fatal(err)
	}
	return m
}

// said carries out a command that the client itself has no need of.
func (m *IMAP) said(t *testing.T, verb string, names ...string) {
	t.Helper()
	s, give, err := m.session(t.Context(), "test")
	if err != nil {
		t.Fatal(err)
	}
	defer give()
	c := s.cmd(verb)
	for _, n := range names {
		c.str(s.encode(n))
	}
	if err := s.one(t.Context(), "test", c); err != nil {
		t.Fatalf("%s %q: %v", verb, names, err)
	}
}

// dropFolders leaves the box as it was for the next run.
func dropFolders(t *testing.T, m *IMAP, names ...string) {
	t.Helper()
	list, err := m.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		if slices.ContainsFunc(list, func(f sync.RemoteFolder) bool { return f.Name == n }) {
			m.said(t, "DELETE", n)
		}
	}
}

// Another client renames the folder that is open, one within a tree, and takes one away to make it anew.
func TestInteropFoldersChangeElsewhere(t *testing.T) {
	m, a := interop(t)
	ctx := t.Context()
	other := another(t, a)
	const parent, child = "Công việc & kế hoạch", "Công việc & kế hoạch/Tổ 1"
	const moved, movedChild = "Lưu trữ 2026 (kh&đt)", "Lưu trữ 2026 (kh&đt)/Tổ 1"
	dropFolders(t, other, child, parent, movedChild, moved)
	ensure(t, m, parent)
	ensure(t, m, child)
	uid, id, raw := appended(t, m, child, 40)
	before, err := m.Select(ctx, child)
	if err != nil {
		t.Fatal(err)
	}
	other.said(t, "RENAME", parent, moved)
	_, err = m.Select(ctx, child)
	wantKind(t, err, mail.NoFolder)
	_, err = m.Append(ctx, child, nil, testNow, int64(len(raw)), strings.NewReader(raw))
	wantKind(t, err, mail.NoFolder)
	list, err := m.List(ctx)
	if err != nil {
		t.Fatal(err)
	}
	names := make([]string, len(list))
	for i, f := range list {
		names[i] = f.Name
	}
	if slices.Contains(names, parent) || slices.Contains(names, child) || !slices.Contains(names, moved) || !slices.Contains(names, movedChild) {
		t.Fatalf("%q", names)
	}
	after, err := m.Select(ctx, movedChild)
	if err != nil || after.UIDValidity != before.UIDValidity {
		t.Errorf("%+v, was %+v: %v", after, before, err)
	}
	if found, err := m.FindMessageID(ctx, id); err != nil || !slices.Equal(found, []mail.UID{uid}) {
		t.Errorf("%v %v", found, err)
	}

	// UIDVALIDITY: the same name is another folder now (RFC 9051 2.3.1.1).
	other.said(t, "DELETE", movedChild)
	other.said(t, "CREATE", movedChild)
	again, err := m.Select(ctx, movedChild)
	if err != nil || again.UIDValidity == after.UIDValidity || again.Messages != 0 {
		t.Errorf("%+v, was %+v: %v", again, after, err)
	}
	if _, err := m.Select(ctx, "INBOX"); err != nil {
		t.Fatal(err)
	}
	dropFolders(t, other, movedChild, moved)
}

// Dovecot stops in mid-session and comes back: calls and IDLE end with a clear word, and everything goes on after.
func TestInteropRestart(t *testing.T) {
	settings := os.Getenv(interopEnv + "DOVECOT")
	if settings == "" || os.Getuid() != 0 {
		t.Skip(interopEnv + "DOVECOT is not set, or nobody may stop it")
	}
	dovecot := func(program string, args ...string) {
		t.Helper()
		// No output is caught: the daemon would inherit the pipe, and nobody would ever see its end.
		if err := exec.CommandContext(t.Context(), program, append([]string{"-c", settings}, args...)...).Run(); err != nil {
			t.Fatalf("%s: %v", program, err)
		}
	}
	m, _ := interop(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	ensure(t, m, "Văn bản đến")
	_, id, _ := appended(t, m, "Văn bản đến", 50)
	stands := make(chan struct{}, 100)
	ended := make(chan error, 1)
	mail.Go("idle", func() { ended <- m.Idle(ctx, "Văn bản đến", func() { stands <- struct{}{} }) })
	<-stands
	if _, err := m.Select(ctx, "Văn bản đến"); err != nil {
		t.Fatal(err)
	}
	dovecot("doveadm", "stop")
	up := false
	defer func() {
		if !up {
			dovecot("dovecot")
		}
	}()
	f := faultOf(t, <-ended, mail.LostConnection)
	t.Logf("idle: %v", f)
	_, err := m.List(ctx)
	t.Logf("list: %v", faultOf(t, err, mail.LostConnection))
	_, err = m.Connect(ctx)
	t.Logf("connect: %v", faultOf(t, err, mail.NoServer))
	dovecot("dovecot")
	up = true
	for err = m.again(ctx); err != nil && ctx.Err() == nil; err = m.again(ctx) { // it listens before it can log in
		t.Log(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Select(ctx, "Văn bản đến"); err != nil {
		t.Fatal(err)
	}
	found, err := m.FindMessageID(ctx, id)
	if err != nil || len(found) != 1 {
		t.Fatalf("%v %v", found, err)
	}
	if err := m.Expunge(ctx, found); err != nil {
		t.Error(err)
	}
}

func (m *IMAP) again(ctx context.Context) error {
	_, err := m.Connect(ctx)
	return err
}
