package imapd_test

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"hopthu/mail/server"
	"hopthu/mail/server/internal/imapd"
	"hopthu/mail/server/servertest"
)

// line is a connection that is read line by line.
type line struct {
	t    *testing.T
	c    net.Conn
	br   *bufio.Reader
	n    int
	open bool
}

func dial(t *testing.T, s *servertest.Server) *line {
	t.Helper()
	k := &line{t: t, c: s.Dial(s.IMAP), open: true}
	t.Cleanup(k.close)
	k.br = bufio.NewReader(k.c)
	k.read()
	return k
}

func (k *line) close() {
	if err := k.c.Close(); err != nil && k.open { // the server may have closed it first
		k.t.Log(err)
	}
	k.open = false
}

// read gives a line with its literals, "" when the connection has ended.
func (k *line) read() string {
	k.t.Helper()
	if err := k.c.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		k.t.Fatal(err)
	}
	all := ""
	for {
		s, err := k.br.ReadString('\n')
		if ne, ok := err.(net.Error); ok && ne.Timeout() { //nolint:errorlint // as it comes from the connection
			k.t.Fatalf("no answer after %q", all+s)
		}
		if err != nil {
			k.open = false
			return ""
		}
		all += s
		i := strings.LastIndexByte(s, '{')
		if i < 0 || !strings.HasSuffix(s, "}\r\n") {
			return strings.TrimSuffix(all, "\r\n")
		}
		n, err := strconv.Atoi(s[i+1 : len(s)-3])
		if err != nil {
			return strings.TrimSuffix(all, "\r\n")
		}
		body := make([]byte, n)
		if _, err := io.ReadFull(k.br, body); err != nil {
			k.t.Fatal(err)
		}
		all += string(body)
	}
}

// cmd sends a command and gives all that is said up to its tagged answer; a request to go on is answered with "*".
func (k *line) cmd(text string) (said []string, answer string) {
	k.t.Helper()
	k.n++
	tag := fmt.Sprintf("t%d", k.n)
	if _, err := io.WriteString(k.c, tag+" "+text+"\r\n"); err != nil {
		k.open = false
		return nil, ""
	}
	for {
		s := k.read()
		if rest, ok := strings.CutPrefix(s, tag+" "); ok {
			return said, rest
		}
		if !k.open {
			return said, ""
		}
		if said = append(said, s); strings.HasPrefix(s, "+") {
			if _, err := io.WriteString(k.c, "*\r\n"); err != nil {
				k.t.Fatal(err)
			}
		}
	}
}

func quoted(s string) string { return `"` + s + `"` }

func (k *line) login(p server.Box) {
	k.t.Helper()
	if _, answer := k.cmd("LOGIN " + quoted(p.Wire) + " " + quoted(p.Password)); !strings.HasPrefix(answer, "OK") {
		k.t.Fatal(answer)
	}
}

var garbage = []string{
	"", " ", "  x", " (", " ()", " \"", " {3+}\r\nabc", " {3+}\r\nabc {2+}\r\n\"\r\n", " 1", " 0", " 1:*", " 1 2 3 4", " ((((((((", " \x80\xff", " NIL NIL",
	" ~{2+}\r\n\x00b", " {70000}", " {70000+}\r\n" + strings.Repeat("zz DELETE Luu\r\n", 4375) + strings.Repeat("x", 4375), " *", " $", " \\Seen", " 1 (", " 1 (FLAGS", " x (((", " RETURN",
	" INBOX /private/a", " INBOX (/private/a NIL)", " (DEPTH 1) \"\" (/private)", " INBOX (/private/a {1+}\r\nx)", " NONE", " DEFLATE", " SET (personal (MessageNew MessageExpunge))",
}

// Whatever stands behind a command, in every state: it has one answer, the connection goes on in step, and no byte of
// a literal is done.
func TestEveryCommandInEveryState(t *testing.T) {
	s := servertest.Start(t)
	p := s.Person("Trần Văn Hùng", "kh&đt")
	setup := dial(t, s)
	setup.login(p)
	setup.cmd("CREATE Luu")
	setup.cmd("APPEND INBOX {3+}\r\nabc")
	reach := func(state int) *line {
		k := dial(t, s)
		if state > 0 {
			k.login(p)
		}
		if state > 1 {
			if _, answer := k.cmd("SELECT INBOX"); !strings.HasPrefix(answer, "OK") {
				t.Fatal(answer)
			}
		}
		return k
	}
	for state, called := range []string{"stranger", "user", "selected"} {
		k, left := reach(state), 2
		for _, name := range imapd.Commands() {
			for _, g := range garbage {
				if !k.open {
					k.close()
					k = reach(state)
				}
				said, answer := k.cmd(name + g)
				switch {
				case !strings.HasPrefix(answer, "OK ") && !strings.HasPrefix(answer, "NO ") && !strings.HasPrefix(answer, "BAD "):
					t.Fatalf("%s: %s%.40q is answered %q %q", called, name, g, said, answer)
				case !imapd.Allowed(name)[state] && !strings.HasPrefix(answer, "BAD "):
					t.Fatalf("%s: %s%.40q is done: %q", called, name, g, answer)
				}
				if (name == "LOGOUT" || name == "COMPRESS") && strings.HasPrefix(answer, "OK") {
					k.open = false
					continue
				}
				if refused := !strings.HasPrefix(answer, "OK"); state == 0 && refused {
					if left--; left == 0 { // the third refusal, the eighth nonsense would end it
						k.open, left = false, 2
					}
					continue
				}
				// Still in step and in its place; the commands that leave it on purpose are followed.
				_, in := k.cmd("CHECK")
				if !k.open {
					t.Fatalf("%s: %s%.40q ended the connection with %q", called, name, g, answer)
				}
				if _, out := k.cmd("NAMESPACE"); k.open && (strings.HasPrefix(in, "OK") != (state == 2) || strings.HasPrefix(out, "OK") != (state > 0)) {
					if !strings.HasPrefix(answer, "OK") && name != "SELECT" && name != "EXAMINE" {
						t.Fatalf("%s: after %s%.40q it is elsewhere: %q %q", called, name, g, in, out)
					}
					k.cmd("LOGOUT")
					k.open = false
				}
			}
		}
		k.close()
	}
	if said, _ := setup.cmd(`LIST "" Luu`); len(said) != 1 {
		t.Error("a literal was carried out")
	}
	if said, _ := setup.cmd("STATUS INBOX (MESSAGES)"); len(said) != 1 || !strings.Contains(said[0], "MESSAGES ") || strings.Contains(said[0], "MESSAGES 0") {
		t.Errorf("%q", said)
	}
}

// A stranger, and a person who is somebody else, learn nothing of a box, not even that it is there.
func TestNobodyLearnsOfABox(t *testing.T) {
	s := servertest.Start(t)
	p, other := s.Person("Trần Văn Hùng", "kh&đt"), s.Person("Lê Thị Lan", "nv")
	ghost := strings.Replace(p.Wire, "@", "x@", 1)
	for _, state := range []string{"stranger", "another person"} {
		for _, name := range imapd.Commands() {
			if name == "LOGOUT" || name == "UNAUTHENTICATE" {
				continue
			}
			for _, form := range []string{`%s "BOX"`, `%s "BOX" (MESSAGES)`, `%s "BOX" "wrong"`, `%s "BOX/INBOX"`, `%s "user/BOX" (MESSAGES)`, `%s "" "BOX"`, `%s "BOX/*" "%%%%"`, `%s 1 "BOX"`, "%s \"BOX\" {3+}\r\nabc", `%s PLAIN SASL`} {
				var answers [2]string
				for i, box := range []string{p.Wire, ghost} {
					k := dial(t, s)
					if state != "stranger" {
						k.login(other)
						if strings.HasPrefix(name, "UID") || name == "COPY" || name == "MOVE" || name == "REPLACE" {
							k.cmd("SELECT INBOX")
						}
					}
					text := fmt.Sprintf(form, name)
					text = strings.ReplaceAll(strings.ReplaceAll(text, "BOX", box), "SASL", sasl(box))
					said, answer := k.cmd(text)
					answers[i] = strings.ReplaceAll(strings.Join(append(said, answer), "\n"), box, "BOX")
					if name == "CREATE" && strings.HasPrefix(answer, "OK") { // a mailbox of his own that is called so
						answers[i] = "OK"
						k.cmd("DELETE" + strings.TrimPrefix(text, "CREATE"))
					}
					k.cmd("LOGOUT")
					k.close()
				}
				if answers[0] != answers[1] {
					t.Errorf("%s: "+form+": %q, and of nobody %q", state, name, answers[0], answers[1])
				}
			}
		}
	}
}

// sasl is a PLAIN response (RFC 4616) with a wrong password.
func sasl(name string) string {
	return base64.StdEncoding.EncodeToString([]byte("\x00" + name + "\x00wrong"))
}
