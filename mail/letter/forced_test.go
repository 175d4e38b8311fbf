package letter

import (
	"testing"

	"hopthu/mail/viet"
)

// The encoding that the person chooses holds for all raw octets of a letter: subject, names, file names and text.
// (A name that a wrong choice garbles is still repaired where its letters tell.)
func TestParseCharsetForcesEverything(t *testing.T) {
	raw := []byte("From: \"S\xeb N\xe9i v\xf4\" <nv@x.example>\r\nSubject: B\xb8o c\xb8o\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nK\xddnh g\xf6i\r\n" +
		"--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"b\xb8o c\xb8o.pdf\"\r\n\r\n%PDF-1.4\r\n--b--\r\n")
	for _, enc := range viet.Encodings() {
		l := ParseCharset(raw, enc)
		want := func(b string) string {
			s, err := viet.DecodeAs([]byte(b), enc)
			if err != nil && s == "" {
				t.Fatal(err)
			}
			return s
		}
		if got := l.Subject; got != want("B\xb8o c\xb8o") {
			t.Errorf("%s: subject %q", enc, got)
		}
		if got := l.Parts[0].Name; got != want("b\xb8o c\xb8o.pdf") {
			t.Errorf("%s: file %q", enc, got)
		}
		if got := l.Paras[0].Text; got != want("K\xddnh g\xf6i") {
			t.Errorf("%s: text %q", enc, got)
		}
	}
	l := ParseCharset(raw, "TCVN3")
	if l.Subject != "Báo cáo" || l.From[0].Name != "Sở Nội vụ" || l.Parts[0].Name != "báo cáo.pdf" || l.Paras[0].Text != "Kính gửi" {
		t.Errorf("%q %q %q %q", l.Subject, l.From[0].Name, l.Parts[0].Name, l.Paras[0].Text)
	}
}
