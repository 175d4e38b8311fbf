package viet

import "unicode"

// tone is one of the six tones, in dictionary order.
type tone uint8

const (
	level  tone = iota // ngang
	grave              // huyền
	hook               // hỏi
	tilde              // ngã
	acute              // sắc
	dotted             // nặng
)

// letter is a Vietnamese letter taken apart: the lower-case letter without its tone, and the tone.
type letter struct {
	base rune
	tone tone
}

// vowelRows lists each vowel with its tones in dictionary order.
var vowelRows = [...]string{
	"aàảãáạ", "ăằẳẵắặ", "âầẩẫấậ", "eèẻẽéẹ", "êềểễếệ", "iìỉĩíị",
	"oòỏõóọ", "ôồổỗốộ", "ơờởỡớợ", "uùủũúụ", "ưừửữứự", "yỳỷỹýỵ",
}

// letters holds the 134 Vietnamese letters beyond ASCII (TCVN 6909:2001, clause 6).
var letters = makeLetters()

// toned finds the letter with a tone, lower case.
var toned = makeToned()

func makeLetters() map[rune]letter {
	m := make(map[rune]letter, 134)
	for _, row := range vowelRows {
		base, t := rune(0), level
		for i, r := range row {
			if i == 0 {
				base = r
			}
			if r > 0x7f {
				m[r] = letter{base, t}
				m[unicode.ToUpper(r)] = letter{base, t}
			}
			t++
		}
	}
	m['đ'], m['Đ'] = letter{'đ', level}, letter{'đ', level}
	return m
}

func makeToned() map[letter]rune {
	m := make(map[letter]rune, 72)
	for _, row := range vowelRows {
		base, t := rune(0), level
		for i, r := range row {
			if i == 0 {
				base = r
			}
			m[letter{base, t}] = r
			t++
		}
	}
	return m
}

// split takes r apart; foreign letters come back in lower case with the level tone.
func split(r rune) letter {
	if r < 0x80 {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return letter{r, level}
	}
	if l, ok := letters[r]; ok {
		return l
	}
	return letter{unicode.ToLower(r), level}
}

// toneOfMark is the tone of a combining mark (TCVN 6909:2001).
func toneOfMark(r rune) (tone, bool) {
	switch r {
	case 0x0300, 0x0340:
		return grave, true
	case 0x0301, 0x0341:
		return acute, true
	case 0x0303:
		return tilde, true
	case 0x0309:
		return hook, true
	case 0x0323:
		return dotted, true
	}
	return level, false
}

// isQualityMark reports breve, circumflex and horn as combining marks.
func isQualityMark(r rune) bool { return r == 0x0302 || r == 0x0306 || r == 0x031b }

func isVowel(base rune) bool {
	switch base {
	case 'a', 'ă', 'â', 'e', 'ê', 'i', 'o', 'ô', 'ơ', 'u', 'ư', 'y':
		return true
	}
	return false
}
