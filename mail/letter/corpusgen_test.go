package letter

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// sample is one hostile or legacy letter of our own making, and what must be read of it. Empty wishes are not checked.
type sample struct {
	name    string // says what it is; the file is testdata/corpus/NAME.eml
	raw     string
	subject string
	text    string // stands in the text
	legacy  string
	parts   string // names of the attachments, "|" between
	defect  string // one code that must be there
}

const (
	stdHead = "From: Trần Thị B <btt@ninhbinh.example>\r\nTo: hungnv@ninhbinh.example\r\nDate: Mon, 6 May 2024 07:08:09 +0700\r\nMessage-ID: <m1@ninhbinh.example>\r\n"
	pdfB64  = "JVBERi0xLjQKJcOkw7zDtsOfCg=="
	exeB64  = "TVqQAAMAAAAEAAAA//8AALgAAAAAAAAAQAAAAA=="
	viText  = "Kính gửi: Sở Kế hoạch và Đầu tư\r\nVăn phòng đề nghị các đơn vị báo cáo kết quả thực hiện nhiệm vụ trước ngày mười lăm tháng này.\r\n"
)

// simple is a letter with a subject as written and a plain UTF-8 body.
func simple(subject, body string) string {
	return stdHead + "Subject: " + subject + "\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + body + "\r\n"
}

// typed is a letter whose only part has this type and body.
func typed(media, body string) string {
	return stdHead + "Subject: thử\r\nMIME-Version: 1.0\r\nContent-Type: " + media + "\r\n\r\n" + body
}

// multi is a multipart with boundary "b" and these parts, each with its header.
func multi(kind string, parts ...string) string {
	return typed("multipart/"+kind+"; boundary=b", "\r\n--b\r\n"+strings.Join(parts, "\r\n--b\r\n")+"\r\n--b--\r\n")
}

const textPart = "Content-Type: text/plain; charset=utf-8\r\n\r\nKèm theo tệp."

// attached is a letter with one attachment; the parameters are written as they are.
func attached(media, params, b64 string) string {
	return multi("mixed", textPart, "Content-Type: "+media+"\r\nContent-Disposition: attachment; "+params+
		"\r\nContent-Transfer-Encoding: base64\r\n\r\n"+b64)
}

func nested(n int, inner string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("Content-Type: multipart/mixed; boundary=d" + itoa(i) + "\r\n\r\n--d" + itoa(i) + "\r\n")
	}
	b.WriteString(inner)
	return stdHead + "Subject: thử\r\n" + b.String()
}

// The letters of the legacy encodings as octets in hexadecimal (facts; VietUnicode and RFC 1456 tables).
const (
	tcvn3Table = `à B5 á B8 ả B6 ã B7 ạ B9 ă A8 ằ BB ắ BE ẳ BC ẵ BD ặ C6 â A9 ầ C7 ấ CA ẩ C8 ẫ C9 ậ CB è CC é D0 ẻ CE ẽ CF ẹ D1
		ê AA ề D2 ế D5 ể D3 ễ D4 ệ D6 ì D7 í DD ỉ D8 ĩ DC ị DE ò DF ó E3 ỏ E1 õ E2 ọ E4 ô AB ồ E5 ố E8 ổ E6 ỗ E7 ộ E9
		ơ AC ờ EA ớ ED ở EB ỡ EC ợ EE ù EF ú F3 ủ F1 ũ F2 ụ F4 ư AD ừ F5 ứ F8 ử F6 ữ F7 ự F9 ỳ FA ý FD ỷ FB ỹ FC ỵ FE đ AE Đ A7`
	vniTable = `à 61F8 á 61F9 ả 61FB ã 61F5 ạ 61EF ă 61EA ằ 61E8 ắ 61E9 ẳ 61FA ẵ 61FC ặ 61EB â 61E2 ầ 61E0 ấ 61E1 ẩ 61E5 ẫ 61E3
		ậ 61E4 è 65F8 é 65F9 ẻ 65FB ẽ 65F5 ẹ 65EF ê 65E2 ề 65E0 ế 65E1 ể 65E5 ễ 65E3 ệ 65E4 ì EC í ED ỉ E6 ĩ F3 ị F2 ò 6FF8
		ó 6FF9 ỏ 6FFB õ 6FF5 ọ 6FEF ô 6FE2 ồ 6FE0 ố 6FE1 ổ 6FE5 ỗ 6FE3 ộ 6FE4 ơ F4 ờ F4F8 ớ F4F9 ở F4FB ỡ F4F5 ợ F4EF ù 75F8
		ú 75F9 ủ 75FB ũ 75F5 ụ 75EF ư F6 ừ F6F8 ứ F6F9 ử F6FB ữ F6F5 ự F6EF ỳ 79F8 ý 79F9 ỷ 79FB ỹ 79F5 ỵ EE đ F1 Đ D1`
	vpsTable = `à E0 á E1 ả E4 ã E3 ạ E5 ă E6 ằ A2 ắ A1 ẳ A3 ẵ A4 ặ A5 â E2 ầ C0 ấ C3 ẩ C4 ẫ C5 ậ C6 è E8 é E9 ẻ C8 ẽ EB ẹ CB ê EA
		ề 8A ế 89 ể 8B ễ CD ệ 8C ì EC í ED ỉ CC ĩ EF ị CE ò F2 ó F3 ỏ D5 õ F5 ọ 86 ô F4 ồ D2 ố D3 ổ B0 ỗ 87 ộ B6 ơ D6 ờ A9
		ớ A7 ở AA ỡ AB ợ AE ù F9 ú FA ủ FB ũ DB ụ F8 ư DC ừ D8 ứ D9 ử BA ữ BB ự BF ỳ FF ý 9A ỷ 9B ỹ CF ỵ 9C đ C7 Đ F1`
	visciiTable = `à E0 á E1 ả E4 ã E3 ạ D5 ă E5 ằ A2 ắ A1 ẳ C6 ẵ C7 ặ A3 â E2 ầ A5 ấ A4 ẩ A6 ẫ E7 ậ A7 è E8 é E9 ẻ EB ẽ A8 ẹ A9 ê EA
		ề AB ế AA ể AC ễ AD ệ AE ì EC í ED ỉ EF ĩ EE ị B8 ò F2 ó F3 ỏ F6 õ F5 ọ F7 ô F4 ồ B0 ố AF ổ B1 ỗ B2 ộ B5 ơ BD ờ B6
		ớ BE ở B7 ỡ DE ợ FE ù F9 ú FA ủ FC ũ FB ụ F8 ư DF ừ D7 ứ D1 ử D8 ữ E6 ự F1 ỳ CF ý FD ỷ D6 ỹ DB ỵ DC đ F0 Đ D0`
)

// legacy writes s in the octets of a table; what is not in it stays.
func legacyBytes(table, s string) string {
	words := strings.Fields(table)
	m := map[string]string{}
	for i := 0; i+1 < len(words); i += 2 {
		var octets []byte
		for j := 0; j+1 < len(words[i+1]); j += 2 {
			octets = append(octets, byte(hexVal(words[i+1][j])<<4|hexVal(words[i+1][j+1])))
		}
		m[words[i]] = string(octets)
	}
	var b strings.Builder
	for _, r := range s {
		if o, ok := m[string(r)]; ok {
			b.WriteString(o)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// cp1258 writes s in windows-1258: the modified vowel, then its tone as a combining octet.
func cp1258(s string) string {
	tones := map[rune]byte{0x300: 0xcc, 0x301: 0xec, 0x309: 0xd2, 0x303: 0xde, 0x323: 0xf2}
	var b strings.Builder
	for _, r := range s {
		if r < utf8.RuneSelf {
			b.WriteRune(r)
			continue
		}
		tone, base := byte(0), ""
		for _, d := range norm.NFD.String(string(r)) {
			if t, ok := tones[d]; ok {
				tone = t
			} else {
				base += string(d)
			}
		}
		base = norm.NFC.String(base)
		octet, ok := charmap.Windows1258.EncodeRune([]rune(base)[0])
		if !ok {
			octet = '?'
		}
		b.WriteByte(octet)
		if tone != 0 {
			b.WriteByte(tone)
		}
	}
	return b.String()
}

// viqr writes s in VIQR (RFC 1456).
func viqr(s string) string {
	marks := map[rune]string{0x300: "`", 0x301: "'", 0x309: "?", 0x303: "~", 0x323: ".", 0x302: "^", 0x306: "(", 0x31b: "+"}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == 'đ':
			b.WriteString("dd")
		case r == 'Đ':
			b.WriteString("DD")
		case r < utf8.RuneSelf:
			b.WriteRune(r)
		default:
			shape, tone := "", ""
			for _, d := range norm.NFD.String(string(r)) {
				switch m := marks[d]; {
				case m == "":
					b.WriteRune(d)
				case d == 0x302 || d == 0x306 || d == 0x31b:
					shape = m
				default:
					tone = m
				}
			}
			b.WriteString(shape + tone)
		}
	}
	return b.String()
}

// misread gives s as it looks when its UTF-8 octets were taken for windows-1252 and written as UTF-8 again.
func misread(s string) string {
	out := make([]rune, 0, len(s))
	for i := 0; i < len(s); i++ {
		r := charmap.Windows1252.DecodeByte(s[i])
		if r == utf8.RuneError { // five octets have no character; programs keep their number
			r = rune(s[i])
		}
		out = append(out, r)
	}
	return string(out)
}

// latin gives octets as the characters of the same number, in UTF-8.
func latin(s string) string {
	out := make([]rune, 0, len(s))
	for i := 0; i < len(s); i++ {
		out = append(out, rune(s[i]))
	}
	return string(out)
}

func b64of(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
