// Package kit has the plain parts that pages are made of: measuring and cleaning text, rectangles, rows, wrapped text,
// bars, tabs, fields.
//
// Laws: plain structs with plain methods; no messages, no commands, no clock, no I/O; foreign text is drawn only after
// Clean; there is one function that measures width.
package kit

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/rivo/uniseg"

	"hopthu/mail/viet"
)

// Width is how many columns s takes. Escape sequences take none.
func Width(s string) int {
	n, i := 0, 0
	for i < len(s) {
		c := s[i]
		switch {
		case c >= 0x20 && c < 0x7f:
			n++
			i++
			continue
		case c < 0x20 || c == 0x7f:
			return ansi.StringWidth(s)
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if !narrow(r) {
			return ansi.StringWidth(s)
		}
		n++
		i += size
	}
	return n
}

// narrow reports runes that surely take one column and never join others: Latin, Greek and Cyrillic letters, the
// Vietnamese letters of Latin Extended Additional, common punctuation and the marks of the themes.
func narrow(r rune) bool {
	return r >= 0xa1 && r < 0x300 && r != 0xa9 && r != 0xad && r != 0xae || r >= 0x370 && r < 0x483 || r >= 0x1e00 && r < 0x1f00 ||
		r >= 0x2010 && r < 0x2028 || r >= 0x2500 && r < 0x25a0
}

// Cut shortens s to at most w columns, with … in place of what was taken; it never tears a letter.
func Cut(s string, w int) string {
	if w <= 0 {
		return ""
	}
	if Width(s) <= w {
		return s
	}
	if strings.IndexByte(s, 0x1b) >= 0 {
		return ansi.Truncate(s, w, "…")
	}
	end, n, state := 0, 0, -1
	rest := s
	for rest != "" {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		cw := Width(cluster)
		if n+cw > w-1 {
			break
		}
		n += cw
		end += len(cluster)
	}
	return strings.TrimRight(s[:end], " ") + "…"
}

// Pad fills s with spaces on the right to w columns; it never cuts.
func Pad(s string, w int) string { return s + Space(w-Width(s)) }

// PadLeft fills s with spaces on the left to w columns; it never cuts.
func PadLeft(s string, w int) string { return Space(w-Width(s)) + s }

// Fit makes s exactly w columns wide: cut or filled on the right.
func Fit(s string, w int) string { return Pad(Cut(s, w), max(w, 0)) }

// FitLeft makes s exactly w columns wide: cut or filled on the left.
func FitLeft(s string, w int) string { return PadLeft(Cut(s, w), max(w, 0)) }

// Center makes s exactly w columns wide, in the middle.
func Center(s string, w int) string {
	s = Cut(s, w)
	return Fit(Space((w-Width(s))/2)+s, w)
}

const spaces = "                                                                                                    "

// Space is n spaces, "" for n < 1.
func Space(n int) string {
	switch {
	case n <= 0:
		return ""
	case n <= len(spaces):
		return spaces[:n]
	}
	return strings.Repeat(" ", n)
}

// NFC composes text from keys and paste; the house speaks NFC only.
func NFC(s string) string { return viet.NFC(s) }

// Mend writes text as TCVN 6909 has it, as far as that is known without doubt (QC 7.2).
func Mend(s string) string { return viet.Mend(s) }

// Fold prepares text for comparing without diacritics and case.
func Fold(s string) string { return viet.Fold(s) }

// Match reports whether each word of query begins or stands in a word of text, both folded by Fold.
func Match(query, text string) bool {
	for word := range strings.FieldsSeq(query) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}
