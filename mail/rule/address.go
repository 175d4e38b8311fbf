package rule

import (
	"strings"

	"hopthu/mail/viet"
)

// toWire maps đ, and Eth that is often typed for it, to d.
var toWire = strings.NewReplacer("đ", "d", "ð", "d")

// WireForm is the spelling of an address that travels (D1): NFC, lower case, đ→d, no space around it. kh&đt@… and
// KH&DT@… have the same wire form, so both open the same box.
func WireForm(addr string) string {
	return toWire.Replace(strings.ToLower(viet.NFC(strings.TrimSpace(addr))))
}
