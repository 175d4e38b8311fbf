package letter

import (
	"bytes"
	"io"
)

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

// base64Decoder decodes as much as it can: octets outside the alphabet are skipped (RFC 2045 6.8), a pad in the middle
// starts anew, a missing pad at the end is supplied. torn is set when more than line ends and blanks had to be skipped
// or the end is missing.
type base64Decoder struct {
	acc    uint32
	n      int
	padded bool // the last octet that counts was a pad
	torn   bool
}

func (d *base64Decoder) decode(dst, src []byte) []byte {
	for len(src) > 0 {
		if d.n == 0 {
			var used int
			if dst, used = decodeFours(dst, src); used > 0 {
				d.padded = false
				src = src[used:]
				continue
			}
		}
		c := src[0]
		src = src[1:]
		switch v := b64[c]; {
		case v < 64:
			d.padded = false
			d.acc = d.acc<<6 | uint32(v)
			if d.n++; d.n == 4 {
				dst = append(dst, byte(d.acc>>16), byte(d.acc>>8), byte(d.acc))
				d.acc, d.n = 0, 0
			}
		case v == 64:
			if d.n == 0 && !d.padded {
				d.torn = true
			}
			dst = d.flush(dst)
			d.padded = true
		case c != '\r' && c != '\n' && c != ' ' && c != '\t':
			d.torn = true
		}
	}
	return dst
}

// decodeFours decodes whole groups of four digits as far as they follow each other.
func decodeFours(dst, src []byte) (out []byte, used int) {
	for len(src)-used >= 4 {
		p := src[used : used+4 : used+4]
		a, b, c, e := b64[p[0]], b64[p[1]], b64[p[2]], b64[p[3]]
		if a|b|c|e >= 64 {
			break
		}
		dst = append(dst, a<<2|b>>4, b<<4|c>>2, c<<6|e)
		used += 4
	}
	return dst, used
}

func (d *base64Decoder) flush(dst []byte) []byte {
	switch d.n {
	case 1:
		d.torn = true
	case 2:
		dst = append(dst, byte(d.acc>>4))
	case 3:
		dst = append(dst, byte(d.acc>>10), byte(d.acc>>2))
	}
	d.acc, d.n = 0, 0
	return dst
}

func (d *base64Decoder) finish(dst []byte) []byte {
	if d.n > 0 { // the pad is missing
		d.torn = true
	}
	return d.flush(dst)
}

// decodeBase64 decodes b at once; ok is false when it was torn.
func decodeBase64(b []byte) (out []byte, ok bool) {
	var d base64Decoder
	out = d.finish(d.decode(make([]byte, 0, len(b)/4*3+3), b))
	return out, !d.torn
}

// likeBase64 tells base64, damaged or not, from text that was only labelled so: at least half of it stands in lines
// without blanks and with little else.
func likeBase64(b []byte) bool {
	b = b[:min(len(b), 4096)]
	pure, total := 0, 0
	for pos := 0; pos < len(b); {
		next, line := lineAt(b, pos)
		pos = next
		line = bytes.Trim(line, " \t")
		bad := 0
		for _, c := range line {
			if c == ' ' || c == '\t' {
				bad = len(line)
			} else if b64[c] == 65 {
				bad++
			}
		}
		if total += len(line); bad*4 <= len(line) {
			pure += len(line)
		}
	}
	return pure*2 >= total
}

// base64Reader decodes while it is read, so that a large attachment is not held twice.
type base64Reader struct {
	src  []byte
	out  []byte // decoded, not read yet
	buf  []byte
	d    base64Decoder
	done bool
}

func (r *base64Reader) Read(p []byte) (int, error) {
	for len(r.out) == 0 {
		if r.done {
			return 0, io.EOF
		}
		n := min(len(r.src), 32<<10)
		if r.buf == nil {
			r.buf = make([]byte, 0, n/4*3+3)
		}
		r.buf = r.d.decode(r.buf[:0], r.src[:n])
		if r.src = r.src[n:]; len(r.src) == 0 {
			r.buf, r.done = r.d.finish(r.buf), true
		}
		r.out = r.buf
	}
	n := copy(p, r.out)
	r.out = r.out[n:]
	return n, nil
}
