package server_test

import (
	"fmt"
	"testing"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"hopthu/mail/server"
	"hopthu/mail/server/servertest"
)

// benchLetters is the size of the mailbox of the benchmarks.
const benchLetters = 5000

func benchClient(b *testing.B) *imapclient.Client {
	b.Helper()
	s := servertest.Start(b)
	p := s.Person("Trần Văn Hùng", "kh&đt")
	err := s.Admin.Seed(b.Context(), benchLetters, func(i int) server.Delivery {
		return server.Delivery{To: []string{p.Wire}, Raw: fmt.Appendf(nil, "From: a@b\r\nSubject: %d\r\nMessage-ID: <%d@x>\r\n\r\nb\r\n", i, i)}
	})
	if err != nil {
		b.Fatal(err)
	}
	c := imapclient.New(s.Dial(s.IMAP), nil)
	b.Cleanup(func() {
		if err := c.Close(); err != nil {
			b.Error(err)
		}
	})
	if err := c.Login(p.Wire, p.Password).Wait(); err != nil {
		b.Fatal(err)
	}
	return c
}

func BenchmarkSelect(b *testing.B) {
	c := benchClient(b)
	for b.Loop() {
		if _, err := c.Select("INBOX", nil).Wait(); err != nil {
			b.Fatal(err)
		}
	}
}

func benchFetch(b *testing.B, o *imap.FetchOptions) {
	c := benchClient(b)
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		cmd := c.Fetch(imap.UIDSet{{Start: 1, Stop: 0}}, o)
		n := 0
		for cmd.Next() != nil {
			n++
		}
		if err := cmd.Close(); err != nil || n != benchLetters {
			b.Fatalf("%d letters: %v", n, err)
		}
	}
	b.ReportMetric(float64(benchLetters*b.N)/b.Elapsed().Seconds(), "letters/s")
}

func BenchmarkFetchFlags(b *testing.B) { benchFetch(b, &imap.FetchOptions{UID: true, Flags: true}) }

func BenchmarkFetchHeaders(b *testing.B) {
	benchFetch(b, &imap.FetchOptions{UID: true, Flags: true, RFC822Size: true, InternalDate: true, BodySection: []*imap.FetchItemBodySection{{
		Peek: true, Specifier: imap.PartSpecifierHeader, HeaderFields: []string{"From", "To", "Subject", "Date", "Message-ID"},
	}}})
}
