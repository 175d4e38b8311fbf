package letter

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// oldSamples are what programs of thirty years made of Vietnamese letters, and further ways to write to the terminal.
func oldSamples() []sample {
	with := func(old, fresh string) string { return strings.Replace(simple("chủ đề", "thân"), old, fresh, 1) }
	q := func(charset, octets string) string {
		var b strings.Builder
		for i := range len(octets) {
			if c := octets[i]; c > ' ' && c < 0x7f && c != '=' && c != '?' && c != '_' {
				b.WriteByte(c)
			} else {
				b.WriteString("=" + string("0123456789ABCDEF"[c>>4]) + string("0123456789ABCDEF"[c&15]))
			}
		}
		return "=?" + charset + "?Q?" + b.String() + "?="
	}
	const subject = "Kính gửi Văn phòng tỉnh"
	return []sample{
		{name: "tcvn3-encoded-as-latin-1", raw: simple(q("iso-8859-1", legacyBytes(tcvn3Table, subject)), "x"), subject: subject},
		{name: "tcvn3-encoded-labelled", raw: simple(q("x-viet-tcvn", legacyBytes(tcvn3Table, "Hà Nội")), "x"), subject: "Hà Nội"},
		{name: "vni-encoded-as-windows-1252", raw: simple(q("windows-1252", legacyBytes(vniTable, subject)), "x"), subject: subject},
		{name: "vps-encoded-as-windows-1252", raw: simple(q("windows-1252", legacyBytes(vpsTable, subject)), "x"), subject: subject},
		{name: "word-without-padding", raw: simple("=?UTF-8?B?S8OtbmggZ+G7rWk?=", "x"), subject: "Kính gửi"},
		{name: "word-with-blanks-inside", raw: simple("=?utf-8?Q?K=C3=ADnh g=E1=BB=ADi?=", "x"), subject: "Kính gửi"},
		{name: "words-without-blank-between", raw: simple("=?utf-8?q?K=C3=AD?==?utf-8?q?nh?=", "x"), subject: "Kính"},
		{name: "word-with-language", raw: simple("=?utf-8*vi?q?K=C3=ADnh?=", "x"), subject: "Kính"},
		{name: "word-with-cp65001", raw: simple("=?cp65001?q?K=C3=ADnh?=", "x"), subject: "Kính"},
		{name: "word-in-quotes", raw: strings.Replace(simple("x", "x"), "Trần Thị B", `"=?utf-8?q?Tr=E1=BA=A7n?="`, 1), subject: "x"},
		{name: "charset-cp65001", raw: typed("text/plain; charset=cp65001\r\nContent-Transfer-Encoding: 8bit", viText), text: "Kế hoạch và Đầu tư"},
		{name: "charset-misspelt", raw: typed("text/plain; charset=utf_8\r\nContent-Transfer-Encoding: 8bit", viText), text: "Kế hoạch và Đầu tư"},
		{name: "charset-without-semicolon", raw: typed("text/plain charset=utf-8\r\nContent-Transfer-Encoding: 8bit", viText), text: "Kế hoạch và Đầu tư"},
		{name: "type-without-subtype", raw: typed("text", viText), text: "Kế hoạch và Đầu tư"},
		{name: "encoding-misspelt", raw: typed("text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8 bit", viText), text: "Kế hoạch và Đầu tư"},
		{name: "encoding-with-comment", raw: typed("text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64 (x)", b64of("Kính gửi")), text: "Kính gửi"},
		{name: "tcvn3-in-base64", raw: typed("text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: base64", b64of(legacyBytes(tcvn3Table, viText))), text: "Kế hoạch và Đầu tư", legacy: "TCVN3"},
		{name: "utf-16-in-base64", raw: typed("text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64", b64of("\xff\xfe"+utf16le(viText))), text: "Kế hoạch và Đầu tư"},
		{name: "qp-cut-inside-a-letter", raw: typed("text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable", "K=C3=ADnh g=E1=\r\n=BB=ADi"), text: "Kính gửi"},
		{name: "qp-small-hex-and-blanks", raw: typed("text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable", "K=c3=adnh g=e1=bb=adi=  \r\n nhé   "), text: "Kính gửi"},
		{name: "windows-1258-in-meta-only", raw: typed("text/html\r\nContent-Transfer-Encoding: 8bit", "<html><head><meta charset=\"windows-1258\"></head><body><p>"+cp1258(viText)+"</p></body></html>"), text: "Kế hoạch và Đầu tư"},
		{name: "numeric-references-in-html", raw: typed("text/html; charset=us-ascii", "<p>K&#237;nh g&#7917;i: S&#x1EDF; T&agrave;i ch&iacute;nh</p>"), text: "Kính gửi: Sở Tài chính"},
		{name: "name-nfd-rfc-2231", raw: attached("application/pdf", "filename*=utf-8''"+inPercent(norm.NFD.String("Báo cáo.pdf")), pdfB64), parts: "Báo cáo.pdf"},
		{name: "name-tcvn3-raw", raw: attached("application/pdf", "filename=\""+legacyBytes(tcvn3Table, "Báo cáo kết quả thực hiện.pdf")+"\"", pdfB64), parts: "Báo cáo kết quả thực hiện.pdf"},
		{name: "type-with-escape", raw: attached("application/\x1b[31mpdf", "filename=a.pdf", pdfB64), parts: "a.pdf"},
		{name: "message-id-with-escape", raw: with("<m1@", "<\x1b]0;x\x07m1@"), subject: "chủ đề"},
		{name: "date-in-vietnamese", raw: with("Mon, 6 May 2024 07:08:09 +0700", "Thứ Hai, 06 Tháng Năm 2024 07:08:09 +0700"), subject: "chủ đề"},
		{name: "date-of-two-digits", raw: with("Mon, 6 May 2024 07:08:09 +0700", "Mon, 6 May 24 07:08 ICT"), subject: "chủ đề"},
		{name: "recipients-with-semicolons", raw: with("To: hungnv@ninhbinh.example", "To: a@b.example; C <c@d.example>;"), subject: "chủ đề", text: "thân"},
		{name: "folding-of-blanks-only", raw: with("Subject: chủ đề", "Subject: chủ\r\n \r\n\t đề"), subject: "chủ đề", text: "thân"},
		{name: "same-boundary-inside", raw: multi("mixed", "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n"+textPart+"\r\n--b--", textPart), text: "Kèm theo tệp."},
		{name: "message-external-body", raw: multi("mixed", textPart, "Content-Type: message/external-body; access-type=anon-ftp; site=evil.example; name=\"x\"\r\n\r\nContent-Type: image/gif\r\n\r\n"), text: "Kèm theo tệp."},
		{name: "message-partial", raw: typed("message/partial; id=\"a@b\"; number=1; total=2", "Subject: nửa đầu\r\n\r\nmột nửa"), subject: "thử"},
		{name: "calendar-alone", raw: typed("text/calendar; method=REQUEST; charset=utf-8", "BEGIN:VCALENDAR\r\nSUMMARY:Họp giao ban\r\nEND:VCALENDAR"), subject: "thử"},
		{name: "uuencode-in-text", raw: simple("x", "Kèm tệp:\r\n\r\nbegin 644 a.txt\r\n#86)C\r\n`\r\nend\r\n"), text: "Kèm tệp"},
		{name: "blanks-and-marks-only", raw: simple("\u200b\u00ad\u202e", "\u200b\u00ad")},
		{name: "flags-and-tags-of-emoji", raw: simple("🏴\U000e0067\U000e0062\U000e007f x", "\U000e0041\U000e0042 chữ"), text: "chữ"},
	}
}

func inPercent(s string) string {
	var b strings.Builder
	for i := range len(s) {
		b.WriteString("%" + string("0123456789ABCDEF"[s[i]>>4]) + string("0123456789ABCDEF"[s[i]&15]))
	}
	return b.String()
}
