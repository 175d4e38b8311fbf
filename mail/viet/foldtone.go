package viet

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// FoldTone gives the form in which spellings of one word are equal although its marks count (D 2.1, the middle level of
// search): lower case, NFC, the tone moved to the first vowel of the rhyme wherever it was written (hoà, hòa; Uỷ, Ủy), and
// y written i where both are in use (quy, qui; kỹ, kĩ; Mỹ, Mĩ), but not where they are two words (tuy, tui). It is a key
// for comparing, never to be shown; the beginning of a word gives the beginning of its key, but for a y.
func FoldTone(s string) string {
	s = strings.ToLower(NFC(s))
	var b strings.Builder
	b.Grow(len(s) + 8)
	for len(s) > 0 {
		n := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
		if n < 0 {
			n = len(s)
		}
		if n > 0 {
			b.WriteString(toneKey(s[:n]))
			s = s[n:]
			continue
		}
		r, n := utf8.DecodeRuneInString(s)
		if !invisible(r) {
			b.WriteRune(foldLetterSpace(r))
		}
		s = s[n:]
	}
	return b.String()
}

func foldLetterSpace(r rune) rune {
	if r == '\u00a0' {
		return ' '
	}
	return r
}

// toneKey is FoldTone for one word of lower-case letters.
func toneKey(word string) string {
	var buf [32]byte
	if len(word) > len(buf) {
		return word
	}
	plain, t, ok := takeApart(buf[:0], word)
	if !ok || len(plain) == 0 {
		return word
	}
	initial := initialOf(string(plain))
	rhyme := string(plain[len(initial):])
	if initial != "" && (rhyme == "y" || initial == "qu" && rhyme[0] == 'y') {
		rhyme = "i" + rhyme[1:]
	}
	if t == level || rhyme == "" {
		return initial + rhyme
	}
	first, n := utf8.DecodeRuneInString(rhyme)
	if r, ok := toned[letter{first, t}]; ok {
		return initial + string(r) + rhyme[n:]
	}
	return word
}

// initialOf is the consonants that plain begins with; qu and gi count as such before another vowel.
func initialOf(plain string) string {
	for _, in := range initials {
		if in == "" || !strings.HasPrefix(plain, in) || len(in) == len(plain) {
			continue
		}
		if r, _ := utf8.DecodeRuneInString(plain[len(in):]); isVowel(r) {
			return in
		}
	}
	return ""
}
