package letter

import (
	"fmt"
	"strings"
	"testing"
)

func TestSection(t *testing.T) {
	raw := crlf(mixed)
	inner := "Subject: trong\r\nFrom: B <b@x>\r\nContent-Type: multipart/mixed; boundary=in\r\n\r\n"
	innerText := "--in\r\n\r\nthân\r\n--in\r\nContent-Type: image/png; name=x.png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--in--"
	head := "From: A <a@x>\r\nDate: Mon, 6 May 2024 07:08:09 +0700\r\nContent-Type: multipart/mixed; boundary=outer\r\n\r\n"
	tests := []struct{ path, spec, want string }{
		{"", "", string(raw)},
		{"", "HEADER", head},
		{"", "TEXT", string(raw)[len(head):]},
		{"", "header.fields (date X-None)", "Date: Mon, 6 May 2024 07:08:09 +0700\r\n\r\n"},
		{"", `HEADER.FIELDS.NOT ("Date" From)`, "Content-Type: multipart/mixed; boundary=outer\r\n\r\n"},
		{"2", "", "JVBERi0xLjQKJcOkw7zDtsOf"},
		{"1.1", "MIME", "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"},
		{"1.2", "", "<p>HTML</p>"},
		{"3", "", inner + innerText},
		{"3", "MIME", "Content-Type: message/rfc822\r\n\r\n"},
		{"3", "HEADER", inner},
		{"3", "TEXT", innerText},
		{"3", "HEADER.FIELDS (SUBJECT)", "Subject: trong\r\n\r\n"},
		{"3.1", "", "thân"},
		{"3.1", "MIME", "\r\n"},
		{"3.2", "", "iVBORw0KGgo="},
	}
	for _, tt := range tests {
		got, ok := Section(raw, tt.path, tt.spec)
		if !ok || string(got) != tt.want {
			t.Errorf("BODY[%s.%s] = %q %v, want %q", tt.path, tt.spec, got, ok, tt.want)
		}
	}
	for _, tt := range []struct{ path, spec string }{{"4", ""}, {"2", "HEADER"}, {"1", "TEXT"}, {"", "MIME"}, {"", "NONSENSE"}, {"0", ""}, {"x", ""}, {"2.1", ""}} {
		if got, ok := Section(raw, tt.path, tt.spec); ok {
			t.Errorf("BODY[%s.%s] = %q", tt.path, tt.spec, got)
		}
	}
}

func TestSectionOfSimpleLetter(t *testing.T) {
	for _, raw := range []string{
		"Subject: x\r\nno colon here\r\n\r\nbody\r\n", "From a@b Mon\nSubject: x\n\nbody", "Subject: x\r\rbody\r", "Tên: x\r\n\r\nbody",
		"\r\n\r\nSubject: x\r\n\r\nbody", "only body", "Subject: only header", "",
	} {
		all, _ := Section([]byte(raw), "", "")
		head, _ := Section([]byte(raw), "", "HEADER")
		text, _ := Section([]byte(raw), "", "TEXT")
		one, ok := Section([]byte(raw), "1", "")
		if string(all) != raw || string(head)+string(text) != raw || !ok || string(one) != string(text) {
			t.Errorf("%q: all %q, head %q, text %q, part 1 %q", raw, all, head, text, one)
		}
	}
}

// list writes a structure in the form of RFC 9051's examples, shortened.
func (s *Structure) list() string {
	switch {
	case len(s.Parts) > 0:
		var parts []string
		for _, p := range s.Parts {
			parts = append(parts, p.list())
		}
		return "(" + strings.Join(parts, "") + " " + s.Subtype + ")"
	case s.Message != nil:
		return fmt.Sprintf("(%s/%s %d %s %s)", s.Type, s.Subtype, s.Size, s.Message.Envelope.Subject, s.Message.list())
	}
	return fmt.Sprintf("(%s/%s %v %s %d %d)", s.Type, s.Subtype, s.Params, s.Encoding, s.Size, s.Lines)
}

func TestReadStructure(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"mixed", mixed, "(((text/plain [{charset utf-8}] quoted-printable 47 0)(text/html [] 7bit 11 0)(text/calendar [{method REQUEST}] 7bit 15 0)" +
			" alternative)(application/pdf [{name a.pdf}] base64 24 0)(message/rfc822 192 trong ((text/plain [] 7bit 5 0)(image/png [{name x.png}] base64 12 0) mixed)) mixed)"},
		{"empty multipart", "Content-Type: multipart/mixed; boundary=b\n\nabc\n", "(text/plain [] 7bit 5 1)"},
		{"no boundary", "Content-Type: multipart/mixed\n\nabc\n", "(text/plain [] 7bit 5 1)"},
		{"bad type", "Content-Type: garbage\n\nabc", "(text/plain [] 7bit 3 0)"},
		{"empty", "", "(text/plain [] 7bit 0 0)"},
		{"digest", "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: s\n\nx\n--b--\n", "((message/rfc822 15 s (text/plain [] 7bit 1 0)) digest)"},
	}
	for _, tt := range tests {
		if got := ReadStructure(crlf(tt.in)).list(); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

func TestEnvelope(t *testing.T) {
	e := ReadStructure(crlf("Date: any thing\nSubject: =?utf-8?q?=E1?=\n raw\nFrom: =?utf-8?q?A?= <\"a b\"@x>, bad\nTo: G: b@x, c@x;\nCc: undisclosed:;\nMessage-ID: <m>\n\n")).Envelope
	if e.Date != "any thing" || e.Subject != "=?utf-8?q?=E1?= raw" || e.MessageID != "<m>" || e.HasInReplyTo {
		t.Errorf("%+v", e)
	}
	got := fmt.Sprintf("%q", [][]EnvelopeAddress{e.From, e.Sender, e.To, e.Cc, e.Bcc})
	want := `[[{"=?utf-8?q?A?=" "a b" "x"} {"" "bad" "missing.domain"}] [{"=?utf-8?q?A?=" "a b" "x"} {"" "bad" "missing.domain"}] ` +
		`[{"" "G" ""} {"" "b" "x"} {"" "c" "x"} {"" "" ""}] [{"" "undisclosed" ""} {"" "" ""}] []]`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
