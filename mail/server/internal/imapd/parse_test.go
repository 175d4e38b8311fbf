package imapd

import (
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
)

func realDeadline(d time.Duration) time.Time { return time.Now().Add(d) }

func pair(t testing.TB) (client, server *net.TCPConn) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // loopback
	if err != nil {
		t.Fatal(err)
	}
	c, err := net.Dial("tcp", ln.Addr().String()) //nolint:noctx // loopback
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

// converse sends input and gives the commands that are read, literals in brackets where they stood, and what the
// client is told. The message of an APPEND is thrown away as a refused one is.
func converse(t testing.TB, input string, logged bool) (commands []string, answers string) {
	t.Helper()
	client, server := pair(t)
	c := newConn(server, realDeadline)
	c.logged = logged
	if _, err := io.WriteString(client, input); err != nil {
		t.Fatal(err)
	}
	if err := client.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	for {
		cmd, err := c.readCommand()
		if err != nil {
			break
		}
		if cmd == nil {
			continue
		}
		if cmd.lit != nil {
			if err := c.refuse(cmd.tag, cmd.lit, "Not here"); err != nil {
				break
			}
			continue
		}
		text := cmd.args
		for _, l := range cmd.lits {
			text = strings.Replace(text, "\x00", fmt.Sprintf("[%s]", l), 1)
		}
		commands = append(commands, cmd.tag+" "+cmd.name+text)
	}
	c.flush()
	if err := server.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		t.Fatal(err)
	}
	told, err := io.ReadAll(client)
	if err != nil && !strings.Contains(err.Error(), "reset") {
		t.Fatal(err)
	}
	return commands, string(told)
}

func TestReadCommand(t *testing.T) {
	big := strings.Repeat("x", 5000)
	evil := "zz DELETE Archive\r\n" + big
	for name, c := range map[string]struct {
		in       string
		stranger bool
		commands string // one a line
		answers  string
	}{
		"plain":                       {in: "a NOOP\r\nb NOOP\r\n", commands: "a NOOP\nb NOOP"},
		"line feed alone, lower case": {in: "a noop\nb select INBOX\n", commands: "a NOOP\nb SELECT INBOX"},
		"empty lines (B6)":            {in: "\r\n\r\na NOOP\r\n\r\n", commands: "a NOOP"},
		"only empty lines":            {in: strings.Repeat("\r\n", 40), answers: "* BYE Too many empty lines\r\n"},
		"tag with a bracket":          {in: "a]1 NOOP\r\n", commands: "a]1 NOOP"},
		"literals": {
			in: "a SEARCH SUBJECT {7+}\r\nxin \"ch TEXT {3+}\r\n\\o/\r\n", commands: `a SEARCH SUBJECT [xin "ch] TEXT [\o/]`,
		},
		"synchronising literal": {in: "a SELECT {5}\r\nINBOX\r\n", commands: "a SELECT [INBOX]", answers: "+ OK\r\n"},
		"literal glued to an atom": {
			in: "a SELECT foo{19+}\r\nzz DELETE Archive..\r\n", commands: "a SELECT foo[zz DELETE Archive..]",
		},
		"literal with a line end": {
			in: "a SELECT {19+}\r\nzz DELETE Archive\r\n\r\nb NOOP\r\n", commands: "a SELECT [zz DELETE Archive\r\n]\nb NOOP",
		},
		"no literal in quotes": {in: "a SEARCH TEXT \"{3+}\"\r\nb NOOP\r\n", commands: "a SEARCH TEXT \"{3+}\"\nb NOOP"},
		"literal in an open quote": {
			in: "a SEARCH TEXT \"{19+}\r\nzz DELETE Archive..\r\nb NOOP\r\n", commands: "b NOOP", answers: "a BAD Syntax error\r\n",
		},
		"literal too large for a stranger, unasked (B2)": {
			in: "a LOGIN {5019+}\r\n" + evil + " x\r\nb NOOP\r\n", stranger: true, commands: "b NOOP",
			answers: "a BAD [TOOBIG] Literal too large\r\n",
		},
		"literal too large for a stranger, asked (B4)": {
			in: "a LOGIN {5000}\r\nb NOOP\r\n", stranger: true, commands: "b NOOP", answers: "a BAD [TOOBIG] Literal too large\r\n",
		},
		"literals too large together": {
			in: "a ID ({3000+}\r\n" + strings.Repeat("x", 3000) + " {3000+}\r\n" + strings.Repeat("x", 3000) + ")\r\nb NOOP\r\n", stranger: true,
			commands: "b NOOP", answers: "a BAD Literal too large\r\n",
		},
		"much too large": {
			in: "a SEARCH TEXT {2000000+}\r\nzz NOOP\r\n", answers: "a BAD [TOOBIG] Literal too large\r\n* BYE Literal too large\r\n",
		},
		"beyond any number": {
			in:      "a SEARCH TEXT {99999999999999999999+}\r\nzz DELETE Archive\r\n",
			answers: "a BAD [TOOBIG] Literal too large\r\n* BYE Literal too large\r\n",
		},
		"too many literals": {
			in: "a SEARCH" + strings.Repeat(" TEXT {1+}\r\nx", 300) + "\r\nb NOOP\r\n", commands: "b NOOP", answers: "a BAD Literal too large\r\n",
		},
		"open quote":       {in: "a LOGIN \"x\r\nzz NOOP\r\n", commands: "zz NOOP", answers: "a BAD Syntax error\r\n"},
		"open quote later": {in: "a LOGIN {1+}\r\nx \"y\r\nzz NOOP\r\n", commands: "zz NOOP", answers: "a BAD Syntax error\r\n"},
		"control":          {in: "a LOGIN \x01 {2+}\r\nzz\r\nb NOOP\r\n", commands: "b NOOP", answers: "a BAD Syntax error\r\n"},
		"no tag":           {in: "* x\r\n+ x\r\na\r\n", answers: "* BAD Syntax error\r\n* BAD Syntax error\r\n* BAD Syntax error\r\n"},
		"no command":       {in: "a  NOOP\r\na (\r\n", answers: "a BAD Syntax error\r\na BAD Syntax error\r\n"},
		"another protocol": {
			in: strings.Repeat("{ x\r\n", 9), stranger: true,
			answers: strings.Repeat("* BAD Syntax error\r\n", 8) + "* BYE Too many bad commands\r\n",
		},
		"append, refused": {
			in: "b APPEND INBOX {3+}\r\nabc {19+}\r\nzz DELETE Archive\r\n\r\nc NOOP\r\n", commands: "c NOOP", answers: "b BAD Not here\r\n",
		},
		"line too long": {in: "a NOOP " + strings.Repeat("x", maxLine) + "\r\nb NOOP\r\n", answers: "* BYE Command line too long\r\n"},
		"end in a line": {in: "a NOOP\r\nb NO", commands: "a NOOP"},
		"end in a literal": {
			in: "a SEARCH TEXT {10+}\r\nabc",
		},
	} {
		t.Run(name, func(t *testing.T) {
			commands, answers := converse(t, c.in, !c.stranger)
			if got := strings.Join(commands, "\n"); got != c.commands {
				t.Errorf("read\n%q, want\n%q", got, c.commands)
			}
			if answers != c.answers {
				t.Errorf("told\n%q, want\n%q", answers, c.answers)
			}
		})
	}
}

// A stranger has a time in all, not only for each line.
func TestStrangerTime(t *testing.T) {
	_, server := pair(t)
	now := time.Unix(1e9, 0)
	c := newConn(&timed{Conn: server}, func(d time.Duration) time.Time { return now.Add(d) }) //nolint:gocritic // now moves on
	end := now.Add(timeStranger)
	for range 4 {
		if err := c.allow(timeBeforeLogin); err != nil {
			t.Fatal(err)
		}
		if got := c.nc.(*timed).read; got.After(end) {
			t.Fatalf("may read until %v after %v", got, end)
		}
		now = now.Add(timeBeforeLogin)
	}
	c.logged = true
	if err := c.allow(timeIdle); err != nil {
		t.Fatal(err)
	}
	if got := c.nc.(*timed).read; !got.After(end) {
		t.Error("a person is cut off")
	}
}

// timed notes the deadline of reading.
type timed struct {
	net.Conn
	read time.Time
}

func (t *timed) SetReadDeadline(at time.Time) error {
	t.read = at
	return nil
}

func TestNumset(t *testing.T) {
	for _, c := range []struct {
		in   string
		last uint32
		want string // "" is an error
	}{
		{"1", 9, "1"},
		{"3:1,2", 9, "1:3"},
		{"1,2,3,5", 9, "1:3,5"},
		{"*", 9, "9"},
		{"*:7", 9, "7:9"},
		{"12:*", 9, "9:12"},
		{"4294967295,1:*", 3, "1:3,4294967295"},
		{"1:*,1:*,1:*", 5, "1:5"},
		{"*", 0, "0"},
		{"0", 9, ""},
		{"1:0", 9, ""},
		{"4294967296", 9, ""},
		{"", 9, ""},
		{"1,", 9, ""},
		{"1:", 9, ""},
		{"1 2", 9, ""},
		{"$,1", 9, ""},
		{"-1", 9, ""},
		{"1:2:3", 9, ""},
	} {
		p := &parser{s: c.in}
		set := p.numset()
		got := ""
		if p.end() == nil {
			got = spansText(set.united(c.last))
		}
		if got != c.want {
			t.Errorf("%q of %d: %q, want %q", c.in, c.last, got, c.want)
		}
	}
	for _, n := range []uint32{2, 3, 4, math.MaxUint32} {
		if !inSpans([]span{{2, 4}, {math.MaxUint32, math.MaxUint32}}, n) {
			t.Errorf("%d is not in", n)
		}
	}
	for _, n := range []uint32{0, 1, 5} {
		if inSpans([]span{{2, 4}, {9, 9}}, n) {
			t.Errorf("%d is in", n)
		}
	}
}

func TestFetchItems(t *testing.T) {
	for in, want := range map[string]string{
		" 1 FAST":                                "FLAGS,INTERNALDATE,RFC822.SIZE",
		" 1 (body[] BODY.peek[])":                "BODY[]",
		" 1 (BODY[]<0.5> BODY[]<0.6>)":           "BODY[]<0>,BODY[]<0>",
		" 1 BODY[1.2.header]":                    "BODY[1.2.HEADER]",
		" 1 BODY[HEADER.FIELDS.NOT (a \"b c\")]": `BODY[HEADER.FIELDS.NOT (a "b c")]`,
		" 1 BINARY.SIZE[1.2]":                    "BINARY.SIZE[1.2]",
		" 1 (PREVIEW (LAZY) UID)":                "PREVIEW,UID",
		" 1 PREVIEW (CHANGEDSINCE 1)":            "PREVIEW",
		" 1 (FAST)":                              "",
		" 1 BODY[1.]":                            "",
		" 1 BODY[1.TEXT.1]":                      "",
		" 1 BODY[0]":                             "",
		" 1 BODY[TEXT":                           "",
		" 1 BINARY[HEADER]":                      "",
		" 1 BODY[]<1>":                           "",
		" 1 BODY[]<-1.5>":                        "",
		" 1 ()":                                  "",
		" 1 FLAGS)":                              "",
		" 1 (FLAGS":                              "",
		" 1 (FLAGS  UID)":                        "",
		" 1 FLAGS (CHANGEDSINCE)":                "",
		" 1 FLAGS (CHANGEDSINCE 9223372036854775808)": "",
		" 1 FLAGS (PARTIAL 0:1)":                      "",
		" 1 FLAGS (PARTIAL -1:1)":                     "",
	} {
		a, err := parseFetch(&parser{s: in})
		var names []string
		for _, it := range a.items {
			names = append(names, it.name)
		}
		if got := strings.Join(names, ","); (err == nil) != (want != "") || err == nil && got != want {
			t.Errorf("%q: %q %v, want %q", in, got, err, want)
		}
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
		{"in%", "INBOX", true},
		{"INBOX/%", "INBOX/a", true},
		{"inbox/%", "INBOX/a", true},
		{"inbox/A", "INBOX/a", false},
		{"inboxes", "INBOX/a", false},
		{"inbox", "Inboxes", false},
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

// RFC 7162 3.2.5.1: where the log of expunges does not reach back, all that is not there is told.
func TestVanished(t *testing.T) {
	whole := box.View{UIDs: []mail.UID{2, 3, 7}, Vanished: []mail.UID{1, 4, 5, 8}}
	whole.UIDNext = 10
	trimmed := whole
	trimmed.Vanished, trimmed.Reload = nil, true
	for _, c := range []struct {
		v     box.View
		known []span
		want  string
	}{
		{whole, []span{{1, 9}}, "1,4:5,8"},
		{whole, []span{{4, 4}, {8, 9}}, "4,8"},
		{trimmed, []span{{1, 9}}, "1,4:6,8:9"},
		{trimmed, []span{{1, 3}, {8, 8}}, "1,8"},
		{trimmed, []span{{20, 30}}, ""},
		{trimmed, []span{{7, 7}}, ""},
	} {
		if got := spansText(vanished(c.v, c.known)); got != c.want {
			t.Errorf("%v %v: %q, want %q", c.v.Reload, c.known, got, c.want)
		}
	}
}

func TestWithout(t *testing.T) {
	got := without([]span{{1, 5}, {8, 8}, {10, 12}}, []mail.UID{2, 3, 8, 12, 13})
	if want := []span{{1, 1}, {4, 5}, {10, 11}}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestWindow(t *testing.T) {
	for _, c := range []struct {
		w      window
		n      int
		lo, hi int
	}{
		{window{1, 3}, 10, 0, 3},
		{window{3, 1}, 10, 0, 3},
		{window{9, 20}, 10, 8, 10},
		{window{11, 20}, 10, 0, 0},
		{window{1, 1}, 0, 0, 0},
		{window{-1, -2}, 10, 8, 10},
		{window{-9, -20}, 10, 0, 2},
		{window{-11, -20}, 10, 0, 0},
		{window{-1, -1}, 1, 0, 1},
	} {
		if lo, hi := c.w.cut(c.n); lo != c.lo || hi != c.hi {
			t.Errorf("%v of %d: %d:%d, want %d:%d", c.w, c.n, lo, hi, c.lo, c.hi)
		}
	}
}

// FuzzParse: whatever the arguments of a command are, its parser ends, fails or leaves nothing over, and what it gives
// may stand in an answer.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		" 1:* (FLAGS BODY[1.MIME]<0.5>) (CHANGEDSINCE 1 VANISHED)", " 1 +FLAGS.SILENT (\\Seen x)", " RETURN (MIN PARTIAL -1:-2) OR (SEEN 1) NOT UID 3 SUBJECT \"a\\\"\"",
		" INBOX (QRESYNC (1 2 1:3 (1 1)))", " \"\" (\"*\" %) RETURN (STATUS (SIZE))", " (REVERSE DATE) UTF-8 ALL", " BODY[HEADER.FIELDS (\x00 \x00)]", " kh&-&ARE-t",
	} {
		f.Add(s, "x\r\ny", true)
		f.Add(s, "", false)
	}
	f.Fuzz(func(t *testing.T, s, lit string, wide bool) {
		if len(s) > maxLine || !cleanLine(strings.ReplaceAll(s, "\x00", "")) {
			return
		}
		fresh := func() *parser { return &parser{s: s, lits: [][]byte{[]byte(lit), []byte(lit)}, utf8: wide} }
		if a, err := parseFetch(fresh()); err == nil {
			for _, it := range a.items {
				if strings.ContainsAny(it.name, "\r\n\x00") {
					t.Fatalf("%q names an item %q", s, it.name)
				}
			}
			united := a.set.united(100)
			for i, r := range united {
				if r.lo > r.hi || i > 0 && united[i-1].hi >= r.lo {
					t.Fatalf("%q: %v", s, united)
				}
			}
		}
		if _, err := parseStore(fresh()); err == nil && !strings.Contains(strings.ToUpper(s), "FLAGS") {
			t.Fatalf("%q is a STORE", s)
		}
		c := &session{conn: &conn{utf8: wide, deadline: realDeadline}}
		if a, err := c.parseSearch(fresh(), func(*searchArgs) {}); err == nil && len(a.root.keys) == 0 {
			t.Fatalf("%q looks for nothing", s)
		}
		p := fresh()
		p.sp()
		if name := p.mailbox(); p.err == nil && strings.ContainsAny(name, "\r\n\x00") {
			t.Fatalf("%q names a mailbox %q", s, name)
		}
		var o listOptions
		for _, read := range []func(*parser){
			func(p *parser) { p.listSelection(&o) }, func(p *parser) { p.listReturn(&o) }, func(p *parser) { p.criteria() }, func(p *parser) { p.resync() },
			func(p *parser) { p.dateTime() }, func(p *parser) { p.date() }, func(p *parser) { p.flags() },
		} {
			p := fresh()
			p.sp()
			if read(p); p.err != nil && p.s != "" {
				t.Fatalf("%q goes on after %v", s, p.err)
			}
		}
	})
}

// FuzzReadCommand: a command holds no line end outside its literals, and a NUL stands for each of them.
func FuzzReadCommand(f *testing.F) {
	for _, s := range []string{
		"a NOOP\r\n", "a SEARCH TEXT {3+}\r\nabc\r\n", "a APPEND x (\\Seen) {3+}\r\nabc\r\n", "a LOGIN \"x\\\"\" {1}\r\ny\r\n",
		"a APPEND {1+}\r\nx UTF8 (~{3+}\r\nabc)\r\n", "\x00 {1+}\r\n", "a UID REPLACE 1 {1+}\r\nx {0+}\r\n\r\n",
	} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, in string, logged bool) {
		if len(in) > 8<<10 {
			return
		}
		client, server := net.Pipe()
		c := newConn(&feed{Conn: server, in: strings.NewReader(in)}, realDeadline)
		c.logged = logged
		for {
			cmd, err := c.readCommand()
			if err != nil {
				break
			}
			if cmd == nil {
				continue
			}
			if strings.ContainsAny(cmd.tag+cmd.name+cmd.args, "\r\n") || strings.Count(cmd.args, "\x00") != len(cmd.lits) {
				t.Fatalf("%q %q", cmd.tag, cmd.args)
			}
			if cmd.lit != nil && !streams[cmd.name] && cmd.name != "UID" {
				t.Fatalf("%s leaves a literal", cmd.name)
			}
		}
		if err := errors.Join(client.Close(), server.Close()); err != nil {
			t.Fatal(err)
		}
	})
}

// feed reads from a text and forgets what is written.
type feed struct {
	net.Conn
	in io.Reader
}

func (f *feed) Read(p []byte) (int, error)       { return f.in.Read(p) }
func (f *feed) Write(p []byte) (int, error)      { return len(p), nil }
func (f *feed) SetReadDeadline(time.Time) error  { return nil }
func (f *feed) SetWriteDeadline(time.Time) error { return nil }
