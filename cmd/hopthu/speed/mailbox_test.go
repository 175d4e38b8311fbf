//go:build linux

package speed

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"mime"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// marker is what every subject begins with, so that a list can be recognised on any program's screen.
func marker(n int) string { return fmt.Sprintf("%06d/CV", n) }

var (
	families = []string{"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý"}
	middles  = []string{"Văn", "Thị", "Đức", "Minh", "Thanh", "Hữu", "Quốc", "Ngọc", "Xuân", "Thu"}
	given    = []string{"An", "Bình", "Chi", "Dũng", "Đức", "Giang", "Hà", "Hùng", "Khánh", "Lan", "Linh", "Mai", "Nam", "Phúc", "Quỳnh", "Sơn", "Trang", "Tuấn", "Vân", "Yến"}
	topics   = []string{
		"V/v báo cáo kết quả thực hiện nhiệm vụ quý III", "V/v mời họp giao ban tuần", "Kế hoạch công tác tháng 12",
		"V/v rà soát thủ tục hành chính", "Quyết định phê duyệt dự toán kinh phí", "Thông báo lịch tiếp công dân",
		"V/v lấy ý kiến dự thảo nghị quyết", "Báo cáo tình hình đăng ký đất đai", "V/v cử cán bộ tham gia tập huấn",
		"Giấy mời dự hội nghị tổng kết",
	}
	sentences = []string{
		"Kính gửi các phòng chuyên môn và ủy ban nhân dân các xã, phường.", "Thực hiện kế hoạch công tác năm, đề nghị các đơn vị khẩn trương rà soát, tổng hợp số liệu.",
		"Báo cáo gửi về văn phòng trước mười bảy giờ ngày thứ sáu để tổng hợp trình lãnh đạo.", "Trong quá trình thực hiện, nếu có khó khăn, vướng mắc, đề nghị liên hệ để được hướng dẫn.",
		"Hội nghị được tổ chức tại phòng họp số hai, trụ sở cơ quan.", "Yêu cầu các đồng chí sắp xếp công việc, tham dự đầy đủ và đúng thành phần.",
		"Dự thảo được gửi kèm theo thư này; ý kiến góp ý bằng văn bản.", "Trân trọng cảm ơn sự phối hợp của quý cơ quan.",
	}
)

func pick(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }

// letterOf writes one invented official letter of about 3 KB, to an address or only in copy.
func letterOf(r *rand.Rand, n int, at time.Time, address string, copied bool) []byte {
	var b bytes.Buffer
	sender := r.IntN(400) // some hundreds of people write to a box
	pr := rand.New(rand.NewPCG(uint64(sender), 7))
	name := pick(pr, families) + " " + pick(pr, middles) + " " + pick(pr, given)
	addr := fmt.Sprintf("canbo%03d@example.test", sender)
	word := func(s string) string { return mime.BEncoding.Encode("UTF-8", s) }
	fmt.Fprintf(&b, "Return-Path: <%s>\r\nReceived: from mail.example.test (mail.example.test [192.0.2.7])\r\n\tby localhost with ESMTPS id %d;\r\n\t%s\r\n",
		addr, n, at.Format(time.RFC1123Z))
	fmt.Fprintf(&b, "Message-ID: <%d.%d@example.test>\r\n", n, at.Unix())
	if n > 10 && r.IntN(4) == 0 {
		m := n - 1 - r.IntN(9)
		id := fmt.Sprintf("<%d.%d@example.test>", m, at.Add(-time.Duration(n-m)*time.Minute).Unix())
		fmt.Fprintf(&b, "In-Reply-To: %s\r\nReferences: %s\r\n", id, id)
	}
	fmt.Fprintf(&b, "Date: %s\r\nFrom: %s <%s>\r\n", at.Format(time.RFC1123Z), word(name), addr)
	owner := fmt.Sprintf("%s <%s>\r\n", word("Hà Thị Thu"), address)
	if copied {
		owner = "vanphong@example.test\r\nCc: " + owner
	}
	b.WriteString("To: " + owner)
	fmt.Fprintf(&b, "Subject: %s %s\r\n", marker(n), word(pick(r, topics)))
	b.WriteString("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n")
	var text bytes.Buffer
	for text.Len() < 1500 {
		text.WriteString(pick(r, sentences))
		text.WriteByte('\n')
	}
	enc := base64.StdEncoding.EncodeToString(text.Bytes())
	for len(enc) > 76 {
		b.WriteString(enc[:76] + "\r\n")
		enc = enc[76:]
	}
	b.WriteString(enc + "\r\n")
	return b.Bytes()
}

// newest is when the newest letter came: letters are a minute apart.
func newest() time.Time { return time.Now().Add(-time.Hour).Truncate(time.Minute) }

// makeMailbox writes a Maildir of n letters, 95 % of them read, the files' times being the letters'. One of each `every` is
// to its owner, the others are copies for him to know. A Maildir that is there already is kept.
func makeMailbox(t *testing.T, dir, address string, n, every int) {
	t.Helper()
	vmail, err := user.Lookup("vmail")
	if err != nil {
		t.Fatal(err)
	}
	uid, err := strconv.Atoi(vmail.Uid)
	if err != nil {
		t.Fatal(err)
	}
	gid, err := strconv.Atoi(vmail.Gid)
	if err != nil {
		t.Fatal(err)
	}
	box := filepath.Join(dir, address)
	if _, err := os.Stat(filepath.Join(box, "made")); err == nil {
		return
	}
	for _, d := range []string{box, filepath.Join(box, "cur"), filepath.Join(box, "new"), filepath.Join(box, "tmp")} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(d, uid, gid); err != nil {
			t.Fatal(err)
		}
	}
	r := rand.New(rand.NewPCG(uint64(n), 1))
	end := newest()
	for i := 1; i <= n; i++ {
		addLetter(t, box, letterOf(r, i, end.Add(-time.Duration(n-i)*time.Minute), address, i%every != 0), i, end.Add(-time.Duration(n-i)*time.Minute), i%20 != 0, uid)
	}
	if err := os.WriteFile(filepath.Join(box, "made"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
}

func addLetter(t *testing.T, box string, raw []byte, n int, at time.Time, seen bool, uid int) {
	t.Helper()
	flags := ""
	if seen {
		flags = "S"
	}
	path := filepath.Join(box, "cur", fmt.Sprintf("%d.M%06dP1.localhost,S=%d:2,%s", at.Unix(), n%1_000_000, len(raw), flags))
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(path, uid, -1); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
}
