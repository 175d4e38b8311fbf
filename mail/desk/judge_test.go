package desk_test

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"hopthu/mail"
	"hopthu/mail/desk"
	"hopthu/mail/letter"
	"hopthu/mail/server/servertest"
)

// withFile is a letter with one attachment.
func withFile(to, subject, text, name string, data []byte) string {
	return "From: Lan <lan@x.example>\nTo: <" + to + ">\nSubject: " + subject + "\nMessage-ID: <" + base64.RawURLEncoding.EncodeToString([]byte(subject+name)) + "@x.example>\n" +
		"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n" + text +
		"\n--b\nContent-Type: application/octet-stream; name=\"" + name + "\"\nContent-Disposition: attachment; filename=\"" + name + "\"\nContent-Transfer-Encoding: base64\n\n" +
		wrapped(base64.StdEncoding.EncodeToString(data)) + "\n--b--\n"
}

func wrapped(s string) string {
	var b strings.Builder
	for len(s) > 76 {
		b.WriteString(s[:76] + "\n")
		s = s[76:]
	}
	return b.String() + s
}

func kinds(found []mail.Finding) []string {
	var out []string
	for _, f := range found {
		out = append(out, []string{"pass", "ask", "block"}[f.Verdict]+" "+f.Where)
	}
	return out
}

// TestSealedLetterIsReadAndGoesNowhere: the desk keeps the doors shut, whatever the screen shows (QC 7.1b, 8.2).
func TestSealedLetterIsReadAndGoesNowhere(t *testing.T) {
	srv := servertest.Start(t)
	ha := signedIn(t, srv, "Nguyễn Thị Thu Hà", "nv")
	srv.Deliver(ha.account.Login, withFile(ha.account.Login, "Ke hoach", "Gửi anh.", "a.txt", []byte("TỐI MẬT\nSố: 07/KH-BCH\n")))
	srv.Deliver(ha.account.Login, withFile(ha.account.Login, "Thuong", "Gửi anh.", "b.txt", []byte("Kế hoạch tuần\n")))
	ha.until("both", func() bool { return len(ha.heads(mail.RoleInbox)) == 2 })
	ctx := t.Context()
	for _, h := range ha.heads(mail.RoleInbox) {
		l, err := ha.Open(ctx, h.ID)
		if err != nil {
			t.Fatal(err)
		}
		shut := h.Subject == "Ke hoach"
		if l.Sealed() != shut {
			t.Fatalf("%s: sealed %v, %v", h.Subject, l.Sealed(), kinds(l.Findings))
		}
		if raw, err := ha.Raw(ctx, h.ID); err != nil || len(raw) == 0 {
			t.Errorf("%s: its bytes cannot be read: %v", h.Subject, err)
		}
		dir := t.TempDir()
		for name, open := range map[string]func() error{
			"save part":    func() error { _, err := ha.SavePart(ctx, h.ID, "2", dir); return err },
			"save letter":  func() error { _, err := ha.SavePart(ctx, h.ID, "", dir); return err },
			"open part":    func() error { return ha.OpenPart(ctx, h.ID, "2") },
			"forward":      func() error { _, err := ha.Compose(ctx, ha.account.ID, mail.DraftForward, h.ID); return err },
			"forward anew": func() error { _, err := ha.Compose(ctx, "", mail.DraftForward, h.ID); return err },
		} {
			err := open()
			if (mail.KindOf(err) == mail.Blocked) != shut || err != nil && !shut {
				t.Errorf("%s of %q: %v", name, h.Subject, err)
			}
			if shut && (mail.AsFault("", err).Detail != "QC 7.1b" || strings.Contains(err.Error(), h.Subject) || strings.Contains(err.Error(), "MẬT")) {
				t.Errorf("%s says %v", name, err)
			}
		}
		if left, err := os.ReadDir(dir); err != nil || (len(left) == 0) != shut {
			t.Errorf("%s: %d files, %v", h.Subject, len(left), err)
		}
		for _, kind := range []mail.DraftKind{mail.DraftReply, mail.DraftReplyAll} {
			d, err := ha.Compose(ctx, ha.account.ID, kind, h.ID)
			if err != nil || d.InReplyTo != l.MessageID || d.To == "" {
				t.Fatalf("%+v %v", d, err)
			}
			if strings.Contains(d.Body, "Gửi anh") == shut || strings.Contains(d.Subject, h.Subject) == shut {
				t.Errorf("%s is quoted: %q %q", h.Subject, d.Subject, d.Body)
			}
		}
	}
	if drafts, err := ha.Drafts(ctx); err != nil || len(drafts) != 2 {
		t.Errorf("drafts beside the two forwards of the ordinary letter: %d %v", len(drafts), err)
	}
}

// TestMarkSeenInOneCharsetStaysSeen: another reading of the same bytes does not open the doors.
func TestMarkSeenInOneCharsetStaysSeen(t *testing.T) {
	srv := servertest.Start(t)
	ha := signedIn(t, srv, "Nguyễn Thị Thu Hà", "nv")
	srv.Deliver(ha.account.Login, "From: a@x.example\nTo: <"+ha.account.Login+">\nSubject: x\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\nMẬT\nSố: 07/KH-BCH\n")
	ha.until("it", func() bool { return len(ha.heads(mail.RoleInbox)) == 1 })
	id := ha.heads(mail.RoleInbox)[0].ID
	for range 3 {
		l, err := ha.Reread(t.Context(), id, "")
		if err != nil || !l.Sealed() {
			t.Errorf("%v %v", kinds(l.Findings), err)
		}
	}
}

func TestJudgeIsBounded(t *testing.T) {
	big := bytes.Repeat([]byte("Ke hoach tuan. "), 13<<20/15)
	many := "From: a@x.example\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
	for range 60 {
		many += "--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=\"a.txt\"\n\nMAT\n"
	}
	many += "--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=\"z.txt\"\n\n" + strings.Repeat("x", 100) + "\nTỐI MẬT\n--b--\n"
	for _, c := range []struct {
		name, raw string
		want      string
	}{
		{"a file too large", withFile("b@x.example", "x", "y", "lon.txt", big), "pass attachment:lon.txt"},
		{"a long text: its beginning counts", withFile("b@x.example", "x", "y", "dai.txt", append([]byte("TỐI MẬT\n"), big[:3<<20]...)), "block attachment:dai.txt"},
		{"too many", many, "pass attachment:z.txt"},
	} {
		raw := []byte(strings.ReplaceAll(c.raw, "\n", "\r\n"))
		got := kinds(desk.Judge(letter.Parse(raw), raw, true))
		if !slices.Contains(got, c.want) {
			t.Errorf("%s: %v, want %s", c.name, got, c.want)
		}
	}
}

func corpus(tb testing.TB) map[string][]byte {
	tb.Helper()
	files, err := filepath.Glob("../letter/testdata/corpus/*")
	if err != nil || len(files) < 60 {
		tb.Fatalf("%d letters: %v", len(files), err)
	}
	out := map[string][]byte{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			tb.Fatal(err)
		}
		out[filepath.Base(f)] = b
	}
	return out
}

// TestHostileLettersAreJudged: none of them crashes the look into it or makes it hold much more than the letter.
func TestHostileLettersAreJudged(t *testing.T) {
	for name, raw := range corpus(t) {
		l := letter.Parse(raw)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		found := desk.Judge(l, raw, true)
		runtime.ReadMemStats(&after)
		if got := after.TotalAlloc - before.TotalAlloc; got > 512<<20 {
			t.Errorf("%s (%d octets): %d MB passed through memory", name, len(raw), got>>20)
		}
		for _, f := range found {
			if f.Where == "" || f.Code == "" {
				t.Errorf("%s: %+v", name, f)
			}
		}
	}
}

func FuzzJudge(f *testing.F) {
	for _, raw := range corpus(f) {
		if len(raw) < 64<<10 {
			f.Add(raw)
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		l := letter.Parse(raw)
		whole := desk.Judge(l, raw, true)
		for _, x := range desk.Judge(l, raw, false) {
			if x.Verdict == mail.Block && !slices.Contains(whole, x) {
				t.Errorf("a look into more sees less: %+v", x)
			}
		}
	})
}

func BenchmarkJudge(b *testing.B) {
	for _, c := range []struct {
		name string
		raw  string
	}{
		{"text", "From: a@x.example\nSubject: x\n\n" + strings.Repeat("Đề nghị quý cơ quan báo cáo kết quả.\n", 60)},
		{"10MB", withFile("b@x.example", "x", "y", "a.txt", bytes.Repeat([]byte("Kế hoạch công tác tuần của Sở. "), 10<<20/40))},
	} {
		raw := []byte(c.raw)
		l := letter.Parse(raw)
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				desk.Judge(l, raw, true)
			}
		})
	}
}
