package letter

import (
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
)

func TestReadHeaderNeverLosesFields(t *testing.T) {
	tests := []struct {
		name, block string
		fields      string // names and values that must be read
		body        string
		defects     string
	}{
		{"plain", "A: 1\r\nB: 2\r\n\r\nbody", "A=1|B=2", "body", ""},
		{"lf", "A: 1\nB: 2\n\nbody", "A=1|B=2", "body", ""},
		{"mixed ends", "A: 1\r\r\nB: 2\nC: 3\r\n\nbody", "A=1|B=2|C=3", "body", ""},
		{"cr only", "A: 1\rB: 2\r\rbody\rmore", "A=1|B=2", "body\rmore", ""},
		{"folded", "A: 1\r\n\t2\r\n  3\r\nB: x\r\n\r\n", "A=1 2 3|B=x", "", ""},
		{"no colon", "A: 1\r\nthis is no field\r\nB: 2\r\n\r\nbody", "A=1|=this is no field|B=2", "body", "bad-header"},
		{"mbox", "From a@b Mon Jan  1 00:00:00 2024\r\nA: 1\r\n\r\nbody", "A=1", "body", "mbox-from"},
		{"leading blank", "\r\n\r\nSubject: 1\r\n\r\nbody", "Subject=1", "body", "leading-blank"},
		{"empty header", "\r\nhello: body\r\n", "", "hello: body\r\n", ""},
		{"space before colon", "A : 1\r\n\r\n", "A=1", "", ""},
		{"8-bit", "Tên: Đỗ\r\nSubject: Hộp thư\r\n\r\n", "Tên=Đỗ|Subject=Hộp thư", "", ""},
		{"no end", "A: 1\r\nB: 2\r\nhello there\r\nmore", "A=1|B=2", "hello there\r\nmore", "no-header-end"},
		{"only body", "hello\r\n\r\nworld", "", "hello\r\n\r\nworld", "no-header"},
		{"no final end", "A: 1", "A=1", "", "no-header-end"},
		{"bom", "\xef\xbb\xbfA: 1\r\n\r\nx", "A=1", "x", ""},
		{"empty", "", "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := ReadHeader([]byte(tt.block))
			var got []string
			for _, f := range h.Fields() {
				got = append(got, f.Name+"="+f.Value)
			}
			if s := strings.Join(got, "|"); s != tt.fields {
				t.Errorf("fields %q, want %q", s, tt.fields)
			}
			if s := tt.block[h.end:]; s != tt.body {
				t.Errorf("body %q, want %q", s, tt.body)
			}
			if s := strings.Join(h.Defects(), " "); s != tt.defects {
				t.Errorf("defects %q, want %q", s, tt.defects)
			}
		})
	}
}

func TestManyFieldsStayQuick(t *testing.T) {
	block := strings.Repeat("X-Junk: 1\r\n", 30000) + "Subject: s\r\n\r\nbody"
	h := ReadHeader([]byte(block))
	if len(h.fields) != maxFields || block[h.end:] != "body" {
		t.Errorf("fields %d, body %q", len(h.fields), block[h.end:])
	}
}

func TestRawIsVerbatim(t *testing.T) {
	h := ReadHeader([]byte("a:  1\n b\r\nSubject: x\n\n"))
	if s := string(h.Raw("A")); s != "a:  1\n b\r\n" {
		t.Errorf("raw %q", s)
	}
	if h.Raw("none") != nil || h.Get("none") != "" || h.All("none") != nil {
		t.Error("absent field is not empty")
	}
}

func TestDecodeWords(t *testing.T) {
	tests := []struct{ in, want string }{
		{"plain", "plain"},
		{"=?utf-8?q?H=E1=BB=99p_th=C6=B0?=", "Hộp thư"},
		{"=?UTF-8?B?SOG7mXAgdGjGsA==?=", "Hộp thư"},
		{"=?UTF-8?B?SOG7mXAgdGjGsA?=", "Hộp thư"},
		{"=?utf-8?q?H=E1=BB?= =?utf-8?q?=99p?=", "Hộp"}, // a letter cut in two
		{"=?utf-8?B?SOG7?=\t=?UTF-8?q?=99p?=", "Hộp"},
		{"=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"},
		{"=?utf-8?q?a?= =?iso-8859-1?q?=E9?=", "aé"},
		{"=?utf-8?q?a b?=", "a b"},
		{"x=?utf-8?q?a?=y", "xay"},
		{"=?utf-8*vi?q?a?=", "a"},
		{"=?utf-8?x?a?=", "=?utf-8?x?a?="},
		{"=?utf-8?q?abc", "=?utf-8?q?abc"},
		{"a =? b =?utf-8?q?c?=", "a =? b c"},
		{"=?utf-8?q?e?= =?us-ascii?q?x?=", "ex"},
		{"=?utf-8?q?e=CC=81?=", "é"},
		{"=?windows-1258?q?S=F5=D2?=", "Sở"},
		{"", ""},
	}
	for _, tt := range tests {
		if got, _ := decodeWords([]byte(tt.in)); got != tt.want {
			t.Errorf("decodeWords(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestParseAddressList(t *testing.T) {
	tests := []struct{ in, want, bad string }{
		{"a@b.vn", "<a@b.vn>", ""},
		{"A B <a@b.vn>, c@d", "A B<a@b.vn> <c@d>", ""},
		{`"B, A" <a@b>`, "B, A<a@b>", ""},
		{`"q \"x\" y" <a@b>`, `q "x" y<a@b>`, ""},
		{"=?utf-8?q?S=E1=BB=9F?= KH&ĐT <kh&đt@ninhbinh.gov.vn>", "Sở KH&ĐT<kh&đt@ninhbinh.gov.vn>", ""},
		{`"kh&đt"@x.vn`, "<kh&đt@x.vn>", ""},
		{`"a b"@x.vn`, `<"a b"@x.vn>`, ""},
		{"a@b (Nguyễn A)", "Nguyễn A<a@b>", ""},
		{"(x) A (y) <a@b> (z)", "A<a@b>", ""},
		{"Ban: a@b, C <c@d>; e@f", "Ban/<a@b> Ban/C<c@d> <e@f>", ""},
		{"undisclosed-recipients:;", "", ""},
		{"a@b; c@d", "<a@b> <c@d>", ""},
		{"x, a@b, <>, y@, c@d", "<a@b> <c@d>", "x|<>|y@"},
		{"Alice <Alice <a@x>>", "Alice Alice<a@x>", ""},
		{"<@r1,@r2:a@b>", "<a@b>", ""},
		{"a..b@c", "<a..b@c>", ""},
		{"<a@b> Tên", "Tên<a@b>", ""},
		{"Tên a@b", "Tên<a@b>", ""},
		{"a@b c@d", "<a@b> <c@d>", ""},
		{"'A B' <a@b>", "A B<a@b>", ""},
		{"a @ b", "<a@b>", ""},
		{"mailto:a@b", "<a@b>", ""},
		{"a@b\nc@d", "<a@b> <c@d>", ""},
		{"Ti\u00ea\u0301n <e\u0302@b>", "Tiến<ê@b>", ""},
		{"\"open <a@b>, c@d", "\"open<a@b> <c@d>", ""},
		{"(open <a@b>, c@d", "(open<a@b> <c@d>", ""},
		{"", "", ""},
		{",,;,", "", ""},
	}
	for _, tt := range tests {
		list, bad := ParseAddressList(tt.in)
		if got := showAddresses(list); got != tt.want {
			t.Errorf("ParseAddressList(%q) = %s, want %s", tt.in, got, tt.want)
		}
		if got := strings.Join(bad, "|"); got != tt.bad {
			t.Errorf("ParseAddressList(%q) bad %q, want %q", tt.in, got, tt.bad)
		}
		for _, a := range list {
			back, bad := ParseAddressList(FormatAddress(a))
			a.Group = ""
			if len(back) != 1 || back[0] != a || bad != nil {
				t.Errorf("%q does not come back: %+v %q", FormatAddress(a), back, bad)
			}
		}
	}
}

func showAddresses(list []mail.Address) string {
	var out []string
	for _, a := range list {
		s := a.Name + "<" + a.Addr + ">"
		if a.Group != "" {
			s = a.Group + "/" + s
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func TestReceivedNamesWithCommas(t *testing.T) {
	h := ReadHeader([]byte("To: Nguyen, Van A <a@b>, c@d, garbage\n\n"))
	list, bad := h.Addresses("To")
	if got := showAddresses(list); got != "Nguyen, Van A<a@b> <c@d>" || len(bad) != 1 {
		t.Errorf("%s %q", got, bad)
	}
	h = ReadHeader([]byte("From: =?utf-8?q?boss=40x=3E=2C_=3Cboss=40x=3E=2C_=22?= <me@x>\n\n"))
	if list, _ := h.Addresses("From"); len(list) != 1 || list[0].Addr != "me@x" {
		t.Errorf("an encoded word made addresses: %s", showAddresses(list))
	}
}

func TestValidAddress(t *testing.T) {
	good := []string{"a@b", "a.b+c@x.vn", "hungtv.kh&đt@ninhbinh.gov.vn", "kh&dt@ví-dụ.vn", "a@[127.0.0.1]", "a@[IPv6:::1]", "o'x@b.c"}
	for _, s := range good {
		if err := ValidAddress(s); err != nil {
			t.Errorf("%q: %v", s, err)
		}
	}
	bad := []string{
		"", "a", "@b", "a@", "a b@c", `"a b"@c`, "a>@c", "a@c>", "a@c d", "a\r\n@c", "a@b\r\nX: y", "a\x00@b", "a\x1b@b",
		"\xff@b", "a..b@c", ".a@b", "a.@b", "a@b..c", "a@-b", "a@b-", "e\u0302@b", "a\u202e@b", "a\u200b@b", "a@b@c", "a@[300.1.1.1]",
		"a@b_c", "a,b@c", strings.Repeat("a", 65) + "@b", "a@" + strings.Repeat("b", 64), "\u00a0a@b", "a@b.",
	}
	for _, s := range bad {
		if err := ValidAddress(s); mail.KindOf(err) != mail.BadAddress {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func TestParseDate(t *testing.T) {
	tests := []struct{ in, want string }{
		{"Mon, 6 May 2024 07:08:09 +0700", "2024-05-06T07:08:09+07:00"},
		{"6 May 24 07:08 GMT", "2024-05-06T07:08:00Z"},
		{"Mon May  6 07:08:09 2024", "2024-05-06T07:08:09Z"},
		{"2024-05-06T07:08:09+07:00", "2024-05-06T07:08:09+07:00"},
		{"2024-05-06 07:08:09 -0330", "2024-05-06T07:08:09-03:30"},
		{"2024-05-06T07:08:09Z", "2024-05-06T07:08:09Z"},
		{"Mon, 06-May-2024 07:08:09 EST", "2024-05-06T07:08:09-05:00"},
		{"6 May 2024 07:08:09 +0700 (ICT)", "2024-05-06T07:08:09+07:00"},
		{"Monday, May 6, 2024 7:08:09 PM", "2024-05-06T19:08:09Z"},
		{"6 May 2024", "2024-05-06T00:00:00Z"},
		{"6 May 2024 7:08:09 +9999", "2024-05-06T07:08:09Z"},
		{"1 Jan 0000 00:00:00 +0000", ""},
		{"1 Jan 9999 00:00:00 +0000", ""},
		{"32 May 2024 07:08:09", ""},
		{"6 May 2024 25:61:00", ""},
		{"hôm qua", ""},
		{"", ""},
		{"6 6 6 6 6", ""},
		{"- : + 1", ""},
	}
	for _, tt := range tests {
		got := ""
		if d := parseDate(tt.in); !d.IsZero() {
			got = d.Format(time.RFC3339)
		}
		if got != tt.want {
			t.Errorf("parseDate(%q) = %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestParseIDs(t *testing.T) {
	tests := []struct{ in, want string }{
		{"<a@b>", "[a@b]"},
		{"<a@b> garbage <c@d>", "[a@b c@d]"},
		{"<a@b><c@d>,<e@f>", "[a@b c@d e@f]"},
		{"a@b", "[a@b]"},
		{"<a @ b>", "[a@b]"},
		{"<a@b <c@d>", "[c@d]"},
		{"<>", "[]"},
		{"your message of Monday", "[]"},
		{"<a\x01@b>", "[]"},
		{"<open", "[]"},
	}
	for _, tt := range tests {
		if got := fmt.Sprint(parseIDs(tt.in)); got != tt.want {
			t.Errorf("parseIDs(%q) = %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestFill(t *testing.T) {
	block := "From: A <a@x>\r\nFrom: B <b@x>\r\nSender: S <s@x>\r\nReply-To: r@x\r\nTo: t@x, bad, u@x\r\nCc: c@x\r\n" +
		"Subject: [HỎA TỐC] Báo cáo\r\nMessage-ID: <m@x>\r\nIn-Reply-To: <i@x>\r\nReferences: <1@x>\r\n <2@x>\r\n" +
		"Date: Mon, 6 May 2024 07:08:09 +0700\r\nAuto-Submitted: auto-replied\r\n\r\n"
	var h mail.Head
	h.ID, h.Attachments = 7, -1
	ReadHeader([]byte(block)).Fill(&h)
	want := mail.Head{
		ID: 7, Attachments: -1, Date: h.Date, From: []mail.Address{{Name: "A", Addr: "a@x"}, {Name: "B", Addr: "b@x"}},
		Sender: mail.Address{Name: "S", Addr: "s@x"}, ReplyTo: []mail.Address{{Addr: "r@x"}},
		To: []mail.Address{{Addr: "t@x"}, {Addr: "u@x"}}, Cc: []mail.Address{{Addr: "c@x"}}, Subject: "[HỎA TỐC] Báo cáo",
		MessageID: "m@x", InReplyTo: []string{"i@x"}, References: []string{"1@x", "2@x"}, Automatic: true, Priority: 2,
	}
	if !reflect.DeepEqual(h, want) {
		t.Errorf("got  %+v\nwant %+v", h, want)
	}
	if h.Date.Unix() != 1714954089 {
		t.Errorf("date %v", h.Date)
	}
}

func TestAutomaticAndPriority(t *testing.T) {
	tests := []struct {
		block     string
		automatic bool
		priority  int
	}{
		{"Auto-Submitted: no", false, 0},
		{"Auto-Submitted: auto-generated; x", true, 0},
		{"List-Id: <l.x>", true, 0},
		{"Precedence: Bulk", true, 0},
		{"Return-Path: <>", true, 0},
		{"Return-Path: <a@b>", false, 0},
		{"Content-Type: multipart/report; boundary=x", true, 0},
		{"Auto-Submitted: auto-replied", true, 0},
		{"Auto-Submitted: auto-notified; owner-email=\"a@x.example\"", true, 0},
		{"Auto-Submitted: no (typed by hand)", false, 0},
		{"Auto-Submitted:", false, 0},
		{"List-Subscribe: <mailto:vao@x.example>", true, 0},
		{"List-Unsubscribe: <https://x.example/huy>", true, 0},
		{"List-Post: NO", true, 0},
		{"Precedence: list", true, 0},
		{"Precedence: junk", true, 0},
		{"Precedence: auto_reply", true, 0},
		{"Precedence: first-class", false, 0},
		{"X-Autoreply: yes", true, 0},
		{"X-Autorespond: Vắng mặt", true, 0},
		{"X-Auto-Response-Suppress: All", false, 0}, // asks machines not to answer; a person may have written it
		{"X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply", false, 0},
		{"Return-Path: < >", true, 0},
		{"Content-Type: multipart/report; report-type=disposition-notification; boundary=x", true, 0},
		{"Content-Type: message/disposition-notification", true, 0},
		{"Content-Type: message/delivery-status", true, 0},
		{"Content-Type: text/calendar; method=REPLY; charset=utf-8", true, 0},
		{"Content-Type: text/calendar;\r\n charset=\"utf-8\"; method=\"Reply\"", true, 0},
		{"Content-Type: text/calendar; method=REQUEST", false, 0}, // an invitation awaits an answer
		{"Content-Type: text/plain", false, 0},
		{"Disposition-Notification-To: a@x.example", false, 0}, // he asks to be told; he did write it
		{"X-Priority: 1 (Highest)", false, 1},
		{"X-Priority: 3", false, 0},
		{"Importance: High", false, 1},
		{"Subject: Khẩn: họp", false, 1},
		{"Subject: Khẩn trương báo cáo", false, 0},
		{"Subject: KHẨN báo cáo", false, 1},
		{"Subject: Thượng khẩn", false, 2},
		{"Hopthu-Urgency: hoa-toc", false, 2},
	}
	for _, tt := range tests {
		var h mail.Head
		ReadHeader([]byte(tt.block + "\r\n\r\n")).Fill(&h)
		if h.Automatic != tt.automatic || h.Priority != tt.priority {
			t.Errorf("%q: automatic %v, priority %d", tt.block, h.Automatic, h.Priority)
		}
	}
}

// TestHeadFields: a header with the fields that HeadFields names tells a head all that the whole one does.
func TestHeadFields(t *testing.T) {
	names := map[string]bool{}
	for _, n := range HeadFields() {
		names[strings.ToLower(n)] = true
	}
	var asked []string
	src, err := os.ReadFile("fill.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`h\.(?:first|count|addresses|ids|all)\("([A-Za-z-]+)"\)`).FindAllStringSubmatch(string(src), -1) {
		asked = append(asked, m[1])
	}
	if len(asked) < 10 {
		t.Fatalf("only %q", asked)
	}
	for _, n := range append(asked, automaticFields...) {
		if !names[strings.ToLower(n)] {
			t.Errorf("%s is read and not named", n)
		}
	}
}
