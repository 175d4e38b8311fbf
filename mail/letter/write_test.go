package letter

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"hopthu/mail"
)

func draft() Draft {
	return Draft{
		From:      mail.Address{Name: "Nguyễn Văn Hùng", Addr: "hungnv@ninhbinh.example"},
		To:        []mail.Address{{Name: `Sở "KH", ĐT`, Addr: "khdt@ninhbinh.example"}, {Addr: "a@b.example"}},
		Cc:        []mail.Address{{Name: "Tran (B)", Addr: "b@c.example"}},
		Subject:   "V/v báo cáo tình hình thực hiện kế hoạch sử dụng đất sáu tháng đầu năm của các huyện, thành phố",
		Body:      "Kính gửi anh,\n\nHộp thư.\n-- \nHùng",
		InReplyTo: "i@x", References: []string{"r1@x", "r2@x"}, MessageID: "m@ninhbinh.example",
		Date: time.Date(2024, 5, 6, 7, 8, 9, 0, mail.Zone),
	}
}

func file(name, media, data string) File {
	return File{Name: name, Type: media, Size: int64(len(data)), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(data)), nil
	}}
}

func written(t *testing.T, d Draft) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, d); err != nil {
		t.Fatal(err)
	}
	raw := b.Bytes()
	for _, line := range strings.SplitAfter(string(raw), "\r\n") {
		body, ok := strings.CutSuffix(line, "\r\n")
		if line != "" && !ok || strings.ContainsAny(body, "\r\n") {
			t.Fatalf("line end in %q", line)
		}
		if len(body) > 76 {
			t.Errorf("%d octets in line %q", len(body), body)
		}
	}
	if !ascii(raw) && !d.UTF8 {
		t.Error("octets above 127")
	}
	return raw
}

func TestWriteParsesBack(t *testing.T) {
	d := draft()
	d.Sender = &mail.Address{Name: "Văn thư", Addr: "vt@ninhbinh.example"}
	big := strings.Repeat("0123456789", 10000)
	d.Attachments = []File{
		file("báo cáo tình hình thực hiện kế hoạch sử dụng đất sáu tháng đầu năm.pdf", "application/pdf", "%PDF-1.4\n"),
		file("a\"b.bin", "bad type\r\nX: y", big), file("ba\u0301o.txt", "text/plain", ""),
		file("thu.eml", "message/rfc822", "Subject: x\nFrom: a@b\n\nbody\n"),
		file("thu8.eml", "message/rfc822", "Subject: ộ\n\nbody\n"),
	}
	d.Header = []mail.Field{{Name: "Hopthu-Urgency", Value: "khan"}, {Name: "Bcc", Value: "secret@x"}, {Name: "resent-bcc", Value: "secret@x"}}
	raw := written(t, d)
	l := Parse(raw)
	if bytes.Contains(raw, []byte("secret")) || len(l.Bcc) > 0 {
		t.Error("Bcc was written")
	}
	if l.Subject != d.Subject || l.MessageID != d.MessageID || !l.Date.Equal(d.Date) || l.Priority != 1 {
		t.Errorf("head %+v", l.Head)
	}
	if got, want := showAddresses(slices.Concat(l.From, l.To, l.Cc)), showAddresses(slices.Concat([]mail.Address{d.From}, d.To, d.Cc)); got != want {
		t.Errorf("addresses %s, want %s", got, want)
	}
	if l.Sender != *d.Sender || strings.Join(l.References, " ") != "r1@x r2@x" || strings.Join(l.InReplyTo, " ") != "i@x" {
		t.Errorf("sender %v, references %v, %v", l.Sender, l.References, l.InReplyTo)
	}
	if got := show(l.Paras[:5]); got != "Kính gửi anh,||Hộp thư.|--|Hùng" {
		t.Errorf("text %q", got)
	}
	names := []string{"báo cáo tình hình thực hiện kế hoạch sử dụng đất sáu tháng đầu năm.pdf", "a_b.bin", "báo.txt", "thu.eml", "thu8.eml"}
	types := []string{"application/pdf", "application/octet-stream", "text/plain", "message/rfc822", "application/octet-stream"}
	if len(l.Parts) != len(names) {
		t.Fatalf("parts %+v", l.Parts)
	}
	for i, p := range l.Parts {
		if p.Name != names[i] || p.Declared != types[i] || p.Broken {
			t.Errorf("part %+v", p)
		}
	}
	if l.Parts[1].Size != int64(len(big)) || l.Parts[2].Size != 0 || len(l.Defects) > 0 {
		t.Errorf("sizes %d %d, defects %v", l.Parts[1].Size, l.Parts[2].Size, l.Defects)
	}
	// the old form of the name alone must read as well
	if h := ReadHeader(raw); NeedsUTF8(raw) || h.Get("MIME-Version") != "1.0" {
		t.Error("header")
	}
	s := ReadStructure(raw)
	if old, _ := decodeWords([]byte(s.Parts[1].Params[0].Value)); old != names[0] {
		t.Errorf("name in the old form %q", old)
	}
	if !bytes.Equal(raw, written(t, d)) {
		t.Error("the same draft gives other octets")
	}
}

func TestWriteEncodings(t *testing.T) {
	tests := []struct{ body, encoding string }{
		{"hello\n", "7bit"},
		{"", "7bit"},
		{"From here\n", "quoted-printable"},
		{"blank at end \n", "quoted-printable"},
		{"=_ in it\n", "quoted-printable"},
		{strings.Repeat("x", 2000), "quoted-printable"},
		{"Kính gửi anh chị em trong phòng, mời dự họp lúc tám giờ.", "base64"},
		{"Tran Van Hùng, 12 Le Hong Phong street, tel. 0123 456 789.", "quoted-printable"},
		{strings.Repeat("вести по-русски ", 20), "base64"},
		{"a\x00b\x1b[31m", "quoted-printable"},
		{"e\u0302\u0301 \xff", "base64"},
		{".\n..\n", "7bit"},
	}
	for _, tt := range tests {
		d := draft()
		d.Body = tt.body
		raw := written(t, d)
		if got := ReadHeader(raw).Get("Content-Transfer-Encoding"); got != tt.encoding {
			t.Errorf("%.20q: %s, want %s", tt.body, got, tt.encoding)
		}
		r, err := OpenPart(raw, "1")
		if err != nil {
			t.Fatal(err)
		}
		back, err := io.ReadAll(r)
		if err != nil || string(back) != crlfText(tt.body) {
			t.Errorf("%.20q came back as %.60q, %v", tt.body, back, err)
		}
	}
}

func TestWriteCannotBeInjected(t *testing.T) {
	evil := "x\r\nBcc: evil@x\r\n\r\nbody\x00\x1b\u2028y"
	d := draft()
	d.Subject, d.From.Name, d.To[0].Name = evil, evil, evil
	d.MessageID, d.InReplyTo, d.References = "a\r\nBcc: evil@x", "b>\r\nBcc: evil@x", []string{"ok@x", "c d", "<e@f>"}
	d.Header = []mail.Field{{Name: "X-A", Value: evil}}
	d.Attachments = []File{file(evil, "text/plain\r\nBcc: evil@x", "x")}
	raw := written(t, d)
	if ReadHeader(raw).count("Bcc") > 0 || len(Parse(raw).Bcc) > 0 || bytes.Contains(raw, []byte("\nBcc")) {
		t.Errorf("injected:\n%s", raw)
	}
	if l := Parse(raw); l.MessageID != "" || strings.Join(l.References, " ") != "ok@x e@f" {
		t.Errorf("ids %q %q", l.MessageID, l.References)
	}
	for _, name := range []string{"X A", "X:A", "", "X\r\nBcc", "Đ"} {
		d := draft()
		d.Header = []mail.Field{{Name: name, Value: "x"}}
		if err := Write(io.Discard, d); err == nil {
			t.Errorf("field name %q was taken", name)
		}
	}
}

func TestWriteFaults(t *testing.T) {
	set := map[string]func(*Draft){
		"bad address":  func(d *Draft) { d.To[0].Addr = "a@x> BODY=7BIT" },
		"utf8 address": func(d *Draft) { d.To[0].Addr = "kh&đt@x.example" },
		"no from":      func(d *Draft) { d.From.Addr = "" },
	}
	for name, f := range set {
		d := draft()
		f(&d)
		if err := Write(io.Discard, d); mail.KindOf(err) != mail.BadAddress {
			t.Errorf("%s: %v", name, err)
		}
	}
	broken := errors.New("broken disk")
	for name, f := range map[string]File{
		"cannot open": {Open: func() (io.ReadCloser, error) { return nil, broken }},
		"cannot read": {Open: func() (io.ReadCloser, error) { return io.NopCloser(iotest.ErrReader(broken)), nil }},
		"letter":      {Type: "message/rfc822", Open: func() (io.ReadCloser, error) { return nil, broken }},
	} {
		d := draft()
		d.Attachments = []File{f}
		if err := Write(io.Discard, d); !errors.Is(err, broken) {
			t.Errorf("%s: %v", name, err)
		}
	}
	d := draft()
	f := file("a", "", "xyz")
	f.Size = 2
	d.Attachments = []File{f}
	if err := Write(io.Discard, d); err == nil {
		t.Error("a file that changed was sent")
	}
	d.Attachments, d.Date = nil, time.Time{}
	if err := Write(io.Discard, d); err == nil {
		t.Error("no date")
	}
	r, w := io.Pipe()
	if err := errors.Join(r.Close(), w.CloseWithError(broken)); err != nil {
		t.Fatal(err)
	}
	if err := Write(w, draft()); err == nil {
		t.Error("a failing writer went unnoticed")
	}
}

func TestWriteUTF8Address(t *testing.T) {
	d := draft()
	d.UTF8 = true
	d.To[0].Addr = "kh&đt@ninhbinh.example"
	raw := written(t, d)
	if !NeedsUTF8(raw) {
		t.Error("SMTPUTF8 not seen")
	}
	if l := Parse(raw); l.To[0] != d.To[0] {
		t.Errorf("to %+v", l.To)
	}
	d.To, d.Cc = nil, nil
	if raw := written(t, d); !bytes.Contains(raw, []byte("To: undisclosed-recipients:;\r\n")) || len(Parse(raw).To) != 0 {
		t.Error("no recipients")
	}
}

func TestCanonicalCRLF(t *testing.T) {
	tests := []struct{ in, want string }{
		{"a\nb\rc\r\nd", "a\r\nb\r\nc\r\nd"},
		{"a\r\r\nb\n\rc\r", "a\r\nb\r\n\r\nc\r\n"},
		{"\n.\n", "\r\n.\r\n"},
		{"", ""},
		{strings.Repeat("x\n", 40000), strings.Repeat("x\r\n", 40000)},
	}
	for _, tt := range tests {
		for name, r := range map[string]io.Reader{"whole": strings.NewReader(tt.in), "bytewise": iotest.OneByteReader(strings.NewReader(tt.in))} {
			b, err := io.ReadAll(CanonicalCRLF(r))
			if err != nil || string(b) != tt.want {
				t.Errorf("%.20q %s: %.40q %v", tt.in, name, b, err)
			}
		}
	}
}

func TestSubjects(t *testing.T) {
	tests := []struct{ in, reply, forward string }{
		{"Họp", "Re: Họp", "Fwd: Họp"},
		{"Re: RE : re[2]: TL: Họp", "Re: Họp", "Fwd: Re: RE : re[2]: TL: Họp"},
		{"Trả lời: Họp", "Re: Họp", "Fwd: Trả lời: Họp"},
		{"Fwd: FW: Tr: Họp", "Re: Fwd: FW: Tr: Họp", "Fwd: Họp"},
		{"V/v: họp", "Re: V/v: họp", "Fwd: V/v: họp"},
		{"", "Re:", "Fwd:"},
		{"Re:", "Re:", "Fwd: Re:"},
	}
	for _, tt := range tests {
		if got := ReplySubject(tt.in); got != tt.reply {
			t.Errorf("ReplySubject(%q) = %q", tt.in, got)
		}
		if got := ForwardSubject(tt.in); got != tt.forward {
			t.Errorf("ForwardSubject(%q) = %q", tt.in, got)
		}
	}
}

func TestQuoteReply(t *testing.T) {
	l := &mail.Letter{
		Head:  mail.Head{From: []mail.Address{{Name: "Trần B", Addr: "b@x"}}, Date: time.Date(2024, 5, 6, 0, 8, 0, 0, time.UTC)},
		Paras: []mail.Para{{Text: strings.Repeat("chữ ", 30)}, {}, {Quote: 1, Text: "cũ"}, {Kind: mail.ParaRule}, {Kind: mail.ParaPre, Text: "a\nb"}},
	}
	want := "Ngày 06/05/2024 07:08, Trần B viết:\n> " + strings.TrimSpace(strings.Repeat("chữ ", 18)) + "\n> " +
		strings.TrimSpace(strings.Repeat("chữ ", 12)) + "\n>\n>> cũ\n> ----------\n> a\n> b\n"
	if got := QuoteReply(l, "vi"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := QuoteReply(l, "en"); !strings.HasPrefix(got, "On 6 May 2024 at 07:08, Trần B wrote:\n") {
		t.Errorf("got %q", got)
	}
}

func TestNewMessageID(t *testing.T) {
	rnd := strings.NewReader(strings.Repeat("k", 48))
	if got := NewMessageID("ninhbinh.example", rnd); got != strings.Repeat("6b", 16)+"@ninhbinh.example" {
		t.Errorf("%q", got)
	}
	if got := NewMessageID("ví-dụ.vn", rnd); !strings.HasSuffix(got, "@xn--v-d-rma6749a.vn") {
		t.Errorf("%q", got)
	}
	if got := NewMessageID("a b\r\n", rnd); !strings.HasSuffix(got, "@localhost") {
		t.Errorf("%q", got)
	}
	if got := NewMessageID("x", rnd); got != "" {
		t.Errorf("no randomness, but %q", got)
	}
}
