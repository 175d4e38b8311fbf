package desk_test

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"hopthu/mail"
	"hopthu/mail/server/servertest"
)

// A stamp in the header of an attached document holds the letter back.
func TestSecrecyInsideAttachment(t *testing.T) {
	srv := servertest.Start(t)
	b := srv.Person("Trần Văn Hùng", "kh&đt")
	p := newPerson(t, srv, b)
	a, err := p.SignIn(t.Context(), p.account, b.Password)
	if err != nil {
		t.Fatal(err)
	}
	var doc bytes.Buffer
	z := zip.NewWriter(&doc)
	for name, text := range map[string]string{
		"[Content_Types].xml": "<Types/>", "word/document.xml": "<w:p><w:r><w:t>Kế hoạch</w:t></w:r></w:p>",
		"word/header1.xml": "<w:p><w:r><w:t>TUYỆT MẬT</w:t></w:r></w:p>",
	} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ke hoach.docx")
	if err := os.WriteFile(file, doc.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := p.Compose(t.Context(), a.ID, mail.DraftNew, 0)
	if err != nil {
		t.Fatal(err)
	}
	d.To, d.Subject, d.Body = b.Address, "Kế hoạch", "Xin gửi anh."
	if d, err = p.Attach(t.Context(), d, file); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		found, err := p.Check(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(found, func(f mail.Finding) bool {
			return f.Verdict == mail.Block && f.Code == "secret-mark" && f.Where == "attachment:ke hoach.docx"
		}) {
			t.Fatalf("the stamp in the header passed: %+v", found)
		}
	}
	if _, err := p.Send(t.Context(), d, nil); mail.KindOf(err) != mail.Blocked {
		t.Errorf("sending answered %v", err)
	}
}
