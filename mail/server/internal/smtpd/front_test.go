package smtpd

import (
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// conn reads what it is given and notes its deadline.
type conn struct {
	net.Conn
	in       *strings.Reader
	deadline time.Time
	closed   bool
}

func (c *conn) Read(p []byte) (int, error) { return c.in.Read(p) }

func (c *conn) SetReadDeadline(t time.Time) error {
	c.deadline = t
	return nil
}

func (c *conn) Write(p []byte) (int, error) { return len(p), nil }

func (c *conn) Close() error {
	c.closed = true
	return nil
}

// A session that is ended between "354" and the first octet of the message gets its answer all the same.
func TestDismissedBeforeTheMessage(t *testing.T) {
	for answer, closed := range map[string]bool{"354 Go ahead\r\n": false, "250 OK\r\n": true} {
		in := &conn{}
		f := &front{Conn: in, s: New(Options{Deadline: func(time.Duration) time.Time { return time.Time{} }})}
		if _, err := f.Write([]byte(answer)); err != nil {
			t.Fatal(err)
		}
		f.dismiss()
		if in.closed != closed {
			t.Errorf("after %q closed: %v", answer, in.closed)
		}
	}
}

// Slow loris: who does not log in has a while in all, however often he says something.
func TestStrangerHasAWhileOnly(t *testing.T) {
	start := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	now := start
	s := New(Options{Deadline: start.Add})
	in := &conn{}
	f := &front{Conn: in, s: s, login: start.Add(timeLogin)}
	for range 100 {
		now = now.Add(10 * time.Second)
		if err := f.SetReadDeadline(now.Add(timeCommand)); err != nil || !in.deadline.Equal(start.Add(timeLogin)) {
			t.Fatal(in.deadline, err)
		}
	}
	f.known.Store(true)
	if err := f.SetReadDeadline(now.Add(timeCommand)); err != nil || !in.deadline.Equal(now.Add(timeCommand)) {
		t.Error(in.deadline, err)
	}
}

// Lines are held to their limit, however they are cut; a message's by its size.
func TestFrontLimitsLines(t *testing.T) {
	s := New(Options{Deadline: func(time.Duration) time.Time { return time.Time{} }, MaxSize: 100})
	read := func(busy bool, text string, step int) error {
		f := &front{Conn: &conn{in: strings.NewReader(text)}, s: s}
		f.busy.Store(busy)
		f.last.Store(true)
		f.once.Do(func() {}) // closed already
		for read := 0; read < len(text); {
			n, err := f.Read(make([]byte, step))
			if err != nil {
				return err
			}
			read += n
		}
		return nil
	}
	x := func(n int) string { return strings.Repeat("x", n) }
	for _, step := range []int{1000, 4096, 32 << 10} {
		for _, c := range []struct {
			busy bool
			text string
			want error
		}{
			{false, x(maxLine), nil},
			{false, x(maxLine + 1), smtp.ErrTooLongLine},
			{false, x(maxLine-2) + "\r\n" + x(maxLine), nil},
			{false, x(10) + "\r\n" + x(maxLine+40<<10), smtp.ErrTooLongLine},
			{true, x(maxLine + 100), nil},
			{true, x(maxLine+101) + x(40<<10), smtp.ErrTooLongLine},
		} {
			if err := read(c.busy, c.text, step); !errors.Is(err, c.want) {
				t.Errorf("step %d, %d octets, busy %t: %v, want %v", step, len(c.text), c.busy, err, c.want)
			}
		}
	}
}

func TestOneMailbox(t *testing.T) {
	for field, want := range map[string]bool{
		"From: <a@b>\r\n": true, "From:a@b": true, "From: A B <a@b>": true, `From: "a@b, <c@d>; (" <a@b>`: true, "From: A (c@d (e)) <a@b> (x)": true,
		`From: "a\"@" <a@b>`: true, "From:\r\n =?utf-8?b?SA==?=\r\n <a@b>\r\n": true, "From: A.B. C <a@b>": true,
		"From:": false, "From: A": false, "From: <a@b> c": false, "From: a@b c@d": false, "From: a@b <c@d>": false, "From: <a@b>,": false, "From: g: a@b;": false,
		"From: <@x:a@b>": false, "From: <<a@b>>": false, `From: "a <a@b>`: false, "From: (a <a@b>": false, "From: a) <a@b>": false, "From: <a@b": false, "From: a@b>": false,
	} {
		if got := oneMailbox([]byte(field)); got != want {
			t.Errorf("%q: %t", field, got)
		}
	}
}
