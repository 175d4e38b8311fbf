package wire

import (
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"hopthu/mail"
)

// These tests hold the reasons for an IMAP client of our own: each shows what go-imap v2.0.0-beta.8's client does
// where this room's does right (see hostile_test.go and login_test.go). When one fails after an update of the
// library, its reason is gone.

// stock is beta.8's client against act, on a plain connection: TLS plays no part here.
func stock(t *testing.T, act func(*script)) *imapclient.Client {
	t.Helper()
	g := &stage{t: t, acts: []func(*script){act}}
	conn, err := g.listen()(t.Context(), "tcp", "")
	if err != nil {
		t.Fatal(err)
	}
	c := imapclient.New(conn, nil)
	t.Cleanup(func() {
		if err := c.Close(); err != nil && !strings.Contains(err.Error(), "closed") {
			t.Logf("close: %v", err)
		}
	})
	if err := c.WaitGreeting(); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestWhyUnknownLinesKill(t *testing.T) {
	for _, line := range []string{"* XFOO bar", "* VANISHED 1:5", `* LSUB () "/" x`} {
		c := stock(t, func(s *script) {
			s.say("* PREAUTH [CAPABILITY IMAP4rev1] ready")
			tag := s.expect("NOOP")
			s.say(line, tag+" OK done")
			s.gone()
		})
		if err := c.Noop().Wait(); err == nil {
			t.Errorf("beta.8 now lives on after %q", line)
		}
	}
}

func TestWhyIllegalNameKills(t *testing.T) {
	c := stock(t, func(s *script) {
		s.say("* PREAUTH [CAPABILITY IMAP4rev1] ready")
		s.ok("LIST", `* LIST () "/" INBOX`, `* LIST () "/" "A&B"`)
		s.gone()
	})
	if _, err := c.List("", "*", nil).Collect(); err == nil {
		t.Error("beta.8 now lists folders in spite of one illegal name")
	}
}

func TestWhyAmpersandInUTF8Mode(t *testing.T) {
	var said string
	c := stock(t, func(s *script) {
		s.say("* PREAUTH [CAPABILITY IMAP4rev1 ENABLE UTF8=ACCEPT] ready")
		s.ok("ENABLE UTF8=ACCEPT", "* ENABLED UTF8=ACCEPT")
		said = s.line()
		tag, _, _ := strings.Cut(said, " ")
		s.say(tag + " NO no")
	})
	if _, err := c.Enable(imap.CapUTF8Accept).Wait(); err != nil {
		t.Fatal(err)
	}
	if err := c.Create("kh&đt", nil).Wait(); err == nil {
		t.Fatal("the script said NO")
	}
	if !strings.Contains(said, "kh&-đt") {
		t.Errorf("beta.8 now writes %q", said)
	}
}

func TestWhyUpdateStealsAnswer(t *testing.T) {
	c := stock(t, func(s *script) {
		s.say("* PREAUTH [CAPABILITY IMAP4rev1] ready")
		s.ok("UID FETCH 1:2", "* 2 FETCH (UID 2 FLAGS (\\Seen))", "* 1 FETCH (UID 1 RFC822.SIZE 5)", "* 2 FETCH (UID 2 RFC822.SIZE 6)")
		s.gone()
	})
	var set imap.UIDSet
	set.AddRange(1, 2)
	got, err := c.Fetch(set, &imap.FetchOptions{UID: true, RFC822Size: true}).Collect()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range got {
		if m.UID == 2 && m.RFC822Size == 6 {
			t.Error("beta.8 now gives the real answer for UID 2")
		}
	}
}

// A literal of any announced size is taken in: after 8 MiB of one header the client still reads.
func TestWhyNoLimit(t *testing.T) {
	const most = 8 << 20
	took := make(chan int64, 1)
	c := stock(t, func(s *script) {
		s.say("* PREAUTH [CAPABILITY IMAP4rev1] ready")
		s.expect("FETCH")
		s.write("* 1 FETCH (ENVELOPE (NIL {419430400}\r\n")
		n, err := io.CopyN(s.conn, zeros{}, most)
		took <- n
		if err != nil {
			s.t.Logf("copy: %v", err)
		}
	})
	if _, err := c.Fetch(imap.SeqSetNum(1), &imap.FetchOptions{Envelope: true}).Collect(); err == nil {
		t.Error("half a literal is no answer")
	}
	if n := <-took; n < most {
		t.Errorf("beta.8 now stops after %d octets", n)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

// IDLE waits for "+" as long as nobody closes the connection: after a day of the bubble's time it still does.
func TestWhyIdleWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &stage{t: t, acts: []func(*script){func(s *script) {
			s.say("* PREAUTH [CAPABILITY IMAP4rev1 IDLE] ready")
			s.expect("IDLE")
			s.gone()
		}}}
		conn, err := g.pipes(t.Context(), "tcp", "")
		if err != nil {
			t.Fatal(err)
		}
		c := imapclient.New(conn, nil)
		if err := c.WaitGreeting(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		mail.Go("idle", func() { _, err := c.Idle(); ended <- err })
		select {
		case err := <-ended:
			t.Errorf("beta.8 now gives up: %v", err)
		case <-time.After(24 * time.Hour):
			if err := conn.Close(); err != nil {
				t.Error(err)
			}
			if err := <-ended; err == nil {
				t.Error("IDLE went well without a server")
			}
		}
		g.wg.Wait()
	})
}
