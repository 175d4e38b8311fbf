package server_test

import (
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"hopthu/mail/server"
	"hopthu/mail/server/servertest"
)

// smtpLogin dials, greets and logs in.
func smtpLogin(t *testing.T, s *servertest.Server, login, password string) *talk {
	t.Helper()
	k := dial(t, s, s.SMTP)
	k.want("220", "")
	k.want("250", "EHLO test.example")
	k.want("235", "AUTH PLAIN %s", plain(login, password))
	return k
}

func plain(login, password string) string {
	return base64.StdEncoding.EncodeToString([]byte("\x00" + login + "\x00" + password))
}

// upgrade shakes hands on an open connection.
func upgrade(t *testing.T, s *servertest.Server, c net.Conn) *talk {
	t.Helper()
	u := tls.Client(c, s.TLS())
	if err := u.HandshakeContext(t.Context()); err != nil {
		t.Fatalf("handshake: %v", err)
	}
	return newTalk(t, u)
}

func TestSubmission(t *testing.T) {
	s := servertest.Start(t)
	hung, lan := s.Person("Trần Văn Hùng", "kh&đt"), s.Person("Lê Thị Lan", "nv")
	in := imapLogin(t, s, lan.Wire, lan.Password)
	in.ok("SELECT INBOX")
	in.send("i IDLE\r\n")
	in.line()

	k := dial(t, s, s.SMTP)
	k.want("220", "")
	ehlo := k.want("250", "EHLO test.example")
	for _, ext := range []string{" PLAIN LOGIN", "SMTPUTF8", "8BITMIME", "DSN", "ENHANCEDSTATUSCODES", fmt.Sprintf("SIZE %d", 50<<20)} {
		if !strings.Contains(ehlo, ext) {
			t.Errorf("no %s in %q", ext, ehlo)
		}
	}
	k.want("530 5.7.0", "MAIL FROM:<%s>", hung.Wire)
	k.want("334", "AUTH LOGIN")
	k.want("334", "%s", base64.StdEncoding.EncodeToString([]byte(hung.Wire)))
	k.want("235", "%s", base64.StdEncoding.EncodeToString([]byte(hung.Password)))
	k.want("550 5.7.1", "MAIL FROM:<%s>", lan.Wire)
	k.want("552 5.3.4", "MAIL FROM:<%s> SIZE=%d", hung.Wire, 50<<20+1)
	k.want("250", "MAIL FROM:<%s> BODY=8BITMIME RET=HDRS ENVID=m1", hung.Wire)
	k.want("550 5.1.1", "RCPT TO:<nobody@ninhbinh.example>")
	k.want("550 5.7.1", "RCPT TO:<someone@elsewhere.example>")
	k.want("250", "RCPT TO:<%s> NOTIFY=FAILURE ORCPT=rfc822;%s", lan.Wire, lan.Wire)
	k.want("354", "DATA")
	if a := k.want("250 2.0.0", "%s.", message(hung.Wire, "m1", "chào")); !strings.Contains(a, "queued as ") {
		t.Errorf("no queue id in %q", a)
	}
	wantLine(t, in, "* 1 EXISTS")
	in.send("DONE\r\n")
	in.until("i")
	got := in.ok("FETCH 1 BODY[]")
	for _, part := range []string{"Received: ", "Return-Path: <" + hung.Wire + ">", "\r\nchào\r\n"} {
		mustHave(t, got, part)
	}

	// The same letter once more is acknowledged and not delivered again.
	k.want("250", "MAIL FROM:<%s>", hung.Wire)
	k.want("250", "RCPT TO:<%s>", lan.Wire)
	k.want("354", "DATA")
	k.want("250 2.0.0", "%s.", message(hung.Wire, "m1", "chào"))
	mustHave(t, in.ok("STATUS INBOX (MESSAGES)"), "MESSAGES 1")

	// Who is named in the letter must be who sends it.
	for name, raw := range map[string]string{
		"another":    message(lan.Wire, "m2", "x"),
		"two fields": "From: " + hung.Wire + "\r\n" + message(lan.Wire, "m2", "x"),
		"two people": strings.Replace(message(hung.Wire, "m2", "x"), "From: <", "From: <"+lan.Wire+">, <", 1),
		"sender":     "Sender: " + lan.Wire + "\r\n" + message(hung.Wire, "m2", "x"),
		"nobody":     "Subject: x\r\n\r\nx\r\n",
		"in circles": strings.Repeat("Received: x\r\n", 60) + message(hung.Wire, "m2", "x"),
	} {
		k.want("250", "MAIL FROM:<%s>", hung.Wire)
		k.want("250", "RCPT TO:<%s>", lan.Wire)
		k.want("354", "DATA")
		t.Log(name, k.want("55", "%s.", raw))
	}
	mustHave(t, in.ok("STATUS INBOX (MESSAGES)"), "MESSAGES 1")

	// What an encoded word hides is a name, whatever commas and quotes are in it, and never an address.
	for i, name := range []string{"Hùng, Trần Văn", `Sở "KH", ĐT`, lan.Wire} {
		word := "=?utf-8?B?" + base64.StdEncoding.EncodeToString([]byte(name)) + "?="
		k.want("250", "MAIL FROM:<%s>", hung.Wire)
		k.want("250", "RCPT TO:<%s>", lan.Wire)
		k.want("354", "DATA")
		k.want("250 2.0.0", "%s.", strings.Replace(message(hung.Wire, fmt.Sprint("name", i), name), "From: <", "From: "+word+" <", 1))
	}
	k.want("221", "QUIT")
	k.gone()
}

func message(from, id, text string) string {
	return "From: <" + from + ">\r\nSubject: thử\r\nMessage-ID: <" + id + "@test.example>\r\n\r\n" + text + "\r\n"
}

// Regression 16: addresses.
func TestSubmissionAddresses(t *testing.T) {
	s := servertest.Start(t)
	hung := s.Person("Trần Văn Hùng", "kh&đt")
	if hung.Wire == hung.Address {
		t.Fatal("the two spellings are the same")
	}
	k := smtpLogin(t, s, hung.Address, hung.Password)
	k.want("553 5.6.7", "MAIL FROM:<%s>", hung.Address)
	k.want("250", "MAIL FROM:<%s> SMTPUTF8", hung.Address)
	k.want("250", "RCPT TO:<%s>", hung.Address)
	k.want("250", "RCPT TO:<%s>", hung.Wire)
	k.want("553", "RCPT TO:<\xff\xfe@ninhbinh.example>")
	for _, a := range []string{`"a b"@ninhbinh.example`, "a@b..c", "a\x00b@ninhbinh.example", "a@x> BODY=7BIT", "@relay:a@b", "a%%b@ninhbinh.example", "a!b@ninhbinh.example", "a@[127.0.0.1]"} {
		k.want("5", "RCPT TO:<%s>", a)
	}
	k.want("250", "RSET")
	k.want("250", "MAIL FROM:<%s>", hung.Wire)
	k.want("553 5.6.7", "RCPT TO:<%s>", hung.Address)
	k.want("250", "RCPT TO:<%s>", strings.ToUpper(hung.Wire))
	k.want("451", "RCPT TO:<xtemperror@ninhbinh.example>")
	k.want("550", "RCPT TO:<xpermerror@ninhbinh.example>")
}

// Regression 15: only CRLF.CRLF ends a message, which is stored with CRLF alone; a message that stalls is never
// carried out as commands.
func TestSubmissionTerminators(t *testing.T) {
	s := servertest.Start(t)
	hung := s.Person("Trần Văn Hùng", "kh&đt")
	in := imapLogin(t, s, hung.Wire, hung.Password)
	in.ok("SELECT INBOX")
	k := smtpLogin(t, s, hung.Wire, hung.Password)
	ends := []string{"\n.\n", "\n.\r\n", "\r.\r", "\r\n.\r", "\r\n.\n", "\r.\r\n", "\n.\r", "\r.\n", "\r\n\r\r\n"}
	for i, end := range ends {
		k.want("250", "MAIL FROM:<%s>", hung.Wire)
		k.want("250", "RCPT TO:<%s>", hung.Wire)
		k.want("354", "DATA")
		smuggled := "MAIL FROM:<" + hung.Wire + ">\r\nRCPT TO:<" + hung.Wire + ">\r\nDATA\r\n"
		k.send("%s", message(hung.Wire, fmt.Sprint("e", i), "x"+end+smuggled))
		k.want("250 2.0.0", ".")
		mustHave(t, in.ok("STATUS INBOX (MESSAGES)"), fmt.Sprintf("MESSAGES %d", i+1))
		got := strings.Join(in.ok("FETCH %d BODY.PEEK[]", i+1), "\r\n")
		if bare := strings.ReplaceAll(got, "\r\n", ""); strings.ContainsAny(bare, "\r\n") {
			t.Errorf("%q left a bare CR or LF: %q", end, got)
		}
	}
}

// Regression 17: exact size, long lines, NUL.
func TestSubmissionSize(t *testing.T) {
	const limit = 1 << 20
	s := servertest.Start(t, servertest.WithConfig(func(c *server.Config) { c.MaxMessage = limit }))
	hung := s.Person("Trần Văn Hùng", "kh&đt")
	k := smtpLogin(t, s, hung.Wire, hung.Password)
	send := func(code, id string, size int, line string) {
		t.Helper()
		raw := message(hung.Wire, id, "")
		for len(raw) < size {
			raw += line[:min(len(line), size-len(raw)-2)] + "\r\n"
		}
		k.want("250", "MAIL FROM:<%s>", hung.Wire)
		k.want("250", "RCPT TO:<%s>", hung.Wire)
		k.want("354", "DATA")
		k.want(code, "%s.", raw)
	}
	line := strings.Repeat("x", 4094)
	send("250", "exact", limit-2048, line)
	send("552 5.3.4", "more", limit+4096, line)
	send("250", "long", 12000, strings.Repeat("y", 5000))
	k.want("250", "NOOP")
	k.want("250", "MAIL FROM:<%s>", hung.Wire)
	k.want("250", "RCPT TO:<%s>", hung.Wire)
	k.want("354", "DATA")
	k.want("550 5.6.0", "%s\x00\r\n.", message(hung.Wire, "nul", "x"))
	k.want("250", "NOOP")
	k.want("250", "MAIL FROM:<%s>", hung.Wire)
	k.want("250", "RCPT TO:<%s>", hung.Wire)
	raw := message(hung.Wire, "bdat", "x")
	k.send("BDAT %d LAST\r\n%s", len(raw), raw)
	k.want("250 2.0.0", "")
}

func TestSubmissionStartTLS(t *testing.T) {
	s := servertest.Start(t)
	hung := s.Person("Trần Văn Hùng", "kh&đt")
	var d net.Dialer
	c, err := d.DialContext(t.Context(), "tcp", s.SMTPStartTLS)
	if err != nil {
		t.Fatal(err)
	}
	k := newTalk(t, c)
	k.want("220", "")
	if e := k.want("250", "EHLO x"); strings.Contains(e, "AUTH") || !strings.Contains(e, "STARTTLS") {
		t.Error(e)
	}
	k.want("530", "AUTH PLAIN %s", plain(hung.Wire, hung.Password))
	k.want("220", "STARTTLS")
	u := upgrade(t, s, c)
	if e := u.want("250", "EHLO x"); strings.Contains(e, "STARTTLS") {
		t.Error(e)
	}
	u.want("235", "AUTH PLAIN %s", plain(hung.Wire, hung.Password))
	u.want("250", "MAIL FROM:<%s>", hung.Wire)
}

// Regression 15: what follows a message that stalls is the rest of it, never commands.
func TestSubmissionStalls(t *testing.T) {
	s := servertest.Start(t, servertest.WithConfig(func(c *server.Config) { c.Stall = 50 * time.Millisecond }))
	hung := s.Person("Trần Văn Hùng", "kh&đt")
	for _, begin := range []string{"DATA\r\n", "BDAT 100000\r\n"} {
		k := smtpLogin(t, s, hung.Wire, hung.Password)
		k.want("250", "MAIL FROM:<%s>", hung.Wire)
		k.want("250", "RCPT TO:<%s>", hung.Wire)
		k.send("%s", begin)
		k.send("From: <%s>\r\n\r\n", hung.Wire)
		said := k.gone() // the server gives up; only now the rest would come
		if strings.Contains(said, "250") || strings.Contains(said, "queued") {
			t.Errorf("%q: %q", begin, said)
		}
	}
	in := imapLogin(t, s, hung.Wire, hung.Password)
	mustHave(t, in.ok("STATUS INBOX (MESSAGES)"), "MESSAGES 0")
}

// The 250 that never arrives: the letter is there, and sent again it is not there twice.
func TestSubmissionCutBeforeTheAnswer(t *testing.T) {
	s := servertest.Start(t)
	hung := s.Person("Trần Văn Hùng", "kh&đt")
	for _, to := range []string{strings.Replace(hung.Wire, "@", "-cutoff@", 1), hung.Wire} {
		k := smtpLogin(t, s, hung.Wire, hung.Password)
		k.want("250", "MAIL FROM:<%s>", hung.Wire)
		k.want("250", "RCPT TO:<%s>", to)
		k.want("354", "DATA")
		k.send("%s.\r\n", message(hung.Wire, "m1", "x"))
		if to == hung.Wire {
			k.want("250 2.0.0", "")
		} else if said := k.gone(); said != "" {
			t.Errorf("%q", said)
		}
	}
	in := imapLogin(t, s, hung.Wire, hung.Password)
	mustHave(t, in.ok("STATUS INBOX (MESSAGES)"), "MESSAGES 1")
	k := smtpLogin(t, s, hung.Wire, hung.Password) // a recipient that gets no answer does not keep the server from stopping
	k.want("250", "MAIL FROM:<%s>", hung.Wire)
	k.send("RCPT TO:<xtimeout@ninhbinh.example>\r\n")
}

// Delivery reports as the sender asks for them (RFC 3461): offered, and kept word by word.
func TestDeliveryReports(t *testing.T) {
	s := servertest.Start(t)
	p := s.Person("Trần Văn Hùng", "kh&đt")
	to := s.Person("Lê Thị Lan", "nv")
	m := smtpLogin(t, s, p.Wire, p.Password)
	if a := m.want("250", "EHLO may-tram"); !strings.Contains(a, "DSN") {
		t.Errorf("not offered: %q", a)
	}
	for _, bad := range []string{"MAIL FROM:<" + p.Wire + "> RET=ALL", "MAIL FROM:<" + p.Wire + "> ENVID=+0"} {
		m.want("501", bad)
	}
	m.want("250", "MAIL FROM:<%s> RET=HDRS ENVID=1+2B2@x", p.Wire)
	m.want("501", "RCPT TO:<%s> NOTIFY=NEVER,SUCCESS", to.Wire)
	m.want("501", "RCPT TO:<%s> ORCPT=rfc822", to.Wire)
	m.want("250", "RCPT TO:<%s> NOTIFY=SUCCESS,FAILURE ORCPT=utf-8;lanlt.n\\x{111}@x", to.Wire)
	m.want("250", "RCPT TO:<kh&dt@%s> NOTIFY=NEVER", servertest.Domain)
	m.want("354", "DATA")
	m.want("250", "From: <%s>\r\nMessage-ID: <1@x>\r\nSubject: x\r\n\r\ny\r\n.", p.Wire)
	k := imapLogin(t, s, p.Wire, p.Password)
	k.ok("SELECT INBOX")
	got := strings.Join(k.ok("FETCH 1:* BODY[]"), "\n")
	for _, want := range []string{
		"Original-Envelope-Id: 1+2@x\r\n", "Original-Recipient: utf-8; lanlt.n\\x{111}@x\r\nFinal-Recipient: rfc822; " + to.Wire + "\r\nAction: delivered\r\n",
		"Reporting-MTA: dns; ", "In-Reply-To: <1@x>\r\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
	if strings.Count(got, "Final-Recipient") != 1 {
		t.Errorf("reports %s", got)
	}
}

// Another client is held to the rule as ours is (QC 7.1b): the answer names the clause, and no word of the letter.
func TestSubmissionOfSecrets(t *testing.T) {
	for _, on := range []bool{true, false} {
		s := servertest.Start(t, servertest.WithConfig(func(c *server.Config) { c.Secrecy = on }))
		p := s.Person("Trần Văn Hùng", "kh&đt")
		m := smtpLogin(t, s, p.Wire, p.Password)
		send := func(code, more, subject string) string {
			m.want("250", "MAIL FROM:<%s>%s", p.Wire, more)
			m.want("250", "RCPT TO:<%s>", p.Wire)
			m.want("354", "DATA")
			return m.want(code, "From: <%s>\r\nSubject: %s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\ny\r\n.", p.Wire, subject)
		}
		if !on {
			send("250", " SMTPUTF8", "[MẬT] Kế hoạch diễn tập")
			continue
		}
		if a := send("550 5.7.1", "", "=?utf-8?B?W03huqxUXSBL4bq/IGhv4bqhY2g=?="); !strings.Contains(a, "subject") || !strings.Contains(a, "QC 7.1b") ||
			strings.ContainsFunc(a, func(r rune) bool { return r > '~' }) {
			t.Errorf("%q", a)
		}
		if a := send("550 5.7.1", " SMTPUTF8", "[MẬT] Kế hoạch diễn tập"); !strings.Contains(a, "văn bản mật") || strings.Contains(a, "diễn tập") {
			t.Errorf("%q", a)
		}
		send("250", "", "Doi mat khau")
		m.want("221", "QUIT")
	}
}
