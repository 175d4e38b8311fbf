package viet

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// IssueKind says in which way text does not conform to TCVN 6909:2001.
type IssueKind uint8

// Kinds of issue.
const (
	NotUTF8    IssueKind = iota + 1 // bytes that are no text
	Decomposed                      // "tổ hợp": NFC mends it without loss
	Legacy                          // looks like a legacy encoding; Repair mends it
	Strange                         // a look-alike of a letter, an unseen sign in a word, a lone mark, private use, or a control
)

// Issue is one way in which a text does not conform. Text is the first place where it shows: the word around it.
type Issue struct {
	Kind IssueKind
	Text string
	Fix  string // Text as it should be, "" when nobody can tell
}

// Check judges outgoing text by TCVN 6909:2001 (QC 7.2): valid UTF-8 in NFC, no legacy encoding behind it, and in its words
// only letters that the standard has. It gives at most one issue of each kind; nil means that the text conforms. Other
// scripts and signs are nobody's fault.
func Check(text string) []Issue {
	var out []Issue
	if !utf8.ValidString(text) {
		out = append(out, Issue{NotUTF8, "", ""})
		text = validUTF8(text)
	}
	if isASCII([]byte(text)) && !strings.ContainsFunc(text, strangeControl) {
		return out
	}
	if n := norm.NFC.QuickSpanString(text); n < len(text) {
		if fixed := norm.NFC.String(text); fixed != text {
			word := wordAt(text, firstDiff(text, fixed))
			out = append(out, Issue{Decomposed, word, norm.NFC.String(word)})
			text = fixed
		}
	}
	if fixed, legacy := Repair(text); legacy != "" {
		at := firstDiff(text, fixed)
		return append(out, Issue{Legacy, wordAt(text, at), wordAt(fixed, at)})
	}
	for i, r := range text {
		if !strange(r, text[:i]) && !(foreign(r) && mixed(wordAt(text, i))) {
			continue
		}
		word := wordAt(text, i)
		fix := mendWord(word)
		if strings.ContainsFunc(fix, func(r rune) bool { return strange(r, "x") }) || fix == word {
			fix = ""
		}
		return append(out, Issue{Strange, word, fix})
	}
	return out
}

// Mend writes text as TCVN 6909:2001 has it, as far as that is known without doubt: NFC, legacy encodings read, unseen
// signs dropped, look-alikes in words replaced. What Check then still finds, nobody but the writer can tell.
func Mend(text string) string {
	text = NFC(validUTF8(text))
	if fixed, legacy := Repair(text); legacy != "" {
		text = fixed
	}
	var b strings.Builder
	for len(text) > 0 {
		end := strings.IndexFunc(text, unicode.IsSpace)
		if end < 0 {
			end = len(text)
		}
		b.WriteString(mendWord(text[:end]))
		text = text[end:]
		_, n := utf8.DecodeRuneInString(text)
		b.WriteString(text[:n])
		text = text[n:]
	}
	return NFC(b.String())
}

// mendWord replaces the look-alikes of a word and drops the signs in it that nobody sees.
func mendWord(word string) string {
	homoglyphs := mixed(word)
	return strings.Map(func(r rune) rune {
		switch {
		case unseen(r):
			return -1
		case homoglyphs:
			if l, ok := latinOf[r]; ok {
				return l
			}
		}
		return lookalike(r)
	}, word)
}

// unseen are the signs that are no text and break search: soft hyphen, zero-width space, word joiner, byte order mark.
// The joiners of other scripts and of emoji (U+200C, U+200D) are not among them.
func unseen(r rune) bool { return r == 0xad || r == 0x200b || r == 0x2060 || r == 0xfeff }

// latinOf are letters of other scripts that look like Latin ones in every type face.
var latinOf = map[rune]rune{
	'а': 'a', 'с': 'c', 'е': 'e', 'о': 'o', 'р': 'p', 'х': 'x', 'у': 'y', 'і': 'i', 'ј': 'j', 'ѕ': 's', 'ԁ': 'd', 'һ': 'h',
	'А': 'A', 'В': 'B', 'С': 'C', 'Е': 'E', 'Н': 'H', 'І': 'I', 'К': 'K', 'М': 'M', 'О': 'O', 'Р': 'P', 'Т': 'T', 'Х': 'X', 'У': 'Y',
	'ο': 'o', 'Α': 'A', 'Β': 'B', 'Ε': 'E', 'Η': 'H', 'Ι': 'I', 'Κ': 'K', 'Μ': 'M', 'Ν': 'N', 'Ο': 'O', 'Ρ': 'P', 'Τ': 'T', 'Χ': 'X', 'Υ': 'Y', 'Ζ': 'Z',
}

func foreign(r rune) bool { _, ok := latinOf[r]; return ok }

// mixed reports a word of Latin letters with look-alikes among them; a word with other foreign letters is of its script.
func mixed(word string) bool {
	latin, alike := false, false
	for _, r := range word {
		switch {
		case foreign(r):
			alike = true
		case unicode.Is(unicode.Latin, r):
			latin = true
		case unicode.IsLetter(r):
			return false
		}
	}
	return latin && alike
}

func strangeControl(r rune) bool {
	return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r >= 0x7f && r < 0xa0
}

// strange reports what no Vietnamese text holds although it may look right. A combining mark on another script is fine.
func strange(r rune, before string) bool {
	switch {
	case r < 0x7f:
		return strangeControl(r)
	case r == 'Ð' || r == 'ð' || r == 'Ɖ' || r == 'ɖ', unseen(r):
		return true
	case unicode.Is(unicode.Co, r), strangeControl(r):
		return true
	}
	if _, ok := toneOfMark(r); ok || isQualityMark(r) {
		last, _ := utf8.DecodeLastRuneInString(before)
		return last < 0x250 || last == utf8.RuneError || last >= 0x1e00 && last < 0x1f00
	}
	return false
}

// lookalike gives the Vietnamese letter that was meant.
func lookalike(r rune) rune {
	switch r {
	case 'Ð', 'Ɖ':
		return 'Đ'
	case 'ð', 'ɖ':
		return 'đ'
	}
	return r
}

func firstDiff(a, b string) int {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	for i > 0 && i < len(a) && !utf8.RuneStart(a[i]) {
		i--
	}
	return i
}

// wordAt is the word around byte at, at most 40 runes.
func wordAt(s string, at int) string {
	at = min(at, len(s))
	start := strings.LastIndexFunc(s[:at], unicode.IsSpace)
	if start >= 0 {
		_, n := utf8.DecodeRuneInString(s[start:])
		start += n
	} else {
		start = 0
	}
	end := len(s)
	if i := strings.IndexFunc(s[at:], unicode.IsSpace); i >= 0 {
		end = at + i
	}
	w := []rune(s[start:end])
	return string(w[:min(len(w), 40)])
}
