package server_test

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"hopthu/mail/server/servertest"
)

// FuzzIMAP feeds a live server in each state of a connection. Whatever comes: the server lives, a box that nobody may
// touch keeps its letter, and a fresh connection is served.
func FuzzIMAP(f *testing.F) {
	for _, s := range []string{
		"a NOOP\r\n", "a LOGIN {3}\r\nx y\r\n", "a SEARCH OR (SEEN) NOT {2+}\r\n\xc4\x91\r\n", "a FETCH 1:* (BODY[1.2.MIME]<0.5> BINARY[1])\r\n",
		"a APPEND INBOX (\\Seen) {3+}\r\nabc {3+}\r\ndef\r\n", "a IDLE\r\nDONE\r\n", "a UID FETCH 1 FLAGS (CHANGEDSINCE 1 VANISHED)\r\n",
		"a SELECT INBOX (QRESYNC (1 2 1:3 (1 1)))\r\n", "a LIST (SUBSCRIBED) \"\" (\"*\" %) RETURN (STATUS (MESSAGES))\r\n", "a STORE 1 (UNCHANGEDSINCE 0) +FLAGS x\r\n",
		"a UID REPLACE 1 INBOX {1+}\r\nx\r\n", "a SORT RETURN (PARTIAL 1:2) (REVERSE DATE) UTF-8 ALL\r\n", "a THREAD REFERENCES UTF-8 ALL\r\n", "a ENABLE IMAP4rev2\r\nb STATUS \"\xc4\x91\" (SIZE)\r\n",
		"a AUTHENTICATE PLAIN =\r\n", "a AUTHENTICATE SCRAM-SHA-256 biwsbj11LHI9YQ==\r\nYz1iaXdz\r\n", "* OK\r\n", "a UNAUTHENTICATE\r\na LOGOUT\r\n", "a SETMETADATA \"\" (/private/x ~{2+}\r\n\x00a /shared/y NIL)\r\n",
		"a COMPRESS DEFLATE\r\n\x4a\x54\xf0\xf3\x0f\x08\xe0\xe5\x02\x00\x00\x00\xff\xff", "a SETACL INBOX \"x\" +lr\r\nb LISTRIGHTS INBOX {1+}\r\nx\r\nc GETACL INBOX\r\n", "a NOTIFY SET STATUS (selected (MessageNew (UID BODY[1.2]) MessageExpunge)) (subtree (a \"b\") (MailboxName))\r\n", "a GETMETADATA (MAXSIZE 1 DEPTH infinity) INBOX (/private \"/shared/a\")\r\n", "a MOVE 1 {5+}\r\nTrash\r\n",
	} {
		for state := range byte(4) {
			f.Add(state, s)
		}
	}
	s := servertest.Start(f)
	p, safe := s.Person("Trần Văn Hùng", "kh&đt"), s.Person("Lê Thị Lan", "nv")
	s.Deliver(p.Wire, letter)
	s.Deliver(safe.Wire, letter)
	roots := s.TLS()
	open := func(t *testing.T, lines ...string) (net.Conn, *bufio.Reader) {
		c, err := tls.Dial("tcp", s.IMAP, roots)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.SetDeadline(time.Now().Add(answerLimit)); err != nil {
			t.Fatal(err)
		}
		br := bufio.NewReader(c)
		for i, l := range append([]string{""}, lines...) {
			if _, err := io.WriteString(c, l); err != nil {
				t.Fatal(err)
			}
			for want := "z OK"; ; {
				if i == 0 {
					want = "* OK"
				} else if strings.HasSuffix(l, "IDLE\r\n") {
					want = "+ "
				}
				got, err := br.ReadString('\n')
				if err != nil {
					t.Fatalf("%q: %q %v", l, got, err)
				}
				if strings.HasPrefix(got, want) {
					break
				}
			}
		}
		return c, br
	}
	login := "z LOGIN \"" + p.Wire + "\" \"" + p.Password + "\"\r\n"
	f.Fuzz(func(t *testing.T, state byte, input string) {
		if strings.Contains(strings.ToUpper(input), "LOGIN") && len(input) > 1000 {
			return
		}
		states := [][]string{{}, {login}, {login, "z SELECT INBOX\r\n"}, {login, "z SELECT INBOX\r\n", "z IDLE\r\n"}}
		c, br := open(t, states[int(state)%len(states)]...)
		if _, err := io.WriteString(c, input); err == nil {
			if tc, ok := c.(interface{ CloseWrite() error }); ok {
				if err := tc.CloseWrite(); err != nil {
					t.Log(err)
				}
			}
			if _, err := io.Copy(io.Discard, br); err != nil && !strings.Contains(err.Error(), "reset") && !strings.Contains(err.Error(), "EOF") {
				t.Fatalf("no end: %v", err)
			}
		}
		if err := c.Close(); err != nil {
			t.Log(err)
		}
		c, _ = open(t, "z LOGIN \""+safe.Wire+"\" \""+safe.Password+"\"\r\n", "z SELECT INBOX\r\n", "z FETCH 1 UID\r\n", "z LOGOUT\r\n")
		if err := c.Close(); err != nil {
			t.Log(err)
		}
	})
}
