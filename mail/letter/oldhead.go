package letter

import (
	"bytes"
	"unicode/utf8"

	"hopthu/mail/viet"
)

// oldFields are the fields whose octets tell, taken together, which encoding an old program wrote. A name of two
// syllables alone is too little to tell; name and subject together mostly are enough.
var oldFields = []string{"Subject", "From", "To", "Cc", "Sender", "Reply-To"}

// readable gives the octets of a field as UTF-8 when the header as a whole shows which legacy encoding it is in; other
// octets stay as they are. Encoded words are ASCII and survive.
func (h *Header) readable(v []byte) []byte {
	if ascii(v) || utf8.Valid(v) {
		return v
	}
	if h.legacy == "" {
		return v
	}
	text, err := viet.DecodeAs(v, h.legacy)
	if err != nil && (!h.forced || text == "") {
		return v
	}
	return []byte(text)
}

// judge names the encoding of all raw octets together, "" when they do not tell.
func (h *Header) judge() string {
	if head := h.raw[:h.end]; ascii(head) || utf8.Valid(head) {
		return ""
	}
	var all bytes.Buffer
	for _, name := range oldFields {
		h.each(name, func(f field) bool {
			if v := unfold(h.value(f)); !ascii(v) && !utf8.Valid(v) {
				all.Write(v)
				all.WriteByte('\n')
			}
			return all.Len() < 4096
		})
	}
	_, legacy, _ := viet.Decode(all.Bytes(), "")
	return legacy
}
