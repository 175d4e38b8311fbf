package wire

import (
	"bufio"
	"context"
	"io"
	"os"
	"strconv"
	"testing"

	"hopthu/mail"
	"hopthu/mail/sync"
)

// BenchmarkFetched is the reading of one header response, with what is kept of it.
func BenchmarkFetched(b *testing.B) {
	head := "DATE: Tue, 24 Nov 2026 15:00:00 +0700\r\nFrom: =?utf-8?q?Nguy=E1=BB=85n_Lan?= <lan@x.test>\r\nSubject: x\r\n\r\n"
	line := "* 1 FETCH (UID 1 FLAGS (\\Seen $Forwarded) MODSEQ (5) INTERNALDATE \"24-Nov-2026 15:00:00 +0700\" RFC822.SIZE 3000 BODY[HEADER.FIELDS (DATE FROM SUBJECT)] {" + strconv.Itoa(len(head)) + "}\r\n" + head + ")\r\n"
	s := &session{flagSet: map[string]string{}}
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	br := bufio.NewReaderSize(&again{text: line}, 64<<10)
	for b.Loop() {
		if err := s.in.readReply(br, nil); err != nil {
			b.Fatal(err)
		}
		f, err := s.fetched(&s.in, len("* 1 FETCH"))
		if err != nil || len(f.body) != len(head) {
			b.Fatal(err, len(f.body))
		}
	}
}

// again repeats a text for ever.
type again struct {
	text string
	at   int
}

func (a *again) Read(p []byte) (int, error) {
	n := copy(p, a.text[a.at:])
	a.at = (a.at + n) % len(a.text)
	return n, nil
}

// The benchmarks below need the server of the interoperability tests, with a large INBOX.

func benchBox(b *testing.B) (*IMAP, []mail.UID) {
	b.Helper()
	for _, name := range []string{"IMAP", "USER", "PASSWORD", "CA"} {
		if os.Getenv(interopEnv+name) == "" {
			b.Skipf("%s%s is not set: no real server to talk to", interopEnv, name)
		}
	}
	a := mail.Account{Login: os.Getenv(interopEnv + "USER"), CAFile: os.Getenv(interopEnv + "CA"), IMAP: interopEndpoint(b, "IMAP")}
	m := realDialer().Remote(a, interopSecret)
	b.Cleanup(func() {
		if err := m.Close(); err != nil {
			b.Error(err)
		}
	})
	if _, err := m.Connect(b.Context()); err != nil {
		b.Fatal(err)
	}
	if _, err := m.Select(b.Context(), "INBOX"); err != nil {
		b.Fatal(err)
	}
	uids, err := m.UIDs(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	return m, uids
}

// BenchmarkFirstOpen is connect, SELECT, newest 50 headers; it tells octets and round trips.
func BenchmarkFirstOpen(b *testing.B) {
	benchBox(b)
	a := mail.Account{Login: os.Getenv(interopEnv + "USER"), CAFile: os.Getenv(interopEnv + "CA"), IMAP: interopEndpoint(b, "IMAP")}
	var in, trips int64
	for b.Loop() {
		m := realDialer().Remote(a, interopSecret)
		if err := firstOpen(b.Context(), m); err != nil {
			b.Fatal(err)
		}
		i, _, t := m.Traffic()
		in, trips = i, t
		if err := m.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(in), "octets")
	b.ReportMetric(float64(trips), "trips")
}

func firstOpen(ctx context.Context, m *IMAP) error {
	m.Expect("INBOX")
	if _, err := m.Connect(ctx); err != nil {
		return err
	}
	if _, err := m.Select(ctx, "INBOX"); err != nil {
		return err
	}
	return m.Newest(ctx, 50, noHeader)
}

// BenchmarkHeaders fetches every header of INBOX, BenchmarkBareHeaders only reads the same octets.
func BenchmarkHeaders(b *testing.B) {
	m, uids := benchBox(b)
	for b.Loop() {
		n := 0
		if err := m.Headers(b.Context(), sync.These(uids), func(sync.RemoteHeader) error { n++; return nil }); err != nil || n != len(uids) {
			b.Fatal(n, err)
		}
	}
	b.ReportMetric(float64(len(uids)), "letters")
}

// BenchmarkBareHeaders is the floor: one FETCH of all, its octets read and thrown away.
func BenchmarkBareHeaders(b *testing.B) {
	m, uids := benchBox(b)
	for b.Loop() {
		c := m.s.cmd("UID", "FETCH", "1:*", "(UID FLAGS MODSEQ INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS ("+headerFields+")])")
		c.sink = func([]byte, int64) io.Writer { return io.Discard }
		if err := m.s.run(b.Context(), "bench", m.d.limits.Bulk, 1, only(c)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(uids)), "letters")
}

// BenchmarkFlags reads every flag of INBOX.
func BenchmarkFlags(b *testing.B) {
	m, _ := benchBox(b)
	for b.Loop() {
		if err := m.Flags(b.Context(), 1, 0, 0, noFlags); err != nil {
			b.Fatal(err)
		}
	}
}
