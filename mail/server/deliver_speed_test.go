package server_test

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"hopthu/mail"
	"hopthu/mail/server/servertest"
)

// sender is a client of submission that costs as little as it can.
type sender struct {
	tb   testing.TB
	c    *tls.Conn
	r    *bufio.Reader
	from string
}

func newSender(tb testing.TB, s *servertest.Server, from string) *sender {
	tb.Helper()
	c := s.Dial(s.SMTP)
	n := &sender{tb, c, bufio.NewReader(c), from}
	tb.Cleanup(func() {
		if err := c.Close(); err != nil {
			tb.Log(err)
		}
	})
	n.say("", "220 ")
	n.say("EHLO x\r\n", "250 ")
	n.say("AUTH PLAIN "+base64.StdEncoding.EncodeToString([]byte("\x00"+from+"\x00"+servertest.Password))+"\r\n", "235 ")
	return n
}

func (n *sender) say(text, begin string) {
	if _, err := n.c.Write([]byte(text)); err != nil {
		n.tb.Error(err)
		return
	}
	for {
		l, err := n.r.ReadString('\n')
		if err != nil || !strings.HasPrefix(l, begin) && (len(l) < 4 || l[3] != '-') {
			n.tb.Errorf("%q %v", l, err)
			return
		}
		if strings.HasPrefix(l, begin) {
			return
		}
	}
}

func (n *sender) send(raw []byte, to ...string) {
	n.say("MAIL FROM:<"+n.from+">\r\n", "250 ")
	for _, a := range to {
		n.say("RCPT TO:<"+a+">\r\n", "250 ")
	}
	n.say("DATA\r\n", "354 ")
	n.say(string(raw)+".\r\n", "250 ")
}

// Letters of 20 KB from sixteen senders at once, through TLS, on disk in the mailbox when they are acknowledged.
func BenchmarkDeliver(b *testing.B) {
	s := servertest.Start(b)
	from := s.Person("Trần Văn Hùng", "kh&đt")
	var to []string
	for i := range 20 {
		to = append(to, s.Person("Trần Văn A"+string(rune('a'+i)), "kh&đt").Wire)
	}
	var senders []*sender
	for range 16 {
		senders = append(senders, newSender(b, s, from.Wire))
	}
	letters := make([][]byte, b.N)
	for i := range letters {
		letters[i] = []byte(strings.Replace(string(officeLetter(i)), "\r\nTo:", fmt.Sprintf("\r\nX-Run: %d\r\nTo:", b.N), 1))
		letters[i] = []byte(fmt.Sprintf("From: <%s>\r\n", from.Wire) + strings.SplitN(string(letters[i]), "\r\n", 2)[1])
	}
	b.SetBytes(int64(len(letters[0])))
	b.ResetTimer()
	var next atomic.Int64
	var wg sync.WaitGroup
	for _, n := range senders {
		wg.Add(1)
		mail.Go("sender", func() {
			defer wg.Done()
			for i := int(next.Add(1)) - 1; i < len(letters); i = int(next.Add(1)) - 1 {
				n.send(letters[i], to[i%len(to)])
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "letters/s")
}

// Goal: thirty milliseconds for a letter of 64 KiB to 500 boxes.
func BenchmarkCircular(b *testing.B) {
	s := servertest.Start(b)
	from := s.Person("Trần Văn Hùng", "kh&đt")
	var to []string
	for i := range 500 {
		to = append(to, s.Person("Trần Văn "+string([]byte{'A' + byte(i/26), 'a' + byte(i%26)}), "kh&đt").Wire)
	}
	n := newSender(b, s, from.Wire)
	body := strings.Repeat("Kính gửi các đơn vị, văn phòng gửi thông báo.\r\n", 64<<10/59)
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		n.say("MAIL FROM:<"+n.from+">\r\n", "250 ")
		for _, a := range to {
			n.say("RCPT TO:<"+a+">\r\n", "250 ")
		}
		n.say("DATA\r\n", "354 ")
		raw := fmt.Sprintf("From: <%s>\r\nMessage-ID: <%d@x.example>\r\nSubject: x\r\n\r\n%s.\r\n", n.from, i, body)
		b.StartTimer()
		n.say(raw, "250 ")
	}
}
