package letter

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// samples lists the whole corpus.
func samples() []sample {
	var all []sample
	for _, list := range [][]sample{terminalSamples(), charsetSamples(), damagedSamples(), structureSamples(), headerSamples(), htmlSamples(), fileSamples(), oldSamples()} {
		all = append(all, list...)
	}
	return all
}

// terminalSamples try to write to the terminal.
func terminalSamples() []sample {
	evil := "\x1b[2J\x1b[31mđỏ\x1b]0;tiêu đề\x07"
	return []sample{
		{name: "escape-in-subject", raw: simple("=?utf-8?B?"+b64of("a"+evil)+"?=", "x"), subject: "a" + evil},
		{name: "escape-raw-in-subject", raw: simple("a\x1b[31mb", "x")},
		{name: "escape-in-name", raw: strings.Replace(simple("x", "x"), "Trần Thị B", `"A\x1b[1A`+"\x1b[1A\rB\"", 1)},
		{name: "escape-in-file-name", raw: attached("application/pdf", "filename*=utf-8''a%1B%5B31mb.pdf", pdfB64), parts: "a\x1b[31mb.pdf"},
		{name: "escape-in-body", raw: simple("x", "trước"+evil+"sau"), text: "sau"},
		{name: "escape-as-html-entity", raw: typed("text/html; charset=utf-8", "<p>a&#27;[31m&#x1b;]52;c;eA==&#7;b&#155;31m</p>")},
		{name: "c1-controls", raw: simple("a\u009b31mb", "trước\u009d0;x\u009csau"), text: "sau"},
		{name: "osc-52", raw: simple("x", "\x1b]52;c;"+b64of("rm -rf /")+"\x07"), text: "52;c;"},
		{name: "osc-8-link", raw: simple("x", "\x1b]8;;https://evil.example\x1b\\ngân hàng\x1b]8;;\x1b\\"), text: "ngân hàng"},
		{name: "bidi-in-subject", raw: simple("thu\u202etxt.exe\u202c \u2066x\u2069", "a\u202eb\u200bc")},
		{name: "cr-bs-in-file-name", raw: attached("application/pdf", "filename*=utf-8''hop%0D%08%08%08dong.pdf", pdfB64), parts: "hop\r\b\b\bdong.pdf"},
		{name: "nul", raw: simple("a\x00b", "c\x00d"), defect: DefectNUL},
		{name: "line-separators", raw: simple("a\u2028b\u2029c", "một\u2028hai\u2029ba"), text: "hai"},
		{name: "name-of-64-kib", raw: strings.Replace(simple("x", "x"), "Trần Thị B", strings.Repeat("Trần Thị ", 5000), 1)},
		{name: "combining-flood", raw: simple("a"+strings.Repeat("\u0301", 2000), "b"+strings.Repeat("\u0323", 2000))},
		{name: "nfd", raw: simple(norm.NFD.String("Hộp thư điện tử"), norm.NFD.String(viText)), subject: "Hộp thư điện tử", text: "Kế hoạch và Đầu tư"},
		{name: "wide-and-emoji", raw: simple("会議 👩‍👩‍👧 🇻🇳", "👍🏽 chữ"), subject: "会議 👩‍👩‍👧 🇻🇳", text: "chữ"},
	}
}

// charsetSamples are Vietnamese letters in the encodings of thirty years, labelled rightly, wrongly or not at all.
func charsetSamples() []sample {
	const want = "Kế hoạch và Đầu tư"
	body := func(charset, s string) string {
		if charset != "" {
			charset = "; charset=" + charset
		}
		return typed("text/plain"+charset+"\r\nContent-Transfer-Encoding: 8bit", s)
	}
	tcvn, vni, vps, viscii := legacyBytes(tcvn3Table, viText), legacyBytes(vniTable, viText), legacyBytes(vpsTable, viText), legacyBytes(visciiTable, viText)
	return []sample{
		{name: "tcvn3-as-us-ascii", raw: body("us-ascii", tcvn), text: want, legacy: "TCVN3"},
		{name: "tcvn3-unlabelled", raw: body("", tcvn), text: want, legacy: "TCVN3"},
		{name: "tcvn3-as-utf-8", raw: body("utf-8", tcvn), text: want, legacy: "TCVN3"},
		{name: "tcvn3-labelled", raw: body("x-viet-tcvn", tcvn), text: want, legacy: "TCVN3"},
		{name: "tcvn3-turned-into-utf-8", raw: body("utf-8", latin(tcvn)), text: want, legacy: "TCVN3"},
		{
			name: "tcvn3-raw-subject", raw: strings.Replace(body("", tcvn), "Subject: thử", "Subject: "+legacyBytes(tcvn3Table, "Báo cáo kết quả thực hiện nhiệm vụ"), 1),
			subject: "Báo cáo kết quả thực hiện nhiệm vụ", text: want, legacy: "TCVN3",
		},
		{name: "tcvn3-in-html", raw: typed("text/html; charset=iso-8859-1", "<p><font face=\".VnTime\">"+strings.ReplaceAll(tcvn, "\r\n", "<br>")+"</font></p>"), text: want, legacy: "TCVN3"},
		{name: "vni-as-latin-1", raw: body("iso-8859-1", vni), text: want, legacy: "VNI"},
		{name: "vni-unlabelled", raw: body("", vni), text: want, legacy: "VNI"},
		{name: "vni-turned-into-utf-8", raw: body("utf-8", latin(vni)), text: want, legacy: "VNI"},
		{name: "vps-as-windows-1252", raw: body("windows-1252", vps), text: want, legacy: "VPS"},
		{name: "viscii-labelled", raw: body("VISCII", viscii), text: want, legacy: "VISCII"},
		{name: "viscii-unlabelled", raw: body("", viscii), text: want, legacy: "VISCII"},
		{name: "viscii-encoded-subject", raw: simple("=?viscii?q?B=E1o_c=E1o?= =?VISCII?q?_k=AAt_qu=E4?=", "x"), subject: "Báo cáo kết quả", text: "x"},
		{name: "windows-1258-labelled", raw: body("windows-1258", cp1258(viText)), text: want, legacy: "windows-1258"},
		{name: "windows-1258-as-latin-1", raw: body("iso-8859-1", cp1258(viText)), text: want, legacy: "windows-1258"},
		{name: "windows-1258-encoded-subject", raw: simple("=?windows-1258?Q?Ki=ECnh_g=FD=D2i?=", "x"), subject: "Kính gửi"},
		{name: "viqr-labelled", raw: body("VIQR", viqr(viText)), text: want, legacy: "VIQR"},
		{name: "viqr-unlabelled", raw: body("us-ascii", viqr(viText)), text: want, legacy: "VIQR"},
		{
			name: "viqr-subject", raw: strings.Replace(body("us-ascii", viqr(viText)), "Subject: thử", "Subject: "+viqr("Báo cáo kết quả thực hiện kế hoạch"), 1),
			subject: "Báo cáo kết quả thực hiện kế hoạch", text: want, legacy: "VIQR",
		},
		{name: "utf-8-damaged-twice", raw: body("utf-8", misread(viText)), text: want},
		{name: "utf-8-labelled-latin-1", raw: body("iso-8859-1", viText), text: want},
		{name: "utf-8-unlabelled", raw: body("", viText), text: want},
		{name: "utf-8-with-broken-octets", raw: body("utf-8", viText+"\xff\xfe\xe1\xbb"), text: want},
		{name: "utf-16-with-mark", raw: body("utf-16", "\xff\xfe"+utf16le(viText)), text: want},
		{name: "utf-7", raw: body("utf-7", "K+AO0-nh g+HuwA-i 1+-1"), text: "nh g"},
		{name: "charset-unknown", raw: body("x-nobody-knows", viText), text: want},
		{name: "charset-hostile", raw: body("\"../../\x1b[31m%s%n"+strings.Repeat("A", 500)+"\"", viText), text: want},
		{name: "subject-cut-inside-a-letter", raw: simple("=?utf-8?B?S8OtbmggZ+G7?=\r\n =?utf-8?B?rWk=?=", "x"), subject: "Kính gửi"},
		{name: "subject-raw-utf-8", raw: simple("Kính gửi Sở", "x"), subject: "Kính gửi Sở"},
		{name: "gb2312", raw: body("gb2312", "\xb4\xf3\xbc\xd2\xba\xc3"), text: "大家好"},
	}
}

// damagedSamples are broken in coding.
func damagedSamples() []sample {
	enc := func(cte, body string) string {
		return typed("text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "+cte, body)
	}
	return []sample{
		{name: "base64-with-rubbish", raw: enc("base64", b64of("một hai ")+"\r\n*** ¤¤ ***\r\n"+b64of("ba bốn")), defect: DefectBase64, text: "một hai"},
		{name: "base64-cut-off", raw: enc("base64", b64of("Kính gửi anh chị")[:19]), defect: DefectBase64, text: "Kính gửi"},
		{name: "base64-attachment-cut-off", raw: attached("application/pdf", "filename=a.pdf", pdfB64[:21]), parts: "a.pdf", defect: DefectBase64},
		{name: "base64-padded-in-the-middle", raw: enc("base64", b64of("một ")+"\r\n"+b64of("hai")), text: "một hai"},
		{name: "base64-declared-but-plain", raw: enc("base64", "This is plain text, not base64 at all!"), text: "This is plain text", defect: DefectBase64},
		{name: "qp-broken", raw: enc("quoted-printable", "100=% =C3=ADt =\r\nliền =E1=BB"), defect: DefectQP, text: "100=% ít liền"},
		{name: "encoding-unknown", raw: enc("x-uuencode", "begin 644 a\r\nend"), defect: DefectEncoding, text: "begin 644 a"},
		{name: "final-newline-missing", raw: strings.TrimRight(simple("x", "cuối"), "\r\n"), text: "cuối"},
		{name: "lf-only", raw: strings.ReplaceAll(attached("application/pdf", "filename=a.pdf", pdfB64), "\r\n", "\n"), parts: "a.pdf", text: "Kèm theo"},
		{name: "cr-only", raw: strings.ReplaceAll(attached("application/pdf", "filename=a.pdf", pdfB64), "\r\n", "\r"), parts: "a.pdf", text: "Kèm theo", defect: DefectBareCR},
		{name: "cr-cr-lf", raw: strings.ReplaceAll(simple("chủ đề", "thân"), "\r\n", "\r\r\n"), subject: "chủ đề", text: "thân"},
		{name: "line-ends-mixed", raw: strings.Replace(strings.Replace(simple("chủ đề", "một\nhai\r\nba"), "\r\n", "\n", 2), "+0700\r\n", "+0700\n", 1), subject: "chủ đề", text: "hai"},
		{name: "one-line-of-200-kb", raw: simple("x", strings.Repeat("chữ ", 40000)), text: "chữ chữ"},
		{name: "format-flowed", raw: typed("text/plain; charset=utf-8; format=flowed", "Một đoạn văn \r\nliền nhau.\r\n> trích \r\n> dẫn\r\n-- \r\nKý"), text: "Một đoạn văn liền nhau."},
		{name: "empty", raw: "", defect: DefectNoFrom},
		{name: "only-header", raw: stdHead + "Subject: chỉ có đầu\r\n", subject: "chỉ có đầu"},
		{name: "only-body", raw: "Kính gửi anh,\r\n\r\nThư này không có phần đầu.\r\n", text: "không có phần đầu", defect: DefectNoHeader},
		{name: "header-runs-into-paragraphs", raw: stdHead + "Subject: x\r\nKính gửi các đơn vị,\r\nđoạn thứ nhất.\r\n\r\nĐoạn thứ hai.\r\n", subject: "x", text: "Kính gửi các đơn vị", defect: DefectNoHeaderEnd},
		{name: "header-runs-into-body", raw: stdHead + "Subject: x\r\nThân thư không có dòng trống\r\nphía trước", text: "phía trước", defect: DefectNoHeaderEnd},
	}
}

// structureSamples have wrong or wild MIME trees.
func structureSamples() []sample {
	inner := simple("thư bên trong", "nội dung bên trong")
	return []sample{
		{name: "boundary-missing", raw: typed("multipart/mixed", "\r\n--x1\r\n"+textPart+"\r\n--x1--\r\n"), text: "Kèm theo tệp.", defect: DefectNoBoundary},
		{name: "boundary-never-used", raw: typed("multipart/mixed; boundary=zzz", "Chữ trần trụi\r\n"), text: "Chữ trần trụi", defect: DefectNoParts},
		{name: "multipart-empty", raw: typed("multipart/mixed; boundary=b", "\r\n--b--\r\n"), defect: DefectNoParts},
		{name: "multipart-without-end", raw: strings.TrimSuffix(multi("mixed", textPart, textPart), "\r\n--b--\r\n"), text: "Kèm theo tệp.", defect: DefectNoEnd},
		{name: "boundary-is-prefix-of-another", raw: multi("mixed", "Content-Type: multipart/alternative; boundary=bb\r\n\r\n--bb\r\n"+textPart+"\r\n--bb--", "Content-Type: application/pdf; name=a.pdf\r\n\r\n%PDF-1.4\n"), text: "Kèm theo tệp.", parts: "a.pdf"},
		{name: "boundary-with-blanks-behind", raw: strings.ReplaceAll(multi("mixed", textPart), "--b\r\n", "--b \t\r\n"), text: "Kèm theo tệp."},
		{name: "boundary-quoted-oddly", raw: typed("multipart/mixed; boundary=\"a b=c'(x)?\"", "--a b=c'(x)?\r\n"+textPart+"\r\n--a b=c'(x)?--"), text: "Kèm theo tệp."},
		{name: "part-header-broken", raw: multi("mixed", "dòng hỏng không có dấu\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nphần một", textPart), text: "Kèm theo tệp.", defect: DefectHeaderLine},
		{name: "part-without-header", raw: multi("mixed", "\r\nphần không đầu", textPart), text: "phần không đầu"},
		{name: "nested-100-deep", raw: nested(100, textPart), defect: DefectDepth},
		{name: "messages-100-deep", raw: stdHead + strings.Repeat("Content-Type: message/rfc822\r\n\r\n", 100) + textPart, defect: DefectDepth},
		{name: "parts-5000", raw: typed("multipart/mixed; boundary=b", strings.Repeat("--b\r\n\r\n1\r\n", 5000)+"--b--"), defect: DefectManyParts},
		{name: "message-in-message", raw: multi("mixed", textPart, "Content-Type: message/rfc822\r\n\r\n"+inner), text: "nội dung bên trong"},
		{name: "message-in-base64", raw: multi("mixed", textPart, "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"+b64of(inner)), text: "nội dung bên trong"},
		{name: "digest", raw: multi("digest", "\r\n"+inner, "\r\n"+inner), text: "nội dung bên trong"},
		{name: "delivery-report", raw: multi("report; report-type=delivery-status", "Content-Type: text/plain; charset=utf-8\r\n\r\nKhông giao được thư.",
			"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x.example\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n",
			"Content-Type: text/rfc822-headers\r\n\r\nSubject: thư cũ\r\n"), text: "Không giao được thư."},
		{name: "invitation", raw: multi("alternative", textPart, "Content-Type: text/html; charset=utf-8\r\n\r\n<p>Mời họp</p>",
			"Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\nBEGIN:VCALENDAR\r\nSUMMARY:Họp giao ban\r\nEND:VCALENDAR"), text: "Kèm theo tệp.", parts: ""},
		{name: "smime-signed", raw: multi("signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256", textPart,
			"Content-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=smime.p7s\r\n\r\nMIAGCSqGSIb3DQEHAqCA"), text: "Kèm theo tệp.", parts: "smime.p7s"},
		{name: "smime-encrypted", raw: typed("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\nContent-Transfer-Encoding: base64", "MIAGCSqGSIb3DQEHA6CA"), parts: "smime.p7m", defect: DefectOpaqueMessage},
		{name: "alternative-with-stub", raw: multi("alternative", "\r\nYour mail reader cannot show HTML.", "Content-Type: text/html; charset=utf-8\r\n\r\n<p>"+strings.Repeat("Nội dung thật. ", 30)+"</p>"), text: "Nội dung thật."},
		{name: "alternative-with-empty-text", raw: multi("alternative", "\r\n \r\n", "Content-Type: text/html; charset=utf-8\r\n\r\n<p>Chỉ có ở đây</p>"), text: "Chỉ có ở đây"},
		{name: "related-with-picture", raw: multi("related", "Content-Type: text/html; charset=utf-8\r\n\r\n<p>Ảnh <img src=\"cid:a1\" alt=\"bản đồ\"></p>",
			"Content-Type: image/png\r\nContent-ID: <a1>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo="), text: "Ảnh [bản đồ]", parts: ""},
		{name: "content-type-rubbish", raw: typed(";;; = ; charset", "vẫn đọc được"), text: "vẫn đọc được"},
		{name: "binary-calls-itself-text", raw: multi("mixed", textPart, "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n"+exeB64), text: "Kèm theo tệp."},
	}
}

// headerSamples have wrong or wild headers.
func headerSamples() []sample {
	with := func(old, fresh string) string { return strings.Replace(simple("chủ đề", "thân"), old, fresh, 1) }
	return []sample{
		{name: "header-line-without-colon", raw: with("Subject:", "đây không phải trường\r\nSubject:"), subject: "chủ đề", text: "thân", defect: DefectHeaderLine},
		{name: "leading-blank-lines", raw: "\r\n\r\n" + simple("chủ đề", "thân"), subject: "chủ đề", text: "thân", defect: DefectLeadingBlank},
		{name: "mbox-from-line", raw: "From btt@ninhbinh.example Mon May  6 07:08:09 2024\r\n" + simple("chủ đề", "thân"), subject: "chủ đề", text: "thân", defect: DefectMboxFrom},
		{name: "headers-10000", raw: strings.Repeat("X-A: 1\r\n", 10000) + simple("chủ đề", "thân"), subject: "chủ đề", text: "thân"},
		{name: "header-folded-100-kb", raw: with("Subject:", "X-Long: "+strings.Repeat("a\r\n ", 25000)+"\r\nSubject:"), subject: "chủ đề", text: "thân"},
		{name: "header-key-not-ascii", raw: with("Subject:", "Tiêu-đề: x\r\nSubject:"), subject: "chủ đề", text: "thân"},
		{name: "header-space-before-colon", raw: with("Subject:", "Subject :"), subject: "chủ đề", text: "thân"},
		{name: "header-latin-1-octets", raw: with("chủ đề", "R\xe9sum\xe9"), subject: "Résumé"},
		{name: "dates-wrong", raw: with("Mon, 6 May 2024 07:08:09 +0700", "Thứ Hai, 32 Tháng Năm 2024 25:61"), defect: DefectBadDate},
		{name: "date-year-0", raw: with("6 May 2024", "6 May 0000"), defect: DefectBadDate},
		{name: "date-year-9999", raw: with("6 May 2024", "31 Dec 9999"), defect: DefectBadDate},
		{name: "date-iso", raw: with("Mon, 6 May 2024 07:08:09 +0700", "2024-05-06T07:08:09+07:00"), subject: "chủ đề"},
		{name: "from-missing", raw: with("From: Trần Thị B <btt@ninhbinh.example>\r\n", ""), defect: DefectNoFrom},
		{name: "from-many", raw: with("From:", "From: x@y.example\r\nFrom:"), defect: DefectManyFrom},
		{name: "from-without-address", raw: with("Trần Thị B <btt@ninhbinh.example>", "MAILER-DAEMON"), defect: DefectBadAddress},
		{name: "groups", raw: with("To: hungnv@ninhbinh.example", "To: Ban: a@b.example, C <c@d.example>;, undisclosed-recipients:;"), subject: "chủ đề"},
		{name: "address-two-dots", raw: with("btt@", "b..tt@"), subject: "chủ đề"},
		{name: "address-unquoted-comma", raw: with("Trần Thị B <", "Trần, Thị B <"), subject: "chủ đề"},
		{name: "address-one-bad", raw: with("hungnv@ninhbinh.example", "a@b.example, <<<>>>, @@, c@d.example"), subject: "chủ đề", defect: DefectBadAddress},
		{name: "address-utf-8-local-part", raw: with("btt@ninhbinh", "kh&đt@ninhbinh"), subject: "chủ đề"},
		{name: "message-id-rubbish", raw: with("<m1@ninhbinh.example>", "rubbish <> <a b c> <<x@y>"), subject: "chủ đề"},
		{name: "references-rubbish", raw: with("Subject:", "References: <a@b> garbage <c@d> \x1b[31m <e\r\n @f>, (x) <g@h\r\nIn-Reply-To: Thư của anh hôm qua <a@b>\r\nSubject:"), subject: "chủ đề"},
		{name: "subject-twice", raw: with("Subject:", "Subject: chủ đề\r\nSubject:"), subject: "chủ đề"},
		{name: "encoded-words-broken", raw: simple("=?utf-8?Q?a=?= =?utf-8?B?!!!?= =?x?y?z?= =?utf-8?q?ok?= =?", "x")},
		{name: "byte-order-mark", raw: "\xef\xbb\xbf" + simple("chủ đề", "thân"), subject: "chủ đề", text: "thân"},
		{name: "list-mail", raw: with("Subject:", "List-Id: <ds.example>\r\nPrecedence: bulk\r\nSubject:"), subject: "chủ đề"},
	}
}

// htmlSamples are HTML letters.
func htmlSamples() []sample {
	html := func(body string) string { return typed("text/html; charset=utf-8", body) }
	return []sample{
		{name: "html-only", raw: html("<html><body><h1>Thông báo</h1><p>Mời <b>họp</b> lúc&nbsp;8 giờ.</p><table><tr><td>STT</td><td>Tên</td></tr></table></body></html>"), text: "Mời họp lúc 8 giờ."},
		{name: "html-bomb", raw: html(strings.Repeat("<table><tr><td><blockquote><b>", 1500) + "đáy" + strings.Repeat("</b>", 500)), text: "đáy"},
		{name: "html-attributes-without-end", raw: html("<p>đầu</p><a " + strings.Repeat("x=y ", 10000)), text: "đầu"},
		{name: "html-active", raw: html(`<script>alert(1)</script><style>p{background:url(http://t.example/a)}</style><img src="http://t.example/p.gif" width="1" height="1">
<iframe src="http://t.example"></iframe><link rel=stylesheet href="http://t.example/c.css"><svg><script>x</script></svg><object data="x">o</object>
<p onclick="x()">Chữ <a href="javascript:alert(1)">bấm</a> <a href=" java	script:x">nữa</a> <a href="data:text/html,x">và</a> <a href="https://x.example/a?b=c&amp;d">đúng</a></p><form action="http://t.example"><input name=p type=password></form>`), text: "Chữ bấm nữa và đúng [1]"},
		{name: "html-misleading-link", raw: html(`<a href="https://evil.example/login">https://nganhang.example</a>`), text: "[1]", defect: DefectLinkText},
		{name: "html-hidden-preheader", raw: html(`<div style="display:none">ẩn đi</div><p>thấy được</p>`), text: "thấy được"},
		{name: "html-all-hidden", raw: html(`<div style="display:none"><p>tất cả đều ẩn</p></div>`), text: "tất cả đều ẩn"},
		{name: "html-never-closed", raw: html("<div><p>một<p>hai<table><tr><td>ba<td>bốn<li>năm<a href=https://x.example>sáu"), text: "sáu"},
		{name: "html-declared-plain", raw: typed("text/plain; charset=utf-8", "<!DOCTYPE html>\r\n<html><body><p>thật ra là HTML</p></body></html>"), text: "thật ra là HTML"},
		{name: "html-word", raw: html(`<p class=MsoNormal>Kính gửi:</p><p class=MsoNormal><o:p>&nbsp;</o:p></p><table class=MsoTableGrid><tr><td><p class=MsoNormal>1</p></td><td><p class=MsoNormal>Nguyễn</p></td></tr></table>`), text: "1 | Nguyễn"},
		{name: "html-legacy-entities", raw: html("<p>" + strings.NewReplacer("\u00ad", "&shy;", "\u00e9", "&eacute;").Replace(latin(legacyBytes(tcvn3Table, viText))) + "</p>"), text: "Kế hoạch và Đầu tư", legacy: "TCVN3"},
	}
}

// fileSamples have attachments that are not what they say.
func fileSamples() []sample {
	zip := b64of("PK\x03\x04\x14\x00\x00\x00\x08\x00" + strings.Repeat("\x00", 30))
	return []sample{
		{name: "winmail-dat", raw: attached("application/ms-tnef", "filename=winmail.dat", "eJ8+IgAAAAAAAAA="), parts: "winmail.dat", defect: DefectTNEF},
		{name: "zip-named-pdf", raw: attached("application/pdf", "filename=a.pdf", zip), parts: "a.pdf"},
		{name: "exe-named-pdf", raw: attached("application/pdf", "filename=a.pdf", exeB64), parts: "a.pdf"},
		{name: "double-extension", raw: attached("application/pdf", "filename=bao_cao.pdf.exe", pdfB64), parts: "bao_cao.pdf.exe"},
		{name: "right-to-left-name", raw: attached("image/png", "filename*=utf-8''anh%E2%80%AEgnp.exe", exeB64), parts: "anh\u202egnp.exe"},
		{name: "path-in-name", raw: attached("application/pdf", "filename=\"../../../etc/passwd\"", pdfB64), parts: "../../../etc/passwd"},
		{name: "path-of-windows-in-name", raw: attached("application/pdf", `filename="C:\\Windows\\..\\a.pdf"`, pdfB64), parts: `C:\Windows\..\a.pdf`},
		{name: "name-rfc-2231-in-pieces", raw: attached("application/pdf", "filename*1*=%BB%87n.pdf; filename*0*=utf-8''v%C4%83n_ki%E1", pdfB64), parts: "văn_kiện.pdf"},
		{name: "name-rfc-2047", raw: attached("application/pdf", "filename=\"=?utf-8?B?"+b64of("văn kiện.pdf")+"?=\"", pdfB64), parts: "văn kiện.pdf"},
		{name: "name-raw-utf-8-unquoted", raw: attached("application/pdf", "filename=văn kiện số 1.pdf", pdfB64), parts: "văn kiện số 1.pdf"},
		{name: "name-of-1000-letters", raw: attached("application/pdf", "filename="+strings.Repeat("ộ", 1000)+".pdf", pdfB64), parts: strings.Repeat("ộ", 1000) + ".pdf"},
		{name: "name-missing", raw: attached("application/octet-stream", "x=y", pdfB64), parts: ""},
	}
}
