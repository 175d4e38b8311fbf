package viet

import (
	"strings"
	"unicode"
)

// repairCase gives back capitals to text from TCVN3 and VPS, where (some) toned capitals share the byte of the small
// letter: "CộNG HòA" becomes "CỘNG HÒA". A word whose sure letters are all capitals is in capitals when there are two
// of them; with only one ("Hà") its neighbours decide, and so they do when there is none ("Ý").
func repairCase(text string) string {
	if !strings.ContainsFunc(text, unicode.IsUpper) {
		return text
	}
	words := caseWords(text)
	var b strings.Builder
	b.Grow(len(text))
	at := 0
	for i, w := range words {
		caps := w.lower == 0 && w.upper > 1
		if w.lower == 0 && w.upper <= 1 {
			before := i > 0 && words[i-1].line == w.line && words[i-1].loud()
			after := i+1 < len(words) && words[i+1].line == w.line && words[i+1].loud()
			atEdge := i == 0 || words[i-1].line != w.line || i+1 == len(words) || words[i+1].line != w.line
			caps = before && after || atEdge && (before || after)
		}
		b.WriteString(text[at:w.start])
		if caps {
			b.WriteString(strings.ToUpper(text[w.start:w.end]))
		} else {
			b.WriteString(text[w.start:w.end])
		}
		at = w.end
	}
	b.WriteString(text[at:])
	return b.String()
}

type caseWord struct {
	start, end, line int
	upper, lower     int // letters whose case is sure
}

func (w caseWord) loud() bool { return w.lower == 0 && w.upper > 1 }

func caseWords(text string) []caseWord {
	var out []caseWord
	w, in, line := caseWord{}, false, 0
	for i, r := range text {
		if unicode.IsLetter(r) {
			if !in {
				w, in = caseWord{start: i, line: line}, true
			}
			w.end = i + len(string(r))
			if unicode.IsUpper(r) {
				w.upper++
			} else if r < 0x80 {
				w.lower++
			}
			continue
		}
		if in {
			out, in = append(out, w), false
		}
		if r == '\n' {
			line++
		}
	}
	if in {
		out = append(out, w)
	}
	return out
}
