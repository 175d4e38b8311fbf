package viet

import (
	"strings"
	"testing"
)

// TestTypingMore has words of the kinds in typing.psv beyond its rows: method, keys, old style, new style.
func TestTypingMore(t *testing.T) {
	for _, line := range strings.Split(strings.ReplaceAll(strings.TrimSpace(moreTyping), "¤", "`"), "\n") {
		r := strings.Split(strings.TrimSpace(line), "|")
		if len(r) == 3 {
			r = append(r, r[2])
		}
		for i, style := range []Style{OldStyle, NewStyle} {
			if got := typed(t, NewEngine(methods[r[0]], style), r[1], true); got != r[2+i] {
				t.Errorf("%s %q in style %d: %q, want %q", r[0], r[1], style, got, r[2+i])
			}
		}
	}
}

// ¤ stands for the grave key.
const moreTyping = `
T|quys|quý
T|gif|gì
T|gis|gí
T|ginf|gìn
T|giuwx|giữ
T|giuwax|giữa
T|giuwowngf|giường
T|gieengs|giếng
T|giaos vieen|giáo viên
T|quyr|quỷ
T|quanr|quản
T|quas|quá
T|quyts|quýt
T|quynhf|quỳnh
T|quyeenr|quyển
T|queej|quệ
T|quawngr|quẳng
T|khuyur|khuỷu
T|khuyru|khuỷu
T|ngoawnf|ngoằn
T|ngoawts|ngoắt
T|ngoaf|ngòa|ngoà
T|xoef|xòe|xoè
T|khoer|khỏe|khoẻ
T|tuyf|tùy|tuỳ
T|uys|úy|uý
T|oaf|òa|oà
T|oej|ọe|oẹ
T|hoeof|hoèo
T|uyeen|uyên
T|yeeus|yếu
T|iar|ỉa
T|chias|chía
T|chuaf|chùa
T|chuwaf|chừa
T|muaf|mùa
T|muoons|muốn
T|muoiwf|mười
T|loanj|loạn
T|ngoaif|ngoài
T|ngoays|ngoáy
T|khuaays|khuấy
T|tuaanf|tuần
T|thuees|thuế
T|hueef|huề
T|thuowng|thương
T|thuongw|thương
T|cuuws|cứu
T|dangd|đang
T|ddieenj|điện
T|dienjde|điện
T|DDUWOWNGF|ĐƯỜNG
T|Dduowngf|Đường
T|TRUWOWNGF|TRƯỜNG
T|UYR BAN|ỦY BAN|UỶ BAN
T|QUYS|QUÝ
T|Ys kieens|Ý kiến
T|aaa|aa
T|eee|ee
T|ooo|oo
T|dddd|ddd
T|aaaa|aaa
T|oooooo|ooooo
T|ADDDD|ADDD
T|ass|as
T|asss|ass
T|hoasf|hòa|hoà
T|hoasz|hoa
T|thuwj|thự
T|thuww|thuw
T|w|w
T|was|was
T|wifi|wifi
T|SWOT|SWOT
T|phair|phải
T|cacs cow quan|các cơ quan
T|tooi ddi hocj|tôi đi học
T|khoong|không
T|nghieepj vuj|nghiệp vụ
T|hoojp thuw ddieenj tuwr|hộp thư điện tử
T|Nghij ddinhj soos 30/2020/NDD-CP|Nghị định số 30/2020/NĐ-CP
T|QDD-UBND|QĐ-UBND
T|QyDD|QyĐ
T|DDBQH|ĐBQH
T|LDDTB&XH|LĐTB&XH
T|email cuar anh|email của anh
T|file ddinhs kemf|file đính kèm
T|server, router|server, router
T|a@b.vn|a@b.vn
T2|w|ư
T2|wng|ưng
T2|wngs|ứng
T2|ww|w
T2|thw|thư
T2|dduw|đư
T2|truw[ngf|trường
T2|[ r|ơ r
T2|Wngs|Ứng
V|d9u7o7c5|được
V|d9uoc75|được
V|duoc975|được
V|nguoi72|người
V|Nguye6n4|Nguyễn
V|nguyen64|nguyễn
V|NGUYE6N4|NGUYỄN
V|qua1|quá
V|quy1|quý
V|gi2|gì
V|gia1|giá
V|khoe3|khỏe|khoẻ
V|thuy3|thủy|thuỷ
V|thu7|thư
V|D9|Đ
V|d9|đ
V|KHD9T|KHĐT
V|HD9ND|HĐND
V|UBND5|UBND5
V|QH15|QH15
V|TT39|TT39
V|so61 12/BC|số 12/BC
V|A44|A4
V|hoa20|hoa
V|to66|to6
V|tu72|từ
V|u7o71c|ước
V|a8n|ăn
V|la2m viec65|làm việc
V|nam8 2026|năm 2026
Q|DDa(.ng|Đặng
Q|ddu+o+.c|được
Q|Nguye^~n|Nguyễn
Q|ho¤a|hòa|hoà
Q|u+o+'c|ước
Q|thu+|thư
Q|Ba'o ca'o.|Báo cáo.
Q|toi\.|toi.
Q|Va(n pho¤ng|Văn phòng
Q|DDe^¤ nghi.|Đề nghị
Q|QUYE^'T DDI.NH|QUYẾT ĐỊNH
Q|Uy? ban|Ủy ban|Uỷ ban
Q|Hu*o*ng|Hương
`
