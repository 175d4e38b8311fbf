package imapd

import (
	"io"
	"net"
	"time"
)

// Preface speaks the part of a connection before STARTTLS (RFC 9051 6.2.1) and returns nil when the handshake may
// begin. Nothing but STARTTLS can be done there, and nothing said there is remembered.
func Preface(nc net.Conn, deadline func(time.Duration) time.Time) error {
	c := newConn(nc, deadline)
	c.put("* OK [CAPABILITY ", capsPlain, "] ", Product, " ready for STARTTLS\r\n")
	for {
		cmd, err := c.readCommand()
		if err != nil {
			return err
		}
		if cmd == nil {
			continue
		}
		if cmd.lit != nil {
			return c.bye("Syntax error")
		}
		switch cmd.name {
		case "STARTTLS":
			if c.br.Buffered() > 0 { // commands slipped in before the handshake
				return c.bye("Nothing may follow STARTTLS before the handshake")
			}
			c.put(cmd.tag, " OK Begin TLS negotiation now\r\n")
			c.flush()
			return c.err
		case "CAPABILITY":
			c.put("* CAPABILITY ", capsPlain, "\r\n")
		case "ID":
			c.put(`* ID ("name" "`, Product, "\")\r\n")
		case "NOOP":
		case "LOGOUT":
			c.put("* BYE Logging out\r\n", cmd.tag, " OK LOGOUT completed\r\n")
			c.flush()
			return io.EOF
		case "LOGIN", "AUTHENTICATE":
			c.put(cmd.tag, " NO [PRIVACYREQUIRED] STARTTLS first\r\n")
			continue
		default:
			c.put(cmd.tag, " BAD Unknown command, or not now\r\n")
			if err := c.countBad(); err != nil {
				return err
			}
			continue
		}
		c.put(cmd.tag, " OK ", cmd.name, " completed\r\n")
	}
}
