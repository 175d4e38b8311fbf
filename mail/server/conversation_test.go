package server_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"hopthu/mail/server/servertest"
)

// talk is a conversation in raw lines over TLS.
type talk struct {
	t  *testing.T
	c  net.Conn
	br *bufio.Reader
	n  int
}

// answerLimit is how long a server may take for one line before the test fails; no test waits for it to pass.
const answerLimit = 20 * time.Second

func dial(t *testing.T, s *servertest.Server, addr string) *talk {
	t.Helper()
	return newTalk(t, s.Dial(addr))
}

func newTalk(t *testing.T, c net.Conn) *talk {
	t.Helper()
	k := &talk{t: t, c: c, br: bufio.NewReader(c)}
	t.Cleanup(k.close)
	return k
}

func (k *talk) close() {
	if err := k.c.Close(); err != nil && !strings.Contains(err.Error(), "closed") && !strings.Contains(err.Error(), "reset") &&
		!strings.Contains(err.Error(), "broken pipe") {
		k.t.Errorf("close: %v", err)
	}
}

func (k *talk) send(format string, args ...any) {
	k.t.Helper()
	s := format
	if len(args) > 0 {
		s = fmt.Sprintf(format, args...)
	}
	if _, err := io.WriteString(k.c, s); err != nil {
		k.t.Fatalf("send: %v", err)
	}
}

// line reads one line without its end. A literal announced at its end is read with it.
func (k *talk) line() string {
	k.t.Helper()
	s, err := k.read()
	if err != nil {
		k.t.Fatalf("read after %q: %v", s, err)
	}
	return s
}

func (k *talk) read() (string, error) {
	if err := k.c.SetReadDeadline(time.Now().Add(answerLimit)); err != nil {
		return "", err
	}
	var all strings.Builder
	for {
		s, err := k.br.ReadString('\n')
		s = strings.TrimSuffix(s, "\r\n")
		all.WriteString(s)
		if err != nil {
			return all.String(), err
		}
		open := strings.LastIndexByte(s, '{')
		if open < 0 || !strings.HasSuffix(s, "}") {
			return all.String(), nil
		}
		n, err := strconv.Atoi(s[open+1 : len(s)-1])
		if err != nil {
			return all.String(), nil //nolint:nilerr // not a literal
		}
		body := make([]byte, n)
		if _, err := io.ReadFull(k.br, body); err != nil {
			return all.String(), err
		}
		all.WriteString("\r\n" + string(body))
	}
}

// gone reads until the connection ends and gives what was said before.
func (k *talk) gone() string {
	k.t.Helper()
	var all strings.Builder
	for {
		s, err := k.read()
		all.WriteString(s)
		if err != nil {
			if ne, ok := err.(net.Error); ok && ne.Timeout() { //nolint:errorlint // as it comes from the connection
				k.t.Fatalf("the connection did not end; so far %q", all.String())
			}
			return all.String()
		}
		all.WriteString("\n")
	}
}

// cmd sends an IMAP command under a new tag and gives the untagged lines and the tagged answer without its tag.
func (k *talk) cmd(format string, args ...any) (untagged []string, answer string) {
	k.t.Helper()
	k.n++
	tag := fmt.Sprintf("t%d", k.n)
	k.send(tag+" "+format+"\r\n", args...)
	return k.until(tag)
}

func (k *talk) until(tag string) (untagged []string, answer string) {
	k.t.Helper()
	for {
		s := k.line()
		if rest, ok := strings.CutPrefix(s, tag+" "); ok {
			return untagged, rest
		}
		untagged = append(untagged, s)
	}
}

// ok is cmd that must end in OK.
func (k *talk) ok(format string, args ...any) []string {
	k.t.Helper()
	untagged, answer := k.cmd(format, args...)
	if !strings.HasPrefix(answer, "OK") {
		k.t.Fatalf("%s: %s", format, answer)
	}
	return untagged
}

// refuse is cmd whose answer must begin with want.
func (k *talk) refuse(want, format string, args ...any) string {
	k.t.Helper()
	_, answer := k.cmd(format, args...)
	if !strings.HasPrefix(answer, want) {
		k.t.Fatalf("%s: %q, want %q", format, answer, want)
	}
	return answer
}

// imapLogin dials, reads the greeting and logs in.
func imapLogin(t *testing.T, s *servertest.Server, login, password string) *talk {
	t.Helper()
	k := dial(t, s, s.IMAP)
	k.line()
	k.ok("LOGIN %q %q", login, password)
	return k
}

// want sends a line (if any) and wants an answer that begins so; SMTP answers of several lines are read to the last.
func (k *talk) want(code, format string, args ...any) string {
	k.t.Helper()
	if format != "" {
		k.send(format+"\r\n", args...)
	}
	var all []string
	for {
		s := k.line()
		all = append(all, s)
		if len(s) < 4 || s[3] != '-' {
			if !strings.HasPrefix(s, code) {
				k.t.Fatalf("%s: %q, want %s", format, strings.Join(all, " | "), code)
			}
			return strings.Join(all, "\n")
		}
	}
}

func has(lines []string, part string) bool {
	for _, l := range lines {
		if strings.Contains(l, part) {
			return true
		}
	}
	return false
}

func mustHave(t *testing.T, lines []string, part string) {
	t.Helper()
	if !has(lines, part) {
		t.Fatalf("no %q in %q", part, lines)
	}
}
