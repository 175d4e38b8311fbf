package letter

import (
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"hopthu/mail"
)

func crlf(s string) []byte { return []byte(strings.ReplaceAll(s, "\n", "\r\n")) }

const mixed = `From: A <a@x>
Date: Mon, 6 May 2024 07:08:09 +0700
Content-Type: multipart/mixed; boundary=outer

preamble
--outer
Content-Type: multipart/alternative; boundary="outer2"

--outer2
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

K=C3=ADnh g=E1=BB=ADi anh, m=E1=BB=9Di anh xem.
--outer2
Content-Type: text/html

<p>HTML</p>
--outer2
Content-Type: text/calendar; method=REQUEST

BEGIN:VCALENDAR
--outer2--
--outer
Content-Type: application/pdf; name="a.pdf"
Content-Disposition: attachment; filename*0*=utf-8''b%C3%A1o; filename*1="_cao.pdf"
Content-Transfer-Encoding: base64

JVBERi0xLjQKJcOkw7zDtsOf
--outer
Content-Type: message/rfc822

Subject: trong
From: B <b@x>
Content-Type: multipart/mixed; boundary=in

--in

thân
--in
Content-Type: image/png; name=x.png
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--in--
--outer--
epilogue
`

func TestParseMixed(t *testing.T) {
	l := Parse(crlf(mixed))
	if got, want := show(l.Paras), "Kính gửi anh, mời anh xem.|R:|H:>trong|>B <b@x>|>|>thân"; got != want {
		t.Errorf("text %q, want %q", got, want)
	}
	var got []string
	for _, p := range l.Parts {
		got = append(got, p.Path+" "+p.Name+" "+p.Declared+" "+p.True)
	}
	want := "1.3  text/calendar text/plain|2 báo_cao.pdf application/pdf application/pdf|3  message/rfc822 message/rfc822|3.2 x.png image/png image/png"
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("parts\n %q\n want\n %q", s, want)
	}
	if len(l.Defects) > 0 || l.Attachments != 4 || l.Charset != "utf-8" || l.HTML || l.Preview != "Kính gửi anh, mời anh xem." {
		t.Errorf("defects %v, attachments %d, charset %q, html %v, preview %q", l.Defects, l.Attachments, l.Charset, l.HTML, l.Preview)
	}
	for path, want := range map[string]string{
		"": string(crlf(mixed)), "2": "%PDF-1.4\n%äüöß", "1.1": "Kính gửi anh, mời anh xem.", "3.1": "thân",
		"1.3": "BEGIN:VCALENDAR", "3.2": "\x89PNG\r\n\x1a\n",
	} {
		r, err := OpenPart(crlf(mixed), path)
		if err != nil {
			t.Errorf("part %s: %v", path, err)
			continue
		}
		if b, err := io.ReadAll(r); err != nil || string(b) != want {
			t.Errorf("part %s: %q %v", path, b, err)
		}
	}
	for _, path := range []string{"0", "4", "1.4", "2.1", "x", "3.1.1", "1..1", "3.3", "-1"} {
		if _, err := OpenPart(crlf(mixed), path); mail.KindOf(err) != mail.Gone {
			t.Errorf("part %q: %v", path, err)
		}
	}
}

func TestChoiceOfAlternative(t *testing.T) {
	alt := func(plain, html string) []byte {
		return crlf("Content-Type: multipart/alternative; boundary=b\n\n--b\n\n" + plain + "\n--b\nContent-Type: text/html\n\n" + html + "\n--b--\n")
	}
	long := "<p>" + strings.Repeat("Nội dung của thư. ", 20) + "</p>"
	tests := []struct {
		name, plain, html string
		wantHTML          bool
	}{
		{"good", "Nội dung của thư.", "<p>Nội dung của thư.</p>", false},
		{"empty", "", long, true},
		{"blank", " \n \n", long, true},
		{"stub", "Thư này cần trình duyệt hỗ trợ HTML.", long, true},
		{"far shorter", "Chào anh.", long, true},
		{"plain only", "Chào anh.", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := Parse(alt(tt.plain, tt.html))
			if l.HTML != tt.wantHTML || len(l.Parts) != 0 {
				t.Errorf("HTML %v, text %q, parts %v", l.HTML, show(l.Paras), l.Parts)
			}
		})
	}
}

func TestDefects(t *testing.T) {
	tests := []struct{ name, in, want, text string }{
		{"no boundary", "Content-Type: multipart/mixed\n\n--x\nContent-Type: text/plain\n\na\n--x--\n", "no-boundary", "a"},
		{"no boundary, no parts", "Content-Type: multipart/mixed\n\nchữ\n", "no-boundary", "chữ"},
		{"no parts", "Content-Type: multipart/mixed; boundary=b\n\nchữ\n", "empty-multipart", "chữ"},
		{"only the end", "Content-Type: multipart/mixed; boundary=b\n\n--b--\n", "empty-multipart", "--b--"},
		{"no end", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\na\n", "truncated", "a"},
		{"prefix", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\na\n--bc\nd\n--b--\n", "", "a|--bc|d"},
		{"bad part header", "Content-Type: multipart/mixed; boundary=b\n\n--b\nrác\nContent-Type: text/plain\n\na\n--b\n\nc\n--b--\n", "bad-header", "a||c"},
		{"base64", "Content-Transfer-Encoding: base64\n\nYWJj!!ZGVm\n", "bad-base64", "abcdef"},
		{"base64 cut", "Content-Transfer-Encoding: base64\n\nYWJjZGV\n", "bad-base64", "abcde"},
		{"qp", "Content-Transfer-Encoding: quoted-printable\n\na=zzb=3Dc=\nd\n", "bad-qp", "a=zzb=cd"},
		{"encoding", "Content-Transfer-Encoding: x-secret\n\na\n", "unknown-encoding", "a"},
		{"nul", "Subject: x\n\na\x00b\n", "nul-bytes", "a\x00b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := Parse(crlf("From: a@x\nDate: 6 May 2024 07:08:09 +0700\n" + tt.in))
			if got := strings.Join(l.Defects, " "); got != tt.want {
				t.Errorf("defects %q, want %q", got, tt.want)
			}
			if got := show(l.Paras); got != tt.text {
				t.Errorf("text %q, want %q", got, tt.text)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	deep := "Subject: x\nContent-Type: multipart/mixed; boundary=b0\n\n"
	for i := 1; i < 100; i++ {
		deep += "--b" + itoa(i-1) + "\nContent-Type: multipart/mixed; boundary=b" + itoa(i) + "\n\n"
	}
	deep += "--b99\n\nđáy\n"
	l := Parse(crlf(deep))
	if !strings.Contains(strings.Join(l.Defects, " "), DefectDepth) || len(l.Parts) != 1 {
		t.Fatalf("defects %v, parts %v", l.Defects, l.Parts)
	}
	r, err := OpenPart(crlf(deep), l.Parts[0].Path)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(r); err != nil || !strings.Contains(string(b), "đáy") {
		t.Errorf("the bottom cannot be reached: %v", err)
	}
	wide := "Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\nContent-Type: image/png\n\nx\n", 5000) + "--b--\n"
	l = Parse(crlf(wide))
	if len(l.Parts) != maxParts || !strings.Contains(strings.Join(l.Defects, " "), DefectManyParts) {
		t.Errorf("parts %d, defects %v", len(l.Parts), l.Defects)
	}
	if last := l.Parts[len(l.Parts)-1]; last.Size < 100000 {
		t.Errorf("rest of %d octets", last.Size)
	}
}

// A text that is longer than what is shown is shown as far as that goes, even when it is one line; no letter is torn.
func TestLongTextIsCutNotDropped(t *testing.T) {
	const word = "dòng dài "
	line := strings.Repeat(word, 50)
	for name, text := range map[string]string{"one line": strings.Repeat(word, 3*maxText/len(word)), "many": strings.Repeat(line+"\n\n", 2*maxText/len(line))} {
		l := Parse(crlf("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" + text))
		if !slices.Contains(l.Defects, DefectTextCut) {
			t.Errorf("%s: defects %v", name, l.Defects)
		}
		n := 0
		for _, p := range l.Paras {
			if n += len(p.Text); !utf8.ValidString(p.Text) {
				t.Errorf("%s: a letter is torn", name)
			}
		}
		if n > maxText || n < maxText-len(line) {
			t.Errorf("%s: %d octets are shown, want nearly %d", name, n, maxText)
		}
	}
}

func TestTypeOf(t *testing.T) {
	pdf, exe, zip := "%PDF-1.4\n%", "MZ\x90\x00\x03\x00\x00\x00", "PK\x03\x04\x14\x00\x00\x00\x08\x00"
	tests := []struct {
		name, head, media string
		risk              mail.Risk
	}{
		{"a.pdf", pdf, "application/pdf", mail.RiskNone},
		{"a.txt", "chữ", "text/plain", mail.RiskNone},
		{"a.pdf", zip, "application/zip", mail.RiskOdd},
		{"a.pdf", "\x01\x02\x03rác", "", mail.RiskOdd},
		{"a.docx", zip, "application/zip", mail.RiskNone},
		{"a.pdf", exe, "", mail.RiskBlocked},
		{"bao_cao.pdf.exe", pdf, "application/pdf", mail.RiskBlocked},
		{"a.exe. ", "", "", mail.RiskBlocked},
		{"a.ex\u200be", "", "", mail.RiskBlocked},
		{"a\u202efdp.exe", pdf, "application/pdf", mail.RiskBlocked},
		{"exe\u202egnp.pdf", pdf, "application/pdf", mail.RiskBlocked},
		{"a.pdf\rb", pdf, "application/pdf", mail.RiskOdd},
		{"a.pdf" + strings.Repeat(" ", 40) + ".scr", pdf, "application/pdf", mail.RiskBlocked},
		{"a.docm", zip, "application/zip", mail.RiskBlocked},
		{"a.docx", zip + "word/vbaProject.bin", "application/zip", mail.RiskBlocked},
		{"a.sh", "echo", "text/plain", mail.RiskBlocked},
		{"a", "#!/bin/sh\n", "text/x-shellscript", mail.RiskBlocked},
		{"a.zip", "PK\x03\x04\x14\x00\x01\x00\x08\x00", "application/zip", mail.RiskOdd},
		{"", "", "", mail.RiskNone},
		{"a.xls", "<html><table>", "text/html", mail.RiskNone},
		{"C:\\x\\a.lnk", "", "", mail.RiskBlocked},
	}
	for _, tt := range tests {
		media, risk := TypeOf(tt.name, []byte(tt.head))
		if risk != tt.risk || (tt.media != "" && media != tt.media) {
			t.Errorf("%q: %q risk %d, want %q %d", tt.name, media, risk, tt.media, tt.risk)
		}
	}
}

func TestSafeName(t *testing.T) {
	tests := []struct{ in, want string }{
		{"báo cáo.pdf", "báo cáo.pdf"},
		{"ba\u0301o.pdf", "báo.pdf"},
		{"../../etc/passwd", "passwd"},
		{`C:\x\a.txt`, "a.txt"},
		{"..", NoName},
		{"...", NoName},
		{"", NoName},
		{"/", NoName},
		{"a/", "a"},
		{"-rf", "rf"},
		{".bashrc", "bashrc"},
		{"~/x", "x"},
		{"a\rb\bc\x1b[31m.txt", "a bc[31m.txt"},
		{"a\u202efdp.exe", "afdp.exe"},
		{"a:b?.txt", "a_b_.txt"},
		{"con.txt", "_con.txt"},
		{"COM1", "_COM1"},
		{"a. ", "a"},
		{"a\x00.exe", "a.exe"},
		{"a\u2028b", "a b"},
		{"\xff\xfe", "_"},
		{strings.Repeat("ô", 500) + ".pdf", strings.Repeat("ô", 98) + ".pdf"},
	}
	for _, tt := range tests {
		if got := SafeName(tt.in); got != tt.want {
			t.Errorf("SafeName(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestCharsets(t *testing.T) {
	const want = "Kính gửi: Sở Kế hoạch và Đầu tư"
	tests := []struct{ name, charset, body, legacy string }{
		{"utf-8", "utf-8", want, ""},
		{"none", "", want, ""},
		{"tcvn3 as latin1", "iso-8859-1", "K\xddnh g\xf6i: S\xeb K\xd5 ho\xb9ch v\xb5 \xa7\xc7u t\xad", "TCVN3"},
		{"vni undeclared", "", "K\xednh g\xf6\xfbi: S\xf4\xfb Ke\xe1 hoa\xefch va\xf8 \xd1a\xe0u t\xf6", "VNI"},
		{"viscii", "viscii", "K\xednh g\xd8i: S\xb7 K\xaa ho\xd5ch v\xe0 \xd0\xa5u t\xdf", "VISCII"},
		{"1258", "windows-1258", "Ki\xecnh g\xfd\xd2i: S\xf5\xd2 K\xea\xec hoa\xf2ch va\xcc \xd0\xe2\xccu t\xfd", "windows-1258"},
		{"utf-7", "utf-7", "K+AO0-nh g+Hu0-i: S+Ht8 K+Hr8 ho+HqE-ch v+AOA +ARAepw-u t+AbA-", ""},
		{"utf-16", "utf-16", "\xff\xfe" + utf16le(want), ""},
		{"utf-16le", "utf-16le", utf16le(want), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			head := "From: a@x\r\nDate: 6 May 2024 07:08:09 +0700\r\nContent-Transfer-Encoding: 8bit\r\nContent-Type: text/plain"
			if tt.charset != "" {
				head += "; charset=" + tt.charset
			}
			l := Parse([]byte(head + "\r\n\r\n" + tt.body))
			if got := show(l.Paras); got != want || l.Legacy != tt.legacy || l.Charset != tt.charset {
				t.Errorf("%q legacy %q charset %q %v", got, l.Legacy, l.Charset, l.Defects)
			}
		})
	}
}

func utf16le(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteByte(byte(r))
		b.WriteByte(byte(r >> 8))
	}
	return b.String()
}
