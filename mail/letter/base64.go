package letter

// b64 maps an octet to its value, 64 for the pad, 65 for all that is skipped.
var b64 = func() (t [256]byte) {
	for i := range t {
		t[i] = 65
	}
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for i := 0; i < len(alphabet); i++ {
		t[alphabet[i]] = byte(i)
	}
	t['-'], t['_'] = 62, 63 // the URL alphabet (RFC 4648 5), met in the wild
	t['='] = 64
	return t
}()

// decodeBase64 decodes as much as it can: octets outside the alphabet are skipped (RFC 2045 6.8), a pad in the middle
// starts anew, a missing pad at the end is supplied. ok is false when more than line ends and blanks had to be skipped
// or the end is torn.
func decodeBase64(b []byte) (out []byte, ok bool) {
	out, ok = make([]byte, 0, len(b)/4*3+3), true
	var acc uint32
	n := 0
	flush := func() {
		switch n {
		case 1:
			ok = false
		case 2:
			out = append(out, byte(acc>>4))
		case 3:
			out = append(out, byte(acc>>10), byte(acc>>2))
		}
		acc, n = 0, 0
	}
	for i, c := range b {
		switch v := b64[c]; {
		case v < 64:
			acc = acc<<6 | uint32(v)
			if n++; n == 4 {
				out = append(out, byte(acc>>16), byte(acc>>8), byte(acc))
				acc, n = 0, 0
			}
		case v == 64:
			if n == 1 || (n == 0 && (i == 0 || b[i-1] != '=')) {
				ok = false
			}
			flush()
		case c != '\r' && c != '\n' && c != ' ' && c != '\t':
			ok = false
		}
	}
	if n > 0 { // the pad is missing
		ok = false
		flush()
	}
	return out, ok
}
