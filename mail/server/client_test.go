package server_test

import (
	"testing"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"hopthu/mail"
	"hopthu/mail/server"
	"hopthu/mail/server/servertest"
)

// A strict client reads every answer: one line that breaks the grammar would end its connection.
func TestStrictClient(t *testing.T) {
	s := servertest.Start(t)
	p := s.Person("Trần Văn Hùng", "kh&đt")
	for _, raw := range []string{
		letter,
		"From: \"a \\\" b\" <a@b>\nTo: Nhóm: x@y, \"z\" <z@y>;, undisclosed:;\nCc: broken, <\nSubject: dòng 8 bit \xff\xfe\nDate: no date\n\n",
		"From: x\nContent-Type: multipart/mixed; boundary=q; x=\"a\\\"b\"\n\n--q\nContent-Type: message/rfc822\n\nSubject: in\nFrom: Đ <đ@b>\n\nhi\n--q\nContent-Type: application/pdf; name*=utf-8''v%C4%83n.pdf\nContent-Disposition: attachment; filename=\"tờ trình.pdf\"\nContent-Transfer-Encoding: BASE64\nContent-Language: vi, en\n\nAAAA\n--q--\n",
		"Content-Type: multipart/alternative; boundary=none\n\n\n",
		"Content-Type: text\nMessage-ID: <a b@c> <d@e>\nIn-Reply-To: garbage <x@y>\n\nx",
		"",
	} {
		if raw != "" {
			s.Deliver(p.Wire, raw)
		}
	}
	c := imapclient.New(s.Dial(s.IMAP), nil)
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(c.WaitGreeting())
	must(c.Login(p.Address, p.Password).Wait())
	caps, err := c.Capability().Wait()
	must(err)
	if !caps.Has(imap.CapMove) || !caps.Has(imap.CapUIDPlus) || !caps.Has(imap.CapUTF8Accept) {
		t.Errorf("capabilities %v", caps)
	}
	must(c.Create("Văn bản đến/kh&đt", nil).Wait())
	list, err := c.List("", "*", &imap.ListOptions{ReturnSpecialUse: true, ReturnStatus: &imap.StatusOptions{NumMessages: true, NumUnseen: true}}).Collect()
	must(err)
	found := false
	for _, l := range list {
		found = found || l.Mailbox == "Văn bản đến/kh&đt"
		if l.Status == nil || l.Status.NumMessages == nil {
			t.Errorf("no status for %s", l.Mailbox)
		}
	}
	if !found {
		t.Errorf("mailboxes %v", list)
	}
	sel, err := c.Select("INBOX", nil).Wait()
	must(err)
	if sel.NumMessages != 5 || sel.UIDNext != 6 {
		t.Errorf("%+v", sel)
	}
	got, err := c.Fetch(imap.SeqSet{{Start: 1, Stop: 0}}, &imap.FetchOptions{
		UID: true, Flags: true, Envelope: true, InternalDate: true, RFC822Size: true,
		BodyStructure: &imap.FetchItemBodyStructure{Extended: true}, BodySection: []*imap.FetchItemBodySection{{Peek: true}, {Peek: true, Part: []int{1}, Specifier: imap.PartSpecifierMIME}},
	}).Collect()
	must(err)
	if len(got) != 5 {
		t.Fatalf("%d letters", len(got))
	}
	if to := got[1].Envelope.To; len(to) < 4 || !to[0].IsGroupStart() {
		t.Errorf("groups are lost: %+v", to)
	}
	multi, ok := got[2].BodyStructure.(*imap.BodyStructureMultiPart)
	if !ok || len(multi.Children) != 2 {
		t.Fatalf("structure %#v", got[2].BodyStructure)
	}
	if inner, ok := multi.Children[0].(*imap.BodyStructureSinglePart); !ok || inner.MessageRFC822 == nil || inner.MessageRFC822.Envelope.Subject != "in" {
		t.Errorf("inner letter %#v", multi.Children[0])
	}
	for i, m := range got {
		if whole := m.FindBodySection(&imap.FetchItemBodySection{Peek: true}); int64(len(whole)) != m.RFC822Size {
			t.Errorf("letter %d: %d octets, told %d", i+1, len(whole), m.RFC822Size)
		}
	}
	data, err := c.UIDSearch(&imap.SearchCriteria{Text: []string{"đồng chí"}}, &imap.SearchOptions{ReturnAll: true, ReturnCount: true}).Wait()
	must(err)
	if data.Count != 1 || len(data.AllUIDs()) != 1 {
		t.Errorf("%+v", data)
	}
	move, err := c.Move(imap.UIDSet{{Start: 1, Stop: 2}}, "Văn bản đến/kh&đt").Wait()
	must(err)
	if move.UIDValidity == 0 {
		t.Errorf("%+v", move)
	}
	idle, err := c.Idle()
	must(err)
	if err := s.Admin.Deliver(t.Context(), server.Delivery{To: []string{p.Wire}, Raw: []byte(letter), Flags: mail.Flagged}); err != nil {
		t.Fatal(err)
	}
	must(idle.Close())
	must(idle.Wait())
	must(c.Noop().Wait())
	if n := c.Mailbox().NumMessages; n != 4 {
		t.Errorf("%d messages", n)
	}
	must(c.Logout().Wait())
}
