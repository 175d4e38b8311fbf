package rule

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"hopthu/mail"
)

func brief(found []mail.Finding) string {
	var out []string
	for _, f := range found {
		out = append(out, fmt.Sprintf("%s:%s", [...]string{"pass", "ask", "block"}[f.Verdict], f.Code))
	}
	return strings.Join(out, " ")
}

func TestCheckDraft(t *testing.T) {
	inside := []mail.Address{{Name: "Lê Hà", Addr: "hal.kh&đt@ninhbinh.gov.vn"}}
	base := func(change func(*DraftInput)) DraftInput {
		in := DraftInput{
			Account: mail.Account{Address: "hungtv.kh&dt@ninhbinh.gov.vn"}, To: inside,
			Subject: "V/v báo cáo", Body: "Kính gửi anh.\nTrân trọng.\n",
		}
		change(&in)
		return in
	}
	body := func(s string) func(*DraftInput) { return func(in *DraftInput) { in.Body = s } }
	file := func(name string, risk mail.Risk) func(*DraftInput) {
		return func(in *DraftInput) { in.Attachments = []mail.Attachment{{Name: name, Risk: risk}} }
	}
	for _, c := range []struct {
		name   string
		change func(*DraftInput)
		want   string
	}{
		{"clean", func(*DraftInput) {}, ""},
		{"nobody", func(in *DraftInput) { in.To = nil }, "block:no-recipient"},
		{"only bcc", func(in *DraftInput) { in.Bcc, in.To = in.To, nil }, ""},
		{"bad words", func(in *DraftInput) { in.Bad = []string{"Lê Hà"}; in.To = nil }, "block:bad-address"},
		{"bad shape", func(in *DraftInput) { in.Cc = []mail.Address{{Addr: "a@b..c"}} }, "block:bad-address"},
		{"no domain", func(in *DraftInput) { in.Cc = []mail.Address{{Addr: "a@"}} }, "block:bad-address"},
		{"outside", func(in *DraftInput) { in.Cc = []mail.Address{{Addr: "doan@example.com"}, {Addr: "Doan@Example.com"}} }, "pass:outside"},
		{"below the domain", func(in *DraftInput) { in.Cc = []mail.Address{{Addr: "x@mail.ninhbinh.gov.vn"}} }, ""},
		{"looks like the domain", func(in *DraftInput) { in.Cc = []mail.Address{{Addr: "x@evilninhbinh.gov.vn"}} }, "pass:outside"},
		{"no subject", func(in *DraftInput) { in.Subject = " " }, "ask:no-subject"},
		{"forgotten", body("Xin gửi kèm báo cáo."), "ask:forgotten-file"},
		{"forgotten, plain", body("xin dinh kem file"), "ask:forgotten-file"},
		{"forgotten, English", body("Please see the attached report."), "ask:forgotten-file"},
		{"forgotten, capitals", body("VĂN BẢN KÈM THEO"), "ask:forgotten-file"},
		{"forgotten, NFC subject", func(in *DraftInput) { in.Subject = "Báo cáo (đính kèm)" }, "ask:forgotten-file"},
		{"attached", func(in *DraftInput) { body("Xin gửi kèm báo cáo.")(in); file("a.pdf", 0)(in) }, ""},
		{"only quoted", body("Vâng.\n> Xin gửi kèm báo cáo.\n >> đính kèm\n"), ""},
		{"only forwarded", body("Xin chuyển.\n---- Thư gốc ----\nXin gửi kèm báo cáo.\n"), ""},
		{"none promised", body("Thư này không có tệp đính kèm."), ""},
		{"issued with", body("Quy chế ban hành kèm theo Quyết định số 10."), ""},
		{"unattached word", body("They were unattached."), ""},
		{"secret subject", func(in *DraftInput) { in.Subject = "[MẬT] Kế hoạch" }, "block:secret-mark"},
		{"secret quoted", func(in *DraftInput) { in.Quoted = "MẬT\nSố: 07" }, "block:secret-mark"},
		{"secret text of a file", func(in *DraftInput) {
			file("kh.txt", 0)(in)
			in.Texts = map[string]string{"kh.txt": "TỐI MẬT"}
		}, "block:secret-mark"},
		{"scan", func(in *DraftInput) {
			file("kh.pdf", 0)(in)
			in.Facts = map[string]FileFacts{"kh.pdf": {Scanned: true}}
		}, "pass:scan"},
		{"secret name in an archive", func(in *DraftInput) {
			file("a.zip", 0)(in)
			in.Facts = map[string]FileFacts{"a.zip": {Names: []string{"x/tuyet_mat.docx"}}}
		}, "ask:secret-mark"},
		{"macros", func(in *DraftInput) {
			file("a.docx", 0)(in)
			in.Facts = map[string]FileFacts{"a.docx": {Macros: true}}
		}, "block:file-macro"},
		{"bomb", func(in *DraftInput) {
			file("a.zip", 0)(in)
			in.Facts = map[string]FileFacts{"a.zip": {Bomb: true}}
		}, "block:file-bomb"},
		{"mention within", func(in *DraftInput) { in.Body = "Văn bản này đóng dấu Mật."; in.StrictOutside = true }, "ask:secret-mark"},
		{"mention outside", func(in *DraftInput) {
			in.Body, in.StrictOutside = "Văn bản này đóng dấu Mật.", true
			in.To = []mail.Address{{Addr: "a@example.com"}}
		}, "block:secret-mark pass:outside"},
		{"mention outside, no policy", func(in *DraftInput) {
			in.Body = "Văn bản này đóng dấu Mật."
			in.To = []mail.Address{{Addr: "a@example.com"}}
		}, "ask:secret-mark pass:outside"},
		{"secret name", file("Bao cao TOI MAT.pdf", 0), "ask:secret-mark"},
		{"password", body("Mật khẩu: Xuan@2013\n"), "ask:password"},
		{"password of a box", body("mật khẩu hộp thư của anh là hoadao99"), "ask:password"},
		{"password, English", body("password = hunter2x"), "ask:password"},
		{"password in a file", func(in *DraftInput) {
			file("huong dan.txt", 0)(in)
			in.Texts = map[string]string{"huong dan.txt": strings.Repeat("Hướng dẫn sử dụng hộp thư.\n", 500) + "Mật khẩu mới:\n  Xuan@2013\n" + strings.Repeat("Hết.\n", 500)}
		}, "ask:password"},
		{"password far in a long line", func(in *DraftInput) {
			file("huong dan.txt", 0)(in)
			in.Texts = map[string]string{"huong dan.txt": strings.Repeat("Hướng dẫn sử dụng hộp thư. ", 400) + "Mật khẩu mới: Xuan@2013 " + strings.Repeat("Hết. ", 500)}
		}, "ask:password"},
		{"password rule in a file", func(in *DraftInput) {
			file("quy che.txt", 0)(in)
			in.Texts = map[string]string{"quy che.txt": strings.Repeat("Mật khẩu: do người dùng tự đặt; quên mật khẩu thì báo ngay. Password là bí mật.\n", 500)}
		}, ""},
		{"forgotten password", body("Đề nghị cấp lại mật khẩu cho hộp thư hal.tt&tt do quên mật khẩu."), ""},
		{"password rule", body("Mật khẩu: tối thiểu 12 ký tự. Mật khẩu là bí mật của mỗi người. Mật khẩu: ********"), ""},
		{"quoted password", body("Vâng\n> Mật khẩu: Xuan@2013\n"), ""},
		{"program", file("hoadon.pdf.exe", mail.RiskBlocked), "block:file-disguised"},
		{"program by name", file("setup.MSI ", 0), "block:file-blocked"},
		{"right to left", file("hoadon\u202efdp.txt", 0), "block:file-disguised"},
		{"odd", file("a.pdf", mail.RiskOdd), "ask:file-odd"},
		{"rar", file("a.rar", 0), "ask:file-unlisted"},
		{"doc", file("a.doc", 0), "pass:file-old"},
		{"odt", file("a.odt", 0), ""},
		{"eth", body("Kính gửi anh Ðoàn."), "ask:not-unicode"},
		{"decomposed", body("Kính gu\u031b\u0309i anh."), ""},
		{"order", func(in *DraftInput) {
			in.To = []mail.Address{{Addr: "a@example.com"}}
			in.Subject = ""
			in.Body = "MẬT"
		}, "block:secret-mark ask:no-subject pass:outside"},
	} {
		got := CheckDraft(base(c.change))
		if brief(got) != c.want {
			t.Errorf("%s: %s, want %s", c.name, brief(got), c.want)
		}
		for _, f := range got {
			if strings.Contains(f.Text, "Xuan") || strings.Contains(f.Text, "hoadao") || strings.Contains(f.Text, "hunter") {
				t.Errorf("%s: the password is in the finding %q", c.name, f.Text)
			}
		}
	}
}

func TestAddressShaped(t *testing.T) {
	good := []string{"kh&đt@ninhbinh.gov.vn", "a@b.vn", "a.b+c@x-y.example", `"a b"@example.com`, "a@[127.0.0.1]", "người@ví-dụ.vn", "root@localhost"}
	bad := []string{
		"", "a", "@b", "a@", "a b@c.vn", "a@b c", "a@.vn", "a@b..vn", "a..b@c.vn", ".a@c.vn", "a.@c.vn", "a@-b.vn", "a@[1", "a\r\n@b.vn",
		strings.Repeat("a", 65) + "@b.vn", "a@" + strings.Repeat("b", 64) + ".vn", "a@b.vn>", "a@b,c",
	}
	for _, s := range good {
		if !addressShaped(s) {
			t.Errorf("%q refused", s)
		}
	}
	if i := slices.IndexFunc(bad, addressShaped); i >= 0 {
		t.Errorf("%q accepted", bad[i])
	}
}
