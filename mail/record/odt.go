package record

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// WriteODT writes the record as an OpenDocument text (ISO/IEC 26300) that can be edited before it is signed. There is no
// well-kept library for it in Go; what is needed of the format is a handful of elements in a zip, which the standard library
// makes.
func (d Document) WriteODT(w io.Writer) error {
	z := zip.NewWriter(w)
	for _, f := range []struct {
		name, text string
		method     uint16
	}{
		{"mimetype", "application/vnd.oasis.opendocument.text", zip.Store}, // first and stored (3.3)
		{"META-INF/manifest.xml", odtManifest, zip.Deflate},
		{"meta.xml", fmt.Sprintf(odtMeta, escape(d.title), d.at.UTC().Format("2006-01-02T15:04:05Z")), zip.Deflate},
		{"styles.xml", odtStyles, zip.Deflate},
		{"content.xml", d.odtContent(), zip.Deflate},
	} {
		out, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: f.method, Modified: d.at.UTC()})
		if err != nil {
			return fmt.Errorf("write %s: %w", f.name, err)
		}
		if _, err := io.WriteString(out, f.text); err != nil {
			return fmt.Errorf("write %s: %w", f.name, err)
		}
	}
	return z.Close()
}

const (
	odtSpaces = `xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" ` +
		`xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" ` +
		`xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" ` +
		`xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"`

	odtManifest = xml.Header + `<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">` +
		`<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/>` +
		`<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>` +
		`<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/>` +
		`<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/></manifest:manifest>`

	odtMeta = xml.Header + `<office:document-meta ` + odtSpaces + `><office:meta><meta:generator>hopthu</meta:generator><dc:title>%s</dc:title>` +
		`<dc:date>%s</dc:date><dc:language>vi</dc:language></office:meta></office:document-meta>`

	odtStyles = xml.Header + `<office:document-styles ` + odtSpaces + `><office:font-face-decls>` +
		`<style:font-face style:name="serif" svg:font-family="'Times New Roman', 'Liberation Serif'" style:font-family-generic="roman"/></office:font-face-decls>` +
		`<office:styles><style:default-style style:family="paragraph"><style:text-properties style:font-name="serif" fo:font-size="13pt" fo:language="vi" fo:country="VN"/></style:default-style></office:styles>` +
		`<office:automatic-styles><style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="210mm" fo:page-height="297mm" ` +
		`fo:margin-top="20mm" fo:margin-bottom="20mm" fo:margin-left="30mm" fo:margin-right="15mm"/></style:page-layout></office:automatic-styles>` +
		`<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="A4"/></office:master-styles></office:document-styles>`

	odtHead = xml.Header + `<office:document-content ` + odtSpaces + `><office:automatic-styles>` +
		`<style:style style:name="C" style:family="paragraph"><style:paragraph-properties fo:text-align="center"/></style:style>` +
		`<style:style style:name="CB" style:family="paragraph"><style:paragraph-properties fo:text-align="center"/><style:text-properties fo:font-weight="bold"/></style:style>` +
		`<style:style style:name="T" style:family="paragraph"><style:paragraph-properties fo:text-align="center" fo:margin-top="6mm"/><style:text-properties fo:font-weight="bold" fo:font-size="14pt"/></style:style>` +
		`<style:style style:name="H" style:family="paragraph"><style:paragraph-properties fo:margin-top="2mm"/><style:text-properties fo:font-weight="bold"/></style:style>` +
		`<style:style style:name="P" style:family="paragraph"><style:paragraph-properties fo:margin-bottom="1mm"/></style:style>` +
		`<style:style style:name="S" style:family="paragraph"><style:text-properties fo:font-size="11pt"/></style:style>` +
		`<style:style style:name="SB" style:family="paragraph"><style:text-properties fo:font-size="11pt" fo:font-weight="bold"/></style:style>` +
		`<style:style style:name="cell" style:family="table-cell"><style:table-cell-properties fo:border="0.5pt solid #000000" fo:padding="1mm"/></style:style>` +
		`</office:automatic-styles><office:body><office:text>`
	odtFoot = `</office:text></office:body></office:document-content>`
)

func (d Document) odtContent() string {
	var b strings.Builder
	b.WriteString(odtHead)
	for i, bl := range d.blocks {
		switch bl.kind {
		case centre:
			style := "C"
			if bl.bold {
				style = "CB"
			}
			odtPara(&b, style, bl.text)
		case title:
			odtPara(&b, "T", bl.text)
		case head:
			odtPara(&b, "H", bl.text)
		case para:
			odtPara(&b, "P", bl.text)
		case table:
			odtTable(&b, fmt.Sprintf("table%d", i), bl, "cell")
		case signs:
			rows := [][]string{bl.rows[0], bl.rows[1], {"", ""}, {"", ""}, bl.rows[2]}
			odtTable(&b, "signs", block{rows: rows}, "")
		}
	}
	b.WriteString(odtFoot)
	return b.String()
}

func odtPara(b *strings.Builder, style, text string) {
	b.WriteString(`<text:p text:style-name="` + style + `">` + escape(text) + `</text:p>`)
}

func odtTable(b *strings.Builder, name string, bl block, cell string) {
	b.WriteString(`<table:table table:name="` + name + `"><table:table-column table:number-columns-repeated="` + fmt.Sprint(len(bl.rows[0])) + `"/>`)
	for r, row := range bl.rows {
		b.WriteString(`<table:table-row>`)
		for _, c := range row {
			attr, style := "", "C"
			if cell != "" {
				attr, style = ` table:style-name="`+cell+`"`, "S"
				if r == 0 {
					style = "SB"
				}
			} else if r != 1 {
				style = "CB"
			}
			b.WriteString(`<table:table-cell` + attr + ` office:value-type="string">`)
			odtPara(b, style, c)
			b.WriteString(`</table:table-cell>`)
		}
		b.WriteString(`</table:table-row>`)
	}
	b.WriteString(`</table:table>`)
}

// escape makes text fit for XML; what XML cannot hold becomes U+FFFD.
func escape(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		return "" // a strings.Builder does not fail
	}
	return b.String()
}
