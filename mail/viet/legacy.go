package viet

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Names of the legacy encodings, as Decode returns them and DecodeAs takes them.
const (
	tcvn3  = "TCVN3"
	vni    = "VNI"
	vps    = "VPS"
	viscii = "VISCII"
	cp1258 = "windows-1258"
	viqr   = "VIQR"
	utf8as = "UTF-8"
	cp1252 = "windows-1252"
)

// tcvnHigh is 80–FF of TCVN 5712:1993 (VN1). TCVN3 text (ABC, .VnTime) uses the lower-case letters and the seven
// plain capitals A1–A7 of it; B0–B4 are combining marks.
const tcvnHigh = "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨ" + "ÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ" +
	"\u00a0ĂÂÊÔƠƯĐăâêôơưđẰ" + "\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ" +
	"ẮẦẨẪẤỀặầẩẫấậèỂẻẽ" + "éẹềểễếệìỉỄẾỒĩíịò" + "Ổỏõóọồổỗốộờởỡớợù" + "ỖủũúụừửữứựỳỷỹýỵỐ"

// visciiHigh is 80–FF of VISCII 1.1 (RFC 1456).
const visciiHigh = "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐ" + "ỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ" + "Õắằặấầẩậẽẹếềểễệố" + "ồổỗỠƠộờởịỰỨỪỬơớƯ" +
	"ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳ" + "ĐứÒÓÔạỷừửÙÚỹỵÝỡư" + "àáâãảăữẫèéêẻìíĩỉ" + "đựòóôõỏọụùúũủýợỮ"

// visciiLow is the six capitals that VISCII keeps in control cells.
var visciiLow = map[byte]rune{0x02: 'Ẳ', 0x05: 'Ẵ', 0x06: 'Ẫ', 0x14: 'Ỷ', 0x19: 'Ỹ', 0x1e: 'Ỵ'}

type table [256]rune

var (
	tcvnTable   = makeTable(tcvnHigh, nil)
	visciiTable = makeTable(visciiHigh, visciiLow)
	vpsTable    = makeVPS()
)

func makeTable(high string, low map[byte]rune) *table {
	var t table
	for i := range 0x80 {
		t[i] = rune(i)
	}
	i := 0x80
	for _, r := range high {
		t[i] = r
		i++
	}
	for b, r := range low {
		t[b] = r
	}
	return &t
}

// vpsPairs lists the cells of VPS (Windows variant) letter by letter, because the layout has no order to read it
// from. Cells without a letter keep their windows-1252 meaning.
const vpsPairs = "à\xe0á\xe1ả\xe4ã\xe3ạ\xe5ă\xe6ằ\xa2ắ\xa1ẳ\xa3ẵ\xa4ặ\xa5â\xe2ầ\xc0ấ\xc3ẩ\xc4ẫ\xc5ậ\xc6" +
	"è\xe8é\xe9ẻ\xc8ẽ\xebẹ\xcbê\xeaề\x8aế\x89ể\x8bễ\xcdệ\x8cì\xecí\xedỉ\xccĩ\xefị\xce" +
	"ò\xf2ó\xf3ỏ\xd5õ\xf5ọ\x86ô\xf4ồ\xd2ố\xd3ổ\xb0ỗ\x87ộ\xb6ơ\xd6ờ\xa9ớ\xa7ở\xaaỡ\xabợ\xae" +
	"ù\xf9ú\xfaủ\xfbũ\xdbụ\xf8ư\xdcừ\xd8ứ\xd9ử\xbaữ\xbbự\xbfỳ\xffý\x9aỷ\x9bỹ\xcfỵ\x9cđ\xc7" +
	"À\x80Á\xc1Ả\x81Ã\x82Ă\x88Ằ\x8eẮ\x8dẲ\x8fẴ\xf0Â\xc2Ầ\x84Ấ\x83Ẩ\x85È\xd7É\xc9Ẻ\xdeẼ\xfeÊ\xcaỀ\x93Ế\x90Ể\x94Ễ\x95" +
	"Ì\xb5Í\xb4Ỉ\xb7Ĩ\xb8Ò\xbcÓ\xb9Ỏ\xbdÕ\xbeÔ\xd4Ồ\x97Ố\x96Ổ\x98Ỗ\x99Ơ\xf7Ờ\x9eỚ\x9dỞ\x9fỠ\xa6" +
	"Ù\xa8Ú\xdaỦ\xd1Ũ\xacƯ\xd0Ừ\xafỨ\xadỬ\xb1Ỳ\xb2Ý\xddỶ\xfdỸ\xb3Đ\xf1"

func makeVPS() *table {
	var t table
	for i := range t {
		t[i] = charmap.Windows1252.DecodeByte(byte(i))
	}
	for s := vpsPairs; len(s) > 0; {
		r, n := utf8.DecodeRuneInString(s)
		t[s[n]] = r
		s = s[n+1:]
	}
	return &t
}

func (t *table) decode(raw []byte) string {
	out := make([]byte, 0, len(raw)*2)
	for _, c := range raw {
		out = utf8.AppendRune(out, t[c])
	}
	return string(out)
}

// vniMarks maps a VNI mark byte (lower case) to the combining marks it stands for, behind a letter.
var vniMarks = map[byte]string{
	0xf8: "\u0300", 0xf9: "\u0301", 0xfb: "\u0309", 0xf5: "\u0303", 0xef: "\u0323",
	0xe2: "\u0302", 0xe0: "\u0302\u0300", 0xe1: "\u0302\u0301", 0xe5: "\u0302\u0309", 0xe3: "\u0302\u0303", 0xe4: "\u0302\u0323",
	0xea: "\u0306", 0xe8: "\u0306\u0300", 0xe9: "\u0306\u0301", 0xfa: "\u0306\u0309", 0xfc: "\u0306\u0303", 0xeb: "\u0306\u0323",
}

// vniLetters are the letters that VNI has in one byte (lower case).
var vniLetters = map[byte]rune{
	0xec: 'ì', 0xed: 'í', 0xe6: 'ỉ', 0xf3: 'ĩ', 0xf2: 'ị', 0xf4: 'ơ', 0xf6: 'ư', 0xee: 'ỵ', 0xf1: 'đ',
}

// vniTakes says whether the letter can carry the mark: circumflex on a e o, breve on a, bare tones on any vowel
// but i, which has its own bytes.
func vniTakes(base rune, mark byte) bool {
	switch {
	case mark >= 0xe0 && mark <= 0xe5:
		return base == 'a' || base == 'e' || base == 'o'
	case mark == 0xea || mark == 0xe8 || mark == 0xe9 || mark == 0xeb || mark == 0xfa || mark == 0xfc:
		return base == 'a'
	}
	switch base {
	case 'a', 'e', 'o', 'u', 'y', 'ơ', 'ư':
		return true
	}
	return false
}

// lowerVNI maps a capital's byte to its small one: VNI capitals are 20h below.
func lowerVNI(c byte) byte {
	if c >= 0xc0 && c <= 0xdf {
		return c + 0x20
	}
	return c
}

// decodeVNI reads VNI-Windows: a letter and a mark byte behind it, so nothing but the letter says where a word ends.
func decodeVNI(raw []byte) string {
	out := make([]byte, 0, len(raw)*2)
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		r, known := rune(c), c < 0x80
		if l, ok := vniLetters[lowerVNI(c)]; ok {
			if r, known = l, true; c != lowerVNI(c) {
				r = unicode.ToUpper(l)
			}
		}
		if !known {
			out = utf8.AppendRune(out, charmap.Windows1252.DecodeByte(c))
			continue
		}
		out = utf8.AppendRune(out, r)
		if i+1 < len(raw) {
			m := lowerVNI(raw[i+1])
			if marks, ok := vniMarks[m]; ok && vniTakes(unicode.ToLower(r), m) {
				out = append(out, marks...)
				i++
			}
		}
	}
	return NFC(string(out))
}
