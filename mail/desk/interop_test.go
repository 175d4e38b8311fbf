package desk_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"hopthu/mail"
)

// The whole client against Dovecot and Postfix, when .ci/mailhost names them (the variables are those of mail/wire).
// Its passdb takes any name, so each run has boxes of its own.
const interopEnv = "HOPTHU_INTEROP_"

func interopClient(t *testing.T, name string) *person {
	t.Helper()
	at := func(door string) mail.Endpoint {
		v := os.Getenv(interopEnv + door)
		if v == "" {
			t.Skipf("%s%s is not set: no real server to talk to", interopEnv, door)
		}
		host, port, err := net.SplitHostPort(v)
		if err != nil {
			t.Fatal(err)
		}
		n, err := strconv.Atoi(port)
		if err != nil {
			t.Fatal(err)
		}
		return mail.Endpoint{Host: host, Port: n, Security: mail.TLS}
	}
	address := fmt.Sprintf("%s%d@example.test", name, time.Now().UnixNano())
	return interopAs(t, mail.Account{
		Address: address, Login: address, Name: "Nguyễn Thị Thu Hà", IMAP: at("IMAP"), SMTP: at("SMTP"), CAFile: os.Getenv(interopEnv + "CA"),
	})
}

func interopAs(t *testing.T, a mail.Account) *person {
	t.Helper()
	p := newClient(t, a)
	p.signIn(os.Getenv(interopEnv + "PASSWORD"))
	p.wait("ready", func() bool { return p.Status()[0].State == mail.Ready })
	return p
}

// wait is until with the patience that strangers need.
func (p *person) wait(what string, ok func() bool) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 3*time.Minute)
	defer cancel()
	for !ok() {
		if _, err := p.Next(ctx); err != nil {
			p.t.Fatalf("%s never came: %v; status %+v", what, err, p.Status())
		}
	}
}

func (p *person) named(name string) (mail.Folder, bool) {
	p.t.Helper()
	list, err := p.Folders(p.t.Context(), p.account.ID)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, f := range list {
		if f.Name == name {
			return f, true
		}
	}
	return mail.Folder{}, false
}

func (p *person) inside(name string) int {
	f, ok := p.named(name)
	if !ok {
		return -1
	}
	l, err := p.List(p.t.Context(), mail.ListQuery{Account: p.account.ID, Folder: f.ID})
	if err != nil {
		p.t.Fatal(err)
	}
	return len(l.IDs)
}

// Two clients of one box and one of another: what one does, the others see.
func TestInteropDesk(t *testing.T) {
	here := interopClient(t, "ha")
	there := interopAs(t, here.account)
	hung := interopClient(t, "hung")
	ctx := t.Context()

	hung.send(mail.DraftLetter{To: "Hà <" + here.account.Address + ">", Subject: "Xin số liệu hộp thư điện tử", Body: "Chị gửi giúp em số liệu.\n"})
	for _, p := range []*person{here, there} {
		p.wait("the letter, by IDLE", func() bool { h := p.heads(mail.RoleInbox); return len(h) == 1 && h[0].Awaits })
	}
	hung.wait("the copy in Sent", func() bool { return len(hung.heads(mail.RoleSent)) == 1 })
	id := here.heads(mail.RoleInbox)[0].ID
	if l, err := here.Open(ctx, id); err != nil || len(l.Paras) == 0 || l.Subject != "Xin số liệu hộp thư điện tử" {
		t.Fatalf("%+v %v", l, err)
	}

	// Flags both ways.
	if err := here.Flag(ctx, []mail.LetterID{id}, mail.Seen, 0); err != nil {
		t.Fatal(err)
	}
	there.wait("seen", func() bool { return there.heads(mail.RoleInbox)[0].Flags.Has(mail.Seen) })
	if err := there.Flag(ctx, []mail.LetterID{there.heads(mail.RoleInbox)[0].ID}, mail.Flagged, 0); err != nil {
		t.Fatal(err)
	}
	here.wait("the star", func() bool { return here.heads(mail.RoleInbox)[0].Flags.Has(mail.Flagged) })

	// An answer from the other client ends the wait here.
	d, err := there.Compose(ctx, there.account.ID, mail.DraftReply, there.heads(mail.RoleInbox)[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	d.Body = "Chị gửi em ngày mai.\n" + d.Body
	there.send(d)
	here.wait("answered", func() bool { return !here.heads(mail.RoleInbox)[0].Awaits })
	hung.wait("the answer", func() bool { return len(hung.heads(mail.RoleInbox)) == 1 })

	// Folders whose names hurt; a move and a deletion are seen on the other side.
	for _, name := range []string{"Văn bản đến", "kh&đt"} {
		if err := here.CreateFolder(ctx, here.account.ID, name); err != nil {
			t.Fatal(err)
		}
		here.wait(name, func() bool { _, ok := here.named(name); return ok })
		there.Refresh(there.account.ID)
		there.wait(name, func() bool { _, ok := there.named(name); return ok })
		f, _ := here.named(name)
		if err := here.Move(ctx, []mail.LetterID{id}, f.ID); err != nil {
			t.Fatal(err)
		}
		there.wait("moved out", func() bool { there.Refresh(there.account.ID); return there.inside(name) == 1 })
	}
	if err := here.Delete(ctx, []mail.LetterID{id}); err != nil {
		t.Fatal(err)
	}
	there.wait("in the trash", func() bool { there.Refresh(there.account.ID); return len(there.heads(mail.RoleTrash)) == 1 })

	// A draft goes on at another desk.
	if _, err := here.SaveDraft(ctx, mail.DraftLetter{Account: here.account.ID, Subject: "Nháp ở bàn này", Body: "…\n"}, true); err != nil {
		t.Fatal(err)
	}
	there.wait("the draft", func() bool { there.Refresh(there.account.ID); return len(there.heads(mail.RoleDrafts)) == 1 })
}

// Dovecot stops and comes back; what was written meanwhile arrives, once.
func TestInteropDeskRestart(t *testing.T) {
	settings := os.Getenv(interopEnv + "DOVECOT")
	if settings == "" || os.Getuid() != 0 {
		t.Skip(interopEnv + "DOVECOT is not set, or nobody may stop it")
	}
	run := func(program string, args ...string) {
		t.Helper()
		said := filepath.Join(t.TempDir(), "said") // a pipe would be waited for as long as the daemon holds it
		out, err := os.Create(said)
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(program, append([]string{"-c", settings}, args...)...)
		cmd.Stdout, cmd.Stderr = out, out
		if err := errors.Join(cmd.Run(), out.Close()); err != nil {
			text, _ := os.ReadFile(said) //nolint:errcheck // only tells more
			t.Fatalf("%s: %v: %s", program, err, text)
		}
	}
	here, hung := interopClient(t, "ha"), interopClient(t, "hung")
	run("doveadm", "stop")
	here.wait("the loss", func() bool { return here.Status()[0].State != mail.Ready })
	hung.send(mail.DraftLetter{To: here.account.Address, Subject: "Gửi lúc mất mạng", Body: "Nội dung.\n"})
	run("dovecot")
	here.Refresh(here.account.ID)
	here.wait("back", func() bool { return here.Status()[0].State == mail.Ready })
	hung.wait("sent", func() bool { return len(hung.heads(mail.RoleSent)) == 1 })
	here.wait("the letter", func() bool { return len(here.heads(mail.RoleInbox)) == 1 })
}
