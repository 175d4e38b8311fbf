package imapd

import (
	"bufio"
	"errors"
	"io"
)

// Bounds of DEFLATE (RFC 1951).
const (
	farthest   = 32 << 10 // how far back a copy may reach
	ahead      = 4 << 10  // decoded and not read yet: more is not decoded
	symbolBits = 48       // the most bits of a literal or of a copy: 15 + 5 + 15 + 13
)

var errInflate = errors.New("not DEFLATE")

// inflater reads a DEFLATE stream that never ends. What can be decoded of the octets that have come is given at once,
// wherever in a block the sender stopped; compress/flate gives it only at the end of a stored block, and waits for a
// stored block to be whole. Its memory grows with what was sent, up to the window and a little.
type inflater struct {
	src   *bufio.Reader
	bits  uint64
	n     uint // bits that are there
	hist  []byte
	read  int // hist[read:] is decoded and not read
	err   error
	in    part
	last  bool // this block is the last
	left  int  // octets of a stored block
	codes huffman
	dists huffman
}

// part is where in the stream it stands.
type part uint8

const (
	inHeader part = iota
	inStored
	inCodes
)

func newInflater(src *bufio.Reader) *inflater { return &inflater{src: src} }

// huffman is a canonical code: how many codes there are of each length, and their symbols in order (RFC 1951 3.2.2).
type huffman struct {
	count  [16]uint16
	symbol [288]uint16
}

// make builds a code from lengths. A code that leaves bits without meaning is taken only with one symbol of one bit.
func (h *huffman) make(lengths []uint8) error {
	*h = huffman{}
	for _, l := range lengths {
		h.count[l]++
	}
	left := 1
	for l := 1; l < 16; l++ {
		if left = left<<1 - int(h.count[l]); left < 0 {
			return errInflate
		}
	}
	if used := len(lengths) - int(h.count[0]); left > 0 && (used > 1 || used == 1 && h.count[1] != 1) {
		return errInflate
	}
	var at [16]uint16
	for l := 1; l < 15; l++ {
		at[l+1] = at[l] + h.count[l]
	}
	for s, l := range lengths {
		if l != 0 {
			h.symbol[at[l]] = uint16(s)
			at[l]++
		}
	}
	h.count[0] = 0
	return nil
}

// Read gives what is decoded; it waits only while that is nothing.
func (f *inflater) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for f.err == nil && (f.read == len(f.hist) || f.more()) {
		f.err = f.step()
	}
	if f.read == len(f.hist) {
		return 0, f.err
	}
	n := copy(p, f.hist[f.read:])
	f.read += n
	if old := min(f.read, len(f.hist)-farthest); old > 2*ahead { // read, and out of reach
		f.hist = append(f.hist[:0], f.hist[old:]...)
		f.read -= old
	}
	return n, nil
}

func (f *inflater) step() error {
	switch f.in {
	case inStored:
		return f.octets()
	case inCodes:
		return f.symbols()
	}
	return f.header()
}

// more reports whether something more can be decoded without waiting.
func (f *inflater) more() bool {
	return f.in != inHeader && len(f.hist)-f.read < ahead && f.n+8*uint(f.src.Buffered()) >= symbolBits
}

// take gives the next n bits.
func (f *inflater) take(n uint) (uint, error) {
	for f.n < n {
		c, err := f.src.ReadByte()
		if err != nil {
			return 0, err
		}
		f.bits |= uint64(c) << f.n
		f.n += 8
	}
	v := f.bits & (1<<n - 1)
	f.bits >>= n
	f.n -= n
	return uint(v), nil
}

// decode reads one symbol, bit by bit.
func (f *inflater) decode(h *huffman) (int, error) {
	code, first, index := 0, 0, 0
	for l := 1; l < 16; l++ {
		bit, err := f.take(1)
		if err != nil {
			return 0, err
		}
		code |= int(bit)
		count := int(h.count[l])
		if code-count < first {
			return int(h.symbol[index+code-first]), nil
		}
		index += count
		first = (first + count) << 1
		code <<= 1
	}
	return 0, errInflate
}

// header begins a block (RFC 1951 3.2.3).
func (f *inflater) header() error {
	if f.last {
		return io.EOF
	}
	v, err := f.take(3)
	if err != nil {
		return err
	}
	f.last = v&1 == 1
	switch v >> 1 {
	case 0:
		return f.stored()
	case 1:
		return f.fixed()
	case 2:
		return f.dynamic()
	}
	return errInflate
}

// stored begins a block of octets as they are (RFC 1951 3.2.4).
func (f *inflater) stored() error {
	if _, err := f.take(f.n & 7); err != nil { // to the octet
		return err
	}
	size, err := f.take(16)
	if err != nil {
		return err
	}
	if check, err := f.take(16); err != nil || check != size^0xffff {
		return errors.Join(errInflate, err)
	}
	f.left, f.in = int(size), inStored
	return nil
}

func (f *inflater) octets() error {
	if f.left == 0 {
		f.in = inHeader
		return nil
	}
	c, err := f.take(8)
	if err != nil {
		return err
	}
	f.left--
	f.hist = append(f.hist, byte(c))
	return nil
}

// fixed begins a block in the code that is always the same (RFC 1951 3.2.6).
func (f *inflater) fixed() error {
	var lengths [288]uint8
	for i := range lengths {
		switch {
		case i < 144, i >= 280:
			lengths[i] = 8
		case i < 256:
			lengths[i] = 9
		default:
			lengths[i] = 7
		}
	}
	var dists [32]uint8 // the last two stand for nothing
	for i := range dists {
		dists[i] = 5
	}
	f.in = inCodes
	return errors.Join(f.codes.make(lengths[:]), f.dists.make(dists[:]))
}

// dynamic begins a block that brings its code (RFC 1951 3.2.7).
func (f *inflater) dynamic() error {
	v, err := f.take(14)
	if err != nil {
		return err
	}
	nlen, ndist, ncode := int(v&31)+257, int(v>>5&31)+1, int(v>>10)+4
	if nlen > 286 || ndist > 30 {
		return errInflate
	}
	var lengths [320]uint8
	for _, at := range codeOrder[:ncode] {
		l, err := f.take(3)
		if err != nil {
			return err
		}
		lengths[at] = uint8(l)
	}
	var meta huffman
	if err := meta.make(lengths[:19]); err != nil {
		return err
	}
	clear(lengths[:])
	for i := 0; i < nlen+ndist; {
		s, err := f.decode(&meta)
		if err != nil {
			return err
		}
		if s < 16 {
			lengths[i] = uint8(s)
			i++
			continue
		}
		again, least, bits := uint8(0), uint(3), uint(3)
		switch s {
		case 16:
			if i == 0 {
				return errInflate
			}
			again, bits = lengths[i-1], 2
		case 18:
			least, bits = 11, 7
		}
		n, err := f.take(bits)
		if err != nil {
			return err
		}
		if n += least; i+int(n) > nlen+ndist {
			return errInflate
		}
		for range n {
			lengths[i] = again
			i++
		}
	}
	if lengths[256] == 0 { // no end of block
		return errInflate
	}
	f.in = inCodes
	return errors.Join(f.codes.make(lengths[:nlen]), f.dists.make(lengths[nlen:nlen+ndist]))
}

var (
	codeOrder  = [...]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}
	lengthBase = [...]uint16{3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258}
	lengthBits = [...]uint8{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0}
)

// symbols reads one literal or one copy (RFC 1951 3.2.5).
func (f *inflater) symbols() error {
	s, err := f.decode(&f.codes)
	switch {
	case err != nil:
		return err
	case s < 256:
		f.hist = append(f.hist, byte(s))
		return nil
	case s == 256:
		f.in = inHeader
		return nil
	case s > 285:
		return errInflate
	}
	more, err := f.take(uint(lengthBits[s-257]))
	if err != nil {
		return err
	}
	length := int(lengthBase[s-257]) + int(more)
	d, err := f.decode(&f.dists)
	if err != nil {
		return err
	}
	if d > 29 {
		return errInflate
	}
	back := d + 1
	if d > 3 {
		bits := uint(d/2 - 1)
		more, err := f.take(bits)
		if err != nil {
			return err
		}
		back = 1 + (2+d&1)<<bits + int(more)
	}
	if back > len(f.hist) {
		return errInflate
	}
	for range length {
		f.hist = append(f.hist, f.hist[len(f.hist)-back])
	}
	return nil
}
