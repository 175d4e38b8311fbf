package record

import (
	"fmt"
	"io"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/liberation/liberationserifbold"
	"github.com/go-fonts/liberation/liberationserifregular"
)

// Measures of the page, in millimetres and points: A4 with the margins of official documents (Decree 30/2020/NĐ-CP, Annex I: top
// and bottom 20–25 mm, left 30–35 mm, right 15–20 mm; text in size 13–14, serif as Times New Roman).
const (
	top, bottom, left, right = 20.0, 20.0, 30.0, 15.0
	size, tableSize          = 13.0, 11.0
	leading                  = 6.5
	tableLeading             = 5.0
	serif                    = "serif"
)

// WritePDF writes the record as a PDF of A4 pages to be printed and signed, with its letters embedded.
func (d Document) WritePDF(w io.Writer) error {
	p := fpdf.New("P", "mm", "A4", "")
	p.AddUTF8FontFromBytes(serif, "", liberationserifregular.TTF)
	p.AddUTF8FontFromBytes(serif, "B", liberationserifbold.TTF)
	p.SetMargins(left, top, right)
	p.SetAutoPageBreak(true, bottom)
	p.SetTitle(d.title, true)
	p.SetLang("vi")
	p.SetProducer("hopthu", true)
	p.SetCreationDate(d.at.UTC())
	p.SetModificationDate(d.at.UTC())
	p.SetCatalogSort(true)
	p.SetFooterFunc(func() {
		p.SetY(-12)
		p.SetFont(serif, "", 9)
		p.CellFormat(0, 5, fmt.Sprint(p.PageNo()), "", 0, "C", false, 0, "")
	})
	p.AddPage()
	for _, b := range d.blocks {
		pdfBlock(p, b)
	}
	return p.Output(w)
}

func pdfBlock(p *fpdf.Fpdf, b block) {
	style := ""
	if b.bold || b.kind == title || b.kind == head {
		style = "B"
	}
	switch b.kind {
	case centre:
		p.SetFont(serif, style, size)
		p.MultiCell(0, leading, b.text, "", "C", false)
	case title:
		p.Ln(leading)
		p.SetFont(serif, style, size+1)
		p.MultiCell(0, leading+1, b.text, "", "C", false)
	case head:
		p.Ln(2)
		p.SetFont(serif, style, size)
		p.MultiCell(0, leading, b.text, "", "L", false)
	case para:
		p.SetFont(serif, style, size)
		p.MultiCell(0, leading, b.text, "", "L", false)
	case table:
		pdfTable(p, b)
	case signs:
		pdfSigns(p, b)
	}
}

func pdfTable(p *fpdf.Fpdf, b block) {
	wide, high := p.GetPageSize()
	share := 0
	for _, n := range b.wide {
		share += n
	}
	widths := make([]float64, len(b.wide))
	for i, n := range b.wide {
		widths[i] = (wide - left - right) * float64(n) / float64(share)
	}
	p.Ln(1)
	for r, row := range b.rows {
		style := ""
		if r == 0 {
			style = "B"
		}
		p.SetFont(serif, style, tableSize)
		cells := make([][]string, len(row))
		most := 1
		for i, c := range row {
			cells[i] = p.SplitText(c, widths[i]-2)
			most = max(most, len(cells[i]))
		}
		h := float64(most)*tableLeading + 1
		if p.GetY()+h > high-bottom {
			p.AddPage()
			p.SetFont(serif, style, tableSize)
		}
		x, y := left, p.GetY()
		for i := range row {
			p.Rect(x, y, widths[i], h, "D")
			for n, line := range cells[i] {
				p.SetXY(x, y+0.5+float64(n)*tableLeading)
				p.CellFormat(widths[i], tableLeading, line, "", 0, "L", false, 0, "")
			}
			x += widths[i]
		}
		p.SetXY(left, y+h)
	}
	p.Ln(2)
}

func pdfSigns(p *fpdf.Fpdf, b block) {
	wide, high := p.GetPageSize()
	half := (wide - left - right) / 2
	if p.GetY()+50 > high-bottom {
		p.AddPage()
	}
	p.Ln(4)
	for i, row := range b.rows {
		style := "B"
		if i == 1 {
			style = ""
		}
		if i == 2 {
			p.Ln(22)
		}
		p.SetFont(serif, style, size)
		p.CellFormat(half, leading, row[0], "", 0, "C", false, 0, "")
		p.CellFormat(half, leading, row[1], "", 1, "C", false, 0, "")
	}
}
