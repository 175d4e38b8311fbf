package letter

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// lineBreaker puts a CRLF after every 76 octets (RFC 2045 6.8).
type lineBreaker struct {
	w   io.Writer
	col int
}

func (l *lineBreaker) Write(p []byte) (int, error) {
	const width = 76
	done := 0
	for done < len(p) {
		n := min(width-l.col, len(p)-done)
		if _, err := l.w.Write(p[done : done+n]); err != nil {
			return done, err
		}
		done += n
		if l.col += n; l.col == width {
			if _, err := io.WriteString(l.w, "\r\n"); err != nil {
				return done, err
			}
			l.col = 0
		}
	}
	return done, nil
}

func (l *lineBreaker) end() error {
	if l.col == 0 {
		return nil
	}
	l.col = 0
	_, err := io.WriteString(l.w, "\r\n")
	return err
}

// writeFile writes one attachment part. A letter goes as message/rfc822, which may not be encoded (RFC 2046 5.2.1), if
// it is clean enough for that; anything else as base64.
func writeFile(w io.Writer, f File, boundary string) error {
	if f.Open == nil {
		return errors.New("nothing to open")
	}
	media := cleanMedia(f.Type)
	asIs := false
	if media == "message/rfc822" {
		clean, err := cleanLetter(f, boundary)
		if err != nil {
			return err
		}
		if asIs = clean; !asIs {
			media = "application/octet-stream"
		}
	}
	h := &headWriter{}
	name := SafeName(norm.NFC.String(f.Name))
	h.fold("Content-Type", append([]string{media + ";"}, nameParam(name)...)...)
	h.fold("Content-Disposition", append([]string{"attachment;"}, fileParam(name)...)...)
	if asIs {
		h.fold("Content-Transfer-Encoding", "7bit")
	} else {
		h.fold("Content-Transfer-Encoding", "base64")
	}
	if _, err := w.Write(append(h.bytes(), "\r\n"...)); err != nil {
		return err
	}
	r, err := f.Open()
	if err != nil {
		return err
	}
	n, err := copyFile(w, r, asIs)
	if err = errors.Join(err, r.Close()); err != nil {
		return err
	}
	if f.Size > 0 && n != f.Size {
		return fmt.Errorf("the file changed: %d octets instead of %d", n, f.Size)
	}
	return nil
}

// copyFile writes what r gives and counts its octets.
func copyFile(w io.Writer, r io.Reader, asIs bool) (int64, error) {
	if asIs {
		count := &countReader{r: r}
		_, err := io.Copy(w, CanonicalCRLF(count))
		return count.n, err
	}
	lines := &lineBreaker{w: w}
	enc := base64.NewEncoder(base64.StdEncoding, lines)
	n, err := io.Copy(enc, r)
	if err = errors.Join(err, enc.Close()); err != nil {
		return n, err
	}
	return n, lines.end()
}

type countReader struct {
	r io.Reader
	n int64
}

func (c *countReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// cleanMedia is a media type that may stand in a header; multiparts are none for a file.
func cleanMedia(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	main, sub, ok := strings.Cut(s, "/")
	bad := func(t string) bool {
		return t == "" || strings.ContainsFunc(t, func(r rune) bool {
			return r <= ' ' || r >= 0x7f || strings.ContainsRune(`()<>@,;:\"/[]?=`, r)
		})
	}
	if !ok || bad(main) || bad(sub) || main == "multipart" || len(s) > 100 || s == "message/partial" || s == "message/external-body" {
		return "application/octet-stream"
	}
	return s
}

// cleanLetter reads a file once to see whether it can go as it is: 7-bit, no NUL, no line above 998 octets (RFC 5322
// 2.1.1), and not the boundary in it.
func cleanLetter(f File, boundary string) (clean bool, err error) {
	r, err := f.Open()
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	clean = true
	line := 0
	tail := []byte(nil)
	buf := make([]byte, 32<<10)
	for {
		n, err := r.Read(buf)
		for _, c := range buf[:n] {
			switch {
			case c == '\n' || c == '\r':
				line = 0
			case c >= 0x80 || c == 0:
				clean = false
			default:
				if line++; line > 998 {
					clean = false
				}
			}
		}
		tail = append(tail, buf[:n]...)
		if bytes.Contains(tail, []byte(boundary)) {
			clean = false
		}
		tail = append(tail[:0], tail[max(0, len(tail)-len(boundary)):]...)
		if errors.Is(err, io.EOF) {
			return clean, nil
		}
		if err != nil {
			return false, err
		}
	}
}

// CanonicalCRLF gives what r gives with every line end as CRLF: bare LF, bare CR, and CR CR LF count as one each
// (RFC 5321 2.3.8: the two never stand alone).
func CanonicalCRLF(r io.Reader) io.Reader { return &crlfReader{r: r} }

type crlfReader struct {
	r       io.Reader
	in, out []byte
	buf     []byte
	cr      int // CRs that wait for an LF
	err     error
}

func (c *crlfReader) Read(p []byte) (int, error) {
	for len(c.out) == 0 {
		if c.err != nil {
			return 0, c.err
		}
		if c.in == nil {
			c.in = make([]byte, 16<<10)
		}
		n, err := c.r.Read(c.in)
		if c.buf == nil {
			c.buf = make([]byte, 0, n+n/32)
		}
		c.buf = c.buf[:0]
		c.lines(c.in[:n])
		if err != nil {
			c.ends()
			c.err = err
		}
		c.out = c.buf
	}
	n := copy(p, c.out)
	c.out = c.out[n:]
	return n, nil
}

// lines takes a piece of the text, whole lines at once where they end as they should.
func (c *crlfReader) lines(in []byte) {
	for len(in) > 0 {
		end := bytes.IndexByte(in, '\n') + 1
		if end == 0 {
			end = len(in)
		}
		cr := bytes.IndexByte(in[:end], '\r')
		if c.cr == 0 && (cr < 0 && in[end-1] != '\n' || cr >= 0 && cr == end-2 && in[end-1] == '\n') {
			c.buf = append(c.buf, in[:end]...)
		} else {
			for _, b := range in[:end] {
				c.octet(b)
			}
		}
		in = in[end:]
	}
}

func (c *crlfReader) octet(b byte) {
	switch b {
	case '\r':
		c.cr++
	case '\n':
		c.cr = 0
		c.buf = append(c.buf, '\r', '\n')
	default:
		c.ends()
		c.buf = append(c.buf, b)
	}
}

// ends writes a line end for each CR that no LF followed.
func (c *crlfReader) ends() {
	for ; c.cr > 0; c.cr-- {
		c.buf = append(c.buf, '\r', '\n')
	}
}
