package rule

import (
	"strings"
	"testing"

	"hopthu/mail"
)

func TestFormats(t *testing.T) {
	for _, c := range []struct {
		file File
		want string // verdict, code, suggestion
	}{
		{File{Name: "Báo cáo.docx"}, "đạt||"},
		{File{Name: "BAO CAO.PDF"}, "đạt||"},
		{File{Name: "a.odt", Facts: FileFacts{Scanned: true}}, "đạt||"},
		{File{Name: "a.doc"}, "nên chuyển|file-old|to-docx"},
		{File{Name: "a.XLS "}, "nên chuyển|file-old|to-xlsx"},
		{File{Name: "a.rar"}, "ngoài danh mục|file-unlisted|to-zip"},
		{File{Name: "ban ve.dwg"}, "ngoài danh mục|file-unlisted|to-pdf"},
		{File{Name: "a.xyz"}, "ngoài danh mục|file-unlisted|to-pdf"},
		{File{Name: "khong duoi", Type: "application/pdf"}, "đạt||"},
		{File{Name: "khong duoi", Type: "application/vnd.rar"}, "ngoài danh mục|file-unlisted|to-zip"},
		{File{Name: "a.exe"}, "chặn|file-blocked|remove"},
		{File{Name: "a.pdf", Risk: mail.RiskBlocked}, "chặn|file-blocked|remove"},
		{File{Name: "a.pdf", Risk: mail.RiskOdd}, "ngoài danh mục|file-odd|rename"},
		{File{Name: "bao_cao.pdf.exe"}, "chặn|file-disguised|remove"},
		{File{Name: "bao_cao.pdf .scr"}, "chặn|file-disguised|remove"},
		{File{Name: "bao_cao.pdf\u200b.exe. "}, "chặn|file-disguised|remove"},
		{File{Name: "QĐ.10.2013.pdf"}, "đạt||"},
		{File{Name: "so 12.v2.zip"}, "đạt||"},
		{File{Name: "hoadon\u202efdp.txt"}, "chặn|file-disguised|remove"},
		{File{Name: "a.docm"}, "chặn|file-macro|to-docx"},
		{File{Name: "a.docx", Facts: FileFacts{Macros: true}}, "chặn|file-macro|to-pdf"},
		{File{Name: "a.zip", Facts: FileFacts{Bomb: true}}, "chặn|file-bomb|remove"},
		{File{Name: "a.zip", Facts: FileFacts{Risky: true}}, "chặn|file-blocked|remove"},
		{File{Name: "a.zip", Facts: FileFacts{Locked: true}}, "ngoài danh mục|file-locked|unlock"},
		{File{Name: "a.zip", Facts: FileFacts{Locked: true}, Outside: true}, "chặn|file-locked|unlock"},
	} {
		r := DefaultFormats().Judge(c.file)
		if got := r.Verdict.String() + "|" + r.Code + "|" + r.Suggest; got != c.want {
			t.Errorf("%+q: %s, want %s", c.file.Name, got, c.want)
		}
		if r.Source == "" {
			t.Errorf("%q: no provenance", c.file.Name)
		}
	}
}

func TestFormatTable(t *testing.T) {
	raw, err := tables.ReadFile("data/formats.psv")
	if err != nil {
		t.Fatal(err)
	}
	f, bad := ReadFormats(string(raw))
	if len(bad) > 0 || len(f) < 90 {
		t.Errorf("%d rows, bad %q", len(f), bad)
	}
	if _, bad := ReadFormats("exe|program|maybe|-|x\npdf|text|ok|-|\n|a|ok|-|b\nx|y"); len(bad) != 4 {
		t.Errorf("took nonsense: %q", bad)
	}
	for _, ext := range strings.Fields("txt rtf pdf odt ods odp csv docx xlsx pptx jpg png gif tif mp3 mp4 mpg aac wav avi wmv zip gz xml eml vcf ics p7s p7m") {
		if r := f.Judge(File{Name: "a." + ext}); r.Verdict != FormatOK {
			t.Errorf("%s: %v", ext, r)
		}
	}
	for _, ext := range strings.Fields("exe scr com pif bat cmd js jse vbs vbe wsf hta lnk iso img jar msi ps1 docm xlsm pptm") {
		if r := f.Judge(File{Name: "a." + ext}); r.Verdict != FormatBlocked {
			t.Errorf("%s: %v", ext, r)
		}
	}
}
