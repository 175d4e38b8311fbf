package kit

import "strings"

// PasteLines gives pasted text with LF as line end. Terminals send CR for it; some turn the CRLF of the clipboard into
// CR CR, or CR CR LF, which would double every line. A text whose CR stand in pairs everywhere, blank lines as four, is
// taken for such a one; real blank lines alone (CR CR between paragraphs, never four) stay.
func PasteLines(s string) string {
	if !strings.Contains(s, "\r") {
		return s
	}
	s = strings.ReplaceAll(s, "\r\r\n", "\n")
	if !strings.Contains(s, "\n") && doubled(s) {
		s = strings.ReplaceAll(s, "\r\r", "\n")
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

// doubled reports text in which each run of CR is even, and one of them holds at least four.
func doubled(s string) bool {
	run, four := 0, false
	for i := 0; i <= len(s); i++ {
		if i < len(s) && s[i] == '\r' {
			run++
			continue
		}
		if run%2 != 0 {
			return false
		}
		four = four || run >= 4
		run = 0
	}
	return four
}
