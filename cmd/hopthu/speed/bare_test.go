//go:build linux

package speed

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"
)

// fields are those that hopthu asks for (mail/wire).
const fields = "DATE FROM SENDER REPLY-TO TO CC SUBJECT MESSAGE-ID IN-REPLY-TO REFERENCES CONTENT-TYPE " +
	"AUTO-SUBMITTED PRECEDENCE LIST-ID LIST-UNSUBSCRIBE LIST-POST RETURN-PATH IMPORTANCE PRIORITY X-PRIORITY " +
	"X-AUTO-RESPONSE-SUPPRESS HOPTHU-DOCUMENT-KIND HOPTHU-DOCUMENT-NUMBER HOPTHU-DOCUMENT-DATE HOPTHU-DOCUMENT-PAPER HOPTHU-URGENCY"

// talk opens a connection to port, logs in, and runs commands one after the other; their answers are thrown away.
func talk(t *testing.T, p *program, port string, commands ...string) {
	t.Helper()
	pem, err := os.ReadFile(p.h.ca)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	c, err := tls.Dial("tcp", "localhost:"+port, &tls.Config{RootCAs: pool, ServerName: "localhost", MinVersion: tls.VersionTLS12})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }() //nolint:errcheck // everything was read
	r := bufio.NewReaderSize(c, 64<<10)
	await := func(prefix string) {
		for {
			b, err := r.ReadSlice('\n')
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.HasPrefix(b, []byte(prefix)) {
				continue
			}
			if !bytes.HasPrefix(b[len(prefix):], []byte("OK")) {
				t.Fatalf("%s", b)
			}
			return
		}
	}
	await("* ")
	for i, cmd := range append([]string{"LOGIN " + p.address + " " + p.h.password}, commands...) {
		if _, err := fmt.Fprintf(c, "t%d %s\r\n", i, cmd); err != nil {
			t.Fatal(err)
		}
		await(fmt.Sprintf("t%d ", i))
	}
}

// bare is the floor: one connection, one FETCH of what hopthu fetches of every letter, read and thrown away.
func bare(t *testing.T, p *program) (took time.Duration, down int64) {
	t.Helper()
	p.proxy.reset()
	start := time.Now()
	talk(t, p, strconv.Itoa(p.proxy.port()), "SELECT INBOX (CONDSTORE)",
		"UID FETCH 1:* (UID FLAGS MODSEQ INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS ("+fields+")])")
	return time.Since(start), p.proxy.down.Load()
}
