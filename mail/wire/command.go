package wire

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"hopthu/mail"
)

// command is one IMAP command on its way. Its parts are sent one after another; before each but the first the
// server must say "+" (RFC 9051 7.6).
type command struct {
	s     *session
	parts []part
	cur   bytes.Buffer
	err   error // an argument that cannot be sent

	on   func(name string, r *reply, at int) error // untagged data, read from r.text[at:]
	only string                                    // on is for data of this name alone; "" for all
	sink func(before []byte, size int64) io.Writer // see readReply
	told func(st status)                           // untagged OK, NO
	tag  string
	done *status
	soft bool // a refusal is no error
}

// part is a stretch that goes out in one breath: b, or n octets read from r and then after.
type part struct {
	b     []byte
	r     io.Reader
	n     int64
	after []byte
}

// cmd begins a command; its words are separated by single spaces.
func (s *session) cmd(words ...string) *command {
	c := &command{s: s}
	s.tags++
	c.tag = "h" + strconv.Itoa(s.tags)
	c.cur.WriteString(c.tag)
	return c.raw(words...)
}

// raw adds words as they are.
func (c *command) raw(words ...string) *command {
	for _, w := range words {
		c.cur.WriteByte(' ')
		c.cur.WriteString(w)
	}
	return c
}

// str adds a string argument: quoted where that is allowed, else a literal.
func (c *command) str(v string) *command {
	c.cur.WriteByte(' ')
	return c.bare(v)
}

// bare is str without the space before it.
func (c *command) bare(v string) *command {
	if strings.IndexByte(v, 0) >= 0 || len(v) > 1<<16 {
		c.err = &mail.Fault{Kind: mail.Refused, Op: "write command", Detail: "text that no server takes"}
		return c
	}
	if !strings.ContainsAny(v, "\r\n") && len(v) < 1000 && (isASCII(v) || c.s.utf8) {
		c.cur.WriteByte('"')
		for i := 0; i < len(v); i++ {
			if v[i] == '"' || v[i] == '\\' {
				c.cur.WriteByte('\\')
			}
			c.cur.WriteByte(v[i])
		}
		c.cur.WriteByte('"')
		return c
	}
	c.announce("", int64(len(v)))
	c.cur.WriteString(v)
	return c
}

// announce writes a literal's size, and ends the part if the server must be asked first (RFC 7888).
func (c *command) announce(prefix string, size int64) {
	if c.s.has("LITERAL+") || (c.s.has("LITERAL-") && size <= 4096) {
		fmt.Fprintf(&c.cur, "%s{%d+}\r\n", prefix, size)
		return
	}
	fmt.Fprintf(&c.cur, "%s{%d}\r\n", prefix, size)
	c.cut()
}

// stream announces a literal that is read from r while it is sent. The server is always asked first, so that it can
// refuse without having to swallow the letter.
func (c *command) stream(prefix string, r io.Reader, size int64) {
	fmt.Fprintf(&c.cur, "%s{%d}\r\n", prefix, size)
	c.cut()
	c.parts = append(c.parts, part{r: r, n: size})
}

// cut ends the current part.
func (c *command) cut() {
	c.parts = append(c.parts, part{b: bytes.Clone(c.cur.Bytes())})
	c.cur.Reset()
}

// finish ends the command's last line.
func (c *command) finish() {
	c.cur.WriteString("\r\n")
	if last := len(c.parts) - 1; last >= 0 && c.parts[last].r != nil {
		c.parts[last].after = bytes.Clone(c.cur.Bytes())
		return
	}
	c.cut()
}
