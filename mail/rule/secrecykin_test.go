package rule

import (
	"testing"

	"hopthu/mail"
)

// TestSecrecyKin has lines of the kinds in secrecy.psv beyond its rows.
func TestSecrecyKin(t *testing.T) {
	for _, r := range []struct {
		place, line string
		want        mail.Verdict
	}{
		{"subject", "TUYỆT MẬT: Kế hoạch bảo vệ", mail.Block},
		{"subject", "Re: Fwd: MẬT - danh sách", mail.Block},
		{"subject", "Tr: [MẬT] Báo cáo", mail.Block},
		{"subject", "RE: Tối mật / phương án", mail.Block},
		{"subject", "Tối mật | Phương án", mail.Block},
		{"subject", "mật - danh sách", mail.Ask},
		{"subject", "Mật: danh sách", mail.Ask},
		{"subject", "MẬT KHẨU: hướng dẫn đổi", mail.Pass},
		{"subject", "Mật độ: báo cáo", mail.Pass},
		{"subject", "BÍ MẬT - cách giữ", mail.Pass},
		{"subject", "Chuyển tiếp: Tuyệt mật: x", mail.Block},
		{"subject", "[Mật] họp", mail.Ask},
		{"subject", "(MẬT) họp", mail.Block},
		{"subject", "TUYET MAT", mail.Ask},
		{"subject", "Hỏi về tuyệt mật", mail.Ask},
		{"subject", "TỐI MẬT", mail.Block},
		{"subject", "Re: TỐI MẬT", mail.Block},
		{"body", "*** TUYỆT MẬT ***", mail.Block},
		{"body", "[ TỐI MẬT ]", mail.Block},
		{"body", "| MẬT |", mail.Block},
		{"body", "──── MẬT ────", mail.Block},
		{"body", "║ TỐI MẬT ║", mail.Block},
		{"body", "T Ố I  M Ậ T", mail.Block},
		{"body", "T.U.Y.Ệ.T M.Ậ.T", mail.Block},
		{"body", "Tuyệt Mật", mail.Block},
		{"body", "tối mật", mail.Block},
		{"body", "mật", mail.Ask},
		{"body", "Độ mật: Tuyệt mật.", mail.Block},
		{"body", "Độ mật : MẬT", mail.Block},
		{"body", "ĐỘ MẬT: TỐI MẬT", mail.Block},
		{"body", "Cấp độ mật: Tối mật", mail.Block},
		{"body", "Mức độ mật: Không", mail.Pass},
		{"body", "Độ mật: Thường", mail.Pass},
		{"body", "Độ mật: không mật", mail.Pass},
		{"body", "- Độ mật: Mật", mail.Block},
		{"body", "Độ khẩn: Hỏa tốc; Độ mật: Tối mật", mail.Block},
		{"body", "Chỉ người có tên mới được bóc bì", mail.Block},
		{"body", "Tài liệu thu hồi", mail.Block},
		{"body", "TÀI LIỆU THU HỒI.", mail.Block},
		{"body", "Thời hạn bảo vệ bí mật nhà nước: 10 năm", mail.Block},
		{"body", "Các tài liệu thu hồi sẽ hủy", mail.Pass},
		{"body", "Văn bản đóng dấu Mật đề nghị gửi bằng bưu chính", mail.Ask},
		{"body", "Công văn mang dấu Tuyệt mật", mail.Ask},
		{"body", "Báo cáo độ Mật đã gửi", mail.Ask},
		{"body", "Danh sách cán bộ độ mật Tối mật", mail.Ask},
		{"body", "Văn bản không đóng dấu mật thì gửi qua thư", mail.Pass},
		{"body", "Văn bản này không thuộc loại tuyệt mật", mail.Pass},
		{"body", "Đây không phải tài liệu tối mật", mail.Pass},
		{"body", "Kho lưu trữ tài liệu tuyệt mật", mail.Ask},
		{"body", "TOI MAT", mail.Ask},
		{"body", "[TUYET MAT]", mail.Ask},
		{"body", "T U Y E T  M A T", mail.Ask},
		{"body", "MAT", mail.Ask},
		{"body", "Mật ong rừng bán tại chợ", mail.Pass},
		{"body", "MẬT ONG", mail.Pass},
		{"body", "MẬT MÃ", mail.Pass},
		{"body", "MẬT KHẨU", mail.Pass},
		{"body", "Giải mật", mail.Pass},
		{"body", "GIẢI MẬT", mail.Pass},
		{"body", "cơ mật viện", mail.Pass},
		{"body", "Thân mật", mail.Pass},
		{"body", "Ông Trần Mật", mail.Pass},
		{"body", "xã Mật Sơn", mail.Pass},
		{"body", "bảo mật tuyệt đối", mail.Pass},
		{"body", "tuyệt đối bí mật", mail.Pass},
		{"body", "Thông tin mật thiết", mail.Pass},
		{"body", "sỏi mật, túi mật", mail.Pass},
		{"body", "Viêm túi mật", mail.Pass},
		{"body", "> TUYỆT MẬT", mail.Block},
		{"body", "\u200bTUYỆT\u00adMẬT", mail.Block},
		{"body", "TUYỆT\u00a0MẬT", mail.Block},
		{"body", "TUYÖT MËT", mail.Block},
		{"body", "TUYEÄT MAÄT", mail.Block},
		{"body", "TUYŒT MÆT", mail.Block},
		{"body", "TUYE^.T MA^.T", mail.Block},
		{"body", "MËT", mail.Block},
		{"body", "MAÄT", mail.Block},
		{"body", "TỐI MẬT\tSố: 15/BC", mail.Block},
		{"body", "Số: 15/BC-BCH                    MẬT", mail.Block},
		{"body", "Bản số: 01", mail.Pass},
		{"body", "Tài liệu này (Tối mật) phải nộp lại", mail.Block},
		{"body", "tài liệu (mật) nộp lại", mail.Ask},
		{"body", "MẬT.", mail.Block},
		{"body", "MẬT!", mail.Block},
		{"body", "“MẬT”", mail.Block},
		{"body", "1. MẬT", mail.Block},
		{"body", "Đổi mật khẩu. Tài liệu tuyệt mật. Mật khẩu mới.", mail.Ask},
		{"body", "mật khẩu [MẬT] mật khẩu", mail.Block},
		{"body", "tối mật. Khẩu hiệu", mail.Ask},
		{"body", "MẬT KHẨU   MẬT", mail.Block},
	} {
		if got := worst(Secrecy(r.place, r.line)); got != r.want {
			t.Errorf("%s %q: %v, want %v", r.place, r.line, got, r.want)
		}
		below := "Kính gửi anh,\n" + r.line + "\nTrân trọng.\n"
		if got := worst(Secrecy(r.place, below)); r.place == "body" && got != r.want {
			t.Errorf("among other lines %q: %v, want %v", r.line, got, r.want)
		}
	}
}
