package letter

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/unicode/norm"
)

// decodeRaw decodes octets whose charset nobody declared.
func decodeRaw(b []byte) (text, legacy string) {
	if ascii(b) {
		return string(b), ""
	}
	return decodeText(b, "")
}

// decodeText gives NFC text of b, whatever charset says.
func decodeText(b []byte, charset string) (text, legacy string) {
	text, legacy, _ = decodeNoted(b, charset)
	return text, legacy
}

// decodeNoted is decodeText that also says whether something had to be mended.
func decodeNoted(b []byte, charset string) (text, legacy string, mended bool) {
	charset = strings.ToLower(strings.Trim(charset, " \t\"'"))
	if ascii(b) && (charset == "" || charset == "us-ascii" || charset == "utf-8") {
		return string(b), "", false
	}
	if utf8.Valid(b) {
		return norm.NFC.String(string(b)), "", false
	}
	if e, err := htmlindex.Get(charset); err == nil {
		if out, err := e.NewDecoder().Bytes(b); err == nil {
			return norm.NFC.String(string(out)), "", false
		}
	}
	return norm.NFC.String(strings.ToValidUTF8(string(b), "\uFFFD")), "", true
}
