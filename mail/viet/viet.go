// Package viet is everything hopthu knows about Vietnamese text: normal form, search folding, order, syllables,
// legacy character sets in, the TCVN 6909 check out, and typing.
//
// Laws: it does no I/O and reads no clock; it never panics on any input; whatever it returns is valid UTF-8 in
// NFC; it never changes text that already is Vietnamese Unicode except to normalise it.
package viet

import (
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// NFC gives s in Unicode Normalization Form C, the form in which text lives inside the house ("Unicode dựng sẵn").
// Bytes that are no UTF-8 become U+FFFD. Text that is already right is returned as it is, without a copy.
func NFC(s string) string {
	if !utf8.ValidString(s) {
		s = validUTF8(s)
	}
	return norm.NFC.String(s)
}

func validUTF8(s string) string {
	b := make([]byte, 0, len(s)+8)
	for _, r := range s {
		b = utf8.AppendRune(b, r)
	}
	return string(b)
}
