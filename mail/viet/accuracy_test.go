package viet

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// official is invented text in the manner of official letters.
const official = `Ủy ban nhân dân huyện đề nghị Sở Kế hoạch và Đầu tư xem xét điều chỉnh kế hoạch vốn đầu tư công trung hạn.
Thực hiện Chỉ thị của Chủ tịch tỉnh về tăng cường kỷ luật, kỷ cương hành chính, các cơ quan khẩn trương rà soát những tồn tại.
Trân trọng kính mời ông Trần Văn Hùng tới dự cuộc họp vào hồi 14 giờ ngày 25 tháng 7, tại phòng họp tầng hai.
Việc quản lý, sử dụng hộp thư điện tử công vụ phải bảo đảm an toàn, đúng mục đích; mỗi cán bộ tự chịu trách nhiệm.
Người dân phản ánh đường liên thôn xuống cấp nghiêm trọng, mưa lũ gây ngập úng nhiều diện tích lúa và hoa màu.
Mở lớp tập huấn nghiệp vụ văn thư, lưu trữ cho chuyên viên các phòng chuyên môn thuộc huyện Nho Quan, Gia Viễn, Yên Mô.
Đồng chí Nguyễn Thị Thu Hà, phó trưởng phòng, được ủy quyền ký thay biên bản bàn giao tài sản và chứng từ kế toán.`

// encode writes s in the encoding, false when it has no cell for a letter.
func encode(t testing.TB, name, s string) ([]byte, bool) {
	t.Helper()
	var out []byte
	for _, r := range norm.NFC.String(s) {
		if r < 0x80 {
			out = append(out, byte(r))
			continue
		}
		l, ok := letters[r]
		if !ok {
			return nil, false
		}
		if name == tcvn3 && l.tone != level {
			r = toned[l] // its capitals are those of the font
		}
		switch name {
		case vni:
			out = append(out, encodeVNI(t, r)...)
		case cp1258:
			b, ok := encode1258(r, l)
			if !ok {
				return nil, false
			}
			out = append(out, b...)
		default:
			c, ok := cellOf(map[string]*table{tcvn3: tcvnTable, vps: vpsTable, viscii: visciiTable}[name], r, unicode.ToLower(r))
			if !ok {
				return nil, false
			}
			out = append(out, c)
		}
	}
	return out, true
}

func cellOf(t *table, r, lower rune) (byte, bool) {
	for _, want := range []rune{r, lower} {
		for b, c := range t {
			if c == want {
				return byte(b), true
			}
		}
	}
	return 0, false
}

func encode1258(r rune, l letter) ([]byte, bool) {
	base := l.base
	if unicode.IsUpper(r) {
		base = unicode.ToUpper(base)
	}
	b, ok := byte1258(base)
	if !ok {
		return nil, false
	}
	out := []byte{b}
	if l.tone != level {
		out = append(out, map[tone]byte{grave: 0xcc, acute: 0xec, hook: 0xd2, tilde: 0xde, dotted: 0xf2}[l.tone])
	}
	return out, true
}

func byte1258(r rune) (byte, bool) {
	for c := range 256 {
		if decode1258([]byte{byte(c)}) == string(r) {
			return byte(c), true
		}
	}
	return 0, false
}

// Every run of words of ordinary text is either read rightly or left alone, never taken for another encoding; of six
// words nine in ten runs are recognised, whole lines always.
func TestRecognition(t *testing.T) {
	for _, name := range []string{tcvn3, vni, vps, viscii, cp1258} {
		wrong, missed, all := 0, 0, 0
		for _, line := range strings.Split(official, "\n") {
			raw, ok := encode(t, name, line)
			if !ok {
				t.Fatalf("%s cannot hold %q", name, line)
			}
			if got, legacy, _ := Decode(raw, "iso-8859-1"); legacy != name || !strings.EqualFold(got, line) {
				t.Errorf("%s: %q read as %s", name, got, legacy)
			}
			words := strings.Fields(line)
			for i := 0; i+6 <= len(words); i++ {
				part := strings.Join(words[i:i+6], " ")
				raw, ok := encode(t, name, part)
				if !ok {
					t.Fatalf("%s cannot hold %q", name, part)
				}
				all++
				got, legacy, _ := Decode(raw, "")
				switch {
				case strings.EqualFold(got, part):
				case legacy == "":
					missed++
				default:
					wrong++
					t.Logf("%s: %q became %q (%s)", name, part, got, legacy)
				}
			}
		}
		if wrong > 0 || missed*10 > all {
			t.Errorf("%s: of %d runs of six words %d wrong, %d not recognised", name, all, wrong, missed)
		}
	}
}

// TestRecognitionShort: what stands in a subject or a file name is recognised when two marked words and an abbreviation are
// all there is, and European words of the same length never are.
func TestRecognitionShort(t *testing.T) {
	for _, text := range []string{"UBND TỈNH NINH BÌNH", "Giấy mời họp", "Sở Nội vụ", "GIẤY MỜI HỌP", "Đề nghị góp ý dự thảo", "HĐND tỉnh, UBND huyện"} {
		for _, name := range []string{tcvn3, vni} {
			raw, ok := encode(t, name, text)
			if !ok {
				t.Fatalf("%s cannot hold %q", name, text)
			}
			if got, legacy, _ := Decode(raw, ""); legacy != name || got != text {
				t.Errorf("%s %q: %q (%s)", name, text, got, legacy)
			}
			if got, legacy := Repair(decode1252(raw)); legacy != name || got != text {
				t.Errorf("%s %q, wrongly converted: %q (%s)", name, text, got, legacy)
			}
		}
	}
	for _, text := range []string{
		"café résumé naïve", "Müller Straße", "El Niño año", "ñandú", "crème brûlée", "São Paulo", "déjà vu", "MÜLLER GMBH", "ÉCOLE USA", "ÁÉÍ UBND", "Ønsker", "garçon forêt",
		"naïve NATO Übung", "PIÑATA BBC", "Ærøskøbing", "smörgåsbord IKEA",
	} {
		if got, legacy := Repair(text); legacy != "" || got != text {
			t.Errorf("%q became %q (%s)", text, got, legacy)
		}
	}
}
