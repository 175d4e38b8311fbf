package queue

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/server/internal/register"
)

// zipped is an archive of files, told by name and text.
func zipped(t testing.TB, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err == nil {
			_, err = io.WriteString(w, files[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func docx(t testing.TB, text string) []byte {
	t.Helper()
	return zipped(t, "[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`, "word/document.xml", `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>`+text+`</w:t></w:r></w:p></w:body></w:document>`)
}

// written is a letter as our own client writes it.
func written(t testing.TB, id int, subject, body string, files map[string][]byte) string {
	t.Helper()
	d := letter.Draft{
		From: mail.Address{Addr: "hal.kh&dt@ninhbinh.gov.vn"}, To: []mail.Address{{Addr: "b@example.com"}}, Subject: subject, Body: body,
		MessageID: fmt.Sprintf("%d@bi.mat", id), Date: time.Unix(1, 0),
	}
	for name, data := range files {
		d.Attachments = append(d.Attachments, letter.File{Name: name, Size: int64(len(data)), Open: func() (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(data)), nil
		}})
	}
	var b bytes.Buffer
	if err := letter.Write(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The rule of our own client, for every client: blocked is refused, asked passes and is noted, and no note has a word of it.
func TestSecrecyAtSubmission(t *testing.T) {
	p := newPost(t, false)
	p.screen = newScreener(time.After)
	const html = "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\nFrom: a\r\nMessage-ID: <html@x>\r\n\r\n" +
		"--b\r\nContent-Type: text/plain\r\n\r\nChao anh.\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Chào anh.</p><p>TUYỆT MẬT</p>\r\n--b--\r\n"
	for _, c := range []struct {
		what, letter string
		places       string // of a refusal
		noted        string // kind of audit row
	}{
		{"ordinary", written(t, 1, "Đổi mật khẩu", "Mật độ dân số, bảo mật, bí mật.", nil), "", ""},
		{"subject", written(t, 2, "[MẬT] Kế hoạch", "x", nil), "subject", "secrecy-block"},
		{"body", written(t, 3, "Kế hoạch", "Kính gửi\n\nTỐI MẬT\n\nx", nil), "body", "secrecy-block"},
		{"quoted", written(t, 4, "Re: Kế hoạch", "Em đã nhận.\n\n> Kính gửi\n> MẬT\n> x", nil), "body", "secrecy-block"},
		{"the form that is not shown", html, "body", "secrecy-block"},
		{"document", written(t, 5, "Gửi văn bản", "x", map[string][]byte{"a.docx": docx(t, "TUYỆT MẬT")}), "attachment 1", "secrecy-block"},
		{"in an archive", written(t, 6, "Gửi văn bản", "x", map[string][]byte{"a.zip": zipped(t, "b.txt", "MẬT\n")}), "attachment 1", "secrecy-block"},
		{"old charset", written(t, 7, "Gửi", "x", map[string][]byte{"a.txt": []byte("TUY\xd6T M\xcbT\r\nK\xddnh g\xf6i: S\xeb K\xd5 ho\xb9ch v\xb5 \xa7\xc7u t\xad\r\n")}), "attachment 1", "secrecy-block"},
		{"name", written(t, 8, "Gửi", "x", map[string][]byte{"Báo cáo TỐI MẬT.txt": []byte("x")}), "", "secrecy-ask"},
		{"mention", written(t, 9, "Hỏi", "Văn bản đóng dấu Mật thì gửi thế nào?", nil), "", "secrecy-ask"},
		{"cannot be read", written(t, 10, "Gửi", "x", map[string][]byte{"a.docx": docx(t, "x")[:60]}), "", "secrecy-unseen"},
	} {
		before := len(p.audit(""))
		_, err := p.Accept(t.Context(), p.envelope(p.nam.Wire), strings.NewReader(c.letter))
		var s *Stamped
		got := ""
		if errors.As(err, &s) {
			got = strings.Join(s.Places, ",")
		}
		if got != c.places || (err != nil) != (c.places != "") || err != nil && mail.KindOf(err) != mail.Blocked {
			t.Errorf("%s: %q %v, want %q", c.what, got, err, c.places)
		}
		rows := p.audit("")[before:]
		if (len(rows) > 0) != (c.noted != "") || len(rows) > 0 && rows[0].What != c.noted {
			t.Errorf("%s: noted %+v, want %q", c.what, rows, c.noted)
		}
		for _, r := range rows {
			if said := r.Subject + r.Detail; strings.Contains(said, "Kế hoạch") || strings.Contains(said, "Báo cáo") || strings.Contains(said, "a.docx") || r.Subject != p.ha.Wire || r.Actor.Account != p.ha.Account {
				t.Errorf("%s: %+v", c.what, r)
			}
		}
	}
	if n := len(p.inbox(p.nam)); n != 4 {
		t.Errorf("%d letters went through, want 4", n)
	}
	if _, err := p.Inject(t.Context(), p.ha.Wire, []string{p.nam.Wire}, strings.NewReader(written(t, 11, "[MẬT] x", "x", nil))); err != nil {
		t.Errorf("what came from outside is no submission: %v", err)
	}
}

// A hostile attachment holds nobody up: its letter passes as one that was not looked into, while the look goes on.
func TestSecrecyTakesTooLong(t *testing.T) {
	p := newPost(t, false)
	block := make(chan struct{})
	now := make(chan time.Time)
	close(now)
	p.screen = newScreener(func(d time.Duration) <-chan time.Time {
		if d == screenLimit || len(p.screen.small) == smallAtOnce {
			return now
		}
		return nil
	})
	p.screen.look = func([]byte) screened { <-block; return screened{} }
	for i := range smallAtOnce {
		_, err := p.Accept(t.Context(), p.envelope(p.nam.Wire), strings.NewReader(written(t, i, "x", "y", nil)))
		p.must(err)
	}
	if rows := p.audit("secrecy-unseen"); len(rows) != smallAtOnce || !strings.HasSuffix(rows[0].Detail, "letter") {
		t.Errorf("%+v", rows)
	}
	_, err := p.Accept(t.Context(), p.envelope(p.nam.Wire), strings.NewReader(written(t, 100, "x", "y", nil)))
	p.kind(err, mail.TryLater, "too many letters at once")
	close(block)
	p.screen.running.Wait()
	_, err = p.Accept(t.Context(), p.envelope(p.nam.Wire), strings.NewReader(written(t, 100, "x", "y", nil)))
	p.must(err)
	if n := len(p.inbox(p.nam)); n != smallAtOnce+1 {
		t.Error(n)
	}
}

func (p *post) audit(what string) []register.AuditRow {
	p.t.Helper()
	rows, err := p.reg.Audit(p.t.Context(), 0, 1000)
	p.must(err)
	if what != "" {
		rows = slices.DeleteFunc(rows, func(r register.AuditRow) bool { return r.What != what })
	}
	return rows
}

func BenchmarkLookInto(b *testing.B) {
	raw := []byte(written(b, 1, "Báo cáo", strings.Repeat("Đề nghị các đơn vị đổi mật khẩu hộp thư, bảo đảm bí mật.\n", 12000), nil))
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		if s := lookInto(raw); len(s.hits) != 0 {
			b.Fatal(s)
		}
	}
}
