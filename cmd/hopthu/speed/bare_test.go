//go:build linux

package speed

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"testing"
	"time"
)

// fields are those that hopthu asks for (mail/wire).
const fields = "DATE FROM SENDER REPLY-TO TO CC SUBJECT MESSAGE-ID IN-REPLY-TO REFERENCES CONTENT-TYPE " +
	"AUTO-SUBMITTED PRECEDENCE LIST-ID LIST-UNSUBSCRIBE LIST-POST RETURN-PATH IMPORTANCE PRIORITY X-PRIORITY " +
	"X-AUTO-RESPONSE-SUPPRESS"

// bare is the floor: one connection, one FETCH of what hopthu fetches of every letter, read and thrown away.
func bare(t *testing.T, p *program) (took time.Duration, down int64) {
	t.Helper()
	pem, err := os.ReadFile(p.h.ca)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	p.proxy.reset()
	start := time.Now()
	c, err := tls.Dial("tcp", fmt.Sprintf("localhost:%d", p.proxy.port()), &tls.Config{RootCAs: pool, ServerName: "localhost", MinVersion: tls.VersionTLS12})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }() //nolint:errcheck // everything was read
	r := bufio.NewReaderSize(c, 64<<10)
	line := func(until string) {
		for {
			b, err := r.ReadSlice('\n')
			if err != nil {
				t.Fatal(err)
			}
			if bytes.HasPrefix(b, []byte(until)) {
				if until != "* OK" && !bytes.HasPrefix(b, []byte(until+"OK")) {
					t.Fatalf("%s", b)
				}
				return
			}
		}
	}
	send := func(text string) {
		if _, err := c.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	line("* OK")
	send("a LOGIN " + p.address + " " + p.h.password + "\r\n")
	line("a ")
	send("b SELECT INBOX (CONDSTORE)\r\n")
	line("b ")
	send("c UID FETCH 1:* (UID FLAGS MODSEQ INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (" + fields + ")])\r\n")
	line("c ")
	return time.Since(start), p.proxy.down.Load()
}
