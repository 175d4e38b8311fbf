package rule

import (
	"fmt"
	"strings"
	"testing"

	"hopthu/mail"
	"hopthu/mail/viet"
)

// worst is the hardest verdict of findings.
func worst(found []mail.Finding) mail.Verdict {
	v := mail.Pass
	for _, f := range found {
		v = max(v, f.Verdict)
	}
	return v
}

func TestSecrecy(t *testing.T) {
	verdicts := map[string]mail.Verdict{"CHẶN": mail.Block, "HỎI": mail.Ask, "QUA": mail.Pass}
	own := [][]string{
		{"subject", "[MẬT] Kế hoạch", "CHẶN"},
		{"subject", "Re: Fwd: TUYỆT MẬT | phương án", "CHẶN"},
		{"subject", "Mật: kế hoạch", "HỎI"},
		{"subject", "Mật ong Ninh Bình", "QUA"},
		{"subject", "Mật khẩu: đã đổi", "QUA"},
		{"subject", "(mật) báo cáo", "HỎI"},
		{"body", "> MẬT", "CHẶN"},
		{"body", "*** T ố i   m ậ t ***", "CHẶN"},
		{"body", "MẬT                    Số: 07/KH-BCH", "CHẶN"},
		{"body", "TỐI MẬT\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "CHẶN"},
		{"body", "[ M Ậ T ]", "CHẶN"},
		{"body", "TUYệT MậT", "CHẶN"},
		{"body", "TUYÖT MËT", "CHẶN"},
		{"body", "TUYEÄT MAÄT", "CHẶN"},
		{"body", "TUYŒT MÆT", "CHẶN"},
		{"body", "TUY\u1ec6\u00adT\u200b MẬT", "CHẶN"},
		{"body", "M\u00c2\u0323T", "CHẶN"},
		{"body", "Tuyệt\u00a0mật", "CHẶN"},
		{"body", "Thời hạn bảo vệ bí mật nhà nước: 20 năm", "CHẶN"},
		{"body", "Tài liệu thu hồi", "CHẶN"},
		{"body", "Cấp độ mật: mật", "CHẶN"},
		{"body", "Độ mật: Thường", "QUA"},
		{"body", "Độ mật: Không", "QUA"},
		{"body", "Văn bản này đóng dấu Mật, đề nghị trả lại.", "HỎI"},
		{"body", "Phụ lục kèm theo mang dấu chỉ độ Tối mật", "HỎI"},
		{"body", "Văn bản không đóng dấu Mật.", "QUA"},
		{"body", "Tài liệu hướng dẫn độ mật khẩu mạnh", "QUA"},
		{"body", "Đề nghị không in. Tài liệu tuyệt mật.", "HỎI"},
		{"body", "TOI MAT", "HỎI"},
		{"body", "MAT", "HỎI"},
		{"body", "mat", "QUA"},
		{"body", "Gan", "QUA"},
		{"body", "Tụy", "QUA"},
		{"body", "thôn Mật, xã Gia Hòa", "QUA"},
		{"body", "Tôi mất điện thoại", "QUA"},
		{"body", "Tôi mất", "QUA"},
		{"body", "Hồ sơ (bí mật) của anh", "QUA"},
		{"body", "", "QUA"},
		{"body", "thân mật, cơ mật, mật danh", "QUA"},
	}
	for _, r := range append(rows(t, "secrecy.psv"), own...) {
		found := Secrecy(r[0], r[1])
		if got := worst(found); got != verdicts[r[2]] {
			t.Errorf("%s %q: %v, want %s", r[0], r[1], got, r[2])
		}
		if len(r) > 3 && r[2] != "QUA" && found[0].Rule != r[3] {
			t.Errorf("%s %q: rule %s, want %s", r[0], r[1], found[0].Rule, r[3])
		}
		for _, f := range found {
			if f.Line != 1 || f.Code != codeSecret || f.Clause != clauseSecret || f.Where != r[0] || f.Text == "" {
				t.Errorf("incomplete finding %+v", f)
			}
		}
	}
}

func TestSecrecyBodies(t *testing.T) {
	letter := "Kính gửi anh,\n\nXin gửi lại.\n> UBND TỈNH\n> MẬT\n> Số: 07/KH-BCH\n"
	if worst(Secrecy("body", letter)) != mail.Block {
		t.Error("a stamp in a quoted reply passed")
	}
	text, _, err := viet.Decode([]byte("UBND T\xd8NH\r\nTUY\xd6T M\xcbT\r\nK\xddnh g\xf6i: V\xa8n ph\xdfng\r\n"), "")
	if err == nil || worst(Secrecy("attachment:a.txt", text)) != mail.Block {
		t.Errorf("a stamp in a TCVN3 file passed: %q", text)
	}
	if worst(Secrecy("body", "UBND TØNH\nTUYÖT MËT\nKÝnh göi: V¨n phßng\n")) != mail.Block {
		t.Error("a stamp in misread TCVN3 passed")
	}
	if worst(Secrecy("body", "Các cơ quan nội tạng:\nGan\nMật\nTụy\n")) != mail.Ask {
		t.Error("the accepted false alarm changed")
	}
	for name, want := range map[string]mail.Verdict{
		"Bao cao TOI MAT.pdf": mail.Ask, "tuyet_mat.docx": mail.Ask, "MẬT.pdf": mail.Ask, "[MẬT] ke hoach.odt": mail.Ask,
		"doi mat khau.pdf": mail.Pass, "mat do dan so.xls": mail.Pass, "Báo cáo Tuyệt mật.pdf": mail.Ask,
	} {
		if got := worst(secrecyName(name)); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	many := Secrecy("body", strings.Repeat("MẬT\n", 1000))
	if len(many) != maxFindings {
		t.Errorf("%d findings", len(many))
	}
	var b strings.Builder
	for i := range 500 {
		fmt.Fprintf(&b, "%d. Đề nghị đổi mật khẩu. %s\n", i, strings.Repeat("Ủy ban nhân dân tỉnh báo cáo kết quả. ", 35))
	}
	if got := Secrecy("body", b.String()); len(got) != 0 || b.Len() < 1<<19 {
		t.Errorf("ordinary text of %d bytes: %v", b.Len(), got)
	}
}

func BenchmarkSecrecy(b *testing.B) {
	text := strings.Repeat("Đề nghị đổi mật khẩu. "+strings.Repeat("Ủy ban nhân dân tỉnh báo cáo kết quả. ", 35)+"\n", 500)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if len(Secrecy("body", text)) != 0 {
			b.Fatal("found something")
		}
	}
}

func FuzzSecrecy(f *testing.F) {
	for _, r := range rows(f, "secrecy.psv") {
		f.Add(r[0], r[1])
	}
	f.Fuzz(func(t *testing.T, place, text string) {
		for _, x := range Secrecy(place, text) {
			if x.Verdict == mail.Pass || x.Text == "" {
				t.Fatalf("%q: %+v", text, x)
			}
		}
	})
}

// BenchmarkSecrecyHard has a line to be looked at carefully in every line.
func BenchmarkSecrecyHard(b *testing.B) {
	text := strings.Repeat("Giữ bí mật nhà nước. "+strings.Repeat("Ủy ban nhân dân tỉnh báo cáo kết quả. ", 35)+"\n", 500)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if len(Secrecy("body", text)) != 0 {
			b.Fatal("found something")
		}
	}
}
