package rule

import (
	"strings"
	"testing"

	"hopthu/mail"
)

// TestDraftsJudged has bodies as people write them: passwords (QC 13.5), promises of a file, and who is outside (QC 13.2).
func TestDraftsJudged(t *testing.T) {
	for _, c := range []struct{ text, code string }{
		{"Mật khẩu: Abc@12345", "password"},
		{"Mật khẩu mới của anh là Ninhbinh#77", "password"},
		{"MK: abc12345", "password"},
		{"mk là 123456aA", "password"},
		{"pass: hoa12345", "password"},
		{"Mat khau: Abc12345", "password"},
		{"Tên đăng nhập: hungtv; mật khẩu: xuan2013", "password"},
		{"Mật khẩu đăng nhập là: Quany@2026.", "password"},
		{"Mật khẩu (tạm): Tam#1234567", "password"},
		{"Mật khẩu wifi phòng họp: hop12345678", "password"},
		{"Mật khẩu\u00a0: Abc@12345", "password"},
		{"Mật khẩu - Abc@12345", "password"},
		{"Mã PIN: 884213", "password"},
		{"Mã OTP: 884213", "password"},
		{"Đề nghị cấp lại mật khẩu", ""},
		{"Mật khẩu phải có từ 12 ký tự trở lên", ""},
		{"Mật khẩu: không được cung cấp cho người khác", ""},
		{"Mật khẩu: ……", ""},
		{"Mật khẩu: (gửi riêng)", ""},
		{"Quy định về mật khẩu là bắt buộc", ""},
		{"Đổi mật khẩu trước ngày 05/12/2026", ""},
		{"Đinh Mỹ Khanh (MK) là đầu mối", ""},
		{"pin điện thoại: còn 50%", ""},
		{"Gửi kèm theo công văn này biểu tổng hợp", "forgotten-file"},
		{"Em gửi anh file báo cáo đính kèm ạ", "forgotten-file"},
		{"Chi tiết tại Phụ lục kèm theo.", "forgotten-file"},
		{"(Có danh sách kèm theo)", "forgotten-file"},
		{"xem file dinh kem", "forgotten-file"},
		{"Kèm theo đó, đề nghị các xã báo cáo", ""},
		{"Gửi kèm theo đồ án đã duyệt", "forgotten-file"},
		{"Ban hành kèm theo Quyết định này Quy chế", ""},
		{"Không có tệp đính kèm", ""},
		{"Theo công văn số 12 ngày hôm qua", ""},
	} {
		found := CheckDraft(DraftInput{
			Account: mail.Account{Address: "hungtv.kh&dt@ninhbinh.gov.vn"}, To: []mail.Address{{Addr: "hal.kh&dt@ninhbinh.gov.vn"}},
			Subject: "V/v trao đổi", Body: "Kính gửi anh.\n" + c.text + "\nTrân trọng.\n",
		})
		got := ""
		for _, f := range found {
			if f.Verdict > mail.Pass {
				got += " " + f.Code
			}
		}
		if strings.TrimSpace(got) != c.code {
			t.Errorf("%q: %q, want %q", c.text, got, c.code)
		}
	}
	for addr, outside := range map[string]bool{
		"kh&đt@ninhbinh.gov.vn": false, "KH&ĐT@NINHBINH.GOV.VN": false, "x@sub.ninhbinh.gov.vn": false, "x@ninhbinh.gov.vn.example": true,
		"x@ninhbinh-gov.vn": true, "x@gmail.com": true, "x@mail.chinhphu.vn": true, "x@nınhbinh.gov.vn": true,
	} {
		found := CheckDraft(DraftInput{
			Account: mail.Account{Address: "hungtv.kh&dt@ninhbinh.gov.vn"}, Bcc: []mail.Address{{Addr: addr}}, Subject: "V/v trao đổi", Body: "Kính gửi.\n",
		})
		got := false
		for _, f := range found {
			got = got || f.Code == "outside" || f.Code == "bad-address"
		}
		if got != outside {
			t.Errorf("%s: outside %v", addr, got)
		}
	}
}
