package desk

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"hopthu/mail"
)

// TestRecordIsWritten shows that a record goes into a file of the person's own, and never over another.
func TestRecordIsWritten(t *testing.T) {
	d := &Desk{o: Options{Rand: bytes.NewReader(make([]byte, 64))}}
	dir := t.TempDir()
	h := mail.Handover{Box: "kh&dt@ninhphong.example", Started: time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)}
	for _, c := range []struct{ format, want, begins string }{
		{"pdf", "bien-ban-ban-giao-khdt-20261124.pdf", "%PDF-"},
		{"odt", "bien-ban-ban-giao-khdt-20261124.odt", "PK"},
		{"txt", "bien-ban-ban-giao-khdt-20261124.txt", "   "},
		{"txt", "bien-ban-ban-giao-khdt-20261124 (2).txt", "   "},
	} {
		path, err := d.WriteRecord(t.Context(), h, c.format, dir)
		if err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(path) //nolint:gosec // the test's own file
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Base(path) != c.want || !bytes.HasPrefix(data, []byte(c.begins)) || info.Mode().Perm() != 0o600 {
			t.Errorf("%s, %v, %.5q", path, info.Mode(), data)
		}
	}
	if _, err := d.WriteRecord(t.Context(), h, "docx", dir); mail.KindOf(err) != mail.BadFile {
		t.Error(err)
	}
}
