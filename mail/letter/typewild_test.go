package letter

import (
	"testing"

	"hopthu/mail"
)

// TestTypesWritten has files as they are sent: what they are counts, not how they are called.
func TestTypesWritten(t *testing.T) {
	const (
		pdf  = "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
		exe  = "MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00"
		zip  = "PK\x03\x04\x14\x00\x00\x00\x08\x00"
		ole  = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00\x00\x00"
		png  = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
		jpeg = "\xff\xd8\xff\xe0\x00\x10JFIF"
		rar  = "Rar!\x1a\x07\x01\x00"
	)
	for _, c := range []struct {
		name, head string
		want       mail.Risk
	}{
		{"Báo cáo.pdf", pdf, mail.RiskNone},
		{"BAO CAO.PDF", pdf, mail.RiskNone},
		{"a.PDF.", pdf, mail.RiskNone},
		{"a.pdf", "\r\n" + pdf, mail.RiskNone}, // readers look for the mark in the first kilobyte
		{"a.pdf", exe, mail.RiskBlocked},
		{"a.pdf", zip, mail.RiskOdd},
		{"a.pdf", rar, mail.RiskOdd},
		{"a.pdf", "<html><body>x</body></html>", mail.RiskOdd},
		{"a.pdf", "", mail.RiskNone},
		{"a.docx", zip, mail.RiskNone},
		{"a.docx", ole, mail.RiskNone}, // with a password
		{"a.docx", pdf, mail.RiskOdd},
		{"a.docm", zip, mail.RiskBlocked},
		{"a.doc", ole, mail.RiskNone},
		{"a.doc", "{\\rtf1\\ansi x}", mail.RiskNone},
		{"a.doc", pdf, mail.RiskOdd},
		{"a.xls", "a;b;c\n1;2;3\n", mail.RiskNone},
		{"a.xls", exe, mail.RiskBlocked},
		{"a.jpg", jpeg, mail.RiskNone},
		{"a.jpeg", jpeg, mail.RiskNone},
		{"a.jpg", png, mail.RiskOdd},
		{"a.png", exe, mail.RiskBlocked},
		{"a.txt", "MZ là hai chữ cái đầu của một dòng chữ bình thường.\n", mail.RiskNone},
		{"a.txt", "#!/bin/sh\nrm -rf x\n", mail.RiskBlocked},
		{"a.csv", "họ tên,đơn vị\nAn,Sở Nội vụ\n", mail.RiskNone},
		{"a.csv", png, mail.RiskOdd},
		{"a.zip", zip, mail.RiskNone},
		{"a.zip", "PK\x03\x04\x14\x00\x01\x00\x08\x00", mail.RiskOdd}, // locked
		{"a.zip", rar, mail.RiskOdd},
		{"a.rar", rar, mail.RiskNone},
		{"bao_cao.pdf.exe", pdf, mail.RiskBlocked},
		{"bao_cao.pdf     .scr", pdf, mail.RiskBlocked},
		{"hoadon\u202efdp.exe", exe, mail.RiskBlocked},
		{"thong bao.lnk", "L\x00\x00\x00\x01\x14\x02\x00", mail.RiskBlocked},
		{"anh.jpg.url", "[InternetShortcut]\r\n", mail.RiskBlocked},
		{"khong duoi", "\x7fELF\x02\x01\x01", mail.RiskBlocked},
		{"khong duoi", pdf, mail.RiskNone},
		{"", pdf, mail.RiskNone},
		{"a.html", "<html></html>", mail.RiskNone},
		{"a.js", "var x", mail.RiskBlocked},
		{"a.txt\x00.exe", "x", mail.RiskBlocked},
		{"a.exe\x00.txt", "x", mail.RiskBlocked},
		{"a.exe.", exe, mail.RiskBlocked},
		{"a.exe\u200b", exe, mail.RiskBlocked},
		{"a.mp3", "ID3\x03\x00\x00\x00\x00\x00\x21", mail.RiskNone},
		{"chu ky.p7s", "0\x82\x05\x00", mail.RiskNone},
	} {
		if media, got := TypeOf(c.name, []byte(c.head)); got != c.want {
			t.Errorf("%q with %.12q (%s): %v, want %v", c.name, c.head, media, got, c.want)
		}
	}
	if media, _ := TypeOf("a.pdf", []byte("\r\n"+pdf)); media != "application/pdf" {
		t.Errorf("a PDF behind an empty line is %q", media)
	}
}
