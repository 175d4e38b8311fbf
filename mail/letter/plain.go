package letter

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"hopthu/mail"
)

const maxQuote = 32 // depth of quotation that is told apart

// plainParas makes paragraphs of plain text: one a line, because lines of official letters are meant; lines that
// were only broken for transport (format=flowed, RFC 3676) are joined. '>' marks become Quote.
func plainParas(text string, base int, flowed, delSp bool) []mail.Para {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	text = strings.NewReplacer("\u2028", "\n", "\u2029", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n").Replace(text)
	if flowed {
		return setKinds(flowedParas(text, base, delSp))
	}
	var out []mail.Para
	for _, line := range strings.Split(text, "\n") {
		depth, rest := quoteDepth(line, false)
		out = append(out, mail.Para{Quote: base + depth, Text: rest})
	}
	return setKinds(out)
}

// flowedParas joins the lines that end in a blank (RFC 3676 4.1).
func flowedParas(text string, base int, delSp bool) []mail.Para {
	var out []mail.Para
	var cur strings.Builder
	quote, soft := 0, false
	flush := func() {
		out = append(out, mail.Para{Quote: base + quote, Text: cur.String()})
		cur.Reset()
	}
	for i, line := range strings.Split(text, "\n") {
		depth, rest := quoteDepth(line, true)
		if i > 0 && (!soft || depth != quote || rest == "-- ") {
			flush()
		}
		quote, soft = depth, strings.HasSuffix(rest, " ") && rest != "-- "
		if soft && delSp {
			rest = rest[:len(rest)-1]
		}
		cur.WriteString(rest)
	}
	flush()
	return out
}

// quoteDepth counts the '>' at the head of a line.
func quoteDepth(line string, flowed bool) (depth int, rest string) {
	rest = line
	for depth < maxQuote && strings.HasPrefix(rest, ">") {
		depth++
		rest = rest[1:]
		if !flowed && strings.HasPrefix(rest, " >") {
			rest = rest[1:]
		}
	}
	if depth > 0 || flowed { // one blank after the marks, or the stuffed one
		rest = strings.TrimPrefix(rest, " ")
	}
	return depth, rest
}

// setKinds sees rules, list items and tables drawn in text; neighbouring table lines become one ParaPre.
func setKinds(in []mail.Para) []mail.Para {
	out := in[:0]
	for _, p := range in {
		p.Text = strings.TrimRightFunc(untab(p.Text), unicode.IsSpace)
		trimmed := strings.TrimLeft(p.Text, " ")
		switch {
		case isRule(trimmed):
			p.Kind, p.Text = mail.ParaRule, ""
		case isItem(trimmed):
			p.Kind = mail.ParaItem
		case isTable(p.Text):
			if n := len(out); n > 0 && out[n-1].Kind == mail.ParaPre && out[n-1].Quote == p.Quote && len(out[n-1].Text) < 8000 {
				out[n-1].Text += "\n" + p.Text
				continue
			}
			p.Kind = mail.ParaPre
		}
		out = append(out, p)
	}
	return out
}

// untab expands tabs to columns of eight.
func untab(s string) string {
	if strings.IndexByte(s, '\t') < 0 {
		return s
	}
	var b strings.Builder
	col := 0
	for _, r := range s {
		if r != '\t' {
			b.WriteRune(r)
			col++
			continue
		}
		n := 8 - col%8
		b.WriteString("        "[:n])
		col += n
	}
	return b.String()
}

// isRule: eight or more of one drawing character and nothing else.
func isRule(s string) bool {
	if utf8.RuneCountInString(s) < 8 {
		return false
	}
	first, _ := utf8.DecodeRuneInString(s)
	return strings.ContainsRune("-_=*~─━═–—", first) && strings.Trim(s, string(first)) == ""
}

// isItem: "- ", "* ", "• ", "+ ", "1. ", "1) ", "a) ".
func isItem(s string) bool {
	mark, rest, ok := strings.Cut(s, " ")
	if !ok || strings.TrimSpace(rest) == "" {
		return false
	}
	switch mark {
	case "-", "*", "+", "•", "–", "·", "o", "▪", "\uf0b7":
		return mark != "o" || len(s) > 3
	}
	end := mark[len(mark)-1:]
	core := mark[:len(mark)-1]
	if core == "" || len(mark) > 4 || (end != "." && end != ")") {
		return false
	}
	digits := strings.Trim(core, "0123456789") == ""
	letter := len(core) == 1 && core[0] >= 'a' && core[0] <= 'z' && end == ")"
	return digits || letter
}

// isTable: columns kept apart by bars or by wide gaps, in a line short enough to be one.
func isTable(s string) bool {
	if len(s) > 400 {
		return false
	}
	body := strings.TrimSpace(s)
	if strings.HasPrefix(body, "|") && strings.Count(body, "|") > 1 || strings.HasPrefix(body, "+--") {
		return true
	}
	gaps := 0
	for _, part := range strings.Split(body, "   ") {
		if strings.TrimSpace(part) != "" {
			gaps++
		}
	}
	return gaps > 2
}
