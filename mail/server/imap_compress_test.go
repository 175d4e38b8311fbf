package server_test

import (
	"compress/flate"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
)

// packed is a connection after COMPRESS (RFC 4978), seen from the client.
type packed struct {
	net.Conn
	r  io.Reader
	w  *flate.Writer
	in *counting
}

type counting struct {
	r io.Reader
	n int
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += n
	return n, err
}

func (c *packed) Read(p []byte) (int, error) { return c.r.Read(p) }

func (c *packed) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	if err == nil {
		err = c.w.Flush()
	}
	return n, err
}

// pack turns a logged-in connection into a packed one.
func pack(t *testing.T, k *talk) (*talk, *packed) {
	t.Helper()
	k.ok("COMPRESS DEFLATE")
	w, err := flate.NewWriter(k.c, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	in := &counting{r: k.br}
	c := &packed{Conn: k.c, r: flate.NewReader(in), w: w, in: in}
	p := newTalk(t, c)
	p.n = k.n
	return p, c
}

// RFC 4978: everything after the answer is deflated, both ways, and is the same as before.
func TestIMAPCompress(t *testing.T) {
	s, p, k := seat(t)
	stranger := dial(t, s, s.IMAP)
	if g := stranger.line(); strings.Contains(g, "COMPRESS") {
		t.Error(g)
	}
	stranger.refuse("BAD", "COMPRESS DEFLATE")
	mustHave(t, k.ok("CAPABILITY"), " COMPRESS=DEFLATE")
	k.refuse("BAD", "COMPRESS GZIP")
	k.refuse("BAD", "COMPRESS")
	k.refuse("BAD", "COMPRESS DEFLATE x")
	mustHave(t, k.ok("CAPABILITY"), " COMPRESS=DEFLATE") // and plainly

	z, c := pack(t, k)
	mustNot(t, z.ok("CAPABILITY"), "COMPRESS")
	z.refuse("NO [COMPRESSIONACTIVE]", "COMPRESS DEFLATE")
	z.ok("ENABLE UTF8=ACCEPT")
	big := letter + strings.Repeat("Kính gửi đồng chí, một dòng như mọi dòng.\r\n", 20_000)
	z.appendTo("INBOX", "", big)
	for i := range 200 {
		z.appendTo("INBOX", `\Seen`, strings.Replace(letter, "m1@", fmt.Sprintf("n%d@", i), 1))
	}
	z.ok("SELECT INBOX")
	before := c.in.n
	if got := z.ok("FETCH 1 BODY.PEEK[]"); len(got) != 1 || !strings.Contains(got[0], big) {
		t.Error("another letter came back")
	}
	if n := c.in.n - before; n > len(big)/10 {
		t.Errorf("%d octets on the wire for %d", n, len(big))
	}
	if got := z.ok("UID FETCH 2:* (FLAGS ENVELOPE BODYSTRUCTURE)"); len(got) != 200 {
		t.Errorf("%d answers", len(got))
	}
	z.send("i IDLE\r\n")
	if got := z.line(); got != "+ idling" {
		t.Fatal(got)
	}
	s.Deliver(p.Wire, letter)
	wantLine(t, z, "* 202 EXISTS")
	z.send("DONE\r\n")
	z.until("i")
	z.ok("NOTIFY SET (selected (MessageNew MessageExpunge))")
	s.Deliver(p.Wire, letter)
	wantLine(t, z, "* 203 EXISTS")
	z.ok("LOGOUT")
	z.gone()
}

// A bomb is held to the limits of what it inflates to, and what is not DEFLATE ends the connection.
func TestIMAPCompressedNonsense(t *testing.T) {
	s, p, _ := seat(t)
	for _, what := range []string{"line", "literal", "refused literal", "not deflate", "end"} {
		k := imapLogin(t, s, p.Wire, p.Password)
		z, c := pack(t, k)
		zeros := strings.Repeat("0", 32<<20)
		switch what {
		case "line":
			if _, err := io.WriteString(c, "a "+zeros); err != nil && !strings.Contains(err.Error(), "reset") && !strings.Contains(err.Error(), "pipe") {
				t.Fatal(err)
			}
			if got := z.gone(); !strings.Contains(got, "BYE Command line too long") && got != "" {
				t.Errorf("%.200q", got)
			}
		case "literal":
			z.refuse("BAD [TOOBIG]", "CREATE {%d+}\r\n%s", 1<<20, zeros[:1<<20])
			z.ok("NOOP")
		case "refused literal":
			z.send("a CREATE {%d+}\r\n", len(zeros))
			if got := z.gone(); !strings.Contains(got, "BYE") {
				t.Errorf("%.200q", got)
			}
		case "not deflate":
			if _, err := io.WriteString(k.c, "a NOOP\r\n\xff\xff\xff"); err != nil {
				t.Fatal(err)
			}
			z.gone()
		case "end":
			if err := c.w.Close(); err != nil {
				t.Fatal(err)
			}
			z.gone()
		}
	}
	imapLogin(t, s, p.Wire, p.Password).ok("NOOP")
}
