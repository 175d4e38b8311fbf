//go:build linux

package speed

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net"
	"strings"
	"testing"
	"time"
)

// patience is how long a client waits for one answer.
const patience = 5 * time.Minute

// line is a connection that speaks lines.
type line struct {
	tb testing.TB
	c  net.Conn
	r  *bufio.Reader
}

func dial(tb testing.TB, h *host, addr string, from net.IP) *line {
	tb.Helper()
	d := &net.Dialer{Timeout: time.Minute}
	if from != nil {
		d.LocalAddr = &net.TCPAddr{IP: from}
	}
	c, err := tls.DialWithDialer(d, "tcp", addr, h.tls)
	if err != nil {
		tb.Fatal(err)
	}
	return &line{tb, c, bufio.NewReaderSize(c, 64<<10)}
}

func (l *line) close() {
	l.tb.Helper()
	if err := l.c.Close(); err != nil {
		l.tb.Log(err) // the server may have gone first
	}
}

func (l *line) write(b []byte) {
	if err := l.c.SetDeadline(time.Now().Add(patience)); err != nil {
		l.tb.Error(err)
	}
	if _, err := l.c.Write(b); err != nil {
		l.tb.Error(err)
		panic(err) // ends this goroutine; mail.Go notes it
	}
}

// until reads lines up to one that begins so, which must go on with good. Literals are lines like others: no letter here
// holds a line that begins with a tag.
func (l *line) until(begin, good string) (lines int, last string) {
	for {
		b, err := l.r.ReadSlice('\n')
		if err != nil && err != bufio.ErrBufferFull { //nolint:errorlint // ReadSlice gives it bare
			l.tb.Error(err)
			panic(err)
		}
		if bytes.HasPrefix(b, []byte(begin)) {
			if !bytes.HasPrefix(b[len(begin):], []byte(good)) {
				l.tb.Errorf("%s", b)
			}
			return lines, string(b)
		}
		lines++
	}
}

// imap is a logged-in client.
type imap struct{ *line }

func login(tb testing.TB, h *host, address string, from net.IP) *imap {
	tb.Helper()
	k := &imap{dial(tb, h, h.imap, from)}
	k.until("* ", "OK")
	k.do("LOGIN \"%s\" \"%s\"", address, password)
	return k
}

// do carries out a command and gives the number of lines before its answer.
func (k *imap) do(format string, args ...any) int {
	k.write(fmt.Appendf(nil, "x "+format+"\r\n", args...))
	n, _ := k.until("x ", "OK")
	return n
}

// get carries out a command and gives the first line that begins so.
func (k *imap) get(begin, format string, args ...any) string {
	k.write(fmt.Appendf(nil, "x "+format+"\r\n", args...))
	_, l := k.until(begin, "")
	k.until("x ", "OK")
	return l
}

func (k *imap) append(box string, raw []byte) {
	k.write(fmt.Appendf(nil, "x APPEND %s {%d}\r\n", box, len(raw)))
	k.until("+", "")
	k.write(append(raw[:len(raw):len(raw)], "\r\n"...))
	k.until("x ", "OK")
}

func (k *imap) count(box string) int {
	l := k.get("* STATUS", "STATUS %s (MESSAGES)", box)
	n := -1
	if _, rest, ok := strings.Cut(l, "(MESSAGES "); ok {
		if _, err := fmt.Sscanf(rest, "%d", &n); err != nil {
			k.tb.Error(err)
		}
	}
	return n
}

// smtp is a logged-in sender.
type smtp struct {
	*line
	from string
}

func submit(tb testing.TB, h *host, from string) *smtp {
	tb.Helper()
	s := &smtp{dial(tb, h, h.smtp, nil), from}
	s.until("220 ", "")
	s.say("EHLO localhost\r\n", "250 ")
	s.say("AUTH PLAIN "+base64.StdEncoding.EncodeToString([]byte("\x00"+from+"\x00"+password))+"\r\n", "235 ")
	return s
}

func (s *smtp) say(text, begin string) {
	s.write([]byte(text))
	for {
		b, err := s.r.ReadString('\n')
		if err != nil || len(b) < 4 || b[3] != '-' && !strings.HasPrefix(b, begin) {
			s.tb.Errorf("%q %v", b, err)
			panic("no " + begin)
		}
		if strings.HasPrefix(b, begin) {
			return
		}
	}
}

// send sends one letter and returns when it was acknowledged.
func (s *smtp) send(raw []byte, to ...string) {
	s.say("MAIL FROM:<"+s.from+">\r\n", "250 ")
	for _, a := range to {
		s.say("RCPT TO:<"+a+">\r\n", "250 ")
	}
	s.say("DATA\r\n", "354 ")
	s.say(string(raw)+".\r\n", "250 ")
}

func (s *smtp) quit() {
	s.say("QUIT\r\n", "221 ")
	s.close()
}

// letter makes a letter of about size octets that is like no other: a text, and an attachment that does not compress.
func letter(r *rand.Rand, id, from, to string, size int) []byte {
	words := strings.Fields("báo cáo kết quả thực hiện nhiệm vụ công tác quý của ủy ban nhân dân kính gửi sở tài chính về việc triển khai nghị quyết dự toán kinh phí")
	var b bytes.Buffer
	fmt.Fprintf(&b, "From: <%s>\r\nTo: <%s>\r\nSubject: =?utf-8?q?C=C3=B4ng_v=C4=83n?= %s\r\nDate: %s\r\nMessage-ID: <%s@speed.example>\r\nMIME-Version: 1.0\r\n"+
		"Content-Type: multipart/mixed; boundary=\"b%s\"\r\n\r\n--b%s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n",
		from, to, id, time.Now().Format(time.RFC1123Z), id, id, id)
	for n := range 200 {
		b.WriteString(words[r.IntN(len(words))])
		b.WriteString([]string{" ", " ", " ", " ", " ", " ", " ", ".\r\n"}[n%8])
	}
	fmt.Fprintf(&b, "\r\n--b%s\r\nContent-Type: application/pdf; name=\"cv.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n", id)
	var raw [57]byte
	for b.Len() < size {
		for i := range raw {
			raw[i] = byte(r.Uint32())
		}
		b.WriteString(base64.StdEncoding.EncodeToString(raw[:]) + "\r\n")
	}
	fmt.Fprintf(&b, "--b%s--\r\n", id)
	return b.Bytes()
}
