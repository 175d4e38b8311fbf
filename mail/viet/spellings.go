package viet

import "strings"

// Spellings gives the other spellings of a lower-case word in NFC that mean the same one (D 2.1, G26): the tone on another
// vowel of the rhyme (hoà for hòa, uỷ for ủy), y for i and i for y where both are in use (qui for quy, kĩ for kỹ). It is
// empty for what is no syllable in shape. The words without marks have only the second kind.
func Spellings(word string) []string {
	var buf [32]byte
	if len(word) > len(buf) || word == "" {
		return nil
	}
	plain, t, ok := takeApart(buf[:0], word)
	if !ok || len(plain) == 0 {
		return nil
	}
	initial := initialOf(string(plain))
	rhyme := string(plain[len(initial):])
	if rhyme == "" {
		return nil
	}
	rhymes := []string{rhyme}
	if initial != "" && (rhyme == "y" || rhyme == "i") || initial == "qu" && (rhyme[0] == 'y' || rhyme[0] == 'i') {
		rhymes = append(rhymes, map[byte]string{'y': "i", 'i': "y"}[rhyme[0]]+rhyme[1:])
	}
	var out []string
	for _, r := range rhymes {
		for _, s := range toneOn(r, t) {
			if s = initial + s; s != word {
				out = append(out, s)
			}
		}
	}
	return out
}

// toneOn puts the tone on each of the vowels at the head of a rhyme, one at a time.
func toneOn(rhyme string, t tone) []string {
	if t == level {
		return []string{rhyme}
	}
	var out []string
	for i, r := range rhyme {
		if !isVowel(r) {
			break
		}
		if marked, ok := toned[letter{r, t}]; ok {
			out = append(out, rhyme[:i]+string(marked)+strings.TrimPrefix(rhyme[i:], string(r)))
		}
	}
	return out
}
