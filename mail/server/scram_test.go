package server_test

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/xdg-go/scram"

	"hopthu/mail/server"
	"hopthu/mail/server/servertest"
)

// bind is the channel binding of that name on a client's connection (RFC 5929 4, RFC 9266).
func bind(t *testing.T, c *tls.Conn, name string) scram.ChannelBinding {
	t.Helper()
	cs := c.ConnectionState()
	b := scram.ChannelBinding{Type: scram.ChannelBindingType(name)}
	switch name {
	case "tls-exporter":
		var err error
		if b.Data, err = cs.ExportKeyingMaterial("EXPORTER-Channel-Binding", nil, 32); err != nil {
			t.Fatal(err)
		}
	case "tls-server-end-point":
		sum := sha256.Sum256(cs.PeerCertificates[0].Raw)
		b.Data = sum[:]
	}
	return b
}

// exchange runs a client's side over a line protocol: say sends a response and gives the challenge, or the last answer.
func exchange(t *testing.T, p server.Box, password, as string, b scram.ChannelBinding, say func(string) (challenge string, last string)) string {
	t.Helper()
	c, err := scram.SHA256.NewClient(p.Wire, password, as)
	if err != nil {
		t.Fatal(err)
	}
	conv := c.NewConversationWithChannelBinding(b)
	msg, err := conv.Step("")
	for step := 0; ; step++ {
		if err != nil || step > 3 {
			t.Fatalf("step %d: %v", step, err)
		}
		challenge, last := say(base64.StdEncoding.EncodeToString([]byte(msg)))
		if last != "" {
			if conv.Valid() != (last[0] == 'O' || last[0] == '2') {
				t.Errorf("the server proved itself: %v, and then %q", conv.Valid(), last)
			}
			return last
		}
		raw, err64 := base64.StdEncoding.DecodeString(challenge)
		if err64 != nil {
			t.Fatal(err64)
		}
		msg, err = conv.Step(string(raw))
	}
}

func imapScram(t *testing.T, k *talk, p server.Box, password, as string, b scram.ChannelBinding, ir bool) string {
	t.Helper()
	mech := "SCRAM-SHA-256"
	if b.Type != "" {
		mech += "-PLUS"
	}
	begun := false
	return exchange(t, p, password, as, b, func(msg string) (string, string) {
		switch {
		case begun:
			k.send("%s\r\n", msg)
		case ir:
			k.send("s AUTHENTICATE %s %s\r\n", mech, msg)
		default:
			k.send("s AUTHENTICATE %s\r\n", mech)
			if got := k.line(); got != "+ " {
				t.Fatalf("%q", got)
			}
			k.send("%s\r\n", msg)
		}
		begun = true
		got := k.line()
		if c, ok := strings.CutPrefix(got, "+ "); ok {
			return c, ""
		}
		return "", strings.TrimPrefix(got, "s ")
	})
}

// RFC 5802, RFC 7677: SCRAM at the IMAP door.
func TestIMAPScram(t *testing.T) {
	s := servertest.Start(t)
	p := s.Person("Trần Văn Hùng", "kh&đt")
	none := scram.ChannelBinding{}
	open := func() (*talk, *tls.Conn) {
		c := s.Dial(s.IMAP)
		k := newTalk(t, c)
		if g := k.line(); !strings.Contains(g, " AUTH=SCRAM-SHA-256-PLUS AUTH=SCRAM-SHA-256 AUTH=PLAIN]") {
			t.Error(g)
		}
		return k, c
	}
	for _, ir := range []bool{true, false} {
		for _, name := range []string{"", "tls-exporter", "tls-server-end-point"} {
			k, c := open()
			if got := imapScram(t, k, p, p.Password, "", bind(t, c, name), ir); !strings.HasPrefix(got, "OK [CAPABILITY ") {
				t.Errorf("%q: %s", name, got)
			}
			k.ok("SELECT INBOX")
			k.ok("UNAUTHENTICATE")
			if got := imapScram(t, k, p, p.Password, p.Address, none, ir); !strings.HasPrefix(got, "OK") {
				t.Error(got)
			}
		}
	}
	newcomer := s.Newcomer("Lê Thị Lan", "nv")
	nobody := p
	nobody.Wire = "x" + p.Wire
	for want, try := range map[string]struct {
		who          server.Box
		password, as string
	}{
		"NO [AUTHENTICATIONFAILED] Wrong name or password": {p, "wrong", ""},
		"NO [AUTHENTICATIONFAILED]":                        {nobody, p.Password, ""},
		"NO [AUTHORIZATIONFAILED]":                         {p, p.Password, newcomer.Wire},
		"NO [EXPIRED] The first password must be changed":  {newcomer, newcomer.Password, ""},
	} {
		k, _ := open()
		if got := imapScram(t, k, try.who, try.password, try.as, none, true); !strings.HasPrefix(got, want) {
			t.Errorf("%q, expected %q", got, want)
		}
		k.ok("NOOP")
		k.refuse("BAD", "SELECT INBOX")
	}
	// Bound to another connection.
	k, _ := open()
	_, other := open()
	if got := imapScram(t, k, p, p.Password, "", bind(t, other, "tls-exporter"), true); !strings.HasPrefix(got, "BAD") {
		t.Error(got)
	}
	// Cancelled in the middle, and after the server's proof: nobody is in.
	for at := range 3 {
		k, _ := open()
		c, err := scram.SHA256.NewClient(p.Wire, p.Password, "")
		if err != nil {
			t.Fatal(err)
		}
		conv := c.NewConversation()
		k.send("c AUTHENTICATE SCRAM-SHA-256\r\n")
		challenge := k.line()
		for range at {
			raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(challenge, "+ "))
			if err != nil {
				t.Fatal(err)
			}
			msg, err := conv.Step(string(raw))
			if err != nil {
				t.Fatal(err)
			}
			k.send("%s\r\n", base64.StdEncoding.EncodeToString([]byte(msg)))
			challenge = k.line()
		}
		k.send("*\r\n")
		if got := k.line(); !strings.HasPrefix(got, "c BAD Cancelled") {
			t.Error(got)
		}
		k.refuse("BAD", "SELECT INBOX")
	}
}

// smtpScram is SCRAM at the SMTP door (RFC 4954); it gives the last answer.
func smtpScram(t *testing.T, k *talk, who server.Box, password, as string, b scram.ChannelBinding) string {
	t.Helper()
	mech := "SCRAM-SHA-256"
	if b.Type != "" {
		mech += "-PLUS"
	}
	begun := false
	return exchange(t, who, password, as, b, func(msg string) (string, string) {
		if !begun {
			msg = "AUTH " + mech + " " + msg
		}
		begun = true
		if _, err := io.WriteString(k.c, msg+"\r\n"); err != nil {
			t.Fatal(err)
		}
		got := k.line()
		if c, ok := strings.CutPrefix(got, "334 "); ok {
			return c, ""
		}
		return "", got
	})
}

// RFC 4954 with RFC 7677: SCRAM at the SMTP door, whose last answer is a challenge too.
func TestSMTPScram(t *testing.T) {
	s := servertest.Start(t)
	p := s.Person("Trần Văn Hùng", "kh&đt")
	open := func() (*talk, *tls.Conn) {
		c := s.Dial(s.SMTP)
		k := newTalk(t, c)
		k.want("220", "")
		if g := k.want("250", "EHLO test.example"); !strings.Contains(g, "AUTH SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN LOGIN") {
			t.Error(g)
		}
		return k, c
	}
	try := func(k *talk, who server.Box, password, as string, b scram.ChannelBinding) string {
		return smtpScram(t, k, who, password, as, b)
	}
	newcomer := s.Newcomer("Lê Thị Lan", "nv")
	for _, name := range []string{"", "tls-exporter", "tls-server-end-point"} {
		k, c := open()
		if got := try(k, p, p.Password, "", bind(t, c, name)); !strings.HasPrefix(got, "235") {
			t.Errorf("%q: %s", name, got)
		}
		k.want("250", "MAIL FROM:<%s>", p.Wire)
	}
	for want, c := range map[string]struct {
		who          server.Box
		password, as string
	}{
		"535 5.7.8 Wrong":  {p, "wrong", ""},
		"535 5.7.8 You":    {p, p.Password, newcomer.Wire},
		"535 5.7.13 The f": {newcomer, newcomer.Password, ""},
	} {
		k, _ := open()
		if got := try(k, c.who, c.password, c.as, scram.ChannelBinding{}); !strings.HasPrefix(got, want) {
			t.Errorf("%q, expected %q", got, want)
		}
		k.want("530", "MAIL FROM:<%s>", p.Wire)
		if got := try(k, p, p.Password, p.Wire, scram.ChannelBinding{}); !strings.HasPrefix(got, "235") {
			t.Error(got)
		}
	}
	k, _ := open()
	k.want("334 ", "AUTH SCRAM-SHA-256")
	k.want("501", "*")
	k.want("501 5.5.2", "AUTH SCRAM-SHA-256 %s", base64.StdEncoding.EncodeToString([]byte(fmt.Sprintf("n,,n=%s", p.Wire))))
}
