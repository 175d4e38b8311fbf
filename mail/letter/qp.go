package letter

import "bytes"

// decodeQP decodes quoted-printable (RFC 2045 6.7) as far as it is: what is no escape stays as written, ok is false
// then. Blanks before a line end are dropped.
func decodeQP(b []byte) (out []byte, ok bool) {
	out, ok = make([]byte, 0, len(b)), true
	for len(b) > 0 {
		line, end := b, []byte(nil)
		if i := bytes.IndexByte(b, '\n'); i >= 0 {
			line, end, b = b[:i], b[i:i+1], b[i+1:]
			if n := len(line); n > 0 && line[n-1] == '\r' {
				line, end = line[:n-1], []byte("\r\n")
			}
		} else {
			b = nil
		}
		line = bytes.TrimRight(line, " \t")
		for i := 0; i < len(line); i++ {
			switch c := line[i]; {
			case c != '=':
				out = append(out, c)
			case i+2 < len(line) && hexVal(line[i+1]) >= 0 && hexVal(line[i+2]) >= 0:
				out = append(out, byte(hexVal(line[i+1])<<4|hexVal(line[i+2])))
				i += 2
			case i == len(line)-1: // soft line break
				end = nil
			default:
				out, ok = append(out, c), false
			}
		}
		out = append(out, end...)
	}
	return out, ok
}
