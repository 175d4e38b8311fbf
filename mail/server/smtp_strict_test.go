package server_test

import (
	"fmt"
	"strings"
	"testing"

	"hopthu/mail/server/servertest"
)

// What two readers might read as two letters is refused: the header decides who speaks (libraries of 2026 authorised the
// first From and signed the last).
func TestSubmissionHeaders(t *testing.T) {
	s := servertest.Start(t)
	hung, lan := s.Person("Trần Văn Hùng", "kh&đt"), s.Person("Lê Thị Lan", "nv")
	k := smtpLogin(t, s, hung.Wire, hung.Password)
	own, other := "<"+hung.Wire+">", "<"+lan.Wire+">"
	n := 0
	try := func(code, from, more string) {
		t.Helper()
		n++
		k.want("250", "MAIL FROM:<%s>", hung.Wire)
		k.want("250", "RCPT TO:<%s>", lan.Wire)
		k.want("354", "DATA")
		k.want(code, "%s%sSubject: x\r\nMessage-ID: <h%d@test.example>\r\n\r\ny\r\n.", from, more, n)
	}
	for _, from := range []string{
		"Hùng " + own, `"Hùng; (KH), <x@y>" ` + own, "Hùng (của Lan, " + lan.Wire + ") " + own, hung.Wire, "\r\n " + own, `"` + lan.Wire + `" ` + own,
		"<" + strings.ToUpper(hung.Wire) + ">", own + " (Hùng)",
	} {
		try("250 2.0.0", "From: "+from+"\r\n", "")
	}
	for _, from := range []string{
		"", "From:\r\n", "From: <>\r\n", "From : " + own + "\r\n", "From\t: " + own + "\r\n", "Frоm: " + own + "\r\n",
		"From: Ban: " + own + ";\r\n", "From: Ban:;\r\n", "From: <@x:" + hung.Wire + ">\r\n", "From: " + own + ",\r\n",
		"From: " + own + " " + lan.Wire + "\r\n", "From: " + own + " " + other + "\r\n", "From: " + lan.Wire + " " + own + "\r\n",
		"From: \"Hùng " + own + "\r\n", "From: (Hùng " + own + "\r\n", " From: " + other + "\r\nFrom: " + own + "\r\n",
		"nonsense\r\nFrom: " + own + "\r\n", "From: " + own + "\r\nnonsense\r\n", "From: " + own + "\r\n: empty\r\n",
		"From: " + own + "\r\nTo\xa0: x@y\r\n", "From: " + own + "\r\nX-A: b\rFrom: " + other + "\r\n", "From: " + own + "\r\nX-A: b\nFrom: " + other + "\r\n",
	} {
		try("550 5.6.0", from, "")
	}
	for _, more := range []string{
		"From: " + own, "FROM: " + other, "Sender: " + own + "\r\nSender: " + own, "Sender:", "Sender: " + own + ", " + other, "Sender: " + own + ",",
		"Subject: y", "Message-id: <z@z>", "Date: a\r\nDate: b", "Bcc: a@b\r\nBcc: c@d", "MIME-Version: 1.0\r\nMIME-Version: 1.0",
		"Content-Type: text/plain\r\nContent-Type: text/html", "Content-Transfer-Encoding: 7bit\r\ncontent-transfer-encoding: base64",
		"Content-Disposition: inline\r\nContent-Disposition: attachment", "Reply-To: a@b\r\nReply-To: c@d",
	} {
		try("550 5.6.0", "From: "+own+"\r\n", more+"\r\n")
	}
	try("550 5.7.1", "From: "+own+"\r\n", "Sender: "+other+"\r\n")
	try("550 5.7.1", "From: "+other+"\r\n", "Sender: "+own+"\r\n")
	try("552 5.3.4", "From: "+own+"\r\n", strings.Repeat("X: y\r\n", 20010)+"From: "+other+"\r\n")
	k.want("221", "QUIT")
}

// A letter may have a line of any length (a page of HTML in one line is not rare); a command may not.
func TestSubmissionLongLines(t *testing.T) {
	s := servertest.Start(t)
	hung := s.Person("Trần Văn Hùng", "kh&đt")
	k := smtpLogin(t, s, hung.Wire, hung.Password)
	long := strings.Repeat("y", 200<<10)
	for i, raw := range []string{
		message(hung.Wire, "l1", long),
		"X-Long: " + long + "\r\n" + message(hung.Wire, "l2", "x"),
	} {
		k.want("250", "MAIL FROM:<%s>", hung.Wire)
		k.want("250", "RCPT TO:<%s>", hung.Wire)
		if i == 0 {
			k.send("BDAT %d\r\n%sBDAT %d LAST\r\n%s", len(raw)-100, raw[:len(raw)-100], 100, raw[len(raw)-100:])
			k.want("250 2.0.0", "")
			k.want("250 2.0.0", "")
			raw = strings.Replace(raw, "l1@", "l3@", 1)
			k.want("250", "MAIL FROM:<%s>", hung.Wire)
			k.want("250", "RCPT TO:<%s>", hung.Wire)
		}
		k.want("354", "DATA")
		k.want("250 2.0.0", "%s.", raw)
	}
	in := imapLogin(t, s, hung.Wire, hung.Password)
	mustHave(t, in.ok("STATUS INBOX (MESSAGES)"), "MESSAGES 3")
	k.want("500 5.4.0", "NOOP %s", strings.Repeat("z", 80<<10))
	k.gone()
}

// One message at a time (RFC 5321 4.1.4), parameters within their limits (RFC 3461), and a malformed exchange of AUTH is
// refused for good, not for now (RFC 4954 4).
func TestSubmissionOrder(t *testing.T) {
	s := servertest.Start(t)
	hung := s.Person("Trần Văn Hùng", "kh&đt")
	k := dial(t, s, s.SMTP)
	k.want("220", "")
	k.want("502", "MAIL FROM:<%s>", hung.Wire)
	k.want("250", "EHLO test.example")
	for _, bad := range []string{"AUTH PLAIN !!!", "AUTH PLAIN =", "AUTH PLAIN AAAA", "AUTH LOGIN ===="} {
		k.want("501 5.5.2", "%s", bad)
	}
	k.want("334", "AUTH PLAIN")
	k.want("501", "*")
	k.want("504 5.7.4", "AUTH CRAM-MD5")
	k.want("235", "AUTH PLAIN %s", plain(hung.Wire, hung.Password))
	k.want("503", "AUTH PLAIN %s", plain(hung.Wire, hung.Password))
	k.want("501 5.5.4", "MAIL FROM:<%s> ENVID=%s", hung.Wire, strings.Repeat("e", 101))
	k.want("250", "MAIL FROM:<%s> ENVID=%s", hung.Wire, strings.Repeat("e", 100))
	k.want("501 5.5.4", "RCPT TO:<%s> ORCPT=rfc822;%s", hung.Wire, strings.Repeat("o", 501))
	k.want("250", "RCPT TO:<%s>", hung.Wire)
	k.want("503 5.5.1", "MAIL FROM:<%s>", hung.Wire)
	k.want("354", "DATA") // the one that was begun stands
	k.want("250 2.0.0", "%s.", message(hung.Wire, "o1", "x"))
	k.want("250", "MAIL FROM:<%s>", hung.Wire)
	k.want("250", "EHLO again.example") // as RSET (RFC 5321 4.1.4)
	k.want("250", "MAIL FROM:<%s>", hung.Wire)
	k.want("221", "QUIT")
}

// A message that RSET ends in the middle of BDAT is not taken, and takes nothing along: the connection ends with it.
func TestSubmissionAbortedChunks(t *testing.T) {
	s := servertest.Start(t)
	hung := s.Person("Trần Văn Hùng", "kh&đt")
	for i, end := range []string{"RSET", "EHLO again.example"} {
		k := smtpLogin(t, s, hung.Wire, hung.Password)
		cut := message(hung.Wire, fmt.Sprint("a", i), "cut")
		k.send("MAIL FROM:<%s>\r\nRCPT TO:<%s>\r\nBDAT %d\r\n%s%s\r\n", hung.Wire, hung.Wire, len(cut), cut, end)
		for range 4 {
			k.want("250", "")
		}
		if said := k.gone(); said != "" {
			t.Errorf("%s: %q", end, said)
		}
	}
	in := imapLogin(t, s, hung.Wire, hung.Password)
	mustHave(t, in.ok("STATUS INBOX (MESSAGES)"), "MESSAGES 0")
}
