package letter

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"hopthu/mail"
)

func reportFile(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata/report", name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func reportText(r Report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v %v", r.Receipt, r.MessageIDs)
	for _, x := range r.Recipients {
		fmt.Fprintf(&b, " | %s %s %s", strings.Join(x.Addresses, ","), x.State, x.Words)
	}
	return b.String()
}

func TestReadReport(t *testing.T) {
	const recipients = " | tc@sotc.example delivered 2.0.0 | kh+26dt@sotc.example,kh&dt@sotc.example,ai-do@noi-khac.example relayed 2.1.5" +
		" | khong-co@sotc.example failed 550 5.1.1 <khong-co@sotc.example>: No such user here | cham@sotc.example delayed 4.4.1"
	for name, want := range map[string]string{
		"delivery.eml":          "false [van-ban.1@sokhdt.example]" + recipients,
		"delivery-returned.eml": "false [van-ban.1@sokhdt.example]" + recipients,
		"delivery-utf8.eml":     "false [van-ban.1+40sokhdt.example van-ban.1@sokhdt.example] | kh&đt@tỉnh.example delivered 2.0.0",
		"receipt.eml":           "true [van-ban.1@sokhdt.example] | tc@sotc.example read ",
		"receipt-base64.eml":    "true [van-ban.1@sokhdt.example] | tc@sotc.example read ",
		"receipt-deleted.eml":   "", // deleted unread tells nothing
		"forwarded.eml":         "",
		"no-name.eml":           "",
	} {
		r, ok := ReadReport(reportFile(t, name))
		got := ""
		if ok {
			got = reportText(r)
		}
		if got != want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, want)
		}
	}
	for _, raw := range []string{"", "Subject: x\r\n\r\ndelivery-status\r\n", "Content-Type: message/delivery-status\r\n\r\n"} {
		if r, ok := ReadReport([]byte(raw)); ok {
			t.Errorf("%q is a report: %+v", raw, r)
		}
	}
}

// fit is what holds for every report that is read, whatever stands in it.
func fit(t *testing.T, r Report) {
	t.Helper()
	if len(r.Recipients) == 0 || len(r.Recipients) > maxReported || len(r.MessageIDs) == 0 || len(r.MessageIDs) > 20 {
		t.Errorf("%d recipients, %d names", len(r.Recipients), len(r.MessageIDs))
	}
	for _, x := range r.Recipients {
		if len([]rune(x.Words)) > 2*maxReportText || strings.ContainsFunc(x.Words, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }) {
			t.Errorf("words %q", x.Words)
		}
		if len(x.Addresses) == 0 || slices.ContainsFunc(x.Addresses, func(a string) bool { return ValidAddress(a) != nil }) {
			t.Errorf("addresses %q", x.Addresses)
		}
		switch x.State {
		case mail.DeliveryDelivered, mail.DeliveryRelayed, mail.DeliveryDelayed, mail.DeliveryFailed, mail.DeliveryRead:
		default:
			t.Errorf("state %q", x.State)
		}
	}
}

func TestHostileReports(t *testing.T) {
	many := "Content-Type: multipart/report; boundary=b1\r\n\r\n--b1\r\nContent-Type: message/delivery-status\r\n\r\nOriginal-Envelope-Id: a@b\r\n\r\n" +
		strings.Repeat("Final-Recipient: rfc822; tc@sotc.example\r\nAction: failed\r\n\r\n", 6000) + "--b1--\r\n"
	for name, want := range map[string]int{"hostile-words.eml": 3, "hostile-addresses.eml": 2, many: maxReported} {
		raw := []byte(name)
		if name != many {
			raw = reportFile(t, name)
		}
		r, ok := ReadReport(raw)
		if !ok || len(r.Recipients) != want {
			t.Errorf("%.30q: %v, %d recipients", name, ok, len(r.Recipients))
		}
		fit(t, r)
	}
}

func FuzzReadReport(f *testing.F) {
	files, err := filepath.Glob("testdata/report/*.eml")
	if err != nil {
		f.Fatal(err)
	}
	for _, p := range files {
		raw, err := os.ReadFile(p)
		if err != nil {
			f.Fatal(err)
		}
		if len(raw) < 8000 {
			f.Add(raw)
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if r, ok := ReadReport(raw); ok {
			fit(t, r)
		}
	})
}

// The mark of a document comes back as it was written; what is no mark is none.
func TestDocumentMark(t *testing.T) {
	mark := mail.DocumentMark{Kind: "Quyết định", Number: "10/2013/QĐ-UBND", Issued: parseDate("10 Jul 2013 00:00:00 +0700").In(mail.Zone), Urgency: 3, NoPaper: true}
	var b strings.Builder
	err := Write(&b, Draft{From: mail.Address{Addr: "a@b.example"}, Subject: "x", Date: mark.Issued, MessageID: "m@b", Header: DocumentFields(mark)})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Hopthu-Document-Date: 2013-07-10\r\n", "Hopthu-Urgency: hoa-toc\r\n", "X-Priority: 1\r\n", "Importance: high\r\n", "Hopthu-Document-Paper: no\r\n"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing in\n%s", want, b.String())
		}
	}
	var head mail.Head
	ReadHeader([]byte(b.String())).Fill(&head)
	if head.Document != mark || head.Priority != 2 {
		t.Errorf("%+v, priority %d", head.Document, head.Priority)
	}
	for in, want := range map[string]mail.DocumentMark{
		"Hopthu-Urgency: khan\r\n":                                   {Urgency: 1},
		"Hopthu-Urgency: rất gấp\r\n":                                {},
		"Hopthu-Document-Date: 0001-01-01\r\n":                       {},
		"Hopthu-Document-Date: hôm nay\r\n":                          {},
		"Hopthu-Document-Number: 1\x1b[2J/QĐ\r\n":                    {Number: "1 [2J/QĐ"},
		"Hopthu-Document-Kind: " + strings.Repeat("ế", 300) + "\r\n": {Kind: strings.Repeat("ế", 66)},
	} {
		var head mail.Head
		ReadHeader([]byte(in + "\r\n")).Fill(&head)
		if head.Document != want {
			t.Errorf("%q: %+v", in, head.Document)
		}
	}
}
