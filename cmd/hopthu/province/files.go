package province

import (
	"archive/zip"
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"strings"

	"hopthu/mail/viet"
)

// The smallest files that the usual programs open. Errors cannot happen: they are written into memory.

// pdf is one page with two lines. The built-in fonts have no Vietnamese letters, so the lines are folded.
func pdf(title, foot string) []byte {
	esc := strings.NewReplacer("(", "\\(", ")", "\\)", "\\", "\\\\")
	text := fmt.Sprintf("BT /F1 16 Tf 72 760 Td (%s) Tj 0 -28 Td /F1 11 Tf (%s) Tj ET", esc.Replace(viet.Fold(title)), esc.Replace(viet.Fold(foot)))
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(text), text),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, p := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", p)
	}
	fmt.Fprintf(&b, "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}

type member struct{ name, text string }

func pack(stored string, members []member) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	put := func(h *zip.FileHeader, text string) {
		if f, err := z.CreateHeader(h); err == nil {
			_, err = f.Write([]byte(text))
			if err != nil {
				panic(err) // a bytes.Buffer does not fail
			}
		}
	}
	if stored != "" { // ODF 1.2 part 3, 3.3: mimetype first, not compressed
		put(&zip.FileHeader{Name: "mimetype", Method: zip.Store}, stored)
	}
	for _, m := range members {
		put(&zip.FileHeader{Name: m.name, Method: zip.Deflate}, m.text)
	}
	if err := z.Close(); err != nil {
		panic(err) // a bytes.Buffer does not fail
	}
	return b.Bytes()
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

var xmlText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func odt(title, text string) []byte {
	return odtOf(`<text:h text:outline-level="1">` + xmlText.Replace(title) + `</text:h><text:p>` + xmlText.Replace(text) + `</text:p>`)
}

func odtOf(body string) []byte {
	const media = "application/vnd.oasis.opendocument.text"
	return pack(media, []member{
		{"content.xml", xmlHead + `<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:text>` +
			body + `</office:text></office:body></office:document-content>`},
		{"META-INF/manifest.xml", xmlHead + `<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2"><manifest:file-entry manifest:full-path="/" manifest:media-type="` + media + `"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>`},
	})
}

func docx(title, text string) []byte {
	p := func(s string) string { return `<w:p><w:r><w:t>` + xmlText.Replace(s) + `</w:t></w:r></w:p>` }
	return docxOf(p(title) + p(text))
}

func docxOf(body string) []byte {
	return pack("", []member{
		{"[Content_Types].xml", xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`},
		{"_rels/.rels", xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`},
		{"word/document.xml", xmlHead + `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` + body + `</w:body></w:document>`},
	})
}

func xlsx(title, text string) []byte {
	cell := func(ref, s string) string {
		return `<c r="` + ref + `" t="inlineStr"><is><t>` + xmlText.Replace(s) + `</t></is></c>`
	}
	return pack("", []member{
		{"[Content_Types].xml", xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`},
		{"_rels/.rels", xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/_rels/workbook.xml.rels", xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
		{"xl/workbook.xml", xmlHead + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Bieu" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/worksheets/sheet1.xml", xmlHead + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">` + cell("A1", title) + cell("B1", text) + `</row></sheetData></worksheet>`},
	})
}

// picture is a landscape with noise; large ones do not compress well.
func picture(w, h int, seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 4))
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			n := uint8(r.UintN(256))
			c := color.NRGBA{R: 60 + n/3, G: 90 + n/2, B: 120 + n/4, A: 255}
			if y > h/2 {
				c = color.NRGBA{R: n / 2, G: 110 + n/2, B: n / 3, A: 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err) // a bytes.Buffer does not fail
	}
	return b.Bytes()
}
