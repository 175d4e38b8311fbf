package queue

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/register"
)

var byAdmin = register.Actor{Door: register.Admin}

// desk is a post whose agency has a delegate: nam. Letters go to ha.
type desk struct {
	*post
	agency register.Box
	given  mail.Delegation
}

func newDesk(t *testing.T, s mail.Scope) *desk {
	t.Helper()
	d := &desk{post: newPost(t, false)}
	ctx := context.Background()
	var err error
	d.agency, err = d.reg.Lookup(ctx, "kh&đt")
	d.must(err)
	d.given, err = d.reg.Delegate(ctx, byAdmin, mail.Delegation{
		Box: d.agency.Wire, Person: mail.Person{Addr: d.nam.Wire}, Document: "01/UQ", Dated: d.clock.now(), Scope: s,
	})
	d.must(err)
	return d
}

func (d *desk) submit(id, more string, to ...string) (Receipt, error) {
	e := Envelope{Account: d.agency.Account, Person: d.nam.Account, From: d.agency.Wire, To: To(to...), Helo: "x"}
	raw := fmt.Sprintf("From: %s\r\nMessage-ID: <%s>\r\n%sSubject: thu\r\n\r\n%s\r\n", d.agency.Wire, id, more, id)
	return d.Accept(context.Background(), e, strings.NewReader(raw))
}

func (d *desk) count(b register.Box, role mail.Role) int {
	d.t.Helper()
	list, err := d.box.List(context.Background(), b.Account)
	d.must(err)
	for _, m := range list {
		if m.Role == role {
			return m.Total
		}
	}
	return -1
}

func (d *desk) sends() []register.SentAs {
	d.t.Helper()
	list, err := d.reg.Sends(context.Background(), byAdmin, d.agency.Account, time.Time{}, d.clock.now().Add(time.Hour))
	d.must(err)
	return list
}

// A delegation ends among many letters on their way: what was accepted is delivered, filed and written down, all of it;
// what was refused left nothing; and nothing is accepted that began after the end.
func TestDelegationEndsAmongSends(t *testing.T) {
	d := newDesk(t, mail.ScopeIssue)
	const workers, each, endAt = 4, 15, 20
	var accepted, late atomic.Int64
	var ended atomic.Bool
	enough := make(chan struct{})
	var once sync.Once
	var wg sync.WaitGroup
	for w := range workers {
		wg.Add(1)
		mail.Go("sender", func() {
			defer wg.Done()
			for i := range each {
				after := ended.Load()
				_, err := d.submit(fmt.Sprintf("%d-%d@x", w, i), "", d.ha.Wire)
				switch {
				case err == nil:
					if after {
						late.Add(1)
					}
					if accepted.Add(1) >= endAt {
						once.Do(func() { close(enough) })
					}
				case mail.AsFault("", err).Detail != register.Over:
					t.Errorf("refused for another reason: %v", err)
				}
			}
		})
	}
	<-enough
	_, err := d.reg.EndDelegation(context.Background(), byAdmin, d.given.ID, "xong việc")
	d.must(err)
	ended.Store(true)
	wg.Wait()
	n := int(accepted.Load())
	if n < endAt || late.Load() != 0 {
		t.Errorf("%d accepted, %d after the end", n, late.Load())
	}
	if in, sent, rows := d.count(d.ha, mail.RoleInbox), d.count(d.agency, mail.RoleSent), len(d.sends()); in != n || sent != n || rows != n {
		t.Errorf("%d accepted: %d delivered, %d filed, %d written down", n, in, sent, rows)
	}
}

// A refusal inside the transaction leaves nothing of the letter, and a box without room takes no half of it.
func TestNothingHalfSent(t *testing.T) {
	d := newDesk(t, mail.ScopeAnswer)
	_, err := d.submit("a@x", "", d.ha.Wire)
	d.kind(err, mail.Refused, register.OnlyAnswers)
	_, err = d.submit("b@x", "In-Reply-To: <nowhere@x>\r\n", d.ha.Wire)
	d.kind(err, mail.Refused, register.OnlyAnswers)
	rec, err := d.Inject(context.Background(), d.ha.Wire, []string{d.agency.Wire}, strings.NewReader("Message-ID: <q@x>\r\n\r\nhỏi\r\n"))
	if err != nil || rec.ID == "" {
		t.Fatal(err)
	}
	d.must(d.box.SetQuota(context.Background(), d.agency.Account, 1))
	if _, err = d.submit("c@x", "In-Reply-To: <q@x>\r\n", d.ha.Wire); mail.KindOf(err) != mail.OverQuota {
		t.Errorf("no room for the copy in Sent: %v", err)
	}
	if d.count(d.ha, mail.RoleInbox) != 0 || d.count(d.agency, mail.RoleSent) != 0 || len(d.sends()) != 0 {
		t.Error("something of it went")
	}
	d.must(d.box.SetQuota(context.Background(), d.agency.Account, 0))
	if _, err = d.submit("c@x", "References: <older@x> <q@x>\r\n", d.ha.Wire); err != nil {
		t.Fatal(err)
	}
	rows, err := d.box.Rows(context.Background(), box.InboxOf(d.agency.Account), nil)
	d.must(err)
	if len(rows) != 1 || !rows[0].Flags.Has(mail.Answered) || rows[0].Flags.Has(mail.Seen) {
		t.Errorf("the letter that was answered: %+v", rows)
	}
}

// Who stands in the letter under any of his addresses was not hidden.
func TestBlindKnowsAliases(t *testing.T) {
	d := newDesk(t, mail.ScopeIssue)
	ctx := context.Background()
	d.must(d.reg.AddAlias(ctx, byAdmin, d.ha.Wire, "truong.phong"))
	if _, err := d.submit("a@x", "To: truong.phong@ninhbinh.gov.vn\r\n", "truong.phong@ninhbinh.gov.vn"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.submit("b@x", "To: truong.phong@ninhbinh.gov.vn\r\n", d.ha.Wire, d.nam.Wire); err != nil {
		t.Fatal(err)
	}
	list, err := d.box.List(ctx, d.agency.Account)
	d.must(err)
	for _, m := range list {
		if m.Role != mail.RoleSent {
			continue
		}
		rows, err := d.box.Rows(ctx, m.Ref, nil)
		d.must(err)
		if len(rows) != 2 || len(rows[0].Prefix) != 0 || string(rows[1].Prefix) != "Bcc: "+d.nam.Wire+"\r\n" {
			t.Errorf("hidden: %q, %q", rows[0].Prefix, rows[1].Prefix)
		}
	}
}
