package wire

import (
	"strings"

	"golang.org/x/net/idna"
)

// hostName writes a host or domain as DNS, certificates and SNI have it: A-labels, lower case (RFC 5890 2.3.2.1). What
// is no internationalised name comes back as it is, addresses among it; the look-up then says that it is not found.
func hostName(host string) string {
	if isASCII(host) {
		return host
	}
	if a, err := idna.Lookup.ToASCII(host); err == nil {
		return a
	}
	return strings.ToLower(host)
}
