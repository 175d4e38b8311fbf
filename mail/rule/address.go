package rule

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"hopthu/mail"
	"hopthu/mail/viet"
)

// maxLocal is the longest local part of an address in octets (RFC 5321 4.5.3.1.1).
const maxLocal = 64

// toWire maps đ, and Eth that is often typed for it, to d.
var toWire = strings.NewReplacer("đ", "d", "ð", "d")

// WireForm is the spelling of an address that travels (D1): NFC, lower case, đ→d, no space around it. kh&đt@… and
// KH&DT@… have the same wire form, so both open the same box.
func WireForm(addr string) string {
	return toWire.Replace(strings.ToLower(viet.NFC(strings.TrimSpace(addr))))
}

func badAddress(op, detail string) error {
	return &mail.Fault{Kind: mail.BadAddress, Op: op, Detail: detail}
}

// ValidUnit checks the local part of an agency's box (QC 4.1), in either spelling: small letters a–z and đ, digits, & and
// -, at least one letter, and no dot, because the dot parts persons from units. The Fault's Detail is "empty", "long",
// "character" or "letter".
func ValidUnit(local string) error {
	const op = "check unit address"
	letters := 0
	for _, r := range local {
		switch {
		case r >= 'a' && r <= 'z' || r == 'đ':
			letters++
		case r >= '0' && r <= '9' || r == '&' || r == '-':
		default:
			return badAddress(op, "character")
		}
	}
	switch {
	case local == "":
		return badAddress(op, "empty")
	case len(local) > maxLocal:
		return badAddress(op, "long")
	case letters == 0:
		return badAddress(op, "letter")
	}
	return nil
}

// ValidPersonal checks the local part of a personal box (QC 4.2): tenhodem, an ordinal for namesakes, a dot, the unit.
func ValidPersonal(local string) error {
	const op = "check personal address"
	person, unit, ok := strings.Cut(local, ".")
	if !ok {
		return badAddress(op, "dot")
	}
	name := strings.TrimRight(person, "0123456789")
	if name == "" || strings.HasPrefix(person[len(name):], "0") {
		return badAddress(op, "name")
	}
	for _, r := range name {
		if r < 'a' || r > 'z' {
			return badAddress(op, "name")
		}
	}
	if len(local) > maxLocal {
		return badAddress(op, "long")
	}
	return ValidUnit(unit)
}

// LocalPart makes tenhodem of a full name (QC 4.2, D4): the given name without marks, then the first letters of the
// surname and of all middle names in their order. Case, spacing and normal form do not matter; a hyphen parts words, an
// apostrophe does not; a title before the name ("ThS.") is left out. The Fault's Detail is "empty", "digit", "character"
// or "long".
func LocalPart(fullName string) (string, error) {
	const op = "make personal address"
	words, err := nameWords(op, fullName)
	if err != nil {
		return "", err
	}
	given := words[len(words)-1]
	var b strings.Builder
	b.WriteString(given)
	for _, w := range words[:len(words)-1] {
		b.WriteByte(w[0])
	}
	if b.Len() > maxLocal/2 {
		return "", badAddress(op, "long")
	}
	return b.String(), nil
}

// nameWords gives the folded words of a name, each of a–z only, at least one.
func nameWords(op, fullName string) ([]string, error) {
	name := strings.TrimRight(strings.TrimSpace(viet.NFC(fullName)), " ,;.")
	if postBehind(name) { // "Nguyễn Văn Ngọc - Trưởng phòng": what follows is no part of a name
		return nil, badAddress(op, "character")
	}
	fields := strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Pd, r):
			return ' '
		case strings.ContainsRune("'’‘ʼ`´\u00ad\u200b\ufeff", r):
			return -1
		}
		return r
	}, name))
	fields = dropTitles(fields)
	var words []string
	for _, f := range fields {
		w := viet.Fold(f)
		for _, r := range w {
			switch {
			case unicode.IsDigit(r):
				return nil, badAddress(op, "digit")
			case r < 'a' || r > 'z':
				return nil, badAddress(op, "character")
			}
		}
		if w != "" {
			words = append(words, w)
		}
	}
	if len(words) == 0 {
		return nil, badAddress(op, "empty")
	}
	return words, nil
}

// postBehind reports a post behind a dash that stands alone.
func postBehind(name string) bool {
	fields := strings.Fields(name)
	for i, f := range fields {
		if i == 0 || strings.TrimFunc(f, func(r rune) bool { return unicode.Is(unicode.Pd, r) }) != "" {
			continue
		}
		if post, _, _ := cutPost(strings.Join(fields[i+1:], " ")); post != "" {
			return true
		}
	}
	return false
}

// titles stand before a name and are no part of it, as they are written.
var titles = map[string]bool{
	"TS": true, "ThS": true, "Ths": true, "THS": true, "Th": true, "PGS": true, "GS": true, "TSKH": true, "BS": true, "BSCKI": true, "BSCKII": true,
	"CKI": true, "CKII": true, "KS": true, "DS": true, "LS": true, "KTS": true, "CN": true, "S": true, "QNCN": true,
}

// dropTitles leaves out "PGS.TS.", "ThS", and "Ông" or "Bà" before a surname (Ông is a surname too: Ông Ích Khiêm).
func dropTitles(fields []string) []string {
	for len(fields) > 1 {
		parts := strings.Split(fields[0], ".")
		last := parts[len(parts)-1]
		n := 0
		for n < len(parts) && titles[parts[n]] {
			n++
		}
		switch first := strings.Trim(viet.Fold(fields[0]), "."); {
		case last == "":
			fields = fields[1:]
		case n == len(parts):
			fields = fields[1:]
		case n > 0 && n == len(parts)-1: // "ThS.Lê"
			fields = append([]string{last}, fields[1:]...)
		case honorifics[first] && surnames[viet.Fold(fields[1])]:
			fields = fields[1:]
		case len(fields) > 3 && titled(first, viet.Fold(fields[1])):
			fields = fields[2:]
		default:
			return fields
		}
	}
	return fields
}

// learned stand before "sĩ" in a title.
var learned = wordsOf("thac;tien;bac;duoc;nha;van;thuong;trung;ha")

// titled reports a title of two words, unmarked: degrees, professions and the ranks of armed units (QC 1.2).
func titled(first, second string) bool {
	switch second {
	case "tuong", "ta", "uy":
		return first == "dai" || first == "thuong" || first == "trung" || first == "thieu"
	case "si", "sy":
		return learned[first]
	case "su":
		return first == "ky" || first == "luat" || first == "giao"
	case "chi":
		return first == "dong"
	case "nhan":
		return first == "cu"
	}
	return false
}

// FullName parts a name as it stands in a list of staff from the title before it ("ThS.", "Đại tá"), which is no part of it:
// name in NFC with single spaces, title "" where there is none.
func FullName(s string) (name, title string) {
	fields := strings.Fields(viet.NFC(s))
	whole := strings.Join(fields, " ")
	name = strings.Join(dropTitles(fields), " ")
	return name, strings.TrimSpace(strings.TrimSuffix(whole, name))
}

// maxNamesakes bounds the search for a free number.
const maxNamesakes = 10000

// PersonalAddress is the local part of a new personal box in the wire spelling: "hungtv.kh&dt". unit is the agency's
// local part in either spelling. Whoever comes second to the same result in one unit gets 2, the third 3 (QC 4.2, D2,
// D3). taken must also answer true for addresses that were given once: numbers are never used again.
func PersonalAddress(name, unit string, taken func(local string) bool) (string, error) {
	const op = "make personal address"
	base, err := LocalPart(name)
	if err != nil {
		return "", err
	}
	unit = WireForm(unit)
	if err := ValidUnit(unit); err != nil {
		return "", err
	}
	for n := 1; n <= maxNamesakes; n++ {
		local := base
		if n > 1 {
			local += strconv.Itoa(n)
		}
		local += "." + unit
		if len(local) > maxLocal {
			return "", badAddress(op, "long")
		}
		if !taken(local) {
			return local, nil
		}
	}
	return "", badAddress(op, "taken")
}

// UnitAbbrev suggests the local part of an agency's box from its name (QC 4.1) in both spellings (D1): first letters, words
// in capitals whole, và as &; "Sở" before and "tỉnh" behind are left out. It is only a suggestion: the Office decides.
// A name without a letter gives "".
func UnitAbbrev(name string) (regulation, wire string) {
	words := unitWords(viet.NFC(name))
	words = dropTail(words)
	if len(words) > 1 && strings.EqualFold(words[0], "sở") {
		words = words[1:]
	}
	loud := true // the whole name is in capitals: then only what is no syllable is an abbreviation
	for _, w := range words {
		loud = loud && (w == strings.ToUpper(w))
	}
	var b strings.Builder
	and := false
	for _, w := range words {
		low := strings.ToLower(w)
		switch low {
		case "các", "của":
			continue
		case "và", "&":
			and = b.Len() > 0
			continue
		}
		if and {
			b.WriteByte('&')
			and = false
		}
		first, size := utf8.DecodeRuneInString(low)
		if w == strings.ToUpper(w) && (!loud || !viet.IsSyllable(w)) || unicode.IsDigit(first) {
			size = len(low)
		}
		b.WriteString(unitLetters(low[:size]))
	}
	regulation = b.String()
	return regulation, WireForm(regulation)
}

// unitWords splits a name into words of letters and digits, and &.
func unitWords(name string) []string {
	name = strings.ReplaceAll(name, "&", " & ")
	return strings.FieldsFunc(name, func(r rune) bool {
		return r != '&' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}

func dropTail(words []string) []string {
	if n := len(words); n > 3 && strings.EqualFold(words[n-3], "tỉnh") && strings.EqualFold(words[n-2]+words[n-1], "NinhBình") {
		return words[:n-3]
	}
	if n := len(words); n > 1 && strings.EqualFold(words[n-1], "tỉnh") {
		return words[:n-1]
	}
	return words
}

// unitLetters drops the marks but keeps đ, and whatever an address cannot hold.
func unitLetters(low string) string {
	var b strings.Builder
	for _, r := range low {
		if r == 'đ' {
			b.WriteRune(r)
			continue
		}
		for _, f := range viet.Fold(string(r)) {
			if f >= 'a' && f <= 'z' || f >= '0' && f <= '9' {
				b.WriteRune(f)
			}
		}
	}
	return b.String()
}
