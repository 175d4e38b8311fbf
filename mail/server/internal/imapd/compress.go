package imapd

import (
	"bufio"
	"bytes"
	"sync"

	"github.com/klauspost/compress/flate"
)

// maxDict is how much of what went before a piece may be referred back to.
const maxDict = 8 << 10

// compress answers COMPRESS (RFC 4978). It is offered after login only, so that no password is ever deflated beside
// text that somebody else chose. Inside TLS the sizes of what one person reads still tell something of it to whoever
// watches the line and can send him letters (RFC 4978 5): who fears that does not ask for it. What a client sends
// deflated counts against the same limits as what it sends plainly, after it is inflated and no sooner than it is
// read: a bomb takes the time to read so many octets, and no memory.
func (c *session) compress(_ *command, p *parser) error {
	p.sp()
	mechanism := p.word()
	if err := p.end(); err != nil {
		return err
	}
	switch {
	case c.packed:
		return no("COMPRESSIONACTIVE", "The connection is compressed already") // RFC 4978 3
	case mechanism != "DEFLATE":
		return bad("Unknown way to compress")
	}
	return nil
}

// pack begins to deflate, both ways, after the answer to COMPRESS (RFC 4978 3).
func (c *conn) pack() {
	c.flush()
	c.packed = true
	c.br = bufio.NewReaderSize(newInflater(c.br), 1024)
}

// pieces are buffers of deflated output. Nothing of a connection that waits is kept: each piece is deflated by itself,
// with the end of the one before it, in the same answer, to refer back to, and ends at an octet (a sync flush).
var pieces = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// send writes what was gathered.
func (c *conn) send(b []byte) error {
	if !c.packed {
		_, err := c.nc.Write(b)
		return err
	}
	buf, ok := pieces.Get().(*bytes.Buffer)
	if !ok {
		buf = new(bytes.Buffer)
	}
	buf.Reset()
	defer pieces.Put(buf)
	if err := flate.StatelessDeflate(buf, b, false, c.dict); err != nil {
		return err
	}
	c.dict = append(c.dict[:0], b[max(0, len(b)-maxDict):]...)
	_, err := c.nc.Write(buf.Bytes())
	return err
}
