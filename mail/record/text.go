package record

import (
	"io"
	"strings"
	"unicode/utf8"
)

// textWidth is the width of the plain form: a page of typewriter letters.
const textWidth = 78

// WriteText writes the record as plain UTF-8 text with LF.
func (d Document) WriteText(w io.Writer) error {
	var b strings.Builder
	for _, bl := range d.blocks {
		switch bl.kind {
		case centre, title:
			b.WriteString(middle(bl.text, textWidth) + "\n")
			if bl.kind == title {
				b.WriteString("\n")
			}
		case head:
			b.WriteString("\n" + bl.text + "\n")
		case para:
			for _, l := range wrap(bl.text, textWidth) {
				b.WriteString(l + "\n")
			}
		case table:
			textTable(&b, bl)
		case signs:
			b.WriteString("\n")
			for i, row := range bl.rows {
				if i == 2 {
					b.WriteString("\n\n\n")
				}
				b.WriteString(strings.TrimRight(middle(row[0], textWidth/2)+pad(middle(row[0], textWidth/2), textWidth/2)+middle(row[1], textWidth/2), " ") + "\n")
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// middle puts text in the middle of w columns. Every letter of a record is one column wide.
func middle(s string, w int) string {
	if n := w - utf8.RuneCountInString(s); n > 1 {
		return strings.Repeat(" ", n/2) + s
	}
	return s
}

func pad(s string, w int) string { return strings.Repeat(" ", max(w-utf8.RuneCountInString(s), 0)) }

// wrap breaks text at spaces; a word that is longer than a line is cut.
func wrap(s string, w int) []string {
	var out []string
	line := ""
	for _, word := range strings.Fields(s) {
		for utf8.RuneCountInString(word) > w {
			if line != "" {
				out, line = append(out, line), ""
			}
			cut := []rune(word)
			out, word = append(out, string(cut[:w])), string(cut[w:])
		}
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > w {
			out, line = append(out, line), ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	if line != "" || len(out) == 0 {
		out = append(out, line)
	}
	return out
}

func textTable(b *strings.Builder, bl block) {
	share := 0
	for _, n := range bl.wide {
		share += n
	}
	widths := make([]int, len(bl.wide))
	for i, n := range bl.wide {
		widths[i] = max((textWidth-len(bl.wide)+1)*n/share, 4)
	}
	for r, row := range bl.rows {
		cells := make([][]string, len(row))
		most := 0
		for i, c := range row {
			cells[i] = wrap(c, widths[i])
			most = max(most, len(cells[i]))
		}
		for l := range most {
			line := ""
			for i := range row {
				text := ""
				if l < len(cells[i]) {
					text = cells[i][l]
				}
				line += text + pad(text, widths[i]) + " "
			}
			b.WriteString(strings.TrimRight(line, " ") + "\n")
		}
		if r == 0 {
			b.WriteString(strings.Repeat("-", textWidth) + "\n")
		}
	}
	b.WriteString("\n")
}
