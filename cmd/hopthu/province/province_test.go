package province

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/rule"
)

func book() Book {
	b := Book{}
	for _, u := range Units() {
		b[u.Name] = rule.WireForm(u.Box + "@" + Domain)
	}
	for _, p := range People() {
		local, err := rule.LocalPart(p.Name)
		if err != nil {
			panic(err)
		}
		b[p.Name] = local + "@" + Domain
	}
	return b
}

func TestLettersAreOfEveryKind(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.FixedZone("", 7*3600))
	list, err := Letters(now, book())
	if err != nil {
		t.Fatal(err)
	}
	if len(Units()) < 8 || len(People()) < 25 || len(list) < 150 {
		t.Fatalf("%d agencies, %d people, %d letters", len(Units()), len(People()), len(list))
	}
	kinds := map[string]int{}
	roles := map[mail.Role]int{}
	last := time.Time{}
	for _, l := range list {
		if l.Received.Before(last) || l.Received.After(now) {
			t.Errorf("%v after %v", l.Received, last)
		}
		last = l.Received
		roles[l.Role]++
		p := letter.Parse(l.Raw)
		if len(p.From) == 0 || p.Subject == "" || p.MessageID == "" {
			t.Errorf("from %v, subject %q, id %q", p.From, p.Subject, p.MessageID)
		}
		if strings.Contains(p.Subject, "?") && p.Legacy != "" {
			t.Errorf("a letter was lost on the way into %s: %q", p.Legacy, p.Subject)
		}
		if p.Legacy != "" {
			kinds[p.Legacy]++
		}
		if p.HTML {
			kinds["html"]++
		}
		if len(p.Defects) > 0 {
			kinds["broken"]++
		}
		if len(l.Raw) > 10<<20 {
			kinds["large"]++
		}
		for _, a := range p.Parts {
			kinds[a.True]++
		}
	}
	for _, k := range []string{
		"TCVN3", "VNI", "VISCII", "windows-1258", "html", "broken", "large", "application/pdf", "image/png", "application/vnd.oasis.opendocument.text",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	} {
		if kinds[k] == 0 {
			t.Errorf("no letter of kind %s; there are %v", k, kinds)
		}
	}
	for _, r := range []mail.Role{mail.RoleInbox, mail.RoleSent, mail.RoleArchive, mail.RoleJunk} {
		if roles[r] == 0 {
			t.Errorf("nothing in %s", r)
		}
	}
	again, err := Letters(now, book())
	if err != nil || len(again) != len(list) || !bytes.Equal(again[7].Raw, list[7].Raw) && !strings.Contains(string(list[7].Raw), "boundary") {
		t.Errorf("the same moment gave other letters: %v", err)
	}
}

func TestVisitsAndReplies(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for n := range 20 {
		from, raw, err := Visit(n, now, book(), "v@x")
		if err != nil || from == "" || letter.Parse(raw).Subject == "" {
			t.Errorf("visit %d: %v", n, err)
		}
	}
	raw, err := Reply(&mail.Letter{Head: mail.Head{MessageID: "a@b", Subject: "Hỏi"}}, "Lê Hà", now, book(), "r@x")
	if err != nil {
		t.Fatal(err)
	}
	if l := letter.Parse(raw); l.Subject != "Re: Hỏi" || len(l.InReplyTo) != 1 || l.InReplyTo[0] != "a@b" {
		t.Errorf("%q answers %v", l.Subject, l.InReplyTo)
	}
}
