package viet

import (
	"strings"
	"sync"
	"unicode/utf8"
)

// rhymes is every rhyme of written Vietnamese without its tone. The ones that only follow qu stand in quRhymes.
var rhymes = set(`
a ac ach ai am an ang anh ao ap at au ay
ă ăc ăm ăn ăng ăp ăt
â âc âm ân âng âp ât âu ây
e ec em en eng eo ep et
ê êch êm ên ênh êp êt êu
i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oem oen oeo oet oi om on ong ooc oong op ot
ô ôc ôi ôm ôn ông ôông ôp ôt
ơ ơi ơm ơn ơp ơt
u ua uân uâng uât uây uc uê uêch uên uênh uêt uêu ui um un ung uơ up ut uy uya uych uyên uyêt uyn uynh uyp uyt uyu
uôc uôi uôm uôn uông uôt
ư ưa ưc ưi ưm ưn ưng ưt ưu ươ ươc ươi ươm ươn ương ươp ươt ươu
y ych yêm yên yêng yêt yêu ynh yt`)

// quRhymes is what may follow qu, where the u belongs to the initial.
var quRhymes = set(`
a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt â âc âm ân âng ât âu ây
e ec em en eng eo et ê êch ên ênh êt êu i in inh it o ôc ôi ơ ơi ơn y ych yên yêt yn ynh yp yt yu`)

// giRhymes is what may follow gi when the i is not the vowel: gia, giờ, giúp.
var giRhymes = set(`
a ac ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âm ân âng âp ât âu ây e em en eo ep et êng êt êm
o oi om on ong op ot oc ôi ôm ôn ông ôp ôt ôc ô ơ ơi ơm ơn ơp ơt u ua ui um un ung up ut uc uôc uôi uôn uông uôt
ư ưa ưng ươi ươm ương ươc ưt ưu`)

// places are names that break the spelling rules and are Vietnamese all the same.
var places = set("kạn đắk lắk đăk lăk kon krông ka bắk pốk búk plông rlấp glong")

// set makes a set of words when it is first asked for: every start of the program would wait for it.
func set(list string) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool {
		m := make(map[string]bool)
		for _, w := range strings.Fields(list) {
			m[w] = true
		}
		return m
	})
}

// longest first, so that ngh is tried before ng and n
var initials = [...]string{
	"ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr",
	"b", "c", "d", "đ", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x", "",
}

// IsSyllable reports whether s is one syllable that Vietnamese spelling allows: initial × rhyme × tone. Case and the
// place of the tone mark (hoà, hòa) do not matter; a stop (c ch p t) demands sắc or nặng.
func IsSyllable(s string) bool {
	if len(s) == 0 || len(s) > 32 {
		return false
	}
	var buf [32]byte
	plain, t, ok := takeApart(buf[:0], s)
	if !ok {
		return false
	}
	if isStop(plain) && t != acute && t != dotted {
		return false
	}
	for _, in := range initials {
		if len(in) < len(plain) && string(plain[:len(in)]) == in && fits(in, string(plain[len(in):])) {
			return true
		}
	}
	return len(s) < 16 && places()[strings.ToLower(NFC(s))]
}

// takeApart appends s without its tone, in lower case, to dst. ok is false for two tones or a foreign character.
func takeApart(dst []byte, s string) (plain []byte, t tone, ok bool) {
	for _, r := range s {
		if r < utf8.RuneSelf {
			if 'A' <= r && r <= 'Z' {
				r += 'a' - 'A'
			}
			if r < 'a' || r > 'z' {
				return nil, 0, false
			}
			dst = append(dst, byte(r))
			continue
		}
		l, known := letters[r]
		if !known {
			if isQualityMark(r) {
				return takeApartNFD(dst[:0], s)
			}
			if l.tone, known = toneOfMark(r); !known {
				return nil, 0, false
			}
		} else {
			dst = utf8.AppendRune(dst, l.base)
		}
		if l.tone != level {
			if t != level {
				return nil, 0, false
			}
			t = l.tone
		}
	}
	return dst, t, true
}

func takeApartNFD(dst []byte, s string) ([]byte, tone, bool) {
	c := NFC(s)
	for _, r := range c {
		if isQualityMark(r) {
			return nil, 0, false
		}
	}
	return takeApart(dst, c)
}

func isStop(plain []byte) bool {
	n := len(plain)
	if n < 2 {
		return false
	}
	switch plain[n-1] {
	case 'c', 'p', 't':
		return true
	case 'h':
		return plain[n-2] == 'c'
	}
	return false
}

// fits knows which rhymes an initial takes: c g ng before back vowels, k gh ngh before e ê i y.
func fits(initial, rhyme string) bool {
	front := rhyme[0] == 'e' || rhyme[0] == 'i' || rhyme[0] == 'y' || strings.HasPrefix(rhyme, "ê")
	switch initial {
	case "qu":
		return quRhymes()[rhyme]
	case "gi":
		return giRhymes()[rhyme]
	case "g":
		if front {
			return rhyme == "i" || rhyme == "in" || rhyme == "iêng" || rhyme == "iêt" || rhyme == "iêc"
		}
	case "c", "ng":
		if front {
			return false
		}
	case "k", "gh", "ngh":
		if !front {
			return false
		}
	}
	if rhyme[0] == 'y' && len(rhyme) > 1 && initial != "" {
		return false // quynh is qu + ynh; elsewhere these rhymes are written with i
	}
	return rhymes()[rhyme]
}
