package server_test

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"hopthu/mail/server"
	"hopthu/mail/server/servertest"
)

// manyLetters is the size of the mailbox of the goals of speed; HOPTHU_LETTERS makes it smaller.
var manyLetters = max(1000, envNumber("HOPTHU_LETTERS", 100_000))

// large is a server with one mailbox of manyLetters, and a person in it who is logged in.
func large(b *testing.B) (server.Box, *raw) {
	b.Helper()
	s := servertest.Start(b)
	p := s.Person("Trần Văn Hùng", "kh&đt")
	err := s.Admin.Seed(b.Context(), manyLetters, func(i int) server.Delivery {
		return server.Delivery{To: []string{p.Wire}, Raw: fmt.Appendf(nil, "From: Lan <lan@ninhbinh.example>\r\nTo: hung@ninhbinh.example\r\nSubject: So %d\r\n"+
			"Date: Tue, 24 Nov 2026 09:00:00 +0700\r\nMessage-ID: <%d@ninhbinh.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nb\r\n", i, i)}
	})
	if err != nil {
		b.Fatal(err)
	}
	if err := s.Admin.Prepare(b.Context()); err != nil {
		b.Fatal(err)
	}
	return p, newRaw(b, s.Dial(s.IMAP), p)
}

// raw is a client that only counts lines: what is measured is the server.
type raw struct {
	tb testing.TB
	c  net.Conn
	br *bufio.Reader
}

func newRaw(tb testing.TB, c net.Conn, p server.Box) *raw {
	tb.Helper()
	r := &raw{tb, c, bufio.NewReaderSize(c, 64<<10)}
	tb.Cleanup(func() {
		if err := c.Close(); err != nil {
			tb.Log(err)
		}
	})
	r.until("* OK")
	r.do("LOGIN %q %q", p.Wire, p.Password)
	return r
}

func (r *raw) until(begin string) (lines int, last string) {
	r.tb.Helper()
	for {
		l, err := r.br.ReadSlice('\n')
		if err != nil {
			r.tb.Fatal(err)
		}
		if strings.HasPrefix(string(l[:min(len(l), len(begin))]), begin) {
			return lines, string(l)
		}
		lines++
	}
}

func (r *raw) do(format string, args ...any) int {
	r.tb.Helper()
	if _, err := fmt.Fprintf(r.c, "x "+format+"\r\n", args...); err != nil {
		r.tb.Fatal(err)
	}
	n, last := r.until("x ")
	if !strings.HasPrefix(last, "x OK") {
		r.tb.Fatal(last)
	}
	return n
}

// Goal: half a second for the headers of 100,000 letters.
func BenchmarkHeadersOf100000(b *testing.B) {
	_, r := large(b)
	r.do("SELECT INBOX")
	for _, items := range []string{"UID FLAGS", "UID FLAGS RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER.FIELDS (FROM TO SUBJECT DATE MESSAGE-ID)]", "UID FLAGS ENVELOPE"} {
		b.Run(strings.Fields(items)[len(strings.Fields(items))-1], func(b *testing.B) {
			for b.Loop() {
				if n := r.do("UID FETCH 1:* (%s)", items); n < manyLetters {
					b.Fatalf("%d lines", n)
				}
			}
		})
	}
}

// officeLetter is a letter as an agency sends it: some hundred words of text, and an attachment that makes 20 KB of it.
func officeLetter(i int) []byte {
	words := strings.Fields("báo cáo kết quả thực hiện nhiệm vụ công tác quý ba năm hai nghìn không trăm hai mươi sáu của ủy ban nhân dân tỉnh " +
		"kính gửi sở tài chính nội vụ văn phòng đăng ký đất đai về việc triển khai nghị quyết số quyết định phê duyệt dự toán kinh phí hỗ trợ " +
		"người dân doanh nghiệp phòng chống thiên tai dịch bệnh giáo dục y tế giao thông nông nghiệp môi trường xây dựng huyện xã phường thôn " +
		"hồ sơ biên bản họp giao ban đề nghị xem xét chỉ đạo phối hợp kiểm tra giám sát thanh tra khiếu nại tố cáo trả lời công dân đúng hạn")
	var b strings.Builder
	fmt.Fprintf(&b, "From: =?utf-8?q?V=C4=83n_th=C6=B0?= %d <van.thu%d@ninhbinh.example>\r\nTo: lan@ninhbinh.example\r\nSubject: =?utf-8?q?C=C3=B4ng_v=C4=83n?= %d/UBND-VX\r\n"+
		"Date: Tue, 24 Nov 2026 09:00:00 +0700\r\nMessage-ID: <cv%d@ninhbinh.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b%d\"\r\n\r\n"+
		"--b%d\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n", i%500, i%500, i, i, i, i)
	x := uint64(i)*0x9E3779B97F4A7C15 + 1
	next := func() uint64 { x ^= x << 13; x ^= x >> 7; x ^= x << 17; return x }
	for n := range 250 {
		b.WriteString(words[next()%uint64(len(words))])
		b.WriteString([]string{" ", " ", " ", ", ", " ", " ", " ", " ", ".\r\n"}[n%9])
	}
	fmt.Fprintf(&b, "\r\n--b%d\r\nContent-Type: application/pdf; name=\"cv-%d.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n", i, i)
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for range letterOctets / 78 {
		for range 19 {
			v := next()
			b.Write([]byte{digits[v&63], digits[v>>6&63], digits[v>>12&63], digits[v>>18&63]})
		}
		b.WriteString("\r\n")
	}
	fmt.Fprintf(&b, "--b%d--\r\n", i)
	return []byte(b.String())
}

// letterOctets is about how large the attachment of an office letter is; HOPTHU_OCTETS makes it another.
var letterOctets = envNumber("HOPTHU_OCTETS", 18_000)

// How long a search takes by what is prepared, and the last one by reading every letter. HOPTHU_LETTERS is worth setting: 100,000
// letters are 2 GB.
func BenchmarkSearchOf100000(b *testing.B) {
	s := servertest.Start(b)
	p := s.Person("Trần Văn Hùng", "kh&đt")
	err := s.Admin.Seed(b.Context(), manyLetters, func(i int) server.Delivery {
		return server.Delivery{To: []string{p.Wire}, Raw: officeLetter(i)}
	})
	if err != nil {
		b.Fatal(err)
	}
	r := newRaw(b, s.Dial(s.IMAP), p)
	r.do("SELECT INBOX")
	if err := s.Admin.Prepare(b.Context()); err != nil {
		b.Fatal(err)
	}
	for _, q := range []struct{ name, ask string }{
		{"one", fmt.Sprintf("TEXT cv%d@ninhbinh", manyLetters/2)},
		{"none", `TEXT "khong co o dau ca"`},
		{"phrase", `TEXT "thien tai dich benh giao duc"`},
		{"marked", `BODY "thiên tai dịch bệnh"`},
		{"everywhere", `TEXT "cong tac"`},
		{"subject", fmt.Sprintf(`SUBJECT "cong van %d"`, manyLetters/3)},
		{"from", `FROM van.thu77@`},
		{"reading every letter", `OR HEADER "not a field" "x" TEXT "cong tac"`}, // what nothing is prepared for
	} {
		b.Run(q.name, func(b *testing.B) {
			for b.Loop() {
				r.do("UID SEARCH %s", q.ask)
			}
		})
	}
}

// Goal: five milliseconds to come back to a mailbox of 100,000 letters in which ten things changed.
func BenchmarkQresyncOf100000(b *testing.B) {
	p, r := large(b)
	r.do("ENABLE QRESYNC")
	other := newRaw(b, dialAgain(b, r), p)
	other.do("SELECT INBOX")
	validity := ""
	if _, err := io.WriteString(r.c, "x STATUS INBOX (UIDVALIDITY HIGHESTMODSEQ)\r\n"); err != nil {
		b.Fatal(err)
	}
	_, line := r.until("* STATUS")
	r.until("x OK")
	_, items, _ := strings.Cut(line, "(")
	if _, err := fmt.Sscanf(items, "UIDVALIDITY %s", &validity); err != nil {
		b.Fatal(err)
	}
	_, after, _ := strings.Cut(line, "HIGHESTMODSEQ ")
	modseq, err := strconv.Atoi(strings.TrimRight(after, ")\r\n"))
	if err != nil {
		b.Fatal(err)
	}
	r.do("SELECT INBOX")
	flag := "+"
	for b.Loop() {
		b.StopTimer()
		r.do("UNSELECT")
		for i := range 10 { // ten changes, each with a modseq of its own
			other.do("UID STORE %d %sFLAGS.SILENT (\\Flagged)", 100+1000*i, flag)
		}
		if flag == "+" {
			flag = "-"
		} else {
			flag = "+"
		}
		b.StartTimer()
		if n := r.do("SELECT INBOX (QRESYNC (%s %d))", validity, modseq); n < 10 {
			b.Fatalf("%d lines", n)
		}
		modseq += 10
	}
}

func dialAgain(b *testing.B, r *raw) net.Conn {
	b.Helper()
	state := r.c.(*tls.Conn).ConnectionState()
	c, err := tls.Dial("tcp", r.c.RemoteAddr().String(), &tls.Config{ServerName: state.ServerName, RootCAs: nil, InsecureSkipVerify: true}) //nolint:gosec // loopback
	if err != nil {
		b.Fatal(err)
	}
	return c
}

// Goal: under 40 KiB for each of 10,000 connections that idle. The clients live in another process, so that only the
// server is measured. HOPTHU_IDLE says how many; it takes a minute, and two descriptors for each.
func TestIdleConnections(t *testing.T) {
	if os.Getenv("HOPTHU_IDLE_CLIENT") != "" {
		idleClient(t)
		return
	}
	n, err := strconv.Atoi(os.Getenv("HOPTHU_IDLE"))
	if err != nil || n <= 0 {
		t.Skip("HOPTHU_IDLE is not set")
	}
	s := servertest.Start(t)
	var who []string
	for i := range n/50 + 1 {
		p := s.Person("Trần Văn "+string([]byte{'A' + byte(i/26%26), 'a' + byte(i%26)}), "kh&đt")
		s.Deliver(p.Wire, letter)
		who = append(who, p.Wire+" "+p.Password)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestIdleConnections$", "-test.timeout=10m")
	cmd.Env = append(os.Environ(), "HOPTHU_IDLE_CLIENT="+s.IMAP, "HOPTHU_IDLE_WHO="+strings.Join(who, "\n"), "HOPTHU_IDLE="+strconv.Itoa(n))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	before := memory()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said := bufio.NewReader(out)
	for {
		l, err := said.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(l, "all idle") {
			break
		}
		t.Log(strings.TrimSpace(l))
	}
	now := memory()
	t.Logf("%d idle: %d octets of heap and %d of stack each, %d resident", n, int(now.heap-before.heap)/n, int(now.stack-before.stack)/n, int(now.resident-before.resident)/n)
	if each := int(now.heap+now.stack-before.heap-before.stack) / n; each > 40<<10 {
		t.Errorf("%d octets each", each)
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
}

type used struct{ heap, stack, resident int64 }

func memory() used {
	for range 6 { // each halves at most the stacks that grew
		runtime.GC()
	}
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	u := used{heap: int64(m.HeapAlloc), stack: int64(m.StackInuse)}
	if b, err := os.ReadFile("/proc/self/statm"); err == nil {
		if f := strings.Fields(string(b)); len(f) > 1 {
			if pages, err := strconv.ParseInt(f[1], 10, 64); err == nil {
				u.resident = pages * int64(os.Getpagesize())
			}
		}
	}
	return u
}

func idleClient(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("HOPTHU_IDLE"))
	if err != nil {
		t.Fatal(err)
	}
	who := strings.Split(os.Getenv("HOPTHU_IDLE_WHO"), "\n")
	for i := range n {
		name, password, _ := strings.Cut(who[i/50], " ")
		d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 1, byte(i/50/250), byte(1+i/50%250))}, Timeout: time.Minute}
		c, err := tls.DialWithDialer(&d, "tcp", os.Getenv("HOPTHU_IDLE_CLIENT"), &tls.Config{InsecureSkipVerify: true}) //nolint:gosec // loopback
		if err != nil {
			t.Fatal(err)
		}
		r := newRaw(t, c, server.Box{Wire: name, Password: password})
		r.do("SELECT INBOX")
		if _, err := io.WriteString(c, "x IDLE\r\n"); err != nil {
			t.Fatal(err)
		}
		r.until("+ ")
		r.br = nil
	}
	fmt.Println("all idle")
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		t.Fatal(err)
	}
}

// envNumber reads a number that somebody with less time may set.
func envNumber(name string, usual int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return usual
}
