package imapd

import (
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

func realDeadline(d time.Duration) time.Time { return time.Now().Add(d) }

// converse sends input to a front and gives what the engine would read and what the client is told.
func converse(t testing.TB, input string, logged bool, limit int64, engine func(f *front, line string)) (lines, answers string) {
	t.Helper()
	client, server := pair(t)
	f := newFront(server, realDeadline, limit, false)
	f.greeted = true
	f.logged.Store(logged)
	if _, err := io.WriteString(client, input); err != nil {
		t.Fatal(err)
	}
	if err := client.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	buf := make([]byte, maxLine*2)
	for {
		n, err := f.Read(buf)
		got.Write(buf[:n])
		if n > 0 && engine != nil {
			engine(f, string(buf[:n]))
		}
		if err != nil {
			break
		}
	}
	if err := server.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		t.Fatal(err)
	}
	told, err := io.ReadAll(client)
	if err != nil && !strings.Contains(err.Error(), "reset") {
		t.Fatal(err)
	}
	return got.String(), string(told)
}

func pair(t testing.TB) (client, server *net.TCPConn) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	s, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	if err := ln.Close(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(c.Close(), s.Close()); err != nil && !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	})
	return c.(*net.TCPConn), s.(*net.TCPConn)
}

func TestFront(t *testing.T) {
	big := strings.Repeat("x", 5000)
	evil := "zz DELETE Archive\r\n" + big
	for name, c := range map[string]struct {
		in      string
		strange bool // not logged in
		lines   string
		answers string
	}{
		"plain":                       {in: "a NOOP\r\nb NOOP\r\n", lines: "a NOOP\r\nb NOOP\r\n"},
		"line feed alone, lower case": {in: "a noop\nb select INBOX\n", lines: "a NOOP\r\nb SELECT INBOX\r\n"},
		"empty lines (B6)":            {in: "\r\n\r\na NOOP\r\n\r\n", lines: "a NOOP\r\n"},
		"literal becomes a string": {
			in:    "a SEARCH SUBJECT {7+}\r\nxin \"ch TEXT {3+}\r\n\\o/\r\n",
			lines: `a SEARCH SUBJECT "xin \"ch" TEXT "\\o/"` + "\r\n",
		},
		"synchronising literal": {
			in: "a SELECT {5}\r\nINBOX\r\n", lines: "a SELECT \"INBOX\"\r\n", answers: "+ OK\r\n",
		},
		"literal glued to an atom stays on its line": {
			in: "a SELECT foo{19+}\r\nzz DELETE Archive..\r\n", lines: "a SELECT foo\"zz DELETE Archive..\"\r\n",
		},
		"literal with a line end": {
			in:      "a SELECT {22+}\r\nx\r\nzz DELETE Archive\r\n\r\nb NOOP\r\n",
			answers: "a BAD Control characters in a string\r\n", lines: "b NOOP\r\n",
		},
		"literal too large, unasked (B2)": {
			in:      "a SEARCH SUBJECT {5019+}\r\n" + evil + "\r\n",
			answers: "a BAD Literal too large\r\n* BYE Literal too large\r\n",
		},
		"login literal too large, unasked (B2)": {
			in: "a LOGIN {5019+}\r\n" + evil + " x\r\n", strange: true,
			answers: "a BAD Literal too large\r\n* BYE Literal too large\r\n",
		},
		"login literal too large, asked (B4)": {
			in: "a LOGIN {5000}\r\nb NOOP\r\n", strange: true,
			answers: "a BAD Literal too large\r\n", lines: "b NOOP\r\n",
		},
		"literal beyond any number": {
			in: "a SEARCH TEXT {99999999999999999999+}\r\nzz DELETE Archive\r\n", answers: "a BAD Literal too large\r\n* BYE Literal too large\r\n",
		},
		"open quote": {
			in: "a LOGIN \"x\r\nzz NOOP\r\n", answers: "a BAD Syntax error\r\n", lines: "zz NOOP\r\n",
		},
		"no tag":  {in: "* x\r\n", answers: "* BAD Syntax error\r\n"},
		"unknown": {in: "a XYZZY\r\nb GETQUOTA \"\"\r\n", answers: "a BAD Unknown command, or not now\r\nb BAD Unknown command, or not now\r\n"},
		"another protocol": {
			in: strings.Repeat("GET / HTTP/1.1\r\n", 9), strange: true,
			answers: strings.Repeat("GET BAD Unknown command, or not now\r\n", 8) + "* BYE Too many bad commands\r\n",
		},
		"not before login": {
			in: "a LIST \"\" *\r\nb APPEND INBOX {3+}\r\nabc\r\n", strange: true,
			answers: "a BAD Unknown command, or not now\r\nb BAD Please log in first\r\n* BYE Please log in first\r\n",
		},
		"id and capability before login": {
			in: "a ID NIL\r\nb CAPABILITY\r\n", strange: true,
			answers: "* ID (\"name\" \"hopthu-server\")\r\na OK ID completed\r\n* CAPABILITY " + capsBefore + "\r\nb OK CAPABILITY completed\r\n",
		},
		"enable": {in: "a ENABLE UTF8=ACCEPT IMAP4rev2\r\n", answers: "* ENABLED\r\na OK ENABLE completed\r\n"},
		"authenticate in two steps": {
			in: "a AUTHENTICATE plain\r\nAGEAYg==\r\n", strange: true, answers: "+ \r\n", lines: "a AUTHENTICATE PLAIN AGEAYg==\r\n",
		},
		"authenticate cancelled": {
			in: "a AUTHENTICATE PLAIN\r\n*\r\nb AUTHENTICATE PLAIN %%\r\nc AUTHENTICATE CRAM-MD5\r\n", strange: true,
			answers: "+ \r\na BAD Cancelled\r\nb BAD Invalid base64\r\nc NO [CANNOT] Unsupported authentication mechanism\r\n",
		},
		"idle":              {in: "a IDLE\r\ndone\r\nb NOOP\r\n", lines: "a IDLE\r\nDONE\r\nb NOOP\r\n"},
		"idle without done": {in: "a IDLE\r\nzz DELETE Archive\r\n", lines: "a IDLE\r\n"},
		"append":            {in: "a APPEND INBOX (\\Seen) \"24-Nov-2026 09:00:00 +0700\" {3+}\r\nabc\r\nb NOOP\r\n", lines: "a APPEND \"INBOX\" (\\Seen) \"24-Nov-2026 09:00:00 +0700\" {0+}\r\n\r\nb NOOP\r\n"},
		"append into a literal": {
			in: "a APPEND {5+}\r\nINBOX {3+}\r\nabc\r\nb NOOP\r\n", lines: "a APPEND \"INBOX\" {0+}\r\n\r\nb NOOP\r\n",
		},
		"append too big, unasked (B1)": {
			in:      "a APPEND INBOX {5019+}\r\n" + evil + "\r\nb NOOP\r\n",
			answers: "a NO [TOOBIG] The message is too big\r\n", lines: "b NOOP\r\n",
		},
		"append much too big, unasked (B1)": {
			in:      "a APPEND INBOX {50000+}\r\n" + evil,
			answers: "a NO [TOOBIG] The message is too big\r\n* BYE The message is too big\r\n",
		},
		"append too big, asked": {
			in: "a APPEND INBOX {5019}\r\nb NOOP\r\n", answers: "a NO [TOOBIG] The message is too big\r\n", lines: "b NOOP\r\n",
		},
		"append with a bad date (B5)": {
			in: "a APPEND INBOX \"yesterday\" {3+}\r\nabc\r\n", answers: "a BAD Syntax error\r\n* BYE Syntax error\r\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			lines, answers := converse(t, c.in, !c.strange, 4000, nil)
			if lines != c.lines {
				t.Errorf("engine reads\n%q, want\n%q", lines, c.lines)
			}
			if answers != c.answers {
				t.Errorf("client is told\n%q, want\n%q", answers, c.answers)
			}
		})
	}
}

func TestFrontBody(t *testing.T) {
	for name, c := range map[string]struct {
		in      string
		whole   bool
		rest    string
		answers string
	}{
		"one message":         {in: "a APPEND INBOX {5+}\r\nhello\r\nb NOOP\r\n", whole: true, rest: "b NOOP\r\n"},
		"asked for":           {in: "a APPEND INBOX {5}\r\nhello\r\nb NOOP\r\n", whole: true, rest: "b NOOP\r\n", answers: "+ Ready for the message\r\n"},
		"two, unasked (B5)":   {in: "a APPEND INBOX {5+}\r\nhello {19+}\r\nzz DELETE Archive\r\n\r\nb NOOP\r\n", rest: "b NOOP\r\n"},
		"two, asked for (B5)": {in: "a APPEND INBOX {5+}\r\nhello {19}\r\nb NOOP\r\n", rest: "b NOOP\r\n"},
		"garbage (B5)":        {in: "a APPEND INBOX {5+}\r\nhello zz DELETE Archive\r\nb NOOP\r\n", rest: "b NOOP\r\n"},
		"utf8":                {in: "a APPEND INBOX UTF8 (~{5+}\r\nhello)\r\nb NOOP\r\n", whole: true, rest: "b NOOP\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			whole := false
			lines, answers := converse(t, c.in, true, 4000, func(f *front, line string) {
				if !strings.Contains(line, "APPEND") {
					return
				}
				r, size, err := f.openBody()
				if err != nil {
					t.Fatal(err)
				}
				body, err := io.ReadAll(r)
				if err != nil || string(body) != "hello" || size != 5 {
					t.Errorf("body %q of %d: %v", body, size, err)
				}
				if whole, err = f.finishBody(); err != nil {
					t.Error(err)
				}
			})
			if want := "a APPEND \"INBOX\" {0+}\r\n\r\n" + c.rest; lines != want {
				t.Errorf("engine reads %q, want %q", lines, want)
			}
			if whole != c.whole || answers != c.answers {
				t.Errorf("whole %v, answers %q; want %v, %q", whole, answers, c.whole, c.answers)
			}
		})
	}
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"*", "a/b", true},
		{"%", "a/b", false},
		{"%", "a", true},
		{"a/%", "a/b", true},
		{"a/%", "a/b/c", false},
		{"a*c", "a/b/c", true},
		{"inbox", "INBOX", true},
		{"Inbox", "INBOX", true},
		{"INBOX/%", "INBOX/a", true},
		{"", "", true},
		{"", "a", false},
		{"Văn bản %", "Văn bản đến", true},
		{"*a*a*a*a*a*b", strings.Repeat("a", 250), false},
		{"%/%", "x/y", true},
		{"x*", "x", true},
	} {
		if got := match(c.pattern, c.name); got != c.want {
			t.Errorf("match(%q, %q) = %v", c.pattern, c.name, got)
		}
	}
}

func FuzzFront(f *testing.F) {
	for _, s := range []string{
		"a NOOP\r\n", "a SEARCH TEXT {3+}\r\nabc\r\n", "a APPEND x (\\Seen) {3+}\r\nabc\r\n", "a LOGIN \"x\\\"\" {1}\r\ny\r\n",
		"a APPEND {1+}\r\nx UTF8 (~{3+}\r\nabc)\r\n", "a IDLE\r\nDONE\r\n", "a AUTHENTICATE PLAIN\r\nAA==\r\n", "\x00 {1+}\r\n",
	} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, in string, logged bool) {
		if len(in) > 8<<10 {
			return
		}
		lines, _ := converse(t, in, logged, 4000, nil)
		for _, line := range strings.SplitAfter(strings.ReplaceAll(lines, " {0+}\r\n\r\n", " {0}\r\n"), "\r\n") {
			if line == "" {
				continue
			}
			body, ok := strings.CutSuffix(line, "\r\n")
			if !ok || strings.ContainsAny(body, "\r\n\x00") {
				t.Fatalf("the engine gets more than a line: %q", line)
			}
			if body == "DONE" {
				continue
			}
			_, lit, err := cutLiteral(body)
			_, name, _, good := cutCommand(body)
			if err != nil || !good || lit != nil && name != "APPEND" {
				t.Fatalf("the engine gets a bad line: %q", line)
			}
		}
	})
}
