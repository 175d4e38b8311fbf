package desk_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hopthu/mail"
	"hopthu/mail/server/servertest"
)

// TestLargeLetterBeginsWithItsText: the text is there before the 8 MB that follow it, and the rest comes by itself.
func TestLargeLetterBeginsWithItsText(t *testing.T) {
	srv := servertest.Start(t)
	ha := signedIn(t, srv, "Nguyễn Thị Thu Hà", "nv")
	data := bytes.Repeat([]byte("Bien ban hop. "), 6<<20/14)
	srv.Deliver(ha.account.Login, withFile(ha.account.Login, "Lon", "Gửi anh trước ngày 30/12/2099.", "lon.txt", data))
	ha.until("the letter", func() bool { return len(ha.heads(mail.RoleInbox)) == 1 })
	ctx := t.Context()
	id := ha.heads(mail.RoleInbox)[0].ID
	l, err := ha.Open(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if !l.Partial || len(l.Paras) == 0 || l.Paras[0].Text != "Gửi anh trước ngày 30/12/2099." || len(l.Deadlines) != 1 || len(l.Parts) != 1 || l.Parts[0].Name != "lon.txt" {
		t.Errorf("partial %v, paras %v, deadlines %v, parts %v", l.Partial, l.Paras, l.Deadlines, l.Parts)
	}
	if len(l.Findings) != 1 || l.Findings[0].Code != "not-looked-into" {
		t.Errorf("%v", kinds(l.Findings))
	}
	// What needs the whole letter waits for it, and does not ask for it a second time.
	path, err := ha.SavePart(ctx, id, "2", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, data) {
		t.Errorf("%d octets of %d: %v", len(got), len(data), err)
	}
	ha.until("the rest", func() bool { return ha.heads(mail.RoleInbox)[0].Bodied })
	if l, err = ha.Open(ctx, id); err != nil || l.Partial || len(l.Parts) != 1 || l.Parts[0].Size != int64(len(data)) || l.DueWhy != mail.DueBody {
		t.Errorf("partial %v, %v, due %s: %v", l.Partial, l.Parts, l.DueWhy, err)
	}
}

// TestAttachmentOfALetterNotHereYet is saved all the same; without a server it is said that there is none.
func TestAttachmentOfALetterNotHereYet(t *testing.T) {
	srv := servertest.Start(t)
	ha := signedIn(t, srv, "Nguyễn Thị Thu Hà", "nv")
	data := bytes.Repeat([]byte("x"), 2<<20)
	for _, s := range []string{"mot", "hai"} {
		srv.Deliver(ha.account.Login, withFile(ha.account.Login, s, "Gửi anh.", s+".bin", data))
	}
	ha.until("both", func() bool { return len(ha.heads(mail.RoleInbox)) == 2 })
	ids := ha.heads(mail.RoleInbox)
	path, err := ha.SavePart(t.Context(), ids[0].ID, "2", t.TempDir())
	if info, serr := os.Stat(path); err != nil || serr != nil || info.Size() != int64(len(data)) {
		t.Errorf("%v %v", err, serr)
	}
	srv.Stop()
	ha.Refresh("")
	ha.until("offline", func() bool { return ha.Status()[0].State == mail.Offline })
	dir := t.TempDir()
	_, err = ha.SavePart(t.Context(), ids[1].ID, "2", dir)
	if k := mail.KindOf(err); k != mail.NoServer && k != mail.LostConnection {
		t.Errorf("%v", err)
	}
	if _, err := ha.Open(t.Context(), ids[1].ID); err == nil {
		t.Error("a letter that is nowhere was opened")
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left %v %v", left, err)
	}
}

// TestNamesOfFilesAreSafeEverywhere: what a letter calls its file never leaves the folder, nor means a device.
func TestNamesOfFilesAreSafeEverywhere(t *testing.T) {
	srv := servertest.Start(t)
	ha := signedIn(t, srv, "Nguyễn Thị Thu Hà", "nv")
	names := []string{"../../etc/passwd", "CON.txt", "a:b?.txt", ".bashrc", "-rf", strings.Repeat("d", 300) + ".pdf", "x\u202efdp.exe", "C:\\Windows\\a.ini", "tệp. "}
	for i, n := range names {
		srv.Deliver(ha.account.Login, strings.Replace(withFile(ha.account.Login, string(rune('a'+i)), "x", "NAME", []byte("1")), "NAME", n, 2))
	}
	ha.until("all", func() bool { return len(ha.heads(mail.RoleInbox)) == len(names) })
	dir := t.TempDir()
	for _, h := range ha.heads(mail.RoleInbox) {
		path, err := ha.SavePart(t.Context(), h.ID, "2", dir)
		base := filepath.Base(path)
		if err != nil || filepath.Dir(path) != dir || len(base) > 255 || strings.ContainsAny(base, "\u202e:?\\/*\"<>|") || strings.HasPrefix(base, ".") ||
			strings.HasPrefix(base, "-") || strings.HasPrefix(strings.ToUpper(base), "CON.") || strings.TrimRight(base, ". ") != base {
			t.Errorf("%q %v", path, err)
		}
	}
	if list, err := os.ReadDir(dir); err != nil || len(list) != len(names) {
		t.Errorf("%d files of %d: %v", len(list), len(names), err)
	}
}
