package desk_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/server"
	"hopthu/mail/server/servertest"
)

// TestKeyringFailsAfterTheServerAccepted: the old password would lock the person out, so the new one counts, and the
// trouble is told.
func TestKeyringFailsAfterTheServerAccepted(t *testing.T) {
	srv := servertest.Start(t)
	ha := signedIn(t, srv, "Nguyễn Thị Thu Hà", "nv")
	ha.until("ready", func() bool { return ha.Status()[0].State == mail.Ready })
	const fresh = "Tre xanh bên bờ sông Đáy"
	ha.vault.mu.Lock()
	ha.vault.broken = errors.New("collection is locked")
	ha.vault.mu.Unlock()
	if err := ha.ChangePassword(t.Context(), ha.account, servertest.Password, fresh); err != nil {
		t.Fatalf("the server has the new one already: %v", err)
	}
	told := func() bool {
		return slices.ContainsFunc(ha.events, func(e mail.Event) bool { return e.Kind == mail.Fell && e.Fault.Kind == mail.NoKeyring })
	}
	ha.until("the trouble", told)
	srv.Restart()
	ha.until("ready again", func() bool {
		ha.Refresh("")
		return ha.Status()[0].State == mail.Ready
	})
	if got, err := ha.vault.Get(t.Context(), "password:"+string(ha.account.ID)); err != nil || got != fresh {
		t.Errorf("%q %v", got, err)
	}
}

// TestSealFollowsItsOwnAccountOnly: the sealed secrets open with the password that closed them, whichever account's it is.
func TestSealFollowsItsOwnAccountOnly(t *testing.T) {
	srv := servertest.Start(t)
	ha := signedIn(t, srv, "Nguyễn Thị Thu Hà", "nv")
	old := servertest.Password
	for _, c := range []struct{ sealed, fresh, want string }{
		{"của hộp thư khác", "Tre xanh bên bờ sông Đáy", "của hộp thư khác"},
		{"Tre xanh bên bờ sông Đáy", "Mưa phùn ướt áo tứ thân", "Mưa phùn ướt áo tứ thân"},
	} {
		ha.vault.sealed = c.sealed
		if err := ha.ChangePassword(t.Context(), ha.account, old, c.fresh); err != nil {
			t.Fatal(err)
		}
		if ha.vault.sealed != c.want {
			t.Errorf("closed with %q, want %q", ha.vault.sealed, c.want)
		}
		old = c.fresh
	}
}

func TestAccountWithUnsentLettersStays(t *testing.T) {
	srv := servertest.Start(t)
	ha := signedIn(t, srv, "Nguyễn Thị Thu Hà", "nv")
	s := ha.Settings()
	s.Undo = time.Hour
	ha.UseSettings(s)
	it := ha.send(mail.DraftLetter{To: ha.account.Address, Subject: "Chưa đi", Body: "x\n"})
	if err := ha.RemoveAccount(t.Context(), ha.account.ID); mail.KindOf(err) != mail.Unsent || len(ha.Accounts()) != 1 {
		t.Errorf("%v, accounts %v", err, ha.Accounts())
	}
	ha.until("still working", func() bool { return ha.Status()[0].State == mail.Ready })
	if _, err := ha.Recall(t.Context(), it.ID); err != nil {
		t.Fatal(err)
	}
	if err := ha.RemoveAccount(t.Context(), ha.account.ID); err != nil || len(ha.Accounts()) != 0 || len(ha.vault.m) != 0 || len(ha.kept) != 0 {
		t.Errorf("%v, left %v %v", err, ha.Accounts(), ha.vault.m)
	}
}

// TestDraftOfAnotherClientIsContinued and sent; its copy at the server goes with it.
func TestDraftOfAnotherClientIsContinued(t *testing.T) {
	srv := servertest.Start(t)
	ha := signedIn(t, srv, "Nguyễn Thị Thu Hà", "nv")
	hung := signedIn(t, srv, "Trần Văn Hùng", "nv")
	ctx := t.Context()
	raw := "From: <" + ha.account.Login + ">\r\nTo: =?utf-8?q?H=C3=B9ng?= <" + hung.account.Login + ">\r\nCc: b@x.example\r\nSubject: =?utf-8?q?D=E1=BB=9F?= dang\r\n" +
		"Message-ID: <dodang@may-khac.example>\r\nIn-Reply-To: <hoi@x.example>\r\nReferences: <hoi@x.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" +
		"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nĐang viết.\r\n\r\n> Hỏi.\r\n--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\n1;2\r\n--b--\r\n"
	if err := srv.Admin.Deliver(ctx, server.Delivery{To: []string{ha.account.Login}, Role: mail.RoleDrafts, Raw: []byte(raw), Flags: mail.Draft | mail.Seen}); err != nil {
		t.Fatal(err)
	}
	ha.Refresh("")
	ha.until("the draft", func() bool { return len(ha.heads(mail.RoleDrafts)) == 1 })
	h := ha.heads(mail.RoleDrafts)[0]
	d, err := ha.Compose(ctx, ha.account.ID, mail.DraftNew, h.ID)
	if err != nil || d.Subject != "Dở dang" || d.To != "Hùng <"+hung.account.Login+">" || d.Cc != "b@x.example" || d.Body != "Đang viết.\n\n> Hỏi.\n" ||
		d.InReplyTo != "hoi@x.example" || len(d.Attachments) != 1 || d.Attachments[0].Name != "a.txt" {
		t.Fatalf("%+v %v", d, err)
	}
	d.Cc, d.Body = "", "Viết xong.\n"
	if d, err = ha.SaveDraft(ctx, d, true); err != nil {
		t.Fatal(err)
	}
	again, err := ha.Compose(ctx, ha.account.ID, mail.DraftNew, h.ID)
	if err == nil && again.ID != d.ID {
		t.Errorf("opened twice: %d and %d", d.ID, again.ID)
	}
	ha.send(d)
	hung.until("the letter", func() bool { return len(hung.heads(mail.RoleInbox)) == 1 })
	ha.until("the draft gone", func() bool {
		left := ha.heads(mail.RoleDrafts)
		return len(left) == 0 && len(ha.heads(mail.RoleSent)) == 1
	})
	inbox := hung.heads(mail.RoleInbox)
	if _, err := hung.Compose(ctx, hung.account.ID, mail.DraftNew, inbox[0].ID); mail.KindOf(err) != mail.Conflict {
		t.Errorf("a letter of the inbox is a draft: %v", err)
	}
}

func TestSavePartSaysWhatIsWrong(t *testing.T) {
	srv := servertest.Start(t)
	ha := signedIn(t, srv, "Nguyễn Thị Thu Hà", "nv")
	srv.Deliver(ha.account.Login, "From: <a@x.example>\nTo: <"+ha.account.Login+">\nSubject: x\n\nx\n")
	ha.until("the letter", func() bool { return len(ha.heads(mail.RoleInbox)) == 1 })
	id := ha.heads(mail.RoleInbox)[0].ID
	if _, err := ha.SavePart(context.Background(), id, "", filepath.Join(t.TempDir(), "không có")); mail.KindOf(err) != mail.NoFile {
		t.Errorf("no folder: %v", err)
	}
	file := filepath.Join(t.TempDir(), "tệp")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ha.SavePart(context.Background(), id, "", file); err == nil {
		t.Error("saved into a file")
	}
	if _, err := os.Stat("/dev/full"); err == nil {
		if _, err := ha.SavePart(context.Background(), id, "", "/dev/full"); err == nil {
			t.Error("saved into a device")
		}
	}
}
