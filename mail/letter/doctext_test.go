package letter

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"hopthu/mail"
)

// zipOf makes an archive of name, content pairs.
func zipOf(t testing.TB, pairs ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i+1 < len(pairs); i += 2 {
		w, err := z.Create(pairs[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(pairs[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func docxOf(t testing.TB, body string, more ...string) []byte {
	return zipOf(t, append([]string{
		"[Content_Types].xml", "<Types/>", "word/document.xml",
		`<?xml version="1.0" encoding="UTF-8"?><w:document><w:body>` + body + `</w:body></w:document>`,
	}, more...)...)
}

func odtOf(t testing.TB, kind, content, styles string) []byte {
	return zipOf(t, "mimetype", "application/vnd.oasis.opendocument."+kind, "content.xml",
		`<office:document-content><office:automatic-styles><style:style style:name="P1"><style:text-properties style:font-name=".VnTimeH"/></style:style></office:automatic-styles><office:body>`+content+`</office:body></office:document-content>`,
		"styles.xml", `<office:document-styles><office:master-styles>`+styles+`</office:master-styles></office:document-styles>`)
}

// pdfOf makes a PDF of one page; objects are numbered from 5 on.
func pdfOf(content, font string, objects ...string) []byte {
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	if _, err := io.WriteString(w, content); err != nil {
		panic(err)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	var b strings.Builder
	b.WriteString("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]/Resources<</Font<</F1 " + font + ">>/XObject<</X 5 0 R>>>>>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R>>endobj\n")
	fmt.Fprintf(&b, "4 0 obj<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream endobj\n", z.Len(), z.String())
	for i, o := range objects {
		fmt.Fprintf(&b, "%d 0 obj %s endobj\n", i+5, o)
	}
	b.WriteString("trailer<</Root 1 0 R>>\n%%EOF")
	return []byte(b.String())
}

const plainFont = "<</Subtype/Type1/BaseFont/Times-Roman/Encoding/WinAnsiEncoding>>"

type docCase struct {
	name, file string
	data       []byte
	want       string // must be in the text
	check      func(DocText) bool
	err        error
}

func docCases(t testing.TB) []docCase {
	p := func(s string) string { return "<w:p><w:r><w:t>" + s + "</w:t></w:r></w:p>" }
	none := func(DocText) bool { return true }
	letterRaw := "From: a@b.vn\r\nSubject: thu\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nthan thu\r\n--x\r\nContent-Type: application/octet-stream; name=a.docx\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=a.docx\r\n\r\n" +
		base64.StdEncoding.EncodeToString(docxOf(t, p("TUYỆT MẬT"))) + "\r\n--x--\r\n"
	return []docCase{
		{"TCVN3 text", "a.txt", []byte("UBND T\xd8NH\r\nTUY\xd6T M\xcbT\r\nK\xddnh g\xf6i: V\xa8n ph\xdfng \xf1y ban nh\xa9n d\xa9n\r\n"), "TUYỆT MẬT", func(d DocText) bool { return d.Legacy == "TCVN3" && d.Kind == "txt" }, nil},
		{"UTF-16 text", "a.txt", []byte("\xff\xfeM\x00\xac\x1eT\x00"), "MẬT", none, nil},
		{"docx", "a.docx", docxOf(t, p("Kính gửi:")+`<w:p><w:r><w:t>Sở</w:t></w:r><w:r><w:tab/><w:t xml:space="preserve"> Nội &amp; vụ</w:t></w:r></w:p>`), "Kính gửi:\nSở\t Nội & vụ\n", func(d DocText) bool { return d.Kind == "docx" && !d.Scanned }, nil},
		{"docx header", "a.docx", docxOf(t, p("thường"), "word/header2.xml", "<w:hdr>"+p("TỐI MẬT")+"</w:hdr>"), "TỐI MẬT\n", none, nil},
		{"docx text box once", "a.docx", docxOf(t, `<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>`+p("MẬT")+`</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>`+p("MẬT")+`</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>`), "MẬT\n", func(d DocText) bool { return strings.Count(d.Text, "MẬT") == 1 }, nil},
		{"docx font .VnTime over runs", "a.docx", docxOf(t, `<w:p><w:r><w:rPr><w:rFonts w:ascii=".VnTime"/></w:rPr><w:t>KÝnh g</w:t></w:r><w:r><w:rPr><w:rFonts w:ascii=".VnTime"/></w:rPr><w:t>öi</w:t></w:r></w:p>`), "Kính gửi\n", func(d DocText) bool { return d.Legacy == "TCVN3" }, nil},
		{"docx font by style, capitals", "a.docx", docxOf(t, `<w:p><w:pPr><w:pStyle w:val="H"/></w:pPr><w:r><w:t>tuyÖt mËt</w:t></w:r></w:p>`, "word/styles.xml", `<w:styles><w:style w:styleId="B"><w:rPr><w:rFonts w:ascii=".VnTimeH"/></w:rPr></w:style><w:style w:styleId="H"><w:basedOn w:val="B"/></w:style></w:styles>`), "TUYỆT MẬT\n", none, nil},
		{"docx font VNI", "a.docx", docxOf(t, `<w:p><w:r><w:rPr><w:rFonts w:hAnsi="VNI-Times"/></w:rPr><w:t>TUYEÄT MAÄT</w:t></w:r></w:p>`), "TUYỆT MẬT\n", none, nil},
		{"docx macros", "a.docm", docxOf(t, p("x"), "word/vbaProject.bin", "x"), "x", func(d DocText) bool { return d.Macros }, nil},
		{"docx picture only", "a.docx", docxOf(t, "<w:p/>", "word/media/image1.png", "x"), "", func(d DocText) bool { return d.Scanned }, nil},
		{"docx imported chunk", "a.docx", docxOf(t, "<w:altChunk/>", "word/afchunk.htm", "<html><body><p>TỐI MẬT</p></body></html>"), "TỐI MẬT", none, nil},
		{"docx broken tag", "a.docx", docxOf(t, `<w:p><w:r><w:t a="x>y</w:t><w:t>MẬT</w:t>`), "MẬT", none, nil},
		{"odt", "a.odt", odtOf(t, "text", `<text:p>Sở<text:s text:c="3"/>Y<text:tab/>tế</text:p><text:p text:style-name="P1">mËt</text:p>`, `<style:header><text:p>Đầu trang</text:p></style:header>`), "Sở   Y\ttế\nMẬT\n", func(d DocText) bool { return strings.HasPrefix(d.Text, "Đầu trang") && d.Kind == "odt" }, nil},
		{"ods", "a.ods", odtOf(t, "spreadsheet", `<table:table-row><table:table-cell><text:p>A</text:p></table:table-cell><table:table-cell><text:p>B</text:p></table:table-cell></table:table-row>`, ""), "A\n\tB", func(d DocText) bool { return d.Kind == "ods" }, nil},
		{"xlsx", "a.xlsx", zipOf(t, "[Content_Types].xml", "<Types/>", "xl/workbook.xml", "<workbook/>", "xl/sharedStrings.xml", "<sst><si><t>Họ tên</t></si><si><r><rPr><rFont val=\".VnTime\"/></rPr><t>mËt</t></r></si></sst>",
			"xl/worksheets/sheet1.xml", `<worksheet><sheetData><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row><row><c><v>12</v></c><c t="inlineStr"><is><t>tại chỗ</t></is></c></row></sheetData><headerFooter><oddHeader>&amp;C&amp;"Arial,Bold"&amp;14TỐI MẬT</oddHeader></headerFooter></worksheet>`), "Họ tên\tmật\t\n12\ttại chỗ\t\n", func(d DocText) bool { return strings.Contains(d.Text, "\nTỐI MẬT\n") }, nil},
		{"pptx", "a.pptx", zipOf(t, "[Content_Types].xml", "<Types/>", "ppt/presentation.xml", "<p/>", "ppt/slides/slide1.xml", "<p:sld><a:p><a:r><a:t>Trang 1</a:t></a:r></a:p></p:sld>"), "Trang 1", func(d DocText) bool { return d.Kind == "pptx" }, nil},
		{"rtf", "a.rtf", []byte(`{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fcharset0 Times;}{\f1\fcharset0 .VnTimeH;}{\f2\fcharset163 Arial;}{\f3 VNI-Times;}}{\header \f1 tuy\'d6t m\'cbt\par}\f0 S\u7903?\f2  K\'ea\'ec\f3 maä\'e4t\par{\*\generator X}{\pict 0102}\'c9t\cell {\*\shpinst{\shptxt MẬT\par}}}`), "TUYỆT MẬT\n", func(d DocText) bool {
			return d.Kind == "rtf" && strings.Contains(d.Text, "Sở Kế") && !strings.Contains(d.Text, "Times") && !strings.Contains(d.Text, "0102") && !strings.Contains(d.Text, "X")
		}, nil},
		{"eml with docx", "a.eml", []byte(letterRaw), "TUYỆT MẬT", func(d DocText) bool { return strings.HasPrefix(d.Text, "thu\nthan thu") && len(d.Names) == 1 }, nil},
		{"zip", "a.zip", zipOf(t, "b/KH.txt", "MẬT", "trong.zip", string(zipOf(t, "c.txt", "Tối mật"))), "Tối mật", func(d DocText) bool {
			return strings.Join(d.Names, " ") == "b/KH.txt trong.zip trong.zip/c.txt" && strings.Contains(d.Text, "MẬT")
		}, nil},
		{"zip with program", "a.zip", zipOf(t, "hoadon.pdf.exe", "MZ\x00"), "", func(d DocText) bool { return d.Risk == mail.RiskBlocked }, nil},
		{"pdf", "a.pdf", pdfOf("BT /F1 12 Tf 50 700 Td (TUYET) Tj 60 0 Td (MAT) Tj 300 0 Td (TM. UBND) Tj ET", plainFont), "TUYET MAT    TM. UBND", func(d DocText) bool { return d.Kind == "pdf" && !d.Scanned }, nil},
		{"pdf ToUnicode of everything", "a.pdf", pdfOf("BT /F1 12 Tf <004D1EAC0054> Tj ET", "<</Subtype/Type0/BaseFont/A/ToUnicode 6 0 R/DescendantFonts[<</DW 500>>]>>", "<<>>", "<</Length 52>>stream\n1 beginbfrange <0000> <FFFF> <0000> endbfrange       \nendstream"), "MẬT", none, nil},
		{"pdf ToUnicode", "a.pdf", pdfOf("BT /F1 12 Tf <00010002> Tj ET", "<</Subtype/Type0/BaseFont/A/ToUnicode 6 0 R/DescendantFonts[<</DW 500>>]>>", "<<>>", "<</Length 74>>stream\n2 beginbfchar <0001> <004D> <0002> <1EAC> endbfchar\n1 beginbfrange <0003> <0004> <0054> endbfrange\nendstream"), "MẬ", none, nil},
		{"pdf TCVN3 font", "a.pdf", pdfOf("BT /F1 12 Tf (tuy\\326t m\\313t) Tj ET", "<</Subtype/TrueType/BaseFont/ABCDEF+.VnTimeH>>"), "TUYỆT MẬT", none, nil},
		{"pdf form and array", "a.pdf", pdfOf("/X Do", plainFont, "<</Subtype/Form/Length 40>>stream\nBT /F1 9 Tf [(M) -20 (AT) -900 (KHAU)] TJ ET\nendstream"), "MAT KHAU", none, nil},
		{"pdf scan", "a.pdf", pdfOf("/X Do", plainFont, "<</Subtype/Image/Length 3>>stream\nxyz\nendstream"), "", func(d DocText) bool { return d.Scanned }, nil},
		{"pdf locked", "a.pdf", bytes.Replace(pdfOf("", plainFont), []byte("<</Root"), []byte("<</Encrypt 9 0 R/Root"), 1), "", func(d DocText) bool { return d.Locked }, ErrLocked},
		{"pdf, an object without end hides nothing", "a.pdf", bytes.Replace(pdfOf("BT /F1 12 Tf (MAT) Tj ET", plainFont), []byte("1 0 obj"), []byte("9 0 obj (\n1 0 obj"), 1), "MAT", none, nil},
		{"pdf no pages", "a.pdf", []byte("%PDF-1.4\n"), "", none, ErrBrokenDoc},
		{"image", "a.png", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), "", func(d DocText) bool { return d.Scanned && d.Kind == "image" }, nil},
		{"locked office file", "a.docx", append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), leUnits("EncryptedPackage")...), "", func(d DocText) bool { return d.Locked }, ErrLocked},
		{"program", "a.bin", []byte("MZ\x00\x01\x02\x03\x00\x00\x00"), "", none, ErrNoText},
		{"empty", "a.txt", nil, "", none, nil},
	}
}

func TestDocumentText(t *testing.T) {
	for _, c := range docCases(t) {
		t.Run(c.name, func(t *testing.T) {
			d, err := DocumentText(c.file, c.data)
			if !errors.Is(err, c.err) || c.err == nil && err != nil {
				t.Errorf("error %v, want %v", err, c.err)
			}
			if !strings.Contains(d.Text, c.want) || !c.check(d) {
				t.Errorf("%+v\nwant %q", d, c.want)
			}
		})
	}
}

// A PDF as a browser prints it: subset fonts, ToUnicode, two columns.
func TestDocumentTextBrowserPDF(t *testing.T) {
	raw, err := os.ReadFile("testdata/doc/decision.pdf")
	if err != nil {
		t.Fatal(err)
	}
	d, err := DocumentText("qd.pdf", raw)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"Số: 10/2013/QĐ-UBND    Ninh Bình, ngày 10 tháng 7 năm 2013\n", "Nơi nhận:    TM. ỦY BAN NHÂN DÂN\n- Như Điều 3;    CHỦ TỊCH\n", "\n- Lưu VT, VP6, VP7,VP8, TTTH-CB.\n"} {
		if !strings.Contains(d.Text, line) {
			t.Errorf("no %q in\n%s", line, d.Text)
		}
	}
}

func TestDocumentBombs(t *testing.T) {
	zeros := strings.Repeat("0", 16<<20)
	nested := zipOf(t, "a.txt", "x")
	for range 6 {
		nested = zipOf(t, "n.zip", string(nested))
	}
	locked := zipOf(t, "a.txt", "x", "b.txt", "y")
	for _, mark := range []string{"PK\x03\x04", "PK\x01\x02"} { // bit 0 of the flags of the first entry
		i := bytes.Index(locked, []byte(mark))
		locked[i+6+2*strings.Count(mark, "\x02")] |= 1
	}
	many := []string{}
	for i := range 300 {
		many = append(many, fmt.Sprintf("f%03d.txt", i), "a")
	}
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	if _, err := fmt.Fprint(w, zeros); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		data []byte
		err  error
		ok   func(DocText) bool
	}{
		{"ratio", zipOf(t, "a.txt", zeros), ErrBomb, func(d DocText) bool { return d.Bomb }},
		{"docx", docxOf(t, "<w:p><w:t>"+zeros+"</w:t></w:p>"), ErrBomb, func(d DocText) bool { return d.Bomb }},
		{"depth", nested, ErrBomb, func(d DocText) bool { return d.Bomb }},
		{"locked entry", locked, ErrLocked, func(d DocText) bool { return d.Locked && len(d.Names) == 2 && strings.Contains(d.Text, "y") }},
		{"many entries", zipOf(t, many...), nil, func(d DocText) bool { return d.Cut && len(d.Names) == 300 }},
		{"pdf", pdfOf("/X Do", plainFont, fmt.Sprintf("<</Subtype/Form/Filter/FlateDecode/Length %d>>stream\n%s\nendstream", z.Len(), z.String())), ErrBomb, func(d DocText) bool { return d.Bomb }},
		{"pdf loop", pdfOf("/X Do", plainFont, "<</Subtype/Form/Length 11>>stream\n/X Do /X Do\nendstream"), nil, func(d DocText) bool { return d.Text == "\n" || d.Scanned }},
		{"pdf of objects without end", []byte("%PDF-1.4\n" + strings.Repeat("1 0 obj (", 1<<17)), ErrBrokenDoc, func(DocText) bool { return true }},
		{"pdf of streams without end", []byte("%PDF-1.4\n" + strings.Repeat("1 0 obj<</Type/ObjStm/Filter/FlateDecode>>stream\n", 1<<16)), ErrBrokenDoc, func(DocText) bool { return true }},
		{"rtf depth", []byte(`{\rtf1 ` + strings.Repeat("{", 100000) + "MẬT" + strings.Repeat("}", 100000)), nil, func(d DocText) bool { return d.Text != "" }},
		{"broken zip", []byte("PK\x03\x04 nothing"), ErrBrokenDoc, func(DocText) bool { return true }},
	} {
		d, err := DocumentText("a", c.data)
		if !errors.Is(err, c.err) || c.err == nil && err != nil || !c.ok(d) {
			d.Text = fmt.Sprintf("%.40q", d.Text)
			t.Errorf("%s: %v %+v", c.name, err, d)
		}
	}
}

func FuzzDocumentText(f *testing.F) {
	for _, c := range docCases(f) {
		f.Add(c.file, c.data)
	}
	f.Add("a.doc", oleOf(wideText("UBND TỈNH NINH BÌNH\rTỐI MẬT\r"), []byte("K\xddnh g\xf6i: V\xa8n ph\xdfng\r")))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		d, err := DocumentText(name, data)
		if !norm.NFC.IsNormalString(d.Text) {
			t.Fatalf("%q is not NFC", d.Text)
		}
		if len(d.Text) > 2*docMaxText || len(d.Names) > docMaxNames || err != nil && d.Bomb != errors.Is(err, ErrBomb) {
			t.Fatalf("%v %d", err, len(d.Text))
		}
	})
}

func BenchmarkDocumentText(b *testing.B) {
	para := strings.Repeat("Ủy ban nhân dân tỉnh báo cáo kết quả thực hiện. ", 20)
	docx := docxOf(b, strings.Repeat("<w:p><w:r><w:t>"+para+"</w:t></w:r></w:p>", 800))
	pdf, err := os.ReadFile("testdata/doc/decision.pdf")
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name string
		data []byte
	}{{"docx-1MB-text", docx}, {"pdf", pdf}, {"txt-1MB", []byte(strings.Repeat(para+"\n", 800))}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if d, err := DocumentText("a", c.data); err != nil || d.Text == "" {
					b.Fatal(err)
				}
			}
		})
	}
}
