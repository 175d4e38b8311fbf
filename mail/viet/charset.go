package viet

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"
)

// ErrCharset is in every error of Decode: the text was read, but not as its label said.
var ErrCharset = errors.New("charset mended")

// labels maps what mail calls the Vietnamese encodings, in lower case, to our names.
var labels = map[string]string{
	"tcvn": tcvn3, "tcvn3": tcvn3, "abc": tcvn3, "x-viet-tcvn": tcvn3, "x-viet-tcvn3": tcvn3, "x-viet-tcvn5712": tcvn3,
	"x-tcvn": tcvn3, "tcvn5712": tcvn3, "tcvn-5712": tcvn3, "tcvn5712-1": tcvn3, "tcvn5712-1:1993": tcvn3,
	"tcvn-5712:1993": tcvn3, "vni": vni, "x-vni": vni, "x-viet-vni": vni, "vni-win": vni, "vni-windows": vni,
	"vps": vps, "x-vps": vps, "x-viet-vps": vps,
	"viscii": viscii, "csviscii": viscii, "x-viscii": viscii, "x-viet-viscii": viscii, "viscii1.1-1": viscii,
	"windows-1258": cp1258, "cp1258": cp1258, "cp-1258": cp1258, "x-cp1258": cp1258, "1258": cp1258,
	"viqr": viqr, "csviqr": viqr, "x-viqr": viqr, "x-viet-viqr": viqr,
}

// vague labels say nothing: software put them on text of any encoding.
var vague = set(`us-ascii ascii iso-8859-1 iso_8859-1 latin1 l1 iso-8859-15 windows-1252 cp1252 utf-8 utf8 unknown-8bit
	x-unknown unknown default 8bit binary x-user-defined iso8859-1 ansi_x3.4-1968 cp-850 iso-8859-2 windows-1250`)

func normalLabel(charset string) string {
	s := strings.ToLower(strings.Trim(strings.TrimSpace(charset), `"'`))
	if i := strings.IndexByte(s, '*'); i >= 0 {
		s = s[:i] // RFC 2231 5: a language tag
	}
	if len(s) > 64 {
		s = s[:64]
	}
	return s
}

// lookup finds an encoding by label. x/text knows some IANA names for which it has no encoding and then answers nil
// without an error (VISCII, VIQR).
func lookup(label string) encoding.Encoding {
	if e, err := htmlindex.Get(label); err == nil && e != nil {
		return e
	}
	if e, err := ianaindex.IANA.Encoding(label); err == nil && e != nil {
		return e
	}
	if e, err := ianaindex.MIME.Encoding(label); err == nil && e != nil {
		return e
	}
	return nil
}

// Encodings lists the names that DecodeAs takes, in the order in which a key cycles through them.
func Encodings() []string {
	return []string{utf8as, tcvn3, vni, vps, viscii, cp1258, viqr, cp1252}
}

// Decode gives the text of raw, in NFC and valid UTF-8, whatever charset says: it may be right, missing, unknown or
// a lie. legacy names the Vietnamese legacy encoding that was recognised, "" if none. err only tells what was mended
// and always wraps ErrCharset; the text is usable all the same.
func Decode(raw []byte, charset string) (text, legacy string, err error) {
	label := normalLabel(charset)
	if t, ok := decodeBOM(raw); ok {
		return t, "", nil
	}
	declared := labels[label]
	if isASCII(raw) && declared != viscii {
		return decodeASCII(raw, label, declared)
	}
	if utf8.Valid(raw) && !isASCII(raw) && !isCJK(label, raw) {
		return decodeUTF8(string(raw), label)
	}
	if declared == "" && label != "" && !vague()[label] {
		if e := lookup(label); e != nil {
			if t, derr := e.NewDecoder().Bytes(raw); derr == nil && !bytes.ContainsRune(t, utf8.RuneError) {
				return NFC(string(t)), "", nil
			}
		}
	}
	return decodeBytes(raw, label, declared)
}

// decodeBytes reads bytes beyond ASCII that are no UTF-8 and have no trustworthy label.
func decodeBytes(raw []byte, label, declared string) (text, legacy string, err error) {
	if mostlyUTF8(raw) && declared == "" {
		return NFC(string(raw)), "", mended(label, utf8as+" with broken bytes")
	}
	part := sample(raw, high)
	read := func(decode func([]byte) string) (string, bool) { return decode(part), true }
	if c, ok := detect(read, decode1252(part), declared); ok {
		if c.name != declared {
			err = mended(label, c.name)
		}
		return c.decode(raw), c.name, err
	}
	if declared != "" {
		if t, derr := DecodeAs(raw, declared); derr == nil {
			return t, declared, nil
		}
	}
	if e := lookup(label); e != nil && label != "utf-8" && label != "utf8" {
		if t, derr := e.NewDecoder().Bytes(raw); derr == nil && !bytes.ContainsRune(t, utf8.RuneError) {
			return NFC(string(t)), "", nil
		}
	}
	if someUTF8(raw) { // one octet that was lost must not turn all others into rubbish
		return NFC(string(raw)), "", mended(label, utf8as+" with broken bytes")
	}
	return decode1252(raw), "", mended(label, cp1252)
}

func decodeASCII(raw []byte, label, declared string) (text, legacy string, err error) {
	if declared == viqr {
		t, _ := decodeVIQR(raw)
		return t, viqr, nil
	}
	if bytes.IndexByte(raw, 0x1b) >= 0 || bytes.Contains(raw, []byte("~{")) || strings.HasPrefix(label, "utf-16") {
		if e := lookup(label); e != nil { // ISO-2022-JP and HZ hide in ASCII bytes
			if t, derr := e.NewDecoder().Bytes(raw); derr == nil && !bytes.ContainsRune(t, utf8.RuneError) {
				return NFC(string(t)), "", nil
			}
		}
	}
	if part := sample(raw, func(c byte) bool { return c == '^' }); looksVIQR(part) {
		t, _ := decodeVIQR(raw)
		return t, viqr, mended(label, viqr)
	}
	return string(raw), "", nil
}

// looksVIQR demands several marks that English hardly has behind a vowel, and words that become syllables by them.
func looksVIQR(raw []byte) bool {
	text, strong := decodeVIQR(raw)
	if strong < 2 {
		return false
	}
	s := scoreText(text)
	return s.letters >= 2 && s.share() >= 0.8 && s.syllables*2 > s.words
}

func decodeUTF8(text, label string) (string, string, error) {
	text = NFC(text)
	fixed, legacy := Repair(text)
	if legacy != "" {
		err := mended(label, legacy)
		if legacy == utf8as {
			legacy = ""
		}
		return fixed, legacy, err
	}
	if n := labels[label]; n != "" || label != "" && !vague()[label] {
		return text, "", mended(label, utf8as)
	}
	return text, "", nil
}

// DecodeAs reads raw in the encoding that the person chose: one of Encodings or any registered charset name. Raw
// bytes that are UTF-8 are taken for legacy text that was already wrongly converted. The error says that encoding is
// not known.
func DecodeAs(raw []byte, encoding string) (string, error) {
	label := normalLabel(encoding)
	name := labels[label]
	decode := decoderOf(name)
	if name == "" && label == "utf-8" {
		return NFC(string(raw)), nil
	}
	if decode == nil {
		e := lookup(label)
		if e == nil {
			return NFC(string(raw)), fmt.Errorf("read as %.40q: %w: no such encoding", encoding, ErrCharset)
		}
		t, err := e.NewDecoder().Bytes(raw)
		if err != nil {
			return NFC(string(raw)), fmt.Errorf("read as %.40q: %w: %w", encoding, ErrCharset, err)
		}
		return NFC(string(t)), nil
	}
	if utf8.Valid(raw) && !isASCII(raw) {
		t, _ := convertBack(string(raw), decode)
		return NFC(t), nil
	}
	return decode(raw), nil
}

func decoderOf(name string) func([]byte) string {
	if name == viqr {
		return func(b []byte) string { t, _ := decodeVIQR(b); return t }
	}
	for _, c := range candidates {
		if c.name == name {
			return c.decode
		}
	}
	return nil
}

func mended(label, as string) error {
	return fmt.Errorf("declared %.40q, read as %s: %w", label, as, ErrCharset)
}

func decodeBOM(raw []byte) (string, bool) {
	switch {
	case bytes.HasPrefix(raw, []byte("\xef\xbb\xbf")) && utf8.Valid(raw):
		return NFC(string(raw[3:])), true
	case bytes.HasPrefix(raw, []byte("\xff\xfe")), bytes.HasPrefix(raw, []byte("\xfe\xff")):
		t, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(raw)
		if err != nil || bytes.ContainsRune(t, utf8.RuneError) || len(raw)%2 != 0 {
			return "", false
		}
		return NFC(string(t)), true
	}
	return "", false
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// isCJK reports bytes that can be UTF-8 but are better believed to be what their East Asian label says.
func isCJK(label string, raw []byte) bool {
	switch {
	case strings.HasPrefix(label, "gb"), strings.HasPrefix(label, "big5"), strings.HasPrefix(label, "euc-"),
		strings.HasPrefix(label, "shift"), label == "ks_c_5601-1987", strings.HasPrefix(label, "utf-16"):
		return scoreText(string(sample(raw, high))).share() < 0.5
	}
	return false
}

// mostlyUTF8 reports text that was UTF-8 before something cut or damaged it: legacy bytes hardly ever form several
// whole UTF-8 letters to one break.
func mostlyUTF8(b []byte) bool {
	good, breaks := countUTF8(b)
	return good > 1 && good >= 3*breaks
}

// someUTF8 reports bytes of which as many letters are good UTF-8 as are broken: Latin-1 hardly ever looks so.
func someUTF8(b []byte) bool {
	good, breaks := countUTF8(b)
	return good > 0 && good >= breaks
}

// countUTF8 counts the letters beyond ASCII and the places where UTF-8 is broken.
func countUTF8(b []byte) (good, breaks int) {
	broken := false
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		bad := r == utf8.RuneError && n == 1
		switch {
		case bad && !broken:
			breaks++
		case n > 1:
			good++
		}
		broken = bad
		b = b[n:]
	}
	return good, breaks
}
