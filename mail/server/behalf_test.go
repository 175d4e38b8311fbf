package server_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xdg-go/scram"

	"hopthu/mail"
	"hopthu/mail/server"
	"hopthu/mail/server/servertest"
)

func smtpActing(t *testing.T, s *servertest.Server, as string, p server.Box) *talk {
	t.Helper()
	k := dial(t, s, s.SMTP)
	k.want("220", "")
	k.want("250", "EHLO test.example")
	k.want("235", "AUTH PLAIN %s", plainAs(as, p.Wire, p.Password))
	return k
}

// bureau is an agency with a head, one delegate, and a citizen who has written to it.
type bureau struct {
	*servertest.Server
	agency, head, hung, dan server.Box
	given                   mail.Delegation
}

func newBureau(t *testing.T, scope mail.Scope) *bureau {
	o := &bureau{Server: servertest.Start(t)}
	o.agency, o.head = o.Agency("kh&đt", "Nguyễn Thị Mai")
	o.hung, o.dan = o.Person("Trần Văn Hùng", "kh&đt"), o.Person("Đỗ Văn Dân", "nv")
	o.given = o.Server.Delegate(o.agency, o.hung, scope, nil)
	o.Deliver(o.agency.Wire, "Message-ID: <q1@dan>\nFrom: "+o.dan.Wire+"\nSubject: hỏi\n\nx\n")
	return o
}

// offer sends a letter up to its end and wants an answer.
func (o *bureau) offer(k *talk, want, envelope, header string) {
	k.t.Helper()
	k.want("250", "MAIL FROM:<%s>", envelope)
	k.want("250", "RCPT TO:<%s>", o.dan.Wire)
	k.want("354", "DATA")
	k.want(want, "%s", header+"\r\n\r\nKính gửi ông.\r\n.")
}

func (o *bureau) holds(t *testing.T, b server.Box, where string, n int) []string {
	t.Helper()
	k := imapAs(t, o.Server, b, o.reader(b))
	mustHave(t, k.ok("STATUS %s (MESSAGES)", where), fmt.Sprintf("MESSAGES %d", n))
	k.ok("EXAMINE %s", where)
	if n == 0 {
		return nil
	}
	return k.ok("FETCH 1:* (FLAGS BODY.PEEK[])")
}

// reader is somebody who may look into a box.
func (o *bureau) reader(b server.Box) server.Box {
	if b.Wire == o.agency.Wire {
		return o.head
	}
	return b
}

// From: the agency, Sender: the person; one copy, read, in the box's Sent; the letter it answers is marked; the head sees
// who sent what (QC 12.1, 14.3).
func TestSendOnBehalf(t *testing.T) {
	for name, way := range map[string]func(*bureau) (as, envelope string){
		"as the agency":                      func(o *bureau) (string, string) { return o.agency.Wire, o.agency.Wire },
		"as himself":                         func(o *bureau) (string, string) { return "", o.agency.Wire },
		"as himself, reports to his own box": func(o *bureau) (string, string) { return o.hung.Wire, o.hung.Wire },
		"as the agency, regulation spelling": func(o *bureau) (string, string) { return o.agency.Address, o.agency.Wire },
	} {
		t.Run(name, func(t *testing.T) {
			o := newBureau(t, mail.ScopeAnswer)
			as, envelope := way(o)
			k := smtpActing(t, o.Server, as, o.hung)
			head := "From: Sở <" + o.agency.Wire + ">\r\nTo: " + o.dan.Wire + "\r\nMessage-ID: <a1@x>\r\nIn-Reply-To: <q1@dan>\r\nSubject: trả lời"
			o.offer(k, "250", envelope, head)
			got := o.holds(t, o.dan, "INBOX", 1)
			mustHave(t, got, "\r\nSender: =?utf-8?b?")
			mustHave(t, got, "?= <"+o.hung.Wire+">\r\n")
			sent := o.holds(t, o.agency, "Sent", 1)
			mustHave(t, sent, `FLAGS (\Seen)`)
			mustHave(t, sent, "Message-ID: <a1@x>")
			if has(sent, "Bcc:") {
				t.Errorf("nobody was hidden: %q", sent)
			}
			mustHave(t, o.holds(t, o.agency, "INBOX", 1), `FLAGS (\Answered)`)
			o.holds(t, o.hung, "Sent", 0)

			// The program files its own copy too: one stands there.
			f := imapAs(t, o.Server, o.agency, o.hung)
			raw := head + "\r\n\r\nKính gửi ông.\r\n"
			if a := f.appendTo("Sent", `\Seen`, raw); !strings.HasSuffix(strings.Split(a, "]")[0], " 1") {
				t.Errorf("second copy: %s", a)
			}
			o.holds(t, o.agency, "Sent", 1)
			// So does the same letter once more.
			o.offer(k, "250", envelope, head)
			o.holds(t, o.dan, "INBOX", 1)

			list, err := o.Admin.Sends(t.Context(), o.agency.Wire, o.Clock.Now().Add(-time.Hour), o.Clock.Now().Add(time.Hour))
			if err != nil || len(list) != 1 || list[0].By.Addr != o.hung.Wire || len(list[0].To) != 1 || list[0].To[0] != o.dan.Wire {
				t.Errorf("sends: %+v %v", list, err)
			}
		})
	}
}

func TestHiddenRecipientStandsInSent(t *testing.T) {
	o := newBureau(t, mail.ScopeIssue)
	k := smtpActing(t, o.Server, o.agency.Wire, o.hung)
	o.offer(k, "250", o.agency.Wire, "From: "+o.agency.Wire+"\r\nTo: "+o.head.Address+"\r\nSubject: x")
	mustHave(t, o.holds(t, o.agency, "Sent", 1), "Bcc: "+o.dan.Wire+"\r\n")
	if has(o.holds(t, o.dan, "INBOX", 1), "Bcc:") {
		t.Error("a recipient sees who was hidden")
	}
}

// Who may send what in whose name, whatever the program says (QC 14.1).
func TestSendOnBehalfRefused(t *testing.T) {
	answer := "\r\nIn-Reply-To: <q1@dan>"
	for name, c := range map[string]struct {
		scope          mail.Scope
		acting         bool
		envelope, from string // "agency", "hung", "head"
		more           string
		want           string // at MAIL if it ends in "!", else at the end
	}{
		"đọc, acting":                 {mail.ScopeRead, true, "agency", "agency", answer, "550 5.7.1!"},
		"đọc, as himself":             {mail.ScopeRead, false, "agency", "agency", answer, "550 5.7.1!"},
		"đọc, own envelope":           {mail.ScopeRead, false, "hung", "agency", answer, "550 5.7.1"},
		"trả lời, an answer":          {mail.ScopeAnswer, true, "agency", "agency", answer, "250"},
		"trả lời, by references":      {mail.ScopeAnswer, true, "agency", "agency", "\r\nReferences: <z@z> <q1@dan>", "250"},
		"trả lời, a new letter":       {mail.ScopeAnswer, true, "agency", "agency", "", "550 5.7.1"},
		"trả lời, another's letter":   {mail.ScopeAnswer, true, "agency", "agency", "\r\nIn-Reply-To: <other@dan>", "550 5.7.1"},
		"trả lời, a draft of his own": {mail.ScopeAnswer, true, "agency", "agency", "\r\nIn-Reply-To: <draft@x>", "550 5.7.1"},
		"phát hành, a new letter":     {mail.ScopeIssue, true, "agency", "agency", "", "250"},
		"phát hành, as himself":       {mail.ScopeIssue, false, "agency", "agency", "", "250"},
		"own Sender":                  {mail.ScopeIssue, true, "agency", "agency", "\r\nSender: HUNG", "250"},
		"another's Sender":            {mail.ScopeIssue, true, "agency", "agency", "\r\nSender: HEAD", "550 5.7.1"},
		"the agency as Sender":        {mail.ScopeIssue, true, "agency", "agency", "\r\nSender: AGENCY", "550 5.7.1"},
		"two Senders":                 {mail.ScopeIssue, true, "agency", "agency", "\r\nSender: HUNG, HEAD", "550 5.6.0"},
		"acting, own From":            {mail.ScopeIssue, true, "agency", "hung", "", "550 5.7.1"},
		"acting, own envelope":        {mail.ScopeIssue, true, "hung", "agency", "", "550 5.7.1!"},
		"acting, the head's":          {mail.ScopeIssue, true, "head", "head", "", "550 5.7.1!"},
		"reports to the agency":       {mail.ScopeIssue, false, "agency", "hung", "", "550 5.7.1"},
		"as the head":                 {mail.ScopeIssue, false, "hung", "head", "", "550 5.7.1"},
	} {
		t.Run(name, func(t *testing.T) {
			o := newBureau(t, c.scope)
			o.Deliver(o.head.Wire, "Message-ID: <other@dan>\nSubject: riêng\n\nx\n")
			if err := o.Admin.Deliver(t.Context(), server.Delivery{To: []string{o.agency.Wire}, Role: mail.RoleDrafts, Raw: []byte("Message-ID: <draft@x>\r\n\r\nx\r\n")}); err != nil {
				t.Fatal(err)
			}
			who := map[string]string{"agency": o.agency.Wire, "hung": o.hung.Wire, "head": o.head.Wire}
			as := ""
			if c.acting {
				as = o.agency.Wire
			}
			k := smtpActing(t, o.Server, as, o.hung)
			if want, early := strings.CutSuffix(c.want, "!"); early {
				k.want(want, "MAIL FROM:<%s>", who[c.envelope])
				return
			}
			more := strings.NewReplacer("HUNG", o.hung.Wire, "HEAD", o.head.Wire, "AGENCY", o.agency.Wire).Replace(c.more)
			o.offer(k, c.want, who[c.envelope], "From: "+who[c.from]+"\r\nTo: "+o.dan.Wire+"\r\nSubject: x"+more)
			n := 0
			if c.want == "250" {
				n = 1
			}
			o.holds(t, o.dan, "INBOX", n)
			o.holds(t, o.agency, "Sent", n)
		})
	}
}

// A delegation that ends between MAIL and the end of DATA: refused, nothing sent, and the connection ends.
func TestDelegationEndsMidSend(t *testing.T) {
	for name, end := range map[string]func(context.Context, *bureau) error{
		"ended": func(ctx context.Context, o *bureau) error {
			_, err := o.Admin.EndDelegation(ctx, o.given.ID, "xong việc")
			return err
		},
		"suspended": func(ctx context.Context, o *bureau) error { return o.Admin.Suspend(ctx, o.hung.Wire, "kỷ luật") },
		"password": func(ctx context.Context, o *bureau) error {
			return o.Admin.SetPassword(ctx, o.hung.Wire, "Mưa-dầm-thấm-lâu-88")
		},
	} {
		for _, as := range []string{"agency", ""} {
			if as == "" && name != "ended" {
				continue
			}
			t.Run(name+as, func(t *testing.T) {
				o := newBureau(t, mail.ScopeIssue)
				if as != "" {
					as = o.agency.Wire
				}
				k := smtpActing(t, o.Server, as, o.hung)
				k.want("250", "MAIL FROM:<%s>", o.agency.Wire)
				k.want("250", "RCPT TO:<%s>", o.dan.Wire)
				k.want("354", "DATA")
				k.send("From: %s\r\nTo: %s\r\nSubject: x\r\n\r\nnửa", o.agency.Wire, o.dan.Wire)
				if err := end(t.Context(), o); err != nil {
					t.Fatal(err)
				}
				k.want("550 5.7.1", " đầu\r\n.")
				if as != "" {
					k.gone()
				}
				o.holds(t, o.dan, "INBOX", 0)
				o.holds(t, o.agency, "Sent", 0)
			})
		}
	}
}

// A person whose session was ended does not keep his connection by sending slowly.
func TestSlowSenderIsCut(t *testing.T) {
	o := newBureau(t, mail.ScopeIssue)
	k := smtpActing(t, o.Server, o.agency.Wire, o.hung)
	k.want("250", "MAIL FROM:<%s>", o.agency.Wire)
	k.want("250", "RCPT TO:<%s>", o.dan.Wire)
	k.want("354", "DATA")
	k.send("From: %s\r\nnửa", o.agency.Wire)
	if _, err := o.Admin.EndDelegation(t.Context(), o.given.ID, "xong việc"); err != nil {
		t.Fatal(err)
	}
	k.gone()
	o.holds(t, o.dan, "INBOX", 0)
}

// Where a password is proved without being told, one acts for an agency just the same (RFC 5802 5.1: authzid).
func TestScramForAnAgency(t *testing.T) {
	o := newBureau(t, mail.ScopeIssue)
	none := scram.ChannelBinding{}
	k := dial(t, o.Server, o.IMAP)
	k.line()
	if got := imapScram(t, k, o.hung, o.hung.Password, o.agency.Address, none, true); !strings.HasPrefix(got, "OK") {
		t.Fatal(got)
	}
	k.ok("SELECT INBOX")
	k.ok("FETCH 1 FLAGS")
	k.refuse("NO [NOPERM]", "EXPUNGE")
	if _, err := o.Admin.EndDelegation(t.Context(), o.given.ID, "xong việc"); err != nil {
		t.Fatal(err)
	}
	k.gone()
	k = dial(t, o.Server, o.IMAP)
	k.line()
	if got := imapScram(t, k, o.hung, o.hung.Password, o.agency.Address, none, true); !strings.HasPrefix(got, "NO [AUTHORIZATIONFAILED]") {
		t.Error(got)
	}
}

// Who may not act for a box gets the same words whether there is such a box or not; with a wrong password, those of a
// wrong password.
func TestStrangersLearnNothing(t *testing.T) {
	o := newBureau(t, mail.ScopeIssue)
	answers := map[string]bool{}
	for _, as := range []string{o.agency.Wire, o.head.Wire, "nobody@" + servertest.Domain, "kh&dt@elsewhere.example"} {
		k := dial(t, o.Server, o.IMAP)
		k.line()
		_, a := k.cmd("AUTHENTICATE PLAIN %s", plainAs(as, o.dan.Wire, o.dan.Password))
		_, b := k.cmd("AUTHENTICATE PLAIN %s", plainAs(as, o.hung.Wire, "Sai mật khẩu 9 lần"))
		m := dial(t, o.Server, o.SMTP)
		m.want("220", "")
		m.want("250", "EHLO test.example")
		c := m.want("535 5.7.8", "AUTH PLAIN %s", plainAs(as, o.dan.Wire, o.dan.Password))
		d := m.want("535 5.7.8", "AUTH PLAIN %s", plainAs(as, o.hung.Wire, "Sai mật khẩu 9 lần"))
		answers[a+"|"+b+"|"+c+"|"+d] = true
		o.Clock.Advance(2 * time.Hour) // failures are forgotten
		if !strings.HasPrefix(b, "NO [AUTHENTICATIONFAILED] Wrong name or password") {
			t.Error(b)
		}
	}
	if len(answers) != 1 {
		t.Errorf("%q", slices.Collect(maps.Keys(answers)))
	}
}
