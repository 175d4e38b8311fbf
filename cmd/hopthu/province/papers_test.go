package province

import (
	"slices"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/rule"
)

// What a registry must see at once: documents with their marks, time limits, a letter that should never have come, and
// what became of a document that went out.
func TestPapers(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, rule.Zone)
	list, err := Letters(now, book())
	if err != nil {
		t.Fatal(err)
	}
	haste := map[int]int{}
	var limits, stamped, reports int
	for _, l := range list {
		p := letter.Parse(l.Raw)
		if !p.Document.IsZero() {
			haste[p.Document.Urgency]++
			if p.Document.Kind == "" || p.Document.Number == "" || p.Document.Issued.Format(time.DateOnly) != l.Received.In(rule.Zone).Format(time.DateOnly) {
				t.Errorf("%+v of %v", p.Document, l.Received)
			}
			if d := rule.LetterDeadlines(p, l.Received, rule.VietNam()); len(d) > 0 && l.Role == mail.RoleInbox {
				limits++
			}
		}
		var body strings.Builder
		for _, para := range p.Paras {
			body.WriteString(para.Text + "\n")
		}
		if slices.ContainsFunc(rule.CheckReceived(rule.Received{Subject: p.Subject, Body: body.String()}), func(f mail.Finding) bool { return f.Verdict == mail.Block }) {
			stamped++
		}
		if r, ok := letter.ReadReport(l.Raw); ok {
			reports++
			var states []mail.DeliveryState
			for _, one := range r.Recipients {
				states = append(states, one.State)
			}
			if !slices.Equal(states, []mail.DeliveryState{mail.DeliveryDelivered, mail.DeliveryDelivered, mail.DeliveryFailed}) {
				t.Errorf("%+v", r)
			}
		}
	}
	if haste[express] == 0 || haste[urgent] < 2 || haste[ordinary] < 3 || limits < 4 || stamped != 1 || reports != 1 {
		t.Errorf("urgency %v, %d time limits, %d stamps, %d reports", haste, limits, stamped, reports)
	}
}
